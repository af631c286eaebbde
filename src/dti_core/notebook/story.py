"""An explanation as a notebook shows it: its headed lines, then node by node what was earned and what was lost."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

import attrs

from dti_core.explain import Explanation, steps
from dti_core.explain.text import Text
from dti_core.notebook import html, tables
from dti_core.notebook.html import Content, Element
from dti_core.notebook.tables import Head
from dti_core.words import NOTEBOOKS

NODES = 120
"""The most nodes that are shown."""


@attrs.frozen
class NodeEarned:
    """What a node earned, what of, and what else is to be said of it; bonus less penalty is of nothing."""

    name: str
    depth: int
    points: Fraction | None
    applicable: Fraction | None
    aside: str

    @property
    def lost(self) -> Fraction | None:
        """The points that were to be had and were not earned."""
        return None if self.points is None or self.applicable is None else self.applicable - self.points


def told(explanation: Explanation) -> list[Content]:
    """The lines in the language of the explanation, and a table in the place of those that go node by node."""
    text = Text(explanation.steps, explanation.language, explanation.node)
    detail = text.say("detail")
    blocks = [(heading, lines) for heading, lines in explanation.blocks() if heading != detail]
    table = [] if text.own(steps.Leaf) else [html.heading(NOTEBOOKS["nodes.earned"]), _table(text)]
    return [
        html.title(html.told(explanation.headline)),
        html.facts(html.told(explanation.title)),
        *html.steps(blocks),
        *table,
    ]


def _table(text: Text) -> Element:
    """Earned, applicable maximum and lost, drawn as a part of all that was lost."""
    lines = [_line(text, text.node, 0), *_below(text, text.node, 1)]
    shown = lines[:NODES]
    earned = html.aligned(line.points for line in shown)
    columns: list[Sequence[Content]] = [
        [_name(line) for line in shown],
        [[_sign(line), points] for line, points in zip(shown, earned, strict=True)],
        html.aligned(line.applicable for line in shown),
        html.aligned(line.lost for line in shown),
        [_bar(line, of=lines[0]) for line in shown],
    ]
    heads = [*tables.heads(node="wide", earned="number", applicable="number", lost="number"), Head("")]
    if any(line.aside for line in shown):
        columns.append([html.told(line.aside) for line in shown])
        heads.append(tables.head("flags", "wide"))
    return tables.table(heads, [*zip(*columns, strict=True), *tables.rest(len(lines) - NODES, "nodes")])


def _below(text: Text, node: str, depth: int) -> Iterator[NodeEarned]:
    parent = text.find(steps.Sum, node) or text.find(steps.Extra, node)
    for child in parent.children if parent else ():
        yield _line(text, child, depth)
        yield from _below(text, child, depth + 1)


def _line(text: Text, node: str, depth: int) -> NodeEarned:
    outcome, told = text.outcome(node), text.gives(node)
    if outcome and outcome.applicable:
        of = f"{text.number(outcome.points)} / {text.number(outcome.applicable)}"
        aside = told.removeprefix(of).lstrip(",; ")
        return NodeEarned(text.name(node), depth, outcome.points, outcome.applicable, aside if depth else "")
    leaf, extra = text.find(steps.Leaf, node), text.find(steps.Extra, node)
    points = extra.bonus - extra.penalty if extra else None
    if leaf and leaf.role in ("bonus", "penalty"):
        points = leaf.points if leaf.role == "bonus" else -leaf.points
    return NodeEarned(text.name(node), depth, points, None, told)


def _name(line: NodeEarned) -> Content:
    name = html.told(line.name)
    return html.set_in(html.element("strong", name) if line.depth == 0 else name, line.depth)


def _sign(line: NodeEarned) -> str | None:
    """How a bonus begins; a penalty has its own sign."""
    return "+" if line.applicable is None and line.points and line.points > 0 else None


def _bar(line: NodeEarned, of: NodeEarned) -> Element | None:
    return html.bar(float(line.lost / of.lost)) if line.lost is not None and of.lost else None
