"""Caps on what applies: what a cap takes off a node's maximum is taken off that of all that hold it."""

import numpy as np
from numpy.typing import NDArray

from dti_core.applicability.compiled import Compiled


def capped(compiled: Compiled, applicable: NDArray[np.int64]) -> NDArray[np.int64]:
    """(nodes, any) applicable maxima as sums over leaves → with caps; the same array where there are none."""
    caps = [code for code, node in compiled.tree.adjusted.items() if node.cap]
    applicable = applicable.copy() if caps else applicable
    for code in caps:
        row = compiled.row[code]
        over = np.maximum(applicable[row] - compiled.tree.maximum[code], 0)
        for at in (row, *compiled.holders(code)):
            applicable[at] -= over
    return applicable
