"""How time grows with units, leaves, depth and exclusion patterns; ``draw.py`` draws it."""

from collections.abc import Callable, Mapping

import attrs
import setups
from comparisons import Job, flat, ranking
from timing import best

UNITS = 20_000


@attrs.frozen
class Curve:
    """Seconds of the base and of dti_core at each size."""

    sizes: tuple[int, ...]
    base: tuple[float, ...]
    dti_core: tuple[float, ...]


def jobs(units: int, leaves: int, patterns: int) -> tuple[Job, Job]:
    """A weighted sum with scipy's ranks; from a mark sheet to ranks in blocks."""
    marks = setups.points(units, leaves)
    return flat(marks), ranking(setups.rubric(leaves, patterns), marks, patterns)


def deep(depth: int) -> tuple[Job, Job]:
    """The same with 64 leaves spread over so many levels."""
    marks = setups.points(UNITS, 64)
    return flat(marks), ranking(setups.deep_rubric(depth), marks)


AXES: Mapping[str, tuple[Callable[[int], tuple[Job, Job]], tuple[int, ...]]] = {
    "units": (
        lambda units: jobs(units, setups.LEAVES, setups.PATTERNS),
        (63, 300, 1_000, 3_321, 10_000, 30_000, 100_000, 300_000, 1_000_000),
    ),
    "leaves": (lambda leaves: jobs(UNITS, leaves, setups.PATTERNS), (8, 16, 32, 64, 128, 256, 512)),
    "depth": (deep, (1, 2, 3, 4, 6, 8, 12, 16, 24)),
    "patterns": (lambda patterns: jobs(UNITS, setups.LEAVES, patterns), (1, 2, 4, 8, 16, 32, 64, 128, 256)),
}


def measure(axis: str, seconds: float) -> Curve:
    """One curve, so many seconds for each point."""
    make, sizes = AXES[axis]
    times = [best(make(size), seconds, at_least=3) for size in sizes]
    return Curve(sizes, tuple(time[0] for time in times), tuple(time[1] for time in times))
