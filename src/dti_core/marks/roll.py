"""The units of a round with all that is said beside their marks, and what follows from it for whom."""

from collections.abc import Mapping
from functools import cached_property
from itertools import chain, islice
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.applicability import Applicability, work_out
from dti_core.applicability.limits import Limited, limited
from dti_core.columns.factor import Factor, factor, locked
from dti_core.columns.frozen import Frozen
from dti_core.errors import MAX_PROBLEMS, Path, UnknownCode, raise_all
from dti_core.marks import fields
from dti_core.marks.checks import attribute_problems, decision_problems, unit_problems
from dti_core.rubric import Rubric
from dti_core.rubric.exclusions import Exclusion, Unranked
from dti_core.terms import (
    Label,
    checking,
    instance_of,
    nfc,
    one_of,
    optional,
    text_or_none,
    true_or_false,
    wrong_text,
)
from dti_core.terms.fields import truth_of


@attrs.frozen(slots=False, repr=False, hash=False, kw_only=True)
class Roll:
    """Units, their attributes, and the decisions of a round on them. What counts for whom is worked out at once.

    Raises :class:`~dti_core.InvalidDocument` for what does not fit the rubric, and for decisions that contradict one
    another.
    """

    #: the rubric that is marked by
    rubric: Rubric = attrs.field(validator=checking(instance_of(Rubric)))
    #: codes, in the order of every array
    units: tuple[str, ...] = attrs.field(converter=fields.unit_codes)
    #: what units are called; None: nothing is known
    names: tuple[Label | None, ...] | None = attrs.field(default=None, converter=fields.names_of)
    #: what units state, by name
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
    #: why units are set aside from ranking, by their codes
    unranked: Mapping[str, Unranked] = attrs.field(default=None, converter=fields.unranked_of)
    #: free data of units, by their codes
    unit_custom: Mapping[str, Mapping[str, Any]] = attrs.field(default=None, converter=fields.custom_by_unit)
    #: the year or half-year; None: that of the rubric
    period: str | None = attrs.field(
        default=None, converter=text_or_none, validator=checking(optional(wrong_text))
    )
    #: self or appraised; None: not said
    stage: fields.Stage | None = attrs.field(
        default=None, validator=checking(optional(one_of("self", "appraised")))
    )
    #: whether its document names the very rubric, by its hash, and is refused by another
    pinned: bool = attrs.field(default=False, converter=truth_of, validator=checking(true_or_false))
    #: free data of the document
    custom: Mapping[str, Any] | None = attrs.field(default=None, converter=fields.custom_of)

    __hash__ = None  # type: ignore[assignment]

    def __attrs_post_init__(self) -> None:
        if not self.units:
            self.__dict__["attributes"] = Frozen({name: factor(()) for name, _ in self.rubric.attributes})
        problems = [*islice(chain(unit_problems(self), attribute_problems(self)), MAX_PROBLEMS)]
        if not problems:
            problems += islice(decision_problems(self), MAX_PROBLEMS)
        raise_all("marks", problems)
        self.applicability  # noqa: B018 - sources that contradict one another are found now

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
