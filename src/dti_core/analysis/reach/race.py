"""What a unit must come to for a place, a grade or a printed value, all others unchanged."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property

import attrs
import numpy as np

from dti_core.analysis.compared import breakers, compared
from dti_core.analysis.reach.goals import Goal, Goals, of_condition
from dti_core.evaluation import grade_rules as law
from dti_core.evaluation import rules
from dti_core.evaluation.ranking import NO_GROUP
from dti_core.evaluation.sums import IntArray
from dti_core.explain.common import Common
from dti_core.explain.derive import Derivation
from dti_core.result import Result
from dti_core.rubric.grades import Band, Quota
from dti_core.rubric.policy import AttributeOrder, Breaker
from dti_core.rubric.tree import TOTAL
from dti_core.scores import Scores
from dti_core.scores.setting import By
from dti_core.terms.lookups import grouped


@attrs.frozen(eq=False, slots=False)
class Race:
    """All units of a result at a node, and what ranks compare of each."""

    result: Result
    node: str
    by: By

    @property
    def scores(self) -> Scores:
        """The scores of the node."""
        return self.result[self.node]

    @cached_property
    def common(self) -> Common:
        """What derivations of the result have in common."""
        return Common(self.result.setting)

    @cached_property
    def ranks(self) -> IntArray:
        """(units,) the ranks, 0 where unranked."""
        return self.scores.ranks(self.by)

    @cached_property
    def groups(self) -> IntArray:
        """(units,) with whom each is, or would be, ranked; −1 with nobody."""
        return np.asarray(self.result.setting.groups(self.by))

    @property
    def _parts(self) -> tuple[Breaker, ...]:
        """The node, and what breaks its ties."""
        return self.node, *breakers(self.result, self.node)

    @cached_property
    def compared(self) -> list[list[Fraction | None]]:
        """What ranks compare in turn, unit by unit."""
        return compared(self.result, self.node)

    @cached_property
    def keys(self) -> list[rules.Key]:
        """The same of each unit, as what can be put in order."""
        return [rules.rank_key(values) for values in zip(*self.compared, strict=True)]

    @cached_property
    def _ordered(self) -> dict[int, list[int]]:
        """The ranked units of each group, best first."""
        order = np.lexsort((self.ranks, self.groups)).tolist()
        return grouped((int(self.groups[row]), row) for row in order if self.ranks[row])

    @cached_property
    def _standing(self) -> dict[int, list[rules.Key]]:
        """What ranks compare of the ranked units of each group, in order."""
        return {group: sorted(self.keys[row] for row in rows) for group, rows in self._ordered.items()}

    def rivals(self, row: int) -> list[int]:
        """The units that a unit is ranked with, best first, without itself."""
        return [other for other in self._ordered.get(int(self.groups[row]), ()) if other != row]

    def is_ranked(self, row: int) -> bool:
        """Whether a unit can have a rank, whatever its marks."""
        return bool(self.groups[row] != NO_GROUP)

    def rank(self, row: int) -> int:
        """The rank of a unit; of one that has none yet, behind all others."""
        rivals = self.rivals(row)
        is_dense = self.result.policy.ties == "dense"
        last = len({self.ranks[other] for other in rivals} if is_dense else rivals)
        return int(self.ranks[row]) or last + 1

    def rank_with(self, row: int, unit: Derivation) -> int:
        """The rank of a ranked unit if it came to something else, all others unchanged."""
        pairs = zip(self._parts, self.compared, strict=True)
        key = rules.rank_key(self._value(part, column[row], unit) for part, column in pairs)
        known, own = self._standing[int(self.groups[row])], self.keys[row]
        is_left = own > key and (self.result.policy.ties != "dense" or known.count(own) == 1)
        places = sorted({*known}) if self.result.policy.ties == "dense" else known
        return 1 + len(places) - bisect_right(places, key) - is_left

    def _value(self, part: Breaker, value: Fraction | None, unit: Derivation) -> Fraction | None:
        """What ranks compare of a part; its value as it is where that is no score."""
        if isinstance(part, AttributeOrder) or self.result.rubric.tree.kind[part] != "scored":
            return value
        score, policy = unit.score(part), unit.policy
        if score is None:
            return None
        return rules.decisive(score, unit.scale(part), policy.publish_of(part), policy.decide_on)

    def level(self, row: int, rank: int) -> int | None:
        """The unit that a rank is shared with; None where nobody is in the way."""
        rivals = self.rivals(row)
        if self.result.policy.ties == "dense":
            first = {self.ranks[other]: other for other in reversed(rivals)}
            rivals = [*reversed(first.values())]
        return rivals[rank - 1] if rank <= len(rivals) else None

    def to_rank(self, row: int, rank: int) -> list[Goals]:
        """What gives a unit a rank or a better one."""
        level = self.level(row, rank)
        return [(*self._marked, *goals) for goals in ([()] if level is None else self.beside(row, level))]

    def to_value(self, value: Fraction) -> list[Goals]:
        """What prints a value or a higher one."""
        return [(Goal(self.node, "published", "at_least", value),)]

    @property
    def _marked(self) -> Goals:
        """What is to be marked for a rank."""
        least = Fraction(self.result.policy.min_coverage)
        return (Goal(self.node, "coverage", "at_least", least),) if least else ()

    def beside(self, row: int, rival: int, *, ahead: bool = False) -> list[Goals]:
        """What puts a unit beside a rival or ahead of it, or only ahead: more at one node, and no less before it."""
        alternatives: list[Goals] = []
        equal: Goals = (Goal(self.node, "decisive", "at_least", Fraction(0)),)
        for part, column in zip(self._parts, self.compared, strict=True):
            own, other = column[row], column[rival]
            if isinstance(part, AttributeOrder) or other is None:
                mine, theirs = rules.rank_key([own]), rules.rank_key([other])
                if mine > theirs:
                    return [*alternatives, equal]
                if mine < theirs:
                    return alternatives
                continue
            if ahead or part != self._parts[-1]:
                alternatives.append((*equal, self._bound(part, other, is_open=True)))
            equal = (*equal, self._bound(part, other, is_open=False))
        return alternatives if ahead else [*alternatives, equal]

    def _bound(self, part: str, value: Fraction, *, is_open: bool) -> Goal:
        """At least what a rival has at a node, or more; of penalty points at most, or fewer."""
        kind = self.result.rubric.tree.kind[part]
        if kind == "penalty":
            return Goal(part, "points", "below" if is_open else "at_most", -value)
        return Goal(
            part, "decisive" if kind == "scored" else "points", "above" if is_open else "at_least", value
        )

    def to_grade(self, row: int, at: int) -> list[Goals]:
        """What gives a unit the band in a place or a higher one."""
        bands = self.result.rubric.bands
        if self.node != TOTAL:
            return [(self._threshold(bands[at]),)]
        limits = [source.limit for source in self.result.marks.limited.of(row)]
        highest, lowered = law.first_by_at_most(limits, bands), law.lowered_by(limits)
        return [
            (*self._fitting(bands[given]), *self._fitting(bands[got]), *apart, *goals)
            for got in range(highest, at + 1)
            for given in (range(highest, got - lowered + 1) if lowered else (got,))
            for apart in self._apart_from(row, bands[highest:got])
            for goals in self._within_quota(row, got)
        ]

    def _apart_from(self, row: int, above: Sequence[Band]) -> list[Goals]:
        """A unit without a rank has no grade where it meets the rest of a band with a quota: one of both is to go."""
        quotas = [band for band in above if band.quota is not None]
        if not quotas or (self.is_ranked(row) and not self._marked):
            return [()]
        reached = map(self._threshold, quotas)
        missed = (attrs.evolve(goal, word="at_most" if goal.is_open else "below") for goal in reached)
        return [tuple(missed), *([self._marked] if self.is_ranked(row) else [])]

    def _threshold(self, band: Band) -> Goal:
        return Goal(self.node, "decisive", "above" if band.is_open else "at_least", band.threshold / 100)

    def _fitting(self, band: Band) -> Iterator[Goal]:
        yield self._threshold(band)
        for condition in band.requires:
            yield from of_condition(condition, self.result.rubric.tree, "decisive")

    def _within_quota(self, row: int, at: int) -> Sequence[Goals]:
        """What the quota of a band asks beside: to be ranked, and before one of those that meet the rest."""
        quota = self.result.rubric.bands[at].quota
        if quota is None:
            return [()]
        blocks = self if self.by is None else attrs.evolve(self, by=None)
        return blocks.let_in(row, at, quota)

    def let_in(self, row: int, at: int, quota: Quota) -> list[Goals]:
        """What a quota asks of a unit within the blocks of this race."""
        grading, rivals = self.scores.grading, self.rivals(row)
        meets = grading.fits(at) & (grading.places >= at)
        if grading.allowed is not None:
            meets &= grading.allowed <= at
        meeting = [other for other in rivals if meets[other]]
        most = law.places(quota, len(rivals) + 1)
        if not self.is_ranked(row) or most < 1:
            return []
        if len(meeting) < most:
            return [self._marked]
        last = meeting[most - 1]
        return [(*self._marked, *goals) for goals in self.beside(row, last, ahead=quota.ties == "out")]
