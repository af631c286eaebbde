"""How units come by their grades: the law of grades as arrays, band after band."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.evaluation import grade_rules as law
from dti_core.evaluation.ranking import NO_GROUP, ranks_of
from dti_core.exact.rationals import Mask, Rationals
from dti_core.exact.ratios import Ratios
from dti_core.rubric.grades import Band, Quota, rests_on_thresholds
from dti_core.rubric.node_conditions import NodeCondition, in_percent
from dti_core.rubric.tree import TOTAL
from dti_core.scores.figures import Figures

if TYPE_CHECKING:
    from dti_core.scores import Scores

Places = NDArray[np.int64]


def by_thresholds(decisive: Ratios | Rationals, bands: Sequence[Band]) -> Places:
    """The places of the first bands whose thresholds values reach, one more than there are bands where there is none.

    The array form of :func:`grade_rules.by_thresholds`.
    """
    below = np.zeros(len(decisive.null), dtype=np.int64)
    for band in bands:
        bound = band.threshold / 100
        below += ~(decisive > bound if band.is_open else decisive >= bound)
    return below


@attrs.frozen(eq=False)
class Intake:
    """Who of the units that meet the rest of a band its quota lets in."""

    #: (units,) of those that meet the rest, how many are ranked before a unit of its block, and with those of its rank
    ahead: Places
    through: Places
    #: by block: how many units the quota lets in, of how many ranked, and how many it let in
    most: Places
    ranked: Places
    entered: Places


@attrs.frozen(eq=False, slots=False)
class Grading:
    """The places of the bands that units get at a node; one more than there are bands where they get none."""

    scores: "Scores"

    @property
    def bands(self) -> tuple[Band, ...]:
        """The bands, highest first."""
        return self.scores.setting.rubric.bands

    @cached_property
    def by_thresholds(self) -> Places:
        """The bands by the thresholds alone."""
        return by_thresholds(self.scores.decisive, self.bands)

    @cached_property
    def places(self) -> Places:
        """The bands that units get."""
        if self.scores.node != TOTAL:
            known = rests_on_thresholds(self.bands)
            return self.by_thresholds if known else np.full_like(self.by_thresholds, len(self.bands))
        is_plain = all(band.is_plain for band in self.bands)
        return self.by_thresholds if is_plain and self.allowed is None else self._graded[0]

    @property
    def intakes(self) -> Mapping[int, Intake]:
        """What the quota of a band came to at the total, by the band's place."""
        return self._graded[1]

    @cached_property
    def asked(self) -> Mapping[NodeCondition, Ratios]:
        """What conditions ask: the decisive value or the points of a node, none where nothing of it applies."""
        conditions = dict.fromkeys(condition for band in self.bands for condition in band.requires)
        parts = {code: Figures(self.scores.setting, code) for code in {each.node for each in conditions}}
        return {condition: self._value(condition, parts[condition.node]) for condition in conditions}

    def _value(self, condition: NodeCondition, part: Figures) -> Ratios:
        if in_percent(condition, self.scores.setting.rubric.tree):
            return part.decisive
        points = part.exact_points
        return points.where(part.decisive.null, None) if part.is_scored else points

    @cached_property
    def _unmet(self) -> Mapping[int, Mask]:
        """Where units fail what a band requires, by the band's place."""
        unmet: dict[int, Mask] = {}
        for at, band in enumerate(self.bands):
            for condition in band.requires:
                value = self.asked[condition]
                bounds = (
                    relative(condition)
                    if in_percent(condition, self.scores.setting.rubric.tree)
                    else condition
                )
                fails = ~(bounds.holds(value) | value.null)
                unmet[at] = unmet[at] | fails if at in unmet else fails
        return unmet

    def fits(self, at: int) -> Mask:
        """Where threshold and conditions are met; thresholds fall, so that who reaches one reaches the next."""
        reached: Mask = self.by_thresholds <= at
        return reached & ~self._unmet[at] if at in self._unmet else reached

    @cached_property
    def allowed(self) -> Places | None:
        """The first band that no limit bars; None where nothing limits any grade."""
        marks, bands = self.scores.setting.marks, self.bands
        if not marks.limits_grades:
            return None
        limited = marks.limited
        limits = [[source.limit for source in sources] for sources in limited.sets]
        highest = np.array([law.first_by_at_most(each, bands) for each in limits])[limited.set_of]
        lowered = np.array([*map(law.lowered_by, limits)])[limited.set_of]
        if not lowered.any():
            return highest
        given = np.full_like(highest, len(bands))
        for at in range(len(bands) - 1, -1, -1):
            given[self.fits(at) & (highest <= at)] = at
        return np.where(lowered > 0, np.minimum(given + lowered, len(bands) - 1), highest)

    @cached_property
    def _graded(self) -> tuple[Places, dict[int, Intake]]:
        places = np.full_like(self.by_thresholds, len(self.bands))
        waiting = ~self.scores.decisive.null
        intakes: dict[int, Intake] = {}
        for at, band in enumerate(self.bands):
            meeting = waiting & self.fits(at)
            if self.allowed is not None:
                meeting &= self.allowed <= at
            entering = meeting
            if band.quota is not None:
                intakes[at], entering = self._take_in(meeting, band.quota)
                meeting = entering | (meeting & (self.blocks == NO_GROUP))
            places[entering] = at
            waiting &= ~meeting
        return places, intakes

    @cached_property
    def blocks(self) -> NDArray[np.int32]:
        """(units,) the number of each unit's block, −1 where it is not ranked."""
        return self.scores.ranked_groups

    @cached_property
    def _ranks(self) -> Places:
        return self.scores.ranks()

    def _take_in(self, meeting: Mask, quota: Quota) -> tuple[Intake, Mask]:
        # a rank among those that meet the rest is one more than how many of them are before (or, counted from the last,
        # behind) a unit, since "competition" skips a place for each of those tied
        ranks, blocks = self._ranks, np.where(meeting, self.blocks, NO_GROUP)
        ahead = ranks_of(ranks.max(initial=0) - ranks, blocks, "competition") - 1
        behind = ranks_of(ranks, blocks, "competition") - 1
        through = self._counts(blocks)[blocks] - behind
        ranked = self._counts(self.blocks)
        most = np.array([law.places(quota, count) for count in ranked.tolist()], dtype=np.int64)
        limit = most[blocks]
        entering = (blocks != NO_GROUP) & (through <= limit)
        if quota.ties == "in":
            entering |= (blocks != NO_GROUP) & (ahead < limit)
        entered = self._counts(np.where(entering, blocks, NO_GROUP))
        return Intake(ahead, through, most, ranked, entered), entering

    def _counts(self, blocks: NDArray[np.int32]) -> Places:
        """(blocks + 1,) how many units are in each block; the last, which −1 finds, is 0."""
        most = int(self.blocks.max(initial=0)) + 1
        return np.append(np.bincount(blocks + 1, minlength=most + 1)[1:], 0)


def relative(condition: NodeCondition) -> NodeCondition:
    """The condition with its bounds relative to the scale, so that no value need be made a percentage."""
    bounds: dict[str, Any] = {name: bound / 100 for name, bound in condition.bounds.items()}
    return attrs.evolve(condition, **bounds)


def ratio_at(values: Ratios, row: int) -> Fraction | None:
    """The exact value of one unit."""
    if isinstance(values, Rationals):
        return values.at(row)
    return values.take(np.array([row])).at(0)
