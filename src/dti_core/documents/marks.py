"""Marks documents ⇄ :class:`~dti_core.MarkSheet`."""

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from types import NoneType
from typing import Annotated, Any, TypeVar

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.columns.factor import Factor, distinct
from dti_core.columns.table import RowTable
from dti_core.documents import rubric as rubrics
from dti_core.documents.canonical import canonical, content_hash, objects
from dti_core.documents.convert import DocumentForm, Writer
from dti_core.documents.problems import all_at_once
from dti_core.documents.text import MOST_FOUND
from dti_core.documents.values import json_object, read_each, wrong_type
from dti_core.errors import InvalidDocument, Path, Problem, UnitPlace, shorten
from dti_core.marks import MarkSheet, Stage
from dti_core.marks.ticks import everywhere, ticks_of_marks
from dti_core.rubric import Rubric
from dti_core.rubric.exclusions import Exclusion, Unranked
from dti_core.rubric.grades import GradeLimit
from dti_core.rubric.tree import Tree
from dti_core.terms import Label, Scalar, checking, nfc, one_of, optional, wrong_code, wrong_text
from dti_core.words import near
from dti_core.words.documents import flaw

Cells = Annotated[dict[str, float | None], "marks"]
CELLS = {int, float, NoneType}
MAX_ATTRIBUTES = 200
OF_ROUND = ("period", "stage", "exclusions", "grade_limits", "custom")
HASH = 66
"""A hash, in quotes, is told whole."""


@attrs.frozen(kw_only=True)
class Member:
    """What any document says of a unit."""

    code: str = attrs.field(validator=checking(wrong_code))
    name: Label | None = None
    attributes: dict[str, Scalar] = attrs.field(factory=dict)
    custom: dict[str, Any] | None = None


@attrs.frozen(kw_only=True)
class Cohort:
    """What any document says of units beside each of them."""

    rubric: str = attrs.field(validator=checking(wrong_code))
    units: tuple[Any, ...]
    period: str | None = attrs.field(default=None, validator=checking(optional(wrong_text)))
    custom: dict[str, Any] | None = None


C = TypeVar("C", bound=Cohort)


@attrs.frozen(kw_only=True)
class Graded(Member):
    """What a document of marks or measures says of a unit beside its cells."""

    exclusions: tuple[Exclusion, ...] = ()
    unranked: Unranked | None = None
    grade_limits: tuple[GradeLimit, ...] = ()


@attrs.frozen(kw_only=True)
class Sheet(Cohort):
    """What a document of marks or measures says."""

    rubric_sha256: str | None = None
    exclusions: tuple[Exclusion, ...] = ()
    grade_limits: tuple[GradeLimit, ...] = ()
    stage: Stage | None = attrs.field(default=None, validator=checking(optional(one_of("self", "appraised"))))


S = TypeVar("S", bound=Sheet)


@attrs.frozen(kw_only=True)
class Unit(Graded):
    """A unit as a marks document lists it."""

    marks: Cells = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Marks(Sheet):
    """A marks document as it is written."""

    units: tuple[Unit, ...]


def _cell(value: Any) -> None:
    if type(value) not in CELLS:
        raise wrong_type(value, "number", "null")


def _read_cells(value: Any, _: Any) -> dict[str, float | None]:
    """The marks of a unit: numbers and nulls; what they may be is checked for all units at once."""
    if not CELLS.issuperset(map(type, json_object(value).values())):
        any(read_each(value.items(), _cell))  # raises what is wrong with any of them
    return value  # type: ignore[no-any-return]


FORM = DocumentForm("marks", Marks, lambda shape: shape.teach(Cells, _read_cells, lambda cells: cells))
WRITTEN = (MarkSheet,)


def read_by(
    form: DocumentForm[C], document: Mapping[str, Any], rubric: Rubric, what: str
) -> tuple[C, list[Problem]]:
    """What a document says that is read by a rubric, and unknown keys; what cannot be read by it is refused."""
    cohort, problems = form.read(document, what)
    if cohort.rubric != rubric.code:
        names = {"value": shorten(cohort.rubric), "code": shorten(rubric.code)}
        raise InvalidDocument(what, [*problems, flaw("rubric", ("rubric",), **names)])
    return cohort, problems


def read_sheet(
    form: DocumentForm[S], document: Mapping[str, Any], rubric: Rubric, what: str
) -> tuple[S, list[Problem]]:
    """As :func:`read_by`; among the problems is the hash of another rubric."""
    sheet, problems = read_by(form, document, rubric, what)
    stated = sheet.rubric_sha256
    if stated is not None and stated != (own := content_hash(rubrics.write(rubric))):
        names = {"value": shorten(stated, HASH), "code": shorten(rubric.code), "own": repr(own)}
        problems.append(flaw("rubric.hash", ("rubric_sha256",), **names))
    return sheet, problems


def read(document: Mapping[str, Any], what: str, rubric: Rubric) -> MarkSheet:
    """The marks that a sound JSON object describes, in the order of its units."""
    marks, problems = read_sheet(FORM, document, rubric, what)
    points, unknown = _points(marks.units, rubric.tree)
    problems += unknown
    try:
        ticks = ticks_of_marks(points, rubric, partial(_place, marks.units, rubric.tree))
    except InvalidDocument as error:
        problems += error.problems
        ticks = everywhere(np.nan, rubric, len(points))
    with all_at_once(what, problems):
        codes = tuple(unit.code for unit in marks.units)
        return MarkSheet(rubric=rubric, units=codes, ticks=ticks, **facts_of(marks))


def _place(units: Sequence[Unit], tree: Tree, row: int, at: int) -> Path:
    return "units", UnitPlace(row, units[row].code), "marks", tree.leaves[at]


def _points(units: Sequence[Unit], tree: Tree) -> tuple[NDArray[np.float64], list[Problem]]:
    """Marks as units × leaves, NaN where missing, and marks on what is no leaf."""
    known = frozenset(tree.leaves)
    problems: list[Problem] = []
    rows: list[list[float | None]] = []
    for row, unit in enumerate(units):
        marks = unit.marks
        if not known.issuperset(marks):
            if len(problems) < MOST_FOUND:
                problems += _unknown_leaves(marks, tree, ("units", UnitPlace(row, unit.code), "marks"))
            marks = {nfc(code): mark for code, mark in marks.items()}
        rows.append([*map(marks.get, tree.leaves)])
    return np.array(rows, dtype=np.float64).reshape(len(units), len(tree.leaves)), problems


def _unknown_leaves(marks: Mapping[str, Any], tree: Tree, path: Path) -> Iterator[Problem]:
    seen = set()
    for written in list(marks)[:MOST_FOUND]:
        code, place = nfc(written), (*path, written)
        if code in seen:
            yield flaw("duplicate.leaf", place, value=shorten(code))
        elif code in tree.children:
            yield flaw("leaf", place, value=shorten(code))
        elif code not in tree.role:
            yield flaw("unknown.leaf", place, value=shorten(code), near=near(code, tree.leaves))
        seen.add(code)


def check_attributes(units: Iterable[Member]) -> None:
    """Refuse units that have more attributes between them than any round needs: each is held for every unit."""
    names: set[str] = set()
    for row, unit in enumerate(units):
        names.update(unit.attributes)
        if len(names) > MAX_ATTRIBUTES:
            place = ("units", row, "attributes")
            raise InvalidDocument("units", [flaw("size.attributes", place, most=MAX_ATTRIBUTES)])


def facts_of(sheet: Sheet) -> dict[str, Any]:
    """What a document says beside its marks, as the fields of a sheet."""
    units: Sequence[Graded] = sheet.units
    check_attributes(units)
    names = tuple(unit.name for unit in units)
    return {
        "names": None if set(names) <= {None} else names,
        "attributes": dict(RowTable(unit.attributes for unit in units)),
        "unit_exclusions": {unit.code: unit.exclusions for unit in units if unit.exclusions},
        "unit_grade_limits": {unit.code: unit.grade_limits for unit in units if unit.grade_limits},
        "unranked": {unit.code: unit.unranked for unit in units if unit.unranked is not None},
        "unit_custom": {unit.code: unit.custom for unit in units if unit.custom is not None},
        "pinned": sheet.rubric_sha256 is not None,
        **picked(sheet, OF_ROUND),
    }


def write(sheet: MarkSheet) -> dict[str, Any]:
    """The document of a mark sheet; a missing mark is null."""
    leaves = sheet.rubric.tree.leaves
    return sheet_document(
        FORM, sheet, marks=[dict(zip(leaves, row, strict=True)) for row in _cells(sheet).tolist()]
    )


def hashable(sheet: MarkSheet) -> dict[str, Any]:
    """The same document, the marks of each unit in canonical form already: they are nearly all of it."""
    return sheet_document(FORM, sheet, marks=objects(sheet.rubric.tree.leaves, _cells(sheet, canonical)))


def _cells(
    sheet: MarkSheet, cell_of: Callable[[int | float | None], Any] | None = None
) -> NDArray[np.object_]:
    """(units, leaves) the JSON numbers of marks, or what is made of them: once for all that are equal."""
    missing = np.isnan(sheet.ticks).ravel()
    ticks, place = distinct(np.where(missing, 0, sheet.ticks.ravel()).astype(np.int64))
    numbers = [*numbers_out(ticks / 10**sheet.rubric.mark_decimals), None]
    cells = np.array(numbers if cell_of is None else [*map(cell_of, numbers)], dtype=object)
    place[missing] = len(ticks)
    return cells[place].reshape(sheet.ticks.shape)


def sheet_document(form: DocumentForm[S], sheet: MarkSheet, **cells: Sequence[Any]) -> dict[str, Any]:
    """The document of a sheet, with the cells of each unit under their name; units are written column by column."""
    own = content_hash(rubrics.write(sheet.rubric)) if sheet.pinned else None
    document = form.write(
        form.root(rubric=sheet.rubric.code, rubric_sha256=own, units=(), **picked(sheet, OF_ROUND))
    )
    columns = {
        "code": sheet.units,
        "name": [*map(form.plain, sheet.names or ())],
        "attributes": attributes_out(sheet, form.plain),
        **cells,
        "exclusions": _of_some(sheet.unit_exclusions, sheet.units, form.plain),
        "grade_limits": _of_some(sheet.unit_grade_limits, sheet.units, form.plain),
        "unranked": _of_some(sheet.unranked, sheet.units, form.plain),
        "custom": _of_some(sheet.unit_custom, sheet.units, copy.deepcopy),
    }
    return document | {"units": rows_out({name: column for name, column in columns.items() if column})}


def attributes_out(sheet: MarkSheet, plain: Writer) -> list[dict[str, Any] | None]:
    """The attributes of each unit, None where it has none."""
    factors = {
        name: Factor(each.codes, tuple(map(plain, each.values))) for name, each in sheet.attributes.items()
    }
    return [
        attributes or None for attributes in rows_out({name: each.listed() for name, each in factors.items()})
    ]


def _of_some(known: Mapping[str, Any], units: Sequence[str], plain: Writer) -> list[Any]:
    """What is known of some units, as a column; none where it is known of no unit."""
    return [plain(known[unit]) if unit in known else None for unit in units] if known else []


def rows_out(columns: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Objects of what stands beside one another in columns, without what is None."""
    return [
        {name: value for name, value in zip(columns, row, strict=True) if value is not None}
        for row in zip(*columns.values(), strict=True)
    ]


def picked(thing: object, names: Iterable[str]) -> dict[str, Any]:
    """The fields that are named."""
    return {name: getattr(thing, name) for name in names}


class _Numbers(dict[float, int | float | None]):
    """The JSON numbers of doubles, few of which are distinct."""

    def __missing__(self, double: float) -> int | float:
        number = self[double] = int(double) if double.is_integer() else double
        return number


def numbers_out(doubles: NDArray[np.float64]) -> list[int | float | None]:
    """The JSON numbers of doubles, null for NaN."""
    number_of = _Numbers({np.inf: None})  # NaN is not found in a dict
    return [*map(number_of.__getitem__, np.where(np.isnan(doubles), np.inf, doubles).tolist())]
