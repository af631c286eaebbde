"""What must hold of the grades of a published result: they are what the law makes of its other numbers."""

from collections.abc import Iterator, Mapping

import numpy as np

from dti_core.errors import Problem
from dti_core.evaluation import grade_rules as law
from dti_core.evaluation.rules import NOTHING
from dti_core.exact.rationals import Rationals
from dti_core.published import LimitRuling, Node, PublishedResult, Unit
from dti_core.published.follows import Decisive, Following
from dti_core.published.named import meets, unknown
from dti_core.published.scores import Ints
from dti_core.rubric.grades import band_problems, rests_on_thresholds
from dti_core.rubric.node_conditions import NodeCondition
from dti_core.rubric.tree import TOTAL
from dti_core.scores.grading import by_thresholds
from dti_core.words import RESULTS

Codes = tuple[str | None, ...]


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


def _reach_problems(unit: Unit, rules: Mapping[int, LimitRuling], count: int) -> Iterator[Problem]:
    """A rule reaches the units whose attributes meet its conditions, and them alone."""
    for place, at in enumerate(unit.grade_limits):
        if not 0 <= at < count:
            sentence = RESULTS("contradiction.no_place", list="grade_limits", place=at)
            yield Problem((place,), sentence, "unknown")
    for at, limit in {} if unit.merged else rules.items():
        if meets(unit, limit.when) != (at in unit.grade_limits):
            sentence = RESULTS("contradiction.reach", rule=limit.rule, place=at)
            yield Problem((), sentence, "contradiction")


def grades_of(
    following: Following, node: Node, decisive: Decisive, ranks: Ints | None
) -> tuple[Codes | None, Codes | None]:
    """The grades of all units at a node, and of the total those by the thresholds alone where they are others."""
    bands, units = following.result.bands, following.result.units
    if not bands or (node.code != TOTAL and not rests_on_thresholds(bands)):
        return None, None
    codes = np.array([*(band.code for band in bands), None], dtype=object)
    alone = by_thresholds(decisive.value, bands)
    if node.code != TOTAL or (
        all(band.is_plain for band in bands) and not any(unit.grade_limits for unit in units)
    ):
        return tuple(codes[alone].tolist()), None
    places = _of_total(following, decisive, ranks)
    others = np.where(alone == places, len(bands), alone)
    return tuple(codes[places].tolist()), tuple(codes[others].tolist())


def _of_total(following: Following, decisive: Decisive, ranks: Ints | None) -> Ints:
    """The places of the bands that the law gives to each unit."""
    result, bands = following.result, following.result.bands
    conditions = dict.fromkeys(condition for band in bands for condition in band.requires)
    asked = {condition: _asked(following, condition).fractions() for condition in conditions}
    percents = (decisive.value * 100).fractions()
    rows = np.flatnonzero(~decisive.null).tolist()
    candidates = []
    for row in rows:
        known = {condition: values[row] for condition, values in asked.items()}
        fitting = [law.fits(percents[row] or NOTHING, known, band) for band in bands]
        unit = result.units[row]
        limits = [result.grade_limits[at] for at in unit.grade_limits]
        first = law.first_allowed(fitting, law.first_by_at_most(limits, bands), law.lowered_by(limits))
        rank = None if ranks is None else int(ranks[row]) or None
        candidates.append(law.Candidate(fitting, first, rank, unit.block))
    places = np.full(len(result.units), len(bands))
    places[rows] = [len(bands) if at is None else at for at in law.grades(candidates, bands)]
    return places


def _asked(following: Following, condition: NodeCondition) -> Rationals:
    """What a condition compares: the percentage or the points of a node, null where nothing of it applies."""
    node = following.summing.nodes[condition.node]
    if not node.is_scored:
        return following.points(node)
    decisive = following.decisive(node)
    if condition.in_ == "percent":
        return decisive.value * 100
    return following.points(node).where(decisive.null, None)
