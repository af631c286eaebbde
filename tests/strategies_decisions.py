"""What real decisions add to a random rubric: worth and scales, caps, gates, own bonus, reductions, grade rules.

`decided_documents()` draws a rubric and marks as `documents()` does, and then adds to them.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from reference_rules import Document, Tree, number
from strategies import documents
from strategies_parts import UNIT_CODES, in_points, rarely, roles_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strategies_parts import Draw

WORTHS = ["10/3", "20/6", "1/7", "100/3", 0.075, 5, 12.5]
ENDS = [1, 3, 5, 10]
BOUNDS: list[Any] = [0, 1, 10, 25, "100/3", 50, "200/3", 75, 100]
WHY = {"reason": "Theo quyết định", "basis": "Điều 7"}


def inner_nodes(nodes: list[Document]) -> Iterator[Document]:
    """Indices and components that have components, those inside before those that hold them."""
    for node in nodes:
        yield from inner_nodes(node.get("components", []))
        if node.get("components"):
            yield node


def worth(value: Fraction) -> Any:
    """A number as a document states it: a decimal, or a fraction as text."""
    decimal = float(value)
    return decimal if number(decimal) == value else f"{value.numerator}/{value.denominator}"


@st.composite
def decided_sums(draw: st.DrawFn) -> tuple[Document, Document]:
    """A rubric document and a marks document with everything that decisions say of sums."""
    rubric, marks = draw(documents())
    _scales(draw, rubric, marks)
    _caps(draw, rubric)
    _own(draw, rubric)
    _gates(draw, rubric, marks)
    _keep_sets_apart(rubric)
    _parts(draw, rubric, marks)
    return rubric, marks


@st.composite
def decided_documents(draw: st.DrawFn) -> tuple[Document, Document]:
    """A rubric document and a marks document with everything that a decision can say."""
    rubric, marks = draw(decided_sums())
    _publishing(draw, rubric)
    _ties(draw, rubric)
    _grades(draw, rubric, marks)
    return rubric, marks


def _scales(draw: Draw, rubric: Document, marks: Document) -> None:
    """Some leaves are marked on a scale of their own; what parents state of their sums goes."""
    tree, touched = Tree(rubric), False
    for code, node in tree.nodes.items():
        if tree.children[code] or not rarely(draw, 3):
            continue
        touched = True
        node["mark_max"] = draw(st.sampled_from(ENDS))
        node["max_points"] = draw(st.sampled_from(WORTHS)) if number(node["max_points"]) else 0
        lowest = 1 if rarely(draw, 3) and node["mark_max"] > 1 else 0
        if lowest:
            node["mark_min"] = lowest
        decimals = rubric.get("mark_decimals", 2)
        whole = draw(st.booleans())
        for unit in marks["units"]:
            if unit["marks"].get(code) is not None:
                mark = draw(st.integers(lowest * 10**decimals, node["mark_max"] * 10**decimals))
                unit["marks"][code] = (
                    max(lowest, mark // 10**decimals) if whole else in_points(mark, decimals)
                )
    if touched:
        rubric.pop("max_points", None)
        for node in inner_nodes(rubric["indices"]):
            node.pop("max_points", None)
            node.pop("cap", None)


def _caps(draw: Draw, rubric: Document) -> None:
    """Some nodes of one kind are worth less than what they hold."""
    for node in inner_nodes(rubric["indices"]):
        counted = roles_of(node) - {"standby"}
        held = _most({"components": node["components"]})
        one_kind = len(counted) == 1 or "scored" in counted
        if "max_points" in node and number(node["max_points"]) < held and "scored" not in counted:
            node["cap"] = True
        elif one_kind and held and rarely(draw, 2):
            node["cap"], node["max_points"] = True, worth(held * draw(st.sampled_from([1, 2, 4])) / 4)
            rubric.pop("max_points", None)
        elif "max_points" in node and ("cap" not in node or number(node["max_points"]) > held):
            node["max_points"] = worth(held)
    for node in inner_nodes(rubric["indices"]):
        if "max_points" in node and "cap" not in node and "scored" in roles_of(node):
            node.pop("max_points")


def _most(node: Document) -> Fraction:
    """What counts of a node in the sum above it."""
    if "max_points" in node and ("cap" in node or not node.get("components")):
        counts = node.get("components") or node.get("role", "scored") != "standby"
        return number(node["max_points"]) if counts else Fraction(0)
    scored = [child for child in node["components"] if "scored" in roles_of(child)] or node["components"]
    return sum((_most(child) for child in scored), Fraction(0))


def _own(draw: Draw, rubric: Document) -> None:
    """Some bonus and penalty belongs to a node above it."""

    def walk(nodes: list[Document], above: list[str]) -> None:
        for node in nodes:
            if roles_of(node) in ({"bonus"}, {"penalty"}):
                if above and rarely(draw, 2):
                    node["adjusts"] = draw(st.sampled_from(above))
            elif node.get("components"):
                walk(node["components"], [*above, *[node["code"]] * ("scored" in roles_of(node))])

    walk(rubric["indices"], [])


def _gates(draw: Draw, rubric: Document, marks: Document) -> None:
    """Some nodes are worth nothing unless what is below them is worth enough."""
    tree = Tree(rubric)
    for node in inner_nodes(rubric["indices"]):
        below = [code for code in sorted(tree.below(node["code"])) if not tree.is_standby(code)]
        askable = [code for code in below if tree.scored(code) or tree.points_only(code)]
        if askable and "scored" in roles_of(node) and rarely(draw, 2):
            node["zero_unless"] = draw(st.lists(_conditions(tree, askable, marks), min_size=1, max_size=2))


@st.composite
def _conditions(draw: st.DrawFn, tree: Tree, askable: list[str], marks: Document) -> Document:
    code = draw(st.sampled_from(askable))
    condition: Document = {"node": code}
    percent = bool(tree.scored(code))
    if percent and rarely(draw, 3):
        condition["in"], percent = "points", False
    reached = _reached(tree, code, marks, of=Fraction(100) if percent else None) if rarely(draw, 2) else []
    one = draw(st.sampled_from(reached or BOUNDS))
    low, high = sorted(
        [one, draw(st.sampled_from([bound for bound in BOUNDS if number(bound) != number(one)]))], key=number
    )
    words = draw(
        st.sampled_from(
            [("at_least",), ("above",), ("at_most",), ("below",), ("at_least", "below"), ("above", "at_most")]
        )
    )
    for word in words:
        condition[word] = low if word in ("at_least", "above") else high
    return condition


def _reached(tree: Tree, code: str, marks: Document, *, of: Fraction | None) -> list[Any]:
    """What units earned at a leaf, so that bounds are met exactly: in points, or as shares of a whole.

    No percentage is strictly between 0 and 1: those are refused as shares.
    """
    node, worth_of = tree.nodes[code], number(tree.nodes[code].get("max_points", 0))
    if tree.children[code] or not worth_of:
        return []
    highest = number(node.get("mark_max", worth_of))
    given = {number(unit["marks"][code]) for unit in marks["units"] if unit["marks"].get(code) is not None}
    earned = [mark / highest * (worth_of if of is None else of) for mark in sorted(given)]
    return [worth(value) for value in earned if value >= 0 and (of is None or not 0 < value < 1)]


def _keep_sets_apart(rubric: Document) -> None:
    """A set names no node below an adjusted one; what is left empty goes, and so does what named it."""
    tree = Tree(rubric)
    adjusted = {
        code
        for code, node in tree.nodes.items()
        if {"cap", "zero_unless"} & node.keys() and tree.scored(code)
    }
    adjusted |= {node["adjusts"] for node in tree.nodes.values() if "adjusts" in node}
    below = {code for node in adjusted for code in tree.below(node)}
    for name in ("groups", "pillars"):
        kept = [
            {**one, "members": [each for each in one["members"] if each not in below]}
            for one in rubric.get(name, [])
        ]
        gone = {one["code"] for one in kept if not one["members"]}
        below |= gone
        if name in rubric:
            rubric[name] = [one for one in kept if one["members"]]
        if not rubric.get(name):
            rubric.pop(name, None)
    tree = Tree(rubric)
    known = {code for code in tree.children if tree.scored(code)}
    for source in rubric.get("exclusions", []):
        source["members"] = [each for each in source["members"] if each in known] or [tree.scored("total")[0]]
    policy = rubric.get("policy", {})
    if "tie_break" in policy:
        policy["tie_break"] = [code for code in policy["tie_break"] if code in known]


def _parts(draw: Draw, rubric: Document, marks: Document) -> None:
    """Some leaves are reduced, some earn nothing, and what a decision names may have gone with its set."""
    tree = Tree(rubric)
    sources = [
        *marks.get("exclusions", []),
        *(one for unit in marks["units"] for one in unit.get("exclusions", [])),
    ]
    for source in sources:
        known = [member for member in source["members"] if member in tree.children and tree.scored(member)]
        source["members"] = known or [tree.scored("total")[0]]
    leaves = [code for code in tree.scored("total") if number(tree.nodes[code]["max_points"])]
    if rarely(draw, 4):
        marks["stage"] = "self"
    if leaves and rarely(draw, 6):
        rule = {"code": "part", **_part(draw, tree, leaves, marks["units"], ["reduce"])}
        rubric["exclusions"] = [*rubric.get("exclusions", []), rule]
    if leaves and rarely(draw, 6):
        decision = _part(draw, tree, leaves, marks["units"], ["reduce", "zero"])
        marks["exclusions"] = [*marks.get("exclusions", []), decision]
    for unit in marks["units"]:
        if leaves and rarely(draw, 4):
            decision = _part(draw, tree, leaves, [unit], ["reduce", "zero"])
            unit["exclusions"] = [*unit.get("exclusions", []), decision]


def _part(
    draw: Draw, tree: Tree, leaves: list[str], units: list[Document], treatments: list[str]
) -> Document:
    """A leaf that counts in part, or earns nothing; most marks keep to the part."""
    code = draw(st.sampled_from(leaves))
    node = tree.nodes[code]
    highest, lowest = number(node.get("mark_max", node["max_points"])), number(node.get("mark_min", 0))
    to = number(round(float(highest) * 0.75))
    treatment = draw(st.sampled_from(treatments))
    if not max(lowest, Fraction(0)) < to < highest:
        return {"members": [code], "treatment": "zero" if "zero" in treatments else "skip", **WHY}
    if treatment == "zero":
        return {"members": [code], "treatment": "zero", **WHY}
    for unit in units:
        mark = unit["marks"].get(code)
        if mark is not None and number(mark) > to and not rarely(draw, 6):
            unit["marks"][code] = worth(to)
    return {"members": [code], "treatment": "reduce", "to": worth(to), **WHY}


def _publishing(draw: Draw, rubric: Document) -> None:
    policy = rubric.setdefault("policy", {})
    if rarely(draw, 4):
        policy["publish"] = {
            **policy.get("publish", {}),
            "as": "scale",
            "of": draw(st.sampled_from([5, 10, 4.5])),
        }
    if rarely(draw, 3):
        parts: Document = draw(
            st.sampled_from(
                [{"decimals": 1}, {"as": "percent"}, {"as": "scale", "of": 10}, {"rounding": "down"}]
            )
        )
        policy["publish_parts"] = dict(parts)


def _ties(draw: Draw, rubric: Document) -> None:
    """Ties broken by bonus and penalty, and by attributes."""
    tree = Tree(rubric)
    points = [code for code in tree.children if code != "total" and tree.points_only(code)]
    ordered = [
        name
        for name, one in rubric.get("attributes", {}).items()
        if "enum" in one or one.get("type") == "number"
    ]
    more: list[Any] = [
        *points,
        *({"attribute": name, "order": order} for name in ordered for order in ("ascending", "descending")),
    ]
    if more and rarely(draw, 2):
        policy = rubric.setdefault("policy", {})
        policy["tie_break"] = [*policy.get("tie_break", []), draw(st.sampled_from(more))]


def _ask_more(draw: Draw, rubric: Document, marks: Document) -> None:
    """Open thresholds, conditions and quotas of bands, and bands that share a threshold with a choosier one."""
    bands, tree = rubric["bands"], Tree(rubric)
    askable = [code for code in tree.nodes if tree.scored(code) or tree.points_only(code)]
    quotas = [{"count": 1}, {"percent": 50}, {"percent": 25, "ties": "in"}, {"percent": "100/3"}]
    for band in bands[:-1]:
        if rarely(draw, 4):
            band["above"] = band.pop("at_least")
        if rarely(draw, 2):
            band["requires"] = [draw(_conditions(tree, askable, marks))]
        if rarely(draw, 3):
            band["quota"] = draw(st.sampled_from(quotas))
    for at, (upper, band) in enumerate(pairwise(bands)):
        conditional = {"requires", "quota"} & upper.keys()
        if at < len(bands) - 2 and (conditional or "above" in upper) and rarely(draw, 4):
            bound = upper.get("above", upper.get("at_least"))
            band.pop("above", None)
            band["at_least"] = bound
            if "above" in upper and conditional and draw(st.booleans()):
                band["above"] = band.pop("at_least")


def _grades(draw: Draw, rubric: Document, marks: Document) -> None:
    """Bands that ask for more than a threshold, and limits on who reaches them."""
    bands = rubric.get("bands", [])
    if not bands:
        return
    _ask_more(draw, rubric, marks)
    codes = [band["code"] for band in bands]
    limit = st.one_of(
        st.fixed_dictionaries({"at_most": st.sampled_from(codes)}),
        st.fixed_dictionaries({"lower_by": st.integers(1, 2)}),
    )
    if rarely(draw, 3):
        rubric["grade_limits"] = [
            {"code": "l", "when": {"unit": {"enum": UNIT_CODES[:2]}}, **draw(limit), **WHY}
        ]
    if marks["units"] and rarely(draw, 3):
        named = [draw(st.sampled_from(marks["units"]))["code"]]
        marks["grade_limits"] = [{"units": named, **draw(limit), **WHY}]
    for unit in marks["units"]:
        if rarely(draw, 6):
            unit["grade_limits"] = [{**draw(limit), **WHY}]
