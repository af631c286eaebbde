"""From measures to marks: every leaf by its method, exactly, all units at once."""

from dti_core.measures.sheet import ScoredSheet, score
from dti_core.measures.table import Measures
from dti_core.measures.trace import Trace, Working, calculation, trace

__all__ = ["Measures", "ScoredSheet", "Trace", "Working", "calculation", "score", "trace"]
