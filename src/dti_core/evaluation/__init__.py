"""From ticks to sums: the roll-up of every node for every unit, in whole ticks.

Units of one applicability pattern share one affine map: points = marks @ weights + granted; then nodes are adjusted.
Invariants of the kernel: ticks are whole numbers, and those of all leaves together stay below 2^24 in float32, 2^53 in
float64, so the matrix product adds them exactly, in any order; a missing mark is NaN, which no sum can hide.
"""

from collections.abc import Iterable

import attrs
import numpy as np

from dti_core.applicability import Applicability
from dti_core.applicability.compiled import Compiled
from dti_core.columns.chunks import in_chunks, rows_per_chunk
from dti_core.evaluation.adjusting import adjust, capped
from dti_core.evaluation.sums import RollUp, Ticks
from dti_core.rubric.policy import Policy


def roll_up(compiled: Compiled, ticks: Ticks, applicability: Applicability, policy: Policy) -> RollUp:
    """Add up every node of every unit."""
    by_pattern = capped(compiled, applicability.applicable)
    rolled = RollUp.blank(compiled, ticks, applicability, policy, by_pattern)
    lacking: list[bool] = []

    def add(pieces: Iterable[slice]) -> None:
        kernel = _Kernel(rolled)
        for rows in pieces:
            kernel.add(rows)
        lacking.append(kernel.lacks_marks)

    in_chunks(add, *ticks.shape)
    if not any(lacking):
        rolled = rolled.complete()
    adjust(rolled)
    return rolled


@attrs.frozen(eq=False)
class _Weights:
    """A family of patterns as floats."""

    #: (nodes, leaves) which leaves add to which node, and what a tick of a mark adds
    adds: Ticks
    weights: Ticks
    #: (patterns, leaves) which leaves are used, and their applicable maxima
    used: Ticks
    worth: Ticks


class _Kernel:
    """Adds up chunks of rows, with buffers of its own that are used again."""

    # A leaf that a unit's pattern does not use is multiplied by 0, so that one product serves all patterns of a family;
    # units of another family use none of its leaves and get 0 from it. Every term is a whole number of ticks and any
    # partial sum of them is one below the limit of the float, so neither the order of additions nor that of chunks
    # shows. A missing mark makes NaN of the sums it is in, and of others by 0 × NaN: then blanks count as 0 and are
    # added up apart.

    def __init__(self, rolled: RollUp) -> None:
        self.rolled = rolled
        applicability, kind = rolled.applicability, rolled.ticks.dtype
        earned, worth = rolled.compiled.earned, applicability.worth
        self.families = [
            _Weights(
                family.adds.T.astype(kind),
                (family.adds.T * earned).astype(kind),
                family.used.astype(kind),
                (family.used * worth).astype(kind),
            )
            for family in applicability.families
        ]
        self.granted = applicability.granted.astype(kind) if applicability.granted.any() else None
        shape = (min(rows_per_chunk(rolled.ticks.shape[1]), len(rolled.ticks)), rolled.ticks.shape[1])
        self.counted: Ticks = np.empty(shape, dtype=kind)
        self.blank: Ticks = np.empty(shape, dtype=kind)
        self.lacks_marks = False

    def add(self, rows: slice) -> None:
        """Add up the marks that a chunk of rows counts, and the maxima of those missing."""
        part = self.rolled.part(rows)
        counted = self.counted[: len(part.ticks)]
        for at, family in enumerate(self.families):
            # "raise" would go through a buffer
            np.take(family.used, part.pattern_of, axis=0, out=counted, mode="clip")
            counted *= part.ticks
            added: Ticks = family.weights @ counted.T
            if np.isnan(added).any():
                added = self._without_missing(part, family)
            if at == 0:
                part.points[...] = added
            else:
                part.points[...] += added
        if self.granted is not None:
            part.points[...] += self.granted[:, part.pattern_of]

    def _without_missing(self, part: RollUp, family: "_Weights") -> Ticks:
        counted, blank = self.counted[: len(part.ticks)], self.blank[: len(part.ticks)]
        absent = np.isnan(part.ticks)
        np.copyto(counted, 0, where=absent)
        np.take(family.worth, part.pattern_of, axis=0, out=blank, mode="clip")
        blank *= absent
        gaps = family.adds @ blank.T
        part.gaps[...] += gaps
        self.lacks_marks = self.lacks_marks or bool(gaps.any())
        return np.asarray(family.weights @ counted.T)
