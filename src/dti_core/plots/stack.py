"""What the parts of a score bring to it, as stacked bars."""

from typing import TYPE_CHECKING, Any

import numpy as np

from dti_core.analysis.coherence.contributions import contributions as parts_of
from dti_core.analysis.compared import Scored, only_scored
from dti_core.analysis.sources import standing_of
from dti_core.analysis.standing import best_first
from dti_core.errors import Language
from dti_core.plots.canvas import INK, ROW, SMALL, axes, cut, in_rows, page_of, title, write
from dti_core.plots.rows import of_block, ranked_names
from dti_core.rubric.tree import TOTAL
from dti_core.scores.setting import By
from dti_core.words import COHERENCE, PICTURES
from dti_core.words.tables import NONE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999")
"""Told apart by everybody (Okabe and Ito, 2008); from the ninth on they are hatched."""
HATCHES = ("", "///", "...")


def contributions(
    result: Scored,
    ax: "Axes | None" = None,
    *,
    node: str = TOTAL,
    by: By = None,
    block: str | None = None,
    page: int = 1,
    language: Language = "vi",
) -> "Axes":
    """A bar for each unit of a block, best first: how much of its score comes from each part of a node, in percent.

    What comes from no part, such as bonus and what a cap cuts off, is an empty bar: behind the others where it adds, on
    them where it takes away. Beside it stands the published score. Of several blocks one has to be named.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> ax = contributions(evaluate(rubric, MarkSheet.from_array([[15, 20], [30, 17]], rubric, units=["a", "b"])))
    >>> [[f"{bar.get_width():g}" for bar in bars] for bars in ax.containers]  # b is first
    [['60', '30'], ['34', '40']]
    """
    parts, standing = parts_of(only_scored(result), node), standing_of(result, node=node, by=by)
    rows = best_first(of_block(standing.blocks, block), standing.ranks)
    shown = rows[page_of(len(rows), page)]
    own, places = parts.of_rows(shown), np.arange(len(shown))
    ax = axes(ax, 8.2, ROW * len(shown) + 1.5 + 0.2 * (len(own.nodes) // 2))
    ends = np.zeros(len(shown))
    for at, (code, label) in enumerate(zip(own.nodes, own.titles, strict=True)):
        style = {"color": COLOURS[at % len(COLOURS)], "hatch": HATCHES[at // len(COLOURS) % len(HATCHES)]}
        widths = 100 * np.nan_to_num(own.parts[:, at])
        _bars(ax, places, widths, ends, label=cut(f"{code} {label.text(language)}", 44), **style)
        ends += widths
    rest = 100 * np.nan_to_num(own.remainder)
    if rest.any():
        _bars(ax, places, rest, ends, label=COHERENCE["remainder"].text(language), color="none", hatch="xx")
    in_rows(ax, ranked_names(standing.columns(language), shown), language)
    printed = standing._written("published", standing.values, language)
    for at, row in enumerate(shown.tolist()):
        end = ends[at] + max(rest[at], 0)
        write(ax, (end + 0.8, at), printed[row] or NONE)
    ax.set_xlim(0, 1.1 * max((ends + np.maximum(rest, 0)).max(initial=0), 1))
    small = {"fontsize": SMALL, "frameon": False, "labelcolor": INK}
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.01), ncols=2, **small)
    named = node if node != TOTAL else "", standing.title(block, language) if block else ""
    title(ax, [PICTURES["contributions"].text(language), *named], len(rows), page, language)
    return ax


def _bars(ax: "Axes", places: Any, widths: Any, starts: Any, **style: Any) -> None:
    edge = "white" if style["color"] != "none" else INK
    ax.barh(places, widths, 0.75, starts, edgecolor=edge, linewidth=0.5, **style)
