"""Measures documents ⇄ :class:`~dti_core.Measures`."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import attrs

from dti_core.columns.factor import Factor
from dti_core.documents.convert import DocumentForm
from dti_core.documents.marks import Graded, Sheet, facts_of, numbers_out, read_sheet, sheet_document
from dti_core.documents.problems import all_at_once
from dti_core.documents.values import json_object
from dti_core.measures import Measures, score
from dti_core.measures.table import blank_sheet, columns_of
from dti_core.rubric import Rubric

Cells = Annotated[dict[str, Any], "measures"]
"""The measures of one unit; what they may be is known from the rubric, and checked column by column."""


@attrs.frozen(kw_only=True)
class Unit(Graded):
    """A unit as a measures document lists it."""

    measures: Cells = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Measured(Sheet):
    """A measures document as it is written."""

    units: tuple[Unit, ...]


FORM = DocumentForm("measures", Measured, lambda shape: shape.teach(Cells, json_object, dict))
WRITTEN = (Measures,)


def read(document: Mapping[str, Any], what: str, rubric: Rubric, *, scored: bool = False) -> Measures:
    """The measures that a sound JSON object describes; ``scored``: refused as well where no marks come of them."""
    measured, problems = read_sheet(FORM, document, rubric, what)
    codes = [unit.code for unit in measured.units]
    columns, wrong_cells = columns_of([unit.measures for unit in measured.units], rubric, codes)
    problems += wrong_cells
    with all_at_once(what, problems):
        measures = Measures(blank_sheet(rubric, codes, **facts_of(measured)), columns)
        if scored:
            score(measures)
        return measures


def write(measures: Measures) -> dict[str, Any]:
    """The document of measures; a missing one is null."""
    return sheet_document(FORM, measures.blank, measures=[*_cells(measures)])


def _cells(measures: Measures) -> Iterator[dict[str, Any]]:
    columns: dict[Any, list[Any]] = {
        name: column.listed() if isinstance(column, Factor) else numbers_out(column)
        for name, column in measures.columns.items()
    }
    for row in range(len(measures.blank.units)):
        cells: dict[str, Any] = {}
        for name, column in columns.items():
            inner = cells
            for step in name[:-1]:
                inner = inner.setdefault(step, {})
            inner[name[-1]] = column[row]
        yield cells
