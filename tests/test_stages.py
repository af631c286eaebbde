"""Self-score beside appraisal, and how far a cycle has come: counted per unit, leaf, block or attribute, exactly."""

from typing import Any

import numpy as np
import pytest
from test_assessment import UNIT, appraised, opened

import dti_core as dti
from dti_core.assessment import Assessment, Cycle, compare_stages, progress


def compared(by: str) -> dict[str, list[Any]]:
    """Three units, the last without a block of its own kind; 0.1 + 0.2 and 0.3 to trip binary sums."""
    made = [
        appraised("a", {"1.1": 0.1, "1.2": 0.2}, {"1.1": 0.3, "1.2": 0.1}),
        appraised("c", {"1.1": 10, "1.2": 20}, {"1.1": 7.5}),
        appraised("d", {"1.1": 1, "b": 1}, {"1.1": 1, "b": 5, "1.2": 3}, attributes={"level": "y"}),
    ]
    return {name: column.tolist() for name, column in compare_stages(made, by).items()}


def test_comparison_by_unit() -> None:
    """Per unit: how many marks were raised and lowered, by how much exactly, and where most."""
    assert compared("unit") == {
        "unit": ["a", "c", "d"],
        "compared": [2, 1, 2],
        "raised": [1, 0, 1],
        "lowered": [1, 1, 0],
        "self": [0.3, 10, 2],
        "appraised": [0.4, 7.5, 6],
        "raised_by": [0.2, 0, 4],
        "lowered_by": [0.1, 2.5, 0],
        "most": ["1.1", "1.1", "b"],
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

    assert (found[by], found["compared"], found["lowered"]) == (keys, [3, 2], [2, 0])
    assert (found["raised_by"], found["lowered_by"]) == ([0.2, 4], [2.6, 0])
    assert found["most"] == ["1.1", "b"]


def test_comparison_leaves_out_what_does_not_count() -> None:
    """Marks on a leaf that is skipped for the unit are not compared."""
    skip = dti.Exclusion(members=["1.1"], treatment="skip", reason="r", basis="b")
    found = compare_stages([appraised("a", {"1.1": 1}, {"1.1": 2}, exclusions=[skip])])

    assert found["compared"].tolist() == [0]


def test_progress() -> None:
    """How many units have come how far, and how much of what counts for them is marked; a bonus is no part of it."""
    skip = dti.Exclusion(members=["2"], treatment="skip", reason="r", basis="b")
    made = [
        opened("a").step("mark", {"1.1": {"points": 0}, "b": {"points": 1}}, **UNIT).step("submit", **UNIT),
        appraised("c", {"1.1": 1, "1.2": 2}, {"1.1": 1}, exclusions=[skip]),
        opened("d", attributes={"level": "y"}),
    ]
    found = {name: column.tolist() for name, column in progress(made, by="block").items()}

    assert found == {
        "block": ["bx", "by"],
        "units": [2, 1],
        "submitted": [1, 0],
        "locked": [1, 0],
        "appraised": [1, 0],
        "published": [0, 0],
        "maximum": [80, 50],
        "self_marked": [40, 0],
        "appraised_marked": [10, 0],
    }
    assert {name: column.tolist() for name, column in progress(made).items()}["maximum"] == [130]
    assert progress(made, by="unit")["unit"].tolist() == ["a", "c", "d"]


def test_units_outside_every_block() -> None:
    """Units that are in no block have a row of their own, without a name."""
    free = dti.Rubric("r", "r", [dti.Index("1", "1", 1)], blocks=[dti.Block("k", "k", {"unit": "a"})])
    cycle = Cycle(free)
    found = progress([Assessment(cycle, "a"), Assessment(cycle, "z"), Assessment(cycle, "y")], by="block")

    assert (found["block"].tolist(), found["units"].tolist()) == (["k", None], [1, 2])


def test_sums_are_exact() -> None:
    """A thousand marks of a hundredth add up to ten, not to something near it."""
    made = [appraised(f"u{row}", {"1.1": 0.01}, {"1.1": 0.02}) for row in range(1000)]
    found = compare_stages(made, by="leaf")

    assert found["raised_by"].tolist() == [10, 0, 0, 0]
    assert found["self"].dtype == np.float64
