"""The assessments of many units, and the marks they come to."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Unpack

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.assessment.changes import MoveDetails
from dti_core.assessment.cycle import Cycle, lines_until, of_the_move
from dti_core.assessment.lines import DECISION_KINDS, Step
from dti_core.assessment.sheet import self_sheet, ticks, unanswered, unproven, with_marks
from dti_core.assessment.unit import Assessment
from dti_core.errors import InvalidArgument, InvalidDocument, Problem, raise_all, shorten
from dti_core.marks import MarkSheet, Stage
from dti_core.marks.ticks import Held, everywhere
from dti_core.terms import Listed, checking, instance_of, listed, one_of
from dti_core.terms.fields import checked
from dti_core.words import ROUNDS, near
from dti_core.words.display import Displayed
from dti_core.words.rounds import fault


@attrs.frozen(slots=False, repr=False, field_transformer=checked)
class Assessments(Mapping[str, Assessment], Displayed):
    """The assessments of one cycle by the codes of their units; what a document of assessments holds.

    Raises :class:`~dti_core.InvalidDocument` where a unit is there twice or belongs to another cycle, where decisions
    contradict one another, or where measures cannot be scored.

    >>> from dti_core import Index, Rubric
    >>> cycle = Cycle(Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30)]))
    >>> round_ = Assessments(cycle, [Assessment(cycle, "a"), Assessment(cycle, "b")])
    >>> [*round_], round_["b"].state
    (['a', 'b'], 'open')
    """

    #: the round that all of them are in
    cycle: Cycle = attrs.field(validator=checking(instance_of(Cycle)))
    #: in the order of every table
    units: tuple[Assessment, ...] = attrs.field(default=(), converter=Listed[Assessment])

    def __attrs_post_init__(self) -> None:
        problems = [
            fault("cycle", ("units", at))
            for at, assessment in enumerate(self.units)
            if assessment.cycle is not self.cycle and assessment.cycle != self.cycle
        ]
        raise_all("assessments", problems)
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

    @cached_property
    def unanswered(self) -> NDArray[np.bool_]:
        """(units, leaves) which leaves units claim not to apply to them, and nobody has decided or refused it."""
        return unanswered(self.sheet, [unit.entries for unit in self.units])

    def step(self, move: str | Mapping[str, Any], **beside: Unpack[MoveDetails]) -> "Assessments":
        """After a move of the round, on all units or on those its decisions name; takes what :meth:`Cycle.step` takes.

        It is a line of the history of every unit that it concerns. Raises :class:`~dti_core.InvalidDocument` where it
        comes before the last line of one, or would change what was published without being an amendment.
        """
        cycle = self.cycle.step(move, **beside)
        units, problems = [], [*self._strangers(cycle.history[-1])]
        for unit in self.units:
            try:
                units.append(unit.under(cycle))
            except InvalidDocument as error:
                problems += error.problems
        if not problems:
            try:
                return Assessments(cycle, units)
            except InvalidDocument as error:
                problems += error.problems
        place = len(cycle.history) - 1
        raise InvalidDocument("assessments", dict.fromkeys(_of_the_round(each, place) for each in problems))

    def _strangers(self, line: Step) -> Iterator[Problem]:
        """Units that a move of the round names and that are not there."""
        known = self.sheet.row_of
        for part in DECISION_KINDS:
            for code, decision in getattr(line.after, part).items():
                for at, unit in enumerate(decision.units or ()):
                    if unit not in known:
                        place = (part, code, "units", at)
                        yield fault("unknown.unit", place, value=shorten(unit), near=near(unit, known))

    def as_of(self, at: str) -> "Assessments":
        """The assessments as they all stood at a time."""
        cycle = self.cycle.as_of(at)
        seen = len(cycle.history)
        return Assessments(cycle, [_as_of(unit, cycle, seen, at) for unit in self.units])


def _as_of(unit: Assessment, cycle: Cycle, seen: int, at: str) -> Assessment:
    lines = unit.record.lines
    count = lines_until(lines, at)
    return unit.replayed(cycle, next((own for own in range(count) if lines[own].seen > seen), count))


def _of_the_round(problem: Problem, place: int) -> Problem:
    """A problem as it is seen from the move of the round that makes the line at a place of its history."""
    path = problem.path[1:] if problem.path[:1] == ("cycle",) else problem.path
    return of_the_move(attrs.evolve(problem, path=path)) if path[:2] == ("history", place) else problem


def together(assessments: Assessments | Iterable[Assessment]) -> Assessments:
    """Assessments of one cycle from any collection of them."""
    if isinstance(assessments, Assessments):
        return assessments
    units = listed(assessments)
    if not isinstance(units, tuple) or not isinstance(next(iter(units), None), Assessment):
        raise InvalidArgument(ROUNDS("no_assessment", value=shorten(assessments)))
    return Assessments(units[0].cycle, units)


def to_marks(assessments: Assessments | Iterable[Assessment], stage: Stage = "self") -> MarkSheet:
    """The mark sheet of a stage: of the units' own marks, or of the appraised ones; what has no mark is missing.

    Self marks given as measures are scored. Where the rubric's policy says ``unproven: zero``, one that counts but
    lacks evidence and explanation is 0. Raises what :class:`Assessments` raises.

    >>> from dti_core import Index, Rubric
    >>> cycle = Cycle(Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30)]))
    >>> own = Assessment(cycle, "a").step("mark", {"1": {"points": 20}}, by="Xã A", at="2024-01-10")
    >>> to_marks([own]).of("a")
    {'1': 20.0}
    """
    gathered = together(assessments)
    message = one_of("self", "appraised")(stage)
    if message:
        raise InvalidArgument(ROUNDS("stage", message=message))
    if stage == "appraised":
        return with_marks(gathered.sheet, gathered.appraised, stage)
    if gathered.cycle.rubric.policy.unproven != "zero" or not gathered.unproven.any():
        return gathered.sheet
    nothing = everywhere(0, gathered.cycle.rubric, len(gathered))
    return with_marks(gathered.sheet, nothing.where(gathered.unproven, gathered.sheet.held))
