"""Units that were merged after they were assessed: the exact mean of their parts, ranked among the others."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import attrs
import numpy as np

from dti_core.analysis.matching import Several
from dti_core.analysis.sources import standing_of
from dti_core.analysis.standing import Standing
from dti_core.columns.factor import factor
from dti_core.errors import InvalidArgument, InvalidDocument, Problem, suggest
from dti_core.evaluation.ranking import UNRANKED, ranks_of
from dti_core.exact.rationals import Rationals
from dti_core.result import Result
from dti_core.rubric.tree import TOTAL
from dti_core.scores import Scores
from dti_core.scores.setting import By, Setting
from dti_core.terms import Label


def merge_units(
    result: Result,
    merged: Several,
    *,
    node: str = TOTAL,
    by: By = None,
    names: Mapping[str, Label | str] | None = None,
) -> Standing:
    """The standing at a node once units are merged: a merged unit has the mean of its parts' scores, unrounded.

    That is how the ministry ranked 34 provinces for 2024 out of 63: the mean of each main index, hence of their sum.
    The other units keep their scores; all are published, graded and ranked anew by the result's policy. ``merged`` maps
    a new code to its parts, and a merged unit may keep the code of one of them. A part without a score leaves none.

    Raises :class:`~dti_core.InvalidDocument` for parts that are no units, are merged twice, or are in different groups.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> marks = MarkSheet.from_array([[20, 15], [11, 18.25], [10, 10]], rubric, units=["a", "b", "c"])
    >>> standing = merge_units(evaluate(rubric, marks), {"ac": ["a", "c"]})
    >>> standing.units, standing.values.tolist(), standing.ranks.tolist()
    (('b', 'ac'), [29.25, 27.5], [1, 2])
    """
    plain = standing_of(result, node, by)
    problems = [*_problems(plain, merged)]
    if problems:
        raise InvalidDocument("merged", problems)
    if plain.scale is None:
        raise InvalidArgument("points on scales of their own have no mean; publish a ratio or percent")
    made = _made(plain, merged)
    firsts = [rows[0] for rows in made.values()]
    means = _means(result, node, [*made.values()])
    publish, whole = result.policy.publish, Fraction(plain.scale) * 10**result.policy.publish.decimals
    printed = (means * whole).rounded(1, publish.rounding)
    exact = result.policy.decide_on == "exact"
    decisive = means if exact else Rationals(printed, ~means.null * 1) / whole
    keys = means.ordinals() if exact else np.unique(printed, return_inverse=True)[1]
    for each in result[node].tie_break:
        others = _means(result, each, [*made.values()])
        later = np.where(others.null, 0, others.ordinals() + 1)
        keys = np.unique(keys, return_inverse=True)[1] * (int(later.max(initial=0)) + 1) + later
    ranked = np.array([(plain.ranks[rows] > 0).all() for rows in made.values()], dtype=bool) & ~means.null
    groups = plain.groups[firsts]
    codes = np.where(ranked, factor(groups).codes, UNRANKED)
    called = dict(zip(made, (plain.names[row] for row in firsts), strict=True))
    called |= dict.fromkeys(merged) | dict(names or {})
    return attrs.evolve(
        plain,
        units=tuple(made),
        ranks=ranks_of(keys, codes, result.policy.ties),
        values=np.where(means.null, np.nan, (printed / 10**publish.decimals).astype(np.float64)),
        grades=_grades(plain, decisive),
        groups=groups,
        names=[called[unit] for unit in made],
    )


def _made(standing: Standing, merged: Several) -> dict[str, list[int]]:
    """The rows that each unit is made from: its own, or those of its parts."""
    rows = {unit: row for row, unit in enumerate(standing.units)}
    inside = {part for parts in merged.values() for part in parts}
    alone = {unit: [row] for unit, row in rows.items() if unit not in inside}
    return alone | {unit: [rows[part] for part in parts] for unit, parts in merged.items()}


def _means(result: Result, node: str, parts: Sequence[Sequence[int]]) -> Rationals:
    """The mean over each unit's parts of the exact score of a node, relative to the scale; none where one has none."""
    setting = Setting(result.rubric, result.marks, attrs.evolve(result.policy, decide_on="exact"))
    scores = Scores(setting, node).decisive
    means = scores.take(np.array([rows[0] for rows in parts], dtype=np.intp))
    several = [at for at, rows in enumerate(parts) if len(rows) > 1]
    if not several:
        return means
    added = [sum((scores.take(np.array([row])) for row in parts[at]), Rationals.of([0.0])) for at in several]
    numerators, denominators = (column.astype(object) for column in (means.numerator, means.denominator))
    for at, total in zip(several, added, strict=True):
        numerators[at], denominators[at] = int(total.numerator[0]), int(total.denominator[0]) * len(parts[at])
    return Rationals(numerators, denominators)


def _grades(standing: Standing, shares: Rationals) -> list[str | None]:
    codes = [*(band.code for band in standing.bands), None]
    below = np.where(shares.null, len(standing.bands), 0)
    for band in standing.bands:
        below += ~(shares >= Fraction(band.at_least) / 100) & ~shares.null
    return [codes[at] for at in below.tolist()]


def _problems(standing: Standing, merged: Several) -> Iterator[Problem]:
    rows = {unit: row for row, unit in enumerate(standing.units)}
    seen: set[str] = set()
    for new, parts in merged.items():
        if not parts:
            yield Problem((new,), "has no parts; name the units it was merged from", "required")
        for at, part in enumerate(parts):
            if part not in rows:
                yield Problem(
                    (new, at), f"{part!r} is no unit of the result{suggest(part, standing.units)}", "unknown"
                )
            elif part in seen:
                yield Problem((new, at), f"{part!r} is merged twice; name it once", "twice")
            seen.add(part)
        if len({standing.groups[rows[part]] for part in parts if part in rows}) > 1:
            yield Problem(
                (new,), "is merged from units of different blocks; rank by=() or merge within one", "blocks"
            )
    for new in merged:
        if new in rows and new not in seen:
            yield Problem((new,), f"{new!r} is a unit that is not merged; choose another code", "twice")
