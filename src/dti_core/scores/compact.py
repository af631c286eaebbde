"""What decides the ranks of a node, in twelve bytes a unit: what tallies count, and rank."""

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.columns.codes import instance, listed_codes
from dti_core.columns.factor import locked
from dti_core.errors import InvalidArgument, shorten
from dti_core.evaluation import rules
from dti_core.rubric import Rubric
from dti_core.rubric.conditions import typed
from dti_core.rubric.policy import Policy
from dti_core.scores import Scores
from dti_core.scores.setting import By
from dti_core.terms import Scalar, checking, instance_of
from dti_core.words import COLUMNS, results

GroupKey = tuple[tuple[bool, Scalar], ...]
"""The attribute values that a group shares, true apart from 1."""
Subject = tuple[Rubric, Policy, str, By]
"""Rubric, policy, node and grouping."""
MAX_COUNTERS = 100_000_000


def _values(column: Any) -> NDArray[np.int64]:
    return _column("values", column, np.int64)


def _groups(column: Any) -> NDArray[np.int32]:
    return _column("groups", column, np.int32)


def _column(name: str, column: Any, kind: type[np.signedinteger[Any]]) -> NDArray[Any]:
    if not isinstance(column, np.ndarray) or column.dtype != kind or column.ndim != 1:
        raise InvalidArgument(COLUMNS("kind", name=name, kind=kind.__name__, value=shorten(column)))
    return locked(column)


@attrs.frozen(eq=False, repr=False)
class Compact:
    """What decides the ranks of a node, kept of scores whose marks are let go: a published value and a group each.

    Takes 12 bytes a unit and pickles; a :class:`Tally` counts and ranks it as it does the scores. Refuses what a
    published value alone does not decide: ``decide_on="exact"``, points under ``renormalise="none"``, and a total with
    a tie-break.

    >>> from dti_core import Index, MarkSheet, Rubric, Tally, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30)])
    >>> scores = evaluate(rubric, MarkSheet.from_array([[9], [12]], rubric, units=["a", "b"])).total
    >>> kept = Compact.of(scores)
    >>> kept.values.tolist(), kept.groups.tolist(), Tally.of(kept).ranks(kept).tolist()
    ([900, 1200], [0, 0], [2, 1])
    """

    #: rubric, policy, node and grouping
    subject: Subject = attrs.field(validator=checking(instance_of(tuple)))
    #: the published value of each unit in units of its last decimal, 0 where it is not ranked
    values: NDArray[np.int64] = attrs.field(converter=_values)
    #: the number of each unit's group, −1 where it is not ranked
    groups: NDArray[np.int32] = attrs.field(converter=_groups)
    #: the attribute values that the units of a group share
    labels: tuple[GroupKey, ...] = attrs.field(validator=checking(instance_of(tuple)))

    def __repr__(self) -> str:
        return f"<Compact of {self.subject[2]!r}: {len(self.values)} units in {len(self.labels)} groups>"

    @classmethod
    def of(cls, scores: Scores, by: By = None) -> "Compact":
        """Keep what decides the ranks within the rubric's blocks; ``by`` names attributes to rank within instead."""
        instance("scores", scores, Scores)
        setting, node = scores.setting, scores.node
        names = by if by is None or isinstance(by, str) else listed_codes("by", by)
        if setting.policy.decide_on == "exact":
            raise results.refused("tally.exact")
        if rules.prints_own_scales(setting.policy, node):
            raise results.refused("tally.scales")
        if scores.tie_break:
            raise results.refused("tally.tie_break")
        groups, shared = scores.labelled_groups(names)
        values = np.where(groups >= 0, scores.published_units, 0)
        if values.max(initial=0) > MAX_COUNTERS:
            raise results.refused("tally.many", most=MAX_COUNTERS)
        subject = (setting.rubric, setting.policy, node, names)
        return cls(subject, values.astype(np.int64), groups, tuple(typed(label) for label in shared))
