"""Marks above what a reduced leaf can still have: refused, and of a self stage counted as that."""

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dti_core.applicability import Applicability
from dti_core.errors import SHOWN, Problem
from dti_core.marks.ticks import Ticks
from dti_core.words import COLUMNS

if TYPE_CHECKING:
    from dti_core.marks import MarkSheet


def above(
    ticks: Ticks, applicability: Applicability
) -> Iterator[tuple[int, NDArray[np.intp], NDArray[np.int64]]]:
    """The leaves with marks above the highest that is still possible: column, rows and that mark, in ticks."""
    for column in np.flatnonzero(applicability.reduced.any(axis=0)).tolist():
        highest = applicability.highest[applicability.pattern_of, column]
        rows = np.flatnonzero(ticks[:, column] > highest)
        if len(rows):
            yield column, rows, highest[rows]


def counted(ticks: Ticks, applicability: Applicability) -> Ticks:
    """The marks as they count; the very array where none is above what is still possible."""
    for column, rows, highest in above(ticks, applicability):
        if not ticks.flags.writeable:
            ticks = ticks.copy()
        ticks[rows, column] = highest
    ticks.flags.writeable = False
    return ticks


def mark_problems(sheet: "MarkSheet") -> Iterator[Problem]:
    """Marks of more or fewer units, and marks above what a decision or rule leaves.

    Those of a self stage count as what is left, and are reported.
    """
    if len(sheet.ticks) != len(sheet.units):
        message = COLUMNS("units_for", count=len(sheet.units), shape=sheet.ticks.shape)
        yield Problem(("units",), message, "length")
        return
    if sheet.stage == "self":
        return
    tree, scale = sheet.rubric.tree, 10**sheet.rubric.mark_decimals
    for column, rows, highest in above(sheet.ticks, sheet.applicability):
        leaf = tree.leaves[column]
        for row, to in zip(rows[:SHOWN].tolist(), highest.tolist(), strict=False):
            asides = sheet.applicability.asides[sheet.applicability.case_of[row]]
            source = next(aside.sources[0] for aside in asides if aside.leaf == leaf)
            mark, most = Fraction(int(sheet.ticks[row, column]), scale), Fraction(to, scale)
            values = {"unit": sheet.units[row], "leaf": leaf, "reason": source.exclusion.reason}
            message = COLUMNS("reduced", value=mark, to=most, **values)
            yield Problem(("units", row, "marks", leaf), message, "reduced")
