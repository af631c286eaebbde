"""The scoring rules worked out slowly and exactly from plain documents: what the library is checked against.

Every number is a `Fraction`; every rule is written the way the design says it, and its docstring quotes it.
Nothing here is shared with the library.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from reference_rules import (
    ZERO,
    Document,
    Refused,
    Tree,
    block_of,
    number,
    refuse_contradictory_rules,
    substitutions,
    treatments,
)

HALF = Fraction(1, 2)
DEFAULT_POLICY: Document = {
    "renormalise": "overall",
    "missing": "zero",
    "min_coverage": 0,
    "exceed_maximum": False,
    "publish": {"as": "points", "decimals": 2, "rounding": "half_up"},
    "decide_on": "published",
    "ties": "competition",
    "tie_break": [],
}


@dataclass(frozen=True)
class Record:
    """What one unit got at one node; `None` is null."""

    points: Fraction
    applicable: Fraction | None = None
    maximum: Fraction | None = None
    rate: Fraction | None = None
    score: Fraction | None = None
    scale: Fraction | None = None
    published: Fraction | None = None
    completeness: Fraction | None = None
    coverage: Fraction | None = None
    decided: Fraction | None = None
    grade: str | None = None


@dataclass(frozen=True)
class Leaf:
    """A scored or stand-by leaf of one unit: what counts, out of what, what is marked and what missing."""

    points: Fraction = ZERO
    applicable: Fraction = ZERO
    marked: Fraction = ZERO
    missing: Fraction = ZERO


def ratio(part: Fraction, whole: Fraction) -> Fraction | None:
    """0 / 0 is null."""
    return part / whole if whole else None


def rounded(value: Fraction, decimals: int, rounding: str) -> Fraction:
    """`rounding` half_up (default), half_even, down; of the exact rational, which is never negative."""
    scaled = value * 10**decimals
    whole = scaled.numerator // scaled.denominator
    rest = scaled - whole
    if rounding == "half_up":
        up = rest >= HALF
    elif rounding == "half_even":
        up = rest > HALF or (rest == HALF and whole % 2 == 1)
    else:
        up = False
    return Fraction(whole + up, 10**decimals)


def shown(
    score: Fraction | None, scale: Fraction | None, form: str, decimals: int, rounding: str
) -> Fraction | None:
    """The score as printed: "`as` points (the score), ratio or percent (score / scale)", rounded once."""
    if score is None or scale is None:
        return None
    value = {"points": score, "ratio": score / scale, "percent": 100 * score / scale}[form]
    return rounded(value, decimals, rounding)


def full_policy(policy: Document | None) -> Document:
    """The policy with every key that was left out filled in with its default."""
    given = dict(policy or {})
    given["publish"] = {**DEFAULT_POLICY["publish"], **given.get("publish", {})}
    return {**DEFAULT_POLICY, **given}


class UnitScores:
    """The roll-up of one unit, by plain recursion."""

    def __init__(
        self, tree: Tree, rubric: Document, marks: Document, unit: Document, policy: Document
    ) -> None:
        self.tree, self.rubric, self.unit, self.policy = tree, rubric, unit, policy
        self.marks: Document = unit.get("marks", {})
        self.decided = treatments(tree, rubric, marks, unit)
        self.replaced = substitutions(tree, self.decided, unit)
        self.leaf = {code: self._leaf(code) for code in tree.nodes if not tree.children[code]}

    def _leaf(self, code: str) -> Leaf:
        """What a leaf gives to the sums.

        "`skip`: leaves the numerator and the denominator. `full_marks`: counts as fully earned (and as
        marked)." "`substitute`: its leaves are skipped and the stand-by leaf counts in its place." "A leaf
        of maximum 0 is never missing." Missing: "`zero` (counts in A, not in P), `exclude` (counts in
        neither), `refuse` (error)".
        """
        full, mark = number(self.tree.nodes[code]["max_points"]), self.marks.get(code)
        treatment = self.decided.get(code, ("count", None, None))[0]
        role = self.tree.role(code)
        idle = role == "standby" and code not in self.replaced.values()
        if idle or role in {"bonus", "penalty"} or treatment in {"skip", "substitute"} or full == 0:
            return Leaf()
        if treatment == "full_marks":
            return Leaf(points=full, applicable=full, marked=full)
        if mark is not None:
            return Leaf(points=number(mark), applicable=full, marked=full)
        if self.policy["missing"] == "refuse":
            raise Refused(f"{code} of {self.unit['code']} is missing")
        return Leaf(applicable=full if self.policy["missing"] == "zero" else ZERO, missing=full)

    def counted(self, code: str) -> list[Leaf]:
        """The leaves that count in a node.

        "The stand-by leaf S counts in every node of which X is a proper descendant in the node graph."
        """
        if self.tree.is_standby(code):
            return [self.leaf[code]]
        below = self.tree.below(code)
        standing_in = [by for replaced, by in self.replaced.items() if replaced in below]
        return [self.leaf[leaf] for leaf in self.tree.scored(code) + standing_in]

    def beside(self, code: str, role: str) -> Fraction:
        """The bonus or penalty points of a node.

        "An index or component made only of one kind may state a `max_points` below the sum: their common
        cap." "One without a mark adds nothing and is never missing."
        """
        if not self.tree.children[code]:
            mark = self.marks.get(code)
            return number(mark) if self.tree.role(code) == role and mark is not None else ZERO
        amount = sum((self.beside(child, role) for child in self.tree.children[code]), ZERO)
        roles = {self.tree.role(leaf) for leaf in self.tree.leaves(code)}
        if roles == {role} and "max_points" in self.tree.nodes.get(code, {}):
            return min(amount, number(self.tree.nodes[code]["max_points"]))
        return amount

    def points_beside(self, code: str) -> Fraction:
        """Bonus sum, "or penalty sum (capped, positive), or for a mixed one bonus − penalty"."""
        penalty = self.beside(code, "penalty")
        if all(self.tree.role(leaf) != "bonus" for leaf in self.tree.leaves(code)):
            return penalty
        return self.beside(code, "bonus") - penalty

    def share(self, code: str) -> Fraction | None:
        """What part of its weight a node earns, level by level.

        "Each parent is the mean of its children weighted by their full maxima; a child with A = 0 hands its
        weight to its siblings." "S takes X's place among the parent's children, with X's weight."
        """
        if not self.tree.children[code]:
            return ratio(self.leaf[code].points, self.leaf[code].applicable)
        weighted, weights = ZERO, ZERO
        for child in self.tree.children[code]:
            share = None if self.tree.is_standby(child) else self.share(self.replaced.get(child, child))
            if share is not None:
                weighted += share * self.tree.maximum(child)
                weights += self.tree.maximum(child)
        return ratio(weighted, weights)

    def score(self, code: str, points: Fraction, applicable: Fraction) -> Fraction | None:
        """The points converted to the scale.

        "`overall`: score = P / A × M. `none`: score = P on the scale A." Bonus and penalty "change only the
        total's score, after renormalisation; it stays within [0, scale] unless `policy.exceed_maximum`"; then
        "the upper bound goes, the lower bound 0 stays". "A node with A = 0 has no rate, score or rank."
        """
        if applicable == 0:
            return None
        how = self.policy["renormalise"]
        share = self.share(code) if how == "by_level" else points / applicable
        assert share is not None
        scale = applicable if how == "none" else self.tree.maximum(code)
        score = share * scale
        if code == "total":
            score = max(score + self.beside(code, "bonus") - self.beside(code, "penalty"), ZERO)
            score = score if self.policy["exceed_maximum"] else min(score, scale)
        return score

    def decide(self, score: Fraction | None, scale: Fraction, published: Fraction | None) -> Fraction | None:
        """What ranks, ties and bands compare.

        "The published value relative to the scale (`decide_on: published`), or the exact score relative to
        the scale (`exact`)."
        """
        if score is None or published is None:
            return None
        if self.policy["decide_on"] == "exact":
            return score / scale
        whole = {"points": scale, "ratio": Fraction(1), "percent": Fraction(100)}
        return published / whole[self.policy["publish"]["as"]]

    def grade(self, decided: Fraction | None) -> str | None:
        """The band: "listed highest first, closed below, in percent of the scale"."""
        for band in self.rubric.get("bands", []):
            if decided is not None and 100 * decided >= number(band["at_least"]):
                return str(band["code"])
        return None

    def record(self, code: str) -> Record:
        """Everything of one node.

        "Completeness = marked maximum / (marked + missing maximum) and coverage = marked maximum / M."
        """
        if self.tree.points_only(code):
            return Record(points=self.points_beside(code))
        leaves, full = self.counted(code), self.tree.maximum(code)
        points = sum((leaf.points for leaf in leaves), ZERO)
        applicable = sum((leaf.applicable for leaf in leaves), ZERO)
        marked = sum((leaf.marked for leaf in leaves), ZERO)
        missing = sum((leaf.missing for leaf in leaves), ZERO)
        scale = applicable if self.policy["renormalise"] == "none" else full
        score = self.score(code, points, applicable)
        publish = self.policy["publish"]
        published = shown(score, scale, publish["as"], publish["decimals"], publish["rounding"])
        decided = self.decide(score, scale, published)
        return Record(
            points=points,
            applicable=applicable,
            maximum=full,
            rate=ratio(points, applicable),
            score=score,
            scale=scale,
            published=published,
            completeness=ratio(marked, marked + missing),
            coverage=ratio(marked, full),
            decided=decided,
            grade=self.grade(decided),
        )


def evaluate(rubric: Document, marks: Document, policy: Document | None = None) -> Document:
    """Everything about every unit and node: `["units"][unit code][node code]` is a `Record`."""
    settled, tree = full_policy(rubric.get("policy") if policy is None else policy), Tree(rubric)
    refuse_contradictory_rules(tree, rubric)
    units: dict[str, dict[str, Record]] = {}
    for unit in marks["units"]:
        block_of(rubric, unit)
        scores = UnitScores(tree, rubric, marks, unit, settled)
        units[unit["code"]] = {code: scores.record(code) for code in tree.children}
    return {"units": units, "nodes": list(tree.children), "rubric": rubric, "marks": marks, "policy": settled}
