"""From sums to scores: the three ways to renormalise, with bonus and penalty, as exact ratios."""

from collections.abc import Callable
from fractions import Fraction

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.evaluation import IntArray, NodeSums, RollUp
from dti_core.exact.ratios import EPSILON, Filtered, Quotients, Ratios, integers
from dti_core.rubric.policy import Policy
from dti_core.rubric.tree import TOTAL


@attrs.frozen(eq=False)
class NodeScore:
    """The score of a node, exactly."""

    #: relative to the scale
    relative: Ratios
    #: in ticks: one for all units, or one per unit under ``none``
    scale: int | IntArray
    #: times ``factor`` the score in ticks
    earned: Ratios
    factor: Fraction


def applicable_maximum(sums: NodeSums, policy: Policy) -> IntArray:
    """The applicable maximum in ticks, without missing leaves where the policy leaves them out."""
    return sums.marked if policy.missing == "exclude" else sums.applicable


def score(rolled: RollUp, policy: Policy, node: str) -> NodeScore:
    """The score of a scored node or a leaf under a policy."""
    sums = rolled.of(node)
    maximum = rolled.compiled.tree.maximum[node]
    applicable = applicable_maximum(sums, policy)
    net = rolled.bonus(TOTAL) if node == TOTAL and rolled.compiled.has_bonus else None
    if policy.renormalise == "by_level":
        return _on_scale(_levelled(rolled, policy, node, net), maximum)
    if policy.renormalise == "none":
        earned = sums.points if net is None else _within(sums.points + net, applicable, policy)
        applies = (applicable > 0).astype(np.int64)
        return NodeScore(_quotients(earned, applicable), applicable, _quotients(earned, applies), Fraction(1))
    if net is None:
        return _on_scale(_quotients(sums.points, applicable), maximum)
    bound = maximum * (maximum + int(np.abs(net).max(initial=0)))
    points, applicable, net = (integers(part, bound) for part in (sums.points, applicable, net))
    full = applicable * maximum
    return _on_scale(_quotients(_within(points * maximum + net * applicable, full, policy), full), maximum)


def _on_scale(relative: Ratios, maximum: int) -> NodeScore:
    return NodeScore(relative, maximum, relative, Fraction(maximum))


def _within(values: NDArray[np.int64], upper: NDArray[np.int64], policy: Policy) -> NDArray[np.int64]:
    floored = np.maximum(values, 0)
    return floored if policy.exceed_maximum else np.minimum(floored, upper)


def _quotients(numerator: NDArray[np.int64], denominator: NDArray[np.int64]) -> Quotients:
    bound = max(int(numerator.max(initial=1)), int(denominator.max(initial=1)))
    numerator = np.where(denominator > 0, numerator, 0)
    return Quotients(numerator, denominator, bound)


@attrs.frozen(eq=False)
class _Term:
    """A child in the weighted mean of a node: ``patterns`` are those where a stand-by leaf takes its place here."""

    child: str
    weight: int
    patterns: NDArray[np.bool_] | None


class _Levels:
    """Means of children weighted by their full maxima, level by level.

    As doubles every step adds or divides numbers ≥ 0, so each rounds with relative error 2^-53 and none cancels; the
    count of steps bounds the error. As fractions, unit by unit, without error.
    """

    def __init__(self, rolled: RollUp, policy: Policy) -> None:
        self.rolled, self.policy = rolled, policy
        self.tree = rolled.compiled.tree
        self.pattern_of = rolled.applicability.pattern_of
        self._kept: dict[str, tuple[NDArray[np.float64], IntArray, IntArray]] = {}
        self.error = (2 * len(self.tree.under) + 16) * EPSILON

    def share(self, node: str) -> NDArray[np.float64]:
        """The node's score relative to its maximum, NaN where nothing applies."""
        return self._node(node)[0]

    def _node(self, node: str) -> tuple[NDArray[np.float64], IntArray, IntArray]:
        if node not in self._kept:
            sums = self.rolled.of(node)
            applicable = applicable_maximum(sums, self.policy)
            self._kept[node] = (self._mean(node, sums.points, applicable), sums.points, applicable)
        return self._kept[node]

    def _mean(self, node: str, points: IntArray, applicable: IntArray) -> NDArray[np.float64]:
        if self._is_flat(node):
            return _quotients(points, applicable).floats()
        added, weights = np.zeros(len(points)), np.zeros(len(points))
        for term in self._terms(node):
            share = self.share(term.child)
            counts = ~np.isnan(share)
            if term.patterns is not None:
                counts &= term.patterns[self.pattern_of]
            added += np.where(counts, share, 0.0) * term.weight
            weights += np.where(counts, float(term.weight), 0.0)
        with np.errstate(invalid="ignore"):
            return np.where(weights > 0, added / weights, np.nan)

    def exact(self, node: str, unit: int) -> Fraction:
        """The same for one unit, exactly; the node must apply to it."""
        _, points, applicable = self._node(node)
        if self._is_flat(node):
            return Fraction(int(points[unit]), int(applicable[unit]))
        added, weights = Fraction(0), 0
        for term in self._terms(node):
            in_use = term.patterns is None or term.patterns[self.pattern_of[unit]]
            if in_use and self._node(term.child)[2][unit] > 0:
                added += term.weight * self.exact(term.child, unit)
                weights += term.weight
        return added / weights

    def _is_flat(self, node: str) -> bool:
        """With leaves for children the weighted mean is points / applicable maximum."""
        return all(child not in self.tree.children for child in self.tree.children.get(node, ()))

    def _terms(self, node: str) -> list[_Term]:
        children = [child for child in self.tree.children[node] if self.tree.kind[child] == "scored"]
        terms = [_Term(child, self.tree.maximum[child], None) for child in children]
        patterns = self.rolled.applicability.patterns
        for child in children:
            for by in {pattern.replaced[child] for pattern in patterns if child in pattern.replaced}:
                used = np.array([pattern.replaced.get(child) == by for pattern in patterns])
                terms.append(_Term(by, self.tree.maximum[child], used))
        return terms


def _levelled(rolled: RollUp, policy: Policy, node: str, net: IntArray | None) -> Filtered:
    levels = _Levels(rolled, policy)
    share = levels.share(node)
    maximum = rolled.compiled.tree.maximum[node]
    if net is None:
        return Filtered(
            share, levels.error * share, _remembered(rolled, lambda unit: levels.exact(node, unit))
        )

    def exact(unit: int) -> Fraction:
        value = max(levels.exact(node, unit) + Fraction(int(net[unit]), maximum), Fraction(0))
        return value if policy.exceed_maximum else min(value, Fraction(1))

    added = net / maximum if maximum else np.zeros(len(share))
    total = np.maximum(share + added, 0.0)
    margin = (levels.error + 2 * EPSILON) * (share + np.abs(added))
    clipped = total if policy.exceed_maximum else np.minimum(total, 1.0)
    return Filtered(np.where(np.isnan(share), np.nan, clipped), margin, _remembered(rolled, exact))


def _remembered(rolled: RollUp, exact: Callable[[int], Fraction]) -> Callable[[int], Fraction]:
    """Work out equal rows of equal pattern once."""
    known: dict[tuple[int, bytes], Fraction] = {}

    def recall(unit: int) -> Fraction:
        key = (int(rolled.applicability.pattern_of[unit]), rolled.ticks[unit].tobytes())
        if key not in known:
            known[key] = exact(unit)
        return known[key]

    return recall
