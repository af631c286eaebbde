"""Self-score beside appraisal, and how far a cycle has come: plain dicts of one-dimensional arrays."""

from collections.abc import Iterable, Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.applicability.compiled import compile_rubric
from dti_core.assessment.cohort import Assessments, together
from dti_core.assessment.course import rounds_for
from dti_core.assessment.moves import MOVES, STATES, State
from dti_core.assessment.sheet import counted, having
from dti_core.assessment.times import is_before
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
    are those claimed, whatever they lack; leaves that do not count for a unit are left out. ``claims`` counts leaves
    that units claimed not to apply to them, ``granted`` and ``refused`` how these were answered.
    """
    gathered, by = together(assessments), _named(by)
    leaves, units = gathered.cycle.rubric.tree.leaves, gathered.sheet.units
    stages = gathered.sheet.ticks, gathered.appraised.ticks
    both = ~np.isnan(stages).any(axis=0) & counted(gathered.sheet)
    compiled = compile_rubric(gathered.cycle.rubric)
    own, appraised = (np.where(both, ticks, 0).astype(np.int64) * compiled.earned for ticks in stages)
    change = appraised - own
    counts = {"compared": both, "raised": change > 0, "lowered": change < 0, **_claims(gathered)}
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
    these are marked. ``lacking`` counts the self marks that lack evidence or an explanation, ``claims`` the leaves that
    units claim not to apply to them, ``unanswered`` those nobody has answered. ``until`` is when the last round closes
    in which a unit may make a move that its state allows it, of several units the earliest; None where none says so.
    """
    gathered, by = together(assessments), None if by is None else _named(by)
    compiled, groups = compile_rubric(gathered.cycle.rubric), _grouped(gathered, by)
    inside = counted(gathered.sheet) & ~compiled.beside
    handed_in = [any(line.move == "submit" for line in unit.history) for unit in gathered.units]
    come = np.array([STATES.index(unit.state) for unit in gathered.units], dtype=int)
    counts: dict[str, Array] = {"units": come >= 0, "submitted": np.array(handed_in, dtype=bool)}
    counts |= {state: come >= STATES.index(state) for state in REACHED}
    cells = {
        "lacking": gathered.unproven,
        "claims": _claims(gathered)["claims"],
        "unanswered": gathered.unanswered,
    }
    counts |= {name: of_units.sum(axis=1) for name, of_units in cells.items()}
    points = {"maximum": inside, "self_marked": inside & ~np.isnan(gathered.sheet.ticks)}
    points["appraised_marked"] = inside & ~np.isnan(gathered.appraised.ticks)
    columns = {} if by is None else {by: groups.keys}
    columns |= {name: groups.add(units) for name, units in counts.items()}
    columns |= {
        name: groups.add(leaves @ compiled.maxima) / compiled.scale for name, leaves in points.items()
    }
    return columns | {"until": _until(gathered, groups)}


def _claims(gathered: Assessments) -> dict[str, Array]:
    """(units, leaves) what units claimed not to apply to them, and how that was answered."""
    entries, rubric = [unit.entries for unit in gathered.units], gathered.cycle.rubric
    claims = having(rubric, entries, lambda _, entry: entry.claim is not None)
    refused = claims & having(rubric, entries, lambda _, entry: entry.refusal is not None)
    return {"claims": claims, "granted": claims & ~refused & ~gathered.unanswered, "refused": refused}


def _until(gathered: Assessments, groups: "_Groups") -> Array:
    """When the last round closes in which a unit may move, of each group the earliest."""
    earliest: list[str | None] = [None] * len(groups.keys)
    for unit, row in zip(gathered.units, groups.of.tolist(), strict=True):
        closes = _closes(unit)
        if closes is not None and (earliest[row] is None or is_before(closes, str(earliest[row]))):
            earliest[row] = closes
    return np.array(earliest, dtype=object)


def _closes(unit: Assessment) -> str | None:
    """When the last round closes in which a unit may make a move that its state allows it."""
    latest: str | None = None
    own = (name for name, move in MOVES.items() if move.role == "unit" and unit.state in move.leads)
    for each in (each for name in own for each in rounds_for(unit.cycle, name, unit.unit)):
        latest = each.closes if latest is None or is_before(latest, each.closes) else latest
    return latest


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
