"""The arrays that answers are made of; what is handed out cannot be written to."""

from collections.abc import Iterable
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

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
