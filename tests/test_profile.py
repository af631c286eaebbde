"""Strengths and weaknesses of a unit, held to loops over exact scores; all figures are made up."""

import random
from collections.abc import Sequence
from fractions import Fraction
from statistics import median
from typing import Any, Literal

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dti_core as dti
from dti_core import analysis
from dti_core.analysis import profile
from dti_core.rubric.policy import Renormalise

WHY: Any = {"reason": "Không có nhiệm vụ", "basis": "Điều 5"}
LEAVES = ("1.1", "1.2", "2.1", "2.2", "2.3", "3")
MAXIMA = (10, 20, 5, 15, 10, 40)


def rubric(**policy: Any) -> dti.Rubric:
    """Three indices, two of them with components, and a stand-by leaf; two blocks."""
    parts = dict(zip(LEAVES, MAXIMA, strict=True))
    components = {leaf: dti.Component(leaf, f"Chỉ số {leaf}", parts[leaf]) for leaf in LEAVES}
    spare = dti.Component("2.9", "Dự phòng", 25, role="standby")
    return dti.Rubric(
        "made-up",
        "Giả định",
        [
            dti.Index("1", "Một", components=[components["1.1"], components["1.2"]]),
            dti.Index("2", "Hai", components=[components[leaf] for leaf in ("2.1", "2.2", "2.3")] + [spare]),
            dti.Index("3", "Ba", 40),
        ],
        groups=[dti.Group("g", "Nhóm", ["1", "3"])],
        attributes={"level": {"enum": ["x", "y"]}},
        blocks=[dti.Block("bx", "Khối X", {"level": "x"}), dti.Block("by", "Khối Y", {"level": "y"})],
        policy=dti.Policy(**policy),
        edition="01/QĐ",
    )


def skipped(*members: str, **fields: Any) -> dti.Exclusion:
    """A decision that members do not count."""
    return dti.Exclusion(members=members, **{"treatment": "skip"} | WHY | fields)


def drawn(seed: int, units: int = 12, renormalise: Renormalise = "overall", **policy: Any) -> dti.Result:
    """A result with marks, blocks and exclusions at random."""
    source = random.Random(seed)  # noqa: S311 - it hides nothing
    scoring = rubric(renormalise=renormalise, publish=dti.Publish("percent"), **policy)
    decisions = [
        skipped("1.1"),
        skipped("2"),
        skipped("2.1", "2.2", "2.3", "3"),
        skipped("3", treatment="substitute", by="2.9"),
        skipped("1.2", treatment="full_marks"),
        skipped("2.2", treatment="reduce", to=source.randint(1, 14)),
    ]
    codes = [f"u{at}" for at in range(units)]
    own = {unit: [source.choice(decisions)] for unit in codes if source.random() < 0.5}
    highest = [*MAXIMA[:5], 25, MAXIMA[5]]
    marks = [
        {
            leaf: source.choice([None, 0, source.randint(0, most), most])
            for leaf, most in zip(scoring.tree.leaves, highest, strict=True)
        }
        for _ in codes
    ]
    for unit, row in zip(codes, marks, strict=True):
        for decision in own.get(unit, ()):
            if decision.to is not None and row["2.2"] is not None:
                row["2.2"] = min(row["2.2"], int(decision.to))
    table: dict[str, Any] = {leaf: [row[leaf] for row in marks] for leaf in scoring.tree.leaves}
    table |= {"unit": codes, "level": [source.choice("xy") for _ in codes]}
    sheet = dti.MarkSheet.from_table(table, scoring, attributes=["level"], unit_exclusions=own)
    return dti.evaluate(scoring, sheet)


def shares(result: dti.Result, node: str) -> dict[str, Fraction | None]:
    """The exact scores relative to the scale, by the definition of the renormalisation."""
    scores, applicable = result[node].exact("score"), result[node].exact("applicable")
    whole = Fraction(result.rubric.tree.maximum[node], result.rubric.tree.scale)
    pairs = zip(result.units, scores, applicable, strict=True)
    own_scale = result.policy.renormalise == "none"
    return {
        unit: None if score is None or most is None else score / (most if own_scale else whole)
        for unit, score, most in pairs
    }


kinds = st.sampled_from(["overall", "by_level", "none"])


@settings(max_examples=15)
@given(
    st.integers(0, 10**6), kinds, st.sampled_from(["zero", "exclude"]), st.sampled_from(["indices", "leaves"])
)
def test_a_profile_is_what_loops_over_the_block_find(
    seed: int, kind: Renormalise, missing: Any, nodes: Literal["indices", "leaves"]
) -> None:
    """Rank, number, percentile, median, best and worst are those of the units ranked in the unit's block."""
    result = drawn(seed, renormalise=kind, missing=missing)
    told = profile(result, "u0", nodes=nodes, fewest=2)
    blocks = result.columns()["block"].tolist()

    for part in told.parts:
        ranks, own = result[part.node].ranks().tolist(), shares(result, part.node)
        rows = [row for row, rank in enumerate(ranks) if rank and blocks[row] == blocks[0]]
        there = [share for row in rows if (share := own[result.units[row]]) is not None]
        assert (part.share, part.rank, part.peers) == (own["u0"], ranks[0], len(rows))
        assert part.median == (median(there) if there else None)
        assert (part.best, part.worst) == (max(there, default=None), min(there, default=None))
        if part.rank and part.peers > 1:
            assert part.percentile == Fraction(part.peers - part.rank, part.peers - 1)


@settings(max_examples=60)
@given(
    st.integers(0, 10**6),
    kinds,
    st.sampled_from(["zero", "exclude"]),
    st.sampled_from(["1", "2", "2.9", *LEAVES]),
)
def test_a_weight_is_what_a_change_of_the_node_does_to_the_total(
    seed: int, kind: Renormalise, missing: Any, node: str
) -> None:
    """The total changes by the weight times the change of the share, when marks below the node change."""
    result = drawn(seed, 2, kind, missing=missing)
    below = [leaf for leaf in result.rubric.tree.under[node] if leaf in (node, *LEAVES)]
    marked = {leaf: 0 for leaf in below if result.marks.of("u0")[leaf] is not None}
    after = dti.evaluate(result.rubric, result.marks.with_marks({"u0": marked}))
    now, then = shares(after, node)["u0"], shares(result, node)["u0"]
    total, before = after.total.exact()[0], result.total.exact()[0]

    for part in profile(result, "u0", nodes=[node]).parts:
        if now is not None and then is not None and total is not None and before is not None:
            assert (now - then) * part.weight == total - before


def test_a_stand_by_leaf_weighs_what_it_replaces() -> None:
    """By level a stand-by leaf has the weight of the node in whose place it counts, wherever it stands itself."""
    result = drawn(0, 2, "by_level")
    substitute = skipped("3", treatment="substitute", by="2.9")
    marks = attrs.evolve(result.marks, unit_exclusions={"u0": [substitute]}).with_marks({"u0": {"2.9": 5}})
    (part,) = profile(dti.evaluate(result.rubric, marks), "u0", nodes=["2.9"]).parts

    assert (part.weight, part.share) == (Fraction(40), Fraction(1, 5))


@pytest.mark.parametrize("kind", ["overall", "by_level"])
def test_leaves_below_a_cap_weigh_what_their_points_do(kind: Renormalise) -> None:
    """Where a node counts by its points, a full leaf below it adds as many, as long as the cap is not reached."""
    parts = [dti.Component("1.1", "a", 10), dti.Component("1.2", "b", 20)]
    capped = dti.Rubric(
        "r",
        "Giả định",
        [dti.Index("1", "Một", 20, components=parts, cap=True), dti.Index("2", "Hai", 30)],
        policy=dti.Policy(renormalise=kind),
    )
    low, high = (
        dti.evaluate(capped, dti.MarkSheet.from_array([[mark, 5, 10]], capped, units=["a"]))
        for mark in (0, 10)
    )
    (part,) = profile(low, "a", nodes=["1.1"]).parts

    assert part.weight == (high.total.exact()[0] or 0) - (low.total.exact()[0] or 0) == 10
    assert profile(dti.load_result(dti.to_document(low)), "a", nodes=["1.1"]).parts == (part,)


def plain(rows: Sequence[Sequence[float]], **policy: Any) -> dti.Result:
    """Units of one block marked on all leaves."""
    table: dict[str, Any] = {leaf: [row[at] for row in rows] for at, leaf in enumerate(LEAVES)}
    table |= {
        "unit": [f"u{at}" for at in range(len(rows))],
        "level": ["x"] * len(rows),
        "2.9": [None] * len(rows),
    }
    scoring = rubric(**policy)
    return dti.evaluate(scoring, dti.MarkSheet.from_table(table, scoring, attributes=["level"]))


@settings(max_examples=20)
@given(st.integers(0, 10**6), kinds)
def test_gaps_to_the_best_add_up(seed: int, kind: Renormalise) -> None:
    """To a unit that is best in everything, the gaps over the leaves, or over the indices, add up to the total's."""
    source = random.Random(seed)  # noqa: S311
    rows = [[source.randint(0, most - 1) for most in MAXIMA] for _ in range(5)]
    best = [max(column) + 1 for column in zip(*rows, strict=True)]
    result = plain([*rows, best], renormalise=kind)
    total = result.total.exact()
    gap = (total[5] or 0) - (total[0] or 0)

    for nodes in ("leaves", "indices"):
        parts = profile(result, "u0", nodes=nodes).parts
        assert sum(part.gap(part.best) or 0 for part in parts) == gap
    assert profile(result, "u0", nodes=["total"]).rows[0]["gap.best"] == float(gap)


SEVEN = [
    [10, 0, 5, 15, 4, 40],
    [9, 20, 5, 15, 10, 10],
    [9, 16, 5, 15, 5, 20],
    [8, 12, 5, 15, 5, 20],
    [7, 8, 5, 15, 5, 20],
    [6, 8, 5, 14, 5, 30],
    [5, 4, 5, 13, 5, 35],
]


def test_strengths_and_weaknesses_by_what_they_mean_for_the_total() -> None:
    """The best and the last quarter count, ordered by points of the total; what most units share says nothing."""
    told = profile(plain(SEVEN), "u0", nodes="leaves")

    assert [part.node for part in told.strengths] == ["3", "1.1"]
    assert [part.node for part in told.weaknesses] == ["1.2", "2.3"]
    assert [part.gap(part.median) for part in told.strengths] == [-20, -2]  # 40 − 20, 10 − 8
    assert [part.gap(part.best) for part in told.weaknesses] == [20, 6]
    assert {part.node: part.verdict for part in told.parts if part.verdict == "tied"} == {
        "2.1": "tied",
        "2.2": "tied",
    }
    assert [part.node for part in profile(plain(SEVEN), "u0", nodes="leaves", top=1).strengths] == ["3"]
    assert profile(plain(SEVEN), "u0", nodes="leaves", tied=1).parts[3].verdict == "neither"
    assert profile(plain(SEVEN), "u0", nodes="leaves", fewest=8).strengths == ()


def test_half_of_the_units_at_one_place_is_too_many() -> None:
    """Where exactly the part ``tied`` of the units share a place, the node says nothing of them."""
    six = plain([[first, *SEVEN[0][1:]] for first in (9, 9, 9, 8, 7, 6)])
    verdicts = [profile(six, "u0", nodes=["1.1"], tied=tied).parts[0].verdict for tied in (0.5, 0.51)]

    assert verdicts == ["tied", "strength"]


def test_dense_ranks_are_no_percentiles() -> None:
    """The last of many units stands in the last quarter, though its dense rank is 2."""
    rows = [[9, 20, 5, 15, 10, 40]] * 5 + [[1, 2, 1, 1, 1, 1]]
    last = profile(plain(rows, ties="dense"), "u5", nodes="leaves")

    assert {(part.rank, part.percentile) for part in last.parts} == {(2, Fraction(0))}
    assert {part.verdict for part in last.parts} == {"weakness"}


def test_what_is_left_out_says_why() -> None:
    """A node that does not apply, a unit that is not ranked and a lonely unit have no strengths, and are told why."""
    result = plain(SEVEN)
    aside = attrs.evolve(
        result.marks, unranked={"u1": dti.Unranked(**WHY)}, unit_exclusions={"u0": [skipped("1.1", "2")]}
    )
    other = dti.evaluate(result.rubric, aside)

    assert {part.node: part.verdict for part in profile(other, "u0").parts} == {
        "1": "weakness",
        "2": "not_applicable",
        "3": "strength",
    }
    assert {part.verdict for part in profile(other, "u1").parts} == {"not_ranked"}
    assert {part.peers for part in profile(other, "u1").parts} == {5, 6}
    assert {part.verdict for part in profile(result, "u0", by="level", fewest=8).parts} == {"few"}
    assert "few" not in {part.verdict for part in profile(result, "u0", fewest=7).parts}
    alone = result.marks.without([f"u{at}" for at in range(1, 7)])
    assert {part.verdict for part in profile(dti.evaluate(result.rubric, alone), "u0").parts} == {"few"}
    alone = attrs.evolve(alone, unranked={"u0": dti.Unranked(**WHY)})
    assert {part.verdict for part in profile(dti.evaluate(result.rubric, alone), "u0").parts} == {
        "not_ranked"
    }
    assert [part.verdict for part in profile(result, "u0", nodes=["2.9"]).parts] == ["not_applicable"]
    assert "2.9" not in {part.node for part in profile(result, "u0", nodes="leaves").parts}
    assert "Không xét (không áp dụng cho đơn vị): 2." in str(profile(other, "u0"))
    assert "not ranked.\n\nNothing stands out" in profile(other, "u1").text("en")


@settings(max_examples=6)
@given(st.integers(0, 10**6), kinds)
def test_a_published_result_and_an_edition_answer_alike(seed: int, kind: Renormalise) -> None:
    """The document of a result, an edition, and the units in another order give the same profile."""
    result = drawn(seed, renormalise=kind)
    rows = profile(result, "u0", nodes="leaves").rows
    table = dti.to_document(result.marks)
    table["units"] = table["units"][::-1]
    backwards = dti.evaluate(result.rubric, dti.load_marks(table, result.rubric))

    for source in (
        dti.load_result(dti.to_document(result)),
        analysis.publish_together({"x": result}),
        backwards,
    ):
        assert profile(source, "u0", nodes="leaves").rows == rows


def test_wrong_questions_are_refused() -> None:
    """Units, nodes and words that there are not are named; by level a group has no weight of its own."""
    result = plain(SEVEN)
    printed = dti.load_result(dti.to_document(plain(SEVEN, renormalise="by_level"), nodes=["1.1", "3"]))
    with pytest.raises(dti.UnknownCode, match="u9"):
        profile(result, "u9")
    with pytest.raises(dti.UnknownCode, match=r"1\.9"):
        profile(result, "u0", nodes=["1.9"])
    with pytest.raises(dti.InvalidArgument, match="'indices', 'leaves'"):
        profile(result, "u0", nodes="index")
    with pytest.raises(dti.InvalidArgument, match="no weight of its own"):
        profile(plain(SEVEN, renormalise="by_level"), "u0", nodes=["g"])
    with pytest.raises(dti.InvalidArgument, match="no weight of its own"):
        profile(printed, "u0", nodes=["1.1"])
    assert profile(result, "u0", nodes=["g"]).parts[0].weight == 70


def test_a_profile_is_told() -> None:
    """People read where the unit stands, then its strengths and weaknesses, in either language."""
    told = profile(plain(SEVEN), "u0", nodes="leaves")

    headline, left_out, strengths, weaknesses = told.text("en").split("\n\n")
    assert headline == "u0: 74.00, rank 1 of 7 (Khối X)."
    assert left_out == "Left out (too many units have the same): 2.1, 2.2."
    title, heads, _, first, second = strengths.splitlines()
    assert title == "Strengths (in the best quarter and above the median)"
    assert heads.split("  ")[-2:] == ["Ahead of the median (points)", "Behind the best (points)"]
    assert first.split() == ["3", "Ba", "40.00", "1/7", "100.0", "50.0", "20.00", "0.00"]
    assert second.split()[-5:] == ["1/7", "100.0", "80.0", "2.00", "0.00"]
    assert weaknesses.splitlines()[3].split()[-6:] == ["0.00", "7/7", "0.0", "40.0", "8.00", "20.00"]
    assert str(told).startswith("u0: 74,00, hạng 1 trong 7 đơn vị (Khối X).")
    assert "Điểm mạnh" in told.to_html()
    assert repr(told) == "<Profile of 'u0': 6 nodes>"
