"""What follows for merged units where main indices are averaged, and the rest is worked out of these."""

from collections.abc import Callable, Mapping
from functools import cached_property

import attrs
import numpy as np

from dti_core.evaluation.renormalise import bounded
from dti_core.exact.rationals import Mask, Rationals
from dti_core.published import Node, PublishedResult
from dti_core.published.follows import Following
from dti_core.published.joined import assessed
from dti_core.published.merged import Merged, TickSums, plain_sums
from dti_core.published.sums import Summing
from dti_core.rubric.tree import TOTAL


def following(result: PublishedResult) -> Following:
    """What follows from the leaves of a result, those of former units included."""
    summing = Summing(assessed(result))
    if result.former is None:
        return Following(summing)
    return (MergedByIndex if result.former.mean_of == "indices" else Merged)(summing, result)


def view_codes(result: PublishedResult) -> frozenset[str]:
    """The total and the sets of nodes: what is no main index, nor in one."""
    children = {node.code: node.children for node in result.nodes}
    inside, level = set[str](), {*children[TOTAL]}
    while level:
        inside |= level
        level = {inner for code in level for inner in children[code]} - inside
    return frozenset(children.keys() - inside)


def leaves_out_indices(result: PublishedResult) -> bool:
    """Whether main indices, or members of sets, are left out of a document."""
    inside = view_codes(result)
    return any(node.partial for node in result.nodes if node.code in inside)


@attrs.frozen(eq=False)
class Counting:
    """What a node counts with in what names it."""

    share: Rationals
    #: 0 where there is no share
    weight: Rationals
    points: Rationals
    applicable: Rationals


@attrs.frozen(eq=False, slots=False)
class MergedByIndex(Merged):
    """At main indices, and all in them, a merged unit has the mean of those of its former ones that have a score there.

    Total, groups and pillars follow by the policy, as if every main index were marked with its mean; one at which none
    has a score does not apply.
    """

    def counted(self, node: Node) -> Mask | None:
        """Which of the assessed are averaged at a node."""
        return ~self.assessed.decisive(node).null

    def share(self, node: Node) -> Rationals:
        """The score relative to its scale."""
        plain = super().share(node)
        if node.code not in self._views:
            return plain
        share = self._counting[node.code].share
        if node.code == TOTAL and self.summing.has_extra:
            extra = self.mean(self.summing.in_points(self.summing.reaching))
            share = bounded(
                share + extra / self._scale(node, self._counting[TOTAL].applicable), self.result.policy
            )
        return share.where(self._apart, plain)

    def sums(self, node: Node) -> TickSums:
        """P and A."""
        points, applicable = super().sums(node)
        if node.code not in self._views:
            return points, applicable
        counting = self._counting[node.code]
        return counting.points.where(self._apart, points), counting.applicable.where(self._apart, applicable)

    @cached_property
    def _apart(self) -> Mask:
        """The units that are not merged."""
        return np.array([not unit.merged for unit in self.merged.units], dtype=bool)

    @cached_property
    def _views(self) -> frozenset[str]:
        return view_codes(self.merged)

    @cached_property
    def _counting(self) -> Mapping[str, Counting]:
        """What total, sets and their members count with, before the bonus and penalty of the total."""
        counting: dict[str, Counting] = {}
        # members stand after what names them
        for node in reversed(self.merged.nodes):
            if node.code in self._views and node.is_scored:
                children = (self.summing.nodes[child] for child in node.children)
                members = [child for child in children if child.role == "scored"]
                for member in members:
                    if member.code not in counting:
                        counting[member.code] = self._member(member)
                counting[node.code] = self._added(node, [counting[member.code] for member in members])
        return counting

    def _added(self, node: Node, members: list[Counting]) -> Counting:
        """A set of members by the policy: their mean by weight."""
        above = below = points = applicable = self._zero
        for member in members:
            above = (above + member.share.where(member.share.null, 0) * member.weight).lowest_terms()
            below = (below + member.weight).lowest_terms()
            points = (points + member.points).lowest_terms()
            applicable = (applicable + member.applicable).lowest_terms()
        share, weight = above / below, below
        if self.merged.policy.renormalise == "by_level":
            weight = self._scale(node, applicable).where(share.null, 0)
        return Counting(share, weight, points, applicable)

    def _member(self, node: Node) -> Counting:
        """A main index, or another node that is no set."""
        counted = ~self._standing_in(node, self._plain_share).null
        share, points, applicable = (
            self.mean(self._standing_in(node, of), counted)
            for of in (self._plain_share, self._plain_points, self._plain_applicable)
        )
        return Counting(share, self._scale(node, applicable).where(share.null, 0), points, applicable)

    @cached_property
    def _zero(self) -> Rationals:
        zeros = np.zeros(len(self.merged.units), dtype=np.int64)
        return Rationals(zeros, zeros + 1)

    def _scale(self, node: Node, applicable: Rationals) -> Rationals:
        """What a full score is worth."""
        return applicable if self.merged.policy.renormalise == "none" else self._zero + (node.maximum or 0)

    def _plain_share(self, node: Node) -> Rationals:
        return self.assessed.decisive(node).share

    def _plain_points(self, node: Node) -> Rationals:
        return plain_sums(self.assessed, node)[0]

    def _plain_applicable(self, node: Node) -> Rationals:
        return plain_sums(self.assessed, node)[1]

    def _standing_in(self, node: Node, of: Callable[[Node], Rationals]) -> Rationals:
        """A column of a node, for units in which a stand-by leaf replaces it that of the leaf."""
        column = of(node)
        for by, rows in self.summing.replaced.get(node.code, {}).items():
            column = column.where(rows, of(self.summing.nodes[by]))
        return column
