"""Arithmetic on many exact numbers at once is the arithmetic of fractions, however large they get."""

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dti_core.exact.rationals import Rationals

numbers = st.none() | st.one_of(
    st.integers(-(10**15), 10**15),
    st.integers(-5000, 5000).map(lambda ticks: ticks / 100),
    st.floats(-1e9, 1e9),
)
pairs = st.lists(st.tuples(numbers, numbers), max_size=6)


def exact(value: float | None) -> Fraction | None:
    """The decimal that a number prints as."""
    return None if value is None else Fraction(repr(value))


def column(values: list[float | None]) -> Rationals:
    """A column, None for no number."""
    return Rationals.of(np.array(values, dtype=np.float64))


@pytest.mark.parametrize("operation", [operator.add, operator.sub, operator.mul, operator.truediv])
@given(drawn=pairs)
def test_arithmetic(
    operation: Callable[[Any, Any], Any], drawn: list[tuple[float | None, float | None]]
) -> None:
    """Each unit gets what fractions give; none where a number is missing or the divisor is 0."""
    left, right = [each for each, _ in drawn], [each for _, each in drawn]

    found = operation(operation(column(left), column(right)), Fraction(7, 3))

    for at, (one, other) in enumerate(drawn):
        a, b = exact(one), exact(other)
        lacking = a is None or b is None or (operation is operator.truediv and b == 0)
        assert found.at(at) == (None if lacking else operation(operation(a, b), Fraction(7, 3)))


@given(drawn=pairs)
def test_comparison(drawn: list[tuple[float | None, float | None]]) -> None:
    """Bounds and comparisons are exact, and never hold of a missing number."""
    left, right = column([each for each, _ in drawn]), column([each for _, each in drawn])
    known = [(exact(one), exact(other)) for one, other in drawn]

    for compared, expected in (
        (left < right, operator.lt),
        (left <= right, operator.le),
        (left > right, operator.gt),
        (left >= right, operator.ge),
        (left.equals(right), operator.eq),
    ):
        assert compared.tolist() == [a is not None and b is not None and expected(a, b) for a, b in known]
    most, least = left.at_most(Fraction(1, 3)), left.at_least(Fraction(1, 3))
    for at, (a, _) in enumerate(known):
        assert most.at(at) == (None if a is None else min(a, Fraction(1, 3)))
        assert least.at(at) == (None if a is None else max(a, Fraction(1, 3)))


def test_sums_beyond_64_bits() -> None:
    """A sum whose parts fit into 64 bits and which itself does not is exact."""
    large = Rationals(np.array([6 * 10**18]), np.array([1]))

    assert (large + large).at(0) == 12 * 10**18
