"""What pictures show: the data of their artists is that of the answers; how they look is looked at, not tested."""

import builtins
from typing import Any

import numpy as np
import pytest

import dti_core as dti
from dti_core import analysis
from dti_core.analysis import Standing

matplotlib = pytest.importorskip("matplotlib", reason="the lowest-versions run installs no extras")
plots = pytest.importorskip("dti_core.plots")


def result(count: int = 4) -> dti.Result:
    """Made-up marks of two indices and a bonus: b is not assessed on 2, c lacks a mark there."""
    indices = [dti.Index("1", "Nhận thức số", 30), dti.Index("2", "Dịch vụ công", 20)]
    bonus = dti.Index("T", "Điểm thưởng", 5, role="bonus")
    rubric = dti.Rubric("demo", "Ví dụ", [*indices, bonus])
    skip = dti.Exclusion(members=["2"], units=["b"], treatment="skip", reason="Ví dụ", basis="01/QĐ")
    rows: list[list[int | None]] = [[15, 20, None], [30, None, 1], [21, None, None], [9, 5, None]]
    marks = dti.MarkSheet.from_array(
        np.array([*rows, *[[0, 1, 0]] * (count - 4)], dtype=float),
        rubric,
        units=["a", "b", "c", "d", *(f"e{at}" for at in range(count - 4))],
        exclusions=[skip],
    )
    return dti.evaluate(rubric, marks)


def told(ax: Any) -> list[str]:
    """The texts on the axes."""
    return [text.get_text() for text in ax.texts]


def test_a_heat_map_shows_rates_in_the_order_of_the_ranking() -> None:
    """Cells are the rates in percent, best unit first; what does not apply is a dash, what lacks marks is hatched."""
    ax = plots.heatmap(result(), language="en")

    # b 30/30; a 15/30 and 20/20; c 21/30 and nothing yet of 20; d 9/30 and 5/20
    assert told(ax) == ["100.0", "–", "50.0", "100.0", "70.0", "0.0", "30.0", "25.0"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["b  1", "a  2", "c  3", "d  4"]
    image = ax.images[0].get_array()
    assert image.filled(-1).tolist() == [[1, -1], [0.5, 1], [0.7, 0], [0.3, 0.25]]
    assert [(bar.get_x() + 0.5, bar.get_y() + 0.5) for bar in ax.patches] == [(1, 2)]
    assert ax.get_xlabel() == "hatched: not wholly marked; grey: does not apply"


def test_many_units_are_drawn_page_by_page() -> None:
    """64 units take two pages, the second has one row; a page that is not there is refused."""
    ax = plots.heatmap(result(64), page=2)

    assert len(ax.get_yticklabels()) == 1
    assert ax.get_title(loc="left") == "Ví dụ (trang 2/2)"
    for page in (0, 3, True, "1"):
        with pytest.raises(dti.InvalidArgument, match="page is a whole number from 1 to 2"):
            plots.heatmap(result(64), page=page)


def test_movement_draws_a_line_from_rank_to_rank() -> None:
    """Lines are the ranks of both rounds in three colours; who is new or gone is a point at its side."""
    moved = analysis.movement(Standing([*"abcg"], [1, 2, 3, 4]), Standing([*"abcn"], [2, 1, 3, 4]))
    ax = plots.movement(moved, language="en")

    lines = {tuple(line.get_ydata()): (tuple(line.get_xdata()), line.get_color()) for line in ax.lines}
    assert lines == {
        (2, 1): ((0, 1), "#0072B2"),
        (1, 2): ((0, 1), "#D55E00"),
        (3, 3): ((0, 1), "#767676"),
        (4,): lines[(4,)],
    }
    assert sorted(line.get_xdata()[0] for line in ax.lines if len(line.get_xdata()) == 1) == [0, 1]
    assert {"1  b", "b  2", "4  n", "g  4"} <= {*told(ax)}


def test_movement_of_several_blocks_needs_one() -> None:
    """Ranks of different blocks are not drawn over one another."""
    moved = analysis.movement(
        Standing([*"ab"], [1, 1], blocks=["x", "y"]), Standing([*"ab"], [1, 1], blocks=["x", "y"])
    )

    with pytest.raises(dti.InvalidArgument, match="name it with block: 'x', 'y'"):
        plots.movement(moved)
    with pytest.raises(dti.UnknownCode):
        plots.movement(moved, block="z")
    assert len(plots.movement(moved, block="y").lines) == 1


def test_a_tree_is_as_high_as_it_is_worth() -> None:
    """Each node spans its points beside what holds it; a bonus stands outside the total's."""
    rubric = result().rubric
    ax = plots.tree(rubric, language="en")

    spans = [(bar.get_x(), bar.get_y(), bar.get_height()) for bar in ax.patches]
    assert spans == [(0, 0, 5000), (1, 0, 3000), (1, 3000, 2000), (1, 5000, 500)]  # in hundredths of a point
    assert told(ax) == ["Total: 50", "1 Nhận thức số: 30", "2 Dịch vụ công: 20", "T Điểm thưởng: 5"]


def test_pictures_are_drawn_where_they_are_asked_for() -> None:
    """On axes of the caller, or on a figure that pyplot does not know; text that looks like a formula is text."""
    from matplotlib.figure import Figure

    own = Figure().add_subplot()
    rubric = dti.Rubric("r", "$x$ & <b>", [dti.Index("1", "$\\frac{1}{2}$", 1)])
    assert plots.tree(rubric, own) is own
    own.figure.canvas.draw()
    with pytest.raises(dti.InvalidArgument, match="ax is an Axes of matplotlib"):
        plots.tree(rubric, 1)
    with pytest.raises(dti.InvalidArgument):
        plots.heatmap(rubric)
    with pytest.raises(dti.InvalidArgument):
        plots.movement(rubric)


def test_without_matplotlib_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who lacks matplotlib is told what to install."""
    load = builtins.__import__

    def without(name: str, *arguments: Any, **named: Any) -> Any:
        if name.startswith("matplotlib"):
            raise ModuleNotFoundError(name)
        return load(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ModuleNotFoundError, match=r"dti-core\[plots\]"):
        plots.tree(result().rubric)
