"""The ranks that come of every combination of causes, and what each cause has in the change of them."""

from typing import Any

import attrs
import numpy as np

from dti_core.analysis.change.causes import COALITIONS, Weights, state
from dti_core.analysis.change.combined import CASES, LAST, OTHERS, OWN, Combined
from dti_core.analysis.change.field import RankField
from dti_core.analysis.change.rounds import Rounds
from dti_core.answer import UNRANKED, Ints
from dti_core.exact.rationals import Mask, Rationals
from dti_core.rubric.conditions import typed
from dti_core.scores.setting import By

NOWHERE = -1
MEMBERS = state("membership")


@attrs.frozen(eq=False)
class Rankings:
    """Who is ranked with whom in either round, and the rank of each unit in every combination."""

    #: (rounds, units) numbers of the blocks that units are ranked in, −1 where a unit is in none
    groups: Ints
    #: (coalitions, units) 0 where a unit has no rank
    ranks: Ints

    @classmethod
    def of(cls, combined: Combined, by: By) -> "Rankings":
        """Rank everyone within blocks, or by attributes."""
        groups = _groups(combined.rounds, by)
        ranks = np.empty((COALITIONS, groups.shape[1]), dtype=np.int64)
        fields = OTHERS + CASES * MEMBERS
        for field in np.unique(fields).tolist():
            others = _field(combined, field % CASES, groups[field // CASES])
            for coalition in np.flatnonzero(fields == field).tolist():
                ranks[coalition] = others.ranks(combined.keys[OWN[coalition]])
        return cls(groups, ranks)

    @property
    def unranked(self) -> Mask:
        """(units,) who has no rank in one of the rounds."""
        return np.asarray((self.ranks[[0, -1]] == UNRANKED).any(axis=0))

    @property
    def moved(self) -> Mask:
        """(units,) who is in another block."""
        return np.asarray(self.groups[0] != self.groups[1])

    def shares(self, weights: Weights) -> tuple[Rationals, ...]:
        """The places that each cause lifted units by; none where ranks, or those between, are not to be compared."""
        counting = weights.counts.any(axis=0)
        is_compared = ~self.moved & (self.ranks[counting] != UNRANKED).all(axis=0)
        lifted = -(weights.counts @ self.ranks) * is_compared
        return tuple(Rationals(share, is_compared * weights.denominator).lowest_terms() for share in lifted)

    def common(self, combined: Combined) -> Ints:
        """(rounds, units) the ranks among those that are ranked in the same block in both rounds, 0 for none."""
        groups = np.where(self.unranked | self.moved, NOWHERE, self.groups[0])
        return np.stack([_field(combined, case, groups).ranks(combined.keys[case]) for case in (0, LAST)])


def _field(combined: Combined, case: int, groups: Ints) -> RankField:
    """Everyone in one case, in groups to rank within."""
    ties = combined.rounds.results[case // (CASES // 2)].policy.ties
    return RankField.of(combined.keys[case], groups, ties, int(combined.keys.max(initial=0)) + 1)


def _groups(rounds: Rounds, by: By) -> Ints:
    """(rounds, units) a number for each block, the same in both rounds, −1 where a unit is in none that is ranked."""
    number_of: dict[Any, int] = {}
    by_round = []
    for result, rows in zip(rounds.results, rounds.rows, strict=True):
        factors = result.setting.factors(by)
        groups, first, group_of = np.unique(result.setting.groups(by), return_index=True, return_inverse=True)
        labels = [tuple(typed(factor.of(row)) for factor in factors) for row in first.tolist()]
        numbers = [number_of.setdefault(label, len(number_of)) for label in labels]
        shared = np.where(groups == NOWHERE, NOWHERE, numbers).astype(np.int64)
        by_round.append(np.append(shared[group_of], NOWHERE)[rows])
    return np.stack(by_round)
