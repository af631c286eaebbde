"""A result as the values that its document holds."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast, get_args

import attrs

from dti_core import published
from dti_core.applicability import Aside, Origin, Source
from dti_core.result import Result
from dti_core.scores import Field, Scores


def publication(result: Result, sha256: str) -> published.PublishedResult:
    """What a result publishes, in the order of its rubric and its units; the hash is of the rubric's document."""
    # importing it takes longer than it is worth to those who publish nothing
    from importlib.metadata import version

    rubric, marks, rulings = result.rubric, result.marks, _rulings(result)
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
        nodes=tuple(_node(result, code) for code in result),
        rulings=tuple(map(_ruling, rulings)),
        units=tuple(_units(result, rulings)),
    )


def _node(result: Result, code: str) -> published.Node:
    tree = result.rubric.tree
    node = published.Node(code=code, title=tree.title[code], role=tree.kind[code])
    maximum = Fraction(tree.maximum[code], result.setting.scale)
    return attrs.evolve(node, maximum=maximum) if node.is_scored else node


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
    return published.Ruling(source=source.origin, rule=source.rule, **words)


def _units(result: Result, rulings: Mapping[Source, int]) -> Iterator[published.Unit]:
    marks, codes = result.marks, [*result]
    cases = [
        [(aside, _not_counted(aside, rulings)) for aside in asides] for asides in marks.applicability.asides
    ]
    case_of = marks.applicability.case_of.tolist()
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
        )


def _scores(scores: Scores) -> list[published.Score]:
    decimals = scores.setting.policy.publish.decimals
    columns: dict[str, list[Any]] = {field: scores.exact(field) for field in get_args(Field)}
    columns["published"] = [
        None if value is None else _decimal(value, decimals) for value in columns["published"]
    ]
    columns["rank"] = [rank or None for rank in scores.ranks().tolist()]
    columns["of"] = [count or None for count in scores.ranked_with().tolist()]
    columns["grade"] = scores.grades().tolist()
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
        rulings=tuple(map(rulings.__getitem__, aside.sources)),
        overrules=tuple(map(rulings.__getitem__, aside.overruled)),
    )


def _excluded(
    result: Result, row: int, case: Iterable[tuple[Aside, published.NotCounted]]
) -> Iterator[published.NotCounted]:
    """What did not count for a unit, with its marks that were ignored."""
    ticks, setting = result.marks.ticks[row], result.setting
    for aside, not_counted in case:
        mark = float(ticks[setting.compiled.column[aside.leaf]])
        if aside.ignores and mark == mark:
            yield attrs.evolve(not_counted, ignored=Fraction(int(mark), setting.scale))
        elif not aside.is_idle:
            yield not_counted
