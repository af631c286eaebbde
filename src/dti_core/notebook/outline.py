"""A rubric as a notebook shows it: its tree with maxima, its sets, rules and policy."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from dti_core.exact import plain
from dti_core.notebook import html
from dti_core.notebook.html import Head, Html, Section
from dti_core.rubric.conditions import Condition, When
from dti_core.rubric.exclusions import ExclusionRule
from dti_core.rubric.policy import Policy
from dti_core.rubric.tree import TOTAL, Tree
from dti_core.terms import Label, Scalar

NODES = 120
"""The most nodes a tree shows: a national rubric whole."""

KINDS = {
    "bonus": html.word("điểm thưởng", "bonus"),
    "penalty": html.word("điểm trừ", "penalty"),
    "mixed": html.word("điểm thưởng và trừ", "bonus and penalty"),
    "standby": html.word("dự phòng", "stand-by"),
}
TREATMENTS = {
    "skip": html.word("không đánh giá", "skipped"),
    "full_marks": html.word("tính đủ điểm", "full marks"),
    "substitute": html.word("thay thế", "substituted"),
    "count": html.word("vẫn đánh giá", "counted"),
}
SIGNS = {"bonus": "+", "penalty": "−"}
RENORMALISE = {"overall": "quy đổi toàn phần", "by_level": "quy đổi theo cấp", "none": "không quy đổi"}
MISSING = {"zero": "chưa chấm tính 0", "exclude": "chưa chấm không tính", "refuse": "phải chấm đủ"}
FORMS = {"points": "điểm", "ratio": "tỷ lệ", "percent": "phần trăm"}
ROUNDING = {"half_up": "", "half_even": ", nửa về số chẵn", "down": ", cắt bỏ phần lẻ"}


def named(title: Label) -> Html:
    """A title in both languages."""
    return html.label(title.vi, title.en)


def nodes(tree: Tree, decimals: int) -> Html:
    """The indices and their components with their maxima and, drawn, their share of the total."""
    shown = _shown(tree)
    maxima = _maxima(tree, shown, decimals)
    rows: list[Sequence[str] | Section] = [
        [html.told(code), _title(tree, code), maximum, _share(tree, code)]
        for code, maximum in zip(shown, maxima, strict=True)
    ]
    hidden = len(tree.parent) - len(shown)
    heads = [
        Head("Mã", "Code", "code"),
        Head("Chỉ số", "Index", "wide"),
        Head("Điểm tối đa", "Maximum", "number"),
    ]
    return html.table(
        [*heads, Head("Tỷ trọng", "Share of the total")],
        [*rows, *([html.rest(hidden, "chỉ số thành phần")] if hidden else [])],
    )


def sets(tree: Tree, decimals: int) -> Html:
    """The pillars and groups with their members and maxima."""
    codes = (*tree.pillars, *tree.groups)
    heads = [
        Head("Trụ cột và nhóm", "Pillars and groups", "wide"),
        Head("Gồm", "Members", "wide"),
        Head("Điểm tối đa", "Maximum", "number"),
    ]
    rows = [
        [_title(tree, code), listed(tree.children[code]), maximum]
        for code, maximum in zip(codes, _maxima(tree, codes, decimals), strict=True)
    ]
    return html.short(heads, rows, "trụ cột và nhóm")


def rules(exclusions: Sequence[ExclusionRule]) -> Html:
    """Who is not assessed on what, why and on what basis."""
    heads = [
        Head("Không đánh giá", "Not assessed", "wide"),
        Head("Khi", "When", "wide"),
        Head("Lý do và căn cứ", "Reason and basis", "wide"),
    ]
    rows = [
        [
            html.joined([listed(rule.members), " ", treatment(rule.treatment, rule.by)]),
            condition(rule.when),
            because(rule.reason, rule.basis),
        ]
        for rule in exclusions
    ]
    return html.short(heads, rows, "quy tắc")


def blocks(rows: Iterable[tuple[Label, When, bool]]) -> Html:
    """The blocks that units are ranked in, who is in them, and whether they are ranked."""
    heads = [Head("Khối", "Block", "wide"), Head("Gồm đơn vị có", "Units with", "wide"), Head("")]
    cells = [[named(title), condition(when), "" if ranked else UNRANKED] for title, when, ranked in rows]
    return html.short(heads, cells, "khối")


UNRANKED = html.word("Không xếp hạng", "not ranked")


def bands(rows: Iterable[tuple[Label, Decimal]]) -> Html:
    """The bands, highest first."""
    return html.facts(
        *(html.joined([html.grade(title.vi), f" từ {number(least)}%"]) for title, least in rows)
    )


def policy(used: Policy) -> Html:
    """How scores are made, in one line."""
    publish = used.publish
    return html.facts(
        RENORMALISE[used.renormalise],
        MISSING[used.missing],
        f"công bố {FORMS[publish.as_]}, {publish.decimals} chữ số thập phân{ROUNDING[publish.rounding]}",
        "hạng theo điểm chính xác" if used.decide_on == "exact" else None,
        f"đồng hạng {'1 2 2 4' if used.ties == 'competition' else '1 2 2 3'}",
        html.joined(["bằng điểm thì xét ", listed(used.tie_break)]) if used.tie_break else None,
        f"xếp hạng khi đã chấm từ {number(100 * used.min_coverage)}%" if used.min_coverage else None,
        "tổng được vượt thang điểm" if used.exceed_maximum else None,
    )


def listed(codes: Sequence[str], most: int = 8) -> Html:
    """Codes one after another, the first few of many."""
    return html.few([html.told(code) for code in codes], most, ", ")


def treatment(kind: str, by: str | None = None) -> Html:
    """What is done instead of an ordinary assessment."""
    stands_in = [" bằng ", html.told(by)] if by else []
    return html.small(html.joined([TREATMENTS[kind], *stands_in]))


def because(reason: Label, basis: str) -> Html:
    """A reason and its legal basis."""
    return html.joined([html.told(reason.vi), " ", html.small("(", html.told(basis), ")")])


def number(value: Decimal) -> str:
    """A number without idle zeros."""
    return html.number(float(value), len(plain(value).partition(".")[2]))


def condition(when: When) -> Html:
    """What the attributes of a unit must be."""
    words = (html.joined([html.told(name), " ", word]) for name, each in when for word in _words(each))
    return html.joined(words, "; ") if when else html.word("mọi đơn vị", "every unit")


def _words(asked: Condition) -> Iterable[Html]:
    bounds = [
        ("≥", asked.minimum),
        ("≤", asked.maximum),
        (">", asked.exclusive_minimum),
        ("<", asked.exclusive_maximum),
    ]
    if asked.const is not None:
        yield html.joined(["= ", _scalar(asked.const)])
    if asked.enum is not None:
        yield html.joined(["là ", html.few([_scalar(each) for each in asked.enum], 8, " hoặc ")])
    yield from (html.joined([f"{sign} {number(bound)}"]) for sign, bound in bounds if bound is not None)
    if asked.not_ is not None:
        yield html.joined(["không ", html.joined(_words(asked.not_), " và ")])


def _scalar(value: Scalar) -> Html:
    if isinstance(value, bool):
        return html.word("có", "true") if value else html.word("không", "false")
    return html.told(value if isinstance(value, str) else number(value))


def _title(tree: Tree, code: str) -> Html:
    """A title set in by its depth, and what kind of node it is where that is not the ordinary one."""
    depth = _depth(tree, code) - 1
    title = named(tree.title[code])
    if depth == 0 and code in tree.children:
        title = html.element("strong", title)
    kind = [html.small(" · ", KINDS[tree.kind[code]])] if tree.kind[code] in KINDS else []
    return html.set_in(html.joined([title, *kind]), depth)


def _maxima(tree: Tree, codes: Sequence[str], decimals: int) -> list[str]:
    """What nodes are worth, with a sign where they add to or lower the total."""
    points = [tree.maximum[code] / 10**decimals for code in codes]
    places = html.decimals_of(points)
    return [
        "–" if tree.kind[code] == "mixed" else SIGNS.get(tree.kind[code], "") + html.number(value, places)
        for code, value in zip(codes, points, strict=True)
    ]


def _share(tree: Tree, code: str) -> Html:
    has_share = tree.kind[code] == "scored" and tree.maximum[TOTAL] > 0
    return html.bar(tree.maximum[code] / tree.maximum[TOTAL]) if has_share else Html("")


def _depth(tree: Tree, code: str) -> int:
    depth = 0
    while code in tree.parent:
        code, depth = tree.parent[code], depth + 1
    return depth


def _shown(tree: Tree) -> list[str]:
    """The nodes in document order, as deep as there is room for."""
    depths = {code: _depth(tree, code) for code in tree.parent}
    deepest = 1
    while deepest < max(depths.values()) and sum(each <= deepest + 1 for each in depths.values()) <= NODES:
        deepest += 1
    return [code for code, depth in depths.items() if depth <= deepest][:NODES]
