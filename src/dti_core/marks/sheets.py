"""Tables of marks: wide (a row per unit, a column per leaf) or long (a row per unit and leaf)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.columns.factor import factor
from dti_core.columns.table import Table, header_key
from dti_core.errors import SHOWN, InvalidArgument, InvalidDocument, Path, Problem, shorten, suggest
from dti_core.marks.ticks import Rows
from dti_core.terms import Label, nfc, wrong_code


@attrs.frozen(kw_only=True)
class Layout:
    """Which column of a table holds what."""

    leaves: Sequence[str]
    unit: str
    name: str | None
    attributes: Sequence[str]
    #: what the table calls a leaf or an attribute → its code
    called: Mapping[Any, str]
    #: of a long table: the columns of leaf codes and of marks; None: the table is wide
    leaf: str | None
    mark: str

    def header(self, code: str) -> Any:
        """What the table calls a leaf or an attribute."""
        return next((header for header, meant in self.called.items() if nfc(meant) == code), code)

    def check(self) -> None:
        """Refuse names for what the rubric does not have, and two names for one thing."""
        known = [*self.leaves, *self.attributes]
        codes = [nfc(code) for code in self.called.values()]
        problems = [
            Problem(
                (str(header),),
                f"{shorten(code)} is no leaf and no attribute{suggest(code, known)}",
                "unknown",
            )
            for header, code in zip(self.called, codes, strict=True)
            if code not in known
        ]
        problems += [
            Problem((str(header),), f"is a second name for {shorten(code)}; keep one", "duplicate")
            for at, (header, code) in enumerate(zip(self.called, codes, strict=True))
            if code in codes[:at]
        ]
        if problems:
            raise InvalidDocument("columns", problems)


@attrs.frozen(kw_only=True)
class Sheet:
    """What a table of marks holds, still in points."""

    units: tuple[str, ...]
    #: (units, leaves)
    points: Rows
    #: where a mark stands in the table
    place: Callable[[int, int], Path]
    names: tuple[Label | None, ...] | None
    attributes: dict[str, Any]


def read_sheet(source: Any, layout: Layout) -> Sheet:
    """Read a table of marks; raises :class:`~dti_core.InvalidDocument` with row and column of what is wrong."""
    if not isinstance(layout.called, Mapping):
        raise InvalidArgument(f"columns maps headers to codes; {shorten(layout.called)} does not")
    layout.check()
    return _wide(source, layout) if layout.leaf is None else _long(source, layout, layout.leaf)


def _wide(source: Any, layout: Layout) -> Sheet:
    headers = [layout.header(leaf) for leaf in layout.leaves]
    table = Table(source, [*_about_units(layout), *headers])
    units = table.codes(layout.unit)
    return Sheet(
        units=units,
        points=_Columns(table, headers, len(units)),
        place=lambda row, at: (row, str(headers[at])),
        names=None if layout.name is None else table.labels(layout.name),
        attributes={each: table.attribute(layout.header(each)) for each in layout.attributes},
    )


def _about_units(layout: Layout) -> list[Any]:
    named = [] if layout.name is None else [layout.name]
    return [layout.unit, *named, *map(layout.header, layout.attributes)]


class _Columns:
    """Columns of marks as an array of rows, stacked only where they are read."""

    def __init__(self, table: Table, headers: Sequence[Any], rows: int) -> None:
        problems: list[Problem] = []
        self._columns = [table.numbers(header, rows, problems) for header in headers]
        if problems:
            raise InvalidDocument("table", problems[:SHOWN])
        self.shape = (rows, len(headers))

    def __getitem__(self, rows: slice) -> NDArray[np.float64]:
        chunk = np.empty((self.shape[1], rows.stop - rows.start))
        for at, column in enumerate(self._columns):
            chunk[at] = column[rows]
        return chunk.T


def _long(source: Any, layout: Layout, leaf: str) -> Sheet:
    table = Table(source, [*_about_units(layout), leaf, layout.mark])
    units, unit_of = _distinct(table, layout.unit, {})
    leaf_codes = {header_key(name): nfc(code) for name, code in layout.called.items()}
    leaf_codes |= {code: code for code in layout.leaves if code not in leaf_codes.values()}
    found, leaf_of = _distinct(table, leaf, leaf_codes)
    column = np.array([layout.leaves.index(code) for code in found], dtype=np.intp)[leaf_of]
    cell = unit_of * len(layout.leaves) + column
    row_of = _first_rows(cell, len(units) * len(layout.leaves))
    problems = _twice(cell, row_of, leaf, units, layout.leaves)
    marks = table.numbers(layout.mark, len(cell), problems)
    if problems:
        raise InvalidDocument("table", problems[:SHOWN])
    points = np.full((len(units), len(layout.leaves)), np.nan)
    points.ravel()[cell] = marks
    first = _first_rows(unit_of, len(units))

    def once(header: Any, values: Sequence[Any]) -> list[Any]:
        return _once_per_unit(header, values, unit_of, first, units)

    return Sheet(
        units=units,
        points=points,
        place=lambda row, at: (int(row_of[row * len(layout.leaves) + at]), layout.mark),
        names=None if layout.name is None else tuple(once(layout.name, table.labels(layout.name))),
        attributes={
            each: once(layout.header(each), table.values(layout.header(each))) for each in layout.attributes
        },
    )


def _distinct(
    table: Table, header: str, called: Mapping[str, str]
) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """The distinct codes of a column, in order of appearance, and which of them each row has.

    ``called``, where given, is every name that may stand in the column, and the code it means.
    """
    names: dict[Any, int] = {}
    name_of = [names.setdefault(value, len(names)) for value in table.values(header)]
    places: dict[Any, int] = {}
    place_of, problems = [], []
    for at, name in enumerate(names):
        code = called.get(header_key(name)) if called else nfc(name)
        message = wrong_code(nfc(name)) if code is None or not called else None
        if code is None and message is None:
            message = f"{shorten(name)} is no leaf{suggest(name, [*called])}"
        if message:
            problems.append(Problem((name_of.index(at), header), message, "code"))
        place_of.append(places.setdefault(code, len(places)))
    if problems:
        raise InvalidDocument("table", problems[:SHOWN])
    return tuple(places), np.array(place_of, dtype=np.intp)[np.array(name_of, dtype=np.intp)]


def _first_rows(numbers: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """The first row with each number from 0 to ``count``."""
    first = np.zeros(count, dtype=np.intp)
    first[numbers[::-1]] = np.arange(len(numbers) - 1, -1, -1)
    return first


def _twice(
    cell: NDArray[np.intp],
    row_of: NDArray[np.intp],
    header: str,
    units: Sequence[str],
    leaves: Sequence[str],
) -> list[Problem]:
    problems = []
    for row in np.flatnonzero(row_of[cell] != np.arange(len(cell)))[:SHOWN].tolist():
        unit, leaf = divmod(int(cell[row]), len(leaves))
        message = f"unit {units[unit]!r} has leaf {leaves[leaf]!r} already in row {row_of[cell[row]]}"
        problems.append(Problem((row, header), f"{message}; keep one of them", "duplicate"))
    return problems


def _once_per_unit(
    header: Any,
    values: Sequence[Any],
    unit_of: NDArray[np.intp],
    first: NDArray[np.intp],
    units: Sequence[str],
) -> list[Any]:
    """One value per unit; a unit whose rows do not agree is refused."""
    codes = factor(values).codes
    wrong = np.flatnonzero(codes != codes[first[unit_of]])[:SHOWN].tolist()
    if wrong:
        message = "is not what row {} has for unit {!r}; a unit has one value"
        problems = [
            Problem((row, str(header)), message.format(first[unit_of[row]], units[unit_of[row]]), "value")
            for row in wrong
        ]
        raise InvalidDocument("table", problems)
    return [values[row] for row in first.tolist()]
