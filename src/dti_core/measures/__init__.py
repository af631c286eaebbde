"""From measures to marks: every leaf by its method, exactly, all units at once."""

from dti_core.measures.given import Working
from dti_core.measures.sheet import ScoredSheet, score, working
from dti_core.measures.table import Measures
from dti_core.measures.trace import Trace, calculation, trace

__all__ = ["Measures", "ScoredSheet", "Trace", "Working", "calculation", "score", "trace", "working"]
