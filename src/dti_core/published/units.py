"""The units of a result as what its document says of them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from itertools import count
from math import inf
from typing import cast

import attrs
import numpy as np

from dti_core import published
from dti_core.applicability import Aside, Source
from dti_core.applicability.limits import LimitSource
from dti_core.evaluation.changes import changes
from dti_core.result import Result


@attrs.frozen(kw_only=True)
class UnitColumns:
    """What is said of units beside what their sheet says, field by field: most of it is the same for many."""

    result: Result
    block: Sequence[str | None]
    unranked: Sequence[published.NotRanked | None]
    #: all that is said of leaves that did not count, without marks
    said: Sequence[published.NotCounted]
    #: of each unit places in what is said, with the ticks of the mark that was ignored, if any
    excluded: Sequence[Sequence[tuple[int, float | None]]]
    adjusted: Sequence[Mapping[str, published.Adjusted]]
    grade_limits: Sequence[tuple[int, ...]]

    def mark(self, ticks: float) -> Fraction:
        """The mark of so many ticks."""
        return Fraction(int(ticks), self.result.setting.compiled.mark_scale)

    def each(self) -> Iterator[published.Unit]:
        """Unit by unit; what did not count is one value for all units with the same mark."""
        marks, said = self.result.marks, self.said
        counted_not = cache(
            lambda at, ticks: said[at] if ticks is None else attrs.evolve(said[at], ignored=self.mark(ticks))
        )
        columns = {name: column.listed() for name, column in marks.attributes.items()}
        for row, code in enumerate(marks.units):
            yield published.Unit(
                code=code,
                name=marks.names[row] if marks.names else None,
                attributes={
                    name: value for name, column in columns.items() if (value := column[row]) is not None
                },
                block=self.block[row],
                unranked=self.unranked[row],
                excluded=tuple([counted_not(*each) for each in self.excluded[row]]),
                adjusted=self.adjusted[row],
                grade_limits=self.grade_limits[row],
            )


def unit_columns(
    result: Result,
    nodes: Collection[published.Node],
    rulings: Mapping[Source, int],
    limits: Mapping[LimitSource, int],
) -> UnitColumns:
    """What is said of the units of a result about the nodes that are published; rulings and limits by their places."""
    marks, blocks = result.marks, [*(block.code for block in result.rubric.blocks), None]
    block_of, limited = marks.applicability.block_of, marks.limited
    sets = [tuple(map(limits.__getitem__, reaching)) for reaching in limited.sets]
    asides = _asides(result, {node.code for node in nodes})
    adjusted = _adjusted(result, {node.code for node in nodes if not node.partial})
    return UnitColumns(
        result=result,
        block=[None] * len(marks.units) if block_of is None else [blocks[at] for at in block_of.tolist()],
        unranked=[
            None if is_ranked else _not_ranked(result, row)
            for row, is_ranked in enumerate(marks.ranked.tolist())
        ],
        said=[_not_counted(aside, rulings) for case in asides for aside in case],
        excluded=_excluded(result, asides),
        adjusted=[adjusted.get(row, {}) for row in range(len(marks.units))],
        grade_limits=[sets[at] for at in limited.set_of.tolist()],
    )


Asides = Sequence[Sequence[Aside]]


def _asides(result: Result, nodes: Collection[str]) -> Asides:
    """What did not count for the units of each case."""
    return [[aside for aside in case if aside.leaf in nodes] for case in result.marks.applicability.asides]


def _not_counted(aside: Aside, rulings: Mapping[Source, int]) -> published.NotCounted:
    return published.NotCounted(
        leaf=aside.leaf,
        treatment=aside.treatment,
        by=aside.by,
        to=None if aside.to is None else Fraction(aside.to),
        rulings=tuple(map(rulings.__getitem__, aside.sources)),
        overrules=tuple(map(rulings.__getitem__, aside.overruled)),
    )


def _excluded(result: Result, asides: Asides) -> list[list[tuple[int, float | None]]]:
    """What did not count for each unit, by its place among all that is said, with the mark that was ignored."""
    marks, compiled = result.marks, result.setting.compiled
    leaves = {aside.leaf for case in asides for aside in case}
    ticks = {leaf: marks.ticks[:, compiled.column[leaf]].tolist() for leaf in leaves}
    places = count()
    cases = [
        [
            (next(places), ticks[aside.leaf], _counts_to(aside, compiled.mark_scale), aside.is_idle)
            for aside in case
        ]
        for case in asides
    ]
    # a missing mark is NaN, which is above nothing
    return [
        [
            (place, own[row] if own[row] > most else None)
            for place, own, most, is_idle in cases[case]
            if own[row] > most or not is_idle
        ]
        for row, case in enumerate(marks.applicability.case_of.tolist())
    ]


def _counts_to(aside: Aside, mark_scale: int) -> Fraction | float:
    """The ticks above which a mark is ignored."""
    if aside.ignores:
        return -inf
    return inf if aside.to is None else Fraction(aside.to) * mark_scale


def _adjusted(result: Result, whole: Collection[str]) -> dict[int, dict[str, published.Adjusted]]:
    """By row and node, by how many points nodes were changed."""
    points: dict[int, dict[str, dict[str, Fraction]]] = {}
    for node, what, change in changes(result.setting.rolled):
        for row in np.flatnonzero(change).tolist() if node in whole else ():
            by_node = points.setdefault(row, {}).setdefault(node, {})
            by_node[what] = Fraction(int(change[row]), result.setting.scale)
    return {
        row: {node: published.Adjusted(**taken) for node, taken in by_node.items()}
        for row, by_node in points.items()
    }


def _not_ranked(result: Result, row: int) -> published.NotRanked:
    why = result.total.why_unranked(result.marks.units[row])
    assert why is not None  # noqa: S101 - whom a sheet does not rank it has a reason for
    cause = cast("published.Why", why.cause)
    return published.NotRanked(why=cause, reason=why.reason, basis=why.basis)
