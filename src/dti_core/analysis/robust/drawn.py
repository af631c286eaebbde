"""The rank of every unit in every draw, by the policy of the result."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.analysis.robust.comparing import Compared, Comparing
from dti_core.analysis.robust.factors import simplest_fractions
from dti_core.analysis.robust.weighed import Peers
from dti_core.answer import Floats, Ints
from dti_core.columns.chunks import in_chunks, rows_per_chunk
from dti_core.exact.rationals import Mask

DrawnRanks = NDArray[np.unsignedinteger[Any]]
KEY_BITS = 62


def blank_ranks(draws: int, columns: int, units: int) -> DrawnRanks:
    """Room for the ranks among so many units: two bytes each, four from 65,536 units on."""
    return np.zeros((draws, columns), dtype=np.uint16 if units < 2**16 else np.uint32)


def ranks_in(peers: Peers, factors: Floats) -> DrawnRanks:
    """Draws × classes: the rank of each class in each draw, the others of the class beside it."""
    ranks = blank_ranks(len(factors), len(peers.rows), int(peers.sizes.sum()))
    comparing = Comparing.of(peers)

    def rank(pieces: Iterable[slice]) -> None:
        ranking = _Ranking.of(comparing, ranks)
        for rows in pieces:
            ranking.rank(factors[rows], ranks[rows])

    in_chunks(rank, *ranks.shape)
    return ranks


@attrs.frozen(eq=False)
class _Ranking:
    """Ranks some draws at a time, in buffers that are used again."""

    # Keys hold a value, negated, in their upper bits and the number of its class in the lower ones, so that one sort of
    # whole numbers orders the classes, best first; where values are equal, as ties are broken, for so classes are
    # numbered. Neighbours closer than what values may be off are put in order by the law. So ranks hang neither on the
    # machine nor on the order in which it adds.

    comparing: Comparing
    scores: Floats
    spare: Floats
    keys: Ints
    #: (classes,) the rank of each place where each class is one unit
    alone: DrawnRanks | None
    #: (classes,) by what breaks ties; None where nothing tells them apart
    places: Ints | None

    @classmethod
    def of(cls, comparing: Comparing, ranks: DrawnRanks) -> "_Ranking":
        """Ready for the ranks of so many classes."""
        peers, (draws, classes) = comparing.peers, ranks.shape
        shape = min(rows_per_chunk(classes), draws), classes
        places = comparing.weighed.places[peers.rows]
        return cls(
            comparing,
            np.empty(shape),
            np.empty(shape),
            np.empty(shape, dtype=np.int64),
            np.arange(1, classes + 1, dtype=ranks.dtype) if (peers.sizes == 1).all() else None,
            places if (places != places[0]).any() else None,
        )

    @property
    def low(self) -> int:
        """The bits that number the classes."""
        return int(self.keys.shape[1] - 1).bit_length()

    def rank(self, factors: Floats, ranks: DrawnRanks) -> None:
        """The ranks in some draws."""
        size, classes = ranks.shape
        compared = self.comparing.compared(factors, self.scores[:size], self.spare[:size])
        keys, doubt = self._sorted(compared)
        numbers = (1 << self.low) - 1
        gaps = np.subtract(keys[:, 1:], keys[:, :-1], out=compared.spare[:, 1:].view(np.int64))
        apart, order = gaps > (doubt << self.low) + numbers, np.bitwise_and(keys, numbers, out=keys)
        if doubt:
            self._settle(order, apart, factors)
        elif self.places is not None:
            placed = self.places[order]
            apart |= placed[:, 1:] != placed[:, :-1]
        places = self._places(order, apart)
        order += np.arange(size)[:, None] * classes
        ranks.reshape(-1)[order] = places

    def _sorted(self, compared: Compared) -> tuple[Ints, int]:
        """The keys in order, and up to which difference of upper bits values are in doubt."""
        values, keys, low = compared.values, self.keys[: len(compared.values)], self.low
        bits = int(np.frexp(values.max())[1])
        # whole numbers stand one bit higher, so that unequal ones differ by more than the lower bits hide
        shift, doubt = low + 1, 0
        if compared.margin or bits + shift > KEY_BITS:
            finer, shift = KEY_BITS - low - bits, low
            doubt = int(min(np.ldexp(2 * compared.margin, finer), 2.0 ** (KEY_BITS - low))) + 2
            np.rint(np.ldexp(values, finer, out=values), out=values)
        values *= -(2.0**shift)
        np.copyto(keys, values, casting="unsafe")
        keys += np.arange(keys.shape[1])
        keys.sort(axis=1)
        return keys, doubt

    def _settle(self, order: Ints, apart: Mask, factors: Floats) -> None:
        """Put neighbours that may be equal in order by exact numbers, and say whether they are."""
        for draw in np.flatnonzero(~apart.all(axis=1)).tolist():
            doubtful = np.flatnonzero(~apart[draw])
            factor = simplest_fractions(factors[draw].tolist())
            for run in np.split(doubtful, np.flatnonzero(np.diff(doubtful) > 1) + 1):
                within = slice(int(run[0]), int(run[-1]) + 2)
                key_of = {at: self._key(factor, at) for at in order[draw, within].tolist()}
                order[draw, within] = sorted(key_of, key=key_of.__getitem__)
                keys = [key_of[at] for at in order[draw, within].tolist()]
                apart[draw, run] = [key != after for key, after in pairwise(keys)]

    def _key(self, factors: Sequence[Fraction], at: int) -> tuple[Any, int]:
        """What a class is ranked by in a draw, the lowest first."""
        weighed, row = self.comparing.weighed, int(self.comparing.peers.rows[at])
        return -weighed.decisive(factors, row), int(weighed.places[row])

    def _places(self, order: Ints, apart: Mask) -> DrawnRanks:
        """Ranks from the first to the last: of a run of equals those of the first of them."""
        if self.comparing.weighed.policy.ties == "dense":
            return np.cumsum(np.insert(apart, 0, values=True, axis=1), axis=1, dtype=np.uint32)
        starts: Any = self.alone
        if starts is None:
            sizes = self.comparing.peers.sizes[order]
            starts = np.cumsum(sizes, axis=1) - sizes + 1
        if apart.all():
            return np.asarray(starts)
        places = np.broadcast_to(starts, order.shape).copy()
        places[:, 1:][~apart] = 0
        return np.asarray(np.maximum.accumulate(places, axis=1))
