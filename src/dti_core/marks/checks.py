"""What must hold of a mark sheet beside its marks: units, attributes and decisions that fit the rubric."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from dti_core.columns.factor import ABSENT
from dti_core.errors import SHOWN, Problem, shorten, suggest
from dti_core.rubric.exclusions import exclusion_problems
from dti_core.terms import CODE_LENGTH, wrong_code, wrong_scalar

if TYPE_CHECKING:
    from dti_core.marks import MarkSheet


def unit_problems(sheet: "MarkSheet") -> Iterator[Problem]:
    """Codes that are none or not their own, and fields of other lengths or rounds."""
    count = len(sheet.units)
    if sheet.ticks.shape != (count, len(sheet.rubric.tree.leaves)):
        yield Problem(("units",), f"are {count}, but the marks have shape {sheet.ticks.shape}", "length")
    if not _plainly_codes(sheet.units):
        wrong = ((row, wrong_code(unit)) for row, unit in enumerate(sheet.units))
        yield from (Problem(("units", row, "code"), message, "code") for row, message in wrong if message)
    yield from _repeated_units(sheet.units)
    if sheet.names is not None and len(sheet.names) != count:
        yield Problem(("names",), f"are {len(sheet.names)} for {count} units", "length")
    if sheet.period is not None and sheet.rubric.period is not None and sheet.period != sheet.rubric.period:
        message = f"is {shorten(sheet.period)}, but the rubric is of {shorten(sheet.rubric.period)}"
        yield Problem(("period",), f"{message}; use the rubric of that period", "period")
    if sheet.stage not in (None, "self", "appraised"):
        yield Problem(("stage",), f"is {shorten(sheet.stage)}; it is 'self' or 'appraised'", "stage")


def _plainly_codes(units: Sequence[str]) -> bool:
    """Whether all are codes of the plainest kind, told from one look at all of them together."""
    try:
        text = " ".join(units)
    except TypeError:
        return False
    return (
        text.isascii()
        and text.isprintable()
        and text.count(" ") == len(units) - 1
        and "  " not in text
        and not text.startswith(" ")
        and not text.endswith(" ")
        and max(map(len, units)) <= CODE_LENGTH
    )


def _repeated_units(units: Sequence[str]) -> Iterator[Problem]:
    if len(set(units)) == len(units):
        return
    seen: dict[str, int] = {}
    for row, unit in enumerate(units):
        if unit in seen:
            yield Problem(
                ("units", row, "code"), f"{unit!r} is already the code of $.units[{seen[unit]}]", "duplicate"
            )
        seen.setdefault(unit, row)


def attribute_problems(sheet: "MarkSheet") -> Iterator[Problem]:
    """Attributes that are missing, or not what the rubric declares."""
    for name, declaration in sheet.rubric.attributes:
        if name not in sheet.attributes:
            message = "is declared by the rubric, but no unit has it; give it to every unit"
            yield Problem(("attributes", name), message, "attribute")
            continue
        column = sheet.attributes[name]
        for row in np.flatnonzero(column.codes == ABSENT)[:SHOWN].tolist():
            message = f"is missing; unit {sheet.units[row]!r} needs every attribute the rubric declares"
            yield Problem(("units", row, "attributes", name), message, "attribute")
        for code, value in enumerate(column.values):
            if wrong_scalar(value) is None and not declaration.holds(value):
                row = int(column.rows_with(code)[0])
                message = f"is {shorten(_shown(value))}, which the rubric's declaration does not allow"
                yield Problem(("units", row, "attributes", name), message, "attribute")
    for name, column in sheet.attributes.items():
        if len(column.codes) != len(sheet.units):
            message = f"has {len(column.codes)} values for {len(sheet.units)} units"
            yield Problem(("attributes", name), message, "length")
            continue
        for code, value in enumerate(column.values):
            wrong = wrong_scalar(value)
            if wrong:
                yield Problem(
                    ("units", int(column.rows_with(code)[0]), "attributes", name), wrong, "attribute"
                )


def _shown(value: object) -> object:
    return value if isinstance(value, str | bool) else str(value)


def decision_problems(sheet: "MarkSheet") -> Iterator[Problem]:
    """Decisions on units or leaves that are not there."""
    decided = any(each.units is not None for each in sheet.exclusions)
    known = (
        set(sheet.units) if decided or sheet.unit_exclusions or sheet.unranked or sheet.unit_custom else set()
    )
    for at, exclusion in enumerate(sheet.exclusions):
        yield from exclusion_problems(exclusion, sheet.rubric.tree, ("exclusions", at))
        for place, unit in enumerate(exclusion.units or ()):
            if unit not in known:
                message = f"{unit!r} is no unit of this sheet{suggest(unit, sheet.units)}"
                yield Problem(("exclusions", at, "units", place), message, "unknown")
    for what, mapping in (
        ("exclusions", sheet.unit_exclusions),
        ("unranked", sheet.unranked),
        ("custom", sheet.unit_custom),
    ):
        for unit in mapping:
            if unit not in known:
                message = f"{unit!r} is no unit of this sheet{suggest(unit, sheet.units)}"
                yield Problem(("units", what), message, "unknown")
    for unit, own in sheet.unit_exclusions.items():
        for at, exclusion in enumerate(own if unit in known else ()):
            path = ("units", sheet.row(unit), "exclusions", at)
            yield from exclusion_problems(exclusion, sheet.rubric.tree, path)
            if exclusion.units is not None:
                yield Problem((*path, "units"), "belongs to decisions of the round; remove it", "units")
