"""Tells a package index where the project lives, as a release is built: ``python .ci/at_home.py URL TAG``.

README's links into the repository lead to the files of the tag there, and pyproject.toml gets the project's URLs.
"""

import re
import sys
from pathlib import Path

home, tag = sys.argv[1].rstrip("/"), sys.argv[2]
readme, project = Path("README.md"), Path("pyproject.toml")
inside = re.compile(r"\]\((?!https?://|#)")
readme.write_text(inside.sub(f"]({home}/blob/{tag}/", readme.read_text("utf-8")), encoding="utf-8")
with project.open("a", encoding="utf-8") as written:
    written.write(
        f"""
[project.urls]
Source = "{home}"
Documentation = "{home}/blob/{tag}/docs/index.md"
Changelog = "{home}/blob/{tag}/CHANGELOG.md"
Issues = "{home}/issues"
"""
    )
