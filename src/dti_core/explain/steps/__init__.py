"""What an explanation is made of: frozen steps of plain, exact values, in neither language."""

import attrs

from dti_core.evaluation.rules import UnrankedCause
from dti_core.exact import Exact
from dti_core.explain.parts import Barrier, Code, TieBreak
from dti_core.explain.steps.sums import Cap as Cap
from dti_core.explain.steps.sums import Extra as Extra
from dti_core.explain.steps.sums import Gate as Gate
from dti_core.explain.steps.sums import Leaf as Leaf
from dti_core.explain.steps.sums import Mean as Mean
from dti_core.explain.steps.sums import Own as Own
from dti_core.explain.steps.sums import Step as Step
from dti_core.explain.steps.sums import Sum as Sum
from dti_core.rubric.grades import Band
from dti_core.rubric.policy import DecideOn, Publish, Renormalise
from dti_core.terms import Label


@attrs.frozen(kw_only=True)
class Conversion(Step):
    """The score of a node: ``share`` × ``scale``; the share is points / applicable, or the mean by level."""

    #: overall, by_level or none: how exclusions are made up for
    renormalise: Renormalise
    #: what counts of its marks
    points: Exact
    #: the maximum left after exclusions
    applicable: Exact
    #: what part of a full score is earned
    share: Exact
    #: what a full score is worth to the unit, in points
    scale: Exact
    #: in points, unrounded; of the total, before bonus and penalty
    score: Exact


@attrs.frozen(kw_only=True)
class Adjustment(Step):
    """Bonus and penalty on the total's score, kept from 0 to ``ceiling`` (None: no upper bound)."""

    #: the score of the total before
    before: Exact
    #: points that are added
    bonus: Exact
    #: points that are taken off, above 0
    penalty: Exact
    #: the highest score it may have then; None: no upper bound
    ceiling: Exact | None = None
    #: the score after, unrounded
    score: Exact


@attrs.frozen(kw_only=True)
class Publication(Step):
    """The score in the form it is printed in, exactly and rounded."""

    #: in points, unrounded; of the total, after bonus and penalty
    score: Exact
    #: what a full score is worth to the unit, in points
    scale: Exact
    #: as what, with how many decimals and how rounded it is printed
    publish: Publish
    #: the score in that form, unrounded
    exact: Exact
    #: the same, rounded once
    published: Exact
    #: what ranks and bands compare, relative to the scale
    decisive: Exact


@attrs.frozen(kw_only=True)
class Rival:
    """A unit ranked beside this one; ``count`` units share its rank."""

    #: its code
    unit: Code
    #: what it is called; its code where it has no name
    name: Label
    #: from 1
    rank: int
    #: how many units share that rank, itself included
    count: int
    #: how it came by its score
    conversion: Conversion
    #: how that is printed
    publication: Publication
    #: what told it apart from the unit explained; None where their scores differ, or nothing told them apart
    tie_break: TieBreak | None = None


@attrs.frozen(kw_only=True)
class Standing(Step):
    """The rank of a unit, and who stands just above, level and below."""

    #: from 1
    rank: int
    #: how many units are ranked together, itself included
    of: int
    #: the title of the block; None where the rubric declares none
    block: Label | None = None
    #: published or exact: what ranks compare
    decide_on: DecideOn
    #: one of the units of the next better rank; None: there is none
    above: Rival | None = None
    #: one of the units of the next lower rank; None: there is none
    below: Rival | None = None
    #: the first of the other units with the same rank
    tied: tuple[Rival, ...] = ()
    #: how many other units have the same rank
    tied_count: int = 0
    #: titles of the nodes and names of the attributes by which ties are broken, in turn
    tie_break: tuple[Label, ...] = ()


@attrs.frozen(kw_only=True)
class Unranked(Step):
    """Why a unit has no rank at this node."""

    #: unit, no_block, block, null, coverage or attribute
    cause: UnrankedCause
    #: as a decision words it, or what the cause says
    reason: Label
    #: the legal text that a decision rests on; None where no decision says so
    basis: str | None = None
    #: the title of the block the unit is in; None: it is in none
    block: Label | None = None
    #: what part of the maximum is marked; None where a decision says so, or there is no maximum
    coverage: Exact | None = None
    #: the part that must be marked for a rank; None where a decision says so
    least: Exact | None = None


@attrs.frozen(kw_only=True)
class Grade(Step):
    """The band (None: no grade), what was reached in percent of the scale, and what stands between it and others."""

    #: what was reached, in percent of the scale, as ``decide_on`` has it
    percent: Exact
    #: the grade; None: the unit has none
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
