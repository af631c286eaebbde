"""Draws of weights: what each node might have been worth instead."""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Literal, get_args

import numpy as np

from dti_core.analysis.doors import share, whole
from dti_core.analysis.outline import Outline, Outlined
from dti_core.analysis.robust.nodes import weighed_nodes
from dti_core.analysis.robust.seeded import Seeded
from dti_core.answer import Floats, kept
from dti_core.columns.chunks import rows_per_chunk
from dti_core.columns.codes import option
from dti_core.errors import InvalidArgument, shorten
from dti_core.published import PublishedResult
from dti_core.result import Result
from dti_core.rubric import Rubric
from dti_core.terms import Number
from dti_core.words import ANSWERS

Law = Literal["uniform", "dirichlet", "simplex"]
MOST_PARTS = 10**6


def weight_draws(
    source: Outlined,
    count: int,
    *,
    law: Law = "uniform",
    spread: Number = 0.25,
    concentration: int = 100,
    nodes: Sequence[str] | None = None,
    seed: int = 0,
) -> Floats:
    """Draws × nodes: what each node weighs in each draw; a draw adds up to 1.

    ``source`` is a rubric, or a result by it. ``nodes``, by default the scored indices, hold each scored leaf once.

    - ``uniform``: each node's maximum times a factor from 1 − ``spread`` to 1 + ``spread``. Made to add up to 1, a
      weight may leave that range: with 0.25 it lies from 0.6 to 1.67 of what it was.
    - ``dirichlet``: all weights together vary about those in force, the less the higher ``concentration``. Its
      parameters are whole numbers, those nearest to ``concentration`` × the weight in force and at least 1.
    - ``simplex``: every set of weights is as likely as any other.

    The same seed gives the same draws, on every machine and with every version of numpy.

    >>> from dti_core import Index, Rubric
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> weight_draws(rubric, 2, spread=0).tolist()
    [[0.6, 0.4], [0.6, 0.4]]
    """
    if not isinstance(source, Rubric | Result | PublishedResult):
        raise InvalidArgument(ANSWERS("source.rubric", value=shorten(source)))
    option("law", law, *get_args(Law))
    width, drawn = float(share("spread", spread)), whole("count", count, 0)
    parts = whole("concentration", concentration, 1, MOST_PARTS)
    outline, seeded = Outline.of(source), Seeded.of(seed)
    maxima = [outline.maximum(node) for node in weighed_nodes(outline, nodes)]
    if law == "uniform":
        low, high = 1 - width, 1 + width
        worth = np.array([*map(float, maxima)])
        weights = (low + (high - low) * seeded.shares(drawn, len(maxima))) * worth
        # added up one by one, so that every machine adds alike
        return kept(weights / np.asarray(sum(weights.T, np.zeros(drawn)))[:, None])
    alpha = [1 if law == "simplex" else max(1, round(parts * worth / sum(maxima))) for worth in maxima]
    return kept(np.concatenate([np.empty((0, len(maxima))), *_dirichlet(alpha, drawn, seeded)]))


def _dirichlet(alpha: Sequence[int], count: int, seeded: Seeded) -> Iterator[Floats]:
    """Draws of a Dirichlet law of whole parameters, some at a time."""
    # n − 1 uniform numbers cut the unit into n spacings, Dirichlet(1, …, 1); α of them together are one part of
    # Dirichlet(…, α, …). Sorting and subtracting give the same doubles everywhere, as logarithms would not.
    *ends, cuts = accumulate(alpha)
    step = rows_per_chunk(cuts)
    for start in range(0, count, step):
        points = np.sort(seeded.shares(min(step, count - start), cuts - 1), axis=1)
        yield np.diff(points[:, [end - 1 for end in ends]], axis=1, prepend=0.0, append=1.0)
