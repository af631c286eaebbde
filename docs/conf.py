"""Builds the documentation: ``python -m sphinx -n -W docs docs/_build``."""

import importlib.metadata
import re
import subprocess
import sys
from pathlib import Path

from sphinx.application import Sphinx

project = "dti_core"
author = project_copyright = "the dti_core authors"
release = version = importlib.metadata.version("dti-core")

extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"dti_core {release}"
html_static_path = ["_static"]
# the usual fonts for code lack letters of Vietnamese, such as ồ and ợ
html_theme_options = {
    f"{mode}_css_variables": {
        "font-stack--monospace": '"Noto Sans Mono", "DejaVu Sans Mono", Consolas, Menlo, monospace'
    }
    for mode in ("light", "dark")
}

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

autodoc_class_signature = "mixed"
autodoc_default_options = {"members": True, "member-order": "bysource"}
# Other libraries are not looked up over the network, and what is not public has no place in the reference.
nitpick_ignore_regex = [("py:.*", r"(?!dti_core\.\w+$).*")]


def _drop_links_out(_app: Sphinx, _path: Path, _page: str, content: list[str]) -> None:
    """README.md links to files that are no pages, such as LICENSE: here they are plain text."""
    content[0] = re.sub(r"\[([^\]]+)\]\((?!docs/|\w+:|#)[^)]+\)", r"\1", content[0])


def _run_pages(app: Sphinx) -> None:
    """Every page's examples run as the page is built; one that fails stops the build."""
    pages = [str(page) for page in sorted(app.srcdir.rglob("*.md"))]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *pages]
    subprocess.run(command, cwd=app.srcdir.parent, check=True)


def setup(app: Sphinx) -> None:
    """Sphinx calls this."""
    app.connect("include-read", _drop_links_out)
    app.connect("builder-inited", _run_pages)
