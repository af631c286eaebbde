"""What stands between a unit and the bands above its grade: told once, for explanations, tables and whoever asks."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property

import attrs

from dti_core.applicability.limits import LimitSource
from dti_core.evaluation import grade_rules as law
from dti_core.evaluation.ranking import UNRANKED
from dti_core.evaluation.rules import is_met
from dti_core.rubric.grades import Band
from dti_core.rubric.node_conditions import NodeCondition, in_percent
from dti_core.rubric.tree import TOTAL
from dti_core.scores import Scores
from dti_core.scores.grading import Grading, value_at


@attrs.frozen(kw_only=True)
class Unmet:
    """A condition that a unit does not meet, and what the unit has: in percent, or in points."""

    condition: NodeCondition
    value: Fraction
    in_percent: bool


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
class Obstacle:
    """What keeps a unit from a band: a threshold not reached, conditions not met, limits, a quota."""

    band: Band
    #: whether the threshold is reached, and what is short of it in percent of the scale
    reached: bool
    short: Fraction
    unmet: tuple[Unmet, ...] = ()
    limits: tuple[LimitSource, ...] = ()
    #: None where the band has none, or the unit is not ranked
    quota: QuotaUse | None = None
    #: the band has a quota, and the unit is not ranked
    is_unranked: bool = False


@attrs.frozen(kw_only=True)
class Graded:
    """The grade of a unit, that by the thresholds alone, and what keeps it from each band between them and the next."""

    band: Band | None
    by_thresholds: Band
    obstacles: tuple[Obstacle, ...]


def graded(scores: Scores, row: int) -> Graded | None:
    """How a unit came by its grade at a node; None where it has neither a grade nor, at the total, a score."""
    grading, bands = scores.grading, scores.grading.bands
    value, place = value_at(scores.decisive, row), int(grading.places[row])
    reached = law.of_part(scores.node, None if value is None else 100 * value, bands)
    if value is None or reached is None:
        return None
    account = _Account.of(grading, row, 100 * value)
    stopped = place if place < len(bands) else account.stopped_at() + 1
    between = range(min(reached, max(stopped - 1, 0)), stopped)
    return Graded(
        band=bands[place] if place < len(bands) else None,
        by_thresholds=bands[reached],
        obstacles=tuple(map(account.obstacle, between)),
    )


@attrs.frozen(slots=False, eq=False)
class _Account:
    """One unit before the law: what it has, and what limits it."""

    grading: Grading
    row: int
    percent: Fraction
    asked: Mapping[NodeCondition, Fraction | None]
    sources: tuple[LimitSource, ...]

    @classmethod
    def of(cls, grading: Grading, row: int, percent: Fraction) -> "_Account":
        """What there is to say of the unit in a row."""
        if grading.scores.node != TOTAL:
            return cls(grading, row, percent, {}, ())
        tree = grading.scores.setting.rubric.tree
        asked = {condition: value_at(values, row) for condition, values in grading.asked.items()}
        for condition, value in asked.items():
            if value is not None and in_percent(condition, tree):
                asked[condition] = 100 * value
        return cls(grading, row, percent, asked, grading.scores.setting.marks.limited.of(row))

    def stopped_at(self) -> int:
        """The band whose quota a unit without a rank, and so without a grade, meets all the rest of."""
        return law.first_fitting(self._fitting, self._allowed[1])

    @cached_property
    def _fitting(self) -> list[bool]:
        return [law.fits(self.percent, self.asked, band) for band in self.grading.bands]

    @cached_property
    def _allowed(self) -> tuple[int, int]:
        """The band that conditions and ``at_most`` would give, and the first that no limit bars."""
        limits = [source.limit for source in self.sources]
        highest = law.first_by_at_most(limits, self.grading.bands)
        given = law.first_fitting(self._fitting, highest)
        return given, law.first_allowed(self._fitting, highest, law.lowered_by(limits))

    def obstacle(self, at: int) -> Obstacle:
        """What keeps the unit from a band."""
        band = self.grading.bands[at]
        asks = self.grading.scores.node == TOTAL
        is_ranked = self.grading.blocks[self.row] != UNRANKED if band.quota and asks else True
        return Obstacle(
            band=band,
            reached=law.reaches(self.percent, band),
            short=max(band.threshold - self.percent, Fraction(0)),
            unmet=tuple(self._unmet(band)) if asks else (),
            limits=tuple(self._limits(at)),
            quota=self._quota(at) if asks and band.quota and is_ranked else None,
            is_unranked=not is_ranked,
        )

    def _unmet(self, band: Band) -> Iterator[Unmet]:
        for condition in band.requires:
            value = self.asked[condition]
            if value is not None and not is_met(condition, value):
                percent = in_percent(condition, self.grading.scores.setting.rubric.tree)
                yield Unmet(condition=condition, value=value, in_percent=percent)

    def _limits(self, at: int) -> Iterator[LimitSource]:
        """Those whose ``at_most`` is below the band; and lowerings, of the bands from the one they start at."""
        if self.sources:
            given, first = self._allowed
            for source in self.sources:
                is_lowered = source.limit.lower_by is not None and given <= at < first
                if is_lowered or law.first_by_at_most([source.limit], self.grading.bands) > at:
                    yield source

    def _quota(self, at: int) -> QuotaUse | None:
        intake = self.grading.intakes.get(at)
        if intake is None:
            return None
        block = int(self.grading.blocks[self.row])
        ahead, through = int(intake.ahead[self.row]), int(intake.through[self.row])
        meets = ahead >= 0
        return QuotaUse(
            most=int(intake.most[block]),
            ranked=int(intake.ranked[block]),
            entered=int(intake.entered[block]),
            ahead=ahead if meets else None,
            level=through - ahead if meets else None,
        )
