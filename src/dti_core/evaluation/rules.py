"""The law of scoring on exact numbers, one function a sentence of DESIGN §2.

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
from dti_core.rubric import Band
from dti_core.rubric.policy import Form, Missing, Policy, Publish, Renormalise, Ties

NOTHING, ONE = Fraction(0), Fraction(1)
Cause = Literal["unit", "no_block", "block", "null", "coverage", "attribute"]
Key = tuple[tuple[bool, Fraction], ...]


@attrs.frozen
class Sums:
    """Of a node: P and A, what was earned and the applicable maximum; and the part of the maximum that is missing."""

    points: Fraction = NOTHING
    applicable: Fraction = NOTHING
    missing: Fraction = NOTHING

    def marked(self, missing: Missing) -> Fraction:
        """The maximum of what is marked; where the policy leaves missing marks out, ``applicable`` is that already."""
        return self.applicable if missing == "exclude" else self.applicable - self.missing


def leaf_sums(
    mark: Fraction | None, maximum: Fraction, missing: Missing, *, counts: bool, full: bool
) -> Sums:
    """Three states: a leaf is marked, missing, or not applicable; full marks count as marked.

    A missing mark counts in A and not in P, or under ``exclude`` in neither. A leaf of maximum 0 is never missing.
    """
    if not counts or not maximum:
        return Sums()
    if full:
        return Sums(maximum, maximum)
    if mark is not None:
        return Sums(mark, maximum)
    return Sums(NOTHING, NOTHING if missing == "exclude" else maximum, maximum)


def added(parts: Iterable[Sums]) -> Sums:
    """P and A of a node are the sums over its children."""
    children = [*parts]
    return Sums(
        _sum(child.points for child in children),
        _sum(child.applicable for child in children),
        _sum(child.missing for child in children),
    )


def _sum(values: Iterable[Fraction]) -> Fraction:
    """Over one common denominator, for adding pair by pair reduces the fraction at every step."""
    ratios = [value.as_integer_ratio() for value in values]
    whole = lcm(*(denominator for _, denominator in ratios))
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


def full(form: Form, scale: Fraction) -> Fraction:
    """What a full score is printed as."""
    return {"points": scale, "ratio": ONE, "percent": 100 * ONE}[form]


def formed(score: Fraction, scale: Fraction, form: Form) -> Fraction:
    """The score as points, or as a ratio or percentage of the scale, exactly."""
    return score / scale * full(form, scale)


def printed(score: Fraction, scale: Fraction, publish: Publish) -> Fraction:
    """The score in the form it is published in, rounded once."""
    unit = 10**publish.decimals
    return Fraction(round_fraction(formed(score, scale, publish.as_) * unit, publish.rounding), unit)


def decisive(score: Fraction, scale: Fraction, policy: Policy) -> Fraction:
    """Ranks, ties and bands compare the published value relative to the scale, or the exact score relative to it."""
    if policy.decide_on == "exact":
        return score / scale
    return printed(score, scale, policy.publish) / full(policy.publish.as_, scale)


def band(value: Fraction, bands: Sequence[Band]) -> int | None:
    """The place of the first band whose threshold, in percent of the scale, the decisive value reaches."""
    return next((at for at, band in enumerate(bands) if 100 * value >= Fraction(band.at_least)), None)


def why_unranked(
    *, is_aside: bool, block: Literal["ranked", "unranked", "none"], has_score: bool, is_covered: bool
) -> Cause | None:
    """Why a unit has no rank at a node, the first reason that holds; None where it has one."""
    if is_aside:
        return "unit"
    if block != "ranked":
        return "block" if block == "unranked" else "no_block"
    if not has_score:
        return "null"
    return None if is_covered else "coverage"


def rank_key(values: Iterable[Fraction | None]) -> Key:
    """What ranks compare in turn: the decisive value, then those of the tie-break; what a unit lacks comes last."""
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
