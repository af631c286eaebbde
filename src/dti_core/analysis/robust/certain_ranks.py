"""Which ranks are sure, whatever nodes weigh within a spread: no draws, but the worst case of every pair of units."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

import attrs
import numpy as np

from dti_core.analysis.by_result import end_to_end
from dti_core.analysis.compared import Scored, only_scored
from dti_core.analysis.doors import share
from dti_core.analysis.of_units import OfUnits
from dti_core.analysis.outline import Outline
from dti_core.analysis.robust.nodes import weighed_nodes
from dti_core.analysis.robust.pairs import Pairs
from dti_core.analysis.robust.weighed import Peers, Weighed
from dti_core.analysis.sources import standing_of
from dti_core.analysis.together import Edition
from dti_core.answer import Columns, Floats, Texts, kept, texts
from dti_core.errors import Language
from dti_core.scores.setting import By
from dti_core.terms import Number
from dti_core.words import ROBUST


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class CertainRanks(OfUnits):
    """Between which ranks units stay whatever nodes weigh within a spread; NaN where a unit is not ranked.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> from dti_core.analysis import certain_ranks
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> result = evaluate(rubric, MarkSheet.from_array([[30, 10], [15, 20]], rubric, units=["a", "b"]))
    >>> [(row["unit"], row["best"], row["worst"], row["rival"]) for row in certain_ranks(result, spread=0.25).rows]
    [('a', 1.0, 2.0, 'b'), ('b', 1.0, 2.0, None)]
    """

    #: by what part of itself each node may weigh less or more
    spread: float
    #: no weights within the spread give a better rank
    best: Floats
    #: nor a worse one
    worst: Floats
    #: of the units that stand below, to which the same applies, the one that needs the least spread to draw level
    rival: Texts
    #: that spread; NaN where there is no such unit, or none does whatever the weights
    critical: Floats

    def __repr__(self) -> str:
        return f"<CertainRanks: {len(self.units)} units, spread {self.spread}>"

    def columns(self, language: Language | None = None) -> Columns:
        """A dict of arrays, a row per unit.

        ``block``, ``block_title``, ``unit``, ``name``, ``rank`` and ``published`` as published; ``best``, ``worst``,
        ``rival`` and ``critical``.
        """
        own = {"best": self.best, "worst": self.worst, "rival": self.rival, "critical": self.critical}
        return self._stand(language) | own

    def _remarks(self, language: Language) -> Iterator[str]:
        """What the spread is."""
        spread = Fraction(repr(100 * self.spread))
        yield ROBUST("certain", spread=spread).text(language)


def certain_ranks(
    source: Scored | Edition,
    spread: Number = 0.25,
    *,
    nodes: Sequence[str] | None = None,
    by: By = None,
) -> CertainRanks:
    """Between which ranks units stay if each node weighs from 1 − ``spread`` to 1 + ``spread`` times what it does.

    Nothing is drawn: all :func:`weight_draws` of the law ``uniform`` and this spread, and all other weights within it,
    rank units within these bounds. Units to which the same applies are compared in closed form: with d the points that
    i is ahead of j at each node, i stays ahead for all weights where the sum of d is above ``spread`` times the sum of
    the sizes of d. So the *critical spread* of a pair is the one sum over the other: by so much weights must be off
    before j draws level with i. Others are compared by the lowest and the highest score that each can have, which is
    sure but wide. Bounds are worked out pair by pair: no weights need bring a unit to them.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> result = evaluate(rubric, MarkSheet.from_array([[30, 10], [15, 20]], rubric, units=["a", "b"]))
    >>> answer = certain_ranks(result, spread=0.1)
    >>> answer.best.tolist(), answer.worst.tolist(), answer.critical.tolist()
    ([1.0, 2.0], [1.0, 2.0], [0.2, nan])
    """
    if isinstance(source, Edition):
        parts = [certain_ranks(result, spread, nodes=nodes, by=by) for result in source.results.values()]
        joined = end_to_end(parts, "best", "worst", "rival", "critical")
        return CertainRanks(standing=source.standing(by=by), spread=parts[0].spread, **joined)
    scored, width = only_scored(source), share("spread", spread)
    standing = standing_of(scored, by=by)
    weighed = Weighed.of(scored, weighed_nodes(Outline.of(scored), nodes), standing.ranks > 0)
    best, worst, critical = np.full((3, len(standing.units)), np.nan)
    rival: Texts = np.full(len(standing.units), None, dtype=object)
    for rows in standing.ranked_blocks().values():
        peers = Peers.of(weighed, rows)
        pairs = Pairs.of(peers, width)
        best[rows], worst[rows] = (bound[peers.class_of] for bound in pairs.bounds())
        ranks = standing.ranks[peers.rows]
        nearest, spreads = pairs.nearest(ranks)
        critical[rows] = spreads[peers.class_of]
        for row, at in zip(rows.tolist(), nearest[peers.class_of].tolist(), strict=True):
            rival[row] = None if at < 0 else standing.units[peers.rows[at]]
    return CertainRanks(
        standing=standing,
        spread=float(width),
        best=kept(best),
        worst=kept(worst),
        rival=texts(rival),
        critical=kept(critical),
    )
