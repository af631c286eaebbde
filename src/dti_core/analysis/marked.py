"""The marks of a round as parts of what each leaf can earn, exactly."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.analysis.compared import Scored, units_of
from dti_core.exact.rationals import Mask, Rationals, Rows
from dti_core.published import PublishedResult
from dti_core.result import Result


@attrs.frozen(eq=False, slots=False)
class LeafMarks:
    """The marks of a result that count by themselves: (units, leaves), in ticks of points."""

    result: Result

    @cached_property
    def needed(self) -> Mask:
        """Where a mark is needed: leaves that count by their mark and are worth something."""
        applicability = self.result.marks.applicability
        return np.asarray(applicability.needed[applicability.pattern_of])

    @cached_property
    def there(self) -> Mask:
        """Where it is given."""
        return self.needed & ~np.isnan(self.result.marks.ticks)

    @cached_property
    def points(self) -> NDArray[np.int64]:
        """What the marks earn, 0 where there is none."""
        earned = np.where(self.there, self.result.marks.counted, 0).astype(np.int64)
        return np.asarray(earned * self.result.setting.compiled.earned)

    @cached_property
    def worth(self) -> NDArray[np.int64]:
        """What leaves could earn at most, whether there is a mark or not."""
        applicability = self.result.marks.applicability
        return np.asarray(applicability.worth[applicability.pattern_of])

    def rates(self, leaf: int) -> Rationals:
        """What part of its maximum each unit earns on a leaf."""
        return Rationals(self.points[:, leaf], self.worth[:, leaf] * self.there[:, leaf])


@attrs.frozen(eq=False)
class Rates:
    """What part of its maximum each leaf earned in a round; none of what was not marked."""

    row_of: Mapping[str, int]
    by_leaf: Mapping[str, Rationals]

    @classmethod
    def of(cls, source: Scored) -> "Rates":
        """The rates of a result, or of what was published of one."""
        if isinstance(source, PublishedResult):
            rows = {unit: row for row, unit in enumerate(units_of(source))}
            return cls(rows, dict(_published(source)))
        marked = LeafMarks(source)
        by_leaf = {leaf: marked.rates(at) for at, leaf in enumerate(source.rubric.tree.leaves)}
        return cls(source.marks.row_of, by_leaf)

    def rows(self, units: Iterable[str]) -> Rows:
        """The rows of some units, −1 of those that were not there."""
        return np.array([self.row_of.get(unit, -1) for unit in units], dtype=np.intp)


def _published(result: PublishedResult) -> Iterator[tuple[str, Rationals]]:
    for node in result.nodes:
        applicable = result.filled(node.code).applicable
        if node.is_scored and not node.children and not node.partial and applicable is not None:
            yield node.code, result.scores[node.code].points / applicable
