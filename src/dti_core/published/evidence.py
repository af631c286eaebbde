"""What leaves, and nodes whose parts are left out, can have: what all other numbers of a result rest on."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from dti_core.errors import Problem
from dti_core.evaluation import rules
from dti_core.evaluation.rules import NOTHING
from dti_core.exact import MAX_TICKS
from dti_core.exact.rationals import Rationals
from dti_core.published import Node
from dti_core.published.sums import Summing
from dti_core.words import RESULTS, Sentence

MOST = 2**60
"""So many ticks, and those of a few nodes together, are whole numbers of numpy."""


def evidence_problems(summing: Summing) -> Iterator[Problem]:
    """Points that a leaf cannot have; then whatever is too large to be added up exactly."""
    problem = _size_problem(summing)
    if problem is not None:
        yield problem
        return
    for node in summing.result.nodes:
        if not node.follows:
            for problem in _node_problems(summing, node):
                yield problem.under("scores", node.code)


def _size_problem(summing: Summing) -> Problem | None:
    """Where numbers have no common denominator that is small enough, or add up to too much."""
    too_large = Problem(("nodes",), Sentence(RESULTS["contradiction.size"], {"most": MAX_TICKS}), "size")
    if summing.scale > MAX_TICKS:
        return too_large
    most: dict[str, int] = {}
    # what is added to a node stands after it, its own bonus and penalty too
    for node in reversed(summing.result.nodes):
        worth = summing.ticks(node.maximum)
        own = [each.code for each in summing.own.get(node.code, ())]
        added = sum(most[code] for code in (*node.children, *own)) if node.follows else worth
        most[node.code] = MAX_TICKS if node.partial else added
        if most[node.code] > MOST or worth > MAX_TICKS:
            return too_large
    return None


def _node_problems(summing: Summing, node: Node) -> Iterator[Problem]:
    points = summing.result.scores[node.code].points
    if node.partial:
        yield from _told_problems(summing, node)
    elif node.is_scored:
        state = summing.leaf(node)
        lowest = summing.ticks(_lowest(node)) * state.by_mark
        least = np.minimum(np.where(state.by_mark, lowest, state.settled), state.worth)
        most = np.where(state.by_mark, state.worth, state.settled)
        may_be_missing = state.by_mark if summing.result.policy.missing != "refuse" else summing.nowhere
        yield from _outside(points, summing.in_points(least), summing.in_points(most), may_be_missing)
    else:
        nothing = np.zeros(len(summing.nowhere), dtype=np.int64)
        most = nothing + summing.ticks(node.maximum)
        yield from _outside(points, summing.in_points(nothing), summing.in_points(most), summing.nowhere)


def _lowest(node: Node) -> Fraction:
    """The least that a mark earns."""
    worth = node.maximum or NOTHING
    return rules.earned(node.mark_min or NOTHING, worth, node.mark_max or worth)


def _outside(
    points: Rationals, least: Rationals, most: Rationals, may_be_missing: NDArray[np.bool_]
) -> Iterator[Problem]:
    wrong = np.where(points.null, ~may_be_missing, (points < least) | (points > most))
    for row in np.flatnonzero(wrong).tolist():
        values = {"value": points.at(row), "least": least.at(row), "most": most.at(row)}
        yield Problem(
            ("points", row), Sentence(RESULTS["contradiction.leaf_points"], values), "contradiction"
        )


def _told_problems(summing: Summing, node: Node) -> Iterator[Problem]:
    """Of a node whose parts are left out: 0, points, applicable maximum and maximum rise."""
    scores = summing.result.filled(node.code) if node.is_scored else summing.result.scores[node.code]
    nothing = summing.in_points(np.zeros(len(summing.nowhere), dtype=np.int64))
    most = nothing + (node.maximum or Fraction(MAX_TICKS, summing.scale))
    if scores.applicable is not None:
        for problem in _outside(scores.applicable, nothing, most, summing.nowhere):
            yield Problem(("applicable", *problem.path[1:]), problem.said, problem.rule)
    exceeds = summing.result.policy.exceed_maximum
    bound = most if scores.applicable is None or exceeds else scores.applicable
    low = nothing if node.role != "mixed" else most * -1
    yield from _outside(scores.points, low, bound, summing.nowhere)
