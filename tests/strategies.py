"""Random pairs of a rubric document and a marks document, valid and mostly free of contradictions.

`documents()` is the strategy; what it draws is what a caller would parse from JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from reference_rules import Document, Tree
from strategies_parts import (
    DECLARATIONS,
    UNDECLARED,
    UNIT_CODES,
    VALUES,
    bands,
    blocks,
    in_points,
    in_ticks,
    maximum_of,
    policies,
    rarely,
    roles_of,
    siblings,
    views,
    whens,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from strategies_parts import Draw


class Sources:
    """Draws exclusions, of which one in so many may contradict those drawn before it."""

    def __init__(self, draw: Draw, rubric: Document, careless: int = 12) -> None:
        self.draw, self.tree, self.rubric, self.careless = draw, Tree(rubric), rubric, careless
        tree = self.tree
        self.used: set[str] = set()
        rules = rubric.get("exclusions", [])
        substituting = [rule for rule in rules if rule["treatment"] == "substitute"]
        self.whole = [set(tree.scored(rule["members"][0])) for rule in substituting]
        self.standing_in = {rule["by"]: rule["members"][0] for rule in substituting}
        groups = [group["code"] for group in rubric.get("groups", [])]
        self.members = [code for code in [*tree.nodes, *groups] if tree.scored(code)]
        self.pairs = [
            (replaced, by)
            for by in tree.nodes
            for replaced in tree.nodes
            if tree.is_standby(by) and tree.scored(replaced) and by not in tree.below(replaced)
            if tree.maximum(replaced)
        ]

    def fork(self) -> Sources:
        """The same state, to be drawn from separately."""
        other = Sources(self.draw, self.rubric, self.careless)
        other.used, other.standing_in = set(self.used), dict(self.standing_in)
        return other

    def fits(self, code: str) -> bool:
        """Whether a member contradicts nothing so far."""
        scored = set(self.tree.scored(code))
        return scored.isdisjoint(self.used) and all(
            part <= scored or part.isdisjoint(scored) for part in self.whole
        )

    def source(self, treatments: Sequence[str]) -> Document | None:
        """One exclusion, or none where nothing fits."""
        treatment = self.draw(st.sampled_from(treatments))
        treatment = "skip" if treatment == "substitute" and not self.pairs else treatment
        careless = rarely(self.draw, self.careless)
        given = {"treatment": treatment, "reason": "Chưa hướng dẫn", "basis": "Điều 5"}
        if treatment == "substitute":
            fitting = [
                pair
                for pair in self.pairs
                if careless or (self.fits(pair[0]) and self.standing_in.get(pair[1], pair[0]) == pair[0])
            ]
            if not fitting:
                return None
            replaced, by = self.draw(st.sampled_from(fitting))
            self.standing_in[by] = replaced
            chosen, given = [replaced], {**given, "by": by}
            self.used.update(self.tree.scored(replaced))
        else:
            chosen = []
            own: set[str] = set()
            for code in self.draw(
                st.lists(st.sampled_from(self.members), min_size=1, max_size=3, unique=True)
            ):
                if own.isdisjoint(self.tree.scored(code)) and (careless or self.fits(code)):
                    chosen.append(code)
                    own.update(self.tree.scored(code))
            self.used.update(own)
        return {**given, "members": chosen} if chosen else None


RULE_TREATMENTS = ["skip", "substitute", "full_marks", "substitute", "skip"]
DECISION_TREATMENTS = ["skip", "count", "full_marks", "substitute", "count", "skip"]


@st.composite
def rules(draw: st.DrawFn, rubric: Document, attributes: Sequence[str]) -> list[Document]:
    """Rules of the rubric, some saying the same as another."""
    sources, found = Sources(draw, rubric), list[Document]()
    for number in range(draw(st.integers(0, 3))):
        twin = bool(found) and rarely(draw, 5)
        rule = dict(draw(st.sampled_from(found))) if twin else sources.source(RULE_TREATMENTS)
        if rule:
            rule["code"] = f"e{number}"
            rule.pop("when", None)
            if not rarely(draw, 3):
                others = [other["when"] for other in found if "when" in other]
                again = bool(others) and rarely(draw, 4)
                rule["when"] = draw(st.sampled_from(others) if again else whens(attributes))
            found.append(rule)
    return found


@st.composite
def rubrics(draw: st.DrawFn, *, unit_conditions: bool = True) -> Document:
    """A rubric document."""
    decimals = draw(st.sampled_from([2, 1, 0, 3]))
    count, depth = draw(st.integers(1, 12)), draw(st.integers(1, 4))
    indices = draw(siblings("", count, depth, "mixed", decimals))
    if not any("scored" in roles_of(index) for index in indices):
        indices.append({"code": "x", "title": "Chỉ số", "max_points": 10})
    rubric: Document = {
        "schema": "dti-core/rubric/1",
        "code": "random",
        "title": "Bộ chỉ số",
        "indices": indices,
    }
    if decimals != 2 or draw(st.booleans()):
        rubric["mark_decimals"] = decimals
    if draw(st.booleans()):
        rubric["max_points"] = in_points(sum(maximum_of(index, decimals) for index in indices), decimals)
    rubric["groups"] = draw(views("g", Tree(rubric), list(Tree(rubric).nodes)))
    groups = [code for code in Tree(rubric).children if code != "total"]
    rubric["pillars"] = draw(views("p", Tree(rubric), groups))
    tree = Tree(rubric)
    names = draw(st.lists(st.sampled_from(list(DECLARATIONS)), unique=True))
    rubric["attributes"] = {name: DECLARATIONS[name] for name in names}
    conditioned = [*names, "unit"] if unit_conditions else names
    rubric["exclusions"] = draw(rules(rubric, conditioned))
    rubric["blocks"] = draw(blocks(conditioned))
    if draw(st.booleans()):
        rubric["bands"] = draw(bands())
    scored_nodes = [code for code in tree.children if code != "total" and tree.scored(code)]
    rubric["policy"] = draw(policies(scored_nodes, decimals))
    optional = ("groups", "pillars", "attributes", "exclusions", "blocks", "policy")
    return {key: value for key, value in rubric.items() if value or key not in optional}


@st.composite
def marks_of(draw: st.DrawFn, tree: Tree, decimals: int, *, gaps: bool) -> Document:
    """The marks of a unit: missing ones, zeros, maxima, halves, and any other.

    Without gaps only what is never missing goes unmarked.
    """
    found: Document = {}
    for code, node in tree.nodes.items():
        if tree.children[code]:
            continue
        worth = in_ticks(node["max_points"], decimals)
        may_go_unmarked = gaps or worth == 0 or tree.role(code) in {"bonus", "penalty"}
        full = worth or 700  # what is worth nothing keeps any mark
        kinds = ["any", "five", "most", "half", "max", "zero", *["absent", "null"] * may_go_unmarked]
        kind = draw(st.sampled_from(kinds))
        ticks = {"zero": 0, "max": full, "half": full // 2, "most": full - full // 8}.get(kind, 0)
        if kind == "any":
            ticks = draw(st.integers(0, full))
        elif kind == "five":
            ticks = min(full, 10 * draw(st.integers(0, full // 10)) + 5)
        if kind != "absent":
            found[code] = None if kind == "null" else in_points(ticks, decimals)
    return found


@st.composite
def units(
    draw: st.DrawFn, rubric: Document, tree: Tree, decided: Sources, *, code: str, gaps: bool
) -> Document:
    """A unit of a marks document; `decided` holds the decisions of the round."""
    unit: Document = {"code": code, "marks": draw(marks_of(tree, rubric.get("mark_decimals", 2), gaps=gaps))}
    declared = {name: st.sampled_from(VALUES[name]) for name in rubric.get("attributes", {})}
    undeclared: dict[str, st.SearchStrategy[Any]] = {
        name: st.sampled_from(values) for name, values in UNDECLARED.items()
    }
    attributes = draw(st.fixed_dictionaries(declared, optional=undeclared))
    if attributes:
        unit["attributes"] = attributes
    if rarely(draw, 4):
        decision = decided.fork().source(DECISION_TREATMENTS)
        unit["exclusions"] = [decision] if decision else []
    if rarely(draw, 10):
        unit["unranked"] = {"reason": "Mới thành lập", "basis": "Điều 6"}
    return unit


@st.composite
def documents(draw: st.DrawFn, *, unit_conditions: bool = True) -> tuple[Document, Document]:
    """A rubric document and a marks document that goes with it."""
    rubric = draw(rubrics(unit_conditions=unit_conditions))
    tree = Tree(rubric)
    careful = rubric.get("policy", {}).get("missing") == "refuse" and not rarely(draw, 5)
    count = draw(st.sampled_from([2, 3, 4, 5, 8, 1, 0, 6]))
    codes = draw(st.lists(st.sampled_from(UNIT_CODES), unique=True, min_size=count, max_size=count))
    sources, decisions = Sources(draw, rubric), list[Document]()
    for _ in range(draw(st.integers(0, 2))):
        decision = sources.source(DECISION_TREATMENTS)
        if decision and codes and not rarely(draw, 3):
            decision["units"] = draw(st.lists(st.sampled_from(codes), unique=True, min_size=1))
        decisions += [decision] if decision else []
    found: list[Document] = []
    for code in codes:
        unit = draw(units(rubric, tree, sources, code=code, gaps=not careful))
        if found and rarely(draw, 6):
            unit["marks"] = dict(draw(st.sampled_from(found))["marks"])
        found.append(unit)
    marks: Document = {"schema": "dti-core/marks/1", "rubric": "random", "stage": "appraised", "units": found}
    return rubric, {**marks, "exclusions": decisions} if decisions else marks


def plain_leaf(code: str, max_points: float, **rest: Any) -> Document:
    """A leaf of a small rubric."""
    return {"code": code, "title": code, "max_points": max_points, **rest}


@st.composite
def contested(draw: st.DrawFn) -> tuple[Document, Document]:
    """A small table with several stand-by leaves, and sources that care nothing for one another."""
    inner = [plain_leaf("1.c.1", 2), plain_leaf("1.c.s", 2, role="standby")]
    components = [
        {"code": "1.a", "title": "1.a", "components": [plain_leaf("1.a.1", 1), plain_leaf("1.a.2", 1)]},
        {"code": "1.b", "title": "1.b", "components": [plain_leaf("1.b.1", 1), plain_leaf("1.b.2", 1)]},
        {"code": "1.c", "title": "1.c", "components": inner},
        *(plain_leaf(code, 2, role="standby") for code in ("1.s", "1.t")),
    ]
    indices = [{"code": "1", "title": "1", "components": components}, plain_leaf("2", 3)]
    rubric: Document = {"schema": "dti-core/rubric/1", "code": "random", "title": "R", "indices": indices}
    rubric["groups"] = [{"code": "g", "title": "g", "members": ["1.a", "1.b"]}]
    rubric["attributes"] = {"online": {"type": "boolean"}}
    rubric["policy"] = {"renormalise": draw(st.sampled_from(["overall", "by_level", "none"]))}
    when = st.sampled_from([None, {}, *({"online": {"const": value}} for value in (True, False, 1, 0))])
    sources, found = Sources(draw, rubric, careless=1), list[Document]()
    sources.members = [code for code in sources.members if "." in code]
    for number in range(draw(st.integers(1, 2))):
        rule, condition = sources.source(RULE_TREATMENTS), draw(when)
        if rule:
            found.append({**rule, "code": f"e{number}", **({} if condition is None else {"when": condition})})
    rubric["exclusions"] = found
    decisions = [sources.source(DECISION_TREATMENTS) for _ in range(draw(st.integers(0, 2)))]
    codes = UNIT_CODES[: draw(st.sampled_from([1, 2, 0, 2]))]
    marks: Document = {"schema": "dti-core/marks/1", "rubric": "random", "units": []}
    marks["exclusions"] = [decision for decision in decisions if decision]
    for code in codes:
        own = draw(marks_of(Tree(rubric), 2, gaps=True))
        marks["units"].append({"code": code, "marks": own, "attributes": {"online": draw(st.booleans())}})
    return rubric, marks


@st.composite
def crowded(draw: st.DrawFn) -> tuple[Document, Document]:
    """Few marks, few leaves and many units: ties everywhere, broken by nodes that may be null."""
    indices = [plain_leaf(code, 2) for code in ("1", "2", "3")]
    rubric: Document = {"schema": "dti-core/rubric/1", "code": "random", "title": "R", "indices": indices}
    keys: dict[str, list[Any]] = {
        "missing": ["exclude", "zero"],
        "renormalise": ["overall", "by_level", "none"],
        "decide_on": ["published", "exact"],
        "ties": ["competition", "dense"],
        "publish": [{"as": form, "decimals": at} for form in ("points", "ratio", "percent") for at in (0, 1)],
    }
    policy = draw(st.fixed_dictionaries({key: st.sampled_from(values) for key, values in keys.items()}))
    breakers = draw(st.lists(st.sampled_from(["1", "2", "3"]), max_size=3, unique=True))
    mark = st.sampled_from([None, 0, 1, 2])
    rows = draw(st.lists(st.tuples(mark, mark, mark), max_size=12))
    units = [{"code": f"u{at}", "marks": dict(zip("123", row, strict=True))} for at, row in enumerate(rows)]
    rubric["policy"] = {**policy, "tie_break": breakers}
    return rubric, {"schema": "dti-core/marks/1", "rubric": "random", "units": units}


@st.composite
def huge(draw: st.DrawFn) -> tuple[Document, Document]:
    """Two levels of few leaves with maxima up to 10^10 points, in up to 10^15 ticks, printed with up to 9 decimals."""
    decimals = draw(st.integers(0, 4))
    worth = st.sampled_from([10**10, 9_400_000_000, 2**33, 3, 1]) | st.integers(1, 10**10)
    indices = []
    for index in range(draw(st.integers(1, 3))):
        leaves = [plain_leaf(f"{index}.{at}", draw(worth)) for at in range(draw(st.integers(1, 3)))]
        indices.append({"code": f"{index}", "title": "x", "components": leaves})
    if draw(st.booleans()):
        indices.append(plain_leaf("b", 10**9, role=draw(st.sampled_from(["bonus", "penalty"]))))
    rubric: Document = {"schema": "dti-core/rubric/1", "code": "random", "title": "R", "indices": indices}
    publish = {
        "as": draw(st.sampled_from(["points", "ratio", "percent"])),
        "decimals": draw(st.sampled_from([9, 9, 4, 0])),
        "rounding": draw(st.sampled_from(["half_up", "half_even", "down"])),
    }
    rubric["mark_decimals"] = decimals
    rubric["policy"] = {
        "renormalise": draw(st.sampled_from(["by_level", "overall", "none"])),
        "missing": draw(st.sampled_from(["zero", "exclude"])),
        "decide_on": draw(st.sampled_from(["published", "exact"])),
        "exceed_maximum": draw(st.booleans()),
        "publish": publish,
    }
    tree, units = Tree(rubric), []
    scored = [code for code in tree.nodes if tree.scored(code)]
    for at in range(draw(st.integers(0, 6))):
        unit: Document = {"code": f"u{at}", "marks": draw(marks_of(tree, decimals, gaps=True))}
        if draw(st.booleans()):
            treatment = draw(st.sampled_from(["skip", "full_marks"]))
            why = {"treatment": treatment, "reason": "x", "basis": "x"}
            unit["exclusions"] = [{**why, "members": [draw(st.sampled_from(scored))]}]
        units.append(unit)
    return rubric, {"schema": "dti-core/marks/1", "rubric": "random", "units": units}
