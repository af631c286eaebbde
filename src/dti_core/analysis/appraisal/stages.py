"""Self-score beside appraisal: what appraisal changed, by unit, leaf, appraiser or block."""

from collections.abc import Iterable
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.analysis.appraisal.grouped import UNIT, Grouped, Groups, groups_of
from dti_core.applicability.compiled import compile_rubric
from dti_core.assessment import Assessment, Assessments
from dti_core.assessment.cohort import together
from dti_core.assessment.sheet import counts_by_mark, having
from dti_core.exact.rationals import Mask

Array = NDArray[Any]


class StageComparison(Grouped):
    """What appraisal changed, a row per unit, leaf, appraiser or block.

    >>> from dti_core import Index, Rubric
    >>> from dti_core.analysis import compare_stages
    >>> from dti_core.assessment import Assessment, Cycle
    >>> cycle = Cycle(Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30)]))
    >>> unit = Assessment(cycle, "a").step("mark", {"1": {"points": 20}}, by="Đơn vị A", at="2024-01-10")
    >>> unit = unit.step("lock", by="Hội đồng", at="2024-02-01")
    >>> cut = {"1": {"appraised": 15, "reason": "Thiếu minh chứng"}}
    >>> unit = unit.step("appraise", cut, by="Hội đồng", at="2024-02-02")
    >>> row = compare_stages([unit]).rows[0]
    >>> row["unit"], row["self"], row["appraised"]
    ('a', 20.0, 15.0)
    """


@attrs.frozen(eq=False)
class BothMarks:
    """(units, leaves) both marks in ticks of points; 0 where one is lacking or the leaf does not count."""

    compared: Mask
    own: Array
    appraised: Array

    @classmethod
    def of(cls, gathered: Assessments) -> "BothMarks":
        """The self marks as they are claimed, beside the appraised ones."""
        stages = gathered.sheet.ticks, gathered.appraised.ticks
        compared = ~np.isnan(stages).any(axis=0) & counts_by_mark(gathered.sheet)
        earned = compile_rubric(gathered.cycle.rubric).earned
        own, appraised = (np.where(compared, ticks, 0).astype(np.int64) * earned for ticks in stages)
        return cls(compared, own, appraised)

    @property
    def change(self) -> Array:
        """By how much appraisal changed the marks."""
        return np.asarray(self.appraised - self.own)


def compare_stages(assessments: Assessments | Iterable[Assessment], *, by: str = UNIT) -> StageComparison:
    """What appraisal changed: a row per ``"unit"``, ``"leaf"``, ``"appraiser"``, ``"block"`` or value of an attribute.

    ``compared`` counts the leaves of units that have both marks; over them ``self`` and ``appraised`` add up points,
    ``raised`` and ``lowered`` count the changed marks, ``raised_by`` and ``lowered_by`` add up the changes. ``most`` is
    where they are largest, up and down added: a leaf, in rows of leaves a unit, None where nothing changed. Self marks
    are those claimed, whatever they lack; leaves that do not count for a unit are left out. ``claims`` counts leaves
    that units claimed not to apply to them, ``granted`` and ``refused`` how these were answered. The appraiser of a
    mark is who wrote it last; what nobody appraised is in no row of theirs.

    >>> from dti_core import Index, Rubric
    >>> from dti_core.assessment import Assessment, Cycle
    >>> cycle = Cycle(Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30)]))
    >>> unit = Assessment(cycle, "a").step("mark", {"1": {"points": 20}}, by="Đơn vị A", at="2024-01-10")
    >>> unit = unit.step("submit", by="Đơn vị A", at="2024-01-11").step("lock", by="Hội đồng", at="2024-02-01")
    >>> cut = {"1": {"appraised": 15, "reason": "Thiếu minh chứng"}}
    >>> unit = unit.step("appraise", cut, by="Hội đồng", at="2024-02-02")
    >>> [(name, compare_stages([unit]).rows[0][name]) for name in ("compared", "lowered", "lowered_by", "most")]
    [('compared', 1), ('lowered', 1), ('lowered_by', 5.0), ('most', '1')]
    """
    gathered = together(assessments)
    groups = groups_of(gathered, by)
    return StageComparison(groups=groups, figures=stage_figures(gathered, BothMarks.of(gathered), groups))


def stage_figures(gathered: Assessments, both: BothMarks, groups: Groups) -> dict[str, Array]:
    """The columns of a comparison."""
    rubric, change = gathered.cycle.rubric, both.change
    counts = {"compared": both.compared, "raised": change > 0, "lowered": change < 0, **claims(gathered)}
    points = {"self": both.own, "appraised": both.appraised}
    points |= {"raised_by": np.maximum(change, 0), "lowered_by": np.maximum(-change, 0)}
    figures: dict[str, Array] = {name: groups.add(cells) for name, cells in counts.items()}
    figures |= {name: groups.add(ticks) / rubric.tree.scale for name, ticks in points.items()}
    return figures | {"most": groups.largest(abs(change), gathered.sheet.units, rubric.tree.leaves)}


def claims(gathered: Assessments) -> dict[str, Array]:
    """(units, leaves) what units claimed not to apply to them, and how that was answered."""
    entries, rubric = [unit.entries for unit in gathered.units], gathered.cycle.rubric
    claimed = having(rubric, entries, lambda _, entry: entry.claim is not None)
    refused = claimed & having(rubric, entries, lambda _, entry: entry.refusal is not None)
    return {"claims": claimed, "granted": claimed & ~refused & ~gathered.unanswered, "refused": refused}
