"""Where every unit of a round stands at one node, whether worked out here or printed elsewhere."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from dti_core.analysis import doors
from dti_core.answer import Answer, Columns, Floats, Ints, Texts, in_language, kept, texts
from dti_core.columns.cells import match_labels
from dti_core.columns.frozen import Frozen
from dti_core.errors import InvalidArgument, Language, shorten
from dti_core.evaluation.ranking import rank
from dti_core.exact.rationals import Mask, Rationals, Rows
from dti_core.rubric.grades import Band
from dti_core.rubric.policy import MAX_DECIMALS
from dti_core.terms import (
    Label,
    Listed,
    Number,
    checking,
    label_or_none,
    optional,
    whole_number,
    wrong_code,
    wrong_label,
)
from dti_core.terms.fields import checked, repeated
from dti_core.terms.lookups import among, grouped
from dti_core.words import ANSWERS as WORDS
from dti_core.words.numbers import LONGEST, decimals_of, fixed

COLUMNS = ("values", "grades", "blocks", "names")
ABSENT: Any = attrs.Factory(lambda self: [None] * len(self.units), takes_self=True)
TOGETHER: Any = attrs.Factory(lambda self: [""] * len(self.units), takes_self=True)
BY_VALUE: Any = attrs.Factory(lambda self: rank(self.values, by=self.blocks), takes_self=True)


def _units(units: Iterable[str]) -> tuple[str, ...]:
    codes = doors.column("units", units)
    for at, _ in repeated(codes):
        raise InvalidArgument(WORDS("unit_twice", unit=codes[at]))
    return tuple(codes)


def _values(values: ArrayLike | Iterable[Any]) -> Floats:
    return doors.numbers("values", values)


def _grades(grades: Iterable[str | float | None]) -> Texts:
    return texts(doors.column("grades", grades, optional(wrong_code)))


def _blocks(blocks: Iterable[str | float | None]) -> Texts:
    return texts(doors.column("blocks", blocks, optional(doors.wrong_block)))


def _names(names: Iterable[Label | str | float | None]) -> tuple[Label | None, ...]:
    return tuple(doors.column("names", names, optional(wrong_label), label_or_none))


def _scale(scale: Number | Fraction | None) -> Fraction | None:
    number = doors.exact_number(scale)
    if scale is not None and (number is None or number < 0):
        raise InvalidArgument(WORDS("scale", value=shorten(scale)))
    return number


def rows_by_block(blocks: Sequence[str | None], first: Iterable[str]) -> dict[str | None, Rows]:
    """The rows of each block: those named first in their order, then the others as they come, then those in none."""
    rows = grouped((block, row) for row, block in enumerate(blocks))
    in_order = dict.fromkeys([*first, *(block for block in rows if block is not None), None])
    return {block: kept(np.array(rows[block], dtype=np.intp)) for block in in_order if block in rows}


def best_first(rows: Rows, *ranks: Ints) -> Rows:
    """Rows in the order of the first ranks, then of the next; those without one last."""
    keys = [np.where(column[rows] > 0, column[rows], np.inf) for column in ranks]
    return rows[np.lexsort(keys[::-1])]


@attrs.frozen(slots=False, eq=False, repr=False, field_transformer=checked)
class Standing(Answer):
    """Where every unit stands at one node: rank, published value, grade, and the block it is ranked in.

    Made from a result by :func:`standing_of`, or by hand from printed figures: ``ranks`` (0 or missing where unranked)
    or ``values`` or both; without ``ranks`` the values are ranked within ``blocks``. ``scale`` is what a full score is
    printed as: 1000, 100, 1; without it values are not compared with those of another round. Columns go by
    position; where one is labelled (a Series), all are, and alike.

    Raises :class:`~dti_core.InvalidArgument` for text among numbers, half ranks, a unit that is there twice and columns
    of another length or with other labels.

    >>> print(Standing(["a", "b", "c"], values=[70.5, 82, 70.5], scale=100).leaders().text("en"))
    Unit  Rank  Published
    ────  ────  ─────────
    b        1         82
    """

    #: the codes, each once
    units: tuple[str, ...] = attrs.field(converter=_units)
    #: as they were published, NaN where there is none
    values: Floats = attrs.field(default=ABSENT, converter=_values, kw_only=True)
    #: codes, None where there is none
    grades: Texts = attrs.field(default=ABSENT, converter=_grades, kw_only=True)
    #: with whom each is ranked; "" is everyone together, None nobody
    blocks: Texts = attrs.field(default=TOGETHER, converter=_blocks, kw_only=True)
    #: what units are called, None where nothing says
    names: tuple[Label | None, ...] = attrs.field(default=ABSENT, converter=_names, kw_only=True)
    #: what blocks are called, in the order in which they are told
    titles: Frozen[str, Label] = attrs.field(factory=dict, converter=doors.titles_of, kw_only=True)
    #: highest first
    bands: tuple[Band, ...] = attrs.field(default=(), converter=Listed[Band], kw_only=True)
    #: what a full score is printed as; None where every unit has one of its own, or nobody says
    scale: Fraction | None = attrs.field(default=None, converter=_scale, kw_only=True)
    #: how many the values are printed with, at least
    decimals: int = attrs.field(default=0, validator=checking(whole_number(0, MAX_DECIMALS)), kw_only=True)
    #: 0 where there is none
    ranks: Ints = attrs.field(default=BY_VALUE, converter=doors.ranks_of)

    def __attrs_pre_init__(self, units: Any, ranks: Any = attrs.NOTHING, **columns: Any) -> None:
        listed = {"units": units, "ranks": ranks} | {name: columns[name] for name in COLUMNS}
        match_labels({name: column for name, column in listed.items() if column is not attrs.NOTHING})

    def __attrs_post_init__(self) -> None:
        for name in ("ranks", *COLUMNS):
            if len(getattr(self, name)) != len(self.units):
                count, units = len(getattr(self, name)), len(self.units)
                raise InvalidArgument(WORDS("length", name=name, count=count, units=units))
        bands = [band.code for band in self.bands]
        for grade in dict.fromkeys(filter(None, self.grades if bands else ())):
            among("band", grade, bands)

    def __repr__(self) -> str:
        return f"<Standing: {len(self.units)} units>"

    @property
    def ranked_with(self) -> Ints:
        """How many units each is ranked among, itself included; 0 where unranked."""
        counts = np.zeros(len(self.units), dtype=np.int64)
        for rows in self.ranked_blocks().values():
            counts[rows] = len(rows)
        return kept(counts)

    @property
    def groups(self) -> Ints:
        """The number of each unit's block, −1 where it has no rank."""
        groups = np.full(len(self.units), -1, dtype=np.int64)
        for number, rows in enumerate(self.ranked_blocks().values()):
            groups[rows] = number
        return kept(groups)

    def in_blocks(self) -> dict[str | None, Rows]:
        """The rows of each block, titled blocks first in the order of their titles; None is no block at all."""
        return rows_by_block(self.blocks.tolist(), self.titles)

    def ranked_blocks(self) -> dict[str | None, Rows]:
        """The rows of units that are ranked together, block by block, of blocks that have any."""
        ranked = {block: kept(rows[self.ranks[rows] > 0]) for block, rows in self.in_blocks().items()}
        return {block: rows for block, rows in ranked.items() if len(rows)}

    def leaders(self, n: int = 1) -> "Standing":
        """The first ``n`` places of every block, best first; units that tie share a place, so there may be more."""
        return self.take(self._ordered((self.ranks > 0) & (self.ranks <= doors.whole("n", n, 1))))

    def bottom(self, n: int = 1) -> "Standing":
        """The last ``n`` places of every block, best first: those that fewer than ``n`` units stand below."""
        below = rank(np.where(self.ranks > 0, self.ranks, np.nan), by=self.blocks)
        return self.take(self._ordered((below > 0) & (below <= doors.whole("n", n, 1))))

    def take(self, rows: Sequence[int] | Sequence[bool] | NDArray[Any]) -> "Standing":
        """The same of some rows, by their places or a truth value for each; ranks unchanged."""
        try:
            at = np.arange(len(self.units))[rows if isinstance(rows, np.ndarray) else [*rows]]
        except (IndexError, TypeError) as error:
            raise InvalidArgument(WORDS("rows", count=len(self.units), value=shorten(rows))) from error
        return attrs.evolve(
            self,
            units=tuple(self.units[row] for row in at),
            names=tuple(self.names[row] for row in at),
            **{name: getattr(self, name)[at] for name in ("ranks", "values", "grades", "blocks")},
        )

    def title(self, block: str | None, language: Language = "vi") -> str:
        """What a block is called."""
        if not isinstance(block, str | None):
            raise InvalidArgument(WORDS("block", value=shorten(block)))
        title = WORDS["outside"] if block is None else self.titles.get(block)
        return block or "" if title is None else title.text(language)

    def columns(self, language: Language | None = None) -> Columns:
        """A dict of arrays, a row per unit.

        ``block``, ``block_title``, ``unit``, ``name``, ``rank``, ``published``, ``grade``, ``grade_title``.
        """
        language = self._speaking(language)
        titles = {block: self.title(block, language) for block in dict.fromkeys(self.blocks.tolist())}
        bands = {band.code: band.title.text(language) for band in self.bands}
        return {
            "block": self.blocks,
            "block_title": texts(map(titles.get, self.blocks.tolist())),
            "unit": texts(self.units),
            "name": in_language(self.names, language),
            "rank": self.ranks,
            "published": self.values,
            "grade": self.grades,
            "grade_title": texts(bands.get(grade, grade) for grade in self.grades.tolist()),
        }

    def _written(self, name: str, column: NDArray[Any], language: Language) -> list[str]:
        """Values have the decimals that they are published with, more where they need more."""
        if name != "published":
            return super()._written(name, column, language)
        values = Rationals.of(column).fractions()
        needed = [decimals_of(value) for value in values if value is not None]
        decimals = max([self.decimals, *(LONGEST if count is None else count for count in needed)])
        return ["" if value is None else fixed(value, decimals, language) for value in values]

    def _ordered(self, wanted: Mask) -> list[int]:
        return [
            row
            for rows in self.ranked_blocks().values()
            for row in best_first(rows, self.ranks).tolist()
            if wanted[row]
        ]
