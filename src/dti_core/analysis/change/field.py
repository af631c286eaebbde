"""What rank a unit would have among others that are in another state than itself."""

import attrs
import numpy as np

from dti_core.answer import UNRANKED, Ints
from dti_core.rubric.policy import Ties


@attrs.frozen(eq=False)
class RankField:
    """Everyone who is ranked, each with the key of one case: 1 is best, 0 is no rank; group −1 is not ranked."""

    # All groups are one sorted list of places, a stretch of ``span`` for each. Whoever stands above a unit is in its
    # stretch, before the place of its key: two look-ups tell how many. The unit is in the list itself, with the key
    # that it has in the case of the others; where that is the better one it is not above itself and is taken out.

    keys: Ints
    groups: Ints
    ties: Ties
    span: int
    #: (units,) where the stretch of each unit's group begins
    starts: Ints
    #: the places taken, in order, and how many units or, of dense ranks, places come before each
    places: Ints
    before: Ints
    #: (units,) whether a unit's own place counts for itself alone
    alone: Ints

    @classmethod
    def of(cls, keys: Ints, groups: Ints, ties: Ties, span: int) -> "RankField":
        """Line everyone up; ``span`` is more than any key that will be asked about."""
        starts = np.maximum(groups, 0) * span
        is_ranked = (groups >= 0) & (keys != UNRANKED)
        places, place_of, counts = np.unique(
            (starts + keys)[is_ranked], return_inverse=True, return_counts=True
        )
        alone = is_ranked.astype(np.int64)
        if ties == "dense":
            alone[is_ranked] = counts[place_of] == 1
        steps = counts if ties == "competition" else np.ones_like(counts)
        return cls(keys, groups, ties, span, starts, places, np.append(0, np.cumsum(steps)), alone)

    def ranks(self, own: Ints) -> Ints:
        """The rank of each unit with its ``own`` key among the others with theirs; 0 where it has none."""
        first, last = (self.before[self.places.searchsorted(at)] for at in (self.starts, self.starts + own))
        ranks = 1 + last - first - self.alone * (self.keys < own)
        return np.where((self.groups >= 0) & (own != UNRANKED), ranks, UNRANKED)
