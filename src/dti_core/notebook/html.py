"""HTML for notebooks and pages: elements that are told in a language, escaped and cut, when they are written.

No script and nothing from outside. The style binds inside its own frame only, takes its colours from the page around
it, and may be stripped, as viewers of notebooks from elsewhere do: alignment, bars and what catches the eye are inline,
in such values as JupyterLab lets through, and every state is told in words too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from html import escape
from pkgutil import get_data
from typing import TYPE_CHECKING, Protocol, TypeAlias

import attrs

from dti_core.errors import Language
from dti_core.words import NOTEBOOKS, Phrase, Sentence
from dti_core.words.numbers import decimals_of
from dti_core.words.tables import unsigned

if TYPE_CHECKING:
    from dti_core.explain.text import Paragraph

LIMIT = 240
"""The most characters of one text that are shown."""

LINES, LINE = 120, 1000
"""The most lines beneath one heading that are shown, and the most characters of a line."""
HEADING = 60
"""The most characters of a title over a column, or of a band."""
MOST_LISTED = 60
"""The most items of a list that are shown."""
TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\N{REPLACEMENT CHARACTER}")
"""Bidirectional embeddings, overrides and isolates: left open, they reach beyond any element."""

STYLE = (get_data(__package__, "style.css") or b"").decode().rstrip()
PLAIN = Phrase("{value}", "{value}")


class Tellable(Protocol):
    """What has words for each language: labels, phrases, sentences, numbers."""

    def text(self, language: Language, /) -> str:
        """What it says in one language."""


Content: TypeAlias = "str | Tellable | Element | Sequence[Content] | None"
"""What an element holds; text is text, never HTML."""


@attrs.frozen
class Element:
    """An element, no text in it longer than ``limit``."""

    name: str
    content: Content = None
    attributes: Mapping[str, str | None] = attrs.field(factory=dict)
    limit: int = LIMIT

    def written(self, language: Language) -> str:
        """Its HTML in one language."""
        given = "".join(
            f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
            for key, value in self.attributes.items()
            if value is not None
        )
        inner = written(self.content, language, self.limit)
        return f"<{self.name}{given}>" if self is BREAK else f"<{self.name}{given}>{inner}</{self.name}>"


BREAK = Element("br")


def written(content: Content, language: Language, limit: int = LIMIT) -> str:
    """Content as HTML in one language.

    >>> written(element("td", "a < b", NOTEBOOKS["true"], element("b", "c"), class_="number", title=None), "vi")
    '<td class="number">a &lt; bcó<b>c</b></td>'
    """
    match content:
        case None:
            return ""
        case Element():
            return content.written(language)
        case str():
            return escape(shorten(content, limit))
        case Sequence():
            return "".join(written(each, language, limit) for each in content)
    return escape(shorten(content.text(language), limit))


def shorten(text: str, limit: int = LIMIT) -> str:
    """The text, or its beginning and an ellipsis; what turns its direction for good is made visible."""
    return (text if len(text) <= limit else f"{text[: limit - 1]}…").translate(TURNS)


def element(name: str, *content: Content, **attributes: str | None) -> Element:
    """An element of several contents."""
    return Element(name, content, attributes)


def told(text: str | Tellable, limit: int = LIMIT) -> Element:
    """Text that somebody else wrote, kept from turning the direction of what stands around it."""
    return Element("bdi", text, limit=limit)


def joined(parts: Iterable[Content], between: Content) -> list[Content]:
    """Parts with something between them."""
    return [each for part in parts for each in (between, part)][1:]


def few(parts: Sequence[Content], most: int, between: Content) -> list[Content]:
    """The first few of many parts, and how many more there are."""
    more = [("… (+", exact(len(parts) - most), ")")] if len(parts) > most else []
    return joined([*parts[:most], *more], between)


def gap(*content: Content) -> Element:
    """What should catch the eye."""
    return element("span", *content, class_="gap", style="color:#d9600d;font-weight:600")


def small(*content: Content) -> Element:
    """An aside."""
    return element("small", *content)


@attrs.frozen
class ShownNumber:
    """A number with so many decimals; a dash for null.

    >>> ShownNumber(1234.5, 2).text("vi"), ShownNumber(None).text("vi"), ShownNumber(float("nan")).text("vi")
    ('1.234,50', '–', '–')
    """

    value: Decimal | Fraction | float | None
    decimals: int = 0

    def text(self, language: Language) -> str:
        """The number as the language writes it."""
        return unsigned(_fraction(self.value), self.decimals, language)


def _fraction(value: Decimal | Fraction | float | None) -> Fraction | None:
    """The decimal that a double prints as."""
    if value is None or value != value:
        return None
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def exact(value: Decimal | Fraction | int) -> Sentence:
    """A number with as many decimals as it has, cut off where it does not end."""
    return Sentence(PLAIN, {"value": Fraction(value)})


def aligned(values: Iterable[Decimal | Fraction | float | None]) -> list[Tellable]:
    """The numbers of a column in line, cut off where they do not end.

    >>> [number.text("vi") for number in aligned([20, 7.5, 0.25, float("nan"), Fraction(20, 3)])]
    ['20,00', '7,50', '0,25', '–', '6,6666…']
    """
    fractions = [*map(_fraction, values)]
    ends = {each: decimals_of(each) for each in fractions if each is not None}
    places = max(filter(None, ends.values()), default=0)
    return [
        ShownNumber(each, places) if each is None or ends[each] is not None else exact(each)
        for each in fractions
    ]


def bar(share: float) -> Element | None:
    """A bar filled from 0 to 1; nothing for null."""
    if share != share:
        return None
    width = f"width:{100 * min(max(share, 0), 1):.1f}%"
    filled = element(
        "span", style=f"background-color:rgba(128,128,128,0.8);display:block;height:100%;{width}"
    )
    style = "background-color:rgba(128,128,128,0.18);display:block;height:0.5em;width:6em"
    return element("span", filled, class_="bar", aria_hidden="true", style=style)


def grade(title: Tellable) -> Element:
    """A band."""
    return element("span", told(title, HEADING), class_="grade")


def facts(*each: Content) -> Element:
    """What there is to know in one line."""
    known = [told(fact) if isinstance(fact, str) else fact for fact in each if fact]
    return element("p", small(few(known, 12, " · ")))


def rank(place: int) -> Element:
    """The rank beside a value; nothing where there is none."""
    return element("small", ("(", exact(place), ")") if place else None, class_="rank")


def numbered(items: Sequence[Content]) -> list[Element]:
    """A numbered list; nothing where there is nothing."""
    lines = [element("li", item) for item in items[:MOST_LISTED]]
    more = len(items) - MOST_LISTED
    left_out = [element("p", "… (+", exact(more), ")", class_="rest")] if more > 0 else []
    return [element("ol", *lines), *left_out] if lines else []


def set_in(text: Content, depth: int) -> Content:
    """Text set in by its depth, every line of it, without style the first."""
    if depth <= 0:
        return text
    style = f"display:block;padding-left:{depth}em;text-indent:-{depth}em"
    return element("span", "\N{EM SPACE}" * depth, text, style=style)


def heading(text: Content) -> Element:
    """What stands above lines or a table."""
    return element("p", element("strong", text), class_="heading")


def steps(blocks: Iterable["Paragraph"]) -> Iterator[Element]:
    """Headings with the lines beneath them, each line with how far it is set in; long blocks are cut."""
    for title, lines in blocks:
        yield heading(told(title))
        yield from (element("p", set_in(told(line.text, LINE), line.depth)) for line in lines[:LINES])
        if len(lines) > LINES:
            yield element("p", NOTEBOOKS("rest.lines", count=Fraction(len(lines) - LINES)), class_="rest")


def title(text: Content) -> Element:
    """What stands above everything."""
    return element("p", element("strong", text), class_="title")


def page(content: Content, language: Language) -> str:
    """What a notebook shows, in one language; the style comes along."""
    shown = written(content, language)
    opened = f'<div class="dti-core" lang="{language}" style="overflow-x:auto">'
    return f"{opened}<style>{STYLE}</style>{shown}</div>"
