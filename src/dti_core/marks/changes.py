"""Another sheet out of one: some marks changed, some units left out; no other mark is read again."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.applicability.compiled import compile_rubric
from dti_core.columns.codes import listed_codes
from dti_core.columns.numbers import numbers
from dti_core.errors import MAX_PROBLEMS, SHOWN, Problem, few_suggestions, raise_all, shorten
from dti_core.marks.checks import BY_UNIT, OF_ROUND, stranger, strangers
from dti_core.marks.fields import frozen_by_code
from dti_core.marks.ticks import Held, Unchecked, check_marks
from dti_core.rubric.exclusions import Exclusion
from dti_core.rubric.grades import GradeLimit
from dti_core.words import COLUMNS, near

if TYPE_CHECKING:
    from dti_core.marks import MarkSheet

Decision = TypeVar("Decision", Exclusion, GradeLimit)
Marks = Mapping[str, Mapping[str, Any]]


def changed(sheet: "MarkSheet", marks: Any) -> Held:
    """The marks of a sheet with others in their place, by unit and leaf; read and checked as those of an array.

    Raises :class:`~dti_core.InvalidDocument` with unit and leaf of what is wrong.
    """
    column_of = compile_rubric(sheet.rubric).column
    by_unit = frozen_by_code(marks, "marks", lambda own, path: frozen_by_code(own, f"marks[{path[-1]!r}]"))
    with few_suggestions(SHOWN):
        raise_all("marks", _unknown(sheet, by_unit, column_of), MAX_PROBLEMS)
    unchecked, these = _read(by_unit, column_of)
    rows = np.array([sheet.row_of[unit] for unit in by_unit], dtype=np.intp)
    return sheet.held.changed(rows, these, check_marks(unchecked, sheet.rubric))


def _read(by_unit: Marks, column_of: Mapping[str, int]) -> tuple[Unchecked, NDArray[np.bool_]]:
    """The numbers of some units and leaves, NaN elsewhere; and (units, leaves) where they are."""
    names = [(unit, leaf) for unit, own in by_unit.items() for leaf in own]
    cells = [(row, column_of[leaf]) for row, own in enumerate(by_unit.values()) for leaf in own]
    problems: list[Problem] = []
    listed = [mark for own in by_unit.values() for mark in own.values()]
    read = numbers(listed, "marks", names.__getitem__, problems)
    raise_all("marks", problems, MAX_PROBLEMS)
    values = np.full((len(by_unit), len(column_of)), np.nan)
    these = np.zeros(values.shape, dtype=bool)
    rows, columns = np.array(cells, dtype=np.intp).reshape(-1, 2).T
    values[rows, columns], these[rows, columns] = read.values, True
    name_of = dict(zip(cells, names, strict=True))
    exact = {cells[at]: mark for at, mark in read.exact.items()}
    return Unchecked(values.shape, lambda some, _: values[some], lambda *cell: name_of[cell], exact), these


def _unknown(sheet: "MarkSheet", marks: Marks, leaves: Collection[str]) -> Iterator[Problem]:
    for unit, own in marks.items():
        if unit not in sheet.row_of:
            yield stranger(sheet, (str(unit),), unit)
        for leaf in own:
            if leaf not in leaves:
                message = COLUMNS("unmarked", leaf=shorten(leaf), near=near(leaf, leaves))
                yield Problem((str(unit), str(leaf)), message, "unknown")


def without(sheet: "MarkSheet", units: Any) -> dict[str, Any]:
    """The fields of a sheet that change when units are left out; with the last of its units goes a decision."""
    codes = listed_codes("units", units)
    with few_suggestions(SHOWN):
        raise_all("marks", strangers(sheet, (((at,), code) for at, code in enumerate(codes))), MAX_PROBLEMS)
    gone = frozenset(codes)
    rows = np.array([row for row, unit in enumerate(sheet.units) if unit not in gone], dtype=np.intp)
    columns = {name: column.of_rows(rows) for name, column in sheet.attributes.items()}
    declared = dict(sheet.rubric.attributes)
    kept: dict[str, Any] = {
        "units": [sheet.units[row] for row in rows.tolist()],
        "ticks": sheet.held.of_rows(rows),
        "names": None if sheet.names is None else [sheet.names[row] for row in rows.tolist()],
        "attributes": {name: column for name, column in columns.items() if name in declared or column.values},
    }
    for name in BY_UNIT:
        kept[name] = {unit: fact for unit, fact in getattr(sheet, name).items() if unit not in gone}
    return kept | {name: [*_on_others(getattr(sheet, name), gone)] for name in OF_ROUND}


def _on_others(decisions: Iterable[Decision], gone: Collection[str]) -> Iterator[Decision]:
    for decision in decisions:
        units = None if decision.units is None else [unit for unit in decision.units if unit not in gone]
        if units != []:
            yield attrs.evolve(decision, units=units)
