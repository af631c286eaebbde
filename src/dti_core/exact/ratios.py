"""Exact ratios of many units at once: rounding, ordering and thresholds that no float error can touch."""

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any, Protocol

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.exact import INT64_MAX, Int, Rounding, round_fraction, round_ratio

EXACT_DOUBLE = 2**53
EPSILON = 2.0**-52
ONE = Fraction(1)


class Ratios(Protocol):
    """One exact number ≥ 0 per unit, or null."""

    @property
    def null(self) -> NDArray[np.bool_]:
        """Where there is no number."""

    def floats(self, factor: Fraction = ONE) -> NDArray[np.float64]:
        """The numbers × factor as doubles, NaN where null."""

    def fractions(self) -> list[Fraction | None]:
        """The numbers themselves, None where null."""

    def rounded(self, factor: Fraction, rounding: Rounding) -> Int:
        """The numbers × factor, rounded once to whole numbers; 0 where null."""

    def ordinals(self) -> NDArray[np.int64]:
        """Whole numbers ≥ 0 that order the units as the exact numbers do, equal only where those are; 0 where null."""

    def at_least(self, threshold: Fraction) -> NDArray[np.bool_]:
        """Where the number is the threshold or more; False where null."""


def integers(values: NDArray[Any], bound: int) -> Int:
    """Whole numbers as int64, or as Python integers where results up to ``bound`` would overflow."""
    return values.astype(np.int64, copy=False) if bound <= INT64_MAX else values.astype(object)


@attrs.frozen(eq=False)
class Quotients:
    """Ratios of whole numbers, none of them above ``bound``; null where the denominator is 0."""

    numerator: Int
    denominator: Int
    bound: int

    @property
    def null(self) -> NDArray[np.bool_]:
        """Where the denominator is 0."""
        return np.asarray(self.denominator == 0, dtype=bool)

    def floats(self, factor: Fraction = ONE) -> NDArray[np.float64]:
        """The nearest doubles, NaN where null."""
        numerator, denominator = self._times(factor, EXACT_DOUBLE)
        result = np.asarray(numerator / denominator, dtype=np.float64)
        result[self.null] = np.nan
        return result

    def fractions(self) -> list[Fraction | None]:
        """Distinct ratios are worked out once."""
        pairs = list(zip(self.numerator.tolist(), self.denominator.tolist(), strict=True))
        known = {pair: Fraction(*pair) if pair[1] else None for pair in set(pairs)}
        return [known[pair] for pair in pairs]

    def rounded(self, factor: Fraction, rounding: Rounding) -> Int:
        """Integer arithmetic throughout."""
        return round_ratio(*self._times(factor, INT64_MAX // 3), rounding)

    def ordinals(self) -> NDArray[np.int64]:
        """By doubles where those of unequal ratios must differ (|n/d − n'/d'| ≥ 1/dd'), else by fractions."""
        distinct, keys = np.unique(np.nan_to_num(self.floats()), return_inverse=True)
        if self.bound**2 >= EXACT_DOUBLE // 2:
            numerator, denominator = self._times(ONE, 0)
            pairs = list(zip(numerator.tolist(), denominator.tolist(), strict=True))
            exact = {pair: Fraction(*pair) for pair in set(pairs)}
            place = {value: at for at, value in enumerate(sorted(set(exact.values())))}
            if len(place) > len(distinct):
                return np.array([place[exact[pair]] for pair in pairs], dtype=np.int64)
        return keys.astype(np.int64)

    def at_least(self, threshold: Fraction) -> NDArray[np.bool_]:
        """By cross-multiplication."""
        numerator, denominator = self._times(1 / threshold if threshold else ONE, INT64_MAX)
        return np.asarray(numerator >= denominator if threshold else numerator >= 0, dtype=bool) & ~self.null

    def _times(self, factor: Fraction, limit: int) -> tuple[Int, Int]:
        """Numerator and denominator × factor, denominators of 0 made 1, in a type that holds them."""
        bound = self.bound * max(factor.numerator, factor.denominator)
        wide = INT64_MAX + 1 if bound > limit else bound
        safe = self.denominator + (self.denominator == 0)
        return integers(self.numerator, wide) * factor.numerator, integers(safe, wide) * factor.denominator


@attrs.frozen(eq=False)
class Filtered:
    """Numbers known as doubles within ``margin``; what that leaves in doubt is asked of ``exact``, unit by unit."""

    approximate: NDArray[np.float64]
    margin: NDArray[np.float64]
    exact: Callable[[int], Fraction]

    @property
    def null(self) -> NDArray[np.bool_]:
        """Where the approximation is NaN."""
        return np.isnan(self.approximate)

    def floats(self, factor: Fraction = ONE) -> NDArray[np.float64]:
        """The approximations × factor."""
        return self.approximate * float(factor)

    def fractions(self) -> list[Fraction | None]:
        """Unit by unit."""
        return [None if null else self.exact(at) for at, null in enumerate(self.null.tolist())]

    def rounded(self, factor: Fraction, rounding: Rounding) -> Int:
        """By doubles away from halves, by fractions near them."""
        scaled = np.nan_to_num(self.floats(factor))
        margin = np.nan_to_num(self.margin) * float(factor) + 4 * EPSILON * (scaled + 1)
        step = 0.0 if rounding == "down" else 0.5
        low, high = np.floor(scaled - margin + step), np.floor(scaled + margin + step)
        result = integers(high, int(high.max(initial=0)))
        for at in np.flatnonzero((low != high) & ~self.null).tolist():
            result[at] = round_fraction(self.exact(at) * factor, rounding)
        return result

    def ordinals(self) -> NDArray[np.int64]:
        """By doubles where neighbours are apart, by fractions where they are not."""
        result = np.zeros(len(self.approximate), dtype=np.int64)
        known = np.flatnonzero(~self.null)
        order = known[np.argsort(self.approximate[known], kind="stable")]
        if len(order) == 0:
            return result
        low, high = (self.approximate + sign * self.margin for sign in (-1, 1))
        apart = low[order[1:]] > np.maximum.accumulate(high[order[:-1]])
        step = np.ones(len(order), dtype=np.int64)
        starts = np.flatnonzero(np.concatenate([[True], apart])).tolist()
        for start, stop in zip(starts, [*starts[1:], len(order)], strict=True):
            if stop - start > 1:
                exact = {at: self.exact(at) for at in order[start:stop].tolist()}
                within = sorted(exact, key=exact.__getitem__)
                order[start:stop] = within
                step[start + 1 : stop] = [exact[at] != exact[before] for before, at in pairwise(within)]
        result[order] = np.cumsum(step)
        return result

    def at_least(self, threshold: Fraction) -> NDArray[np.bool_]:
        """By doubles away from the threshold, by fractions near it."""
        limit = float(threshold)
        result: NDArray[np.bool_] = self.approximate >= limit
        close = np.abs(self.approximate - limit) <= self.margin + 4 * EPSILON * limit
        for at in np.flatnonzero(close).tolist():
            result[at] = self.exact(at) >= threshold
        return result
