"""What counts, as arrays: a pattern for each distinct set of things decided, families of patterns for one product."""

from collections.abc import Mapping, Sequence

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.applicability.compiled import Compiled
from dti_core.applicability.sources import Finding


@attrs.frozen(eq=False, repr=False)
class Pattern:
    """What counts for the units of which the same was decided, by whomever."""

    #: node → the stand-by leaf that counts in its place
    replaced: Mapping[str, str]
    #: (leaves,) what has an applicable maximum: scored leaves but those skipped, and stand-by leaves in use
    counts: NDArray[np.bool_]
    #: (leaves,) what counts as fully earned
    full: NDArray[np.bool_]
    #: (leaves, nodes) which marks add to which node
    adds: NDArray[np.bool_]
    #: (nodes,) ticks earned by full marks, and the applicable maximum, in ticks
    granted: NDArray[np.int64]
    applicable: NDArray[np.int64]


def pattern(compiled: Compiled, findings: Sequence[Finding], replaced: Mapping[str, str]) -> Pattern:
    """The arrays of what was decided."""
    tree, column = compiled.tree, compiled.column
    counts, full = compiled.scored.copy(), np.zeros(len(column), dtype=bool)
    for finding in findings:
        if finding.treatment == "full_marks":
            full[column[finding.leaf]] = True
        elif finding.treatment != "count":
            counts[column[finding.leaf]] = False
    member = compiled.inside & counts[:, None]
    for node, by in replaced.items():
        counts[column[by]] = True
        member[column[by], [compiled.row[holder] for holder in tree.holders(node)]] = True
    granted = (compiled.maxima * full) @ member
    return Pattern(dict(replaced), counts, full, member & ~full[:, None], granted, compiled.maxima @ member)


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
