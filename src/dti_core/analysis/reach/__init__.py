"""What lifts a unit: the least to rise so many places, to a rank, to a grade or to a printed value."""

from collections.abc import Iterable, Mapping
from typing import Any, overload

from dti_core.analysis.doors import exact_number, place, whole
from dti_core.analysis.reach.goals import Goals
from dti_core.analysis.reach.moves import moves_of
from dti_core.analysis.reach.plan import Plan
from dti_core.analysis.reach.planning import Planning
from dti_core.analysis.reach.race import Race
from dti_core.analysis.reach.rises import Rises, rises
from dti_core.analysis.sources import Ranked
from dti_core.analysis.together import Edition, result_with
from dti_core.errors import LANGUAGES, InvalidArgument, shorten
from dti_core.evaluation import grade_rules as law
from dti_core.explain.derive import Derivation
from dti_core.result import Result
from dti_core.rubric.grades import rests_on_thresholds
from dti_core.rubric.tree import TOTAL
from dti_core.scores.setting import By
from dti_core.terms import Label, Number
from dti_core.words import REACH, Sentence

__all__ = ["Plan", "Rises", "to_reach"]


@overload
def to_reach(
    source: Ranked, unit: None = None, *, node: str = TOTAL, by: By = None, places: int | None = None
) -> Rises: ...
@overload
def to_reach(
    source: Result | Edition,
    unit: str,
    *,
    node: str = TOTAL,
    by: By = None,
    places: int | None = None,
    rank: int | None = None,
    grade: str | None = None,
    published: Number | None = None,
    cost: Mapping[str, Number] | None = None,
    steps: Mapping[str, Iterable[Number]] | None = None,
    among: Iterable[str] | None = None,
) -> Plan: ...
def to_reach(  # noqa: PLR0913 — what is wanted, each by its name
    source: Any,
    unit: str | None = None,
    *,
    node: str = TOTAL,
    by: By = None,
    places: int | None = None,
    rank: int | None = None,
    grade: str | None = None,
    published: Number | None = None,
    cost: Mapping[str, Number] | None = None,
    steps: Mapping[str, Iterable[Number]] | None = None,
    among: Iterable[str] | None = None,
) -> Plan | Rises:
    """The least that lifts a unit, all others unchanged; without a unit, how many points each of all units is short.

    A unit is lifted so many ``places`` (1 by default), or to a ``rank``, a ``grade`` or a ``published`` value, or
    better. Marks only get better: scored and bonus leaves rise, up to what they are reduced to, penalty leaves fall;
    what does not count for the unit stays as it is. ``cost`` is the price of a point by leaf or node, 1 where none is
    given; ``steps`` are the marks that a leaf may have; ``among`` names the nodes whose leaves may change. The plan
    costs least; of plans that cost the same it touches the fewest leaves, then those that come first. A unit that has
    no rank yet stands behind all others.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> sheet = MarkSheet.from_array([[15.5, 20], [30, 18]], rubric, units=["a", "b"])
    >>> plan = to_reach(evaluate(rubric, sheet), "a")
    >>> print(plan.text("en"))
    a, Total: from rank 2 to rank 1 of 2, published 35.50 to 48.00; 12.5 points more, at a cost of 12.5.
    <BLANKLINE>
    Leaf  Title         From  To  Points  Cost  Gain
    ────  ────────────  ────  ──  ──────  ────  ────
       1  Nhận thức số  15.5  28    12.5  12.5  12.5
    >>> evaluate(rubric, sheet.with_marks(plan.marks)).total.ranks().tolist()
    [1, 1]
    """
    asked = {"rank": rank, "grade": grade, "published": published}
    wanted = {name: value for name, value in ({"places": places} | asked).items() if value is not None}
    if len(wanted) > 1:
        raise InvalidArgument(REACH("one_target"))
    if unit is None:
        for name, value in (asked | {"cost": cost, "steps": steps, "among": among}).items():
            if value is not None:
                raise InvalidArgument(REACH("alone", name=name))
        return rises(source, whole("places", 1 if places is None else places, 1), node, by)
    result = result_with(source, unit)
    race = _race(result, node, by)
    derivation = Derivation(race.common, result.marks.row(unit))
    moves = moves_of(derivation, cost, steps, among)
    name, value = next(iter(wanted.items()), ("places", 1))
    alternatives, barrier = _target(race, derivation.row, name, value)
    return Planning(race, derivation, moves, alternatives, barrier).plan()


def _race(result: Result, node: str, by: By) -> Race:
    scores = result[node]
    if not scores.is_scored:
        raise InvalidArgument(REACH("no_points", node=shorten(node)))
    return Race(result, scores.node, by)


def _target(race: Race, row: int, name: str, value: Any) -> tuple[list[Goals], Sentence | None]:
    """The goals of what is asked, and why marks do not help."""
    if name == "published":
        number = exact_number(value)
        if number is None or number < 0:
            raise InvalidArgument(REACH("no_value", value=shorten(value)))
        return race.to_value(number), None
    if name == "grade":
        return _grade(race, row, value)
    if name == "places":
        above = race.rank(row) - 1
        rank = above + 1 - whole("places", value, 1)
        barrier = REACH("no_place", above=above) if rank < 1 else None
    else:
        rank, barrier = whole("rank", value, 1), None
    if not race.is_ranked(row):
        why = race.scores.why_unranked(race.result.units[row], race.by)
        return [], REACH("unranked", reason=why and why.reason)
    return race.to_rank(row, rank) if barrier is None else [], barrier


def _grade(race: Race, row: int, grade: Any) -> tuple[list[Goals], Sentence | None]:
    bands = race.result.rubric.bands
    at = place("band", grade, [band.code for band in bands])
    if race.node != TOTAL and not rests_on_thresholds(bands):
        raise InvalidArgument(REACH("no_node_grade", node=race.node))
    sources = race.result.marks.limited.of(row) if race.node == TOTAL else ()
    limits = [source.limit for source in sources]
    lowest = min(law.first_by_at_most(limits, bands) + law.lowered_by(limits), len(bands) - 1)
    if lowest > at:
        reasons = ("; ".join(limit.reason.text(language) for limit in limits) for language in LANGUAGES)
        return [], REACH("barred", reasons=Label(*reasons))
    alternatives = race.to_grade(row, at)
    return alternatives, None if alternatives else REACH("quota")
