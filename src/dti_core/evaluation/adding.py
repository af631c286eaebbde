"""The kernel: leaves added up to nodes for all units, in whole ticks.

Units of one applicability pattern share one affine map: points = marks @ weights + granted. A leaf that a unit's
pattern does not use is multiplied by 0, so that one product serves all patterns of a family; units of another family
use none of its leaves and get 0 from it. Ticks are whole numbers, and those of all leaves together stay below 2^24 in
float32, 2^53 in float64: so every term and every partial sum is exact, in any order, and no order of additions or of
chunks shows.
"""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from dti_core.applicability import Applicability
from dti_core.columns.chunks import in_chunks, rows_per_chunk
from dti_core.marks.ticks import Ticks

Family = tuple[Ticks, Ticks]
"""(patterns, leaves) what a leaf is multiplied by, and (nodes, leaves) what it then adds to a node."""


def add_points(ticks: Ticks, applicability: Applicability) -> Ticks:
    """(nodes, units) what marks earn where they count; a missing one, NaN, earns nothing."""
    kind, earned = ticks.dtype, applicability.compiled.earned
    families = [
        (family.used.astype(kind), (family.adds.T * earned).astype(kind)) for family in applicability.families
    ]
    points = _add_up(ticks, applicability, families, _given)
    if applicability.grants.any():
        granted = applicability.granted.astype(kind)
        for row, of_pattern in enumerate(granted):
            points[row] += of_pattern[applicability.pattern_of]
    return points


def add_gaps(ticks: Ticks, applicability: Applicability) -> Ticks:
    """(nodes, units) the applicable maxima of leaves that count and lack a mark."""
    kind, worth = ticks.dtype, applicability.worth
    families = [
        ((family.used * worth).astype(kind), family.adds.T.astype(kind)) for family in applicability.families
    ]
    return _add_up(ticks, applicability, families, _absent)


def _add_up(
    ticks: Ticks,
    applicability: Applicability,
    families: Sequence[Family],
    seen: Callable[[Ticks, Ticks], Ticks],
) -> Ticks:
    """The sums of what is ``seen`` of marks, given room for it."""
    added: Ticks = np.empty((len(applicability.compiled.nodes), len(ticks)), dtype=ticks.dtype)
    shape = (min(rows_per_chunk(ticks.shape[1]), len(ticks)), ticks.shape[1])

    def add(pieces: Iterable[slice]) -> None:
        room, terms = np.empty(shape, ticks.dtype), np.empty(shape, ticks.dtype)
        look = seen
        for rows in pieces:
            size = rows.stop - rows.start
            sums, patterns = added[:, rows], applicability.pattern_of[rows]
            _sum(look(ticks[rows], room[:size]), families, patterns, terms[:size], sums)
            # a missing mark makes the sums it counts in NaN; where there is one there are more
            if look is _given and np.isnan(sums).any():
                look = _marked
                _sum(look(ticks[rows], room[:size]), families, patterns, terms[:size], sums)

    in_chunks(add, *ticks.shape)
    return added


def _sum(
    values: Ticks, families: Sequence[Family], patterns: NDArray[np.int32], terms: Ticks, sums: Ticks
) -> None:
    """Write the sums of some units of these patterns into ``sums``; ``terms`` is room to work in."""
    for at, (factors, weights) in enumerate(families):
        # "raise" would go through a buffer
        np.take(factors, patterns, axis=0, out=terms, mode="clip")
        terms *= values
        if at == 0:
            sums[...] = weights @ terms.T
        else:
            sums += weights @ terms.T


def _given(marks: Ticks, _room: Ticks) -> Ticks:
    return marks


def _marked(marks: Ticks, room: Ticks) -> Ticks:
    # NaN is passed over by fmax, and no mark is below 0
    return np.fmax(marks, 0, out=room)


def _absent(marks: Ticks, room: Ticks) -> Ticks:
    room[...] = np.isnan(marks)
    return room
