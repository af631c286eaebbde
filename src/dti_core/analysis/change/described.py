"""The attributes of units, each in the state of either round."""

from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.analysis.change.rounds import Rounds
from dti_core.answer import Ints
from dti_core.columns.factor import ABSENT, Factor, factor, stacked
from dti_core.marks import MarkSheet
from dti_core.rubric.conditions import UNIT


@attrs.frozen(eq=False)
class Described:
    """One attribute of all units of two rounds, by the round that their exclusions are of."""

    #: (rounds, units)
    codes: NDArray[np.int32]
    values: tuple[Any, ...]

    @classmethod
    def of(cls, rounds: Rounds, name: str, wanted: Sequence[int]) -> "Described":
        """An attribute, or the unit's code: of the round wanted for each state, or the one that a unit is in."""
        columns = [_column(result.marks, name) for result in rounds.results]
        both = stacked(columns)
        by_round = np.split(both.codes, [len(columns[0].codes)])
        placed = zip(by_round, rounds.rows, strict=True)
        before, after = (np.append(own, ABSENT)[rows] for own, rows in placed)
        codes = [np.where(rounds.held(at), after, before) for at in wanted]
        return cls(np.array(codes, dtype=np.int32), both.values)

    def rows(self, states: Ints, units: Ints) -> Factor:
        """The attribute of rows, each a unit in the state of a round."""
        column = Factor(self.codes[states, units], self.values)
        return column.of_rows(np.arange(len(units)))

    def at(self, state: int, unit: int) -> Any:
        """The value of one unit; None where it has none."""
        return Factor(self.codes[state], self.values).of(unit)


def _column(marks: MarkSheet, name: str) -> Factor:
    absent = Factor(np.full(len(marks.units), ABSENT, dtype=np.int32), ())
    return factor(marks.units) if name == UNIT else marks.attributes.get(name, absent)
