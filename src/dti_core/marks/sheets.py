"""Tables of marks: wide (a row per unit, a column per leaf) or long (a row per unit and leaf)."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.columns.cells import one_line
from dti_core.columns.codes import listed_codes
from dti_core.columns.factor import ABSENT, Factor, factor, first_rows
from dti_core.columns.numbers import Numbers, as_doubles, is_short
from dti_core.columns.table import SourceTable
from dti_core.errors import SHOWN, Problem, SheetRow, raise_all, shorten
from dti_core.marks.layout import Layout
from dti_core.marks.ticks import Cell, Unchecked
from dti_core.terms import Label, wrong_code
from dti_core.words import COLUMNS, near


@attrs.frozen
class MarksTable:
    """What a table of marks holds, still in points."""

    units: tuple[str, ...]
    marks: Unchecked
    names: Sequence[Label | None] | None
    attributes: dict[str, Any]


def read_table(source: Any, layout: Layout, roster: Any, markers: Collection[str]) -> MarksTable:
    """Read a table of marks; raises :class:`~dti_core.InvalidDocument` with row and column of what is wrong."""
    if layout.leaf is None:
        return _wide(source, layout, roster, markers)
    return _long(source, layout, layout.leaf, roster, markers)


def _wide(source: Any, layout: Layout, roster: Any, markers: Collection[str]) -> MarksTable:
    headers = [layout.header(leaf) for leaf in layout.leaves]
    table = SourceTable(source, [*layout.about_units, *headers])
    units = table.codes(layout.unit)
    raise_all("table", _off_roster(roster, units, range(len(units)), layout.unit), SHOWN)
    problems: list[Problem] = []
    columns = [table.numbers(header, len(units), units.__getitem__, problems, markers) for header in headers]
    raise_all("table", problems, SHOWN)

    held = [column.values for column in columns]
    kind = np.float32 if all(values.dtype == np.float32 for values in held) else np.float64
    mixed = kind == np.float64 and any(map(is_short, held))

    def stacked(rows: slice, scale: int) -> NDArray[np.float64]:
        chunk = np.empty((len(held), rows.stop - rows.start), dtype=kind)
        for at, values in enumerate(held):
            chunk[at] = as_doubles(values[rows], scale) if mixed else values[rows]
        return as_doubles(chunk.T, scale)

    marks = Unchecked(
        shape=(len(units), len(headers)),
        rows=stacked,
        place=lambda row, at: (SheetRow(row, units[row]), str(headers[at])),
        exact={(row, at): mark for at, column in enumerate(columns) for row, mark in column.exact.items()},
        marked={(row, at): text for at, column in enumerate(columns) for row, text in column.marked.items()},
    )
    names = None if layout.name is None else table.names(layout.name)
    return MarksTable(
        units, marks, names, {name: table.attribute(layout.header(name)) for name in layout.attributes}
    )


def _long(source: Any, layout: Layout, leaf: str, roster: Any, markers: Collection[str]) -> MarksTable:
    table, width = SourceTable(source, [*layout.about_units, leaf, layout.mark]), len(layout.leaves)
    units, unit_of = _distinct(table, layout.unit, None)
    first = first_rows(unit_of, len(units))
    raise_all("table", _off_roster(roster, units, first, layout.unit), SHOWN)
    meanings = {code: code for code in layout.leaves if code not in layout.called.values()}
    meanings |= {one_line(name): code for name, code in layout.called.items()}
    listed, leaf_of = _distinct(table, leaf, meanings)
    cell = unit_of * width + np.array([layout.leaves.index(code) for code in listed], dtype=np.intp)[leaf_of]
    row_of = first_rows(cell, len(units) * width)
    problems = [*_twice(cell, row_of, leaf, units, layout.leaves)]
    column = table.numbers(layout.mark, len(cell), lambda row: units[unit_of[row]], problems, markers)
    raise_all("table", problems, SHOWN)
    spread = np.full((len(units), width), np.nan, dtype=np.result_type(column.values, np.float16))
    spread.ravel()[cell] = column.values

    def by_cell(by_row: Mapping[int, Any]) -> dict[Cell, Any]:
        return {divmod(int(cell[row]), width): value for row, value in by_row.items()}

    def once(header: Any, known: Factor) -> Factor:
        raise_all("table", _changing(header, known.codes, unit_of, first, units), SHOWN)
        return known.of_rows(first)

    labels, names = [] if layout.name is None else table.names(layout.name), None
    if layout.name is not None:
        once(layout.name, factor(labels, layout.name))
        names = [labels[row] for row in first.tolist()]

    marks = Unchecked(
        shape=(len(units), width),
        rows=Numbers(spread).doubles,
        place=lambda row, at: (SheetRow(row_of[row * width + at], units[row]), layout.mark),
        exact=by_cell(column.exact),
        marked=by_cell(column.marked),
    )
    headers = {name: layout.header(name) for name in layout.attributes}
    return MarksTable(
        units, marks, names, {name: once(header, table.factor(header)) for name, header in headers.items()}
    )


def _distinct(
    table: SourceTable, header: str, meanings: Mapping[str, str] | None
) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """The distinct codes of a column, in order of appearance, and which of them each row has.

    ``meanings``, where given, are all names that may stand in the column, and the codes they mean.
    """
    names = table.factor(header)
    first = first_rows(names.codes + 1, len(names.values) + 1).tolist()
    lacking = np.flatnonzero(names.codes == ABSENT)[:1].tolist()
    places: dict[Any, int] = {}
    place_of, problems = [], []
    for row, value in zip([*first[1:], *lacking], [*names.values, None], strict=False):
        code = value if meanings is None else meanings.get(one_line(value))
        message = wrong_code(value if code is None else code)
        if message is None and code is None:
            message = COLUMNS("unmarked", leaf=shorten(value), near=near(value, meanings or ()))
        if message:
            problems.append(Problem((SheetRow(row), header), message, "code"))
        place_of.append(places.setdefault(code, len(places)))
    raise_all("table", problems, SHOWN)
    return tuple(places), np.array(place_of, dtype=np.intp)[names.codes]


def _off_roster(roster: Any, units: Sequence[str], rows: Iterable[int], header: str) -> Iterator[Problem]:
    """Units that are not on the roster, and units of the roster that are not there."""
    if roster is None:
        return
    expected = dict.fromkeys(listed_codes("roster", roster))
    for row, unit in zip(rows, units, strict=True):
        if unit not in expected:
            yield Problem((SheetRow(row), header), COLUMNS("stranger", unit=unit), "roster")
    here = set(units)
    for unit in expected:
        if unit not in here:
            yield Problem((), COLUMNS("absentee", unit=unit), "roster")


def _twice(
    cell: NDArray[np.intp], row_of: NDArray[np.intp], header: str, units: Sequence[str], leaves: Sequence[str]
) -> Iterator[Problem]:
    for row in np.flatnonzero(row_of[cell] != np.arange(len(cell)))[:SHOWN].tolist():
        unit, leaf = divmod(int(cell[row]), len(leaves))
        values = {
            "unit": units[unit],
            "leaf": leaves[leaf],
            "row": SheetRow(row_of[cell[row]]).number,
        }
        yield Problem((SheetRow(row), header), COLUMNS("marked_twice", **values), "duplicate")


def _changing(
    header: Any,
    known: NDArray[np.int32],
    unit_of: NDArray[np.intp],
    first: NDArray[np.intp],
    units: Sequence[str],
) -> Iterator[Problem]:
    """Rows that do not say of a unit what its first row says."""
    for row in np.flatnonzero(known != known[first[unit_of]])[:SHOWN].tolist():
        before, unit = first[unit_of[row]], units[unit_of[row]]
        message = COLUMNS("changing", row=SheetRow(before).number, unit=unit)
        yield Problem((SheetRow(row), str(header)), message, "value")
