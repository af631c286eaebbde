"""From self-score to publication: what may be said, when, with what proof, and what marks come of it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs
import pytest

import dti_core as dti
from dti_core.assessment import (
    MOVES,
    Assessment,
    Assessments,
    Cycle,
    Evidence,
    Round,
    Step,
    Written,
    to_marks,
)
from dti_core.measures import ScoredSheet
from dti_core.rubric.policy import Unproven

PLAN = Evidence("Kế hoạch", "01/KH", "2023-02-01")
UNIT: dict[str, Any] = {"by": "Đơn vị", "at": "2024-01-10"}
COUNCIL: dict[str, Any] = {"by": "Hội đồng", "at": "2024-02-10"}
OFFICE: dict[str, Any] = {"by": "UBND", "at": "2024-03-10", "why": "Lý do", "decision": "01/QĐ"}


def rubric(**policy: Any) -> dti.Rubric:
    """Two leaves that are marked, one that is measured, a bonus; blocks by level; all made up."""
    return dti.Rubric(
        "made-up",
        "Giả định",
        [
            dti.Index("1", "Một", components=[dti.Component("1.1", "a", 10), dti.Component("1.2", "b", 20)]),
            dti.Index("2", "Đo", 20, scoring=dti.methods.Ratio()),
            dti.Index("b", "Cộng", 5, role="bonus", evidence="optional"),
        ],
        attributes={"level": {"enum": ["x", "y"]}},
        blocks=[dti.Block("bx", "X", {"level": "x"}), dti.Block("by", "Y", {"level": "y"})],
        policy=dti.Policy(**{"evidence": "required"} | policy),
    )


CYCLE = Cycle(rubric())


def opened(
    unit: str = "a", cycle: Cycle = CYCLE, exclusions: Iterable[dti.Exclusion] = (), **fields: Any
) -> Assessment:
    """An assessment in which nothing is said yet, decisions on the unit aside."""
    new = Assessment(cycle, unit, **{"attributes": {"level": "x"}} | fields)
    decisions = {f"k{at}": decision for at, decision in enumerate(exclusions)}
    return new.step("decide", exclusions=decisions, by="Hội đồng", at="2024-01-01") if decisions else new


def decided(*exclusions: dti.Exclusion, scoring: dti.Rubric | None = None) -> Cycle:
    """A cycle in which decisions hold from the opening."""
    decisions = {f"k{at}": decision for at, decision in enumerate(exclusions)}
    cycle = Cycle(scoring or rubric())
    return cycle.step("decide", exclusions=decisions, by="Hội đồng", at="2024-01-01") if decisions else cycle


def appraised(
    unit: str, own: Mapping[str, float], council: Mapping[str, float], cycle: Cycle = CYCLE, **fields: Any
) -> Assessment:
    """An assessment with self marks and appraised marks."""
    marks = {leaf: {"points": points, "evidence": [PLAN]} for leaf, points in own.items()}
    decided = {leaf: {"appraised": points, "reason": "Lý do"} for leaf, points in council.items()}
    made = opened(unit, cycle, **fields)
    made = made.step("mark", marks, **UNIT) if marks else made
    made = made.step("lock", **UNIT)
    return made.step("appraise", decided, **COUNCIL) if decided else made


def problems_of(make: Callable[[], object]) -> dict[str, str]:
    """Where and what the problems are for which something is refused."""
    with pytest.raises(dti.InvalidDocument) as caught:
        make()
    return {problem.where: problem.message for problem in caught.value.problems}


# Evidence and explanations


@pytest.mark.parametrize(
    ("entry", "lacking"),
    [
        ({"points": 5}, "has no evidence"),
        ({"points": 0}, "has no evidence"),
        ({"points": 5, "evidence": [PLAN], "covers": False}, "does not cover"),
        ({"points": 5, "evidence": [PLAN]}, None),
        ({"points": 5, "explanation": "Theo sổ"}, None),
        ({"points": 5, "evidence": [PLAN], "covers": False, "explanation": "Theo sổ"}, None),
        ({"evidence": []}, None),
    ],
)
def test_what_is_lacking(entry: dict[str, Any], lacking: str | None) -> None:
    """A self mark without evidence, or with evidence that does not cover it, needs a written explanation."""
    problems = opened().step("mark", {"1.1": entry}, **UNIT).problems()

    assert [problem.where for problem in problems] == (["$.entries['1.1']"] if lacking else [])
    assert all(str(lacking) in problem.message for problem in problems)


def test_what_needs_no_evidence() -> None:
    """Leaves that the rubric excepts, and leaves that do not count for the unit, lack nothing."""
    skip = dti.Exclusion(members=["1.2"], treatment="skip", reason="r", basis="b")
    round_skip = dti.Exclusion(members=["1.1"], units=["a"], treatment="full_marks", reason="r", basis="b")
    cycle = decided(round_skip)
    marks = {leaf: {"points": 1} for leaf in ("1.1", "1.2", "b")}

    assert opened(cycle=cycle, exclusions=[skip]).step("mark", marks, **UNIT).problems() == ()
    assert len(opened("z", cycle).step("mark", marks, **UNIT).problems()) == 2


@pytest.mark.parametrize(("unproven", "points"), [("report", 5), ("zero", 0), ("refuse", None)])
def test_what_lacking_evidence_does(unproven: Unproven, points: int | None) -> None:
    """The policy decides: an unproven mark is listed only, counts as 0, or stops the submission."""
    marked = opened(cycle=Cycle(rubric(unproven=unproven))).step("mark", {"1.1": {"points": 5}}, **UNIT)
    if points is None:
        assert "has no evidence" in problems_of(lambda: marked.step("submit", **UNIT))["$.entries['1.1']"]
        return

    assert to_marks([marked.step("submit", **UNIT)]).of("a")["1.1"] == points
    assert marked.problems()


BASIS: dict[str, Any] = {"reason": "r", "basis": "b"}
SKIP = dti.Exclusion(members=["1.1"], treatment="skip", **BASIS)
GRANT = dti.Exclusion(members=["1.1"], treatment="full_marks", **BASIS)
RULE = dti.ExclusionRule(code="x", when={"level": "x"}, members=["1.1"], treatment="skip", **BASIS)


@pytest.mark.parametrize(
    ("rules", "of_the_round", "own"),
    [((RULE,), (), ()), ((), (SKIP,), ()), ((), (), (SKIP,)), ((), (GRANT,), ())],
    ids=["rule", "decision of the round", "decision on the unit", "full marks"],
)
def test_what_lacking_evidence_does_to_the_excluded(rules: Any, of_the_round: Any, own: Any) -> None:
    """An unproven mark on a leaf that does not count stays what was claimed, and is in nobody's list."""
    excepting = attrs.evolve(rubric(unproven="zero"), exclusions=rules)
    cycle = decided(*of_the_round, scoring=excepting)
    marked = opened(cycle=cycle, exclusions=own).step(
        "mark", {"1.1": {"points": 7}, "1.2": {"points": 8}}, **UNIT
    )
    cohort = Assessments(cycle, [marked])

    assert [problem.where for problem in marked.problems()] == ["$.entries['1.2']"]
    assert cohort.unproven.tolist() == [[False, True, False, False]]
    assert to_marks(cohort).of("a") == {"1.1": 7, "1.2": 0, "2": None, "b": None}


def test_what_lacking_evidence_does_where_there_is_nothing_to_measure() -> None:
    """A leaf that is not applicable, its b being 0, stays missing: an unproven 0 / 0 is no 0."""
    ratio = dti.methods.Ratio(when_zero="not_applicable", **BASIS)
    policy = dti.Policy(evidence="required", unproven="zero")
    one = dti.Rubric(
        "r", "r", [dti.Index("1", "1", 10, scoring=ratio), dti.Index("2", "2", 10)], policy=policy
    )
    marks: dict[str, dict[str, Any]] = {"1": {"measures": {"a": 0, "b": 0}}, "2": {"points": 8}}
    marked = Assessment(Cycle(one), "a").step("mark", marks, **UNIT)

    assert [problem.where for problem in marked.problems()] == ["$.entries['2']"]
    assert Assessments(marked.cycle, [marked]).unproven.tolist() == [[False, True]]
    assert to_marks([marked]).of("a") == {"1": None, "2": 0}


def test_existing_rubrics_ask_for_no_evidence() -> None:
    """A rubric that says nothing of evidence needs none."""
    cycle = Cycle(dti.load_rubric("vn-922-province"))

    assert Assessment(cycle, "a").step("mark", {"1": {"points": 1}}, **UNIT).problems() == ()


def test_evidence_keys_of_a_rubric() -> None:
    """What a rubric says of evidence survives its document, and is said of leaves only."""
    document = dti.to_document(rubric(unproven="zero"))

    assert document["policy"] == {"evidence": "required", "unproven": "zero"}
    assert dti.load_rubric(document) == rubric(unproven="zero")

    document["indices"][0]["evidence"] = "optional"
    assert "leaves only" in problems_of(lambda: dti.load_rubric(document))["$.indices[0].evidence"]


# Moves


def test_allowed_moves_are_named() -> None:
    """A move that is not allowed is refused with the state, the move and what is allowed there."""
    locked = opened().step("lock", **UNIT)
    told = problems_of(lambda: locked.step("mark", {"1.1": {"points": 1}}, **UNIT))["$.move"]

    assert (
        told
        == "'mark' is not allowed in the state 'locked'; allowed there: 'unlock', 'refuse', 'decide', 'appraise'"
    )
    assert set(MOVES) >= {
        "mark",
        "submit",
        "ask",
        "explain",
        "reopen",
        "lock",
        "appraise",
        "publish",
        "amend",
    }


def test_unlock_needs_a_round() -> None:
    """A superior may unlock in a round that names it, and only then."""
    allowed = Cycle(rubric(), [Round("Mở khóa", "2024-01-05", "2024-01-15", ["unlock"])])
    unlock = {**UNIT, "why": "Sự cố"}
    told = problems_of(lambda: opened().step("lock", **UNIT).step("unlock", **unlock))

    assert opened(cycle=allowed).step("lock", **UNIT).step("unlock", **unlock).state == "reopened"
    assert "only in a round" in told["$.move"]


@pytest.mark.parametrize("at", ["2024-01-01", "2024-01-10T16:00+07:00", "2024-01-10T23:59Z", "2024-01-31"])
def test_inside_a_round(at: str) -> None:
    """A round takes in its first and its last day, whole."""
    cycle = Cycle(rubric(), [Round("Lần 1", "2024-01-01", "2024-01-31", ["submit"])])

    assert opened(cycle=cycle).step("submit", by="A", at=at).state == "submitted"


@pytest.mark.parametrize("at", ["2023-12-31", "2024-02-01", "2024-02-01T00:00+07:00"])
def test_outside_a_round(at: str) -> None:
    """A move outside its round is refused with the round and its dates; other moves are free."""
    cycle = Cycle(rubric(), [Round("Lần 1", "2024-01-01", "2024-01-31", ["submit"])])
    told = problems_of(lambda: opened(cycle=cycle).step("submit", by="A", at=at))["$.at"]

    assert told == f"is {at}, but 'submit' belongs to Lần 1 (2024-01-01 to 2024-01-31)"
    assert opened(cycle=cycle).step("lock", by="A", at=at).state == "locked"


def test_round_to_the_minute() -> None:
    """A round may close at a time of day, whatever the offset it is written in."""
    until = Round("Lần 1", "2024-01-01", "2024-01-31T17:00+07:00", ["submit"])

    assert until.covers("2024-01-31T10:00Z")
    assert not until.covers("2024-01-31T10:01Z")


def test_questions_are_answered() -> None:
    """An explanation that leaves out what was asked about is refused; asking again asks anew."""
    asked = opened().step("submit", **UNIT).step("ask", ["1.1", "1.2"], **UNIT, why="?")
    half = {"1.1": {"explanation": "a"}}
    told = problems_of(lambda: asked.step("explain", half, **UNIT))["$.entries"]
    both = asked.step("explain", half | {"1.2": {"explanation": "b"}}, **UNIT)

    assert "1.2" in told
    assert both.step("ask", ["1.1"], **UNIT, why="?").step("explain", half, **UNIT).state == "explained"


def test_versions() -> None:
    """What was published, and what each amendment made of it, stay within reach."""
    made = appraised("a", {"1.1": 5}, {"1.1": 4}).step("publish", **OFFICE)
    for points in (3, 2):
        made = made.step("amend", {"1.1": {"appraised": points, "reason": f"{points}"}}, **OFFICE)
    found = [(each.state, float(each.entries["1.1"].appraised or 0)) for each in made.versions]

    assert found == [("published", 4), ("amended", 3), ("amended", 2)]
    assert made.as_of(0) == opened()
    with pytest.raises(dti.InvalidArgument, match="from 0 to 6"):
        made.as_of(7)


def test_reason_goes_with_its_mark() -> None:
    """The reason for an appraised mark is not taken for the reason of the next one."""
    made = appraised("a", {"1.1": 5}, {"1.1": 4})
    again = made.step("appraise", {"1.1": {"appraised": 5}}, **COUNCIL)

    assert again.entries["1.1"].reason is None
    assert (
        "say why"
        in problems_of(lambda: made.step("appraise", {"1.1": {"appraised": 3}}, **COUNCIL))[
            "$.entries['1.1'].reason"
        ]
    )


NOT_APPLICABLE = {"members": ["1.1"], "treatment": "skip", "reason": "Đặc thù", "basis": "01/BB"}
SECOND = dti.Rubric(
    "second",
    "Giả định",
    [dti.Index("1", "a", 60), dti.Index("2", "b", 40)],
    bands=[dti.Band("g", "Tốt", 80), dti.Band("w", "Yếu", 0)],
)


def published_in_january(unit: str = "u") -> Assessment:
    """50 of 60 and 20 of 40: published 70.00."""
    marks = {"1": {"points": 50}, "2": {"points": 20}}
    council = {leaf: {"appraised": mark["points"]} for leaf, mark in marks.items()}
    made = Assessment(Cycle(SECOND), unit).step("mark", marks, by="u", at="2024-01-01")
    made = made.step("lock", by="s", at="2024-01-03").step("appraise", council, by="hd", at="2024-01-04")
    return made.step("publish", by="ubnd", at="2024-01-31", decision="1/QĐ")


def printed(assessment: Assessment) -> tuple[float, str | None, int]:
    """The published total, the grade and the rank, by the appraised marks and the decisions in force."""
    total = dti.evaluate(SECOND, to_marks([assessment], "appraised")).total
    return total.published[0], total.grades()[0], int(total.ranks()[0])


APPEAL: dict[str, Any] = {"by": "ubnd", "at": "2024-03-11", "why": "Đơn vị kiến nghị", "decision": "2/QĐ"}
EXCLUDED = {"x": NOT_APPLICABLE | {"members": ["2"]}}


@pytest.mark.parametrize("of_round", [False, True], ids=["of the unit", "of the round"])
def test_what_was_published_in_january(of_round: bool) -> None:  # noqa: FBT001 - two cases
    """Published 70.00; in March an appeal excludes a leaf: 83.33; January stays 70.00, each with line and decision."""
    january = published_in_january()
    cohort = Assessments(january.cycle, [january])
    if of_round:
        march = cohort.step("amend", exclusions=EXCLUDED, **APPEAL)["u"]
    else:
        march = january.step("amend", exclusions=EXCLUDED, **APPEAL)
    first, second = march.versions

    assert (printed(first), printed(second), printed(march)) == (
        (70, "w", 1),
        (83.33, "g", 1),
        (83.33, "g", 1),
    )
    assert (first.state, second.state) == ("published", "amended")
    told = [(line.move, line.at, line.decision and line.decision.number) for line in march.history[-2:]]
    assert told == [("publish", "2024-01-31", "1/QĐ"), ("amend", "2024-03-11", "2/QĐ")]
    assert march.history[-1].after.exclusions["x"].reason == dti.Label("Đặc thù")
    again = dti.load_assessments(dti.to_document(Assessments(march.cycle, [march])), SECOND)
    assert [printed(each) for each in again["u"].versions] == [printed(first), printed(second)]
    assert printed(again.as_of("2024-03-10")["u"]) == printed(first)


def test_the_whole_cohort_as_of_a_time() -> None:
    """Numbers, places and grades of January come out of the cohort as it stood in January."""
    cohort = Assessments(Cycle(SECOND), [published_in_january(unit) for unit in "uvw"])
    march = cohort.step("amend", exclusions={"x": EXCLUDED["x"] | {"units": ["v"]}}, **APPEAL)
    aside = march["w"].step("amend", unranked={"k": {"reason": "Thanh tra", "basis": "3/CV"}}, **APPEAL)
    now = Assessments(march.cycle, [march["u"], march["v"], aside])
    then, today = (
        dti.evaluate(SECOND, to_marks(each, "appraised")).total for each in (now.as_of("2024-02-01"), now)
    )

    assert (then.published.tolist(), then.ranks().tolist()) == ([70, 70, 70], [1, 1, 1])
    assert (today.published.tolist(), today.ranks().tolist()) == ([70, 83.33, 70], [2, 1, 0])
    assert (then.grades().tolist(), today.grades().tolist()) == (["w", "w", "w"], ["w", "g", "w"])


def test_what_concerns_others_leaves_a_unit_as_it_is() -> None:
    """A line of the round on another unit is in nobody else's history; as of its last line a unit is what it is."""
    cohort = Assessments(Cycle(SECOND), [published_in_january(unit) for unit in "uv"])
    march = cohort.step("amend", exclusions={"x": EXCLUDED["x"] | {"units": ["v"]}}, **APPEAL)

    assert (march["u"].history, march["u"].state) == (cohort["u"].history, "published")
    assert march["v"].history[:-1] == cohort["v"].history
    for unit in "uv":
        assert march[unit].as_of(len(march[unit].history)) == march[unit].as_of("2024-12-31") == march[unit]
        assert Assessments(march.cycle, [march[unit].as_of("2024-12-31")]).units == (march[unit],)


def test_as_of_an_hour() -> None:
    """A line that is dated by the day and follows one of the round later that day is not there at nine."""
    cohort = Assessments(Cycle(SECOND), [published_in_january()])
    noon = cohort.step("amend", exclusions=EXCLUDED, **APPEAL | {"at": "2024-03-11T12:00+07:00"})
    both = Assessments(noon.cycle, [noon["u"].step("appeal", by="u", at="2024-03-11", why="Chưa đủ")])

    assert [line.move for line in both["u"].history[-2:]] == ["amend", "appeal"]
    assert both.as_of("2024-03-11T09:00+07:00")["u"].history[-1].move == "publish"
    assert both.as_of("2024-03-11")["u"] == both["u"]


def test_a_part_that_does_not_apply_answers_a_claim() -> None:
    """A claim is answered by any decision that reaches its leaf, by a reduction of it too."""
    part = {"x": NOT_APPLICABLE | {"members": ["1.2"], "treatment": "reduce", "to": 5}}
    claiming = opened().step("claim", {"1.2": {"claim": "Một phần không có"}}, **UNIT)

    assert [problem.where for problem in claiming.claim_problems()] == ["$.entries['1.2'].claim"]
    assert claiming.step("decide", exclusions=part, **UNIT).claim_problems() == ()


def test_a_move_of_the_round_names_who_is_there() -> None:
    """A unit that is misspelt in a decision of the round is found, not silently left out."""
    cohort = Assessments(Cycle(SECOND), [published_in_january("yen-bai")])
    wrong = {"x": EXCLUDED["x"] | {"units": ["yen-bay"]}}

    told = problems_of(lambda: cohort.step("amend", exclusions=wrong, **APPEAL))
    assert "did you mean 'yen-bai'" in told["$.exclusions.x.units[0]"]


def test_a_move_is_plain_data() -> None:
    """What a web form sends is a move as it is; every problem is told at its path, in both languages."""
    form = {
        "move": "mark", "by": "u", "at": "2024-01-10", "role": "unit",
        "entries": {"1.1": {"points": 5, "evidence": [{"title": "Kế hoạch", "number": "01/KH", "date": "2023-02-01"}]}},
    }  # fmt: skip
    assert opened().step(form) == opened().step(
        "mark", {"1.1": {"points": 5, "evidence": [PLAN]}}, by="u", at="2024-01-10", role="unit"
    )
    wrong = form | {
        "at": "10.1.2024",
        "entries": {"1.1": {"evidence": [{"title": " "}], "reason": "x"}, "9": {}},
        "x": 1,
    }
    assert [*problems_of(lambda: opened().step(wrong))] == [
        "$.x", "$.at", "$.entries['1.1'].evidence[0].title", "$.entries['1.1'].reason", "$.entries['9']",
    ]  # fmt: skip
    with pytest.raises(dti.InvalidDocument) as caught:
        opened().step(wrong)
    assert "không do bước 'mark' ghi" in caught.value.text("vi")


# Marks


def test_marks_of_both_stages() -> None:
    """Self marks and appraised marks are two sheets; what was not appraised is missing, which is not 0."""
    made = [appraised("a", {"1.1": 5, "1.2": 20}, {"1.1": 0}), opened("c", name="Xã C")]
    own, council = to_marks(made), to_marks(made, stage="appraised")

    assert (own.stage, council.stage) == ("self", "appraised")
    assert own.of("a") == {"1.1": 5, "1.2": 20, "2": None, "b": None}
    assert council.of("a") == {"1.1": 0, "1.2": None, "2": None, "b": None}
    assert own.names is not None
    assert str(own.names[1]) == "Xã C"
    assert dti.evaluate(CYCLE.rubric, council).total.points.tolist() == [0, 0]


def test_what_gives_no_marks() -> None:
    """Two assessments of a unit, two cycles, nothing at all, and an unknown stage are refused."""
    other = opened("b", Cycle(rubric(), period="2025"))

    assert "already the code" in problems_of(lambda: to_marks([opened(), opened()]))["$.units[1].code"]
    assert "keep cycles apart" in problems_of(lambda: to_marks([opened(), other]))["$.units[1]"]
    with pytest.raises(dti.InvalidArgument, match="no assessment"):
        to_marks([])
    with pytest.raises(dti.InvalidArgument, match="'both'"):
        to_marks([opened()], stage="both")  # type: ignore[arg-type]


def test_measures_are_scored() -> None:
    """31 of 40 on a leaf worth 20 is 15.5; the sheet knows how, and the council's mark is compared with it."""
    measured = opened().step("mark", {"2": {"measures": {"a": 31, "b": 40}, "explanation": "x"}}, **UNIT)
    locked = measured.step("lock", **UNIT)
    told = problems_of(lambda: locked.step("appraise", {"2": {"appraised": 15}}, **COUNCIL))

    assert to_marks([measured]).of("a")["2"] == 15.5
    assert isinstance(to_marks([measured]), ScoredSheet)
    assert "15.5" in told["$.entries['2'].reason"]
    assert locked.step("appraise", {"2": {"appraised": 15.5}}, **COUNCIL).state == "appraised"


def test_points_beside_measures() -> None:
    """Units that state points and units that state measures stand in one sheet."""
    measured = opened().step("mark", {"2": {"measures": {"a": 31, "b": 40}}, "1.1": {"points": 1.25}}, **UNIT)
    stated = opened("c").step("mark", {"2": {"points": 7}}, **UNIT)
    sheet = to_marks([measured, stated])

    assert [sheet.of(unit)["2"] for unit in "ac"] == [15.5, 7]
    assert sheet.of("a")["1.1"] == 1.25


def relative(**scoring: Any) -> Cycle:
    """A cycle of a rubric with one leaf on which units are compared."""
    return Cycle(dti.Rubric("r", "r", [dti.Index("1", "1", 10, scoring=dti.methods.Relative(**scoring))]))


@pytest.mark.parametrize(
    ("scoring", "measures"), [({}, 0), ({"to": "min_max"}, 5), ({"of": "ratio"}, {"a": 0, "b": 3})]
)
def test_alone_nobody_is_compared(scoring: dict[str, Any], measures: Any) -> None:
    """Whether there is a best to compare by is seen when all units are together, not when one of them marks itself."""
    marked = Assessment(relative(**scoring), "a").step("mark", {"1": {"measures": measures}}, **UNIT)
    found = problems_of(lambda: to_marks([marked]))

    assert "nothing to compare by" in found["$.units[0].entries['1'].measures"]


def test_what_cannot_be_compared_is_refused_at_once() -> None:
    """What is wrong with a unit's own measures needs no others to be seen."""
    alone = Assessment(relative(of="ratio"), "a")
    found = problems_of(lambda: alone.step("mark", {"1": {"measures": {"a": 3, "b": 2}}}, **UNIT))

    assert "a = 3 of b = 2" in found["$.entries['1'].measures"]


def test_measures_of_the_excluded() -> None:
    """A b of 0 that the rubric has no rule for is no error on a leaf that does not count."""
    skip = dti.Exclusion(members=["2"], treatment="skip", reason="r", basis="b")
    zero = {"2": {"measures": {"a": 0, "b": 0}}}

    assert to_marks([opened(exclusions=[skip]).step("mark", zero, **UNIT)]).of("a")["2"] is None
    assert (
        "declare when_zero"
        in problems_of(lambda: opened().step("mark", zero, **UNIT))["$.entries['2'].measures"]
    )


# Decisions that disagree


BOTH = Assessments(CYCLE, [opened("a"), opened("b")]).step(
    "decide", exclusions={"port": attrs.evolve(SKIP, units=["b"])}, **UNIT
)


def granting(assessment: Assessment) -> Assessment:
    """With a decision on the unit."""
    return assessment.step("decide", exclusions={"quay": GRANT}, **UNIT)


def contradicting() -> dict[str, Any]:
    """A document in which the decision on the second unit says otherwise than the round's."""
    document: dict[str, Any] = dti.to_document(BOTH)
    own = dti.to_document(Assessments(CYCLE, [granting(opened("b"))]))["units"][0]["history"]
    document["units"][1]["history"] = [own[0] | {"seen": 1}]
    return document


@pytest.mark.parametrize(
    ("make", "place"),
    [
        (lambda: dti.load_assessments(contradicting(), rubric()), "$.units[1]"),
        (lambda: granting(BOTH["b"]), "$"),
        (
            lambda: Assessments(CYCLE, [opened("a"), granting(opened("b"))]).step(
                "decide", exclusions={"port": SKIP}, **UNIT
            ),
            "$.units[1]",
        ),
    ],
    ids=["read", "a move of the unit", "a move of the round"],
)
def test_decisions_that_disagree_are_named_by_their_codes(make: Callable[[], object], place: str) -> None:
    """Decisions that disagree are named by the codes that histories have them by, whichever comes last."""
    said = problems_of(make)[place]

    assert "the decision 'port' of the round says skip" in said
    assert "the decision 'quay' on the unit says full_marks" in said


def test_a_decision_that_what_was_measured_contradicts() -> None:
    """Who is to be assessed after all, where there is nothing to measure, is told which decision says so."""
    ratio = dti.methods.Ratio(when_zero="not_applicable", reason="Không có hồ sơ", basis="Điều 1")
    cycle = Cycle(dti.Rubric("r", "r", [dti.Index("1", "Đo", 20, scoring=ratio)]))
    after_all = dti.Exclusion(members=["1"], treatment="count", **BASIS)
    counted = Assessment(cycle, "a").step("decide", exclusions={"after all": after_all}, **UNIT)

    said = problems_of(lambda: counted.step("mark", {"1": {"measures": {"a": 0, "b": 0}}}, **UNIT))["$"]

    assert "the decision 'after all' on the unit says count" in said
    assert "what was measured (Không có hồ sơ) says skip" in said


# Bad input


LOCKED = opened().step("lock", **UNIT)
WRONG: dict[str, tuple[Callable[[], object], str, str]] = {
    "round that closes before it opens": (
        lambda: Round("r", "2024-02-01", "2024-01-31", ["mark"]), "$.closes", "before it opens"),
    "round that allows nothing": (lambda: Round("r", "2024-01-01", "2024-01-31", []), "$.moves", "list of moves"),
    "round with an unknown move": (
        lambda: Round("r", "2024-01-01", "2024-01-31", ["marks"]), "$.moves", "did you mean 'mark'"),  # type: ignore[list-item]
    "rounds of one name": (
        lambda: Cycle(rubric(), [Round("r", "2024-01-01", "2024-01-31", ["mark"])] * 2), "$.rounds[1].name", "already"),
    "evidence without a number": (lambda: Evidence("x", date="2024-01-01"), "$.number", "or by a link"),
    "evidence without a date": (lambda: Evidence("x", "01/KH"), "$.date", "or by a link"),
    "evidence of no day": (lambda: Evidence("x", "01/KH", "2024-02-30"), "$.date", "a date such as"),
    "evidence that runs": (lambda: Evidence("x", link="javascript:alert(1)"), "$.link", "http:// or https://"),
    "evidence in a file": (lambda: Evidence("x", link="file:///etc/passwd"), "$.link", "http:// or https://"),
    "half a hash": (lambda: Evidence("x", link="https://example.org", sha256="ab"), "$.sha256", "64 digits"),
    "time without an offset": (lambda: opened().step("submit", by="A", at="2024-01-10T10:00"), "$.at", "+07:00"),
    "no time": (lambda: opened().step("submit", by="A", at="2024-13-01"), "$.at", "no time"),
    "nobody": (lambda: opened().step("submit", by=" ", at="2024-01-10"), "$.by", "empty"),
    "before the last step": (
        lambda: LOCKED.step("appraise", {"1.1": {"appraised": 1, "reason": "r"}}, by="A", at="2024-01-09"),
        "$.at", "before the last line of the history at 2024-01-10"),
    "before, to the minute": (
        lambda: opened().step("mark", {"1.1": {"points": 1}}, by="A", at="2024-01-10T10:00+07:00")
        .step("submit", by="A", at="2024-01-10").step("lock", by="A", at="2024-01-10T02:59Z"),
        "$.at", "10:00"),
    "unknown move": (lambda: opened().step("submitt", **UNIT), "$.move", "did you mean 'submit'"),
    "nothing marked": (lambda: opened().step("mark", {}, **UNIT), "$.entries", "name the leaves"),
    "no question": (
        lambda: opened().step("submit", **UNIT).step("ask", ["1.1"], **UNIT), "$.why", "say why"),
    "lock on a leaf": (lambda: opened().step("lock", ["1.1"], **UNIT), "$.entries", "whole unit"),
    "a decision with a mark": (
        lambda: opened().step("mark", {"1.1": {"points": 1}}, exclusions={"x": SKIP}, **UNIT),
        "$.exclusions", "does not go with 'mark'"),
    "a mark below the lowest level": (
        lambda: Assessment(Cycle(dti.Rubric("r", "r", [dti.Index("1", "x", 20, mark_min=1, mark_max=5)])), "a")
        .step("mark", {"1": {"points": 1}}, **UNIT).step("mark", {"1": {"points": 0}}, **UNIT),
        "$.entries['1'].points", "marked from 1 on"),
    "longer for nobody": (
        lambda: Cycle(rubric(), [Round("r", "2024-01-01", "2024-01-31", ["mark"])]).step(
            "extend", extensions={"x": BASIS | {"round": "r", "units": [], "closes": "2024-02-05"}}, **UNIT),
        "$.extensions.x.units", "name the units"),
    "a mark in the place of an entry": (
        lambda: Written(entries={"1.1": 5}), "$.entries", "values of the class Entry"),  # type: ignore[dict-item]
    "appraised too early": (
        lambda: opened().step("mark", {"1.1": {"appraised": 1}}, **UNIT), "$.entries['1.1'].appraised", "not written"),
    "points above the maximum": (
        lambda: opened().step("mark", {"1.1": {"points": 10.01}}, **UNIT), "$.entries['1.1'].points", "at most 10"),
    "negative points": (
        lambda: opened().step("mark", {"1.1": {"points": -1}}, **UNIT), "$.entries['1.1'].points", "negative"),
    "too many decimals": (
        lambda: opened().step("mark", {"1.1": {"points": 1.005}}, **UNIT), "$.entries['1.1'].points", "2 decimals"),
    "points as text": (
        lambda: opened().step("mark", {"1.1": {"points": "1"}}, **UNIT), "$.entries['1.1'].points", "number is needed"),
    "points and measures": (
        lambda: opened().step("mark", {"2": {"points": 1, "measures": {"a": 1, "b": 2}}}, **UNIT),
        "$.entries['2'].points", "one of the two"),
    "more than there are": (
        lambda: opened().step("mark", {"2": {"measures": {"a": 3, "b": 2}}}, **UNIT),
        "$.entries['2'].measures", "a = 3 of b = 2"),
    "unknown measure": (
        lambda: opened().step("mark", {"2": {"measures": {"c": 3}}}, **UNIT), "$.entries['2'].measures.c", "no input"),
    "unknown leaf": (
        lambda: opened().step("mark", {"1.3": {"points": 1}}, **UNIT), "$.entries['1.3']", "no leaf of the rubric"),
    "a parent": (lambda: opened().step("mark", {"1": {"points": 1}}, **UNIT), "$.entries['1']", "name its leaves"),
    "question about nothing": (
        lambda: opened().step("submit", **UNIT).step("ask", ["9"], **UNIT, why="?"),
        "$.entries['9']", "no leaf"),
    "appraised above the maximum": (
        lambda: LOCKED.step("appraise", {"1.1": {"appraised": 11, "reason": "r"}}, **COUNCIL),
        "$.entries['1.1'].appraised", "at most 10"),
    "lowered without a reason": (
        lambda: appraised("a", {"1.1": 5}, {}).step("appraise", {"1.1": {"appraised": 4}}, **COUNCIL),
        "$.entries['1.1'].reason", "the self mark is 5, the appraised one 4"),
    "given without a reason": (
        lambda: LOCKED.step("appraise", {"1.1": {"appraised": 4}}, **COUNCIL),
        "$.entries['1.1'].reason", "no self mark"),
    "amended without a decision": (
        lambda: appraised("a", {"1.1": 5}, {"1.1": 5}).step("publish", **OFFICE)
        .step("amend", {"1.1": {"appraised": 5}}, **OFFICE | {"decision": None}),
        "$.decision", "name the decision"),
    "attribute not allowed": (
        lambda: opened(attributes={"level": "z"}).step("submit", **UNIT), "$.attributes.level", "does not allow"),
    "exclusion of nothing": (
        lambda: opened(exclusions=[dti.Exclusion(members=["9"], treatment="skip", reason="r", basis="b")])
        .step("submit", **UNIT), "$.exclusions.k0.members[0]", "names no leaf"),
    "exclusion of nothing by the round": (
        lambda: decided(dti.Exclusion(members=["9"], treatment="skip", **BASIS)),
        "$.exclusions.k0.members[0]", "names no leaf"),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_bad_input(kind: str) -> None:
    """What is wrong is refused, with the place and what is wrong there."""
    make, where, word = WRONG[kind]

    assert word in problems_of(make)[where]


def test_a_move_of_the_round_looks_at_no_earlier_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many decisions a round holds, the next one is asked about alone, once or so for each unit."""
    cycle = Cycle(dti.Rubric("r", "Ví dụ", [dti.Index(str(at), "x", 10) for at in range(40)]))
    looked = Counter[str]()
    concerns = Step.concerns

    def counted(line: Step, unit: str) -> bool:
        looked[unit] += 1
        return concerns(line, unit)

    monkeypatch.setattr(Step, "concerns", counted)
    now, counts = Assessments(cycle, [Assessment(cycle, unit) for unit in "abc"]), []
    for at in range(30):
        looked.clear()
        skipped = {"members": [str(at)], "treatment": "skip", "reason": "x", "basis": "y"}
        now = now.step("decide", exclusions={f"d{at}": skipped}, by="Hội đồng", at="2024-01-02")
        counts.append(looked.total())
    assert counts[-1] <= counts[1]
