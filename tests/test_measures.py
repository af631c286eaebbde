"""Measures take numbers, answers and tables of any kind exactly, or refuse them; equal ones compare and do not hash."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import attrs
import numpy as np
import pytest

import dti_core as dti
from dti_core import methods

ANSWERS = methods.Choice(answers={"Bí thư": 1, "Phó": "1/2"})


def rubric_of(*scoring: methods.Method | None) -> dti.Rubric:
    """A rubric of leaves 1, 2 … of 20 points each."""
    leaves = [dti.Index(str(at), f"Chỉ số {at}", 20, scoring=each) for at, each in enumerate(scoring, 1)]
    return dti.Rubric("r", "Bộ chỉ số giả định", leaves)


def measured(rubric: dti.Rubric, *rows: Any) -> dti.MarkSheet:
    """The sheet of units u0, u1 … with these measures."""
    return dti.score(dti.Measures.from_rows(rows, rubric, units=[f"u{at}" for at in range(len(rows))]))


def marks(sheet: dti.MarkSheet, leaf: str = "1") -> list[float | None]:
    """The marks of a leaf."""
    return [sheet.of(unit)[leaf] for unit in sheet.units]


NUMBERS = {
    "int": (3, 3), "float": (2.5, 2.5), "Decimal": (Decimal("2.50"), 2.5), "numpy int": (np.int8(3), 3),
    "float32": (np.float32(0.1), 0.1), "None": (None, None), "NaN": (float("nan"), None),
    "Decimal NaN": (Decimal("nan"), None), "NaN of numpy": (np.float32("nan"), None), "masked": (np.ma.masked, None),
    "true": (True, ...), "true of numpy": (np.True_, ...), "text": ("3", ...), "text of numpy": (np.str_("3"), ...),
    "list": ([3], ...), "mapping": ({"a": 3}, ...), "complex": (3j, ...), "date": (dt.date(2024, 1, 2), ...),
    "infinity": (Decimal("inf"), ...), "signalling NaN": (Decimal("sNaN"), None), "huge": (10**400, ...),
    "many digits": (Decimal("0.1000000000000000000000001"), ...), "array": (np.array([1, 2]), ...),
}  # fmt: skip
"""A cell and the number it is; ``...``: refused."""


@pytest.mark.parametrize("kind", NUMBERS)
def test_cells_are_taken_exactly_or_refused(kind: str) -> None:
    """A number of any kind is taken exactly, what is missing is missing, and all else is refused with its place."""
    cell, number = NUMBERS[kind]
    for rubric in (rubric_of(methods.Scale(high=20)), rubric_of(None)):
        if number is ...:
            with pytest.raises(dti.InvalidDocument) as caught:
                measured(rubric, {"1": cell})
            assert [problem.where for problem in caught.value.problems] == ["$.units[0].measures['1']"]
        else:
            assert marks(measured(rubric, {"1": cell})) == [number]


def test_a_number_of_many_digits_in_a_table() -> None:
    """A number that no double stands for is refused with the row and the unit, not read as the nearest."""
    table = {"unit": ["a", "b"], "1": [2.5, Decimal("0.1000000000000000000000001")]}
    with pytest.raises(dti.InvalidDocument, match=r"\(row 3, unit 'b'\): is 0\.1000…, more digits"):
        dti.Measures.from_table(table, rubric_of(methods.Scale(high=20)))


def test_nothing_of_pandas() -> None:
    """A data frame's own kind of nothing is missing, as a number, as an answer and as a whole row."""
    pd = pytest.importorskip("pandas")
    rubric = rubric_of(methods.Count(per_item=1), ANSWERS)

    sheet = measured(rubric, {"1": pd.NA, "2": pd.NA}, pd.NA, {"1": pd.NaT, "2": float("nan")})

    assert marks(sheet) == marks(sheet, "2") == [None, None, None]


WRONG: dict[str, Callable[[dti.Measures], object]] = {
    "rows that are a mapping": lambda m: dti.Measures.from_rows({"a": {}}, m.rubric, units=["a"]),  # type: ignore[arg-type]
    "rows that are text": lambda m: dti.Measures.from_rows("a", m.rubric, units=["a"]),  # type: ignore[arg-type]
    "a row that is a number": lambda m: dti.Measures.from_rows([5], m.rubric, units=["a"]),  # type: ignore[list-item]
    "a row too few": lambda m: dti.Measures.from_rows([{}], m.rubric, units=["a", "b"]),
    "rows by a code": lambda _: dti.Measures.from_rows([{}], "r", units=["a"]),  # type: ignore[arg-type]
    "a table that is none": lambda m: dti.Measures.from_table(5, m.rubric),
    "lists in cells": lambda m: dti.Measures.from_table(
        {"unit": ["a"], "1.a": [[1]], "1.b": [[2]]}, m.rubric
    ),
    "no sheet": lambda m: dti.Measures(m.rubric, m.columns),  # type: ignore[arg-type]
    "no columns": lambda m: attrs.evolve(m, columns=None),  # type: ignore[arg-type]
    "another column": lambda m: attrs.evolve(m, columns={("1",): [1]}),
    "too few cells": lambda m: attrs.evolve(m, columns={("1", "a"): [1], ("1", "b"): []}),
    "cells in two dimensions": lambda m: attrs.evolve(
        m, columns={("1", "a"): np.ones((1, 1)), ("1", "b"): [1]}
    ),
    "cells that are text": lambda m: attrs.evolve(m, columns={("1", "a"): "1", ("1", "b"): [1]}),
    "a cell that is text": lambda m: attrs.evolve(m, columns={("1", "a"): ["1"], ("1", "b"): [1]}),
    "a negative cell": lambda m: attrs.evolve(m, columns={("1", "a"): np.array([-1.0]), ("1", "b"): [1]}),
    "marks for measures": lambda m: dti.score(dti.score(m)),  # type: ignore[arg-type]
    "nothing for measures": lambda _: dti.score(None),  # type: ignore[arg-type]
    "the trace of no leaf": lambda m: dti.trace(dti.score(m), "u0", ["1"]),  # type: ignore[arg-type]
    "the trace of no unit": lambda m: dti.trace(dti.score(m), "u1", "1"),
    "the trace of no sheet": lambda m: dti.trace(m, "u0", "1"),  # type: ignore[arg-type]
    "another language": lambda m: dti.trace(dti.score(m), "u0", "1").text("fr"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_kinds_are_refused(kind: str) -> None:
    """Whatever of a wrong kind is given for measures ends in an error of the library."""
    measures = dti.Measures.from_rows([{"1": {"a": 1, "b": 2}}], rubric_of(methods.Ratio()), units=["u0"])

    with pytest.raises(dti.DTIError):
        WRONG[kind](measures)


def test_what_is_wanted_is_said() -> None:
    """Who gives marks to what takes measures is told so."""
    sheet = measured(rubric_of(None), {"1": 3})

    with pytest.raises(
        dti.InvalidArgument, match="score takes Measures, whose marks are not known yet, not <Mark"
    ):
        dti.score(sheet)  # type: ignore[arg-type]


def test_measures_made_of_columns() -> None:
    """Measures made of plain columns are those made of rows; the numbers they hold cannot be written to."""
    rubric = rubric_of(methods.Ratio(), ANSWERS)
    rows = dti.Measures.from_rows([{"1": {"a": 1, "b": 2.5}, "2": "Phó"}, {}], rubric, units=["u0", "u1"])

    made = attrs.evolve(rows, columns={("1", "a"): [1, None], ("1", "b"): (2.5, None), ("2",): ["Phó", None]})

    assert made == rows
    assert marks(dti.score(made)) == [8, None]
    with pytest.raises(TypeError):
        made.columns["1",] = []  # type: ignore[index]
    with pytest.raises(ValueError, match="read-only"):
        made.columns["1", "a"][0] = 5


def test_answers_to_another_question_are_refused() -> None:
    """Texts in the place of yes or no are refused, unit by unit, in whatever form they are held."""
    units = ["u0", "u1"]
    texts = dti.Measures.from_rows([{}, {"1": "Phó"}], rubric_of(ANSWERS), units=units)
    asked = dti.Measures.from_rows([{}, {}], rubric_of(methods.YesNo()), units=units)

    with pytest.raises(dti.InvalidDocument, match="true or false is needed") as caught:
        attrs.evolve(asked, columns=texts.columns)
    assert [problem.where for problem in caught.value.problems] == ["$.units[1].measures['1']"]


def test_equal_measures_do_not_hash() -> None:
    """Measures and what is scored by them compare by value, so they have no hash that could differ."""
    one, other = (dti.Measures.from_rows([{"1": 3}], rubric_of(None), units=["a"]) for _ in range(2))

    assert one == other
    for thing in (one, dti.score(one)):
        with pytest.raises(TypeError, match="unhashable"):
            hash(thing)
