"""The shipped JSON Schemas: the documented shape of documents, and what keeps a value from it, in our own words."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sized
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from dti_core.documents.problems import unknown_keys
from dti_core.documents.source import shipped
from dti_core.errors import InvalidDocument, Path, Problem, shorten
from dti_core.exact import decimal_of
from dti_core.terms import CODE_LENGTH, Label, nfc
from dti_core.words import DOCUMENTS, near
from dti_core.words.documents import either, flaw

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, ValidationError

Kind = Literal["rubric", "marks", "measures", "assessment", "result"]
VERSIONS: dict[Kind, str] = {
    "rubric": "dti-core/rubric/1",
    "marks": "dti-core/marks/1",
    "measures": "dti-core/measures/1",
    "assessment": "dti-core/assessments/1",
    "result": "dti-core/result/1",
}


@cache
def schema(kind: Kind) -> dict[str, Any]:
    """The JSON Schema of one kind of document."""
    described: dict[str, Any] = json.loads((shipped("schemas") / f"{kind}.schema.json").read_bytes())
    return described


def resolved(kind: Kind, part: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part of a schema that a reference leads to."""
    while "$ref" in part:
        part = schema(kind)["$defs"][part["$ref"].rpartition("/")[2]]
    return part


def entries(kind: Kind, part: Mapping[str, Any]) -> dict[str, range]:
    """How many entries the lists and objects under the keys of an object may have."""
    inner = {key: resolved(kind, value) for key, value in part.get("properties", {}).items()}
    most = {key: value.get("maxItems", value.get("maxProperties")) for key, value in inner.items()}
    return {key: range(inner[key].get("minItems", 0), count + 1) for key, count in most.items() if count}


def kind_of(document: Mapping[str, Any], wanted: Kind | None, what: str) -> Kind:
    """The kind of a document by its ``schema``; refuses kinds and versions that are not known, or not wanted here."""
    stated = document.get("schema")
    for kind, version in VERSIONS.items():
        if stated == version and wanted in (None, kind):
            return kind
    allowed = ", ".join(VERSIONS.values()) if wanted is None else VERSIONS[wanted]
    name = "const" if "schema" in document else "const.missing"
    raise InvalidDocument(what, [flaw(name, ("schema",), value=shorten(stated), bound=allowed)])


def shape_problems(kind: Kind, value: object, definition: str | None = None) -> Iterator[Problem]:
    """What keeps a value from the shape of a document, or of one of its ``$defs``."""
    for error in _validator(kind, definition).iter_errors(_nfc(value)):
        yield from _in_words(error)


def explained(kind: Kind, document: Mapping[str, Any], refused: Iterable[Problem]) -> Iterator[Problem]:
    """What JSON Schema says of a document and, as cells are many, only of those units that were refused."""
    units = document.get("units")
    if not isinstance(units, list):
        yield from shape_problems(kind, document)
        return
    yield from shape_problems(kind, {**document, "units": []})
    # what has too many entries has been counted already, and takes long to look through
    paths = (problem.path for problem in refused if problem.rule != "size")
    for row in dict.fromkeys(path[1] for path in paths if len(path) > 1 and path[0] == "units"):
        for problem in shape_problems(kind, units[int(row)], "Unit"):
            yield problem.under("units", row)


@cache
def _validator(kind: Kind, definition: str | None) -> "Draft202012Validator":
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
    rule = str(error.validator or "unexpected")
    value: Any = error.instance
    bound: Any = error.validator_value
    part: Any = error.schema
    if rule == "additionalProperties":
        known = [*part["properties"]]
        yield from unknown_keys(path, (key for key in value if key not in known), known)
    elif rule == "required":
        yield from (flaw("required", (*path, key)) for key in bound if key not in value)
    elif rule == "type" and part.get("maxLength") == CODE_LENGTH and decimal_of(value) is not None:
        yield flaw("type.code", path, value=value)
    else:
        name = rule if rule in DOCUMENTS else "out_of_place"
        problem = flaw(name, path, rule, **_values(rule, value, bound, part))
        is_key = "propertyNames" in error.absolute_schema_path
        yield flaw("key", path, key=shorten(value), message=problem.said) if is_key else problem


def _values(rule: str, value: Any, bound: Any, part: Mapping[str, Any]) -> dict[str, Any]:
    """What a sentence about a word of the schema may name."""
    values = {"value": shorten(value), "bound": bound}
    if isinstance(value, Sized):
        values["count"] = len(value)
    if rule == "type":
        values["needed"] = either(*([bound] if isinstance(bound, str) else bound))
    elif rule == "pattern":
        values["needed"] = Label(**part["x-needs"])
    elif rule == "anyOf":
        values["bound"] = ", ".join(key for choice in bound for key in choice["required"])
    elif rule == "enum":
        values |= {"bound": ", ".join(bound), "near": near(value, bound)}
    return values
