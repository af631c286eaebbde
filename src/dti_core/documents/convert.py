"""One strict converter between plain JSON values and the classes; nothing is coerced, no key is ignored."""

import copy
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from itertools import islice
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import attrs
from cattrs import BaseValidationError, Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from dti_core.documents.problems import problems_in, refuse
from dti_core.documents.schema import Kind, schema
from dti_core.documents.text import MAX_PROBLEMS
from dti_core.documents.values import (
    MAX_NUMBER,
    boolean,
    custom,
    mapping,
    marks,
    number,
    scalar,
    scalars,
    text,
    whole,
)
from dti_core.errors import InvalidArgument, InvalidDocument, Problem, shorten
from dti_core.exact import decimal_of, json_number
from dti_core.rubric.conditions import FIELD_NAMES, Attribute, Condition, When
from dti_core.terms import Label, Scalar

T = TypeVar("T")
Attributes = tuple[tuple[str, Attribute], ...]
KEYS = {field: key for key, field in FIELD_NAMES.items()} | {"as_": "as"}
"""Fields whose key in a document is spelt otherwise."""
MAX_ITEMS = 1_000_000
BATCH = 1000
"""So many items are read before asking whether enough problems have been found: cattrs' errors are slow to make."""


def structure(value: object, kind: type[T]) -> tuple[T | None, list[Problem]]:
    """An object of a class from a plain value, or what keeps it from being one."""
    try:
        return _CONVERTER.structure(value, kind), []
    except (BaseValidationError, InvalidDocument) as error:
        return None, [*dict.fromkeys(islice(problems_in(error, KEYS), MAX_PROBLEMS))]


def unstructure(value: object, document: Kind) -> Any:
    """The plain value of an object, its keys in the order of the document's schema, defaults left out."""
    described = schema(document)
    defs = described["$defs"]
    return _ordered(_CONVERTER.unstructure(value), defs.get(type(value).__name__, described), defs)


def teach(kind: Any, read: Callable[[Any, Any], Any], write: Callable[[Any], Any] | None = None) -> None:
    """Have values of a kind read, and those of it or of a class below it written, in a way of their own."""
    _CONVERTER.register_structure_hook_func(lambda each: each == kind, read)
    if write is not None:
        classes = isinstance(kind, type)
        _CONVERTER.register_unstructure_hook_func(
            lambda each: each == kind or (classes and isinstance(each, type) and issubclass(each, kind)),
            write,
        )


@cache
def fields_out(kind: Any) -> Callable[[Any], dict[str, Any]]:
    """The writer of a class's fields, whatever way of its own it has been taught."""
    return _class_writer(kind)


def _ordered(value: Any, node: dict[str, Any], defs: dict[str, Any]) -> Any:
    """The value with the keys of its objects in the order that the schema lists them."""
    while "$ref" in node:
        node = defs[node["$ref"].rpartition("/")[2]]
    if isinstance(value, list | tuple):
        return [_ordered(each, node.get("items", {}), defs) for each in value]
    if not isinstance(value, dict):
        return value
    for branch in node.get("allOf", ()):
        if value.get("kind") == branch["if"]["properties"]["kind"]["const"]:
            node = defs[branch["then"]["$ref"].rpartition("/")[2]]
    properties, other = node.get("properties", {}), node.get("additionalProperties")
    if other is None:
        return value
    keys = dict.fromkeys(key for key in (*properties, *value) if key in value)
    return {key: _ordered(value[key], properties.get(key, other or {}), defs) for key in keys}


def _label(value: Any, _: Any) -> Label:
    if isinstance(value, dict):
        label: Label = _LABEL(value, Label)
        return label
    try:
        return Label(text(value))
    except InvalidDocument as error:
        raise refuse(error.problems[0].message) from None


def _listed(kind: Any) -> Callable[[Any, Any], tuple[Any, ...]]:
    item: Any = get_args(kind)[0]

    def read(value: Any, _: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise refuse(f"a list is needed, not {shorten(value)}")
        if len(value) > MAX_ITEMS:
            raise refuse(f"has {len(value)} entries; at most {MAX_ITEMS} are allowed")
        made: list[Any] = []
        problems: list[Problem] = []
        for start in range(0, len(value), BATCH):
            try:
                made += _CONVERTER.structure(value[start : start + BATCH], list[item])
            except BaseValidationError as error:
                problems += (_shifted(problem, start) for problem in problems_in(error, KEYS))
            if len(problems) >= MAX_PROBLEMS:
                break
        if problems:
            raise InvalidDocument("list", problems)
        return tuple(made)

    return read


def _shifted(problem: Problem, start: int) -> Problem:
    return attrs.evolve(problem, path=(start + int(problem.path[0]), *problem.path[1:]))


def paired(kind: Any) -> Callable[[Any, Any], tuple[tuple[str, Any], ...]]:
    """A mapping held as pairs, so that classes can be hashed."""
    return lambda value, _: tuple(_CONVERTER.structure(mapping(value), dict[str, kind]).items())


def _given(kind: Any) -> Callable[[Any, Any], Any]:
    """An optional value that is given is never null: what is not known is left out."""
    rest = tuple(each for each in get_args(kind) if each is not NoneType)
    inner: Any = rest[0] if len(rest) == 1 else Union[rest]  # noqa: UP007 - the members are known at run time only
    return lambda value, _: _CONVERTER.structure(value, inner)


def _class_reader(kind: Any) -> Callable[[Any, Any], Any]:
    read = make_dict_structure_fn(kind, _CONVERTER, _cattrs_forbid_extra_keys=True, **_renamed(kind))
    return lambda value, _: read(mapping(value), kind)


def _class_writer(kind: Any) -> Callable[[Any], Any]:
    return make_dict_unstructure_fn(kind, _CONVERTER, _cattrs_omit_if_default=True, **_renamed(kind))


def _renamed(kind: Any) -> dict[str, Any]:
    return {
        field.name: override(rename=KEYS[field.name]) for field in attrs.fields(kind) if field.name in KEYS
    }


def _label_out(label: Label) -> Any:
    return label.vi if label.en is None else {"vi": label.vi, "en": label.en}


def number_out(value: Decimal) -> int | float:
    """The JSON number of a decimal; refuses what would read back as another number."""
    written = json_number(value)
    if decimal_of(written) != value or abs(value) > MAX_NUMBER:
        raise InvalidArgument(f"{value} has more digits than a JSON number keeps; round it before writing")
    return written


def pairs_out(pairs: Any) -> dict[str, Any]:
    """The mapping that is held as pairs."""
    return {name: _CONVERTER.unstructure(each) for name, each in pairs}


def _optional(kind: Any) -> bool:
    origin: Any = get_origin(kind)
    return origin in (Union, UnionType) and NoneType in get_args(kind)


def _tuple(kind: Any) -> bool:
    return get_origin(kind) is tuple and get_args(kind)[1:] == (...,)


def _literal(kind: Any) -> bool:
    origin: Any = get_origin(kind)
    return origin is Literal


def _converter() -> Converter:
    made = Converter(forbid_extra_keys=True)
    made.register_structure_hook_factory(attrs.has, cache(_class_reader))
    made.register_unstructure_hook_factory(attrs.has, cache(_class_writer))
    made.register_structure_hook_factory(_tuple, _listed)
    made.register_structure_hook_factory(_optional, _given)
    made.register_structure_hook_func(_literal, text)
    made.register_structure_hook_func(lambda kind: kind == Scalar, scalar)
    made.register_structure_hook_func(lambda kind: kind == When, paired(Condition))
    made.register_structure_hook_func(lambda kind: kind == Attributes, paired(Attribute))
    made.register_structure_hook_func(lambda kind: kind == dict[str, Any], custom)
    made.register_structure_hook_func(lambda kind: kind == dict[str, Scalar], scalars)
    made.register_structure_hook_func(lambda kind: kind == dict[str, float | None], marks)
    for kind, hook in ((str, text), (Decimal, number), (int, whole), (bool, boolean), (Label, _label)):
        made.register_structure_hook(kind, hook)
    made.register_unstructure_hook_func(lambda kind: kind in (When, Attributes), pairs_out)
    made.register_unstructure_hook_func(lambda kind: kind == dict[str, Any] | None, copy.deepcopy)
    made.register_unstructure_hook(Decimal, number_out)
    made.register_unstructure_hook(Label, _label_out)
    return made


_CONVERTER = _converter()
_LABEL = _class_reader(Label)
