"""Who is scored on what, worked out slowly from plain documents: the tree, conditions, blocks and exclusions.

Every rule is written the way the design says it, and its docstring quotes it. Nothing here is shared with the
library.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

Document = dict[str, Any]
Treatment = tuple[str, str | None, str | None]
ZERO = Fraction(0)


class Refused(Exception):
    """The documents contradict themselves: the library has to refuse them too."""


def number(value: Any) -> Fraction:
    """A mark is a decimal number; a float stands for the decimal it prints as, text for an exact fraction."""
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


class Tree:
    """The node graph.

    "total → indices; index/component → its components; group → its members; pillar → its members (which
    may be groups)."
    """

    def __init__(self, rubric: Document) -> None:
        self.nodes: dict[str, Document] = {}
        self.children: dict[str, list[str]] = {"total": [index["code"] for index in rubric["indices"]]}
        for index in rubric["indices"]:
            self._add(index)
        for view in [*rubric.get("groups", []), *rubric.get("pillars", [])]:
            self.children[view["code"]] = list(view["members"])

    def _add(self, node: Document) -> None:
        self.nodes[node["code"]] = node
        self.children[node["code"]] = [component["code"] for component in node.get("components", [])]
        for component in node.get("components", []):
            self._add(component)

    def leaves(self, code: str) -> list[str]:
        """A leaf is "a node without children: what gets marked"."""
        if not self.children[code]:
            return [code]
        return [leaf for child in self.children[code] for leaf in self.leaves(child)]

    def role(self, leaf: str) -> str:
        """The role of a leaf; one that states none is scored."""
        return str(self.nodes[leaf].get("role", "scored"))

    def scored(self, code: str) -> list[str]:
        """The scored leaves of a node: "never bonus, penalty or stand-by leaves"."""
        return [leaf for leaf in self.leaves(code) if self.role(leaf) == "scored"]

    def is_standby(self, code: str) -> bool:
        """Whether the node is itself a stand-by leaf."""
        return not self.children[code] and self.role(code) == "standby"

    def below(self, code: str) -> set[str]:
        """The proper descendants of a node in the node graph."""
        return {deeper for child in self.children[code] for deeper in {child} | self.below(child)}

    def maximum(self, code: str) -> Fraction:
        """M: "`max_points` is what a node is worth"; a capped node's own, else the sum over what counts in it."""
        node = self.nodes.get(code, {})
        if not self.children[code]:
            return number(node["max_points"])
        if node.get("cap"):
            return number(node["max_points"])
        return sum((self.maximum(child) for child in self.children[code] if self.scored(child)), ZERO)

    def earns(self, leaf: str, mark: Fraction) -> Fraction:
        """What a mark earns: m / `mark_max` × `max_points`, or itself where there is no `mark_max`.

        "A leaf of maximum 0 keeps any mark … for the record."
        """
        node = self.nodes[leaf]
        worth = number(node["max_points"])
        return mark / number(node["mark_max"]) * worth if "mark_max" in node else mark if worth else ZERO

    def adjusting(self, code: str) -> list[str]:
        """The nodes of bonus or penalty that name a node in `adjusts`."""
        return [other for other, node in self.nodes.items() if node.get("adjusts") == code]

    def points_only(self, code: str) -> bool:
        """Whether it is "a node with no scored leaf but bonus/penalty leaves"."""
        roles = {self.role(leaf) for leaf in self.leaves(code)}
        return "scored" not in roles and bool(roles & {"bonus", "penalty"})


def same(left: Any, right: Any) -> bool:
    """Equality "as JSON Schema does (true is not 1)"; 1 == 1.0."""
    if isinstance(left, bool | str) or isinstance(right, bool | str):
        return type(left) is type(right) and bool(left == right)
    return number(left) == number(right)


def holds(condition: Document, value: Any) -> bool:
    """Whether all words of a condition hold; "minimum & co. ignore non-numbers"."""
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    checks: dict[str, Callable[[Any], bool]] = {
        "const": lambda wanted: same(value, wanted),
        "enum": lambda wanted: any(same(value, one) for one in wanted),
        "minimum": lambda bound: not numeric or number(value) >= number(bound),
        "maximum": lambda bound: not numeric or number(value) <= number(bound),
        "exclusiveMinimum": lambda bound: not numeric or number(value) > number(bound),
        "exclusiveMaximum": lambda bound: not numeric or number(value) < number(bound),
        "not": lambda inner: not holds(inner, value),
    }
    return all(checks[word](wanted) for word, wanted in condition.items())


def matches(when: Document | None, unit: Document) -> bool:
    """Whether a unit meets `when`: "all must hold"; `unit` is its code; without `when`, everyone."""
    known = {**unit.get("attributes", {}), "unit": unit["code"]}
    return all(holds(condition, known[name]) for name, condition in (when or {}).items())


def block_of(rubric: Document, unit: Document) -> Document | None:
    """The block of a unit: "declared with `when`; a unit in two is refused, in none unranked"."""
    found = [block for block in rubric.get("blocks", []) if matches(block.get("when"), unit)]
    if len(found) > 1:
        raise Refused(f"{unit['code']} is in two blocks")
    return found[0] if found else None


def canonical(value: Any) -> Any:
    """A condition in a form in which equal ones are equal: order of keys aside, 1 as 1.0, true apart from 1."""
    if isinstance(value, dict):
        return tuple(sorted((key, canonical(inner)) for key, inner in value.items()))
    if isinstance(value, list):
        return tuple(canonical(one) for one in value)
    return (type(value).__name__, value) if isinstance(value, bool | str) else ("number", number(value))


def treatment_of(source: Document) -> Treatment:
    """What a source says about each of its leaves: "substitute: also on the replaced node and on `by`"."""
    replaced = source["members"][0] if source["treatment"] == "substitute" else None
    to = source.get("to")
    return source["treatment"], replaced, source.get("by") if to is None else str(number(to))


def refuse_contradictory_rules(tree: Tree, rubric: Document) -> None:
    """Refused, whatever the units: "contradictory rules", two for the same units that disagree on a leaf."""
    said: dict[tuple[Any, str], Treatment] = {}
    for rule in rubric.get("exclusions", []):
        for leaf in {leaf for member in rule["members"] for leaf in tree.scored(member)}:
            key = canonical(rule.get("when", {})), leaf
            if said.setdefault(key, treatment_of(rule)) != treatment_of(rule):
                raise Refused(f"rules disagree on {leaf}")


def treatments(tree: Tree, rubric: Document, marks: Document, unit: Document) -> dict[str, Treatment]:
    """Which treatment each scored leaf of a unit gets, where any source names it.

    "Decisions, of either kind, override rules for the same leaf. Sources of the same rank that disagree on
    the treatment of a leaf for a unit are an error."
    """
    rules = [rule for rule in rubric.get("exclusions", []) if matches(rule.get("when"), unit)]
    of_round = [
        one for one in marks.get("exclusions", []) if unit["code"] in one.get("units", [unit["code"]])
    ]
    ranked = [(0, rule) for rule in rules] + [(1, one) for one in [*of_round, *unit.get("exclusions", [])]]
    sources: dict[str, list[tuple[int, Treatment]]] = {}
    for rank, source in ranked:
        for member in source["members"]:
            for leaf in tree.scored(member):
                sources.setdefault(leaf, []).append((rank, treatment_of(source)))
    decided: dict[str, Treatment] = {}
    for leaf, given in sources.items():
        winning_rank = max(rank for rank, _ in given)
        winners = {treatment for rank, treatment in given if rank == winning_rank}
        if len(winners) > 1:
            raise Refused(f"sources disagree on {leaf} of {unit['code']}")
        decided[leaf] = winners.pop()
    return decided


def substitutions(tree: Tree, decided: dict[str, Treatment], unit: Document) -> dict[str, str]:
    """Replaced node → stand-by leaf.

    "Substitution holds for a whole node: if a decision overrides it on some scored leaves of X and not on
    others → error." A stand-by leaf "stands in for at most one node per unit".
    """
    pairs: dict[str, str] = {}
    for treatment, replaced, by in decided.values():
        if treatment == "substitute" and replaced is not None and by is not None:
            if any(decided[leaf] != (treatment, replaced, by) for leaf in tree.scored(replaced)):
                raise Refused(f"{replaced} of {unit['code']} is substituted in part")
            pairs[replaced] = by
    if len(set(pairs.values())) < len(pairs):
        raise Refused(f"one stand-by stands in for two nodes of {unit['code']}")
    return pairs
