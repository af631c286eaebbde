"""The tree of a rubric: every node as wide as what it is worth."""

from fractions import Fraction
from typing import TYPE_CHECKING

from dti_core.columns.codes import instance
from dti_core.errors import Language
from dti_core.plots.canvas import DOWN, INK, PALE, UP, axes, bare, cut, write
from dti_core.rubric import Rubric
from dti_core.rubric.tree import TOTAL, Kind
from dti_core.words.numbers import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW = 0.24
"""Inches of height for a leaf."""
COLOURS: dict[Kind, str] = {"scored": "#CFE3F2", "bonus": UP, "penalty": DOWN, "mixed": PALE, "standby": PALE}


def tree(rubric: Rubric, ax: "Axes | None" = None, *, language: Language = "vi") -> "Axes":
    """The total at the left, beside it its indices, then their components, each as high as it is worth.

    What stands outside the maxima, bonus, penalty and stand-by leaves, comes last, in another colour. Where parts are
    worth more than what holds them, it has a cap.

    >>> from dti_core import Index, Rubric
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> [text.get_text() for text in tree(rubric).texts]
    ['Tổng điểm: 50', '1 Nhận thức số: 30', '2 Dịch vụ công: 20']
    """
    instance("rubric", rubric, Rubric)
    nodes = rubric.tree
    depth = 1 + max((depth for _, _, _, depth in nodes.nodes), default=0)
    heights = _heights(rubric)
    ax = axes(ax, 2.7 * depth, max(3.0, ROW * len(nodes.leaves) + 0.8))
    waiting = [(TOTAL, 0, Fraction())]
    while waiting:
        code, level, top = waiting.pop(0)
        worth = nodes.maximum[code] if nodes.kind[code] == "scored" else 0
        _draw(ax, rubric, code, level, float(top), float(worth or heights[code]), language)
        for child in sorted(nodes.children.get(code, ()), key=lambda child: nodes.kind[child] != "scored"):
            waiting.append((child, level + 1, top))
            top += heights[child]
    bare(ax)
    ax.set(xlim=(0, depth), ylim=(float(heights[TOTAL]), 0), xticks=[], yticks=[])
    ax.set_title(cut(rubric.title.text(language), 90), loc="left", fontsize=10, color=INK)
    return ax


def _heights(rubric: Rubric) -> dict[str, Fraction]:
    """How much room each node has: a leaf as its points, never less than a line; the others as what they hold."""
    nodes = rubric.tree
    least = Fraction(max(nodes.maximum.values(), default=1), 120) or Fraction(1)
    heights = {leaf: max(Fraction(nodes.maximum[leaf]), least) for leaf in nodes.leaves}
    for code in (*reversed([*nodes.parent]), TOTAL):
        if code in nodes.children:
            heights[code] = sum((heights[child] for child in nodes.children[code]), Fraction())
    return heights


def _draw(
    ax: "Axes", rubric: Rubric, code: str, level: int, top: float, height: float, language: Language
) -> None:
    nodes = rubric.tree
    colour = COLOURS[nodes.kind[code]]
    ax.bar(level, height, 1, top, align="edge", color=colour, edgecolor="white", linewidth=1)
    points = number(Fraction(nodes.maximum[code], nodes.scale), language)
    name = "" if code == TOTAL else f"{code} "
    label = f"{cut(name + rubric.title_of(code).text(language), 38)}: {points}"
    write(ax, (level + 0.03, top + height / 2), label, "white" if colour in (UP, DOWN) else INK)
