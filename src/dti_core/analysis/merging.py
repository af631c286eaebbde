"""Units that were merged after they were assessed: the exact mean of their parts, ranked among the others."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TypeAlias

import attrs

from dti_core.analysis.compared import (
    Numbers,
    breakers,
    exact_scores,
    kind_of,
    maximum,
    only_result,
    ranks_within,
    tie_values,
)
from dti_core.analysis.doors import mapping
from dti_core.analysis.matching import Several, match, several_of
from dti_core.analysis.sources import standing_of
from dti_core.analysis.standing import Standing
from dti_core.errors import InvalidArgument, InvalidDocument, Problem
from dti_core.evaluation import grade_rules, rules
from dti_core.result import Result
from dti_core.rubric.policy import AttributeOrder, Breaker
from dti_core.rubric.tree import TOTAL
from dti_core.scores.setting import By
from dti_core.terms import Label

Parts: TypeAlias = Sequence[Sequence[int]]
"""The rows that each unit is made from."""
Means: TypeAlias = list[tuple[Fraction, Fraction] | None]


def merge_units(
    result: Result,
    merged: Several,
    *,
    node: str = TOTAL,
    by: By = None,
    names: Mapping[str, Label | str] | None = None,
) -> Standing:
    """The standing at a node once units are merged: a merged unit has the mean of its parts' scores, unrounded.

    So the ministry ranked 34 provinces for 2024 out of 63. What is averaged is the exact score of the node asked for,
    relative to its scale: at the total the mean of the totals, bonus and penalty included. That is the sum of the means
    of the main indices too, but not under ``overall`` where something is excluded, nor where an index of a part has no
    score. The other units keep their scores; all are published, graded and ranked anew by the result's policy, ties
    broken by the means at the nodes of ``tie_break``; a merged unit lacks the attributes of its parts. Where grades
    rest on conditions, limits or quotas, which say nothing of merged units, nobody has one. ``merged`` maps a new code
    to its parts, and a merged unit may keep the code of one of them. A part without a score leaves none, a part without
    a rank no rank.

    Raises :class:`~dti_core.InvalidDocument` for parts that are no units, are merged twice, or are in different blocks.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> marks = MarkSheet.from_array([[20, 15], [11, 18.25], [10, 10]], rubric, units=["a", "b", "c"])
    >>> standing = merge_units(evaluate(rubric, marks), {"ac": ["a", "c"]})
    >>> standing.units, standing.values.tolist(), standing.ranks.tolist()
    (('b', 'ac'), [29.25, 27.5], [1, 2])
    """
    plain = standing_of(only_result(result), node=node, by=by)
    policy, publish, bands = result.policy, result.policy.publish_of(node), result.rubric.bands
    if plain.scale is None:
        raise InvalidArgument("points on scales of their own have no mean; publish a ratio or percent")
    fused = several_of("merged", merged)
    rows = _rows(plain, fused)
    parts = [*rows.values()]
    means = _means(result, node, parts)
    compared = [
        _decisive(result, node, means),
        *(_broken(result, breaker, parts) for breaker in breakers(result, node)),
    ]
    ranked = [plain.ranks[own].all() for own in parts]
    rests_on_more = node == TOTAL and (result.marks.limits_grades or not all(band.is_plain for band in bands))
    reached = [
        None if value is None or rests_on_more else grade_rules.of_part(node, 100 * value, bands)
        for value in compared[0]
    ]
    blocks = [plain.blocks[own[0]] for own in parts]
    called = {unit: None if unit in fused else plain.names[own[0]] for unit, own in rows.items()}
    return attrs.evolve(
        plain,
        units=tuple(rows),
        ranks=ranks_within(blocks, compared, ranked, policy.ties),
        values=[mean and float(rules.printed(*mean, publish)) for mean in means],
        grades=[None if at is None else bands[at].code for at in reached],
        blocks=blocks,
        names=[*(called | mapping("names", names)).values()],
    )


def _rows(standing: Standing, merged: Several) -> dict[str, list[int]]:
    """The rows that each unit is made from: its own, or those of its parts."""
    inside = {part for parts in merged.values() for part in parts}
    units = [*(unit for unit in standing.units if unit not in inside), *merged]
    parts = match(standing.units, units, merged).parts
    row_of = {unit: row for row, unit in enumerate(standing.units)}
    rows = {unit: [row_of[part] for part in parts.get(unit, (unit,))] for unit in units}
    for unit, own in rows.items():
        if len({standing.blocks[row] for row in own}) > 1:
            message = "is merged from units of different blocks; rank by=() or merge within one"
            raise InvalidDocument("units", [Problem(("merged", unit), message, "blocks")])
    return rows


def _means(result: Result, node: str, parts: Parts) -> Means:
    """The mean of the parts' exact scores and the scale that it is on; None where a part has no score."""
    scores, scale = exact_scores(result, node), maximum(result, node)
    means: Means = []
    for rows in parts:
        shares = [pair[0] / pair[1] for row in rows if (pair := scores[row])]
        has_all = len(shares) == len(rows)
        means.append((sum(shares, rules.NOTHING) / len(rows) * scale, scale) if has_all else None)
    return means


def _decisive(result: Result, node: str, means: Means) -> Numbers:
    """What ranks compare of mean scores."""
    publish, decide_on = result.policy.publish_of(node), result.policy.decide_on
    return [mean and rules.decisive(*mean, publish, decide_on) for mean in means]


def _broken(result: Result, breaker: Breaker, parts: Parts) -> Numbers:
    """What ties are broken by: the mean at a node; of an attribute that of a unit which is not merged."""
    if isinstance(breaker, AttributeOrder):
        values = tie_values(result, breaker)
        return [values[rows[0]] if len(rows) == 1 else None for rows in parts]
    if kind_of(result, breaker) == "scored":
        return _decisive(result, breaker, _means(result, breaker, parts))
    points = [value or rules.NOTHING for value in tie_values(result, breaker)]
    return [sum((points[row] for row in rows), rules.NOTHING) / len(rows) for rows in parts]
