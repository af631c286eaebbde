"""By what a draw multiplies each node: as doubles, and exactly."""

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from dti_core.analysis.doors import table_of
from dti_core.analysis.robust.wording import refused
from dti_core.answer import Floats

CLOSE_BITS = 44
CLOSE = 2.0**-CLOSE_BITS
"""A factor stands for the simplest fraction that is no further from it, in parts of itself."""
LEAST = 1e-200
"""Below this a factor is none: products with it would lose digits."""


def factors_of(draws: Any, maxima: Floats) -> Floats:
    """Draws × nodes: what each node weighs over what it is worth, the largest of a draw 1."""
    weights = table_of("draws", draws)
    if weights.ndim != 2 or weights.shape[1] != len(maxima) or not len(weights):
        raise refused("shape", nodes=len(maxima), shape=str(weights.shape))
    with np.errstate(invalid="ignore", over="ignore"):
        sums = weights.sum(axis=1)
    if not (np.isfinite(weights) & (weights >= 0)).all() or not np.isfinite(sums).all() or not sums.all():
        raise refused("weights")
    factors = weights / weights.max(axis=1, keepdims=True) / maxima
    factors /= factors.max(axis=1, keepdims=True)
    return np.where(factors < LEAST, 0.0, factors)


def simplest_fractions(factors: Sequence[float]) -> list[Fraction]:
    """The fractions that factors stand for: of weights in force, however they were rounded, 1 for each."""
    return [*map(_simplest, factors)]


@lru_cache(maxsize=4096)
def _simplest(factor: float) -> Fraction:
    """The fraction of the smallest terms within reach."""
    if not factor:
        return Fraction(0)
    (numerator, denominator), parts = factor.as_integer_ratio(), 2**CLOSE_BITS
    below = denominator * parts
    return Fraction(*_between(numerator * (parts - 1), below, numerator * (parts + 1), below))


def _between(low: int, below: int, high: int, above: int) -> tuple[int, int]:
    """The simplest fraction from low / below to high / above."""
    # both are the same continued fraction until they part
    whole = -(-low // below)
    if whole * above <= high:
        return whole, 1
    whole -= 1
    numerator, denominator = _between(above, high - whole * above, below, low - whole * below)
    return whole * numerator + denominator, numerator
