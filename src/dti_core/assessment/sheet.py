"""Self marks as a mark sheet: points as they are given, measures scored by the rubric."""

from collections.abc import Iterator, Sequence
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
from dti_core.errors import InvalidDocument, Path, Problem
from dti_core.marks import MarkSheet, Stage, fields_of
from dti_core.marks.ticks import Held, ticks_of_marks
from dti_core.measures import Measures, score
from dti_core.measures.table import columns_of, in_units
from dti_core.methods.simple import DIRECT
from dti_core.rubric import Rubric

if TYPE_CHECKING:
    from dti_core.assessment.unit import Assessment


def self_sheet(cycle: Cycle, units: Sequence["Assessment"], some: Entries | None = None) -> MarkSheet:
    """The self marks, as they are claimed; with attributes, names and all decisions, those that scoring makes included.

    ``some`` are the entries to look at of one unit alone, which is compared with nobody. Raises
    :class:`~dti_core.InvalidDocument` with what is wrong with any of these.
    """
    entries = [unit.entries for unit in units] if some is None else [some]
    sheet = _sheet(cycle, units, ticks(cycle.rubric, entries, "points"))
    measured = [
        {leaf: entry.measures for leaf, entry in own.items() if entry.measures is not None} for own in entries
    ]
    if not any(measured):
        return sheet
    scored = _scored(sheet, measured, alone=some is not None)
    problems = [*_unreasoned(scored, entries)]
    if problems:
        raise InvalidDocument("assessments", problems)
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
            message = unreasoned(entry, points)
            if message:
                yield Problem(("units", row, "entries", leaf, "reason"), message, "reason")


def _sheet(cycle: Cycle, units: Sequence["Assessment"], marks: Held) -> MarkSheet:
    attributes = dict.fromkeys(chain.from_iterable(unit.attributes for unit in units))
    return MarkSheet(
        rubric=cycle.rubric,
        units=tuple(unit.unit for unit in units),
        ticks=marks,
        names=[unit.name for unit in units],
        attributes={name: tuple(unit.attributes.get(name) for unit in units) for name in attributes},
        exclusions=cycle.exclusions,
        unit_exclusions={unit.unit: unit.exclusions for unit in units if unit.exclusions},
        unranked={unit.unit: unit.unranked for unit in units if unit.unranked is not None},
        unit_custom={unit.unit: unit.custom for unit in units if unit.custom is not None},
        period=cycle.period,
        stage="self",
        custom=cycle.custom,
    )


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
    return plain(scored, sheet.held.where(stated, scored.held)) if stated.any() else scored


def _place(path: Path) -> Path:
    """The place of a measure in a document of assessments, from that in a document of measures."""
    units, row, _, leaf, *rest = path
    return (units, row, "entries", leaf, "measures", *rest)


def plain(sheet: MarkSheet, marks: Held, stage: Stage = "self") -> MarkSheet:
    """The sheet with other marks, which do not follow from measures."""
    return MarkSheet(**fields_of(sheet) | {"ticks": marks, "stage": stage})


def counted(sheet: MarkSheet) -> NDArray[np.bool_]:
    """(units, leaves) which leaves count by their marks, bonus and penalty among them."""
    applicability = sheet.applicability
    return applicability.by_mark[applicability.pattern_of]


def unproven(cycle: Cycle, sheet: MarkSheet, entries: Sequence[Entries]) -> NDArray[np.bool_]:
    """(units, leaves) which self marks count and lack the evidence or the explanation they need."""
    leaves, proven = cycle.rubric.tree.leaves, cycle.proven
    rows = [[leaf in proven and bool(own.get(leaf, EMPTY).lacks) for leaf in leaves] for own in entries]
    return locked(np.array(rows, dtype=bool).reshape(len(entries), len(leaves)) & counted(sheet))
