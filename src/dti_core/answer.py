"""What a question gives back: a table that programs and people read."""

from abc import abstractmethod
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
UNRANKED = 0
"""The rank of a unit that has none, in arrays; in rows and in Arrow it is null."""


class Answer:
    """A frozen value: columns for programs, plain rows for the web, a table of text for people."""

    #: what it speaks where no language is asked for
    language: Language = "vi"

    @abstractmethod
    def columns(self, language: Language | None = None) -> Columns:
        """A plain dict of one-dimensional arrays, null NaN among numbers and None among texts; rank 0 is no rank."""

    @abstractmethod
    def text(self, language: Language | None = None) -> str:
        """The table as lines of text."""

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The columns row by row, in values that ``json.dumps`` takes; null is None."""
        columns = nullable(self.columns())
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    def __str__(self) -> str:
        return self.text()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The columns as an Arrow stream, so that polars, pyarrow and DuckDB take the answer itself.

        Null is null. Needs pyarrow, and raises :class:`ModuleNotFoundError` without it.
        """
        return arrow_stream(self.columns(), requested_schema)


def unranked(name: str, column: NDArray[Any]) -> NDArray[np.bool_]:
    """Where a column of ranks, or of numbers of units ranked together, has none; scores are no whole numbers."""
    is_rank = column.dtype.kind == "i" and name.rpartition(".")[2] in ("rank", "of")
    return np.asarray(column == UNRANKED) if is_rank else np.zeros(len(column), dtype=bool)


def nullable(columns: Columns) -> dict[str, list[Any]]:
    """The columns as lists of plain values, None where there is nothing."""
    plain = {}
    for name, column in columns.items():
        cells = zip(column.tolist(), unranked(name, column).tolist(), strict=True)
        plain[name] = [None if is_absent or value != value else value for value, is_absent in cells]
    return plain


def arrow_stream(columns: Columns, requested_schema: object = None) -> object:
    """The columns as an Arrow stream in which null is null, an absent rank too; needs pyarrow."""
    try:
        import pyarrow as pa
    except ModuleNotFoundError:
        message = "an Arrow stream needs pyarrow; install it, or pass on the columns()"
        raise ModuleNotFoundError(message, name="pyarrow") from None
    absent = {name: unranked(name, column) for name, column in columns.items()}
    arrays = {
        name: pa.array(column, mask=absent[name] if absent[name].any() else None, from_pandas=True)
        for name, column in columns.items()
    }
    return pa.table(arrays).__arrow_c_stream__(requested_schema)


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
