"""Worth by thresholds."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Literal

import attrs

from dti_core.errors import Problem
from dti_core.exact.rationals import Rationals
from dti_core.methods.method import Given, Told
from dti_core.methods.quantity import ONE, Quantity
from dti_core.methods.worth import Worth, above_maximum, exact_of, is_amount, threshold_problems
from dti_core.terms import listed
from dti_core.terms.fields import checked, word


@attrs.frozen(kw_only=True)
class Tier(Worth):
    """From ``at_least`` on: a share of the maximum, or points."""

    at_least: Fraction = attrs.field(converter=exact_of, validator=is_amount)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Tiers(Quantity):
    """Worth by thresholds, highest first, the last at 0; in steps, or linear between one and the next."""

    kind = "tiers"
    tiers: tuple[Tier, ...] = attrs.field(converter=listed)
    between: Literal["steps", "linear"] = word("steps", "linear", default="steps")

    def points(self, given: Given) -> Rationals:
        size = self.quantity(given)
        rising = self.tiers[::-1]
        points = size * 0 + rising[0].of(given.maximum)
        for lower, tier in pairwise(rising):
            worth = tier.of(given.maximum)
            if self.between == "linear":
                slope = (worth - lower.of(given.maximum)) / (tier.at_least - lower.at_least)
                points = points.where(
                    size > lower.at_least, (size - lower.at_least) * slope + lower.of(given.maximum)
                )
            points = points.where(size >= tier.at_least, worth)
        return self.settled(given, points)

    def of_size(self, told: Told, size: Fraction, shown: str) -> str:
        size = min(size, ONE) if self.cap else size
        at = next(at for at, tier in enumerate(self.tiers) if size >= tier.at_least)
        tier, above = self.tiers[at], self.tiers[at - 1]
        worth, bound = tier.of(told.maximum), told.number(tier.at_least)
        if self.between == "steps" or at == 0 or size == tier.at_least:
            return f"{shown} ≥ {bound} ⇒ {told.number(worth)}"
        part = f"({shown} − {bound}) / ({told.number(above.at_least)} − {bound})"
        rise = f"({told.number(above.of(told.maximum))} − {told.number(worth)})"
        return f"{told.number(worth)} + {part} × {rise}"

    def problems(self, maximum: Fraction) -> Iterator[Problem]:
        yield from super().problems(maximum)
        if not self.tiers:
            yield Problem(("tiers",), "is empty; list thresholds, highest first", "required")
        for at, tier in enumerate(self.tiers):
            yield from self.bound_problem(tier.at_least, "tiers", at, "at_least")
            yield from above_maximum(tier.points, maximum, "tiers", at, "points")
        for problem in threshold_problems([tier.at_least for tier in self.tiers], "tier"):
            yield problem.under("tiers")
