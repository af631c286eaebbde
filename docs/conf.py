"""Builds the documentation: ``python -m sphinx -n -W docs docs/_build``, in Vietnamese with ``-D language=vi``."""

import importlib.metadata
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.search import SearchLanguage, languages

project = "dti_core"
author = project_copyright = "the dti_core authors"
release = version = importlib.metadata.version("dti-core")

language = "en"
locale_dirs = ["locale"]
gettext_compact = False
gettext_location = False

sys.path.insert(0, str(Path(__file__).parent))
extensions = ["myst_parser", "sphinx.ext.autodoc", "pictures", "schema_pages"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"dti_core {release}"
html_static_path = ["_static"]
html_css_files = ["letters.css"]
templates_path = ["_templates"]
sidebar = ("brand", "search", "scroll-start", "navigation", "scroll-end")
html_sidebars = {"**": ["languages.html", *(f"sidebar/{part}.html" for part in sidebar)]}
# the usual fonts for code lack letters of Vietnamese, such as ồ and ợ; letters.css says where they come from
monospace = '"Vietnamese letters", "Noto Sans Mono", "DejaVu Sans Mono", Consolas, Menlo, monospace'
html_theme_options = {
    f"{mode}_css_variables": {"font-stack--monospace": monospace} for mode in ("light", "dark")
}

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

autodoc_class_signature = "mixed"
autodoc_default_options = {"members": True, "member-order": "bysource"}
# Other libraries are not looked up over the network; a class of this one that is shown has its place in the reference.
nitpick_ignore_regex = [("py:.*", r"(?!dti_core\.).*|.*\.(A|M|T|Annotated|Choices|Stands)")]


class Vietnamese(SearchLanguage):
    """Words are found with and without their diacritics: khối as khoi."""

    lang = "vi"
    language_name = "Vietnamese"
    js_stemmer_code = r"""
const Stemmer = function () {
  this.stemWord = (word) => word.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");
};
"""

    def stem(self, word: str) -> str:
        """The word in small letters without diacritics."""
        letters = unicodedata.normalize("NFD", word.lower())
        return "".join(each for each in letters if not unicodedata.combining(each)).replace("đ", "d")


languages["vi"] = Vietnamese
html_search_language = "vi"


def _turn_links(_app: Sphinx, _path: Path, _page: str, content: list[str]) -> None:
    """README.md links to pages from above docs; what it links to that is no page is plain text here."""
    pages = re.sub(r"\]\(docs/", "](", content[0])
    content[0] = re.sub(r"\[([^\]]+)\]\((?!\w+:|#|[\w/-]+\.md)[^)]+\)", r"\1", pages)


def _run_pages(app: Sphinx) -> None:
    """Every page's examples run as it is built, in English; one that fails stops the build."""
    if app.builder.name != "html" or app.config.language != "en":
        return
    pages = [str(page) for page in sorted(app.srcdir.rglob("*.md"))]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *pages]
    subprocess.run(command, cwd=app.srcdir.parent, check=True)


def setup(app: Sphinx) -> None:
    """Sphinx calls this."""
    app.connect("include-read", _turn_links)
    app.connect("builder-inited", _run_pages)
