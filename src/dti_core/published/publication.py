"""A result as the values that its document holds."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast, get_args

import attrs
import numpy as np

from dti_core import published
from dti_core.applicability import Aside, Origin, Source
from dti_core.applicability.limits import LimitSource
from dti_core.evaluation.changes import changes
from dti_core.result import Result
from dti_core.rubric.conditions import Attributes
from dti_core.rubric.policy import AttributeOrder
from dti_core.scores import Field, Scores


def publication(result: Result, sha256: str) -> published.PublishedResult:
    """What a result publishes, in the order of its rubric and its units; the hash is of the rubric's document."""
    # importing it takes longer than it is worth to those who publish nothing
    from importlib.metadata import version

    rubric, marks = result.rubric, result.marks
    rulings, limits = _rulings(result), _limits(result)
    return published.PublishedResult(
        rubric=published.ScoredBy(
            code=rubric.code, title=rubric.title, edition=rubric.edition, period=rubric.period, sha256=sha256
        ),
        marks=published.Marked(period=marks.period or rubric.period, stage=marks.stage),
        library=published.Software(name="dti-core", version=version("dti-core")),
        policy=result.policy,
        blocks=tuple(
            published.RankedBlock(code=block.code, title=block.title, ranked=block.ranked)
            for block in rubric.blocks
        ),
        bands=rubric.bands,
        attributes=_breaking(result),
        nodes=tuple(_node(result, code) for code in result),
        rulings=tuple(map(_ruling, rulings)),
        grade_limits=tuple(map(_limit_ruling, limits)),
        units=tuple(_units(result, rulings, limits)),
    )


def _breaking(result: Result) -> Attributes:
    """The declarations of the attributes that break ties."""
    names = {each.attribute for each in result.policy.tie_break if isinstance(each, AttributeOrder)}
    return tuple(pair for pair in result.rubric.attributes if pair[0] in names)


def _node(result: Result, code: str) -> published.Node:
    tree = result.rubric.tree
    node = published.Node(
        code=code, title=tree.title[code], role=tree.kind[code], children=tree.children.get(code, ())
    )
    if node.is_scored:
        node = attrs.evolve(node, maximum=Fraction(tree.maximum[code], result.setting.scale))
    criterion = tree.criterion.get(code)
    if criterion is None:
        return node
    ends: dict[str, Any] = {}
    if criterion.mark_max is not None:
        ends = {"mark_min": Fraction(criterion.mark_min), "mark_max": Fraction(criterion.mark_max)}
    return attrs.evolve(
        node,
        **ends,
        cap=criterion.cap and node.role == "scored",
        adjusts=criterion.adjusts,
        zero_unless=criterion.zero_unless,
    )


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


def _units(
    result: Result, rulings: Mapping[Source, int], limits: Mapping[LimitSource, int]
) -> Iterator[published.Unit]:
    marks, codes = result.marks, [*result]
    cases = [
        [(aside, _not_counted(aside, rulings)) for aside in asides] for asides in marks.applicability.asides
    ]
    case_of, adjusted = marks.applicability.case_of.tolist(), _adjusted(result)
    rows = zip(*(_scores(result[code]) for code in codes), strict=True)
    for row, scores in enumerate(rows):
        attributes = {name: column.of(row) for name, column in marks.attributes.items()}
        block = result.setting.block(row)
        yield published.Unit(
            code=marks.units[row],
            name=marks.names[row] if marks.names else None,
            attributes={name: value for name, value in attributes.items() if value is not None},
            block=None if block is None else block.code,
            unranked=_not_ranked(result, row),
            scores=dict(zip(codes, scores, strict=True)),
            excluded=tuple(_excluded(result, row, cases[case_of[row]])),
            adjusted=adjusted.get(row, {}),
            grade_limits=tuple(limits[source] for source in marks.limited.of(row)),
        )


def _adjusted(result: Result) -> dict[int, dict[str, published.Adjusted]]:
    """By row and node, by how many points nodes were changed."""
    points: dict[int, dict[str, dict[str, Fraction]]] = {}
    for node, what, change in changes(result.setting.rolled):
        for row in np.flatnonzero(change).tolist():
            by_node = points.setdefault(row, {}).setdefault(node, {})
            by_node[what] = Fraction(int(change[row]), result.setting.scale)
    return {
        row: {node: published.Adjusted(**taken) for node, taken in by_node.items()}
        for row, by_node in points.items()
    }


def _scores(scores: Scores) -> list[published.Score]:
    decimals = scores.publish.decimals
    columns: dict[str, list[Any]] = {field: scores.exact(field) for field in get_args(Field)}
    columns["published"] = [
        None if value is None else _decimal(value, decimals) for value in columns["published"]
    ]
    columns["rank"] = [rank or None for rank in scores.ranks().tolist()]
    columns["of"] = [count or None for count in scores.ranked_with().tolist()]
    columns["grade"], alone = scores.grades().tolist(), scores.grades(by_thresholds=True).tolist()
    pairs = zip(alone, columns["grade"], strict=True)
    columns["by_thresholds"] = [None if other == grade else other for other, grade in pairs]
    return [
        published.Score(**dict(zip(columns, row, strict=True))) for row in zip(*columns.values(), strict=True)
    ]


def _decimal(value: Fraction, decimals: int) -> Decimal:
    """The decimal with its decimals, whatever the caller's decimal context."""
    return Decimal(f"{value * 10**decimals}E-{decimals}")


def _not_ranked(result: Result, row: int) -> published.NotRanked | None:
    why = None if result.marks.ranked[row] else result.total.why_unranked(result.marks.units[row])
    if why is None:
        return None
    cause = cast("published.Why", why.cause)
    return published.NotRanked(why=cause, reason=why.reason, basis=why.basis)


def _not_counted(aside: Aside, rulings: Mapping[Source, int]) -> published.NotCounted:
    return published.NotCounted(
        leaf=aside.leaf,
        treatment=aside.treatment,
        by=aside.by,
        to=_exact(aside.to),
        rulings=tuple(map(rulings.__getitem__, aside.sources)),
        overrules=tuple(map(rulings.__getitem__, aside.overruled)),
    )


def _excluded(
    result: Result, row: int, case: Iterable[tuple[Aside, published.NotCounted]]
) -> Iterator[published.NotCounted]:
    """What did not count for a unit, with its marks that were ignored."""
    ticks, setting = result.marks.ticks[row], result.setting
    for aside, not_counted in case:
        given = float(ticks[setting.compiled.column[aside.leaf]])
        mark = None if given != given else Fraction(int(given), setting.compiled.mark_scale)
        if mark is not None and (aside.ignores or (aside.to is not None and mark > aside.to)):
            yield attrs.evolve(not_counted, ignored=mark)
        elif not aside.is_idle:
            yield not_counted
