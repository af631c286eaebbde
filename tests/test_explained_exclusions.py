"""What did not count in the ordinary way: an explanation names who says so, because of what, and against what."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import event, given, reject, settings
from hypothesis import strategies as st
from strategies import documents
from strategies_decisions import decided_sums

import dti_core as dti
from dti_core.words.results import equation

if TYPE_CHECKING:
    from reference_rules import Document

some = settings(max_examples=max(10, settings().max_examples // 3))
WHY: Any = {"reason": dti.Label("Không có thủ tục", "No procedures"), "basis": "Điều 5"}
RULE = dti.ExclusionRule(
    code="no-procedures", when={"has_procedures": False}, members=["2"], treatment="skip", **WHY
)
RUBRIC = dti.Rubric(
    "demo",
    "Ví dụ",
    [
        dti.Index("1", "Nhận thức số", 30),
        dti.Index("2", "Dịch vụ công", 20),
        dti.Index("3", "Một cửa", 20, role="standby"),
    ],
    attributes={
        "has_procedures": {"type": "boolean"},
        "staff": {"type": "number"},
        "level": {"type": "string"},
    },
    exclusions=[RULE],
)


def explained(
    *decisions: dti.Exclusion, rubric: dti.Rubric = RUBRIC, standby: float | None = None, **attributes: Any
) -> dti.Result:
    """One unit, "a", marked 15.5 and 20."""
    values = {"has_procedures": False, "staff": 12.5, "level": "sở"} | attributes
    columns = {name: [value] for name, value in values.items()}
    decided: Any = {"a": decisions} if decisions else {}
    marks = [[15.5, 20, float("nan") if standby is None else standby]]
    sheet = dti.MarkSheet.from_array(marks, rubric, units=["a"], attributes=columns, unit_exclusions=decided)
    return dti.evaluate(rubric, sheet)


def leaf(result: dti.Result, code: str) -> Any:
    """The step of a leaf in the explanation of the total."""
    return next(step for step in result.explain("a").steps if step.kind == "leaf" and step.node == code)


def test_a_rule_names_the_values_that_made_it_apply() -> None:
    """A unit reads which of its attributes met the rule that took a leaf away."""
    result = explained()

    assert leaf(result, "2").authorities[0].because == (("has_procedures", False),)
    assert "Quy tắc no-procedures của bộ chỉ số, vì has_procedures = không; lý do: Không có" in str(
        result.explain("a")
    )
    assert "Rule no-procedures of the rubric, because has_procedures = false; reason: No" in str(
        result.explain("a", language="en")
    )


@pytest.mark.parametrize(
    ("when", "vi", "en"),
    [
        ({"staff": {"minimum": 10}}, "vì staff = 12,5;", "because staff = 12.5;"),
        (
            {"level": "sở", "has_procedures": {"not": {"const": True}}},
            "vì level = sở và has_procedures = không;",
            "because level = sở and has_procedures = false;",
        ),
        ({"unit": "a"}, "vì unit = a;", "because unit = a;"),
        ({"level": {"not": {"const": "x"}}}, "vì level = sở;", "because level = sở;"),
        ({}, "Quy tắc r của bộ chỉ số; lý do", "Rule r of the rubric; reason"),
    ],
)
def test_values_are_told_as_each_language_writes_them(when: Document, vi: str, en: str) -> None:
    """Numbers, truth values, text and the unit's own code are told; a rule for everyone needs no reason."""
    rule = dti.ExclusionRule(code="r", when=when, members=["1"], treatment="skip", **WHY)
    rubric = dti.Rubric(
        "demo", "Ví dụ", RUBRIC.indices, attributes=dict(RUBRIC.attributes), exclusions=[rule]
    )
    result = explained(rubric=rubric)

    assert vi in str(result.explain("a"))
    assert en in str(result.explain("a", language="en"))


def test_an_empty_value_is_told() -> None:
    """An attribute that is there and empty is told as empty, not left out."""
    rule = dti.ExclusionRule(code="r", when={"level": ""}, members=["1"], treatment="skip", **WHY)
    rubric = dti.Rubric(
        "demo", "Ví dụ", RUBRIC.indices, attributes=dict(RUBRIC.attributes), exclusions=[rule]
    )

    assert "because level = (empty);" in str(explained(rubric=rubric, level="").explain("a", language="en"))


@pytest.mark.parametrize("treatment", ["count", "full_marks"])
def test_a_decision_names_the_rules_it_overrules(treatment: Any) -> None:
    """A decision against a rule says against which, as data and in both languages."""
    result = explained(
        dti.Exclusion(members=["2"], treatment=treatment, reason="Có phát sinh", basis="CV 12")
    )
    step = leaf(result, "2")

    assert (step.treatment, step.overrules) == (treatment, ("no-procedures",))
    assert [(who.origin, who.because) for who in step.authorities] == [("unit", ())]
    assert "Không áp dụng quy tắc: no-procedures" in str(result.explain("a"))
    assert "Overrules: no-procedures" in str(result.explain("a", language="en"))


def test_a_decision_against_nothing_overrules_nothing() -> None:
    """Where no rule applies to the unit, a decision is told alone."""
    decision = dti.Exclusion(members=["2"], treatment="skip", **WHY)
    result = explained(decision, has_procedures=True)

    assert leaf(result, "2").overrules == ()
    assert "Overrules" not in str(result.explain("a", language="en"))


def test_an_ignored_mark_on_a_stand_by_leaf_is_told() -> None:
    """A mark on a stand-by leaf that replaces nothing stands among what did not count, as exclusions() has it."""
    result = explained(standby=7.5)

    assert (leaf(result, "3").treatment, leaf(result, "3").ignored) == ("standby", Fraction(15, 2))
    assert "Dự phòng, không dùng\n    3 Một cửa: tối đa 20 điểm, điểm chấm 7,5 không được tính" in str(
        result.explain("a")
    )


COLUMNS = (
    "leaf", "treatment", "by", "source", "rule", "reason", "basis", "because", "overrules", "to", "ignored",
)  # fmt: skip


def told(explanation: dti.Explanation) -> list[tuple[Any, ...]]:
    """A line for each source of what the steps say of leaves that did not count in the ordinary way."""
    lines: list[tuple[Any, ...]] = []
    steps: Any = [step for step in explanation.steps if step.kind == "leaf"]
    for step in steps:
        ignored = float("nan") if step.ignored is None else float(step.ignored)
        to = float("nan") if step.to is None else float(step.to)
        after = (", ".join(step.overrules) or None, to, ignored)
        if step.treatment == "standby" and step.ignored is not None:
            lines.append((step.node, "standby", None, "rubric", None, None, None, None, *after))
        for who in step.authorities if step.treatment else ():
            about = (step.node, step.treatment, step.by, who.origin, who.rule, who.reason.vi, who.basis)
            because = ", ".join(equation(name, value, "vi") for name, value in who.because) or None
            lines.append((*about, because, *after))
    return lines


def accepted(pair: tuple[Document, Document]) -> dti.Result:
    """What the documents come to, where they do not contradict themselves."""
    try:
        rubric = dti.load_rubric(pair[0])
        return dti.evaluate(rubric, dti.load_marks(pair[1], rubric))
    except dti.DTIError:
        reject()


@some
@given(st.one_of(documents(), decided_sums()))
def test_explanations_and_exclusions_tell_the_same(pair: tuple[Document, Document]) -> None:
    """Leaf by leaf, source by source, the explanation of the total names what exclusions() lists."""
    result = accepted(pair)
    for unit in result.units[:3]:
        table = result.exclusions(unit)
        listed = [*zip(*(table[name].tolist() for name in COLUMNS), strict=True)]
        listed = [(*line[:5], None, *line[6:]) if line[3] == "rubric" else line for line in listed]
        assert sorted(map(repr, told(result.explain(unit)))) == sorted(map(repr, listed))


@some
@given(documents())
def test_because_is_what_the_unit_is(pair: tuple[Document, Document]) -> None:
    """The values that a rule is said to apply for are those of the marks document, and all that the rule asks about."""
    result = accepted(pair)
    whens = {rule["code"]: rule.get("when", {}) for rule in pair[0].get("exclusions", [])}
    for unit in pair[1]["units"][:3]:
        known = unit.get("attributes", {}) | {"unit": unit["code"]}
        steps: Any = [step for step in result.explain(unit["code"]).steps if step.kind == "leaf"]
        for who in (who for step in steps for who in step.authorities):
            event(who.origin)
            names = whens[who.rule] if who.origin == "rule" else ()
            asked = {name: known[name] for name in names}
            exact = {
                name: Decimal(str(value)) if type(value) in (int, float) else value
                for name, value in asked.items()
            }
            assert dict(who.because) == exact
