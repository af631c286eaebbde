"""Several rounds of the same units, line by line: values, ranks, who led how often and how long, growth."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.analysis.doors import given_by_name
from dti_core.analysis.history import records
from dti_core.analysis.history.lines import lines_of
from dti_core.analysis.matching import Several
from dti_core.analysis.movement import Movement, movement
from dti_core.analysis.movement.places import taken
from dti_core.analysis.shifts import best_of
from dti_core.analysis.sources import Ranked, standing_of
from dti_core.analysis.standing import Standing, best_first, rows_by_block
from dti_core.answer import ByCode, Columns, Floats, Ints, all_kept, in_language, kept, texts
from dti_core.columns.frozen import Frozen
from dti_core.errors import InvalidArgument, Language
from dti_core.exact.rationals import Rows
from dti_core.rubric.tree import TOTAL
from dti_core.scores.setting import By
from dti_core.terms import wrong_text
from dti_core.terms.lookups import among
from dti_core.terms.lookups import is_among as is_among
from dti_core.words import ANSWERS, HISTORIES
from dti_core.words.tables import NONE, Table

ByPeriod = Mapping[str, Mapping[str, Any]]
"""What :func:`movement` is told of units and blocks, by the period in which it came about."""


@attrs.frozen(slots=False, eq=False, repr=False, kw_only=True)
class History(ByCode):
    """Where units stood in each of several rounds, a line for each unit under its latest code.

    A unit keeps its line when it is renamed, grows by a merger under its code, or is not there for a while.

    >>> told = history({"2021": Standing(["a", "b"], [1, 2]), "2022": Standing(["a", "b"], [2, 1])})
    >>> told.ranks.tolist(), told.firsts.tolist(), told["b"]["rank"].tolist()
    ([[1, 2], [2, 1]], [1, 1], [2, 1])
    """

    #: in the order of time
    periods: tuple[str, ...]
    #: those of the latest round in their order, then those that went, the last first
    units: tuple[str, ...]
    #: by period
    standings: tuple[Standing, ...]
    #: from each period to the next
    movements: tuple[Movement, ...]
    #: (units, periods) the row of a unit in each standing, −1 where it is not there
    rounds: Rows
    _decimals = Frozen({"growth": 1})

    def __repr__(self) -> str:
        return f"<History of {len(self.units)} units: {', '.join(self.periods)}>"

    def __getitem__(self, unit: str) -> Columns:
        """The rows of one unit: what :meth:`columns` says of it, period by period."""
        columns = self.columns()
        own = columns["unit"] == among("unit", unit, self.units)
        return {name: column[own] for name, column in columns.items()}

    @cached_property
    def ranks(self) -> Ints:
        """(units, periods) 0 where there is none."""
        return kept(self._grid("ranks"))

    @cached_property
    def values(self) -> Floats:
        """(units, periods) as published, NaN where there is none."""
        return kept(self._grid("values"))

    @cached_property
    def ranked_with(self) -> Ints:
        """(units, periods) how many units each is ranked among."""
        return kept(self._grid("ranked_with"))

    @cached_property
    def places(self) -> Floats:
        """(units, periods) places up since the period before, as :func:`movement` has them; NaN in the first."""
        return kept(self._moved("places"))

    @property
    def best(self) -> Ints:
        """The best rank of each unit, 0 where it never had one."""
        return best_of(self.ranks)

    @property
    def firsts(self) -> Ints:
        """In how many periods each unit was in first place."""
        return kept((self.ranks == 1).sum(axis=1, dtype=np.int64))

    @property
    def longest_run(self) -> Ints:
        """In how many periods after one another each unit was in first place, at most."""
        return records.longest_run((self.ranks == 1).astype(np.int64))

    @property
    def growth(self) -> Floats:
        """Percent a year that values grew, compound, from the first to the last period that has one.

        Periods that are all whole numbers are years, else one period after another counts as one. NaN where the two
        values are not printed on the same scale, the first is 0, or there is only one.
        """
        years = _years(self.periods) or range(len(self.periods))
        return records.growth(self.values, [standing.scale for standing in self.standings], years)

    def summary(self, language: Language | None = None) -> Columns:
        """A dict of arrays, a row per unit.

        ``unit``, ``name``, ``block`` (the latest), ``best`` (rank), ``best.period`` (the first with it), ``firsts``,
        ``longest_run`` and ``growth``.
        """
        language = self._speaking(language)
        best = self.best
        when = [self.periods[at] for at in (self.ranks == best[:, None]).argmax(axis=1).tolist()]
        return {
            "unit": texts(self.units),
            "name": in_language(self._latest("names"), language),
            "block": texts(self._latest("blocks")),
            "best": best,
            "best.period": texts(period if rank else None for period, rank in zip(when, best, strict=True)),
            "firsts": self.firsts,
            "longest_run": self.longest_run,
            "growth": self.growth,
        }

    def columns(self, language: Language | None = None) -> Columns:
        """A dict of arrays, a row per unit and period in which it is there.

        ``unit``, ``name``, ``period``, ``block``, ``published``, ``rank``, ``of``; and since the period before, as
        :func:`movement` has them, ``places``, ``places_common`` and ``status`` (None in the first).
        """
        language = self._speaking(language)
        units, periods = np.nonzero(self.rounds >= 0)
        names = in_language(self._latest("names"), language)
        tables = {"block": self._grid("blocks"), "published": self.values, "rank": self.ranks}
        tables |= {"of": self.ranked_with, "places": self.places}
        tables |= {"places_common": self._moved("places_common"), "status": self._moved("status")}
        head = {"unit": texts(self.units)[units], "name": names[units]}
        head |= {"period": texts(self.periods)[periods]}
        return all_kept(head | {name: table[units, periods] for name, table in tables.items()})

    def _remarks(self, language: Language) -> Iterator[str]:
        """Which rubrics changed under their codes, and when."""
        for period, moved in zip(self.periods[1:], self.movements, strict=True):
            for code in moved.changed_rubrics:
                yield f"{period}: {ANSWERS('changed_rubric', code=code).text(language)}"

    def _tables(self, language: Language) -> Iterator[Table]:
        """Block by block a line per unit, best in the latest period first: values with their ranks, and the summary."""
        summary = self.summary(language)
        told = ("best", "firsts", "longest_run", "growth")
        unit, *heads = self._heads(language, "unit", *told)
        heads = [unit, *self.periods, *heads]
        cells = [*zip(*(self._written(name, summary[name], language) for name in told), strict=True)]
        periods = [*zip(*(self._cells(at, language) for at in range(len(self.periods))), strict=True)]
        for block, rows in rows_by_block(summary["block"].tolist(), self.standings[-1].titles).items():
            lines = [
                [summary["name"][row] or self.units[row], *periods[row], *cells[row]]
                for row in best_first(rows, self.ranks[:, -1]).tolist()
            ]
            yield Table(heads, lines, self.standings[-1].title(block, language))

    def _cells(self, at: int, language: Language) -> Iterator[str]:
        """Of each unit in a period its value and rank."""
        values = self.standings[at]._written("published", self.values[:, at], language)
        for value, rank, row in zip(values, self.ranks[:, at], self.rounds[:, at], strict=True):
            place = str(rank or NONE)
            yield NONE if row < 0 else f"{value} ({place})" if value else place

    def _grid(self, name: str) -> NDArray[Any]:
        """(units, periods) a column of every standing."""
        pairs = zip(self.standings, self.rounds.T, strict=True)
        return np.column_stack([taken(standing, name, rows) for standing, rows in pairs])

    def _latest(self, name: str) -> list[Any]:
        """What stands in the latest standing of each unit."""
        latest = self.rounds.shape[1] - 1 - (self.rounds[:, ::-1] >= 0).argmax(axis=1)
        pairs = zip(latest.tolist(), self.rounds[np.arange(len(latest)), latest].tolist(), strict=True)
        return [getattr(self.standings[at], name)[row] for at, row in pairs]

    def _moved(self, name: str) -> NDArray[Any]:
        """(units, periods) a column of the movement to each period."""
        nothing: Any = None if name == "status" else np.nan
        pairs = zip(self.movements, self.rounds.T[1:], strict=True)
        columns = [np.append(getattr(moved, name), nothing)[rows] for moved, rows in pairs]
        return np.column_stack([np.full(len(self.units), nothing), *columns])


def history(
    rounds: Mapping[str, Ranked],
    *,
    node: str = TOTAL,
    by: By = None,
    merged: Mapping[str, Several] | None = None,
    split: Mapping[str, Several] | None = None,
    renamed: ByPeriod | None = None,
    blocks: ByPeriod | None = None,
) -> History:
    """Where units stood in several rounds, by period in order of time; between neighbours as :func:`movement` has it.

    ``merged``, ``split``, ``renamed`` and ``blocks`` are what :func:`movement` takes, each under the period in which it
    came about: ``renamed={"2023": {"hue": "thua-thien-hue"}}``.

    Raises what :func:`movement` raises, and :class:`~dti_core.InvalidArgument` for years that do not rise.

    >>> from dti_core.analysis import Standing
    >>> rounds = {year: Standing(["a", "b"], values=values, scale=100)
    ...           for year, values in {"2021": [60, 50], "2022": [62, 72]}.items()}
    >>> print(history(rounds).text("en"))
    Unit    2021    2022  Best rank  Times first  Longest run first  Growth a year (%)
    ────  ──────  ──────  ─────────  ───────────  ─────────────────  ─────────────────
    b     50 (2)  72 (1)          1            1                  1               44.0
    a     60 (1)  62 (2)          1            1                  1                3.3
    """
    given = given_by_name("rounds", rounds, wrong_text)
    if not given:
        raise InvalidArgument(HISTORIES("empty"))
    _years([*given])
    sources = [*given.values()]
    told = {"merged": merged, "split": split, "renamed": renamed, "blocks": blocks}
    by_period = {name: _by_period(name, value, [*given]) for name, value in told.items()}
    movements = []
    for period, one, other in zip([*given][1:], sources, sources[1:], strict=False):
        changes: Any = {name: value.get(period) for name, value in by_period.items()}
        movements.append(movement(one, other, node=node, by=by, **changes))
    standings = [standing_of(source, node=node, by=by) for source in sources]
    units, table = lines_of(standings[0].units, [moved.matching for moved in movements])
    return History(
        periods=tuple(given),
        units=units,
        standings=tuple(standings),
        movements=tuple(movements),
        rounds=table,
    )


def _by_period(name: str, told: Any, periods: list[str]) -> Mapping[str, Any]:
    """What is told of each period but the first, which follows none."""
    by_period = given_by_name(name, told, wrong_text)
    for period in by_period:
        among("period", period, periods[1:])
    return by_period


def _years(periods: Sequence[str]) -> list[int]:
    """The years that periods are, none where they are something else; refuses years that do not rise."""
    if not all(period.isdecimal() for period in periods):
        return []
    years = [*map(int, periods)]
    if years != sorted({*years}):
        raise InvalidArgument(HISTORIES("order", periods=", ".join(periods)))
    return years
