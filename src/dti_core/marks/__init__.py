"""Mark sheets: units × leaves in ticks, every mark checked once and held exactly."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import chain, islice
from typing import Any, Literal

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from dti_core.applicability import Applicability, work_out
from dti_core.columns.factor import Factor, factor, same
from dti_core.columns.table import numbers
from dti_core.errors import (
    MAX_PROBLEMS,
    InvalidArgument,
    InvalidDocument,
    Path,
    Problem,
    UnknownCode,
    suggest,
)
from dti_core.exact import Rounding
from dti_core.marks.checks import attribute_problems, decision_problems, unit_problems
from dti_core.marks.ticks import Ticks, ticks_of_marks
from dti_core.rubric import Rubric
from dti_core.rubric.exclusions import Exclusion, Unranked
from dti_core.terms import Label

Stage = Literal["self", "appraised"]


def _factors(columns: Mapping[str, Any]) -> dict[str, Factor]:
    return {name: factor(column) for name, column in columns.items()}


@attrs.frozen(slots=False, repr=False, hash=False)
class MarkSheet:
    """The marks of a round: units × leaves, missing apart from zero, with attributes and decisions to exclude.

    Made by :func:`~dti_core.load_marks`, :meth:`from_table` or :meth:`from_array`. What counts for whom is worked out,
    and contradictions are found, when it is made.
    """

    rubric: Rubric
    units: tuple[str, ...]
    #: (units, leaves) in whole ticks of 10^-mark_decimals, NaN where missing; read-only
    ticks: Ticks = attrs.field(eq=attrs.cmp_using(eq=same))
    names: tuple[Label | None, ...] | None = attrs.field(default=None, kw_only=True)
    attributes: Mapping[str, Factor] = attrs.field(factory=dict, converter=_factors, kw_only=True)
    #: decisions of the round, on all or on named units
    exclusions: tuple[Exclusion, ...] = attrs.field(default=(), kw_only=True)
    #: decisions on one unit, by its code
    unit_exclusions: Mapping[str, tuple[Exclusion, ...]] = attrs.field(factory=dict, kw_only=True)
    unranked: Mapping[str, Unranked] = attrs.field(factory=dict, kw_only=True)
    unit_custom: Mapping[str, dict[str, Any]] = attrs.field(factory=dict, kw_only=True)
    period: str | None = attrs.field(default=None, kw_only=True)
    stage: Stage | None = attrs.field(default=None, kw_only=True)
    custom: dict[str, Any] | None = attrs.field(default=None, kw_only=True)
    #: what counts for whom
    applicability: Applicability = attrs.field(init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        if not self.units:
            self.__dict__["attributes"] = {name: factor(()) for name, _ in self.rubric.attributes}
        problems = [*islice(chain(unit_problems(self), attribute_problems(self)), MAX_PROBLEMS)]
        if not problems:
            problems += islice(decision_problems(self), MAX_PROBLEMS)
        if problems:
            raise InvalidDocument("marks", problems)
        by_row = {self.row(unit): own for unit, own in self.unit_exclusions.items()}
        self.__dict__["applicability"] = work_out(
            self.rubric, self.units, self.attributes, self._decisions, by_row
        )

    def __repr__(self) -> str:
        return f"<MarkSheet of {self.rubric.code}: {len(self.units)} units × {len(self.rubric.tree.leaves)} leaves>"

    @property
    def _decisions(self) -> list[tuple[Exclusion, Path | None]]:
        """The decisions of the round, and where each stands."""
        return [(decision, ("exclusions", at)) for at, decision in enumerate(self.exclusions)]

    @cached_property
    def ranked(self) -> NDArray[np.bool_]:
        """Which units may be ranked: not those set aside, outside every block, or in a block that is not ranked."""
        ranked = np.ones(len(self.units), dtype=bool)
        ranked[[self.row(unit) for unit in self.unranked]] = False
        blocks = self.applicability.block_of
        if blocks is not None:
            ranked &= np.array([*(block.ranked for block in self.rubric.blocks), False])[blocks]
        return ranked

    def _repr_html_(self) -> str:
        from dti_core.notebook import of_marks

        return of_marks(self)

    def points(self, unit: str) -> dict[str, float | None]:
        """The marks of one unit in points, None where missing."""
        marks = self.ticks[self.row(unit)].astype(np.float64) / 10**self.rubric.mark_decimals
        return {
            leaf: None if np.isnan(mark) else mark
            for leaf, mark in zip(self.rubric.tree.leaves, marks.tolist(), strict=True)
        }

    def row(self, unit: str) -> int:
        """The place of a unit."""
        rows = self.__dict__.get("_rows")
        if rows is None:
            rows = self.__dict__["_rows"] = {code: row for row, code in enumerate(self.units)}
        if unit not in rows:
            raise UnknownCode("unit", unit, self.units)
        return int(rows[unit])

    @classmethod
    def from_array(
        cls,
        points: ArrayLike,
        rubric: Rubric,
        *,
        units: Sequence[str],
        attributes: Mapping[str, Sequence[Any]] | None = None,
        leaves: Sequence[str] | None = None,
        rounding: Rounding | None = None,
        **others: Any,
    ) -> "MarkSheet":
        """A sheet from an array of points (units × leaves), NaN for missing.

        ``leaves`` names the columns where they are not the rubric's leaves in document order; all must be there.
        ``others`` are the further fields of a sheet: ``names``, ``exclusions``, ``unranked`` …

        >>> from dti_core import Index, Rubric
        >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
        >>> MarkSheet.from_array([[15.5, 20], [30, float("nan")]], rubric, units=["a", "b"])
        <MarkSheet of demo: 2 units × 2 leaves>
        """
        codes = tuple(rubric.tree.leaves if leaves is None else leaves)
        values = np.asarray(points)
        if values.size == 0:
            values = np.empty((len(units), len(codes)))
        if values.ndim != 2 or values.shape != (len(units), len(codes)):
            raise InvalidArgument(
                f"points must be {len(units)} units × {len(codes)} leaves, not {values.shape}"
            )
        if values.dtype.kind not in "iuf":
            values = _mixed(values, codes)
        if codes != rubric.tree.leaves:
            values = values[:, _order(codes, rubric)]
        ticks = ticks_of_marks(values, rubric, lambda row, at: (row, rubric.tree.leaves[at]), rounding)
        return cls(rubric, tuple(units), ticks, attributes=attributes or {}, **others)

    @classmethod
    def from_table(  # noqa: PLR0913 - what a spreadsheet may call things has no end
        cls,
        table: Any,
        rubric: Rubric,
        *,
        unit: str = "unit",
        name: str | None = None,
        attributes: Sequence[str] = (),
        exclusions: Sequence[Exclusion] = (),
        rounding: Rounding | None = None,
        columns: Mapping[Any, str] | None = None,
        leaf: str | None = None,
        mark: str = "mark",
        **others: Any,
    ) -> "MarkSheet":
        """A sheet from a table: a dict of columns, pandas, polars or pyarrow; one row per unit, leaves by code.

        ``unit`` and ``name`` are the columns of codes and names; ``attributes`` are columns to keep besides those
        that the rubric declares; ``columns`` says which leaf or attribute a header stands for where it is not its code.
        An absent leaf column is refused, and so is text where a number belongs.

        With ``leaf`` the table is long, a row per unit and leaf: the columns ``leaf`` (codes, or what ``columns`` says
        of them) and ``mark``. A leaf without a row is missing; two rows for one are refused.

        Raises :class:`~dti_core.InvalidDocument` with row (from 0) and column of every problem found.

        >>> from dti_core import Index, Rubric
        >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
        >>> wide = {"unit": ["a", "b"], "1": [15.5, 30], "Điểm 2": [20, None]}
        >>> sheet = MarkSheet.from_table(wide, rubric, columns={"Điểm 2": "2"})
        >>> sheet
        <MarkSheet of demo: 2 units × 2 leaves>
        >>> long = {"unit": ["a", "a", "b"], "leaf": ["1", "2", "1"], "mark": [15.5, 20, 30]}
        >>> MarkSheet.from_table(long, rubric, leaf="leaf") == sheet
        True
        """
        kept = tuple(dict.fromkeys([*dict(rubric.attributes), *attributes]))
        from dti_core.marks.sheets import Layout, read_sheet

        layout = Layout(
            leaves=rubric.tree.leaves,
            unit=unit,
            name=name,
            attributes=kept,
            called=columns or {},
            leaf=leaf,
            mark=mark,
        )
        sheet = read_sheet(table, layout)
        return cls(
            rubric,
            sheet.units,
            ticks_of_marks(sheet.points, rubric, sheet.place, rounding),
            names=sheet.names,
            attributes=sheet.attributes,
            exclusions=tuple(exclusions),
            **others,
        )


def _mixed(values: NDArray[Any], codes: Sequence[str]) -> NDArray[np.float64]:
    problems: list[Problem] = []
    places = [(row, code) for row in range(len(values)) for code in codes]
    result = numbers(values, places, problems).reshape(values.shape)
    if problems:
        raise InvalidDocument("points", problems)
    return result


def _order(codes: Sequence[str], rubric: Rubric) -> list[int]:
    leaves = rubric.tree.leaves
    problems = [
        Problem((at,), f"{code!r} is no leaf{suggest(code, leaves)}", "unknown")
        for at, code in enumerate(codes)
        if code not in leaves
    ]
    problems += [
        Problem((at,), f"{code!r} is there twice", "duplicate")
        for at, code in enumerate(codes)
        if code in codes[:at]
    ]
    problems += [
        Problem((), f"leaf {leaf!r} is absent; add its column", "column")
        for leaf in leaves
        if leaf not in codes
    ]
    if problems:
        raise InvalidDocument("leaves", problems)
    return [codes.index(leaf) for leaf in leaves]
