"""What the cells of an annex are read as, and the report of it."""

import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

import dti_core as dti

Rows = Sequence[tuple[Any, ...]]
HEADS = ("STT", "Chỉ số", "Điểm tối đa")


def table(rows: Rows, heads: Sequence[str] = HEADS) -> dict[str, list[Any]]:
    """Rows under heads."""
    return dict(zip(heads, map(list, zip(*rows, strict=True)), strict=True))


@pytest.mark.parametrize(
    ("cell", "points"),
    [
        ("10", 10),
        ("10 điểm", 10),
        ("10điểm", 10),
        ("(10đ)", 10),
        ("(10 Đ)", 10),
        ("10đ", 10),
        ("Tối đa 5", 5),
        ("TỐI ĐA: 5 ĐIỂM", 5),
        ("(tối đa 5)", 5),
        ("toi da 5 diem", 5),
        ("2,5", "2.5"),
        ("2.5 điểm", "2.5"),
        ("0,125", "0.125"),
        ("1000", 1000),
        ("10\u00a0điểm", 10),
        ("  10\n điểm ", 10),
        (unicodedata.normalize("NFD", "Tối đa 5 điểm"), 5),
    ],
)
def test_points_in_words(cell: str, points: int | str) -> None:
    """Points are read from the ways annexes write them, and the report has the cell and the number."""
    annex = dti.read_annex(table([("1", "Họp", cell)]), mark_decimals=3)

    assert annex.rubric.indices == (dti.Index("1", "Họp", Decimal(points)),)
    assert [(each.row, each.column, each.read) for each in annex.report.rows] == [
        (0, "Điểm tối đa", Decimal(points))
    ]


@pytest.mark.parametrize(
    "cell",
    ["1.000", "12,500", "1.000 điểm", "10 - 20", "10 hoặc 20", "10%", "5/10 điểm", "mười", "(10)", "١٠"],
)
def test_points_that_are_not_plain(cell: str) -> None:
    """What may be thousands, a range, a share or a negative number is refused and not guessed."""
    with pytest.raises(dti.InvalidDocument, match=r"\$\[0\]\['Điểm tối đa'\]"):
        dti.read_annex(table([("1", "Họp", cell)]))


def test_points_in_titles() -> None:
    """Where the column is empty, points in brackets at the end of a title count; other brackets stay in it."""
    rows = [("1", "Nhận thức số: (30 điểm)", None), ("1.1", "Họp (20đ)", None), ("1.2", "Năm (2024)", 10)]

    annex = dti.read_annex(table(rows))

    parts = [dti.Component("1.1", "Họp", 20), dti.Component("1.2", "Năm (2024)", 10)]
    assert annex.rubric.indices == (dti.Index("1", "Nhận thức số", 30, components=parts),)
    assert [(each.row, each.stood, each.read) for each in annex.report.rows] == [
        (0, "Nhận thức số: (30 điểm)", Decimal(30)),
        (1, "Họp (20đ)", Decimal(20)),
    ]
    with pytest.raises(
        dti.InvalidDocument, match=r"\$\[0\]\['Chỉ số'\] \(row 2\): 'Họp \(1.000 điểm\)' may be thousands"
    ):
        dti.read_annex(table([("1", "Họp (1.000 điểm)", None)]))


@pytest.mark.parametrize(
    "name",
    [
        "Tổng cộng",
        "TỔNG ĐIỂM",
        "Tổng số điểm:",
        "Cộng",
        "Tổng điểm tối đa",
        "TỔNG CỘNG (1+2)",
        "tong so diem",
        "Total",
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_the_total_in_its_spellings(name: str, form: Any) -> None:
    """The total is known by its names, in either normal form, in the column of titles, of numbers or in both."""
    spelt = unicodedata.normalize(form, name)

    for row in (
        (None, spelt, 30),
        (spelt, None, 30),
        (spelt, spelt, "30 điểm"),
        ("", f"{spelt} (30 điểm)", None),
    ):
        annex = dti.read_annex(table([("1", "Họp", 20), ("2", "Công", 10), row]))
        assert annex.rubric.max_points == 30
        assert annex.report.rows[0].row == 2


def test_heads_and_empty_rows_are_passed_over() -> None:
    """The heads printed again on each page, numbers of columns and empty rows are no rows of the rubric."""
    rows = [
        ("(1)", "(2)", "(3)"),
        ("1", "Họp", 20),
        (None, "\u00a0", None),
        ("STT", "CHỈ SỐ", "Điểm\ntối đa"),
        ("STT", None, None),
        ("2", "Kết luận", 10),
    ]

    annex = dti.read_annex(table(rows))

    assert annex.rubric.tree.leaves == ("1", "2")
    assert annex.report.text("en").splitlines() == [
        "row 2, column STT: '(1)' → – (numbers of the columns, passed over)",
        "row 5, column STT: 'STT' → – (the heads of the table again, passed over)",
        "row 6, column STT: 'STT' → – (the heads of the table again, passed over)",
    ]


def test_merged_cells() -> None:
    """A heading across the table is read once, whether the other cells are empty or say the same again."""
    heading = "A. NỀN TẢNG CHUNG"
    rows: Rows = [("1", "Họp", 20), ("B. HOẠT ĐỘNG", None, None), ("2", "Kết luận", 10)]

    for first in ((heading, None, None), (heading, heading, heading), (None, heading, None)):
        rubric = dti.read_annex(table([first, *rows])).rubric
        assert rubric.groups == (dti.Group("A", "NỀN TẢNG CHUNG", ["1"]), dti.Group("B", "HOẠT ĐỘNG", ["2"]))


def test_notes_take_no_numbers() -> None:
    """Notes before the parts of a node, and of groups, leave the numbers of what follows as they are."""
    rows = [
        ("I", "Nền tảng", None),
        ("-", "Mọi đơn vị", None),
        ("1", "Họp", 20),
        ("-", "Tính cả năm", None),
        ("1.1", "Trực tiếp", 20),
    ]

    rubric = dti.read_annex(table(rows)).rubric

    assert rubric.groups == (dti.Group("I", "Nền tảng", ["1"], custom={"notes": ["- Mọi đơn vị"]}),)
    assert (rubric.tree.leaves, rubric.indices[0].custom) == (("1.1",), {"notes": ["- Tính cả năm"]})


def test_rows_that_only_say_something_are_notes() -> None:
    """Items without points are kept as notes of what they stand under, with those below them, and are reported."""
    rows = [
        ("1", "Họp", 20, None),
        (None, "- Từ 4 cuộc: 20 điểm", None, "4 or more"),
        ("+", "Có biên bản", None, None),
        ("-", "Dưới 4 cuộc", None, None),
        ("2", "Kết luận", None, None),
        ("-", "Có", 6, None),
        ("-", "Đúng hạn", 4, None),
    ]

    annex = dti.read_annex(table(rows, (*HEADS, "Index")), title_en="Index")

    assert annex.rubric.indices[0].custom == {
        "notes": [{"vi": "- Từ 4 cuộc: 20 điểm", "en": "4 or more"}, "+ Có biên bản", "- Dưới 4 cuộc"]
    }
    assert annex.rubric.tree.leaves == ("1", "2.1", "2.2")
    assert annex.report.text("vi").splitlines()[0] == (
        "dòng 3, cột Chỉ số: 'Từ 4 cuộc: 20 điểm' → – (không có điểm: ghi chú của 1, giữ trong custom)"
    )


def test_the_report_is_told_in_both_languages() -> None:
    """Each reading says where, what stood there, as what it was read and why; `str` is Vietnamese."""
    rows = [
        ("I", "Nhận thức số", None),
        ("1.", "Họp", "2,5"),
        ("II", "Dịch vụ công", None),
        ("1.", "Trực tuyến", 5),
    ]

    report = dti.read_annex(table(rows)).report

    assert report.text("en").splitlines() == [
        "row 2, column STT: 'I' → I (a main index)",
        "row 3, column Điểm tối đa: '2,5' → 2.5 (points)",
        "row 3, column STT: '1.' → I.1 (numbers start again under I)",
        "row 4, column STT: 'II' → II (a main index)",
        "row 5, column STT: '1.' → II.1 (numbers start again under II)",
    ]
    assert str(report) == report.text("vi")
    assert str(report).splitlines()[1:3] == [
        "dòng 3, cột Điểm tối đa: '2,5' → 2,5 (số điểm)",
        "dòng 3, cột STT: '1.' → I.1 (số đánh lại từ đầu dưới I)",
    ]


def test_a_table_read_as_it_stands_has_nothing_to_report() -> None:
    """Numbers 1, 1.1 and points that are numbers need no reading."""
    assert dti.read_annex(table([("1", "Họp", 5), ("1.1", "Kết luận", 5)])).report.rows == ()
