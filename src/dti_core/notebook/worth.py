"""What a notebook shows of what nodes are worth: maxima, marking scales, caps, gates, where bonus and penalty count."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from dti_core.notebook import html
from dti_core.notebook.html import Content
from dti_core.rubric.node_conditions import NodeCondition, in_percent
from dti_core.rubric.tree import Tree
from dti_core.words import EXPLANATIONS, NOTEBOOKS

SIGNS = {"bonus": "+", "penalty": "−"}


def maxima(tree: Tree, codes: Sequence[str]) -> list[Content]:
    """What nodes are worth, with a sign where they add to or lower the total."""
    worth = html.aligned(
        None if tree.kind[code] == "mixed" else Fraction(tree.maximum[code], tree.scale) for code in codes
    )
    return [[SIGNS.get(tree.kind[code]), points] for code, points in zip(codes, worth, strict=True)]


def asides(tree: Tree, code: str) -> Iterator[Content]:
    """What is out of the ordinary in how a node is marked and counts."""
    node, kind = tree.criterion.get(code), tree.kind[code]
    if kind != "scored":
        yield NOTEBOOKS[f"kind.{kind}"]
    if node is None:
        return
    if node.mark_max is not None:
        yield NOTEBOOKS("mark_scale", low=node.mark_min, high=node.mark_max)
    if node.cap:
        yield NOTEBOOKS["cap"]
    if node.adjusts is not None:
        yield [NOTEBOOKS["adjusts"], " ", html.told(node.adjusts)]
    if node.zero_unless:
        conditions = [asked(condition, tree) for condition in node.zero_unless]
        yield [NOTEBOOKS["zero_unless"], " ", *html.joined(conditions, "; ")]


def asked(condition: NodeCondition, tree: Tree) -> Content:
    """A condition on a node."""
    form = "percent" if in_percent(condition, tree) else "points"
    bounds = [
        EXPLANATIONS(f"need {word}", bound=EXPLANATIONS(form, value=Fraction(bound)))
        for word, bound in condition.bounds.items()
    ]
    return [html.told(condition.node), " ", *html.joined(bounds, ", ")]
