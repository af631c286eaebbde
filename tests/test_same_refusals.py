"""The quick way to read a document and its JSON Schema refuse the same documents."""

import copy
from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from typing import Any, cast

import pytest
from full_documents import FULL, FULL_MARKS, MEASURED, MEASURES, Document
from hypothesis import given
from hypothesis import strategies as st

import dti_core as dti
from dti_core.documents.schema import CONDITIONAL, DocumentKind, resolved, schema, shape_problems


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a document."""
    inner = (
        value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    )
    return [path, *(place for step, each in inner for place in places(each, (*path, step)))]


ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, False, 0, 1, -1, 2.0, 1.5, 1e14, 1e16, -1e16, "", " ", "1",
     "x" * 65, "x" * 10001, [], {}, ["1"],
     [None], [{}], {"vi": "x"}, {"vi": "x", "fr": "y"}, {"const": 1}, {"a": None},
     "skip", "substitute", "count", "2024"]
)  # fmt: skip
STRAY = st.sampled_from(["stray", "by", "units", "en", "custom", "role", "not", "", "x" * 65, "name"])


@st.composite
def mutated(draw: st.DrawFn, document: Document) -> Document:
    """The document with one to three things changed, dropped or added."""
    changed = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(places(changed)[1:] or [("schema",)]))
        holder: Any = changed
        for step in path[:-1]:
            holder = holder[step]
        kind = draw(st.sampled_from(["change", "drop", "add"]))
        if (
            kind == "drop"
            and path[-1] != "schema"
            and path[-1] in (holder if isinstance(holder, dict) else ())
        ):
            del holder[path[-1]]
        elif kind == "add" and isinstance(holder, dict):
            holder[draw(STRAY)] = copy.deepcopy(draw(ODD))
        elif path[-1] != "schema":
            holder[path[-1]] = copy.deepcopy(draw(ODD))
    return changed


WHY = {"when_zero": "not_applicable", "reason": "r", "basis": "b"}
TIER: Document = {"at_least": 0, "share": 0}
PART: Document = {"code": "p", "share": 1, "scoring": {"kind": "tiers", "tiers": [TIER], "of": "percent"}}
METHODS: list[Document] = [
    {"kind": "direct", "rounding": "down", "step": 0.5},
    {"kind": "yes_no"},
    {"kind": "choice", "answers": {"a": 1}},
    {"kind": "ratio", "of": "percent", "target": 0.5, "floor": "1/4", "cap": True, "complement": True},
    {"kind": "tiers", "tiers": [TIER], "of": "ratio", "cap": True, **WHY},
    {"kind": "count", "per_item": 1, "cap": 1},
    {"kind": "parts", "parts": [PART]},
    {"kind": "best_of", "parts": [PART]},
    {"kind": "worst_of", "parts": [PART]},
    {"kind": "relative", "of": "per", "when_zero": "zero"},
    {"kind": "scale", "low": 0, "high": "10/3"},
    {"kind": "target", "of": "value", "at_most": 4},
    {"kind": "deduct", "per_item": "1/3"},
]
SCORED: Document = {
    "schema": "dti-core/rubric/1",
    "code": "scored",
    "title": "s",
    "mark_decimals": 1,
    "policy": {"publish": {"as": "scale", "of": 5}},
    "bands": [{"code": "b", "title": "b", "at_least": 0}],
    "indices": [
        {"code": f"m{at}", "title": "m", "max_points": 1, "scoring": method}
        for at, method in enumerate(METHODS)
    ],
}
RUBRIC = dti.load_rubric(FULL)
RESULT: Document = dti.to_document(dti.evaluate(RUBRIC, dti.load_marks(FULL_MARKS, RUBRIC)))
LOADS: dict[DocumentKind, Callable[[Document], object]] = {
    "rubric": dti.load_rubric,
    "marks": lambda document: dti.load_marks(document, RUBRIC),
    "measures": lambda document: dti.load_measures(document, MEASURED),
    "result": dti.load_result,
}
SHAPE = {"type", "required", "additionalProperties", "key"}
"""Rules that only a wrong shape breaks."""


def refused(kind: DocumentKind, document: Document) -> tuple[dti.Problem, ...]:
    """Why the library refuses a document."""
    try:
        LOADS[kind](document)
    except dti.InvalidDocument as error:
        return error.problems
    return ()


def agree(kind: DocumentKind, document: Document) -> None:
    """What the schema refuses the classes refuse; what the classes refuse for its shape the schema refuses."""
    shape, problems = list(shape_problems(kind, document)), refused(kind, document)

    assert not shape or problems
    if not shape:
        assert {problem.rule for problem in problems}.isdisjoint(SHAPE)


@given(mutated(FULL_MARKS))
def test_marks(document: Document) -> None:
    """Marks are refused by both or by neither, as far as their shape goes."""
    agree("marks", document)


@given(mutated(MEASURES))
def test_measures(document: Document) -> None:
    """Measures are refused by both or by neither, as far as their shape goes."""
    agree("measures", document)


@given(mutated(RESULT))
def test_results(document: Document) -> None:
    """Results are refused by both or by neither, as far as their shape goes."""
    agree("result", document)


@given(mutated(FULL) | mutated(SCORED))
def test_rubrics(document: Document) -> None:
    """A rubric whose shape the schema refuses is refused, with everything that the schema says.

    Only of what rests on the rest of a part the classes may know better.
    """
    shape, problems = list(shape_problems("rubric", document)), refused("rubric", document)
    unsaid = set(shape) - set(problems)

    assert {problem.rule for problem in unsaid} <= CONDITIONAL
    assert {problem.path for problem in unsaid} <= {problem.path for problem in problems}


# How much a list or an object may hold, of which the classes know only what the schema says

FILLED = {**FULL, "indices": [*FULL["indices"], *SCORED["indices"]]}
WHOLE: dict[DocumentKind, Document] = {
    "rubric": FILLED,
    "marks": FULL_MARKS,
    "measures": MEASURES,
    "result": RESULT,
}


def part_at(kind: DocumentKind, path: tuple[str | int, ...]) -> Any:
    """The part of a schema that describes a place in a document; empty where it describes none."""
    defs = schema(kind)["$defs"]
    part: Any = schema(kind)
    for step in path:
        named, others = part.get("properties", {}), part.get("additionalProperties") or {}
        of_methods = [
            each["properties"][step] for each in defs.values() if step in each.get("properties", ())
        ]
        inside = part.get("items", {}) if isinstance(step, int) else named.get(step) or others
        part = resolved(kind, inside or next(iter(of_methods), {}))
    return part


def crowded(kind: DocumentKind) -> Iterator[tuple[str, Document]]:
    """The document with each list and object in it, one at a time, one entry longer than its schema has it."""
    for path in places(WHOLE[kind])[1:]:
        if "custom" in path or 1 in path:
            continue
        part, document = part_at(kind, path), copy.deepcopy(WHOLE[kind])
        most = part.get("maxItems", part.get("maxProperties", 10**6))
        holder: Any = reduce(lambda inside, step: inside[step], path[:-1], cast("Any", document))
        value = holder[path[-1]]
        if most <= 10_000 and isinstance(value, list) and value:
            holder[path[-1]] = value[:1] * (most + 1)
            yield ".".join(map(str, path)), document
        elif most <= 10_000 and isinstance(value, dict):
            holder[path[-1]] = {f"n{at}": next(iter(value.values()), {}) for at in range(most + 1)}
            yield ".".join(map(str, path)), document


CROWDED = {f"{kind} {place}": (kind, document) for kind in WHOLE for place, document in crowded(kind)}


@pytest.mark.parametrize("place", CROWDED)
def test_long_lists(place: str) -> None:
    """A list or an object with more entries than its schema allows is refused for that, whatever the entries are."""
    kind, document = CROWDED[place]

    assert {problem.rule for problem in refused(kind, document)} & {"maxItems", "maxProperties", "size"}


def test_every_short_list_is_tried() -> None:
    """No bound of the rubric's schema is forgotten."""
    tried = {place.rpartition(".")[2].rpartition(" ")[2] for place in CROWDED}
    bounded = {
        key
        for part in (schema("rubric"), *schema("rubric")["$defs"].values())
        for key, value in part.get("properties", {}).items()
        if {"maxItems", "maxProperties"} & resolved("rubric", value).keys()
    }

    assert bounded - tried == set()
