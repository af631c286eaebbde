"""What a unit would need: points to rise, and the leaves where points are to be had."""

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dti_core.analysis.figures import doubles
from dti_core.analysis.sources import Ranked, standing_of
from dti_core.analysis.standing import texts
from dti_core.errors import InvalidArgument, shorten
from dti_core.exact import decimal_of
from dti_core.exact.rationals import Rationals
from dti_core.result import Result
from dti_core.rubric.tree import TOTAL
from dti_core.scores.setting import By
from dti_core.terms import Language, Number

Columns = dict[str, NDArray[Any]]


def to_rise(source: Ranked, places: int = 1, by: By = None, node: str = TOTAL) -> Columns:
    """What every unit lacks to stand ``places`` higher, all others unchanged: a dict of arrays, a row per unit.

    ``unit``, ``group``, ``rank``, ``published``; ``level``, the unit whose value it must reach to share that place, and
    ``gap``, the difference of the published values, exactly: one last decimal more passes it. Where there are not so
    many units above, ``level`` is None and ``gap`` NaN.

    >>> from dti_core.analysis import Standing
    >>> table = to_rise(Standing(["a", "b", "c"], values=[70.5, 82.25, 75], scale=100), places=2)
    >>> table["level"].tolist(), table["gap"].tolist()
    (['b', None, None], [11.75, nan, nan])
    """
    if type(places) is not int or places < 1:
        raise InvalidArgument(f"how many places is a whole number from 1, not {shorten(places)}")
    standing = standing_of(source, node, by)
    if standing.scale is None:
        raise InvalidArgument("values on scales of their own have no gaps; publish a ratio or percent")
    level = np.full(len(standing.units), -1, dtype=np.intp)
    for rows in standing.in_groups().values():
        ranked = rows[standing.ranks[rows] > 0]
        ranked = ranked[np.argsort(standing.ranks[ranked], kind="stable")]
        ranks = standing.ranks[ranked]
        at = np.searchsorted(ranks, ranks - places, side="right") - 1
        level[ranked] = np.where(at >= 0, ranked[at], -1)
    values = Rationals.of(standing.values)
    return {
        "unit": texts(standing.units),
        "group": standing.groups,
        "rank": standing.ranks,
        "published": standing.values,
        "level": texts(standing.units[row] if row >= 0 else None for row in level.tolist()),
        "gap": doubles(values.take(level) - values),
    }


def shortfalls(
    result: Result,
    unit: str | None = None,
    low: Number = 0.5,
    language: Language = "vi",
    *,
    unproven: NDArray[np.bool_] | None = None,
) -> Columns:
    """Where points are lacking, of one unit or of all: a dict of arrays, a row per unit and leaf, most points first.

    ``unit``, ``leaf``, ``title``, ``index`` (the main index it is in), ``points`` (NaN where not marked), ``maximum``,
    ``short`` (what it lacks) and ``state``: unmarked, unproven, zero, low (less than the share ``low`` of the maximum)
    or below (the maximum). Leaves that do not count for the unit are left out. ``unproven`` (units, leaves) says which
    marks lack evidence, as :attr:`Assessments.unproven` does; those are listed even where they are short of nothing.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> table = shortfalls(evaluate(rubric, MarkSheet.from_array([[7.5, 18]], rubric, units=["a"])))
    >>> [table[name].tolist() for name in ("leaf", "short", "state")]
    [['1', '2'], [22.5, 2.0], ['low', 'below']]
    """
    setting, marks = result.setting, result.marks
    compiled, tree = setting.compiled, result.rubric.tree
    share = decimal_of(low)
    if share is None or not 0 <= share <= 1:
        raise InvalidArgument(f"low is a share of the maximum, from 0 to 1, not {shorten(low)}")
    chosen = np.arange(len(result.units)) if unit is None else np.array([marks.row(unit)])
    ticks = marks.ticks[chosen].astype(np.float64)
    wanted = marks.applicability.needed[marks.applicability.pattern_of[chosen]]
    lacks = np.where(wanted, compiled.maxima - np.nan_to_num(ticks), 0.0)
    doubted = _doubted(result, unproven)[chosen] & wanted & ~np.isnan(ticks)
    rows, columns = np.nonzero((lacks > 0) | doubted)
    order = np.lexsort((columns, -lacks[rows, columns], rows))
    rows, columns = rows[order], columns[order]
    own, maxima = ticks[rows, columns], compiled.maxima[columns]
    marked, bound = np.nan_to_num(own), Fraction(share)
    below = Rationals.of(marked) < Rationals.of(maxima) * bound
    states = [np.isnan(own), doubted[rows, columns], own == 0, below]
    leaves = [tree.leaves[column] for column in columns.tolist()]
    return {
        "unit": texts(result.units[row] for row in chosen[rows].tolist()),
        "leaf": texts(leaves),
        "title": texts(tree.title[leaf].text(language) for leaf in leaves),
        "index": texts(_index(tree.parent, leaf) for leaf in leaves),
        "points": own / compiled.scale,
        "maximum": maxima / compiled.scale,
        "short": lacks[rows, columns] / compiled.scale,
        "state": np.select(states, texts(["unmarked", "unproven", "zero", "low"]).tolist(), "below").astype(
            object
        ),
    }


def _doubted(result: Result, unproven: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
    shape = result.marks.ticks.shape
    if unproven is None:
        return np.zeros(shape, dtype=bool)
    found = np.asarray(unproven, dtype=bool)
    if found.shape != shape:
        raise InvalidArgument(f"unproven must be {shape[0]} units × {shape[1]} leaves, not {found.shape}")
    return found


def _index(parent: Any, leaf: str) -> str:
    while parent[leaf] != TOTAL:
        leaf = parent[leaf]
    return leaf
