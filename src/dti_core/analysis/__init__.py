"""Questions asked of results: movement, leaders, grades, targets, merged units, several rubrics of one decision."""

from dti_core.analysis.counts import GradeCounts, grade_counts
from dti_core.analysis.exempt import ExclusionEffect, exclusion_effect
from dti_core.analysis.intervals import RankIntervals, rank_intervals, weight_draws
from dti_core.analysis.merging import merge_units
from dti_core.analysis.movement import Movement, movement
from dti_core.analysis.reach import Plan, Rises, to_reach
from dti_core.analysis.shortfalls import Shortfalls, shortfalls
from dti_core.analysis.sources import bottom, leaders, standing_of
from dti_core.analysis.standing import Standing
from dti_core.analysis.together import Edition, publish_together

__all__ = [
    "Edition",
    "ExclusionEffect",
    "GradeCounts",
    "Movement",
    "Plan",
    "RankIntervals",
    "Rises",
    "Shortfalls",
    "Standing",
    "bottom",
    "exclusion_effect",
    "grade_counts",
    "leaders",
    "merge_units",
    "movement",
    "publish_together",
    "rank_intervals",
    "shortfalls",
    "standing_of",
    "to_reach",
    "weight_draws",
]


def __dir__() -> list[str]:
    return __all__
