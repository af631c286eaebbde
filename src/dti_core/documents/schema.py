"""The shipped JSON Schemas: the documented shape of documents, and what keeps a value from it, in our own words."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sized
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from dti_core.documents.problems import unknown_keys
from dti_core.documents.source import shipped
from dti_core.errors import InvalidDocument, Path, Problem, shorten
from dti_core.exact import decimal_of
from dti_core.terms import CODE_LENGTH, nfc
from dti_core.words import DOCUMENTS, near
from dti_core.words.documents import either, flaw

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, ValidationError

DocumentKind = Literal["rubric", "marks", "measures", "assessment", "result", "explanation"]
VERSIONS: dict[DocumentKind, str] = {
    "rubric": "dti-core/rubric/1",
    "marks": "dti-core/marks/1",
    "measures": "dti-core/measures/1",
    "assessment": "dti-core/assessments/1",
    "result": "dti-core/result/1",
    "explanation": "dti-core/explanation/1",
}
OUT_OF_PLACE = "out_of_place"
"""A key that an object has in other circumstances only."""
CONDITIONAL = {OUT_OF_PLACE, "not", "required"}
"""Rules that rest on what else a part has: where the classes tell of them too, they know better why."""


@cache
def schema(kind: DocumentKind) -> dict[str, Any]:
    """The JSON Schema of one kind of document."""
    described: dict[str, Any] = json.loads((shipped("schemas") / f"{kind}.schema.json").read_bytes())
    return described


def resolved(kind: DocumentKind, part: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part of a schema that a reference leads to; beside a description it stands alone in ``allOf``."""
    while reference := part.get("allOf", [part])[0].get("$ref"):
        part = schema(kind)["$defs"][reference.rpartition("/")[2]]
    return part


def entries(kind: DocumentKind, part: Mapping[str, Any]) -> dict[str, range]:
    """How many entries the lists and objects under the keys of an object may have."""
    inner = {key: resolved(kind, value) for key, value in part.get("properties", {}).items()}
    most = {key: value.get("maxItems", value.get("maxProperties")) for key, value in inner.items()}
    return {key: range(inner[key].get("minItems", 0), count + 1) for key, count in most.items() if count}


def kind_of(document: Mapping[str, Any], wanted: DocumentKind | None, what: str) -> DocumentKind:
    """The kind of a document by its ``schema``; refuses kinds and versions that are not known, or not wanted here."""
    location = document.get("$schema", "")
    if not isinstance(location, str):
        raise InvalidDocument(what, [_wrong_type(("$schema",), location, {"type": "string"})])
    stated = document.get("schema")
    for kind, version in VERSIONS.items():
        if stated == version and wanted in (None, kind):
            return kind
    allowed = ", ".join(VERSIONS.values()) if wanted is None else VERSIONS[wanted]
    name = "const" if "schema" in document else "const.missing"
    raise InvalidDocument(what, [flaw(name, ("schema",), value=shorten(stated), bound=allowed)])


def shape_problems(kind: DocumentKind, value: object, definition: str | None = None) -> Iterator[Problem]:
    """What keeps a value from the shape of a document, or of one of its ``$defs``."""
    for error in _validator(kind, definition).iter_errors(_nfc(value)):
        yield from _in_words(error)


def explained(
    kind: DocumentKind, document: Mapping[str, Any], refused: Iterable[Problem]
) -> Iterator[Problem]:
    """What JSON Schema says of a document and, as cells are many, only of those units that were refused."""
    refused = [*refused]
    places = {problem.path for problem in refused}
    for problem in _shape_problems_of(kind, document, refused):
        if problem.rule not in CONDITIONAL or problem.path not in places:
            yield problem


def _shape_problems_of(
    kind: DocumentKind, document: Mapping[str, Any], refused: Iterable[Problem]
) -> Iterator[Problem]:
    name = "units" if "units" in document else "steps"
    rows = document.get(name)
    if not isinstance(rows, list):
        yield from shape_problems(kind, document)
        return
    columns = document.get("scores") if kind == "result" else None
    many: dict[Any, Any] = {name: rows} | ({"scores": columns} if isinstance(columns, dict) else {})
    yield from shape_problems(kind, {**document, **{part: type(held)() for part, held in many.items()}})
    # what has too many entries has been counted already, and takes long to look through
    paths = [problem.path for problem in refused if problem.rule != "size" and len(problem.path) > 1]
    for part, step in dict.fromkeys((path[0], path[1]) for path in paths if path[0] in many):
        entry = many[part][step]
        definition = _definition(kind, part, entry)
        for problem in shape_problems(kind, entry, definition) if definition else ():
            yield problem.under(part, step)


def _definition(kind: DocumentKind, part: str | int, entry: Any) -> str | None:
    """What describes a unit, the scores of a node, or a step by its kind; None: the kind is what is wrong with it."""
    if part != "steps":
        return "Unit" if part == "units" else "NodeScores"
    named = str(entry.get("kind")).capitalize() if isinstance(entry, dict) else ""
    kinds = [choice["$ref"].rpartition("/")[2] for choice in schema(kind)["$defs"]["Step"]["oneOf"]]
    return named if named in kinds else None


@cache
def _validator(kind: DocumentKind, definition: str | None) -> "Draft202012Validator":
    # Imported here: where Jupyter's extras are installed, importing jsonschema takes seconds.
    from jsonschema import Draft202012Validator
    from referencing import Registry

    asked = schema(kind)
    if definition is not None:
        asked = {"$ref": f"#/$defs/{definition}", "$defs": asked["$defs"]}
    return Draft202012Validator(asked, registry=Registry())


def _nfc(value: Any) -> Any:
    """Text in normal form C throughout: lengths are counted as the classes count them."""
    if isinstance(value, dict):
        return {nfc(key): _nfc(inner) for key, inner in value.items()}
    return [*map(_nfc, value)] if isinstance(value, list) else nfc(value)


def _in_words(error: "ValidationError") -> Iterator[Problem]:
    path: Path = tuple(error.absolute_path)
    rule = str(error.validator)
    value: Any = error.instance
    bound: Any = error.validator_value
    part: Any = error.schema
    if rule == "anyOf":
        yield from _by_type(error)
    elif rule == "oneOf":
        yield from _by_kind(error)
    elif rule == "additionalProperties":
        known = [*part["properties"]]
        yield from unknown_keys(path, (key for key in value if key not in known), known)
    elif rule == "required":
        yield from (flaw("required", (*path, key)) for key in bound if key not in value)
    else:
        problem = _flaw(path, rule, value, bound, part)
        is_key = "propertyNames" in error.absolute_schema_path
        yield flaw("key", path, key=shorten(value), message=problem.said) if is_key else problem


def _flaw(path: Path, rule: str, value: Any, bound: Any, part: Any) -> Problem:
    """What is wrong with one value by one word of the schema."""
    if rule == "type":
        return _wrong_type(path, value, part)
    if rule == "const" or (rule == "not" and "properties" not in bound):
        return flaw(OUT_OF_PLACE, path)
    name = f"pattern.{part['title']}" if rule == "pattern" else rule
    name = "not.both" if rule == "not" and "required" in bound else name
    return flaw(name if name in DOCUMENTS else OUT_OF_PLACE, path, rule, **_values(rule, value, bound))


def _by_type(error: "ValidationError") -> Iterator[Problem]:
    """What is wrong with a value that may be of several types, by the one that it has."""
    choices: Any = error.validator_value
    problems = error.context or []
    strays = {
        problem.relative_schema_path[0]: problem.schema
        for problem in problems
        if problem.validator == "type" and not problem.relative_path
    }
    for problem in problems:
        if problem.relative_schema_path[0] not in strays:
            yield from _in_words(problem)
    if len(strays) == len(choices):
        yield _wrong_type(tuple(error.absolute_path), error.instance, *strays.values())


def _by_kind(error: "ValidationError") -> Iterator[Problem]:
    """What is wrong with a way of scoring, by the kind that it says it is; the last is of any name of one's own."""
    value: Any = error.instance
    choices: Any = error.validator_value
    kind = value.get("kind") if isinstance(value, dict) else None
    problems = error.context or []
    names = {
        problem.relative_schema_path[0]: problem.validator_value
        for problem in problems
        if problem.validator in ("const", "pattern") and [*problem.relative_path] == ["kind"]
    }
    *named, own = range(len(choices))
    for problem in problems:
        if problem.relative_schema_path[0] not in (names if isinstance(kind, str) else named):
            yield from _in_words(problem)
    if {*named, own} == names.keys():
        path = (*error.absolute_path, "kind")
        yield flaw("enum", path, **_values("enum", kind, [names[at] for at in named]))


def _wrong_type(path: Path, value: Any, *parts: Any) -> Problem:
    """A value of none of the types that parts of a schema ask for."""
    if any(part.get("maxLength") == CODE_LENGTH for part in parts) and decimal_of(value) is not None:
        return flaw("type.code", path, value=value)
    types = [part["type"] for part in parts]
    needed = [name for each in types for name in ([each] if isinstance(each, str) else each)]
    return flaw("type", path, needed=either(*needed), value=shorten(value))


def _values(rule: str, value: Any, bound: Any) -> dict[str, Any]:
    """What a sentence about a word of the schema may name."""
    values = {"value": shorten(value), "bound": bound}
    if isinstance(value, Sized):
        values["count"] = len(value)
    if rule == "not":
        values["bound"] = ", ".join(bound["properties"])
    elif rule == "enum":
        values |= {"bound": ", ".join(bound), "near": near(value, bound)}
    return values
