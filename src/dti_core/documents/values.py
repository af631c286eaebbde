"""Strict readers of single JSON values: bounded, nothing coerced; whoever asks adds where."""

import copy
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any, TypeVar

from dti_core.documents.problems import REFUSALS, problems_in, refuse
from dti_core.documents.text import MOST_FOUND
from dti_core.errors import InvalidDocument, Problem, raise_all, shorten
from dti_core.exact import decimal_of
from dti_core.terms import CODE_LENGTH, TEXT_LENGTH, nfc
from dti_core.words.documents import either

T = TypeVar("T")
Step = str | int
MAX_NUMBER = 10**15


def wrong_type(value: Any, *needed: str) -> InvalidDocument:
    """The refusal of a value of another type than is needed."""
    return refuse("type", needed=either(*needed), value=shorten(value))


def text(value: Any, _: Any = None) -> str:
    """Text of a bounded length, in normal form C."""
    if not isinstance(value, str):
        raise wrong_type(value, "string")
    composed = nfc(value)
    if len(composed) > TEXT_LENGTH:
        raise refuse("maxLength", count=len(composed), bound=TEXT_LENGTH)
    return composed


def number(value: Any, _: Any = None) -> Decimal:
    """The decimal of a bounded JSON number."""
    exact = decimal_of(value)
    if exact is None:
        raise wrong_type(value, "number")
    if abs(exact) > MAX_NUMBER:
        raise refuse("maximum", value=shorten(value), bound=MAX_NUMBER)
    return exact


def scalar(value: Any, _: Any = None) -> Any:
    """Text, a bounded number, true or false."""
    if isinstance(value, bool):
        return value
    return text(value) if isinstance(value, str) else number(value)


def json_integer(value: Any, _: Any) -> int:
    """A whole number, also one written 2.0."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise wrong_type(value, "integer")
    return int(value)


def boolean(value: Any, _: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise wrong_type(value, "boolean")
    return value


def json_object(value: Any, _: Any = None) -> dict[str, Any]:
    """An object."""
    if not isinstance(value, dict):
        raise wrong_type(value, "object")
    return value


def custom(value: Any, _: Any) -> dict[str, Any]:
    """A private copy of free data."""
    return copy.deepcopy(json_object(value))


def read_each(values: Iterable[tuple[Step, Any]], read: Callable[[Any], T]) -> Iterator[T]:
    """What is read of values, in their order; their problems are raised together, each under its step."""
    problems: list[Problem] = []
    for step, value in values:
        try:
            yield read(value)
        except REFUSALS as error:
            problems += (problem.under(step) for problem in problems_in(error))
            if len(problems) >= MOST_FOUND:
                break
    raise_all("values", problems)


def listed(value: Any, read: Callable[[Any], T]) -> tuple[T, ...]:
    """The values of a list."""
    if not isinstance(value, list):
        raise wrong_type(value, "array")
    return tuple(read_each(enumerate(value), read))


def by_unique_name(value: Any, read: Callable[[Any], T], longest: int = CODE_LENGTH) -> dict[str, T]:
    """The values of an object by name; names are in normal form C, and no two are the same."""
    names: set[str] = set()

    def entry(pair: tuple[str, Any]) -> tuple[str, T]:
        name = nfc(pair[0])
        if name in names:
            raise refuse("duplicate")
        if not 0 < len(name) <= longest:
            raise refuse("key.length", key=shorten(name), count=len(name), bound=longest)
        names.add(name)
        return name, read(pair[1])

    return dict(read_each(((pair[0], pair) for pair in json_object(value).items()), entry))
