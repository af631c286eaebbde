"""The form of the schemas: what validators, editors and generators of types make something of."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from dti_core.documents import load_rubric
from dti_core.documents.schema import VERSIONS, DocumentKind, resolved, schema, shape_problems
from dti_core.errors import InvalidDocument
from dti_core.words import DOCUMENTS

ALL: list[DocumentKind] = [*VERSIONS]
WORDS = {
    "$schema", "$id", "$defs", "$ref", "title", "description", "examples", "default", "type", "const", "enum",
    "minimum", "maximum", "exclusiveMinimum", "pattern", "minLength", "maxLength", "properties", "required",
    "additionalProperties", "propertyNames", "minProperties", "maxProperties", "dependentSchemas", "items",
    "minItems", "maxItems", "allOf", "anyOf", "oneOf", "not", "if", "then", "else",
}  # fmt: skip
"""What the schemas are written in; ``format`` is an extension of some validators."""
PARTS = {"properties", "$defs", "dependentSchemas"}
INNER = {"items", "additionalProperties", "propertyNames", "not", "if", "then", "else"}


def inside(node: Any) -> Iterator[dict[str, Any]]:
    """Every schema within a schema, itself included."""
    if not isinstance(node, dict):
        return
    yield node
    for key, value in node.items():
        inner = [value] if key in INNER else value.values() if key in PARTS else ()
        for each in value if key in ("allOf", "anyOf", "oneOf") else inner:
            yield from inside(each)


def properties(kind: DocumentKind) -> dict[str, Any]:
    """Every property that a schema describes."""
    parts: dict[str, Any] = {"": schema(kind), **schema(kind)["$defs"]}
    return {
        f"{name}.{key}": resolved(kind, each) if "$ref" in each else each
        for name, part in parts.items()
        for key, each in part.get("properties", {}).items()
    }


@pytest.mark.parametrize("kind", ALL)
def test_valid(kind: DocumentKind) -> None:
    """The schemas are draft 2020-12 and name their own version."""
    Draft202012Validator.check_schema(schema(kind))

    assert schema(kind)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    name, number = schema(kind)["properties"]["schema"]["const"].removeprefix("dti-core/").split("/")
    assert schema(kind)["$id"] == f"urn:dti-core:schema:{name}:{number}"


@pytest.mark.parametrize("kind", ALL)
def test_described_in_both_languages(kind: DocumentKind) -> None:
    """Every property has a description, Vietnamese first, then English."""
    described = properties(kind)

    assert len(described) > 20
    assert [name for name, each in described.items() if ". / " not in each["description"]] == []


@pytest.mark.parametrize("kind", ALL)
def test_names(kind: DocumentKind) -> None:
    """Parts have English names of their own, of which generators make the names of types; nothing else has one."""
    root, defs = schema(kind), schema(kind)["$defs"]
    titles = [part["title"] for part in (root, *defs.values())]

    assert [part["title"] for part in inside(root) if "title" in part] == titles
    assert [title for title in titles if not (title.isascii() and title.isidentifier())] == []
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("kind", ALL)
def test_defaults(kind: DocumentKind) -> None:
    """What stands for a key that is left out could be written."""
    defs = schema(kind)["$defs"]
    stated = {name: part for name, part in properties(kind).items() if "default" in part}

    assert [
        name
        for name, part in stated.items()
        if not Draft202012Validator({**part, "$defs": defs}).is_valid(part["default"])
    ] == []


@pytest.mark.parametrize("kind", ALL)
def test_patterns_say_what_they_ask_for(kind: DocumentKind) -> None:
    """For every pattern the library has a sentence on what is needed."""
    asked = [part for part in inside(schema(kind)) if "pattern" in part and part["pattern"] != ":"]

    assert asked
    assert [part for part in asked if f"pattern.{part['title']}" not in DOCUMENTS] == []


@pytest.mark.parametrize("kind", ALL)
def test_strict(kind: DocumentKind) -> None:
    """A schema needs no option of a strict validator, and generators lose nothing of it: references stand alone."""
    for part in inside(schema(kind)):
        types = part.get("type", "")
        assert isinstance(types, str) or (len(types) == 2 and "null" in types)
        assert part.keys() <= WORDS
        assert set(part.get("required", ())) <= part.get("properties", {}).keys()
        assert "$ref" not in part or len(part) == 1


@pytest.mark.parametrize(
    ("kind", "part", "value", "vi", "en"),
    [
        (
            "rubric",
            "Decision",
            {"number": "x", "issued": "1/2/2024"},
            "một ngày",
            "a date such as 2024-01-02",
        ),
        ("rubric", "share", "half", "một phân số như 1/3", "a fraction such as 1/3"),
        ("assessment", "time", "2024", "một thời điểm", "a time such as 2024-02-01T17:00+07:00"),
        ("result", "number", "1e3", "một số viết bằng chữ", 'a number as text, such as "44.4"'),
    ],
)
def test_refusals_of_patterns(kind: DocumentKind, part: str, value: object, vi: str, en: str) -> None:
    """What does not meet a pattern is told what is needed, in the language asked for."""
    (problem,) = shape_problems(kind, value, part)

    assert vi in problem.text("vi")
    assert en in problem.text("en")


@pytest.mark.parametrize(
    ("part", "value", "where", "en"),
    [
        ("Method", {"kind": "ratio", "traget": 0.8}, "$.traget", "did you mean 'target'?"),
        ("Method", {"kind": "rato"}, "$.kind", "did you mean 'ratio'?"),
        ("Method", {"target": 1}, "$.kind", "is missing"),
        ("Method", "ratio", "$", "an object is needed"),
        ("Method", {"kind": f"x:{'y' * 80}"}, "$.kind", "82 characters"),
        ("Method", {"kind": "choice", "answers": {"a": 2}}, "$.answers.a", "at most 1"),
        ("Method", {"kind": "target"}, "$", "at least one of at_least, at_most"),
        ("Method", {"kind": "target", "at_least": 1, "at_most": 2}, "$", "has both at_least, at_most"),
        (
            "Part",
            {"code": "a", "share": 1, "scoring": {"kind": "yes_no", "step": 1}},
            "$.scoring.step",
            "remove it",
        ),
        ("Label", 3, "$", "text or an object is needed"),
        ("Label", {"vi": " "}, "$.vi", "is empty"),
        ("Breaker", 2, "$", 'write "2" in quotes'),
        ("scalar", 1e16, "$", "at most 1e+15"),
    ],
)
def test_choices_are_told_by_what_was_meant(part: str, value: object, where: str, en: str) -> None:
    """Of a value that may be one of several things, the one problem of what it was meant to be is told."""
    (problem,) = set(shape_problems("rubric", value, part))

    assert problem.where == where
    assert en in problem.text("en")


def test_where_the_schema_is() -> None:
    """A key $schema is passed over where it is text, as the schema has it, and refused where it is none."""
    (example,) = schema("rubric")["examples"]

    assert load_rubric({**example, "$schema": "../rubric.schema.json"}) == load_rubric(example)
    with pytest.raises(InvalidDocument, match=r"\$schema.*: text is needed, not 3"):
        load_rubric({**example, "$schema": 3})


@pytest.mark.parametrize("kind", ALL)
def test_self_contained(kind: DocumentKind) -> None:
    """A schema refers to nothing outside itself, so that any validator can use the one file."""
    references = {part["$ref"] for part in inside(schema(kind)) if "$ref" in part}

    assert references == {f"#/$defs/{name}" for name in schema(kind)["$defs"]}
