"""Exact numbers: decimals, ticks, and the rounding of exact ratios.

A number with ``d`` decimals is held as a whole number of ticks of 10^-d. Everything between reading and publishing
is integer arithmetic; a float only ever stands for the decimal it prints as.
"""

from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray

Rounding = Literal["half_up", "half_even", "down"]
Exact = Annotated[Fraction, "exact"]
"""A fraction that documents hold as text."""
Int = NDArray[Any]
"""Whole numbers: int64, or object (Python integers) where int64 could overflow."""

MAX_TICKS = 10**15
"""Below this every tick is one double (15 digits round-trip) and sums of ticks are exact in float64."""

INT64_MAX = 2**63 - 1

MOST_DIGITS = 10**6
"""A decimal that would take more to write out is taken for no number: working with it takes for ever."""

EXACT_DOUBLE = 2**53
"""Up to this every whole number is a double."""

EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Arithmetic of decimals that rounds nothing."""


def decimal_of(value: object) -> Decimal | None:
    """The decimal a number stands for, or None where it is not a finite number.

    >>> decimal_of(0.1), decimal_of(20), decimal_of("20"), decimal_of(Fraction(1, 3))
    (Decimal('0.1'), Decimal('20'), None, None)
    """
    if type(value) is Decimal:
        return value if value.is_finite() and abs(value.adjusted()) <= MOST_DIGITS else None
    if isinstance(value, bool | np.bool_ | np.timedelta64):
        return None
    if isinstance(value, int | np.integer):
        return Decimal(int(value))
    if isinstance(value, float):
        value = Decimal(float.__repr__(value))
    elif isinstance(value, np.floating):
        value = Decimal(str(value))
    elif isinstance(value, Fraction):
        places = value.denominator.bit_length()
        whole, rest = divmod(value.numerator * 10**places, value.denominator)
        value = None if rest else EXACT.scaleb(Decimal(whole), -places)
    return value if isinstance(value, Decimal) and value.is_finite() else None


def ticks_of(value: Decimal, decimals: int) -> int | None:
    """The number in ticks of 10^-decimals; None where it has more decimals than that, or is far more than is held.

    >>> ticks_of(Decimal("15.5"), 2), ticks_of(Decimal("15.555"), 2)
    (1550, None)
    """
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or value.adjusted() > len(str(MAX_TICKS)):
        return None
    whole: int = int("".join(map(str, digits)) or "0")
    shift = exponent + decimals
    if shift < 0:
        whole, rest = divmod(whole, 10**-shift)
        if rest:
            return None
        shift = 0
    return int((-1 if sign else 1) * whole * 10**shift)


def decimal_text(value: Decimal) -> str:
    """The decimal without an exponent and without idle zeros.

    >>> decimal_text(Decimal("20.00")), decimal_text(Decimal("1E+3"))
    ('20', '1000')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def json_number(value: Decimal) -> int | float:
    """The JSON number that reads back as this decimal (at most 15 significant digits)."""
    whole = value.to_integral_value()
    return int(whole) if whole == value else float(value)


def peak(values: Int) -> int:
    """The largest size among whole numbers."""
    return max(int(values.max(initial=0)), -int(values.min(initial=0)))


def widened(values: Int, bound: int, limit: int = INT64_MAX) -> Int:
    """The whole numbers in a type that holds results up to ``bound``: beyond the limit Python integers, slower."""
    return values if bound <= limit else values.astype(object)


def narrow(values: Int) -> Int:
    """The whole numbers as int64 where they fit."""
    return values.astype(np.int64) if values.dtype == object and peak(values) <= INT64_MAX else values


def product(left: Int, right: Int) -> Int:
    """Whole numbers multiplied, in a type that holds the products."""
    return widened(left, peak(left) * peak(right)) * right


def round_ratio(numerator: Int, denominator: Int, rounding: Rounding) -> Int:
    """The exact ratios (≥ 0, denominators > 0) rounded to whole numbers; halves go up, to even, or everything down.

    >>> round_ratio(np.array([1, 3, 5]), np.array([2, 2, 2]), "half_up").tolist()
    [1, 2, 3]
    >>> round_ratio(np.array([1, 3, 5]), np.array([2, 2, 2]), "half_even").tolist()
    [0, 2, 2]
    """
    if rounding == "down":
        return np.asarray(numerator // denominator)
    whole: Int = (2 * numerator + denominator) // (2 * denominator)
    if rounding == "half_even":
        tie = (2 * numerator + denominator) == whole * (2 * denominator)
        whole = whole - (tie & (whole % 2 == 1))
    return whole


def round_fraction(value: Fraction, rounding: Rounding) -> int:
    """One exact fraction (≥ 0) rounded to a whole number."""
    numerator, denominator = value.numerator, value.denominator
    if rounding == "down":
        return numerator // denominator
    whole, rest = divmod(2 * numerator + denominator, 2 * denominator)
    return whole - 1 if rounding == "half_even" and rest == 0 and whole % 2 else whole


def least_rounded(units: int, rounding: Rounding) -> tuple[Fraction, bool]:
    """From where on numbers are rounded to at least so many whole units; and whether that very number is not.

    >>> least_rounded(3, "half_up"), least_rounded(3, "half_even"), least_rounded(3, "down")
    ((Fraction(5, 2), False), (Fraction(5, 2), True), (Fraction(3, 1), False))
    """
    if rounding == "down":
        return Fraction(units), False
    return units - Fraction(1, 2), rounding == "half_even" and units % 2 == 1
