"""A mark sheet as a notebook shows it: units × indices, how much is marked and where marks are missing."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dti_core.applicability import Finding
from dti_core.applicability.compiled import compile_rubric
from dti_core.marks import MarkSheet
from dti_core.marks.gaps import Gaps
from dti_core.notebook import html, outline
from dti_core.notebook.html import Head, Html, Section
from dti_core.rubric.tree import TOTAL

INDICES = 12
"""The most indices that have a column."""


def table(marks: MarkSheet) -> Html:
    """Points marked so far by unit and index; of many units, those that lack marks come first."""
    count, indices = len(marks.units), marks.rubric.tree.children[TOTAL]
    drawn = indices[:INDICES]
    gaps = Gaps(compile_rubric(marks.rubric), marks.counted, marks.applicability)
    lacking, per_leaf = gaps.lacking()
    shown = _first(lacking, count)
    units = [outline.unit(marks, row) for row in shown.tolist()]
    heads = [
        *html.heads(unit="wide", marked="number"),
        *(Head(_index_head(gaps, index), None, "number") for index in drawn),
    ]
    rows: list[Sequence[str] | Section] = [
        _summary(gaps, drawn, len(lacking), per_leaf, count),
        *zip(units, *_columns(gaps, shown, drawn), strict=True),
        *html.rest(count - len(shown), "đơn vị", "; đơn vị thiếu điểm chấm hiện trước"),
        *html.rest(len(indices) - INDICES, "chỉ số chính"),
    ]
    return html.table(heads, rows)


def _index_head(gaps: Gaps, index: str) -> Html:
    return html.joined(
        [html.told(index), html.BREAK, html.told(gaps.compiled.tree.title[index].vi, html.HEADING)]
    )


def _first(lacking: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """The rows to show, in their order."""
    if count <= html.ROWS:
        return np.arange(count)
    few = lacking[: html.ROWS]
    others = np.setdiff1d(np.arange(min(count, html.ROWS + len(few))), few)
    return np.concatenate([few, others[: html.ROWS - len(few)]])


def _summary(
    gaps: Gaps, indices: Sequence[str], lacking: int, per_leaf: NDArray[np.int64], count: int
) -> list[str]:
    columns = [[gaps.compiled.column[leaf] for leaf in gaps.compiled.tree.under[index]] for index in indices]
    missing = [int(per_leaf[each].sum()) for each in columns]
    told = [html.gap(f"thiếu {html.number(each)}", f"{each} missing") if each else "" for each in missing]
    whole = html.small(f"{html.number(count - lacking)}/{html.number(count)} đơn vị đủ")
    return [html.small("Cả bảng"), whole, *told]


def _columns(gaps: Gaps, rows: NDArray[np.intp], indices: Sequence[str]) -> list[list[str]]:
    """How much is marked, then each index."""
    pattern_of = gaps.applicability.pattern_of[rows]
    missing, needed = gaps.missing(rows), gaps.applicability.needed[pattern_of]
    wanted, got = needed.sum(axis=1).tolist(), (needed & ~missing).sum(axis=1).tolist()
    progress = [f"{marked}/{all_}" for marked, all_ in zip(got, wanted, strict=True)]
    return [progress, *(_index_cells(gaps, rows, index, missing) for index in indices)]


def _index_cells(gaps: Gaps, rows: NDArray[np.intp], index: str, missing: NDArray[np.bool_]) -> list[str]:
    """The points that an index has so far and, beneath, what is missing or does not count in the ordinary way."""
    compiled, pattern_of = gaps.compiled, gaps.applicability.pattern_of[rows]
    tree = compiled.tree
    beside = () if tree.kind[index] != "scored" else ("bonus", "penalty")
    at = [compiled.column[leaf] for leaf in tree.under[index] if tree.role[leaf] not in beside]
    told = gaps.applicability
    counts, settled, grants = (each[:, at][pattern_of] for each in (told.by_mark, told.settled, told.grants))
    marks = gaps.ticks[rows][:, at].astype(np.float64) * compiled.earned[at]
    earned = np.where(settled, grants, np.where(counts, marks, np.nan))
    points = (np.nansum(earned, axis=1) / compiled.scale).tolist()
    places = html.decimals_of(points)
    asides = [_asides(case, compiled.tree.scored_under(index)) for case in gaps.applicability.cases]
    given = np.isfinite(earned).sum(axis=1)
    lacking, needed = missing[:, at].sum(axis=1), gaps.applicability.needed[:, at][pattern_of].sum(axis=1)
    return [
        _cell(
            html.number(points[row], places) if given[row] else None,
            f"{lacking[row]}/{needed[row]}" if lacking[row] else None,
            asides[case],
        )
        for row, case in enumerate(gaps.applicability.case_of[rows].tolist())
    ]


def _asides(findings: Sequence[Finding], leaves: Sequence[str]) -> list[Html]:
    """How many of the leaves are treated otherwise than marked, by treatment."""
    told = Counter(finding.treatment for finding in findings if finding.leaf in leaves)
    return [
        html.small(
            "" if count == len(leaves) else f"{count}/{len(leaves)} ", html.word(f"treatment.{treatment}")
        )
        for treatment, count in told.items()
        if treatment != "count"
    ]


def _cell(points: str | None, missing: str | None, asides: Sequence[Html]) -> Html:
    if points is not None:
        lines = [points, *([html.gap(f"thiếu {missing}", f"{missing} missing")] if missing else [])]
    else:
        lines = [html.gap("chưa chấm", "not marked")] if missing else [] if asides else [html.small("–")]
    return html.joined([*lines, *asides], html.BREAK)
