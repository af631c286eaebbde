"""What may have changed from one round to the next, and what share each cause has in the difference: exactly."""

from collections.abc import Sequence
from math import factorial
from typing import Any, Literal, get_args

import attrs
import numpy as np

from dti_core.analysis.doors import column
from dti_core.answer import Ints, kept
from dti_core.errors import InvalidArgument
from dti_core.exact.rationals import Rationals
from dti_core.words import CHANGES as WORDS

Cause = Literal["own_marks", "others_marks", "rubric", "own_exclusions", "others_exclusions", "membership"]
CAUSES: tuple[Cause, ...] = get_args(Cause)
COALITIONS = 2 ** len(CAUSES)
HAS = kept((np.arange(COALITIONS)[:, None] >> np.arange(len(CAUSES))) & 1)
"""(coalitions, causes) whether a cause is in the state of the later round: every combination there is."""


def state(cause: Cause) -> Ints:
    """(coalitions,) the round whose state a cause is in, 0 or 1."""
    return np.asarray(HAS[:, CAUSES.index(cause)])


@attrs.frozen(eq=False)
class Weights:
    """How the value of each combination counts in the share of each cause; shares add up to the last less the first."""

    #: (causes, coalitions) over the denominator
    counts: Ints
    denominator: int

    @classmethod
    def of(cls, order: Sequence[Cause] | None) -> "Weights":
        """Those of one order; without one all orders count alike."""
        return cls.shapley() if order is None else cls.path(order)

    @classmethod
    def shapley(cls) -> "Weights":
        """The mean of what a cause changes when it comes next, over all orders in which causes can come."""
        others = HAS.sum(axis=1)[:, None] - HAS
        orders = np.array([factorial(at) * factorial(len(CAUSES) - 1 - at) for at in range(len(CAUSES))])
        return cls((orders[others] * (2 * HAS - 1)).T, factorial(len(CAUSES)))

    @classmethod
    def path(cls, order: Sequence[Cause]) -> "Weights":
        """What each cause changes when they come in one order."""
        counts = np.zeros((len(CAUSES), COALITIONS), dtype=np.int64)
        coalition = 0
        for at in map(CAUSES.index, order):
            counts[at, coalition] = -1
            coalition += 1 << at
            counts[at, coalition] = 1
        return cls(counts, 1)

    def among(self, cases: Ints, count: int) -> "Weights":
        """The same where several combinations are one case, of so many: their weights added up."""
        return Weights(self.counts @ (cases[:, None] == np.arange(count)), self.denominator)

    def shares(self, values: Sequence[Rationals]) -> tuple[Rationals, ...]:
        """The share of each cause, of the value of each case; none where a case has none."""
        # over one denominator for each unit, so that fractions are not added pair by pair
        counting = np.flatnonzero(self.counts.any(axis=0)).tolist()
        lowest = [values[case].lowest_terms() for case in counting]
        null = np.logical_or.reduce([value.null for value in lowest])
        denominators = [(value.denominator + value.null).astype(object) for value in lowest]
        whole = np.lcm.reduce(denominators)
        parts = [
            value.numerator.astype(object) * (whole // denominator)
            for value, denominator in zip(lowest, denominators, strict=True)
        ]
        denominator = whole * self.denominator * ~null
        return tuple(
            Rationals(_added(row, parts) * ~null, denominator).lowest_terms()
            for row in self.counts[:, counting].tolist()
        )


def _added(counts: Sequence[int], parts: Sequence[Any]) -> Any:
    return sum((count * part for count, part in zip(counts, parts, strict=True) if count), 0 * parts[0])


def order_of(order: Any) -> tuple[Cause, ...]:
    """All causes in the order given."""
    causes = column("order", order)
    if sorted(causes) != sorted(CAUSES):
        raise InvalidArgument(WORDS("one_order", causes=", ".join(CAUSES), order=", ".join(causes)))
    return tuple(causes)
