"""What an explanation is made of: frozen steps of plain, exact values."""

from fractions import Fraction

import attrs

from dti_core.applicability import Origin, Outcome
from dti_core.evaluation.rules import Cause
from dti_core.rubric import Band
from dti_core.rubric.criteria import Role
from dti_core.rubric.policy import DecideOn, Missing, Publish, Renormalise
from dti_core.rubric.tree import Kind
from dti_core.terms import Scalar


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
    maximum: Fraction
    points: Fraction
    applicable: Fraction
    #: what the policy makes of a missing mark; None where no mark is missing
    missing: Missing | None
    #: skip, full_marks, substitute, count, or standby for a stand-by leaf not in use; None in the ordinary way
    treatment: Outcome | None
    #: the mark that did not count
    ignored: Fraction | None
    #: everyone who says so, or who puts a stand-by leaf in use
    authorities: tuple[Authority, ...]
    #: the codes of the rules that those decisions overrule
    overrules: tuple[str, ...]
    #: of a substituted leaf, the stand-by leaf that counts instead
    by: str | None
    #: of a stand-by leaf in use, the node it stands in for
    stands_for: str | None
    #: how measures became the mark, in the language of the explanation; None where it was typed in
    calculation: str | None


@attrs.frozen(kw_only=True)
class Sum(Step):
    """Points and applicable maximum of a node: the sums over its children that are scored."""

    children: tuple[str, ...]
    points: Fraction
    applicable: Fraction
    maximum: Fraction
    #: the maximum of missing leaves, and how much of it the policy leaves out of ``applicable``
    missing: Fraction
    left_out: Fraction

    @property
    def excluded(self) -> Fraction:
        """What exclusions took from the maximum."""
        return self.maximum - self.applicable - self.left_out


@attrs.frozen
class Term:
    """A child in a weighted mean: its full maximum as weight, and its share."""

    node: str
    weight: Fraction
    share: Fraction


@attrs.frozen(kw_only=True)
class Mean(Step):
    """Under ``by_level``, the share of a node: the mean of the children that apply."""

    terms: tuple[Term, ...]
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
    """The node that told two equal totals apart, and its value for either unit, relative to the scale."""

    node: str
    title: str
    own: Fraction | None
    other: Fraction | None


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
    #: titles of the nodes by which ties are broken, in turn
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


@attrs.frozen(kw_only=True)
class Grade(Step):
    """The band, what was reached in percent of the scale, and the band above."""

    percent: Fraction
    band: Band
    above: Band | None
