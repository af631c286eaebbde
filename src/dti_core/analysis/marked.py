"""The marks of a round as parts of what each leaf can earn, exactly."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.analysis.compared import Scored
from dti_core.exact.rationals import Rationals
from dti_core.published import PublishedResult
from dti_core.result import Result


@attrs.frozen(eq=False, slots=False)
class Marked:
    """The marks of a result that count by themselves: (units, leaves), in ticks of points."""

    result: Result

    @cached_property
    def needed(self) -> NDArray[np.bool_]:
        """Where a mark is needed: leaves that count by their mark and are worth something."""
        applicability = self.result.marks.applicability
        return np.asarray(applicability.needed[applicability.pattern_of])

    @cached_property
    def there(self) -> NDArray[np.bool_]:
        """Where it is given."""
        return self.needed & ~np.isnan(self.result.marks.ticks)

    @cached_property
    def points(self) -> NDArray[np.int64]:
        """What the marks earn, 0 where there is none."""
        earned = np.where(self.there, self.result.marks.counted, 0).astype(np.int64)
        return np.asarray(earned * self.result.setting.compiled.earned)

    @cached_property
    def worth(self) -> NDArray[np.int64]:
        """What they could earn at most, 0 where there is none."""
        applicability = self.result.marks.applicability
        return np.asarray(applicability.worth[applicability.pattern_of] * self.there)

    def rates(self, leaf: int) -> Rationals:
        """What part of its maximum each unit earns on a leaf."""
        return Rationals(self.points[:, leaf], self.worth[:, leaf])


def rates_by_unit(sources: Iterable[Scored]) -> Mapping[tuple[str, str], Fraction]:
    """By unit and leaf, what part of its maximum a leaf earned; what was not marked is absent."""
    known = (rate for source in sources for rate in _rates(source))
    return {(unit, leaf): rate for unit, leaf, rate in known if rate is not None}


def _rates(source: Scored) -> Iterator[tuple[str, str, Fraction | None]]:
    columns = _published(source) if isinstance(source, PublishedResult) else _of_marks(source)
    units = [unit if isinstance(unit, str) else unit.code for unit in source.units]
    for leaf, rates in columns:
        for unit, rate in zip(units, rates.fractions(), strict=True):
            yield unit, leaf, rate


def _of_marks(result: Result) -> Iterator[tuple[str, Rationals]]:
    marked = Marked(result)
    for at, leaf in enumerate(result.rubric.tree.leaves):
        yield leaf, marked.rates(at)


def _published(result: PublishedResult) -> Iterator[tuple[str, Rationals]]:
    for node in result.nodes:
        applicable = result.filled(node.code).applicable
        if node.is_scored and not node.children and not node.partial and applicable is not None:
            yield node.code, result.scores[node.code].points / applicable
