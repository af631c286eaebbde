"""A result as the values that its document holds."""

from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import numpy as np

from dti_core import published
from dti_core.applicability import Origin, Source
from dti_core.applicability.limits import LimitSource
from dti_core.exact.rationals import Rationals
from dti_core.published.scores import NodeScores, TickSums
from dti_core.published.units import UnitColumns, unit_columns
from dti_core.result import Result
from dti_core.rubric.conditions import Attributes
from dti_core.rubric.policy import AttributeOrder
from dti_core.rubric.tree import TOTAL, Tree
from dti_core.scores import Scores
from dti_core.scores.asked import asked_codes
from dti_core.terms import nfc


def publication(
    result: Result, rubric_sha256: str, marks_sha256: str, nodes: Collection[str] | None = None
) -> tuple[published.PublishedResult, UnitColumns]:
    """What a result publishes, in the order of its rubric, and its units; the hashes are of its documents.

    ``nodes`` are those to publish; the total is always one, and what breaks its ties and what bands ask.
    """
    # importing it takes longer than it is worth to those who publish nothing
    from importlib.metadata import version

    rubric, marks = result.rubric, result.marks
    rulings, limits = _rulings(result), _limits(result)
    chosen = [*result] if nodes is None else _chosen(result, nodes)
    told = published.PublishedResult(
        rubric=published.ScoredBy(
            code=rubric.code,
            title=rubric.title,
            edition=rubric.edition,
            period=rubric.period,
            sha256=rubric_sha256,
        ),
        marks=published.Marked(period=marks.period or rubric.period, stage=marks.stage, sha256=marks_sha256),
        library=published.Software(name="dti-core", version=version("dti-core")),
        policy=result.policy,
        blocks=tuple(
            published.RankedBlock(code=block.code, title=block.title, ranked=block.ranked)
            for block in rubric.blocks
        ),
        bands=rubric.bands,
        attributes=_breaking(result),
        nodes=tuple(_node(result, code, chosen) for code in chosen),
        rulings=tuple(map(_ruling, rulings)),
        grade_limits=tuple(map(_limit_ruling, limits)),
        units=(),
        scores={code: _scores(result[code]) for code in chosen},
    )
    return told, unit_columns(result, told.nodes, rulings, limits)


def _chosen(result: Result, nodes: Collection[str]) -> list[str]:
    """The nodes asked for, the total, and those that its ranks and grades rest on."""
    asked = {*asked_codes("nodes", nodes)}
    for node in asked:
        result[node]  # refuses what is none
    breakers = {breaker for breaker in result.policy.tie_break if isinstance(breaker, str)}
    required = {condition.node for band in result.rubric.bands for condition in band.requires}
    return [code for code in result if code in {TOTAL, *map(nfc, asked), *breakers, *required}]


def _breaking(result: Result) -> Attributes:
    """The declarations of the attributes that break ties."""
    names = {each.attribute for each in result.policy.tie_break if isinstance(each, AttributeOrder)}
    return tuple(pair for pair in result.rubric.attributes if pair[0] in names)


def _node(result: Result, code: str, chosen: Collection[str]) -> published.Node:
    tree = result.rubric.tree
    is_partial = not _is_told(tree, code, {*chosen})
    node = published.Node(
        code=code,
        title=tree.title[code],
        role=tree.kind[code],
        maximum=None if tree.kind[code] == "mixed" else Fraction(tree.maximum[code], result.setting.scale),
        children=tuple(child for child in tree.children.get(code, ()) if child in chosen),
        partial=is_partial,
    )
    criterion = tree.criterion.get(code)
    if criterion is None:
        return node
    ends: dict[str, Any] = {}
    if criterion.mark_max is not None:
        ends = {"mark_min": Fraction(criterion.mark_min), "mark_max": Fraction(criterion.mark_max)}
    if not is_partial:
        ends |= {"cap": criterion.cap, "zero_unless": criterion.zero_unless}
    return attrs.evolve(node, **ends, adjusts=criterion.adjusts if criterion.adjusts in chosen else None)


def _is_told(tree: Tree, code: str, chosen: set[str]) -> bool:
    """Whether all that the numbers of a node follow from is among the nodes chosen."""
    below = {*tree.children.get(code, ())}
    if code in tree.own or code in tree.adjusted or "standby" in tree.role.values():
        waiting = [*below]
        while waiting:
            inner = tree.children.get(waiting.pop(), ())
            below.update(inner)
            waiting += inner
    return below <= chosen


def _rulings(result: Result) -> dict[Source, int]:
    """Rules of the rubric, decisions of the round, decisions on single units, equal ones once: the place of each."""
    marks = result.marks
    own = [decision for unit in marks.units for decision in marks.unit_exclusions.get(unit, ())]
    decided: dict[Origin, Any] = {"rule": marks.rubric.exclusions, "round": marks.exclusions, "unit": own}
    sources = [
        Source(origin, exclusion, None, ()) for origin, listed in decided.items() for exclusion in listed
    ]
    return {source: place for place, source in enumerate(dict.fromkeys(sources))}


def _ruling(source: Source) -> published.Ruling:
    names = ("when", "members", "treatment", "by", "reason", "basis")
    words: dict[str, Any] = {name: getattr(source.exclusion, name, ()) for name in names}
    to = _exact(source.exclusion.to)
    return published.Ruling(source=source.origin, rule=source.rule, to=to, **words)


def _exact(number: Decimal | None) -> Fraction | None:
    return None if number is None else Fraction(number)


def _limits(result: Result) -> dict[LimitSource, int]:
    """The place of each rule and decision on grades, in the same order."""
    marks = result.marks
    own = [limit for unit in marks.units for limit in marks.unit_grade_limits.get(unit, ())]
    decided: dict[Origin, Any] = {
        "rule": marks.rubric.grade_limits,
        "round": marks.grade_limits,
        "unit": own,
    }
    sources = [LimitSource(origin, limit) for origin, listed in decided.items() for limit in listed]
    return {source: place for place, source in enumerate(dict.fromkeys(sources))}


def _limit_ruling(source: LimitSource) -> published.LimitRuling:
    words = {name: getattr(source.limit, name) for name in ("at_most", "lower_by", "reason", "basis")}
    return published.LimitRuling(source=source.origin, rule=source.rule, when=source.when, **words)


def _scores(scores: Scores) -> NodeScores:
    setting, code = scores.setting, scores.node
    if not scores.is_scored:
        return NodeScores(points=scores.exact_points)
    rolled, tree = scores.sums, setting.rubric.tree
    sums = TickSums(
        rolled.points, rolled.applicable, rolled.counted, rolled.missing, setting.rolled.full(code)
    )
    columns = sums.columns(setting.scale, tree.maximum[code], is_leaf=code not in tree.children)
    has_score, ranks = scores.has_score, scores.ranks()
    unit = 10**scores.publish.decimals
    return NodeScores(
        **columns,  # type: ignore[arg-type]
        score=_told_score(scores),
        published=Rationals(scores.published_units, np.where(has_score, unit, 0))
        if has_score.any()
        else None,
        rank=ranks if ranks.any() else None,
        **_grades(scores),
    )


def _grades(scores: Scores) -> dict[str, Any]:
    if not scores.setting.rubric.bands:
        return {}
    grades, alone = scores.grades().tolist(), scores.grades(by_thresholds=True).tolist()
    others = [None if one == grade else one for one, grade in zip(alone, grades, strict=True)]
    return {
        name: tuple(codes) if any(codes) else None
        for name, codes in (("grade", grades), ("by_thresholds", others))
    }


def _told_score(scores: Scores) -> Rationals | None:
    """The score, where for some unit it is another part of the scale than the points are of what applies."""
    setting, has_extra = scores.setting, scores.node == TOTAL and scores.setting.compiled.has_bonus
    if setting.policy.renormalise != "by_level" and not has_extra:
        return None
    sums, maximum = scores.sums, setting.rubric.tree.maximum[scores.node]
    scale, ticks = (
        (sums.applicable if setting.policy.renormalise == "none" else maximum),
        np.full_like(sums.points, setting.scale),
    )
    plain = Rationals(sums.points, sums.applicable) * Rationals(scale + ticks * 0, ticks)
    exact = scores.exact_score
    return None if (exact.equals(plain) | exact.null).all() else exact
