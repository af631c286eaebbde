"""From sums to scores: the three ways to renormalise, with bonus and penalty, as exact ratios."""

import attrs
import numpy as np

from dti_core.evaluation.adjusting import net
from dti_core.evaluation.levels import share_by_level
from dti_core.evaluation.sums import IntArray, NodeSums, RollUp
from dti_core.exact.rationals import Rationals
from dti_core.exact.ratios import EPSILON, Filtered, Ratios
from dti_core.rubric.policy import Policy
from dti_core.rubric.tree import TOTAL


@attrs.frozen(eq=False)
class NodeScore:
    """The score of a node, exactly."""

    #: relative to the scale
    relative: Ratios
    #: in ticks: one for all units, or one per unit under ``none``
    scale: int | IntArray
    #: times ``factor`` the score in ticks
    earned: Ratios
    factor: int


def node_score(rolled: RollUp, node: str, sums: NodeSums, maximum: int) -> NodeScore:
    """The score of a scored node or a leaf of these sums and this maximum; by level, of its own."""
    policy, applicable = rolled.policy, sums.applicable
    extra = rolled.bonus(TOTAL) if node == TOTAL and rolled.compiled.has_bonus else None
    if policy.renormalise == "none":
        applies = (applicable > 0).astype(np.int64)
        earned = sums.points
        if extra is not None:
            earned = net(earned, extra, applicable, exceed=policy.exceed_maximum)
        return NodeScore(Rationals(earned, applicable), applicable, Rationals(earned, applies), 1)
    share: Ratios = Rationals(sums.points, applicable)
    if policy.renormalise == "by_level":
        share = share_by_level(rolled, node)
    if extra is not None:
        share = _with(share, Rationals(extra, np.full(len(extra), maximum)), policy)
    return NodeScore(share, maximum, share, maximum)


def _with(share: Ratios, extra: Rationals, policy: Policy) -> Ratios:
    """The share after bonus and penalty; it lies from 0 to 1 unless it may exceed that."""
    if isinstance(share, Rationals):
        return bounded(share + extra, policy)
    added = extra.floats()
    nearly = np.clip(share.approximate + added, 0, None if policy.exceed_maximum else 1)
    # ``added`` and the sum are rounded by half an epsilon each; clipping brings no two numbers further apart
    margin = share.margin + EPSILON * (share.approximate + 2 * np.abs(added))
    return Filtered(nearly, margin, lambda rows: bounded(share.take(rows) + extra.take(rows), policy))


def bounded(share: Rationals, policy: Policy) -> Rationals:
    """The bounds of :func:`rules.net`, relative to the scale."""
    return share.at_least(0) if policy.exceed_maximum else share.at_least(0).at_most(1)
