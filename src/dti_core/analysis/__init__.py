"""Questions asked of results and rounds: who moved and why, what would lift a unit, how sure a place is."""

from dti_core.analysis.appraisal.audit import AppraisalAudit, appraisal_audit
from dti_core.analysis.appraisal.progress import Progress, progress
from dti_core.analysis.appraisal.stages import StageComparison, compare_stages
from dti_core.analysis.by_result import ByResult
from dti_core.analysis.change import explain_change
from dti_core.analysis.change.answer import Change
from dti_core.analysis.change.leaves import LeafShares
from dti_core.analysis.coherence import Coherence, coherence
from dti_core.analysis.counts import GradeCounts, grade_counts
from dti_core.analysis.exempt import ExclusionEffect, exclusion_effect
from dti_core.analysis.history import History, history
from dti_core.analysis.leave_one_out import LeftOut, leave_one_out
from dti_core.analysis.merging import merge_units
from dti_core.analysis.movement import Movement, movement
from dti_core.analysis.policies import policy_variants
from dti_core.analysis.policies.variants import PolicyVariants
from dti_core.analysis.profile import profile
from dti_core.analysis.profile.answer import Profile
from dti_core.analysis.reach import Plan, Rises, to_reach
from dti_core.analysis.reversals import Reversals, reversals
from dti_core.analysis.robust.certain_ranks import CertainRanks, certain_ranks
from dti_core.analysis.robust.intervals import RankIntervals
from dti_core.analysis.robust.mark_draws import MarkDraws, mark_draws
from dti_core.analysis.robust.rank_intervals import rank_intervals
from dti_core.analysis.robust.weight_draws import weight_draws
from dti_core.analysis.shortfalls import Shortfalls, shortfalls
from dti_core.analysis.sources import bottom, leaders, standing_of
from dti_core.analysis.standing import Standing
from dti_core.analysis.suspects import Suspects, suspects
from dti_core.analysis.together import Edition, publish_together
from dti_core.compare import compare_rubrics

__all__ = [
    "AppraisalAudit",
    "ByResult",
    "CertainRanks",
    "Change",
    "Coherence",
    "Edition",
    "ExclusionEffect",
    "GradeCounts",
    "History",
    "LeafShares",
    "LeftOut",
    "MarkDraws",
    "Movement",
    "Plan",
    "PolicyVariants",
    "Profile",
    "Progress",
    "RankIntervals",
    "Reversals",
    "Rises",
    "Shortfalls",
    "StageComparison",
    "Standing",
    "Suspects",
    "appraisal_audit",
    "bottom",
    "certain_ranks",
    "coherence",
    "compare_rubrics",
    "compare_stages",
    "exclusion_effect",
    "explain_change",
    "grade_counts",
    "history",
    "leaders",
    "leave_one_out",
    "mark_draws",
    "merge_units",
    "movement",
    "policy_variants",
    "profile",
    "progress",
    "publish_together",
    "rank_intervals",
    "reversals",
    "shortfalls",
    "standing_of",
    "suspects",
    "to_reach",
    "weight_draws",
]


def __dir__() -> list[str]:
    return __all__
