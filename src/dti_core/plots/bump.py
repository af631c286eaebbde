"""Ranks of two rounds or more as lines: who passed whom."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import attrs
import numpy as np

from dti_core.analysis import History, Movement
from dti_core.analysis.standing import best_first
from dti_core.answer import UNRANKED, Columns, Ints
from dti_core.columns.codes import instance
from dti_core.errors import Language
from dti_core.exact.rationals import Rows
from dti_core.plots.canvas import DOWN, PAGE, ROW, SAME, UP, axes, bare, label, note, page_of, title
from dti_core.plots.rows import of_block, unit_names
from dti_core.words import PICTURES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = {1: UP, -1: DOWN}
LETTER = 0.065
"""Inches of width for a letter of a label."""


@attrs.frozen(eq=False)
class Lines:
    """(units, periods) ranks that can be compared, 0 for none, and what units and periods are called."""

    ranks: Ints
    columns: Columns
    periods: Sequence[str]


def movement(
    answer: Movement,
    ax: "Axes | None" = None,
    *,
    block: str | None = None,
    page: int = 1,
    language: Language = "vi",
) -> "Axes":
    """A line for each unit of a block from its rank before to its rank now; who rose, fell and stayed in three colours.

    Of several blocks one has to be named. Units with one rank only are a point at its side, and so are those that were
    ranked in another block before.

    >>> from dti_core.analysis import Standing, movement as moved
    >>> ax = movement(moved(Standing(["a", "b"], [1, 2]), Standing(["a", "b"], [2, 1])))
    >>> [np.asarray(line.get_ydata()).tolist() for line in ax.lines]
    [[2.0, 1.0], [1.0, 2.0]]
    """
    instance("answer", answer, Movement)
    columns = answer.columns(language)
    before = np.where(answer.status == "moved", UNRANKED, columns["rank.before"])
    periods = [PICTURES[name].text(language) for name in ("before", "now")]
    lines = Lines(np.column_stack([before, columns["rank"]]), columns, periods)
    heading = PICTURES["movement"].text(language), answer.current.title(block, language) if block else ""
    return _draw(lines, of_block(answer.blocks, block), heading, ax, page, language)


def history(
    answer: History,
    ax: "Axes | None" = None,
    *,
    block: str | None = None,
    page: int = 1,
    language: Language = "vi",
) -> "Axes":
    """A line for each unit of a block through its ranks; who rose, fell and stayed from its first rank to its last.

    The block is that of the latest round, and of several one has to be named. Ranks from before a unit came into it
    from another block are left out, and a line is broken where a unit has no rank.

    >>> from dti_core.analysis import Standing, history as past
    >>> rounds = {"2021": [1, 2], "2022": [2, 1], "2023": [2, 1]}
    >>> ax = history(past({year: Standing(["a", "b"], ranks) for year, ranks in rounds.items()}))
    >>> [np.asarray(line.get_ydata()).tolist() for line in ax.lines]
    [[2.0, 1.0, 1.0], [1.0, 2.0, 2.0]]
    """
    instance("answer", answer, History)
    columns = answer.summary(language)
    lines = Lines(np.where(_in_last_block(answer), answer.ranks, UNRANKED), columns, answer.periods)
    heading = PICTURES["history"].text(language), answer.standings[-1].title(block, language) if block else ""
    return _draw(lines, of_block(columns["block"], block), heading, ax, page, language)


def _in_last_block(answer: History) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
    """(units, periods) whether a unit stays in one block from then on."""
    columns, shape = answer.columns(), answer.rounds.shape
    moves = np.zeros(shape, dtype=bool)
    moves[np.nonzero(answer.rounds >= 0)] = columns["status"] == "moved"
    later = np.cumsum(moves[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(later - moves == 0)


def _draw(
    lines: Lines, rows: Rows, heading: Sequence[str], ax: "Axes | None", page: int, language: Language
) -> "Axes":
    """The lines of a page, and the ranks it spans: of several pages those of its units in the latest period."""
    rows = best_first(rows[lines.ranks[rows].any(axis=1)], *lines.ranks.T[::-1])
    shown = rows[page_of(len(rows), page)]
    latest = lines.ranks[shown, -1:]
    spanned = latest if len(rows) > PAGE and latest.any() else lines.ranks[shown]
    first, last = spanned[spanned > 0].min(initial=spanned.max(initial=1)), spanned.max(initial=1)
    sides = [_beside(lines.ranks[shown, at], first, last) for at in (0, -1)]
    bottom = max([last, *(spot for spots in sides for spot in spots.values())])
    called, width = unit_names(lines.columns, shown), len(lines.periods) - 1
    room = 0.3 + LETTER * max(map(len, called), default=0)
    ax = axes(ax, 2 * room + 1.0 + 1.2 * width, ROW * (bottom - first + 1) + 1.2)
    for row, ranks in enumerate(lines.ranks[shown]):
        _line(ax, ranks)
        if row not in sides[0] and row not in sides[1]:
            _amid(ax, called[row], ranks, first, last)
    for at, spots in zip((0, width), sides, strict=True):
        for row, spot in spots.items():
            _label(ax, called[row], int(lines.ranks[shown[row], at]), (at, spot))
    bare(ax)
    beyond = room * max(width, 1) / (1.0 + 1.2 * width)
    ax.set(xlim=(-beyond, width + beyond), ylim=(bottom + 0.7, first - 0.7), yticks=[])
    ax.set_xticks(range(len(lines.periods)), lines.periods)
    ax.xaxis.tick_top()
    note(ax, [PICTURES["colours"].text(language)])
    title(ax, heading, len(rows), page, language)
    return ax


def _beside(ranks: Ints, first: int, last: int) -> dict[int, int]:
    """By row where the labels at one side go: at the rank, or below the labels of those that have the same."""
    spots: dict[int, int] = {}
    lowest = 0
    for row in np.argsort(ranks, kind="stable").tolist():
        if first <= ranks[row] <= last:
            spots[row] = lowest = max(lowest + 1, int(ranks[row]))
    return spots


def _line(ax: "Axes", ranks: Ints) -> None:
    known = ranks[ranks > 0]
    colour = COLOURS.get(int(np.sign(known[0] - known[-1])), SAME)
    heights = np.where(ranks > 0, ranks, np.nan)
    ax.plot(range(len(ranks)), heights, color=colour, marker="o", markersize=3, linewidth=1.3)


def _label(ax: "Axes", name: str, rank: int, place: tuple[int, int]) -> None:
    """At the left of the first period, or at the right of the last."""
    text, align, side = (f"{name}  {rank}", "right", -1) if place[0] == 0 else (f"{rank}  {name}", "left", 1)
    label(ax, text, place, (6 * side, 0), ha=align, va="center")


def _amid(ax: "Axes", name: str, ranks: Ints, first: int, last: int) -> None:
    """Above the last point of a unit that has none at either side."""
    at = int(np.flatnonzero(ranks)[-1])
    if first <= ranks[at] <= last:
        label(ax, name, (at, int(ranks[at])), (0, 3), ha="center", va="bottom")
