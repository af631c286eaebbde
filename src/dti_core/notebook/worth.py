"""What a notebook shows of what nodes are worth: maxima, marking scales, caps, gates, where bonus and penalty count."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from dti_core.notebook import html
from dti_core.notebook.html import Html
from dti_core.rubric.node_conditions import NodeCondition, in_percent
from dti_core.rubric.tree import Tree
from dti_core.words import numbers

SIGNS = {"bonus": "+", "penalty": "−"}
BOUNDS = {"at_least": "từ {}", "above": "trên {}", "at_most": "không quá {}", "below": "dưới {}"}


def maxima(tree: Tree, codes: Sequence[str]) -> list[str]:
    """What nodes are worth, with a sign where they add to or lower the total."""
    worth = [Fraction(tree.maximum[code], tree.scale) for code in codes]
    places = max((numbers.decimals_of(points) or 0 for points in worth), default=0)
    return [
        "–" if tree.kind[code] == "mixed" else SIGNS.get(tree.kind[code], "") + _written(points, places)
        for code, points in zip(codes, worth, strict=True)
    ]


def _written(points: Fraction, places: int) -> str:
    """In line with the others, or cut off where no decimal ends."""
    if numbers.decimals_of(points) is None:
        return number(points)
    return numbers.fixed(points, places, "vi")


def number(value: Fraction) -> str:
    """A number written out, cut off where it does not end."""
    return numbers.number(value, "vi")


def asides(tree: Tree, code: str) -> Iterator[Html]:
    """What is out of the ordinary in how a node is marked and counts."""
    node, kind = tree.criterion.get(code), tree.kind[code]
    if kind != "scored":
        yield html.word(f"kind.{kind}")
    if node is None:
        return
    if node.mark_max is not None:
        ends = "–".join(number(Fraction(end)) for end in (node.mark_min, node.mark_max))
        yield html.joined([html.word("mark_scale"), f" {ends}"])
    if node.cap:
        yield html.word("cap")
    if node.adjusts is not None:
        yield html.joined([html.word("adjusts"), " ", html.told(node.adjusts)])
    if node.zero_unless:
        conditions = html.joined((asked(condition, tree) for condition in node.zero_unless), "; ")
        yield html.joined([html.word("zero_unless"), " ", conditions])


def asked(condition: NodeCondition, tree: Tree) -> Html:
    """A condition on a node."""
    unit = "%" if in_percent(condition, tree) else " điểm"
    bounds = [BOUNDS[word].format(f"{number(bound)}{unit}") for word, bound in condition.bounds.items()]
    return html.joined([html.told(condition.node), " ", ", ".join(bounds)])
