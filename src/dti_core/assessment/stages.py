"""Self-score beside appraisal, and how far a cycle has come: plain dicts of one-dimensional arrays."""

from collections.abc import Iterable, Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.applicability.compiled import compile_rubric
from dti_core.assessment.cohort import Assessments, together
from dti_core.assessment.moves import STATES, State
from dti_core.assessment.sheet import counted
from dti_core.assessment.unit import Assessment
from dti_core.columns.factor import ABSENT
from dti_core.errors import InvalidArgument, shorten
from dti_core.scores.setting import Setting
from dti_core.terms import nfc

Array = NDArray[Any]
Columns = dict[str, Array]
UNIT, LEAF = "unit", "leaf"
REACHED: tuple[State, ...] = ("locked", "appraised", "published")


def compare_stages(assessments: Assessments | Iterable[Assessment], by: str = UNIT) -> Columns:
    """What appraisal changed: a row per unit, per ``"leaf"``, per ``"block"`` or per value of another attribute.

    ``compared`` counts the leaves of units that have both marks; over them ``self`` and ``appraised`` add up points,
    ``raised`` and ``lowered`` count the changed marks, ``raised_by`` and ``lowered_by`` add up the changes. ``most`` is
    where they are largest, up and down added: a leaf, in rows of leaves a unit, None where nothing changed. Self marks
    are those claimed, whatever they lack; leaves that do not count for a unit are left out.
    """
    gathered, by = together(assessments), _named(by)
    leaves, units = gathered.cycle.rubric.tree.leaves, gathered.sheet.units
    stages = gathered.sheet.ticks, gathered.appraised.ticks
    both = ~np.isnan(stages).any(axis=0) & counted(gathered.sheet)
    compiled = compile_rubric(gathered.cycle.rubric)
    own, appraised = (np.where(both, ticks, 0).astype(np.int64) * compiled.earned for ticks in stages)
    change = appraised - own
    counts = {"compared": both, "raised": change > 0, "lowered": change < 0}
    points = {"self": own, "appraised": appraised}
    points |= {"raised_by": np.maximum(change, 0), "lowered_by": np.maximum(-change, 0)}
    groups, others = (_each(leaves), units) if by == LEAF else (_grouped(gathered, by), leaves)
    summed = {name: groups.add(cells.sum(axis=int(by != LEAF))) for name, cells in (counts | points).items()}
    columns = {by: groups.keys} | summed | {name: summed[name] / compiled.scale for name in points}
    return columns | {"most": _most(groups.add(abs(change.T if by == LEAF else change)), others)}


def progress(assessments: Assessments | Iterable[Assessment], by: str | None = None) -> Columns:
    """How far a cycle has come: one row, or one per ``"unit"``, per ``"block"`` or per value of another attribute.

    ``units`` counts units, ``submitted`` those that have handed in, ``locked``, ``appraised`` and ``published`` those
    that have come so far; ``maximum`` is the points that count, ``self_marked`` and ``appraised_marked`` how many of
    these are marked.
    """
    gathered, by = together(assessments), None if by is None else _named(by)
    compiled, groups = compile_rubric(gathered.cycle.rubric), _grouped(gathered, by)
    inside = counted(gathered.sheet) & ~compiled.beside
    handed_in = [any(line.move == "submit" for line in unit.history) for unit in gathered.units]
    come = np.array([STATES.index(unit.state) for unit in gathered.units], dtype=int)
    counts = {"units": come >= 0, "submitted": np.array(handed_in, dtype=bool)}
    counts |= {state: come >= STATES.index(state) for state in REACHED}
    points = {"maximum": inside, "self_marked": inside & ~np.isnan(gathered.sheet.ticks)}
    points["appraised_marked"] = inside & ~np.isnan(gathered.appraised.ticks)
    columns = {} if by is None else {by: groups.keys}
    columns |= {name: groups.add(units) for name, units in counts.items()}
    return columns | {
        name: groups.add(cells @ compiled.maxima) / compiled.scale for name, cells in points.items()
    }


@attrs.frozen(eq=False)
class _Groups:
    """Rows, and which of them each value is added to."""

    keys: Array
    of: Array

    def add(self, values: Array) -> Array:
        sums = np.zeros((len(self.keys), *values.shape[1:]), dtype=np.int64)
        np.add.at(sums, self.of, values)
        return sums


def _named(by: object) -> str:
    if not isinstance(by, str):
        raise InvalidArgument(f"by is 'unit', 'leaf', 'block' or an attribute, not {shorten(by)}")
    return nfc(by)


def _each(keys: Sequence[str]) -> _Groups:
    return _Groups(np.array(keys, dtype=object), np.arange(len(keys)))


def _grouped(gathered: Assessments, by: str | None) -> _Groups:
    if by is None:
        return _Groups(np.array([None]), np.zeros(len(gathered), dtype=np.intp))
    if by == UNIT:
        return _each(gathered.sheet.units)
    factor = Setting(gathered.cycle.rubric, gathered.sheet, gathered.cycle.rubric.policy).factor(by)
    keys = [*factor.values, None] if (factor.codes == ABSENT).any() else [*factor.values]
    return _Groups(np.array(keys, dtype=object), factor.codes % max(len(keys), 1))


def _most(change: Array, others: Sequence[str]) -> Array:
    """The column with the largest change of each row, None where nothing changed."""
    if not change.size:
        return np.full(len(change), None)
    largest: Array = np.array(others, dtype=object)[change.argmax(axis=1)]
    largest[~change.any(axis=1)] = None
    return largest
