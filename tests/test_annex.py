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
    """Where numbering runs I, I.1, I.2 the Roman rows are the indices themselves, also one that has no parts."""
    rows = [("I", "Nhận thức số", 30), ("I.1", "Họp", 20), ("I.2", "Chuyên mục", 10), ("II", "Dịch vụ", 5)]

    rubric = dti.Rubric.from_table(table(rows))

    assert [index.code for index in rubric.indices] == ["I", "II"]
    assert rubric.tree.leaves == ("I.1", "I.2", "II")


def test_an_edition_is_what_the_caller_says() -> None:
    """Further fields of the rubric pass through, and its own groups and total stand over those of the table."""
    rubric = dti.Rubric.from_table(
        table(ANNEX), policy=dti.Policy(renormalise="by_level"), groups=[], mark_decimals=3
    )

    assert (rubric.policy.renormalise, rubric.groups, rubric.mark_decimals) == ("by_level", (), 3)


def test_a_table_without_the_column() -> None:
    """A header that is not there is told with the nearest that is."""
    with pytest.raises(dti.InvalidDocument, match="did you mean 'Chỉ số'"):
        dti.Rubric.from_table(table(ANNEX, "STT", "Chỉ số", "Điểm tối đa"), titles="Chi số")
    with pytest.raises(dti.InvalidDocument, match="is there twice; a column is read once"):
        dti.Rubric.from_table(table(ANNEX), titles="STT")
