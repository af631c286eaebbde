"""How an edition turns points into published scores and ranks."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, cast

import attrs

from dti_core.errors import InvalidDocument, Problem, Said, raise_all
from dti_core.exact import Rounding, ticks_of
from dti_core.rubric.criteria import Proof
from dti_core.rubric.tree import TOTAL
from dti_core.terms import (
    all_of,
    checking,
    codes_of,
    instance_of,
    optional,
    points_of,
    points_or_none,
    whole_number,
    wrong_code,
    wrong_points,
)
from dti_core.terms.fields import checked, code_of, truth_of, whole_of, word
from dti_core.words import RUBRIC, TERMS

Form = Literal["points", "ratio", "percent", "scale"]
Renormalise = Literal["overall", "by_level", "none"]
Missing = Literal["zero", "exclude", "refuse"]
DecideOn = Literal["published", "exact"]
Ties = Literal["competition", "dense"]
SortOrder = Literal["ascending", "descending"]
Unproven = Literal["report", "zero", "refuse"]
MAX_DECIMALS = 9


def _wrong_share(value: Any) -> Said | None:
    return wrong_points(value) or (TERMS("share", value=value) if value > 1 else None)


def _breakers_of(values: "Iterable[Breaker]") -> "tuple[Breaker, ...]":
    return cast("tuple[Breaker, ...]", codes_of(cast("Iterable[str]", values)))


def _wrong_breaker(value: object) -> Said | None:
    return None if isinstance(value, AttributeOrder) else wrong_code(value)


@attrs.frozen(field_transformer=checked)
class Publish:
    """The printed form of a score: points, ratio, percent, or on a scale of its own; its decimals and its rounding.

    On a scale a full score is printed as ``of``: "2.18 of 5" is ``Publish("scale", 2, of=5)``.

    >>> Publish("percent", decimals=1).rounding
    'half_up'
    """

    #: points, ratio, percent, or a scale of its own
    as_: Form = word("points", "ratio", "percent", "scale", default="points")
    #: how many are printed, 0 to 9
    decimals: int = attrs.field(
        default=2, converter=whole_of, validator=checking(whole_number(0, MAX_DECIMALS))
    )
    #: half_up, half_even or down; once, from the exact score
    rounding: Rounding = word("half_up", "half_even", "down", default="half_up")
    #: of a scale alone: what a full score is printed as
    of: Decimal | None = attrs.field(default=None, converter=points_or_none, kw_only=True)

    def __attrs_post_init__(self) -> None:
        raise_all("Publish", self._problems())

    def _problems(self) -> Iterator[Problem]:
        if self.of is None:
            if self.as_ == "scale":
                yield Problem(("of",), RUBRIC("publish_without_of"), "required")
        elif self.as_ != "scale":
            yield Problem(("of",), RUBRIC("publish_of", form=self.as_), "of")
        elif not self.of:
            yield Problem(("of",), RUBRIC("publish_of_nothing"), "of")
        elif ticks_of(self.of, MAX_DECIMALS) is None:
            yield Problem(("of",), RUBRIC("publish_decimals", most=MAX_DECIMALS), "decimals")


@attrs.frozen(field_transformer=checked)
class PublishParts:
    """What is printed otherwise of all nodes but the total; None is as in :class:`Publish`.

    >>> Policy(publish=Publish("points"), publish_parts=PublishParts("percent")).publish_of("1").as_
    'percent'
    """

    #: points, ratio, percent or scale
    as_: Form | None = word("points", "ratio", "percent", "scale", default=None)
    #: how many are printed
    decimals: int | None = attrs.field(
        default=None, converter=whole_of, validator=checking(optional(whole_number(0, MAX_DECIMALS)))
    )
    #: half_up, half_even or down
    rounding: Rounding | None = word("half_up", "half_even", "down", default=None)
    #: of a scale alone: what a full score is printed as
    of: Decimal | None = attrs.field(default=None, converter=points_or_none, kw_only=True)


@attrs.frozen(field_transformer=checked)
class AttributeOrder:
    """A tie-break by an attribute of the units, declared a number or with ``enum``.

    Ascending, the lowest number comes first, or what ``enum`` lists first; who lacks it comes last in either order.

    >>> Policy(tie_break=["1", AttributeOrder("population", "descending")]).tie_break[1]
    AttributeOrder(attribute='population', order='descending')
    """

    #: its name, declared in the rubric
    attribute: str = attrs.field(converter=code_of)
    #: ascending or descending
    order: SortOrder = word("ascending", "descending")


Breaker = str | AttributeOrder
"""What breaks ties: the code of a node, or an attribute in an order."""


@attrs.frozen(kw_only=True, field_transformer=checked)
class Policy:
    """The scoring policy of an edition; what each of its words does stands in docs/rules.md.

    >>> Policy(renormalise="none").missing
    'zero'
    """

    #: how the rest is scored where something does not count: overall, by_level or none
    renormalise: Renormalise = word("overall", "by_level", "none", default="overall")
    #: what an unmarked leaf does: count as 0, leave the maximum, or stop the evaluation
    missing: Missing = word("zero", "exclude", "refuse", default="zero")
    #: a node whose marked share of its maximum is below this is scored, not ranked
    min_coverage: Decimal = attrs.field(
        default=Decimal(0), converter=points_of, validator=checking(_wrong_share)
    )
    #: whether bonus points may lift a total above its scale
    exceed_maximum: bool = attrs.field(default=False, converter=truth_of)
    #: how scores are printed
    publish: Publish = attrs.field(factory=Publish, validator=checking(instance_of(Publish)))
    #: what is printed otherwise of all nodes but the total
    publish_parts: PublishParts | None = attrs.field(
        default=None, validator=checking(optional(instance_of(PublishParts)))
    )
    #: whether ranks, ties and bands look at the published value or at the exact score
    decide_on: DecideOn = word("published", "exact", default="published")
    #: what follows equals: 1 2 2 4 (competition) or 1 2 2 3 (dense)
    ties: Ties = word("competition", "dense", default="competition")
    #: whether self marks need evidence, on leaves that do not say so themselves
    evidence: Proof = word("required", "optional", default="optional")
    #: what a self mark without evidence or explanation does: is listed, counts as 0, or stops the submission
    unproven: Unproven = word("report", "zero", "refuse", default="report")
    #: nodes and attributes compared in turn where totals are equal
    tie_break: tuple[Breaker, ...] = attrs.field(
        default=(),
        converter=_breakers_of,
        validator=checking(all_of(_wrong_breaker, "codes or AttributeOrder")),
    )

    def __attrs_post_init__(self) -> None:
        try:
            self._publish_parts  # noqa: B018 - refuses what does not go together
        except InvalidDocument as error:
            problems = [problem.under("publish_parts") for problem in error.problems]
            raise InvalidDocument("Policy", problems) from None

    def publish_of(self, node: str) -> Publish:
        """How the scores of a node are printed.

        >>> Policy(publish=Publish("percent", 1), publish_parts=PublishParts("scale", of=5)).publish_of("1")
        Publish(as_='scale', decimals=1, rounding='half_up', of=Decimal('5'))
        """
        return self.publish if isinstance(node, str) and node == TOTAL else self._publish_parts

    @cached_property
    def _publish_parts(self) -> Publish:
        """What the parts leave out is as of the total; ``of`` counts only where the form is a scale."""
        given = {} if self.publish_parts is None else attrs.asdict(self.publish_parts)
        given = {name: value for name, value in given.items() if value is not None}
        is_scale = given.get("as_", self.publish.as_) == "scale"
        return attrs.evolve(self.publish, **({"of": self.publish.of if is_scale else None} | given))
