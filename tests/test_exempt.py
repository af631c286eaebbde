"""Whether units gain by what they are not assessed on: held to sheets on which the leaves count."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dti_core as dti
from dti_core import analysis

WHY: Any = {"reason": "ví dụ", "basis": "ví dụ"}
PARTS = [dti.Component(code, code, 8) for code in ("1.1", "1.2")]
LEAVES = ("1.1", "1.2", "2", "3")
EXAMPLES = settings().max_examples // 8
"""Each is evaluated four times over."""


def round_of(rows: Any, skipped: dict[str, list[str]], policy: dti.Policy) -> dti.Result:
    """Five units on three indices; u0 and whoever else skips leaves by decisions of their own."""
    indices = [dti.Index("1", "Một", components=PARTS), dti.Index("2", "Hai", 4), dti.Index("3", "Ba", 8)]
    rubric = dti.Rubric("r", "Ví dụ", indices, policy=policy)
    exclusions = {
        unit: [dti.Exclusion(members=own, treatment="skip", **WHY)] for unit, own in skipped.items()
    }
    units = [f"u{row}" for row in range(len(rows))]
    return dti.evaluate(
        rubric, dti.MarkSheet.from_array(rows, rubric, units=units, unit_exclusions=exclusions)
    )


@settings(max_examples=EXAMPLES)
@given(
    st.lists(st.tuples(*(st.integers(0, most) for most in (8, 8, 4, 8))), min_size=5, max_size=5),
    st.lists(st.sampled_from(LEAVES), min_size=1, max_size=3, unique=True),
    st.builds(
        dti.Policy,
        renormalise=st.sampled_from(["overall", "by_level", "none"]),
        decide_on=st.sampled_from(["published", "exact"]),
        ties=st.sampled_from(["competition", "dense"]),
        tie_break=st.sampled_from([(), ("2",), ("1", "3")]),
        publish=st.builds(dti.Publish, st.just("percent"), st.integers(0, 2)),
    ),
)
def test_what_skipping_does_is_what_counting_would(rows: Any, leaves: list[str], policy: dti.Policy) -> None:
    """Score and rank of each case are those of a sheet on which the leaves count with just these marks."""
    result = round_of(rows, {"u0": leaves}, policy)
    (effect,) = analysis.exclusion_effect(result).effects
    most = dict(zip(LEAVES, (8, 8, 4, 8), strict=True))
    peers = {leaf: [row[at] for row in rows[1:]] for at, leaf in enumerate(LEAVES)}
    marks: dict[str, dict[str, Any]] = {
        "mean": {leaf: Fraction(sum(peers[leaf]), 4) for leaf in leaves},
        "zero": dict.fromkeys(leaves, 0),
        "full": {leaf: most[leaf] for leaf in leaves},
    }
    for case, own in marks.items():
        counted = dti.evaluate(
            result.rubric, result.marks.with_exclusions({"u0": []}).with_marks({"u0": own}), policy
        )
        assert effect.supposed[case].score == counted.total.exact()[0]
        assert effect.supposed[case].rank == (counted.total.ranks()[0] if effect.rank else 0)
    assert effect.score == result.total.exact()[0]
    assert effect.leaves == tuple(leaf for leaf in LEAVES if leaf in leaves)
    assert effect.maximum == sum(most[leaf] for leaf in leaves)


def test_the_formula_of_the_total() -> None:
    """Under overall: (P + Σ q m) / (A + Σ m) × M, and the credit is what the score has more than that."""
    result = round_of([[6, 6, 4, 8], [4, 2, 1, 6], [4, 4, 3, 2]], {"u0": ["2", "3"]}, dti.Policy())
    (effect,) = analysis.exclusion_effect(result).effects

    mean = Fraction(12 + 2 + 4, 16 + 12) * 28
    assert effect.supposed["mean"].score == mean
    assert effect.credited == Fraction(12, 16) * 28 - mean
    assert "quyết định riêng" in analysis.exclusion_effect(result).text("vi")


def test_no_mean_where_nobody_is_assessed() -> None:
    """A leaf that all skip has no peers: no mean and no credit, though nothing and everything can be supposed."""
    result = round_of([[6, 6, 4, 8], [4, 2, 1, 6]], {"u0": ["2"], "u1": ["2"]}, dti.Policy())
    answer = analysis.exclusion_effect(result)
    columns = answer.columns()

    assert np.isnan(columns["mean.score"]).all()
    assert np.isnan(columns["credited"]).all()
    assert columns["mean.rank"].tolist() == [0, 0]
    assert [row["mean.rank"] for row in answer.rows] == [None, None]
    assert columns["zero.score"].tolist() == pytest.approx([20, 12])


def test_a_node_and_an_edition() -> None:
    """At a node only its own leaves are told; an edition tells the effects of all its results under their names."""
    result = round_of([[6, 6, 4, 8], [4, 2, 1, 6]], {"u0": ["1.2", "2"]}, dti.Policy())
    (effect,) = analysis.exclusion_effect(result, node="1").effects
    rubric = dti.Rubric("s", "Ví dụ", [dti.Index("1", "Một", 10)], edition="e")
    other = dti.evaluate(rubric, dti.MarkSheet.from_array([[5]], rubric, units=["v"]))
    own = dti.Rubric("t", "Ví dụ", [dti.Index("1", "Một", 10), dti.Index("2", "Hai", 5)], edition="e")
    skip = dti.Exclusion(members=["2"], treatment="skip", **WHY)
    sheet = dti.MarkSheet.from_array([[5, 1], [5, 2]], own, units=["w", "x"], unit_exclusions={"w": [skip]})
    edition = analysis.publish_together({"a": other, "b": dti.evaluate(own, sheet)})

    assert effect.leaves == ("1.2",)
    assert effect.supposed["mean"].score == 8
    assert analysis.exclusion_effect(edition).columns()["block"].tolist() == ["b"]


def test_excluded_share_against_rate() -> None:
    """The correlation is numpy's own, and is told; of fewer than three units there is none."""
    rows = [[6, 6, 4, 8], [4, 2, 1, 6], [3, 3, 3, 3], [8, 8, 0, 0]]
    result = round_of(rows, {"u0": ["2"], "u3": ["2", "3"]}, dti.Policy())
    answer = analysis.exclusion_effect(result)
    expected = np.corrcoef([4 / 28, 0, 0, 12 / 28], result.total.rate)[0, 1]

    assert answer.correlations[""] == pytest.approx(expected)
    assert f"{expected:.2f}" in answer.text("en").splitlines()[0]
    few = analysis.exclusion_effect(round_of(rows[:2], {"u0": ["2"]}, dti.Policy()))
    assert np.isnan(few.correlations[""])


@pytest.mark.parametrize(("own", "rank"), [(0, 1), (2, 2)])
def test_a_tie_that_an_attribute_breaks(own: int, rank: int) -> None:
    """With full marks on what it skips u0 has 15 of 20 points as u1, of whose number it is on either side."""
    rubric = dti.Rubric(
        "r",
        "Ví dụ",
        [dti.Index("1", "Một", 10), dti.Index("2", "Hai", 10)],
        attributes={"n": {"type": "integer"}},
        policy=dti.Policy(tie_break=[dti.AttributeOrder("n", "ascending")]),
    )
    skip = dti.Exclusion(members=["2"], treatment="skip", **WHY)
    sheet = dti.MarkSheet.from_array(
        [[5, None], [5, 10]],
        rubric,
        units=["u0", "u1"],
        attributes={"n": [own, 1]},
        unit_exclusions={"u0": [skip]},
    )
    (effect,) = analysis.exclusion_effect(dti.evaluate(rubric, sheet)).effects

    assert effect.supposed["full"].rank == rank
    assert effect.supposed["zero"].rank == 2


def test_a_tie_that_a_part_breaks_which_another_decision_skips() -> None:
    """With full marks on 2, or on 3, u0 ties with u1 at three quarters; who has no 2 comes last in a tie by 2."""
    rubric = dti.Rubric(
        "r",
        "Ví dụ",
        [dti.Index(code, code, 10) for code in "123"],
        policy=dti.Policy(tie_break=["2"]),
    )
    skips = [dti.Exclusion(members=[leaf], treatment="skip", **WHY) for leaf in "23"]
    sheet = dti.MarkSheet.from_array(
        [[5, None, None], [10, 10, 2.5]], rubric, units=["u0", "u1"], unit_exclusions={"u0": skips}
    )
    effects = analysis.exclusion_effect(dti.evaluate(rubric, sheet)).effects

    assert {effect.leaves: effect.supposed["full"].rank for effect in effects} == {("2",): 1, ("3",): 2}


def test_blocks_by_their_titles() -> None:
    """A table shows what the block of a unit is called; its code is a column of its own."""
    rubric = dti.Rubric(
        "s",
        "Ví dụ",
        [dti.Index("1", "Một", 10), dti.Index("2", "Hai", 5)],
        blocks=[dti.Block("so", {"vi": "Khối sở", "en": "Departments"})],
    )
    skip = dti.Exclusion(members=["2"], treatment="skip", **WHY)
    sheet = dti.MarkSheet.from_array(
        [[5, 1], [6, 2]], rubric, units=["w", "x"], unit_exclusions={"w": [skip]}
    )
    answer = analysis.exclusion_effect(dti.evaluate(rubric, sheet))

    columns = answer.columns("en")
    assert (columns["block"].tolist(), columns["block_title"].tolist()) == (["so"], ["Departments"])
    assert "Khối sở" in answer.text("vi")
