"""Tables of text: cells under their heads, numbers as a language writes them."""

import unicodedata
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import attrs

from dti_core.errors import Language
from dti_core.words import ANSWERS
from dti_core.words.numbers import CUT, decimals_of, fixed, number

NONE = "–"
NUMERIC = "0123456789.,+−–() %"


@attrs.frozen
class Table:
    """Cells as text under their heads; words stand to the left, numbers to the right.

    >>> print(Table(["Unit", "Rank"], [["Huế", "1"], ["Đà Nẵng", "12"]], title="Cities").text())
    Cities
    Unit     Rank
    ───────  ────
    Huế         1
    Đà Nẵng    12
    """

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    #: what stands above it, "" for nothing
    title: str = ""

    def is_numeric(self, column: int) -> bool:
        """Whether all cells of a column are numbers."""
        return bool(self.rows) and not any(row[column].strip(NUMERIC) for row in self.rows)

    def text(self) -> str:
        """The table as lines of text."""
        columns = [(head, *cells) for head, *cells in zip(self.heads, *self.rows, strict=True)]
        widths = [max(map(_width, column)) for column in columns]
        numeric = [self.is_numeric(at) for at in range(len(columns))]
        padded = [
            [_padded(cell, width, to_the_right=to_the_right) for cell in column]
            for column, width, to_the_right in zip(columns, widths, numeric, strict=True)
        ]
        head, *body = ["  ".join(line).rstrip() for line in zip(*padded, strict=True)]
        rule = "  ".join("─" * width for width in widths)
        return "\n".join([*filter(None, [self.title]), head, rule, *body])


def _padded(cell: str, width: int, *, to_the_right: bool) -> str:
    gap = " " * (width - _width(cell))
    return gap + cell if to_the_right else cell + gap


def _width(text: str) -> int:
    """The columns of a terminal that a text takes: none for combining marks, two for wide characters."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def with_sign(count: float, language: Language) -> str:
    """A number with its sign; a dash for NaN, where there is none.

    >>> [with_sign(count, "vi") for count in (1200, 0, -3, float("nan"))]
    ['+1.200', '0', '−3', '–']
    """
    if count != count:
        return NONE
    return ("+" if count > 0 else "") + number(Fraction(repr(float(count))), language)


def unsigned(value: Fraction | None, decimals: int, language: Language) -> str:
    """A number with so many decimals; a dash where there is none."""
    return NONE if value is None else fixed(value, decimals, language)


def signed(value: Fraction | None, decimals: int, language: Language) -> str:
    """A number with its sign and so many decimals; a dash where there is none.

    >>> [signed(value, 1, "vi") for value in (Fraction(17, 12), Fraction(-1, 2), Fraction(-1, 30), None)]
    ['+1,4', '−0,5', '0,0', '–']
    """
    if value is None:
        return NONE
    size = fixed(abs(value), decimals, language)
    return size if not size.strip("0.,") else ("+" if value > 0 else "−") + size


def written(values: Iterable[Any], language: Language, decimals: int | None = None) -> list[str]:
    """Values of one column as text: truth values in words, "" for None, a dash for NaN.

    Doubles, which stand for the decimals that they print as, have ``decimals``, else as many as show all of them
    whole, at most four.

    >>> written([0.5, 12.25, float("nan")], "vi"), written([True, None, "a", 1200], "en")
    (['0,50', '12,25', '–'], ['yes', '', 'a', '1,200'])
    """
    listed = [*values]
    exact = {value: Fraction(repr(value)) for value in listed if isinstance(value, float) and value == value}
    if decimals is None:
        needed = (decimals_of(value) for value in {*exact.values()})
        decimals = max((CUT if count is None else min(count, CUT) for count in needed), default=0)
    return [_cell(value, exact, decimals, language) for value in listed]


def _cell(value: Any, exact: dict[float, Fraction], decimals: int, language: Language) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return ANSWERS["yes" if value else "no"].text(language)
    if isinstance(value, int):
        return number(Fraction(value), language)
    if isinstance(value, float):
        return fixed(exact[value], decimals, language) if value in exact else NONE
    return str(value)
