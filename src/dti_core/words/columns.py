"""What the gate says of values that it does not take: where lists, numbers, codes, options and tables go wrong."""

from typing import Any

from dti_core.errors import InvalidArgument
from dti_core.words import COLUMNS, Sentence


def sentence(phrase: str, **values: Any) -> Sentence:
    """A phrase of the gate with its values."""
    return Sentence(COLUMNS[phrase], values)


def refused(phrase: str, **values: Any) -> InvalidArgument:
    """The error of a caller who gave what is not taken."""
    return InvalidArgument(sentence(phrase, **values))
