"""What other libraries take for the same marks, in terms of `X @ w` and scipy's ranks; those not installed are skipped.

pandas and polars do dti_core's job: 13 nodes, exclusions, ranks of the total in blocks. scikit-criteria, pymcdm and
pyDecision know neither trees, exclusions nor groups: they add up columns of complete marks and rank, the last without
ranks. None of the others checks marks or is exact.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import setups
from numpy.typing import NDArray
from scipy.stats import rankdata

import dti_core as dti

Marks = NDArray[np.float64]
Job = Callable[[], Any]
WEIGHTS = np.full(setups.LEAVES, 1 / setups.LEAVES)
BEST = np.ones(setups.LEAVES)
SLOW = 100_000
"""More units than this take minutes where every unit is an object."""


def base(marks: Marks) -> Job:
    """A weighted sum and ranks: flat, unchecked."""
    return lambda: rankdata(-(marks @ WEIGHTS), "min")


def dti_core(marks: Marks) -> Job:
    """Scores of all nodes, ranks of the total in blocks."""
    scoring = setups.rubric()
    made = setups.sheet(scoring, marks)

    def job() -> NDArray[np.int64]:
        result = dti.evaluate(scoring, made)
        for node in scoring.tree.inner:
            _ = result[node].score
        return result.total.ranks()

    return job


def counted(marks: Marks) -> Marks:
    """A copy with NaN where a rule leaves a mark out."""
    scoring, kinds = setups.rubric(), setups.attributes(len(marks))["kind"]
    left = marks.copy()
    for kind, rule in enumerate(scoring.exclusions, start=1):
        columns = [scoring.tree.leaves.index(leaf) for leaf in rule.members]
        left[np.ix_(kinds == kind, columns)] = np.nan
    return left


def pandas(marks: Marks) -> Job:
    """Sums without NaN, over the number of marks that count."""
    frames = pytest.importorskip("pandas")
    tree = setups.rubric().tree
    frame = frames.DataFrame(counted(marks), columns=list(tree.leaves))
    blocks = setups.attributes(len(marks))["block"]

    def job() -> Any:
        scores = {}
        for node in tree.inner:
            part = frame[list(tree.under[node])]
            scores[node] = part.sum(axis=1) / part.count(axis=1) * len(tree.under[node])
        return scores["total"].groupby(blocks).rank(method="min", ascending=False)

    return job


def polars(marks: Marks) -> Job:
    """The same with null for NaN, on one thread if POLARS_MAX_THREADS says so."""
    pl = pytest.importorskip("polars")
    tree = setups.rubric().tree
    frame = pl.DataFrame(counted(marks), schema=list(tree.leaves)).fill_nan(None)
    frame = frame.with_columns(pl.Series("block", setups.attributes(len(marks))["block"]))

    def score(node: str) -> Any:
        leaves = list(tree.under[node])
        count = pl.sum_horizontal([pl.col(leaf).is_not_null().cast(pl.Float64) for leaf in leaves])
        return (pl.sum_horizontal(leaves) / count * len(leaves)).alias(f"node {node}")

    def job() -> Any:
        scores = frame.select("block", *[score(node) for node in tree.inner])
        return scores.with_columns(pl.col("node total").rank("min", descending=True).over("block"))

    return job


def scikit_criteria(marks: Marks) -> Job:
    """Flat, dense ranks; the decision matrix is made beforehand."""
    skc = pytest.importorskip("skcriteria")
    simple = pytest.importorskip("skcriteria.agg.simple")
    matrix = skc.mkdm(marks + 0.01, [max] * setups.LEAVES, weights=WEIGHTS)
    return lambda: simple.WeightedSumModel().evaluate(matrix).rank_


def pymcdm(marks: Marks) -> Job:
    """Flat, average ranks, checks off."""
    methods = pytest.importorskip("pymcdm.methods")
    if len(marks) > SLOW:
        pytest.skip("takes too long")
    model, positive = methods.WSM(), marks + 0.01
    return lambda: model.rank(model(positive, WEIGHTS, BEST, validation=False))


def pydecision(marks: Marks) -> Job:
    """Flat, no ranks, no plot."""
    algorithm = pytest.importorskip("pyDecision.algorithm")
    given = {"criterion_type": ["max"] * setups.LEAVES, "weights": list(WEIGHTS)}
    return lambda: algorithm.saw_method(marks, **given, graph=False, verbose=False)


PEERS = [base, dti_core, pandas, polars, scikit_criteria, pymcdm, pydecision]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("units", [63, 1_000, 100_000, 1_000_000], ids="{:,}".format)
@pytest.mark.parametrize("peer", PEERS, ids=lambda each: each.__name__)
def test_peer(benchmark: Any, peer: Callable[[Marks], Job], units: int) -> None:
    """The time of one of them."""
    benchmark.group = f"{units:,} units, by others"
    benchmark.extra_info["who"] = peer.__name__
    job = peer(setups.points(units))
    if units < SLOW:
        benchmark(job)
    else:
        benchmark.pedantic(job, rounds=5, warmup_rounds=1)
