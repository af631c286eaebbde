"""What a scoring method sees of the measures: one leaf or part of it, for all units or for one."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.applicability import NO_BLOCK
from dti_core.columns.factor import Factor
from dti_core.errors import SHOWN, Problem, shorten, suggest
from dti_core.exact import plain
from dti_core.exact.rationals import Mask, Rationals
from dti_core.measures.table import Measures
from dti_core.methods import Method
from dti_core.methods.method import Input
from dti_core.terms import Label


@attrs.frozen(eq=False)
class Found:
    """What came up while a leaf was scored."""

    problems: list[Problem] = attrs.field(factory=list)
    #: who is set aside, why, and on what basis
    aside: list[tuple[Mask, Label, str]] = attrs.field(factory=list)


@attrs.frozen(eq=False)
class Seen:
    """The measures of a leaf or part, and how it went: a :class:`~dti_core.methods.Given`."""

    measures: Measures
    name: Input
    method: Method
    maximum: Fraction
    rows: NDArray[np.intp]
    counts: Mask
    found: Found = attrs.field(factory=Found)
    parts: list[tuple["Seen", Rationals]] = attrs.field(factory=list)
    notes: dict[str, Rationals] = attrs.field(factory=dict)

    def number(self, *name: str) -> Rationals:
        """An input of numbers, none where missing."""
        return Rationals.of(self.measures.columns[(*self.name, *name)][self.rows])  # type: ignore[index]

    def looked_up(self, *values: tuple[str | bool, Fraction]) -> Rationals:
        """What each unit's answer is worth."""
        column = self.measures.columns[self.name]
        assert isinstance(column, Factor)  # noqa: S101 - a method that takes answers has them
        answers = [answer for answer, _ in values]
        place = np.full(len(column.values) + 1, -1)
        for code, answer in enumerate(column.values):
            if answer in answers:
                place[code] = answers.index(answer)  # type: ignore[arg-type]
                continue
            known = [str(each) for each in answers]
            message = f"is no answer here; there are {', '.join(map(repr, known))}{suggest(answer, known)}"
            self.refuse(column.codes[self.rows] == code, f"{{}} {message}")
        return Rationals.listed(share for _, share in values).take(place[column.codes[self.rows]])

    def part(self, code: str, method: Method, maximum: Fraction) -> Rationals:
        """The points of a part."""
        inside = attrs.evolve(
            self, name=(*self.name, code), method=method, maximum=maximum, parts=[], notes={}
        )
        points = method.points(inside)
        self.parts.append((inside, points))
        return points

    def extremes(self, values: Rationals, *, by_block: bool) -> tuple[Rationals, Rationals]:
        """For each unit the lowest and the highest value of its cohort."""
        blocks = self.measures.blank.applicability.block_of
        cohort = np.zeros(len(self.rows), dtype=np.intp)
        if by_block and blocks is not None:
            cohort = blocks[self.rows].astype(np.intp)
            self.refuse(
                (cohort == NO_BLOCK) & ~values.null, "is compared within its block, and the unit is in none"
            )
        inside = np.flatnonzero(~values.null)
        order = inside[np.argsort(values.ordinals()[inside], kind="stable")]
        ends = np.full((2, int(cohort.max(initial=0)) + 2), -1, dtype=np.intp)
        ends[0, cohort[order[::-1]]] = order[::-1]
        ends[1, cohort[order]] = order
        return values.take(ends[0, cohort]), values.take(ends[1, cohort])

    def refuse(self, where: Mask, message: str, *name: str) -> None:
        """Refuse the measures of some units, each in a problem of its own."""
        inputs = {".".join(each) or "": (*self.name, *each) for each in self.method.inputs()}
        for at in np.flatnonzero(where)[:SHOWN].tolist():
            row = int(self.rows[at])
            values = {key: _plain(self.measures.value(row, each)) for key, each in inputs.items()}
            told = reduce(lambda text, key: text.replace(f"{{{key}}}", values[key]), values, message)
            unit = self.measures.blank.units[row]
            problem = Problem(
                self.measures.place(row, (*self.name, *name)),
                f"unit {unit!r}, leaf {self.name[0]!r}: {told}",
                "measure",
            )
            self.found.problems.append(problem)

    def set_aside(self, where: Mask, reason: Label, basis: str) -> None:
        """Exclude the leaf for some of the units for which it counts."""
        self.found.aside.append((where & self.counts, reason, basis))

    def note(self, name: str, values: Rationals) -> None:
        """Keep a value of the cohort for the formula."""
        self.notes[name] = values


def _plain(value: Any) -> str:
    return "nothing" if value is None else plain(value) if isinstance(value, Decimal) else shorten(value)


@attrs.frozen
class Working:
    """How one unit's measure of a leaf, or of a part of it, becomes points; every number exact."""

    #: the leaf, and the codes of parts under it
    name: Input
    method: Method
    maximum: Fraction
    #: None where a measure is missing
    points: Fraction | None
    #: input → Fraction, text or Boolean, None where missing
    values: dict[Input, Any]
    #: values of the cohort: best, lowest
    notes: dict[str, Fraction | None]
    parts: Sequence["Working"]

    @classmethod
    def of(cls, seen: Seen, points: Rationals, at: int) -> "Working":
        """The working of the unit at a place of what was seen."""
        row = int(seen.rows[at])
        raw = {name: seen.measures.value(row, (*seen.name, *name)) for name in seen.method.inputs()}
        return cls(
            name=seen.name,
            method=seen.method,
            maximum=seen.maximum,
            points=points.at(at),
            values={
                name: value if isinstance(value, str | bool | None) else Fraction(value)
                for name, value in raw.items()
            },
            notes={name: values.at(at) for name, values in seen.notes.items()},
            parts=[cls.of(part, worth, at) for part, worth in seen.parts],
        )
