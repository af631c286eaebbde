"""What is said of one unit's leaves, and whether it can have come about: moves in order, in time, in their rounds."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache, reduce

import attrs

from dti_core.assessment.cycle import Cycle
from dti_core.assessment.entry import EMPTY, Entry
from dti_core.assessment.moves import MOVES, Round, State, Step, not_allowed
from dti_core.assessment.times import is_before, later
from dti_core.columns.frozen import Frozen
from dti_core.errors import SHOWN, Path, Problem, shorten, suggest
from dti_core.exact import EXACT, plain
from dti_core.rubric import Rubric

Entries = Mapping[str, Entry]
NEEDED = {
    "leaves": ("before", "name the leaves it concerns"),
    "why": ("why", "say why"),
    "decision": ("decision", "name the decision"),
}
"""What a move needs, the field of its line that has it, and what to do."""


@attrs.frozen
class Course:
    """Where the lines of a history lead."""

    state: State = "open"
    #: when the last move was made
    last: str | None = None
    #: the leaves asked about last
    asked: tuple[str, ...] = ()

    def after(self, line: Step) -> "Course":
        """Where one more line leads."""
        last = line.at if self.last is None else later(self.last, line.at)
        asked = tuple(line.before) if line.move == "ask" else self.asked
        return Course(MOVES[line.move].to or self.state, last, asked)

    def problems(self, line: Step, cycle: Cycle) -> Iterator[Problem]:
        """What keeps a line from being the next: it is not allowed, lacks something, or comes at a wrong time."""
        refusal = not_allowed(line.move, self.state)
        if refusal:
            yield Problem(("move",), refusal, "move")
            return
        yield from _needs(line)
        yield from _under(("before",), _leaf_problems(cycle.rubric, line.before))
        yield from _timing(line, cycle.rounds_of[line.move], self.last)
        forgotten = sorted(set(self.asked).difference(line.before)) if line.move == "explain" else ()
        if forgotten:
            message = f"leaves out what was asked about: {', '.join(forgotten)}; explain it too"
            yield Problem(("before",), message, "asked")


@attrs.frozen
class Record:
    """What is said of the leaves of one unit, and the lines of history that wrote it."""

    #: leaves of which nothing is said are absent
    entries: Entries = Frozen()
    lines: tuple[Step, ...] = ()
    #: the cycle in which all but the last line are known to be sound, and where these lead
    follows: tuple[Cycle, Course] | None = attrs.field(default=None, eq=False, repr=False)
    course: Course = attrs.Factory(lambda self: reduce(Course.after, self.lines, Course()), takes_self=True)

    def after(self, cycle: Cycle, line: Step, written: Entries) -> "Record":
        """With one more line, where it is sound in a cycle, and what the line leaves of the leaves it concerns."""
        entries = {**self.entries, **written}
        for leaf, entry in written.items():
            if entry == EMPTY:
                del entries[leaf]
        return Record(Frozen(entries), (*self.lines, line), (cycle, self.course), self.course.after(line))

    def problems(self, cycle: Cycle) -> Iterator[Problem]:
        """What keeps it from having come about in a cycle.

        One that follows a sound record differs from it in its last line and in the entries of the leaves that this line
        concerns: where nothing is wrong with these it is sound too.
        """
        start, course, entries = 0, Course(), self.entries
        if self.follows and self.follows[0] is cycle:
            start, course = len(self.lines) - 1, self.follows[1]
            entries = {leaf: entries[leaf] for leaf in self.lines[-1].before if leaf in entries}
        else:
            yield from _origin_problems(cycle.rubric, entries, self.lines)
        yield from _under(("entries",), _entry_problems(cycle.rubric, entries))
        for at, line in enumerate(self.lines[start:], start):
            yield from _under(("history", at), course.problems(line, cycle))
            if not_allowed(line.move, course.state):
                return
            course = course.after(line)

    def until(self, count: int) -> "Record":
        """After so many of its lines."""
        entries = dict(self.entries)
        for line in reversed(self.lines[count:]):
            for leaf, old in line.before.items():
                fields = {name: getattr(old, name) for name in MOVES[line.move].writes}
                entries[leaf] = attrs.evolve(entries.get(leaf, EMPTY), **fields)
        filled = {leaf: entry for leaf, entry in entries.items() if entry != EMPTY}
        return Record(Frozen(filled), self.lines[:count])


def _under(place: Path, problems: Iterable[Problem]) -> Iterator[Problem]:
    return (problem.under(*place) for problem in problems)


def _needs(line: Step) -> Iterator[Problem]:
    needs = MOVES[line.move].needs
    for need, (field, advice) in NEEDED.items():
        if need in needs and not getattr(line, field):
            yield Problem((field,), f"is missing; {advice} with {line.move!r}", "needs")
    if line.before and "leaves" not in needs:
        message = f"does not go with {line.move!r}, which concerns the whole unit; leave the leaves out"
        yield Problem(("before",), message, "before")


def _timing(line: Step, during: Sequence[Round], last: str | None) -> Iterator[Problem]:
    if last is not None and is_before(line.at, last):
        yield Problem(("at",), f"is {line.at}, before the last line of the history at {last}", "order")
    if during and not any(each.covers(line.at) for each in during):
        names = " or ".join(map(str, during))
        yield Problem(("at",), f"is {line.at}, but {line.move!r} belongs to {names}", "round")
    if not during and "round" in MOVES[line.move].needs:
        yield Problem(("move",), f"{line.move!r} is allowed only in a round that names it", "round")


def _entry_problems(rubric: Rubric, entries: Entries) -> Iterator[Problem]:
    """Entries of what is no leaf, points that do not fit it, and appraised marks that differ without a reason."""
    yield from _leaf_problems(rubric, entries)
    for leaf, entry in entries.items():
        if leaf not in rubric.tree.role:
            continue
        for name, value in (("points", entry.points), ("appraised", entry.appraised)):
            message = wrong_mark(value, rubric.tree.marked[leaf], rubric.mark_decimals)
            if message:
                yield Problem((leaf, name), message, "mark")
        if entry.measures is None:
            message = unreasoned(entry, entry.points)
            if message:
                yield Problem((leaf, "reason"), message, "reason")
        elif entry.points is not None:
            message = "are worked out from the measures; give one of the two"
            yield Problem((leaf, "points"), message, "measures")


def _leaf_problems(rubric: Rubric, codes: Iterable[str]) -> Iterator[Problem]:
    tree = rubric.tree
    for code in codes:
        if code in tree.role:
            continue
        message = f"{shorten(code)} is no leaf of the rubric{suggest(code, tree.leaves)}"
        if code in tree.under:
            message = f"{code!r} has parts of its own; name its leaves instead"
        yield Problem((code,), message, "unknown")


@lru_cache(maxsize=1 << 14)  # marks repeat
def wrong_mark(value: Decimal | None, marked: tuple[int, int], decimals: int) -> str | None:
    """What keeps a value from being a mark on a leaf that is marked within so many ticks, or None."""
    least, most = (Decimal(end).scaleb(-decimals) for end in marked)
    if value is not None and value > most:
        return f"is {str(value)[:SHOWN]}; the leaf is worth at most {plain(most)}: lower it"
    if value is not None and value < least:
        return f"is {str(value)[:SHOWN]}; the leaf is marked from {plain(least)} on: raise it"
    if value is not None and EXACT.remainder(value, Decimal(1).scaleb(-decimals)):
        return f"is {str(value)[:SHOWN]}, more than {decimals} decimals; round it"
    return None


def unreasoned(entry: Entry, own: Decimal | None) -> str | None:
    """What is lacking where an appraised mark differs from the self mark, or None."""
    if entry.appraised is None or entry.reason is not None or entry.appraised == own:
        return None
    beside = "there is no self mark" if own is None else f"the self mark is {plain(own)}"
    return f"is missing; {beside}, the appraised one {plain(entry.appraised)}: say why"


def _origin_problems(rubric: Rubric, entries: Entries, lines: Sequence[Step]) -> Iterator[Problem]:
    """What cannot have stood in an entry before a line, and what stands there though no line wrote it."""
    written: dict[str, set[str]] = {}
    for at, line in enumerate(lines):
        for leaf, old in line.before.items():
            fields = written.setdefault(leaf, set())
            if old is not EMPTY:
                stray = _unwritten(leaf, old, fields.intersection(MOVES[line.move].writes))
                unfit = _entry_problems(rubric, {leaf: _beside(old, entries.get(leaf, EMPTY))})
                yield from _under(("history", at, "before"), (*stray, *unfit))
            fields.update(MOVES[line.move].writes)
    for leaf, entry in entries.items():
        yield from _under(("entries",), _unwritten(leaf, entry, written.get(leaf, ())))


def _beside(old: Entry, now: Entry) -> Entry:
    """An earlier appraised mark with its self mark, which has not changed since: then the assessment was locked."""
    return old if old.appraised is None else attrs.evolve(old, points=now.points, measures=now.measures)


def _unwritten(leaf: str, entry: Entry, written: Container[str]) -> Iterator[Problem]:
    stray = entry.beyond(written)
    if stray:
        message = f"holds {', '.join(stray)}, which no line of the history wrote till then; remove it"
        yield Problem((leaf,), message, "origin")
