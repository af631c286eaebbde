"""What a question gives back: a table that programs and people read."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from dti_core.errors import Language
from dti_core.terms import Label
from dti_core.terms.lookups import is_among
from dti_core.words import HEADINGS, TERMS, Catalogue, Phrase
from dti_core.words.display import Displayed
from dti_core.words.tables import NONE, Table, written

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Texts: TypeAlias = NDArray[np.object_]
Columns: TypeAlias = dict[str, NDArray[Any]]
Array = TypeVar("Array", bound=NDArray[Any])
NOBODY = Label("–")
UNRANKED = 0
"""The rank of a unit that has none, in arrays; in rows and in Arrow it is null."""


class Answer(Displayed):
    """A frozen value: columns for programs, plain rows for the web, a table of text and of HTML for people."""

    #: what it speaks where no language is asked for
    language: Language = "vi"
    #: by column, with how many decimals people read its numbers; of others with as many as they need
    _decimals: ClassVar[Mapping[str, int]] = {}
    #: by column of words for programs, what says them to people: NAME.WORD
    _catalogues: ClassVar[Mapping[str, Catalogue]] = {}

    @abstractmethod
    def columns(self, language: Language | None = None) -> Columns:
        """A plain dict of one-dimensional arrays, null NaN among numbers and None among texts; rank 0 is no rank."""

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The columns row by row, in values that ``json.dumps`` takes; null is None."""
        columns = nullable(self.columns())
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    def _remarks(self, language: Language) -> Iterable[str]:  # noqa: ARG002 — those that remark something take it
        """What is to be known before the tables are read, each a paragraph."""
        return ()

    def _shown(self, language: Language) -> Columns:
        """The columns that people see, all if it is not told otherwise."""
        return self.columns(language)

    def _tables(self, language: Language) -> Iterable[Table]:
        """What people see: one table of the columns, if it is not told otherwise."""
        yield self._table(self._shown(language), language)

    def _table(self, columns: Columns, language: Language, title: str = "") -> Table:
        """The columns that say something.

        A name stands in the place of its unit, and what NAME_title says in that of NAME.
        """
        cells_of: dict[str, list[str]] = {}
        for name, column in columns.items():
            cells = self._written(name, column, language)
            place = "unit" if name == "name" else name.removesuffix("_title")
            if place in cells_of:
                cells = [cell or code for cell, code in zip(cells, cells_of[place], strict=True)]
            cells_of[place] = cells
        shown = {name: cells for name, cells in cells_of.items() if name == "unit" or {*cells} - {"", NONE}}
        return Table(self._heads(language, *shown), [*zip(*shown.values(), strict=True)], title)

    def _heads(self, language: Language, *names: str) -> list[str]:
        """What columns are called."""
        return [HEADINGS[name].text(language) for name in names]

    def _written(self, name: str, column: NDArray[Any], language: Language) -> list[str]:
        """The cells of a column as people read them."""
        if name in self._catalogues:
            return [self._catalogues[name][f"{name}.{word}"].text(language) for word in column.tolist()]
        cells = written(column.tolist(), language, self._decimals.get(name))
        absent = unranked(name, column).tolist()
        return [NONE if is_absent else cell for cell, is_absent in zip(cells, absent, strict=True)]

    def text(self, language: Language | None = None) -> str:
        """The remarks and the tables, those that have rows, as lines of text."""
        chosen = self._speaking(language)
        tables = (table.text() for table in self._tables(chosen) if table.rows)
        return "\n\n".join(filter(None, [*self._remarks(chosen), *tables]))

    def __str__(self) -> str:
        return self.text()

    def plot(self, ax: "Axes | None" = None, **options: Any) -> "Axes":
        """The picture of the answer, drawn by the function of :mod:`dti_core.plots` that takes it, with its options.

        Raises :class:`~dti_core.InvalidArgument` for an answer that has no picture, and :class:`ModuleNotFoundError`
        without matplotlib.
        """
        from dti_core.plots.shortcut import plot

        return plot(self, ax, options)

    def _speaking(self, language: Language | None) -> Language:
        """The language asked for, its own for None; another one is refused."""
        chosen = self.language if language is None else language
        NOBODY.text(chosen)
        return chosen

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The columns as an Arrow stream, so that polars, pyarrow and DuckDB take the answer itself.

        Null is null. Needs pyarrow, and raises :class:`ModuleNotFoundError` without it.
        """
        return arrow_stream(self.columns(), requested_schema)


class ByCode(Answer):
    """An answer by codes: iterating gives them, and ``in`` takes one in whichever normal form."""

    #: the field that holds them
    _codes: ClassVar[str] = "units"

    def __iter__(self) -> Iterator[str]:
        return iter(getattr(self, self._codes))

    def __contains__(self, code: object) -> bool:
        return is_among(code, getattr(self, self._codes))


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
        raise ModuleNotFoundError(TERMS["pyarrow"].both, name="pyarrow") from None
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


def all_kept(columns: Columns) -> Columns:
    """The columns, which nobody writes to from now on."""
    return {name: kept(column) for name, column in columns.items()}


def doubles(values: Iterable[Any]) -> Floats:
    """An array of numbers, NaN where there is none."""
    return kept(np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64))


def wholes(values: Iterable[int]) -> Ints:
    """An array of whole numbers."""
    return kept(np.array([*values], dtype=np.int64))


def texts(values: Iterable[Any]) -> Texts:
    """An array of texts, None where there is none."""
    listed = [*values]
    column: Texts = np.empty(len(listed), dtype=object)
    column[:] = listed
    return kept(column)


def in_language(labels: Iterable[Phrase | None], language: Language) -> Texts:
    """What labels say in one language, None where there is none."""
    NOBODY.text(language)  # another language is refused though nothing is called anything
    return texts(label and label.text(language) for label in labels)
