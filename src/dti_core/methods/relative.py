"""Units in proportion to one another."""

from fractions import Fraction
from typing import Literal

import attrs

from dti_core.exact.rationals import Rationals
from dti_core.methods.method import Given, Method, Told
from dti_core.methods.quantity import Quantity
from dti_core.terms.fields import word


@attrs.frozen(kw_only=True)
class Relative(Quantity):
    """In proportion to the best of the cohort, or from its lowest to its best.

    The cohort is all units, or the unit's block, without those excluded on the leaf and those not measured.
    """

    kind = "relative"
    to: Literal["best", "min_max"] = word("best", "min_max", default="best")
    cohort: Literal["all", "block"] = word("all", "block", default="all")

    @property
    def compares(self) -> bool:
        return True

    def points(self, given: Given) -> Rationals:
        size = self.quantity(given).where(~given.counts, None)
        lowest, best = given.extremes(size, by_block=self.cohort == "block")
        given.note("best", best)
        given.note("lowest", lowest)
        floor = lowest if self.to == "min_max" else lowest * 0
        zero = (best - floor).equals(0) & ~size.null
        return self.settled(given, (size - floor) / (best - floor) * given.maximum, zero=zero)

    def of_size(self, told: Told, _size: Fraction, shown: str) -> str:
        best, lowest = told.noted("best"), told.noted("lowest")
        floor = lowest if self.to == "min_max" else Fraction(0)
        if best is None or floor is None or best == floor:
            return super().of_size(told, _size, shown)
        maximum = told.number(told.maximum)
        shown = f"({shown})" if " / " in shown else shown
        if self.to == "min_max":
            low = told.number(floor)
            return f"({shown} − {low}) / ({told.number(best)} − {low}) × {maximum}"
        return f"{shown} / {told.number(best)} × {maximum}"


def needs_blocks(method: Method) -> bool:
    """Whether a method, or a part of it, compares units within their blocks."""
    return any(isinstance(part, Relative) and part.cohort == "block" for part in method.within())
