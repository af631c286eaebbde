"""Columns out of any table (dict of columns, pandas, polars, pyarrow) by duck typing; text is never a number."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dti_core.errors import SHOWN, InvalidArgument, InvalidDocument, Path, Problem, shorten, suggest
from dti_core.exact import decimal_of
from dti_core.terms import CODE_LENGTH, Label, label_of, nfc, wrong_code, wrong_label, wrong_text

BOM = "\ufeff"
NUMBERS = {int, float, type(None)}
NEVER_MISSING = {str, bool, int, type(None)}


class Table:
    """Columns by header; headers match after Unicode normalisation, whatever the spaces in them.

    Raises :class:`~dti_core.InvalidArgument` for what is no table, :class:`~dti_core.InvalidDocument` with every
    header of ``wanted`` that is absent or there twice.
    """

    def __init__(self, source: Any, wanted: Iterable[Any]) -> None:
        self._source = source
        self._rows: int | None = None
        self._headers: dict[Any, list[Any]] = {}
        for header in _headers(source):
            self._headers.setdefault(header_key(header), []).append(header)
        problems = [*map(self._wrong, dict.fromkeys(wanted))]
        if any(problems):
            raise InvalidDocument("table", filter(None, problems))

    def __getitem__(self, header: Any) -> Any:
        """The column as the table has it."""
        return self._source[self._headers[header_key(header)][0]]

    def values(self, header: Any) -> list[Any]:
        """A column as plain Python values, None where the table has its own kind of nothing."""
        column = self[header]
        for attribute in ("to_pylist", "to_list", "tolist"):
            if hasattr(column, attribute):
                column = getattr(column, attribute)()
                break
        values = list(column)
        self._rows = len(values) if self._rows is None else self._rows
        if len(values) != self._rows:
            message = f"has {len(values)} rows, but the columns before it have {self._rows}"
            raise InvalidDocument("table", [Problem((header,), message, "length")])
        if all(kind in NEVER_MISSING for kind in set(map(type, values))):
            return values
        return [None if _is_missing(value) else value for value in values]

    def codes(self, header: Any) -> tuple[str, ...]:
        """A column of codes."""
        codes = self.values(header)
        if not _are_simple(codes):
            codes = [nfc(code) for code in codes]
            _refuse((row, header, wrong_code(code)) for row, code in enumerate(codes))
        return tuple(codes)

    def labels(self, header: Any) -> tuple[Label | None, ...]:
        """A column of names."""
        names = self.values(header)
        _refuse((row, header, _wrong_name(name)) for row, name in enumerate(names))
        return tuple(None if name is None else label_of(name) for name in names)

    def attribute(self, header: Any) -> Any:
        """A column of attribute values; whole numbers and truths stay an array."""
        column = self[header]
        is_whole = isinstance(column, np.ndarray) and column.dtype.kind in "iub" and column.ndim == 1
        return column if is_whole else self.values(header)

    def numbers(self, header: Any, rows: int, problems: list[Problem]) -> NDArray[Any]:
        """A column of numbers, NaN where one is missing."""
        column = self[header]
        values: NDArray[Any] = np.asarray(column)
        if values.shape != (rows,):
            problems.append(
                Problem((header,), f"has shape {values.shape}, but there are {rows} rows", "length")
            )
        elif values.dtype.kind not in "iuf" or _holds_truths(column):
            plain = self.values(header)
            if set(map(type, plain)) <= NUMBERS:
                with suppress(OverflowError):
                    return np.array(plain, dtype=np.float64)
            return numbers(np.array(plain, dtype=object), [(row, header) for row in range(rows)], problems)
        elif values.dtype.kind == "f" and values.dtype.itemsize < 8:
            return values.astype("U").astype(np.float64)
        return values

    def _wrong(self, header: Any) -> Problem | None:
        found = self._headers.get(header_key(header), [])
        if len(found) == 1:
            return None
        if found:
            return Problem((str(header),), "heads more than one column; keep one of them", "column")
        names = [name for name in self._headers if isinstance(name, str)]
        numeric = [name for name in self._headers if not isinstance(name, str) and str(name) == header]
        if numeric:
            message = (
                f"heads a column as the number {numeric[0]}; make the header text (1.10 as a number is 1.1)"
            )
        else:
            message = (
                f"is no column of the table{suggest(header_key(header), names)}; add it, or name its column"
            )
        return Problem((str(header),), message, "column")


def header_key(header: Any) -> Any:
    """What headers are compared by: NFC, without a byte order mark, one space where there are several."""
    return " ".join(nfc(header).removeprefix(BOM).split()) if isinstance(header, str) else header


def numbers(values: NDArray[Any], places: Sequence[Path], problems: list[Problem]) -> NDArray[np.float64]:
    """Mixed values as doubles, None and NaN as missing; anything else is a problem at its place."""
    result = np.full(values.size, np.nan)
    for at, value in enumerate(values.ravel().tolist()):
        number = decimal_of(value)
        if number is not None:
            result[at] = float(number)
        elif not _is_missing(value):
            problems.append(Problem(places[at], no_number(value), "number"))
            if len(problems) >= SHOWN:
                break
    return result


def no_number(value: object) -> str:
    """Why a value is refused as a number, and how to mend it."""
    if isinstance(value, str):
        return f"{shorten(value)} is text, and nothing is guessed; read the column as numbers, naming its decimal mark"
    return f"{shorten(value)} is no number; a missing mark is null"


def _headers(source: Any) -> Iterator[Any]:
    if not hasattr(source, "__getitem__") or hasattr(source, "collect"):
        raise InvalidArgument(
            f"{NO_TABLE}, not {shorten(source)}{'; collect it first' * hasattr(source, 'collect')}"
        )
    for attribute in ("column_names", "columns", "keys"):
        found = getattr(source, attribute, None)
        if found is not None:
            return iter(found() if callable(found) else found)
    raise InvalidArgument(f"{NO_TABLE}, not {shorten(source)}")


NO_TABLE = "a table is a dict of columns or a data frame of pandas, polars or pyarrow"


def _refuse(told: Iterable[tuple[int, Any, str | None]]) -> None:
    wrong = (Problem((row, header), message, "code") for row, header, message in told if message)
    problems = [*islice(wrong, SHOWN)]
    if problems:
        raise InvalidDocument("table", problems)


def _wrong_name(name: Any) -> str | None:
    if name is None or isinstance(name, str):
        return None if name is None else wrong_text(name)
    return wrong_label(label_of(name))


def _are_simple(codes: Sequence[Any]) -> bool:
    """Whether codes are so plain that they need not be looked at one by one."""
    if set(map(type, codes)) != {str}:
        return False
    joined, lengths = "".join(codes), set(map(len, codes))
    plain = joined.isascii() and joined.isprintable() and " " not in joined
    return plain and min(lengths) > 0 and max(lengths) <= CODE_LENGTH


def _holds_truths(column: Any) -> bool:
    """Whether a list has true and false among its numbers, which an array makes 1 and 0."""
    return isinstance(column, list | tuple) and not {bool, np.bool_}.isdisjoint(map(type, column))


def _is_missing(value: object) -> bool:
    return (
        value is None
        or (isinstance(value, float) and value != value)
        or type(value).__name__ in ("NAType", "NaTType")
    )
