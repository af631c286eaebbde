"""How sure a place is: published ranks on the ranks that units could have."""

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from dti_core.analysis import CertainRanks, RankIntervals
from dti_core.analysis.standing import best_first
from dti_core.columns.codes import instance
from dti_core.errors import InvalidArgument, Language
from dti_core.exact.rationals import Rows
from dti_core.plots.canvas import INK, PALE, ROW, UP, axes, in_rows, note, page_of, title
from dti_core.plots.rows import of_block, ranked_names
from dti_core.words import PICTURES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTHS = {"certain": 8.0, "drawn": 1.2, "between": 4.0}
COLOURS = {"certain": PALE, "drawn": UP, "between": UP}


def rank_intervals(
    answer: RankIntervals | CertainRanks,
    ax: "Axes | None" = None,
    *,
    certain: CertainRanks | None = None,
    block: str | None = None,
    page: int = 1,
    language: Language = "vi",
) -> "Axes":
    """A row for each ranked unit of a block: its published rank as a dot, the ranks it could have as bars behind it.

    Of draws the thin bar spans the best and the worst rank drawn, the thick one the share of the draws that was asked
    for. The bounds of :func:`~dti_core.analysis.certain_ranks` are pale, by themselves or, given as ``certain``, behind
    the draws of the same units. Of several blocks one has to be named.

    >>> from dti_core import Index, MarkSheet, Rubric, analysis, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> result = evaluate(rubric, MarkSheet.from_array([[30, 10], [15, 20]], rubric, units=["a", "b"]))
    >>> ax = rank_intervals(analysis.certain_ranks(result))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['a  1', 'b  2']
    """
    if isinstance(answer, CertainRanks):
        drawn, certain = None, answer
    else:
        instance("answer", answer, RankIntervals)
        drawn = answer
    if certain is not None:
        instance("certain", certain, CertainRanks)
        if certain.units != answer.units:
            raise InvalidArgument(PICTURES("other_units"))
    columns, standing = answer.columns(language), answer.standing
    rows = best_first(of_block(standing.blocks, block), standing.ranks)
    rows = rows[standing.ranks[rows] > 0]
    shown = rows[page_of(len(rows), page)]
    ax = axes(ax, 7.2, ROW * len(shown) + 1.3)
    _draw(ax, drawn, certain, shown)
    ranks, places = standing.ranks[shown], range(len(shown))
    ax.scatter(ranks, places, s=16, color=INK, edgecolors="white", linewidths=0.6, zorder=3)
    in_rows(ax, ranked_names(columns, shown), language)
    ax.set_xlim(left=0.5)
    ax.locator_params(axis="x", integer=True)
    note(ax, _notes(drawn, certain, language))
    heading = PICTURES["rank_intervals"].text(language), standing.title(block, language) if block else ""
    title(ax, heading, len(rows), page, language)
    return ax


def _draw(ax: "Axes", drawn: RankIntervals | None, certain: CertainRanks | None, shown: Rows) -> None:
    """The bars behind the dots, the widest first."""
    if certain is not None:
        _bars(ax, "certain", certain.best[shown], certain.worst[shown])
    if drawn is not None:
        _bars(ax, "drawn", drawn.best_drawn[shown], drawn.worst_drawn[shown])
        _bars(ax, "between", drawn.lower[shown], drawn.upper[shown])


def _bars(ax: "Axes", kind: str, best: Any, worst: Any) -> None:
    ax.hlines(
        np.arange(len(best)),
        best,
        worst,
        colors=COLOURS[kind],
        linewidth=WIDTHS[kind],
        capstyle="round",
        label=kind,
    )


def _notes(drawn: RankIntervals | None, certain: CertainRanks | None, language: Language) -> list[str]:
    """What dot and bars are."""
    notes = [PICTURES["dot"].text(language)]
    if drawn is not None:
        level = Fraction(f"{100 * drawn.level:.4g}")
        notes.append(PICTURES("drawn", level=level, draws=Fraction(drawn.count)).text(language))
    if certain is not None:
        spread = Fraction(repr(100 * certain.spread))
        notes.append(PICTURES("certain", spread=spread).text(language))
    return notes
