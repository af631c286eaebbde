"""What the fields of a mark sheet take: lists, mappings by unit, free data; converted, and frozen."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, TypedDict

from dti_core.columns.cells import cells
from dti_core.columns.codes import Codes, codes, mapping, names
from dti_core.columns.factor import Factor, factor
from dti_core.columns.frozen import Frozen, frozen
from dti_core.errors import InvalidArgument, InvalidDocument, Path, Problem, shorten
from dti_core.rubric.exclusions import Exclusion, Unranked
from dti_core.rubric.grades import GradeLimit
from dti_core.terms import CODE_LENGTH, Label, nfc, wrong_text
from dti_core.words import COLUMNS

MAX_ATTRIBUTES = 200
"""A sheet has a column for each name: names that units do not share would take units × names."""
Decisions = tuple[Exclusion, ...]
GradeLimits = tuple[GradeLimit, ...]
Stage = Literal["self", "appraised"]


class Facts(TypedDict, total=False):
    """Fields of a sheet that it is given as they are, whatever its marks are read from."""

    unit_exclusions: Mapping[str, Iterable[Exclusion]] | None
    grade_limits: Iterable[GradeLimit]
    unit_grade_limits: Mapping[str, Iterable[GradeLimit]] | None
    unranked: Mapping[str, Unranked] | None
    unit_custom: Mapping[str, Mapping[str, Any]] | None
    period: str | None
    stage: Stage | None
    pinned: bool
    custom: Mapping[str, Any] | None


def unit_codes(units: Any) -> tuple[str, ...]:
    """Codes of units, in their order."""
    if isinstance(units, Codes):
        return units
    return codes(cells(units, "units"), "marks", lambda row: ("units", row, "code"))


def names_of(listed: Any) -> tuple[Label | None, ...] | None:
    """A name or none for each unit; None where no unit has one."""
    if listed is None:
        return None
    labels = names(cells(listed, "names"), "marks", lambda row: ("units", row, "name"))
    return labels if any(labels) else None


def attributes_of(columns: Any) -> Mapping[str, Factor]:
    """A factor for each attribute."""
    by_name = frozen_by_code(columns, "attributes")
    for count, name in enumerate(by_name, start=1):
        if count > MAX_ATTRIBUTES:
            raise _invalid(("attributes", name), "attributes", count=count, most=MAX_ATTRIBUTES)
        if wrong_text(name) or len(name) > CODE_LENGTH:
            raise _invalid(("attributes", str(name)), "named", value=shorten(name), most=CODE_LENGTH)
    return Frozen({name: factor(column, f"attributes[{name!r}]") for name, column in by_name.items()})


def exclusions_of(listed: Any) -> Decisions:
    """Decisions, in their order."""
    return _listed(Exclusion, listed, ("exclusions",))


def exclusions_by_unit(values: Any) -> Mapping[str, Decisions]:
    """Decisions on one unit each, of the units that have any."""
    return _listed_by_unit(Exclusion, values, "unit_exclusions")


def grade_limits_of(listed: Any) -> GradeLimits:
    """Decisions on grades, in their order."""
    return _listed(GradeLimit, listed, ("grade_limits",))


def grade_limits_by_unit(values: Any) -> Mapping[str, GradeLimits]:
    """Decisions on the grade of one unit each, of the units that have any."""
    return _listed_by_unit(GradeLimit, values, "unit_grade_limits")


def _listed(kind: type, listed: Any, path: Path) -> tuple[Any, ...]:
    decisions = cells(listed, ".".join(map(str, path)))
    return tuple(_needed(kind, decision, (*path, at)) for at, decision in enumerate(decisions))


def _listed_by_unit(kind: type, values: Any, name: str) -> Frozen[str, Any]:
    by_unit = frozen_by_code(values, name, lambda listed, path: _listed(kind, listed, path))
    return Frozen({unit: decisions for unit, decisions in by_unit.items() if decisions})


def unranked_of(values: Any) -> Mapping[str, Unranked]:
    """Why units are not ranked."""
    return frozen_by_code(values, "unranked", lambda why, path: _needed(Unranked, why, path))


def custom_by_unit(values: Any) -> Mapping[str, Mapping[str, Any]]:
    """Free data of units."""
    return frozen_by_code(values, "unit_custom", custom_of)


def custom_of(value: Any, path: Path = ("custom",)) -> Any:
    """Free data: an object of JSON, or None."""
    if value is None:
        return None
    _needed(dict, value, path)
    try:
        return frozen(value)
    except (TypeError, ValueError, RecursionError):
        raise _invalid(path, "json", value=shorten(value)) from None


def _needed(kind: Any, value: Any, path: Path) -> Any:
    if isinstance(value, kind):
        return value
    raise _invalid(path, "needed", kind=kind.__name__, value=shorten(value))


def _as_it_is(value: Any, _: Path) -> Any:
    return value


def frozen_by_code(values: Any, name: str, make: Callable[[Any, Path], Any] = _as_it_is) -> Frozen[str, Any]:
    """What is made of a mapping by codes, which are put in normal form C."""
    by_code = mapping(name, values)
    made = {nfc(code): make(value, (name, str(code))) for code, value in by_code.items()}
    if len(made) < len(by_code):
        raise InvalidArgument(COLUMNS("twice_named", name=name))
    return Frozen(made)


def _invalid(path: Path, phrase: str, **values: Any) -> InvalidDocument:
    return InvalidDocument("marks", [Problem(path, COLUMNS(phrase, **values))])
