"""Who rose and who fell from one round to the next, even where units or the rubric changed."""

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.analysis.figures import doubles
from dti_core.analysis.matching import Matching, Several, match
from dti_core.analysis.sources import Ranked, standing_of
from dti_core.analysis.standing import Floats, Standing, Texts, texts
from dti_core.analysis.wording import aligned, amount, word
from dti_core.errors import InvalidArgument, UnknownCode
from dti_core.exact.rationals import Rationals
from dti_core.rubric.tree import TOTAL
from dti_core.scores.setting import By
from dti_core.terms import Language

STATES = ("up", "same", "down", "new", "gone", "merged", "split", "moved", "unranked")


@attrs.frozen(slots=False, eq=False, repr=False)
class Movement:
    """Every unit of two rounds: those of the current one in their order, then those that are gone.

    ``status`` is up, same or down; or new, gone, merged or split; or moved (ranked in another block now) or unranked
    (without a rank in one of the rounds), where ranks cannot be compared and ``places`` is NaN.
    """

    previous: Standing
    current: Standing
    matching: Matching
    units: tuple[str, ...]
    status: Texts
    #: previous rank − current rank: positive is up
    places: Floats
    #: the row of each unit in the previous and in the current round, −1 where it has none
    rows: tuple[NDArray[np.intp], NDArray[np.intp]]

    def __repr__(self) -> str:
        counts = ", ".join(f"{count} {state}" for state, count in self.counts().items() if count)
        return f"<Movement of {len(self.units)} units: {counts}>"

    def __str__(self) -> str:
        return self.text()

    def __getitem__(self, unit: str) -> dict[str, Any]:
        """The row of one unit: what :meth:`columns` says of it."""
        if unit not in self.units:
            raise UnknownCode("unit", unit, self.units)
        row = self.units.index(unit)
        return {name: column[row] for name, column in self.columns().items()}

    @property
    def groups(self) -> Texts:
        """The block that each unit is ranked in, or was where it is gone."""
        return np.where(self.rows[1] >= 0, *self._both("groups"))

    @property
    def changes(self) -> Floats:
        """Published value now less before, exactly; NaN unless both were printed on the same scale."""
        if self.previous.scale is None or self.previous.scale != self.current.scale:
            return np.full(len(self.units), np.nan)
        now, before = (Rationals.of(values) for values in self._both("values"))
        return doubles(now - before)

    @property
    def bands(self) -> Floats:
        """How many grades better than before, by the order of the current bands; NaN where one of both has none."""
        place = {band.code: float(at) for at, band in enumerate(self.current.bands)}
        now, before = (
            np.array([place.get(grade, np.nan) for grade in column]) for column in self._both("grades")
        )
        return np.asarray(before - now, dtype=np.float64)

    def counts(self, group: str | None = None) -> dict[str, int]:
        """How many units have each status, in all or in one block."""
        status = self.status if group is None else self.status[self.groups == group]
        return {state: int(np.count_nonzero(status == state)) for state in STATES}

    def summary(self) -> dict[str, NDArray[Any]]:
        """A dict of arrays, a row per block.

        ``group``, a count for each status, ``rise`` and ``fall`` (the largest; 0 is none), ``first`` (who leads now),
        ``first.before`` (who led; several are joined by a comma) and ``kept`` (whether one of them still does).
        """
        groups = [*dict.fromkeys(group for group in self.groups.tolist() if group is not None)]
        counts = [self.counts(group) for group in groups]
        inside = [self.places[self.groups == group] for group in groups]
        firsts = [self._first(self.current, group) for group in groups]
        before = [self._first(self.previous, group) for group in groups]
        kept = [bool(self._now(old) & set(new)) for old, new in zip(before, firsts, strict=True)]
        table: dict[str, NDArray[Any]] = {"group": texts(groups)}
        table |= {state: np.array([each[state] for each in counts], dtype=np.int64) for state in STATES}
        table["rise"] = np.array([int(np.nanmax(each, initial=0)) for each in inside], dtype=np.int64)
        table["fall"] = np.array([int(-np.nanmin(each, initial=0)) for each in inside], dtype=np.int64)
        table["first"], table["first.before"] = (texts(map(", ".join, each)) for each in (firsts, before))
        return table | {"kept": np.array(kept, dtype=bool)}

    def columns(self, language: Language = "vi") -> dict[str, NDArray[Any]]:
        """A dict of arrays, a row per unit.

        ``unit``, ``name``, ``group``, ``status``, ``rank.before``, ``rank`` (0 where there is none), ``places``,
        ``published.before``, ``published``, ``change``, ``grade.before``, ``grade``, ``bands``, and ``from``: what a
        merged, split or renamed unit was.
        """
        names = zip(*self._both("names"), self.rows[1] >= 0, strict=True)
        told = (now if there else old for now, old, there in names)
        ranks, old_ranks = self._both("ranks")
        values, old_values = self._both("values")
        grades, old_grades = self._both("grades")
        return {
            "unit": texts(self.units),
            "name": texts(name and name.text(language) for name in told),
            "group": self.groups,
            "status": self.status,
            "rank.before": old_ranks,
            "rank": ranks,
            "places": self.places,
            "published.before": old_values,
            "published": values,
            "change": self.changes,
            "grade.before": old_grades,
            "grade": grades,
            "bands": self.bands,
            "from": texts(map(self._origin, self.units, self.rows[0].tolist())),
        }

    def text(self, language: Language = "vi") -> str:
        """Block by block what moved in all, then a line per unit, best first."""
        columns, parts = self.columns(language), []
        for group in dict.fromkeys(self.groups.tolist()):
            rows = np.flatnonzero(self.groups == group)
            rows = rows[
                np.argsort(np.where(columns["rank"][rows] > 0, columns["rank"][rows], np.inf), kind="stable")
            ]
            lines = [self._line(columns, row, language) for row in rows.tolist()]
            heads = [word(name, language) for name in ("unit", "previous", "rank", "places", "status")]
            parts.append("\n".join(filter(None, [self._headline(group, language), aligned(heads, lines)])))
        return "\n\n".join(parts)

    def _both(self, name: str) -> tuple[NDArray[Any], NDArray[Any]]:
        """A column of the current and of the previous round, one entry for each unit."""
        found = []
        for standing, rows in zip((self.current, self.previous), self.rows[::-1], strict=True):
            found.append(_taken(standing, name, rows))
        return found[0], found[1]

    def _origin(self, unit: str, row: int) -> str | None:
        parts = self.matching.parts.get(unit)
        if parts is None and row >= 0 and self.previous.units[row] != unit:
            parts = (self.previous.units[row],)
        return ", ".join(parts) if parts else None

    def _first(self, standing: Standing, group: str) -> list[str]:
        rows = np.flatnonzero((standing.groups == group) & (standing.ranks == 1))
        return [standing.units[row] for row in rows.tolist()]

    def _now(self, units: list[str]) -> set[str]:
        """Whatever units of the previous round are called now."""
        called = {
            self.previous.units[row]: unit
            for unit, row in zip(self.units, self.rows[0].tolist(), strict=True)
            if row >= 0
        }
        return {called.get(unit, unit) for unit in units}

    def _headline(self, group: str | None, language: Language) -> str:
        title = self.current.title(group, language) if group != "" else ""
        told = self.counts(group) if group is not None else {}
        said = ", ".join(f"{count} {word(state, language)}" for state, count in told.items() if count)
        return ": ".join(filter(None, [title, said]))

    def _line(self, columns: Mapping[str, NDArray[Any]], row: int, language: Language) -> list[str]:
        told = word(columns["status"][row], language)
        origin = columns["from"][row]
        return [
            columns["name"][row] or self.units[row],
            *(str(columns[name][row] or "–") for name in ("rank.before", "rank")),
            amount(columns["places"][row], language, signed=True),
            f"{told} ({word('from', language)} {origin})" if origin else told,
        ]


def movement(
    previous: Ranked,
    current: Ranked,
    by: By = None,
    *,
    node: str = TOTAL,
    merged: Several | None = None,
    split: Several | None = None,
    renamed: Mapping[str, str] | None = None,
) -> Movement:
    """Places up and down from one round to the next, within blocks (or ``by``; ``()`` is everyone together).

    Each round is a result, an edition, or a :class:`Standing` made from what was printed; their units and rubrics may
    differ. ``merged`` maps a current unit to the previous ones that it was made from, ``split`` a previous unit to the
    current ones made from it, ``renamed`` a current code to the previous one. Their ranks are not compared, renamed
    units aside. Blocks are matched by their codes.

    >>> before = Standing(["a", "b", "c", "d"], [1, 2, 3, 4])
    >>> now = Standing(["a", "b", "cd"], [2, 1, 3])
    >>> print(movement(before, now, merged={"cd": ["c", "d"]}).text("en"))
    1 up, 1 down, 1 merged
    Unit  Rank before  Rank  Places  Movement
    b               2     1      +1  up
    a               1     2      −1  down
    cd              –     3       –  merged (from c, d)
    """
    old, new = (standing_of(each, node, by) for each in (previous, current))
    found = match(old.units, new.units, merged or {}, split or {}, renamed or {})
    gone = {unit: row for row, unit in enumerate(old.units)}
    lost = np.array([gone[unit] for unit in found.gone], dtype=np.intp)
    before = np.concatenate([found.before, lost])
    now = np.concatenate([np.arange(len(new.units)), np.full(len(lost), -1)]).astype(np.intp)
    status, places = _status(old, new, found, before, now)
    if (status == "moved").all() and len(status):
        raise InvalidArgument("no unit is in the same block in both rounds; compare everyone with by=()")
    return Movement(old, new, found, (*new.units, *found.gone), status, places, (before, now))


def _status(
    old: Standing, new: Standing, found: Matching, before: NDArray[np.intp], now: NDArray[np.intp]
) -> tuple[Texts, Floats]:
    """What happened to each unit, and how many places it rose."""
    ranks, old_ranks = _taken(new, "ranks", now), _taken(old, "ranks", before)
    same_block = _taken(new, "groups", now) == _taken(old, "groups", before)
    units = [*new.units, *found.gone]
    made = np.array([unit in found.parts for unit in units], dtype=bool)
    fused = np.array([unit in found.merged for unit in units], dtype=bool)
    cases = [
        now < 0,
        fused,
        made,
        before < 0,
        (ranks == 0) | (old_ranks == 0),
        ~same_block.astype(bool),
        ranks < old_ranks,
        ranks > old_ranks,
    ]
    states = ("gone", "merged", "split", "new", "unranked", "moved", "up", "down")
    status = np.select(cases, texts(states).tolist(), "same").astype(object)
    comparable = np.isin(status.astype(str), ["up", "down", "same"])
    return status, np.where(comparable, (old_ranks - ranks).astype(np.float64), np.nan)


def _taken(standing: Standing, name: str, rows: NDArray[np.intp]) -> NDArray[Any]:
    """A column of a round in the order of rows; for −1 what stands for nothing there."""
    column = texts(standing.names) if name == "names" else np.asarray(getattr(standing, name))
    absent = {"ranks": 0, "values": np.nan}.get(name)
    return np.append(column, np.array([absent], dtype=column.dtype))[rows]
