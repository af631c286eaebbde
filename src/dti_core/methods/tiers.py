"""Worth by thresholds."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal

import attrs

from dti_core.errors import Problem
from dti_core.exact.rationals import Rationals
from dti_core.methods.method import Given, Told
from dti_core.methods.quantity import ONE, Quantity
from dti_core.methods.worth import Worth, above_maximum, method_flaw, threshold_problems, within
from dti_core.terms import Listed
from dti_core.terms.amounts import exact_or_none, is_amount_or_none
from dti_core.terms.fields import checked, word


@attrs.frozen(kw_only=True)
class Tier(Worth):
    """From ``at_least`` on, up to ``at_most``, or for all the rest: a share of the maximum, or points.

    >>> Tier(at_least=80, share=0.5).share
    Fraction(1, 2)
    """

    #: reached from this on
    at_least: Fraction | None = attrs.field(
        default=None, converter=exact_or_none, validator=is_amount_or_none
    )
    #: reached up to this
    at_most: Fraction | None = attrs.field(default=None, converter=exact_or_none, validator=is_amount_or_none)

    @property
    def bound(self) -> Fraction | None:
        """The threshold, None where the tier is for all the rest."""
        return self.at_most if self.at_least is None else self.at_least

    def reached(self, size: Any) -> Any:
        """Whether sizes, one or many, keep to the threshold."""
        return within(size, self.at_least, self.at_most)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Tiers(Quantity):
    """Worth by thresholds, the first that is reached; in steps, or linear between one and the next.

    By ``at_least`` highest first, the last at 0; by ``at_most`` lowest first, the last without a threshold.

    >>> from dti_core import Index, Measures, Rubric, score
    >>> quick = Tiers(tiers=[Tier(at_most=15, points=20), Tier(at_most=45, points=10), Tier(points=0)])
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Số ngày xử lý", 20, scoring=quick)])
    >>> score(Measures.from_rows([{"1": 45}], rubric, units=["a"])).of("a")
    {'1': 10.0}
    """

    kind = "tiers"
    #: in order; the first that is reached counts
    tiers: tuple[Tier, ...] = attrs.field(converter=Listed[Tier])
    #: in steps, or linear from one threshold to the next
    between: Literal["steps", "linear"] = word("steps", "linear", default="steps")

    def points(self, given: Given) -> Rationals:
        size = self.quantity(given)
        points = size * 0
        for at in reversed(range(len(self.tiers))):
            points = points.where(self.tiers[at].reached(size), self._worth(at, size, given.maximum))
        return self.settled(given, points)

    def _worth(self, at: int, size: Rationals, maximum: Fraction) -> Rationals | Fraction:
        """What a tier is worth, or what lies on the line from it to the tier before."""
        tier, better = self.tiers[at], self.tiers[at - 1]
        worth = tier.of(maximum)
        if at == 0 or self.between == "steps" or tier.bound is None or better.bound is None:
            return worth
        return (size - tier.bound) * ((better.of(maximum) - worth) / (better.bound - tier.bound)) + worth

    def of_size(self, told: Told, size: Fraction, shown: str) -> str:
        size = min(size, ONE) if self.cap else size
        at = next(at for at, tier in enumerate(self.tiers) if tier.reached(size))
        tier, better = self.tiers[at], self.tiers[at - 1]
        worth, bound, before = map(told.number, (tier.of(told.maximum), tier.bound, better.bound))
        if tier.bound is None:
            return f"{shown} > {before} ⇒ {worth}"
        if self.between == "steps" or at == 0 or size == tier.bound:
            return f"{shown} {'≥' if tier.at_most is None else '≤'} {bound} ⇒ {worth}"
        part = f"({shown} − {bound}) / ({before} − {bound})"
        if tier.at_most is not None:
            part = f"({bound} − {shown}) / ({bound} − {before})"
        return f"{worth} + {part} × ({told.number(better.of(told.maximum))} − {worth})"

    def problems(self, maximum: Fraction) -> Iterator[Problem]:
        yield from super().problems(maximum)
        if not self.tiers:
            yield method_flaw("no_tiers", "tiers")
            return
        for at, tier in enumerate(self.tiers):
            yield from self.bound_problem(tier.at_least, "tiers", at, "at_least")
            yield from self.bound_problem(tier.at_most, "tiers", at, "at_most")
            yield from above_maximum(tier.points, maximum, "tiers", at, "points")
        for problem in [*self._bound_problems()] or self._order_problems():
            yield problem.under("tiers")

    @property
    def _by(self) -> str:
        """What the first tier goes by, and so all."""
        return "at_least" if self.tiers[0].at_most is None else "at_most"

    def _bound_problems(self) -> Iterator[Problem]:
        """Tiers that do not go by one threshold of one kind, but for the rest that is left to the last."""
        for at, tier in enumerate(self.tiers):
            is_rest = self._by == "at_most" and at == len(self.tiers) - 1
            for name in ("at_least", "at_most"):
                if (getattr(tier, name) is not None) != (name == self._by and not is_rest):
                    yield method_flaw("tier_bounds", at, name)

    def _order_problems(self) -> Iterator[Problem]:
        bounds = [tier.bound for tier in self.tiers if tier.bound is not None]
        if self._by == "at_least":
            yield from threshold_problems(bounds)
            return
        for at, (before, bound) in enumerate(pairwise(bounds), 1):
            if bound <= before:
                yield method_flaw("not_rising", at, "at_most", bound=bound, before=before)
