"""Labels, codes and numbers as every part of a rubric takes them."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Literal, TypeVar, cast

import attrs

from dti_core.errors import InvalidArgument, InvalidDocument, Problem, shorten
from dti_core.exact import decimal_of

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")
CODE_LENGTH = 64
SURROGATE = re.compile("[\ud800-\udfff]")
Number = Decimal | int | float
Scalar = str | bool | Decimal
T = TypeVar("T")


def check(test: Callable[[Any], str | None]) -> Callable[[Any, "attrs.Attribute[Any]", Any], None]:
    """An attrs validator from a function that says what is wrong with a value, or None."""

    def validate(instance: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
        message = test(value)
        if message is not None:
            name = attribute.name.rstrip("_")
            raise InvalidDocument(type(instance).__name__, [Problem((name,), message)])

    return validate


def nfc(value: T) -> T:
    """Text in Unicode normal form C, anything else untouched."""
    return cast("T", unicodedata.normalize("NFC", value)) if isinstance(value, str) else value


def text_of(value: str) -> str:
    """Text in Unicode normal form C."""
    return nfc(value)


def text_or_none(value: str | None) -> str | None:
    """As :func:`text_of`, content with None."""
    return nfc(value)


def wrong_text(value: object) -> str | None:
    """What keeps a value from being text that can be shown and written, or None."""
    if not isinstance(value, str):
        return f"text is needed, not {shorten(value)}"
    if not value.strip():
        return "is empty"
    if SURROGATE.search(value):
        return "holds half of a surrogate pair, which no file can store"
    return None


def wrong_code(value: object) -> str | None:
    """What keeps a value from being a code, or None."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f'a code is text: write "{value}" in quotes (1.10 as a number is 1.1)'
    message = wrong_text(value)
    if message or not isinstance(value, str):
        return message
    if len(value) > CODE_LENGTH:
        return f"has {len(value)} characters; a code has at most {CODE_LENGTH}"
    if value != value.strip():
        return f"{value!r} has space at an end; remove it"
    if not value.isprintable() or any(unicodedata.category(char) == "Cf" for char in value):
        return f"{value!a} holds a control, bidirectional or invisible character"
    return None


def wrong_points(value: object) -> str | None:
    """What keeps a value from being a number of points, or None."""
    number = decimal_of(value)
    if number is None:
        return f"a number is needed, not {shorten(value)}"
    return f"is {shorten(str(number))}; it cannot be negative" if number < 0 else None


def scalar_of(value: Any) -> Any:
    """The value as it is compared: NFC text, a Boolean, or an exact decimal."""
    number = decimal_of(value)
    return nfc(value) if number is None else number


def wrong_scalar(value: object) -> str | None:
    """What keeps a value from being an attribute's value, or None."""
    if isinstance(value, str):
        return wrong_text(value) if value else None
    if isinstance(value, bool | Decimal):
        return None
    return f"text, a number, true or false is needed, not {shorten(value)}"


def optional(test: Callable[[Any], str | None]) -> Callable[[Any], str | None]:
    """The same test, content with None."""
    return lambda value: None if value is None else test(value)


def one_of(*allowed: str) -> Callable[[Any], str | None]:
    """A test that takes only the values named."""
    names = ", ".join(allowed)
    return lambda value: (
        None if isinstance(value, str) and value in allowed else f"{shorten(value)} is not one of {names}"
    )


def whole_number(low: int, high: int) -> Callable[[Any], str | None]:
    """A test that takes whole numbers from ``low`` to ``high``."""

    def test(value: object) -> str | None:
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return None
        return f"a whole number from {low} to {high} is needed, not {shorten(value)}"

    return test


def true_or_false(value: object) -> str | None:
    """What keeps a value from being a Boolean, or None."""
    return None if isinstance(value, bool) else f"true or false is needed, not {shorten(value)}"


def instance_of(kind: type) -> Callable[[Any], str | None]:
    """A test for a value of one class."""
    return lambda value: (
        None if isinstance(value, kind) else f"a {kind.__name__} is needed, not {shorten(value)}"
    )


def many(kind: type | tuple[type, ...]) -> Callable[[Any], str | None]:
    """A test for a tuple of values of one kind."""
    names = " or ".join(each.__name__ for each in (kind if isinstance(kind, tuple) else (kind,)))

    def test(values: object) -> str | None:
        if not isinstance(values, tuple):
            return f"a list of {names} is needed, not {shorten(values)}"
        wrong = next((value for value in values if not isinstance(value, kind)), None)
        return (
            None
            if wrong is None and None not in values
            else f"only {names} belong here, not {shorten(wrong)}"
        )

    return test


def codes(values: object) -> str | None:
    """What keeps a value from being a tuple of codes, or None."""
    if not isinstance(values, tuple):
        return f"a list of codes is needed, not {shorten(values)}"
    return next((message for message in map(wrong_code, values) if message), None)


def listed(values: Iterable[Any]) -> tuple[Any, ...]:
    """A tuple of what is listed; text and what lists nothing are left for the check to refuse."""
    if type(values) is tuple:
        return values
    unfit = isinstance(values, str | Mapping) or not isinstance(values, Iterable)
    return cast("tuple[Any, ...]", values) if unfit else tuple(values)


def codes_of(values: Iterable[str]) -> tuple[str, ...]:
    """A tuple of NFC codes; text and what lists nothing are left for the check to refuse."""
    fit = listed(values)
    return tuple(nfc(value) for value in fit) if isinstance(fit, tuple) else fit


def points_of(value: Number) -> Decimal:
    """The number as an exact decimal; what is not a number is left for the check to refuse."""
    number = decimal_of(value)
    return cast("Decimal", value) if number is None else number


def codes_or_none(values: Iterable[str] | None) -> tuple[str, ...] | None:
    """As :func:`codes_of`, content with None."""
    return None if values is None else codes_of(values)


def points_or_none(value: Number | None) -> Decimal | None:
    """As :func:`points_of`, content with None."""
    return None if value is None else points_of(value)


def custom_of(value: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A private copy of free data; what is not an object is left for the check to refuse."""
    return dict(value) if isinstance(value, Mapping) else value


def wrong_custom(value: object) -> str | None:
    """What keeps a value from being free data, or None."""
    return None if value is None or isinstance(value, dict) else f"an object is needed, not {shorten(value)}"


@attrs.frozen
class Label:
    """A name in Vietnamese and, where given, in English.

    >>> Label("Nhận thức số", "Digital awareness").text("en")
    'Digital awareness'
    >>> Label("Nhận thức số").text("en")
    'Nhận thức số'
    """

    vi: str = attrs.field(converter=text_of, validator=check(wrong_text), repr=shorten)
    en: str | None = attrs.field(
        repr=shorten, default=None, converter=text_or_none, validator=check(optional(wrong_text))
    )

    def text(self, language: Language = "vi") -> str:
        """The name in the language asked for; Vietnamese where there is no English."""
        if language not in LANGUAGES:
            raise InvalidArgument(f"language is 'vi' or 'en', not {shorten(language)}")
        return self.en if language == "en" and self.en is not None else self.vi

    def __str__(self) -> str:
        return self.vi


def label_of(value: Label | str | Mapping[str, str]) -> Label:
    """A label from plain Vietnamese text or from a mapping of both languages; else left for the check to refuse."""
    if isinstance(value, str):
        return Label(value)
    if isinstance(value, Mapping) and set(value) <= set(LANGUAGES):
        return Label(**value)
    return value  # type: ignore[return-value]


def label_or_none(value: Label | str | Mapping[str, str] | None) -> Label | None:
    """As :func:`label_of`, content with None."""
    return None if value is None else label_of(value)


def wrong_label(value: object) -> str | None:
    """What keeps a value from being a label, or None."""
    return None if isinstance(value, Label) else f"text or a Label is needed, not {shorten(value)}"
