"""Documents of assessments: nothing is lost, and what cannot have happened is not read."""

import copy
import gc
import json
import weakref
from collections.abc import Callable
from typing import Any

import attrs
import pytest
from broken import Case, broken
from counting import steps
from hypothesis import given
from test_assessment import COUNCIL, OFFICE, PLAN, UNIT, opened, problems_of
from test_assessment import rubric as plain_rubric
from test_same_refusals import mutated

import dti_core as dti
from dti_core.assessment import MOVES, Assessments, Cycle, Evidence, Round
from dti_core.documents import check
from dti_core.documents.schema import schema, shape_problems

Document = dict[str, Any]
WHY = {"reason": "r", "basis": "b"}
SKIP = dti.Exclusion(members=["2"], treatment="skip", reason="r", basis="b")
LIMIT = dti.GradeLimit(lower_by=1, reason="r", basis="b")


def rubric(**policy: Any) -> dti.Rubric:
    """The rubric of assessments, with grades."""
    bands = [dti.Band("good", "Tốt", 50), dti.Band("weak", "Yếu", 0)]
    return attrs.evolve(plain_rubric(**policy), bands=bands)


def everything() -> Assessments:
    """Assessments that use every key there is."""
    cycle = Cycle(
        rubric(),
        [Round(dti.Label("Lần 1", "Round 1"), "2024-01-01", "2024-01-31T17:00+07:00", ["mark", "unlock"])],
        period="2023",
        custom={"x": [1, None]},
    )
    skip = WHY | {"members": ["1.2"], "units": ["z"], "treatment": "skip"}
    longer = WHY | {"round": "Lần 1", "units": ["z"], "closes": "2024-02-10"}
    cycle = cycle.step("decide", exclusions={"x": skip}, by="H", at="2024-01-02", role="council")
    cycle = cycle.step("extend", extensions={"x": longer}, by="S", at="2024-01-03")
    proof = Evidence("Trang", "1/TB", "2023-01-01", "https://example.org/a?b=c#d", "0123456789abcdef" * 4)
    own = {"evidence": [PLAN, proof], "covers": False, "explanation": "Theo sổ"}
    made = (
        opened("a", cycle, name={"vi": "A", "en": "A"}, attributes={"level": "x", "size": 4.25, "flag": True})
        .step("mark", {"1.1": {"points": 5, **own}, "2": {"measures": {"a": 31, "b": 40}}}, **UNIT)
        .step("mark", {"1.1": {"points": 6}}, by="A", at="2024-01-10T08:00+07:00")
        .step("submit", **UNIT | {"at": "2024-01-11"})
        .step("ask", ["2"], by="S", at="2024-01-12", why="?")
        .step("explain", {"2": {"explanation": "x"}}, by="A", at="2024-01-13")
        .step("lock", by="S", at="2024-01-14")
        .step("unlock", by="S", at="2024-01-15", why="Sự cố")
        .step("lock", by="S", at="2024-02-01")
        .step("appraise", {"1.1": {"appraised": 4.5, "reason": "r"}, "2": {"appraised": 15.5}}, **COUNCIL)
        .step("publish", **OFFICE | {"decision": dti.Decision("1/QĐ", "2024-03-10", "UBND")})
        .step("amend", {"1.1": {"appraised": 6, "reason": "đủ"}}, **OFFICE)
    )
    other = (
        opened("z", cycle, custom={"y": 2})
        .step("claim", {"1.1": {"claim": "không có", "evidence": [PLAN]}}, **UNIT, role="unit")
        .step("refuse", {"1.1": {"refusal": "có"}}, **UNIT)
        .step("decide", unranked={"m": WHY}, exclusions={"s": SKIP}, grade_limits={"g": LIMIT}, **UNIT)
        .step("decide", exclusions={"s": None}, **UNIT, why="nhầm", decision="3/BB")
    )
    both = Assessments(cycle, [made, other])
    return both.step(
        "amend", exclusions={"x": None}, by="U", at="2024-04-01", why="sửa", decision={"number": "2/QĐ"}
    )


def test_round_trip() -> None:
    """Writing and reading loses nothing, and what is written has the documented shape."""
    document = json.loads(json.dumps(dti.to_document(everything())))

    assert dti.load_assessments(document, rubric()) == everything()
    assert list(shape_problems("assessment", document)) == []
    assert dti.to_document(dti.load_assessments(document, rubric())) == document
    assert dti.load_assessments(document, rubric())["a"].versions[0].entries["1.1"].reason == "r"


def test_empty_document() -> None:
    """A cycle in which no unit is assessed yet keeps its rounds."""
    document = dti.to_document(everything())
    document["units"] = []

    assert dti.load_assessments(document, rubric()).cycle.rounds == everything().cycle.rounds


FULL = json.loads(json.dumps(dti.to_document(everything())))
HISTORY, ENTRY = "$.units[0].history", "$.units[0].entries['1.1']"
BEFORE, AFTER = (f"{HISTORY}[10].{side}.entries['1.1']" for side in ("before", "after"))
ROUND = "$.history[0].after.exclusions.x"


def at(where: str, value: Any, word: str, found: str = "") -> Case:
    """One change, and a word of the problem found there or at another place."""
    return Case({where: value}, found or where, word)


WRONG = {
    "another rubric": at("$.rubric", "other", "load that rubric"),
    "two of one unit": at("$.units[1].code", "a", "already the code"),
    "another state": at("$.units[0].state", "locked", "leads to 'amended'"),
    "unknown state": at("$.units[0].state", "lock", "did you mean 'locked'"),
    "mark out of nowhere": at(
        "$.units[1].entries", {"1.2": {"points": 1}}, "history leads to", "$.units[1].entries['1.2']"),
    "another mark": at(f"{ENTRY}.appraised", 5, "history leads to"),
    "mark past the lock": at(f"{HISTORY}[9].move", "mark", "not allowed in the state"),
    "a past that was not": at(f"{HISTORY}[0].before", {"entries": {"2": {"points": 3}}}, "stood there before",
        f"{HISTORY}[0].before.entries['2']"),
    "another past": at(f"{BEFORE}.appraised", 4, "stood there before", BEFORE),
    "a past above the maximum": at(f"{HISTORY}[8].after.entries['1.1'].appraised", 11, "at most 10"),
    "a past without a reason": at(f"{HISTORY}[8].after.entries['1.1']", {"appraised": 4}, "say why",
        f"{HISTORY}[8].after.entries['1.1'].reason"),
    "written by another move": at(f"{AFTER}.points", 6, "not written by 'amend'"),
    "a decision on no leaf": at(f"{ROUND}.members[0]", "9", "names no leaf"),
    "a decision without a basis": at(f"{ROUND}.basis", " ", "empty"),
    "a decision that was not": at("$.history[2].before.exclusions.x.members", ["1.1"], "stood there before",
        "$.history[2].before.exclusions.x"),
    "a decision with a mark": at(
        f"{HISTORY}[0].after.exclusions", FULL["history"][0]["after"]["exclusions"], "does not go with 'mark'"),
    "leaves that are locked": at(f"{HISTORY}[5].after", {"entries": {"2": {}}}, "concerns the whole unit",
        f"{HISTORY}[5].after.entries"),
    "a mark by the round": at("$.history[0].move", "mark", "moves are decide, amend, extend"),
    "an unknown round": at("$.history[1].after.extensions.x.round", "Lần 2", "did you mean 'Lần 1'"),
    "more lines than there are": at(f"{HISTORY}[10].seen", 4, "lines of history"),
    "the round before the unit": at("$.history[2].at", "2024-01-09", "before the last line"),
    "another role": at("$.history[0].role", "unit", "'council'"),
    "line taken out": at(
        f"{HISTORY}[2]", {"move": "lock", "by": "x", "at": "2024-01-11"}, "not allowed", f"{HISTORY}[3].move"),
    "lines swapped": at(f"{HISTORY}[1].at", "2024-01-12", "before the last line", f"{HISTORY}[2].at"),
    "outside the round": at(f"{HISTORY}[0].at", "2023-12-31", "belongs to Round 1"),
    "document number as a number": at(f"{ENTRY}.evidence[0].number", 1, "text is needed"),
    "link of another kind": at(f"{ENTRY}.evidence[1].link", "ftp://x", "https://"),
    "no day": at(f"{ENTRY}.evidence[0].date", "2.1.2023", "2024-01-02"),
    "no time": at(f"{HISTORY}[0].at", "2024", "+07:00"),
    "null points": at(f"{ENTRY}.points", None, "a number is needed"),
    "unknown key": at(f"{ENTRY}.point", 1, "did you mean 'points'"),
    "measures by 201 names": at("$.units[0].entries['2'].measures", dict.fromkeys(map(str, range(201)), 1), "201"),
    "measure above the whole": Case(
        {"$.units[0].entries['2'].measures.a": 41, f"{HISTORY}[0].after.entries['2'].measures.a": 41},
        "$.units[0].entries['2'].measures", "41"),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_broken_document(kind: str) -> None:
    """A document that is wrong in one place is refused, and the problem stands there."""
    document = broken(FULL, WRONG[kind])
    told = problems_of(lambda: dti.load_assessments(document, rubric()))

    assert WRONG[kind].word in told[WRONG[kind].where]
    assert {problem.where for problem in check(document, rubric())} == set(told)


@given(mutated(FULL))
def test_fast_path_and_schema_refuse_the_same(document: Document) -> None:
    """What the schema refuses is refused, and a document that is refused for its shape has a wrong shape."""
    try:
        dti.load_assessments(copy.deepcopy(document), rubric())
        found: tuple[dti.Problem, ...] = ()
    except dti.InvalidDocument as error:
        found = error.problems
    shape = list(shape_problems("assessment", document))

    assert not shape or found
    if not shape:
        assert {problem.rule for problem in found}.isdisjoint(
            {"type", "required", "additionalProperties", "key"}
        )


EVERYTHING_WRONG: dict[str, Callable[[int], list[Document]]] = {
    "null": lambda count: [{"1.1": None}] * count,
    "text": lambda count: [{"1.1": {"points": "1"}}] * count,
    "empty evidence": lambda count: [{"1.1": {"evidence": [{}] * count}}],
    "too many entries": lambda count: [{f"{leaf}": {} for leaf in range(40 * count)}],
    "unknown leaves": lambda count: [{f"{leaf}": {"points": 1} for leaf in range(count)}],
    "unknown leaves of many units": lambda count: [{"9": {"points": 1}, "8": {}} for _ in range(count)],
}


def refused(entries: list[Document]) -> tuple[int, dict[str, str]]:
    """The work it takes to refuse units with these entries, and what is told."""
    units = [{"code": f"u{row}", "state": "open", "entries": each} for row, each in enumerate(entries)]
    document = FULL | {"units": units}
    found: dict[str, str] = {}
    work = steps(lambda: found.update(problems_of(lambda: dti.load_assessments(document, rubric()))))
    return work, found


@pytest.mark.parametrize("kind", EVERYTHING_WRONG)
def test_everything_wrong(kind: str) -> None:
    """A document that is wrong everywhere is refused with a bounded list of problems, in work that grows as it does."""
    _, (once, few), (twice, many) = (refused(EVERYTHING_WRONG[kind](count)) for count in (10, 1000, 2000))

    assert 0 < len(few) <= len(many) < 10_000
    assert twice <= 2.5 * once


def test_evidence_is_shared() -> None:
    """A document that proves many marks is held once, and only for as long as an assessment has it."""
    cycle = Cycle(rubric())
    marks = {
        leaf: {"points": 1, "evidence": [Evidence("Báo cáo", "9/BC", "2024-01-02")]}
        for leaf in ("1.1", "1.2")
    }
    document = dti.to_document(Assessments(cycle, [opened("a", cycle).step("mark", marks, **UNIT)]))
    entries = dti.load_assessments(json.loads(json.dumps(document)), rubric())["a"].entries
    again = dti.load_assessments(json.loads(json.dumps(document)), rubric())["a"].entries

    assert entries["1.1"].evidence[0] is entries["1.2"].evidence[0] is again["1.1"].evidence[0]
    kept = weakref.ref(entries["1.1"].evidence[0])
    del entries, again
    gc.collect()
    assert kept() is None


# The schema


def test_schema() -> None:
    """The example in the schema is read without a problem by the example rubric."""
    (example,), (example_rubric,) = schema("assessment")["examples"], schema("rubric")["examples"]

    assert dti.load_assessments(example, dti.load_rubric(example_rubric))["a"].state == "amended"


def test_schema_parts() -> None:
    """Every example fits the part it stands in, shared parts are the other schemas', moves the moves."""
    defs, marks = schema("assessment")["$defs"], schema("marks")["$defs"]
    examples = [(name, each) for name, part in defs.items() for each in part.get("examples", ())]

    assert len(examples) > 8
    assert [str(each) for name, x in examples for each in shape_problems("assessment", x, name)] == []
    assert defs["Decision"] == schema("rubric")["$defs"]["Decision"]
    assert all(
        defs[name] == marks[name] for name in ("code", "text", "Label", "Exclusion", "GradeLimit", "Unranked")
    )
    assert defs["move"]["enum"] == [*MOVES]
