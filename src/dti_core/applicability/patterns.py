"""What counts, as arrays: a pattern for each distinct set of things decided, families of patterns for one product."""

from collections.abc import Mapping, Sequence

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.applicability.compiled import Compiled
from dti_core.applicability.sources import Finding
from dti_core.exact import ticks_of


@attrs.frozen(eq=False, repr=False)
class Pattern:
    """What counts for the units of which the same was decided, by whomever."""

    #: node → the stand-by leaf that counts in its place
    replaced: Mapping[str, str]
    #: (leaves,) what has an applicable maximum: scored leaves but those skipped, and stand-by leaves in use
    counts: NDArray[np.bool_]
    #: (leaves,) what counts so much whatever its mark: full marks, or nothing
    settled: NDArray[np.bool_]
    #: (leaves,) the highest mark still possible, in ticks of marks
    highest: NDArray[np.int64]
    #: (leaves,) the applicable maximum and, of what is settled, what is earned, in ticks
    worth: NDArray[np.int64]
    granted: NDArray[np.int64]
    #: (leaves, nodes) which leaves count in which node
    inside: NDArray[np.bool_]
    #: (nodes,) what all leaves of a node are worth, a stand-by leaf in the place of what it replaces, in ticks
    full: NDArray[np.int64]

    @property
    def adds(self) -> NDArray[np.bool_]:
        """(leaves, nodes) which marks add to which node."""
        return self.inside & ~self.settled[:, None]


def pattern(compiled: Compiled, findings: Sequence[Finding], replaced: Mapping[str, str]) -> Pattern:
    """The arrays of what was decided."""
    tree, column = compiled.tree, compiled.column
    counts, settled = compiled.scored.copy(), np.zeros(len(column), dtype=bool)
    highest, granted = compiled.highest.copy(), np.zeros_like(compiled.maxima)
    for finding in findings:
        at, to = column[finding.leaf], finding.sources[0].exclusion.to
        if to is not None:
            highest[at] = ticks_of(to, tree.decimals) or 0
        elif finding.treatment in ("full_marks", "zero"):
            settled[at] = True
            granted[at] = compiled.maxima[at] * (finding.treatment == "full_marks")
        elif finding.treatment != "count":
            counts[at] = False
    whole = compiled.inside.copy()
    holders = {node: [compiled.row[holder] for holder in tree.holders(node)] for node in replaced}
    for node in replaced:
        whole[np.ix_([column[leaf] for leaf in tree.under[node]], holders[node])] = False
    for node, by in replaced.items():  # after all are gone: it may stand in a node that is replaced too
        counts[column[by]] = True
        whole[column[by], holders[node]] = True
    reduced = np.where(highest < compiled.highest, highest * compiled.earned, compiled.maxima)
    return Pattern(
        dict(replaced),
        counts,
        settled,
        highest,
        reduced * counts,
        granted,
        whole & counts[:, None],
        compiled.maxima @ whole,
    )


@attrs.frozen(eq=False)
class Family:
    """Patterns that differ only in which leaves they use, so that one leaves × nodes matrix serves all of them."""

    adds: NDArray[np.bool_]
    #: (patterns of the sheet, leaves) whether a pattern of this family uses a leaf
    used: NDArray[np.bool_]


def families(patterns: Sequence[Pattern]) -> tuple[Family, ...]:
    """One family does, unless a stand-by leaf replaces different nodes in different patterns.

    Patterns fit together where every leaf that several of them use adds to the same nodes in all of them. Then the row
    of a leaf in ``adds`` is that of any member that uses it, so a new one need be compared with the union alone.
    """
    grown: list[tuple[NDArray[np.bool_], NDArray[np.bool_], list[int]]] = []
    uses = np.array([each.adds.any(axis=1) for each in patterns], dtype=bool)
    for number, (used, each) in enumerate(zip(uses, patterns, strict=True)):
        for at, (adds, known, members) in enumerate(grown):
            shared = used & known
            if (adds[shared] == each.adds[shared]).all():
                members.append(number)
                grown[at] = (adds | each.adds, known | used, members)
                break
        else:
            grown.append((each.adds, used, [number]))
    inside = np.zeros((len(grown), len(patterns), 1), dtype=bool)
    for at, (_, _, members) in enumerate(grown):
        inside[at, members] = True
    return tuple(Family(adds, uses & inside[at]) for at, (adds, _, _) in enumerate(grown))
