"""``python benchmarks/table.py`` prints the table of README.md, measured here and now, as markdown."""

import argparse
import os
import platform
from importlib.metadata import version
from pathlib import Path

for variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[variable] = "1"  # read when numpy is first imported

from comparisons import comparisons, memory, result_size  # noqa: E402
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


def main() -> None:
    """Print a line as soon as it is measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=1_000_000, help="the largest number of units")
    parser.add_argument("--seconds", type=float, default=10, help="to spend on each line")
    given = parser.parse_args()
    print("| what | base | base takes | dti_core takes | ratio | at most |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    for each in comparisons(given.units):
        base, subject = best(each.make(), given.seconds)
        times = [shown(base), shown(subject), f"{subject / base:.2f}"]
        row = [each.what, each.base, *times, str(each.at_most or "")]
        print(f"| {' | '.join(row)} |", flush=True)
    share = memory(given.units)
    print(f"| {given.units:,} units: memory beyond the sheet | the input | | | {share:.2f} | 0.4 |")
    size, peak = result_size(3_321)
    print(
        f"| 3,321 units × 111 nodes: bytes of a result document | its marks document | | | {size:.2f} | 8 |"
    )
    print(f"| 3,321 units × 111 nodes: memory to read it | `json.loads` | | | {peak:.2f} | 2 |")
    print(f"\n{machine()}")


if __name__ == "__main__":
    main()
