"""How one ranking of units differs from another: who shifts, how far, and how alike the two orders are."""

from fractions import Fraction
from functools import cached_property
from math import sqrt

import attrs
import numpy as np

from dti_core.answer import UNRANKED, Ints, kept
from dti_core.exact.rationals import Mask

NEVER = np.iinfo(np.int64).max


@attrs.frozen(slots=False, eq=False)
class Shift:
    """The same units ranked before and after."""

    #: (units,) the ranks before, 0 for none
    before: Ints
    #: (units,) the ranks after, 0 for none
    after: Ints
    #: (units,) the number of the group that each is ranked in; −1: in none
    groups: Ints

    @cached_property
    def both(self) -> Mask:
        """Who has a rank before and after."""
        return np.asarray((self.before > 0) & (self.after > 0))

    @cached_property
    def places(self) -> Ints:
        """By how many places each unit rises, below 0 falls; 0 where it lacks a rank, before or after."""
        return np.where(self.both, self.before - self.after, 0)

    @property
    def changed(self) -> int:
        """How many units have another rank, or have none any more."""
        return int(np.count_nonzero(self.before != self.after))

    @property
    def mean(self) -> Fraction | None:
        """How many places units shift in the mean, up or down; None where nobody is ranked before and after."""
        ranked = int(np.count_nonzero(self.both))
        return Fraction(int(np.abs(self.places).sum()), ranked) if ranked else None

    @cached_property
    def farthest(self) -> int | None:
        """The row of the unit that shifts most, of several the best ranked; None where nobody shifts."""
        far = np.abs(self.places)
        if not far.any():
            return None
        rows = np.flatnonzero(far == far.max())
        return int(rows[np.argmin(self.before[rows])])

    @property
    def most(self) -> int:
        """By how many places that unit rises, below 0 falls; 0 where nobody shifts."""
        return 0 if self.farthest is None else int(self.places[self.farthest])

    @cached_property
    def tau(self) -> float:
        """Kendall's τ-b of both orders: 1 where they agree, −1 where one is the other reversed; NaN where all tie.

        Pairs are of units ranked together. M. G. Kendall, "The treatment of ties in ranking problems" (1945).
        """
        rows = np.flatnonzero(self.both & (self.groups >= 0))
        groups = self.groups[rows]
        before, after = (_apart(groups, ranks[rows]) for ranks in (self.before, self.after))
        both = np.sort(_apart(before, after))
        in_order = (np.sort(groups), both // _span(after), np.sort(after), both)
        pairs, tied_before, tied_after, tied_twice = map(_equal_pairs, in_order)
        discordant = inversions(both % _span(after))
        concordant = pairs - tied_before - tied_after + tied_twice - discordant
        untied = (pairs - tied_before) * (pairs - tied_after)
        return (concordant - discordant) / sqrt(untied) if untied else float("nan")


def best_of(ranks: Ints) -> Ints:
    """The best of several ranks of each unit, (units, rankings); 0 where it never had one."""
    best = np.where(ranks > UNRANKED, ranks, NEVER).min(axis=1)
    return kept(np.where(best < NEVER, best, UNRANKED))


def _span(values: Ints) -> int:
    return int(values.max(initial=0)) + 1


def _apart(groups: Ints, values: Ints) -> Ints:
    """Whole numbers that tell apart values of different groups, and keep the order within one."""
    return groups * _span(values) + values


def _equal_pairs(ascending: Ints) -> int:
    """How many pairs have the same value."""
    starts = np.flatnonzero(np.diff(ascending, prepend=-1))
    counts = np.diff(starts, append=len(ascending))
    return int((counts * (counts - 1) // 2).sum())


def inversions(values: Ints) -> int:
    """How many pairs stand in falling order, counted as merge sort goes, in time n log² n.

    >>> inversions(np.array([3, 1, 2, 2]))
    3
    """
    # Of two neighbouring runs each element of the left one stands in falling order with as many of the right one as
    # come before it when both are sorted together; the lowest bit, 1 on the right, puts equals of the left one first
    # and tells whence each came. What is inside a run was counted before, so its order does not matter any more.
    # What fills the last run up is larger than all others, and stands behind them.
    length = 1 << max(len(values) - 1, 0).bit_length()
    runs = np.full(length, _span(values), dtype=np.int64)
    runs[: len(values)] = values
    count, size = 0, 1
    while size < length:
        merged = runs.reshape(-1, 2 * size) * 2
        merged[:, size:] += 1
        merged.sort(axis=1)
        is_right = merged & 1
        count += int((np.cumsum(is_right, axis=1) * (1 - is_right)).sum())
        runs, size = merged >> 1, 2 * size
    return count
