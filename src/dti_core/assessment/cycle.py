"""What the assessments of one period share: the rubric, its rounds and decisions."""

from functools import cached_property
from typing import Any

import attrs

from dti_core.assessment.moves import Round
from dti_core.errors import InvalidDocument, Problem
from dti_core.rubric import Rubric
from dti_core.rubric.exclusions import Exclusion
from dti_core.rubric.tree import walk
from dti_core.terms import (
    check,
    custom_of,
    listed,
    many,
    optional,
    text_or_none,
    wrong_custom,
    wrong_text,
)


@attrs.frozen(slots=False, repr=False, hash=False)
class Cycle:
    """What the assessments of one period share.

    >>> from dti_core import Index, Rubric
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30)])
    >>> Cycle(rubric, [Round("Lần 1", "2024-01-02", "2024-01-31", ["mark", "submit"])])
    <Cycle of demo: 1 round>
    """

    rubric: Rubric = attrs.field(validator=attrs.validators.instance_of(Rubric))
    #: a move that some round names may be made in such a round only; other moves at any time
    rounds: tuple[Round, ...] = attrs.field(default=(), converter=listed, validator=check(many(Round)))
    #: decisions on all or on named units
    exclusions: tuple[Exclusion, ...] = attrs.field(
        default=(), converter=listed, validator=check(many(Exclusion)), kw_only=True
    )
    #: by default the rubric's
    period: str | None = attrs.field(
        default=None, converter=text_or_none, validator=check(optional(wrong_text)), kw_only=True
    )
    custom: dict[str, Any] | None = attrs.field(
        default=None, converter=custom_of, validator=check(wrong_custom), kw_only=True
    )

    def __attrs_post_init__(self) -> None:
        names = [str(each.name) for each in self.rounds]
        problems = [
            Problem(
                ("rounds", at, "name"),
                f"{name!r} is already the name of a round; choose another",
                "duplicate",
            )
            for at, name in enumerate(names)
            if name in names[:at]
        ]
        if problems:
            raise InvalidDocument("cycle", problems)

    def __repr__(self) -> str:
        count = len(self.rounds)
        return f"<Cycle of {self.rubric.code}: {count} round{'s' if count != 1 else ''}>"

    @cached_property
    def proven(self) -> frozenset[str]:
        """The leaves whose self marks need evidence."""
        default = self.rubric.policy.evidence
        leaves = (node for _, node, _, _ in walk(self.rubric.indices) if not node.components)
        return frozenset(leaf.code for leaf in leaves if (leaf.evidence or default) == "required")

    def alone(self, unit: str) -> "Cycle":
        """The same as it concerns one unit."""
        concern = (each for each in self.exclusions if each.units is None or unit in each.units)
        return attrs.evolve(self, exclusions=[attrs.evolve(each, units=None) for each in concern])
