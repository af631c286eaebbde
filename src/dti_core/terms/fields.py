"""Fields of attrs classes: what a converter leaves for a check to refuse."""

from collections.abc import Iterable, Iterator
from typing import Any, cast, get_args, get_origin

import attrs

from dti_core import terms
from dti_core.terms import checking, nfc, optional, plain_of
from dti_core.terms.custom import custom_of, wrong_custom


def code_of(value: str) -> str:
    """A code in Unicode normal form C."""
    return nfc(value)


def code_or_none(value: str | None) -> str | None:
    """As :func:`code_of`, content with None."""
    return nfc(value)


def whole_of(value: int) -> int:
    """A whole number of numpy as Python's; what is none is left for the check to refuse."""
    return cast("int", plain_of(value))


def truth_of(value: bool) -> bool:  # noqa: FBT001 - it is the value
    """A truth value of numpy as Python's; what is none is left for the check to refuse."""
    return cast("bool", plain_of(value))


def word(*allowed: str, **options: Any) -> Any:
    """An attrs field that takes one of the words named; None too where that is the default."""
    test = terms.one_of(*allowed)
    if options.get("default", "") is None:
        return attrs.field(converter=terms.text_or_none, validator=checking(optional(test)), **options)
    return attrs.field(converter=terms.text_of, validator=checking(test), **options)


def repeated(values: Iterable[Any]) -> Iterator[tuple[int, int]]:
    """Where values stand that stood before, and where each stood first."""
    first: dict[Any, int] = {}
    for at, value in enumerate(values):
        if first.setdefault(value, at) != at:
            yield at, first[value]


CHECKS: dict[Any, terms.Test] = {
    code_of: terms.wrong_code,
    code_or_none: optional(terms.wrong_code),
    terms.codes_of: terms.tuple_of_codes,
    terms.codes_or_none: optional(terms.tuple_of_codes),
    custom_of: wrong_custom,
    terms.label_of: terms.wrong_label,
    terms.label_or_none: optional(terms.wrong_label),
    terms.points_of: terms.wrong_points,
    terms.points_or_none: optional(terms.wrong_points),
    terms.text_of: terms.wrong_text,
    terms.text_or_none: optional(terms.wrong_text),
    truth_of: terms.true_or_false,
}
"""What a converter leaves for a check to refuse; a room adds those of its own."""


def checked(_: type, fields: list["attrs.Attribute[Any]"]) -> list["attrs.Attribute[Any]"]:
    """An attrs field transformer: a field without a validator is checked as its converter, or what it lists, says."""
    return [*map(_checked, fields)]


def _checked(field: "attrs.Attribute[Any]") -> "attrs.Attribute[Any]":
    converter: Any = field.converter
    if get_origin(converter) is terms.Listed:
        (kind,) = get_args(converter)
        return field.evolve(converter=_lister(kind), validator=field.validator or checking(terms.many(kind)))
    is_told = field.validator or converter not in CHECKS
    return field if is_told else field.evolve(validator=checking(CHECKS[converter]))


def _lister(kind: Any) -> Any:
    """What lists values, annotated with their kind: attrs shows it where a class is made."""

    def lister(values: Iterable[Any]) -> tuple[Any, ...]:
        return terms.listed(values)

    lister.__annotations__ = {"values": Iterable[kind], "return": tuple[kind, ...]}
    return lister
