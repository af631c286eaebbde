"""What may weigh otherwise: nodes of the total that together hold each scored leaf once."""

from collections import Counter
from collections.abc import Sequence

from dti_core.analysis.doors import column
from dti_core.analysis.outline import Outline
from dti_core.analysis.robust.wording import refused
from dti_core.rubric.tree import TOTAL
from dti_core.terms.lookups import among


def weighed_nodes(outline: Outline, nodes: Sequence[str] | None) -> tuple[str, ...]:
    """The nodes to weigh, by default the main indices; refused unless they hold each scored leaf once."""
    if not outline.indices:
        raise refused("nothing")
    if nodes is None:
        return outline.indices
    chosen = column("nodes", nodes)
    for node in chosen:
        among("node", node, outline.kind)
        if node == TOTAL or not outline.weighs(node):
            raise refused("no_part", node=repr(node))
    reached = Counter(leaf for node in chosen for leaf in outline.leaves(node))
    twice = [leaf for leaf, count in reached.items() if count > 1]
    if twice:
        raise refused("twice", leaf=repr(twice[0]))
    left_out = [leaf for leaf in outline.leaves(TOTAL) if leaf not in reached]
    if left_out:
        raise refused("left_out", leaf=repr(left_out[0]))
    for holder in outline.adjusted:
        inside = [node for node in chosen if node in outline.below(holder)]
        if inside:
            raise refused("below", node=repr(inside[0]), holder=repr(holder))
    return tuple(chosen)
