"""Writes README.vi.md: README.md in the words of the Vietnamese catalogue. ``python tests/write_readme.py``."""

import ast
import re
import textwrap
from pathlib import Path

from dti_core.__main__ import demonstration

ROOT = Path(__file__).parents[1]
CATALOGUE = ROOT / "docs/locale/vi/LC_MESSAGES/index.po"
LANGUAGES = {"[Tiếng Việt](README.vi.md)": "[English](README.md)"}
BLOCK = re.compile(r"^- .*(?:\n  .*)*|^.+(?:\n(?!- ).+)*", re.MULTILINE)


def translations() -> dict[str, str]:
    """What the catalogue has, by its English."""
    entries = re.findall(
        r'^msgid ((?:".*"\n)+)msgstr ((?:".*"\n?)+)', CATALOGUE.read_text("utf-8"), re.MULTILINE
    )
    return {_joined(english): _joined(vietnamese) for english, vietnamese in entries}


def _joined(lines: str) -> str:
    return "".join(map(ast.literal_eval, lines.splitlines()))


def in_vietnamese(readme: str) -> str:
    """The page in Vietnamese, with what is printed; code stays. What the catalogue lacks is a KeyError."""
    known = translations()
    printed = "\n".join(demonstration("vi"))
    readme = re.sub(
        r"(?<=^```text\n).*?(?=\n```$)", lambda _: printed, readme, flags=re.MULTILINE | re.DOTALL
    )
    return "".join(
        part if at % 2 else BLOCK.sub(lambda block: _told(block[0], known), part)
        for at, part in enumerate(re.split(r"(^```.*?^```$)", readme, flags=re.MULTILINE | re.DOTALL))
    )


def _told(block: str, known: dict[str, str]) -> str:
    if block in LANGUAGES:
        return LANGUAGES[block]
    mark, text = re.fullmatch(r"(#+ |- |)(.*)", " ".join(block.split()), re.DOTALL).groups()  # type: ignore[union-attr]
    told = known[text.replace("](docs/", "](")]
    told = re.sub(r"\]\((?!\w+:)", "](docs/", told)
    if mark.startswith("#"):
        return mark + told
    indent = " " * len(mark)
    return textwrap.fill(
        mark + told, 120, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


if __name__ == "__main__":
    (ROOT / "README.vi.md").write_text(in_vietnamese((ROOT / "README.md").read_text("utf-8")), "utf-8")
