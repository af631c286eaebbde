"""Fast is still exact: any chunk size, number of threads, array layout or number type gives the same bits."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import reference
from counting import steps
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from reference_rules import Refused
from strategies import documents

import dti_core as dti
from dti_core.columns import chunks
from dti_core.evaluation.ranking import ranks_of

LAYOUTS: dict[str, Callable[[NDArray[Any]], NDArray[Any]]] = {
    "float64": lambda points: points,
    "float32": lambda points: points.astype(np.float32),
    "object": lambda points: points.astype(object),
    "fortran": np.asfortranarray,
    "strided": lambda points: np.repeat(np.repeat(points, 2, axis=0), 3, axis=1)[::2, ::3],
    "backwards": lambda points: points[::-1, ::-1].copy()[::-1, ::-1],
}


@pytest.fixture(params=[(1, 1), (1, 2), (64, 1), (1000, 2), (chunks.CHUNK_BYTES, 2)], ids=str)
def cut(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of a few bytes, on one or two threads."""
    set_cut(monkeypatch, *request.param)


def set_cut(monkeypatch: pytest.MonkeyPatch, size: int, threads: int) -> None:
    """Cut all work in chunks of so many bytes, on so many threads, however little it is."""
    monkeypatch.setattr(chunks, "CHUNK_BYTES", size)
    monkeypatch.setattr(chunks, "THREADS", threads)
    monkeypatch.setattr(chunks, "WORTH_A_THREAD", 0)


def district_rubric() -> dti.Rubric:
    """Two levels, overlapping pillars, a rule of each treatment."""
    exclusions = [
        dti.ExclusionRule(code="a", members=["1.1"], treatment="skip", when={"kind": 0}, **WHY),
        dti.ExclusionRule(code="b", members=["2"], treatment="full_marks", when={"kind": 1}, **WHY),
        dti.ExclusionRule(
            code="c", members=["1.2"], treatment="substitute", by="1.s", when={"kind": 2}, **WHY
        ),
    ]
    components = [
        dti.Component("1.1", "a", 20),
        dti.Component("1.2", "b", 10),
        dti.Component("1.s", "dự phòng", 10, role="standby"),
        dti.Component("1.3", "c", 5),
    ]
    return dti.Rubric(
        "kernels",
        "Bộ chỉ số giả định",
        [dti.Index("1", "Một", components=components), dti.Index("2", "Hai", 15), dti.Index("3", "Ba", 50)],
        pillars=[dti.Pillar("p", "P", ["1", "2"]), dti.Pillar("q", "Q", ["1", "3"])],
        attributes={"kind": {"type": "integer"}},
        exclusions=exclusions,
    )


WHY: Any = {"reason": "giả định", "basis": "giả định"}


def sheet(points: NDArray[Any], rubric: dti.Rubric, kinds: NDArray[Any]) -> dti.MarkSheet:
    """A mark sheet of numbered units."""
    units = [f"u{row}" for row in range(len(points))]
    return dti.MarkSheet.from_array(points, rubric, units=units, attributes={"kind": kinds.tolist()})


def random_points(count: int, rubric: dti.Rubric, *, missing: float) -> NDArray[np.float64]:
    """Marks of two decimals, some missing."""
    rng = np.random.default_rng(count)
    tree = rubric.tree
    most = np.array([tree.maximum[leaf] for leaf in tree.leaves])
    points = rng.integers(0, most + 1, (count, len(most))) / 100
    return np.where(rng.random(points.shape) < missing, np.nan, points)


def everything(result: dti.Result) -> Iterator[NDArray[Any]]:
    """Every array of every node."""
    for node in result.rubric.tree.under:
        scores = result[node]
        yield from (scores.points, scores.applicable, scores.rate, scores.score, scores.published)
        yield from (scores.completeness, scores.coverage, scores.ranks(), scores.ranks(by=()))


@pytest.mark.usefixtures("cut")
@pytest.mark.parametrize("renormalise", ["overall", "by_level", "none"])
@pytest.mark.parametrize("missing", [0, 0.2])
@pytest.mark.parametrize("count", [1, 2, 7, 101])
def test_chunks_and_threads_do_not_show(
    count: int, missing: float, renormalise: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every number of every node has the same bits whatever the chunk size and the number of threads."""
    rubric, kinds = district_rubric(), np.arange(count) % 4
    points = random_points(count, rubric, missing=missing)
    policy = dti.Policy(renormalise=renormalise)
    cut_up = list(everything(dti.evaluate(rubric, sheet(points, rubric, kinds), policy)))
    set_cut(monkeypatch, 1 << 30, 1)
    whole = list(everything(dti.evaluate(rubric, sheet(points, rubric, kinds), policy)))

    assert [part.tobytes() for part in cut_up] == [part.tobytes() for part in whole]


@pytest.mark.usefixtures("cut")
@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout_and_type_do_not_show(layout: str) -> None:
    """Marks of any number type and memory layout that print alike make the same sheet."""
    rubric, kinds = district_rubric(), np.arange(97) % 4
    points = random_points(97, rubric, missing=0.1)
    given_points = LAYOUTS[layout](points)
    given_points.flags.writeable = False

    assert sheet(given_points, rubric, kinds) == sheet(points, rubric, kinds)


@pytest.mark.parametrize("kind", [np.int8, np.uint16, np.int64])
def test_whole_marks_of_any_width(kind: Any) -> None:
    """Whole marks need not be floats."""
    rubric, kinds = district_rubric(), np.arange(50) % 4
    points = np.floor(random_points(50, rubric, missing=0))

    assert sheet(points.astype(kind), rubric, kinds) == sheet(points, rubric, kinds)


def test_many_equal_units() -> None:
    """A million units with the same marks all share rank 1, and their scores are one number."""
    rubric = district_rubric()
    points = np.tile(random_points(1, rubric, missing=0), (1_000_000, 1))
    total = dti.evaluate(rubric, sheet(points, rubric, np.full(len(points), 9))).total

    assert set(total.ranks().tolist()) == {1}
    assert set(total.ranks(ties="dense").tolist()) == {1}
    assert len(set(total.score.tolist())) == 1


@pytest.mark.parametrize("span", [3, 4, 64, 101, 4096])
@pytest.mark.parametrize("beyond", [0, 2])
@pytest.mark.parametrize("ties", ["competition", "dense"])
def test_ranks_of_many_groups(span: int, beyond: int, ties: Any) -> None:
    """A few units in many groups are ranked as by counting who is ahead, units of no group among them."""
    rng = np.random.default_rng(span)
    groups = 2**16 // span - 1 + beyond - rng.integers(0, 3, 400)  # places fit into 16 bits, or just do not
    groups[::3] = -1
    keys = span - 1 - rng.integers(0, 3, 400)
    ahead = [{*keys[groups == group].tolist()} for group in groups]
    better = [
        [key for key in (distinct if ties == "dense" else keys[groups == group]) if key > own]
        for distinct, group, own in zip(ahead, groups, keys, strict=True)
    ]

    expected = [0 if group < 0 else len(each) + 1 for group, each in zip(groups, better, strict=True)]
    assert ranks_of(keys, groups, ties).tolist() == expected


def test_large_marks_stay_exact() -> None:
    """Where ticks outgrow single precision, and their products 64 bits, sums and ranks are still exact."""
    rubric = dti.Rubric(
        "big", "Lớn", [dti.Index("1", "a", 10**9), dti.Index("2", "b", 9 * 10**9)], mark_decimals=4
    )
    points = [[10**9 - 0.0001, 9 * 10**9 - 0.0001], [10**9 - 0.0002, 9 * 10**9], [10**9 - 0.0003, 9 * 10**9]]
    policy = dti.Policy(publish=dti.Publish(decimals=4))
    total = dti.evaluate(
        rubric, dti.MarkSheet.from_array(points, rubric, units=["a", "b", "c"]), policy
    ).total

    assert total.published.tolist() == [9999999999.9998, 9999999999.9998, 9999999999.9997]
    assert total.ranks().tolist() == [1, 1, 3]


@pytest.mark.parametrize("lowest", [6_777_215, 6_777_216, 6_777_217])
def test_sums_about_the_limit_of_single_precision(lowest: int) -> None:
    """10,000,000 and 6,777,217 ticks are 16,777,217, the first whole number that is no single-precision float."""
    rubric = dti.Rubric("limit", "x", [dti.Index("1", "a", 100_000), dti.Index("2", "b", 100_000)])
    ticks = [lowest, lowest + 1]
    points = [[100_000, tick / 100] for tick in ticks]
    total = dti.evaluate(rubric, dti.MarkSheet.from_array(points, rubric, units=["a", "b"])).total

    assert total.points.tolist() == [(10_000_000 + tick) / 100 for tick in ticks]
    assert total.ranks().tolist() == [2, 1]


def fibonacci(place: int) -> int:
    """The Fibonacci number in a place."""
    one, next_one = 0, 1
    for _ in range(place):
        one, next_one = next_one, one + next_one
    return one


@pytest.mark.parametrize("missing", ["zero", "exclude"])
@pytest.mark.parametrize("renormalise", ["by_level", "overall"])
def test_scores_that_share_a_double(renormalise: Any, missing: Any) -> None:
    """Shares F44 / F45 and F43 / F44 differ by 1 / (F44 F45), 10^-18: exact ranks tell them apart, and tie equals."""
    most, less = fibonacci(45), fibonacci(44)
    parts = [dti.Component("1.1", "a", less), dti.Component("1.2", "b", most - less)]
    rubric = dti.Rubric("close", "x", [dti.Index("1", "x", components=parts), dti.Index("2", "y", most)])
    skip = dti.Exclusion(members=["1.2"], treatment="skip", **WHY)
    rows: list[list[float]] = [[fibonacci(43), 0, 0], [less, 0, 0], [fibonacci(43), 0, 0], [less - 7, 7, 0]]
    if missing == "exclude":
        rows[0][1] = rows[2][1] = float("nan")
    decided = {} if missing == "exclude" else {"a": [skip], "c": [skip]}
    marks = dti.MarkSheet.from_array(rows, rubric, units=["a", "b", "c", "d"], unit_exclusions=decided)
    policy = dti.Policy(renormalise=renormalise, missing=missing, decide_on="exact")
    index = dti.evaluate(rubric, marks, policy)["1"]
    above = Fraction(fibonacci(43), less) > Fraction(less, most)

    assert len(set(index.rate.tolist())) == 1
    assert index.ranks().tolist() == ([1, 3, 1, 3] if above else [3, 1, 3, 1])


@pytest.mark.parametrize("bonus", [0, 7])
def test_equal_marks_in_another_order_tie(bonus: int) -> None:
    """The same 800 marks in rising or falling order are the same score, though doubles add up to other sums."""
    indices = [dti.Index(f"{at}", "x", components=[dti.Component(f"{at}.1", "x", 7)]) for at in range(801)]
    rubric = dti.Rubric("order", "x", [*indices, dti.Index("b", "x", bonus, role="bonus")])
    policy = dti.Policy(renormalise="by_level", missing="exclude", decide_on="exact")
    for seed in range(1, 4):
        rising = np.sort(np.random.default_rng(seed).integers(0, 701, 800) / 100)
        points = [[*marks, np.nan, bonus] for marks in (rising, rising[::-1])]
        marks = dti.MarkSheet.from_array(points, rubric, units=["a", "b"])

        assert dti.evaluate(rubric, marks, policy).total.ranks().tolist() == [1, 1]


def test_a_small_score_and_a_large_bonus_tie_with_the_same() -> None:
    """1 of 1,000 points and a bonus of 500 are the same score in two units, and more than 1 and 499.99."""
    parts = [dti.Component("1.1", "x", 1000), dti.Component("1.2", "y", 1000)]
    rubric = dti.Rubric(
        "extra", "x", [dti.Index("1", "x", components=parts), dti.Index("b", "y", 500, role="bonus")]
    )
    rows = [[1, np.nan, 500], [1, np.nan, 499.99], [1, np.nan, 500]]
    marks = dti.MarkSheet.from_array(rows, rubric, units=["a", "b", "c"])
    policy = dti.Policy(renormalise="by_level", missing="exclude", decide_on="exact")

    assert dti.evaluate(rubric, marks, policy).total.ranks().tolist() == [1, 3, 1]


def test_by_level_with_the_largest_numbers() -> None:
    """10^10 points printed with nine decimals are more than 64 bits hold, also beside a unit that has nothing."""
    index = dti.Index("1", "x", components=[dti.Component("1.1", "x", 10**10)])
    rubric = dti.Rubric("large", "x", [index], mark_decimals=0)
    marks = dti.MarkSheet.from_array([[0], [10**10], [3]], rubric, units=["a", "b", "c"])
    policy = dti.Policy(renormalise="by_level", publish=dti.Publish(decimals=9))
    total = dti.evaluate(rubric, marks, policy).total

    assert total.exact("published") == [0, 10**10, 3]
    assert total.ranks().tolist() == [3, 1, 2]


@pytest.mark.parametrize("ties", ["competition", "dense"])
def test_ranks_by_keys_that_fill_64_bits(ties: Any) -> None:
    """Of keys so large that three groups of them would not fit, each group has its own ranks."""
    keys = np.array([4 * 10**18, 3 * 10**18, 4 * 10**18, 1, 4 * 10**18, 7])
    groups = np.array([0, 1, 2, 2, -1, 1])

    assert ranks_of(keys, groups, ties).tolist() == [1, 1, 1, 2, 0, 2]


@pytest.mark.parametrize(("exceed", "totals"), [(False, [20, 11, 0]), (True, [23, 11, 0])])
def test_by_level_with_bonus_and_missing_marks(exceed: bool, totals: list[int]) -> None:  # noqa: FBT001
    """Of the marked half a has all, 20 + 3, at most 20; b has 4 of 10, 8 + 3; c has nothing and 4 less, at least 0."""
    parts = [dti.Component("1.1", "x", 10), dti.Component("1.2", "y", 10)]
    extra = [dti.Index("b", "Thưởng", 5, role="bonus"), dti.Index("p", "Trừ", 5, role="penalty")]
    rubric = dti.Rubric("extra", "x", [dti.Index("1", "x", components=parts), *extra])
    points = [[10, np.nan, 3, 0], [4, np.nan, 3, 0], [0, np.nan, 0, 4]]
    marks = dti.MarkSheet.from_array(points, rubric, units=["a", "b", "c"])
    policy = dti.Policy(renormalise="by_level", missing="exclude", exceed_maximum=exceed)

    assert dti.evaluate(rubric, marks, policy).total.published.tolist() == totals


@pytest.mark.parametrize("missing", ["zero", "exclude"])
def test_by_level_without_an_index(missing: Any) -> None:
    """An index that does not apply hands its weight on: 5 of 10 on the other is half of 30 in all."""
    indices = [dti.Index(at, "x", components=[dti.Component(f"{at}.1", "x", 10)]) for at in "12"]
    rubric = dti.Rubric("level", "x", [*indices, dti.Index("3", "y", 10)])
    skip = dti.Exclusion(members=["1", "3"], treatment="skip", **WHY)
    marks = dti.MarkSheet.from_array([[7, 5, 3]], rubric, units=["a"], exclusions=[skip])
    policy = dti.Policy(renormalise="by_level", missing=missing)

    assert dti.evaluate(rubric, marks, policy).total.score.tolist() == [15]


@pytest.mark.parametrize("second", [10, 2])
def test_by_level_with_reduced_leaves(second: int) -> None:
    """A leaf reduced to 5 or 2 of 10 keeps its weight by level: all of one and nothing of the other are half."""
    parts = [dti.Component("1.1", "x", 10), dti.Component("1.2", "y", 10)]
    rubric = dti.Rubric("reduced", "x", [dti.Index("1", "x", components=parts)])
    reduced = [
        dti.Exclusion(members=[leaf], treatment="reduce", to=to, **WHY)
        for leaf, to in (("1.1", 5), ("1.2", second))
        if to < 10
    ]
    marks = dti.MarkSheet.from_array([[5, 0]], rubric, units=["a"], exclusions=reduced)

    assert dti.evaluate(rubric, marks, dti.Policy(renormalise="by_level"))["1"].score.tolist() == [10]


def test_by_level_where_one_tick_is_left() -> None:
    """Of indices of 1 and 3 points the second does not apply: all of the first is all there is."""
    indices = [
        dti.Index(f"{at}", "x", components=[dti.Component(f"{at}.1", "x", most)])
        for at, most in ((1, 1), (2, 3))
    ]
    rubric = dti.Rubric("small", "x", indices, mark_decimals=0)
    skip = dti.Exclusion(members=["2"], treatment="skip", **WHY)
    marks = dti.MarkSheet.from_array([[1, np.nan]], rubric, units=["a"], exclusions=[skip])

    assert dti.evaluate(rubric, marks, dti.Policy(renormalise="by_level")).total.score.tolist() == [4]


@pytest.mark.parametrize(("renormalise", "score"), [("overall", 5), ("by_level", 5), ("none", 1)])
def test_one_tick_is_left_beside_a_missing_mark(renormalise: Any, score: int) -> None:
    """An index of which one tick is left to be marked has what is earned of that; of one without any there is none."""
    parts = [dti.Component("1.1", "x", 1), dti.Component("1.2", "y", 4)]
    rubric = dti.Rubric("small", "x", [dti.Index("1", "x", components=parts)], mark_decimals=0)
    marks = dti.MarkSheet.from_array([[1, np.nan], [np.nan, np.nan]], rubric, units=["a", "b"])
    index = dti.evaluate(rubric, marks, dti.Policy(renormalise=renormalise, missing="exclude"))["1"]

    assert index.exact("score") == [score, None]
    assert index.published.tolist()[0] == score
    assert index.ranks().tolist() == [1, 0]


@pytest.mark.parametrize(("sizes", "bonus"), [([9973, 9967, 9949, 9941, 9931], 0), ([999983, 999979], 10**7)])
def test_by_level_over_denominators_beyond_64_bits(sizes: list[int], bonus: int) -> None:
    """Indices of prime sizes, a further leaf of each skipped: the mean of what is earned of the primes, as fractions.

    The first has a bonus of its own, which may lift it above what applies.
    """
    indices = [
        dti.Index(
            f"{at}",
            "x",
            components=[
                dti.Component(f"{at}.1", "x", size),
                dti.Component(f"{at}.2", "y", 10 - at),
                *([dti.Component("0.b", "z", bonus, role="bonus", adjusts="0")] if bonus and not at else []),
            ],
        )
        for at, size in enumerate(sizes)
    ]
    policy = dti.Policy(renormalise="by_level", exceed_maximum=True)
    rubric = dti.Rubric("primes", "x", indices, policy=policy, mark_decimals=0)
    skip = dti.Exclusion(
        members=[f"{at}.2" for at in range(len(sizes))], treatment="skip", units=["a", "b"], **WHY
    )
    earned = [[size - 1 for size in sizes], [at + 2 for at in range(len(sizes))]]
    rows = []
    for marks in earned:
        row = [each for mark in marks for each in (mark, np.nan)]
        rows.append([*row[:2], *([bonus] if bonus else []), *row[2:]])
    sheet = dti.MarkSheet.from_array(rows, rubric, units=["a", "b"], exclusions=[skip])
    weights = [size + 10 - at for at, size in enumerate(sizes)]

    expected = [
        sum(
            Fraction(mark + (bonus if not at else 0), size) * weights[at]
            for at, (mark, size) in enumerate(zip(marks, sizes, strict=True))
        )
        for marks in earned
    ]
    assert dti.evaluate(rubric, sheet).total.exact("score") == expected


def test_a_gate_in_small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every third unit has nothing of the leaf that index 1 rests on, however few units are worked on at once."""
    rubric = dti.load_rubric(
        {
            "schema": "dti-core/rubric/1",
            "code": "gate",
            "title": "Ví dụ",
            "indices": [
                {
                    "code": "1",
                    "title": "x",
                    "zero_unless": [{"node": "1.1", "above": 0}],
                    "components": [{"code": f"1.{at}", "title": "x", "max_points": 3} for at in (1, 2)],
                }
            ],
        }
    )
    set_cut(monkeypatch, 64, 1)
    marks = dti.MarkSheet.from_array(
        [[at % 3, 3] for at in range(60)], rubric, units=[f"{at}" for at in range(60)]
    )

    for renormalise in ("overall", "by_level"):
        total = dti.evaluate(rubric, marks, dti.Policy(renormalise=renormalise)).total
        assert total.score.tolist() == [at % 3 and at % 3 + 3 for at in range(60)]


def test_by_level_with_the_smallest_numbers() -> None:
    """An index worth one tick counts in full by level: of 1 and 3 points a has 1 and 0, b has 0 and 3."""
    parts = [dti.Component("1.1", "x", 1)]
    rubric = dti.Rubric(
        "small", "x", [dti.Index("1", "x", components=parts), dti.Index("2", "y", 3)], mark_decimals=0
    )
    marks = dti.MarkSheet.from_array([[1, 0], [0, 3]], rubric, units=["a", "b"])
    result = dti.evaluate(rubric, marks, dti.Policy(renormalise="by_level"))

    assert result["1"].score.tolist() == [1, 0]
    assert result.total.score.tolist() == [1, 3]


def test_published_is_the_nearest_double() -> None:
    """1232914447.287 printed with nine decimals is the double that is written so, not its neighbour."""
    rubric = dti.Rubric("near", "x", [dti.Index("1", "x", 2 * 10**9)], mark_decimals=3)
    marks = dti.MarkSheet.from_array([[1232914447.287]], rubric, units=["a"])
    policy = dti.Policy(renormalise="none", publish=dti.Publish(decimals=9))

    assert dti.evaluate(rubric, marks, policy).total.published.tolist() == [1232914447.287]


def test_a_leaf_of_one_tick_can_be_missing() -> None:
    """Under ``missing: refuse`` a leaf worth 0.01 points is as much asked for as any; one worth nothing is not."""
    rubric = dti.Rubric(
        "tick", "x", [dti.Index("1", "x", 0.01), dti.Index("2", "x", 10), dti.Index("3", "x", 0)]
    )
    marks = dti.MarkSheet.from_array([[np.nan, 5, np.nan]], rubric, units=["a"])

    with pytest.raises(dti.InvalidDocument) as refusal:
        dti.evaluate(rubric, marks, dti.Policy(missing="refuse"))
    assert [problem.path[-1] for problem in refusal.value.problems] == ["1"]


@given(pair=documents(), size=st.integers(1, 400), threads=st.integers(1, 2))
def test_small_chunks_against_the_reference(pair: Any, size: int, threads: int) -> None:
    """Published values and points are those of the exact reference with any chunk size and number of threads."""
    rubric_document, marks_document = pair
    try:
        expected = reference.evaluate(rubric_document, marks_document)
    except Refused:
        return
    with pytest.MonkeyPatch.context() as monkeypatch:
        set_cut(monkeypatch, size, threads)
        rubric = dti.load_rubric(rubric_document)
        result = dti.evaluate(rubric, dti.load_marks(marks_document, rubric))
        for node in rubric.tree.under:
            published, points = result[node].published, result[node].points
            for row, unit in enumerate(result.units):
                record = expected["units"][unit][node]
                assert points[row] == float(record.points)
                if record.published is None:
                    assert np.isnan(published[row])
                else:
                    assert published[row] == float(record.published)


def steps_of(count: int, policy: dti.Policy, missing: float) -> int:
    """How many Python steps and C calls it takes to rank so many units."""
    rubric = district_rubric()
    marks = sheet(random_points(count, rubric, missing=missing), rubric, np.arange(count) % 4)

    def ranked() -> object:
        return dti.evaluate(rubric, marks, policy).total.ranks()

    ranked()
    return steps(ranked)


def test_small_sheets_cost_few_steps() -> None:
    """Ranking 63 units takes a bounded number of Python steps and C calls: no hidden loop over units."""
    assert steps_of(63, dti.Policy(), 0) < 550


@pytest.mark.parametrize("renormalise", ["overall", "by_level", "none"])
@pytest.mark.parametrize("missing", ["zero", "exclude"])
def test_exact_ranks_cost_no_step_for_a_unit(missing: Any, renormalise: Any) -> None:
    """However the exact scores come about, ranking 4,000 units takes hardly more steps than ranking 1,000."""
    policy = dti.Policy(renormalise=renormalise, missing=missing, decide_on="exact")

    assert steps_of(4000, policy, 0.2) < steps_of(1000, policy, 0.2) + 200


def test_a_stand_by_leaf_in_several_places() -> None:
    """One stand-by leaf stands in for parts of different indices, by unit; a missing mark counts as 0 beside it."""
    indices = [
        dti.Index(code, "x", components=[dti.Component(f"{code}.{at}", "x", 10) for at in (1, 2)])
        for code in ("1", "2")
    ]
    rubric = dti.Rubric("made-up", "Giả định", [*indices, dti.Index("3", "x", 5, role="standby")])
    replaced = {
        unit: [
            dti.Exclusion(members=[member], treatment="substitute", by="3", reason="made up", basis="made up")
        ]
        for unit, member in {"a": "1.1", "b": "2.1"}.items()
    }
    marks: list[list[int | None]] = [[8, 6, 7, 3, 0], [8, 6, 7, 3, 4], [8, 6, 7, 3, 4], [8, None, 7, 3, 0]]
    sheet = dti.MarkSheet.from_array(marks, rubric, units=["c", "a", "b", "d"], unit_exclusions=replaced)
    result = dti.evaluate(rubric, sheet)

    assert result["1"].points.tolist() == [14, 4 + 6, 14, 8]
    assert result["1"].applicable.tolist() == [20, 15, 20, 20]
    assert result["2"].points.tolist() == [10, 10, 4 + 3, 10]
    assert result["2"].applicable.tolist() == [20, 20, 15, 20]
    assert result.total.exact("rate") == [
        Fraction(24, 40),
        Fraction(20, 35),
        Fraction(21, 35),
        Fraction(18, 40),
    ]


def test_places_that_fill_sixteen_bits() -> None:
    """Keys as far apart as linear sorting goes are in their order; so are keys that take one place more."""
    for span in (2**15, 2**15 + 1):
        assert ranks_of(np.array([0, span - 1]), np.array([0, 0]), "competition").tolist() == [2, 1]
