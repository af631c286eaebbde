"""Where leaving one unit out turns others around: only leaves that compare units can do that."""

from collections.abc import Iterator
from typing import Any

import attrs
import numpy as np

from dti_core.answer import Answer, Columns, in_language, texts, wholes
from dti_core.columns.codes import instance
from dti_core.columns.factor import Factor
from dti_core.errors import InvalidDocument, Language
from dti_core.exact.rationals import Rationals, Rows
from dti_core.measures import Measures, score
from dti_core.measures.leaf import LeafMeasures
from dti_core.result import evaluate
from dti_core.rubric.tree import TOTAL
from dti_core.scores import Scores
from dti_core.scores.setting import By
from dti_core.terms import Label
from dti_core.words import SUSPECTS as WORDS


@attrs.frozen(kw_only=True)
class Reversal:
    """Two units that stand the other way round where a third is left out."""

    #: the code of the unit that is left out
    left_out: str
    #: the code of the unit ahead with everyone
    unit: str
    #: what it is called
    name: Label | None
    #: of ``unit``, with everyone
    rank: int
    #: behind with everyone, ahead without the unit that is left out
    other: str
    #: of ``other``, with everyone
    other_rank: int
    #: on which leaves marks of others changed
    leaves: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Reversals(Answer):
    """Every pair of units that turns around where one other unit is left out.

    >>> from dti_core import Index, Measures, Rubric, methods
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Hồ sơ", 20, scoring=methods.Relative()), Index("2", "Khác", 10)])
    >>> measured = [{"1": 20, "2": 5}, {"1": 10, "2": 7}, {"1": 200, "2": 0}]
    >>> told = reversals(Measures.from_rows(measured, rubric, units=["a", "b", "c"]))
    >>> [(pair.left_out, pair.unit, pair.other) for pair in told.pairs]
    [('c', 'b', 'a')]
    """

    #: by the unit left out, in the order of the sheet
    pairs: tuple[Reversal, ...]
    #: the leaves that compare units
    leaves: tuple[str, ...]
    #: units without which the others cannot be scored
    unscored: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Reversals: {len(self.pairs)} pairs>"

    def columns(self, language: Language | None = None) -> Columns:
        """A dict of arrays, a row per pair and unit left out.

        ``left_out``; ``unit``, ``name`` and ``rank``, who is ahead with everyone; ``passed_by`` and ``passed_by.rank``,
        who is ahead without; ``leaves``, on which marks changed.
        """
        language = self._speaking(language)
        return {
            "left_out": texts(pair.left_out for pair in self.pairs),
            "unit": texts(pair.unit for pair in self.pairs),
            "name": in_language((pair.name for pair in self.pairs), language),
            "rank": wholes(pair.rank for pair in self.pairs),
            "passed_by": texts(pair.other for pair in self.pairs),
            "passed_by.rank": wholes(pair.other_rank for pair in self.pairs),
            "leaves": texts(", ".join(pair.leaves) for pair in self.pairs),
        }

    def _remarks(self, language: Language) -> Iterator[str]:
        phrase, leaves = "reversals" if self.pairs else "no_reversals", ", ".join(self.leaves)
        yield WORDS(phrase, count=len(self.pairs), leaves=leaves).text(language)
        if self.unscored:
            yield WORDS("unscored", units=", ".join(self.unscored)).text(language)


def reversals(measures: Measures, *, node: str = TOTAL, by: By = None) -> Reversals:
    """Which pairs of units would stand the other way round if one other unit had not taken part.

    Marks are each unit's own, but where a leaf is scored ``relative`` to others: the best of the cohort may be the unit
    that is left out. Every unit is left out in turn, the rest scored and ranked again by the rubric's policy, within
    blocks or ``by`` as :meth:`Scores.ranks` takes it. A pair is told where one unit is ahead with everyone and behind
    without; ties are no reversals. Units whose leaving changes no mark of others are not ranked again.

    >>> from dti_core import Index, Measures, Rubric, methods
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Hồ sơ", 20, scoring=methods.Relative()), Index("2", "Khác", 10)])
    >>> measured = [{"1": 20, "2": 5}, {"1": 10, "2": 7}, {"1": 200, "2": 0}]
    >>> reversals(Measures.from_rows(measured, rubric, units=["a", "b", "c"])).rows
    [{'left_out': 'c', 'unit': 'b', 'name': None, 'rank': 2, 'passed_by': 'a', 'passed_by.rank': 3, 'leaves': '1'}]
    """
    instance("measures", measures, Measures)
    scores = evaluate(measures.rubric, score(measures))[node]
    everyone = np.arange(len(measures.blank.units))
    points = {
        leaf: LeafMeasures.of(measures, leaf, everyone).points()
        for leaf, method in measures.rubric.methods.items()
        if method.compares
    }
    pairs: list[Reversal] = []
    unscored: list[str] = []
    for row, unit in enumerate(measures.blank.units):
        others = np.delete(everyone, row)
        changed = tuple(leaf for leaf, own in points.items() if _changes(measures, leaf, own, others))
        without = _scores_without(measures, unit, others, node) if changed else None
        if without is not None:
            pairs += _turned(scores, without, others, by, left_out=unit, leaves=changed)
        elif changed:
            unscored.append(unit)
    return Reversals(pairs=tuple(pairs), leaves=tuple(points), unscored=tuple(unscored))


def _changes(measures: Measures, leaf: str, points: Rationals, others: Rows) -> bool:
    """Whether some of the units have other points on a leaf where they are compared among themselves."""
    own, without = points.take(others), LeafMeasures.of(measures, leaf, others).points()
    return not (own.equals(without) | (own.null & without.null)).all()


def _scores_without(measures: Measures, unit: str, others: Rows, node: str) -> Scores | None:
    """The scores of the others at a node, None where they cannot be scored."""
    columns = {
        name: column.of_rows(others) if isinstance(column, Factor) else column[others]
        for name, column in measures.columns.items()
    }
    try:
        left = Measures(measures.blank.without([unit]), columns)
        return evaluate(left.rubric, score(left))[node]
    except InvalidDocument:
        return None


def _turned(scores: Scores, without: Scores, others: Rows, by: By, **why: Any) -> Iterator[Reversal]:
    """The pairs of which one is ahead among all and behind without, in the order of the sheet."""
    marks, ranks, ranks_without = scores.setting.marks, scores.ranks(by)[others], without.ranks(by)
    groups = scores.labelled_groups(by)[0][others]
    together = (groups[:, None] == groups) & (groups >= 0)
    turned = together & (ranks[:, None] < ranks) & (ranks_without[:, None] > ranks_without)
    for ahead, behind in np.argwhere(turned).tolist():
        row, other = int(others[ahead]), int(others[behind])
        yield Reversal(
            unit=marks.units[row],
            name=marks.names[row] if marks.names else None,
            rank=int(ranks[ahead]),
            other=marks.units[other],
            other_rank=int(ranks[behind]),
            **why,
        )
