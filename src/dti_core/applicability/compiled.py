"""A rubric as arrays: leaves × nodes, in ticks; made once for a rubric."""

from collections.abc import Mapping

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.rubric import Rubric
from dti_core.rubric.tree import Tree


@attrs.frozen(eq=False)
class Compiled:
    """What the kernels need of a rubric.

    Leaves are columns, in document order; nodes are the scored nodes but leaves, in the order of ``Tree.inner``.
    """

    tree: Tree
    #: ticks in a point: 10^mark_decimals
    scale: int
    column: Mapping[str, int]
    nodes: tuple[str, ...]
    row: Mapping[str, int]
    #: (leaves,) what a leaf's mark is at most
    maxima: NDArray[np.int64]
    #: (leaves,) scored leaves
    scored: NDArray[np.bool_]
    #: (leaves, nodes) whether a scored leaf is under a node
    inside: NDArray[np.bool_]
    #: whether points-only leaves exist
    has_bonus: bool
    #: the float in which ticks of all leaves together add up exactly
    dtype: type[np.float32] | type[np.float64]


EXACT_FLOAT32 = 2**24


def compile_rubric(rubric: Rubric) -> Compiled:
    """The rubric's arrays; kept on the rubric, which never changes."""
    kept: Compiled | None = rubric.__dict__.get("_compiled")
    if kept is None:
        kept = rubric.__dict__["_compiled"] = _compile(rubric)
    return kept


def _compile(rubric: Rubric) -> Compiled:
    tree = rubric.tree
    column = {leaf: at for at, leaf in enumerate(tree.leaves)}
    nodes = tuple(code for code in tree.inner if tree.kind[code] == "scored")
    scored = np.array([tree.role[leaf] == "scored" for leaf in tree.leaves], dtype=bool)
    inside = np.zeros((len(column), len(nodes)), dtype=bool)
    for at, node in enumerate(nodes):
        inside[[column[leaf] for leaf in tree.under[node]], at] = True
    maxima = np.array([tree.maximum[leaf] for leaf in tree.leaves], dtype=np.int64)
    return Compiled(
        tree=tree,
        scale=10**rubric.mark_decimals,
        column=column,
        nodes=nodes,
        row={node: at for at, node in enumerate(nodes)},
        maxima=maxima,
        scored=scored,
        inside=inside & scored[:, None],
        has_bonus=any(role in ("bonus", "penalty") for role in tree.role.values()),
        dtype=np.float32 if maxima.sum() < EXACT_FLOAT32 else np.float64,
    )
