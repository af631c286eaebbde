"""Results as plain dicts of one-dimensional arrays, which pandas, polars and pyarrow take as they are."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.applicability import Aside, Finding
from dti_core.errors import InvalidArgument, shorten
from dti_core.rubric.exclusions import Exclusion, ExclusionRule
from dti_core.scores import Scores
from dti_core.scores.setting import Setting
from dti_core.terms import Label, Language

Columns = dict[str, NDArray[Any]]
Deciding = tuple[str, ExclusionRule | Exclusion]
"""A rule or decision, and whether it is a rule, or a decision of the round or on one unit."""
IDLE = Label(
    "Chỉ số dự phòng, không thay thế chỉ số nào của đơn vị",
    "A stand-by leaf that replaces nothing of the unit's",
)


def wide(setting: Setting, scores: Sequence[Scores], language: Language) -> Columns:
    """A row per unit: code, name, then the columns of each node."""
    table: Columns = {"unit": _texts(setting.marks.units), "name": _names(setting, language)}
    for each in scores:
        columns: Columns = {
            each.node: each.published,
            f"{each.node}.points": each.points,
            f"{each.node}.applicable": each.applicable,
            f"{each.node}.rank": each.ranks(),
            f"{each.node}.of": each.ranked_with(),
        }
        if setting.rubric.bands:
            columns[f"{each.node}.grade"] = each.grades()
        taken = table.keys() & columns.keys()
        if taken:
            message = f"the column {shorten(min(taken))} would hold two things, for a node has that code"
            raise InvalidArgument(f"{message}; leave the node out, or take shape='long'")
        table |= columns
    return table


def long(setting: Setting, scores: Sequence[Scores], language: Language) -> Columns:
    """A row per unit and node."""
    units, count = len(setting.marks.units), len(scores)
    titles = [setting.rubric.title_of(each.node).text(language) for each in scores]

    def mixed(parts: Iterable[NDArray[Any]], kind: type) -> NDArray[Any]:
        column: NDArray[Any] = np.empty((units, count), dtype=kind)
        for at, part in enumerate(parts):
            column[:, at] = part
        return column.ravel()

    table: Columns = {
        "unit": np.repeat(_texts(setting.marks.units), count),
        "name": np.repeat(_names(setting, language), count),
        "node": np.tile(_texts([each.node for each in scores]), units),
        "title": np.tile(_texts(titles), units),
    }
    for name in ("published", "score", "points", "applicable", "rate"):
        table[name] = mixed((getattr(each, name) for each in scores), float)
    table["rank"] = mixed((each.ranks() for each in scores), np.int64)
    table["of"] = mixed((each.ranked_with() for each in scores), np.int64)
    if setting.rubric.bands:
        table["grade"] = mixed((each.grades() for each in scores), object)
    for name in ("completeness", "coverage"):
        table[name] = mixed((getattr(each, name) for each in scores), float)
    return table


def exclusions(setting: Setting, rows: NDArray[np.intp], language: Language) -> Columns:
    """A row per unit, leaf and source of what did not count in the ordinary way."""
    marks, compiled = setting.marks, setting.compiled
    present, pattern_of = np.unique(marks.applicability.case_of[rows], return_inverse=True)
    told = [list(_lines(marks.applicability.asides[at], language)) for at in present.tolist()]
    lines = [line for block in told for line in block]
    lengths = np.array([len(block) for block in told], dtype=np.intp)
    starts, counts = (np.cumsum(lengths) - lengths)[pattern_of], lengths[pattern_of]
    unit_row = np.repeat(rows, counts)
    line: NDArray[np.intp] = np.arange(len(unit_row)) + np.repeat(
        starts - (np.cumsum(counts) - counts), counts
    )

    def of_lines(values: Sequence[Any], kind: type) -> NDArray[Any]:
        per_line: NDArray[Any] = np.array(values, dtype=kind)
        return per_line[line]

    column = of_lines([compiled.column[each.leaf] for each in lines], np.intp)
    ignored = marks.ticks[unit_row, column].astype(np.float64) / compiled.scale
    ignored[of_lines([each.treatment == "count" for each in lines], bool)] = np.nan
    shown = ~of_lines([each.source == "rubric" for each in lines], bool) | ~np.isnan(ignored)
    units = _texts([marks.units[row] for row in rows.tolist()])
    table: Columns = {"unit": np.repeat(units, counts)}
    for name in attrs.fields_dict(_Line):
        table[name] = _texts([getattr(each, name) for each in lines])[line]
    table["ignored"] = ignored
    return {name: _typed(values[shown]) for name, values in table.items()}


def exclusion_totals(setting: Setting, language: Language) -> Columns:
    """A row per rule and decision, whether or not it decided anything."""
    compiled, applicability = setting.compiled, setting.marks.applicability
    totals: dict[Deciding, _Total] = {("rule", each): _Total() for each in setting.rubric.exclusions}
    totals |= {("round", each): _Total() for each in setting.marks.exclusions}
    sizes = np.bincount(applicability.case_of, minlength=len(applicability.cases)).tolist()
    for case, units in zip(applicability.cases, sizes, strict=True):
        for key, leaves in _decided(case).items():
            total = totals.setdefault(key, _Total())
            total.units += units
            total.leaves |= leaves
            if key[1].treatment == "skip":
                total.ticks += units * sum(int(compiled.maxima[compiled.column[leaf]]) for leaf in leaves)
    texts: dict[str, list[str | None]] = {
        "source": [origin for origin, _ in totals],
        "rule": [getattr(each, "code", None) for _, each in totals],
        "treatment": [each.treatment for _, each in totals],
        "by": [each.by for _, each in totals],
        "reason": [each.reason.text(language) for _, each in totals],
        "basis": [each.basis for _, each in totals],
    }
    table: Columns = {name: _typed(_texts(values)) for name, values in texts.items()}
    return table | {
        "units": np.array([total.units for total in totals.values()], dtype=np.int64),
        "leaves": np.array([len(total.leaves) for total in totals.values()], dtype=np.int64),
        "points": np.array([total.ticks for total in totals.values()], dtype=np.float64) / compiled.scale,
    }


@attrs.define
class _Total:
    units: int = 0
    leaves: set[str] = attrs.field(factory=set)
    ticks: int = 0


@attrs.frozen
class _Line:
    leaf: str
    treatment: str
    by: str | None
    source: str
    rule: str | None
    reason: str
    basis: str | None
    overrules: str | None = None


def _lines(asides: Iterable[Aside], language: Language) -> Iterator[_Line]:
    """A line for each source of what did not count; an idle stand-by leaf has none but the rubric."""
    for aside in asides:
        if aside.is_idle:
            yield _Line(aside.leaf, aside.treatment, None, "rubric", None, IDLE.text(language), None)
        overrules = ", ".join(str(each.rule) for each in aside.overruled) or None
        for source in aside.sources:
            reason, basis = source.exclusion.reason.text(language), source.exclusion.basis
            yield _Line(
                aside.leaf, aside.treatment, aside.by, source.origin, source.rule, reason, basis, overrules
            )


def _decided(findings: Iterable[Finding]) -> dict[Deciding, set[str]]:
    """The leaves that each source decided."""
    decided: dict[Deciding, set[str]] = {}
    for finding in findings:
        for source in finding.sources:
            decided.setdefault((source.origin, source.exclusion), set()).add(finding.leaf)
    return decided


def _names(setting: Setting, language: Language) -> NDArray[np.object_]:
    marks = setting.marks
    names = marks.names or (None,) * len(marks.units)
    return _texts(
        [code if name is None else name.text(language) for code, name in zip(marks.units, names, strict=True)]
    )


def _texts(values: Sequence[str | None]) -> NDArray[np.object_]:
    """Text as objects: a long one costs its own length, not everyone's."""
    return np.array(values, dtype=object)


def _typed(values: NDArray[Any]) -> NDArray[Any]:
    """An empty column of text as text, for nothing in it says so."""
    return values if len(values) or values.dtype != object else values.astype(str)
