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
from dti_core.assessment.history import unreasoned
from dti_core.errors import InvalidDocument, Path, Problem
from dti_core.marks import MarkSheet, Stage
from dti_core.marks.ticks import Ticks, ticks_of_marks
from dti_core.measures import Measures, score
from dti_core.measures.table import DIRECT, columns_of, methods_of

if TYPE_CHECKING:
    from dti_core.assessment.unit import Assessment


def self_sheet(cycle: Cycle, units: Sequence["Assessment"]) -> MarkSheet:
    """The self marks, as they are claimed; with attributes, names and all decisions, those that scoring makes included.

    Raises :class:`~dti_core.InvalidDocument` with what is wrong with any of these.
    """
    sheet = _sheet(cycle, units, ticks(cycle, units, "points"))
    measured = [
        {leaf: entry.measures for leaf, entry in each.entries.items() if entry.measures is not None}
        for each in units
    ]
    if not any(measured):
        return sheet
    sheet = _scored(sheet, [dict(each) for each in measured])
    problems = [*_unreasoned(sheet, units, measured)]
    if problems:
        raise InvalidDocument("assessments", problems)
    return sheet


def _unreasoned(
    sheet: MarkSheet, units: Sequence["Assessment"], measured: Sequence[dict[str, Any]]
) -> Iterator[Problem]:
    """Appraised marks that differ, without a reason, from what a unit's own measures come to."""
    methods, place = methods_of(sheet.rubric), compile_rubric(sheet.rubric).column
    for row, each in enumerate(units):
        for leaf in measured[row]:
            mark = sheet.ticks[row, place[leaf]]
            own = None if np.isnan(mark) else Decimal(int(mark)).scaleb(-sheet.rubric.mark_decimals)
            wrong = None if methods[leaf].compares else unreasoned(each.entries[leaf], own)
            if wrong:
                yield Problem(("units", row, "entries", leaf, "reason"), wrong, "reason")


def ticks(cycle: Cycle, units: Sequence["Assessment"], field: str) -> Ticks:
    """(units, leaves) the points in a field of every entry, in ticks, NaN where there are none."""
    leaves = cycle.rubric.tree.leaves
    rows = [[getattr(each.entries.get(leaf, EMPTY), field) for leaf in leaves] for each in units]
    points = np.array(rows, dtype=np.float64).reshape(len(units), len(leaves))
    return ticks_of_marks(points, cycle.rubric, lambda row, at: ("units", row, "entries", leaves[at], field))


def _sheet(cycle: Cycle, units: Sequence["Assessment"], marks: Ticks) -> MarkSheet:
    names = tuple(each.name for each in units)
    attributes = dict.fromkeys(chain.from_iterable(each.attributes for each in units))
    return MarkSheet(
        cycle.rubric,
        tuple(each.unit for each in units),
        marks,
        names=None if set(names) <= {None} else names,
        attributes={name: tuple(each.attributes.get(name) for each in units) for name in attributes},
        exclusions=cycle.exclusions,
        unit_exclusions={each.unit: each.exclusions for each in units if each.exclusions},
        unranked={each.unit: each.unranked for each in units if each.unranked is not None},
        unit_custom={each.unit: each.custom for each in units if each.custom is not None},
        period=cycle.period,
        stage="self",
        custom=cycle.custom,
    )


def _scored(sheet: MarkSheet, rows: list[dict[str, Any]]) -> MarkSheet:
    """The sheet with what was measured; it keeps the measures where every mark follows from them."""
    methods = methods_of(sheet.rubric)
    for row, at in np.argwhere(~np.isnan(sheet.ticks)).tolist():
        leaf = sheet.rubric.tree.leaves[at]
        if methods[leaf] == DIRECT:
            rows[row][leaf] = float(sheet.ticks[row, at]) / 10**sheet.rubric.mark_decimals
    columns, problems = columns_of(rows, sheet.rubric, sheet.units)
    if problems:
        raise InvalidDocument("measures", [attrs.evolve(each, path=_place(each.path)) for each in problems])
    scored = score(
        Measures(sheet, columns, place=lambda row, name: _place(("units", row, "measures", *name)))
    )
    stated = ~np.isnan(sheet.ticks) & np.isnan(scored.ticks)
    if not stated.any():
        return scored
    return plain(scored, np.where(stated, sheet.ticks, scored.ticks))


def _place(path: Path) -> Path:
    """The place of a measure in a document of assessments, from that in a document of measures."""
    units, row, _, leaf, *rest = path
    return (units, row, "entries", leaf, "measures", *rest)


def plain(sheet: MarkSheet, marks: Ticks, stage: Stage = "self") -> MarkSheet:
    """The sheet with other marks, which do not follow from measures."""
    marks.flags.writeable = False
    kept = {field.name: getattr(sheet, field.name) for field in attrs.fields(MarkSheet) if field.init}
    return MarkSheet(**kept | {"ticks": marks, "stage": stage})


def ordinary(sheet: MarkSheet, *, beside: bool = True) -> NDArray[np.bool_]:
    """(units, leaves) which leaves count by their marks: not those skipped, granted in full, replaced or standing by.

    ``beside`` says whether bonus and penalty, which stand outside the maxima, are among them.
    """
    applicability = sheet.applicability
    by_mark = applicability.by_mark & (beside | ~applicability.compiled.beside)
    return by_mark[applicability.pattern_of]
