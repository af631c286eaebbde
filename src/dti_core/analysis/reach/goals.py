"""What a plan has to reach at single nodes: bounds on what ranks, bands, gates and coverage compare."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import ceil, floor
from typing import Literal, cast

import attrs
import numpy as np

from dti_core.analysis.reach.supposed import Trials
from dti_core.evaluation import rules
from dti_core.evaluation.rules import NOTHING
from dti_core.exact import least_rounded
from dti_core.exact.rationals import Mask, Rationals
from dti_core.exact.ratios import Ratios
from dti_core.explain.derive import Derivation
from dti_core.rubric.node_conditions import BOUNDS, NodeCondition, in_percent
from dti_core.rubric.policy import Policy
from dti_core.rubric.tree import Tree
from dti_core.scores.figures import Figures

Compared = Literal["decisive", "published", "points", "rate", "coverage"]
Word = Literal["at_least", "above", "at_most", "below"]


@attrs.frozen
class Goal:
    """A bound on one value of a node."""

    node: str
    compared: Compared
    word: Word
    bound: Fraction
    #: whether it is met where the node has no such value
    is_met_by_none: bool = False

    @property
    def is_upper(self) -> bool:
        """Whether the value may not be above the bound."""
        return self.word in ("at_most", "below")

    @property
    def is_open(self) -> bool:
        """Whether the bound itself does not do."""
        return self.word in ("above", "below")

    def is_met(self, trials: Trials) -> Mask:
        """(trials,) which of them meet it."""
        values = self._values(trials)
        return np.asarray(BOUNDS[self.word](values, self.bound) | (values.null & self.is_met_by_none))

    def _values(self, trials: Trials) -> Ratios:
        # a rate opens a gate on the way to other goals: no trial is held to it
        figures = Figures(trials, self.node)
        if self.compared == "decisive":
            return figures.decisive
        if self.compared == "published":
            return figures.exact_published
        if self.compared == "coverage":
            marked = figures.sums.marked
            return Rationals(marked, np.broadcast_to(trials.rolled.full(self.node), marked.shape))
        points = figures.exact_points
        return points.where(figures.sums.applicable == 0, None) if figures.is_scored else points

    def value(self, unit: Derivation) -> Fraction | None:
        """What is linear in the marks of which the value is made: the exact share, the points, or the rate."""
        if self.compared == "coverage" or unit.tree.kind[self.node] not in ("scored", "standby"):
            return None if self.compared == "coverage" else unit.extra_points(self.node)
        sums = unit.sums(self.node)
        if self.compared == "points":
            return sums.points
        if self.compared == "rate":
            return rules.ratio(sums.points, sums.applicable)
        score = unit.score(self.node)
        return None if score is None else score / unit.scale(self.node)

    def lacking(self, unit: Derivation) -> Fraction:
        """By how much what is linear is short of the bound, or beyond it below 0."""
        value, bound = self.value(unit) or NOTHING, self.linear(unit)[0]
        return value - bound if self.is_upper else bound - value

    def is_reached(self, unit: Derivation) -> bool:
        """Whether a unit meets the goal, if it is not one of coverage."""
        if self.value(unit) is None or not self._is_asked(unit):
            return self.is_met_by_none
        lacking = self.lacking(unit)
        return lacking < 0 or (lacking == 0 and not self.linear(unit)[1])

    def _is_asked(self, unit: Derivation) -> bool:
        return unit.tree.kind[self.node] not in ("scored", "standby") or unit.sums(self.node).applicable > 0

    def linear(self, unit: Derivation) -> tuple[Fraction, bool]:
        """The bound on what is linear, and whether it is an open one."""
        if self.compared not in ("decisive", "published"):
            return self.bound, self.is_open
        return self.on_scale(unit.policy, unit.scale(self.node) or unit.maximum(self.node))

    def on_scale(self, policy: Policy, scale: Fraction) -> tuple[Fraction, bool]:
        """The bound on the exact share from which on what is printed of a scale, or compared, meets the bound."""
        if self.compared == "decisive" and policy.decide_on == "exact":
            return self.bound, self.is_open
        publish = policy.publish_of(self.node)
        full, last = rules.full(publish, scale), 10**publish.decimals
        printed = self.bound * last * (full if self.compared == "decisive" else 1)
        units = floor(printed) + 1 if self.is_open else ceil(printed)
        least, is_open = least_rounded(units, publish.rounding)
        return least / (last * full), is_open


Goals = tuple[Goal, ...]
"""What is to be reached together."""


def of_condition(condition: NodeCondition, tree: Tree, share: Literal["decisive", "rate"]) -> Iterator[Goal]:
    """The goals that a node condition is, of which a percentage is compared with one or the other share."""
    is_share = in_percent(condition, tree)
    for word, bound in condition.bounds.items():
        yield Goal(
            condition.node,
            share if is_share else "points",
            cast("Word", word),
            bound / 100 if is_share else bound,
            is_met_by_none=True,
        )


def are_met(goals: Iterable[Goal], trials: Trials) -> Mask:
    """(trials,) which of them meet all goals."""
    met: Mask = np.ones(len(trials.ticks), dtype=bool)
    for goal in goals:
        met = met & goal.is_met(trials)
    return met
