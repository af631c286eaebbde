"""What must hold of merged units and of the former ones that they were merged of."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import attrs

from dti_core.errors import Problem, shorten
from dti_core.evaluation import rules
from dti_core.published import NotRanked, PublishedResult, RankedBlock, Unit, Why
from dti_core.published.by_index import leaves_out_indices
from dti_core.published.codes import code_problems
from dti_core.published.named import unknown
from dti_core.published.scores import RANKED_FIELDS
from dti_core.scores.unranked import block_state, reason_of
from dti_core.words import RESULTS, Sentence


def left_by(former: Sequence[Unit], block: str | None, blocks: Sequence[RankedBlock]) -> dict[str, Any]:
    """What a merged unit has of former ones: it stands aside where one does, and their grade limits reach it."""
    aside = (unit.unranked for unit in former if unit.unranked and unit.unranked.why == "unit")
    limits = {place for unit in former for place in unit.grade_limits}
    return {
        "unranked": next(aside, None) or _by_block(block, blocks),
        "grade_limits": tuple(sorted(limits)),
    }


def _by_block(code: str | None, blocks: Sequence[RankedBlock]) -> NotRanked | None:
    block = next((block for block in blocks if block.code == code), None)
    state = block_state(ranked=None if block is None else block.ranked, declared=bool(blocks))
    why = rules.why_unranked(is_aside=False, block=state, has_score=True, is_covered=True)
    if why is None:
        return None
    return NotRanked(why=cast("Why", why), reason=reason_of(why, None if block is None else block.title))


def former_problems(result: PublishedResult) -> Iterator[Problem]:
    """Former units that are not there or in two merged ones, what is not left so, and what is wrong of themselves."""
    former = result.former
    listed = {} if former is None else {unit.code: unit for unit in former.units}
    yield from _merged_problems(result, listed)
    if former is None:
        return
    named = {code for unit in result.units for code in unit.merged}
    apart = {unit.code for unit in result.units if not unit.merged}
    for at, unit in enumerate(former.units):
        if unit.code not in named or unit.code in apart or unit.merged:
            sentence = Sentence(RESULTS["contradiction.former"], {"code": shorten(unit.code)})
            yield Problem(("former", "units", at, "code"), sentence, "former")
    if former.mean_of == "indices" and leaves_out_indices(result):
        yield Problem(("former", "mean_of"), Sentence(RESULTS["contradiction.mean_of"]), "former")
    # what is no unit or score of theirs is the result's own, and was found sound
    apart_from = attrs.evolve(result, units=former.units, scores=former.scores, former=None)
    yield from (problem.under("former") for problem in code_problems(apart_from))
    for code, scores in former.scores.items():
        for field in RANKED_FIELDS:
            if getattr(scores, field) is not None:
                sentence = Sentence(RESULTS["contradiction.former_rank"])
                yield Problem(("former", "scores", code, field), sentence, "former")


def _merged_problems(result: PublishedResult, listed: Mapping[str, Unit]) -> Iterator[Problem]:
    seen: set[str] = set()
    for row, unit in enumerate(result.units):
        for at, code in enumerate(unit.merged):
            path = ("units", row, "merged", at)
            yield from unknown(path, code, listed)
            if code in seen:
                yield Problem(path, Sentence(RESULTS["contradiction.former_twice"]), "duplicate")
            seen.add(code)
        if unit.merged and listed.keys() >= {*unit.merged}:
            own: dict[str, Any] = {"excluded": (), "adjusted": {}}
            own |= left_by([listed[code] for code in unit.merged], unit.block, result.blocks)
            for field, value in own.items():
                if not _agree(getattr(unit, field), value):
                    yield Problem(("units", row, field), Sentence(RESULTS["contradiction.left"]), "former")


def _agree(written: Any, value: Any) -> bool:
    """Whether they are the same; of why a unit is unranked the words may differ."""
    if isinstance(written, NotRanked) and isinstance(value, NotRanked) and written.why != "unit":
        return written.why == value.why
    return bool(written == value)
