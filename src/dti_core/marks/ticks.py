"""Marks into ticks: every mark checked once, a cache-sized chunk at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, get_args

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.applicability.compiled import Compiled, compile_rubric
from dti_core.columns.chunks import in_chunks
from dti_core.columns.codes import option
from dti_core.columns.factor import locked, same
from dti_core.errors import SHOWN, InvalidDocument, Path, Problem
from dti_core.exact import Rounding, decimal_of, round_fraction
from dti_core.rubric import Rubric
from dti_core.words import COLUMNS, Sentence

Cell = tuple[int, int]
Place = Callable[[int, int], Path]
Ticks = NDArray[np.floating[Any]]
Rows = NDArray[np.intp]
Unfit = tuple[int, int, float | Fraction]
Checks = tuple[tuple[str, ...], tuple[tuple[int, int], ...], int, str]
"""The leaves, the lowest and the highest mark of each, the ticks in a mark of 1, and the kind of float."""


@attrs.frozen
class Held:
    """Marks that were checked against a rubric: all that a mark sheet takes. Only this module makes them."""

    #: (units, leaves) in whole ticks of 10^-mark_decimals, NaN where missing; read-only
    ticks: Ticks = attrs.field(converter=locked, eq=attrs.cmp_using(eq=same))
    #: what they were checked against
    checked_by: Checks

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.ticks, self.checked_by)

    def fits(self, rubric: Rubric) -> bool:
        """Whether they are marks on the leaves of a rubric."""
        return self.checked_by == _checks(compile_rubric(rubric))

    def where(self, these: NDArray[np.bool_], others: "Held") -> "Held":
        """These marks where it says so, and the others elsewhere."""
        return Held(np.where(these, self.ticks, others.ticks), self.checked_by)

    def changed(self, rows: Rows, these: NDArray[np.bool_], others: "Held") -> "Held":
        """These marks with the others, of some rows alone, where ``these`` (rows, leaves) says so."""
        ticks = self.ticks.copy()
        ticks[rows] = np.where(these, others.ticks, ticks[rows])
        return Held(ticks, self.checked_by)

    def of_rows(self, rows: Rows) -> "Held":
        """The marks of some rows."""
        return Held(self.ticks[rows], self.checked_by)

    def followed_by(self, others: Iterable["Held"]) -> "Held":
        """These marks, and below them others of the same rubric."""
        return Held(np.concatenate([self.ticks, *(other.ticks for other in others)]), self.checked_by)


@attrs.frozen(eq=False)
class Unchecked:
    """Marks in points, units × leaves, that may not be marks at all."""

    shape: tuple[int, int]
    #: of some units and the ticks in a point: doubles that stand for decimals, NaN where missing
    rows: Callable[[slice, int], NDArray[np.float64]]
    #: the path of a cell, for errors
    place: Place
    #: by unit and leaf, marks that no double stands for
    exact: Mapping[Cell, Fraction] = attrs.field(factory=dict)
    #: by unit and leaf, markers in the place of a mark
    marked: Mapping[Cell, str] = attrs.field(factory=dict)


def everywhere(mark: float, rubric: Rubric, units: int) -> Held:
    """One mark everywhere, 0 or NaN for missing, in no more memory than it takes once."""
    compiled = compile_rubric(rubric)
    ticks = np.broadcast_to(compiled.dtype(mark), (units, len(compiled.column)))
    return Held(ticks, _checks(compiled))


def ticks_of_marks(points: NDArray[np.float64], rubric: Rubric, place: Place) -> Held:
    """Doubles that stand for marks (units × leaves in document order, NaN for missing), checked."""
    return check_marks(Unchecked(points.shape, lambda rows, _: points[rows], place), rubric)


def check_marks(marks: Unchecked, rubric: Rubric, rounding: Rounding | None = None) -> Held:
    """Marks in whole ticks, as float32 where sums of those are exact.

    ``rounding`` takes marks with more decimals than the rubric's; without it they are refused, as are marks outside 0
    to the leaf's maximum, rounded or not.
    """
    if rounding is not None:
        option("rounding", rounding, *get_args(Rounding))
    compiled = compile_rubric(rubric)
    ticks = np.empty(marks.shape, dtype=compiled.dtype)
    unfit: list[Unfit] = []

    def convert(pieces: Iterable[slice]) -> None:
        lowest, highest = compiled.lowest / compiled.mark_scale, compiled.highest / compiled.mark_scale
        whole = back = np.empty((0, 0))
        for rows in pieces:
            values = marks.rows(rows, compiled.mark_scale)
            if whole.shape != values.shape:
                whole, back = np.empty_like(values), np.empty_like(values)
            fits = _round_marks(values, compiled.mark_scale, rounding, whole, back)
            fits &= values <= highest
            if lowest.any():
                fits &= values >= lowest
            with np.errstate(over="ignore"):
                ticks[rows] = whole
            if not fits.all():
                bad = np.argwhere(~fits & ~np.isnan(values)).tolist()
                unfit.extend((rows.start + row, column, float(values[row, column])) for row, column in bad)

    in_chunks(convert, *marks.shape)
    ends = [*zip(compiled.lowest.tolist(), compiled.highest.tolist(), strict=True)]
    for (row, column), mark in marks.exact.items():
        exact = mark * compiled.mark_scale
        if ends[column][0] <= exact <= ends[column][1] and (rounding or exact.denominator == 1):
            ticks[row, column] = round_fraction(exact, rounding or "down")
        else:
            unfit.append((row, column, mark))
    if unfit:
        raise InvalidDocument("marks", _mark_problems(unfit, rubric, marks.place))
    return Held(ticks, _checks(compiled))


def _checks(compiled: Compiled) -> Checks:
    ends = zip(compiled.lowest.tolist(), compiled.highest.tolist(), strict=True)
    return tuple(compiled.column), tuple(ends), compiled.mark_scale, np.dtype(compiled.dtype).name


def _mark_problems(unfit: list[Unfit], rubric: Rubric, place: Place) -> Iterator[Problem]:
    for row, column, value in sorted(unfit, key=lambda mark: mark[:2])[: SHOWN - 1]:
        yield Problem(place(row, column), _wrong_mark(value, rubric, column), "mark")
    if len(unfit) >= SHOWN:
        yield Problem((), COLUMNS("more", count=len(unfit) - SHOWN + 1), "mark")


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
        up = {
            "half_up": values >= half,
            "half_even": (values > half) | ((values == half) & (below % 2 == 1)),
            "down": np.False_,
        }
        ticks[...] = np.where(exact, ticks, below + up[rounding])
        return np.isfinite(values) & (values >= 0)


def _wrong_mark(value: float | Fraction, rubric: Rubric, column: int) -> Sentence:
    number = value if isinstance(value, Fraction) else decimal_of(value)
    if number is None:
        return COLUMNS("finite")
    mark, leaf = Fraction(number), rubric.tree.leaves[column]
    lowest, highest = (Fraction(end, 10**rubric.mark_decimals) for end in rubric.tree.marked[leaf])
    if mark < 0:
        return COLUMNS("negative", value=mark)
    if mark > highest:
        phrase = "above" if rubric.tree.criterion[leaf].mark_max is None else "above_scale"
        return COLUMNS(phrase, value=mark, leaf=leaf, maximum=highest)
    if mark < lowest:
        return COLUMNS("below", value=mark, leaf=leaf, minimum=lowest)
    return COLUMNS("decimals", value=mark, decimals=rubric.mark_decimals)
