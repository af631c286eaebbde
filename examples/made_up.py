"""The rubric and the marks that the examples share: a made-up province of 63 wards and communes."""

import random
from pathlib import Path
from typing import Any

import dti_core as dti
from dti_core.assessment import Assessment, Assessments, Cycle

RUBRIC = Path(__file__).with_name("communes.json")
UNITS, WARDS = 63, 15


def documents(rubric: dti.Rubric, seed: int = 1) -> list[dict[str, Any]]:
    """A marks document of each unit, as 63 offices would send them."""
    draw = random.Random(seed)  # noqa: S311 - made-up marks keep no secret
    head = {"schema": "dti-core/marks/1", "rubric": rubric.code, "stage": "appraised"}
    return [{**head, "units": [_unit(rubric, number, draw)]} for number in range(1, UNITS + 1)]


def opened(rubric: dti.Rubric, count: int = UNITS) -> Assessments:
    """A round of the first units, in which nobody has marked anything yet."""
    units = [document["units"][0] for document in documents(rubric)[:count]]
    cycle = Cycle(rubric)
    return Assessments(
        cycle, [Assessment(cycle, unit["code"], unit["name"], unit["attributes"]) for unit in units]
    )


def _unit(rubric: dti.Rubric, number: int, draw: random.Random) -> dict[str, Any]:
    is_ward, strength = number <= WARDS, draw.uniform(0.5, 1)
    unit: dict[str, Any] = {
        "code": f"u{number:02}",
        "name": f"{'Phường' if is_ward else 'Xã'} Ví Dụ {number:02}",
        "attributes": {"kind": "ward" if is_ward else "commune", "remote": number % 20 == 0},
        "marks": {
            leaf: round(float(most) * min(1, strength * draw.uniform(0.8, 1.2)), 2)
            for leaf, most in _worth(rubric).items()
        },
    }
    if number == UNITS:
        unit["unranked"] = {"reason": "Sáp nhập trong năm", "basis": "02/QĐ-VD"}
    return unit


def _worth(rubric: dti.Rubric) -> dict[str, Any]:
    ends = [part for index in rubric.indices for part in (index.components or [index])]
    return {leaf.code: leaf.max_points for leaf in ends}
