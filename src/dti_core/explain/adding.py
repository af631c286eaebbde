"""The steps of an explanation up to the sums of a node: its leaves, what they add up to, and what adjusts that."""

from collections.abc import Iterator
from fractions import Fraction

import attrs

from dti_core.applicability import Source
from dti_core.evaluation import rules
from dti_core.explain import steps
from dti_core.explain.derive import Derivation
from dti_core.marks import MarkSheet
from dti_core.rubric.node_conditions import NodeCondition, in_percent
from dti_core.terms import Language

EXTRAS = ("bonus", "penalty")


@attrs.frozen
class Adding:
    """Tells what the nodes below a node come to for one unit, ``own``."""

    own: Derivation
    language: Language

    def title(self, node: str) -> str:
        """The title of a node, in the language of the explanation."""
        return self.own.tree.title[node].text(self.language)

    def about(self, node: str) -> dict[str, str]:
        """What every step says of its node."""
        return {"node": node, "title": self.title(node)}

    def below(self, node: str) -> Iterator[steps.Step]:
        """The steps of a node, after those of its children."""
        tree = self.own.tree
        if node not in tree.children:
            yield self._leaf(node)
            return
        for child in self.own.children(node):
            yield from self.below(child)
        if tree.kind[node] == "scored":
            yield from self._sums(node)
        if any(tree.has(role, node) for role in EXTRAS):
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
                conditions=tuple(map(self._asked, own.gate(node))),
                before=adjusted.points,
                points=gated.points,
                applicable=gated.applicable,
            )

    def _sum(self, node: str, added: rules.Sums) -> steps.Sum:
        full, maximum = self.own.full(node), self.own.added_maximum(node)
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

    def _asked(self, condition: NodeCondition) -> steps.Asked:
        value = self.own.asked(condition)
        return steps.Asked(
            **self.about(condition.node),
            condition=condition,
            value=value,
            is_percent=in_percent(condition, self.own.tree),
            is_met=rules.is_met(condition, value),
        )

    def _leaf(self, leaf: str) -> steps.Leaf:
        own, role, mark = self.own, self.own.tree.role[leaf], self.own.mark(leaf)
        sums, aside, stands_for = own.sums(leaf), own.asides.get(leaf), own.stands_for.get(leaf)
        decided = own.asides[own.tree.scored_under(stands_for)[0]] if stands_for else aside
        to = None if aside is None or aside.to is None else Fraction(aside.to)
        criterion = own.tree.criterion[leaf]
        is_above = to is not None and mark is not None and mark > to
        return steps.Leaf(
            **self.about(leaf),
            role=role,
            mark=mark,
            mark_min=Fraction(criterion.mark_min),
            mark_max=None if criterion.mark_max is None else Fraction(criterion.mark_max),
            maximum=own.maximum(leaf),
            points=own.extra(role, leaf) if role in EXTRAS else sums.points,
            applicable=sums.applicable,
            missing=own.policy.missing if sums.missing else None,
            treatment=aside.treatment if aside else None,
            to=to,
            ignored=mark if is_above or (aside and aside.ignores) else None,
            authorities=tuple(map(self._authority, decided.sources)) if decided else (),
            overrules=tuple(str(source.rule) for source in aside.overruled) if aside else (),
            by=aside.by if aside else None,
            stands_for=stands_for,
            replaced_maximum=own.maximum(stands_for) if stands_for else None,
            adjusts=own.target(leaf),
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
