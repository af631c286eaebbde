"""Where one unit stands: its rank and the units beside it, why it has none, and its band."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.applicability import NO_BLOCK
from dti_core.explain import steps
from dti_core.explain.single import Single
from dti_core.scores import Scores
from dti_core.terms import Language

SHOWN_TIED = 10


def place(scores: Scores, single: Single, language: Language) -> Iterator[steps.Step]:
    """The rank of a unit or why it has none, then its band; nothing for a node of points only."""
    if scores.setting.rubric.tree.kind[scores.node] not in ("scored", "standby"):
        return
    teller = _Teller(scores, single, language)
    unranked = teller.unranked()
    yield teller.standing() if unranked is None else unranked
    if scores.setting.rubric.bands and single.applies(scores.node):
        yield teller.grade()


@attrs.frozen(eq=False)
class _Field:
    """Everyone who is ranked at a node, block by block and best first; worked out once."""

    rows: NDArray[np.intp]
    groups: NDArray[np.int32]
    ranks: NDArray[np.int64]
    #: row → its place among ``rows``
    place: NDArray[np.intp]

    @classmethod
    def of(cls, scores: Scores) -> "_Field":
        kept: _Field | None = scores.__dict__.get("_field")
        if kept is None:
            groups, ranks = scores.setting.groups(), scores.ranks()
            ranked = np.flatnonzero(ranks)
            rows = ranked[np.lexsort((ranks[ranked], groups[ranked]))]
            place = np.zeros(len(ranks), dtype=np.intp)
            place[rows] = np.arange(len(rows))
            kept = scores.__dict__["_field"] = cls(rows, groups[rows], ranks[rows], place)
        return kept

    def around(self, row: int) -> tuple[int, int, dict[int, NDArray[np.intp]]]:
        """A unit's rank, of how many, and the rows of that rank, of the next above and of the next below."""
        place = self.place[row]
        start, stop = _span(self.groups, int(self.groups[place]))
        ranks, rows, own = self.ranks[start:stop], self.rows[start:stop], int(self.ranks[place])
        first, last = _span(ranks, own)
        wanted = [own, *ranks[:first][-1:].tolist(), *ranks[last:][:1].tolist()]
        return own, stop - start, {rank: rows[slice(*_span(ranks, rank))] for rank in wanted}


def _span(ascending: NDArray[Any], value: int) -> tuple[int, int]:
    """From where to where a value stands."""
    low, high = (int(ascending.searchsorted(ascending.dtype.type(value), side)) for side in ("left", "right"))
    return low, high


@attrs.frozen
class _Teller:
    scores: Scores
    single: Single
    language: Language

    def _title(self, node: str) -> str:
        return self.single.tree.title[node].text(self.language)

    @property
    def _block(self) -> str | None:
        block_of, blocks = self.single.setting.marks.applicability.block_of, self.single.setting.rubric.blocks
        at = NO_BLOCK if block_of is None else int(block_of[self.single.row])
        return None if at == NO_BLOCK else blocks[at].title.text(self.language)

    def unranked(self) -> steps.Unranked | None:
        """Why the unit has no rank; None where it has one."""
        single, node = self.single, self.scores.node
        setting = single.setting
        aside = setting.marks.unranked.get(setting.marks.units[single.row])
        if aside is not None:
            reason = aside.reason.text(self.language)
            return steps.Unranked(
                node=node, title=self._title(node), cause="unit", reason=reason, basis=aside.basis
            )
        if not setting.marks.ranked[single.row]:
            cause: steps.Cause = "no_block" if self._block is None else "block"
            return steps.Unranked(node=node, title=self._title(node), cause=cause, block=self._block)
        if not single.applies(node):
            return steps.Unranked(node=node, title=self._title(node), cause="null")
        coverage, least = single.marked(node) / single.maximum(node), Fraction(setting.policy.min_coverage)
        if coverage < least:
            return steps.Unranked(
                node=node, title=self._title(node), cause="coverage", coverage=coverage, least=least
            )
        return None

    def standing(self) -> steps.Standing:
        """The rank, and who stands beside the unit."""
        single = self.single
        outcome = single.outcome(self.scores.node)
        own, of, rows = _Field.of(self.scores).around(single.row)
        tied = rows[own][rows[own] != single.row]
        beside = {
            rank: self._rival(rank, int(there[0]), len(there)) for rank, there in rows.items() if rank != own
        }
        return steps.Standing(
            node=self.scores.node,
            title=self._title(self.scores.node),
            rank=own,
            of=of,
            block=self._block,
            decide_on=single.setting.policy.decide_on,
            published=outcome.published,
            scale=outcome.scale,
            decisive=outcome.decisive,
            above=next((rival for rank, rival in beside.items() if rank < own), None),
            below=next((rival for rank, rival in beside.items() if rank > own), None),
            tied=tuple(self._rival(own, int(row), len(rows[own])) for row in tied[:SHOWN_TIED]),
            tied_count=len(tied),
            tie_break=tuple(self._title(each) for each in self.scores.tie_break),
        )

    def _rival(self, rank: int, row: int, count: int) -> steps.Rival:
        other = Single(self.single.setting, row)
        sums = other.sums(self.scores.node)
        own, outcome = (each.outcome(self.scores.node) for each in (self.single, other))
        return steps.Rival(
            unit=other.unit,
            name=other.name(self.language),
            rank=rank,
            count=count,
            points=sums.points,
            applicable=sums.applicable,
            published=outcome.published,
            scale=outcome.scale,
            decisive=outcome.decisive,
            tie_break=self._tie_break(other) if outcome.decisive == own.decisive else None,
        )

    def _tie_break(self, other: Single) -> steps.TieBreak | None:
        for node in self.scores.tie_break:
            own, theirs = (
                each.outcome(node).decisive if each.applies(node) else None for each in (self.single, other)
            )
            if own != theirs:
                return steps.TieBreak(node=node, title=self._title(node), own=own, other=theirs)
        return None

    def grade(self) -> steps.Grade:
        """The band of the unit, and the one above it."""
        node, bands = self.scores.node, self.single.setting.rubric.bands
        outcome = self.single.outcome(node)
        percent = 100 * outcome.decisive
        at = next(at for at, band in enumerate(bands) if percent >= Fraction(band.at_least))
        above = bands[at - 1] if at else None
        return steps.Grade(
            node=self.scores.node,
            title=self._title(self.scores.node),
            percent=percent,
            scale=outcome.scale,
            code=bands[at].code,
            band=bands[at].title.text(self.language),
            at_least=Fraction(bands[at].at_least),
            next_code=above.code if above else None,
            next_band=above.title.text(self.language) if above else None,
            next_at_least=Fraction(above.at_least) if above else None,
        )
