"""A rubric as arrays: leaves × nodes, in ticks; made once for a rubric."""

from collections.abc import Mapping
from weakref import ref

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
    #: (leaves,) leaves of bonus and penalty, beside the maxima
    beside: NDArray[np.bool_]
    #: the float in which ticks of all leaves together add up exactly
    dtype: type[np.float32] | type[np.float64]

    @property
    def has_bonus(self) -> bool:
        """Whether leaves of bonus or penalty exist."""
        return bool(self.beside.any())


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
        beside=np.array([tree.role[leaf] in ("bonus", "penalty") for leaf in tree.leaves], dtype=bool),
        dtype=np.float32 if maxima.sum() < EXACT_FLOAT32 else np.float64,
    )
