"""Exact numbers as a rubric declares them, also where no decimal writes them: amounts and shares."""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from dti_core.errors import shorten
from dti_core.exact import decimal_of
from dti_core.terms import checking, optional
from dti_core.words import MEASURES, TERMS, Sentence

ExactLike = Fraction | Decimal | int | float | str
FRACTION = re.compile(r"([0-9]{1,15})/([1-9][0-9]{0,14})", re.ASCII)
DECIMAL = re.compile(r"[0-9]{1,15}([.,][0-9]{1,15})?", re.ASCII)


def exact_of(value: ExactLike) -> Fraction:
    """The number exactly, also one written "1/3"; what is not a number is left for the check to refuse."""
    if isinstance(value, str):
        parts = FRACTION.fullmatch(value)
        return Fraction(int(parts[1]), int(parts[2])) if parts else cast("Fraction", value)
    number = value if isinstance(value, Fraction) else decimal_of(value)
    return cast("Fraction", value) if number is None else Fraction(number)


def exact_or_none(value: ExactLike | None) -> Fraction | None:
    """As :func:`exact_of`, content with None."""
    return None if value is None else exact_of(value)


def wrong_exact(value: object) -> Sentence | None:
    """What keeps a value from being an exact number, or None."""
    if isinstance(value, Fraction):
        return None
    if isinstance(value, str) and DECIMAL.fullmatch(value):
        return MEASURES("number_as_text", value=shorten(value), number=value.replace(",", "."))
    return MEASURES("no_exact", value=shorten(value))


def wrong_amount(value: Any) -> Sentence | None:
    """What keeps a value from being an exact number ≥ 0, or None."""
    return wrong_exact(value) or (TERMS("negative", value=value) if value < 0 else None)


def wrong_share(value: Any) -> Sentence | None:
    """What keeps a value from being a share, or None."""
    return wrong_amount(value) or (TERMS("share", value=value) if value > 1 else None)


is_exact = checking(wrong_exact)
is_amount = checking(wrong_amount)
is_amount_or_none = checking(optional(wrong_amount))
is_share_or_none = checking(optional(wrong_share))
