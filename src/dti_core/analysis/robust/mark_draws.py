"""Draws of marks: what appraisers might have given instead."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import attrs
import numpy as np

from dti_core.analysis.doors import column, share, whole
from dti_core.analysis.robust.seeded import MOST_SEED, Seeded
from dti_core.analysis.robust.wording import refused
from dti_core.answer import Floats
from dti_core.applicability.compiled import compile_rubric
from dti_core.errors import InvalidArgument, shorten
from dti_core.exact import MAX_TICKS
from dti_core.exact.rationals import Mask
from dti_core.marks import MarkSheet
from dti_core.marks.ticks import ticks_of_marks
from dti_core.result import Result
from dti_core.rubric import Rubric
from dti_core.terms import Number
from dti_core.terms.lookups import among
from dti_core.words import ANSWERS

SHARES = 12
"""The sum of twelve numbers from 0 to 1 has a standard deviation of 1 and nearly the shape of a bell about 6."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class MarkDraws:
    """Mark sheets, one for each draw, made one at a time; iterating again gives the same.

    >>> from dti_core import Index, Rubric
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> sheet = MarkSheet.from_array([[15.5, 20]], rubric, units=["a"])
    >>> draws = mark_draws(sheet, 3, sd=0.03)
    >>> len(draws), [*draws] == [*draws]
    (3, True)
    """

    #: what the draws vary
    sheet: MarkSheet
    #: how many draws
    count: int
    #: the standard deviation as a share of the range of a leaf; None for even errors
    sd: Fraction | None
    #: the largest error in units of the last decimal; None for errors in the shape of a bell
    steps: int | None
    #: those whose marks are drawn
    leaves: tuple[str, ...]
    #: from which the same draws come again
    seed: int

    def __repr__(self) -> str:
        return f"<MarkDraws: {self.count} of {self.sheet!r}>"

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[MarkSheet]:
        seeded = Seeded.of(self.seed)
        rubric, ticks = self.sheet.rubric, self.sheet.counted.astype(np.float64)
        lowest, highest = self._ends()
        moves = self._moves() & ~np.isnan(ticks)
        for _ in range(self.count):
            shifted = np.clip(ticks + self._shifts(seeded, highest - lowest), lowest, highest)
            marks = np.where(moves, shifted, self.sheet.ticks) / compile_rubric(rubric).mark_scale
            yield attrs.evolve(self.sheet, ticks=ticks_of_marks(marks, rubric, lambda *cell: cell))

    def _moves(self) -> Mask:
        """(units, leaves) the marks that count and that are drawn."""
        applicability, tree = self.sheet.applicability, self.sheet.rubric.tree
        drawn = np.array([leaf in self.leaves for leaf in tree.leaves], dtype=bool)
        return np.asarray(applicability.by_mark[applicability.pattern_of] & drawn)

    def _ends(self) -> tuple[Floats, Floats]:
        """(units, leaves) the lowest and the highest mark that is possible."""
        applicability, compiled = self.sheet.applicability, compile_rubric(self.sheet.rubric)
        highest = np.minimum(applicability.highest[applicability.pattern_of], compiled.highest)
        return compiled.lowest.astype(np.float64), highest.astype(np.float64)

    def _shifts(self, seeded: Seeded, ranges: Floats) -> Floats:
        """(units, leaves) by how many ticks marks move."""
        if self.steps is not None:
            return np.floor(seeded.shares(*ranges.shape) * (2 * self.steps + 1)) - self.steps
        # added up one by one, so that every machine adds alike
        bells: Any = sum(seeded.shares(SHARES, *ranges.shape)) - SHARES / 2
        return np.asarray(np.rint(bells * ranges * float(self.sd or 0)))


def mark_draws(
    source: MarkSheet | Result,
    count: int,
    *,
    sd: Number | None = None,
    steps: int | None = None,
    leaves: Sequence[str] | None = None,
    seed: int = 0,
) -> MarkDraws:
    """What appraisers might have given instead, mark by mark and each by itself: sheets for :func:`rank_intervals`.

    Give one of ``sd``, the standard deviation of a mark as a share of the range of its leaf, errors in the shape of a
    bell; or ``steps``, the most by which a mark is off in units of its last decimal, every error as likely. Marks stay
    within what is possible, so that those at an end of their range move to one side alone. Missing marks, and those
    that do not count, stay as they are. ``leaves`` are by default the scored ones that no scoring method marks.

    The same seed gives the same sheets, on every machine and with every version of numpy.

    >>> from dti_core import Index, MarkSheet, Rubric
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> sheet = MarkSheet.from_array([[15.5, 20]], rubric, units=["a"])
    >>> [drawn.of("a") for drawn in mark_draws(sheet, 2, steps=100)]
    [{'1': 15.78, '2': 19.54}, {'1': 14.58, '2': 19.03}]
    """
    sheet = source.marks if isinstance(source, Result) else source
    if not isinstance(sheet, MarkSheet):
        raise InvalidArgument(ANSWERS("source.marks", value=shorten(source)))
    if (sd is None) == (steps is None):
        raise refused("sd_or_steps")
    return MarkDraws(
        sheet=sheet,
        count=whole("count", count, 1),
        sd=None if sd is None else share("sd", sd),
        steps=None if steps is None else whole("steps", steps, 0, MAX_TICKS),
        leaves=_leaves(sheet.rubric, leaves),
        seed=whole("seed", seed, 0, MOST_SEED),
    )


def _leaves(rubric: Rubric, leaves: Sequence[str] | None) -> tuple[str, ...]:
    """The leaves whose marks are drawn."""
    tree = rubric.tree
    if leaves is None:
        scored = (leaf for leaf in tree.leaves if tree.role[leaf] in ("scored", "standby"))
        return tuple(leaf for leaf in scored if _is_marked_by_hand(rubric, leaf))
    chosen = column("leaves", leaves)
    for leaf in chosen:
        among("leaf", leaf, tree.leaves)
    return tuple(chosen)


def _is_marked_by_hand(rubric: Rubric, leaf: str) -> bool:
    method = rubric.tree.criterion[leaf].scoring
    return method is None or method.kind == "direct"
