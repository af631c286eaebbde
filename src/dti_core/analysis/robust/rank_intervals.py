"""How sure ranks are: asked of a result, over draws of weights or of marks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import ArrayLike

from dti_core.analysis.compared import Scored, only_result, only_scored
from dti_core.analysis.doors import given_by_name, share
from dti_core.analysis.outline import Outline
from dti_core.analysis.robust.distribution import statistics
from dti_core.analysis.robust.drawn import DrawnRanks, blank_ranks, ranks_in
from dti_core.analysis.robust.factors import factors_of
from dti_core.analysis.robust.intervals import STATISTICS, RankIntervals, joined
from dti_core.analysis.robust.mark_draws import MarkDraws
from dti_core.analysis.robust.nodes import weighed_nodes
from dti_core.analysis.robust.weighed import Peers, Weighed
from dti_core.analysis.robust.wording import refused
from dti_core.analysis.sources import standing_of
from dti_core.analysis.standing import Standing
from dti_core.analysis.together import Edition
from dti_core.answer import Floats, kept
from dti_core.columns.codes import instance
from dti_core.exact.rationals import Rows
from dti_core.result import Result, evaluate
from dti_core.scores.setting import By
from dti_core.terms import Number

Drawn = ArrayLike | MarkDraws
Part = tuple[Rows, Rows, DrawnRanks]
"""Units that are ranked together: their rows, the column of each, and draws × columns of ranks."""


def rank_intervals(
    source: Scored | Edition,
    draws: Drawn | Mapping[str, Drawn],
    *,
    nodes: Sequence[str] | None = None,
    by: By = None,
    level: Number = 0.9,
    keep: bool = False,
) -> RankIntervals:
    """Where units would rank if nodes weighed otherwise: ``draws`` × nodes of weights ≥ 0, each draw on any scale.

    In a draw the maxima of all leaves of a node, and what they earn, are multiplied by what the node weighs over what
    it is worth; all nodes together are worth what they are in force. Everything else is as in the result: it is
    renormalised, changed by bonus and penalty, rounded, ranked within blocks (or ``by``) and tied by its policy; who is
    not ranked is so in every draw, and ties are broken by what the nodes and attributes of the tie-break came to in it.
    So draws that are the weights in force give its ranks. ``nodes``, by default the main indices, hold each scored leaf
    once; under ``by_level`` others are taken only where each of them applies to every unit.

    ``draws`` may also be of marks, as :func:`mark_draws` gives them. Of an :class:`Edition` they are by the name of the
    result; units are ranked within their own. ``keep`` keeps draws and ranks: two bytes per draw and unit, four from
    65,536 units on. Quantiles interpolate between ranks (type 7, numpy's default).

    These are what-ifs, never published ranks. Weights are relative to what nodes are worth, and stand for the simplest
    fractions within 2^-44 of them, so that thirds are thirds; nothing else is rounded but what is printed. The same
    draws give the same ranks on every machine.
    Raises :class:`~dti_core.InvalidArgument` for draws of another shape, negative, not finite or all zero, and where a
    draw gives no weight to any node that applies to a unit.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> result = evaluate(rubric, MarkSheet.from_array([[30, 10], [15, 20]], rubric, units=["a", "b"]))
    >>> answer = rank_intervals(result, [[3, 2], [2, 2], [2, 3]])
    >>> answer.best_drawn.tolist(), answer.worst_drawn.tolist(), answer.median.tolist()
    ([1.0, 1.0], [2.0, 2.0], [1.0, 1.0])
    """
    if isinstance(source, Edition):
        by_name = given_by_name("draws", draws)
        if {*by_name} != {*source}:
            raise refused("by_name", names=", ".join(source))
        asked: dict[str, Any] = {"nodes": nodes, "by": by, "level": level, "keep": keep}
        answers = [rank_intervals(source[name], by_name[name], **asked) for name in source]
        return joined(answers, source.standing(by=by))
    scored, between = only_scored(source), float(share("level", level))
    standing = standing_of(scored, by=by)
    instance("keep", keep, bool)
    if isinstance(draws, MarkDraws):
        parts = _over_marks(only_result(scored), draws, standing, by)
        return _intervals(standing, parts, len(draws), between, keep=keep)
    chosen = weighed_nodes(Outline.of(scored), nodes)
    weighed = Weighed.of(scored, chosen, standing.ranks > 0)
    factors = factors_of(draws, weighed.maxima / weighed.ticks)
    parts = _over_weights(weighed, factors, standing)
    answer = _intervals(standing, parts, len(factors), between, keep=keep)
    if not keep:
        return answer
    shares = factors * weighed.maxima
    return attrs.evolve(answer, nodes=chosen, draws=kept(shares / shares.sum(axis=1, keepdims=True)))


def _over_weights(weighed: Weighed, factors: Floats, standing: Standing) -> Iterator[Part]:
    for rows in standing.ranked_blocks().values():
        peers = Peers.of(weighed, rows)
        yield rows, peers.class_of, ranks_in(peers, factors)


def _over_marks(result: Result, draws: MarkDraws, standing: Standing, by: By) -> Iterator[Part]:
    if draws.sheet.units != result.units or draws.sheet.rubric != result.rubric:
        raise refused("other_sheet")
    ranks = blank_ranks(len(draws), len(result.units), len(result.units))
    for at, sheet in enumerate(draws):
        ranks[at] = evaluate(result.rubric, sheet, result.policy).total.ranks(by)
    for rows in standing.ranked_blocks().values():
        yield rows, np.arange(len(rows)), ranks[:, rows]


def _intervals(
    standing: Standing, parts: Iterable[Part], count: int, level: float, *, keep: bool
) -> RankIntervals:
    units = len(standing.units)
    at = [0.0, (1 - level) / 2, 0.5, (1 + level) / 2, 1.0]  # the best, lower, median, upper, the worst
    columns = np.full((len(STATISTICS), units), np.nan)
    ranks = blank_ranks(count, units, units) if keep else None
    for rows, column_of, own in parts:
        columns[:, rows] = statistics(own, at)[:, column_of]
        if ranks is not None:
            ranks[:, rows] = own[:, column_of]
    arrays: dict[str, Any] = dict(zip(STATISTICS, kept(columns), strict=True))
    return RankIntervals(
        standing=standing,
        count=count,
        level=level,
        ranks=None if ranks is None else kept(ranks),
        **arrays,
    )
