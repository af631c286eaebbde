"""What a unit would need: points to rise, and the leaves where points are to be had."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dti_core.analysis.compared import Scored, breakers, compared_values, only_result, tie_values
from dti_core.analysis.doors import share, whole
from dti_core.analysis.sources import Ranked, standing_of
from dti_core.analysis.standing import Standing
from dti_core.analysis.together import Edition
from dti_core.answer import Columns, in_language, kept, texts
from dti_core.errors import InvalidArgument, shorten
from dti_core.exact.rationals import Rationals
from dti_core.result import Result
from dti_core.rubric.policy import AttributeOrder
from dti_core.rubric.tree import TOTAL
from dti_core.scores.setting import By
from dti_core.terms import Language, Number


def to_rise(source: Ranked, places: int = 1, *, node: str = TOTAL, by: By = None) -> Columns:
    """What every unit lacks to stand ``places`` higher, all others unchanged: a dict of arrays, a row per unit.

    ``unit``, ``block``, ``rank``, ``published``; ``level``, the unit whose place it is to share; ``gap``, by how much
    that unit's value is higher, exactly and in the form it is printed in; and, where both values are equal,
    ``decided_by``, the node or attribute of the tie-break at which that unit is ahead. Where there are not so many
    units above, ``level`` and ``decided_by`` are None and ``gap`` is NaN.

    The values are those that ranks compare. Under ``decide_on="published"`` the gap is between printed values: by so
    much the printed value must rise, for which, rounded half up, an exact score half a last decimal short is enough.
    Under ``"exact"`` it is between exact scores. Who closes the gap shares the place or leaves it to the tie-break; who
    does more passes. Of a :class:`Standing` only the values are known: where they are equal no node is told.

    >>> from dti_core.analysis import Standing
    >>> table = to_rise(Standing(["a", "b", "c"], values=[70.5, 82.25, 75], scale=100), places=2)
    >>> table["level"].tolist(), table["gap"].tolist()
    (['b', None, None], [11.75, nan, nan])
    """
    whole("places", places, 1)
    if isinstance(source, Edition):
        parts = [to_rise(result, places, node=node, by=by) for result in source.results.values()]
        joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        return joined | {"block": source.standing(node=node, by=by).blocks}
    standing = standing_of(source, node=node, by=by)
    if standing.scale is None:
        raise InvalidArgument("values on scales of their own have no gaps; publish a ratio or percent")
    level, values, decided_by = _level(standing, places), Rationals.of(standing.values), {}
    if isinstance(source, Scored):
        values = compared_values(source, node, standing.scale)
        equal = np.flatnonzero(values.equals(values.take(level)))
        decided_by = _decided_by(source, node, dict(zip(equal.tolist(), level[equal].tolist(), strict=True)))
    return {
        "unit": texts(standing.units),
        "block": standing.blocks,
        "rank": standing.ranks,
        "published": standing.values,
        "level": texts(None if row < 0 else standing.units[row] for row in level.tolist()),
        "gap": kept((values.take(level) - values).floats()),
        "decided_by": texts(map(decided_by.get, range(len(level)))),
    }


def _level(standing: Standing, places: int) -> NDArray[np.intp]:
    """The row of the unit so many places above each: the lowest of those that stand there or higher; −1 for none."""
    level = np.full(len(standing.units), -1)
    for rows in standing.in_blocks().values():
        ranked = rows[standing.ranks[rows] > 0]
        ranked = ranked[np.argsort(standing.ranks[ranked], kind="stable")]
        ranks = standing.ranks[ranked]
        at = np.searchsorted(ranks, ranks - places, side="right") - 1
        level[ranked] = np.where(at < 0, -1, ranked[at])
    return level


def _decided_by(source: Scored, node: str, above: Mapping[int, int]) -> dict[int, str]:
    """By row, the first node or attribute of the tie-break at which it differs from the row above it."""
    names: dict[int, str] = {}
    for breaker in reversed(breakers(source, node) if above else ()):
        values = tie_values(source, breaker)
        name = breaker.attribute if isinstance(breaker, AttributeOrder) else breaker
        names |= {row: name for row, level in above.items() if values[row] != values[level]}
    return names


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
    marks, compiled = only_result(result).marks, result.setting.compiled
    tree, bound = result.rubric.tree, Fraction(share("low", low))
    asked = np.arange(len(result.units)) if unit is None else np.array([marks.row(unit)])
    ticks, pattern_of = marks.counted[asked] * compiled.earned, marks.applicability.pattern_of[asked]
    wanted, worth = marks.applicability.needed[pattern_of], marks.applicability.worth[pattern_of]
    lacks = np.where(wanted, worth - np.nan_to_num(ticks), 0.0)
    doubted = _doubted(result, unproven)[asked] & wanted & ~np.isnan(ticks)
    rows, columns = np.nonzero((lacks > 0) | doubted)
    order = np.lexsort((columns, -lacks[rows, columns], rows))
    rows, columns = rows[order], columns[order]
    own, maxima = ticks[rows, columns], worth[rows, columns]
    below = Rationals.of(np.nan_to_num(own)) < Rationals.of(maxima) * bound
    states = {"unmarked": np.isnan(own), "unproven": doubted[rows, columns], "zero": own == 0, "low": below}
    index_of = {leaf: index for index in tree.children[TOTAL] for leaf in tree.under[index]}
    leaves = [tree.leaves[column] for column in columns.tolist()]
    return {
        "unit": texts(result.units[row] for row in asked[rows].tolist()),
        "leaf": texts(leaves),
        "title": in_language((tree.title[leaf] for leaf in leaves), language),
        "index": texts(map(index_of.get, leaves)),
        "points": own / compiled.scale,
        "maximum": maxima / compiled.scale,
        "short": lacks[rows, columns] / compiled.scale,
        "state": np.select([*states.values()], [*states], "below").astype(object),
    }


def _doubted(result: Result, unproven: Any) -> NDArray[np.bool_]:
    """Which marks lack evidence; none where nobody says so."""
    shape = result.marks.ticks.shape
    doubts = np.zeros(shape, dtype=bool) if unproven is None else unproven
    if not isinstance(doubts, np.ndarray) or doubts.dtype != np.bool_ or doubts.shape != shape:
        message = f"unproven is an array of truth values, {shape[0]} units × {shape[1]} leaves"
        raise InvalidArgument(f"{message}, not {shorten(unproven)}")
    return doubts
