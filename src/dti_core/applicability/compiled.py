"""A rubric as arrays: leaves × nodes, in ticks; made once for a rubric."""

from collections.abc import Mapping
from itertools import chain
from weakref import ref

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.rubric import Rubric
from dti_core.rubric.tree import Tree


@attrs.frozen(eq=False)
class Compiled:
    """What the kernels need of a rubric.

    Leaves are columns, in document order; nodes are the scored nodes but leaves, in the order of ``Tree.inner``, then
    the leaves that gates ask.
    """

    tree: Tree
    #: ticks in a point
    scale: int
    #: ticks in a mark of 1: 10^mark_decimals
    mark_scale: int
    column: Mapping[str, int]
    nodes: tuple[str, ...]
    row: Mapping[str, int]
    #: (leaves,) what a leaf is worth, in ticks of points
    maxima: NDArray[np.int64]
    #: (leaves,) the lowest and the highest mark, in ticks of marks, and what one of these earns, in ticks of points
    lowest: NDArray[np.int64]
    highest: NDArray[np.int64]
    earned: NDArray[np.int64]
    #: (leaves,) scored leaves
    scored: NDArray[np.bool_]
    #: (leaves, nodes) whether a scored leaf is under a node
    inside: NDArray[np.bool_]
    #: (leaves,) leaves of bonus and penalty, beside the maxima
    beside: NDArray[np.bool_]
    #: whether bonus or penalty reaches the total
    has_bonus: bool
    #: the float in which marks are whole ticks, and ticks of all leaves together add up exactly
    dtype: type[np.float32] | type[np.float64]

    def holders(self, code: str) -> list[int]:
        """The rows of the nodes that hold a node."""
        return [self.row[holder] for holder in self.tree.holders(code)]


EXACT_FLOAT32 = 2**24
_kept: dict[int, tuple["ref[Rubric]", Compiled]] = {}
"""By identity, for hashing a rubric takes longer than compiling it; a rubric that is gone takes its entry along."""


def compile_rubric(rubric: Rubric) -> Compiled:
    """The rubric's arrays; kept for as long as the rubric is."""
    key = id(rubric)
    kept = _kept.get(key)
    if kept is None or kept[0]() is not rubric:
        kept = _kept[key] = (ref(rubric, lambda _: _kept.pop(key, None)), _compile(rubric))
    return kept[1]


def _compile(rubric: Rubric) -> Compiled:
    tree = rubric.tree
    column = {leaf: at for at, leaf in enumerate(tree.leaves)}
    conditions = chain.from_iterable(node.zero_unless for node in tree.adjusted.values())
    asked = dict.fromkeys(condition.node for condition in conditions if condition.node in column)
    nodes = tuple(code for code in (*tree.inner, *asked) if tree.kind[code] == "scored")
    scored = np.array([tree.role[leaf] == "scored" for leaf in tree.leaves], dtype=bool)
    inside = np.zeros((len(column), len(nodes)), dtype=bool)
    for at, node in enumerate(nodes):
        inside[[column[leaf] for leaf in tree.under[node]], at] = True
    maxima = np.array([tree.maximum[leaf] for leaf in tree.leaves], dtype=np.int64)
    lowest, highest = np.array([tree.marked[leaf] for leaf in tree.leaves], dtype=np.int64).T
    return Compiled(
        tree=tree,
        scale=tree.scale,
        mark_scale=10**rubric.mark_decimals,
        column=column,
        nodes=nodes,
        row={node: at for at, node in enumerate(nodes)},
        maxima=maxima,
        lowest=lowest,
        highest=highest,
        earned=np.array([tree.earned[leaf] for leaf in tree.leaves], dtype=np.int64),
        scored=scored,
        inside=inside & scored[:, None],
        beside=np.array([tree.role[leaf] in ("bonus", "penalty") for leaf in tree.leaves], dtype=bool),
        has_bonus=any(
            tree.role[leaf] in ("bonus", "penalty") and tree.target(leaf) is None for leaf in tree.leaves
        ),
        dtype=np.float32 if max(maxima.sum(), highest.max()) < EXACT_FLOAT32 else np.float64,
    )
