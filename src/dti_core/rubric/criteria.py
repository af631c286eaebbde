"""The parts a rubric is made of: indices, their components, groups and pillars."""

import copy
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import Any, Literal

import attrs

from dti_core.errors import Problem, shorten
from dti_core.methods import Method, Quantity
from dti_core.methods.method import wrong_method
from dti_core.rubric.policy import Proof
from dti_core.terms import (
    Label,
    all_of,
    check,
    codes_of,
    custom_of,
    label_of,
    listed,
    one_of,
    optional,
    points_or_none,
)
from dti_core.terms.fields import checked, code_of

Role = Literal["scored", "bonus", "penalty", "standby"]


def _wrong_component(value: object) -> str | None:
    return None if type(value) is Component else f"only Component belongs here, not {shorten(value)}"


@attrs.frozen(field_transformer=checked)
class Named:
    """What has a code and a title."""

    code: str = attrs.field(converter=code_of)
    title: Label = attrs.field(converter=label_of)


@attrs.frozen(field_transformer=checked)
class Noted(Named):
    """What has free data beside its code and title."""

    _custom: dict[str, Any] | None = attrs.field(
        default=None, converter=custom_of, hash=False, repr=False, kw_only=True
    )

    @property
    def custom(self) -> dict[str, Any] | None:
        """A copy of the free data that documents carry unread."""
        return copy.deepcopy(self._custom)


@attrs.frozen(field_transformer=checked)
class Component(Noted):
    """A component index: marked itself, or the sum of components of its own, to any depth.

    >>> Component("1.1", "Họp ban chỉ đạo", 20).max_points
    Decimal('20')
    """

    #: may be left out where there are components; a common cap where all of them are bonus, or all penalty
    max_points: Decimal | None = attrs.field(default=None, converter=points_or_none)
    components: "tuple[Component, ...]" = attrs.field(
        default=(), converter=listed, validator=check(all_of(_wrong_component, "Component")), kw_only=True
    )
    #: what a leaf's mark does: count, add to or lower the total, or stand by to replace a sibling
    role: Role = attrs.field(
        default="scored", validator=check(one_of("scored", "bonus", "penalty", "standby")), kw_only=True
    )
    #: whether a leaf's self mark needs evidence; by default what ``policy.evidence`` says
    evidence: Proof | None = attrs.field(
        default=None, validator=check(optional(one_of("required", "optional"))), kw_only=True
    )
    #: how a leaf's measure becomes points; without it the measure is the points
    scoring: Method | None = attrs.field(default=None, validator=check(optional(wrong_method)), kw_only=True)


@attrs.frozen
class Index(Component):
    """A main index, one of those that make up the total."""


@attrs.frozen(field_transformer=checked)
class NodeSet(Noted):
    """A named set of nodes: a view, which changes none of them."""

    members: tuple[str, ...] = attrs.field(converter=codes_of)


@attrs.frozen
class Group(NodeSet):
    """A named set of indices, components and leaves."""


@attrs.frozen
class Pillar(NodeSet):
    """A named set that may also name groups; pillars may overlap one another."""


def scoring_problems(node: Component, decimals: int) -> Iterator[Problem]:
    """What is wrong with how a leaf is scored, its maximum, role and decimals considered."""
    method = node.scoring
    if method is None:
        return
    if node.components:
        yield Problem(("scoring",), "is said of leaves only; give it to the components", "scoring")
    elif node.max_points is not None:
        maximum = Fraction(node.max_points)
        problems = chain(method.problems(maximum), method.step_problems(maximum, decimals))
        yield from (problem.under("scoring") for problem in problems)
    if isinstance(method, Quantity) and method.when_zero == "not_applicable" and node.role != "scored":
        message = f"not_applicable excludes scored leaves only; a {node.role} leaf takes zero or full_marks"
        yield Problem(("scoring", "when_zero"), message, "when_zero")
