"""What must hold of a rubric: every contradiction, with its path."""

from collections.abc import Collection, Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from dti_core.errors import MAX_PROBLEMS, SHOWN, Problem, few_suggestions, suggest
from dti_core.exact import MAX_TICKS, plain, ticks_of
from dti_core.methods.relative import needs_blocks
from dti_core.methods.worth import threshold_problems
from dti_core.rubric.conditions import UNIT, Attribute, When
from dti_core.rubric.criteria import Component, scoring_problems
from dti_core.rubric.exclusions import rule_problems
from dti_core.rubric.policy import MAX_DECIMALS, Policy
from dti_core.rubric.tree import TOTAL, Tree
from dti_core.terms.fields import repeated
from dti_core.words import RUBRIC, Sentence

if TYPE_CHECKING:
    from dti_core.rubric import Band, Rubric

MAX_DEPTH = 30


@few_suggestions(SHOWN)
def rubric_problems(rubric: "Rubric") -> list[Problem]:
    """What is wrong with a rubric; what rests on a sound tree is looked at where the tree is sound."""
    tree = rubric.tree
    problems = _first(
        chain(_code_problems(tree), _leaf_problems(tree)), _set_problems(tree), _sum_problems(tree)
    )
    problems += _first(_own_problems(rubric))
    rules = rule_problems(rubric.exclusions, tree)
    return problems or _first(chain(_total_problems(rubric), rules, policy_problems(rubric.policy, tree)))


def _first(*stages: Iterator[Problem]) -> list[Problem]:
    """The problems of the first stage that has any; what comes later is not looked for."""
    return next(filter(None, ([*islice(stage, MAX_PROBLEMS)] for stage in stages)), [])


def _code_problems(tree: Tree) -> Iterator[Problem]:
    """Codes given twice or reserved, and trees too deep to be meant."""
    named = [(path, node.code) for path, node, _, _ in tree.nodes]
    named += [(path, view.code) for path, view in tree.sets]
    first = dict(repeated(code for _, code in named))
    for at, (path, code) in enumerate(named):
        if code == TOTAL:
            message = f"{TOTAL!r} is reserved for the total; choose another code"
            yield Problem((*path, "code"), message, "reserved")
        elif at in first:
            message = f"{code!r} is already the code of {Problem(named[first[at]][0], '').where}"
            yield Problem((*path, "code"), message, "duplicate")
    for path, _, _, depth in tree.nodes:
        if depth == MAX_DEPTH + 1:
            yield Problem(path, f"lies more than {MAX_DEPTH} levels deep", "depth")


def _leaf_problems(tree: Tree) -> Iterator[Problem]:
    sum_of_all = 0
    for path, node, _, _ in tree.nodes:
        yield from (problem.under(*path) for problem in _node_problems(node, tree.decimals))
        if node.max_points is not None and not node.components:
            sum_of_all += ticks_of(node.max_points, tree.decimals) or 0
    if sum_of_all > MAX_TICKS:
        most = f"10^{len(str(MAX_TICKS)) - 1 - tree.decimals} points"
        message = f"maxima add up to more than {most}, the most held exactly with {tree.decimals} decimals"
        yield Problem(("indices",), message, "magnitude")


def _node_problems(node: Component, decimals: int) -> Iterator[Problem]:
    points = node.max_points
    if points is not None and ticks_of(points, decimals) is None:
        needed = len(plain(points).partition(".")[2])
        values = {"points": points, "decimals": decimals, "needed": needed}
        sentence = Sentence(RUBRIC["decimals" if needed > decimals else "too_large"], values)
        yield Problem(("max_points",), sentence, "decimals" if needed > decimals else "magnitude")
    if node.components and node.role != "scored":
        yield Problem(("role",), f"only a leaf has a role; give {node.role!r} to its components", "role")
    if node.components and node.evidence is not None:
        yield Problem(("evidence",), "is said of leaves only; give it to the components", "evidence")
    if not node.components and node.max_points is None:
        yield Problem(("max_points",), "is missing; a leaf states what it is worth", "required")
    yield from scoring_problems(node, decimals)


def _set_problems(tree: Tree) -> Iterator[Problem]:
    for path, view in tree.sets:
        if not view.members:
            yield Problem((*path, "members"), "names nothing; list the indices it is made of", "members")
        known: Collection[str] = tree.excludable if path[0] == "pillars" else tree.parent
        for problem in _member_problems(view.members, tree, known):
            yield problem.under(*path, "members")


def _member_problems(members: Sequence[str], tree: Tree, known: Collection[str]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for at, member in enumerate(members):
        if member not in known:
            nearest = suggest(member, [*known])
            yield Problem((at,), f"{member!r} names no node a set may hold{nearest}", "unknown")
            continue
        if tree.role.get(member) == "standby":
            message = (
                f"{member!r} is a stand-by leaf, which counts where the node it replaces does; remove it"
            )
            yield Problem((at,), message, "standby")
        leaves = tree.under[member]
        twice = next((leaf for leaf in leaves if leaf in first), None)
        if twice is not None:
            message = (
                f"{member!r} reaches leaf {twice!r}, as {first[twice]!r} already reaches it; count it once"
            )
            yield Problem((at,), message, "twice")
        else:
            first |= dict.fromkeys(leaves, member)


def _sum_problems(tree: Tree) -> Iterator[Problem]:
    for path, node, _, _ in tree.nodes:
        if node.components and tree.kind[node.code] == "standby":
            message = "holds only stand-by leaves; put them beside what they may replace"
            yield Problem((*path, "components"), message, "role")
        if node.components and node.max_points is not None:
            yield from (problem.under(*path) for problem in _wrong_sum(tree, node.code))


def _wrong_sum(tree: Tree, code: str) -> Iterator[Problem]:
    stated, added, kind = tree.maximum[code], tree.added(code), tree.kind[code]
    capped = kind in ("bonus", "penalty")
    if stated == added or (capped and stated < added):
        return
    values: dict[str, Any] = {
        "stated": tree.in_points(stated),
        "added": tree.in_points(added),
        "below": RUBRIC["components"],
    }
    for role in ("bonus", "penalty"):
        values[role] = tree.in_points(sum(tree.maximum[leaf] for leaf in tree.leaves_of(role, code)))
    phrase = RUBRIC["mixed_cap" if kind == "mixed" else "cap" if capped else "sum"]
    yield Problem(("max_points",), Sentence(phrase, values), "sum")


def _own_problems(rubric: "Rubric") -> Iterator[Problem]:
    if not rubric.indices:
        yield Problem(("indices",), "is empty; a rubric has at least one index", "required")
    if rubric.decision is not None and rubric.basis:
        yield Problem(("basis",), "stands in for decision; give one of the two", "decision")
    for name in ("exclusions", "blocks", "bands"):
        codes = [part.code for part in getattr(rubric, name)]
        for at, first in repeated(codes):
            message = f"{codes[at]!r} is already the code of $.{name}[{first}]"
            yield Problem((name, at, "code"), message, "duplicate")
    declared = dict(rubric.attributes)
    if UNIT in declared:
        message = "is reserved for the unit's own code; choose another name"
        yield Problem(("attributes", UNIT), message, "reserved")
    whens = [("exclusions", at, rule.when) for at, rule in enumerate(rubric.exclusions)]
    whens += [("blocks", at, block.when) for at, block in enumerate(rubric.blocks)]
    for name, at, when in whens:
        yield from (problem.under(name, at) for problem in _when_problems(when, declared))
    yield from _band_problems(rubric.bands)
    if not rubric.blocks:
        yield from _cohort_problems(rubric.tree)


def _when_problems(when: When, declared: dict[str, Attribute]) -> Iterator[Problem]:
    """Conditions on attributes that no unit need have."""
    for name, _ in when:
        if name != UNIT and name not in declared:
            nearest = suggest(name, [*declared, UNIT])
            message = f"is not declared under attributes{nearest}; declare it, or use 'unit'"
            yield Problem(("when", name), message, "attribute")


def _cohort_problems(tree: Tree) -> Iterator[Problem]:
    for path, node, _, _ in tree.nodes:
        if node.scoring is not None and needs_blocks(node.scoring):
            message = "is the unit's block, but the rubric declares none; declare them, or compare all"
            yield Problem((*path, "scoring", "cohort"), message, "blocks")


def _band_problems(bands: Sequence["Band"]) -> Iterator[Problem]:
    bounds = [band.at_least for band in bands]
    for at, bound in enumerate(bounds):
        if ticks_of(bound, MAX_DECIMALS) is None:
            yield Problem(("bands", at, "at_least"), f"has more than {MAX_DECIMALS} decimals", "decimals")
    yield from (problem.under("bands") for problem in threshold_problems(bounds, "band"))


def _total_problems(rubric: "Rubric") -> Iterator[Problem]:
    tree, stated = rubric.tree, rubric.max_points
    if tree.kind[TOTAL] != "scored":
        yield Problem(("indices",), "hold no scored leaf; something must count towards the total", "required")
    if stated is not None and ticks_of(stated, tree.decimals) != tree.maximum[TOTAL]:
        values = {"stated": stated, "added": tree.in_points(tree.maximum[TOTAL]), "below": RUBRIC["indices"]}
        yield Problem(("max_points",), Sentence(RUBRIC["sum"], values), "sum")


def policy_problems(policy: Policy, tree: Tree) -> Iterator[Problem]:
    """Tie-break nodes that do not exist or cannot have a score."""
    if ticks_of(policy.min_coverage, MAX_DECIMALS) is None:
        yield Problem(("policy", "min_coverage"), f"has more than {MAX_DECIMALS} decimals", "decimals")
    for at, code in enumerate(policy.tie_break):
        path = ("policy", "tie_break", at)
        if code not in tree.kind:
            yield Problem(path, f"{code!r} names no node{suggest(code, [*tree.kind])}", "unknown")
        elif tree.kind[code] != "scored":
            yield Problem(path, f"{code!r} has points only, no score to compare", "tie_break")
