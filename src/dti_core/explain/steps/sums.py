"""The steps of an explanation up to the sums of a node: leaves, what they add up to, and what adjusts that."""

from fractions import Fraction

import attrs

from dti_core.applicability import Outcome
from dti_core.evaluation.rules import NOTHING
from dti_core.exact import Exact
from dti_core.explain.parts import Authority, Code, Requirement, Term
from dti_core.rubric.criteria import Role
from dti_core.rubric.policy import Missing
from dti_core.rubric.tree import Kind
from dti_core.terms import Label


@attrs.frozen(kw_only=True)
class Step:
    """One step of a derivation: its ``kind``, the ``node`` it is about, that node's ``title``, and exact values."""

    #: the code of the node that it is about
    node: Code
    #: what that node is called
    title: Label

    @property
    def kind(self) -> str:
        """What is done in this step, in one word."""
        return type(self).__name__.lower()


@attrs.frozen(kw_only=True, slots=False)  # by far the most frequent, and made three times as fast
class Leaf(Step):
    """A leaf: its mark (None: not marked), and the points and applicable maximum it gives."""

    #: what its mark does: scored, bonus, penalty or standby
    role: Role = "scored"
    #: as it was given; None: not marked
    mark: Exact | None = None
    #: the lowest mark of its scale; 0 where it has no scale of its own
    mark_min: Exact = NOTHING
    #: the highest mark of a scale of its own; None: it is marked in points
    mark_max: Exact | None = None
    #: what it is worth, in points
    maximum: Exact
    #: the points that it gives; of bonus and penalty, those it adds or takes off, above 0
    points: Exact
    #: the maximum that counts; 0 of bonus and penalty
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
    #: of a stand-by leaf in use, the node it stands in for
    stands_for: Code | None = None
    #: what that node is worth
    replaced_maximum: Exact | None = None
    #: of a leaf of bonus or penalty, the node it changes instead of the total
    adjusts: Code | None = None
    #: how measures became the mark; None where it was typed in
    calculation: Label | None = None


@attrs.frozen(kw_only=True)
class Sum(Step):
    """Points and applicable maximum of a node: the sums over its children that are scored."""

    #: codes of the nodes directly in it; a stand-by leaf in use stands behind what it replaces
    children: tuple[Code, ...]
    #: what the children earn together
    points: Exact
    #: their applicable maxima together
    applicable: Exact
    #: what the children are worth together
    maximum: Exact
    #: how much more stand-by leaves are worth than what they replace
    substituted: Exact = NOTHING
    #: the maximum of missing leaves
    missing: Exact = NOTHING
    #: how much of ``applicable`` the policy leaves out for them
    left_out: Exact = NOTHING

    @property
    def excluded(self) -> Fraction:
        """What exclusions took from the maximum."""
        return self.maximum + self.substituted - self.applicable - self.left_out


@attrs.frozen(kw_only=True)
class Cap(Step):
    """A node counts no more than its ``cap``: what its children came to, and what of that counts."""

    #: the most that counts of points, and of the applicable maximum
    cap: Exact
    #: what the children earn together
    added_points: Exact
    #: their applicable maxima together
    added_applicable: Exact
    #: what of ``added_points`` counts
    points: Exact
    #: what of ``added_applicable`` counts
    applicable: Exact


@attrs.frozen(kw_only=True)
class Own(Step):
    """Bonus and penalty of a node's own, on its points, kept from 0 to ``ceiling`` (None: no upper bound)."""

    #: codes of the nodes of bonus and penalty that change it
    children: tuple[Code, ...]
    #: its points before
    before: Exact
    #: points that are added
    bonus: Exact
    #: points that are taken off, above 0
    penalty: Exact
    #: the most points it may have then; None: no upper bound
    ceiling: Exact | None = None
    #: its points after
    points: Exact
    #: its applicable maximum, which stays
    applicable: Exact


@attrs.frozen(kw_only=True)
class Gate(Step):
    """The conditions without which a node has no points."""

    #: what is asked of nodes in it; all that are asked must hold
    conditions: tuple[Requirement, ...]
    #: its points before
    before: Exact
    #: the same where the gate is open, else 0
    points: Exact
    #: its applicable maximum, which stays
    applicable: Exact


@attrs.frozen(kw_only=True)
class Mean(Step):
    """Under ``by_level``, the share of a node: the mean of the children that apply, or 0 where its gate is shut.

    A node with a cap or with bonus and penalty of its own has none: it counts by points / applicable.
    """

    #: the children of which something applies, each with its weight and share
    terms: tuple[Term, ...]
    #: whether its gate is open; True where it has none
    is_open: bool
    #: what part of its maximum the node earns
    share: Exact


@attrs.frozen(kw_only=True)
class Extra(Step):
    """Bonus and penalty points of a node, after its common cap."""

    #: bonus or penalty; mixed or scored, where it holds them beside others
    role: Kind
    #: codes of the nodes directly in it
    children: tuple[Code, ...]
    #: bonus points that count
    bonus: Exact = NOTHING
    #: penalty points that count, above 0
    penalty: Exact = NOTHING
    #: the most that counts of it, in points; None of a node that is mixed or scored
    cap: Exact | None = None
    #: what the cap took
    taken: Exact = NOTHING
    #: the node that a node of one kind changes instead of the total
    adjusts: Code | None = None
