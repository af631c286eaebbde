"""Tables as lines of text."""

import unicodedata
from collections.abc import Sequence
from fractions import Fraction

from dti_core.terms import Language
from dti_core.words.numbers import number

NONE = "–"
NUMERIC = "0123456789.,+−–() "


def aligned(heads: Sequence[str], rows: Sequence[Sequence[str]], *, ruled: bool = False) -> str:
    """Rows under their heads: words to the left, numbers to the right; ``ruled`` draws a line under the heads.

    >>> print(aligned(["Unit", "Rank"], [["Huế", "1"], ["Đà Nẵng", "12"]], ruled=True))
    Unit     Rank
    ───────  ────
    Huế         1
    Đà Nẵng    12
    """
    columns = [(head, *cells) for head, *cells in zip(heads, *rows, strict=True)]
    widths = [max(map(_width, column)) for column in columns]
    lines = zip(*map(_padded, columns, widths), strict=True)
    head, *body = ["  ".join(line).rstrip() for line in lines]
    rule = ["  ".join("─" * width for width in widths)] if ruled else []
    return "\n".join([head, *rule, *body])


def _padded(column: Sequence[str], width: int) -> list[str]:
    gaps = [" " * (width - _width(cell)) for cell in column]
    to_the_right = len(column) > 1 and not any(cell.strip(NUMERIC) for cell in column[1:])
    return [gap + cell if to_the_right else cell + gap for cell, gap in zip(column, gaps, strict=True)]


def _width(text: str) -> int:
    """The columns of a terminal that a text takes: none for combining marks, two for wide characters."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def with_sign(count: float, language: Language) -> str:
    """A whole number with its sign; a dash for NaN, where there is none.

    >>> [with_sign(count, "vi") for count in (1200, 0, -3, float("nan"))]
    ['+1.200', '0', '−3', '–']
    """
    if count != count:
        return NONE
    return ("+" if count > 0 else "") + number(Fraction(count), language)
