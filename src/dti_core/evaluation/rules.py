"""The law of scoring on exact numbers, one function a sentence of docs/rules.md.

Whatever works one unit out asks it: explanations, the checks of result documents, merging. The array kernels are its
second form and are held to it by tests. Numbers are points as fractions; a node of which nothing applies has neither
share nor score: None, not 0 and not 1.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import lcm
from typing import Literal

import attrs

from dti_core.exact import round_fraction
from dti_core.rubric.conditions import Attribute, place_of
from dti_core.rubric.node_conditions import NodeCondition
from dti_core.rubric.policy import DecideOn, Missing, Policy, Publish, Renormalise, SortOrder, Ties
from dti_core.rubric.tree import Kind
from dti_core.terms import Scalar

NOTHING, ONE = Fraction(0), Fraction(1)
UnrankedCause = Literal["unit", "no_block", "block", "null", "coverage", "attribute"]
Key = tuple[tuple[bool, Fraction], ...]
SUMMED = ("points", "applicable", "counted", "missing")


@attrs.frozen
class Sums:
    """P and A of a node; and of its leaves, before caps, the maxima that apply and those of them that are missing."""

    points: Fraction = NOTHING
    applicable: Fraction = NOTHING
    counted: Fraction = NOTHING
    missing: Fraction = NOTHING

    @property
    def marked(self) -> Fraction:
        """The maximum of what is marked."""
        return self.counted - self.missing


def earned(mark: Fraction, worth: Fraction, highest: Fraction) -> Fraction:
    """A mark earns, of what its leaf is worth, the part that it is of the highest mark."""
    if worth is highest or worth == highest:
        return mark if worth else NOTHING
    return mark / highest * worth if highest else NOTHING


def leaf_sums(earned: Fraction | None, worth: Fraction, missing: Missing) -> Sums:
    """Three states: a leaf is marked, missing (None), or not applicable, which is worth nothing.

    A missing mark counts in A and not in P, or under ``exclude`` in neither. A leaf of maximum 0 is never missing.
    """
    if not worth:
        return Sums()
    if earned is not None:
        return Sums(earned, worth, worth)
    return Sums(NOTHING, NOTHING if missing == "exclude" else worth, worth, worth)


def added(parts: Iterable[Sums]) -> Sums:
    """P and A of a node are the sums over its children."""
    children = [*parts]
    points, applicable, counted, missing = ([getattr(child, name) for child in children] for name in SUMMED)
    whole = _sum(applicable)
    return Sums(_sum(points), whole, whole if counted == applicable else _sum(counted), _sum(missing))


def within_cap(sums: Sums, cap: Fraction | None) -> Sums:
    """P and A of a node with a cap are at most that."""
    if cap is None:
        return sums
    return attrs.evolve(sums, points=min(sums.points, cap), applicable=min(sums.applicable, cap))


def with_own(sums: Sums, extra: Fraction, *, exceed: bool) -> Sums:
    """A bonus less penalty of the node's own: P stays from 0 to A, unless it may exceed that; without A no effect."""
    if not sums.applicable:
        return sums
    return attrs.evolve(sums, points=net(sums.points, extra, sums.applicable, exceed=exceed))


def gated(sums: Sums, *, is_open: bool) -> Sums:
    """Where a condition that is asked does not hold, P = 0; A stays."""
    return sums if is_open else attrs.evolve(sums, points=NOTHING)


def asked(condition: NodeCondition, kind: Kind, points: Fraction, share: Fraction | None) -> Fraction | None:
    """What a condition compares: the percentage of a node, or its points; of bonus and penalty always its points.

    ``share`` is in a gate the exact P / A, in a band what ranks compare; None where nothing of the node applies.
    """
    if kind != "scored" or (share is not None and condition.in_ == "points"):
        return points
    return None if share is None else 100 * share


def is_met(condition: NodeCondition, value: Fraction | None) -> bool:
    """A node of which nothing applies has no value, and is not asked."""
    return value is None or bool(condition.holds(value))


def _sum(values: Iterable[Fraction]) -> Fraction:
    """Over one common denominator, for adding pair by pair reduces the fraction at every step."""
    ratios = [value.as_integer_ratio() for value in values if value is not NOTHING]
    whole = lcm(*{denominator for _, denominator in ratios})
    return Fraction(sum(numerator * (whole // denominator) for numerator, denominator in ratios), whole)


def ratio(part: Fraction, whole: Fraction) -> Fraction | None:
    """0 / 0 is null."""
    return part / whole if whole else None


def mean(terms: Iterable[tuple[Fraction, Fraction | None]]) -> Fraction | None:
    """Each parent is the mean of its children weighted by their full maxima, of which something must apply."""
    known = [(weight, share) for weight, share in terms if share is not None]
    return ratio(_sum(weight * share for weight, share in known), _sum(weight for weight, _ in known))


def scale(renormalise: Renormalise, maximum: Fraction, applicable: Fraction) -> Fraction:
    """What a node's full score is worth for a unit: its maximum; under ``none``, its applicable maximum."""
    return applicable if renormalise == "none" else maximum


def capped(added: Fraction, cap: Fraction | None) -> Fraction:
    """Bonus or penalty points of a node that is made of one kind are at most its common cap."""
    return added if cap is None else min(added, cap)


def net(score: Fraction, extra: Fraction, scale: Fraction, *, exceed: bool) -> Fraction:
    """Bonus less penalty changes the total's score after renormalisation, within [0, scale] unless it may exceed it."""
    changed = max(score + extra, NOTHING)
    return changed if exceed else min(changed, scale)


def full(publish: Publish, scale: Fraction) -> Fraction:
    """What a full score is printed as: its scale in points, 1, 100, or what a scale of its own says."""
    if publish.of is not None:
        return Fraction(publish.of)
    return {"points": scale, "ratio": ONE, "percent": 100 * ONE}[publish.as_]


def prints_own_scales(policy: Policy, node: str) -> bool:
    """Under ``none`` points are printed of what applies to each unit, and so each on a scale of its own."""
    return policy.renormalise == "none" and policy.publish_of(node).as_ == "points"


def formed(score: Fraction, scale: Fraction, publish: Publish) -> Fraction:
    """The score as points, as a ratio or percentage of the scale, or on a scale of its own, exactly."""
    return score / scale * full(publish, scale)


def printed(score: Fraction, scale: Fraction, publish: Publish) -> Fraction:
    """The score in the form it is published in, rounded once."""
    unit = 10**publish.decimals
    return Fraction(round_fraction(formed(score, scale, publish) * unit, publish.rounding), unit)


def decisive(score: Fraction, scale: Fraction, publish: Publish, decide_on: DecideOn) -> Fraction:
    """Ranks, ties and bands compare the published value relative to the scale, or the exact score relative to it."""
    if decide_on == "exact":
        return score / scale
    return printed(score, scale, publish) / full(publish, scale)


def why_unranked(
    *, is_aside: bool, block: Literal["ranked", "unranked", "none"], has_score: bool, is_covered: bool
) -> UnrankedCause | None:
    """Why a unit has no rank at a node, the first reason that holds; None where it has one."""
    if is_aside:
        return "unit"
    if block != "ranked":
        return "block" if block == "unranked" else "no_block"
    if not has_score:
        return "null"
    return None if is_covered else "coverage"


def by_points(points: Fraction, kind: Kind) -> Fraction:
    """Nodes without scored leaves break ties by points: more first, of penalty nodes fewer."""
    return -points if kind == "penalty" else points


def by_attribute(value: Scalar | None, declared: Attribute, order: SortOrder) -> Fraction | None:
    """Attributes break ties by number, or by their place in ``enum``: ascending, the lowest or first listed first."""
    if value is None:
        return None
    place = Fraction(place_of(declared, value))
    return place if order == "descending" else -place


def rank_key(values: Iterable[Fraction | None]) -> Key:
    """What ranks compare in turn: the decisive value, then what breaks ties; what a unit lacks comes last."""
    return tuple((value is not None, NOTHING if value is None else value) for value in values)


def ranks(keys: Sequence[Key], ties: Ties) -> list[int]:
    """Descending: competition 1 2 2 4, or dense 1 2 2 3."""
    order = sorted(range(len(keys)), key=keys.__getitem__, reverse=True)
    placed, rank = [0] * len(keys), 0
    for place, at in enumerate(order):
        if place == 0 or keys[at] != keys[order[place - 1]]:
            rank = rank + 1 if ties == "dense" else place + 1
        placed[at] = rank
    return placed
