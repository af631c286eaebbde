"""The assessments of many units, and the marks they come to."""

from collections.abc import Iterable, Iterator
from functools import cached_property

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.assessment.cycle import Cycle
from dti_core.assessment.entry import EMPTY
from dti_core.assessment.sheet import plain, self_sheet, ticks
from dti_core.assessment.unit import Assessment
from dti_core.errors import InvalidArgument, InvalidDocument, Problem, shorten
from dti_core.marks import MarkSheet, Stage
from dti_core.marks.ticks import Ticks
from dti_core.terms import check, listed, many


@attrs.frozen(slots=False, repr=False, hash=False)
class Assessments:
    """The assessments of one cycle, one for each unit; what a document of assessments holds.

    Raises :class:`~dti_core.InvalidDocument` where a unit is there twice or belongs to another cycle, where decisions
    contradict one another, or where measures cannot be scored.
    """

    cycle: Cycle = attrs.field(validator=attrs.validators.instance_of(Cycle))
    units: tuple[Assessment, ...] = attrs.field(
        default=(), converter=listed, validator=check(many(Assessment))
    )
    #: the self marks as they are claimed
    sheet: MarkSheet = attrs.field(init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        problems = [
            Problem(
                ("units", at), "belongs to another rubric, or to other rounds; keep cycles apart", "cycle"
            )
            for at, each in enumerate(self.units)
            if each.cycle is not self.cycle and each.cycle != self.cycle
        ]
        if problems:
            raise InvalidDocument("assessments", problems)
        self.__dict__["sheet"] = self_sheet(self.cycle, self.units)

    def __repr__(self) -> str:
        return f"<Assessments of {self.cycle.rubric.code}: {len(self.units)} units>"

    def __iter__(self) -> Iterator[Assessment]:
        return iter(self.units)

    def __len__(self) -> int:
        return len(self.units)

    def __getitem__(self, unit: str) -> Assessment:
        return self.units[self.sheet.row(unit)]

    @cached_property
    def appraised(self) -> Ticks:
        """(units, leaves) the appraised marks, in ticks, NaN where there is none."""
        return ticks(self.cycle, self.units, "appraised")

    @property
    def unproven(self) -> NDArray[np.bool_]:
        """(units, leaves) which self marks lack the evidence or the explanation they need."""
        leaves = self.cycle.rubric.tree.leaves
        proven = self.cycle.proven
        rows = [
            [leaf in proven and bool(each.entries.get(leaf, EMPTY).lacks) for leaf in leaves]
            for each in self.units
        ]
        return np.array(rows, dtype=bool).reshape(len(self.units), len(leaves))


def together(assessments: Iterable[Assessment]) -> Assessments:
    """Assessments of one cycle from any collection of them."""
    if isinstance(assessments, Assessments):
        return assessments
    units = tuple(assessments)
    if not units:
        raise InvalidArgument("there is no assessment; give at least one, or an Assessments of its cycle")
    return Assessments(units[0].cycle, units)


def to_marks(assessments: Iterable[Assessment], stage: Stage = "self") -> MarkSheet:
    """The mark sheet of a stage: of the units' own marks, or of the appraised ones; what has no mark is missing.

    Self marks given as measures are scored. Where the rubric's policy says ``unproven: zero``, one that lacks evidence
    and explanation counts as 0. Raises what :class:`Assessments` raises.
    """
    gathered = together(assessments)
    if stage not in ("self", "appraised"):
        raise InvalidArgument(f"the stage is 'self' or 'appraised', not {shorten(stage)}")
    if stage == "appraised":
        return plain(gathered.sheet, gathered.appraised, stage)
    if gathered.cycle.rubric.policy.unproven != "zero" or not gathered.unproven.any():
        return gathered.sheet
    return plain(gathered.sheet, np.where(gathered.unproven, 0, gathered.sheet.ticks))
