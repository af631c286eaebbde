"""How far the round from self-score to publication has come."""

from collections.abc import Iterable

import numpy as np

from dti_core.analysis.appraisal.grouped import Grouped, Groups, units_grouped
from dti_core.analysis.appraisal.stages import Array, claims
from dti_core.answer import Texts, texts
from dti_core.applicability.compiled import compile_rubric
from dti_core.assessment import MOVES, Assessment, Assessments
from dti_core.assessment.cohort import together
from dti_core.assessment.course import rounds_for
from dti_core.assessment.moves import STATES, State
from dti_core.assessment.sheet import counts_by_mark
from dti_core.assessment.times import is_before

REACHED: tuple[State, ...] = ("locked", "appraised", "published")


class Progress(Grouped):
    """How far a cycle has come: one row, or one per unit or block.

    >>> from dti_core import Index, Rubric
    >>> from dti_core.analysis import progress
    >>> from dti_core.assessment import Assessment, Cycle
    >>> cycle = Cycle(Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30)]))
    >>> sent = Assessment(cycle, "a").step("submit", by="Đơn vị A", at="2024-01-11")
    >>> [(row["unit"], row["submitted"]) for row in progress([sent, Assessment(cycle, "b")], by="unit").rows]
    [('a', 1), ('b', 0)]
    """


def progress(assessments: Assessments | Iterable[Assessment], *, by: str | None = None) -> Progress:
    """How far a cycle has come: one row, or one per ``"unit"``, per ``"block"`` or per value of another attribute.

    ``units`` counts units, ``submitted`` those that have handed in, ``locked``, ``appraised`` and ``published`` those
    that have come so far; ``maximum`` is the points that count, ``self_marked`` and ``appraised_marked`` how many of
    these are marked. ``lacking`` counts the self marks that lack evidence or an explanation, ``claims`` the leaves that
    units claim not to apply to them, ``unanswered`` those nobody has answered. ``until`` is when the last round closes
    in which a unit may make a move that its state allows it, of several units the earliest; None where none says so.

    >>> from dti_core import Index, Rubric
    >>> from dti_core.assessment import Assessment, Cycle
    >>> cycle = Cycle(Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30)]))
    >>> unit = Assessment(cycle, "a").step("mark", {"1": {"points": 20}}, by="Đơn vị A", at="2024-01-10")
    >>> unit = unit.step("submit", by="Đơn vị A", at="2024-01-11")
    >>> [(name, progress([unit]).rows[0][name]) for name in ("units", "submitted", "maximum", "self_marked")]
    [('units', 1), ('submitted', 1), ('maximum', 30.0), ('self_marked', 30.0)]
    """
    gathered = together(assessments)
    compiled, groups = compile_rubric(gathered.cycle.rubric), units_grouped(gathered, by)
    inside = counts_by_mark(gathered.sheet) & ~compiled.beside
    points = {"maximum": inside, "self_marked": inside & ~np.isnan(gathered.sheet.ticks)}
    points["appraised_marked"] = inside & ~np.isnan(gathered.appraised.ticks)
    counts = _come(gathered) | {
        "lacking": gathered.unproven,
        "claims": claims(gathered)["claims"],
        "unanswered": gathered.unanswered,
    }
    figures: dict[str, Array] = {name: groups.add(cells) for name, cells in counts.items()}
    figures |= {name: groups.add(cells * compiled.maxima) / compiled.scale for name, cells in points.items()}
    return Progress(groups=groups, figures=figures | {"until": _until(gathered, groups)})


def _come(gathered: Assessments) -> dict[str, Array]:
    """(units, 1) which units there are, and which have come how far."""
    handed_in = [any(line.move == "submit" for line in unit.history) for unit in gathered.units]
    come = np.array([STATES.index(unit.state) for unit in gathered.units], dtype=int)[:, None]
    states = {state: come >= STATES.index(state) for state in REACHED}
    return {"units": come >= 0, "submitted": np.array(handed_in, dtype=bool)[:, None]} | states


def _until(gathered: Assessments, groups: Groups) -> Texts:
    """When the last round closes in which a unit may move, of each group the earliest."""
    earliest: dict[int, str] = {}
    for unit, row in zip(gathered.units, groups.of[:, 0].tolist(), strict=True):
        closes = _closes(unit)
        if closes is not None and (row not in earliest or is_before(closes, earliest[row])):
            earliest[row] = closes
    return texts(map(earliest.get, range(len(groups.keys))))


def _closes(unit: Assessment) -> str | None:
    """When the last round closes in which a unit may make a move that its state allows it."""
    latest: str | None = None
    own = (name for name, move in MOVES.items() if move.role == "unit" and unit.state in move.leads)
    for round_ in (round_ for name in own for round_ in rounds_for(unit.cycle, name, unit.unit)):
        latest = round_.closes if latest is None or is_before(latest, round_.closes) else latest
    return latest
