"""Cells into columns: doubles that stand for decimals, and answers; everything wrong is kept with its unit and leaf."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.columns.cells import is_missing, plain
from dti_core.columns.factor import Factor, factor
from dti_core.columns.numbers import as_doubles, numbers
from dti_core.errors import SHOWN, InvalidArgument, Path, Problem, shorten
from dti_core.exact import MAX_TICKS
from dti_core.methods.method import Input, Takes
from dti_core.terms import nfc
from dti_core.words import MEASURES, near

Column = NDArray[np.float64] | Factor
InputColumns = dict[Input, Column]
"""By leaf code, then the names of the input."""
Place = Callable[[int, Input], Path]
#: what an answer is, and the sentence on what is none
ANSWER_TYPES: Mapping[str, tuple[type, str]] = {
    "boolean": (bool, "no_truth"),
    "text": (str, "no_text"),
}


@attrs.frozen(eq=False)
class CellReader:
    """Turns cells into columns and keeps what is wrong with them."""

    units: Sequence[str]
    place: Place
    problems: list[Problem] = attrs.field(factory=list)

    def refuse(self, row: int, name: Input, phrase: str, **values: Any) -> None:
        """Note what is wrong with a measure of a unit."""
        about = {"unit": self.units[row], "leaf": "".join(name[:1]), "what": MEASURES(phrase, **values)}
        sentence = MEASURES("measure" if name else "unit", **about)
        self.problems.append(Problem(self.place(row, name), sentence, "measure"))

    def split(
        self, cells: Sequence[Any], inputs: Mapping[Input, Takes], under: Input = ()
    ) -> dict[Input, Any]:
        """The cells of every input: those of one leaf or part of it, or, with nothing above them, whole rows."""
        if () in inputs:
            return {under: cells}
        below: dict[str, dict[Input, Takes]] = {}
        for name, takes in inputs.items():
            below.setdefault(name[0], {})[name[1:]] = takes
        objects = [self._object(row, cell, below, under) for row, cell in enumerate(cells)]
        columns: dict[Input, Any] = {}
        for first, inner in below.items():
            columns |= self.split([cell.get(first) for cell in objects], inner, (*under, first))
        return columns

    def _object(self, row: int, cell: Any, known: Mapping[str, Any], under: Input) -> Mapping[str, Any]:
        """A cell that is an object with some of the known keys, empty where missing."""
        if is_missing(cell):
            return {}
        if isinstance(cell, Mapping) and cell.keys() <= known.keys():
            return cell
        names = ", ".join([*known][:SHOWN])
        if not isinstance(cell, Mapping):
            self.refuse(row, under, "no_names", value=shorten(cell), names=names)
            return {}
        named = {nfc(key): value for key, value in cell.items()}
        for key in named.keys() - known.keys():
            phrase = "no_input" if under else "no_leaf"
            like = near(key, known) if len(self.problems) < SHOWN else ""
            self.refuse(row, (*under, str(key)), phrase, value=shorten(key), names=names, near=like)
        return named

    def columns(self, cells: Mapping[Input, Any], inputs: Mapping[Input, Takes]) -> InputColumns:
        """Doubles, or a Factor of answers, for every input; wrong cells are left out."""
        if not isinstance(cells, Mapping) or cells.keys() != inputs.keys():
            wanted = ", ".join(map(".".join, inputs))
            raise InvalidArgument(MEASURES("columns_for", wanted=wanted, value=shorten(cells)))
        return {name: self._column(cells[name], takes, name) for name, takes in inputs.items()}

    def _column(self, cells: Any, takes: Takes, name: Input) -> Column:
        rows, count = cells.codes if isinstance(cells, Factor) else cells, len(self.units)
        is_list = isinstance(rows, list | tuple | np.ndarray) and getattr(rows, "ndim", 1) == 1
        if not is_list or len(rows) != count:
            sentence = MEASURES("cells_for", name=repr(".".join(name)), count=count, value=shorten(cells))
            raise InvalidArgument(sentence)
        return (
            self._answers(cells, takes, name) if takes in ANSWER_TYPES else self._numbers(cells, takes, name)
        )

    def _answers(self, cells: Any, takes: Takes, name: Input) -> Factor:
        kind, phrase = ANSWER_TYPES[takes]
        if isinstance(cells, Factor):
            if all(type(value) is kind for value in cells.values):
                return cells
            cells = cells.listed()
        answers = plain(cells, ".".join(name))
        for row, answer in enumerate(answers):
            if answer is not None and not isinstance(answer, kind):
                self.refuse(row, name, phrase, value=shorten(answer))
                answers[row] = None
        return factor(answers)

    def _numbers(self, cells: Any, takes: Takes, name: Input) -> NDArray[np.float64]:
        doubles = self._doubles(cells, name)
        known = np.nan_to_num(doubles)
        for unfit, phrase in (
            (~np.isfinite(known) | (np.abs(known) > MAX_TICKS), "too_large"),
            ((known < 0) & (takes != "signed"), "negative"),
            ((known != np.rint(known)) & (takes == "whole"), "not_whole"),
        ):
            for row in np.flatnonzero(unfit)[:SHOWN].tolist():
                self.refuse(row, name, phrase, value=f"{doubles[row]:.15g}", most=f"{MAX_TICKS:g}")
            doubles = np.where(unfit, np.nan, doubles)
        doubles.flags.writeable = False
        return doubles

    def _doubles(self, cells: Any, name: Input) -> NDArray[np.float64]:
        no_numbers: list[Problem] = []
        read = numbers(cells, ".".join(name), lambda row: (row,), no_numbers)
        for row in (int(problem.path[0]) for problem in no_numbers):
            phrase = "quoted" if isinstance(cells[row], str) else "no_number"
            self.refuse(row, name, phrase, value=shorten(cells[row]))
        for row, number in read.exact.items():
            phrase = "too_large" if abs(number) > MAX_TICKS else "digits"
            self.refuse(row, name, phrase, value=shorten(cells[row]), most=f"{MAX_TICKS:g}")
        return as_doubles(read.values, 1)
