"""Movement where units and blocks change: partial splits, renamed blocks, and places among those who stayed."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dti_core as dti
from dti_core import analysis
from dti_core.analysis import Standing

BEFORE = Standing(["a", "b", "c", "d", "e"], [1, 2, 3, 4, 5])
NOW = Standing(["a", "b", "d", "e"], [2, 1, 3, 4])


@pytest.mark.parametrize(
    "told",
    [
        {"split": {"c": ["a", "b"]}},
        {"split": {"c": ["a", "b"]}, "merged": {"a": ["a", "c"], "b": ["b", "c"]}},
    ],
    ids=["split alone", "both sides"],
)
def test_a_unit_divided_among_others_that_existed(told: Any) -> None:
    """Of c parts went to a and b: both count as merged, c is not gone, and no rank of theirs is compared."""
    moved = analysis.movement(BEFORE, NOW, **told)

    assert dict(zip(moved.units, moved.status, strict=True)) == {
        "a": "merged",
        "b": "merged",
        "d": "up",
        "e": "up",
    }
    assert moved.columns()["from"].tolist() == ["a, c", "b, c", None, None]
    assert np.isnan(moved.places).tolist() == [True, True, False, False]


def test_parts_go_to_new_renamed_and_remaining_units() -> None:
    """Of c a part stays c, one goes to x, which is new and made of e too, one to b, which is called y now."""
    now = Standing(["a", "y", "c", "d", "x"], [1, 2, 3, 4, 5])
    moved = analysis.movement(
        BEFORE, now, split={"c": ["c", "x", "y"]}, merged={"x": ["e", "c"]}, renamed={"y": "b"}
    )

    assert dict(zip(moved.units, moved.columns()["from"], strict=True)) == {
        "a": None,
        "y": "b, c",
        "c": "c",
        "d": None,
        "x": "e, c",
    }
    assert moved.status.tolist() == ["same", "merged", "split", "same", "merged"]


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"merged": {"a": ["a", "c"], "b": ["b", "c"]}}, "say in split where its parts went"),
        ({"split": {"c": ["a", "b"]}, "merged": {"a": ["c"]}}, "'a' was a unit before"),
        ({"split": {"c": ["a", "b"]}, "merged": {"a": ["a"]}}, "name 'c' there as well"),
        ({"split": {"c": ["a", "b"]}, "merged": {"d": ["d", "c"]}}, "'c' is accounted for twice"),
        ({"split": {"c": ["a", "a"]}}, "'a' is accounted for twice"),
        ({"split": {"c": ["a"], "d": ["b"]}}, "'d' is still a unit now"),
    ],
)
def test_parts_that_do_not_add_up(told: Any, message: str) -> None:
    """What merged and split say of one unit is the same, or refused with the unit and the fix."""
    with pytest.raises(dti.InvalidDocument) as refused:
        analysis.movement(BEFORE, NOW, **told)
    assert message in str(refused.value)


def test_blocks_that_were_renamed() -> None:
    """Districts that are called communes now are compared with themselves, and told under the present name."""
    before = Standing(["a", "b", "c"], [1, 2, 1], blocks=["dist", "dist", "dept"], titles={"dist": "Huyện"})
    now = Standing(["a", "b", "c"], [2, 1, 1], blocks=["comm", "comm", "dept"], titles={"comm": "Xã"})

    assert analysis.movement(before, now).status.tolist() == ["moved", "moved", "same"]
    moved = analysis.movement(before, now, blocks={"dist": "comm"})
    assert moved.places.tolist() == [-1, 1, 0]
    assert moved.counts("comm")["up"] == 1
    assert moved.summary()["first.before"].tolist() == ["a", "c"]
    assert "Huyện" not in moved.text()
    with pytest.raises(dti.InvalidArgument, match="two blocks of before become 'dept'"):
        analysis.movement(before, now, blocks={"dist": "dept"})


def test_who_falls_only_because_another_enters() -> None:
    """One new unit on top: all are down one more as printed than among themselves, and the text says so."""
    before, now = Standing(list("abc"), [1, 2, 3]), Standing(list("nbac"), [1, 2, 3, 4])
    moved = analysis.movement(before, now)

    assert dict(zip(moved.units, moved.places.tolist(), strict=True)) | {"n": 0} == {
        "n": 0,
        "b": 0,
        "a": -2,
        "c": -1,
    }
    assert moved.places_common.tolist()[1:] == [1, -1, 0]
    assert "Places (common)" in moved.text("en")
    assert "Bậc (đơn vị chung)" in moved.text()
    assert "common" not in analysis.movement(before, before).text("en")


def test_lists_with_gaps_have_no_places_in_common() -> None:
    """Of a few units with printed ranks nobody knows how the others stood: NaN, not a rank among the few."""
    moved = analysis.movement(Standing(["hue"], [4]), Standing(["hue"], [2]))

    assert moved.places.tolist() == [2]
    assert np.isnan(moved.places_common).all()


standings = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(["x", "y"]), st.booleans()), min_size=8, max_size=8
)


@settings(max_examples=settings().max_examples // 4)
@given(standings, standings, st.sampled_from(["competition", "dense"]))
def test_places_in_common_against_ranking_them_alone(before: Any, now: Any, ties: Any) -> None:
    """They are what comes out where only those that have a rank in the same block of both rounds are ranked."""
    rounds = []
    for units in (before, now):
        there = {f"u{at}": (value, block) for at, (value, block, is_there) in enumerate(units) if is_there}
        blocks = [block for _, block in there.values()]
        ranks = dti.rank([value for value, _ in there.values()], by=blocks, ties=ties)
        rounds.append((there, Standing([*there], ranks, blocks=blocks)))
    (old, old_standing), (new, new_standing) = rounds
    stayed = [unit for unit in new if unit in old and old[unit][1] == new[unit][1]]
    try:
        moved = analysis.movement(old_standing, new_standing)
    except dti.InvalidArgument:
        assert not stayed
        return
    alone = [
        dti.rank([units[unit][0] for unit in stayed], by=[units[unit][1] for unit in stayed], ties=ties)
        for units in (old, new)
    ]
    expected = dict(zip(stayed, (alone[0] - alone[1]).tolist(), strict=True))
    for unit, places in zip(moved.units, moved.places_common.tolist(), strict=True):
        assert expected[unit] == places if unit in expected else np.isnan(places)
