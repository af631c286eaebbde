"""Adjusted nodes and what exclusions do to single leaves, by arithmetic that stands beside each number."""

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

import dti_core as dti

Document = dict[str, Any]
WHY = {"reason": "lý do", "basis": "căn cứ"}
#: worth 12 under a cap of 10, a bonus of 3 and a penalty of 3 of its own, and nothing without the first part
INDEX: Document = {
    "code": "1",
    "title": "Tiêu chí 1",
    "max_points": 10,
    "cap": True,
    "zero_unless": [{"node": "1.1", "above": 0}],
    "components": [
        *({"code": f"1.{at}", "title": f"1.{at}", "max_points": 3} for at in (1, 2, 3, 4)),
        {"code": "1.b", "title": "Thưởng", "max_points": 3, "role": "bonus", "adjusts": "1"},
        {"code": "1.p", "title": "Trừ", "max_points": 3, "role": "penalty", "adjusts": "1"},
    ],
}
LEAVES = ("1.1", "1.2", "1.3", "1.4", "1.b", "1.p", "2")


def rubric(**more: Any) -> dti.Rubric:
    """The adjusted index, and one of 10 points beside it."""
    indices = [INDEX, {"code": "2", "title": "Tiêu chí 2", "max_points": 10}]
    return dti.load_rubric(
        {"schema": "dti-core/rubric/1", "code": "r", "title": "R", "indices": indices, **more}
    )


def of_unit(by: dti.Rubric, marks: Document, *exclusions: Document, **more: Any) -> dti.Result:
    """The result of one unit, by its marks and the decisions on it."""
    units = [{"code": "a", "marks": marks, "exclusions": [each | WHY for each in exclusions]}]
    source = {"schema": "dti-core/marks/1", "rubric": by.code, **more, "units": units}
    return dti.evaluate(by, dti.load_marks(source, by))


def of_node(result: dti.Result, node: str) -> tuple[Any, ...]:
    """Points, applicable maximum and score of the first unit."""
    scores = result[node]
    return tuple(scores.exact(field)[0] for field in ("points", "applicable", "score"))


def row(*marks: float | None) -> Document:
    """Marks of the four parts, the bonus, the penalty and index 2."""
    return dict(zip(LEAVES, marks, strict=True))


SKIP_TWO = {"members": ["1.3", "1.4"], "treatment": "skip"}


@pytest.mark.parametrize(
    ("marks", "exclusions", "policy", "expected", "total"),
    [
        # min(12; 10) + 1 − 3 = 8 of 10; 8 + 5 = 13 of 20
        (row(3, 3, 3, 3, 1, 3, 5), (), {}, (8, 10, 8), (13, 20, 13)),
        # min(9; 10) + 3 − 0 = 12, at most 10
        (row(3, 3, 3, 0, 3, 0, 5), (), {}, (10, 10, 10), (15, 20, 15)),
        # the same where it may exceed that
        (row(3, 3, 3, 0, 3, 0, 5), (), {"exceed_maximum": True}, (12, 10, 12), (17, 20, 17)),
        # 1 + 0 + 0 + 0 − 3 = −2, at least 0
        (row(1, 0, 0, 0, 0, 3, 5), (), {"exceed_maximum": True}, (0, 10, 0), (5, 20, 5)),
        # the first part at 0: min(9; 10) + 3 − 0, then 0
        (row(0, 3, 3, 3, 3, 0, 5), (), {}, (0, 10, 0), (5, 20, 5)),
        # two parts left out: A = min(6; 10) = 6; 5 − 2 = 3 of 6, 5 of 10; 3 + 5 = 8 of 16, 10 of 20
        (row(3, 2, 3, 3, 0, 2, 5), (SKIP_TWO,), {}, (3, 6, 5), (8, 16, 10)),
        # level by level: 10 × 3/6 + 10 × 5/10 = 10
        (row(3, 2, 3, 3, 0, 2, 5), (SKIP_TWO,), {"renormalise": "by_level"}, (3, 6, 5), (8, 16, 10)),
        # level by level, index 2 full: 10 × 3/6 + 10 = 15, where the whole table gives 13 / 16 × 20 = 16.25
        (row(3, 2, 3, 3, 0, 2, 10), (SKIP_TWO,), {"renormalise": "by_level"}, (3, 6, 5), (13, 16, 15)),
        (row(3, 2, 3, 3, 0, 2, 10), (SKIP_TWO,), {}, (3, 6, 5), (13, 16, Fraction("16.25"))),
        # not converted: 3 on a scale of 6
        (row(3, 2, 3, 3, 0, 2, 5), (SKIP_TWO,), {"renormalise": "none"}, (3, 6, 3), (8, 16, 8)),
        # one part missing: A = min(12; 10), or without it min(9; 10) = 9
        (row(3, 3, 2, None, 0, 2, 5), (), {}, (6, 10, 6), (11, 20, 11)),
        (
            row(3, 3, 2, None, 0, 2, 5),
            (),
            {"missing": "exclude"},
            (6, 9, Fraction(20, 3)),
            (11, 19, Fraction(220, 19)),
        ),
        # nothing of index 1 applies: neither its bonus nor its gate has an effect
        (
            row(0, 0, 0, 0, 3, 0, 5),
            ({"members": ["1"], "treatment": "skip"},),
            {"exceed_maximum": True},
            (0, 0, None),
            (5, 10, 10),
        ),
        # the first part earns nothing by decision: 0 %, which the gate does not let pass
        (row(3, 3, 3, 3, 0, 0, 5), ({"members": ["1.1"], "treatment": "zero"},), {}, (0, 10, 0), (5, 20, 5)),
        # the first part does not apply: it is not asked, and min(9; 10) = 9 of 9
        (
            row(0, 3, 3, 3, 0, 0, 5),
            ({"members": ["1.1"], "treatment": "skip"},),
            {},
            (9, 9, 10),
            (14, 19, Fraction(280, 19)),
        ),
    ],
)
def test_cap_then_own_then_gate(
    marks: Document, exclusions: tuple[Document, ...], policy: Document, expected: Any, total: Any
) -> None:
    """Points, applicable maximum and score of an index adjusted in three ways, and of the total that adds them."""
    result = of_unit(rubric(policy=policy), marks, *exclusions)

    assert of_node(result, "1") == expected
    assert of_node(result, "total") == total


def test_every_unit_by_whole_numbers() -> None:
    """Every combination of whole marks of the six leaves comes out as a line of integer arithmetic says."""
    combinations = np.array([*product(range(4), repeat=6)], dtype=float)
    marks = np.column_stack([combinations, np.full(len(combinations), 5.0)])
    units = [f"{at}" for at in range(len(marks))]
    by = rubric()
    result = dti.evaluate(by, dti.MarkSheet.from_array(marks, by, units=units))

    first, *others, bonus, penalty = combinations.T
    points = np.clip(np.minimum(first + sum(others), 10) + bonus - penalty, 0, 10) * (first > 0)
    assert result["1"].points.tolist() == points.tolist()
    assert result["1"].applicable.tolist() == [10] * len(units)
    assert result.total.points.tolist() == (points + 5).tolist()


def test_what_holds_an_adjusted_node() -> None:
    """Groups, pillars and the total add what is left of an index, each once."""
    sets = {"groups": [{"code": "g", "title": "g", "members": ["1"]}]}
    sets["pillars"] = [{"code": "p", "title": "p", "members": ["g", "2"]}]
    result = of_unit(rubric(**sets), row(3, 3, 3, 3, 1, 3, 5))

    assert [of_node(result, node)[0] for node in ("1", "g", "p", "total")] == [8, 8, 13, 13]


def test_half_of_an_index_makes_a_penalty_cost_twice() -> None:
    """Taken off before renormalisation, a penalty of 2 costs 4 where half of the index does not apply."""
    halves = [{"code": f"1.{at}", "title": "x", "max_points": 10} for at in (1, 2)]
    penalty = {"code": "1.p", "title": "x", "max_points": 2, "role": "penalty", "adjusts": "1"}
    index = {"code": "1", "title": "x", "components": [*halves, penalty]}
    by = dti.load_rubric({"schema": "dti-core/rubric/1", "code": "r", "title": "R", "indices": [index]})
    half = {"members": ["1.2"], "treatment": "skip"}

    costs = []
    for exclusions in ((), (half,)):
        without, with_it = (
            of_unit(by, {"1.1": 10, "1.2": 10, "1.p": mark}, *exclusions).total.exact()[0] for mark in (0, 2)
        )
        costs.append((without or 0) - (with_it or 0))
    assert costs == [2, 4]


@pytest.mark.parametrize(
    ("renormalise", "total"), [("overall", 24), ("by_level", 24), ("none", 20)], ids=lambda value: f"{value}"
)
def test_a_part_that_does_not_apply(renormalise: str, total: int) -> None:
    """12 of the 15 that are left of 20, and 8 of 10: 20 / 25 × 30, 20 × 12/15 + 8, or 20 on a scale of 25."""
    result = of_unit(
        flat(policy={"renormalise": renormalise}),
        {"1": 12, "2": 8},
        {"members": ["1"], "treatment": "reduce", "to": 15},
    )

    assert of_node(result, "total") == (20, 25, total)


def flat(*more: Document, **rest: Any) -> dti.Rubric:
    """Indices of 20 and of 10 points, and others."""
    indices = [{"code": code, "title": code, "max_points": worth} for code, worth in (("1", 20), ("2", 10))]
    return dti.load_rubric(
        {"schema": "dti-core/rubric/1", "code": "r", "title": "R", "indices": [*indices, *more], **rest}
    )


def test_a_mark_above_what_is_left() -> None:
    """An appraised mark above what a reduction leaves is refused; a unit's own counts as what is left, and is kept."""
    reduced = {"members": ["1"], "treatment": "reduce", "to": 15}
    own = of_unit(flat(), {"1": 18, "2": 8}, reduced, stage="self")

    assert of_node(own, "1") == (15, 15, 20)
    assert dti.to_document(own.marks)["units"][0]["marks"]["1"] == 18
    both = of_unit(
        flat(), {"1": 18, "2": 8}, reduced, {"members": ["2"], "treatment": "reduce", "to": 5}, stage="self"
    )
    assert of_node(both, "total") == (20, 20, 30)
    for stage in ({}, {"stage": "appraised"}):
        with pytest.raises(dti.InvalidDocument) as caught:
            of_unit(flat(), {"1": 18, "2": 8}, reduced, **stage)
        assert [problem.where for problem in caught.value.problems] == ["$.units[0].marks['1']"]
        said = caught.value.problems[0].text("vi")
        assert ": là 18; " in said
        assert "chỉ số '1' chỉ còn chấm đến 15 (" in said


@pytest.mark.parametrize("stage", ["self", "appraised"])
def test_false_evidence(stage: str) -> None:
    """A decision of zero counts the leaf and earns nothing; the mark that it sets aside is reported."""
    result = of_unit(flat(), {"1": 18, "2": 8}, {"members": ["1"], "treatment": "zero"}, stage=stage)

    assert of_node(result, "total") == (8, 30, 8)
    assert result.total.completeness.tolist() == [1]
    assert result.exclusions()["ignored"].tolist() == [18]


@pytest.mark.parametrize(
    ("worth", "mark", "renormalise", "expected"),
    [
        (15, 12, "overall", (20, 25, 24)),  # 20 / 25 × 30
        (15, 12, "by_level", (20, 25, 24)),  # 20 × 12/15 + 8
        (15, 12, "none", (20, 25, 20)),
        (40, 30, "overall", (38, 50, Fraction("22.8"))),  # 38 / 50 × 30
        (40, 30, "by_level", (38, 50, 23)),  # 20 × 30/40 + 8
    ],
)
def test_a_stand_by_of_another_size(worth: int, mark: int, renormalise: str, expected: Any) -> None:
    """A takes the maximum of the stand-by leaf; the weight of what it replaces stays level by level."""
    by = flat(
        {"code": "s", "title": "s", "max_points": worth, "role": "standby"},
        policy={"renormalise": renormalise},
    )
    result = of_unit(by, {"s": mark, "2": 8}, {"members": ["1"], "treatment": "substitute", "by": "s"})

    assert of_node(result, "total") == expected
    assert result.total.coverage.tolist() == [1]


def test_coverage_beside_a_stand_by_of_another_size() -> None:
    """Marked on 10 points alone, a unit for which 40 stand in for 20 covers 10 of 50, another one 10 of 30."""
    by = flat({"code": "s", "title": "s", "max_points": 40, "role": "standby"})
    decision = dti.Exclusion(members=["1"], treatment="substitute", by="s", reason="lý do", basis="căn cứ")
    sheet = dti.MarkSheet.from_array(
        [[None, 5, None], [None, 5, None]], by, units=["a", "b"], unit_exclusions={"a": [decision]}
    )

    assert dti.evaluate(by, sheet).total.exact("coverage") == [Fraction(1, 5), Fraction(1, 3)]


def test_a_stand_by_from_elsewhere() -> None:
    """A stand-by leaf that stands in one index counts where it stands in, and not at home."""
    home = {
        "code": "h",
        "title": "h",
        "components": [
            {"code": "h.1", "title": "h.1", "max_points": 10},
            {"code": "h.s", "title": "h.s", "max_points": 30, "role": "standby"},
        ],
    }
    result = of_unit(
        flat(home), {"2": 5, "h.1": 5, "h.s": 24}, {"members": ["1"], "treatment": "substitute", "by": "h.s"}
    )

    assert of_node(result, "h") == (5, 10, 5)
    assert of_node(result, "1") == (0, 0, None)
    assert of_node(result, "total") == (34, 50, Fraction("27.2"))  # 34 / 50 × 40


@pytest.mark.parametrize("first", ["1", "h"])
def test_a_stand_by_in_what_is_replaced_too(first: str) -> None:
    """A stand-by leaf whose home is replaced still counts where it stands in, in whatever order that is decided."""
    part = {"title": "x", "max_points": 10}
    nodes = {
        "1": {"code": "1", "title": "x", "components": [{"code": "1.1", **part}, {"code": "1.2", **part}]},
        "h": {
            "code": "h",
            "title": "x",
            "components": [{"code": "h.1", **part}, {"code": "h.s", **part, "role": "standby"}],
        },
    }
    listed = [nodes.pop(first), *nodes.values(), {"code": "s", **part, "role": "standby"}]
    index = {"code": "i", "title": "x", "components": listed}
    rubric = dti.load_rubric({"schema": "dti-core/rubric/1", "code": "r", "title": "R", "indices": [index]})
    result = of_unit(
        rubric,
        {"1.2": 4, "h.s": 5, "s": 6},
        {"members": ["1.1"], "treatment": "substitute", "by": "h.s"},
        {"members": ["h"], "treatment": "substitute", "by": "s"},
    )

    assert of_node(result, "1") == (9, 20, 9)  # 4 and the 5 of h.s
    assert of_node(result, "i") == of_node(result, "total") == (15, 30, 15)  # and the 6 of s


@pytest.mark.parametrize("missing", ["zero", "exclude"])
@pytest.mark.parametrize(
    ("bound", "of_three", "of_six"),
    [
        ("at_least", [0, 1, 1], [0, 1, 1]),
        ("above", [0, 1, 1], [0, 0, 1]),
        ("at_most", [1, 0, 0], [1, 1, 0]),
        ("below", [1, 0, 0], [1, 0, 0]),
    ],
)
def test_half_of_an_odd_and_of_an_even_maximum(
    bound: str, of_three: list[int], of_six: list[int], missing: str
) -> None:
    """50 % of 3 lies between the marks 1 and 2, of 6 it is the mark 3; what is missing elsewhere changes nothing."""
    by = dti.load_rubric(
        {
            "schema": "dti-core/rubric/1",
            "code": "r",
            "title": "R",
            "mark_decimals": 0,
            "policy": {"missing": missing},
            "indices": [
                *(
                    {
                        "code": f"{most}",
                        "title": "Có điều kiện",
                        "components": [{"code": f"{most}.1", "title": "x", "max_points": most}],
                        "zero_unless": [{"node": f"{most}.1", bound: 50, "in": "percent"}],
                    }
                    for most in (3, 6)
                ),
                {"code": "9", "title": "Chưa chấm", "max_points": 1},
            ],
        }
    )
    marks = [[1, 2, None], [2, 3, None], [3, 4, None]]
    result = dti.evaluate(by, dti.MarkSheet.from_array(marks, by, units=["a", "b", "c"]))

    assert (result["3"].points > 0).tolist() == of_three
    assert (result["6"].points > 0).tolist() == of_six


def test_full_marks_for_some() -> None:
    """A leaf that a has full marks on, by a decision, has the 3 of 10 that b is marked with."""
    by = rubric()
    full = dti.Exclusion(members=["2"], treatment="full_marks", units=["a"], reason="lý do", basis="căn cứ")
    rows: list[list[float | None]] = [[*[0] * 6, None], [*[0] * 6, 3]]
    result = dti.evaluate(by, dti.MarkSheet.from_array(rows, by, units=["a", "b"], exclusions=[full]))

    assert result["2"].points.tolist() == [10, 3]


@pytest.mark.parametrize(
    ("index", "own", "mark", "score"),
    [
        # min(5 + 5; 10) = 10 of min(5 + 10; 10) = 10
        ({"max_points": 10, "cap": True}, {}, {"1.1": 5, "1.2": 5, "1.b": 0}, 10),
        # 0 + 5 + 5 = 10 of 5 + 10 = 15
        ({"max_points": 20}, {"adjusts": "1"}, {"1.1": 0, "1.2": 5, "1.b": 5}, Fraction(10, 15) * 20),
    ],
)
def test_adjusted_by_level_beside_a_reduced_leaf(
    index: Document, own: Document, mark: Document, score: Any
) -> None:
    """An index with a cap, or with a bonus of its own, counts by its P / A also where a leaf counts half."""
    parts = [{"code": f"1.{at}", "title": "x", "max_points": 10} for at in (1, 2)]
    bonus = {"code": "1.b", "title": "Thưởng", "max_points": 5, "role": "bonus", **own}
    by = dti.load_rubric(
        {
            "schema": "dti-core/rubric/1",
            "code": "r",
            "title": "R",
            "policy": {"renormalise": "by_level"},
            "indices": [{"code": "1", "title": "x", **index, "components": [*parts, bonus]}],
        }
    )
    result = of_unit(by, mark, {"members": ["1.1"], "treatment": "reduce", "to": 5})

    assert result["1"].exact("score") == [score]


def test_a_bonus_above_an_index_of_one_tick() -> None:
    """An index of which one tick applies has it and its own bonus of 5 besides, where bonus may exceed the maximum."""
    parts = [
        dti.Component("1.1", "x", 1),
        dti.Component("1.2", "y", 4),
        dti.Component("1.b", "z", 5, role="bonus", adjusts="1"),
    ]
    policy = dti.Policy(exceed_maximum=True)
    by = dti.Rubric("r", "R", [dti.Index("1", "x", components=parts)], policy=policy, mark_decimals=0)
    result = of_unit(by, {"1.1": 1, "1.b": 5}, {"members": ["1.2"], "treatment": "skip"})

    assert of_node(result, "1") == (6, 1, 30)
