"""What an explanation is made of: frozen steps of plain, exact values, in neither language."""

import attrs

from dti_core.evaluation.rules import Cause
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
