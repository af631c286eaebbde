"""Ranks over draws of weights and of marks: the rounds they stand for, COINr's published ones, plain loops."""

from decimal import Decimal
from fractions import Fraction
from math import floor
from statistics import median
from typing import Any

import attrs
import numpy as np
import pytest
import strategies
import strategies_decisions
import test_golden as golden
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies_draws import factors, indices_of, multiplied, rounds, weights

import dti_core as dti
from dti_core.analysis import (
    RankIntervals,
    certain_ranks,
    mark_draws,
    publish_together,
    rank_intervals,
    weight_draws,
)
from dti_core.analysis.robust import comparing

some = settings(max_examples=max(10, settings().max_examples // 8))
WHY: Any = {"reason": "giả định", "basis": "giả định"}


def result(marks: Any, kinds: Any = None, **policy: Any) -> dti.Result:
    """Three indices of 30, 20 and 10 points; index k is skipped for units of kind k."""
    rules = [
        dti.ExclusionRule(
            code=f"no-{code}", members=[code], treatment="skip", when={"kind": int(code)}, **WHY
        )
        for code in ("1", "2", "3")
    ]
    rubric = dti.Rubric(
        "draws",
        "Giả định",
        [dti.Index("1", "Một", 30), dti.Index("2", "Hai", 20), dti.Index("3", "Ba", 10)],
        attributes={"kind": {"type": "integer"}, "half": {"type": "integer"}},
        exclusions=rules,
        policy=dti.Policy(**policy),
    )
    units = [f"u{row}" for row in range(len(marks))]
    kinds = [0] * len(marks) if kinds is None else kinds
    blocks = [row % 2 for row in range(len(marks))]
    sheet = dti.MarkSheet.from_array(marks, rubric, units=units, attributes={"kind": kinds, "half": blocks})
    return dti.evaluate(rubric, sheet)


def plain_ranks(
    shares: list[list[Fraction | None]], draw: list[int], peers: list[list[int]]
) -> dict[int, int]:
    """Competition ranks of weighted means, by fractions."""
    scores = {}
    for unit, row in enumerate(shares):
        pairs = [(weight, share) for weight, share in zip(draw, row, strict=True) if share is not None]
        if pairs:
            scores[unit] = sum(weight * share for weight, share in pairs) / sum(weight for weight, _ in pairs)
    return {
        unit: 1 + sum(scores[other] > scores[unit] for other in group if other in scores)
        for group in peers
        for unit in group
        if unit in scores
    }


shares_of_ten = st.tuples(st.integers(0, 10), st.integers(0, 10), st.integers(0, 10))


@some
@given(strategies.documents() | strategies_decisions.decided_documents())
def test_the_weights_in_force_give_the_published_ranks(case: Any) -> None:
    """Draws without spread rank as the result does: any rubric, policy, exclusions, bonus, caps, gates and ties.

    So does a result read from its document; where nothing is worth anything there is nothing to weigh.
    """
    try:
        rubric = dti.load_rubric(case[0])
        one = dti.evaluate(rubric, dti.load_marks(case[1], rubric))
    except dti.InvalidDocument:
        assume(False)  # noqa: FBT003 — hypothesis takes it by position
    if not rubric.tree.maximum["total"]:
        with pytest.raises(dti.InvalidArgument, match="nothing to weigh"):
            weight_draws(rubric, 1)
        return

    for source in (one, dti.load_result(dti.to_document(one))):
        ranks = rank_intervals(source, weight_draws(source, 2, spread=0), keep=True).ranks
        assert ranks is not None
        assert ranks.tolist() == [one.total.ranks().tolist()] * 2


@some
@given(st.data())
def test_a_draw_is_a_round_in_which_leaves_are_worth_so_much(data: Any) -> None:
    """Ranks in a draw are those of the round evaluated with the leaves of each index multiplied, under any policy.

    Doubles only make it faster: with a margin so wide that every cell is worked out exactly, ranks are the same.
    """
    one = data.draw(rounds())
    eighths = data.draw(st.lists(factors(len(indices_of(one))), min_size=1, max_size=3))
    by = data.draw(st.sampled_from([None, "half"]))
    draws = [weights(one, own) for own in eighths]

    ranks = [rank_intervals(source, draws, by=by, keep=True).ranks for source in (one, published(one))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparing, "CLOSE", 1.0)
        ranks.append(rank_intervals(one, draws, by=by, keep=True).ranks)

    expected = [multiplied(one, own).total.ranks(by).tolist() for own in eighths]
    for found in ranks:
        assert found is not None
        assert found.tolist() == expected


def published(one: dti.Result) -> dti.PublishedResult:
    """The result as its document has it."""
    return dti.load_result(dti.to_document(one))


@some
@given(st.data())
def test_what_kept_ranks_tell(data: Any) -> None:
    """Shares of each rank, of the first k, of draws in which one ranks before another, and the weights of winners."""
    one = data.draw(rounds())
    eighths = data.draw(st.lists(factors(len(indices_of(one))), min_size=1, max_size=5))
    draws = [weights(one, own) for own in eighths]

    answer = rank_intervals(one, draws, by="half", keep=True)

    halves, shares = (
        [one.marks.attributes["half"].of(row) for row in range(len(one.units))],
        answer.acceptability(),
    )
    ranks = [multiplied(one, own).total.ranks("half").tolist() for own in eighths]
    for unit, half in enumerate(halves):
        own = [drawn[unit] for drawn in ranks]
        if not own[0]:
            assert np.isnan(shares[unit]).all()
            assert np.isnan(answer.top(1)[unit])
            continue
        for rank, share in enumerate(shares[unit].tolist(), start=1):
            assert share == pytest.approx(own.count(rank) / len(own))
        assert sum(shares[unit]) == pytest.approx(1)
        assert answer.top(2)[unit] == pytest.approx(sum(rank <= 2 for rank in own) / len(own))
        won = [np.array(draw) / sum(draw) for draw, rank in zip(draws, own, strict=True) if rank == 1]
        expected = np.mean(won, axis=0) if won else np.full(len(draws[0]), np.nan)
        np.testing.assert_allclose(answer.central_weights()[unit], expected)
        for other, its_half in enumerate(halves):
            theirs = [drawn[other] for drawn in ranks]
            if other == unit or its_half != half or not theirs[0]:
                assert np.isnan(answer.beats()[unit, other])
            else:
                pairs = [*zip(own, theirs, strict=True)]
                before = sum((mine < its) + (mine == its) / 2 for mine, its in pairs)
                assert answer.beats()[unit, other] == pytest.approx(before / len(pairs))


def test_draws_that_are_not_kept_tell_no_more() -> None:
    """What rests on each draw is refused where the draws were let go."""
    answer = rank_intervals(result([[1, 2, 3]]), [[1, 1, 1]])
    for ask in (answer.acceptability, answer.beats, answer.central_weights, lambda: answer.top(1)):
        with pytest.raises(dti.InvalidArgument, match="keep=True"):
            ask()


def test_weights_of_very_different_sizes() -> None:
    """What weighs next to nothing decides for whom nothing else applies to; where doubles lose it, it is refused."""
    for renormalise in ("overall", "none"):
        one = result(
            [[15, 0, 0], [0, 0, 9], [12, 0, 0]], kinds=[3, 1, 3], renormalise=renormalise, decide_on="exact"
        )
        draws = [[1e-150, 1e-150, 1], [1, 1e-150, 1e-150], [1e300, 1, 1e300]]
        ranks = rank_intervals(one, draws, keep=True).ranks
        assert ranks is not None
        assert ranks.tolist() == [[2, 1, 3], [1, 2, 3], [2, 1, 3]]
        with pytest.raises(dti.InvalidArgument, match="no weight to any node"):
            rank_intervals(one, [[1e-290, 1e-290, 1]])


def test_an_index_alone_weighs_all() -> None:
    """With one index there is one weight, 1, by every law."""
    rubric = dti.Rubric("r", "x", [dti.Index("1", "x", 30)])
    laws: list[Any] = ["uniform", "dirichlet", "simplex"]
    assert [weight_draws(rubric, 2, law=law).tolist() for law in laws] == [[[1.0], [1.0]]] * 3


@pytest.mark.parametrize("rounding", ["down", "half_up", "half_even"])
def test_printed_values_on_a_bound_are_rounded_exactly(rounding: str) -> None:
    """Thirds that add up to whole or half points are printed as such: doubles fall below half of them."""
    tenths = np.random.default_rng(1).integers(0, 11, (300, 3)).tolist()
    marks = np.array(tenths) * [3, 2, 1]
    draws = [[1, 1, 1], [1, 2, 3], [1, 1, 4], [2, 1, 0]]

    one = result(marks, publish=dti.Publish("scale", 0, rounding, of=15))  # type: ignore[arg-type]
    ranks = rank_intervals(one, draws, by=(), keep=True).ranks

    assert ranks is not None
    for draw, own in zip(draws, ranks.tolist(), strict=True):
        scores = [
            Fraction(15 * sum(w * tenth for w, tenth in zip(draw, row, strict=True)), 10 * sum(draw))
            for row in tenths
        ]
        shown = [printed(score, rounding) for score in scores]
        assert own == [1 + sum(other > mine for other in shown) for mine in shown]


@pytest.mark.parametrize(("decide_on", "ranks"), [("published", [2, 4, 3, 1]), ("exact", [2, 3, 4, 1])])
def test_points_on_scales_of_their_own_are_rounded_before_they_are_compared(
    decide_on: Any, ranks: Any
) -> None:
    """10 of 60, 3⅓ of 40, 4.8 of 60 and 9 of 40 are printed 10, 3, 5 and 9: 9/40 > 10/60 > 5/60 > 3/40."""
    marks, kinds = [[15, 0, 0], [5, 0, 0], [0, 4.8, 0], [13.5, 0, 0]], [0, 3, 0, 3]
    one = result(marks, kinds, renormalise="none", publish=dti.Publish("points", 0), decide_on=decide_on)

    for source in (one, published(one)):
        drawn = rank_intervals(source, [[1, 1, 1]], keep=True).ranks
        assert drawn is not None
        assert drawn.tolist() == [ranks]


def test_sure_ranks_of_points_hold_in_every_draw() -> None:
    """Printed on scales of their own too: no draw within the spread leaves the bounds, and some come to them."""
    rng = np.random.default_rng(3)
    marks, kinds = rng.integers(0, 11, (12, 3)) * [3, 2, 1], rng.integers(0, 4, 12)
    one = result(marks, kinds, renormalise="none", publish=dti.Publish("points", 1))

    sure = certain_ranks(one, 0.1)
    drawn = rank_intervals(one, weight_draws(one.rubric, 200, spread=0.1, seed=1))

    assert (sure.best <= drawn.best_drawn).all()
    assert (drawn.worst_drawn <= sure.worst).all()
    assert (sure.best == drawn.best_drawn).any()
    assert (sure.worst < 12).any()


def printed(score: Fraction, rounding: str) -> int:
    """A score in whole points."""
    if rounding == "half_even":
        return round(score)
    return floor(score if rounding == "down" else score + Fraction(1, 2))


def test_thousands_of_units_in_chunks() -> None:
    """Many draws of many units in blocks, some alike, rank as the same units do draw by draw."""
    rng = np.random.default_rng(5)
    marks = rng.integers(0, 11, (1_200, 3)) * [3, 2, 1] * 1.0
    one = result(marks, kinds=rng.integers(0, 4, 1_200), decide_on="exact")
    draws = weight_draws(one.rubric, 200, seed=2)

    ranks = rank_intervals(one, draws, by="half", keep=True).ranks

    assert ranks is not None
    rates = np.array([one[node].rate for node in "123"])
    for at in (0, 99, 199):
        weight = draws[at][:, None] * ~np.isnan(rates)
        score = np.round((np.nan_to_num(rates) * weight).sum(axis=0) / weight.sum(axis=0), 12)
        assert ranks[at].tolist() == dti.rank(score, by=np.arange(1_200) % 2).tolist()


@some
@given(
    tenths=st.lists(st.tuples(shares_of_ten, st.integers(0, 3)), max_size=12),
    draws=st.lists(st.lists(st.integers(1, 5), min_size=3, max_size=3), min_size=1, max_size=7),
    halves=st.booleans(),
)
def test_against_a_plain_reckoning(tenths: Any, draws: Any, halves: bool) -> None:  # noqa: FBT001
    """Best, worst and median rank and the share of first places, with many ties, skipped indices and groups."""
    marks = np.array([shares for shares, _ in tenths]).reshape(-1, 3) * [3, 2, 1]
    kinds = [kind for _, kind in tenths]
    shares = [
        [None if kind == at + 1 else Fraction(mark, 10) for at, mark in enumerate(row)]
        for row, kind in tenths
    ]
    everyone = list(range(len(tenths)))
    peers = [everyone[::2], everyone[1::2]] if halves else [everyone]
    ranks = [plain_ranks(shares, draw, peers) for draw in draws]

    found = rank_intervals(result(marks, kinds, decide_on="exact"), draws, by="half" if halves else ())

    for unit in everyone:
        own = sorted(each[unit] for each in ranks)
        assert (found.best_drawn[unit], found.worst_drawn[unit]) == (own[0], own[-1])
        assert found.median[unit] == median(own)
        assert found.first[unit] == pytest.approx(own.count(1) / len(own))


def test_asem_monte_carlo() -> None:
    """COINr's nominal rank, median, 5 % and 95 % quantile of 51 units over 100 draws of weights at two levels."""
    result, (draws, pillars) = golden.asem("original", "stage_normalised"), asem_draws()
    found = rank_intervals(result, draws, nodes=pillars, level=0.9)
    expected = golden.table("asem/mc_rank_stats_100.csv")
    row = [result.units.index(unit) for unit in expected["uCode"]]

    assert found.standing.ranks[row].tolist() == [int(rank) for rank in expected["Nominal"]]
    for mine, theirs in ((found.median, "Median"), (found.lower, "Q5"), (found.upper, "Q95")):
        np.testing.assert_allclose(mine[row], list(map(float, expected[theirs])), rtol=1e-12, err_msg=theirs)


def test_asem_every_draw() -> None:
    """COINr's rank of every unit in every single draw: 5,100 of them."""
    result, (draws, pillars) = golden.asem("original", "stage_normalised"), asem_draws()
    expected = golden.table("asem/mc_ranks_100.csv")
    row = [result.units.index(unit) for unit in expected["uCode"]]

    ranks = rank_intervals(result, draws, nodes=pillars, keep=True).ranks
    assert ranks is not None
    for at, own in enumerate(ranks, start=1):
        assert own[row].tolist() == [int(rank) for rank in expected[f"r_{at}"]], at


def asem_draws() -> tuple[list[list[float]], list[str]]:
    """What each pillar weighs in the index in each draw: its share of its sub-index, times that one's share."""
    tree = golden.asem_tree("original")
    source = golden.table("asem/mc_weights_100.csv")
    weights: dict[str, dict[str, float]] = {}
    for draw, node, weight in zip(source["rep"], source["iCode"], source["Weight"], strict=True):
        weights.setdefault(draw, {})[node] = float(weight)

    def share(own: dict[str, float], node: str, parent: str) -> float:
        return own[node] / sum(own[child] for child in tree.children[parent])

    above = {child: parent for parent in tree.children["Index"] for child in tree.children[parent]}
    draws = [
        [share(own, pillar, parent) * share(own, parent, "Index") for pillar, parent in above.items()]
        for own in weights.values()
    ]
    return draws, list(above)


def test_quantiles_interpolate_between_draws() -> None:
    """Ranks 1, 1, 2, 2 over four draws: quantiles lie between the order statistics, as R's type 7 has them."""
    draws = [[1, 2, 0], [1, 3, 0], [2, 1, 0], [3, 1, 0]]
    found = rank_intervals(result([[0, 20, 0], [30, 0, 0]]), draws, level=0.5)

    assert found.lower.tolist() == [1, 1]
    assert found.median.tolist() == [1.5, 1.5]
    assert found.upper.tolist() == [2, 2]
    assert found.first.tolist() == [0.5, 0.5]


def test_equal_units_tie_in_every_draw() -> None:
    """Two thousand units with the same marks are first in every draw of uneven weights."""
    draws = weight_draws(result([[1, 2, 3]]).rubric, 50, spread=0.9, seed=4)
    found = rank_intervals(result([[10.01, 7.77, 3.33]] * 2_000), draws)

    assert set(found.worst_drawn.tolist()) == {1}
    assert set(found.first.tolist()) == {1.0}


def test_no_units_and_units_that_are_not_ranked() -> None:
    """Without units the arrays are empty; a unit for which nothing applies has no ranks, and is in nobody's way."""
    assert rank_intervals(result(np.empty((0, 3))), [[1, 1, 1]]).columns()["median"].shape == (0,)

    skip_all = [
        dti.Exclusion(
            members=["1", "2", "3"], units=["u0"], treatment="skip", reason="giả định", basis="giả định"
        )
    ]
    one = result([[0, 0, 0], [30, 0, 0]])
    sheet = attrs.evolve(one.marks, exclusions=skip_all)
    answer = rank_intervals(dti.evaluate(one.rubric, sheet), [[1, 1, 1]], keep=True)

    assert answer.rows[0]["rank"] is answer.rows[0]["best_drawn"] is None
    assert answer.worst_drawn[1] == 1
    assert answer.ranks is not None
    assert answer.ranks.tolist() == [[0, 1]]
    assert str(answer.acceptability().tolist()) == "[[nan], [1.0]]"


def test_weights_are_drawn_around_the_maxima() -> None:
    """Each draw adds up to 1, each weight stays within its spread of the others, and a seed repeats itself."""
    rubric = result([[0, 0, 0]]).rubric
    draws = weight_draws(rubric, 500, spread=0.2, seed=7)
    factors = draws / [30, 20, 10]

    np.testing.assert_allclose(draws.sum(axis=1), 1)
    assert (factors.max(axis=1) / factors.min(axis=1)).max() <= 1.2 / 0.8
    assert draws.std() > 0
    assert draws.tolist() == weight_draws(rubric, 500, spread=0.2, seed=7).tolist()
    assert draws.tolist() != weight_draws(rubric, 500, spread=0.2, seed=8).tolist()


def test_a_seed_gives_the_same_draws_everywhere() -> None:
    """The raw stream of PCG64, which numpy promises not to change: its first numbers for seed 1."""
    factors = weight_draws(result([[0, 0, 0]]).rubric, 1, spread=0.5, seed=1) / [30, 20, 10]
    first = [0.5 + share for share in (0.5118216247002567, 0.9504636963259353, 0.14415961271963373)]

    np.testing.assert_allclose(factors[0] / factors[0, 0], np.array(first) / first[0], rtol=1e-15)


def test_laws_of_draws() -> None:
    """Dirichlet: mean w and variance w(1 − w)/(α + 1); simplex: the same with every weight 1/K and α = K."""
    rubric = result([[0, 0, 0]]).rubric
    laws: list[tuple[Any, int, Any]] = [
        ("dirichlet", 60, np.array([30, 20, 10]) / 60),
        ("simplex", 3, np.full(3, 1 / 3)),
    ]
    for law, parts, mean in laws:
        draws = weight_draws(rubric, 20_000, law=law, concentration=60, seed=3)
        assert not draws.flags.writeable

        assert draws.min() >= 0
        np.testing.assert_allclose(draws.sum(axis=1), 1)
        np.testing.assert_allclose(draws.mean(axis=0), mean, atol=0.01)
        np.testing.assert_allclose(draws.var(axis=0), mean * (1 - mean) / (parts + 1), rtol=0.05)


def test_draws_of_an_edition() -> None:
    """Each result of an edition has draws of its own; its units rank within it, as they do in the result alone."""
    rubrics = [
        dti.Rubric(code, code, [dti.Index("1", "Một", 30), dti.Index("2", "Hai", worth)], edition="e")
        for code, worth in (("dept", 20), ("dist", 70))
    ]
    parts = {
        rubric.code: dti.evaluate(
            rubric,
            dti.MarkSheet.from_array(
                [[20, 9], [10, 19]], rubric, units=[f"{rubric.code}{at}" for at in "ab"]
            ),
        )
        for rubric in rubrics
    }
    draws = {code: weight_draws(part, 20, law="simplex") for code, part in parts.items()}

    answer = rank_intervals(publish_together(parts), draws, keep=True)

    alone = [rank_intervals(part, draws[code]) for code, part in parts.items()]
    assert answer.first.tolist() == [share for one in alone for share in one.first.tolist()]
    assert answer.columns()["block"].tolist() == ["dept", "dept", "dist", "dist"]
    assert answer.acceptability().shape == (4, 2)
    with pytest.raises(dti.InvalidArgument, match="names of its results: dept, dist"):
        rank_intervals(publish_together(parts), {"dept": draws["dept"]})
    with pytest.raises(dti.InvalidArgument, match="same number of draws"):
        rank_intervals(publish_together(parts), draws | {"dist": draws["dist"][:5]})


def test_weights_that_cannot_be_drawn_alone() -> None:
    """Nodes below a cap, and under by_level nodes that do not apply to some unit, are refused by name."""
    leaves = [dti.Component("1.1", "a", 20), dti.Component("1.2", "b", 30)]
    capped = dti.Rubric(
        "c", "x", [dti.Index("1", "x", 40, components=leaves, cap=True), dti.Index("2", "x", 5)]
    )
    with pytest.raises(dti.InvalidArgument, match=r"'1\.1' lies below '1'"):
        weight_draws(capped, 1, nodes=["1.1", "1.2", "2"])
    assert weight_draws(capped, 3, nodes=["1", "2"]).tolist() == weight_draws(capped, 3).tolist()

    by_level = attrs.evolve(nested(), policy=dti.Policy(renormalise="by_level"))
    skip = dti.Exclusion(members=["1.1"], treatment="skip", units=["a"], **WHY)
    sheet = dti.MarkSheet.from_array(
        [[20, 3, 5, 0], [1, 3, 5, 0]], by_level, units=["a", "b"], exclusions=[skip]
    )
    nodes = ["1.1", "1.2", "2"]
    with pytest.raises(dti.InvalidArgument, match=r"weight of '1\.1', which does not apply to unit 'a'"):
        rank_intervals(dti.evaluate(by_level, sheet), [[1, 1, 1]], nodes=nodes)
    part = dti.to_document(dti.evaluate(nested(), attrs.evolve(sheet, rubric=nested())), nodes=["1", "2"])
    with pytest.raises(dti.InvalidArgument, match="a part of the nodes"):
        rank_intervals(dti.load_result(part), [[1, 1]])


@pytest.mark.parametrize("renormalise", ["overall", "by_level"])
def test_a_stand_by_leaf_weighs_as_what_it_replaces(renormalise: Any) -> None:
    """Where S stands in for 2, a has 0.5 and 1, b 0.8 and 0.6: a is behind at 3 : 1, 0.625 to 0.75, and ahead at 1 : 3.

    The parts of what is replaced weigh nothing, so that they cannot be weighed one by one.
    """
    indices = [
        dti.Index("1", "Một", 50),
        dti.Index("2", "Hai", components=[dti.Component("2.1", "a", 20), dti.Component("2.2", "b", 30)]),
        dti.Index("S", "Thay thế", 50, role="standby"),
    ]
    rubric = dti.Rubric("r", "x", indices, policy=dti.Policy(renormalise=renormalise))
    swap = dti.Exclusion(members=["2"], treatment="substitute", by="S", units=["a"], **WHY)
    sheet = dti.MarkSheet.from_array(
        [[25, None, None, 50], [40, 12, 18, None]], rubric, units=["a", "b"], exclusions=[swap]
    )
    one = dti.evaluate(rubric, sheet)

    for source in (one, published(one)):
        ranks = rank_intervals(source, [[3, 1], [1, 3]], keep=True).ranks
        assert ranks is not None
        assert ranks.tolist() == [[2, 1], [1, 2]]
        with pytest.raises(dti.InvalidArgument, match="weigh the main indices"):
            rank_intervals(source, [[1, 1, 1]], nodes=["1", "2.1", "2.2"])


def test_marks_as_appraisers_might_have_given_them() -> None:
    """Marks move within their range and only where they count; ranks are those of each sheet; a seed repeats itself."""
    skip = dti.Exclusion(members=["1"], treatment="skip", units=["u1"], **WHY)
    one = result([[15, 20, 5], [30, 1, None], [10, 10, 10]])
    one = dti.evaluate(one.rubric, attrs.evolve(one.marks, exclusions=[skip]))
    for drawn in (mark_draws(one, 40, sd=0.2, seed=1), mark_draws(one, 40, steps=300, seed=1)):
        sheets = [[[*sheet.of(unit).values()] for unit in sheet.units] for sheet in drawn]

        assert len(drawn) == 40
        assert sheets == [[[*sheet.of(unit).values()] for unit in sheet.units] for sheet in drawn]
        marks = np.array(sheets, dtype=float)
        assert (marks[:, 1, 0] == 30).all()
        assert np.isnan(marks[:, 1, 2]).all()
        assert (np.nan_to_num(marks) >= 0).all()
        assert (np.nan_to_num(marks) <= [30, 20, 10]).all()
        assert marks[:, 2].std(axis=0).min() > 0
        answer = rank_intervals(one, drawn, keep=True)
        assert answer.ranks is not None
        assert answer.ranks.tolist() == [
            dti.evaluate(one.rubric, sheet).total.ranks().tolist() for sheet in drawn
        ]
        assert answer.first[0] == np.mean(answer.ranks[:, 0] == 1)
    still = rank_intervals(one, mark_draws(one, 3, steps=0))
    assert still.worst_drawn.tolist() == still.best_drawn.tolist() == still.standing.ranks.tolist()


def test_errors_of_marks_have_the_size_asked_for() -> None:
    """The standard deviation is a share of the range of a leaf; steps are whole, each as likely; few leaves move."""
    one = result([[15, 10, 5]] * 2_000)
    (bell,), (even,) = mark_draws(one, 1, sd=0.1), mark_draws(one, 1, steps=100, leaves=["2"])

    shifts = bell.ticks - one.marks.ticks
    np.testing.assert_allclose(shifts.std(axis=0), [300, 200, 100], rtol=0.06)
    np.testing.assert_allclose(shifts.mean(axis=0) / [300, 200, 100], 0, atol=0.1)
    moved = even.ticks - one.marks.ticks
    assert (moved[:, [0, 2]] == 0).all()
    assert {*moved[:, 1].tolist()} == {*range(-100, 101)}


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"sd": 0.1, "steps": 1},
        {"sd": 2},
        {"steps": -1},
        {"steps": 1, "leaves": ["9"]},
        {"steps": 1, "count": 0},
    ],
    ids=str,
)
def test_mark_draws_asked_for_wrongly(asked: dict[str, Any]) -> None:
    """Neither or both kinds of error, errors of no size, unknown leaves and no draws are refused."""
    given_all: dict[str, Any] = {"source": result([[1, 1, 1]]), "count": 1} | asked
    with pytest.raises(dti.DTIError):
        mark_draws(**given_all)


def test_marks_of_other_rounds_are_refused() -> None:
    """Draws of another sheet say nothing of a result; a document holds no marks."""
    one, drawn = result([[1, 1, 1]]), mark_draws(result([[1, 1, 1]] * 2), 1, steps=1)
    with pytest.raises(dti.InvalidArgument, match="other units"):
        rank_intervals(one, drawn)
    with pytest.raises(dti.InvalidArgument, match="a Result is needed"):
        rank_intervals(published(one), mark_draws(one, 1, steps=1))


def test_a_table_of_intervals() -> None:
    """The columns go straight into a data frame, the text says what the ranks are and prints values as published."""
    pandas = pytest.importorskip("pandas")
    answer = rank_intervals(result([[30, 0, 0], [0, 20, 0]]), [[3, 1, 1], [1, 3, 1]])

    frame = pandas.DataFrame(answer.columns()).drop(columns=["block", "block_title", "name"])

    statistics = ["best_drawn", "lower", "median", "upper", "worst_drawn", "first"]
    assert frame.columns.tolist() == ["unit", "rank", "published", *statistics]
    assert frame.loc[1].tolist() == ["u1", 2, 20.0, 1, 1.05, 1.5, 1.95, 2, 0.5]
    assert "2 random draws" in answer.text("en")
    assert "20,00" in str(answer)
    assert repr(answer) == "<RankIntervals: 2 units, 2 draws>"


@pytest.mark.parametrize(
    ("draws", "message"),
    [
        ([[1, 1]], "draws × 3 nodes"),
        ([1, 1, 1], "is a list"),
        (np.ones(3), "draws × 3 nodes"),
        (5, "is a list"),
        ([[1, 2, 3], [1, 2]], "rows of one length"),
        ([["1", "2", "3"]], "a number"),
        ([[True, 2, 3]], "a number"),
        ([[1, None, 3]], "finite"),
        (np.ma.array([[1.0, 2.0, 3.0]], mask=[[False, True, False]]), "finite"),
        ([[10**400, 1, 1]], "a number"),
        (np.empty((0, 3)), "at least one"),
        ([[1, -1, 1]], "at least 0"),
        ([[1, np.nan, 1]], "finite"),
        ([[0, 0, 0]], "some of every draw above 0"),
        ([[1, 0, 0]], "no weight to any node that applies"),
    ],
)
def test_draws_that_weigh_nothing_sensible(draws: Any, message: str) -> None:
    """Draws of the wrong shape, negative, not finite or without weight for some unit are refused."""
    with pytest.raises(dti.InvalidArgument, match=message):
        rank_intervals(result([[1, 1, 1], [1, 1, 1]], kinds=[0, 1]), draws)


def test_labelled_draws_are_refused() -> None:
    """A table of draws is not read by position, whatever its headings say."""
    pandas = pytest.importorskip("pandas")
    draws = pandas.DataFrame({"3": [1], "2": [2], "1": [3]})
    with pytest.raises(dti.InvalidArgument, match="draws"):
        rank_intervals(result([[1, 1, 1]]), draws)


def test_draws_of_any_kind_of_number() -> None:
    """Whole numbers, decimals and numpy's own give the same ranks as doubles."""
    one = result([[30, 0, 0], [0, 20, 0]])
    kinds: list[Any] = [[[3, 1, 1]], [[Decimal(3), 1.0, np.int8(1)]], np.array([[3, 1, 1]], dtype=np.uint8)]

    assert [rank_intervals(one, draws).best_drawn.tolist() for draws in kinds] == [[1, 2]] * 3


def nested() -> dti.Rubric:
    """An index of two leaves and one of its own, a group and two pillars that share a leaf."""
    leaves = [dti.Component("1.1", "a", 20), dti.Component("1.2", "b", 30)]
    return dti.Rubric(
        "nested",
        "Giả định",
        [dti.Index("1", "Một", components=leaves), dti.Index("2", "Hai", 50), dti.Index("3", "Ba", 0)],
        groups=[dti.Group("g", "Nhóm", ["1"])],
        pillars=[dti.Pillar("p", "Trụ", ["1", "2"]), dti.Pillar("q", "Trụ", ["2"])],
    )


@pytest.mark.parametrize(
    "nodes", [["1", "1.1", "2"], ["1", "1", "2"], ["g", "1.2", "2"], ["p", "q"]], ids=" ".join
)
def test_no_leaf_is_weighed_twice(nodes: list[str]) -> None:
    """Nodes that reach a leaf twice, one within the other or side by side, are refused with the leaf."""
    rubric = nested()
    marks = dti.MarkSheet.from_array([[20, 30, 50, 0]], rubric, units=["a"])
    with pytest.raises(dti.InvalidArgument, match="twice"):
        weight_draws(rubric, 1, nodes=nodes)
    with pytest.raises(dti.InvalidArgument, match="twice"):
        rank_intervals(dti.evaluate(rubric, marks), [[1, 1]], nodes=nodes)


@pytest.mark.parametrize(
    "options",
    [
        {"count": 3.5},
        {"count": -1},
        {"count": True},
        {"count": 10**30},
        {"spread": "a"},
        {"spread": float("nan")},
        {"seed": -1},
        {"seed": 0.5},
        {"nodes": "1"},
        {"nodes": [1]},
        {"nodes": ["3"]},
        {"source": "vn-922-province"},
        {"law": "normal"},
        {"concentration": 0},
        {"concentration": 2.5},
    ],
    ids=str,
)
def test_draws_asked_for_wrongly(options: dict[str, Any]) -> None:
    """How many draws, how wide, from which seed and of which nodes: anything else is refused in words."""
    asked: dict[str, Any] = {"source": nested(), "count": 2} | options
    with pytest.raises(dti.InvalidArgument):
        weight_draws(**asked)


def test_what_cannot_be_weighed() -> None:
    """Unknown nodes, the total itself, and levels and spreads outside 0 to 1 are refused."""
    one = result([[1, 1, 1]])
    with pytest.raises(dti.UnknownCode, match="did you mean"):
        rank_intervals(one, [[1]], nodes=["totall"])
    with pytest.raises(dti.InvalidArgument, match="leave out leaf '3'"):
        rank_intervals(one, [[1, 1]], nodes=["1", "2"])
    with pytest.raises(dti.InvalidArgument, match="parts of the total"):
        rank_intervals(one, [[1]], nodes=["total"])
    with pytest.raises(dti.InvalidArgument, match="level"):
        rank_intervals(one, [[1, 1, 1]], level=90)
    with pytest.raises(dti.InvalidArgument, match="level"):
        rank_intervals(one, [[1, 1, 1]], level="a")  # type: ignore[arg-type]
    with pytest.raises(dti.InvalidArgument, match="spread"):
        weight_draws(one.rubric, 10, spread=20)


def test_by_level_scores_are_what_is_weighed() -> None:
    """Under by_level an index counts by its score, not by its points over its applicable maximum."""
    components = [
        dti.Component(
            "1.1", "a", 30, components=[dti.Component("1.1.1", "b", 10), dti.Component("1.1.2", "c", 20)]
        )
    ]
    components.append(dti.Component("1.2", "d", 10))
    rubric = dti.Rubric(
        "levels",
        "Giả định",
        [dti.Index("1", "Một", components=components)],
        policy=dti.Policy(renormalise="by_level"),
    )
    skip = dti.Exclusion(members=["1.1.2"], treatment="skip", units=["a"], **WHY)
    # a: by level (30 × 1 + 10 × 0) / 40 = 0.75, by points 10 / 20 = 0.5; b: 0.6 either way
    marks = [[10, 0, 0], [6, 12, 6]]
    sheet = dti.MarkSheet.from_array(marks, rubric, units=["a", "b"], exclusions=(skip,))

    found = rank_intervals(dti.evaluate(rubric, sheet), [[1]])

    assert isinstance(found, RankIntervals)
    assert found.best_drawn.tolist() == [1, 2]
