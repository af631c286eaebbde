"""What lifts a unit: the cheapest marks, held to all rows of marks that there are, each evaluated anew."""

from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies_reach import Question, questions

import dti_core as dti
from dti_core import analysis
from dti_core.analysis.reach import cover as covering
from dti_core.analysis.reach import search
from dti_core.analysis.reach.cover import Item, cover
from dti_core.exact import least_rounded, round_fraction

WHY: Any = {"reason": "ví dụ", "basis": "ví dụ"}
REQUIRES = [dti.NodeCondition("2", at_least=60)]
ONE_UNIT = dti.Quota(count=1)
EXAMPLES = settings().max_examples // 8
MOST = 300
"""Questions on more rows of marks than this are left out: each row is evaluated by itself."""


@pytest.fixture(params=[search.ALL_TRIED, 0], ids=["all tried", "branch and bound"])
def searched(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways to search: by trying all rows of marks, and by branch and bound."""
    monkeypatch.setattr(search, "ALL_TRIED", request.param)


def options_of(question: Question, leaf: str) -> list[int | None]:
    """The mark of a leaf, then the better ones that it may become."""
    result, tree = question.result, question.result.rubric.tree
    told = result.exclusions(question.unit)
    rulings = dict(zip(told["leaf"], zip(told["treatment"], told["to"], strict=True), strict=True))
    treatment, to = rulings.get(leaf, (None, None))
    mark, (lowest, highest) = result.marks.of(question.unit)[leaf], tree.marked[leaf]
    now = None if mark is None else int(mark)
    if not tree.maximum[leaf] or treatment not in (None, "reduce"):
        return [now]
    marks = range(lowest, int(to if treatment == "reduce" else highest) + 1)
    if tree.role[leaf] == "penalty":
        better = [mark for mark in marks if mark < (now or 0)]
    else:
        better = [mark for mark in marks if now is None or mark > now]
    return [now, *(mark for mark in better if mark in question.steps.get(leaf, marks))]


def price_of(question: Question, changed: dict[str, int]) -> Fraction:
    """What a change of marks costs."""
    tree, own = question.result.rubric.tree, question.result.marks.of(question.unit)
    worth = {leaf: Fraction(tree.maximum[leaf], tree.scale * tree.marked[leaf][1]) for leaf in changed}
    return sum(
        (
            question.cost.get(leaf, 1) * worth[leaf] * abs(mark - int(own[leaf] or 0))
            for leaf, mark in changed.items()
        ),
        Fraction(0),
    )


def cheapest(question: Question) -> tuple[Fraction, int] | None:
    """Price and number of leaves of the first row, by both, with which the question is answered yes."""
    result, leaves = question.result, question.result.rubric.tree.leaves
    rows = []
    for row in product(*(options_of(question, leaf) for leaf in leaves)):
        own = result.marks.of(question.unit)
        changed = {
            leaf: mark
            for leaf, mark in zip(leaves, row, strict=True)
            if mark is not None and mark != own[leaf]
        }
        rows.append((price_of(question, changed), len(changed), changed))
    for price, count, changed in sorted(rows, key=lambda row: row[:2]):
        sheet = result.marks.with_marks({question.unit: changed})
        if question.is_reached(dti.evaluate(result.rubric, sheet)):
            return price, count
    return None


def asked(question: Question, all_tried: int, monkeypatch: pytest.MonkeyPatch) -> analysis.Plan:
    """The plan of a question."""
    monkeypatch.setattr(search, "ALL_TRIED", all_tried)
    options: dict[str, Any] = {"cost": question.cost, "steps": question.steps}
    return analysis.to_reach(question.result, question.unit, **question.asked, **options)


@settings(max_examples=EXAMPLES)
@given(question=questions())
def test_no_row_of_marks_is_cheaper_than_a_plan(question: Question) -> None:
    """A replayed plan reaches what was asked, and where it says so none of all rows of marks does it for less."""
    if prod(len(options_of(question, leaf)) for leaf in question.result.rubric.tree.leaves) > MOST:
        return
    least = cheapest(question)
    for all_tried in (20_000, 0):  # by trying all rows of marks, and by branch and bound
        with pytest.MonkeyPatch.context() as patch:
            plan = asked(question, all_tried, patch)
        result = question.result
        replayed = dti.evaluate(result.rubric, result.marks.with_marks(plan.marks))

        assert question.is_reached(replayed) or not plan.possible
        assert plan.reached.rank == replayed.total.ranks()[result.units.index(question.unit)]
        if plan.optimal:
            assert ((plan.cost, len(plan.changes)) if plan.possible else None) == least
        assert plan.optimal or not all_tried
        assert plan.cost == price_of(question, {change.leaf: int(change.after) for change in plan.changes})
        assert (plan.why is None) == plan.possible
        assert plan.text("vi")
        assert plan.text("en")


def scored(rows: Any, maxima: Any = (60, 40), decimals: int = 2, **rubric: Any) -> dti.Result:
    """Units u0, u1 … with marks on indices 1, 2 … of these maxima."""
    indices = [dti.Index(str(at), f"Chỉ số {at}", worth) for at, worth in enumerate(maxima, 1)]
    return evaluated(rows, dti.Rubric("r", "Ví dụ", indices, mark_decimals=decimals, **rubric))


def evaluated(rows: Any, rubric: dti.Rubric, **facts: Any) -> dti.Result:
    """Units u0, u1 … with these marks."""
    units = [f"u{row}" for row in range(len(rows))]
    return dti.evaluate(rubric, dti.MarkSheet.from_array(rows, rubric, units=units, **facts))


def changed_marks(plan: analysis.Plan) -> list[tuple[Any, ...]]:
    """Leaf, old and new mark of each step."""
    columns = plan.columns("en")
    return [*zip(*(columns[name].tolist() for name in ("leaf", "from", "to")), strict=True)]


@settings(max_examples=4 * EXAMPLES)
@given(
    st.lists(
        st.tuples(
            st.lists(st.integers(1, 9), min_size=1, max_size=3, unique=True),
            st.integers(1, 3),
            st.integers(0, 5),
            st.sampled_from([(), ("a",), ("a", "b")]),
        ),
        min_size=1,
        max_size=4,
    ),
    st.integers(1, 40),
    st.integers(0, 12),
    st.integers(0, 20),
)
def test_no_choice_of_amounts_is_cheaper_than_a_cover(
    parts: Any, needed: int, inner: int, outer: int
) -> None:
    """Amounts that share rooms, one room in the other, gain what is needed at the least cost, tried one by one."""
    gain = parts[0][1]
    items = [
        Item(sorted(amounts), (gain if rooms else own,), 10 * cost, 1, rooms[::-1])
        for amounts, own, cost, rooms in parts
    ]
    costs = []
    for chosen in product(*([0, *item.amounts] for item in items)):
        within = [amount for amount, item in zip(chosen, items, strict=True) if "b" in item.within]
        around = [amount for amount, item in zip(chosen, items, strict=True) if item.within == ("a",)]
        free = sum(
            amount * item.gains[0] for amount, item in zip(chosen, items, strict=True) if not item.within
        )
        if free + gain * min(min(sum(within), inner) + sum(around), outer) >= needed:
            costs.append(
                sum(item.cost * amount + (amount > 0) for amount, item in zip(chosen, items, strict=True))
            )

    found = cover(items, [needed], {"a": outer, "b": inner})

    assert (found and (found.cost, found.bound)) == ((costs and (min(costs), min(costs))) or None)


@given(
    st.integers(0, 50),
    st.fractions(0, 12, max_denominator=8),
    st.sampled_from(["half_up", "half_even", "down"]),
)
def test_rounding_has_a_least_number(units: int, number: Fraction, rounding: Any) -> None:
    """A number is rounded to so many units or more just where it is at least that number, or above it."""
    least, is_open = least_rounded(units, rounding)

    assert (round_fraction(number, rounding) >= units) == (number > least if is_open else number >= least)


@settings(max_examples=4 * EXAMPLES)
@given(
    st.lists(
        st.tuples(st.integers(1, 5), st.integers(1, 4), st.sampled_from(["1", "2", "3"])),
        min_size=1,
        max_size=4,
    ),
    st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(0, 20)),
)
def test_no_choice_of_amounts_is_cheaper_that_fills_several_needs(parts: Any, needs: tuple[int, ...]) -> None:
    """Needs at two nodes and of all together are filled at the least cost, tried one by one."""
    gains = {"1": (2, 0, 1), "2": (0, 3, 1), "3": (0, 0, 1)}
    items = [Item(range(1, most + 1), gains[node], 10 * cost, 1) for most, cost, node in parts]
    costs = []
    for chosen in product(*(range(most + 1) for most, _, _ in parts)):
        pairs = [*zip(items, chosen, strict=True)]
        gained = [sum(item.gains[at] * amount for item, amount in pairs) for at in range(3)]
        if all(have >= need for have, need in zip(gained, needs, strict=True)):
            costs.append(sum(item.cost * amount + (amount > 0) for item, amount in pairs))
    found = cover(items, needs, {})

    assert (found and (found.cost, found.bound)) == ((min(costs), min(costs)) if costs else None)


@pytest.mark.usefixtures("searched")
def test_half_up_needs_half_a_last_decimal_less() -> None:
    """9.995 points print 70.00 beside 70: rounded half up, the last half of a hundredth need not be earned."""
    result = scored([[70, 0], [60, 0]], (100, 10), decimals=3)

    assert analysis.to_reach(result, "u1").points == Fraction("9.995")
    assert analysis.to_reach(result).points.tolist()[1] == 9.995
    assert analysis.to_reach(result).gap.tolist()[1] == 10


@pytest.mark.usefixtures("searched")
def test_equal_values_that_a_tie_break_decides() -> None:
    """Where totals are equal what is short is the tie-break: a point more there, or the least that prints more."""
    result = scored([[50, 20], [40, 30]], decimals=0, policy=dti.Policy(tie_break=["1"]))
    plan, table = analysis.to_reach(result, "u1"), analysis.to_reach(result)

    assert (table.gap[1], table.decided_by[1], table.points[1]) == (0, "1", 1)
    assert plan.points == 1
    assert plan.reached.published == 71


@pytest.mark.usefixtures("searched")
def test_why_a_place_is_out_of_reach() -> None:
    """A unit that cannot rise is told how many points there are to be had, and how many it would need."""
    plan = analysis.to_reach(scored([[60, 36.6], [55.5, 35]]), "u1", among=["1"])
    already = analysis.to_reach(scored([[60, 36.6], [55.5, 35]]), "u0")

    assert (plan.headroom, plan.needed) == (Fraction("4.5"), Fraction("6.1"))
    assert plan.text("en") == "Impossible: headroom at Total 4.5 points, needed 6.1."
    assert plan.text("vi") == "Không thể: ở Tổng điểm chỉ còn tăng được 4,5 điểm, cần 6,1 điểm."
    assert (plan.possible, plan.optimal, plan.changes, plan.reached) == (False, True, (), plan.before)
    assert already.text("en") == "Impossible: there are only 0 places above."


def test_what_is_reached_already_costs_nothing() -> None:
    """Who stands there or higher has an empty plan."""
    plan = analysis.to_reach(scored([[60, 30], [50, 30]]), "u0", rank=2)

    assert plan.possible
    assert not plan.changes
    assert plan.reached.rank == 1
    said = "u0, Total: reached already, no point more is needed (rank 1 of 2, published 90.00)."
    assert plan.text("en") == said


@pytest.mark.usefixtures("searched")
def test_only_what_counts_is_proposed() -> None:
    """Skipped and settled leaves stay as they are, reduced ones rise to what is left, penalties fall."""
    indices = [dti.Index(str(at), "Chỉ số", 10) for at in range(1, 5)]
    rubric = dti.Rubric("r", "Ví dụ", [*indices, dti.Index("P", "Trừ", 5, role="penalty")], mark_decimals=0)
    exclusions = [
        dti.Exclusion(members=["1"], treatment="skip", **WHY),
        dti.Exclusion(members=["2"], treatment="full_marks", **WHY),
        dti.Exclusion(members=["3"], treatment="reduce", to=6, **WHY),
    ]
    marks: Any = [[2, 2, 2, 2, 4], [10, 10, 10, 10, 0]]
    sheet = dti.MarkSheet.from_array(marks, rubric, units=["a", "b"], unit_exclusions={"a": exclusions})
    plan = analysis.to_reach(dti.evaluate(rubric, sheet), "a")

    assert changed_marks(plan) == [("3", 2, 6), ("4", 2, 10), ("P", 4, 0)]
    assert plan.points == 4 + 8 + 4
    assert plan.columns()["gain"].sum() == pytest.approx(40 - Fraction(14 * 40, 26) + 4)


@pytest.mark.usefixtures("searched")
def test_prices_and_steps_choose_the_leaves() -> None:
    """Two points at 3 each beat five at 2 each where only those five may be had together."""
    result = scored([[60, 40], [50, 38]], decimals=0)
    prices: Any = {"1": 1, "2": 4}

    assert changed_marks(analysis.to_reach(result, "u1", published=90, cost=prices)) == [("1", 50, 52)]
    plan = analysis.to_reach(result, "u1", published=90, cost=prices, steps={"1": [0, 60]})
    assert changed_marks(plan) == [("2", 38, 40)]
    assert plan.cost == 8
    assert plan.points == 2


def graded(
    rows: Any,
    requires: Any = REQUIRES,
    quota: Any = ONE_UNIT,
    policy: dti.Policy | None = None,
    **facts: Any,
) -> dti.Result:
    """Excellent asks for 60 % of index 2 and has a quota of one unit, unless it is said otherwise."""
    first = dti.Band("excellent", "Xuất sắc", 80, requires=requires, quota=quota)
    bands = [first, dti.Band("good", "Tốt", 70), dti.Band("weak", "Yếu", 0)]
    indices = [dti.Index("1", "Một", 60), dti.Index("2", "Hai", 40)]
    rubric = dti.Rubric("r", "Ví dụ", indices, mark_decimals=0, bands=bands, policy=policy or dti.Policy())
    return evaluated(rows, rubric, **facts)


@pytest.mark.parametrize(
    ("rows", "grade", "steps"),
    [
        ([[59, 20], [30, 30]], "excellent", [("2", 20, 24)]),
        ([[50, 26], [50, 25], [60, 25]], "excellent", [("1", 50, 60)]),
        ([[50, 14], [60, 26]], "good", [("1", 50, 56)]),
    ],
)
def test_what_a_grade_takes(rows: Any, grade: str, steps: Any) -> None:
    """The threshold, what the band requires of a node, and a place before the unit that the quota lets in."""
    plan = analysis.to_reach(graded(rows), "u0", grade=grade)

    assert plan.reached.grade == grade
    assert changed_marks(plan) == steps
    assert plan.optimal


def test_a_limit_bars_a_grade() -> None:
    """Who is kept below a grade learns by what; no mark helps."""
    limit = dti.GradeLimit(at_most="good", reason="Vi phạm", basis="ví dụ")
    plan = analysis.to_reach(graded([[50, 20]], unit_grade_limits={"u0": [limit]}), "u0", grade="excellent")

    assert not plan.possible
    assert plan.text("vi") == "Không thể: xếp loại của đơn vị bị khống chế (Vi phạm)."


@pytest.mark.usefixtures("searched")
def test_a_unit_that_is_not_ranked_yet_is_marked_first() -> None:
    """Below the least coverage marks are needed to be ranked at all, then points; who is set aside is told why."""
    policy = dti.Policy(min_coverage=0.75)
    result = scored([[None, 10], [20, 20]], decimals=0, policy=policy)
    plan = analysis.to_reach(result, "u0", rank=1)
    last = analysis.to_reach(result, "u0", rank=2)
    aside = {"u0": dti.Unranked(reason="Mới thành lập", basis="ví dụ")}
    never = analysis.to_reach(graded([[1, 1], [2, 2]], unranked=aside), "u0")

    assert (last.before.rank, last.reached.rank) == (0, 2)
    assert last.cost == 0
    assert str(changed_marks(last)) == "[('1', nan, 0.0)]"
    assert plan.cost == 30
    assert (len(plan.changes), plan.reached.rank) == (1, 1)
    assert never.text("vi") == "Không thể: đơn vị không được xếp hạng (Mới thành lập)."


@pytest.mark.usefixtures("searched")
def test_a_gate_is_opened_where_that_is_cheaper() -> None:
    """One point that opens a gate gives back all that the gate took."""
    gate = [dti.NodeCondition("1.1", above=0)]
    parts = [dti.Component("1.1", "Họp", 10), dti.Component("1.2", "Bản tin", 50)]
    indices = [dti.Index("1", "Một", components=parts, zero_unless=gate), dti.Index("2", "Hai", 40)]
    rubric = dti.Rubric("r", "Ví dụ", indices, mark_decimals=0)
    sheet = dti.MarkSheet.from_array([[0, 30, 5], [5, 10, 20]], rubric, units=["a", "b"])
    plan = analysis.to_reach(dti.evaluate(rubric, sheet), "a")

    assert changed_marks(plan) == [("1.1", 0, 1)]
    assert plan.reached.published == 36


@pytest.mark.parametrize("rounding", ["half_up", "half_even", "down"])
@pytest.mark.parametrize("renormalise", ["overall", "by_level"])
def test_every_unit_of_a_table_needs_what_its_plan_says(rounding: Any, renormalise: Any) -> None:
    """The table of all units holds the points of each one's own plan, however it is renormalised and rounded."""
    rows = np.random.default_rng(5).integers(0, 41, (9, 2)).tolist()
    skip = dti.Exclusion(members=["2"], units=["u3", "u4"], treatment="skip", **WHY)
    policy = dti.Policy(renormalise=renormalise, publish=dti.Publish("percent", 0, rounding))
    rubric = dti.Rubric("r", "Ví dụ", [dti.Index("1", "Một", 60), dti.Index("2", "Hai", 40)], policy=policy)
    units = [f"u{row}" for row in range(9)]
    result = dti.evaluate(rubric, dti.MarkSheet.from_array(rows, rubric, units=units, exclusions=[skip]))
    table = analysis.to_reach(result, places=2)
    plans = [analysis.to_reach(result, unit, places=2) for unit in units]

    assert table.points.tolist() == pytest.approx(
        [float(plan.points) if plan.possible else np.nan for plan in plans], nan_ok=True, abs=0
    )
    assert np.isfinite(table.points).any()


def test_a_bonus_of_a_node_rises_to_what_applies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Free bonus points lift their node by what is left of its maximum; the rest is to be paid for elsewhere."""
    monkeypatch.setattr(search, "ALL_TRIED", 0)
    parts = [dti.Component("1.1", "Họp", 10), dti.Component("1.2", "Cộng", 5, role="bonus", adjusts="1")]
    indices = [dti.Index("1", "Một", components=parts), dti.Index("2", "Hai", 40)]
    rubric = dti.Rubric("r", "Ví dụ", indices, mark_decimals=0)
    sheet = dti.MarkSheet.from_array([[8, 0, 20], [10, 0, 25]], rubric, units=["a", "b"])
    plan = analysis.to_reach(dti.evaluate(rubric, sheet), "a", cost={"1.2": 0, "1.1": 9})

    assert changed_marks(plan) == [("1.2", 0, 2), ("2", 20, 25)]
    assert plan.optimal


def test_many_leaves_of_two_decimals() -> None:
    """On 98 leaves of a thousand marks each a plan is certain to be the cheapest: the cheapest points first."""
    rng = np.random.default_rng(3)
    rows = rng.integers(400, 900, (30, 98))
    result = scored(rows / 100, [10] * 98)
    ranks, cost = result.total.ranks(), rng.permutation(98) + 1
    first, last = rows[ranks.argmin()].sum(), int(ranks.argmax())
    prices: Any = dict(zip(result.rubric.tree.leaves, cost.tolist(), strict=True))
    plain, priced = (
        analysis.to_reach(result, result.units[last], rank=1, cost=own) for own in (None, prices)
    )
    needed, expected = int(first - rows[last].sum()), 0
    for leaf in cost.argsort().tolist():
        points = min(1000 - int(rows[last, leaf]), needed)
        needed, expected = needed - points, expected + points * int(cost[leaf])

    assert plain.optimal
    assert priced.optimal
    assert plain.points == priced.points == Fraction(int(first - rows[last].sum()), 100)
    assert priced.cost == Fraction(expected, 100)
    assert len(plain.changes) <= len(priced.changes)


@pytest.mark.usefixtures("searched")
@pytest.mark.parametrize(("own", "points"), [(1, 10), (2, 10), (3, 11)])
def test_a_tie_that_an_attribute_breaks(own: int, points: int) -> None:
    """To come level is enough for who goes first in a tie, or shares it; who goes last needs a point more."""
    indices = [dti.Index("1", "Một", 60), dti.Index("2", "Hai", 40)]
    policy = dti.Policy(tie_break=[dti.AttributeOrder("n", "ascending")])
    declared: Any = {"n": {"type": "integer"}}
    rubric = dti.Rubric("r", "Ví dụ", indices, mark_decimals=0, attributes=declared, policy=policy)
    plan = analysis.to_reach(evaluated([[40, 20], [50, 20]], rubric, attributes={"n": [own, 2]}), "u0")

    assert plan.points == points
    assert plan.reached.rank == 1


@pytest.mark.usefixtures("searched")
@pytest.mark.parametrize(
    ("role", "among", "points"),
    [
        (
            "penalty",
            None,
            6,
        ),  # 49 + 5, and the second penalty point taken back: 54 and one penalty point, as u1
        ("penalty", ["1"], 7),  # u1 is ahead at 54 each, so that 55 are needed
        ("bonus", None, 6),
        ("bonus", ["1"], 7),
    ],
)
def test_a_tie_that_bonus_or_penalty_breaks(role: Any, among: Any, points: int) -> None:
    """Where fewer penalty points, or more bonus points, go first, it counts where points are earned."""
    indices = [dti.Index("1", "Một", 60), dti.Index("2", "Hai", 10, role=role)]
    rubric = dti.Rubric("r", "Ví dụ", indices, mark_decimals=0, policy=dti.Policy(tie_break=["2"]))
    rows = {"penalty": [[50, 2], [55, 1]], "bonus": [[50, 1], [55, 2]]}[role]
    plan = analysis.to_reach(evaluated(rows, rubric), "u0", among=among)

    assert plan.points == points
    assert plan.reached.rank == 1


@pytest.mark.usefixtures("searched")
@pytest.mark.parametrize(("own", "points"), [(None, 11), (10, 35)])
def test_a_tie_that_a_part_breaks_which_a_rival_does_not_have(own: int | None, points: int) -> None:
    """To come level, at 51 of 60 or 85 of 100, is enough beside a rival without the index that breaks ties."""
    skipped = dti.Exclusion(members=["2"], treatment="skip", **WHY)
    facts = {"unit_exclusions": {unit: [skipped] for unit in (["u0"] if own is None else []) + ["u1"]}}
    indices = [dti.Index("1", "Một", 60), dti.Index("2", "Hai", 40)]
    rubric = dti.Rubric("r", "Ví dụ", indices, mark_decimals=0, policy=dti.Policy(tie_break=["2"]))
    plan = analysis.to_reach(evaluated([[40, own], [51, None]], rubric, **facts), "u0")

    assert plan.points == points
    assert plan.reached.rank == 1


@pytest.mark.usefixtures("searched")
@pytest.mark.parametrize(
    ("skipped", "steps"),
    [
        (False, [("1", 50, 55), ("2", 18, 25)]),  # 80 of 100, and 25 points at index 2, though they are dear
        (True, [("1", 40, 48)]),  # 80 % of 60
    ],
)
def test_what_points_at_a_node_take(skipped: bool, steps: Any) -> None:  # noqa: FBT001 - two cases
    """A grade that asks for points at an index takes them there, unless the index does not apply."""
    requires = [dti.NodeCondition("2", at_least=25, in_="points")]
    excluded = {"u0": [dti.Exclusion(members=["2"], treatment="skip", **WHY)]} if skipped else {}
    rows = [[40, None] if skipped else [50, 18], [10, 10]]
    result = graded(rows, requires, None, unit_exclusions=excluded)
    plan = analysis.to_reach(result, "u0", grade="excellent", cost={"2": 5})

    assert changed_marks(plan) == steps


@pytest.mark.usefixtures("searched")
def test_what_no_marks_meet_at_once() -> None:
    """A grade that asks for no more than half of an index is out of reach of who has more there: marks only rise."""
    result = graded([[60, 10], [10, 10]], [dti.NodeCondition("1", at_most=50)], None)
    plan = analysis.to_reach(result, "u0", grade="excellent")

    assert not plan.possible
    assert plan.optimal
    assert plan.text("en") == "Impossible: no marks within their bounds meet all conditions at once."


def test_the_grade_of_a_part() -> None:
    """An index is graded by the thresholds alone: 48 of 60 points are 80 %."""
    plan = analysis.to_reach(graded([[40, 0], [10, 10]]), "u0", node="1", grade="excellent")

    assert changed_marks(plan) == [("1", 40, 48)]
    assert plan.reached.grade == "excellent"


def test_a_quota_without_a_place() -> None:
    """A quota that lets nobody in, 40 % of two units, bars a grade whatever the marks."""
    plan = analysis.to_reach(
        graded([[50, 30], [10, 10]], quota=dti.Quota(percent=40)), "u0", grade="excellent"
    )

    assert plan.text("en") == "Impossible: the quota of this grade has no room for the unit."


@pytest.mark.parametrize(
    ("own", "steps"),
    [
        (
            [60, None],
            [("2", None, 10)],
        ),  # below the least coverage: 70 of 100, not ranked before it is marked
        ([60, 9], [("2", 9, 10)]),
    ],
)
def test_a_grade_below_one_with_a_quota(own: Any, steps: Any) -> None:
    """A grade is reached by its threshold, where the one above has a quota and units may be unranked, too."""
    plan = analysis.to_reach(
        graded([own, [10, 10]], policy=dti.Policy(min_coverage=0.75)), "u0", grade="good"
    )

    assert [(leaf, to) for leaf, _, to in changed_marks(plan)] == [(leaf, to) for leaf, _, to in steps]
    assert plan.reached.grade == "good"


def test_a_rival_that_a_limit_bars_takes_no_place() -> None:
    """Who is kept below a grade does not fill its quota: the next one needs its threshold, 80, not 91 against 90."""
    limit = dti.GradeLimit(at_most="good", reason="Vi phạm", basis="ví dụ")
    result = graded([[50, 26], [60, 30]], unit_grade_limits={"u1": [limit]})

    assert analysis.to_reach(result, "u0", grade="excellent").points == 4
    assert analysis.to_reach(graded([[50, 26], [60, 30]]), "u0", grade="excellent").points == 15


@pytest.mark.usefixtures("searched")
@pytest.mark.parametrize(("places", "points"), [(1, 10), (2, 20)])
def test_places_where_ties_take_one_place(places: int, points: int) -> None:
    """Dense ranks 1, 1, 2 and 3 are two places: from 80 to 90, and to 100."""
    rows = [[60, 40], [60, 40], [50, 40], [50, 30]]
    result = scored(rows, decimals=0, policy=dti.Policy(ties="dense"))

    assert analysis.to_reach(result, "u3", places=places).points == points
    assert analysis.to_reach(result, places=places).points.tolist()[3] == points


@pytest.mark.usefixtures("searched")
def test_what_exact_scores_take() -> None:
    """Where exact scores decide, four tenths that are printed alike are still to be earned."""
    rows = [[40, 20], [40, 20.4]]
    whole = dti.Publish("percent", 0)
    exact = scored(rows, decimals=1, policy=dti.Policy(decide_on="exact", publish=whole))
    printed = scored(rows, decimals=1, policy=dti.Policy(publish=whole))

    assert analysis.to_reach(exact, "u0", rank=1).points == Fraction("0.4")
    assert analysis.to_reach(printed, "u0", rank=1).points == 0


@pytest.mark.usefixtures("searched")
@pytest.mark.parametrize("kind", ["cap", "bonus"])
def test_what_a_common_cap_lets_through(kind: str) -> None:
    """Of what is cheap no more is taken than the cap lets through: 4 of the 6 points asked for, and 2 come dear."""
    role: Any = "bonus" if kind == "bonus" else "scored"
    parts = [dti.Component(code, "Phần", 3, role=role) for code in ("2.1", "2.2")]
    indices = [dti.Index("1", "Một", 60), dti.Index("2", "Hai", 4, components=parts, cap=True)]
    policy = dti.Policy(publish=dti.Publish("points"))
    rubric = dti.Rubric("r", "Ví dụ", indices, mark_decimals=0, policy=policy)
    plan = analysis.to_reach(evaluated([[40, 0, 0]], rubric), "u0", published=46, cost={"2": 0.5})

    assert changed_marks(plan) == [("1", 40, 42), ("2.1", 0, 3), ("2.2", 0, 1)]
    assert plan.cost == 4
    assert plan.optimal


@pytest.mark.usefixtures("searched")
@pytest.mark.parametrize(("node", "changed"), [("1", ["1.1", "1.2"]), ("2", ["2"])])
def test_a_gate_is_opened_only_where_it_is_in_the_way(node: str, changed: list[str]) -> None:
    """An index behind a gate opens it to rise; to another index the gate that stays shut is nothing."""
    gate = [dti.NodeCondition("1.1", above=0)]
    parts = [dti.Component("1.1", "Họp", 2), dti.Component("1.2", "Bản tin", 50)]
    indices = [dti.Index("1", "Một", components=parts, zero_unless=gate), dti.Index("2", "Hai", 40)]
    rubric = dti.Rubric("r", "Ví dụ", indices, mark_decimals=0)
    result = evaluated([[0, 0, 5], [1, 9, 20]], rubric)
    plan = analysis.to_reach(result, "u0", node=node, cost={"1.1": 5})

    assert [leaf for leaf, _, _ in changed_marks(plan)] == changed
    assert plan.points == {"1": 1 + 9, "2": 15}[node]


@pytest.mark.usefixtures("searched")
def test_no_more_is_marked_than_is_needed() -> None:
    """Of two unmarked indices one, of 60 points of 100, is enough to be ranked, behind all others."""
    result = scored([[None, None], [20, 20]], decimals=0, policy=dti.Policy(min_coverage=0.5))

    assert [leaf for leaf, _, _ in changed_marks(analysis.to_reach(result, "u0", rank=2))] == ["1"]


def test_points_of_units_that_have_little() -> None:
    """What one index cannot give is taken from the next, and who has nothing needs all."""
    rises = analysis.to_reach(scored([[60, 40], [55, 20], [0, 0]], decimals=0), places=1)

    assert repr(rises) == "<Rises of 3 units by 1>"
    assert rises.points.tolist()[1:] == [25, 75]
    assert np.isnan(rises.points[0])


def test_points_that_take_a_bonus() -> None:
    """Where scored indices are not enough, bonus points are needed beside them: 2 and 5."""
    indices = [dti.Index("1", "Một", 60), dti.Index("2", "Hai", 40), dti.Index("T", "Cộng", 5, role="bonus")]
    rubric = dti.Rubric("r", "Ví dụ", indices, mark_decimals=0, policy=dti.Policy(exceed_maximum=True))

    assert analysis.to_reach(evaluated([[60, 40, 5], [60, 38, 0]], rubric)).points.tolist()[1] == 7


@pytest.mark.usefixtures("searched")
def test_what_is_kept_from_below() -> None:
    """Where a penalty takes more than there is, the first points print nothing: 8 of them make up for it."""
    indices = [dti.Index("1", "Một", 60), dti.Index("2", "Hai", 10, role="penalty")]
    rubric = dti.Rubric("r", "Ví dụ", indices, mark_decimals=0)
    plan = analysis.to_reach(evaluated([[2, 10]], rubric), "u0", published=5, among=["1"])

    assert changed_marks(plan) == [("1", 2, 15)]


def test_a_search_that_gives_up_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no plan was found and there may be one, that is what is said, not that it is impossible."""
    monkeypatch.setattr(search, "ALL_TRIED", 0)
    indices = [dti.Index("1", "Một", 60), dti.Index("2", "Hai", 40, role="penalty")]
    rubric = dti.Rubric("r", "Ví dụ", indices, mark_decimals=0)
    plan = analysis.to_reach(evaluated([[0, 40]], rubric), "u0", published=1, among=["1"])

    assert not plan.optimal
    assert plan.text("en") == "No way was found, though that there is none is not certain."


def test_a_plan_through_a_gate_is_not_sure_to_be_the_cheapest() -> None:
    """Behind a gate, of more marks than are all tried others may cost less: that is told beside the plan."""
    gate = [dti.NodeCondition("1.1", above=0)]
    parts = [dti.Component("1.1", "Họp", 2), dti.Component("1.2", "Bản tin", 50)]
    indices = [dti.Index("1", "Một", components=parts, zero_unless=gate), dti.Index("2", "Hai", 40)]
    result = evaluated([[0, 49.99, 5], [1, 50, 30]], dti.Rubric("r", "Ví dụ", indices))
    plan = analysis.to_reach(result, "u0", rank=1)

    assert plan.possible
    assert not plan.optimal
    assert "That nothing cheaper does is not certain: a rule keeps the score" in plan.text("en")


def test_a_cover_that_is_given_up_is_not_certain(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search cut short has amounts that gain enough, and a bound below their cost instead of a false certainty."""
    monkeypatch.setattr(covering, "MOST_NODES", 1)
    found = cover([Item([3], (1,), 10, 1), Item([2, 4], (1,), 11, 1)], [4], {})

    assert found is not None
    assert found.cost in (31 + 23, 45)  # 3 + 2, or 4 alone
    assert found.bound < 45


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"rank": 1, "grade": "good"}, "not several"),
        ({"cost": {"1": -1}}, "a number from 0"),
        ({"steps": {"1": [61]}}, "is no mark of 1"),
        ({"published": -1}, "a number from 0"),
    ],
)
def test_questions_that_make_no_sense(asked: Any, message: str) -> None:
    """Two aims at once, prices below nothing, steps outside a leaf and values below 0 are refused."""
    with pytest.raises(dti.InvalidArgument, match=message):
        analysis.to_reach(graded([[50, 20]]), "u0", **asked)
    with pytest.raises(dti.InvalidArgument, match="name the unit"):
        analysis.to_reach(graded([[50, 20]]), cost={"1": 2})  # type: ignore[call-overload]


def test_nodes_that_have_no_rank_or_grade() -> None:
    """A node of penalties has no rank, and a part no grade where two bands share a threshold: that is said."""
    requires = [dti.NodeCondition("1", at_least=90)]
    bands = [dti.Band("a", "A", 80, requires=requires), dti.Band("b", "B", 80), dti.Band("c", "C", 0)]
    indices = [dti.Index("1", "Một", 60), dti.Index("P", "Trừ", 5, role="penalty")]
    result = evaluated([[50, 0]], dti.Rubric("r", "Ví dụ", indices, mark_decimals=0, bands=bands))

    with pytest.raises(dti.InvalidArgument, match="'P' has bonus or penalty points only"):
        analysis.to_reach(result, "u0", node="P")
    with pytest.raises(dti.InvalidArgument, match="1 has no grade, since two bands share a threshold"):
        analysis.to_reach(result, "u0", node="1", grade="a")
