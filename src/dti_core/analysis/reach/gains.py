"""What a point on each leaf adds to what a goal compares, and how much room there is on the way up.

In the marks of scored leaves every value is linear as long as nothing is kept from above (a cap, an own bonus, the
common cap of bonus leaves) or from below (a gate that is shut, a penalty that takes more than there is). What is kept
from above is room that leaves share; what is kept from below only makes a point worth less than is said here.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction

import attrs

from dti_core.analysis.reach.goals import Goal
from dti_core.evaluation.rules import NOTHING, ONE
from dti_core.explain.derive import Derivation
from dti_core.rubric.tree import TOTAL

Within = tuple[tuple[str, str], ...]
"""The rooms that what a leaf earns goes through, each by node and kind."""


@attrs.frozen
class Gain:
    """What a point on a leaf adds, and the rooms that it goes through."""

    slope: Fraction
    within: Within


@attrs.frozen(eq=False)
class Gains:
    """What points add to what a goal compares, from the marks that a unit has."""

    unit: Derivation
    goal: Goal

    def by_leaf(self) -> dict[str, Gain]:
        """What a point on each leaf adds; leaves that add nothing, or are under a gate that is shut, are left out."""
        node, tree = self.goal.node, self.unit.tree
        if tree.kind[node] not in ("scored", "standby"):
            return {leaf: Gain(ONE, within) for leaf, within in self._beside(node)}
        if self.goal.compared == "points":
            return {leaf: Gain(ONE, within) for leaf, within in self._points(node)}
        if self.goal.compared == "rate":
            return dict(self._shares(node, ONE, by_level=False))
        gains = dict(self._shares(node, ONE, by_level=True))
        if node == TOTAL:
            scale = self.unit.scale(TOTAL) or self.unit.maximum(TOTAL)
            reaching = self._beside(TOTAL, reaching=True)
            gains |= {leaf: Gain(ONE / scale, within) for leaf, within in reaching}
        return gains

    def rooms(self, gains: Mapping[str, Gain]) -> dict[tuple[str, str], Fraction]:
        """How many points more each room takes."""
        keys = {key for gain in gains.values() for key in gain.within}
        return {key: max(self._room(*key), NOTHING) for key in keys}

    def _room(self, node: str, kind: str) -> Fraction:
        unit = self.unit
        if kind == "bonus":
            return unit.maximum(node) - unit.added("bonus", node)
        added, *_, own, _ = unit.adjusted(node)
        if kind == "cap":
            return (unit.cap(node) or NOTHING) - added.points
        most = own.counted if unit.policy.missing == "exclude" else own.applicable
        return most - own.points

    def _shares(self, node: str, worth: Fraction, *, by_level: bool) -> Iterator[tuple[str, Gain]]:
        """What a point adds to the share of a node, of which a whole is ``worth`` so much."""
        unit = self.unit
        if not unit.is_open(node):
            return
        if by_level and unit.is_mean(node):
            terms = [*unit.terms(node)]
            whole = sum((term.weight for term in terms), NOTHING)
            for term in terms:
                yield from self._shares(term.node, worth * term.weight / whole, by_level=True)
            return
        sums = unit.sums(node)
        applicable = sums.applicable or sums.counted
        for leaf, within in self._points(node) if applicable else ():
            yield leaf, Gain(worth / applicable, within)

    def _points(self, node: str, above: Within = ()) -> Iterator[tuple[str, Within]]:
        """The leaves whose points a node has, and the rooms on the way."""
        unit, tree = self.unit, self.unit.tree
        if node not in tree.children:
            yield node, above
            return
        if not unit.is_open(node):
            return
        if node in tree.own:
            above = above if unit.policy.exceed_maximum else (*above, (node, "own"))
            for own in tree.own[node]:
                yield from self._beside(own, above)
        if unit.cap(node) is not None:
            above = (*above, (node, "cap"))
        for child in unit.children(node):
            if tree.kind[child] in ("scored", "standby"):
                yield from self._points(child, above)

    def _beside(
        self, node: str, above: Within = (), *, reaching: bool = False
    ) -> Iterator[tuple[str, Within]]:
        """The leaves of bonus and penalty of a node, or only those reaching the total, and the rooms on the way."""
        tree = self.unit.tree
        if reaching and node != TOTAL and tree.criterion[node].adjusts is not None:
            return
        if node not in tree.children:
            if tree.role[node] in ("bonus", "penalty"):
                yield node, above
            return
        if tree.kind[node] == "bonus":
            above = (*above, (node, "bonus"))
        for child in tree.children[node]:
            yield from self._beside(child, above, reaching=reaching)
