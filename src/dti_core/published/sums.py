"""What the leaves of a published result come to, node by node: sums of all units at once, in whole ticks."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from math import lcm

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.evaluation.adjusting import is_met, net
from dti_core.evaluation.renormalise import bounded
from dti_core.evaluation.rules import NOTHING
from dti_core.exact import MAX_TICKS
from dti_core.exact.rationals import Rationals
from dti_core.published import Node, NotCounted, PublishedResult
from dti_core.published.leaves import BY_MARK, OTHERWISE, LeafState, reduced
from dti_core.published.scores import Ints, TickSums
from dti_core.rubric.node_conditions import NodeCondition
from dti_core.rubric.tree import TOTAL

SUMMED = ("points", "applicable", "counted", "missing", "full")


@attrs.frozen(eq=False)
class DerivedSums(TickSums):
    """The sums of a node, and how they came about."""

    #: whether all leaves are in the document, so that their maxima are known
    is_whole: bool = attrs.field(default=True, kw_only=True)
    #: by how many ticks a cap, bonus and penalty of its own and a gate changed P
    changes: Mapping[str, Ints] = attrs.field(factory=dict, kw_only=True)
    #: under ``by_level``, the mean of its children where it counts by that
    share: Rationals | None = attrs.field(default=None, kw_only=True)


@attrs.frozen(eq=False, slots=False)
class Summing:
    """Adds up a result whose codes and leaves are sound: :func:`rules.added` and what follows it, for all units."""

    result: PublishedResult

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """The nodes by code."""
        return {node.code: node for node in self.result.nodes}

    @cached_property
    def scale(self) -> int:
        """The ticks in a point; where that would exceed what is held exactly, the first multiple that does."""
        told = [node.code for node in self.result.nodes if not node.follows]
        columns = [
            column
            for code in told
            for column in (self.result.scores[code].points, self.result.scores[code].applicable)
            if column is not None
        ]
        scale = 1
        worths = [
            worth for node in self.result.nodes for worth in (node.maximum, *self._reduced(node)) if worth
        ]
        denominators = {worth.denominator for worth in worths}
        denominators.update(*(set(column.denominator.tolist()) for column in columns))
        for denominator in sorted(denominators - {0}):
            scale = lcm(scale, denominator)
            if scale > MAX_TICKS:
                break
        return scale

    def _reduced(self, node: Node) -> Iterator[Fraction]:
        """What a leaf is worth where a part of it does not apply."""
        for _, aside in self.asides.get(node.code, ()):
            yield from filter(None, [reduced(node, aside)])

    @cached_property
    def asides(self) -> Mapping[str, Sequence[tuple[int, NotCounted]]]:
        """Leaves → for which rows they did not count in the ordinary way."""
        asides: dict[str, list[tuple[int, NotCounted]]] = {}
        for row, unit in enumerate(self.result.units):
            for aside in unit.excluded:
                asides.setdefault(aside.leaf, []).append((row, aside))
        return asides

    @cached_property
    def replaced(self) -> Mapping[str, Mapping[str, NDArray[np.bool_]]]:
        """Nodes → stand-by leaves → the units for which these count in their place."""
        replaced: dict[str, dict[str, NDArray[np.bool_]]] = {}
        for listed in self.asides.values():
            for row, aside in listed:
                if aside.treatment == "substitute" and aside.by is not None:
                    for place in aside.rulings:
                        for member in self.result.rulings[place].members:
                            rows = replaced.setdefault(member, {}).setdefault(aside.by, self.nowhere.copy())
                            rows[row] = True
        return replaced

    @cached_property
    def nowhere(self) -> NDArray[np.bool_]:
        """A mask that holds for no unit."""
        return np.zeros(len(self.result.units), dtype=bool)

    def ticks(self, points: Fraction | None) -> int:
        """Points as ticks."""
        return int((points or NOTHING) * self.scale)

    def in_ticks(self, points: Rationals) -> Ints:
        """Points as ticks, 0 where there are none."""
        unit = self.scale // np.maximum(points.denominator, 1)
        return np.asarray(points.numerator * unit, dtype=np.int64)

    def leaf(self, node: Node) -> LeafState:
        """What a leaf can earn."""
        most = self.ticks(node.maximum)
        worth = np.full(len(self.nowhere), 0 if node.role == "standby" else most)
        for by_leaf in self.replaced.values() if node.role == "standby" else ():
            worth[by_leaf.get(node.code, self.nowhere)] = most
        settled = np.where(worth > 0, BY_MARK, 0)
        for row, aside in self.asides.get(node.code, ()):
            if aside.treatment in OTHERWISE:
                settled[row] = 0
                worth[row] = most if aside.treatment == "zero" else 0
            elif aside.treatment == "full_marks":
                settled[row] = most
            elif aside.to is not None:
                worth[row] = self.ticks(reduced(node, aside))
        return LeafState(worth, settled)

    @cached_property
    def sums(self) -> Mapping[str, DerivedSums]:
        """The sums of every scored node."""
        sums: dict[str, DerivedSums] = {}
        scored = [node for node in self.result.nodes if node.is_scored]
        for node in scored:
            if not node.follows:
                sums[node.code] = self._told(node) if node.partial else self._leaf_sums(node)
        # children stand after what holds them
        for node in reversed(scored):
            if node.follows:
                sums[node.code] = self._adjusted(node, self._added(node, sums), sums)
        return sums

    def _leaf_sums(self, node: Node) -> DerivedSums:
        state, points = self.leaf(node), self.result.scores[node.code].points
        missing = state.worth * (points.null & state.by_mark)
        applicable = state.worth - missing if self.result.policy.missing == "exclude" else state.worth
        full = np.full_like(state.worth, self.ticks(node.maximum))
        return DerivedSums(self.in_ticks(points), applicable, state.worth, missing, full)

    def _told(self, node: Node) -> DerivedSums:
        """The sums of a node whose parts are left out, as the document has them."""
        scores = self.result.filled(node.code)
        points, applicable = (
            self.in_ticks(each) for each in (scores.points, scores.applicable or scores.points)
        )
        unknown = np.zeros_like(points)
        return DerivedSums(points, applicable, unknown, unknown, unknown, is_whole=False)

    def _added(self, node: Node, sums: Mapping[str, DerivedSums]) -> DerivedSums:
        parts = [self._counting(child, sums) for child in self._scored_in(node)]
        added = (self._each_unit(sum(getattr(part, field) for part in parts)) for field in SUMMED)
        return DerivedSums(*added, is_whole=all(part.is_whole for part in parts))

    def _scored_in(self, node: Node) -> list[Node]:
        return [self.nodes[child] for child in node.children if self.nodes[child].role == "scored"]

    def _counting(self, child: Node, sums: Mapping[str, DerivedSums]) -> DerivedSums:
        """What counts of a child: for units in which a stand-by leaf replaces it, that leaf."""
        counting = sums[child.code]
        for by, rows in self.replaced.get(child.code, {}).items():
            there = sums[by]
            columns = (np.where(rows, getattr(there, field), getattr(counting, field)) for field in SUMMED)
            counting = DerivedSums(*columns, is_whole=counting.is_whole and there.is_whole)
        return counting

    def _adjusted(self, node: Node, added: DerivedSums, sums: Mapping[str, DerivedSums]) -> DerivedSums:
        """After a cap, a bonus and penalty of its own, and a gate, in this order."""
        points, applicable = added.points, added.applicable
        changes: dict[str, Ints] = {}
        if node.cap:
            most = self.ticks(node.maximum)
            applicable = np.minimum(applicable, most)
            changes["cap"] = np.minimum(points, most) - points
            points = points + changes["cap"]
        own = self.own.get(node.code, ())
        if own:
            extra = sum(self.extra[each.code] * (-1 if each.role == "penalty" else 1) for each in own)
            changed = net(points, extra, applicable, exceed=self.result.policy.exceed_maximum)
            changes["own"] = changed - points
            points = changed
        is_open = np.logical_and.reduce(
            [~self.nowhere, *(self._is_met(asked, sums) for asked in node.zero_unless)]
        )
        if node.zero_unless:
            changes["gate"] = -points * ~is_open
            points = points * is_open
        share = None
        if self.result.policy.renormalise == "by_level" and not node.cap and not own:
            share = self._mean(node, sums)
            share = share.where(~is_open & ~share.null, 0)
        return attrs.evolve(added, points=points, applicable=applicable, changes=changes, share=share)

    @cached_property
    def own(self) -> Mapping[str, Sequence[Node]]:
        """Nodes → the nodes of bonus and penalty that name them."""
        own: dict[str, list[Node]] = {}
        for node in self.result.nodes:
            if node.adjusts is not None:
                own.setdefault(node.adjusts, []).append(node)
        return own

    def _is_met(self, condition: NodeCondition, sums: Mapping[str, DerivedSums]) -> NDArray[np.bool_]:
        if not self.nodes[condition.node].is_scored:
            value = self.in_points(self.extra[condition.node])
            return np.asarray(condition.holds(value))
        asked = sums[condition.node]
        return is_met(condition, asked.points, asked.applicable, self.scale)

    def in_points(self, ticks: Ints) -> Rationals:
        """Ticks as points."""
        return Rationals(ticks, np.full_like(ticks, self.scale))

    def _mean(self, node: Node, sums: Mapping[str, DerivedSums]) -> Rationals:
        """:func:`rules.mean` of the shares of the children."""
        above = below = Rationals(np.zeros_like(self.nowhere, np.int64), np.ones_like(self.nowhere, np.int64))
        for child in self._scored_in(node):
            share = self.share(child.code, sums)
            for by, rows in self.replaced.get(child.code, {}).items():
                there = self.share(by, sums)
                share = share.where(rows, there)
            weight = child.maximum or NOTHING
            above = (above + share.where(share.null, 0) * weight).lowest_terms()
            below = below + (share.where(~share.null, 1).where(share.null, 0) * weight)
            below = below.lowest_terms()
        return above / below

    def share(self, code: str, sums: Mapping[str, DerivedSums] | None = None) -> Rationals:
        """What part of its maximum a node earns, before the bonus and penalty of the total."""
        of = (self.sums if sums is None else sums)[code]
        node = self.nodes[code]
        if node.partial and node.maximum and self.result.policy.renormalise == "by_level":
            told = self.result.filled(code).score
            return bounded((told or self.in_points(of.points)) / node.maximum, self.result.policy)
        return Rationals(of.points, of.applicable) if of.share is None else of.share

    @cached_property
    def extra(self) -> Mapping[str, Ints]:
        """The points of nodes of bonus and penalty: of a mixed one, bonus less penalty."""
        bonus, penalty = (self._of_kind(role, to_total=False) for role in ("bonus", "penalty"))
        aside = [node for node in self.result.nodes if not node.is_scored]
        return {
            node.code: self._each_unit(
                penalty[node.code] if node.role == "penalty" else bonus[node.code] - penalty[node.code]
            )
            for node in aside
        }

    @property
    def has_extra(self) -> bool:
        """Whether bonus or penalty changes the total."""
        return any(not node.is_scored and node.adjusts is None for node in self.result.nodes)

    @cached_property
    def reaching(self) -> Ints:
        """Bonus less penalty that changes the total."""
        bonus, penalty = (self._of_kind(role, to_total=True)[TOTAL] for role in ("bonus", "penalty"))
        return self._each_unit(bonus - penalty)

    def _of_kind(self, role: str, *, to_total: bool) -> Mapping[str, Ints | int]:
        """Points of one kind under every node, each common cap applied; ``to_total``, those that change the total."""
        added: dict[str, Ints | int] = {}
        for node in reversed(self.result.nodes):
            if node.follows or node.is_scored:
                below = [self.nodes[child] for child in node.children]
                parts = [added[child.code] for child in below if not (to_total and child.adjusts)]
                added[node.code] = sum(parts, 0)
            else:
                added[node.code] = (
                    self.in_ticks(self.result.scores[node.code].points) if node.role == role else 0
                )
            if node.role == role:
                added[node.code] = np.minimum(added[node.code], self.ticks(node.maximum))
        return added

    def _each_unit(self, ticks: Ints | int) -> Ints:
        return np.broadcast_to(np.asarray(ticks, dtype=np.int64), self.nowhere.shape)
