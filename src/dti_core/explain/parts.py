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

    origin: Origin
    rule: Code | None = None
    reason: Label
    basis: str
    because: Because = ()


@attrs.frozen(kw_only=True)
class Requirement:
    """A condition on a node: its bounds, and the percentage or points that are compared; None: not asked."""

    title: Label
    condition: NodeCondition
    value: Exact | None = None
    #: whether the value is a percentage
    is_percent: bool
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

    node: Code
    weight: Exact
    share: Exact


@attrs.frozen(kw_only=True)
class TieBreak:
    """The node or attribute that told two equal totals apart, and its value for either unit; None where it has none."""

    #: None: an attribute
    node: Code | None = None
    #: of the node, or the name of the attribute
    title: Label
    #: what the values are: relative to the scale of the node, its points, or those of the attribute
    compares: Compares
    #: which of two values comes first
    first: First
    own: Fraction | Scalar | None = None
    other: Fraction | Scalar | None = None


@attrs.frozen(kw_only=True)
class Limitation(Authority):
    """A rule or decision that limits the grade: the title of the highest band it leaves, or by how many it lowers."""

    at_most: Label | None = None
    lower_by: int | None = None


@attrs.frozen(kw_only=True)
class QuotaUse:
    """What a quota came to in the block of a unit."""

    #: how many units it lets in, of how many that are ranked, and how many it let in
    most: int
    ranked: int
    entered: int
    #: of those that meet the rest of the band, how many are ranked before the unit and how many share its rank; None
    #: where the unit itself does not meet it
    ahead: int | None = None
    level: int | None = None


@attrs.frozen(kw_only=True)
class Barrier:
    """What keeps the unit from a band: a threshold not reached, conditions not met, limits, a quota."""

    band: Band
    #: whether the threshold is reached, and what is short of it in percent of the scale
    reached: bool
    short: Exact = NOTHING
    unmet: tuple[Requirement, ...] = ()
    limits: tuple[Limitation, ...] = ()
    #: None where the band has none, or the unit is not ranked
    quota: QuotaUse | None = None
    #: the band has a quota, and the unit is not ranked
    is_unranked: bool = False
