"""``python benchmarks/table.py`` prints the table of README.md, measured here and now, as markdown."""

import argparse
import os
import platform
from collections.abc import Iterator
from importlib.metadata import version
from itertools import chain
from pathlib import Path

for variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[variable] = "1"  # read when numpy is first imported

from comparisons import comparisons, memory, result_size  # noqa: E402
from journeys import journeys  # noqa: E402
from options import columns_memory, options  # noqa: E402
from timing import best  # noqa: E402

PACKAGES = ("numpy", "scipy", "attrs", "cattrs")


def machine() -> str:
    """What the figures were measured on."""
    info = Path("/proc/cpuinfo")
    named = [line for line in info.read_text().splitlines() if "model name" in line] if info.exists() else []
    model = named[0].partition(": ")[2] if named else platform.processor()
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{model}, {os.cpu_count()} cores; Python {platform.python_version()}, {packages}; one BLAS thread."
    )


def shown(seconds: float) -> str:
    """A time with three digits."""
    for unit, scale in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} µs"


def memories(units: int) -> Iterator[tuple[str, str, float, float]]:
    """What is counted in bytes: what, of what, how much, at most how much."""
    size, document = f"{units:,} units", "3,321 units × 111 nodes"
    yield f"{size}: memory beyond the sheet", "the input", memory(units), 0.4
    beyond, stays = columns_memory(units)
    yield f"{size}: columns of 111 nodes, memory beyond the table", "the input", beyond, 1
    yield f"{size}: of that, what stays", "the input", stays, 1
    in_bytes, peak = result_size(3_321)
    yield f"{document}: bytes of a result document", "its marks document", in_bytes, 8
    yield f"{document}: memory to read it", "`json.loads`", peak, 2


def main() -> None:
    """Print a line as soon as it is measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=1_000_000, help="the largest number of units")
    parser.add_argument("--seconds", type=float, default=10, help="to spend on each line")
    parser.add_argument("--only", default="", help="the lines that have this text in them")
    given = parser.parse_args()
    print("| what | base | base takes | dti_core takes | ratio | at most |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    every = chain(comparisons(given.units), options(given.units), journeys(3_321))
    for each in (each for each in every if given.only in each.what):
        base, subject = best(each.make(), given.seconds)
        times = [shown(base), shown(subject), f"{subject / base:.2f}"]
        row = [each.what, each.base, *times, str(each.at_most or "")]
        print(f"| {' | '.join(row)} |", flush=True)
    for what, base, share, most in memories(given.units) if not given.only else ():
        print(f"| {what} | {base} | | | {share:.2f} | {most} |", flush=True)
    print(f"\n{machine()}")


if __name__ == "__main__":
    main()
