"""Movement as a picture: who passed whom."""

from typing import TYPE_CHECKING

import numpy as np

from dti_core.analysis import Movement
from dti_core.columns.codes import instance
from dti_core.errors import InvalidArgument, UnknownCode
from dti_core.plots.canvas import DOWN, INK, SAME, SMALL, UP, axes, bare, cut, page_of, title
from dti_core.terms import Language
from dti_core.words import PICTURES, Sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW = 0.2
COLOURS = {"up": UP, "down": DOWN}


def movement(
    answer: Movement,
    ax: "Axes | None" = None,
    *,
    block: str | None = None,
    page: int = 1,
    language: Language = "vi",
) -> "Axes":
    """A line for each unit of a block from its rank before to its rank now; who rose, fell and stayed in three colours.

    Of several blocks one has to be named. Units with one rank only are a point at its side.

    >>> from dti_core.analysis import Standing, movement as moved
    >>> ax = movement(moved(Standing(["a", "b"], [1, 2]), Standing(["a", "b"], [2, 1])))
    >>> [line.get_ydata().tolist() for line in ax.lines]
    [[2, 1], [1, 2]]
    """
    instance("answer", answer, Movement)
    columns = answer.columns(language)
    rows = _rows_of(answer, block)
    now, before = columns["rank"], columns["rank.before"]
    rows = rows[np.lexsort((before[rows], np.where(now[rows] > 0, now[rows], np.inf)))]
    shown = rows[page_of(len(rows), page)]
    ax = axes(ax, 6.4, ROW * len(shown) + 1.0)
    for row in shown.tolist():
        _line(ax, int(before[row]), int(now[row]), COLOURS.get(columns["status"][row], SAME))
        name = cut(columns["name"][row] or columns["unit"][row], 40)
        for side, rank, align in ((0, before[row], "right"), (1, now[row], "left")):
            if rank:
                label = f"{name}  {rank}" if side == 0 else f"{rank}  {name}"
                ax.text(
                    side + (0.03 if side else -0.03),
                    rank,
                    label,
                    ha=align,
                    va="center",
                    fontsize=SMALL,
                    color=INK,
                )
    ranks = np.concatenate([now[shown], before[shown]])
    bare(ax)
    ax.set(
        xlim=(-0.9, 1.9), ylim=(ranks.max(initial=1) + 0.7, ranks[ranks > 0].min(initial=1) - 0.7), yticks=[]
    )
    ax.set_xticks([0, 1], [PICTURES["before"].text(language), PICTURES["now"].text(language)])
    ax.xaxis.tick_top()
    heading = answer.current.title(block, language) if block is not None else ""
    title(ax, heading or PICTURES["movement"].text(language), len(rows), page, language)
    return ax


def _rows_of(answer: Movement, block: str | None) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    blocks = [*dict.fromkeys(each for each in answer.blocks.tolist() if each is not None)]
    if block is None and len(blocks) > 1:
        raise InvalidArgument(Sentence(PICTURES["one_block"], {"blocks": ", ".join(map(repr, blocks))}))
    if block is not None and block not in blocks:
        raise UnknownCode("block", block, blocks)
    return np.flatnonzero(answer.blocks == (block if block is not None else blocks[0] if blocks else None))


def _line(ax: "Axes", before: int, now: int, colour: str) -> None:
    sides = [(side, rank) for side, rank in ((0, before), (1, now)) if rank]
    ax.plot(
        *zip(*sides, strict=True), color=colour, marker="o", markersize=3, linewidth=1.3
    ) if sides else None
