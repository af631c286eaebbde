"""An assessment as a notebook shows it: what is said of each leaf, what was decided, and every move."""

from collections.abc import Iterator, Sequence

from dti_core.assessment import MOVES, ROUND_MOVES, Assessment, Entry, Step, Written
from dti_core.assessment.sheet import self_sheet
from dti_core.notebook import grades, html, outline, tables, worth
from dti_core.notebook.html import Content, Element
from dti_core.rubric.grades import Band
from dti_core.words import NOTEBOOKS

SAID = ("explanation", "claim", "refusal", "reason")
"""What a leaf's entry says in words."""


def facts(assessment: Assessment) -> Element:
    """Whose it is, by what it is marked, and how far it has come."""
    rubric, state = assessment.cycle.rubric, NOTEBOOKS[f"state.{assessment.state}"]
    return html.facts(NOTEBOOKS["assessment"], assessment.unit, html.told(rubric.title), rubric.code, state)


def entries(assessment: Assessment) -> Element:
    """Leaf by leaf the maximum, what the unit and the council gave, by what it is proven, and what was said."""
    tree = assessment.cycle.rubric.tree
    marks = self_sheet(assessment.cycle, [assessment], assessment.entries).of(assessment.unit)
    leaves = tree.leaves[: tables.ROWS]
    said = [assessment.entries.get(leaf, Entry()) for leaf in leaves]
    columns: list[Sequence[Content]] = [
        [*map(html.told, leaves)],
        [html.told(tree.title[leaf]) for leaf in leaves],
        worth.maxima(tree, leaves),
        html.aligned(marks[leaf] for leaf in leaves),
        html.aligned(entry.appraised for entry in said),
        [*map(_evidence, said)],
        [html.joined(_words(entry), html.BREAK) for entry in said],
    ]
    heads = tables.heads(code="code", node="wide", maximum="number", self="number", appraised="number")
    heads += tables.heads(evidence="number", flags="wide")
    more = tables.rest(len(tree.leaves) - len(leaves), "nodes")
    return tables.table(heads, [*zip(*columns, strict=True), *more])


def _evidence(entry: Entry) -> Content:
    """How many documents there are; what lacks any, or is not covered, catches the eye."""
    count = [html.exact(len(entry.evidence))] if entry.evidence else []
    lack = [html.gap(NOTEBOOKS["uncovered" if entry.evidence else "unproven"])] if entry.lacks else []
    return html.joined([*count, *lack], html.BREAK)


def _words(entry: Entry) -> Iterator[Content]:
    for field in SAID:
        if getattr(entry, field) is not None:
            yield [html.small(NOTEBOOKS[f"said.{field}"], ": "), html.told(getattr(entry, field))]


def decisions(assessment: Assessment) -> list[Element]:
    """What was decided on the unit alone, why and on what basis."""
    return html.numbered([*_decided(assessment.written, assessment.cycle.rubric.bands)])


def _decided(written: Written, bands: Sequence[Band]) -> Iterator[Content]:
    for exclusion in written.exclusions.values():
        yield outline.excluded(exclusion), ": ", outline.because(exclusion)
    for unranked in written.unranked.values():
        yield NOTEBOOKS["not ranked"], ": ", outline.because(unranked)
    for limit in written.grade_limits.values():
        yield grades.limit(limit, bands), ": ", outline.because(limit)


def moves(assessment: Assessment) -> Element | None:
    """Every move that concerns the unit: when, what, on which leaves, by whom and why."""
    heads = tables.heads(at="code", move=None, leaves=None, by=None, reason="wide")
    return tables.short(heads, [*map(_move, assessment.history)], "moves")


def _move(line: Step) -> Sequence[Content]:
    title = (MOVES.get(line.move) or ROUND_MOVES[line.move]).title
    leaves = outline.listed([*{**line.before.entries, **line.after.entries}])
    number = html.small(" (", html.told(line.decision.number), ")") if line.decision else None
    return [line.at, title, leaves, html.told(line.by), [html.told(line.why) if line.why else None, number]]
