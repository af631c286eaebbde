"""Grades: thresholds, conditions, quotas and limits, worked out by hand and against the reference."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import reference_ranks
import test_properties
from hypothesis import given
from strategies_decisions import decided_documents

import dti_core as dti
from dti_core import Band, GradeLimit, GradeLimitRule, NodeCondition, Quota, analysis
from dti_core.evaluation import grade_rules
from dti_core.explain.steps import Grade

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reference_rules import Document

WHY: Any = {"reason": "Lãnh đạo bị kỷ luật", "basis": "Điều 6, 01/QĐ-UBND"}
GOOD, FAIR, WEAK = Band("good", "Tốt", 80), Band("fair", "Khá", 50), Band("weak", "Yếu", 0)


def evaluated(marks: Mapping[str, Sequence[Any]], bands: Sequence[Band], **more: Any) -> dti.Result:
    """Units marked on leaf 1, worth 100, and leaf 2, worth 50; the rest are fields of the sheet, or of the rubric."""
    of_rubric = {name: more.pop(name) for name in ("blocks", "policy", "limits") if name in more}
    rubric = dti.Rubric(
        "r",
        "Ví dụ",
        [dti.Index("1", "Một", 100), dti.Index("2", "Hai", 50)],
        bands=bands,
        attributes={name: {} for name in more.get("attributes", {})},
        grade_limits=of_rubric.pop("limits", ()),
        **of_rubric,
    )
    rows = [[*row, 0][:2] for row in marks.values()]
    return dti.evaluate(rubric, dti.MarkSheet.from_array(rows, rubric, units=[*marks], **more))


def grades(result: dti.Result, **asked: Any) -> list[str | None]:
    """The grades of the total."""
    return list(result.total.grades(**asked))


def last_block(result: dti.Result, unit: str, language: Any = "vi") -> list[str]:
    """What an explanation says of the grade, line by line."""
    blocks = str(result.explain(unit, language=language)).split("\n\n")
    told = next(
        block for block in blocks if block.startswith(("Xếp loại", "Không xếp loại", "Grade", "No grade"))
    )
    return [line.strip() for line in told.splitlines()]


# What bands say


@pytest.mark.parametrize(
    ("bands", "where"),
    [
        ([GOOD, Band("b", "B", 80), WEAK], "$.bands[1].at_least"),
        ([GOOD, Band("b", "B", above=80), WEAK], "$.bands[1].above"),
        ([GOOD, Band("b", "B", above=0)], "$.bands[1].above"),
        ([GOOD, Band("b", "B", 0, quota=Quota(count=1))], "$.bands[1]"),
        (
            [Band("a", "A", 80, requires=[NodeCondition("total", at_least=5)]), WEAK],
            "$.bands[0].requires[0].node",
        ),
        (
            [Band("a", "A", 80, requires=[NodeCondition("3", at_least=5)]), WEAK],
            "$.bands[0].requires[0].node",
        ),
        ([Band("a", "A", above=Decimal("0.1234567891")), WEAK], "$.bands[0].above"),
        ([Band("a", "A", 80, requires=[NodeCondition("2", at_least=5)] * 21), WEAK], "$.bands[0].requires"),
    ],
)
def test_bands_that_contradict_are_refused(bands: list[Band], where: str) -> None:
    """Bands stand highest first, share a threshold only for a reason, and leave nobody out below."""
    with pytest.raises(dti.InvalidDocument) as caught:
        evaluated({"a": [1]}, bands)

    assert where in [problem.where for problem in caught.value.problems]
    assert all(problem.text("vi") != problem.text("en") for problem in caught.value.problems)


def test_a_gate_asks_no_more_than_twenty_conditions() -> None:
    """Each condition is asked of every unit: 20 are taken, 21 refused, in a rubric and in its document."""
    below = [dti.Component("1.1", "Một", 10)]

    def gated(count: int) -> dti.Rubric:
        asks = [NodeCondition("1.1", at_least=50)] * count
        return dti.Rubric("r", "R", [dti.Index("1", "Một", components=below, zero_unless=asks)])

    document = dti.to_document(gated(20))
    with pytest.raises(dti.InvalidDocument) as caught:
        gated(21)
    assert [problem.where for problem in caught.value.problems] == ["$.indices[0].zero_unless"]

    document["indices"][0]["zero_unless"] *= 2
    with pytest.raises(dti.InvalidDocument) as caught:
        dti.load_rubric(document)
    assert [problem.where for problem in caught.value.problems] == ["$.indices[0].zero_unless"]


@pytest.mark.parametrize(
    ("make", "given_fields"),
    [
        (Band, {"code": "a", "title": "A"}),
        (Band, {"code": "a", "title": "A", "at_least": 1, "above": 1}),
        (Quota, {}),
        (Quota, {"percent": 5, "count": 1}),
        (Quota, {"percent": 0}),
        (Quota, {"percent": "303/3"}),
        (GradeLimit, WHY),
        (GradeLimit, {"at_most": "good", "lower_by": 1, **WHY}),
        (GradeLimit, {"lower_by": 0, **WHY}),
    ],
)
def test_one_of_two_is_said(make: type, given_fields: dict[str, Any]) -> None:
    """A band has one threshold, a quota one number, a limit one effect."""
    with pytest.raises(dti.InvalidDocument):
        make(**given_fields)


# What units get


def test_conditions_are_asked_of_what_is_published() -> None:
    """29.998 of 50 is 59.996 %, printed as 30.00: it meets 60 % as published, and not exactly."""
    bands = [Band("excellent", "Xuất sắc", 80, requires=[NodeCondition("2", at_least=60)]), FAIR, WEAK]
    rubric = dti.Rubric(
        "r", "Ví dụ", [dti.Index("1", "Một", 100), dti.Index("2", "Hai", 50)], bands=bands, mark_decimals=3
    )
    marks = dti.MarkSheet.from_array([[100, 29.998]], rubric, units=["a"])

    assert grades(dti.evaluate(rubric, marks)) == ["excellent"]
    assert grades(dti.evaluate(rubric, marks, dti.Policy(decide_on="exact"))) == ["fair"]


@pytest.mark.parametrize("renormalise", ["overall", "by_level", "none"])
def test_what_does_not_apply_is_not_asked(renormalise: Any) -> None:
    """Index 2 does not apply to b, who has 90 of 100; a has nothing of it and stays below."""
    bands = [Band("excellent", "Xuất sắc", 60, requires=[NodeCondition("2", above=0)]), FAIR, WEAK]
    skip = dti.Exclusion(members=["2"], treatment="skip", **WHY)

    result = evaluated(
        {"a": [100, 0], "b": [90, 0]},
        bands,
        policy=dti.Policy(renormalise=renormalise),
        unit_exclusions={"b": [skip]},
    )

    assert grades(result) == ["fair", "excellent"]


def test_the_grade_by_thresholds_stays_visible() -> None:
    """Limited to weak by a rule, or lowered by one: by the thresholds alone both have 135 of 150, 90 %, good."""
    result = evaluated(
        {"a": [100, 35], "b": [100, 35]},
        [GOOD, FAIR, WEAK],
        attributes={"disciplined": [True, False]},
        limits=[GradeLimitRule(code="discipline", when={"disciplined": True}, at_most="weak", **WHY)],
        grade_limits=[GradeLimit(units=["b"], lower_by=1, **WHY)],
    )

    assert grades(result) == ["weak", "fair"]
    assert grades(result, by_thresholds=True) == ["good", "good"]
    table = result.grade_limits()
    assert {name: column.tolist() for name, column in table.items()} == {
        "unit": ["a", "b"],
        "at_most": ["weak", None],
        "lower_by": [0, 1],
        "source": ["rule", "round"],
        "rule": ["discipline", None],
        "reason": ["Lãnh đạo bị kỷ luật"] * 2,
        "basis": ["Điều 6, 01/QĐ-UBND"] * 2,
        "because": ["disciplined = có", None],
    }
    assert result.grade_limits("b")["unit"].tolist() == ["b"]


def test_thresholds_are_closed_or_open() -> None:
    """80 % reaches "at least 80"; 50 % does not reach "above 50", and a little more does; no score has no grade."""
    bands = [GOOD, Band("fair", "Khá", above=50), WEAK]
    percents = [Fraction(80), Fraction(7999, 100), Fraction(5001, 100), Fraction(50), Fraction(0), None]

    assert [grade_rules.by_thresholds(percent, bands) for percent in percents] == [0, 1, 1, 2, 2, None]


def test_a_unit_at_an_open_threshold_reads_that_it_is_not_above_it() -> None:
    """75 of 150 points are no more than 50 %: nothing is short, but that is not above the threshold."""
    result = evaluated({"a": [75]}, [Band("good", "Tốt", above=50), Band("weak", "Yếu", 0)])

    assert last_block(result, "a")[1:] == ["Đúng bằng ngưỡng, chưa vượt để đạt loại Tốt, trên 50%"]


def test_other_nodes_go_by_thresholds() -> None:
    """Node 1 is graded by thresholds alone, and not at all once two bands share one."""
    asks = [NodeCondition("2", at_least=60)]
    apart = evaluated({"a": [100, 29]}, [Band("good", "Tốt", 80, requires=asks), FAIR, WEAK])
    shared = evaluated(
        {"a": [100, 29]}, [Band("good", "Tốt", 80, requires=asks), Band("fair", "Khá", 80), WEAK]
    )

    assert (grades(apart), apart["1"].grades().tolist()) == (["fair"], ["good"])
    assert (grades(shared), shared["1"].grades().tolist()) == (["fair"], [None])
    kinds = {node: [step.kind for step in shared.explain("a", node).steps] for node in ("total", "1")}
    assert ("grade" in kinds["total"], "grade" in kinds["1"]) == (True, False)


@pytest.mark.parametrize(
    ("quota", "expected"),
    [
        (Quota(count=1), ["good", "fair", "fair", "fair", "fair"]),
        (Quota(count=2), ["good", "fair", "fair", "fair", "fair"]),
        (Quota(count=2, ties="in"), ["good", "good", "good", "fair", "fair"]),
        (Quota(count=3), ["good", "good", "good", "fair", "fair"]),
        (Quota(percent="200/3"), ["good", "good", "good", "fair", "fair"]),
        (Quota(percent=100), ["good", "good", "good", "good", "fair"]),
    ],
)
def test_quotas_by_hand(quota: Quota, expected: list[str]) -> None:
    """Of 5 ranked 150, 145, 145, 140 and 80: a tie across the limit is out, or in; 200/3 % of 5 is 3 (3.33)."""
    units = {"a": [100, 50], "b": [100, 45], "c": [100, 45], "d": [100, 40], "e": [80, 0]}

    assert grades(evaluated(units, [Band("good", "Tốt", 80, quota=quota), FAIR, WEAK])) == expected


@pytest.mark.parametrize("ties", ["competition", "dense"])
def test_a_quota_is_of_a_block_and_of_who_is_ranked(ties: Any) -> None:
    """50 %: of 3 ranked in x 1, of 1 in y none; z is not ranked: who meets the rest there has no grade."""
    blocks = [dti.Block(code, code, {"k": code}, ranked=code != "z") for code in "xyz"]
    result = evaluated(
        {"a": [100, 40], "b": [100, 30], "c": [90, 30], "d": [100, 50], "e": [100, 50], "f": [60, 20]},
        [Band("good", "Tốt", 80, quota=Quota(percent=50)), FAIR, WEAK],
        attributes={"k": [*"xxxyzz"]},
        blocks=blocks,
        policy=dti.Policy(ties=ties),
    )

    assert grades(result) == ["good", "fair", "fair", "fair", None, "fair"]


def test_the_lowest_of_several_limits_holds() -> None:
    """Two decisions bar a from excellent and from good: it is fair, in whichever order they stand."""
    bands = [Band("excellent", "Xuất sắc", 90), GOOD, FAIR, WEAK]
    limits = [GradeLimit(at_most=band, **WHY) for band in ("good", "fair")]
    own = {"a": limits, "b": limits[::-1], "c": limits[:1]}

    result = evaluated({unit: [100, 50] for unit in "abcd"}, bands, unit_grade_limits=own)

    assert grades(result) == ["fair", "fair", "good", "excellent"]


def test_limits_come_before_quotas() -> None:
    """One is let in: a is limited, so the place is b's; c is lowered from good, which the quota gives to another."""
    result = evaluated(
        {"a": [100, 50], "b": [100, 45], "c": [100, 40]},
        [Band("good", "Tốt", 80, quota=Quota(count=1)), FAIR, WEAK],
        unit_grade_limits={"a": [GradeLimit(at_most="fair", **WHY)], "c": [GradeLimit(lower_by=1, **WHY)]},
    )

    assert grades(result) == ["fair", "good", "fair"]


# What is told


def test_an_explanation_says_what_stands_between() -> None:
    """The first is limited, the second has the only place, the third comes after: each is told so, and why."""
    bands = [
        Band("good", "Tốt", 80, requires=[NodeCondition("2", at_least=60)], quota=Quota(count=1)),
        FAIR,
        WEAK,
    ]
    result = evaluated(
        {"a": [100, 50], "b": [100, 45], "c": [100, 40], "d": [100, 29.5], "e": [60, 0]},
        bands,
        unit_grade_limits={"a": [GradeLimit(lower_by=1, **WHY)]},
    )

    assert grades(result) == ["fair", "good", "fair", "fair", "weak"]
    assert last_block(result, "a") == [
        "Xếp loại Khá: đạt 100% thang điểm, loại này từ 50%",
        "Nếu chỉ xét mức điểm thì đạt loại Tốt",
        "Đủ điểm nhưng không được xếp loại Tốt, từ 80%",
        "Hạ một bậc xếp loại",
        "Quyết định riêng cho đơn vị; lý do: Lãnh đạo bị kỷ luật; căn cứ: Điều 6, 01/QĐ-UBND",
        "Chỉ tiêu: tối đa 1 trong 5 đơn vị xếp hạng, đã lấy 1",
    ]
    assert last_block(result, "c", "en")[-1] == (
        "Quota: at most 1 of 5 ranked units; "
        "of those that meet the rest 1 rank above, 1 at this rank, this unit included"
    )
    assert "2 Hai đạt 59%, cần từ 60% trở lên" in last_block(result, "d")
    assert last_block(result, "e") == [
        "Xếp loại Yếu: đạt 40% thang điểm, loại này từ 0%",
        "Còn thiếu 10% thang điểm (15 điểm) để đạt loại Khá, từ 50%",
    ]


def test_an_explanation_says_what_an_index_with_missing_marks_has() -> None:
    """Of index 1 b has 10 of the 20 points marked, 50 %, and 75 % in all: enough for the band, but not in index 1."""
    parts = [dti.Component("1.1", "x", 20), dti.Component("1.2", "y", 30)]
    rubric = dti.Rubric(
        "r",
        "Ví dụ",
        [dti.Index("1", "Một", components=parts), dti.Index("2", "Hai", 50)],
        bands=[Band("good", "Tốt", 70, requires=[NodeCondition("1", at_least=60)]), WEAK],
        policy=dti.Policy(renormalise="by_level", missing="exclude", decide_on="exact"),
    )
    rows: list[list[float | None]] = [[20, 30, 50], [10, None, 50]]
    result = dti.evaluate(rubric, dti.MarkSheet.from_array(rows, rubric, units=["a", "b"]))

    assert grades(result) == ["good", "weak"]
    assert last_block(result, "b") == [
        "Xếp loại Yếu: đạt 75% thang điểm, loại này từ 0%",
        "Nếu chỉ xét mức điểm thì đạt loại Tốt",
        "Đủ điểm nhưng không được xếp loại Tốt, từ 70%",
        "1 Một đạt 50%, cần từ 60% trở lên",
    ]


def test_an_explanation_counts_who_a_quota_let_into_the_block() -> None:
    """In the last two of three blocks two units tie for the only place: neither gets it, and each is told so."""
    bands = [Band("good", "Tốt", 80, quota=Quota(count=1)), FAIR, WEAK]
    marks = {"a": [100, 50]} | {unit: [100, 40] for unit in "bcde"}
    blocks = [dti.Block(f"b{at}", f"Khối {at}", {"k": at}) for at in range(3)]
    result = evaluated(marks, bands, attributes={"k": [0, 1, 1, 2, 2]}, blocks=blocks)

    assert grades(result) == ["good", "fair", "fair", "fair", "fair"]
    assert last_block(result, "e", "en")[-1] == (
        "Quota: at most 1 of 2 ranked units; "
        "of those that meet the rest 0 rank above, 2 at this rank, this unit included"
    )


def test_an_explanation_of_no_grade() -> None:
    """A unit that is not ranked meets all of a band but its quota: it has no grade, and is told why."""
    bands = [Band("good", "Tốt", 80, quota=Quota(count=1)), FAIR, WEAK]
    result = evaluated({"a": [100, 50], "b": [100, 45]}, bands, unranked={"a": dti.Unranked(**WHY)})

    assert grades(result) == [None, "good"]
    assert last_block(result, "a") == [
        "Không xếp loại: đạt 100% thang điểm",
        "Nếu chỉ xét mức điểm thì đạt loại Tốt",
        "Đủ điểm nhưng không được xếp loại Tốt, từ 80%",
        "Loại này lấy theo thứ hạng, mà đơn vị không được xếp hạng",
    ]
    (step,) = (step for step in result.explain("a").steps if isinstance(step, Grade))
    assert step.band is None
    assert step.by_thresholds.code == "good"


@pytest.mark.parametrize(
    ("edit", "where"),
    [
        (lambda it: it["bands"].pop(), "$.bands[1].at_least"),
        (lambda it: it["bands"][0]["requires"][0].update(node="9"), "$.bands[0].requires[0].node"),
        (lambda it: it["bands"][0]["quota"].update(count=2), "$.scores.total.grade[2]"),
        (lambda it: it["bands"][0]["requires"][0].update(at_least=95), "$.scores.total.grade[1]"),
        (lambda it: it["grade_limits"][0].update(at_most="x"), "$.grade_limits[0].at_most"),
        (lambda it: it["grade_limits"][0].update(at_most="weak"), "$.scores.total.grade[0]"),
        (lambda it: it["units"][0].update(grade_limits=[5]), "$.units[0].grade_limits[0]"),
        (lambda it: it["units"][1]["attributes"].update(bad=True), "$.units[1].grade_limits"),
        (lambda it: it["scores"]["total"].pop("by_thresholds"), "$.scores.total.by_thresholds[0]"),
    ],
    ids=["gap", "node", "quota", "condition", "band", "limit", "place", "attribute", "by_thresholds"],
)
def test_a_result_document_whose_grades_do_not_follow_is_refused(edit: Any, where: str) -> None:
    """Good is for one: not a (limited) nor d (59 % in index 2), but b before c; nothing of it changes unnoticed."""
    bands = [
        Band("good", "Tốt", 80, requires=[NodeCondition("2", at_least=60)], quota=Quota(count=1)),
        FAIR,
        WEAK,
    ]
    result = evaluated(
        {"a": [100, 50], "b": [100, 45], "c": [100, 40], "d": [100, 29.5]},
        bands,
        attributes={"bad": [True, False, False, False]},
        limits=[GradeLimitRule(code="l", when={"bad": True}, at_most="fair", **WHY)],
    )
    document = dti.to_document(result)
    assert document["scores"]["total"]["grade"] == ["fair", "good", "fair", "fair"]
    edit(document)
    with pytest.raises(dti.InvalidDocument) as caught:
        dti.load_result(document)

    assert where in [problem.where for problem in caught.value.problems]


def test_merged_units_are_graded_anew() -> None:
    """Quotas are of the units that are ranked then, conditions ask the means, and limits of former units stay."""
    units = {"a": [100, 50], "b": [100, 45], "c": [90, 45]}
    quota = Band("good", "Tốt", 80, quota=Quota(count=1))
    asking = Band("good", "Tốt", 80, requires=[NodeCondition("2", at_least=91)])
    limit = GradeLimitRule(code="l", when={"bad": True}, at_most="weak", **WHY)
    limited = {"attributes": {"bad": [False, False, True]}, "limits": [limit]}
    for bands, told, grades in (
        ([GOOD, FAIR, WEAK], {}, ["good", "good"]),
        ([quota, FAIR, WEAK], {}, ["good", "fair"]),
        ([asking, FAIR, WEAK], {}, ["good", "fair"]),
        ([GOOD, FAIR, WEAK], limited, ["good", "weak"]),
    ):
        merged = analysis.merge_units(evaluated(units, bands, **told), {"bc": ["b", "c"]})
        read = dti.load_result(dti.to_document(merged))
        assert [score.grade for score in read.total.values()] == grades


def test_a_comparison_of_rubrics_tells_grade_rules() -> None:
    """A new quota, another threshold and a new limit change grades, and no score."""
    indices = [dti.Index("1", "Một", 100)]
    old = dti.Rubric("r", "R", indices, bands=[GOOD, FAIR, WEAK])
    limit = GradeLimitRule(code="l", at_most="fair", **WHY)
    bands = [Band("good", "Tốt", 80, quota=Quota(percent="100/3")), Band("fair", "Khá", above=50), WEAK]

    changes = dti.compare_rubrics(old, dti.Rubric("r", "R", indices, bands=bands, grade_limits=[limit]))

    assert changes.comparable
    assert {(change.what, change.field) for change in changes.changes} == {
        ("band", "quota"),
        ("band", "at_least"),
        ("band", "above"),
        ("grade limit", None),
    }
    assert {change.affects for change in changes.changes} == {"grades"}


def test_a_notebook_shows_both_grades() -> None:
    """Beside a grade that is held down stands the one by the thresholds alone; the rubric shows what bands ask."""
    asks = [NodeCondition("2", at_least=60)]
    result = evaluated(
        {"a": [100, 29]}, [Band("good", "Tốt", 80, requires=asks, quota=Quota(percent=25)), FAIR, WEAK]
    )

    assert "theo mức điểm: " in result._repr_html_()
    page = result.rubric._repr_html_()
    assert " từ 80%, <bdi>2</bdi> từ 60% trở lên, tối đa 25% số đơn vị" in page


# Against the reference


@given(decided_documents())
def test_reference(pair: tuple[Document, Document]) -> None:
    """Grades are what the reference makes of them; documents keep them, and what keeps a unit from a band is told."""
    expected = test_properties.expected_of(pair)
    if expected is None:
        with pytest.raises(dti.InvalidDocument):
            test_properties.evaluated(pair)
        return
    result = test_properties.evaluated(pair)
    units, by_unit = result.units, expected["units"]

    assert dict(zip(units, grades(result), strict=True)) == reference_ranks.grades(expected)
    assert grades(result, by_thresholds=True) == [by_unit[unit]["total"].grade for unit in units]
    document = dti.to_document(result)
    assert dti.to_document(dti.load_result(document)) == document
    for unit, grade in zip(units, grades(result), strict=True):
        last = result.explain(unit).steps[-1]
        band, obstacles = (last.band, last.obstacles) if isinstance(last, Grade) else (None, ())
        assert grade == (band.code if band else None)
        for each in obstacles:
            assert not each.reached or each.unmet or each.limits or each.quota or each.is_unranked


def test_a_result_document_with_a_quota_of_a_part_is_read() -> None:
    """Half of the four ranked units may be good, and the unranked one has no grade: so says the document, read anew."""
    bands = [Band("good", "Tốt", 80, quota=Quota(percent=50)), FAIR, WEAK]
    marks = {"a": [100, 50], "b": [100, 45], "c": [100, 40], "d": [60, 30], "e": [100, 50]}
    result = evaluated(marks, bands, unranked={"e": dti.Unranked(**WHY)})

    read = dti.load_result(dti.to_document(result))

    assert grades(result) == ["good", "good", "fair", "fair", None]
    assert dti.to_document(read)["scores"]["total"]["grade"] == grades(result)


def test_grades_of_many_units_are_those_of_the_law() -> None:
    """A thousand units in four blocks, with ties, are graded as the sentence says, unit by unit."""
    random = np.random.default_rng(3)
    scores, groups = random.integers(40, 101, 1000), random.integers(0, 4, 1000)
    marks = {f"u{at}": [score, 50 * score // 100] for at, score in enumerate(scores.tolist())}
    result = evaluated(
        marks,
        [Band("good", "Tốt", 80, quota=Quota(percent=10)), FAIR, WEAK],
        attributes={"k": groups.tolist()},
        blocks=[dti.Block(f"b{at}", f"b{at}", {"k": at}) for at in range(4)],
    )

    got, ranks = grades(result), result.total.ranks()
    for block in range(4):
        inside = np.flatnonzero(groups == block)
        most = 10 * len(inside) // 100
        places = sorted(ranks[inside].tolist())
        for row in inside.tolist():
            through = sum(rank <= ranks[row] for rank in places)
            assert (got[row] == "good") == (result.total.published[row] >= 120 and through <= most)
