"""Every kind of broken document is refused with one exception that names the place."""

import datetime as dt
import json
import pickle
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from broken import MARKS, RUBRICS, broken, sound_marks, sound_rubric
from full_documents import MEASURED
from test_sources import SOURCES, handed_over

import dti_core as dti
from dti_core.documents import check
from dti_core.words import RULES

Document = dict[str, Any]
Place = tuple[str | int, ...]
UNFILLED = re.compile(r"\{\w+(![rsa])?(:\w+)?\}")


def problems_of(load: Callable[[], object]) -> tuple[dti.Problem, ...]:
    """The problems for which a document is refused: told whole in both languages, each by a rule that is explained."""
    with pytest.raises(dti.InvalidDocument) as caught:
        load()

    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301 - our own
    assert len(str(caught.value)) < 50_000
    assert caught.value.text("vi").splitlines()[0] != caught.value.text("en").splitlines()[0]
    for problem in caught.value.problems:
        assert problem.text("vi") != problem.text("en")
        assert not UNFILLED.search(problem.text("vi") + problem.text("en"))
        assert problem.rule in RULES
    return caught.value.problems


TEXTS: dict[str, tuple[bytes, Place, str]] = {
    "nothing": (b"", (), "empty"),
    "only space": (b" \n\t", (), "empty"),
    "no JSON": (b'{"code": 1.1.1}', (), "line 1, column 13"),
    "cut off": (b'{"code": "x', (), "line 1"),
    "single quotes": (b"{'code': 'x'}", (), "double quotes"),
    "two documents": (b"{}\n{}", (), "line 2"),
    "a list": (b"[]", (), "an object"),
    "text": (b'"vn-922-province"', (), "an object"),
    "null": (b"null", (), "an object"),
    "UTF-16": (json.dumps({"code": "x"}).encode("utf-16"), (), "save the file as UTF-8"),
    "UTF-16 without a mark": (json.dumps({"code": "x"}).encode("utf-16-le"), (), "save the file as UTF-8"),
    "UTF-32": (json.dumps({"code": "x"}).encode("utf-32"), (), "save the file as UTF-8"),
    "Windows encoding": ('{"title": "Đà Nẵng"}'.encode("cp1258", "replace"), (), "is not UTF-8; save"),
    "cut in a letter": ('{"title": "Chỉ'.encode()[:-1], (), "is not UTF-8; save"),
    "key given twice": (b'{"code": "x", "title": "x", "code": "y"}', ("code",), "twice"),
    "key given twice, deep": (b'{"indices": [{"code": "1", "code": "1"}]}', ("indices", 0, "code"), "twice"),
    "NaN": (b'{"max_points": NaN}', ("max_points",), "not a number"),
    "Infinity": (b'{"max_points": Infinity}', ("max_points",), "not a number"),
    "-Infinity": (b'{"custom": {"x": [1, -Infinity]}}', ("custom", "x", 1), "not a number"),
    "1e999": (b'{"max_points": 1e999}', ("max_points",), "not a number"),
    "5,000 digits": (b'{"max_points": ' + b"9" * 5000 + b"}", (), "number"),
    "1,000 digits": (b'{"max_points": ' + b"9" * 1000 + b"}", ("max_points",), "≈ 10^1000"),
    "half a surrogate pair": (b'{"title": "\\ud83d"}', ("title",), "surrogate"),
    "half a surrogate pair in a key": (b'{"\\ud83d": 1}', (), "surrogate"),
    "200,000 brackets": (b"[" * 200_000, (), "64 levels"),
    "200,000 closed brackets": (b"[" * 200_000 + b"]" * 200_000, (), "64 levels"),
    "200,000 objects": (b'{"a":' * 200_000, (), "64 levels"),
    "65 levels": (b'{"a":' * 65 + b"1" + b"}" * 65, ("a",) * 8, "64 levels"),
    "more than any rubric holds": (b'{"indices": [' + b"1," * 100_000 + b"1]}", (), "60,000 values"),
    "more bytes than any rubric has": (b'{"code": "' + b"x" * 2**24 + b'"}', (), "bytes"),
    "a key of a million letters": (
        b'{"schema": "dti-core/rubric/1", "' + b"x" * 10**6 + b'": 1}',
        ("code",),
        "missing",
    ),
}


@pytest.mark.parametrize("kind", RUBRICS)
def test_broken_rubric(kind: str) -> None:
    """A rubric broken in one way is refused, and the problem stands where it was broken."""
    document = broken(sound_rubric(), RUBRICS[kind])
    problems = problems_of(lambda: dti.load_rubric(document))

    assert RUBRICS[kind].where in [
        problem.where for problem in problems if RUBRICS[kind].word in problem.message
    ]


@pytest.mark.parametrize("kind", MARKS)
def test_broken_marks(kind: str) -> None:
    """Marks broken in one way are refused, and the problem stands where they were broken."""
    document = broken(sound_marks(), MARKS[kind])
    problems = problems_of(lambda: dti.load_marks(document, dti.load_rubric(sound_rubric())))

    assert MARKS[kind].where in [problem.where for problem in problems if MARKS[kind].word in problem.message]


def test_sound_documents() -> None:
    """The documents that are broken in these tests are sound before."""
    assert dti.load_marks(sound_marks(), dti.load_rubric(sound_rubric())).units == ("a", "b")


@pytest.mark.parametrize("kind", TEXTS)
def test_broken_text(kind: str, tmp_path: Path) -> None:
    """Text that is no sound JSON document is refused before anything is made of it, told in either language."""
    text, path, word = TEXTS[kind]
    file = tmp_path / "broken.json"
    file.write_bytes(text)
    problems = problems_of(lambda: dti.load_rubric(file))

    assert path in [problem.path for problem in problems if word in problem.message]
    assert check(file)


@pytest.mark.parametrize("how", SOURCES)
@pytest.mark.parametrize(
    "kind",
    [kind for kind, (text, _, _) in TEXTS.items() if text.startswith((b"{", b"[")) and len(text) < 2**20],
)
def test_every_source_is_as_strict(kind: str, how: str, tmp_path: Path) -> None:
    """The same bytes are refused for the same reason, however they are handed over: over HTTP as from a file."""
    data, path, word = TEXTS[kind]
    with handed_over(how, data, tmp_path / "broken.json") as source:
        problems = problems_of(lambda: dti.load_rubric(source))

    assert path in [problem.path for problem in problems if word in problem.message]


NO_JSON: list[tuple[object, str]] = [
    (dt.date(2024, 1, 2), "no JSON value"),
    ((1, 2), "is a tuple, which is no JSON value"),
    (b"x", "no JSON value"),
    (np.datetime64("2024-01-02"), "no JSON value"),
    (np.timedelta64(3, "D"), "no JSON value"),
    (np.array([1, 2]), "is a ndarray, which is no JSON value"),
    (1j, "no JSON value"),
    (float("nan"), "not a number"),
    (np.float64("nan"), "not a number"),
    (np.float32("inf"), "not a number"),
    (Decimal("NaN"), "not a number"),
    (Decimal("sNaN"), "not a number"),
    (Decimal("1E+400"), "not a number"),
    (Decimal("1E+999999999"), "not a number"),
    (Decimal("1E-999999999"), "not a number"),
    (Decimal("0.1000000000000000000000001"), "more digits"),
    (np.str_("\ud83d"), "surrogate"),
    (float("inf"), "not a number"),
    (10**400, "not a number"),
    ({1: 2}, "keys are text"),
    ({"a": {None: 1}}, "keys are text"),
    ("\ud83d", "surrogate"),
]


@pytest.mark.parametrize(
    ("value", "word"),
    NO_JSON,
    ids=[f"{at} {type(value).__name__} {value!r:.30}" for at, (value, _) in enumerate(NO_JSON)],
)
def test_parsed_documents_are_checked_as_text_is(value: object, word: str) -> None:
    """What JSON text could not hold is refused in a parsed document too, even where it is kept unread."""
    problems = problems_of(lambda: dti.load_rubric({**sound_rubric(), "custom": {"x": [0, value]}}))

    assert problems[0].path[:3] == ("custom", "x", 1)
    assert word in problems[0].message


@pytest.mark.parametrize("source", [[], 3, None, b"[]", "[3]", np.array([1]), sound_rubric])
def test_what_is_no_document(source: Any) -> None:
    """A list, a number, nothing or a function in place of a document is said to be no object."""
    assert problems_of(lambda: dti.load_rubric(source))[0].path == ()


def test_document_that_holds_itself() -> None:
    """A parsed document that contains itself is refused rather than followed for ever."""
    document = sound_rubric()
    document["custom"] = document

    assert "64 levels" in problems_of(lambda: dti.load_rubric(document))[0].message


def test_unit_in_two_blocks() -> None:
    """A unit that meets the conditions of two blocks is refused, with the unit and both blocks named."""
    rubric = sound_rubric()
    rubric["blocks"][0]["when"] = {"has_procedures": {"const": True}}
    problems = problems_of(lambda: dti.load_marks(sound_marks(), dti.load_rubric(rubric)))

    assert problems[0].path[:2] == ("units", 0)
    assert "departments" in problems[0].message
    assert "districts" in problems[0].message


def test_all_problems_at_once() -> None:
    """Problems of shape and of meaning, all over the document, come in one exception."""
    document = sound_rubric()
    document["bands"][0]["code"] = "good\u202e"
    cases = [RUBRICS[kind] for kind in ("unknown key", "no title", "negative points", "unknown policy")]
    for case in cases:
        document = broken(document, case)
    found = {problem.where for problem in problems_of(lambda: dti.load_rubric(document))}

    assert found == {"$.bands[0].code", *(case.where for case in cases)}


def test_an_unknown_key_hides_nothing() -> None:
    """Beside unknown keys everything else is told: of the same object and of others, of shape and of meaning."""
    document = sound_marks()
    kinds = ["unknown key of a unit", "unknown key of a decision", "mark above the maximum", "mark on nothing",
             "another period", "attribute that is missing"]  # fmt: skip
    for kind in kinds:
        document = broken(document, MARKS[kind])
    problems = problems_of(lambda: dti.load_marks(document, sound_rubric()))

    assert {problem.where for problem in problems} == {MARKS[kind].where for kind in kinds}


def test_an_unknown_key_of_a_rubric_hides_nothing() -> None:
    """What must hold of a rubric as a whole is told beside its unknown keys."""
    rubric = sound_rubric()
    kinds = (
        "unknown key",
        "unknown key of an index",
        "wrong sum",
        "bands in the wrong order",
    )
    for kind in kinds:
        rubric = broken(rubric, RUBRICS[kind])
    problems = problems_of(lambda: dti.load_rubric(rubric))

    assert {problem.where for problem in problems} == {RUBRICS[kind].where for kind in kinds}


def test_an_unknown_key_of_measures_hides_nothing() -> None:
    """Beside an unknown key of a measures document what is wrong with a measure and with another unit is told."""
    units = [
        {"code": "a", "nam": "A", "measures": {"1": {"a": -1, "b": 2}}},
        {"code": "a", "measures": {"9": 1}},
    ]
    document = {"schema": "dti-core/measures/1", "rubric": "r", "unit": 1, "units": units}
    problems = problems_of(lambda: dti.load_measures(document, MEASURED))

    assert {problem.where for problem in problems} == {
        "$.unit", "$.units[0].nam", "$.units[0].measures['1'].a", "$.units[1].measures['9']", "$.units[1].code",
    }  # fmt: skip


def test_all_problems_of_marks_at_once() -> None:
    """Wrong marks, unknown leaves and missing attributes come in one exception."""
    document = sound_marks()
    kinds = ("another period", "mark above the maximum", "mark on nothing", "attribute that is missing")
    for kind in kinds:
        document = broken(document, MARKS[kind])
    problems = problems_of(lambda: dti.load_marks(document, dti.load_rubric(sound_rubric())))

    assert {problem.where for problem in problems} == {MARKS[kind].where for kind in kinds}


def test_one_wrong_mark_among_many() -> None:
    """One mark of the wrong kind in a large document is found and named."""
    fine = {
        "attributes": {"level": "district", "has_procedures": True},
        "marks": {"1.1": 1, "1.2": 1, "2": 1},
    }
    units = [{"code": f"u{row}", **fine} for row in range(20_000)]
    units[15_000] = {"code": "wrong", **fine, "marks": {"2": "1"}}
    document = {"schema": "dti-core/marks/1", "rubric": "example-district", "units": units}
    problems = problems_of(lambda: dti.load_marks(document, dti.load_rubric(sound_rubric())))

    assert [problem.path for problem in problems] == [("units", 15_000, "marks", "2")]
