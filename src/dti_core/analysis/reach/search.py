"""The search for the cheapest marks that reach one of several sets of goals.

Where there are few marks to choose from, all are tried. Else the goals are covered by branch and bound as if everything
were linear, all together or each by itself: no plan can be cheaper than that, and where it reaches what was asked it
is the cheapest. If it does not, the goals are covered one after the other, with gates that are shut opened first or
not, and what is idle in the end is taken back; that something cheaper does is then not ruled out, unless it costs no
more.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, combinations, product
from math import inf, prod

import attrs

from dti_core.analysis.reach.goals import Goal, Goals, are_met, of_condition
from dti_core.analysis.reach.linear import Linear, are_nested, cheapest_state
from dti_core.analysis.reach.moves import Moves, NewMarks
from dti_core.analysis.reach.supposed import supposed, trials
from dti_core.explain.derive import Derivation

ALL_TRIED = 20_000
"""Up to so many rows of marks all are tried."""
MOST_ROUNDS = 12
MOST_GATES = 3


@attrs.frozen
class Found:
    """The cheapest state that was found, None where none was, and whether it is certain that none is cheaper."""

    state: NewMarks | None
    is_certain: bool


@attrs.frozen(eq=False)
class Search:
    """One unit, what may get better of it, and sets of goals of which one has to be reached."""

    unit: Derivation
    moves: Moves
    alternatives: Sequence[Goals]

    def found(self) -> Found:
        """The cheapest state that reaches all goals of one set."""
        if prod(len(move.marks) + 1 for move in self.moves.by_leaf.values()) <= ALL_TRIED:
            return Found(self._best(self._all()), is_certain=True)
        aimed = {goals: self._aimed(goals) for goals in self.alternatives}
        least, best = min((bound for _, bound in aimed.values()), default=inf), None
        for goals, (linear, _) in sorted(aimed.items(), key=lambda aim: aim[1][1]):
            for state in self._ways(goals, linear):
                if self.moves.weight(state) <= least:
                    return Found(state, is_certain=True)
                trimmed = self._trimmed(goals, state)
                best = min(trimmed, trimmed if best is None else best, key=self.moves.order)
        return Found(best, is_certain=least >= (inf if best is None else self.moves.weight(best)))

    def _all(self) -> list[NewMarks]:
        """Every state there is."""
        leaves = self.moves.by_leaf
        options = [[None, *move.marks] for move in leaves.values()]
        return [
            {leaf: mark for leaf, mark in zip(leaves, marks, strict=True) if mark is not None}
            for marks in product(*options)
        ]

    def _best(self, states: Sequence[NewMarks]) -> NewMarks | None:
        """The first in order of those that reach a set of goals."""
        tried = trials(self.unit.setting, self.unit.row, states)
        reached = [are_met(goals, tried) for goals in self.alternatives]
        good = [state for state, *is_met in zip(states, *reached, strict=True) if any(is_met)]
        return min(good, key=self.moves.order, default=None)

    def reaches(self, goals: Goals, state: NewMarks) -> bool:
        """Whether a state reaches all goals of a set."""
        return bool(are_met(goals, trials(self.unit.setting, self.unit.row, [state]))[0])

    def _reaches_with(self, goals: Goals, rest: NewMarks, leaf: str, mark: int) -> int:
        return int(self.reaches(goals, {**rest, leaf: mark}))

    def _aimed(self, goals: Goals) -> tuple[NewMarks | None, float]:
        """What reaches all goals of a set as far as all is linear, and what no state that does can come below."""
        marked = [self._marked(goal, {}) for goal in goals if goal.compared == "coverage"]
        least = max([0.0, *(inf if state is None else len(state) for state in marked)])
        is_rising = self.unit.policy.missing == "exclude" and None in self.unit.ticks.values()
        if self._shut() or (is_rising and self.unit.policy.renormalise == "by_level"):
            return None, least  # a gate that opens, or a node that comes to count, adds more than its points
        lacking = [
            Linear(goal, self.unit, {}, self.moves)
            for goal in goals
            if goal.compared != "coverage" and not goal.is_reached(self.unit)
        ]
        if not lacking or any(linear.goal.value(self.unit) is None for linear in lacking):
            return None, least
        sets = [lacking] if are_nested(lacking) else [[linear] for linear in lacking]
        covers = [cheapest_state(linears) for linears in sets]
        if None in covers:
            return None, inf
        states = [state for state, _ in filter(None, covers)]
        bounds = [cover.bound for _, cover in filter(None, covers)]
        return states[0] if len(states) == 1 else None, max(least, *bounds)

    def _ways(self, goals: Goals, aimed: NewMarks | None) -> Iterator[NewMarks]:
        """States that reach the goals of a set: what was aimed at, and by opening these or those gates first."""
        if aimed is not None and self.reaches(goals, aimed):
            yield aimed
        under = self.unit.tree.under
        inner_first = sorted(goals, key=lambda goal: (goal.compared != "coverage", len(under[goal.node])))
        for gates in self._choices():
            opening = chain.from_iterable(map(self._opening, gates))
            state = self._toward([*opening, *inner_first, *inner_first], {})
            if state is not None and self.reaches(goals, state):
                yield state

    def _choices(self) -> Iterator[tuple[str, ...]]:
        shut = self._shut()
        sizes = range(len(shut) + 1) if len(shut) <= MOST_GATES else (0, 1, len(shut))
        return chain.from_iterable(combinations(shut, size) for size in sizes)

    def _shut(self) -> list[str]:
        """Nodes whose gate is shut, those inside before what holds them."""
        return [node for node in self.unit.tree.adjusted if not self.unit.is_open(node)]

    def _opening(self, node: str) -> Iterator[Goal]:
        """What opens a gate."""
        for condition in self.unit.gate(node):
            yield from of_condition(condition, self.unit.tree, "rate")

    def _toward(self, goals: Iterable[Goal], state: NewMarks | None) -> NewMarks | None:
        for goal in goals:
            state = state if state is None else self._reached(goal, state)
        return state

    def _reached(self, goal: Goal, state: NewMarks) -> NewMarks | None:
        """On from a state, one that reaches a goal; more is aimed at as long as what looked enough is not."""
        if goal.compared == "coverage":
            return self._marked(goal, state)
        unit = now = self._in(state)
        linear, needed, ahead = Linear(goal, unit, state, self.moves), 0, state
        for _ in range(MOST_ROUNDS):
            if goal.is_reached(now):
                return ahead
            needed += max(linear.short(now), 1)
            covered = linear.covered(needed)
            if covered is None:
                return None
            ahead = covered[0]
            now = self._in(ahead)
        return None

    def _in(self, state: NewMarks) -> Derivation:
        return supposed(self.unit.common, self.unit, state) if state else self.unit

    def _marked(self, goal: Goal, state: NewMarks) -> NewMarks | None:
        """On from a state, marks on as few leaves as are to be marked, those of the highest worth first."""
        column, worth = self.unit.setting.compiled.column, self.unit.pattern.worth
        node = set(self.unit.tree.under[goal.node])
        unmarked = [
            leaf
            for leaf, move in self.moves.by_leaf.items()
            if leaf in node and leaf not in state and move.mark is None and worth[column[leaf]]
        ]
        for leaf in sorted(unmarked, key=lambda leaf: -worth[column[leaf]]):
            if self.reaches((goal,), state):
                break
            state = {**state, leaf: self.moves.by_leaf[leaf].marks[0]}
        return state if self.reaches((goal,), state) else None

    def _trimmed(self, goals: Goals, state: NewMarks) -> NewMarks:
        """The state without what it does not need, the dearest leaves first."""
        for leaf in sorted(state, key=lambda leaf: -self.moves.by_leaf[leaf].price):
            rest = {other: mark for other, mark in state.items() if other != leaf}
            if self.reaches(goals, rest):
                state = rest
                continue
            marks = self.moves.by_leaf[leaf].marks
            reaches = partial(self._reaches_with, goals, rest, leaf)
            fewer = bisect_left(marks, 1, hi=marks.index(state[leaf]), key=reaches)
            state = {**rest, leaf: marks[fewer]}
        return state
