"""Why scores and ranks changed: what each cause did, in points and in places, unit by unit."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

import attrs
import numpy as np

from dti_core.analysis.change.causes import CAUSES, Cause, Weights
from dti_core.analysis.change.combined import Combined
from dti_core.analysis.change.leaves import LeafShares, split
from dti_core.analysis.change.telling import headline, remarks, why
from dti_core.analysis.doors import place
from dti_core.analysis.movement import Movement, movement
from dti_core.analysis.standing import best_first, rows_by_block
from dti_core.answer import Answer, Columns, Ints, Texts, all_kept, texts
from dti_core.columns.frozen import Frozen
from dti_core.compare import RubricDifference, compare_rubrics
from dti_core.errors import InvalidArgument, Language
from dti_core.exact.rationals import Rationals, Rows
from dti_core.words import CHANGES as WORDS
from dti_core.words.tables import NONE, Table, signed, with_sign

PLACES = 1
"""Places are told with one decimal: shares of them are fractions."""


@attrs.frozen(slots=False, kw_only=True, eq=False, repr=False)
class Change(Answer):
    """What each cause changed the score and the rank of units by; shares add up to the whole change, exactly.

    ``points`` and ``places`` are the shares over ``units``, one for each of ``causes``: points in the form that scores
    are published in, unrounded, and places, more than 0 where a unit rose. None where :attr:`obstacles` say why.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> from dti_core.analysis import explain_change
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> rounds = [[16, 15], [21, 12]], [[21, 15], [21, 12]]
    >>> sheets = [MarkSheet.from_array(marks, rubric, units=["a", "b"]) for marks in rounds]
    >>> change = explain_change(evaluate(rubric, sheets[0]), evaluate(rubric, sheets[1]), "a")
    >>> [change.rows[0][name] for name in ("unit", "cause", "points", "places")]
    ['a', 'own_marks', 5.0, 1.0]
    """

    #: those that are explained
    units: tuple[str, ...]
    #: by cause, over the units, exactly: what it changed the score by; null where that is not taken apart
    points: tuple[Rationals, ...]
    #: the same of the rank: more than 0 where a unit rose
    places: tuple[Rationals, ...]
    #: (rounds, units) the ranks among those that both rounds rank in the same block, 0 for none
    common: Ints
    #: (units,) what keeps scores, or ranks alone, from being taken apart, None for nothing: new, gone, merged,
    #: null, between, moved, unranked, rank_between
    obstacles: Texts
    #: the order in which the causes came; None: the mean over all orders
    order: tuple[Cause, ...] | None
    #: what all of it is worked out from
    combined: Combined
    #: how units are matched and ranked
    matched: Frozen[str, Any]
    #: (units,) their places among those of the movement
    positions: Rows

    #: own_marks, others_marks, rubric, own_exclusions, others_exclusions and membership
    causes = CAUSES

    def __repr__(self) -> str:
        return f"<Change of {len(self.units)} units by {len(CAUSES)} causes>"

    @cached_property
    def rubrics(self) -> RubricDifference:
        """What changed from the rubric of before, with the policy in force, to that of after."""
        rounds = self.combined.rounds.results
        return compare_rubrics(*(attrs.evolve(each.rubric, policy=each.policy) for each in rounds))

    @cached_property
    def movement(self) -> Movement:
        """The printed ranks and values of both rounds, and what became of every unit."""
        return movement(*self.combined.rounds.results, **self.matched)

    @property
    def decimals(self) -> int:
        """How many points are told with: those that either round is published with."""
        policies = (result.policy for result in self.combined.rounds.results)
        return max(policy.publish_of(self.combined.node).decimals for policy in policies)

    def leaves(self, unit: str | None = None) -> LeafShares:
        """The share of a unit's own marks, leaf by leaf; ``unit`` may be left out where one alone is explained.

        Raises :class:`~dti_core.InvalidArgument` for a unit whose score is not taken apart.
        """
        if unit is None and len(self.units) == 1:
            unit = self.units[0]
        row = place("unit", unit, self.units)
        if self.points[0].null[row]:
            reason = WORDS[self.obstacles[row]]
            raise InvalidArgument(WORDS("no_leaves", unit=self.units[row], why=reason))
        return split(self.combined, Weights.of(self.order), int(self.positions[row]), self.decimals)

    def columns(self, language: Language | None = None) -> Columns:
        """A dict of arrays, a row per unit and cause.

        ``unit``, ``name``, ``block``, ``cause``, ``cause_title``, ``points``, ``places``, ``why`` (what keeps the score
        or the rank from being taken apart).
        """
        language = self._speaking(language)
        movement = self.movement.columns(language)
        count = len(CAUSES)
        columns: Columns = {
            **{name: np.repeat(movement[name][self.positions], count) for name in ("unit", "name", "block")},
            "cause": np.tile(texts(CAUSES), len(self.units)),
            "cause_title": np.tile(texts(WORDS[cause].text(language) for cause in CAUSES), len(self.units)),
            "points": np.stack([share.floats() for share in self.points], axis=1).ravel(),
            "places": np.stack([share.floats() for share in self.places], axis=1).ravel(),
            "why": np.repeat(texts(why(obstacle, language) for obstacle in self.obstacles.tolist()), count),
        }
        return all_kept(columns)

    def _remarks(self, language: Language) -> Iterator[str]:
        yield from self.movement._remarks(language)
        yield from remarks(self, language)

    def _tables(self, language: Language) -> Iterator[Table]:
        """Of one unit its causes and leaves; of several a line each, block by block and best first."""
        if len(self.units) == 1:
            yield from self._of_one(language)
            return
        causes = [at for at, share in enumerate(self.places) if (share.numerator != 0).any()]
        heads = self._heads(language, "unit", "rank.before", "rank", "points", "places")
        heads += [WORDS[f"{CAUSES[at]}.short"].text(language) for at in causes]
        lines, ranks = [*self._lines(causes, language)], self.movement.columns()["rank"][self.positions]
        titles = self.movement.current.titles
        blocks = self.movement.blocks[self.positions].tolist()
        for block, own in rows_by_block(blocks, titles).items():
            title = self.movement.current.title(block, language)
            yield Table(heads, [lines[row] for row in best_first(own, ranks)], title)

    def _lines(self, causes: Sequence[int], language: Language) -> Iterator[list[str]]:
        """Of each unit its ranks, and what changed in all and by each cause in places."""
        columns = self.movement.columns(language)
        names = (
            columns[name][self.positions].tolist()
            for name in ("unit", "name", "rank.before", "rank", "places")
        )
        for row, (unit, name, *ranks, places) in enumerate(zip(*names, strict=True)):
            yield [
                name or unit,
                *(str(rank or NONE) for rank in ranks),
                signed(_sum(self.points, row), self.decimals, language),
                with_sign(places, language),
                *(signed(self.places[at].at(row), PLACES, language) for at in causes),
            ]

    def _of_one(self, language: Language) -> Iterator[Table]:
        """A line for each cause that changed anything, and their sum; then the leaves that moved most."""
        shares = [(share.at(0), places.at(0)) for share, places in zip(self.points, self.places, strict=True)]
        if shares[0][0] is None:
            return
        told = [(WORDS[cause], pair) for cause, pair in zip(CAUSES, shares, strict=True) if any(pair)]
        told.append((WORDS["sum"], (_sum(self.points, 0), _sum(self.places, 0))))
        cells = [
            [label.text(language), signed(points, self.decimals, language), signed(places, PLACES, language)]
            for label, (points, places) in told
        ]
        yield Table(self._heads(language, "cause", "points", "places"), cells, headline(self, language))
        yield from self.leaves()._tables(language)


def _sum(shares: Sequence[Rationals], row: int) -> Fraction | None:
    """What the shares of a unit come to; None where it has none."""
    values = [share.at(row) for share in shares]
    return None if None in values else sum(filter(None, values), Fraction(0))
