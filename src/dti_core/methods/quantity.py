"""Methods that look at how large something is: a value, a percentage, or a of b."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Literal

import attrs

from dti_core.errors import Problem
from dti_core.exact.rationals import Rationals
from dti_core.methods.method import Given, Input, Method, Takes, Told, built_in
from dti_core.methods.simple import refuse_shares
from dti_core.methods.worth import exact_or_none, is_amount_or_none, is_share_or_none
from dti_core.terms import (
    Label,
    check,
    label_or_none,
    one_of,
    optional,
    text_or_none,
    true_or_false,
    wrong_label,
    wrong_text,
)

Of = Literal["value", "ratio", "percent", "per"]
WhenZero = Literal["refuse", "zero", "full_marks", "not_applicable"]
ONE = Fraction(1)


def word(*allowed: str, **options: Any) -> Any:
    """A field that takes one of the words named."""
    return attrs.field(validator=check(one_of(*allowed)), **options)


@attrs.frozen(kw_only=True)
class Quantity(Method):
    """What is measured, and what a b of 0 means.

    ``of``: one ``value``; a ``ratio`` a/b, a share of a whole, so that a is at most b unless ``cap`` counts what is
    above as all; a ``percent``, the same as one number; or a ``per`` b, of any size.
    """

    of: Of = word("value", "ratio", "percent", "per", default="value")
    cap: bool = attrs.field(default=False, validator=check(true_or_false))
    #: values between 0 and 1 are meant beside percentages above 1
    below_one: bool = attrs.field(default=False, validator=check(true_or_false))
    when_zero: WhenZero = word("refuse", "zero", "full_marks", "not_applicable", default="refuse")
    #: why a leaf is not applicable where b is 0, and by which text
    reason: Label | None = attrs.field(
        default=None, converter=label_or_none, validator=check(optional(wrong_label))
    )
    basis: str | None = attrs.field(
        default=None, converter=text_or_none, validator=check(optional(wrong_text))
    )

    def inputs(self) -> dict[Input, Takes]:
        if self.of in ("ratio", "per"):
            return {("a",): "number", ("b",): "number"}
        return {(): "number"}

    def quantity(self, given: Given) -> Rationals:
        """How large it is, none where it is missing or b is 0."""
        if self.of == "value":
            return given.number()
        if self.of == "percent":
            percent = given.number()
            if not self.below_one:
                refuse_shares(given, percent)
            if not self.cap:
                given.refuse(percent > 100, "is {}, above 100 %; correct it, or declare a cap")
            return (percent / 100).at_most(1) if self.cap else percent / 100
        a, b = given.number("a"), given.number("b")
        if self.of == "per":
            return a / b
        if not self.cap:
            given.refuse(
                a > b, "has a = {a} of b = {b}; a part is at most the whole: correct it, or declare a cap"
            )
        return (a / b).at_most(1) if self.cap else a / b

    def settled(self, given: Given, points: Rationals, zero: Any = None) -> Rationals:
        """The points, with what is declared where b, or what the cohort is measured by, is 0."""
        if zero is None:
            if ("b",) not in self.inputs():
                return points
            zero = given.number("b").equals(0)
        match self.when_zero:
            case "refuse":
                given.refuse(
                    zero & given.counts,
                    f"{self._zero}; the rubric has to say what that means: declare when_zero",
                )
            case "not_applicable" if self.reason and self.basis:
                given.set_aside(zero, self.reason, self.basis)
            case "zero":
                return points.where(zero, 0)
            case "full_marks":
                return points.where(zero, given.maximum)
        return points

    _zero = "has b = 0"

    def shown(self, told: Told) -> str:
        """The quantity of one unit as it is calculated."""
        if ("b",) not in self.inputs():
            return told.number(told.value()) + (" / 100" if self.of == "percent" else "")
        return f"{told.number(told.value('a'))} / {told.number(told.value('b'))}"

    def size(self, told: Told) -> Fraction | None:
        """The quantity of one unit, before any cap; None where b is 0."""
        if ("b",) in self.inputs():
            b = told.value("b")
            return told.value("a") / b if b else None
        return told.value() / (100 if self.of == "percent" else 1)  # type: ignore[no-any-return]

    def problems(self, _maximum: Fraction) -> Iterator[Problem]:
        given = {"reason": self.reason, "basis": self.basis}
        for name, value in given.items():
            if (self.when_zero == "not_applicable") != (value is not None):
                wrong = (
                    "is missing; not_applicable needs it"
                    if value is None
                    else "goes with not_applicable only"
                )
                yield Problem((name,), wrong, "when_zero")
        if self.when_zero != "refuse" and ("b",) not in self.inputs() and not self.compares:
            yield Problem(("when_zero",), "goes with a of b only; remove it", "when_zero")
        if self.cap and self.of not in ("ratio", "percent"):
            yield Problem(("cap",), "goes with a ratio or a percent only; remove it", "cap")

    def bound_problem(self, value: Fraction | None, *path: str | int) -> Iterator[Problem]:
        """A threshold that a share never reaches."""
        if value is not None and value > 1 and self.of in ("ratio", "percent"):
            message = f"is {value}; of a {self.of} it is a share: write {float(value / 100):g} for {value} %"
            yield Problem(path, message, "share")


@built_in
@attrs.frozen(kw_only=True)
class Ratio(Quantity):
    """a/b, or 1 − a/b for a ``complement``, of the maximum; from ``target`` on it is full."""

    kind = "ratio"
    of: Literal["ratio", "percent"] = word("ratio", "percent", default="ratio")
    target: Fraction | None = attrs.field(default=None, converter=exact_or_none, validator=is_share_or_none)
    complement: bool = attrs.field(default=False, validator=check(true_or_false))

    def points(self, given: Given) -> Rationals:
        share = self.quantity(given)
        share = 1 - share if self.complement else share
        return self.settled(given, (share / (self.target or ONE)).at_most(1) * given.maximum)

    def formula(self, told: Told) -> str:
        size, shown = self.size(told), self.shown(told)
        if size is None:
            return f"{shown} ⇒ {told.number(told.points)}"
        if self.cap and size > 1:
            shown, size = f"min(1; {shown})", ONE
        if self.complement:
            shown, size = f"(1 − {shown})", 1 - size
        if self.target is not None:
            shown = f"{shown} / {told.number(self.target)}"
            shown = f"min(1; {shown})" if size > self.target else shown
        return f"{shown} × {told.number(told.maximum)}"

    def problems(self, maximum: Fraction) -> Iterator[Problem]:
        yield from super().problems(maximum)
        if self.target == 0:
            yield Problem(("target",), "is 0, which everyone meets; leave it out or raise it", "target")


@built_in
@attrs.frozen(kw_only=True)
class Target(Quantity):
    """All where the quantity is ``at_least`` or ``at_most`` so much, else nothing."""

    kind = "target"
    at_least: Fraction | None = attrs.field(
        default=None, converter=exact_or_none, validator=is_amount_or_none
    )
    at_most: Fraction | None = attrs.field(default=None, converter=exact_or_none, validator=is_amount_or_none)

    def points(self, given: Given) -> Rationals:
        size = self.quantity(given)
        met = size <= self._bound if self.at_least is None else size >= self._bound
        return self.settled(given, (size * 0).where(met, given.maximum))

    @property
    def _bound(self) -> Fraction:
        return (self.at_most if self.at_least is None else self.at_least) or Fraction(0)

    def formula(self, told: Told) -> str:
        size, shown = self.size(told), self.shown(told)
        if size is None:
            return f"{shown} ⇒ {told.number(told.points)}"
        signs = ("≤", ">") if self.at_least is None else ("≥", "<")
        met = size <= self._bound if self.at_least is None else size >= self._bound
        return f"{shown} {signs[not met]} {told.number(self._bound)} ⇒ {told.number(told.points)}"

    def problems(self, maximum: Fraction) -> Iterator[Problem]:
        yield from super().problems(maximum)
        if (self.at_least is None) == (self.at_most is None):
            yield Problem((), "needs at_least or at_most, one of the two", "required")
        yield from self.bound_problem(self.at_least, "at_least")
        yield from self.bound_problem(self.at_most, "at_most")
