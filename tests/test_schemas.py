"""The schemas are sound, described in both languages, and say what the classes say."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from dti_core.documents import bundled_marks, bundled_rubrics, load_marks, load_rubric
from dti_core.documents.bundled import bundled_rubric
from dti_core.documents.convert import KEYS
from dti_core.documents.marks import Marks, Unit
from dti_core.documents.measures import Measured, MeasuredUnit
from dti_core.documents.schema import Kind, schema, shape_problems
from dti_core.methods import KINDS as METHODS
from dti_core.published import PublishedResult, Score
from dti_core.published import Unit as PublishedUnit
from dti_core.rubric import Rubric
from dti_core.rubric.conditions import Condition

KINDS: list[Kind] = ["rubric", "marks", "measures", "result"]
ROOTS: dict[Kind, type] = {"rubric": Rubric, "marks": Marks, "measures": Measured, "result": PublishedResult}
EXACT = {"type": ["number", "string"]}
CALLED = {"MeasuredUnit": "Unit"}
UNWRITTEN = {"schema", "tree", "kind"}
KEPT = {"type", "properties", "required", "enum", "items", "additionalProperties"}


def properties(node: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property that a schema describes, with its description."""
    for key, value in node.items() if isinstance(node, dict) else ():
        if key == "properties":
            yield from ((name, each) for name, each in value.items() if each != {"not": {}})
        if key not in ("examples", "if"):
            yield from properties(value)
    for value in node if isinstance(node, list) else ():
        yield from properties(value)


@pytest.mark.parametrize("kind", KINDS)
def test_valid(kind: Kind) -> None:
    """The schemas are draft 2020-12 and name their own version."""
    Draft202012Validator.check_schema(schema(kind))

    assert schema(kind)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema(kind)["$id"] == schema(kind)["properties"]["schema"]["const"] == f"dti-core/{kind}/1"


@pytest.mark.parametrize("kind", KINDS)
def test_described_in_both_languages(kind: Kind) -> None:
    """Every property has a title and a description, Vietnamese first, then English."""
    found = list(properties(schema(kind)))

    assert len(found) > 30 or kind != "rubric"
    assert [
        name for name, each in found if " / " not in each["title"] or " / " not in each["description"]
    ] == []


@pytest.mark.parametrize("kind", KINDS)
def test_self_contained(kind: Kind) -> None:
    """A schema refers to nothing outside itself, so that any validator can use the one file."""
    references = set(find_references(schema(kind)))

    assert {each for each in references if not each.startswith("#/$defs/")} == set()
    assert {each.rpartition("/")[2] for each in references} <= set(schema(kind)["$defs"])


def find_references(node: Any) -> Iterator[str]:
    """Every ``$ref`` in a schema."""
    if isinstance(node, dict):
        yield from (value for key, value in node.items() if key == "$ref")
        yield from (each for value in node.values() for each in find_references(value))
    elif isinstance(node, list):
        yield from (each for value in node for each in find_references(value))


@pytest.mark.parametrize("kind", KINDS)
def test_examples_of_parts(kind: Kind) -> None:
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
    """The example rubric and the example marks in the schemas are read without a problem."""
    (rubric,), (marks,) = schema("rubric")["examples"], schema("marks")["examples"]

    assert load_marks(marks, load_rubric(rubric)).units == ("a",)


@pytest.mark.parametrize("code", bundled_rubrics())
def test_bundled_rubrics_fit(code: str) -> None:
    """Every bundled rubric has the documented shape."""
    assert list(shape_problems("rubric", bundled_rubric(code))) == []


def test_bundled_marks_fit() -> None:
    """The bundled marks have the documented shape and are read by their rubric."""
    marks = bundled_marks("vn-922-province-2022")

    assert list(shape_problems("marks", marks)) == []
    assert len(load_marks(marks, load_rubric(marks["rubric"])).units) == len(marks["units"])


@pytest.mark.parametrize(("one", "other"), [("rubric", "marks"), ("measures", "marks"), ("result", "rubric")])
def test_shared_parts_agree(one: Kind, other: Kind) -> None:
    """What two schemas describe they describe alike."""
    rubric, marks = schema(one)["$defs"], schema(other)["$defs"]
    shared = (rubric.keys() & marks.keys()) - {"codes", "Unit"}

    assert shared >= {"Label", "code", "text", "scalar", "custom"}
    assert {name: rubric[name] for name in shared} == {name: marks[name] for name in shared}


def described(node: Any, defs: dict[str, Any]) -> Any:
    """The shape of a part in the schema file; bounds and wording fall away, helpers are written out."""
    name = node.get("$ref", "").rpartition("/")[2]
    if name == "measure":
        return {}
    if name:
        return {"class": name} if name[0].isupper() else described(defs[name], defs)
    return _shape(node, lambda each: described(each, defs))


def stated(node: dict[str, Any]) -> Any:
    """The shape of a part as the classes have it, in the words of documents."""
    if "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        return {"class": CALLED.get(name, name)}
    if node.get("format") == "decimal":
        return {"type": "number"}
    if "anyOf" in node:
        given = [stated(each) for each in node["anyOf"] if each != {"type": "null"}]
        return given[0] if len(given) == 1 else {"type": sorted(each["type"] for each in given)}
    pair = node.get("items", {}).get("prefixItems")
    if pair:
        return {"type": "object", "additionalProperties": stated(pair[1])}
    return _shape(node, stated)


def _shape(node: dict[str, Any], shape: Callable[[Any], Any]) -> dict[str, Any]:
    kept = {key: value for key, value in node.items() if key in KEPT and value not in (False, [])}
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


def shapes(kind: Kind) -> dict[str, Any]:
    """The shapes in a schema file, by the name of the class."""
    defs = schema(kind)["$defs"]
    parts = {name: part for name, part in defs.items() if name[0].isupper()}
    parts = {name: defs["Component"] if name == "Index" else part for name, part in parts.items()}
    found = {
        name: described(part, defs) for name, part in (parts | {ROOTS[kind].__name__: schema(kind)}).items()
    }
    found["Label"]["type"] = "object"
    return found


def class_shapes(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The shapes of the classes, as msgspec reads them."""
    monkeypatch.setitem(Condition.__annotations__, "const", str | bool | float | None)
    monkeypatch.setitem(Condition.__annotations__, "enum", tuple[str | bool | float, ...] | None)
    monkeypatch.setitem(Unit.__annotations__, "attributes", dict[str, str | bool | float])
    monkeypatch.setitem(MeasuredUnit.__annotations__, "attributes", dict[str, str | bool | float])
    monkeypatch.setitem(PublishedUnit.__annotations__, "attributes", dict[str, str | bool | float])
    monkeypatch.setitem(Score.__annotations__, "published", str | None)
    exact = {"type": "string"} if kind == "result" else EXACT
    methods = [each for name, each in METHODS.items() if kind == "rubric" and ":" not in name]
    _, parts = msgspec.json.schema_components(
        [ROOTS[kind], *methods],
        ref_template="#/$defs/{name}",
        schema_hook=lambda each: exact if each is Fraction else {"title": "anything"},
    )
    return {CALLED.get(name, name): stated(part) for name, part in parts.items() if name != "Tree"}


@pytest.mark.parametrize("kind", KINDS)
def test_classes_and_schema_agree(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
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
