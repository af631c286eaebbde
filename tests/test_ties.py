"""Ties broken by bonus and penalty, and by attributes of the units."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import reference
import reference_ranks
from hypothesis import given
from hypothesis import strategies as st

import dti_core as dti
from dti_core import AttributeOrder, analysis
from dti_core.columns.factor import factor
from dti_core.evaluation import rules
from dti_core.explain import steps
from dti_core.explain.parts import TieBreak
from dti_core.scores import keys

BONUS = dti.Component("t", "Sáng kiến", 5, role="bonus")
PENALTY = dti.Component("p", "Nộp chậm", 5, role="penalty")
INDICES = [
    dti.Index("1", "Nhận thức số", 10),
    dti.Index("T", "Thưởng", components=[BONUS]),
    dti.Index("P", "Phạt", components=[PENALTY]),
]
ATTRIBUTES: Any = {"population": {"type": "integer"}, "level": {"enum": ["poor", "fair", "rich"]}, "note": {}}
UNITS: dict[str, tuple[tuple[float, float, float], int, str]] = {
    "a": ((6, 1, 0), 10, "rich"),
    "b": ((6, 3, 2), 40, "poor"),
    "c": ((7, 0, 0), 20, "poor"),
    "d": ((7, 1, 1), 40, "fair"),
}
"""Marks of 1, t and p, then population and level: 7 points each."""


def rubric_of(*breakers: str | AttributeOrder) -> dti.Rubric:
    """A rubric whose ties are broken so."""
    return dti.Rubric("r", "Ví dụ", INDICES, attributes=ATTRIBUTES, policy=dti.Policy(tie_break=breakers))


def result_of(*breakers: str | AttributeOrder) -> dti.Result:
    """Four units with 7 points each."""
    rubric = rubric_of(*breakers)
    marks, population, level = zip(*UNITS.values(), strict=True)
    columns = {"population": population, "level": level, "note": ["x"] * len(UNITS)}
    return dti.evaluate(rubric, dti.MarkSheet.from_array(marks, rubric, units=[*UNITS], attributes=columns))


def by(attribute: str, order: Any) -> AttributeOrder:
    """A tie-break by an attribute."""
    return AttributeOrder(attribute, order)


CASES: list[tuple[list[str | AttributeOrder], list[int]]] = [
    ([], [1, 1, 1, 1]),
    (["T"], [2, 1, 4, 2]),  # bonus 1, 3, 0, 1: more first
    (["t"], [2, 1, 4, 2]),
    (["P"], [1, 4, 1, 3]),  # penalty 0, 2, 0, 1: fewer first
    (["P", "T"], [1, 4, 2, 3]),
    ([by("population", "descending")], [4, 1, 3, 1]),  # 10, 40, 20, 40
    ([by("population", "ascending")], [1, 3, 2, 3]),
    ([by("level", "ascending")], [4, 1, 1, 3]),  # rich, poor, poor, fair
    ([by("level", "descending")], [1, 3, 3, 2]),
    ([by("level", "ascending"), "P"], [4, 2, 1, 3]),
    ([by("population", "descending"), by("level", "descending")], [4, 2, 3, 1]),
]


@pytest.mark.parametrize(("breakers", "ranks"), CASES)
def test_ties_are_broken_in_turn(breakers: list[str | AttributeOrder], ranks: list[int]) -> None:
    """More bonus, fewer penalty points, numbers by value, listed values in their order; still equal is tied."""
    result = result_of(*breakers)

    assert result.total.ranks().tolist() == ranks
    assert result["1"].ranks().tolist() == [3, 3, 1, 1]  # ties of the total only


@pytest.mark.parametrize(("breakers", "ranks"), CASES)
def test_a_result_document_can_check_the_ranks(breakers: list[Any], ranks: list[int]) -> None:
    """The document holds what ties are broken by, is read, and refuses another order or value."""
    document = json.loads(json.dumps(dti.to_document(result_of(*breakers))))
    published = dti.load_result(document)

    assert [score.rank for score in published.total.values()] == ranks
    assert dti.to_document(published) == document
    assert analysis.standing_of(published, by=()).ranks.tolist() == ranks
    names = {each.attribute for each in breakers if isinstance(each, AttributeOrder)}
    assert document.get("attributes", {}).keys() == names
    if names == {"population"}:
        document["units"][0]["attributes"]["population"] = 40
        with pytest.raises(dti.InvalidDocument, match=r"rank\[\d\]: is"):
            dti.load_result(document)


def test_a_result_document_without_an_attribute_ranks_its_unit_last() -> None:
    """Who lacks what ties are broken by comes last in either order, and among others that lack it is tied."""
    for order, ranks in (("ascending", [1, 2, 3, 3]), ("descending", [2, 1, 3, 3])):
        document = dti.to_document(result_of(by("population", order)))
        document["scores"]["total"]["rank"] = ranks
        for unit in document["units"][2:]:
            del unit["attributes"]["population"]

        published = dti.load_result(document)
        assert [score.rank for score in published.total.values()] == ranks


def test_both_kinds_are_compared_as_bonus_less_penalty() -> None:
    """Of a node with both, 3 − 1 = 2 comes before 1 − 1 = 0 and 0 − 2 = −2."""
    both = [dti.Index("1", "Một", 10), dti.Index("k", "Thưởng, phạt", components=[BONUS, PENALTY])]
    rubric = dti.Rubric("r", "Ví dụ", both, policy=dti.Policy(tie_break=["k"]))
    sheet = dti.MarkSheet.from_array([[7, 0, 2], [5, 1, 1], [3, 3, 1]], rubric, units=["a", "b", "c"])

    assert dti.evaluate(rubric, sheet).total.ranks().tolist() == [3, 2, 1]


def test_an_explanation_says_by_what_a_tie_was_broken() -> None:
    """By bonus, by penalty, by number and by list: what, which comes first, and both values, in either language."""

    def told(unit: str, breaker: str | AttributeOrder, language: Any) -> str:
        return str(result_of(breaker).explain(unit, language=language))

    assert "xếp trước vì Thưởng cao hơn (3 điểm so với 1 điểm): a" in told("b", "T", "vi")
    assert "ahead in Thưởng (3 points against 1 points): a" in told("b", "T", "en")
    assert "xếp sau khi xét Phạt, ít hơn xếp trước (2 điểm so với 1 điểm): d" in told("b", "P", "vi")
    assert "behind in Phạt, fewer first (2 points against 1 points): d" in told("b", "P", "en")
    population, level = by("population", "descending"), by("level", "ascending")
    assert "xếp sau khi xét population, số lớn hơn xếp trước (20 so với 40): b" in told("c", population, "vi")
    assert "behind in population, the higher first (20 against 40): b" in told("c", population, "en")
    assert "xếp trước khi xét level, theo thứ tự liệt kê (fair so với rich): a" in told("d", level, "vi")
    assert "ahead in level, in the order listed (fair against rich): a" in told("d", level, "en")
    assert "Cùng hạng với d, cả khi xét thêm population" in told("b", population, "vi")


def test_steps_say_by_what_a_tie_was_broken() -> None:
    """The step has the values themselves: an attribute's as it is, points exactly."""
    (standing,) = (
        step
        for step in result_of("T", by("population", "ascending")).explain("a").steps
        if isinstance(step, steps.Standing)
    )
    above, below = standing.above, standing.below
    assert above is not None
    assert above.tie_break == TieBreak(
        node="T",
        title=dti.Label("Thưởng"),
        compares="points",
        first="higher",
        own=Fraction(1),
        other=Fraction(3),
    )
    assert below is not None
    assert below.tie_break == TieBreak(
        node=None,
        title=dti.Label("population"),
        compares="attribute",
        first="lower",
        own=Decimal(10),
        other=Decimal(40),
    )


@pytest.mark.parametrize(
    ("breaker", "place", "en", "vi"),
    [
        ("7", "", "names no node", "không phải nút"),
        ("total", "", "the total", "tổng điểm"),
        ("s", "", "stand-by", "dự phòng"),
        (by("populatino", "ascending"), ".attribute", "did you mean 'population'", "chưa được khai báo"),
        (by("note", "ascending"), ".attribute", "has no order", "không có thứ tự"),
    ],
)
def test_what_breaks_no_tie_is_refused(breaker: str | AttributeOrder, place: str, en: str, vi: str) -> None:
    """No such node, the total, a stand-by leaf, an attribute not declared or without an order: told with the place."""
    standby = dti.Index("s", "Dự phòng", 10, role="standby")
    with pytest.raises(dti.InvalidDocument, match=en) as caught:
        dti.Rubric(
            "r", "R", [*INDICES, standby], attributes=ATTRIBUTES, policy=dti.Policy(tie_break=[breaker])
        )
    assert [problem.where for problem in caught.value.problems] == [f"$.policy.tie_break[0]{place}"]
    assert vi in caught.value.text("vi")

    rubric = dti.Rubric("r", "R", [*INDICES, standby], attributes=ATTRIBUTES)
    columns: Any = {"population": [1], "level": ["poor"], "note": ["x"]}
    sheet = dti.MarkSheet.from_array([[1, 0, 0, np.nan]], rubric, units=["a"], attributes=columns)
    with pytest.raises(dti.InvalidDocument, match=en):
        dti.evaluate(rubric, sheet, dti.Policy(tie_break=[breaker]))


@pytest.mark.parametrize(
    "order", [{}, {"attribute": "level"}, {"order": "ascending"}, {"attribute": 1, "order": "up"}, 7]
)
def test_a_document_says_attribute_and_order(order: Any) -> None:
    """Both keys are required, and the order is one of its words."""
    document = dti.to_document(rubric_of()) | {"policy": {"tie_break": [order]}}
    with pytest.raises(dti.InvalidDocument) as caught:
        dti.load_rubric(document)

    assert all(problem.where.startswith("$.policy.tie_break[0]") for problem in caught.value.problems)


def test_a_rubric_with_ties_is_written_and_read() -> None:
    """Codes and attributes come back in their order."""
    rubric = rubric_of("P", by("level", "descending"), "1")
    document = dti.to_document(rubric)

    assert document["policy"]["tie_break"] == ["P", {"attribute": "level", "order": "descending"}, "1"]
    assert dti.load_rubric(document) == rubric


def test_a_tally_breaks_no_ties() -> None:
    """Counts of published values know neither points nor attributes: refused."""
    for breaker in ("T", by("population", "ascending")):
        with pytest.raises(dti.InvalidArgument, match="ties"):
            dti.Tally.of(result_of(breaker).total)


def test_to_reach_says_by_what_the_unit_above_is_ahead() -> None:
    """The node, or the name of the attribute, of results and of published ones."""
    result = result_of("P", by("population", "descending"))
    for source in (result, dti.load_result(dti.to_document(result))):
        table = analysis.to_reach(source).columns()
        assert table["rank"].tolist() == [2, 4, 1, 3]
        assert table["decided_by"].tolist() == ["population", "P", None, "P"]


def test_merged_units_have_mean_points_and_no_attributes() -> None:
    """Penalty (0 + 2) / 2 = 1 ties with d; of the population, which a merged unit lacks, d is ahead."""
    merged = {"ab": ["a", "b"]}
    for breakers, ranks in (
        (["P"], {"c": 1, "d": 2, "ab": 2}),
        (["P", by("population", "ascending")], {"c": 1, "d": 2, "ab": 3}),
        (["T"], {"ab": 1, "d": 2, "c": 3}),
    ):
        standing = analysis.standing_of(analysis.merge_units(result_of(*breakers), merged))
        assert dict(zip(standing.units, standing.ranks.tolist(), strict=True)) == ranks


def test_numbers_that_share_a_double_break_ties() -> None:
    """2^53 and 2^53 + 1 are one double, and two populations."""
    declared = dti.Attribute(type="integer")
    column = factor([2**53 + 1, 2**53, None, -1])
    assert keys.of_attribute(column, declared, "descending").tolist() == [3, 2, 0, 1]
    assert keys.of_attribute(column, declared, "ascending").tolist() == [1, 2, 0, 3]
    huge = factor([Decimal(10**400 + 1), Decimal(10**400), Decimal(3)])
    assert keys.of_attribute(huge, declared, "ascending").tolist() == [1, 2, 3]


def test_long_chains_keep_their_order() -> None:
    """Keys that no 64 bits hold together are refined all the same."""
    large = np.array([2**62, 5, 2**62, 5], dtype=np.int64)
    finer = np.array([2**61, 7, 2**61 + 1, 7], dtype=np.int64)

    assert keys.refined(large, finer).argsort(kind="stable").tolist() == [1, 3, 0, 2]
    assert keys.refined(large, finer)[1] == keys.refined(large, finer)[3]


def test_listed_values_are_told_apart_from_numbers() -> None:
    """True is not 1, neither as a value nor at its place."""
    declared = dti.Attribute(enum=[1, True, "1"])

    assert [rules.by_attribute(value, declared, "descending") for value in (Decimal(1), True, "1", None)] == [
        0,
        1,
        2,
        None,
    ]


BREAKERS: list[Any] = [
    *["1", "2", "T", "P", "t", "K"],
    *({"attribute": name, "order": order} for name in ("n", "e") for order in ("ascending", "descending")),
]


@given(
    st.lists(st.sampled_from(BREAKERS), max_size=4, unique_by=str),
    st.lists(
        st.tuples(
            st.sampled_from([0, 1, 2]), st.sampled_from([0, 1, 2]), st.sampled_from([None, 0, 1]),
            st.sampled_from([0, 1]), st.sampled_from([None, 0, 2]), st.sampled_from([-1.5, 0, 2, 10]),
            st.sampled_from(["z", "a", 3]),
        ), min_size=1, max_size=9,
    ),
    st.sampled_from(["competition", "dense"]),
    st.sampled_from(["published", "exact"]),
)  # fmt: skip
def test_every_chain_against_the_reference(breakers: Any, units: Any, ties: Any, decide_on: Any) -> None:
    """Ranks are those of the slow reference whatever ties are broken by, and their documents are sound."""

    def leaf(code: str, role: str) -> dict[str, Any]:
        return {"code": code, "title": code, "max_points": 9, "role": role}

    rubric = {
        "schema": "dti-core/rubric/1", "code": "r", "title": "R",
        "indices": [leaf("1", "scored"), leaf("2", "scored"),
                    {"code": "T", "title": "T", "components": [leaf("t", "bonus")]},
                    {"code": "P", "title": "P", "components": [leaf("p", "penalty")]},
                    {"code": "K", "title": "K", "components": [leaf("k", "bonus"), leaf("q", "penalty")]}],
        "attributes": {"n": {"type": "number"}, "e": {"enum": ["z", 3, "a"]}},
        "policy": {"tie_break": breakers, "ties": ties, "decide_on": decide_on, "publish": {"decimals": 0}},
    }  # fmt: skip
    marks = {"schema": "dti-core/marks/1", "rubric": "r", "units": [
        {"code": f"u{at}", "attributes": {"n": number, "e": listed},
         "marks": {"1": one, "2": two, "t": bonus, "p": penalty, "q": both}}
        for at, (one, two, bonus, penalty, both, number, listed) in enumerate(units)
    ]}  # fmt: skip
    read = dti.load_rubric(rubric)
    result = dti.evaluate(read, dti.load_marks(marks, read))

    expected = reference_ranks.ranks(reference.evaluate(rubric, marks), "total")
    assert result.total.ranks().tolist() == [*expected.values()]
    document = dti.to_document(result)
    assert dti.to_document(dti.load_result(document)) == document
    decided_by, again = (
        analysis.to_reach(source).decided_by.tolist() for source in (result, dti.load_result(document))
    )
    assert decided_by == again
