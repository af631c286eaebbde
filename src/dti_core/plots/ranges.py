"""A profile as a picture: one unit on the range of those that it is ranked with."""

from typing import TYPE_CHECKING

import numpy as np

from dti_core.analysis import Profile
from dti_core.columns.codes import instance
from dti_core.errors import Language
from dti_core.plots.canvas import (
    DOWN,
    INK,
    PALE,
    ROW,
    SAME,
    UP,
    axes,
    cut,
    in_rows,
    note,
    page_of,
    title,
    write,
)
from dti_core.words import PICTURES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = {"strength": UP, "weakness": DOWN}


def profile(answer: Profile, ax: "Axes | None" = None, *, page: int = 1, language: Language = "vi") -> "Axes":
    """A row for each node: the unit's share of a full score as a dot, on the range of the units ranked there.

    Strengths and weaknesses have a colour; the stroke is the median; what is left out says why. Shares are in percent.

    >>> from dti_core import Index, MarkSheet, Rubric, analysis, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> result = evaluate(rubric, MarkSheet.from_array([[15, 20], [30, 17]], rubric, units=["a", "b"]))
    >>> ax = profile(analysis.profile(result, "a", fewest=2))
    >>> np.asarray(ax.collections[-1].get_offsets()).tolist()
    [[50.0, 0.0], [100.0, 1.0]]
    """
    instance("answer", answer, Profile)
    columns = answer.columns(language)
    shown = page_of(len(answer.parts), page)
    own = {name: column[shown] for name, column in columns.items()}
    places = np.arange(len(own["node"]))
    ax = axes(ax, 7.2, 1.2 * ROW * len(places) + 1.3)
    ax.hlines(places, 100 * own["peers.worst"], 100 * own["peers.best"], colors=PALE, linewidth=6)
    ax.scatter(100 * own["peers.median"], places, marker="|", s=70, color=INK, linewidths=1)
    colours = [COLOURS.get(verdict, SAME) for verdict in own["verdict"]]
    ax.scatter(100 * own["share"], places, s=28, color=colours, edgecolors="white", linewidths=0.6, zorder=3)
    nodes = zip(own["node"], own["title"], strict=True)
    in_rows(ax, [cut(f"{node} {label}", 44) for node, label in nodes], language)
    ax.set_xlim(-2, 102)
    for at, (rank, of, verdict) in enumerate(zip(own["rank"], own["of"], own["verdict_title"], strict=True)):
        write(ax, (1.01, at), f"{rank}/{of}" if rank else verdict, transform=ax.get_yaxis_transform())
    note(ax, [PICTURES["profile.note"].text(language)])
    who = answer.name.text(language) if answer.name else answer.unit
    heading = who, answer.block.text(language) if answer.block else ""
    title(ax, [PICTURES["profile"].text(language), *heading], len(answer.parts), page, language)
    return ax
