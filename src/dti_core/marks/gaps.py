"""Which marks of a sheet are missing."""

from collections.abc import Iterable
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.applicability import Applicability
from dti_core.applicability.compiled import Compiled
from dti_core.columns.chunks import in_chunks


@attrs.frozen(eq=False)
class Gaps:
    """Which marks of a sheet are missing, in arrays over its units and leaves."""

    compiled: Compiled
    ticks: NDArray[np.floating[Any]]
    applicability: Applicability

    def missing(self, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """(rows, leaves) where a mark is missing."""
        needed = self.applicability.needed[self.applicability.pattern_of[rows]]
        return np.asarray(np.isnan(self.ticks[rows]) & needed)

    def lacking(self) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
        """The units that lack a mark, and (leaves,) how many units lack each."""
        parts: list[tuple[NDArray[np.intp], NDArray[np.int64]]] = []

        def look(pieces: Iterable[slice]) -> None:
            for piece in pieces:
                rows = piece.start + np.flatnonzero(np.isnan(self.ticks[piece].sum(axis=1)))
                missing = self.missing(rows)
                parts.append((rows[missing.any(axis=1)], missing.sum(axis=0)))

        in_chunks(look, *self.ticks.shape)
        nothing = np.zeros(len(self.compiled.maxima), dtype=np.int64)
        lacking = [rows for rows, _ in parts] or [np.zeros(0, dtype=np.intp)]
        return np.sort(np.concatenate(lacking)), sum((counts for _, counts in parts), nothing)
