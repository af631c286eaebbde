"""The derivation of one unit's published value: as steps of exact values, and in words."""

from collections.abc import Iterator

import attrs

from dti_core.applicability import Source
from dti_core.explain import steps
from dti_core.explain.place import place
from dti_core.explain.single import Single
from dti_core.explain.text import Block, Text
from dti_core.explain.wording import Wording, clean
from dti_core.measures import calculation
from dti_core.rubric.exclusions import ExclusionRule
from dti_core.rubric.tree import TOTAL
from dti_core.scores import Scores
from dti_core.terms import Language


@attrs.frozen(repr=False)
class Explanation:
    """How a unit came by the published value of a node; ``str()`` tells it in ``language``.

    ``steps`` are frozen values in the order of the calculation, numbers as exact fractions: replaying them gives the
    published value. Their kinds and fields are listed in the guide to explanations.
    """

    unit: str
    #: the unit's name, in the language asked for
    name: str
    #: the title of the rubric
    rubric: str
    node: str
    language: Language
    steps: tuple[steps.Step, ...]

    def __repr__(self) -> str:
        return f"<Explanation of {self.node!r} for {self.unit!r}: {len(self.steps)} steps>"

    def __str__(self) -> str:
        lines = [self.headline, clean(self.rubric)]
        for heading, block in self.blocks():
            lines += ["", heading, *map(str, block)]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from dti_core.notebook import of_explanation

        return of_explanation(self)

    @property
    def headline(self) -> str:
        """Unit, node, published value, rank and grade in one line."""
        return f"{clean(self.name)} – {self._text.headline()}"

    def blocks(self) -> Iterator[Block]:
        """The rest of the story: headings with the lines beneath them."""
        return self._text.blocks()

    @property
    def _text(self) -> Text:
        return Text(self.node, self.steps, Wording(self.language))


def explain(scores: Scores, unit: str, language: Language) -> Explanation:
    """Explain one unit's value of a node; of the other units only the ranks are asked for, never the sums."""
    setting = scores.setting
    row = setting.marks.row(unit)
    single = Single(setting, row)
    told = _Teller(single, language)
    return Explanation(
        unit=unit,
        name=single.name(language),
        rubric=setting.rubric.title.text(language),
        node=scores.node,
        language=language,
        steps=(*told.below(scores.node), *told.score(scores.node), *place(scores, single, language)),
    )


@attrs.frozen
class _Teller:
    single: Single
    language: Language

    def title(self, node: str) -> str:
        return self.single.tree.title[node].text(self.language)

    def below(self, node: str) -> Iterator[steps.Step]:
        """Leaves and sums, those of a node after those of its children."""
        tree = self.single.tree
        if node not in tree.children:
            yield self.leaf(node)
            return
        for child in self.single.children(node):
            yield from self.below(child)
        if tree.kind[node] == "scored":
            yield self.sum(node)
            if self.single.setting.policy.renormalise == "by_level" and self.single.applies(node):
                yield self.mean(node)
        if tree.has("bonus", node) or tree.has("penalty", node):
            yield self.extra(node)

    def leaf(self, leaf: str) -> steps.Leaf:
        single = self.single
        sums, finding, role = single.sums(leaf), single.findings.get(leaf), single.tree.role[leaf]
        is_extra = role in ("bonus", "penalty")
        return steps.Leaf(
            node=leaf,
            title=self.title(leaf),
            role=role,
            mark=single.mark(leaf),
            maximum=single.maximum(leaf),
            points=single.extra(role, leaf) if is_extra else sums.points,
            applicable=sums.applicable,
            missing=single.setting.policy.missing if sums.missing else None,
            treatment=finding.treatment if finding else None,
            authorities=tuple(self.authority(source) for source in single.sources.get(leaf, ())),
            by=finding.sources[0].exclusion.by if finding else None,
            stands_for=single.stands_for.get(leaf),
            calculation=calculation(single.setting.marks, single.unit, leaf, self.language),
        )

    def authority(self, source: Source) -> steps.Authority:
        exclusion = source.exclusion
        return steps.Authority(
            origin=source.origin,
            rule=exclusion.code if isinstance(exclusion, ExclusionRule) else None,
            reason=exclusion.reason.text(self.language),
            basis=exclusion.basis,
        )

    def sum(self, node: str) -> steps.Sum:
        sums = self.single.sums(node)
        return steps.Sum(
            node=node,
            title=self.title(node),
            children=self.single.children(node),
            points=sums.points,
            applicable=sums.applicable,
            maximum=self.single.maximum(node),
            missing=sums.missing,
            is_missing_left_out=self.single.setting.policy.missing == "exclude",
        )

    def mean(self, node: str) -> steps.Mean:
        terms = tuple(
            steps.Term(node=child, title=self.title(child), weight=weight, share=share)
            for child, weight, share in self.single.terms(node)
        )
        return steps.Mean(node=node, title=self.title(node), terms=terms, share=self.single.share(node))

    def extra(self, node: str) -> steps.Extra:
        single, tree = self.single, self.single.tree
        kind = tree.kind[node]
        return steps.Extra(
            node=node,
            title=self.title(node),
            role=kind,
            children=tree.children[node],
            bonus=single.extra("bonus", node),
            penalty=single.extra("penalty", node),
            cap=single.maximum(node) if kind in ("bonus", "penalty") else None,
        )

    def score(self, node: str) -> Iterator[steps.Step]:
        """From sums to the published value, where anything applies."""
        single, policy = self.single, self.single.setting.policy
        if not single.applies(node):
            return
        title, sums, outcome = self.title(node), single.sums(node), single.outcome(node)
        converted = outcome.share * outcome.scale
        yield steps.Conversion(
            node=node,
            title=title,
            renormalise=policy.renormalise,
            points=sums.points,
            applicable=sums.applicable,
            share=outcome.share,
            scale=outcome.scale,
            score=converted,
        )
        bonus, penalty = single.extra("bonus", node), single.extra("penalty", node)
        if node == TOTAL and (bonus or penalty):
            yield steps.Adjustment(
                node=node,
                title=title,
                before=converted,
                bonus=bonus,
                penalty=penalty,
                ceiling=None if policy.exceed_maximum else outcome.scale,
                score=outcome.score,
            )
        yield steps.Publication(
            node=node,
            title=title,
            score=outcome.score,
            scale=outcome.scale,
            form=policy.publish.as_,
            decimals=policy.publish.decimals,
            rounding=policy.publish.rounding,
            exact=outcome.exact,
            published=outcome.published,
        )
