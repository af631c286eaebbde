"""The conformance suite says what the library does, what the slow reference does, and what its README lists."""

import base64
import json
import re
import unicodedata
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import reference
import reference_ranks
import reference_results
from conformance_cases import (
    CASES,
    FOLDER,
    NAMES,
    README,
    assessed,
    evaluated,
    exactly,
    marks_of,
    published,
)
from reference_rules import Document

import dti_core as dti
from dti_core.documents.canonical import canonical
from dti_core.documents.columns import exact_text
from dti_core.documents.schema import DocumentKind, shape_problems

OTHER = {"library": {"name": "other", "version": "1"}}
NUMBERS = ("points", "applicable", "rate", "score", "completeness", "coverage")


def in_normal_form(name: str) -> Document:
    """A case with its text in normal form, as a reader hands it on."""
    case: Document = json.loads(unicodedata.normalize("NFC", json.dumps(CASES[name], ensure_ascii=False)))
    return case


def printed(value: float, decimals: int) -> str | None:
    """A published value as text with its decimals; the doubles of the suite have few enough digits."""
    return None if value != value else f"{Decimal(repr(float(value))):.{decimals}f}"


def told(result: dti.Result, row: int, node: str, fields: Document) -> Document:
    """What the library says of a unit at a node, in the fields that a case expects."""
    scores = result[node]
    decimals = scores.publish.decimals
    said: Document = {}
    for field in NUMBERS:
        value = scores.exact(field)[row]  # type: ignore[arg-type]
        said[field] = None if value is None else exact_text(value)
    said["published"] = printed(scores.published[row], decimals)
    said["rank"] = int(scores.ranks()[row]) or None
    said["grade"] = scores.grades()[row]
    return {field: said[field] for field in fields}


@pytest.mark.parametrize("name", NAMES["expect"])
def test_library(name: str) -> None:
    """Every number, published value, rank and grade of the case comes out exactly."""
    case = CASES[name]
    result = evaluated(case)

    for row, unit in enumerate(result.units):
        for node, fields in case["expect"].get(unit, {}).items():
            assert told(result, row, node, fields) == fields, (unit, node)
    assert set(case["expect"]) <= set(result.units)
    for asked in case.get("ranks", ()):
        ranks = result[asked["node"]].ranks(by=asked["by"], ties=asked.get("ties"))
        assert {unit: rank or None for unit, rank in zip(result.units, ranks.tolist(), strict=True)} == asked[
            "expect"
        ]
    for asked in case.get("published_as", ()):
        values = result[asked["node"]].published_as(asked["as"], asked["decimals"]).tolist()
        shown = [printed(value, asked["decimals"]) for value in values]
        assert dict(zip(result.units, shown, strict=True)) == asked["expect"]


@pytest.mark.parametrize("name", NAMES["expect"])
def test_reference(name: str) -> None:
    """The slow reference, which shares no line with the library, gives the same; it is handed text in normal form."""
    case = in_normal_form(name)
    marks = case["marks"] if "marks" in case else marks_of(case)
    found = reference.evaluate(case["rubric"], marks, case.get("policy"))
    grades = reference_ranks.grades(found)

    for unit, nodes in case["expect"].items():
        for node, fields in nodes.items():
            record = found["units"][unit][node]
            for field in (*NUMBERS, "published"):
                assert exactly(fields[field]) == getattr(record, field), (unit, node, field)
            assert fields["rank"] == (reference_ranks.ranks(found, node)[unit] or None), (unit, node)
            assert fields.get("grade") == (grades[unit] if node == "total" else record.grade), (unit, node)
    for asked in case.get("ranks", ()):
        ranks = reference_ranks.ranks(found, asked["node"], asked["by"], asked.get("ties"))
        assert {unit: rank or None for unit, rank in ranks.items()} == asked["expect"]
    for asked in case.get("published_as", ()):
        shown = reference_ranks.published_as(found, asked["node"], asked["as"], asked["decimals"])
        assert {unit: exactly(value) for unit, value in asked["expect"].items()} == shown


def refuse(case: Document, folder: Path) -> None:
    """Read, and where that can be done evaluate, what a case gives."""
    if "result" in case:
        dti.load_result(case["result"])
    elif "text" in case or "base64" in case:
        file = folder / "case.json"
        file.write_bytes(base64.b64decode(case["base64"]) if "base64" in case else case["text"].encode())
        dti.load_rubric(file)
    elif "moves" in case:
        assessed(case, case["moves"])
    elif "assessments" in case:
        dti.load_assessments(case["assessments"], dti.load_rubric(case["rubric"]))
    elif "marks" in case or "measures" in case:
        evaluated(case)
    else:
        dti.load_rubric(case["rubric"])


@pytest.mark.parametrize("name", NAMES["refused"])
def test_refused(name: str, tmp_path: Path) -> None:
    """The document is refused, with a problem at every place that the case names."""
    case = CASES[name]
    with pytest.raises(dti.InvalidDocument) as caught:
        refuse(case, tmp_path)

    places = {problem.where for problem in caught.value.problems}
    assert {each["path"] for each in case["refused"] if "path" in each} <= places
    for part in (each["within"] for each in case["refused"] if "within" in each):
        assert any(re.match(rf"{re.escape(part)}(?=\W|$)", place) for place in places), part


@pytest.mark.parametrize("name", NAMES["canonical"])
def test_canonical(name: str) -> None:
    """The canonical form of a value, or of what is hashed of a rubric or marks, and its hash are as in the case."""
    case = CASES[name]
    if "value" in case:
        assert canonical(case["value"]) == case["canonical"]
        return
    rubric = dti.load_rubric(case["rubric"])
    thing = dti.load_marks(case["marks"], rubric) if "marks" in case else rubric

    assert dti.canonical_form(thing).decode() == case["canonical"]
    assert dti.sha256(thing) == case["sha256"]


@pytest.mark.parametrize("name", [name for name in NAMES["result"] if name not in NAMES["refused"]])
def test_result_documents(name: str) -> None:
    """The result document of a case is the one it gives, and is read."""
    case = CASES[name]
    if "rubric" in case:
        written = dti.to_document(published(case))
        del written["library"]
        assert written == case["result"]
    read = dti.load_result(OTHER | case["result"])

    assert dti.to_document(read) == OTHER | case["result"]


WRITTEN = [name for name in NAMES["result"] if "marks" in CASES[name] and "merged" not in CASES[name]]
MERGED = [name for name in NAMES["result"] if "merged" in CASES[name]]


@pytest.mark.parametrize("name", MERGED)
def test_merged_numbers(name: str) -> None:
    """Of merged units the slow reference, of each former one, has the mean: at all nodes, or at indices and in them."""
    case = in_normal_form(name)
    found = reference.evaluate(case["rubric"], case["marks"])["units"]
    by_index = case["merged"].get("mean_of") == "indices"
    read = dti.load_result(OTHER | case["result"])

    for unit in case["merged"]["units"]:
        for node, score in read.of(unit["code"]).items():
            records = [found[former][node] for former in unit["merged"]]
            scores = [each.score for each in records if each.score is not None]
            if node == "total" and by_index:
                continue
            whole = scores and (by_index or len(scores) == len(records))
            assert score.score == (sum(scores) / len(scores) if whole else None), (unit, node)
            points = [each.points for each in records if each.score is not None or not by_index]
            assert score.points == (sum(points) / len(points) if points else 0), (unit, node)


@pytest.mark.parametrize("name", WRITTEN)
def test_written_numbers(name: str) -> None:
    """The slow reference comes to every number, rank and grade of a result document of the suite."""
    case = in_normal_form(name)
    found = reference.evaluate(case["rubric"], case["marks"])
    grades = reference_ranks.grades(found)

    for node, scores in ((node, dti.load_result(OTHER | case["result"])[node]) for node in found["nodes"]):
        ranks = reference_ranks.ranks(found, node)
        for unit, score in scores.items():
            record = found["units"][unit][node]
            assert score.rank == (ranks[unit] or None), (unit, node)
            assert score.grade == (grades[unit] if node == "total" else record.grade), (unit, node)
            for field in (*NUMBERS, "published"):
                assert getattr(score, field) == getattr(record, field), (unit, node, field)


@pytest.mark.parametrize("name", WRITTEN)
def test_written_reasons(name: str) -> None:
    """A result document of the suite lists who says what of a unit, against whom, as its README has it."""
    case = in_normal_form(name)
    rubric, marks, result = case["rubric"], case["marks"], case["result"]

    for key, name_there in (("exclusions", "rulings"), ("grade_limits", "grade_limits")):
        told = [
            (ruling["source"], ruling["reason"], ruling["basis"]) for ruling in result.get(name_there, [])
        ]
        rulings = reference_results.rulings(rubric, marks, key)
        assert told == [(source, one["reason"], one["basis"]) for source, one in rulings]
    for written, unit in zip(result["units"], marks["units"], strict=True):
        asides = [{"rulings": [], "overrules": []} | aside for aside in written.get("excluded", [])]
        whys = [
            {key: aside[key] for key in ("leaf", "treatment", "rulings", "overrules")} for aside in asides
        ]
        assert whys == list(reference_results.excluded(rubric, marks, unit)), unit["code"]
        limits = reference_results.places(rubric, marks, unit, "grade_limits")
        assert written.get("grade_limits", []) == [*chain(*limits.values())], unit["code"]


SCHEMAS: dict[DocumentKind, str] = {
    "rubric": "rubric",
    "marks": "marks",
    "measures": "measures",
    "assessment": "assessments",
}


def test_documents_fit_their_schemas() -> None:
    """Whatever the suite expects to be read has the shape that the schemas describe."""
    wrong = [
        (name, kind, str(problem))
        for name, case in CASES.items()
        if "refused" not in case
        for kind, key in SCHEMAS.items()
        if key in case
        for problem in shape_problems(kind, case[key])
    ]

    assert wrong == []


def test_names_and_descriptions() -> None:
    """Names are given once; every case says in both languages what it shows, and gives one kind of answer."""
    given = [
        case["name"]
        for file in FOLDER.glob("*.json")
        for case in json.loads(file.read_text("utf-8"))["cases"]
    ]

    assert len(given) == len(CASES) >= 80
    assert all(set(case["description"]) == {"vi", "en"} for case in CASES.values())
    answers = {"expect", "expect_marks", "refused", "canonical", "result", "after"}
    assert [name for name, case in CASES.items() if not answers & set(case)] == []


def test_readme_lists_every_rule_and_case() -> None:
    """The README's table has every rule with all of its cases, and names no other."""
    rows = re.findall(r"^\| `([\w-]+)` \| .* \| (.*) \|$", README, re.MULTILINE)
    listed = {rule: cases.split(", ") for rule, cases in rows}
    used: dict[str, list[Any]] = {}
    for name, case in CASES.items():
        for rule in case["rules"]:
            used.setdefault(rule, []).append(name)

    assert listed == used
