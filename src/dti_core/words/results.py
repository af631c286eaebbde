"""What is said of results: why a unit has no rank, what made a rule apply, what may not be asked."""

from fractions import Fraction

from dti_core.errors import InvalidArgument, shorten
from dti_core.terms import LANGUAGES, Label, Language, Scalar
from dti_core.words import RESULTS, Sentence
from dti_core.words.numbers import number


def unranked(cause: str, block: Label | None) -> Label:
    """Why a unit has no rank where no decision says so; ``block`` is the title of its own."""
    sentence = Sentence(RESULTS[f"unranked.{cause}"], {"block": block})
    return Label(*map(sentence.text, LANGUAGES))


def equation(name: str, value: Scalar, language: Language) -> str:
    """An attribute and its value.

    >>> equation("has_procedures", False, "vi"), equation("has_procedures", False, "en")
    ('has_procedures = không', 'has_procedures = false')
    """
    if isinstance(value, bool):
        written = RESULTS[str(value).lower()].text(language)
    elif isinstance(value, str):
        written = value or RESULTS["empty"].text(language)
    else:
        written = number(Fraction(value), language)
    return f"{name} = {written}"


def refused(phrase: str, **values: object) -> InvalidArgument:
    """The error of a caller who wants what results do not give."""
    return InvalidArgument(Sentence(RESULTS[phrase], values))


def refusal(asked: str, value: object, **values: object) -> InvalidArgument:
    """The error of a caller who asked for what is not to be had."""
    return refused(f"asked.{asked}", **values, value=shorten(value))
