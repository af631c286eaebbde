"""What a notebook shows of grades: bands with what they ask for, and who is limited to which."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from dti_core.notebook import html, outline, worth
from dti_core.notebook.html import Html
from dti_core.rubric.grades import Band, GradeLimitRule, Limit, Quota
from dti_core.rubric.tree import Tree


def bands(listed: Sequence[Band], tree: Tree) -> Html:
    """The bands, highest first."""
    return html.facts(*(html.joined(_band(band, tree), ", ") for band in listed))


def _band(band: Band, tree: Tree) -> Iterator[str]:
    start = "trên" if band.is_open else "từ"
    yield html.joined([html.grade(band.title.vi), f" {start} {worth.number(band.threshold)}%"])
    yield from (worth.asked(condition, tree) for condition in band.requires)
    if band.quota:
        yield _quota(band.quota)


def _quota(quota: Quota) -> str:
    return f"tối đa {quota.count or f'{worth.number(quota.percent or Fraction(0))}%'} đơn vị"


def limits(rules: Sequence[GradeLimitRule], listed: Sequence[Band]) -> Html:
    """Whose grade is limited, why and on what basis."""
    heads = html.heads(grade_limit="wide", when="wide", reason="wide")
    rows = [[limit(rule, listed), outline.condition(rule.when), outline.because(rule)] for rule in rules]
    return html.short(heads, rows, "quy tắc")


def limit(one: Limit, listed: Sequence[Band]) -> Html:
    """The highest band that is left, or by how many a grade is lowered."""
    if one.at_most is None:
        return html.joined([f"hạ {one.lower_by} bậc"])
    title = next(band.title.vi for band in listed if band.code == one.at_most)
    return html.joined(["cao nhất ", html.grade(title)])
