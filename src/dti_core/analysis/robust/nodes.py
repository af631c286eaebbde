"""What may weigh otherwise: nodes of the total that together hold each scored leaf once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

import attrs

from dti_core.analysis.compared import Scored
from dti_core.analysis.doors import column, place
from dti_core.analysis.robust.wording import refused
from dti_core.published import PublishedResult
from dti_core.result import Result
from dti_core.rubric import Rubric
from dti_core.rubric.tree import TOTAL, Kind

Outlined: TypeAlias = Rubric | Scored


@attrs.frozen(eq=False, slots=False)
class Outline:
    """The nodes of a rubric by code: what each holds, its kind, and what it is worth in points."""

    children: Mapping[str, Sequence[str]]
    kind: Mapping[str, Kind]
    maximum: Mapping[str, Fraction]
    #: nodes with a cap, a gate, or a bonus or penalty of their own
    adjusted: frozenset[str]

    @classmethod
    def of(cls, source: Outlined) -> "Outline":
        """The outline of a rubric, or of that which a result is by."""
        if isinstance(source, PublishedResult):
            own = {node.adjusts for node in source.nodes}
            return cls(
                {node.code: node.children for node in source.nodes},
                {node.code: node.role for node in source.nodes},
                {node.code: node.maximum or Fraction(0) for node in source.nodes},
                frozenset(
                    node.code for node in source.nodes if node.cap or node.zero_unless or node.code in own
                ),
            )
        tree = (source.rubric if isinstance(source, Result) else source).tree
        maxima = {code: Fraction(ticks, tree.scale) for code, ticks in tree.maximum.items()}
        return cls(tree.children, tree.kind, maxima, frozenset(tree.adjusted))

    @cached_property
    def indices(self) -> tuple[str, ...]:
        """Main indices that have a score."""
        return tuple(code for code in self.children[TOTAL] if self.has_score(code))

    def has_score(self, code: str) -> bool:
        """Whether a node is worth anything that counts towards the total."""
        return self.kind[code] == "scored" and self.maximum[code] > 0

    def below(self, code: str) -> list[str]:
        """What a node holds, near and far."""
        held = [*self.children.get(code, ())]
        for node in held:  # which grows as it is gone through
            held.extend(self.children.get(node, ()))
        return held

    def leaves(self, code: str) -> list[str]:
        """The scored leaves of a node, itself where it is one."""
        return [node for node in (code, *self.below(code)) if self._is_leaf(node)]

    def weighed(self, nodes: Sequence[str] | None) -> tuple[str, ...]:
        """The nodes to weigh, by default the main indices; refused unless they hold each scored leaf once."""
        if not self.indices:
            raise refused("nothing")
        if nodes is None:
            return self.indices
        chosen = column("nodes", nodes)
        for node in chosen:
            place("node", node, [*self.kind])
            if node == TOTAL or not self.has_score(node):
                raise refused("no_part", node=repr(node))
        reached = Counter(leaf for node in chosen for leaf in self.leaves(node))
        twice = [leaf for leaf, count in reached.items() if count > 1]
        if twice:
            raise refused("twice", leaf=repr(twice[0]))
        left_out = [leaf for leaf in self.leaves(TOTAL) if leaf not in reached]
        if left_out:
            raise refused("left_out", leaf=repr(left_out[0]))
        for holder in self.adjusted:
            inside = [node for node in chosen if node in self.below(holder)]
            if inside:
                raise refused("below", node=repr(inside[0]), holder=repr(holder))
        return tuple(chosen)

    def _is_leaf(self, code: str) -> bool:
        return not self.children.get(code) and self.has_score(code)
