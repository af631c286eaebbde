"""Tallies: counts of published values, which add up over parts and rank the whole."""

from collections.abc import Mapping
from typing import Any, cast

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.columns.codes import instance, option
from dti_core.columns.factor import locked
from dti_core.columns.frozen import Frozen
from dti_core.errors import InvalidArgument, shorten
from dti_core.evaluation.ranking import TIES, ranks_by_count
from dti_core.rubric.policy import Ties
from dti_core.scores import Scores
from dti_core.scores.compact import Compact, GroupKey, Subject
from dti_core.scores.setting import By
from dti_core.terms import checking, instance_of, optional
from dti_core.words import COLUMNS, results


def _counts(counts: Any) -> Mapping[GroupKey, NDArray[np.int64]]:
    if not isinstance(counts, Mapping) or not all(map(_is_count, counts.values())):
        raise InvalidArgument(COLUMNS("kind", name="counts", kind="Mapping[…, int64]", value=shorten(counts)))
    return Frozen({label: locked(column) for label, column in counts.items()})


def _is_count(column: Any) -> bool:
    return isinstance(column, np.ndarray) and column.dtype == np.int64 and column.ndim == 1


@attrs.frozen(eq=False, repr=False)
class Tally:
    """How many units have each published value of a node, in each group that is ranked.

    Tallies of parts of a sheet add up to the tally of the whole, and a tally gives any part its ranks within the whole:
    of its scores, or of what :class:`Compact` keeps of them.
    Refuses what a published value alone does not decide: ``decide_on="exact"``, points under ``renormalise="none"``,
    and a total with a tie-break.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30)])
    >>> sheets = [MarkSheet.from_array([[mark]], rubric, units=[unit]) for unit, mark in [("a", 9), ("b", 12)]]
    >>> parts = [evaluate(rubric, sheet) for sheet in sheets]
    >>> tally = sum((Tally.of(part.total) for part in parts), Tally.none())
    >>> [tally.ranks(part.total).tolist() for part in parts]
    [[2], [1]]
    """

    #: rubric, policy, node and grouping: only tallies of the same add up
    subject: Subject | None = attrs.field(validator=checking(optional(instance_of(tuple))))
    #: counts by published value (in units of its last decimal), for each group
    counts: Mapping[GroupKey, NDArray[np.int64]] = attrs.field(converter=_counts)

    def __repr__(self) -> str:
        if self.subject is None:
            return "<Tally of nothing>"
        units = sum(int(counts.sum()) for counts in self.counts.values())
        return f"<Tally of {self.subject[2]!r}: {units} units in {len(self.counts)} groups>"

    @classmethod
    def none(cls) -> "Tally":
        """The tally of nothing, to start a sum with."""
        return cls(None, {})

    @classmethod
    def of(cls, scores: Scores | Compact, by: By = None) -> "Tally":
        """Count the published values of the units that are ranked; compact scores are grouped as they were made."""
        kept = _kept(scores, by)
        counts = [np.bincount(kept.values[kept.groups == at]) for at in range(len(kept.labels))]
        return cls(kept.subject, dict(zip(kept.labels, counts, strict=True)))

    def __add__(self, other: "Tally") -> "Tally":
        instance("a summand", other, Tally)
        if self.subject is None or other.subject is None:
            return other if self.subject is None else self
        if self.subject != other.subject:
            raise results.refused("tally.other")
        merged = dict(self.counts)
        for label, counts in other.counts.items():
            merged[label] = _added(merged[label], counts) if label in merged else counts
        return Tally(self.subject, merged)

    def ranks(self, scores: Scores | Compact, ties: Ties | None = None) -> NDArray[np.int64]:
        """The ranks of a part's units within all that was counted, 0 where unranked."""
        if ties is not None:
            option("ties", ties, *TIES)
        by = None if self.subject is None else self.subject[3]
        kept = _kept(scores, None if isinstance(scores, Compact) else by)
        if self.subject != kept.subject:
            raise results.refused("tally.foreign")
        result = np.zeros(len(kept.values), dtype=np.int64)
        for at, label in enumerate(kept.labels):
            here = kept.groups == at
            result[here] = self._ranks(label, kept.values[here], ties or kept.subject[1].ties)
        return locked(result)

    def _ranks(self, label: GroupKey, values: NDArray[np.int64], ties: Ties) -> NDArray[np.int64]:
        counts = self.counts.get(label, np.zeros(0, dtype=np.int64))
        if len(counts) <= values.max() or not counts[values].all():
            raise results.refused("tally.uncounted")
        ranks: NDArray[np.int64] = ranks_by_count(counts[None, :], ties)[0][values]
        return ranks


def _added(left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    result = np.zeros(max(len(left), len(right)), dtype=np.int64)
    for counts in (left, right):
        result[: len(counts)] += counts
    return result


def _kept(scores: Scores | Compact, by: By) -> Compact:
    if isinstance(scores, Compact) and by is None:
        return scores
    instance("scores", scores, Scores)
    return Compact.of(cast("Scores", scores), by)
