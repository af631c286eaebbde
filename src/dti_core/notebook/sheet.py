"""A mark sheet as a notebook shows it: units × indices, how much is marked and where marks are missing."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from dti_core.applicability import Finding
from dti_core.applicability.compiled import compile_rubric
from dti_core.marks import MarkSheet
from dti_core.marks.gaps import Gaps
from dti_core.notebook import html, outline, tables
from dti_core.notebook.html import Content, Element, Tellable
from dti_core.notebook.tables import Head, TableRow
from dti_core.rubric.tree import TOTAL
from dti_core.words import EXPLANATIONS, NOTEBOOKS

INDICES = 12
"""The most indices that have a column."""


def table(marks: MarkSheet) -> Element:
    """Points marked so far by unit and index; of many units, those that lack marks come first."""
    count, indices = len(marks.units), marks.rubric.tree.children[TOTAL]
    drawn = indices[:INDICES]
    gaps = Gaps(compile_rubric(marks.rubric), marks.counted, marks.applicability)
    lacking, per_leaf = gaps.lacking()
    shown = _first(lacking, count)
    units = [outline.unit(marks, row) for row in shown.tolist()]
    heads = [
        *tables.heads(unit="wide", marked="number"),
        *(Head(_index_head(gaps, index), "number") for index in drawn),
    ]
    rows: list[TableRow] = [
        _summary(gaps, drawn, len(lacking), per_leaf, count),
        *zip(units, *_columns(gaps, shown, drawn), strict=True),
        *tables.rest(count - len(shown), "units", "rest.lacking"),
        *tables.rest(len(indices) - INDICES, "indices"),
    ]
    return tables.table(heads, rows)


def _index_head(gaps: Gaps, index: str) -> Content:
    return [html.told(index), html.BREAK, html.told(gaps.compiled.tree.title[index], html.HEADING)]


def _first(lacking: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """The rows to show, in their order."""
    if count <= tables.ROWS:
        return np.arange(count)
    few = lacking[: tables.ROWS]
    others = np.setdiff1d(np.arange(min(count, tables.ROWS + len(few))), few)
    return np.concatenate([few, others[: tables.ROWS - len(few)]])


def _summary(
    gaps: Gaps, indices: Sequence[str], lacking: int, per_leaf: NDArray[np.int64], count: int
) -> list[Content]:
    columns = [[gaps.compiled.column[leaf] for leaf in gaps.compiled.tree.under[index]] for index in indices]
    missing = [int(per_leaf[each].sum()) for each in columns]
    told = [html.gap(NOTEBOOKS("missing", count=Fraction(each))) if each else None for each in missing]
    whole = NOTEBOOKS("whole", count=Fraction(count - lacking), of=Fraction(count))
    return [html.small(NOTEBOOKS["everything"]), html.small(whole), *told]


def _columns(gaps: Gaps, rows: NDArray[np.intp], indices: Sequence[str]) -> list[list[Content]]:
    """How much is marked, then each index."""
    pattern_of = gaps.applicability.pattern_of[rows]
    missing, needed = gaps.missing(rows), gaps.applicability.needed[pattern_of]
    wanted, got = needed.sum(axis=1).tolist(), (needed & ~missing).sum(axis=1).tolist()
    progress: list[Content] = [f"{marked}/{all_}" for marked, all_ in zip(got, wanted, strict=True)]
    return [progress, *(_index_cells(gaps, rows, index, missing) for index in indices)]


def _index_cells(gaps: Gaps, rows: NDArray[np.intp], index: str, missing: NDArray[np.bool_]) -> list[Content]:
    """The points that an index has so far and, beneath, what is missing or does not count in the ordinary way."""
    compiled, pattern_of = gaps.compiled, gaps.applicability.pattern_of[rows]
    tree = compiled.tree
    beside = () if tree.kind[index] != "scored" else ("bonus", "penalty")
    at = [compiled.column[leaf] for leaf in tree.under[index] if tree.role[leaf] not in beside]
    told = gaps.applicability
    counts, settled, grants = (each[:, at][pattern_of] for each in (told.by_mark, told.settled, told.grants))
    marks = gaps.ticks[rows][:, at].astype(np.float64) * compiled.earned[at]
    earned = np.where(settled, grants, np.where(counts, marks, np.nan))
    points = html.aligned((np.nansum(earned, axis=1) / compiled.scale).tolist())
    asides = [_asides(case, compiled.tree.scored_under(index)) for case in gaps.applicability.cases]
    given = np.isfinite(earned).sum(axis=1)
    lacking, needed = missing[:, at].sum(axis=1), gaps.applicability.needed[:, at][pattern_of].sum(axis=1)
    return [
        _cell(
            points[row] if given[row] else None,
            NOTEBOOKS("missing.of", count=lacking[row], of=needed[row]) if lacking[row] else None,
            asides[case],
        )
        for row, case in enumerate(gaps.applicability.case_of[rows].tolist())
    ]


def _asides(findings: Sequence[Finding], leaves: Sequence[str]) -> list[Content]:
    """How many of the leaves are treated otherwise than marked, by treatment."""
    told = Counter(finding.treatment for finding in findings if finding.leaf in leaves)
    return [
        html.small(
            "" if count == len(leaves) else f"{count}/{len(leaves)} ", NOTEBOOKS[f"treatment.{treatment}"]
        )
        for treatment, count in told.items()
        if treatment != "count"
    ]


def _cell(points: Tellable | None, missing: Tellable | None, asides: Sequence[Content]) -> Content:
    lines: list[Content] = []
    if points is not None:
        lines = [points, *([html.gap(missing)] if missing else [])]
    elif missing:
        lines = [html.gap(EXPLANATIONS["not marked"])]
    elif not asides:
        lines = [html.small("–")]
    return html.joined([*lines, *asides], html.BREAK)
