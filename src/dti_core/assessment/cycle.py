"""What the assessments of one period share: the rubric, its rounds and decisions."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import attrs

from dti_core.assessment.fields import text
from dti_core.assessment.moves import MOVES, Round
from dti_core.columns.frozen import Frozen
from dti_core.errors import InvalidDocument, Problem
from dti_core.rubric import Rubric
from dti_core.rubric.exclusions import Exclusion
from dti_core.terms import check, custom_of, instance_of, listed
from dti_core.terms.fields import checked, repeated
from dti_core.words import ROUNDS, Sentence

MOST_ROUNDS = 100
"""Every line of every history is looked for in the rounds."""


@attrs.frozen(slots=False, repr=False, field_transformer=checked)
class Cycle:
    """What the assessments of one period share.

    >>> from dti_core import Index, Rubric
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30)])
    >>> Cycle(rubric, [Round("Lần 1", "2024-01-02", "2024-01-31", ["mark", "submit"])])
    <Cycle of demo: 1 round>
    """

    rubric: Rubric = attrs.field(validator=check(instance_of(Rubric)))
    #: a move that some round names may be made in such a round only; other moves at any time
    rounds: tuple[Round, ...] = attrs.field(default=(), converter=listed)
    #: decisions on all or on named units
    exclusions: tuple[Exclusion, ...] = attrs.field(default=(), converter=listed, kw_only=True)
    #: by default the rubric's
    period: str | None = text(kw_only=True)
    custom: dict[str, Any] | None = attrs.field(default=None, converter=custom_of, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if len(self.rounds) > MOST_ROUNDS:
            sentence = Sentence(ROUNDS["too_many_rounds"], {"count": len(self.rounds), "most": MOST_ROUNDS})
            raise InvalidDocument("cycle", [Problem(("rounds",), sentence, "size")])
        message = "is already the name of a round; choose another"
        twice = repeated(str(each.name) for each in self.rounds)
        problems = [Problem(("rounds", at, "name"), message, "duplicate") for at, _ in twice]
        if problems:
            raise InvalidDocument("cycle", problems)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        count = len(self.rounds)
        return f"<Cycle of {self.rubric.code}: {count} round{'s' if count != 1 else ''}>"

    @cached_property
    def rounds_of(self) -> Mapping[str, Sequence[Round]]:
        """The rounds that name a move."""
        return Frozen({move: tuple(each for each in self.rounds if move in each.moves) for move in MOVES})

    @cached_property
    def proven(self) -> frozenset[str]:
        """The leaves whose self marks need evidence."""
        default = self.rubric.policy.evidence
        leaves = (node for _, node, _, _ in self.rubric.tree.nodes if not node.components)
        return frozenset(leaf.code for leaf in leaves if (leaf.evidence or default) == "required")

    def alone(self, unit: str) -> "Cycle":
        """The same as it concerns one unit."""
        concern = (each for each in self.exclusions if each.units is None or unit in each.units)
        return attrs.evolve(self, exclusions=[attrs.evolve(each, units=None) for each in concern])
