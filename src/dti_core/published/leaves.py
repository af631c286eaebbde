"""What the leaves of a published result can earn, unit by unit."""

from fractions import Fraction

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.evaluation import rules
from dti_core.evaluation.rules import NOTHING
from dti_core.published import Node, NotCounted
from dti_core.published.scores import Ints

BY_MARK = -1
OTHERWISE = ("skip", "substitute", "standby", "zero")
"""Treatments under which a leaf earns nothing, whatever its mark."""


@attrs.frozen(eq=False)
class LeafState:
    """What a leaf can earn, unit by unit, in ticks."""

    #: the applicable maximum, were everything marked
    worth: Ints
    #: what is earned whatever the mark, −1 where the mark says
    settled: Ints

    @property
    def by_mark(self) -> NDArray[np.bool_]:
        """Where the mark decides, or is missing."""
        return np.asarray(self.settled == BY_MARK)


def reduced(node: Node, aside: NotCounted) -> Fraction | None:
    """What a leaf is worth where a part of it does not apply; None where all of it does."""
    worth = node.maximum or NOTHING
    return None if aside.to is None else rules.earned(aside.to, worth, node.mark_max or worth)
