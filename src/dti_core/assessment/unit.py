"""One unit's way from self-score to publication: frozen; every step gives another, with one more line of history."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import compress, islice
from typing import Any, Unpack, cast

import attrs

from dti_core.assessment.changes import MoveDetails, given, line_of, name_problem
from dti_core.assessment.course import Course, not_allowed
from dti_core.assessment.cycle import Cycle, lines_until, of_the_move
from dti_core.assessment.entry import Entry
from dti_core.assessment.fields import by_code, free, name_of, wrong_mapping
from dti_core.assessment.history import Entries, Record, under, versions
from dti_core.assessment.lines import Step, Written
from dti_core.assessment.moves import MOVES, State
from dti_core.assessment.sheet import self_sheet, ticks, unanswered, unproven, with_marks
from dti_core.columns.frozen import Frozen
from dti_core.errors import MAX_PROBLEMS, InvalidDocument, Problem, shorten
from dti_core.marks import MarkSheet
from dti_core.terms import (
    Label,
    Scalar,
    Value,
    checking,
    instance_of,
    label_or_none,
    scalar_of,
    wrong_code,
    wrong_scalar,
)
from dti_core.terms.fields import CHECKS, checked, code_of
from dti_core.words import ROUNDS, Sentence
from dti_core.words.display import Displayed
from dti_core.words.rounds import fault


def _attributes_of(values: Mapping[str, Value]) -> Mapping[str, Scalar]:
    return cast("Mapping[str, Scalar]", by_code(values, scalar_of))


CHECKS[_attributes_of] = wrong_mapping


@attrs.frozen(slots=False, repr=False, field_transformer=checked)
class Assessment(Displayed):
    """What is said of the leaves of one unit, and how it came about; a new one is open and empty.

    Raises :class:`~dti_core.InvalidDocument` with every problem found, each with its path.

    >>> from dti_core import Index, Rubric
    >>> cycle = Cycle(Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30)]))
    >>> opened = Assessment(cycle, "a")
    >>> marked = opened.step("mark", {"1": {"points": 20}}, by="Đơn vị A", at="2024-01-10")
    >>> marked.step({"move": "submit", "by": "Đơn vị A", "at": "2024-01-11"}).state
    'submitted'
    """

    #: the round and its rubric
    cycle: Cycle = attrs.field(validator=checking(instance_of(Cycle)))
    #: the code of the unit
    unit: str = attrs.field(converter=code_of)
    #: what it is called
    name: Label | None = attrs.field(default=None, converter=label_or_none)
    #: what it states, by name
    attributes: Mapping[str, Scalar] = attrs.field(factory=Frozen, converter=_attributes_of)
    #: free data of the unit
    custom: Mapping[str, Any] | None = attrs.field(default=None, converter=free, kw_only=True)
    #: its own lines of history, and what stands after them; made by steps, or read from a document
    record: Record = attrs.field(factory=Record, validator=checking(instance_of(Record)), kw_only=True)

    def __attrs_post_init__(self) -> None:
        self._refuse(dict.fromkeys(islice(self._own_problems(), MAX_PROBLEMS)))

    def _own_problems(self) -> Iterator[Problem]:
        for name, value in self.attributes.items():
            message = wrong_code(name) or wrong_scalar(value)
            if message:
                yield Problem(("attributes", name_of(name)), message, "attribute")
        problems = [*self.record.problems(self.cycle, self.unit)]
        yield from problems or self._past_problems()

    def _past_problems(self) -> Iterator[Problem]:
        """Claims that were not answered when it was published, of a history that was not made here."""
        lines = self.record.lines if self.record.known is None else ()
        if any(line.move == "claim" for line in lines):
            for at, line in enumerate(lines):
                if line.move == "publish":
                    before = self.replayed(self.cycle.as_of(line.seen), at)
                    yield from under(("history", at), before.claim_problems())

    def _refuse(self, problems: Iterable[Problem]) -> None:
        """Raise the problems, where there are any."""
        if problems := (*problems,):
            raise InvalidDocument(_called(self), problems)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<Assessment of {self.unit!r} by {self.cycle.rubric.code}: {self.state}>"

    @property
    def written(self) -> Written:
        """What stands of the unit: what is said of its leaves, and the decisions on it alone."""
        return self.record.written

    @property
    def entries(self) -> Mapping[str, Entry]:
        """What is said of each leaf; leaves of which nothing is said are absent."""
        return self.record.written.entries

    @cached_property
    def history(self) -> tuple[Step, ...]:
        """Every move that concerns the unit, its own and those of the round, oldest first."""
        return tuple(line for line, _, _ in self.record.merged(self.cycle, self.unit))

    @cached_property
    def _own_course(self) -> Course:
        return self.record.course(self.cycle, self.unit)

    @cached_property
    def _course(self) -> Course:
        return self._own_course.through(self.cycle, self.unit, len(self.cycle.history))

    @property
    def state(self) -> State:
        """Where it is on its way."""
        return self._course.state

    def step(
        self,
        move: str | Mapping[str, Any],
        entries: Mapping[str, Mapping[str, Any]] | Iterable[str] = (),
        **beside: Unpack[MoveDetails],
    ) -> "Assessment":
        """The assessment after a move of :data:`MOVES`, with a line of history: ``by`` whom, ``at`` what time, ``why``.

        ``entries`` are the leaves it concerns, with what it writes of each: ``{"1.1": {"points": 15.5}}``; the other
        fields stay, but for the reason of an appraised mark and the refusal of a claim that are replaced. Decisions go
        by codes of their own: ``exclusions={"port": {"members": ["2"], …}}``, ``unranked``, ``grade_limits``; None
        withdraws one. A move may be one object of plain data too, ``{"move": "mark", "entries": {…}, "by": …}``.
        Where ``role`` says whose move it is, it must be one of theirs.

        Raises :class:`~dti_core.InvalidDocument` with every problem at its path in the move; nothing has changed then.
        """
        change = given(move, entries, beside)
        refusal = name_problem(change.get("move"), MOVES) or not_allowed(change["move"], self.state)
        self._refuse([refusal] if refusal else ())
        try:
            cycle = self.cycle
            line = line_of(change, MOVES[change["move"]], self.written, cycle.rubric, len(cycle.history))
            return self._after(line)
        except InvalidDocument as error:
            problems = dict.fromkeys(map(self._seen_from_the_move, error.problems))
            raise InvalidDocument(_called(self), problems) from None

    def _after(self, line: Step) -> "Assessment":
        """With one more line, where it is sound."""
        lines = (*self.record.lines, line)
        known = (self.cycle, self._own_course, len(self.record.lines))
        made = attrs.evolve(self, record=Record(lines, self.written.after(line), known))
        touched = {leaf: made.entries[leaf] for leaf in line.after.entries if leaf in made.entries}
        decided = line.parts != ("entries",) and bool(line.parts)
        if len(lines) == 1 or decided or any(entry.measures is not None for entry in touched.values()):
            _sheet(made, touched)
        if decided or any(entry.appraised is not None for entry in touched.values()):
            self._refuse(_reduced_problems(made, made.entries if decided else touched))
        if line.move == "submit" and self.cycle.rubric.policy.unproven == "refuse":
            self._refuse(made.problems())
        if line.move == "publish":
            self._refuse(made.claim_problems())
        return made

    def _seen_from_the_move(self, problem: Problem) -> Problem:
        is_own = problem.path[:2] == ("history", len(self.record.lines))
        return of_the_move(problem) if is_own else problem

    def problems(self) -> tuple[Problem, ...]:
        """The self marks that lack evidence, or an explanation of what the evidence does not cover, leaf by leaf."""
        lacking = unproven(self.cycle, _sheet(self, self.entries), [self.entries])[0]
        leaves, entries = compress(self.cycle.rubric.tree.leaves, lacking), self.entries
        return tuple(Problem(("entries", leaf), entries[leaf].lacks or "", "evidence") for leaf in leaves)

    def claim_problems(self) -> tuple[Problem, ...]:
        """The claims that are not answered, leaf by leaf: before publication each is decided upon or refused."""
        if not any(entry.claim and not entry.refusal for entry in self.entries.values()):
            return ()
        is_open = unanswered(_sheet(self, {}), [self.entries])[0]
        leaves = compress(self.cycle.rubric.tree.leaves, is_open)
        claims = ((leaf, self.entries[leaf].claim) for leaf in leaves)
        return tuple(fault("claim.open", ("entries", leaf, "claim"), claim=claim) for leaf, claim in claims)

    def as_of(self, when: int | str) -> "Assessment":
        """As it stood, the decisions of the round too, after so many lines of its history or at a time."""
        count = lines_until(self.history, when)
        if count == len(self.history):
            return self
        _, own, seen = [(None, 0, 0), *self.record.merged(self.cycle, self.unit)][count]
        return self.replayed(self.cycle.as_of(seen), own)

    def replayed(self, cycle: Cycle, lines: int) -> "Assessment":
        """Its first lines, in a cycle."""
        return attrs.evolve(self, cycle=cycle, record=Record(self.record.lines[:lines]))

    def under(self, cycle: Cycle) -> "Assessment":
        """The same in a cycle that has come further; refuses lines of the round that cannot concern it as it is."""
        known = (self.cycle, self._course, len(self.record.lines))
        return attrs.evolve(self, cycle=cycle, record=attrs.evolve(self.record, known=known))

    @property
    def versions(self) -> tuple["Assessment", ...]:
        """As it was published, then as each amendment left it."""
        return tuple(map(self.as_of, versions(self.record, self.cycle, self.unit)))


def _reduced_problems(assessment: Assessment, some: Entries) -> Iterable[Problem]:
    """Appraised marks above what their leaves are reduced to."""
    rules = assessment.cycle.rubric.exclusions
    of_round, own = assessment.cycle.written.exclusions, assessment.written.exclusions
    if all(each.to is None for each in (*rules, *of_round.values(), *own.values())):
        return ()
    try:
        with_marks(_sheet(assessment, {}), ticks(assessment.cycle.rubric, [some], "appraised"), "appraised")
    except InvalidDocument as error:
        return map(_from_the_unit, error.problems)
    return ()


def _sheet(assessment: Assessment, some: Entries) -> MarkSheet:
    """The self marks of some leaves; refuses attributes, decisions and measures that do not fit the rubric."""
    try:
        return self_sheet(assessment.cycle, [assessment], some)
    except InvalidDocument as error:
        raise InvalidDocument(_called(assessment), map(_from_the_unit, error.problems)) from None


def _called(assessment: Assessment) -> Sentence:
    return ROUNDS("assessment", unit=shorten(assessment.unit))


def _from_the_unit(problem: Problem) -> Problem:
    """A problem of the sheet of one unit, as it is seen from the unit."""
    of_unit = problem.path[:1] == ("units",)
    return attrs.evolve(problem, path=problem.path[2:]) if of_unit else problem
