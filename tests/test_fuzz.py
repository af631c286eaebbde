"""Whatever is done to a document, reading it ends in a ``DTIError`` or in what is written and read again, equal."""

from __future__ import annotations

import copy
import json
import random
import sys
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import test_assessment_documents
from full_documents import FULL, FULL_MARKS, MEASURED, MEASURES
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from strategies_decisions import decided_documents
from tallied import tallied
from test_same_refusals import SCORED, places

import dti_core as dti

if TYPE_CHECKING:
    from collections.abc import Callable

    from reference_rules import Document

LARGEST_DOUBLE = sys.float_info.max
MUTANTS = 24 if settings().max_examples < 1000 else 350
"""Documents made of each that is drawn; more than 100,000 in all under the deep profile."""
RUBRIC = dti.load_rubric(FULL)
ASSESSED = test_assessment_documents.rubric()
FIXED: dict[str, tuple[Document, ...]] = {
    "rubric": (FULL, SCORED),
    "marks": (FULL_MARKS,),
    "measures": (MEASURES,),
    "assessments": (test_assessment_documents.FULL,),
}
READ_BY = {"rubric": RUBRIC, "marks": RUBRIC, "measures": MEASURED, "assessments": ASSESSED}
ODD: list[Any] = [
    None, True, False, 0, 1, -1, 0.1, 2.5, 1e14, 1e15, 1e16, -1e16, 1e308, 5e-324, 10**400, 2**53 + 1,
    float("nan"), float("inf"), -0.0, Decimal("1.5"), Decimal("1e-30"), Decimal("NaN"), np.float32(0.1),
    np.int64(7), np.bool_(1), np.datetime64("2024-01-01"), Fraction(1, 3), 1j, b"1", object(),
    "", " ", "1", "10/3", "1/0", "-1/3", "total", "NaN", "a\u0302", "\u202e1", "\ud83d", "\x00", "x" * 65, "9" * 5000,
    "1" * 10_001, "<script>", "=1+1", "2024-13-01", "skip", "substitute", "reduce", "by_level", "bonus", "standby",
    [], {}, [None], [[]], {"a": {}}, {"vi": "x", "fr": "y"}, {"const": None}, {"not": {"not": {}}}, {1: 2}, {None: 1},
]  # fmt: skip
"""What stands nowhere in a sound document, or seldom there."""
STRANGE = [b"", b"{", b"]", b'"', b",", b"\\", b"\xff", b"\xc3", b"\x00", b"NaN", b"1e999", b"0", b"\\ud83d"]


def at(document: Any, path: tuple[Any, ...]) -> Any:
    """What stands at a place."""
    for step in path:
        document = document[step]
    return document


def mutated(document: Document, chance: random.Random) -> Any:
    """The document with one to three things changed, moved, doubled, renamed or taken out; a quarter as bytes."""
    changed = copy.deepcopy(document)
    for _ in range(chance.choice([1, 1, 2, 3])):
        everywhere = places(changed)[1:]
        if not everywhere:
            break
        path, other = chance.choice(everywhere), chance.choice(everywhere)
        holder, key = at(changed, path[:-1]), path[-1]
        MUTATIONS[chance.choice([*MUTATIONS])](holder, key, copy.deepcopy(at(changed, other)), chance)
    if chance.random() < 0.25:
        return damaged(json.dumps(changed, default=str, ensure_ascii=chance.random() < 0.5), chance)
    return changed


def nudged(value: Any, chance: random.Random) -> Any:
    """A number near by, or text or a truth that is almost the same."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        parts = [value / 3, value + 0.01] if abs(value) < LARGEST_DOUBLE else [value // 3]
        return chance.choice([value + 1, value - 1, -value, value * 10, *parts, str(value)])
    if isinstance(value, str):
        return chance.choice(
            [value + "x", value[:-1], value.upper(), value + "\u0301", f" {value}", value * 40]
        )
    return chance.choice(ODD)


def renamed(holder: Any, key: Any, chance: random.Random) -> None:
    """A key called otherwise; a list in another order."""
    if isinstance(holder, dict):
        holder[chance.choice([f"{key}x", "custom", "code", "by", str(key)[::-1]])] = holder.pop(key)
    else:
        chance.shuffle(holder)


def doubled(holder: Any, key: Any, other: Any, chance: random.Random) -> None:
    """An entry once more, or many times more."""
    if isinstance(holder, list):
        holder[key:key] = [copy.deepcopy(holder[key]) for _ in range(chance.choice([1, 1, 3, 200]))]
    else:
        holder[f"{key}{chance.randint(0, 9)}"] = other


MUTATIONS: dict[str, Callable[[Any, Any, Any, random.Random], None]] = {
    "odd": lambda holder, key, _, chance: holder.__setitem__(key, copy.copy(chance.choice(ODD))),
    "near": lambda holder, key, _, chance: holder.__setitem__(key, nudged(holder[key], chance)),
    "moved": lambda holder, key, other, _: holder.__setitem__(key, other),
    "gone": lambda holder, key, *_: holder.__delitem__(key),
    "renamed": lambda holder, key, _, chance: renamed(holder, key, chance),
    "doubled": doubled,
}


def damaged(text: str, chance: random.Random) -> bytes:
    """Text as bytes of which a few are others, doubled, cut or strange."""
    data = bytearray(text.encode("utf-8", "replace"))
    for _ in range(chance.choice([0, 1, 1, 2, 4])):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice([0, 1, 1, 2, 20]))
        data[start:end] = chance.choice([*STRANGE, bytes(data[start:end] * 2)])
    return bytes(data)


def load(kind: str, source: Any, rubric: dti.Rubric) -> Any:
    """What is read of a source."""
    with_rubric = {
        "marks": dti.load_marks,
        "measures": dti.load_measures,
        "assessments": dti.load_assessments,
    }
    alone = {"rubric": dti.load_rubric, "result": dti.load_result, "explanation": dti.load_explanation}
    return with_rubric[kind](source, rubric) if kind in with_rubric else alone[kind](source)


def check(kind: str, source: Any, rubric: dti.Rubric) -> None:
    """Reading ends well, and what is read is written, read again and asked."""
    tallied["documents mutated"] += 1
    refusals: list[dti.DTIError] = []
    try:
        read = load(kind, source, rubric)
    except dti.DTIError as error:
        refusals.append(error)
    if refusals:
        assert refusals[0].text("vi") != refusals[0].text("en")
        return
    tallied["documents accepted"] += 1
    assert load(kind, json.dumps(dti.to_document(read), ensure_ascii=False).encode(), rubric) == read
    if kind == "marks":
        try:
            result = dti.evaluate(read.rubric, read)
        except dti.DTIError:
            return
        again = dti.load_result(json.dumps(dti.to_document(result)).encode())
        assert [unit.code for unit in again.units] == [*read.units]
    if kind == "measures":
        try:
            dti.score(read)
        except dti.DTIError:
            return


def drawn_of(kind: str, pair: tuple[Document, Document]) -> tuple[Document, dti.Rubric] | None:
    """The document of a kind that a drawn rubric and marks come to; None where there is none."""
    if kind in ("measures", "assessments"):
        return FIXED[kind][0], READ_BY[kind]
    try:
        rubric = dti.load_rubric(pair[0])
        sheet = dti.load_marks(pair[1], rubric)
        result = dti.evaluate(rubric, sheet)
    except dti.InvalidDocument:
        return None
    if kind in ("rubric", "marks"):
        return pair[kind == "marks"], rubric
    if kind == "result":
        return dti.to_document(result), rubric
    return (dti.to_document(result.explain(result.units[0])), rubric) if result.units else None


@settings(max_examples=max(10, settings().max_examples // 20))
@pytest.mark.parametrize("kind", ["rubric", "marks", "measures", "assessments", "result", "explanation"])
@given(pair=decided_documents(), seed=st.integers(0, 2**32))
def test_fuzz(kind: str, pair: tuple[Document, Document], seed: int) -> None:
    """Mutated documents are refused by a ``DTIError`` told in both languages, or are read, written and read again."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    found = drawn_of(kind, pair)
    if found is None:
        reject()
    for number in range(MUTANTS):
        document, rubric = (
            found if number % 2 or kind not in FIXED else (chance.choice(FIXED[kind]), READ_BY[kind])
        )
        check(kind, mutated(document, chance), rubric)
