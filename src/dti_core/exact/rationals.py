"""Exact numbers of many units at once, with the arithmetic of fractions."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Union

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.exact import INT64_MAX, MAX_TICKS, Int, Rounding, decimal_of, wide
from dti_core.exact.ratios import Quotients

Mask = NDArray[np.bool_]
Operand = Union["Rationals", Fraction, int]
MOST_DECIMALS = 15


@attrs.frozen(eq=False)
class Rationals:
    """One exact number per unit, or none where the denominator is 0; what is worked out from none is none.

    >>> shares = Rationals.of([31.0, 5.0, float("nan")]) / Rationals.of([40.0, 0.0, 3.0]) * 20
    >>> [shares.at(row) for row in range(3)]
    [Fraction(31, 2), None, None]
    """

    numerator: Int
    #: never negative
    denominator: Int

    @classmethod
    def of(cls, values: Any) -> "Rationals":
        """The decimals that doubles stand for; NaN is no number."""
        doubles = np.asarray(values, dtype=np.float64)
        there = ~np.isnan(doubles)
        known = np.where(there, doubles, 0.0)
        most = float(np.abs(known).max(initial=0.0))
        for decimals in range(MOST_DECIMALS + 1):
            scale = 10**decimals
            if most * scale > MAX_TICKS:
                break
            ticks = np.rint(known * scale)
            if (ticks / scale == known).all():
                return cls(ticks.astype(np.int64), np.where(there, scale, 0))
        exact = cls.listed(Fraction(decimal_of(value) or 0) for value in known.tolist())
        return cls(exact.numerator, exact.denominator * there)

    @classmethod
    def listed(cls, values: Iterable[Fraction]) -> "Rationals":
        """The numbers themselves."""
        exact = [*values]
        return cls(
            np.array([each.numerator for each in exact], dtype=object),
            np.array([each.denominator for each in exact], dtype=object),
        )

    @property
    def null(self) -> Mask:
        """Where there is no number."""
        return np.asarray(self.denominator == 0, dtype=bool)

    def at(self, row: int) -> Fraction | None:
        """The number of one unit."""
        denominator = int(self.denominator[row])
        return Fraction(int(self.numerator[row]), denominator) if denominator else None

    def take(self, rows: NDArray[np.intp]) -> "Rationals":
        """The numbers of other rows, one for each; none for −1."""
        return Rationals(self.numerator[rows], np.where(rows < 0, 0, self.denominator[rows]))

    def where(self, mask: Mask, other: Operand | None) -> "Rationals":
        """These numbers, but ``other`` where the mask holds; None is no number."""
        there = NONE if other is None else _rationals(other)
        return Rationals(
            np.where(mask, there.numerator, self.numerator),
            np.where(mask, there.denominator, self.denominator),
        )

    def __add__(self, other: Operand) -> "Rationals":
        there = _rationals(other)
        left = _product(self.numerator, there.denominator)
        right = _product(there.numerator, self.denominator)
        bound = _peak(left) + _peak(right)
        return Rationals(wide(left, bound) + right, _product(self.denominator, there.denominator))

    def __mul__(self, other: Operand) -> "Rationals":
        there = _rationals(other)
        return Rationals(
            _product(self.numerator, there.numerator), _product(self.denominator, there.denominator)
        )

    __radd__, __rmul__ = __add__, __mul__

    def __sub__(self, other: Operand) -> "Rationals":
        return self + -_rationals(other)

    def __rsub__(self, other: Operand) -> "Rationals":
        return -self + other

    def __neg__(self) -> "Rationals":
        return Rationals(-self.numerator, self.denominator)

    def __truediv__(self, other: Operand) -> "Rationals":
        there = _rationals(other)
        sign = np.where(there.numerator < 0, -1, 1)
        inverse = Rationals(there.denominator * sign, np.where(there.null, 0, there.numerator * sign))
        return self * inverse

    def __ge__(self, other: Operand) -> Mask:
        return ~(self < other) & ~self.null & ~_rationals(other).null

    def __gt__(self, other: Operand) -> Mask:
        return np.asarray(_rationals(other) < self)

    def __le__(self, other: Operand) -> Mask:
        return np.asarray(_rationals(other) >= self)

    def __lt__(self, other: Operand) -> Mask:
        there = _rationals(other)
        left = _product(self.numerator, there.denominator)
        right = _product(there.numerator, self.denominator)
        return np.asarray(left < right, dtype=bool) & ~self.null & ~there.null

    def equals(self, other: Operand) -> Mask:
        """Where both are the same number."""
        return (self >= other) & (self <= other)

    def at_most(self, bound: Operand) -> "Rationals":
        """The smaller of each number and the bound."""
        return self.where(self > bound, bound)

    def at_least(self, bound: Operand) -> "Rationals":
        """The larger of each number and the bound."""
        return self.where(self < bound, bound)

    def is_whole(self) -> Mask:
        """Where the number is a whole one."""
        return np.asarray(self.numerator % (self.denominator + self.null) == 0, dtype=bool) & ~self.null

    def ordinals(self) -> NDArray[np.int64]:
        """Whole numbers that order the units as the numbers (≥ 0) do, equal only where those are; 0 where none."""
        return self._quotients().ordinals()

    def rounded(self, scale: int, rounding: Rounding) -> Int:
        """The numbers (≥ 0) × scale, rounded once to whole numbers; 0 where none."""
        return self._quotients().rounded(Fraction(scale), rounding)

    def _quotients(self) -> Quotients:
        numerator = np.where(self.null, 0, self.numerator)
        return Quotients(numerator, self.denominator, max(_peak(numerator), _peak(self.denominator)))


def _rationals(value: Operand) -> Rationals:
    if isinstance(value, Rationals):
        return value
    exact = Fraction(value)
    return Rationals(_integer(exact.numerator), _integer(exact.denominator))


def _integer(value: int) -> Int:
    return np.array(value, dtype=np.int64 if abs(value) <= INT64_MAX else object)


def _peak(values: Int) -> int:
    return int(np.max(np.abs(values), initial=0))


def _product(left: Int, right: Int) -> Int:
    return np.asarray(wide(left, _peak(left) * _peak(right)) * right)


NONE = Rationals(_integer(0), _integer(0))
