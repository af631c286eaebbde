"""Random parts of a rubric document: trees, groups and pillars, conditions, blocks, bands, policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reference_rules import Document, Tree

    Draw = Callable[[st.SearchStrategy[Any]], Any]

ROUND_MAXIMA = [1, 2, 4, 5, 8, 10, 16, 20, 25, 40, 50, 100]
LEVELS = ["sở", "huyện", "xã"]
UNIT_CODES = [f"u{number}" for number in range(1, 9)]
DECLARATIONS: dict[str, Document] = {
    "level": {"enum": LEVELS},
    "online": {"type": "boolean"},
    "people": {"type": "number", "minimum": 0},
    "zone": {"type": "string"},
}
VALUES: dict[str, list[Any]] = {
    "level": LEVELS,
    "online": [True, False],
    "people": [0, 1, 10, 10.0, 10.5, 99.9, 250],
    "zone": ["Bắc", "Nam"],
    "unit": UNIT_CODES,
}
UNDECLARED: dict[str, list[Any]] = {
    "district": ["A", "B"],
    "tag": [True, 1, 1.0, "1", False],
    "block": ["x", "y"],
}


def in_points(ticks: int, decimals: int) -> float:
    """Whole ticks as the number a document would carry: an integer, an integer written 3.0, or a decimal."""
    points, rest = divmod(ticks, 10**decimals)
    if rest:
        return float(f"{ticks}e-{decimals}")
    return float(points) if points % 3 == 0 else points


def in_ticks(points: float, decimals: int) -> int:
    """The way back."""
    return round(points * float(10**decimals))


def rarely(draw: Draw, one_in: int) -> bool:
    """True about once in so many draws, and False where hypothesis shrinks to."""
    return bool(draw(st.integers(1, one_in)) == one_in)


def leaves_of(node: Document) -> list[Document]:
    """The leaves of a node document."""
    below = node.get("components", [])
    return [leaf for child in below for leaf in leaves_of(child)] if below else [node]


def roles_of(node: Document) -> set[str]:
    """The roles of the leaves of a node document."""
    return {leaf.get("role", "scored") for leaf in leaves_of(node)}


def maximum_of(node: Document, decimals: int) -> int:
    """The sum of the maxima of the scored leaves of a node document, in ticks."""
    scored = (leaf for leaf in leaves_of(node) if "role" not in leaf)
    return sum(in_ticks(leaf["max_points"], decimals) for leaf in scored)


def cap_of(node: Document, decimals: int) -> int:
    """What a node document made of bonus (or penalty) leaves can give at most, in ticks."""
    if "max_points" in node:
        return in_ticks(node["max_points"], decimals)
    return sum(cap_of(child, decimals) for child in node["components"])


@st.composite
def leaves(draw: st.DrawFn, code: str, kind: str, decimals: int) -> Document:
    """A leaf; of a mixed kind it is mostly a scored one, and beside the score a bonus or a penalty."""
    role = kind
    if kind == "mixed":
        role = draw(st.sampled_from(["scored"] * 8 + ["bonus", "penalty"]))
    elif kind == "beside":
        role = draw(st.sampled_from(["bonus", "penalty"]))
    points = draw(st.sampled_from([*ROUND_MAXIMA, *ROUND_MAXIMA, None, None, 0, 0]))
    ticks = draw(st.integers(1, 2500)) if points is None else points * 10**decimals
    leaf = {"code": code, "title": f"Tiêu chí {code}", "max_points": in_points(ticks, decimals)}
    return leaf if role == "scored" else {**leaf, "role": role}


@st.composite
def siblings(
    draw: st.DrawFn, prefix: str, count: int, depth: int, kind: str, decimals: int
) -> list[Document]:
    """Sibling nodes with `count` leaves in all, at most `depth` levels, perhaps with a stand-by among them."""
    nodes: list[Document] = []
    while count:
        code = f"{prefix}{len(nodes) + 1}"
        take = draw(st.integers(1, count)) if depth > 1 else 1
        if depth > 1 and (take > 1 or rarely(draw, 4)):
            below = (
                draw(st.sampled_from(["mixed"] * 6 + ["bonus", "penalty", "beside"]))
                if kind == "mixed"
                else kind
            )
            components = draw(siblings(f"{code}.", take, depth - 1, below, decimals))
            nodes.append({"code": code, "title": {"vi": f"Chỉ số {code}"}, "components": components})
            _state_maximum(draw, nodes[-1], decimals)
        else:
            nodes.append(draw(leaves(code, kind, decimals)))
        count -= take
    replaceable = [node for node in nodes if maximum_of(node, decimals)]
    if replaceable and rarely(draw, 3):
        ticks = maximum_of(draw(st.sampled_from(replaceable)), decimals)
        standby = {"code": f"{prefix}s", "title": "Dự phòng", "max_points": in_points(ticks, decimals)}
        nodes.insert(draw(st.integers(0, len(nodes))), {**standby, "role": "standby"})
    return nodes


def _state_maximum(draw: Draw, node: Document, decimals: int) -> None:
    """Perhaps state a parent's `max_points`: the sum of its scored leaves, or a cap of one kind of others."""
    if not draw(st.booleans()):
        return
    if roles_of(node) in ({"bonus"}, {"penalty"}):
        most = sum(cap_of(child, decimals) for child in node["components"])
        node["max_points"] = in_points(draw(st.integers(most // 3, most)), decimals)
        node["cap"] = True
    else:
        node["max_points"] = in_points(maximum_of(node, decimals), decimals)


@st.composite
def views(draw: st.DrawFn, prefix: str, tree: Tree, candidates: Sequence[str]) -> list[Document]:
    """Groups or pillars, overlapping one another, none of which reaches a leaf twice."""
    found: list[Document] = []
    for number in range(draw(st.integers(0, 2))):
        members: list[str] = []
        seen: set[str] = set()
        for code in draw(st.lists(st.sampled_from(candidates), min_size=1, max_size=4, unique=True)):
            stands_by = tree.nodes.get(code, {}).get("role") == "standby"
            if not stands_by and seen.isdisjoint(tree.leaves(code)):
                members.append(code)
                seen.update(tree.leaves(code))
        if members:
            found.append({"code": f"{prefix}{number + 1}", "title": f"Nhóm {number + 1}", "members": members})
    return found


@st.composite
def conditions(draw: st.DrawFn, attribute: str) -> Document:
    """A condition on an attribute, in any of the words."""
    values = st.sampled_from([*VALUES[attribute], *([1, 0] if attribute == "online" else [1])])
    bounds = st.sampled_from([0, 1, 10, 50.5, 99.9, 100])
    words = {
        "const": values,
        "enum": st.lists(values, min_size=1, max_size=3, unique_by=repr),
        "minimum": bounds,
        "maximum": bounds,
        "exclusiveMinimum": bounds,
        "exclusiveMaximum": bounds,
    }
    usual = list(words)[2:] if attribute == "people" and not rarely(draw, 3) else ["const", "enum"]
    chosen = draw(
        st.lists(st.sampled_from(list(words) if rarely(draw, 8) else usual), min_size=1, max_size=2)
    )
    condition: Document = {word: draw(words[word]) for word in chosen}
    return {"not": condition} if rarely(draw, 4) else condition


@st.composite
def whens(draw: st.DrawFn, attributes: Sequence[str]) -> Document:
    """Conditions on one or two attributes, seldom none."""
    chosen = (
        draw(st.lists(st.sampled_from(attributes), min_size=1, max_size=2, unique=True)) if attributes else []
    )
    return {} if rarely(draw, 12) else {name: draw(conditions(name)) for name in chosen}


@st.composite
def blocks(draw: st.DrawFn, attributes: Sequence[str]) -> list[Document]:
    """No blocks, blocks apart from one another that may leave units out, or seldom ones that overlap."""
    bound = draw(st.sampled_from([1, 10.0, 99.9]))
    ways: list[list[Document]] = [[]]
    if "level" in attributes:
        ways.append([{"level": {"const": level}} for level in LEVELS])
        ways.append([{"level": {"enum": LEVELS[:2]}}, {"level": {"not": {"enum": LEVELS[:2]}}}])
    if "people" in attributes:
        ways.append([{"people": {"minimum": bound}}, {"people": {"exclusiveMaximum": bound}}])
    if "unit" in attributes:
        ways.append([{"unit": {"enum": UNIT_CODES[:3]}}, {"unit": {"enum": UNIT_CODES[3:]}}])
    chosen = draw(st.sampled_from(ways))
    if rarely(draw, 10):
        chosen = [draw(whens(attributes)), draw(whens(attributes))]
    found: list[Document] = [
        {"code": f"b{number}", "title": f"Khối {number}", "when": when} for number, when in enumerate(chosen)
    ]
    if found and rarely(draw, 3):
        found.pop()
    if found and rarely(draw, 4):
        found[0]["ranked"] = False
    return found


@st.composite
def policies(draw: st.DrawFn, scored_nodes: Sequence[str], decimals: int) -> Document:
    """Any policy; the published decimals are often one fewer than those of the marks, where halves live."""
    publish = st.fixed_dictionaries(
        {"decimals": st.sampled_from([max(0, decimals - 1)] * 4 + [0, 1, 2, 3, 4])},
        optional={
            "as": st.sampled_from(["points", "ratio", "percent"]),
            "rounding": st.sampled_from(["half_up", "half_even", "down"]),
        },
    )
    keys: dict[str, st.SearchStrategy[Any]] = {
        "renormalise": st.sampled_from(["overall", "by_level", "none"]),
        "missing": st.sampled_from(["zero", "exclude", "exclude", "refuse"]),
        "min_coverage": st.sampled_from([0, 0, 0, 0.333, 0.5, 0.75, 0.8, 1]),
        "exceed_maximum": st.booleans(),
        "publish": publish,
        "decide_on": st.sampled_from(["published", "exact"]),
        "ties": st.sampled_from(["competition", "dense"]),
        "tie_break": st.lists(st.sampled_from(scored_nodes), max_size=2, unique=True),
    }
    policy: Document = draw(st.fixed_dictionaries(keys))
    for key in draw(st.lists(st.sampled_from(list(keys)), max_size=4)):
        policy.pop(key, None)
    return policy


@st.composite
def bands(draw: st.DrawFn) -> list[Document]:
    """Bands, highest first, the last at 0."""
    bounds = draw(st.lists(st.sampled_from([90, 80, 66.67, 62.5, 50.0, 33.3, 12.5]), unique=True, max_size=3))
    found = [*sorted(bounds, reverse=True), 0]
    return [{"code": f"h{at}", "title": f"Hạng {at}", "at_least": at} for at in found]
