"""The conformance suite from measures to marks and from self-score to publication, as its README says it."""

import json
import re
import unicodedata
from fractions import Fraction

import pytest
import reference_scoring
from conformance_cases import (
    CASES,
    NAMES,
    README,
    SKIPPED,
    assessed,
    evaluated,
    exactly,
    leaves_of,
    stepped,
)
from reference_rules import Document, Tree, block_of, treatments

import dti_core as dti
from dti_core.assessment import MOVES, Assessment, Assessments, to_marks
from dti_core.marks import Stage

MARKED = ("count", "reduce")
"""Treatments under which the mark of a leaf counts."""


@pytest.mark.parametrize("name", NAMES["expect_marks"])
def test_marks_from_measures(name: str) -> None:
    """The measures come to the marks that the case expects, missing and not applicable told apart."""
    case = CASES[name]
    result = evaluated(case)
    told = (result.exclusions()[name].tolist() for name in ("unit", "leaf", "treatment"))
    skipped = {(unit, leaf) for unit, leaf, treatment in zip(*told, strict=True) if treatment not in MARKED}

    said = {
        unit: {
            leaf: SKIPPED if (unit, leaf) in skipped else None if mark is None else Fraction(repr(mark))
            for leaf, mark in result.marks.of(unit).items()
        }
        for unit in result.units
    }

    assert said == {
        unit: {leaf: mark if mark == SKIPPED else exactly(mark) for leaf, mark in marks.items()}
        for unit, marks in case["expect_marks"].items()
    }


def slowly_scored(case: Document, unit: Document, leaf: Document) -> Fraction | str | None:
    """The mark of one unit by the slow reference; where zero and full marks would differ, it divides by 0."""
    rubric, code, measured = case["rubric"], leaf["code"], case["measures"]["units"]
    rule = leaf.get("scoring", {"kind": "direct", "rounding": "half_up"})
    decided = {each["code"]: treatments(Tree(rubric), rubric, case["measures"], each) for each in measured}
    out = [other for other, of_leaf in decided.items() if of_leaf.get(code, ("count",))[0] not in MARKED]
    if unit["code"] in out:
        return SKIPPED
    cohort = [
        each["measures"].get(code)
        for each in measured
        if each["code"] not in out
        and (rule.get("cohort") != "block" or block_of(rubric, each) == block_of(rubric, unit))
    ]
    maximum, cell = Fraction(str(leaf.get("mark_max", leaf["max_points"]))), unit["measures"].get(code)
    if rule.get("when_zero") == SKIPPED:
        if rule.get("best") == "lowest" and rule.get("to") != "min_max":
            cohort = [other for other in cohort if reference_scoring.size(rule, other) != 0]
        either = [
            reference_scoring.reference(rule | {"when_zero": zero}, maximum, cell, cohort)
            for zero in ("zero", "full_marks")
        ]
        points = either[0] if either[0] == either[1] else SKIPPED
    else:
        points = reference_scoring.reference(rule, maximum, cell, cohort)
    if points is None or isinstance(points, str):
        return points
    return reference_scoring.mark(rule, points, rubric.get("mark_decimals", 2))


@pytest.mark.parametrize("name", NAMES["expect_marks"])
def test_marks_by_the_reference(name: str) -> None:
    """The slow reference of the scoring kinds comes to the same marks; it is handed text in normal form."""
    case = json.loads(unicodedata.normalize("NFC", json.dumps(CASES[name], ensure_ascii=False)))
    leaves = leaves_of(case["rubric"]).values()

    for unit in case["measures"]["units"]:
        found = {leaf["code"]: slowly_scored(case, unit, leaf) for leaf in leaves}
        marks = case["expect_marks"][unit["code"]].items()
        assert found == {leaf: mark if mark == SKIPPED else exactly(mark) for leaf, mark in marks}


def points_of(assessment: Assessment, stage: Stage) -> dict[str, Fraction | None]:
    """The marks of a stage."""
    marks = to_marks([assessment], stage).of("a")
    return {leaf: None if mark is None else Fraction(repr(mark)) for leaf, mark in marks.items()}


def exactly_all(marks: Document) -> dict[str, Fraction | None]:
    """The numbers that texts stand for."""
    return {leaf: exactly(mark) for leaf, mark in marks.items()}


def total_of(assessment: Assessment, fields: Document) -> Document:
    """What the appraised marks and the decisions in force come to."""
    total = dti.evaluate(assessment.cycle.rubric, to_marks([assessment], "appraised")).total
    said = {"published": f"{total.published[0]:.2f}", "rank": int(total.ranks()[0]) or None}
    said["grade"] = total.grades()[0]
    return {field: said[field] for field in fields}


@pytest.mark.parametrize("name", NAMES["after"])
def test_after_the_moves(name: str) -> None:
    """State, what is lacking, marks, total and published versions are as the case has them, written and read too."""
    case = CASES[name]
    after, cohort = case["after"], assessed(case, case["moves"])
    made = cohort["a"]

    assert made.state == after["state"]
    if "problems" in after:
        assert {problem.where for problem in made.problems()} == {*after["problems"]}
    if "claims" in after:
        assert {problem.where for problem in made.claim_problems()} == {*after["claims"]}
    for stage in ("self", "appraised"):
        if stage in after:
            assert points_of(made, stage) == exactly_all(after[stage])
    if "total" in after:
        assert total_of(made, after["total"]) == after["total"]
    if "versions" in after:
        said = [(each.state, points_of(each, "appraised")) for each in made.versions]
        assert said == [(each["state"], exactly_all(each["appraised"])) for each in after["versions"]]
        for version, expected in zip(made.versions, after["versions"], strict=True):
            assert total_of(version, expected.get("total", {})) == expected.get("total", {})
    alone = Assessments(cohort.cycle, [made])
    if "assessments" in case:
        assert dti.to_document(alone) == case["assessments"]
    assert dti.load_assessments(dti.to_document(alone), cohort.cycle.rubric).units == (made,)


@pytest.mark.parametrize("name", NAMES["attempts"])
def test_attempts(name: str) -> None:
    """Each move leads from the state to the one that the case names, or is refused as a move."""
    case = CASES[name]
    start = assessed(case, case["moves"])

    for attempt in case["attempts"]:
        if attempt["to"] is not None:
            assert stepped(start, attempt)["a"].state == attempt["to"]
            continue
        with pytest.raises(dti.InvalidDocument) as caught:
            stepped(start, attempt)
        assert [problem.where for problem in caught.value.problems] == ["$.move"]


ROWS = re.findall(r"^\| ([a-z]+) \| (unit|council) \| (.* → .*) \| (.*) \| .* \|$", README, re.MULTILINE)
TABLE = {
    move: {
        "role": role,
        "leads": {
            state: state if to == "stays" else to
            for group in leads.split("; ")
            for states, to in [group.split(" → ")]
            for state in states.split(", ")
        },
        "writes": writes.split(", "),
    }
    for move, role, leads, writes in ROWS
}


def test_the_readme_says_what_may_be_done() -> None:
    """Its table of moves, read by itself, leads where the cases lead, and names whose move each is."""
    for name in NAMES["attempts"]:
        state = CASES[name]["after"]["state"]
        said = {attempt["move"]: attempt["to"] for attempt in CASES[name]["attempts"]}
        assert said == {move: row["leads"].get(state) for move, row in TABLE.items()}
    assert {move: row["role"] for move, row in TABLE.items()} == {
        name: move.role for name, move in MOVES.items()
    }


def replayed(case: Document) -> tuple[str, dict[str, Document]]:
    """The state and the entries after the moves of a case, by the table of the README alone."""
    state, entries = "open", {leaf: Document() for leaf in leaves_of(case["rubric"])}
    for move in case["moves"]:
        if move.get("of") == "round":
            concerned = [each.get("units", "a") for each in (move.get("exclusions") or {}).values() if each]
            amends = move["move"] == "amend" and any("a" in units for units in concerned)
            state = "amended" if amends and state in ("published", "amended") else state
            continue
        row = TABLE[move["move"]]
        state = row["leads"][state]
        for leaf, written in move.get("entries", {}).items():
            assert not written or set(written) <= set(row["writes"])
            renewed = {"refusal": None} if "claim" in written else {}
            entries[leaf] |= renewed | written
    return state, entries


def decisions_of(case: Document) -> list[Document]:
    """The exclusions in force after the moves of a case."""
    decided: dict[tuple[str, str], Document | None] = {}
    for move in case["moves"]:
        decided |= {
            (move.get("of", ""), code): value for code, value in (move.get("exclusions") or {}).items()
        }
    return [value for value in decided.values() if value]


def lacking(case: Document, entries: dict[str, Document]) -> set[str]:
    """The leaves whose self marks lack evidence or an explanation, as the rule of the README says."""
    rubric, decisions = case["rubric"], {"exclusions": decisions_of(case)}
    excluded = treatments(Tree(rubric), rubric, decisions, {"code": "a"})
    needed = rubric.get("policy", {}).get("evidence", "optional")
    return {
        leaf
        for leaf, entry in entries.items()
        if leaves_of(rubric)[leaf].get("evidence", needed) == "required" and leaf not in excluded
        if entry.get("points") is not None or entry.get("measures") is not None
        if not entry.get("explanation") and not (entry.get("evidence") and entry.get("covers", True))
    }


@pytest.mark.parametrize("name", NAMES["after"])
def test_after_the_moves_by_the_readme(name: str) -> None:
    """State, marks, claims and what is lacking follow from what was written last, as the README says."""
    case = CASES[name]
    after, (state, entries) = case["after"], replayed(case)
    unproven = lacking(case, entries)

    assert state == after["state"]
    if "problems" in after:
        assert {f"$.entries['{leaf}']" for leaf in unproven} == set(after["problems"])
    if "claims" in after:
        members = {leaf for decision in decisions_of(case) for leaf in decision["members"]}
        claims = {leaf for leaf, entry in entries.items() if entry.get("claim") and not entry.get("refusal")}
        assert {f"$.entries['{leaf}'].claim" for leaf in claims - members} == set(after["claims"])
    for leaf, mark in after.get("appraised", {}).items():
        assert entries[leaf].get("appraised") == (mark and float(mark))
    for leaf, mark in after.get("self", {}).items():
        if "measures" in entries[leaf]:
            rule = leaves_of(case["rubric"])[leaf]
            own = reference_scoring.reference(
                rule["scoring"],
                Fraction(rule["max_points"]),
                entries[leaf]["measures"],
                [entries[leaf]["measures"]],
            )
        else:
            own = entries[leaf].get("points")
        zero = leaf in unproven and case["rubric"]["policy"].get("unproven") == "zero"
        assert (0 if zero else own) == (mark and float(mark))


@pytest.mark.parametrize("name", sorted({*NAMES["moves"]} & {*NAMES["refused"]}))
def test_the_last_move_is_refused(name: str) -> None:
    """Where a case ends in a refusal, the moves before the last are all allowed."""
    assert assessed(CASES[name], CASES[name]["moves"][:-1])
