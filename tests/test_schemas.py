"""The schemas describe what is bundled, and say what the classes say."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import msgspec
import pytest

from dti_core.documents import (
    bundled_marks,
    bundled_rubrics,
    load_explanation,
    load_marks,
    load_result,
    load_rubric,
)
from dti_core.documents.marks import Marks, Member
from dti_core.documents.measures import Measured
from dti_core.documents.problems import KEYS
from dti_core.documents.schema import DocumentKind, schema, shape_problems
from dti_core.documents.source import read
from dti_core.methods import KINDS as METHODS
from dti_core.published import PublishedResult
from dti_core.published import Unit as PublishedUnit
from dti_core.published.scores import NodeScores
from dti_core.rubric import Rubric
from dti_core.rubric.conditions import Condition
from dti_core.rubric.criteria import Component
from dti_core.rubric.grades import Quota
from dti_core.rubric.node_conditions import BOUNDS, NodeCondition

KINDS: list[DocumentKind] = ["rubric", "marks", "measures", "result"]
ROOTS: dict[DocumentKind, type] = {
    "rubric": Rubric,
    "marks": Marks,
    "measures": Measured,
    "result": PublishedResult,
}
EXACT = {"type": ["number", "string"]}
UNWRITTEN = {"schema", "$schema", "tree", "kind"}
KEPT = {"type", "properties", "required", "enum", "items", "additionalProperties"}
IN_FULL = {"Policy", "Publish"}
"""Parts of which a result states every key."""
CLASSES = {"Bilingual": "Label", "Breaker": "AttributeOrder", "OwnMethod": "Method"}
"""Classes that hold a part, or one of the choices that it is, under another name."""


@pytest.mark.parametrize("kind", KINDS)
def test_examples_of_parts(kind: DocumentKind) -> None:
    """Every example in a schema fits the part it stands in."""
    parts = {name: part["examples"] for name, part in schema(kind)["$defs"].items() if "examples" in part}
    wrong = [
        str(each)
        for name, examples in parts.items()
        for x in examples
        for each in shape_problems(kind, x, name)
    ]

    assert len(parts) >= 4
    assert wrong == []


def test_examples_load() -> None:
    """The examples of documents in the schemas are read without a problem."""
    (rubric,), (marks,) = schema("rubric")["examples"], schema("marks")["examples"]

    assert load_marks(marks, load_rubric(rubric)).units == ("a",)
    assert load_result(schema("result")["examples"][0]).total["a"].rank == 1
    assert str(load_explanation(schema("explanation")["examples"][0])).startswith(
        "Đơn vị A – Tổng điểm: 44,41"
    )


@pytest.mark.parametrize("code", bundled_rubrics())
def test_bundled_rubrics_fit(code: str) -> None:
    """Every bundled rubric has the documented shape."""
    assert list(shape_problems("rubric", read(code, "rubric", folder="rubrics")[0])) == []


@pytest.mark.parametrize("code", bundled_marks())
def test_bundled_marks_fit(code: str) -> None:
    """Bundled marks have the documented shape and are read by their rubric."""
    marks, _ = read(code, "marks", folder="examples")

    assert list(shape_problems("marks", marks)) == []
    assert len(load_marks(code, marks["rubric"]).units) == len(marks["units"])


@pytest.mark.parametrize(("one", "other"), [("rubric", "marks"), ("measures", "marks"), ("result", "rubric")])
def test_shared_parts_agree(one: DocumentKind, other: DocumentKind) -> None:
    """What two schemas describe they describe alike."""
    rubric, marks = schema(one)["$defs"], schema(other)["$defs"]
    shared = (rubric.keys() & marks.keys()) - {"codes", "Unit"}

    assert shared >= {"Label", "code", "text", "scalar", "custom"}
    for name in shared:
        assert alike(name, rubric[name]) == alike(name, marks[name])


def alike(name: str, part: dict[str, Any]) -> dict[str, Any]:
    """A part without what sets a result's apart: every key of it is stated."""
    return {
        key: value
        for key, value in part.items()
        if name not in IN_FULL or key not in ("required", "examples")
    }


def described(node: Any, defs: dict[str, Any]) -> Any:
    """The shape of a part in the schema file; bounds and wording fall away, helpers are written out."""
    name = node.get("allOf", [node])[0].get("$ref", "").rpartition("/")[2]
    if name == "measure":
        return {}
    if name:
        return {"class": CLASSES.get(name, name)} if name[0].isupper() else described(defs[name], defs)
    if "anyOf" in node:
        shapes = [described(each, defs) for each in node["anyOf"] if each != {"type": "null"}]
        return shapes[0] if len(shapes) == 1 else {"type": sorted(shape["type"] for shape in shapes)}
    return _shape(node, lambda each: described(each, defs))


def stated(node: dict[str, Any]) -> Any:
    """The shape of a part as the classes have it, in the words of documents."""
    if "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        return {"class": name}
    if node.get("format") == "decimal":
        return {"type": "number"}
    if "anyOf" in node:
        given = [stated(each) for each in node["anyOf"] if each != {"type": "null"}]
        named = [each for each in given if "class" in each]
        if named or len(given) == 1:
            return (named or given)[0]
        return {"type": sorted(each["type"] for each in given)}
    pair = node.get("items", {}).get("prefixItems")
    if pair:
        return {"type": "object", "additionalProperties": stated(pair[1])}
    return _shape(node, stated)


def _shape(node: dict[str, Any], shape: Callable[[Any], Any]) -> dict[str, Any]:
    kept = {key: value for key, value in node.items() if key in KEPT and value not in (False, True, [])}
    for key, value in kept.items():
        if key == "properties":
            named = {KEYS.get(name, name): each for name, each in value.items() if name not in UNWRITTEN}
            kept[key] = {name: shape(each) for name, each in named.items()}
        elif key in ("items", "additionalProperties"):
            kept[key] = shape(value)
        elif isinstance(value, list):
            names = sorted(set(value) - {"null", *UNWRITTEN})
            kept[key] = names[0] if key == "type" and len(names) == 1 else names
    return {key: value for key, value in kept.items() if value not in ([], {})}


def shapes(kind: DocumentKind) -> dict[str, Any]:
    """The shapes in a schema file, by the name of the class."""
    defs = schema(kind)["$defs"]
    choices = {name for name, part in defs.items() if {"anyOf", "oneOf"} & part.keys()}
    parts = {
        CLASSES.get(name, name): alike(name, part)
        for name, part in {**defs, ROOTS[kind].__name__: schema(kind)}.items()
        if name[0].isupper() and name not in choices
    }
    return {
        name: described(defs["Component"] if name == "Index" else part, defs) for name, part in parts.items()
    }


def class_shapes(kind: DocumentKind, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The shapes of the classes, as msgspec reads them."""
    monkeypatch.setitem(Condition.__annotations__, "const", str | bool | float | None)
    monkeypatch.setitem(Condition.__annotations__, "enum", tuple[str | bool | float, ...] | None)
    for each in (Component, Rubric):
        monkeypatch.setitem(each.__annotations__, "max_points", Fraction | None)
    monkeypatch.setitem(Member.__annotations__, "attributes", dict[str, str | bool | float])
    monkeypatch.setitem(PublishedUnit.__annotations__, "attributes", dict[str, str | bool | float])
    for name in [*NodeScores.__annotations__]:
        column = list[int | None] if name == "rank" else list[str | None]
        monkeypatch.setitem(NodeScores.__annotations__, name, column if name == "points" else column | None)
    for name in BOUNDS:
        monkeypatch.setitem(NodeCondition.__annotations__, name, float | str | None)
    monkeypatch.setitem(Quota.__annotations__, "percent", float | str | None)
    exact = {"type": "string"} if kind == "result" else EXACT
    methods = [each for name, each in METHODS.items() if kind == "rubric" and ":" not in name]
    _, parts = msgspec.json.schema_components(
        [ROOTS[kind], *methods],
        ref_template="#/$defs/{name}",
        schema_hook=lambda each: exact if each is Fraction else {"title": "anything"},
    )
    return {name: stated(part) for name, part in parts.items() if name != "Tree"}


@pytest.mark.parametrize("kind", KINDS)
def test_classes_and_schema_agree(kind: DocumentKind, monkeypatch: pytest.MonkeyPatch) -> None:
    """No key, type, choice or requirement stands in the schema alone, or in the classes alone."""
    assert shapes(kind) == class_shapes(kind, monkeypatch)


def test_drift_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that only the schema knows, or only the class, makes the comparison fail."""
    bands = schema("rubric")["$defs"]["Band"]["properties"]
    monkeypatch.setitem(bands, "colour", {"type": "string"})

    assert shapes("rubric") != class_shapes("rubric", monkeypatch)

    monkeypatch.delitem(bands, "colour")
    monkeypatch.delitem(bands, "at_least")

    assert shapes("rubric") != class_shapes("rubric", monkeypatch)
