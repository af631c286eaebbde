"""Digital Transformation Index rubrics: exact scores, exclusions and ranks.

What scores and ranks is imported at once; documents, explanations, measures and the rest when they are first asked for,
since making their classes takes longer than ranking a country.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from dti_core.errors import DTIError, InvalidArgument, InvalidDocument, Problem, UnknownCode
from dti_core.evaluation.ranking import rank
from dti_core.marks import MarkSheet
from dti_core.result import Result, evaluate
from dti_core.rubric import Band, Block, Decision, Rubric
from dti_core.rubric.conditions import Attribute, Condition
from dti_core.rubric.criteria import Component, Group, Index, Pillar
from dti_core.rubric.exclusions import Exclusion, ExclusionRule, Unranked
from dti_core.rubric.policy import Policy, Publish
from dti_core.scores import Scores
from dti_core.terms import Label

if TYPE_CHECKING:
    from dti_core import analysis as analysis
    from dti_core import assessment as assessment
    from dti_core import methods
    from dti_core.compare import RubricChange, RubricDifference, compare_rubrics
    from dti_core.documents import (
        bundled_rubrics,
        load_assessments,
        load_marks,
        load_measures,
        load_result,
        load_rubric,
        to_document,
    )
    from dti_core.explain import Explanation
    from dti_core.measures.sheet import score
    from dti_core.measures.table import Measures
    from dti_core.measures.trace import Trace, trace
    from dti_core.published import PublishedResult
    from dti_core.scores.tally import Tally

LATER = {
    "Explanation": "explain",
    "Measures": "measures",
    "PublishedResult": "published",
    "RubricChange": "compare",
    "RubricDifference": "compare",
    "Tally": "scores.tally",
    "Trace": "measures",
    "analysis": "",
    "assessment": "",
    "bundled_rubrics": "documents",
    "compare_rubrics": "compare",
    "load_assessments": "documents",
    "load_marks": "documents",
    "load_measures": "documents",
    "load_result": "documents",
    "load_rubric": "documents",
    "methods": "",
    "score": "measures",
    "to_document": "documents",
    "trace": "measures",
}
"""Names that are imported when they are first asked for, and the modules that have them; "" for modules themselves."""

__all__ = [
    "Attribute",
    "Band",
    "Block",
    "Component",
    "Condition",
    "DTIError",
    "Decision",
    "Exclusion",
    "ExclusionRule",
    "Explanation",
    "Group",
    "Index",
    "InvalidArgument",
    "InvalidDocument",
    "Label",
    "MarkSheet",
    "Measures",
    "Pillar",
    "Policy",
    "Problem",
    "Publish",
    "PublishedResult",
    "Result",
    "Rubric",
    "RubricChange",
    "RubricDifference",
    "Scores",
    "Tally",
    "Trace",
    "UnknownCode",
    "Unranked",
    "bundled_rubrics",
    "compare_rubrics",
    "evaluate",
    "load_assessments",
    "load_marks",
    "load_measures",
    "load_result",
    "load_rubric",
    "methods",
    "rank",
    "score",
    "to_document",
    "trace",
]


def __getattr__(name: str) -> Any:
    if name not in LATER:
        raise AttributeError(f"module 'dti_core' has no attribute {name!r}")
    module = import_module(f"dti_core.{LATER[name] or name}")
    globals()[name] = found = getattr(module, name) if LATER[name] else module
    return found
