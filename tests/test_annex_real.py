"""Real tables of points, as far as they can be seen; what each lacks is said.

The rows of two district annexes are in golden/vietnam/component_rows.json. No whole annex of a decision was found; the
third table is another kind of rubric, numbered as many annexes are.
"""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import dti_core as dti

GOLDEN = Path(__file__).parent / "golden" / "vietnam" / "component_rows.json"
ROWS = json.loads(GOLDEN.read_text("utf-8"))["rows"]
HEADS = ("STT", "Chỉ số", "Điểm tối đa")
Rows = list[tuple[Any, Any, Any]]

CONDUCT: Rows = [
    ("I", "Ý thức tham gia học tập", 20),
    ("1.", "Ý thức và thái độ trong học tập", 6),
    ("2.", "Câu lạc bộ, ngoại khóa, nghiên cứu khoa học", 2),
    ("3.", "Các kỳ thi, cuộc thi", 2),
    ("4.", "Tinh thần vượt khó", 4),
    ("5.", "Kết quả học tập", 6),
    ("II.", "Chấp hành nội quy, quy chế", 25),
    ("1.", "Văn bản chỉ đạo của ngành", 3),
    ("2.", "Quy chế thi, kiểm tra", 4),
    ("3.", "Nghĩa vụ sinh viên", 6),
    ("4.", "Quy chế nội trú, ngoại trú", 4),
    ("5.", "Vệ sinh môi trường", 4),
    ("6.", "Kỹ năng sống, quy tắc ứng xử", 4),
    ("III.", "Hoạt động chính trị, xã hội", 20),
    ("1.", "Tuần sinh hoạt công dân", 10),
    ("2.", "Hoạt động công ích", 5),
    ("3.", "Phòng chống tội phạm", 5),
    ("IV.", "Phẩm chất công dân", 25),
    ("1.", "Chấp hành chủ trương", 10),
    ("2.", "Hoạt động có thành tích", 7),
    ("3.", "Chia sẻ, giúp đỡ", 8),
    ("V.", "Công tác cán bộ lớp hoặc thành tích đặc biệt", 10),
    ("1.", "Cán bộ lớp, đoàn", 10),
    ("", "Hoặc", 0),
    ("2.", "Thành tích đặc biệt", 10),
    ("", "Tổng", 100),
]
"""A form of conduct points of students: GitHub sonkhoahoc/fe_hanh_kiem_NextJS, common/datajson.ts (bb42e27).

Numbers and points are those of the form, titles are shortened.
"""


def read(rows: Rows, **options: Any) -> dti.Annex:
    """Rows under the usual heads as an annex."""
    return dti.read_annex(dict(zip(HEADS, map(list, zip(*rows, strict=True)), strict=True)), **options)


def test_a_district_annex_with_merged_cells() -> None:
    """Three components of 20 points and rows left by merged cells are read; the index says 100, of which 60 are seen.

    Points stand as text, as copied from thuvienphapluat.
    """
    components = [(row["code"], row["name"], str(row["max"])) for row in ROWS[:3]]
    merged = [("", "", "")] * 3
    rows = [("1", "Nhận thức số", None), *components[:2], *merged, *components[2:], ("", "", "")]

    assert [row[2] for row in components] == ["20"] * 3
    assert str(read(rows).rubric) == "<Rubric rubric: 1 indices, 3 leaves, 60 points>"
    with pytest.raises(dti.InvalidDocument, match="is 100, but its components add up to 60"):
        read([("1", "Nhận thức số", ROWS[0]["main_max"]), *rows[1:]])


def test_a_district_annex_with_points_in_titles() -> None:
    """Cao Lãnh writes "1.1. … (10đ)": three of the components of an index of 60 points are seen."""
    components = [row for row in ROWS if row["source"].startswith("cds.tpcaolanh")]
    rows: Rows = [("1.", "Nhận thức số: (60 điểm)", None)]
    rows += [(f"{row['code']}.", f"{row['name']} ({row['max']}đ)", None) for row in components]

    assert len(components) == 3
    with pytest.raises(dti.InvalidDocument, match="is 60, but its components add up to 30"):
        read(rows)
    annex = read([("1.", "Nhận thức số", None), *rows[1:]])
    assert [(leaf.code, str(leaf.title), leaf.max_points) for leaf in annex.rubric.indices[0].components] == [
        (row["code"], row["name"], Decimal(10)) for row in components
    ]


def test_numbers_that_start_again_under_roman_ones() -> None:
    """The form is refused for "Hoặc", and without it for counting both of V; with one of them standing by it is 100."""
    with pytest.raises(
        dti.InvalidDocument, match=r"^table: 1 problem\n\$\[23\].STT \(row 25\): is empty; number the row"
    ):
        read(CONDUCT)
    choice = [row for row in CONDUCT if row[1] != "Hoặc"]
    with pytest.raises(dti.InvalidDocument) as caught:
        read(choice)
    assert [str(problem).split(";")[0] for problem in caught.value.problems] == [
        "$[21]['Điểm tối đa'] (row 23): is 10, but its components add up to 20"
    ]

    table = dict(zip(HEADS, map(list, zip(*choice, strict=True)), strict=True))
    roles = ["standby" if row[1] == "Thành tích đặc biệt" else None for row in choice]
    rubric = dti.read_annex({**table, "Vai trò": roles}, role="Vai trò").rubric

    assert [index.code for index in rubric.indices] == ["I", "II", "III", "IV", "V"]
    assert [len(index.components) for index in rubric.indices] == [5, 6, 3, 3, 2]
    assert rubric.tree.leaves[:6] == ("I.1", "I.2", "I.3", "I.4", "I.5", "II.1")
    assert rubric.max_points == 100
