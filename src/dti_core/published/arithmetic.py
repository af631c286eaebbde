"""What the numbers of one unit at one node say of one another."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from dti_core.errors import shorten
from dti_core.exact import round_fraction
from dti_core.published import Node, PublishedResult, Score
from dti_core.rubric.policy import Policy
from dti_core.rubric.tree import TOTAL

ONE = Fraction(1)
SHOWN_BITS = 128
Said = Iterator[tuple[str, str]]
"""Fields, and what is wrong with each."""


def score_problems(score: Score, node: Node, result: PublishedResult) -> Said:
    """Fields that contradict the others."""
    impossible = [*_impossible(score, node, result.policy)]
    yield from impossible
    if impossible or node.maximum is None:
        return
    for field, value in _following(score, node, result).items():
        if getattr(score, field) != value:
            yield field, f"is {_shown(getattr(score, field))}, but the other numbers come to {_shown(value)}"


def decisive(score: Score, node: Node, policy: Policy) -> Fraction | None:
    """What ranks, ties and bands compare: the published value or the exact score, relative to the scale."""
    if score.score is None or score.published is None:
        return None
    scale = _scale(score, node, policy)
    if policy.decide_on == "exact":
        return score.score / scale
    full = {"points": scale, "ratio": ONE, "percent": 100 * ONE}[policy.publish.as_]
    return Fraction(score.published) / full


def _scale(score: Score, node: Node, policy: Policy) -> Fraction:
    return (score.applicable if policy.renormalise == "none" else node.maximum) or ONE


def _impossible(score: Score, node: Node, policy: Policy) -> Said:
    """Nulls in the wrong places, and numbers out of bounds."""
    applicable, maximum = score.applicable, node.maximum
    if maximum is None:
        given = attrs.asdict(score, filter=lambda field, value: field.name != "points" and value is not None)
        yield from (
            (field, f"a node of the role {node.role!r} has points only; remove it") for field in given
        )
        return
    if applicable is None or not 0 <= score.points <= applicable <= maximum:
        rising = ", ".join(map(_shown, (score.points, applicable, maximum)))
        yield "applicable", f"0, points, applicable maximum and maximum do not rise: {rising}"
        return
    for field in ("rate", "score", "published"):
        if (getattr(score, field) is None) != (applicable == 0):
            yield field, "is given where the applicable maximum is above 0, and only there"
    top = None if policy.exceed_maximum and node.code == TOTAL else _scale(score, node, policy)
    for field, least, most in (
        ("score", 0, top),
        ("coverage", 0, applicable / maximum if maximum else 0),
        ("completeness", 0, 1 if applicable or policy.missing == "zero" else 0),
    ):
        value = getattr(score, field)
        if value is not None and (value < least or (most is not None and value > most)):
            yield field, f"is {_shown(value)}, not from {least} to {_shown(most)}"
    if applicable and score.completeness is None:
        yield "completeness", "is missing; give it wherever something applies"
    if (score.coverage is None) != (maximum == 0):
        yield "coverage", "is given where the maximum is above 0, and only there"


def _following(score: Score, node: Node, result: PublishedResult) -> dict[str, Any]:
    """The fields that the others settle."""
    policy, bands = result.policy, result.bands
    applicable, maximum = score.applicable or Fraction(0), node.maximum or Fraction(0)
    found: dict[str, Any] = {"rate": score.points / applicable if applicable else None}
    if score.score is not None:
        scale = _scale(score, node, policy)
        beside = node.code == TOTAL and any(
            each.role in ("bonus", "penalty", "mixed") for each in result.nodes
        )
        if policy.renormalise != "by_level" and not beside:
            found["score"] = score.points / applicable * scale
        found["published"] = _printed(score.score, scale, policy)
    if policy.missing == "zero":
        found["completeness"] = (score.coverage or 0) * maximum / applicable if applicable else None
    else:
        found["coverage"] = applicable / maximum if maximum else None
    if policy.missing == "refuse":
        found["completeness"] = ONE if applicable else None
    value = decisive(score, node, policy)
    reached = (band.code for band in bands if value is not None and 100 * value >= Fraction(band.at_least))
    return found | {"grade": next(reached, None)}


def _printed(score: Fraction, scale: Fraction, policy: Policy) -> Fraction:
    """The score in the form it is published in, rounded once."""
    publish = policy.publish
    unit = 10**publish.decimals
    value = {"points": score, "ratio": score / scale, "percent": 100 * score / scale}[publish.as_]
    return Fraction(round_fraction(value * unit, publish.rounding), unit)


def _shown(value: Fraction | Decimal | int | str | None) -> str:
    if value is None:
        return "null"
    if isinstance(value, Fraction) and value.denominator.bit_length() > SHOWN_BITS:
        return f"a fraction of {value.denominator.bit_length()} bits"
    return shorten(value) if isinstance(value, str) else str(value)
