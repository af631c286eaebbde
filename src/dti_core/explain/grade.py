"""The last step of an explanation: the grade, and what stands between a unit and the bands above."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property

import attrs

from dti_core.applicability.limits import LimitSource
from dti_core.evaluation import grade_rules as law
from dti_core.evaluation.ranking import NO_GROUP
from dti_core.evaluation.rules import NOTHING
from dti_core.explain import steps
from dti_core.explain.derive import Derivation
from dti_core.explain.parts import Barrier, Limitation, QuotaUse, Requirement
from dti_core.rubric.node_conditions import NodeCondition, in_percent
from dti_core.rubric.tree import TOTAL
from dti_core.scores import Scores
from dti_core.scores.grading import Grading, ratio_at


def grade_step(scores: Scores, own: Derivation, publication: steps.Publication) -> Iterator[steps.Grade]:
    """The grade of a unit that has a score, where bands tell one."""
    bands, percent = scores.grading.bands, 100 * publication.decisive
    reached = law.of_part(scores.node, percent, bands)
    if reached is None:
        return
    place, account = int(scores.grading.places[own.row]), _Account.of(own, scores.grading, percent)
    stopped = place if place < len(bands) else account.stopped_at() + 1
    between = range(min(reached, max(stopped - 1, 0)), stopped)
    yield steps.Grade(
        node=publication.node,
        title=publication.title,
        percent=percent,
        band=bands[place] if place < len(bands) else None,
        by_thresholds=bands[reached],
        obstacles=tuple(map(account.barrier, between)),
    )


@attrs.frozen(slots=False, eq=False)
class _Account:
    """One unit before the law: what it has, and what limits it."""

    own: Derivation
    grading: Grading
    percent: Fraction
    asked: Mapping[NodeCondition, Fraction | None]
    sources: tuple[LimitSource, ...]

    @classmethod
    def of(cls, own: Derivation, grading: Grading, percent: Fraction) -> "_Account":
        """What there is to say of the unit."""
        if grading.scores.node != TOTAL:
            return cls(own, grading, percent, {}, ())
        asked = {condition: ratio_at(values, own.row) for condition, values in grading.asked.items()}
        for condition, value in asked.items():
            if value is not None and in_percent(condition, own.tree):
                asked[condition] = 100 * value
        return cls(own, grading, percent, asked, own.setting.marks.limited.of(own.row))

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

    def barrier(self, at: int) -> Barrier:
        """What keeps the unit from a band."""
        band = self.grading.bands[at]
        asks = self.grading.scores.node == TOTAL
        is_ranked = self.grading.blocks[self.own.row] != NO_GROUP if band.quota and asks else True
        required = band.requires if asks else ()
        conditions = (Requirement.of(each, self.asked[each], self.own.tree) for each in required)
        return Barrier(
            band=band,
            reached=law.reaches(self.percent, band),
            short=max(band.threshold - self.percent, NOTHING),
            unmet=tuple(each for each in conditions if not each.is_met),
            limits=tuple(_limitation(source, self.own) for source in self._limits(at)),
            quota=self._quota(at) if asks and band.quota and is_ranked else None,
            is_unranked=not is_ranked,
        )

    def _limits(self, at: int) -> Iterator[LimitSource]:
        """Those whose ``at_most`` is below the band; and lowerings, of the bands from the one they start at."""
        if self.sources:
            given, first = self._allowed
            for source in self.sources:
                is_lowered = source.limit.lower_by is not None and given <= at < first
                if is_lowered or law.first_by_at_most([source.limit], self.grading.bands) > at:
                    yield source

    def _quota(self, at: int) -> QuotaUse:
        intake = self.grading.intakes[at]
        block = int(self.grading.blocks[self.own.row])
        ahead, through = int(intake.ahead[self.own.row]), int(intake.through[self.own.row])
        meets = ahead >= 0
        return QuotaUse(
            most=int(intake.most[block]),
            ranked=int(intake.ranked[block]),
            entered=int(intake.entered[block]),
            ahead=ahead if meets else None,
            level=through - ahead if meets else None,
        )


def _limitation(source: LimitSource, own: Derivation) -> Limitation:
    title_of = {band.code: band.title for band in own.setting.rubric.bands}
    limit = source.limit
    return Limitation(
        origin=source.origin,
        rule=source.rule,
        reason=limit.reason,
        basis=limit.basis,
        because=source.because(own.attributes),
        at_most=None if limit.at_most is None else title_of[limit.at_most],
        lower_by=limit.lower_by,
    )
