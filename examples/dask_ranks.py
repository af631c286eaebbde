"""Ranks of 20,000,000 units on a cluster of processes that together may hold a small part of them.

``python examples/dask_ranks.py`` starts two worker processes of 1 GiB each. The marks, 16 GB as doubles, are made up
part by part, and each part is scored once: the workers keep 12 bytes of each row, count those, and rank them within the
sum of all counts. The ranks of the first million rows, which one machine can hold, are compared with those of a plain
``evaluate``.

Needs the extra ``dti-core[dask]``.
"""

import argparse
import time
from typing import Any

import numpy as np
from dask.distributed import Client, Future, LocalCluster, as_completed
from numpy.typing import NDArray

import dti_core as dti

LEAVES, BLOCKS = 98, 30


def make_rubric() -> dti.Rubric:
    """Eight indices of 12 or 13 components, 30 blocks, and a rule that skips two leaves for some."""
    indices = [
        dti.Index(
            f"{at}",
            f"Chỉ số {at}",
            components=[
                dti.Component(f"{at}.{leaf}", f"Tiêu chí {leaf}", 10) for leaf in range(12 + (at > 6))
            ],
        )
        for at in range(1, 9)
    ]
    rule = dti.ExclusionRule(
        code="young",
        when={"young": True},
        members=["1.1", "2.3"],
        treatment="skip",
        reason="made up",
        basis="made up",
    )
    return dti.Rubric(
        "twenty-million",
        "Bộ chỉ số giả định",
        indices,
        attributes={"block": {"type": "integer"}, "young": {"type": "boolean"}},
        exclusions=[rule],
        blocks=[dti.Block(f"b{at}", f"Khối {at}", {"block": at}) for at in range(BLOCKS)],
    )


def score(rows: range) -> dti.Scores:
    """The totals of some rows; a row's marks follow from its number."""
    rubric = make_rubric()
    chunks = [np.random.default_rng(start) for start in rows[::CHUNK]]
    whole = np.concatenate([rng.integers(0, 1001, (CHUNK, LEAVES), dtype=np.int16) for rng in chunks])
    numbers = np.array(rows)
    kept: dict[str, Any] = {"block": numbers % BLOCKS, "young": numbers % 7 == 0}
    marks = dti.MarkSheet.from_array(
        np.divide(whole, 100, dtype=np.float64),
        rubric,
        units=[f"u{row}" for row in rows],
        attributes=kept,
    )
    return dti.evaluate(rubric, marks).total


CHUNK = 50_000


def keep(rows: range) -> dti.Compact:
    """What decides the ranks of some rows, once their marks are let go."""
    return dti.Compact.of(score(rows))


def add_up(client: Client, kept: list[Future]) -> dti.Tally:
    """The tally of all parts; no more than one part's is held beside it."""
    tally = dti.Tally.none()
    for future in as_completed(client.map(dti.Tally.of, kept)):
        tally += future.result()
        future.release()
    return tally


def rank(kept: dti.Compact, tally: dti.Tally) -> NDArray[np.int64]:
    """The ranks of some rows within all that the tally counted."""
    return tally.ranks(kept)


def ranks(client: Client, kept: list[Future], tally: dti.Tally) -> NDArray[np.int64]:
    """The ranks of all rows of the parts, in order."""
    shared = client.scatter(tally, broadcast=True)
    return np.concatenate(client.gather(client.map(rank, kept, tally=shared)))


def main() -> None:
    """Rank, compare and say how long it took."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--part", type=int, default=200_000, help=f"rows at a time, a multiple of {CHUNK:,}")
    parser.add_argument("--memory", default="1GiB", help="of each of two workers")
    parser.add_argument("--check", type=int, default=1_000_000, help="rows to rank on one machine too")
    given = parser.parse_args()
    parts = [range(start, start + given.part) for start in range(0, given.rows, given.part)]
    few = parts[: given.check // given.part]
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, memory_limit=given.memory) as cluster,
        Client(cluster) as client,
    ):
        started = time.perf_counter()
        kept = client.map(keep, parts)
        tally = add_up(client, kept)
        print(f"{given.rows:,} rows scored and counted after {time.perf_counter() - started:.0f} s")
        result = ranks(client, kept, tally)
        print(
            f"and ranked after {time.perf_counter() - started:.0f} s: {np.bincount(result)[1]} units are first"
        )
        spread = ranks(client, kept[: len(few)], add_up(client, kept[: len(few)]))
    alone = score(range(given.check)).ranks()
    if not np.array_equal(spread, alone):
        raise SystemExit("the ranks differ from those of one machine")
    print(f"the ranks of the first {given.check:,} rows are those that one machine gives")


if __name__ == "__main__":
    main()
