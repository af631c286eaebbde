"""The round from self-score to publication: evidence, explanations, appraisal, amendments, and the marks they give."""

from dti_core.assessment.cohort import Assessments, to_marks
from dti_core.assessment.cycle import Cycle
from dti_core.assessment.entry import Entry, Evidence
from dti_core.assessment.moves import MOVES as _MOVES
from dti_core.assessment.moves import Move, Round, Step
from dti_core.assessment.stages import compare_stages, progress
from dti_core.assessment.unit import Assessment

__all__ = [
    "MOVES",
    "Assessment",
    "Assessments",
    "Cycle",
    "Entry",
    "Evidence",
    "Move",
    "Round",
    "Step",
    "compare_stages",
    "progress",
    "to_marks",
]

MOVES = _MOVES
"""Every :class:`Move` by its name. The state of an assessment follows from the moves that were made."""


def __dir__() -> list[str]:
    return __all__
