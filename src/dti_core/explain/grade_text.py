"""A grade in words: what it rests on, and what is short of the bands above."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from dti_core.explain.adjusted import AdjustedText
from dti_core.explain.detail import Line, node_name
from dti_core.explain.parts import Barrier, Limitation, QuotaUse, Requirement
from dti_core.explain.steps import Grade
from dti_core.rubric.grades import Band


class GradeText(AdjustedText):
    """The part of an explanation that tells the grade."""

    def graded(self, grade: Grade, scale: Fraction) -> tuple[str, list[Line]]:
        """The grade as a heading, and beneath it what keeps the unit from the bands above."""
        lines = [line for barrier in grade.obstacles for line in self._barrier(barrier, scale)]
        if grade.by_thresholds != grade.band:
            lines.insert(0, Line(self.say("by thresholds", band=grade.by_thresholds.title)))
        if grade.band is None:
            return self.say("ungraded", percent=grade.percent), lines
        start = self._threshold("starts", grade.band)
        return self.say("graded", band=grade.band.title, percent=grade.percent, start=start), lines

    def _threshold(self, phrase: str, band: Band) -> str:
        return self.say(f"{phrase} {'above' if band.is_open else 'at'}", threshold=band.threshold)

    def _barrier(self, barrier: Barrier, scale: Fraction) -> Iterator[Line]:
        """The threshold, or that it is reached; then whatever else is in the way, set in."""
        yield Line(self._lacking(barrier, scale))
        for unmet in barrier.unmet:
            yield Line(self._unmet(unmet), 2)
        for limit in barrier.limits:
            yield Line(self._limit(limit), 2)
            yield Line(self._authority(limit), 3)
        if barrier.quota:
            yield Line(self._quota(barrier.quota), 2)
        if barrier.is_unranked:
            yield Line(self.say("quota unranked"), 2)

    def _lacking(self, barrier: Barrier, scale: Fraction) -> str:
        values: dict[str, Any] = {"band": barrier.band.title, "start": self._threshold("from", barrier.band)}
        if barrier.reached:
            return self.say("kept from", **values)
        if not barrier.short:
            return self.say("just short", **values)
        points = barrier.short / 100 * scale
        return self.say("to next", percent=barrier.short, points=points, **values)

    def _unmet(self, unmet: Requirement) -> str:
        node, value = node_name(unmet.node, unmet.title.text(self.language)), self.in_unit(unmet, unmet.value)
        return self.say("unmet", node=node, value=value, needs=self.bounds(unmet))

    def _limit(self, limit: Limitation) -> str:
        by = "by one" if limit.lower_by == 1 else "by"
        return self.say("limit at" if limit.lower_by is None else f"limit {by}", limit)

    def _quota(self, quota: QuotaUse) -> str:
        return self.say("quota" if quota.ahead is None else "quota place", quota)
