"""Who is scored on what: decided once for all who share it, whatever the number of decisions, rules and values."""

from collections.abc import Callable
from typing import Any

import pytest
from counting import steps

import dti_core as dti
from dti_core.applicability import Applicability


def rubric(**fields: Any) -> dti.Rubric:
    """Two indices of two components each."""
    parts = {code: [dti.Component(f"{code}.{at}", "c", 10) for at in (1, 2)] for code in ("1", "2")}
    return dti.Rubric(
        "r", "R", [dti.Index(code, "i", components=part) for code, part in parts.items()], **fields
    )


def decision(treatment: str = "skip", member: str = "1.1", **fields: Any) -> dti.Exclusion:
    """A decision on one leaf."""
    return dti.Exclusion(
        **{"members": [member], "treatment": treatment, "reason": "r", "basis": "b"} | fields
    )


def rule(code: str, treatment: str = "skip", member: str = "1.1", **fields: Any) -> dti.ExclusionRule:
    """A rule on one leaf."""
    given = {"code": code, "members": [member], "treatment": treatment, "reason": "r", "basis": "b"}
    return dti.ExclusionRule(**given | fields)


def sheet(count: int, by: dti.Rubric | None = None, **fields: Any) -> dti.MarkSheet:
    """Every unit marked 5 on every leaf."""
    units = [f"u{at}" for at in range(count)]
    return dti.MarkSheet.from_array([[5] * 4] * count, by or rubric(), units=units, **fields)


def applicability(marks: dti.MarkSheet) -> Applicability:
    """What counts for whom."""
    return marks.applicability


class TestPatterns:
    """What is decided is kept apart from who decided it."""

    def test_alike_whoever_decides(self) -> None:
        """The same decision by a rule, for the round and on a unit, with other reasons, makes one pattern."""
        own = {"u1": (decision(reason="một"),), "u2": (decision(reason="hai"),)}
        by = rubric(exclusions=[rule("e", when={"unit": "u3"})])
        marks = sheet(5, by, exclusions=[decision(units=["u0"])], unit_exclusions=own)
        found = applicability(marks)

        assert len(found.patterns) == 2
        assert [int(found.pattern_of[row]) for row in range(5)] == [int(found.pattern_of[0])] * 4 + [
            int(found.pattern_of[4])
        ]
        assert dti.evaluate(by, marks).total.applicable.tolist() == [30.0] * 4 + [40.0]
        reasons = dti.evaluate(by, marks).exclusions()
        assert [*zip(reasons["unit"], reasons["reason"], strict=True)] == [
            ("u0", "r"), ("u1", "một"), ("u2", "hai"), ("u3", "r"),
        ]  # fmt: skip

    def test_said_twice_is_heard_once(self) -> None:
        """Sources that agree are all reported; one that says the very same twice, once."""
        twice = sheet(1, exclusions=[decision(), decision(), decision(basis="c")])
        told = dti.evaluate(twice.rubric, twice).exclusions()

        assert told["basis"].tolist() == ["b", "c"]

    def test_a_count_needs_a_rule(self) -> None:
        """A decision to count overrules a rule, and is nothing to tell where there is none."""
        by = rubric(exclusions=[rule("e")])
        told = dti.evaluate(by, sheet(1, by, exclusions=[decision("count")])).exclusions()

        assert (told["treatment"].tolist(), told["overrules"].tolist()) == (["count"], ["e"])
        bare = sheet(1, exclusions=[decision("count")])
        assert dti.evaluate(bare.rubric, bare).exclusions()["unit"].tolist() == []


class TestContradictions:
    """Whoever is concerned is told."""

    def test_every_unit(self) -> None:
        """Three units of one case that two sources treat differently are three problems, each with its own place."""
        own = {unit: (decision("full_marks"), decision()) for unit in ("u0", "u1", "u2")}
        with pytest.raises(dti.InvalidDocument) as refused:
            sheet(4, unit_exclusions=own)

        problems = refused.value.problems
        assert [problem.path for problem in problems] == [("units", row) for row in range(3)]
        for row, problem in enumerate(problems):
            assert f"the decision at $.units[{row}].exclusions[0] says full_marks" in problem.message
            assert f"the decision at $.units[{row}].exclusions[1] says skip" in problem.message

    def test_rules_by_their_codes(self) -> None:
        """Rules that contradict one another for a unit are named."""
        when = {"unit": {"enum": ["u0", "u1"]}}
        by = rubric(exclusions=[rule("e", when={"unit": "u0"}), rule("f", "full_marks", when=when)])
        with pytest.raises(dti.InvalidDocument) as refused:
            sheet(1, by)

        assert "rule 'e' says skip" in refused.value.problems[0].message
        assert "rule 'f' says full_marks" in refused.value.problems[0].message

    def test_in_the_order_of_the_sheet(self) -> None:
        """Units that are contradicted are told in the order of the sheet, whatever they have in common."""
        alike = (decision("full_marks"), decision())
        other = (decision("full_marks", "2.1"), decision(member="2.1"))
        with pytest.raises(dti.InvalidDocument) as refused:
            sheet(4, unit_exclusions={"u0": alike, "u1": other, "u3": alike})

        assert [problem.path for problem in refused.value.problems] == [("units", row) for row in (0, 1, 3)]

    def test_every_unit_in_two_blocks(self) -> None:
        """Units that two blocks claim are all named."""
        blocks = [
            dti.Block("a", "A", {"unit": {"enum": ["u0", "u1"]}}),
            dti.Block("b", "B", {"unit": {"enum": ["u0", "u1"]}}),
        ]
        with pytest.raises(dti.InvalidDocument) as refused:
            sheet(3, rubric(blocks=blocks))

        assert [problem.path for problem in refused.value.problems] == [("units", 0), ("units", 1)]


class TestConditions:
    """Conditions that list their values are looked up; the others are asked."""

    @pytest.mark.parametrize(
        ("condition", "holding"),
        [
            ({"const": 1}, [1, 1.0]),
            ({"enum": [True, "x"]}, [True, "x"]),
            ({"enum": [1, 2, 3], "minimum": 2}, [2]),
            ({"enum": [1, "x"], "const": "x"}, ["x"]),
            ({"enum": [1, 2], "not": {"const": 1}}, [2]),
            ({"not": {"enum": [1, "x"]}}, [True, False, 2, "y"]),
            ({"minimum": 2}, [True, False, "x", "y", 2]),
        ],
    )
    def test_true_is_not_one(self, condition: dict[str, Any], holding: list[Any]) -> None:
        """Values meet a condition as JSON Schema compares them; bounds ignore what is no number."""
        asked = dti.Block("b", "B", {"a": condition}).when[0][1]
        values: list[Any] = [True, False, 1, 1.0, 2, "x", "y"]

        assert [value for value in values if asked.holds(value)] == [
            value for value in values if any(value == each and type(value) is type(each) for each in holding)
        ]


GROWING: dict[str, Callable[[int], dti.MarkSheet]] = {
    "own decisions": lambda count: sheet(
        count, unit_exclusions={f"u{at}": (decision(basis=f"{at}"),) for at in range(count)}
    ),
    "decisions that agree": lambda count: sheet(
        4, exclusions=[decision(basis=f"{at}") for at in range(count)]
    ),
    "a long list": lambda count: sheet(
        count, rubric(exclusions=[rule("e", when={"unit": {"enum": [f"u{at}" for at in range(count)]}})])
    ),
    "rules by value": lambda count: sheet(
        count, rubric(exclusions=[rule(f"e{at}", when={"unit": f"u{at}"}) for at in range(count)])
    ),
    "a long declaration": lambda count: sheet(
        count,
        rubric(attributes={"a": {"enum": [f"{at}" for at in range(count)]}}),
        attributes={"a": [f"{at}" for at in range(count)]},
    ),
}


@pytest.mark.parametrize("stage", [None, "self", "appraised"])
def test_contradictions_are_found_when_a_sheet_is_made(stage: Any) -> None:
    """Decisions that disagree on a leaf are refused at once, of a self stage as of any other."""
    with pytest.raises(dti.InvalidDocument, match=r"leaf '1\.1'"):
        sheet(1, exclusions=[decision("skip"), decision("full_marks")], stage=stage)


class TestGrowth:
    """Twice the work for twice the decisions, never four times."""

    @pytest.mark.parametrize("make", GROWING.values(), ids=[*GROWING])
    def test_in_proportion(self, make: Callable[[int], dti.MarkSheet]) -> None:
        """Making a sheet, adding it up and listing what did not count takes steps in proportion to what is decided."""

        def work(count: int) -> int:
            def all_of_it() -> None:
                marks = make(count)
                result = dti.evaluate(marks.rubric, marks)
                result.total.ranks()
                result.exclusions()

            return steps(all_of_it)

        small, large = work(200), work(400)
        assert large < 2.3 * small

    def test_many_adjusted_nodes(self) -> None:
        """Making a rubric takes steps in proportion to its gates and to its own penalties."""

        def work(count: int) -> int:
            def made() -> None:
                gated = [
                    dti.Index(
                        f"{at}",
                        "i",
                        zero_unless=[dti.NodeCondition(f"{at}.1", above=0)],
                        components=[
                            dti.Component(f"{at}.1", "c", 10),
                            dti.Component(f"{at}.p", "p", 1, role="penalty", adjusts=f"{at}"),
                        ],
                    )
                    for at in range(count)
                ]
                dti.Rubric("r", "R", gated)

            return steps(made)

        small, large = work(200), work(400)
        assert large < 2.3 * small
