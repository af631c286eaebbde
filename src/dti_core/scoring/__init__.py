"""From measures to marks: every leaf by its method, exactly, all units at once."""

from dti_core.scoring.given import Working
from dti_core.scoring.measures import Measures
from dti_core.scoring.sheet import ScoredSheet, score, working
from dti_core.scoring.trace import Trace, calculation, trace

__all__ = ["Measures", "ScoredSheet", "Trace", "Working", "calculation", "score", "trace", "working"]
