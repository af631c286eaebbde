"""Why a unit moved: what each cause did adds up to the whole, and is what trying every order would find."""

import random
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from reference_change import CAUSES, Brute
from strategies_change import pair
from strategies_decisions import decided_documents

import dti_core as dti
from dti_core import analysis
from dti_core.analysis import Change, explain_change
from dti_core.analysis.change.field import RankField

WHY: Any = {"reason": "Chưa hướng dẫn", "basis": "Công văn ví dụ"}
TWO = dti.Rubric("demo", "Ví dụ", [dti.Index("1", "Nhận thức số", 30), dti.Index("2", "Dịch vụ công", 20)])
BEFORE = {"a": [20, 15], "b": [21, 12], "c": [10, 10]}
AFTER = {"a": [18, 15], "b": [22, 16], "c": [25, 10]}
FIRST: Any = (["own_marks", "others_marks"], ["others_marks", "own_marks"])
Shares = dict[str, Any]


def scored(marks: Mapping[str, Sequence[float | None]], rubric: dti.Rubric = TWO, **facts: Any) -> dti.Result:
    """A result of units and their marks; made up."""
    rows: Any = [*marks.values()]
    sheet = dti.MarkSheet.from_array(rows, rubric, units=[*marks], **facts)
    return dti.evaluate(rubric, sheet)


def evaluated(documents: tuple[dict[str, Any], dict[str, Any]]) -> dti.Result:
    """The result of a rubric document and a marks document."""
    rubric = dti.load_rubric(documents[0])
    return dti.evaluate(rubric, dti.load_marks(documents[1], rubric))


def shares(change: Change, unit: str) -> Shares:
    """What each cause did to a unit, in points and in places."""
    row = change.units.index(unit)
    both = zip(change.points, change.places, strict=True)
    return {
        cause: (points.at(row), places.at(row)) for cause, (points, places) in zip(CAUSES, both, strict=True)
    }


def points(change: Change, unit: str) -> Shares:
    """What each cause did to a unit's score, where it did anything."""
    return {cause: value for cause, (value, _) in shares(change, unit).items() if value}


def skip(*leaves: str) -> list[dti.Exclusion]:
    """A decision that leaves do not apply."""
    return [dti.Exclusion(members=leaves, treatment="skip", **WHY)]


@pytest.mark.parametrize("seed", [1, 4, 6, 7])
def test_shares_are_those_of_all_orders(seed: int) -> None:
    """A cause's share is the mean of what it changes over all 720 orders, in points and in places, as fractions."""
    before, after = pair(seed)
    change = explain_change(evaluated(before), evaluated(after))
    unit = next(unit for unit, why in zip(change.units, change.obstacles, strict=True) if not why)
    brute = Brute(before, after, unit)
    order: Any = random.Random(seed).sample(CAUSES, len(CAUSES))  # noqa: S311 - nothing secret
    one_order = explain_change(evaluated(before), evaluated(after), unit, order=order)

    assert shares(change, unit) == brute.shares()
    assert shares(one_order, unit) == brute.shares([tuple(order)])


@settings(max_examples=10)
@given(decided_documents(), decided_documents())
def test_shares_add_up(before: Any, after: Any) -> None:
    """Between any two rounds shares add up to what changed: exactly, in points, in places and leaf by leaf."""
    try:
        old, new = evaluated(before), evaluated(after)
        change = explain_change(old, new)
    except dti.DTIError:  # contradictory documents, or no unit in the same block in both
        return
    printed = [dict(zip(result.units, result.total.ranks().tolist(), strict=True)) for result in (old, new)]
    scores = [dict(zip(result.units, _formed(result), strict=True)) for result in (old, new)]
    for unit, why in zip(change.units, change.obstacles, strict=True):
        in_points, in_places = zip(*shares(change, unit).values(), strict=True)
        if in_points[0] is not None:
            leaves = change.leaves(unit)
            assert sum(in_points) == scores[1][unit] - scores[0][unit]
            assert sum(leaves.shares, leaves.remainder) == in_points[0]
            assert in_points[1] == in_points[4] == in_points[5] == 0
        if in_places[0] is not None:
            assert sum(in_places) == printed[0][unit] - printed[1][unit]
        assert (why is None) == (None not in (*in_points, *in_places))


def _formed(result: dti.Result) -> list[Any]:
    """The scores as they are published, unrounded."""
    publish, tree = result.policy.publish, result.rubric.tree
    if publish.as_ == "points":
        return result.total.exact()
    full = {"ratio": 1, "percent": 100}.get(publish.as_) or Fraction(publish.of or 0)
    own, all_ = result.total.exact("applicable"), Fraction(tree.maximum["total"], tree.scale)
    scales = own if result.policy.renormalise == "none" else [all_] * len(own)
    return [
        score and score / (scale or 1) * full
        for score, scale in zip(result.total.exact(), scales, strict=True)
    ]


@pytest.mark.parametrize("seed", range(8, 14))
def test_the_way_back_is_the_way_there_reversed(seed: int) -> None:
    """What a cause gave from one round to the next it takes on the way back, leaf by leaf as well."""
    before, after = map(evaluated, pair(seed))
    there, back = explain_change(before, after), explain_change(after, before)
    for unit in (unit for unit in there.units if not there.obstacles[there.units.index(unit)]):
        gave, took = (shares(change, unit) for change in (there, back))
        split = [
            (dict(zip(leaves.leaves, leaves.shares, strict=True)), leaves.remainder)
            for leaves in (change.leaves(unit) for change in (there, back))
        ]

        assert gave == {cause: (-(took[cause][0] or 0), -(took[cause][1] or 0)) for cause in CAUSES}
        assert split[0] == ({leaf: -share for leaf, share in split[1][0].items()}, -split[1][1])


def test_one_order_by_hand() -> None:
    """One path, as the Global Innovation Index prints it: whose turn comes first decides what it is charged with.

    a stands first with 35 against 33 and 20. Its own 33 ties with the others' old 33: no place lost; their 38 and 35
    then cost two. Theirs first: one is above 35, then its own fall lets the other by.
    """
    rest: list[Any] = ["rubric", "own_exclusions", "others_exclusions", "membership"]
    own_first, others_first = (
        explain_change(scored(BEFORE), scored(AFTER), "a", order=[*order, *rest]) for order in FIRST
    )

    assert shares(own_first, "a")["own_marks"] == (-2, 0)
    assert shares(own_first, "a")["others_marks"] == (0, -2)
    assert shares(others_first, "a")["own_marks"] == (-2, -1)
    assert shares(others_first, "a")["others_marks"] == (0, -1)


def test_the_order_that_was_asked_for_is_told() -> None:
    """Shares along one path depend on it, so that the answer names its causes in turn."""
    order: Any = ["own_marks", "others_marks", *(cause for cause in CAUSES if not cause.endswith("_marks"))]
    one, every = (explain_change(scored(BEFORE), scored(AFTER), "a", order=own) for own in (order, None))
    told = next(line for line in one.text("en").splitlines() if " → " in line and "marks" in line)

    assert (
        0
        <= told.index("Its own marks")
        < told.index("Marks of other units")
        < told.index("→", told.index("Marks"))
    )
    assert told not in every.text("en")


@pytest.mark.parametrize("cause", [None, *CAUSES])
def test_what_did_not_change_has_no_share(cause: str | None) -> None:
    """Where one thing changed, the whole change is its own; where nothing did, everything is 0."""
    decided = {"c": skip("2")}
    full = dti.Exclusion(members=["2"], treatment="full_marks", **WHY)
    doubled = {unit: [2 * one, two] for unit, (one, two) in BEFORE.items()}
    rounds: dict[str | None, partial[dti.Result]] = {
        None: partial(scored, BEFORE),
        "own_marks": partial(scored, BEFORE | {"a": [10, 10]}),
        "others_marks": partial(scored, BEFORE | {"b": [30, 20]}),
        "rubric": partial(scored, doubled, TWO.replace("1", max_points=60)),
        "own_exclusions": partial(scored, BEFORE, unit_exclusions=decided | {"a": skip("2")}),
        "others_exclusions": partial(scored, BEFORE, unit_exclusions=decided | {"b": [full]}),
        "membership": partial(scored, {"a": BEFORE["a"], "c": BEFORE["c"], "d": [30, 20]}),
    }
    before, after = (
        rounds[name](**{"unit_exclusions": decided} | rounds[name].keywords) for name in (None, cause)
    )
    change = explain_change(before, after, "a")
    moved = {name for name, both in shares(change, "a").items() if any(both)}

    assert moved == ({cause} if cause else set())


def test_a_mark_stands_for_its_part_of_the_highest() -> None:
    """15 of 30 is as good as 10 of 20, and level 3 of 5 as 12 of 20: that a maximum changes is the rubric's doing."""
    index = dti.Index("1", "Nhận thức số", 30)
    before = dti.Rubric("demo", "Ví dụ", [index, dti.Index("2", "Mức độ", 10, mark_min=1, mark_max=5)])
    after = dti.Rubric("demo", "Ví dụ", [dti.Index("1", "Nhận thức số", 20), dti.Index("2", "Mức độ", 20)])
    change = explain_change(scored({"a": [15, 3]}, before), scored({"a": [10, 12]}, after), "a")

    assert points(change, "a") == {"rubric": 22 - 21}
    assert change.leaves().leaves == ()


def test_maxima_and_marks_by_hand() -> None:
    """20 of 30 became 18 of 25, and an index was added: by marks (8/5 + 4/3) / 2, by the rubric −(1/3 + 3/5) / 2."""
    new = dti.Rubric(
        "demo", "Ví dụ", [dti.Index(code, code, most) for code, most in (("1", 25), ("2", 20), ("3", 7))]
    )
    change = explain_change(scored(BEFORE), scored({"a": [18, 15, 3]}, new), "a")

    assert points(change, "a") == {"own_marks": Fraction(22, 15), "rubric": Fraction(-7, 15)}
    assert change.leaves().shares == (Fraction(22, 15),)
    assert change.leaves().marks.tolist() == [[20], [18]]
    assert change.leaves().highest.tolist() == [[30], [25]]


def test_a_leaf_of_one_round_goes_with_the_rubric() -> None:
    """What a new leaf brings, excluded or not, is the new rubric's doing; a leaf of another code may be the same."""
    new = dti.Rubric(
        "demo", "Ví dụ", [dti.Index(code, code, most) for code, most in (("1", 30), ("2b", 20), ("3", 10))]
    )
    after = scored({"a": [20, 15, 4], "b": [21, 12, 9]}, new, unit_exclusions={"a": skip("3")})
    by_code = explain_change(scored(BEFORE), after, "b")
    renamed = explain_change(scored(BEFORE), after, "b", leaves={"2b": "2"})
    excused = explain_change(scored(BEFORE), after, "a", leaves={"2b": "2"})

    assert points(by_code, "b") == points(renamed, "b") == {"rubric": 9}
    other = scored({"a": [7]}, dti.Rubric("other", "Ví dụ", [dti.Index("9", "Khác", 10)]))
    unlike = explain_change(scored(BEFORE), other, "a")

    assert points(unlike, "a") == {"rubric": 7 - 35}
    assert "Bộ chỉ số và cách tính" in unlike.text()
    assert points(excused, "a") == {"rubric": 35 * Fraction(60, 50) - 35}


def test_marks_that_no_common_scale_holds_go_with_the_rubric() -> None:
    """Marks out of 10⁸ and out of 10⁸ − 1 are parts that only 10¹⁶ holds: the leaf is taken for another one."""
    before, after = (
        dti.Rubric("demo", "Ví dụ", [dti.Index("1", "Một", 10, mark_max=highest)], mark_decimals=0)
        for highest in (10**8, 10**8 - 1)
    )
    change = explain_change(scored({"a": [10**7]}, before), scored({"a": [11111111]}, after), "a")

    assert points(change, "a") == {"rubric": Fraction(10, 9) - 1}


def test_an_exclusion_is_not_a_mark_of_nothing() -> None:
    """A leaf that no longer counts has no mark: what that changed is the exclusion's doing, not that of its marks."""
    after = scored(BEFORE | {"a": [20, None]}, unit_exclusions={"a": skip("2")})
    missing = scored(BEFORE | {"a": [20, None]})

    assert points(explain_change(scored(BEFORE), after, "a"), "a") == {
        "own_exclusions": Fraction(20 * 50, 30) - 35
    }
    assert points(explain_change(scored(BEFORE), missing, "a"), "a") == {"own_marks": -15}


def test_rules_are_the_rubrics_and_whom_they_reach_is_the_units() -> None:
    """A new rule is the rubric's doing; that a unit no longer meets an old one, by attribute or code, its exclusion."""
    rule = dti.ExclusionRule(code="r", when={"online": False}, members=["1"], treatment="skip", **WHY)
    without = dti.Rubric("demo", "Ví dụ", TWO.indices, attributes={"online": {"type": "boolean"}})
    ruled = dti.Rubric(
        "demo", "Ví dụ", TWO.indices, attributes={"online": {"type": "boolean"}}, exclusions=[rule]
    )
    named = dti.ExclusionRule(code="r", when={"unit": "a"}, members=["1"], treatment="skip", **WHY)
    by_code = dti.Rubric("demo", "Ví dụ", TWO.indices, exclusions=[named])
    marks, gain = {"a": [20, 15]}, Fraction(15 * 50, 20) - 35
    offline, online = ({"attributes": {"online": [value]}} for value in (False, True))

    new_rule = explain_change(scored(marks, without, **offline), scored(marks, ruled, **offline), "a")
    met_no_more = explain_change(scored(marks, ruled, **offline), scored(marks, ruled, **online), "a")
    recoded = explain_change(
        scored(marks, by_code), scored({"a2": [20, 15]}, by_code), "a2", renamed={"a2": "a"}
    )

    assert points(new_rule, "a") == {"rubric": gain}
    assert points(met_no_more, "a") == {"own_exclusions": -gain}
    assert points(recoded, "a2") == {"own_exclusions": -gain}


def test_a_higher_mark_counts_as_what_is_still_possible() -> None:
    """8 of 10 became 5 of a leaf reduced to 5: between the rounds the 8 counts as 5, and is not refused."""
    rubric = dti.Rubric("demo", "Ví dụ", [dti.Index("1", "Một", 10), dti.Index("2", "Hai", 10)])
    reduce = dti.Exclusion(members=["1"], treatment="reduce", to=5, **WHY)
    after = scored({"a": [5, 5]}, rubric, unit_exclusions={"a": [reduce]}, stage="appraised")
    change = explain_change(scored({"a": [8, 5]}, rubric), after, "a")

    assert points(change, "a") == {
        "own_marks": Fraction(10 - 13, 2),
        "own_exclusions": (Fraction(40, 3) - 13 + Fraction(40, 3) - 10) / 2,
    }


def test_what_a_cap_makes_of_leaves_together_is_no_leafs() -> None:
    """Three leaves of 8 under a cap of 10: each alone gives 8, the last nothing; of 12 for 10, 2 are no leaf's."""
    parts = [dti.Component(f"1.{at}", "x", 8) for at in range(3)]
    rubric = dti.Rubric("demo", "Ví dụ", [dti.Index("1", "Một", 10, components=parts, cap=True)])
    leaves = explain_change(scored({"a": [0, 0, 0]}, rubric), scored({"a": [8, 8, 8]}, rubric), "a").leaves()

    assert [str(share) for share in leaves.shares] == ["4"] * 3
    assert leaves.remainder == -2
    assert leaves.columns()["points"].sum() == 10
    assert leaves.text().splitlines()[-1].endswith("−2,00")


def test_places_among_those_in_both_rounds() -> None:
    """A new unit on top takes a place from everyone printed, and none among those who were there before."""
    after = {**BEFORE, "d": [30, 20]}
    change = explain_change(scored(BEFORE), scored(after))

    assert [
        sum(filter(None, places))
        for places in zip(*(part.fractions() for part in change.places), strict=True)
    ] == [
        -1,
        -1,
        -1,
        0,
    ]
    assert shares(change, "a")["membership"] == (0, -1)
    assert change.common.tolist() == [[1, 2, 3, 0], [1, 2, 3, 0]]
    one = explain_change(scored(BEFORE), scored(after), "a").text()
    assert "Chỉ xét các đơn vị được xếp hạng ở cả hai kỳ: hạng 1 → 1." in one


@pytest.mark.parametrize("ties", ["competition", "dense"])
def test_a_unit_is_never_above_itself(ties: Any) -> None:
    """The rank of a unit in another state is the one it has in a ranking where it alone is in that state."""
    draw = np.random.default_rng(5)
    for count in [1, 2, *[12] * 30]:
        own, keys = draw.integers(0, 6, (2, count))
        groups = draw.integers(-1, 2, count)
        expected = []
        for row in range(count):
            one = np.where(np.arange(count) == row, own, keys)
            values = [None if not key or group < 0 else -key for key, group in zip(one, groups, strict=True)]
            expected.append(dti.rank(values, by=groups.tolist(), ties=ties).tolist()[row])

        assert RankField.of(keys, groups, ties, span=6).ranks(own).tolist() == expected


def blocked(marks: Mapping[str, Sequence[float]], blocks: Sequence[str], **facts: Any) -> dti.Result:
    """A result in the blocks x and y."""
    rubric = dti.Rubric(
        "demo",
        "Ví dụ",
        TWO.indices,
        attributes={"tier": {}},
        blocks=[dti.Block(name, name, {"tier": name}) for name in "xy"],
    )
    return scored(marks, rubric, attributes={"tier": blocks}, **facts)


def test_what_cannot_be_taken_apart_says_why() -> None:
    """A unit that is new, gone, merged, without a score or rank, or in another block is told so, and not explained."""
    four = {**BEFORE, "d": [1, 1], "e": [3, 3], "f": [4, 4]}
    before = blocked(
        four, ["x"] * 6, unranked={"b": dti.Unranked(**WHY)}, unit_exclusions={"c": skip("1", "2")}
    )
    after = blocked({**BEFORE, "g": [9, 9], "de": [5, 5], "f": [4, 4]}, ["x", "x", "x", "x", "x", "y"])
    change = explain_change(before, after, merged={"de": ["d", "e"]})
    told = dict(zip(change.units, change.obstacles, strict=True))

    assert told == {"a": None, "b": "unranked", "c": "null", "g": "new", "de": "merged", "f": "moved"}
    nowhere = {
        unit: [None in part for part in zip(*shares(change, unit).values(), strict=True)] for unit in told
    }
    assert nowhere == {
        unit: [why in ("null", "new", "merged"), why is not None] for unit, why in told.items()
    }
    assert "sáp nhập" in explain_change(before, after, "de", merged={"de": ["d", "e"]}).text()
    assert "ranked in another block" in explain_change(before, after, "f").text("en")
    assert [row["why"] for row in change.rows if row["unit"] == "a"] == [None] * 6
    gone = explain_change(before, blocked({"a": [20, 15]}, ["x"]), "f")
    assert gone.obstacles.tolist() == ["gone"]
    with pytest.raises(dti.InvalidArgument, match="The unit is gone"):
        gone.leaves()
    with pytest.raises(ValueError, match="read-only"):
        change.points[0].numerator[0] = 1


def test_a_combination_without_a_score_is_said() -> None:
    """Leaf 1 did not count before and is all there is now: of the new leaf under the old decision nothing is left."""
    before = scored({"a": [20, 15]}, unit_exclusions={"a": skip("1")})
    after = scored({"a": [20]}, dti.Rubric("demo", "Ví dụ", TWO.indices[:1]))
    change = explain_change(before, after, "a")

    assert change.obstacles.tolist() == ["between"]
    assert "không còn nội dung nào được đánh giá" in change.text()


def test_a_combination_without_a_rank_is_said() -> None:
    """Enough is marked in both rounds, but nothing of what the old marks leave under the new decision."""
    rubric = dti.Rubric("demo", "Ví dụ", TWO.indices, policy=dti.Policy(min_coverage=0.4))
    before = scored({"a": [None, 15]}, rubric)
    after = scored({"a": [20, 15]}, rubric, unit_exclusions={"a": skip("2")})
    change = explain_change(before, after, "a")

    assert change.obstacles.tolist() == ["rank_between"]
    assert sum(points(change, "a").values()) == Fraction(20 * 50, 30) - 15


def test_exclusions_that_contradict_the_other_rubric_go_with_it() -> None:
    """An old decision on a part of what a new rule replaces cannot be carried over: exclusions go with the rubric."""
    parts = [dti.Component("1.1", "Một", 20), dti.Component("1.2", "Hai", 10)]
    indices = [
        dti.Index("1", "Nhận thức số", 30, components=parts),
        dti.Index("S", "Thay thế", 30, role="standby"),
    ]
    rule = dti.ExclusionRule(code="r", members=["1"], treatment="substitute", by="S", **WHY)
    old, new = (
        dti.Rubric("demo", "Ví dụ", [*indices, TWO.indices[1]], exclusions=rules) for rules in ([], [rule])
    )
    marks = {"a": [10, 5, 20, 15], "b": [11, 6, 21, 16]}
    change = explain_change(scored(marks, old, unit_exclusions={"a": skip("1.1")}), scored(marks, new), "a")

    assert points(change, "a") == {"rubric": 35 - Fraction(20 * 50, 30)}
    assert "không tách riêng được" in change.text()


@pytest.mark.parametrize(
    ("further", "expected"),
    [
        # the old decision: 24 + 20 = 44 and 24 + 40 = 64; without it 15 + 20 = 35 and 15 + 40 = 55
        ([], {"rubric": 20, "own_exclusions": -9}),
        ([dti.Component("1.3", "Ba", 10)], {"rubric": 55 - 44}),
    ],
)
def test_what_replaces_an_index_is_carried_over_whole(further: Any, expected: Shares) -> None:
    """A decision that replaces an index holds on the other rubric's where that has the same parts, else on its own."""
    parts = [dti.Component("1.1", "Một", 20), dti.Component("1.2", "Hai", 10)]
    standby = dti.Index("S", "Thay thế", 30, role="standby")
    old, new = (
        dti.Rubric("demo", "Ví dụ", [dti.Index("1", "x", components=own), standby, dti.Index("2", "y", most)])
        for own, most in ((parts, 20), ([*parts, *further], 40))
    )
    decision = dti.Exclusion(members=["1"], treatment="substitute", by="S", **WHY)
    before = scored({"a": [10, 5, 24, 20]}, old, unit_exclusions={"a": [decision]})
    after = scored({"a": [10, 5, *[0] * len(further), 24, 40]}, new)

    assert points(explain_change(before, after, "a"), "a") == expected


def test_what_makes_rounds_hard_to_compare_is_said() -> None:
    """Another rubric under one code, another scale, another policy: the answer says so and where it is counted."""
    cheaper = TWO.replace("1", max_points=25)
    text = explain_change(scored(BEFORE), scored(BEFORE, cheaper), "a").text("en")
    percent = dti.Policy(publish=dti.Publish("percent", 1))
    by_policy = explain_change(scored(BEFORE), dti.evaluate(TWO, scored(BEFORE).marks, percent), "a")

    assert "The rubric demo is not the same in both rounds, under one code" in text
    assert "published on other scales (50 and 45)" in text
    assert "cannot be compared as they stand" in text
    assert not by_policy.rubrics.comparable
    assert points(by_policy, "a") == {"rubric": 70 - 35}
    assert explain_change(scored(BEFORE), scored(AFTER), "a").rubrics.comparable


def test_the_text_answers_the_question() -> None:
    """The table of one unit is short: cause, points, places, the sum; then the leaves that moved most."""
    names = ["Huyện A", "Huyện B", "Huyện C"]
    change = explain_change(scored(BEFORE, names=names), scored(AFTER, names=names), "a")

    assert change.text() == (
        "Huyện A: hạng 1 → 3, điểm công bố 35,00 → 33,00.\n\n"
        "Vì sao Huyện A tụt 2 bậc\n"
        "Nguyên nhân                     Điểm   Bậc\n"
        "─────────────────────────────  ─────  ────\n"
        "Điểm chấm của chính đơn vị     −2,00  −0,5\n"
        "Điểm chấm của các đơn vị khác   0,00  −1,5\n"
        "Tổng cộng                      −2,00  −2,0\n\n"
        "Các chỉ số làm điểm thay đổi nhiều nhất\n"
        "Chỉ số  Tên chỉ số    Điểm chấm trước  Điểm chấm   Điểm\n"
        "──────  ────────────  ───────────────  ─────────  ─────\n"
        "     1  Nhận thức số  20/30            18/30      −2,00"
    )
    assert "Vì sao Huyện A tụt 2 bậc" in change.to_html()
    assert explain_change(scored(BEFORE), scored(AFTER)).text("en").splitlines()[-1].split() == (
        ["a", "1", "3", "−2.00", "−2", "−0.5", "−1.5"]
    )
    assert [row["places"] for row in change.rows] == [-0.5, -1.5, 0, 0, 0, 0]


def test_editions_and_refusals() -> None:
    """An edition answers through the result that holds the unit; what holds no marks or is asked wrongly is refused."""
    rubric = dti.Rubric("demo", "Ví dụ", TWO.indices, edition="2024")
    before, after = (
        analysis.publish_together({"x": scored(marks, rubric), "y": scored({"z": [1, 1]}, rubric)})
        for marks in (BEFORE, AFTER)
    )
    swapped = analysis.publish_together({"y": after["x"], "x": after["y"]})

    assert shares(explain_change(before, after, "a"), "a")["others_marks"] == (0, Fraction(-3, 2))
    printed: Any = dti.load_result(dti.to_document(before["x"]))
    refused: list[tuple[Callable[[], Change], str]] = [
        (lambda: explain_change(before, after), "name a unit"),
        (lambda: explain_change(before, swapped, "a"), "was in x and is in y"),
        (
            lambda: explain_change(printed, after["x"]),
            "a Result is needed",
        ),
        (lambda: explain_change(before["x"], after["x"], order=["rubric"]), "order names each cause once"),
        (lambda: explain_change(before["x"], after["x"], leaves={"1": "2", "2": "2"}), "accounted for twice"),
        (lambda: explain_change(blocked(BEFORE, ["x"] * 3), blocked(BEFORE, ["y"] * 3)), "same block"),
    ]
    for wrong, words in refused:
        with pytest.raises(dti.InvalidArgument, match=words):
            wrong()
    asked: list[dict[str, Any]] = [{"unit": "q"}, {"node": "9"}, {"leaves": {"9": "1"}}, {"by": "tier"}]
    for unknown in asked:
        with pytest.raises(dti.UnknownCode):
            explain_change(before["x"], after["x"], **unknown)
