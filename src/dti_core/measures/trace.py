"""How a measure became a mark: exact values, and the calculation in one line."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import attrs
import numpy as np

from dti_core.errors import LANGUAGES, InvalidArgument, Language
from dti_core.exact.rationals import Rationals
from dti_core.marks import MarkSheet
from dti_core.measures.leaf import LeafMeasures
from dti_core.measures.sheet import ScoredSheet
from dti_core.measures.table import value_at
from dti_core.methods import Method
from dti_core.methods.method import Input
from dti_core.methods.simple import DIRECT
from dti_core.terms import Label
from dti_core.terms.lookups import among
from dti_core.words import MEASURES, numbers


@attrs.frozen
class Working:
    """How one unit's measure of a leaf, or of a part of it, becomes points: a :class:`~dti_core.methods.Told`."""

    #: the leaf, and the codes of parts under it
    name: Input
    #: how it is scored
    method: Method
    #: what it is worth at most
    maximum: Fraction
    #: before rounding; None where a measure is missing
    points: Fraction | None
    #: input → Fraction, text or Boolean, None where missing
    values: tuple[tuple[Input, Any], ...]
    #: values of the cohort: best, lowest
    notes: tuple[tuple[str, Fraction | None], ...]
    #: the same of its parts
    parts: tuple["Working", ...]
    #: what it is told in
    language: Language = "vi"

    @classmethod
    def of(cls, leaf: LeafMeasures, points: Rationals, at: int) -> "Working":
        """The working of the unit at a place of what was scored."""
        row = int(leaf.rows[at])
        columns = leaf.measures.columns
        values = ((name, value_at(columns[*leaf.name, *name], row)) for name in leaf.method.inputs())
        notes = ((name, noted.at(at)) for name, noted in leaf.notes.items())
        parts = (cls.of(part, worth, at) for part, worth in leaf.parts)
        known = (leaf.name, leaf.method, leaf.maximum, points.at(at))
        return cls(*known, tuple(values), tuple(notes), tuple(parts))

    @property
    def formulas(self) -> Sequence[str]:
        """The formulas of the parts that were measured."""
        parts = (attrs.evolve(part, language=self.language) for part in self.parts)
        return [part.method.formula(part) for part in parts if part.points is not None]

    def value(self, *name: str) -> Any:
        """The measure at an input."""
        return dict(self.values)[name]

    def noted(self, name: str) -> Fraction | None:
        """A value of the cohort."""
        return dict(self.notes)[name]

    def number(self, value: Fraction | None) -> str:
        """A number as the language writes it; a fraction where no decimal ends, so that the line can be checked."""
        exact = value or Fraction(0)
        text = str(exact) if numbers.decimals_of(exact) is None else numbers.number(exact, self.language)
        return f"({text})" if exact < 0 or "/" in text else text

    def say(self, vi: str, en: str) -> str:
        """A word in the language."""
        return Label(vi, en).text(self.language)


@attrs.frozen
class Trace:
    """How a unit's measure of a leaf became its mark; ``str()`` tells it in Vietnamese.

    >>> from dti_core import Index, Measures, Rubric, score
    >>> from dti_core.methods import Ratio
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Hồ sơ trực tuyến", 20, scoring=Ratio())])
    >>> sheet = score(Measures.from_rows([{"1": {"a": 30, "b": 40}}], rubric, units=["x"]))
    >>> print(trace(sheet, "x", "1").text("en"))
    30 / 40 × 20 = 15
    """

    #: the code of the unit
    unit: str
    #: the code of the leaf
    leaf: str
    #: the method, the values it was given and what each part of it came to, exactly
    working: Working
    #: the points once rounded, None where there is no mark
    mark: Fraction | None

    def text(self, language: Language = "vi") -> str:
        """The calculation in one line: ``31 / 40 × 20 = 15,5``."""
        missing = [".".join(name) for name, value in self.working.values if value is None]
        if self.working.points is None:
            phrase = MEASURES["not_measured" if missing else "not_applicable"].text(language)
            return f"{phrase}: {', '.join(missing)}" if any(missing) else phrase
        told, step = attrs.evolve(self.working, language=language), self.working.method.step
        rounding = "rounded" if step is None else f"stepped_{self.working.method.rounding}"
        rounded = MEASURES[rounding].text(language)
        line, points = told.method.formula(told), told.number(told.points)
        if line != points and not line.endswith(f"⇒ {points}"):
            line = f"{line} {numbers.equals(self.working.points, language)}"
        if self.mark in (None, self.working.points):
            return line
        return rounded.format(line=line, mark=told.number(self.mark), step=told.number(Fraction(step or 0)))

    __str__ = text


def trace(sheet: MarkSheet, unit: str, leaf: str) -> Trace:
    """How a unit's measure of a leaf became its mark, on a sheet made from measures.

    >>> from dti_core import Index, Measures, Rubric, methods, score
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Hồ sơ trực tuyến", 20, scoring=methods.Ratio())])
    >>> sheet = score(Measures.from_rows([{"1": {"a": 31, "b": 40}}], rubric, units=["a"]))
    >>> print(trace(sheet, "a", "1"))
    31 / 40 × 20 = 15,5
    """
    if not isinstance(sheet, ScoredSheet):
        raise InvalidArgument(MEASURES("untraced"))
    methods, row = sheet.rubric.methods, sheet.row(unit)
    leaf = among("leaf", leaf, methods)
    everyone = methods[leaf].compares
    rows = np.arange(len(sheet.units)) if everyone else np.array([row])
    measured = LeafMeasures.of(sheet.measures, leaf, rows)
    working = Working.of(measured, measured.points(), row if everyone else 0)
    mark = sheet.of(unit)[leaf]
    return Trace(unit, leaf, working, None if mark is None else Fraction(repr(mark)))


def calculation(sheet: MarkSheet, unit: str, leaf: str) -> Label | None:
    """The calculation of a mark in one line, in both languages; None where there is no mark, or it was typed in."""
    if not isinstance(sheet, ScoredSheet) or sheet.rubric.methods.get(leaf, DIRECT) == DIRECT:
        return None
    line = trace(sheet, unit, leaf)
    return None if line.mark is None else Label(*map(line.text, LANGUAGES))
