"""Fast is still exact: any chunk size, number of threads, array layout or number type gives the same bits."""

import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import reference
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from reference_rules import Refused
from strategies import documents

import dti_core as dti
from dti_core.columns import chunks

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


def test_small_sheets_cost_few_steps() -> None:
    """Ranking 63 units takes a bounded number of Python steps and C calls: no hidden loop over units."""
    rubric, kinds = district_rubric(), np.arange(63) % 4
    marks = sheet(random_points(63, rubric, missing=0), rubric, kinds)
    dti.evaluate(rubric, marks).total.ranks()
    steps = 0

    def count(*_: object) -> None:
        nonlocal steps
        steps += 1

    sys.setprofile(count)
    dti.evaluate(rubric, marks).total.ranks()
    sys.setprofile(None)

    assert steps < 500
