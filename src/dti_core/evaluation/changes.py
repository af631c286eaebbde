"""What a cap, a bonus and penalty of its own and a gate changed the points of a node by, unit by unit."""

from collections.abc import Iterator
from typing import Literal

import numpy as np

from dti_core.evaluation.adjusting import adjusted
from dti_core.evaluation.sums import IntArray, RollUp

Adjusting = Literal["cap", "own", "gate"]


def changes(rolled: RollUp) -> Iterator[tuple[str, Adjusting, IntArray]]:
    """Adjusted nodes in document order, what adjusts each, and (units,) the change of its points in ticks."""
    for code in reversed([*rolled.compiled.tree.adjusted]):
        node, points = adjusted(rolled, code), _added(rolled, code)
        if node.cap is not None:
            capped = np.minimum(points, node.cap)
            yield code, "cap", capped - points
            points = capped
        if node.own:
            changed = node.with_own(points.astype(rolled.ticks.dtype), rolled).astype(np.int64)
            yield code, "own", changed - points
            points = changed
        if node.gate:
            yield code, "gate", rolled.of(code).points - points


def _added(rolled: RollUp, node: str) -> IntArray:
    """What the children of a node have together, a stand-by leaf in the place of what it replaces."""
    tree, applicability = rolled.compiled.tree, rolled.applicability
    points: IntArray = np.zeros(len(rolled.ticks), dtype=np.int64)
    for child in tree.children[node]:
        if tree.kind[child] != "scored":
            continue
        for code, counts in applicability.counting(child).items():
            points += rolled.of(code).points * counts[rolled.pattern_of]
    return points
