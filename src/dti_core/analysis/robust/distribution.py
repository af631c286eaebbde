"""How often each unit has each rank over the draws, and what lies in the middle."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from dti_core.analysis.robust.drawn import DrawnRanks
from dti_core.answer import Floats
from dti_core.columns.chunks import in_chunks
from dti_core.exact.rationals import Rows

TILE = 128


def statistics(ranks: DrawnRanks, at: Sequence[float]) -> Floats:
    """(quantiles and the share of first places, columns) of draws × columns.

    Quantiles interpolate between ranks: type 7, the default of numpy and of R.
    """
    draws, columns = ranks.shape
    places = np.array(at) * (draws - 1)
    below = np.floor(places).astype(np.intp)
    above = np.minimum(below + 1, draws - 1)
    result = np.empty((len(at) + 1, columns))

    def count(tiles: Iterable[slice]) -> None:
        for column, counts in _counts(ranks, tiles):
            reached = np.cumsum(counts)
            low, high = (reached.searchsorted(place, side="right") for place in (below, above))
            result[:-1, column] = low + (high - low) * (places - below)
            result[-1, column] = counts[1] / draws

    in_chunks(count, -(-columns // TILE), draws * TILE)
    return result


def _counts(ranks: DrawnRanks, tiles: Iterable[slice], at_least: int = 1) -> Iterator[tuple[int, Rows]]:
    """Columns of some tiles, and how often each has rank 0, 1, 2 …, so far at least."""
    # a tile is made contiguous at once: column by column each cache line would be fetched many times
    for tile in tiles:
        start = tile.start * TILE
        for at, column in enumerate(_transposed(ranks[:, start : tile.stop * TILE])):
            yield start + at, np.bincount(column, minlength=at_least + 1)


def _transposed(array: DrawnRanks) -> DrawnRanks:
    result = np.empty(array.shape[::-1], dtype=array.dtype)
    for start in range(0, len(array), TILE):
        result[:, start : start + TILE] = array[start : start + TILE].T
    return result


def acceptability(ranks: DrawnRanks, most: int) -> Floats:
    """(columns, ranks from 1 to ``most``) the share of draws in which each column has each rank; NaN where none."""
    shares = np.full((ranks.shape[1], most), np.nan)
    for column, counts in _counts(ranks, [slice(0, -(-ranks.shape[1] // TILE))], most):
        if not counts[0]:
            shares[column] = counts[1:] / len(ranks)
    return shares


def beats(ranks: DrawnRanks) -> Floats:
    """(columns, columns) the share of draws in which the one ranks before the other, draws that tie them by half."""
    shares = np.full((ranks.shape[1],) * 2, np.nan)
    by_unit = _transposed(ranks)
    for at, own in enumerate(by_unit):
        before = np.count_nonzero(own < by_unit, axis=1) + np.count_nonzero(own == by_unit, axis=1) / 2
        shares[at] = before / len(ranks)
    np.fill_diagonal(shares, np.nan)
    return shares
