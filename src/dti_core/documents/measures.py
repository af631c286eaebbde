"""Measures documents → scored mark sheets, and back."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from dti_core.columns.factor import Factor
from dti_core.documents.convert import structure, teach
from dti_core.documents.marks import Marks, Member, check_rubric, facts_of, unit_shape_problems, write_sheet
from dti_core.documents.problems import merged
from dti_core.documents.values import mapping
from dti_core.errors import InvalidDocument
from dti_core.measures import Measures, ScoredSheet, score
from dti_core.measures.reader import Column
from dti_core.measures.table import blank_sheet, columns_of
from dti_core.rubric import Rubric

teach(dict[str, object], mapping)


@attrs.frozen
class MeasuredUnit(Member):
    """A unit as a measures document lists it."""

    measures: dict[str, object] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Measured(Marks):
    """A measures document as it is written."""

    units: tuple[MeasuredUnit, ...]  # type: ignore[assignment]


def read_measures(document: Mapping[str, Any], rubric: Rubric, what: str) -> ScoredSheet:
    """The marks that the measures of a sound JSON object come to."""
    read, problems = structure({key: value for key, value in document.items() if key != "schema"}, Measured)
    if read is None:
        raise InvalidDocument(what, merged(unit_shape_problems("measures", document, problems), problems))
    check_rubric(read.rubric, rubric, what)
    codes = [unit.code for unit in read.units]
    columns, problems = columns_of([unit.measures for unit in read.units], rubric, codes)
    try:
        sheet = score(Measures(blank_sheet(rubric, codes, **facts_of(read)), columns))
    except InvalidDocument as error:
        problems += error.problems
    if problems:
        raise InvalidDocument(what, problems)
    return sheet


def write_measures(measures: Measures) -> dict[str, Any]:
    """The document of measures; a missing one is null."""
    return write_sheet(measures.blank, "measures", _cells(measures))


def _cells(measures: Measures) -> Iterator[dict[str, Any]]:
    columns = {name: _written(column) for name, column in measures.columns.items()}
    for row in range(len(measures.blank.units)):
        cells: dict[str, Any] = {}
        for name, column in columns.items():
            inner = cells
            for step in name[:-1]:
                inner = inner.setdefault(step, {})
            inner[name[-1]] = column[row]
        yield cells


def _written(column: Column) -> list[Any]:
    if isinstance(column, Factor):
        return [None if code < 0 else column.values[code] for code in column.codes.tolist()]
    doubles = column.tolist()
    return [None if each != each else int(each) if each.is_integer() else each for each in doubles]
