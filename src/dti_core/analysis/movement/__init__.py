"""Who rose and who fell from one round to the next, even where units or the rubric changed."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.analysis.doors import place
from dti_core.analysis.matching import Matching, Several, match
from dti_core.analysis.movement.places import (
    places_common_of,
    places_of,
    status_of,
    taken,
    with_blocks_renamed,
)
from dti_core.analysis.movement.rubrics import changed_rubrics
from dti_core.analysis.sources import Ranked, standing_of
from dti_core.analysis.standing import Standing, best_first, rows_by_block
from dti_core.answer import Answer as Answer
from dti_core.answer import ByCode, Columns, Floats, Texts, all_kept, in_language, kept, texts, wholes
from dti_core.errors import InvalidArgument, Language
from dti_core.exact.rationals import Rationals, Rows
from dti_core.rubric.tree import TOTAL
from dti_core.scores.setting import By
from dti_core.terms.lookups import among
from dti_core.terms.lookups import is_among as is_among
from dti_core.words import ANSWERS as WORDS
from dti_core.words import MOVEMENTS
from dti_core.words.tables import NONE, Table, with_sign

STATES = ("up", "same", "down", "new", "gone", "merged", "split", "moved", "unranked")


@attrs.frozen(slots=False, eq=False, repr=False)
class Movement(ByCode):
    """Every unit of two rounds: those of the current one in their order, then those that are gone.

    ``status`` is up, same or down; or new, gone, merged or split; or moved (ranked in another block now) or unranked
    (without a rank in one of the rounds), where ranks cannot be compared and ``places`` is NaN.

    >>> told = movement(Standing(["a", "b"], [1, 2]), Standing(["a", "b"], [2, 1]))
    >>> told
    <Movement of 2 units: 1 up, 1 down>
    >>> told["b"]["status"], told.places.tolist()
    ('up', [-1.0, 1.0])
    """

    #: the round before
    previous: Standing
    #: the round now
    current: Standing
    #: which unit was which
    matching: Matching
    #: (units,) what became of each
    status: Texts
    #: previous rank − current rank: positive is up
    places: Floats
    #: the same among those alone whose ranks are compared: what is left when others come, go, merge or change blocks;
    #: NaN as well in blocks of which a round lists some units only
    places_common: Floats
    #: the codes of rubrics that are not the same in both rounds: scores may not be comparable
    changed_rubrics: tuple[str, ...] = ()

    def __repr__(self) -> str:
        counts = ", ".join(f"{count} {state}" for state, count in self.counts().items() if count)
        return f"<Movement of {len(self.units)} units: {counts}>"

    def __getitem__(self, unit: str) -> dict[str, Any]:
        """The row of one unit: what :meth:`columns` says of it."""
        row = place("unit", unit, self.units)
        return {name: column[row] for name, column in self._columns.items()}

    @property
    def units(self) -> tuple[str, ...]:
        """Those of the current round, then those that are gone."""
        return self.matching.units

    @cached_property
    def blocks(self) -> Texts:
        """The block that each unit is ranked in, or was where it is gone."""
        now, before = self._both("blocks")
        return kept(np.where(self.matching.now >= 0, now, before))

    @property
    def changes(self) -> Floats:
        """Published value now less before, exactly; NaN unless both were printed on the same scale."""
        if self.previous.scale is None or self.previous.scale != self.current.scale:
            return kept(np.full(len(self.units), np.nan))
        now, before = map(Rationals.of, self._both("values"))
        return kept((now - before).floats())

    @property
    def bands(self) -> Floats:
        """How many grades better than before, by the order of the current bands; NaN where one of both has none."""
        place = {band.code: float(at) for at, band in enumerate(self.current.bands)}
        both = self._both("grades")
        now, before = (np.array([place.get(grade, np.nan) for grade in column]) for column in both)
        return kept(np.asarray(before - now, dtype=np.float64))

    def counts(self, block: str | None = None) -> dict[str, int]:
        """How many units have each status, in all or in one block."""
        rows = slice(None) if block is None else self._rows_of(block)
        return {state: int(np.count_nonzero(self.status[rows] == state)) for state in STATES}

    def summary(self) -> Columns:
        """A dict of arrays, a row per block.

        ``block``, a count for each status, ``rise`` and ``fall`` (the largest; 0 is none), ``first`` (who leads now),
        ``first.before`` (who led; several are joined by a comma) and ``kept`` (whether one of them still does).
        """
        blocks = [block for block in self._blocks if block is not None]
        counts = [self.counts(block) for block in blocks]
        places = [self.places[self._blocks[block]] for block in blocks]
        firsts = [_first(self.current, block) for block in blocks]
        before = [_first(self.previous, block) for block in blocks]
        stayed = [bool(self._now(old) & set(new)) for old, new in zip(before, firsts, strict=True)]
        return {
            "block": texts(blocks),
            **{state: wholes(own[state] for own in counts) for state in STATES},
            "rise": wholes(int(np.nanmax(own, initial=0)) for own in places),
            "fall": wholes(-int(np.nanmin(own, initial=0)) for own in places),
            "first": texts(map(", ".join, firsts)),
            "first.before": texts(map(", ".join, before)),
            "kept": kept(np.array(stayed, dtype=bool)),
        }

    def columns(self, language: Language | None = None) -> Columns:
        """A dict of arrays, a row per unit.

        ``unit``, ``name``, ``block``, ``status``; ``rank.before`` and ``rank`` (0 where there is none),
        ``published.before``, ``published``, ``grade.before``, ``grade``; ``places``, ``change`` and ``bands``, what
        became of each of these; ``places_common``; and ``from``: what a merged, split or renamed unit was.
        """
        language = self._speaking(language)
        names = np.where(self.matching.now >= 0, *self._both("names"))
        table: Columns = {"unit": texts(self.units), "name": in_language(names, language)}
        table |= {"block": self.blocks, "status": self.status}
        for name, held in (("rank", "ranks"), ("published", "values"), ("grade", "grades")):
            table[name], table[f"{name}.before"] = self._both(held)
        table |= {"places": self.places, "places_common": self.places_common}
        table |= {"change": self.changes, "bands": self.bands}
        return all_kept(table | {"from": self.matching.origins})

    def _remarks(self, language: Language) -> Iterator[str]:
        """Which rubrics changed under their codes."""
        for code in self.changed_rubrics:
            yield WORDS("changed_rubric", code=code).text(language)
        if self._tells_common:
            yield MOVEMENTS["common"].text(language)

    def _tables(self, language: Language) -> Iterator[Table]:
        """Block by block what moved in all, and a line per unit, best first."""
        common = ["places_common"] if self._tells_common else []
        heads = self._heads(language, "unit", "rank.before", "rank", "places", *common, "status")
        lines, ranks = [*self._lines(language)], self._both("ranks")[0]
        for block, rows in self._blocks.items():
            own = [lines[row] for row in best_first(rows, ranks)]
            yield Table(heads, own, self._headline(block, language))

    @cached_property
    def _columns(self) -> Columns:
        return self.columns()

    @property
    def _tells_common(self) -> bool:
        """Whether somebody's places are others among those present in both rounds."""
        return bool(np.nansum(np.abs(self.places - self.places_common)))

    @cached_property
    def _blocks(self) -> dict[str | None, Rows]:
        """The rows of each block."""
        return rows_by_block(self.blocks.tolist(), [*self.current.titles, *self.previous.titles])

    def _rows_of(self, block: str) -> Rows:
        blocks = [block for block in self._blocks if block is not None]
        return self._blocks[among("block", block, blocks)]

    def _both(self, name: str) -> tuple[NDArray[Any], NDArray[Any]]:
        """A column of the current and of the previous round, one entry for each unit."""
        return (
            taken(self.current, name, self.matching.now),
            taken(self.previous, name, self.matching.before),
        )

    def _now(self, units: list[str]) -> set[str]:
        """Whatever units of the previous round are called now."""
        rows = zip(self.units, self.matching.before.tolist(), strict=True)
        called = {self.previous.units[row]: unit for unit, row in rows if row >= 0}
        return {called.get(unit, unit) for unit in units}

    def _headline(self, block: str | None, language: Language) -> str:
        titled = self.current if block in self.current.titles else self.previous
        counts = {} if block is None else self.counts(block)
        states = (f"{count} {WORDS[state].text(language)}" for state, count in counts.items() if count)
        return ": ".join(filter(None, [titled.title(block, language), ", ".join(states)]))

    def _lines(self, language: Language) -> Iterator[list[str]]:
        columns = self.columns(language)
        common = ["places_common"] if self._tells_common else []
        places = [*zip(*(columns[name] for name in ("places", *common)), strict=True)]
        names = ("unit", "name", "rank.before", "rank", "status", "from")
        rows = zip(*(columns[name] for name in names), places, strict=True)
        for unit, name, *ranks, state, origin, rises in rows:
            came_from = f" ({WORDS['from'].text(language)} {origin})" if origin else ""
            cells = [*(str(rank or NONE) for rank in ranks), *(with_sign(rise, language) for rise in rises)]
            yield [name or unit, *cells, WORDS[state].text(language) + came_from]


def movement(  # noqa: PLR0913 — one for each way in which units and blocks change
    previous: Ranked,
    current: Ranked,
    *,
    node: str = TOTAL,
    by: By = None,
    merged: Several | None = None,
    split: Several | None = None,
    renamed: Mapping[str, str] | None = None,
    blocks: Mapping[str, str] | None = None,
) -> Movement:
    """Places up and down from one round to the next, within blocks (or ``by``; ``()`` is everyone together).

    Each round is a result, an edition, or a :class:`Standing` made from what was printed; their units and rubrics may
    differ. ``merged`` maps a current unit to the previous ones that it was made from, ``split`` a previous unit to the
    current ones made from it, ``renamed`` a current code to the previous one. Their ranks are not compared, renamed
    units aside. Of a unit that was split, parts may go to units that were there before: those count as merged, of
    themselves and of it; and ``merged`` may name it for several. Blocks are matched by their codes; ``blocks`` maps a
    previous code to the current one. A rubric that changed under its code is told.

    Beside the printed places stand those among the units whose ranks are compared (``places_common``): a unit that
    falls only because another enters above it has 0 there.

    >>> before = Standing(["a", "b", "c", "d"], [1, 2, 3, 4])
    >>> now = Standing(["a", "b", "cd"], [2, 1, 3])
    >>> print(movement(before, now, merged={"cd": ["c", "d"]}).text("en"))
    1 up, 1 down, 1 merged
    Unit  Rank before  Rank  Places  Movement
    ────  ───────────  ────  ──────  ──────────────────
    b               2     1      +1  up
    a               1     2      −1  down
    cd              –     3       –  merged (from c, d)
    """
    old, new = (standing_of(source, node=node, by=by) for source in (previous, current))
    old = with_blocks_renamed(old, new, blocks)
    matching = match(old.units, new.units, merged, split, renamed)
    status = status_of(old, new, matching)
    if (status == "moved").all() and len(status):
        raise InvalidArgument(MOVEMENTS("no_common_block"))
    places, common = (find(old, new, matching, status) for find in (places_of, places_common_of))
    return Movement(old, new, matching, status, places, common, changed_rubrics(previous, current))


def _first(standing: Standing, block: str) -> list[str]:
    """Who leads a block."""
    rows = np.flatnonzero((standing.blocks == block) & (standing.ranks == 1))
    return [standing.units[row] for row in rows.tolist()]
