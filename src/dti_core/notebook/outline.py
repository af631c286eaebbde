"""A rubric as a notebook shows it: its tree with maxima, its sets, rules and policy."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import islice

from dti_core.exact import plain
from dti_core.marks import MarkSheet
from dti_core.notebook import html, worth
from dti_core.notebook.html import Head, Html, Section
from dti_core.rubric import Block
from dti_core.rubric.conditions import Condition, When
from dti_core.rubric.exclusions import Exclusion, ExclusionRule
from dti_core.rubric.grades import Limit
from dti_core.rubric.policy import AttributeOrder, Breaker, Policy, Publish
from dti_core.rubric.tree import TOTAL, Tree
from dti_core.terms import Scalar

NODES = 120
"""The most nodes a tree shows: a national rubric whole."""

BOUNDS = {"≥": "minimum", "≤": "maximum", ">": "exclusive_minimum", "<": "exclusive_maximum"}
RENORMALISE = {"overall": "quy đổi toàn phần", "by_level": "quy đổi theo cấp", "none": "không quy đổi"}
MISSING = {"zero": "chưa chấm tính 0", "exclude": "chưa chấm không tính", "refuse": "phải chấm đủ"}
FORMS = {"points": "điểm", "ratio": "tỷ lệ", "percent": "phần trăm", "scale": "trên thang {of}"}
ORDERS = {"ascending": "tăng dần", "descending": "giảm dần"}
ROUNDING = {"half_up": "", "half_even": ", nửa về số chẵn", "down": ", cắt bỏ phần lẻ"}


def nodes(tree: Tree) -> Html:
    """The indices and their components with their maxima and, drawn, their share of the total."""
    shown = _shown(tree)
    maxima = worth.maxima(tree, [*shown])
    rows: list[Sequence[str] | Section] = [
        [html.told(code), _title(tree, code, depth), maximum, _share(tree, code)]
        for (code, depth), maximum in zip(shown.items(), maxima, strict=True)
    ]
    heads = html.heads(code="code", index="wide", maximum="number", share=None)
    return html.table(heads, [*rows, *html.rest(len(tree.parent) - len(shown), "chỉ số thành phần")])


def sets(tree: Tree) -> Html:
    """The pillars and groups with their members and maxima."""
    codes = (*tree.pillars, *tree.groups)
    heads = html.heads(sets="wide", members="wide", maximum="number")
    rows = [
        [_title(tree, code, 0), listed(tree.children[code]), maximum]
        for code, maximum in zip(codes, worth.maxima(tree, codes), strict=True)
    ]
    return html.short(heads, rows, "trụ cột và nhóm")


def rules(exclusions: Sequence[ExclusionRule]) -> Html:
    """Who is not assessed on what, why and on what basis."""
    heads = html.heads(excluded="wide", when="wide", reason="wide")
    rows = [[excluded(rule), condition(rule.when), because(rule)] for rule in exclusions]
    return html.short(heads, rows, "quy tắc")


def blocks(ranked: Sequence[Block]) -> Html:
    """The blocks that units are ranked in, who is in them, and whether they are ranked."""
    heads = [*html.heads(block="wide", units_with="wide"), Head("")]
    rows = [
        [html.named(block.title), condition(block.when), "" if block.ranked else html.word("not ranked")]
        for block in ranked
    ]
    return html.short(heads, rows, "khối")


def policy(used: Policy) -> Html:
    """How scores are made, in one line."""
    parts = used.publish_of("")
    return html.facts(
        RENORMALISE[used.renormalise],
        MISSING[used.missing],
        f"công bố {_printed(used.publish)}",
        f"các phần công bố {_printed(parts)}" if parts != used.publish else None,
        "hạng theo điểm chính xác" if used.decide_on == "exact" else None,
        f"đồng hạng {'1 2 2 4' if used.ties == 'competition' else '1 2 2 3'}",
        html.joined(["bằng điểm thì xét ", listed([*map(_breaker, used.tie_break)])])
        if used.tie_break
        else None,
        f"xếp hạng khi đã chấm từ {number(100 * used.min_coverage)}%" if used.min_coverage else None,
        "tổng được vượt thang điểm" if used.exceed_maximum else None,
    )


def _printed(publish: Publish) -> str:
    form = FORMS[publish.as_].format(of=publish.of and number(publish.of))
    return f"{form}, {publish.decimals} chữ số thập phân{ROUNDING[publish.rounding]}"


def form_sign(publish: Publish) -> str:
    """What stands behind a heading of published values."""
    return {"percent": " (%)", "scale": f" (trên {number(publish.of or Decimal(0))})"}.get(publish.as_, "")


def _breaker(breaker: Breaker) -> str:
    if isinstance(breaker, AttributeOrder):
        return f"{breaker.attribute} ({ORDERS[breaker.order]})"
    return breaker


def listed(codes: Sequence[str], most: int = 8) -> Html:
    """Codes one after another, the first few of many."""
    return html.few([html.told(code) for code in codes], most, ", ")


def unit(marks: MarkSheet, row: int) -> Html:
    """A unit by its name, and its code in small print."""
    code, name = html.told(marks.units[row]), marks.names[row] if marks.names else None
    return code if name is None else html.joined([html.told(name.vi), " ", html.small(code)])


def excluded(exclusion: ExclusionRule | Exclusion) -> Html:
    """What is not assessed in the ordinary way, and what is done instead."""
    how = [" bằng ", html.told(exclusion.by)] if exclusion.by else []
    how += [f" {number(exclusion.to)}"] if exclusion.to is not None else []
    treatment = html.small(html.word(f"treatment.{exclusion.treatment}"), *how)
    return html.joined([listed(exclusion.members), " ", treatment])


def because(decided: ExclusionRule | Exclusion | Limit) -> Html:
    """Why, and on what legal basis."""
    basis = html.small("(", html.told(decided.basis), ")")
    return html.joined([html.told(decided.reason.vi), " ", basis])


def number(value: Decimal) -> str:
    """A number without idle zeros."""
    return html.number(float(value), len(plain(value).partition(".")[2]))


def condition(when: When) -> Html:
    """What the attributes of a unit must be."""
    words = (html.joined([html.told(name), " ", word]) for name, each in when for word in _words(each))
    return html.joined(words, "; ") if when else html.word("everyone")


def _words(asked: Condition) -> Iterable[Html]:
    bounds = ((sign, getattr(asked, name)) for sign, name in BOUNDS.items())
    if asked.const is not None:
        yield html.joined(["= ", _scalar(asked.const)])
    if asked.enum is not None:
        yield html.joined(["là ", html.few([_scalar(each) for each in asked.enum], 8, " hoặc ")])
    yield from (html.joined([f"{sign} {number(bound)}"]) for sign, bound in bounds if bound is not None)
    if asked.not_ is not None:
        yield html.joined(["không ", html.joined(_words(asked.not_), " và ")])


def _scalar(value: Scalar) -> Html:
    if isinstance(value, bool):
        return html.word("true" if value else "false")
    return html.told(value if isinstance(value, str) else number(value))


def _title(tree: Tree, code: str, depth: int) -> Html:
    """A title set in by its depth, and what kind of node it is where that is not the ordinary one."""
    title = html.named(tree.title[code])
    if depth == 1 and code in tree.children:
        title = html.element("strong", title)
    asides = (html.small(" · ", aside) for aside in worth.asides(tree, code))
    return html.set_in(html.joined([title, *asides]), depth - 1)


def _share(tree: Tree, code: str) -> Html:
    has_share = tree.kind[code] == "scored" and tree.maximum[TOTAL] > 0
    return html.bar(tree.maximum[code] / tree.maximum[TOTAL]) if has_share else Html("")


def _shown(tree: Tree) -> dict[str, int]:
    """The nodes in document order with their depths, as deep as there is room for."""
    depths = [depth for _, _, _, depth in tree.nodes]
    fitting = (at for at in range(max(depths), 1, -1) if sum(depth <= at for depth in depths) <= NODES)
    deepest = next(fitting, 1)
    nodes = ((node.code, depth) for _, node, _, depth in tree.nodes if depth <= deepest)
    return dict(islice(nodes, NODES))
