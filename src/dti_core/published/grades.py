"""What must hold of the grades of a published result: they are what the law makes of its other numbers."""

from collections.abc import Callable, Collection, Iterator, Mapping
from fractions import Fraction

from dti_core.errors import Path, Problem, shorten
from dti_core.evaluation import grade_rules as law
from dti_core.published import LimitRuling, Node, PublishedResult, Score, Unit
from dti_core.rubric.conditions import UNIT, When
from dti_core.rubric.grades import band_problems
from dti_core.rubric.node_conditions import NodeCondition
from dti_core.rubric.tree import TOTAL
from dti_core.words import RESULTS, Sentence, near

Value = Callable[[Score, Node], Fraction | None]
"""What ranks and bands compare."""


def grade_code_problems(result: PublishedResult) -> Iterator[Problem]:
    """Bands with gaps, conditions on no node, limits at no band, and limits that do not reach whom they say."""
    yield from (problem.under("bands") for problem in band_problems(result.bands))
    nodes = dict.fromkeys(node.code for node in result.nodes if node.code != TOTAL)
    for at, band in enumerate(result.bands):
        for place, condition in enumerate(band.requires):
            yield from unknown(("bands", at, "requires", place, "node"), condition.node, nodes)
    bands = [band.code for band in result.bands]
    for at, limit in enumerate(result.grade_limits):
        if limit.at_most is not None or not bands:
            yield from unknown(("grade_limits", at, "at_most"), limit.at_most, bands)
    rules = {at: limit for at, limit in enumerate(result.grade_limits) if limit.source == "rule"}
    for row, unit in enumerate(result.units):
        for problem in _reach_problems(unit, rules, len(result.grade_limits)):
            yield problem.under("units", row, "grade_limits")


def unknown(path: Path, code: object, known: Collection[str]) -> Iterator[Problem]:
    """A code that is not among those of the result."""
    if code not in known:
        values = {"code": shorten(code), "near": near(code, known)}
        yield Problem(path, Sentence(RESULTS["contradiction.unknown"], values), "unknown")


def _reach_problems(unit: Unit, rules: Mapping[int, LimitRuling], count: int) -> Iterator[Problem]:
    """A rule reaches the units whose attributes meet its conditions, and them alone."""
    for place, at in enumerate(unit.grade_limits):
        if not 0 <= at < count:
            values = {"place": at}
            yield Problem((place,), Sentence(RESULTS["contradiction.no_limit"], values), "unknown")
    for at, limit in rules.items():
        if _meets(unit, limit.when) != (at in unit.grade_limits):
            sentence = Sentence(RESULTS["contradiction.reach"], {"rule": limit.rule, "place": at})
            yield Problem((), sentence, "contradiction")


def _meets(unit: Unit, when: When) -> bool:
    values = {**unit.attributes, UNIT: unit.code}
    return all(name in values and condition.holds(values[name]) for name, condition in when)


def grade_problems(result: PublishedResult, value: Value) -> Iterator[Problem]:
    """Grades of the total that do not follow from scores, ranks, conditions, limits and quotas."""
    bands = result.bands
    nodes = {node.code: node for node in result.nodes}
    rows = [row for row, unit in enumerate(result.units) if unit.scores[TOTAL].score is not None]
    candidates = [_candidate(result, result.units[row], nodes, value) for row in rows if bands]
    graded = law.grades([candidate for candidate, _ in candidates], bands)
    for row, place, (_, reached) in zip(rows, graded, candidates, strict=False):
        grade, alone = (None if at is None else bands[at].code for at in (place, reached))
        expected = {"grade": grade, "by_thresholds": alone if alone != grade else None}
        for field, code in expected.items():
            written = getattr(result.units[row].scores[TOTAL], field)
            if written != code:
                values = {"value": shorten(written), "other": shorten(code)}
                sentence = Sentence(RESULTS["contradiction.grade"], values)
                yield Problem(("units", row, "scores", TOTAL, field), sentence, "contradiction")


def _candidate(
    result: PublishedResult, unit: Unit, nodes: dict[str, Node], value: Value
) -> tuple[law.Candidate, int | None]:
    """What the grade of a unit rests on, and the band by the thresholds alone."""

    def asked(condition: NodeCondition) -> Fraction | None:
        node, score = nodes[condition.node], unit.scores[condition.node]
        if not node.is_scored:
            return score.points
        share = value(score, node)
        return None if share is None else score.points if condition.in_ == "points" else 100 * share

    bands, total = result.bands, unit.scores[TOTAL]
    percent = 100 * (value(total, nodes[TOTAL]) or Fraction(0))
    known = {condition: asked(condition) for band in bands for condition in band.requires}
    fitting = [law.fits(percent, known, band) for band in bands]
    limits = [result.grade_limits[at] for at in unit.grade_limits]
    highest, lowered = law.first_by_at_most(limits, bands), law.lowered_by(limits)
    first = law.first_allowed(fitting, highest, lowered)
    return law.Candidate(fitting, first, total.rank, unit.block), law.by_thresholds(percent, bands)
