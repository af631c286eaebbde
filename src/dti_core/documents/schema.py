"""The shipped JSON Schemas: the documented shape of documents, and what keeps a value from it, in our own words."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Literal

from dti_core.errors import InvalidDocument, Path, Problem, shorten, suggest
from dti_core.terms import nfc, wrong_code

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from jsonschema import Draft202012Validator, ValidationError

Kind = Literal["rubric", "marks", "measures", "assessment", "result"]
VERSIONS: dict[str, Kind] = {
    "dti-core/rubric/1": "rubric",
    "dti-core/marks/1": "marks",
    "dti-core/measures/1": "measures",
    "dti-core/assessments/1": "assessment",
    "dti-core/result/1": "result",
}
NAMES: dict[Kind, str] = {kind: version for version, kind in VERSIONS.items()}
NEEDED = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
}
LISTED = 20
"""So many unknown keys of one object are named; the rest are counted."""


def folder() -> "Traversable":
    """The schemas: beside the code once built, at the repository root in an editable install."""
    from importlib.resources import files  # with tempfile, shutil and more: imported where it is used

    bundled = files("dti_core") / "schemas"
    return bundled if bundled.is_dir() else FilePath(__file__).parents[3] / "schemas"


@cache
def schema(kind: Kind) -> dict[str, Any]:
    """The JSON Schema of one kind of document."""
    found: dict[str, Any] = json.loads((folder() / f"{kind}.schema.json").read_text("utf-8"))
    return found


def shape_problems(kind: Kind, value: object, definition: str | None = None) -> Iterator[Problem]:
    """What keeps a value from the shape of a document, or of one of its ``$defs``."""
    for error in _validator(kind, definition).iter_errors(_nfc(value)):
        yield from _in_words(error)


def require_kind(document: Mapping[str, Any], wanted: Kind | None, what: str) -> Kind:
    """The kind of a document by its ``schema``; refuses kinds and versions that are not known, or not wanted here."""
    named = document.get("schema")
    kind = VERSIONS.get(named) if isinstance(named, str) else None
    if kind is not None and wanted in (None, kind):
        return kind
    allowed = ", ".join(VERSIONS) if wanted is None else NAMES[wanted]
    message = f"is {shorten(named)}" if "schema" in document else "is missing"
    raise InvalidDocument(what, [Problem(("schema",), f"{message}; it must be {allowed}", "const")])


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
        return {nfc(key): _nfc(each) for key, each in value.items()}
    return [_nfc(each) for each in value] if isinstance(value, list) else nfc(value)


def _in_words(error: "ValidationError") -> Iterator[Problem]:
    path: Path = tuple(error.absolute_path)
    rule = str(error.validator or "unexpected")
    value: Any = error.instance
    if rule == "additionalProperties":
        yield from _unknown_keys(path, value, [*error.schema["properties"]])  # type: ignore[index]
    elif rule == "required":
        needed: Any = error.validator_value
        yield from (Problem((*path, key), "is missing; add it", rule) for key in needed if key not in value)
    elif "propertyNames" in error.absolute_schema_path:
        yield Problem(path, f"the key {shorten(value)} {_message(rule, value, error.validator_value)}", "key")
    elif rule == "type" and _is_number(value) and _is_code(error.schema):
        yield Problem(path, wrong_code(value) or "", rule)
    else:
        yield Problem(path, _message(rule, value, error.validator_value), rule)


def _unknown_keys(path: Path, value: dict[str, Any], known: list[str]) -> Iterator[Problem]:
    unknown = [key for key in value if key not in known]
    for key in unknown[:LISTED]:
        yield Problem(
            (*path, key), f"unknown key {shorten(key)}{suggest(key, known)}", "additionalProperties"
        )
    if len(unknown) > LISTED:
        yield Problem(path, f"has {len(unknown) - LISTED} more unknown keys", "additionalProperties")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_code(asked: object) -> bool:
    return isinstance(asked, dict) and asked.get("type") == "string" and asked.get("maxLength") == 64


def _message(rule: str, value: Any, bound: Any) -> str:
    return MESSAGES[rule](value, bound) if rule in MESSAGES else "does not belong here; remove it"


def _wrong_type(value: Any, bound: Any) -> str:
    needed = " or ".join(NEEDED[each] for each in ([bound] if isinstance(bound, str) else bound))
    return f"{needed} is needed, not {shorten(value)}"


MESSAGES: dict[str, Callable[[Any, Any], str]] = {
    "type": _wrong_type,
    "enum": lambda value, bound: f"{shorten(value)} is not one of {', '.join(bound)}{suggest(value, bound)}",
    "const": lambda value, bound: f"is {shorten(value)}; it must be {shorten(bound)}",
    "minimum": lambda value, bound: f"is {shorten(value)}; it must be at least {bound:g}",
    "maximum": lambda value, bound: f"is {shorten(value)}; it must be at most {bound:g}",
    "minLength": lambda *_: "is empty",
    "minItems": lambda *_: "is empty; list at least one",
    "minProperties": lambda *_: "is empty; name at least one",
    "maxLength": lambda value, bound: f"has {len(value)} characters; at most {bound} are allowed",
    "maxItems": lambda value, bound: f"has {len(value)} entries; at most {bound} are allowed",
    "maxProperties": lambda value, bound: f"has {len(value)} entries; at most {bound} are allowed",
    "pattern": lambda value, bound: f"{_form(bound)} is needed, not {shorten(value)}",
}
FORMS = {
    "|/[1-9]": 'a number as text, such as "44.4" or "625/18",',
    "[.][0-9]": 'a decimal as text, such as "44.40",',
    "/[1-9]": "a fraction such as 1/3",
    "https?:": "a link that starts with http:// or https://",
    "{64}": "64 digits of 0 to 9 and a to f",
    "T[0-9]": "a day such as 2024-02-01 or a time such as 2024-02-01T17:00+07:00",
    ":": "a name with a colon, such as hue:weighted,",
}
"""What a pattern asks for, by a part of it; other patterns ask for a date."""


def _form(pattern: str) -> str:
    return next((form for part, form in FORMS.items() if part in pattern), "a date such as 2024-01-02")
