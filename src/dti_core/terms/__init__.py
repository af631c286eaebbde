"""Labels, codes and numbers as every part of a rubric takes them."""

import json
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
Number = Decimal | int | float
Scalar = str | bool | Decimal
T = TypeVar("T")
UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U00016fe4\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
"""What shows nothing: Default_Ignorable_Code_Point of Unicode, a property ``unicodedata`` lacks, and blank signs."""
HIDDEN = re.compile(f"[{UNSEEN}]")
BLANK = re.compile(rf"[\s{UNSEEN}]*")
SURROGATE = re.compile("[\ud800-\udfff]")
VISIBLE = re.compile(rf"[!-~]{{1,{CODE_LENGTH}}}")
"""Most codes: ASCII that is seen, of which nothing need be asked."""
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def check(test: Callable[[Any], str | None]) -> Callable[[Any, "attrs.Attribute[Any]", Any], None]:
    """An attrs validator from a function that says what is wrong with a value, or None."""

    def validate(instance: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
        message = test(value)
        if message is not None:
            name = (attribute.alias or attribute.name).rstrip("_")
            raise InvalidDocument(type(instance).__name__, [Problem((name,), message)])

    return validate


def nfc(value: T) -> T:
    """Text as plain text in Unicode normal form C, anything else untouched."""
    if not isinstance(value, str):
        return value
    return unicodedata.normalize("NFC", str.__str__(value))  # type: ignore[return-value]


def text_of(value: str) -> str:
    """Text in Unicode normal form C."""
    return nfc(value)


def text_or_none(value: str | None) -> str | None:
    """As :func:`text_of`, content with None."""
    return nfc(value)


def plain_of(value: Any) -> Any:
    """What a numpy scalar stands for as Python has it, anything else untouched."""
    is_scalar = type(value).__module__ == "numpy" and getattr(value, "shape", None) == ()
    return value.item() if is_scalar else value


def wrong_text(value: object) -> str | None:
    """What keeps a value from being text that can be shown and written, or None; lines may break in it."""
    if not isinstance(value, str):
        return f"text is needed, not {shorten(value)}"
    if BLANK.fullmatch(value):
        return "is empty"
    if CONTROL.search(value):
        return "holds a control character; only tabs and line breaks may be"
    return "holds half of a surrogate pair, which no file can store" if SURROGATE.search(value) else None


def wrong_code(value: object) -> str | None:
    """What keeps a value from being a code, or None."""
    if isinstance(value, str) and VISIBLE.fullmatch(value):
        return None
    number = None if isinstance(value, str) else decimal_of(value)
    if number is not None:
        return f'a code is text: write "{str(number)[:CODE_LENGTH]}" in quotes (1.10 as a number is 1.1)'
    message = wrong_text(value)
    if message or not isinstance(value, str):
        return message
    if len(value) > CODE_LENGTH:
        return f"has {len(value)} characters; a code has at most {CODE_LENGTH}"
    if value != value.strip():
        return f"{value!r} has space at an end; remove it"
    hides = not value.isprintable() or HIDDEN.search(value)
    return f"{value!a} holds a control, bidirectional or invisible character; remove it" if hides else None


def wrong_points(value: object) -> str | None:
    """What keeps a value from being a number of points, or None."""
    number = decimal_of(value)
    if number is None:
        return f"a number is needed, not {shorten(value)}"
    return f"is {shorten(str(number))}; it cannot be negative" if number < 0 else None


def scalar_of(value: Any) -> Any:
    """The value as it is compared: NFC text, a Boolean, or an exact decimal."""
    number = decimal_of(value)
    return nfc(plain_of(value)) if number is None else number


def wrong_scalar(value: object) -> str | None:
    """What keeps a value from being an attribute's value, or None."""
    if isinstance(value, str):
        return wrong_text(value) if value else None
    if isinstance(value, bool) or (isinstance(value, Decimal) and value.is_finite()):
        return None
    return f"text, a number, true or false is needed, not {shorten(value)}"


def optional(test: Callable[[Any], str | None]) -> Callable[[Any], str | None]:
    """The same test, content with None."""
    return lambda value: None if value is None else test(value)


def one_of(*allowed: str) -> Callable[[Any], str | None]:
    """A test that takes only the words named."""
    words = ", ".join(allowed)
    return lambda value: (
        None if isinstance(value, str) and value in allowed else f"{shorten(value)} is not one of {words}"
    )


def whole_number(low: int, high: int) -> Callable[[Any], str | None]:
    """A test that takes whole numbers from ``low`` to ``high``."""
    return lambda value: (
        None
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        else f"a whole number from {low} to {high} is needed, not {shorten(value)}"
    )


def true_or_false(value: object) -> str | None:
    """What keeps a value from being a Boolean, or None."""
    return None if isinstance(value, bool) else f"true or false is needed, not {shorten(value)}"


def instance_of(kind: type) -> Callable[[Any], str | None]:
    """A test for a value of one class."""
    return lambda value: (
        None if isinstance(value, kind) else f"a {kind.__name__} is needed, not {shorten(value)}"
    )


def all_of(test: Callable[[Any], str | None], what: str) -> Callable[[Any], str | None]:
    """A test for a tuple of values that all pass a test."""

    def test_all(values: object) -> str | None:
        if not isinstance(values, tuple):
            return f"a list of {what} is needed, not {shorten(values)}"
        return next((message for message in map(test, values) if message), None)

    return test_all


def many(kind: type) -> Callable[[Any], str | None]:
    """A test for a tuple of values of one kind."""
    return all_of(instance_of(kind), kind.__name__)


codes = all_of(wrong_code, "codes")
"""What keeps a value from being a tuple of codes, or None."""


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
    """A private copy of free data, as JSON holds it; what JSON cannot hold is left for the check to refuse."""
    as_it_is = value is None or wrong_custom(value)
    return cast("dict[str, Any] | None", value if as_it_is else json.loads(_json(value)))


def wrong_custom(value: object) -> str | None:
    """What keeps a value from being free data, or None."""
    if value is not None and not isinstance(value, Mapping):
        return f"an object is needed, not {shorten(value)}"
    try:
        _json(value)
    except (TypeError, ValueError, RecursionError) as error:
        return f"holds what JSON cannot: {error}"
    return None


def _json(value: Any) -> str:
    """Numbers of other kinds as JSON's; NaN, and whatever is no JSON, is an error."""
    return json.dumps(dict(value or {}), allow_nan=False, default=lambda each: float(decimal_of(each)))  # type: ignore[arg-type]


@attrs.frozen
class Label:
    """A name in Vietnamese and, where given, in English.

    >>> Label("Nhận thức số", "Digital awareness").text("en")
    'Digital awareness'
    >>> Label("Nhận thức số").text("en")
    'Nhận thức số'
    """

    #: the name in Vietnamese
    vi: str = attrs.field(converter=text_of, validator=check(wrong_text), repr=shorten)
    #: the name in English; None: the Vietnamese is told instead
    en: str | None = attrs.field(
        repr=shorten, default=None, converter=text_or_none, validator=check(optional(wrong_text))
    )

    def text(self, language: Language = "vi") -> str:
        """The name in the language asked for; Vietnamese where there is no English."""
        if not isinstance(language, str) or language not in LANGUAGES:
            raise InvalidArgument(f"language is 'vi' or 'en', not {shorten(language)}")
        return self.en if language == "en" and self.en is not None else self.vi

    def __str__(self) -> str:
        return self.vi


def label_of(value: Label | str | Mapping[str, str]) -> Label:
    """A label from plain Vietnamese text or from a mapping of both languages; else left for the check to refuse."""
    if isinstance(value, str):
        return Label(value)
    if isinstance(value, Mapping) and "vi" in value and set(value) <= set(LANGUAGES):
        return Label(**value)
    return value  # type: ignore[return-value]


def label_or_none(value: Label | str | Mapping[str, str] | None) -> Label | None:
    """As :func:`label_of`, content with None."""
    return None if value is None else label_of(value)


def wrong_label(value: object) -> str | None:
    """What keeps a value from being a label, or None."""
    if isinstance(value, Label):
        return None
    hint = "; give 'vi', and 'en' where there is one" if isinstance(value, Mapping) else ""
    return f"text or a Label is needed, not {shorten(value)}{hint}"
