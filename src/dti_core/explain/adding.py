"""The steps of an explanation up to the sums of a node: its leaves, what they add up to, and what adjusts that."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import attrs

from dti_core.applicability import Aside
from dti_core.evaluation import rules
from dti_core.explain import steps
from dti_core.explain.derive import Derivation
from dti_core.explain.leaves import EXTRAS
from dti_core.explain.parts import Authority, Requirement
from dti_core.terms import Label


@attrs.frozen
class Adding:
    """Tells what the nodes below a node come to for one unit, ``own``."""

    own: Derivation

    def about(self, node: str) -> dict[str, Any]:
        """What every step says of its node."""
        return {"node": node, "title": self.own.tree.title[node]}

    def below(self, node: str) -> Iterator[steps.Step]:
        """The steps of a node, after those of its children."""
        tree = self.own.tree
        if node not in tree.children:
            yield self._leaf(node)
            return
        for child in self.own.children(node):
            if child in tree.children:
                yield from self.below(child)
            else:
                yield self._leaf(child)
        if tree.kind[node] == "scored":
            yield from self._sums(node)
        if not self.own.common.roles[node].isdisjoint(EXTRAS):
            yield self._extra(node)

    def _sums(self, node: str) -> Iterator[steps.Step]:
        """The sum of a node, what adjusts it, and its mean by level."""
        own = self.own
        if node in own.tree.adjusted:
            yield from self._adjusted(node)
        else:
            yield self._sum(node, own.sums(node))
        share = own.share(node) if own.is_mean(node) else None
        if share is not None:
            terms, is_open = tuple(own.terms(node)), own.is_open(node)
            yield steps.Mean(**self.about(node), terms=terms, is_open=is_open, share=share)

    def _adjusted(self, node: str) -> Iterator[steps.Step]:
        """The sum of a node; then what its cap, its own bonus and penalty, and its gate make of it."""
        own, (added, capped, adjusted, gated) = self.own, self.own.adjusted(node)
        yield self._sum(node, added)
        cap = own.cap(node)
        if cap is not None:
            yield steps.Cap(
                **self.about(node),
                cap=cap,
                added_points=added.points,
                added_applicable=added.applicable,
                points=capped.points,
                applicable=capped.applicable,
            )
        if node in own.tree.own:
            yield self._own(node, capped, adjusted)
        if own.gate(node):
            yield steps.Gate(
                **self.about(node),
                conditions=tuple(Requirement.of(each, own.asked(each), own.tree) for each in own.gate(node)),
                before=adjusted.points,
                points=gated.points,
                applicable=gated.applicable,
            )

    def _sum(self, node: str, added: rules.Sums) -> steps.Sum:
        full, maximum = self.own.full(node), self.own.common.added_maximum[node]
        left_out = self.own.policy.missing == "exclude" and added.missing
        return steps.Sum(
            **self.about(node),
            children=self.own.children(node),
            points=added.points,
            applicable=added.applicable,
            maximum=maximum,
            substituted=full - maximum,
            missing=added.missing,
            left_out=self.own.whole(node) - added.applicable if left_out else rules.NOTHING,
        )

    def _own(self, node: str, before: rules.Sums, after: rules.Sums) -> steps.Own:
        own = self.own
        return steps.Own(
            **self.about(node),
            children=own.tree.own[node],
            before=before.points,
            bonus=own.own("bonus", node),
            penalty=own.own("penalty", node),
            ceiling=None if own.policy.exceed_maximum else before.applicable,
            points=after.points,
            applicable=after.applicable,
        )

    def _leaf(self, leaf: str) -> steps.Leaf:
        own, is_otherwise = self.own, leaf in self.own.otherwise
        step = self._told(leaf) if is_otherwise else own.ordinary(leaf)[0]
        calculation = self._calculation(leaf) if own.common.is_measured else None
        return attrs.evolve(step, calculation=calculation) if calculation else step

    def _told(self, leaf: str) -> steps.Leaf:
        own = self.own
        return own.common.leaves.told(leaf, own.ticks[leaf], own.sums(leaf), **self._otherwise(leaf))

    def _otherwise(self, leaf: str) -> dict[str, Any]:
        """What became of a leaf that does not count in the ordinary way, or stands in for a node, and who says so."""
        own, node = self.own, self.own.stands_for.get(leaf)
        if node is not None:
            authorities = self._authorities(own.asides[own.tree.scored_under(node)[0]])
            return {"stands_for": node, "replaced_maximum": own.maximum(node), "authorities": authorities}
        aside, mark = own.asides[leaf], own.common.leaves.mark(own.ticks[leaf])
        to = None if aside.to is None else Fraction(aside.to)
        is_above = to is not None and mark is not None and mark > to
        return {
            "treatment": aside.treatment,
            "to": to,
            "ignored": mark if is_above or aside.ignores else None,
            "authorities": self._authorities(aside),
            "overrules": tuple(str(source.rule) for source in aside.overruled),
            "by": aside.by,
        }

    def _authorities(self, aside: Aside) -> tuple[Authority, ...]:
        return tuple(
            Authority(
                origin=source.origin,
                rule=source.rule,
                reason=source.exclusion.reason,
                basis=source.exclusion.basis,
                because=source.because(self.own.attributes),
            )
            for source in aside.sources
        )

    def _calculation(self, leaf: str) -> Label | None:
        """How measures became the mark; a sheet that was marked directly needs none of their machinery."""
        from dti_core.measures import calculation

        return calculation(self.own.setting.marks, self.own.unit, leaf)

    def _extra(self, node: str) -> steps.Extra:
        own, kind = self.own, self.own.tree.kind[node]
        is_capped = kind in EXTRAS
        taken = own.added(kind, node) - own.extra(kind, node) if is_capped else rules.NOTHING
        return steps.Extra(
            **self.about(node),
            role=kind,
            children=own.tree.children[node],
            bonus=own.extra("bonus", node),
            penalty=own.extra("penalty", node),
            cap=own.maximum(node) if is_capped else None,
            taken=taken,
            adjusts=own.target(node),
        )
