"""The law on exact numbers, leaf by leaf and node by node: the kernels are held to it, and it to the reference."""

from __future__ import annotations

from fractions import Fraction
from functools import cache, cached_property
from typing import TYPE_CHECKING, Literal, get_args

import attrs
import numpy as np
import reference
import reference_ranks
from hypothesis import given, settings
from hypothesis import strategies as st
from reference_rules import Document, Refused
from strategies import contested, crowded, documents, huge
from strategies_decisions import decided_sums
from tallied import tallied

import dti_core as dti
from dti_core.evaluation import grade_rules, rules
from dti_core.rubric.policy import MAX_DECIMALS, Publish
from dti_core.rubric.tree import TOTAL
from dti_core.scores import Field

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dti_core.applicability import Pattern
    from dti_core.rubric.node_conditions import NodeCondition
    from dti_core.rubric.tree import Tree

Pair = tuple[Document, Document]
Number = Fraction | None
FIELDS: tuple[Field, ...] = get_args(Field)
NOTHING = Fraction(0)
some = settings(max_examples=max(10, settings().max_examples // 3))


@attrs.frozen(slots=False, eq=False)
class Unit:
    """One unit of a result, worked out by the rules from its marks and what counts for it."""

    result: dti.Result
    row: int

    @property
    def tree(self) -> Tree:
        """The node graph."""
        return self.result.rubric.tree

    @property
    def policy(self) -> dti.Policy:
        """The policy of the result."""
        return self.result.policy

    @cached_property
    def pattern(self) -> Pattern:
        """What counts for the unit."""
        applicability = self.result.marks.applicability
        return applicability.patterns[int(applicability.pattern_of[self.row])]

    def points(self, ticks: int) -> Fraction:
        """Ticks as points."""
        return Fraction(int(ticks), self.tree.scale)

    def maximum(self, node: str) -> Fraction:
        """The full maximum, in points."""
        return self.points(self.tree.maximum[node])

    def full(self, node: str) -> Fraction:
        """What all leaves of a node are worth, a stand-by leaf in the place of what it replaces."""
        if node not in self.tree.children:
            return self.maximum(node)
        return self.points(self.pattern.full[self.result.setting.compiled.row[node]])

    def mark(self, leaf: str) -> Number:
        """The mark of a leaf, in points."""
        ticks = float(self.result.marks.ticks[self.row, self.tree.leaves.index(leaf)])
        return None if np.isnan(ticks) else Fraction(int(ticks), 10**self.result.rubric.mark_decimals)

    def counting(self, node: str) -> list[tuple[str, str]]:
        """The scored children of a node, each with what counts in its place."""
        scored = [child for child in self.tree.children[node] if self.tree.kind[child] == "scored"]
        return [(child, self.pattern.replaced.get(child, child)) for child in scored]

    @cached_property
    def sums(self) -> Callable[[str], rules.Sums]:
        """The sums of a node."""
        return cache(self._sums)

    def _sums(self, node: str) -> rules.Sums:
        if node in self.tree.children:
            sums = rules.added(self.sums(code) for _, code in self.counting(node))
            sums = rules.within_cap(sums, self.maximum(node) if self.has_cap(node) else None)
            sums = rules.with_own(sums, self.own(node), exceed=self.policy.exceed_maximum)
            return rules.gated(sums, is_open=self.is_open(node))
        at = self.tree.leaves.index(node)
        worth, is_settled = self.points(self.pattern.worth[at]), self.pattern.settled[at]
        earned = self.points(self.pattern.granted[at]) if is_settled else self.earned(node)
        return rules.leaf_sums(earned, worth, self.policy.missing)

    def earned(self, leaf: str) -> Number:
        """What the mark of a leaf earns."""
        mark, at = self.mark(leaf), self.tree.leaves.index(leaf)
        if mark is None or not self.maximum(leaf):
            return None if mark is None else NOTHING
        ends = (self.pattern.highest[at], self.tree.marked[leaf][1])
        still, highest = (Fraction(int(ticks), 10**self.tree.decimals) for ticks in ends)
        if self.tree.criterion[leaf].mark_max is None:
            return min(mark, still)
        return rules.earned(min(mark, still), self.maximum(leaf), highest)

    def has_cap(self, node: str) -> bool:
        """Whether a scored node has a cap."""
        return node in self.tree.criterion and self.tree.criterion[node].cap

    def own(self, node: str) -> Fraction:
        """Bonus less penalty of the node's own."""
        signed = (
            (-1 if self.tree.kind[code] == "penalty" else 1) * self.extra(code)
            for code in self.tree.own.get(node, ())
        )
        return sum(signed, NOTHING)

    def is_open(self, node: str) -> bool:
        """Whether every condition of a gate holds."""
        gate = self.tree.criterion[node].zero_unless if node in self.tree.criterion else ()
        return all(rules.is_met(condition, self.asked(condition)) for condition in gate)

    def asked(self, condition: NodeCondition) -> Number:
        """What a gate compares with its bounds."""
        if self.tree.kind[condition.node] != "scored":
            return self.extra(condition.node)
        sums = self.sums(condition.node)
        rate = rules.ratio(100 * sums.points, sums.applicable)
        return rate if rate is None or condition.in_ == "percent" else sums.points

    def share(self, node: str) -> Number:
        """What part of its maximum a node earns."""
        counts_whole = node not in self.tree.children or self.has_cap(node) or node in self.tree.own
        if self.policy.renormalise == "by_level" and not counts_whole:
            parts = ((self.maximum(child), self.share(counting)) for child, counting in self.counting(node))
            mean = rules.mean(parts)
            return mean if mean is None or self.is_open(node) else NOTHING
        return rules.ratio(self.sums(node).points, self.sums(node).applicable)

    def added(self, role: Literal["bonus", "penalty"], node: str) -> Fraction:
        """Bonus or penalty points of a node."""
        if not self.tree.has(role, node):
            return NOTHING
        if node not in self.tree.children:
            return self.earned(node) or NOTHING
        parts = self.reaching if node == TOTAL else self.added
        added = sum((parts(role, child) for child in self.tree.children[node]), NOTHING)
        return rules.capped(added, self.maximum(node) if self.tree.kind[node] == role else None)

    def reaching(self, role: Literal["bonus", "penalty"], node: str) -> Fraction:
        """Bonus or penalty points of a node that change the total."""
        if self.tree.criterion[node].adjusts is not None:
            return NOTHING
        if node not in self.tree.children or self.tree.kind[node] == role:
            return self.added(role, node)
        return sum((self.reaching(role, child) for child in self.tree.children[node]), NOTHING)

    def extra(self, node: str) -> Fraction:
        """Bonus less penalty points; of a node of penalties alone these."""
        penalty = self.added("penalty", node)
        return penalty if self.tree.kind[node] == "penalty" else self.added("bonus", node) - penalty

    def scale(self, node: str) -> Fraction:
        """What a full score is worth."""
        return rules.scale(self.policy.renormalise, self.maximum(node), self.sums(node).applicable)

    @cached_property
    def score(self) -> Callable[[str], Number]:
        """The score of a node on its scale."""
        return cache(self._score)

    def _score(self, node: str) -> Number:
        share, scale = self.share(node), self.scale(node)
        if share is None or node != TOTAL:
            return None if share is None else share * scale
        return rules.net(share * scale, self.extra(node), scale, exceed=self.policy.exceed_maximum)

    def printed(self, node: str, publish: Publish) -> Number:
        """The score in a form."""
        score = self.score(node)
        return None if score is None else rules.printed(score, self.scale(node), publish)

    def decisive(self, node: str) -> Number:
        """What ranks, ties and bands compare."""
        score, publish = self.score(node), self.policy.publish_of(node)
        return (
            None if score is None else rules.decisive(score, self.scale(node), publish, self.policy.decide_on)
        )

    def grade(self, node: str) -> str | None:
        """The code of the band."""
        bands, value = self.result.rubric.bands, self.decisive(node)
        at = grade_rules.by_thresholds(None if value is None else 100 * value, bands)
        return None if at is None else bands[at].code

    def fields(self, node: str) -> dict[Field, Number]:
        """Every number of a scored node; of another its points alone."""
        if self.tree.kind[node] not in ("scored", "standby"):
            return dict.fromkeys(FIELDS) | {"points": self.extra(node)}
        sums = self.sums(node)
        return {
            "points": sums.points,
            "applicable": sums.applicable,
            "rate": rules.ratio(sums.points, sums.applicable),
            "score": self.score(node),
            "published": self.printed(node, self.policy.publish_of(node)),
            "completeness": rules.ratio(sums.marked, sums.counted),
            "coverage": rules.ratio(sums.marked, self.full(node)),
        }

    def block(self) -> int | None:
        """The number of the unit's block; None where none are declared."""
        block_of = self.result.marks.applicability.block_of
        return None if block_of is None else int(block_of[self.row])

    def is_ranked(self, node: str) -> bool:
        """Whether the unit has a rank at a node, within its block."""
        block, blocks, fields = self.block(), self.result.rubric.blocks, self.fields(node)
        kind: Literal["ranked", "unranked", "none"] = "ranked"
        if block is not None:
            kind = "none" if block < 0 else "ranked" if blocks[block].ranked else "unranked"
        least = Fraction(self.policy.min_coverage)
        return (
            rules.why_unranked(
                is_aside=self.result.units[self.row] in self.result.marks.unranked,
                block=kind,
                has_score=fields["score"] is not None,
                is_covered=(fields["coverage"] or NOTHING) >= least,
            )
            is None
        )

    def key(self, node: str) -> rules.Key:
        """What ranks compare."""
        breakers = self.policy.tie_break if node == TOTAL else ()
        return rules.rank_key([self.decisive(node), *map(self.broken_by, breakers)])

    def broken_by(self, breaker: str | dti.AttributeOrder) -> Number:
        """What a tie is broken by."""
        if isinstance(breaker, dti.AttributeOrder):
            value = self.result.marks.attributes[breaker.attribute].of(self.row)
            declared = dict(self.result.rubric.attributes)[breaker.attribute]
            return rules.by_attribute(value, declared, breaker.order)
        kind = self.tree.kind[breaker]
        return self.decisive(breaker) if kind == "scored" else rules.by_points(self.extra(breaker), kind)


def ranks_of(units: Sequence[Unit], node: str) -> list[int]:
    """Ranks within blocks by the rules, 0 where there is none."""
    found = [0] * len(units)
    ranked = [unit for unit in units if unit.is_ranked(node)]
    for block in {unit.block() for unit in ranked}:
        rivals = [unit for unit in ranked if unit.block() == block]
        placed = rules.ranks([unit.key(node) for unit in rivals], rivals[0].policy.ties)
        for unit, rank in zip(rivals, placed, strict=True):
            found[unit.row] = rank
    return found


def evaluated(pair: Pair) -> dti.Result | None:
    """What the kernels make of the documents; None where they are refused, as the reference does."""
    try:
        reference.evaluate(*pair)
    except Refused:
        return None
    rubric = dti.load_rubric(pair[0])
    return dti.evaluate(rubric, dti.load_marks(pair[1], rubric))


def doubles(values: Sequence[Number]) -> list[str]:
    """The nearest doubles, as text in which NaN is equal to itself."""
    return [str(float("nan") if value is None else float(value)) for value in values]


def places(values: Sequence[Fraction]) -> list[int]:
    """The place of each value among the distinct ones, in ascending order."""
    place_of = {value: place for place, value in enumerate(sorted(set(values)))}
    return [place_of[value] for value in values]


def check_kernels(result: dti.Result, units: Sequence[Unit], node: str) -> None:
    """Everything the kernels say of a node is what the rules say, the doubles the nearest to it."""
    scores = result[node] if node != TOTAL else result.total
    by_rules = [unit.fields(node) for unit in units]
    for field in FIELDS:
        expected = [fields[field] for fields in by_rules]
        assert scores.exact(field) == expected, (node, field)
        assert list(map(str, getattr(scores, field).tolist())) == doubles(expected), (node, field)
    assert scores.grades().tolist() == [unit.grade(node) for unit in units], node
    assert scores.ranks().tolist() == ranks_of(units, node), node
    tallied["cells compared"] += (2 * len(FIELDS) + 2) * len(units)
    if result.rubric.tree.kind[node] not in ("scored", "standby"):
        return
    decisive = [unit.decisive(node) for unit in units]
    assert scores.decisive.fractions() == decisive, node
    ordered = places([NOTHING if value is None else value for value in decisive])
    assert places(scores.decisive.ordinals().tolist()) == ordered, node
    for form in (
        Publish("points", 0),
        Publish("ratio", 4, "down"),
        Publish("percent", MAX_DECIMALS, "half_even"),
    ):
        shown = scores.published_as(form.as_, form.decimals, form.rounding)
        expected = [unit.printed(node, form) for unit in units]
        assert list(map(str, shown.tolist())) == doubles(expected), (node, form)
        tallied["cells compared"] += len(units)


def check(pair: Pair) -> None:
    """The kernels against the rules, at every node."""
    result = evaluated(pair)
    if result is not None:
        units = [Unit(result, row) for row in range(len(result.units))]
        for node in result.rubric.tree.under:
            check_kernels(result, units, node)


@given(documents())
def test_kernels_keep_the_law(pair: Pair) -> None:
    """Every number, grade and rank that the arrays give is what the law gives, one unit at a time."""
    check(pair)


@some
@given(contested())
def test_kernels_keep_the_law_where_leaves_stand_in(pair: Pair) -> None:
    """Where stand-by leaves take the place of nodes the arrays still say what the law says."""
    check(pair)


@some
@given(crowded())
def test_kernels_keep_the_law_where_units_tie(pair: Pair) -> None:
    """Equal scores tie and are broken as the law says, exactly."""
    check(pair)


@some
@given(decided_sums())
def test_kernels_keep_the_law_of_adjusted_nodes(pair: Pair) -> None:
    """With scales, caps, gates, bonus and penalty of nodes and reductions the arrays say what the law says."""
    check(pair)


@given(huge())
def test_kernels_keep_the_law_of_large_numbers(pair: Pair) -> None:
    """Up to 10^15 ticks and nine printed decimals nothing overflows and no digit is lost."""
    check(pair)


@some
@given(st.one_of(documents(), contested(), crowded(), huge(), decided_sums()))
def test_the_law_is_the_reference(pair: Pair) -> None:
    """The law gives what the independent reference works out from the documents alone."""
    result = evaluated(pair)
    if result is None:
        return
    expected = reference.evaluate(*pair)
    units = [Unit(result, row) for row in range(len(result.units))]
    for node in expected["nodes"]:
        for unit in units:
            record = expected["units"][result.units[unit.row]][node]
            fields = unit.fields(node)
            assert fields == {field: getattr(record, field) for field in FIELDS}, node
            if record.scale is not None:
                assert (unit.scale(node), unit.decisive(node)) == (record.scale, record.decided), node
                assert unit.grade(node) == record.grade, node
        assert ranks_of(units, node) == list(reference_ranks.ranks(expected, node).values()), node
