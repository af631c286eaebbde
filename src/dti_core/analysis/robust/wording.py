"""What is said where ranks under other weights are not to be had."""

from dti_core.errors import InvalidArgument
from dti_core.words import ROBUST


def refused(phrase: str, **values: object) -> InvalidArgument:
    """The error of a caller who asks for what weights and draws do not give."""
    return InvalidArgument(ROBUST(phrase, **values))
