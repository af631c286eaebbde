"""A goal as whole numbers to cover: what each mark adds to what it compares, and what is short of it."""

from bisect import bisect_right
from collections.abc import Hashable, Mapping, Sequence
from functools import cached_property
from itertools import combinations
from math import ceil, floor, lcm

import attrs

from dti_core.analysis.reach.cover import Cover, Item, cover
from dti_core.analysis.reach.gains import Gain, Gains
from dti_core.analysis.reach.goals import Goal
from dti_core.analysis.reach.moves import Moves, NewMarks
from dti_core.explain.derive import Derivation


@attrs.frozen(eq=False, slots=False)
class Linear:
    """A goal seen from the marks of a state, as if all that follows were linear with rooms."""

    goal: Goal
    #: the unit in that state
    unit: Derivation
    state: NewMarks
    moves: Moves

    @cached_property
    def gains(self) -> Mapping[str, Gain]:
        """What a point adds on each leaf that may get better."""
        if self.goal.is_upper != (self.unit.tree.kind[self.goal.node] == "penalty"):
            return {}
        gains = Gains(self.unit, self.goal).by_leaf()
        return {leaf: gains[leaf] for leaf in self.moves.by_leaf if leaf in gains}

    @cached_property
    def whole(self) -> int:
        """By what slopes become whole numbers."""
        return lcm(*(gain.slope.denominator for gain in self.gains.values()))

    def short(self, unit: Derivation) -> int:
        """What a unit lacks, in what the items gain; 0 or less for nothing."""
        lacking = self.goal.lacking(unit) * self.moves.scale * self.whole
        return floor(lacking) + 1 if self.goal.linear(unit)[1] else ceil(lacking)

    def covered(self, needed: int) -> tuple[NewMarks, Cover] | None:
        """The cheapest state on from here that gains so much, as far as all is linear."""
        return _covered([self], [needed])

    @cached_property
    def rooms(self) -> Mapping[Hashable, int]:
        """The rooms that may get full, in ticks."""
        rooms = Gains(self.unit, self.goal).rooms(self.gains)
        most = {leaf: (self.amounts(leaf) or [0])[-1] for leaf in self.gains}
        return {
            key: int(room * self.moves.scale)
            for key, room in rooms.items()
            if room * self.moves.scale
            < sum(most[leaf] for leaf, gain in self.gains.items() if key in gain.within)
        }

    def slope(self, leaf: str) -> int:
        """What a tick of points on a leaf gains."""
        return int(self.gains[leaf].slope * self.whole) if leaf in self.gains else 0

    def is_within(self, other: "Linear") -> bool:
        """Whether leaves gain the other in one proportion, if any does."""
        shared = [leaf for leaf in self.gains if leaf in other.gains]
        ratios = {self.gains[leaf].slope / other.gains[leaf].slope for leaf in shared}
        return not shared or (len(shared) == len(self.gains) and len(ratios) == 1)

    def amounts(self, leaf: str) -> Sequence[int]:
        """What each mark ahead earns more than the one in the state, in ticks."""
        move, ahead = self.moves.by_leaf[leaf], self.ahead(leaf)
        now = move.points(self.state.get(leaf, move.mark))
        if isinstance(ahead, range) and ahead:
            return range(move.points(ahead[0]) - now, move.points(ahead[-1]) - now + 1, move.earned)
        return [move.points(mark) - now for mark in ahead]

    def ahead(self, leaf: str) -> Sequence[int]:
        """The marks that earn more than the one in the state."""
        move = self.moves.by_leaf[leaf]
        now = move.points(self.state.get(leaf, move.mark))
        return move.marks[bisect_right(move.marks, now, key=move.points) :]


def are_nested(linears: Sequence[Linear]) -> bool:
    """Whether goals can be covered together: no rooms, and of any two one is part of the other or neither."""
    inner_first = sorted(linears, key=lambda linear: len(linear.gains))
    pairs = combinations(inner_first, 2)
    return all(not inner.rooms and not outer.rooms and inner.is_within(outer) for inner, outer in pairs)


def cheapest_state(linears: Sequence[Linear]) -> tuple[NewMarks, Cover] | None:
    """The cheapest state that reaches one goal, or several that are nested, as far as all is linear."""
    inner_first = sorted(linears, key=lambda linear: len(linear.gains))
    return _covered(inner_first, [linear.short(linear.unit) for linear in inner_first])


def _covered(linears: Sequence[Linear], needs: Sequence[int]) -> tuple[NewMarks, Cover] | None:
    first = linears[0]
    leaves = [leaf for leaf in first.moves.by_leaf if any(leaf in linear.gains for linear in linears)]
    items = [
        Item(
            first.amounts(leaf),
            tuple(linear.slope(leaf) for linear in linears),
            first.moves.price(first.moves.by_leaf[leaf]),
            0 if leaf in first.state else 1,
            tuple(key for key in first.gains[leaf].within if key in first.rooms) if len(linears) == 1 else (),
        )
        for leaf in leaves
    ]
    result = cover(items, needs, first.rooms)
    if result is None:
        return None
    chosen = ((leaf, place) for leaf, place in zip(leaves, result.places, strict=True) if place >= 0)
    return {**first.state, **{leaf: first.ahead(leaf)[place] for leaf, place in chosen}}, result
