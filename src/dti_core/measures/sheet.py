"""From measures to marks: every leaf by its method, exactly, all units at once."""

from collections.abc import Iterator

import attrs
import numpy as np

from dti_core.applicability.compiled import compile_rubric
from dti_core.errors import InvalidArgument, InvalidDocument, Path, Problem, raise_all, shorten
from dti_core.marks import MarkSheet, fields_of
from dti_core.marks.ticks import ticks_of_marks
from dti_core.measures.leaf import LeafMeasures
from dti_core.measures.table import Measures
from dti_core.methods.simple import DIRECT
from dti_core.rubric.exclusions import Exclusion
from dti_core.words import MEASURES


@attrs.frozen(slots=False, repr=False, hash=False, kw_only=True)
class ScoredSheet(MarkSheet):
    """A mark sheet that keeps the measures its marks were worked out from; made by :func:`~dti_core.score`."""

    __hash__ = None
    #: what the marks were worked out from
    measures: Measures

    @property
    def _decisions(self) -> list[tuple[Exclusion, Path | None]]:
        """Those made of measures stand in no document."""
        written = len(self.measures.blank.exclusions)
        return [(made, path if at < written else None) for at, (made, path) in enumerate(super()._decisions)]


def score(measures: Measures) -> ScoredSheet:
    """The marks that measures come to, each rounded once to the rubric's ``mark_decimals``.

    A leaf that is not applicable where its b is 0 is excluded for those units, with its reason and basis, unless a rule
    or decision takes it out already. Raises :class:`~dti_core.InvalidDocument` with unit, leaf and value of what is
    wrong.

    >>> from dti_core import Index, Rubric, evaluate, methods
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Hồ sơ trực tuyến", 20, scoring=methods.Ratio())])
    >>> sheet = score(Measures.from_rows([{"1": {"a": 31, "b": 40}}], rubric, units=["a"]))
    >>> evaluate(rubric, sheet).total.published.tolist()
    [15.5]
    """
    if not isinstance(measures, Measures):
        raise InvalidArgument(MEASURES("no_measures", value=shorten(measures)))
    blank, rubric = measures.blank, measures.rubric
    scale = compile_rubric(rubric).mark_scale
    points = np.full((len(blank.units), len(rubric.tree.leaves)), np.nan)
    problems: list[Problem] = []
    skipped: list[Exclusion] = []
    for at, (code, method) in enumerate(rubric.methods.items()):
        if method == DIRECT:
            points[:, at] = measures.columns[(code,)]
            continue
        leaf = LeafMeasures.of(measures, code, np.arange(len(blank.units)))
        exact = leaf.points()
        problems += leaf.problems
        skipped += _skipped(code, leaf, blank.units)
        if not leaf.problems:
            ticks = method.rounded(exact, scale)
            points[:, at] = np.where(exact.null, np.nan, ticks.astype(np.float64) / scale)
    try:
        held = ticks_of_marks(points, rubric, lambda row, at: measures.place(row, (rubric.tree.leaves[at],)))
    except InvalidDocument as error:
        problems += error.problems
    raise_all("measures", problems)
    decided = {"ticks": held, "exclusions": (*blank.exclusions, *skipped)}
    return ScoredSheet(**fields_of(blank) | decided, measures=measures)


def _skipped(code: str, leaf: LeafMeasures, units: tuple[str, ...]) -> Iterator[Exclusion]:
    for where, reason, basis in leaf.aside:
        named = [units[row] for row in np.flatnonzero(where).tolist()]
        if named:
            yield Exclusion(members=[code], units=named, treatment="skip", reason=reason, basis=basis)
