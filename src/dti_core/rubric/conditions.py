"""Conditions on the attributes of a unit: plain JSON Schema words, compared as JSON Schema compares."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

import attrs

from dti_core.errors import Problem, shorten, suggest
from dti_core.terms import Scalar, check, nfc, one_of, optional, scalar_of, wrong_code, wrong_scalar

UNIT = "unit"
"""In a condition, the unit's own code."""


def _scalars_of(values: Any) -> Any:
    return tuple(map(scalar_of, values)) if isinstance(values, list | tuple) else values


def _wrong_scalars(values: object) -> str | None:
    if not isinstance(values, tuple) or not values:
        return f"a list of values is needed, not {shorten(values)}"
    return next((message for message in map(wrong_scalar, values) if message), None)


def typed(value: Any) -> Any:
    """True is not 1: the key by which scalars are equal."""
    if isinstance(value, tuple):
        return tuple(map(typed, value))
    return isinstance(value, bool), value


def _bound() -> Any:
    return attrs.field(default=None, converter=scalar_of, validator=check(optional(_wrong_bound)))


def _wrong_bound(value: object) -> str | None:
    return None if isinstance(value, Decimal) else f"a number is needed, not {shorten(value)}"


def _fields(words: Mapping[str, Any]) -> dict[str, Any]:
    return {FIELD_NAMES.get(word, word): value for word, value in words.items()}


def _condition_of(value: Any) -> Any:
    """A condition from its JSON form; a plain value means that value."""
    if isinstance(value, Condition) or value is None:
        return value
    if isinstance(value, Mapping):
        return Condition(**_fields(value))
    return Condition(const=value)


def _wrong_not(value: object) -> str | None:
    return (
        None if value is None or type(value) is Condition else f"a Condition is needed, not {shorten(value)}"
    )


@attrs.frozen(kw_only=True)
class Condition:
    """What one attribute of a unit must be; every word given must hold.

    >>> Condition(minimum=3, not_=Condition(const=5)).holds(4)
    True
    >>> Condition(const=1).holds(True)
    False
    """

    const: Scalar | None = attrs.field(
        default=None, converter=scalar_of, validator=check(optional(wrong_scalar)), eq=typed
    )
    enum: tuple[Scalar, ...] | None = attrs.field(
        default=None, converter=_scalars_of, validator=check(optional(_wrong_scalars)), eq=typed
    )
    minimum: Decimal | None = _bound()
    maximum: Decimal | None = _bound()
    exclusive_minimum: Decimal | None = _bound()
    exclusive_maximum: Decimal | None = _bound()
    not_: "Condition | None" = attrs.field(
        default=None,
        converter=_condition_of,
        validator=check(_wrong_not),
    )

    def holds(self, value: object) -> bool:
        """Whether an attribute's value meets the condition; bounds ignore what is not a number, as JSON Schema does."""
        value = scalar_of(value)
        return self._allows(value) if self.listed is None else typed(value) in self.listed

    @cached_property
    def listed(self) -> frozenset[tuple[bool, Scalar]] | None:
        """The values that alone meet the condition, where it lists them: looked up, however many there are."""
        if self.const is None and self.enum is None:
            return None
        values = set(map(typed, self.enum or ()))
        if self.const is not None:
            values = {typed(self.const)} & (values if self.enum is not None else {typed(self.const)})
        return frozenset(pair for pair in values if self._allows(pair[1]))

    def _allows(self, value: Any) -> bool:
        if self.not_ is not None and self.not_.holds(value):
            return False
        return not isinstance(value, Decimal) or self._within(value)

    def _within(self, value: Decimal) -> bool:
        return not (
            (self.minimum is not None and value < self.minimum)
            or (self.maximum is not None and value > self.maximum)
            or (self.exclusive_minimum is not None and value <= self.exclusive_minimum)
            or (self.exclusive_maximum is not None and value >= self.exclusive_maximum)
        )


@attrs.frozen(kw_only=True)
class Attribute(Condition):
    """The declaration of an attribute that every unit must have: a type and the words of a condition."""

    type: Literal["string", "number", "integer", "boolean"] | None = attrs.field(
        default=None, validator=check(optional(one_of("string", "number", "integer", "boolean")))
    )

    def holds(self, value: object) -> bool:
        """Whether a unit's value fits the declaration."""
        return Condition.holds(self, value) and (self.type is None or self.type in _types(scalar_of(value)))


FIELD_NAMES = {
    "not": "not_",
    "exclusiveMinimum": "exclusive_minimum",
    "exclusiveMaximum": "exclusive_maximum",
}
"""Words of a document that are spelt otherwise in Python."""

When = tuple[tuple[str, Condition], ...]
Attributes = tuple[tuple[str, Attribute], ...]


def _types(value: object) -> set[str]:
    if isinstance(value, bool):
        return {"boolean"}
    if isinstance(value, Decimal):
        return {"number", "integer"} if value == value.to_integral_value() else {"number"}
    return {"string"}


def when_of(value: "Mapping[str, Any] | When | None") -> When:
    """Conditions by attribute as pairs; a plain value means that value."""
    return _pairs(value, _condition_of)


def attributes_of(value: "Mapping[str, Any] | Attributes") -> "Attributes":
    """Declarations by attribute as pairs."""
    return _pairs(value, lambda each: Attribute(**_fields(each)) if isinstance(each, Mapping) else each)


def _pairs(value: Any, make: Callable[[Any], Any]) -> tuple[tuple[str, Any], ...]:
    if isinstance(value, Mapping):
        return tuple((nfc(name), make(each)) for name, each in value.items())
    return () if value is None else value


def wrong_when(value: object) -> str | None:
    """What keeps a value from being conditions by attribute, or None."""
    return _wrong_pairs(value, Condition)


def wrong_attributes(value: object) -> str | None:
    """What keeps a value from being declarations by attribute, or None."""
    return _wrong_pairs(value, Attribute)


def _wrong_pairs(value: object, kind: type) -> str | None:
    if not isinstance(value, tuple) or any(not isinstance(pair, tuple) for pair in value):
        return f"a mapping is needed, not {shorten(value)}"
    for name, each in value:
        message = wrong_code(name) or (
            None if type(each) is kind else f"a {kind.__name__} is needed for {name!r}"
        )
        if message:
            return message
    names = [name for name, _ in value]
    return next((f"names {name!r} twice" for name in names if names.count(name) > 1), None)


def when_problems(when: When, declared: Mapping[str, Attribute]) -> Iterator[Problem]:
    """Conditions on attributes that no unit need have."""
    for name, _ in when:
        if name != UNIT and name not in declared:
            near = suggest(name, [*declared, UNIT])
            yield Problem(
                ("when", name),
                f"is not declared under attributes{near}; declare it, or use 'unit'",
                "attribute",
            )
