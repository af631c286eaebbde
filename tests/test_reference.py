"""The reference itself, on cases small enough to work out by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from reference import Record, evaluate, rounded
from reference_ranks import grades, ranks
from reference_rules import Document, Refused, holds


def leaf(code: str, max_points: float | str, **rest: Any) -> Document:
    """A leaf of a rubric document."""
    return {"code": code, "title": code, "max_points": max_points, **rest}


def parent(code: str, *components: Document, **rest: Any) -> Document:
    """An index or component with components."""
    return {"code": code, "title": code, "components": list(components), **rest}


def rubric(*indices: Document, **rest: Any) -> Document:
    """A rubric document."""
    return {"schema": "dti-core/rubric/1", "code": "r", "title": "R", "indices": list(indices), **rest}


def marks(*given: Document, exclusions: list[Document] | None = None, **units: Document) -> Document:
    """A marks document: unit documents, and units of which only the marks matter as keywords."""
    document: Document = {"schema": "dti-core/marks/1", "rubric": "r", "units": list(given)}
    document["units"] += [{"code": code, "marks": found} for code, found in units.items()]
    return {**document, "exclusions": exclusions or []}


def source(treatment: str, *members: str, **rest: Any) -> Document:
    """An exclusion, of a rule or a decision."""
    return {"members": list(members), "treatment": treatment, "reason": "r", "basis": "b", **rest}


def one(rules: Document, found: Document, node: str = "total", policy: Document | None = None) -> Record:
    """The record of the first unit at a node."""
    record = evaluate(rules, found, policy)["units"][found["units"][0]["code"]][node]
    assert isinstance(record, Record)
    return record


TWO_LEVELS = rubric(parent("1", leaf("1.1", 20), leaf("1.2", 10)), leaf("2", 20))
SKIP_1_2 = marks(exclusions=[source("skip", "1.2")], a={"1.1": 10, "1.2": 9, "2": 20})


def test_hue() -> None:
    """42.63 of 48 applicable on the scale 50: 42.63 / 48 × 50 = 44.40625, printed 44.41."""
    record = one(rubric(leaf("1", 48), leaf("2", 2)), marks(exclusions=[source("skip", "2")], a={"1": 42.63}))
    assert [record.score, record.published] == [Fraction("44.40625"), Fraction("44.41")]
    assert [record.points, record.applicable, record.completeness] == [Fraction("42.63"), 48, 1]
    assert record.coverage == Fraction(48, 50)


@pytest.mark.parametrize(
    ("how", "score", "scale"), [("overall", "37.5", 50), ("by_level", "35", 50), ("none", "30", 40)]
)
def test_renormalisation(how: str, score: str, scale: int) -> None:
    """P 30, A 40: 30/40 × 50 = 37.5; 30 × 10/20 + 20 × 20/20 = 35; 30 on the scale 40; the rate is 3/4."""
    record = one(TWO_LEVELS, SKIP_1_2, policy={"renormalise": how})
    assert [record.score, record.scale, record.rate] == [Fraction(score), scale, Fraction(3, 4)]


def test_substitution() -> None:
    """Stand-by 1.s replaces 1.a (10): group of 1.a has 6 of 10, group of its part nothing; total 11 of 15."""
    inside = parent("1.a", leaf("1.a.1", 4), leaf("1.a.2", 6))
    rules = rubric(
        parent("1", inside, leaf("1.s", 10, role="standby"), leaf("1.b", 5), max_points=15),
        groups=[
            {"code": "g", "title": "G", "members": ["1.a"]},
            {"code": "h", "title": "H", "members": ["1.a.1"]},
        ],
    )
    by_decision = [source("substitute", "1.a", by="1.s")]
    found = marks(exclusions=by_decision, a={"1.a.1": 4, "1.a.2": 6, "1.s": 6, "1.b": 5})
    got = evaluate(rules, found)["units"]["a"]
    seen = {code: (got[code].points, got[code].applicable) for code in ("total", "1", "1.a", "1.s", "g", "h")}
    assert seen == {
        "total": (11, 15),
        "1": (11, 15),
        "1.a": (0, 0),
        "1.s": (6, 10),
        "g": (6, 10),
        "h": (0, 0),
    }
    assert got["h"].score is None
    assert got["h"].coverage == 0
    level = evaluate(rules, found, {"renormalise": "by_level"})["units"]["a"]
    assert (level["1"].score, level["g"].score, level["1.a"].score) == (11, 6, None)
    assert evaluate(rules, marks(a={"1.s": 6}))["units"]["a"]["1.s"].score is None


def test_caps() -> None:
    """Bonus min(3, 2 + 2) + 1 = 4, capped at 3.5: 40 + 3.5 − 1 = 42.5; 40 less a penalty of 60 is 0."""
    inner = parent(
        "b.1", leaf("b.1.1", 2, role="bonus"), leaf("b.1.2", 2, role="bonus"), max_points=3, cap=True
    )
    bonus = parent("b", inner, leaf("b.2", 2, role="bonus"), max_points=3.5, cap=True)
    group = {"code": "g", "title": "G", "members": ["b", "p"]}
    rules = rubric(leaf("1", 50), bonus, leaf("p", 60, role="penalty"), groups=[group])
    found = marks(a={"1": 40, "b.1.1": 2, "b.1.2": 2, "b.2": 1, "p": 1})
    assert one(rules, found).score == Fraction("42.5")
    assert one(rules, found).points == 40
    seen = {node: float(one(rules, found, node).points) for node in ("b.1", "b", "p", "g")}
    assert seen == {"b.1": 3, "b": 3.5, "p": 1, "g": 2.5}
    assert one(rules, found, "g").score is None
    assert one(rules, marks(a={"1": 40, "p": 60})).score == 0


def test_the_total_stays_on_its_scale() -> None:
    """49 + 3 bonus of 50 is 50, or 52 where the maximum may be exceeded; a null total stays null."""
    rules = rubric(leaf("1", 50), leaf("b", 3, role="bonus"))
    found = marks(a={"1": 49, "b": 3})
    assert [one(rules, found, policy={"exceed_maximum": more}).score for more in (False, True)] == [50, 52]
    assert one(rules, marks(exclusions=[source("skip", "1")], a={"b": 3})).score is None


@pytest.mark.parametrize(("missing", "applicable", "score"), [("zero", 30, 10), ("exclude", 20, 15)])
def test_missing(missing: str, applicable: int, score: int) -> None:
    """10 with 10 of the 30 missing: 10/30 × 30, or 10/20 × 30; completeness and coverage 20/30."""
    rules, found = rubric(leaf("1", 20), leaf("2", 10), leaf("3", 0)), marks(a={"1": 10, "2": None})
    record = one(rules, found, policy={"missing": missing})
    assert [record.applicable, record.score] == [applicable, score]
    assert record.completeness == record.coverage == Fraction(2, 3)
    with pytest.raises(Refused):
        evaluate(rules, found, {"missing": "refuse"})


@pytest.mark.parametrize(
    ("decision", "points", "applicable"),
    [(None, 4, 10), ("count", 9, 20), ("full_marks", 14, 20), ("skip", 4, 10)],
)
def test_a_decision_overrides_a_rule(decision: str | None, points: int, applicable: int) -> None:
    """The rule skips 2 (5 of 10), leaving 4 of 10; decided: 4 + 5 or 4 + 10 of 20, or skipped."""
    rules = rubric(leaf("1", 10), leaf("2", 10), exclusions=[source("skip", "2", code="e")])
    found = marks(exclusions=[source(decision, "2")] if decision else [], a={"1": 4, "2": 5})
    assert [one(rules, found).points, one(rules, found).applicable] == [points, applicable]


@pytest.mark.parametrize(
    "decisions",
    [
        [source("skip", "1.a"), source("count", "1.a.1")],
        [source("substitute", "1.a", by="1.s"), source("substitute", "1.b", by="1.s")],
        [source("substitute", "1.a", by="1.s"), source("substitute", "1.a", by="1.t")],
        [source("full_marks", "1.c.1")],
    ],
)
def test_contradictions(decisions: list[Document]) -> None:
    """Refused: a leaf treated twice, one stand-by for two nodes, two for one, a rule overridden in part."""
    index = parent(
        "1",
        parent("1.a", leaf("1.a.1", 4), leaf("1.a.2", 6)),
        leaf("1.b", 10),
        parent("1.c", leaf("1.c.1", 4), leaf("1.c.2", 6)),
        *(leaf(code, 10, role="standby") for code in ("1.s", "1.t", "1.u")),
    )
    rule = source("substitute", "1.c", by="1.u", code="e")
    evaluate(rubric(index, exclusions=[rule]), marks(a={}))
    with pytest.raises(Refused):
        evaluate(rubric(index, exclusions=[rule]), marks(exclusions=decisions, a={}))


def test_ties() -> None:
    """9, 7, 7, 5 rank 1 2 2 4 or 1 2 2 3; broken by node 2, where 4 beats 3, 1 2 3 4."""
    rules = rubric(leaf("1", 10), leaf("2", 10))
    found = marks(a={"1": 9, "2": 0}, b={"1": 4, "2": 3}, c={"1": 3, "2": 4}, d={"1": 5})
    got = evaluate(rules, found)
    assert list(ranks(got, "total").values()) == [1, 2, 2, 4]
    assert list(ranks(got, "total", ties="dense").values()) == [1, 2, 2, 3]
    assert list(ranks(evaluate(rules, found, {"tie_break": ["2"]}), "total").values()) == [1, 3, 2, 4]


def test_what_is_decided_on() -> None:
    """79.996 of 100 prints 80.00: good as published and tied with 80, but exactly below both."""
    bands = [{"code": "good", "title": "G", "at_least": 80}, {"code": "weak", "title": "W", "at_least": 0}]
    rules = rubric(leaf("1", 100), bands=bands, mark_decimals=3)
    found = marks(a={"1": 79.996}, b={"1": 80})
    for how, grade, places in (("published", "good", [1, 1]), ("exact", "weak", [2, 1])):
        got = evaluate(rules, found, {"decide_on": how})
        assert got["units"]["a"]["total"].grade == grade
        assert list(ranks(got, "total").values()) == places


def test_who_is_ranked() -> None:
    """Block x ranks a and b; c is unranked, block y is not ranked, e is in none, f covers 1/2, below 0.6."""
    blocks: list[Document] = [
        {"code": code, "title": code, "when": {"k": {"const": code}}} for code in ("x", "y")
    ]
    blocks[1]["ranked"] = False
    rules = rubric(leaf("1", 10), leaf("2", 10), blocks=blocks, policy={"min_coverage": 0.6})
    given = [("a", "x", 1), ("b", "x", 2), ("c", "x", 3), ("d", "y", 4), ("e", "z", 5), ("f", "x", 6)]
    units: list[Document] = [
        {"code": code, "attributes": {"k": kind}, "marks": {"1": mark, "2": mark}}
        for code, kind, mark in given
    ]
    units[2]["unranked"] = {"reason": "r", "basis": "b"}
    del units[5]["marks"]["2"]
    got = evaluate(rules, marks(*units))
    assert (
        list(ranks(got, "total").values()) == list(ranks(got, "total", by=()).values()) == [2, 1, 0, 0, 0, 0]
    )
    assert list(ranks(got, "total", by="nowhere").values()) == [0] * 6


@pytest.mark.parametrize(
    ("rounding", "expected"), [("half_up", "0.13"), ("half_even", "0.12"), ("down", "0.12")]
)
def test_rounding(rounding: str, expected: str) -> None:
    """0.125 at two decimals, each way."""
    assert rounded(Fraction("0.125"), 2, rounding) == Fraction(expected)


def test_conditions() -> None:
    """As in JSON Schema true is not 1, 1 is 1.0, and a minimum says nothing about text."""
    assert not holds({"const": 1}, True)  # noqa: FBT003
    assert holds({"enum": ["x", 1.0]}, 1)
    assert holds({"minimum": 3}, "text")
    assert not holds({"not": {"minimum": 3}}, "text")
    assert holds({"exclusiveMinimum": 3, "maximum": 4}, 4)
    assert not holds({"exclusiveMinimum": 3}, 3)


def test_worth_and_marking_scales() -> None:
    """Level 3 of 5, worth 20/6, earns 3/5 × 20/6 = 2; with 4 of 5 of the same worth 8/3; together 14/3 of 20/3."""
    rules = rubric(leaf("1", "20/6", mark_min=1, mark_max=5), leaf("2", "10/3", mark_max=5))
    record = one(rules, marks(a={"1": 3, "2": 4}))
    assert [record.points, record.applicable] == [Fraction(14, 3), Fraction(20, 3)]


def test_adjusted_nodes() -> None:
    """Cap 10: 7 + 8 = 15 of 20 become 10 of 10; penalty 2: 8; the gate needs 1.1 above 7: 0, and M stays 10."""

    def index(least: int) -> Document:
        parts = [leaf("1.1", 10), leaf("1.2", 10), leaf("1.p", 5, role="penalty", adjusts="1")]
        gate = [{"node": "1.1", "at_least": least, "in": "points"}]
        return parent("1", *parts, max_points=10, cap=True, zero_unless=gate)

    found = marks(a={"1.1": 7, "1.2": 8, "1.p": 2, "2": 5})
    open_, shut = (one(rubric(index(least), leaf("2", 10)), found) for least in (7, 8))
    assert [open_.points, open_.applicable, open_.score] == [13, 20, 13]
    assert [shut.points, shut.applicable, shut.score] == [5, 20, 5]
    assert one(rubric(index(7), leaf("2", 10)), found, "1").points == 8


def test_half_of_an_index_excluded() -> None:
    """A penalty of 2 where 10 of 20 are excluded: (8 − 2) / 10 × 20 = 12; without it 16: it costs 4."""
    index = parent("1", leaf("1.1", 10), leaf("1.2", 10), leaf("1.p", 5, role="penalty", adjusts="1"))
    found = marks(exclusions=[source("skip", "1.2")], a={"1.1": 8, "1.p": 2})
    assert one(rubric(index), found, "1").score == 12


def test_reduce_zero_and_a_substitute_of_another_size() -> None:
    """6 of a leaf reduced to 8, nothing of 10, 15 of a stand-by worth 30 for 20: 21 of 48; M stays 40, 21/48 × 40."""
    rules = rubric(
        leaf("1", 10), leaf("2", 10), leaf("3", 20), parent("4", leaf("s", 30, role="standby"), leaf("x", 0))
    )
    decided = [source("reduce", "1", to=8), source("zero", "2"), source("substitute", "3", by="s")]
    record = one(rules, marks(exclusions=decided, a={"1": 6, "2": 9, "3": 20, "s": 15}))
    assert [record.points, record.applicable, record.score] == [21, 48, Fraction(21 * 40, 48)]
    assert record.coverage == Fraction(48, 50)


def test_grades_by_conditions_limits_and_quotas() -> None:
    """Of 95, 92, 91, 91 the first lacks 60 % in 2, the second is barred; the others tie for the one place."""
    bands: list[Document] = [
        {
            "code": "x",
            "title": "X",
            "at_least": 90,
            "requires": [{"node": "2", "at_least": 60}],
            "quota": {"count": 1},
        },
        {"code": "g", "title": "G", "at_least": 80},
        {"code": "f", "title": "F", "above": 50},
        {"code": "w", "title": "W", "at_least": 0},
    ]
    rules = rubric(leaf("1", 90), leaf("2", 10), bands=bands)
    rows = {"a": (90, 5), "b": (83, 9), "c": (82, 9), "d": (82, 9), "e": (76, 9), "f": (41, 9)}
    found = marks(*({"code": unit, "marks": {"1": one, "2": two}} for unit, (one, two) in rows.items()))
    found["units"][1]["grade_limits"] = [{"at_most": "f", "reason": "r", "basis": "b"}]
    found["grade_limits"] = [{"units": ["e"], "lower_by": 1, "reason": "r", "basis": "b"}]
    expected = {"a": "g", "b": "f", "c": "g", "d": "g", "e": "f", "f": "w"}
    assert grades(evaluate(rules, found)) == expected
    bands[0]["quota"]["ties"] = "in"
    assert grades(evaluate(rules, found)) == {**expected, "c": "x", "d": "x"}


def test_ties_by_penalties_and_attributes() -> None:
    """Equal totals: fewer penalty points first, then the larger population, who lacks it last."""
    rules = rubric(leaf("1", 90), leaf("p", 10, role="penalty"), attributes={"people": {"type": "number"}})
    rules["policy"] = {"tie_break": ["p", {"attribute": "people", "order": "descending"}]}
    rows = {"a": (52, 2, 5), "b": (50, 0, 5), "c": (50, 0, 7), "d": (51, 1, 9)}
    found = marks(
        *(
            {"code": unit, "marks": {"1": mark, "p": lost}, "attributes": {"people": people}}
            for unit, (mark, lost, people) in rows.items()
        )
    )
    assert ranks(evaluate(rules, found), "total") == {"a": 4, "b": 2, "c": 1, "d": 3}


def test_publishing_on_a_scale() -> None:
    """43.6 of 100 is 2.18 of 5; the total stays in points."""
    rules = rubric(
        leaf("1", 100),
        policy={"publish": {"decimals": 1}, "publish_parts": {"as": "scale", "of": 5, "decimals": 2}},
    )
    found = marks(a={"1": 43.6})
    assert [one(rules, found).published, one(rules, found, "1").published] == [
        Fraction("43.6"),
        Fraction("2.18"),
    ]
