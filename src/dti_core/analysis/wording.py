"""Tables and words of the analysis, in Vietnamese and English."""

import unicodedata
from collections.abc import Iterator, Sequence
from fractions import Fraction

from dti_core.exact import decimal_of
from dti_core.terms import Language
from dti_core.words.numbers import decimals_of, fixed, number


def aligned(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows under their heads: words to the left, numbers to the right."""
    table = [heads, *rows]
    right = [bool(rows) and all(_numeric(row[at]) for row in rows) for at in range(len(heads))]
    widths = [max(_width(row[at]) for row in table) for at in range(len(heads))]
    return "\n".join("  ".join(_cells(row, widths, right)).rstrip() for row in table)


def _cells(row: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> Iterator[str]:
    for cell, width, to_the_right in zip(row, widths, right, strict=True):
        gap = " " * (width - _width(cell))
        yield gap + cell if to_the_right else cell + gap


def _numeric(cell: str) -> bool:
    return not cell.strip("–−+.,0123456789")


def _width(text: str) -> int:
    return sum(not unicodedata.combining(character) for character in text)


def amount(value: float, language: Language, *, signed: bool = False) -> str:
    """A decimal number as it was printed, with its sign where asked for; a dash where there is none."""
    if value != value:
        return "–"
    exact = Fraction(decimal_of(value) or 0)
    return ("+" if signed and exact > 0 else "") + number(exact, language)


def column(values: Sequence[float], language: Language) -> list[str]:
    """Numbers with as many decimals as the longest of them needs; nothing where there is no number."""
    exact = [None if value != value else Fraction(decimal_of(value) or 0) for value in values]
    decimals = max((decimals_of(each) or 0 for each in exact if each is not None), default=0)
    return ["" if each is None else fixed(each, decimals, language) for each in exact]


def word(key: str, language: Language) -> str:
    """The word for a column, a status or a remark."""
    vi, en = WORDS[key]
    return vi if language == "vi" else en


WORDS = {
    "group": ("Khối", "Block"),
    "unit": ("Đơn vị", "Unit"),
    "rank": ("Hạng", "Rank"),
    "previous": ("Hạng trước", "Rank before"),
    "places": ("Bậc", "Places"),
    "published": ("Công bố", "Published"),
    "grade": ("Xếp loại", "Grade"),
    "status": ("Biến động", "Movement"),
    "up": ("tăng", "up"),
    "same": ("giữ nguyên", "same"),
    "down": ("giảm", "down"),
    "new": ("mới", "new"),
    "gone": ("không còn", "gone"),
    "merged": ("sáp nhập", "merged"),
    "split": ("chia tách", "split"),
    "moved": ("đổi khối", "other block"),
    "unranked": ("không xếp hạng", "unranked"),
    "total": ("Tất cả", "All"),
    "outside": ("không thuộc khối nào", "in no block"),
    "from": ("từ", "from"),
}
