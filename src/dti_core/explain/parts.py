"""What the steps of an explanation hold: authorities, requirements, what breaks ties, what keeps from a band."""

from fractions import Fraction
from typing import Annotated, Literal

import attrs

from dti_core.applicability import Origin
from dti_core.evaluation.rules import NOTHING, is_met
from dti_core.exact import Exact
from dti_core.rubric.grades import Band
from dti_core.rubric.node_conditions import NodeCondition, in_percent
from dti_core.rubric.tree import Tree
from dti_core.terms import Label, Scalar

Code = Annotated[str, "code"]
Because = tuple[tuple[str, Scalar], ...]
"""The values of a unit that made a rule apply, by name of the attribute."""
Compares = Literal["share", "points", "attribute"]
First = Literal["higher", "lower", "fewer", "listed first", "listed last"]


@attrs.frozen(kw_only=True)
class Authority:
    """A rule or decision that treats a leaf otherwise."""

    #: rule, round or unit: a rule of the rubric, a decision of the round or on one unit
    origin: Origin
    #: the code of a rule; None of a decision
    rule: Code | None = None
    #: why, as people are told
    reason: Label
    #: the legal text that it rests on
    basis: str
    #: the attributes of the unit that made a rule apply, each with its value
    because: Because = ()


@attrs.frozen(kw_only=True)
class Requirement:
    """A condition on a node: its bounds, and the percentage or points that are compared; None: not asked."""

    #: what the node that is asked about is called
    title: Label
    #: the node, and the bounds that its value has to keep
    condition: NodeCondition
    #: its percentage or points; None: nothing of it applies, and it is not asked
    value: Exact | None = None
    #: whether the value is a percentage
    is_percent: bool
    #: whether the value keeps the bounds, or is not asked
    is_met: bool

    @classmethod
    def of(cls, condition: NodeCondition, value: Fraction | None, tree: Tree) -> "Requirement":
        """What a condition asks of a value."""
        return cls(
            title=tree.title[condition.node],
            condition=condition,
            value=value,
            is_percent=in_percent(condition, tree),
            is_met=is_met(condition, value),
        )

    @property
    def node(self) -> str:
        """What is asked about."""
        return self.condition.node


@attrs.frozen
class Term:
    """A child in a weighted mean: its full maximum as weight, and its share."""

    #: the code of the child, or of the stand-by leaf in its place
    node: Code
    #: the full maximum of the child, in points
    weight: Exact
    #: what part of a full score it earns
    share: Exact


@attrs.frozen(kw_only=True)
class TieBreak:
    """The node or attribute that told two equal totals apart, and its value for either unit; None where it has none."""

    #: its code; None: an attribute
    node: Code | None = None
    #: what the node or the attribute is called
    title: Label
    #: what the values are: relative to the scale of the node, its points, or those of the attribute
    compares: Compares
    #: which of two values comes first
    first: First
    #: the value of the unit explained; None: it has none
    own: Fraction | Scalar | None = None
    #: the value of the other unit; None: it has none
    other: Fraction | Scalar | None = None


@attrs.frozen(kw_only=True)
class Limitation(Authority):
    """A rule or decision that limits the grade: the title of the highest band it leaves, or by how many it lowers."""

    #: the title of the best band that is left; None: it lowers the grade instead
    at_most: Label | None = None
    #: by how many bands it lowers the grade; None: it bars bands instead
    lower_by: int | None = None


@attrs.frozen(kw_only=True)
class QuotaUse:
    """What a quota came to in the block of a unit."""

    #: how many units it lets in
    most: int
    #: how many units of the block are ranked
    ranked: int
    #: how many it let in
    entered: int
    #: how many units that meet the rest of the band are ranked before it; None: it does not meet that itself
    ahead: int | None = None
    #: how many of them share its rank, itself included; None: it does not meet the rest of the band
    level: int | None = None


@attrs.frozen(kw_only=True)
class Barrier:
    """What keeps the unit from a band: a threshold not reached, conditions not met, limits, a quota."""

    #: the band that the unit is kept from
    band: Band
    #: whether the unit reaches its threshold
    reached: bool
    #: what is lacking to the threshold, in percent of the scale; 0 where it is reached
    short: Exact = NOTHING
    #: the conditions of the band that do not hold
    unmet: tuple[Requirement, ...] = ()
    #: what bars it from the band, or lowers its grade from it
    limits: tuple[Limitation, ...] = ()
    #: None where the band has none, or the unit is not ranked
    quota: QuotaUse | None = None
    #: the band has a quota, and the unit is not ranked
    is_unranked: bool = False
