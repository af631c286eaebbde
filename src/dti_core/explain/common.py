"""What the explanations of one result have in common, worked out once and kept as long as the result is."""

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property

import attrs

from dti_core.explain.leaves import Leaves
from dti_core.marks import MarkSheet
from dti_core.rubric.criteria import Role
from dti_core.rubric.policy import Policy
from dti_core.rubric.tree import Tree
from dti_core.scores.setting import Setting


@attrs.frozen(slots=False, eq=False)
class Common:
    """The rubric and the policy, what nodes are worth, and what leaves come to."""

    setting: Setting

    @cached_property
    def tree(self) -> Tree:
        """The nodes of the rubric."""
        return self.setting.rubric.tree

    @cached_property
    def policy(self) -> Policy:
        """The policy in force."""
        return self.setting.policy

    @cached_property
    def leaves(self) -> Leaves:
        """The leaves of the rubric."""
        return Leaves(self.setting.compiled, self.policy)

    @cached_property
    def added_maximum(self) -> Mapping[str, Fraction]:
        """What the children of a node are worth together, before its cap."""
        return {node: self.leaves.points(self.tree.added(node)) for node in self.tree.children}

    @cached_property
    def roles(self) -> Mapping[str, frozenset[Role]]:
        """The roles of the leaves under a node."""
        role_of, under = self.tree.role.__getitem__, self.tree.under
        return {node: frozenset(map(role_of, leaves)) for node, leaves in under.items()}

    @cached_property
    def is_measured(self) -> bool:
        """Whether marks were worked out from measures."""
        return type(self.setting.marks) is not MarkSheet
