"""What nodes weigh in the total of one unit, exactly."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property

import attrs

from dti_core.analysis.compared import Scored, sums
from dti_core.analysis.outline import Outline
from dti_core.errors import InvalidArgument
from dti_core.evaluation import rules
from dti_core.result import Result
from dti_core.rubric.tree import TOTAL
from dti_core.words import PROFILES


def weights(source: Scored, row: int, nodes: Sequence[str]) -> list[Fraction]:
    """What a full score of each node adds to the total's score of the unit in a row, 0 where the node does not apply.

    Caps, gates, and what bonus and penalty may not exceed are left aside: they make no node weigh more.
    """
    unit = _Unit(source, row)
    return [*map(unit.level_weight if source.policy.renormalise == "by_level" else unit.weight, nodes)]


@attrs.frozen(slots=False, eq=False)
class _Unit:
    source: Scored
    row: int
    _applicable: dict[str, Fraction] = attrs.field(init=False, factory=dict)

    @cached_property
    def outline(self) -> Outline:
        """The nodes of the source."""
        return Outline.of(self.source)

    def applicable(self, node: str) -> Fraction:
        """The applicable maximum of a node, 0 where it has none."""
        if node not in self._applicable:
            applicable = sums(self.source, node)[1].at(self.row) if self.outline.is_scored(node) else None
            self._applicable[node] = applicable or rules.NOTHING
        return self._applicable[node]

    def weight(self, node: str) -> Fraction:
        """A part of the total's scale, as large as the node's part of what applies to the unit."""
        whole = self.applicable(TOTAL)
        scale = rules.scale(self.source.policy.renormalise, self.outline.maximum(TOTAL), whole)
        return (rules.ratio(self.applicable(node), whole) or rules.NOTHING) * scale

    def level_weight(self, node: str) -> Fraction:
        """The weight of what holds the node, shared out by the full maxima of those in it that apply."""
        if node == TOTAL or not self.applicable(node):
            return self.outline.maximum(TOTAL) if node == TOTAL else rules.NOTHING
        place = {by: replaced for replaced, by in self.replaced.items()}.get(node, node)
        holder = self.holder_of.get(place)
        if holder is None:
            raise InvalidArgument(PROFILES("no_weight", node=node))
        if self.outline.counts_by_sums(holder):
            share = self.applicable(node) / self.applicable(holder)
        else:
            whole = sum(map(self.outline.maximum, self.terms(holder)))
            share = self.outline.maximum(place) / whole
        return self.level_weight(holder) * share

    def terms(self, holder: str) -> list[str]:
        """The nodes in a node that apply to the unit, or have a stand-by leaf in their place."""
        scored = (child for child in self.children[holder] if self.outline.kind[child] == "scored")
        return [child for child in scored if self.applicable(self.replaced.get(child, child))]

    @cached_property
    def children(self) -> Mapping[str, Sequence[str]]:
        """The nodes directly in a node; of a published one only where it holds all of them."""
        if isinstance(self.source, Result):
            return self.source.rubric.tree.children
        return {node.code: node.children for node in self.source.nodes if node.follows}

    @cached_property
    def holder_of(self) -> Mapping[str, str]:
        """What holds a node, from the total on downwards; sets hold nothing."""
        holders: dict[str, str] = {}
        waiting = [TOTAL]
        while waiting:
            holder = waiting.pop()
            below = self.children.get(holder, ())
            holders |= dict.fromkeys(below, holder)
            waiting += below
        return holders

    @cached_property
    def replaced(self) -> Mapping[str, str]:
        """Nodes that do not apply to the unit → the stand-by leaves that count in their place."""
        if isinstance(self.source, Result):
            applicability = self.source.marks.applicability
            return applicability.patterns[int(applicability.pattern_of[self.row])].replaced
        substituted = [aside for aside in self.source.units[self.row].excluded if aside.by is not None]
        return {
            member: str(aside.by)
            for aside in substituted
            for place in aside.rulings
            for member in self.source.rulings[place].members
        }
