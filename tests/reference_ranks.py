"""Ranks and other published forms of a reference result, by counting who is better."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from reference import Record, reaches, shown
from reference_rules import ZERO, Document, block_of, matches, number

if TYPE_CHECKING:
    from collections.abc import Sequence

Key = tuple[tuple[bool, Fraction], ...]


def published_as(
    result: Document, node: str, form: str, decimals: int, of: int | None = None
) -> dict[str, Fraction | None]:
    """Per unit "the exact score rounded in another form"."""
    own = result["policy"]["publish" if node == "total" else "publish_parts"]
    publish = {"as": form, "decimals": decimals, "rounding": own["rounding"], "of": of}
    records: dict[str, Record] = {unit: nodes[node] for unit, nodes in result["units"].items()}
    return {unit: shown(record.score, record.scale, publish) for unit, record in records.items()}


def rivals(rubric: Document, unit: Document, by: Sequence[str] | None) -> tuple[Any, ...] | None:
    """Whom a unit is ranked with; `None` is nobody.

    "Units are ranked within the rubric's blocks where it declares any, else all together; or within any unit
    attributes on request"; "'block' is the declared blocks, or the attribute where none are declared".
    """
    declared = bool(rubric.get("blocks"))
    block = block_of(rubric, unit)
    if declared and (block is None or block.get("ranked", True) is False):
        return None
    names = by if by is not None else ["block"] if declared else []
    values: list[Any] = []
    for name in names:
        if name == "block" and block is not None:
            values.append(block["code"])
        elif name in unit.get("attributes", {}):
            value = unit["attributes"][name]
            values.append(
                (isinstance(value, bool), value if isinstance(value, bool | str) else number(value))
            )
        else:
            return None
    return tuple(values)


def chain(result: Document, unit: Document, node: str) -> Key | None:
    """What a unit is ranked by at a node, the highest first; `None` where it is not ranked there.

    "`policy.tie_break`: node codes compared in turn, for the total only, null last." A unit "whose
    coverage is below `policy.min_coverage` is scored, not ranked", nor is one "with `unranked`".
    """
    policy, records = result["policy"], result["units"][unit["code"]]
    record: Record = records[node]
    if "unranked" in unit or record.decided is None or record.coverage is None:
        return None
    if record.coverage < number(policy["min_coverage"]):
        return None
    breakers = policy["tie_break"] if node == "total" else []
    broken = [_breaker(result, unit, one) for one in breakers]
    return tuple((value is not None, value or ZERO) for value in (record.decided, *broken))


def _breaker(result: Document, unit: Document, breaker: str | Document) -> Fraction | None:
    """What breaks a tie: the higher comes first.

    "In turn nodes with scored leaves, as `decide_on` says; others by points, of penalty nodes fewer first;
    `{"attribute": NAME, "order": …}` for an attribute declared a number, by value, or with `enum`, in its order. What a
    unit lacks comes last, in either order".
    """
    if isinstance(breaker, dict):
        value = unit.get("attributes", {}).get(breaker["attribute"])
        if value is None:
            return None
        listed = result["rubric"]["attributes"][breaker["attribute"]].get("enum")
        place = number(value) if listed is None else Fraction(listed.index(value))
        return place if breaker["order"] == "descending" else -place
    tree = result["scores"][unit["code"]].tree
    record: Record = result["units"][unit["code"]][breaker]
    if not tree.points_only(breaker):
        return record.decided
    only_penalty = {tree.role(leaf) for leaf in tree.leaves(breaker)} == {"penalty"}
    return -record.points if only_penalty else record.points


def ranks(
    result: Document, node: str, by: str | Sequence[str] | None = None, ties: str | None = None
) -> dict[str, int]:
    """Rank per unit, 0 where unranked.

    "Descending; competition 1 2 2 4 (default) or dense 1 2 2 3"; the unranked are "not counted in others'
    ranks".
    """
    fields: dict[tuple[Any, ...], dict[str, Key]] = {}
    for unit in result["marks"]["units"]:
        field = rivals(result["rubric"], unit, [by] if isinstance(by, str) else by)
        key = chain(result, unit, node)
        if field is not None and key is not None:
            fields.setdefault(field, {})[unit["code"]] = key
    dense = (ties or result["policy"]["ties"]) == "dense"
    found = {unit["code"]: 0 for unit in result["marks"]["units"]}
    for members in fields.values():
        for code, key in members.items():
            better = [other for other in members.values() if other > key]
            found[code] = 1 + (len(set(better)) if dense else len(better))
    return found


def _barred(result: Document, unit: Document, fits: Sequence[bool]) -> int:
    """The place of the highest band that no grade limit bars.

    "`at_most: BAND` bars the bands above it; `lower_by: n` bars those above the n-th below the band that conditions and
    `at_most` would give. All that reach a unit hold: the lowest `at_most`, lowerings added".
    """
    rubric, marks = result["rubric"], result["marks"]
    limits = [limit for limit in rubric.get("grade_limits", []) if matches(limit.get("when"), unit)]
    limits += [limit for limit in marks.get("grade_limits", []) if unit["code"] in limit["units"]]
    limits += unit.get("grade_limits", [])
    codes = [band["code"] for band in rubric["bands"]]
    highest = max((codes.index(limit["at_most"]) for limit in limits if "at_most" in limit), default=0)
    lowered = sum(limit.get("lower_by", 0) for limit in limits)
    reached = next(at for at, fit in enumerate(fits) if fit and at >= highest)
    return min(reached + lowered, len(codes) - 1) if lowered else highest


def _let_in(candidates: Sequence[str], places: dict[str, int], ranked: int, quota: Document) -> list[str]:
    """Who of those that meet the rest a quota lets in.

    "In order of rank, at most floor(P × ranked / 100) or N units; where a tie crosses the limit none of the tied, and
    nobody behind them (`"ties": "in"`: all of the tied)".
    """
    most = quota["count"] if "count" in quota else number(quota["percent"]) * ranked // 100
    let_in = []
    for unit in candidates:
        ahead = sum(places[other] < places[unit] for other in candidates)
        level = sum(places[other] == places[unit] for other in candidates)
        if ahead + level <= most or (quota.get("ties") == "in" and ahead < most):
            let_in.append(unit)
    return let_in


def grades(result: Document) -> dict[str, str | None]:
    """The grade of every unit at the total.

    "A unit gets the first band that no limit bars, whose threshold and `requires` it meets, and whose `quota` lets it
    in." "An unranked unit that meets the rest of a band with a quota has no grade."
    """
    bands, places = result["rubric"].get("bands", []), ranks(result, "total")
    graded: dict[str, str | None] = dict.fromkeys(places)
    units = {unit["code"]: unit for unit in result["marks"]["units"]}
    fitting = {code: _fits(result, unit, bands) for code, unit in units.items()}
    open_ = {code for code in units if any(fitting[code])}
    highest = {code: _barred(result, units[code], fitting[code]) for code in open_}
    for at, band in enumerate(bands):
        meeting = {code for code in open_ if fitting[code][at] and at >= highest[code]}
        if "quota" in band:
            unranked = {code for code in meeting if not places[code]}
            open_ -= unranked
            meeting = {
                unit
                for field in _fields(result, places)
                for unit in _let_in(
                    [code for code in field if code in meeting], places, len(field), band["quota"]
                )
            }
        graded |= dict.fromkeys(meeting, band["code"])
        open_ -= meeting
    return graded


def _fits(result: Document, unit: Document, bands: Sequence[Document]) -> list[bool]:
    """Which bands' threshold and `requires` a unit meets; none without a score."""
    scores, records = result["scores"][unit["code"]], result["units"][unit["code"]]
    decided = records["total"].decided
    if decided is None:
        return [False for _ in bands]

    def met(condition: Document) -> bool:
        value = records[condition["node"]].decided
        return bool(scores.holds(condition, None if value is None else 100 * value))

    return [reaches(decided, band) and all(map(met, band.get("requires", []))) for band in bands]


def _fields(result: Document, places: dict[str, int]) -> list[list[str]]:
    """The ranked units of each declared block, or all of them where none is declared."""
    fields: dict[tuple[Any, ...], list[str]] = {}
    for unit in result["marks"]["units"]:
        field = rivals(result["rubric"], unit, None)
        if field is not None and places[unit["code"]]:
            fields.setdefault(field, []).append(unit["code"])
    return list(fields.values())
