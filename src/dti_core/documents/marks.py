"""Marks documents ⇄ :class:`~dti_core.MarkSheet`."""

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.documents.convert import number_out, structure, unstructure
from dti_core.documents.problems import merged
from dti_core.documents.schema import NAMES, Kind, shape_problems
from dti_core.documents.text import MAX_PROBLEMS
from dti_core.errors import SHOWN, InvalidDocument, Path, Problem, shorten, suggest
from dti_core.marks import MarkSheet, Stage
from dti_core.marks.ticks import ticks_of_marks
from dti_core.rubric import Rubric
from dti_core.rubric.exclusions import Exclusion, Unranked
from dti_core.rubric.tree import Tree
from dti_core.terms import (
    Label,
    Scalar,
    check,
    custom_of,
    label_or_none,
    nfc,
    one_of,
    optional,
    text_of,
    text_or_none,
    wrong_code,
    wrong_custom,
    wrong_label,
    wrong_text,
)


@attrs.frozen
class Member:
    """What any document says of a unit."""

    code: str = attrs.field(converter=text_of, validator=check(wrong_code))
    name: Label | None = attrs.field(
        default=None, converter=label_or_none, validator=check(optional(wrong_label))
    )
    attributes: dict[str, Scalar] = attrs.field(factory=dict)
    exclusions: tuple[Exclusion, ...] = attrs.field(default=())
    unranked: Unranked | None = None
    custom: dict[str, Any] | None = attrs.field(
        default=None, converter=custom_of, validator=check(wrong_custom), hash=False
    )

    @exclusions.validator
    def _names_no_units(self, _: object, exclusions: tuple[Exclusion, ...]) -> None:
        message = "belongs to decisions of the round; remove it"
        wrong = [at for at, each in enumerate(exclusions) if each.units is not None]
        if wrong:
            raise InvalidDocument(
                "unit", [Problem(("exclusions", at, "units"), message, "units") for at in wrong]
            )


@attrs.frozen
class Unit(Member):
    """A unit as a marks document lists it."""

    marks: dict[str, float | None] = attrs.field(factory=dict)


@attrs.frozen
class Marks:
    """A marks document as it is written."""

    rubric: str = attrs.field(converter=text_of, validator=check(wrong_code))
    units: tuple[Unit, ...]
    period: str | None = attrs.field(
        default=None, converter=text_or_none, validator=check(optional(wrong_text))
    )
    stage: Stage | None = attrs.field(default=None, validator=check(optional(one_of("self", "appraised"))))
    exclusions: tuple[Exclusion, ...] = ()
    custom: dict[str, Any] | None = attrs.field(
        default=None, converter=custom_of, validator=check(wrong_custom), hash=False
    )


def read_marks(document: Mapping[str, Any], rubric: Rubric, what: str) -> MarkSheet:
    """The marks that a sound JSON object describes, in the order of its units."""
    marks, problems = structure({key: value for key, value in document.items() if key != "schema"}, Marks)
    if marks is None:
        raise InvalidDocument(what, merged(unit_shape_problems("marks", document, problems), problems))
    check_rubric(marks.rubric, rubric, what)
    points, problems = _points(marks.units, rubric.tree)
    try:
        ticks = ticks_of_marks(
            points, rubric, lambda row, at: ("units", row, "marks", rubric.tree.leaves[at])
        )
    except InvalidDocument as error:
        problems += error.problems
        ticks = np.full(points.shape, np.nan)
    try:
        sheet = MarkSheet(rubric, tuple(unit.code for unit in marks.units), ticks, **facts_of(marks))
    except InvalidDocument as error:
        problems += error.problems
    if problems:
        raise InvalidDocument(what, problems)
    return sheet


def check_rubric(named: str, rubric: Rubric, what: str) -> None:
    """Refuse a document of another rubric."""
    if named != rubric.code:
        message = f"is {shorten(named)}, but this is read by the rubric {shorten(rubric.code)}"
        raise InvalidDocument(what, [Problem(("rubric",), f"{message}; load that rubric", "rubric")])


def unit_shape_problems(
    kind: Kind, document: Mapping[str, Any], found: Sequence[Problem]
) -> Iterator[Problem]:
    """What JSON Schema says of the document and, as cells are many, only of those units that were refused."""
    units = document.get("units")
    if not isinstance(units, list):
        yield from shape_problems(kind, document)
        return
    yield from shape_problems(kind, {**document, "units": []})
    paths = (problem.path for problem in found)
    for row in dict.fromkeys(path[1] for path in paths if len(path) > 1 and path[0] == "units"):
        for problem in shape_problems(kind, units[int(row)], "Unit"):
            yield problem.under("units", row)


def _points(units: Sequence[Unit], tree: Tree) -> tuple[NDArray[np.float64], list[Problem]]:
    """Marks as units × leaves, NaN where missing, and marks on what is no leaf."""
    known = frozenset(tree.leaves)
    problems: list[Problem] = []
    rows: list[list[float | None]] = []
    for row, unit in enumerate(units):
        marks = unit.marks
        if not known.issuperset(marks):
            marks = {nfc(code): mark for code, mark in marks.items()}
            if len(problems) < MAX_PROBLEMS:
                problems += _unknown_leaves(
                    unit.marks, tree, ("units", row, "marks"), suggesting=len(problems) < SHOWN
                )
        rows.append([*map(marks.get, tree.leaves)])
    return np.array(rows, dtype=np.float64).reshape(len(units), len(tree.leaves)), problems


def _unknown_leaves(
    marks: Mapping[str, Any], tree: Tree, path: Path, *, suggesting: bool
) -> Iterator[Problem]:
    seen = set()
    for code in list(marks)[:MAX_PROBLEMS]:
        place = (*path, code)
        if nfc(code) in seen:
            yield Problem(place, f"leaf {shorten(nfc(code))} is marked twice; keep one", "duplicate")
        elif nfc(code) in tree.children:
            yield Problem(
                place, f"{shorten(nfc(code))} has parts of its own; mark its leaves instead", "leaf"
            )
        elif nfc(code) not in tree.role:
            near = suggest(nfc(code), tree.leaves) if suggesting else ""
            yield Problem(place, f"{shorten(code)} is no leaf of the rubric{near}", "unknown")
        seen.add(nfc(code))


def facts_of(document: Any) -> dict[str, Any]:
    """What a document says beside its marks, as the fields of a sheet."""
    units: Sequence[Member] = document.units
    names = tuple(unit.name for unit in units)
    attributes = dict.fromkeys(chain.from_iterable(unit.attributes for unit in units))
    return {
        "names": None if set(names) <= {None} else names,
        "attributes": {name: tuple(unit.attributes.get(name) for unit in units) for name in attributes},
        "exclusions": document.exclusions,
        "unit_exclusions": {unit.code: unit.exclusions for unit in units if unit.exclusions},
        "unranked": {unit.code: unit.unranked for unit in units if unit.unranked is not None},
        "unit_custom": {unit.code: unit.custom for unit in units if unit.custom is not None},
        "period": document.period,
        "stage": document.stage,
        "custom": document.custom,
    }


def write_marks(sheet: MarkSheet) -> dict[str, Any]:
    """The document of a mark sheet; a missing mark is null."""
    leaves = sheet.rubric.tree.leaves
    marks = (dict(zip(leaves, row, strict=True)) for row in _written_marks(sheet))
    return write_sheet(sheet, "marks", marks)


def write_sheet(sheet: MarkSheet, kind: Kind, cells: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The document of a sheet whose units have these ``cells`` under the name of the kind."""
    document: dict[str, Any] = {"schema": NAMES[kind], "rubric": sheet.rubric.code}
    document |= {"period": sheet.period, "stage": sheet.stage}
    document["exclusions"] = [unstructure(each, "marks") for each in sheet.exclusions] or None
    document["units"] = [*_written_units(sheet, kind, cells)]
    document["custom"] = copy.deepcopy(sheet.custom)
    return _given(document)


def _written_units(sheet: MarkSheet, kind: Kind, cells: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    values = {name: _written_values(column) for name, column in sheet.attributes.items()}
    for row, (code, own_cells) in enumerate(zip(sheet.units, cells, strict=True)):
        name = sheet.names[row] if sheet.names else None
        own = sheet.unit_exclusions.get(code, ())
        unranked = sheet.unranked.get(code)
        yield _given(
            {
                "code": code,
                "name": None if name is None else unstructure(name, "marks"),
                "attributes": _given({each: column[row] for each, column in values.items()}) or None,
                kind: own_cells,
                "exclusions": [unstructure(each, "marks") for each in own] or None,
                "unranked": None if unranked is None else unstructure(unranked, "marks"),
                "custom": copy.deepcopy(sheet.unit_custom.get(code)),
            }
        )


def _written_values(column: Any) -> list[Any]:
    distinct = [value if isinstance(value, str | bool) else number_out(value) for value in column.values]
    return [distinct[code] if code >= 0 else None for code in column.codes.tolist()]


def _written_marks(sheet: MarkSheet) -> list[list[int | float | None]]:
    points = sheet.ticks.astype(np.float64) / 10**sheet.rubric.mark_decimals
    cells = points.astype(object)
    whole = points == np.rint(points)
    cells[whole] = points[whole].astype(np.int64)
    cells[np.isnan(points)] = None
    return cells.tolist()  # type: ignore[no-any-return]


def _given(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if value is not None}
