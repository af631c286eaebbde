"""Rubrics with everything that a decision can say, held to the exact reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import reference_ranks
from hypothesis import given
from strategies_decisions import decided_documents
from tallied import tallied
from test_properties import FIELDS, agree, evaluated, expected_of, nearest, scores_of

import dti_core as dti

if TYPE_CHECKING:
    from test_properties import Pair


def check_node(expected: Any, result: dti.Result, node: str) -> None:
    """Every figure of a node is the exact one, as a fraction and as the nearest double; so are ranks and thresholds."""
    scores, records = scores_of(result, node), [nodes[node] for nodes in expected["units"].values()]
    for field in FIELDS:
        exact = [getattr(record, field) for record in records]
        assert scores.exact(field) == exact, (node, field)
        agree(getattr(scores, field), [nearest(value) for value in exact], (node, field))
    assert scores.ranks().tolist() == [*reference_ranks.ranks(expected, node).values()], node
    assert scores.grades(by_thresholds=True).tolist() == [record.grade for record in records], node
    tallied["cells compared"] += (len(FIELDS) + 2) * len(records)


@given(decided_documents())
def test_what_decisions_say_is_scored_exactly(pair: Pair) -> None:
    """Worth, caps, gates, own bonus, reductions, scales, ties and grades come out as exact arithmetic has them."""
    expected = expected_of(pair)
    if expected is None:
        with pytest.raises(dti.InvalidDocument):
            evaluated(pair)
        return
    result = evaluated(pair)
    for node in expected["nodes"]:
        check_node(expected, result, node)
    assert result.total.grades().tolist() == [*reference_ranks.grades(expected).values()]
