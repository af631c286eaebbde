"""One unit with other marks: by the law, node by node; and by the kernels, very many at once."""

from collections.abc import Mapping, Sequence
from functools import cached_property

import attrs
import numpy as np

from dti_core.analysis.reach.moves import NewMarks
from dti_core.evaluation import roll_up
from dti_core.evaluation.sums import RollUp
from dti_core.explain.common import Common
from dti_core.explain.derive import Derivation
from dti_core.explain.leaves import MarkTicks
from dti_core.marks.ticks import Ticks
from dti_core.scores.setting import Setting


@attrs.frozen(slots=False, eq=False)
class Supposed(Derivation):
    """What a unit would come to with other marks."""

    marks: Mapping[str, MarkTicks] = attrs.field(kw_only=True)

    @cached_property
    def ticks(self) -> Mapping[str, MarkTicks]:
        """The marks supposed, by leaf."""
        return self.marks


def supposed(common: Common, unit: Derivation, state: NewMarks) -> Supposed:
    """The unit with the marks of a state."""
    changed = {leaf: float(mark) for leaf, mark in state.items()}
    return Supposed(common, unit.row, marks={**unit.ticks, **changed})


@attrs.frozen(slots=False, eq=False)
class Trials(Setting):
    """One unit with many rows of marks, each a trial: what :class:`Figures` are worked out of."""

    row: int
    #: (trials, leaves)
    ticks: Ticks

    @cached_property
    def rolled(self) -> RollUp:
        """The sums of every node of every trial, in ticks."""
        own = self.marks.applicability.of_one(self.row, len(self.ticks))
        return roll_up(self.compiled, self.ticks, own, self.policy)


def trials(setting: Setting, row: int, states: Sequence[NewMarks]) -> Trials:
    """A unit in each of several states."""
    ticks = np.repeat(setting.marks.counted[[row]], len(states), axis=0)
    for at, state in enumerate(states):
        for leaf, mark in state.items():
            ticks[at, setting.compiled.column[leaf]] = mark
    return Trials(setting.rubric, setting.marks, setting.policy, row, ticks)
