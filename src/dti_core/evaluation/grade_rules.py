"""The law of grades on exact numbers, one function a sentence of docs/rules.md; percentages are of the scale."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import attrs

from dti_core.evaluation.rules import is_met
from dti_core.rubric.grades import Band, Limit, Quota, rests_on_thresholds
from dti_core.rubric.node_conditions import NodeCondition
from dti_core.rubric.tree import TOTAL

Asked = Mapping[NodeCondition, Fraction | None]
"""What each condition asks of a unit: a percentage or points; None where nothing of the node applies."""
Place = tuple[str | None, int | None]
"""A block and a rank in it."""


def reaches(percent: Fraction, band: Band) -> bool:
    """A threshold is closed (``at_least``) or open (``above``)."""
    return percent > band.threshold if band.is_open else percent >= band.threshold


def by_thresholds(percent: Fraction | None, bands: Sequence[Band]) -> int | None:
    """The place of the first band whose threshold is reached; None without a score."""
    if percent is None:
        return None
    return next((at for at, band in enumerate(bands) if reaches(percent, band)), None)


def of_part(node: str, percent: Fraction | None, bands: Sequence[Band]) -> int | None:
    """Other nodes than the total are graded by the thresholds alone, and not at all where two bands share one."""
    known = node == TOTAL or rests_on_thresholds(bands)
    return by_thresholds(percent, bands) if known else None


def fits(percent: Fraction, asked: Asked, band: Band) -> bool:
    """Whether a unit meets the threshold of a band and all that it requires."""
    return reaches(percent, band) and all(is_met(condition, asked[condition]) for condition in band.requires)


def first_by_at_most(limits: Iterable[Limit], bands: Sequence[Band]) -> int:
    """The place of the first band that no ``at_most`` bars: of those that reach a unit the lowest holds."""
    codes = [band.code for band in bands]
    return max((codes.index(limit.at_most) for limit in limits if limit.at_most is not None), default=0)


def lowered_by(limits: Iterable[Limit]) -> int:
    """Lowerings are added."""
    return sum(limit.lower_by or 0 for limit in limits)


def first_fitting(fitting: Sequence[bool], first: int) -> int:
    """The place of the first band, from a place on, whose threshold and conditions are met; the last always is."""
    return next(at for at, fits in enumerate(fitting) if fits and at >= first)


def first_allowed(fitting: Sequence[bool], highest: int, lowered: int) -> int:
    """The place of the first band that no limit bars.

    ``lower_by`` n bars the bands above the n-th below the one that conditions and ``at_most`` would give; there is none
    below the last.
    """
    if not lowered:
        return highest
    return min(first_fitting(fitting, highest) + lowered, len(fitting) - 1)


def places(quota: Quota, ranked: int) -> int:
    """How many units a quota lets in, of all that are ranked in the block: floor(P × ranked / 100), or N."""
    return quota.count if quota.percent is None else int(quota.percent * ranked // 100)  # type: ignore[return-value]


def let_in(quota: Quota, most: int, ahead: int, level: int) -> bool:
    """Whether a unit is among the first ``most`` of those that meet the rest.

    ``ahead`` of them are ranked before it, ``level`` share its rank, itself included. Where a tie crosses the limit
    none of the tied is let in, or with ``ties: "in"`` all of them.
    """
    return ahead + level <= most or (quota.ties == "in" and ahead < most)


@attrs.frozen
class Candidate:
    """What the grade of a unit at the total rests on."""

    #: for each band, whether threshold and conditions are met
    fitting: Sequence[bool]
    #: the place of the first band that no limit bars
    first: int
    #: None where it is not ranked
    rank: int | None
    block: str | None = None

    @property
    def place(self) -> Place:
        """Where it is ranked."""
        return self.block, self.rank

    def meets(self, at: int) -> bool:
        """Whether it meets all of a band but its quota."""
        return at >= self.first and self.fitting[at]


def grades(candidates: Sequence[Candidate], bands: Sequence[Band]) -> list[int | None]:
    """The place of the band of each unit with a score, of whole blocks.

    A unit gets the first band all of which it meets and whose quota lets it in; an unranked unit that meets the rest of
    a band with a quota has none.
    """
    graded: list[int | None] = [None] * len(candidates)
    ranked = Counter(candidate.block for candidate in candidates if candidate.rank is not None)
    waiting = [*range(len(candidates))]
    for at, band in enumerate(bands):
        meeting = [unit for unit in waiting if candidates[unit].meets(at)]
        entering, gone = meeting, meeting
        if band.quota is not None:
            open_to = _open_to(band.quota, [candidates[unit].place for unit in meeting], ranked)
            entering = [unit for unit in meeting if candidates[unit].place in open_to]
            gone = [*entering, *(unit for unit in meeting if candidates[unit].rank is None)]
        for unit in entering:
            graded[unit] = at
        waiting = sorted({*waiting} - {*gone})
    return graded


def _open_to(quota: Quota, meeting: Iterable[Place], ranked: Mapping[str | None, int]) -> set[Place]:
    """The blocks and ranks that a quota lets in, of those of the units that meet the rest."""
    counts = Counter(place for place in meeting if place[1] is not None)
    ahead: Counter[str | None] = Counter()
    open_to = set()
    for place in sorted(counts, key=lambda place: place[1] or 0):
        block, level = place[0], counts[place]
        if let_in(quota, places(quota, ranked[block]), ahead[block], level):
            open_to.add(place)
        ahead[block] += level
    return open_to
