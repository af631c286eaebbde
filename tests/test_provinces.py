"""The five provinces: what their texts print follows from the bundled rubrics and examples, and from nothing hidden."""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

import dti_core as dti
from dti_core import analysis
from dti_core.rubric.tree import walk

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs" / "provinces").glob("*-*.md"))
FIGURES = Path(__file__).parent / "golden" / "vietnam"

STRUCTURES = {
    "yb-2116-department": (3, 20, 1000),
    "yb-2116-district": (6, 40, 1000),
    "ld-2022-department": (6, None, 1000),
    "ld-2022-district": (8, None, 1000),
    "ld-454-department": (7, 42, 1000),
    "ld-454-department-no-procedures": (7, 30, 800),
    "ld-454-district": (8, 72, 900),
    "dn-2024": (7, None, 100),
    "th-2022-department": (6, None, 1000),
    "th-2022-district": (8, 63, 1000),
}
"""Main indices, components and points as printed; None where the number of components is not."""

EXAMPLES = {
    "yb-2116-department": "yb-2116-department-2023",
    "yb-2116-district": "yb-2116-district-2023",
    "ld-454-department": "ld-454-department-2023",
    "ld-454-department-no-procedures": "ld-454-department-no-procedures-2023",
    "ld-454-district": "ld-454-district-2023",
} | {code: code for code in STRUCTURES if code.startswith(("ld-2022", "dn", "th"))}

PUBLISHED_TOTALS = {
    "yb-2116-district": {"van-yen": 805.69},
    "ld-2022-department": {
        "bhxh": 848.47,
        "so-tai-chinh": 797.45,
        "so-gddt": 782.50,
        "so-tttt": 775.58,
        "so-y-te": 764.58,
        "so-tnmt": 490.82,
        "so-khdt": 379.54,
        "bo-chqs": 340.86,
    },
    "ld-2022-district": {
        "da-teh": 698.91,
        "da-lat": 692.94,
        "da-huoai": 664.41,
        "di-linh": 637.36,
        "duc-trong": 598.58,
    },
    "ld-454-department": {
        "so-tai-chinh": 914.31,
        "cong-an": 913.89,
        "so-gddt": 909.58,
        "van-phong-ubnd": 896.94,
    },
    "dn-2024": {"so-tttt": 98.06, "bhxh": 96.12, "hai-chau": 97.23, "hoa-thuan-tay": 99.93},
    "th-2022-district": {"tp-thanh-hoa": 848.6},
}
PUBLISHED_ORDER = {
    "yb-2116-district": ["tp-yen-bai", "van-yen"],
    "ld-2022-department": ["bhxh", "so-tai-chinh", "so-gddt", "so-tttt", "so-y-te"],
    "ld-2022-district": ["da-teh", "da-lat", "da-huoai", "di-linh", "duc-trong"],
    "ld-454-department": ["so-tai-chinh", "cong-an", "so-gddt", "van-phong-ubnd"],
    "th-2022-department": ["van-phong-ubnd", "so-tttt", "so-gddt", "so-gtvt", "so-xay-dung"],
    "th-2022-district": ["tp-thanh-hoa", "nhu-thanh", "nghi-son", "tho-xuan", "yen-dinh"],
}


@cache
def evaluated(code: str) -> dti.Result:
    """The bundled example of a rubric, evaluated."""
    rubric = dti.load_rubric(code)
    return dti.evaluate(rubric, dti.load_marks(example(code), rubric))


@cache
def example(code: str) -> dict[str, Any]:
    """The bundled marks document of a rubric."""
    source = files("dti_core") / "examples" / f"{EXAMPLES[code]}.json"
    document: dict[str, Any] = json.loads(source.read_text("utf-8"))
    return document


@pytest.mark.parametrize("code", STRUCTURES)
def test_structure_as_printed(code: str) -> None:
    """A bundled rubric has as many main indices, components and points as its decision."""
    rubric = dti.load_rubric(code)
    indices, components, points = STRUCTURES[code]
    scored = [leaf for leaf in rubric.tree.leaves if rubric.tree.role[leaf] == "scored"]

    assert len(rubric.indices) == indices
    assert components in (None, len(scored))
    assert rubric.max_points == points


def test_structure_as_collected() -> None:
    """The collected structures of the same decisions agree with the bundled ones."""
    known = {
        "yenbai-2023-so": "yb-2116-department",
        "yenbai-2023-huyen": "yb-2116-district",
        "lamdong-2023-so-tthc": "ld-454-department",
        "lamdong-2023-so-khong-tthc": "ld-454-department-no-procedures",
        "lamdong-2023-huyen": "ld-454-district",
        "thanhhoa-2022-so": "th-2022-department",
        "thanhhoa-2022-huyen": "th-2022-district",
    }
    rubrics = json.loads((FIGURES / "rubrics.json").read_text("utf-8"))["rubrics"]
    collected = {known[each["id"]]: each for each in rubrics if each["id"] in known}

    assert {code: each["n_main"] for code, each in collected.items()} == {
        code: STRUCTURES[code][0] for code in known.values()
    }
    for code, each in collected.items():
        assert each.get("n_components", STRUCTURES[code][1]) == STRUCTURES[code][1]
        assert each.get("scale", STRUCTURES[code][2]) == STRUCTURES[code][2]


@pytest.mark.parametrize("code", STRUCTURES)
def test_what_is_made_up_says_so(code: str) -> None:
    """A rubric and its marks state what is published and what made up; a made-up part says so in its title."""
    rubric, marks = dti.load_rubric(code), example(code)

    assert {"published", "made_up", "source"} <= (rubric.custom or {}).keys()
    assert "made_up" in marks["custom"]
    assert "giả định" in rubric.title.vi
    assert "made up" in rubric.title.text("en")
    components = [node for _, node, parent, _ in walk(rubric.indices) if parent != "total"]
    assert [node.code for node in components if "giả định" not in node.title.vi] == []


@pytest.mark.parametrize("code", PUBLISHED_TOTALS)
def test_totals_as_printed(code: str) -> None:
    """A printed total is what the bundled marks add up to."""
    result = evaluated(code)
    computed = dict(zip(result.units, result.total.published.tolist(), strict=True))

    assert {unit: computed[unit] for unit in PUBLISHED_TOTALS[code]} == PUBLISHED_TOTALS[code]


@pytest.mark.parametrize("code", PUBLISHED_ORDER)
def test_order_as_printed(code: str) -> None:
    """The first places are in the printed order."""
    first = analysis.leaders(evaluated(code), len(PUBLISHED_ORDER[code]))

    assert list(first.units[: len(PUBLISHED_ORDER[code])]) == PUBLISHED_ORDER[code]


def test_totals_as_collected() -> None:
    """The printed totals are those that were collected, in every list that names points."""
    items = json.loads((FIGURES / "provincial_results.json").read_text("utf-8"), parse_float=Decimal)["items"]
    ours = {Decimal(str(value)) for totals in PUBLISHED_TOTALS.values() for value in totals.values()}
    collected = {
        Decimal(row[1])
        for item in items
        if (item["province"], item["year"]) in FROM_THE_TEXTS
        for row in (*item["rows"], *item.get("bottom3_as_printed", ()))
    }

    assert collected == ours


FROM_THE_TEXTS = {
    ("Lâm Đồng", 2022),
    ("Lâm Đồng", 2023),
    ("Thanh Hóa", 2022),
    ("Yên Bái", 2023),
    ("Đà Nẵng", 2024),
}


def test_yen_bai_rate() -> None:
    """805.69 points is 80.57 percent."""
    result = evaluated("yb-2116-district")

    assert result.total.published_as("percent", 2)[result.marks.row("van-yen")] == 80.57


def test_yen_bai_movement() -> None:
    """The page's made-up ranks of last year give the printed counts, and each block's ranks are a ranking."""
    page = (ROOT / "docs" / "provinces" / "yen-bai.md").read_text("utf-8")
    listed = re.search(r"ranks=\[([\d, ]+), \*\[([\d, ]+)\]\]", page)
    assert listed is not None
    blocks = [[int(rank) for rank in ranks.split(",")] for ranks in listed.groups()]
    edition = analysis.publish_together(
        {tier: evaluated(f"yb-2116-{tier}") for tier in ("department", "district")}
    )
    groups = ["department"] * 19 + ["district"] * 9
    before = analysis.Standing(edition.units, [*blocks[0], *blocks[1]], blocks=groups)
    counts = analysis.movement(before, edition).counts()

    assert [sorted(ranks) for ranks in blocks] == [list(range(1, 20)), list(range(1, 10))]
    assert (counts["up"], counts["same"], counts["down"]) == (12, 9, 7)


def test_lam_dong_last_three() -> None:
    """The last three come in order though the text prints 379.54, 490.82, 340.86."""
    result = evaluated("ld-2022-department")
    last = analysis.bottom(result, 3)

    assert last.values[last.blocks == "with-procedures"].tolist() == [490.82, 379.54, 340.86]
    assert analysis.leaders(result).units == ("bhxh", "dai-ptth")


@pytest.mark.parametrize(
    ("treatment", "published"),
    [({"treatment": "skip"}, 800), ({"treatment": "substitute", "by": "6.11"}, 805)],
)
def test_lam_dong_deducts_or_replaces(treatment: Mapping[str, str], published: float) -> None:
    """Of 760 points, 50 deducted from 1000 give 760 / 950 × 1000 = 800; 45 of the substitute give 805."""
    rubric = dti.load_rubric("ld-2022-department")
    own = {leaf: 20 for leaf in rubric.tree.leaves if leaf[0] in "12345"}
    own |= {f"6.{number}": 40 for number in range(1, 10)} | {"6.11": 45}
    decision = {"members": ["6.10"], "reason": "chưa hướng dẫn", "basis": "ld-2022", **treatment}
    unit = {"code": "a", "attributes": {"has_procedures": True}, "marks": own, "exclusions": [decision]}
    marks = dti.load_marks({"schema": "dti-core/marks/1", "rubric": rubric.code, "units": [unit]}, rubric)

    assert dti.evaluate(rubric, marks).total.published.tolist() == [published]


@pytest.mark.parametrize("code", [code for code in STRUCTURES if code.startswith("ld")])
def test_lam_dong_wants_evidence(code: str) -> None:
    """Evidence is compulsory in every rubric of Lâm Đồng."""
    assert dti.load_rubric(code).policy.evidence == "required"


def test_da_nang_grades() -> None:
    """Grades by block and by district come out as printed, and blocks have 24, 6 and 7 units."""
    result = evaluated("dn-2024")
    blocks, districts = (analysis.grade_counts(result, by=by) for by in (None, "district"))

    assert [list(blocks[each].values()) for each in ("departments", "central", "districts")] == [
        [6, 7, 10, 1, 0],
        [5, 0, 1, 0, 0],
        [3, 2, 2, 0, 0],
    ]
    assert {each: max(districts[each].items(), key=lambda item: item[1]) for each in districts.blocks} == {
        "Hải Châu": ("excellent", 4),
        "Liên Chiểu": ("excellent", 3),
        "Thanh Khê": ("excellent", 8),
        "Sơn Trà": ("excellent", 2),
        "Cẩm Lệ": ("excellent", 5),
        "Ngũ Hành Sơn": ("good", 2),
        "Hòa Vang": ("excellent", 1),
    }
    assert districts.total() == blocks["communes"]


def test_da_nang_leaders() -> None:
    """Each block is led by the unit that the text names, with its printed total."""
    first = analysis.leaders(evaluated("dn-2024"))

    assert dict(zip(first.units, first.values.tolist(), strict=True)) == PUBLISHED_TOTALS["dn-2024"]


def test_da_nang_society() -> None:
    """Digital society counts for districts and communes only, and bonus and penalty for the total only."""
    result = evaluated("dn-2024")
    applicable = dict(zip(result.units, result["6"].applicable.tolist(), strict=True))

    assert (applicable["so-tttt"], applicable["bhxh"], applicable["hai-chau"]) == (0, 0, 15)
    row = result.marks.row("quan-huyen-7")
    assert (result.total.points[row], result.total.published[row]) == (72.9, 71.4)


def tables() -> Iterator[tuple[str, list[list[str]]]]:
    """The table of claims of every page."""
    for page in PAGES:
        table = page.read_text("utf-8").partition("## Each claim of the text")[2].split("```")[0]
        yield (
            page.stem,
            [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("|")],
        )


@pytest.mark.parametrize(("page", "rows"), [*tables()], ids=[page.stem for page in PAGES])
def test_every_page_answers_its_claims(page: str, rows: list[list[str]]) -> None:
    """A page ends with a table that answers each claim or says why it cannot."""
    assert rows[0] == ["claim", "answer"], page
    assert len(rows) > 12
    assert all(len(row) == 2 and all(row) for row in rows[2:])


def test_there_are_five_pages() -> None:
    """Each of the five provinces has its page, and the index leads to it."""
    index = (ROOT / "docs" / "provinces" / "index.md").read_text("utf-8")

    assert [page.stem for page in PAGES] == ["bac-kan", "da-nang", "lam-dong", "thanh-hoa", "yen-bai"]
    assert all(f"({page.name})" in index for page in PAGES)


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("thanh-hoa", "**contradiction**: the parts add up to 3,461,177"),
        ("da-nang", "hence +3: contradiction"),
        ("lam-dong", "the text is out of order"),
        ("bac-kan", "cannot exceed 100 %"),
        ("yen-bai", "The text does not say which"),
    ],
)
def test_contradictions_are_named(page: str, told: str) -> None:
    """Where the sources contradict each other or themselves, the page says so."""
    assert told in (ROOT / "docs" / "provinces" / f"{page}.md").read_text("utf-8")
