"""What ranks compare, unit by unit in exact numbers, by the law; of very many units the kernels are faster."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import numpy as np

from dti_core.answer import Ints
from dti_core.errors import InvalidArgument, shorten
from dti_core.evaluation import rules
from dti_core.evaluation.ranking import rank
from dti_core.exact.rationals import Rationals
from dti_core.published import PublishedResult
from dti_core.result import Result
from dti_core.rubric.policy import AttributeOrder, Breaker, Ties
from dti_core.rubric.tree import TOTAL, Kind
from dti_core.words import ANSWERS

Scored: TypeAlias = Result | PublishedResult
Numbers: TypeAlias = list[Fraction | None]


def only_result(source: object) -> Result:
    """The result itself; nothing else holds the marks that are asked for."""
    if isinstance(source, Result):
        return source
    raise InvalidArgument(ANSWERS("source.result", value=shorten(source)))


def only_scored(source: object) -> Scored:
    """The result or published result itself; nothing else holds the exact scores that are asked for."""
    if isinstance(source, Scored):
        return source
    raise InvalidArgument(ANSWERS("source.scored", value=shorten(source)))


def breakers(source: Scored, node: str) -> tuple[Breaker, ...]:
    """What breaks the ties of a node, in turn."""
    return source.policy.tie_break if node == TOTAL else ()


def compared(source: Scored, node: str) -> list[Numbers]:
    """What ranks compare in turn: what is decisive at the node, then what breaks its ties."""
    return [decisive(source, node), *(tie_values(source, breaker) for breaker in breakers(source, node))]


def tie_values(source: Scored, breaker: Breaker) -> Numbers:
    """What a tie is broken by, the highest first; None where a unit lacks it."""
    if isinstance(breaker, AttributeOrder):
        return _by_attribute(source, breaker)
    kind = kind_of(source, breaker)
    if kind == "scored":
        return decisive(source, breaker)
    return [value and rules.by_points(value, kind) for value in _exact(source, breaker, "points")]


def _by_attribute(source: Scored, breaker: AttributeOrder) -> Numbers:
    name, order = breaker.attribute, breaker.order
    if isinstance(source, Result):
        declared, values = dict(source.rubric.attributes)[name], source.marks.attributes[name].listed()
    else:
        declared = dict(source.attributes)[name]
        values = [unit.attributes.get(name) for unit in source.units]
    return [rules.by_attribute(value, declared, order) for value in values]


def kind_of(source: Scored, node: str) -> Kind:
    """Whether a node has a score or points only, and of what kind."""
    if isinstance(source, Result):
        return source.rubric.tree.kind[node]
    return next(other.role for other in source.nodes if other.code == node)


def maximum(source: Scored, node: str) -> Fraction:
    """What a node is worth in points; 0 where it has no score."""
    if isinstance(source, Result):
        return Fraction(source.rubric.tree.maximum[node], source.rubric.tree.scale)
    return next(other.maximum for other in source.nodes if other.code == node) or rules.NOTHING


def exact_scores(source: Scored, node: str) -> list[tuple[Fraction, Fraction] | None]:
    """The exact score of each unit and the scale that it is on; None where there is no score."""
    kind, most = source.policy.renormalise, maximum(source, node)
    return [
        None if score is None else (score, rules.scale(kind, most, applicable or rules.NOTHING))
        for score, applicable in zip(
            _exact(source, node, "score"), _exact(source, node, "applicable"), strict=True
        )
    ]


def shares(source: Scored, node: str) -> Rationals:
    """The exact scores relative to their scales; none where there is no score."""
    if isinstance(source, Result):
        return source[node].exact_share
    scores = source.filled(node)
    assert scores.score is not None  # noqa: S101 - every column is filled
    assert scores.applicable is not None  # noqa: S101
    own_scales = source.policy.renormalise == "none"
    return scores.score / (scores.applicable if own_scales else maximum(source, node))


def published_at(source: Scored, node: str, row: int) -> Fraction | None:
    """The published value of one unit."""
    if isinstance(source, Result):
        scores = source[node]
        unit = 10**scores.publish.decimals
        return Fraction(int(scores.published_units[row]), unit) if scores.has_score[row] else None
    published = source.filled(node).published
    return None if published is None else published.at(row)


def _exact(
    source: Scored, node: str, field: Literal["score", "applicable", "published", "points"]
) -> Numbers:
    if isinstance(source, Result):
        return source[node].exact(field)
    return [getattr(score, field) for score in source[node].values()]


def decisive(source: Scored, node: str) -> Numbers:
    """What ranks compare at a node, relative to the scale; None where there is no score."""
    publish, decide_on = source.policy.publish_of(node), source.policy.decide_on
    return [pair and rules.decisive(*pair, publish, decide_on) for pair in exact_scores(source, node)]


def compared_values(source: Scored, node: str, scale: Fraction) -> Rationals:
    """The same on the scale that values are printed on: what is printed, or the exact score."""
    is_exact = source.policy.decide_on == "exact"
    values = decisive(source, node) if is_exact else _exact(source, node, "published")
    missing = np.array([value is None for value in values], dtype=bool)
    known = Rationals.listed(Fraction(value or 0) for value in values)
    return known.where(missing, None) * (scale if is_exact else 1)


def ranks_within(
    blocks: Sequence[str | None], columns: Iterable[Numbers], ranked: Iterable[Any], ties: Ties
) -> Ints:
    """Ranks within each block by the first column, then by the next ones; 0 where a unit has no block or no rank."""
    keys = [rules.rank_key(values) for values in zip(*columns, strict=True)]
    place = {key: at for at, key in enumerate(sorted({*keys}))}
    return rank([place[key] if has else None for key, has in zip(keys, ranked, strict=True)], blocks, ties)
