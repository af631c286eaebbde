"""The sums of nodes, in ticks: what was earned, what applies, what is marked and missing."""

from collections.abc import Callable
from functools import cached_property, partial

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.applicability import Applicability
from dti_core.applicability.compiled import Compiled
from dti_core.evaluation.adding import add_gaps
from dti_core.evaluation.caps import capped
from dti_core.marks.ticks import Ticks
from dti_core.rubric.policy import Policy
from dti_core.rubric.tree import TOTAL

IntArray = NDArray[np.int64]
Rows = NDArray[np.intp]


@attrs.frozen(eq=False, slots=False)
class NodeSums:
    """One node for all units, in ticks: P and A, and of its leaves what should be marked and how much is missing."""

    points: IntArray
    #: after caps, and without missing leaves where the policy leaves them out
    applicable: IntArray
    #: the maxima of leaves that apply, before caps
    counted: IntArray
    _missing: Callable[[], IntArray | None]

    @cached_property
    def missing(self) -> IntArray | None:
        """The maxima of missing leaves; None where nothing is missing. Ranks need them seldom."""
        return self._missing()

    @property
    def marked(self) -> IntArray:
        """The maxima of leaves that are marked, before caps."""
        return self.counted if self.missing is None else self.counted - self.missing

    def less(self, leaf: "NodeSums") -> "NodeSums":
        """The sums without those of a leaf below."""
        return NodeSums(
            self.points - leaf.points,
            self.applicable - leaf.applicable,
            self.counted - leaf.counted,
            partial(_less, self, leaf),
        )


@attrs.frozen(eq=False, slots=False)
class RollUp:
    """The sums of every scored node, of all units or of some; leaves are read straight from the marks."""

    compiled: Compiled
    applicability: Applicability
    policy: Policy
    ticks: Ticks
    pattern_of: NDArray[np.int32]
    #: (nodes, patterns) applicable maxima, after caps
    by_pattern: IntArray
    #: (nodes, units)
    points: Ticks
    #: node → (units,) whether its gate lets it have points
    opens: dict[str, NDArray[np.bool_]]

    @cached_property
    def gaps(self) -> Ticks:
        """(nodes, units) the maxima of missing leaves, empty where every mark that counts is there."""
        gaps = add_gaps(self.ticks, self.applicability)
        return gaps if gaps.any() else gaps[:0]

    @property
    def lacks_marks(self) -> bool:
        """Whether a mark that counts is missing somewhere."""
        return self.gaps.size > 0

    @property
    def leaves_out(self) -> bool:
        """Whether missing leaves are left out of what applies, and some are missing."""
        return self.policy.missing == "exclude" and self.lacks_marks

    @cached_property
    def by_unit(self) -> IntArray | None:
        """(nodes, units) applicable maxima without missing leaves, where there are caps on them; else None."""
        if self.by_pattern is self.applicability.applicable:
            return None
        raw = self.applicability.applicable[:, self.pattern_of]
        return capped(self.compiled, raw - self.gaps.astype(np.int64))

    def part(self, rows: slice | Rows) -> "RollUp":
        """The sums of some units; of a slice views, so that what is written there is written here."""
        # attrs.evolve would cost a small sheet as much as adding it up
        part = RollUp(
            self.compiled,
            self.applicability,
            self.policy,
            self.ticks[rows],
            self.pattern_of[rows],
            self.by_pattern,
            self.points[:, rows],
            {code: self.opens[code][rows] for code in self.opens} if self.opens else self.opens,
        )
        if self.policy.missing == "exclude":
            vars(part)["gaps"] = self.gaps[:, rows]
        return part

    def of(self, node: str) -> NodeSums:
        """The sums of a scored node or of any leaf that may have a maximum."""
        row = self.compiled.row.get(node)
        if row is None:
            return self._leaf(self.compiled.column[node])
        applicable = self.applicable(row)
        is_raw = self.by_pattern is self.applicability.applicable and self.policy.missing != "exclude"
        counted = applicable if is_raw else self.applicability.applicable[row][self.pattern_of]
        return NodeSums(self.points[row].astype(np.int64), applicable, counted, partial(self._missing, row))

    def _missing(self, row: int) -> IntArray | None:
        return self.gaps[row].astype(np.int64) if self.lacks_marks else None

    def applicable(self, row: int) -> IntArray:
        """The applicable maxima of a node, after caps, and without missing leaves where the policy leaves them out."""
        applicable: IntArray = self.by_pattern[row][self.pattern_of]
        if self.leaves_out:
            left = applicable - self.gaps[row].astype(np.int64) if self.by_unit is None else self.by_unit[row]
            return np.asarray(left)
        return applicable

    def full(self, node: str) -> IntArray:
        """What all leaves of a node are worth, those that do not count too: one for all units, or one for each."""
        if node in self.compiled.column:
            return self.compiled.maxima[[self.compiled.column[node]]]
        full = self.applicability.full[self.compiled.row[node]]
        return np.asarray(full[:1] if (full == full[0]).all() else full[self.pattern_of])

    def _leaf(self, column: int) -> NodeSums:
        decided, patterns = self.applicability, self.pattern_of
        earns = (decided.counts[:, column] & ~decided.settled[:, column]) * self.compiled.earned[column]
        points = np.fmax(self.ticks[:, column], 0).astype(np.int64) * earns[patterns]
        if decided.grants[:, column].any():
            points += decided.grants[:, column][patterns]
        worth = applicable = decided.worth[:, column][patterns]
        if self.policy.missing == "exclude":
            applicable = worth - self._missing_leaf(column)
        return NodeSums(points, applicable, worth, partial(self._missing_leaf, column))

    def _missing_leaf(self, column: int) -> IntArray:
        by_mark = self.applicability.worth[:, column] * ~self.applicability.settled[:, column]
        return np.asarray(by_mark[self.pattern_of] * np.isnan(self.ticks[:, column]))

    def bonus(self, node: str) -> IntArray:
        """Bonus less penalty points of a node, in ticks; a node of penalties alone has them as positive points.

        Of the total without those that adjust a node below it: they are in its points.
        """
        if self.compiled.tree.kind[node] == "penalty":
            return self._signed("penalty", node, within=node)
        return self._signed("bonus", node, within=node) - self._signed("penalty", node, within=node)

    def _signed(self, kind: str, node: str, within: str) -> IntArray:
        """Points of one kind under a node, each common cap applied."""
        tree, column = self.compiled.tree, self.compiled.column.get(node)
        if column is not None and tree.role[node] == kind:
            marks = np.fmax(self.ticks[:, column], 0).astype(np.int64)  # NaN is passed over
            return np.asarray(marks * self.compiled.earned[column])
        added = np.zeros(len(self.ticks), dtype=np.int64)
        for child in tree.children.get(node, ()):
            is_elsewhere = within == TOTAL and tree.criterion[child].adjusts is not None
            if tree.has(kind, child) and not is_elsewhere:
                added += self._signed(kind, child, within)
        return np.minimum(added, tree.maximum[node]) if tree.kind[node] == kind else added


def _less(sums: NodeSums, leaf: NodeSums) -> IntArray | None:
    return None if sums.missing is None or leaf.missing is None else sums.missing - leaf.missing
