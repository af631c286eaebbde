"""Figures that ministries and provinces printed come out as printed."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dti_core as dti

FIGURES = Path(__file__).parent / "golden" / "vietnam"


BASIS = "bảng điểm công bố"
PUBLISHED_2022 = {
    "TP. Đà Nẵng": 0.8002,
    "TP. Hồ Chí Minh": 0.7163,
    "Quảng Ninh": 0.7024,
    "Thừa Thiên - Huế": 0.6975,
    "TP. Cần Thơ": 0.6924,
}
"""dti.gov.vn/xep-hang-2022: the provinces printed row by row, first to fifth."""

Marks = Mapping[str, Sequence[Any]]
PILLARS = ("government", "economy", "society")
SHOWN_2022 = (0, 1, 2, 3, 4, 6, 7, 8)
"""Which main indices the published table shows: all but smart city."""


@cache
def data(name: str) -> Any:
    """A file of collected figures, its numbers as printed."""
    path = FIGURES / f"{name}.json"
    return json.loads(path.read_text("utf-8"), parse_float=Decimal)


def dti_2022() -> dti.Result:
    """The bundled marks of DTI 2022, evaluated."""
    rubric = dti.load_rubric("vn-922-province")
    return dti.evaluate(rubric, dti.load_marks("vn-922-province-2022", rubric))


def skip(*members: str, units: Sequence[str] | None = None, treatment: Any = "skip") -> dti.Exclusion:
    """A decision of the round."""
    return dti.Exclusion(
        members=members, units=units, treatment=treatment, reason="không áp dụng", basis=BASIS
    )


def scored(
    rubric: dti.Rubric,
    marks: Marks,
    *exclusions: dti.Exclusion,
    **attributes: Sequence[Any],
) -> dti.Result:
    """The result of marks given by leaf; units and attributes by name."""
    table: dict[str, Sequence[Any]] = {**attributes, **marks}
    extra = [name for name in attributes if name != "unit"]
    sheet = dti.MarkSheet.from_table(table, rubric, unit="unit", attributes=extra, exclusions=exclusions)
    return dti.evaluate(rubric, sheet)


def one_leaf(scale: float, **options: Any) -> dti.Rubric:
    """A rubric of which only the total is known."""
    return dti.Rubric("published", "Bảng công bố", [dti.Index("1", "Tổng điểm", scale)], **options)


# DTI 2022, national


def test_dti_2022_totals() -> None:
    """Four of five published totals come out to the last digit; the fifth differs as its printed main indices say."""
    columns = dti_2022().columns(["total"])
    totals = dict(zip(columns["name"].tolist(), columns["total"].tolist(), strict=True))

    assert totals == PUBLISHED_2022 | {"TP. Hồ Chí Minh": 0.7164}


def test_ho_chi_minh_2022() -> None:
    """The printed main indices add up to exactly 716.355: 0.7164, where 0.7163 came from unrounded parts."""
    total = dti_2022().total

    assert total.points[1] == 716.355
    assert total.published_as("ratio", 6)[1] == 0.716355


def test_dti_2022_ranks() -> None:
    """The five provinces come out in the published order."""
    result = dti_2022()

    assert result.total.ranks().tolist() == [1, 2, 3, 4, 5]
    assert result.columns(["total"])["total.of"].tolist() == [5] * 5


def test_dti_2022_pillars_by_hand() -> None:
    """Each pillar holds the common foundation: for Đà Nẵng 433.18, with 171.5 of 700, 117.54 and 77.955 of 650."""
    result = dti_2022()

    assert result["foundation"].points[0] == 433.18
    assert [result[pillar].published[0] for pillar in PILLARS] == [0.8638, 0.8473, 0.7864]
    assert [result[pillar].applicable[0] for pillar in PILLARS] == [700, 650, 650]


def test_unscored_index_2022() -> None:
    """Smart city, collected with 0 points, has no score and no rank and leaves every province complete."""
    result = dti_2022()

    assert np.isnan(result["6"].published).all()
    assert result["6"].ranks().tolist() == [0] * 5
    assert result.total.completeness.tolist() == [1.0] * 5


def test_dti_2022_bundle_is_the_published_table() -> None:
    """The bundled marks are the published ratios times the maxima, under the published names, and nothing else."""
    table = data("national_dti_2022")
    rubric = dti.load_rubric("vn-922-province")
    result = dti_2022()

    assert [int(rubric.indices[at].max_points or 0) for at in SHOWN_2022] == list(table["weights"].values())
    assert result.columns(["total"])["name"].tolist() == [row[1] for row in table["rows"]]
    for unit, row in enumerate(table["rows"]):
        ratios = [result[rubric.indices[at].code].published[unit] for at in SHOWN_2022]
        assert ratios == [float(ratio) for ratio in row[2:-1]]
        assert float(row[-1]) == PUBLISHED_2022[row[1]]


def test_922_structure() -> None:
    """The bundled rubric has the published maxima and numbers of components, group by group and pillar by pillar."""
    published = next(each for each in data("rubrics")["rubrics"] if each["id"] == "922-tinh")
    rubric = dti.load_rubric("vn-922-province")
    indices = iter(rubric.indices)

    for group, source in zip(rubric.groups, published["groups"], strict=True):
        assert (rubric.tree.maximum[group.code] / 10**4, group.custom) == (
            source["max"],
            {"components": source["n"]},
        )
        for (title, components, maximum), index in zip(source["main"], indices, strict=False):
            assert (index.title.vi, index.max_points) == (title, maximum)
            assert index.custom == {"components": components}
    for pillar, source in zip(rubric.pillars, published["pillars"], strict=True):
        assert (pillar.title.vi, rubric.tree.maximum[pillar.code] / 10**4) == (source["name"], source["max"])
        assert len(rubric.tree.under[pillar.code]) == source["n_main"]
        assert (pillar.custom or {})["components"] == source["n"]
        assert ("inferred" in (pillar.custom or {})) == source.get("inferred", False)


def solved(row: Mapping[str, Decimal]) -> dict[str, Fraction]:
    """The points of foundation and activities that follow from a printed total and three printed pillars."""
    total, government, economy, society = (
        Fraction(row[key]) * scale
        for key, scale in (("total", 1000), ("cqs", 700), ("kts", 650), ("xhs", 650))
    )
    foundation = (government + economy + society - total) / 2
    activity = (government - foundation, economy - foundation, society - foundation)
    return {"foundation": foundation, **dict(zip(("7", "8", "9"), activity, strict=True))}


def rows_of(rubric: str) -> list[Any]:
    """The rows of dti_pillar_values.json that print all three pillars."""
    rows = data("dti_pillar_values").get("rows", [])
    return [row for row in rows if row["rubric"] == rubric and "cqs" in row]


@pytest.mark.parametrize("row", rows_of("922"), ids=lambda row: row["unit"])
def test_pillar_values_922(row: Mapping[str, Any]) -> None:
    """Marks with two decimals, as provinces give them, that fit a printed total and pillars publish all four of them.

    The points of the foundation and of the three activities follow from the four printed values; that they lie within
    0 and their maxima, and come back through 700, 650 and 650 points that share a foundation, is what is checked.
    """
    points = {code: round(value, 2) for code, value in solved(row).items()}
    fifth = points.pop("foundation") / 5
    marks = {code: [float(round(fifth, 2))] for code in "1234"} | {"6": [0]}
    marks["5"] = [float(round(5 * fifth - 4 * round(fifth, 2), 2))]
    marks |= {code: [float(value)] for code, value in points.items()}

    result = scored(dti.load_rubric("vn-922-province"), marks, unit=[row["unit"]])

    printed = [float(row[key]) for key in ("total", "cqs", "kts", "xhs")]
    assert [result[node].published[0] for node in ("total", *PILLARS)] == printed


@pytest.mark.parametrize("row", rows_of("1726"), ids=lambda row: row["unit"])
def test_pillar_values_1726(row: Mapping[str, Any]) -> None:
    """400, 300 and 300 points that share nothing add up to the printed total, to the last digit."""
    ratios = [row[key] for key in ("cqs", "kts", "xhs")]
    marks = {code: [ratio * most] for code, ratio, most in zip("123", ratios, (400, 300, 300), strict=True)}

    result = scored(dti.load_rubric("vn-1726-province"), marks, unit=[row["unit"]])

    assert [result[pillar].published[0] for pillar in PILLARS] == [float(ratio) for ratio in ratios]
    if row["total"] is None:  # Sóc Trăng: only "group 4, below 0.25" is printed
        assert result.total.published[0] < 0.25
    else:
        assert result.total.published[0] == float(row["total"])


@pytest.mark.parametrize("year", [2020, 2022])
@pytest.mark.parametrize("value", ["total", "cqs", "kts", "xhs"])
def test_pillar_values_rank_as_printed(year: int, value: str) -> None:
    """Provinces whose values are printed stand in the order of their printed ranks, in the total and in each pillar."""
    rows = [
        row for row in data("dti_pillar_values")["rows"] if row["year"] == year and row.get(value) is not None
    ]
    printed = [row["rank" if value == "total" else f"{value}_rank"] for row in rows]

    assert len(rows) >= 2
    assert dti.rank([float(row[value]) for row in rows]).tolist() == [
        sorted(printed).index(each) + 1 for each in printed
    ]


# Ties, as national tables print them


def printed_ranks(units: int, *tied: int) -> list[int]:
    """1, 2, 3 … with each rank in ``tied`` given to two units and the next one left out."""
    return [rank - 1 if rank - 1 in tied else rank for rank in range(1, units + 1)]


TIES = {
    "DTI 2021": (printed_ranks(17, 12), 13),  # 12, 12, 14: 0.4880 twice
    "DTI 2022": (printed_ranks(63, 15), 16),  # 15, 15, 17
    "ICT 2017": (printed_ranks(53, 17, 32, 40), 18),  # 17, 17, 19; 32, 32, 34; 40, 40, 42
}


@pytest.mark.parametrize(("printed", "dense"), TIES.values(), ids=TIES)
def test_national_ties(printed: Sequence[int], dense: int) -> None:
    """Competition ranks are all of those that national tables print; dense ranks go wrong after the first tie."""
    values = [round(0.9 - rank / 1000, 4) for rank in printed]

    assert dti.rank(values).tolist() == printed
    assert dti.rank(values[::-1]).tolist() == printed[::-1]
    assert np.equal(dti.rank(values, ties="dense"), printed).sum() == dense


def test_dti_2022_rank_list() -> None:
    """The 63 published ranks of DTI 2022 are those of `TIES`."""
    assert [rank for rank, _ in data("national_dti_2022")["ranking"]] == TIES["DTI 2022"][0]


def test_ties_that_are_none() -> None:
    """90.02 and 90.02, printed as 2nd and 3rd (Thanh Hóa PAR 2024), differ before rounding: `decide_on` exact.

    The unrounded values are made up; they are not printed.
    """
    marks = {"1": [95.5, 90.024, 90.016]}
    shown = dti.Publish("points", 2)

    for decide_on, ranks in (("exact", [1, 2, 3]), ("published", [1, 2, 2])):
        policy = dti.Policy(publish=shown, decide_on=decide_on)  # type: ignore[arg-type]
        result = scored(one_leaf(100, mark_decimals=3, policy=policy), marks, unit=["a", "b", "c"])
        assert result.total.published.tolist() == [95.5, 90.02, 90.02]
        assert result.total.ranks().tolist() == ranks


# Exclusion, as provinces print it


def hue_readiness() -> dti.Rubric:
    """Thừa Thiên Huế 3402/QĐ-UBND (2020): readiness, 50 points, 2 of them not for everyone."""
    return dti.Rubric(
        "hue-2020", "Sẵn sàng", [dti.Index("kept", "Còn lại", 48), dti.Index("out", "Không xét", 2)]
    )


def hue_results() -> dti.Rubric:
    """The same decision's other table: results, 100 points, 8 of them not for everyone."""
    return dti.Rubric(
        "hue-2020-b", "Kết quả", [dti.Index("kept", "Còn lại", 92), dti.Index("out", "Không xét", 8)]
    )


def test_hue_2020_readiness() -> None:
    """42.63 of 48 applicable points is 44.41 of 50, 89 %, and outranks 43.51 of 50."""
    marks: Marks = {"kept": [42.63, 41.51], "out": [None, 2]}

    result = scored(hue_readiness(), marks, skip("out", units=["hue"]), unit=["hue", "phong-dien"])

    total = result.total
    assert total.points.tolist() == [42.63, 43.51]
    assert total.applicable.tolist() == [48, 50]
    assert total.published.tolist() == [44.41, 43.51]
    assert total.published_as("percent", 0)[0] == 89
    assert total.ranks().tolist() == [1, 2]


def test_hue_2020_results() -> None:
    """78.53 of 92 applicable points is 85.36 of 100: what is excluded in one table stays in the other."""
    result = scored(hue_results(), {"kept": [78.53], "out": [None]}, skip("out"), unit=["nam-dong"])

    assert result.total.published.tolist() == [85.36]
    assert result.total.completeness.tolist() == [1.0]


@pytest.mark.parametrize(
    ("rubric", "obtained", "instead"),
    [(hue_readiness(), 42.63, 44.63), (hue_results(), 78.53, 86.53)],
    ids=["50", "100"],
)
def test_hue_2020_is_not_full_marks(rubric: dti.Rubric, obtained: float, instead: float) -> None:
    """Full marks for what is excluded gives other figures than those printed."""
    decision = skip("out", treatment="full_marks")

    result = scored(rubric, {"kept": [obtained], "out": [None]}, decision, unit=["a"])

    assert result.total.published.tolist() == [instead]


def test_thanh_hoa_par_2023() -> None:
    """68.32 of 84 applicable points is 81.33 %, and the percentage ranks; the points beside it stay as they are."""
    percent = dti.Policy(publish=dti.Publish("percent", 2))
    indices = [dti.Index("kept", "Còn lại", 84), dti.Index("out", "Không xét", 16)]
    rubric = dti.Rubric("par-2023", "PAR INDEX", indices, policy=percent)
    marks: Marks = {"kept": [68.32, 70], "out": [None, 10.5]}  # the second unit is made up: 80.50 of 100

    result = scored(rubric, marks, skip("out", units=["ban-dan-toc"]), unit=["ban-dan-toc", "other"])

    assert result.total.published.tolist() == [81.33, 80.5]
    assert result.total.points.tolist() == [68.32, 80.5]
    assert result.total.ranks().tolist() == [1, 2]


def tay_ninh() -> dti.Result:
    """Tây Ninh 2024: 340/340, 340/340 and 261/390, printed on the scale that applies to each."""
    indices = [dti.Index("all", "Chung", 340), dti.Index("some", "Riêng", 50)]
    rubric = dti.Rubric("tay-ninh-2024", "Chuyển đổi số", indices, policy=dti.Policy(renormalise="none"))
    units = ["van-phong", "thanh-tra", "so-y-te"]
    return scored(
        rubric, {"all": [340, 340, 241], "some": [None, None, 20]}, skip("some", units=units[:2]), unit=units
    )


def test_tay_ninh_2024() -> None:
    """Under `none` a score stays unconverted beside its own maximum: 340/340, 340/340, 261/390, which is 66.92 %."""
    total = tay_ninh().total

    assert total.published.tolist() == [340, 340, 261]
    assert total.applicable.tolist() == [340, 340, 390]
    assert total.published_as("percent", 2).tolist() == [100, 100, 66.92]
    assert total.ranks().tolist() == [1, 1, 3]


def test_yen_bai_2023() -> None:
    """805.69 of 1000 points is 80.57 %."""
    result = scored(one_leaf(1000), {"1": [805.69]}, unit=["van-yen"])

    assert result.total.published.tolist() == [805.69]
    assert result.total.published_as("percent", 2).tolist() == [80.57]


def test_lists_out_of_order() -> None:
    """Lâm Đồng's three lowest, printed as 379.54, 490.82, 340.86, get their ranks whatever their order."""
    result = scored(one_leaf(1000), {"1": [379.54, 490.82, 340.86]}, unit=["khcn", "tnmt", "bchqs"])

    assert result.total.ranks().tolist() == [2, 1, 3]


def ranked_lists() -> list[Any]:
    """Provincial tables that print two or more scores with their ranks."""
    lists = data("provincial_results").get("items", [])
    return [each for each in lists if len(each.get("rows", [])) > 1 and isinstance(each["rows"][0][2], int)]


@pytest.mark.parametrize(
    "table", ranked_lists(), ids=lambda each: f"{each['province']} {each['year']} {each['level']}"
)
def test_provincial_orders(table: Mapping[str, Any]) -> None:
    """Provincial tables rank as printed, and their lowest three lie below."""
    rows = [(name, score) for name, score, _ in table["rows"]]
    bottom = [row for row in table.get("bottom3_as_printed", []) if len(row) == 2]
    marks = {"1": [score for _, score in (*rows, *bottom)]}

    result = scored(one_leaf(table.get("scale", 1000)), marks, unit=[name for name, _ in (*rows, *bottom)])

    ranks = result.total.ranks().tolist()
    assert ranks[: len(rows)] == [rank for *_, rank in table["rows"]]
    assert sorted(ranks[len(rows) :]) == list(range(len(rows) + 1, len(ranks) + 1))


# Exclusion cases that are structure rather than one figure; the marks in them are made up


def test_two_lists_of_ministries() -> None:
    """DTI 2020: 18 ministries with public services and 7 without are two lists, each ranked from 1."""
    blocks = [
        dti.Block("with", "Có dịch vụ công", {"services": True}),
        dti.Block("without", "Không có dịch vụ công", {"services": False}),
    ]
    rubric = one_leaf(100, blocks=blocks, attributes={"services": {"type": "boolean"}})
    services = [unit < 18 for unit in range(25)]

    result = scored(
        rubric, {"1": list(range(25))}, unit=[f"b{unit}" for unit in range(25)], services=services
    )

    ranks = result.total.ranks().tolist()
    assert ranks == [*range(18, 0, -1), *range(7, 0, -1)]
    assert result.columns(["total"])["total.of"].tolist() == [18] * 18 + [7] * 7


def test_assessed_not_ranked() -> None:
    """Hải Dương 2023: 19 departments assessed, 17 ranked; two without public services keep their scores."""
    rubric = one_leaf(500)
    unranked = {"reason": "Không có dịch vụ công", "basis": "297/QĐ-UBND"}
    units = [
        {"code": f"s{unit}", "marks": {"1": 400 + unit}} | ({"unranked": unranked} if unit in {5, 18} else {})
        for unit in range(19)
    ]
    document = {"schema": "dti-core/marks/1", "rubric": rubric.code, "units": units}

    total = dti.evaluate(rubric, dti.load_marks(document, rubric)).total

    assert sorted(total.ranks().tolist()) == [0, 0, *range(1, 18)]
    assert total.published[[5, 18]].tolist() == [405, 418]


def test_special_agencies_apart() -> None:
    """PAR INDEX 2020: 17 ministries are ranked, 2 special agencies are scored and not counted in anyone's rank."""
    blocks = [
        dti.Block("ministries", "Bộ", {"special": False}),
        dti.Block("special", "Cơ quan đặc thù", {"special": True}, ranked=False),
    ]
    rubric = one_leaf(100, blocks=blocks, attributes={"special": {"type": "boolean"}})
    special = [unit >= 17 for unit in range(19)]

    result = scored(
        rubric, {"1": list(range(60, 79))}, unit=[f"b{unit}" for unit in range(19)], special=special
    )

    assert result.total.ranks().tolist() == [*range(17, 0, -1), 0, 0]
    assert result.total.published[17:].tolist() == [77, 78]


def test_component_for_some_units() -> None:
    """Hà Nội 2025: one of 34 components applies to 8 of 17 departments; the others lose nothing by it."""
    components = [dti.Component(f"1.{at}", f"Thành phần {at}", 10) for at in range(1, 35)]
    rule = dti.ExclusionRule(
        code="no-economy",
        when={"economy": False},
        members=["1.34"],
        treatment="skip",
        reason="Không có kinh tế số",
        basis="5279/QĐ-UBND",
    )
    attributes = {"economy": {"type": "boolean"}}
    index = dti.Index("1", "Chuyển đổi số", components=components)
    rubric = dti.Rubric("ha-noi", "Hà Nội", [index], exclusions=[rule], attributes=attributes)
    economy = [unit < 8 for unit in range(17)]
    marks = {f"1.{at}": [8] * 17 for at in range(1, 34)} | {"1.34": [8 if each else None for each in economy]}

    result = scored(rubric, marks, unit=[f"s{unit}" for unit in range(17)], economy=economy)

    assert result.total.applicable.tolist() == [340] * 8 + [330] * 9
    assert result.total.published.tolist() == [272] * 17
    assert result.exclusions()["leaf"].tolist() == ["1.34"] * 9


def test_survey_not_held() -> None:
    """Hà Nội PAR: without the optional survey of 30 points the other 70 are re-based to 100."""
    indices = [dti.Index("appraised", "Thẩm định", 70), dti.Index("survey", "Khảo sát", 30)]

    result = scored(
        dti.Rubric("par", "PAR INDEX", indices),
        {"appraised": [56], "survey": [None]},
        skip("survey"),
        unit=["a"],
    )

    assert result.total.published.tolist() == [80]


def test_drop_or_substitute() -> None:
    """Lâm Đồng 2022: a criterion that cannot be carried out is dropped, or another one takes its place."""
    indices = [
        dti.Index("1", "Chung", 80),
        dti.Index("2", "Không thực hiện được", 20),
        dti.Index("3", "Thay thế", 20, role="standby"),
    ]
    marks: Marks = {"1": [60, 60], "2": [None, None], "3": [None, 18]}
    replaced = dti.Exclusion(
        members=["2"], units=["b"], treatment="substitute", by="3", reason="Đặc thù", basis="Công văn"
    )

    result = scored(
        dti.Rubric("ld", "Lâm Đồng", indices), marks, skip("2", units=["a"]), replaced, unit=["a", "b"]
    )

    assert result.total.published.tolist() == [75, 78]
    assert result.total.applicable.tolist() == [80, 100]


def test_scale_of_800() -> None:
    """Lâm Đồng 2023: 800 points for departments without procedures, 1000 with, ranked apart on their own scales."""
    with_procedures, without = one_leaf(1000), one_leaf(800)

    assert scored(with_procedures, {"1": [914.31]}, unit=["a"]).total.published_as("percent", 2).tolist() == [
        91.43
    ]
    assert scored(without, {"1": [640]}, unit=["b"]).total.published_as("percent", 2).tolist() == [80]


def test_unit_without_data() -> None:
    """PCI 2019: a unit with N/A in every column stays in the table, without a score and without a rank."""
    rubric = one_leaf(100, policy=dti.Policy(missing="exclude"))

    result = scored(rubric, {"1": [70, None, 60]}, unit=["a", "hcm", "c"])

    assert result.total.ranks().tolist() == [1, 0, 2]
    assert np.isnan(result.total.published[1])
    assert result.columns(["total"])["unit"].tolist() == ["a", "hcm", "c"]


def test_full_marks_for_systems_not_run() -> None:
    """Cần Giuộc: a commune that runs no system of its own has 20 of 20 on each of three components."""
    components = [dti.Component(f"3.{at}", "An toàn hệ thống", 20) for at in range(1, 4)]
    rubric = dti.Rubric(
        "can-giuoc", "Cần Giuộc", [dti.Index("3", "An toàn thông tin", 60, components=components)]
    )

    decision = skip("3", treatment="full_marks")
    result = scored(rubric, {"3.1": [None], "3.2": [None], "3.3": [None]}, decision, unit=["a"])

    assert result.total.points.tolist() == [60]
    assert result.total.completeness.tolist() == [1]


CASES = {
    "hue-2020": "test_hue_2020_readiness, test_hue_2020_results and test_exclusion_examples",
    "thanhhoa-par-2023": "test_thanh_hoa_par_2023",
    "tayninh-2024": "test_tay_ninh_2024",
    "lamdong-2023": "test_scale_of_800",
    "lamdong-2022-seed": "test_drop_or_substitute",
    "haiduong-2023": "test_assessed_not_ranked",
    "lamdong-2015": "test_special_agencies_apart",
    "hanoi-2025": "test_component_for_some_units",
    "mard-par-2020": "test_special_agencies_apart",
    "dti-bo": "test_two_lists_of_ministries",
    "pci-policy-bias": "not tested: its weights before 2013 are not printed",
    "pci-hcmc-2019": "test_unit_without_data",
    "papi-quangninh-2023": "test_unit_without_data",
    "cangiuoc-security": "test_full_marks_for_systems_not_run",
    "hanoi-par-phong": "test_survey_not_held",
    "922-smart-city": "test_unscored_index_2022",
}


def test_every_exclusion_case_is_met() -> None:
    """No collected exclusion case is forgotten: each has its test here, or says why it has none."""
    named = {
        word
        for words in CASES.values()
        for word in words.replace(",", "").split()
        if word.startswith("test_")
    }

    assert {case["id"] for case in data("exclusion_cases")["cases"]} == set(CASES)
    assert named <= set(globals())


def printed_examples() -> list[Any]:
    """Worked examples that print a maximum, what is excluded, what is obtained and what that becomes."""
    cases = data("exclusion_cases").get("cases", [])
    return [example for case in cases for example in case.get("examples", []) if "converted" in example]


@pytest.mark.parametrize("example", printed_examples(), ids=lambda example: example["unit"])
def test_exclusion_examples(example: Mapping[str, Any]) -> None:
    """Worked examples come out as printed from their own columns."""
    excluded = example["excluded"]
    indices = [
        dti.Index("kept", "Còn lại", example["max"] - excluded),
        dti.Index("out", "Không xét", excluded),
    ]
    marks = {"kept": [example["obtained"]], "out": [None]}

    result = scored(dti.Rubric("r", "Bảng điểm", indices), marks, skip("out"), unit=["a"])

    assert result.total.published.tolist() == [float(example["converted"])]


# Grades


def banded(*bands: tuple[str, float]) -> dti.Rubric:
    """A rubric of 100 points with bands, highest first."""
    return one_leaf(100, bands=[dti.Band(name, name, bound) for name, bound in bands])


def grades(rubric: dti.Rubric, *scores: Any) -> list[str]:
    """The grades of units with these scores."""
    result = scored(rubric, {"1": scores}, unit=[f"u{at}" for at in range(len(scores))])
    return list(result.total.grades())


def test_da_nang_2022_bands() -> None:
    """Bands are closed below: 80, 65 and 50 are in the band they open, a hundredth less is not."""
    rubric = banded(("tốt", 80), ("khá", 65), ("trung bình", 50), ("yếu", 0))

    assert grades(rubric, 100, 80, 79.99, 65, 64.99, 50, 49.99, 0) == [
        *("tốt", "tốt", "khá", "khá", "trung bình", "trung bình", "yếu", "yếu")
    ]


def test_bands_belong_to_a_province() -> None:
    """66.92 %, average in Tây Ninh, is fair on Đà Nẵng's bands: a grade follows from its own rubric."""
    da_nang = banded(("tốt", 80), ("khá", 65), ("trung bình", 50), ("yếu", 0))
    tay_ninh_like = banded(("tốt", 80), ("khá", 70), ("trung bình", 50), ("kém", 0))  # bounds made up

    assert (grades(da_nang, 66.92), grades(tay_ninh_like, 66.92)) == (["khá"], ["trung bình"])


def test_binh_phuoc_leaves_no_gap() -> None:
    """Whole-number bands (85–100, 70–84 …) read as lower bounds grade 84.5, which the printed table leaves in none."""
    rubric = banded(("tốt", 85), ("khá", 70), ("trung bình", 50), ("yếu", 0))

    assert grades(rubric, 85, 84.5, 84, 69.5) == ["tốt", "khá", "khá", "trung bình"]


def printed_bands() -> list[Any]:
    """Band tables whose bounds are printed, as (where, [(name, lower bound)])."""
    found = []
    for item in data("grade_bands").get("items", []):
        bands = item.get("bands") or item.get("bands_integer")
        if bands and item["status"].startswith("FOUND"):
            found.append((item["where"], [(name, low or 0) for name, low, _ in bands]))
    return found


@pytest.mark.parametrize(
    "bands", [bands for _, bands in printed_bands()], ids=[where for where, _ in printed_bands()]
)
def test_printed_bands(bands: Sequence[tuple[str, Any]]) -> None:
    """Each printed band starts at its lower bound, and just below it is the next one."""
    whole = [*bands, ("không nêu", 0)] if bands[-1][1] else list(bands)
    rubric = banded(*whole)

    for (name, bound), (below, _) in pairwise(whole):
        assert grades(rubric, bound, bound - Decimal("0.01")) == [name, below]
