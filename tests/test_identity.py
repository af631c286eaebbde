"""Hashes that other software comes to as well, and rubrics that were edited under one code."""

import copy
import hashlib
import json
from decimal import Decimal
from typing import Any

import attrs
import pytest
from full_documents import FULL, FULL_MARKS, MEASURED, MEASURES
from hypothesis import example, given, reject, settings
from hypothesis import strategies as st
from reference_rules import Document
from strategies import documents

import dti_core as dti
from dti_core import analysis
from dti_core.documents.canonical import canonical

RUBRIC = dti.load_rubric("vn-922-province")
MARKS = dti.load_marks("vn-922-province-2022", RUBRIC)
EDITED = attrs.evolve(RUBRIC, title="Đã sửa giữa năm")


def published(rubric: dti.Rubric) -> dti.PublishedResult:
    """What the bundled marks come to by a rubric, as it is read back."""
    marks = dti.load_marks(dti.to_document(MARKS), rubric)
    return dti.load_result(json.dumps(dti.to_document(dti.evaluate(rubric, marks))))


def assessments() -> Any:
    """The assessments of nobody, by the bundled rubric."""
    return dti.load_assessments(
        {"schema": "dti-core/assessments/1", "rubric": RUBRIC.code, "units": []}, RUBRIC
    )


# The canonical form


def slowly(value: Any) -> str:
    """RFC 8785 by the letter: keys by UTF-16 code units, numbers as ECMAScript writes them."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: [*key.encode("utf-16-be")])
        return "{" + ",".join(f"{slowly(key)}:{slowly(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(slowly, value)) + "]"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return json.dumps(value, ensure_ascii=False)
    return "0" if value == 0 else "-" * (value < 0) + ecmascript(abs(float(value)))


def ecmascript(value: float) -> str:
    """A double above 0: its shortest digits s, and n, how many of them stand before the point."""
    _, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    s, n = "".join(map(str, digits)), len(digits) + int(exponent)
    if 0 < n <= 21:
        return s[:n].ljust(n, "0") + (f".{s[n:]}" if s[n:] else "")
    if -6 < n <= 0:
        return f"0.{'0' * -n}{s}"
    return f"{s[0]}{f'.{s[1:]}' if s[1:] else ''}e{n - 1:+d}"


NUMBERS = st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=100)
@given(VALUES)
@example(
    {
        "100%s": 1,
        "%": {"%d": None},
        '"': 2.50,
        "\\": -0.0,
        "\U0001f600": 1e-7,
        "\ufb33": 123456789012345680000,
    }
)
@example([True, 1, 1.0, False, 0, {"a": True, "b": 1}, {"a": 1, "b": True}, 9007199254740993, 1e-6, 5e-324])
def test_the_canonical_form_is_that_of_the_rfc(value: Any) -> None:
    """Any JSON value is written as RFC 8785 has it, whatever stands beside it; true is not 1."""
    assert canonical(value) == slowly(value)


# Hashes


def test_what_is_equal_has_one_hash() -> None:
    """The hash is that of the canonical form, and the same however a document is written: keys, defaults, free data."""
    document = dti.to_document(RUBRIC)
    otherwise = {**dict(reversed(document.items())), "custom": {"ghi chú": "x"}, "grade_limits": []}

    assert dti.sha256(RUBRIC) == hashlib.sha256(dti.canonical_form(RUBRIC)).hexdigest()
    assert dti.sha256(dti.load_rubric(json.dumps(otherwise, indent=1))) == dti.sha256(RUBRIC)
    assert dti.sha256(MARKS) == dti.sha256(dti.load_marks(dti.to_document(MARKS), RUBRIC))
    assert dti.sha256(attrs.evolve(MARKS, unit_custom={MARKS.units[0]: {"id": 1}})) == dti.sha256(MARKS)
    assert dti.to_document(dti.evaluate(RUBRIC, MARKS))["rubric"]["sha256"] == dti.sha256(RUBRIC)


@settings(max_examples=25)
@given(documents())
def test_marks_are_hashed_as_they_are_written(pair: tuple[Document, Document]) -> None:
    """What is hashed of any marks is their document, free data aside, in canonical form."""
    try:
        marks = dti.load_marks(pair[1], pair[0])
    except dti.InvalidDocument:
        reject()  # the drawn sources contradict one another
    written = dti.to_document(marks)
    written.pop("custom", None)
    for unit in written["units"]:
        unit.pop("custom", None)

    assert dti.canonical_form(marks).decode() == slowly(written)


def test_what_counts_has_another_hash() -> None:
    """A title, a mark, the order of units, a name or a reason that changes gives another hash."""
    first = MARKS.units[0]
    leaf = RUBRIC.tree.leaves[0]
    hashes = {
        dti.sha256(thing)
        for thing in (
            RUBRIC,
            EDITED,
            MARKS,
            MARKS.with_marks({first: {leaf: None}}),
            MARKS.without([first]),
            dti.MarkSheet.concat([MARKS.without([first]), MARKS.without(MARKS.units[1:])]),
            attrs.evolve(MARKS, names=["Khác"] * len(MARKS.units)),
            attrs.evolve(MARKS, pinned=True),
        )
    }

    assert len(hashes) == 8


def test_a_result_is_hashed_whole_but_for_the_software() -> None:
    """A result read back has the hash of the result; another library gives the same, other free data another."""
    result = dti.evaluate(RUBRIC, MARKS)
    read = published(RUBRIC)
    elsewhere = dti.load_result(dti.to_document(read) | {"library": {"name": "khác", "version": "9"}})

    assert dti.sha256(result) == dti.sha256(read) == dti.sha256(elsewhere)
    assert dti.sha256(attrs.evolve(read, custom={"nguồn": "x"})) != dti.sha256(read)
    assert dti.sha256(read) != dti.sha256(published(EDITED))


def test_whatever_has_a_document_has_a_hash() -> None:
    """Measures and assessments are hashed too; a document is read first, for it may be written in many ways."""
    measures = dti.load_measures(MEASURES, MEASURED)

    assert dti.sha256(measures) == dti.sha256(dti.load_measures(dti.to_document(measures), MEASURED))
    assert dti.sha256(assessments()) == dti.sha256(assessments())
    for other in (dti.to_document(RUBRIC), b"{}", None):
        with pytest.raises(dti.InvalidArgument, match="have a document"):
            dti.sha256(other)  # type: ignore[arg-type]


# Marks of one rubric and no other


def test_marks_may_name_the_very_rubric() -> None:
    """A hash in marks is checked when they are read, kept, and written again; made here it is asked for with pinned."""
    document = dti.to_document(MARKS) | {"rubric_sha256": dti.sha256(RUBRIC)}
    kept = dti.load_marks(document, RUBRIC)

    assert kept.pinned
    assert kept != MARKS
    assert dti.to_document(kept) == document
    assert [*dti.to_document(kept)][:3] == ["schema", "rubric", "rubric_sha256"]
    assert attrs.evolve(MARKS, pinned=True) == kept
    assert dti.MarkSheet.concat([MARKS.without(MARKS.units[2:]), kept.without(MARKS.units[:2])]).pinned
    assert "rubric_sha256" not in dti.to_document(MARKS)


def test_measures_may_name_the_very_rubric() -> None:
    """A hash in measures is checked, kept and written again, and goes over to the marks that they come to."""
    document = MEASURES | {"rubric_sha256": dti.sha256(MEASURED)}
    measures = dti.load_measures(document, MEASURED)

    assert dti.to_document(measures)["rubric_sha256"] == dti.sha256(MEASURED)
    assert dti.to_document(dti.score(measures))["rubric_sha256"] == dti.sha256(MEASURED)
    with pytest.raises(dti.InvalidDocument, match="rubric_sha256"):
        dti.load_measures(document, attrs.evolve(MEASURED, title="Khác"))


def test_marks_of_an_edited_rubric_are_refused() -> None:
    """The refusal names both hashes and the ways out in either language, and hides no other problem."""
    document = dti.to_document(attrs.evolve(MARKS, pinned=True))
    document["units"][0]["marks"]["1"] = -1
    document["unit"] = []

    with pytest.raises(dti.InvalidDocument) as caught:
        dti.load_marks(document, EDITED)

    told = {problem.where: problem for problem in caught.value.problems}
    assert told.keys() == {"$.unit", "$.rubric_sha256", "$.units[0].marks['1']"}
    refusal = told["$.rubric_sha256"]
    for text in (refusal.text("vi"), refusal.text("en")):
        assert dti.sha256(RUBRIC) in text
        assert dti.sha256(EDITED) in text
    assert "hãy nạp đúng bản" in refusal.text("vi")
    assert "take this key out" in refusal.text("en")
    del document["rubric_sha256"], document["unit"]
    document["units"][0]["marks"]["1"] = 0
    assert dti.load_marks(document, EDITED).rubric == EDITED


@pytest.mark.parametrize("stated", ["", "x" * 5000, "0" * 64, 1, None, [], "A" * 64])
def test_what_is_no_hash_of_the_rubric_is_refused(stated: Any) -> None:
    """Anything but the very hash is refused at its key, briefly."""
    with pytest.raises(dti.InvalidDocument) as caught:
        dti.load_marks(dti.to_document(MARKS) | {"rubric_sha256": stated}, RUBRIC)

    assert [problem.where for problem in caught.value.problems] == ["$.rubric_sha256"]
    assert len(str(caught.value)) < 500


def test_full_documents_may_be_pinned() -> None:
    """Marks that use every key are kept with the hash of their rubric as well."""
    rubric = dti.load_rubric(FULL)
    document = {**copy.deepcopy(FULL_MARKS), "rubric_sha256": dti.sha256(rubric)}

    assert dti.to_document(dti.load_marks(document, rubric)) == document


# Movement


def movement_of(previous: Any, current: Any) -> analysis.Movement:
    """The movement between two rounds of the same marks."""
    return analysis.movement(previous, current)


def test_movement_tells_of_a_rubric_edited_under_its_code() -> None:
    """Results and what was published of them are told apart by the hashes of rubrics, as data and in words."""
    old, new = dti.evaluate(RUBRIC, MARKS), dti.evaluate(EDITED, attrs.evolve(MARKS, rubric=EDITED))

    for previous, current in ((old, new), (published(RUBRIC), new), (published(RUBRIC), published(EDITED))):
        moved = movement_of(previous, current)
        assert moved.changed_rubrics == ("vn-922-province",)
        assert moved.text().startswith("Bộ chỉ số vn-922-province của hai kỳ khác nhau dưới cùng một mã")
        assert moved.text("en").startswith("The rubric vn-922-province is not the same in both rounds")
    for previous, current in ((old, old), (published(RUBRIC), old), (old, published(RUBRIC))):
        assert movement_of(previous, current).changed_rubrics == ()


def test_movement_tells_of_no_rubric_that_is_not_there_twice() -> None:
    """Free data makes no other rubric, another code is another rubric openly, and a printed standing has none."""
    result = dti.evaluate(RUBRIC, MARKS)
    noted, renamed = attrs.evolve(RUBRIC, custom={"ghi chú": 1}), attrs.evolve(RUBRIC, code="other")
    printed = analysis.standing_of(result)

    for rubric in (noted, renamed):
        other = dti.evaluate(rubric, attrs.evolve(MARKS, rubric=rubric))
        assert movement_of(result, other).changed_rubrics == ()
    assert movement_of(printed, result).changed_rubrics == ()


def test_movement_tells_of_every_rubric_of_an_edition() -> None:
    """Of several rubrics published together those are named that changed under their codes."""

    def edition(*rubrics: dti.Rubric) -> analysis.Edition:
        sheets = [
            dti.MarkSheet.from_array([[1]], rubric, units=[f"{rubric.code}-{unit}"])
            for rubric in rubrics
            for unit in "a"
        ]
        return analysis.publish_together(
            {sheet.rubric.code: dti.evaluate(sheet.rubric, sheet) for sheet in sheets}
        )

    communes, districts = (
        dti.Rubric(code, "Ví dụ", [dti.Index("1", "Một", 10)], edition="2024") for code in ("xã", "huyện")
    )
    before, now = edition(communes, districts), edition(communes, attrs.evolve(districts, title="Sửa"))

    assert movement_of(before, now).changed_rubrics == ("huyện",)
    assert movement_of(before, before).changed_rubrics == ()
