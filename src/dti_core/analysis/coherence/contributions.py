"""What the nodes directly in a node contribute to its score, from a result or a published one."""

from collections.abc import Iterable, Sequence
from functools import reduce

import attrs
import numpy as np

from dti_core.analysis.compared import Scored, shares, sums
from dti_core.analysis.outline import Outline
from dti_core.answer import Floats, kept
from dti_core.errors import InvalidArgument
from dti_core.exact.rationals import Rationals, Rows
from dti_core.terms import Label
from dti_core.terms.lookups import among
from dti_core.words import COHERENCE


@attrs.frozen(eq=False)
class Contributions:
    """A node and the scored nodes directly in it, over the units of a result: doubles nearest to exact numbers."""

    #: codes of the parts, in the order of the rubric
    nodes: tuple[str, ...]
    #: what they are called
    titles: tuple[Label, ...]
    #: (units,) the score relative to its scale; NaN where null
    whole: Floats
    #: (units, nodes) points / applicable maximum; NaN where nothing applies
    rates: Floats
    #: (units, nodes) how much of ``whole`` comes from each
    parts: Floats
    #: (units, nodes) how much of ``whole`` does not come from each
    others: Floats
    #: (units,) how much of ``whole`` comes from none: what caps, gates, bonus, penalty and stand-by leaves change
    remainder: Floats
    #: (nodes,) what each says that it weighs for every unit, exactly: its part of what applies
    weights: tuple[Rationals, ...]

    def of_rows(self, rows: Rows) -> "Contributions":
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
    codes, outline = [*source], Outline.of(source)
    node = among("node", node, codes)
    held = outline.children.get(node, ())
    children = [child for child in held if outline.kind.get(child, "scored") == "scored"]
    if not children or not {*children} <= {*codes}:
        raise InvalidArgument(COHERENCE("no_parts", node=node))
    points, applicable = zip(*(sums(source, child) for child in children), strict=True)
    whole, own = shares(source, node), sums(source, node)[1]
    if source.policy.renormalise == "by_level" and not outline.counts_by_sums(node):
        maxima = map(outline.maximum, children)
        weights = _normed([a.where(a > 0, most) for a, most in zip(applicable, maxima, strict=True)])
        weighed = zip((shares(source, child) for child in children), weights, strict=True)
        parts = [share.where(share.null, 0) * weight for share, weight in weighed]
    else:
        weights, parts = _normed(applicable), [p / own for p in points]
    return Contributions(
        tuple(children),
        tuple(outline.title[child] for child in children),
        whole.floats(),
        _table(p / a for p, a in zip(points, applicable, strict=True)),
        _table(parts),
        _table(whole - part for part in parts),
        (whole - _sum(parts)).floats(),
        tuple(weights),
    )


def _normed(weights: Sequence[Rationals]) -> list[Rationals]:
    """Weights of each unit that add up to 1; none where all are 0."""
    whole = _sum(weights)
    return [(weight / whole).lowest_terms() for weight in weights]


def _sum(values: Iterable[Rationals]) -> Rationals:
    """In lowest terms after each step, for denominators multiply."""
    return reduce(lambda left, right: (left + right).lowest_terms(), values)


def _table(columns: Iterable[Rationals]) -> Floats:
    return np.column_stack([column.floats() for column in columns])
