"""How many units have each grade, block by block or by any attribute, and what changed since another round."""

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.analysis.sources import Ranked, standing_of
from dti_core.analysis.standing import texts
from dti_core.analysis.wording import aligned, word
from dti_core.errors import InvalidArgument
from dti_core.rubric import Band
from dti_core.rubric.tree import TOTAL
from dti_core.scores.setting import By
from dti_core.terms import Label, Language


@attrs.frozen(slots=False, eq=False, repr=False)
class GradeCounts:
    """Units by group and grade; a difference of two has signed numbers. ``counts["departments"]["excellent"]``."""

    groups: tuple[str, ...]
    grades: tuple[str, ...]
    #: (groups, grades)
    numbers: NDArray[np.int64]
    #: titles of groups, where they have any
    titles: Mapping[str, Label] = attrs.field(factory=dict, kw_only=True)
    bands: tuple[Band, ...] = attrs.field(default=(), kw_only=True)
    signed: bool = attrs.field(default=False, kw_only=True)

    @classmethod
    def given(cls, counts: Mapping[str, Mapping[str, int]]) -> "GradeCounts":
        """The counts that somebody printed, group by group; a grade that is not named has no unit.

        >>> printed = GradeCounts.given({"districts": {"good": 3, "fair": 4}})
        >>> printed["districts"]
        {'good': 3, 'fair': 4}
        """
        grades = tuple(dict.fromkeys(grade for group in counts.values() for grade in group))
        numbers = [[group.get(grade, 0) for grade in grades] for group in counts.values()]
        return cls(tuple(counts), grades, np.array(numbers, dtype=np.int64).reshape(len(counts), -1))

    def __repr__(self) -> str:
        return f"<GradeCounts: {len(self.groups)} groups × {len(self.grades)} grades>"

    def __str__(self) -> str:
        return self.text()

    def __getitem__(self, group: str) -> dict[str, int]:
        """The counts of a group, in the order of the bands."""
        if group not in self.groups:
            raise InvalidArgument(f"no group {group!r}; there are {', '.join(self.groups)}")
        return dict(zip(self.grades, self.numbers[self.groups.index(group)].tolist(), strict=True))

    def total(self) -> dict[str, int]:
        """The counts of all groups together."""
        return dict(zip(self.grades, self.numbers.sum(axis=0).tolist(), strict=True))

    def since(self, before: "GradeCounts") -> "GradeCounts":
        """How the counts changed since another round, for the groups that both have.

        >>> now, before = ({"districts": {"good": count}} for count in (5, 3))
        >>> GradeCounts.given(now).since(GradeCounts.given(before))["districts"]
        {'good': 2}
        """
        groups = tuple(group for group in self.groups if group in before.groups)
        if not groups:
            raise InvalidArgument("the two have no group in common; count both by the same blocks")
        grades = tuple(dict.fromkeys([*self.grades, *before.grades]))
        numbers = [
            [self[group].get(grade, 0) - before[group].get(grade, 0) for grade in grades] for group in groups
        ]
        counts = np.array(numbers, dtype=np.int64)
        return GradeCounts(groups, grades, counts, titles=self.titles, bands=self.bands, signed=True)

    def columns(self) -> dict[str, NDArray[Any]]:
        """A dict of arrays, a row per group and grade: ``group``, ``grade``, ``count``."""
        return {
            "group": np.repeat(texts(self.groups), len(self.grades)),
            "grade": np.tile(texts(self.grades), len(self.groups)),
            "count": self.numbers.ravel(),
        }

    def text(self, language: Language = "vi") -> str:
        """A line per group, a column per grade; of two or more groups, all together as well."""
        grades = {band.code: band.title.text(language) for band in self.bands}
        groups = {code: title.text(language) for code, title in self.titles.items()}
        heads = [word("group", language), *(grades.get(grade, grade) for grade in self.grades)]
        rows = [[groups.get(group, group), *map(self._number, self[group].values())] for group in self.groups]
        if len(rows) > 1:
            rows.append([word("total", language), *map(self._number, self.total().values())])
        return aligned(heads, rows)

    def _number(self, count: int) -> str:
        return f"{count:+d}".replace("-", "−") if self.signed and count else str(count)


def grade_counts(source: Ranked, by: By = None, node: str = TOTAL) -> GradeCounts:
    """How many units have each grade, in every block or by whatever ``by`` names; units without a group are left out.

    Units without a rank are counted where they have a grade. Those without a grade are left out too.

    >>> from dti_core.analysis import Standing
    >>> grades = Standing(["a", "b", "c"], [1, 2, 3], grades=["good", "fair", "fair"])
    >>> grade_counts(grades)[""]
    {'good': 1, 'fair': 2}
    """
    standing = standing_of(source, node, by)
    rows = {group: found for group, found in standing.in_groups().items() if group is not None}
    present = dict.fromkeys(each for each in standing.grades.tolist() if each is not None)
    grades = tuple(band.code for band in standing.bands) or tuple(present)
    column = {grade: at for at, grade in enumerate(grades)}
    numbers = np.zeros((len(rows), len(grades)), dtype=np.int64)
    for at, found in enumerate(rows.values()):
        codes = [column[each] for each in standing.grades[found].tolist() if each is not None]
        numbers[at] = np.bincount(codes, minlength=len(grades))
    return GradeCounts(tuple(rows), grades, numbers, titles=standing.titles, bands=standing.bands)
