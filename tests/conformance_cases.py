"""The cases of the conformance suite, and what the library makes of one."""

import json
from fractions import Fraction
from pathlib import Path

from reference_rules import Document, Tree

import dti_core as dti
from dti_core import analysis
from dti_core.assessment import Assessment, Assessments, Cycle, Round

FOLDER = Path(__file__).parents[1] / "schemas" / "conformance"
CASES: dict[str, Document] = {
    case["name"]: case
    for file in sorted(FOLDER.glob("*.json"))
    for case in json.loads(file.read_text("utf-8"))["cases"]
}
NAMES = {
    key: [name for name, case in CASES.items() if key in case]
    for key in ("expect", "expect_marks", "refused", "canonical", "result", "moves", "after", "attempts")
}
README = (FOLDER / "README.md").read_text("utf-8")
SKIPPED = "not_applicable"


def sheet_of(case: Document, rubric: dti.Rubric) -> dti.MarkSheet:
    """The marks of a case, given or worked out from measures."""
    if "measures" in case:
        return dti.score(dti.load_measures(case["measures"], rubric))
    return dti.load_marks(case["marks"], rubric)


def evaluated(case: Document) -> dti.Result:
    """What the library makes of a case."""
    rubric = dti.load_rubric(case["rubric"])
    return dti.evaluate(rubric, sheet_of(case, rubric), policy=policy_of(case))


def published(case: Document) -> dti.Result | dti.PublishedResult:
    """The same, its units merged as the case says."""
    result, merged = evaluated(case), case.get("merged")
    if merged is None:
        return result
    told = {
        key: {unit["code"]: unit[each] for unit in merged["units"] if each in unit}
        for key, each in (
            ("merged", "merged"),
            ("names", "name"),
            ("blocks", "block"),
            ("attributes", "attributes"),
        )
    }
    return analysis.merge_units(result, **told, mean_of=merged.get("mean_of", "scores"))


def policy_of(case: Document) -> dti.Policy | None:
    """The policy that a case is evaluated under, where it is not the rubric's own."""
    if "policy" not in case:
        return None
    return dti.load_rubric({**case["rubric"], "policy": case["policy"]}).policy


def exactly(text: str | None) -> Fraction | None:
    """The number that text stands for."""
    return None if text is None else Fraction(text)


def leaves_of(rubric: Document) -> dict[str, Document]:
    """The leaves of a rubric document, by code."""
    nodes = Tree(rubric).nodes
    return {code: node for code, node in nodes.items() if not node.get("components")}


def marks_of(case: Document) -> Document:
    """The marks that a case expects its measures to come to, as a document; not applicable is skipped."""
    units = []
    for unit in case["measures"]["units"]:
        marks = case["expect_marks"][unit["code"]]
        why = {"reason": "b = 0", "basis": "b = 0", "treatment": "skip"}
        skipped = [why | {"members": [leaf]} for leaf, mark in marks.items() if mark == SKIPPED]
        given = {leaf: float(mark) for leaf, mark in marks.items() if mark not in (None, SKIPPED)}
        kept = {key: value for key, value in unit.items() if key != "measures"}
        units.append(kept | {"marks": given, "exclusions": skipped})
    return {"schema": "dti-core/marks/1", "rubric": case["rubric"]["code"], "units": units}


def opened(case: Document) -> Assessments:
    """The assessments of a case in which nothing is said yet, of unit a and of another."""
    cycle = Cycle(dti.load_rubric(case["rubric"]), [Round(**each) for each in case.get("rounds", [])])
    return Assessments(cycle, [Assessment(cycle, unit) for unit in "az"])


def stepped(assessments: Assessments, move: Document) -> Assessments:
    """The assessments after a move of a case: of the round, or of unit a."""
    plain = {key: value for key, value in move.items() if key not in ("of", "to")}
    if move.get("of") == "round":
        return assessments.step(plain)
    return Assessments(assessments.cycle, [assessments["a"].step(plain), assessments["z"]])


def assessed(case: Document, moves: list[Document]) -> Assessments:
    """The assessments after the moves of a case."""
    made = opened(case)
    for move in moves:
        made = stepped(made, move)
    return made
