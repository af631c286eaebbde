"""Whom appraisal cut most, on what, by whom, and what that did to the ranks."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

import attrs
import numpy as np

from dti_core.analysis.appraisal.grouped import UNIT, Groups, groups_of
from dti_core.analysis.appraisal.stages import Array, BothMarks, StageComparison, stage_figures
from dti_core.analysis.spread import deviations, median
from dti_core.answer import UNRANKED, Columns, Floats, Ints, doubles
from dti_core.assessment import Assessment, Assessments, to_marks
from dti_core.assessment.cohort import together
from dti_core.assessment.sheet import having
from dti_core.columns.frozen import Frozen
from dti_core.errors import InvalidDocument, Language
from dti_core.exact.rationals import Rationals
from dti_core.marks import MarkSheet
from dti_core.result import evaluate
from dti_core.words import AUDITS as WORDS
from dti_core.words import Sentence
from dti_core.words.tables import with_sign

PERCENT = 100
SHOWN = (
    *("unit", "name", "leaf", "title", "appraiser", "block", "block_title"),
    *("self", "appraised", "cut", "cut.median", "z"),
    *("raised", "lowered", "untouched.percent", "unreasoned"),
    *("self.rank", "appraised.rank", "places", "most"),
)
"""What people see of the columns."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AppraisalAudit(StageComparison):
    """What appraisal cut, a row per unit, leaf, appraiser or block, beside what it cut of the others.

    >>> from dti_core import Index, Rubric
    >>> from dti_core.analysis import appraisal_audit
    >>> from dti_core.assessment import Assessment, Cycle
    >>> cycle = Cycle(Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30)]))
    >>> unit = Assessment(cycle, "a").step("mark", {"1": {"points": 20}}, by="Đơn vị A", at="2024-01-10")
    >>> unit = unit.step("lock", by="Hội đồng", at="2024-02-01")
    >>> cut = {"1": {"appraised": 15, "reason": "Thiếu minh chứng"}}
    >>> unit = unit.step("appraise", cut, by="Hội đồng", at="2024-02-02")
    >>> audit = appraisal_audit([unit])
    >>> audit.rows[0]["unit"], audit.cuts
    ('a', (Fraction(25, 1),))
    """

    #: what was cut of the points claimed, in percent, exactly; below 0 where they were raised, None where none were
    cuts: tuple[Fraction | None, ...]
    #: what was done in all
    headline: Sentence
    _decimals = Frozen({"cut": 1, "cut.median": 1, "untouched.percent": 1, "z": 2})

    def _remarks(self, language: Language) -> Iterator[str]:
        yield self.headline.text(language)

    def _shown(self, language: Language) -> Columns:
        """Who was cut most comes first."""
        cuts, columns = self.cuts, self.columns(language)
        first = sorted(range(len(cuts)), key=lambda row: (cuts[row] is None, -(cuts[row] or 0)))
        return {name: columns[name][first] for name in SHOWN if name in columns}

    def _written(self, name: str, column: Array, language: Language) -> list[str]:
        if name == "places":
            return [with_sign(places, language) for places in column.tolist()]
        return super()._written(name, column, language)


def appraisal_audit(assessments: Assessments | Iterable[Assessment], *, by: str = UNIT) -> AppraisalAudit:
    """Whom appraisal cut most, on what, or by whom: a row per unit, leaf, appraiser, block or value of an attribute.

    Beside the columns of :func:`compare_stages`: ``untouched`` counts the marks left as claimed and
    ``untouched.percent`` what part of those compared they are; ``unreasoned`` counts marks raised without a reason.
    ``cut`` is what was taken of the points claimed, in percent, below 0 where they were raised and NaN where nothing
    was claimed. ``cut.median`` is the median cut of the unit's block, of other rows that of all, and ``z`` how many
    median absolute deviations the cut lies above it, NaN where that deviation is 0. Of units, ``self.rank`` and
    ``appraised.rank`` are the ranks of the total by either mark, 0 where there is none, and ``places`` what was won by
    appraisal (below 0: lost), NaN without one of them.

    What stands out is a question to ask, not a fault: a cut may be right.

    >>> from dti_core import Index, Rubric
    >>> from dti_core.assessment import Assessment, Cycle
    >>> cycle = Cycle(Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30)]))
    >>> unit = Assessment(cycle, "a").step("mark", {"1": {"points": 20}}, by="Đơn vị A", at="2024-01-10")
    >>> unit = unit.step("submit", by="Đơn vị A", at="2024-01-11").step("lock", by="Hội đồng", at="2024-02-01")
    >>> cut = {"1": {"appraised": 15, "reason": "Thiếu minh chứng"}}
    >>> unit = unit.step("appraise", cut, by="Hội đồng", at="2024-02-02")
    >>> [(name, appraisal_audit([unit]).rows[0][name]) for name in ("cut", "untouched", "unreasoned")]
    [('cut', 25.0), ('untouched', 0), ('unreasoned', 0)]
    """
    gathered = together(assessments)
    groups, both = groups_of(gathered, by), BothMarks.of(gathered)
    claimed, cut = groups.add(both.own), groups.add(-both.change)
    cuts = Rationals(cut, claimed) * PERCENT
    figures = stage_figures(gathered, both, groups)
    figures |= _untouched(gathered, both, groups) | {"cut": cuts.floats()}
    figures |= _beside(gathered, groups, cuts.fractions())
    if groups.kind == UNIT:
        figures |= _ranks(gathered)
    headline = _headline(both, gathered.cycle.rubric.tree.scale, int(figures["unreasoned"].sum()))
    return AppraisalAudit(groups=groups, figures=figures, cuts=tuple(cuts.fractions()), headline=headline)


def _untouched(gathered: Assessments, both: BothMarks, groups: Groups) -> dict[str, Array]:
    """How many marks were left alone, and how many raised without a reason."""
    entries, rubric = [unit.entries for unit in gathered.units], gathered.cycle.rubric
    reasoned = having(rubric, entries, lambda _, entry: entry.reason is not None)
    untouched = groups.add(both.compared & (both.change == 0))
    share = Rationals(untouched, groups.add(both.compared))
    return {
        "untouched": untouched,
        "untouched.percent": share.floats(PERCENT),
        "unreasoned": groups.add((both.change > 0) & ~reasoned),
    }


def _beside(gathered: Assessments, groups: Groups, cuts: list[Fraction | None]) -> dict[str, Array]:
    """The cut beside those of the units of the same block, or of all rows."""
    blocks = gathered.sheet.applicability.block_of if groups.kind == UNIT else None
    block_of = np.zeros(len(cuts), dtype=np.int64) if blocks is None else blocks
    medians, above = np.full((2, len(cuts)), np.nan)
    for block in np.unique(block_of):
        rows = np.flatnonzero(block_of == block)
        own = [cuts[row] for row in rows.tolist()]
        medians[rows], above[rows] = doubles([median(own)]), doubles(deviations(own))
    return {"cut.median": medians, "z": above}


def _ranks(gathered: Assessments) -> dict[str, Array]:
    """The ranks of the total by the marks as claimed and as appraised."""
    claimed, appraised = map(_ranked, (gathered.sheet, to_marks(gathered, "appraised")))
    both = (claimed > UNRANKED) & (appraised > UNRANKED)
    places: Floats = np.where(both, claimed - appraised, np.nan)
    return {"self.rank": claimed, "appraised.rank": appraised, "places": places}


def _ranked(sheet: MarkSheet) -> Ints:
    """The ranks of a sheet, none where the policy refuses that marks are missing."""
    try:
        return evaluate(sheet.rubric, sheet).total.ranks()
    except InvalidDocument:
        return np.full(len(sheet.units), UNRANKED)


def _headline(both: BothMarks, scale: int, unreasoned: int) -> Sentence:
    """What was done in all."""
    claimed, cut = int(both.own.sum()), -int(both.change.sum())
    values: dict[str, Any] = {
        "claimed": Fraction(claimed, scale),
        "appraised": Fraction(claimed - cut, scale),
        "compared": int(both.compared.sum()),
        "untouched": int((both.compared & (both.change == 0)).sum()),
        "raised": int((both.change > 0).sum()),
        "lowered": int((both.change < 0).sum()),
        "unreasoned": unreasoned,
    }
    return WORDS("headline", **values)
