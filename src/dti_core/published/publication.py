"""A result as the values that its document holds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import get_args

import attrs

from dti_core.applicability import NO_BLOCK, Aside, Origin
from dti_core.applicability.compiled import compile_rubric
from dti_core.marks import MarkSheet
from dti_core.published import (
    Marked,
    Node,
    NotCounted,
    NotRanked,
    PublishedResult,
    RankedBlock,
    Ruling,
    Score,
    ScoredBy,
    Software,
    Unit,
)
from dti_core.result import Result
from dti_core.rubric import Rubric
from dti_core.rubric.exclusions import Exclusion, ExclusionRule
from dti_core.rubric.tree import TOTAL
from dti_core.scores import Field, Scores

Deciding = tuple[Origin, ExclusionRule | Exclusion]


def publication(result: Result, rubric_sha256: str) -> PublishedResult:
    """What a result publishes, in the order of its rubric and its units; the hash is of the rubric's document."""
    from importlib.metadata import (
        version,  # importing it takes longer than it is worth to those who publish nothing
    )

    rubric, marks = result.rubric, result.marks
    tree = rubric.tree
    codes = (TOTAL, *tree.pillars, *tree.groups, *tree.parent)
    columns = [_scores(result[code]) for code in codes]
    rulings = _rulings(rubric, marks)
    return PublishedResult(
        rubric=ScoredBy(
            code=rubric.code,
            title=rubric.title,
            edition=rubric.edition,
            period=rubric.period,
            sha256=rubric_sha256,
        ),
        marks=Marked(period=marks.period or rubric.period, stage=marks.stage),
        library=Software(name="dti-core", version=version("dti-core")),
        policy=result.policy,
        blocks=tuple(
            RankedBlock(code=each.code, title=each.title, ranked=each.ranked) for each in rubric.blocks
        ),
        bands=rubric.bands,
        nodes=tuple(_node(rubric, code) for code in codes),
        rulings=tuple(_ruling(*each) for each in rulings),
        units=tuple(
            _units(
                result, [dict(zip(codes, row, strict=True)) for row in zip(*columns, strict=True)], rulings
            )
        ),
    )


def _scores(scores: Scores) -> list[Score]:
    values = {field: scores.exact(field) for field in get_args(Field)}
    decimals = scores.setting.policy.publish.decimals
    printed = [None if each is None else _decimal(each, decimals) for each in values.pop("published")]
    ranks, of = scores.ranks().tolist(), scores.ranked_with().tolist()
    columns = dict(values, published=printed, grade=scores.grades().tolist())
    columns |= {"rank": [each or None for each in ranks], "of": [each or None for each in of]}
    return [Score(**dict(zip(columns, row, strict=True))) for row in zip(*columns.values(), strict=True)]


def _decimal(value: Fraction, decimals: int) -> Decimal:
    """The decimal, exactly, whatever the caller's decimal context."""
    digits = f"{int(value * 10**decimals)}"
    return Decimal((0, tuple(map(int, digits)), -decimals))


def _node(rubric: Rubric, code: str) -> Node:
    tree = rubric.tree
    role, maximum = tree.kind[code], Fraction(tree.maximum[code], 10**rubric.mark_decimals)
    known = maximum if role in ("scored", "standby") else None
    return Node(code=code, title=tree.title[code], role=role, maximum=known)


def _rulings(rubric: Rubric, marks: MarkSheet) -> dict[Deciding, int]:
    """The place of every rule and decision: of the rubric, of the round, on one unit."""
    found: list[Deciding] = [("rule", each) for each in rubric.exclusions]
    found += [("round", each) for each in marks.exclusions]
    found += [("unit", each) for unit in marks.units for each in marks.unit_exclusions.get(unit, ())]
    return {each: at for at, each in enumerate(dict.fromkeys(found))}


def _ruling(source: Origin, told: ExclusionRule | Exclusion) -> Ruling:
    return Ruling(
        source=source,
        rule=getattr(told, "code", None),
        members=told.members,
        treatment=told.treatment,
        by=told.by,
        reason=told.reason,
        basis=told.basis,
    )


def _units(
    result: Result, scores: Sequence[dict[str, Score]], rulings: Mapping[Deciding, int]
) -> Iterator[Unit]:
    marks, rubric = result.marks, result.rubric
    patterns, blocks = marks.applicability.case_of.tolist(), marks.applicability.block_of
    told = [[*_told(case, rulings)] for case in marks.applicability.asides]
    columns = {name: [*map(column.of, range(len(scores)))] for name, column in marks.attributes.items()}
    for row, code in enumerate(marks.units):
        attributes = {name: column[row] for name, column in columns.items()}
        block = NO_BLOCK if blocks is None else int(blocks[row])
        yield Unit(
            code=code,
            name=marks.names[row] if marks.names else None,
            attributes={name: value for name, value in attributes.items() if value is not None},
            block=None if block == NO_BLOCK else rubric.blocks[block].code,
            unranked=_unranked(result, row),
            scores=scores[row],
            excluded=tuple(_marked(marks, row, told[patterns[row]])),
        )


def _unranked(result: Result, row: int) -> NotRanked | None:
    aside = result.marks.unranked.get(result.units[row])
    if aside is not None:
        return NotRanked(reason=aside.reason, basis=aside.basis)
    return None if result.marks.ranked[row] else NotRanked(reason=result.total.why_unranked(row))


def _told(asides: Iterable[Aside], rulings: Mapping[Deciding, int]) -> Iterator[NotCounted]:
    for aside in asides:
        deciding = tuple(rulings[each.origin, each.exclusion] for each in aside.sources)
        yield NotCounted(leaf=aside.leaf, treatment=aside.treatment, by=aside.by, rulings=deciding)


def _marked(marks: MarkSheet, row: int, told: Iterable[NotCounted]) -> Iterator[NotCounted]:
    """The same with the marks of a unit that were ignored."""
    column = compile_rubric(marks.rubric).column
    for each in told:
        tick = float(marks.ticks[row, column[each.leaf]])
        if each.treatment == "count" or tick != tick:
            if each.treatment != "standby":
                yield each
        else:
            yield attrs.evolve(each, ignored=Fraction(int(tick), 10**marks.rubric.mark_decimals))
