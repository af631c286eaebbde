"""The steps of an explanation, in the order of the calculation, their words in one language."""

from collections.abc import Iterator
from fractions import Fraction

import attrs

from dti_core.applicability import Source
from dti_core.evaluation import rules
from dti_core.explain import steps
from dti_core.explain.derive import Derivation
from dti_core.marks import MarkSheet
from dti_core.rubric.tree import TOTAL
from dti_core.scores import Scores
from dti_core.terms import Language

SHOWN_TIED = 10
EXTRAS = ("bonus", "penalty")


@attrs.frozen
class Teller:
    """Tells how one unit, ``own``, came by its published value of a node."""

    scores: Scores
    own: Derivation
    language: Language

    def tell(self) -> Iterator[steps.Step]:
        """Leaves and sums, the score where there is one, then rank and grade of what may have one."""
        node = self.scores.node
        yield from self._below(node)
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
        elif publication:
            yield self._standing(publication)
        if publication:
            yield from self._grade(publication)

    def _title(self, node: str) -> str:
        return self.own.tree.title[node].text(self.language)

    def _about(self, node: str) -> dict[str, str]:
        """What every step says of its node."""
        return {"node": node, "title": self._title(node)}

    def _below(self, node: str) -> Iterator[steps.Step]:
        """The steps of a node, after those of its children."""
        tree = self.own.tree
        if node not in tree.children:
            yield self._leaf(node)
            return
        for child in self.own.children(node):
            yield from self._below(child)
        if tree.kind[node] == "scored":
            yield self._sum(node)
            share = self.own.share(node) if self.own.policy.renormalise == "by_level" else None
            if share is not None:
                terms = tuple(self.own.terms(node))
                yield steps.Mean(**self._about(node), terms=terms, share=share)
        if any(tree.has(role, node) for role in EXTRAS):
            yield self._extra(node)

    def _leaf(self, leaf: str) -> steps.Leaf:
        own, role, mark = self.own, self.own.tree.role[leaf], self.own.mark(leaf)
        sums, aside, stands_for = own.sums(leaf), own.asides.get(leaf), own.stands_for.get(leaf)
        decided = own.asides[own.tree.scored_under(stands_for)[0]] if stands_for else aside
        return steps.Leaf(
            **self._about(leaf),
            role=role,
            mark=mark,
            maximum=own.maximum(leaf),
            points=own.extra(role, leaf) if role in EXTRAS else sums.points,
            applicable=sums.applicable,
            missing=own.policy.missing if sums.missing else None,
            treatment=aside.treatment if aside else None,
            ignored=mark if aside and aside.ignores else None,
            authorities=tuple(map(self._authority, decided.sources)) if decided else (),
            overrules=tuple(str(source.rule) for source in aside.overruled) if aside else (),
            by=aside.by if aside else None,
            stands_for=stands_for,
            calculation=self._calculation(leaf),
        )

    def _authority(self, source: Source) -> steps.Authority:
        return steps.Authority(
            origin=source.origin,
            rule=source.rule,
            reason=source.exclusion.reason.text(self.language),
            basis=source.exclusion.basis,
            because=source.because(self.own.attributes),
        )

    def _calculation(self, leaf: str) -> str | None:
        """How measures became the mark; a sheet that was marked directly needs none of their machinery."""
        marks = self.own.setting.marks
        if type(marks) is MarkSheet:
            return None
        from dti_core.measures import calculation

        return calculation(marks, self.own.unit, leaf, self.language)

    def _sum(self, node: str) -> steps.Sum:
        sums = self.own.sums(node)
        return steps.Sum(
            **self._about(node),
            children=self.own.children(node),
            points=sums.points,
            applicable=sums.applicable,
            maximum=self.own.maximum(node),
            missing=sums.missing,
            left_out=sums.missing if self.own.policy.missing == "exclude" else rules.NOTHING,
        )

    def _extra(self, node: str) -> steps.Extra:
        own, kind = self.own, self.own.tree.kind[node]
        is_capped = kind in EXTRAS
        taken = own.added(kind, node) - own.extra(kind, node) if is_capped else rules.NOTHING
        return steps.Extra(
            **self._about(node),
            role=kind,
            children=own.tree.children[node],
            bonus=own.extra("bonus", node),
            penalty=own.extra("penalty", node),
            cap=own.maximum(node) if is_capped else None,
            taken=taken,
        )

    def _conversion(self, unit: Derivation) -> steps.Conversion | None:
        node, share = self.scores.node, unit.share(self.scores.node)
        if share is None:
            return None
        return steps.Conversion(
            **self._about(node),
            renormalise=unit.policy.renormalise,
            points=unit.sums(node).points,
            applicable=unit.sums(node).applicable,
            share=share,
            scale=unit.scale(node),
            score=share * unit.scale(node),
        )

    def _adjustment(self, converted: steps.Conversion, score: Fraction) -> Iterator[steps.Adjustment]:
        bonus, penalty = (self.own.extra(role, converted.node) for role in EXTRAS)
        if converted.node == TOTAL and (bonus or penalty):
            yield steps.Adjustment(
                **self._about(converted.node),
                before=converted.score,
                bonus=bonus,
                penalty=penalty,
                ceiling=None if self.own.policy.exceed_maximum else converted.scale,
                score=score,
            )

    def _publication(self, unit: Derivation, node: str) -> steps.Publication | None:
        score, scale, policy = unit.score(node), unit.scale(node), unit.policy
        if score is None:
            return None
        return steps.Publication(
            **self._about(node),
            score=score,
            scale=scale,
            publish=policy.publish,
            exact=rules.formed(score, scale, policy.publish.as_),
            published=rules.printed(score, scale, policy.publish),
            decisive=rules.decisive(score, scale, policy),
        )

    def _unranked(self, node: str) -> steps.Unranked | None:
        why = self.scores.why_unranked(self.own.unit)
        if why is None:
            return None
        return steps.Unranked(
            **self._about(node),
            cause=why.cause,
            reason=why.reason.text(self.language),
            basis=why.basis,
            block=self._block,
            coverage=why.coverage,
            least=why.least,
        )

    @property
    def _block(self) -> str | None:
        block = self.own.setting.block(self.own.row)
        return block.title.text(self.language) if block else None

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
            **self._about(own.node),
            rank=rank,
            of=of,
            block=self._block,
            decide_on=self.own.policy.decide_on,
            above=next((rival for rival in rivals if rival.rank < rank), None),
            below=next((rival for rival in rivals if rival.rank > rank), None),
            tied=tuple(rival for rival in rivals if rival.rank == rank),
            tied_count=len(tied),
            tie_break=tuple(map(self._title, self.scores.tie_break)),
        )

    def _rival(self, row: int, rank: int, count: int, own: steps.Publication) -> steps.Rival:
        rival = Derivation(self.own.setting, row)
        conversion, publication = self._conversion(rival), self._publication(rival, own.node)
        assert conversion and publication  # noqa: S101, PT018 - who is ranked has a score
        return steps.Rival(
            unit=rival.unit,
            name=rival.setting.name(row, self.language),
            rank=rank,
            count=count,
            conversion=conversion,
            publication=publication,
            tie_break=self._tie_break(rival) if publication.decisive == own.decisive else None,
        )

    def _tie_break(self, rival: Derivation) -> steps.TieBreak | None:
        for node in self.scores.tie_break:
            publications = (self._publication(unit, node) for unit in (self.own, rival))
            own, other = (step.decisive if step else None for step in publications)
            if own != other:
                return steps.TieBreak(**self._about(node), own=own, other=other)
        return None

    def _grade(self, own: steps.Publication) -> Iterator[steps.Grade]:
        bands = self.own.setting.rubric.bands
        at = rules.band(own.decisive, bands)
        if at is not None:
            yield steps.Grade(
                **self._about(own.node),
                percent=100 * own.decisive,
                band=bands[at],
                above=bands[at - 1] if at else None,
            )
