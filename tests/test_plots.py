"""What pictures show: the data of their artists is that of the answers; how they look is looked at, not tested."""

import builtins
import unicodedata
from typing import Any

import numpy as np
import pytest
from test_assessment import appraised

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

    assert {str(line.get_ydata().tolist()): line.get_color() for line in ax.lines} == {
        "[2.0, 1.0]": "#0072B2",
        "[1.0, 2.0]": "#D55E00",
        "[3.0, 3.0]": "#767676",
        "[4.0, nan]": "#767676",
        "[nan, 4.0]": "#767676",
    }
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


def test_a_block_in_two_forms() -> None:
    """A block is found whatever the Unicode form that it is typed in."""
    before = Standing([*"ab"], [1, 1], blocks=["Huế", "y"])

    apart = unicodedata.normalize("NFD", "Huế")
    assert len(plots.movement(analysis.movement(before, before), block=apart).lines) == 1


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


def spans(bars: Any) -> list[tuple[float, float]]:
    """From where to where horizontal lines go."""
    return [(line[0][0], line[1][0]) for line in bars.get_segments()]


def dots(collection: Any) -> list[float]:
    """Where dots stand, row by row."""
    return [*collection.get_offsets()[:, 0].tolist()]


def labels(ax: Any) -> list[str]:
    """What rows are called."""
    return [label.get_text() for label in ax.get_yticklabels()]


def test_rank_intervals_show_what_the_answer_holds() -> None:
    """Bars and dots are the columns of the answer, best unit first, with the certain ranks behind them."""
    scored = result()
    answer = analysis.rank_intervals(scored, [[3, 2], [1, 9], [9, 1]])
    sure = analysis.certain_ranks(scored)
    ax = plots.rank_intervals(answer, certain=sure)

    columns, bounds = answer.columns(), sure.columns()
    order = np.argsort(columns["rank"])
    bars = {bar.get_label(): bar for bar in ax.collections}
    assert labels(ax) == ["b  1", "a  2", "c  3", "d  4"]
    for bar, table, names in (
        ("drawn", columns, ("best_drawn", "worst_drawn")),
        ("between", columns, ("lower", "upper")),
        ("certain", bounds, ("best", "worst")),
    ):
        assert spans(bars[bar]) == [*zip(*(table[name][order] for name in names), strict=True)]
    assert dots(ax.collections[-1]) == [1, 2, 3, 4]
    assert "90 % của 3 phương án" in ax.get_xlabel()
    assert [bar.get_label() for bar in plots.rank_intervals(sure).collections][:1] == ["certain"]
    alone = plots.rank_intervals(answer, language="en")
    assert [bar.get_label() for bar in alone.collections][:2] == ["drawn", "between"]
    assert " ".join(alone.get_xlabel().split()).endswith("thin: all draws")
    with pytest.raises(dti.InvalidArgument, match="needs the units of answer"):
        plots.rank_intervals(answer, certain=analysis.certain_ranks(result(5)))


def test_a_history_draws_the_ranks_of_every_period() -> None:
    """Lines are the ranks, broken where there is none; of two that tie the better one before has the upper label."""
    rounds = {"2021": Standing([*"abc"], [1, 2, 2]), "2022": Standing([*"acx"], [2, 1, 3])}
    past = analysis.history(rounds | {"2023": Standing([*"abc"], [1, 2, 2])})
    ax = plots.history(past, language="en")

    ranks = [[float(rank or "nan") for rank in line.get_ydata()] for line in ax.lines]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["2021", "2022", "2023"]
    assert sorted(map(str, ranks)) == sorted(
        ["[1.0, 2.0, 1.0]", "[2.0, nan, 2.0]", "[2.0, 1.0, 2.0]", "[nan, 3.0, nan]"]
    )
    places = {text.get_text(): text.xy for text in ax.texts}
    assert (places["2  b"], places["2  c"], places["x"]) == ((2, 3), (2, 2), (1, 3))


def test_ranks_in_another_block_are_not_drawn() -> None:
    """A unit's line begins where it came into its block; a picture never lays blocks over one another."""
    rounds = [Standing([*"abc"], [1, 2, 1], blocks=[*"xxy"]), Standing([*"abc"], [1, 1, 2], blocks=[*"xyy"])]
    for ax in (
        plots.history(analysis.history({"2021": rounds[0], "2022": rounds[1]}), block="y"),
        plots.movement(analysis.movement(*rounds), block="y"),
    ):
        assert str([line.get_ydata().tolist() for line in ax.lines]) == "[[nan, 1.0], [1.0, 2.0]]"


def test_a_page_of_lines_spans_the_ranks_of_its_units() -> None:
    """Of 64 units the second page is the last rank; a line from beyond it has a label at the right alone."""
    units = [f"u{at}" for at in range(64)]
    moved = analysis.movement(Standing(units, range(64, 0, -1)), Standing(units, range(1, 65)))
    ax = plots.movement(moved, page=2)

    assert told(ax) == ["64  u63"]
    assert ax.get_ylim()[0] > 64 > ax.get_ylim()[1] > 63


def test_a_name_that_lies_beyond_a_page_is_left_out() -> None:
    """Who was ranked in the middle only is named there, but not where that is far above the ranks of the page."""
    units = [f"u{at}" for at in range(64)]
    outer = Standing(units, range(1, 65))
    for rank, named in ((1, False), (64, True)):
        inner = Standing([*units, "x"], [*(at + (at >= rank) for at in range(1, 65)), rank])
        ax = plots.history(analysis.history({"2021": outer, "2022": inner, "2023": outer}), page=2)

        assert ("x" in told(ax)) == named


def test_a_profile_shows_the_unit_on_the_range_of_its_peers() -> None:
    """Dot, stroke and bar are shares, median, worst and best; what is left out says why."""
    answer = analysis.profile(result(), "b", fewest=2)
    ax = plots.profile(answer, language="en")

    bars, strokes, dot = ax.collections
    assert spans(bars) == [(30, 100), (0, 100)]  # 9/30 to 30/30; 0/20 to 20/20
    assert (dots(strokes), dots(dot)) == ([60, 25], [100, None])  # of 100 70 50 30; of 100 25 0
    assert told(ax) == ["1/4", "does not apply to the unit"]


def test_a_change_is_a_waterfall_of_its_causes() -> None:
    """Each bar begins where the one above ends, and the last is what all come to, here in places."""
    rubric = dti.Rubric("demo", "Ví dụ", [dti.Index("1", "Nhận thức số", 30), dti.Index("2", "Dịch vụ", 20)])
    before, after = (
        dti.evaluate(rubric, dti.MarkSheet.from_array(np.array(marks), rubric, units=[*"abc"]))
        for marks in ([[20, 15], [21, 12], [10, 10]], [[18, 15], [22, 16], [25, 10]])
    )
    answer = analysis.explain_change(before, after)
    ax = plots.change(answer, unit="a", of="places", language="en")

    bars = [(bar.get_x(), bar.get_width()) for bar in ax.patches]
    assert bars == [(0, -0.5), (-0.5, -1.5), (0, -2)]
    assert (labels(ax), told(ax)) == (
        ["Its own marks", "Marks of other units", "In all"],
        ["−0.5", "−1.5", "−2.0"],
    )
    points = plots.change(answer, unit="b")
    assert [bar.get_width() for bar in points.patches] == [5, 5]
    with pytest.raises(dti.UnknownCode):
        plots.change(answer)
    new = analysis.explain_change(before, result(), "d")
    with pytest.raises(dti.InvalidArgument, match="the change of unit d is not taken apart: The unit is new"):
        plots.change(new)


def test_contributions_add_up_to_the_score() -> None:
    """Parts and what comes from none are stacked in percent, beside the published score."""
    rubric = result().rubric
    marks = dti.MarkSheet.from_array(np.array([[15.0, 20, 1], [30, 10, 0]]), rubric, units=[*"ab"])
    ax = plots.contributions(dti.evaluate(rubric, marks), language="en")

    # of 50 points: b has 30 and 10; a 15, 20 and a bonus of 1
    widths = [[round(bar.get_width(), 9) for bar in bars] for bars in ax.containers]
    starts = [[round(bar.get_x(), 9) for bar in bars] for bars in ax.containers]
    assert (widths, starts) == ([[60, 30], [20, 40], [0, 2]], [[0, 0], [60, 30], [80, 70]])
    assert (labels(ax), told(ax)) == (["b  1", "a  2"], ["40.00", "36.00"])
    assert len(plots.contributions(result(64), page=2).containers[0]) == 1


def test_stages_show_who_lost_most_first() -> None:
    """Rings are the points claimed, dots those appraised, over the columns of the comparison."""
    made = [
        appraised("a", {"1.1": 0.1, "1.2": 0.2}, {"1.1": 0.3, "1.2": 0.1}),
        appraised("c", {"1.1": 10, "1.2": 20}, {"1.1": 7.5}),
    ]
    for answer in (analysis.compare_stages(made), analysis.appraisal_audit(made)):
        ax = plots.stages(answer)

        assert labels(ax) == ["c", "a"]
        assert [dots(dot) for dot in ax.collections[1:]] == [[10, 0.3], [7.5, 0.4]]
        assert spans(ax.collections[0]) == [(10, 7.5), (0.3, 0.4)]


def test_what_has_a_picture_draws_itself() -> None:
    """`plot()` is the picture's own function, with its options; what has no picture says which have one."""
    scored = result(64)
    standing = Standing([*"ab"], [1, 2])
    moved = analysis.movement(standing, standing)

    assert told(scored.plot(page=2, language="en")) == told(plots.heatmap(scored, page=2, language="en"))
    assert told(scored.rubric.plot()) == told(plots.tree(scored.rubric))
    assert told(moved.plot(language="en")) == told(plots.movement(moved, language="en"))
    assert told(analysis.profile(scored, "a").plot()) == told(plots.profile(analysis.profile(scored, "a")))
    with pytest.raises(dti.InvalidArgument, match=r"Standing has no picture; these have: .*Movement"):
        standing.plot()


def test_every_picture_but_of_contributions_has_its_shortcut() -> None:
    """A result has two pictures and shows the heat map; each other function draws at least one class."""
    from dti_core.plots.shortcut import PICTURE_OF

    drawn = {picture.__name__ for picture in PICTURE_OF.values()}
    assert drawn == {*plots.__all__} - {"contributions"}
