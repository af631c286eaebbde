"""What follows for units that were merged: the exact means of the former ones, which were assessed apart."""

from functools import cached_property

import attrs
import numpy as np

from dti_core.evaluation.rules import NOTHING
from dti_core.exact.rationals import Mask, Rationals, Rows
from dti_core.published import Node, PublishedResult
from dti_core.published.follows import Decisive, Following
from dti_core.published.scores import Ints, NodeScores, filled

TickSums = tuple[Rationals, Rationals]
"""P and A."""


@attrs.frozen(eq=False, slots=False)
class Merged(Following):
    """What follows of a result with merged units; ``summing`` is of all that were assessed.

    At every node a merged unit has the mean of what its former units have there: of the score relative to its scale, of
    P, A, completeness and coverage. Where one of them has no score it has none. What is not merged is the mean of
    itself alone.
    """

    merged: PublishedResult

    @property
    def result(self) -> PublishedResult:
        """The result with the merged units."""
        return self.merged

    @cached_property
    def assessed(self) -> Following:
        """What follows for the units as they were assessed."""
        return Following(self.summing)

    @cached_property
    def former(self) -> Rows:
        """The rows among the assessed of the former units of all units, one unit after the other."""
        row_of = {unit.code: row for row, unit in enumerate(self.assessed.result.units)}
        former = (unit.merged or (unit.code,) for unit in self.merged.units)
        return np.array([row_of[code] for codes in former for code in codes], dtype=np.intp)

    @cached_property
    def owner(self) -> Rows:
        """The row of the unit that each of these is former to."""
        counts = [len(unit.merged) or 1 for unit in self.merged.units]
        return np.repeat(np.arange(len(counts)), counts)

    def mean(self, values: Rationals, counted: Mask | None = None) -> Rationals:
        """The mean of each unit over its former ones, over those that count where any does; none where one has none."""
        former, owner = self.former, self.owner
        if counted is not None:
            count = counted[former] | self._nowhere(counted)[owner]
            former, owner = former[count], owner[count]
        numbers = values.take(former)
        counts = np.bincount(owner, minlength=len(self.merged.units))
        # two by two, so that what is added stays about as long as the result, and the work linear in former units
        while len(owner) > len(counts):
            first = np.flatnonzero(_place(owner) % 2 == 0)
            second = np.minimum(first + 1, len(owner) - 1)
            alone = (owner[second] != owner[first]) | (second == first)
            numbers = (numbers.take(first) + numbers.take(second).where(alone, 0)).lowest_terms()
            owner = owner[first]
        return (numbers / Rationals(counts, np.ones_like(counts))).lowest_terms()

    def _nowhere(self, holds: Mask) -> Mask:
        """The units of which it holds for no former unit."""
        return np.asarray(np.bincount(self.owner, holds[self.former], len(self.merged.units)) == 0)

    def counted(self, node: Node) -> Mask | None:  # noqa: ARG002 — of main indices it is not all
        """Which of the assessed are averaged at a node; None is all."""
        return None

    def share(self, node: Node) -> Rationals:
        """The score relative to its scale."""
        return self.mean(self.assessed.decisive(node).share, self.counted(node))

    def sums(self, node: Node) -> TickSums:
        """P and A."""
        points, applicable = plain_sums(self.assessed, node)
        return self.mean(points, self.counted(node)), self.mean(applicable, self.counted(node))

    def decisive(self, node: Node) -> Decisive:
        """What ranks, ties and bands compare at a node."""
        plain = self.assessed.decisive(node)
        scale = self.sums(node)[1] if isinstance(plain.scale, Rationals) else plain.scale
        return attrs.evolve(plain, share=self.share(node), scale=scale)

    def columns(self, node: Node, decisive: Decisive) -> NodeScores:
        """The scores of a node that is scored, without ranks and grades."""
        plain = self.assessed.columns(node, self.assessed.decisive(node))
        told = filled(plain, node.maximum, self.merged.policy)
        points, applicable = self.sums(node)
        return NodeScores(
            points=points.where(self._nowhere(~told.points.null), None),
            applicable=applicable,
            score=decisive.score,
            published=decisive.printed,
            completeness=told.completeness and self.mean(told.completeness, self.counted(node)),
            coverage=told.coverage and self.mean(told.coverage, self.counted(node)),
        )

    def points(self, node: Node) -> Rationals:
        """P of a node; of bonus and penalty their points."""
        return self.sums(node)[0] if node.is_scored else self.mean(self.assessed.points(node))

    def _by_points(self, node: Node) -> Ints:
        points = self.points(node)
        rising = -points if node.role == "penalty" else points
        least = min((value or NOTHING for value in rising.fractions()), default=NOTHING)
        return (rising - least).ordinals()


def _place(owner: Rows) -> Rows:
    """The place of each among those of its owner, who stand together."""
    places = np.arange(len(owner))
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    return places - np.repeat(starts, np.diff(starts, append=len(owner)))


def plain_sums(following: Following, node: Node) -> TickSums:
    """P and A of the assessed."""
    sums = following.summing.sums[node.code]
    return following.summing.in_points(sums.points), following.summing.in_points(sums.applicable)
