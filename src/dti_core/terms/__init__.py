"""Labels, codes and numbers as every part of a rubric takes them."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import attrs

from dti_core.errors import LANGUAGES, InvalidDocument, Problem, Said, shorten
from dti_core.exact import decimal_of
from dti_core.words import TERMS, Phrase, Sentence

CODE_LENGTH, TEXT_LENGTH = 64, 10_000
"""The most characters of a code, and of any other text."""
Number = Decimal | int | float
Scalar = str | bool | Decimal
Value = str | bool | Number
"""What is taken for a scalar."""
T = TypeVar("T")
Test = Callable[[Any], str | Said | None]
"""What is wrong with a value, or None."""
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


def checking(test: Test) -> Callable[[Any, "attrs.Attribute[Any]", Any], None]:
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
    if type(value) is str and value.isascii():  # nearly every code
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


def wrong_text(value: object) -> Sentence | None:
    """What keeps a value from being text that can be shown and written, or None; lines may break in it."""
    if not isinstance(value, str):
        return TERMS("text", value=shorten(value))
    if BLANK.fullmatch(value):
        return TERMS("empty")
    if CONTROL.search(value):
        return TERMS("control")
    if len(value) > TEXT_LENGTH:
        return TERMS("text_length", count=len(value), most=TEXT_LENGTH)
    return TERMS("surrogate") if SURROGATE.search(value) else None


def wrong_code(value: object) -> Sentence | None:
    """What keeps a value from being a code, or None."""
    if isinstance(value, str) and VISIBLE.fullmatch(value):
        return None
    number = None if isinstance(value, str) else decimal_of(value)
    if number is not None:
        return TERMS("code_number", value=str(number)[:CODE_LENGTH])
    message = wrong_text(value)
    if message or not isinstance(value, str):
        return message
    if len(value) > CODE_LENGTH:
        return TERMS("code_length", count=len(value), most=CODE_LENGTH)
    if value != value.strip():
        return TERMS("code_space", value=value)
    is_seen = value.isprintable() and not HIDDEN.search(value)
    return None if is_seen else TERMS("code_hidden", value=ascii(value))


def wrong_points(value: object) -> Sentence | None:
    """What keeps a value from being a number of points, or None."""
    number = decimal_of(value)
    if number is None:
        return TERMS("number", value=shorten(value))
    return TERMS("negative", value=number) if number < 0 else None


def scalar_of(value: Any) -> Any:
    """The value as it is compared: NFC text, a Boolean, or an exact decimal."""
    number = decimal_of(value)
    return nfc(plain_of(value)) if number is None else number


def wrong_scalar(value: object) -> Sentence | None:
    """What keeps a value from being an attribute's value, or None."""
    if isinstance(value, str):
        return wrong_text(value) if value else None
    if isinstance(value, bool) or (isinstance(value, Decimal) and value.is_finite()):
        return None
    return TERMS("scalar", value=shorten(value))


def optional(test: Test) -> Test:
    """The same test, content with None."""
    return lambda value: None if value is None else test(value)


def one_of(*allowed: str) -> Test:
    """A test that takes only the words named."""
    words = ", ".join(allowed)
    return lambda value: (
        None
        if isinstance(value, str) and value in allowed
        else TERMS("one_of", value=shorten(value), words=words)
    )


def whole_number(low: int, high: int) -> Test:
    """A test that takes whole numbers from ``low`` to ``high``."""
    return lambda value: (
        None
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        else TERMS("whole_number", low=low, high=high, value=shorten(value))
    )


def true_or_false(value: object) -> Sentence | None:
    """What keeps a value from being a Boolean, or None."""
    return None if isinstance(value, bool) else TERMS("truth", value=shorten(value))


def instance_of(kind: type) -> Test:
    """A test for a value of one class."""
    return lambda value: (
        None if isinstance(value, kind) else TERMS("kind", kind=kind.__name__, value=shorten(value))
    )


def all_of(test: Test, what: str) -> Test:
    """A test for a tuple of values that all pass a test; ``what`` they are is a class, or a name in the catalogue."""

    def test_all(values: object) -> str | Said | None:
        if not isinstance(values, tuple):
            return TERMS("list", what=TERMS.get(what, what), value=shorten(values))
        return next((message for message in map(test, values) if message), None)

    return test_all


def many(kind: type) -> Test:
    """A test for a tuple of values of one kind."""
    return all_of(instance_of(kind), kind.__name__)


tuple_of_codes = all_of(wrong_code, "codes")
"""What keeps a value from being a tuple of codes, or None."""


def listed(values: Iterable[Any]) -> tuple[Any, ...]:
    """A tuple of what is listed; text and what lists nothing are left for the check to refuse."""
    if type(values) is tuple:
        return values
    unfit = isinstance(values, str | Mapping) or not isinstance(values, Iterable)
    return cast("tuple[Any, ...]", values) if unfit else tuple(values)


class Listed(Generic[T]):
    """:func:`listed` of one kind, ``Listed[Index]``: what type checkers read, and ``checked`` makes a check of."""

    if TYPE_CHECKING:

        def __new__(cls, values: Iterable[T]) -> tuple[T, ...]:  # type: ignore[misc]
            """What a field takes, and what it holds."""


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


@attrs.frozen
class Label(Phrase):
    """A name in Vietnamese and, where given, in English.

    >>> Label("Nhận thức số", "Digital awareness").text("en")
    'Digital awareness'
    >>> Label("Nhận thức số").text("en")
    'Nhận thức số'
    """

    #: the name in Vietnamese
    vi: str = attrs.field(converter=text_of, validator=checking(wrong_text), repr=shorten)
    #: the name in English; None: the Vietnamese is told instead
    en: str | None = attrs.field(
        repr=shorten, default=None, converter=text_or_none, validator=checking(optional(wrong_text))
    )


def label_of(value: Phrase | str | Mapping[str, str]) -> Label:
    """A label from Vietnamese text, a phrase or a mapping of both languages; else left for the check to refuse."""
    if isinstance(value, Label):
        return value
    if isinstance(value, Phrase):
        return Label(value.vi, value.en)
    if isinstance(value, str):
        return Label(value)
    if isinstance(value, Mapping) and "vi" in value and set(value) <= set(LANGUAGES):
        return Label(**value)
    return value  # type: ignore[return-value]


def label_or_none(value: Phrase | str | Mapping[str, str] | None) -> Label | None:
    """As :func:`label_of`, content with None."""
    return None if value is None else label_of(value)


def wrong_label(value: object) -> Sentence | None:
    """What keeps a value from being a label, or None."""
    if isinstance(value, Label):
        return None
    return TERMS("label_mapping" if isinstance(value, Mapping) else "label", value=shorten(value))
