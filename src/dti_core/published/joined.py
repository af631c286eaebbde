"""The units of a result as they were assessed: those that are not merged, and the former ones of those that are."""

from typing import Any

import attrs
import numpy as np

from dti_core.errors import Problem
from dti_core.exact.rationals import Rationals, Rows
from dti_core.published import PublishedResult
from dti_core.published.scores import FIELDS, NodeScores, filled
from dti_core.rubric.policy import Policy


def unmerged(result: PublishedResult) -> Rows:
    """The rows of units that are not merged."""
    return np.array([row for row, unit in enumerate(result.units) if not unit.merged], dtype=np.intp)


def assessed(result: PublishedResult) -> PublishedResult:
    """A result of the units that were assessed: those that are not merged, then the former ones."""
    former = result.former
    if former is None:
        return result
    rows = unmerged(result)
    scores = {}
    for node in result.nodes:
        both = (result.scores[node.code].of_rows(rows), former.scores[node.code])
        scores[node.code] = _joined(both, node.maximum if node.is_scored else None, result.policy)
    units = (*(result.units[row] for row in rows.tolist()), *former.units)
    return attrs.evolve(result, units=units, scores=scores, former=None)


def placed(problem: Problem, result: PublishedResult) -> Problem:
    """A problem of the assessed units where it stands in the document."""
    path = problem.path
    at = {"units": 1, "scores": 3}.get(str(path[0]) if path else "", len(path))
    if result.former is None or at >= len(path):
        return problem
    row, rows = int(path[at]), unmerged(result).tolist()
    if row < len(rows):
        return attrs.evolve(problem, path=(*path[:at], rows[row], *path[at + 1 :]))
    return attrs.evolve(problem, path=("former", *path[:at], row - len(rows), *path[at + 1 :]))


def _joined(both: tuple[NodeScores, NodeScores], maximum: Any, policy: Policy) -> NodeScores:
    """The columns of one after the other's; what one leaves out is filled in where the other has it."""
    whole = [filled(scores, maximum, policy) for scores in both]
    present = [field for field in FIELDS if any(getattr(scores, field) is not None for scores in both)]
    return NodeScores(**{field: _end_to_end(*(getattr(each, field) for each in whole)) for field in present})


def _end_to_end(first: Any, second: Any) -> Any:
    if isinstance(first, Rationals):
        pairs = zip((first.numerator, first.denominator), (second.numerator, second.denominator), strict=True)
        return Rationals(*map(np.concatenate, pairs))
    return (*first, *second) if isinstance(first, tuple) else np.concatenate([first, second])
