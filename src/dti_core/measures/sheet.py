"""From measures to marks: every leaf by its method, exactly, all units at once."""

from collections.abc import Iterator
from fractions import Fraction

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.applicability.compiled import compile_rubric
from dti_core.errors import InvalidDocument, Path, UnknownCode
from dti_core.exact.rationals import Mask
from dti_core.marks import MarkSheet
from dti_core.marks.ticks import ticks_of_marks
from dti_core.measures.given import Found, Seen, Working
from dti_core.measures.table import DIRECT, Measures, methods_of
from dti_core.rubric.exclusions import Exclusion


@attrs.frozen(slots=False, repr=False, hash=False, kw_only=True)
class ScoredSheet(MarkSheet):
    """A mark sheet that keeps the measures its marks were worked out from; made by :func:`~dti_core.score`."""

    measures: Measures

    @property
    def _decisions(self) -> list[tuple[Exclusion, Path | None]]:
        """Those made of measures stand in no document."""
        written = len(self.measures.blank.exclusions)
        return [(each, path if at < written else None) for at, (each, path) in enumerate(super()._decisions)]


def score(measures: Measures) -> ScoredSheet:
    """The marks that measures come to, each rounded once to the rubric's ``mark_decimals``.

    A leaf that is not applicable where its b is 0 is excluded for those units, with its reason and basis, unless a rule
    or decision treats it already. Raises :class:`~dti_core.InvalidDocument` with unit, leaf and value of what is wrong.

    >>> from dti_core import Index, Rubric, evaluate, methods
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Hồ sơ trực tuyến", 20, scoring=methods.Ratio())])
    >>> sheet = score(Measures.from_rows([{"1": {"a": 31, "b": 40}}], rubric, units=["a"]))
    >>> evaluate(rubric, sheet).total.published.tolist()
    [15.5]
    """
    blank, rubric = measures.blank, measures.rubric
    scale = compile_rubric(rubric).scale
    points = np.full((len(blank.units), len(rubric.tree.leaves)), np.nan)
    found = Found()
    skipped: list[Exclusion] = []
    for at, (leaf, method) in enumerate(methods_of(rubric).items()):
        if method == DIRECT:
            points[:, at] = measures.columns[(leaf,)]
            continue
        seen = _seen(measures, leaf, np.arange(len(blank.units)))
        exact = method.points(seen)
        found.problems.extend(seen.found.problems)
        skipped += _skipped(leaf, seen.found, blank.units)
        if not seen.found.problems:
            ticks = exact.rounded(scale, method.rounding or "half_up")
            points[:, at] = np.where(exact.null, np.nan, ticks.astype(np.float64) / scale)
    try:
        ticks = ticks_of_marks(points, rubric, lambda row, at: measures.place(row, (rubric.tree.leaves[at],)))
    except InvalidDocument as error:
        found.problems.extend(error.problems)
    if found.problems:
        raise InvalidDocument("measures", found.problems)
    kept = {field.name: getattr(blank, field.name) for field in attrs.fields(MarkSheet) if field.init}
    return ScoredSheet(
        **kept | {"ticks": ticks, "exclusions": (*blank.exclusions, *skipped)}, measures=measures
    )


def working(sheet: MarkSheet, unit: str, leaf: str) -> Working | None:
    """How a unit came by its points on a leaf; None where the sheet was marked directly."""
    if not isinstance(sheet, ScoredSheet):
        return None
    methods, row = methods_of(sheet.rubric), sheet.row(unit)
    if leaf not in methods:
        raise UnknownCode("leaf", leaf, [*methods])
    everyone = methods[leaf].compares
    rows = np.arange(len(sheet.units)) if everyone else np.array([row])
    seen = _seen(sheet.measures, leaf, rows)
    return Working.of(seen, seen.method.points(seen), row if everyone else 0)


def _seen(measures: Measures, leaf: str, rows: NDArray[np.intp]) -> Seen:
    rubric = measures.rubric
    maximum = Fraction(rubric.tree.maximum[leaf], compile_rubric(rubric).scale)
    return Seen(
        measures, (leaf,), methods_of(rubric)[leaf], maximum, rows, _counts(measures.blank, leaf)[rows]
    )


def _counts(sheet: MarkSheet, leaf: str) -> Mask:
    """The units for which a leaf counts in the ordinary way."""
    applicability = sheet.applicability
    return applicability.by_mark[:, applicability.compiled.column[leaf]][applicability.pattern_of]


def _skipped(leaf: str, found: Found, units: tuple[str, ...]) -> Iterator[Exclusion]:
    for where, reason, basis in found.aside:
        named = [units[row] for row in np.flatnonzero(where).tolist()]
        if named:
            yield Exclusion(members=[leaf], units=named, treatment="skip", reason=reason, basis=basis)
