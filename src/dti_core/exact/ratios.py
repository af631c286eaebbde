"""Numbers known nearly, as doubles, and exactly where that leaves a doubt."""

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.exact import Int, Rounding
from dti_core.exact.rationals import Mask, Rationals, Rows

EPSILON = 2.0**-52


@attrs.frozen(eq=False)
class Filtered:
    """Numbers ≥ 0 known as doubles within ``margin``; what that leaves in doubt is worked out by ``take``, exactly."""

    #: NaN where none
    approximate: NDArray[np.float64]
    margin: NDArray[np.float64]
    #: the numbers themselves of some rows
    take: Callable[[Rows], Rationals]

    @property
    def null(self) -> Mask:
        """Where there is no number."""
        return np.isnan(self.approximate)

    def exact(self) -> Rationals:
        """The numbers themselves."""
        return self.take(np.arange(len(self.approximate)))

    def fractions(self) -> list[Fraction | None]:
        """The numbers themselves, None where none."""
        return self.exact().fractions()

    def floats(self, factor: Fraction | int = 1) -> NDArray[np.float64]:
        """The doubles nearest to the numbers × factor, NaN where none."""
        return self.exact().floats(factor)

    def rounded(self, factor: Fraction | int, rounding: Rounding) -> Int:
        """The numbers × factor, rounded once to whole numbers; 0 where none."""
        # ``float(factor)``, the product and the sum are each rounded by half an epsilon at most.
        scaled = np.nan_to_num(self.approximate) * float(factor)
        margin = np.nan_to_num(self.margin) * float(factor) + 4 * EPSILON * (scaled + 1)
        half = 0.0 if rounding == "down" else 0.5
        low, high = np.floor(scaled - margin + half), np.floor(scaled + margin + half)
        doubtful = np.flatnonzero(low != high)
        exact = self.take(doubtful).rounded(factor, rounding)
        result = np.where(low == high, high, 0).astype(np.int64).astype(exact.dtype)
        result[doubtful] = exact
        return result

    def ordinals(self) -> NDArray[np.int64]:
        """Whole numbers that order the units as the numbers do, equal only where those are; 0 where none."""
        # Units whose intervals overlap, one with the next, form a cluster; all in a later cluster are surely larger.
        known = np.nan_to_num(self.approximate)
        margin = np.nan_to_num(self.margin) + EPSILON * known
        order = np.argsort(known)
        apart = (known - margin)[order[1:]] > np.maximum.accumulate((known + margin)[order[:-1]])
        cluster = np.zeros(len(order), dtype=np.int64)
        cluster[order[1:]] = np.cumsum(apart)
        crowded = np.bincount(cluster, minlength=1)[cluster] > 1
        within = np.zeros(len(order), dtype=np.int64)
        within[crowded] = self.take(np.flatnonzero(crowded)).ordinals()
        places = crowded[order]
        near = order[places]
        order[places] = near[np.lexsort((within[near], cluster[near]))]
        rises = [np.diff(part[order]) != 0 for part in (cluster, within)]
        result = np.zeros(len(order), dtype=np.int64)
        result[order[1:]] = np.cumsum(rises[0] | rises[1])
        return result

    def __ge__(self, threshold: Fraction) -> Mask:
        return self._compared(operator.ge, threshold)

    def __gt__(self, threshold: Fraction) -> Mask:
        return self._compared(operator.gt, threshold)

    def __le__(self, threshold: Fraction) -> Mask:
        return self._compared(operator.le, threshold)

    def __lt__(self, threshold: Fraction) -> Mask:
        return self._compared(operator.lt, threshold)

    def _compared(self, holds: Callable[[Any, Any], Any], threshold: Fraction) -> Mask:
        limit = float(threshold)
        result = np.asarray(holds(self.approximate, limit), dtype=bool)
        close = np.flatnonzero(np.abs(self.approximate - limit) <= self.margin + 4 * EPSILON * limit)
        result[close] = holds(self.take(close), threshold)
        return result


Ratios = Rationals | Filtered
"""One exact number ≥ 0 per unit, or none."""
