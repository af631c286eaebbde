"""A result as it was published: what a result document holds, exact, without the rubric and the marks behind it."""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal, get_args

import attrs

from dti_core.errors import UnknownCode, shorten
from dti_core.rubric import Band
from dti_core.rubric.exclusions import Treatment
from dti_core.rubric.policy import Policy
from dti_core.rubric.tree import TOTAL, Kind
from dti_core.terms import (
    Label,
    Scalar,
    check,
    codes,
    codes_of,
    custom_of,
    label_of,
    label_or_none,
    one_of,
    optional,
    text_of,
    text_or_none,
    wrong_code,
    wrong_custom,
    wrong_label,
    wrong_text,
)

Exact = Annotated[Fraction, "exact"]
Printed = Annotated[Decimal, "printed"]
SHA256 = re.compile("[0-9a-f]{64}")
Stage = Literal["self", "appraised"]
Origin = Literal["rule", "round", "unit"]
Outcome = Literal["skip", "full_marks", "substitute", "count", "standby"]


def _code() -> Any:
    return attrs.field(converter=text_of, validator=check(wrong_code))


def _code_or_none() -> Any:
    return attrs.field(default=None, converter=text_or_none, validator=check(optional(wrong_code)))


def _choice(kind: Any, **options: Any) -> Any:
    return attrs.field(validator=check(one_of(*get_args(kind))), **options)


def _label() -> Any:
    return attrs.field(converter=label_of, validator=check(wrong_label))


def _text() -> Any:
    return attrs.field(converter=text_of, validator=check(wrong_text))


def _text_or_none() -> Any:
    return attrs.field(default=None, converter=text_or_none, validator=check(optional(wrong_text)))


def _wrong_hash(value: object) -> str | None:
    sound = isinstance(value, str) and SHA256.fullmatch(value)
    return None if sound else f"a sha256 in hexadecimal is needed, not {shorten(value)}"


def _told_apart(attributes: Mapping[str, Scalar]) -> dict[str, tuple[bool, Scalar]]:
    """True apart from 1."""
    return {name: (isinstance(value, bool), value) for name, value in attributes.items()}


@attrs.frozen(kw_only=True)
class ScoredBy:
    """The rubric of a result, by its code and the hash of its document."""

    code: str = _code()
    title: Label = _label()
    edition: str | None = _text_or_none()
    period: str | None = _text_or_none()
    #: of the canonical form of the rubric's document, in hexadecimal
    sha256: str = attrs.field(validator=check(_wrong_hash))


@attrs.frozen(kw_only=True)
class Marked:
    """The marks of a result: their period and stage."""

    period: str | None = _text_or_none()
    stage: Stage | None = attrs.field(default=None, validator=check(optional(one_of(*get_args(Stage)))))


@attrs.frozen(kw_only=True)
class Software:
    """What worked a result out."""

    name: str = _text()
    version: str = _text()


@attrs.frozen(kw_only=True)
class RankedBlock:
    """Units ranked against one another."""

    code: str = _code()
    title: Label = _label()
    ranked: bool = True


@attrs.frozen(kw_only=True)
class Node:
    """What has a score, and what it is worth; bonus, penalty and mixed nodes have points only."""

    code: str = _code()
    title: Label = _label()
    role: Kind = _choice(Kind, default="scored")
    maximum: Exact | None = None


@attrs.frozen(kw_only=True)
class Ruling:
    """A rule of the rubric, or a decision of the round or on one unit, that decided what counts."""

    source: Origin = _choice(Origin)
    rule: str | None = _code_or_none()
    members: tuple[str, ...] = attrs.field(converter=codes_of, validator=check(codes))
    treatment: Treatment = _choice(Treatment)
    by: str | None = _code_or_none()
    reason: Label = _label()
    basis: str = _text()


@attrs.frozen(kw_only=True)
class NotRanked:
    """Why a unit is ranked nowhere."""

    reason: Label = _label()
    basis: str | None = _text_or_none()


@attrs.frozen(kw_only=True)
class NotCounted:
    """A leaf that did not count in the ordinary way; ``rulings`` are places in those of the result."""

    leaf: str = _code()
    treatment: Outcome = _choice(Outcome)
    by: str | None = _code_or_none()
    rulings: tuple[int, ...] = ()
    #: the mark that did not count
    ignored: Exact | None = None


@attrs.frozen
class Score:
    """What a unit got at a node, exactly; None is null."""

    points: Exact
    applicable: Exact | None = None
    rate: Exact | None = None
    score: Exact | None = None
    #: with the decimals it was printed with
    published: Printed | None = None
    rank: int | None = None
    #: units ranked with it, itself included
    of: int | None = None
    grade: str | None = _code_or_none()
    completeness: Exact | None = None
    coverage: Exact | None = None


@attrs.frozen(kw_only=True)
class Unit:
    """A unit with its scores by node, and what did not count for it."""

    code: str = _code()
    name: Label | None = attrs.field(
        default=None, converter=label_or_none, validator=check(optional(wrong_label))
    )
    attributes: dict[str, Scalar] = attrs.field(factory=dict, eq=_told_apart)
    block: str | None = _code_or_none()
    unranked: NotRanked | None = None
    scores: Mapping[str, Score]
    excluded: tuple[NotCounted, ...] = ()


@attrs.frozen(kw_only=True, slots=False, repr=False)
class PublishedResult:
    """A result read back from its document: ``published.total``, ``published["1.2"]``, equal by value.

    ``units`` hold the same unit by unit, with what did not count; ``rulings`` say why. Numbers are fractions, published
    values the decimals that were printed.
    """

    rubric: ScoredBy
    marks: Marked = attrs.field(factory=Marked)
    library: Software
    policy: Policy
    blocks: tuple[RankedBlock, ...] = ()
    bands: tuple[Band, ...] = ()
    nodes: tuple[Node, ...]
    rulings: tuple[Ruling, ...] = ()
    units: tuple[Unit, ...]
    custom: dict[str, Any] | None = attrs.field(
        default=None, converter=custom_of, validator=check(wrong_custom)
    )

    def __repr__(self) -> str:
        return f"<PublishedResult of {self.rubric.code}: {len(self.units)} units, {len(self.nodes)} nodes>"

    @property
    def total(self) -> dict[str, Score]:
        """The scores of the total, by unit."""
        return self[TOTAL]

    def __getitem__(self, node: str) -> dict[str, Score]:
        """The scores of a node, by unit."""
        known = [each.code for each in self.nodes]
        if node not in known:
            raise UnknownCode("node", node, known)
        return {unit.code: unit.scores[node] for unit in self.units}
