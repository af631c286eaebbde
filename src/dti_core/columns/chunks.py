"""Work on many rows in pieces that fit the cache, on two threads where there is enough of it."""

import os
from collections.abc import Callable, Iterable

#: small enough for a core's cache, large enough that two threads seldom wait for one another's Python between calls
CHUNK_BYTES = 1 << 20
#: rows × columns from which a second thread pays for its start
WORTH_A_THREAD = 1 << 20
THREADS = min(2, os.cpu_count() or 1)

Job = Callable[[Iterable[slice]], None]


def in_chunks(job: Job, rows: int, columns: int) -> None:
    """Call ``job`` with slices that together cover all rows once; it may run twice at once, on different slices.

    >>> in_chunks(lambda pieces: print([(piece.start, piece.stop) for piece in pieces]), 3, 2)
    [(0, 3)]
    """
    step = rows_per_chunk(columns)
    pieces = [slice(start, min(start + step, rows)) for start in range(0, rows, step)]
    if THREADS == 1 or rows * columns < WORTH_A_THREAD:
        job(pieces)
        return
    from concurrent.futures import ThreadPoolExecutor  # with logging and more: small sheets never need it

    half = len(pieces) // 2
    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(job, pieces[:half]), pool.submit(job, pieces[half:])]:
            done.result()


def rows_per_chunk(columns: int) -> int:
    """How many rows of doubles fit a chunk."""
    return max(1, CHUNK_BYTES // (8 * max(columns, 1)))
