"""Marks out of arrays: rows of numbers by position, one per unit."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from dti_core.columns.cells import cells, is_table, labels_of, plain
from dti_core.columns.codes import listed_codes
from dti_core.columns.numbers import Numbers, held_array, numbers
from dti_core.errors import InvalidArgument, Problem, UnitPlace, raise_all
from dti_core.marks.ticks import Unchecked
from dti_core.rubric import Rubric
from dti_core.terms.fields import repeated
from dti_core.words import COLUMNS, near


class HasArray(Protocol):
    """What numpy reads as an array."""

    def __array__(self) -> NDArray[Any]: ...


def read_array(marks: Any, rubric: Rubric, units: Sequence[str], leaves: Any = None) -> Unchecked:
    """Rows of numbers of any kind, one per unit; ``leaves`` names their columns where they are in another order.

    Raises :class:`~dti_core.InvalidArgument` for another shape, or for what has labels,
    :class:`~dti_core.InvalidDocument` with row and leaf of what is no number.
    """
    order = rubric.tree.leaves if leaves is None else listed_codes("leaves", leaves)
    column_of = _columns(order, rubric.tree.leaves)
    problems: list[Problem] = []
    read, shape = _read(marks, order, problems)
    if shape != (len(units), len(order)) and (units or read.values.size):
        raise InvalidArgument(COLUMNS("marks", units=len(units), leaves=len(order), shape=shape))
    raise_all("marks", problems)
    values = read.values.reshape(len(units), len(order))
    if order != rubric.tree.leaves:
        values = values[:, column_of]
    exact = {divmod(at, len(order)): mark for at, mark in read.exact.items()}
    return Unchecked(
        shape=values.shape,
        rows=Numbers(values).doubles,
        place=lambda row, at: (UnitPlace(row, units[row]), rubric.tree.leaves[at]),
        exact={(row, column_of.index(at)): mark for (row, at), mark in exact.items()},
    )


def _read(marks: Any, order: Sequence[str], problems: list[Problem]) -> tuple[Numbers, tuple[int, ...]]:
    """All marks, row by row, and how many rows and columns there are."""
    if is_table(marks) or labels_of(marks) is not None:
        raise InvalidArgument(COLUMNS("frame"))
    if hasattr(marks, "__array__"):
        array = np.asanyarray(marks)
        held = held_array(array)
        if held is not None:
            return Numbers(held), array.shape
        column, shape = array.reshape(-1), array.shape
    else:
        listed = enumerate(plain(marks, "marks"))
        rows = [row if isinstance(row, list | tuple) else cells(row, f"marks[{at}]") for at, row in listed]
        column, shape = [*chain.from_iterable(rows)], (len(rows), *sorted({*map(len, rows)}))
    return numbers(column, "marks", lambda at: (at // len(order), order[at % len(order)]), problems), shape


def _columns(order: Sequence[str], leaves: Sequence[str]) -> list[int]:
    """The column of each leaf."""
    raise_all("leaves", _wrong_order(order, leaves))
    return [order.index(leaf) for leaf in leaves]


def _wrong_order(order: Sequence[str], leaves: Sequence[str]) -> Iterator[Problem]:
    for at, code in enumerate(order):
        if code not in leaves:
            yield Problem((at,), COLUMNS("unmarked", leaf=repr(code), near=near(code, leaves)), "unknown")
    for at, _ in repeated(order):
        yield Problem((at,), COLUMNS("leaf_twice", leaf=order[at]), "duplicate")
    for leaf in leaves:
        if leaf not in order:
            yield Problem((), COLUMNS("leaf_absent", leaf=leaf), "column")
