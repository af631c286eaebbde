"""Columns of an annex beside number, title and maximum: roles, scoring, evidence, English titles."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

import dti_core as dti
from dti_core import methods

Rows = Sequence[tuple[Any, ...]]
HEADS = ("STT", "Chỉ số", "Điểm tối đa")
MORE = {"role": "Vai trò", "scoring": "Cách chấm", "evidence": "Minh chứng", "title_en": "Index"}


def table(rows: Rows, heads: Sequence[str] = HEADS) -> dict[str, list[Any]]:
    """Rows under heads."""
    return dict(zip(heads, map(list, zip(*rows, strict=True)), strict=True))


def test_more_columns_by_name() -> None:
    """Role, scoring, evidence and English titles come from columns that the caller names, in words of either kind."""
    rows = [
        ("1", "Nhận thức số", 20, None, None, "required", "Awareness"),
        ("2", "Điểm thưởng", 5, "Điểm thưởng", "yes_no", "Không bắt buộc", None),
        ("3", "Nộp chậm", -3, "penalty", methods.Count(per_item=1), None, "Late"),
        ("4", "Thay thế", "2,5", "dự phòng", None, None, None),
        (None, "Tổng cộng", 20, None, None, None, None),
    ]

    annex = dti.read_annex(table(rows, (*HEADS, *MORE.values())), **MORE)

    optional: Any = {"role": "bonus", "evidence": "optional"}
    assert annex.rubric.indices == (
        dti.Index("1", dti.Label("Nhận thức số", "Awareness"), 20, evidence="required"),
        dti.Index("2", "Điểm thưởng", 5, scoring=methods.YesNo(), **optional),
        dti.Index("3", dti.Label("Nộp chậm", "Late"), 3, role="penalty", scoring=methods.Count(per_item=1)),
        dti.Index("4", "Thay thế", Decimal("2.5"), role="standby"),
    )
    assert dti.Rubric.from_table(table(rows, (*HEADS, *MORE.values())), **MORE) == annex.rubric
    assert "row 4, column Điểm tối đa: -3 → 3 (a penalty written as a negative number)" in annex.report.text(
        "en"
    )


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            ("1", "Họp", 5, "thưởng to", None, None, None),
            "['Vai trò']: 'thưởng to' is not one of scored, bonus",
        ),
        (
            ("1", "Họp", 5, None, "ratoi", None, None),
            "['Cách chấm']: 'ratoi' is no scoring method; did you mean 'ratio'",
        ),
        (("1", "Họp", 5, None, "tiers", None, None), "['Cách chấm']: the method tiers has to be told more"),
        (("1", "Họp", 5, None, 3, None, None), "['Cách chấm']: a scoring method is needed, not 3"),
        (("1", "Họp", 5, None, None, "có", None), "['Minh chứng']: 'có' is not one of required, optional"),
        (("1", "Họp", 5, None, None, None, 7), ".Index: text is needed, not 7"),
        (
            (None, "Tổng", 9, "bonus", None, None, None),
            "['Vai trò']: is 'bonus', but the row is a group, the total",
        ),
        (
            ("I", "Nhóm", 9, "bonus", None, None, None),
            "['Vai trò']: is 'bonus', but the row is a group, the total",
        ),
    ],
)
def test_words_that_no_component_takes(row: tuple[Any, ...], expected: str) -> None:
    """A word that is none of the library's, or stands beside no component, is refused at its cell."""
    rows = [row, ("9", "Chỉ số cuối", 9, None, None, None, None)]

    with pytest.raises(dti.InvalidDocument) as caught:
        dti.read_annex(table(rows, (*HEADS, *MORE.values())), **MORE)

    column, said = expected.split(":", 1)
    assert str(caught.value.problems[0]).startswith(f"$[0]{column} (row 2):{said}")


def test_a_role_of_a_parent_is_refused_at_its_row() -> None:
    """What the rubric itself finds wrong with a node is told at the row and column that it came from."""
    rows = [("1", "Nhận thức số", 5, "bonus"), ("1.1", "Họp", 5, None)]

    with pytest.raises(
        dti.InvalidDocument,
        match=r"^table: 1 problem\n\$\[0\]\['Vai trò'\] \(row 2\): only a leaf has a role",
    ):
        dti.read_annex(table(rows, (*HEADS, "Vai trò")), role="Vai trò")


def test_a_scale_of_marks() -> None:
    """A leaf worth 20/6 points is marked on its own scale; both numbers may be fractions or words."""
    rows = [
        ("1", "Mức độ sẵn sàng", "20/3", None),
        ("1.1", "Hạ tầng", "20/6", "5 điểm"),
        ("1.2", "Nhân lực", "20/6", 5),
        (None, "Tổng cộng", "20/3", None),
    ]

    rubric = dti.read_annex(table(rows, (*HEADS, "Thang chấm")), mark_max="Thang chấm").rubric

    whole: Any = {"max_points": "20/3"}
    third: Any = {"max_points": "20/6", "mark_max": 5}
    parts = [dti.Component("1.1", "Hạ tầng", **third), dti.Component("1.2", "Nhân lực", **third)]
    assert rubric.indices == (dti.Index("1", "Mức độ sẵn sàng", components=parts, **whole),)
