"""What the assessments of one period share: the rubric, its rounds, and the dated decisions of the round."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, islice
from typing import Any, Unpack

import attrs

from dti_core.assessment.changes import MoveDetails, given, line_of, name_problem
from dti_core.assessment.fields import free, text
from dti_core.assessment.lines import Step, Written
from dti_core.assessment.moves import MOVES, ROUND_MOVES
from dti_core.assessment.needs import before_problems, decision_problems, need_problems, order_problems
from dti_core.assessment.rounds import Extension, Round
from dti_core.assessment.times import is_before, later, wrong_time
from dti_core.columns.frozen import Frozen
from dti_core.errors import MAX_PROBLEMS, InvalidArgument, InvalidDocument, Problem, Said, raise_all
from dti_core.rubric import Rubric
from dti_core.terms import Listed, checking, instance_of, optional, whole_number
from dti_core.terms.fields import checked, repeated
from dti_core.words import ROUNDS
from dti_core.words.rounds import fault

MOST_ROUNDS = 100
"""Every line of every history is looked for in the rounds."""


@attrs.frozen(eq=False)
class Known:
    """A cycle's lines that were found sound, for it and for whatever cycle adds to them."""

    rubric: Rubric
    rounds: tuple[Round, ...]
    history: tuple[Step, ...]
    #: what stood at first, and what stands after each line
    stands: tuple[Written, ...]
    #: when the last of them was made
    last: str | None

    def begins(self, cycle: "Cycle") -> bool:
        """Whether a cycle begins with the same."""
        is_same = cycle.rubric is self.rubric and cycle.rounds == self.rounds
        return is_same and cycle.history[: len(self.history)] == self.history


@attrs.frozen(slots=False, repr=False, field_transformer=checked)
class Cycle:
    """What the assessments of one period share; its history holds the decisions of the round on many units.

    >>> from dti_core import Index, Rubric
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Bến cảng", 20)])
    >>> cycle = Cycle(rubric, [Round("Lần 1", "2024-01-02", "2024-01-31", ["mark", "submit"])])
    >>> port = {"members": ["2"], "treatment": "skip", "units": ["a"], "reason": "Không có cảng", "basis": "01/HD-VD"}
    >>> cycle.step("decide", exclusions={"port": port}, by="Hội đồng", at="2024-01-02")
    <Cycle of demo: 1 round, 1 line>
    """

    #: the rubric that is marked by
    rubric: Rubric = attrs.field(validator=checking(instance_of(Rubric)))
    #: a move that some round names may be made in such a round only; other moves at any time
    rounds: tuple[Round, ...] = attrs.field(default=(), converter=Listed[Round])
    #: the moves of the round, oldest first
    history: tuple[Step, ...] = attrs.field(default=(), converter=Listed[Step], kw_only=True)
    #: by default the rubric's
    period: str | None = text(kw_only=True)
    #: free data of the document
    custom: Mapping[str, Any] | None = attrs.field(default=None, converter=free, kw_only=True)
    _known: Known | None = attrs.field(
        default=None, eq=False, kw_only=True, validator=checking(optional(instance_of(Known)))
    )

    def __attrs_post_init__(self) -> None:
        if len(self.rounds) > MOST_ROUNDS:
            problem = fault("size.rounds", ("rounds",), count=len(self.rounds), most=MOST_ROUNDS)
            raise InvalidDocument("cycle", [problem])
        twice = repeated(each.name.vi for each in self.rounds)
        problems = [fault("duplicate.round", ("rounds", at, "name")) for at, _ in twice]
        problems += islice(self._line_problems(), MAX_PROBLEMS)
        raise_all("cycle", problems)

    def _line_problems(self) -> Iterator[Problem]:
        now, last = self._start.stands[-1], self._start.last
        for at, line in enumerate(self.history[len(self._start.history) :], len(self._start.history)):
            unknown = name_problem(line.move, ROUND_MOVES)
            problems = [unknown] if unknown else [*self._problems_of(line, now, last)]
            yield from (problem.under("history", at) for problem in problems)
            now, last = now.after(line), later(last, line.at)

    def _problems_of(self, line: Step, now: Written, last: str | None) -> Iterator[Problem]:
        move = ROUND_MOVES[line.move]
        yield from need_problems(line, move)
        yield from order_problems(line, last)
        yield from before_problems(line, now, move)
        yield from decision_problems(line, self.rubric, of_round=True)
        for code, extension in line.after.extensions.items():
            for problem in extension.problems(self.rounds):
                yield problem.under("after", "extensions", code)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        counts = ((len(self.rounds), "round"), (len(self.history), "line"))
        shown = [f"{count} {what}{'s' * (count != 1)}" for count, what in counts if count or what == "round"]
        return f"<Cycle of {self.rubric.code}: {', '.join(shown)}>"

    @property
    def written(self) -> Written:
        """The decisions in force."""
        return self._stands[-1]

    @cached_property
    def _start(self) -> Known:
        """The lines that need no second look."""
        nothing = Known(self.rubric, self.rounds, (), (Written(),), None)
        return self._known if self._known is not None and self._known.begins(self) else nothing

    @cached_property
    def _stands(self) -> tuple[Written, ...]:
        """What stood at first, and what stands after each line."""
        known = self._start.stands
        more = accumulate(self.history[len(known) - 1 :], Written.after, initial=known[-1])
        return (*known[:-1], *more)

    def _sound(self) -> Known:
        """All of its lines, which were looked at when it was made."""
        last = self._start.last
        for line in self.history[len(self._start.history) :]:
            last = later(last, line.at)
        return Known(self.rubric, self.rounds, self.history, self._stands, last)

    @cached_property
    def rounds_of(self) -> Mapping[str, Sequence[Round]]:
        """The rounds that name a move."""
        return Frozen({move: tuple(each for each in self.rounds if move in each.moves) for move in MOVES})

    def extensions_after(self, lines: int) -> Mapping[str, Extension]:
        """Which rounds were open longer for whom after so many lines."""
        return self._stands[lines].extensions

    @cached_property
    def proven(self) -> frozenset[str]:
        """The leaves whose self marks need evidence."""
        default = self.rubric.policy.evidence
        leaves = (node for _, node, _, _ in self.rubric.tree.nodes if not node.components)
        return frozenset(leaf.code for leaf in leaves if (leaf.evidence or default) == "required")

    def step(self, move: str | Mapping[str, Any], **beside: Unpack[MoveDetails]) -> "Cycle":
        """The cycle after a move of :data:`ROUND_MOVES`, by itself; with its units see :meth:`Assessments.step`.

        Takes a move as :meth:`Assessment.step` does, and raises what it raises.
        """
        change = given(move, (), beside)
        unknown = name_problem(change.get("move"), ROUND_MOVES)
        if unknown:
            raise InvalidDocument("cycle", [unknown])
        line = line_of(change, ROUND_MOVES[change["move"]], self.written, self.rubric)
        try:
            return attrs.evolve(self, history=(*self.history, line), known=self._sound())
        except InvalidDocument as error:
            raise InvalidDocument("cycle", map(of_the_move, error.problems)) from None

    def as_of(self, when: int | str) -> "Cycle":
        """As it stood after so many lines of its history, or at a time."""
        return attrs.evolve(self, history=self.history[: lines_until(self.history, when)])


def lines_until(history: Sequence[Step], when: int | str) -> int:
    """How many lines of a history are meant: a number of them, or those made till a time."""
    message: str | Said | None
    if isinstance(when, str):
        message = wrong_time(when)
        if message is None:
            return next((at for at, line in enumerate(history) if is_before(when, line.at)), len(history))
    else:
        message = whole_number(0, len(history))(when)
    if message:
        raise InvalidArgument(ROUNDS("lines", message=message))
    return int(when)


def of_the_move(problem: Problem) -> Problem:
    """A problem of the last line of a history, as it is seen from the move that makes it."""
    path = problem.path[2:] if problem.path[:1] == ("history",) else problem.path
    return attrs.evolve(problem, path=path[1:] if path[:1] == ("after",) else path)
