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
Ticks = float | None
"""A mark in ticks, a whole number; None: not marked."""
MOST_KEPT = 1 << 13


@attrs.frozen(eq=False)
class Worth:
    """What a leaf is worth, and on what scale it is marked; worth its ``highest`` mark, the two are one object."""

    role: Role
    maximum: Fraction
    highest: Fraction
    #: what its step says whatever its mark
    said: Mapping[str, Any]

    @property
    def scored(self) -> Fraction:
        """What it adds to the maxima: bonus and penalty stand beside them."""
        return self.maximum if self.role == "scored" else NOTHING


@attrs.frozen(eq=False, slots=False)
class Leaves:
    """The leaves of a rubric under a policy."""

    compiled: Compiled
    policy: Policy

    def points(self, ticks: int) -> Fraction:
        """Ticks as points."""
        return fraction(ticks, self.compiled.scale)

    def mark(self, ticks: Ticks) -> Fraction | None:
        """Ticks of a mark as a mark."""
        return None if ticks is None else fraction(int(ticks), self.compiled.mark_scale)

    @cached_property
    def worth(self) -> Mapping[str, Worth]:
        """What every leaf is worth."""
        return {leaf: self._worth(leaf) for leaf in self.compiled.tree.leaves}

    def _worth(self, leaf: str) -> Worth:
        tree, criterion = self.compiled.tree, self.compiled.tree.criterion[leaf]
        role, maximum = tree.role[leaf], self.points(tree.maximum[leaf])
        highest = fraction(tree.marked[leaf][1], self.compiled.mark_scale)
        said = {
            "node": leaf,
            "title": criterion.title,
            "role": role,
            "mark_min": Fraction(criterion.mark_min),
            "mark_max": None if criterion.mark_max is None else Fraction(criterion.mark_max),
            "maximum": maximum,
            "adjusts": tree.target(leaf) if role in EXTRAS else None,
        }
        return Worth(role, maximum, maximum if highest == maximum else highest, said)

    def earned(self, leaf: str, ticks: Ticks) -> Fraction | None:
        """What a mark earns."""
        mark, worth = self.mark(ticks), self.worth[leaf]
        return None if mark is None else rules.earned(mark, worth.maximum, worth.highest)

    @cached_property
    def ordinary(self) -> Callable[[str, Ticks], tuple[steps.Leaf, Sums]]:
        """What a leaf that counts in the ordinary way comes to: the same for all units of one mark."""
        return lru_cache(MOST_KEPT)(self._ordinary)

    def _ordinary(self, leaf: str, ticks: Ticks) -> tuple[steps.Leaf, Sums]:
        sums = rules.leaf_sums(self.earned(leaf, ticks), self.worth[leaf].scored, self.policy.missing)
        return self.told(leaf, ticks, sums), sums

    def sums_otherwise(self, leaf: str, ticks: Ticks, pattern: Pattern) -> Sums:
        """What a leaf comes to as decided; a mark above what it is reduced to earns that."""
        column = self.compiled.column[leaf]
        if pattern.settled[column]:
            earned: Fraction | None = self.points(int(pattern.granted[column]))
        else:
            counted = None if ticks is None else min(ticks, int(pattern.highest[column]))
            earned = self.earned(leaf, counted)
        return rules.leaf_sums(earned, self.points(int(pattern.worth[column])), self.policy.missing)

    def told(self, leaf: str, ticks: Ticks, sums: Sums, **otherwise: Any) -> steps.Leaf:
        """The step of a leaf, with what is otherwise than usual."""
        worth = self.worth[leaf]
        return steps.Leaf(
            **worth.said,
            mark=self.mark(ticks),
            points=(self.earned(leaf, ticks) or NOTHING) if worth.role in EXTRAS else sums.points,
            applicable=sums.applicable,
            missing=self.policy.missing if sums.missing else None,
            **otherwise,
        )
