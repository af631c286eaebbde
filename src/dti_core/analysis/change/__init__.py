"""Why a unit's score and rank changed from one round to the next."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dti_core.analysis.change.answer import Change
from dti_core.analysis.change.causes import Cause, Weights, order_of
from dti_core.analysis.change.combined import LAST, Combined
from dti_core.analysis.change.ranked import Rankings
from dti_core.analysis.change.rounds import Rounds
from dti_core.analysis.compared import only_result
from dti_core.analysis.doors import place
from dti_core.analysis.matching import Matching, Several, match
from dti_core.analysis.together import Edition, name_with, result_with
from dti_core.answer import Texts, kept, texts
from dti_core.columns.frozen import Frozen
from dti_core.errors import InvalidArgument
from dti_core.exact.rationals import Mask, Rationals, Rows
from dti_core.result import Result
from dti_core.rubric.tree import TOTAL
from dti_core.scores.setting import By
from dti_core.words import CHANGES as WORDS


def explain_change(  # noqa: PLR0913 - whatever may have changed, each by its name
    before: Result | Edition,
    after: Result | Edition,
    unit: str | None = None,
    *,
    node: str = TOTAL,
    by: By = None,
    merged: Several | None = None,
    renamed: Mapping[str, str] | None = None,
    leaves: Mapping[str, str] | None = None,
    order: Sequence[Cause] | None = None,
) -> Change:
    """What each cause changed a unit's score and rank by, from one round to the next; of all units without ``unit``.

    Causes are the unit's own marks, the marks of others, rubric and policy, the unit's own exclusions, those of others,
    and who is ranked with whom. Each has the mean of what it changes over all orders in which causes can come
    (its Shapley value), so that shares add up to the change exactly; ``order`` names all causes to take one order
    instead. Units are matched as :func:`movement` matches them, leaves by code or as ``leaves`` says: a later code to
    the earlier one. A leaf of one round alone goes with the rubric. Where the rubrics are not comparable the answer
    says so; a unit that is not scored in both rounds is not taken apart, and the answer says why.

    Raises :class:`~dti_core.InvalidArgument` for what holds no marks, and for an edition without ``unit``.

    >>> from dti_core import Index, MarkSheet, Result, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> def scored(**marks: list[float]) -> Result:
    ...     return evaluate(rubric, MarkSheet.from_array([*marks.values()], rubric, units=[*marks]))
    >>> before = scored(a=[20, 15], b=[21, 12], c=[10, 10])
    >>> after = scored(a=[18, 15], b=[22, 16], c=[25, 10])
    >>> change = explain_change(before, after, "a")
    >>> {cause: str(share.at(0)) for cause, share in zip(change.causes, change.places) if share.at(0)}
    {'own_marks': '-1/2', 'others_marks': '-3/2'}
    """
    old, new = _results(before, after, unit, renamed)
    matching = match(old.units, new.units, merged, renamed=renamed)
    rows = np.arange(len(matching.units))
    asked = rows if unit is None else rows[[place("unit", unit, matching.units)]]
    causes = None if order is None else order_of(order)
    weights, combined = Weights.of(causes), Combined.of(Rounds.of(old, new, matching, leaves), node)
    points, ranked = combined.shares(weights), Rankings.of(combined, by)
    places = ranked.shares(weights)
    obstacles = _obstacles(matching, combined, points[0].null, ranked, places[0].null)
    return Change(
        units=tuple(matching.units[row] for row in asked.tolist()),
        points=_taken(points, asked),
        places=_taken(places, asked),
        common=kept(ranked.common(combined)[:, asked]),
        obstacles=kept(obstacles[asked]),
        order=causes,
        combined=combined,
        matched=Frozen({"node": node, "by": by, "merged": merged, "renamed": renamed}),
        positions=kept(asked),
    )


def _taken(shares: Sequence[Rationals], rows: Rows) -> tuple[Rationals, ...]:
    """The shares of some units, which nobody writes to."""
    of_rows = (share.take(rows) for share in shares)
    return tuple(Rationals(kept(share.numerator), kept(share.denominator)) for share in of_rows)


def _results(before: Any, after: Any, unit: Any, renamed: Any) -> tuple[Result, Result]:
    """The results to compare: of editions those that hold the unit, under one name in both."""
    old = renamed.get(unit, unit) if isinstance(renamed, Mapping) and isinstance(unit, str) else unit
    names = name_with(before, old), name_with(after, unit)
    if None not in names and names[0] != names[1]:
        raise InvalidArgument(WORDS("two_tables", unit=unit, old=names[0], new=names[1]))
    name = names[1] or names[0]
    return _result(before, name, old), _result(after, name, unit)


def _result(source: Any, name: str | None, unit: Any) -> Result:
    if not isinstance(source, Edition):
        return only_result(source)
    if unit is None:
        raise InvalidArgument(WORDS("edition"))
    return result_with(source, unit) if name is None else source[name]


def _obstacles(
    matching: Matching, combined: Combined, unshared: Mask, ranked: Rankings, unplaced: Mask
) -> Texts:
    """What keeps scores, or ranks alone, from being taken apart: the first that holds."""
    rows = slice(len(matching.units))
    before, after = combined.rounds.rows[:, rows]
    reasons = {
        "gone": after < 0,
        "merged": np.array([unit in matching.merged for unit in matching.units], dtype=bool),
        "new": before < 0,
        "null": (combined.scores[0].null | combined.scores[LAST].null)[rows],
        "between": unshared[rows],
        "unranked": ranked.unranked[rows],
        "moved": ranked.moved[rows],
        "rank_between": unplaced[rows],
    }
    if len(before) and (reasons["moved"] & ~reasons["unranked"]).all():
        raise InvalidArgument(WORDS("no_block"))
    names = np.select([*reasons.values()], [*reasons], "")
    return texts(name or None for name in names.tolist())
