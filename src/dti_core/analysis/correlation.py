"""How columns of numbers go together: what statistics call it, NaN where it would say nothing."""

from itertools import combinations, combinations_with_replacement
from math import sqrt

import numpy as np

from dti_core.answer import Floats

FEWEST = 10
"""Of fewer units than this nothing is said."""
NOTHING = float("nan")


def pearson(x: Floats, y: Floats, fewest: int = FEWEST) -> float:
    """Pearson's r over the rows where both are there; NaN for fewer than so many, or where one does not vary."""
    x, y = _complete(x, y)
    if len(x) < fewest or _is_constant(x) or _is_constant(y):
        return NOTHING
    x, y = _centred(x), _centred(y)
    return max(-1.0, min(1.0, float(x @ y) / sqrt(float(x @ x) * float(y @ y))))


def spearman(x: Floats, y: Floats) -> float:
    """Spearman's ρ: Pearson's r of the ranks, equal numbers at the mean of their places."""
    x, y = _complete(x, y)
    return pearson(_mean_ranks(x), _mean_ranks(y))


def slope(part: Floats, whole: Floats) -> float:
    """Cov(part, whole) / Var(whole): those of parts that add up to the whole add up to 1."""
    if len(whole) < FEWEST or _is_constant(whole):
        return NOTHING
    centred = _centred(whole)
    return float(_centred(part) @ centred / (centred @ centred))


def cronbach(columns: Floats) -> float:
    """Cronbach's α of (units, items), each covariance over the rows where both items are there.

    K / (K − 1) × (1 − sum of the variances / sum of all covariances). L. J. Cronbach, "Coefficient alpha and the
    internal structure of tests" (1951).
    """
    items = [column for column in columns.T if not np.isnan(column).all()]
    variances = sum(covariance(item, item) for item in items)
    whole = variances + 2 * sum(covariance(x, y) for x, y in combinations(items, 2))
    count = len(items)
    return count / (count - 1) * (1 - variances / whole) if count > 1 and whole else NOTHING


def covariance(x: Floats, y: Floats) -> float:
    """The sample covariance (n − 1) over the rows where both are there; NaN for fewer than 10."""
    x, y = _complete(x, y)
    if len(x) < FEWEST:
        return NOTHING
    return float(_centred(x) @ _centred(y) / (len(x) - 1))


def deviation(x: Floats) -> float:
    """The sample standard deviation (n − 1) of the rows that are there; NaN for fewer than two."""
    known = x[~np.isnan(x)]
    if len(known) < 2:
        return NOTHING
    centred = _centred(known)
    return sqrt(float(centred @ centred) / (len(known) - 1))


def correlations(columns: Floats) -> Floats:
    """(items, items) Pearson's r of every two columns."""
    count = columns.shape[1]
    table = np.full((count, count), NOTHING)
    for one, other in combinations_with_replacement(range(count), 2):
        table[one, other] = table[other, one] = pearson(columns[:, one], columns[:, other])
    return table


def _complete(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    there = (x == x) & (y == y)
    return (x, y) if there.all() else (x[there], y[there])


def _centred(x: Floats) -> Floats:
    # from the first of them, so that of equal numbers exactly nothing is left
    from_first = x - x[:1]
    return np.asarray(from_first - from_first.sum() / max(len(x), 1))


def _is_constant(x: Floats) -> bool:
    # compared, not measured: a variance that rounding left is none
    return bool((x == x[:1]).all())


def _mean_ranks(x: Floats) -> Floats:
    in_order = np.sort(x)
    below, up_to = (in_order.searchsorted(x, side) for side in ("left", "right"))
    return np.asarray((below + up_to + 1) / 2, dtype=np.float64)
