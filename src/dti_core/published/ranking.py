"""The table to publish of a result that was published."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from dti_core.answer import UNRANKED, doubles, kept
from dti_core.columns.codes import listed_codes, option
from dti_core.columns.frozen import Frozen
from dti_core.errors import LANGUAGES, Language
from dti_core.evaluation import rules
from dti_core.published import PublishedResult, Unit
from dti_core.published.scores import Score
from dti_core.rubric.tree import TOTAL
from dti_core.scores.ranking import RankedNode, Ranking
from dti_core.scores.unranked import reason_of
from dti_core.terms import Label, nfc


def ranking_of(result: PublishedResult, nodes: Sequence[str], language: Language) -> Ranking:
    """The ranking of the total within blocks, with nodes beside it; ranks and values are those published."""
    option("language", language, *LANGUAGES)
    beside = dict.fromkeys(map(nfc, listed_codes("nodes", nodes)))
    total, places = [*result.total.values()], {block.code: at for at, block in enumerate(result.blocks)}

    def order(row: int) -> tuple[int, ...]:
        rank, block = total[row].rank, result.units[row].block
        return (0, places.get(block or "", 0), rank) if rank else (1,)

    rows = sorted(range(len(total)), key=order)
    units = [result.units[row] for row in rows]
    reasons = (None if total[row].rank else _why(result, result.units[row], total[row]) for row in rows)
    return Ranking(
        units=tuple(unit.code for unit in units),
        names=tuple(unit.name for unit in units),
        blocks=tuple(unit.block for unit in units),
        block_titles=Frozen({block.code: block.title for block in result.blocks}),
        grades=tuple(total[row].grade for row in rows),
        bands=result.bands,
        unranked=tuple(reasons),
        total=_part(result, TOTAL, rows),
        parts=tuple(_part(result, node, rows) for node in beside),
        language=language,
    )


def _part(result: PublishedResult, node: str, rows: Sequence[int]) -> RankedNode:
    scores = [*result[node].values()]
    own, decimals = [scores[row] for row in rows], result.policy.publish_of(node).decimals
    printed = [score.published for score in own]
    return RankedNode(
        node=node,
        title=next(known.title for known in result.nodes if known.code == node),
        published=doubles(printed),
        ranks=kept(np.array([score.rank or UNRANKED for score in own], dtype=np.int64)),
        units=tuple(None if value is None else int(value.scaleb(decimals)) for value in printed),
        decimals=decimals,
    )


def _why(result: PublishedResult, unit: Unit, score: Score) -> Label | None:
    """Why a unit has no rank, with the basis of a decision."""
    aside = unit.unranked
    if aside is not None:
        basis = "" if aside.basis is None else f" ({aside.basis})"
        return Label(*(aside.reason.text(word) + basis for word in LANGUAGES))
    is_covered = (score.coverage or 0) >= Fraction(result.policy.min_coverage)
    has_score = score.score is not None
    cause = rules.why_unranked(is_aside=False, block="ranked", has_score=has_score, is_covered=is_covered)
    return None if cause is None else reason_of(cause, None)
