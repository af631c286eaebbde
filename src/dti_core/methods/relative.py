"""Units in proportion to one another."""

from fractions import Fraction
from typing import Any, Literal

import attrs

from dti_core.exact.rationals import Rationals
from dti_core.methods.method import Given, Method, Told
from dti_core.methods.quantity import Quantity
from dti_core.terms.fields import word


@attrs.frozen(kw_only=True)
class Relative(Quantity):
    """In proportion to the best of the cohort, or from its worst to its best; the best is the highest or the lowest.

    The cohort is all units, or the unit's block, without those excluded on the leaf and those not measured. Where the
    lowest is ``best`` a unit is worth lowest / its own. A unit for which that divides by 0 is what ``when_zero`` says.

    >>> from dti_core import Index, Measures, Rubric, score
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Số ngày xử lý", 20, scoring=Relative(best="lowest"))])
    >>> score(Measures.from_rows([{"1": 4}, {"1": 5}], rubric, units=["a", "b"])).of("b")  # 4 / 5 × 20
    {'1': 16.0}
    """

    kind = "relative"
    #: in proportion to the best, or from the worst to the best
    to: Literal["best", "min_max"] = word("best", "min_max", default="best")
    #: whether the highest or the lowest value is
    best: Literal["highest", "lowest"] = word("highest", "lowest", default="highest")
    #: who is compared: all units, or those of the block
    cohort: Literal["all", "block"] = word("all", "block", default="all")

    @property
    def compares(self) -> bool:
        return True

    def points(self, given: Given) -> Rationals:
        size = self.quantity(given).where(~given.counts, None)
        undivided = size.equals(0) & (self.to == "best" and self.best == "lowest")
        if self.when_zero == "not_applicable":
            size = size.where(undivided, None)
        lowest, highest = given.extremes(size, by_block=self.cohort == "block")
        given.note("lowest", lowest)
        given.note("highest", highest)
        part, whole = self._compared(size, lowest, highest)
        zero = whole.equals(0) & ~size.null | undivided
        return self.settled(given, part / whole * given.maximum, zero=zero)

    def _compared(self, size: Any, lowest: Any, highest: Any) -> tuple[Any, Any]:
        """What is divided by what, of one unit or of all."""
        if self.to == "min_max":
            return highest - size if self.best == "lowest" else size - lowest, highest - lowest
        return (lowest, size) if self.best == "lowest" else (size, highest)

    def of_size(self, told: Told, size: Fraction, shown: str) -> str:
        lowest, highest = told.noted("lowest"), told.noted("highest")
        if lowest is None or highest is None or self._compared(size, lowest, highest)[1] == 0:
            return super().of_size(told, size, shown)
        low, high, maximum = map(told.number, (lowest, highest, told.maximum))
        shown = f"({shown})" if " / " in shown else shown
        if self.to == "min_max":
            part = f"{high} − {shown}" if self.best == "lowest" else f"{shown} − {low}"
            return f"({part}) / ({high} − {low}) × {maximum}"
        return f"{low} / {shown} × {maximum}" if self.best == "lowest" else f"{shown} / {high} × {maximum}"


def needs_blocks(method: Method) -> bool:
    """Whether a method, or a part of it, compares units within their blocks."""
    return any(isinstance(part, Relative) and part.cohort == "block" for part in method.within())
