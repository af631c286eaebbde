"""What the ranks and values of several rounds come to, unit by unit; tables are (units, rounds)."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from dti_core.answer import Floats, Ints, kept
from dti_core.exact.rationals import Rationals


def longest_run(leads: Ints) -> Ints:
    """In how many rounds after one another something held, at most."""
    run, longest = (np.zeros(len(leads), dtype=np.int64) for _ in range(2))
    for now in leads.T:
        run = (run + 1) * now
        longest = np.maximum(longest, run)
    return kept(longest)


def growth(values: Floats, scales: Sequence[Fraction | None], years: Sequence[int]) -> Floats:
    """Percent a year, compound, from the first value of each unit to its last.

    NaN where the two are not on the same scale, the first is not above 0, or there is only one.
    """
    there = ~np.isnan(values)
    first, last = there.argmax(axis=1), there.shape[1] - 1 - there[:, ::-1].argmax(axis=1)
    grown = np.full(len(values), np.nan)
    for unit in np.flatnonzero(there.sum(axis=1) > 1).tolist():
        start, end = int(first[unit]), int(last[unit])
        old, new = Rationals.of(values[unit, [start, end]]).fractions()
        if old and new is not None and old > 0 and scales[start] is not None and scales[start] == scales[end]:
            grown[unit] = 100 * (float(new / old) ** (1 / (years[end] - years[start])) - 1)
    return kept(grown)
