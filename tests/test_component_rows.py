"""Every collected component row is data: its rule as JSON, its points by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

import dti_core as dti

ROWS = Path(__file__).parent / "golden" / "vietnam" / "component_rows.json"

# Names, maxima and rules are those of the sources. The measures are made up, as are the maxima of rows that print none
# and the cases of the data centre, of which one is printed in part.
CASES: dict[str, Any] = json.loads("""
{
  "BCĐ họp trong năm": {
    "max_points": 20,
    "scoring": {"kind": "tiers", "tiers": [
      {"at_least": 4, "points": 20}, {"at_least": 3, "points": 15}, {"at_least": 2, "points": 10},
      {"at_least": 1, "points": 5}, {"at_least": 0, "points": 0}]},
    "measures": [5, 4, 3, 2, 1, 0], "points": [20, 20, 15, 10, 5, 0]
  },
  "Bí thư/Chủ tịch chủ trì họp CĐS": {
    "max_points": 20, "scoring": {"kind": "ratio"},
    "measures": [{"a": 3, "b": 4}, {"a": 1, "b": 3}, {"a": 0, "b": 2}], "points": [15, 6.67, 0]
  },
  "Văn bản chỉ đạo do người đứng đầu ký": {
    "max_points": 20, "scoring": {"kind": "ratio", "cap": true},
    "measures": [{"a": 6, "b": 8}, {"a": 11, "b": 8}], "points": [15, 20]
  },
  "Trưởng ban BCĐ CĐS": {
    "max_points": 10,
    "scoring": {"kind": "choice", "answers": {"Bí thư/Chủ tịch": 1, "Phó Bí thư/Phó Chủ tịch": "1/2", "khác/không": 0}},
    "measures": ["Bí thư/Chủ tịch", "Phó Bí thư/Phó Chủ tịch", "khác/không"], "points": [10, 5, 0]
  },
  "Chủ trì, chỉ đạo CĐS": {
    "max_points": 10,
    "scoring": {"kind": "parts", "parts": [
      {"code": "tinh", "title": "đủ các phiên họp tỉnh mời", "share": "1/2", "scoring": {"kind": "yes_no"}},
      {"code": "huyen", "title": "chủ trì họp của huyện", "share": "1/2", "scoring": {"kind": "yes_no"}}]},
    "measures": [{"tinh": true, "huyen": true}, {"tinh": false, "huyen": true}, {"tinh": false, "huyen": false}],
    "points": [10, 5, 0]
  },
  "Văn bản chỉ đạo chuyên đề": {
    "max_points": 10, "scoring": {"kind": "ratio"},
    "measures": [{"a": 5, "b": 6}], "points": [8.33]
  },
  "CBCCVC có máy tính": {
    "max_points": 20, "scoring": {"kind": "ratio"},
    "measures": [{"a": 118, "b": 120}], "points": [19.67]
  },
  "Máy tính có diệt virus": {
    "max_points": 20, "scoring": {"kind": "ratio"},
    "measures": [{"a": 59, "b": 118}], "points": [10]
  },
  "Băng thông Internet/CBCCVC": {
    "max_points": 40, "scoring": {"kind": "relative", "of": "per"},
    "measures": [{"a": 200, "b": 100}, {"a": 300, "b": 60}, {"a": 75, "b": 50}], "points": [16, 40, 12]
  },
  "Mạng diện rộng": {
    "max_points": 50,
    "scoring": {"kind": "parts", "parts": [
      {"code": "wan", "points": 45, "scoring": {"kind": "ratio"}},
      {"code": "ung-dung", "points": 5, "scoring": {"kind": "count", "per_item": 1}}]},
    "measures": [{"wan": {"a": 12, "b": 15}, "ung-dung": 3}, {"wan": {"a": 15, "b": 15}, "ung-dung": 9}],
    "points": [39, 50]
  },
  "Trung tâm dữ liệu": {
    "max_points": 60,
    "scoring": {"kind": "parts", "parts": [
      {"code": "co", "points": 35, "scoring": {"kind": "yes_no"}},
      {"code": "tieu-chuan", "points": 25, "scoring": {"kind": "best_of", "parts": [
        {"code": "a", "points": 25, "scoring": {"kind": "count", "per_item": 5}},
        {"code": "b", "points": 15, "scoring": {"kind": "yes_no"}}]}}]},
    "measures": [
      {"co": true, "tieu-chuan": {"a": 4, "b": true}}, {"co": true, "tieu-chuan": {"a": 1, "b": true}},
      {"co": false, "tieu-chuan": {"a": 0, "b": false}}],
    "points": [55, 50, 0]
  },
  "PAKN xử lý đúng hạn": {
    "max_points": 100, "scoring": {"kind": "ratio"},
    "measures": [{"a": 97, "b": 98}], "points": [98.98]
  },
  "Hài lòng trong xử lý PAKN": {
    "max_points": 100, "scoring": {"kind": "ratio", "complement": true},
    "measures": [{"a": 12, "b": 80}, {"a": 0, "b": 80}], "points": [85, 100]
  },
  "Hài lòng trong giải quyết TTHC": {
    "max_points": 6, "scoring": {"kind": "target", "of": "percent", "at_least": 0.9},
    "measures": [90, 89.99, 100], "points": [6, 0, 6]
  },
  "TTHC công khai đúng hạn": {
    "max_points": 4, "scoring": {"kind": "ratio"},
    "measures": [{"a": 45, "b": 60}], "points": [3]
  },
  "62 rows with max/self/appraised": {
    "max_points": 20, "scoring": {"kind": "direct"},
    "measures": [0.05, 0.38, 20], "points": [0.05, 0.38, 20]
  }
}
""")


@pytest.mark.parametrize("name", CASES)
def test_points_by_hand(name: str) -> None:
    """A unit gets the points that the row's rule gives by hand, rounded half up to two decimals."""
    case = CASES[name]
    leaf = {"code": "1", "title": name, "max_points": case["max_points"], "scoring": case["scoring"]}
    rubric = dti.load_rubric(
        {"schema": "dti-core/rubric/1", "code": "row", "title": "Dòng", "indices": [leaf]}
    )
    units = [{"code": f"u{at}", "measures": {"1": each}} for at, each in enumerate(case["measures"])]

    document = {"schema": "dti-core/measures/1", "rubric": "row", "units": units}
    sheet = dti.score(dti.load_measures(document, rubric))

    assert [sheet.of(unit)["1"] for unit in sheet.units] == case["points"]


def test_every_row_is_met() -> None:
    """No collected row is forgotten, and each is scored out of the maximum it prints."""
    rows = json.loads(ROWS.read_text("utf-8"))["rows"]
    printed = {row["name"]: row.get("max", row.get("max_part")) for row in rows}

    assert printed.keys() == CASES.keys()
    assert {name: most for name, most in printed.items() if most} == {
        name: CASES[name]["max_points"] for name, most in printed.items() if most
    }
