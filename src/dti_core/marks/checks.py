"""What must hold of a mark sheet beside its marks: units, attributes and decisions that fit the rubric."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from dti_core.columns.factor import ABSENT
from dti_core.errors import SHOWN, Path, Problem, UnitPlace, shorten
from dti_core.exact import MAX_TICKS, decimal_of, decimal_text
from dti_core.rubric.checks import fit_problems
from dti_core.rubric.conditions import Attribute
from dti_core.terms import wrong_scalar
from dti_core.terms.fields import repeated
from dti_core.words import COLUMNS, Phrase, Sentence, near

if TYPE_CHECKING:
    from dti_core.marks.roll import Roll

OF_ROUND = ("exclusions", "grade_limits")
BY_UNIT = ("unit_exclusions", "unit_grade_limits", "unranked", "unit_custom")
"""The fields of a sheet that decide for several units, and those by units' codes."""
LISTED = 10
"""So many allowed values are named."""


def unit_problems(sheet: "Roll") -> Iterator[Problem]:
    """Codes that are not a unit's own, and fields of other lengths or rounds."""
    count = len(sheet.units)
    for row, first in repeated(sheet.units if len(set(sheet.units)) < count else ()):
        message = COLUMNS("unit_twice", unit=sheet.units[row], first=first)
        yield Problem(("units", row, "code"), message, "duplicate")
    if sheet.names is not None and len(sheet.names) != count:
        yield Problem(("names",), COLUMNS("names_for", count=len(sheet.names), units=count), "length")
    if sheet.period is not None and sheet.rubric.period is not None and sheet.period != sheet.rubric.period:
        other = COLUMNS("period", period=shorten(sheet.period), other=shorten(sheet.rubric.period))
        yield Problem(("period",), other, "period")


def attribute_problems(sheet: "Roll") -> Iterator[Problem]:
    """Attributes that are missing, or not what the rubric declares."""
    declared = dict(sheet.rubric.attributes)
    for name in declared:
        if name not in sheet.attributes:
            yield Problem(("attributes", name), COLUMNS("attribute_absent"), "attribute")
    for name, column in sheet.attributes.items():
        if len(column.codes) != len(sheet.units):
            message = COLUMNS("values_for", count=len(column.codes), units=len(sheet.units))
            yield Problem(("attributes", name), message, "length")
            continue
        for row in np.flatnonzero(column.codes == ABSENT)[: SHOWN * (name in declared)].tolist():
            message = COLUMNS("attribute_missing", unit=sheet.units[row])
            yield Problem(("units", row, "attributes", name), message, "attribute")
        for code, value in enumerate(column.values):
            problem = _wrong_value(value, declared.get(name))
            if problem:
                row = int(column.rows_with(code)[0])
                place = UnitPlace(row, sheet.units[row])
                yield Problem(("units", place, "attributes", name), problem, "attribute")


def _wrong_value(value: object, declaration: Attribute | None) -> Sentence | None:
    """What keeps a value from being an attribute's, or None."""
    message = wrong_scalar(value)
    if message:
        return message
    if isinstance(value, Decimal) and not _is_json(value):
        return COLUMNS("digits", value=shorten(str(value)))
    if declaration is None or declaration.holds(value):
        return None
    return COLUMNS("allowed", value=_shown(value), allowed=_allowed(declaration, value))


def _is_json(value: Decimal) -> bool:
    return -MAX_TICKS <= value <= MAX_TICKS and decimal_of(float(value)) == value


def _allowed(declaration: Attribute, value: object) -> Phrase | str:
    """What a declaration allows in the place of a value."""
    values = (declaration.const,) if declaration.const is not None else declaration.enum
    if values is not None:
        return ", ".join(map(_shown, values[:LISTED])) + ", …" * (len(values) > LISTED)
    is_other = declaration.type is not None and not Attribute(type=declaration.type).holds(value)
    return COLUMNS[f"allowed.{declaration.type if is_other and declaration.type else 'bounds'}"]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return decimal_text(value) if isinstance(value, Decimal) else shorten(value)


def decision_problems(sheet: "Roll") -> Iterator[Problem]:
    """Decisions that do not fit the rubric, or are on units that are not there."""
    for name in OF_ROUND:
        for at, decision in enumerate(getattr(sheet, name)):
            yield from fit_problems(decision, sheet.rubric, (name, at), of_round=True)
            places = enumerate(decision.units or ())
            yield from strangers(sheet, (((name, at, "units", place), unit) for place, unit in places))
    for name in BY_UNIT:
        yield from strangers(sheet, (((name, f"{unit}"), unit) for unit in getattr(sheet, name)))
    for name in OF_ROUND:
        for unit, own in getattr(sheet, f"unit_{name}").items():
            for at, decision in enumerate(own if unit in sheet.row_of else ()):
                path = ("units", sheet.row(unit), name, at)
                yield from fit_problems(decision, sheet.rubric, path, of_round=False)


def strangers(sheet: "Roll", named: Iterable[tuple[Path, str]]) -> Iterator[Problem]:
    """Codes that are no unit's, each with its place."""
    for path, unit in named:
        if unit not in sheet.row_of:
            yield stranger(sheet, path, unit)


def stranger(sheet: "Roll", path: Path, unit: object) -> Problem:
    """The problem of a code that is no unit's."""
    message = COLUMNS("no_unit", unit=shorten(unit), near=near(unit, sheet.units))
    return Problem(path, message, "unknown")
