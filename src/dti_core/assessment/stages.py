"""Self-score beside appraisal, and how far a cycle has come: plain dicts of one-dimensional arrays."""

from collections.abc import Iterable, Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.applicability.compiled import compile_rubric
from dti_core.assessment.cohort import Assessments, together
from dti_core.assessment.sheet import ordinary
from dti_core.assessment.unit import Assessment
from dti_core.columns.factor import ABSENT
from dti_core.scores.setting import Setting

Array = NDArray[Any]
Columns = dict[str, Array]
UNIT, LEAF = "unit", "leaf"
REACHED = {
    "locked": ("locked", "appraised", "published", "amended"),
    "appraised": ("appraised", "published", "amended"),
    "published": ("published", "amended"),
}


def compare_stages(assessments: Iterable[Assessment], by: str = UNIT) -> Columns:
    """What appraisal changed: a row per unit, per ``"leaf"``, per ``"block"`` or per value of another attribute.

    ``compared`` counts the leaves of units that have both marks; over them ``self`` and ``appraised`` add up points,
    ``raised`` and ``lowered`` count the changed marks, ``raised_by`` and ``lowered_by`` add up the changes. ``most`` is
    where they are largest, up and down added: a leaf, in rows of leaves a unit, None where nothing changed. Self marks
    are those claimed, whatever they lack; leaves that do not count for a unit are left out.
    """
    gathered = together(assessments)
    scale = compile_rubric(gathered.cycle.rubric).scale
    stages = gathered.sheet.ticks, gathered.appraised
    both = ~np.isnan(stages).any(axis=0) & ordinary(gathered.sheet)
    own, appraised = (np.where(both, ticks, 0).astype(np.int64) for ticks in stages)
    change = appraised - own
    counts = {"compared": both, "raised": change > 0, "lowered": change < 0}
    points = {"self": own, "appraised": appraised}
    points |= {"raised_by": np.maximum(change, 0), "lowered_by": np.maximum(-change, 0)}
    leaves, units = map(_texts, (gathered.cycle.rubric.tree.leaves, gathered.sheet.units))
    if by == LEAF:
        groups, others = _Groups(leaves, np.arange(len(leaves))), units
        change = change.T
    else:
        groups, others = _grouped(gathered, by), leaves
    summed = {name: each.sum(axis=int(by != LEAF)) for name, each in (counts | points).items()}
    columns = {by: groups.keys} | {name: groups.add(each) for name, each in summed.items()}
    columns |= {name: columns[name] / scale for name in points}
    return columns | {"most": _most(groups.add(abs(change)), others)}


def progress(assessments: Iterable[Assessment], by: str | None = None) -> Columns:
    """How far a cycle has come: one row, or one per ``"unit"``, per ``"block"`` or per value of another attribute.

    ``units`` counts units, ``submitted`` those that have handed in, ``locked``, ``appraised`` and ``published`` those
    that have come so far; ``maximum`` is the points that count, ``self_marked`` and ``appraised_marked`` how many of
    these are marked.
    """
    gathered = together(assessments)
    compiled, groups = compile_rubric(gathered.cycle.rubric), _grouped(gathered, by)
    counted = ordinary(gathered.sheet, beside=False)
    handed_in = [any(line.move == "submit" for line in each.history) for each in gathered]
    states = [each.state for each in gathered]
    counts = {"units": [True] * len(states), "submitted": handed_in}
    counts |= {name: [state in reached for state in states] for name, reached in REACHED.items()}
    points = {"maximum": counted, "self_marked": counted & ~np.isnan(gathered.sheet.ticks)}
    points["appraised_marked"] = counted & ~np.isnan(gathered.appraised)
    columns = {} if by is None else {by: groups.keys}
    columns |= {name: groups.add(np.array(each, dtype=bool)) for name, each in counts.items()}
    return columns | {
        name: groups.add(each @ compiled.maxima) / compiled.scale for name, each in points.items()
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


def _grouped(gathered: Assessments, by: str | None) -> _Groups:
    if by is None:
        return _Groups(_texts([None]), np.zeros(len(gathered), dtype=np.intp))
    if by == UNIT:
        return _Groups(_texts(gathered.sheet.units), np.arange(len(gathered)))
    factor = Setting(gathered.cycle.rubric, gathered.sheet, gathered.cycle.rubric.policy).factor(by)
    keys = [*factor.values, None] if (factor.codes == ABSENT).any() else [*factor.values]
    return _Groups(_texts(keys), factor.codes % len(keys)) if keys else _Groups(_texts([]), np.arange(0))


def _texts(values: Sequence[Any]) -> Array:
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return made


def _most(change: Array, others: Array) -> Array:
    """The column with the largest change of each row, None where nothing changed."""
    if not change.size:
        return _texts([None] * len(change))
    return np.where(change.any(axis=1), others[change.argmax(axis=1)], _texts([None]))
