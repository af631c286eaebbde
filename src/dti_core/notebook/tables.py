"""Tables of HTML: cells under their heads, in sections, cut where they are long."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import starmap
from typing import TypeAlias

import attrs

from dti_core.notebook.html import Content, Element, element
from dti_core.words import HEADINGS, NOTEBOOKS, Sentence

ROWS = 60
"""The most rows a table of units shows."""
INLINE = {
    "number": "text-align:right",
    "section": "font-weight:600;text-align:left",
    "wide": "min-width:14em;text-align:left",
}
"""What cells of a kind cannot do without; the others stand to the left."""


@attrs.frozen
class Head:
    """The head of a column; ``kind`` is its cells' class: number, wide or code."""

    text: Content
    kind: str | None = None


def head(name: str, kind: str | None = None) -> Head:
    """The head of a column by its name."""
    return Head(HEADINGS[name], kind)


def heads(**kinds: str | None) -> list[Head]:
    """Several, each by its name with the kind of its column."""
    return [*starmap(head, kinds.items())]


@attrs.frozen
class Section:
    """A row across the table that heads the rows below it or, as ``rest``, tells what is left out."""

    text: Content
    kind: str = "section"


TableRow: TypeAlias = Sequence[Content] | Section


def rest(count: int, what: str, phrase: str = "rest") -> list[Section]:
    """The line that says how many more there are; none where there are no more."""
    values = {"count": Fraction(count), "what": NOTEBOOKS[what]}
    return [Section(Sentence(NOTEBOOKS[phrase], values), "rest")] if count > 0 else []


def table(heads: Sequence[Head], rows: Iterable[TableRow]) -> Element:
    """A table: a row is a cell for each head, or a section."""
    titles = [_cell("th", head.text, head.kind, scope="col") for head in heads]
    body = [_section(row, len(heads)) if isinstance(row, Section) else _row(heads, row) for row in rows]
    return element("table", element("thead", element("tr", *titles)), element("tbody", *body))


def short(heads: Sequence[Head], rows: Sequence[Sequence[Content]], what: str) -> Element | None:
    """A table of its first rows; nothing where there are none."""
    return table(heads, [*rows[:ROWS], *rest(len(rows) - ROWS, what)]) if rows else None


def _section(section: Section, columns: int) -> Element:
    return element("tr", _cell("td", section.text, section.kind, colspan=str(columns)))


def _row(heads: Sequence[Head], cells: Sequence[Content]) -> Element:
    return element("tr", *(_cell("td", cell, head.kind) for head, cell in zip(heads, cells, strict=True)))


def _cell(name: str, content: Content, kind: str | None, **attributes: str | None) -> Element:
    """A cell that keeps its alignment, and a section its weight, where the style is stripped."""
    style = INLINE.get(kind or "", "text-align:left")
    return element(name, content, class_=kind, style=style, **attributes)
