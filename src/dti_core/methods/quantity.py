"""Methods that look at how large something is: a value, a percentage, or a of b."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Literal

import attrs

from dti_core.errors import Problem
from dti_core.exact.rationals import Rationals
from dti_core.methods.method import Given, Input, Method, Takes, Told
from dti_core.methods.simple import refuse_shares, told_share
from dti_core.methods.worth import method_flaw, within
from dti_core.terms import Label, label_or_none, text_or_none
from dti_core.terms.amounts import exact_or_none, is_amount_or_none, is_share_or_none
from dti_core.terms.fields import checked, truth_of, word
from dti_core.words import MEASURES

Of = Literal["value", "ratio", "percent", "per"]
WhenZero = Literal["refuse", "zero", "full_marks", "not_applicable"]
ONE = Fraction(1)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Quantity(Method):
    """What is measured, and what a b of 0 means.

    ``of``: one ``value``; a ``ratio`` a/b, a share of a whole, so that a is at most b unless ``cap`` counts what is
    above as all; a ``percent``, the same as one number; or a ``per`` b, of any size.

    >>> from dti_core import Index, Measures, Rubric, score
    >>> from dti_core.methods import Ratio
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Hồ sơ", 20, scoring=Ratio(when_zero="full_marks"))])
    >>> measures = Measures.from_rows([{"1": {"a": 3, "b": 4}}, {"1": {"a": 0, "b": 0}}], rubric, units=["x", "y"])
    >>> [score(measures).of(unit)["1"] for unit in ("x", "y")]
    [15.0, 20.0]
    """

    #: what is measured: a value, a ratio a/b, a percentage, or so many per b
    of: Of = word("value", "ratio", "percent", "per", default="value")
    #: what is more than 1 counts as 1
    cap: bool = attrs.field(default=False, converter=truth_of)
    #: percentages between 0 and 1 are meant
    below_one: bool = attrs.field(default=False, converter=truth_of)
    #: what a b of 0 means: refused, nothing, everything, or not applicable
    when_zero: WhenZero = word("refuse", "zero", "full_marks", "not_applicable", default="refuse")
    #: why a leaf is not applicable where b is 0, and by which text
    reason: Label | None = attrs.field(default=None, converter=label_or_none)
    #: the legal text by which it is not applicable
    basis: str | None = attrs.field(default=None, converter=text_or_none)

    def inputs(self) -> dict[Input, Takes]:
        if self.of in ("ratio", "per"):
            return {("a",): "number", ("b",): "number"}
        return super().inputs()

    def quantity(self, given: Given) -> Rationals:
        """How large it is, none where it is missing or b is 0."""
        if self.of == "value":
            return given.number()
        if self.of == "percent":
            percent = given.number()
            if not self.below_one:
                refuse_shares(given, percent)
            share, above = percent / 100, percent > 100
        else:
            a, b = given.number("a"), given.number("b")
            share, above = a / b, a > b
        if self.of == "per":
            return share
        if not self.cap:
            given.refuse(above, MEASURES[f"{self.of}_above"])
        return share.at_most(1) if self.cap else share

    def settled(self, given: Given, points: Rationals, *, zero: Any = False) -> Rationals:
        """The points, with what is declared where b, or what the cohort is measured by, is 0."""
        if ("b",) in self.inputs():
            zero = zero | given.number("b").equals(0)
        if self.when_zero == "refuse":
            given.refuse(zero & given.counts, MEASURES[f"{'cohort' if self.compares else 'b'}_zero"])
        elif self.reason and self.basis:
            given.set_aside(zero, self.reason, self.basis)
        else:
            return points.where(zero, given.maximum if self.when_zero == "full_marks" else 0)
        return points

    def formula(self, told: Told) -> str:
        values = [told.value(*name) for name in self.inputs()]
        whole = values[1] if values[1:] else Fraction(100 if self.of == "percent" else 1)
        shown = " / ".join(map(told.number, values)) + (" / 100" if self.of == "percent" else "")
        if not whole:
            return Quantity.of_size(self, told, whole, shown)
        return self.of_size(told, values[0] / whole, shown)

    def of_size(self, told: Told, _size: Fraction, shown: str) -> str:
        """The formula where b is not 0, by the quantity before any cap and how it is written."""
        return f"{shown} ⇒ {told.number(told.points)}"

    def problems(self, _maximum: Fraction) -> Iterator[Problem]:
        for name, value in (("reason", self.reason), ("basis", self.basis)):
            if self.when_zero == "not_applicable" and value is None:
                yield method_flaw("needs_reason", name)
            if self.when_zero != "not_applicable" and value is not None:
                yield method_flaw("goes_with", name, others="when_zero: not_applicable")
        if self.when_zero != "refuse" and ("b",) not in self.inputs() and not self.compares:
            yield method_flaw("goes_with", "when_zero", others="of: ratio, per")
        if self.cap and self.of not in ("ratio", "percent"):
            yield method_flaw("goes_with", "cap", others="of: ratio, percent")

    def bound_problem(self, value: Fraction | None, *path: str | int) -> Iterator[Problem]:
        """A threshold that a share never reaches."""
        if value is not None and value > 1 and self.of in ("ratio", "percent"):
            yield method_flaw("no_share", *path, bound=value, share=value / 100)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Ratio(Quantity):
    """a/b, or 1 − a/b for a ``complement``, of the maximum; from ``target`` on it is full, below ``floor`` nothing.

    >>> from dti_core import Index, Measures, Rubric, score
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Hồ sơ trực tuyến", 20, scoring=Ratio(floor=0.8))])
    >>> rows = [{"1": {"a": 79, "b": 100}}, {"1": {"a": 80, "b": 100}}]
    >>> sheet = score(Measures.from_rows(rows, rubric, units=["a", "b"]))
    >>> sheet.of("a"), sheet.of("b")
    ({'1': 0.0}, {'1': 16.0})
    """

    kind = "ratio"
    #: a ratio a/b, or a percentage
    of: Literal["ratio", "percent"] = word("ratio", "percent", default="ratio")
    #: the share from which on it is full
    target: Fraction | None = attrs.field(default=None, converter=exact_or_none, validator=is_share_or_none)
    #: the share below which it earns nothing
    floor: Fraction | None = attrs.field(default=None, converter=exact_or_none, validator=is_share_or_none)
    #: 1 − a/b counts: less is better
    complement: bool = attrs.field(default=False, converter=truth_of)

    def points(self, given: Given) -> Rationals:
        share = self.quantity(given)
        share = 1 - share if self.complement else share
        points = (share / (self.target or ONE)).at_most(1) * given.maximum
        return self.settled(given, points.where(share < (self.floor or 0), 0))

    def of_size(self, told: Told, size: Fraction, shown: str) -> str:
        shown, size = told_share(shown, size, cap=self.cap, complement=self.complement)
        if self.floor is not None and size < self.floor:
            return f"{shown} < {told.number(self.floor)} ⇒ {told.number(told.points)}"
        if self.target is not None:
            shown = f"{shown} / {told.number(self.target)}"
            shown = f"min(1; {shown})" if size > self.target else shown
        return f"{shown} × {told.number(told.maximum)}"

    def problems(self, maximum: Fraction) -> Iterator[Problem]:
        yield from super().problems(maximum)
        if self.target == 0:
            yield method_flaw("target", "target")
        elif self.floor is not None and not 0 < self.floor < (self.target or ONE):
            yield method_flaw("floor", "floor", floor=self.floor, target=self.target or ONE)


@attrs.frozen(kw_only=True)
class Target(Quantity):
    """All where the quantity is ``at_least`` or ``at_most`` so much, else nothing.

    >>> Target(of="percent", at_least=80).kind
    'target'
    """

    kind = "target"
    #: full from this on
    at_least: Fraction | None = attrs.field(
        default=None, converter=exact_or_none, validator=is_amount_or_none
    )
    #: full up to this, instead
    at_most: Fraction | None = attrs.field(default=None, converter=exact_or_none, validator=is_amount_or_none)

    def points(self, given: Given) -> Rationals:
        size = self.quantity(given)
        return self.settled(given, (size * 0).where(within(size, self.at_least, self.at_most), given.maximum))

    def of_size(self, told: Told, size: Fraction, shown: str) -> str:
        signs, bound = (("≤", ">"), self.at_most) if self.at_least is None else (("≥", "<"), self.at_least)
        sign = signs[not within(size, self.at_least, self.at_most)]
        return f"{shown} {sign} {told.number(bound)} ⇒ {told.number(told.points)}"

    def problems(self, maximum: Fraction) -> Iterator[Problem]:
        yield from super().problems(maximum)
        if (self.at_least is None) == (self.at_most is None):
            yield method_flaw("target_bounds")
        yield from self.bound_problem(self.at_least, "at_least")
        yield from self.bound_problem(self.at_most, "at_most")
