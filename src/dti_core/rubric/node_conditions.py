"""Conditions on what a node has: what a gate asks, and a grade."""

import operator
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import attrs

from dti_core.errors import Problem, raise_all
from dti_core.exact import decimal_of
from dti_core.terms.amounts import exact_or_none, is_amount_or_none
from dti_core.terms.fields import checked, code_of, word
from dti_core.words import RUBRIC, near

if TYPE_CHECKING:
    from dti_core.rubric.tree import Tree

BOUNDS: Mapping[str, Callable[[Any, Any], Any]] = MappingProxyType(
    {"at_least": operator.ge, "above": operator.gt, "at_most": operator.le, "below": operator.lt}
)
"""The words of a bound, and how each compares a value with it."""
MOST_CONDITIONS = 20
"""Each is asked of every unit."""


@attrs.frozen(field_transformer=checked)
class NodeCondition:
    """What a node must have: bounds on its percentage, or on its points.

    Of a node with scored leaves the bounds are percentages, such as 60 or "200/3", unless ``in_`` says points; of a
    node of bonus and penalty they are points. A node of which nothing applies to a unit is not asked.

    Raises :class:`~dti_core.InvalidDocument` where no bound is given, two on one side, or two that nothing meets.

    >>> NodeCondition("1.1", above=0, at_most="200/3").holds(Fraction(66))
    True
    """

    #: the code of the node asked; neither the total nor a stand-by leaf
    node: str = attrs.field(converter=code_of)
    #: so much or more
    at_least: Fraction | None = attrs.field(
        default=None, converter=exact_or_none, validator=is_amount_or_none, kw_only=True
    )
    #: more than so much
    above: Fraction | None = attrs.field(
        default=None, converter=exact_or_none, validator=is_amount_or_none, kw_only=True
    )
    #: so much or less
    at_most: Fraction | None = attrs.field(
        default=None, converter=exact_or_none, validator=is_amount_or_none, kw_only=True
    )
    #: less than so much
    below: Fraction | None = attrs.field(
        default=None, converter=exact_or_none, validator=is_amount_or_none, kw_only=True
    )
    #: what the bounds of a node with scored leaves are in
    in_: Literal["percent", "points"] = word("percent", "points", default="percent", kw_only=True)

    def __attrs_post_init__(self) -> None:
        raise_all("NodeCondition", self._problems())

    @property
    def bounds(self) -> dict[str, Fraction]:
        """The bounds that are given, by their words."""
        bounds = {name: getattr(self, name) for name in BOUNDS}
        return {name: bound for name, bound in bounds.items() if bound is not None}

    def holds(self, value: Any) -> Any:
        """Whether a value, or each of many, meets every bound."""
        return reduce(operator.and_, (BOUNDS[name](value, bound) for name, bound in self.bounds.items()))

    def _problems(self) -> Iterator[Problem]:
        bounds = self.bounds
        if not bounds:
            yield Problem((), RUBRIC("no_bound"), "bound")
        for one, other in (("at_least", "above"), ("at_most", "below")):
            if one in bounds and other in bounds:
                yield Problem((other,), RUBRIC("two_bounds", one=one, other=other), "bound")
        low, high = (
            next((name for name in names if name in bounds), None)
            for names in (("at_least", "above"), ("at_most", "below"))
        )
        if (
            low
            and high
            and not (BOUNDS[low](bounds[high], bounds[low]) and BOUNDS[high](bounds[low], bounds[high]))
        ):
            yield Problem((high,), RUBRIC("empty_bounds", low=bounds[low], high=bounds[high]), "bound")


def in_percent(condition: NodeCondition, tree: "Tree") -> bool:
    """Whether the bounds are percentages; else they are points."""
    return tree.kind[condition.node] == "scored" and condition.in_ == "percent"


def conditions_problems(
    conditions: Sequence[NodeCondition], tree: "Tree", known: Collection[str]
) -> Iterator[Problem]:
    """Too many conditions, and those that ask nothing; ``known`` are the nodes that may be asked."""
    if len(conditions) > MOST_CONDITIONS:
        yield Problem((), RUBRIC("many_conditions", count=len(conditions), most=MOST_CONDITIONS), "size")
        return
    for at, condition in enumerate(conditions):
        yield from (problem.under(at) for problem in _condition_problems(condition, tree, known))


def _condition_problems(condition: NodeCondition, tree: "Tree", known: Collection[str]) -> Iterator[Problem]:
    """A node that is not among those ``known``, a stand-by leaf, or a share where a percentage is meant."""
    node = condition.node
    if node not in known:
        yield Problem(("node",), RUBRIC("no_such_node", node=node, near=near(node, known)), "unknown")
        return
    if tree.kind[node] == "standby":
        yield Problem(("node",), RUBRIC("standby_asked", node=node), "standby")
    if not in_percent(condition, tree):
        return
    for name, bound in condition.bounds.items():
        if 0 < bound < 1:
            sentence = RUBRIC("share_for_percent", bound=as_written(bound), percent=as_written(100 * bound))
            yield Problem((name,), sentence, "percent")


def as_written(number: Decimal | Fraction) -> Decimal | str:
    """A number as a document has it: a decimal, or a fraction in quotes."""
    decimal = decimal_of(number)
    return f'"{number}"' if decimal is None else decimal
