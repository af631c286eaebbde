"""Results as plain dicts of one-dimensional arrays, which pandas, polars and pyarrow take as they are."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, reduce
from itertools import chain
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dti_core.answer import Columns
from dti_core.applicability import Aside, Source
from dti_core.errors import Language
from dti_core.evaluation.changes import changes
from dti_core.exact.rationals import Rows
from dti_core.rubric.conditions import UNIT, When
from dti_core.scores import Scores
from dti_core.scores.asked import with_columns
from dti_core.scores.setting import BLOCK, Setting
from dti_core.words import RESULTS
from dti_core.words.results import equation

Ask = Callable[[str], Scores]
"""Gives the scores of a node. One node is done with before the next is asked for: few need be held at a time."""
FIELDS: Mapping[str, tuple[type, Callable[[Scores], NDArray[Any]]]] = {
    **{name: (float, attrgetter(name)) for name in ("published", "score", "points", "applicable", "rate")},
    "rank": (np.int64, Scores.ranks),
    "of": (np.int64, Scores.ranked_with),
    "grade": (object, Scores.grades),
    **{name: (float, attrgetter(name)) for name in ("completeness", "coverage")},
}
"""The columns of a long table that nodes have: the type of each, and where it comes from."""


def wide(setting: Setting, nodes: Sequence[str], scores: Ask, language: Language) -> Columns:
    """A row per unit: code, name, block where there are any, then the columns of each node."""
    table: Columns = {"unit": _texts(setting.marks.units), "name": _names(setting, language)}
    if setting.rubric.blocks:
        table[BLOCK] = _blocks(setting)
    for node in nodes:
        part = scores(node)
        columns: Columns = {
            node: part.published,
            f"{node}.points": part.points,
            f"{node}.applicable": part.applicable,
            f"{node}.rank": part.ranks(),
            f"{node}.of": part.ranked_with(),
        }
        if setting.rubric.bands:
            columns[f"{node}.grade"] = part.grades()
        table = with_columns(table, columns)
    return table


def long(setting: Setting, nodes: Sequence[str], scores: Ask, language: Language) -> Columns:
    """A row per unit and node."""
    units, count = len(setting.marks.units), len(nodes)
    mixed: Columns = {name: np.empty((units, count), dtype=kind) for name, (kind, _) in FIELDS.items()}
    if not setting.rubric.bands:
        del mixed["grade"]
    for at, node in enumerate(nodes):
        part = scores(node)
        for name, column in mixed.items():
            column[:, at] = FIELDS[name][1](part)
    titles = [setting.rubric.title_of(node).text(language) for node in nodes]
    return {
        "unit": np.repeat(_texts(setting.marks.units), count),
        "name": np.repeat(_names(setting, language), count),
        **({BLOCK: np.repeat(_blocks(setting), count)} if setting.rubric.blocks else {}),
        "node": np.tile(_texts(nodes), units),
        "title": np.tile(_texts(titles), units),
        **{name: column.ravel() for name, column in mixed.items()},
    }


def exclusions(setting: Setting, rows: Rows, language: Language) -> Columns:
    """A row per unit, leaf and source of what did not count in the ordinary way."""
    marks, compiled = setting.marks, setting.compiled
    cases, case_of = np.unique(marks.applicability.case_of[rows], return_inverse=True)
    by_case = [_lines(marks.applicability.asides[case]) for case in cases.tolist()]
    lines = [*chain.from_iterable(by_case)]
    asides, sources = [aside for aside, _ in lines], [source for _, source in lines]
    texts: dict[str, list[str | None]] = {
        "leaf": [aside.leaf for aside in asides],
        **_told_by(sources, language),
        "overrules": [", ".join(str(rule.rule) for rule in aside.overruled) or None for aside in asides],
    }
    unit_row, line = _spread(rows, case_of, [len(case) for case in by_case])
    column = np.array([compiled.column[aside.leaf] for aside in asides], dtype=np.intp)[line]
    ignores = np.array([aside.ignores for aside in asides], dtype=bool)[line]
    is_idle = np.array([aside.is_idle for aside in asides], dtype=bool)[line]
    given = marks.ticks[unit_row, column].astype(np.float64) / compiled.mark_scale
    to = np.array([np.nan if aside.to is None else float(aside.to) for aside in asides])[line]
    ignored = np.where(ignores | (given > to), given, np.nan)
    table: Columns = {"unit": _texts(marks.units)[unit_row]}
    table |= {name: _texts(values)[line] for name, values in texts.items()}
    whens = [getattr(source and source.exclusion, "when", ()) for source in sources]
    table["because"] = _because(setting, whens, line, unit_row, language)
    table |= {"to": to, "ignored": ignored}
    shown = ~is_idle | ~np.isnan(ignored)
    return {name: _typed(values[shown]) for name, values in table.items()}


def _lines(asides: Iterable[Aside]) -> list[tuple[Aside, Source | None]]:
    """What did not count, once with each source; an idle stand-by leaf has none but the rubric."""
    return [(aside, source) for aside in asides for source in aside.sources or (None,)]


def _spread(rows: Rows, case_of: Rows, lengths: Sequence[int]) -> tuple[Rows, Rows]:
    """For every row of the table the row of its unit, and the line among those of all cases."""
    starts = np.cumsum([0, *lengths])
    counts = np.diff(starts)[case_of]
    before = np.cumsum(counts) - counts
    return np.repeat(rows, counts), np.arange(counts.sum()) + np.repeat(starts[case_of] - before, counts)


def _because(
    setting: Setting, whens: Sequence[When], line: Rows, unit_row: Rows, language: Language
) -> NDArray[np.object_]:
    """For every row of the table the values of the attributes that its rule asks about; None of a decision."""
    marks = setting.marks

    @cache
    def equations(name: str) -> NDArray[np.object_]:
        """What each unit has."""
        if name == UNIT:
            return _texts([equation(name, unit, language) for unit in marks.units])
        factor = marks.attributes[name]
        return _texts([equation(name, value, language) for value in factor.values])[factor.codes]

    asked = [tuple(name for name, _ in when) for when in whens]
    number_of = {names: number for number, names in enumerate(dict.fromkeys(asked))}
    number = np.array([number_of[names] for names in asked], dtype=np.intp)[line]
    order = np.argsort(number, kind="stable")
    parts = np.split(order, np.searchsorted(number[order], np.arange(1, len(number_of))))
    because: NDArray[np.object_] = np.full(len(line), None, dtype=object)
    for names, part in zip(number_of, parts, strict=False):
        values = [equations(name)[unit_row[part]] for name in names]
        if values:
            because[part] = reduce(lambda left, right: left + ", " + right, values)
    return because


def exclusion_totals(setting: Setting, language: Language) -> Columns:
    """A row per rule and decision, whether or not it decided anything."""
    applicability = setting.marks.applicability
    sources = [Source("rule", rule, None, ()) for rule in setting.rubric.exclusions]
    sources += [Source("round", decision, None, ()) for decision in setting.marks.exclusions]
    leaves: dict[Source, set[str]] = {source: set() for source in sources}
    units: Counter[Source] = Counter()
    ticks: Counter[Source] = Counter()
    sizes = np.bincount(applicability.case_of, minlength=len(applicability.cases)).tolist()
    for asides, size in zip(applicability.asides, sizes, strict=True):
        met = [(source, aside.leaf) for aside in asides for source in aside.sources]
        units.update(dict.fromkeys((source for source, _ in met), size))
        for source, leaf in met:
            leaves.setdefault(source, set()).add(leaf)
            ticks[source] += size * _taken(setting, source, leaf)
    table = {name: _typed(_texts(values)) for name, values in _told_by([*leaves], language).items()}
    return table | {
        "units": np.array([units[source] for source in leaves], dtype=np.int64),
        "leaves": np.array([len(reached) for reached in leaves.values()], dtype=np.int64),
        "points": np.array([ticks[source] for source in leaves], dtype=np.float64) / setting.scale,
    }


def grade_limits(setting: Setting, rows: Rows, language: Language) -> Columns:
    """A row per unit and limit on its grade."""
    limited, units = setting.marks.limited, _texts(setting.marks.units)
    sets, set_of = np.unique(limited.set_of[rows], return_inverse=True)
    by_set = [limited.sets[each] for each in sets.tolist()]
    sources = [*chain.from_iterable(by_set)]
    limits = [source.limit for source in sources]
    told: Columns = {
        "at_most": _texts([limit.at_most for limit in limits]),
        "lower_by": np.array([limit.lower_by or 0 for limit in limits], dtype=np.int64),
        "source": _texts([source.origin for source in sources]),
        "rule": _texts([source.rule for source in sources]),
        "reason": _texts([limit.reason.text(language) for limit in limits]),
        "basis": _texts([limit.basis for limit in limits]),
    }
    unit_row, line = _spread(rows, set_of, [len(each) for each in by_set])
    table: Columns = {"unit": units[unit_row]} | {name: column[line] for name, column in told.items()}
    table["because"] = _because(setting, [source.when for source in sources], line, unit_row, language)
    return {name: _typed(values) for name, values in table.items()}


def _taken(setting: Setting, source: Source, leaf: str) -> int:
    """What a rule or decision takes from the maximum of a leaf, in ticks."""
    compiled, exclusion = setting.compiled, source.exclusion
    column = compiled.column[leaf]
    if exclusion.treatment == "skip":
        return int(compiled.maxima[column])
    if exclusion.to is None:
        return 0
    return int(compiled.maxima[column] - exclusion.to * compiled.mark_scale * int(compiled.earned[column]))


def adjustments(setting: Setting, rows: Rows) -> Columns:
    """A row per unit and adjusted node of which something was taken, or which was given something."""
    columns = [(node, what, change[rows]) for node, what, change in changes(setting.rolled)]
    matrix = np.array([change for _, _, change in columns], dtype=np.int64).reshape(len(columns), len(rows))
    unit, at = np.nonzero(matrix.T)
    table: Columns = {"unit": _texts(setting.marks.units)[rows[unit]]}
    table["node"] = _texts([node for node, _, _ in columns])[at]
    table["what"] = _texts([what for _, what, _ in columns])[at]
    table["points"] = matrix.T[unit, at] / setting.scale
    return {name: _typed(values) for name, values in table.items()}


def _told_by(sources: Sequence[Source | None], language: Language) -> dict[str, list[str | None]]:
    """What rules and decisions say; None is the rubric, which has a stand-by leaf that nothing puts in use."""
    exclusions = [None if source is None else source.exclusion for source in sources]
    return {
        "treatment": [each.treatment if each else "standby" for each in exclusions],
        "by": [each.by if each else None for each in exclusions],
        "source": [source.origin if source else "rubric" for source in sources],
        "rule": [source.rule if source else None for source in sources],
        "reason": [(each.reason if each else RESULTS["idle"]).text(language) for each in exclusions],
        "basis": [each.basis if each else None for each in exclusions],
    }


def _blocks(setting: Setting) -> NDArray[np.object_]:
    """The code of each unit's block, None where it is in none."""
    factor = setting.factor(BLOCK)
    return _texts([*map(str, factor.values), None])[factor.codes]


def _names(setting: Setting, language: Language) -> NDArray[np.object_]:
    if setting.marks.names is None:
        return _texts(setting.marks.units)
    return _texts([setting.name(row, language) for row in range(len(setting.marks.units))])


def _texts(values: Sequence[str | None]) -> NDArray[np.object_]:
    """Text as objects: a long one costs its own length, not everyone's."""
    return np.array(values, dtype=object)


def _typed(values: NDArray[Any]) -> NDArray[Any]:
    """An empty column of text as text, for nothing in it says so."""
    return values if len(values) or values.dtype != object else values.astype(str)
