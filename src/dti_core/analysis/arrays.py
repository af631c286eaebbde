"""The arrays that answers are made of; what is handed out cannot be written to."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from dti_core.exact import decimal_of
from dti_core.terms import Label, Language

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Texts: TypeAlias = NDArray[np.object_]
Columns: TypeAlias = dict[str, NDArray[Any]]
Array = TypeVar("Array", bound=NDArray[Any])
NOBODY = Label("–")


def kept(array: Array) -> Array:
    """The array itself, which nobody writes to from now on."""
    array.flags.writeable = False
    return array


def texts(values: Iterable[Any]) -> Texts:
    """An array of texts, None where there is none."""
    listed = [*values]
    column: Texts = np.empty(len(listed), dtype=object)
    column[:] = listed
    return kept(column)


def in_language(labels: Iterable[Label | None], language: Language) -> Texts:
    """What labels say in one language, None where there is none."""
    NOBODY.text(language)  # another language is refused though nothing is called anything
    return texts(label and label.text(language) for label in labels)


def exact(values: Floats) -> list[Fraction | None]:
    """The decimals that doubles stand for, None for NaN."""
    decimals = map(decimal_of, values.tolist())
    return [None if value is None else Fraction(value) for value in decimals]


def differences(over: Iterable[Fraction | None], under: Iterable[Fraction | None]) -> Floats:
    """The doubles nearest to the exact differences, NaN where there is none."""
    pairs = zip(over, under, strict=True)
    return kept(np.array([np.nan if a is None or b is None else float(a - b) for a, b in pairs], dtype=float))
