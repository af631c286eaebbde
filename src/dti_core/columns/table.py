"""Columns out of any table (dict of columns, list of rows, data frame, Arrow stream) by duck typing."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dti_core.columns import codes
from dti_core.columns.cells import labels_of, match_labels, one_line, plain
from dti_core.columns.encoded import encoded
from dti_core.columns.factor import Factor, factor, is_whole
from dti_core.columns.numbers import Numbers, as_doubles, held_array, numbers
from dti_core.errors import InvalidArgument, InvalidDocument, Path, Problem, SheetRow, raise_all, shorten
from dti_core.terms import Label
from dti_core.terms.lookups import grouped
from dti_core.words import COLUMNS, Sentence, near

FRAMES = ("iloc", "get_column", "column_names")
"""What tells the data frames of pandas, of polars and narwhals, and of pyarrow."""


class SourceTable:
    """Columns by header; headers match after Unicode normalisation, whatever the spaces in them.

    Raises :class:`~dti_core.InvalidArgument` for what is no table, :class:`~dti_core.InvalidDocument` with every
    header of ``wanted`` that is absent or there twice.
    """

    def __init__(self, source: Any, wanted: Iterable[Any]) -> None:
        self._source = _opened(source)
        self._rows: int | None = None
        self._headers = grouped((one_line(header), header) for header in _headers(self._source))
        wanted = [*wanted]
        for header in wanted:
            if not isinstance(header, str | int | float | tuple):
                raise InvalidArgument(COLUMNS("no_heading", value=shorten(header)))
        messages = ((header, self._wrong(header)) for header in dict.fromkeys(wanted))
        problems = [Problem((str(header),), message, "column") for header, message in messages if message]
        raise_all("table", problems)
        if isinstance(source, Mapping):
            match_labels({header: self[header] for header in wanted})

    def __getitem__(self, header: Any) -> Any:
        """The column as the table has it."""
        return self._source[self._headers[one_line(header)][0]]

    def values(self, header: Any) -> list[Any]:
        """A column as plain Python values, None where the table has its own kind of nothing."""
        values = plain(self[header], str(header))
        self._check_rows(header, len(values))
        return values

    def factor(self, header: Any) -> Factor:
        """The distinct values of a column, and which of them each row has."""
        column = self[header]
        known = encoded(column)
        if known is None:
            held = None if isinstance(column, list) else held_array(column)
            known = factor(held if is_whole(held) else self.values(header), str(header))
        self._check_rows(header, len(known.codes))
        return known

    def _check_rows(self, header: Any, count: int) -> None:
        self._rows = count if self._rows is None else self._rows
        if count != self._rows:
            message = COLUMNS("rows", count=count, rows=self._rows)
            raise InvalidDocument("table", [Problem((header,), message, "length")])

    def codes(self, header: Any) -> tuple[str, ...]:
        """A column of codes."""
        return codes.codes(self.values(header), "table", lambda row: (SheetRow(row), header))

    def names(self, header: Any) -> tuple[Label | None, ...]:
        """A column of names."""
        return codes.names(self.values(header), "table", lambda row: (SheetRow(row), header))

    def attribute(self, header: Any) -> Any:
        """A column of attribute values; whole numbers and truths stay an array."""
        return self[header] if is_whole(self[header]) else self.values(header)

    def numbers(
        self,
        header: Any,
        rows: int,
        unit: Callable[[int], str],
        problems: list[Problem],
        markers: Collection[str] = (),
    ) -> Numbers:
        """A column of numbers; ``unit`` gives the code of the one that a row is about."""
        place = partial(_place, header, unit)
        read = numbers(self[header], str(header), place, problems, markers)
        if read.values.shape != (rows,):
            message = COLUMNS("shape", shape=read.values.shape, rows=rows)
            problems.append(Problem((header,), message, "length"))
        return read

    def doubles(self, header: Any, units: Sequence[str], problems: list[Problem]) -> NDArray[np.float64]:
        """A column of numbers, one for each unit, as doubles; what no double stands for is a problem."""
        read = self.numbers(header, len(units), units.__getitem__, problems)
        for row, number in read.exact.items():
            place = _place(header, units.__getitem__, row)
            problems.append(Problem(place, COLUMNS("digits", value=number), "number"))
        return as_doubles(read.values, 1)

    def _wrong(self, header: Any) -> Sentence | None:
        alike = self._headers.get(one_line(header), [])
        if len(alike) == 1:
            return None
        if alike:
            return COLUMNS("twice")
        numeric = [name for name in self._headers if not isinstance(name, str) and str(name) == header]
        if numeric:
            return COLUMNS("numeric", number=numeric[0])
        like = near(one_line(header), [name for name in self._headers if isinstance(name, str)])
        is_indexed = not isinstance(self._source, Mapping) and labels_of(self._source) is not None
        return COLUMNS("index") if is_indexed and not like else COLUMNS("absent", near=like)


def _place(header: Any, unit: Callable[[int], str], row: int) -> Path:
    return SheetRow(row, unit(row)), header


class RowTable:
    """A list of rows as columns; a heading that a row lacks is missing there."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self.rows = [*rows]
        for at, row in enumerate(self.rows):
            if not isinstance(row, Mapping):
                raise InvalidArgument(COLUMNS("row", row=at, value=shorten(row)))

    def keys(self) -> Iterable[Any]:
        """Every heading, in order of appearance."""
        return dict.fromkeys(header for row in self.rows for header in row)

    def __getitem__(self, header: Any) -> list[Any]:
        return [row.get(header) for row in self.rows]


def _opened(source: Any) -> Any:
    """What gives columns by header."""
    if isinstance(source, list | tuple):
        return RowTable(source)
    is_frame = any(hasattr(source, name) for name in FRAMES) and getattr(source, "ndim", 2) == 2
    if isinstance(source, Mapping) or (is_frame and not isinstance(source, type)):
        return source
    if hasattr(source, "__arrow_c_stream__"):
        return _streamed(source)
    phrase = "collect" if hasattr(source, "collect") else "no_table"
    raise InvalidArgument(COLUMNS(phrase, value=shorten(source)))


def _streamed(source: Any) -> Any:
    try:
        import pyarrow as pa
    except ImportError:
        raise InvalidArgument(COLUMNS("pyarrow", value=shorten(source))) from None
    try:
        return pa.table(source)
    except (TypeError, pa.ArrowException):
        raise InvalidArgument(COLUMNS("no_table", value=shorten(source))) from None


def _headers(source: Any) -> Iterable[Any]:
    if hasattr(source, "column_names"):
        return [*source.column_names]
    return [*(source.keys() if isinstance(source, Mapping | RowTable) else source.columns)]
