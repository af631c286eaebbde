"""Measures: what was counted or answered for every unit and leaf, as columns of exact numbers and answers."""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from dti_core.columns.factor import Factor, same
from dti_core.columns.table import Table
from dti_core.errors import SHOWN, InvalidArgument, InvalidDocument, Path, Problem
from dti_core.exact import decimal_of
from dti_core.marks import MarkSheet
from dti_core.marks.sheets import Layout
from dti_core.measures.reader import Columns, Place, Reader
from dti_core.methods import Direct, Method
from dti_core.methods.method import Input, Takes
from dti_core.rubric import Rubric
from dti_core.rubric.exclusions import Exclusion
from dti_core.rubric.tree import walk

DIRECT = Direct()


def methods_of(rubric: Rubric) -> dict[str, Method]:
    """How each leaf is scored, in document order."""
    kept: dict[str, Method] | None = rubric.__dict__.get("_methods")
    if kept is None:
        leaves = (node for _, node, _, _ in walk(rubric.indices) if not node.components)
        kept = rubric.__dict__["_methods"] = {leaf.code: leaf.scoring or DIRECT for leaf in leaves}
    return kept


def in_units(row: int, name: Input) -> Path:
    """Where a measure stands in a document."""
    return ("units", row, "measures", *name)


def _same_columns(left: Columns, right: Columns) -> bool:
    return left.keys() == right.keys() and all(
        left[name] == right[name] if isinstance(left[name], Factor) else same(left[name], right[name])
        for name in left
    )


@attrs.frozen(repr=False, hash=False)
class Measures:
    """What was measured in a round: units × inputs of leaves, with attributes and decisions.

    Made by :meth:`from_rows`, :meth:`from_table` or from a document; :func:`~dti_core.score` makes marks of it.
    """

    #: the units with their attributes and decisions, every mark missing
    blank: MarkSheet
    #: doubles that stand for decimals, NaN where missing; of truths and texts a Factor
    columns: Columns = attrs.field(eq=attrs.cmp_using(eq=_same_columns))
    place: Place = attrs.field(default=in_units, eq=False, kw_only=True)

    def __repr__(self) -> str:
        return f"<Measures of {self.blank.rubric.code}: {len(self.blank.units)} units × {len(self.columns)} inputs>"

    @property
    def rubric(self) -> Rubric:
        """The rubric they are measured by."""
        return self.blank.rubric

    def value(self, row: int, name: Input) -> Any:
        """One measure: Decimal, text, Boolean, or None where it is missing."""
        column = self.columns[name]
        if isinstance(column, Factor):
            return column.of(row)
        return None if np.isnan(column[row]) else decimal_of(float(column[row]))

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
        columns, problems = columns_of(rows, rubric, units)
        if problems:
            raise InvalidDocument("measures", problems)
        return cls(blank_sheet(rubric, units, **others), columns)

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
        takes = {
            (leaf, *each): kind
            for leaf, method in methods_of(rubric).items()
            for each, kind in method.inputs().items()
        }
        layout = Layout(
            leaves=_dotted(takes),
            unit=unit,
            name=name,
            attributes=tuple(dict.fromkeys([*dict(rubric.attributes), *attributes])),
            called=columns or {},
            leaf=None,
            mark="",
        )
        layout.check()
        headers = {each: layout.header(".".join(each)) for each in takes}
        about = [unit, *([] if name is None else [name]), *map(layout.header, layout.attributes)]
        source = Table(table, [*about, *headers.values()])
        codes = source.codes(unit)
        reader = Reader(codes, lambda row, each: (row, str(headers.get(each, ".".join(each)))))
        found: Columns = {}
        for each, kind in takes.items():
            numeric = kind not in ("boolean", "text")
            column = (
                source.numbers(headers[each], len(codes), reader.problems)
                if numeric
                else source.values(headers[each])
            )
            if len(column) == len(codes):
                found[each] = reader.column(column, kind, each)
        if reader.problems:
            raise InvalidDocument("table", reader.problems[:SHOWN])
        facts = {each: source.values(layout.header(each)) for each in layout.attributes}
        names = None if name is None else source.labels(name)
        sheet = blank_sheet(
            rubric, codes, names=names, attributes=facts, exclusions=tuple(exclusions), **others
        )
        return cls(sheet, found, place=reader.place)


def blank_sheet(rubric: Rubric, units: Sequence[str], **others: Any) -> MarkSheet:
    """A sheet on which every mark is missing, in no more memory than one mark takes."""
    ticks = np.broadcast_to(np.float64(np.nan), (len(units), len(rubric.tree.leaves)))
    return MarkSheet(rubric, tuple(units), ticks, **others)


def columns_of(
    rows: Sequence[Mapping[str, Any]], rubric: Rubric, units: Sequence[str]
) -> tuple[Columns, list[Problem]]:
    """The columns that rows of measures hold, what is wrong in them left out, and what is wrong."""
    if len(rows) != len(units):
        raise InvalidArgument(f"there are {len(rows)} rows of measures for {len(units)} units")
    reader, methods = Reader(units, in_units), methods_of(rubric)
    leaves = reader.inner(rows, [*methods], ())
    columns: Columns = {}
    for leaf, method in methods.items():
        columns |= reader.columns([row.get(leaf) for row in leaves], method.inputs(), (leaf,))
    return columns, reader.problems


def _dotted(names: Mapping[Input, Takes]) -> tuple[str, ...]:
    dotted = [".".join(name) for name in names]
    twice = next((each for at, each in enumerate(dotted) if each in dotted[:at]), None)
    if twice is not None:
        raise InvalidArgument(f"column {twice!r} would be a leaf and an input of another; use from_rows")
    return tuple(dotted)
