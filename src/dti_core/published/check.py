"""What must hold within a published result: whatever follows from other fields of it, by the law, is what they say."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache, partial
from typing import Any

import attrs

from dti_core.errors import Path, Problem, shorten, suggest
from dti_core.evaluation import rules
from dti_core.evaluation.rules import NOTHING, ONE
from dti_core.published import Node, PublishedResult, Score, Unit
from dti_core.rubric.tree import TOTAL
from dti_core.scores.unranked import block_state
from dti_core.terms.fields import repeated
from dti_core.words import RESULTS, Sentence

SHOWN_BITS = 128
BESIDE_POINTS = tuple(attrs.fields_dict(Score))[1:]


def contradictions(result: PublishedResult) -> Iterator[Problem]:
    """Codes that name nothing; then numbers that do not follow from one another; then ranks that do not follow."""
    law = _Law(result)
    for problems in (_code_problems(result), _number_problems(result, law), _rank_problems(result, law)):
        first = next(problems, None)
        if first is not None:
            yield first
            yield from problems
            return


def _code_problems(result: PublishedResult) -> Iterator[Problem]:
    for name in ("nodes", "blocks", "bands", "units"):
        codes = [part.code for part in getattr(result, name)]
        for at, first in repeated(codes):
            message = f"{shorten(codes[at])} is already the code of $.{name}[{first}]"
            yield Problem((name, at, "code"), message, "duplicate")
    nodes = {node.code: node for node in result.nodes}
    if TOTAL not in nodes:
        yield Problem(("nodes",), f"{TOTAL!r} is missing; add it", "node")
    for at, code in enumerate(result.policy.tie_break):
        yield from _unknown(("policy", "tie_break", at), code, nodes)
    for at, node in enumerate(result.nodes):
        if (node.maximum is not None) != node.is_scored:
            yield Problem(("nodes", at, "maximum"), f"does not go with the role {node.role!r}", "maximum")
    blocks = {block.code: block.ranked for block in result.blocks}
    for row, unit in enumerate(result.units):
        for problem in _unit_problems(unit, nodes, blocks, len(result.rulings)):
            yield problem.under("units", row)


def _unknown(path: Path, code: str, known: Mapping[str, object]) -> Iterator[Problem]:
    if code not in known:
        message = f"{shorten(code)} is not among those of this result{suggest(code, [*known])}"
        yield Problem(path, message, "unknown")


def _unit_problems(
    unit: Unit, nodes: Mapping[str, Node], blocks: Mapping[str, bool], rulings: int
) -> Iterator[Problem]:
    for code in unit.scores:
        yield from _unknown(("scores", code), code, nodes)
    for code in nodes:
        if code not in unit.scores:
            yield Problem(("scores", code), "is missing; every unit has every node", "node")
    if unit.block is not None:
        yield from _unknown(("block",), unit.block, blocks)
    yield from _unranked_problems(unit, blocks)
    for at, aside in enumerate(unit.excluded):
        yield from _unknown(("excluded", at, "leaf"), aside.leaf, nodes)
        for field in ("rulings", "overrules"):
            for place, ruling in enumerate(getattr(aside, field)):
                if not 0 <= ruling < rulings:
                    path = ("excluded", at, field, place)
                    yield Problem(path, f"there is no $.rulings[{ruling}]", "unknown")


def _unranked_problems(unit: Unit, blocks: Mapping[str, bool]) -> Iterator[Problem]:
    """A unit is unranked by a decision, which has its basis, or because of its block."""
    why = None if unit.unranked is None else unit.unranked.why
    block = block_state(ranked=blocks.get(unit.block or ""), declared=bool(blocks))
    cause = rules.why_unranked(is_aside=why == "unit", block=block, has_score=True, is_covered=True)
    if why != cause:
        sentence = Sentence(RESULTS["contradiction.unranked"], {"value": _shown(why), "other": _shown(cause)})
        yield Problem(("unranked", "why") if why else ("unranked",), sentence, "unranked")
    elif unit.unranked and cause == "unit" and unit.unranked.basis is None:
        yield Problem(("unranked", "basis"), Sentence(RESULTS["contradiction.basis"]), "unranked")


def _number_problems(result: PublishedResult, law: "_Law") -> Iterator[Problem]:
    decimals = result.policy.publish.decimals
    for row, unit in enumerate(result.units):
        for node in result.nodes:
            score, path = unit.scores[node.code], ("units", row, "scores", node.code)
            for field, message in law.broken(score, node):
                yield Problem((*path, field), message, "contradiction")
            if score.published is not None and score.published.as_tuple().exponent != -decimals:
                message = f"is {_shown(score.published)}; it is printed with {decimals} decimals"
                yield Problem((*path, "published"), message, "decimals")


class _Law:
    """The law under the policy of a result; what it makes of equal numbers is worked out once."""

    def __init__(self, result: PublishedResult) -> None:
        self.policy, self.bands = result.policy, result.bands
        self.printed = cache(partial(rules.printed, publish=result.policy.publish))
        self.decisive = cache(partial(rules.decisive, policy=result.policy))
        #: bonus and penalty change the total, by how much no field says
        self.has_extra = any(node.role in ("bonus", "penalty", "mixed") for node in result.nodes)

    def scale(self, score: Score, node: Node) -> Fraction:
        """What a full score is worth."""
        return rules.scale(self.policy.renormalise, node.maximum or NOTHING, score.applicable or NOTHING)

    def value(self, score: Score, node: Node) -> Fraction | None:
        """What ranks, ties and bands compare."""
        return None if score.score is None else self.decisive(score.score, self.scale(score, node))

    def broken(self, score: Score, node: Node) -> Iterator[tuple[str, str]]:
        """Fields that contradict the others, and how."""
        applicable, maximum = score.applicable, node.maximum
        if maximum is None:
            message = f"a node of the role {node.role!r} has points only; remove it"
            yield from ((field, message) for field in BESIDE_POINTS if getattr(score, field) is not None)
        elif applicable is None or not 0 <= score.points <= applicable <= maximum:
            rising = ", ".join(map(_shown, (score.points, applicable, maximum)))
            yield "applicable", f"0, points, applicable maximum and maximum do not rise: {rising}"
        else:
            wholes = {"score": applicable, "coverage": maximum, "completeness": applicable}
            absent = [field for field, whole in wholes.items() if whole and getattr(score, field) is None]
            yield from ((field, "is missing; give it wherever something applies") for field in absent)
            settled = {} if absent else self.settled(score, node, applicable, maximum)
            for field, value in settled.items():
                if getattr(score, field) != value:
                    written = _shown(getattr(score, field))
                    yield field, f"is {written}, but the other numbers come to {_shown(value)}"

    def settled(self, score: Score, node: Node, applicable: Fraction, maximum: Fraction) -> dict[str, Any]:
        """What the other fields leave a field to be; of one that they only bound, its nearest value within."""
        policy, is_total = self.policy, node.code == TOTAL
        rate, most = rules.ratio(score.points, applicable), rules.ratio(applicable, maximum)
        fields: dict[str, Any] = {"rate": rate, "score": None, "published": None, "grade": None}
        if rate is not None and score.score is not None:
            scale = self.scale(score, node)
            is_bounded = policy.renormalise == "by_level" or (is_total and self.has_extra)
            exact = score.score if is_bounded else rate * scale
            fields["score"] = rules.net(exact, NOTHING, scale, exceed=is_total and policy.exceed_maximum)
            fields["published"] = self.printed(score.score, scale)
            at = rules.band(self.decisive(score.score, scale), self.bands)
            fields["grade"] = None if at is None else self.bands[at].code
        if policy.missing == "zero":
            fields["coverage"] = _within(score.coverage, most)
            fields["completeness"] = rules.ratio((score.coverage or NOTHING) * maximum, applicable)
        else:
            complete = ONE if applicable else NOTHING
            fields["coverage"] = most
            fields["completeness"] = _within(score.completeness, complete)
            if policy.missing == "refuse":
                fields["completeness"] = complete or None
        return fields


def _within(value: Fraction | None, most: Fraction | None) -> Fraction | None:
    return None if value is None or most is None else min(max(value, NOTHING), most)


def _rank_problems(result: PublishedResult, law: _Law) -> Iterator[Problem]:
    nodes = {node.code: node for node in result.nodes}
    for node in result.nodes:
        breakers = result.policy.tie_break if node.code == TOTAL else ()
        places = _places(result, law, [nodes[code] for code in (node.code, *breakers)])
        for row, unit in enumerate(result.units):
            score = unit.scores[node.code]
            for field, value in zip(("rank", "of"), places.get(row, (None, None)), strict=True):
                if getattr(score, field) != value:
                    message = f"is {getattr(score, field)}, but the published values come to {value}"
                    yield Problem(("units", row, "scores", node.code, field), message, "rank")


def _places(result: PublishedResult, law: _Law, chain: Sequence[Node]) -> dict[int, tuple[int, int]]:
    """Rank and number of rivals by row, of the units that are ranked at the first node of a chain."""
    least = Fraction(result.policy.min_coverage)
    rivals: dict[str | None, dict[int, rules.Key]] = {}
    for row, unit in enumerate(result.units):
        score = unit.scores[chain[0].code]
        cause = rules.why_unranked(
            is_aside=unit.unranked is not None,
            block="ranked",
            has_score=score.score is not None,
            is_covered=score.coverage is not None and score.coverage >= least,
        )
        if cause is None:
            key = rules.rank_key(law.value(unit.scores[node.code], node) for node in chain)
            rivals.setdefault(unit.block, {})[row] = key
    return {
        row: (rank, len(keys))
        for keys in rivals.values()
        for row, rank in zip(keys, rules.ranks([*keys.values()], result.policy.ties), strict=True)
    }


def _shown(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, Fraction) and value.denominator.bit_length() > SHOWN_BITS:
        return f"a fraction of {value.denominator.bit_length()} bits"
    return shorten(value) if isinstance(value, str) else str(value)
