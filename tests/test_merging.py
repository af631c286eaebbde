"""Merged units have the exact mean of their parts, whatever the policy; worked out again here in fractions."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
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
    """Three indices, a bonus and a penalty."""
    indices = [
        dti.Index(
            index,
            "Chỉ số",
            components=[dti.Component(leaf, "Tiêu chí", float(MAXIMA[leaf])) for leaf in leaves],
        )
        for index, leaves in TREE.items()
    ]
    beside = [dti.Index("T", "Thưởng", 40, role="bonus"), dti.Index("P", "Trừ", 40, role="penalty")]
    return dti.Rubric("r", "Ví dụ", [*indices, *beside], bands=BANDS, policy=policy)


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
    if not any(wholes.values()):
        return shares | {"total": None}
    scale = added(wholes.values() if policy.renormalise == "none" else MAXIMA.values())
    total = added(points.values()) / added(wholes.values())
    if policy.renormalise == "by_level":
        weights = {
            code: added(MAXIMA[leaf] for leaf in TREE[code]) for code, whole in wholes.items() if whole
        }
        total = added(weights[code] * (shares[code] or ZERO) for code in weights) / added(weights.values())
    total = max(total + (marks["T"] - marks["P"]) / scale, ZERO)
    return shares | {"total": total if policy.exceed_maximum else min(total, ONE)}


def full(publish: dti.Publish, node: str = "total") -> Fraction:
    """What a full score is printed as."""
    points = added(MAXIMA[leaf] for leaf in TREE.get(node, MAXIMA))
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


@given(policies, rounds(), st.booleans())
def test_merged_units_against_fractions(policy: dti.Policy, case: Any, some: bool) -> None:  # noqa: FBT001
    """Value, rank and grade follow from the exact mean of the parts, with exclusions, bonus and tie-break."""
    marks, skipped, parts = case
    merged = {f"m{at}": [f"u{row}" for row in rows] for at, rows in enumerate(parts[some:])}
    standing = analysis.merge_units(evaluated(marks, skipped, policy), merged)

    shares = [shares_of(own, left, policy) for own, left in zip(marks, skipped, strict=True)]
    publish, means, keys = policy.publish, {}, {}
    for unit in standing.units:
        own = [shares[int(part[1:])] for part in merged.get(unit, [unit])]
        means[unit] = mean([each["total"] for each in own])
        chain = [
            (mean([each[node] for each in own]), full(publish, node))
            for node in map(str, ("total", *policy.tie_break))
        ]
        compared = [
            share if share is None or policy.decide_on == "exact" else printed(share * whole, publish) / whole
            for share, whole in chain
        ]
        keys[unit] = tuple((share is not None, share or ZERO) for share in compared)

    gone = {unit for own in merged.values() for unit in own}
    assert standing.units == (*(f"u{row}" for row in range(len(marks)) if f"u{row}" not in gone), *merged)
    for row, unit in enumerate(standing.units):
        total, key = means[unit], keys[unit]
        above = [other for other in keys.values() if other > key]
        if total is None:
            assert (standing.ranks[row], standing.grades[row]) == (0, None)
            assert np.isnan(standing.values[row])
        else:
            assert standing.ranks[row] == 1 + len({*above} if policy.ties == "dense" else above)
            assert standing.values[row] == float(printed(total * full(publish), publish))
            grade = next(band.code for band in BANDS if 100 * key[0][1] >= band.threshold)
            assert standing.grades[row] == grade


def test_points_on_scales_of_their_own_have_no_mean() -> None:
    """Under renormalise none, points of 90 and points of 50 are not averaged."""
    with pytest.raises(dti.InvalidArgument, match="no mean"):
        analysis.merge_units(scored({"a": 1, "b": 2}, renormalise="none"), {"ab": ["a", "b"]})


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
    merged = analysis.merge_units(
        result, {f"m{at}": [f"p{3 * at + part}" for part in range(3)] for at in range(3)}
    )
    means = [added(totals[3 * at : 3 * at + 3]) / 3 for at in range(3)]

    assert merged.values.tolist() == [float(printed(mean, dti.Publish())) for mean in means]
    assert merged.ranks.tolist() == [sorted(means, reverse=True).index(mean) + 1 for mean in means]


def test_a_bonus_does_not_turn_a_mean_negative() -> None:
    """Of totals of 100 and 55, each with its bonus of 5 of 100, the mean is 77.5."""
    indices = [dti.Index("1", "A", 60), dti.Index("2", "B", 40), dti.Index("3", "Thưởng", 5, role="bonus")]
    rubric = dti.Rubric("r", "Ví dụ", indices)
    marks = dti.MarkSheet.from_array([[60, 40, 5], [30, 20, 5], [50, 30, 0]], rubric, units=list("abc"))

    assert analysis.merge_units(dti.evaluate(rubric, marks), {"ab": ["a", "b"]}).values.tolist() == [80, 77.5]


def test_ties_of_merged_units_are_broken_as_their_policy_says() -> None:
    """Equal totals whose tie-break is printed alike stay tied, however the exact means differ."""
    policy = dti.Policy(tie_break=["1"], publish=dti.Publish("points", 0))
    rubric = dti.Rubric("r", "Ví dụ", [dti.Index("1", "A", 50), dti.Index("2", "B", 50)], policy=policy)
    marks = [[20.2, 30.2], [20.3, 30.1], [20.4, 30.0], [10.0, 10.0]]
    result = dti.evaluate(rubric, dti.MarkSheet.from_array(marks, rubric, units=list("abcd")))
    merged = analysis.merge_units(result, {"ab": ["a", "b"]})

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
    merged = analysis.merge_units(result, {"bc": ["b", "c"]})

    assert [*zip(merged.units, merged.blocks, merged.ranks, strict=True)] == [
        ("a", "y", 1),
        ("d", "y", 2),
        ("bc", "x", 1),
    ]
    with pytest.raises(dti.InvalidDocument, match="different blocks"):
        analysis.merge_units(result, {"ab": ["a", "b"]})


def test_a_part_without_a_rank_leaves_none() -> None:
    """A unit merged from one that is set aside has a value and no rank, and is in nobody's way."""
    rubric = dti.Rubric("r", "Ví dụ", [dti.Index("1", "Chỉ số", 100)])
    aside = {"a": dti.Unranked(reason="mới thành lập", basis="01")}
    marks = dti.MarkSheet.from_array([[90], [80], [70]], rubric, units=list("abc"), unranked=aside)
    merged = analysis.merge_units(dti.evaluate(rubric, marks), {"ab": ["a", "b"]})

    assert [*zip(merged.units, merged.values.tolist(), merged.ranks.tolist(), strict=True)] == [
        ("c", 70, 1),
        ("ab", 85, 0),
    ]


def test_merged_provinces_have_exact_means() -> None:
    """A merged unit has the mean of its parts: of 0.8002, 0.7024 and 0.6924 that is 0.7317, between the others."""
    result = scored({"a": 80.02, "b": 71.64, "c": 70.24, "d": 69.24}, publish=dti.Publish("ratio", 4))
    merged = analysis.merge_units(result, {"acd": ["a", "c", "d"]}, names={"acd": "Tỉnh mới"})
    mean = (Fraction("0.8002") + Fraction("0.7024") + Fraction("0.6924")) / 3

    assert merged.units == ("b", "acd")
    assert merged.values.tolist() == [0.7164, float(round(mean, 4))]
    assert merged.ranks.tolist() == [2, 1]
    assert merged.names[1] == dti.Label("Tỉnh mới")


def test_merged_unit_may_keep_a_code() -> None:
    """A city that takes in its neighbour keeps its code, and counts as merged, not as itself."""
    before = scored({"a": 80, "b": 60, "c": 75})
    now = analysis.merge_units(before, {"a": ["a", "b"]})
    moved = analysis.movement(before, now, merged={"a": ["a", "b"]})

    assert dict(zip(now.units, now.values.tolist(), strict=True)) == {"c": 75, "a": 70}
    assert dict(zip(moved.units, moved.status, strict=True)) == {"c": "up", "a": "merged"}


def test_mean_is_of_unrounded_scores() -> None:
    """Two parts printed 33.3 and 33.4 may have a mean that neither rounding first nor halving the prints gives."""
    publish = dti.Publish("points", 1)
    result = scored({"a": 33.34, "b": 33.35}, publish=publish)

    assert result.total.published.tolist() == [33.3, 33.4]
    assert analysis.merge_units(result, {"ab": ["a", "b"]}).values.tolist() == [33.3]


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
        analysis.merge_units(result, {}),
        analysis.merge_units(result, {unit: [unit] for unit in units}),
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
