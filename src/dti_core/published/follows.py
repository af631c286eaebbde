"""What follows from a unit's leaves and from the nodes directly in each node: sums, what adjusts them, shares."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import attrs

from dti_core.evaluation import rules
from dti_core.evaluation.rules import NOTHING, Sums
from dti_core.published import Adjusted, Node, PublishedResult, Unit
from dti_core.rubric.node_conditions import NodeCondition
from dti_core.rubric.tree import TOTAL


@attrs.frozen
class Follows:
    """What the nodes directly in a node leave it to be."""

    sums: Sums
    adjusted: Adjusted
    #: of the maxima of its leaves, which are marked
    coverage: Fraction | None
    completeness: Fraction | None
    #: under ``by_level``, the mean of its children where it counts by that
    share: Fraction | None
    #: of the total, bonus less penalty that changes it
    extra: Fraction = NOTHING


@attrs.frozen(eq=False)
class Following:
    """Works it out for the units of a result."""

    result: PublishedResult
    nodes: Mapping[str, Node]
    #: nodes → the nodes of bonus and penalty that name them
    own: Mapping[str, Sequence[Node]]

    @classmethod
    def of(cls, result: PublishedResult) -> "Following":
        """What holds for all units."""
        own: dict[str, list[Node]] = {}
        for node in result.nodes:
            if node.adjusts is not None:
                own.setdefault(node.adjusts, []).append(node)
        return cls(result, {node.code: node for node in result.nodes}, own)

    def unit(self, unit: Unit) -> dict[str, Follows]:
        """What follows at every scored node that has children."""
        replaced, extra = self._replaced(unit), self._extra(unit)
        leaves = [node for node in self.result.nodes if node.is_scored and not node.children]
        sums = {node.code: self._leaf(unit, node) for node in leaves}
        full = {node.code: node.maximum or NOTHING for node in leaves}
        follows = {}
        # children stand after what holds them
        for node in reversed(self.result.nodes):
            if node.is_scored and node.children:
                score, children = unit.scores[node.code], self._counting(node, replaced)
                added = rules.added(sums[code] for _, code in children)
                full[node.code] = sum((full[code] for _, code in children), NOTHING)
                made = self._follows(unit, node, added, full[node.code], children)
                follows[node.code] = attrs.evolve(made, extra=extra) if node.code == TOTAL else made
                applicable = score.applicable or NOTHING
                sums[node.code] = attrs.evolve(added, points=score.points, applicable=applicable)
        return follows

    def _extra(self, unit: Unit) -> Fraction:
        """Bonus less penalty that changes the total."""
        reaching: dict[str, Fraction] = {}
        for node in reversed(self.result.nodes):
            points = unit.scores[node.code].points
            if node.adjusts is not None:
                points = NOTHING
            elif node.role == "penalty":
                points = -points
            elif node.role != "bonus":
                points = sum((reaching[child] for child in node.children), NOTHING)
            reaching[node.code] = points
        return reaching[TOTAL]

    def _replaced(self, unit: Unit) -> dict[str, str]:
        """Nodes → the stand-by leaves that count in their place."""
        return {
            self.result.rulings[place].members[0]: aside.by
            for aside in unit.excluded
            if aside.treatment == "substitute" and aside.by is not None
            for place in aside.rulings
        }

    def _counting(self, node: Node, replaced: Mapping[str, str]) -> list[tuple[Node, str]]:
        """The scored nodes directly in a node, each with what counts in its place."""
        children = (self.nodes[child] for child in node.children)
        return [(child, replaced.get(child.code, child.code)) for child in children if child.role == "scored"]

    def _leaf(self, unit: Unit, node: Node) -> Sums:
        """The sums of a leaf, its maxima from its coverage and completeness."""
        score, maximum = unit.scores[node.code], node.maximum or NOTHING
        marked, applicable = (score.coverage or NOTHING) * maximum, score.applicable or NOTHING
        counted = marked / score.completeness if score.completeness else NOTHING
        if score.completeness == 0:
            aside = next((aside for aside in unit.excluded if aside.leaf == node.code), None)
            reduced = (
                maximum
                if aside is None or aside.to is None
                else aside.to / (node.mark_max or maximum) * maximum
            )
            counted = applicable or reduced
        return Sums(score.points, applicable, counted, counted - marked)

    def _follows(
        self, unit: Unit, node: Node, added: Sums, full: Fraction, children: Sequence[tuple[Node, str]]
    ) -> Follows:
        own, exceed = self.own.get(node.code, ()), self.result.policy.exceed_maximum
        capped = rules.within_cap(added, node.maximum if node.cap else None)
        signs = ((-1 if each.role == "penalty" else 1) * unit.scores[each.code].points for each in own)
        adjusted = rules.with_own(capped, sum(signs, NOTHING), exceed=exceed) if own else capped
        is_open = all(rules.is_met(each, self._asked(unit, each)) for each in node.zero_unless)
        gated = rules.gated(adjusted, is_open=is_open)
        share = None
        if self.result.policy.renormalise == "by_level" and not node.cap and not own:
            share = rules.mean(self._shares(unit, children)) if is_open else NOTHING
        stages = (added, capped, adjusted, gated)
        return Follows(
            sums=gated,
            adjusted=Adjusted(**dict(_changes(stages))),
            coverage=rules.ratio(added.marked, full),
            completeness=rules.ratio(added.marked, added.counted),
            share=share,
        )

    def _asked(self, unit: Unit, condition: NodeCondition) -> Fraction | None:
        score, node = unit.scores[condition.node], self.nodes[condition.node]
        if not node.is_scored:
            return score.points
        if not score.applicable:
            return None
        return score.points if condition.in_ == "points" else 100 * score.points / score.applicable

    def _shares(
        self, unit: Unit, children: Sequence[tuple[Node, str]]
    ) -> Iterator[tuple[Fraction, Fraction | None]]:
        """What each child weighs, and what part of its maximum it earns."""
        for child, counting in children:
            score, maximum = unit.scores[counting].score, self.nodes[counting].maximum
            yield child.maximum or NOTHING, score / maximum if score is not None and maximum else None


def _changes(stages: Sequence[Sums]) -> Iterator[tuple[str, Fraction]]:
    for name, before, after in zip(("cap", "own", "gate"), stages, stages[1:], strict=False):
        if before.points != after.points:
            yield name, after.points - before.points
