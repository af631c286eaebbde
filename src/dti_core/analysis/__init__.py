"""Questions asked of results: movement, leaders, grades, targets, merged units, several rubrics of one decision."""

from dti_core.analysis.by_result import ByResult
from dti_core.analysis.coherence import Coherence, coherence
from dti_core.analysis.counts import GradeCounts, grade_counts
from dti_core.analysis.intervals import RankIntervals, rank_intervals, weight_draws
from dti_core.analysis.leave_one_out import LeftOut, leave_one_out
from dti_core.analysis.merging import merge_units
from dti_core.analysis.movement import Movement, movement
from dti_core.analysis.policies import policy_variants
from dti_core.analysis.policies.variants import PolicyVariants
from dti_core.analysis.sources import bottom, leaders, standing_of
from dti_core.analysis.standing import Standing
from dti_core.analysis.targets import shortfalls, to_rise
from dti_core.analysis.together import Edition, publish_together

__all__ = [
    "ByResult",
    "Coherence",
    "Edition",
    "GradeCounts",
    "LeftOut",
    "Movement",
    "PolicyVariants",
    "RankIntervals",
    "Standing",
    "bottom",
    "coherence",
    "grade_counts",
    "leaders",
    "leave_one_out",
    "merge_units",
    "movement",
    "policy_variants",
    "publish_together",
    "rank_intervals",
    "shortfalls",
    "standing_of",
    "to_rise",
    "weight_draws",
]


def __dir__() -> list[str]:
    return __all__
