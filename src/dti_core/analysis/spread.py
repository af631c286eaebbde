"""The middle of some numbers and how far each lies from it, exactly."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from statistics import median as middle
from typing import TypeAlias

import numpy as np

from dti_core.exact.rationals import Rationals

Numbers: TypeAlias = Sequence[Fraction | None]


def median(numbers: Iterable[Fraction | None]) -> Fraction | None:
    """The middle number, of an even count the mean of the two in the middle; None where there is none."""
    known = [number for number in numbers if number is not None]
    return middle(known) if known else None


def deviations(numbers: Numbers) -> list[Fraction | None]:
    """How many median absolute deviations each number lies above the median; None where that deviation is 0.

    The deviation is as it stands, without the factor 1.4826 that makes of it the standard deviation of a normal law.

    >>> [str(z) for z in deviations([Fraction(1), Fraction(2), None, Fraction(3), Fraction(10)])]
    ['-3/2', '-1/2', 'None', '1/2', '15/2']
    """
    centre = median(numbers)
    apart = [None if number is None or centre is None else number - centre for number in numbers]
    deviation = median(None if distance is None else abs(distance) for distance in apart)
    return [distance / deviation if distance is not None and deviation else None for distance in apart]


def in_order(numbers: Rationals) -> Rationals:
    """The numbers that there are, the smallest first."""
    known = np.flatnonzero(~numbers.null)
    there = numbers.take(known)
    return there.take(np.argsort(there.ordinals(), kind="stable"))
