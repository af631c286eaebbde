"""Questions asked of results: movement, leaders, grades, targets, merged units, several rubrics of one decision."""

from dti_core.analysis.counts import GradeCounts, grade_counts
from dti_core.analysis.merging import merge_units
from dti_core.analysis.movement import Movement, movement
from dti_core.analysis.robust.asking import rank_intervals
from dti_core.analysis.robust.certain import CertainRanks, certain_ranks
from dti_core.analysis.robust.intervals import RankIntervals
from dti_core.analysis.robust.noise import MarkDraws, mark_draws
from dti_core.analysis.robust.weights import weight_draws
from dti_core.analysis.sources import bottom, leaders, standing_of
from dti_core.analysis.standing import Standing
from dti_core.analysis.targets import shortfalls, to_rise
from dti_core.analysis.together import Edition, publish_together

__all__ = [
    "CertainRanks",
    "Edition",
    "GradeCounts",
    "MarkDraws",
    "Movement",
    "RankIntervals",
    "Standing",
    "bottom",
    "certain_ranks",
    "grade_counts",
    "leaders",
    "mark_draws",
    "merge_units",
    "movement",
    "publish_together",
    "rank_intervals",
    "shortfalls",
    "standing_of",
    "to_rise",
    "weight_draws",
]


def __dir__() -> list[str]:
    return __all__
