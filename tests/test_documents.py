"""Reading and writing documents: lossless, strict, and the same for files and for parsed documents."""

import copy
import json
import subprocess
import sys
import unicodedata
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from full_documents import FULL, FULL_MARKS, MEASURED, MEASURES, Document
from hypothesis import assume, given
from strategies import documents

import dti_core as dti
from dti_core.documents import check
from dti_core.documents.schema import schema

RUBRIC: Document = schema("rubric")["examples"][0]
MARKS: Document = schema("marks")["examples"][0]


def saved(folder: Path, document: object) -> Path:
    """The document as a file."""
    path = folder / "document.json"
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    return path


def test_example_rubric_is_kept() -> None:
    """The rubric of the schema is written as it was read; what is at its default is left out."""
    expected = copy.deepcopy(RUBRIC)
    del expected["policy"], expected["mark_decimals"]

    assert dti.to_document(dti.load_rubric(RUBRIC)) == expected


def test_every_key_of_a_rubric_is_kept() -> None:
    """A rubric that uses every key is written as it was read, and reads as an equal rubric."""
    rubric = dti.load_rubric(FULL)

    assert dti.to_document(rubric) == FULL
    assert dti.load_rubric(json.loads(json.dumps(dti.to_document(rubric)))) == rubric


def test_every_key_of_marks_is_kept() -> None:
    """Marks that use every key are written as they were read, true apart from 1 and null apart from 0."""
    rubric = dti.load_rubric(FULL)
    sheet = dti.load_marks(FULL_MARKS, rubric)

    assert repr(dti.to_document(sheet)) == repr(FULL_MARKS)
    assert dti.load_marks(dti.to_document(sheet), rubric) == sheet


def test_example_marks_are_kept() -> None:
    """The marks of the schema are written as they were read, down to the order of keys."""
    sheet = dti.load_marks(MARKS, dti.load_rubric(RUBRIC))

    assert json.dumps(dti.to_document(sheet)) == json.dumps(MARKS)


@given(documents())
def test_random_documents_are_kept(pair: tuple[Document, Document]) -> None:
    """Whatever rubric and marks can be read, reading what was written gives them again."""
    try:
        rubric = dti.load_rubric(pair[0])
        sheet = dti.load_marks(pair[1], rubric)
    except dti.InvalidDocument:
        assume(False)  # noqa: FBT003 - the drawn sources contradict one another

    assert dti.load_rubric(json.loads(json.dumps(dti.to_document(rubric)))) == rubric
    assert dti.load_marks(json.loads(json.dumps(dti.to_document(sheet))), rubric) == sheet


@pytest.mark.parametrize("code", dti.bundled_rubrics())
def test_bundled_rubrics_are_kept(code: str) -> None:
    """Every bundled rubric survives writing and reading."""
    rubric = dti.load_rubric(code)

    assert dti.load_rubric(dti.to_document(rubric)) == rubric


def test_sound_documents_are_read_without_the_schema_library() -> None:
    """A program that reads and writes sound documents never waits for the library that explains wrong ones."""
    code = (
        "import json, sys, dti_core as d\n"
        "rubric, marks = json.load(sys.stdin)\n"
        "rubric = d.load_rubric(rubric)\n"
        "result = d.evaluate(rubric, d.load_marks(marks, rubric))\n"
        "d.load_result(json.dumps(d.to_document(result)))\n"
        "print('jsonschema' in sys.modules)\n"
    )
    command = [sys.executable, "-X", "utf8", "-c", code]
    pair = json.dumps([FULL, FULL_MARKS])
    finished = subprocess.run(command, input=pair, check=True, capture_output=True, encoding="utf-8")

    assert finished.stdout == "False\n"


def test_keys_stand_in_the_documented_order() -> None:
    """Keys are written in the order the schema lists them, whatever order they were read in."""
    backwards = dict(reversed(FULL.items()))
    backwards["exclusions"] = [dict(reversed(rule.items())) for rule in FULL["exclusions"]]
    written = dti.to_document(dti.load_rubric(backwards))

    assert list(written) == [key for key in schema("rubric")["properties"] if key in FULL]
    assert list(written["exclusions"][0]) == ["code", "when", "members", "treatment", "by", "reason", "basis"]


def test_lists_keep_their_order() -> None:
    """Indices, units, attributes and custom data stay in the order of the document."""
    rubric = dti.load_rubric(FULL)
    sheet = dti.load_marks(FULL_MARKS, rubric)

    assert [index.code for index in rubric.indices] == ["1", "b", "p"]
    assert rubric.tree.leaves == ("1.1", "1.2", "1.10", "b1", "b2", "p")
    assert sheet.units == ("b", "a")
    assert list(sheet.attributes) == ["kind", "size", "flag", "note"]


def test_what_was_given_is_left_alone() -> None:
    """Neither reading nor writing changes a document, and what is written is the caller's own."""
    before = copy.deepcopy((FULL, FULL_MARKS))
    rubric = dti.load_rubric(FULL)
    written = dti.to_document(rubric)
    written["custom"]["list"].append("mine")
    dti.to_document(dti.load_marks(FULL_MARKS, rubric))["units"][0]["custom"]["phone"].append(3)

    assert before == (FULL, FULL_MARKS)
    assert dti.to_document(rubric) == FULL


def test_text_is_normalised() -> None:
    """Codes and names typed as letters and separate accents match those typed as one character."""
    composed = "Số hoá"
    decomposed = unicodedata.normalize("NFD", composed)
    index = {"code": decomposed, "title": decomposed, "max_points": 10}
    document = {"schema": "dti-core/rubric/1", "code": "r", "title": "r", "indices": [index]}
    marks = {
        "schema": "dti-core/marks/1",
        "rubric": "r",
        "units": [{"code": decomposed, "marks": {decomposed: 5}, "attributes": {decomposed: decomposed}}],
    }
    sheet = dti.load_marks(marks, dti.load_rubric(document))

    assert sheet.rubric.indices[0] == dti.Index(composed, composed, 10)
    assert (sheet.units, [*sheet.attributes], sheet.attributes[composed].of(0)) == (
        (composed,),
        [composed],
        composed,
    )
    assert dti.to_document(sheet)["units"][0]["marks"] == {composed: 5}


def test_numbers_are_the_decimals_they_print_as() -> None:
    """1.005 in a document is exactly 1.005, and whole numbers are written without a point."""
    document = {
        "schema": "dti-core/rubric/1", "code": "r", "title": "r", "mark_decimals": 3.0,
        "indices": [{"code": "1", "title": "x", "max_points": 1.005}, {"code": "2", "title": "x", "max_points": 2.0}],
    }  # fmt: skip
    rubric = dti.load_rubric(document)

    assert rubric.indices[0].max_points == Decimal("1.005")
    assert json.dumps([index["max_points"] for index in dti.to_document(rubric)["indices"]]) == "[1.005, 2]"


def test_absent_and_null_marks_are_missing() -> None:
    """A leaf left out and a leaf marked null are both missing, and are written as null."""
    rubric = dti.load_rubric(FULL)
    marks = copy.deepcopy(FULL_MARKS)
    marks["units"][1]["marks"] = {"p": None}
    sheet = dti.load_marks(marks, rubric)

    assert np.isnan(sheet.ticks[1]).all()
    assert dti.to_document(sheet) == FULL_MARKS


def test_marks_without_units() -> None:
    """A round that nobody has entered yet can be read."""
    sheet = dti.load_marks(
        {"schema": "dti-core/marks/1", "rubric": "everything", "units": []}, dti.load_rubric(FULL)
    )

    assert sheet.units == ()


@pytest.mark.parametrize("thing", [3, None, FULL, dti.Index("1", "x", 1), dti.Rubric])
def test_only_documents_are_written(thing: Any) -> None:
    """Asking for the document of anything else says what has one."""
    with pytest.raises(dti.InvalidArgument, match="Rubric"):
        dti.to_document(thing)


SIXTY = 60 + Fraction(1, 10**16)


@pytest.mark.parametrize(
    "fields",
    [
        {"attributes": {"a": dti.Attribute(minimum=Decimal("0.12345678901234567890"))}},
        {"bands": [dti.Band("a", "A", 50, requires=[dti.NodeCondition("1", at_least=SIXTY)]), dti.Band("b", "B", 0)]},
    ],
    ids=["decimal", "fraction"],
)  # fmt: skip
def test_unwritable_numbers(fields: Any) -> None:
    """A number with more digits than JSON readers keep is refused rather than rounded."""
    rubric = dti.Rubric("r", "r", [dti.Index("1", "x", 1)], **fields)

    with pytest.raises(dti.InvalidArgument, match="digits"):
        dti.to_document(rubric)


def test_check(tmp_path: Path) -> None:
    """A document of either kind is checked by its schema key; marks find a bundled rubric by its code."""
    bundled = dti.to_document(dti.load_marks("vn-922-province-2022", "vn-922-province"))

    assert check(saved(tmp_path, RUBRIC)) == check(bundled) == check(MARKS, dti.load_rubric(RUBRIC)) == ()
    assert [problem.path for problem in check(MARKS)] == [("rubric",)]
    assert [problem.path for problem in check({})] == [("schema",)]


# Measures


def test_measures_are_kept() -> None:
    """Measures are read as measures, and written as they were read; scored, they are written as marks."""
    measures = dti.load_measures(MEASURES, MEASURED)
    sheet = dti.score(measures)

    assert isinstance(measures, dti.Measures)
    assert repr(dti.to_document(measures)) == repr(MEASURES)
    assert dti.load_measures(json.dumps(dti.to_document(measures)), MEASURED) == measures
    assert sheet.of("a") == {"1": 15.5, "2": 10, "3": 4.5}
    assert dti.to_document(sheet)["schema"] == "dti-core/marks/1"
    assert dti.load_marks(dti.to_document(sheet), MEASURED).ticks.tobytes() == sheet.ticks.tobytes()


def test_check_scores_measures() -> None:
    """Measures that can be read but not scored are refused by a check, beside what keeps them from being read."""
    document = copy.deepcopy(MEASURES)
    document["units"][0]["measures"]["1"] = {"a": 41, "b": 40}
    assert np.asarray(dti.load_measures(document, MEASURED).columns["1", "a"])[0] == 41

    document["units"][1]["measures"]["2"] = "yes"
    places = {problem.where for problem in check(document, MEASURED)}

    assert places == {"$.units[0].measures['1']", "$.units[1].measures['2']"}
