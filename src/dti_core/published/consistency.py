"""What must hold within a published result: whatever follows from other numbers of it is what they say."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import attrs

from dti_core.errors import Path, Problem, shorten, suggest
from dti_core.published import Node, PublishedResult, RankedBlock, Score, Unit
from dti_core.published.arithmetic import decisive, score_problems
from dti_core.rubric.policy import Policy, Ties
from dti_core.rubric.tree import TOTAL

Key = tuple[tuple[bool, Fraction], ...]


def contradictions(result: PublishedResult) -> Iterator[Problem]:
    """Codes that name nothing; then numbers that do not follow from one another; then ranks that do not follow."""
    for find in (_code_problems, _number_problems, _rank_problems):
        found = False
        for problem in find(result):
            found = True
            yield problem
        if found:
            return


@attrs.frozen
class _Codes:
    """The codes that the units of a result may name."""

    nodes: dict[str, Node]
    blocks: dict[str, RankedBlock]
    rulings: int


def _code_problems(result: PublishedResult) -> Iterator[Problem]:
    for name in ("nodes", "blocks", "bands", "units"):
        yield from _repeated(name, [each.code for each in getattr(result, name)])
    known = _Codes(
        {node.code: node for node in result.nodes},
        {block.code: block for block in result.blocks},
        len(result.rulings),
    )
    if TOTAL not in known.nodes:
        yield Problem(("nodes",), f"{TOTAL!r} is missing; add it", "node")
    for at, code in enumerate(result.policy.tie_break):
        yield from _unknown(("policy", "tie_break", at), code, known.nodes)
    for at, node in enumerate(result.nodes):
        if (node.maximum is None) == (node.role in ("scored", "standby")):
            yield Problem(("nodes", at, "maximum"), f"does not go with the role {node.role!r}", "maximum")
    for row, unit in enumerate(result.units):
        for problem in _unit_problems(unit, known):
            yield problem.under("units", row)


def _repeated(name: str, codes: Sequence[str]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for at, code in enumerate(codes):
        if first.setdefault(code, at) != at:
            message = f"{shorten(code)} is already the code of $.{name}[{first[code]}]"
            yield Problem((name, at, "code"), message, "duplicate")


def _unknown(path: Path, code: str, known: Mapping[str, object]) -> Iterator[Problem]:
    if code not in known:
        message = f"{shorten(code)} is not among those of this result{suggest(code, [*known])}"
        yield Problem(path, message, "unknown")


def _unit_problems(unit: Unit, known: _Codes) -> Iterator[Problem]:
    for code in unit.scores:
        yield from _unknown(("scores", code), code, known.nodes)
    for code in known.nodes:
        if code not in unit.scores:
            yield Problem(("scores", code), "is missing; every unit has every node", "node")
    if unit.block is not None:
        yield from _unknown(("block",), unit.block, known.blocks)
    block = known.blocks.get(unit.block or "")
    if known.blocks and unit.unranked is None and (block is None or not block.ranked):
        message = "is missing; a unit outside every block that is ranked is told why it is not"
        yield Problem(("unranked",), message, "unranked")
    for at, each in enumerate(unit.excluded):
        yield from _unknown(("excluded", at, "leaf"), each.leaf, known.nodes)
        for place, ruling in enumerate(each.rulings):
            if not 0 <= ruling < known.rulings:
                path = ("excluded", at, "rulings", place)
                yield Problem(path, f"there is no $.rulings[{ruling}]", "unknown")


def _number_problems(result: PublishedResult) -> Iterator[Problem]:
    decimals = result.policy.publish.decimals
    for row, unit in enumerate(result.units):
        for node in result.nodes:
            score, path = unit.scores[node.code], ("units", row, "scores", node.code)
            for field, message in score_problems(score, node, result):
                yield Problem((*path, field), message, "contradiction")
            if score.published is not None and score.published.as_tuple().exponent != -decimals:
                message = f"is {shorten(str(score.published))}; it is printed with {decimals} decimals"
                yield Problem((*path, "published"), message, "decimals")


def _rank_problems(result: PublishedResult) -> Iterator[Problem]:
    nodes = {node.code: node for node in result.nodes}
    for node in result.nodes:
        breakers = result.policy.tie_break if node.code == TOTAL else ()
        chain = [nodes[code] for code in (node.code, *breakers)]
        expected = _expected_ranks(result, chain)
        for row, unit in enumerate(result.units):
            score = unit.scores[node.code]
            for field, value in zip(("rank", "of"), expected.get(row, (None, None)), strict=True):
                if getattr(score, field) != value:
                    message = f"is {getattr(score, field)}, but the published values come to {value}"
                    yield Problem(("units", row, "scores", node.code, field), message, "rank")


def _expected_ranks(result: PublishedResult, chain: Sequence[Node]) -> dict[int, tuple[int, int]]:
    """Rank and number of rivals by row, of the units that are ranked at the first node of a chain."""
    policy = result.policy
    rivals: dict[str | None, dict[int, Key]] = {}
    for row, unit in enumerate(result.units):
        score = unit.scores[chain[0].code]
        if unit.unranked is None and score.score is not None and _is_covered(score, policy):
            key = tuple(_place(unit, node, policy) for node in chain)
            rivals.setdefault(unit.block, {})[row] = key
    return {row: place for keys in rivals.values() for row, place in _places(keys, policy.ties)}


def _is_covered(score: Score, policy: Policy) -> bool:
    return score.coverage is not None and score.coverage >= Fraction(policy.min_coverage)


def _place(unit: Unit, node: Node, policy: Policy) -> tuple[bool, Fraction]:
    value = decisive(unit.scores[node.code], node, policy)
    return value is not None, value or Fraction(0)


def _places(keys: Mapping[int, Key], ties: Ties) -> Iterator[tuple[int, tuple[int, int]]]:
    """Row, rank and number of rivals, highest key first."""
    rank, last = 0, None
    for at, row in enumerate(sorted(keys, key=keys.__getitem__, reverse=True)):
        if keys[row] != last:
            rank, last = (rank if ties == "dense" else at) + 1, keys[row]
        yield row, (rank, len(keys))
