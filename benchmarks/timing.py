"""Fair times on a machine that others use too: bases and subjects take turns, and the best of each counts."""

import time
from collections.abc import Callable, Sequence
from typing import Any


def best(jobs: Sequence[Callable[[], Any]], seconds: float, at_least: int = 5) -> list[float]:
    """The shortest time of each job in seconds, all run in turn until so much time is spent."""
    shortest = [float("inf")] * len(jobs)
    loops = [max(1, round(FINE / max(_time(job, 1), 1e-9))) for job in jobs]
    started, turns = time.perf_counter(), 0
    while turns < at_least or time.perf_counter() - started < seconds:
        shortest = [min(old, _time(job, n)) for old, job, n in zip(shortest, jobs, loops, strict=True)]
        turns += 1
    return shortest


def _time(job: Callable[[], Any], loops: int) -> float:
    started = time.perf_counter()
    for _ in range(loops):
        job()
    return (time.perf_counter() - started) / loops


FINE = 0.002
"""Shorter jobs are repeated until the clock is fine enough for them."""
