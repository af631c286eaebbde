"""Ranks by engines that hold the parts of a round: DuckDB and Spark by SQL, Ray by a tally.

``python examples/engines.py duckdb`` (or ``spark``, or ``ray``; each needs its own package, and the first two pyarrow)
makes up marks part by part, scores each part once where the engine has it, and compares the ranks with those of one
machine. A published value is the double nearest to its decimal, so that values are equal where their doubles are: what
SQL ranks by them it ranks exactly. As with a tally, this holds where a published value alone decides: not with
``decide_on: exact``, points under ``renormalise: none`` or a ``tie_break``.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

import dti_core as dti

BLOCKS = ("ward", "commune", "zone")
RANKS = """SELECT unit, rank() OVER (PARTITION BY block ORDER BY total DESC) AS place
FROM scores WHERE ranked ORDER BY unit"""
Ranks = dict[str, int]


def make_rubric() -> dti.Rubric:
    """Twenty criteria; wards and communes are ranked apart, and zones in neither block."""
    parts = [dti.Component(f"1.{at}", f"Tiêu chí {at}", 5) for at in range(1, 21)]
    blocks = [dti.Block(code, code, {"level": code}) for code in BLOCKS[:2]]
    index = dti.Index("1", "Chỉ số giả định", components=parts)
    levels = {"level": {"type": "string", "enum": list(BLOCKS)}}
    return dti.Rubric("engines", "Bộ chỉ số giả định", [index], attributes=levels, blocks=blocks)


def score(start: int, stop: int) -> dti.Result:
    """The scores of some units; a unit's marks follow from its number."""
    marks = np.array([np.random.default_rng(unit).integers(0, 11, 20) / 2 for unit in range(start, stop)])
    units, levels = [f"u{unit:06}" for unit in range(start, stop)], np.arange(start, stop) % len(BLOCKS)
    kept = {"level": [BLOCKS[at] for at in levels]}
    rubric = make_rubric()
    return dti.evaluate(rubric, dti.MarkSheet.from_array(marks, rubric, units=units, attributes=kept))


def scores(start: int, stop: int) -> dict[str, Any]:
    """What SQL needs of a part: code, block, published total, and whether the unit is ranked."""
    columns = score(start, stop).columns(["total"])
    chosen = {name: columns[name] for name in ("unit", "block", "total")}
    return {**chosen, "ranked": columns["total.rank"] > 0}


def by_duckdb(parts: list[tuple[int, int]]) -> Ranks:
    """Every part is a table in memory; DuckDB reads Arrow as it is."""
    import duckdb
    import pyarrow as pa

    with duckdb.connect() as connection:
        connection.register("scores", pa.concat_tables(pa.table(scores(*part)) for part in parts))
        return dict(connection.sql(RANKS).fetchall())


def by_spark(parts: list[tuple[int, int]]) -> Ranks:
    """Executors score the parts; what they give to one another are the rows that SQL needs."""
    import pyarrow as pa
    from pyspark.sql import SparkSession

    def scored(batches: Iterable[Any]) -> Iterator[Any]:
        for batch in batches:
            for part in batch.to_pylist():
                yield from pa.table(scores(part["start"], part["stop"])).to_batches()

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = SparkSession.builder.master("local[2]").appName("dti_core").getOrCreate()
    try:
        given = spark.createDataFrame(parts, "start long, stop long").repartition(len(parts))
        rows = given.mapInArrow(scored, "unit string, block string, total double, ranked boolean")
        rows.createOrReplaceTempView("scores")
        return {row.unit: row.place for row in spark.sql(RANKS).collect()}
    finally:
        spark.stop()


def by_ray(parts: list[tuple[int, int]]) -> Ranks:
    """Workers score the parts and keep 12 bytes a unit; the tally of all parts ranks each."""
    import ray

    def keep(part: tuple[int, int]) -> dti.Compact:
        return dti.Compact.of(score(*part).total)

    def count(kept: dti.Compact) -> dti.Tally:
        return dti.Tally.of(kept)

    def rank(kept: dti.Compact, tally: dti.Tally) -> NDArray[np.int64]:
        return tally.ranks(kept)

    ray.init(num_cpus=2, include_dashboard=False)
    try:
        kept = [ray.remote(keep).remote(part) for part in parts]
        tally = sum(ray.get([ray.remote(count).remote(each) for each in kept]), dti.Tally.none())
        shared = ray.put(tally)
        ranks = np.concatenate(ray.get([ray.remote(rank).remote(each, shared) for each in kept]))
    finally:
        ray.shutdown()
    units = [f"u{unit:06}" for start, stop in parts for unit in range(start, stop)]
    return {unit: int(place) for unit, place in zip(units, ranks, strict=True) if place}


ENGINES: dict[str, Callable[[list[tuple[int, int]]], Ranks]] = {
    "duckdb": by_duckdb,
    "spark": by_spark,
    "ray": by_ray,
}


def main() -> None:
    """Rank by an engine, and compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("engine", choices=ENGINES)
    parser.add_argument("--units", type=int, default=20_000)
    given = parser.parse_args()
    step = max(1, given.units // 8)
    parts = [(start, min(start + step, given.units)) for start in range(0, given.units, step)]
    ranks = ENGINES[given.engine](parts)
    alone = score(0, given.units)
    places = dict(zip(alone.units, alone.total.ranks().tolist(), strict=True))
    if ranks != {unit: place for unit, place in places.items() if place}:
        raise SystemExit("the ranks differ from those of one machine")
    print(f"{given.engine}: the ranks of {len(ranks):,} of {given.units:,} units are those of one machine")


if __name__ == "__main__":
    main()
