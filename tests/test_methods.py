"""Each scoring kind gives what its rule says of every single unit, exactly, and refuses what cannot be meant."""

import json
import re
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference_scoring import ROUNDED, Json, mark, reference
from strategies_scoring import rules

import dti_core as dti
from dti_core.exact.rationals import Rationals
from dti_core.methods import KINDS, Given, Method, register


def one_leaf(scoring: Json, maximum: Json = 20, **keys: Json) -> dti.Rubric:
    """A rubric of one leaf."""
    leaf = {"code": "1", "title": "Chỉ số giả định", "max_points": maximum, "scoring": scoring}
    document = {"schema": "dti-core/rubric/1", "code": "r", "title": "Bộ chỉ số giả định", "indices": [leaf]}
    return dti.load_rubric(document | keys)


def scored(rubric: dti.Rubric, cells: Sequence[Json], **others: Any) -> list[float | None]:
    """What units with these measures get."""
    units = [f"u{at}" for at in range(len(cells))]
    sheet = dti.score(dti.Measures.from_rows([{"1": cell} for cell in cells], rubric, units=units, **others))
    return [sheet.of(unit)["1"] for unit in units]


@given(data=st.data())
def test_every_kind_unit_by_unit(data: st.DataObject) -> None:
    """All units at once get what the rule gives each alone, rounded once; their order does not matter."""
    rule, measures = data.draw(rules())
    cells = data.draw(st.lists(st.none() | measures, max_size=7))
    decimals = data.draw(st.integers(2, 4))
    if rule["kind"] != "direct":
        rule |= {"rounding": data.draw(st.sampled_from([*ROUNDED]))}
        rule |= data.draw(st.sampled_from([{}, {"step": 0.25}, {"step": 2.5}, {"step": 20}]))
    rubric = one_leaf(rule, mark_decimals=decimals)

    points = [reference(rule, Fraction(20), cell, cells) for cell in cells]
    expected = [None if each is None else float(mark(rule, each, decimals)) for each in points]

    assert scored(rubric, cells) == expected
    assert scored(rubric, cells[::-1]) == expected[::-1]


@given(data=st.data())
def test_a_working_is_replayable(data: st.DataObject) -> None:
    """The trace of a mark holds its exact points, and each kind can be told in both languages."""
    rule, measures = data.draw(rules())
    cells = data.draw(st.lists(st.none() | measures, min_size=1, max_size=4))
    rubric = one_leaf(rule)
    units = [f"u{at}" for at in range(len(cells))]
    sheet = dti.score(dti.Measures.from_rows([{"1": cell} for cell in cells], rubric, units=units))

    for unit, cell in zip(units, cells, strict=True):
        trace = dti.trace(sheet, unit, "1")
        assert trace.working.points == reference(rule, Fraction(20), cell, cells)
        assert trace.text("vi")
        assert trace.text("en")


TIERS = [{"at_least": 0.8, "share": 1}, {"at_least": 0.5, "share": "1/2"}, {"at_least": 0, "share": 0}]
QUICK = [{"at_most": 15, "points": 20}, {"at_most": 45, "points": 10}, {"points": 0}]
IN_STEPS = {"kind": "ratio", "step": 0.25, "rounding": "down"}
BOTH = [{"code": code, "share": 1, "scoring": {"kind": "ratio"}} for code in "xy"]
SAID = {
    "ratio": ({"kind": "ratio"}, {"a": 31, "b": 40}, "31 / 40 × 20 = 15,5"),
    "rounded": ({"kind": "ratio"}, {"a": 2, "b": 3}, "2 / 3 × 20 = 40/3 ≈ 13,333333, làm tròn 13,33"),
    "target": ({"kind": "ratio", "target": 0.8}, {"a": 1, "b": 2}, "1 / 2 / 0,8 × 20 = 12,5"),
    "target met": ({"kind": "ratio", "target": 0.8}, {"a": 9, "b": 10}, "min(1; 9 / 10 / 0,8) × 20 = 20"),
    "capped": ({"kind": "ratio", "cap": True}, {"a": 11, "b": 8}, "min(1; 11 / 8) × 20 = 20"),
    "complement": ({"kind": "ratio", "complement": True}, {"a": 3, "b": 40}, "(1 − 3 / 40) × 20 = 18,5"),
    "b = 0": ({"kind": "ratio", "when_zero": "full_marks"}, {"a": 0, "b": 0}, "0 / 0 ⇒ 20"),
    "tiers": ({"kind": "tiers", "of": "percent", "tiers": TIERS}, 65, "65 / 100 ≥ 0,5 ⇒ 10"),
    "linear": (
        {"kind": "tiers", "of": "ratio", "tiers": TIERS, "between": "linear"},
        {"a": 13, "b": 20},
        "10 + (13 / 20 − 0,5) / (0,8 − 0,5) × (20 − 10) = 15",
    ),
    "choice": ({"kind": "choice", "answers": {"Phó": "1/2"}}, "Phó", "“Phó” ⇒ 0,5 × 20 = 10"),
    "yes_no": ({"kind": "yes_no"}, True, "có ⇒ 20"),
    "count": ({"kind": "count", "per_item": 1, "cap": 5}, 9, "min(5; 9 × 1) = 5"),
    "deduct": ({"kind": "deduct", "per_item": 2.5}, 3, "20 − 3 × 2,5 = 12,5"),
    "scale": ({"kind": "scale", "high": 10}, 7.16, "7,16 / 10 × 20 = 14,32"),
    "target kind": ({"kind": "target", "at_most": 3}, 4, "4 > 3 ⇒ 0"),
    "relative": ({"kind": "relative"}, 1250.5, "1.250,5 / 1.250,5 × 20 = 20"),
    "nobody has any": ({"kind": "relative", "when_zero": "zero"}, 0, "0 ⇒ 0"),
    "floor": ({"kind": "ratio", "floor": 0.8}, {"a": 90, "b": 100}, "90 / 100 × 20 = 18"),
    "below the floor": ({"kind": "ratio", "floor": 0.8}, {"a": 79, "b": 100}, "79 / 100 < 0,8 ⇒ 0"),
    "below the floor of a complement": (
        {"kind": "ratio", "floor": 0.8, "complement": True}, {"a": 3, "b": 10}, "(1 − 3 / 10) < 0,8 ⇒ 0",
    ),
    "up to": ({"kind": "tiers", "tiers": QUICK}, 45, "45 ≤ 45 ⇒ 10"),
    "the rest": ({"kind": "tiers", "tiers": QUICK}, 46, "46 > 45 ⇒ 0"),
    "linear and falling": (
        {"kind": "tiers", "tiers": QUICK, "between": "linear"}, 30, "10 + (45 − 30) / (45 − 15) × (20 − 10) = 15",
    ),
    "falling scale": (
        {"kind": "scale", "low": 10, "high": 60, "complement": True}, 20, "(1 − (20 − 10) / (60 − 10)) × 20 = 16",
    ),
    "capped scale": ({"kind": "scale", "high": 60, "cap": True}, 61.5, "min(1; 61,5 / 60) × 20 = 20"),
    "lowest is best": (
        {"kind": "relative", "of": "per", "best": "lowest"}, {"a": 6, "b": 4}, "1,5 / (6 / 4) × 20 = 20",
    ),
    "amount": ({"kind": "deduct", "per_item": 2}, 2.5, "20 − 2,5 × 2 = 15"),
    "step": (
        IN_STEPS, {"a": 2, "b": 3}, "2 / 3 × 20 = 40/3 ≈ 13,333333, làm tròn xuống theo bước 0,25 điểm còn 13,25",
    ),
    "on the step": (IN_STEPS, {"a": 1, "b": 4}, "1 / 4 × 20 = 5"),
    "worst_of": (
        {"kind": "worst_of", "parts": BOTH},
        {"x": {"a": 9, "b": 10}, "y": {"a": 3, "b": 4}},
        "min(9 / 10 × 20; 3 / 4 × 20) = 15",
    ),
    "direct": ({"kind": "direct"}, 4.25, "4,25"),
    "missing": ({"kind": "ratio"}, {"b": 3}, "chưa có số liệu: a"),
    "parts": (
        {"kind": "parts", "parts": [
            {"code": "x", "points": 15, "scoring": {"kind": "ratio"}},
            {"code": "y", "points": 5, "scoring": {"kind": "count", "per_item": 1}}]},
        {"x": {"a": 4, "b": 5}, "y": 3},
        "4 / 5 × 15 + 3 × 1 = 15",
    ),
    "best_of": (
        {"kind": "best_of", "parts": [
            {"code": "x", "share": 1, "scoring": {"kind": "ratio"}},
            {"code": "y", "share": "1/2", "scoring": {"kind": "yes_no"}}]},
        {"x": {"a": 1, "b": 4}, "y": True},
        "max(1 / 4 × 20; có ⇒ 10) = 10",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("scoring", "measure", "said"), SAID.values(), ids=[*SAID])
def test_said_in_one_line(scoring: Json, measure: Json, said: str) -> None:
    """A mark is told as the calculation a person would check."""
    rubric = one_leaf(scoring)

    sheet = dti.score(dti.Measures.from_rows([{"1": measure}], rubric, units=["a"]))

    assert str(dti.trace(sheet, "a", "1")) == said


STEPS_SAID = {
    "down": ("làm tròn xuống theo bước 2,5 điểm còn 2,5", "rounded down in steps of 2.5 to 2.5"),
    "half_up": (
        "làm tròn đến bước 2,5 điểm gần nhất (đúng nửa bước thì lên) thành 5",
        "rounded to the nearest step of 2.5, halves up, to 5",
    ),
    "half_even": (
        "làm tròn đến bước 2,5 điểm gần nhất (đúng nửa bước thì về bước chẵn) thành 5",
        "rounded to the nearest step of 2.5, halves to the even one, to 5",
    ),
}


@pytest.mark.parametrize("rounding", STEPS_SAID)
def test_a_step_says_its_direction(rounding: str) -> None:
    """3.75 points lie half-way between 2.5 and 5: the line says which way they go, in both languages."""
    rubric = one_leaf({"kind": "ratio", "step": 2.5, "rounding": rounding})

    sheet = dti.score(dti.Measures.from_rows([{"1": {"a": 3, "b": 16}}], rubric, units=["a"]))

    vi, en = STEPS_SAID[rounding]
    assert dti.trace(sheet, "a", "1").text("vi") == f"3 / 16 × 20 = 3,75, {vi}"
    assert dti.trace(sheet, "a", "1").text("en") == f"3 / 16 × 20 = 3.75, {en}"


def of(*shares: tuple[float, float]) -> list[Json]:
    """Measures of two inputs."""
    return [{"a": a, "b": b} for a, b in shares]


ZERO: Json = {"kind": "relative", "best": "lowest"}
WHY = {"reason": "Không phát sinh", "basis": "Điều 5"}
WORTH: dict[str, tuple[Json, list[Json], list[float | None]]] = {
    # 20 × 4/4, 4/5, 4/8
    "lowest is best": ({"kind": "relative", "best": "lowest"}, [4, 5, 8], [20, 16, 10]),
    # 20 × (8 − 4)/4, (8 − 5)/4, 0/4
    "from the lowest": ({"kind": "relative", "best": "lowest", "to": "min_max"}, [4, 5, 8], [20, 15, 0]),
    # 0/0 is what the rule says, 0/5 is 0
    "lowest of 0 in full": (ZERO | {"when_zero": "full_marks"}, [0, 5, None], [20, 0, None]),
    "lowest of 0 is 0": (ZERO | {"when_zero": "zero"}, [0, 5], [0, 0]),
    # the unit with 0 is no cohort: 20 × 4/4, 4/5
    "lowest of 0 excluded": (ZERO | {"when_zero": "not_applicable"} | WHY, [0, 4, 5], [None, 20, 16]),
    # a per b: 3/2, 6/2, and b = 0
    "lowest a per b": (
        ZERO | {"of": "per", "when_zero": "zero"}, of((3, 2), (6, 2), (1, 0)), [20, 10, 0],
    ),
    "up to, closed": ({"kind": "tiers", "tiers": QUICK}, [0, 15, 15.01, 45, 45.01], [20, 20, 10, 10, 0]),
    # 20, then 20 − 10 × 6/30, 10; from there on the rest
    "up to, linear": (
        {"kind": "tiers", "tiers": QUICK, "between": "linear"}, [3, 15, 21, 45, 45.01], [20, 20, 18, 10, 0],
    ),
    # 5 + (45 − 21) / 30 × (20 − 5)
    "up to, linear, to a quarter": (
        {"kind": "tiers", "between": "linear",
         "tiers": [{"at_most": 15, "points": 20}, {"at_most": 45, "share": "1/4"}, {"points": 1}]},
        [21, 45, 46], [17, 5, 1],
    ),
    "up to of a percent, capped": (
        {"kind": "tiers", "of": "percent", "cap": True, "tiers": [{"at_most": 0.05, "share": 1}, {"share": "1/2"}]},
        [5, 5.1, 130], [20, 10, 10],
    ),
    # 1 − (40 − 10)/50 = 0.4; beyond 60 nothing
    "falling scale, capped": (
        {"kind": "scale", "low": 10, "high": 60, "cap": True, "complement": True}, [10, 40, 60, 75], [20, 8, 0, 0],
    ),
    "capped scale": ({"kind": "scale", "high": 60, "cap": True}, [45, 60, 61.5], [15, 20, 20]),
    "floor": ({"kind": "ratio", "floor": 0.8}, of((79, 100), (80, 100), (9, 10)), [0, 16, 18]),
    # below 1/2 nothing; 0.6/0.8 × 20; from 0.8 on all
    "floor and target": (
        {"kind": "ratio", "of": "percent", "floor": "1/2", "target": 0.8}, [49, 60, 80, 90], [0, 15, 20, 20],
    ),
    # 1 − 0.3 is below 0.8, 1 − 0.2 is not
    "floor of a complement": (
        {"kind": "ratio", "of": "percent", "floor": 0.8, "complement": True}, [30, 20], [0, 16],
    ),
    "worst of": (
        {"kind": "worst_of", "parts": BOTH},
        [{"x": {"a": 1, "b": 2}, "y": {"a": 3, "b": 4}}, {"x": {"a": 0, "b": 2}}, {}],
        [10, None, None],
    ),
    "amounts counted": ({"kind": "count", "per_item": 2, "cap": 5}, [0.5, 2.5, 9.75], [1, 5, 5]),
    "amounts deducted": ({"kind": "deduct", "per_item": "4/3"}, [1.5, 15.5], [18, 0]),
    # 20/3 is 6.66…, 26 steps and a rest
    "steps down": (IN_STEPS, of((1, 3), (1, 4), (1, 1)), [6.5, 5, 20]),
    "steps to the nearest": (IN_STEPS | {"rounding": "half_up"}, of((1, 3)), [6.75]),
    "typed points in steps": ({"kind": "direct", "step": 0.25, "rounding": "down"}, [7.3, 7.25], [7.25, 7.25]),
}  # fmt: skip


@pytest.mark.parametrize(("scoring", "cells", "expected"), WORTH.values(), ids=[*WORTH])
def test_worked_by_hand(scoring: Json, cells: list[Json], expected: list[float | None]) -> None:
    """What decisions also say of a leaf of 20 points comes out as worked by hand."""
    assert scored(one_leaf(scoring), cells) == expected


def tiers(*bounds: Json, **keys: Json) -> Json:
    """Tiers from these thresholds on, worth nothing."""
    return {"kind": "tiers", "tiers": [{"at_least": each, "points": 0} for each in bounds], **keys}


def parts(whole: str, *points: Json, **scoring: Json) -> Json:
    """Parts worth these points."""
    each = scoring or {"kind": "yes_no"}
    return {
        "kind": whole,
        "parts": [{"code": f"p{at}", "points": most, "scoring": each} for at, most in enumerate(points)],
    }


REFUSED = {
    "unknown kind": ({"kind": "rato"}, "kind", "did you mean 'ratio'"),
    "own kind not registered": ({"kind": "hue:x"}, "kind", "registered"),
    "no kind": ({}, "kind", "is missing"),
    "unknown key": ({"kind": "ratio", "traget": 1}, "traget", "unknown key"),
    "share above 1": ({"kind": "choice", "answers": {"a": 1.5}}, "answers.a", "at most 1"),
    "fraction above 1": ({"kind": "choice", "answers": {"a": "4/3"}}, "answers.a", "from 0 to 1"),
    "share in words": ({"kind": "choice", "answers": {"a": "half"}}, "answers.a", "fraction such as 1/3"),
    "no answers": ({"kind": "choice", "answers": {}}, "answers", "is empty"),
    "tiers unordered": (tiers(1, 2, 0), "tiers[1].at_least", "highest first"),
    "tiers overlap": (tiers(2, 2, 0), "tiers[1].at_least", "highest first"),
    "tiers with a gap": (tiers(3, 1), "tiers[1].at_least", "a gap"),
    "tiers in percent": (tiers(80, 0, of="ratio"), "tiers[0].at_least", "write 0.8 for 80 %"),
    "tiers of two kinds": (
        {"kind": "tiers", "tiers": [{"at_most": 1, "points": 9}, {"at_least": 2, "points": 0}]},
        "tiers[1].at_least", "all by at_most but the last",
    ),
    "tier with two bounds": (
        {"kind": "tiers", "tiers": [{"at_most": 1, "at_least": 0, "points": 9}, {"points": 0}]},
        "tiers[0].at_least", "all by at_most but the last",
    ),
    "tier without a bound": (
        {"kind": "tiers", "tiers": [{"at_most": 1, "points": 9}, {"points": 5}, {"points": 0}]},
        "tiers[1].at_most", "all by at_most but the last",
    ),
    "tiers without a bound": ({"kind": "tiers", "tiers": [{"points": 5}]}, "tiers[0].at_least", "all go by"),
    "tiers without a rest": (
        {"kind": "tiers", "tiers": [{"at_most": 1, "points": 9}, {"at_most": 2, "points": 0}]},
        "tiers[1].at_most", "is for all the rest",
    ),
    "tiers up to, unordered": (
        {"kind": "tiers", "tiers": [{"at_most": 2, "points": 9}, {"at_most": 2, "points": 5}, {"points": 0}]},
        "tiers[1].at_most", "lowest first",
    ),
    "tiers up to, in percent": (
        {"kind": "tiers", "of": "ratio", "tiers": [{"at_most": 5, "points": 9}, {"points": 0}]},
        "tiers[0].at_most", "write 0.05 for 5 %",
    ),
    "threshold in quotes": (
        {"kind": "tiers", "tiers": [{"at_least": "0.79", "points": 1}, {"at_least": 0, "points": 0}]},
        "tiers[0].at_least", "a number without quotes, or a fraction such as 1/3, is needed, not '0.79'",
    ),
    "floor of 0": ({"kind": "ratio", "floor": 0}, "floor", "above 0"),
    "floor at the target": ({"kind": "ratio", "floor": 0.8, "target": 0.8}, "floor", "below 0.8"),
    "step without a direction": ({"kind": "ratio", "step": 0.25}, "rounding", "the direction that the decision takes"),
    "step of 0": ({"kind": "ratio", "step": 0, "rounding": "down"}, "step", "above 0"),
    "step too fine": ({"kind": "ratio", "step": 0.125, "rounding": "down"}, "step", "raise mark_decimals to 3"),
    "step beside the maximum": ({"kind": "ratio", "step": 0.3, "rounding": "down"}, "step", "nobody could reach it"),
    "part in steps": (parts("parts", 20, kind="ratio", step=0.5), "parts[0].scoring.step", "once"),
    "tier above the maximum": ({"kind": "tiers", "tiers": [{"at_least": 0, "points": 21}]}, "tiers[0].points", "above"),
    "tier worth both": (
        {"kind": "tiers", "tiers": [{"at_least": 0, "points": 1, "share": 1}]}, "tiers[0].points", "remove",
    ),
    "tier worth nothing said": ({"kind": "tiers", "tiers": [{"at_least": 0}]}, "tiers[0].points", "is missing"),
    "parts do not add up": (parts("parts", 10, 9.5), "parts", "19.5, not to the maximum 20"),
    "case above the maximum": (parts("best_of", 21), "parts[0]", "above the maximum"),
    "part rounds": (parts("parts", 20, kind="ratio", rounding="down"), "parts[0].scoring.rounding", "once"),
    "part not applicable": (
        parts("parts", 20, kind="ratio", when_zero="not_applicable", reason="x", basis="y"),
        "parts[0].scoring.when_zero", "whole leaf",
    ),
    "cap above the maximum": ({"kind": "count", "per_item": 1, "cap": 21}, "cap", "above the maximum"),
    "scale upside down": ({"kind": "scale", "low": 10, "high": 0}, "high", "where lower is better, declare complement"),
    "part upside down": (
        parts("parts", 20, kind="scale", low=10, high=0), "parts[0].scoring.high", "where lower is better"),
    "target without a bound": ({"kind": "target"}, "", "at_least or at_most"),
    "target with two bounds": ({"kind": "target", "at_least": 1, "at_most": 2}, "", "one of the two"),
    "target of 0": ({"kind": "ratio", "target": 0}, "target", "everyone"),
    "not applicable without basis": (
        {"kind": "ratio", "when_zero": "not_applicable", "reason": "x"}, "basis", "is missing",
    ),
    "reason for nothing": ({"kind": "ratio", "reason": "x"}, "reason", "remove"),
    "no b to be 0": (tiers(0, when_zero="zero"), "when_zero", "of: ratio, per only"),
    "cap of a value": (tiers(0, cap=True), "cap", "of: ratio, percent only"),
    "block without blocks": ({"kind": "relative", "cohort": "block"}, "cohort", "declares none"),
}  # fmt: skip


@pytest.mark.parametrize("answers", [("a",), (("a", 1, 2),), [["a", 1]], "a", ()], ids=repr)
def test_answers_without_shares(answers: Any) -> None:
    """Answers are a mapping or pairs of a name and its share; anything else is refused."""
    with pytest.raises(dti.InvalidDocument, match="names with shares are needed"):
        dti.methods.Choice(answers=answers)


@pytest.mark.parametrize(("scoring", "path", "said"), REFUSED.values(), ids=[*REFUSED])
def test_refused_when_declared(scoring: Json, path: str, said: str) -> None:
    """A rule that cannot be meant is refused with the rubric, at its place, saying what to do."""
    with pytest.raises(dti.InvalidDocument) as caught:
        one_leaf(scoring)

    (problem,) = caught.value.problems
    assert problem.where == f"$.indices[0].scoring{'.' * bool(path)}{path}"
    assert said in problem.message


TEXTS = {
    "0.79": "a number is wanted: write 0.79 without quotes",
    "0,79": "a number is wanted: write 0.79 without quotes",
    "1/0": "a fraction such as",
}


@pytest.mark.parametrize("text", TEXTS)
def test_a_number_is_no_text(text: str) -> None:
    """A threshold given as text is refused, saying how the number is written; only fractions are text."""
    with pytest.raises(dti.InvalidDocument, match=TEXTS[text]):
        dti.methods.Target(of="percent", at_least=text)

    assert dti.methods.Target(of="percent", at_least="2/3").at_least == Fraction(2, 3)


def test_lower_can_be_better() -> None:
    """What the refusals of a scale advise works: a complement worth less the higher, and a cap for what is above it."""
    rubric = one_leaf({"kind": "scale", "high": 10, "complement": True, "cap": True})

    assert scored(rubric, [0, 2.5, 10, 60]) == [20, 15, 0, 0]


GUIDE = Path(__file__).parents[1] / "docs" / "scoring.md"
ROW = re.compile(r"^\| `(\w+)` \| `(\{.*?\})` \| `(.*?)` \|", re.MULTILINE)


def test_the_guide_shows_every_kind() -> None:
    """The examples in the guide are read, take the measure beside them, and leave out no kind."""
    shown = ROW.findall(GUIDE.read_text("utf-8"))
    block = {"code": "b", "title": "Khối"}
    rubrics = [one_leaf(json.loads(rule), 50, blocks=[block]) for _, rule, _ in shown]

    assert [kind for kind, *_ in shown] == [
        rubric.indices[0].scoring.kind for rubric in rubrics if rubric.indices[0].scoring
    ]
    assert {kind for kind, *_ in shown} == {kind for kind in KINDS if ":" not in kind}
    assert all(
        scored(rubric, [json.loads(measure)])[0] for rubric, (*_, measure) in zip(rubrics, shown, strict=True)
    )


def test_refused_on_a_parent() -> None:
    """Only what gets marked is scored."""
    with pytest.raises(dti.InvalidDocument, match=r"indices\[0\]\.scoring: is said of leaves only"):
        dti.Rubric(
            "r",
            "R",
            [dti.Index("1", "A", components=[dti.Component("1.1", "B", 5)], scoring=dti.methods.YesNo())],
        )


def test_bonus_is_never_not_applicable() -> None:
    """What is never excluded takes points or none where b is 0."""
    method = dti.methods.Ratio(when_zero="not_applicable", reason="Không phát sinh", basis="Điều 5")

    with pytest.raises(dti.InvalidDocument, match="a bonus leaf takes zero or full_marks"):
        dti.Rubric("r", "R", [dti.Index("1", "A", 5), dti.Index("2", "B", 5, role="bonus", scoring=method)])


@given(rules())
def test_lossless(drawn: tuple[Json, Any]) -> None:
    """Every rule is read and written without loss, fractions included."""
    rubric = one_leaf(drawn[0])

    assert dti.load_rubric(dti.to_document(rubric)) == rubric


@register
@attrs.frozen(kw_only=True)
class Weighted(Method):
    """Two counts, the second of which weighs more: a kind of somebody's own."""

    kind = "test:weighted"
    weight: Fraction = attrs.field(default=Fraction(2), converter=Fraction)

    def inputs(self) -> dict[tuple[str, ...], Any]:
        """Two counts."""
        return {("once",): "whole", ("repeated",): "whole"}

    def points(self, given: Given) -> Rationals:
        """The weighted sum."""
        return (given.number("once") + given.number("repeated") * self.weight).at_most(given.maximum)


def test_a_kind_of_ones_own() -> None:
    """A registered class is read by its kind, scores, is written, and can stand inside the library's kinds."""
    own = {"kind": "test:weighted", "weight": 3}
    rubric = one_leaf({"kind": "best_of", "parts": [{"code": "x", "share": 1, "scoring": own}]})
    measured = {"x": {"once": 2, "repeated": 4}}

    sheet = dti.score(dti.Measures.from_rows([{"1": measured}], rubric, units=["a"]))

    assert sheet.of("a") == {"1": 14}
    assert dti.to_document(rubric)["indices"][0]["scoring"]["parts"][0]["scoring"] == own
    assert str(dti.trace(sheet, "a", "1")) == "once: 2, repeated: 4 = 14"
    with pytest.raises(dti.InvalidDocument, match=r"is 2\.5; a count is a whole number"):
        scored(rubric, [{"x": {"once": 2.5, "repeated": 4}}])


class Careless(Method):
    """A kind of somebody's own that gives what it likes."""

    kind = "test:careless"
    gives: Any = None

    def points(self, _: Given) -> Rationals:
        """Not always what is wanted."""
        return type(self).gives  # type: ignore[no-any-return]


@pytest.mark.parametrize("gives", [None, 5, [1.0, 2.0], np.array([1.0, 2.0]), Rationals.of([1.0])], ids=type)
def test_a_kind_that_gives_no_points(gives: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a kind of one's own gives is refused, by its name, where it is not one exact number for each unit."""
    monkeypatch.setattr(Careless, "gives", gives)
    whole = dti.Rubric("r", "R", [dti.Index("1", "A", 20, scoring=Careless())])
    part = dti.methods.Part(code="x", share=1, scoring=Careless())
    inside = dti.Rubric("r", "R", [dti.Index("1", "A", 20, scoring=dti.methods.BestOf(parts=[part]))])

    with pytest.raises(dti.InvalidArgument, match=r"points of 'test:careless' are .*; give Rationals"):
        scored(whole, [1, 2])
    with pytest.raises(dti.InvalidArgument, match=r"points of 'test:careless' are .*; give Rationals"):
        scored(inside, [{"x": 1}, {"x": 2}])


def test_a_kind_of_ones_own_that_cannot_take_a_value() -> None:
    """Whatever error the class of one's own kind raises is a problem of the document, where the leaf is scored."""
    with pytest.raises(dti.InvalidDocument) as refused:
        one_leaf({"kind": "test:weighted", "weight": "two"})

    assert [problem.where for problem in refused.value.problems] == ["$.indices[0].scoring"]


@pytest.mark.parametrize(
    ("kind", "said"), [("weighted", "has a colon"), ("test:weighted", "already the kind of Weighted")]
)
def test_a_kind_that_is_taken(kind: str, said: str) -> None:
    """One's own kinds are told apart from the library's and from one another."""

    class Other(Method):
        def points(self, given: Given) -> Rationals:
            return given.number()

    Other.kind = kind

    with pytest.raises(dti.InvalidArgument, match=said):
        register(Other)


@pytest.mark.parametrize(
    ("scoring", "told"),
    [
        ({}, "4 / 5 × 20 = 16"),
        ({"best": "lowest"}, "2 / 4 × 20 = 10"),
        ({"to": "min_max"}, "(4 − 2) / (5 − 2) × 20 = 40/3 ≈ 13.333333, rounded to 13.33"),
        ({"to": "min_max", "best": "lowest"}, "(5 − 4) / (5 − 2) × 20 = 20/3 ≈ 6.666667, rounded to 6.67"),
    ],
)
def test_how_units_are_compared_is_told(scoring: Any, told: str) -> None:
    """Of 2, 4 and 5 the middle one is compared with the best, or with the way from the worst to the best."""
    indices = [dti.Index("1", "Hồ sơ", 20, scoring=dti.methods.Relative(**scoring))]
    rubric = dti.Rubric("demo", "Ví dụ", indices)
    sheet = dti.score(dti.Measures.from_rows([{"1": 2}, {"1": 4}, {"1": 5}], rubric, units=list("abc")))

    assert dti.trace(sheet, "b", "1").text("en") == told
