"""What notebooks and pages show of everything the library makes; the only room that knows HTML.

What is seldom made is imported when it is shown.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from dti_core.answer import Answer
from dti_core.columns.codes import option
from dti_core.columns.factor import Factor
from dti_core.errors import LANGUAGES, Language
from dti_core.marks import MarkSheet
from dti_core.notebook import answers, grades, html, outline, sheet, standings
from dti_core.notebook.html import Content
from dti_core.result import Result
from dti_core.rubric import Rubric
from dti_core.rubric.tree import TOTAL
from dti_core.scores import Scores
from dti_core.scores.ranking import ranking_of
from dti_core.words import HEADINGS, NOTEBOOKS
from dti_core.words.display import Displayed
from dti_core.words.tables import Table, written

if TYPE_CHECKING:
    from dti_core.assessment import Assessment, Assessments
    from dti_core.explain import Explanation
    from dti_core.measures import Measures
    from dti_core.published import PublishedResult


def page(thing: Displayed, language: Language | None = None) -> str:
    """What a notebook shows of a thing, in the language asked for or its own."""
    chosen: Language = getattr(thing, "language", "vi") if language is None else language
    option("language", chosen, *LANGUAGES)
    return html.page(shown(type(thing))(thing, chosen), chosen)


def shown(kind: type[Displayed]) -> Callable[[Any, Language], Content]:
    """What tells of things of a class, or of the nearest above it."""
    return next(SHOWN[each.__name__] for each in kind.__mro__ if each.__name__ in SHOWN)


def of_rubric(rubric: Rubric, _: Language) -> Content:
    """The tree with its maxima, its sets, rules and policy."""
    decision = rubric.decision
    issued = (decision.number, decision.issued, decision.issuer) if decision else rubric.basis
    return [
        html.title(html.told(rubric.title)),
        html.facts(NOTEBOOKS["rubric"], rubric.code, rubric.period, *issued),
        outline.nodes(rubric.tree),
        outline.sets(rubric.tree),
        outline.rules(rubric.exclusions),
        outline.blocks(rubric.blocks),
        grades.bands(rubric.bands, rubric.tree),
        grades.limits(rubric.grade_limits, rubric.bands),
        outline.policy(rubric.policy),
    ]


def of_marks(marks: MarkSheet, _: Language) -> Content:
    """Units × indices: how much is marked, and where marks are missing."""
    rubric, stage = marks.rubric, NOTEBOOKS[f"stage.{marks.stage}"] if marks.stage else None
    return [
        html.title(html.told(rubric.title)),
        html.facts(NOTEBOOKS["marks"], rubric.code, marks.period or rubric.period, stage),
        sheet.table(marks),
    ]


def of_result(result: Result, _: Language) -> Content:
    """The ranking block by block, what did not count, and who is not ranked."""
    rubric, tree = result.rubric, result.rubric.tree
    parts = tree.pillars or tree.groups or tree.children[TOTAL]
    count = NOTEBOOKS("units.count", count=Fraction(len(result.units)))
    return [
        html.title(html.told(rubric.title)),
        html.facts(NOTEBOOKS["result"], rubric.code, result.marks.period or rubric.period, count),
        standings.table(result.total, [result[node] for node in parts if tree.kind[node] == "scored"]),
        outline.policy(result.policy),
    ]


def of_scores(scores: Scores, language: Language) -> Content:
    """The ranking of the node."""
    return of_answer(ranking_of(scores, (), None, language), language)


def of_published(published: "PublishedResult", language: Language) -> Content:
    """The ranking, beside the total the nodes directly in it."""
    total = next(node for node in published.nodes if node.code == TOTAL)
    nodes = [*filter(published.__contains__, total.children)]
    return of_answer(published.ranking(language=language, nodes=nodes), language)


def of_explanation(explanation: "Explanation", language: Language) -> Content:
    """The headed lines, and node by node what was earned and lost."""
    from dti_core.notebook import story

    return story.told(attrs.evolve(explanation, language=language))


def of_measures(measures: "Measures", language: Language) -> Content:
    """Units × inputs, as they were measured."""
    sheet, columns = measures.blank, measures.columns.values()
    names = sheet.names or (None,) * len(sheet.units)
    called = [name.text(language) if name else unit for unit, name in zip(sheet.units, names, strict=True)]
    cells = [column.listed() if isinstance(column, Factor) else column.tolist() for column in columns]
    heads = [HEADINGS["unit"].text(language), *map(".".join, measures.columns)]
    rows = zip(called, *(written(column, language) for column in cells), strict=True)
    return answers.table(Table(heads, [*rows], sheet.rubric.title.text(language)))


def of_assessment(assessment: "Assessment", _: Language) -> Content:
    """What is said of each leaf, and every move."""
    from dti_core.notebook import history

    return [
        html.title(html.told(assessment.name or assessment.unit)),
        history.facts(assessment),
        history.entries(assessment),
        history.decisions(assessment),
        history.moves(assessment),
    ]


def of_assessments(assessments: "Assessments", language: Language) -> Content:
    """How far each unit has come."""
    from dti_core.analysis.appraisal.progress import progress

    return of_answer(progress(assessments, by="unit"), language)


def of_answer(answer: Answer, language: Language) -> Content:
    """The remarks, line by line, and the tables, cut where they are long."""
    lines = (line for remark in answer._remarks(language) for line in remark.splitlines())
    return [
        *(html.element("p", html.told(line, html.LINE)) for line in lines),
        *map(answers.table, answer._tables(language)),
    ]


SHOWN: Mapping[str, Callable[[Any, Language], Content]] = {
    "Answer": of_answer,
    "Assessment": of_assessment,
    "Assessments": of_assessments,
    "Explanation": of_explanation,
    "MarkSheet": of_marks,
    "Measures": of_measures,
    "PublishedResult": of_published,
    "Result": of_result,
    "Rubric": of_rubric,
    "Scores": of_scores,
}
"""What tells of the things of a class, by its name: classes that nobody has made anything of need not be there."""
