"""Random pairs of small rounds, as documents: everything that a cause can be may differ from one to the next."""

from __future__ import annotations

import random
from typing import Any

Document = dict[str, Any]
CODES = ["a", "b", "c", "d", "e"]
WHY = {"reason": "Chưa hướng dẫn", "basis": "Điều 5"}
RULE = {"code": "k", "when": {"online": {"const": False}}, "treatment": "skip", **WHY}


def rubric(draw: random.Random, leaves: list[str]) -> Document:
    """A rubric of two indices, a bonus and perhaps an index of its own; marks of one decimal fit either maximum."""
    parts = {leaf: {"code": leaf, "title": leaf, "max_points": draw.choice([10, 20])} for leaf in leaves}
    indices: list[Document] = [
        {"code": at, "title": at, "components": [part for leaf, part in parts.items() if leaf[0] == at]}
        for at in ("1", "2", "3")
        if any(leaf[0] == at for leaf in leaves)
    ]
    indices.append({"code": "T", "title": "T", "role": "bonus", "max_points": 10})
    publish = {"as": draw.choice(["points", "percent", "ratio"]), "decimals": draw.choice([0, 2])}
    policy = {
        "renormalise": draw.choice(["overall", "by_level", "none"]),
        "missing": draw.choice(["zero", "exclude"]),
        "decide_on": draw.choice(["published", "exact"]),
        "ties": draw.choice(["competition", "dense"]),
        "exceed_maximum": draw.random() < 0.5,
        "tie_break": draw.sample(
            ["1", "T", {"attribute": "people", "order": "descending"}], draw.randint(0, 2)
        ),
        "publish": publish,
    }
    return {
        "schema": "dti-core/rubric/1",
        "code": "random",
        "title": "Bộ chỉ số",
        "indices": indices,
        "attributes": {
            "online": {"type": "boolean"},
            "people": {"type": "integer"},
            "block": {"type": "string"},
        },
        "blocks": [{"code": name, "title": name, "when": {"block": {"const": name}}} for name in "xy"],
        "exclusions": [{**RULE, "members": [draw.choice(leaves)]}] if draw.random() < 0.5 else [],
        "policy": policy,
    }


def unit(draw: random.Random, code: str, leaves: list[str]) -> Document:
    """A unit, marked on nearly all leaves."""
    marks = {leaf: draw.choice([0, 5, draw.randint(0, 100) / 10, 10]) for leaf in (*leaves, "T")}
    if draw.random() < 0.2:
        marks.pop(draw.choice(leaves))
    attributes = {
        "online": draw.random() < 0.7,
        "people": draw.randint(1, 3),
        "block": "x" if draw.random() < 0.85 else "y",
    }
    found: Document = {"code": code, "marks": marks, "attributes": attributes}
    if draw.random() < 0.4:
        treatment = draw.choice(["skip", "full_marks", "zero"])
        found["exclusions"] = [{"members": [draw.choice(leaves)], "treatment": treatment, **WHY}]
    if draw.random() < 0.05:
        found["unranked"] = WHY
    return found


def pair(seed: int) -> tuple[tuple[Document, Document], tuple[Document, Document]]:
    """Two rounds by rubrics that share most leaves, most of the time with the same rubric."""
    draw = random.Random(seed)  # noqa: S311 - nothing secret
    before = ["1.1", "1.2", "2.1", "2.2"]
    first = rubric(draw, before)
    after = before if draw.random() < 0.4 else ["1.1", "1.3", "2.1", "2.2", "3.1"]
    second = first if after is before else rubric(draw, after)
    rounds = []
    for scheme, leaves in ((first, before), (second, after)):
        codes = [code for code in CODES if draw.random() < 0.85]
        marks: Document = {"schema": "dti-core/marks/1", "rubric": "random", "exclusions": []}
        marks["units"] = [unit(draw, code, leaves) for code in codes]
        rounds.append((scheme, marks))
    return rounds[0], rounds[1]
