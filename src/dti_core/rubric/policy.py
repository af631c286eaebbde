"""How an edition turns points into published scores and ranks."""

from decimal import Decimal
from typing import Literal

import attrs

from dti_core.exact import Rounding
from dti_core.terms import check, codes_of, instance_of, points_of, whole_number, wrong_points
from dti_core.terms.fields import checked, truth_of, whole_of, word

Form = Literal["points", "ratio", "percent"]
Renormalise = Literal["overall", "by_level", "none"]
Missing = Literal["zero", "exclude", "refuse"]
DecideOn = Literal["published", "exact"]
Ties = Literal["competition", "dense"]
Proof = Literal["required", "optional"]
Unproven = Literal["report", "zero", "refuse"]
MAX_DECIMALS = 9


def _wrong_share(value: object) -> str | None:
    return wrong_points(value) or (f"is {value}; a share is from 0 to 1" if value > 1 else None)  # type: ignore[operator]


@attrs.frozen
class Publish:
    """The printed form of a score: points, ratio or percent, its decimals and its rounding."""

    as_: Form = word("points", "ratio", "percent", default="points")
    decimals: int = attrs.field(default=2, converter=whole_of, validator=check(whole_number(0, MAX_DECIMALS)))
    rounding: Rounding = word("half_up", "half_even", "down", default="half_up")


@attrs.frozen(kw_only=True, field_transformer=checked)
class Policy:
    """The scoring policy of an edition; every field has the default of DESIGN §2.

    >>> Policy(renormalise="none").missing
    'zero'
    """

    renormalise: Renormalise = word("overall", "by_level", "none", default="overall")
    #: what an unmarked leaf does: count as 0, leave the maximum, or stop the evaluation
    missing: Missing = word("zero", "exclude", "refuse", default="zero")
    #: a node whose marked share of its maximum is below this is scored, not ranked
    min_coverage: Decimal = attrs.field(
        default=Decimal(0), converter=points_of, validator=check(_wrong_share)
    )
    #: whether bonus points may lift a total above its scale
    exceed_maximum: bool = attrs.field(default=False, converter=truth_of)
    publish: Publish = attrs.field(factory=Publish, validator=check(instance_of(Publish)))
    #: whether ranks, ties and bands look at the published value or at the exact score
    decide_on: DecideOn = word("published", "exact", default="published")
    ties: Ties = word("competition", "dense", default="competition")
    #: whether self marks need evidence, on leaves that do not say so themselves
    evidence: Proof = word("required", "optional", default="optional")
    #: what a self mark without evidence or explanation does: is listed, counts as 0, or stops the submission
    unproven: Unproven = word("report", "zero", "refuse", default="report")
    #: nodes compared in turn where totals are equal
    tie_break: tuple[str, ...] = attrs.field(default=(), converter=codes_of)
