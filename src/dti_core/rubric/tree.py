"""The node graph of a rubric: who contains whom, and what each node is worth in ticks.

total → indices → components …; a group → its members; a pillar → its members, which may be groups.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain, islice
from typing import Literal

import attrs

from dti_core.errors import MAX_PROBLEMS, Path, Problem, suggest
from dti_core.exact import MAX_TICKS, plain, ticks_of
from dti_core.rubric.criteria import Component, Group, Index, Pillar, Role, scoring_problems
from dti_core.terms import Label

TOTAL = "total"
MAX_DEPTH = 30
Kind = Literal["scored", "bonus", "penalty", "mixed", "standby"]


@attrs.frozen(eq=False)
class Tree:
    """Every node of a rubric by code; made by :func:`grow`."""

    #: components and indices, in document order, with the code of what holds them
    parent: Mapping[str, str]
    #: every node that is not a leaf → the nodes directly in it
    children: Mapping[str, tuple[str, ...]]
    #: leaves of every role, in document order
    leaves: tuple[str, ...]
    role: Mapping[str, Role]
    #: every node → its leaves of every role
    under: Mapping[str, tuple[str, ...]]
    #: scored: the node can have a score; bonus, penalty, mixed: points only
    kind: Mapping[str, Kind]
    #: in ticks: the scored maximum of a scored node, the cap of a bonus or penalty node
    maximum: Mapping[str, int]
    title: Mapping[str, Label]
    groups: tuple[str, ...]
    pillars: tuple[str, ...]

    def scored_under(self, code: str) -> tuple[str, ...]:
        """The scored leaves of a node."""
        return tuple(leaf for leaf in self.under[code] if self.role[leaf] == "scored")

    def has(self, role: str, code: str) -> bool:
        """Whether a node has a leaf of a role."""
        return any(self.role[leaf] == role for leaf in self.under[code])

    def holders(self, code: str) -> tuple[str, ...]:
        """The nodes that hold a node, near or far: its parents, the total, and the sets it is in."""
        found: dict[str, None] = {}
        waiting = [code]
        while waiting:
            each = waiting.pop()
            above = [
                holder
                for holder, children in self.children.items()
                if each in children and holder not in found
            ]
            found.update(dict.fromkeys(above))
            waiting += above
        return tuple(found)

    @property
    def inner(self) -> tuple[str, ...]:
        """Every node that is not a leaf: total, pillars, groups, then indices and components in document order."""
        return (TOTAL, *self.pillars, *self.groups, *(code for code in self.parent if code in self.children))

    @property
    def views(self) -> tuple[str, ...]:
        """What a ranking usually shows: the total, pillars, groups and indices."""
        return (TOTAL, *self.pillars, *self.groups, *self.children[TOTAL])


def walk(indices: Sequence[Index]) -> Iterator[tuple[Path, Component, str, int]]:
    """Indices and components in document order: path, node, the code of what holds it, depth."""
    waiting: list[tuple[Path, Component, str, int]] = [
        (("indices", at), index, TOTAL, 1) for at, index in reversed(list(enumerate(indices)))
    ]
    while waiting:
        path, node, parent, depth = waiting.pop()
        yield path, node, parent, depth
        below = [
            ((*path, "components", at), each, node.code, depth + 1) for at, each in enumerate(node.components)
        ]
        waiting.extend(reversed(below))


def code_problems(
    indices: Sequence[Index], groups: Sequence[Group], pillars: Sequence[Pillar]
) -> Iterator[Problem]:
    """Codes given twice or reserved, and trees too deep to be meant."""
    named = [(path, node.code, depth) for path, node, _, depth in walk(indices)]
    named += [(("groups", at), group.code, 1) for at, group in enumerate(groups)]
    named += [(("pillars", at), pillar.code, 1) for at, pillar in enumerate(pillars)]
    seen: dict[str, Path] = {}
    for path, code, depth in named:
        if code == TOTAL:
            yield Problem(
                (*path, "code"), f"{TOTAL!r} is reserved for the total; choose another code", "reserved"
            )
        elif code in seen:
            yield Problem(
                (*path, "code"),
                f"{code!r} is already the code of {Problem(seen[code], '').where}",
                "duplicate",
            )
        if depth == MAX_DEPTH + 1:
            yield Problem(path, f"lies more than {MAX_DEPTH} levels deep", "depth")
        seen.setdefault(code, path)


def grow(
    indices: Sequence[Index], groups: Sequence[Group], pillars: Sequence[Pillar], decimals: int
) -> tuple[Tree | None, list[Problem]]:
    """The node graph, and what is wrong with it; no graph where it cannot be drawn."""
    found = chain(code_problems(indices, groups, pillars), _leaf_problems(indices, decimals))
    problems = [*islice(found, MAX_PROBLEMS)]
    if problems:
        return None, problems
    nodes = list(walk(indices))
    parent = {node.code: holder for _, node, holder, _ in nodes}
    children: dict[str, tuple[str, ...]] = {TOTAL: tuple(index.code for index in indices)}
    children |= {
        node.code: tuple(each.code for each in node.components) for _, node, _, _ in nodes if node.components
    }
    under = _under(parent, children)
    role = {node.code: node.role for _, node, _, _ in nodes if not node.components}
    standby = {leaf for leaf in role if role[leaf] == "standby"}
    problems = [*islice(_set_problems(groups, pillars, under, standby), MAX_PROBLEMS)]
    if problems:
        return None, problems
    sets: list[Group | Pillar] = [*groups, *pillars]
    for each in sets:
        children[each.code] = each.members
        under[each.code] = tuple(leaf for member in each.members for leaf in under[member])
    kind = {code: _kind({role[leaf] for leaf in leaves}) for code, leaves in under.items()}
    maximum, problems = _maxima(nodes, children, kind, decimals, sets)
    title = {node.code: node.title for _, node, _, _ in nodes}
    title |= {each.code: each.title for each in sets} | {TOTAL: Label("Tổng điểm", "Total")}
    tree = Tree(
        parent=parent,
        children=children,
        leaves=tuple(role),
        role=role,
        under=under,
        kind=kind,
        maximum=maximum,
        title=title,
        groups=tuple(group.code for group in groups),
        pillars=tuple(pillar.code for pillar in pillars),
    )
    return tree, problems


def _leaf_problems(indices: Sequence[Index], decimals: int) -> Iterator[Problem]:
    sum_of_all = 0
    for path, node, _, _ in walk(indices):
        ticks = None if node.max_points is None else ticks_of(node.max_points, decimals)
        if node.max_points is not None and ticks is None:
            message = (
                f"{plain(node.max_points)} has more than {decimals} decimals; raise mark_decimals or round it"
            )
            yield Problem((*path, "max_points"), message, "decimals")
        if node.components and node.role != "scored":
            message = f"only a leaf has a role; give {node.role!r} to its components"
            yield Problem((*path, "role"), message, "role")
        if node.components and node.evidence is not None:
            yield Problem(
                (*path, "evidence"), "is said of leaves only; give it to the components", "evidence"
            )
        if not node.components and node.max_points is None:
            yield Problem((*path, "max_points"), "is missing; a leaf states what it is worth", "required")
        yield from (problem.under(*path) for problem in scoring_problems(node))
        sum_of_all += 0 if node.components else ticks or 0
    if sum_of_all > MAX_TICKS:
        message = f"maxima add up to more than 10^{len(str(MAX_TICKS)) - 1 - decimals} points, the most held exactly"
        yield Problem(("indices",), f"{message} with {decimals} decimals", "magnitude")


def _under(parent: Mapping[str, str], children: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Leaves of indices, components and the total; children come after their parents in ``parent``."""
    under: dict[str, tuple[str, ...]] = {}
    for code in (*reversed(list(parent)), TOTAL):
        if code in children:
            under[code] = tuple(leaf for child in children[code] for leaf in under[child])
        else:
            under[code] = (code,)
    return under


def _set_problems(
    groups: Sequence[Group],
    pillars: Sequence[Pillar],
    under: Mapping[str, tuple[str, ...]],
    standby: Collection[str],
) -> Iterator[Problem]:
    reach = {code: leaves for code, leaves in under.items() if code != TOTAL}
    named: tuple[tuple[str, Sequence[Group | Pillar]], ...] = (("groups", groups), ("pillars", pillars))
    for name, sets in named:
        found: dict[str, tuple[str, ...]] = {}
        for at, each in enumerate(sets):
            if not each.members:
                message = "names nothing; list the indices it is made of"
                yield Problem((name, at, "members"), message, "members")
            for problem in _member_problems(each.members, reach, standby):
                yield problem.under(name, at, "members")
            found[each.code] = tuple(leaf for member in each.members for leaf in reach.get(member, ()))
        reach |= found


def _member_problems(
    members: Sequence[str], reach: Mapping[str, tuple[str, ...]], standby: Collection[str]
) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for at, member in enumerate(members):
        if member not in reach:
            yield Problem(
                (at,), f"{member!r} names no node a set may hold{suggest(member, [*reach])}", "unknown"
            )
        elif member in standby:
            message = (
                f"{member!r} is a stand-by leaf, which counts wherever the node it replaces does; remove it"
            )
            yield Problem((at,), message, "standby")
        leaves = reach.get(member, ())
        twice = next((leaf for leaf in leaves if leaf in seen), None)
        if twice is not None:
            message = (
                f"{member!r} reaches leaf {twice!r}, which {seen[twice]!r} already reaches; count it once"
            )
            yield Problem((at,), message, "twice")
        seen |= dict.fromkeys(leaves, member)


def _kind(roles: set[Role]) -> Kind:
    if "scored" in roles:
        return "scored"
    if roles == {"standby"}:
        return "standby"
    counted = roles - {"standby"}
    return counted.pop() if len(counted) == 1 else "mixed"


def _maxima(
    nodes: Sequence[tuple[Path, Component, str, int]],
    children: Mapping[str, tuple[str, ...]],
    kind: Mapping[str, Kind],
    decimals: int,
    sets: Sequence[Group | Pillar],
) -> tuple[dict[str, int], list[Problem]]:
    maximum: dict[str, int] = {}
    problems: list[Problem] = []

    def total(code: str) -> int:
        return sum(maximum[child] for child in children[code] if kind[child] == kind[code])

    for path, node, _, _ in reversed(nodes):
        if node.components and kind[node.code] == "standby":
            message = "holds only stand-by leaves; put them beside what they may replace"
            problems.append(Problem((*path, "components"), message, "role"))
        stated = None if node.max_points is None else ticks_of(node.max_points, decimals)
        if not node.components:
            maximum[node.code] = stated or 0
            continue
        maximum[node.code] = total(node.code) if kind[node.code] != "mixed" else 0
        if stated is None:
            continue
        wrong = _wrong_sum(node, stated, maximum[node.code], kind[node.code], decimals)
        if wrong:
            problems.append(Problem((*path, "max_points"), wrong, "sum"))
        maximum[node.code] = stated
    for each in sets:
        maximum[each.code] = total(each.code) if kind[each.code] != "mixed" else 0
    maximum[TOTAL] = total(TOTAL)
    return maximum, problems[::-1]


def _wrong_sum(node: Component, stated: int, added: int, kind: Kind, decimals: int) -> str | None:
    capped = kind in ("bonus", "penalty")
    if stated == added or (capped and stated < added):
        return None
    sums = f"its components add up to {plain(Decimal(added).scaleb(-decimals))}"
    advice = "a common cap is at most that" if capped else "make them agree, or leave it out"
    return f"is {plain(node.max_points or Decimal(0))}, but {sums}; {advice}"
