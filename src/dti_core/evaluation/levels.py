"""By level: each parent is the mean of its children weighted by their full maxima."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.columns.chunks import in_chunks
from dti_core.evaluation.sums import IntArray, RollUp
from dti_core.exact import INT64_MAX, Int, peak
from dti_core.exact.rationals import Rationals
from dti_core.exact.ratios import EPSILON, Filtered, Ratios

ONE: IntArray = np.ones(1, dtype=np.int64)
ROWS_AT_ONCE = 4
"""Shares are worked out with a few columns of units at a time."""
Gates = tuple[str, ...]
Worth = Any
"""What a tick is worth in each case: as doubles, or exactly."""


def share_by_level(rolled: RollUp, node: str) -> Ratios:
    """What part of its maximum a node earns."""
    # What applies is the same for all units of a pattern, unless missing marks are left out of it. Then every unit has
    # worths of its own: too many to bring them all to common denominators, so doubles tell the clear cases.
    if not rolled.leaves_out:
        return _Levels(rolled, Rationals, is_by_unit=False).exact(node)
    share = np.empty(len(rolled.ticks))

    def work(pieces: Iterable[slice]) -> None:
        for rows in pieces:
            share[rows] = _Levels(rolled.part(rows), np.divide, is_by_unit=True).doubles(node)

    in_chunks(work, len(share), ROWS_AT_ONCE)
    # Numbers ≥ 0 are multiplied, divided and added, none cancels, and each step rounds by half an epsilon at most: two
    # steps a level on the way down, three at the lowest node, one for each of them to be added.
    error = (2 * len(rolled.compiled.tree.under) + 16) * EPSILON
    return Filtered(
        share,
        error * share,
        lambda rows: _Levels(rolled.part(rows), Rationals, is_by_unit=True).exact(node),
    )


@attrs.frozen(eq=False)
class _Levels:
    """Means level by level as one sum: the points of the lowest nodes, each times what a tick is worth there.

    A mean is linear in what its children earn. So a tick is worth the weights on the way down, each as a part of those
    that count, over the applicable maximum of the lowest node. Lowest are leaves, nodes that count by their adjusted
    P / A, and nodes of leaves alone: there the weighted mean is points / applicable maximum, as long as every leaf
    applies in full or not at all. Where a gate on the way down is shut, what is below counts 0.
    """

    rolled: RollUp
    #: a quotient of whole numbers, as doubles or exactly
    ratio: Callable[[IntArray, IntArray], Worth]
    #: whether each unit is a case, or each pattern
    is_by_unit: bool

    def doubles(self, node: str) -> NDArray[np.float64]:
        """The shares of the node for all units, each a case, as doubles; NaN where nothing applies."""
        applicable = self._applicable(node)
        share = np.zeros(len(applicable))
        for code, gates, worth in self._worths(node, applicable, self.ratio(ONE, ONE)):
            share += self._points(code, gates) * worth
        return np.where(applicable > 0, share, np.nan)

    def exact(self, node: str) -> Rationals:
        """The shares of the node: with the worths of a case over one denominator, whole numbers over it."""
        applicable = self._applicable(node)
        lowest = self._worths(node, applicable, self.ratio(ONE, ONE))
        worths = [(code, gates, worth.lowest_terms()) for code, gates, worth in lowest]
        whole = np.lcm.reduce([worth.denominator.astype(object) for _, _, worth in worths])
        # a share is at most 1, so neither a numerator nor a part of it exceeds the denominator; unless a bonus of its
        # own may lift a node above what applies
        may_exceed = self.rolled.policy.exceed_maximum and self.rolled.compiled.tree.own
        kind = np.int64 if peak(whole) <= INT64_MAX and not may_exceed else object
        case_of = slice(None) if self.is_by_unit else self.rolled.pattern_of
        earned: Int = np.zeros(1, dtype=kind)
        for code, gates, worth in worths:
            weight = (worth.numerator * (whole // worth.denominator)).astype(kind)
            earned = earned + self._points(code, gates) * weight[case_of]
        return Rationals(earned, (whole * (applicable > 0)).astype(kind)[case_of])

    def _points(self, node: str, gates: Gates) -> IntArray:
        points = self.rolled.of(node).points
        for gate in gates:
            points = points * self.rolled.opens[gate]
        return points

    def _worths(
        self, node: str, applicable: IntArray, carried: Worth, gates: Gates = ()
    ) -> Iterator[tuple[str, Gates, Worth]]:
        """The lowest nodes under a node, the gates above each, and what a tick is worth there.

        ``carried`` is what a tick of the node is worth.
        """
        if self._is_lowest(node):
            yield node, gates, carried * self.ratio(ONE, np.maximum(applicable, 1))
            return
        terms = [*self._terms(node)]
        whole = np.maximum(sum(weight for _, _, weight in terms), 1)
        gates = (*gates, node) if node in self.rolled.opens else gates
        for child, inside, weight in terms:
            yield from self._worths(child, inside, carried * self.ratio(weight, whole), gates)

    def _is_lowest(self, node: str) -> bool:
        tree, uneven = self.rolled.compiled.tree, self.rolled.applicability.uneven
        if node in tree.own or (node in tree.criterion and tree.criterion[node].cap):
            return True
        return all(
            child not in tree.children and child not in uneven for child in tree.children.get(node, ())
        )

    def _terms(self, node: str) -> Iterator[tuple[str, IntArray, IntArray]]:
        """Children, or stand-by leaves in their place: the applicable maximum and the weight of each in each case."""
        tree, applicability = self.rolled.compiled.tree, self.rolled.applicability
        patterns = self.rolled.pattern_of if self.is_by_unit else slice(None)
        for child in tree.children[node]:
            if tree.kind[child] == "scored":
                for code, counts in applicability.counting(child).items():
                    applicable = self._applicable(code)
                    yield code, applicable, tree.maximum[child] * (counts[patterns] & (applicable > 0))

    def _applicable(self, node: str) -> IntArray:
        """The applicable maximum in each case."""
        if self.is_by_unit:
            return self.rolled.of(node).applicable
        applicability, compiled = self.rolled.applicability, self.rolled.compiled
        if node in compiled.row:
            return np.asarray(self.rolled.by_pattern[compiled.row[node]])
        return np.asarray(applicability.worth[:, compiled.column[node]])
