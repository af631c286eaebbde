"""The cheapest amounts that add up to what is needed: branch and bound over whole numbers."""

from bisect import bisect_right
from collections.abc import Hashable, Iterator, Mapping, Sequence
from fractions import Fraction
from heapq import heappop, heappush
from itertools import count
from math import ceil

import attrs

MOST_NODES = 2000
Needs = Sequence[int]
"""What is needed of each thing that is gained."""


@attrs.frozen
class Item:
    """Amounts to choose one of, or none: what a unit of them gains and costs, and a charge once for any."""

    #: whole numbers above 0, ascending
    amounts: Sequence[int]
    #: of each need
    gains: tuple[int, ...]
    cost: int
    charge: int
    #: the rooms that all it gains goes through, which it shares with others
    within: tuple[Hashable, ...] = ()

    def amount(self, at: int) -> int:
        """An amount by its place; at −1 there is none."""
        return self.amounts[at] if at >= 0 else 0

    def cost_of(self, at: int) -> int:
        """What an amount costs."""
        return self.cost * self.amounts[at] + self.charge if at >= 0 else 0


@attrs.frozen
class Cover:
    """Places of amounts, −1 for none, that gain what is needed; what they cost, and the least that any cover does."""

    places: tuple[int, ...]
    cost: int
    bound: int


@attrs.frozen
class _Relaxed:
    """Amounts that need not be whole ones of an item: no cover within the ends costs less."""

    bound: int
    #: by item, its amount and what of it was counted
    taken: list[tuple[Fraction, Fraction]]


@attrs.frozen
class _Ranges:
    """The places from which and up to which amounts of each item are chosen."""

    low: tuple[int, ...]
    high: tuple[int, ...]

    def halves(self, at: int, place: int) -> "Iterator[_Ranges]":
        """Those with at most this place of an item, and those with more."""
        yield _Ranges(self.low, (*self.high[:at], place, *self.high[at + 1 :]))
        yield _Ranges((*self.low[:at], place + 1, *self.low[at + 1 :]), self.high)


def cover(items: Sequence[Item], needs: Needs, rooms: Mapping[Hashable, int]) -> Cover | None:
    """The cheapest amounts that gain what is needed; None where nothing does.

    Of several needs each is filled by other items than a later one, or by a part of those, and in the same proportion.
    What is the cheapest is known where ``cost`` and ``bound`` are equal, as they are unless the search is given up. Of
    equal ones the earlier items are taken.
    """
    start = _Ranges((-1,) * len(items), tuple(len(item.amounts) - 1 for item in items))
    best: Cover | None = None
    number = count()
    waiting: list[tuple[int, int, _Ranges, _Relaxed]] = []
    ends: Iterator[_Ranges] = iter([start])
    for _ in range(MOST_NODES):
        for own in ends:
            relaxed = _relax(items, needs, rooms, own)
            if relaxed is not None and (best is None or relaxed.bound < best.cost):
                places = tuple(
                    _place_above(item, amount) for item, (amount, _) in zip(items, relaxed.taken, strict=True)
                )
                cost = sum(item.cost_of(at) for item, at in zip(items, places, strict=True))
                if best is None or cost < best.cost:
                    best = Cover(places, cost, 0)
                heappush(waiting, (relaxed.bound, next(number), own, relaxed))
        if best is None or not waiting or waiting[0][0] >= best.cost:
            return best and attrs.evolve(best, bound=best.cost)
        bound, _, own, relaxed = heappop(waiting)
        ends = _split(items, own, relaxed)
    return best and attrs.evolve(best, bound=bound)


def _split(items: Sequence[Item], ends: _Ranges, relaxed: _Relaxed) -> Iterator[_Ranges]:
    """Cut at the item whose amount costs more than was counted for it, by the most."""
    excess = [
        item.cost_of(_place_above(item, amount)) - counted
        for item, (amount, counted) in zip(items, relaxed.taken, strict=True)
    ]
    at = max(range(len(items)), key=excess.__getitem__)
    return ends.halves(at, bisect_right(items[at].amounts, relaxed.taken[at][0]) - 1)


def _place_above(item: Item, amount: Fraction) -> int:
    """The place of the first amount that is not less."""
    return bisect_right(item.amounts, ceil(amount) - 1) if amount else -1


def _relax(
    items: Sequence[Item], needs: Needs, rooms: Mapping[Hashable, int], ends: _Ranges
) -> _Relaxed | None:
    # Each amount between its ends costs at least its part of what the whole way costs, so that the cheapest way in
    # parts is the cheapest gains first. Where all that goes through a room gains alike, and rooms stand one in the
    # other, taking the cheapest first as far as its rooms reach is right there too. Where one need is filled by a part
    # of the items that fill another, and what they gain of both is in one proportion, filling it first is.
    left = {key: Fraction(room) for key, room in rooms.items()}
    taken = [Fraction(item.amount(low)) for item, low in zip(items, ends.low, strict=True)]
    counted = [Fraction(item.cost_of(low)) for item, low in zip(items, ends.low, strict=True)]
    let = [_through(item, amount, left) for item, amount in zip(items, taken, strict=True)]
    spans = [
        item.amount(high) - item.amount(low)
        for item, low, high in zip(items, ends.low, ends.high, strict=True)
    ]
    slopes = [
        Fraction(item.cost_of(high) - item.cost_of(low), span or 1)
        for item, low, high, span in zip(items, ends.low, ends.high, spans, strict=True)
    ]
    for need, amount in enumerate(needs):
        gained = sum((item.gains[need] * part for item, part in zip(items, let, strict=True)), Fraction(0))
        ways = [at for at, item in enumerate(items) if item.gains[need] and spans[at]]
        for at in sorted(ways, key=lambda at: (slopes[at] / items[at].gains[need], at)):
            if gained >= amount:
                break
            gain, free = items[at].gains[need], items[at].amount(ends.high[at]) - taken[at]
            part = _through(items[at], min(free, (amount - gained) / gain), left)
            gained += gain * part
            taken[at], let[at] = taken[at] + part, let[at] + part
            counted[at] += slopes[at] * part
        if gained < amount:
            return None
    return _Relaxed(ceil(sum(counted)), [*zip(taken, counted, strict=True)])


def _through(item: Item, amount: Fraction, left: dict[Hashable, Fraction]) -> Fraction:
    """How much of an amount its rooms let through, which is then no longer left."""
    part = min([amount, *(left[key] for key in item.within)])
    for key in item.within:
        left[key] -= part
    return part
