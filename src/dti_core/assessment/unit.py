"""One unit's way from self-score to publication: frozen; every step gives another, with one more line of history."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import attrs

from dti_core.assessment.cycle import Cycle
from dti_core.assessment.entry import EMPTY, Entry
from dti_core.assessment.history import (
    entry_problems,
    move_problems,
    origin_problems,
    state_after,
    undone,
)
from dti_core.assessment.moves import MOVES, MoveName, State, Step, not_allowed, wrong_move
from dti_core.assessment.sheet import ordinary, self_sheet
from dti_core.errors import InvalidArgument, InvalidDocument, Problem, shorten
from dti_core.marks import MarkSheet
from dti_core.rubric import Decision
from dti_core.rubric.exclusions import Exclusion, Unranked
from dti_core.terms import (
    Label,
    Scalar,
    check,
    custom_of,
    label_or_none,
    listed,
    many,
    nfc,
    optional,
    scalar_of,
    text_of,
    wrong_code,
    wrong_custom,
    wrong_label,
    wrong_scalar,
)

VERSIONS = ("publish", "amend")
MANY = 1000
"""So many problems of one assessment are told."""


def _entries_of(values: Any) -> Any:
    return {nfc(leaf): entry for leaf, entry in values.items()} if isinstance(values, Mapping) else values


def _attributes_of(values: Any) -> Any:
    if not isinstance(values, Mapping):
        return values
    return {nfc(name): scalar_of(value) for name, value in values.items()}


def _with_own_reason(fields: Mapping[str, Any], writes: Collection[str]) -> dict[str, Any]:
    """What is written; the reason of an earlier appraised mark does not pass to the next."""
    cleared = {"reason": None} if "appraised" in fields else {}
    return {name: value for name, value in {**cleared, **fields}.items() if name in writes}


@attrs.frozen(slots=False, repr=False, hash=False)
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

    cycle: Cycle = attrs.field(validator=attrs.validators.instance_of(Cycle))
    unit: str = attrs.field(converter=text_of, validator=check(wrong_code))
    name: Label | None = attrs.field(
        default=None, converter=label_or_none, validator=check(optional(wrong_label))
    )
    attributes: Mapping[str, Scalar] = attrs.field(factory=dict, converter=_attributes_of)
    #: what is said of each leaf; leaves of which nothing is said are absent
    entries: Mapping[str, Entry] = attrs.field(factory=dict, converter=_entries_of, kw_only=True)
    history: tuple[Step, ...] = attrs.field(
        default=(), converter=listed, validator=check(many(Step)), kw_only=True
    )
    #: decisions on this unit
    exclusions: tuple[Exclusion, ...] = attrs.field(
        default=(), converter=listed, validator=check(many(Exclusion)), kw_only=True
    )
    unranked: Unranked | None = attrs.field(default=None, kw_only=True)
    custom: dict[str, Any] | None = attrs.field(
        default=None, converter=custom_of, validator=check(wrong_custom), kw_only=True
    )

    def __attrs_post_init__(self) -> None:
        problems = [*islice(self._own_problems(), MANY)]
        if problems:
            raise InvalidDocument(self._called, problems)

    def _own_problems(self) -> Iterator[Problem]:
        rubric = self.cycle.rubric
        for name, value in self.attributes.items():
            wrong = wrong_code(name) or wrong_scalar(value)
            if wrong:
                yield Problem(("attributes", name), wrong, "attribute")
        for problem in entry_problems(rubric, self.entries):
            yield problem.under("entries")
        yield from move_problems(self.history, self.cycle.rounds)
        yield from origin_problems(rubric, self.entries, self.history)

    def __repr__(self) -> str:
        return f"<Assessment of {self.unit!r} by {self.cycle.rubric.code}: {self.state}>"

    @property
    def _called(self) -> str:
        return f"assessment of {shorten(self.unit)}"

    @property
    def state(self) -> State:
        """Where it is on its way."""
        return state_after(self.history)

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
        wrong = wrong_move(move) or not_allowed(move, self.state)
        if wrong:
            raise InvalidDocument(
                self._called, [Problem(("history", len(self.history), "move"), wrong, "move")]
            )
        before, after = self._written(move, entries)
        line = Step(move, by, at, why, decision, before)
        made = attrs.evolve(self, entries=after, history=(*self.history, line))
        lacking = made.problems()
        if lacking and move == "submit" and self.cycle.rubric.policy.unproven == "refuse":
            raise InvalidDocument(self._called, lacking)
        return made

    def _written(self, move: MoveName, entries: Any) -> tuple[dict[str, Entry], dict[str, Entry]]:
        """What stood in the fields a move writes, and all entries after it."""
        writes = MOVES[move].writes
        changes = entries if isinstance(entries, Mapping) else {leaf: {} for leaf in entries}
        before, after = {}, dict(self.entries)
        problems: list[Problem] = []
        for leaf, fields in changes.items():
            old = self.entries.get(nfc(leaf), EMPTY)
            for name in set(fields).difference(writes):
                message = f"is not written by {move!r}, which writes {', '.join(writes) or 'nothing'}"
                problems.append(Problem(("entries", leaf, name), message, "field"))
            try:
                new = attrs.evolve(old, **_with_own_reason(fields, writes))
            except InvalidDocument as error:
                problems += (problem.under("entries", leaf) for problem in error.problems)
                continue
            before[nfc(leaf)] = Entry(**{name: getattr(old, name) for name in writes})
            after[nfc(leaf)] = new
        if problems:
            raise InvalidDocument(self._called, problems)
        return before, {leaf: entry for leaf, entry in after.items() if entry != EMPTY}

    def problems(self) -> tuple[Problem, ...]:
        """The self marks that lack evidence, or an explanation of what the evidence does not cover, leaf by leaf."""
        counted = ordinary(self._sheet)[0]
        leaves = {leaf for leaf, counts in zip(self.cycle.rubric.tree.leaves, counted, strict=True) if counts}
        return tuple(
            Problem(("entries", leaf), entry.lacks, "evidence")
            for leaf, entry in self.entries.items()
            if entry.lacks and leaf in self.cycle.proven & leaves
        )

    @property
    def _sheet(self) -> MarkSheet:
        """The self marks alone; refuses attributes, decisions and measures that do not fit the rubric."""
        try:
            return self_sheet(self.cycle.alone(self.unit), [self])
        except InvalidDocument as error:
            problems = (attrs.evolve(each, path=each.path[2:]) for each in error.problems)
            raise InvalidDocument(self._called, problems) from None

    def as_of(self, lines: int) -> "Assessment":
        """The assessment as it stood after so many lines of its history."""
        if not 0 <= lines <= len(self.history):
            raise InvalidArgument(f"the history has {len(self.history)} lines, not {lines}")
        entries = undone(self.entries, self.history[lines:])
        return attrs.evolve(self, entries=entries, history=self.history[:lines])

    @property
    def versions(self) -> tuple["Assessment", ...]:
        """As it was published, then as each amendment left it."""
        lines = [at for at, line in enumerate(self.history, 1) if line.move in VERSIONS]
        return tuple(map(self.as_of, lines))
