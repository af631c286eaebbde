"""HTML for notebooks: escaped elements and tables of plain values, in Vietnamese with English as a tooltip.

No script and nothing from outside. The style binds inside its own frame only, takes its colours from the page around
it, and may be stripped, as viewers of notebooks from elsewhere do: alignment, bars and what catches the eye are inline,
in such values as JupyterLab lets through, and every state is told in words too.
"""

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from itertools import starmap

import attrs

from dti_core.errors import Language
from dti_core.explain.text import Block
from dti_core.terms import Label
from dti_core.words import NOTEBOOKS

ROWS = 60
"""The most rows a table of units shows."""
ENDLESS = 4
"""The decimals that numbers without an end are cut off at."""
LIMIT = 240
"""The most characters of one text that are shown."""

LINES, LINE = 120, 1000
"""The most lines of one step that are shown, and the most characters of a line."""

HEADING = 60
"""The most characters of a title over a column, or of a band."""
TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\N{REPLACEMENT CHARACTER}")
"""Bidirectional embeddings, overrides and isolates: left open, they reach beyond any element."""

INLINE = {"number": "text-align:right", "section": "font-weight:600;text-align:left"}
"""What cells of a kind cannot do without; the others stand to the left."""

STYLE = files(__package__).joinpath("style.css").read_text("utf-8").rstrip()


class Html(str):
    """Text that is HTML already; any other text is escaped where it goes into an element."""

    __slots__ = ()


def element(name: str, *content: str, **attributes: str | None) -> Html:
    """An element; content and attributes are escaped and cut, but for content that is :class:`Html`.

    >>> element("td", "a < b", element("b", "c"), class_="number", title=None)
    '<td class="number">a &lt; b<b>c</b></td>'
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(shorten(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Html(f"<{name}{given}>{joined(content)}</{name}>")


def joined(parts: Iterable[str], between: str = "") -> Html:
    """Parts one after another, escaped where they are not HTML."""
    return Html(_escaped(between).join(map(_escaped, parts)))


def _escaped(text: str) -> str:
    return text if isinstance(text, Html) else escape(shorten(text))


def shorten(text: str, limit: int = LIMIT) -> str:
    """The text, or its beginning and an ellipsis; what turns its direction for good is made visible."""
    return (text if len(text) <= limit else f"{text[: limit - 1]}…").translate(TURNS)


def told(text: str, limit: int = LIMIT, **attributes: str | None) -> Html:
    """Text that somebody else wrote: escaped, cut, and kept from turning the direction of what stands around it."""
    return element("bdi", Html(escape(shorten(text, limit))), **attributes)


def named(title: Label) -> Html:
    """A title, its English in small print behind it."""
    return joined([told(title.vi), *([" ", small(told(title.en, lang="en"))] if title.en else [])])


def word(name: str) -> Html:
    """A word of ours, its English as a tooltip."""
    return element("span", NOTEBOOKS[name].vi, title=NOTEBOOKS[name].en)


BREAK = Html("<br>")


def gap(vi: str, en: str) -> Html:
    """A word of ours that should catch the eye."""
    return element("span", vi, title=en, class_="gap", style="color:#d9600d;font-weight:600")


def small(*content: str) -> Html:
    """An aside."""
    return element("small", *content)


def number(value: float | None, decimals: int = 0) -> str:
    """A number as Vietnamese text writes it; a dash for null.

    >>> number(1234.5, 2), number(None), number(float("nan"))
    ('1.234,50', '–', '–')
    """
    if value is None or value != value:
        return "–"
    return f"{value:,.{decimals}f}".translate({ord(","): ".", ord("."): ","})


def decimals_of(values: Iterable[float], most: int = 9) -> int:
    """The decimals that show every value whole, so that a column of them lines up; a few for those that do not end.

    >>> decimals_of([20, 7.5, 0.25, float("nan")])
    2
    """
    texts = (f"{value:.{most}f}".rstrip("0").partition(".")[2] for value in values if value == value)
    places = max(map(len, texts), default=0)
    return ENDLESS if places == most else places


def bar(share: float) -> Html:
    """A bar filled from 0 to 1; nothing for null."""
    if share != share:
        return Html("")
    width = f"width:{100 * min(max(share, 0), 1):.1f}%"
    filled = element(
        "span", style=f"background-color:rgba(128,128,128,0.8);display:block;height:100%;{width}"
    )
    style = "background-color:rgba(128,128,128,0.18);display:block;height:0.5em;width:8em"
    return element("span", filled, class_="bar", aria_hidden="true", style=style)


@attrs.frozen
class Head:
    """The head of a column, unbroken unless HTML; ``kind`` is its cells' class: ``number``, ``wide``, ``code``."""

    text: str
    en: str | None = None
    kind: str | None = None


def head(name: str, kind: str | None = None) -> Head:
    """The head of a column in a word of ours."""
    title = NOTEBOOKS[f"column.{name}"]
    return Head(title.vi, title.en, kind)


def heads(**kinds: str | None) -> list[Head]:
    """Several, each by its name with the kind of its column."""
    return list(starmap(head, kinds.items()))


@attrs.frozen
class Section:
    """A row across the table that heads the rows below it or, as ``rest``, tells what is left out."""

    text: str
    kind: str = "section"


def rest(count: int, what: str, detail: str = "") -> list[Section]:
    """The line that says how many more there are; none where there are no more."""
    return [Section(f"… còn {number(count)} {what} không hiện ở đây{detail}", "rest")] if count > 0 else []


def table(heads: Sequence[Head], rows: Iterable[Sequence[str] | Section]) -> Html:
    """A table: a row is a cell for each head, or a section."""
    titles = [_cell("th", _unbroken(head.text), head.kind, title=head.en, scope="col") for head in heads]
    body = (_section(row, len(heads)) if isinstance(row, Section) else _row(heads, row) for row in rows)
    return element("table", element("thead", element("tr", *titles)), element("tbody", *body))


def _unbroken(text: str) -> str:
    return text if isinstance(text, Html) else text.replace(" ", "\N{NO-BREAK SPACE}")


def short(heads: Sequence[Head], rows: Sequence[Sequence[str]], what: str) -> Html:
    """A table of its first rows; nothing where there are none."""
    if not rows:
        return Html("")
    return table(heads, [*rows[:ROWS], *rest(len(rows) - ROWS, what)])


def _section(section: Section, columns: int) -> Html:
    return element("tr", _cell("td", section.text, section.kind, colspan=str(columns)))


def _row(heads: Sequence[Head], cells: Sequence[str]) -> Html:
    return element("tr", *(_cell("td", cell, head.kind) for head, cell in zip(heads, cells, strict=True)))


def _cell(name: str, content: str, kind: str | None, **attributes: str | None) -> Html:
    """A cell that keeps its alignment, and a section its weight, where the style is stripped."""
    style = INLINE.get(kind or "", "text-align:left")
    return element(name, content, class_=kind, style=style, **attributes)


def grade(title: str) -> Html:
    """A band."""
    return element("span", told(title, HEADING), class_="grade")


def few(parts: Sequence[str], most: int, between: str) -> Html:
    """The first few of many parts, and how many more there are."""
    more = [f"… (+{number(len(parts) - most)})"] if len(parts) > most else []
    return joined([*parts[:most], *more], between)


def facts(*each: str | None) -> Html:
    """What there is to know in one line."""
    known = [fact if isinstance(fact, Html) else told(fact) for fact in each if fact]
    return element("p", small(few(known, 12, " · ")))


def rank(place: int) -> Html:
    """The rank beside a value; nothing where there is none."""
    return element("small", f"({number(place)})" if place else "", class_="rank")


def numbered(items: Sequence[str]) -> Html:
    """A numbered list; nothing where there is nothing."""
    lines = [element("li", item) for item in items[:ROWS]]
    left_out = element("p", f"… (+{number(len(items) - ROWS)})", class_="rest") if len(items) > ROWS else ""
    return joined([element("ol", *lines), left_out]) if lines else Html("")


def set_in(text: str, depth: int) -> Html:
    """Text set in by its depth, every line of it, without style the first."""
    if depth <= 0:
        return joined([text])
    style = f"display:block;padding-left:{depth}em;text-indent:-{depth}em"
    return element("span", joined(["\N{EM SPACE}" * depth, text]), style=style)


def steps(blocks: Iterable[Block], language: Language) -> Html:
    """Headings with the lines beneath them, each line with how far it is set in; long blocks are cut."""
    shown: list[Html] = []
    for heading, lines in blocks:
        shown.append(element("p", element("strong", told(heading)), class_="heading"))
        shown += [element("p", set_in(told(line.text, LINE), line.depth)) for line in lines[:LINES]]
        if len(lines) > LINES:
            left_out = number(len(lines) - LINES)
            more = f"còn {left_out} dòng" if language == "vi" else f"{left_out} more lines"
            shown.append(element("p", f"… {more}: print()", class_="rest"))
    return joined(shown)


def frame(title: str, *parts: str, language: Language = "vi") -> str:
    """What a notebook shows: a title, then the parts; the style comes along."""
    style = Html(f"<style>{STYLE}</style>")
    heading = [element("p", element("strong", title), class_="title")] if title else []
    return str(element("div", style, *heading, *parts, class_="dti-core", lang=language))
