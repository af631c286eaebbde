"""Where every unit of a round stands at one node, whether worked out here or printed elsewhere."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.analysis.wording import aligned, column, word
from dti_core.errors import InvalidArgument, shorten
from dti_core.evaluation.ranking import rank
from dti_core.rubric import Band
from dti_core.terms import Label, Language, label_or_none, listed

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]


def texts(values: Iterable[Any]) -> Texts:
    """An array of texts, None where there is none."""
    told = [*values]
    column: Texts = np.empty(len(told), dtype=object)
    column[:] = told
    return column


def _ranks(values: Any) -> NDArray[np.int64] | None:
    return None if values is None else np.array([each or 0 for each in values], dtype=np.int64)


def _floats(values: Any) -> Floats | None:
    return None if values is None else np.array(values, dtype=np.float64)


def _texts(values: Any) -> Texts | None:
    return None if values is None else texts(values)


def _labels(values: Iterable[Any] | None) -> tuple[Label | None, ...]:
    return tuple(label_or_none(each) for each in values or ())


@attrs.frozen(slots=False, eq=False, repr=False)
class Standing:
    """Where every unit stands at one node: rank, published value, grade, and the group it is ranked in.

    Made from a result by :func:`standing_of`, or by hand from printed figures: ``ranks`` (0 or None where unranked) or
    ``values`` or both; without ``ranks`` the values are ranked within ``groups``. ``scale`` is what a full score is
    printed as: 1000, 100, 1; without it values are not compared with those of another round.

    >>> print(Standing(["a", "b", "c"], values=[70.5, 82, 70.5], scale=100).leaders().text("en"))
    Unit  Rank  Published
    b        1         82
    """

    units: tuple[str, ...] = attrs.field(converter=listed)
    ranks: NDArray[np.int64] = attrs.field(default=None, converter=_ranks)
    values: Floats = attrs.field(default=None, converter=_floats, kw_only=True)
    grades: Texts = attrs.field(default=None, converter=_texts, kw_only=True)
    groups: Texts = attrs.field(default=None, converter=_texts, kw_only=True)
    names: tuple[Label | None, ...] = attrs.field(default=None, converter=_labels, kw_only=True)
    #: titles of groups, where they have any
    titles: Mapping[str, Label] = attrs.field(factory=dict, kw_only=True)
    #: highest first
    bands: tuple[Band, ...] = attrs.field(default=(), kw_only=True)
    scale: Decimal | int | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        count, own = len(self.units), self.__dict__
        if len(set(self.units)) < count:
            raise InvalidArgument("a unit is there twice; name every unit once")
        own["groups"] = texts([""] * count) if self.groups is None else self.groups
        own["values"] = np.full(count, np.nan) if self.values is None else self.values
        own["grades"] = texts([None] * count) if self.grades is None else self.grades
        own["names"] = self.names or (None,) * count
        if self.ranks is None:
            own["ranks"] = rank(self.values, by=self.groups)
        for name in ("ranks", "values", "grades", "groups", "names"):
            if len(own[name]) != count:
                raise InvalidArgument(f"{name} has {len(own[name])} entries for {count} units")

    def __repr__(self) -> str:
        return f"<Standing: {len(self.units)} units>"

    def __str__(self) -> str:
        return self.text()

    @property
    def ranked_with(self) -> NDArray[np.int64]:
        """How many units each is ranked among, itself included; 0 where unranked."""
        place = {group: at for at, group in enumerate(self.in_groups())}
        codes = np.array([place[group] for group in self.groups], dtype=np.int64)
        counts = np.bincount(codes[self.ranks > 0], minlength=len(place) or 1)
        return np.where(self.ranks > 0, counts[codes], 0) if len(codes) else codes

    def in_groups(self) -> dict[str | None, NDArray[np.intp]]:
        """The rows of each group, in order of first appearance; None is the group of units that are in none."""
        found: dict[str | None, list[int]] = {}
        for row, group in enumerate(self.groups.tolist()):
            found.setdefault(group, []).append(row)
        return {group: np.array(rows, dtype=np.intp) for group, rows in found.items()}

    def leaders(self, n: int = 1) -> "Standing":
        """The first ``n`` places of every group, best first; units that tie share a place, so there may be more."""
        return self.take(self._ordered((self.ranks > 0) & (self.ranks <= _count(n))))

    def bottom(self, n: int = 1) -> "Standing":
        """The last ``n`` places of every group, best first: those that fewer than ``n`` units stand below."""
        below = rank(np.where(self.ranks > 0, self.ranks, np.nan), by=self.groups)
        return self.take(self._ordered((below > 0) & (below <= _count(n))))

    def take(self, rows: NDArray[np.intp] | Sequence[int]) -> "Standing":
        """The same of some rows, ranks unchanged."""
        at = np.asarray(rows, dtype=np.intp)
        return attrs.evolve(
            self,
            units=tuple(self.units[row] for row in at),
            names=tuple(self.names[row] for row in at),
            **{name: getattr(self, name)[at] for name in ("ranks", "values", "grades", "groups")},
        )

    def title(self, group: str | None, language: Language = "vi") -> str:
        """What a group is called."""
        found = self.titles.get(group or "")
        return found.text(language) if found else group or word("outside", language)

    def columns(self, language: Language = "vi") -> dict[str, NDArray[Any]]:
        """A dict of arrays, a row per unit: ``unit``, ``name``, ``group``, ``rank``, ``published``, ``grade``."""
        return {
            "unit": texts(self.units),
            "name": texts(name and name.text(language) for name in self.names),
            "group": self.groups,
            "rank": self.ranks,
            "published": self.values,
            "grade": self.grades,
        }

    def text(self, language: Language = "vi") -> str:
        """The table in words, without the columns that say nothing."""
        bands = {band.code: band.title.text(language) for band in self.bands}
        table = {
            "group": [self.title(group, language) if group != "" else "" for group in self.groups],
            "unit": [name.text(language) if name else unit for unit, name in self._named()],
            "rank": [str(each or "–") for each in self.ranks],
            "published": column(self.values.tolist(), language),
            "grade": [bands.get(grade, grade) or "" for grade in self.grades],
        }
        told = {name: cells for name, cells in table.items() if any(cells) or name == "unit"}
        return aligned([word(name, language) for name in told], [*zip(*told.values(), strict=True)])

    def _named(self) -> Iterator[tuple[str, Label | None]]:
        return zip(self.units, self.names, strict=True)

    def _ordered(self, wanted: NDArray[np.bool_]) -> list[int]:
        return [
            row
            for rows in self.in_groups().values()
            for row in rows[np.argsort(self.ranks[rows], kind="stable")].tolist()
            if wanted[row]
        ]


def _count(n: int) -> int:
    if type(n) is not int or n < 1:
        raise InvalidArgument(f"how many places is a whole number from 1, not {shorten(n)}")
    return n
