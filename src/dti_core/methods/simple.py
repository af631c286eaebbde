"""Methods that look at one measured value."""

from collections.abc import Iterator
from fractions import Fraction

import attrs

from dti_core.errors import Problem
from dti_core.exact.rationals import Mask, Rationals
from dti_core.methods.method import Given, Method, Told
from dti_core.methods.worth import Shares, above_maximum, method_flaw, shares_of, wrong_shares
from dti_core.terms.amounts import exact_of, exact_or_none, is_amount, is_amount_or_none, is_exact
from dti_core.terms.fields import checked, truth_of
from dti_core.words import MEASURES


@attrs.frozen(kw_only=True)
class Direct(Method):
    """The measure is the points; what a leaf without ``scoring`` takes.

    >>> Direct().kind
    'direct'
    """

    kind = "direct"

    def points(self, given: Given) -> Rationals:
        points = given.number()
        above = MEASURES("points_above", maximum=given.maximum)
        given.refuse(points > given.maximum, above)
        return points

    def formula(self, told: Told) -> str:
        return told.number(told.value())


DIRECT = Direct()
"""How a leaf without ``scoring`` is scored."""


@attrs.frozen(kw_only=True)
class YesNo(Method):
    """All for true, nothing for false.

    >>> YesNo().takes
    'boolean'
    """

    kind = "yes_no"
    takes = "boolean"

    def points(self, given: Given) -> Rationals:
        return given.looked_up((True, Fraction(1)), (False, Fraction(0))) * given.maximum

    def formula(self, told: Told) -> str:
        answer = told.say("có", "yes") if told.value() else told.say("không", "no")
        return f"{answer} ⇒ {told.number(told.points)}"


@attrs.frozen(kw_only=True)
class Choice(Method):
    """Each of the named answers is worth a share of the maximum.

    >>> Choice(answers={"Trưởng ban": 1, "Phó ban": "1/2"}).kind
    'choice'
    """

    kind = "choice"
    takes = "text"
    #: the share of the maximum that each answer earns, by its name
    answers: Shares = attrs.field(converter=shares_of, validator=wrong_shares)

    def points(self, given: Given) -> Rationals:
        return given.looked_up(*self.answers) * given.maximum

    def formula(self, told: Told) -> str:
        share = dict(self.answers)[told.value()]
        return f"“{told.value()}” ⇒ {told.number(share)} × {told.number(told.maximum)}"


@attrs.frozen(kw_only=True)
class Count(Method):
    """So many points for each item, or each 1 of an amount, up to ``cap``; without a cap, up to the maximum.

    >>> Count(per_item=0.5, cap=5).per_item
    Fraction(1, 2)
    """

    kind = "count"
    #: points for each
    per_item: Fraction = attrs.field(converter=exact_of, validator=is_amount)
    #: the most that all items earn; None: the maximum
    cap: Fraction | None = attrs.field(default=None, converter=exact_or_none, validator=is_amount_or_none)

    def points(self, given: Given) -> Rationals:
        return (given.number() * self.per_item).at_most(self._cap(given.maximum))

    def formula(self, told: Told) -> str:
        earned, cap = f"{told.number(told.value())} × {told.number(self.per_item)}", self._cap(told.maximum)
        return f"min({told.number(cap)}; {earned})" if told.value() * self.per_item > cap else earned

    def problems(self, maximum: Fraction) -> Iterator[Problem]:
        return above_maximum(self.cap, maximum, "cap")

    def _cap(self, maximum: Fraction) -> Fraction:
        return maximum if self.cap is None else self.cap


@attrs.frozen(kw_only=True)
class Deduct(Method):
    """Start full and lose so many points for each item, or each 1 of an amount, down to 0.

    >>> Deduct(per_item=2).kind
    'deduct'
    """

    kind = "deduct"
    #: points that each takes
    per_item: Fraction = attrs.field(converter=exact_of, validator=is_amount)

    def points(self, given: Given) -> Rationals:
        return (given.maximum - given.number() * self.per_item).at_least(0)

    def formula(self, told: Told) -> str:
        lost = f"{told.number(told.value())} × {told.number(self.per_item)}"
        rest = f"{told.number(told.maximum)} − {lost}"
        return f"max(0; {rest})" if told.value() * self.per_item > told.maximum else rest


@attrs.frozen(kw_only=True, field_transformer=checked)
class Scale(Method):
    """A value on the scale from ``low`` to ``high``, such as a survey's 0 to 10, in proportion.

    ``cap`` counts what is above ``high`` as ``high``; a ``complement`` is worth the more the lower the value. On a
    scale from 0 to 100 values between 0 and 1 are refused, as shares where percentages are asked for, unless
    ``below_one`` says that such values are meant.

    >>> from dti_core import Index, Measures, Rubric, score
    >>> fewer = Scale(low=10, high=60, cap=True, complement=True)
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Số giờ gián đoạn", 20, scoring=fewer)])
    >>> sheet = score(Measures.from_rows([{"1": 20}, {"1": 75}], rubric, units=["a", "b"]))
    >>> sheet.of("a"), sheet.of("b")
    ({'1': 16.0}, {'1': 0.0})
    """

    kind = "scale"
    takes = "signed"
    #: the value that earns everything
    high: Fraction = attrs.field(converter=exact_of, validator=is_exact)
    #: the value that earns nothing
    low: Fraction = attrs.field(factory=Fraction, converter=exact_of, validator=is_exact)
    #: values beyond an end count as that end
    cap: bool = attrs.field(default=False, converter=truth_of)
    #: less is better
    complement: bool = attrs.field(default=False, converter=truth_of)
    #: values between 0 and 1 are meant, though the scale is one of percentages
    below_one: bool = attrs.field(default=False, converter=truth_of)

    def points(self, given: Given) -> Rationals:
        value = given.number()
        if self.low == 0 and self.high == 100 and not self.below_one:
            refuse_shares(given, value)
        other = _one_of(value, (value >= self.low) & (value <= self.high))
        beside = "" if other is None else MEASURES("beside", other=other)
        scale = {"low": self.low, "high": self.high, "beside": beside}
        given.refuse(value < self.low, MEASURES("below_scale", **scale))
        if not self.cap:
            given.refuse(value > self.high, MEASURES("above_scale", **scale))
        share = (value.at_most(self.high) - self.low) / (self.high - self.low)
        return (1 - share if self.complement else share) * given.maximum

    def formula(self, told: Told) -> str:
        value, low, high = map(told.number, (told.value(), self.low, self.high))
        shown = f"{value} / {high}" if self.low == 0 else f"({value} − {low}) / ({high} − {low})"
        share = (told.value() - self.low) / (self.high - self.low)
        shown, _ = told_share(shown, share, cap=self.cap, complement=self.complement)
        return f"{shown} × {told.number(told.maximum)}"

    def problems(self, _maximum: Fraction) -> Iterator[Problem]:
        if self.high <= self.low:
            yield method_flaw("scale_ends", "high", high=self.high, low=self.low)


def told_share(shown: str, share: Fraction, *, cap: bool, complement: bool) -> tuple[str, Fraction]:
    """How a share is written once capped and taken from 1, and what it is then."""
    if cap and share > 1:
        shown, share = f"min(1; {shown})", Fraction(1)
    return (f"(1 − {shown})", 1 - share) if complement else (shown, share)


def refuse_shares(given: Given, percent: Rationals) -> None:
    """Refuse shares in a column of percentages: 0.85 beside 85, or where no unit has more than 1.

    Units for which the leaf does not count in the ordinary way have no say.
    """
    above = (percent > 1) & given.counts
    other = _one_of(percent, above)
    message = MEASURES("shares_alone" if other is None else "shares_among", other=other)
    given.refuse((percent > 0) & (percent < 1) & given.counts, message)


def _one_of(values: Rationals, where: Mask) -> Fraction | None:
    return values.at(int(where.argmax())) if where.any() else None
