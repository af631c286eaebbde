"""What must hold within a published result: whatever follows from other fields of it, by the law, is what they say."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import attrs
import numpy as np

from dti_core.errors import Problem, shorten
from dti_core.exact.rationals import Rationals
from dti_core.published import Adjusted, Node, PublishedResult
from dti_core.published.by_index import following as following_of
from dti_core.published.codes import code_problems
from dti_core.published.evidence import evidence_problems
from dti_core.published.follows import Following
from dti_core.published.former import former_problems
from dti_core.published.grades import grades_of
from dti_core.published.joined import assessed, placed
from dti_core.published.scores import BESIDE_POINTS, FIELDS, UNRANKED_FIELDS, NodeScores, filled, unequal
from dti_core.published.sums import Summing
from dti_core.rubric.policy import Policy
from dti_core.words import RESULTS, Sentence

SHOWN_BITS = 128


def contradictions(result: PublishedResult) -> Iterator[Problem]:
    """Codes that name nothing; then leaves that cannot be as they are; then numbers that do not follow from these."""
    stages = (
        code_problems(result),
        former_problems(result),
        _leaf_problems(result),
        _number_problems(result),
    )
    for problems in stages:
        first = next(problems, None)
        if first is not None:
            yield first
            yield from problems
            return


def _leaf_problems(result: PublishedResult) -> Iterator[Problem]:
    for problem in evidence_problems(Summing(assessed(result))):
        yield placed(problem, result)


def _number_problems(result: PublishedResult) -> Iterator[Problem]:
    following = following_of(result)
    for node in result.nodes:
        find = _scored_problems if node.is_scored else _points_only_problems
        for problem in find(following, node):
            yield problem.under("scores", node.code)
        for problem in _problems_of_former(result, following, node):
            yield problem.under("former", "scores", node.code)
    for problem in _adjusted_problems(following.summing):
        yield placed(problem, result)


def _points_only_problems(following: Following, node: Node) -> Iterator[Problem]:
    scores = following.result.scores[node.code]
    yield from _beside_points(scores, node)
    yield from _differences("points", scores.points, following.points(node))


def _beside_points(scores: NodeScores, node: Node) -> Iterator[Problem]:
    for field in BESIDE_POINTS:
        if getattr(scores, field) is not None:
            yield Problem((field,), RESULTS("contradiction.points_only", role=node.role), "contradiction")


def _scored_problems(following: Following, node: Node) -> Iterator[Problem]:
    decisive = following.decisive(node)
    expected = following.scores(node, decisive)
    grade, by_thresholds = grades_of(following, node, decisive, expected.rank)
    expected = attrs.evolve(expected, grade=grade, by_thresholds=by_thresholds)
    scores, policy = following.result.scores[node.code], following.result.policy
    yield from _where_else(FIELDS, scores, expected, node, policy)
    yield from _decimal_problems(scores.published, policy.publish_of(node.code).decimals)


def _where_else(
    fields: Iterable[str], scores: NodeScores, expected: NodeScores, node: Node, policy: Policy
) -> Iterator[Problem]:
    """Where columns are not what follows."""
    if any((getattr(scores, field) is None) != (getattr(expected, field) is None) for field in FIELDS):
        scores, expected = (filled(each, node.maximum, policy) for each in (scores, expected))
    for field in fields:
        if getattr(expected, field) is not None:
            rule = "rank" if field == "rank" else "contradiction"
            yield from _differences(field, getattr(scores, field), getattr(expected, field), rule)


def _problems_of_former(result: PublishedResult, following: Following, node: Node) -> Iterator[Problem]:
    """Where the scores of former units, which have neither ranks nor grades, are not what follows."""
    if result.former is None:
        return
    scores, policy = result.former.scores[node.code], result.policy
    plain, first = Following(following.summing), len(following.summing.nowhere) - len(result.former.units)
    rows = np.arange(first, len(following.summing.nowhere))
    if not node.is_scored:
        yield from _beside_points(scores, node)
        yield from _differences("points", scores.points, plain.points(node).take(rows))
        return
    expected = plain.columns(node, plain.decisive(node)).of_rows(rows)
    yield from _where_else(UNRANKED_FIELDS, scores, expected, node, policy)
    yield from _decimal_problems(scores.published, policy.publish_of(node.code).decimals)


def _decimal_problems(printed: Rationals | None, decimals: int) -> Iterator[Problem]:
    if printed is not None:
        for row in np.flatnonzero(~printed.null & (printed.denominator != 10**decimals)).tolist():
            sentence = RESULTS("contradiction.decimals", value=_shown(printed.at(row)), decimals=decimals)
            yield Problem(("published", row), sentence, "decimals")


def _differences(field: str, written: Any, expected: Any, rule: str = "contradiction") -> Iterator[Problem]:
    """Where a column is not what follows."""
    for row in unequal(written, expected):
        values = {"value": _at(written, row), "other": _at(expected, row)}
        yield Problem((field, row), Sentence(RESULTS["contradiction.number"], values), rule)


def _at(column: Any, row: int) -> str | Sentence:
    if isinstance(column, Rationals):
        return _shown(column.at(row))
    return _shown(column[row] if isinstance(column, tuple) else int(column[row]) or None)


def _adjusted_problems(summing: Summing) -> Iterator[Problem]:
    """What is said that caps, gates, and bonus and penalty of their own changed, where they did not."""
    changed: list[dict[tuple[str, str], Fraction]] = [{} for _ in summing.result.units]
    for code, sums in summing.sums.items():
        for name, ticks in sums.changes.items():
            for row in np.flatnonzero(ticks).tolist():
                changed[row][code, name] = Fraction(int(ticks[row]), summing.scale)
    for row, (unit, expected) in enumerate(zip(summing.result.units, changed, strict=True)):
        written = dict(_told(unit.adjusted))
        for key in dict.fromkeys((*written, *expected)):
            if written.get(key) != expected.get(key):
                values = {"value": _shown(written.get(key)), "other": _shown(expected.get(key))}
                sentence = Sentence(RESULTS["contradiction.number"], values)
                yield Problem(("units", row, "adjusted", *key), sentence, "contradiction")


def _told(adjusted: Mapping[str, Adjusted]) -> Iterator[tuple[tuple[str, str], Fraction]]:
    for code, changes in adjusted.items():
        for name in attrs.fields_dict(Adjusted):
            if getattr(changes, name) is not None:
                yield (code, name), getattr(changes, name)


def _shown(value: object) -> str | Sentence:
    if value is None:
        return "null"
    if isinstance(value, Fraction) and value.denominator.bit_length() > SHOWN_BITS:
        return RESULTS("fraction", bits=value.denominator.bit_length())
    return shorten(value) if isinstance(value, str) else str(value)
