"""Where one unit is strong and where it is weak, beside the units that it is ranked with."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import attrs
import numpy as np

from dti_core.analysis.compared import Scored, printed, shares, units_of
from dti_core.analysis.doors import place, share, whole
from dti_core.analysis.outline import Outline
from dti_core.analysis.profile.answer import NodeProfile, Profile, Verdict
from dti_core.analysis.profile.weights import weights
from dti_core.analysis.sources import names_of, ranks_at, standing_of
from dti_core.analysis.spread import in_order, median
from dti_core.analysis.together import Edition, result_with
from dti_core.answer import UNRANKED, Ints, Texts
from dti_core.columns.codes import listed_codes, option
from dti_core.errors import InvalidArgument
from dti_core.exact.rationals import Rationals
from dti_core.published import PublishedResult
from dti_core.result import Result
from dti_core.rubric.tree import TOTAL
from dti_core.scores.setting import By
from dti_core.terms import Label, Number
from dti_core.terms.lookups import among
from dti_core.words import ANSWERS

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
    codes = units_of(scored)
    row = place("unit", unit, codes)
    bounds = _Bounds(whole("fewest", fewest, 2), share("tied", tied))
    chosen, is_named = [TOTAL, *_chosen(scored, nodes)], not isinstance(nodes, str)
    standing, outline = standing_of(scored, by=by), Outline.of(scored)
    beside = _Beside(scored, outline, row, names_of(by), standing.blocks, bounds)
    total, *parts = (
        beside.part(node, weight)
        for node, weight in zip(chosen, weights(scored, row, chosen), strict=True)
        if weight or is_named or outline.kind[node] == "scored"
    )
    block = standing.blocks[row]
    return Profile(
        unit=codes[row],
        name=standing.names[row],
        block=standing.titles.get(block, Label(block)) if block else None,
        total=total,
        parts=tuple(parts),
        top=whole("top", top, 1),
    )


@attrs.frozen
class _Bounds:
    fewest: int
    tied: Fraction

    def verdict(self, part: NodeProfile, alike: int) -> Verdict:
        """What a node says of a unit beside the others, or why it says nothing; ``alike`` are of the unit's rank."""
        if part.share is None:
            return "not_applicable"
        if not part.rank:
            return "not_ranked"
        if part.percentile is None or part.median is None or part.peers < self.fewest:
            return "few"
        if Fraction(alike, part.peers) >= self.tied:
            return "tied"
        if part.percentile >= BEST_QUARTER and part.share > part.median:
            return "strength"
        is_last = part.percentile <= LAST_QUARTER and part.share < part.median
        return "weakness" if is_last else "neither"


def _chosen(source: Scored, nodes: Any) -> list[str]:
    """The nodes asked for, all of which can have a score."""
    outline = Outline.of(source)
    if not isinstance(nodes, str):
        known = [*source]
        chosen = [among("node", node, known) for node in dict.fromkeys(listed_codes("nodes", nodes))]
        pointless = [node for node in chosen if not outline.is_scored(node)]
        if pointless:
            raise InvalidArgument(ANSWERS("points_only", node=pointless[0]))
        return chosen
    option("nodes", nodes, "indices", "leaves")
    if nodes == "indices":
        listed = outline.children[TOTAL]
    elif isinstance(source, Result):
        listed = source.rubric.tree.leaves
    else:
        listed = [node.code for node in source.nodes if not node.children and not node.partial]
    return [node for node in listed if outline.is_scored(node)]


@attrs.frozen
class _Beside:
    """A unit of a source, and the block that it is ranked in."""

    source: Scored
    outline: Outline
    row: int
    by: By
    blocks: Texts
    bounds: _Bounds

    def part(self, node: str, weight: Fraction) -> NodeProfile:
        """What one node says of the unit."""
        source, row = self.source, self.row
        at_node = ranks_at(source, node, self.by, self.blocks)
        rows = np.flatnonzero((self.blocks == self.blocks[row]) & (at_node > UNRANKED))
        every, rank, ranks = shares(source, node), int(at_node[row]), at_node[rows]
        others = in_order(every.take(rows))
        part = NodeProfile(
            node=node,
            title=self.outline.title[node],
            verdict="neither",
            published=printed(source, node).at(row),
            decimals=source.policy.publish_of(node).decimals,
            share=every.at(row),
            rank=rank,
            peers=len(ranks),
            percentile=_percentile(rank, ranks),
            **_spread(others),
            weight=weight,
        )
        return attrs.evolve(part, verdict=self.bounds.verdict(part, int((ranks == rank).sum())))


def _percentile(rank: int, ranks: Ints) -> Fraction | None:
    """The part of the others that are not ahead; (of − rank) / (of − 1) where ranks are those of a competition."""
    if not rank or len(ranks) < 2:
        return None
    return 1 - Fraction(int((ranks < rank).sum()), len(ranks) - 1)


def _spread(ordered: Rationals) -> dict[str, Fraction | None]:
    """The middle and the ends of numbers in order."""
    count = len(ordered.null)
    if not count:
        return dict.fromkeys(("median", "best", "worst"))
    middle = median(ordered.at(at) for at in ((count - 1) // 2, count // 2))
    return {"median": middle, "best": ordered.at(-1), "worst": ordered.at(0)}
