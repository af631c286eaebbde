"""The assessments of many units, and the marks they come to."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.assessment.cycle import Cycle
from dti_core.assessment.sheet import plain, self_sheet, ticks, unproven
from dti_core.assessment.unit import Assessment
from dti_core.errors import InvalidArgument, InvalidDocument, Problem, shorten
from dti_core.marks import MarkSheet, Stage
from dti_core.marks.ticks import Held, everywhere
from dti_core.terms import check, instance_of, listed, one_of
from dti_core.terms.fields import checked


@attrs.frozen(slots=False, repr=False, field_transformer=checked)
class Assessments(Mapping[str, Assessment]):
    """The assessments of one cycle by the codes of their units; what a document of assessments holds.

    Raises :class:`~dti_core.InvalidDocument` where a unit is there twice or belongs to another cycle, where decisions
    contradict one another, or where measures cannot be scored.
    """

    cycle: Cycle = attrs.field(validator=check(instance_of(Cycle)))
    units: tuple[Assessment, ...] = attrs.field(default=(), converter=listed)

    def __attrs_post_init__(self) -> None:
        message = "belongs to another rubric, or to other rounds; keep cycles apart"
        problems = [
            Problem(("units", at), message, "cycle")
            for at, assessment in enumerate(self.units)
            if assessment.cycle != self.cycle
        ]
        if problems:
            raise InvalidDocument("assessments", problems)
        _ = self.sheet  # refuses what does not fit

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<Assessments of {self.cycle.rubric.code}: {len(self.units)} units>"

    def __iter__(self) -> Iterator[str]:
        return (assessment.unit for assessment in self.units)

    def __len__(self) -> int:
        return len(self.units)

    def __getitem__(self, unit: str) -> Assessment:
        return self.units[self.sheet.row(unit)]

    @cached_property
    def sheet(self) -> MarkSheet:
        """The self marks as they are claimed."""
        return self_sheet(self.cycle, self.units)

    @cached_property
    def appraised(self) -> Held:
        """(units, leaves) the appraised marks."""
        return ticks(self.cycle.rubric, [unit.entries for unit in self.units], "appraised")

    @cached_property
    def unproven(self) -> NDArray[np.bool_]:
        """(units, leaves) which self marks count and lack the evidence or the explanation they need."""
        return unproven(self.cycle, self.sheet, [unit.entries for unit in self.units])


def together(assessments: Assessments | Iterable[Assessment]) -> Assessments:
    """Assessments of one cycle from any collection of them."""
    if isinstance(assessments, Assessments):
        return assessments
    units = listed(assessments)
    if not isinstance(units, tuple) or not isinstance(next(iter(units), None), Assessment):
        message = "there is no assessment in {}; give at least one, or an Assessments of its cycle"
        raise InvalidArgument(message.format(shorten(assessments)))
    return Assessments(units[0].cycle, units)


def to_marks(assessments: Assessments | Iterable[Assessment], stage: Stage = "self") -> MarkSheet:
    """The mark sheet of a stage: of the units' own marks, or of the appraised ones; what has no mark is missing.

    Self marks given as measures are scored. Where the rubric's policy says ``unproven: zero``, one that counts but
    lacks evidence and explanation is 0. Raises what :class:`Assessments` raises.
    """
    gathered = together(assessments)
    message = one_of("self", "appraised")(stage)
    if message:
        raise InvalidArgument(f"the stage {message}")
    if stage == "appraised":
        return plain(gathered.sheet, gathered.appraised, stage)
    if gathered.cycle.rubric.policy.unproven != "zero" or not gathered.unproven.any():
        return gathered.sheet
    nothing = everywhere(0, gathered.cycle.rubric, len(gathered))
    return plain(gathered.sheet, nothing.where(gathered.unproven, gathered.sheet.held))
