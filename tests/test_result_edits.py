"""Result documents cannot lie: a single number changed is refused, evidence of the marks aside, each kind by name."""

import copy
import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from reference_rules import Document, Refused
from strategies import contested, crowded, documents
from strategies_decisions import decided_sums

import dti_core as dti
from dti_core.documents import check
from dti_core.documents import result as writing
from dti_core.documents.text import Limits

PATHS = ("scores", "nodes", "units", "policy", "bands", "rulings", "grade_limits", "attributes")
TEXTS = (
    "points",
    "applicable",
    "score",
    "published",
    "completeness",
    "coverage",
    "maximum",
    "mark_min",
    "mark_max",
)
OF_UNITS = ("ignored", "to", "cap", "own", "gate")
EVIDENCE = {
    "units.excluded.ignored": "a mark that did not count, of which nothing else tells",
    "units.attributes": "what no rule that is told, and no tie, rests on",
    "policy.min_coverage": "a least coverage that keeps nobody, or the same units, from ranks",
    "bands.threshold": "a threshold that gives nobody another grade",
    "bands.requires": "a condition of a band that gives nobody another grade",
    "bands.quota": "a quota that lets the same units in",
    "nodes.zero_unless": "a condition of a gate that the same units meet",
    "nodes.mark_scale": "the ends of a marking scale, which the marks tell and not the points",
    "scores.points.beside": "points of bonus or penalty that a common cap, or the bounds of the total, swallow",
    "nodes.cap": "a cap that takes nothing off, or the maximum of what is under a cap and counts for nobody",
    "policy.publish": "how to print, where nobody has a score",
    "nodes.most": "the most that bonus, penalty or a stand-by leaf could have had",
    "units.excluded.rulings": "another decision that says the same of the leaf",
    "units.grade_limits": "another decision that leads to the same grade",
    "rulings": "a decision that is told of nobody",
    "grade_limits": "a limit that gives nobody another grade",
    "attributes": "the declaration of an attribute that all units meet",
}
"""Kinds of numbers that may change unnoticed where nothing else in the document follows from them: ``verify`` tells."""
some = settings(max_examples=max(10, settings().max_examples // 4))


def numbers(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of all numbers of a document, as numbers or as text."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if path or key in PATHS:
                yield from numbers(inner, (*path, key))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from numbers(inner, (*path, at))
    elif is_number(value, path):
        yield path


def is_number(value: Any, path: tuple[Any, ...]) -> bool:
    """Whether what stands at a place is a number, or text that stands for one."""
    if isinstance(value, str):
        names = [step for step in path if isinstance(step, str)]
        return names[-1] in (*TEXTS, *OF_UNITS) and names[0] != "bands"
    return isinstance(value, int | float) and not isinstance(value, bool)


def kind_of(path: tuple[Any, ...], document: Document) -> str:
    """What kind of number stands at a place."""
    names = [step for step in path if isinstance(step, str)]
    if names[0] == "scores":
        role = next(node for node in document["nodes"] if node["code"] == path[1]).get("role", "scored")
        is_beside = names[-1] == "points" and role in ("bonus", "penalty")
        return "scores.points.beside" if is_beside else f"scores.{names[-1]}"
    if names[0] == "units" and names[1] in ("attributes", "adjusted"):
        return f"units.{names[1]}"
    if names[0] == "nodes":
        names[1] = "mark_scale" if names[1] in ("mark_min", "mark_max") else names[1]
        if names[1] == "maximum" and document["nodes"][path[1]].get("role", "scored") != "scored":
            names[1] = "most"
        capped = [node for node in document["nodes"] if node.get("cap")]
        code = document["nodes"][path[1]]["code"]
        if names[1] == "maximum" and any(code in (node["code"], *node["children"]) for node in capped):
            names[1] = "cap"
    if names[0] == "bands":
        names[1] = "threshold" if names[1] in ("at_least", "above") else names[1]
    if names[0] in ("rulings", "grade_limits", "attributes"):
        return names[0]
    return ".".join(names[:3] if names[0] == "units" else names[:2])


def at(document: Document, path: tuple[Any, ...]) -> Any:
    """What stands at a place."""
    value: Any = document
    for step in path:
        value = value[step]
    return value


def others(value: Any) -> Iterator[Any]:
    """Other numbers than one that is there, near and far."""
    if isinstance(value, str):
        number, decimals = Fraction(value), len(value.partition(".")[2])
        for step in (Fraction(1, 10 ** max(decimals, 1)), Fraction(1), -Fraction(1), number + 1):
            changed = number + step
            places = max(decimals, 1)
            yield (
                f"{float(changed):.{decimals}f}" if step.denominator == 1 else f"{float(changed):.{places}f}"
            )
        yield "0"
    else:
        yield from (value + 1, value - 1, 2 * value + 1, 0)


def edited(document: Document, path: tuple[Any, ...], value: Any) -> Document:
    """The document with another value at a place."""
    changed = copy.deepcopy(document)
    at(changed, path[:-1])[path[-1]] = value
    return changed


def document_of(pair: tuple[Document, Document]) -> Document:
    """The result document of a rubric and marks, as a file holds it."""
    rubric = dti.load_rubric(pair[0])
    result = dti.evaluate(rubric, dti.load_marks(pair[1], rubric))
    return json.loads(json.dumps(dti.to_document(result)))  # type: ignore[no-any-return]


@some
@given(st.one_of(documents(), contested(), crowded(), decided_sums()), st.data())
def test_no_single_number_changes_unnoticed(pair: tuple[Document, Document], data: st.DataObject) -> None:
    """A number changed to another value is refused, or is evidence of which no other number tells."""
    try:
        document = document_of(pair)
    except (dti.InvalidDocument, Refused):
        assume(False)  # noqa: FBT003
    assume(document["units"])
    places = [*numbers(document)]
    for path in data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=8)):
        was = at(document, path)
        value = data.draw(st.sampled_from([other for other in others(was) if not same(other, was)]))
        if not check(edited(document, path, value)):
            assert kind_of(path, document) in EVIDENCE, (path, was, value)


def same(one: Any, other: Any) -> bool:
    """Whether two values are one number."""
    return Fraction(one) == Fraction(other)


@some
@given(st.one_of(contested(), crowded(), decided_sums()), st.data())
def test_nothing_is_left_out_unnoticed(pair: tuple[Document, Document], data: st.DataObject) -> None:
    """A column or value taken out is refused, or says the same; so is a number made null."""
    try:
        document = document_of(pair)
    except (dti.InvalidDocument, Refused):
        assume(False)  # noqa: FBT003
    published = dti.load_result(document)
    node = data.draw(st.sampled_from([*document["scores"]]))
    field = data.draw(st.sampled_from([*document["scores"][node]]))
    column = document["scores"][node][field]
    changed = copy.deepcopy(document)
    if column and data.draw(st.booleans()):
        changed["scores"][node][field][data.draw(st.integers(0, len(column) - 1))] = None
    else:
        del changed["scores"][node][field]

    if not check(changed):
        assert dti.load_result(changed) == published


RUBRIC: Document = {
    "schema": "dti-core/rubric/1", "code": "r", "title": "R",
    "indices": [
        {"code": "1", "title": "x", "components": [
            {"code": "1.1", "title": "x", "max_points": 10}, {"code": "1.2", "title": "x", "max_points": 10}]},
        {"code": "2", "title": "x", "max_points": 10},
        {"code": "b", "title": "x", "max_points": 2, "role": "bonus"},
    ],
    "policy": {"tie_break": ["2"]},
}  # fmt: skip
MARKS: Document = {
    "schema": "dti-core/marks/1", "rubric": "r",
    "units": [{"code": "a", "marks": {"1.1": 7, "1.2": 3, "2": 8, "b": 1}}, {"code": "c", "marks": {"1.1": 9, "2": 5}}],
}  # fmt: skip


def result() -> dti.Result:
    """7 + 3 + 8 and a bonus of 1, and 9 + 5 with one mark missing."""
    rubric = dti.load_rubric(RUBRIC)
    return dti.evaluate(rubric, dti.load_marks(MARKS, rubric))


def refusals(document: Document) -> list[str]:
    """Where a result document is refused."""
    return [problem.where for problem in check(document)]


def test_a_false_winner_is_refused() -> None:
    """A total raised with its published value and both ranks does not come to what its leaves and bonus do."""
    document = dti.to_document(result())
    document["scores"]["total"] |= {"score": ["19", "20"], "published": ["19.00", "20.00"], "rank": [2, 1]}

    assert refusals(document) == [
        "$.scores.total.score[1]", "$.scores.total.published[1]",
        "$.scores.total.rank[0]", "$.scores.total.rank[1]",
    ]  # fmt: skip


def test_a_bonus_above_its_most_is_refused() -> None:
    """99 points of a bonus of at most 2, the commonest thing a document without maxima believed."""
    document = dti.to_document(result())
    document["scores"]["b"]["points"][0] = "99"

    assert refusals(document) == ["$.scores.b.points[0]"]


def test_some_nodes_of_a_result() -> None:
    """The nodes asked for are written with the total and what breaks its ties; what they are made of is left out."""
    document = dti.to_document(result(), nodes=["1"])

    assert {node["code"]: node.get("partial", False) for node in document["nodes"]} == {
        "total": True, "1": True, "2": False,
    }  # fmt: skip
    assert document["scores"]["total"]["completeness"] == ["1", "2/3"]
    read = dti.load_result(json.loads(json.dumps(document)))
    assert dti.to_document(read) == document
    whole = dti.load_result(dti.to_document(result()))
    assert {node: read[node] for node in read} == {node: whole[node] for node in ("total", "1", "2")}


def test_what_some_nodes_vouch_for() -> None:
    """Printed values, ranks and bounds are checked; sums of parts that are left out are told, and cannot be."""
    document = dti.to_document(result(), nodes=["1"])
    for field, value in {"published": "18.00", "rank": 2, "score": "31", "completeness": "2"}.items():
        changed = copy.deepcopy(document)
        changed["scores"]["total"].setdefault(field, [None, None])[0] = value
        assert f"$.scores.total.{field}[0]" in refusals(changed)
    for field, column in {"points": ["21", "9"], "applicable": ["21", "20"]}.items():
        above = copy.deepcopy(document)
        above["scores"]["1"][field] = column
        assert f"$.scores['1'].{field}[0]" in refusals(above)


def test_a_bonus_without_its_parts() -> None:
    """Bonus of 5 + 1 points is told without its parts, and believed up to their common cap of 8."""
    parts = [{"code": f"b.{at}", "title": "x", "max_points": 5, "role": "bonus"} for at in (1, 2)]
    bonus = {"code": "b", "title": "x", "max_points": 8, "cap": True, "components": parts}
    rubric = dti.load_rubric(RUBRIC | {"indices": [*RUBRIC["indices"][:2], bonus]})
    unit = {"code": "a", "marks": {"1.1": 7, "1.2": 3, "2": 8, "b.1": 5, "b.2": 1}}
    marks = dti.load_marks(MARKS | {"units": [unit]}, rubric)
    document = dti.to_document(dti.evaluate(rubric, marks), nodes=["b"])

    assert dti.load_result(document).of("a")["b"].points == 6
    document["scores"]["b"]["points"] = ["9"]
    assert refusals(document) == ["$.scores.b.points[0]"]


def test_a_leaf_without_the_index_that_was_skipped() -> None:
    """A leaf is told with the decision that names its index, though the index is left out of the document."""
    skip = {"members": ["1"], "units": ["a"], "treatment": "skip", "reason": "Chưa hướng dẫn", "basis": "01"}
    rubric = dti.load_rubric(RUBRIC)
    result = dti.evaluate(rubric, dti.load_marks(MARKS | {"exclusions": [skip]}, rubric))
    read = dti.load_result(dti.to_document(result, nodes=["1.1"]))

    assert [*read] == ["total", "1.1", "2"]
    [aside] = read.units[0].excluded
    assert aside.leaf == "1.1"
    assert aside.ignored == 7
    assert read.rulings[aside.rulings[0]].members == ("1",)


def test_verify_names_what_differs() -> None:
    """A result is verified against rubric and marks; of other marks it tells the hash and every number that differs."""
    document = dti.to_document(result())
    other = copy.deepcopy(MARKS)
    other["units"][0]["marks"]["2"] = 9

    assert dti.verify(document, RUBRIC, MARKS) == dti.load_result(document)
    assert dti.verify(result(), RUBRIC, MARKS) == dti.load_result(document)
    assert dti.verify(dti.to_document(result(), nodes=["1"]), RUBRIC, MARKS).scores.keys() == {
        "total",
        "1",
        "2",
    }
    with pytest.raises(dti.InvalidDocument) as caught:
        dti.verify(document, RUBRIC, other)
    assert [problem.where for problem in caught.value.problems] == [
        "$.marks.sha256", "$.scores.total.points[0]", "$.scores.total.score[0]", "$.scores.total.published[0]",
        "$.scores['2'].points[0]", "$.scores['2'].published[0]",
    ]  # fmt: skip


def test_verify_by_another_policy() -> None:
    """A result worked out under a policy of its own is verified by that policy, and by no other."""
    rubric = dti.load_rubric(RUBRIC)
    marks = dti.load_marks(MARKS, rubric)
    policy = dti.Policy(ties="dense")
    published = dti.load_result(dti.to_document(dti.evaluate(rubric, marks, policy=policy)))

    assert dti.verify(published, rubric, marks, policy=policy) is published
    with pytest.raises(dti.InvalidDocument, match=r"policy\.ties"):
        dti.verify(published, rubric, marks)


def test_what_cannot_be_read_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """A document larger than ``load_result`` takes is refused when it is written, with the way out."""
    smaller = dti.to_document(result(), nodes=["total"])
    monkeypatch.setattr(writing, "LIMITS", Limits(size=len(json.dumps(smaller))))

    assert dti.to_document(result(), nodes=["total"]) == smaller
    with pytest.raises(dti.InvalidArgument, match="nodes="):
        dti.to_document(result())
