"""From one unit's marks to its score: sums and shares as fractions, by the rules, from its own row alone."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property, lru_cache

import attrs

from dti_core.applicability import Aside, Pattern
from dti_core.applicability.compiled import Compiled
from dti_core.evaluation import rules
from dti_core.evaluation.rules import NOTHING, Sums
from dti_core.explain.steps import Term
from dti_core.rubric.conditions import UNIT
from dti_core.rubric.policy import Policy
from dti_core.rubric.tree import TOTAL, Tree
from dti_core.scores.setting import Setting
from dti_core.terms import Scalar

points_of_ticks = lru_cache(1 << 14)(Fraction)
"""Ticks / ticks in a point; few distinct marks and maxima make up many."""


@attrs.frozen(slots=False, eq=False)
class Derivation:
    """What one unit's row of marks comes to, node by node; sums and shares are worked out once."""

    setting: Setting
    row: int
    _sums: dict[str, Sums] = attrs.field(init=False, factory=dict)
    _shares: dict[str, Fraction | None] = attrs.field(init=False, factory=dict)

    @cached_property
    def tree(self) -> Tree:
        """The nodes of the rubric."""
        return self.setting.rubric.tree

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return self.setting.policy

    @cached_property
    def pattern(self) -> Pattern:
        """What counts for the unit."""
        applicability = self.setting.marks.applicability
        return applicability.patterns[int(applicability.pattern_of[self.row])]

    @cached_property
    def asides(self) -> Mapping[str, Aside]:
        """What did not count in the ordinary way, by leaf."""
        applicability = self.setting.marks.applicability
        return {aside.leaf: aside for aside in applicability.asides[applicability.case_of[self.row]]}

    @cached_property
    def ticks(self) -> Mapping[str, float]:
        """The marks by leaf, in ticks."""
        return dict(zip(self.tree.leaves, self.setting.marks.ticks[self.row].tolist(), strict=True))

    @property
    def unit(self) -> str:
        """The unit's code."""
        return self.setting.marks.units[self.row]

    @property
    def attributes(self) -> Mapping[str, Scalar]:
        """The values that conditions ask about, the unit's code among them."""
        values = {name: column.of(self.row) for name, column in self.setting.marks.attributes.items()}
        return {name: value for name, value in values.items() if value is not None} | {UNIT: self.unit}

    @property
    def stands_for(self) -> Mapping[str, str]:
        """Stand-by leaf in use → the node it replaces."""
        return {by: node for node, by in self.pattern.replaced.items()}

    @cached_property
    def _compiled(self) -> Compiled:
        return self.setting.compiled

    def mark(self, leaf: str) -> Fraction | None:
        """The mark as it was given."""
        ticks = self.ticks[leaf]
        return None if ticks != ticks else points_of_ticks(int(ticks), self._compiled.scale)

    def maximum(self, node: str) -> Fraction:
        """The full maximum of a scored node; the cap of a bonus or penalty node."""
        return points_of_ticks(self.tree.maximum[node], self._compiled.scale)

    def children(self, node: str) -> tuple[str, ...]:
        """The nodes directly in a node; a stand-by leaf in use goes with what it replaces, even in a set."""
        children, replaced = self.tree.children[node], self.pattern.replaced
        if not replaced:
            return children
        return tuple(
            counting
            for child in children
            for counting in (child, replaced.get(child))
            if counting is not None and (counting is child or counting not in children)
        )

    def sums(self, node: str) -> Sums:
        """What a node earned and the applicable maximum; bonus and penalty leaves add nothing."""
        if node not in self._sums:
            is_leaf = node not in self.tree.children
            sums = self._leaf_sums(node) if is_leaf else rules.added(map(self.sums, self.children(node)))
            self._sums[node] = sums
        return self._sums[node]

    def _leaf_sums(self, leaf: str) -> Sums:
        column, pattern = self._compiled.column[leaf], self.pattern
        counts, full = bool(pattern.counts[column]), bool(pattern.full[column])
        mark, maximum = self.mark(leaf), self.maximum(leaf)
        return rules.leaf_sums(mark, maximum, self.policy.missing, counts=counts, full=full)

    def added(self, role: str, node: str) -> Fraction:
        """Bonus or penalty points that the children of a node come to."""
        return sum((self.extra(role, child) for child in self.tree.children[node]), NOTHING)

    def extra(self, role: str, node: str) -> Fraction:
        """Bonus or penalty points of a node, each common cap applied."""
        if not self.tree.has(role, node):
            return NOTHING
        if node not in self.tree.children:
            return self.mark(node) or NOTHING
        cap = self.maximum(node) if self.tree.kind[node] == role else None
        return rules.capped(self.added(role, node), cap)

    def terms(self, node: str) -> Iterator[Term]:
        """The children that apply; a stand-by leaf has the weight of what it replaces."""
        for child in self.tree.children[node]:
            counting = self.pattern.replaced.get(child, child)
            share = self.share(counting) if self.tree.kind[child] == "scored" else None
            if share is not None:
                yield Term(counting, self.maximum(child), share)

    def share(self, node: str) -> Fraction | None:
        """What part of its maximum a node earns before bonus and penalty; None where nothing in it applies."""
        if node not in self._shares:
            self._shares[node] = self._share(node)
        return self._shares[node]

    def _share(self, node: str) -> Fraction | None:
        if self.policy.renormalise == "by_level" and node in self.tree.children:
            return rules.mean((term.weight, term.share) for term in self.terms(node))
        return rules.ratio(self.sums(node).points, self.sums(node).applicable)

    def scale(self, node: str) -> Fraction:
        """What a full score of the node is worth."""
        return rules.scale(self.policy.renormalise, self.maximum(node), self.sums(node).applicable)

    def score(self, node: str) -> Fraction | None:
        """The share on the scale, of the total after bonus and penalty; None where nothing in the node applies."""
        share, scale = self.share(node), self.scale(node)
        if share is None or node != TOTAL:
            return None if share is None else share * scale
        extra = self.extra("bonus", node) - self.extra("penalty", node)
        return rules.net(share * scale, extra, scale, exceed=self.policy.exceed_maximum)
