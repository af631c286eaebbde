"""Strict readers of single JSON values: bounded, nothing coerced; the converter adds where."""

import copy
from decimal import Decimal
from itertools import islice
from types import NoneType
from typing import Any

from dti_core.documents.problems import refuse
from dti_core.errors import SHOWN, InvalidDocument, Problem, shorten
from dti_core.exact import decimal_of
from dti_core.terms import CODE_LENGTH, nfc

MAX_TEXT = 10_000
MAX_NUMBER = 10**15
MAX_NAMES = 200
MARKS = {int, float, NoneType}


def text(value: Any, _: Any = None) -> str:
    """Text of a bounded length."""
    if not isinstance(value, str):
        raise refuse(f"text is needed, not {shorten(value)}")
    if len(value) > MAX_TEXT:
        raise refuse(f"has {len(value)} characters; at most {MAX_TEXT} are allowed")
    return value


def number(value: Any, _: Any = None) -> Decimal:
    """The decimal of a bounded JSON number."""
    exact = decimal_of(value)
    if exact is None or isinstance(value, Decimal):
        raise refuse(f"a number is needed, not {shorten(value)}")
    if abs(exact) > MAX_NUMBER:
        raise refuse(f"is {shorten(value)}; numbers here end at {MAX_NUMBER:g}")
    return exact


def scalar(value: Any, _: Any = None) -> Any:
    """Text, a bounded number, true or false."""
    if isinstance(value, bool):
        return value
    return text(value) if isinstance(value, str) else number(value)


def scalars(value: Any, _: Any) -> dict[str, Any]:
    """The attributes of a unit, their names in normal form C."""
    problems: list[Problem] = []
    named = {nfc(name): each for name, each in mapping(value).items()}
    if len(named) != len(value) or len(named) > MAX_NAMES:
        raise refuse(f"has a name twice, or more than {MAX_NAMES}")
    for name, each in named.items():
        if not 0 < len(name) <= CODE_LENGTH:
            message = f"the key {shorten(name)} has {len(name)} characters, not 1 to {CODE_LENGTH}"
            problems.append(Problem((), message, "key"))
        try:
            scalar(each)
        except InvalidDocument as error:
            problems += (problem.under(name) for problem in error.problems)
    if problems:
        raise InvalidDocument("attributes", problems)
    return named


def marks(value: Any, _: Any) -> dict[str, float | None]:
    """The marks of a unit: numbers and nulls; what they may be is checked for all units at once."""
    if not MARKS.issuperset(map(type, mapping(value).values())):
        wrong = ((code, each) for code, each in value.items() if type(each) not in MARKS)
        message = "a number or null is needed, not"
        told = (Problem((code,), f"{message} {shorten(each)}", "type") for code, each in wrong)
        raise InvalidDocument("marks", islice(told, SHOWN))
    return value  # type: ignore[no-any-return]


def whole(value: Any, _: Any) -> int:
    """A whole number, also one written 2.0."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise refuse(f"a whole number is needed, not {shorten(value)}")
    return int(value)


def boolean(value: Any, _: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise refuse(f"true or false is needed, not {shorten(value)}")
    return value


def mapping(value: Any, _: Any = None) -> dict[str, Any]:
    """An object."""
    if not isinstance(value, dict):
        raise refuse(f"an object is needed, not {shorten(value)}")
    return value


def custom(value: Any, _: Any) -> dict[str, Any]:
    """A private copy of free data."""
    return copy.deepcopy(mapping(value))
