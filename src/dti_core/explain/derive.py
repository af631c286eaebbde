"""From one unit's marks to its score: sums and shares as fractions, by the rules, from its own row alone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property

import attrs

from dti_core.applicability import Aside, Pattern
from dti_core.evaluation import rules
from dti_core.evaluation.rules import NOTHING, Sums
from dti_core.explain.common import Common
from dti_core.explain.leaves import MarkTicks
from dti_core.explain.parts import Term
from dti_core.explain.steps import Leaf
from dti_core.rubric.conditions import UNIT
from dti_core.rubric.node_conditions import NodeCondition
from dti_core.rubric.policy import Policy
from dti_core.rubric.tree import TOTAL, Tree
from dti_core.scores.setting import Setting
from dti_core.terms import Label, Scalar


@attrs.frozen(slots=False, eq=False)
class Derivation:
    """What one unit's row of marks comes to, node by node; sums and shares are worked out once."""

    common: Common
    row: int
    #: those that are known need no working out
    _sums: dict[str, Sums] = attrs.field(factory=dict)
    _shares: dict[str, Fraction | None] = attrs.field(init=False, factory=dict)

    @cached_property
    def setting(self) -> Setting:
        """What scores rest on."""
        return self.common.setting

    @cached_property
    def tree(self) -> Tree:
        """The nodes of the rubric."""
        return self.common.tree

    @cached_property
    def policy(self) -> Policy:
        """The policy in force."""
        return self.common.policy

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
    def otherwise(self) -> frozenset[str]:
        """The leaves that do not count in the ordinary way, or stand in for a node."""
        return frozenset((*self.asides, *self.stands_for))

    @cached_property
    def apart(self) -> frozenset[str]:
        """All nodes but the leaves that count in the ordinary way."""
        return self.otherwise.union(self.tree.children)

    @cached_property
    def ticks(self) -> Mapping[str, MarkTicks]:
        """The marks by leaf, in ticks."""
        row = self.setting.marks.ticks[self.row].tolist()
        return dict(zip(self.tree.leaves, (None if mark != mark else mark for mark in row), strict=True))

    @property
    def unit(self) -> str:
        """The unit's code."""
        return self.setting.marks.units[self.row]

    @property
    def name(self) -> Label:
        """The unit's name, its code where it has none."""
        names = self.setting.marks.names
        return (names and names[self.row]) or Label(self.unit)

    @property
    def attributes(self) -> Mapping[str, Scalar]:
        """The values that conditions ask about, the unit's code among them."""
        values = {name: column.of(self.row) for name, column in self.setting.marks.attributes.items()}
        return {name: value for name, value in values.items() if value is not None} | {UNIT: self.unit}

    @cached_property
    def stands_for(self) -> Mapping[str, str]:
        """Stand-by leaf in use → the node it replaces."""
        return {by: node for node, by in self.pattern.replaced.items()}

    def maximum(self, node: str) -> Fraction:
        """The full maximum of a scored node; the cap of a bonus or penalty node."""
        return self.common.leaves.points(self.tree.maximum[node])

    def target(self, node: str) -> str | None:
        """The node that bonus or penalty changes instead of the total."""
        is_own = self.tree.kind[node] in ("bonus", "penalty") and node in self.tree.criterion
        return self.tree.target(node) if is_own else None

    def children(self, node: str) -> tuple[str, ...]:
        """The nodes directly in a node; a stand-by leaf in use goes with what it replaces, even in a set."""
        children, replaced = self.tree.children[node], self.pattern.replaced
        if not replaced:
            return children
        in_use = {*replaced.values()}
        pairs = ((child, replaced.get(child)) for child in children if child not in in_use)
        return tuple(code for pair in pairs for code in pair if code is not None)

    def sums(self, node: str) -> Sums:
        """What a node earned and the applicable maximum; bonus and penalty leaves add nothing."""
        if node not in self._sums:
            self._sums[node] = self._worked_out(node)
        return self._sums[node]

    def _worked_out(self, node: str) -> Sums:
        if node in self.tree.adjusted:
            *_, sums = self.adjusted(node)
            return sums
        if node in self.tree.children:
            return self._added(node)
        if node in self.otherwise:
            return self.common.leaves.sums_otherwise(node, self.ticks[node], self.pattern)
        return self.ordinary(node)[1]

    @cached_property
    def ordinary(self) -> Callable[[str], tuple[Leaf, Sums]]:
        """The step and the sums of a leaf that counts in the ordinary way."""
        ordinary, ticks = self.common.leaves.ordinary, self.ticks
        return lambda leaf: ordinary(leaf, ticks[leaf])

    def _added(self, node: str) -> Sums:
        """The sums over the children of a node."""
        apart, children = self.apart, self.children(node)
        parts = (self.sums(child) if child in apart else self.ordinary(child)[1] for child in children)
        return rules.added(parts)

    def adjusted(self, node: str) -> Iterator[Sums]:
        """The sums of a node over its children; then after its cap, its own bonus and penalty, and its gate."""
        yield (sums := self._added(node))
        yield (sums := rules.within_cap(sums, self.cap(node)))
        extra = self.own("bonus", node) - self.own("penalty", node)
        yield (sums := rules.with_own(sums, extra, exceed=self.policy.exceed_maximum))
        yield rules.gated(sums, is_open=self.is_open(node))

    def whole(self, node: str) -> Fraction:
        """The applicable maximum over the children of a node, what is missing counted."""
        return self._maximum_over(node, lambda leaf: self.sums(leaf).counted)

    def full(self, node: str) -> Fraction:
        """What the children of a node are worth, a stand-by leaf in the place of what it replaces."""
        if not self.pattern.replaced:
            return self.common.added_maximum[node]
        return self._maximum_over(node, self._full)

    def _full(self, leaf: str) -> Fraction:
        aside = self.asides.get(leaf)
        is_in_place = self.tree.role[leaf] == "scored" and not (aside and aside.treatment == "substitute")
        return self.maximum(leaf) if is_in_place or leaf in self.stands_for else NOTHING

    def _maximum_over(self, node: str, of_leaf: Callable[[str], Fraction]) -> Fraction:
        """A maximum of the children of a node together, of each no more than its cap."""
        total = NOTHING
        for child in self.children(node):
            cap = self.cap(child)
            maximum = self._maximum_over(child, of_leaf) if child in self.tree.children else of_leaf(child)
            total += maximum if cap is None else min(maximum, cap)
        return total

    def cap(self, node: str) -> Fraction | None:
        """The cap of a node, where it has one."""
        return self.maximum(node) if node in self.tree.criterion and self.tree.criterion[node].cap else None

    def own(self, role: str, node: str) -> Fraction:
        """The points of bonus or penalty that change this very node."""
        return sum((self.extra(role, code) for code in self.tree.own.get(node, ())), NOTHING)

    def gate(self, node: str) -> Sequence[NodeCondition]:
        """The conditions without which a node has no points."""
        return self.tree.criterion[node].zero_unless if node in self.tree.criterion else ()

    def is_open(self, node: str) -> bool:
        """Whether every condition of a gate that is asked holds."""
        return all(rules.is_met(condition, self.asked(condition)) for condition in self.gate(node))

    def asked(self, condition: NodeCondition) -> Fraction | None:
        """What a condition asks of its node: a percentage, or points; None where nothing of the node applies."""
        node, kind = condition.node, self.tree.kind[condition.node]
        if kind != "scored":
            return rules.asked(condition, kind, self.extra_points(node), None)
        sums = self.sums(node)
        return rules.asked(condition, kind, sums.points, rules.ratio(sums.points, sums.applicable))

    def added(self, role: str, node: str) -> Fraction:
        """Bonus or penalty points that the children of a node come to; of the total without those of other nodes."""
        children = self.tree.children[node]
        if node == TOTAL and self.tree.own:
            return sum((self._reaching(role, child) for child in children), NOTHING)
        return sum((self.extra(role, child) for child in children), NOTHING)

    def _reaching(self, role: str, node: str) -> Fraction:
        """Bonus or penalty points of a node that change the total."""
        if self.tree.criterion[node].adjusts is not None:
            return NOTHING
        if self.tree.kind[node] == role or node not in self.tree.children:
            return self.extra(role, node)
        return sum((self._reaching(role, child) for child in self.tree.children[node]), NOTHING)

    def extra(self, role: str, node: str) -> Fraction:
        """Bonus or penalty points of a node, each common cap applied."""
        if role not in self.common.roles[node]:
            return NOTHING
        if node not in self.tree.children:
            return self.common.leaves.earned(node, self.ticks[node]) or NOTHING
        cap = self.maximum(node) if self.tree.kind[node] == role else None
        return rules.capped(self.added(role, node), cap)

    def extra_points(self, node: str) -> Fraction:
        """Bonus less penalty points of a node; those of a node of penalties alone are positive."""
        penalty = self.extra("penalty", node)
        return penalty if self.tree.kind[node] == "penalty" else self.extra("bonus", node) - penalty

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

    def is_mean(self, node: str) -> bool:
        """Whether the share of a node is the mean of its children's."""
        is_adjusted = self.cap(node) is not None or node in self.tree.own
        return self.policy.renormalise == "by_level" and node in self.tree.children and not is_adjusted

    def _share(self, node: str) -> Fraction | None:
        if self.is_mean(node):
            mean = rules.mean((term.weight, term.share) for term in self.terms(node))
            return mean if self.is_open(node) else mean and NOTHING
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
