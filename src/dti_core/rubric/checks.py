"""What must hold of a rubric: every contradiction, with its path."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain, islice
from typing import TYPE_CHECKING

from dti_core.errors import MAX_PROBLEMS, SHOWN, Path, Problem, few_suggestions, jsonpath
from dti_core.exact import ticks_of
from dti_core.rubric.conditions import UNIT, Attribute, When
from dti_core.rubric.criteria import Component, scoring_problems
from dti_core.rubric.exclusions import Exclusion, exclusion_problems, rule_problems
from dti_core.rubric.grades import GradeLimit, grade_problems, limit_problems, required_problems
from dti_core.rubric.policy import MAX_DECIMALS, AttributeOrder, Breaker, Policy
from dti_core.rubric.tree import TOTAL, Kind, Tree
from dti_core.rubric.worth_checks import (
    adjustment_problems,
    magnitude_problem,
    sum_problems,
    worth_problems,
)
from dti_core.terms.fields import repeated
from dti_core.words import RUBRIC, near

if TYPE_CHECKING:
    from dti_core.rubric import Rubric

MAX_DEPTH = 30


@few_suggestions(SHOWN)
def rubric_problems(rubric: "Rubric") -> list[Problem]:
    """What is wrong with a rubric; what rests on a sound tree is looked at where the tree is sound."""
    tree = rubric.tree
    nodes = chain(_code_problems(tree), _leaf_problems(tree))
    of_tree = _first(nodes, _set_problems(tree), sum_problems(tree))
    rules = rule_problems(rubric.exclusions, tree)
    adjustments, asked = adjustment_problems(tree), required_problems(rubric.bands, tree)
    policy = policy_problems(rubric.policy, rubric)
    resting = () if of_tree else chain(_total_problems(rubric), adjustments, rules, asked, policy)
    return [*of_tree, *_first(_own_problems(rubric)), *islice(resting, MAX_PROBLEMS)]


def _first(*stages: Iterator[Problem]) -> list[Problem]:
    """The problems of the first stage that has any; what comes later is not looked for."""
    return next(filter(None, ([*islice(stage, MAX_PROBLEMS)] for stage in stages)), [])


def fit_problems(
    decision: Exclusion | GradeLimit, rubric: "Rubric", path: Path, *, of_round: bool
) -> Iterator[Problem]:
    """What keeps a decision from fitting a rubric; of the round, one on grades names units; on one unit, none does."""
    if isinstance(decision, Exclusion):
        yield from exclusion_problems(decision, rubric.tree, path)
    else:
        yield from limit_problems(decision, rubric.bands, path)
        if of_round and not decision.units:
            yield Problem((*path, "units"), RUBRIC("limit_units"), "required")
    if decision.units is not None and not of_round:
        yield Problem((*path, "units"), RUBRIC("own_units"), "units")


def _code_problems(tree: Tree) -> Iterator[Problem]:
    """Codes given twice or reserved, and trees too deep to be meant."""
    named = [(path, node.code) for path, node, _, _ in tree.nodes]
    named += [(path, view.code) for path, view in tree.sets]
    first = dict(repeated(code for _, code in named))
    for at, (path, code) in enumerate(named):
        if code == TOTAL:
            yield Problem((*path, "code"), RUBRIC("code_total", code=TOTAL), "reserved")
        elif at in first:
            message = RUBRIC("code_twice", code=code, place=jsonpath(named[first[at]][0]))
            yield Problem((*path, "code"), message, "duplicate")
    for path, _, _, depth in tree.nodes:
        if depth == MAX_DEPTH + 1:
            yield Problem(path, RUBRIC("depth", most=MAX_DEPTH), "depth")


def _leaf_problems(tree: Tree) -> Iterator[Problem]:
    for path, node, _, _ in tree.nodes:
        yield from (problem.under(*path) for problem in _node_problems(node, tree.decimals))
    yield from magnitude_problem(tree)


def _node_problems(node: Component, decimals: int) -> Iterator[Problem]:
    yield from worth_problems(node, decimals)
    if node.components and node.role != "scored":
        yield Problem(("role",), RUBRIC("leaf_role", role=node.role), "role")
    if node.components and node.evidence is not None:
        yield Problem(("evidence",), RUBRIC("leaf_only"), "evidence")
    yield from scoring_problems(node, decimals)


def _set_problems(tree: Tree) -> Iterator[Problem]:
    for path, view in tree.sets:
        if not view.members:
            yield Problem((*path, "members"), RUBRIC("empty_set"), "members")
        known: Collection[str] = tree.excludable if path[0] == "pillars" else tree.parent
        for problem in _member_problems(view.members, tree, known):
            yield problem.under(*path, "members")


def _member_problems(members: Sequence[str], tree: Tree, known: Collection[str]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for at, member in enumerate(members):
        if member not in known:
            yield Problem((at,), RUBRIC("no_member", member=member, near=near(member, known)), "unknown")
            continue
        if tree.role.get(member) == "standby":
            yield Problem((at,), RUBRIC("standby_member", member=member), "standby")
        leaves = tree.under[member]
        twice = next((leaf for leaf in leaves if leaf in first), None)
        if twice is not None:
            message = RUBRIC("reached_twice", member=member, leaf=twice, other=first[twice])
            yield Problem((at,), message, "twice")
        else:
            first |= dict.fromkeys(leaves, member)


def _own_problems(rubric: "Rubric") -> Iterator[Problem]:
    if not rubric.indices:
        yield Problem(("indices",), RUBRIC("no_index"), "required")
    if rubric.decision is not None and rubric.basis:
        yield Problem(("basis",), RUBRIC("two_decisions"), "decision")
    for name in ("exclusions", "blocks", "bands", "grade_limits"):
        codes = [part.code for part in getattr(rubric, name)]
        for at, first in repeated(codes):
            message = RUBRIC("code_twice", code=codes[at], place=jsonpath((name, first)))
            yield Problem((name, at, "code"), message, "duplicate")
    declared = dict(rubric.attributes)
    if UNIT in declared:
        yield Problem(("attributes", UNIT), RUBRIC("attribute_unit"), "reserved")
    for name in ("exclusions", "blocks", "grade_limits"):
        for at, part in enumerate(getattr(rubric, name)):
            yield from (problem.under(name, at) for problem in _when_problems(part.when, declared))
    yield from grade_problems(rubric)
    if not rubric.blocks:
        yield from _cohort_problems(rubric.tree)


def _when_problems(when: When, declared: dict[str, Attribute]) -> Iterator[Problem]:
    """Conditions on attributes that no unit need have."""
    for name, _ in when:
        if name != UNIT and name not in declared:
            message = RUBRIC("undeclared", near=near(name, [*declared, UNIT]))
            yield Problem(("when", name), message, "attribute")


def _cohort_problems(tree: Tree) -> Iterator[Problem]:
    scored = [(path, node.scoring) for path, node, _, _ in tree.nodes if node.scoring is not None]
    if scored:
        from dti_core.methods.relative import needs_blocks  # few rubrics say how marks are measured

        for path, method in scored:
            if needs_blocks(method):
                yield Problem((*path, "scoring", "cohort"), RUBRIC("cohort_block"), "blocks")


def _total_problems(rubric: "Rubric") -> Iterator[Problem]:
    tree, stated = rubric.tree, rubric.max_points
    if rubric.indices and tree.kind[TOTAL] != "scored":
        yield Problem(("indices",), RUBRIC("no_scored_leaf"), "required")
    if stated is not None and Fraction(stated) * tree.scale != tree.maximum[TOTAL]:
        values = {"stated": stated, "added": tree.in_points(tree.maximum[TOTAL]), "below": RUBRIC["indices"]}
        yield Problem(("max_points",), RUBRIC("sum", **values), "sum")


def policy_problems(policy: Policy, rubric: "Rubric") -> Iterator[Problem]:
    """Numbers with too many decimals, and tie-breaks that this rubric does not have."""
    if ticks_of(policy.min_coverage, MAX_DECIMALS) is None:
        yield Problem(("policy", "min_coverage"), RUBRIC("publish_decimals", most=MAX_DECIMALS), "decimals")
    if policy.tie_break:
        with few_suggestions(SHOWN):
            problems = [*tie_break_problems(policy.tie_break, rubric.tree.kind, dict(rubric.attributes))]
        yield from problems


def tie_break_problems(
    breakers: Sequence[Breaker], kind: Mapping[str, Kind], declared: Mapping[str, Attribute]
) -> Iterator[Problem]:
    """Nodes and attributes that do not exist, or by which no tie can be broken."""
    for at, breaker in enumerate(breakers):
        path = ("policy", "tie_break", at)
        if isinstance(breaker, AttributeOrder):
            yield from (problem.under(*path) for problem in _order_problems(breaker.attribute, declared))
        elif breaker not in kind:
            yield Problem(path, RUBRIC("tie_node", node=breaker, near=near(breaker, kind)), "unknown")
        elif breaker == TOTAL or kind[breaker] == "standby":
            phrase = "tie_total" if breaker == TOTAL else "tie_standby"
            yield Problem(path, RUBRIC(phrase, node=breaker), "tie_break")


def _order_problems(name: str, declared: Mapping[str, Attribute]) -> Iterator[Problem]:
    if name not in declared:
        sentence = RUBRIC("tie_attribute", name=name, near=near(name, declared))
        yield Problem(("attribute",), sentence, "attribute")
    elif not declared[name].is_ordered:
        yield Problem(("attribute",), RUBRIC("tie_unordered", name=name), "tie_break")
