"""Documents: JSON ⇄ objects. Everything read is taken for hostile; everything wrong is told at once."""

from collections.abc import Collection, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import attrs

from dti_core.documents.canonical import canonical, content_hash, hashed
from dti_core.documents.schema import VERSIONS, DocumentKind, kind_of
from dti_core.documents.source import DocumentSource, bundled, read
from dti_core.documents.text import LIMITS, RUBRIC_LIMITS, Limits
from dti_core.errors import InvalidArgument, InvalidDocument, Problem, few_suggestions, raise_all, shorten
from dti_core.rubric import Rubric
from dti_core.words import DOCUMENTS, RESULTS
from dti_core.words.documents import flaw

if TYPE_CHECKING:  # imported with the modules that read and write them: their classes take long to make
    from dti_core.assessment import Assessments
    from dti_core.explain import Explanation
    from dti_core.marks import MarkSheet
    from dti_core.measures import Measures
    from dti_core.published import PublishedResult
    from dti_core.result import Result
    from dti_core.rubric.policy import Policy

    Written: TypeAlias = Rubric | MarkSheet | Measures | Result | PublishedResult | Assessments | Explanation


@attrs.frozen
class Handling:
    """How a kind of document is read; the module of its name, imported when it is first needed, reads and writes it."""

    limits: Limits = LIMITS
    by_rubric: bool = True
    #: where documents of the kind are bundled
    folder: str | None = None
    #: what reading is asked for besides where a document is only checked
    checked: Mapping[str, bool] = attrs.field(factory=dict)


KINDS: Mapping[DocumentKind, Handling] = {
    "rubric": Handling(RUBRIC_LIMITS, by_rubric=False, folder="rubrics"),
    "marks": Handling(folder="examples"),
    "result": Handling(by_rubric=False),
    "explanation": Handling(by_rubric=False),
    "measures": Handling(checked={"scored": True}),
    "assessment": Handling(),
}


def load_rubric(source: DocumentSource) -> Rubric:
    """The rubric of a bundled code, of a file, of JSON at hand, or of a parsed document.

    Text without a suffix is the code of a bundled rubric; text that starts with ``{`` or ``[`` is JSON; other text is a
    path. Bytes and open files hold JSON in UTF-8. A parsed document may hold decimals and numpy scalars as well as JSON
    values; each is taken exactly or refused.

    Raises :class:`~dti_core.InvalidDocument` with every problem found, each with its path, and OSError (such as
    FileNotFoundError and PermissionError) where a file cannot be opened. Folders, pipes and devices are refused.

    >>> load_rubric("vn-922-province").code
    'vn-922-province'
    """
    return cast("Rubric", _load("rubric", source))


def load_marks(source: DocumentSource, rubric: Rubric | DocumentSource) -> "MarkSheet":
    """The marks of a source, by a rubric, its code or its document; sources are those of :func:`load_rubric`.

    Text without a suffix is the code of bundled marks. Raises what :func:`load_rubric` raises.

    >>> load_marks("vn-922-province-2022", "vn-922-province")
    <MarkSheet of vn-922-province: 5 units × 9 leaves>
    """
    return cast("MarkSheet", _load("marks", source, rubric))


def load_measures(source: DocumentSource, rubric: Rubric | DocumentSource) -> "Measures":
    """The measures of a source, by a rubric; :func:`~dti_core.score` makes marks of them.

    Sources are those of :func:`load_rubric`, but no measures are bundled. Raises what :func:`load_rubric` raises; what
    only scoring can tell, such as an answer that is worth nothing, ``score`` refuses, with the same paths.

    >>> from dti_core import Index, Measures, Rubric
    >>> from dti_core.methods import Ratio
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Hồ sơ trực tuyến", 20, scoring=Ratio())])
    >>> measures = Measures.from_rows([{"1": {"a": 30, "b": 40}}], rubric, units=["x"])
    >>> load_measures(to_document(measures), rubric) == measures
    True
    """
    return cast("Measures", _load("measures", source, rubric))


def load_assessments(source: DocumentSource, rubric: Rubric | DocumentSource) -> "Assessments":
    """The assessments of a source, by the rubric they name.

    Sources are those of :func:`load_rubric`, but no assessments are bundled. Raises what :func:`load_rubric` raises:
    among the problems are histories that cannot have happened, such as a mark written after the lock.

    >>> from dti_core import Index, Rubric
    >>> from dti_core.assessment import Assessment, Assessments, Cycle
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30)])
    >>> cycle = Cycle(rubric)
    >>> assessments = Assessments(cycle, [Assessment(cycle, "a")])
    >>> load_assessments(to_document(assessments), rubric)["a"].state
    'open'
    """
    return cast("Assessments", _load("assessment", source, rubric))


def load_result(source: DocumentSource) -> "PublishedResult":
    """The result of a source, exact: numbers are fractions, published values decimals.

    Sources are those of :func:`load_rubric`, but no results are bundled. Raises what :func:`load_rubric` raises: among
    the problems are numbers, grades and ranks that do not follow from the leaves and from what did not count.

    >>> from dti_core import evaluate
    >>> rubric = load_rubric("vn-922-province")
    >>> result = evaluate(rubric, load_marks("vn-922-province-2022", rubric))
    >>> load_result(to_document(result)).total["da-nang"].published
    Decimal('0.8002')
    """
    return cast("PublishedResult", _load("result", source))


def load_explanation(source: DocumentSource) -> "Explanation":
    """The explanation of a source, equal to the one it was written of, in both languages.

    Sources are those of :func:`load_rubric`, but no explanations are bundled. Raises what :func:`load_rubric` raises:
    among the problems are steps whose numbers do not follow from those before them.

    >>> from dti_core import evaluate
    >>> rubric = load_rubric("vn-922-province")
    >>> story = evaluate(rubric, load_marks("vn-922-province-2022", rubric)).explain("da-nang")
    >>> load_explanation(to_document(story)) == story
    True
    """
    return cast("Explanation", _load("explanation", source))


def to_document(thing: "Written", *, nodes: Collection[str] | None = None) -> dict[str, Any]:
    """The document of a rubric, marks, measures, assessments, a result or an explanation, ready for ``json.dumps``.

    It loses nothing. Equal things give equal documents, key by key in the same order; exact numbers of results and
    explanations are text. ``nodes`` are those of a result to write, with the total and what its ranks and grades rest
    on: a smaller document, which leaves out what these nodes are made of. A document that could not be read again,
    being too large, is refused.

    >>> to_document(load_rubric("vn-922-province"))["max_points"]
    1000
    """
    module = _writer_of(thing)
    if nodes is None:
        return cast("dict[str, Any]", module.write(thing))
    if module is not _module("result"):
        raise InvalidArgument(RESULTS("nodes_of_published"))
    return cast("dict[str, Any]", module.write(thing, nodes))


def _writer_of(thing: "Written") -> Any:
    for kind in KINDS:
        if isinstance(thing, _module(kind).WRITTEN):
            return _module(kind)
    raise InvalidArgument(DOCUMENTS("no_document", value=shorten(thing)))


def canonical_form(thing: "Written") -> bytes:
    """What :func:`sha256` hashes: the document of a thing in the canonical form of RFC 8785, as UTF-8.

    ``custom`` is left out, as it is kept unread; but of a result ``library`` is, and ``custom`` stays.

    >>> canonical_form(load_rubric("vn-922-province"))[:24].decode()
    '{"code":"vn-922-province'
    """
    return canonical(hashed(_hashable(thing))).encode()


def sha256(thing: "Written") -> str:
    """The SHA-256 of whatever has a document, in hexadecimal, as other software works it out.

    Things that are equal have the same, whatever file they were read from and whoever wrote it; a document is read
    first. It is taken of :func:`canonical_form`.

    >>> marks = load_marks("vn-922-province-2022", "vn-922-province")
    >>> sha256(marks) == sha256(load_marks(to_document(marks), "vn-922-province"))
    True
    """
    return content_hash(_hashable(thing))


def _hashable(thing: "Written") -> dict[str, Any]:
    """The document of a thing, or what is in canonical form the same and quicker to make."""
    module = _writer_of(thing)
    return cast("dict[str, Any]", getattr(module, "hashable", module.write)(thing))


def verify(
    result: "PublishedResult | Result | DocumentSource",
    rubric: Rubric | DocumentSource,
    marks: "MarkSheet | DocumentSource",
    policy: "Policy | None" = None,
) -> "PublishedResult":
    """The result as published, where it is what rubric and marks come to; ``policy`` stands in for the rubric's own.

    Raises :class:`~dti_core.InvalidDocument` with every place that differs: hashes, policy, nodes, what did not count
    and every value. Of a result of some nodes these are compared; what names the software, and ``custom``, are not.

    >>> from dti_core import evaluate
    >>> rubric = load_rubric("vn-922-province")
    >>> marks = load_marks("vn-922-province-2022", rubric)
    >>> verify(to_document(evaluate(rubric, marks)), rubric, marks)
    <PublishedResult of vn-922-province: 5 units, 15 nodes>
    """
    from dti_core.marks import MarkSheet
    from dti_core.published import PublishedResult
    from dti_core.result import Result, evaluate

    source = to_document(result) if isinstance(result, Result) else result
    published = source if isinstance(source, PublishedResult) else load_result(source)
    by = _rubric_of(rubric)
    sheet = marks if isinstance(marks, MarkSheet) else load_marks(marks, by)
    problems = _module("result").differences(published, evaluate(by, sheet, policy))
    raise_all("result", problems)
    return published


def check(source: DocumentSource, rubric: Rubric | DocumentSource | None = None) -> tuple[Problem, ...]:
    """Every problem of a document, those of scoring its measures included.

    One that is read by a rubric is read by the one given, else by the bundled one that it names.
    """
    rubric = None if rubric is None else _rubric_of(rubric)
    try:
        document, what = read(source, "document")
        kind = kind_of(document, None, what)
        by = [rubric or _rubric_named_in(document, what)] if KINDS[kind].by_rubric else []
        _load(kind, document, *by, **KINDS[kind].checked)
    except InvalidDocument as error:
        return error.problems
    return ()


def bundled_rubrics() -> tuple[str, ...]:
    """The codes of the rubrics that come with the library.

    >>> "vn-922-province" in bundled_rubrics()
    True
    """
    return bundled("rubrics")


def bundled_marks() -> tuple[str, ...]:
    """The codes of the example marks that come with the library.

    >>> "vn-922-province-2022" in bundled_marks()
    True
    """
    return bundled("examples")


def _load(kind: DocumentKind, source: Any, *rubric: Any, **asked: bool) -> Any:
    handling = KINDS[kind]
    with few_suggestions():
        by = map(_rubric_of, rubric)
        document, what = read(source, VERSIONS[kind].split("/")[1], handling.limits, handling.folder)
        kind_of(document, kind, what)
        return _module(kind).read(document, what, *by, **asked)


def _module(kind: DocumentKind) -> Any:
    return import_module(f"{__name__}.{kind}")


def _rubric_of(rubric: Any) -> Rubric:
    return rubric if isinstance(rubric, Rubric) else load_rubric(rubric)


def _rubric_named_in(document: Mapping[str, Any], what: str) -> Rubric:
    code = document.get("rubric")
    if isinstance(code, str) and code in bundled_rubrics():
        return load_rubric(code)
    raise InvalidDocument(what, [flaw("unknown.rubric", ("rubric",), value=shorten(code))])
