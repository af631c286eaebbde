"""Whose rank hangs on which choice of the policy: the same marks ranked under many other policies."""

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict, Unpack, overload

import numpy as np

from dti_core.analysis.by_result import ByResult, by_result
from dti_core.analysis.compared import only_result
from dti_core.analysis.policies.grid import (
    PolicyField,
    Variant,
    by_rubric,
    grid,
    levels_of,
    named_policies,
    without_rules,
)
from dti_core.analysis.policies.ranks import Ranker, RanksAndValues
from dti_core.analysis.policies.variants import PolicyVariants
from dti_core.analysis.reranked import of_cases, why_refused
from dti_core.analysis.sources import names_of, standing_of
from dti_core.analysis.together import Edition
from dti_core.answer import kept
from dti_core.columns.codes import instance
from dti_core.errors import DTIError
from dti_core.result import Result
from dti_core.rubric import Rubric
from dti_core.rubric.policy import Policy
from dti_core.rubric.tree import TOTAL
from dti_core.scores.setting import By
from dti_core.terms import Label


class Choices(TypedDict, total=False):
    """What :func:`policy_variants` is told beside its source."""

    node: str
    by: By
    renormalise: Iterable[str] | None
    missing: Iterable[str] | None
    decide_on: Iterable[str] | None
    decimals: Iterable[int] | None
    rounding: Iterable[str] | None
    ties: Iterable[str] | None
    policies: Mapping[str, Policy] | None
    without: Iterable[str]
    rubric: Rubric | None


@overload
def policy_variants(source: Edition, **choices: Unpack[Choices]) -> ByResult[PolicyVariants]: ...


@overload
def policy_variants(source: Result, **choices: Unpack[Choices]) -> PolicyVariants: ...


def policy_variants(  # noqa: PLR0913 - each choice of a policy by its name
    source: Result | Edition,
    *,
    node: str = TOTAL,
    by: By = None,
    renormalise: Iterable[str] | None = None,
    missing: Iterable[str] | None = None,
    decide_on: Iterable[str] | None = None,
    decimals: Iterable[int] | None = None,
    rounding: Iterable[str] | None = None,
    ties: Iterable[str] | None = None,
    policies: Mapping[str, Policy] | None = None,
    without: Iterable[str] = (),
    rubric: Rubric | None = None,
) -> PolicyVariants | ByResult[PolicyVariants]:
    """Whose rank hangs on which choice of the policy: the marks ranked under many other policies.

    Each choice lists the values to try beside that in force; all combinations are tried, those of one choice first.
    Where nothing is named, every choice takes its other values (decimals 0 to 3, missing marks zero or left out).
    Decimals and rounding are those that the node is printed with. ``policies`` are whole policies, by name; ``without``
    are exclusion rules, each left out by itself; ``rubric`` is another one with the same leaves. What is refused, such
    as to refuse missing marks where some are, is listed with its reason. An edition answers result by result.

    Every column of ranks is what ``evaluate(rubric, marks, policy).ranks()`` gives.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30)])
    >>> result = evaluate(rubric, MarkSheet.from_array([[15.2], [15.4], [9]], rubric, units=["a", "b", "c"]))
    >>> answer = policy_variants(result, decimals=[0], ties=["dense"])
    >>> [answer.columns()[name].tolist() for name in ("variant", "changed")]
    [['decimals=0', 'ties=dense', 'decimals=0, ties=dense'], [1.0, 0.0, 2.0]]
    """
    asked: dict[PolicyField, Any] = {"renormalise": renormalise, "missing": missing, "decide_on": decide_on}
    asked |= {"decimals": decimals, "rounding": rounding, "ties": ties}
    beside_it: dict[str, Any] = {"policies": policies, "without": without, "rubric": rubric}
    beside_it |= {"node": node, "by": names_of(by), "asked": asked}
    return by_result(source, lambda result: _answer(only_result(result), **beside_it))


def _answer(
    result: Result,
    *,
    node: str,
    by: tuple[str, ...] | None,
    asked: Mapping[PolicyField, Any],
    policies: Any,
    without: Any,
    rubric: Any,
) -> PolicyVariants:
    standing, policy = standing_of(result, node=node, by=by), result.policy
    tried = [*named_policies(policy, node, policies), *without_rules(result.rubric, policy, without)]
    if rubric is not None:
        instance("rubric", rubric, Rubric)
        tried.append(by_rubric("rubric", rubric.code, policy, rubric))
    is_asked = bool(tried) or any(values is not None for values in asked.values())
    levels = levels_of(policy, node, asked if is_asked else None)
    variants = (*grid(policy, node, levels), *tried)
    ranker = Ranker(result.rubric, result.marks, node, by)
    outcomes = [_outcome(ranker, variant) for variant in variants]
    published = np.full((len(result.units), len(variants)), np.nan)
    for at, outcome in enumerate(outcomes):
        if not isinstance(outcome, Label):
            published[:, at] = outcome[1]
    return PolicyVariants(
        standing=standing,
        variants=variants,
        published=kept(published),
        levels=levels,
        **of_cases(
            [outcome if isinstance(outcome, Label) else outcome[0] for outcome in outcomes], len(result.units)
        ),
    )


def _outcome(ranker: Ranker, variant: Variant) -> RanksAndValues | Label:
    """The ranks under a variant, or why there are none."""
    try:
        return ranker.with_rubric(variant.rubric).ranked(variant.policy)
    except DTIError as error:
        return why_refused(error, ranker.marks, variant.policy)
