"""Whether a history can have happened: moves in order, in time, in their rounds, and every entry written by one."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

import attrs

from dti_core.assessment.entry import EMPTY, Entry
from dti_core.assessment.moves import MOVES, Round, State, Step, not_allowed
from dti_core.assessment.times import is_before, later
from dti_core.errors import Problem, shorten, suggest
from dti_core.exact import plain, ticks_of
from dti_core.rubric import Rubric

Entries = Mapping[str, Entry]
SHOULD = {"leaves": "name the leaves it concerns", "why": "say why", "decision": "name the decision"}


def state_after(history: Sequence[Step]) -> State:
    """The state that the moves lead to."""
    return next((to for step in reversed(history) if (to := MOVES[step.move].to)), "open")


def undone(entries: Entries, steps: Sequence[Step]) -> dict[str, Entry]:
    """The entries as they stood before these steps, the last ones made."""
    earlier = dict(entries)
    for step in reversed(steps):
        for leaf, old in step.before.items():
            fields = {name: getattr(old, name) for name in MOVES[step.move].writes}
            earlier[leaf] = attrs.evolve(earlier.get(leaf, EMPTY), **fields)
    return {leaf: entry for leaf, entry in earlier.items() if entry != EMPTY}


def move_problems(history: Sequence[Step], rounds: Sequence[Round]) -> Iterator[Problem]:
    """Moves that were not allowed, that lack something, or that came before the last one or outside their round."""
    state: State = "open"
    last = None
    asked: Entries = {}
    for at, step in enumerate(history):
        wrong = not_allowed(step.move, state)
        if wrong:
            yield Problem(("history", at, "move"), wrong, "move")
            return
        for problem in (*_needs(step), *_timing(step, rounds, last)):
            yield problem.under("history", at)
        forgotten = asked.keys() - step.before.keys() if step.move == "explain" else ()
        if forgotten:
            message = f"leaves out what was asked about: {', '.join(sorted(forgotten))}; explain it too"
            yield Problem(("history", at, "before"), message, "asked")
        state = MOVES[step.move].to or state
        asked = step.before if step.move == "ask" else asked
        last = step.at if last is None else later(last, step.at)


def _needs(step: Step) -> Iterator[Problem]:
    needs = MOVES[step.move].needs
    given = {"leaves": step.before, "why": step.why, "decision": step.decision}
    for need, value in given.items():
        if need in needs and not value:
            path = "before" if need == "leaves" else need
            yield Problem((path,), f"is missing; {SHOULD[need]} with {step.move!r}", "needs")
    if step.before and "leaves" not in needs:
        yield Problem(("before",), f"does not go with {step.move!r}, which concerns the whole unit", "before")


def _timing(step: Step, rounds: Sequence[Round], last: str | None) -> Iterator[Problem]:
    if last is not None and is_before(step.at, last):
        yield Problem(("at",), f"is {step.at}, before the last line of the history at {last}", "order")
    during = [each for each in rounds if step.move in each.moves]
    if during and not any(each.covers(step.at) for each in during):
        named = " or ".join(map(str, during))
        yield Problem(("at",), f"is {step.at}, but {step.move!r} belongs to {named}", "round")
    if not during and "round" in MOVES[step.move].needs:
        yield Problem(("move",), f"{step.move!r} is allowed only in a round that names it", "round")


def entry_problems(rubric: Rubric, entries: Entries) -> Iterator[Problem]:
    """Entries of what is no leaf, points that do not fit it, and appraised marks that differ without a reason."""
    tree = rubric.tree
    for leaf, entry in entries.items():
        if leaf not in tree.role:
            yield Problem((leaf,), _no_leaf(leaf, rubric), "unknown")
            continue
        for name, value in (("points", entry.points), ("appraised", entry.appraised)):
            wrong = None if value is None else wrong_mark(value, tree.maximum[leaf], rubric.mark_decimals)
            if wrong:
                yield Problem((leaf, name), wrong, "mark")
        if entry.points is not None and entry.measures is not None:
            message = "are worked out from the measures; give one of the two"
            yield Problem((leaf, "points"), message, "measures")
        wrong = None if entry.measures is not None else unreasoned(entry, entry.points)
        if wrong:
            yield Problem((leaf, "reason"), wrong, "reason")


def _no_leaf(code: str, rubric: Rubric) -> str:
    if code in rubric.tree.under:
        return f"{code!r} has parts of its own; name its leaves instead"
    return f"{shorten(code)} is no leaf of the rubric{suggest(code, rubric.tree.leaves)}"


def wrong_mark(value: Decimal, maximum: int, decimals: int) -> str | None:
    """What keeps points from being a mark on a leaf worth ``maximum`` ticks, or None."""
    ticks = _ticks(value, decimals)
    if ticks is None:
        return f"is {shorten(plain(value))}, more than {decimals} decimals; round it"
    if ticks > maximum:
        return f"is {plain(value)}; the leaf is worth at most {plain(Decimal(maximum).scaleb(-decimals))}"
    return None


_ticks = lru_cache(maxsize=1 << 14)(ticks_of)  # marks repeat


def unreasoned(entry: Entry, own: Decimal | None) -> str | None:
    """What is lacking where an appraised mark differs from the self mark, or None."""
    if entry.appraised is None or entry.reason is not None or entry.appraised == own:
        return None
    told = "there is no self mark" if own is None else f"the self mark is {plain(own)}"
    return f"is missing; {told}, the appraised one {plain(entry.appraised)}: say why"


def origin_problems(rubric: Rubric, entries: Entries, history: Sequence[Step]) -> Iterator[Problem]:
    """What stands in an entry, now or earlier, without a line of the history that could have written it."""
    written: dict[str, set[str]] = {}
    for at, step in enumerate(history):
        writes = MOVES[step.move].writes
        for leaf, old in step.before.items():
            fields = written.setdefault(leaf, set())
            if leaf not in rubric.tree.role:
                yield Problem(("history", at, "before", leaf), _no_leaf(leaf, rubric), "unknown")
            elif old != EMPTY:
                found = _earlier(rubric, leaf, old, entries.get(leaf, EMPTY), fields.intersection(writes))
                yield from (problem.under("history", at, "before") for problem in found)
            fields.update(writes)
    for leaf, entry in entries.items():
        stray = set(entry.filled).difference(written.get(leaf, ()))
        if stray:
            message = f"holds {', '.join(sorted(stray))}, which no line of the history wrote"
            yield Problem(("entries", leaf), message, "origin")


def _earlier(
    rubric: Rubric, leaf: str, old: Entry, now: Entry, allowed: Collection[str]
) -> Iterator[Problem]:
    """What an entry cannot have held; appraised marks stand beside a self mark that has not changed since."""
    stray = set(old.filled).difference(allowed)
    if stray:
        message = f"held {', '.join(sorted(stray))}, which no earlier line of the history wrote"
        yield Problem((leaf,), message, "origin")
    if old.appraised is not None:
        old = attrs.evolve(old, points=now.points, measures=now.measures)
    yield from entry_problems(rubric, {leaf: old})
