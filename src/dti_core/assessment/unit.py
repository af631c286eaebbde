"""One unit's way from self-score to publication: frozen; every step gives another, with one more line of history."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import compress, islice
from typing import Any

import attrs

from dti_core.assessment.cycle import Cycle
from dti_core.assessment.entry import EMPTY, Entry
from dti_core.assessment.fields import by_code, wrong_mapping
from dti_core.assessment.history import Entries, Record
from dti_core.assessment.moves import MOVES, MoveName, State, Step, not_allowed, wrong_move
from dti_core.assessment.sheet import self_sheet, unproven
from dti_core.columns.frozen import Frozen
from dti_core.errors import MAX_PROBLEMS, InvalidArgument, InvalidDocument, Problem, shorten
from dti_core.marks import MarkSheet
from dti_core.rubric import Decision
from dti_core.rubric.exclusions import Exclusion, Unranked
from dti_core.terms import (
    Label,
    Scalar,
    check,
    codes,
    codes_of,
    custom_of,
    instance_of,
    label_or_none,
    listed,
    optional,
    scalar_of,
    whole_number,
    wrong_code,
    wrong_scalar,
)
from dti_core.terms.fields import CHECKS, checked, code_of
from dti_core.words import ROUNDS, Sentence

VERSIONS = ("publish", "amend")


def _attributes_of(values: Any) -> Any:
    return by_code(values, scalar_of)


CHECKS[_attributes_of] = wrong_mapping


@attrs.frozen(repr=False, field_transformer=checked)
class Assessment:
    """What is said of the leaves of one unit, and how it came about; a new one is open and empty.

    Raises :class:`~dti_core.InvalidDocument` with every problem found, each with its path.

    >>> from dti_core import Index, Rubric
    >>> cycle = Cycle(Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30)]))
    >>> opened = Assessment(cycle, "a")
    >>> marked = opened.step("mark", {"1": {"points": 20}}, by="Đơn vị A", at="2024-01-10")
    >>> marked.step("submit", by="Đơn vị A", at="2024-01-11").state
    'submitted'
    """

    cycle: Cycle = attrs.field(validator=check(instance_of(Cycle)))
    unit: str = attrs.field(converter=code_of)
    name: Label | None = attrs.field(default=None, converter=label_or_none)
    attributes: Mapping[str, Scalar] = attrs.field(factory=Frozen, converter=_attributes_of)
    #: decisions on this unit
    exclusions: tuple[Exclusion, ...] = attrs.field(default=(), converter=listed, kw_only=True)
    unranked: Unranked | None = attrs.field(
        default=None, validator=check(optional(instance_of(Unranked))), kw_only=True
    )
    custom: dict[str, Any] | None = attrs.field(default=None, converter=custom_of, kw_only=True)
    #: what was said and by which lines of history; made by steps, or read from a document
    record: Record = attrs.field(factory=Record, validator=check(instance_of(Record)), kw_only=True)

    def __attrs_post_init__(self) -> None:
        self._refuse(dict.fromkeys(islice(self._own_problems(), MAX_PROBLEMS)))

    def _own_problems(self) -> Iterator[Problem]:
        for name, value in self.attributes.items():
            message = wrong_code(name) or wrong_scalar(value)
            if message:
                yield Problem(("attributes", _key(name)), message, "attribute")
        yield from self.record.problems(self.cycle)

    def _refuse(self, problems: Iterable[Problem]) -> None:
        """Raise the problems, where there are any."""
        if problems := (*problems,):
            raise InvalidDocument(_called(self), problems)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<Assessment of {self.unit!r} by {self.cycle.rubric.code}: {self.state}>"

    @property
    def entries(self) -> Mapping[str, Entry]:
        """What is said of each leaf; leaves of which nothing is said are absent."""
        return self.record.entries

    @property
    def history(self) -> tuple[Step, ...]:
        """Every move that was made, oldest first."""
        return self.record.lines

    @property
    def state(self) -> State:
        """Where it is on its way."""
        return self.record.course.state

    def step(
        self,
        move: MoveName,
        entries: Mapping[str, Mapping[str, Any]] | Iterable[str] = (),
        *,
        by: str,
        at: str,
        why: str | None = None,
        decision: Decision | str | None = None,
    ) -> "Assessment":
        """The assessment after a move of :data:`MOVES`, with a line of history: who, when (ISO 8601), why.

        ``entries`` are the leaves it concerns, with what it writes of each: ``{"1.1": {"points": 15.5}}``; the other
        fields stay, but for the reason of an appraised mark that is replaced.

        Raises :class:`~dti_core.InvalidDocument`, naming the state, the move and what is allowed, or every problem
        with what is written; nothing has changed then.
        """
        refusal = wrong_move(move) or not_allowed(move, self.state)
        if refusal:
            self._refuse([Problem(("history", len(self.history), "move"), refusal, "move")])
        before, written = self._written(move, entries)
        line = Step(move, by, at, why, decision, before)
        made = attrs.evolve(self, record=self.record.after(self.cycle, line, written))
        if not self.history or any(entry.measures is not None for entry in written.values()):
            _sheet(made, written)
        proof_needed = move == "submit" and self.cycle.rubric.policy.unproven == "refuse"
        self._refuse(made.problems() if proof_needed else ())
        return made

    def _written(self, move: MoveName, entries: Any) -> tuple[dict[str, Entry], dict[str, Entry]]:
        """What stood in the fields a move writes, and what it leaves of the same leaves."""
        before, after = {}, {}
        problems: list[Problem] = []
        for leaf, fields in self._changes(entries).items():
            old = self.entries.get(leaf, EMPTY)
            before[leaf] = Entry(**{name: getattr(old, name) for name in MOVES[move].writes})
            try:
                after[leaf] = _rewritten(old, fields, move)
            except InvalidDocument as error:
                problems += (problem.under("entries", leaf) for problem in error.problems)
        self._refuse(problems)
        return before, after

    def _changes(self, entries: Any) -> Mapping[str, Any]:
        """The leaves that a move concerns, and what it writes of each."""
        changes = by_code(entries) if isinstance(entries, Mapping) else codes_of(entries)
        fit = isinstance(changes, Frozen | tuple)
        refusal = codes(tuple(changes)) if fit else Sentence(ROUNDS["no_leaves"], {"value": shorten(entries)})
        if refusal:
            self._refuse([Problem(("entries",), refusal, "type")])
        return changes if isinstance(changes, Frozen) else {leaf: {} for leaf in changes}

    def problems(self) -> tuple[Problem, ...]:
        """The self marks that lack evidence, or an explanation of what the evidence does not cover, leaf by leaf."""
        lacking = unproven(self.cycle, _sheet(self, self.entries), [self.entries])[0]
        leaves = compress(self.cycle.rubric.tree.leaves, lacking)
        return tuple(Problem(("entries", leaf), str(self.entries[leaf].lacks), "evidence") for leaf in leaves)

    def as_of(self, lines: int) -> "Assessment":
        """The assessment as it stood after so many lines of its history."""
        message = whole_number(0, len(self.history))(lines)
        if message:
            raise InvalidArgument(f"lines of the history: {message}")
        return attrs.evolve(self, record=self.record.until(lines))

    @property
    def versions(self) -> tuple["Assessment", ...]:
        """As it was published, then as each amendment left it."""
        lines = [at for at, line in enumerate(self.history, 1) if line.move in VERSIONS]
        return tuple(map(self.as_of, lines))


def _rewritten(old: Entry, fields: Any, move: MoveName) -> Entry:
    """An entry after a move has written some of its fields; a reason does not pass to the next appraised mark."""
    if not isinstance(fields, Mapping):
        sentence = Sentence(ROUNDS["no_fields"], {"value": shorten(fields)})
        raise InvalidDocument("Entry", [Problem((), sentence, "type")])
    writes = MOVES[move].writes
    message = f"is not written by {move!r}, which writes {', '.join(writes) or 'nothing'}"
    stray = [Problem((_key(name),), message, "field") for name in fields if name not in writes]
    if stray:
        raise InvalidDocument("Entry", stray)
    return attrs.evolve(old, **({"reason": None} if "appraised" in fields else {}) | dict(fields))


def _key(name: object) -> str:
    return name if isinstance(name, str) else shorten(name)


def _sheet(assessment: Assessment, some: Entries) -> MarkSheet:
    """The self marks of some leaves; refuses attributes, decisions and measures that do not fit the rubric."""
    try:
        return self_sheet(assessment.cycle.alone(assessment.unit), [assessment], some)
    except InvalidDocument as error:
        raise InvalidDocument(_called(assessment), map(_from_the_unit, error.problems)) from None


def _called(assessment: Assessment) -> str:
    return f"assessment of {shorten(assessment.unit)}"


def _from_the_unit(problem: Problem) -> Problem:
    """A problem of the sheet of one unit, as it is seen from the unit."""
    if problem.path[:1] == ("units",):
        return attrs.evolve(problem, path=problem.path[2:])
    return problem.under("cycle") if problem.path[:1] == ("exclusions",) else problem
