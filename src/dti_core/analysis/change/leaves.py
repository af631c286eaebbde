"""What each leaf has in the share of a unit's own marks, and what of it is no leaf's."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import attrs
import numpy as np

from dti_core.analysis.change.causes import CAUSES, Weights
from dti_core.analysis.change.combined import CASES, OWN, Combined, published_exactly
from dti_core.analysis.change.rounds import BOTH
from dti_core.answer import Answer, Columns, Floats, doubles, kept, texts
from dti_core.errors import Language
from dti_core.evaluation.rules import NOTHING
from dti_core.exact.rationals import Mask, Rows
from dti_core.terms import Label
from dti_core.words import CHANGES as WORDS
from dti_core.words.tables import Table, signed, written

SHOWN = 5
"""So many leaves are told one by one."""
OLD, NEW = slice(0, 1), slice(1, 2)
"""The rows of all old and of all new marks."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class LeafShares(Answer):
    """The leaves on which a unit's marks changed, those that moved its score most first.

    A leaf's share is the mean of what the score changes by when this leaf alone changes, and when it alone stays as it
    was. Where scores add up over leaves these shares are the whole; what caps, gates, the bounds of the scale and
    missing marks that are left out make of several leaves together is ``remainder``, and no leaf's.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> from dti_core.analysis import explain_change
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> rounds = [[16, 15], [21, 12]], [[21, 15], [21, 12]]
    >>> sheets = [MarkSheet.from_array(marks, rubric, units=["a", "b"]) for marks in rounds]
    >>> change = explain_change(evaluate(rubric, sheets[0]), evaluate(rubric, sheets[1]), "a")
    >>> [change.leaves().rows[0][name] for name in ("leaf", "mark.before", "mark", "points")]
    ['1', 16.0, 21.0, 5.0]
    """

    #: whose marks they are
    unit: str
    #: their later codes
    leaves: tuple[str, ...]
    #: what the leaves are called
    titles: tuple[Label, ...]
    #: (rounds, leaves) the marks of before and after, NaN where there is none
    marks: Floats
    #: the highest that there are
    highest: Floats
    #: exactly, in the form that scores are published in
    shares: tuple[Fraction, ...]
    #: what is no leaf's
    remainder: Fraction
    #: those that points are told with
    decimals: int

    def __repr__(self) -> str:
        return f"<LeafShares of {self.unit}: {len(self.leaves)} leaves>"

    def columns(self, language: Language | None = None) -> Columns:
        """A dict of arrays, a row per leaf, and last the remainder, which is no leaf's: ``points`` add up.

        ``leaf``, ``title``, ``mark.before``, ``highest.before``, ``mark``, ``highest``, ``points``.
        """
        language = self._speaking(language)
        ends, parts = ((0, 0), (0, 1)), (self.marks, self.highest)
        padded = (kept(np.pad(part, ends, constant_values=np.nan)) for part in parts)
        (old, new), (old_highest, highest) = padded
        return {
            "leaf": texts([*self.leaves, None]),
            "title": texts(title.text(language) for title in (*self.titles, WORDS["remainder"])),
            "mark.before": old,
            "highest.before": old_highest,
            "mark": new,
            "highest": highest,
            "points": doubles((*self.shares, self.remainder)),
        }

    def _tables(self, language: Language) -> Iterator[Table]:
        """The leaves that moved most, the others together, and the remainder where there is any."""
        marks = zip(*(self._marks(at, language) for at in BOTH), strict=True)
        points = [signed(share, self.decimals, language) for share in self.shares]
        each = zip(self.leaves, self.titles, marks, points, strict=True)
        rows = [[leaf, title.text(language), *own, share] for leaf, title, own, share in each][:SHOWN]
        rest = {"others": sum(self.shares[SHOWN:], NOTHING), "remainder": self.remainder}
        rows += [
            ["", WORDS[name].text(language), "", "", signed(share, self.decimals, language)]
            for name, share in rest.items()
            if share
        ]
        if rows:
            heads = self._heads(language, "leaf", "title", "mark.before", "mark", "points")
            yield Table(heads, rows, WORDS["leaves"].text(language))

    def _marks(self, at: int, language: Language) -> list[str]:
        """The marks of a round, each of how many: 15.5/30."""
        each = (written(part[at].tolist(), language) for part in (self.marks, self.highest))
        return [f"{mark}/{highest}" for mark, highest in zip(*each, strict=True)]


def split(combined: Combined, weights: Weights, unit: int, decimals: int) -> LeafShares:
    """The share of the own marks of a unit, by its place among the units of both rounds, leaf by leaf."""
    rounds = combined.rounds
    shares, whole = _shares(combined, weights, unit)
    order = sorted(shares, key=lambda leaf: -abs(shares[leaf]))
    leaves = [rounds.leaves[place] for place in order]
    marks = [rounds.of_leaves(at, [leaf.codes[at] for leaf in leaves], np.array([unit]))[0] for at in BOTH]
    highest = [[leaf.highest // leaf.factors[at] for leaf in leaves] for at in BOTH]
    codes = [leaf.codes[1] for leaf in leaves]
    return LeafShares(
        unit=rounds.code(unit),
        leaves=tuple(codes),
        titles=tuple(map(rounds.rubrics[1].title_of, codes)),
        marks=kept(np.array(marks) / 10.0**rounds.decimals),
        highest=kept(np.array(highest) / 10.0**rounds.decimals),
        shares=tuple(shares[leaf] for leaf in order),
        remainder=whole - sum(shares.values(), NOTHING),
        decimals=decimals,
    )


def _shares(combined: Combined, weights: Weights, unit: int) -> tuple[dict[int, Fraction], Fraction]:
    """What shared leaves have in the share of a unit's own marks, by their places; and the share itself."""
    before, after = (marks[unit] for marks in combined.rounds.marks)
    moved = np.flatnonzero((before != after) & ~(np.isnan(before) & np.isnan(after)))
    values, null, whole = _values(combined, unit, _one_by_one(before, after, moved))

    def less(some: Any, other: Any) -> Any:
        return (values[:, some] - values[:, other]) * ~(null[:, some] | null[:, other])

    counts = weights.among(OWN, CASES).counts[CAUSES.index("own_marks")]
    of_new_marks = [2 + state + at for at in (0, CASES // 2) for state in BOTH]
    counting, alone, without = counts[of_new_marks].astype(object), slice(2, None, 2), slice(3, None, 2)
    gained = counting @ (less(alone, OLD) + less(NEW, without))
    shares = [Fraction(gain, 2 * whole * weights.denominator) for gain in gained]
    own = Fraction((counting @ less(NEW, OLD))[0], whole * weights.denominator)
    return dict(zip(moved.tolist(), shares, strict=True)), own


def _values(combined: Combined, unit: int, rows: Floats) -> tuple[Any, Mask, int]:
    """(cases, rows) the scores of rows of marks over one denominator, where they have none, and the denominator.

    The cases are the rubrics, and within each the exclusions of the rounds.
    """
    units, states = np.full(2 * len(rows), unit), np.repeat(BOTH, len(rows))
    first, *second = (
        published_exactly(mixture.scored(units, np.tile(rows, (2, 1)), states), combined.node)
        for mixture in combined.mixtures[: 1 if combined.rounds.alike else 2]
    )
    both = [first, *(second or [first])]
    denominators = np.stack([value.denominator + value.null for value in both]).astype(object)
    whole = np.lcm.reduce(denominators.ravel())
    values = np.stack([value.numerator for value in both]).astype(object) * (whole // denominators)
    null = np.stack([value.null for value in both])
    return values.reshape(-1, len(rows)), null.reshape(-1, len(rows)), whole


def _one_by_one(before: Floats, after: Floats, moved: Rows) -> Floats:
    """All marks of before, all of after; then for each leaf it alone changed, and it alone as it was."""
    rows, each = np.empty((2 + 2 * len(moved), len(before))), np.arange(len(moved))
    rows[::2], rows[1::2] = before, after
    rows[2 + 2 * each, moved], rows[3 + 2 * each, moved] = after[moved], before[moved]
    return rows
