"""A column of attribute values, each distinct value held once."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.terms import Scalar, scalar_of

ABSENT = -1


def same(left: object, right: object) -> bool:
    """Array equality in which NaN equals NaN."""
    one, other = np.asarray(left), np.asarray(right)
    return one.shape == other.shape and bool(((one == other) | ((one != one) & (other != other))).all())


@attrs.frozen
class Factor:
    """One attribute of all units: ``values[codes[u]]`` is that of unit u; code −1 where a unit lacks it."""

    codes: NDArray[np.int32] = attrs.field(eq=attrs.cmp_using(eq=same))
    values: tuple[Scalar, ...]

    def of(self, unit: int) -> Scalar | None:
        """The value of one unit."""
        code = int(self.codes[unit])
        return None if code == ABSENT else self.values[code]

    def rows_with(self, code: int) -> NDArray[np.intp]:
        """The units that have the value of a code."""
        return np.flatnonzero(self.codes == code)


def factor(column: Iterable[Any]) -> Factor:
    """The distinct values of a column, in order of first appearance; None and NaN are absent.

    >>> factor(["sở", "huyện", "sở", None]).codes.tolist()
    [0, 1, 0, -1]
    """
    if isinstance(column, Factor):
        return column
    if (
        isinstance(column, np.ndarray)
        and column.dtype.kind in "iub"
        and column.dtype != np.uint64
        and column.size
    ):
        return _of_integers(column)
    values = column.tolist() if isinstance(column, np.ndarray) else list(column)
    kinds = set(map(type, values))
    if kinds in ({int}, {bool}):
        with suppress(OverflowError):
            return _of_integers(np.array(values, dtype=np.int64 if kinds == {int} else np.bool_))
    if bool in kinds:
        values = [(type(value) is bool, value) for value in values]
    distinct = list(dict.fromkeys(values))
    place = dict(zip(distinct, range(len(distinct)), strict=True))
    codes = np.fromiter(map(place.__getitem__, values), dtype=np.int32, count=len(values))
    return _normalised(codes, [value for _, value in distinct] if bool in kinds else distinct)


def _of_integers(column: NDArray[Any]) -> Factor:
    low, high = int(column.min()), int(column.max())
    if high - low >= LOOKUP:
        distinct, codes = np.unique(column, return_inverse=True)
    else:
        offset = column.astype(np.int64) - low
        present = np.bincount(offset) > 0
        distinct = np.flatnonzero(present) + low
        codes = (np.cumsum(present) - 1)[offset]
    first = np.empty(len(distinct), dtype=np.intp)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    order = np.argsort(first)
    place = np.argsort(order).astype(np.int32)
    values = distinct.astype(bool) if column.dtype.kind == "b" else distinct
    return _normalised(place[codes], values[order].tolist())


def _normalised(codes: NDArray[np.int32], distinct: Sequence[Any]) -> Factor:
    """Equal values under one code once text is NFC and numbers are decimals."""
    place: dict[Any, int] = {}
    recode = np.empty(len(distinct), dtype=np.int32)
    for at, value in enumerate(distinct):
        scalar = scalar_of(value)
        absent = value is None or (isinstance(value, float) and value != value)
        recode[at] = ABSENT if absent else place.setdefault((isinstance(scalar, bool), scalar), len(place))
    codes = recode[codes] if len(distinct) else codes
    codes.flags.writeable = False
    return Factor(codes, tuple(value for _, value in place))


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
                _, first, key = np.unique(key, return_index=True, return_inverse=True)
                size = len(first)
    present = np.zeros(size, dtype=bool)
    present[key] = True
    dense = (np.cumsum(present) - 1).astype(np.int32)[key]
    first = np.empty(int(present.sum()), dtype=np.intp)
    first[dense[::-1]] = np.arange(count - 1, -1, -1)
    return dense, first


LOOKUP = 1 << 22
"""The most distinct keys that are looked up in a table instead of sorted."""
