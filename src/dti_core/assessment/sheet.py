"""Self marks as a mark sheet: points as they are given, measures scored by the rubric, decisions in force."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.applicability.compiled import compile_rubric
from dti_core.assessment.cycle import Cycle
from dti_core.assessment.entry import EMPTY
from dti_core.assessment.history import Entries, unreasoned
from dti_core.columns.factor import locked
from dti_core.columns.table import RowTable
from dti_core.errors import InvalidDocument, Path, Problem, jsonpath, raise_all
from dti_core.marks import MarkSheet, Stage, fields_of
from dti_core.marks.ticks import Held, ticks_of_marks
from dti_core.measures import Measures, score
from dti_core.measures.table import columns_of, in_units
from dti_core.methods.simple import DIRECT
from dti_core.rubric import Rubric
from dti_core.rubric.exclusions import affected
from dti_core.words import EXCLUSIONS, ROUNDS, Sentence

if TYPE_CHECKING:
    from dti_core.assessment.unit import Assessment


def self_sheet(cycle: Cycle, units: Sequence["Assessment"], some: Entries | None = None) -> MarkSheet:
    """The self marks, as they are claimed; with attributes, names and all decisions, those that scoring makes included.

    ``some`` are the entries to look at of one unit alone, which is compared with nobody. Raises
    :class:`~dti_core.InvalidDocument` with what is wrong with any of these.
    """
    entries = [unit.entries for unit in units] if some is None else [some]
    measured = [
        {leaf: entry.measures for leaf, entry in own.items() if entry.measures is not None} for own in entries
    ]
    try:
        sheet = _sheet(cycle, units, ticks(cycle.rubric, entries, "points"))
        if not any(measured):
            return sheet
        scored = _scored(sheet, measured, alone=some is not None)
        raise_all("assessments", _unreasoned(scored, entries))
    except InvalidDocument as error:
        codes = _codes(cycle, units)
        problems = [attrs.evolve(each, said=_by_code(each.said, codes)) for each in error.problems]
        raise InvalidDocument("assessments", problems) from None
    return scored


def _unreasoned(sheet: MarkSheet, entries: Sequence[Entries]) -> Iterator[Problem]:
    """Appraised marks that differ, without a reason, from what a unit's own measures come to."""
    methods, place = sheet.rubric.methods, compile_rubric(sheet.rubric).column
    for row, own in enumerate(entries):
        for leaf, entry in own.items():
            if entry.measures is None or methods[leaf].compares:
                continue
            mark = sheet.ticks[row, place[leaf]]
            points = None if np.isnan(mark) else Decimal(int(mark)).scaleb(-sheet.rubric.mark_decimals)
            problem = unreasoned(entry, points)
            if problem:
                yield problem.under("units", row, "entries", leaf)


def _of_round(cycle: Cycle, units: Sequence["Assessment"], part: str) -> Mapping[str, Any]:
    """The decisions of the round on all units, or on any of these, as far as they name these."""
    codes, concern = {unit.unit for unit in units}, {}
    for code, decision in getattr(cycle.written, part).items():
        named = None if decision.units is None else [unit for unit in decision.units if unit in codes]
        if named is None or named:
            concern[code] = decision if named is None else attrs.evolve(decision, units=named)
    return concern


def _sheet(cycle: Cycle, units: Sequence["Assessment"], marks: Held) -> MarkSheet:
    """The sheet of given marks, with the decisions of the round that concern any of the units."""
    unranked = {unit.unit: next(iter(unit.written.unranked.values()), None) for unit in units}
    return MarkSheet(
        rubric=cycle.rubric,
        units=tuple(unit.unit for unit in units),
        ticks=marks,
        names=[unit.name for unit in units],
        attributes=dict(RowTable(unit.attributes for unit in units)),
        exclusions=_of_round(cycle, units, "exclusions").values(),
        grade_limits=_of_round(cycle, units, "grade_limits").values(),
        unit_exclusions={unit.unit: tuple(unit.written.exclusions.values()) for unit in units},
        unit_grade_limits={unit.unit: tuple(unit.written.grade_limits.values()) for unit in units},
        unranked={unit: why for unit, why in unranked.items() if why is not None},
        unit_custom={unit.unit: unit.custom for unit in units if unit.custom is not None},
        period=cycle.period,
        stage="self",
        custom=cycle.custom,
    )


def _codes(cycle: Cycle, units: Sequence["Assessment"]) -> Mapping[str, Sentence]:
    """What each exclusion is called, by its place in a sheet: a history has it by its code."""
    of_round = enumerate(_of_round(cycle, units, "exclusions"))
    codes = {jsonpath(("exclusions", at)): ROUNDS("decision.round", code=code) for at, code in of_round}
    for row, unit in enumerate(units):
        for at, code in enumerate(unit.written.exclusions):
            codes[jsonpath(("units", row, "exclusions", at))] = ROUNDS("decision.unit", code=code)
    return codes


def _by_code(said: Any, codes: Mapping[str, Sentence]) -> Any:
    """What is said of decisions that have a place in a sheet, said of them by their codes."""
    if isinstance(said, list):
        return [_by_code(part, codes) for part in said]
    if not isinstance(said, Sentence):
        return said
    if said.phrase == EXCLUSIONS["decision"]:
        return codes[said.values["place"]]
    return attrs.evolve(said, values={name: _by_code(value, codes) for name, value in said.values.items()})


def ticks(rubric: Rubric, entries: Sequence[Entries], field: str) -> Held:
    """(units, leaves) the points in a field of every entry, missing where there are none."""
    leaves = rubric.tree.leaves
    rows = [[getattr(own.get(leaf, EMPTY), field) for leaf in leaves] for own in entries]
    points = np.array(rows, dtype=np.float64).reshape(len(entries), len(leaves))
    return ticks_of_marks(points, rubric, lambda row, at: ("units", row, "entries", leaves[at], field))


def _scored(sheet: MarkSheet, rows: list[dict[str, Any]], *, alone: bool) -> MarkSheet:
    """The sheet with what was measured; it keeps the measures where every mark follows from them."""
    methods, leaves = sheet.rubric.methods, sheet.rubric.tree.leaves
    for row, at in np.argwhere(~np.isnan(sheet.ticks)).tolist():
        if methods[leaves[at]] == DIRECT:
            rows[row][leaves[at]] = float(sheet.ticks[row, at]) / 10**sheet.rubric.mark_decimals
    columns, problems = columns_of(rows, sheet.rubric, sheet.units)
    if problems:
        placed = [attrs.evolve(problem, path=_place(problem.path)) for problem in problems]
        raise InvalidDocument("measures", placed)
    scored = score(Measures(sheet, columns, place=lambda row, name: _place(in_units(row, name)), alone=alone))
    stated = ~np.isnan(sheet.ticks) & np.isnan(scored.ticks)
    return with_marks(scored, sheet.held.where(stated, scored.held)) if stated.any() else scored


def _place(path: Path) -> Path:
    """The place of a measure in a document of assessments, from that in a document of measures."""
    units, row, _, leaf, *rest = path
    return (units, row, "entries", leaf, "measures", *rest)


def with_marks(sheet: MarkSheet, marks: Held, stage: Stage = "self") -> MarkSheet:
    """The sheet with other marks, which do not follow from measures."""
    try:
        return MarkSheet(**fields_of(sheet) | {"ticks": marks, "stage": stage})
    except InvalidDocument as error:
        raise InvalidDocument("assessments", map(_of_appraisal, error.problems)) from None


def _of_appraisal(problem: Problem) -> Problem:
    """A problem with an appraised mark where it stands in a document of assessments."""
    units, row, _, leaf = problem.path
    return attrs.evolve(problem, path=(units, row, "entries", leaf, "appraised"))


def counts_by_mark(sheet: MarkSheet) -> NDArray[np.bool_]:
    """(units, leaves) which leaves count by their marks, bonus and penalty among them."""
    applicability = sheet.applicability
    return applicability.by_mark[applicability.pattern_of]


def unproven(cycle: Cycle, sheet: MarkSheet, entries: Sequence[Entries]) -> NDArray[np.bool_]:
    """(units, leaves) which self marks count and lack the evidence or the explanation they need."""
    proven = cycle.proven
    return _where(sheet, entries, lambda leaf, entry: leaf in proven and bool(entry.lacks))


def unanswered(sheet: MarkSheet, entries: Sequence[Entries]) -> NDArray[np.bool_]:
    """(units, leaves) where a unit claims that a leaf does not apply to it: neither refused, nor decided upon."""
    is_open = _where(
        sheet, entries, lambda _, entry: entry.claim is not None and entry.refusal is None
    ).copy()
    column = compile_rubric(sheet.rubric).column
    for row in np.flatnonzero(is_open.any(axis=1)).tolist():
        unit = sheet.units[row]
        of_round = (each for each in sheet.exclusions if each.units is None or unit in each.units)
        for decision in chain(of_round, sheet.unit_exclusions.get(unit, ())):
            is_open[row, [column[leaf] for leaf in affected(decision, sheet.rubric.tree)]] = False
    return locked(is_open)


def _where(
    sheet: MarkSheet, entries: Sequence[Entries], test: Callable[[str, Any], bool]
) -> NDArray[np.bool_]:
    """(units, leaves) which leaves count and have an entry that passes a test."""
    return locked(having(sheet.rubric, entries, test) & counts_by_mark(sheet))


def having(rubric: Rubric, entries: Sequence[Entries], test: Callable[[str, Any], bool]) -> NDArray[np.bool_]:
    """(units, leaves) where there is an entry that passes a test."""
    leaves = rubric.tree.leaves
    rows = [[leaf in own and test(leaf, own[leaf]) for leaf in leaves] for own in entries]
    return np.array(rows, dtype=bool).reshape(len(entries), len(leaves))
