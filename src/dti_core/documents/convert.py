"""Strict converters between plain JSON values and the classes: nothing is coerced, no key is ignored."""

import copy
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from itertools import islice
from types import NoneType, UnionType
from typing import Any, Generic, Literal, TypeVar, Union, get_args, get_origin

import attrs
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from dti_core.documents import values
from dti_core.documents.problems import KEYS, REFUSALS, UNKNOWN_KEY, merged, problems_in
from dti_core.documents.schema import VERSIONS, DocumentKind, entries, explained, resolved, schema
from dti_core.documents.text import MOST_FOUND
from dti_core.errors import InvalidArgument, InvalidDocument, Problem, raise_all
from dti_core.exact import decimal_of, json_number
from dti_core.rubric.conditions import Attribute, Condition, When
from dti_core.rubric.policy import AttributeOrder, Breaker
from dti_core.terms import CODE_LENGTH, Label, Scalar
from dti_core.words import DOCUMENTS
from dti_core.words.documents import flaw

T = TypeVar("T")
Reader = Callable[[Any, Any], Any]
Writer = Callable[[Any], Any]
Attributes = tuple[tuple[str, Attribute], ...]
FREE = (dict[str, Any], Mapping[str, Any])
OPTIONAL_FREE = tuple(hint | None for hint in FREE)
BUILT_IN = (str, int, bool)
ENVELOPE = ("schema", "$schema")
"""Keys that say what a document is; no class has them."""


class Shape(Converter):
    """Reads and writes the classes of one kind of document; without ``strict`` unknown keys are passed over."""

    def __init__(
        self, kind: DocumentKind, root: type, teach: "Callable[[Shape], None]", *, strict: bool
    ) -> None:
        super().__init__(forbid_extra_keys=strict)
        self.kind = kind
        self.parts: dict[str, Any] = {root.__name__: schema(kind), **schema(kind)["$defs"]}
        self.register_structure_hook_factory(attrs.has, self.class_reader)
        self.register_structure_hook_factory(_of(tuple), self._list_reader)
        self.register_structure_hook_factory(_of(dict, Mapping), self._mapping_reader)
        self.register_structure_hook_factory(_is_optional, self._optional_reader)
        self.register_structure_hook_func(_of(Literal), values.text)
        self.teach(str, values.text)
        self.teach(int, values.json_integer)
        self.teach(bool, values.boolean)
        self.register_unstructure_hook_factory(attrs.has, self.class_writer)
        self.register_unstructure_hook(tuple, lambda items: [*map(self.unstructure, items)])
        self.register_structure_hook_func(lambda hint: hint in FREE, values.custom)
        self.register_unstructure_hook_func(lambda hint: hint in OPTIONAL_FREE, copy.deepcopy)
        self.teach(Scalar, values.scalar)
        self.teach(Decimal, values.number, number_out)
        self.teach(Label, self._label_reader(), _label_out)
        self.teach(Breaker, self._breaker)
        self.teach_pairs(When, Condition)
        self.teach_pairs(Attributes, Attribute)
        teach(self)

    def teach(self, hint: Any, read: Reader, write: Writer | None = None) -> None:
        """Have values of a type read, and written, in a way of their own."""
        if hint in BUILT_IN:  # cattrs reads them by hooks of classes, which it asks first
            self.register_structure_hook(hint, read)
        else:
            self.register_structure_hook_func(lambda other: other == hint, read)
        if write is not None:
            self.register_unstructure_hook_func(lambda other: other == hint, write)

    def teach_pairs(self, hint: Any, inner: Any, longest: int = CODE_LENGTH) -> None:
        """Have an object held as pairs, so that classes can be hashed."""
        read = self._reader_of(inner)
        self.teach(
            hint,
            lambda value, _: tuple(values.by_unique_name(value, read, longest).items()),
            lambda pairs: {name: self.unstructure(value) for name, value in pairs},
        )

    def teach_in_full(self, hint: Any) -> None:
        """Have every key of a class, defaults or not, read and written, but what is None by default and not there.

        The classes that it holds are taught before it.
        """
        read, needed = self.class_reader(hint), [*_keys(hint, lambda field: field.default is not None)]

        def read_in_full(value: Any, _: Any) -> Any:
            absent = [flaw("required", (key,)) for key in needed if key not in values.json_object(value)]
            raise_all(hint.__name__, absent)
            return read(value, hint)

        self.teach(hint, read_in_full, self.class_writer(hint, omit=False))

    def class_writer(self, hint: Any, *, omit: bool = True) -> Writer:
        """The writer of a class's fields in the order of the schema, defaults left out unless told otherwise."""
        write = make_dict_unstructure_fn(hint, self, _cattrs_omit_if_default=omit, **_renamed(hint))
        keys, stated = _keys(hint), [*self._part(hint).get("properties", ())]
        order = [key for key in dict.fromkeys((*stated, *keys)) if key in keys]

        def write_in_order(value: Any) -> dict[str, Any]:
            written = write(value)
            return {key: written[key] for key in order if key in written}

        return write if omit and stated == keys else write_in_order

    def class_reader(self, hint: Any) -> Reader:
        """The reader of a class's fields, none of them longer than the schema has it."""
        strict = self.forbid_extra_keys
        read = make_dict_structure_fn(hint, self, _cattrs_forbid_extra_keys=strict, **_renamed(hint))
        counts = entries(self.kind, self._part(hint))

        def read_counted(value: Any, _: Any) -> Any:
            inner = values.json_object(value)
            lengths = {key: len(inner[key]) for key in counts if isinstance(inner.get(key), dict | list)}
            problems = [
                flaw("size.entries", (key,), count=length, least=counts[key][0], most=counts[key][-1])
                for key, length in lengths.items()
                if length not in counts[key]
            ]
            raise_all(hint.__name__, problems)
            return read(inner, hint)

        return read_counted if counts else lambda value, _: read(values.json_object(value), hint)

    def _part(self, hint: type) -> Mapping[str, Any]:
        """Where the schema describes a class."""
        return resolved(self.kind, self.parts.get(hint.__name__, {}))

    def _reader_of(self, hint: Any) -> Writer:
        """Reads a value of a type, found when it is first needed: types may hold one another."""
        return lambda value: self.structure(value, hint)

    def _list_reader(self, hint: Any) -> Reader:
        read = self._reader_of(get_args(hint)[0])
        return lambda value, _: values.listed(value, read)

    def _mapping_reader(self, hint: Any) -> Reader:
        read = self._reader_of(get_args(hint)[1])
        return lambda value, _: values.by_unique_name(value, read)

    def _optional_reader(self, hint: Any) -> Reader:
        """What is not known is left out: a value that is given is never null."""
        rest = tuple(member for member in get_args(hint) if member is not NoneType)
        read = self._reader_of(Union[rest])  # noqa: UP007 - the members are known at run time only
        return lambda value, _: read(value)

    def _breaker(self, value: Any, _: Any) -> Any:
        return self.structure(value, AttributeOrder) if isinstance(value, dict) else values.text(value)

    def _label_reader(self) -> Reader:
        """Reads plain text, or an object of both languages."""
        read_both = self.class_reader(Label)

        def read(value: Any, _: Any) -> Any:
            if isinstance(value, dict):
                return read_both(value, Label)
            try:
                return Label(values.text(value))
            except InvalidDocument as error:  # there is no key "vi" that it could be at
                raise InvalidDocument("label", [attrs.evolve(error.problems[0], path=())]) from None

        return read


@attrs.frozen
class DocumentForm(Generic[T]):
    """One kind of document: the class that holds it, and what the kind teaches its converters."""

    kind: DocumentKind
    root: type[T]
    teach: Callable[[Shape], None]

    def read(self, document: Mapping[str, Any], what: str) -> tuple[T, list[Problem]]:
        """What a document says, and its unknown keys: they hide no other problem. Refuses what cannot be read."""
        fields = {key: value for key, value in document.items() if key not in ENVELOPE}
        try:
            return self._shape(strict=True).structure(fields, self.root), []
        except REFUSALS as error:
            problems = [*dict.fromkeys(islice(problems_in(error), MOST_FOUND))]
        problems = merged(explained(self.kind, document, problems), problems)
        if not any(problem.rule == UNKNOWN_KEY for problem in problems):
            raise InvalidDocument(what, problems)
        try:
            return self._shape(strict=False).structure(fields, self.root), problems
        except REFUSALS as error:
            others = islice(problems_in(error), MOST_FOUND)
            raise InvalidDocument(what, merged(problems, others)) from None

    def write(self, value: T) -> dict[str, Any]:
        """The document of what the root's class holds."""
        return {"schema": VERSIONS[self.kind], **self.plain(value)}

    def plain(self, value: Any) -> Any:
        """What the documents hold of a value of one of their classes."""
        return self._shape(strict=True).unstructure(value)

    @cache  # noqa: B019 - there is one form of a kind, kept for ever
    def _shape(self, *, strict: bool) -> Shape:
        return Shape(self.kind, self.root, self.teach, strict=strict)


@lru_cache(1 << 12)
def number_out(value: Decimal) -> int | float:
    """The JSON number of a decimal; refuses what would read back as another number."""
    written = json_number(value)
    if decimal_of(written) != value or abs(value) > values.MAX_NUMBER:
        raise InvalidArgument(DOCUMENTS("too_fine", value=str(value)))
    return written


def _label_out(label: Label) -> Any:
    return label.vi if label.en is None else {"vi": label.vi, "en": label.en}


def _keys(hint: Any, wanted: Callable[["attrs.Attribute[Any]"], bool] = lambda _: True) -> list[str]:
    return [KEYS.get(field.name, field.name) for field in attrs.fields(hint) if wanted(field)]


def _renamed(hint: Any) -> dict[str, Any]:
    """Keys spelt otherwise; what is None by default is left out, for no document holds null."""
    return {
        field.name: override(rename=KEYS.get(field.name), omit_if_default=field.default is None or None)
        for field in attrs.fields(hint)
        if field.name in KEYS or field.default is None
    }


def _of(*origins: Any) -> Callable[[Any], bool]:
    return lambda hint: get_origin(hint) in origins


def _is_optional(hint: Any) -> bool:
    return _of(Union, UnionType)(hint) and NoneType in get_args(hint)
