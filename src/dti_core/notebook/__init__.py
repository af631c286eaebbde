"""What notebooks and pages show of everything the library makes; the only room that knows HTML."""

from collections.abc import Iterable

from dti_core.columns.factor import Factor
from dti_core.errors import Language
from dti_core.explain import Explanation
from dti_core.marks import MarkSheet
from dti_core.measures import Measures
from dti_core.notebook import answers, grades, html, outline, sheet, standings
from dti_core.result import Result
from dti_core.rubric import Rubric
from dti_core.rubric.tree import TOTAL
from dti_core.words import HEADINGS
from dti_core.words.tables import Table, written


def of_rubric(rubric: Rubric) -> str:
    """The tree with its maxima, its sets, rules and policy."""
    decision = rubric.decision
    issued = (decision.number, decision.issued, decision.issuer) if decision else rubric.basis
    return html.frame(
        html.named(rubric.title),
        html.facts(html.word("rubric"), rubric.code, rubric.period, *issued),
        outline.nodes(rubric.tree),
        outline.sets(rubric.tree),
        outline.rules(rubric.exclusions),
        outline.blocks(rubric.blocks),
        grades.bands(rubric.bands, rubric.tree),
        grades.limits(rubric.grade_limits, rubric.bands),
        outline.policy(rubric.policy),
    )


def of_marks(marks: MarkSheet) -> str:
    """Units × indices: how much is marked, and where marks are missing."""
    rubric, stage = marks.rubric, html.word(f"stage.{marks.stage}") if marks.stage else None
    return html.frame(
        html.named(rubric.title),
        html.facts(html.word("marks"), rubric.code, marks.period or rubric.period, stage),
        sheet.table(marks),
    )


def of_result(result: Result) -> str:
    """The ranking block by block, what did not count, and who is not ranked."""
    rubric, tree = result.rubric, result.rubric.tree
    parts = tree.pillars or tree.groups or tree.children[TOTAL]
    count = f"{html.number(len(result.units))} đơn vị"
    return html.frame(
        html.named(rubric.title),
        html.facts(html.word("result"), rubric.code, result.marks.period or rubric.period, count),
        standings.table(result.total, [result[node] for node in parts]),
        outline.policy(result.policy),
    )


def of_explanation(explanation: Explanation) -> str:
    """The headed lines of an explanation."""
    title, lines = html.told(explanation.headline), html.steps(explanation.blocks(), explanation.language)
    return html.frame(
        title, html.facts(explanation.title.text(explanation.language)), lines, language=explanation.language
    )


def of_measures(measures: Measures, language: Language) -> str:
    """Units × inputs, as they were measured."""
    sheet, columns = measures.blank, measures.columns.values()
    names = sheet.names or (None,) * len(sheet.units)
    called = [name.text(language) if name else unit for unit, name in zip(sheet.units, names, strict=True)]
    cells = [column.listed() if isinstance(column, Factor) else column.tolist() for column in columns]
    heads = [HEADINGS["unit"].text(language), *map(".".join, measures.columns)]
    rows = zip(called, *(written(column, language) for column in cells), strict=True)
    return of_answer((), [Table(heads, [*rows], sheet.rubric.title.text(language))], language)


def of_answer(remarks: Iterable[str], tables: Iterable[Table], language: Language) -> str:
    """The remarks, line by line, and the tables of an answer, cut where they are long."""
    return html.frame(
        "",
        *(
            html.element("p", html.told(line, html.LINE))
            for remark in remarks
            for line in remark.splitlines()
        ),
        *(answers.table(table, language) for table in tables),
        language=language,
    )
