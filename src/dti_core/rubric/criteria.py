"""The parts a rubric is made of: indices, their components, groups and pillars."""

import copy
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import Any, Literal, cast

import attrs

from dti_core.errors import Problem, Said, shorten
from dti_core.exact import decimal_of
from dti_core.methods.method import Method, wrong_method
from dti_core.rubric.node_conditions import NodeCondition
from dti_core.terms import (
    Label,
    Listed,
    all_of,
    checking,
    codes_of,
    label_of,
    one_of,
    optional,
    points_of,
    points_or_none,
    wrong_points,
)
from dti_core.terms.amounts import ExactLike, exact_of, wrong_amount
from dti_core.terms.custom import custom_of
from dti_core.terms.fields import CHECKS, checked, code_of, code_or_none, truth_of
from dti_core.words import RUBRIC

Points = Decimal | Fraction
"""What something is worth: a decimal, or an exact fraction that no decimal writes."""
Role = Literal["scored", "bonus", "penalty", "standby"]
Proof = Literal["required", "optional"]


def _wrong_component(value: object) -> Said | None:
    return None if type(value) is Component else RUBRIC("only_component", value=shorten(value))


def worth_or_none(value: ExactLike | None) -> Points | None:
    """A number of points, also one written "10/3", as a decimal where one writes it."""
    exact = exact_of(value) if isinstance(value, str) else value
    number = decimal_of(exact)
    return cast("Points | None", exact) if number is None else number


def _wrong_worth(value: object) -> str | Said | None:
    if isinstance(value, Fraction | str):
        return wrong_amount(value)
    return wrong_points(value)


CHECKS[worth_or_none] = optional(_wrong_worth)


@attrs.frozen(field_transformer=checked)
class Named:
    """What has a code and a title."""

    #: 1 to 64 printable characters; unique among all nodes, groups and pillars
    code: str = attrs.field(converter=code_of)
    #: what it is called; plain text is Vietnamese
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

    #: what it is worth, a decimal or a fraction such as "10/3"; may be left out where there are components
    max_points: Points | None = attrs.field(default=None, converter=worth_or_none)
    #: its parts, in order; none: it is a leaf, and marked itself
    components: "tuple[Component, ...]" = attrs.field(
        default=(),
        converter=Listed["Component"],
        validator=checking(all_of(_wrong_component, "Component")),
        kw_only=True,
    )
    #: what a leaf's mark does: count, add to or lower the total, or stand by to replace a sibling
    role: Role = attrs.field(
        default="scored", validator=checking(one_of("scored", "bonus", "penalty", "standby")), kw_only=True
    )
    #: the scale that a leaf is marked on: a mark earns its part of ``mark_max`` of ``max_points``
    mark_max: Decimal | None = attrs.field(default=None, converter=points_or_none, kw_only=True)
    #: the lowest mark of that scale; it still earns its part of ``mark_max``
    mark_min: Decimal = attrs.field(default=Decimal(0), converter=points_of, kw_only=True)
    #: ``max_points`` is the most that the components count together, below what they are worth
    cap: bool = attrs.field(default=False, converter=truth_of, kw_only=True)
    #: the node above that this bonus or penalty changes, instead of the total
    adjusts: str | None = attrs.field(default=None, converter=code_or_none, kw_only=True)
    #: conditions on nodes below: where one does not hold, the node has 0 points
    zero_unless: tuple[NodeCondition, ...] = attrs.field(
        default=(), converter=Listed[NodeCondition], kw_only=True
    )
    #: whether a leaf's self mark needs evidence; by default what ``policy.evidence`` says
    evidence: Proof | None = attrs.field(
        default=None, validator=checking(optional(one_of("required", "optional"))), kw_only=True
    )
    #: how a leaf's measure becomes points; without it the measure is the points
    scoring: Method | None = attrs.field(
        default=None, validator=checking(optional(wrong_method)), kw_only=True
    )

    @property
    def highest(self) -> Points | None:
        """The highest mark of a leaf."""
        return self.max_points if self.mark_max is None else self.mark_max


@attrs.frozen
class Index(Component):
    """A main index, one of those that make up the total.

    >>> parts = [Component("1.1", "Họp ban chỉ đạo", 20), Component("1.2", "Chuyên mục", 10)]
    >>> Index("1", "Nhận thức số", components=parts).max_points is None  # what its components are worth
    True
    """


@attrs.frozen(field_transformer=checked)
class NodeSet(Noted):
    """A named set of nodes: a view, which changes none of them."""

    #: codes of nodes, in order; no leaf may be reached twice
    members: tuple[str, ...] = attrs.field(converter=codes_of)


@attrs.frozen
class Group(NodeSet):
    """A named set of indices, components and leaves.

    >>> Group("foundation", "Nền tảng chung", members=["1", "2"]).members
    ('1', '2')
    """


@attrs.frozen
class Pillar(NodeSet):
    """A named set that may also name groups; pillars may overlap one another.

    >>> Pillar("government", "Chính quyền số", members=["foundation", "3"]).members
    ('foundation', '3')
    """


def scoring_problems(node: Component, decimals: int) -> Iterator[Problem]:
    """What is wrong with how a leaf is scored, its maximum, role and decimals considered."""
    method = node.scoring
    if method is None:
        return
    if node.components:
        yield Problem(("scoring",), RUBRIC("leaf_only"), "scoring")
    elif node.highest is not None:
        maximum = Fraction(node.highest)
        problems = chain(method.problems(maximum), method.step_problems(maximum, decimals))
        yield from (problem.under("scoring") for problem in problems)
    if node.mark_min and method.kind != "direct":
        sentence = RUBRIC("mark_min_scoring", lowest=node.mark_min)
        yield Problem(("scoring",), sentence, "mark_min")
    from dti_core.methods.quantity import Quantity  # few rubrics say how marks are measured

    if isinstance(method, Quantity) and method.when_zero == "not_applicable" and node.role != "scored":
        message = RUBRIC("not_applicable_role", role=node.role)
        yield Problem(("scoring", "when_zero"), message, "when_zero")
