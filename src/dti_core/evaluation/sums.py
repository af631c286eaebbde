"""The sums of nodes, in ticks: what was earned, what applies, what is marked and missing."""

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.applicability import Applicability
from dti_core.applicability.compiled import Compiled
from dti_core.rubric.policy import Policy
from dti_core.rubric.tree import TOTAL

IntArray = NDArray[np.int64]
Ticks = NDArray[np.floating[Any]]


@attrs.frozen(eq=False)
class NodeSums:
    """One node for all units, in ticks: P and A, and of its leaves what should be marked and how much is missing."""

    points: IntArray
    #: after caps, and without missing leaves where the policy leaves them out
    applicable: IntArray
    #: the maxima of leaves that apply, before caps
    counted: IntArray
    #: None where nothing is missing
    missing: IntArray | None

    @property
    def marked(self) -> IntArray:
        """The maxima of leaves that are marked, before caps."""
        return self.counted if self.missing is None else self.counted - self.missing

    def less(self, leaf: "NodeSums") -> "NodeSums":
        """The sums without those of a leaf below."""
        missing = None if self.missing is None or leaf.missing is None else self.missing - leaf.missing
        return NodeSums(
            self.points - leaf.points,
            self.applicable - leaf.applicable,
            self.counted - leaf.counted,
            missing,
        )


@attrs.frozen(eq=False)
class RollUp:
    """The sums of every scored node, of all units or of some rows; leaves are read straight from the marks."""

    compiled: Compiled
    applicability: Applicability
    policy: Policy
    ticks: Ticks
    pattern_of: NDArray[np.int32]
    #: (nodes, patterns) applicable maxima, after caps
    by_pattern: IntArray
    #: (nodes, units) the same of each unit, where caps meet maxima without missing leaves; else None
    by_unit: IntArray | None
    #: (nodes, units)
    points: Ticks
    #: (nodes, units) the maxima of missing leaves, empty where every mark that counts is there
    gaps: Ticks
    #: node → (units,) whether its gate lets it have points
    opens: dict[str, NDArray[np.bool_]]

    @classmethod
    def blank(
        cls,
        compiled: Compiled,
        ticks: Ticks,
        applicability: Applicability,
        policy: Policy,
        by_pattern: IntArray,
    ) -> "RollUp":
        """Room for the sums, not yet added up."""
        tree, shape = compiled.tree, (len(compiled.nodes), len(ticks))
        is_capped = by_pattern is not applicability.applicable and policy.missing == "exclude"
        gated = [code for code, node in tree.adjusted.items() if node.zero_unless]
        return cls(
            compiled,
            applicability,
            policy,
            ticks,
            applicability.pattern_of,
            by_pattern,
            np.empty(shape, dtype=np.int64) if is_capped else None,
            np.empty(shape, dtype=ticks.dtype),
            np.zeros(shape, dtype=ticks.dtype),
            {code: np.ones(len(ticks), dtype=bool) for code in gated},
        )

    @property
    def lacks_marks(self) -> bool:
        """Whether a mark that counts is missing somewhere."""
        return self.gaps.size > 0

    def complete(self) -> "RollUp":
        """The same where no mark that counts is missing."""
        return self._with(slice(None), None, self.gaps[:0])

    def part(self, rows: slice) -> "RollUp":
        """The sums of some rows: views, so that what is written there is written here."""
        return self._with(rows, None if self.by_unit is None else self.by_unit[:, rows], self.gaps[:, rows])

    def _with(self, rows: slice, by_unit: IntArray | None, gaps: Ticks) -> "RollUp":
        # attrs.evolve would cost a small sheet as much as adding it up
        return RollUp(
            self.compiled,
            self.applicability,
            self.policy,
            self.ticks[rows],
            self.pattern_of[rows],
            self.by_pattern,
            by_unit,
            self.points[:, rows],
            gaps,
            {code: self.opens[code][rows] for code in self.opens} if self.opens else self.opens,
        )

    def of(self, node: str) -> NodeSums:
        """The sums of a scored node or of any leaf that may have a maximum."""
        row = self.compiled.row.get(node)
        if row is None:
            return self._leaf(self.compiled.column[node])
        missing = self.gaps[row].astype(np.int64) if self.lacks_marks else None
        applicable = self.applicable(row)
        is_raw = self.by_pattern is self.applicability.applicable and self.policy.missing != "exclude"
        counted = applicable if is_raw else self.applicability.applicable[row][self.pattern_of]
        return NodeSums(self.points[row].astype(np.int64), applicable, counted, missing)

    def applicable(self, row: int) -> IntArray:
        """The applicable maxima of a node, after caps, and without missing leaves where the policy leaves them out."""
        if self.by_unit is not None:
            return np.asarray(self.by_unit[row])
        applicable: IntArray = self.by_pattern[row][self.pattern_of]
        if self.policy.missing == "exclude" and self.lacks_marks:
            applicable = applicable - self.gaps[row].astype(np.int64)
        return applicable

    def full(self, node: str) -> IntArray:
        """What all leaves of a node are worth, those that do not count too: one for all units, or one for each."""
        if node in self.compiled.column:
            return self.compiled.maxima[[self.compiled.column[node]]]
        full = self.applicability.full[self.compiled.row[node]]
        return np.asarray(full[:1] if (full == full[0]).all() else full[self.pattern_of])

    def _leaf(self, column: int) -> NodeSums:
        mark, pattern_of = self.ticks[:, column], self.pattern_of
        settled = self.applicability.settled[:, column][pattern_of]
        counts = self.applicability.counts[:, column][pattern_of] & ~settled
        granted = self.applicability.grants[:, column][pattern_of]
        worth = self.applicability.worth[:, column][pattern_of]
        absent = np.isnan(mark) & counts
        earned = np.where(counts & ~absent, mark, 0).astype(np.int64) * self.compiled.earned[column]
        missing = worth * absent
        applicable = worth - missing if self.policy.missing == "exclude" else worth
        return NodeSums(earned + granted, applicable, worth, missing)

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
            marks = np.nan_to_num(self.ticks[:, column]).astype(np.int64)
            return np.asarray(marks * self.compiled.earned[column])
        added = np.zeros(len(self.ticks), dtype=np.int64)
        for child in tree.children.get(node, ()):
            is_elsewhere = within == TOTAL and tree.criterion[child].adjusts is not None
            if tree.has(kind, child) and not is_elsewhere:
                added += self._signed(kind, child, within)
        return np.minimum(added, tree.maximum[node]) if tree.kind[node] == kind else added
