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
