"""Which rules and decisions limit the grades of which units."""

from collections.abc import Callable, Mapping, Sequence

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.applicability.membership import met_by, numbered
from dti_core.applicability.sources import Origin
from dti_core.columns.factor import Factor, combine
from dti_core.rubric.conditions import When
from dti_core.rubric.grades import GradeLimit, GradeLimitRule
from dti_core.terms import Scalar
from dti_core.terms.lookups import grouped


@attrs.frozen(cache_hash=True)
class LimitSource:
    """A rule or decision on grades; equal where they say the same, wherever they stand."""

    origin: Origin
    limit: GradeLimitRule | GradeLimit

    @property
    def rule(self) -> str | None:
        """The code of a rule."""
        return self.limit.code if isinstance(self.limit, GradeLimitRule) else None

    @property
    def when(self) -> When:
        """Which units a rule is for; of a decision nothing."""
        return self.limit.when if isinstance(self.limit, GradeLimitRule) else ()

    def because(self, attributes: Mapping[str, Scalar]) -> tuple[tuple[str, Scalar], ...]:
        """The values among a unit's attributes that a rule asks about, by name; none of a decision."""
        return tuple((name, attributes[name]) for name, _ in self.when)


@attrs.frozen(eq=False)
class Limited:
    """The distinct sets of limits that reach units, and the set of every unit; all that reach a unit hold."""

    sets: tuple[tuple[LimitSource, ...], ...]
    set_of: NDArray[np.int32]

    def of(self, row: int) -> tuple[LimitSource, ...]:
        """What limits the grade of a unit: rules, decisions of the round, decisions on the unit."""
        return self.sets[int(self.set_of[row])]


def limited(
    rules: Sequence[GradeLimitRule],
    units: Sequence[str],
    row_of: Callable[[str], int],
    attributes: Mapping[str, Factor],
    decisions: Sequence[GradeLimit],
    unit_decisions: Mapping[str, Sequence[GradeLimit]],
) -> Limited:
    """Find what limits the grade of every unit; ``row_of`` gives the place of one that a decision names."""
    class_of, met = met_by([rule.when for rule in rules], units, attributes)
    named = [
        (unit, LimitSource("round", each)) for each in decisions for unit in dict.fromkeys(each.units or ())
    ]
    named += [(unit, LimitSource("unit", each)) for unit, listed in unit_decisions.items() for each in listed]
    own = grouped((row_of(unit), source) for unit, source in named)
    decided_of, decided = numbered(len(units), {row: tuple(sources) for row, sources in own.items()})
    set_of, first = combine([(class_of, len(met)), (decided_of, len(decided))], len(units))
    sets = [
        (*(LimitSource("rule", rules[at]) for at in met[class_of[row]]), *decided[decided_of[row]])
        for row in first.tolist()
    ]
    return Limited(tuple(sets), set_of)
