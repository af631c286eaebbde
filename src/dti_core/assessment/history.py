"""The history of one unit: what its lines lead to, and whether they can have come about, in order and in time."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache, reduce

import attrs

from dti_core.assessment.course import Course, not_allowed
from dti_core.assessment.cycle import Cycle
from dti_core.assessment.entry import EMPTY, Entry
from dti_core.assessment.lines import Step, Written
from dti_core.assessment.moves import MOVES, ROUND_MOVES
from dti_core.assessment.needs import before_problems, decision_problems, leaf_problems
from dti_core.errors import SHOWN, Path, Problem
from dti_core.exact import EXACT
from dti_core.rubric import Rubric
from dti_core.words.rounds import fault

Entries = Mapping[str, Entry]


@attrs.frozen
class Record:
    """The lines of history of one unit, and what stands after them."""

    lines: tuple[Step, ...] = ()
    written: Written = attrs.Factory(
        lambda self: reduce(Written.after, self.lines, Written()), takes_self=True
    )
    #: a cycle in which so many lines are known to be sound, and where these lead
    known: tuple[Cycle, Course, int] | None = attrs.field(default=None, eq=False, repr=False)

    def start(self, cycle: Cycle) -> tuple[Course, int]:
        """Where the lines that are known to be sound lead, and how many these are."""
        if self.known is not None:
            before, course, count = self.known
            same_round = before.history[: course.seen] == cycle.history[: course.seen]
            if before.rubric is cycle.rubric and before.rounds == cycle.rounds and same_round:
                return course, count
        return Course(), 0

    def course(self, cycle: Cycle, unit: str) -> Course:
        """Where its own lines lead, and those of the round that came between them."""
        course, count = self.start(cycle)
        for line in self.lines[count:]:
            course = course.through(cycle, unit, line.seen).after(line)
        return course

    def problems(self, cycle: Cycle, unit: str) -> Iterator[Problem]:
        """What keeps it from having come about in a cycle; what is known to be sound is not looked at again."""
        course, count = self.start(cycle)
        is_made_here = self.known is not None and count == len(self.lines) - 1
        now = Written() if is_made_here else reduce(Written.after, self.lines[:count], Written())
        for at, line in enumerate(self.lines[count:], count):
            yield from course.problems_through(cycle, unit, line.seen)
            course = course.through(cycle, unit, line.seen)
            refusal = not_allowed(line.move, course.state)
            if refusal:
                yield refusal.under("history", at)
                return
            if not is_made_here:
                yield from under(("history", at), before_problems(line, now, MOVES[line.move]))
            now = self.written if is_made_here else now.after(line)
            yield from under(("history", at), course.problems(line, cycle, unit))
            yield from under(("history", at), line_problems(line, now, cycle.rubric))
            course = course.after(line)
        yield from course.problems_through(cycle, unit, len(cycle.history))

    def merged(self, cycle: Cycle, unit: str) -> Iterator[tuple[Step, int, int]]:
        """Every line that concerns the unit; how many of its own, and of the round's, there were by then."""
        seen = 0
        for own, line in enumerate((*self.lines, None)):
            until = len(cycle.history) if line is None else line.seen
            for of_round in cycle.history[seen:until]:
                seen += 1
                if of_round.concerns(unit):
                    yield of_round, own, seen
            if line is not None:
                yield line, own + 1, seen


def versions(record: Record, cycle: Cycle, unit: str) -> Iterator[int]:
    """After how many of the lines that concern a unit it was published, and amended."""
    course = Course()
    for at, (line, own, _) in enumerate(record.merged(cycle, unit), 1):
        is_own = bool(own) and line is record.lines[own - 1]
        before, course = course, course.after(line, MOVES if is_own else ROUND_MOVES)
        if line.move == "publish" or (line.move == "amend" and before.state in ("published", "amended")):
            yield at


def under(place: Path, problems: Iterable[Problem]) -> Iterator[Problem]:
    """The problems, seen from further out."""
    return (problem.under(*place) for problem in problems)


def line_problems(line: Step, now: Written, rubric: Rubric) -> Iterator[Problem]:
    """What is wrong with what a line leaves, whatever came before it."""
    yield from decision_problems(line, rubric, of_round=False)
    leaves = line.after.entries
    yield from under(("after", "entries"), leaf_problems(rubric, leaves))
    touched = {leaf: now.entries[leaf] for leaf in leaves if leaf in now.entries and leaf in rubric.tree.role}
    yield from under(("after", "entries"), entry_problems(rubric, touched))
    for leaf in leaves if line.move == "refuse" else ():
        if now.entries.get(leaf, EMPTY).claim is None:
            yield fault("claim.none", ("after", "entries", leaf))


def entry_problems(rubric: Rubric, entries: Entries) -> Iterator[Problem]:
    """Points that do not fit their leaf, and appraised marks that differ without a reason."""
    for leaf, entry in entries.items():
        for name, value in (("points", entry.points), ("appraised", entry.appraised)):
            wrong = wrong_mark(value, rubric.tree.marked[leaf], rubric.mark_decimals)
            if wrong:
                yield wrong.under(leaf, name)
        if entry.measures is None:
            unexplained = unreasoned(entry, entry.points)
            if unexplained:
                yield unexplained.under(leaf)
        elif entry.points is not None:
            yield fault("measures", (leaf, "points"))


@lru_cache(maxsize=1 << 14)  # marks repeat
def wrong_mark(value: Decimal | None, marked: tuple[int, int], decimals: int) -> Problem | None:
    """What keeps a value from being a mark on a leaf that is marked within so many ticks, or None."""
    least, most = (Decimal(end).scaleb(-decimals) for end in marked)
    if value is None:
        return None
    shown = str(value)[:SHOWN]
    if value > most:
        return fault("mark.above", (), value=shown, most=most)
    if value < least:
        return fault("mark.below", (), value=shown, least=least)
    if EXACT.remainder(value, Decimal(1).scaleb(-decimals)):
        return fault("mark.decimals", (), value=shown, decimals=decimals)
    return None


def unreasoned(entry: Entry, own: Decimal | None) -> Problem | None:
    """What is lacking where an appraised mark differs from the self mark, or None."""
    if entry.appraised is None or entry.reason is not None or entry.appraised == own:
        return None
    if own is None:
        return fault("reason.alone", ("reason",), "reason", appraised=entry.appraised)
    return fault("reason", ("reason",), own=own, appraised=entry.appraised)
