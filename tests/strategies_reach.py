"""Random small rounds with every rule that makes a score rise unevenly, and questions of what lifts one unit."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs
from hypothesis import strategies as st

import dti_core as dti

if TYPE_CHECKING:
    from collections.abc import Callable

WHY: Any = {"reason": "ví dụ", "basis": "ví dụ"}
FEATURES = ["cap", "own", "gate", "bonus", "scale", "missing", "ties"]
GRADES = ["a", "b", "c"]


@attrs.frozen
class Question:
    """What lifts a unit of a result, with the arguments that ask it and what answers it."""

    result: dti.Result
    unit: str
    asked: dict[str, Any]
    cost: dict[str, int]
    steps: dict[str, list[int]]
    is_reached: Callable[[dti.Result], bool]


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """A question of a random round, on no more than a few hundred rows of marks."""
    features = draw(st.sets(st.sampled_from(FEATURES), max_size=3))
    result = draw(rounds(features))
    unit, leaves = draw(st.sampled_from(result.units)), result.rubric.tree.leaves
    cost = draw(st.dictionaries(st.sampled_from(leaves), st.integers(1, 4), max_size=3))
    stepped = draw(st.sets(st.sampled_from(leaves), max_size=1))
    steps = {leaf: [*result.rubric.tree.marked[leaf]] for leaf in sorted(stepped)}
    kinds = ["places", "rank", "published", *["grade"] * bool(result.rubric.bands)]
    kind = draw(st.sampled_from(kinds))
    row = result.units.index(unit)
    if kind == "published":
        value = Fraction(draw(st.integers(30, 100)), 100) * full(result)
        return Question(
            result,
            unit,
            {kind: value},
            cost,
            steps,
            lambda found: (found.total.exact("published")[row] or 0) >= value,
        )
    if kind == "grade":
        grade = draw(st.sampled_from("ab"))
        better = GRADES[: GRADES.index(grade) + 1]
        return Question(
            result, unit, {kind: grade}, cost, steps, lambda found: found.total.grades()[row] in better
        )
    count = draw(st.integers(1, 2))
    rank = count if kind == "rank" else rank_of(result, row) - count
    return Question(
        result, unit, {kind: count}, cost, steps, lambda found: 0 < found.total.ranks()[row] <= rank
    )


def full(result: dti.Result) -> Fraction:
    """What a full score is printed as."""
    tree = result.rubric.tree
    points = Fraction(tree.maximum["total"], tree.scale)
    return {"points": points, "percent": Fraction(100), "ratio": Fraction(1)}[result.policy.publish.as_]


def rank_of(result: dti.Result, row: int) -> int:
    """A unit's rank; one that has none stands behind all that have one."""
    ranks = result.total.ranks().tolist()
    others = [rank for at, rank in enumerate(ranks) if rank and at != row]
    return ranks[row] or len({*others} if result.policy.ties == "dense" else others) + 1


@st.composite
def rounds(draw: st.DrawFn, features: set[str]) -> dti.Result:
    """A result of a few units, two of whose leaves may be skipped, reduced, or settled."""
    rubric = draw(rubrics(features))
    tree, count = rubric.tree, draw(st.integers(2, 4))
    units = [f"u{at}" for at in range(count)]
    rows: list[list[Any]] = [[draw(marks(tree, leaf, features)) for leaf in tree.leaves] for _ in units]
    exclusions = {}
    for at in draw(st.sets(st.integers(0, count - 1), max_size=2)):
        leaf = draw(st.sampled_from(tree.scored_under("total")))
        highest = tree.marked[leaf][1]
        treatment: Any = draw(st.sampled_from(["skip", "full_marks", "zero", *["reduce"] * (highest > 1)]))
        to = highest - 1 if treatment == "reduce" else None
        mark = rows[at][tree.leaves.index(leaf)]
        if to is not None and mark is not None:
            rows[at][tree.leaves.index(leaf)] = min(mark, to)
        exclusions[units[at]] = [dti.Exclusion(members=[leaf], treatment=treatment, to=to, **WHY)]
    limit: list[dict[str, Any]] = [{}, {"lower_by": 1}, {"at_most": "b"}]
    limits = [draw(st.sampled_from(limit)) for _ in units] if rubric.bands else []
    sheet = dti.MarkSheet.from_array(
        rows,
        rubric,
        units=units,
        attributes={"n": draw(st.lists(st.integers(1, 2), min_size=count, max_size=count))},
        unit_exclusions=exclusions,
        unit_grade_limits={
            unit: [dti.GradeLimit(**own, **WHY)] for unit, own in zip(units, limits, strict=False) if own
        },
    )
    return dti.evaluate(rubric, sheet)


@st.composite
def marks(draw: st.DrawFn, tree: Any, leaf: str, features: set[str]) -> int | None:
    """A mark of a leaf, now and then none."""
    may_lack = "missing" in features or tree.role[leaf] != "scored"
    lowest, highest = tree.marked[leaf]
    return draw(st.none() | st.integers(lowest, highest) if may_lack else st.integers(lowest, highest))


@st.composite
def rubrics(draw: st.DrawFn, features: set[str]) -> dti.Rubric:
    """Two or three indices, the first with components and whatever the features say."""
    worth = st.integers(1, 3)
    components = [dti.Component(code, "x", draw(worth)) for code in ("1.1", "1.2")]
    if "scale" in features:
        third = Fraction(draw(worth), draw(worth))
        components[1] = dti.Component("1.2", "x", third, mark_max=draw(worth))
    if "own" in features:
        role: Any = draw(st.sampled_from(["bonus", "penalty"]))
        components.append(dti.Component("1.3", "x", draw(worth), role=role, adjusts="1"))
    rules: dict[str, Any] = {}
    most = sum(Fraction(part.max_points or 0) for part in components if part.role == "scored")
    if "cap" in features and most > 1:
        rules |= {"cap": True, "max_points": max(int(most) - 1, 1)}
    if "gate" in features:
        bounds: list[dict[str, Any]] = [{"above": 0}, {"at_least": 60}, {"at_least": 1, "in_": "points"}]
        rules["zero_unless"] = [dti.NodeCondition("1.1", **draw(st.sampled_from(bounds)))]
    indices = [dti.Index("1", "x", components=components, **rules), dti.Index("2", "x", draw(worth))]
    if "bonus" in features:
        beside = [dti.Component(code, "x", draw(worth), role="bonus") for code in ("T.1", "T.2")]
        indices.append(dti.Index("T", "x", 1, components=beside, cap=True))
        indices.append(dti.Index("P", "x", 1, role="penalty"))
    return dti.Rubric(
        "r",
        "Ví dụ",
        indices,
        mark_decimals=0,
        attributes={"n": {"type": "integer"}},
        bands=draw(bands()),
        policy=draw(policies(features)),
    )


@st.composite
def bands(draw: st.DrawFn) -> list[dti.Band]:
    """None, or three bands, the first of which may have a quota and a condition."""
    if draw(st.booleans()):
        return []
    quotas = [None, dti.Quota(count=1), dti.Quota(percent=50, ties="in")]
    requires = draw(st.sampled_from([(), (dti.NodeCondition("2", at_least=60),)]))
    first = dti.Band("a", "A", 75, requires=requires, quota=draw(st.sampled_from(quotas)))
    return [first, dti.Band("b", "B", above=45), dti.Band("c", "C", 0)]


@st.composite
def policies(draw: st.DrawFn, features: set[str]) -> dti.Policy:
    """Any policy, with a tie-break and least coverage where the features say so."""
    breakers = ["2", "1", *["P", "T"] * ("bonus" in features)]
    orders = [dti.AttributeOrder("n", order) for order in ("ascending", "descending")]
    chain: Any = st.lists(st.sampled_from([*breakers, *orders]), min_size=1, max_size=2, unique_by=str)
    lacking = "missing" in features
    return dti.Policy(
        renormalise=draw(st.sampled_from(["overall", "by_level", "none"])),
        missing=draw(st.sampled_from(["zero", "exclude"])),
        min_coverage=draw(st.sampled_from([0, 0.75])) if lacking else 0,
        decide_on=draw(st.sampled_from(["published", "exact"])),
        ties=draw(st.sampled_from(["competition", "dense"])),
        exceed_maximum=draw(st.booleans()),
        tie_break=draw(chain) if "ties" in features else (),
        publish=dti.Publish(
            draw(st.sampled_from(["points", "percent", "ratio"])),
            draw(st.integers(0, 1)),
            draw(st.sampled_from(["half_up", "half_even", "down"])),
        ),
    )
