"""What an explanation is made of: frozen steps of plain, exact values, in neither language."""

from fractions import Fraction

import attrs

from dti_core.applicability import Outcome
from dti_core.evaluation.rules import NOTHING, Cause
from dti_core.exact import Exact
from dti_core.explain.parts import Authority, Barrier, Code, Requirement, Term, TieBreak
from dti_core.rubric.criteria import Role
from dti_core.rubric.grades import Band
from dti_core.rubric.policy import DecideOn, Missing, Publish, Renormalise
from dti_core.rubric.tree import Kind
from dti_core.terms import Label


@attrs.frozen(kw_only=True)
class Step:
    """One step of a derivation: its ``kind``, the ``node`` it is about, that node's ``title``, and exact values."""

    node: Code
    title: Label

    @property
    def kind(self) -> str:
        """What is done in this step, in one word."""
        return type(self).__name__.lower()


@attrs.frozen(
    kw_only=True, slots=False
)  # by far the most frequent step, and without slots made three times as fast
class Leaf(Step):
    """A leaf: its mark (None: not marked), and the points and applicable maximum it gives."""

    role: Role = "scored"
    mark: Exact | None = None
    #: the scale of marks, where the leaf has one of its own
    mark_min: Exact = NOTHING
    mark_max: Exact | None = None
    maximum: Exact
    points: Exact
    applicable: Exact
    #: what the policy makes of a missing mark; None where no mark is missing
    missing: Missing | None = None
    #: a treatment, or standby for a stand-by leaf not in use; None in the ordinary way
    treatment: Outcome | None = None
    #: of a reduced leaf, the highest mark still possible
    to: Exact | None = None
    #: the mark that did not count, or of a reduced leaf the one that counts as ``to``
    ignored: Exact | None = None
    #: everyone who says so, or who puts a stand-by leaf in use
    authorities: tuple[Authority, ...] = ()
    #: the codes of the rules that those decisions overrule
    overrules: tuple[Code, ...] = ()
    #: of a substituted leaf, the stand-by leaf that counts instead
    by: Code | None = None
    #: of a stand-by leaf in use, the node it stands in for, and what that is worth
    stands_for: Code | None = None
    replaced_maximum: Exact | None = None
    #: of a leaf of bonus or penalty, the node it changes instead of the total
    adjusts: Code | None = None
    #: how measures became the mark; None where it was typed in
    calculation: Label | None = None


@attrs.frozen(kw_only=True)
class Sum(Step):
    """Points and applicable maximum of a node: the sums over its children that are scored."""

    children: tuple[Code, ...]
    points: Exact
    applicable: Exact
    #: what the children are worth together
    maximum: Exact
    #: how much more stand-by leaves are worth than what they replace
    substituted: Exact = NOTHING
    #: the maximum of missing leaves, and how much of ``applicable`` the policy leaves out for them
    missing: Exact = NOTHING
    left_out: Exact = NOTHING

    @property
    def excluded(self) -> Fraction:
        """What exclusions took from the maximum."""
        return self.maximum + self.substituted - self.applicable - self.left_out


@attrs.frozen(kw_only=True)
class Cap(Step):
    """A node counts no more than its ``cap``: what its children came to, and what of that counts."""

    cap: Exact
    added_points: Exact
    added_applicable: Exact
    points: Exact
    applicable: Exact


@attrs.frozen(kw_only=True)
class Own(Step):
    """Bonus and penalty of a node's own, on its points, kept from 0 to ``ceiling`` (None: no upper bound)."""

    children: tuple[Code, ...]
    before: Exact
    bonus: Exact
    penalty: Exact
    ceiling: Exact | None = None
    points: Exact
    applicable: Exact


@attrs.frozen(kw_only=True)
class Gate(Step):
    """The conditions without which a node has no points."""

    conditions: tuple[Requirement, ...]
    before: Exact
    points: Exact
    applicable: Exact


@attrs.frozen(kw_only=True)
class Mean(Step):
    """Under ``by_level``, the share of a node: the mean of the children that apply, or 0 where its gate is shut.

    A node with a cap or with bonus and penalty of its own has none: it counts by points / applicable.
    """

    terms: tuple[Term, ...]
    is_open: bool
    share: Exact


@attrs.frozen(kw_only=True)
class Extra(Step):
    """Bonus and penalty points of a node, after its common cap."""

    role: Kind
    children: tuple[Code, ...]
    bonus: Exact = NOTHING
    penalty: Exact = NOTHING
    cap: Exact | None = None
    #: what the cap took
    taken: Exact = NOTHING
    #: the node that a node of one kind changes instead of the total
    adjusts: Code | None = None


@attrs.frozen(kw_only=True)
class Conversion(Step):
    """The score of a node: ``share`` × ``scale``; the share is points / applicable, or the mean by level."""

    renormalise: Renormalise
    points: Exact
    applicable: Exact
    share: Exact
    scale: Exact
    score: Exact


@attrs.frozen(kw_only=True)
class Adjustment(Step):
    """Bonus and penalty on the total's score, kept from 0 to ``ceiling`` (None: no upper bound)."""

    before: Exact
    bonus: Exact
    penalty: Exact
    ceiling: Exact | None = None
    score: Exact


@attrs.frozen(kw_only=True)
class Publication(Step):
    """The score in the form it is printed in, exactly and rounded."""

    score: Exact
    scale: Exact
    publish: Publish
    exact: Exact
    published: Exact
    #: what ranks and bands compare, relative to the scale
    decisive: Exact


@attrs.frozen(kw_only=True)
class Rival:
    """A unit ranked beside this one; ``count`` units share its rank."""

    unit: Code
    name: Label
    rank: int
    count: int
    conversion: Conversion
    publication: Publication
    tie_break: TieBreak | None = None


@attrs.frozen(kw_only=True)
class Standing(Step):
    """The rank of a unit, and who stands just above, level and below."""

    rank: int
    of: int
    #: the title of the block, where the rubric declares blocks
    block: Label | None = None
    decide_on: DecideOn
    above: Rival | None = None
    below: Rival | None = None
    #: the first of those with the same rank, and how many there are
    tied: tuple[Rival, ...] = ()
    tied_count: int = 0
    #: titles of the nodes and names of the attributes by which ties are broken, in turn
    tie_break: tuple[Label, ...] = ()


@attrs.frozen(kw_only=True)
class Unranked(Step):
    """Why a unit has no rank at this node."""

    cause: Cause
    reason: Label
    #: of a decision
    basis: str | None = None
    #: the title of the block the unit is in
    block: Label | None = None
    #: where no decision says so, the share of the maximum that is marked, and how much is needed
    coverage: Exact | None = None
    least: Exact | None = None


@attrs.frozen(kw_only=True)
class Grade(Step):
    """The band (None: no grade), what was reached in percent of the scale, and what stands between it and others."""

    percent: Exact
    band: Band | None = None
    #: the band by the thresholds alone
    by_thresholds: Band
    #: the bands above the grade, from that by the thresholds alone to the next one
    obstacles: tuple[Barrier, ...] = ()

    @property
    def above(self) -> Band | None:
        """The band next above the grade."""
        return self.obstacles[-1].band if self.obstacles else None


STEPS = (
    Leaf,
    Sum,
    Cap,
    Own,
    Gate,
    Mean,
    Extra,
    Conversion,
    Adjustment,
    Publication,
    Standing,
    Unranked,
    Grade,
)
"""Every kind of step, in the order of the calculation."""
