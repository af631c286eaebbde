"""Mark sheets: units × leaves in ticks, every mark checked once and held exactly."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import chain, islice
from typing import Any, Literal

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from dti_core.applicability import Applicability, work_out
from dti_core.applicability.limits import Limited, limited
from dti_core.columns.codes import instance
from dti_core.columns.factor import Factor, factor, locked
from dti_core.columns.frozen import Frozen
from dti_core.errors import MAX_PROBLEMS, InvalidDocument, Path, UnknownCode
from dti_core.exact import Rounding
from dti_core.marks import fields
from dti_core.marks.arrays import read_array
from dti_core.marks.checks import attribute_problems, decision_problems, grade_limit_problems, unit_problems
from dti_core.marks.layout import Layout, kept_attributes
from dti_core.marks.markers import decisions, markers_of
from dti_core.marks.reduced import counted, reduced_problems
from dti_core.marks.sheets import read_sheet
from dti_core.marks.ticks import Held, Ticks, check_marks
from dti_core.rubric import Rubric
from dti_core.rubric.exclusions import Exclusion, Unranked
from dti_core.rubric.grades import GradeLimit
from dti_core.terms import Label, check, instance_of, nfc, one_of, optional, text_or_none, wrong_text
from dti_core.words.columns import refused

Stage = Literal["self", "appraised"]


@attrs.frozen(slots=False, repr=False, hash=False, kw_only=True)
class MarkSheet:
    """The marks of a round: units × leaves, missing apart from zero, with attributes and decisions to exclude.

    Made by :func:`~dti_core.load_marks`, :meth:`from_table` or :meth:`from_array`, which alone make ``ticks``;
    ``attrs.evolve`` changes everything beside them. What counts for whom is worked out, and contradictions are found,
    when it is made. Equal sheets hold the same; they do not hash.
    """

    rubric: Rubric = attrs.field(validator=check(instance_of(Rubric)))
    units: tuple[str, ...] = attrs.field(converter=fields.units_of)
    held: Held = attrs.field(alias="ticks")
    names: tuple[Label | None, ...] | None = attrs.field(default=None, converter=fields.names_of)
    attributes: Mapping[str, Factor] = attrs.field(default=None, converter=fields.attributes_of)
    #: decisions of the round, on all or on named units
    exclusions: fields.Decisions = attrs.field(default=(), converter=fields.exclusions_of)
    #: decisions on one unit, by its code
    unit_exclusions: Mapping[str, fields.Decisions] = attrs.field(
        default=None, converter=fields.exclusions_by_unit
    )
    #: decisions of the round on the grades of named units
    grade_limits: fields.GradeLimits = attrs.field(default=(), converter=fields.grade_limits_of)
    #: decisions on the grade of one unit, by its code
    unit_grade_limits: Mapping[str, fields.GradeLimits] = attrs.field(
        default=None, converter=fields.grade_limits_by_unit
    )
    unranked: Mapping[str, Unranked] = attrs.field(default=None, converter=fields.unranked_of)
    unit_custom: Mapping[str, Mapping[str, Any]] = attrs.field(default=None, converter=fields.custom_by_unit)
    period: str | None = attrs.field(
        default=None, converter=text_or_none, validator=check(optional(wrong_text))
    )
    stage: Stage | None = attrs.field(default=None, validator=check(optional(one_of("self", "appraised"))))
    custom: Mapping[str, Any] | None = attrs.field(default=None, converter=fields.custom_of)

    __hash__ = None  # type: ignore[assignment]

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.held, Held) or not self.held.fits(self.rubric):
            raise refused("ticks")
        if not self.units:
            self.__dict__["attributes"] = Frozen({name: factor(()) for name, _ in self.rubric.attributes})
        problems = [*islice(chain(unit_problems(self), attribute_problems(self)), MAX_PROBLEMS)]
        if not problems:
            problems += islice(chain(decision_problems(self), grade_limit_problems(self)), MAX_PROBLEMS)
        if problems:
            raise InvalidDocument("marks", problems)
        self.applicability  # noqa: B018 - sources that contradict one another are found now
        problems = [*islice(reduced_problems(self), MAX_PROBLEMS)]
        if problems:
            raise InvalidDocument("marks", problems)

    def __repr__(self) -> str:
        return f"<MarkSheet of {self.rubric.code}: {len(self.units)} units × {len(self.rubric.tree.leaves)} leaves>"

    def __deepcopy__(self, _: Any) -> "MarkSheet":
        return self

    @property
    def ticks(self) -> Ticks:
        """(units, leaves) the marks in whole ticks of 10^-mark_decimals, NaN where missing; read-only."""
        return self.held.ticks

    @cached_property
    def counted(self) -> Ticks:
        """(units, leaves) the marks as they count; a self mark above what a leaf is reduced to counts as that."""
        return counted(self.ticks, self.applicability)

    @cached_property
    def applicability(self) -> Applicability:
        """What counts for whom."""
        of_units = (self.units, self.row, self.attributes)
        return work_out(self.rubric, *of_units, self._decisions, self.unit_exclusions)

    @property
    def _decisions(self) -> list[tuple[Exclusion, Path | None]]:
        """The decisions of the round, and where each stands."""
        return [(decision, ("exclusions", at)) for at, decision in enumerate(self.exclusions)]

    @cached_property
    def limited(self) -> Limited:
        """What limits whose grade."""
        of_units = (self.units, self.row, self.attributes)
        return limited(self.rubric.grade_limits, *of_units, self.grade_limits, self.unit_grade_limits)

    @property
    def limits_grades(self) -> bool:
        """Whether a rule or decision limits the grade of any unit."""
        return any(self.limited.sets)

    @cached_property
    def ranked(self) -> NDArray[np.bool_]:
        """Which units may be ranked: not those set aside, outside every block, or in a block that is not ranked."""
        ranked = np.ones(len(self.units), dtype=bool)
        ranked[[self.row(unit) for unit in self.unranked]] = False
        blocks = self.applicability.block_of
        if blocks is not None:
            ranked &= np.array([*(block.ranked for block in self.rubric.blocks), False])[blocks]
        return locked(ranked)

    def _repr_html_(self) -> str:
        from dti_core.notebook import of_marks

        return of_marks(self)

    def of(self, unit: str) -> dict[str, float | None]:
        """The marks of one unit, None where missing."""
        marks = self.ticks[self.row(unit)].astype(np.float64) / 10**self.rubric.mark_decimals
        return {
            leaf: None if np.isnan(mark) else mark
            for leaf, mark in zip(self.rubric.tree.leaves, marks.tolist(), strict=True)
        }

    def row(self, unit: str) -> int:
        """The place of a unit."""
        row = self.row_of.get(nfc(unit)) if isinstance(unit, str) else None
        if row is None:
            raise UnknownCode("unit", unit, self.units)
        return row

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """The place of every unit."""
        return Frozen((code, row) for row, code in enumerate(self.units))

    @classmethod
    def from_array(  # noqa: PLR0913 - the fields of a sheet, each by its name
        cls,
        marks: ArrayLike,
        rubric: Rubric,
        *,
        units: Iterable[str],
        attributes: Mapping[str, Iterable[Any]] | None = None,
        leaves: Iterable[str] | None = None,
        rounding: Rounding | None = None,
        names: Iterable[Label | str | None] | None = None,
        exclusions: Iterable[Exclusion] = (),
        unit_exclusions: Mapping[str, Iterable[Exclusion]] | None = None,
        grade_limits: Iterable[GradeLimit] = (),
        unit_grade_limits: Mapping[str, Iterable[GradeLimit]] | None = None,
        unranked: Mapping[str, Unranked] | None = None,
        unit_custom: Mapping[str, Mapping[str, Any]] | None = None,
        period: str | None = None,
        stage: Stage | None = None,
        custom: Mapping[str, Any] | None = None,
    ) -> "MarkSheet":
        """A sheet from an array or lists of marks (units × leaves), read by position; NaN, None and masked are missing.

        ``leaves`` names the columns where they are not the rubric's leaves in document order; all must be there.
        What has labels, such as a data frame, belongs to :meth:`from_table`. ``rounding`` takes marks with more
        decimals than the rubric's.

        Raises :class:`~dti_core.InvalidDocument` with row and leaf of every mark that is none.

        >>> from dti_core import Index, Rubric
        >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
        >>> MarkSheet.from_array([[15.5, 20], [30, None]], rubric, units=["a", "b"]).of("b")
        {'1': 30.0, '2': None}
        """
        instance("rubric", rubric, Rubric)
        codes = fields.units_of(units)
        return cls(
            rubric=rubric,
            units=codes,
            ticks=check_marks(read_array(marks, rubric, len(codes), leaves), rubric, rounding),
            names=names,
            attributes=attributes,
            exclusions=exclusions,
            unit_exclusions=unit_exclusions,
            grade_limits=grade_limits,
            unit_grade_limits=unit_grade_limits,
            unranked=unranked,
            unit_custom=unit_custom,
            period=period,
            stage=stage,
            custom=custom,
        )

    @classmethod
    def from_table(  # noqa: PLR0913 - what a spreadsheet may call things has no end
        cls,
        table: Any,
        rubric: Rubric,
        *,
        unit: str = "unit",
        name: str | None = None,
        attributes: Iterable[str] = (),
        exclusions: Iterable[Exclusion] = (),
        rounding: Rounding | None = None,
        columns: Mapping[Any, str] | None = None,
        leaf: str | None = None,
        mark: str = "mark",
        roster: Iterable[str] | None = None,
        not_applicable: Mapping[str, Exclusion] | None = None,
        unit_exclusions: Mapping[str, Iterable[Exclusion]] | None = None,
        grade_limits: Iterable[GradeLimit] = (),
        unit_grade_limits: Mapping[str, Iterable[GradeLimit]] | None = None,
        unranked: Mapping[str, Unranked] | None = None,
        unit_custom: Mapping[str, Mapping[str, Any]] | None = None,
        period: str | None = None,
        stage: Stage | None = None,
        custom: Mapping[str, Any] | None = None,
    ) -> "MarkSheet":
        """A sheet from a table with one row per unit, leaves by code.

        A table is a dict of columns, a list of rows, a data frame of pandas, polars or pyarrow, or what has an Arrow
        stream. ``unit`` and ``name`` are the columns of codes and names; ``attributes`` are columns to keep besides
        those that the rubric declares; ``columns`` says which leaf or attribute a header stands for where it is not its
        code. An absent leaf column is refused, and so is text where a number belongs.

        ``roster`` lists the units that must be there, and no others: rows of totals and averages are refused.
        ``not_applicable`` says which texts stand in the place of a mark that does not apply, and what each decides: an
        :class:`~dti_core.Exclusion` whose ``members`` is empty, for leaf and unit are those of the cell.

        With ``leaf`` the table is long, a row per unit and leaf: the columns ``leaf`` (codes, or what ``columns`` says
        of them) and ``mark``. A leaf without a row is missing; two rows for one are refused.

        Raises :class:`~dti_core.InvalidDocument` with row (from 0) and column of every problem found.

        >>> from dti_core import Exclusion, Index, Rubric
        >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
        >>> wide = {"unit": ["a", "b"], "1": [15.5, 30], "Điểm 2": [20, None]}
        >>> sheet = MarkSheet.from_table(wide, rubric, columns={"Điểm 2": "2"})
        >>> sheet
        <MarkSheet of demo: 2 units × 2 leaves>
        >>> long = {"unit": ["a", "a", "b"], "leaf": ["1", "2", "1"], "mark": [15.5, 20, 30]}
        >>> MarkSheet.from_table(long, rubric, leaf="leaf") == sheet
        True
        >>> skip = Exclusion(members=[], treatment="skip", reason="Không đánh giá", basis="Công văn ví dụ")
        >>> marked = [{"unit": "a", "1": 15.5, "2": 20}, {"unit": "b", "1": 30, "2": "KĐG"}]
        >>> MarkSheet.from_table(marked, rubric, not_applicable={"KĐG": skip}).exclusions[0].units
        ('b',)
        """
        instance("rubric", rubric, Rubric)
        kept, markers = kept_attributes(rubric, attributes), markers_of(not_applicable)
        layout = Layout(rubric.tree.leaves, unit, name, kept, columns, leaf, mark)
        sheet = read_sheet(table, layout, roster, markers)
        return cls(
            rubric=rubric,
            units=sheet.units,
            ticks=check_marks(sheet.marks, rubric, rounding),
            names=sheet.names,
            attributes=sheet.attributes,
            exclusions=[*fields.exclusions_of(exclusions), *decisions(sheet, rubric, markers)],
            unit_exclusions=unit_exclusions,
            grade_limits=grade_limits,
            unit_grade_limits=unit_grade_limits,
            unranked=unranked,
            unit_custom=unit_custom,
            period=period,
            stage=stage,
            custom=custom,
        )


def fields_of(sheet: MarkSheet) -> dict[str, Any]:
    """The fields of a sheet, by the names that a sheet is made with."""
    return {field.alias or field.name: getattr(sheet, field.name) for field in attrs.fields(MarkSheet)}
