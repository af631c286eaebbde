"""The marks of one unit that may get better: which they may become, what each earns, and what a point costs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

import attrs

from dti_core.analysis.doors import column, exact_number, given_by_name
from dti_core.errors import InvalidArgument, shorten
from dti_core.evaluation.rules import ONE
from dti_core.explain.derive import Derivation
from dti_core.rubric.tree import TOTAL
from dti_core.terms.lookups import among
from dti_core.words import REACH

NewMarks = Mapping[str, int]
"""Marks that became others, by leaf, in ticks of marks."""


@attrs.frozen
class LeafMove:
    """A leaf whose mark may get better; of a penalty lower is better."""

    leaf: str
    #: the mark now, in ticks; None is no mark
    mark: int | None
    #: better marks, in ticks, each better than the one before
    marks: Sequence[int]
    #: what a tick of the mark earns, or takes off less, in ticks of points
    earned: int
    #: of a point
    price: Fraction

    def points(self, mark: int | None) -> int:
        """What another mark adds, in ticks of points."""
        return self.earned * abs((mark or 0) - (self.mark or 0))


@attrs.frozen(slots=False, eq=False)
class Moves:
    """All leaves of a unit whose marks may get better, in document order."""

    by_leaf: Mapping[str, LeafMove]
    #: ticks in a point
    scale: int

    def points(self, state: NewMarks) -> Fraction:
        """What a state adds in points."""
        return Fraction(sum(self.by_leaf[leaf].points(mark) for leaf, mark in state.items()), self.scale)

    @cached_property
    def _whole(self) -> int:
        """By what prices become whole numbers, so large that no number of leaves comes up to one."""
        whole = lcm(*(move.price.denominator for move in self.by_leaf.values()))
        return whole * (len(self.by_leaf) + 1)

    def price(self, move: LeafMove) -> int:
        """What a tick of points costs as a whole number, in units of which a leaf that is touched costs one."""
        return int(move.price * self._whole)

    def weight(self, state: NewMarks) -> int:
        """By what states are compared: the cheapest, then that of fewest leaves."""
        moves = ((self.by_leaf[leaf], mark) for leaf, mark in state.items())
        return sum(self.price(move) * move.points(mark) for move, mark in moves) + len(state)

    def order(self, state: NewMarks) -> tuple[Any, ...]:
        """The same, and of equal ones that whose points are on leaves that come first."""
        amounts = tuple(-move.points(state.get(leaf, move.mark)) for leaf, move in self.by_leaf.items())
        return self.weight(state), amounts

    @property
    def best(self) -> dict[str, int]:
        """Every mark as good as it can be."""
        return {leaf: move.marks[-1] for leaf, move in self.by_leaf.items()}


def moves_of(unit: Derivation, cost: Any, steps: Any, among: Any) -> Moves:
    """What may get better of the marks of a unit.

    Raises :class:`~dti_core.InvalidArgument` for prices, marks and nodes that are none.
    """
    tree, compiled = unit.tree, unit.setting.compiled
    prices = _prices(unit, cost)
    allowed = {leaf: _marks(unit, leaf, marks) for leaf, marks in given_by_name("steps", steps).items()}
    chosen = {leaf for node in _nodes(unit, among) for leaf in tree.under[node]}
    by_mark = (unit.pattern.counts & ~unit.pattern.settled) | compiled.beside
    moves = {
        leaf: _move(unit, leaf, allowed.get(leaf), prices.get(leaf, ONE))
        for leaf, at in compiled.column.items()
        if leaf in chosen and by_mark[at] and compiled.earned[at]
    }
    return Moves({leaf: move for leaf, move in moves.items() if move.marks}, compiled.scale)


def _move(unit: Derivation, leaf: str, allowed: Iterable[int] | None, price: Fraction) -> LeafMove:
    """How the mark of a leaf may get better, to any mark or to one that is allowed."""
    compiled, mark = unit.setting.compiled, unit.ticks[leaf]
    at = compiled.column[leaf]
    highest = int(unit.pattern.highest[at])
    now = None if mark is None else min(int(mark), highest)
    better = _better(unit.tree.role[leaf], now, int(compiled.lowest[at]), highest)
    own = None if allowed is None else sorted({*allowed}, reverse=better.step < 0)
    marks = better if own is None else [mark for mark in own if mark in better]
    return LeafMove(leaf, now, marks, int(compiled.earned[at]), price)


def _better(role: str, mark: int | None, lowest: int, highest: int) -> range:
    """The marks that are better than the one there is; no mark at all is worse than 0 where it is missing."""
    if role == "penalty":
        return range((mark or 0) - 1, lowest - 1, -1)
    if mark is None:
        return range(lowest if role != "bonus" else max(lowest, 1), highest + 1)
    return range(mark + 1, highest + 1)


def _nodes(unit: Derivation, nodes: Any) -> Iterator[str]:
    for node in (TOTAL,) if nodes is None else column("among", nodes):
        yield among("node", node, unit.tree.under)


def _prices(unit: Derivation, cost: Any) -> dict[str, Fraction]:
    """What a point costs on each leaf; of a node that is named, on all its leaves that are not named themselves."""
    by_node = {}
    for node, price in given_by_name("cost", cost).items():
        number = exact_number(price)
        if number is None or number < 0:
            raise InvalidArgument(REACH("no_price", node=node, value=shorten(price)))
        by_node[among("node", node, unit.tree.under)] = number
    wide = {leaf: price for node, price in by_node.items() for leaf in unit.tree.under[node]}
    return wide | {leaf: price for leaf, price in by_node.items() if leaf in unit.tree.role}


def _marks(unit: Derivation, leaf: str, marks: Any) -> list[int]:
    """Marks that a leaf may have, in ticks."""
    scale = unit.setting.compiled.mark_scale
    lowest, highest = unit.tree.marked[among("leaf", leaf, unit.tree.leaves)]
    ticks = []
    for mark in column(f"steps[{leaf!r}]", marks, lambda _: None, lambda cell: cell):
        number = exact_number(mark)
        if number is None or (number * scale).denominator != 1 or not lowest <= number * scale <= highest:
            raise InvalidArgument(REACH("no_step", leaf=leaf, value=shorten(mark)))
        ticks.append(int(number * scale))
    return ticks
