"""What must hold within a published result: whatever follows from other fields of it, by the law, is what they say."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import attrs
import numpy as np

from dti_core.errors import Problem, shorten
from dti_core.exact.rationals import Rationals
from dti_core.published import Adjusted, Node, PublishedResult
from dti_core.published.codes import code_problems
from dti_core.published.evidence import evidence_problems
from dti_core.published.follows import Following
from dti_core.published.grades import grades_of
from dti_core.published.scores import BESIDE_POINTS, FIELDS, filled
from dti_core.published.sums import Summing
from dti_core.words import RESULTS, Sentence

SHOWN_BITS = 128


def contradictions(result: PublishedResult) -> Iterator[Problem]:
    """Codes that name nothing; then leaves that cannot be as they are; then numbers that do not follow from these."""
    summing = Summing(result)
    for problems in (code_problems(result), evidence_problems(summing), _number_problems(summing)):
        first = next(problems, None)
        if first is not None:
            yield first
            yield from problems
            return


def _number_problems(summing: Summing) -> Iterator[Problem]:
    following = Following(summing)
    for node in summing.result.nodes:
        path = ("scores", node.code)
        find = _scored_problems if node.is_scored else _points_only_problems
        yield from (problem.under(*path) for problem in find(following, node))
    yield from _adjusted_problems(summing)


def _points_only_problems(following: Following, node: Node) -> Iterator[Problem]:
    summing = following.summing
    scores = summing.result.scores[node.code]
    for field in BESIDE_POINTS:
        if getattr(scores, field) is not None:
            message = f"a node of the role {node.role!r} has points only; remove it"
            yield Problem((field,), message, "contradiction")
    if node.follows:
        yield from _differences("points", scores.points, summing.in_points(summing.extra[node.code]))


def _scored_problems(following: Following, node: Node) -> Iterator[Problem]:
    decisive, policy = following.decisive(node), following.result.policy
    expected = following.scores(node, decisive)
    grade, by_thresholds = grades_of(following, node, decisive, expected.rank)
    expected = attrs.evolve(expected, grade=grade, by_thresholds=by_thresholds)
    written = following.result.scores[node.code]
    if any((getattr(written, field) is None) != (getattr(expected, field) is None) for field in FIELDS):
        written, expected = (filled(scores, node.maximum, policy) for scores in (written, expected))
    for field in FIELDS:
        if getattr(expected, field) is not None:
            rule = "rank" if field == "rank" else "contradiction"
            yield from _differences(field, getattr(written, field), getattr(expected, field), rule)
    yield from _decimal_problems(following, node)


def _decimal_problems(following: Following, node: Node) -> Iterator[Problem]:
    decimals = following.result.policy.publish_of(node.code).decimals
    printed = following.result.scores[node.code].published
    if printed is not None:
        for row in np.flatnonzero(~printed.null & (printed.denominator != 10**decimals)).tolist():
            message = f"is {_shown(printed.at(row))}; it is printed with {decimals} decimals"
            yield Problem(("published", row), message, "decimals")


def _differences(field: str, written: Any, expected: Any, rule: str = "contradiction") -> Iterator[Problem]:
    """Where a column is not what follows."""
    for row in _unequal(written, expected):
        values = {"value": _at(written, row), "other": _at(expected, row)}
        yield Problem((field, row), Sentence(RESULTS["contradiction.number"], values), rule)


def _unequal(written: Any, expected: Any) -> Sequence[int]:
    if isinstance(written, tuple):
        pairs = enumerate(zip(written, expected, strict=True))
        return [] if written == expected else [row for row, (one, other) in pairs if one != other]
    if isinstance(written, Rationals):
        return np.flatnonzero(~(written.equals(expected) | (written.null & expected.null))).tolist()
    return np.flatnonzero(written != expected).tolist()


def _at(column: Any, row: int) -> str:
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


def _shown(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, Fraction) and value.denominator.bit_length() > SHOWN_BITS:
        return f"a fraction of {value.denominator.bit_length()} bits"
    return shorten(value) if isinstance(value, str) else str(value)
