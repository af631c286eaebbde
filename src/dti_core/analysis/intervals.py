"""What if the weights were others: the ranks of units over many draws of weights."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from dti_core.analysis.compared import only_result
from dti_core.analysis.doors import column, place, share, table_of, whole
from dti_core.analysis.sources import names_of
from dti_core.answer import Columns, Floats, Ints, kept, texts
from dti_core.columns.chunks import in_chunks, rows_per_chunk
from dti_core.columns.codes import instance
from dti_core.errors import InvalidArgument
from dti_core.result import Result
from dti_core.rubric import Rubric
from dti_core.rubric.tree import TOTAL
from dti_core.scores.setting import By
from dti_core.terms import Number

MOST_SEED = 2**128 - 1
RATIO_DECIMALS = 9
WEIGHT_BITS = 22
"""Weights that add up to 2^22, times shares in whole 10^-9, stay below 2^53: doubles add them exactly."""


@attrs.frozen(eq=False)
class RankIntervals:
    """The ranks of every unit over the draws: arrays over ``units``, 0 or NaN where a unit is not ranked."""

    units: tuple[str, ...]
    level: float
    #: the rank of the total under the weights in force
    nominal: Ints
    #: the best and the worst rank of any draw
    best: Ints
    worst: Ints
    median: Floats
    #: the quantiles of the rank that leave out (1 − level) / 2 of the draws on either side
    lower: Floats
    upper: Floats
    #: the share of draws in which the unit is first
    first: Floats

    def columns(self) -> Columns:
        """A plain dict of arrays: unit, nominal, best, lower, median, upper, worst, first."""
        names = ("nominal", "best", "lower", "median", "upper", "worst", "first")
        return {"unit": texts(self.units)} | {name: getattr(self, name) for name in names}


def weight_draws(
    rubric: Rubric, count: int, spread: Number = 0.25, seed: int = 0, nodes: Sequence[str] | None = None
) -> Floats:
    """Draws × nodes: each node's maximum times a random factor from 1 − spread to 1 + spread; a draw adds up to 1.

    ``nodes`` are by default the scored indices; no two of them may reach the same leaf. The same seed gives the same
    draws.

    >>> from dti_core import Index, Rubric
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> weight_draws(rubric, 2, spread=0).tolist()
    [[0.6, 0.4], [0.6, 0.4]]
    """
    instance("rubric", rubric, Rubric)
    width, drawn = float(share("spread", spread)), whole("count", count, 0)
    maxima = [rubric.tree.maximum[node] for node in _nodes(rubric, nodes)]
    generator = np.random.default_rng(whole("seed", seed, 0, MOST_SEED))
    weights = generator.uniform(1 - width, 1 + width, (drawn, len(maxima))) * maxima
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def rank_intervals(
    result: Result,
    draws: ArrayLike,
    *,
    nodes: Sequence[str] | None = None,
    level: Number = 0.9,
    by: By = None,
) -> RankIntervals:
    """Where units rank when the nodes weigh otherwise: draws × nodes of weights ≥ 0, each draw on any scale.

    In a draw a unit's score is the mean of its nodes' scores relative to their scales, weighted by the draw, over the
    nodes that apply to it. Units are ranked with whom they are ranked in the result (``by`` as in
    :meth:`Scores.ranks`), ties as in a competition (1 2 2 4). Quantiles interpolate between ranks (type 7, numpy's
    default). Bonus, penalty and the tie-break of the total take no part, and nothing is rounded as published. Under
    ``overall`` the total of a unit with exclusions is not the mean of its indices: where leaves are excluded, draws
    that equal the weights in force may rank otherwise than the result does.

    These are what-ifs, never published ranks: relative scores are rounded to 9 decimals, weights to 2^-21 of their sum,
    and two units tie in a draw where what they lack to a full score agrees to 52 − log2(units ranked together) binary
    digits, 12 decimal ones for 3,321 units. Units with equal scores on all nodes always tie, on every machine.

    The ranks of a block are held in two bytes per draw and unit, four from 65,536 units on.
    Raises :class:`~dti_core.InvalidArgument` for draws of another shape, negative, not finite or all zero, and where a
    draw gives no weight to any node that applies to a unit.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> result = evaluate(rubric, MarkSheet.from_array([[30, 10], [15, 20]], rubric, units=["a", "b"]))
    >>> found = rank_intervals(result, [[3, 2], [2, 2], [2, 3]])
    >>> found.nominal.tolist(), found.best.tolist(), found.worst.tolist(), found.median.tolist()
    ([1, 2], [1, 1], [2, 2], [1.0, 1.0])
    """
    chosen = _nodes(only_result(result).rubric, nodes)
    weights, between = _whole_weights(draws, len(chosen)), float(share("level", level))
    by = names_of(by)
    lacking = np.array([_lacking(result, node) for node in chosen]).reshape(len(chosen), len(result.units))
    blocks = np.where(np.isnan(lacking).all(axis=0), -1, result.total.labelled_groups(by)[0])
    at = [0.0, 1.0, 0.5, (1 - between) / 2, (1 + between) / 2]  # best, worst, median, lower, upper
    statistics = np.full((len(at) + 1, len(result.units)), np.nan)
    for block in range(int(blocks.max(initial=-1)) + 1):
        here = np.flatnonzero(blocks == block)
        if len(here):
            statistics[:, here] = _statistics(_ranks(weights, lacking[:, here]), at)
    nominal = kept(result.total.ranks(by=by, ties="competition"))
    best, worst = kept(np.nan_to_num(statistics[:2]).astype(np.int64))
    median, lower, upper, first = kept(statistics[2:])
    return RankIntervals(result.units, between, nominal, best, worst, median, lower, upper, first)


def _nodes(rubric: Rubric, nodes: Sequence[str] | None) -> Sequence[str]:
    """The nodes to weigh: parts of the total that have a score, no leaf in two of them."""
    tree = rubric.tree
    if nodes is None:
        return [node for node in tree.children[TOTAL] if tree.kind[node] == "scored" and tree.maximum[node]]
    chosen = column("nodes", nodes)
    for node in chosen:
        place("node", node, [*tree.kind])
        if node == TOTAL or tree.kind[node] != "scored" or not tree.maximum[node]:
            raise InvalidArgument(f"{node!r} cannot be weighed; name parts of the total that have a score")
    leaves = Counter(leaf for node in chosen for leaf in tree.scored_under(node))
    twice = [leaf for leaf, count in leaves.items() if count > 1]
    if twice:
        raise InvalidArgument(
            f"the nodes weigh leaf {twice[0]!r} twice; name nodes that have no leaf in common"
        )
    return chosen


def _whole_weights(draws: Any, count: int) -> Floats:
    weights = table_of("draws", draws)
    if weights.ndim != 2 or weights.shape[1] != count or not len(weights):
        raise InvalidArgument(f"draws must be draws × {count} nodes, at least one; not {weights.shape}")
    sums = weights.sum(axis=1, keepdims=True)
    if not (np.isfinite(weights) & (weights >= 0)).all() or not sums.all() or not np.isfinite(sums).all():
        raise InvalidArgument("weights must be finite and at least 0, and some of every draw above 0")
    return np.asarray(np.rint(np.ldexp(weights, WEIGHT_BITS - np.frexp(sums)[1])))


def _lacking(result: Result, node: str) -> Floats:
    """What units lack to the full score of a node, in whole 10^-9 of it; NaN where null."""
    unit = 10**RATIO_DECIMALS
    shares = result[node].published_as("ratio", RATIO_DECIMALS, "half_even")
    return np.asarray(unit - np.rint(shares * unit), dtype=np.float64)


def _ranks(weights: Floats, lacking: Floats) -> NDArray[np.unsignedinteger[Any]]:
    """Draws × units: ranks among each other.

    Doubles ≥ 0 are ordered as their bits are. Their lowest bits give way to the number of the unit, so that one sort
    of whole numbers orders the units themselves.
    """
    draws, units = len(weights), lacking.shape[1]
    applies = ~np.isnan(lacking)
    lacking = np.nan_to_num(lacking)
    low = (1 << (units - 1).bit_length()) - 1
    ranks = np.empty((draws, units), dtype=np.uint16 if units < 2**16 else np.uint32)
    place = np.arange(1, units + 1, dtype=ranks.dtype)

    def rank(pieces: Iterable[slice]) -> None:
        scores, steps = np.empty((2, min(rows_per_chunk(units), draws), units))
        for rows in pieces:
            size = rows.stop - rows.start
            np.matmul(weights[rows], lacking, out=scores[:size])
            if not applies.all():
                scores[:size] /= _weight_that_applies(weights[rows], applies)
            keys = scores[:size].view(np.int64)
            keys &= ~low
            keys |= np.arange(units)
            keys.sort(axis=1)
            apart = np.bitwise_xor(keys[:, 1:], keys[:, :-1], out=steps[:size, 1:].view(np.int64)) > low
            keys &= low
            keys += np.arange(size)[:, None] * units
            ranks[rows].reshape(-1)[keys] = place if apart.all() else _first_places(apart, place)

    in_chunks(rank, draws, units)
    return ranks


def _weight_that_applies(weights: Floats, applies: NDArray[np.bool_]) -> Floats:
    counted: Floats = weights @ applies.astype(np.float64)
    if not counted.all():
        raise InvalidArgument(
            "a draw gives no weight to any node that applies to some unit; weigh at least one that does"
        )
    return counted


def _first_places(apart: NDArray[np.bool_], place: NDArray[Any]) -> NDArray[Any]:
    """The places in order, but that of the first among equals."""
    places = np.broadcast_to(place, (len(apart), len(place))).copy()
    places[:, 1:][~apart] = 0
    return np.maximum.accumulate(places, axis=1)


def _statistics(ranks: NDArray[np.unsignedinteger[Any]], at: Sequence[float]) -> Floats:
    """(quantiles and the share of first places, units) of draws × units."""
    draws, units = ranks.shape
    places = np.array(at) * (draws - 1)
    below = np.floor(places).astype(np.intp)
    above = np.minimum(below + 1, draws - 1)
    statistics, second = np.empty((len(at) + 1, units)), ranks.dtype.type(2)

    def sort(blocks: Iterable[slice]) -> None:
        for block in blocks:
            some = slice(block.start * TILE, block.stop * TILE)
            in_order = _transposed(ranks[:, some])
            in_order.sort(axis=1, kind=RADIX if ranks.itemsize == 2 else None)
            low, high = in_order[:, below].astype(np.float64), in_order[:, above].astype(np.float64)
            statistics[:-1, some] = (low + (high - low) * (places - below)).T
            statistics[-1, some] = [np.searchsorted(own, second) / draws for own in in_order]

    in_chunks(sort, -(-units // TILE), draws * TILE)
    return statistics


def _transposed(array: NDArray[Any]) -> NDArray[Any]:
    """Rows become columns, tile by tile: the whole at once would fetch each cache line many times."""
    result = np.empty(array.shape[::-1], dtype=array.dtype)
    for start in range(0, len(array), TILE):
        result[:, start : start + TILE] = array[start : start + TILE].T
    return result


TILE = 128
RADIX: Any = "stable"
"""Numpy sorts two-byte numbers stably by radix, which is fast on every machine."""
