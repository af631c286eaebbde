"""From self-score to publication: what may be said, when, with what proof, and what marks come of it."""

from collections.abc import Callable, Mapping
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


def opened(unit: str = "a", cycle: Cycle = CYCLE, **fields: Any) -> Assessment:
    """An assessment in which nothing is said yet."""
    return Assessment(cycle, unit, **{"attributes": {"level": "x"}} | fields)


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
    cycle = Cycle(rubric(), exclusions=[round_skip])
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
    cycle = Cycle(excepting, exclusions=of_the_round)
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
    told = problems_of(lambda: locked.step("mark", {"1.1": {"points": 1}}, **UNIT))["$.history[1].move"]

    assert told == "'mark' is not allowed in the state 'locked'; allowed there: 'unlock', 'appraise'"
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
    assert "only in a round" in told["$.history[1].move"]


@pytest.mark.parametrize("at", ["2024-01-01", "2024-01-10T16:00+07:00", "2024-01-10T23:59Z", "2024-01-31"])
def test_inside_a_round(at: str) -> None:
    """A round takes in its first and its last day, whole."""
    cycle = Cycle(rubric(), [Round("Lần 1", "2024-01-01", "2024-01-31", ["submit"])])

    assert opened(cycle=cycle).step("submit", by="A", at=at).state == "submitted"


@pytest.mark.parametrize("at", ["2023-12-31", "2024-02-01", "2024-02-01T00:00+07:00"])
def test_outside_a_round(at: str) -> None:
    """A move outside its round is refused with the round and its dates; other moves are free."""
    cycle = Cycle(rubric(), [Round("Lần 1", "2024-01-01", "2024-01-31", ["submit"])])
    told = problems_of(lambda: opened(cycle=cycle).step("submit", by="A", at=at))["$.history[0].at"]

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
    told = problems_of(lambda: asked.step("explain", half, **UNIT))["$.history[2].before"]
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


# Bad input


LOCKED = opened().step("lock", **UNIT)
WRONG: dict[str, tuple[Callable[[], object], str, str]] = {
    "round that closes before it opens": (
        lambda: Round("r", "2024-02-01", "2024-01-31", ["mark"]), "$.closes", "before it opens"),
    "round that allows nothing": (lambda: Round("r", "2024-01-01", "2024-01-31", []), "$.moves", "list of moves"),
    "round with an unknown move": (
        lambda: Round("r", "2024-01-01", "2024-01-31", ["marks"]), "$.moves", "did you mean 'mark'"),
    "rounds of one name": (
        lambda: Cycle(rubric(), [Round("r", "2024-01-01", "2024-01-31", ["mark"])] * 2), "$.rounds[1].name", "already"),
    "evidence without a number": (lambda: Evidence("x", date="2024-01-01"), "$.number", "or by a link"),
    "evidence without a date": (lambda: Evidence("x", "01/KH"), "$.date", "or by a link"),
    "evidence of no day": (lambda: Evidence("x", "01/KH", "2024-02-30"), "$.date", "a day such as"),
    "evidence that runs": (lambda: Evidence("x", link="javascript:alert(1)"), "$.link", "http:// or https://"),
    "evidence in a file": (lambda: Evidence("x", link="file:///etc/passwd"), "$.link", "http:// or https://"),
    "half a hash": (lambda: Evidence("x", link="https://example.org", sha256="ab"), "$.sha256", "64 digits"),
    "time without an offset": (lambda: opened().step("submit", by="A", at="2024-01-10T10:00"), "$.at", "+07:00"),
    "no time": (lambda: opened().step("submit", by="A", at="2024-13-01"), "$.at", "no time"),
    "nobody": (lambda: opened().step("submit", by=" ", at="2024-01-10"), "$.by", "empty"),
    "before the last step": (
        lambda: LOCKED.step("appraise", {"1.1": {"appraised": 1, "reason": "r"}}, by="A", at="2024-01-09"),
        "$.history[1].at", "before the last line of the history at 2024-01-10"),
    "before, to the minute": (
        lambda: opened().step("mark", {"1.1": {"points": 1}}, by="A", at="2024-01-10T10:00+07:00")
        .step("submit", by="A", at="2024-01-10").step("lock", by="A", at="2024-01-10T02:59Z"),
        "$.history[2].at", "10:00"),
    "unknown move": (lambda: opened().step("submitt", **UNIT), "$.history[0].move", "did you mean 'submit'"),  # type: ignore[arg-type]
    "nothing marked": (lambda: opened().step("mark", {}, **UNIT), "$.history[0].before", "name the leaves"),
    "no question": (
        lambda: opened().step("submit", **UNIT).step("ask", ["1.1"], **UNIT), "$.history[1].why", "say why"),
    "lock on a leaf": (lambda: opened().step("lock", ["1.1"], **UNIT), "$.history[0].before", "whole unit"),
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
        "$.history[1].before['9']", "no leaf"),
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
        "$.history[4].decision", "name the decision"),
    "attribute not allowed": (
        lambda: opened(attributes={"level": "z"}).step("submit", **UNIT), "$.attributes.level", "does not allow"),
    "exclusion of nothing": (
        lambda: opened(exclusions=[dti.Exclusion(members=["9"], treatment="skip", reason="r", basis="b")])
        .step("submit", **UNIT), "$.exclusions[0].members[0]", "names no leaf"),
    "exclusion of nothing by the round": (
        lambda: opened(cycle=Cycle(rubric(), exclusions=[dti.Exclusion(members=["9"], treatment="skip", **BASIS)]))
        .step("submit", **UNIT), "$.cycle.exclusions[0].members[0]", "names no leaf"),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_bad_input(kind: str) -> None:
    """What is wrong is refused, with the place and what is wrong there."""
    make, where, word = WRONG[kind]

    assert word in problems_of(make)[where]
