"""Questions asked of results: who moved, who leads, what is lacking, what merged units come to."""

import json
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dti_core as dti
from dti_core import analysis
from dti_core.analysis import Standing

FIGURES = Path(__file__).parent / "golden" / "vietnam"
MOVEMENTS = FIGURES / "rank_movements.json"
published_movements = json.loads(MOVEMENTS.read_text("utf-8"))["rows"]

BANDS = [dti.Band("good", "Tốt", 80), dti.Band("fair", "Khá", 50), dti.Band("weak", "Yếu", 0)]


def scored(
    totals: Mapping[str, float],
    *,
    blocks: Mapping[str, Sequence[str]] | None = None,
    maximum: int = 100,
    edition: str | None = "e",
    **policy: Any,
) -> dti.Result:
    """A result of one index whose marks are the totals, in blocks by a ``tier`` attribute where any are given."""
    tier = {unit: name for name, units in (blocks or {}).items() for unit in units}
    rubric = dti.Rubric(
        "r",
        "Ví dụ",
        [dti.Index("1", "Chỉ số", maximum)],
        edition=edition,
        attributes={"tier": {"type": "string"}} if blocks else (),
        blocks=[dti.Block(name, name.title(), {"tier": {"const": name}}) for name in blocks or ()],
        bands=BANDS,
        policy=dti.Policy(**policy),
    )
    marks = dti.MarkSheet.from_array(
        [[mark] for mark in totals.values()],
        rubric,
        units=[*totals],
        attributes={"tier": [tier[unit] for unit in totals]} if blocks else None,
    )
    return dti.evaluate(rubric, marks)


@pytest.mark.parametrize("row", published_movements, ids=lambda row: f"{row[0]} {row[3]}")
def test_published_movements(row: Sequence[Any]) -> None:
    """Places up and down come out as twelve provinces' movements were printed."""
    unit, _, before, _, now, printed = row
    moved = analysis.movement(Standing([unit], [before]), Standing([unit], [now]))

    assert moved[unit]["places"] == printed
    assert moved[unit]["status"] == ("up" if printed > 0 else "down")


def test_movement_within_blocks_and_overall() -> None:
    """The same two rounds give one movement within blocks and another among everyone."""
    blocks = {"x": ["a", "b"], "y": ["c", "d"]}
    before = scored({"a": 90, "b": 60, "c": 80, "d": 70}, blocks=blocks)
    now = scored({"a": 65, "b": 75, "c": 85, "d": 60}, blocks=blocks)
    within, overall = analysis.movement(before, now), analysis.movement(before, now, by=())

    assert within.places.tolist() == [-1, 1, 0, 0]
    assert overall.places.tolist() == [-2, 2, 1, -1]
    assert within.counts("x")["up"] == 1
    assert within.counts("y") == {**dict.fromkeys(within.counts(), 0), "same": 2}
    assert within.changes.tolist() == [-25, 15, 5, -10]


def test_bands_changed() -> None:
    """A better grade counts up, a worse one down, by as many bands as lie between."""
    moved = analysis.movement(scored({"a": 90, "b": 40, "c": 60}), scored({"a": 45, "b": 55, "c": 60}))

    assert moved.bands.tolist() == [-2, 1, 0]
    assert (moved["b"]["grade.before"], moved["b"]["grade"]) == ("weak", "fair")


def test_units_come_and_go() -> None:
    """New, gone, merged, split and renamed units are named, and only renamed ones have places."""
    before = Standing(["a", "b", "c", "d", "e", "f"], [1, 2, 3, 4, 5, 6])
    now = Standing(["new", "bc", "d1", "d2", "e2"], [5, 1, 2, 3, 4])
    moved = analysis.movement(
        before, now, merged={"bc": ["b", "c"]}, split={"d": ["d1", "d2"]}, renamed={"e2": "e"}
    )
    states = dict(zip(moved.units, moved.status, strict=True))

    assert states == {
        "new": "new",
        "bc": "merged",
        "d1": "split",
        "d2": "split",
        "e2": "up",
        "a": "gone",
        "f": "gone",
    }
    assert np.isnan(moved.places).tolist() == [True, True, True, True, False, True, True]
    assert moved.columns()["from"].tolist() == [None, "b, c", "d", "d", "e", None, None]


def test_movement_of_what_has_no_rank() -> None:
    """A unit that changed its block, or has no rank in one of the rounds, has no places and says so."""
    before = Standing(["a", "b", "c"], [1, 2, 1], blocks=["x", "x", "y"])
    now = Standing(["a", "b", "c"], [1, 0, 2], blocks=["y", "x", "y"])
    moved = analysis.movement(before, now)

    assert moved.status.tolist() == ["moved", "unranked", "down"]
    assert moved.counts()["moved"] == moved.counts()["unranked"] == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"merged": {"x": ["a"]}}, "'x' is no unit now"),
        ({"merged": {"b": ["a", "z"]}}, "'z' is no unit before"),
        ({"merged": {"b": ["a"]}}, "'b' was a unit before"),
        ({"renamed": {"d": "c"}}, "'c' is still a unit now"),
        ({"merged": {"b": ["a", "b"]}, "renamed": {"d": "a"}}, "'a' is accounted for twice"),
    ],
)
def test_mergers_that_do_not_add_up(changes: Mapping[str, Any], message: str) -> None:
    """A merger, split or new code that names the wrong units is refused, with the unit and the fix."""
    before, now = Standing(["a", "b", "c"], [1, 2, 3]), Standing(["b", "c", "d"], [1, 2, 3])

    with pytest.raises(dti.InvalidDocument) as refused:
        analysis.movement(before, now, **changes)
    assert message in str(refused.value)


def test_blocks_with_nothing_in_common_are_refused() -> None:
    """Rounds whose blocks share no unit are not compared block by block."""
    with pytest.raises(dti.InvalidArgument, match=r"by=\(\)"):
        analysis.movement(Standing(["a"], [1], blocks=["x"]), Standing(["a"], [1], blocks=["y"]))


def test_summary_tells_who_leads() -> None:
    """Each block says who leads, who led, and whether one of the leaders still does, under a new code too."""
    before = Standing(["a", "b", "c", "d"], [1, 2, 1, 1], blocks=["x", "x", "y", "y"])
    now = Standing(["a", "b", "c", "e"], [2, 1, 2, 1], blocks=["x", "x", "y", "y"])
    table = analysis.movement(before, now, renamed={"e": "d"}).summary()

    assert table["first.before"].tolist() == ["a", "c, d"]
    assert table["first"].tolist() == ["b", "e"]
    assert table["kept"].tolist() == [False, True]
    assert (table["rise"].tolist(), table["fall"].tolist()) == ([1, 0], [1, 1])


def test_published_results_move_like_results() -> None:
    """A result read back from its document moves, leads and counts like the one it was written from."""
    before = scored({"a": 90, "b": 60, "c": 40}, blocks={"x": ["a", "b"], "y": ["c"]})
    now = scored({"a": 55, "b": 60, "c": 85}, blocks={"x": ["a", "b"], "y": ["c"]})
    kept = dti.load_result(dti.to_document(before))

    moved = [analysis.movement(each, now) for each in (before, kept)]
    assert moved[0].places.tolist() == moved[1].places.tolist() == [-1, 1, 0]
    assert moved[1].changes.tolist() == [-35, 0, 45]
    assert analysis.grade_counts(kept)["x"] == {"good": 1, "fair": 1, "weak": 0}
    assert analysis.leaders(kept, by="tier").units == ("a", "c")


def test_last_places_with_ties() -> None:
    """Places are counted, not rows: who ties for a place is there too, from either end."""
    standing = Standing(["a", "b", "c", "d", "e"], values=[90, 80, 80, 70, 70])

    assert analysis.leaders(standing, 2).units == ("a", "b", "c")
    assert analysis.bottom(standing, 1).units == ("d", "e")
    assert analysis.bottom(standing, 2).units == ("d", "e")
    assert analysis.bottom(standing, 3).units == ("b", "c", "d", "e")


def test_unranked_units_are_in_no_place() -> None:
    """A unit without a rank is neither among the first nor among the last."""
    standing = Standing(["a", "b", "c"], [1, None, 2], values=[90, 99, 10])

    assert analysis.leaders(standing).units == ("a",)
    assert analysis.bottom(standing).units == ("c",)


def test_grades_of_other_years() -> None:
    """Counts that somebody printed are compared with those of a result, group by group."""
    now = analysis.grade_counts(scored({"a": 90, "b": 85, "c": 20}, blocks={"x": ["a", "b"], "y": ["c"]}))
    before = analysis.GradeCounts.given({"x": {"good": 1, "excellent": 1}})

    assert now.since(before)["x"] == {"good": 1, "fair": 0, "weak": 0, "excellent": -1}
    with pytest.raises(dti.InvalidArgument, match="no block in common"):
        now.since(analysis.GradeCounts.given({"z": {"good": 1}}))


@given(
    st.lists(st.integers(0, 60), min_size=2, max_size=9),
    st.integers(1, 3),
    st.sampled_from(["competition", "dense"]),
)
def test_gap_is_what_it_takes(values: list[int], places: int, ties: Any) -> None:
    """A unit that gets its gap stands so many places higher or more, and with one point less it does not."""
    units = [f"u{at}" for at in range(len(values))]
    result = scored(dict(zip(units, values, strict=True)), ties=ties)
    need = analysis.to_reach(result, places=places)

    for row, gap in enumerate(need.gap.tolist()):
        rank = int(need.standing.ranks[row])
        if gap != gap:
            assert rank <= places
            continue
        for change, enough in ((gap, True), (gap - 1, False)):
            raised = [*values]
            raised[row] += int(change)
            reached = int(dti.rank(raised, ties=ties)[row])
            assert (reached <= rank - places) is enough


def compared(marks: Any, **policy: Any) -> dti.Result:
    """Two indices of 100 and 10 points, marks with three decimals."""
    indices = [dti.Index("1", "Chỉ số", 100), dti.Index("2", "Chỉ số", 10)]
    rubric = dti.Rubric("r", "Ví dụ", indices, mark_decimals=3, edition="e", policy=dti.Policy(**policy))
    units = [f"u{row}" for row in range(len(marks))]
    return dti.evaluate(rubric, dti.MarkSheet.from_array(marks, rubric, units=units))


@pytest.mark.parametrize(
    ("marks", "policy", "gap", "decided_by"),
    [
        ([[70.004, 1], [70.001, 1]], {"decide_on": "exact"}, 0.003, None),
        ([[70, 2], [69, 3]], {"tie_break": ["2"]}, 0, "2"),
        ([[70, 2], [69, 3]], {"tie_break": ["1", "2"]}, 0, "1"),
        ([[70.001, 1], [70, 1.001]], {"tie_break": ["1"], "decide_on": "exact"}, 0, "1"),
        ([[70, 1], [60, 1]], {"tie_break": ["2"]}, 10, None),
        ([[70, 1], [60, 1]], {"publish": dti.Publish("percent", 1)}, 9, None),
    ],
)
def test_gap_is_of_what_ranks_compare(marks: Any, policy: Any, gap: float, decided_by: str | None) -> None:
    """A unit that stands below has a gap in what ranks compare, or is told which node decided between equals."""
    result = compared(marks, **policy)
    last = len(marks) - 1
    for source in (
        result,
        dti.load_result(dti.to_document(result)),
        analysis.publish_together({"x": result}),
    ):
        need = analysis.to_reach(source).columns()
        row = int(need["rank"].argmax())

        assert need["level"][row] == f"u{(row + 1) % (last + 1)}"
        assert need["gap"][row] == gap
        assert need["decided_by"][row] == decided_by
        assert need["decided_by"][1 - row] is None


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 4)), min_size=1, max_size=8),
    st.sampled_from(["published", "exact"]),
    st.sampled_from([(), ("2",), ("2", "1")]),
    st.integers(1, 3),
)
def test_no_unit_stands_below_without_a_reason(
    marks: list[tuple[int, int]], decide_on: Any, tie_break: Any, places: int
) -> None:
    """Wherever units stand above, the gap is exact; where it is 0, the node named is the first at which they differ."""
    publish = dti.Publish("points", 0)
    points = [(one * 4 / 10, other * 3 / 10) for one, other in marks]
    result = compared(points, decide_on=decide_on, tie_break=tie_break, publish=publish)
    need = analysis.to_reach(result, places=places)
    nodes = ("total", *tie_break)
    exact = {node: [Fraction(f"{value:.3f}") for value in result[node].score.tolist()] for node in nodes}
    values = {
        node: [own if decide_on == "exact" else Fraction(math.floor(own + Fraction(1, 2))) for own in column]
        for node, column in exact.items()
    }
    for row, rank in enumerate(need.standing.ranks.tolist()):
        if rank <= places and need.level[row] is None:
            assert not [other for other in need.standing.ranks.tolist() if other <= rank - places]
            continue
        above = result.units.index(need.level[row])
        differing = [node for node in nodes if values[node][above] != values[node][row]]
        assert need.standing.ranks[above] <= rank - places
        assert need.gap[row] == float(values["total"][above] - values["total"][row])
        assert values[differing[0]][above] > values[differing[0]][row]
        assert need.decided_by[row] == (differing[0] if differing[0] != "total" else None)


def test_gaps_within_an_edition() -> None:
    """Tables on different scales have gaps each on its own."""
    edition = analysis.publish_together(
        {"x": scored({"a": 70, "b": 80}), "y": scored({"c": 40, "d": 30}, maximum=50)}
    )
    need = analysis.to_reach(edition).columns()

    assert need["block"].tolist() == ["x", "x", "y", "y"]
    assert need["level"].tolist() == ["b", None, None, "c"]
    assert need["gap"].tolist()[::3] == [10, 10]


def test_ranks_of_published_results_by_attribute() -> None:
    """A result read back is ranked by attributes as the result is, by exact scores where these decide."""
    tiers = {"x": ["u0", "u2"], "y": ["u1", "u3"]}
    totals = {"u0": 33.34, "u1": 33.31, "u2": 33.33, "u3": 33.32}
    for decide_on in ("exact", "published"):
        result = scored(totals, blocks=tiers, publish=dti.Publish("points", 1), decide_on=decide_on)
        kept = dti.load_result(dti.to_document(result))
        for by in ((), "tier", ("tier", "block")):
            ranks = [analysis.standing_of(source, by=by).ranks.tolist() for source in (result, kept)]
            assert ranks[0] == ranks[1] == result.total.ranks(by).tolist()


def test_no_gap_between_scales_of_their_own() -> None:
    """Points of 100 and points of 80 have no gap, so none is given."""
    with pytest.raises(dti.InvalidArgument, match="publish a ratio or percent"):
        analysis.to_reach(scored({"a": 50}, renormalise="none"))


def test_what_a_unit_lacks() -> None:
    """Unmarked, zero, low and short leaves are told apart; what does not count for the unit is not lacking."""
    rubric = dti.Rubric("r", "Ví dụ", [dti.Index(str(at), "Chỉ số", 10) for at in range(1, 7)])
    skip = dti.Exclusion(members=["6"], treatment="skip", reason="không áp dụng", basis="01")
    points: Any = [[None, 0, 3.5, 9.75, 10, None]]
    marks = dti.MarkSheet.from_array(points, rubric, units=["a"], exclusions=[skip])
    table = analysis.shortfalls(dti.evaluate(rubric, marks), "a", low=0.36).columns()

    assert dict(zip(table["leaf"], table["state"], strict=True)) == {
        "1": "unmarked",
        "2": "zero",
        "3": "low",
        "4": "below",
    }
    assert table["short"].tolist() == [10, 10, 6.5, 0.25]


def test_marks_without_evidence_are_lacking() -> None:
    """A mark that nothing proves is listed though it is full, but not where it does not count."""
    rubric = dti.Rubric("r", "Ví dụ", [dti.Index(str(at), "Chỉ số", 10) for at in range(1, 5)])
    skip = dti.Exclusion(members=["4"], treatment="skip", reason="không áp dụng", basis="01")
    marks = dti.MarkSheet.from_array([[10, 10, 0, 10]], rubric, units=["a"], exclusions=[skip])
    result = dti.evaluate(rubric, marks)
    table = analysis.shortfalls(result, unproven=np.array([[True, False, True, True]])).columns()

    assert table["leaf"].tolist() == ["3", "1"]
    assert table["state"].tolist() == ["unproven", "unproven"]
    with pytest.raises(dti.InvalidArgument, match="1 units × 4 leaves"):
        analysis.shortfalls(result, unproven=np.array([True]))


def test_low_is_compared_exactly() -> None:
    """A mark of exactly the given share is not low."""
    rubric = dti.Rubric("r", "Ví dụ", [dti.Index("1", "Chỉ số", 3)])
    result = dti.evaluate(rubric, dti.MarkSheet.from_array([[0.3]], rubric, units=["a"]))

    assert analysis.shortfalls(result, low=0.1).states.tolist() == ["below"]
    assert analysis.shortfalls(result, low=Decimal("0.100001")).states.tolist() == ["low"]


def test_rubrics_of_one_decision() -> None:
    """Results of one edition share a table, and each keeps its own ranking and scale."""
    first = scored({"a": 70, "b": 80})
    second = scored({"c": 40, "d": 30}, maximum=50)
    edition = analysis.publish_together({"x": first, "y": second})
    table = edition.columns()

    assert table["unit"].tolist() == ["a", "b", "c", "d"]
    assert table["rank"].tolist() == [2, 1, 1, 2]
    assert table["scale"].tolist() == [100, 100, 50, 50]
    assert analysis.grade_counts(edition)["y"] == {"good": 1, "fair": 1, "weak": 0}


def test_what_is_asked_of_one_result_of_an_edition() -> None:
    """Who lacks evidence is told result by result, and a unit must be in one of them."""
    edition = analysis.publish_together({"x": scored({"a": 70}), "y": scored({"quảng-nam": 40})})

    assert analysis.shortfalls(edition, "quảng-nam").units.tolist() == ["quảng-nam"]
    with pytest.raises(dti.UnknownCode, match="did you mean 'quảng-nam'"):
        analysis.shortfalls(edition, "quang-nam")
    with pytest.raises(dti.InvalidArgument, match="ask each result"):
        analysis.shortfalls(edition, unproven=np.array([[True], [True]]))


def test_blocks_within_an_edition() -> None:
    """The blocks of a rubric stay apart within the table of its edition."""
    tiers = scored({"a": 70, "b": 80}, blocks={"p": ["a"], "q": ["b"]})
    edition = analysis.publish_together({"x": tiers, "y": scored({"c": 10})})

    assert edition.columns()["block"].tolist() == ["x / p", "x / q", "y"]
    assert edition.columns()["of"].tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("second", "message"),
    [
        (scored({"c": 1}, edition="other"), "publish them apart"),
        (scored({"c": 1}, edition=None), "rubrics of one decision share it"),
        (scored({"a": 1}), "a unit is assessed by one rubric"),
    ],
    ids=["other edition", "no edition", "unit twice"],
)
def test_editions_that_do_not_belong_together(second: dti.Result, message: str) -> None:
    """Results of different decisions, or with a unit in common, are not published together."""
    with pytest.raises(dti.InvalidDocument) as refused:
        analysis.publish_together({"x": scored({"a": 50}), "y": second})
    assert message in str(refused.value)
