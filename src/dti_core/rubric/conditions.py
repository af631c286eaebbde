"""Conditions on the attributes of a unit: plain JSON Schema words, compared as JSON Schema compares."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, cast

import attrs

from dti_core.errors import Said, shorten
from dti_core.terms import (
    Scalar,
    Value,
    all_of,
    checking,
    nfc,
    optional,
    points_or_none,
    scalar_of,
    wrong_code,
    wrong_scalar,
)
from dti_core.terms.fields import CHECKS, repeated, word
from dti_core.words import RUBRIC, TERMS

UNIT = "unit"
"""In a condition, the unit's own code."""


def _scalar_or_none(value: Value | None) -> Scalar | None:
    return cast("Scalar | None", scalar_of(value))


def _scalars_or_none(values: Sequence[Value] | None) -> tuple[Scalar, ...] | None:
    fit = tuple(map(scalar_of, values)) if isinstance(values, list | tuple) else values
    return cast("tuple[Scalar, ...] | None", fit)


def _wrong_scalars(values: object) -> str | Said | None:
    if isinstance(values, tuple) and not values:
        return RUBRIC("no_values")
    return all_of(wrong_scalar, "values")(values)


def typed(value: Any) -> Any:
    """True is not 1: the key by which scalars are equal."""
    if isinstance(value, tuple):
        return tuple(map(typed, value))
    return isinstance(value, bool), value


def _wrong_bound(value: object) -> Said | None:
    return None if isinstance(value, Decimal) else TERMS("number", value=shorten(value))


_is_bound_or_none = checking(optional(_wrong_bound))


def _in_words(kind: type[Any], words: Mapping[str, Any]) -> Any:
    """A condition or declaration from its JSON form; one with unknown words is left for the check to refuse."""
    fields = {FIELD_NAMES.get(word, word): value for word, value in words.items()}
    return kind(**fields) if fields.keys() <= attrs.fields_dict(kind).keys() else words


def _condition_of(value: "Condition | Mapping[str, Any] | Value | None") -> "Condition | None":
    """A condition from its JSON form; a plain value means that value."""
    if isinstance(value, Mapping):
        return cast("Condition", _in_words(Condition, value))
    return value if isinstance(value, Condition) or value is None else Condition(const=value)


def _wrong_condition(value: object, kind: type | None = None) -> Said | None:
    kind = kind or Condition
    if type(value) is kind:
        return None
    spelt = {name: word for word, name in FIELD_NAMES.items()}
    words = ", ".join(spelt.get(name, name) for name in attrs.fields_dict(kind))
    return RUBRIC("no_condition", kind=kind.__name__, words=words, value=shorten(value))


@attrs.frozen(kw_only=True)
class Condition:
    """What one attribute of a unit must be; every word given must hold.

    >>> Condition(minimum=3, not_=Condition(const=5)).holds(4)
    True
    >>> Condition(const=1).holds(True)
    False
    """

    #: the value itself
    const: Scalar | None = attrs.field(
        default=None, converter=_scalar_or_none, validator=checking(optional(wrong_scalar)), eq=typed
    )
    #: one of these
    enum: tuple[Scalar, ...] | None = attrs.field(
        default=None, converter=_scalars_or_none, validator=checking(optional(_wrong_scalars)), eq=typed
    )
    #: a number from this on
    minimum: Decimal | None = attrs.field(default=None, converter=points_or_none, validator=_is_bound_or_none)
    #: a number up to this
    maximum: Decimal | None = attrs.field(default=None, converter=points_or_none, validator=_is_bound_or_none)
    #: a number above this
    exclusive_minimum: Decimal | None = attrs.field(
        default=None, converter=points_or_none, validator=_is_bound_or_none
    )
    #: a number below this
    exclusive_maximum: Decimal | None = attrs.field(
        default=None, converter=points_or_none, validator=_is_bound_or_none
    )
    #: a condition that must not hold
    not_: "Condition | None" = attrs.field(
        default=None, converter=_condition_of, validator=checking(optional(_wrong_condition))
    )

    def holds(self, value: object) -> bool:
        """Whether an attribute's value meets the condition; bounds ignore what is not a number, as JSON Schema does."""
        value = scalar_of(value)
        if self.listed is None:
            return self._allows(value)
        return isinstance(value, str | bool | Decimal) and typed(value) in self.listed

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
    """The declaration of an attribute that every unit must have: a type and the words of a condition.

    >>> Attribute(type="integer", minimum=1).holds(0)
    False
    """

    #: what kind of value it is; None: any
    type: Literal["string", "number", "integer", "boolean"] | None = word(
        "string", "number", "integer", "boolean", default=None
    )

    def holds(self, value: object) -> bool:
        """Whether a unit's value fits the declaration."""
        return Condition.holds(self, value) and (self.type is None or self.type in _types(scalar_of(value)))

    @property
    def is_ordered(self) -> bool:
        """Whether its values come one after another: numbers, or those that ``enum`` lists."""
        return self.enum is not None or self.type in ("number", "integer")

    @cached_property
    def places(self) -> Mapping[tuple[bool, Scalar], Decimal]:
        """By value, where ``enum`` lists it first."""
        return {typed(value): Decimal(at) for at, value in reversed([*enumerate(self.enum or ())])}


def place_of(declared: Attribute, value: Scalar) -> Decimal:
    """Where a value of an ordered attribute stands: at its place in ``enum``, else at the number that it is.

    >>> place_of(Attribute(enum=["poor", "fair"]), "fair"), place_of(Attribute(type="number"), Decimal("2.5"))
    (Decimal('1'), Decimal('2.5'))
    """
    return Decimal(value) if declared.enum is None else declared.places[typed(value)]


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
    return _pairs(value, lambda words: _in_words(Attribute, words) if isinstance(words, Mapping) else words)


def _pairs(value: Any, make: Callable[[Any], Any]) -> tuple[tuple[str, Any], ...]:
    if isinstance(value, Mapping):
        return tuple((nfc(name), make(words)) for name, words in value.items())
    return () if value is None else value


def _wrong_pairs(pairs: object, kind: type) -> Said | None:
    if not isinstance(pairs, tuple) or not all(isinstance(pair, tuple) and len(pair) == 2 for pair in pairs):
        return RUBRIC("no_mapping", value=shorten(pairs))
    for name, condition in pairs:
        message = _wrong_condition(condition, kind)
        message = wrong_code(name) or (message and RUBRIC("of_attribute", name=name, message=message))
        if message:
            return message
    twice = (pairs[at][0] for at, _ in repeated(name for name, _ in pairs))
    return next((RUBRIC("attribute_twice", name=name) for name in twice), None)


CHECKS[when_of] = lambda pairs: _wrong_pairs(pairs, Condition)
CHECKS[attributes_of] = lambda pairs: _wrong_pairs(pairs, Attribute)
