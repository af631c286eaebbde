"""What every unit lacks to stand so many places higher."""

from collections.abc import Mapping
from functools import cached_property

import attrs
import numpy as np

from dti_core.analysis.by_result import end_to_end
from dti_core.analysis.compared import Scored, breakers, compared_values, tie_values
from dti_core.analysis.of_units import OfUnits
from dti_core.analysis.reach.even import Even
from dti_core.analysis.reach.moves import moves_of
from dti_core.analysis.reach.race import Race
from dti_core.analysis.reach.search import Search
from dti_core.analysis.sources import Ranked, standing_of
from dti_core.analysis.standing import Standing, best_first
from dti_core.analysis.together import Edition
from dti_core.answer import Columns, Floats, Texts, kept, texts
from dti_core.errors import InvalidArgument, Language
from dti_core.exact.rationals import Rationals, Rows
from dti_core.explain.derive import Derivation
from dti_core.result import Result
from dti_core.rubric.policy import AttributeOrder
from dti_core.scores.setting import By
from dti_core.words import REACH


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class Rises(OfUnits):
    """What every unit lacks to stand ``places`` higher, all others unchanged.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> from dti_core.analysis import to_reach
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> result = evaluate(rubric, MarkSheet.from_array([[30, 10], [15, 20]], rubric, units=["a", "b"]))
    >>> row = to_reach(result).rows[1]
    >>> row["unit"], row["level"], row["points"]
    ('b', 'a', 5.0)
    """

    #: by how many each is to rise
    places: int
    #: (units,) the unit whose place it is to share, None where there are not so many places above
    level: Texts
    #: by how much the value of that unit is higher, as ranks compare it and in the form it is printed in; NaN for none
    gap: Floats
    #: where both values are equal, the node or attribute of the tie-break at which that unit is ahead
    decided_by: Texts
    #: the results whose marks are known, one after the other
    races: tuple[Race, ...] = ()
    language: Language = "vi"

    def __repr__(self) -> str:
        return f"<Rises of {len(self.standing.units)} units by {self.places}>"

    @cached_property
    def points(self) -> Floats:
        """The fewest points of marks that do it; NaN where none do, or where only values are known."""
        points = [_points(race, self.places) for race in self.races]
        return kept(np.concatenate(points or [np.full(len(self.standing.units), np.nan)]))

    def columns(self, language: Language | None = None) -> Columns:
        """A dict of arrays, a row per unit.

        ``unit``, ``name``, ``block``, ``block_title``, ``rank``, ``published``, ``level``, ``gap``, ``points``,
        ``decided_by``.
        """
        names = ("unit", "name", "block", "block_title", "rank", "published")
        own = {"level": self.level, "gap": self.gap, "points": self.points, "decided_by": self.decided_by}
        return self._stand(language, names) | own


def rises(source: Ranked, places: int, node: str, by: By) -> Rises:
    """What every unit lacks, all others unchanged."""
    if isinstance(source, Edition):
        parts = [rises(result, places, node, by) for result in source.results.values()]
        joined = end_to_end(parts, "level", "gap", "decided_by", "races")
        return Rises(standing=source.standing(node=node, by=by), places=places, **joined)
    standing = standing_of(source, node=node, by=by)
    if standing.scale is None:
        raise InvalidArgument(REACH("scales"))
    level, values, decided_by = _level(standing, places), Rationals.of(standing.values), {}
    if isinstance(source, Scored):
        values = compared_values(source, node, standing.scale)
        equal = np.flatnonzero(values.equals(values.take(level)))
        decided_by = _decided_by(source, node, dict(zip(equal.tolist(), level[equal].tolist(), strict=True)))
    return Rises(
        standing=standing,
        places=places,
        level=texts(None if row < 0 else standing.units[row] for row in level.tolist()),
        gap=kept((values.take(level) - values).floats()),
        decided_by=texts(map(decided_by.get, range(len(level)))),
        races=(Race(source, node, by),) if isinstance(source, Result) else (),
    )


def _level(standing: Standing, places: int) -> Rows:
    """The row of the unit so many places above each: the lowest of those that stand there or higher; −1 for none."""
    level = np.full(len(standing.units), -1)
    for rows in standing.ranked_blocks().values():
        ranked = best_first(rows, standing.ranks)
        ranks = standing.ranks[ranked]
        at = np.searchsorted(ranks, ranks - places, side="right") - 1
        level[ranked] = np.where(at < 0, -1, ranked[at])
    return level


def _decided_by(source: Scored, node: str, above: Mapping[int, int]) -> dict[int, str]:
    """By row, the first node or attribute of the tie-break at which it differs from the row above it."""
    names: dict[int, str] = {}
    for breaker in reversed(breakers(source, node) if above else ()):
        values = tie_values(source, breaker)
        name = breaker.attribute if isinstance(breaker, AttributeOrder) else breaker
        names |= {row: name for row, level in above.items() if values[row] != values[level]}
    return names


def _points(race: Race, places: int) -> Floats:
    """The fewest points of marks that lift each unit so many places; NaN where none do."""
    even, points = Even.of(race), np.full(len(race.ranks), np.nan)
    for row in np.flatnonzero(race.ranks > places).tolist():
        unit, target = Derivation(race.common, row), int(race.ranks[row]) - places
        level = race.level(row, target)
        fewest = None if even is None or level is None else even.fewest(unit, level)
        if fewest is None:
            moves = moves_of(unit, None, None, None)
            state = Search(unit, moves, race.to_rank(row, target)).found().state
            fewest = None if state is None else moves.points(state)
        points[row] = np.nan if fewest is None else float(fewest)
    return points
