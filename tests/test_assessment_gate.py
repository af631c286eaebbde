"""What assessments take, hand out and cost: no wrong kinds, nothing that can be written to, what a move touches."""

import copy
import pickle
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pytest
from counting import steps
from test_assessment import CYCLE, LOCKED, PLAN, UNIT, appraised, opened, problems_of, rubric

import dti_core as dti
from dti_core.analysis import compare_stages, progress
from dti_core.assessment import (
    MOVES,
    Assessment,
    Assessments,
    Cycle,
    Entry,
    Evidence,
    Round,
    Step,
    Written,
    to_marks,
)

NOWHERE: dict[str, Any] = {}
NOWHERE["x"] = NOWHERE
ZOO: dict[str, Any] = {
    "nothing": None,
    "number": 10,
    "not a number": float("nan"),
    "text": "x y",
    "no text": "",
    "truth": True,
    "list": [1],
    "lists": [[1]],
    "mapping": {"x": 10},
    "numbered": {1: 10},
    "no end": NOWHERE,
    "array": np.array([1.0, 2.0]),
    "set": {1},
    "object": object(),
    "rubric": CYCLE.rubric,
    "40 digits": Decimal("1.0000000000000000000000000000000000000001"),
    "int of 400 digits": 10**400,
    "far away": Decimal("1E+999999"),
    "thirds": Fraction(1, 3),
}
WHY = {"reason": "r", "basis": "b"}
SKIP = WHY | {"members": ["1.1"], "treatment": "skip"}
SUBMIT: dict[str, Any] = {"by": "A", "at": "2024-01-10"}
PAIR = Assessments(CYCLE, [opened("a"), opened("b", attributes={"level": "y"})])
DOORS: dict[str, Callable[[Any], object]] = {
    "cycle": lambda value: Assessment(value, "a"),
    "unit": lambda value: Assessment(CYCLE, value),
    "name": lambda value: opened(name=value),
    "attributes": lambda value: opened(attributes=value),
    "attribute": lambda value: opened(attributes={"level": value}).step("lock", **UNIT),
    "exclusions": lambda value: opened().step("decide", exclusions=value, **UNIT),
    "exclusion": lambda value: opened().step("decide", exclusions={"x": value}, **UNIT),
    "treatment": lambda value: opened().step("decide", exclusions={"x": WHY | {"treatment": value}}, **UNIT),
    "members": lambda value: opened().step("decide", exclusions={"x": SKIP | {"members": value}}, **UNIT),
    "unranked": lambda value: opened().step("decide", unranked=value, **UNIT),
    "grade limits": lambda value: opened().step("decide", grade_limits={"x": value}, **UNIT),
    "whole move": lambda value: opened().step(value),
    "claim": lambda value: opened().step("claim", {"1.1": {"claim": value}}, **UNIT),
    "role": lambda value: opened().step("submit", **SUBMIT, role=value),
    "move of the round": lambda value: PAIR.step(value, **UNIT),
    "exclusions of the round": lambda value: PAIR.step(
        "decide", exclusions={"x": SKIP | {"units": value}}, **UNIT
    ),
    "extensions": lambda value: PAIR.step("extend", extensions={"x": value}, **UNIT),
    "cohort as of": PAIR.as_of,
    "cycle as of": CYCLE.as_of,
    "custom": lambda value: opened(custom=value),
    "record": lambda value: opened(record=value),
    "move": lambda value: opened().step(value, **UNIT),
    "entries": lambda value: opened().step("mark", value, **UNIT),
    "fields": lambda value: opened().step("mark", {"1.1": value}, **UNIT),
    "leaf": lambda value: opened().step("mark", [value], **UNIT),
    "points": lambda value: opened().step("mark", {"1.1": {"points": value}}, **UNIT),
    "measures": lambda value: opened().step("mark", {"2": {"measures": value}}, **UNIT),
    "measure": lambda value: opened().step("mark", {"2": {"measures": {"a": value, "b": 20}}}, **UNIT),
    "evidence": lambda value: opened().step("mark", {"1.1": {"evidence": value}}, **UNIT),
    "covers": lambda value: opened().step("mark", {"1.1": {"covers": value}}, **UNIT),
    "explanation": lambda value: opened().step("mark", {"1.1": {"explanation": value}}, **UNIT),
    "appraised": lambda value: LOCKED.step("appraise", {"1.1": {"appraised": value, "reason": "r"}}, **UNIT),
    "by": lambda value: opened().step("submit", **SUBMIT | {"by": value}),
    "at": lambda value: opened().step("submit", **SUBMIT | {"at": value}),
    "why": lambda value: opened().step("submit", **SUBMIT, why=value),
    "decision": lambda value: opened().step("submit", **SUBMIT, decision=value),
    "as of": lambda value: opened().as_of(value),
    "rubric of a cycle": Cycle,
    "rounds": lambda value: Cycle(CYCLE.rubric, value),
    "history": lambda value: Cycle(CYCLE.rubric, history=value),
    "period": lambda value: Cycle(CYCLE.rubric, period=value),
    "round": lambda value: Round(value, "2024-01-01", "2024-01-31", ["mark"]),
    "opens": lambda value: Round("r", value, "2024-01-31", ["mark"]),
    "moves": lambda value: Round("r", "2024-01-01", "2024-01-31", value),
    "covers at": lambda value: Round("r", "2024-01-01", "2024-01-31", ["mark"]).covers(value),
    "title": lambda value: Evidence(value, "1/KH", "2024-01-01"),
    "date": lambda value: Evidence("x", "1/KH", value),
    "link": lambda value: Evidence("x", link=value),
    "sha256": lambda value: Evidence("x", "1/KH", "2024-01-01", sha256=value),
    "before": lambda value: Step("mark", "A", "2024-01-01", before=value),
    "cohort of": Assessments,
    "cohort": lambda value: Assessments(CYCLE, value),
    "look-up": lambda value: PAIR[value],
    "together": to_marks,
    "stage": lambda value: to_marks([opened()], value),
    "compared by": lambda value: compare_stages([opened()], by=value),
    "progress by": lambda value: progress([opened()], by=value),
}


def told(make: Callable[[], object]) -> tuple[str, str]:
    """What a refusal says, in Vietnamese and in English."""
    try:
        make()
    except dti.DTIError as error:
        return error.text("vi"), error.text("en")
    return "nhận", "taken"


@pytest.mark.parametrize("door", DOORS)
def test_wrong_kinds(door: str) -> None:
    """Whatever is given at a door is taken, or refused in the library's own words, which speak two languages."""
    for value in ZOO.values():
        vi, en = told(lambda value=value: DOORS[door](value))  # type: ignore[misc]
        assert vi != en


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (5, "5"),
        (5.25, "5.25"),
        (Decimal("5.25"), "5.25"),
        (Fraction(21, 4), "5.25"),
        (np.float64(5.25), "5.25"),
        (np.int64(5), "5"),
        (np.float32(5.1), "5.1"),
        (np.float16(5.5), "5.5"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_numbers_are_exact(number: Any, text: str) -> None:
    """A number of any kind is the decimal that it prints as, or that the fraction is."""
    marked = opened().step(
        "mark", {"1.1": {"points": number}, "2": {"measures": {"a": number, "b": 20}}}, **UNIT
    )

    assert marked.entries["1.1"].points == Decimal(text)
    assert to_marks([marked]).of("a") == {"1.1": float(text), "1.2": None, "2": float(text), "b": None}


@pytest.mark.parametrize(
    ("points", "word"),
    [
        (Decimal("10.0000000000000000000000001"), "at most 10"),
        (10**400, "at most 10"),
        (Decimal("1E+999999"), "at most 10"),
        (Decimal("1.0000000000000000000000001"), "2 decimals"),
        (Decimal("0." + "1" * 5000), "2 decimals"),
        (Fraction(1, 3), "number is needed"),
        ("5", "number is needed"),
        (True, "number is needed"),
        (float("inf"), "number is needed"),
    ],
)
def test_marks_that_are_none(points: Any, word: str) -> None:
    """A mark is compared with the maximum exactly, in points; text and truth values are no numbers."""
    found = problems_of(lambda: opened().step("mark", {"1.1": {"points": points}}, **UNIT))

    assert word in found["$.entries['1.1'].points"]
    assert "tick" not in found["$.entries['1.1'].points"]


def test_what_is_wanted_in_both_languages() -> None:
    """Points in the place of an entry are refused in either language, with how to write it."""
    with pytest.raises(dti.InvalidDocument) as caught:
        opened().step("mark", {"1.1": 10}, **UNIT)
    (problem,) = caught.value.problems

    assert problem.text("en") == "$.entries['1.1']: is 10; name what is written, as in {'points': 15.5}"
    assert problem.text("vi").startswith("$.entries['1.1']: là 10; hãy ghi rõ")


NFD = unicodedata.normalize("NFD", "Huế")


def test_codes_in_any_form() -> None:
    """Units, leaves, attributes and measures are found in whatever normal form they are written."""
    one = dti.Rubric("r", "r", [dti.Index("Huế", "Huế", 10)], attributes={"tỉnh": {"type": "string"}})
    made = Assessment(Cycle(one), NFD, attributes={unicodedata.normalize("NFD", "tỉnh"): NFD})
    made = made.step("mark", {NFD: {"points": 5, "explanation": "x"}}, **UNIT)
    cohort = Assessments(made.cycle, [made])

    assert cohort[NFD] is cohort["Huế"] is made
    assert NFD in cohort
    assert compare_stages(cohort, by=unicodedata.normalize("NFD", "tỉnh")).columns()["compared"].tolist() == [
        0
    ]
    assert "once" in problems_of(lambda: made.step("mark", {NFD: {}, "Huế": {}}, **UNIT))["$.entries"]


# What Python expects of values


def test_cohort_is_a_mapping() -> None:
    """Assessments are iterated, asked and looked up by the codes of their units."""
    assert [*PAIR] == ["a", "b"]
    assert [*PAIR.values()] == [*PAIR.units]
    assert "a" in PAIR
    assert "c" not in PAIR
    assert 1 not in PAIR  # type: ignore[comparison-overlap]
    with pytest.raises(dti.UnknownCode, match="'c'"):
        PAIR["c"]


def test_equal_things_hash_alike_or_not_at_all() -> None:
    """What holds free data does not hash; everything else that is equal has one hash."""
    for unhashable in (CYCLE, opened(), PAIR):
        with pytest.raises(TypeError, match="unhashable"):
            hash(unhashable)
    for make in (
        lambda: Entry(measures={"a": 1, "b": 2}, evidence=[PLAN]),
        lambda: Step("mark", "A", "2024-01-01", after=Written(entries={"1.1": Entry(explanation="x")})),
        lambda: Evidence("x", "1/KH", "2024-01-01"),
        lambda: Round("r", "2024-01-01", "2024-01-31", ["mark"]),
        lambda: MOVES["mark"],
    ):
        assert make() == make()
        assert hash(make()) == hash(make())


def test_nothing_handed_out_can_be_written_to() -> None:
    """Entries, measures, attributes, what a line replaced, the moves and arrays refuse to be changed."""
    marked = opened().step("mark", {"2": {"measures": {"a": 1, "b": 2}}}, **UNIT)
    cohort = Assessments(CYCLE, [marked])
    measures: Any = marked.entries["2"].measures
    handed_out: list[Any] = [
        marked.entries,
        marked.attributes,
        marked.history[0].after.entries,
        measures,
        MOVES,
    ]
    for mapping in handed_out:
        with pytest.raises(TypeError):
            mapping["x"] = 1
        with pytest.raises((TypeError, AttributeError)):
            mapping.update(x=1)
        with pytest.raises((TypeError, AttributeError)):
            mapping.clear()
    for array in (cohort.appraised.ticks, cohort.unproven, cohort.sheet.ticks):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1


def test_what_is_given_is_copied() -> None:
    """What the caller changes later does not change an assessment."""
    measures, attributes = {"a": 1, "b": 2}, {"level": "x"}
    marked = opened(attributes=attributes).step("mark", {"2": {"measures": measures}}, **UNIT)
    measures["a"], attributes["level"] = 2, "y"

    assert marked.entries["2"].measures == {"a": 1, "b": 2}
    assert marked.attributes == {"level": "x"}


def test_copies_and_pickles() -> None:
    """Assessments survive copying and pickling, and take moves afterwards."""
    made = Assessments(CYCLE, [appraised("a", {"1.1": 5}, {"1.1": 4})])
    for again in (copy.deepcopy(made), pickle.loads(pickle.dumps(made))):  # noqa: S301 - our own
        assert again == made
        assert again["a"].step("publish", by="U", at="2024-03-01").state == "published"


# What a move costs


def marked_often(times: int) -> Assessment:
    """An assessment whose one leaf was marked so many times."""
    made = opened()
    for at in range(times):
        made = made.step("mark", {"1.1": {"points": at % 10}}, **UNIT)
    return made


def test_a_step_costs_what_it_touches() -> None:
    """The next move takes as much work after 400 lines of history as after 20."""
    work = []
    for times in (20, 400):
        made = marked_often(times)
        made.step("mark", {"1.1": {"points": 3}}, **UNIT)
        work.append(steps(lambda made=made: made.step("mark", {"1.1": {"points": 3}}, **UNIT)))  # type: ignore[misc]

    assert work[1] <= work[0] * 1.05


def test_reading_a_history_is_linear() -> None:
    """Twice as many lines take at most twice the work to read."""
    rubric_document = dti.load_rubric(dti.to_document(rubric()))
    work = []
    for times in (10, 200, 400):
        document = dti.to_document(Assessments(CYCLE, [marked_often(times)]))
        work.append(steps(lambda document=document: dti.load_assessments(document, rubric_document)))  # type: ignore[misc]

    assert work[2] <= 2.1 * work[1]


def test_a_step_checks_what_the_whole_would() -> None:
    """What is found of the last line alone is found of the whole history too: in another cycle all is checked again."""
    made = marked_often(3).step("submit", **UNIT)
    closed = Cycle(rubric(), [Round("r", "2024-01-11", "2024-01-31", ["mark"])])
    found = problems_of(lambda: attrs.evolve(made, cycle=closed))

    assert [*found] == [f"$.history[{line}].at" for line in range(3)]
    assert attrs.evolve(made, cycle=Cycle(rubric(), period="2024")).history == made.history


def test_many_rounds() -> None:
    """Every line of a history is looked for in the rounds of its cycle, so these are bounded."""
    rounds = [Round(f"{at}", "2024-01-01", "2024-01-31", ["mark"]) for at in range(101)]

    assert "at most 100" in problems_of(lambda: Cycle(rubric(), rounds))["$.rounds"]
    assert len(Cycle(rubric(), rounds[:100]).rounds_of["mark"]) == 100
