"""What a scoring method sees of the measures: one leaf or part of it, for all units or for one."""

from fractions import Fraction
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.applicability import NO_BLOCK
from dti_core.columns.factor import Factor
from dti_core.errors import SHOWN, InvalidArgument, Problem, shorten
from dti_core.exact.rationals import Mask, Rationals
from dti_core.measures.table import Measures, value_at
from dti_core.methods import Method
from dti_core.methods.method import Input
from dti_core.terms import Label, label_of
from dti_core.words import MEASURES, Phrase, Sentence, near


@attrs.frozen(eq=False)
class LeafMeasures:
    """The measures of a leaf or part, and how it went: a :class:`~dti_core.methods.Given`."""

    measures: Measures
    name: Input
    method: Method
    maximum: Fraction
    rows: NDArray[np.intp]
    counts: Mask
    #: what came up, in parts too: who is refused; who is set aside, why, and on what basis
    problems: list[Problem] = attrs.field(factory=list)
    aside: list[tuple[Mask, Label, str]] = attrs.field(factory=list)
    parts: list[tuple["LeafMeasures", Rationals]] = attrs.field(factory=list)
    notes: dict[str, Rationals] = attrs.field(factory=dict)

    @classmethod
    def of(cls, measures: Measures, leaf: str, rows: NDArray[np.intp]) -> "LeafMeasures":
        """The measures of a leaf, for the units in some rows."""
        rubric, applicability = measures.rubric, measures.blank.applicability
        maximum = Fraction(rubric.tree.criterion[leaf].highest or 0)
        by_mark = applicability.by_mark[:, applicability.compiled.column[leaf]]
        method = rubric.methods[leaf]
        counts = by_mark[applicability.pattern_of[rows]] & (not (measures.alone and method.compares))
        return cls(measures, (leaf,), method, maximum, rows, counts)

    def points(self) -> Rationals:
        """The points of every unit; a kind of somebody's own may have given anything."""
        points = self.method.points(self)
        if not isinstance(points, Rationals) or points.null.shape != self.rows.shape:
            raise InvalidArgument(MEASURES("own_points", kind=repr(self.method.kind), points=shorten(points)))
        return points

    def number(self, *name: str) -> Rationals:
        """An input of numbers, none where missing."""
        return Rationals.of(self.measures.columns[(*self.name, *name)][self.rows])

    def looked_up(self, *values: tuple[str | bool, Fraction]) -> Rationals:
        """What each unit's answer is worth."""
        column = self.measures.columns[self.name]
        assert isinstance(column, Factor)  # noqa: S101 - a method that takes answers has them
        place = {answer: at for at, (answer, _) in enumerate(values)}
        places = np.array([*(place.get(answer, -1) for answer in column.values), -1])  # type: ignore[arg-type]
        known = [str(answer) for answer, _ in values]
        for code in np.flatnonzero(places[:-1] < 0)[:SHOWN].tolist():
            others = {"answers": ", ".join(map(repr, known)), "near": near(column.values[code], known)}
            self.refuse(column.codes[self.rows] == code, MEASURES("no_answer", **others))
        return Rationals.listed(share for _, share in values).take(places[column.codes[self.rows]])

    def part(self, code: str, method: Method, maximum: Fraction) -> Rationals:
        """The points of a part."""
        part = attrs.evolve(self, name=(*self.name, code), method=method, maximum=maximum, parts=[], notes={})
        points = part.points()
        self.parts.append((part, points))
        return points

    def extremes(self, values: Rationals, *, by_block: bool) -> tuple[Rationals, Rationals]:
        """For each unit the lowest and the highest value of its cohort."""
        blocks = self.measures.blank.applicability.block_of
        cohort = np.zeros(len(self.rows), dtype=np.intp)
        if by_block and blocks is not None:
            cohort = blocks[self.rows].astype(np.intp)
            self.refuse((cohort == NO_BLOCK) & ~values.null, MEASURES["no_block"])
        inside = np.flatnonzero(~values.null)
        order = inside[np.argsort(values.ordinals()[inside], kind="stable")]
        # of several writes to one place the last stands: the first in order, then the last in order
        ends = np.full((2, int(cohort.max(initial=0)) + 2), -1, dtype=np.intp)
        ends[0, cohort[order[::-1]]] = order[::-1]
        ends[1, cohort[order]] = order
        return values.take(ends[0, cohort]), values.take(ends[1, cohort])

    def refuse(self, where: Mask, message: str | Phrase | Sentence, *name: str) -> None:
        """Refuse the measures of some units, each in a problem of its own."""
        sentence = message if isinstance(message, Sentence) else Sentence(label_of(message))
        for at in np.flatnonzero(where)[:SHOWN].tolist():
            row = int(self.rows[at])
            what = Sentence(sentence.phrase, {**sentence.values, **self._shown(row)})
            values = {"unit": self.measures.blank.units[row], "leaf": self.name[0], "what": what}
            place = self.measures.place(row, (*self.name, *name))
            self.problems.append(Problem(place, MEASURES("measure", **values), "measure"))

    def _shown(self, row: int) -> dict[str, Any]:
        """What a sentence may tell of a unit: its measures by the names of the inputs, the only one as x."""
        inputs = self.method.inputs()
        values = {name: value_at(self.measures.columns[*self.name, *name], row) for name in inputs}
        shown = {name: shorten(value) if isinstance(value, str) else value for name, value in values.items()}
        return {".".join(name) or "x": "–" if value is None else value for name, value in shown.items()}

    def set_aside(self, where: Mask, reason: Label, basis: str) -> None:
        """Exclude the leaf for some of the units for which it counts."""
        self.aside.append((where & self.counts, reason, basis))

    def note(self, name: str, values: Rationals) -> None:
        """Keep a value of the cohort for the formula."""
        self.notes[name] = values
