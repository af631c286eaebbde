"""What must hold of the ranks of a published result: they are what the law makes of its published values."""

from collections.abc import Callable, Iterator
from fractions import Fraction

from dti_core.errors import Problem
from dti_core.evaluation import rules
from dti_core.published import PublishedResult, Unit
from dti_core.rubric.policy import Breaker
from dti_core.rubric.tree import TOTAL

Compared = Callable[[Unit, Breaker], Fraction | None]
"""What ranks compare of a unit at a node, or at what breaks ties."""


def rank_problems(result: PublishedResult, compared: Compared) -> Iterator[Problem]:
    """Ranks, and numbers of rivals, that published values and what breaks ties do not come to."""
    for node in result.nodes:
        breakers = result.policy.tie_break if node.code == TOTAL else ()
        places = _places(result, compared, (node.code, *breakers))
        for row, unit in enumerate(result.units):
            score = unit.scores[node.code]
            for field, value in zip(("rank", "of"), places.get(row, (None, None)), strict=True):
                if getattr(score, field) != value:
                    message = f"is {getattr(score, field)}, but the published values come to {value}"
                    yield Problem(("units", row, "scores", node.code, field), message, "rank")


def _places(
    result: PublishedResult, compared: Compared, chain: tuple[str, *tuple[Breaker, ...]]
) -> dict[int, tuple[int, int]]:
    """Rank and number of rivals by row, of the units that are ranked at the first node of a chain."""
    least = Fraction(result.policy.min_coverage)
    rivals: dict[str | None, dict[int, rules.Key]] = {}
    for row, unit in enumerate(result.units):
        score = unit.scores[chain[0]]
        cause = rules.why_unranked(
            is_aside=unit.unranked is not None,
            block="ranked",
            has_score=score.score is not None,
            is_covered=score.coverage is not None and score.coverage >= least,
        )
        if cause is None:
            key = rules.rank_key(compared(unit, breaker) for breaker in chain)
            rivals.setdefault(unit.block, {})[row] = key
    return {
        row: (rank, len(keys))
        for keys in rivals.values()
        for row, rank in zip(keys, rules.ranks([*keys.values()], result.policy.ties), strict=True)
    }
