"""Explanation documents: they say all that an explanation says, in both languages, and nothing that does not follow."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from strategies import documents
from strategies_decisions import decided_sums
from test_explain import adjusted, sheet
from test_same_refusals import mutated, places

import dti_core as dti
from dti_core.__main__ import main
from dti_core.documents import bundled_marks, check
from dti_core.documents.schema import schema, shape_problems
from dti_core.explain.steps import STEPS

if TYPE_CHECKING:
    from pathlib import Path

    from reference_rules import Document

some = settings(max_examples=max(10, settings().max_examples // 6))
SKIP = {
    "members": ["1.2"],
    "treatment": "skip",
    "reason": {"vi": "Chưa hướng dẫn", "en": "No guidance"},
    "basis": "Điều 7",
}
UNITS: Any = {
    "a": {"marks": {"1.1": 20, "1.2": 10, "2": 1000, "4": 2.5}, "exclusions": [SKIP]},
    "b": {"marks": {"1.1": 19, "2": 1001, "6.1": 2, "6.2": 2, "5": 1}},
    "c": {"marks": {"1.1": 19, "2": 1001}, "unranked": {"reason": "Mới lập", "basis": "Điều 9"}},
}


def comes_back(explanation: dti.Explanation) -> None:
    """Written and read, an explanation is the same in everything it says."""
    document = json.loads(json.dumps(dti.to_document(explanation)))
    read = dti.load_explanation(document)

    assert read == explanation
    assert [read.text(language) for language in ("vi", "en")] == [
        explanation.text(language) for language in ("vi", "en")
    ]
    assert dti.to_document(read) == document


@pytest.mark.parametrize("code", bundled_marks())
def test_bundled_examples(code: str) -> None:
    """The first unit of every bundled example is explained, at every node, by a document that loses nothing."""
    named = json.loads(json.dumps(dti.to_document(dti.load_marks(code, _rubric_of(code)))))["rubric"]
    result = dti.evaluate(dti.load_rubric(named), dti.load_marks(code, named))
    for node in result:
        comes_back(result.explain(result.units[0], node))
    valid = Draft202012Validator(schema("explanation"))
    assert valid.is_valid(dti.to_document(result.explain(result.units[-1], language="en")))


def _rubric_of(code: str) -> str:
    return max((rubric for rubric in dti.bundled_rubrics() if code.startswith(rubric)), key=len)


@some
@given(st.one_of(documents(), decided_sums()), st.data())
def test_random_rubrics(pair: tuple[Document, Document], data: st.DataObject) -> None:
    """Whatever the rubric, the policy and the decisions, what explains a unit can be written and read back."""
    try:
        rubric = dti.load_rubric(pair[0])
        result = dti.evaluate(rubric, dti.load_marks(pair[1], rubric))
    except dti.DTIError:
        reject()
    if not result.units:
        reject()
    unit = data.draw(st.sampled_from(result.units))
    for node in result:
        comes_back(result.explain(unit, node))


def test_ties_of_every_kind() -> None:
    """What breaks a tie comes back: the share of a node, the points of a bonus, a number or a word of the unit."""
    leaf = {"title": "x", "max_points": 10}
    breakers = [
        "2",
        "b",
        {"attribute": "people", "order": "descending"},
        {"attribute": "level", "order": "ascending"},
    ]
    rubric = dti.load_rubric(
        {
            "schema": "dti-core/rubric/1",
            "code": "r",
            "title": "R",
            "indices": [{"code": "1", **leaf}, {"code": "2", **leaf}, {"code": "b", **leaf, "role": "bonus"}],
            "attributes": {"people": {"type": "number"}, "level": {"enum": ["x", "y"]}},
            "policy": {"tie_break": breakers},
        }
    )
    rows = {"a": (4, 4, 0, 5, "x"), "b": (3, 5, 0, 5, "x"), "c": (2, 5, 1, 5, "x"),
            "d": (2, 5, 1, 7, "x"), "e": (2, 5, 1, 7, "y")}  # fmt: skip
    units = [
        {
            "code": unit,
            "marks": {"1": one, "2": two, "b": bonus},
            "attributes": {"people": people, "level": level},
        }
        for unit, (one, two, bonus, people, level) in rows.items()
    ]
    marks = dti.load_marks({"schema": "dti-core/marks/1", "rubric": "r", "units": units}, rubric)
    result = dti.evaluate(rubric, marks)

    assert dict(zip(rows, result.total.ranks().tolist(), strict=True)) == {
        "d": 1,
        "e": 2,
        "c": 3,
        "b": 4,
        "a": 5,
    }
    for unit in rows:
        comes_back(result.explain(unit))


def explained() -> list[Document]:
    """Explanations with every kind of step."""
    level: Any = {"policy": {"renormalise": "by_level"}, "_3_1": 4}
    tied = sheet({"tie_break": ["1"]}, **UNITS)
    made = [tied.explain("a"), tied.explain("b"), tied.explain("c"), adjusted(**level).explain("a")]
    return [dti.to_document(each) for each in made]


def test_every_kind_of_step() -> None:
    """The documents that these tests change hold all kinds of steps there are."""
    kinds = {step["kind"] for document in explained() for step in document["steps"]}

    assert kinds == {kind.__name__.lower() for kind in STEPS}


BELIEVED = {
    "weight",
    "maximum",
    "replaced_maximum",
    "substituted",
    "left_out",
    "coverage",
    "least",
    "mark_min",
}
"""What only the rubric, or the marks of others, tell."""
OF_OTHERS = {"conversion", "publication", "tie_break", "condition", "band", "by_thresholds", "publish"}


def test_no_number_can_be_changed_alone() -> None:
    """Of the numbers that follow from others none can be another: every single change of one is refused."""
    passed = []
    for document in explained():
        for path in places(document):
            value: Any = document
            for name in path:
                value = value[name]
            number = isinstance(value, str) and value.replace(".", "").replace("/", "").isdigit()
            if path[:1] != ("steps",) or not number or path[-1] in BELIEVED or OF_OTHERS & {*path[:-1]}:
                continue
            if path[-1] in ("node", "unit", "stands_for", "by", "adjusts", "title") or path[-2] == "children":
                continue
            changed = copy.deepcopy(document)
            holder: Any = changed
            for name in path[:-1]:
                holder = holder[name]
            holder[path[-1]] = {"0": "1"}.get(value, value.replace("1", "3") if "1" in value else f"1{value}")
            passed += [] if check(changed) else [(path, value)]

    assert {path[-1] for path, _ in passed} <= {"cap"}, passed  # one that takes nothing


@pytest.mark.parametrize(
    ("step", "change", "where", "said"),
    [
        ("leaf", {"points": "21"}, ".points", "là 21, nhưng các số khác cho ra 20"),
        ("sum", {"kind": "product"}, ".kind", "product"),
        ("sum", {"kind": None}, ".kind", "None"),
        ("sum", {"colour": 1}, ".colour", "colour"),
        ("publication", {"published": "1.015.00"}, ".published", "1.015.00"),
        ("standing", {"rank": -1}, ".rank", "-1"),
        ("standing", {"tied_count": 10**30}, ".tied_count", "1000000000000000"),
        ("publication", {"scale": "0"}, ".scale", "là 0, nhưng các số khác cho ra null"),
        ("leaf", {"node": " "}, ".node", ""),
        ("conversion", {"node": "1"}, ".node", "là 1, nhưng các số khác cho ra total"),
    ],
)
def test_refusals(step: str, change: Document, where: str, said: str) -> None:
    """What is wrong is told with its place, whether the shape is wrong or a number does not follow."""
    document = explained()[0]
    at = next(at for at, each in enumerate(document["steps"]) if each["kind"] == step)
    document["steps"][at].update(change)
    with pytest.raises(dti.InvalidDocument) as caught:
        dti.load_explanation(document)

    told = {problem.where: problem.text("vi") for problem in caught.value.problems}
    assert said in told[f"$.steps[{at}]{where}"], told


LEAF = {"kind": "leaf", "title": "x", "maximum": "10", "mark": "10"}
ALL, SKIPPED = {"points": "10", "applicable": "10"}, {"points": "0", "applicable": "0"}
AUTHORITY = {"origin": "round", "reason": "x", "basis": "x"}
TOTAL: Document = {"node": "total", "title": "x"}
MADE_UP: Document = {
    "schema": "dti-core/explanation/1", "rubric": "r", "title": "x", "unit": "a", "name": "A", "node": "total",
    "steps": [
        {**LEAF, "node": "1", **ALL},
        {**LEAF, "node": "2", **SKIPPED, "treatment": "skip", "ignored": "10", "authorities": [AUTHORITY]},
        {**TOTAL, "kind": "sum", "children": ["1", "2"], **ALL, "maximum": "20"},
        {**TOTAL, "kind": "mean", "terms": [{"node": "1", "weight": "10", "share": "1"}], "is_open": True,
         "share": "1"},
        {**TOTAL, "kind": "conversion", "renormalise": "by_level", **ALL, "share": "1", "scale": "20", "score": "20"},
        {**TOTAL, "kind": "publication", "score": "20", "scale": "20", "exact": "20", "published": "20.00",
         "decisive": "1", "publish": {"as": "points", "decimals": 2, "rounding": "half_up"}},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({2: {"children": ["2"], **SKIPPED}, 4: SKIPPED}, "$.steps[4].share"),
        ({3: {"terms": [], "share": "0"}, 4: {"share": "0", "score": "0"}}, "$.steps[3].share"),
    ],
    ids=["of which nothing applies", "of no terms"],
)
def test_a_mean_of_nothing(changes: dict[int, Document], where: str) -> None:
    """A mean of no terms, or at a node of which nothing applies, is refused: nobody could be told how it came about."""
    assert "(10 × 1) / 10 = 1" in dti.load_explanation(MADE_UP).text("en")
    document = copy.deepcopy(MADE_UP)
    for at, change in changes.items():
        document["steps"][at].update(change)

    assert where in {problem.where for problem in check(document)}


def test_what_no_step_is_about() -> None:
    """An explanation of a node that none of its steps tells of is refused."""
    with pytest.raises(dti.InvalidDocument) as caught:
        dti.load_explanation(explained()[0] | {"node": "zz"})

    assert [problem.text("en") for problem in caught.value.problems] == ["$.node: no step is about zz"]


def test_an_explanation_without_what_was_published() -> None:
    """A place tells by which value it was decided only where a step says what was published: else none is missed."""
    document = explained()[3]
    kept = [step for step in document["steps"] if step["kind"] != "publication"]

    assert [step.kind for step in dti.load_explanation(document | {"steps": kept}).steps].count(
        "publication"
    ) == 0


@settings(max_examples=settings().max_examples // 4)
@given(mutated(explained()[1]))
def test_refused_alike(document: Document) -> None:
    """What the schema refuses is refused; what is refused for its shape the schema refuses too."""
    shape, problems = [*shape_problems("explanation", document)], check(document)

    assert not shape or problems
    if not shape:
        assert {problem.rule for problem in problems}.isdisjoint(
            {"type", "required", "additionalProperties", "key"}
        )


def test_a_page_in_the_other_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A document of what was told in Vietnamese tells it in English, and ``check`` knows its kind."""
    explanation = sheet(**UNITS).explain("a")
    file = tmp_path / "explanation.json"
    file.write_text(json.dumps(dti.to_document(explanation)), "utf-8")

    assert "No guidance" in dti.load_explanation(file).text("en")
    assert main(["check", str(file)]) == 0
    assert "no problems" in capsys.readouterr().out
