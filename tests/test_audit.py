"""What appraisal cut, worked out by hand: of units, leaves, appraisers and blocks; all figures are made up."""

from fractions import Fraction
from statistics import median
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_assessment import COUNCIL, UNIT, appraised, opened

import dti_core as dti
from dti_core.analysis import AppraisalAudit, appraisal_audit, compare_stages
from dti_core.assessment import Assessment, Assessments, Cycle, to_marks

ROUND = [
    appraised("a", {"1.1": 10, "1.2": 10}, {"1.1": 8, "1.2": 7}),  # 15 of 20: cut by 25 %
    appraised("b", {"1.1": 8, "1.2": 12}, {"1.1": 8, "1.2": 12}),  # nothing
    appraised("c", {"1.1": 5, "1.2": 5}, {"1.1": 4, "1.2": 5}),  # 9 of 10: 10 %
    appraised("d", {"1.1": 4}, {"1.1": 5}),  # raised by 25 %
    appraised("e", {"1.1": 9}, {}),  # not appraised yet
    appraised("f", {"1.1": 10}, {"1.1": 5}, attributes={"level": "y"}),  # alone in its block: 50 %
]


def columns(audit: AppraisalAudit) -> dict[str, list[Any]]:
    """The columns as lists, null as None."""
    return {name: [row[name] for row in audit.rows] for name in audit.columns()}


def test_units_beside_their_block() -> None:
    """A unit's cut in percent of its claim stands beside the median and the median absolute deviation of its block."""
    found = columns(appraisal_audit(ROUND))

    assert found["unit"] == ["a", "b", "c", "d", "e", "f"]
    assert found["cut"] == [25, 0, 10, -25, None, 50]
    assert found["cut.median"] == [5, 5, 5, 5, 5, 50]  # of −25, 0, 10, 25
    assert found["z"] == [20 / 12.5, -5 / 12.5, 5 / 12.5, -30 / 12.5, None, None]  # of 5, 5, 20, 30: 12.5
    assert found["untouched"] == [0, 2, 1, 0, 0, 0]
    assert found["untouched.percent"] == [0, 100, 50, 0, None, 0]
    assert appraisal_audit(ROUND).cuts[2] == Fraction(10)


def test_ranks_by_either_mark() -> None:
    """Ranks and places are those of the results by the marks as claimed and as appraised."""
    found = columns(appraisal_audit(ROUND))
    rubric = ROUND[0].cycle.rubric
    claimed, given_ = (
        dti.evaluate(rubric, to_marks(ROUND, stage)).total.ranks().tolist() for stage in ("self", "appraised")
    )

    assert found["self.rank"] == claimed == [1, 1, 3, 5, 4, 1]
    assert found["appraised.rank"] == given_ == [2, 1, 3, 4, 5, 1]
    assert found["places"] == [-1, 0, 0, 1, -1, 0]


def test_leaves_blocks_and_appraisers() -> None:
    """Rows of other kinds are compared with one another, and have no ranks."""
    by_leaf, by_block = (columns(appraisal_audit(ROUND, by=by)) for by in ("leaf", "block"))
    again = ROUND[0].step(
        "appraise", {"1.2": {"appraised": 9, "reason": "Xem lại"}}, by="Tổ trưởng", at="2024-03-01"
    )
    by_appraiser = columns(appraisal_audit([again, *ROUND[1:]], by="appraiser"))

    assert by_leaf["cut"] == [pytest.approx(700 / 37), pytest.approx(300 / 27), None, None]
    assert by_block["cut"] == [pytest.approx(500 / 54), 50]
    assert by_appraiser["appraiser"] == ["Hội đồng", "Tổ trưởng"]
    assert by_appraiser["cut"] == [pytest.approx(700 / 54), 10]
    assert "self.rank" not in by_leaf | by_block | by_appraiser


def test_who_withdraws_a_mark_appraised_nothing() -> None:
    """A mark that was taken back is nobody's: who did so has no row, and what the other appraised is left."""
    back = ROUND[0].step("appraise", {"1.2": {"appraised": None}}, by="Tổ trưởng", at="2024-03-01")
    found = columns(appraisal_audit([back], by="appraiser"))

    assert found["appraiser"] == ["Hội đồng"]
    assert found["cut"] == [20]  # 8 of 10


def test_a_raise_without_a_reason_is_counted() -> None:
    """Appraisers give reasons for what they change; where measures are compared with others' nobody asked for one."""
    scoring = dti.methods.Relative()
    rubric = dti.Rubric("r", "Ví dụ", [dti.Index("1", "Một", 10, scoring=scoring), dti.Index("2", "Hai", 10)])
    cycle = Cycle(rubric)

    def made(unit: str, measure: float, council: dict[str, Any]) -> Assessment:
        said = {"1": {"measures": measure}, "2": {"points": 5}}
        locked = Assessment(cycle, unit).step("mark", said, **UNIT).step("lock", **UNIT)
        return locked.step("appraise", council, **COUNCIL)

    raised = made("a", 5, {"1": {"appraised": 8}, "2": {"appraised": 6, "reason": "r"}})
    found = columns(appraisal_audit([raised, made("b", 10, {"1": {"appraised": 10}})]))

    assert (found["raised"], found["unreasoned"]) == ([2, 0], [1, 0])


def test_equal_cuts_have_no_deviation() -> None:
    """Where half of the cuts are equal, no distance from them can be measured, and none is made up."""
    made = [appraised(unit, {"1.1": 10}, {"1.1": 9}) for unit in "abc"]
    found = columns(appraisal_audit([*made, appraised("d", {"1.1": 10}, {"1.1": 1})]))

    assert (found["cut.median"], found["z"]) == ([10] * 4, [None] * 4)


def test_ranks_wait_for_marks_that_must_be_there() -> None:
    """Where the policy refuses missing marks, there are no ranks before all are made, and the rest is told."""
    rubric = dti.Rubric("r", "Ví dụ", [dti.Index("1", "Một", 10)], policy=dti.Policy(missing="refuse"))
    cycle = Cycle(rubric)
    made = [appraised("a", {"1": 8}, {"1": 6}, cycle), opened("b", cycle)]
    found = columns(appraisal_audit(made))

    assert (found["cut"], found["self.rank"], found["places"]) == ([25, None], [None, None], [None, None])


def test_an_audit_is_told() -> None:
    """People read what was done in all, then who was cut most, in either language."""
    audit = appraisal_audit(ROUND)
    headline, _, heads, _, *lines = audit.text("en").splitlines()

    assert headline == (
        "Of 8 leaves with both marks: 64 points claimed, 54 appraised; 4 lowered, 1 raised (without a reason: 0), "
        "3 left as claimed."
    )
    assert heads.split("  ")[0] == "Unit"
    assert [line[0] for line in lines] == ["f", "a", "c", "b", "d", "e"]
    assert lines[1].split()[:4] == ["a", "20", "15", "25.0"]
    assert audit.text().startswith("Trên 8 mục có cả hai điểm: tự chấm 64 điểm")
    assert "<table" in audit.to_html()


@pytest.mark.parametrize("by", ["unit", "leaf", "appraiser", "block"])
def test_a_round_without_units_is_told(by: str) -> None:
    """Before any unit is there, the tables are empty or have no figures, and nothing fails."""
    audit = appraisal_audit(Assessments(ROUND[0].cycle, []), by=by)

    assert {len(column) for column in audit.columns().values()} == {len(audit.groups.keys)}
    assert audit.text("en").startswith("Of 0 leaves")


marks = st.integers(0, 10)
rounds = st.lists(st.tuples(marks, marks, marks, marks), min_size=1, max_size=5)


@settings(max_examples=20)
@given(rounds, st.randoms(use_true_random=False))
def test_an_audit_is_the_same_in_any_order(drawn: list[tuple[int, int, int, int]], random: Any) -> None:
    """Units in another order have the same figures, and those of the comparison are among them."""
    made = [
        appraised(f"u{at}", {"1.1": own, "1.2": other}, {"1.1": council, "1.2": last})
        for at, (own, other, council, last) in enumerate(drawn)
    ]
    there = {row["unit"]: row for row in appraisal_audit(made).rows}
    cuts = [row["cut"] for row in there.values() if row["cut"] is not None]
    shuffled = random.sample(made, len(made))

    assert {row["unit"]: row for row in appraisal_audit(shuffled).rows} == there
    assert all(row.items() <= there[row["unit"]].items() for row in compare_stages(made).rows)
    assert not cuts or there["u0"]["cut.median"] == pytest.approx(median(cuts))
