"""The scoring rules worked out slowly and exactly from plain documents: what the library is checked against.

Every number is a `Fraction`; every rule is written the way the design says it, and its docstring quotes it.
Nothing here is shared with the library.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from collections.abc import Callable

HALF = Fraction(1, 2)
DEFAULT_POLICY: Document = {
    "renormalise": "overall",
    "missing": "zero",
    "min_coverage": 0,
    "exceed_maximum": False,
    "publish": {"as": "points", "decimals": 2, "rounding": "half_up"},
    "publish_parts": {},
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
    """What counts of a node for one unit, out of what; and before caps what is marked, missing, and worth in full."""

    points: Fraction = ZERO
    applicable: Fraction = ZERO
    marked: Fraction = ZERO
    missing: Fraction = ZERO
    full: Fraction = ZERO

    def __add__(self, other: Leaf) -> Leaf:
        return Leaf(*(getattr(self, name) + getattr(other, name) for name in vars(self)))


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


def whole(publish: Document, scale: Fraction) -> Fraction:
    """What a full score is printed as: "points (the score), ratio, percent, or `scale` with `of`"."""
    forms = {"points": scale, "ratio": Fraction(1), "percent": Fraction(100)}
    return number(publish["of"]) if publish["as"] == "scale" else forms[publish["as"]]


def shown(score: Fraction | None, scale: Fraction | None, publish: Document) -> Fraction | None:
    """The score as printed: score / scale × what a full score is printed as, rounded once."""
    if score is None or scale is None:
        return None
    return rounded(score / scale * whole(publish, scale), publish["decimals"], publish["rounding"])


def threshold(band: Document) -> tuple[Fraction, bool]:
    """Where a band starts, and whether it is open there: "`at_least`, closed, or `above`, open"."""
    return (number(band["above"]), True) if "above" in band else (number(band["at_least"]), False)


def reaches(decided: Fraction, band: Document) -> bool:
    """Whether a value meets a band's threshold."""
    bound, is_open = threshold(band)
    return 100 * decided > bound if is_open else 100 * decided >= bound


def full_policy(policy: Document | None) -> Document:
    """The policy with every key that was left out filled in; what `publish_parts` leaves out is as in `publish`."""
    given = dict(policy or {})
    given["publish"] = {**DEFAULT_POLICY["publish"], **given.get("publish", {})}
    given["publish_parts"] = {**given["publish"], **given.get("publish_parts", {})}
    return {**DEFAULT_POLICY, **given}


class UnitScores:
    """The roll-up of one unit, by plain recursion."""

    def __init__(
        self, tree: Tree, rubric: Document, marks: Document, unit: Document, policy: Document
    ) -> None:
        self.tree, self.rubric, self.unit, self.policy = tree, rubric, unit, policy
        self.marks: Document = unit.get("marks", {})
        self.is_self = marks.get("stage") == "self"
        self.decided = treatments(tree, rubric, marks, unit)
        self.replaced = substitutions(tree, self.decided, unit)
        self.leaf = {code: self._leaf(code) for code in tree.nodes if not tree.children[code]}

    def _leaf(self, code: str) -> Leaf:
        """What a leaf gives to the sums.

        "`skip`: leaves the numerator and the denominator. `full_marks`: counts as fully earned (and as
        marked)." "`reduce`: A is what `to` earns; a higher mark is refused (a self mark counts as `to`)."
        "`substitute`: its leaves are skipped and the stand-by leaf counts in its place." "A leaf of maximum 0 is
        never missing." Missing: "`zero` (counts in A, not in P), `exclude` (counts in neither), `refuse` (error)".
        """
        full, mark = number(self.tree.nodes[code]["max_points"]), self.marks.get(code)
        treatment, _, detail = self.decided.get(code, ("count", None, None))
        role = self.tree.role(code)
        idle = role == "standby" and code not in self.replaced.values()
        if role in {"bonus", "penalty"} or full == 0 or idle:
            return Leaf(full=full if idle else ZERO)
        if treatment in {"skip", "substitute"}:
            return Leaf(full=full)
        if treatment == "full_marks":
            return Leaf(points=full, applicable=full, marked=full, full=full)
        worth, earned = full, None if mark is None else self.tree.earns(code, number(mark))
        if treatment == "reduce":
            to = number(detail)
            if mark is not None and number(mark) > to:
                if not self.is_self:
                    raise Refused(f"{code} of {self.unit['code']} is marked above what its reduction leaves")
                earned = self.tree.earns(code, to)
            worth = self.tree.earns(code, to)
        if treatment == "zero":
            return Leaf(applicable=full, marked=full, full=full)
        if earned is not None:
            return Leaf(points=earned, applicable=worth, marked=worth, full=full)
        if self.policy["missing"] == "refuse":
            raise Refused(f"{code} of {self.unit['code']} is missing")
        return Leaf(applicable=worth if self.policy["missing"] == "zero" else ZERO, missing=worth, full=full)

    def sums(self, code: str) -> Leaf:
        """P and A of a node, "the sums over its children, then, in this order" cap, own bonus and penalty, gate.

        "The stand-by leaf `by` counts wherever" what it replaces counts; coverage counts "a stand-by's maximum in
        place of what it replaces". Completeness and coverage are "both of leaves, before caps".
        """
        if not self.tree.children[code]:
            return self.leaf[code]
        added = Leaf()
        for child in self.tree.children[code]:
            if child in self.replaced:
                added += self.leaf[self.replaced[child]]
            elif not self.tree.is_standby(child):
                added += self.sums(child)
        node = self.tree.nodes.get(code, {})
        points, applicable = added.points, added.applicable
        if node.get("cap"):
            cap = number(node["max_points"])
            points, applicable = min(points, cap), min(applicable, cap)
        own = self.tree.adjusting(code)
        if own and applicable:
            points += sum((self.beside(each, "bonus") - self.beside(each, "penalty") for each in own), ZERO)
            points = (
                max(points, ZERO) if self.policy["exceed_maximum"] else min(max(points, ZERO), applicable)
            )
        if not self.opens(code):
            points = ZERO
        return replace(added, points=points, applicable=applicable)

    def opens(self, code: str) -> bool:
        """Whether every node condition of a gate holds: "where one that is asked does not hold, P = 0"."""
        return all(self.holds(one, None) for one in self.tree.nodes.get(code, {}).get("zero_unless", []))

    def holds(self, condition: Document, percent: Fraction | None) -> bool:
        """Whether a node condition holds, or is not asked since nothing of the node applies to the unit.

        "Of a node with scored leaves its percentage (with `"in": "points"` its P), else its points (unmarked is 0;
        bonus less penalty where it has both). In a gate the percentage is the exact P / A, in `requires` the value that
        ranks and bands compare": given as `percent`.
        """
        code = condition["node"]
        if self.tree.points_only(code):
            value = self.points_beside(code)
        else:
            found = self.sums(code)
            if code in self.replaced or found.applicable == 0:
                return True
            exact = 100 * found.points / found.applicable if percent is None else percent
            value = found.points if condition.get("in") == "points" else exact
        bounds: dict[str, Callable[[Fraction], bool]] = {
            "at_least": lambda bound: value >= bound,
            "above": lambda bound: value > bound,
            "at_most": lambda bound: value <= bound,
            "below": lambda bound: value < bound,
        }
        return all(check(number(condition[word])) for word, check in bounds.items() if word in condition)

    def beside(self, code: str, role: str) -> Fraction:
        """The bonus or penalty points of a node.

        "An index or component made only of one kind may state a `max_points` below the sum: their common
        cap." "One without a mark adds nothing and is never missing."
        """
        if not self.tree.children[code]:
            mark = self.marks.get(code)
            marked = self.tree.role(code) == role and mark is not None
            return self.tree.earns(code, number(mark)) if marked else ZERO
        amount = sum((self.beside(child, role) for child in self.tree.children[code]), ZERO)
        roles = {self.tree.role(leaf) for leaf in self.tree.leaves(code)}
        node = self.tree.nodes.get(code, {})
        return min(amount, number(node["max_points"])) if roles == {role} and node.get("cap") else amount

    def beside_total(self, role: str, code: str = "total") -> Fraction:
        """The bonus or penalty that changes the total: "what has `adjusts` does not reach the total"."""
        if "adjusts" in self.tree.nodes.get(code, {}):
            return ZERO
        if {self.tree.role(leaf) for leaf in self.tree.leaves(code)} <= {role}:
            return self.beside(code, role)
        return sum((self.beside_total(role, child) for child in self.tree.children[code]), ZERO)

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
        node = self.tree.nodes.get(code, {})
        if not self.tree.children[code] or node.get("cap") or self.tree.adjusting(code):
            found = self.sums(code)
            return ratio(found.points, found.applicable)
        weighted, weights = ZERO, ZERO
        for child in self.tree.children[code]:
            share = None if self.tree.is_standby(child) else self.share(self.replaced.get(child, child))
            if share is not None:
                weighted += share * self.tree.maximum(child)
                weights += self.tree.maximum(child)
        return ratio(weighted if self.opens(code) else ZERO, weights)

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
            score = max(score + self.beside_total("bonus") - self.beside_total("penalty"), ZERO)
            score = score if self.policy["exceed_maximum"] else min(score, scale)
        return score

    def decide(
        self, score: Fraction | None, scale: Fraction, published: Fraction | None, publish: Document
    ) -> Fraction | None:
        """What ranks, ties and bands compare.

        "The published value relative to the scale (`decide_on: published`), or the exact score relative to
        the scale (`exact`)."
        """
        if score is None or published is None:
            return None
        if self.policy["decide_on"] == "exact":
            return score / scale
        return published / whole(publish, scale)

    def grade(self, decided: Fraction | None, code: str) -> str | None:
        """The band by the thresholds alone; but for the total none "where two bands share one"."""
        bands = self.rubric.get("bands", [])
        if code != "total" and len({threshold(band) for band in bands}) < len(bands):
            return None
        return next(
            (str(band["code"]) for band in bands if decided is not None and reaches(decided, band)), None
        )

    def record(self, code: str) -> Record:
        """Everything of one node.

        "Completeness = marked maximum / (marked + missing maximum) and coverage = marked maximum / M."
        """
        if self.tree.points_only(code):
            return Record(points=self.points_beside(code))
        found, full = self.sums(code), self.tree.maximum(code)
        points, applicable, marked, missing = found.points, found.applicable, found.marked, found.missing
        scale = applicable if self.policy["renormalise"] == "none" else full
        score = self.score(code, points, applicable)
        publish = self.policy["publish" if code == "total" else "publish_parts"]
        published = shown(score, scale, publish)
        decided = self.decide(score, scale, published, publish)
        return Record(
            points=points,
            applicable=applicable,
            maximum=full,
            rate=ratio(points, applicable),
            score=score,
            scale=scale,
            published=published,
            completeness=ratio(marked, marked + missing),
            coverage=ratio(marked, found.full),
            decided=decided,
            grade=self.grade(decided, code),
        )


def evaluate(rubric: Document, marks: Document, policy: Document | None = None) -> Document:
    """Everything about every unit and node: `["units"][unit code][node code]` is a `Record`."""
    settled, tree = full_policy(rubric.get("policy") if policy is None else policy), Tree(rubric)
    refuse_contradictory_rules(tree, rubric)
    units: dict[str, dict[str, Record]] = {}
    scores: dict[str, UnitScores] = {}
    for unit in marks["units"]:
        block_of(rubric, unit)
        one = scores[unit["code"]] = UnitScores(tree, rubric, marks, unit, settled)
        units[unit["code"]] = {code: one.record(code) for code in tree.children}
    result = {"units": units, "nodes": list(tree.children), "rubric": rubric, "marks": marks}
    return {**result, "policy": settled, "scores": scores}
