"""Another sheet out of sheets: equal to the one that is read of the changed document, and as strict."""

import copy
import json
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import attrs
import numpy as np
import pytest
from full_documents import MEASURED, MEASURES, Document
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies_decisions import decided_documents

import dti_core as dti

WHY: Any = {"reason": "lý do", "basis": "01/QĐ"}
RUBRIC = dti.Rubric(
    "r",
    "Ví dụ",
    [dti.Index("1", "Một", 30), dti.Index("2", "Hai", 20)],
    bands=[dti.Band("high", "Cao", 80), dti.Band("middle", "Vừa", 40), dti.Band("low", "Thấp", 0)],
)
SKIP = dti.Exclusion(members=["2"], treatment="skip", **WHY)
LOWER = dti.GradeLimit(units=["a"], lower_by=1, **WHY)


def sheet(units: str = "ab", **others: Any) -> dti.MarkSheet:
    """Units with the marks 15.5 and 20 each."""
    return dti.MarkSheet.from_array([[15.5, 20]] * len(units), RUBRIC, units=[*units], **others)


def read_or_refused(make: Callable[[], dti.MarkSheet]) -> dti.MarkSheet | None:
    """The sheet, None where it is refused."""
    try:
        return make()
    except dti.InvalidDocument:
        return None


def drawn(pair: tuple[Document, Document]) -> tuple[dti.Rubric, dti.MarkSheet]:
    """The rubric and the sheet of a drawn pair of documents."""
    try:
        rubric = dti.load_rubric(pair[0])
        return rubric, dti.load_marks(pair[1], rubric)
    except dti.InvalidDocument:
        assume(False)  # noqa: FBT003 - the drawn sources contradict one another
        raise


@settings(max_examples=30)
@given(decided_documents(), st.data())
def test_a_changed_sheet_is_the_one_read_of_the_changed_document(
    pair: tuple[Document, Document], data: st.DataObject
) -> None:
    """Marks and decisions changed in a sheet, and units left out, give what reading the changed document gives."""
    rubric, before = drawn(pair)
    assume(before.units)
    document = dti.to_document(before)
    rows = st.sampled_from(range(len(before.units)))
    donors = data.draw(st.dictionaries(rows, rows))
    leaves = data.draw(st.sets(st.sampled_from(rubric.tree.leaves)))
    marks: Document = {
        before.units[row]: {leaf: before.of(before.units[donor])[leaf] for leaf in leaves}
        for row, donor in donors.items()
    }
    decisions = {
        before.units[row]: before.unit_exclusions.get(before.units[donor], ())
        for row, donor in donors.items()
    }
    marked, decided = copy.deepcopy(document), copy.deepcopy(document)
    for row, donor in donors.items():
        marked["units"][row]["marks"] |= marks[before.units[row]]
        decided["units"][row]["exclusions"] = document["units"][donor].get("exclusions", [])

    assert read_or_refused(lambda: before.with_marks(marks)) == read_or_refused(
        lambda: dti.load_marks(marked, rubric)
    )
    assert read_or_refused(lambda: before.with_exclusions(decisions)) == read_or_refused(
        lambda: dti.load_marks(decided, rubric)
    )
    gone = [before.units[row] for row in donors]
    assert before.without(gone) == dti.load_marks(left_of(document, gone), rubric)


def left_of(document: Document, gone: Sequence[str]) -> Document:
    """A marks document without some units, nor decisions on nobody else."""
    left = document | {"units": [unit for unit in document["units"] if unit["code"] not in gone]}
    for name in ("exclusions", "grade_limits"):
        decisions = [
            each | {"units": [unit for unit in each["units"] if unit not in gone]}
            if "units" in each
            else each
            for each in document.get(name, [])
        ]
        left[name] = [each for each in decisions if each.get("units") != []]
    return left


def decided_on(whole: dti.MarkSheet) -> Counter[Any]:
    """Every decision of the round with every unit that it is on."""
    decisions: list[Any] = [*whole.exclusions, *whole.grade_limits]
    return Counter(
        (attrs.evolve(decision, units=None), unit)
        for decision in decisions
        for unit in dict.fromkeys(whole.units if decision.units is None else decision.units)
    )


def beside_decisions(sheet: dti.MarkSheet) -> dict[str, Any]:
    """All of a sheet but the decisions of the round."""
    names = [field.name for field in attrs.fields(dti.MarkSheet)]
    return {name: getattr(sheet, name) for name in names if name not in ("exclusions", "grade_limits")}


@settings(max_examples=30)
@given(decided_documents(), st.integers(1, 3))
def test_the_parts_of_a_sheet_make_the_sheet(pair: tuple[Document, Document], size: int) -> None:
    """A sheet cut into parts and joined again holds the same, to the last decision on every unit."""
    _, whole = drawn(pair)
    assume(whole.units)
    cuts = [whole.units[start : start + size] for start in range(0, len(whole.units), size)]
    parts = [whole.without([unit for unit in whole.units if unit not in cut]) for cut in cuts]

    joined = dti.MarkSheet.concat(parts)

    assert beside_decisions(joined) == beside_decisions(whole)
    assert decided_on(joined) == decided_on(whole)
    for now, before in ((joined, whole), (dti.MarkSheet.concat([whole]), whole)):
        assert np.array_equal(now.counted, before.counted, equal_nan=True)
        for row in range(len(whole.units)):
            reached = [sheet_.limited.of(row) for sheet_ in (now, before)]
            assert Counter(reached[0]) == Counter(reached[1])


def test_63_files_are_one() -> None:
    """63 documents of one unit each, with a decision on all and one on the unit, make the sheet of one document."""
    units = [
        {
            "code": f"u{at}",
            "name": f"Đơn vị {at}",
            "attributes": {"vùng": at % 3},
            "marks": {"1": at / 4, "2": 20},
        }
        for at in range(63)
    ]
    skip = {"members": ["2"], "treatment": "skip", "reason": "chưa đánh giá", "basis": "Công văn ví dụ"}
    marks: Document = {"schema": "dti-core/marks/1", "rubric": "r", "period": "2024", "stage": "appraised"}
    files = [marks | {"units": [unit], "exclusions": [skip]} for unit in units]

    joined = dti.MarkSheet.concat(dti.load_marks(json.dumps(file), RUBRIC) for file in files)

    assert joined == dti.load_marks(marks | {"units": units, "exclusions": [skip]}, RUBRIC)


def test_one_changed_mark_works_nothing_else_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a changed mark neither units nor decisions are looked at again, and what follows of them stays."""
    before = sheet(names=["A", "B"], attributes={"g": ["x", "y"]}, exclusions=[SKIP])

    def asked(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr("dti_core.marks.roll.work_out", asked)
    monkeypatch.setattr(dti.MarkSheet, "__attrs_post_init__", asked)
    after = before.with_marks({"a": {"1": 12}})

    assert after.of("a") == {"1": 12, "2": 20}
    assert after.of("b") == before.of("b")
    assert after.applicability is before.applicability
    assert before.of("a") == {"1": 15.5, "2": 20}
    with pytest.raises(ValueError, match="read-only"):
        after.ticks[0] = 0


def test_every_problem_of_changed_marks_is_told() -> None:
    """Units and leaves that are not there are all told, with the likely code; then every mark that is none."""
    with pytest.raises(dti.InvalidDocument) as unknown:
        sheet().with_marks({"a": {"11": 1, "2": 1}, "c": {"1": 1}})
    with pytest.raises(dti.InvalidDocument) as wrong:
        sheet().with_marks({"a": {"1": 30.5, "2": "12"}})
    with pytest.raises(dti.InvalidDocument) as above:
        sheet().with_marks({"a": {"1": 30.5}, "b": {"2": 0.125}})

    assert [str(problem) for problem in unknown.value.problems] == [
        "$.a['11']: '11' is no leaf; did you mean '1'?",
        "$.c: 'c' is no unit of this sheet",
    ]
    assert [problem.where for problem in wrong.value.problems] == ["$.a['2']"]
    assert [problem.text("vi") for problem in above.value.problems] == [
        "$.a['1']: là 30,5; chỉ số '1' tối đa 30 điểm",
        "$.b['2']: là 0,125, quá 2 chữ số thập phân; hãy làm tròn (bảng thì dùng rounding='half_up')",
    ]


def test_a_mark_above_what_is_left_is_refused() -> None:
    """A changed mark above what a decision leaves of a leaf is refused; of a self stage it counts as that."""
    reduced = dti.Exclusion(members=["2"], treatment="reduce", to=10, **WHY)
    appraised = sheet().with_marks({"a": {"2": 8}}).with_exclusions({"a": [reduced]})

    with pytest.raises(dti.InvalidDocument, match="10"):
        appraised.with_marks({"a": {"2": 10.5}})
    claimed = attrs.evolve(appraised, stage="self").with_marks({"a": {"2": 10.5}})
    assert claimed.counted[0].tolist() == [1550, 1000]


def test_decisions_take_the_place_of_those_before() -> None:
    """The decisions named are all that there are on a unit alone, none take them back; those of the round stay."""
    full = dti.Exclusion(members=["1"], treatment="full_marks", **WHY)
    before = sheet(exclusions=[attrs.evolve(SKIP, units=["a"])], unit_exclusions={"a": [full], "b": [full]})

    after = before.with_exclusions({"a": []})

    assert dict(after.unit_exclusions) == {"b": (full,)}
    assert after.exclusions == before.exclusions
    with pytest.raises(dti.InvalidDocument, match=r"\$.exclusions\[0\]"):
        before.with_exclusions(
            {"a": [attrs.evolve(SKIP, treatment="full_marks")], "b": [SKIP]}
        ).with_exclusions({"b": [SKIP, attrs.evolve(SKIP, treatment="full_marks")]})


def test_marks_that_are_changed_follow_from_no_measures() -> None:
    """A scored sheet with a mark changed, a unit left out or decisions changed is a sheet of marks like any other."""
    scored = dti.score(dti.load_measures(MEASURES, MEASURED))
    unit = scored.units[0]
    leaf = next(leaf for leaf, mark in scored.of(unit).items() if mark is not None)

    for changed in (
        scored.with_marks({unit: {leaf: 0}}),
        scored.with_exclusions({}),
        scored.without([unit]),
        dti.MarkSheet.concat([scored]),
    ):
        assert type(changed) is dti.MarkSheet
        assert dti.load_marks(dti.to_document(changed), scored.rubric) == changed


def test_what_one_sheet_decided_on_all_is_not_decided_on_others() -> None:
    """A decision on all units of one sheet is on those units when sheets are joined, unless every sheet has it."""
    everyone, some = sheet("ab", exclusions=[SKIP]), sheet("cd")
    also = sheet("ef", exclusions=[attrs.evolve(SKIP, units=["f"])])

    assert dti.MarkSheet.concat([everyone, some]).exclusions == (attrs.evolve(SKIP, units=["a", "b"]),)
    assert dti.MarkSheet.concat([everyone, some, also]).exclusions == (
        attrs.evolve(SKIP, units=["a", "b", "f"]),
    )
    assert dti.MarkSheet.concat([everyone, sheet("cd", exclusions=[SKIP])]).exclusions == (SKIP,)
    assert dti.MarkSheet.concat([everyone, sheet("")]).exclusions == (SKIP,)
    assert dti.MarkSheet.concat([some, sheet("", exclusions=[SKIP])]).exclusions == ()


def test_two_lowerings_of_one_unit_stay_two() -> None:
    """Two like decisions that lower a grade still lower it by two when sheets are joined; one on each unit by one."""
    twice = sheet("a", grade_limits=[LOWER, LOWER]).with_marks({"a": {"1": 30}})
    once = sheet("b", grade_limits=[attrs.evolve(LOWER, units=["b"])]).with_marks({"b": {"1": 30}})

    joined = dti.MarkSheet.concat([twice, once])

    assert joined.grade_limits == (attrs.evolve(LOWER, units=["a", "b"]), LOWER)
    assert dti.evaluate(RUBRIC, joined).total.grades().tolist() == ["low", "middle"]


def test_names_and_attributes_are_those_of_the_units() -> None:
    """A unit keeps its name and attributes when sheets are joined; one whose sheet has none has none."""
    named = sheet("a", names=["A"], attributes={"g": ["x"], "h": [1]})
    other = sheet("b", attributes={"g": ["y"]})

    joined = dti.MarkSheet.concat([sheet("c"), named, other])

    assert joined.units == ("c", "a", "b")
    assert joined.names == (None, dti.Label("A"), None)
    assert {name: [column.of(row) for row in range(3)] for name, column in joined.attributes.items()} == {
        "g": [None, "x", "y"],
        "h": [None, 1, None],
    }
    assert joined.without(["a"]).names is None
    assert [*joined.without(["a"]).attributes] == ["g"]


def test_sheets_of_different_rounds_are_not_joined() -> None:
    """What keeps sheets apart is told for each: another rubric, period or stage, other free data, a unit in two."""
    first = sheet("ab", period="2024", stage="self", custom={"đợt": 1})
    edited = attrs.evolve(RUBRIC, title="Sửa")
    second = attrs.evolve(sheet("bc", period="2023", custom={"đợt": 2}), rubric=edited)

    with pytest.raises(dti.InvalidDocument) as caught:
        dti.MarkSheet.concat([first, second])

    assert [problem.where for problem in caught.value.problems] == [
        "$[1].rubric",
        "$[1].period",
        "$[1].stage",
        "$[1].custom",
        "$[1].units[0]",
    ]
    assert "cùng kỳ" in caught.value.text("vi")
    with pytest.raises(dti.InvalidArgument, match="at least one"):
        dti.MarkSheet.concat([])
    with pytest.raises(dti.InvalidArgument, match=r"sheets\[1\]: MarkSheet is needed"):
        dti.MarkSheet.concat([first, "b"])  # type: ignore[list-item]


def test_the_period_of_the_rubric_is_that_of_its_sheets() -> None:
    """A sheet that leaves its period out has that of its rubric, and is joined with one that says it."""
    rubric = attrs.evolve(RUBRIC, period="2024")
    parts = [attrs.evolve(sheet("a"), rubric=rubric), attrs.evolve(sheet("b"), rubric=rubric, period="2024")]

    assert dti.MarkSheet.concat(parts).period == "2024"


@pytest.mark.parametrize("units", ["a", None, 1, ["z"], [1], {"a"}])
def test_only_units_of_the_sheet_are_left_out(units: Any) -> None:
    """Units to leave out are a list of codes of the sheet; text, and codes that it does not have, are refused."""
    with pytest.raises(dti.DTIError):
        sheet().without(units)


def test_decisions_on_nobody_go_with_the_last_of_their_units() -> None:
    """Of a unit left out nothing stays: its own facts go, and decisions of the round that named it alone."""
    on_a, on_both = attrs.evolve(SKIP, units=["a"]), attrs.evolve(SKIP, units=["b", "a"], members=["1"])
    aside = dti.Unranked(**WHY)
    before = sheet(
        exclusions=[on_a, on_both],
        grade_limits=[LOWER],
        unit_exclusions={"a": [attrs.evolve(on_both, units=None)]},
        unit_grade_limits={"a": [attrs.evolve(LOWER, units=None)]},
        unranked={"a": aside, "b": aside},
        unit_custom={"a": {"id": 1}},
    )

    after = before.without(["a"])

    assert after == sheet("b", exclusions=[attrs.evolve(on_both, units=["b"])], unranked={"b": aside})
    assert before.without(["b", "a"]).units == ()
