"""What a node is worth and what a mark earns: exact fractions, marking scales, by every door."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dti_core as dti

Document = dict[str, Any]


def document(*indices: Document, **more: Any) -> Document:
    """A rubric of indices, titled as they are coded."""
    titled = [{"title": index["code"], **index} for index in indices]
    return {"schema": "dti-core/rubric/1", "code": "r", "title": "R", "indices": titled, **more}


def marked(rubric: dti.Rubric, **marks: float) -> dti.Result:
    """The result of one unit, its marks by the codes of leaves."""
    units = [{"code": "a", "marks": marks}]
    sheet = dti.load_marks({"schema": "dti-core/marks/1", "rubric": "r", "units": units}, rubric)
    return dti.evaluate(rubric, sheet)


def refused(source: Document, *, rubric: dti.Rubric | None = None) -> list[tuple[str, str]]:
    """Where and why a document is refused."""
    with pytest.raises(dti.InvalidDocument) as caught:
        dti.load_rubric(source) if rubric is None else dti.load_marks(source, rubric)
    return [(problem.where, problem.text("en")) for problem in caught.value.problems]


LEVELS: Document = {"code": "x", "max_points": "20/6", "mark_min": 1, "mark_max": 5}


def test_a_level_earns_its_part_by_every_door() -> None:
    """Level 3 on a scale of 1 to 5, worth 20/6 points, earns 2, whoever reads the mark."""
    rubric = dti.load_rubric(document(LEVELS))
    made = dti.Rubric("r", "R", [dti.Index("x", "x", Fraction(10, 3), mark_min=1, mark_max=5)])
    sheets = [
        dti.MarkSheet.from_array(np.array([[3.0]]), rubric, units=["a"]),
        dti.MarkSheet.from_table({"unit": ["a"], "x": [Decimal(3)]}, rubric),
        dti.MarkSheet.from_table({"unit": ["a"], "x": np.array([3], dtype=np.float32)}, made),
    ]

    assert made == rubric
    assert marked(rubric, x=3).total.points.tolist() == [2]
    for sheet in sheets:
        result = dti.evaluate(rubric, sheet)
        assert result.total.exact("points") == result.total.exact("score") == [2]
        assert result.total.exact("applicable") == [Fraction(10, 3)]


@pytest.mark.parametrize(
    ("given", "held", "written"),
    [
        ("20/6", Fraction(10, 3), "10/3"),
        ("5/2", Decimal("2.5"), 2.5),
        ("100/4", Decimal(25), 25),
        (2.125, Decimal("2.125"), 2.125),
    ],
    ids=str,
)
def test_a_worth_is_a_decimal_where_one_writes_it(given: Any, held: Any, written: Any) -> None:
    """A fraction that a decimal writes is that decimal; the others stay fractions, and come back in lowest terms."""
    rubric = dti.load_rubric(document({"code": "x", "max_points": given, "mark_max": 5}))

    assert rubric.indices[0].max_points == held
    assert dti.to_document(rubric)["indices"][0]["max_points"] == written
    assert dti.load_rubric(dti.to_document(rubric)) == rubric


WORTHS = st.fractions(min_value=Fraction(1, 60), max_value=50, max_denominator=60)


@given(WORTHS, st.integers(1, 2000), st.data())
def test_a_mark_earns_its_part_exactly(worth: Fraction, highest: int, data: st.DataObject) -> None:
    """A mark m earns m / mark_max × max_points, to the last part of a point."""
    mark = data.draw(st.integers(0, highest))
    leaf = {"code": "x", "max_points": f"{worth.numerator}/{worth.denominator}", "mark_max": highest / 100}
    result = marked(dti.load_rubric(document(leaf, {"code": "y", "max_points": 1})), x=mark / 100, y=0.5)

    earned = Fraction(mark, highest) * worth
    assert result["x"].exact("points") == [earned]
    assert result.total.exact("score") == [earned + Fraction(1, 2)]
    assert result.total.points.tolist() == [float(earned + Fraction(1, 2))]


def test_sixty_thirds_make_twenty() -> None:
    """Parts of a point that no decimal writes add up to whole points, over as many leaves as one likes."""
    leaves = [{"code": f"{at}", "max_points": "1/3", "mark_max": 1} for at in range(60)]
    rubric = dti.load_rubric(document(*leaves, max_points=20))
    marks = np.ones((3, 60))
    marks[1, :3] = marks[2, 0] = 0
    sheet = dti.MarkSheet.from_array(marks, rubric, units=["a", "b", "c"])
    total = dti.evaluate(rubric, sheet, policy=dti.Policy(decide_on="exact")).total

    assert total.exact("score") == [20, 19, Fraction(59, 3)]
    assert total.ranks().tolist() == [1, 3, 2]


def test_parts_of_a_point_are_as_fine_as_needed() -> None:
    """A point has 10^decimals parts, and more only where a fraction or a marking scale asks for them."""
    plain = document({"code": "x", "max_points": 20})
    scaled = document({"code": "x", "max_points": 20, "mark_max": 5})  # a tick of marks earns 4 of points
    thirds = document({"code": "x", "max_points": "10/3", "mark_max": 5})  # a mark of 0.01 earns 1/150

    assert [dti.load_rubric(each).tree.scale for each in (plain, scaled, thirds)] == [100, 100, 300]


def test_a_leaf_worth_nothing_keeps_its_marks() -> None:
    """A leaf of maximum 0 keeps any mark for the record, and writes it back."""
    rubric = dti.load_rubric(document({"code": "x", "max_points": 10}, {"code": "z", "max_points": 0}))
    result = marked(rubric, x=4, z=1234.5)

    assert result.total.exact("points") == [4]
    assert result["z"].exact("score") == [None]
    assert dti.to_document(result.marks)["units"][0]["marks"] == {"x": 4, "z": 1234.5}


@pytest.mark.parametrize(
    ("marks", "where"),
    [
        ({"x": 0}, "x"),
        ({"x": 5.01}, "x"),
        ({"x": "10/3"}, "x"),
        ({"x": 3, "z": -1}, "z"),
        ({"x": 2.001}, "x"),
    ],
    ids=str,
)
def test_marks_keep_to_their_scale(marks: Document, where: str) -> None:
    """A mark below or above the scale, finer than marks are, or written as a fraction is refused where it stands."""
    rubric = dti.load_rubric(document(LEVELS, {"code": "z", "max_points": 0}))
    source = {"schema": "dti-core/marks/1", "rubric": "r", "units": [{"code": "a", "marks": marks}]}

    assert [place for place, _ in refused(source, rubric=rubric)] == [f"$.units[0].marks.{where}"]


@pytest.mark.parametrize(
    ("change", "field", "word"),
    [
        ({"mark_max": None}, "max_points", "mark_max"),
        ({"mark_max": 1}, "mark_max", "not above the lowest mark"),
        ({"mark_max": 5.125}, "mark_max", "2 decimals"),
        ({"mark_min": 0.125}, "mark_min", "2 decimals"),
        ({"mark_max": None, "max_points": 5}, "mark_min", "needs mark_max"),
        ({"scoring": {"kind": "ratio"}}, "scoring", "starts at 1"),
        ({"max_points": "1/0"}, "max_points", "fraction"),
    ],
    ids=str,
)
def test_scales_that_make_no_sense(change: Document, field: str, word: str) -> None:
    """A scale of marks that cannot be meant is refused, with what to write instead."""
    leaf = {key: value for key, value in (LEVELS | change).items() if value is not None}

    assert any(place == f"$.indices[0].{field}" and word in why for place, why in refused(document(leaf)))


def test_fractions_are_told_as_they_are_written() -> None:
    """A misprint among thirds is told in thirds, in either language, and two thirds for 200/3 percent too."""
    parts = [{"code": "x.1", "title": "x.1", "max_points": "10/3", "mark_max": 5}]
    condition = {"node": "x.1", "at_least": "2/3"}
    index = {"code": "x", "max_points": 3.33, "components": parts}
    misprint = refused(document(index))
    share = refused(document(index | {"max_points": "10/3", "zero_unless": [condition]}))

    assert [why for _, why in misprint if 'is 3.33, but its components add up to "10/3"' in why] != []
    assert [why for _, why in share if 'is "2/3"; bounds are percentages: write "200/3"' in why] != []


def test_too_many_parts_of_a_point() -> None:
    """Denominators whose common multiple is above 10^15 are refused at the indices, before anything is marked."""
    primes = (999_983, 1_000_003, 1_000_033)
    leaves = [{"code": f"{prime}", "max_points": f"1/{prime}", "mark_max": 1} for prime in primes]

    assert [place for place, _ in refused(document(*leaves))] == ["$.indices"]
    assert dti.load_rubric(document(*leaves[:2], mark_decimals=0)).tree.scale == 999_983 * 1_000_003


def test_a_measure_is_rounded_to_a_mark_once() -> None:
    """2 of 3 on a scale of 5 is the mark 3.33, and earns 3.33 / 5 × 20 = 13.32 points, not 13.33."""
    leaf = {"code": "x", "max_points": 20, "mark_max": 5, "scoring": {"kind": "ratio"}}
    rubric = dti.load_rubric(document(leaf))
    units = [{"code": "a", "measures": {"x": {"a": 2, "b": 3}}}]
    sheet = dti.score(
        dti.load_measures({"schema": "dti-core/measures/1", "rubric": "r", "units": units}, rubric)
    )

    assert dti.to_document(sheet)["units"][0]["marks"] == {"x": 3.33}
    assert dti.evaluate(rubric, sheet).total.exact("score") == [Fraction("13.32")]
