"""Fields that the classes of this room share, and values made of plain data with every problem told."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar, cast

import attrs

from dti_core.columns.frozen import Frozen, frozen
from dti_core.errors import InvalidDocument, Problem, raise_all, shorten
from dti_core.terms import Test, checking, listed, nfc, optional, text_or_none, wrong_text
from dti_core.terms.custom import wrong_custom
from dti_core.terms.fields import CHECKS
from dti_core.words import ROUNDS, Sentence, near
from dti_core.words.documents import flaw
from dti_core.words.rounds import fault

T = TypeVar("T")


def text(test: Test = wrong_text, **options: Any) -> Any:
    """A field of text that may be left out."""
    return attrs.field(default=None, converter=text_or_none, validator=checking(optional(test)), **options)


def by_code(values: Any, value_of: Callable[[Any], Any] = lambda value: value) -> Any:
    """The mapping, keys in normal form C; what is none, or names a thing twice, is left for the check to refuse."""
    if type(values) is Frozen or not isinstance(values, Mapping):
        return values
    made = {nfc(name): value_of(value) for name, value in values.items()}
    return Frozen(made) if len(made) == len(values) else values


def wrong_mapping(values: object) -> Sentence | None:
    """What keeps a value from being such a mapping, or None."""
    return None if isinstance(values, Frozen) else ROUNDS("type.mapping", value=shorten(values))


def free(value: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Free data that nobody can write to; what JSON cannot hold is left for the check to refuse."""
    if value is None or type(value) is Frozen or wrong_custom(value):
        return value
    return cast("Frozen[str, Any]", frozen(value))


CHECKS[free] = wrong_custom


def made(kind: type[T], written: Any) -> T:
    """A value of a class from plain data, or the value itself; every problem is told, each under its field.

    >>> from dti_core import Decision
    >>> made(Decision, {"number": "01/QĐ-UBND"}).number
    '01/QĐ-UBND'
    """
    if isinstance(written, kind):
        return written
    if not isinstance(written, Mapping):
        raise InvalidDocument(kind.__name__, [fault("type.fields", (), value=shorten(written))])
    try:
        return kind(**written)
    except InvalidDocument as error:
        at_once = error.problems
    except TypeError:  # keys that it does not have, or lacks
        at_once = (fault("type.fields", (), value=shorten(written)),)
    raise InvalidDocument(kind.__name__, tuple(_field_problems(kind, written)) or at_once)


def all_made(kind: type[T], values: Any) -> Any:
    """A tuple of what is listed, each made of plain data; what lists nothing is left for the check to refuse."""
    values = listed(values)
    if not isinstance(values, tuple):
        return values
    parts, problems = [], list[Problem]()
    for at, value in enumerate(values):
        try:
            parts.append(made(kind, value) if isinstance(value, Mapping) else value)
        except InvalidDocument as error:
            problems += (problem.under(at) for problem in error.problems)
    raise_all(kind.__name__, problems)
    return tuple(parts)


def _field_problems(kind: type, written: Mapping[str, Any]) -> Iterator[Problem]:
    fields = {field.name: field for field in attrs.fields(kind)}
    for key in written:
        if key not in fields:
            yield flaw("additionalProperties", (name_of(key),), key=shorten(key), near=near(key, fields))
    for name, field in fields.items():
        if name in written:
            yield from field_problems(field, written[name])
        elif field.default is attrs.NOTHING:
            yield flaw("required", (name,))


def field_problems(field: "attrs.Attribute[Any]", value: Any) -> Iterator[Problem]:
    """What keeps a field of a class from taking a value."""
    try:
        converted = field.converter(value) if field.converter else value  # type: ignore[operator]
    except InvalidDocument as error:
        is_plain = isinstance(value, str)  # of a label as text there is no key that it could be at
        yield from (
            attrs.evolve(problem, path=(field.name, *(() if is_plain else problem.path)))
            for problem in error.problems
        )
        return
    try:
        field.validator(None, field, converted)  # type: ignore[misc]  # all of these classes' fields have one
    except InvalidDocument as error:
        yield from error.problems


def name_of(key: object) -> str:
    """A key as a path has it."""
    return key if isinstance(key, str) else shorten(key)
