"""How much of what many policies change comes of each choice: variances over the whole grid, exactly."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dti_core.analysis.policies.grid import PolicyField, PolicyValue

Exact: TypeAlias = NDArray[np.object_]
"""Fractions over the grid, an axis for each choice."""
Shares: TypeAlias = tuple[Fraction | None, Fraction | None]


def variance_shares(
    levels: Mapping[PolicyField, tuple[PolicyValue, ...]], means: Mapping[frozenset[Any], Fraction | None]
) -> dict[PolicyField, Shares]:
    """For each choice of several values, its first-order and total share of the variance of the mean shift.

    ``means`` are by the changes of a policy, as pairs of choice and value; the policy in force shifts nobody, and what
    no policy has that was taken takes no part.
    """
    values: dict[frozenset[Any], Fraction | None] = {frozenset(): Fraction(0), **means}
    taken = {
        field: [value for value in own if value == own[0] or frozenset({(field, value)}) in values]
        for field, own in levels.items()
    }
    several = [field for field, own in taken.items() if len(own) > 1]
    cells = [
        values.get(_changes(levels, dict(zip(taken, combination, strict=True))))
        for combination in product(*taken.values())
    ]
    over = np.array(cells, dtype=object).reshape([len(values) for values in taken.values()])
    if None in cells or not _variance(over):
        return dict.fromkeys(several, (None, None))
    axis_of, whole = {field: axis for axis, field in enumerate(taken)}, _variance(over)
    return {
        field: (
            _variance(_mean(over, [axis for other, axis in axis_of.items() if other != field])) / whole,
            1 - _variance(_mean(over, [axis_of[field]])) / whole,
        )
        for field in several
    }


def _changes(
    levels: Mapping[PolicyField, tuple[PolicyValue, ...]], chosen: Mapping[PolicyField, PolicyValue]
) -> frozenset[Any]:
    return frozenset((field, value) for field, value in chosen.items() if value != levels[field][0])


def _mean(values: Exact, axes: list[int]) -> Exact:
    """The mean along some axes; numpy divides sums of fractions by whole numbers as they stand."""
    count = int(np.prod([values.shape[axis] for axis in axes], dtype=np.int64))
    return np.asarray(values.sum(axis=tuple(axes)) / Fraction(count), dtype=object)


def _variance(values: Exact) -> Fraction:
    """Of all values, each as likely."""
    listed = values.ravel().tolist()
    mean = sum(listed, Fraction(0)) / len(listed)
    return sum((value * value for value in listed), Fraction(0)) / len(listed) - mean * mean
