"""The numbers in front of rows: section letters, Roman and Arabic numbers, letters, dashes and plus signs."""

import re
from decimal import Decimal
from enum import IntEnum

import attrs

ROMAN = r"(?=[IVXL])(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
NAMED = r"(?:(?i:phần|mục|nhóm|chỉ số|tiêu chí) )?"
PATH = rf"(?P<path>(?:[0-9]+|[A-H]|{ROMAN})(?:\.[0-9A-Za-zĐđ]+)*)"
NUMBERED = rf"{NAMED}\(?(?:{PATH}|(?P<letter>[a-zđ]))"
SIGN = r"(?P<dash>[-–—−•*])|(?P<plus>\+)"
MARK = re.compile(rf"{NUMBERED}[.):/]*|{SIGN}")
BEFORE_TITLE = re.compile(rf"(?P<mark>{NUMBERED}[.):/]+(?= )|{SIGN}) ?(?P<title>.+)")
LARGEST = 10**6


class Level(IntEnum):
    """How deep a number stands: what has a higher level belongs to what has a lower one before it."""

    SECTION = 0
    ROMAN = 1
    NUMBER = 2
    LETTER = 3
    DASH = 4
    PLUS = 5


FIRST = {Level.SECTION: "A", Level.ROMAN: "I", Level.NUMBER: "1"}


@attrs.frozen
class Mark:
    """What a row is numbered by; of 1.1 and I.1 the level is that of the first part."""

    level: Level
    #: as codes write it; nothing for a dash or a plus
    text: str

    @property
    def is_item(self) -> bool:
        """Whether it hangs on the number before it, wherever that is: a), - and +."""
        return self.level >= Level.LETTER

    @property
    def is_path(self) -> bool:
        """Whether it names what holds it, as 1.1 does."""
        return "." in self.text

    @property
    def depth(self) -> Level:
        """The level that items need to exceed to hang on it."""
        return max(self.level, Level.NUMBER) if self.is_path else self.level

    @property
    def is_heading(self) -> bool:
        """Whether it is a single letter A, Roman number or number."""
        return not self.is_item and not self.is_path


def mark_in(text: str) -> Mark | None:
    """The number that a text is, or None.

    >>> [mark.text for text in ("1.", "1.1.", "Phần A", "II.", "đ)") if (mark := mark_in(text))]
    ['1', '1.1', 'A', 'II', 'đ']
    """
    match = MARK.fullmatch(text)
    if match is None:
        return None
    if match["path"] is None:
        level = Level.LETTER if match["letter"] else Level.DASH if match["dash"] else Level.PLUS
        return Mark(level, match["letter"] or "")
    first = match["path"].partition(".")[0]
    level = Level.NUMBER if first.isdigit() else Level.SECTION if first in "ABCDEFGH" else Level.ROMAN
    return Mark(level, match["path"])


def mark_and_title(text: str) -> tuple[str, str] | None:
    """The number before a title, with what stands after it, and the title; None where there is no number.

    >>> mark_and_title("A. Nền tảng chung"), mark_and_title("- Từ 4 cuộc: 20 điểm"), mark_and_title("3 cuộc")
    (('A.', 'Nền tảng chung'), ('-', 'Từ 4 cuộc: 20 điểm'), None)
    """
    match = BEFORE_TITLE.fullmatch(text)
    return (match["mark"], match["title"]) if match else None


def whole_text(number: Decimal) -> str | None:
    """A whole number as text; None for 1.1, which as a number may be 1.10."""
    return str(int(number)) if 0 <= number < LARGEST and number == int(number) else None
