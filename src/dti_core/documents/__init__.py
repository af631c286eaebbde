"""Documents: JSON ⇄ objects. Everything read is taken for hostile; everything wrong is told at once."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from dti_core.documents.bundled import bundled_marks, bundled_rubric, bundled_rubrics
from dti_core.documents.marks import read_marks, write_marks
from dti_core.documents.rubric import read_rubric, write_rubric
from dti_core.documents.schema import require_kind
from dti_core.documents.text import RUBRIC, Source, read, sound
from dti_core.errors import InvalidDocument, Problem, UnknownCode, shorten
from dti_core.marks import MarkSheet
from dti_core.rubric import Rubric

if TYPE_CHECKING:  # the other kinds are imported where they are used: their classes take long to make
    from dti_core.assessment import Assessments
    from dti_core.measures import Measures, ScoredSheet
    from dti_core.published import PublishedResult
    from dti_core.result import Result

__all__ = [
    "bundled_marks",
    "bundled_rubrics",
    "check",
    "load_assessments",
    "load_marks",
    "load_measures",
    "load_result",
    "load_rubric",
    "to_document",
]


def load_rubric(source: Source) -> Rubric:
    """The rubric of a bundled code, of a file, or of a parsed document.

    Text without a suffix is the code of a bundled rubric; with one, such as ``.json``, it is a path.
    Raises :class:`~dti_core.InvalidDocument` with every problem found, each with its path.

    >>> load_rubric("vn-922-province").code
    'vn-922-province'
    """
    if isinstance(source, str) and not PurePath(source).suffix and not source.lstrip().startswith(("{", "[")):
        return read_rubric(bundled_rubric(source), source, shipped=True)
    document, what = read(source, "rubric", RUBRIC)
    require_kind(document, "rubric", what)
    return read_rubric(document, what)


def load_marks(source: Source, rubric: Rubric) -> MarkSheet:
    """The marks of a file or of a parsed document, given by a rubric.

    Raises :class:`~dti_core.InvalidDocument` with every problem found, each with its path.
    """
    document, what = read(source, "marks")
    require_kind(document, "marks", what)
    return read_marks(document, rubric, what)


def load_measures(source: Source, rubric: Rubric) -> "ScoredSheet":
    """The marks that the measures of a file or of a parsed document come to; the sheet keeps them in ``measures``.

    Raises :class:`~dti_core.InvalidDocument` with every problem found, each with its path.
    """
    from dti_core.documents.measures import read_measures

    document, what = read(source, "measures")
    require_kind(document, "measures", what)
    return read_measures(document, rubric, what)


def load_assessments(source: Source, rubric: Rubric) -> "Assessments":
    """The assessments of a file or of a parsed document, by the rubric they name.

    Raises :class:`~dti_core.InvalidDocument` with every problem found, each with its path: histories that cannot have
    happened among them, such as a mark written after the lock.
    """
    from dti_core.documents.assessment import read_assessments

    document, what = read(source, "assessments")
    require_kind(document, "assessment", what)
    return read_assessments(document, rubric, what)


def load_result(source: Source) -> "PublishedResult":
    """The result of a file or of a parsed document, exact: numbers are fractions, published values decimals.

    Raises :class:`~dti_core.InvalidDocument` with every problem found, each with its path: among them rates, published
    values, grades and ranks that do not follow from the other numbers.
    """
    from dti_core.documents.result import read_result

    document, what = read(source, "result")
    require_kind(document, "result", what)
    return read_result(document, what)


def to_document(
    thing: "Rubric | MarkSheet | Measures | Result | PublishedResult | Assessments",
) -> dict[str, Any]:
    """The document of a rubric, marks, measures, assessments or a result, ready for ``json.dumps``; it loses nothing.

    Equal things give equal documents, key by key in the same order; exact numbers of results are text.

    >>> to_document(load_rubric("vn-922-province"))["max_points"]
    1000
    """
    if isinstance(thing, Rubric):
        return write_rubric(thing)
    if isinstance(thing, MarkSheet):
        return write_marks(thing)
    from dti_core.documents.others import write

    return write(thing)


def check(source: Source, rubric: Rubric | None = None) -> tuple[Problem, ...]:
    """Every problem of a document; one that is read by a rubric is read by the one given, else by a bundled one."""
    try:
        document, what = read(source, "document")
        kind = require_kind(document, None, what)
        if kind == "rubric":
            read_rubric(sound(document, what, RUBRIC), what)
        elif kind == "measures":
            load_measures(document, rubric or _rubric_named(document, what))
        elif kind == "result":
            load_result(document)
        elif kind == "assessment":
            load_assessments(document, rubric or _rubric_named(document, what))
        else:
            read_marks(document, rubric or _rubric_named(document, what), what)
    except InvalidDocument as error:
        return error.problems
    return ()


def _rubric_named(document: Mapping[str, Any], what: str) -> Rubric:
    code = str(document.get("rubric", ""))
    try:
        return read_rubric(bundled_rubric(code), code, shipped=True)
    except UnknownCode:
        message = f"{shorten(code)} is no bundled rubric; give the rubric's own document as well"
        raise InvalidDocument(what, [Problem(("rubric",), message, "unknown")]) from None
