"""Self-score beside appraisal, and how far a cycle has come: counted per unit, leaf, block or attribute, exactly."""

from typing import Any

import numpy as np
import pytest
from test_assessment import CYCLE, UNIT, appraised, opened, rubric

import dti_core as dti
from dti_core.analysis import compare_stages, progress
from dti_core.assessment import Assessment, Cycle, Round


def compared(by: str) -> dict[str, list[Any]]:
    """Three units, the last without a block of its own kind; 0.1 + 0.2 and 0.3 to trip binary sums."""
    made = [
        appraised("a", {"1.1": 0.1, "1.2": 0.2}, {"1.1": 0.3, "1.2": 0.1}),
        appraised("c", {"1.1": 10, "1.2": 20}, {"1.1": 7.5}),
        appraised("d", {"1.1": 1, "b": 1}, {"1.1": 1, "b": 5, "1.2": 3}, attributes={"level": "y"}),
    ]
    return {name: column.tolist() for name, column in compare_stages(made, by=by).columns().items()}


def test_comparison_by_unit() -> None:
    """Per unit: how many marks were raised and lowered, by how much exactly, and where most."""
    assert compared("unit") == {
        "unit": ["a", "c", "d"],
        "name": [None, None, None],
        "compared": [2, 1, 2],
        "raised": [1, 0, 1],
        "lowered": [1, 1, 0],
        "self": [0.3, 10, 2],
        "appraised": [0.4, 7.5, 6],
        "raised_by": [0.2, 0, 4],
        "lowered_by": [0.1, 2.5, 0],
        "most": ["1.1", "1.1", "b"],
        "claims": [0, 0, 0],
        "granted": [0, 0, 0],
        "refused": [0, 0, 0],
    }


def test_comparison_by_leaf() -> None:
    """Per leaf the same over units, with the unit whose mark changed most."""
    found = compared("leaf")

    assert found["leaf"] == ["1.1", "1.2", "2", "b"]
    assert found["compared"] == [3, 1, 0, 1]
    assert (found["raised_by"], found["lowered_by"]) == ([0.2, 0, 0, 4], [2.5, 0.1, 0, 0])
    assert found["most"] == ["c", "a", None, "d"]


@pytest.mark.parametrize(("by", "keys"), [("block", ["bx", "by"]), ("level", ["x", "y"])])
def test_comparison_by_block(by: str, keys: list[str]) -> None:
    """Per block, or another attribute, the units of each together."""
    found = compared(by)

    assert (found["block"], found["compared"], found["lowered"]) == (keys, [3, 2], [2, 0])
    assert (found["raised_by"], found["lowered_by"]) == ([0.2, 4], [2.6, 0])
    assert found["most"] == ["1.1", "b"]


def test_comparison_leaves_out_what_does_not_count() -> None:
    """Marks on a leaf that is skipped for the unit are not compared."""
    skip = dti.Exclusion(members=["1.1"], treatment="skip", reason="r", basis="b")
    found = compare_stages([appraised("a", {"1.1": 1}, {"1.1": 2}, exclusions=[skip])]).columns()

    assert found["compared"].tolist() == [0]


def test_progress() -> None:
    """How many units have come how far, and how much of what counts for them is marked; a bonus is no part of it."""
    skip = dti.Exclusion(members=["2"], treatment="skip", reason="r", basis="b")
    made = [
        opened("a").step("mark", {"1.1": {"points": 0}, "b": {"points": 1}}, **UNIT).step("submit", **UNIT),
        appraised("c", {"1.1": 1, "1.2": 2}, {"1.1": 1}, exclusions=[skip]),
        opened("d", attributes={"level": "y"}),
    ]
    found = {name: column.tolist() for name, column in progress(made, by="block").columns().items()}

    assert found == {
        "block": ["bx", "by"],
        "block_title": ["X", "Y"],
        "units": [2, 1],
        "submitted": [1, 0],
        "locked": [1, 0],
        "appraised": [1, 0],
        "published": [0, 0],
        "maximum": [80, 50],
        "self_marked": [40, 0],
        "appraised_marked": [10, 0],
        "lacking": [1, 0],
        "claims": [0, 0],
        "unanswered": [0, 0],
        "until": [None, None],
    }
    assert {name: column.tolist() for name, column in progress(made).columns().items()}["maximum"] == [130]
    assert progress(made, by="unit").columns()["unit"].tolist() == ["a", "c", "d"]


def claiming(unit: str, *leaves: str, cycle: Cycle = CYCLE) -> Assessment:
    """A unit that claims of some leaves that they do not apply to it."""
    claims = {leaf: {"claim": "Không có nhiệm vụ này"} for leaf in leaves}
    return opened(unit, cycle).step("claim", claims, **UNIT)


def test_claims() -> None:
    """How many claims there are, how many have no answer, and how they were answered, per unit and per leaf."""
    answered = claiming("a", "1.1", "1.2", "2").step("refuse", {"1.1": {"refusal": "Có"}}, **UNIT)
    skip = dti.Exclusion(members=["1.2"], treatment="skip", reason="r", basis="b")
    made = [answered.step("decide", exclusions={"x": skip}, **UNIT), claiming("c", "1.2"), opened("d")]
    come, by_leaf = progress(made, by="unit").columns(), compare_stages(made, by="leaf").columns()

    assert (come["claims"].tolist(), come["unanswered"].tolist()) == ([3, 1, 0], [1, 1, 0])
    assert by_leaf["claims"].tolist() == [1, 2, 1, 0]
    assert by_leaf["granted"].tolist() == [0, 1, 0, 0]
    assert by_leaf["refused"].tolist() == [1, 0, 0, 0]


def test_until_when() -> None:
    """A unit has until the last round closes that takes a move of its own, longer where it was extended."""
    rounds = [
        Round("Lần 1", "2024-01-01", "2024-01-31", ["mark", "submit"]),
        Round("Lần 2", "2024-02-01", "2024-02-20", ["explain"]),
    ]
    longer = {"round": "Lần 1", "units": ["c"], "closes": "2024-02-05", "reason": "r", "basis": "b"}
    cycle = Cycle(rubric(), rounds).step("extend", extensions={"x": longer}, by="S", at="2024-01-02")
    asked = opened("d", cycle).step("submit", **UNIT).step("ask", ["1.1"], **UNIT, why="?")
    made = [opened("a", cycle), opened("c", cycle), asked, opened("e", cycle).step("lock", **UNIT)]

    assert progress(made, by="unit").columns()["until"].tolist() == [
        "2024-01-31",
        "2024-02-05",
        "2024-02-20",
        None,
    ]
    assert progress(made).columns()["until"].tolist() == ["2024-01-31"]


def test_units_outside_every_block() -> None:
    """Units that are in no block have a row of their own, without a name."""
    free = dti.Rubric("r", "r", [dti.Index("1", "1", 1)], blocks=[dti.Block("k", "k", {"unit": "a"})])
    cycle = Cycle(free)
    found = progress(
        [Assessment(cycle, "a"), Assessment(cycle, "z"), Assessment(cycle, "y")], by="block"
    ).columns()

    assert (found["block"].tolist(), found["units"].tolist()) == (["k", None], [1, 2])


def test_sums_are_exact() -> None:
    """A hundred marks of a hundredth add up to one, not to something near it."""
    made = [appraised(f"u{row}", {"1.1": 0.01}, {"1.1": 0.02}) for row in range(100)]
    found = compare_stages(made, by="leaf").columns()

    assert found["raised_by"].tolist() == [1, 0, 0, 0]
    assert found["self"].dtype == np.float64


def test_by_appraiser() -> None:
    """Per appraiser, who wrote a mark last answers for it; a reason alone is no mark, and in nobody's row."""
    made = appraised("a", {"1.1": 5, "1.2": 10, "2": 7}, {"1.1": 4, "1.2": 12})
    again = {"1.2": {"appraised": 10, "reason": "Xem lại"}}
    made = made.step("appraise", again, by="Tổ trưởng", at="2024-02-11")
    made = made.step("appraise", {"2": {"reason": "Chờ minh chứng"}}, by="Thư ký", at="2024-02-12")
    found = compare_stages([made], by="appraiser").columns()

    assert found["appraiser"].tolist() == ["Hội đồng", "Tổ trưởng"]
    assert (found["compared"].tolist(), found["lowered_by"].tolist()) == ([1, 1], [1, 0])
    assert found["most"].tolist() == ["1.1", None]


def test_rounds_are_told() -> None:
    """People read a comparison and a progress as tables in either language, programs as rows."""
    made = [appraised("a", {"1.1": 10}, {"1.1": 7.5}, name=dti.Label("Sở A", "Dept A"))]

    unit, *_, most = compare_stages(made).text("en").splitlines()[2].split("  ")
    assert (unit, most.strip()) == ("Dept A", "1.1")
    assert compare_stages(made, by="block").text().splitlines()[0].startswith("Khối  Số mục so sánh")
    assert compare_stages(made).rows[0]["lowered_by"] == 2.5
    assert progress(made).text("en").splitlines()[0].startswith("Units  Submitted  Locked")
    assert repr(progress(made)) == "<Progress: 1 rows>"


def test_an_attribute_may_be_called_like_a_column() -> None:
    """Groups by an attribute stand in the column of blocks, whatever the attribute is called."""
    made = [appraised("a", {"1.1": 10}, {"1.1": 7}, attributes={"level": "x", "compared": True})]
    found = compare_stages(made, by="compared").columns()

    assert (found["block"].tolist(), found["compared"].tolist()) == (["True"], [1])
