"""What is listed, cell by cell: plain values of any column; labels are matched or refused, never dropped."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import numpy as np

from dti_core.errors import InvalidArgument, shorten
from dti_core.terms import Label, nfc
from dti_core.words import COLUMNS

NEVER_MISSING = {str, bool, int, type(None), Label}
UNLISTED = (str, bytes, bytearray, Mapping, set, frozenset, type)
LISTS = ("to_pylist", "to_list", "tolist")
BOM = "\ufeff"


def cells(values: Any, name: str) -> list[Any]:
    """The plain values of a list, array or column, None where one is masked, null or NaN.

    Raises :class:`~dti_core.InvalidArgument` for what is no list of one dimension, or has labels of its own.

    >>> cells(np.ma.array([10, 99, 7], mask=[False, True, False]), "population")
    [10, None, 7]
    """
    if labels_of(values) is not None:
        raise InvalidArgument(COLUMNS("labelled", name=name))
    return plain(values, name)


def plain(column: Any, name: str) -> list[Any]:
    """As :func:`cells`, of a column whose labels are known to be those of the rows."""
    values = _listed(column)
    if values is None:
        raise InvalidArgument(COLUMNS("no_list", name=name, value=shorten(column)))
    if NEVER_MISSING.issuperset(map(type, values)):
        return values
    return [*map(_plain, values)]


def labels_of(values: Any) -> list[Any] | None:
    """The labels of rows, or None where they are known by their places alone."""
    index = getattr(values, "index", None)
    index = getattr(values, "indexes", None) if index is None else index
    if index is None or callable(index) or (getattr(index, "start", 1), getattr(index, "step", 0)) == (0, 1):
        return None
    labels = [*index]
    return None if labels == [*range(len(labels))] else labels


def is_table(values: Any) -> bool:
    """Whether values have column labels."""
    return hasattr(type(values), "columns") or hasattr(type(values), "column_names")


def match_labels(columns: Mapping[str, Any]) -> None:
    """Refuse columns that go together by position though their labels differ, or only some have any."""
    labels = {name: labels_of(column) for name, column in columns.items()}
    first = next(iter(labels.values()), None)
    for name, own in labels.items():
        if own != first:
            raise InvalidArgument(COLUMNS("other_labels", name=name))


def one_line(text: Any) -> Any:
    """What headings and markers are compared by: NFC, without a byte order mark, one space where there are several."""
    return " ".join(nfc(text).removeprefix(BOM).split()) if isinstance(text, str) else text


def is_missing(value: object) -> bool:
    """Whether a cell holds some library's kind of nothing."""
    if isinstance(value, Decimal):
        return value.is_nan()
    if isinstance(value, np.datetime64 | np.timedelta64):
        return bool(np.isnat(value))
    if isinstance(value, float | np.floating):
        return bool(value != value)
    return value is None or value is np.ma.masked or type(value).__name__ in ("NAType", "NaTType")


def _listed(column: Any) -> list[Any] | None:
    if isinstance(column, UNLISTED) or not isinstance(column, Iterable):
        return None
    if getattr(column, "ndim", 1) != 1 or is_table(column):
        return None
    if isinstance(column, np.ndarray):
        return column.tolist() if _lists_exactly(column) else [*column]
    listing = next((getattr(column, name) for name in LISTS if hasattr(column, name)), lambda: column)
    return [*listing()]


def _lists_exactly(column: Any) -> bool:
    """Whether ``tolist`` keeps what an array holds: not the decimals of short floats, nor dates in nanoseconds."""
    return column.dtype.kind in "biuUO" or column.dtype == np.float64


def _plain(value: Any) -> Any:
    if hasattr(value, "as_py"):
        value = value.as_py()
    if is_missing(value):
        return None
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    return value.item() if isinstance(value, np.bool_ | np.str_) else value
