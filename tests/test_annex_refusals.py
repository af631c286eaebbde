"""What an annex is refused for: all of it at once, each with its row and column, in both languages."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from gate_zoo import CELLS

import dti_core as dti

Rows = Sequence[tuple[Any, Any, Any]]


def table(rows: Rows) -> dict[str, list[Any]]:
    """Rows under the usual heads."""
    return dict(zip(("STT", "Chỉ số", "Điểm tối đa"), map(list, zip(*rows, strict=True)), strict=True))


def problems(rows: Rows) -> list[str]:
    """What is refused in a table, a line each."""
    with pytest.raises(dti.InvalidDocument) as caught:
        dti.Rubric.from_table(table(rows))
    return [str(problem) for problem in caught.value.problems]


def test_rows_without_a_place_are_all_told() -> None:
    """Every row that has no place in the tree is told in one error, with its row and column."""
    rows: Rows = [
        ("1", "Nhận thức số", 30),
        ("1.1", "Họp", 20),
        (1.2, "Chuyên mục", 10),
        ("1.c)d", "Trực tiếp", 5),
        (None, "Ghi chú", None),
        ("3.1", "Hồ sơ", 10),
        ("1.1", "Họp lần hai", 10),
        ("2", None, "1.000"),
        ("Tổng điểm", None, 40),
        (None, "TỔNG CỘNG:", 40),
        ("3", "Tổng", 40),
    ]

    assert problems(rows) == [
        "$[2].STT (row 4): 1.2 came as a number, and as numbers 1.1 and 1.10 are one; read the column as text",
        "$[3].STT (row 5): '1.c)d' is no number such as 1, 1.1, I, A, a) or -; number the row so, or take it out",
        "$[4].STT (row 6): is empty; number the row, or take it out",
        "$[6].STT (row 8): '1.1' stands in row 3 already; number every row once (1.1 under 1, II.1 under II)",
        "$[7]['Chỉ số'] (row 9): text is needed, not None",
        "$[7]['Điểm tối đa'] (row 9): '1.000' may be thousands or decimals; write 1000, or 1,0",
        "$[9]['Chỉ số'] (row 11): the total stands in row 10 already; keep one",
        (
            "$[10]['Chỉ số'] (row 12): 'Tổng' names the total, but the row has a number; "
            "take the number away, or name it otherwise"
        ),
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("3.1", "Hồ sơ", 10)], "$[0].STT (row 2): '3.1' belongs under '3', which no row has; add that row"),
        (
            [("I", "Nền tảng", 5), ("1", "Họp", 5), ("II", "Hoạt động", 5)],
            "$[2].STT (row 4): 'II' names a group, but no index stands below it; take the row out",
        ),
        (
            [("I", "Nền tảng", 5), ("1", "Họp", 5), ("I.1", "Hồ sơ", 5)],
            "$[2].STT (row 4): 'I.1' belongs under 'I', which is a group, since numbers run on under headings",
        ),
        (
            [("a)", "Họp", 5)],
            "$[0].STT (row 2): 'a)' stands under no numbered row; number the row, or take it out",
        ),
        (
            [("1", "Họp", 5), (None, "Tổng", 5), (None, "- Ghi chú", None)],
            "$[2]['Chỉ số'] (row 4): '-' stands under no numbered row; number the row, or take it out",
        ),
        (
            [("1", "Họp", 5), ("I", "Một", 5), ("1", "Họp", 5), ("II", "Hai", 5), ("1", "Họp", 5)],
            "$[0].STT (row 2): '1' stands under no heading, though numbers start again under headings; add the heading",
        ),
        (
            [("I", "Một", 5), ("1", "Họp", 5), ("II", "Hai", 5), ("3", "Họp", 4), ("1", "Họp", 1)],
            "$[3].STT (row 5): '3' comes first under 'II', but under others numbers start again at 1",
        ),
        (
            [("1", "Họp", 5), ("a)", "Một", 5), ("b)", "Hai", None)],
            "$[2]['Điểm tối đa'] (row 4): is empty; '1.b' has",
        ),
    ],
)
def test_numbers_that_do_not_fit(rows: Rows, expected: str) -> None:
    """A number that names no row, a group, or no heading is refused with what it should be under."""
    assert problems(rows)[0].startswith(expected)


def test_codes_that_came_as_numbers() -> None:
    """1.10 that a spreadsheet made 1.1 is refused; a whole number can only have been one, and is reported."""
    refused = problems([(1, "Nhận thức số", 30), (1.1, "Họp", 20), (1.1, "Chuyên mục", 10)])
    annex = dti.read_annex(table([(1.0, "Nhận thức số", 30), (2, "Họp", 20)]))

    assert [line.split(";")[0] for line in refused] == [
        f"$[{row}].STT (row {row + 2}): 1.1 came as a number, and as numbers 1.1 and 1.10 are one"
        for row in (1, 2)
    ]
    assert annex.rubric.tree.leaves == ("1", "2")
    assert [(reading.row, reading.stood, reading.read) for reading in annex.report.rows] == [
        (0, 1.0, "1"),
        (1, 2, "2"),
    ]


ADVICE = "correct the misprint; leave it out only to take the sum"


def test_maxima_that_are_no_sums() -> None:
    """Parents, groups and the total must be what stands below them: all that are not are told."""
    rows = [
        ("I", "Nền tảng", 51),
        ("1", "Nhận thức số", 31),
        ("1.1", "Họp", 20),
        ("1.2", "Chuyên mục", 10.5),
        ("2", "Thể chế số", 0),
        (None, "Tổng", 100),
    ]

    assert problems(rows) == [
        f"$[0]['Điểm tối đa'] (row 2): is 51, but 1, 2 add up to 31; {ADVICE}",
        f"$[1]['Điểm tối đa'] (row 3): is 31, but its components add up to 30.5; {ADVICE}",
        f"$[5]['Điểm tối đa'] (row 7): is 100, but 1, 2 add up to 31; {ADVICE}",
    ]


def test_a_leaf_states_what_it_is_worth() -> None:
    """A leaf without points is refused before anything is added up."""
    assert problems([("1", "Nhận thức số", None), (None, "Tổng", 100)]) == [
        "$[0]['Điểm tối đa'] (row 2): is empty; '1' has nothing below it, so it states what it is worth"
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("1", "Nhận thức số", -1), "$[0]['Điểm tối đa'] (row 2): is −1; it cannot be negative"),
        (("1", "Nhận thức số", True), "$[0]['Điểm tối đa'] (row 2): True is no number"),
        (
            ("1", "Nhận thức số", date(2024, 5, 22)),
            "$[0]['Điểm tối đa'] (row 2): datetime.date(2024, 5, 22) is a date",
        ),
        (
            ("1", "Nhận thức số", "5 - 10"),
            "$[0]['Điểm tối đa'] (row 2): '5 - 10' is no number of points such as 10, 2,5",
        ),
        (("1", "Nhận thức số", "(10)"), "$[0]['Điểm tối đa'] (row 2): '(10)' is no number of points"),
        (("1", "Nhận thức số", 12.345), "$[0]['Điểm tối đa'] (row 2): 12.345 has more than 2 decimals"),
        ((".", "Chấm", 10), "$[0].STT (row 2): '.' is no number such as 1, 1.1, I"),
        (
            (date(2024, 1, 1), "Họp", 10),
            "$[0].STT (row 2): datetime.date(2024, 1, 1) is a date; Excel turns 1.1 into one",
        ),
        ((1e300, "Họp", 10), "$[0].STT (row 2): 1E+300 came as a number"),
        (([1], "Họp", 10), "$[0].STT (row 2): [1] is no number such as"),
        (("1", 5, 10), "$[0]['Chỉ số'] (row 2): text is needed, not 5"),
        (("1", "\ud800", 10), "$[0]['Chỉ số'] (row 2): holds half of a surrogate pair"),
        ((".".join("1" * 40), "Sâu", 10), "$[0].STT (row 2): has 79 characters; a code has at most 64"),
    ],
)
def test_cells_that_are_refused(row: tuple[Any, Any, Any], expected: str) -> None:
    """A cell that cannot be what its column says is told with its place."""
    assert problems([row])[0].startswith(expected)


def test_what_is_wrong_beside_the_table_is_told_as_it_is() -> None:
    """A policy, or a field that no rubric has, is refused as a rubric refuses it, not as a cell."""
    rows = table([("1", "Nhận thức số", 30)])

    with pytest.raises(dti.InvalidDocument, match=r"^rubric 'demo': 1 problem\n\$\.policy\.tie_break\[0\]"):
        dti.Rubric.from_table(rows, code="demo", policy=dti.Policy(tie_break=["9"]))
    with pytest.raises(dti.InvalidArgument, match="Rubric has no field 'band'; did you mean 'bands'"):
        dti.Rubric.from_table(rows, band=[])


def test_refusals_are_told_in_both_languages() -> None:
    """What this reader says itself is there in Vietnamese as well."""
    with pytest.raises(dti.InvalidDocument) as caught:
        dti.read_annex(table([(1.1, "Họp", 10), ("1", "Họp", "1.000"), ("2.1", "Họp", 5)]))

    assert [problem.text("vi") for problem in caught.value.problems] == [
        "$[0].STT (dòng 2): 1.1 là số, mà ở dạng số thì 1.1 và 1.10 là một; hãy đọc cột này ở dạng chữ",
        "$[1]['Điểm tối đa'] (dòng 3): '1.000' có thể là hàng nghìn hoặc số thập phân; hãy viết 1000, hoặc 1,0",
        "$[2].STT (dòng 4): '2.1' thuộc về '2', nhưng không dòng nào có số đó; hãy thêm dòng",
    ]


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize(
    "column", ["STT", "Chỉ số", "Điểm tối đa", "Index", "Vai trò", "Cách chấm", "Minh chứng"]
)
def test_whatever_stands_in_a_cell(column: str, cell: str) -> None:
    """A value of any kind in any column is read into a rubric that can be written and read back, or refused."""
    rows: dict[str, list[Any]] = {"STT": ["1", "2"], "Chỉ số": ["Họp", "Kết luận"], "Điểm tối đa": [20, 10]}
    rows |= {
        "Index": [None, None],
        "Vai trò": [None, None],
        "Cách chấm": [None, None],
        "Minh chứng": [None, None],
    }
    rows[column][1] = CELLS[cell].value
    named = {"title_en": "Index", "role": "Vai trò", "scoring": "Cách chấm", "evidence": "Minh chứng"}

    with suppress(dti.DTIError):
        annex = dti.read_annex(rows, **named)
        assert annex.report.text("vi").count("\n") == annex.report.text("en").count("\n")
        assert dti.load_rubric(dti.to_document(annex.rubric)) == annex.rubric
