"""What must hold within a published result: whatever follows from other fields of it, by the law, is what they say."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache, partial
from typing import Any

import attrs

from dti_core.errors import Problem, shorten
from dti_core.evaluation import grade_rules, rules
from dti_core.evaluation.rules import NOTHING, ONE
from dti_core.published import Adjusted, Node, PublishedResult, Score, Unit
from dti_core.published.follows import Following, Follows
from dti_core.published.grades import grade_code_problems, grade_problems, unknown
from dti_core.published.ranks import rank_problems
from dti_core.rubric.checks import tie_break_problems
from dti_core.rubric.conditions import Attribute
from dti_core.rubric.policy import AttributeOrder, Breaker
from dti_core.rubric.tree import TOTAL
from dti_core.scores.unranked import block_state
from dti_core.terms.fields import repeated
from dti_core.words import RESULTS, Sentence

SHOWN_BITS = 128
BESIDE_POINTS = tuple(attrs.fields_dict(Score))[1:]


def contradictions(result: PublishedResult) -> Iterator[Problem]:
    """Codes that name nothing; then numbers that do not follow from one another; then ranks that do not follow."""
    law = _Law(result)
    stages = (
        _code_problems(result),
        _number_problems(result, law),
        rank_problems(result, law.compared),
        grade_problems(result, law.value),
    )
    for problems in stages:
        first = next(problems, None)
        if first is not None:
            yield first
            yield from problems
            return


def _code_problems(result: PublishedResult) -> Iterator[Problem]:
    yield from grade_code_problems(result)
    for name in ("nodes", "blocks", "bands", "units"):
        codes = [part.code for part in getattr(result, name)]
        for at, first in repeated(codes):
            message = f"{shorten(codes[at])} is already the code of $.{name}[{first}]"
            yield Problem((name, at, "code"), message, "duplicate")
    nodes = {node.code: node for node in result.nodes}
    if TOTAL not in nodes:
        yield Problem(("nodes",), f"{TOTAL!r} is missing; add it", "node")
    role, declared = {node.code: node.role for node in result.nodes}, dict(result.attributes)
    yield from tie_break_problems(result.policy.tie_break, role, declared)
    places = {node.code: at for at, node in enumerate(result.nodes)}
    for at, node in enumerate(result.nodes):
        if (node.maximum is not None) != node.is_scored:
            yield Problem(("nodes", at, "maximum"), f"does not go with the role {node.role!r}", "maximum")
        yield from (problem.under("nodes", at) for problem in _tree_problems(node, at, places))
    blocks = {block.code: block.ranked for block in result.blocks}
    for row, unit in enumerate(result.units):
        for problem in (
            *_unit_problems(unit, nodes, blocks, len(result.rulings)),
            *_attribute_problems(unit, declared),
        ):
            yield problem.under("units", row)


def _tree_problems(node: Node, at: int, places: Mapping[str, int]) -> Iterator[Problem]:
    """Children that do not stand after what holds them, and nodes named that are none; ``places`` by code."""
    for place, child in enumerate(node.children):
        if places.get(child, -1) <= at:
            after = [code for code, other in places.items() if other > at]
            yield from unknown(("children", place), child, after)
    if node.adjusts is not None:
        yield from unknown(("adjusts",), node.adjusts, places)
    for place, condition in enumerate(node.zero_unless):
        yield from unknown(("zero_unless", place, "node"), condition.node, places)
    if not node.children and (node.cap or node.zero_unless):
        field = "cap" if node.cap else "zero_unless"
        yield Problem((field,), Sentence(RESULTS["contradiction.leaf"]), field)


def _unit_problems(
    unit: Unit, nodes: Mapping[str, Node], blocks: Mapping[str, bool], rulings: int
) -> Iterator[Problem]:
    for code in unit.scores:
        yield from unknown(("scores", code), code, nodes)
    for code in nodes:
        if code not in unit.scores:
            yield Problem(("scores", code), "is missing; every unit has every node", "node")
    if unit.block is not None:
        yield from unknown(("block",), unit.block, blocks)
    yield from _unranked_problems(unit, blocks)
    for at, aside in enumerate(unit.excluded):
        yield from unknown(("excluded", at, "leaf"), aside.leaf, nodes)
        if aside.by is not None:
            standby = {code: node for code, node in nodes.items() if node.role == "standby"}
            yield from unknown(("excluded", at, "by"), aside.by, standby)
        for field in ("rulings", "overrules"):
            for place, ruling in enumerate(getattr(aside, field)):
                if not 0 <= ruling < rulings:
                    path = ("excluded", at, field, place)
                    yield Problem(path, f"there is no $.rulings[{ruling}]", "unknown")


def _attribute_problems(unit: Unit, declared: Mapping[str, Attribute]) -> Iterator[Problem]:
    """Values of attributes that break ties, where they are not what is declared."""
    for name, declaration in declared.items():
        value = unit.attributes.get(name)
        if value is not None and not declaration.holds(value):
            sentence = Sentence(RESULTS["contradiction.attribute"], {"value": _shown(value)})
            yield Problem(("attributes", name), sentence, "attribute")


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
    following = Following.of(result)
    for row, unit in enumerate(result.units):
        follows = following.unit(unit)
        yield from (problem.under("units", row, "adjusted") for problem in _adjusted_problems(unit, follows))
        for node in result.nodes:
            score, path = unit.scores[node.code], ("units", row, "scores", node.code)
            decimals = result.policy.publish_of(node.code).decimals
            for field, message in law.broken(score, node, follows.get(node.code)):
                yield Problem((*path, field), message, "contradiction")
            if score.published is not None and score.published.as_tuple().exponent != -decimals:
                message = f"is {_shown(score.published)}; it is printed with {decimals} decimals"
                yield Problem((*path, "published"), message, "decimals")


def _adjusted_problems(unit: Unit, follows: Mapping[str, Follows]) -> Iterator[Problem]:
    """What is said that caps, gates, and bonus and penalty of their own changed, where they did not."""
    for node in dict.fromkeys((*unit.adjusted, *follows)):
        written, follow = unit.adjusted.get(node, Adjusted()), follows.get(node)
        expected = Adjusted() if follow is None else follow.adjusted
        for field in attrs.fields_dict(Adjusted):
            if getattr(written, field) != getattr(expected, field):
                other, value = _shown(getattr(written, field)), _shown(getattr(expected, field))
                sentence = Sentence(RESULTS["contradiction.adjusted"], {"value": other, "other": value})
                yield Problem((node, field), sentence, "contradiction")


class _Law:
    """The law under the policy of a result; what it makes of equal numbers is worked out once."""

    def __init__(self, result: PublishedResult) -> None:
        self.policy, self.bands = result.policy, result.bands
        self.nodes, self.attributes = {node.code: node for node in result.nodes}, dict(result.attributes)
        self.printed = cache(rules.printed)
        self.decisive = cache(partial(rules.decisive, decide_on=result.policy.decide_on))
        #: without the tree no field says what bonus and penalty change, and what means by level rest on
        self.has_tree = any(node.children for node in result.nodes)
        self.has_extra = any(node.role in ("bonus", "penalty", "mixed") for node in result.nodes)

    def scale(self, score: Score, node: Node) -> Fraction:
        """What a full score is worth."""
        return rules.scale(self.policy.renormalise, node.maximum or NOTHING, score.applicable or NOTHING)

    def value(self, score: Score, node: Node) -> Fraction | None:
        """What ranks, ties and bands compare."""
        publish = self.policy.publish_of(node.code)
        return None if score.score is None else self.decisive(score.score, self.scale(score, node), publish)

    def compared(self, unit: Unit, breaker: Breaker) -> Fraction | None:
        """What a tie is broken by, the highest first."""
        if isinstance(breaker, AttributeOrder):
            name, order = breaker.attribute, breaker.order
            return rules.by_attribute(unit.attributes.get(name), self.attributes[name], order)
        node, score = self.nodes[breaker], unit.scores[breaker]
        return self.value(score, node) if node.is_scored else rules.by_points(score.points, node.role)

    def broken(self, score: Score, node: Node, follows: Follows | None) -> Iterator[tuple[str, str]]:
        """Fields that contradict the others, and how."""
        applicable, maximum = score.applicable, node.maximum
        if maximum is None:
            message = f"a node of the role {node.role!r} has points only; remove it"
            yield from ((field, message) for field in BESIDE_POINTS if getattr(score, field) is not None)
        elif (
            applicable is None
            or score.points < 0
            or (follows is None and not score.points <= applicable <= maximum)
        ):
            rising = ", ".join(map(_shown, (score.points, applicable, maximum)))
            yield "applicable", f"0, points, applicable maximum and maximum do not rise: {rising}"
        else:
            wholes = {"score": applicable, "coverage": maximum, "completeness": applicable}
            absent = [field for field, whole in wholes.items() if whole and getattr(score, field) is None]
            yield from ((field, "is missing; give it wherever something applies") for field in absent)
            settled = {} if absent else self.settled(score, node, applicable, maximum, follows)
            for field, value in settled.items():
                if getattr(score, field) != value:
                    written = _shown(getattr(score, field))
                    yield field, f"is {written}, but the other numbers come to {_shown(value)}"

    def settled(
        self, score: Score, node: Node, applicable: Fraction, maximum: Fraction, follows: Follows | None
    ) -> dict[str, Any]:
        """What the other fields leave a field to be; of one that they only bound, its nearest value within."""
        policy, is_total = self.policy, node.code == TOTAL
        rate = rules.ratio(score.points, applicable)
        fields: dict[str, Any] = {"rate": rate, "score": None, "published": None}
        fields |= {"grade": None, "by_thresholds": None}
        if rate is not None and score.score is not None:
            scale, publish = self.scale(score, node), policy.publish_of(node.code)
            fields["score"] = self._score(score.score, rate, scale, node, follows)
            fields["published"] = self.printed(score.score, scale, publish)
            if is_total:  # its grade rests on more than its own numbers
                fields |= {"grade": score.grade, "by_thresholds": score.by_thresholds}
            else:
                percent = 100 * self.decisive(score.score, scale, publish)
                at = grade_rules.of_part(node.code, percent, self.bands)
                fields["grade"] = None if at is None else self.bands[at].code
        if follows is None:
            return fields | self._marked(score, applicable, maximum)
        fields |= {"points": follows.sums.points, "applicable": follows.sums.applicable}
        return fields | {"coverage": follows.coverage, "completeness": follows.completeness}

    def _score(
        self, score: Fraction, rate: Fraction, scale: Fraction, node: Node, follows: Follows | None
    ) -> Fraction:
        policy, is_total = self.policy, node.code == TOTAL
        is_bounded = policy.renormalise == "by_level" or (is_total and self.has_extra)
        if is_bounded and not self.has_tree:
            return rules.net(score, NOTHING, scale, exceed=is_total and policy.exceed_maximum)
        share = rate if follows is None or follows.share is None else follows.share
        if not is_total or follows is None:
            return share * scale
        return rules.net(share * scale, follows.extra, scale, exceed=policy.exceed_maximum)

    def _marked(self, score: Score, applicable: Fraction, maximum: Fraction) -> dict[str, Fraction | None]:
        """Coverage and completeness of a leaf."""
        most = rules.ratio(applicable, maximum)
        if self.policy.missing == "zero":
            marked = (score.coverage or NOTHING) * maximum
            within = _within(score.coverage, most)
            return {"coverage": within, "completeness": rules.ratio(marked, applicable)}
        complete = ONE if applicable else NOTHING
        if self.policy.missing == "refuse":
            return {"coverage": most, "completeness": complete or None}
        return {"coverage": most, "completeness": _within(score.completeness, complete)}


def _within(value: Fraction | None, most: Fraction | None) -> Fraction | None:
    return None if value is None or most is None else min(max(value, NOTHING), most)


def _shown(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, Fraction) and value.denominator.bit_length() > SHOWN_BITS:
        return f"a fraction of {value.denominator.bit_length()} bits"
    return shorten(value) if isinstance(value, str) else str(value)
