"""Pairs of units under all weights within a spread: who stays ahead of whom."""

from fractions import Fraction

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.analysis.robust.weighed import Peers, Weighed
from dti_core.answer import Floats
from dti_core.evaluation import rules
from dti_core.exact import EXACT_DOUBLE
from dti_core.exact.rationals import Mask, Rows
from dti_core.exact.ratios import EPSILON
from dti_core.rubric.tree import TOTAL


@attrs.frozen(eq=False)
class Pairs:
    """Units that are ranked together, in classes of those that have the same of everything, by the nodes that weigh.

    Factors f of the nodes give a class the score Σ f·had / Σ f·applies, bonus and penalty included, as a part of its
    scale; a last printed decimal is Σ f·unit / Σ f·applies.
    """

    # Of two classes to which the same applies, the one is ahead where Σ f·(had − had′) > 0, and printed ahead where it
    # is a whole unit ahead. Over all f from 1 − ρ to 1 + ρ the least of Σ f·d is Σ d − ρ Σ |d|.

    peers: Peers
    spread: Fraction
    #: (classes, nodes) in ticks times ticks
    had: Floats
    applies: Floats
    #: (classes, nodes) 0 where exact scores are compared
    unit: Floats
    #: (classes,) the same number for those to which the same applies
    alike: Rows
    #: by how much a sum of ``had`` may be off; 0 where they are whole numbers and exact
    error: float

    @classmethod
    def of(cls, peers: Peers, spread: Fraction) -> "Pairs":
        """The classes under a spread."""
        weighed, rows = peers.weighed, peers.rows
        parts = [part.take(rows) for part in weighed.earned]
        applies = weighed.applies[:, rows].T.astype(np.float64)
        maxima = np.broadcast_to(weighed.maxima.astype(np.float64), applies.shape)
        scale = maxima if weighed.policy.renormalise == "none" else applies
        added = weighed.extra[rows].astype(np.float64)[:, None] * scale
        earned = weighed.maximum * np.array([part.floats() for part in parts]).T
        sizes = earned + np.abs(added)
        is_exact = sizes.max() < EXACT_DOUBLE and all(part.is_whole().all() for part in parts)
        return cls(
            peers,
            spread,
            earned + added,
            weighed.maximum * applies,
            _unit(weighed, applies, maxima),
            np.unique(applies, axis=0, return_inverse=True)[1].reshape(-1),
            0.0 if is_exact else 4 * EPSILON * sizes.shape[1] * float(sizes.sum(axis=1).max()),
        )

    def bounds(self) -> tuple[Floats, Floats]:
        """The best and the worst rank of each class."""
        sizes, places = self.peers.sizes, self.peers.weighed.places[self.peers.rows]
        ahead, behind = np.zeros((2, len(sizes)), dtype=np.int64)
        ends = _Ends.of(self)
        for at in range(len(sizes)):
            before, level = self._ahead(at, ends)
            ahead += sizes[at] * (before | (level & (places[at] < places)))
            stays = before | (level & (places[at] <= places))
            behind[at] = sizes[stays].sum() - sizes[at] * stays[at]
        if self.peers.weighed.policy.ties == "dense":
            ahead = np.minimum(ahead, 1)  # those ahead may tie with one another
        worst = sizes.sum() - behind - (sizes - 1)
        return (1 + ahead).astype(np.float64), worst.astype(np.float64)

    def nearest(self, ranks: NDArray[np.int64]) -> tuple[Rows, Floats]:
        """Of those below to which the same applies, the one that draws level first, −1 for none; and its spread."""
        nearest, critical = np.full(len(ranks), -1), np.full(len(ranks), np.nan)
        for at, rank in enumerate(ranks.tolist()):
            below = np.flatnonzero((ranks > rank) & (self.alike == self.alike[at]))
            lead = self.had[at] - self.had[below]
            size = np.abs(lead).sum(axis=1)
            spreads = np.maximum(lead.sum(axis=1), 0) / np.where(size > 0, size, 1)
            if spreads.min(initial=1) < 1:
                first = int(np.argmin(spreads))
                nearest[at], critical[at] = below[first], spreads[first]
        return nearest, critical

    def _ahead(self, at: int, ends: "_Ends") -> tuple[Mask, Mask]:
        """Whom a class is ahead of for all weights, and whom it is never behind."""
        lead, same = self.had[at] - self.had, self.alike == self.alike[at]
        gap, step = ends.lowest[at] - ends.highest, np.maximum(ends.step[at], ends.step)
        # scales of their own are printed on grids of their own, so that who is level may be printed behind
        least = step if ends.own_scales else 0.0
        level = (same & self._holds(lead)) | (gap > least)
        linear = same & ends.free & ends.free[at]
        return (linear & self._holds(lead - self.unit[at], strictly=ends.strictly)) | (gap > step), level

    def _holds(self, lead: Floats, *, strictly: bool = False) -> Mask:
        """Where Σ f·lead is at least 0, or above it, for all factors; what rounding leaves in doubt is not."""
        total, size = lead.sum(axis=1), np.abs(lead).sum(axis=1)
        part, whole = self.spread.as_integer_ratio()
        fits = not self.error and size.max(initial=0) < EXACT_DOUBLE / whole
        if fits and (lead == np.rint(lead)).all():
            least, slack = whole * total - part * size, np.zeros(1)
        else:
            least = total - float(self.spread) * size
            slack = 4 * EPSILON * (lead.shape[1] + 1) * size + 2 * self.error
        return np.asarray(least > slack if strictly else least >= slack)


@attrs.frozen(eq=False)
class _Ends:
    """The lowest and the highest score of each class, as parts of its scale, each by itself."""

    lowest: Floats
    highest: Floats
    #: the largest size of a last printed decimal; 0 where exact scores are compared
    step: Floats
    #: whether the score is never cut off at 0 or at the full score
    free: Mask
    own_scales: bool
    #: whether a last decimal ahead is not enough: to exact scores, and where 1.5 and 2.5 both become 2
    strictly: bool

    @classmethod
    def of(cls, pairs: Pairs) -> "_Ends":
        weighed = pairs.peers.weighed
        spread = float(pairs.spread)
        lowest = -_highest(-pairs.had, pairs.applies, spread)
        highest = _highest(pairs.had, pairs.applies, spread)
        margin = 64 * EPSILON * (1 + np.abs(highest))
        most = np.inf if weighed.policy.exceed_maximum or not weighed.extra.any() else 1.0
        own_scales = rules.prints_own_scales(weighed.policy, TOTAL)
        return cls(
            np.clip(lowest - margin, 0, most),
            np.clip(highest + margin, 0, most),
            _highest(pairs.unit, pairs.applies, spread),
            (lowest >= 0) & (highest <= most),
            own_scales and weighed.policy.decide_on == "published",
            weighed.policy.decide_on == "exact" or weighed.publish.rounding == "half_even",
        )


def _highest(parts: Floats, wholes: Floats, spread: float) -> Floats:
    """The highest Σ f·part / Σ f·whole over all factors f from 1 − spread to 1 + spread."""
    # It is reached where the nodes with the highest quotients weigh the most and the others the least.
    with np.errstate(divide="ignore", invalid="ignore"):
        order = np.argsort(-np.nan_to_num(parts / wholes), axis=1)
        above, below = (_rising(np.take_along_axis(each, order, axis=1), spread) for each in (parts, wholes))
        return np.asarray(np.fmax.reduce(above / below, axis=1), dtype=np.float64)


def _rising(values: Floats, spread: float) -> Floats:
    """(classes, nodes + 1) sums in which ever more of the first weigh the most, the others the least."""
    added = np.cumsum(np.insert(values, 0, 0, axis=1), axis=1)
    least = (1 - spread) * values.sum(axis=1, keepdims=True)
    return np.asarray(least + 2 * spread * added, dtype=np.float64)


def _unit(weighed: Weighed, applies: Floats, maxima: Floats) -> Floats:
    """(classes, nodes) what a last printed decimal is, in ticks times ticks; 0 where exact scores are compared."""
    publish, policy = weighed.publish, weighed.policy
    if policy.decide_on == "exact":
        return np.zeros_like(applies)
    decimals = 10**publish.decimals
    if rules.prints_own_scales(policy, TOTAL):
        return np.asarray(maxima * weighed.ticks / decimals, dtype=np.float64)
    full = rules.full(publish, Fraction(weighed.maximum, weighed.ticks))
    return applies * float(weighed.maximum / full / decimals)
