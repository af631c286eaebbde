"""What must hold of what nodes are worth: maxima, marking scales, caps, and what adjusts them."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from dti_core.errors import Problem
from dti_core.exact import MAX_TICKS, decimal_text, ticks_of
from dti_core.rubric.criteria import Component, Points
from dti_core.rubric.node_conditions import as_written, conditions_problems
from dti_core.rubric.tree import TOTAL, Kind, Tree, walk
from dti_core.words import RUBRIC, Sentence, near


def worth_problems(node: Component, decimals: int) -> Iterator[Problem]:
    """A node without a maximum that needs one, or that marks cannot add up to; ends of a scale that are none."""
    points = node.max_points
    if not node.components and points is None:
        yield Problem(("max_points",), RUBRIC("no_maximum"), "required")
    if node.cap and (not node.components or points is None):
        yield Problem(("cap",), RUBRIC("cap_without_sum"), "cap")
    if points is not None and node.mark_max is None and not node.components:
        yield from _unheld("max_points", points, decimals)
    if points is not None and Fraction(points) * 10**decimals > MAX_TICKS:
        yield Problem(("max_points",), RUBRIC("too_large", points=points, decimals=decimals), "magnitude")
    yield from _scale_problems(node, decimals)


def _scale_problems(node: Component, decimals: int) -> Iterator[Problem]:
    lowest, highest = node.mark_min, node.mark_max
    if highest is None:
        if lowest:
            yield Problem(("mark_min",), RUBRIC("mark_min_alone"), "mark_max")
        return
    if node.components:
        yield Problem(("mark_max",), RUBRIC("leaf_only"), "mark_max")
    elif highest <= lowest:
        yield Problem(("mark_max",), RUBRIC("mark_ends", highest=highest, lowest=lowest), "mark_max")
    yield from _unheld("mark_max", highest, decimals)
    yield from _unheld("mark_min", lowest, decimals)


def _unheld(field: str, points: Points, decimals: int) -> Iterator[Problem]:
    """What no whole number of marks' ticks writes."""
    if isinstance(points, Fraction):
        yield Problem((field,), RUBRIC("fraction", points=str(points)), "worth")
    elif ticks_of(points, decimals) is None and points * 10**decimals <= MAX_TICKS:
        values = {
            "points": points,
            "decimals": decimals,
            "needed": len(decimal_text(points).partition(".")[2]),
        }
        yield Problem((field,), RUBRIC("decimals", **values), "decimals")


def sum_problems(tree: Tree) -> Iterator[Problem]:
    """Maxima that are not the sum of what is below them, where they are no cap."""
    for path, node, _, _ in tree.nodes:
        if node.components and tree.kind[node.code] == "standby":
            yield Problem((*path, "components"), RUBRIC("only_standby"), "role")
        if node.components and node.max_points is not None:
            yield from (problem.under(*path) for problem in _wrong_sum(tree, node))


def _wrong_sum(tree: Tree, node: Component) -> Iterator[Problem]:
    code = node.code
    stated, added, kind = Fraction(node.max_points or 0) * tree.scale, tree.added(code), tree.kind[code]
    if stated == added or (node.cap and stated < added and kind != "mixed"):
        return
    values: dict[str, Any] = {
        "stated": as_written(Fraction(node.max_points or 0)),
        "added": as_written(tree.in_points(added)),
        "below": RUBRIC["components"],
    }
    for role in ("bonus", "penalty"):
        values[role] = tree.in_points(sum(tree.maximum[leaf] for leaf in tree.leaves_of(role, code)))
    below = "sum_below" if stated < added else "sum"
    phrase = "mixed_cap" if kind == "mixed" else "cap" if node.cap else below
    yield Problem(("max_points",), RUBRIC(phrase, **values), "sum")


def adjustment_problems(tree: Tree) -> Iterator[Problem]:
    """Bonus and penalty that name no node above them, gates on nodes that are not below, sets that cut one apart."""
    for path, node, _, _ in tree.nodes:
        if node.adjusts is not None:
            sentence = _wrong_target(tree, node.code, node.adjusts)
            if sentence is not None:
                yield Problem((*path, "adjusts"), sentence, "adjusts")
        if node.zero_unless and (not node.components or tree.kind[node.code] != "scored"):
            yield Problem((*path, "zero_unless"), RUBRIC("gate_node"), "zero_unless")
        elif node.zero_unless:
            below = [child.code for _, child, _, _ in walk(node.components)]
            for problem in conditions_problems(node.zero_unless, tree, below):
                yield problem.under(*path, "zero_unless")
    yield from _cut_apart(tree)


def wrong_adjusting(kind: Kind, target: str) -> Sentence | None:
    """What keeps a node of a kind from changing what it names, wherever both stand, or None."""
    if kind not in ("bonus", "penalty"):
        return RUBRIC("adjusts_kind")
    return RUBRIC("adjusts_total") if target == TOTAL else None


def _wrong_target(tree: Tree, code: str, target: str) -> Sentence | None:
    """What keeps a node of bonus or penalty from changing the node it names, or None."""
    kind, upper = tree.kind[code], tree.parent[code]
    sentence = wrong_adjusting(kind, target)
    if sentence is not None:
        return sentence
    if upper in tree.parent and tree.kind[upper] == kind:
        return RUBRIC("adjusts_upper", upper=upper, kind=kind)
    known = [above for above in tree.above(code) if tree.kind[above] == "scored"]
    if target in known:
        return None
    return RUBRIC("adjusts_node", target=target, near=near(target, known))


def _cut_apart(tree: Tree) -> Iterator[Problem]:
    """A set holds an adjusted node whole: what it counts is not the sum of its parts."""
    for path, view in tree.sets:
        for at, member in enumerate(view.members):
            node = next((code for code in tree.above(member) if code in tree.adjusted), None)
            if node is not None:
                yield Problem((*path, "members", at), RUBRIC("set_below", member=member, node=node), "set")


def magnitude_problem(tree: Tree) -> Iterator[Problem]:
    """Maxima that come to more ticks than are added exactly."""
    worth = (Fraction(tree.criterion[leaf].max_points or 0) for leaf in tree.leaves)
    if tree.scale > MAX_TICKS or sum(worth) * tree.scale > MAX_TICKS:
        values = {"most": Decimal(MAX_TICKS // tree.scale), "scale": Decimal(tree.scale)}
        phrase = "magnitude" if tree.scale <= MAX_TICKS else "too_many_parts"
        yield Problem(("indices",), RUBRIC(phrase, **values), "magnitude")
