"""Real editions as documents: each loads, and what was published of it comes out.

A file of ``golden/editions`` holds rubric and marks beside the published figures and their source, what of the
documents is inferred or made up, and where a published figure contradicts the others.
"""

import csv
import json
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import dti_core as dti

GOLDEN = Path(__file__).parent / "golden"
EDITIONS: dict[str, Any] = {
    path.stem: json.loads(path.read_text("utf-8")) for path in sorted((GOLDEN / "editions").glob("*.json"))
}


@cache
def evaluated(name: str) -> dti.Result:
    """The documents of an edition, evaluated."""
    rubric = dti.load_rubric(EDITIONS[name]["rubric"])
    return dti.evaluate(rubric, dti.load_marks(EDITIONS[name]["marks"], rubric))


def having(field: str) -> list[str]:
    """The editions that published something."""
    return [name for name, edition in EDITIONS.items() if field in edition]


@pytest.mark.parametrize("name", EDITIONS)
def test_documents_are_kept(name: str) -> None:
    """The documents of an edition are written back as they were, defaults aside."""
    rubric = dti.load_rubric(EDITIONS[name]["rubric"])
    marks = dti.load_marks(EDITIONS[name]["marks"], rubric)

    assert dti.load_rubric(dti.to_document(rubric)) == rubric
    assert dti.load_marks(dti.to_document(marks), rubric) == marks


@pytest.mark.parametrize("name", having("published"))
def test_published(name: str) -> None:
    """Each total in each form it was printed in, but for those that contradict what they were printed with."""
    edition, result = EDITIONS[name], evaluated(name)
    differs = edition.get("differs", {})

    for form in edition["published"]:
        totals = result.total.published_as(form["as"], form["decimals"]).tolist()
        shown = {
            unit: f"{total:.{form['decimals']}f}" for unit, total in zip(result.units, totals, strict=True)
        }
        if "tolerance" in edition:  # the parts were printed rounded, the total was added up of unrounded ones
            apart = [abs(Decimal(shown[unit]) - Decimal(value)) for unit, value in form["values"].items()]
            assert max(apart) <= Decimal(str(edition["tolerance"]))
        else:
            printed = {unit: differs.get(unit, [value])[0] for unit, value in form["values"].items()}
            assert {unit: shown[unit] for unit in printed} == printed
            assert all(
                form["values"][unit] == contradicting for unit, (_, contradicting, _) in differs.items()
            )


@pytest.mark.parametrize("field", ["points", "applicable"])
def test_points_and_maxima(field: Any) -> None:
    """What was obtained, and of how much, is printed beside the rate where it is."""
    names = having(field)

    assert len(names) >= 5
    for name in names:
        result = evaluated(name)
        exact = dict(zip(result.units, result.total.exact(field), strict=True))
        assert exact == {unit: Fraction(str(value)) for unit, value in EDITIONS[name][field].items()}


@pytest.mark.parametrize("name", having("ranks"))
def test_ranks(name: str) -> None:
    """The order that was printed; who obtained fewer points of fewer may stand higher."""
    result = evaluated(name)

    assert dict(zip(result.units, result.total.ranks().tolist(), strict=True)) == EDITIONS[name]["ranks"]


@pytest.mark.parametrize("name", having("grades"))
def test_grades(name: str) -> None:
    """The grade that was printed, by thresholds that are inferred where the edition says so."""
    result = evaluated(name)

    assert dict(zip(result.units, result.total.grades().tolist(), strict=True)) == EDITIONS[name]["grades"]


def test_a_lower_mark_above_a_higher_one() -> None:
    """Huế 2020: 42.63 of the 48 points that applied, 44.41 of 50, stands above 43.51 of 50."""
    result = evaluated("hue-2020-readiness")
    hue, phong_dien = map(result.units.index, ("ubnd-thanh-pho-hue", "ubnd-huyen-phong-dien"))

    assert result.total.exact("score")[hue] == Fraction("42.63") / 48 * 50
    assert result.total.points[hue] < result.total.points[phong_dien]
    assert result.total.ranks()[hue] < result.total.ranks()[phong_dien]


def test_a_misprint_is_no_cap() -> None:
    """The form of Hồ Chí Minh City's schools is refused unless it says that its 10 points of 12 are a cap."""
    source = json.loads(json.dumps(EDITIONS["hcm-schools-ict-2021"]["rubric"]))
    del source["indices"][3]["cap"]

    with pytest.raises(dti.InvalidDocument) as caught:
        dti.load_rubric(source)
    assert [problem.where for problem in caught.value.problems] == ["$.indices[3].max_points"]
    del source["indices"][3]["max_points"]
    with pytest.raises(dti.InvalidDocument, match="102"):
        dti.load_rubric(source)


def test_thirds_of_the_world() -> None:
    """UN E-Government Development Index 2018: 193 countries, three parts worth exactly a third of a point each."""
    with (GOLDEN / "egdi" / "egdi_2018.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    indices = [
        {"code": code, "title": code, "max_points": "1/3", "mark_max": 1} for code in ("osi", "hci", "tii")
    ]
    rubric = dti.load_rubric(
        {
            "schema": "dti-core/rubric/1",
            "code": "egdi-2018",
            "title": "EGDI",
            "max_points": 1,
            "mark_decimals": 4,
            "indices": indices,
            "policy": {"publish": {"decimals": 4}},
        }
    )
    table = {code: [Decimal(row[code]) for row in rows] for code in ("osi", "hci", "tii")}
    sheet = dti.MarkSheet.from_table({"unit": [row["iso3"] for row in rows], **table}, rubric)
    total = dti.evaluate(rubric, sheet).total

    assert len(rows) == 193
    assert total.published.tolist() == [float(row["egdi"]) for row in rows]
    assert total.ranks().tolist() == [int(float(row["rank"])) for row in rows]


@pytest.mark.parametrize("name", EDITIONS)
def test_sources_are_named(name: str) -> None:
    """Each edition names its source and shows something; a figure that contradicts others says why."""
    edition = EDITIONS[name]

    assert {"edition", "source", "shows"} <= edition.keys()
    assert all(why for _, _, why in edition.get("differs", {}).values())
