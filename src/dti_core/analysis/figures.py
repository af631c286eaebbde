"""Shares and growth as they are printed: exact, then rounded once."""

from collections.abc import Sequence
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from dti_core.errors import InvalidArgument, shorten
from dti_core.exact import Rounding
from dti_core.exact.rationals import Rationals
from dti_core.rubric.policy import MAX_DECIMALS
from dti_core.terms import Number

Numbers = Sequence[Number] | NDArray[np.floating[Any]]


@overload
def growth(now: Number, before: Number, decimals: int = 1, rounding: Rounding = "half_up") -> float: ...
@overload
def growth(
    now: Numbers, before: Numbers, decimals: int = 1, rounding: Rounding = "half_up"
) -> NDArray[np.float64]: ...
def growth(
    now: Number | Numbers, before: Number | Numbers, decimals: int = 1, rounding: Rounding = "half_up"
) -> float | NDArray[np.float64]:
    """By how many percent a figure grew: (now / before − 1) × 100, rounded once; NaN where there was nothing before.

    One number of each gives a number, sequences of equal length give an array.

    >>> growth(0.4014, 0.3026, decimals=2), growth(0.4014, 0.3026)
    (32.65, 32.7)
    """
    return _printed(now, before, 1, decimals, rounding)


@overload
def share(part: Number, whole: Number, decimals: int = 2, rounding: Rounding = "half_up") -> float: ...
@overload
def share(
    part: Numbers, whole: Numbers, decimals: int = 2, rounding: Rounding = "half_up"
) -> NDArray[np.float64]: ...
def share(
    part: Number | Numbers, whole: Number | Numbers, decimals: int = 2, rounding: Rounding = "half_up"
) -> float | NDArray[np.float64]:
    """What percentage a part is of a whole, rounded once; NaN where the whole is 0.

    >>> share(636, 686), share(805.69, 1000)
    (92.71, 80.57)
    """
    return _printed(part, whole, 0, decimals, rounding)


def _printed(
    above: Number | Numbers, below: Number | Numbers, less: int, decimals: int, rounding: Rounding
) -> float | NDArray[np.float64]:
    if type(decimals) is not int or not 0 <= decimals <= MAX_DECIMALS:
        raise InvalidArgument(f"decimals is a whole number from 0 to {MAX_DECIMALS}, not {shorten(decimals)}")
    doubles = [np.asarray(each, dtype=np.float64) for each in (above, below)]
    if doubles[0].shape != doubles[1].shape or doubles[0].ndim > 1:
        raise InvalidArgument("two numbers, or two sequences of equal length, are needed")
    over, under = (Rationals.of(np.atleast_1d(each)) for each in doubles)
    exact = over / under - less
    negative = exact < 0
    size = exact.where(negative, -exact).rounded(100 * 10**decimals, rounding)
    printed = np.where(negative, -size, size) / 10**decimals
    found = np.where(exact.null, np.nan, printed.astype(np.float64))
    return found if doubles[0].ndim else float(found[0])


def doubles(values: Rationals) -> NDArray[np.float64]:
    """The nearest doubles of exact numbers, NaN where there is none."""
    below = np.where(values.null, 1, values.denominator)
    return np.where(values.null, np.nan, (values.numerator / below).astype(np.float64))
