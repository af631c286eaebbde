"""Ranks by counting: competition or dense, within groups, ties as equal keys."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dti_core.columns.cells import match_labels, plain
from dti_core.columns.codes import option
from dti_core.columns.factor import factor, locked
from dti_core.columns.numbers import numbers
from dti_core.errors import InvalidArgument, Problem
from dti_core.exact import INT64_MAX
from dti_core.rubric.policy import Ties
from dti_core.words import COLUMNS

TIES = ("competition", "dense")
NO_GROUP = -1
"""The group of a unit that is not ranked."""


def rank(
    values: ArrayLike | Iterable[Any], by: Iterable[Any] | None = None, ties: Ties = "competition"
) -> NDArray[np.int64]:
    """Ranks, highest first, as int64; 0 where a value is NaN or None. Values tie only where they are equal.

    ``by`` gives the group of each value (a label, or a tuple of labels) to rank within; None is no group.

    >>> rank([90.5, 88.25, 88.25, 71.0]).tolist()
    [1, 2, 2, 4]
    >>> rank([90.5, 88.25, 88.25, 71.0], ties="dense").tolist()
    [1, 2, 2, 3]
    >>> rank([1, 3, None, 4], by=["a", "a", "b", "b"]).tolist()
    [2, 1, 0, 1]
    """
    match_labels({"values": values} | ({} if by is None else {"by": by}))
    problems: list[Problem] = []
    keys, null = numbers(values, "values", lambda at: (at,), problems).keys()
    if problems:
        raise InvalidArgument(problems[0])
    groups = np.zeros(len(keys), dtype=np.int32) if by is None else factor(plain(by, "by"), "by").codes
    if len(groups) != len(keys):
        raise InvalidArgument(COLUMNS("labels_for", count=len(groups), values=len(keys)))
    return locked(ranks_of(keys, np.where(null, NO_GROUP, groups), ties))


def ranks_of(keys: NDArray[np.int64], groups: NDArray[Any], ties: Ties) -> NDArray[np.int64]:
    """Ranks of whole-number keys ≥ 0 within groups ≥ 0, highest key first; group −1 is not ranked and gets 0."""
    option("ties", ties, *TIES)
    if len(keys) == 0:
        return np.zeros(0, dtype=np.int64)
    groups_in_use = int(groups.max()) + 1
    is_ranked = groups >= 0
    highest = int(keys.max())
    lowest = int(keys.min(where=is_ranked, initial=highest))
    span = highest - lowest + 1
    if span * groups_in_use > COUNTERS_A_KEY * len(keys):
        return _by_sorting(keys, groups, (groups_in_use, highest + 1), ties)
    place = groups * np.int64(span)
    place += keys - lowest
    place[~is_ranked] = span * groups_in_use
    counts = np.bincount(place, minlength=span * groups_in_use + 1)
    counts[-1] = 0
    counts[:-1] = ranks_by_count(counts[:-1].reshape(groups_in_use, span), ties).ravel()
    return counts[place]


def ranks_by_count(counts: NDArray[np.int64], ties: Ties) -> NDArray[np.int64]:
    """(groups, keys) counts → the rank of each key: 1 + how many units (dense: how many keys in use) are above it."""
    # counting is exact and linear: keys are whole numbers, and whoever is above a key has a higher one
    steps = counts if ties == "competition" else (counts > 0).astype(np.int64)
    at_or_above = np.cumsum(steps[:, ::-1], axis=1)[:, ::-1]
    return at_or_above - steps + 1


def _by_sorting(
    keys: NDArray[np.int64], groups: NDArray[Any], size: tuple[int, int], ties: Ties
) -> NDArray[np.int64]:
    """Sort by group, then key; ``nth`` is the rank of a run of equal keys as if there were no groups."""
    rooms, span = size[0] + 1, size[1]  # unranked units have a room of their own
    if span * rooms > INT64_MAX:
        keys = np.unique(keys, return_inverse=True)[1]
        span = len(keys)
    # places ≥ 0; those of a group come after those of the one before, highest key first; group −1 before all
    place = (groups.astype(np.int64) + 1) * span + (span - 1 - keys)
    # what fits into 16 bits is sorted in linear time
    order = np.argsort(place.astype(np.uint16), kind="stable") if span * rooms <= 2**16 else np.argsort(place)
    starts = _changes(place[order])
    runs = np.flatnonzero(starts)
    nth = runs if ties == "competition" else np.arange(len(runs))
    first = np.maximum.accumulate(np.where(_changes(groups[order[runs]]), nth, 0))
    result = np.empty(len(keys), dtype=np.int64)
    result[order] = (nth - first + 1)[np.cumsum(starts) - 1]
    return np.where(groups >= 0, result, 0)


def _changes(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Where a value differs from the one before it; so does the first."""
    changes = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=changes[1:])
    return changes


COUNTERS_A_KEY = 8
"""With more counters than this for each key, sorting the keys is faster than adding up the counters."""
