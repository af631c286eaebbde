"""The last step of an explanation: the grade, and what stands between a unit and the bands above."""

from collections.abc import Iterator

import attrs

from dti_core.applicability.limits import LimitSource
from dti_core.explain import steps
from dti_core.explain.derive import Derivation
from dti_core.explain.parts import Barrier, Limitation, Requirement
from dti_core.scores import Scores, obstacles


def grade_step(scores: Scores, own: Derivation, publication: steps.Publication) -> Iterator[steps.Grade]:
    """The grade of a unit that has a score, where bands tell one."""
    graded = obstacles.graded(scores, own.row)
    if graded:
        yield steps.Grade(
            node=publication.node,
            title=publication.title,
            percent=100 * publication.decisive,
            band=graded.band,
            by_thresholds=graded.by_thresholds,
            obstacles=tuple(_barrier(obstacle, own) for obstacle in graded.obstacles),
        )


def _barrier(obstacle: obstacles.Obstacle, own: Derivation) -> Barrier:
    unmet = (
        Requirement(
            title=own.tree.title[unmet.condition.node],
            condition=unmet.condition,
            value=unmet.value,
            is_percent=unmet.in_percent,
            is_met=False,
        )
        for unmet in obstacle.unmet
    )
    limits = (_limitation(source, own) for source in obstacle.limits)
    return Barrier(**attrs.asdict(obstacle, recurse=False) | {"unmet": tuple(unmet), "limits": tuple(limits)})


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
