"""Where the lines of a history lead, and what keeps a line from being the next."""

from collections.abc import Iterator, Mapping, Sequence

import attrs

from dti_core.assessment.cycle import Cycle
from dti_core.assessment.lines import Step
from dti_core.assessment.moves import MOVES, ROUND_MOVES, Move, State
from dti_core.assessment.needs import need_problems, order_problems
from dti_core.assessment.rounds import Round, any_round, extended
from dti_core.assessment.times import later
from dti_core.errors import Problem
from dti_core.words.rounds import fault


@attrs.frozen
class Course:
    """Where the lines that concern a unit lead: its own, and those of the round between them."""

    state: State = "open"
    #: when the last move was made
    last: str | None = None
    #: the leaves asked about last
    asked: tuple[str, ...] = ()
    #: so many lines of the round were before
    seen: int = 0

    def after(self, line: Step, moves: Mapping[str, Move] = MOVES) -> "Course":
        """Where one more line leads."""
        asked = tuple(line.after.entries) if line.move == "ask" else self.asked
        state = moves[line.move].leads.get(self.state, self.state)
        return Course(state, later(self.last, line.at), asked, self.seen)

    def through(self, cycle: Cycle, unit: str, until: int) -> "Course":
        """Where the lines of the round lead that came next, up to so many."""
        course = self
        for line in cycle.history[self.seen : until]:
            if line.concerns(unit):
                course = course.after(line, ROUND_MOVES)
        return attrs.evolve(course, seen=max(until, self.seen))

    def problems_through(self, cycle: Cycle, unit: str, until: int) -> Iterator[Problem]:
        """What keeps the lines of the round that came next from concerning the unit as it then was."""
        course = self
        for at, line in enumerate(cycle.history[self.seen : until], self.seen):
            if line.concerns(unit):
                yield from (problem.under("cycle", "history", at) for problem in course.of_round(line, unit))
                course = course.after(line, ROUND_MOVES)

    def of_round(self, line: Step, unit: str) -> Iterator[Problem]:
        """What keeps a line of the round from concerning the unit now."""
        if self.state not in ROUND_MOVES[line.move].leads:
            yield fault("move.no_more", ("move",), unit=repr(unit))
        yield from order_problems(line, self.last)

    def problems(self, line: Step, cycle: Cycle, unit: str) -> Iterator[Problem]:
        """What keeps a line of the unit from being the next."""
        yield from need_problems(line, MOVES[line.move])
        if not self.seen <= line.seen <= len(cycle.history):
            count = len(cycle.history)
            yield fault("seen", ("seen",), seen=line.seen, count=count, least=self.seen)
        yield from order_problems(line, self.last)
        yield from _timing(line, cycle, unit)
        yield from self._question_problems(line)

    def _question_problems(self, line: Step) -> Iterator[Problem]:
        if line.move != "explain":
            return
        asked, leaves = set(self.asked), line.after.entries
        forgotten = sorted(asked.difference(leaves))
        if forgotten:
            yield fault("asked", ("after", "entries"), leaves=", ".join(forgotten))
        for leaf in leaves if self.state == "questioned" else ():
            if leaf not in asked:
                path = ("after", "entries", leaf)
                yield fault("asked.else", path, leaves=", ".join(self.asked))


def not_allowed(name: str, state: State) -> Problem | None:
    """What keeps a move of a unit from being made in a state, or None."""
    allowed = [other for other, move in MOVES.items() if state in move.leads]
    if name in allowed:
        return None
    values = {"move": repr(name), "state": repr(state), "allowed": ", ".join(map(repr, allowed))}
    return fault("move.not_allowed", ("move",), **values)


def _timing(line: Step, cycle: Cycle, unit: str) -> Iterator[Problem]:
    rounds = rounds_for(cycle, line.move, unit, line.seen)
    if rounds and not any(each.covers(line.at) for each in rounds):
        yield fault("round", ("at",), at=line.at, move=repr(line.move), rounds=any_round(rounds))
    if not rounds and "round" in MOVES[line.move].needs:
        yield fault("move.round_only", ("move",), "round", move=repr(line.move))


def rounds_for(cycle: Cycle, move: str, unit: str, seen: int | None = None) -> Sequence[Round]:
    """The rounds that name a move, as they were open for a unit after so many lines of the round, else now."""
    rounds, count = cycle.rounds_of.get(move, ()), len(cycle.history)
    extensions = cycle.extensions_after(count if seen is None else min(seen, count)) if rounds else None
    return tuple(extended(rounds, extensions.values(), unit)) if extensions else rounds
