"""The fewest points for every unit where all marks rise in equal ticks and nothing bends the score: one pass a unit."""

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from math import ceil, floor

import attrs
import numpy as np

from dti_core.analysis.compared import breakers
from dti_core.analysis.reach.gains import Gains
from dti_core.analysis.reach.goals import Goal
from dti_core.analysis.reach.race import Race
from dti_core.evaluation import rules
from dti_core.evaluation.rules import NOTHING
from dti_core.evaluation.sums import IntArray
from dti_core.explain.derive import Derivation


@attrs.frozen(eq=False, slots=False)
class Even:
    """A race in which a point on a scored leaf is worth the same from the first to the last."""

    race: Race
    #: what a tick of any mark earns, in ticks of points
    earned: int
    #: pattern → leaves by their columns with what a point adds, most first
    _slopes: dict[int, list[tuple[int, Fraction]]] = attrs.field(init=False, factory=dict)

    @classmethod
    def of(cls, race: Race) -> "Even | None":
        """The race as an even one; None where a rule bends scores, ties are broken, or ticks earn different points."""
        result, compiled = race.result, race.result.setting.compiled
        policy, tree = result.policy, result.rubric.tree
        leaves = (leaf for leaf in tree.under[race.node] if tree.role[leaf] in ("scored", "standby"))
        earned = {int(compiled.earned[compiled.column[leaf]]) for leaf in leaves} - {0}
        is_even = (
            len(earned) == 1
            and not tree.adjusted
            and not policy.min_coverage
            and not breakers(result, race.node)
            and not (policy.missing == "exclude" and result.setting.rolled.lacks_marks)
            and not compiled.lowest.any()
        )
        return cls(race, earned.pop()) if is_even else None

    @cached_property
    def _headroom(self) -> IntArray:
        """(units, leaves) by how many ticks scored leaves may rise."""
        marks = self.race.result.marks
        applicability, pattern_of = marks.applicability, marks.applicability.pattern_of
        highest = applicability.highest * applicability.needed
        now = np.where(applicability.needed[pattern_of], np.nan_to_num(marks.counted), 0)
        headroom: IntArray = highest[pattern_of] - now.astype(np.int64)
        return headroom

    @cached_property
    def _scores(self) -> list[tuple[Fraction | None, Fraction | None]]:
        """The exact score of each unit, and its applicable maximum."""
        return [*zip(self.race.scores.exact(), self.race.scores.exact("applicable"), strict=True)]

    def fewest(self, unit: Derivation, level: int) -> Fraction | None:
        """The fewest points that bring a unit level with another; None where scored leaves do not do."""
        # Ticks cost the same, so that so many of them gain most where each of them gains most.
        score, applicable = self._scores[unit.row]
        if not score:  # none, or kept from below
            return None
        scale = rules.scale(unit.policy.renormalise, unit.maximum(self.race.node), applicable or NOTHING)
        goal = Goal(self.race.node, "decisive", "at_least", self.race.compared[0][level] or NOTHING)
        bound, is_open = goal.on_scale(unit.policy, scale)
        tick = Fraction(self.earned, unit.setting.compiled.scale)
        lacking, ticks = bound - score / scale, 0
        for column, slope in self._by_slope(unit):
            free = int(self._headroom[unit.row, column])
            needed = floor(lacking / (slope * tick)) + 1 if is_open else ceil(lacking / (slope * tick))
            if needed <= free:
                return (ticks + needed) * tick
            lacking, ticks = lacking - free * slope * tick, ticks + free
        return None

    def _by_slope(self, unit: Derivation) -> Sequence[tuple[int, Fraction]]:
        """Scored leaves with what a point adds, most first: the same for all units of a pattern."""
        applicability = self.race.result.marks.applicability
        pattern = int(applicability.pattern_of[unit.row])
        if pattern not in self._slopes:
            goal = Goal(self.race.node, "decisive", "at_least", NOTHING)
            slopes = [
                (applicability.compiled.column[leaf], gain.slope)
                for leaf, gain in Gains(unit, goal).by_leaf().items()
                if applicability.needed[pattern, applicability.compiled.column[leaf]]
            ]
            self._slopes[pattern] = sorted(slopes, key=lambda own: -own[1])
        return self._slopes[pattern]
