"""Methods made of others: a sum of parts, the best of cases, or the worst."""

from collections.abc import Iterator
from fractions import Fraction
from functools import reduce

import attrs

from dti_core.errors import Problem
from dti_core.exact.rationals import Rationals
from dti_core.methods.method import Given, Input, Method, Takes, Told, wrong_method
from dti_core.methods.quantity import Quantity
from dti_core.methods.worth import Worth, above_maximum, method_flaw
from dti_core.terms import Label, Listed, checking, label_or_none
from dti_core.terms.fields import checked, code_of, repeated


@attrs.frozen(kw_only=True, field_transformer=checked)
class Part(Worth):
    """One part or case: its code, what it is worth at most, and how it is scored.

    >>> from dti_core.methods import YesNo
    >>> Part(code="plan", points=2, scoring=YesNo()).points
    Fraction(2, 1)
    """

    #: of its own among the parts
    code: str = attrs.field(converter=code_of)
    #: what it is called
    title: Label | None = attrs.field(default=None, converter=label_or_none)
    #: how its own measure becomes points
    scoring: Method = attrs.field(validator=checking(wrong_method))


@attrs.frozen(kw_only=True, field_transformer=checked)
class Composed(Method):
    """Several methods, each with its own measure, by code."""

    #: in order; each takes a measure of its own
    parts: tuple[Part, ...] = attrs.field(converter=Listed[Part])

    @property
    def compares(self) -> bool:
        """Whether any part compares units."""
        return any(part.scoring.compares for part in self.parts)

    def inputs(self) -> dict[Input, Takes]:
        inputs = ((part.code, part.scoring.inputs()) for part in self.parts)
        return {(code, *name): takes for code, own in inputs for name, takes in own.items()}

    def of_parts(self, given: Given) -> list[Rationals]:
        """The points of each part."""
        return [given.part(part.code, part.scoring, part.of(given.maximum)) for part in self.parts]

    def within(self) -> Iterator[Method]:
        yield self
        for part in self.parts:
            yield from part.scoring.within()

    def problems(self, maximum: Fraction) -> Iterator[Problem]:
        if not self.parts:
            yield method_flaw("no_parts", "parts")
        for at, _ in repeated(part.code for part in self.parts):
            yield method_flaw("part_twice", "parts", at, "code", code=self.parts[at].code)
        for at, part in enumerate(self.parts):
            yield from above_maximum(part.of(maximum), maximum, "parts", at)
            scoring = part.scoring
            for problem in scoring.problems(part.of(maximum)):
                yield problem.under("parts", at, "scoring")
            for name in ("rounding", "step"):
                if getattr(scoring, name) is not None:
                    yield method_flaw("rounds_once", "parts", at, "scoring", name)
            if isinstance(scoring, Quantity) and scoring.when_zero == "not_applicable":
                yield method_flaw("whole_leaf", "parts", at, "scoring", "when_zero")


@attrs.frozen(kw_only=True)
class Parts(Composed):
    """The sum of parts that add up to the maximum; none while a part is missing.

    >>> from dti_core.methods import Count, YesNo
    >>> plan = Part(code="plan", share=0.5, scoring=YesNo())
    >>> [part.code for part in Parts(parts=[plan, Part(code="news", share=0.5, scoring=Count(per_item=1))]).parts]
    ['plan', 'news']
    """

    kind = "parts"

    def points(self, given: Given) -> Rationals:
        return reduce(Rationals.__add__, self.of_parts(given))

    def formula(self, told: Told) -> str:
        formulas = (f"[{each}]" if "⇒" in each or " + " in each else each for each in told.formulas)
        return " + ".join(formulas)

    def problems(self, maximum: Fraction) -> Iterator[Problem]:
        yield from super().problems(maximum)
        total = sum((part.of(maximum) for part in self.parts), Fraction(0))
        if self.parts and total != maximum:
            yield method_flaw("parts_sum", "parts", total=total, maximum=maximum)


@attrs.frozen(kw_only=True)
class BestOf(Composed):
    """The best of the cases that were measured; none where none was.

    >>> from dti_core.methods import Target, YesNo
    >>> cases = [Part(code="award", share=1, scoring=YesNo()), Part(code="rate", share=1, scoring=Target(at_least=80))]
    >>> BestOf(parts=cases).kind
    'best_of'
    """

    kind = "best_of"

    def points(self, given: Given) -> Rationals:
        cases = self.of_parts(given)
        return reduce(lambda best, case: best.where(best.null | (case > best), case), cases)

    def formula(self, told: Told) -> str:
        return f"max({'; '.join(told.formulas)})" if len(told.formulas) > 1 else "".join(told.formulas)


@attrs.frozen(kw_only=True)
class WorstOf(Composed):
    """The worst of the cases, all of which have to hold; none while one is missing, for it may be worse.

    >>> from dti_core import Index, Measures, Rubric, methods, score
    >>> both = [Part(code=code, share=1, scoring=methods.Ratio()) for code in ("online", "on_time")]
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Hồ sơ", 20, scoring=WorstOf(parts=both))])
    >>> row = {"1": {"online": {"a": 9, "b": 10}, "on_time": {"a": 3, "b": 4}}}
    >>> score(Measures.from_rows([row], rubric, units=["a"])).of("a")  # the lesser of 18 and 15
    {'1': 15.0}
    """

    kind = "worst_of"

    def points(self, given: Given) -> Rationals:
        return reduce(lambda worst, case: worst.where(case.null | (case < worst), case), self.of_parts(given))

    def formula(self, told: Told) -> str:
        return f"min({'; '.join(told.formulas)})" if len(told.formulas) > 1 else "".join(told.formulas)
