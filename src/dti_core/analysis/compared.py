"""What ranks compare, unit by unit in exact numbers, of a result and of what was published of one."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np

from dti_core.analysis.outline import Outline
from dti_core.answer import Ints
from dti_core.errors import InvalidArgument, shorten
from dti_core.evaluation import rules
from dti_core.evaluation.ranking import rank
from dti_core.exact.rationals import Rationals
from dti_core.published import PublishedResult
from dti_core.published.follows import Decisive
from dti_core.result import Result
from dti_core.rubric.policy import AttributeOrder, Breaker, Ties
from dti_core.rubric.tree import TOTAL
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


def units_of(source: Scored) -> Sequence[str]:
    """The codes of all units."""
    return source.units if isinstance(source, Result) else [unit.code for unit in source.units]


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
    kind = Outline.of(source).kind[breaker]
    if kind == "scored":
        return decisive(source, breaker)
    points = source[breaker].exact_points if isinstance(source, Result) else source.filled(breaker).points
    return [value and rules.by_points(value, kind) for value in points.fractions()]


def _by_attribute(source: Scored, breaker: AttributeOrder) -> Numbers:
    name, order = breaker.attribute, breaker.order
    if isinstance(source, Result):
        declared, values = dict(source.rubric.attributes)[name], source.marks.attributes[name].listed()
    else:
        declared = dict(source.attributes)[name]
        values = [unit.attributes.get(name) for unit in source.units]
    return [rules.by_attribute(value, declared, order) for value in values]


def sums(source: Scored, node: str) -> tuple[Rationals, Rationals]:
    """P and A of a scored node; 0 / 0 of one of which nothing applies."""
    if isinstance(source, Result):
        applicable = source[node].sums.applicable
        scale = np.full_like(applicable, source.setting.scale)
        return source[node].exact_points, Rationals(applicable, scale)
    points = source.filled(node).points
    return points.where(points.null, 0), _filled(source, node, "applicable")


def shares(source: Scored, node: str) -> Rationals:
    """The exact scores relative to their scales; none where there is no score."""
    if isinstance(source, Result):
        return source[node].exact_share
    return _filled(source, node, "score") / scales(source, node)


def scales(source: Scored, node: str) -> Rationals | Fraction:
    """What a full score of each unit is worth in points."""
    own_scales = source.policy.renormalise == "none"
    return sums(source, node)[1] if own_scales else Outline.of(source).maximum(node)


def printed(source: Scored, node: str) -> Rationals:
    """The published values; none where there is no score."""
    return source[node].exact_published if isinstance(source, Result) else _filled(source, node, "published")


def _filled(source: PublishedResult, node: str, column: str) -> Rationals:
    """A column of a node, none of which is left out once they are filled."""
    values: Rationals = getattr(source.filled(node), column)
    return values


def decisive(source: Scored, node: str) -> Numbers:
    """What ranks compare at a node, relative to the scale; None where there is no score."""
    policy = source.policy
    values = Decisive(
        shares(source, node), scales(source, node), policy.publish_of(node), policy.decide_on
    ).value
    return values.fractions()


def compared_values(source: Scored, node: str, scale: Fraction) -> Rationals:
    """The same on the scale that values are printed on: what is printed, or the exact score."""
    return shares(source, node) * scale if source.policy.decide_on == "exact" else printed(source, node)


def ranks_within(
    blocks: Sequence[str | None], columns: Iterable[Numbers], ranked: Iterable[Any], ties: Ties
) -> Ints:
    """Ranks within each block by the first column, then by the next ones; 0 where a unit has no block or no rank."""
    keys = [rules.rank_key(values) for values in zip(*columns, strict=True)]
    place = {key: at for at, key in enumerate(sorted({*keys}))}
    return rank([place[key] if has else None for key, has in zip(keys, ranked, strict=True)], blocks, ties)
