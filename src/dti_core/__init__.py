"""Digital Transformation Index rubrics: exact scores, exclusions and ranks.

What scores and ranks is imported at once; documents, explanations, measures and the rest when they are first asked for,
since making their classes takes longer than ranking a country.
"""

from typing import TYPE_CHECKING

from dti_core.errors import DTIError as DTIError
from dti_core.errors import InvalidArgument as InvalidArgument
from dti_core.errors import InvalidDocument as InvalidDocument
from dti_core.errors import Problem as Problem
from dti_core.errors import UnknownCode as UnknownCode
from dti_core.evaluation.ranking import rank as rank
from dti_core.marks import MarkSheet as MarkSheet
from dti_core.result import Result as Result
from dti_core.result import evaluate as evaluate
from dti_core.rubric import Block as Block
from dti_core.rubric import Decision as Decision
from dti_core.rubric import Rubric as Rubric
from dti_core.rubric.conditions import Attribute as Attribute
from dti_core.rubric.conditions import Condition as Condition
from dti_core.rubric.criteria import Component as Component
from dti_core.rubric.criteria import Group as Group
from dti_core.rubric.criteria import Index as Index
from dti_core.rubric.criteria import Pillar as Pillar
from dti_core.rubric.exclusions import Exclusion as Exclusion
from dti_core.rubric.exclusions import ExclusionRule as ExclusionRule
from dti_core.rubric.exclusions import Unranked as Unranked
from dti_core.rubric.grades import Band as Band
from dti_core.rubric.grades import GradeLimit as GradeLimit
from dti_core.rubric.grades import GradeLimitRule as GradeLimitRule
from dti_core.rubric.grades import Quota as Quota
from dti_core.rubric.node_conditions import NodeCondition as NodeCondition
from dti_core.rubric.policy import AttributeOrder as AttributeOrder
from dti_core.rubric.policy import Policy as Policy
from dti_core.rubric.policy import Publish as Publish
from dti_core.rubric.policy import PublishParts as PublishParts
from dti_core.scores import Scores as Scores
from dti_core.terms import Label as Label

if TYPE_CHECKING:
    __version__: str
    from dti_core import analysis as analysis
    from dti_core import assessment as assessment
    from dti_core import methods as methods
    from dti_core import plots as plots
    from dti_core.compare import RubricChange as RubricChange
    from dti_core.compare import RubricDifference as RubricDifference
    from dti_core.compare import compare_rubrics as compare_rubrics
    from dti_core.documents import bundled_marks as bundled_marks
    from dti_core.documents import bundled_rubrics as bundled_rubrics
    from dti_core.documents import canonical_form as canonical_form
    from dti_core.documents import load_assessments as load_assessments
    from dti_core.documents import load_explanation as load_explanation
    from dti_core.documents import load_marks as load_marks
    from dti_core.documents import load_measures as load_measures
    from dti_core.documents import load_result as load_result
    from dti_core.documents import load_rubric as load_rubric
    from dti_core.documents import sha256 as sha256
    from dti_core.documents import to_document as to_document
    from dti_core.documents import verify as verify
    from dti_core.explain import Explanation as Explanation
    from dti_core.measures.sheet import score as score
    from dti_core.measures.table import Measures as Measures
    from dti_core.measures.trace import Trace as Trace
    from dti_core.measures.trace import trace as trace
    from dti_core.published import PublishedResult as PublishedResult
    from dti_core.rubric.annex import Annex as Annex
    from dti_core.rubric.annex import read_annex as read_annex
    from dti_core.scores.compact import Compact as Compact
    from dti_core.scores.ranking import Ranking as Ranking
    from dti_core.scores.tally import Tally as Tally
else:  # type checkers go by the imports above; for them no other name is there
    NOW = [name for name, thing in globals().items() if name[0] != "_" and callable(thing)]
    LATER = {
        **dict.fromkeys(("analysis", "assessment", "methods", "plots"), ""),
        **dict.fromkeys(("RubricChange", "RubricDifference", "compare_rubrics"), "compare"),
        **dict.fromkeys(("load_assessments", "load_explanation", "load_marks", "load_measures"), "documents"),
        **dict.fromkeys(("load_result", "load_rubric", "sha256", "to_document", "verify"), "documents"),
        **dict.fromkeys(("bundled_marks", "bundled_rubrics", "canonical_form"), "documents"),
        **dict.fromkeys(("Annex", "read_annex"), "rubric.annex"),
        **dict.fromkeys(("Measures", "Trace", "score", "trace"), "measures"),
        "Compact": "scores.compact",
        "Explanation": "explain",
        "PublishedResult": "published",
        "Ranking": "scores.ranking",
        "Tally": "scores.tally",
    }
    """What is imported when it is first asked for, and the module that has it; "" for modules themselves."""
    __all__ = [*NOW, *LATER]  # noqa: PLE0604 - text, all of them

    def __getattr__(name: str) -> object:
        from importlib import import_module, metadata

        if name == "__version__":
            return metadata.version("dti-core")
        if name not in LATER:
            raise AttributeError(f"module 'dti_core' has no attribute {name!r}")
        module = import_module(f"dti_core.{LATER[name] or name}")
        globals()[name] = thing = getattr(module, name) if LATER[name] else module
        return thing

    def __dir__() -> list[str]:
        return __all__
