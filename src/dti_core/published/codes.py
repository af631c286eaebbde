"""What a published result names: codes that are there, a tree that is one, columns as long as its list of units."""

from collections.abc import Iterator, Mapping

from dti_core.errors import Path, Problem, shorten
from dti_core.evaluation import rules
from dti_core.evaluation.rules import NOTHING
from dti_core.exact.rationals import Rationals
from dti_core.published import Node, PublishedResult, Unit
from dti_core.published.asides import aside_problems
from dti_core.published.grades import grade_code_problems
from dti_core.published.named import unknown
from dti_core.published.scores import FIELDS
from dti_core.rubric.checks import tie_break_problems
from dti_core.rubric.conditions import Attribute
from dti_core.rubric.tree import TOTAL
from dti_core.rubric.worth_checks import wrong_adjusting
from dti_core.scores.unranked import block_state
from dti_core.terms.fields import repeated
from dti_core.words import RESULTS, RUBRIC, Sentence


def code_problems(result: PublishedResult) -> Iterator[Problem]:
    """Codes that name nothing or stand twice, and what does not go with the nodes, blocks and units named."""
    yield from grade_code_problems(result)
    for name in ("nodes", "blocks", "bands", "units"):
        codes = [part.code for part in getattr(result, name)]
        for at, first in repeated(codes):
            sentence = RESULTS("contradiction.code_twice", code=shorten(codes[at]), list=name, place=first)
            yield Problem((name, at, "code"), sentence, "duplicate")
    nodes = {node.code: node for node in result.nodes}
    if TOTAL not in nodes:
        yield Problem(("nodes",), RESULTS("contradiction.no_total", code=TOTAL), "node")
    role, declared = {node.code: node.role for node in result.nodes}, dict(result.attributes)
    yield from tie_break_problems(result.policy.tie_break, role, declared)
    places = {node.code: at for at, node in enumerate(result.nodes)}
    for at, node in enumerate(result.nodes):
        wrong = [*_tree_problems(node, at, places), *_target_problems(node, at, places, role)]
        found = wrong or _maximum_problems(node, nodes)
        yield from (problem.under("nodes", at) for problem in found)
    blocks = {block.code: block.ranked for block in result.blocks}
    for row, unit in enumerate(result.units):
        for problem in (*_unit_problems(unit, nodes, blocks), *_attribute_problems(unit, declared)):
            yield problem.under("units", row)
    for name in ("rulings", "grade_limits"):
        for at, ruling in enumerate(getattr(result, name)):
            if ruling.when and ruling.source != "rule":
                yield Problem((name, at, "when"), Sentence(RESULTS["contradiction.when"]), "ruling")
    yield from aside_problems(result, nodes)
    yield from _column_problems(result, nodes)


def _tree_problems(node: Node, at: int, places: Mapping[str, int]) -> Iterator[Problem]:
    """What stands in a node, or is asked of it, stands after it; ``places`` by code."""
    below: dict[Path, str] = {("children", place): child for place, child in enumerate(node.children)}
    below |= {("zero_unless", place, "node"): asked.node for place, asked in enumerate(node.zero_unless)}
    for path, code in below.items():
        if places.get(code, -1) <= at:
            yield from unknown(path, code, [other for other, place in places.items() if place > at])
    for place, _ in repeated(node.children):
        sentence = RESULTS("contradiction.child_twice", code=shorten(node.children[place]))
        yield Problem(("children", place), sentence, "duplicate")
    if node.code == TOTAL and not node.children and not node.partial:
        yield Problem(("children",), Sentence(RESULTS["contradiction.childless"]), "node")
    if not node.children and (node.cap or node.zero_unless):
        field = "cap" if node.cap else "zero_unless"
        yield Problem((field,), Sentence(RESULTS["contradiction.leaf"]), field)
    elif node.zero_unless and node.role != "scored":
        yield Problem(("zero_unless",), RUBRIC("gate_node"), "zero_unless")


def _target_problems(
    node: Node, at: int, places: Mapping[str, int], role: Mapping[str, str]
) -> Iterator[Problem]:
    """Bonus or penalty alone changes a scored node, which stands before it; the total it reaches anyway."""
    target = node.adjusts
    if target is None:
        return
    sentence = wrong_adjusting(node.role, target)
    if sentence is not None:
        yield Problem(("adjusts",), sentence, "adjusts")
    elif places.get(target, at) >= at or role[target] != "scored":
        known = [code for code, place in places.items() if place < at and role[code] == "scored"]
        yield from unknown(("adjusts",), target, known)


def _maximum_problems(node: Node, nodes: Mapping[str, Node]) -> Iterator[Problem]:
    """A node is worth what those of its kind in it are worth together; with a cap, or of bonus or penalty, at most."""
    if (node.maximum is None) != (node.role == "mixed"):
        phrase = "contradiction.no_maximum" if node.maximum is None else "contradiction.maximum"
        yield Problem(("maximum",), RESULTS(phrase, role=node.role), "maximum")
    elif node.follows and node.maximum is not None:
        parts = (nodes[child] for child in node.children)
        added = sum((part.maximum or NOTHING for part in parts if part.role == node.role), NOTHING)
        if node.maximum > added or (node.maximum < added and not node.cap):
            values = {"value": node.maximum, "other": added}
            yield Problem(("maximum",), Sentence(RESULTS["contradiction.number"], values), "contradiction")


def _column_problems(result: PublishedResult, nodes: Mapping[str, Node]) -> Iterator[Problem]:
    """Columns of other nodes, nodes without any, and columns that are not as long as the list of units."""
    for code in result.scores:
        yield from unknown(("scores", code), code, nodes)
    for code in nodes:
        if code not in result.scores:
            yield Problem(("scores", code), RESULTS("contradiction.no_scores"), "node")
    for code, scores in result.scores.items():
        for field in FIELDS:
            column = getattr(scores, field)
            count = (
                0 if column is None else len(column.numerator if isinstance(column, Rationals) else column)
            )
            if column is not None and count != len(result.units):
                values = {"count": count, "units": len(result.units)}
                yield Problem(
                    ("scores", code, field), Sentence(RESULTS["contradiction.length"], values), "length"
                )


def _unit_problems(unit: Unit, nodes: Mapping[str, Node], blocks: Mapping[str, bool]) -> Iterator[Problem]:
    if unit.block is not None:
        yield from unknown(("block",), unit.block, blocks)
    for code in unit.adjusted:
        yield from unknown(("adjusted", code), code, nodes)
    yield from _unranked_problems(unit, blocks)


def _attribute_problems(unit: Unit, declared: Mapping[str, Attribute]) -> Iterator[Problem]:
    """Values of attributes that break ties, where they are not what is declared."""
    for name, declaration in declared.items():
        value = unit.attributes.get(name)
        if value is not None and not declaration.holds(value):
            sentence = Sentence(RESULTS["contradiction.attribute"], {"value": shorten(value)})
            yield Problem(("attributes", name), sentence, "attribute")


def _unranked_problems(unit: Unit, blocks: Mapping[str, bool]) -> Iterator[Problem]:
    """A unit is unranked by a decision, which has its basis, or because of its block."""
    why = None if unit.unranked is None else unit.unranked.why
    block = block_state(ranked=blocks.get(unit.block or ""), declared=bool(blocks))
    cause = rules.why_unranked(is_aside=why == "unit", block=block, has_score=True, is_covered=True)
    if why != cause:
        values = {"value": why or "null", "other": cause or "null"}
        yield Problem(
            ("unranked", "why") if why else ("unranked",),
            Sentence(RESULTS["contradiction.unranked"], values),
            "unranked",
        )
    elif unit.unranked and cause == "unit" and unit.unranked.basis is None:
        yield Problem(("unranked", "basis"), Sentence(RESULTS["contradiction.basis"]), "unranked")
