"""Marks to look into before publication, each rule by hand; all figures are made up."""

import random
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import permutations
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dti_core as dti
from dti_core import analysis, methods
from dti_core.analysis import reversals, suspects
from dti_core.assessment import Assessment, Assessments, Cycle, to_marks

WHY: Any = {"reason": dti.Label("Không có nhiệm vụ", "No such task"), "basis": "Điều 5"}
RUBRIC = dti.Rubric(
    "made-up",
    "Giả định",
    [
        dti.Index("1", "Một", components=[dti.Component("1.1", "a", 10), dti.Component("1.2", "b", 20)]),
        dti.Index("2", "Hai", 20),
        dti.Index("b", "Cộng", 5, role="bonus"),
    ],
    attributes={"level": {"enum": ["x", "y"]}},
    blocks=[dti.Block("bx", "X", {"level": "x"}), dti.Block("by", "Y", {"level": "y"})],
    edition="01/QĐ",
)
ROWS: dict[str, list[float | None]] = {
    "a": [1, 8, 11],
    "b": [2, 10, 10],
    "c": [3, 6, 14],
    "d": [4, 9, 8],
    "e": [5, 5, 13],
    "f": [6, 7, 9],
}


def result(rows: Mapping[str, Sequence[float | None]], level: str = "x", **fields: Any) -> dti.Result:
    """Units with marks on the three scored leaves."""
    table: dict[str, Any] = {
        leaf: [row[at] for row in rows.values()] for at, leaf in enumerate(("1.1", "1.2", "2"))
    }
    table |= {"unit": [*rows], "level": [level] * len(rows), "b": [None] * len(rows)}
    sheet = dti.MarkSheet.from_table(table, RUBRIC, attributes=["level"], **fields)
    return dti.evaluate(RUBRIC, sheet)


def found(*sources: Any, **asked: Any) -> list[tuple[Any, ...]]:
    """Unit, leaf, rule and figure of every row."""
    rows = suspects(*sources, **asked).rows
    return [(row["unit"], row["leaf"], row["rule"], row["figure"]) for row in rows]


def test_ordinary_marks_are_not_suspect() -> None:
    """Where no rule finds anything, it is said so."""
    told = suspects(result(ROWS), result(ROWS))

    assert told.rows == []
    assert (repr(told), str(told)) == ("<Suspects: none>", "Không có dấu hiệu nào.")
    assert suspects(result({}), result(ROWS)).rows == suspects(result(ROWS), result({})).rows == []


def test_identical_rows() -> None:
    """Units with the same marks everywhere are told of one another; rows without any mark are not."""
    rows = ROWS | {"g": ROWS["b"], "h": ROWS["b"], "i": [None] * 3, "j": [None] * 3}
    told = suspects(result(rows), mads=100).rows

    assert [(row["unit"], row["figure"]) for row in told] == [("b", 3), ("g", 3), ("h", 3)]
    assert told[0]["why"] == "giống g, h ở cả 3 chỉ số có điểm"


def test_full_marks_everywhere() -> None:
    """A unit that is full on every leaf that needs a mark is told; a skipped leaf needs none."""
    rows = ROWS | {"g": [10, 20, 20], "h": [10, 20, None]}
    skip = dti.Exclusion(members=["2"], treatment="skip", **WHY)

    assert found(result(rows), mads=100) == [("g", None, "full", 3)]
    assert found(result(rows, unit_exclusions={"h": [skip]}), mads=100) == [
        ("g", None, "full", 3),
        ("h", None, "full", 2),
    ]


def test_far_from_the_block() -> None:
    """More than three median absolute deviations from the median of the block; at three it is not, nor among four."""
    shares = {"a": [0, 0, 8], "b": [0, 0, 9], "c": [0, 1, 9], "d": [0, 2, 9], "e": [0, 3, 9], "f": [0, 3, 10]}
    # 8, 9, 10, 11, 12, 13 of 50 and one more: the median is 11, deviations 3, 2, 1, 0, 1, 2 and that one's
    at_three = result(shares | {"g": [0, 3, 14]})
    beyond = suspects(result(shares | {"g": [0, 3, 15]}), by="block")

    assert [row for row in found(at_three) if row[2] == "outlier"] == []
    assert [(row["unit"], row["rule"], row["figure"]) for row in beyond.rows if row["rule"] == "outlier"] == [
        ("g", "outlier", 3.5)
    ]
    assert "36.0 %, the median of its block is 22.0 %: 3.5 median absolute" in beyond.text("en")
    assert found(result({"a": [1, 2, 3], "b": [1, 2, 4], "c": [1, 3, 4], "d": [9, 20, 19]})) == []


def test_a_jump_since_the_last_round() -> None:
    """A leaf whose rate changed by half or more is told, against a result, its document or an edition."""
    before = result(ROWS | {"a": [6, None, 11], "b": [6.99, 10, 10]})
    now = result(ROWS | {"a": [1, 20, 11], "b": [2, 20, 10]})
    for source in (
        before,
        dti.load_result(dti.to_document(before)),
        analysis.publish_together({"x": before}),
    ):
        assert found(now, source, mads=100) == [("a", "1.1", "jump", -0.5), ("b", "1.2", "jump", 0.5)]
    assert len(found(now, before, jump=0.499, mads=100)) == 3


def test_constant_leaves() -> None:
    """A leaf on which every marked unit has the same rate decides nothing; of a few units nothing is said."""
    rows = {unit: [7, *row[1:]] for unit, row in ROWS.items()}

    assert found(result(rows)) == [(None, "1.1", "constant", 0.7)]
    assert found(result(rows | {"g": [None, 8, 11], "a": [7, 8, 12]}), fewest=6)[-1] == (
        None,
        "1.1",
        "constant",
        0.7,
    )
    assert found(result(rows), fewest=7) == []


def test_marks_that_do_not_count() -> None:
    """A mark on a skipped leaf is told once, with the reason, whoever decided it."""
    skip = dti.Exclusion(members=["2"], treatment="skip", **WHY)
    twice = result(ROWS, unit_exclusions={"a": [skip, attrs.evolve(skip, basis="Điều 6")]})
    told = suspects(twice)

    assert [row[:4] for row in found(twice) if row[2] == "ignored"] == [("a", "2", "ignored", 11)]
    assert "marked 11, which does not count: No such task" in told.text("en")


UNIT: dict[str, Any] = {"by": "Đơn vị", "at": "2024-01-10"}
COUNCIL: dict[str, Any] = {"by": "Hội đồng", "at": "2024-02-10"}


def assessed(unit: str, said: Mapping[str, Any], council: Mapping[str, float] | None = None) -> Assessment:
    """A unit's self marks, and the appraised ones."""
    made = Assessment(Cycle(RUBRIC), unit, attributes={"level": "x"}).step("mark", said, **UNIT)
    decided = {leaf: {"appraised": points, "reason": "Lý do"} for leaf, points in (council or {}).items()}
    return made.step("lock", **UNIT).step("appraise", decided, **COUNCIL) if decided else made


def test_what_assessments_tell() -> None:
    """A unit that appraisal left as it was, and a 0 where the explanation says done, are told from the assessments."""
    done, not_done = (
        {"points": 0, "explanation": text}
        for text in ("Đã hoàn thành, có báo cáo", "Đã có kế hoạch, chưa triển khai")
    )
    made = Assessments(
        (cycle := Cycle(RUBRIC)),
        [
            attrs.evolve(one, cycle=cycle)
            for one in (
                assessed("a", {"1.1": {"points": 3}, "2": {"points": 5}}, {"1.1": 3, "2": 5}),
                assessed("b", {"1.1": {"points": 3}, "2": {"points": 4}}, {"1.1": 3, "2": 3}),
                assessed("c", {"1.1": {"points": 4}, "1.2": done, "2": not_done}),
            )
        ],
    )
    scored = dti.evaluate(RUBRIC, to_marks(made))

    assert found(scored, assessments=made) == [("a", None, "untouched", 2), ("c", "1.2", "denied", 0)]
    assert "“Đã hoàn thành, có báo cáo”" in str(suspects(scored, assessments=made))
    assert found(scored) == []


def test_an_edition_is_looked_through_result_by_result() -> None:
    """Each result of an edition is looked at by itself, and rows are told rule by rule."""
    rows = {f"{unit}2": [7, *row[1:]] for unit, row in ROWS.items()}
    edition = analysis.publish_together({"x": result(ROWS | {"g": ROWS["b"]}), "y": result(rows, "y")})
    told = suspects(edition, mads=100)

    assert [row["rule"] for row in told.rows] == ["identical", "identical", "constant"]
    assert told.counts()["identical"] == 2
    assert repr(told) == "<Suspects: 2 identical, 1 constant>"
    with pytest.raises(dti.InvalidArgument, match="a Result is needed"):
        suspects(dti.load_result(dti.to_document(result(ROWS))))  # type: ignore[arg-type]
    with pytest.raises(dti.InvalidArgument, match="previous: a Result"):
        suspects(result(ROWS), "2023")  # type: ignore[arg-type]


MEASURED = dti.Rubric(
    "made-up",
    "Giả định",
    [dti.Index("1", "Hồ sơ", 20, scoring=methods.Relative()), dti.Index("2", "Khác", 20)],
)


def test_a_reversal() -> None:
    """A 7 and b 8 with c; a 25 and b 17 without: leaving c out turns them around."""
    rows = [{"1": 20, "2": 5}, {"1": 10, "2": 7}, {"1": 200, "2": 20}]
    told = reversals(dti.Measures.from_rows(rows, MEASURED, units=["a", "b", "c"]))

    assert told.rows == [
        {
            "left_out": "c",
            "unit": "b",
            "name": None,
            "rank": 2,
            "passed_by": "a",
            "passed_by.rank": 3,
            "leaves": "1",
        }
    ]
    assert told.leaves == ("1",)
    assert "turns 1 pairs of others around" in told.text("en")
    assert repr(told) == "<Reversals: 1 pairs>"


def test_units_of_different_blocks_have_no_order_to_turn() -> None:
    """Pairs are told within blocks, or within what ``by`` names."""
    scored = [dti.Index("1", "Hồ sơ", 20, scoring=methods.Relative()), dti.Index("2", "Khác", 40)]
    blocks = [dti.Block(code, code, {"level": code}) for code in ("x", "y")]
    apart = dti.Rubric("r", "Giả định", scored, attributes={"level": {"enum": ["x", "y"]}}, blocks=blocks)
    rows = {"a": (20, 25), "b": (19, 25), "c": (10, 27), "d": (200, 0), "e": (0, 10), "f": (0, 5)}
    measured = dti.Measures.from_rows(
        [{"1": size, "2": mark} for size, mark in rows.values()],
        apart,
        units=[*rows],
        attributes={"level": [*"xxxxyy"]},
    )

    # with d: c 28, a 27, b 26.9; without: a 45, b 44, c 37, behind the second of y by rank only
    assert [(pair.unit, pair.other, pair.left_out) for pair in reversals(measured).pairs] == [
        ("c", "a", "d"),
        ("c", "b", "d"),
    ]
    assert len(reversals(measured, by=()).pairs) == 2


def test_without_relative_leaves_nothing_turns() -> None:
    """Where no leaf compares units, or who is left out is not at the end, every unit keeps its own marks."""
    direct = dti.Rubric("r", "Ví dụ", [dti.Index("1", "Một", 20)])
    told = reversals(dti.Measures.from_rows([{"1": 1}, {"1": 2}], direct, units=["a", "b"]))

    assert (told.pairs, told.leaves) == ((), ())
    assert told.text("en") == "Whichever unit is left out, the others keep their order."


def test_others_that_cannot_be_scored_are_named() -> None:
    """Where the best is left out and nothing is left to compare with, the unit is named and the rest goes on."""
    scoring = methods.Relative(when_zero="refuse")
    refusing = dti.Rubric("r", "Ví dụ", [dti.Index("1", "Một", 20, scoring=scoring)])
    told = reversals(dti.Measures.from_rows([{"1": 0}, {"1": 0}, {"1": 9}], refusing, units=["a", "b", "c"]))

    assert told.unscored == ("c",)
    assert "Không chấm lại được khi bỏ: c" in str(told)


measures = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=2, max_size=5)


@settings(max_examples=30)
@given(measures, st.sampled_from(["best", "min_max"]))
def test_reversals_are_those_of_scoring_again(drawn: list[tuple[int, int]], to: Any) -> None:
    """The pairs are those that a loop finds which scores the others by the formula, in fractions."""
    relative = methods.Relative(to=to, when_zero="zero")
    rubric = dti.Rubric(
        "r",
        "Ví dụ",
        [dti.Index("1", "Hồ sơ", 20, scoring=relative), dti.Index("2", "Khác", 20)],
        policy=dti.Policy(publish=dti.Publish("points", 2)),
    )
    units = [f"u{at}" for at in range(len(drawn))]

    def totals(among: Sequence[int]) -> dict[int, Fraction]:
        """The published totals of some units: of leaf 1 the part of the best, or from the worst to the best."""
        sizes = [drawn[at][0] for at in among]
        low = min(sizes) if to == "min_max" else 0
        whole = max(sizes) - low
        points = {at: 20 * Fraction(drawn[at][0] - low, whole) if whole else Fraction(0) for at in among}
        return {at: Fraction(int(100 * points[at] + Fraction(1, 2)), 100) + drawn[at][1] for at in among}

    expected = []
    for gone in range(len(drawn)):
        rest = [at for at in range(len(drawn)) if at != gone]
        now, without = totals(range(len(drawn))), totals(rest)
        expected += [
            (units[gone], units[one], units[other])
            for one, other in permutations(rest, 2)
            if now[one] > now[other] and without[one] < without[other]
        ]

    rows = [{"1": size, "2": mark} for size, mark in drawn]
    told = reversals(dti.Measures.from_rows(rows, rubric, units=units))
    assert sorted((pair.left_out, pair.unit, pair.other) for pair in told.pairs) == sorted(expected)


def test_the_order_of_units_does_not_matter() -> None:
    """The same units in another order are told the same."""
    rows = ROWS | {"g": ROWS["b"], "h": [10, 20, 20]}
    shuffled = dict(random.Random(1).sample([*rows.items()], len(rows)))  # noqa: S311

    assert sorted(found(result(shuffled)), key=str) == sorted(found(result(rows)), key=str)
