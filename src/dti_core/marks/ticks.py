"""Marks into ticks: every mark checked once, a cache-sized chunk at a time."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from dti_core.applicability.compiled import compile_rubric
from dti_core.columns.chunks import in_chunks
from dti_core.errors import SHOWN, InvalidDocument, Path, Problem
from dti_core.exact import Rounding
from dti_core.rubric import Rubric

Place = Callable[[int, int], Path]
Ticks = NDArray[np.floating[Any]]


class Rows(Protocol):
    """Rows of marks that can be read a slice at a time."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Units, leaves."""

    def __getitem__(self, rows: slice, /) -> NDArray[Any]: ...


def ticks_of_marks(points: Rows, rubric: Rubric, place: Place, rounding: Rounding | None = None) -> Ticks:
    """Marks (units × leaves in document order, NaN for missing) in whole ticks, as float32 where that is exact.

    A float stands for the decimal it prints as. ``rounding`` takes marks with more decimals than the rubric's; without
    it they are refused, as are marks outside 0 to the leaf's maximum. ``place`` gives the path of a cell for errors.
    """
    compiled = compile_rubric(rubric)
    ticks = np.empty(points.shape, dtype=compiled.dtype)
    wrong: list[tuple[int, int, float]] = []

    def convert(pieces: Iterable[slice]) -> None:
        maxima = compiled.maxima.astype(np.float64)
        whole = back = np.empty((0, 0))
        for rows in pieces:
            values = _as_double(points[rows])
            if whole.shape != values.shape:
                whole, back = np.empty_like(values), np.empty_like(values)
            fits = _round_marks(values, compiled.scale, rounding, whole, back)
            fits &= whole <= maxima
            with np.errstate(over="ignore"):
                ticks[rows] = whole
            if not fits.all():
                bad = np.argwhere(~fits & ~np.isnan(values)).tolist()
                wrong.extend((rows.start + row, column, float(values[row, column])) for row, column in bad)

    in_chunks(convert, points.shape[0], points.shape[1])
    if wrong:
        raise InvalidDocument("marks", _mark_problems(sorted(wrong), rubric, place))
    ticks.flags.writeable = False
    return ticks


def _mark_problems(wrong: list[tuple[int, int, float]], rubric: Rubric, place: Place) -> Iterator[Problem]:
    for row, column, value in wrong[: SHOWN - 1]:
        yield Problem(place(row, column), _wrong_mark(value, rubric, column), "mark")
    if len(wrong) >= SHOWN:
        yield Problem((), f"{len(wrong) - SHOWN + 1} more marks are wrong", "mark")


def _as_double(values: NDArray[Any]) -> NDArray[np.float64]:
    """Doubles that print as the given numbers do; narrower floats go through their text."""
    if values.dtype.kind == "f" and values.dtype.itemsize < DOUBLE_BYTES:
        return values.astype("U").astype(np.float64)
    return values.astype(np.float64, copy=False)


DOUBLE_BYTES = 8


def _round_marks(
    values: NDArray[np.float64],
    scale: int,
    rounding: Rounding | None,
    ticks: NDArray[np.float64],
    back: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Write whole ticks; say which are the marks exactly (with ``rounding``: which are finite and not negative).

    k / scale is correctly rounded, hence the very double that the decimal reads as: equality is exactness. Ticks are
    made positive first, so that a negative mark equals none, and −0.0 becomes 0.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        np.multiply(values, scale, out=ticks)
        np.abs(ticks, out=ticks)
        np.rint(ticks, out=ticks)
        np.divide(ticks, scale, out=back)
        exact: NDArray[np.bool_] = back == values
        if rounding is None or exact.all():
            return exact
        below = ticks - (back > values)
        half = (10 * below + 5) / (10 * scale)
        up = {"half_up": values >= half, "half_even": (values > half) | ((values == half) & (below % 2 == 1))}
        ticks[...] = np.where(exact, ticks, below + up.get(rounding, np.False_))
        return np.isfinite(values) & (values >= 0)


def _wrong_mark(value: float, rubric: Rubric, column: int) -> str:
    maximum = compile_rubric(rubric).maxima[column] / 10**rubric.mark_decimals
    if not np.isfinite(value):
        return "is not finite; a missing mark is null"
    if value < 0:
        return f"is {value:.15g}; a mark is at least 0"
    if value > maximum:
        return f"is {value:.15g}; leaf {rubric.tree.leaves[column]!r} is worth at most {maximum:.15g}"
    return f"is {value!r}, more than {rubric.mark_decimals} decimals; round it (a table takes rounding='half_up')"
