"""Numbers of any kind, exactly: doubles that stand for the decimals they print as, fractions for what no double is."""

import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import date
from fractions import Fraction
from types import NoneType
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.columns.cells import one_line, plain
from dti_core.errors import SHOWN, Path, Problem, shorten
from dti_core.exact import EXACT_DOUBLE, decimal_of
from dti_core.words import COLUMNS, Sentence

HELD = re.compile(r"(u?int(8|16|32|64)|(half)?float\d*|double)(\[pyarrow\])?", re.IGNORECASE)
"""How libraries call the types whose columns an array holds as they are, but for nulls beside large whole numbers."""
Place = Callable[[int], Path]
Markers = Collection[str]
SIX_DIGITS = 999_999
LONGEST = 5000
"""More digits than this, before the point or after it, are written by accident or to do harm."""
DOUBLE = 8
"""Bytes of a double."""
KINDS: Mapping[str, Any] = {"text": str, "date": (date, np.datetime64)}


@attrs.frozen(eq=False)
class Numbers:
    """The numbers of a column, or of rows of them, each held exactly."""

    #: whole numbers, or floats that stand for the decimals they print as; NaN where missing, or not held here
    values: NDArray[Any]
    #: by place, the numbers that no double stands for
    exact: Mapping[int, Fraction] = attrs.field(factory=dict)
    #: by place, the texts that are among the markers
    marked: Mapping[int, str] = attrs.field(factory=dict)

    def doubles(self, rows: slice, scale: int) -> NDArray[np.float64]:
        """Some rows as doubles; short floats quickly where they stand for whole ticks of 1 / ``scale``."""
        return as_doubles(self.values[rows], scale)

    def keys(self) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Whole numbers that stand in the order of the numbers, equal where those are; and which are missing."""
        missing: NDArray[np.bool_] = np.isnan(self.values)
        if not self.exact:
            places = np.unique(np.where(missing, 0, self.values), return_inverse=True)[1]
            return places.astype(np.int64), missing
        missing[[*self.exact]] = False
        listed = [self.exact.get(at, _comparable(value)) for at, value in enumerate(self.values.tolist())]
        key_of = {number: key for key, number in enumerate(sorted({*listed}))}
        return np.array([key_of[number] for number in listed], dtype=np.int64), missing


def numbers(column: Any, name: str, place: Place, problems: list[Problem], markers: Markers = ()) -> Numbers:
    """The numbers of a column, masked and null ones missing; what is no number nor marker is a problem at its place.

    Raises :class:`~dti_core.InvalidArgument` for what is no column.
    """
    held = held_array(column)
    if held is not None and held.ndim == 1:
        return Numbers(held)
    cells = plain(column, name)
    values = np.full(len(cells), np.nan)
    exact: dict[int, Fraction] = {}
    marked: dict[int, str] = {}
    for at, cell in enumerate(cells):
        number = exactly(cell)
        if isinstance(number, float):
            values[at] = number
        elif number is not None:
            exact[at] = number
        elif isinstance(cell, str) and one_line(cell) in markers:
            marked[at] = one_line(cell)
        elif cell is not None:
            problems.append(Problem(place(at), no_number(cell), "number"))
            if len(problems) >= SHOWN:
                break
    return Numbers(values, exact, marked)


def exactly(value: Any) -> float | Fraction | None:
    """The double that stands for a number, or else the fraction that it is; None for what is no number.

    >>> exactly(0.1), exactly(2**53 + 1), exactly(True), exactly("1")
    (0.1, Fraction(9007199254740993, 1), None, None)
    """
    if isinstance(value, float | Fraction):
        return value
    if isinstance(value, np.floating) and (isinstance(value, np.longdouble) or np.isinf(value)):
        value = float(value) if float(value) == value else value
    number = decimal_of(value)
    if number is None or abs(number.adjusted()) > LONGEST:
        return None
    double = float(number)
    return double if decimal_of(double) == number else Fraction(number)


def is_short(values: NDArray[Any]) -> bool:
    """Whether an array is of floats shorter than doubles."""
    return values.dtype.kind == "f" and values.dtype.itemsize < DOUBLE


def as_doubles(values: NDArray[Any], scale: int) -> NDArray[np.float64]:
    """Doubles that print as the given numbers do.

    A float32 of up to six digits is the nearest one to a single decimal of six digits, which is the one it prints as;
    k / scale is that decimal's own double. Others go through their text.
    """
    if not is_short(values):
        return values.astype(np.float64, copy=False)
    doubles = np.rint(values.astype(np.float64) * scale)
    with np.errstate(invalid="ignore", over="ignore"):
        known = np.abs(doubles) <= (SIX_DIGITS if values.dtype == np.float32 else -1)
        doubles /= scale
        known &= doubles.astype(values.dtype) == values
    rest = ~known & ~np.isnan(values)
    if rest.any():
        distinct, place = np.unique(values[rest], return_inverse=True)
        doubles[rest] = distinct.astype("U").astype(np.float64)[place]
    return doubles


def no_number(value: object) -> Sentence:
    """Why a value is refused as a number, and how to mend it."""
    kind = next((kind for kind, types in KINDS.items() if isinstance(value, types)), "no_number")
    return COLUMNS(kind, value=shorten(value))


def held_array(column: Any) -> NDArray[Any] | None:
    """An array that holds the numbers of a column as they are, or None where only a look at each cell tells."""
    kind = str(getattr(column, "dtype", getattr(column, "type", "int")))
    values = _as_array(column, kind)
    if values is None or values.dtype.kind not in "iuf":
        return None
    if values.dtype.itemsize > DOUBLE:
        with np.errstate(over="ignore"):
            doubles = values.astype(np.float64)
        return doubles if ((doubles == values) | np.isnan(values)).all() else None
    beside_nulls = values.dtype.kind == "f" and "int" in kind.lower()
    return None if beside_nulls and (np.abs(values) >= EXACT_DOUBLE).any() else values


def _as_array(column: Any, kind: str) -> NDArray[Any] | None:
    if isinstance(column, np.ma.MaskedArray):
        return column.filled(np.nan) if column.dtype.kind == "f" else None
    if isinstance(column, list | tuple):
        kinds = set(map(type, column))
        with suppress(OverflowError):
            if kinds <= {int, float, NoneType}:
                return np.array(column, dtype=np.int64 if kinds == {int} else np.float64)
        return None
    return np.asarray(column) if HELD.fullmatch(kind) else None


def _comparable(value: float) -> float | Fraction:
    number = decimal_of(value)
    return Fraction(number) if number is not None else 0.0 if value != value else value
