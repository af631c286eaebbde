"""Ranks of a published result without one of its leaves, where its document says all that they rest on."""

from collections.abc import Iterator, Mapping

from dti_core.analysis.compared import ranks_within, sums
from dti_core.analysis.outline import Outline
from dti_core.analysis.standing import Standing
from dti_core.answer import Ints
from dti_core.errors import InvalidArgument
from dti_core.published import Node, PublishedResult
from dti_core.published.follows import Decisive
from dti_core.words import COHERENCE


def leaves_of(source: PublishedResult, node: str) -> dict[str, Node]:
    """The leaves under a node, by code.

    Raises :class:`~dti_core.InvalidArgument` where leaving one out takes more than its points and its maximum.
    """
    nodes = {other.code: other for other in source.nodes}
    under = [*_under(nodes, node)]
    policy = source.policy
    is_plain = (
        policy.renormalise != "by_level"
        and not policy.tie_break
        and not policy.min_coverage
        and not any(ruling.by for ruling in source.rulings)
        and all(other.role == "scored" for other in source.nodes)
        and not any(other.cap or other.zero_unless or other.partial for other in under)
        and all(other.code in source.scores for other in under)
    )
    if not is_plain or not nodes[node].children:
        raise InvalidArgument(COHERENCE("needs_marks", node=node))
    return {other.code: other for other in under if not other.children}


def _under(nodes: Mapping[str, Node], code: str) -> Iterator[Node]:
    """A node and all that is in it."""
    yield nodes[code]
    for child in nodes[code].children:
        yield from _under(nodes, child)


def ranks_without(source: PublishedResult, node: str, leaf: str, standing: Standing) -> Ints:
    """The ranks at a node without a leaf that takes only its points and its maximum along."""
    policy, publish = source.policy, source.policy.publish_of(node)
    outline = Outline.of(source)
    (points, applicable), (own, worth) = (sums(source, code) for code in (node, leaf))
    left = applicable - worth
    scale = left if policy.renormalise == "none" else outline.maximum(node) - outline.maximum(leaf)
    values = Decisive((points - own) / left, scale, publish, policy.decide_on).value.fractions()
    ranked = [rank > 0 and value is not None for rank, value in zip(standing.ranks, values, strict=True)]
    return ranks_within(standing.blocks.tolist(), [values], ranked, policy.ties)
