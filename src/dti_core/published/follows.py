"""What the sums of a published result leave its scores to be: scores, printed values, ranks and grades of all units."""

from fractions import Fraction
from functools import cached_property, reduce
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.columns.factor import factor
from dti_core.evaluation import rules
from dti_core.evaluation.ranking import NO_GROUP, ranks_of
from dti_core.evaluation.renormalise import bounded
from dti_core.evaluation.rules import NOTHING
from dti_core.exact.rationals import Rationals
from dti_core.published import Node, PublishedResult
from dti_core.published.scores import Ints, NodeScores
from dti_core.published.sums import Summing
from dti_core.rubric.policy import AttributeOrder, Breaker, DecideOn, Publish
from dti_core.rubric.tree import TOTAL
from dti_core.scores import keys


@attrs.frozen(eq=False, slots=False)
class Decisive:
    """What a node's score comes to for all units: printed, and as ranks, ties and bands compare it."""

    #: relative to the scale
    share: Rationals
    #: what a full score is worth
    scale: Rationals | Fraction
    publish: Publish
    decide_on: DecideOn

    @property
    def null(self) -> NDArray[np.bool_]:
        """Which units have no score."""
        return self.share.null

    @property
    def score(self) -> Rationals:
        """The score, exactly."""
        return self.share * self.scale

    @cached_property
    def printed(self) -> Rationals:
        """:func:`rules.printed`."""
        unit, rounding = 10**self.publish.decimals, self.publish.rounding
        if isinstance(self.scale, Rationals) and self.publish.as_ == "points":
            rounded = self.score.rounded(unit, rounding)
        else:
            rounded = self.share.rounded(self._full * unit, rounding)
        return Rationals(rounded, np.where(self.null, 0, unit))

    @property
    def _full(self) -> Fraction:
        return rules.full(self.publish, self.scale if isinstance(self.scale, Fraction) else rules.ONE)

    @cached_property
    def value(self) -> Rationals:
        """:func:`rules.decisive`."""
        if self.decide_on == "exact":
            return self.share
        return self.printed / (self.scale if self.publish.as_ == "points" else self._full)

    @cached_property
    def keys(self) -> Ints:
        """Whole numbers that order the units as the values do."""
        has_one_scale = self.publish.as_ != "points" or isinstance(self.scale, Fraction)
        units = self.printed.numerator
        if self.decide_on == "published" and has_one_scale and units.dtype == np.int64:
            return units
        return self.value.ordinals()


@attrs.frozen(eq=False, slots=False)
class Following:
    """What follows from the leaves, and from the nodes whose parts are left out, of a result."""

    summing: Summing

    @property
    def result(self) -> PublishedResult:
        """The result."""
        return self.summing.result

    def scores(self, node: Node, decisive: Decisive) -> NodeScores:
        """The scores of a node that is scored, without grades."""
        columns = self.columns(node, decisive)
        return attrs.evolve(columns, rank=self._ranks(node, decisive, columns.coverage))

    def columns(self, node: Node, decisive: Decisive) -> NodeScores:
        """The same without ranks; with what is told where nothing else says it."""
        sums, told = self.summing.sums[node.code], self.result.scores[node.code]
        columns: dict[str, Any] = sums.columns(
            self.summing.scale, self.summing.ticks(node.maximum), is_leaf=not node.follows
        )
        if not sums.is_whole:
            columns |= {name: _within_one(getattr(told, name)) for name in ("completeness", "coverage")}
        is_plain = self.result.policy.renormalise != "by_level" and node.code != TOTAL
        return NodeScores(
            **columns,
            score=None if is_plain else decisive.score,
            published=decisive.printed,
        )

    def points(self, node: Node) -> Rationals:
        """P of a node; of bonus and penalty their points."""
        summing = self.summing
        if not node.is_scored and not node.follows:
            return summing.result.scores[node.code].points
        return summing.in_points(
            summing.sums[node.code].points if node.is_scored else summing.extra[node.code]
        )

    def decisive(self, node: Node) -> Decisive:
        """What ranks, ties and bands compare at a node."""
        policy, share = self.result.policy, self.summing.share(node.code)
        scale: Rationals | Fraction = node.maximum or NOTHING
        if policy.renormalise == "none":
            scale = self.summing.in_points(self.summing.sums[node.code].applicable)
        if node.code == TOTAL:
            share = self._of_total(share, scale)
        return Decisive(share, scale, policy.publish_of(node.code), policy.decide_on)

    def _of_total(self, share: Rationals, scale: Rationals | Fraction) -> Rationals:
        """After bonus and penalty; where these are not in the document, the nearest to what is told."""
        if self.summing.sums[TOTAL].is_whole:
            if not self.summing.has_extra:
                return share
            share = share + self.summing.in_points(self.summing.reaching) / scale
        else:
            told = self.result.scores[TOTAL].score
            share = (told / scale).where(share.null, None) if told else share
        return bounded(share, self.result.policy)

    def _ranks(self, node: Node, decisive: Decisive, coverage: Rationals | None) -> Ints:
        """Ranks within blocks, 0 where unranked."""
        keys_of = decisive.keys
        if node.code == TOTAL:
            keys_of = reduce(keys.refined, map(self._broken_by, self.result.policy.tie_break), keys_of)
        groups = np.where(decisive.null, NO_GROUP, self.blocks)
        least = Fraction(self.result.policy.min_coverage)
        if least:
            known = coverage or self.result.filled(node.code).coverage
            groups = np.where(known >= least if known else True, groups, NO_GROUP)
        return ranks_of(keys_of, groups, self.result.policy.ties)

    @cached_property
    def blocks(self) -> Ints:
        """The number of each unit's block, −1 where it is not ranked at any node."""
        place = {block.code: at for at, block in enumerate(self.result.blocks)}
        return np.array(
            [NO_GROUP if unit.unranked else place.get(unit.block or "", 0) for unit in self.result.units],
            dtype=np.int64,
        )

    def _broken_by(self, breaker: Breaker) -> Ints:
        """Whole numbers that order units where they tie, 0 for those that have nothing to compare."""
        if isinstance(breaker, AttributeOrder):
            values = [unit.attributes.get(breaker.attribute) for unit in self.result.units]
            declared = dict(self.result.attributes)[breaker.attribute]
            return keys.of_attribute(factor(values), declared, breaker.order)
        node = self.summing.nodes[breaker]
        if not node.is_scored:
            return self._by_points(node)
        decisive = self.decisive(node)
        return np.where(decisive.null, 0, decisive.keys + 1)

    def _by_points(self, node: Node) -> Ints:
        return keys.of_points(self.summing.extra[node.code], node.role)


def _within_one(told: Rationals | None) -> Rationals | None:
    return told and told.at_least(0).at_most(1)
