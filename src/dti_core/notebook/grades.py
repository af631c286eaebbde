"""What a notebook shows of grades: bands with what they ask for, and who is limited to which."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from dti_core.notebook import html, outline, tables, worth
from dti_core.notebook.html import Content, Element
from dti_core.rubric.grades import Band, GradeLimitRule, Limit, Quota
from dti_core.rubric.tree import Tree
from dti_core.words import EXPLANATIONS, NOTEBOOKS, Sentence


def bands(listed: Sequence[Band], tree: Tree) -> Element:
    """The bands, highest first."""
    return html.facts(*(html.joined(_band(band, tree), ", ") for band in listed))


def _band(band: Band, tree: Tree) -> Iterator[Content]:
    start = EXPLANATIONS(f"from {'above' if band.is_open else 'at'}", threshold=band.threshold)
    yield [html.grade(band.title), " ", start]
    yield from (worth.asked(condition, tree) for condition in band.requires)
    if band.quota:
        yield _quota(band.quota)


def _quota(quota: Quota) -> Sentence:
    if quota.count:
        return NOTEBOOKS("quota.count", count=Fraction(quota.count))
    return NOTEBOOKS("quota.percent", percent=quota.percent)


def limits(rules: Sequence[GradeLimitRule], listed: Sequence[Band]) -> Element | None:
    """Whose grade is limited, why and on what basis."""
    heads = tables.heads(grade_limit="wide", when="wide", because="wide")
    rows = [[limit(rule, listed), outline.condition(rule.when), outline.because(rule)] for rule in rules]
    return tables.short(heads, rows, "rules")


def limit(one: Limit, listed: Sequence[Band]) -> Content:
    """The highest band that is left, or by how many a grade is lowered."""
    if one.at_most is None:
        return NOTEBOOKS("lowered", count=one.lower_by)
    title = next(band.title for band in listed if band.code == one.at_most)
    return [NOTEBOOKS["at most"], " ", html.grade(title)]
