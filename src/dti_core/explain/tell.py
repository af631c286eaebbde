"""The steps of an explanation, in the order of the calculation."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

import attrs

from dti_core.evaluation import rules
from dti_core.evaluation.rules import Sums
from dti_core.explain import steps
from dti_core.explain.adding import Adding
from dti_core.explain.derive import Derivation
from dti_core.explain.grade import grade_step
from dti_core.explain.leaves import EXTRAS
from dti_core.explain.parts import Compares, First, TieBreak
from dti_core.rubric.conditions import typed
from dti_core.rubric.policy import AttributeOrder, Breaker, SortOrder
from dti_core.rubric.tree import TOTAL
from dti_core.scores import Scores
from dti_core.terms import Label, Scalar

SHOWN_TIED = 10
ValueOf = Callable[[Derivation], Fraction | Scalar | None]
FIRST: Mapping[tuple[bool, SortOrder], First] = {
    (False, "ascending"): "lower",
    (False, "descending"): "higher",
    (True, "ascending"): "listed first",
    (True, "descending"): "listed last",
}
"""Which value of an attribute comes first, by whether its values are listed, and the order."""


@attrs.frozen
class Teller(Adding):
    """Tells how one unit, ``own``, came by its published value of a node."""

    scores: Scores

    def tell(self) -> Iterator[steps.Step]:
        """Leaves and sums, the score where there is one, then rank and grade of what may have one."""
        node = self.scores.node
        yield from self.below(node)
        if self.own.tree.kind[node] not in ("scored", "standby"):
            return
        conversion, publication = self._conversion(self.own), self._publication(self.own, node)
        if conversion and publication:
            yield conversion
            yield from self._adjustment(conversion, publication.score)
            yield publication
        unranked = self._unranked(node)
        if unranked:
            yield unranked
        if publication:
            if not unranked:
                yield self._standing(publication)
            yield from grade_step(self.scores, self.own, publication)

    def _conversion(self, unit: Derivation) -> steps.Conversion | None:
        node, share = self.scores.node, unit.share(self.scores.node)
        if share is None:
            return None
        sums, scale = unit.sums(node), unit.scale(node)
        return steps.Conversion(
            **self.about(node),
            renormalise=unit.policy.renormalise,
            points=sums.points,
            applicable=sums.applicable,
            share=share,
            scale=scale,
            score=share * scale,
        )

    def _adjustment(self, converted: steps.Conversion, score: Fraction) -> Iterator[steps.Adjustment]:
        bonus, penalty = (self.own.extra(role, converted.node) for role in EXTRAS)
        if converted.node == TOTAL and (bonus or penalty):
            yield steps.Adjustment(
                **self.about(converted.node),
                before=converted.score,
                bonus=bonus,
                penalty=penalty,
                ceiling=None if self.own.policy.exceed_maximum else converted.scale,
                score=score,
            )

    def _publication(self, unit: Derivation, node: str) -> steps.Publication | None:
        score, scale, publish = unit.score(node), unit.scale(node), unit.policy.publish_of(node)
        if score is None:
            return None
        return steps.Publication(
            **self.about(node),
            score=score,
            scale=scale,
            publish=publish,
            exact=rules.formed(score, scale, publish),
            published=rules.printed(score, scale, publish),
            decisive=rules.decisive(score, scale, publish, unit.policy.decide_on),
        )

    def _unranked(self, node: str) -> steps.Unranked | None:
        why = self.scores.why_unranked(self.own.unit)
        if why is None:
            return None
        return steps.Unranked(**self.about(node), **attrs.asdict(why, recurse=False) | {"block": self._block})

    @property
    def _block(self) -> Label | None:
        block = self.own.setting.block(self.own.row)
        return block.title if block else None

    def _standing(self, own: steps.Publication) -> steps.Standing:
        """The rank, and who stands beside the unit."""
        rank, of, rows_of = self.scores.order.around(self.own.row)
        tied = rows_of[rank][rows_of[rank] != self.own.row]
        rivals = [
            self._rival(row, other, len(rows), own)
            for other, rows in rows_of.items()
            for row in (tied[:SHOWN_TIED] if other == rank else rows[:1]).tolist()
        ]
        return steps.Standing(
            **self.about(own.node),
            rank=rank,
            of=of,
            block=self._block,
            decide_on=self.own.policy.decide_on,
            above=next((rival for rival in rivals if rival.rank < rank), None),
            below=next((rival for rival in rivals if rival.rank > rank), None),
            tied=tuple(rival for rival in rivals if rival.rank == rank),
            tied_count=len(tied),
            tie_break=tuple(map(self._breaker, self.scores.tie_break)),
        )

    def _rival(self, row: int, rank: int, count: int, own: steps.Publication) -> steps.Rival:
        rival = Derivation(self.own.common, row, {own.node: self._quoted(row)})
        conversion, publication = self._conversion(rival), self._publication(rival, own.node)
        assert conversion and publication  # noqa: S101, PT018 - who is ranked has a score
        return steps.Rival(
            unit=rival.unit,
            name=rival.name,
            rank=rank,
            count=count,
            conversion=conversion,
            publication=publication,
            tie_break=self._tie_break(rival) if publication.decisive == own.decisive else None,
        )

    def _quoted(self, row: int) -> Sums:
        """What the result has of the node for another unit."""
        sums, points = self.scores.sums, self.own.common.leaves.points
        return Sums(points(int(sums.points[row])), points(int(sums.applicable[row])))

    def _breaker(self, breaker: Breaker) -> Label:
        if isinstance(breaker, AttributeOrder):
            return Label(breaker.attribute)
        return self.own.tree.title[breaker]

    def _tie_break(self, rival: Derivation) -> TieBreak | None:
        """What told the unit apart from its rival, the first in turn."""
        ties = (self._compared(breaker, rival) for breaker in self.scores.tie_break)
        return next((tie for tie in ties if typed(tie.own) != typed(tie.other)), None)

    def _compared(self, breaker: Breaker, rival: Derivation) -> TieBreak:
        compares, first, value_of = self._comparison(breaker)
        return TieBreak(
            node=None if isinstance(breaker, AttributeOrder) else breaker,
            title=self._breaker(breaker),
            compares=compares,
            first=first,
            own=value_of(self.own),
            other=value_of(rival),
        )

    def _comparison(self, breaker: Breaker) -> tuple[Compares, First, ValueOf]:
        """What a tie-break compares, which value comes first, and how a unit comes by its own."""
        if isinstance(breaker, AttributeOrder):
            name, declared = breaker.attribute, dict(self.own.setting.rubric.attributes)
            first = FIRST[declared[name].enum is not None, breaker.order]
            return "attribute", first, lambda unit: unit.attributes.get(name)
        kind = self.own.tree.kind[breaker]
        if kind == "scored":
            return "share", "higher", lambda unit: self._share(unit, breaker)
        first = "fewer" if kind == "penalty" else "higher"
        return "points", first, lambda unit: unit.extra_points(breaker)

    def _share(self, unit: Derivation, node: str) -> Fraction | None:
        publication = self._publication(unit, node)
        return None if publication is None else publication.decisive
