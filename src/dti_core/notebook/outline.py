"""A rubric as a notebook shows it: its tree with maxima, its sets, rules and policy."""

from collections.abc import Iterable, Sequence
from itertools import islice

from dti_core.marks import MarkSheet
from dti_core.notebook import html, tables, worth
from dti_core.notebook.html import Content, Element
from dti_core.notebook.tables import Head, TableRow
from dti_core.rubric import Block
from dti_core.rubric.conditions import Condition, When
from dti_core.rubric.exclusions import Exclusion, ExclusionRule, Unranked
from dti_core.rubric.grades import Limit
from dti_core.rubric.policy import AttributeOrder, Breaker, Policy, Publish
from dti_core.rubric.tree import TOTAL, Tree
from dti_core.terms import Scalar
from dti_core.words import DIFFERENCES, EXPLANATIONS, NOTEBOOKS, POLICIES, Phrase, Sentence

NODES = 120
"""The most nodes a tree shows: a national rubric whole."""

BOUNDS = {"≥": "minimum", "≤": "maximum", ">": "exclusive_minimum", "<": "exclusive_maximum"}


def nodes(tree: Tree) -> Element:
    """The indices and their components with their maxima and, drawn, their share of the total."""
    shown = _shown(tree)
    maxima = worth.maxima(tree, [*shown])
    rows: list[TableRow] = [
        [html.told(code), _title(tree, code, depth), maximum, _share(tree, code)]
        for (code, depth), maximum in zip(shown.items(), maxima, strict=True)
    ]
    heads = tables.heads(code="code", node="wide", maximum="number", weight=None)
    return tables.table(heads, [*rows, *tables.rest(len(tree.parent) - len(shown), "nodes")])


def sets(tree: Tree) -> Element | None:
    """The pillars and groups with their members and maxima."""
    codes = (*tree.pillars, *tree.groups)
    heads = tables.heads(sets="wide", members="wide", maximum="number")
    rows = [
        [_title(tree, code, 0), listed(tree.children[code]), maximum]
        for code, maximum in zip(codes, worth.maxima(tree, codes), strict=True)
    ]
    return tables.short(heads, rows, "sets")


def rules(exclusions: Sequence[ExclusionRule]) -> Element | None:
    """Who is not assessed on what, why and on what basis."""
    heads = tables.heads(excluded="wide", when="wide", because="wide")
    rows = [[excluded(rule), condition(rule.when), because(rule)] for rule in exclusions]
    return tables.short(heads, rows, "rules")


def blocks(ranked: Sequence[Block]) -> Element | None:
    """The blocks that units are ranked in, who is in them, and whether they are ranked."""
    heads = [*tables.heads(block="wide", units_with="wide"), Head("")]
    rows = [
        [html.told(block.title), condition(block.when), "" if block.ranked else NOTEBOOKS["not ranked"]]
        for block in ranked
    ]
    return tables.short(heads, rows, "blocks")


def policy(used: Policy) -> Element:
    """How scores are made, in one line."""
    parts = used.publish_of("")
    return html.facts(
        POLICIES[f"renormalise.{used.renormalise}"],
        POLICIES[f"missing.{used.missing}"],
        NOTEBOOKS("publish", form=_printed(used.publish)),
        NOTEBOOKS("publish_parts", form=_printed(parts)) if parts != used.publish else None,
        POLICIES["decide_on.exact"] if used.decide_on == "exact" else None,
        POLICIES[f"ties.{used.ties}"],
        [NOTEBOOKS["tie_break"], " ", *html.few([*map(_breaker, used.tie_break)], 8, ", ")]
        if used.tie_break
        else None,
        NOTEBOOKS("min_coverage", percent=100 * used.min_coverage) if used.min_coverage else None,
        NOTEBOOKS["exceed_maximum"] if used.exceed_maximum else None,
    )


def _printed(publish: Publish) -> list[Sentence | Phrase]:
    form = NOTEBOOKS(f"form.{publish.as_}", of=publish.of)
    rounding = [] if publish.rounding == "half_up" else [POLICIES[f"rounding.{publish.rounding}"]]
    return [form, POLICIES("decimals.value", value=publish.decimals), *rounding]


def form_sign(publish: Publish) -> Content:
    """What stands behind a heading of published values."""
    if publish.as_ == "scale":
        return NOTEBOOKS("of scale", of=publish.of)
    return " (%)" if publish.as_ == "percent" else None


def _breaker(breaker: Breaker) -> Content:
    if isinstance(breaker, AttributeOrder):
        return [html.told(breaker.attribute), " (", DIFFERENCES[breaker.order], ")"]
    return html.told(breaker)


def listed(codes: Sequence[str], most: int = 8) -> list[Content]:
    """Codes one after another, the first few of many."""
    return html.few([*map(html.told, codes)], most, ", ")


def unit(marks: MarkSheet, row: int) -> Content:
    """A unit by its name, and its code in small print."""
    code, name = html.told(marks.units[row]), marks.names[row] if marks.names else None
    return code if name is None else [html.told(name), " ", html.small(code)]


def excluded(exclusion: ExclusionRule | Exclusion) -> Content:
    """What is not assessed in the ordinary way, and what is done instead."""
    how: list[Content] = [NOTEBOOKS[f"treatment.{exclusion.treatment}"]]
    how += [" ", NOTEBOOKS["by"], " ", html.told(exclusion.by)] if exclusion.by else []
    how += [" ", html.exact(exclusion.to)] if exclusion.to is not None else []
    return [listed(exclusion.members), " ", html.small(*how)]


def because(decided: ExclusionRule | Exclusion | Unranked | Limit) -> Content:
    """Why, and on what legal basis."""
    return [html.told(decided.reason), " ", html.small("(", html.told(decided.basis), ")")]


def condition(when: When) -> Content:
    """What the attributes of a unit must be."""
    words = [[html.told(name), " ", word] for name, each in when for word in _words(each)]
    return html.joined(words, "; ") if when else NOTEBOOKS["everyone"]


def _words(asked: Condition) -> Iterable[Content]:
    bounds = ((sign, getattr(asked, name)) for sign, name in BOUNDS.items())
    if asked.const is not None:
        yield ["= ", _scalar(asked.const)]
    if asked.enum is not None:
        yield [NOTEBOOKS["one of"], " ", *html.few([*map(_scalar, asked.enum)], 8, NOTEBOOKS["or"])]
    yield from ((f"{sign} ", html.exact(bound)) for sign, bound in bounds if bound is not None)
    if asked.not_ is not None:
        yield [NOTEBOOKS["not"], " ", *html.joined(_words(asked.not_), EXPLANATIONS["and"])]


def _scalar(value: Scalar) -> Content:
    if isinstance(value, bool):
        return NOTEBOOKS["true" if value else "false"]
    return html.told(value) if isinstance(value, str) else html.exact(value)


def _title(tree: Tree, code: str, depth: int) -> Content:
    """A title set in by its depth, and what kind of node it is where that is not the ordinary one."""
    title = html.told(tree.title[code])
    if depth == 1 and code in tree.children:
        title = html.element("strong", title)
    asides = [html.small(" · ", aside) for aside in worth.asides(tree, code)]
    return html.set_in([title, *asides], depth - 1)


def _share(tree: Tree, code: str) -> Content:
    has_share = tree.kind[code] == "scored" and tree.maximum[TOTAL] > 0
    return html.bar(tree.maximum[code] / tree.maximum[TOTAL]) if has_share else None


def _shown(tree: Tree) -> dict[str, int]:
    """The nodes in document order with their depths, as deep as there is room for."""
    depths = [depth for _, _, _, depth in tree.nodes]
    fitting = (at for at in range(max(depths), 1, -1) if sum(depth <= at for depth in depths) <= NODES)
    deepest = next(fitting, 1)
    nodes = ((node.code, depth) for _, node, _, depth in tree.nodes if depth <= deepest)
    return dict(islice(nodes, NODES))
