"""Two rounds side by side: which unit and which leaf of one is which of the other, and the marks of both."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from math import lcm
from typing import Any

import attrs
import numpy as np

from dti_core.analysis.doors import column, given_by_name
from dti_core.analysis.matching import Matching
from dti_core.answer import Floats, Ints, kept
from dti_core.errors import InvalidArgument
from dti_core.exact import MAX_TICKS
from dti_core.exact.rationals import Mask, Rows
from dti_core.result import Result
from dti_core.rubric import Rubric
from dti_core.rubric.tree import Tree
from dti_core.terms.fields import repeated
from dti_core.terms.lookups import among
from dti_core.words import CHANGES as WORDS

BOTH = (0, 1)
"""The earlier and the later round."""
ABSENT = -1


@attrs.frozen(eq=False)
class SharedLeaf:
    """A leaf that both rounds have, and the scale on which its marks are compared.

    A mark stands for the part that it is of the highest: 15 of 30 is 10 of 20. So that both are whole ticks, marks of
    both rounds are taken to the least scale that either's fits into.
    """

    #: in each round
    codes: tuple[str, str]
    #: in ticks of marks
    lowest: int
    highest: int
    #: by how much the ticks of each round are multiplied
    factors: tuple[int, int]


@attrs.frozen(eq=False, slots=False)
class Rounds:
    """Two results, unit by unit and leaf by leaf.

    Units are those of the matching, then what the earlier round had and was merged or split since.
    """

    results: tuple[Result, Result]
    #: (rounds, units) the row of each unit, −1 where a round does not have it
    rows: Rows
    leaves: tuple[SharedLeaf, ...]
    #: of marks, in either round
    decimals: int

    @classmethod
    def of(cls, before: Result, after: Result, matching: Matching, leaves: Any) -> "Rounds":
        """The rounds, their leaves matched by code or as ``leaves`` says: the later code to the earlier one."""
        parts = np.setdiff1d(np.arange(len(before.units)), matching.before)
        now = np.append(matching.now, np.full(len(parts), ABSENT, dtype=np.intp))
        rows = kept(np.stack([np.append(matching.before, parts), now]))
        decimals = max(result.rubric.mark_decimals for result in (before, after))
        trees = before.rubric.tree, after.rubric.tree
        shared = [_shared(pair, trees, decimals) for pair in _pairs(*trees, leaves)]
        return cls((before, after), rows, tuple(filter(None, shared)), decimals)

    @property
    def rubrics(self) -> tuple[Rubric, Rubric]:
        """The rubric of each round."""
        return self.results[0].rubric, self.results[1].rubric

    @cached_property
    def alike(self) -> bool:
        """Whether both are scored by the same rubric and policy, leaf by leaf."""
        before, after = self.results
        is_same = before.rubric is after.rubric or before.rubric == after.rubric
        return (
            is_same
            and before.policy == after.policy
            and all(leaf.codes[0] == leaf.codes[1] for leaf in self.leaves)
        )

    def code(self, unit: int) -> str:
        """The code of a unit by its place, the later one."""
        at = int(self.held(1)[unit])
        return self.results[at].units[int(self.rows[at, unit])]

    def held(self, wanted: int) -> Ints:
        """(units,) the round that serves for the one wanted: the other where a unit is in that alone."""
        return np.where(self.rows[wanted] >= 0, wanted, 1 - wanted)

    def counterpart(self, at: int) -> Mapping[str, str]:
        """The shared leaves of one round → those of the other."""
        return {leaf.codes[at]: leaf.codes[1 - at] for leaf in self.leaves}

    def only(self, at: int) -> tuple[str, ...]:
        """The leaves that one round alone has, in any role."""
        shared = self.counterpart(at)
        return tuple(leaf for leaf in self.rubrics[at].tree.leaves if leaf not in shared)

    @cached_property
    def marks(self) -> tuple[Floats, Floats]:
        """(units, shared leaves) the marks of each round; NaN where missing.

        Who is in one round has the same marks in both. So has a leaf that was not assessed and has no mark: that it
        did not count is a matter of exclusions, not of marks.
        """
        own = [self.of_leaves(at, [leaf.codes[at] for leaf in self.leaves]) for at in BOTH]
        factors = np.array([leaf.factors for leaf in self.leaves], dtype=np.float64).reshape(-1, 2).T
        own = [ticks * factor for ticks, factor in zip(own, factors, strict=True)]
        alike = [np.isnan(own[at]) & ~self._assessed(at) for at in BOTH]
        before, after = (kept(np.where(alike[at], own[1 - at], own[at])) for at in BOTH)
        return before, after

    def of_leaves(self, at: int, leaves: Sequence[str], units: Ints | None = None) -> Floats:
        """(units, leaves) the marks of some leaves in one round, in ticks; NaN where missing and for other units."""
        result, rows = self.results[at], self.rows[at] if units is None else self.rows[at][units]
        marks, is_there = np.full((len(rows), len(leaves)), np.nan), rows >= 0
        columns = [result.setting.compiled.column[leaf] for leaf in leaves]
        ticks = result.marks.ticks[np.ix_(rows[is_there], columns)].astype(np.float64)
        marks[is_there] = ticks * 10 ** (self.decimals - result.rubric.mark_decimals)
        return marks

    def _assessed(self, at: int) -> Mask:
        """(units, shared leaves) whether a mark is what counts."""
        result = self.results[at]
        applies, columns = result.marks.applicability, result.setting.compiled.column
        counts = applies.by_mark[:, [columns[leaf.codes[at]] for leaf in self.leaves]][applies.pattern_of]
        return np.asarray(np.vstack([counts, np.zeros(counts.shape[1], dtype=bool)])[self.rows[at]])


def _pairs(before: Tree, after: Tree, leaves: Any) -> list[tuple[str, str]]:
    """Leaves of the earlier and the later round that are the same one."""
    said = given_by_name("leaves", leaves)
    old_of = dict(zip(said, column("leaves", [*said.values()]), strict=True))
    for new, old in old_of.items():
        among("leaf", new, after.leaves)
        among("leaf", old, before.leaves)
    for at, _ in repeated([*old_of.values()]):
        raise InvalidArgument(WORDS("leaf_twice", leaf=[*old_of.values()][at]))
    taken = {*old_of.values()}
    by_code = {leaf: leaf for leaf in after.leaves if leaf in before.role and leaf not in taken}
    return [(old, new) for new, old in (by_code | old_of).items()]


def _shared(codes: tuple[str, str], trees: tuple[Tree, Tree], decimals: int) -> SharedLeaf | None:
    """A pair as one leaf; None where it is worth nothing in a round or has another role: then it is two."""
    pair = [*zip(trees, codes, strict=True)]
    if trees[0].role[codes[0]] != trees[1].role[codes[1]] or not all(
        tree.maximum[code] for tree, code in pair
    ):
        return None
    ends = [[end * 10 ** (decimals - tree.decimals) for end in tree.marked[code]] for tree, code in pair]
    highest = lcm(*(high for _, high in ends))
    if highest > MAX_TICKS:
        return None
    first, second = (highest // high for _, high in ends)
    lowest = min(low * factor for (low, _), factor in zip(ends, (first, second), strict=True))
    return SharedLeaf(codes, lowest, highest, (first, second))
