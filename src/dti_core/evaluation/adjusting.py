"""Adjusted nodes: a cap, a bonus and penalty of their own, a gate; what that changes reaches all that hold them."""

from collections.abc import Iterable
from fractions import Fraction
from math import ceil, floor
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.applicability.compiled import Compiled
from dti_core.columns.chunks import in_chunks
from dti_core.evaluation.sums import IntArray, RollUp
from dti_core.exact.rationals import Rationals
from dti_core.marks.ticks import Ticks
from dti_core.rubric.node_conditions import NodeCondition

ROWS_AT_ONCE = 2
"""Adjusting reads and writes a few rows of sums at a time: chunks as of so many columns of marks."""


def adjust(rolled: RollUp) -> None:
    """Adjust sums that were just added up: the second step of the roll-up."""
    tree = rolled.compiled.tree
    nodes = [adjusted(rolled, code) for code in tree.adjusted]

    def work(pieces: Iterable[slice]) -> None:
        for rows in pieces:
            part = rolled.part(rows)
            for node in nodes:
                node.apply(part)

    if nodes:
        in_chunks(work, len(rolled.ticks), ROWS_AT_ONCE)


@attrs.frozen(eq=False)
class AdjustedNode:
    """One adjusted node, with what adjusts it."""

    # Sums are linear in what is below, so what an adjustment takes off a node or adds to it is taken off, or added to,
    # every node that holds it; each holds it once, for a set that reaches a leaf twice is refused. Nodes inside come
    # before what holds them.

    code: str
    row: int
    #: the rows of what holds it
    holders: list[int]
    #: in ticks
    cap: int | None
    #: nodes of bonus and penalty, each with its sign
    own: tuple[tuple[int, str], ...]
    gate: "tuple[_Asked, ...]"

    def apply(self, part: RollUp) -> None:
        """Adjust its points, and those of what holds it."""
        points = part.points[self.row]
        before = points.copy()
        if self.cap is not None:
            np.minimum(points, self.cap, out=points)
        if self.own:
            points[...] = self.with_own(points, part)
        if self.gate:
            is_open = part.opens[self.code]
            for asked in self.gate:
                is_open &= asked.is_met(part)
            points *= is_open
        change = points - before
        for row in self.holders:
            part.points[row] += change

    def with_own(self, points: Ticks, part: RollUp) -> Ticks:
        """At least 0 and, unless the policy lets it exceed that, at most A; without effect where nothing applies."""
        extra = sum(sign * part.bonus(own) for sign, own in self.own)
        changed = net(points, extra, part.applicable(self.row), exceed=part.policy.exceed_maximum)
        return changed.astype(points.dtype)


def adjusted(rolled: RollUp, code: str) -> AdjustedNode:
    """What adjusts a node."""
    compiled = rolled.compiled
    tree, criterion = compiled.tree, compiled.tree.adjusted[code]
    return AdjustedNode(
        code,
        compiled.row[code],
        compiled.holders(code),
        tree.maximum[code] if criterion.cap else None,
        tuple((-1 if tree.kind[own] == "penalty" else 1, own) for own in tree.own.get(code, ())),
        tuple(_Asked.of(rolled, condition) for condition in criterion.zero_unless),
    )


@attrs.frozen(eq=False)
class _Asked:
    """A condition of a gate as whole numbers: the ticks of points from which and up to which it holds."""

    # Points are whole ticks, so a bound on a percentage of an applicable maximum is one on ticks, rounded to the side
    # that holds. It depends on the pattern alone, unless missing marks are left out of the maximum.

    condition: NodeCondition
    #: the row of a scored node; None: a node of bonus and penalty
    row: int | None
    #: (patterns,) both ends included
    least: NDArray[np.float64]
    most: NDArray[np.float64]

    @classmethod
    def of(cls, rolled: RollUp, condition: NodeCondition) -> "_Asked":
        compiled, row = rolled.compiled, rolled.compiled.row.get(condition.node)
        applicable = [0] if row is None else rolled.by_pattern[row].tolist()
        ends = {
            size: cls._ends(condition, compiled, size, is_scored=row is not None) for size in set(applicable)
        }
        least, most = zip(*(ends[size] for size in applicable), strict=True)
        return cls(condition, row, np.array(least), np.array(most))

    @staticmethod
    def _ends(
        condition: NodeCondition, compiled: Compiled, applicable: int, *, is_scored: bool
    ) -> tuple[float, float]:
        if is_scored and not applicable:
            return -np.inf, np.inf  # not asked
        is_share = is_scored and condition.in_ == "percent"
        unit = Fraction(applicable, 100) if is_share else Fraction(compiled.scale)
        bounds = {word: bound * unit for word, bound in condition.bounds.items()}
        least = [ceil(bounds[word]) for word in ("at_least",) if word in bounds]
        least += [floor(bounds[word]) + 1 for word in ("above",) if word in bounds]
        most = [floor(bounds[word]) for word in ("at_most",) if word in bounds]
        most += [ceil(bounds[word]) - 1 for word in ("below",) if word in bounds]
        return float(*least) if least else -np.inf, float(*most) if most else np.inf

    def is_met(self, part: RollUp) -> NDArray[np.bool_]:
        """Whether each unit meets the condition, or is not asked since nothing of the node applies to it."""
        if self.row is None:
            points = part.bonus(self.condition.node)
            return np.asarray((points >= self.least[0]) & (points <= self.most[0]))
        if part.leaves_out:
            return self._is_met_exactly(part, self.row)
        points, patterns = part.points[self.row], part.pattern_of
        is_met = [
            compare(points, ends[0] if (ends == ends[0]).all() else ends[patterns])
            for compare, ends in ((np.greater_equal, self.least), (np.less_equal, self.most))
            if np.isfinite(ends).any()
        ]
        return np.asarray(np.logical_and.reduce(is_met) if is_met else np.True_)

    def _is_met_exactly(self, part: RollUp, row: int) -> NDArray[np.bool_]:
        points = part.points[row].astype(np.int64)
        return is_met(self.condition, points, part.applicable(row), part.compiled.scale)


def net(points: Any, extra: Any, applicable: IntArray, *, exceed: bool) -> NDArray[Any]:
    """The array form of :func:`rules.net`, in ticks; 0 where nothing applies."""
    changed = np.maximum(points + extra, 0)
    return np.asarray(changed * (applicable > 0) if exceed else np.minimum(changed, applicable))


def is_met(condition: NodeCondition, points: IntArray, applicable: IntArray, scale: int) -> NDArray[np.bool_]:
    """The array form of :func:`rules.is_met` for a scored node; ``scale`` ticks a point."""
    is_share = condition.in_ == "percent"
    value = (
        Rationals(100 * points, applicable) if is_share else Rationals(points, np.full_like(points, scale))
    )
    return np.asarray(condition.holds(value) | (applicable == 0))
