"""A rubric out of the table in the annex of a decision."""

import unicodedata
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest

import dti_core as dti

Rows = Sequence[tuple[Any, Any, Any]]

ANNEX: Rows = [
    ("I", "Nhóm chỉ số nền tảng chung", 50.0),
    ("1", "Nhận thức số", 30.0),
    ("1.1", "Họp ban chỉ đạo", 20.0),
    ("1.1.1", "Số cuộc họp", 12.5),
    ("1.1.2", "Người chủ trì", 7.5),
    ("1.2", "Chuyên mục", 10.0),
    ("2", "Thể chế số", 20.0),
    ("II", "Nhóm chỉ số hoạt động", None),
    ("3", "Hoạt động chính quyền số", 40.0),
    (None, None, None),
    (None, "Tổng cộng", 90.0),
]
"""Made up."""
TEXT = "is text, and nothing is guessed; read the column as numbers, naming its decimal mark"


def table(rows: Rows, *headers: str) -> dict[str, list[Any]]:
    """Rows as columns under the usual headers."""
    names = headers or ("STT", "Chỉ số", "Điểm tối đa")
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


def by_hand() -> dti.Rubric:
    """What the table above says."""
    meetings = [dti.Component("1.1.1", "Số cuộc họp", 12.5), dti.Component("1.1.2", "Người chủ trì", 7.5)]
    awareness = [
        dti.Component("1.1", "Họp ban chỉ đạo", 20, components=meetings),
        dti.Component("1.2", "Chuyên mục", 10),
    ]
    indices = [
        dti.Index("1", "Nhận thức số", 30, components=awareness),
        dti.Index("2", "Thể chế số", 20),
        dti.Index("3", "Hoạt động chính quyền số", 40),
    ]
    groups = [
        dti.Group("I", "Nhóm chỉ số nền tảng chung", ["1", "2"]),
        dti.Group("II", "Nhóm chỉ số hoạt động", ["3"]),
    ]
    return dti.Rubric("demo", "Ví dụ", indices, groups=groups, max_points=90, period="2024")


def problems(rows: Rows) -> list[str]:
    """What is refused in a table, a line each."""
    with pytest.raises(dti.InvalidDocument) as caught:
        dti.Rubric.from_table(table(rows))
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("library", ["dict", "pandas", "polars", "pyarrow"])
def test_an_annex_is_a_rubric(library: str) -> None:
    """Codes make the tree, Roman numbers the groups, the last row is checked: from every kind of table."""
    make: Callable[[Any], Any] = dict
    if library != "dict":
        module = pytest.importorskip(library)
        make = module.table if library == "pyarrow" else module.DataFrame

    rubric = dti.Rubric.from_table(make(table(ANNEX)), code="demo", title="Ví dụ", period="2024")

    assert rubric == by_hand()


def test_columns_are_named_by_the_caller() -> None:
    """Headers of another decision are named, in either normal form; rows may come without a group or a total."""
    columns = table([("1.", " Nhận thức\nsố ", Decimal(30))], "TT", "Tên chỉ số", "Thang điểm")
    decomposed = {unicodedata.normalize("NFD", name): cells for name, cells in columns.items()}

    rubric = dti.Rubric.from_table(decomposed, codes="TT", titles="Tên chỉ số", maxima="Thang điểm")

    assert rubric.indices == (dti.Index("1", "Nhận thức số", 30),)
    assert (rubric.groups, rubric.max_points) == ((), None)


def test_roman_numbers_with_codes_under_them_are_indices() -> None:
    """Where numbering runs I, I.1, I.2 the Roman rows are the indices themselves."""
    rows = [("I", "Nhận thức số", 30), ("I.1", "Họp", 20), ("I.2", "Chuyên mục", 10), ("II", "Dịch vụ", 5)]

    with pytest.raises(dti.InvalidDocument, match="'II' names a group, but no index stands below it"):
        dti.Rubric.from_table(table(rows))
    rubric = dti.Rubric.from_table(table(rows[:3]))
    assert [index.code for index in rubric.indices] == ["I"]
    assert rubric.tree.leaves == ("I.1", "I.2")


def test_an_edition_is_what_the_caller_says() -> None:
    """Further fields of the rubric pass through, and its own groups and total stand over those of the table."""
    rubric = dti.Rubric.from_table(
        table(ANNEX), policy=dti.Policy(renormalise="by_level"), groups=[], mark_decimals=3
    )

    assert (rubric.policy.renormalise, rubric.groups, rubric.mark_decimals) == ("by_level", (), 3)


def test_rows_without_a_place_are_all_told() -> None:
    """Every row that has no place in the tree is told in one error, with its row and column."""
    rows: Rows = [
        ("1", "Nhận thức số", 30),
        ("1.1", "Họp", 20),
        (1.2, "Chuyên mục", 10),
        ("a)", "Trực tiếp", 5),
        (None, "Ghi chú", None),
        ("3.1", "Hồ sơ", 10),
        ("1.1", "Họp lần hai", 10),
        ("2", None, "1.000"),
        ("Tổng điểm", None, 40),
        (None, "TỔNG CỘNG:", 40),
    ]

    assert problems(rows) == [
        "$[2].STT: 1.2 came as a number, and as numbers 1.1 and 1.10 are one; read the column as text",
        "$[3].STT: 'a)' is no number such as 1, 1.1 or I; number the row so, or take it out",
        "$[4].STT: is empty; number the row, or take it out",
        "$[5].STT: '3.1' belongs under '3', which no row has; add that row",
        "$[6].STT: '1.1' stands in row 1 already; number every row once (1.1 under 1, II.1 under II)",
        "$[7]['Chỉ số']: text is needed, not None",
        f"$[7]['Điểm tối đa']: '1.000' {TEXT}",
        "$[9].STT: 'the total' stands in row 8 already; number every row once (1.1 under 1, II.1 under II)",
    ]


def test_codes_that_came_as_numbers() -> None:
    """1.10 that a spreadsheet made 1.1 is refused, though as numbers the two rows look like one code twice."""
    told = problems([(1, "Nhận thức số", 30), (1.1, "Họp", 20), (1.1, "Chuyên mục", 10)])

    assert [line.split(";")[0] for line in told] == [
        f"$[{row}].STT: {code} came as a number, and as numbers 1.1 and 1.10 are one"
        for row, code in enumerate(["1", "1.1", "1.1"])
    ]


ADVICE = "correct the misprint; leave it out only to take the sum"


def test_maxima_that_are_no_sums() -> None:
    """Parents, groups and the total must be what stands below them, and a leaf states what it is worth."""
    rows = [
        ("I", "Nền tảng", 51),
        ("1", "Nhận thức số", 31),
        ("1.1", "Họp", 20),
        ("1.2", "Chuyên mục", 10.5),
        ("2", "Thể chế số", None),
        (None, "Tổng", 100),
    ]

    assert problems(rows) == [
        f"$[0]['Điểm tối đa']: is 51, but 1, 2 add up to 31; {ADVICE}",
        f"$[1]['Điểm tối đa']: is 31, but 1.1, 1.2 add up to 30.5; {ADVICE}",
        "$[4]['Điểm tối đa']: is empty; '2' has nothing below it, so it states what it is worth",
        f"$[5]['Điểm tối đa']: is 100, but 1, 2 add up to 31; {ADVICE}",
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("1", "Nhận thức số", -1), "$[0]['Điểm tối đa']: is -1; it cannot be negative"),
        (("1", "Nhận thức số", True), "$[0]['Điểm tối đa']: True is no number; a missing mark is null"),
        ((".", "Chấm", 10), "$[0].STT: '.' is no number such as 1, 1.1 or I"),
        (("1", 5, 10), "$[0]['Chỉ số']: text is needed, not 5"),
        (("1", "\ud800", 10), "$[0]['Chỉ số']: holds half of a surrogate pair"),
        ((".".join("1" * 40), "Sâu", 10), "$[0].STT: has 79 characters; a code has at most 64"),
    ],
)
def test_cells_that_are_refused(row: tuple[Any, Any, Any], expected: str) -> None:
    """A cell that cannot be what its column says is told with its place."""
    assert problems([row])[0].startswith(expected)


def test_a_table_without_the_column() -> None:
    """A header that is not there is told with the nearest that is."""
    with pytest.raises(dti.InvalidDocument, match="did you mean 'Chỉ số'"):
        dti.Rubric.from_table(table(ANNEX, "STT", "Chỉ số", "Điểm tối đa"), titles="Chi số")
