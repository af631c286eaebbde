"""The units and leaves of a round in groups, and what every group adds up to, exactly."""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.answer import Answer, Columns, Ints, Texts, in_language, kept, texts
from dti_core.applicability.compiled import compile_rubric
from dti_core.assessment import MOVES, Assessments
from dti_core.columns.factor import ABSENT
from dti_core.columns.frozen import Frozen
from dti_core.errors import InvalidArgument, Language, shorten
from dti_core.exact.rationals import Rows
from dti_core.scores.setting import BLOCK, Setting
from dti_core.terms import nfc
from dti_core.words import ANSWERS as WORDS
from dti_core.words import Phrase

UNIT, LEAF, APPRAISER = "unit", "leaf", "appraiser"
NOWHERE = -1
TITLES = {UNIT: "name", LEAF: "title", BLOCK: "block_title"}
"""By what the groups are, the column of what they are called."""


def _rows(of: Rows) -> Rows:
    return kept(of)


@attrs.frozen(eq=False)
class Groups:
    """The rows of an answer, and the one that every unit and leaf is counted in."""

    #: unit, leaf, appraiser, or block, which the values of an attribute are too; None: everything is one row
    kind: str | None
    #: the code of each row, or the value of the attribute; None: what has none, or everything
    keys: tuple[str | None, ...]
    #: what the rows are called; None where they have no name
    titles: tuple[Phrase | None, ...]
    #: (units, leaves), or 1 of either where it makes no difference; −1 for no row
    of: Rows = attrs.field(converter=_rows)

    def columns(self, language: Language) -> Columns:
        """What the rows are, and what that is called."""
        if self.kind is None:
            return {}
        titles: Columns = {}
        if self.kind in TITLES:
            titles[TITLES[self.kind]] = in_language(self.titles, language)
        return {self.kind: texts(self.keys)} | titles

    def add(self, values: NDArray[Any]) -> Ints:
        """The sum of (units, leaves) whole numbers in every row."""
        sums = np.zeros(len(self.keys) + 1, dtype=np.int64)  # the last is that of no row
        np.add.at(sums, np.broadcast_to(self.of, values.shape), values)
        return np.asarray(sums[:-1])

    def largest(self, values: NDArray[Any], units: Sequence[str], leaves: Sequence[str]) -> Texts:
        """Where the sum is largest in every row: which leaf, of a leaf which unit; None where it is 0."""
        others, axis = (units, 0) if self.kind == LEAF else (leaves, 1)
        if not others:
            return texts([None] * len(self.keys))
        sums = np.zeros((len(self.keys) + 1, len(others)), dtype=np.int64)
        np.add.at(sums, (np.broadcast_to(self.of, values.shape), np.indices(values.shape)[axis]), values)
        most = zip(sums[:-1], sums[:-1].argmax(axis=1).tolist(), strict=True)
        return texts(others[at] if own[at] else None for own, at in most)


def _figures(figures: Mapping[str, NDArray[Any]]) -> Frozen[str, NDArray[Any]]:
    return Frozen({name: kept(column) for name, column in figures.items()})


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Grouped(Answer):
    """Figures of a round in groups of its units and leaves."""

    #: what the rows are
    groups: Groups
    #: by name, a column over the groups
    figures: Frozen[str, NDArray[Any]] = attrs.field(converter=_figures)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self.groups.keys)} rows>"

    def columns(self, language: Language | None = None) -> Columns:
        """A dict of arrays, a row per group: what it is, what that is called, and its figures."""
        return self.groups.columns(self._speaking(language)) | self.figures


def groups_of(gathered: Assessments, by: str) -> Groups:
    """The units and leaves by unit, leaf, appraiser, block or the values of another attribute."""
    named = _named(by)
    if named == LEAF:
        tree = gathered.cycle.rubric.tree
        places = np.arange(len(tree.leaves))[None, :]
        return Groups(LEAF, tree.leaves, tuple(tree.title[leaf] for leaf in tree.leaves), places)
    if named == APPRAISER:
        return _by_appraiser(gathered)
    return units_grouped(gathered, named)


def units_grouped(gathered: Assessments, by: str | None) -> Groups:
    """The units by themselves, by block or the values of another attribute; None: all together."""
    sheet, rubric = gathered.sheet, gathered.cycle.rubric
    if by is None:
        return Groups(None, (None,), (None,), np.zeros((len(gathered), 1), dtype=np.intp))
    named = _named(by)
    if named == UNIT:
        names = sheet.names or (None,) * len(gathered)
        return Groups(UNIT, sheet.units, names, np.arange(len(gathered))[:, None])
    factor = Setting(rubric, sheet, rubric.policy).factor(named)
    keys: list[str | None] = [str(value) for value in factor.values]
    title_of = {block.code: block.title for block in rubric.blocks} if named == BLOCK else {}
    titles: list[Phrase | None] = [title_of.get(str(key)) for key in keys]
    if (factor.codes == ABSENT).any():
        keys, titles = [*keys, None], [*titles, WORDS["outside"]]
    of = factor.codes[:, None].astype(np.intp) % max(len(keys), 1)  # −1 becomes the last
    return Groups(BLOCK, tuple(keys), tuple(titles), of)


def _named(by: object) -> str:
    if not isinstance(by, str):
        raise InvalidArgument(WORDS("by", value=shorten(by)))
    return nfc(by)


def _by_appraiser(gathered: Assessments) -> Groups:
    """By who appraised a leaf of a unit last; what nobody appraised is in no row."""
    column = compile_rubric(gathered.cycle.rubric).column
    place_of: dict[str, int] = {}
    of = np.full((len(gathered), len(column)), NOWHERE, dtype=np.intp)
    for row, unit in enumerate(gathered.units):
        for line in unit.record.lines:
            appraised = line.after.entries if "appraised" in MOVES[line.move].writes else {}
            for leaf, entry in appraised.items():
                if entry.appraised is not None:
                    of[row, column[leaf]] = place_of.setdefault(line.by, len(place_of))
    return Groups(APPRAISER, tuple(place_of), (None,) * len(place_of), of)
