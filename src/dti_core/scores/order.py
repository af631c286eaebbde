"""Everyone who is ranked at a node, in the order of publication."""

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.columns.factor import locked
from dti_core.exact.rationals import Rows


@attrs.frozen(eq=False)
class Order:
    """The units that are ranked, group by group and best first; units of one rank in the order of the sheet."""

    #: (ranked units,) their rows, groups and ranks
    rows: Rows = attrs.field(converter=locked)
    groups: NDArray[np.int32] = attrs.field(converter=locked)
    ranks: NDArray[np.int64] = attrs.field(converter=locked)
    #: (units,) the place of each among ``rows``, −1 where it is not ranked
    place: Rows = attrs.field(converter=locked)

    @classmethod
    def of(cls, groups: NDArray[np.int32], ranks: NDArray[np.int64]) -> "Order":
        """The order of units by their groups and ranks, 0 where unranked."""
        ranked = np.flatnonzero(ranks)
        rows = ranked[np.lexsort((ranks[ranked], groups[ranked]))]
        place = np.full(len(ranks), -1, dtype=np.intp)
        place[rows] = np.arange(len(rows))
        return cls(rows, groups[rows], ranks[rows], place)

    def around(self, row: int) -> tuple[int, int, dict[int, Rows]]:
        """A unit's rank, of how many, and the rows of that rank, of the next above and of the next below."""
        place = self.place[row]
        start, stop = _span(self.groups, int(self.groups[place]))
        ranks, rows, own = self.ranks[start:stop], self.rows[start:stop], int(self.ranks[place])
        first, last = _span(ranks, own)
        wanted = [own, *ranks[:first][-1:].tolist(), *ranks[last:][:1].tolist()]
        return own, stop - start, {rank: rows[slice(*_span(ranks, rank))] for rank in wanted}


def _span(ascending: NDArray[Any], value: int) -> tuple[int, int]:
    """From where to where a value stands."""
    low, high = (int(ascending.searchsorted(ascending.dtype.type(value), side)) for side in ("left", "right"))
    return low, high
