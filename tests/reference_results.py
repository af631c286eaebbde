"""Why something did not count, told slowly from plain documents as the README of the suite says it.

Nothing here is shared with the library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reference_rules import Document, Tree, matches, substitutions, treatments

if TYPE_CHECKING:
    from collections.abc import Iterator


def rulings(rubric: Document, marks: Document, key: str = "exclusions") -> list[tuple[str, Document]]:
    """The rules, the decisions of the round and those on single units, unit by unit; "of equal ones the first"."""
    own = [decision for unit in marks["units"] for decision in unit.get(key, [])]
    listed = {"rule": rubric.get(key, []), "round": marks.get(key, []), "unit": own}
    told = [(source, as_text(one)) for source, decisions in listed.items() for one in decisions]
    return [one for at, one in enumerate(told) if one not in told[:at]]


def as_text(decision: Document) -> Document:
    """A decision whose reason, where "a label that has Vietnamese alone", is "plain text"."""
    reason = decision["reason"]
    return decision | {"reason": reason["vi"]} if isinstance(reason, dict) and len(reason) == 1 else decision


def places(
    rubric: Document, marks: Document, unit: Document, key: str = "exclusions"
) -> dict[str, list[int]]:
    """By source, the places among the rulings of those that reach a unit; a round's: "that name no units first"."""
    told = rulings(rubric, marks, key)
    for_all = [one for one in marks.get(key, []) if "units" not in one]
    for_some = [one for one in marks.get(key, []) if unit["code"] in one.get("units", [])]
    reaching = {
        "rule": [rule for rule in rubric.get(key, []) if matches(rule.get("when"), unit)],
        "round": for_all + for_some,
        "unit": unit.get(key, []),
    }
    return {
        source: list(dict.fromkeys(told.index((source, as_text(one))) for one in listed))
        for source, listed in reaching.items()
    }


def excluded(rubric: Document, marks: Document, unit: Document) -> Iterator[Document]:
    """What did not count in the ordinary way for a unit, "in the order of the rubric's leaves"."""
    tree, told, reaching = Tree(rubric), rulings(rubric, marks), places(rubric, marks, unit)
    decided = treatments(tree, rubric, marks, unit)
    in_use = substitutions(tree, decided, unit).values()
    for leaf in (code for code in tree.nodes if not tree.children[code]):
        mark = unit.get("marks", {}).get(leaf)
        if tree.role(leaf) == "standby" and leaf not in in_use and mark is not None:
            yield {"leaf": leaf, "treatment": "standby", "rulings": [], "overrules": []}
        if leaf not in decided:
            continue
        said = {
            source: [
                at for at in listed if leaf in {one for m in told[at][1]["members"] for one in tree.scored(m)}
            ]
            for source, listed in reaching.items()
        }
        decisions = said["round"] + said["unit"]
        overrules = said["rule"] if decisions else []
        if decided[leaf][0] != "count" or overrules:
            treatment, heard = decided[leaf][0], decisions or said["rule"]
            yield {"leaf": leaf, "treatment": treatment, "rulings": heard, "overrules": overrules}
