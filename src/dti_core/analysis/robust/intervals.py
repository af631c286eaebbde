"""What if the weights were others, or the marks: the ranks of units over many draws."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

import attrs
import numpy as np

from dti_core.analysis.by_result import end_to_end
from dti_core.analysis.doors import whole
from dti_core.analysis.of_units import OfUnits
from dti_core.analysis.robust import distribution
from dti_core.analysis.robust.drawn import DrawnRanks
from dti_core.analysis.robust.wording import refused
from dti_core.analysis.standing import Standing
from dti_core.answer import Columns, Floats, kept
from dti_core.errors import Language
from dti_core.words import ROBUST

STATISTICS = ("best_drawn", "lower", "median", "upper", "worst_drawn", "first")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class RankIntervals(OfUnits):
    """How units rank over many draws, beside their published ranks; NaN where a unit is not ranked.

    The best and the worst rank drawn are properties of the sample: more draws bring them further apart. For what holds
    for all weights within a spread see :func:`certain_ranks`.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> from dti_core.analysis import rank_intervals
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> result = evaluate(rubric, MarkSheet.from_array([[30, 10], [15, 20]], rubric, units=["a", "b"]))
    >>> answer = rank_intervals(result, [[3, 2], [3, 2], [3, 2], [2, 3]])
    >>> [(row["unit"], row["best_drawn"], row["worst_drawn"], row["first"]) for row in answer.rows]
    [('a', 1.0, 2.0, 0.75), ('b', 1.0, 2.0, 0.25)]
    """

    #: how many draws
    count: int
    #: the share of draws between ``lower`` and ``upper``
    level: float
    #: the best rank in any draw
    best_drawn: Floats
    #: the worst one
    worst_drawn: Floats
    #: the rank in the middle
    median: Floats
    #: the quantile of the rank that leaves out (1 − level) / 2 of the draws below
    lower: Floats
    #: and above
    upper: Floats
    #: the share of draws in which the unit is first
    first: Floats
    #: draws × units, 0 where a unit is not ranked; None unless they are kept
    ranks: DrawnRanks | None = None
    #: draws × nodes, each draw adding up to 1; None unless they are kept
    draws: Floats | None = None
    #: the nodes that these are of
    nodes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<RankIntervals: {len(self.units)} units, {self.count} draws>"

    def columns(self, language: Language | None = None) -> Columns:
        """A dict of arrays, a row per unit.

        ``block``, ``block_title``, ``unit``, ``name``, ``rank`` and ``published`` as published; ``best_drawn``,
        ``lower``, ``median``, ``upper``, ``worst_drawn`` and ``first`` over the draws.
        """
        return self._stand(language) | {name: getattr(self, name) for name in STATISTICS}

    def acceptability(self) -> Floats:
        """(units, ranks) the share of draws in which a unit has rank 1, 2, …; those that tie share the rank.

        Rows add up to 1; NaN where a unit is not ranked. Needs the ranks kept.
        """
        return kept(distribution.acceptability(self._ranks, int(self._ranks.max(initial=1))))

    def top(self, k: int) -> Floats:
        """The share of draws in which each unit has rank ``k`` or a better one. Needs the ranks kept."""
        within = np.mean(self._ranks <= whole("k", k, 1), axis=0)
        return kept(np.where(self.standing.ranks > 0, within, np.nan))

    def beats(self) -> Floats:
        """(units, units) the share of draws in which the one ranks before the other; draws in which they tie, by half.

        NaN of a unit and itself, and of two that are not ranked together. Needs the ranks kept; the time that it takes
        grows with draws × units².
        """
        shares = np.full((len(self.units),) * 2, np.nan)
        for ranked in self.standing.ranked_blocks().values():
            shares[np.ix_(ranked, ranked)] = distribution.beats(self._ranks[:, ranked])
        return kept(shares)

    def central_weights(self) -> Floats:
        """(units, nodes) the mean of the draws in which a unit is first, adding up to 1; NaN where it never is.

        What they favour is what the unit is good at. Needs the draws kept.
        """
        if self.draws is None:
            raise refused("not_kept")
        is_first = self._ranks == 1
        counts = is_first.sum(axis=0)[:, None]
        return kept(np.where(counts > 0, is_first.T @ self.draws / np.maximum(counts, 1), np.nan))

    @property
    def _ranks(self) -> DrawnRanks:
        if self.ranks is None:
            raise refused("not_kept")
        return self.ranks

    def _remarks(self, language: Language) -> Iterator[str]:
        """That these are no published ranks, and what lies between the bounds."""
        level = Fraction(f"{100 * self.level:.4g}")
        yield ROBUST("intervals", draws=Fraction(self.count), level=level).text(language)


def joined(parts: Sequence[RankIntervals], standing: Standing) -> RankIntervals:
    """The units of several results, each ranked within its own."""
    if len({part.count for part in parts}) > 1:
        raise refused("counts")
    ranks = [part.ranks for part in parts if part.ranks is not None]
    return RankIntervals(
        standing=standing,
        count=parts[0].count,
        level=parts[0].level,
        ranks=kept(np.hstack(ranks)) if len(ranks) == len(parts) else None,
        **end_to_end(parts, *STATISTICS),
    )
