"""The last step of an explanation: the grade, and what stands between a unit and the bands above."""

from collections.abc import Iterator
from fractions import Fraction

import attrs

from dti_core.applicability.limits import LimitSource
from dti_core.explain import steps
from dti_core.explain.derive import Derivation
from dti_core.rubric.grades import Band
from dti_core.rubric.node_conditions import NodeCondition
from dti_core.scores import Scores, obstacles
from dti_core.scores.obstacles import QuotaUse
from dti_core.terms import Language


@attrs.frozen(kw_only=True)
class Unmet:
    """A condition of a band that is not met: the node's title, and what the unit has, in percent or in points."""

    title: str
    condition: NodeCondition
    value: Fraction
    in_percent: bool


@attrs.frozen(kw_only=True)
class Limitation(steps.Authority):
    """A rule or decision that limits the grade: the title of the highest band it leaves, or by how many it lowers."""

    at_most: str | None
    lower_by: int | None


@attrs.frozen(kw_only=True)
class Obstacle:
    """What keeps the unit from a band: a threshold not reached, conditions not met, limits, a quota."""

    band: Band
    reached: bool
    #: what the unit is short of the threshold, in percent of the scale
    short: Fraction
    unmet: tuple[Unmet, ...]
    limits: tuple[Limitation, ...]
    #: None where the band has none, or the unit is not ranked
    quota: QuotaUse | None
    #: the band has a quota, and the unit is not ranked
    is_unranked: bool


@attrs.frozen(kw_only=True)
class Grade(steps.Step):
    """The band (None: no grade), what was reached in percent of the scale, and what stands between it and others."""

    percent: Fraction
    band: Band | None
    #: the band by the thresholds alone
    by_thresholds: Band
    #: the bands above the grade, from that by the thresholds alone to the next one
    obstacles: tuple[Obstacle, ...]

    @property
    def above(self) -> Band | None:
        """The band next above the grade."""
        return self.obstacles[-1].band if self.obstacles else None


def grade_step(
    scores: Scores, own: Derivation, publication: steps.Publication, language: Language
) -> Iterator[Grade]:
    """The grade of a unit that has a score, where bands tell one."""
    graded = obstacles.graded(scores, own.row)
    if graded:
        yield Grade(
            node=publication.node,
            title=publication.title,
            percent=100 * publication.decisive,
            band=graded.band,
            by_thresholds=graded.by_thresholds,
            obstacles=tuple(_obstacle(obstacle, own, language) for obstacle in graded.obstacles),
        )


def _obstacle(obstacle: obstacles.Obstacle, own: Derivation, language: Language) -> Obstacle:
    fields = attrs.asdict(obstacle, recurse=False)
    unmet = (
        Unmet(title=own.tree.title[one.condition.node].text(language), **attrs.asdict(one, recurse=False))
        for one in obstacle.unmet
    )
    limits = (_limitation(source, own, language) for source in obstacle.limits)
    return Obstacle(**fields | {"unmet": tuple(unmet), "limits": tuple(limits)})


def _limitation(source: LimitSource, own: Derivation, language: Language) -> Limitation:
    title_of = {band.code: band.title.text(language) for band in own.setting.rubric.bands}
    limit = source.limit
    return Limitation(
        origin=source.origin,
        rule=source.rule,
        reason=limit.reason.text(language),
        basis=limit.basis,
        because=source.because(own.attributes),
        at_most=None if limit.at_most is None else title_of[limit.at_most],
        lower_by=limit.lower_by,
    )
