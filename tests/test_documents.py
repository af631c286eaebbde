"""Reading and writing documents: lossless, strict, and the same for files and for parsed documents."""

import copy
import json
import unicodedata
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from full_documents import FULL, FULL_MARKS, Document
from hypothesis import assume, given
from strategies import documents

import dti_core as dti
from dti_core.documents import bundled_marks, check
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


def test_files_and_parsed_documents_read_alike(tmp_path: Path) -> None:
    """A path, its text, a parsed document and any other mapping give the same rubric."""
    path = saved(tmp_path, RUBRIC)
    sources: list[Any] = [path, str(path), RUBRIC, MappingProxyType(RUBRIC)]

    assert len({dti.load_rubric(source) for source in sources}) == 1


def test_byte_order_mark(tmp_path: Path) -> None:
    """A file that a Windows editor marked as UTF-8 is read."""
    path = tmp_path / "rubric.json"
    path.write_text(json.dumps(RUBRIC), "utf-8-sig")

    assert dti.load_rubric(path) == dti.load_rubric(RUBRIC)


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
    marks = {"schema": "dti-core/marks/1", "rubric": "r", "units": [{"code": "u", "marks": {decomposed: 5}}]}
    sheet = dti.load_marks(marks, dti.load_rubric(document))

    assert sheet.rubric.indices[0] == dti.Index(composed, composed, 10)
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


def test_rubric_by_code() -> None:
    """Text without a suffix is a bundled rubric; one that is not there is told apart by the nearest that is."""
    assert dti.load_rubric("vn-922-province").code == "vn-922-province"
    with pytest.raises(dti.UnknownCode, match=r"vn-1726-province.*did you mean 'vn-922-province'"):
        dti.load_rubric("vn-922-provinces")


@pytest.mark.parametrize("code", ["../rubrics/vn-922-province", "", "a\0b", "C:", "*"])
def test_codes_are_not_paths(code: str) -> None:
    """A bundled code cannot lead out of the library."""
    with pytest.raises(dti.UnknownCode):
        dti.load_rubric(code)


def test_missing_file(tmp_path: Path) -> None:
    """A path that leads nowhere is Python's own FileNotFoundError."""
    with pytest.raises(FileNotFoundError):
        dti.load_rubric(tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError):
        dti.load_marks("nowhere.json", dti.load_rubric(RUBRIC))


def test_json_text_is_not_a_path() -> None:
    """JSON text handed over in place of a path is told apart from a path."""
    with pytest.raises(dti.InvalidArgument, match=r"json\.loads"):
        dti.load_rubric(json.dumps(RUBRIC))


def test_only_documents_are_written() -> None:
    """Asking for the document of anything else says what has one."""
    with pytest.raises(dti.InvalidArgument, match="Rubric"):
        dti.to_document(3)  # type: ignore[arg-type, call-overload, unused-ignore]


def test_unwritable_numbers() -> None:
    """A number with more digits than JSON readers keep is refused rather than rounded."""
    attribute = dti.Attribute(minimum=Decimal("0.12345678901234567890"))
    rubric = dti.Rubric("r", "r", [dti.Index("1", "x", 1)], attributes={"a": attribute})

    with pytest.raises(dti.InvalidArgument, match="digits"):
        dti.to_document(rubric)


def test_check(tmp_path: Path) -> None:
    """A document of either kind is checked by its schema key; marks find a bundled rubric by its code."""
    bundled = bundled_marks("vn-922-province-2022")

    assert check(saved(tmp_path, RUBRIC)) == check(bundled) == check(MARKS, dti.load_rubric(RUBRIC)) == ()
    assert [problem.path for problem in check(MARKS)] == [("rubric",)]
    assert [problem.path for problem in check({})] == [("schema",)]
