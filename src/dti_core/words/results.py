"""What is said of results: why a unit has no rank, what made a rule apply, what may not be asked."""

from decimal import Decimal
from fractions import Fraction

from dti_core.errors import InvalidArgument, Language, shorten
from dti_core.words import RESULTS
from dti_core.words.numbers import number

Value = Fraction | Decimal | str | bool


def equation(name: str, value: Value, language: Language) -> str:
    """An attribute and its value.

    >>> equation("has_procedures", False, "vi"), equation("has_procedures", False, "en")
    ('has_procedures = không', 'has_procedures = false')
    """
    return f"{name} = {attribute_text(value, language)}"


def attribute_text(value: Value, language: Language) -> str:
    """The value of an attribute."""
    if isinstance(value, bool):
        return RESULTS[str(value).lower()].text(language)
    if isinstance(value, str):
        return value or RESULTS["empty"].text(language)
    return number(Fraction(value), language)


def refused(phrase: str, **values: object) -> InvalidArgument:
    """The error of a caller who wants what results do not give."""
    return InvalidArgument(RESULTS(phrase, **values))


def refusal(asked: str, value: object, **values: object) -> InvalidArgument:
    """The error of a caller who asked for what is not to be had."""
    return refused(f"asked.{asked}", **values, value=shorten(value))
