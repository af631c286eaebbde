"""From ticks to sums: the roll-up of every node for every unit, in whole ticks.

Units of one applicability pattern share one affine map: points = marks @ adds + granted. Invariants of the kernel:
ticks are whole numbers, and those of all leaves together stay below 2^24 in float32, 2^53 in float64, so the matrix
product adds them exactly, in any order; a missing mark is NaN, which no sum can hide.
"""

from collections.abc import Iterable
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.applicability import Applicability
from dti_core.applicability.compiled import Compiled
from dti_core.columns.chunks import in_chunks, rows_per_chunk

IntArray = NDArray[np.int64]
Ticks = NDArray[np.floating[Any]]


@attrs.frozen(eq=False)
class NodeSums:
    """One node for all units, in ticks: what was earned, the applicable maximum, and how much of it is missing."""

    points: IntArray
    applicable: IntArray
    #: None where nothing is missing
    missing: IntArray | None

    @property
    def marked(self) -> IntArray:
        """The applicable maximum of what is marked."""
        return self.applicable if self.missing is None else self.applicable - self.missing


@attrs.frozen(eq=False)
class RollUp:
    """The sums of every scored node; leaves are read straight from the marks."""

    compiled: Compiled
    ticks: Ticks
    applicability: Applicability
    #: (nodes, units)
    points: Ticks
    #: (nodes, units), or None where every mark that counts is there
    missing: Ticks | None

    def of(self, node: str) -> NodeSums:
        """The sums of a scored node or of any leaf that may have a maximum."""
        if node in self.compiled.column:
            return self._leaf(node)
        row = self.compiled.row[node]
        applicable = self.applicability.applicable[row][self.applicability.pattern_of]
        missing = None if self.missing is None else self.missing[row].astype(np.int64)
        return NodeSums(self.points[row].astype(np.int64), applicable, missing)

    def _leaf(self, leaf: str) -> NodeSums:
        column = self.compiled.column[leaf]
        maximum = int(self.compiled.maxima[column])
        mark = self.ticks[:, column]
        pattern_of = self.applicability.pattern_of
        counts = self.applicability.counts[pattern_of, column]
        full = self.applicability.full[pattern_of, column]
        missing = np.isnan(mark) & counts & ~full
        earned = np.where(full, maximum, np.where(counts & ~missing, mark, 0)).astype(np.int64)
        return NodeSums(earned, maximum * counts, maximum * missing)

    def bonus(self, node: str) -> IntArray:
        """Bonus less penalty points of a node, in ticks; a node of penalties alone has them as positive points."""
        if self.compiled.tree.kind[node] == "penalty":
            return self._signed("penalty", node)
        return self._signed("bonus", node) - self._signed("penalty", node)

    def _signed(self, kind: str, node: str) -> IntArray:
        """Points of one kind under a node, each common cap applied."""
        tree = self.compiled.tree
        if node in self.compiled.column:
            if tree.role[node] != kind:
                return np.zeros(len(self.ticks), dtype=np.int64)
            return np.nan_to_num(self.ticks[:, self.compiled.column[node]]).astype(np.int64)
        parts = [self._signed(kind, child) for child in tree.children[node] if tree.has(kind, child)]
        added = sum(parts, np.zeros(len(self.ticks), dtype=np.int64))
        return np.minimum(added, tree.maximum[node]) if tree.kind[node] == kind else added


def roll_up(compiled: Compiled, ticks: Ticks, applicability: Applicability) -> RollUp:
    """Add up every node of every unit."""
    shape = (len(compiled.nodes), len(ticks))
    points, missing = np.empty(shape, dtype=ticks.dtype), np.zeros(shape, dtype=ticks.dtype)
    lacking: list[bool] = []

    def add(pieces: Iterable[slice]) -> None:
        kernel = _Kernel(compiled, ticks, applicability, points, missing)
        for rows in pieces:
            kernel.add(rows)
        lacking.append(kernel.lacks_marks)

    in_chunks(add, *ticks.shape)
    return RollUp(compiled, ticks, applicability, points, missing if any(lacking) else None)


class _Kernel:
    """Adds up chunks of rows, with buffers of its own that are used again."""

    # A leaf that a unit's pattern does not use is multiplied by 0, so that one product serves all patterns of a family;
    # units of another family use none of its leaves and get 0 from it. Every term is a whole number of ticks and any
    # partial sum of them is one below the limit of the float, so neither the order of additions nor that of chunks
    # shows. A missing mark makes NaN of the sums it is in, and of others by 0 × NaN: then blanks count as 0 and are
    # added up apart.

    def __init__(
        self, compiled: Compiled, ticks: Ticks, applicability: Applicability, points: Ticks, missing: Ticks
    ) -> None:
        self.ticks, self.points, self.missing = ticks, points, missing
        self.pattern_of, kind = applicability.pattern_of, ticks.dtype
        self.families = [
            (family.adds.T.astype(kind), family.used.astype(kind)) for family in applicability.families
        ]
        self.granted = applicability.granted.astype(kind) if applicability.granted.any() else None
        self.maxima = compiled.maxima.astype(kind)
        shape = (min(rows_per_chunk(ticks.shape[1]), len(ticks)), ticks.shape[1])
        self.counted: Ticks = np.empty(shape, dtype=kind)
        self.blank: Ticks = np.empty(shape, dtype=kind)
        self.lacks_marks = False

    def add(self, rows: slice) -> None:
        """Add up the marks that a chunk of rows counts, and the maxima of those missing."""
        chunk, pattern_of, points = self.ticks[rows], self.pattern_of[rows], self.points[:, rows]
        counted = self.counted[: len(chunk)]
        for at, (weights, used) in enumerate(self.families):
            np.take(used, pattern_of, axis=0, out=counted, mode="clip")  # "raise" would go through a buffer
            counted *= chunk
            added: Ticks = weights @ counted.T
            if np.isnan(added).any():
                added = self._without_missing(rows, weights, used)
            if at == 0:
                points[...] = added
            else:
                points += added
        if self.granted is not None:
            points += self.granted[:, pattern_of]

    def _without_missing(self, rows: slice, weights: Ticks, used: Ticks) -> Ticks:
        chunk = self.ticks[rows]
        counted, blank = self.counted[: len(chunk)], self.blank[: len(chunk)]
        absent = np.isnan(chunk)
        np.copyto(counted, 0, where=absent)
        np.take(used, self.pattern_of[rows], axis=0, out=blank, mode="clip")
        blank *= absent
        gaps = (weights * self.maxima) @ blank.T
        self.missing[:, rows] += gaps
        self.lacks_marks = self.lacks_marks or bool(gaps.any())
        return np.asarray(weights @ counted.T)
