"""The quick way to read a document and its JSON Schema refuse the same documents."""

import copy
from collections.abc import Mapping
from typing import Any

from full_documents import FULL, FULL_MARKS, Document
from hypothesis import given
from hypothesis import strategies as st

import dti_core as dti
from dti_core.documents.schema import Kind, shape_problems


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


def refused(kind: Kind, document: Document) -> tuple[dti.Problem, ...]:
    """Why the library refuses a document."""
    try:
        _ = dti.load_rubric(document) if kind == "rubric" else dti.load_marks(document, dti.load_rubric(FULL))
    except dti.InvalidDocument as error:
        return error.problems
    return ()


@given(mutated(FULL_MARKS))
def test_fast_path_and_schema_refuse_the_same_marks(document: Document) -> None:
    """What the schema refuses the fast path refuses, and a marks document refused for its shape has a wrong shape."""
    shape, found = list(shape_problems("marks", document)), refused("marks", document)

    assert not shape or found
    if not shape:
        assert {problem.rule for problem in found}.isdisjoint(
            {"type", "required", "additionalProperties", "key"}
        )


@given(mutated(FULL))
def test_schema_and_classes_refuse_the_same_rubrics(document: Document) -> None:
    """A rubric whose shape the schema refuses is refused, with everything that the schema says."""
    shape, found = list(shape_problems("rubric", document)), refused("rubric", document)

    assert set(shape) <= set(found)
