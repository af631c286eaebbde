"""Ranks and other published forms of a reference result, by counting who is better."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reference import Record, shown
from reference_rules import ZERO, Document, block_of, number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

Key = tuple[tuple[bool, "Fraction"], ...]


def published_as(result: Document, node: str, form: str, decimals: int) -> dict[str, Fraction | None]:
    """Per unit "the exact score rounded in another form"."""
    rounding = result["policy"]["publish"]["rounding"]
    records: dict[str, Record] = {unit: nodes[node] for unit, nodes in result["units"].items()}
    return {
        unit: shown(record.score, record.scale, form, decimals, rounding) for unit, record in records.items()
    }


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
    decided = [records[code].decided for code in (node, *breakers)]
    return tuple((value is not None, value or ZERO) for value in decided)


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
