"""Merged units have the exact mean of their former ones, whatever the policy; worked out again here in fractions."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_analysis import scored

import dti_core as dti
from dti_core import analysis

BANDS = [dti.Band("good", "Tốt", 60), dti.Band("fair", "Khá", 33.3), dti.Band("weak", "Yếu", 0)]
TREE = {"1": ("1.1", "1.2"), "2": ("2.1", "2.2", "2.3"), "3": ("3.1",)}
MAXIMA = {
    code: Fraction(maximum)
    for code, maximum in {
        "1.1": "10",
        "1.2": "7.5",
        "2.1": "3",
        "2.2": "0.75",
        "2.3": "250",
        "3.1": "100",
    }.items()
}
WHY: Any = {"reason": "giả định", "basis": "giả định"}


def rubric_of(policy: dti.Policy) -> dti.Rubric:
    """Three indices, a bonus and a penalty; a pillar of a group and an index."""
    indices = [
        dti.Index(
            index,
            "Chỉ số",
            components=[dti.Component(leaf, "Tiêu chí", float(MAXIMA[leaf])) for leaf in leaves],
        )
        for index, leaves in TREE.items()
    ]
    beside = [dti.Index("T", "Thưởng", 40, role="bonus"), dti.Index("P", "Trừ", 40, role="penalty")]
    sets: Any = {
        "groups": [dti.Group("group", "Nhóm", ["1"])],
        "pillars": [dti.Pillar("pillar", "Trụ cột", ["group", "2"])],
    }
    return dti.Rubric("r", "Ví dụ", [*indices, *beside], **sets, bands=BANDS, policy=policy)


ZERO, ONE = Fraction(0), Fraction(1)
Marks = Mapping[str, Fraction]
Shares = dict[str, Fraction | None]


def added(values: Iterable[Fraction]) -> Fraction:
    """The sum."""
    return sum(values, ZERO)


def shares_of(marks: Marks, skipped: Sequence[str], policy: dti.Policy) -> Shares:
    """The score of one unit relative to its scale, at each index and the total, by the words of the design."""
    applicable = {code: [leaf for leaf in leaves if leaf not in skipped] for code, leaves in TREE.items()}
    wholes = {code: added(MAXIMA[leaf] for leaf in leaves) for code, leaves in applicable.items()}
    points = {code: added(marks[leaf] for leaf in leaves) for code, leaves in applicable.items()}
    shares: Shares = {code: points[code] / whole if whole else None for code, whole in wholes.items()}
    return shares | totals_of(shares, wholes, marks["T"] - marks["P"], policy)


def totals_of(shares: Shares, wholes: Mapping[str, Fraction], extra: Fraction, policy: dti.Policy) -> Shares:
    """Total and pillar of indices with these shares, of which so much applies, by the words of the design."""
    totals: Shares = {}
    for node, codes in (("pillar", ("1", "2")), ("total", (*TREE,))):
        known = {code: wholes[code] for code in codes if wholes[code]}
        if policy.renormalise == "by_level":
            known = {code: added(MAXIMA[leaf] for leaf in TREE[code]) for code in known}
        totals[node] = (
            added(whole * (shares[code] or ZERO) for code, whole in known.items()) / added(known.values())
            if known
            else None
        )
    scale = added(wholes.values() if policy.renormalise == "none" else MAXIMA.values())
    if totals["total"] is not None:
        total = max(totals["total"] + extra / scale, ZERO)
        totals["total"] = total if policy.exceed_maximum else min(total, ONE)
    return totals


def by_index(marks: Sequence[Marks], skipped: Sequence[Sequence[str]], policy: dti.Policy) -> Shares:
    """The shares of a unit merged of these: means of the indices that are there, and what follows of them."""
    own = [shares_of(one, left, policy) for one, left in zip(marks, skipped, strict=True)]
    shares: Shares = {}
    wholes = {}
    for code, leaves in TREE.items():
        known = [each[code] for each in own if each[code] is not None]
        shares[code] = mean(known) if known else None
        applies = [added(MAXIMA[leaf] for leaf in leaves if leaf not in left) for left in skipped]
        counted = [whole for whole in applies if whole]
        whole = added(counted) / len(counted) if counted else ZERO
        full_index = added(MAXIMA[leaf] for leaf in leaves) if counted else ZERO
        wholes[code] = whole if policy.renormalise == "none" else full_index
    extra = added(one["T"] - one["P"] for one in marks) / len(marks)
    return shares | totals_of(shares, wholes, extra, policy)


def full(publish: dti.Publish, node: str = "total") -> Fraction:
    """What a full score is printed as."""
    leaves = (*TREE["1"], *TREE["2"]) if node == "pillar" else TREE.get(node, MAXIMA)
    points = added(MAXIMA[leaf] for leaf in leaves)
    return {"points": points, "ratio": ONE, "percent": Fraction(100)}[publish.as_]


def printed(exact: Fraction, publish: dti.Publish) -> Fraction:
    """A number ≥ 0, rounded once."""
    whole, rest = divmod(exact * 10**publish.decimals, 1)
    up = {"down": False, "half_up": rest * 2 >= 1, "half_even": rest * 2 > 1 or (rest * 2 == 1 and whole % 2)}
    return Fraction(whole + bool(up[publish.rounding]), 10**publish.decimals)


def mean(shares: Sequence[Fraction | None]) -> Fraction | None:
    """The mean; none where one is none."""
    known = [share for share in shares if share is not None]
    return added(known) / len(known) if len(known) == len(shares) else None


policies = st.builds(
    dti.Policy,
    renormalise=st.sampled_from(["overall", "by_level", "none"]),
    decide_on=st.sampled_from(["published", "exact"]),
    ties=st.sampled_from(["competition", "dense"]),
    tie_break=st.sampled_from([(), ("2",), ("3", "1")]),
    exceed_maximum=st.booleans(),
    publish=st.builds(
        dti.Publish,
        st.sampled_from(["points", "ratio", "percent"]),
        st.integers(0, 3),
        st.sampled_from(["half_up", "half_even", "down"]),
    ),
).filter(lambda policy: (policy.renormalise, policy.publish.as_) != ("none", "points"))


@st.composite
def rounds(draw: st.DrawFn) -> tuple[list[Marks], list[list[str]], list[list[int]]]:
    """Marks and skipped leaves of each unit; and the rows to merge, one to five at a time."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=1, max_size=4))
    marks: list[Marks] = []
    skipped = []
    for _ in range(sum(sizes)):
        own = {leaf: maximum * draw(st.integers(0, 8)) / 8 for leaf, maximum in MAXIMA.items()}
        beside = {
            "T": Fraction(draw(st.sampled_from([0, 5, 40]))),
            "P": Fraction(draw(st.sampled_from([0, 7]))),
        }
        marks.append({leaf: Fraction(points * 100 // 1, 100) for leaf, points in own.items()} | beside)
        skipped.append(draw(st.lists(st.sampled_from([*MAXIMA]), max_size=5, unique=True)))
    rows = draw(st.permutations(range(len(marks))))
    return marks, skipped, [rows[sum(sizes[:at]) : sum(sizes[: at + 1])] for at in range(len(sizes))]


def evaluated(marks: Sequence[Marks], skipped: Sequence[Sequence[str]], policy: dti.Policy) -> dti.Result:
    """The library's result; units are numbered."""
    rubric = rubric_of(policy)
    exclusions = [
        dti.Exclusion(members=leaves, units=[f"u{row}"], treatment="skip", **WHY)
        for row, leaves in enumerate(skipped)
        if leaves
    ]
    points = np.array([[float(own[leaf]) for leaf in rubric.tree.leaves] for own in marks])
    units = [f"u{row}" for row in range(len(marks))]
    return dti.evaluate(rubric, dti.MarkSheet.from_array(points, rubric, units=units, exclusions=exclusions))


@settings(max_examples=settings().max_examples // 10)
@given(policies, rounds(), st.booleans(), st.sampled_from(["scores", "indices"]))
def test_merged_units_against_fractions(
    policy: dti.Policy,
    case: Any,
    some: bool,  # noqa: FBT001
    mean_of: Any,
) -> None:
    """Values, ranks and grades of all nodes follow from exact means, with exclusions, bonus, tie-break; so it reads."""
    marks, skipped, former = case
    merged = {f"m{at}": [f"u{row}" for row in rows] for at, rows in enumerate(former[some:])}
    result = evaluated(marks, skipped, policy)
    document = json.loads(json.dumps(dti.to_document(analysis.merge_units(result, merged, mean_of=mean_of))))
    read = dti.load_result(document)
    assert dti.verify(read, result.rubric, result.marks) == read

    shares: dict[str, Shares] = {}
    for unit in (unit.code for unit in read.units):
        rows = [int(code[1:]) for code in merged.get(unit, [unit])]
        own = [shares_of(marks[row], skipped[row], policy) for row in rows]
        shares[unit] = {node: mean([each[node] for each in own]) for node in ("total", "pillar", *TREE)}
        if mean_of == "indices" and unit in merged:
            shares[unit] = by_index([marks[row] for row in rows], [skipped[row] for row in rows], policy)
    gone = {unit for own in merged.values() for unit in own}
    assert [*shares] == [*(f"u{row}" for row in range(len(marks)) if f"u{row}" not in gone), *merged]
    for node in ("total", "pillar", *TREE):
        _check_node(read, node, shares, policy)


def _check_node(read: Any, node: str, shares: Mapping[str, Shares], policy: dti.Policy) -> None:
    """Published value, rank and grade of all units at a node are those of their shares."""
    publish, keys = policy.publish, {}
    for unit, own in shares.items():
        breakers = map(str, policy.tie_break if node == "total" else ())
        chain = [(own[each], full(publish, each)) for each in (node, *breakers)]
        compared = [
            share if share is None or policy.decide_on == "exact" else printed(share * whole, publish) / whole
            for share, whole in chain
        ]
        keys[unit] = tuple((share is not None, share or ZERO) for share in compared)
    for unit, score in read[node].items():
        share, key = shares[unit][node], keys[unit]
        above = [other for other in keys.values() if other > key]
        if share is None:
            assert (score.score, score.published, score.rank, score.grade) == (None, None, None, None)
        else:
            assert Fraction(score.published) == printed(share * full(publish, node), publish)
            assert score.rank == 1 + len({*above} if policy.ties == "dense" else above)
            grade = next(band.code for band in BANDS if 100 * key[0][1] >= band.threshold)
            assert score.grade == grade


def merged_of(result: dti.Result, merged: Mapping[str, Sequence[str]], **told: Any) -> analysis.Standing:
    """The standing at the total once units are merged."""
    return analysis.standing_of(analysis.merge_units(result, merged, **told))


def test_points_on_scales_of_their_own_have_no_mean() -> None:
    """Under renormalise none, points of 100 and points of 90 are not averaged; points of 100 are, and ratios."""
    indices = [dti.Index("1", "A", 90), dti.Index("2", "B", 10)]
    skip = dti.Exclusion(members=["2"], units=["a"], treatment="skip", **WHY)
    points, ratio = (
        dti.Rubric("r", "Ví dụ", indices, policy=dti.Policy(renormalise="none", publish=dti.Publish(form)))
        for form in ("points", "ratio")
    )
    result, relative = (
        dti.evaluate(
            rubric,
            dti.MarkSheet.from_array(
                [[45, 5], [81, 9], [36, 4]], rubric, units=list("abc"), exclusions=[skip]
            ),
        )
        for rubric in (points, ratio)
    )

    with pytest.raises(dti.InvalidArgument, match="scales of their own at 'total'"):
        analysis.merge_units(result, {"ab": ["a", "b"]})
    assert merged_of(result, {"bc": ["b", "c"]}).values.tolist() == [45, 65]
    assert merged_of(relative, {"ab": ["a", "b"]}).values.tolist() == [0.4, 0.7]


def thirds(policy: dti.Policy) -> dti.Result:
    """Ten indices of 100 points and two decimals; nine units whose marks have no common divisor."""
    rubric = dti.Rubric(
        "r", "Ví dụ", [dti.Index(str(at), "Chỉ số", 100) for at in range(1, 11)], policy=policy
    )
    marks = [[(row * 1309 + at * 7411 + 17) % 10001 / 100 for at in range(10)] for row in range(9)]
    return dti.evaluate(
        rubric, dti.MarkSheet.from_array(marks, rubric, units=[f"p{row}" for row in range(9)])
    )


@pytest.mark.parametrize("decide_on", ["published", "exact"])
def test_nine_provinces_merged_in_threes(decide_on: Any) -> None:
    """On 1000 points with two decimals three in one have a third of their sum, as in the round of 2024."""
    result = thirds(dti.Policy(decide_on=decide_on))
    totals = [Fraction(str(value)) for value in result.total.published.tolist()]
    merged = merged_of(result, {f"m{at}": [f"p{3 * at + part}" for part in range(3)] for at in range(3)})
    means = [added(totals[3 * at : 3 * at + 3]) / 3 for at in range(3)]

    assert merged.values.tolist() == [float(printed(mean, dti.Publish())) for mean in means]
    assert merged.ranks.tolist() == [sorted(means, reverse=True).index(mean) + 1 for mean in means]


def test_a_bonus_does_not_turn_a_mean_negative() -> None:
    """Of totals of 100 and 55, each with its bonus of 5 of 100, the mean is 77.5."""
    indices = [dti.Index("1", "A", 60), dti.Index("2", "B", 40), dti.Index("3", "Thưởng", 5, role="bonus")]
    rubric = dti.Rubric("r", "Ví dụ", indices)
    marks = dti.MarkSheet.from_array([[60, 40, 5], [30, 20, 5], [50, 30, 0]], rubric, units=list("abc"))

    assert merged_of(dti.evaluate(rubric, marks), {"ab": ["a", "b"]}).values.tolist() == [80, 77.5]


def test_ties_of_merged_units_are_broken_as_their_policy_says() -> None:
    """Equal totals whose tie-break is printed alike stay tied, however the exact means differ."""
    policy = dti.Policy(tie_break=["1"], publish=dti.Publish("points", 0))
    rubric = dti.Rubric("r", "Ví dụ", [dti.Index("1", "A", 50), dti.Index("2", "B", 50)], policy=policy)
    marks = [[20.2, 30.2], [20.3, 30.1], [20.4, 30.0], [10.0, 10.0]]
    result = dti.evaluate(rubric, dti.MarkSheet.from_array(marks, rubric, units=list("abcd")))
    merged = merged_of(result, {"ab": ["a", "b"]})

    assert result.total.ranks().tolist() == [1, 1, 1, 4]
    assert dict(zip(merged.units, merged.ranks.tolist(), strict=True)) == {"c": 1, "d": 3, "ab": 1}


def test_blocks_stay_apart_when_units_merge() -> None:
    """A merged unit is ranked in the block of its parts; parts of two blocks are refused."""
    rubric = dti.Rubric(
        "r",
        "Ví dụ",
        [dti.Index("1", "Chỉ số", 100)],
        attributes={"tier": {"type": "string"}},
        blocks=[dti.Block(code, code.upper(), {"tier": {"const": code}}) for code in ("x", "y")],
    )
    marks = dti.MarkSheet.from_array(
        [[90], [80], [70], [60]], rubric, units=list("abcd"), attributes={"tier": ["y", "x", "x", "y"]}
    )
    result = dti.evaluate(rubric, marks)
    merged = merged_of(result, {"bc": ["b", "c"]})

    assert [*zip(merged.units, merged.blocks, merged.ranks, strict=True)] == [
        ("a", "y", 1),
        ("d", "y", 2),
        ("bc", "x", 1),
    ]
    with pytest.raises(dti.InvalidDocument, match="different blocks"):
        merged_of(result, {"ab": ["a", "b"]})


def test_a_merged_unit_in_a_block_that_is_not_ranked() -> None:
    """A unit merged into a block that is scored only has a mean, no rank, and the block as the reason for it."""
    rubric = dti.Rubric(
        "r",
        "Ví dụ",
        [dti.Index("1", "Chỉ số", 100)],
        attributes={"tier": {"type": "string"}},
        blocks=[dti.Block("x", "X", {"tier": "x"}), dti.Block("y", "Y", {"tier": "y"}, ranked=False)],
    )
    result = marked(rubric, [[90], [80], [70]], attributes={"tier": ["x", "x", "x"]})
    document: Any = dti.to_document(analysis.merge_units(result, {"bc": ["b", "c"]}, blocks={"bc": "y"}))
    told = document["units"][1]["unranked"]
    read = dti.load_result(document)

    assert (told["why"], told["reason"]["en"]) == ("block", "block Y is not ranked")
    assert read.total["bc"].score == 75
    assert (read.total["bc"].rank, read.total["a"].of) == (None, 1)
    told["reason"] = "Khối này chỉ chấm điểm"
    assert dti.load_result(document).total == read.total
    document["former"]["units"][0]["unranked"] = {"why": "unit", "reason": "Mới", "basis": "01"}
    with pytest.raises(dti.InvalidDocument, match=r"units\[1\]\.unranked"):
        dti.load_result(document)


def test_a_part_without_a_rank_leaves_none() -> None:
    """A unit merged from one that is set aside has a value and no rank, and is in nobody's way."""
    rubric = dti.Rubric("r", "Ví dụ", [dti.Index("1", "Chỉ số", 100)])
    aside = {"a": dti.Unranked(reason="mới thành lập", basis="01")}
    marks = dti.MarkSheet.from_array([[90], [80], [70]], rubric, units=list("abc"), unranked=aside)
    merged = merged_of(dti.evaluate(rubric, marks), {"ab": ["a", "b"]})

    assert [*zip(merged.units, merged.values.tolist(), merged.ranks.tolist(), strict=True)] == [
        ("c", 70, 1),
        ("ab", 85, 0),
    ]


def test_merged_provinces_have_exact_means() -> None:
    """A merged unit has the mean of its parts: of 0.8002, 0.7024 and 0.6924 that is 0.7317, between the others."""
    result = scored({"a": 80.02, "b": 71.64, "c": 70.24, "d": 69.24}, publish=dti.Publish("ratio", 4))
    merged = merged_of(result, {"acd": ["a", "c", "d"]}, names={"acd": "Tỉnh mới"})
    mean = (Fraction("0.8002") + Fraction("0.7024") + Fraction("0.6924")) / 3

    assert merged.units == ("b", "acd")
    assert merged.values.tolist() == [0.7164, float(round(mean, 4))]
    assert merged.ranks.tolist() == [2, 1]
    assert merged.names[1] == dti.Label("Tỉnh mới")


def test_merged_unit_may_keep_a_code() -> None:
    """A city that takes in its neighbour keeps its code, and counts as merged, not as itself."""
    before = scored({"a": 80, "b": 60, "c": 75})
    now = merged_of(before, {"a": ["a", "b"]})
    moved = analysis.movement(before, now, merged={"a": ["a", "b"]})

    assert dict(zip(now.units, now.values.tolist(), strict=True)) == {"c": 75, "a": 70}
    assert dict(zip(moved.units, moved.status, strict=True)) == {"c": "up", "a": "merged"}


def test_mean_is_of_unrounded_scores() -> None:
    """Two parts printed 33.3 and 33.4 may have a mean that neither rounding first nor halving the prints gives."""
    publish = dti.Publish("points", 1)
    result = scored({"a": 33.34, "b": 33.35}, publish=publish)

    assert result.total.published.tolist() == [33.3, 33.4]
    assert merged_of(result, {"ab": ["a", "b"]}).values.tolist() == [33.3]


@settings(max_examples=settings().max_examples // 5)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 7)), min_size=1, max_size=6),
    st.sampled_from(["overall", "by_level"]),
    st.sampled_from(["published", "exact"]),
    st.sampled_from([(), ("2",)]),
)
def test_merging_alone_changes_nothing(
    points: list[tuple[int, int]], renormalise: Any, decide_on: Any, tie_break: Any
) -> None:
    """A unit merged from itself alone keeps value, rank and grade, whatever the policy, ties broken as before."""
    policy = dti.Policy(
        renormalise=renormalise,
        decide_on=decide_on,
        tie_break=tie_break,
        publish=dti.Publish("percent", 0),
    )
    indices = [dti.Index("1", "Chỉ số", 9), dti.Index("2", "Chỉ số", 7)]
    rubric = dti.Rubric("r", "Ví dụ", indices, bands=BANDS, policy=policy)
    units = [f"u{at}" for at in range(len(points))]
    skip = dti.Exclusion(members=["2"], units=["u0"], treatment="skip", reason="không áp dụng", basis="01")
    result = dti.evaluate(rubric, dti.MarkSheet.from_array(points, rubric, units=units, exclusions=[skip]))
    plain = analysis.standing_of(result)

    for merged in (
        merged_of(result, {}),
        merged_of(result, {unit: [unit] for unit in units}),
    ):
        assert merged.units == plain.units
        assert merged.ranks.tolist() == plain.ranks.tolist()
        assert merged.values.tolist() == plain.values.tolist()
        assert merged.grades.tolist() == plain.grades.tolist()


@pytest.mark.parametrize(
    ("merged", "message"),
    [
        ({"x": ["a", "z"]}, "'z' is no unit"),
        ({"x": ["a"], "y": ["a"]}, "'a' is accounted for twice"),
        ({"c": ["a", "b"]}, "'c' was a unit before"),
        ({"x": []}, "no units are named"),
    ],
)
def test_mergers_of_the_wrong_units(merged: Mapping[str, Sequence[str]], message: str) -> None:
    """Parts that are no units, merged twice or left over are refused."""
    with pytest.raises(dti.DTIError) as refused:
        analysis.merge_units(scored({"a": 1, "b": 2, "c": 3}), merged)
    assert message in str(refused.value)


def two_indices(**policy: Any) -> dti.Rubric:
    """Indices of 60 and 40 points, and a stand-by leaf of 40."""
    indices = [
        dti.Index("1", "A", 60),
        dti.Index("2", "B", 40),
        dti.Index("S", "Thay thế", 40, role="standby"),
    ]
    return dti.Rubric("r", "Ví dụ", indices, policy=dti.Policy(**policy), edition="e")


def marked(
    rubric: dti.Rubric, marks: Sequence[Sequence[float | None]], units: str = "abc", **told: Any
) -> dti.Result:
    """The result of these marks, unit by unit."""
    return dti.evaluate(rubric, dti.MarkSheet.from_array(marks, rubric, units=[*units], **told))


def test_a_stand_by_leaf_counts_in_place_of_the_index() -> None:
    """Index 2 of a is replaced, by 20 of 40: with the 40 of b its mean is 30, though the row of 2 is b's alone."""
    swap = dti.Exclusion(members=["2"], units=["a"], treatment="substitute", by="S", **WHY)
    marks = [[30, None, 20], [60, 40, None], [0, 0, None]]
    result = marked(two_indices(), marks, exclusions=[swap])
    read = dti.load_result(
        dti.to_document(analysis.merge_units(result, {"ab": ["a", "b"]}, mean_of="indices"))
    )

    assert {node: read[node]["ab"].score for node in ("1", "2", "S", "total")} == {
        "1": 45,
        "2": 40,
        "S": 20,
        "total": 75,
    }


def test_what_is_in_a_main_index_has_means_too() -> None:
    """30 and 10 on the first part are 20 in the mean, 10 and 20 on the second 15: whatever the means are of."""
    parts = [dti.Component("1.1", "A", 40), dti.Component("1.2", "B", 20)]
    rubric = dti.Rubric("r", "Ví dụ", [dti.Index("1", "Một", components=parts), dti.Index("2", "Hai", 40)])
    result = marked(rubric, [[30, 10, 20], [10, 20, 40]], "ab")
    for mean_of in ("scores", "indices"):
        merged = analysis.merge_units(result, {"ab": ["a", "b"]}, mean_of=mean_of)

        means = {node: merged[node]["ab"].score for node in merged}
        assert means == {"total": 65, "1": 35, "1.1": 20, "1.2": 15, "2": 30}


def test_results_published_results_and_editions_merge_alike() -> None:
    """Whatever holds the units gives the same result; an edition where one of its results holds them all."""
    result = marked(two_indices(), [[30, 20, None], [60, 40, None], [12, 8, None]])
    merged = {"ab": ["a", "b"]}
    first = analysis.merge_units(result, merged)

    assert analysis.merge_units(dti.load_result(dti.to_document(result)), merged) == first
    assert (
        analysis.merge_units(analysis.publish_together({"x": result, "y": scored({"z": 1})}), merged) == first
    )
    assert dti.verify(dti.to_document(first), result.rubric, result.marks) == first
    other = result.marks.with_marks({"a": {"1": 31}})
    with pytest.raises(dti.InvalidDocument, match="scores"):
        dti.verify(first, result.rubric, other)
    alone = analysis.publish_together({"x": result})
    assert analysis.merge_units(alone, {}) == analysis.merge_units(result, {})


def test_some_nodes_of_a_result_merge_too() -> None:
    """A document of a few nodes is merged by what it tells; by indices only where all of them are there."""
    result = marked(two_indices(), [[30, 20, None], [60, 40, None], [12, 8, None]])
    part = dti.load_result(dti.to_document(result, nodes=["1"]))
    merged = analysis.merge_units(part, {"ab": ["a", "b"]})

    assert [*merged] == ["total", "1"]
    assert dti.load_result(dti.to_document(merged)).total["ab"].score == 75
    assert dti.verify(merged, result.rubric, result.marks) == merged
    with pytest.raises(dti.InvalidArgument, match="main indices"):
        analysis.merge_units(part, {"ab": ["a", "b"]}, mean_of="indices")
    document: Any = dti.to_document(merged)
    document["former"]["mean_of"] = "indices"
    with pytest.raises(dti.InvalidDocument, match=r"former\.mean_of.*main indices"):
        dti.load_result(document)


def test_a_new_unit_is_what_it_is_said_to_be() -> None:
    """Name, block and attributes are those given: of two blocks one is named, and ranks by attribute find the unit."""
    blocks = {"x": ["a", "b"], "y": ["c", "d"]}
    result = scored({"a": 90, "b": 60, "c": 80, "d": 50}, blocks=blocks)
    merged = analysis.merge_units(
        result,
        {"bc": ["b", "c"]},
        names={"bc": dti.Label("Mới", "New")},
        blocks={"bc": "y"},
        attributes={"bc": {"tier": "y"}},
    )
    read = dti.load_result(dti.to_document(merged))

    assert [(unit, score.rank, score.of) for unit, score in read.total.items()] == [
        ("a", 1, 1),
        ("d", 2, 2),
        ("bc", 1, 2),
    ]
    assert analysis.standing_of(read, by="tier").ranks.tolist() == [1, 2, 1]
    assert "New" in analysis.leaders(read).text("en")
    with pytest.raises(dti.InvalidArgument, match="merged already"):
        analysis.merge_units(read, {"abc": ["a", "bc"]})


def test_attributes_of_a_new_unit_are_those_that_are_declared() -> None:
    """Where a tie is broken by population, text for the population of a merged unit is refused at its place."""
    population = dti.AttributeOrder("population", "descending")
    rubric = attrs.evolve(
        two_indices(),
        attributes={"population": {"type": "integer"}},
        policy=dti.Policy(tie_break=[population]),
    )
    people = {"population": [3, 1, 2]}
    result = marked(rubric, [[30, 20, None], [60, 40, None], [45, 30, None]], attributes=people)

    asked: dict[str, Any] = {"ab": {"population": 4}}
    merged = analysis.merge_units(result, {"ab": ["a", "b"]}, attributes=asked)
    assert {unit: score.rank for unit, score in merged.total.items()} == {"c": 2, "ab": 1}
    with pytest.raises(dti.InvalidArgument, match=r"attributes\['ab'\]\['population'\]"):
        analysis.merge_units(result, {"ab": ["a", "b"]}, attributes={"ab": {"population": "4"}})


def test_coverage_of_merged_units() -> None:
    """60 of 100 points marked and all of them are four fifths: enough for a rank where as much is asked."""
    marks = [[30, None, None], [60, 40, None], [30, 20, None]]
    for least, rank in ((0.8, 1), (0.81, None)):
        result = marked(two_indices(min_coverage=least), marks)
        merged = dti.load_result(dti.to_document(analysis.merge_units(result, {"ab": ["a", "b"]})))
        score = merged.total["ab"]
        assert score.coverage == score.completeness == Fraction(4, 5)
        assert score.score == 65
        assert score.rank == rank


def test_no_number_of_a_merged_result_changes_unnoticed() -> None:
    """A number of merged, other or former units that is one higher is refused, wherever it stands."""
    skip = dti.Exclusion(members=["2"], units=["a"], treatment="skip", **WHY)
    result = marked(two_indices(), [[30, None, None], [50, 35, None], [12, 8, None]], exclusions=[skip])
    for mean_of in ("scores", "indices"):
        document = dti.to_document(analysis.merge_units(result, {"ab": ["a", "b"]}, mean_of=mean_of))
        for place in ({"scores": document["scores"]}, document["former"]):
            for column in (column for node in place["scores"].values() for column in node.values()):
                for row, number in enumerate(column):
                    if number is not None:
                        is_rank = isinstance(number, int)
                        column[row] = number + 1 if is_rank else str(Fraction(number) + 1)
                        with pytest.raises(dti.InvalidDocument):
                            dti.load_result(document)
                        column[row] = number
        assert dti.load_result(document).total["ab"].rank == 1


FORMER: dict[str, tuple[Callable[[Any], object], str]] = {
    "in two merged units": (lambda it: it["units"][0].update(merged=["a"]), "$.units[1].merged[0]"),
    "in none": (lambda it: it["units"][1].update(merged=["a"]), "$.former.units[1].code"),
    "that is no former unit": (lambda it: it["units"][1].update(merged=["a", "x"]), "$.units[1].merged[1]"),
    "in a block of none": (lambda it: it["former"]["units"][0].update(block="x"), "$.former.units[0].block"),
    "with a rank": (lambda it: it["former"]["scores"]["1"].update(rank=[2, 1]), "$.former.scores['1'].rank"),
    "set aside": (
        lambda it: it["former"]["units"][0].update(unranked={"why": "unit", "reason": "Mới", "basis": "01"}),
        "$.units[1].unranked"),
}  # fmt: skip


@pytest.mark.parametrize("kind", FORMER)
def test_former_units_that_contradict_the_merged_ones(kind: str) -> None:
    """A former unit belongs to one merged unit, which names it, and has no rank: what says otherwise is told there."""
    result = marked(two_indices(), [[30, None, None], [50, 35, None], [12, 8, None]])
    document: Any = dti.to_document(analysis.merge_units(result, {"ab": ["a", "b"]}))
    break_it, where = FORMER[kind]
    break_it(document)
    with pytest.raises(dti.InvalidDocument) as caught:
        dti.load_result(document)

    assert where in {problem.where for problem in caught.value.problems}
