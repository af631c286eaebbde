"""What the nodes directly in a node contribute to its score, from a result or a published one."""

from collections.abc import Iterable, Sequence
from functools import reduce

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.analysis.compared import Scored, maximum
from dti_core.analysis.doors import place
from dti_core.answer import Floats, kept
from dti_core.errors import InvalidArgument
from dti_core.exact.rationals import Rationals
from dti_core.result import Result
from dti_core.rubric.tree import TOTAL
from dti_core.terms import Label
from dti_core.words import ANSWERS, COHERENCE


@attrs.frozen(eq=False)
class Contributions:
    """A node and the scored nodes directly in it, over the units of a result: doubles nearest to exact numbers."""

    nodes: tuple[str, ...]
    titles: tuple[Label, ...]
    #: (units,) the score relative to its scale; NaN where null
    whole: Floats
    #: (units, nodes) points / applicable maximum; NaN where nothing applies
    rates: Floats
    #: (units, nodes) how much of ``whole`` comes from each, and how much does not
    parts: Floats
    others: Floats
    #: (units,) how much of ``whole`` comes from none: what caps, gates, bonus, penalty and stand-by leaves change
    remainder: Floats
    #: (nodes,) what each says that it weighs for every unit, exactly: its part of what applies
    weights: tuple[Rationals, ...]

    def of_rows(self, rows: NDArray[np.intp]) -> "Contributions":
        """The same of some units."""
        arrays = (self.whole, self.rates, self.parts, self.others, self.remainder)
        whole, rates, parts, others, remainder = (kept(array[rows]) for array in arrays)
        weights = tuple(weight.take(rows) for weight in self.weights)
        return Contributions(self.nodes, self.titles, whole, rates, parts, others, remainder, weights)


def contributions(source: Scored, node: str) -> Contributions:
    """What the nodes directly in a node contribute to its score, relative to its scale.

    Under ``overall`` and ``none`` P of the part / A of the node; under ``by_level`` the part's own score relative to
    its scale, by its full maximum among those of which something applies.
    """
    node = _known(source, node)
    children = _children(source, node)
    if not children or not all(_has_scores(source, child) for child in children):
        raise InvalidArgument(COHERENCE("no_parts", node=node))
    points, applicable = zip(*(_sums(source, child) for child in children), strict=True)
    whole, own = _share(source, node), _sums(source, node)[1]
    if source.policy.renormalise == "by_level" and not _counts_by_sums(source, node):
        weights = _normed(
            [_where_it_applies(source, child, a) for child, a in zip(children, applicable, strict=True)]
        )
        shares = [_share(source, child) for child in children]
        parts = [share.where(share.null, 0) * weight for share, weight in zip(shares, weights, strict=True)]
    else:
        weights, parts = _normed(applicable), [p / own for p in points]
    return Contributions(
        tuple(children),
        _titles(source, children),
        whole.floats(),
        _table(p / a for p, a in zip(points, applicable, strict=True)),
        _table(parts),
        _table(whole - part for part in parts),
        (whole - _sum(parts)).floats(),
        tuple(weights),
    )


def _where_it_applies(source: Scored, node: str, applicable: Rationals) -> Rationals:
    """The full maximum of a node, 0 where nothing of it applies."""
    return applicable.where(applicable > 0, maximum(source, node))


def _normed(weights: Sequence[Rationals]) -> list[Rationals]:
    """Weights of each unit that add up to 1; none where all are 0."""
    whole = _sum(weights)
    return [(weight / whole).lowest_terms() for weight in weights]


def _sum(values: Iterable[Rationals]) -> Rationals:
    """In lowest terms after each step, for denominators multiply."""
    return reduce(lambda left, right: (left + right).lowest_terms(), values)


def _table(columns: Iterable[Rationals]) -> Floats:
    return np.column_stack([column.floats() for column in columns])


def _titles(source: Scored, nodes: Iterable[str]) -> tuple[Label, ...]:
    if isinstance(source, Result):
        return tuple(map(source.rubric.title_of, nodes))
    title_of = {other.code: other.title for other in source.nodes}
    return tuple(title_of[node] for node in nodes)


def _known(source: Scored, node: str) -> str:
    codes: list[str] = [*source]
    return codes[place("node", node, codes)]


def _children(source: Scored, node: str) -> Sequence[str]:
    """The scored nodes directly in a node."""
    if isinstance(source, Result):
        tree = source.rubric.tree
        return [child for child in tree.children.get(node, ()) if tree.kind[child] == "scored"]
    nodes = {other.code: other for other in source.nodes}
    return [child for child in nodes[node].children if child not in nodes or nodes[child].role == "scored"]


def _has_scores(source: Scored, node: str) -> bool:
    return isinstance(source, Result) or node in source.scores


def _sums(source: Scored, node: str) -> tuple[Rationals, Rationals]:
    """P and A of a scored node, exactly."""
    if isinstance(source, Result):
        scores = source[node]
        whole = scores.sums.applicable
        return scores.exact_points, Rationals(whole, np.full_like(whole, source.setting.scale))
    filled = source.filled(node)
    applicable = filled.applicable
    if applicable is None:
        raise InvalidArgument(ANSWERS("points_only", node=node))
    return filled.points.where(filled.points.null, 0), applicable


def _share(source: Scored, node: str) -> Rationals:
    """The score relative to its scale, exactly."""
    score = source[node].exact_score if isinstance(source, Result) else source.filled(node).score
    if score is None:
        raise InvalidArgument(ANSWERS("points_only", node=node))
    return score / (_sums(source, node)[1] if source.policy.renormalise == "none" else maximum(source, node))


def _counts_by_sums(source: Scored, node: str) -> bool:
    """Whether a node counts by its P / A under ``by_level`` too: one with a cap or a bonus or penalty of its own."""
    if node == TOTAL:
        return False
    if isinstance(source, Result):
        tree = source.rubric.tree
        return node in tree.own or (node in tree.criterion and tree.criterion[node].cap)
    known = {other.code: other for other in source.nodes}
    return known[node].cap or any(other.adjusts == node for other in source.nodes)
