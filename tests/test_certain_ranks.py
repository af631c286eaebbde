"""Ranks for certain: every corner of the weights within a spread, and the spread at which two units draw level."""

from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies_draws import indices_of, rounds

import dti_core as dti
from dti_core.analysis import certain_ranks, publish_together, rank_intervals, weight_draws

some = settings(max_examples=max(10, settings().max_examples // 8))
SPREADS = [0, 0.125, 0.25, 0.5, 0.75]


def corners(one: dti.Result, spread: float) -> list[list[float]]:
    """What indices weigh where each weighs as little or as much as it may: 2^K draws."""
    maxima = [one.rubric.tree.maximum[code] for code in indices_of(one)]
    ends = product(*[(1 - spread, 1 + spread)] * len(maxima))
    return [[end * worth for end, worth in zip(corner, maxima, strict=True)] for corner in ends]


@some
@given(rounds(most=6), st.sampled_from(SPREADS))
def test_no_weights_within_the_spread_leave_the_bounds(one: dti.Result, spread: float) -> None:
    """At every corner of the weights, and at draws between, ranks lie within the bounds, under any policy."""
    answer = certain_ranks(one, spread, by="half")
    draws = [*corners(one, spread), *weight_draws(one, 10, spread=spread).tolist()]

    ranks = rank_intervals(one, draws, by="half")

    ranked = one.total.ranks("half") > 0
    assert (answer.best <= ranks.best_drawn)[ranked].all()
    assert (ranks.worst_drawn <= answer.worst)[ranked].all()
    assert np.isnan(answer.best[~ranked]).all()


def table(marks: Any, **policy: Any) -> dti.Result:
    """As many indices as there are columns, worth 10, 11, 12 … points."""
    columns = len(marks[0])
    indices = [dti.Index(f"{at}", "x", 10 + at) for at in range(columns)]
    rubric = dti.Rubric("r", "Giả định", indices, policy=dti.Policy(**policy))
    return dti.evaluate(
        rubric, dti.MarkSheet.from_array(marks, rubric, units=[f"u{at}" for at in range(len(marks))])
    )


@some
@given(st.data())
def test_bounds_and_critical_spreads_are_those_of_all_corners(data: Any) -> None:
    """Where all applies to all, bounds are what 2^K corners say of each pair, and lines are crossed just where told.

    Points that i is ahead are linear in the weights: their least is at a corner, and 0 at the critical spread.
    """
    columns = data.draw(st.integers(2, 8))
    row = st.lists(st.integers(0, 10), min_size=columns, max_size=columns)
    marks = data.draw(st.lists(row, min_size=2, max_size=5))
    spread = Fraction(data.draw(st.sampled_from([1, 2, 5, 9])), 10)
    one = table(marks, decide_on="exact")

    answer = certain_ranks(one, float(spread))

    signs = np.array([*product((-1, 1), repeat=columns)], dtype=object)

    def least(i: int, j: int, within: Fraction) -> int:
        """The least that i is ahead of j at any corner, in whole parts."""
        part, whole = within.as_integer_ratio()
        ahead = np.array(marks[i], dtype=object) - np.array(marks[j], dtype=object)
        return int(min((whole + part * signs) @ ahead))

    units, ranks = range(len(marks)), one.total.ranks()
    for i in units:
        ahead = sum(least(j, i, spread) > 0 for j in units if j != i)
        never_ahead = sum(least(i, j, spread) >= 0 for j in units if j != i)
        assert (answer.best[i], answer.worst[i]) == (1 + ahead, len(marks) - never_ahead)
        below = [j for j in units if ranks[j] > ranks[i] and least(i, j, Fraction(1)) < 0]
        if not below:
            assert answer.rival[i] is None
            continue
        rival = one.units.index(answer.rival[i])
        critical = Fraction(float(answer.critical[i])).limit_denominator(10_000)
        assert least(i, rival, critical) == 0
        assert all(least(i, j, critical) >= 0 for j in below)


def test_a_printed_decimal_and_a_tie_break_decide() -> None:
    """What is printed alike is tied for certain, or told apart by the tie-break; no spread leaves published ranks."""
    printed = {"publish": dti.Publish("points", 0)}
    alike = certain_ranks(table([[5, 5], [5, 5]]), 0.5)
    close = certain_ranks(table([[5.2, 5], [5, 5], [1, 1]], **printed), 0)
    broken = certain_ranks(table([[4, 6], [6, 4]], tie_break=["0"]), 0)

    assert (alike.best.tolist(), alike.worst.tolist()) == ([1, 1], [1, 1])
    assert close.best.tolist() == [1, 1, 3]
    assert (broken.best.tolist(), broken.worst.tolist()) == ([2, 1], [2, 1])


def test_half_to_even_hides_a_whole_unit() -> None:
    """1.5 and 2.5 are both printed 2: rounded to even, a unit ahead by a last decimal is not ahead for certain."""
    publish = dti.Publish("points", 0, "half_even")
    assert certain_ranks(table([[2.5, 0], [1.5, 0]], publish=publish), 0).best.tolist() == [1, 1]
    assert certain_ranks(table([[2.5, 0], [1.5, 0]], publish=dti.Publish("points", 0)), 0).best.tolist() == [
        1,
        2,
    ]


def test_scores_that_are_cut_off_tie() -> None:
    """Whom a penalty takes below 0 has 0, as all others there: none of them is ahead for certain."""
    rubric = dti.Rubric("r", "Giả định", [dti.Index("1", "x", 10), dti.Index("p", "x", 20, role="penalty")])
    rows = [[9, 15], [5, 18], [9, 0]]
    one = dti.evaluate(rubric, dti.MarkSheet.from_array(rows, rubric, units=["a", "b", "c"]))

    answer = certain_ranks(one, 0)

    assert one.total.ranks().tolist() == [2, 2, 1]
    assert answer.best.tolist() == [2, 2, 1]


def test_units_to_which_other_leaves_apply() -> None:
    """They are compared by the scores that each can have: 9 of 10 is above whatever 5 of 10 and 6 of 11 come to."""
    one = table([[9, 0], [5, 6], [0, 10]])
    why: Any = {"reason": "giả định", "basis": "giả định"}
    skip = dti.Exclusion(members=["1"], treatment="skip", units=["u0"], **why)
    one = dti.evaluate(one.rubric, attrs.evolve(one.marks, exclusions=[skip]))

    answer = certain_ranks(one, 0.5)

    assert (answer.best.tolist(), answer.worst.tolist()) == ([1, 2, 2], [1, 3, 3])
    assert answer.rival.tolist() == [None, "u2", None]


def test_a_table_of_certain_ranks() -> None:
    """The figures of the docs, in words; an edition and a published result answer alike."""
    indices = [dti.Index("1", "Một", 30), dti.Index("2", "Hai", 20), dti.Index("3", "Ba", 50)]
    rubric = dti.Rubric("r", "Giả định", indices, edition="e")
    rows = [[24, 18, 38], [30, 10, 39], [15, 16, 47]]
    one = dti.evaluate(rubric, dti.MarkSheet.from_array(rows, rubric, units=["dong", "tay", "nam"]))

    for source in (one, dti.load_result(dti.to_document(one)), publish_together({"x": one})):
        answer = certain_ranks(source, 0.05)
        assert answer.best.tolist() == [1, 2, 2]
        assert answer.worst.tolist() == [1, 3, 3]
        assert answer.rival.tolist() == ["tay", "nam", None]
        # dong is ahead of tay by −6, 8 and −1 points: (8 − 7) / (8 + 7)
        assert answer.critical[0] == pytest.approx(1 / 15)
        assert "up to 5 % more or less" in answer.text("en")
        assert "80,00" in answer.text("vi")
        assert repr(answer) == "<CertainRanks: 3 units, spread 0.05>"
    long = Decimal("0.05" + "0" * 400 + "1")
    assert certain_ranks(one, long).worst.tolist() == [1, 3, 3]
    with pytest.raises(dti.InvalidArgument, match="spread"):
        certain_ranks(one, 2)
    with pytest.raises(dti.InvalidArgument, match="a Result, a PublishedResult or an Edition"):
        certain_ranks(answer)  # type: ignore[arg-type]
