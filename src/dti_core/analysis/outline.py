"""What a rubric says of its nodes, whether it is at hand or in the document of what was published by it."""

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

import attrs

from dti_core.published import Node, PublishedResult
from dti_core.result import Result
from dti_core.rubric import Rubric
from dti_core.rubric.criteria import Component
from dti_core.rubric.tree import TOTAL, Kind
from dti_core.terms import Label

Outlined: TypeAlias = Rubric | Result | PublishedResult


@attrs.frozen(eq=False, slots=False)
class Outline:
    """The nodes of a rubric by code: what each holds, its kind and title, and what it is worth."""

    children: Mapping[str, Sequence[str]]
    kind: Mapping[str, Kind]
    title: Mapping[str, Label]
    #: nodes as they are declared, the total aside where nobody declares it
    declared: Mapping[str, Component | Node]
    #: nodes with a bonus or penalty of their own
    own: Collection[str]
    #: how much nodes are worth, of which ``unit`` make a point
    worth: Mapping[str, int | Fraction]
    unit: int

    @classmethod
    def of(cls, source: Outlined) -> "Outline":
        """The outline of a rubric, or of that which a result is by."""
        if isinstance(source, PublishedResult):
            nodes = {node.code: node for node in source.nodes}
            return cls(
                {code: node.children for code, node in nodes.items()},
                {code: node.role for code, node in nodes.items()},
                {code: node.title for code, node in nodes.items()},
                nodes,
                {node.adjusts for node in source.nodes if node.adjusts is not None},
                {code: node.maximum or Fraction(0) for code, node in nodes.items()},
                1,
            )
        tree = (source.rubric if isinstance(source, Result) else source).tree
        return cls(tree.children, tree.kind, tree.title, tree.criterion, tree.own, tree.maximum, tree.scale)

    def maximum(self, code: str) -> Fraction:
        """What a node is worth in points; 0 where it has no score."""
        return Fraction(self.worth[code]) / self.unit

    def is_scored(self, code: str) -> bool:
        """Whether a node can have a score."""
        return self.kind[code] in ("scored", "standby")

    def counts_by_sums(self, code: str) -> bool:
        """Whether a node counts by its P / A under ``by_level`` too: one with a cap, or bonus or penalty of its own."""
        return code in self.own or (code in self.declared and self.declared[code].cap)

    @property
    def adjusted(self) -> list[str]:
        """Nodes with a cap, a gate, or a bonus or penalty of their own."""
        return [
            code
            for code, node in self.declared.items()
            if self.kind[code] == "scored" and (self.counts_by_sums(code) or node.zero_unless)
        ]

    def weighs(self, code: str) -> bool:
        """Whether a node is worth anything that counts towards the total."""
        return self.kind[code] == "scored" and self.worth[code] > 0

    @cached_property
    def indices(self) -> tuple[str, ...]:
        """Main indices that have a score."""
        return tuple(code for code in self.children[TOTAL] if self.weighs(code))

    def below(self, code: str) -> list[str]:
        """What a node holds, near and far."""
        held = [*self.children.get(code, ())]
        for node in held:  # which grows as it is gone through
            held.extend(self.children.get(node, ()))
        return held

    def leaves(self, code: str) -> list[str]:
        """The scored leaves of a node, itself where it is one."""
        nodes = (code, *self.below(code))
        return [node for node in nodes if not self.children.get(node) and self.weighs(node)]
