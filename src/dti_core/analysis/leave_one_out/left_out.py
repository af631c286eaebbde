"""A rubric without one of its leaves, and the same marks on what is left."""

from collections.abc import Iterable
from fractions import Fraction
from typing import TypeVar

import attrs

from dti_core.analysis.reranked import read_anew
from dti_core.marks import MarkSheet
from dti_core.rubric import Rubric
from dti_core.rubric.criteria import Component, NodeSet
from dti_core.rubric.exclusions import Exclusion, ExclusionRule
from dti_core.rubric.tree import TOTAL, Tree

C = TypeVar("C", bound=Component)
S = TypeVar("S", bound=NodeSet)
X = TypeVar("X", Exclusion, ExclusionRule)
Codes = frozenset[str]


def without_leaf(rubric: Rubric, leaf: str) -> Rubric:
    """The rubric without a leaf, and without what was made of it alone; grades, which ranks do not rest on, are gone.

    What holds the leaf is worth less by it, or as much as its cap lets it; rules, conditions and tie-breaks no longer
    name it.
    """
    tree = rubric.tree
    gone = frozenset(code for code, leaves in tree.under.items() if set(leaves) <= {leaf} and code != TOTAL)
    silent = frozenset(code for code in tree.under if tree.scored_under(code) == (leaf,))
    indices = [_without(index, gone, silent, tree) for index in rubric.indices if index.code not in gone]
    breakers = [breaker for breaker in rubric.policy.tie_break if breaker not in gone]
    return attrs.evolve(
        rubric,
        indices=indices,
        max_points=None,
        groups=_sets(rubric.groups, gone),
        pillars=_sets(rubric.pillars, gone),
        exclusions=_still_excluded(rubric.exclusions, gone, silent),
        bands=(),
        grade_limits=(),
        policy=attrs.evolve(rubric.policy, tie_break=breakers),
    )


def sheet_without(marks: MarkSheet, rubric: Rubric) -> MarkSheet:
    """The marks on the leaves that a rubric has left, with the decisions that still name any."""
    old, new = marks.rubric.tree, rubric.tree
    gone = frozenset(code for code in old.under if code not in new.under)
    silent = frozenset(code for code in old.under if old.kind[code] == "scored" != new.kind.get(code))
    own = {unit: _still_excluded(each, gone, silent) for unit, each in marks.unit_exclusions.items()}
    kept = _still_excluded(marks.exclusions, gone, silent)
    changed = {"exclusions": kept, "unit_exclusions": own, "grade_limits": (), "unit_grade_limits": None}
    return read_anew(marks, rubric, rubric.tree.leaves, **changed)


def _without(node: C, gone: Codes, silent: Codes, tree: Tree) -> C:
    """The node without what is gone below it; conditions do not ask what has no scored leaf any more."""
    if not any(leaf in gone for leaf in tree.under[node.code]):
        return node
    left = [_without(child, gone, silent, tree) for child in node.components if child.code not in gone]
    worth = _worth(node.code, left, tree)
    is_capped = node.cap and node.max_points is not None and worth > Fraction(node.max_points)
    conditions = [condition for condition in node.zero_unless if condition.node not in gone | silent]
    most = node.max_points if is_capped else None
    return attrs.evolve(node, components=left, max_points=most, cap=is_capped, zero_unless=conditions)


def _worth(code: str, components: Iterable[Component], tree: Tree) -> Fraction:
    """What is in a node is worth together, of the node's own kind."""
    same = (child for child in components if tree.kind[child.code] == tree.kind[code])
    return sum(
        (
            _worth(child.code, child.components, tree)
            if child.max_points is None
            else Fraction(child.max_points)
            for child in same
        ),
        Fraction(0),
    )


def _sets(sets: Iterable[S], gone: Codes) -> list[S]:
    """Groups or pillars without what is gone."""
    left = [(view, [member for member in view.members if member not in gone]) for view in sets]
    return [attrs.evolve(view, members=members) for view, members in left if members]


def _still_excluded(sources: Iterable[X], gone: Codes, silent: Codes) -> list[X]:
    """Rules or decisions that still exclude something, without what is gone or has no scored leaf any more."""
    left = [
        (source, [member for member in source.members if member not in gone | silent])
        for source in sources
        if source.by not in gone
    ]
    return [attrs.evolve(source, members=members) for source, members in left if members]
