"""What all pictures share: axes without pyplot, pages, colours that everybody can tell apart, labels that fit."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from textwrap import fill
from typing import TYPE_CHECKING, Any

from dti_core.errors import InvalidArgument, Language, shorten
from dti_core.words import PICTURES
from dti_core.words.numbers import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PAGE = 63
"""The units on a page: as many as there were provinces."""
ROW = 0.165
"""Inches of height for a unit, so that a page of them fits on A4."""
UP, DOWN, SAME, PALE, INK = "#0072B2", "#D55E00", "#767676", "#D9D9D9", "#1F2328"
"""Told apart by everybody, and in grey."""
SMALL = 7.5
LETTERS = 17
"""So many letters of a note fit on an inch."""


def axes(ax: "Axes | None", width: float, height: float) -> "Axes":
    """The axes to draw on; without any those of a new figure, so many inches wide and high."""
    try:
        from matplotlib.axes import Axes
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        raise ModuleNotFoundError(PICTURES["matplotlib"].both, name="matplotlib") from None
    if ax is None:
        return Figure((width, height), layout="constrained").add_subplot()
    if not isinstance(ax, Axes):
        raise InvalidArgument(PICTURES("axes", value=shorten(ax)))
    return ax


def page_of(count: int, page: Any) -> slice:
    """The rows on a page, counted from 1."""
    pages = max(1, -(-count // PAGE))
    if not isinstance(page, int) or isinstance(page, bool) or not 1 <= page <= pages:
        raise InvalidArgument(PICTURES("page", pages=pages, value=shorten(page)))
    return slice((page - 1) * PAGE, page * PAGE)


def title(ax: "Axes", parts: Iterable[str], count: int, page: int, language: Language) -> None:
    """What a picture is of and, of several pages, which one."""
    pages = -(-count // PAGE)
    where = PICTURES("of_pages", page=page, pages=pages).text(language) if pages > 1 else ""
    heading = cut(" – ".join(filter(None, parts)), 90)
    ax.set_title(f"{heading}{where}", loc="left", fontsize=10, color=INK)


def note(ax: "Axes", sentences: Iterable[str]) -> None:
    """What the marks of a picture mean, beneath it."""
    line = max(int(LETTERS * ax.bbox.width / ax.figure.dpi), 20)
    ax.set_xlabel(fill("; ".join(sentences), line), fontsize=SMALL, loc="left", color=INK)


def in_rows(ax: "Axes", labels: Sequence[str], language: Language) -> None:
    """A row for each label, the first on top, over lines that lead the eye; numbers as the language writes them."""
    bare(ax)
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.xaxis.tick_top()
    ax.xaxis.set_major_formatter(lambda value, _: number(Fraction(f"{value:.9g}"), language))
    ax.grid(axis="x", color=PALE, linewidth=0.5)
    ax.set_axisbelow(True)


def write(ax: "Axes", at: tuple[float, float], text: str, color: str = INK, **options: Any) -> None:
    """Small text at a place."""
    ax.text(*at, text, va="center", fontsize=SMALL, color=color, **options)


def label(ax: "Axes", text: str, at: tuple[float, float], off: tuple[int, int], **aligned: Any) -> None:
    """Small text so many points off a place."""
    ax.annotate(text, at, off, textcoords="offset points", fontsize=SMALL, color=INK, **aligned)


def cut(text: str, most: int) -> str:
    """The text, or its beginning and an ellipsis; a $ is a $ and begins no formula."""
    return (text if len(text) <= most else f"{text[: most - 1].rstrip()}…").replace("$", r"\$")


def bare(ax: "Axes") -> None:
    """Axes without a frame and without marks."""
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0, labelsize=SMALL, labelcolor=INK)
