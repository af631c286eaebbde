"""Exact numbers of many units at once: the arithmetic of fractions, their order and their rounding."""

import operator
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any, Union

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.exact import (
    EXACT_DOUBLE,
    INT64_MAX,
    MAX_TICKS,
    Int,
    Rounding,
    decimal_of,
    narrow,
    peak,
    product,
    round_ratio,
    widened,
)

Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]
Operand = Union["Rationals", Fraction, int]
MOST_DECIMALS = 15


def _integers(values: NDArray[Any]) -> Int:
    """Refuse numpy's integers inside an object array: they overflow silently where Python's grow."""
    if values.dtype.kind in "ib":
        return values.astype(np.int64, copy=False)
    if values.dtype != object or not set(map(type, values.ravel().tolist())) <= {int}:
        raise TypeError(f"exact numbers are int64 or Python integers, not {values.dtype}: {values[:3]!r}")
    return values


@attrs.frozen(eq=False)
class Rationals:
    """One exact number per unit, or none, written 0 / 0; what is worked out from none is none.

    >>> shares = Rationals.of([31.0, 5.0, float("nan")]) / Rationals.of([40.0, 0.0, 3.0]) * 20
    >>> [shares.at(row) for row in range(3)]
    [Fraction(31, 2), None, None]
    """

    #: whole numbers
    numerator: Int = attrs.field(converter=_integers)
    #: never negative
    denominator: Int = attrs.field(converter=_integers)

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
        numbers = [*values]
        return cls(
            np.array([number.numerator for number in numbers], dtype=object),
            np.array([number.denominator for number in numbers], dtype=object),
        )

    @property
    def null(self) -> Mask:
        """Where there is no number."""
        return np.asarray(self.denominator == 0, dtype=bool)

    def at(self, row: int) -> Fraction | None:
        """The number of one unit."""
        denominator = int(self.denominator[row])
        return Fraction(int(self.numerator[row]), denominator) if denominator else None

    def take(self, rows: Rows) -> "Rationals":
        """The numbers of other rows, one for each; none for −1."""
        kept = rows >= 0
        return Rationals(self.numerator[rows] * kept, self.denominator[rows] * kept)

    def where(self, mask: Mask, other: Operand | None) -> "Rationals":
        """These numbers, but ``other`` where the mask holds; None is no number."""
        there = NONE if other is None else _rationals(other)
        return Rationals(
            np.where(mask, there.numerator, self.numerator),
            np.where(mask, there.denominator, self.denominator),
        )

    def __add__(self, other: Operand) -> "Rationals":
        there = _rationals(other)
        left, right = self._aligned(there)
        added = widened(left, peak(left) + peak(right)) + right
        return Rationals(added, product(self.denominator, there.denominator))

    def __mul__(self, other: Operand) -> "Rationals":
        there = _rationals(other)
        return Rationals(
            product(self.numerator, there.numerator), product(self.denominator, there.denominator)
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
        sign = np.sign(there.numerator)
        return self * Rationals(there.denominator * sign, there.numerator * sign)

    def __ge__(self, other: Operand) -> Mask:
        return self._compared(operator.ge, other)

    def __gt__(self, other: Operand) -> Mask:
        return self._compared(operator.gt, other)

    def __le__(self, other: Operand) -> Mask:
        return self._compared(operator.le, other)

    def __lt__(self, other: Operand) -> Mask:
        return self._compared(operator.lt, other)

    def equals(self, other: Operand) -> Mask:
        """Where both are the same number."""
        return self._compared(operator.eq, other)

    def _compared(self, holds: Callable[[Int, Int], Any], other: Operand) -> Mask:
        there = _rationals(other)
        return np.asarray(holds(*self._aligned(there)), dtype=bool) & ~self.null & ~there.null

    def _aligned(self, other: "Rationals") -> tuple[Int, Int]:
        """Both numerators over the product of the denominators."""
        return product(self.numerator, other.denominator), product(other.numerator, self.denominator)

    def at_most(self, bound: Operand) -> "Rationals":
        """The smaller of each number and the bound."""
        return self.where(self > bound, bound)

    def at_least(self, bound: Operand) -> "Rationals":
        """The larger of each number and the bound."""
        return self.where(self < bound, bound)

    def is_whole(self) -> Mask:
        """Where the number is a whole one."""
        return np.asarray(self.numerator % (self.denominator + self.null) == 0, dtype=bool) & ~self.null

    def lowest_terms(self) -> "Rationals":
        """The same numbers, numerator and denominator without a common divisor."""
        divisor = np.gcd(self.numerator, self.denominator) + self.null
        return Rationals(self.numerator // divisor, self.denominator // divisor)

    def fractions(self) -> list[Fraction | None]:
        """The numbers themselves, None where none; equal pairs are worked out once."""
        pairs = list(zip(self.numerator.tolist(), self.denominator.tolist(), strict=True))
        number_of = {pair: Fraction(*pair) if pair[1] else None for pair in set(pairs)}
        return [number_of[pair] for pair in pairs]

    def floats(self, factor: Fraction | int = 1) -> NDArray[np.float64]:
        """The doubles nearest to the numbers × factor, NaN where none."""
        # Whole numbers that are doubles have a quotient that is rounded once; so has Python's division of larger ones.
        numerator, denominator = self._times(factor, EXACT_DOUBLE)
        result = np.asarray(numerator / denominator, dtype=np.float64)
        result[self.null] = np.nan
        return result

    def rounded(self, factor: Fraction | int, rounding: Rounding) -> Int:
        """The numbers (≥ 0) × factor, rounded once to whole numbers; 0 where none."""
        return narrow(round_ratio(*self._times(factor, INT64_MAX // 3), rounding))

    def ordinals(self) -> NDArray[np.int64]:
        """Whole numbers that order the units as the numbers (≥ 0) do, equal only where those are; 0 where none."""
        # Nearest doubles never put two numbers in the wrong order: at worst unequal numbers share one. Neighbours that
        # share one are compared exactly, and where all are equal so is the whole run of them. Unequal n/d and n'/d' are
        # at least 1 / dd' apart, so that with small terms no double is shared and none need be compared.
        known = self.where(self.null, 0)
        doubles = known.floats()
        order = np.argsort(doubles)
        runs = doubles[order]
        rises = np.diff(runs, prepend=runs[:1]) != 0
        shared = np.flatnonzero(~rises[1:])
        if max(peak(known.numerator), peak(known.denominator)) ** 2 >= EXACT_DOUBLE // 2:
            differs = _differ(known, order, shared)
            if differs.any():
                _sort(known, order, np.flatnonzero(np.isin(runs, runs[shared[differs]])))
                differs = _differ(known, order, shared)
            rises[shared + 1] = differs
        result = np.empty(len(order), dtype=np.int64)
        result[order] = np.cumsum(rises)
        return result

    def _times(self, factor: Fraction | int, limit: int) -> tuple[Int, Int]:
        """Numerator and denominator × factor, denominators of 0 made 1: Python integers where above the limit."""
        above, below = self.numerator, self.denominator + self.null
        bound = max(1, peak(above), peak(below)) * max(factor.numerator, factor.denominator)
        return widened(above, bound, limit) * factor.numerator, widened(
            below, bound, limit
        ) * factor.denominator


def _differ(numbers: Rationals, order: Rows, places: Rows) -> Mask:
    """Whether what stands in these places of the order is another number than the next one."""
    return ~numbers.take(order[places]).equals(numbers.take(order[places + 1]))


def _sort(numbers: Rationals, order: Rows, places: Rows) -> None:
    """Sort what stands in these places of the order, as fractions."""
    rows = order[places]
    fractions = dict(zip(rows.tolist(), numbers.take(rows).fractions(), strict=True))
    order[places] = sorted(fractions, key=fractions.__getitem__)


def _rationals(value: Operand) -> Rationals:
    if isinstance(value, Rationals):
        return value
    exact = Fraction(value)
    return Rationals(_integer(exact.numerator), _integer(exact.denominator))


def _integer(value: int) -> Int:
    return narrow(np.array([value], dtype=object))


NONE = Rationals(_integer(0), _integer(0))
