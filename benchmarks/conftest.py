"""One BLAS thread for everyone, and for each group of benchmarks a line with the ratios to its base."""

import os
import sys
from pathlib import Path
from typing import Any

for variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[variable] = "1"  # read when numpy is first imported
sys.path.insert(0, str(Path(__file__).parent))


def pytest_terminal_summary(terminalreporter: Any, config: Any) -> None:
    """Ratios of medians, taken in one run on one machine."""
    medians: dict[str, dict[str, float]] = {}
    for each in config._benchmarksession.benchmarks:  # noqa: SLF001 - the plugin has no other door
        if each.stats.data:
            medians.setdefault(each.group, {})[each.extra_info["who"]] = each.stats.median
    for group, median in medians.items():
        base = median.pop("base", None)
        if base:
            ratios = ", ".join(f"{who} {value / base:.2f}" for who, value in median.items())
            terminalreporter.write_line(f"{group}, in terms of the base: {ratios}")
