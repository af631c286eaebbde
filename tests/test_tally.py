"""Ranks from parts: tallies add up in any order and rank every part within the whole."""

import pickle
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dti_core as dti
from dti_core.scores import compact

WHY: Any = {"reason": "giả định", "basis": "giả định"}
BLOCKS = [
    dti.Block("a", "Khối A", {"kind": 0}),
    dti.Block("b", "Khối B", {"kind": 1}),
    dti.Block("c", "Khối C", {"kind": 2}, ranked=False),
]
RULE = dti.ExclusionRule(code="none", members=["1", "2"], treatment="skip", when={"kind": 3}, **WHY)


def rubric(*blocks: dti.Block, **policy: Any) -> dti.Rubric:
    """Two indices, one rule that leaves nothing of a unit of kind 3."""
    return dti.Rubric(
        "tally",
        "Giả định",
        [dti.Index("1", "Một", 6), dti.Index("2", "Hai", 4)],
        attributes={"kind": {"type": "integer"}, "place": {"type": "string"}},
        exclusions=[RULE],
        blocks=blocks,
        policy=dti.Policy(**policy),
    )


Rows = Sequence[tuple[float, float, int]]


def total(of: dti.Rubric, rows: Rows) -> dti.Scores:
    """The totals of rows of marks and kind; every other kind is in one place."""
    marks = np.array([row[:2] for row in rows], dtype=float).reshape(-1, 2)
    attributes: dict[str, list[Any]] = {
        "kind": [kind for *_, kind in rows],
        "place": [f"p{kind % 2}" for *_, kind in rows],
    }
    sheet = dti.MarkSheet.from_array(
        marks, of, units=[f"u{at}" for at in range(len(rows))], attributes=attributes
    )
    return dti.evaluate(of, sheet).total


@given(
    rows=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 4), st.integers(0, 3)), max_size=24),
    cuts=st.lists(st.integers(0, 24), max_size=4),
    order=st.randoms(use_true_random=False),
    blocks=st.sampled_from([(), tuple(BLOCKS)]),
    by=st.sampled_from([None, (), "place", ("place", "kind")]),
    ties=st.sampled_from(["competition", "dense"]),
    form=st.sampled_from(["points", "ratio", "percent"]),
)
def test_parts_in_any_order_rank_as_the_whole(
    rows: Rows, cuts: list[int], order: Any, blocks: Any, by: Any, ties: Any, form: Any
) -> None:
    """However rows are cut into parts and their tallies added, each part gets the ranks it has in the whole."""
    scoring = rubric(*blocks, ties=ties, publish=dti.Publish(form, decimals=1))
    edges = [0, *sorted(min(cut, len(rows)) for cut in cuts), len(rows)]
    parts = [total(scoring, rows[start:stop]) for start, stop in pairwise(edges)]
    tallies = [dti.Tally.of(part, by=by) for part in parts]
    order.shuffle(tallies)

    tally = sum(tallies, dti.Tally.none())

    ranks = [rank for part in parts for rank in tally.ranks(part).tolist()]
    assert ranks == total(scoring, rows).ranks(by=by).tolist()
    kept = [dti.Compact.of(part, by=by) for part in parts]
    again = sum(map(dti.Tally.of, kept), dti.Tally.none())
    assert [rank for part in kept for rank in again.ranks(part).tolist()] == ranks


@given(
    tenths=st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=9
    )
)
def test_adding_is_associative(tenths: Rows) -> None:
    """It does not matter which tallies are added first, and nothing added changes nothing."""
    parts = [dti.Tally.of(total(rubric(*BLOCKS), [row])) for row in tenths]
    forwards, backwards = dti.Tally.none(), dti.Tally.none()
    for part in parts:
        forwards = forwards + part
    for part in reversed(parts):
        backwards = part + backwards + dti.Tally.none()

    assert counts(forwards) == counts(backwards)
    assert sum(sum(each) for each in counts(forwards).values()) == sum(kind < 2 for *_, kind in tenths)


def counts(tally: dti.Tally) -> dict[Any, list[int]]:
    """The counts as plain lists."""
    return {label: each.tolist() for label, each in tally.counts.items()}


def test_a_tally_says_what_it_counts() -> None:
    """In a debugger a tally names its node and how many it counted; to begin with there is nothing."""
    tally = dti.Tally.of(total(rubric(), [(6, 4, 0), (3, 2, 1), (6, 4, 2)]))

    assert repr(tally) == "<Tally of 'total': 3 units in 1 groups>"
    assert repr(dti.Tally.none()) == "<Tally of nothing>"


def test_a_tally_survives_pickling() -> None:
    """A tally made in one process adds up and ranks in another."""
    part = total(rubric(*BLOCKS), [(6, 4, 0), (0, 0, 0), (1, 1, 1)])

    tally = dti.Tally.of(part) + pickle.loads(pickle.dumps(dti.Tally.of(part)))  # noqa: S301

    assert tally.ranks(pickle.loads(pickle.dumps(part))).tolist() == [1, 3, 1]  # noqa: S301


def test_what_is_kept_takes_twelve_bytes_a_unit() -> None:
    """What is kept of scores travels without marks, and is ranked where it arrives."""
    part = total(rubric(*BLOCKS), [(6, 4, 0), (0, 0, 0), (1, 1, 1), (6, 4, 2)] * 5_000)

    kept = dti.Compact.of(part)
    sent = pickle.dumps(kept)

    assert len(sent) < 12 * 20_000 + 10_000
    assert dti.Tally.of(part).ranks(pickle.loads(sent)).tolist()[:4] == [1, 5_001, 1, 0]  # noqa: S301
    with pytest.raises(ValueError, match="read-only"):
        kept.values[0] = 7


def test_any_executor() -> None:
    """Two calls of map and one sum rank rows wherever they are."""
    scoring = rubric()
    parts = [[(6, 4, 0)], [(2, 2, 0), (6, 3, 1)], [(6, 4, 1)]]
    pool: Executor
    with ThreadPoolExecutor(2) as pool:
        tally = sum(pool.map(lambda part: dti.Tally.of(total(scoring, part)), parts), dti.Tally.none())
        ranks = list(pool.map(lambda part: tally.ranks(total(scoring, part)).tolist(), parts))

    assert ranks == [[1], [4, 3], [1]]


def test_the_rank_rule_can_be_chosen_when_asking() -> None:
    """Counts know both rank rules."""
    part = total(rubric(), [(6, 4, 0), (6, 4, 0), (1, 1, 0)])
    tally = dti.Tally.of(part)

    assert tally.ranks(part).tolist() == [1, 1, 3]
    assert tally.ranks(part, ties="dense").tolist() == [1, 1, 2]


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        ({"decide_on": "exact"}, "published values"),
        ({"renormalise": "none"}, "scales of their own"),
        ({"tie_break": ["1"]}, "tie"),
        ({"publish": dti.Publish("points", decimals=9)}, "fewer decimals"),
    ],
)
def test_what_published_values_do_not_decide(policy: Any, message: str) -> None:
    """Where a published value alone does not settle a rank there is no tally."""
    with pytest.raises(dti.InvalidArgument, match=message):
        dti.Tally.of(total(rubric(**policy), [(6, 4, 0), (3, 2, 3)]))


def test_a_tally_has_room_for_the_highest_value(monkeypatch: pytest.MonkeyPatch) -> None:
    """10.00 points are 1,000 hundredths: a thousand counters hold them, and 999 do not."""
    part = total(rubric(), [(6, 4, 0), (3, 2, 0)])

    monkeypatch.setattr(compact, "MAX_COUNTERS", 1000)
    assert dti.Tally.of(part).ranks(part).tolist() == [1, 2]
    monkeypatch.setattr(compact, "MAX_COUNTERS", 999)
    with pytest.raises(dti.InvalidArgument, match="fewer decimals"):
        dti.Tally.of(part)


def test_tallies_of_different_things_do_not_add_up() -> None:
    """Another rubric, policy, node or grouping is refused, in adding and in ranking."""
    rows = [(6, 4, 0), (3, 2, 1)]
    part = total(rubric(), rows)
    tally = dti.Tally.of(part)
    index = dti.evaluate(part.setting.rubric, part.setting.marks)["1"]
    others = [
        dti.Tally.of(total(rubric(*BLOCKS), rows)),
        dti.Tally.of(total(rubric(ties="dense"), rows)),
        dti.Tally.of(index),
        dti.Tally.of(part, by="place"),
    ]

    for other in others:
        with pytest.raises(dti.InvalidArgument, match="different rubrics, policies, nodes or groupings"):
            _ = tally + other
    with pytest.raises(dti.InvalidArgument, match="another rubric, policy or node"):
        tally.ranks(index)
    with pytest.raises(dti.InvalidArgument, match="another rubric, policy or node"):
        dti.Tally.none().ranks(part)
    with pytest.raises(dti.InvalidArgument, match="another rubric, policy or node"):
        tally.ranks(dti.Compact.of(part, by="place"))
    with pytest.raises(dti.InvalidArgument, match="scores: Scores is needed"):
        dti.Tally.of(dti.Compact.of(part), by="place")


def test_units_that_were_not_counted() -> None:
    """A part with a value that nobody counted has no rank in the tally."""
    tally = dti.Tally.of(total(rubric(), [(6, 0, 0), (2, 0, 0)]))

    for strangers in ([(6, 4, 0)], [(6, 0.01, 0)], [(3, 0, 0)], [(2, 0, 0), (6, 4, 0)]):
        with pytest.raises(dti.InvalidArgument, match="not counted"):
            tally.ranks(total(rubric(), strangers))
