"""The leaves where points are to be had."""

from fractions import Fraction
from typing import Any

import attrs
import numpy as np

from dti_core.analysis.by_result import end_to_end
from dti_core.analysis.compared import only_result
from dti_core.analysis.doors import share
from dti_core.analysis.marked import LeafMarks
from dti_core.analysis.together import Edition, result_with
from dti_core.answer import Answer, Columns, Floats, Texts, in_language, kept, texts
from dti_core.columns.frozen import Frozen
from dti_core.errors import InvalidArgument, Language, shorten
from dti_core.exact.rationals import Mask, Rationals, Rows
from dti_core.result import Result
from dti_core.rubric.tree import TOTAL
from dti_core.terms import Label, Number
from dti_core.words import REACH

ROWS = ("units", "names", "leaves", "titles", "indices", "points", "maximum", "short", "states")


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Shortfalls(Answer):
    """Where points are lacking, a row per unit and leaf: units in their order, of each most points first.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> result = evaluate(rubric, MarkSheet.from_array([[7.5, 18]], rubric, units=["a"]))
    >>> told = shortfalls(result)
    >>> told.leaves.tolist(), told.short.tolist(), told.states.tolist()
    (['1', '2'], [22.5, 2.0], ['low', 'below'])
    """

    #: (rows,) the unit of each
    units: Texts
    #: what these are called
    names: tuple[Label | None, ...]
    #: (rows,) the leaf of each
    leaves: Texts
    #: what these are called
    titles: tuple[Label, ...]
    #: the main index of each leaf
    indices: Texts
    #: what the mark earns, NaN where not marked
    points: Floats
    #: what the leaf is worth to the unit
    maximum: Floats
    #: the points that it lacks
    short: Floats
    #: unmarked, unproven, zero, low or below
    states: Texts
    language: Language = "vi"
    _catalogues = Frozen({"state": REACH})

    def __repr__(self) -> str:
        return f"<Shortfalls: {len(self.leaves)} leaves of {len({*self.units})} units>"

    def columns(self, language: Language | None = None) -> Columns:
        """A dict of arrays, a row per unit and leaf.

        ``unit``, ``name``, ``leaf``, ``title``, ``index`` (the main index it is in), ``points`` (NaN where not marked),
        ``maximum``, ``short`` (what it lacks) and ``state``: unmarked, unproven, zero, low or below.
        """
        language = self._speaking(language)
        return {
            "unit": self.units,
            "name": in_language(self.names, language),
            "leaf": self.leaves,
            "title": in_language(self.titles, language),
            "index": self.indices,
            "points": self.points,
            "maximum": self.maximum,
            "short": self.short,
            "state": self.states,
        }


def shortfalls(
    source: Result | Edition,
    unit: str | None = None,
    *,
    node: str = TOTAL,
    low: Number = 0.5,
    unproven: Mask | None = None,
) -> Shortfalls:
    """Where points are lacking under a node, of one unit or of all.

    A leaf is unmarked; unproven; zero; low, with less than the share ``low`` of its maximum; or below the maximum. What
    does not count for the unit is left out. ``unproven`` (units, leaves) says which marks of a result lack evidence, as
    :attr:`Assessments.unproven` does; those are listed even where they are short of nothing.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> result = evaluate(rubric, MarkSheet.from_array([[7.5, 18]], rubric, units=["a"]))
    >>> print(shortfalls(result).text("en"))
    Unit  Leaf  Title         Index  Points  Maximum  Short  State
    ────  ────  ────────────  ─────  ──────  ───────  ─────  ─────────────────
    a        1  Nhận thức số      1     7.5       30   22.5  low
    a        2  Dịch vụ công      2    18.0       20    2.0  below the maximum
    """
    if isinstance(source, Edition) and unit is None:
        if unproven is not None:
            raise InvalidArgument(REACH("unproven_alone"))
        parts = [shortfalls(result, node=node, low=low) for result in source.results.values()]
        return Shortfalls(**end_to_end(parts, *ROWS))
    result = only_result(source) if unit is None else result_with(source, unit)
    tree, marked, bound = result.rubric.tree, LeafMarks(result), share("low", low)
    asked = np.arange(len(result.units)) if unit is None else np.array([result.marks.row(unit)])
    wanted = marked.needed[asked] & np.isin(tree.leaves, tree.under[result[node].node])
    lacks = np.where(wanted, marked.worth[asked] - marked.points[asked], 0)
    doubted = _doubted(result, unproven)[asked] & wanted & marked.there[asked]
    rows, columns = np.nonzero((lacks > 0) | doubted)
    order = np.lexsort((columns, -lacks[rows, columns], rows))
    rows, columns = rows[order], columns[order]
    return _of_cells(marked, asked[rows], columns, doubted[rows, columns], bound)


def _of_cells(marked: LeafMarks, rows: Rows, columns: Rows, doubted: Mask, bound: Fraction) -> Shortfalls:
    """What is lacking on some leaves of some units, the row and column of each."""
    units, names, tree = marked.result.units, marked.result.marks.names, marked.result.rubric.tree
    points, worth, there = (held[rows, columns] for held in (marked.points, marked.worth, marked.there))
    low = Rationals.of(points) < Rationals.of(worth) * bound
    states = {"unmarked": ~there, "unproven": doubted, "zero": points == 0, "low": low}
    index_of = {leaf: index for index in tree.children[TOTAL] for leaf in tree.under[index]}
    leaves = [tree.leaves[column] for column in columns.tolist()]
    return Shortfalls(
        units=texts(units[row] for row in rows.tolist()),
        names=tuple(names[row] if names else None for row in rows.tolist()),
        leaves=texts(leaves),
        titles=tuple(tree.title[leaf] for leaf in leaves),
        indices=texts(map(index_of.get, leaves)),
        points=kept(np.where(there, points / tree.scale, np.nan)),
        maximum=kept(worth / tree.scale),
        short=kept((worth - points) / tree.scale),
        states=texts(np.select([*states.values()], [*states], "below").tolist()),
    )


def _doubted(result: Result, unproven: Any) -> Mask:
    """Which marks lack evidence; none where nobody says so."""
    shape = result.marks.ticks.shape
    doubts = np.zeros(shape, dtype=bool) if unproven is None else unproven
    if not isinstance(doubts, np.ndarray) or doubts.dtype != np.bool_ or doubts.shape != shape:
        units, leaves = shape
        raise InvalidArgument(REACH("unproven", units=units, leaves=leaves, value=shorten(unproven)))
    return doubts
