"""What the marks of single leaves come to: sums by the rules, and steps."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

import attrs

from dti_core.applicability import Pattern
from dti_core.applicability.compiled import Compiled
from dti_core.evaluation import rules
from dti_core.evaluation.rules import NOTHING, Sums
from dti_core.explain import steps
from dti_core.rubric.criteria import Role
from dti_core.rubric.policy import Policy

EXTRAS = ("bonus", "penalty")
fraction = lru_cache(1 << 14)(Fraction)
"""Ticks / ticks in a point; few distinct marks and maxima make up many."""
MarkTicks = float | None
"""A mark in ticks, a whole number; None: not marked."""
MOST_KEPT = 1 << 13


@attrs.frozen(eq=False)
class LeafWorth:
    """What leaves are worth, and their scale of marks; worth their ``highest`` mark, the two are one object."""

    role: Role
    maximum: Fraction
    highest: Fraction

    @property
    def scored(self) -> Fraction:
        """What they add to the maxima: bonus and penalty stand beside them."""
        return self.maximum if self.role == "scored" else NOTHING

    def earned(self, mark: Fraction | None) -> Fraction | None:
        """What a mark earns."""
        return None if mark is None else rules.earned(mark, self.maximum, self.highest)


@attrs.frozen(eq=False, slots=False)
class Leaves:
    """The leaves of a rubric under a policy."""

    compiled: Compiled
    policy: Policy

    def points(self, ticks: int) -> Fraction:
        """Ticks as points."""
        return fraction(ticks, self.compiled.scale)

    def mark(self, ticks: MarkTicks) -> Fraction | None:
        """Ticks of a mark as a mark."""
        return None if ticks is None else fraction(int(ticks), self.compiled.mark_scale)

    @cached_property
    def worth(self) -> Mapping[str, LeafWorth]:
        """What every leaf is worth: one object for all that are alike."""
        known: dict[tuple[Role, Fraction, Fraction], LeafWorth] = {}
        worths = ((leaf, self._worth(leaf)) for leaf in self.compiled.tree.leaves)
        return {
            leaf: known.setdefault((worth.role, worth.maximum, worth.highest), worth)
            for leaf, worth in worths
        }

    def _worth(self, leaf: str) -> LeafWorth:
        tree = self.compiled.tree
        maximum = self.points(tree.maximum[leaf])
        highest = fraction(tree.marked[leaf][1], self.compiled.mark_scale)
        return LeafWorth(tree.role[leaf], maximum, maximum if highest == maximum else highest)

    @cached_property
    def said(self) -> Mapping[str, Mapping[str, Any]]:
        """What the step of every leaf says whatever its mark."""
        return {leaf: self._said(leaf) for leaf in self.compiled.tree.leaves}

    def _said(self, leaf: str) -> Mapping[str, Any]:
        criterion, worth = self.compiled.tree.criterion[leaf], self.worth[leaf]
        return {
            "node": leaf,
            "title": criterion.title,
            "role": worth.role,
            "mark_min": Fraction(criterion.mark_min),
            "mark_max": None if criterion.mark_max is None else Fraction(criterion.mark_max),
            "maximum": worth.maximum,
            "adjusts": self.compiled.tree.target(leaf) if worth.role in EXTRAS else None,
        }

    def earned(self, leaf: str, ticks: MarkTicks) -> Fraction | None:
        """What a mark earns."""
        return self.worth[leaf].earned(self.mark(ticks))

    @cached_property
    def ordinary(self) -> Callable[[str, MarkTicks], tuple[steps.Leaf, Sums]]:
        """What a leaf that counts in the ordinary way comes to: the same for all units of one mark."""
        return lru_cache(MOST_KEPT)(self._ordinary)

    def _ordinary(self, leaf: str, ticks: MarkTicks) -> tuple[steps.Leaf, Sums]:
        numbers, sums = self._marked(self.worth[leaf], ticks)
        return steps.Leaf(**self.said[leaf], **numbers), sums

    @cached_property
    def _marked(self) -> Callable[[LeafWorth, MarkTicks], tuple[Mapping[str, Any], Sums]]:
        """What a mark comes to in the ordinary way: the same on all leaves that are worth the same."""

        def marked(worth: LeafWorth, ticks: MarkTicks) -> tuple[Mapping[str, Any], Sums]:
            earned = worth.earned(self.mark(ticks))
            sums = rules.leaf_sums(earned, worth.scored, self.policy.missing)
            return self._numbers(worth, ticks, sums), sums

        return lru_cache(MOST_KEPT)(marked)

    def sums_otherwise(self, leaf: str, ticks: MarkTicks, pattern: Pattern) -> Sums:
        """What a leaf comes to as decided; a mark above what it is reduced to earns that."""
        column = self.compiled.column[leaf]
        if pattern.settled[column]:
            earned: Fraction | None = self.points(int(pattern.granted[column]))
        else:
            counted = None if ticks is None else min(ticks, int(pattern.highest[column]))
            earned = self.earned(leaf, counted)
        return rules.leaf_sums(earned, self.points(int(pattern.worth[column])), self.policy.missing)

    def told(self, leaf: str, ticks: MarkTicks, sums: Sums, **otherwise: Any) -> steps.Leaf:
        """The step of a leaf, with what is otherwise than usual."""
        return steps.Leaf(**self.said[leaf], **self._numbers(self.worth[leaf], ticks, sums), **otherwise)

    def _numbers(self, worth: LeafWorth, ticks: MarkTicks, sums: Sums) -> Mapping[str, Any]:
        mark = self.mark(ticks)
        return {
            "mark": mark,
            "points": (worth.earned(mark) or NOTHING) if worth.role in EXTRAS else sums.points,
            "applicable": sums.applicable,
            "missing": self.policy.missing if sums.missing else None,
        }
