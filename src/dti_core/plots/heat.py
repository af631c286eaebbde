"""Units × nodes as colours: who is strong in what."""

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from dti_core.analysis.compared import only_result
from dti_core.errors import Language
from dti_core.plots.canvas import INK, PALE, axes, bare, cut, note, page_of, title, write
from dti_core.plots.rows import ranked_names
from dti_core.result import Result
from dti_core.rubric.tree import TOTAL
from dti_core.scores.asked import asked_codes
from dti_core.scores.setting import By
from dti_core.words import PICTURES
from dti_core.words.numbers import fixed
from dti_core.words.tables import NONE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW, COLUMN = 0.22, 0.55


def heatmap(
    result: Result,
    ax: "Axes | None" = None,
    *,
    nodes: Sequence[str] | None = None,
    by: By = None,
    page: int = 1,
    language: Language = "vi",
) -> "Axes":
    """The rates of units at nodes, by default the main indices, in percent, in the order of the ranking.

    The darker, the higher. What does not apply to a unit is grey, with a dash; what is not wholly marked is hatched.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> ax = heatmap(evaluate(rubric, MarkSheet.from_array([[15, 20], [30, 17]], rubric, units=["a", "b"])))
    >>> [text.get_text() for text in ax.texts]
    ['100,0', '85,0', '50,0', '100,0']
    """
    tree = only_result(result).rubric.tree
    indices = [code for code in tree.children[TOTAL] if tree.kind[code] == "scored" and tree.maximum[code]]
    chosen = indices if nodes is None else asked_codes("nodes", nodes)
    ranking = result.ranking(by=by, language=language)
    shown = page_of(len(ranking.units), page)
    rows = [result.marks.row(unit) for unit in ranking.units[shown]]
    rates = np.array([result[code].rate[rows] for code in chosen]).T
    whole = np.array([result[code].completeness[rows] for code in chosen]).T
    ax = axes(ax, 3.2 + COLUMN * len(chosen), 1.6 + ROW * len(rows))
    _cells(ax, rates, whole, language)
    on_page = np.arange(len(ranking.units))[shown]
    ax.set_yticks(range(len(rows)), ranked_names(ranking.columns(language), on_page))
    heads = [cut(f"{code} {result.rubric.title_of(code).text(language)}", 34) for code in chosen]
    ax.set_xticks(range(len(chosen)), heads, rotation=40, ha="left", rotation_mode="anchor")
    ax.xaxis.tick_top()
    bare(ax)
    title(ax, [result.rubric.title.text(language)], len(ranking.units), page, language)
    return ax


def _cells(ax: "Axes", rates: Any, whole: Any, language: Language) -> None:
    from matplotlib import colormaps

    colours = colormaps["cividis_r"].with_extremes(bad=PALE)
    lowest = np.floor(10 * np.nanmin(rates, initial=1)) / 10
    ax.imshow(np.ma.masked_invalid(rates), cmap=colours, vmin=lowest, vmax=1, aspect="auto")
    for row, column in np.ndindex(rates.shape):
        rate = rates[row, column]
        if whole[row, column] < 1:
            ax.bar(column, 1, 1, row - 0.5, color="none", edgecolor="white", hatch="//", linewidth=0)
        cell = NONE if np.isnan(rate) else fixed(Fraction(100 * rate), 1, language)
        is_dark = 2 * rate > 1 + lowest
        write(ax, (column, row), cell, "white" if is_dark else INK, ha="center")
    notes = {"hatched": whole < 1, "grey": np.isnan(rates)}
    note(ax, [PICTURES[name].text(language) for name, cells in notes.items() if cells.any()])
