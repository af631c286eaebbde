"""Grades: bands with what they ask for, quotas, and limits on who reaches which."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, cast

import attrs

from dti_core.errors import InvalidDocument, Path, Problem, shorten
from dti_core.exact import MAX_TICKS, ticks_of
from dti_core.rubric.conditions import When, when_of
from dti_core.rubric.criteria import Named
from dti_core.rubric.node_conditions import NodeCondition, conditions_problems
from dti_core.rubric.policy import MAX_DECIMALS
from dti_core.rubric.tree import TOTAL, Tree
from dti_core.terms import (
    Label,
    Listed,
    checking,
    codes_or_none,
    instance_of,
    label_of,
    optional,
    points_or_none,
    text_of,
    whole_number,
)
from dti_core.terms.amounts import exact_or_none, is_amount_or_none
from dti_core.terms.fields import checked, code_of, code_or_none, whole_of, word
from dti_core.words import RUBRIC, near

if TYPE_CHECKING:
    from dti_core.rubric import Rubric

MOST_BANDS = 100


def _count(least: int, most: int) -> Any:
    test = checking(optional(whole_number(least, most)))
    return attrs.field(default=None, converter=whole_of, validator=test)


def _exactly_one(thing: object, *names: str) -> None:
    """Refuse what says none of these, or both."""
    if sum(getattr(thing, name) is not None for name in names) != 1:
        values = dict(zip(("one", "other"), names, strict=True))
        problem = Problem((), RUBRIC("exactly_one", **values), "one_of")
        raise InvalidDocument(type(thing).__name__, [problem])


@attrs.frozen(kw_only=True, field_transformer=checked)
class Quota:
    """How many units a grade is for: ``percent`` of the units ranked in a block, rounded down, or ``count`` of them.

    >>> Quota(percent=25, ties="in").percent
    Fraction(25, 1)
    """

    #: a number above 0, up to 100, or a fraction such as "100/3"
    percent: Fraction | None = attrs.field(default=None, converter=exact_or_none, validator=is_amount_or_none)
    #: so many units at most
    count: int | None = _count(1, MAX_TICKS)
    #: where a tie crosses the limit: none of the tied, or all of them
    ties: Literal["out", "in"] = word("out", "in", default="out")

    def __attrs_post_init__(self) -> None:
        _exactly_one(self, "percent", "count")
        if self.percent is not None and not 0 < self.percent <= 100:
            sentence = RUBRIC("quota_percent", percent=self.percent)
            raise InvalidDocument("Quota", [Problem(("percent",), sentence, "quota")])


@attrs.frozen(field_transformer=checked)
class Band(Named):
    """A grade: for units from ``at_least``, or ``above``, so many percent of the scale that meet all it ``requires``.

    >>> excellent = Band("excellent", "Xuất sắc", 90, requires=[NodeCondition("2", at_least=60)], quota=Quota(count=2))
    >>> excellent.requires[0].node, Band("fair", "Khá", above=50).is_plain
    ('2', True)
    """

    #: percent of the scale from which on the grade may be had
    at_least: Decimal | None = attrs.field(default=None, converter=points_or_none)
    #: percent of the scale above which it may be had, instead of ``at_least``
    above: Decimal | None = attrs.field(default=None, converter=points_or_none, kw_only=True)
    #: conditions on nodes, all of which must hold
    requires: tuple[NodeCondition, ...] = attrs.field(
        default=(), converter=Listed[NodeCondition], kw_only=True
    )
    #: for how many units of a block it is; None: for all
    quota: Quota | None = attrs.field(
        default=None, validator=checking(optional(instance_of(Quota))), kw_only=True
    )

    def __attrs_post_init__(self) -> None:
        _exactly_one(self, "at_least", "above")

    @property
    def bound(self) -> Decimal:
        """The threshold as it was given."""
        return cast("Decimal", self.at_least if self.above is None else self.above)

    @property
    def threshold(self) -> Fraction:
        """Where the band starts, in percent of the scale."""
        return Fraction(self.bound)

    @property
    def is_open(self) -> bool:
        """Whether the threshold itself is left out."""
        return self.above is not None

    @property
    def is_plain(self) -> bool:
        """Whether the threshold is all that the band asks for."""
        return not self.requires and self.quota is None


@attrs.frozen(kw_only=True, field_transformer=checked)
class Limit:
    """Bars a unit from the bands above ``at_most``, or lowers its grade by ``lower_by`` bands: why, on what basis."""

    #: the best grade that is left, by its code
    at_most: str | None = attrs.field(default=None, converter=code_or_none)
    #: by how many bands the grade is lowered
    lower_by: int | None = _count(1, MOST_BANDS)
    #: why, as people are told
    reason: Label = attrs.field(converter=label_of)
    #: the legal text that it rests on
    basis: str = attrs.field(converter=text_of)

    def __attrs_post_init__(self) -> None:
        _exactly_one(self, "at_most", "lower_by")


@attrs.frozen(kw_only=True, field_transformer=checked)
class GradeLimitRule(Limit):
    """A rule of the rubric: a limit on the grades of units whose attributes meet ``when`` (without it, of all).

    >>> GradeLimitRule(code="discipline", when={"disciplined": True}, at_most="fair",
    ...                reason="Lãnh đạo bị kỷ luật", basis="Điều 6, 01/QĐ-UBND").at_most
    'fair'
    """

    #: of its own among the limits
    code: str = attrs.field(converter=code_of)
    #: conditions by attribute, all of which must hold; none: every unit
    when: When = attrs.field(default=(), converter=when_of)


@attrs.frozen(kw_only=True, field_transformer=checked)
class GradeLimit(Limit):
    """A decision of the round on the grades of ``units``, or on that of the one unit that carries it.

    >>> GradeLimit(units=["a"], lower_by=1, reason="Minh chứng không đúng", basis="12/QĐ-UBND").lower_by
    1
    """

    #: codes of units; None: the one that carries it
    units: tuple[str, ...] | None = attrs.field(default=None, converter=codes_or_none)


def order_of(band: Band) -> tuple[Fraction, bool]:
    """Bands are listed highest first; ``above`` x is higher than ``at_least`` x."""
    return band.threshold, band.is_open


def rests_on_thresholds(bands: Sequence[Band]) -> bool:
    """Whether no two bands share a threshold, so that a grade can be told by the thresholds alone."""
    return len({order_of(band) for band in bands}) == len(bands)


def grade_problems(rubric: "Rubric") -> Iterator[Problem]:
    """Bands out of order or with a gap below them, and limits at no band."""
    yield from (problem.under("bands") for problem in band_problems(rubric.bands))
    for at, rule in enumerate(rubric.grade_limits):
        yield from limit_problems(rule, rubric.bands, ("grade_limits", at))


def required_problems(bands: Sequence[Band], tree: Tree) -> Iterator[Problem]:
    """Conditions of bands that ask nothing: of the total, of a stand-by leaf, of no node."""
    known = [code for code in tree.kind if code != TOTAL]
    for at, band in enumerate(bands):
        for problem in conditions_problems(band.requires, tree, known):
            yield problem.under("bands", at, "requires")


def band_problems(bands: Sequence[Band]) -> Iterator[Problem]:
    """Bands that are not listed highest first, or leave a gap below the last."""
    for at, band in enumerate(bands):
        if ticks_of(band.bound, MAX_DECIMALS) is None:
            sentence = RUBRIC("band_decimals", most=MAX_DECIMALS)
            yield Problem((at, _word(band)), sentence, "decimals")
    for at, (upper, lower) in enumerate(pairwise(bands), 1):
        place = (at, _word(lower))
        if order_of(lower) > order_of(upper):
            yield Problem(place, RUBRIC("band_order", lower=lower.threshold, upper=upper.threshold), "order")
        elif order_of(lower) == order_of(upper) and upper.is_plain:
            sentence = RUBRIC("band_twice", threshold=lower.threshold, code=upper.code)
            yield Problem(place, sentence, "order")
    for last in bands[-1:]:
        place = (len(bands) - 1, _word(last))
        if last.is_open or last.threshold:
            yield Problem(place, RUBRIC("band_gap", threshold=last.threshold), "gap")
        elif not last.is_plain:
            yield Problem(place[:1], RUBRIC("band_last"), "gap")


def _word(band: Band) -> str:
    return "above" if band.is_open else "at_least"


def limit_problems(
    limit: GradeLimitRule | GradeLimit, bands: Sequence[Band], path: Path
) -> Iterator[Problem]:
    """A limit at a band that is not there, or on grades where there are none."""
    codes = [band.code for band in bands]
    if not bands:
        yield Problem(path, RUBRIC("no_bands"), "bands")
    elif limit.at_most is not None and limit.at_most not in codes:
        sentence = RUBRIC("no_such_band", code=shorten(limit.at_most), near=near(limit.at_most, codes))
        yield Problem((*path, "at_most"), sentence, "unknown")
