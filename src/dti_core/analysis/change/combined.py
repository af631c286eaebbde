"""Every combination of causes: what score and what rank each unit would have."""

import attrs
import numpy as np

from dti_core.analysis.change.causes import Weights, state
from dti_core.analysis.change.mixed import Mixture
from dti_core.analysis.change.rounds import BOTH, Rounds
from dti_core.answer import UNRANKED, Ints, kept
from dti_core.errors import InvalidDocument
from dti_core.evaluation import rules
from dti_core.exact.rationals import Rationals
from dti_core.result import Result

OWN = 4 * state("rubric") + 2 * state("own_marks") + state("own_exclusions")
"""(coalitions,) the case that a unit's own score is in: of 8, by rubric, marks and exclusions."""
OTHERS = 4 * state("rubric") + 2 * state("others_marks") + state("others_exclusions")
"""(coalitions,) the case that the others are in."""
CASES = 8
LAST = CASES - 1
"""The later round as it was; the earlier one is case 0."""


@attrs.frozen(eq=False)
class Combined:
    """The rounds with all that lies between them: marks, exclusions and rubric of either, 8 cases for each unit.

    What others do and who is there leaves a unit's score as it is, so that these 8 tell what comes of all 64
    combinations.
    """

    rounds: Rounds
    node: str
    mixtures: tuple[Mixture, Mixture]
    #: (cases,) of all units, the score as it is published before it is rounded
    scores: tuple[Rationals, ...]
    #: (cases, units) ranks of all rows of a rubric together, 0 for none: comparable between cases of one rubric
    keys: Ints

    @classmethod
    def of(cls, rounds: Rounds, node: str) -> "Combined":
        """Work out all cases; exclusions go with the rubric where those of one round contradict the other's rubric."""
        try:
            return cls._of(rounds, node, apart=True)
        except InvalidDocument:
            return cls._of(rounds, node, apart=False)

    @classmethod
    def _of(cls, rounds: Rounds, node: str, *, apart: bool) -> "Combined":
        mixtures = Mixture(rounds, 0, apart), Mixture(rounds, 1, apart)
        scores, keys = _cases(mixtures[0], node)
        others = (scores, keys) if rounds.alike else _cases(mixtures[1], node)
        return cls(rounds, node, mixtures, (*scores, *others[0]), kept(np.concatenate([keys, others[1]])))

    @property
    def apart(self) -> bool:
        """Whether exclusions are told apart from the rubric."""
        return self.mixtures[0].apart

    def shares(self, weights: Weights) -> tuple[Rationals, ...]:
        """What each cause changed the score of each unit by; none for a unit that is in one round alone."""
        alone = np.asarray((self.rounds.rows < 0).any(axis=0))
        return tuple(share.where(alone, None) for share in weights.among(OWN, CASES).shares(self.scores))


def _cases(mixture: Mixture, node: str) -> tuple[list[Rationals], Ints]:
    """The scores and keys of all units by one rubric, by the round of marks and of exclusions."""
    units, count = mixture.placed, len(mixture.rounds.rows[0])
    pairs = [(marks, states) for marks in BOTH for states in BOTH]
    result = mixture.scored(
        np.tile(units, len(pairs)),
        np.concatenate([mixture.rounds.marks[marks][units] for marks, _ in pairs]),
        np.repeat([states for _, states in pairs], len(units)),
    )
    scores, ranks = published_exactly(result, node), result[node].ranks(by=())
    rows = np.full((len(pairs), count), -1, dtype=np.intp)
    rows[:, units] = np.arange(len(pairs) * len(units)).reshape(len(pairs), -1)
    # whom the rubric cannot score is in the last row, −1, which is added: no number and no rank
    numerator, denominator = np.append(scores.numerator, 0), np.append(scores.denominator, 0)
    return [Rationals(numerator[own], denominator[own]) for own in rows], np.append(ranks, UNRANKED)[rows]


def published_exactly(result: Result, node: str) -> Rationals:
    """The scores of a node in the form they are published in, before they are rounded."""
    scores = result[node]
    if scores.publish.as_ == "points" or not scores.is_scored:
        return scores.exact_score
    return scores.exact_share * rules.full(scores.publish, rules.ONE)
