"""The round from self-score to publication: evidence, explanations, appraisal, amendments, and the marks they give."""

from dti_core.assessment.cohort import Assessments, to_marks
from dti_core.assessment.cycle import Cycle
from dti_core.assessment.entry import Entry, Evidence
from dti_core.assessment.lines import Step, Written
from dti_core.assessment.moves import MOVES as _MOVES
from dti_core.assessment.moves import ROUND_MOVES as _ROUND_MOVES
from dti_core.assessment.moves import Move
from dti_core.assessment.rounds import Extension, Round
from dti_core.assessment.unit import Assessment

__all__ = [
    "MOVES",
    "ROUND_MOVES",
    "Assessment",
    "Assessments",
    "Cycle",
    "Entry",
    "Evidence",
    "Extension",
    "Move",
    "Round",
    "Step",
    "Written",
    "to_marks",
]

MOVES = _MOVES
"""Every :class:`Move` of a unit by its name. The state of an assessment follows from the moves that were made."""

ROUND_MOVES = _ROUND_MOVES
"""Every :class:`Move` of a round: decisions on many units, and rounds that are open longer for some."""


def __dir__() -> list[str]:
    return __all__
