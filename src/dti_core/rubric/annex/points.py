"""Points as annexes write them, and how they call the total."""

import re
import unicodedata
from decimal import Decimal

POINTS = re.compile(
    r"(?P<most>toi da ?:? ?)?(?P<number>[-−–]? ?[0-9]{1,15}(?:[.,][0-9]{1,9})?)(?P<unit> ?(?:diem|d))?"
)
THOUSANDS = re.compile(r".*[1-9][0-9]{0,2}[.,][0-9]{3}")
"""Three digits after a mark: in Vietnamese 1.000 is a thousand, elsewhere it is one."""
IN_TITLE = re.compile(r"(?P<title>.*[^\s:]) ?:? ?(?P<points>\([^()]+\)) ?[:.]?")
SUM = re.compile(r" ?\([^()]*\+[^()]*\)")
"""What a total adds up, as in "Tổng cộng (I+II)"; the total is checked anyhow."""


def folded(text: str) -> str:
    """Text in small letters without diacritics.

    >>> folded("TỔNG SỐ ĐIỂM")
    'tong so diem'
    """
    letters = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


_SPELT = (
    *("tổng", "tổng cộng", "tổng điểm", "tổng số", "tổng số điểm", "tổng cộng điểm"),
    *("tổng điểm tối đa", "tổng số điểm tối đa", "cộng", "total"),
)
TOTALS = {*_SPELT, *map(folded, _SPELT)}


def points_in(text: str) -> Decimal | str:
    """The points that a text states, or the phrase that says why it states none.

    >>> points_in("2,5"), points_in("Tối đa 5 điểm"), points_in("(10đ)"), points_in("1.000"), points_in("(10)")
    (Decimal('2.5'), Decimal('5'), Decimal('10'), 'cell.thousands', 'cell.points')
    """
    is_bracketed = text[:1] == "(" and text[-1:] == ")"
    match = POINTS.fullmatch(folded(text[1:-1] if is_bracketed else text))
    if match is None or (is_bracketed and not match["most"] and not match["unit"]):
        return "cell.points"
    digits = match["number"].translate(str.maketrans("−–", "--")).replace(" ", "")
    return "cell.thousands" if THOUSANDS.fullmatch(digits) else Decimal(digits.replace(",", "."))


def title_and_points(title: str) -> tuple[str, Decimal | str] | None:
    """A title and the points in brackets at its end, as :func:`points_in` has them; None where there are none.

    >>> title_and_points("Nhận thức số: (60 điểm)"), title_and_points("Kết quả năm (2024)")
    (('Nhận thức số', Decimal('60')), None)
    """
    match = IN_TITLE.fullmatch(title)
    points = points_in(match["points"]) if match else "cell.points"
    return None if match is None or points == "cell.points" else (match["title"], points)


def is_total(text: object) -> bool:
    """Whether a text is one of the names of the total, with diacritics or without.

    >>> is_total("TỔNG CỘNG (I+II):"), is_total("Tong diem (100 điểm)"), is_total("Công")
    (True, True, False)
    """
    if not isinstance(text, str):
        return False
    stated = title_and_points(text)
    return SUM.sub("", stated[0] if stated else text).casefold().strip(" :.") in TOTALS
