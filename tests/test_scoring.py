"""Measures become marks: what b = 0 means, who is compared with whom, what is refused, and nothing is lost."""

import pickle
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference_scoring import BY_ZERO, ROUNDED, Json, reference, size
from strategies_scoring import ratios, rules, sizes

import dti_core as dti
from dti_core import methods
from dti_core.exact import Rounding
from dti_core.measures import ScoredSheet

WHY: Any = {"reason": "Không phát sinh hồ sơ", "basis": "Điều 5"}
SKIP = methods.Ratio(when_zero="not_applicable", **WHY)
KIND: Any = {
    "attributes": {"kind": {}},
    "blocks": [dti.Block("x", "X", {"kind": "x"}), dti.Block("y", "Y", {"kind": "y"})],
}


def rubric_of(*scoring: methods.Method | None, **others: Any) -> dti.Rubric:
    """A rubric of leaves 1, 2 … of 20 points each."""
    return dti.Rubric(
        "r",
        "Bộ chỉ số giả định",
        [dti.Index(str(at), f"Chỉ số {at}", 20, scoring=each) for at, each in enumerate(scoring, 1)],
        **others,
    )


def measured(rubric: dti.Rubric, *rows: Json, **others: Any) -> dti.MarkSheet:
    """The sheet of units u0, u1 … with these measures."""
    units = [f"u{at}" for at in range(len(rows))]
    return dti.score(dti.Measures.from_rows(rows, rubric, units=units, **others))


def marks(sheet: dti.MarkSheet, leaf: str = "1") -> list[float | None]:
    """The marks of a leaf."""
    return [sheet.of(unit)[leaf] for unit in sheet.units]


def problems(rubric: dti.Rubric, *rows: Json, **others: Any) -> list[str]:
    """What is wrong with measures."""
    with pytest.raises(dti.InvalidDocument) as caught:
        measured(rubric, *rows, **others)
    return [str(problem) for problem in caught.value.problems]


# What b = 0 means


def test_not_applicable_is_an_exclusion() -> None:
    """A unit without records is not scored on the leaf, and the result says why and on what basis."""
    rubric = rubric_of(SKIP, None)
    sheet = measured(rubric, {"1": {"a": 31, "b": 40}, "2": 10}, {"1": {"a": 0, "b": 0}, "2": 10})

    result = dti.evaluate(rubric, sheet)

    assert result.total.applicable.tolist() == [40, 20]
    assert result.total.published.tolist() == [25.5, 20]
    assert result.exclusions()["unit"].tolist() == ["u1"]
    assert result.exclusions()["reason"].tolist() == [WHY["reason"]]
    assert result.exclusions()["basis"].tolist() == [WHY["basis"]]
    assert str(dti.trace(sheet, "u1", "1")) == "không đánh giá"


@pytest.mark.parametrize(("when_zero", "mark"), [("zero", 0), ("full_marks", 20)])
def test_declared_points(when_zero: Any, mark: float) -> None:
    """What is declared for b = 0 is what a unit gets there."""
    assert marks(measured(rubric_of(methods.Ratio(when_zero=when_zero)), {"1": {"b": 0}})) == [mark]


def test_nothing_is_guessed() -> None:
    """Without a declaration b = 0 is refused, naming unit and leaf."""
    (problem,) = problems(rubric_of(methods.Ratio()), {"1": {"a": 1, "b": 2}}, {"1": {"a": 0, "b": 0}})

    assert problem.startswith("$.units[1].measures['1']: unit 'u1', leaf '1': has b = 0")
    assert "declare when_zero" in problem


@pytest.mark.parametrize("treatment", ["skip", "full_marks"])
def test_excluded_units_need_no_rule(treatment: Any) -> None:
    """Where a rule or decision treats the leaf already, b = 0 neither is refused nor overrides it."""
    rule = dti.ExclusionRule(code="e", members=["1"], when={"kind": "x"}, treatment=treatment, **WHY)
    for method in (SKIP, methods.Ratio()):
        rubric = rubric_of(method, None, attributes={"kind": {}}, exclusions=[rule])

        sheet = measured(rubric, {"1": {"a": 0, "b": 0}, "2": 5}, attributes={"kind": ["x"]})

        assert sheet.exclusions == ()
        assert dti.evaluate(rubric, sheet)["1"].applicable.tolist() == [0 if treatment == "skip" else 20]


# Who is compared with whom


@given(data=st.data())
def test_cohort_is_the_block(data: st.DataObject) -> None:
    """Units are compared within their block, without those excluded on the leaf and those not measured."""
    of = data.draw(st.sampled_from(["value", "per"]))
    rule: Json = {"kind": "relative", "of": of, "to": data.draw(st.sampled_from(["best", "min_max"]))}
    rule |= {
        "cohort": "block",
        "when_zero": "zero",
        "best": data.draw(st.sampled_from(["highest", "lowest"])),
    }
    cells = data.draw(
        st.lists(st.none() | (sizes if of == "value" else ratios(whole=False)), min_size=1, max_size=9)
    )
    kinds = data.draw(st.lists(st.sampled_from("xy"), min_size=len(cells), max_size=len(cells)))
    out = data.draw(st.lists(st.booleans(), min_size=len(cells), max_size=len(cells)))
    method = methods.Relative(**{key: value for key, value in rule.items() if key != "kind"})
    excluded = [f"u{at}" for at, each in enumerate(out) if each]
    decision = dti.Exclusion(members=["1"], units=excluded, treatment="skip", **WHY)

    sheet = measured(
        rubric_of(method, **KIND),
        *({"1": cell} for cell in cells),
        attributes={"kind": kinds},
        exclusions=[decision] if excluded else [],
    )

    for at, (cell, kind) in enumerate(zip(cells, kinds, strict=True)):
        cohort = [
            other for other, each, gone in zip(cells, kinds, out, strict=True) if each == kind and not gone
        ]
        points = (
            reference(rule, Fraction(20), cell, cohort)
            if not out[at] or size(rule, cell) == BY_ZERO
            else None
        )
        assert marks(sheet)[at] == (None if points is None else ROUNDED["half_up"](points * 100) / 100)


def test_cohort_of_nobody() -> None:
    """A unit in no block has nobody to be compared with, and is told so."""
    relative = rubric_of(methods.Relative(cohort="block"), **KIND)

    (problem,) = problems(relative, {"1": 3}, {"1": 4}, attributes={"kind": ["x", "z"]})

    assert "unit 'u1', leaf '1': is compared within its block, and the unit is in none" in problem


# What is refused

ANSWERS = methods.Choice(answers={"Bí thư": 1, "Phó": "1/2"})
MIXED = "is 0.85, a share among percentages (another unit has 85)"
ALONE = "is 0.85, and no unit has more than 1: shares, not percentages; write 85 for 85 %"
OUTSIDE = "is 85, outside the scale from 0 to 1 (another unit has 0.85: write all on one scale); correct it"
BAD: dict[str, tuple[methods.Method | None, Sequence[Json], str, str]] = {
    "negative": (methods.Ratio(), [{"a": -1, "b": 4}], ".a", "is -1; it cannot be negative"),
    "negative points": (None, [-1], "", "is -1; it cannot be negative"),
    "above the maximum": (None, [20.5], "", "at most 20"),
    "a above b": (methods.Ratio(), [{"a": 5, "b": 4}], "", "a = 5 of b = 4"),
    "percent above 100": (methods.Ratio(of="percent"), [100.5], "", "is 100.5, above 100 %"),
    "shares among percentages": (methods.Ratio(of="percent"), [0.85, 85], "", MIXED),
    "percentage among shares": (methods.Scale(high=1), [85, None, 0.85], "", OUTSIDE),
    "shares on a scale of 100": (methods.Scale(high=100), [0.85, 85], "", MIXED),
    "nothing but shares": (methods.Ratio(of="percent"), [0.85, 0, 1], "", ALONE),
    "nothing but shares on a scale of 100": (methods.Scale(high=100), [0.85], "", ALONE),
    "off the scale": (methods.Scale(high=10), [10.1], "", "outside the scale from 0 to 10"),
    "below the scale": (methods.Scale(low=1, high=5, cap=True), [0.5], "", "outside the scale from 1 to 5; correct it"),
    "above the scale": (methods.Scale(high=60), [61.5], "", "correct it, or declare a cap where more counts as 60"),
    "lowest of 0": (methods.Relative(best="lowest"), [0, 5], "", "declare when_zero"),
    "unknown answer": (ANSWERS, ["Bi thư"], "", "there are 'Bí thư', 'Phó'; did you mean 'Bí thư'?"),
    "number for an answer": (ANSWERS, [1], "", "one of the named answers is needed, not 1"),
    "number for yes": (methods.YesNo(), [1], "", "true or false is needed, not 1"),
    "yes for a number": (methods.Count(per_item=1), [True], "", "a number is needed, not True"),
    "text for a number": (methods.Count(per_item=1), ["3"], "", "a number is needed, not '3'; write it without quotes"),
    "unknown input": (methods.Ratio(), [{"a": 1, "b": 2, "c": 3}], ".c", "'c' is no input here; it takes a, b"),
    "number for inputs": (methods.Ratio(), [0.85], "", "is 0.85; it takes a, b, each by name"),
    "inputs for a number": (methods.Count(per_item=1), [{"a": 1}], "", "a number is needed"),
    "infinite": (methods.Count(per_item=1), [float("inf")], "", "numbers here end at"),
    "huge": (methods.Count(per_item=1), [10**400], "", "numbers here end at"),
}  # fmt: skip


@pytest.mark.parametrize(("method", "cells", "path", "said"), BAD.values(), ids=[*BAD])
def test_bad_measures(method: methods.Method | None, cells: Sequence[Json], path: str, said: str) -> None:
    """A measure that cannot be meant is one error with its place, its value and the way out."""
    (problem,) = problems(rubric_of(method), *({"1": cell} for cell in cells))

    assert problem.startswith(f"$.units[0].measures['1']{path}: ")
    assert said in problem


@pytest.mark.parametrize("method", [methods.Target(of="percent", at_least=0.5), methods.Scale(high=100)])
def test_percentages_of_those_who_count(method: methods.Method) -> None:
    """Units for which the leaf does not count have no say in whether a column holds shares or percentages."""
    skip = [dti.Exclusion(members=["1"], units=["u0"], treatment="skip", **WHY)]
    rubric = rubric_of(method)

    assert marks(measured(rubric, {"1": 0.85}, {"1": 85}, exclusions=skip))[1] is not None
    assert marks(measured(rubric, {"1": 85}, {"1": 1}, exclusions=skip))[1] is not None
    assert len(problems(rubric, {"1": 85}, {"1": 0.5}, exclusions=skip)) == 1


def test_problems_are_told_in_vietnamese() -> None:
    """What is wrong with a measure is told in either language, its numbers as the language writes them."""
    with pytest.raises(dti.InvalidDocument) as caught:
        measured(rubric_of(methods.Ratio(of="percent")), {"1": 0.85}, {"1": 85.5})

    (problem,) = caught.value.problems
    assert problem.text("vi").startswith(
        "$.units[0].measures['1']: đơn vị 'u0', chỉ số '1': là 0,85, tỷ lệ giữa các phần trăm (đơn vị khác có 85,5)"
    )


def test_other_refusals_are_told_in_vietnamese() -> None:
    """What is wrong with a cell, or with how a leaf is scored, is told in Vietnamese too."""
    with pytest.raises(dti.InvalidDocument) as caught:
        measured(rubric_of(methods.Ratio()), {"1": {"a": "31", "b": -1, "c": 2}})
    told = caught.value.text("vi").splitlines()[1:]

    assert [line.partition(": đơn vị 'u0', chỉ số '1': ")[2] for line in told] == [
        "'c' không phải số liệu ở đây; ở đây cần a, b",
        "cần một số, không phải '31'; hãy viết không có ngoặc kép",
        "là -1; không được âm: hãy sửa",
    ]
    with pytest.raises(dti.InvalidDocument) as caught:
        rubric_of(methods.Scale(low=10, high=0))
    assert caught.value.problems[0].text("vi").endswith("nếu thấp hơn là tốt hơn thì khai báo complement")


def test_unknown_leaf() -> None:
    """A measure of nothing in the rubric is refused, with the nearest leaf."""
    (problem,) = problems(rubric_of(None, None), {"1.": 3})

    assert "'1.' is no leaf of the rubric; did you mean '1'?" in problem


def test_tiny_percentages_can_be_meant() -> None:
    """Where 0.85 % beside 85 % is meant, the rule says so."""
    method = methods.Ratio(of="percent", below_one=True)

    assert marks(measured(rubric_of(method), {"1": 0.85}, {"1": 85})) == [0.17, 17]


def test_all_problems_at_once() -> None:
    """A document's problems come together: measures, leaves and attributes."""
    rubric = rubric_of(methods.Ratio(), methods.Count(per_item=1), attributes={"kind": {}})
    units = [{"code": "a", "measures": {"1": {"a": 3, "b": 2}, "2": -1, "3": 1}}]

    with pytest.raises(dti.InvalidDocument) as caught:
        dti.load_measures({"schema": "dti-core/measures/1", "rubric": "r", "units": units}, rubric)

    assert {problem.where for problem in caught.value.problems} == {
        "$.units[0].measures['2']",
        "$.units[0].measures['3']",
        "$.attributes.kind",
    }


def test_measures_of_another_rubric() -> None:
    """Measures are read by the rubric they name."""
    with pytest.raises(dti.InvalidDocument, match="load that rubric"):
        dti.load_measures({"schema": "dti-core/measures/1", "rubric": "other", "units": []}, rubric_of(None))


# Exactness


def test_halves_of_large_numbers() -> None:
    """A ratio of numbers beyond 64 bits, a hair below a half, is not rounded up."""
    half = {"a": 6275 * 10**10, "b": 10**15}
    below = {"a": 6275 * 10**10 - 1, "b": 10**15}

    assert marks(measured(rubric_of(methods.Ratio()), {"1": half}, {"1": below})) == [1.26, 1.25]


def test_decimals_are_meant_as_printed() -> None:
    """0.1 + 0.2 is 0.3: measures are the decimals they print as."""
    target = methods.Target(of="per", at_least="1/3")

    assert marks(measured(rubric_of(target), {"1": {"a": 0.1, "b": 0.3}})) == [20]


HOW: tuple[Rounding, ...] = ("half_up", "half_even", "down")


def test_rounding_is_declared() -> None:
    """12.5 of 100 ticks goes up, to even, or down, as the leaf says."""
    given_ = {"1": {"a": 1, "b": 8}, "2": {"a": 1, "b": 8}, "3": {"a": 1, "b": 8}}
    rubric = dti.Rubric("r", "R", [
        dti.Index(str(at), "R", 1, scoring=methods.Ratio(rounding=how))
        for at, how in enumerate(HOW, 1)
    ])  # fmt: skip

    assert [*measured(rubric, given_).of("u0").values()] == [0.13, 0.12, 0.12]


def test_typed_points_are_not_rounded() -> None:
    """A leaf without scoring takes points as they are; more decimals than declared are refused, unless it rounds."""
    (problem,) = problems(rubric_of(None), {"1": 1.005})

    assert "more than 2 decimals" in problem
    assert marks(measured(rubric_of(methods.Direct(rounding="half_up")), {"1": 1.005})) == [1.01]


# Documents and tables


@given(data=st.data())
def test_documents_are_lossless(data: st.DataObject) -> None:
    """Measures written and read again are the same measures and the same marks."""
    rule, cells = data.draw(rules())
    leaf = {"code": "1", "title": "t", "max_points": 20, "scoring": rule}
    rubric = dti.load_rubric({"schema": "dti-core/rubric/1", "code": "r", "title": "t", "indices": [leaf]})
    drawn = data.draw(st.lists(st.none() | cells, max_size=4))
    sheet = measured(rubric, *({"1": cell} for cell in drawn), period="2024", stage="self")
    assert isinstance(sheet, ScoredSheet)

    again = dti.load_measures(dti.to_document(sheet.measures), rubric)

    assert again == sheet.measures
    assert dti.score(again) == sheet
    assert dti.load_marks(dti.to_document(sheet), rubric).ticks.tobytes() == sheet.ticks.tobytes()


TABLE: Json = {
    "Đơn vị": ["a", "b", "c"],
    "1.a": [31, 5, 0],
    "1.b": [40.0, 8.0, 0.0],
    "Trưởng ban": ["Bí thư", None, "Phó"],
    "3": [True, False, True],
    "4": [12.5, float("nan"), 3.0],
}
TABULAR = rubric_of(methods.Ratio(when_zero="zero"), ANSWERS, methods.YesNo(), None)


@pytest.mark.parametrize("library", ["dict", "pandas", "polars", "pyarrow"])
def test_tables(library: str) -> None:
    """A table of any library gives what the same measures give as rows."""
    table = TABLE
    if library != "dict":
        module = pytest.importorskip(library)
        table = (module.table if library == "pyarrow" else module.DataFrame)(TABLE)

    sheet = dti.score(dti.Measures.from_table(table, TABULAR, unit="Đơn vị", columns={"Trưởng ban": "2"}))

    assert sheet.of("a") == {"1": 15.5, "2": 20, "3": 20, "4": 12.5}
    assert sheet.of("b") == {"1": 12.5, "2": None, "3": 0, "4": None}
    assert sheet.of("c") == {"1": 0, "2": 10, "3": 20, "4": 3}
    assert pickle.loads(pickle.dumps(sheet)) == sheet  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    ("change", "where", "said"),
    [
        ({"1.a": ["31", 5, 0]}, "$[0]['1.a']", "text"),
        ({"1.a": [31, 9, 0]}, "$[1]['1']", "a = 9 of b = 8"),
        ({"3": [1, 0, 1]}, "$[0]['3']", "true or false is needed"),
        ({"4": [-1, 0, 1]}, "$[0]['4']", "unit 'a', leaf '4': is -1"),
    ],
)
def test_bad_tables(change: Json, where: str, said: str) -> None:
    """What is wrong in a table is told with its row and column."""
    with pytest.raises(dti.InvalidDocument) as caught:
        dti.score(
            dti.Measures.from_table(TABLE | change, TABULAR, unit="Đơn vị", columns={"Trưởng ban": "2"})
        )

    problem = caught.value.problems[0]
    assert problem.where == where
    assert said in problem.message


def test_absent_column() -> None:
    """A table without the column of an input is refused."""
    with pytest.raises(dti.InvalidDocument, match=r"1\.b.* is no column of the table"):
        dti.Measures.from_table({"unit": ["a"], "1.a": [1]}, rubric_of(methods.Ratio()))


def test_column_of_two_things() -> None:
    """A header that would be a leaf and an input of another leaf is refused, not guessed."""
    indices = [dti.Index("1", "A", 20, scoring=methods.Ratio()), dti.Index("1.a", "B", 20)]

    with pytest.raises(dti.InvalidArgument, match=r"'1\.a' would be a leaf and an input"):
        dti.Measures.from_table({"unit": ["a"], "1.a": [1], "1.b": [1]}, dti.Rubric("r", "R", indices))


def test_trace_needs_measures() -> None:
    """Marks that were typed in have no measures to be traced to, and a leaf must exist."""
    rubric = rubric_of(None)
    typed = dti.MarkSheet.from_array(np.array([[15.5]]), rubric, units=["a"])

    with pytest.raises(dti.InvalidArgument, match="marked directly"):
        dti.trace(typed, "a", "1")
    with pytest.raises(dti.UnknownCode, match="no leaf has the code '2'"):
        dti.trace(measured(rubric, {"1": 3}), "u0", "2")
