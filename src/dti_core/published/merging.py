"""A result in which units are merged: made of one in which they stand apart."""

from collections.abc import Collection, Sequence

import attrs
import numpy as np

from dti_core.published import Former, MeanOf, Node, PublishedResult, Unit
from dti_core.published.by_index import following
from dti_core.published.follows import Following
from dti_core.published.former import left_by
from dti_core.published.grades import grades_of
from dti_core.published.scores import RANKED_FIELDS, NodeScores, concise


def merge(result: PublishedResult, units: Sequence[Unit], mean_of: MeanOf) -> PublishedResult:
    """The result with merged units after all others, without their former ones; published, ranked and graded anew.

    ``units`` say what each is merged of, its name, attributes and block.
    """
    if not units:
        return result
    unit_of = {unit.code: unit for unit in result.units}
    made = [
        Unit(
            code=unit.code,
            name=unit.name,
            attributes=unit.attributes,
            block=unit.block,
            merged=unit.merged,
            **left_by([unit_of[code] for code in unit.merged], unit.block, result.blocks),
        )
        for unit in units
    ]
    inside = {code for unit in units for code in unit.merged}
    former = Former(
        mean_of=mean_of,
        units=tuple(unit for unit in result.units if unit.code in inside),
        scores={node.code: _former(result, node, inside) for node in result.nodes},
    )
    apart = [unit for unit in result.units if unit.code not in inside]
    scores = {node.code: _of(result, node, unit_of.keys() - inside) for node in result.nodes}
    follows = following(attrs.evolve(result, units=(*apart, *made), scores=scores, former=former))
    scores = {node.code: _scores(follows, node) for node in result.nodes}
    return attrs.evolve(follows.result, scores=scores)


def merged_like(other: PublishedResult, result: PublishedResult) -> PublishedResult:
    """The result with the units merged that are merged in another one, where it has all of them."""
    units = [unit for unit in other.units if unit.merged]
    inside = {code for unit in units for code in unit.merged}
    if other.former is None or not inside <= {unit.code for unit in result.units}:
        return result
    return merge(result, units, other.former.mean_of)


def _of(result: PublishedResult, node: Node, units: Collection[str]) -> NodeScores:
    """The scores of some units at a node."""
    rows = np.array([row for row, unit in enumerate(result.units) if unit.code in units], dtype=np.intp)
    return result.scores[node.code].of_rows(rows)


def _former(result: PublishedResult, node: Node, units: Collection[str]) -> NodeScores:
    """The same of units that are ranked no more."""
    scores = attrs.evolve(_of(result, node, units), **dict.fromkeys(RANKED_FIELDS))
    return concise(scores, node.maximum, result.policy) if node.is_scored else scores


def _scores(follows: Following, node: Node) -> NodeScores:
    if not node.is_scored:
        return NodeScores(points=follows.points(node))
    decisive = follows.decisive(node)
    scores = follows.scores(node, decisive)
    grade, by_thresholds = grades_of(follows, node, decisive, scores.rank)
    scores = attrs.evolve(scores, grade=grade, by_thresholds=by_thresholds)
    return concise(scores, node.maximum, follows.result.policy)
