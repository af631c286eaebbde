"""A column of attribute values, each distinct value held once."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.columns.cells import cells, is_missing
from dti_core.errors import InvalidArgument, shorten
from dti_core.terms import Scalar, scalar_of
from dti_core.words import COLUMNS

ABSENT = -1


def same(left: object, right: object) -> bool:
    """Array equality in which NaN equals NaN."""
    one, other = np.asarray(left), np.asarray(right)
    return one.shape == other.shape and bool(((one == other) | ((one != one) & (other != other))).all())


def locked(array: NDArray[Any]) -> NDArray[Any]:
    """The array, which nobody can write to from now on."""
    array.flags.writeable = False
    return array.view()


def _told_apart(values: Sequence[object]) -> list[tuple[type, object]]:
    """True apart from 1."""
    return [(bool if isinstance(value, bool) else object, value) for value in values]


@attrs.frozen
class Factor:
    """One attribute of all units: ``values[codes[u]]`` is that of unit u; code −1 where a unit lacks it."""

    #: (units,) places in ``values``; −1 where a unit lacks it
    codes: NDArray[np.int32] = attrs.field(converter=locked, eq=attrs.cmp_using(eq=same))
    #: each once
    values: tuple[Scalar, ...] = attrs.field(eq=_told_apart)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.codes, self.values)

    def of(self, unit: int) -> Scalar | None:
        """The value of one unit."""
        code = int(self.codes[unit])
        return None if code == ABSENT else self.values[code]

    def listed(self) -> list[Scalar | None]:
        """The values of all units."""
        values = (*self.values, None)  # the code of what is lacking is −1, the last
        return [values[code] for code in self.codes.tolist()]

    def rows_with(self, code: int) -> NDArray[np.intp]:
        """The units that have the value of a code."""
        return np.flatnonzero(self.codes == code)

    def of_rows(self, rows: NDArray[np.intp]) -> "Factor":
        """The attribute of some units, without the values that none of them has."""
        codes = self.codes[rows]
        present, first = np.unique(codes[codes != ABSENT], return_index=True)
        order = present[np.argsort(first)]
        recode = np.full(len(self.values) + 1, ABSENT, dtype=np.int32)  # the last is that of code −1
        recode[order] = np.arange(len(order))
        return Factor(recode[codes], tuple(self.values[code] for code in order.tolist()))


def factor(column: Any, name: str = "column") -> Factor:
    """The distinct values of a column, in order of first appearance; None and NaN are absent.

    A tuple is a value too, absent where one of its parts is. Raises :class:`~dti_core.InvalidArgument` for what is no
    list, or holds what cannot be told apart.

    >>> factor(["sở", "huyện", "sở", None]).codes.tolist()
    [0, 1, 0, -1]
    """
    if isinstance(column, Factor):
        return column
    if is_whole(column) and column.size:
        return _of_integers(column)
    values = cells(column, name)
    kinds = set(map(type, values))
    if kinds in ({int}, {bool}):
        with suppress(OverflowError):
            return _of_integers(np.array(values, dtype=np.int64 if kinds == {int} else np.bool_))
    try:
        return _of_values(values)
    except TypeError:
        unfit = next(value for value in values if not _hashes(value))
        raise InvalidArgument(COLUMNS("no_label", name=name, value=shorten(unfit))) from None


def stacked(columns: Sequence[Factor]) -> Factor:
    """The columns of several lists of units, one below the other."""
    distinct = factor([value for column in columns for value in column.values])
    ends = np.cumsum([len(column.values) for column in columns])[:-1]
    recodes = np.split(distinct.codes, ends)
    parts = [
        np.append(recode, np.int32(ABSENT))[column.codes]
        for recode, column in zip(recodes, columns, strict=True)
    ]
    return Factor(np.concatenate(parts), distinct.values)


def _hashes(value: object) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def is_whole(column: Any) -> bool:
    """Whether a column is an array of whole numbers or truths, none of them masked."""
    is_array = type(column) is np.ndarray and column.ndim == 1
    return is_array and column.dtype.kind in "iub" and column.dtype != np.uint64


def distinct(numbers: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """The distinct ones of whole numbers, rising, and the place of each among them."""
    low, high = (int(numbers.min()), int(numbers.max())) if numbers.size else (0, 0)
    if high - low >= LOOKUP:
        return np.unique(numbers, return_inverse=True)
    offset = numbers.astype(np.int64) - low
    present = np.bincount(offset) > 0
    return np.flatnonzero(present) + low, (np.cumsum(present) - 1)[offset]


def _of_integers(column: NDArray[Any]) -> Factor:
    numbers, codes = distinct(column)
    values = numbers.astype(bool) if column.dtype.kind == "b" else numbers
    return of_codes(codes, values.tolist())


def of_codes(codes: NDArray[Any], values: Sequence[Any]) -> Factor:
    """A column by codes of its distinct values; these stand in any order, some unused perhaps. Code −1 is absent."""
    first = first_rows(codes, len(values) + 1)  # the last is that of code −1
    order = np.argsort(first[:-1])
    order = order[first[order] < len(codes)]
    place = np.full(len(values) + 1, ABSENT, dtype=np.int32)
    place[order] = np.arange(len(order))
    return _normalised(place[codes], [values[at] for at in order.tolist()])


def _of_values(values: Sequence[Any]) -> Factor:
    pairs = [(_key(value), value) for value in values] if {bool, tuple} & {*map(type, values)} else None
    distinct: list[Any] = list(dict.fromkeys(pairs or values))
    place = dict(zip(distinct, range(len(distinct)), strict=True))
    codes = np.fromiter(map(place.__getitem__, pairs or values), dtype=np.int32, count=len(values))
    return _normalised(codes, [value for _, value in distinct] if pairs else distinct)


def _key(value: Any) -> Any:
    """What equal values share: NFC text, a decimal, true apart from 1."""
    if isinstance(value, tuple):
        return tuple(map(_key, value))
    scalar = scalar_of(value)
    return isinstance(scalar, bool), scalar


def _normalised(codes: NDArray[np.int32], distinct: Sequence[Any]) -> Factor:
    """Equal values under one code once text is NFC and numbers are decimals."""
    place: dict[Any, int] = {}
    values: list[Any] = []
    recode = np.full(len(distinct) + 1, ABSENT, dtype=np.int32)  # the last is that of code −1
    for at, value in enumerate(distinct):
        if not any(map(is_missing, value if isinstance(value, tuple) else (value,))):
            recode[at] = place.setdefault(_key(value), len(place))
            values += [scalar_of(value)] * (len(place) - len(values))
    return Factor(recode[codes], tuple(values))


def combine(
    keys: Sequence[tuple[NDArray[Any], int]], count: int
) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
    """One dense key per row from several (codes ≥ 0, number of codes), and the first row of each key."""
    key = np.zeros(count, dtype=np.int64)
    size = 1
    for codes, choices in keys:
        if choices > 1:
            size *= choices
            key = key * choices + codes
            if size > LOOKUP:
                distinct, key = np.unique(key, return_inverse=True)
                size = len(distinct)
    present = np.zeros(size, dtype=bool)
    present[key] = True
    dense = (np.cumsum(present) - 1).astype(np.int32)[key]
    return dense, first_rows(dense, int(present.sum()))


def first_rows(numbers: NDArray[Any], count: int) -> NDArray[np.intp]:
    """The first row with each number from 0 to ``count``; beyond the last row where there is none."""
    first, rows = np.empty(count, dtype=np.intp), len(numbers)
    first[:] = rows
    first[numbers[::-1]] = np.arange(rows - 1, -1, -1)
    return first


LOOKUP = 1 << 22
"""The most distinct keys that are looked up in a table instead of sorted."""
