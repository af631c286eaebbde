"""One unit's sums and scores as fractions, from its own row alone."""

from fractions import Fraction
from functools import cached_property

import attrs

from dti_core.applicability import Finding, Pattern, Source
from dti_core.exact import round_fraction
from dti_core.rubric.tree import TOTAL, Tree
from dti_core.scores.setting import Setting
from dti_core.terms import Language

NOTHING = Fraction(0)


@attrs.frozen
class Sums:
    """Points, applicable maximum, and the maximum of missing leaves."""

    points: Fraction
    applicable: Fraction
    missing: Fraction


@attrs.frozen(kw_only=True)
class Outcome:
    """The score of a node on its scale, in the form it is printed in, and as ranks compare it."""

    share: Fraction
    scale: Fraction
    #: for the total after bonus and penalty
    score: Fraction
    exact: Fraction
    published: Fraction
    #: relative to the scale
    decisive: Fraction


@attrs.frozen(slots=False, eq=False)
class Single:
    """One unit of a setting, by row."""

    setting: Setting
    row: int
    _sums: dict[str, Sums] = attrs.field(init=False, factory=dict)

    @property
    def unit(self) -> str:
        """The unit's code."""
        return self.setting.marks.units[self.row]

    def name(self, language: Language) -> str:
        """The unit's name, its code where it has none."""
        names = self.setting.marks.names
        label = None if names is None else names[self.row]
        return self.unit if label is None else label.text(language)

    @property
    def tree(self) -> Tree:
        """The node graph."""
        return self.setting.rubric.tree

    @cached_property
    def pattern(self) -> Pattern:
        """What counts for the unit."""
        applicability = self.setting.marks.applicability
        return applicability.patterns[int(applicability.pattern_of[self.row])]

    @cached_property
    def findings(self) -> dict[str, Finding]:
        """The leaves that do not count in the ordinary way."""
        return {finding.leaf: finding for finding in self._case}

    @property
    def _case(self) -> tuple[Finding, ...]:
        applicability = self.setting.marks.applicability
        return applicability.cases[int(applicability.case_of[self.row])]

    @cached_property
    def sources(self) -> dict[str, tuple[Source, ...]]:
        """Who treats a leaf otherwise, or puts a stand-by leaf in another's place."""
        treated = {finding.leaf: finding.sources for finding in self._case}
        put = {
            finding.sources[0].exclusion.by or "": finding.sources
            for finding in self._case
            if finding.treatment == "substitute"
        }
        return put | treated

    @cached_property
    def stands_for(self) -> dict[str, str]:
        """Stand-by leaf in use → the node it replaces."""
        return {by: node for node, by in self.pattern.replaced.items()}

    def maximum(self, node: str) -> Fraction:
        """The full maximum of a scored node; the cap of a bonus or penalty node."""
        return Fraction(self.tree.maximum[node], self.setting.compiled.scale)

    def mark(self, leaf: str) -> Fraction | None:
        """The mark as it was given."""
        ticks = float(self.setting.marks.ticks[self.row, self.setting.compiled.column[leaf]])
        return None if ticks != ticks else Fraction(int(ticks), self.setting.compiled.scale)

    def children(self, node: str) -> tuple[str, ...]:
        """The nodes directly in a node; a stand-by leaf in use goes with what it replaces, even in a set."""
        children = self.tree.children[node]
        replaced = self.pattern.replaced
        return tuple(
            each
            for child in children
            for each in (child, replaced.get(child))
            if each is not None and (each is child or each not in children)
        )

    def sums(self, node: str) -> Sums:
        """The sums of any node; bonus and penalty leaves add nothing."""
        if node not in self._sums:
            ticks = self._ticks(node)
            self._sums[node] = Sums(*(Fraction(each, self.setting.compiled.scale) for each in ticks))
        return self._sums[node]

    def _ticks(self, node: str) -> tuple[int, int, int]:
        """Points, applicable maximum and missing maximum in ticks."""
        if node not in self.tree.children:
            return self._leaf(node)
        parts = [self._ticks(child) for child in self.children(node)]
        points, applicable, missing = (sum(each) for each in zip(*parts, strict=True))
        return points, applicable, missing

    def _leaf(self, leaf: str) -> tuple[int, int, int]:
        column, maximum = self.setting.compiled.column[leaf], self.tree.maximum[leaf]
        if not self.pattern.counts[column] or not maximum:
            return 0, 0, 0
        if self.pattern.full[column]:
            return maximum, maximum, 0
        mark = float(self.setting.marks.ticks[self.row, column])
        if mark == mark:
            return int(mark), maximum, 0
        return 0, 0 if self.setting.policy.missing == "exclude" else maximum, maximum

    def marked(self, node: str) -> Fraction:
        """The applicable maximum of what is marked."""
        sums = self.sums(node)
        return sums.applicable if self.setting.policy.missing == "exclude" else sums.applicable - sums.missing

    def extra(self, role: str, node: str) -> Fraction:
        """Bonus or penalty points of a node, each common cap applied."""
        if not self.tree.has(role, node):
            return NOTHING
        if node not in self.tree.children:
            return self.mark(node) or NOTHING
        added = sum((self.extra(role, child) for child in self.tree.children[node]), NOTHING)
        return min(added, self.maximum(node)) if self.tree.kind[node] == role else added

    def terms(self, node: str) -> list[tuple[str, Fraction, Fraction]]:
        """Child, weight and share of the children that apply."""
        found = []
        for child in self.tree.children[node]:
            counting = self.pattern.replaced.get(child, child)
            if self.tree.kind[child] == "scored" and self.applies(counting):
                found.append((counting, self.maximum(child), self.share(counting)))
        return found

    def share(self, node: str) -> Fraction:
        """What part of its maximum a node earns before bonus and penalty; something in it must apply."""
        sums = self.sums(node)
        if self.setting.policy.renormalise != "by_level" or node not in self.tree.children:
            return sums.points / sums.applicable
        terms = self.terms(node)
        weighted = sum((weight * share for _, weight, share in terms), NOTHING)
        return weighted / sum((weight for _, weight, _ in terms), NOTHING)

    def scale(self, node: str) -> Fraction:
        """What a full score of the node is worth."""
        none = self.setting.policy.renormalise == "none"
        return self.sums(node).applicable if none else self.maximum(node)

    def applies(self, node: str) -> bool:
        """Whether the node has a score for the unit."""
        return self.sums(node).applicable > 0

    def outcome(self, node: str) -> Outcome:
        """The score of a node, of which something must apply."""
        policy = self.setting.policy
        share, scale = self.share(node), self.scale(node)
        score = share * scale
        if node == TOTAL:
            score = max(score + self.extra("bonus", node) - self.extra("penalty", node), NOTHING)
            score = score if policy.exceed_maximum else min(score, scale)
        full = {"points": scale, "ratio": Fraction(1), "percent": Fraction(100)}[policy.publish.as_]
        exact, unit = score / scale * full, 10**policy.publish.decimals
        published = Fraction(round_fraction(exact * unit, policy.publish.rounding), unit)
        return Outcome(
            share=share,
            scale=scale,
            score=score,
            exact=exact,
            published=published,
            decisive=(exact if policy.decide_on == "exact" else published) / full,
        )
