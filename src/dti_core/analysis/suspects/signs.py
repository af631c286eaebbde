"""The rules by which marks stand out, each a function that yields what it finds in a result."""

import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from textwrap import shorten
from typing import Any

import attrs
import numpy as np

from dti_core.analysis.appraisal.stages import BothMarks
from dti_core.analysis.compared import shares
from dti_core.analysis.marked import LeafMarks, Rates
from dti_core.analysis.sources import standing_of
from dti_core.analysis.spread import deviations, median
from dti_core.assessment import Assessments
from dti_core.errors import LANGUAGES
from dti_core.evaluation.rules import NOTHING
from dti_core.result import Result
from dti_core.rubric.tree import TOTAL
from dti_core.scores.setting import By
from dti_core.terms import Label
from dti_core.terms.lookups import grouped
from dti_core.words import SUSPECTS as WORDS
from dti_core.words import Sentence
from dti_core.words.numbers import fixed

NAMED = 3
"""So many units are named of those that have the same marks."""
LONGEST = 80
"""So much of an explanation is quoted."""
DONE = re.compile(r"\b(đã|xong|hoàn thành|done|completed?)\b", re.IGNORECASE)
NOT_DONE = re.compile(r"\b(chưa|không|not|never)\b", re.IGNORECASE)
"""An explanation says that the work is done where it has a word of the one kind and none of the other."""


@attrs.frozen(kw_only=True)
class Suspect:
    """What a rule found: of which unit, or on which leaf, or both."""

    #: the code of what was looked for
    rule: str
    #: its code; None: it is about a leaf
    unit: str | None
    #: what the unit is called
    name: Label | None
    #: its code; None: it is about the unit
    leaf: str | None
    #: what the leaf is called
    title: Label | None
    #: how much of it there is
    figure: Fraction
    #: in words
    why: Sentence


@attrs.frozen(kw_only=True, eq=False)
class Asked:
    """What the rules look at beside a result."""

    by: By
    #: the last round, result by result
    before: tuple[Rates, ...]
    gathered: Assessments | None
    mads: Fraction
    jump: Fraction
    fewest: int


Found = Iterator[Suspect]


def identical(_: Asked, result: Result) -> Found:
    """The same marks as another unit on every leaf."""
    marks = result.marks
    given = np.nan_to_num(marks.ticks, nan=-1) + 0.0  # −0 is 0
    same = grouped((ticks.tobytes(), row) for row, ticks in enumerate(given))
    twins = {row: rows for rows in same.values() if len(rows) > 1 for row in rows}
    for row in sorted(twins):
        count = int((~np.isnan(marks.ticks[row])).sum())
        if count:
            others = [marks.units[other] for other in twins[row] if other != row]
            listed = ", ".join(others[:NAMED]) + ("…" if len(others) > NAMED else "")
            yield _suspect(result, "identical", row, None, Fraction(count), others=listed, count=count)


def full(_: Asked, result: Result) -> Found:
    """Every leaf that needs a mark is marked in full."""
    marked = LeafMarks(result)
    is_full = marked.there & (marked.points == marked.worth)
    for row in np.flatnonzero((is_full == marked.needed).all(axis=1) & is_full.any(axis=1)).tolist():
        count = int(is_full[row].sum())
        yield _suspect(result, "full", row, None, Fraction(count), count=count)


def untouched(asked: Asked, result: Result) -> Found:
    """Appraisal left every mark as claimed."""
    if asked.gathered is None:
        return
    both, row_of = BothMarks.of(asked.gathered), result.marks.row_of
    counts = both.compared.sum(axis=1).tolist()
    for at, unit in enumerate(asked.gathered):
        if counts[at] and not both.change[at].any() and unit in row_of:
            count = counts[at]
            yield _suspect(result, "untouched", row_of[unit], None, Fraction(count), count=count)


def outlier(asked: Asked, result: Result) -> Found:
    """A share of the total far from the median of those ranked in the block."""
    standing, every = standing_of(result, by=asked.by), shares(result, TOTAL)
    for ranked in standing.ranked_blocks().values():
        if len(ranked) >= asked.fewest:
            own = every.take(ranked).fractions()
            middle = _percent(median(own))
            for row, share, apart in zip(ranked.tolist(), own, deviations(own), strict=True):
                if share is not None and apart is not None and abs(apart) > asked.mads:
                    told = {"share": _percent(share), "median": middle, "z": _told(apart)}
                    yield _suspect(result, "outlier", row, None, apart, **told)


def jump(asked: Asked, result: Result) -> Found:
    """A rate on a leaf that changed much since the last round."""
    marked = LeafMarks(result)
    for earlier in asked.before:
        rows = earlier.rows(result.units)
        for at, leaf in enumerate(result.rubric.tree.leaves):
            if leaf in earlier.by_leaf:
                now, before = marked.rates(at), earlier.by_leaf[leaf].take(rows)
                change = now - before
                for row in np.flatnonzero((change >= asked.jump) | (-change >= asked.jump)).tolist():
                    rates = {"before": _percent(before.at(row)), "now": _percent(now.at(row))}
                    yield _suspect(result, "jump", row, leaf, change.at(row), **rates)


def constant(asked: Asked, result: Result) -> Found:
    """A leaf on which all units that are marked have the same rate."""
    marked = LeafMarks(result)
    for at, leaf in enumerate(result.rubric.tree.leaves):
        rates = marked.rates(at)
        known = np.flatnonzero(~rates.null).tolist()
        only = rates.at(known[0]) if len(known) >= asked.fewest else None
        if only is not None and rates.equals(only).sum() == len(known):
            told = {"count": len(known), "share": _percent(only)}
            yield _suspect(result, "constant", None, leaf, only, **told)


def ignored(_: Asked, result: Result) -> Found:
    """A mark where it does not count."""
    rows = result.exclusions()
    reasons = [result.exclusions(language=language)["reason"].tolist() for language in LANGUAGES]
    names = ("unit", "leaf", "treatment", "ignored")
    cells = zip(*(rows[name].tolist() for name in names), *reasons, strict=True)
    seen = set()
    for unit, leaf, treatment, mark, vi, en in cells:
        if mark == mark and treatment != "reduce" and (unit, leaf) not in seen:
            seen.add((unit, leaf))
            reason = Label(vi, en) if vi else WORDS["standby"]
            figure = Fraction(repr(mark))
            row = result.marks.row_of[unit]
            yield _suspect(result, "ignored", row, leaf, figure, mark=figure, reason=reason)


def denied(asked: Asked, result: Result) -> Found:
    """A mark of 0 where the explanation says that the work is done."""
    marked, leaves = LeafMarks(result), result.rubric.tree.leaves
    for unit, assessment in (asked.gathered or {}).items():
        row = result.marks.row_of.get(unit)
        for at, leaf in enumerate(leaves if row is not None else ()):
            said = assessment.entries[leaf].explanation if leaf in assessment.entries else None
            if said and marked.there[row, at] and not marked.points[row, at] and says_done(said):
                yield _suspect(result, "denied", row, leaf, NOTHING, explanation=shorten(said, LONGEST))


SIGNS: Mapping[str, Callable[[Asked, Result], Found]] = {
    sign.__name__: sign for sign in (identical, full, untouched, outlier, jump, constant, ignored, denied)
}
"""The rules in the order in which they are told."""


def says_done(explanation: str) -> bool:
    """Whether an explanation says that the work is done, by its words.

    >>> says_done("Đã ban hành kế hoạch"), says_done("Chưa hoàn thành")
    (True, False)
    """
    return bool(DONE.search(explanation)) and not NOT_DONE.search(explanation)


def _suspect(
    result: Result, rule: str, row: int | None, leaf: str | None, figure: Fraction | None, **values: Any
) -> Suspect:
    marks, title = result.marks, result.rubric.tree.title
    return Suspect(
        rule=rule,
        unit=None if row is None else marks.units[row],
        name=marks.names[row] if marks.names and row is not None else None,
        leaf=leaf,
        title=None if leaf is None else title[leaf],
        figure=figure or NOTHING,
        why=WORDS(f"{rule}.why", **values),
    )


def _told(number: Fraction | None) -> Label:
    """A number with one decimal."""
    return Label(*(fixed(number or NOTHING, 1, language) for language in LANGUAGES))


def _percent(share: Fraction | None) -> Label:
    return _told(100 * (share or NOTHING))
