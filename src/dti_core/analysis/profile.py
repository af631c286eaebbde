"""Where one unit is strong and where it is weak, beside the units that it is ranked with."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import attrs
import numpy as np

from dti_core.analysis.compared import Scored, exact_scores, kind_of
from dti_core.analysis.doors import place, share, whole
from dti_core.analysis.profiles import Part, Profile, Verdict
from dti_core.analysis.sources import standing_of
from dti_core.analysis.spread import median
from dti_core.analysis.together import Edition, result_with
from dti_core.analysis.weights import weights
from dti_core.columns.codes import listed_codes, option
from dti_core.errors import InvalidArgument
from dti_core.exact.rationals import Rationals
from dti_core.published import PublishedResult
from dti_core.result import Result
from dti_core.rubric.tree import TOTAL
from dti_core.scores.setting import By
from dti_core.terms import Label, Number

Nodes: TypeAlias = Literal["indices", "leaves"] | Sequence[str]
BEST_QUARTER, LAST_QUARTER = Fraction(3, 4), Fraction(1, 4)


def profile(
    source: Result | PublishedResult | Edition,
    unit: str,
    *,
    nodes: Nodes = "indices",
    by: By = None,
    top: int = 5,
    fewest: int = 5,
    tied: Number = 0.5,
) -> Profile:
    """Where a unit is strong and where it is weak, node by node, beside the units that it is ranked with.

    ``nodes`` are the main indices, the leaves, or those named; ``by`` is with whom the unit is ranked, as
    :meth:`Scores.ranks` takes it. A node is a strength where the unit stands in the best quarter (at least three
    quarters of the others are not ahead) and above the median share, a weakness where it stands in the last quarter and
    below. Strengths and weaknesses are ordered by what they mean for the total: the gap to the median share × what a
    full score of the node adds to the total of this unit; the first ``top`` of either are told. Left out are nodes that
    do not apply, at which the unit has no rank, fewer than ``fewest`` units are ranked, or the part ``tied`` of them or
    more share the unit's place.

    Raises :class:`~dti_core.UnknownCode` for units and nodes that there are not, and
    :class:`~dti_core.InvalidArgument` for nodes that have no score and, under ``by_level``, for groups and pillars,
    which have no weight of their own in the total.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> marks = [[30, 5], [20, 20], [15, 18], [12, 12], [6, 16]]
    >>> told = profile(evaluate(rubric, MarkSheet.from_array(marks, rubric, units=list("abcde"))), "a")
    >>> [(part.node, str(part.gap(part.median))) for part in (*told.strengths, *told.weaknesses)]
    [('1', '-15'), ('2', '11')]
    """
    scored = source if isinstance(source, PublishedResult) else result_with(source, unit)
    codes = [each if isinstance(each, str) else each.code for each in scored.units]
    row = place("unit", unit, codes)
    bounds = _Bounds(whole("fewest", fewest, 2), Fraction(share("tied", tied)))
    chosen = _chosen(scored, nodes)
    standing = standing_of(scored, by=by)
    total, *parts = (
        _part(scored, node, row, by, bounds, weight)
        for node, weight in zip((TOTAL, *chosen), weights(scored, row, (TOTAL, *chosen)), strict=True)
    )
    return Profile(
        unit=codes[row],
        name=standing.names[row],
        block=standing.titles.get(standing.blocks[row]),
        total=total,
        parts=tuple(part for part in parts if part.share is not None or not _stands_by(scored, part.node)),
        top=whole("top", top, 1),
    )


@attrs.frozen
class _Bounds:
    fewest: int
    tied: Fraction

    def verdict(
        self, own: Fraction | None, rank: int, ranks: Sequence[int], middle: Fraction | None
    ) -> Verdict:
        """What a share says beside the others, or why it says nothing."""
        if own is None or middle is None:
            return "not_applicable"
        if not rank:
            return "not_ranked"
        if len(ranks) < self.fewest:
            return "few"
        if Fraction(ranks.count(rank), len(ranks)) >= self.tied:
            return "tied"
        level = _percentile(rank, ranks) or 0
        if level >= BEST_QUARTER and own > middle:
            return "strength"
        return "weakness" if level <= LAST_QUARTER and own < middle else "neither"


def _percentile(rank: int, ranks: Sequence[int]) -> Fraction | None:
    """The part of the others that are not ahead; (of − rank) / (of − 1) where ranks are those of a competition."""
    if not rank or len(ranks) < 2:
        return None
    return 1 - Fraction(sum(other < rank for other in ranks), len(ranks) - 1)


def _chosen(source: Scored, nodes: Any) -> list[str]:
    """The nodes asked for, all of which can have a score."""
    if not isinstance(nodes, str):
        chosen = [
            [*source][place("node", node, [*source])] for node in dict.fromkeys(listed_codes("nodes", nodes))
        ]
        pointless = [node for node in chosen if kind_of(source, node) not in ("scored", "standby")]
        if pointless:
            raise InvalidArgument(f"{pointless[0]!r} has points and no score; name nodes that have one")
        return chosen
    option("nodes", nodes, "indices", "leaves")
    if isinstance(source, Result):
        tree = source.rubric.tree
        listed = tree.children[TOTAL] if nodes == "indices" else tree.leaves
    else:
        indices = next(node.children for node in source.nodes if node.code == TOTAL)
        leaves = [node.code for node in source.nodes if not node.children and not node.partial]
        listed = indices if nodes == "indices" else tuple(leaves)
    return [node for node in listed if kind_of(source, node) in ("scored", "standby")]


def _part(source: Scored, node: str, row: int, by: By, bounds: _Bounds, weight: Fraction) -> Part:
    """What one node says of the unit in a row."""
    standing = standing_of(source, node=node, by=by)
    rows = np.flatnonzero((standing.blocks == standing.blocks[row]) & (standing.ranks > 0))
    shares = [pair and pair[0] / pair[1] for pair in exact_scores(source, node)]
    others = [own for own in map(shares.__getitem__, rows.tolist()) if own is not None]
    rank, ranks = int(standing.ranks[row]), standing.ranks[rows].tolist()
    middle = median(others)
    return Part(
        node=node,
        title=_title(source, node),
        verdict=bounds.verdict(shares[row], rank, ranks, middle),
        published=Rationals.of(standing.values[row : row + 1]).at(0),
        decimals=standing.decimals,
        share=shares[row],
        rank=rank,
        peers=len(ranks),
        percentile=_percentile(rank, ranks),
        median=middle,
        best=max(others, default=None),
        worst=min(others, default=None),
        weight=weight,
    )


def _stands_by(source: Scored, node: str) -> bool:
    return kind_of(source, node) == "standby"


def _title(source: Scored, node: str) -> Label:
    if isinstance(source, Result):
        return source.rubric.tree.title[node]
    return next(other.title for other in source.nodes if other.code == node)
