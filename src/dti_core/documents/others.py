"""Writing what is neither a rubric nor marks: kept apart, so that reading those does not import the rest."""

from typing import Any

from dti_core.assessment import Assessments
from dti_core.documents.assessment import write_assessments
from dti_core.documents.canonical import content_hash
from dti_core.documents.measures import write_measures
from dti_core.documents.result import write_result
from dti_core.documents.rubric import write_rubric
from dti_core.errors import InvalidArgument, shorten
from dti_core.measures import Measures
from dti_core.published import PublishedResult
from dti_core.published.publication import publication
from dti_core.result import Result


def write(thing: object) -> dict[str, Any]:
    """The document of measures, assessments or a result."""
    if isinstance(thing, Measures):
        return write_measures(thing)
    if isinstance(thing, Result):
        return write_result(publication(thing, content_hash(write_rubric(thing.rubric))))
    if isinstance(thing, PublishedResult):
        return write_result(thing)
    if isinstance(thing, Assessments):
        return write_assessments(thing)
    having = "a Rubric, a MarkSheet, Measures, Assessments or a Result"
    raise InvalidArgument(f"{having} have a document, not {shorten(thing)}")
