"""The library against the exact reference, on random rubrics and marks."""

from __future__ import annotations

import copy
import decimal
import itertools
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pytest
import reference
import reference_ranks
from hypothesis import Phase, assume, event, example, given, settings
from hypothesis import strategies as st
from reference_rules import Document, Refused, Tree
from strategies import contested, crowded, documents
from tallied import tallied

import dti_core as dti

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

Pair = tuple[Document, Document]
Ties = Literal["competition", "dense"]
TIES: list[Ties] = ["competition", "dense"]
FIELDS = ("points", "applicable", "rate", "score", "published", "completeness", "coverage")
FORMS: list[tuple[str, int, int | None]] = [
    ("points", 0, None),
    ("points", 2, None),
    ("ratio", 1, None),
    ("ratio", 4, None),
    ("percent", 0, None),
    ("percent", 2, None),
    ("percent", 9, None),
    ("scale", 1, 7),
]
ROUNDINGS = {
    "half_up": decimal.ROUND_HALF_UP,
    "half_even": decimal.ROUND_HALF_EVEN,
    "down": decimal.ROUND_DOWN,
}
some = settings(max_examples=max(10, settings().max_examples // 5))


def expected_of(pair: Pair, policy: Document | None = None) -> Document | None:
    """What the reference makes of the documents; `None` where it refuses them."""
    try:
        return reference.evaluate(*pair, policy)
    except Refused as refusal:
        event(f"refused: {str(refusal).split()[0]}")
        return None


def evaluated(pair: Pair) -> Any:
    """What the library makes of the documents."""
    rubric = dti.load_rubric(pair[0])
    return dti.evaluate(rubric, dti.load_marks(pair[1], rubric))


def scores_of(result: Any, node: str) -> Any:
    """The scores of a node."""
    return result.total if node == "total" else result[node]


def unit_codes(result: Any) -> list[str]:
    """The codes of the units of a result, in its order."""
    return [getattr(unit, "code", unit) for unit in result.units]


def nearest(value: Fraction | None) -> float:
    """The double nearest to an exact value; NaN for null."""
    return math.nan if value is None else float(value)


def agree(got: Any, wanted: Sequence[float], what: object) -> None:
    """Check a float64 array bit by bit; null agrees only with null."""
    assert got.dtype == np.float64, what
    assert got.shape == (len(wanted),), what
    np.testing.assert_array_equal(got, np.array(wanted), err_msg=str(what))
    tallied["cells compared"] += len(wanted)


def attribute_choices(pair: Pair) -> list[Any]:
    """Everything units may be ranked by: nothing, no attribute, each one, and two of them."""
    rubric, marks = pair
    carried = [name for unit in marks["units"] for name in unit.get("attributes", {})]
    names = sorted({*rubric.get("attributes", {}), *carried, *(["block"] if "blocks" in rubric else [])})
    return [None, (), *names, *itertools.islice(itertools.permutations(names, 2), 3)]


def check_node(expected: Document, result: Any, node: str) -> None:
    """Compare all arrays and grades of a node."""
    scores, records = scores_of(result, node), [nodes[node] for nodes in expected["units"].values()]
    for field in FIELDS:
        agree(getattr(scores, field), [nearest(getattr(record, field)) for record in records], (node, field))
    assert [grade or None for grade in scores.grades()] == [record.grade for record in records], node
    tallied["cells compared"] += len(records)
    for form, decimals, of in FORMS:
        shown = reference_ranks.published_as(expected, node, form, decimals, of).values()
        got = scores.published_as(form, decimals, of=of)
        agree(got, [nearest(value) for value in shown], (node, form, decimals))


def check_ranks(expected: Document, result: Any, node: str, choices: Sequence[Any]) -> None:
    """Compare the ranks of a node among everyone they can be asked for, with both ways to number ties."""
    for by, ties in itertools.product(choices, (None, "competition", "dense")):
        got = scores_of(result, node).ranks(by=by, ties=ties)
        assert got.dtype == np.int64
        assert got.tolist() == list(reference_ranks.ranks(expected, node, by, ties).values()), (
            node,
            by,
            ties,
        )
        tallied["cells compared"] += len(got)


def check_everything(expected: Document, result: Any, pair: Pair) -> None:
    """Compare a result with the reference in all that both say."""
    assert unit_codes(result) == [unit["code"] for unit in pair[1]["units"]]
    for node in expected["nodes"]:
        check_node(expected, result, node)
        check_ranks(expected, result, node, attribute_choices(pair))


def check(pair: Pair) -> None:
    """Compare everything, or see that what the reference refuses is refused, and that nothing was changed."""
    expected, given_pair = expected_of(pair), copy.deepcopy(pair)
    if expected is None:
        with pytest.raises(dti.InvalidDocument):
            evaluated(pair)
    else:
        check_everything(expected, evaluated(pair), pair)
    assert pair == given_pair, "reading a document leaves it as it was"


@given(documents())
def test_everything_is_as_the_rules_say(pair: Pair) -> None:
    """Every figure, grade and rank is what exact arithmetic by the rules gives, and what contradicts is refused."""
    check(pair)


@given(contested())
def test_everything_where_sources_meet(pair: Pair) -> None:
    """Rules and decisions for the same leaves agree, override one another or are refused as the rules say."""
    check(pair)


@given(crowded())
def test_everything_where_units_tie(pair: Pair) -> None:
    """Ties are found, broken and numbered as the rules say, null last."""
    check(pair)


@some
@given(documents(), st.data())
def test_another_policy_at_evaluation(pair: Pair, data: st.DataObject) -> None:
    """A policy given to `evaluate` takes the place of the rubric's own, and the marks stay as they were read."""
    rubric, marks = pair
    other = {**rubric, "policy": data.draw(st.sampled_from(POLICIES))}
    for document in (rubric, other):
        assume(expected_of((document, marks)) is not None)
    ours, theirs = dti.load_rubric(rubric), dti.load_rubric(other)
    sheet = dti.load_marks(marks, ours)
    dti.evaluate(ours, sheet)
    expected = reference.evaluate(rubric, marks, other["policy"])
    check_everything(expected, dti.evaluate(ours, sheet, policy=theirs.policy), pair)


POLICIES: list[Document] = [
    {"renormalise": "by_level", "missing": "exclude", "decide_on": "exact", "ties": "dense"},
    {"renormalise": "none", "publish": {"as": "percent", "decimals": 1, "rounding": "down"}},
    {"min_coverage": 0.5, "exceed_maximum": True, "publish": {"as": "ratio", "decimals": 3}},
]


def by_code(pair: Pair) -> dict[tuple[str, str], list[object]]:
    """What the library says about a unit at a node, ranks aside."""
    result = evaluated(pair)
    found: dict[tuple[str, str], list[object]] = {}
    for node in Tree(pair[0]).children:
        scores = scores_of(result, node)
        arrays = [getattr(scores, field) for field in FIELDS]
        for position, unit in enumerate(unit_codes(result)):
            values = [array[position] for array in arrays]
            found[unit, node] = [*map(str, values), scores.grades()[position]]
    return found


def ranks_by_code(pair: Pair) -> dict[tuple[str, str], int]:
    """Every unit's rank at every node."""
    result = evaluated(pair)
    nodes = list(Tree(pair[0]).children)
    ranks = {node: scores_of(result, node).ranks() for node in nodes}
    return {
        (unit, node): int(ranks[node][at]) for at, unit in enumerate(unit_codes(result)) for node in nodes
    }


@some
@given(documents(), st.randoms(use_true_random=False))
def test_the_order_of_units_does_not_matter(pair: Pair, chance: random.Random) -> None:
    """The same bits for every unit, and the same ranks, in whatever order the units come."""
    assume(expected_of(pair) is not None)
    rubric, marks = pair
    shuffled = {**marks, "units": chance.sample(marks["units"], len(marks["units"]))}
    assert by_code((rubric, shuffled)) == by_code(pair)
    assert ranks_by_code((rubric, shuffled)) == ranks_by_code(pair)


def shuffled_nodes(nodes: list[Document], chance: random.Random) -> list[Document]:
    """Sibling nodes in another order, at every depth."""
    return [
        {**node, "components": shuffled_nodes(node["components"], chance)} if "components" in node else node
        for node in chance.sample(nodes, len(nodes))
    ]


@some
@given(documents(), st.randoms(use_true_random=False))
def test_the_order_of_nodes_does_not_matter(pair: Pair, chance: random.Random) -> None:
    """The same figures for every unit and node, and the same ranks, in whatever order the table lists its parts."""
    assume(expected_of(pair) is not None)
    rubric, marks = pair
    other = {**rubric, "indices": shuffled_nodes(rubric["indices"], chance)}
    for key in {"groups", "pillars", "exclusions", "blocks"} & rubric.keys():
        other[key] = chance.sample(rubric[key], len(rubric[key]))
    assert by_code((other, marks)) == by_code(pair)
    assert ranks_by_code((other, marks)) == ranks_by_code(pair)


def only(marks: Document, codes: Sequence[str]) -> Document:
    """The marks document of some of its units, with the decisions that concern them."""
    decisions = []
    for decision in marks.get("exclusions", []):
        named = [code for code in decision.get("units", codes) if code in codes]
        if "units" not in decision:
            decisions.append(decision)
        elif named:
            decisions.append({**decision, "units": named})
    units = [unit for unit in marks["units"] if unit["code"] in codes]
    return {**marks, "units": units, "exclusions": decisions}


@some
@given(documents())
def test_units_are_scored_apart_from_one_another(pair: Pair) -> None:
    """Scoring a part of the units gives each the same bits as scoring them with all the others."""
    assume(expected_of(pair) is not None)
    rubric, marks = pair
    codes = [unit["code"] for unit in marks["units"]]
    whole = by_code(pair)
    parts = [by_code((rubric, only(marks, part))) for part in (codes[::2], codes[1::2])]
    assert parts[0] | parts[1] == whole


@settings(max_examples=10, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(documents(unit_conditions=False))
def test_many_units(pair: Pair) -> None:
    """Five hundred copies of the units score alike, and each rank makes room for the copies above it."""
    rubric, marks = pair
    assume(expected_of(pair) is not None)
    copies = 500
    many = {**marks, "units": [], "exclusions": []}
    for number, unit in itertools.product(range(copies), marks["units"]):
        many["units"].append({**unit, "code": f"{unit['code']}-{number}"})
    for decision in marks.get("exclusions", []):
        named = [f"{code}-{number}" for code in decision.get("units", []) for number in range(copies)]
        many["exclusions"].append({**decision, "units": named} if "units" in decision else decision)
    few, lots = evaluated(pair), evaluated((rubric, many))
    for node in Tree(rubric).children:
        for field in FIELDS:
            once = getattr(scores_of(few, node), field)
            np.testing.assert_array_equal(getattr(scores_of(lots, node), field), np.tile(once, copies))
        once = scores_of(few, node).ranks(ties="competition")
        wanted = np.where(once == 0, 0, (once - 1) * copies + 1)
        np.testing.assert_array_equal(
            scores_of(lots, node).ranks(ties="competition"), np.tile(wanted, copies), err_msg=node
        )


def one_leaf(max_points: float, mark: float, publish: Document) -> float:
    """The published total of a rubric of one leaf."""
    rubric = {
        "schema": "dti-core/rubric/1",
        "code": "one",
        "title": "Một",
        "mark_decimals": 3,
        "indices": [{"code": "1", "title": "Một", "max_points": max_points}],
        "policy": {"publish": publish},
    }
    units = [{"code": "a", "marks": {"1": mark}}]
    result = evaluated((rubric, {"schema": "dti-core/marks/1", "rubric": "one", "units": units}))
    return float(result.total.published[0])


@pytest.mark.parametrize("rounding", ROUNDINGS)
@pytest.mark.parametrize(
    "text", ["0.125", "1.005", "2.675", "0.375", "9.995", "0.005", "0.015", "1.115", "2.665"]
)
def test_halves_round_as_decimals_do(text: str, rounding: str) -> None:
    """1.005 is one and five thousandths, not the double a little below it."""
    wanted = Decimal(text).quantize(Decimal("0.01"), ROUNDINGS[rounding])
    assert one_leaf(10, float(text), {"decimals": 2, "rounding": rounding}) == float(wanted)


@some
@given(
    st.integers(0, 100_000),
    st.sampled_from(["points", "ratio", "percent"]),
    st.integers(0, 5),
    st.sampled_from(sorted(ROUNDINGS)),
)
@example(10_050, "percent", 1, "half_even")
@example(50, "ratio", 3, "half_up")
def test_any_mark_rounds_as_decimals_do(ticks: int, form: str, decimals: int, rounding: str) -> None:
    """Points, ratio and percent of 100 round as the decimal they are, each way."""
    mark = Decimal(ticks).scaleb(-3)
    exact = mark / 100 if form == "ratio" else mark
    wanted = exact.quantize(Decimal(1).scaleb(-decimals), ROUNDINGS[rounding])
    got = one_leaf(100, float(mark), {"as": form, "decimals": decimals, "rounding": rounding})
    assert got == float(wanted)


def ranked(values: Sequence[float], by: Sequence[str] | None, ties: str) -> Iterator[int]:
    """Ranks by their definition: one more than how many are better, or how many better values there are."""
    for at, value in enumerate(values):
        rivals = [other for place, other in enumerate(values) if by is None or by[place] == by[at]]
        better = [other for other in rivals if other > value]
        yield 0 if math.isnan(value) else 1 + len(better if ties == "competition" else set(better))


@given(
    st.lists(
        st.tuples(
            st.sampled_from([0.0, -0.0, 1.0, 1.5, 2.0, 44.41, 44.4, -3.0, math.nan])
            | st.floats(allow_infinity=False),
            st.sampled_from(["A", "B", "C"]),
        ),
        max_size=30,
    ),
    st.booleans(),
    st.sampled_from(TIES),
)
def test_rank_by_its_definition(rows: list[tuple[float, str]], within: bool, ties: Ties) -> None:  # noqa: FBT001
    """`dti.rank` counts who is better, within each label where labels are given; NaN is not ranked."""
    values, labels = [value for value, _ in rows], [label for _, label in rows]
    by = labels if within else None
    got = dti.rank(np.array(values, dtype=np.float64), by=by, ties=ties)
    assert got.dtype == np.int64
    assert got.tolist() == list(ranked(values, by, ties))
