"""How many units have each grade, block by block or by any attribute, and what changed since another round."""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import attrs
import numpy as np

from dti_core.analysis.doors import given_by_name, place, table_of, titles_of, whole, wrong_block
from dti_core.analysis.sources import Ranked, standing_of
from dti_core.answer import ByCode, Columns, Ints, all_kept, kept, texts
from dti_core.columns.codes import instance
from dti_core.columns.frozen import Frozen
from dti_core.errors import InvalidArgument, Language
from dti_core.rubric.grades import Band
from dti_core.rubric.tree import TOTAL
from dti_core.scores.setting import By
from dti_core.terms import Label
from dti_core.words import ANSWERS as WORDS
from dti_core.words.tables import Table, with_sign


def _numbers(numbers: Any) -> Ints:
    return kept(table_of("numbers", numbers).astype(np.int64))


@attrs.frozen(slots=False, eq=False, repr=False)
class GradeCounts(ByCode):
    """Units by block and grade; a difference of two has signed numbers. ``counts["departments"]["excellent"]``.

    >>> counts = GradeCounts.given({"departments": {"excellent": 1, "good": 3}, "districts": {"good": 2}})
    >>> counts["departments"]["excellent"], counts.total()
    (1, {'excellent': 1, 'good': 5})
    """

    #: the rows
    blocks: tuple[str, ...]
    #: the columns, the highest first where bands say so
    grades: tuple[str, ...]
    #: (blocks, grades)
    numbers: Ints = attrs.field(converter=_numbers)
    #: titles of blocks, where they have any
    titles: Frozen[str, Label] = attrs.field(factory=dict, converter=titles_of, kw_only=True)
    #: what grades are called
    bands: tuple[Band, ...] = attrs.field(default=(), kw_only=True)
    #: whether it is a difference of two
    signed: bool = attrs.field(default=False, kw_only=True)
    _codes = "blocks"

    @classmethod
    def given(cls, counts: Mapping[str, Mapping[str, int]]) -> "GradeCounts":
        """The counts that somebody printed, block by block; a grade that is not named has no unit.

        >>> printed = GradeCounts.given({"districts": {"good": 3, "fair": 4}})
        >>> printed["districts"]
        {'good': 3, 'fair': 4}
        """
        blocks = {
            block: {grade: whole(grade, count, 0) for grade, count in given_by_name(block, own).items()}
            for block, own in given_by_name("counts", counts, wrong_block).items()
        }
        grades = tuple(dict.fromkeys(grade for own in blocks.values() for grade in own))
        return cls(tuple(blocks), grades, _table(blocks, grades))

    def __repr__(self) -> str:
        return f"<GradeCounts: {len(self.blocks)} blocks × {len(self.grades)} grades>"

    def __getitem__(self, block: str) -> dict[str, int]:
        """The counts of a block, in the order of the bands."""
        row = self.numbers[place("block", block, self.blocks)]
        return dict(zip(self.grades, row.tolist(), strict=True))

    def total(self) -> dict[str, int]:
        """The counts of all blocks together."""
        return dict(zip(self.grades, self.numbers.sum(axis=0).tolist(), strict=True))

    def since(self, before: "GradeCounts") -> "GradeCounts":
        """How the counts changed since another round, for the blocks that both have.

        >>> now, before = ({"districts": {"good": count}} for count in (5, 3))
        >>> GradeCounts.given(now).since(GradeCounts.given(before))["districts"]
        {'good': 2}
        """
        instance("before", before, GradeCounts)
        blocks = tuple(block for block in self.blocks if block in before)
        if not blocks:
            raise InvalidArgument(WORDS("no_common_block"))
        grades = tuple(dict.fromkeys([*self.grades, *before.grades]))
        now, then = (_table({block: counts[block] for block in blocks}, grades) for counts in (self, before))
        return GradeCounts(blocks, grades, now - then, titles=self.titles, bands=self.bands, signed=True)

    def columns(self, language: Language | None = None) -> Columns:
        """A dict of arrays, a row per block and grade.

        ``block``, ``block_title``, ``grade``, ``grade_title``, ``count``.
        """
        language = self._speaking(language)
        titles, bands = self._titles(language)
        columns: Columns = {
            "block": np.repeat(texts(self.blocks), len(self.grades)),
            "block_title": np.repeat(texts(titles), len(self.grades)),
            "grade": np.tile(texts(self.grades), len(self.blocks)),
            "grade_title": np.tile(texts(bands), len(self.blocks)),
            "count": self.numbers.ravel(),
        }
        return all_kept(columns)

    def _tables(self, language: Language) -> Iterator[Table]:
        """A line per block, a column per grade; of two or more blocks, all together as well."""
        titles, bands = self._titles(language)
        lines = [(title, self[block]) for title, block in zip(titles, self.blocks, strict=True)]
        if len(lines) > 1:
            lines.append((WORDS["total"].text(language), self.total()))
        write = partial(with_sign, language=language) if self.signed else str
        rows = [[title, *map(write, counts.values())] for title, counts in lines]
        yield Table([*self._heads(language, "block"), *bands], rows)

    def _titles(self, language: Language) -> tuple[list[str], list[str]]:
        """What blocks and grades are called."""
        grades = {band.code: band.title.text(language) for band in self.bands}
        blocks = {code: title.text(language) for code, title in self.titles.items()}
        titles = [blocks.get(block, block) for block in self.blocks]
        return titles, [grades.get(grade, grade) for grade in self.grades]


def _table(blocks: Mapping[str, Mapping[str, int]], grades: tuple[str, ...]) -> Ints:
    """(blocks, grades) counts, 0 for a grade that is not named."""
    counts = [[own.get(grade, 0) for grade in grades] for own in blocks.values()]
    return np.array(counts, dtype=np.int64).reshape(len(blocks), len(grades))


def grade_counts(source: Ranked, *, node: str = TOTAL, by: By = None) -> GradeCounts:
    """How many units have each grade, in every block or by whatever ``by`` names; units without a block are left out.

    Units without a rank are counted where they have a grade. Those without a grade are left out too.

    >>> from dti_core.analysis import Standing
    >>> grades = Standing(["a", "b", "c"], [1, 2, 3], grades=["good", "fair", "fair"])
    >>> grade_counts(grades)[""]
    {'good': 1, 'fair': 2}
    """
    standing = standing_of(source, node=node, by=by)
    rows_of = {block: rows for block, rows in standing.in_blocks().items() if block is not None}
    blocks = {block: Counter(standing.grades[rows].tolist()) for block, rows in rows_of.items()}
    present = [grade for grade in dict.fromkeys(standing.grades.tolist()) if grade is not None]
    grades = tuple(band.code for band in standing.bands) or tuple(present)
    table = _table(blocks, grades)
    return GradeCounts(tuple(blocks), grades, table, titles=standing.titles, bands=standing.bands)
