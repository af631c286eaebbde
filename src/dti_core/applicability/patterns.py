"""What counts, as arrays: a row for each distinct set of things decided, families of such rows for one product."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, Self

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.applicability.compiled import Compiled
from dti_core.applicability.sources import Key
from dti_core.exact import ticks_of


@attrs.frozen(eq=False, repr=False)
class Containment:
    """Which leaves stand in which nodes, stand-by leaves in the place of what they replace."""

    #: node → the stand-by leaf that counts in its place
    replaced: Mapping[str, str]
    #: (leaves, nodes)
    inside: NDArray[np.bool_]


@attrs.frozen(eq=False, repr=False)
class Pattern:
    """What counts for the units of which the same was decided: a row of :class:`Patterns`."""

    replaced: Mapping[str, str]
    counts: NDArray[np.bool_]
    settled: NDArray[np.bool_]
    highest: NDArray[np.int64]
    worth: NDArray[np.int64]
    granted: NDArray[np.int64]
    full: NDArray[np.int64]


@attrs.frozen(eq=False)
class Family:
    """Patterns that differ only in which leaves they use, so that one leaves × nodes matrix serves all of them."""

    #: (leaves, nodes) which marks add to which node
    adds: NDArray[np.bool_]
    #: (patterns of the sheet, leaves) whether a pattern of this family uses a leaf
    used: NDArray[np.bool_]


Decided = tuple[tuple[str, Key], ...]
"""What is made of each leaf that does not count in the ordinary way."""
ROWS = ("form_of", "counts", "settled", "highest", "grants")
"""The fields of :class:`Patterns` that have a row for each."""


@attrs.frozen(eq=False, slots=False, repr=False)
class Patterns:
    """What counts for the units of which the same was decided, by whomever: a row for each pattern."""

    compiled: Compiled
    forms: tuple[Containment, ...]
    #: (patterns,)
    form_of: NDArray[np.intp]
    #: (patterns, leaves) what has an applicable maximum: scored leaves but those skipped, and stand-by leaves in use
    counts: NDArray[np.bool_]
    #: (patterns, leaves) what counts so much whatever its mark: full marks, or nothing
    settled: NDArray[np.bool_]
    #: (patterns, leaves) the highest mark still possible, in ticks of marks
    highest: NDArray[np.int64]
    #: (patterns, leaves) what leaves that are settled earn, in ticks
    grants: NDArray[np.int64]

    @classmethod
    def of(cls, compiled: Compiled, decided: Sequence[Decided], **others: Any) -> Self:
        """The arrays of what was decided, a row for each; ``others`` are the further fields of the class."""
        forms: dict[tuple[tuple[str, str], ...], int] = {}
        form_of: list[int] = []
        rows = (len(decided), 1)
        counts, highest = np.tile(compiled.scored, rows), np.tile(compiled.highest, rows)
        settled, grants = np.zeros_like(counts), np.zeros_like(highest)
        for row, each in enumerate(decided):
            replaced: dict[str, str] = {}
            for leaf, (treatment, *by) in each:
                at = compiled.column[leaf]
                if treatment == "reduce":
                    highest[row, at] = ticks_of(Decimal(by[0]), compiled.tree.decimals) or 0
                elif treatment in ("full_marks", "zero"):
                    settled[row, at] = True
                    grants[row, at] = compiled.maxima[at] * (treatment == "full_marks")
                else:
                    counts[row, at] = False
                if treatment == "substitute":
                    node, standby = by
                    replaced[node] = standby
            counts[row, [compiled.column[standby] for standby in replaced.values()]] = True
            form_of.append(forms.setdefault(tuple(replaced.items()), len(forms)))
        made = tuple(_form(compiled, dict(pairs)) for pairs in forms)
        return cls(compiled, made, np.array(form_of), counts, settled, highest, grants, **others)

    @cached_property
    def patterns(self) -> tuple[Pattern, ...]:
        """The patterns one by one."""
        replaced = [self.forms[at].replaced for at in self.form_of]
        rows = (self.counts, self.settled, self.highest, self.worth, self.grants, self.full.T)
        return tuple(map(Pattern, replaced, *rows))

    @cached_property
    def reduced(self) -> NDArray[np.bool_]:
        """(patterns, leaves) whether less than the highest mark is still possible."""
        return np.asarray(self.highest < self.compiled.highest)

    @cached_property
    def worth(self) -> NDArray[np.int64]:
        """(patterns, leaves) the applicable maximum of each leaf, in ticks."""
        worth = np.where(self.counts, self.compiled.maxima, 0)
        if self.reduced.any():
            worth[self.reduced] = (self.highest * self.compiled.earned * self.counts)[self.reduced]
        return worth

    @cached_property
    def applicable(self) -> NDArray[np.int64]:
        """(nodes, patterns) the applicable maxima of the leaves that count, in ticks."""
        if self.reduced.any():
            return self._added(self.worth)
        return self._added(self.counts, self.compiled.maxima)  # the same, and of many patterns much sooner

    @cached_property
    def granted(self) -> NDArray[np.int64]:
        """(nodes, patterns) what is earned without a mark, in ticks."""
        return self._added(self.grants)

    @cached_property
    def full(self) -> NDArray[np.int64]:
        """(nodes, patterns) what all leaves are worth, those that do not count too, in ticks."""
        return np.array([self.compiled.maxima @ form.inside for form in self.forms]).T[:, self.form_of]

    def _added(self, parts: NDArray[Any], each: NDArray[np.int64] | int = 1) -> NDArray[np.int64]:
        """(nodes, patterns) the sums of parts of leaves, of so many ticks each: in doubles, for none exceeds 2^53."""
        added = np.empty((len(self.compiled.nodes), len(parts)), dtype=np.int64)
        for at, form in enumerate(self.forms):
            rows = self.form_of == at if len(self.forms) > 1 else slice(None)  # a mask would copy
            added[:, rows] = (form.inside.T * each).astype(np.float64) @ parts[rows].T.astype(np.float64)
        return added

    def counting(self, node: str) -> dict[str, NDArray[np.bool_]]:
        """What counts in the place of a node, itself or stand-by leaves, and (patterns,) where each does."""
        codes = [form.replaced.get(node, node) for form in self.forms]
        return {code: np.array([other == code for other in codes])[self.form_of] for code in codes}

    @cached_property
    def uneven(self) -> frozenset[str]:
        """The leaves that apply in part to some units, or for which a leaf of another size stands in."""
        tree, maxima = self.compiled.tree, self.compiled.maxima
        apart = ((self.worth > 0) & (self.worth != maxima)).any(axis=0)
        pairs = {pair for form in self.forms for pair in form.replaced.items()}
        replaced = (node for node, by in pairs if tree.maximum[node] != tree.maximum[by])
        return frozenset(replaced).union(leaf for leaf, at in self.compiled.column.items() if apart[at])

    @property
    def by_mark(self) -> NDArray[np.bool_]:
        """(patterns, leaves) the leaves whose mark counts: not those skipped, settled, replaced or standing by."""
        return (self.counts & ~self.settled) | self.compiled.beside

    @property
    def needed(self) -> NDArray[np.bool_]:
        """(patterns, leaves) the leaves that lack something without a mark."""
        return self.counts & ~self.settled & (self.compiled.maxima > 0)

    @cached_property
    def families(self) -> tuple[Family, ...]:
        """One family does, unless a stand-by leaf replaces different nodes in different patterns.

        Patterns of one form fit together: a leaf that several of them use adds to the same nodes in all of them. Forms
        fit together where that holds of the leaves that patterns of both use.
        """
        uses = self.counts & ~self.settled
        grown: list[tuple[NDArray[np.bool_], NDArray[np.bool_], list[int]]] = []
        for number, form in enumerate(self.forms):
            used = uses[self.form_of == number].any(axis=0)
            new = form.inside & used[:, None]
            for at, (adds, known, members) in enumerate(grown):
                shared = used & known
                if (adds[shared] == new[shared]).all():
                    grown[at] = (adds | new, known | used, [*members, number])
                    break
            else:
                grown.append((new, used, [number]))
        if len(grown) == 1:
            return (Family(grown[0][0], uses),)
        return tuple(
            Family(adds, uses & np.isin(self.form_of, members)[:, None]) for adds, _, members in grown
        )


def _form(compiled: Compiled, replaced: Mapping[str, str]) -> Containment:
    tree, column = compiled.tree, compiled.column
    inside = compiled.inside.copy()
    holders = {node: compiled.holders(node) for node in replaced}
    for node in replaced:
        inside[np.ix_([column[leaf] for leaf in tree.under[node]], holders[node])] = False
    for node, by in replaced.items():  # after all are gone: it may stand in a node that is replaced too
        inside[column[by], holders[node]] = True
    return Containment(replaced, inside)
