"""Self marks beside appraised ones, as dumbbells."""

from typing import TYPE_CHECKING

import numpy as np

from dti_core.analysis import StageComparison
from dti_core.columns.codes import instance
from dti_core.errors import Language
from dti_core.plots.canvas import DOWN, ROW, SAME, UP, axes, cut, in_rows, note, page_of, title
from dti_core.words import PICTURES
from dti_core.words.tables import NONE

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def stages(
    answer: StageComparison, ax: "Axes | None" = None, *, page: int = 1, language: Language = "vi"
) -> "Axes":
    """A row for each unit, leaf, appraiser or block: from the points claimed, a ring, to those appraised, a dot.

    Who lost most comes first; what was lowered and raised have a colour each. Only what has both marks counts.

    >>> from dti_core import Index, Rubric
    >>> from dti_core.analysis import compare_stages
    >>> from dti_core.assessment import Assessment, Cycle
    >>> cycle = Cycle(Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30)]))
    >>> own = Assessment(cycle, "a").step("mark", {"1": {"points": 25}}, by="Xã A", at="2024-01-02")
    >>> made = own.step("lock", by="Xã A", at="2024-01-03")
    >>> entries = {"1": {"appraised": 22.5, "reason": "Thiếu minh chứng"}}
    >>> made = made.step("appraise", entries, by="Tổ thẩm định", at="2024-01-04")
    >>> claimed, appraised = stages(compare_stages([made])).collections[1:]
    >>> np.asarray(claimed.get_offsets()).tolist(), np.asarray(appraised.get_offsets()).tolist()
    ([[25.0, 0.0]], [[22.5, 0.0]])
    """
    instance("answer", answer, StageComparison)
    columns = answer.columns(language)
    change = columns["appraised"] - columns["self"]
    shown = np.argsort(change, kind="stable")[page_of(len(change), page)]
    claimed, appraised, places = columns["self"][shown], columns["appraised"][shown], np.arange(len(shown))
    colours = np.select([change[shown] < 0, change[shown] > 0], [DOWN, UP], SAME).tolist()
    ax = axes(ax, 7.2, ROW * len(shown) + 1.3)
    ax.hlines(places, claimed, appraised, colors=colours, linewidth=2)
    ax.scatter(claimed, places, s=24, facecolors="white", edgecolors=colours, linewidths=1.2, zorder=3)
    ax.scatter(appraised, places, s=24, color=colours, edgecolors=colours, linewidths=1.2, zorder=3)
    in_rows(ax, _names(answer, language, shown.tolist()), language)
    note(ax, [PICTURES["stages.note"].text(language)])
    title(ax, [PICTURES["stages"].text(language)], len(change), page, language)
    return ax


def _names(answer: StageComparison, language: Language, rows: list[int]) -> list[str]:
    called = [*zip(answer.groups.titles, answer.groups.keys, strict=True)]
    titles = (called[row] for row in rows)
    return [cut(label.text(language) if label else key or NONE, 44) for label, key in titles]
