"""Why a unit moved, from the definition: every combination as documents of its own, every order of causes in turn.

Only ``load_rubric``, ``load_marks`` and ``evaluate`` of the library are used; rounds are pairs of documents.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from typing import Any

import dti_core as dti

Document = dict[str, Any]
Pair = tuple[Document, Document]
CAUSES = ("own_marks", "others_marks", "rubric", "own_exclusions", "others_exclusions", "membership")
WHY = {"reason": "không có ở kỳ đó", "basis": "không có ở kỳ đó"}
FULL = {"ratio": 1, "percent": 100}


def leaves_of(nodes: list[Document]) -> dict[str, Document]:
    """The leaves of a rubric document."""
    leaves: dict[str, Document] = {}
    for node in nodes:
        leaves |= leaves_of(node["components"]) if "components" in node else {node["code"]: node}
    return leaves


class Brute:
    """One unit of two rounds whose units and leaves are matched by their codes; decisions name leaves and units."""

    def __init__(self, before: Pair, after: Pair, unit: str) -> None:
        self.rounds, self.unit = (before, after), unit
        self.rubrics = [dti.load_rubric(rubric) for rubric, _ in self.rounds]
        self.leaves = [leaves_of(rubric["indices"]) for rubric, _ in self.rounds]
        self.units = [{unit["code"]: unit for unit in marks["units"]} for _, marks in self.rounds]
        self.values = {self._key(at): self._value(at) for at in range(64)}

    def shares(self, orders: list[tuple[str, ...]] | None = None) -> dict[str, tuple[Fraction, Fraction]]:
        """The mean over orders, by default all 720, of what each cause changes when its turn comes."""
        chosen = [*permutations(CAUSES)] if orders is None else orders
        sums = {cause: [Fraction(0), Fraction(0)] for cause in CAUSES}
        for order in chosen:
            for at, cause in enumerate(order):
                old, new = (self.values[frozenset(order[:upto])] for upto in (at, at + 1))
                sums[cause][0] += new[0] - old[0]
                sums[cause][1] += old[1] - new[1]  # places are won by a smaller rank
        return {cause: (score / len(chosen), places / len(chosen)) for cause, (score, places) in sums.items()}

    def _key(self, at: int) -> frozenset[str]:
        return frozenset(cause for bit, cause in enumerate(CAUSES) if at >> bit & 1)

    def _value(self, at: int) -> tuple[Fraction, int]:
        """The score in the form it is published in, and the rank, in one combination."""
        new = self._key(at)
        of, there = int("rubric" in new), int("membership" in new)
        units = [self._unit(code, new, of, there) for code in self.units[there]]
        rubric = self.rubrics[of]
        marks = dti.load_marks({"schema": "dti-core/marks/1", "rubric": rubric.code, "units": units}, rubric)
        result = dti.evaluate(rubric, marks)
        row = result.units.index(self.unit)
        score, publish = result.total.exact()[row], result.policy.publish.as_
        assert score is not None
        if publish != "points":
            maximum = sum(
                Fraction(leaf["max_points"]) for leaf in self.leaves[of].values() if "role" not in leaf
            )
            applicable = result.total.exact("applicable")[row] or Fraction(1)
            scale = applicable if result.policy.renormalise == "none" else maximum
            score = score / scale * FULL[publish]
        return score, int(result.total.ranks()[row])

    def _unit(self, code: str, new: frozenset[str], of: int, there: int) -> Document:
        """A unit: its place from one round, its marks and its exclusions from others, leaves of one round from that."""
        whose = "own" if code == self.unit else "others"
        marks, decided = (self._of(code, int(f"{whose}_{what}" in new)) for what in ("marks", "exclusions"))
        own, other = self.leaves[of], self.leaves[1 - of]
        unit: Document = {"code": code, "marks": {}, "exclusions": []}
        unit["attributes"] = {**self.units[decided][code]["attributes"]}
        unit["attributes"]["block"] = self.units[there][code]["attributes"]["block"]
        if "unranked" in self.units[there][code]:
            unit["unranked"] = self.units[there][code]["unranked"]
        for leaf, node in own.items():
            at, sheet = (marks, decided) if leaf in other else (of, of)
            if code not in self.units[at]:
                unit["exclusions"].append({"members": [leaf], "treatment": "skip", **WHY})
                continue
            if leaf in other and self._says_nothing(code, leaf, at):
                at = 1 - at
            mark = self.units[at][code]["marks"].get(leaf)
            if mark is not None:
                scaled = Fraction(str(mark)) * node["max_points"] / self.leaves[at][leaf]["max_points"]
                unit["marks"][leaf] = float(scaled)
            unit["exclusions"] += self._decisions(code, leaf, sheet)
        return unit

    def _of(self, code: str, wanted: int) -> int:
        return wanted if code in self.units[wanted] else 1 - wanted

    def _says_nothing(self, code: str, leaf: str, at: int) -> bool:
        """Whether a leaf has no mark because none counts: then what changed is its exclusion, not its mark."""
        if code not in self.units[1 - at] or self.units[at][code]["marks"].get(leaf) is not None:
            return False
        rules = self.rounds[at][0].get("exclusions", [])
        attributes = self.units[at][code]["attributes"]
        by_rule = any(
            leaf in rule["members"]
            and all(attributes[name] == asked["const"] for name, asked in rule["when"].items())
            for rule in rules
        )
        return by_rule or bool(self._decisions(code, leaf, at))

    def _decisions(self, code: str, leaf: str, at: int) -> list[Document]:
        """The decisions of a round on one leaf of a unit."""
        of_round = [
            decision for decision in self.rounds[at][1].get("exclusions", []) if code in decision["units"]
        ]
        both = [*of_round, *self.units[at][code].get("exclusions", [])]
        return [
            {**{key: value for key, value in decision.items() if key != "units"}, "members": [leaf]}
            for decision in both
            if leaf in decision["members"]
        ]
