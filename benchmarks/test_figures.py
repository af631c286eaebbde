"""The design's figures: pytest prints the times and, for each, the ratio to its base; README.md has the command.

Times say little about another machine; their ratios hold better. Nothing here fails for being slow.
"""

from collections.abc import Callable
from typing import Any

import pytest
from comparisons import Comparison, comparisons
from journeys import journeys
from options import options

WHO = ("base", "dti_core")
EVERY = [*comparisons(100_000), *options(100_000), *journeys(3_321)]


@pytest.fixture(scope="module", params=EVERY, ids=lambda each: f"{each.what} to {each.base}")
def compared(request: pytest.FixtureRequest) -> tuple[Comparison, Any]:
    """A figure and its two jobs."""
    return request.param, request.param.make()


@pytest.mark.parametrize("who", WHO)
def test_figure(benchmark: Any, compared: tuple[Comparison, tuple[Callable[[], Any], ...]], who: str) -> None:
    """The base, then dti_core."""
    comparison, jobs = compared
    benchmark.group = f"{comparison.what} ({comparison.base})"
    benchmark.extra_info["who"] = who
    benchmark(jobs[WHO.index(who)])
