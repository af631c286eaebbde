"""What an explanation is made of: frozen steps of plain, exact values."""

from fractions import Fraction
from typing import Literal

import attrs

from dti_core.applicability import Origin, Outcome
from dti_core.evaluation.rules import Cause
from dti_core.rubric.criteria import Role
from dti_core.rubric.node_conditions import NodeCondition
from dti_core.rubric.policy import DecideOn, Missing, Publish, Renormalise
from dti_core.rubric.tree import Kind
from dti_core.terms import Scalar

Compares = Literal["share", "points", "attribute"]
First = Literal["higher", "lower", "fewer", "listed first", "listed last"]


@attrs.frozen(kw_only=True)
class Step:
    """One step of a derivation: its ``kind``, the ``node`` it is about, that node's ``title``, and exact values."""

    node: str
    title: str

    @property
    def kind(self) -> str:
        """What is done in this step, in one word."""
        return type(self).__name__.lower()


@attrs.frozen(kw_only=True)
class Authority:
    """A rule or decision that treats a leaf otherwise, in the language of the explanation."""

    origin: Origin
    rule: str | None
    reason: str
    basis: str
    #: of a rule, the unit's values that made it apply, by name of the attribute
    because: tuple[tuple[str, Scalar], ...]


@attrs.frozen(kw_only=True)
class Leaf(Step):
    """A leaf: its mark (None: not marked), and the points and applicable maximum it gives."""

    role: Role
    mark: Fraction | None
    #: the scale of marks, where the leaf has one of its own
    mark_min: Fraction
    mark_max: Fraction | None
    maximum: Fraction
    points: Fraction
    applicable: Fraction
    #: what the policy makes of a missing mark; None where no mark is missing
    missing: Missing | None
    #: a treatment, or standby for a stand-by leaf not in use; None in the ordinary way
    treatment: Outcome | None
    #: of a reduced leaf, the highest mark still possible
    to: Fraction | None
    #: the mark that did not count, or of a reduced leaf the one that counts as ``to``
    ignored: Fraction | None
    #: everyone who says so, or who puts a stand-by leaf in use
    authorities: tuple[Authority, ...]
    #: the codes of the rules that those decisions overrule
    overrules: tuple[str, ...]
    #: of a substituted leaf, the stand-by leaf that counts instead
    by: str | None
    #: of a stand-by leaf in use, the node it stands in for, and what that is worth
    stands_for: str | None
    replaced_maximum: Fraction | None
    #: of a leaf of bonus or penalty, the node it changes instead of the total
    adjusts: str | None
    #: how measures became the mark, in the language of the explanation; None where it was typed in
    calculation: str | None


@attrs.frozen(kw_only=True)
class Sum(Step):
    """Points and applicable maximum of a node: the sums over its children that are scored."""

    children: tuple[str, ...]
    points: Fraction
    applicable: Fraction
    #: what the children are worth together
    maximum: Fraction
    #: how much more stand-by leaves are worth than what they replace
    substituted: Fraction
    #: the maximum of missing leaves, and how much of ``applicable`` the policy leaves out for them
    missing: Fraction
    left_out: Fraction

    @property
    def excluded(self) -> Fraction:
        """What exclusions took from the maximum."""
        return self.maximum + self.substituted - self.applicable - self.left_out


@attrs.frozen(kw_only=True)
class Cap(Step):
    """A node counts no more than its ``cap``: what its children came to, and what of that counts."""

    cap: Fraction
    added_points: Fraction
    added_applicable: Fraction
    points: Fraction
    applicable: Fraction


@attrs.frozen(kw_only=True)
class Own(Step):
    """Bonus and penalty of a node's own, on its points, kept from 0 to ``ceiling`` (None: no upper bound)."""

    children: tuple[str, ...]
    before: Fraction
    bonus: Fraction
    penalty: Fraction
    ceiling: Fraction | None
    points: Fraction
    applicable: Fraction


@attrs.frozen(kw_only=True)
class Asked:
    """A condition on a node: its bounds, and the percentage or points that are compared; None: not asked."""

    node: str
    title: str
    condition: NodeCondition
    value: Fraction | None
    #: whether the value is a percentage
    is_percent: bool
    is_met: bool


@attrs.frozen(kw_only=True)
class Gate(Step):
    """The conditions without which a node has no points."""

    conditions: tuple[Asked, ...]
    before: Fraction
    points: Fraction
    applicable: Fraction


@attrs.frozen
class Term:
    """A child in a weighted mean: its full maximum as weight, and its share."""

    node: str
    weight: Fraction
    share: Fraction


@attrs.frozen(kw_only=True)
class Mean(Step):
    """Under ``by_level``, the share of a node: the mean of the children that apply, or 0 where its gate is shut.

    A node with a cap or with bonus and penalty of its own has none: it counts by points / applicable.
    """

    terms: tuple[Term, ...]
    is_open: bool
    share: Fraction


@attrs.frozen(kw_only=True)
class Extra(Step):
    """Bonus and penalty points of a node, after its common cap."""

    role: Kind
    children: tuple[str, ...]
    bonus: Fraction
    penalty: Fraction
    cap: Fraction | None
    #: what the cap took
    taken: Fraction
    #: the node that a node of one kind changes instead of the total
    adjusts: str | None


@attrs.frozen(kw_only=True)
class Conversion(Step):
    """The score of a node: ``share`` × ``scale``; the share is points / applicable, or the mean by level."""

    renormalise: Renormalise
    points: Fraction
    applicable: Fraction
    share: Fraction
    scale: Fraction
    score: Fraction


@attrs.frozen(kw_only=True)
class Adjustment(Step):
    """Bonus and penalty on the total's score, kept from 0 to ``ceiling`` (None: no upper bound)."""

    before: Fraction
    bonus: Fraction
    penalty: Fraction
    ceiling: Fraction | None
    score: Fraction


@attrs.frozen(kw_only=True)
class Publication(Step):
    """The score in the form it is printed in, exactly and rounded."""

    score: Fraction
    scale: Fraction
    publish: Publish
    exact: Fraction
    published: Fraction
    #: what ranks and bands compare, relative to the scale
    decisive: Fraction


@attrs.frozen(kw_only=True)
class TieBreak:
    """The node or attribute that told two equal totals apart, and its value for either unit; None where it has none."""

    #: None: an attribute
    node: str | None
    #: of the node, or the name of the attribute
    title: str
    #: what the values are: relative to the scale of the node, its points, or those of the attribute
    compares: Compares
    #: which of two values comes first
    first: First
    own: Fraction | Scalar | None
    other: Fraction | Scalar | None


@attrs.frozen(kw_only=True)
class Rival:
    """A unit ranked beside this one; ``count`` units share its rank."""

    unit: str
    name: str
    rank: int
    count: int
    conversion: Conversion
    publication: Publication
    tie_break: TieBreak | None


@attrs.frozen(kw_only=True)
class Standing(Step):
    """The rank of a unit, and who stands just above, level and below."""

    rank: int
    of: int
    #: the title of the block, where the rubric declares blocks
    block: str | None
    decide_on: DecideOn
    above: Rival | None
    below: Rival | None
    #: the first of those with the same rank, and how many there are
    tied: tuple[Rival, ...]
    tied_count: int
    #: titles of the nodes and names of the attributes by which ties are broken, in turn
    tie_break: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Unranked(Step):
    """Why a unit has no rank at this node."""

    cause: Cause
    reason: str
    #: of a decision
    basis: str | None
    #: the title of the block the unit is in
    block: str | None
    #: where no decision says so, the share of the maximum that is marked, and how much is needed
    coverage: Fraction | None
    least: Fraction | None
