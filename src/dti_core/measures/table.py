"""Measures: what was counted or answered for every unit and leaf, as columns of exact numbers and answers."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import attrs
import numpy as np

from dti_core.columns.codes import instance
from dti_core.columns.factor import Factor, same
from dti_core.columns.frozen import Frozen
from dti_core.columns.table import SourceTable
from dti_core.errors import SHOWN, InvalidArgument, Path, Problem, SheetRow, raise_all, shorten
from dti_core.marks import MarkSheet
from dti_core.marks.fields import unit_codes
from dti_core.marks.layout import Layout, kept_attributes
from dti_core.marks.ticks import everywhere
from dti_core.measures.reader import ANSWER_TYPES, CellReader, Column, InputColumns, Place
from dti_core.methods.method import Input, Takes
from dti_core.rubric import Rubric
from dti_core.rubric.exclusions import Exclusion
from dti_core.terms.fields import repeated
from dti_core.words import MEASURES
from dti_core.words.display import Displayed


def value_at(column: Column, row: int) -> Any:
    """One measure: Fraction, text, Boolean, or None where it is missing."""
    if isinstance(column, Factor):
        return column.of(row)
    return None if np.isnan(column[row]) else Fraction(repr(float(column[row])))


def inputs_of(rubric: Rubric) -> dict[Input, Takes]:
    """What is measured, leaf by leaf."""
    methods = rubric.methods.items()
    return {(leaf, *name): takes for leaf, method in methods for name, takes in method.inputs().items()}


def in_units(row: int, name: Input) -> Path:
    """Where a measure stands in a document."""
    return ("units", row, "measures", *name)


def _same_columns(left: InputColumns, right: InputColumns) -> bool:
    return left.keys() == right.keys() and all(same(left[name], right[name]) for name in left)


def in_table(headers: Mapping[Input, Any], row: int, name: Input) -> Path:
    """Where a measure stands in a table: row, from 0, and column."""
    return (SheetRow(row), str(headers.get(name, ".".join(name))))


@attrs.frozen(repr=False, hash=False)
class Measures(Displayed):
    """What was measured in a round: units × inputs of leaves, with attributes and decisions.

    Made by :meth:`from_rows`, :meth:`from_table` or from a document; :func:`~dti_core.score` makes marks of it.
    Equal ones do not hash.

    >>> from dti_core import Index, Rubric, score
    >>> from dti_core.methods import Ratio
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Hồ sơ trực tuyến", 20, scoring=Ratio())])
    >>> measures = Measures.from_rows([{"1": {"a": 30, "b": 40}}], rubric, units=["x"])
    >>> score(measures).of("x")
    {'1': 15.0}
    """

    #: the units with their attributes and decisions, every mark missing
    blank: MarkSheet
    #: input → doubles that stand for decimals, NaN where missing; of truths and texts a Factor
    columns: Mapping[Input, Any] = attrs.field(eq=attrs.cmp_using(eq=_same_columns))
    #: where a measure stands, for messages
    place: Place = attrs.field(default=in_units, eq=False, kw_only=True)
    #: whether these units are no cohort: where units are compared, nothing is scored, only checked
    alone: bool = attrs.field(default=False, eq=False, kw_only=True)
    __hash__ = None  # type: ignore[assignment]

    def __attrs_post_init__(self) -> None:
        instance("blank", self.blank, MarkSheet)
        reader = CellReader(self.blank.units, self.place)
        object.__setattr__(self, "columns", Frozen(reader.columns(self.columns, inputs_of(self.rubric))))
        raise_all("measures", reader.problems, SHOWN)

    def __repr__(self) -> str:
        return f"<Measures of {self.blank.rubric.code}: {len(self.blank.units)} units × {len(self.columns)} inputs>"

    @property
    def rubric(self) -> Rubric:
        """The rubric they are measured by."""
        return self.blank.rubric

    @classmethod
    def from_rows(
        cls, rows: Sequence[Mapping[str, Any]], rubric: Rubric, *, units: Sequence[str], **others: Any
    ) -> "Measures":
        """Measures from one mapping per unit, leaf code → measure as a document has it; None or absent is missing.

        ``others`` are further fields of a :class:`~dti_core.MarkSheet`: ``names``, ``attributes``, ``exclusions`` …

        >>> from dti_core import Index, Rubric, methods
        >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Hồ sơ trực tuyến", 20, scoring=methods.Ratio())])
        >>> Measures.from_rows([{"1": {"a": 31, "b": 40}}], rubric, units=["a"])
        <Measures of demo: 1 units × 2 inputs>
        """
        blank = blank_sheet(rubric, units, **others)
        columns, problems = columns_of(rows, rubric, blank.units)
        raise_all("measures", problems)
        return cls(blank, columns)

    @classmethod
    def from_table(
        cls,
        table: Any,
        rubric: Rubric,
        *,
        unit: str = "unit",
        name: str | None = None,
        attributes: Sequence[str] = (),
        exclusions: Sequence[Exclusion] = (),
        columns: Mapping[Any, str] | None = None,
        **others: Any,
    ) -> "Measures":
        """Measures from a table, one row per unit; the input a of leaf 1.1 is in the column ``1.1.a``.

        Otherwise as :meth:`~dti_core.MarkSheet.from_table`: an absent column is refused, and so is text where a
        number belongs.

        >>> from dti_core import Index, Rubric, methods
        >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Hồ sơ trực tuyến", 20, scoring=methods.Ratio())])
        >>> Measures.from_table({"unit": ["a", "b"], "1.a": [31, 5], "1.b": [40, 8]}, rubric)
        <Measures of demo: 2 units × 2 inputs>
        """
        instance("rubric", rubric, Rubric)
        inputs = inputs_of(rubric)
        layout = Layout(_dotted(inputs), unit, name, kept_attributes(rubric, attributes), columns)
        headers = {key: layout.header(".".join(key)) for key in inputs}
        source = SourceTable(table, [*layout.about_units, *headers.values()])
        blank = blank_sheet(
            rubric,
            source.codes(unit),
            names=None if name is None else source.names(name),
            attributes={key: source.values(layout.header(key)) for key in layout.attributes},
            exclusions=exclusions,
            **others,
        )
        problems: list[Problem] = []
        cells = {
            key: source.values(headers[key])
            if takes in ANSWER_TYPES
            else source.doubles(headers[key], blank.units, problems)
            for key, takes in inputs.items()
        }
        raise_all("table", problems, SHOWN)
        return cls(blank, cells, place=partial(in_table, headers))


def blank_sheet(rubric: Rubric, units: Sequence[str], **others: Any) -> MarkSheet:
    """A sheet on which every mark is missing, in no more memory than one mark takes."""
    instance("rubric", rubric, Rubric)
    codes = unit_codes(units)
    return MarkSheet(rubric=rubric, units=codes, ticks=everywhere(np.nan, rubric, len(codes)), **others)


def columns_of(
    rows: Sequence[Mapping[str, Any]], rubric: Rubric, units: Sequence[str]
) -> tuple[InputColumns, list[Problem]]:
    """The columns that rows of measures hold, what is wrong in them left out, and what is wrong."""
    if not isinstance(rows, list | tuple):
        raise InvalidArgument(MEASURES("no_rows", value=shorten(rows)))
    if len(rows) != len(units):
        raise InvalidArgument(MEASURES("rows_for", count=len(rows), units=len(units)))
    reader, inputs = CellReader(units, in_units), inputs_of(rubric)
    return reader.columns(reader.split(rows, inputs), inputs), reader.problems


def _dotted(names: Mapping[Input, Takes]) -> tuple[str, ...]:
    dotted = [".".join(name) for name in names]
    for at, _ in repeated(dotted):
        raise InvalidArgument(MEASURES("two_columns", column=repr(dotted[at])))
    return tuple(dotted)
