"""Cells into columns: doubles that stand for decimals, and answers; everything wrong is kept with its unit and leaf."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.columns.factor import Factor, factor
from dti_core.errors import SHOWN, Path, Problem, shorten, suggest
from dti_core.exact import MAX_TICKS, decimal_of
from dti_core.methods.method import Input, Takes
from dti_core.terms import nfc

Column = NDArray[np.float64] | Factor
Columns = dict[Input, Column]
"""By leaf code, then the names of the input."""
Place = Callable[[int, Input], Path]
PLAIN_NUMBERS = {int, float, type(None)}
TOO_LARGE = f"numbers here end at {MAX_TICKS:g}"


@attrs.frozen(eq=False)
class Reader:
    """Turns cells into columns and keeps what is wrong with them."""

    units: Sequence[str]
    place: Place
    problems: list[Problem] = attrs.field(factory=list)

    def refuse(self, row: int, name: Input, message: str) -> None:
        """Note what is wrong with a measure of a unit."""
        where = f"unit {self.units[row]!r}" + (f", leaf {name[0]!r}" if name else "")
        self.problems.append(Problem(self.place(row, name), f"{where}: {message}", "measure"))

    def inner(self, cells: Sequence[Any], names: Sequence[str], under: Input) -> list[Mapping[str, Any]]:
        """Cells that are objects with some of these keys, empty where missing."""
        known, found = frozenset(names), []
        for row, cell in enumerate(cells):
            inside = {} if cell is None else cell
            if not isinstance(inside, Mapping):
                self.refuse(row, under, f"is {shorten(cell)}; it takes {', '.join(names)}, each by name")
                inside = {}
            if not known.issuperset(inside):
                inside = {nfc(key): value for key, value in inside.items()}
                for key in inside.keys() - known:
                    what = (
                        "is no leaf of the rubric"
                        if not under
                        else f"is no input here; it takes {', '.join(names)}"
                    )
                    self.refuse(row, (*under, key), f"{shorten(key)} {what}{suggest(key, names)}")
            found.append(inside)
        return found

    def columns(
        self, cells: Sequence[Any], inputs: Mapping[Input, Takes], under: Input
    ) -> Iterator[tuple[Input, Column]]:
        """The columns of one leaf, or of a part of it."""
        if () in inputs:
            yield under, self.column(cells, inputs[()], under)
            return
        names = [*dict.fromkeys(name[0] for name in inputs)]
        inside = self.inner(cells, names, under)
        for first in names:
            below = {name[1:]: takes for name, takes in inputs.items() if name[0] == first}
            yield from self.columns([cell.get(first) for cell in inside], below, (*under, first))

    def column(self, cells: Any, takes: Takes, name: Input) -> Column:
        """One column: doubles, or a Factor of answers; wrong cells are left out."""
        if takes in ("boolean", "text"):
            kind, needed = (
                (bool, "true or false") if takes == "boolean" else (str, "one of the named answers")
            )
            return factor([self._answer(row, cell, kind, needed, name) for row, cell in enumerate(cells)])
        doubles = self._doubles(cells, name)
        known = np.nan_to_num(doubles)
        for wrong, message in (
            (~np.isfinite(known) | (np.abs(known) > MAX_TICKS), TOO_LARGE),
            ((known < 0) & (takes != "signed"), "it cannot be negative"),
            ((known != np.rint(known)) & (takes == "whole"), "a count is a whole number"),
        ):
            for row in np.flatnonzero(wrong)[:SHOWN].tolist():
                self.refuse(row, name, f"is {doubles[row]:.15g}; {message}: correct it")
            doubles = np.where(wrong, np.nan, doubles)
        return doubles

    def _doubles(self, cells: Any, name: Input) -> NDArray[np.float64]:
        if isinstance(cells, np.ndarray):
            return cells.astype(np.float64)
        if {*map(type, cells)} <= PLAIN_NUMBERS:
            with suppress(OverflowError):
                return np.array(cells, dtype=np.float64)
        doubles = np.full(len(cells), np.nan)
        for row, cell in enumerate(cells):
            number = decimal_of(cell)
            if number is None:
                if cell is not None and cell == cell:
                    hint = "; write it without quotes" if isinstance(cell, str) else ""
                    self.refuse(row, name, f"a number is needed, not {shorten(cell)}{hint}")
            elif abs(number) > MAX_TICKS:
                self.refuse(row, name, f"is {shorten(cell)}; {TOO_LARGE}")
            elif decimal_of(float(number)) != number:
                self.refuse(row, name, f"is {number}, more digits than are held exactly; round it")
            else:
                doubles[row] = float(number)
        return doubles

    def _answer(self, row: int, cell: Any, kind: type, needed: str, name: Input) -> Any:
        value = bool(cell) if isinstance(cell, np.bool_) else cell
        if value is None or type(value) is kind:
            return value
        self.refuse(row, name, f"{needed} is needed, not {shorten(value)}")
        return None
