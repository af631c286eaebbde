"""Mark sheets: units × leaves in ticks, every mark checked once and held exactly."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Unpack

import attrs
import numpy as np

from dti_core.columns.cells import cells
from dti_core.columns.codes import instance
from dti_core.errors import MAX_PROBLEMS, InvalidArgument, raise_all
from dti_core.exact import Rounding
from dti_core.marks import fields
from dti_core.marks.arrays import HasArray, read_array
from dti_core.marks.fields import Facts
from dti_core.marks.fields import Stage as Stage
from dti_core.marks.layout import Layout, kept_attributes
from dti_core.marks.markers import marker_decisions, markers_of
from dti_core.marks.reduced import counted, mark_problems
from dti_core.marks.roll import Roll
from dti_core.marks.sheets import read_table
from dti_core.marks.ticks import Held, Ticks, check_marks
from dti_core.rubric import Rubric
from dti_core.rubric.exclusions import Exclusion
from dti_core.terms import Label, Number
from dti_core.words import COLUMNS
from dti_core.words.display import Displayed

OF_ROLL = {field.name for field in attrs.fields(Roll)} | {"applicability", "limited", "ranked", "row_of"}
"""What a sheet holds, and has worked out, whatever its marks are."""


@attrs.frozen(slots=False, repr=False, hash=False, kw_only=True)
class MarkSheet(Roll, Displayed):
    """The marks of a round: units × leaves, missing apart from zero, with attributes and decisions to exclude.

    Made by :func:`~dti_core.load_marks`, :meth:`from_table` or :meth:`from_array`, which alone make ``ticks``;
    :meth:`with_marks` changes them, ``attrs.evolve`` everything beside them. What counts for whom is worked out, and
    contradictions are found, when it is made. Equal sheets hold the same; they do not hash.

    >>> from dti_core import Index, Rubric
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> marks = MarkSheet.from_table([{"unit": "a", "1": 15.5, "2": None}], rubric)
    >>> marks.of("a")
    {'1': 15.5, '2': None}
    """

    #: the marks in whole ticks, units × leaves, NaN where missing; :meth:`of` gives those of one unit
    held: Held = attrs.field(alias="ticks")

    __hash__ = None  # type: ignore[assignment]

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.held, Held) or not self.held.fits(self.rubric):
            raise InvalidArgument(COLUMNS("ticks"))
        super().__attrs_post_init__()
        self._check_marks()

    def _check_marks(self) -> None:
        raise_all("marks", mark_problems(self), MAX_PROBLEMS)

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

    def of(self, unit: str) -> dict[str, float | None]:
        """The marks of one unit, None where missing."""
        marks = self.ticks[self.row(unit)].astype(np.float64) / 10**self.rubric.mark_decimals
        return {
            leaf: None if np.isnan(mark) else mark
            for leaf, mark in zip(self.rubric.tree.leaves, marks.tolist(), strict=True)
        }

    def with_marks(self, marks: Mapping[str, Mapping[str, Any]]) -> "MarkSheet":
        """The same with other marks, by unit and leaf: checked as those of :meth:`from_array`; None is missing.

        Nothing else is read or worked out again. Raises :class:`~dti_core.InvalidDocument` with unit and leaf of every
        mark that is none, and of those that the sheet does not have.

        >>> from dti_core import Index, Rubric
        >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
        >>> sheet = MarkSheet.from_array([[15.5, 20], [30, None]], rubric, units=["a", "b"])
        >>> sheet.with_marks({"b": {"2": 17}}).of("b")
        {'1': 30.0, '2': 17.0}
        """
        from dti_core.marks.changes import changed  # few sheets change

        held, sheet = changed(self, marks), object.__new__(MarkSheet)
        kept = {name: value for name, value in vars(self).items() if name in OF_ROLL}
        for name, value in (
            kept | {"held": held}
        ).items():  # not by __init__, which would check all of it again
            object.__setattr__(sheet, name, value)
        sheet._check_marks()
        return sheet

    def with_exclusions(self, exclusions: Mapping[str, Iterable[Exclusion]]) -> "MarkSheet":
        """The same with other decisions on single units, in the place of what was decided on each of those alone.

        No decision (``[]``) takes them back; decisions of the round stay. To add one, name the others as well:
        ``[*sheet.unit_exclusions.get("a", ()), decision]``.

        >>> from dti_core import Exclusion, Index, Rubric
        >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
        >>> sheet = MarkSheet.from_array([[15, 20]], rubric, units=["a"])
        >>> skip = Exclusion(members=["2"], treatment="skip", reason="Chưa triển khai", basis="Công văn ví dụ")
        >>> [decision.members for decision in sheet.with_exclusions({"a": [skip]}).unit_exclusions["a"]]
        [('2',)]
        """
        own = {**self.unit_exclusions, **fields.frozen_by_code(exclusions, "exclusions")}
        return MarkSheet(**fields_of(self) | {"unit_exclusions": own})

    def without(self, units: Iterable[str]) -> "MarkSheet":
        """The same without some units, and without decisions that named no others.

        >>> from dti_core import Index, Rubric
        >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30)])
        >>> MarkSheet.from_array([[15], [20]], rubric, units=["a", "b"]).without(["a"]).units
        ('b',)
        """
        from dti_core.marks.changes import without

        return MarkSheet(**fields_of(self) | without(self, units))

    @staticmethod
    def concat(sheets: Iterable["MarkSheet"]) -> "MarkSheet":
        """The units of several sheets in one, in their order: those of one rubric, period and stage, each unit once.

        A unit has a name or an attribute where its own sheet has one. Decisions of the round that differ in their units
        alone become one; what a sheet decided on all units stays with the units of that sheet, unless all sheets did.
        ``custom`` is that of the sheets that have any, which is to be the same.

        >>> from dti_core import Index, Rubric
        >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30)])
        >>> parts = [MarkSheet.from_array([[mark]], rubric, units=[unit]) for unit, mark in [("a", 12), ("b", 30)]]
        >>> MarkSheet.concat(parts)
        <MarkSheet of demo: 2 units × 1 leaves>
        """
        from dti_core.marks.joined import joined

        listed = cells(sheets, "sheets")
        for at, sheet in enumerate(listed):
            instance(f"sheets[{at}]", sheet, MarkSheet)
        return MarkSheet(**joined(listed))

    @classmethod
    def from_array(  # noqa: PLR0913 - the fields of a sheet, each by its name
        cls,
        marks: HasArray | Sequence[HasArray | Sequence[Number | None]],
        rubric: Rubric,
        *,
        units: Iterable[str],
        attributes: Mapping[str, Iterable[Any]] | None = None,
        leaves: Iterable[str] | None = None,
        rounding: Rounding | None = None,
        names: Iterable[Label | str | None] | None = None,
        exclusions: Iterable[Exclusion] = (),
        **others: Unpack[Facts],
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
        codes = fields.unit_codes(units)
        return cls(
            rubric=rubric,
            units=codes,
            ticks=check_marks(read_array(marks, rubric, codes, leaves), rubric, rounding),
            names=names,
            attributes=attributes,
            exclusions=exclusions,
            **others,
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
        **others: Unpack[Facts],
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

        Raises :class:`~dti_core.InvalidDocument` with row, unit and column of every problem found.

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
        sheet = read_table(table, layout, roster, markers)
        return cls(
            rubric=rubric,
            units=sheet.units,
            ticks=check_marks(sheet.marks, rubric, rounding),
            names=sheet.names,
            attributes=sheet.attributes,
            exclusions=[*fields.exclusions_of(exclusions), *marker_decisions(sheet, rubric, markers)],
            **others,
        )


def fields_of(sheet: MarkSheet) -> dict[str, Any]:
    """The fields of a sheet, by the names that a sheet is made with."""
    return {field.alias or field.name: getattr(sheet, field.name) for field in attrs.fields(MarkSheet)}
