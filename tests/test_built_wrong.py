"""What is built in Python is held to what a document is held to: refused where it is wrong, with the way out."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import attrs
import numpy as np
import pytest

import dti_core as dti
from dti_core import analysis, methods

WHY: Any = {"reason": "lý do", "basis": "01/QĐ"}
MANY = dti.Rubric("many", "Ví dụ", [dti.Index(f"{at}", "x", 1) for at in range(120)])
ASKING = [dti.NodeCondition("1", at_least=1)]
BANDS = [dti.Band("x", "X", 50, requires=ASKING), dti.Band("y", "Y", 50), dti.Band("z", "Z", 0)]
RUBRIC = dti.Rubric(
    "r",
    "Ví dụ",
    [dti.Index("1", "Một", 30), dti.Index("2", "Hai", 20), dti.Index("b", "Cộng", 5, role="bonus")],
    bands=BANDS,
)


def sheet(rubric: dti.Rubric = RUBRIC, **fields: Any) -> dti.MarkSheet:
    """One unit marked 1 everywhere."""
    arguments: dict[str, Any] = {"marks": [[1] * len(rubric.tree.leaves)], "rubric": rubric, "units": ["a"]}
    return dti.MarkSheet.from_array(**arguments | fields)


def scored(method: methods.Method) -> dti.Rubric:
    """A rubric of one leaf that is scored."""
    return dti.Rubric("r", "R", [dti.Index("1", "x", 10, scoring=method)])


def too_deep() -> dti.Rubric:
    """A rubric of more levels than any has."""
    node = dti.Component("leaf", "x", 1)
    for level in range(70):
        node = dti.Component(f"d{level}", "x", components=[node])
    return dti.Rubric("r", "R", [dti.Index("1", "x", components=[node])])


def round_itself() -> Any:
    """Free data that holds itself."""
    data: dict[str, Any] = {}
    data["x"] = data
    return data


RESULT = dti.evaluate(RUBRIC, sheet())
PUBLISHED = dti.load_result(dti.to_document(RESULT))
WRONG: dict[str, tuple[Callable[[], object], str, str]] = {
    "no parts": (lambda: scored(methods.Parts(parts=[])), "parts", "is empty; list what it is made of"),
    "no tiers": (lambda: scored(methods.Tiers(of="value", tiers=[])), "tiers", "list the tiers, the best first"),
    "too deep": (too_deep, "components", "levels"),
    "an empty group": (
        lambda: attrs.evolve(RUBRIC, groups=[dti.Group("g", "g", members=[])]), "groups[0].members", "names nothing",
    ),
    "too fine a coverage": (
        lambda: attrs.evolve(RUBRIC, policy=dti.Policy(min_coverage=Decimal("0.1234567891"))),
        "$.policy.min_coverage", "more than 9 decimals",
    ),
    "a decision on nobody": (
        lambda: sheet(exclusions=[dti.Exclusion(members=["1"], treatment="skip", units=[], **WHY)]),
        "$.exclusions[0].units", "names no unit",
    ),
    "free data that is no JSON": (lambda: sheet(custom={"x": object()}), "$.custom", "is no JSON value"),
    "free data above all doubles": (
        lambda: sheet(custom={"x": [10**400]}), "$.custom", "is no JSON value",
    ),
    "free data round itself": (lambda: sheet(custom=round_itself()), "$.custom", "is no JSON value"),
    "one unit in two spellings": (
        lambda: sheet(units=["Ế"], unit_exclusions={"Ế": [], "E\u0302\u0301": []}), "unit_exclusions", "twice",
    ),
    "no class of a method": (lambda: methods.register(3), "", "a class of Method is needed, not 3"),  # type: ignore[arg-type]
    "nodes of what was read": (lambda: dti.to_document(PUBLISHED, nodes=["1"]), "nodes", "leave it out"),
    "nodes of a rubric": (lambda: dti.to_document(RUBRIC, nodes=["1"]), "nodes", "leave it out"),
    "a profile of points": (lambda: analysis.profile(RESULT, "a", nodes=["b"]), "b", "points"),
    "what lifts points": (lambda: analysis.to_reach(RESULT, "a", rank=1, node="b"), "b", "points"),
    "what lifts a node to a grade": (lambda: analysis.to_reach(RESULT, "a", grade="x", node="1"), "1", ""),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_what_cannot_be_meant(kind: str) -> None:
    """What a document could not say either is refused, with the place and the way out, in both languages."""
    build, place, said = WRONG[kind]
    with pytest.raises(dti.DTIError) as caught:
        build()

    assert place in str(caught.value)
    assert said in str(caught.value)
    assert caught.value.text("vi") != caught.value.text("en")


@pytest.mark.parametrize(
    ("build", "count"),
    [
        (lambda: dti.MarkSheet.from_array([[2] * 120], MANY, units=["a"]), 120),
        (lambda: dti.evaluate(MANY, unmarked(), policy=dti.Policy(missing="refuse")), 120),
    ],
    ids=["marks", "missing"],
)
def test_of_many_problems_the_first_are_told(build: Callable[[], object], count: int) -> None:
    """Of a hundred and twenty wrong or missing marks the first stand there, and how many more there are."""
    with pytest.raises(dti.InvalidDocument) as caught:
        build()

    told = caught.value.problems
    assert len(told) < count
    assert str(count - len(told) + 1) in told[-1].text("en")


def test_what_is_wrong_in_several_parts_of_a_rubric_is_told_at_once() -> None:
    """A gap between bands hides no member that is not there, no misprinted total and no tie-break by nothing."""
    with pytest.raises(dti.InvalidDocument) as caught:
        dti.Rubric(
            "r",
            "Ví dụ",
            RUBRIC.indices,
            max_points=60,
            bands=[dti.Band("x", "X", 50)],
            exclusions=[dti.ExclusionRule(code="k", members=["3"], treatment="skip", **WHY)],
            policy=dti.Policy(tie_break=["3"]),
        )

    assert [problem.where for problem in caught.value.problems] == [
        "$.bands[0].at_least", "$.max_points", "$.exclusions[0].members[0]", "$.policy.tie_break[0]",
    ]  # fmt: skip


def unmarked() -> dti.MarkSheet:
    """A unit without a mark."""
    return dti.MarkSheet.from_array(np.full((1, 120), np.nan), MANY, units=["a"])


@pytest.mark.parametrize("mark_decimals", [0, 2])
def test_a_million_billion_ticks_are_the_most(mark_decimals: int) -> None:
    """Two indices may be worth 10^15 ticks together; one point more is refused, with the most there may be."""
    most = 10 ** (15 - mark_decimals)
    indices = [dti.Index("1", "x", most - 5), dti.Index("2", "y", 5)]
    assert dti.Rubric("r", "R", indices, mark_decimals=mark_decimals).tree.maximum["total"] == 10**15

    indices[1] = dti.Index("2", "y", 6)
    with pytest.raises(dti.InvalidDocument) as refusal:
        dti.Rubric("r", "R", indices, mark_decimals=mark_decimals)
    assert [problem.rule for problem in refusal.value.problems] == ["magnitude"]


def test_labels_far_apart_group_as_near_ones() -> None:
    """Whole numbers to rank within may be as far apart as they like, and tuples of many labels as many."""
    assert dti.rank([1, 2, 3, 4], by=np.array([0, 10**12, 0, 10**12])).tolist() == [2, 2, 1, 1]
    assert dti.rank([1, 2, 3, 4], by=np.array([0, 10**12, 0, -(10**12)])).tolist() == [2, 1, 1, 1]
    labels = [(at % 5000, at % 4999, at % 4998) for at in range(10_000)]
    assert set(dti.rank([1, 2] * 5000, by=labels).tolist()) == {1}


def test_groups_of_attributes_of_many_values() -> None:
    """Of 2,101 units with 2,100 values of each of five attributes only two share all, and are ranked as a pair."""
    rubric = dti.Rubric("r", "x", [dti.Index("1", "x", 10)])
    attributes = {name: [f"{name}{at % 2100}" for at in range(2101)] for name in "abcde"}
    units = [f"u{at}" for at in range(2101)]
    sheet = dti.MarkSheet.from_array([[10]] * 2100 + [[9]], rubric, units=units, attributes=attributes)
    ranks = dti.evaluate(rubric, sheet).total.ranks(by=tuple(attributes)).tolist()

    assert ranks == [1] * 2100 + [2]


def test_a_list_among_labels_is_named() -> None:
    """What cannot be a label to group by is named, though those before it can."""
    with pytest.raises(dti.InvalidArgument, match=r"\['y'\] cannot be a label"):
        dti.rank([1, 2], by=["x", ["y"]])


def test_a_rubric_shows_its_limits_and_what_breaks_ties() -> None:
    """In a notebook a rubric shows how grades are limited, and the attribute that breaks ties."""
    limits = [
        dti.GradeLimitRule(code="l", at_most="y", **WHY),
        dti.GradeLimitRule(code="m", lower_by=1, **WHY),
    ]
    page = attrs.evolve(
        RUBRIC,
        grade_limits=limits,
        attributes={"people": {"type": "number"}},
        policy=dti.Policy(tie_break=[dti.AttributeOrder("people", "descending")]),
    )._repr_html_()

    assert "cao nhất" in page
    assert "hạ 1 bậc" in page
    assert "<bdi>people</bdi> (giảm dần)" in page


def test_many_missing_marks_are_counted() -> None:
    """An explanation names a few of the leaves without a mark and counts the rest."""
    said = dti.evaluate(MANY, unmarked()).explain("a").text("en")

    assert "4 x and 115 others (worth 120 points)" in said
