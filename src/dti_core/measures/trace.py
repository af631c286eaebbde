"""How a measure became a mark: exact values, and the calculation in one line."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import attrs

from dti_core.errors import InvalidArgument
from dti_core.marks import MarkSheet
from dti_core.measures.given import Working
from dti_core.measures.sheet import ScoredSheet, working
from dti_core.measures.table import DIRECT, methods_of
from dti_core.terms import Language
from dti_core.words import numbers


@attrs.frozen
class Trace:
    """How a unit's measure of a leaf became its mark; ``str()`` tells it in Vietnamese."""

    unit: str
    leaf: str
    #: the method, the values it was given and what each part of it came to, exactly
    working: Working
    #: the points once rounded, None where there is no mark
    mark: Fraction | None

    def text(self, language: Language = "vi") -> str:
        """The calculation in one line: ``31 / 40 × 20 = 15,5``."""
        done, told = self.working, Told(self.working, language)
        if done.points is None:
            missing = [".".join(name) for name, value in done.values.items() if value is None]
            lacking = f": {', '.join(missing)}" if any(missing) else ""
            if missing:
                return told.say("chưa có số liệu", "not measured") + lacking
            return told.say("không đánh giá", "not applicable")
        formula = done.method.formula(told)
        value = told.number(done.points)
        if formula != value and not formula.endswith(f"⇒ {value}"):
            formula = f"{formula} {numbers.equals(done.points, language)}"
        if self.mark not in (None, done.points):
            formula += told.say(", làm tròn ", ", rounded to ") + told.number(self.mark)
        return formula

    def __str__(self) -> str:
        return self.text()


@attrs.frozen
class Told:
    """A working in a language: a :class:`~dti_core.methods.Told`."""

    working: Working
    language: Language

    @property
    def points(self) -> Fraction | None:
        """The points before rounding."""
        return self.working.points

    @property
    def maximum(self) -> Fraction:
        """What they are at most."""
        return self.working.maximum

    @property
    def formulas(self) -> Sequence[str]:
        """The formulas of the parts that were measured."""
        there = [part for part in self.working.parts if part.points is not None]
        return [part.method.formula(Told(part, self.language)) for part in there]

    def value(self, *name: str) -> Any:
        """The measure at an input."""
        return self.working.values[name]

    def noted(self, name: str) -> Fraction | None:
        """A value of the cohort."""
        return self.working.notes[name]

    def number(self, value: Fraction | None) -> str:
        """A number as the language writes it; a fraction where no decimal ends, so that the line can be checked."""
        exact = value or Fraction(0)
        text = str(exact) if numbers.decimals_of(exact) is None else numbers.number(exact, self.language)
        return f"({text})" if exact < 0 or "/" in text else text

    def say(self, vi: str, en: str) -> str:
        """A word in the language."""
        return vi if self.language == "vi" else en


def trace(sheet: MarkSheet, unit: str, leaf: str) -> Trace:
    """How a unit's measure of a leaf became its mark, on a sheet made from measures.

    >>> from dti_core import Index, Measures, Rubric, methods, score
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Hồ sơ trực tuyến", 20, scoring=methods.Ratio())])
    >>> sheet = score(Measures.from_rows([{"1": {"a": 31, "b": 40}}], rubric, units=["a"]))
    >>> print(trace(sheet, "a", "1"))
    31 / 40 × 20 = 15,5
    """
    done = working(sheet, unit, leaf)
    if done is None:
        raise InvalidArgument(
            "this sheet was marked directly; only marks worked out from measures can be traced"
        )
    mark = sheet.points(unit)[leaf]
    return Trace(unit, leaf, done, None if mark is None else Fraction(repr(mark)))


def calculation(sheet: MarkSheet, unit: str, leaf: str, language: Language) -> str | None:
    """The calculation of a mark in one line; None where there is no mark, or it was typed in."""
    if not isinstance(sheet, ScoredSheet) or methods_of(sheet.rubric).get(leaf, DIRECT) == DIRECT:
        return None
    told = trace(sheet, unit, leaf)
    return None if told.mark is None else told.text(language)
