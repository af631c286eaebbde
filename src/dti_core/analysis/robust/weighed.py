"""What units have of each node that weighs otherwise in a draw, and what that comes to, exactly."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial

import attrs
import numpy as np

from dti_core.analysis.compared import Scored, breakers, tie_values, units_of
from dti_core.analysis.outline import Outline
from dti_core.analysis.robust.wording import refused
from dti_core.answer import Ints
from dti_core.evaluation import rules
from dti_core.evaluation.levels import share_by_level
from dti_core.evaluation.sums import RollUp
from dti_core.exact.rationals import Mask, Rationals, Rows
from dti_core.exact.ratios import Ratios
from dti_core.published.sums import Summing
from dti_core.result import Result
from dti_core.rubric.policy import Policy, Publish
from dti_core.rubric.tree import TOTAL

Replaced = Mapping[str, Mapping[str, Mask]]
Pair = tuple[Ints, Ints]


@attrs.frozen(eq=False)
class Weighed:
    """Units by the nodes that weigh otherwise, in ticks: what they earn of each, and how much of it applies.

    A draw multiplies both by a factor for each node; under ``by_level`` a node earns its share of its whole maximum.
    """

    policy: Policy
    #: ticks in a point
    ticks: int
    #: (nodes,)
    maxima: Ints
    #: by node, over the units
    earned: tuple[Rationals, ...]
    #: (nodes, units)
    applies: Ints
    #: (units,) bonus less penalty of the total
    extra: Ints
    #: (units,) the place by what breaks ties, 1 for who is first in all of it
    places: Ints

    @classmethod
    def of(cls, source: Scored, nodes: Sequence[str], ranked: Mask) -> "Weighed":
        """What the units of a result have; what is refused is so for the sake of those that are ranked."""
        summed, outline = _Summed.of(source), Outline.of(source)
        maxima = np.array([int(outline.maximum(node) * summed.ticks) for node in nodes], dtype=np.int64)
        points, applies = (np.array(part) for part in zip(*map(summed.pair, nodes), strict=True))
        for part, whole in zip((points, applies), summed.pair(TOTAL), strict=True):
            if (part.sum(axis=0) != whole).any():
                raise refused("apart")
        earned = [Rationals(own, np.ones_like(own)) for own in points]
        if source.policy.renormalise == "by_level":
            absent = (applies == 0) & ranked
            if absent.any() and {*nodes} != {*outline.indices}:
                node, row = np.argwhere(absent)[0].tolist()
                raise refused("by_level", node=repr(nodes[node]), unit=repr(units_of(source)[row]))
            shares = [summed.share(node) * int(most) for node, most in zip(nodes, maxima, strict=True)]
            earned = [share.where(share.null, 0) for share in shares]
            applies = (applies > 0) * maxima[:, None]
        extra = np.broadcast_to(summed.extra, points[0].shape)
        return cls(source.policy, summed.ticks, maxima, tuple(earned), applies, extra, _places(source))

    @property
    def publish(self) -> Publish:
        """How totals are printed."""
        return self.policy.publish_of(TOTAL)

    @property
    def maximum(self) -> int:
        """What the total is worth, in ticks."""
        return int(self.maxima.sum())

    def decisive(self, factors: Sequence[Fraction], row: int) -> Fraction:
        """What ranks compare of a unit in a draw."""
        return rules.decisive(*self._score(factors, row), self.publish, self.policy.decide_on)

    def printed(self, factors: Sequence[Fraction], row: int) -> int:
        """What is printed of a unit in a draw, in units of its last decimal."""
        return int(rules.printed(*self._score(factors, row), self.publish) * 10**self.publish.decimals)

    def _score(self, factors: Sequence[Fraction], row: int) -> tuple[Fraction, Fraction]:
        """The score of a unit in a draw and its scale; all nodes together are worth what they are in force."""
        earned = [part.at(row) or rules.NOTHING for part in self.earned]
        points, applicable, maximum = (
            sum((factor * part for factor, part in zip(factors, parts, strict=True)), rules.NOTHING)
            for parts in (earned, self.applies[:, row].tolist(), self.maxima.tolist())
        )
        most = Fraction(self.maximum, self.ticks)
        scale = rules.scale(self.policy.renormalise, most, applicable / maximum * most)
        extra = Fraction(int(self.extra[row]), self.ticks)
        return rules.net(points / applicable * scale, extra, scale, exceed=self.policy.exceed_maximum), scale


@attrs.frozen(eq=False)
class Peers:
    """Units that are ranked together; those that have the same of everything tie in every draw, and are taken as one.

    The order is that in which ties are broken.
    """

    weighed: Weighed
    #: (classes,) one unit of each
    rows: Rows
    #: (classes,) how many units each stands for
    sizes: Ints
    #: (units ranked together,)
    class_of: Rows

    @classmethod
    def of(cls, weighed: Weighed, rows: Rows) -> "Peers":
        """The units in some rows."""
        earned = [part.take(rows).ordinals() for part in weighed.earned]
        had = [weighed.places[rows], weighed.extra[rows], *weighed.applies[:, rows], *earned]
        _, first, class_of, sizes = np.unique(
            np.column_stack(had), axis=0, return_index=True, return_inverse=True, return_counts=True
        )
        return cls(weighed, rows[first], sizes, class_of.reshape(-1))


@attrs.frozen(eq=False)
class _Summed:
    """The sums of a result, published or not."""

    sums: Callable[[str], Pair]
    shares: Callable[[str], Ratios]
    replaced: Replaced
    #: bonus less penalty of the total
    extra: Ints
    ticks: int

    @classmethod
    def of(cls, source: Scored) -> "_Summed":
        if isinstance(source, Result):
            rolled = source.setting.rolled
            shares = partial(share_by_level, rolled)
            return cls(
                partial(_rolled, rolled), shares, _replaced(rolled), rolled.bonus(TOTAL), source.setting.scale
            )
        summing = Summing(source)
        if not summing.sums[TOTAL].is_whole:
            raise refused("partial")
        return cls(
            lambda code: (summing.sums[code].points, summing.sums[code].applicable),
            summing.share,
            summing.replaced,
            summing.reaching,
            summing.scale,
        )

    def pair(self, code: str) -> Pair:
        """P and A of a node, of a stand-by leaf where that replaces it."""
        points, applicable = self.sums(code)
        for by, rows in self.replaced.get(code, {}).items():
            points, applicable = (
                np.where(rows, there, own)
                for there, own in zip(self.sums(by), (points, applicable), strict=True)
            )
        return points, applicable

    def share(self, code: str) -> Rationals:
        """What part of its maximum a node earns level by level, or a stand-by leaf where that replaces it."""
        share = _exact(self.shares(code))
        for by, rows in self.replaced.get(code, {}).items():
            share = share.where(rows, _exact(self.shares(by)))
        return share


def _rolled(rolled: RollUp, code: str) -> Pair:
    sums = rolled.of(code)
    return sums.points, sums.applicable


def _exact(share: Ratios) -> Rationals:
    return share if isinstance(share, Rationals) else share.exact()


def _replaced(rolled: RollUp) -> Replaced:
    """Nodes → stand-by leaves → the units for which these count in their place."""
    applicability = rolled.applicability
    return {
        code: {
            by: there[applicability.pattern_of]
            for by, there in applicability.counting(code).items()
            if by != code
        }
        for code in {code: None for form in applicability.forms for code in form.replaced}
    }


def _places(source: Scored) -> Ints:
    """The place of each unit by what breaks the ties of the total; 1 for all where nothing does."""
    columns = [tie_values(source, breaker) for breaker in breakers(source, TOTAL)]
    if not columns:
        return np.ones(len(source.units), dtype=np.int64)
    keys = [rules.rank_key(values) for values in zip(*columns, strict=True)]
    return np.array(rules.ranks(keys, "dense"), dtype=np.int64)
