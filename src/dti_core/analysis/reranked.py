"""The same units ranked otherwise, once for each of many cases; and why some of these give no ranks."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, TypeAlias

import attrs
import numpy as np

from dti_core.analysis.of_units import OfUnits
from dti_core.analysis.shifts import Shift
from dti_core.answer import Columns, Ints, doubles, in_language, kept, texts
from dti_core.errors import LANGUAGES, DTIError, InvalidDocument, Language, Said
from dti_core.marks import MarkSheet, fields_of
from dti_core.marks.gaps import Gaps
from dti_core.rubric import Rubric
from dti_core.rubric.policy import Policy
from dti_core.terms import Label
from dti_core.words import POLICIES as WORDS

RanksOrWhy: TypeAlias = Ints | Label
"""(units,) the ranks of a case, or why there are none."""


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class Reranked(OfUnits):
    """The ranks of every unit in many cases, beside those in force."""

    #: (units, cases) 0 where unranked, and all in a case that gives no ranks
    ranks: Ints
    #: why a case gives no ranks, None where it does
    reasons: tuple[Label | None, ...]

    @cached_property
    def shifts(self) -> tuple[Shift | None, ...]:
        """How the ranks of each case differ from those in force; None where it gives none."""
        groups = self.standing.groups
        return tuple(
            None if reason else Shift(self.standing.ranks, ranks, groups)
            for reason, ranks in zip(self.reasons, self.ranks.T, strict=True)
        )

    def _shifted(self, language: Language) -> Columns:
        """Of each case how many ranks change, how far in the mean, and the unit that shifts most."""
        rows = [None if shift is None else shift.farthest for shift in self.shifts]
        names = self.standing.names
        return {
            "changed": doubles(shift and shift.changed for shift in self.shifts),
            "mean": doubles(shift and shift.mean for shift in self.shifts),
            "unit": texts(None if row is None else self.units[row] for row in rows),
            "name": in_language((None if row is None else names[row] for row in rows), language),
            "places": doubles(shift and shift.most for shift in self.shifts),
        }


def of_cases(outcomes: Sequence[RanksOrWhy], units: int) -> dict[str, Any]:
    """The ranks and reasons of so many units in all cases."""
    ranks = np.zeros((units, len(outcomes)), dtype=np.int64)
    for case, outcome in enumerate(outcomes):
        if not isinstance(outcome, Label):
            ranks[:, case] = outcome
    reasons = tuple(outcome if isinstance(outcome, Label) else None for outcome in outcomes)
    return {"ranks": kept(ranks), "reasons": reasons}


def read_anew(marks: MarkSheet, rubric: Rubric, leaves: Iterable[str], **changed: object) -> MarkSheet:
    """The marks on some leaves as a sheet for another rubric that has these, read and checked anew."""
    kept_leaves = [*leaves]
    columns = [marks.rubric.tree.leaves.index(leaf) for leaf in kept_leaves]
    points = marks.ticks[:, columns].astype(np.float64) / 10**marks.rubric.mark_decimals
    facts = {name: value for name, value in fields_of(marks).items() if name not in ("rubric", "ticks")}
    return MarkSheet.from_array(points, rubric, **facts | changed | {"leaves": kept_leaves, "pinned": False})


def why_refused(error: DTIError, marks: MarkSheet, policy: Policy) -> Label:
    """Why a policy is refused, as one sentence."""
    if policy.missing == "refuse":
        gaps = Gaps(marks.applicability.compiled, marks.ticks, marks.applicability)
        count = int(gaps.lacking()[1].sum())
        if count:
            return _label(WORDS("gaps", count=count))
    if not isinstance(error, InvalidDocument):
        return _label(error)
    first, *others = error.problems
    told = _label(first)
    return _label(WORDS("more", first=told, count=len(others))) if others else told


def _label(said: Said) -> Label:
    return Label(*map(said.text, LANGUAGES))
