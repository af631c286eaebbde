"""Ranks over draws of weights: COINr's published ones, and a slow plain reckoning of the same."""

from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import Any

import numpy as np
import pytest
import test_golden as golden
from hypothesis import given
from hypothesis import strategies as st

import dti_core as dti
from dti_core.analysis import RankIntervals, rank_intervals, weight_draws

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

    found = rank_intervals(result(marks, kinds), draws, by="half" if halves else ())

    for unit in everyone:
        own = sorted(each[unit] for each in ranks)
        assert (found.best[unit], found.worst[unit]) == (own[0], own[-1])
        assert found.median[unit] == median(own)
        assert found.first[unit] == pytest.approx(own.count(1) / len(own))


def test_asem_monte_carlo() -> None:
    """COINr's nominal rank, median, 5 % and 95 % quantile of 51 units over 100 draws of weights at two levels."""
    result, (draws, pillars) = golden.asem("original", "stage_normalised"), asem_draws()
    found = rank_intervals(result, draws, nodes=pillars, level=0.9)
    expected = golden.table("asem/mc_rank_stats_100.csv")
    row = [result.units.index(unit) for unit in expected["uCode"]]

    assert found.nominal[row].tolist() == [int(rank) for rank in expected["Nominal"]]
    for mine, theirs in ((found.median, "Median"), (found.lower, "Q5"), (found.upper, "Q95")):
        np.testing.assert_allclose(mine[row], list(map(float, expected[theirs])), rtol=1e-12, err_msg=theirs)


def test_asem_every_draw() -> None:
    """COINr's rank of every unit in every single draw: 5,100 of them."""
    result, (draws, pillars) = golden.asem("original", "stage_normalised"), asem_draws()
    expected = golden.table("asem/mc_ranks_100.csv")
    row = [result.units.index(unit) for unit in expected["uCode"]]

    for at, draw in enumerate(draws, start=1):
        ranks = rank_intervals(result, [draw], nodes=pillars).worst[row]
        assert ranks.tolist() == [int(rank) for rank in expected[f"r_{at}"]], at


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

    assert set(found.worst.tolist()) == {1}
    assert set(found.first.tolist()) == {1.0}


def test_no_units_and_units_that_are_not_ranked() -> None:
    """Without units the arrays are empty; a unit for which nothing applies has 0 and NaN, and is in nobody's way."""
    assert rank_intervals(result(np.empty((0, 3))), [[1, 1, 1]]).columns()["median"].shape == (0,)

    found = rank_intervals(result([[0, 0, 0], [30, 0, 0]], kinds=[1, 0]), [[1]], nodes=["1"])
    assert found.best.tolist() == [0, 1]
    assert found.worst.tolist() == [0, 1]
    assert np.isnan(found.median).tolist() == [True, False]


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


def test_a_table_of_intervals() -> None:
    """The columns go straight into a data frame."""
    pandas = pytest.importorskip("pandas")
    found = rank_intervals(result([[30, 0, 0], [0, 20, 0]]), [[3, 1, 1], [1, 3, 1]])

    frame = pandas.DataFrame(found.columns())

    assert frame.columns.tolist() == ["unit", "nominal", "best", "lower", "median", "upper", "worst", "first"]
    assert frame.loc[1].tolist() == ["u1", 2, 1, 1.05, 1.5, 1.95, 2, 0.5]


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

    assert [rank_intervals(one, draws).best.tolist() for draws in kinds] == [[1, 2]] * 3


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


@pytest.mark.parametrize("nodes", [["1", "1.1"], ["1", "1"], ["g", "1.2"], ["p", "q"]], ids=" ".join)
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
        {"rubric": "vn-922-province"},
    ],
    ids=str,
)
def test_draws_asked_for_wrongly(options: dict[str, Any]) -> None:
    """How many draws, how wide, from which seed and of which nodes: anything else is refused in words."""
    asked: dict[str, Any] = {"rubric": nested(), "count": 2} | options
    with pytest.raises(dti.InvalidArgument):
        weight_draws(**asked)


def test_what_cannot_be_weighed() -> None:
    """Unknown nodes, the total itself, and levels and spreads outside 0 to 1 are refused."""
    one = result([[1, 1, 1]])
    with pytest.raises(dti.UnknownCode, match="did you mean"):
        rank_intervals(one, [[1]], nodes=["totall"])
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
    assert found.best.tolist() == [1, 2]
