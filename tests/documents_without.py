"""Random documents as if one of their leaves had never been written into them."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reference_rules import Document


def without(rubric: Document, marks: Document, leaf: str) -> tuple[Document, Document]:
    """A rubric document and a marks document without a leaf; grades are left out, for ranks do not rest on them."""
    rubric, marks = copy.deepcopy(rubric), copy.deepcopy(marks)
    rubric["indices"] = _left(rubric["indices"], leaf)
    known = {*_codes(rubric["indices"])}
    for name in ("groups", "pillars"):
        views = [view | {"members": _among(known, view["members"])} for view in rubric.get(name, [])]
        rubric[name] = [view for view in views if view["members"]]
        known |= {view["code"] for view in rubric[name]}
    policy = rubric.get("policy", {})
    if "tie_break" in policy:
        breakers = policy["tie_break"]
        policy["tie_break"] = [each for each in breakers if not isinstance(each, str) or each in known]
    for holder in (rubric, marks, *marks["units"]):
        _forget(holder, known, _scored(rubric))
    for unit in marks["units"]:
        unit.get("marks", {}).pop(leaf, None)
    return rubric, marks


def _left(nodes: list[Document], leaf: str) -> list[Document]:
    """The nodes without the leaf, and without those that held nothing else."""
    left = []
    for node in nodes:
        if "components" in node and leaf in _codes([node]):
            below = _left(node["components"], leaf)
            most = node.pop("max_points", None)
            capped = node.pop("cap", False)
            if capped and most < sum(map(_worth, below)):
                node |= {"max_points": most, "cap": True}
            node["components"] = below
        if node["code"] != leaf and node.get("components", ["a leaf"]):
            left.append(node)
    return left


def _worth(node: Document) -> float:
    return node["max_points"] if "max_points" in node else sum(map(_worth, node["components"]))


def _codes(nodes: list[Document]) -> Iterator[str]:
    for node in nodes:
        yield node["code"]
        yield from _codes(node.get("components", []))


def _among(known: set[str], codes: list[str]) -> list[str]:
    return [code for code in codes if code in known]


def _scored(rubric: Document) -> set[str]:
    """What holds a scored leaf, and so can be excluded."""

    def holds(node: Document) -> bool:
        return (
            any(map(holds, node["components"]))
            if "components" in node
            else node.get("role", "scored") == "scored"
        )

    def scored(nodes: list[Document]) -> Iterator[str]:
        for node in nodes:
            yield from [node["code"]] if holds(node) else []
            yield from scored(node.get("components", []))

    codes = {*scored(rubric["indices"])}
    return codes | {view["code"] for view in rubric.get("groups", []) if codes.intersection(view["members"])}


def _forget(holder: Document, known: set[str], scored: set[str]) -> None:
    """Drop what no source of exclusions excludes any more, and what grades rest on."""
    for name in ("grade_limits", "bands", "max_points"):
        holder.pop(name, None)
    if "exclusions" in holder:
        sources = [source | {"members": _among(scored, source["members"])} for source in holder["exclusions"]]
        holder["exclusions"] = [
            source for source in sources if source["members"] and source.get("by", "") in {"", *known}
        ]
