"""Ranks of the same marks under other policies: what two policies add up alike is added up once."""

from collections.abc import Hashable
from functools import cached_property
from typing import TypeAlias

import attrs

from dti_core.analysis.reranked import read_anew
from dti_core.answer import Floats, Ints
from dti_core.evaluation.renormalise import NodeScore
from dti_core.evaluation.sums import RollUp
from dti_core.marks import MarkSheet
from dti_core.result import Result, evaluate
from dti_core.rubric import Rubric
from dti_core.rubric.policy import Policy
from dti_core.scores import Scores
from dti_core.scores.setting import By, Setting

RanksAndValues: TypeAlias = tuple[Ints, Floats]
"""(units,) ranks, and values as they are published."""


@attrs.frozen(slots=False, eq=False)
class _Alike(Setting):
    """A setting whose policy adds up as that of another one does."""

    other: Setting

    @cached_property
    def rolled(self) -> RollUp:
        return attrs.evolve(self.other.rolled, policy=self.policy)


@attrs.frozen(slots=False, eq=False, repr=False)
class _Restated(Scores):
    """Scores that are those of another policy, printed and ranked otherwise."""

    other: Scores

    @cached_property
    def _score(self) -> NodeScore:
        return self.other._score  # noqa: SLF001 — scores too


@attrs.frozen(eq=False)
class Ranker:
    """Ranks the units of a sheet at a node, policy by policy."""

    rubric: Rubric
    marks: MarkSheet
    node: str
    by: By
    _settings: dict[Hashable, Setting] = attrs.field(init=False, factory=dict)
    _scores: dict[Hashable, Scores] = attrs.field(init=False, factory=dict)

    def ranked(self, policy: Policy) -> RanksAndValues:
        """What ``evaluate`` comes to under a policy; the error with which it refuses."""
        scores = self._restated(evaluate(self.rubric, self.marks, policy))
        return scores.ranks(self.by), scores.published

    def with_rubric(self, rubric: Rubric | None) -> "Ranker":
        """One that ranks the same marks by another rubric; itself for None."""
        if rubric is None:
            return self
        return Ranker(rubric, scored_by(self.marks, rubric), self.node, self.by)

    def _restated(self, result: Result) -> Scores:
        # A roll-up asks the policy what missing marks do and whether bonus may exceed a maximum; a score asks it how to
        # renormalise as well; rounding, decimals, what decides and ties only what follows.
        policy = result.policy
        sums = (policy.missing == "exclude", policy.exceed_maximum)
        setting = self._settings.setdefault(sums, result.setting)
        if setting is not result.setting:
            setting = _Alike(self.rubric, self.marks, policy, setting)
        if self.node not in result:
            return result[self.node]  # which refuses it
        scores = Scores(setting, self.node)
        first = self._scores.setdefault((*sums, policy.renormalise), scores)
        return scores if first is scores else _Restated(setting, self.node, first)


def scored_by(marks: MarkSheet, rubric: Rubric) -> MarkSheet:
    """The same sheet for another rubric: as it is where the leaves are the same, else its marks read anew by leaf."""
    if marks.held.fits(rubric) and marks.rubric.tree.leaves == rubric.tree.leaves:
        return attrs.evolve(marks, rubric=rubric, pinned=False)
    return read_anew(marks, rubric, marks.rubric.tree.leaves)
