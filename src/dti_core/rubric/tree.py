"""The node graph of a rubric: who contains whom, and what each node is worth in ticks.

total → indices → components …; a group → its members; a pillar → its members, which may be groups.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import chain
from math import lcm
from types import MappingProxyType
from typing import Literal, TypeVar

import attrs

from dti_core.errors import Path
from dti_core.exact import MAX_TICKS, decimal_of, ticks_of
from dti_core.rubric.criteria import Component, Group, Index, NodeSet, Pillar, Points, Role
from dti_core.terms import Label
from dti_core.terms.lookups import grouped

TOTAL = "total"
Kind = Literal["scored", "bonus", "penalty", "mixed", "standby"]
Placed = tuple[Path, Component, str, int]
"""An index or component: its path, itself, the code of what holds it, its depth."""
K = TypeVar("K")
V = TypeVar("V")


def walk(nodes: Sequence[Component]) -> Iterator[Placed]:
    """Indices, and the components in them, in document order; or components, and those in them."""
    waiting: list[Placed] = [
        (("indices", at), node, TOTAL, 1) for at, node in reversed(list(enumerate(nodes)))
    ]
    while waiting:
        path, node, parent, depth = waiting.pop()
        yield path, node, parent, depth
        below = [
            ((*path, "components", at), child, node.code, depth + 1)
            for at, child in enumerate(node.components)
        ]
        waiting.extend(reversed(below))


def _fixed(pairs: Mapping[K, V] | Iterable[tuple[K, V]]) -> Mapping[K, V]:
    return MappingProxyType(dict(pairs))


@attrs.frozen(eq=False, slots=False, getstate_setstate=True)
class Tree:
    """Every node of a rubric by code, each question answered once; sound where ``rubric_problems`` finds nothing."""

    _indices: tuple[Index, ...]
    _groups: tuple[Group, ...]
    _pillars: tuple[Pillar, ...]
    #: of marks
    decimals: int

    @cached_property
    def nodes(self) -> tuple[Placed, ...]:
        """Indices and components in document order."""
        return tuple(walk(self._indices))

    @cached_property
    def criterion(self) -> Mapping[str, Component]:
        """Every index and component."""
        return _fixed((node.code, node) for _, node, _, _ in self.nodes)

    @property
    def sets(self) -> Iterator[tuple[Path, NodeSet]]:
        """Groups, then pillars, which may name them, each with its path."""
        for name, sets in (("groups", self._groups), ("pillars", self._pillars)):
            yield from (((name, at), view) for at, view in enumerate(sets))

    @cached_property
    def parent(self) -> Mapping[str, str]:
        """Components and indices, in document order, with the code of what holds them."""
        return _fixed((node.code, holder) for _, node, holder, _ in self.nodes)

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """Every node that is not a leaf → the nodes directly in it."""
        inner = ((node.code, node.components) for _, node, _, _ in self.nodes if node.components)
        held = ((TOTAL, self._indices), *inner)
        tree = {code: tuple(child.code for child in below) for code, below in held}
        return _fixed(tree | {view.code: view.members for _, view in self.sets})

    @cached_property
    def role(self) -> Mapping[str, Role]:
        """Leaves of every role, in document order."""
        return _fixed((node.code, node.role) for _, node, _, _ in self.nodes if not node.components)

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """Leaves of every role, in document order."""
        return tuple(self.role)

    @cached_property
    def under(self) -> Mapping[str, tuple[str, ...]]:
        """Every node → its leaves of every role."""
        under: dict[str, tuple[str, ...]] = {}
        # children stand after their parents, and pillars after the groups they may name
        for code in (*reversed([*self.parent]), TOTAL, *self.groups, *self.pillars):
            below = dict.fromkeys(self.children.get(code, ()))
            leaves = (leaf for node in below for leaf in under.get(node, ()))
            under[code] = tuple(leaves) if code in self.children else (code,)
        return _fixed(under)

    @cached_property
    def kind(self) -> Mapping[str, Kind]:
        """Scored: the node can have a score; bonus, penalty, mixed: points only."""
        return _fixed(
            (code, _kind({self.role[leaf] for leaf in leaves})) for code, leaves in self.under.items()
        )

    @cached_property
    def scale(self) -> int:
        """The ticks in a point: the least common denominator of marks, of what they earn, and of all maxima.

        Where it would exceed what is held exactly it stops at the first multiple that does.
        """
        scale = int(10**self.decimals)
        for _, node, _, _ in self.nodes:
            worth, highest = node.max_points, node.mark_max
            if worth and highest and scale <= MAX_TICKS:
                earned = Fraction(worth) / (Fraction(highest) * 10**self.decimals)
                scale = lcm(scale, earned.denominator)
            elif isinstance(worth, Fraction) or (worth and ticks_of(worth, self.decimals) is None):
                scale = lcm(scale, Fraction(worth).denominator) if scale <= MAX_TICKS else scale
        return scale

    def _ticks(self, points: Points) -> int:
        marks = ticks_of(points, self.decimals) if isinstance(points, Decimal) else None
        return int(Fraction(points) * self.scale) if marks is None else marks * self._ticks_a_mark

    @cached_property
    def _ticks_a_mark(self) -> int:
        return self.scale // int(10**self.decimals)

    @cached_property
    def earned(self) -> Mapping[str, int]:
        """What a tick of a leaf's mark earns, in ticks of points."""
        earned = {}
        for leaf in self.leaves:
            highest = self.criterion[leaf].mark_max
            marks = None if highest is None else ticks_of(highest, self.decimals)
            earned[leaf] = self.maximum[leaf] // marks if marks else self._ticks_a_mark
            earned[leaf] *= self.maximum[leaf] > 0
        return _fixed(earned)

    @cached_property
    def marked(self) -> Mapping[str, tuple[int, int]]:
        """The lowest and the highest mark of a leaf, in ticks of marks; of one worth nothing any mark is kept."""
        ranges = {}
        for leaf in self.leaves:
            node = self.criterion[leaf]
            any_mark = node.mark_max is None and not node.max_points
            highest = Fraction(node.highest or 0) * 10**self.decimals
            lowest = Fraction(node.mark_min) * 10**self.decimals
            ranges[leaf] = int(lowest), MAX_TICKS if any_mark else min(int(highest), MAX_TICKS)
        return _fixed(ranges)

    @cached_property
    def maximum(self) -> Mapping[str, int]:
        """In ticks: the scored maximum of a scored node, the most that a bonus or penalty node has."""
        maximum: dict[str, int] = {}
        for _, node, _, _ in reversed(self.nodes):
            stated = None if node.max_points is None else self._ticks(node.max_points)
            maximum[node.code] = self._added(node.code, maximum) if stated is None else stated
        for code in (*self.groups, *self.pillars, TOTAL):
            maximum[code] = self._added(code, maximum)
        return _fixed(maximum)

    def added(self, code: str) -> int:
        """What the nodes directly in a node are worth together, in ticks; 0 where bonus and penalty mix."""
        return self._added(code, self.maximum)

    def _added(self, code: str, maximum: Mapping[str, int]) -> int:
        kind = self.kind[code]
        same = (child for child in self.children.get(code, ()) if self.kind[child] == kind != "mixed")
        return sum(maximum[child] for child in same)

    @cached_property
    def title(self) -> Mapping[str, Label]:
        """The title of every node."""
        titled = chain((node for _, node, _, _ in self.nodes), (view for _, view in self.sets))
        return _fixed({part.code: part.title for part in titled} | {TOTAL: Label("Tổng điểm", "Total")})

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The codes of groups."""
        return tuple(group.code for group in self._groups)

    @cached_property
    def pillars(self) -> tuple[str, ...]:
        """The codes of pillars."""
        return tuple(pillar.code for pillar in self._pillars)

    @cached_property
    def excludable(self) -> frozenset[str]:
        """What an exclusion may name."""
        return frozenset((*self.parent, *self.groups))

    def in_points(self, ticks: int) -> Points:
        """Ticks as points."""
        if self._ticks_a_mark == 1:
            return Decimal(f"{int(ticks)}E-{self.decimals}")
        points = Fraction(int(ticks), self.scale)
        return decimal_of(points) or points

    @cached_property
    def own(self) -> Mapping[str, tuple[str, ...]]:
        """Nodes with a bonus or penalty of their own → the nodes that name them in ``adjusts``."""
        naming = (node for _, node, _, _ in self.nodes if node.adjusts is not None)
        own = grouped((str(node.adjusts), node.code) for node in naming)
        return _fixed((code, tuple(codes)) for code, codes in own.items())

    @cached_property
    def adjusted(self) -> Mapping[str, Component]:
        """Scored nodes with a cap, a gate or a bonus or penalty of their own; those inside before what holds them."""
        return _fixed(
            (node.code, node)
            for _, node, _, _ in reversed(self.nodes)
            if self.kind[node.code] == "scored" and (node.cap or node.zero_unless or node.code in self.own)
        )

    def target(self, code: str) -> str | None:
        """The node that bonus or penalty changes instead of the total."""
        targets = (self.criterion[above].adjusts for above in (code, *self.above(code)))
        return next(filter(None, targets), None)

    def above(self, code: str) -> Iterator[str]:
        """What holds an index or component, the nearest first, without the total and sets."""
        while (code := self.parent.get(code, TOTAL)) != TOTAL:
            yield code

    def leaves_of(self, role: str, code: str) -> tuple[str, ...]:
        """The leaves of a role under a node."""
        return tuple(leaf for leaf in self.under[code] if self.role[leaf] == role)

    def scored_under(self, code: str) -> tuple[str, ...]:
        """The scored leaves of a node."""
        return self.leaves_of("scored", code)

    def has(self, role: str, code: str) -> bool:
        """Whether a node has a leaf of a role."""
        return any(self.role[leaf] == role for leaf in self.under[code])

    def holders(self, code: str) -> tuple[str, ...]:
        """The nodes that hold a node, near or far: its parents, the total, and the sets it is in."""
        holders: dict[str, None] = {}
        waiting = [code]
        while waiting:
            above = [holder for holder in self._held_by.get(waiting.pop(), ()) if holder not in holders]
            holders.update(dict.fromkeys(above))
            waiting += above
        return tuple(holders)

    @cached_property
    def _held_by(self) -> Mapping[str, Sequence[str]]:
        """Every node that is held → what it stands in directly."""
        return _fixed(grouped((code, holder) for holder, below in self.children.items() for code in below))

    @property
    def inner(self) -> tuple[str, ...]:
        """Every node that is not a leaf: total, pillars, groups, then indices and components in document order."""
        return (TOTAL, *self.pillars, *self.groups, *(code for code in self.parent if code in self.children))

    @property
    def views(self) -> tuple[str, ...]:
        """What a ranking usually shows: the total, pillars, groups and indices."""
        return (TOTAL, *self.pillars, *self.groups, *self.children[TOTAL])


def _kind(roles: set[Role]) -> Kind:
    if "scored" in roles:
        return "scored"
    if roles == {"standby"}:
        return "standby"
    counted = roles - {"standby"}
    return counted.pop() if len(counted) == 1 else "mixed"
