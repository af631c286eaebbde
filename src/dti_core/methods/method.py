"""What a scoring method is, what it is given and what tells of it; the kinds there are, and how to add one."""

import abc
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any, ClassVar, Literal, Protocol, TypeVar

import attrs

from dti_core.errors import InvalidArgument, Problem, shorten
from dti_core.exact import Int, Rounding, decimal_text
from dti_core.exact.rationals import Mask, Rationals
from dti_core.methods.worth import method_flaw
from dti_core.terms import Label, checking, optional, points_or_none, wrong_points
from dti_core.terms.fields import word
from dti_core.words import MEASURES, Phrase, Sentence

Takes = Literal["number", "signed", "whole", "boolean", "text"]
"""What kind of value an input is."""
Input = tuple[str, ...]
"""The name of an input under its leaf: () where the measure is one value, ("a",), or with the codes of parts first."""
M = TypeVar("M", bound="Method")


class Given(Protocol):
    """The measures of one leaf, or of one part of it, for all units at once.

    >>> from dti_core import Index, Measures, Rubric, score
    >>> from dti_core.exact.rationals import Rationals
    >>> from dti_core.methods import Given, Method
    >>> class Percent(Method):
    ...     kind = "example:percent"
    ...
    ...     def points(self, given: Given) -> Rationals:
    ...         return given.number() * given.maximum / 100
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Hồ sơ trực tuyến", 20, scoring=Percent())])
    >>> score(Measures.from_rows([{"1": 45}], rubric, units=["a"])).of("a")
    {'1': 9.0}
    """

    @property
    def maximum(self) -> Fraction:
        """What the leaf or part is worth at most."""

    @property
    def counts(self) -> Mask:
        """The units for which the leaf counts in the ordinary way: those excluded are no cohort and need no rule."""

    def number(self, *name: str) -> Rationals:
        """An input of numbers, none where missing."""

    def looked_up(self, *values: tuple[str | bool, Fraction]) -> Rationals:
        """What each unit's answer is worth, none where missing; other answers are refused."""

    def part(self, code: str, method: "Method", maximum: Fraction) -> Rationals:
        """The points of a part that is worth so much at most."""

    def extremes(self, values: Rationals, *, by_block: bool) -> tuple[Rationals, Rationals]:
        """For each unit the lowest and the highest value of its cohort, none where the cohort is empty."""

    def refuse(self, where: Mask, message: str | Phrase | Sentence, *name: str) -> None:
        """Refuse the measures of some units; ``{a}`` in the message stands for the input a, ``{x}`` for the only one.

        A label, and a sentence with values of its own, is told in either language.
        """

    def set_aside(self, where: Mask, reason: Label, basis: str) -> None:
        """Exclude the leaf for some units."""

    def note(self, name: str, values: Rationals) -> None:
        """Keep a value of the cohort for the formula."""


class Told(Protocol):
    """The measures of one unit, and what came of them.

    >>> from dti_core import Index, Measures, Rubric, score, trace
    >>> from dti_core.exact.rationals import Rationals
    >>> from dti_core.methods import Given, Method, Told
    >>> class Doubled(Method):
    ...     kind = "example:doubled"
    ...
    ...     def points(self, given: Given) -> Rationals:
    ...         return (given.number() * 2).at_most(given.maximum)
    ...
    ...     def formula(self, told: Told) -> str:
    ...         return f"{told.number(told.value())} × 2"
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Sáng kiến", 20, scoring=Doubled())])
    >>> print(trace(score(Measures.from_rows([{"1": 4}], rubric, units=["a"])), "a", "1"))
    4 × 2 = 8
    """

    @property
    def points(self) -> Fraction | None:
        """The points before rounding."""

    @property
    def maximum(self) -> Fraction:
        """What they are at most."""

    @property
    def formulas(self) -> Sequence[str]:
        """The formulas of the parts that were measured."""

    def value(self, *name: str) -> Any:
        """The measure at an input: Fraction, text, Boolean, or None where it is missing."""

    def noted(self, name: str) -> Fraction | None:
        """A value of the cohort."""

    def number(self, value: Fraction | None) -> str:
        """A number as the language writes it."""

    def say(self, vi: str, en: str) -> str:
        """A word in the language."""


@attrs.frozen(kw_only=True)
class Method(abc.ABC):
    """How measured values become points; a frozen class for each ``kind``.

    A kind of one's own says what it takes and what that is worth; see the page on scoring.

    >>> from dti_core import Index, Measures, Rubric, score
    >>> from dti_core.exact.rationals import Rationals
    >>> from dti_core.methods import Given, Method
    >>> class Capped(Method):
    ...     kind = "example:capped"
    ...
    ...     def points(self, given: Given) -> Rationals:
    ...         return given.number().at_most(given.maximum)
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Sáng kiến", 20, scoring=Capped())])
    >>> score(Measures.from_rows([{"1": 25}], rubric, units=["a"])).of("a")
    {'1': 20.0}
    """

    kind: ClassVar[str]
    #: what one measure is, where only one is taken
    takes: ClassVar[Takes] = "number"
    #: of the points, to the rubric's ``mark_decimals``; half_up unless said otherwise
    rounding: Rounding | None = word("half_up", "half_even", "down", default=None)
    #: points come in whole multiples of it, in the direction that ``rounding`` then has to say
    step: Decimal | None = attrs.field(
        default=None, converter=points_or_none, validator=checking(optional(wrong_points))
    )

    @property
    def compares(self) -> bool:
        """Whether the points of a unit depend on other units."""
        return False

    def inputs(self) -> dict[Input, Takes]:
        """What is measured: by default one measure, a number ≥ 0."""
        return {(): self.takes}

    @abc.abstractmethod
    def points(self, given: Given) -> Rationals:
        """The points of every unit, from 0 to ``given.maximum``; none where a measure is missing."""

    def formula(self, told: Told) -> str:
        """The calculation of one unit's points, up to the sign of equality."""
        values = {".".join(name) or "x": told.value(*name) for name in self.inputs()}
        return ", ".join(
            f"{name}: {told.number(value) if isinstance(value, Fraction) else value}"
            for name, value in values.items()
        )

    def problems(self, _maximum: Fraction) -> Iterator[Problem]:
        """What is wrong with the declaration on a leaf of so many points."""
        return iter(())

    def rounded(self, points: Rationals, scale: int) -> Int:
        """Points in ticks of 1 / scale, rounded once; 0 where there are none.

        >>> from dti_core.methods import Ratio
        >>> in_quarters = Ratio(step=0.25, rounding="down")
        >>> in_quarters.rounded(Rationals.listed([Fraction(40, 3)]), 100).tolist()  # 13.333… points
        [1325]
        """
        ticks = 1 if self.step is None else int(self.step * scale)
        return points.rounded(Fraction(scale, ticks), self.rounding or "half_up") * ticks

    def step_problems(self, maximum: Fraction, decimals: int) -> Iterator[Problem]:
        """A step that marks of so many decimals cannot take, or that does not lead to the maximum."""
        if self.step is None:
            return
        needed = len(decimal_text(self.step).partition(".")[2])
        if self.rounding is None:
            yield method_flaw("step_rounding", "rounding")
        if needed > decimals:
            yield method_flaw("step_decimals", "step", step=self.step, decimals=decimals, needed=needed)
        elif self.step == 0 or maximum % Fraction(self.step):
            yield method_flaw("step", "step", step=self.step, maximum=maximum)

    def within(self) -> "Iterator[Method]":
        """The method itself and the methods of its parts."""
        yield self


def wrong_method(value: object) -> Sentence | None:
    """What keeps a value from being a scoring method, or None."""
    return None if isinstance(value, Method) else MEASURES("no_method", value=shorten(value))


_kinds: dict[str, type[Method]] = {}
KINDS: Mapping[str, type[Method]] = MappingProxyType(_kinds)
"""Every kind that can be read from a document."""


def built_in(*kinds: type[Method]) -> None:
    """Add the kinds of the library."""
    _kinds.update((kind.kind, kind) for kind in kinds)


def register(kind: type[M]) -> type[M]:
    """Make a scoring method of one's own readable from rubric documents, a class decorator.

    Its ``kind`` holds a colon ("hue:weighted"), by which a document shows that the rule is not one of the library's.

    >>> from dti_core import load_rubric
    >>> from dti_core.exact.rationals import Rationals
    >>> from dti_core.methods import Given, Method, register
    >>> @register
    ... class Whole(Method):
    ...     kind = "example:whole"
    ...
    ...     def points(self, given: Given) -> Rationals:
    ...         return given.number().at_most(given.maximum)
    >>> leaf = {"code": "1", "title": "Sáng kiến", "max_points": 20, "scoring": {"kind": "example:whole"}}
    >>> rubric = load_rubric({"schema": "dti-core/rubric/1", "code": "demo", "title": "Ví dụ", "indices": [leaf]})
    >>> rubric.methods["1"].kind
    'example:whole'
    """
    if not (isinstance(kind, type) and issubclass(kind, Method)):
        raise InvalidArgument(MEASURES("no_method_class", value=shorten(kind)))
    name = getattr(kind, "kind", None)
    if not isinstance(name, str) or ":" not in name or not name.isprintable():
        raise InvalidArgument(MEASURES("kind_colon", name=shorten(name)))
    if name in KINDS and KINDS[name].__qualname__ != kind.__qualname__:
        raise InvalidArgument(MEASURES("kind_taken", name=repr(name), owner=KINDS[name].__qualname__))
    _kinds[name] = kind
    return kind
