"""How many units have each grade, block by block or by any attribute, and what changed since another round."""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import attrs
import numpy as np

from dti_core.analysis.doors import is_among, mapping, place, table_of, titles_of, whole, wrong_group
from dti_core.analysis.sources import Ranked, standing_of
from dti_core.answer import Columns, Ints, kept, texts
from dti_core.columns.codes import instance
from dti_core.columns.frozen import Frozen
from dti_core.errors import InvalidArgument
from dti_core.rubric.grades import Band
from dti_core.rubric.tree import TOTAL
from dti_core.scores.setting import By
from dti_core.terms import Label, Language
from dti_core.words import ANSWERS as WORDS
from dti_core.words.tables import aligned, with_sign


def _numbers(numbers: Any) -> Ints:
    return kept(table_of("numbers", numbers).astype(np.int64))


@attrs.frozen(slots=False, eq=False, repr=False)
class GradeCounts:
    """Units by group and grade; a difference of two has signed numbers. ``counts["departments"]["excellent"]``."""

    groups: tuple[str, ...]
    grades: tuple[str, ...]
    #: (groups, grades)
    numbers: Ints = attrs.field(converter=_numbers)
    #: titles of groups, where they have any
    titles: Frozen[str, Label] = attrs.field(factory=dict, converter=titles_of, kw_only=True)
    bands: tuple[Band, ...] = attrs.field(default=(), kw_only=True)
    signed: bool = attrs.field(default=False, kw_only=True)

    @classmethod
    def given(cls, counts: Mapping[str, Mapping[str, int]]) -> "GradeCounts":
        """The counts that somebody printed, group by group; a grade that is not named has no unit.

        >>> printed = GradeCounts.given({"districts": {"good": 3, "fair": 4}})
        >>> printed["districts"]
        {'good': 3, 'fair': 4}
        """
        groups = {
            group: {grade: whole(grade, count, 0) for grade, count in mapping(group, own).items()}
            for group, own in mapping("counts", counts, wrong_group).items()
        }
        grades = tuple(dict.fromkeys(grade for own in groups.values() for grade in own))
        return cls(tuple(groups), grades, _table(groups, grades))

    def __repr__(self) -> str:
        return f"<GradeCounts: {len(self.groups)} groups × {len(self.grades)} grades>"

    def __str__(self) -> str:
        return self.text()

    def __getitem__(self, group: str) -> dict[str, int]:
        """The counts of a group, in the order of the bands."""
        row = self.numbers[place("group", group, self.groups)]
        return dict(zip(self.grades, row.tolist(), strict=True))

    def __iter__(self) -> Iterator[str]:
        return iter(self.groups)

    def __contains__(self, group: object) -> bool:
        return is_among(group, self.groups)

    def total(self) -> dict[str, int]:
        """The counts of all groups together."""
        return dict(zip(self.grades, self.numbers.sum(axis=0).tolist(), strict=True))

    def since(self, before: "GradeCounts") -> "GradeCounts":
        """How the counts changed since another round, for the groups that both have.

        >>> now, before = ({"districts": {"good": count}} for count in (5, 3))
        >>> GradeCounts.given(now).since(GradeCounts.given(before))["districts"]
        {'good': 2}
        """
        instance("before", before, GradeCounts)
        groups = tuple(group for group in self.groups if group in before)
        if not groups:
            raise InvalidArgument("the two have no group in common; count both by the same blocks")
        grades = tuple(dict.fromkeys([*self.grades, *before.grades]))
        now, then = (_table({group: counts[group] for group in groups}, grades) for counts in (self, before))
        return GradeCounts(groups, grades, now - then, titles=self.titles, bands=self.bands, signed=True)

    def columns(self) -> Columns:
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
        heads = [WORDS["group"].text(language), *(grades.get(grade, grade) for grade in self.grades)]
        rows = [(groups.get(group, group), self[group]) for group in self.groups]
        if len(rows) > 1:
            rows.append((WORDS["total"].text(language), self.total()))
        write = partial(with_sign, language=language) if self.signed else str
        return aligned(heads, [[head, *map(write, counts.values())] for head, counts in rows])


def _table(groups: Mapping[str, Mapping[str, int]], grades: tuple[str, ...]) -> Ints:
    """(groups, grades) counts, 0 for a grade that is not named."""
    counts = [[own.get(grade, 0) for grade in grades] for own in groups.values()]
    return np.array(counts, dtype=np.int64).reshape(len(groups), len(grades))


def grade_counts(source: Ranked, *, node: str = TOTAL, by: By = None) -> GradeCounts:
    """How many units have each grade, in every block or by whatever ``by`` names; units without a group are left out.

    Units without a rank are counted where they have a grade. Those without a grade are left out too.

    >>> from dti_core.analysis import Standing
    >>> grades = Standing(["a", "b", "c"], [1, 2, 3], grades=["good", "fair", "fair"])
    >>> grade_counts(grades)[""]
    {'good': 1, 'fair': 2}
    """
    standing = standing_of(source, node=node, by=by)
    in_groups = standing.in_groups().items()
    groups = {
        group: Counter(standing.grades[rows].tolist()) for group, rows in in_groups if group is not None
    }
    present = [grade for grade in dict.fromkeys(standing.grades.tolist()) if grade is not None]
    grades = tuple(band.code for band in standing.bands) or tuple(present)
    return GradeCounts(
        tuple(groups), grades, _table(groups, grades), titles=standing.titles, bands=standing.bands
    )
