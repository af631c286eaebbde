"""What decides nothing: statistics against numpy and COINr, leaves left out against rubrics without them."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import pytest
from documents_without import without
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies import crowded, documents
from test_golden import table

import dti_core as dti
from dti_core import analysis
from dti_core.analysis import coherence, leave_one_out
from dti_core.analysis.correlation import cronbach
from dti_core.analysis.leave_one_out import _outcome
from dti_core.analysis.shifts import Shift, inversions

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from reference_rules import Document

few = settings(max_examples=max(10, settings().max_examples // 20))
WHY: Any = {"reason": "giả định", "basis": "giả định"}
MAXIMA = (30, 20, 10, 40)
RANDOM = np.random.default_rng(7)
MARKS = np.rint(RANDOM.random((24, 4)) * MAXIMA * 10) / 10


def scored(marks: Any = MARKS, *, skip: bool = False, **policy: Any) -> dti.Result:
    """Four indices; with ``skip`` the second does not apply to every third unit, nor the first to every fifth."""
    kinds = [0 if not skip else 2 if row % 3 == 1 else 1 if row % 5 == 0 else 0 for row in range(len(marks))]
    rules = [
        dti.ExclusionRule(
            code=f"no-{code}", members=[code], treatment="skip", when={"kind": int(code)}, **WHY
        )
        for code in ("1", "2")
    ]
    indices = [dti.Index(str(at), f"Chỉ số {at}", worth) for at, worth in enumerate(MAXIMA, start=1)]
    rubric = dti.Rubric(
        "made-up",
        "Giả định",
        indices,
        attributes={"kind": {"type": "integer"}},
        exclusions=rules,
        policy=dti.Policy(**policy),
    )
    units = [f"u{row}" for row in range(len(marks))]
    sheet = dti.MarkSheet.from_array(marks, rubric, units=units, attributes={"kind": kinds})
    return dti.evaluate(rubric, sheet)


def places(values: Any) -> NDArray[np.float64]:
    """Mean places of values, counted pair by pair."""
    listed = np.asarray(values)
    below, equal = listed[:, None] > listed[None, :], listed[:, None] == listed[None, :]
    return np.asarray(below.sum(axis=1) + (equal.sum(axis=1) + 1) / 2)


def test_figures_are_those_of_numpy() -> None:
    """Without exclusions every figure is numpy's, of the marks as they stand."""
    columns, total = coherence(scored()).columns(), MARKS.sum(axis=1)
    rates = MARKS / MAXIMA

    assert columns["n"].tolist() == [24] * 4
    np.testing.assert_allclose(columns["full"], (rates == 1).mean(axis=0))
    np.testing.assert_allclose(columns["zero"], (rates == 0).mean(axis=0))
    np.testing.assert_allclose(columns["sd"], rates.std(axis=0, ddof=1))
    assert columns["distinct"].tolist() == [len({*column}) for column in rates.T.tolist()]
    np.testing.assert_allclose(columns["nominal"], [0.3, 0.2, 0.1, 0.4])
    for at, own in enumerate(MARKS.T):
        rest = total - own
        assert columns["effective"][at] == pytest.approx(np.cov(own, total)[0, 1] / np.var(total, ddof=1))
        assert columns["pearson"][at] == pytest.approx(np.corrcoef(own, total)[0, 1])
        assert columns["rest"][at] == pytest.approx(np.corrcoef(own, rest)[0, 1])
        assert columns["spearman"][at] == pytest.approx(
            np.corrcoef(places(own), places(np.rint(total * 10)))[0, 1]
        )
        rounded = places(np.rint(rest * 10))
        assert columns["rest_spearman"][at] == pytest.approx(np.corrcoef(places(own), rounded)[0, 1])
    covariances = np.cov(rates.T)
    alpha = 4 / 3 * (1 - np.trace(covariances) / covariances.sum())
    assert coherence(scored())[""].alpha == pytest.approx(alpha)


@pytest.mark.parametrize("renormalise", ["overall", "by_level", "none"])
@pytest.mark.parametrize("missing", ["zero", "exclude"])
def test_effective_weights_add_up(renormalise: str, missing: str) -> None:
    """Both weights add up to 1 under every policy, exclusions and missing marks included."""
    marks = MARKS.copy()
    marks[[3, 8, 8], [0, 2, 3]] = np.nan
    columns = coherence(scored(marks, skip=True, renormalise=renormalise, missing=missing)).columns()

    assert columns["node"].tolist() == ["1", "2", "3", "4"]  # nothing comes from elsewhere
    assert columns["effective"].sum() == pytest.approx(1, abs=1e-12)
    assert columns["nominal"].sum() == pytest.approx(1, abs=1e-12)


def test_weights_with_exclusions() -> None:
    """Under ``overall`` a part contributes its points over what applies to the unit, and weighs its part of that."""
    result = scored(skip=True)
    columns = coherence(result).columns()
    applicable = np.column_stack([result[code].applicable for code in "1234"])
    points = np.column_stack([result[code].points for code in "1234"])
    whole = points.sum(axis=1) / applicable.sum(axis=1)

    np.testing.assert_allclose(
        columns["nominal"], (applicable / applicable.sum(axis=1, keepdims=True)).mean(axis=0)
    )
    for at in range(4):
        part = points[:, at] / applicable.sum(axis=1)
        assert columns["effective"][at] == pytest.approx(np.cov(part, whole)[0, 1] / np.var(whole, ddof=1))
    assert columns["n"].tolist() == [(applicable[:, at] > 0).sum() for at in range(4)]


def test_what_comes_from_no_part() -> None:
    """Bonus and its limit are a row of their own, and all effective weights add up to 1 with it."""
    rubric = dti.Rubric(
        "made-up",
        "Giả định",
        [
            dti.Index("1", "Một", 30),
            dti.Index("2", "Hai", 20),
            dti.Index("T", "Thưởng", components=[dti.Component("T.1", "Sáng kiến", 5, role="bonus")]),
        ],
    )
    marks = [[20 + row, 2 * (row % 4), 5 if row > 6 else 0] for row in range(11)]
    sheet = dti.MarkSheet.from_array(marks, rubric, units=[f"u{row}" for row in range(11)])
    columns = coherence(dti.evaluate(rubric, sheet)).columns("en")

    assert columns["node"].tolist() == ["1", "2", None]
    assert columns["title"][2] == "Bonus, penalty, limits and stand-ins"
    bonus, total = [row[2] for row in marks], [sum(row) for row in marks]
    assert columns["effective"][2] == pytest.approx(np.cov(bonus, total)[0, 1] / np.var(total, ddof=1))
    assert columns["effective"].sum() == pytest.approx(1, abs=1e-12)


def test_flags() -> None:
    """A part equal for all is constant; one that repeats another, or runs against the rest, is said to."""
    first = np.arange(12)
    marks = np.column_stack([first * 2, first, np.full(12, 4), 30 - 2.5 * first])
    answer = coherence(scored(marks))
    columns, pairs = answer.columns(), answer.pairs()

    assert columns["flags"].tolist() == [
        "negative, redundant, heavy",
        "negative, redundant, heavy",
        "constant",
        "negative, redundant",
    ]
    assert np.isnan(columns["pearson"]).tolist() == [False, False, True, False]
    assert columns["effective"][2] == 0
    assert [*zip(pairs["node"], pairs["other"], pairs["r"].round(12), strict=True)] == [
        ("1", "2", 1),
        ("1", "4", -1),
        ("2", "4", -1),
    ]
    told = [" ".join(line.split()) for line in answer.text("en").splitlines()]
    below = told[told.index("Pairs that repeat each other (|r| of 0.9 and more)") :]
    assert [line.rpartition(" ")[2] for line in below[-3:]] == ["1.00", "−1.00", "−1.00"]


def test_few_units_say_nothing() -> None:
    """Of nine units nothing is said but shares; no warning is given, for a constant total neither."""
    columns = coherence(scored(MARKS[:9])).columns()
    constant = coherence(scored(np.full((12, 4), 5))).columns()

    for name in ("effective", "pearson", "spearman", "rest", "rest_spearman"):
        assert np.isnan(columns[name]).all()
        assert np.isnan(constant[name]).all()
    assert not np.isnan(columns["sd"]).any()
    assert constant["flags"].tolist() == ["constant"] * 4
    assert "Fewer than 10 units (9)" in coherence(scored(MARKS[:9])).text("en")


def test_cronbach_of_coinr() -> None:
    """COINr prints 0.05126659 for the P2P indicators of its ASEM example as collected, gaps and all."""
    raw = table("asem/raw_p2p.csv")
    columns = [[float(cell or "nan") for cell in raw[name]] for name in [*raw][1:]]

    assert cronbach(np.array(columns).T) == pytest.approx(0.05126659, abs=5e-9)


def test_mean_shift_of_coinr() -> None:
    """The mean shift of ranks is COINr's where it leaves out one pillar after another, from its own ranks."""
    ranks = table("asem/remove_pillar_ranks.csv")
    printed = table("asem/remove_pillar_mean_abs_rank_change.csv")
    together = np.zeros(51, dtype=np.int64)
    nominal = np.array(ranks["Nominal"], dtype=np.int64)

    for removed, change in zip(printed["removed"], printed["mean_abs_rank_change"], strict=True):
        mean = Shift(nominal, np.array(ranks[removed], dtype=np.int64), together).mean
        assert mean is not None
        assert float(mean) == float(change)


@few
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(-1, 1)), max_size=12))
def test_kendall_pair_by_pair(units: list[tuple[int, int, int]]) -> None:
    """τ-b by its definition: every pair of units ranked together, concordant, discordant or tied."""
    before, after, groups = (
        (np.array(column, dtype=np.int64) for column in zip(*units, strict=True))
        if units
        else (np.zeros(0, dtype=np.int64) for _ in range(3))
    )
    signs = [
        (np.sign(a[0] - b[0]), np.sign(a[1] - b[1]))
        for a, b in combinations(units, 2)
        if a[2] == b[2] >= 0 and min(*a[:2], *b[:2]) > 0
    ]
    score = sum(int(one * other) for one, other in signs)
    untied = sum(bool(one) for one, _ in signs) * sum(bool(other) for _, other in signs)
    tau = Shift(before, after, groups).tau

    assert tau == pytest.approx(score / untied**0.5) if untied else np.isnan(tau)
    assert inversions(after) == sum(a > b for a, b in combinations(after.tolist(), 2))


def test_published_result_says_the_same() -> None:
    """A result document that holds the parts is as good as the result; one without them is refused."""
    for renormalise in ("overall", "by_level", "none"):
        result = scored(skip=True, renormalise=renormalise)
        mine, theirs = (
            coherence(result).columns(),
            coherence(dti.load_result(dti.to_document(result))).columns(),
        )
        for name, column in mine.items():
            np.testing.assert_array_equal(column, theirs[name])

    with pytest.raises(dti.InvalidArgument, match="nothing whose scores are there"):
        coherence(dti.load_result(dti.to_document(result, nodes=["total"])))
    with pytest.raises(dti.InvalidArgument, match="nothing whose scores are there"):
        coherence(result, node="1")


def test_within_blocks_and_editions() -> None:
    """Units are taken with whom they are ranked: block by block, by an attribute, or result by result."""
    result = scored(skip=True)
    answer = coherence(result, by="kind")
    edition = analysis.publish_together(
        {
            "x": dti.evaluate(
                attrs.evolve(result.rubric, edition="1"),
                attrs.evolve(result.marks, rubric=attrs.evolve(result.rubric, edition="1")),
            )
        }
    )

    assert {block: agreement.units for block, agreement in answer.blocks.items()} == {"0": 12, "1": 4, "2": 8}
    assert (
        coherence(edition)["x"].columns()["effective"].tolist()
        == coherence(result).columns()["effective"].tolist()
    )
    assert "table" in coherence(edition).columns()
    assert leave_one_out(edition)["x"].ranks.tolist() == leave_one_out(result).ranks.tolist()


def test_text_for_the_drafter() -> None:
    """The text names what decides nothing and what weighs more than it says."""
    marks = np.column_stack([np.full(12, 30), np.arange(12), [0, 1, 1, 0] * 3, np.full(12, 40)])
    answer = coherence(scored(marks))

    assert answer.text("en").splitlines()[0] == ("Decide next to nothing: 1 Chỉ số 1, 4 Chỉ số 4.")
    assert answer.text("vi").splitlines()[2] == (
        "Nặng hơn số điểm của mình: 2 Chỉ số 2 (theo số điểm 20 %, thực tế 98 %)."
    )


@few
@given(st.one_of(documents(), crowded()), st.integers(0, 100))
def test_left_out_is_evaluated_without(pair: tuple[Document, Document], at: int) -> None:
    """The ranks without a leaf are those of documents in which it never stood."""
    try:
        rubric = dti.load_rubric(pair[0])
        result = dti.evaluate(rubric, dti.load_marks(pair[1], rubric))
    except dti.InvalidDocument:
        assume(False)  # noqa: FBT003 - hypothesis has it so
    leaves = [leaf for leaf, role in rubric.tree.role.items() if role != "standby"]
    leaf = leaves[at % len(leaves)]
    ranks = _outcome(result.total, leaf, None)  # of all leaves it would take long
    try:
        left, marks = without(*pair, leaf)
        shorter = dti.load_rubric(left)
        expected = dti.evaluate(shorter, dti.load_marks(marks, shorter)).total.ranks()
    except dti.InvalidDocument:
        assert isinstance(ranks, dti.Label)
    else:
        np.testing.assert_array_equal(ranks, expected)


def test_left_out_by_hand() -> None:
    """Without the first index b passes a: 12 of 20 against 20 of 20; without the second nobody moves."""
    rubric = dti.Rubric("made-up", "Giả định", [dti.Index("1", "Một", 30), dti.Index("2", "Hai", 20)])
    sheet = dti.MarkSheet.from_array([[30, 12], [21, 20], [9, 11]], rubric, units=["a", "b", "c"])
    answer = leave_one_out(dti.evaluate(rubric, sheet))
    columns = answer.columns()

    assert answer.ranks.tolist() == [[2, 1], [1, 2], [3, 3]]
    assert columns["changed"].tolist() == [2, 0]
    assert columns["mean"].tolist() == [2 / 3, 0]
    assert columns["tau"].tolist() == [1 / 3, 1]
    assert answer.text("en").splitlines()[0] == "1 of 2 leaves can be left out and no rank changes: 2 Hai."


def test_what_cannot_be_left_out() -> None:
    """The only leaf leaves no rubric: it is listed with the reason; a leaf has no leaves to leave out."""
    rubric = dti.Rubric("made-up", "Giả định", [dti.Index("1", "Một", 30)])
    result = dti.evaluate(rubric, dti.MarkSheet.from_array([[30], [2]], rubric, units=["a", "b"]))
    wrong: Any = leave_one_out

    assert "one index" in leave_one_out(result).columns("en")["reason"][0]
    with pytest.raises(dti.InvalidArgument, match="no node of leaves"):
        leave_one_out(result, node="1")
    with pytest.raises(dti.InvalidArgument, match="a Result, a PublishedResult or an Edition is needed"):
        wrong(result.total)


@pytest.mark.parametrize("renormalise", ["overall", "none"])
@pytest.mark.parametrize("decide_on", ["published", "exact"])
def test_left_out_of_a_published_result(renormalise: str, decide_on: str) -> None:
    """A published result that holds all leaves ranks without each as the result does; else it is refused."""
    result = scored(skip=True, renormalise=renormalise, decide_on=decide_on, publish=dti.Publish(decimals=0))
    published = dti.load_result(dti.to_document(result))

    for by in (None, "kind"):
        mine, theirs = leave_one_out(result, by=by), leave_one_out(published, by=by)
        np.testing.assert_array_equal(mine.ranks, theirs.ranks)
        assert mine.columns()["tau"].tolist() == theirs.columns()["tau"].tolist()
    by_level = scored(renormalise="by_level")
    for document in (dti.to_document(by_level), dti.to_document(result, nodes=["total"])):
        with pytest.raises(dti.InvalidArgument, match="ask the Result"):
            leave_one_out(dti.load_result(document))


def test_without_a_leaf_what_is_missing_of_the_rest() -> None:
    """Coverage, which a rank may rest on, is of the leaves that are left: made-up marks, 0.6 asked for."""
    rubric = dti.Rubric(
        "made-up",
        "Giả định",
        [dti.Index(code, "x", 10) for code in "123"],
        policy=dti.Policy(min_coverage=0.6),
    )
    marks: list[list[int | None]] = [[9, None, 8], [None, 5, 8], [9, 5, 8], [None, None, 7]]
    sheet = dti.MarkSheet.from_array(marks, rubric, units=["a", "b", "c", "d"])
    answer = leave_one_out(dti.evaluate(rubric, sheet))
    ranks = dict(zip(answer.leaves, answer.ranks.T.tolist(), strict=True))

    assert ranks == {"1": [0, 1, 1, 0], "2": [1, 0, 1, 0], "3": [0, 0, 1, 0]}

    whole = dti.MarkSheet.from_array([[9, 1, 8], [1, 5, 8]], rubric, units=["a", "b"])
    assert leave_one_out(dti.evaluate(rubric, whole)).ranks.T.tolist() == [[2, 1], [1, 2], [1, 2]]
