"""Result documents ⇄ :class:`~dti_core.PublishedResult`."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from itertools import islice
from typing import Any

import attrs

from dti_core.documents import columns
from dti_core.documents import marks as sheets
from dti_core.documents import rubric as rubrics
from dti_core.documents.canonical import content_hash
from dti_core.documents.convert import DocumentForm, Shape
from dti_core.documents.problems import all_at_once
from dti_core.documents.text import LIMITS, MOST_FOUND, flaws
from dti_core.documents.values import scalar
from dti_core.errors import InvalidArgument, Path, Problem, shorten
from dti_core.exact import Exact
from dti_core.published import NotCounted, PublishedResult
from dti_core.published.check import contradictions
from dti_core.published.merging import merged_like
from dti_core.published.publication import publication
from dti_core.published.scores import NodeScores
from dti_core.published.units import UnitColumns
from dti_core.result import Result
from dti_core.rubric.policy import Policy, Publish
from dti_core.words import RESULTS, Sentence

MOST_ALIKE, LONGEST_ALIKE = 2**14, 400
"""So many values are kept for those that are written alike, of at most so many characters."""


def read(document: Mapping[str, Any], what: str) -> PublishedResult:
    """The result that a sound JSON object describes; refused where its numbers contradict one another."""
    result, problems = FORM.read(document, what)
    with all_at_once(what, problems):
        problems += islice(contradictions(result), MOST_FOUND)
        return result


def published(result: Result, nodes: Collection[str] | None = None) -> PublishedResult:
    """What a result publishes, or of some nodes of it."""
    told, units = _publication(result, nodes)
    return attrs.evolve(told, units=tuple(units.each()))


def _publication(result: Result, nodes: Collection[str] | None) -> tuple[PublishedResult, UnitColumns]:
    rubric, marks = rubrics.write(result.rubric), sheets.hashable(result.marks)
    return publication(result, content_hash(rubric), content_hash(marks), nodes)


def write(result: Result | PublishedResult, nodes: Collection[str] | None = None) -> dict[str, Any]:
    """The document of a result, or of some nodes of it; exact numbers are text, its policy is written in full."""
    if isinstance(result, Result):
        told, units = _publication(result, nodes)
        document = FORM.write(told) | {"units": _units_out(units)}
    elif nodes is None:
        told, document = result, FORM.write(result)
    else:
        raise InvalidArgument(Sentence(RESULTS["nodes_of_published"]))
    _refuse_what_none_reads(document, told.scores.values())
    return document


def _units_out(units: UnitColumns) -> list[dict[str, Any]]:
    """The units, written column by column; what is said of many is written once, and copied."""
    sheet, said = units.result.marks, [*map(FORM.plain, units.said)]
    mark = cache(lambda ticks: columns.exact_text(units.mark(ticks)))

    def excluded_out(place: int, ticks: float | None) -> dict[str, Any]:
        own = {key: [*value] if type(value) is list else value for key, value in said[place].items()}
        return own if ticks is None else own | {"ignored": mark(ticks)}

    written = {
        "code": sheet.units,
        "name": [*map(FORM.plain, sheet.names or ())],
        "attributes": sheets.attributes_out(sheet, FORM.plain),
        "block": units.block,
        "unranked": [each and FORM.plain(each) for each in units.unranked],
        "excluded": [[excluded_out(*each) for each in listed] or None for listed in units.excluded],
        "adjusted": [FORM.plain(each) if each else None for each in units.adjusted],
        "grade_limits": [[*places] or None for places in units.grade_limits],
    }
    return sheets.rows_out({name: column for name, column in written.items() if any(column)})


def differences(told: PublishedResult, result: Result) -> list[Problem]:
    """Where a published result is not what a result would publish, its units merged where they are."""
    is_partial = any(node.partial for node in told.nodes)
    nodes = [node for node in told if node in result] if is_partial else None
    again = merged_like(told, published(result, nodes))
    written, expected = (_comparable(write(each)) for each in (told, again))
    return [*islice(_differing((), written, expected), MOST_FOUND)]


def _comparable(document: dict[str, Any]) -> dict[str, Any]:
    """A document without what software says in words of its own."""
    units = [dict(unit) for unit in document["units"]]
    for unit in units:
        if unit.get("unranked", {}).get("why", "unit") != "unit":
            unit["unranked"] = {"why": unit["unranked"]["why"]}
    kept = {key: value for key, value in document.items() if key not in ("library", "custom")}
    return kept | {"units": units}


def _differing(path: Path, written: Any, expected: Any) -> Iterator[Problem]:
    if isinstance(written, dict) and isinstance(expected, dict):
        for key in dict.fromkeys((*written, *expected)):
            yield from _differing((*path, key), written.get(key), expected.get(key))
    elif isinstance(written, list) and isinstance(expected, list) and len(written) == len(expected):
        for at, pair in enumerate(zip(written, expected, strict=True)):
            yield from _differing((*path, at), *pair)
    elif written != expected or isinstance(written, bool) != isinstance(expected, bool):
        values = {"value": shorten(written), "other": shorten(expected)}
        yield Problem(path, Sentence(RESULTS["verify"], values), "verify")


def _refuse_what_none_reads(document: dict[str, Any], scores: Iterable[NodeScores]) -> None:
    """A document larger than is read again; only one that might be is counted exactly."""
    lengths = [pair for each in scores for pair in columns.lengths(each)]
    beside = {key: value for key, value in document.items() if key != "scores"}
    rest = len(json.dumps(beside, check_circular=False))
    # a value takes two characters at least
    values = sum(count for count, _ in lengths) + rest // 2
    if rest + sum(count * most for count, most in lengths) <= LIMITS.size and values <= LIMITS.values:
        return
    if len(json.dumps(document)) > LIMITS.size or any(flaws(document, LIMITS, set())):
        names = {"units": len(document["units"]), "nodes": len(document["nodes"])}
        raise InvalidArgument(Sentence(RESULTS["too_large"], names))


def _alike(read: Callable[[Any, Any], NotCounted]) -> Callable[[Any, Any], NotCounted]:
    """One value for all that are written alike: what did not count is the same for most units."""
    known: dict[str, NotCounted] = {}

    def read_once(written: Any, kind: Any) -> NotCounted:
        text = repr(written)
        if text in known:
            return known[text]
        made = read(written, kind)
        if len(known) < MOST_ALIKE and len(text) < LONGEST_ALIKE:
            known[text] = made
        return made

    return read_once


def _teach(shape: Shape) -> None:
    shape.teach(NotCounted, _alike(shape.class_reader(NotCounted)))
    shape.teach(Exact, columns.exact, columns.exact_text)
    for hint, (read_column, _) in columns.KINDS.items():
        shape.teach(hint, read_column)
    shape.teach(NodeScores, shape.class_reader(NodeScores), columns.scores_out)
    shape.teach(Fraction, scalar, rubrics.exact_out)
    for within_before_whole in (Publish, Policy):
        shape.teach_in_full(within_before_whole)


FORM = DocumentForm("result", PublishedResult, _teach)
WRITTEN = (Result, PublishedResult)
