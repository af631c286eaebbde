"""What became of each unit from one round to the next, and how many places it rose: as printed, and among the same."""

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.analysis.doors import column, given_by_name, wrong_block
from dti_core.analysis.matching import Matching
from dti_core.analysis.standing import Standing
from dti_core.answer import Floats, Ints, Texts, kept, texts
from dti_core.errors import InvalidArgument
from dti_core.evaluation.ranking import rank
from dti_core.exact.rationals import Mask, Rows
from dti_core.rubric.policy import Ties
from dti_core.terms.lookups import among
from dti_core.words import MOVEMENTS

COMPARABLE = ("up", "same", "down")


def with_blocks_renamed(old: Standing, new: Standing, renamed: Mapping[str, str] | None) -> Standing:
    """The previous round with its blocks called as they are now."""
    given = given_by_name("blocks", renamed, wrong_block)
    called = dict(zip(given, column("blocks", [*given.values()], wrong_block), strict=True))
    before, now = ({*each.blocks.tolist(), *each.titles} - {None} for each in (old, new))
    for code, other in called.items():
        among("block", code, sorted(map(str, before)))
        among("block", other, sorted(map(str, now)))
    taken = [called.get(code, code) for code in before]
    for code in called.values():
        if taken.count(code) > 1:
            raise InvalidArgument(MOVEMENTS("blocks", block=repr(code)))
    return attrs.evolve(
        old,
        blocks=[called.get(block, block) for block in old.blocks.tolist()],
        titles={called.get(code, code): title for code, title in old.titles.items()},
    )


def status_of(old: Standing, new: Standing, matching: Matching) -> Texts:
    """What happened to each unit."""
    before, now, units = matching.before, matching.now, matching.units
    ranks, old_ranks = taken(new, "ranks", now), taken(old, "ranks", before)
    same_block = taken(new, "blocks", now) == taken(old, "blocks", before)
    cases = {
        "gone": now < 0,
        "merged": np.array([unit in matching.merged for unit in units], dtype=bool),
        "split": np.array([unit in matching.parts for unit in units], dtype=bool),
        "new": before < 0,
        "unranked": (ranks == 0) | (old_ranks == 0),
        "moved": ~same_block.astype(bool),
        "up": ranks < old_ranks,
        "down": ranks > old_ranks,
    }
    return kept(np.select([*cases.values()], [*cases], "same").astype(object))


def places_of(old: Standing, new: Standing, matching: Matching, status: Texts) -> Floats:
    """Previous rank − current rank, NaN where they cannot be compared."""
    rise = taken(old, "ranks", matching.before) - taken(new, "ranks", matching.now)
    return kept(np.where(comparable(status), rise.astype(np.float64), np.nan))


def places_common_of(old: Standing, new: Standing, matching: Matching, status: Texts) -> Floats:
    """The same among those alone whose ranks can be compared, ranked anew within their blocks.

    NaN in blocks of which a round lists some units only, so that their ranks leave gaps.
    """
    there = comparable(status)
    blocks = taken(new, "blocks", matching.now)
    blocks = texts(block if has else None for block, has in zip(blocks, there, strict=True))
    before = _anew(old, taken(old, "ranks", matching.before), blocks)
    return kept(before - _anew(new, taken(new, "ranks", matching.now), blocks))


def comparable(status: Texts) -> Mask:
    """Whose ranks can be compared."""
    return np.isin(status.astype(str), COMPARABLE)


def _anew(standing: Standing, ranks: Ints, blocks: Texts) -> Floats:
    """The ranks of units among those that have a block, block by block as ties share ranks there."""
    anew = np.full(len(ranks), np.nan)
    for block, rows in standing.in_blocks().items():
        own = blocks == block
        ties = _ties_of(standing.ranks[rows])
        if block is not None and own.any() and ties is not None:
            anew[own] = rank(-ranks[own], ties=ties)
    return anew


def _ties_of(ranks: Ints) -> Ties | None:
    """How ties share the ranks of a block; None where ranks are left out."""
    ranked = ranks[ranks > 0]
    for ties in ("competition", "dense"):
        if (rank(-ranked, ties=ties) == ranked).all():
            return ties
    return None


def taken(standing: Standing, name: str, rows: Rows) -> NDArray[Any]:
    """A column of a round in the order of rows; for −1 what stands for nothing there."""
    column = texts(standing.names) if name == "names" else np.asarray(getattr(standing, name))
    absent = {"ranks": 0, "ranked_with": 0, "values": np.nan}.get(name)
    return np.append(column, np.array([absent], dtype=column.dtype))[rows]
