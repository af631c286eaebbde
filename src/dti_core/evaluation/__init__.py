"""Arrays in, arrays out: the roll-up of every node for every unit, in whole ticks, and what is made of it."""

import numpy as np

from dti_core.applicability import Applicability
from dti_core.applicability.compiled import Compiled
from dti_core.evaluation.adding import add_points
from dti_core.evaluation.adjusting import adjust
from dti_core.evaluation.caps import capped
from dti_core.evaluation.sums import RollUp
from dti_core.marks.ticks import Ticks
from dti_core.rubric.policy import Policy


def roll_up(compiled: Compiled, ticks: Ticks, applicability: Applicability, policy: Policy) -> RollUp:
    """Add up every node of every unit."""
    by_pattern = capped(compiled, applicability.applicable)
    gated = [code for code, node in compiled.tree.adjusted.items() if node.zero_unless]
    rolled = RollUp(
        compiled,
        applicability,
        policy,
        ticks,
        applicability.pattern_of,
        by_pattern,
        add_points(ticks, applicability),
        {code: np.ones(len(ticks), dtype=bool) for code in gated},
    )
    adjust(rolled)
    return rolled
