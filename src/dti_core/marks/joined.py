"""Several sheets of one round as one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from dti_core.columns.factor import ABSENT, Factor, stacked
from dti_core.errors import MAX_PROBLEMS, InvalidArgument, Path, Problem, raise_all, shorten
from dti_core.marks.checks import BY_UNIT, OF_ROUND
from dti_core.words import COLUMNS

if TYPE_CHECKING:
    from dti_core.marks import MarkSheet

Sheets = Sequence["MarkSheet"]


def joined(sheets: Sheets) -> dict[str, Any]:
    """The fields of the sheet of all units of several.

    Raises :class:`~dti_core.InvalidDocument` for sheets of another rubric, period or stage and for units that are in
    two, :class:`~dti_core.InvalidArgument` where there are no sheets.
    """
    if not sheets:
        raise InvalidArgument(COLUMNS("join.nothing"))
    raise_all("sheets", chain(_of_another_round(sheets), _in_two(sheets)), MAX_PROBLEMS)
    first, *others = sheets
    columns = dict.fromkeys(chain.from_iterable(sheet.attributes for sheet in sheets))
    return {
        "rubric": first.rubric,
        "units": [*chain.from_iterable(sheet.units for sheet in sheets)],
        "ticks": first.held.followed_by(other.held for other in others),
        "names": [*chain.from_iterable(sheet.names or [None] * len(sheet.units) for sheet in sheets)],
        "attributes": {name: stacked([_column(name, sheet) for sheet in sheets]) for name in columns},
        **{
            name: dict(chain.from_iterable(getattr(sheet, name).items() for sheet in sheets))
            for name in BY_UNIT
        },
        **{name: [*_decisions(name, sheets)] for name in OF_ROUND},
        "period": _said("period", sheets),
        "stage": first.stage,
        "pinned": any(sheet.pinned for sheet in sheets),
        "custom": _said("custom", sheets),
    }


def _of_another_round(sheets: Sheets) -> Iterator[Problem]:
    """What sheets have to share with the first one, and free data with the first that has any."""
    first, custom = sheets[0], _said("custom", sheets)
    for at, sheet in enumerate(sheets):
        if sheet.rubric is not first.rubric and sheet.rubric != first.rubric:
            yield _other((at, "rubric"), "join.rubric", code=shorten(first.rubric.code))
        shared = {"period": (_period(sheet), _period(first)), "stage": (sheet.stage, first.stage)}
        for name, (own, other) in shared.items():
            if own != other:
                yield _other((at, name), "join.other", value=shorten(own), other=shorten(other))
        if sheet.custom is not None and sheet.custom != custom:
            yield _other((at, "custom"), "join.custom")


def _other(path: Path, phrase: str, **named: Any) -> Problem:
    return Problem(path, COLUMNS(phrase, **named), "join")


def _period(sheet: "MarkSheet") -> str | None:
    return sheet.period or sheet.rubric.period


def _in_two(sheets: Sheets) -> Iterator[Problem]:
    sheet_of: dict[str, int] = {}
    for at, sheet in enumerate(sheets):
        for row, unit in enumerate(sheet.units):
            if sheet_of.setdefault(unit, at) != at:
                message = COLUMNS("join.unit", unit=shorten(unit), at=sheet_of[unit])
                yield Problem((at, "units", row), message, "duplicate")


def _said(name: str, sheets: Sheets) -> Any:
    """What the first sheet says that says anything."""
    return next((getattr(sheet, name) for sheet in sheets if getattr(sheet, name) is not None), None)


def _column(name: str, sheet: "MarkSheet") -> Factor:
    return sheet.attributes.get(name) or Factor(np.full(len(sheet.units), ABSENT, dtype=np.int32), ())


def _decisions(name: str, sheets: Sheets) -> Iterator[Any]:
    """The decisions of all rounds: those of several sheets that differ in their units alone are one.

    One on all units stays so where every sheet has it; else it is on all units of those that do. Within a sheet like
    decisions stay apart: each of several lowers a grade.
    """
    units_of: dict[tuple[Any, int], dict[int, Sequence[str] | None]] = {}
    for at, sheet in enumerate(sheets):
        alike: Counter[Any] = Counter()
        for decision in getattr(sheet, name):
            bare = attrs.evolve(decision, units=None)
            units_of.setdefault((bare, alike[bare]), {})[at] = decision.units
            alike[bare] += 1
    peopled = [at for at, sheet in enumerate(sheets) if sheet.units]
    for (bare, _), by_sheet in units_of.items():
        units = [unit for at, own in by_sheet.items() for unit in (sheets[at].units if own is None else own)]
        if all(by_sheet.get(at, ()) is None for at in peopled):
            yield bare
        elif units:
            yield attrs.evolve(bare, units=units)
