"""Arithmetic on many exact numbers at once is the arithmetic of fractions, however large they get."""

import math
import operator
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dti_core.exact import Rounding, decimal_of, narrow, round_fraction, ticks_of
from dti_core.exact.rationals import Rationals
from dti_core.exact.ratios import EPSILON, Filtered

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

    result = operation(operation(column(left), column(right)), Fraction(7, 3))

    for at, (one, other) in enumerate(drawn):
        a, b = exact(one), exact(other)
        lacking = a is None or b is None or (operation is operator.truediv and b == 0)
        assert result.at(at) == (None if lacking else operation(operation(a, b), Fraction(7, 3)))


@given(drawn=st.lists(numbers, max_size=6))
def test_a_number_less_a_column(drawn: list[float | None]) -> None:
    """A fraction on the left is subtracted from like a column, and where the difference is whole it is said to be."""
    left = Fraction(1, 2) - column(drawn)

    for at, known in enumerate(map(exact, drawn)):
        difference = None if known is None else Fraction(1, 2) - known
        assert left.at(at) == difference
        assert bool(left.is_whole()[at]) == (difference is not None and difference.denominator == 1)


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
    assert (-large - large).at(0) == (-large * 2).at(0) == -12 * 10**18


def test_rounding_beyond_64_bits() -> None:
    """A ratio of two numbers that fit into 64 bits, three times which do not, is rounded to the number that it is."""
    large = Rationals(np.array([4 * 10**18, 3 * 10**18]), np.array([4 * 10**18, 4 * 10**18]))

    assert large.rounded(1, "half_up").tolist() == [1, 1]
    assert large.rounded(1, "half_even").tolist() == [1, 1]


@pytest.mark.parametrize(
    ("rounding", "whole"),
    [("half_up", [1, 2, 3, 4, 2]), ("half_even", [0, 2, 2, 4, 2]), ("down", [0, 1, 2, 3, 1])],
)
def test_halves(rounding: Rounding, whole: list[int]) -> None:
    """Halves go up, to the even neighbour, or down with all others, one by one as in a column of either width."""
    numbers = [Fraction(1, 2), Fraction(3, 2), Fraction(5, 2), Fraction(7, 2), Fraction(5, 3)]

    assert listed(numbers).rounded(1, rounding).tolist() == whole
    assert narrowed(listed(numbers)).rounded(1, rounding).tolist() == whole
    assert [round_fraction(number, rounding) for number in numbers] == whole


def test_order_beside_equal_numbers() -> None:
    """Numbers 10^-20 apart are put in order, also beside others that are equal."""
    numbers = [1 + Fraction(1, 10**20), Fraction(1), Fraction(2), Fraction(2)]

    assert listed(numbers).ordinals().tolist() == [1, 0, 2, 2]


def test_a_million_digits_are_the_most() -> None:
    """A decimal that takes more than a million digits to write out is taken for no number."""
    for text in ("1E+1000000", "1E-1000000"):
        assert decimal_of(Decimal(text)) == Decimal(text)
    assert [decimal_of(Decimal(text)) for text in ("1E+1000001", "1E-1000001", "NaN", "Infinity")] == [
        None
    ] * 4


def test_decimals_in_ticks() -> None:
    """A decimal is so many ticks, whatever its sign, exponent and zeros at its end; or no whole number that is held."""
    given_decimals = ["15.5", "-15.5", "15.500", "1.5E+1", "0.0", "0E+5", "15.555", "-0.001", "1E+40", "NaN"]

    ticks = [ticks_of(Decimal(text), 2) for text in given_decimals]

    assert ticks == [1550, -1550, 1550, 1500, 0, 0, None, None, None, None]


def test_numpy_integers_in_an_object_array_are_refused() -> None:
    """They overflow without a word where Python's integers grow, so no exact number is made of them."""
    mixed = np.array([6 * 10**18, np.int64(6 * 10**18)], dtype=object)

    for numerator, denominator in ((mixed, np.ones(2, dtype=np.int64)), (np.ones(2), np.ones(2))):
        with pytest.raises(TypeError, match="int64 or Python integers"):
            Rationals(numerator, denominator)


terms = st.integers(0, 12) | st.integers(0, 10**6) | st.integers(2**52, 2**54) | st.integers(0, 10**21)
shares = st.builds(lambda above, below: Fraction(above, below + 1), terms, terms)
nullable = st.none() | shares
steps = st.sampled_from([Fraction(0), Fraction(1, 10**17), Fraction(1, 10**30)])
values = st.lists(st.builds(lambda value, step: value and value + step, nullable, steps), max_size=9)
factors = st.sampled_from([Fraction(1), Fraction(100), Fraction(10**9), Fraction(1, 3), Fraction(10**25, 7)])


def listed(numbers: Sequence[Fraction | None]) -> Rationals:
    """A column of these numbers."""
    null = np.array([number is None for number in numbers], dtype=bool)
    return Rationals.listed(number or Fraction(0) for number in numbers).where(null, None)


def narrowed(numbers: Rationals) -> Rationals:
    """The same in 64 bits, where they fit."""
    return Rationals(narrow(numbers.numerator), narrow(numbers.denominator))


def in_order(numbers: list[Fraction | None]) -> list[int]:
    """The place of each number among the distinct ones; none counts as 0."""
    known = [number or Fraction(0) for number in numbers]
    place_of = {number: place for place, number in enumerate(sorted(set(known)))}
    return [place_of[number] for number in known]


@given(numbers=values, factor=factors)
def test_what_is_handed_out(numbers: list[Fraction | None], factor: Fraction) -> None:
    """Doubles are the nearest, whole numbers are rounded once, and order is that of fractions, in either width."""
    for made in (listed(numbers), narrowed(listed(numbers)), listed(numbers).lowest_terms()):
        assert made.fractions() == numbers
        doubles = made.floats(factor).tolist()
        assert [None if np.isnan(double) else double for double in doubles] == [
            None if number is None else float(number * factor) for number in numbers
        ]
        for rounding, expected in ROUNDED.items():
            wanted = [0 if number is None else expected(number * factor) for number in numbers]
            assert made.rounded(factor, rounding).tolist() == wanted
        assert made.ordinals().tolist() == in_order(numbers)


ROUNDED: dict[Rounding, Callable[[Fraction], int]] = {
    "down": math.floor,
    "half_up": lambda value: math.floor(value + Fraction(1, 2)),
    "half_even": round,
}


@given(
    drawn=st.lists(st.tuples(nullable, steps, st.integers(-8, 8)), max_size=9),
    width=st.integers(1, 10**6),
    factor=factors,
    threshold=shares,
)
def test_a_filter_lets_no_doubt_pass(
    drawn: list[tuple[Fraction | None, Fraction, int]], width: int, factor: Fraction, threshold: Fraction
) -> None:
    """Wherever within its margin an approximation lies, results are those of the exact numbers."""
    numbers = [value and value + step for value, step, _ in drawn]
    numbers += [threshold, threshold + Fraction(1, 10**18)]
    exact = listed(numbers)
    rounding_error = EPSILON * np.nan_to_num(exact.floats())
    aside = np.array([share for *_, share in drawn] + [-8, 8]) / 8
    approximate = np.maximum(exact.floats() + aside * width * rounding_error, 0)
    nearly = Filtered(approximate, (width + 1) * rounding_error, exact.take)

    for rounding in ROUNDED:
        assert nearly.rounded(factor, rounding).tolist() == exact.rounded(factor, rounding).tolist()
    assert nearly.ordinals().tolist() == in_order(numbers)
    assert (nearly >= threshold).tolist() == [
        number is not None and number >= threshold for number in numbers
    ]
    assert nearly.fractions() == numbers
    assert np.array_equal(nearly.floats(), exact.floats(), equal_nan=True)
    assert nearly.null.tolist() == [number is None for number in numbers]


@pytest.mark.parametrize("far", range(17))
def test_all_of_the_margin_is_in_doubt(far: int) -> None:
    """Approximations at the very ends of their margins hide neither a half, nor a threshold, nor who is ahead."""
    there = 1.5 + far * EPSILON * np.array([-1, 1])
    margin = np.full(2, far * EPSILON)
    nearly = Filtered(there, margin, Rationals.listed([Fraction(3, 2)] * 2).take)
    ahead = Filtered(
        there, margin, Rationals.listed([Fraction(3, 2) + Fraction(1, 10**20), Fraction(3, 2)]).take
    )

    assert nearly.rounded(1, "half_up").tolist() == [2, 2]
    assert nearly.rounded(2, "down").tolist() == [3, 3]
    assert nearly.ordinals().tolist() == [0, 0]
    assert ahead.ordinals().tolist() == [1, 0]
    for threshold, holds in ((Fraction(3, 2), True), (Fraction(3, 2) + Fraction(1, 10**20), False)):
        assert (nearly >= threshold).tolist() == [holds, holds]
        assert (nearly < threshold).tolist() == [not holds, not holds]
    assert (nearly > Fraction(3, 2)).tolist() == (nearly < Fraction(3, 2)).tolist() == [False, False]


@pytest.mark.parametrize("below", [3, 70_000_000, 94_000_000, 125_000_000, 10**9])
def test_neighbours_that_may_share_a_double(below: int) -> None:
    """(n + 1) / n is more than (n + 2) / (n + 1), also where one double is the nearest to both."""
    pair = Rationals.listed([Fraction(below + 1, below), Fraction(below + 2, below + 1)])
    assert Rationals(narrow(pair.numerator), narrow(pair.denominator)).ordinals().tolist() == [1, 0]


def test_a_small_and_a_large_term_may_share_a_double() -> None:
    """Two numbers of six digits over thirteen, unequal and with the same nearest double, are told apart."""
    smaller, larger = sorted([Fraction(205837, 1344796930516), Fraction(720430, 4706792523461)])
    assert float(smaller) == float(larger)

    pair = Rationals(
        np.array([larger.numerator, smaller.numerator]), np.array([larger.denominator, smaller.denominator])
    )
    assert pair.ordinals().tolist() == [1, 0]


def test_the_first_product_beyond_64_bits() -> None:
    """2^32 × 2^31 is one more than 64 bits hold."""
    assert (Rationals.of([2.0**32]) * Rationals.of([2.0**31])).at(0) == 2**63


def test_doubles_beyond_the_largest_number_of_ticks() -> None:
    """10^300 and 25 × 10^19 are what they print as, though no array of whole numbers holds them."""
    assert Rationals.of([1e300, 2.5e20, 0.25]).fractions() == [10**300, 25 * 10**19, Fraction(1, 4)]
    assert Rationals.of([1 / 3]).at(0) == Fraction(3333333333333333, 10**16)


def test_a_product_that_is_rounded_down_below_a_whole_number() -> None:
    """49 × 1/49 is 1, though 49 times the double nearest to 1/49 is less."""
    assert 49 * (1 / 49) < 1
    assert Filtered(np.array([49.0]), np.zeros(1), Rationals.of([49.0]).take).rounded(
        Fraction(1, 49), "down"
    ).tolist() == [1]


def test_the_nearest_double_of_what_no_double_holds() -> None:
    """(2^53 + 1) / 3 is nearest to another double than the quotient of the doubles that are nearest to its terms."""
    assert Rationals(np.array([2**53 + 1]), np.array([3])).floats().tolist() == [
        float(Fraction(2**53 + 1, 3))
    ]
    assert float(Fraction(2**53 + 1, 3)) != float(2**53 + 1) / 3
