"""What ranks compare in every draw, as doubles: printed values exactly, exact scores within a margin."""

from fractions import Fraction

import attrs
import numpy as np

from dti_core.analysis.robust.factors import CLOSE, simplest_fractions
from dti_core.analysis.robust.weighed import Peers, Weighed
from dti_core.analysis.robust.wording import refused
from dti_core.answer import Floats
from dti_core.evaluation import rules
from dti_core.exact.ratios import EPSILON
from dti_core.rubric.tree import TOTAL


@attrs.frozen(eq=False)
class Compared:
    """Draws × classes."""

    values: Floats
    #: how far the values may be off; 0 where they are whole numbers and exact
    margin: float
    #: a buffer that is free
    spare: Floats


@attrs.frozen(eq=False)
class Comparing:
    """Units that are ranked together as doubles, and how their scores are compared."""

    # A score is a quotient of two sums, factors @ earned / factors @ applies. All terms are positive, so that factors
    # within CLOSE of what they stand for leave it within about twice that, and each of a few roundings adds half an
    # epsilon at most; what bonus and penalty add is off by as much of its size.

    weighed: Weighed
    peers: Peers
    #: (nodes, classes) in ticks
    earned: Floats
    applies: Floats
    #: (classes,) bonus less penalty as a part of the maximum; None where there is neither
    extra: Floats | None
    #: whether the same applies to all
    is_even: bool

    @classmethod
    def of(cls, peers: Peers) -> "Comparing":
        """The units as doubles."""
        weighed, rows = peers.weighed, peers.rows
        applies, extra = weighed.applies[:, rows].astype(np.float64), weighed.extra[rows]
        return cls(
            weighed,
            peers,
            np.array([part.take(rows).floats() for part in weighed.earned]),
            applies,
            extra / weighed.maximum if extra.any() else None,
            bool((applies == applies[:, :1]).all()),
        )

    def compared(self, factors: Floats, scores: Floats, spare: Floats) -> Compared:
        """What ranks compare, worked out in two buffers of draws × classes."""
        np.matmul(factors, self.earned, out=scores)
        applied = (
            factors @ self.applies[:, :1] if self.is_even else np.matmul(factors, self.applies, out=spare)
        )
        if not applied.all():
            raise refused("weightless")
        maximum = (factors @ self.weighed.maxima)[:, None]
        full = self._full(applied, maximum)
        unit = full / applied
        scores *= unit
        size = scores.max()
        if self.extra is not None:
            added = self.extra * (full if self._has_one_scale else unit * maximum)
            size += np.abs(added).max()
            scores += added
            np.clip(scores, 0, None if self.weighed.policy.exceed_maximum else full, out=scores)
        margin = float(size) * (4 * CLOSE + EPSILON * (2 * len(self.earned) + 16))
        if self.weighed.policy.decide_on == "exact":
            return Compared(scores, margin, spare)
        self._round(scores, spare, margin, factors)
        if not self._prints_own_scales or self.is_even:
            return Compared(spare, 0.0, scores)
        np.divide(spare, full, out=spare)
        return Compared(spare, float(spare.max()) * 4 * CLOSE, scores)

    @property
    def _has_one_scale(self) -> bool:
        return self.weighed.policy.renormalise != "none"

    @property
    def _prints_own_scales(self) -> bool:
        return rules.prints_own_scales(self.weighed.policy, TOTAL)

    def _full(self, applied: Floats, maximum: Floats) -> Floats | float:
        """What a full score is in units of the last decimal printed; 1 where exact scores are compared."""
        weighed, publish = self.weighed, self.weighed.publish
        if weighed.policy.decide_on == "exact":
            return 1.0
        most = Fraction(weighed.maximum, weighed.ticks)
        full = float(rules.full(publish, most) * 10**publish.decimals)
        return full * (applied / maximum) if self._prints_own_scales else full

    def _round(self, scores: Floats, whole: Floats, margin: float, factors: Floats) -> None:
        """Scores to whole numbers, those that the margin leaves in doubt by the law."""
        scores += 0.0 if self.weighed.publish.rounding == "down" else 0.5
        np.floor(scores, out=whole)
        scores -= whole
        if margin <= scores.min() and scores.max() <= 1 - margin:
            return
        for draw, at in np.argwhere((scores < margin) | (scores > 1 - margin)).tolist():
            exact = simplest_fractions(factors[draw].tolist())
            whole[draw, at] = self.weighed.printed(exact, int(self.peers.rows[at]))
