"""Why a score or a rank changed, as a waterfall."""

from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

from dti_core.analysis import Change
from dti_core.analysis.change.answer import PLACES
from dti_core.analysis.doors import place
from dti_core.columns.codes import instance, option
from dti_core.errors import InvalidArgument, Language
from dti_core.plots.canvas import DOWN, INK, ROW, SAME, UP, axes, in_rows, label, note, title
from dti_core.words import CHANGES, PICTURES
from dti_core.words.tables import signed

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def change(
    answer: Change,
    ax: "Axes | None" = None,
    *,
    unit: str | None = None,
    of: Literal["points", "places"] = "points",
    language: Language = "vi",
) -> "Axes":
    """A bar for each cause that changed anything, each beginning where the one above ends, and last what all come to.

    ``of`` is what to show, points or places; ``unit`` may be left out where one alone is explained. Raises
    :class:`~dti_core.InvalidArgument` for a unit whose change is not taken apart.

    >>> from dti_core import Index, MarkSheet, Rubric, analysis, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> before, after = (evaluate(rubric, MarkSheet.from_array(marks, rubric, units=["a", "b"]))
    ...                  for marks in ([[15, 20], [30, 17]], [[21, 18], [30, 17]]))
    >>> ax = change(analysis.explain_change(before, after), unit="a")
    >>> [text.get_text() for text in ax.texts]
    ['+4,00', '+4,00']
    """
    instance("answer", answer, Change)
    option("of", of, "points", "places")
    row = 0 if unit is None and len(answer.units) == 1 else place("unit", unit, answer.units)
    parts = {cause: share.at(row) for cause, share in zip(answer.causes, getattr(answer, of), strict=True)}
    shares = {cause: share for cause, share in parts.items() if share}
    if None in parts.values():
        why = CHANGES[answer.obstacles[row]]
        raise InvalidArgument(PICTURES("not_apart", unit=answer.units[row], why=why))
    whole = sum(shares.values(), Fraction())
    ends = [*accumulate(shares.values(), initial=Fraction())]
    decimals = answer.decimals if of == "points" else PLACES
    ax = axes(ax, 7.2, 1.6 * ROW * len(ends) + 1.2)
    for at, (start, share) in enumerate([*zip(ends, shares.values(), strict=False), (Fraction(), whole)]):
        _bar(ax, at, start, share, signed(share, decimals, language))
    for at, end in enumerate(ends[1:]):
        ax.plot([float(end)] * 2, [at, at + 1], color=SAME, linewidth=0.8, zorder=1)
    in_rows(ax, [CHANGES[cause].text(language) for cause in (*shares, "sum")], language)
    ax.axvline(0, color=INK, linewidth=0.8)
    ax.use_sticky_edges = False
    ax.margins(x=0.14)
    note(ax, [PICTURES[f"change.{of}"].text(language)])
    name = answer.columns(language)["name"][row * len(answer.causes)] or answer.units[row]
    title(ax, [PICTURES(f"why.{of}", unit=name).text(language)], 1, 1, language)
    return ax


def _bar(ax: "Axes", at: int, start: Fraction, share: Fraction, text: str) -> None:
    ax.barh(at, float(share), 0.6, float(start), color=UP if share > 0 else DOWN, zorder=2)
    side, align = (4, "left") if share >= 0 else (-4, "right")
    label(ax, text, (float(start + share), at), (side, 0), ha=align, va="center")
