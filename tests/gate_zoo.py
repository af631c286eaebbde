"""Values of every kind that may enter by a door, and what each means: as a number, as a scalar, as a code."""

import datetime as dt
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

REFUSED = "refused"
"""Meaning of what may not pass."""


class Cell(NamedTuple):
    """One value and its meanings: ``number`` and ``scalar`` are None where it is missing."""

    value: Any
    number: Any = REFUSED
    scalar: Any = REFUSED
    code: Any = REFUSED
    #: whether doors must take what it means, and not refuse it
    taken: bool = False


class Column(NamedTuple):
    """A column of two rows and what they mean, as numbers and, where that is not the same, as scalars."""

    values: Any
    numbers: tuple[Any, Any]
    scalars: tuple[Any, Any] | None = None


def library(name: str) -> Any:
    """A library, or None where it is not installed."""
    try:
        return import_module(name)
    except ImportError:
        return None


pd, pl, pa = library("pandas"), library("polars"), library("pyarrow")
THREE, TINY = Fraction(3), Fraction(1, 10**30)
NFC = "Huế"
NFD = unicodedata.normalize("NFD", NFC)


def number(value: Any, meaning: Any, *, taken: bool = True) -> Cell:
    """A value that is a number, and hence a scalar, but no code."""
    return Cell(value, meaning, meaning, REFUSED, taken)


def missing(value: Any) -> Cell:
    """A value that stands for none."""
    return Cell(value, None, None, REFUSED, taken=True)


def text(value: str, code: Any = None) -> Cell:
    """A text: never a number; a scalar as it is, in normal form C."""
    scalar = str(unicodedata.normalize("NFC", value))
    return Cell(value, REFUSED, scalar, scalar if code is None else code, taken=True)


def other(value: Any) -> Cell:
    """What is neither number, text, truth nor nothing."""
    return Cell(value)


def cells() -> Iterator[tuple[str, Cell]]:
    """Single values by name."""
    yield "int", number(3, THREE)
    yield "float", number(2.5, Fraction(5, 2))
    yield "negative zero", number(-0.0, Fraction(0))
    yield "negative", number(-1, Fraction(-1))
    yield "third decimal", number(1.005, Fraction("1.005"))
    yield "int of 30 digits", number(10**29 + 1, Fraction(10**29 + 1))
    yield "int of 400 digits", number(10**400, Fraction(10**400))
    yield "int beyond 2^53", number(2**53 + 1, Fraction(2**53 + 1))
    yield "Decimal", number(Decimal("1.50"), Fraction(3, 2))
    yield "Decimal of 31 digits", number(Decimal(f"1.{0:029}1"), 1 + TINY)
    yield "Decimal just above the maximum", number(Decimal(f"30.{0:029}1"), 30 + TINY)
    yield "Decimal of 40 digits", number(Decimal("1234567890" * 4), Fraction(int("1234567890" * 4)))
    yield "Decimal with a huge exponent", number(Decimal("1E+999999999"), REFUSED, taken=False)
    yield "Fraction", number(Fraction(1, 2), Fraction(1, 2), taken=False)
    yield "third", number(Fraction(1, 3), Fraction(1, 3), taken=False)
    for kind in (np.int8, np.uint64, np.float16, np.float32, np.float64, np.longdouble):
        yield f"np.{kind.__name__}", number(kind(3), THREE)
    yield "np.float32 of a decimal", number(np.float32(1.1), Fraction(11, 10))
    yield "np.float16 of a decimal", number(np.float16(1.1), Fraction(11, 10))
    yield "np.longdouble of a decimal", number(np.longdouble("1.1"), Fraction(11, 10))
    for nothing in (
        None,
        float("nan"),
        np.float32("nan"),
        Decimal("NaN"),
        np.ma.masked,
        np.datetime64("NaT", "D"),
    ):
        yield f"{type(nothing).__name__} of nothing", missing(nothing)
    yield "infinity", number(float("inf"), REFUSED, taken=False)
    yield "Decimal infinity", number(Decimal("Infinity"), REFUSED, taken=False)
    for truth in (True, np.True_):
        yield f"{type(truth).__name__}", Cell(truth, scalar=True, taken=True)
    yield "digits", text("3")
    yield "np.str_", text(np.str_("xã"), "xã")
    yield "accents composed", text(NFC)
    yield "accents apart", text(NFD)
    yield "space before", text(" a", REFUSED)
    yield "inner space", text("a b")
    yield "zero width", text("a\u200b", REFUSED)
    yield "filler", text("a\u3164", REFUSED)
    yield "too long", text("x" * 65, REFUSED)
    for nothing_else in (
        b"3",
        bytearray(b"3"),
        dt.date(2024, 5, 22),
        dt.timedelta(3),
        3j,
        [1, 9],
        (),
        {"a": 1},
        {1},
    ):
        yield f"{type(nothing_else).__name__} cell", other(nothing_else)
    arrays: list[Any] = [np.datetime64("2024-05-22"), np.timedelta64(3, "D"), np.array([1, 9])]
    for array in arrays:
        yield f"np.{type(array).__name__} cell", other(array)
    yield "array without a dimension", number(np.array(3), THREE, taken=False)
    yield "object", other(object())
    yield "class", other(int)
    if pd is not None:
        yield "pd.NA", missing(pd.NA)
        yield "pd.NaT", missing(pd.NaT)
        yield "pd.Timestamp", other(pd.Timestamp("2024-05-22"))
    if pa is not None:
        yield "Arrow int", number(pa.scalar(3), THREE)
        yield "Arrow decimal", number(pa.scalar(Decimal(f"1.{0:029}1")), 1 + TINY)
        yield "Arrow null", missing(pa.scalar(None))
        yield "Arrow truth", Cell(pa.scalar(value=True), scalar=True, taken=True)
        yield "Arrow text", text("xã")._replace(value=pa.scalar("xã"))
        yield "Arrow list", other(pa.scalar([1, 9]))


def columns() -> Iterator[tuple[str, Column]]:
    """Columns of two numbers, or of what is none, by name."""
    two = (THREE, Fraction(5, 2))
    first: Any = [True, False]
    gap = (None, Fraction(5, 2))
    yield "list", Column([3, 2.5], two)
    yield "tuple", Column((3, Decimal("2.5")), two)
    for kind in ("f2", "f4", "f8", "g", ">f8", "O"):
        yield f"array of {kind}", Column(np.array([3, 2.5], dtype=kind), two)
        yield f"masked {kind}", Column(np.ma.array([9, 2.5], mask=first, dtype=kind), gap)
    for kind in ("i1", "i8", "u8"):
        yield f"array of {kind}", Column(np.array([3, 2], dtype=kind), (THREE, Fraction(2)))
        yield f"masked {kind}", Column(np.ma.array([9, 2], mask=first, dtype=kind), (None, Fraction(2)))
    yield (
        "float32 decimals",
        Column(np.array([1.1, 17.35], dtype="f4"), (Fraction(11, 10), Fraction("17.35"))),
    )
    yield (
        "long double, longer",
        Column(np.array(["30.000000000000000001", "1"], dtype="g"), (REFUSED, Fraction(1))),
    )
    yield (
        "whole numbers of 64 bits",
        Column(np.array([2**62, 2**62 + 1]), (Fraction(2**62), Fraction(2**62 + 1))),
    )
    yield "array of truths", Column(np.array([True, False]), (REFUSED, REFUSED), (True, False))
    yield "array of texts", Column(np.array(["3", "2"]), (REFUSED, REFUSED), ("3", "2"))
    yield "masked truths", Column(np.ma.array([True, False], mask=first), (None, REFUSED), (None, False))
    for kind in ("S1", "M8[ns]", "m8[ns]", "c16"):
        yield f"array of {kind}", Column(np.array([1, 0]).astype(kind), (REFUSED, REFUSED))
    yield "matrix", Column(np.array([[3, 2.5], [1, 2]]), (REFUSED, REFUSED))
    yield "structured", Column(np.zeros(2, dtype=[("a", "f8")]), (REFUSED, REFUSED))
    yield "text", Column("ab", (REFUSED, REFUSED))
    yield "mapping", Column({"a": 3, "b": 2.5}, (REFUSED, REFUSED))
    yield "set", Column({3, 2.5}, (REFUSED, REFUSED))
    yield from _pandas_columns(two, gap) if pd is not None else ()
    yield from _polars_columns(two, gap) if pl is not None else ()
    yield from _arrow_columns(two, gap) if pa is not None else ()


def _pandas_columns(two: Any, gap: Any) -> Iterator[tuple[str, Column]]:
    for kind in ("float64", "Float64", "Float32", "object", "category"):
        yield f"pandas {kind}", Column(pd.Series([3, 2.5], dtype=kind), two)
        yield f"pandas {kind} with a gap", Column(pd.Series([None, 2.5], dtype=kind), gap)
    yield "pandas Int64", Column(pd.Series([2**53 + 1, None], dtype="Int64"), (Fraction(2**53 + 1), None))
    yield "pandas sparse", Column(pd.Series(pd.arrays.SparseArray([3, 2.5])), two)
    yield "pandas boolean", Column(pd.Series([True, None], dtype="boolean"), (REFUSED, None), (True, None))
    yield "pandas lists", Column(pd.Series([[1, 9], [2, 8]]), (REFUSED, REFUSED))
    yield "pandas dates", Column(pd.Series(pd.to_datetime(["2024-05-22", None])), (REFUSED, None))
    if pa is not None:
        yield "pandas of Arrow", Column(pd.Series([None, 2.5], dtype="double[pyarrow]"), gap)
        yield (
            "pandas of Arrow int",
            Column(pd.Series([2**53 + 1, None], dtype="int64[pyarrow]"), (Fraction(2**53 + 1), None)),
        )


def _polars_columns(two: Any, gap: Any) -> Iterator[tuple[str, Column]]:
    long = Decimal("1.00499999999999999999")
    yield "polars", Column(pl.Series([3, 2.5], strict=False), two)
    yield "polars with a null", Column(pl.Series([None, 2.5]), gap)
    yield "polars Int64", Column(pl.Series([2**53 + 1, None]), (Fraction(2**53 + 1), None))
    yield "polars Int128", Column(pl.Series([3, 2], dtype=pl.Int128), (THREE, Fraction(2)))
    yield "polars Decimal", Column(pl.Series([long, None], dtype=pl.Decimal(38, 20)), (Fraction(long), None))
    yield "polars Boolean", Column(pl.Series([True, None]), (REFUSED, None), (True, None))
    yield "polars List", Column(pl.Series([[1, 9], [2, 8]]), (REFUSED, REFUSED))
    yield "polars Array", Column(pl.Series([[1, 9], [2, 8]], dtype=pl.Array(pl.Int64, 2)), (REFUSED, REFUSED))
    yield "polars Null", Column(pl.Series([None, None]), (None, None))
    yield "polars String", Column(pl.Series(["3", None]), (REFUSED, None), ("3", None))
    yield "polars Object", Column(pl.Series([Decimal("2.5"), None], dtype=pl.Object), (Fraction(5, 2), None))


def _arrow_columns(two: Any, gap: Any) -> Iterator[tuple[str, Column]]:
    yield "Arrow", Column(pa.array([3, 2.5]), two)
    yield "Arrow with a null", Column(pa.array([None, 2.5]), gap)
    yield "Arrow chunked", Column(pa.chunked_array([pa.array([None], "float64"), [2.5]]), gap)
    yield "Arrow int64", Column(pa.array([2**53 + 1, None]), (Fraction(2**53 + 1), None))
    yield "Arrow half", Column(pa.array(np.array([3, 2.5], dtype="f2")), two)
    yield "Arrow decimal", Column(pa.array([None, Decimal("2.50")]), gap)
    yield "Arrow dictionary", Column(pa.array([None, 2.5]).dictionary_encode(), gap)
    yield (
        "Arrow chunked dictionary",
        Column(pa.chunked_array([pa.array([None, 2.5]).dictionary_encode()]), gap),
    )
    yield "Arrow truths", Column(pa.array([True, None]), (REFUSED, None), (True, None))
    yield "Arrow lists", Column(pa.array([[1, 9], [2, 8]]), (REFUSED, REFUSED))


CELLS, COLUMNS = dict(cells()), dict(columns())
WRONG_KINDS: dict[str, Any] = {
    "none": None,
    "truth": True,
    "number": 5,
    "nan": float("nan"),
    "text": "ab",
    "bytes": b"ab",
    "date": dt.date(2024, 5, 22),
    "object": object(),
    "class": dict,
    "set": {"a", "b"},
    "mapping": {"a": "b"},
    "mapping of numbers": {1: 2},
    "frozen mapping": MappingProxyType({"a": 1}),
    "list of one": ["a"],
    "list of numbers": [1, 2],
    "list of lists": [[1], [2]],
    "list of objects": [object(), object()],
    "list of truths": [True, False],
    "array of truths": np.array([True, False]),
    "cube": np.zeros((2, 1, 1)),
    "no rows": np.empty((0, 1)),
}
if pd is not None:
    WRONG_KINDS["frame"] = pd.DataFrame({"unit": ["b", "a"], "1": [1, 2]}, index=["b", "a"])
    WRONG_KINDS["labelled"] = pd.Series(["a", "b"], index=["b", "a"])
if pl is not None:
    WRONG_KINDS["lazy frame"] = pl.DataFrame({"unit": ["a", "b"], "1": [1, 2]}).lazy()
