"""The cycle of Yên Bái 2023 from opening to an amended publication: 19 departments and 9 districts; figures made up."""

from typing import Any

import dti_core as dti
from dti_core.analysis import compare_stages, progress
from dti_core.assessment import Assessment, Assessments, Cycle, Round, to_marks

KINDS = {"department": 19, "district": 9}
LEAVES = {"1": 300, "2": 400, "3": 200, "4": 100}
RUBRIC = dti.Rubric(
    "made-up",
    "Giả định",
    [dti.Index(code, code, points) for code, points in LEAVES.items()],
    attributes={"kind": {"enum": [*KINDS]}},
    blocks=[dti.Block(kind, kind, {"kind": kind}) for kind in KINDS],
    bands=[dti.Band("good", "Tốt", 80), dti.Band("fair", "Khá", 50), dti.Band("weak", "Yếu", 0)],
    policy=dti.Policy(evidence="required", unproven="refuse"),
)
ROUNDS = [
    Round("Lần 1", "2023-12-04", "2023-12-22", ["mark", "claim", "submit"]),
    Round("Lần 2", "2024-01-02", "2024-01-12", ["explain"]),
    Round("Lần 3", "2024-01-22", "2024-02-01", ["mark", "submit"]),
    Round("Sau thẩm định", "2024-02-21", "2024-02-25", ["explain"]),
]
OFFICE: dict[str, Any] = {"by": "Sở TT&TT"}
COUNCIL: dict[str, Any] = {"by": "Hội đồng thẩm định"}
WHY = {"reason": "Không triển khai do đặc thù (giả định)", "basis": "Biên bản ví dụ"}
PORT = WHY | {"members": ["4"], "treatment": "skip"}
REPORT = {"title": "Báo cáo (giả định)", "number": "01/BC", "date": "2023-12-01"}


def own_marks(row: int) -> dict[str, dict[str, Any]]:
    """What a unit gives itself: the further down, the less."""
    return {leaf: {"points": points - 5 * row, "evidence": [REPORT]} for leaf, points in LEAVES.items()}


def before_the_lock() -> Assessments:
    """Three reviews: 28 units mark themselves, two explain, one has until 5 February, one claims."""
    cycle = Cycle(RUBRIC, ROUNDS).step(
        "decide", exclusions={"port": PORT | {"units": ["department-0"]}}, at="2023-12-01", **COUNCIL
    )
    units = [
        Assessment(cycle, f"{kind}-{row}", attributes={"kind": kind})
        for kind, count in KINDS.items()
        for row in range(count)
    ]
    for at, unit in enumerate(units):
        row = int(unit.unit.partition("-")[2])
        marked = unit.step("mark", own_marks(row), by=unit.unit, at="2023-12-11", role="unit")
        if unit.unit == "district-8":
            marked = marked.step("claim", {"4": {"claim": "Không có cảng"}}, by=unit.unit, at="2023-12-12")
        units[at] = marked.step("submit", by=unit.unit, at="2023-12-20", role="unit")
    for at in (3, 20):
        asked = units[at].step("ask", ["2"], at="2024-01-03", why="Số liệu tháng 12 chưa rõ", **OFFICE)
        answer = {"2": {"covers": False, "explanation": "Theo sổ theo dõi"}}
        units[at] = asked.step("explain", answer, by=asked.unit, at="2024-01-08")
    cohort = Assessments(cycle, units)
    longer = {"round": "Lần 3", "units": ["district-2"], "closes": "2024-02-05"}
    cohort = cohort.step(
        "extend", extensions={"mat-dien": longer | {"reason": "Mất điện (giả định)", "basis": "CV ví dụ"}},
        at="2024-01-30", **OFFICE,
    )  # fmt: skip
    late = cohort["district-2"].step("reopen", at="2024-01-31", why="Rà soát lần cuối", **OFFICE)
    late = late.step("mark", {"3": {"points": 200}}, by="district-2", at="2024-02-04")
    late = late.step("submit", by="district-2", at="2024-02-05")
    return Assessments(cohort.cycle, [late if unit.unit == late.unit else unit for unit in cohort.units])


def appraised(unit: Assessment) -> Assessment:
    """Locked and appraised: department-1 loses 100 on 2; the council answers the claim; department-4 is heard again."""
    own = {leaf: entry.points for leaf, entry in unit.entries.items() if entry.points is not None}
    marks: dict[str, dict[str, Any]] = {leaf: {"appraised": points} for leaf, points in own.items()}
    if unit.unit == "department-1":
        marks["2"] = {"appraised": 295, "reason": "Một phần không thuộc kỳ (giả định)"}
    made = unit.step("lock", at="2024-02-06", **OFFICE).step("appraise", marks, at="2024-02-20", **COUNCIL)
    if unit.unit == "department-4":
        made = made.step("ask", ["3"], at="2024-02-21", why="Thiếu số liệu", **COUNCIL)
        made = made.step("explain", {"3": {"explanation": "Đã bổ sung"}}, by=unit.unit, at="2024-02-23")
        more = {"3": {"appraised": 200, "reason": "Giải trình được chấp nhận"}}
        made = made.step("appraise", more, at="2024-02-26", **COUNCIL)
    return made


def test_from_opening_to_an_amended_publication() -> None:
    """28 units in two blocks go all the way; March's places stay within reach of May's."""
    cohort = before_the_lock()
    so_far = progress(cohort, by="block").columns()
    assert (so_far["units"].tolist(), so_far["submitted"].tolist()) == ([19, 9], [19, 9])
    assert (so_far["unanswered"].tolist(), so_far["lacking"].tolist()) == ([0, 1], [0, 0])

    cohort = Assessments(cohort.cycle, map(appraised, cohort.units))
    assert compare_stages(cohort, by="leaf").columns()["lowered_by"].tolist() == [0, 100, 0, 0]
    claims = [problem.where for unit in cohort.units for problem in unit.claim_problems()]
    assert claims == ["$.entries['4'].claim"]
    granted = {
        unit.unit: unit.step("decide", exclusions={"cang": PORT}, at="2024-02-28", **COUNCIL)
        for unit in cohort.units
        if unit.unit == "district-8"
    }
    units = [granted.get(unit.unit, unit) for unit in cohort.units]
    march = Assessments(
        cohort.cycle,
        [unit.step("publish", by="UBND tỉnh", at="2024-03-15", decision="01/QĐ-VD") for unit in units],
    )
    total = dti.evaluate(RUBRIC, to_marks(march, "appraised")).total
    # department-1: 980 - 100; department-4: 920 + 20; district-2: 960 + 10; district-8: (900 - 3 x 40) of 900
    printed = dict(zip(march, total.published.tolist(), strict=True))
    ranks = dict(zip(march, total.ranks().tolist(), strict=True))
    assert [printed[unit] for unit in ("department-0", "department-1", "department-4")] == [1000, 880, 940]
    assert [printed[unit] for unit in ("district-1", "district-2", "district-8")] == [980, 970, 866.67]
    assert [ranks[unit] for unit in ("department-0", "department-1", "department-4", "district-1")] == [
        1,
        6,
        3,
        2,
    ]

    appeal = {"2": {"appraised": 395, "reason": "Thuộc kỳ đánh giá"}}
    amended = march["department-1"].step(
        "appeal", ["2"], by="department-1", at="2024-04-02", why="Chấm thiếu"
    )
    amended = amended.step(
        "amend", appeal, by="UBND tỉnh", at="2024-05-06", why="Kiến nghị đúng", decision="02/QĐ-VD"
    )
    may = Assessments(march.cycle, [amended if unit.unit == amended.unit else unit for unit in march.units])
    may = dti.load_assessments(dti.to_document(may), RUBRIC)

    then, now = (
        dti.evaluate(RUBRIC, to_marks(each, "appraised")).total for each in (may.as_of("2024-05-05"), may)
    )
    row = [*may].index("department-1")
    assert (then.published.tolist(), then.ranks().tolist()) == (
        total.published.tolist(),
        total.ranks().tolist(),
    )
    assert (then.published[row], then.ranks()[row], now.published[row], now.ranks()[row]) == (880, 6, 980, 2)
    assert progress(may, by="block").columns()["published"].tolist() == [19, 9]
