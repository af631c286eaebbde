"""What ranks compare as whole numbers, the highest first: :func:`~dti_core.evaluation.rules.rank_key` of all units."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dti_core.columns.factor import Factor
from dti_core.evaluation.sums import IntArray
from dti_core.exact import INT64_MAX
from dti_core.rubric.conditions import Attribute, place_of
from dti_core.rubric.policy import SortOrder
from dti_core.rubric.tree import Kind
from dti_core.terms import Scalar


def refined(keys: IntArray, finer: IntArray) -> IntArray:
    """Keys ≥ 0 that order units as ``keys`` do and, where these are equal, as ``finer`` do."""
    if (int(keys.max(initial=0)) + 1) * (int(finer.max(initial=0)) + 1) > INT64_MAX:
        keys, finer = (np.unique(part, return_inverse=True)[1] for part in (keys, finer))
    return keys * (int(finer.max(initial=0)) + 1) + finer


def of_points(points: IntArray, kind: Kind) -> IntArray:
    """Keys by points in ticks, of a node of penalties fewer first."""
    rising: IntArray = -points if kind == "penalty" else points
    return np.asarray(rising - rising.min(initial=0))


def of_attribute(column: Factor, declared: Attribute, order: SortOrder) -> IntArray:
    """Keys by an attribute, 0 where a unit lacks it."""
    rising = _places(column.values, declared)
    key_of = rising + 1 if order == "descending" else len(rising) - rising
    return np.append(key_of, 0)[column.codes]  # the code of what is lacking is −1, the last


def _places(values: Sequence[Scalar], declared: Attribute) -> IntArray:
    """The place of each of distinct values among them, lowest first."""
    numbers = values if declared.enum is None else [place_of(declared, value) for value in values]
    places = np.empty(len(values), dtype=np.int64)
    places[_ascending(numbers, int if declared.type == "integer" else float)] = np.arange(len(values))
    return places


def _ascending(numbers: Sequence[Any], nearly: Callable[[Any], float]) -> NDArray[np.intp]:
    """The order of distinct decimals; ``nearly`` keeps it, though some may come to share a double."""
    with suppress(OverflowError):  # no double holds hundreds of digits
        doubles = np.fromiter(map(nearly, numbers), np.float64, len(numbers))
        order = np.argsort(doubles)
        if (doubles[order[1:]] != doubles[order[:-1]]).all():
            return order
    return np.array(sorted(range(len(numbers)), key=numbers.__getitem__), dtype=np.intp)
