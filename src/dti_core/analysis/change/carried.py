"""What excludes leaves in one round, said in terms of a rubric of either round."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import attrs
import numpy as np

from dti_core.analysis.change.rounds import BOTH, Rounds
from dti_core.exact.rationals import Mask
from dti_core.marks import MarkSheet
from dti_core.rubric.exclusions import Exclusion, ExclusionRule, affected
from dti_core.rubric.tree import Tree
from dti_core.terms.lookups import grouped

Source = TypeVar("Source", Exclusion, ExclusionRule)
Substitution = tuple[str, str]
"""A node and the stand-by leaf that counts in its place."""
NOT_THERE: Any = {"reason": "the unit was not in that round", "basis": "the unit was not in that round"}


@attrs.frozen(eq=False)
class Carrier:
    """Says of the leaves of one rubric, ``tree``, what was said of them, in terms of its own or another one."""

    tree: Tree
    #: what these leaves are called there; of others nothing is said
    leaves: Mapping[str, str]
    #: by how much the highest mark still possible grows on the shared scale
    factors: Mapping[str, int]
    substituted: Callable[[Substitution], Substitution | None]

    def carry(self, source: Source) -> Iterator[Source]:
        """The same on the leaves that are there: a reduction leaf by leaf, a substitution as a whole or not at all."""
        if source.by is not None:
            pair = self.substituted((source.members[0], source.by))
            if pair:
                yield attrs.evolve(source, members=[pair[0]], by=pair[1])
            return
        leaves = [leaf for leaf in affected(source, self.tree) if leaf in self.leaves]
        if source.to is not None:
            for leaf in leaves:
                to = source.to * self.factors.get(leaf, 1)
                yield attrs.evolve(source, members=[self.leaves[leaf]], to=to)
        elif leaves:
            yield attrs.evolve(source, members=[self.leaves[leaf] for leaf in leaves])


def at_home(rounds: Rounds, at: int) -> Carrier:
    """From a round to its own rubric: all of it, on the shared scales."""
    tree = rounds.rubrics[at].tree
    return Carrier(tree, {leaf: leaf for leaf in tree.leaves}, _factors(rounds, at), lambda pair: pair)


def across(rounds: Rounds, at: int) -> Carrier:
    """From a round to the rubric of the other: what is said of leaves that both have."""
    trees = rounds.rubrics[at].tree, rounds.rubrics[1 - at].tree
    leaves = rounds.counterpart(at)

    def substituted(pair: Substitution) -> Substitution | None:
        node, by = _counterpart(pair[0], *trees, leaves), leaves.get(pair[1])
        return None if node is None or by is None else (node, by)

    return Carrier(trees[0], leaves, _factors(rounds, at), substituted)


def beside(rounds: Rounds, at: int) -> Carrier:
    """From a round to its own rubric: what is said of leaves that the other round does not have."""
    carrier, tree = across(rounds, at), rounds.rubrics[at].tree
    only = {leaf: leaf for leaf in rounds.only(at)}
    return Carrier(tree, only, {}, lambda pair: None if carrier.substituted(pair) else pair)


def _factors(rounds: Rounds, at: int) -> Mapping[str, int]:
    return {leaf.codes[at]: leaf.factors[at] for leaf in rounds.leaves}


def _counterpart(node: str, tree: Tree, other: Tree, leaves: Mapping[str, str]) -> str | None:
    """What a node is in the other round: the shared leaf, or what has the same code and the same scored leaves."""
    if node in tree.role:
        return leaves.get(node)
    there = {leaves.get(leaf) for leaf in tree.scored_under(node) if tree.maximum[leaf]}
    is_same = node in other.parent and there == {
        leaf for leaf in other.scored_under(node) if other.maximum[leaf]
    }
    return node if is_same else None


def decisions(rounds: Rounds, at: int, state: int) -> dict[int, tuple[Exclusion, ...]]:
    """What the decisions of one round, ``state``, say of each unit by the rubric of a round, ``at``.

    On the other's rubric those on shared leaves hold, and on leaves that it alone has those of its own round. On these
    nobody could mark a unit that was not in that round: they do not count for it.
    """
    found: dict[int, tuple[Exclusion, ...]] = {}
    for of, carrier, where in _carriers(rounds, at, state):
        unit_of = {row: unit for unit, row in enumerate(rounds.rows[of].tolist()) if row >= 0}
        carried: dict[Exclusion, tuple[Exclusion, ...]] = {}
        for row, own in _decided(rounds.results[of].marks).items():
            unit = unit_of[row]
            for decision in own if where[unit] else ():
                if decision not in carried:
                    carried[decision] = tuple(carrier.carry(decision))
                found[unit] = found.get(unit, ()) + carried[decision]
    unmarked = _unmarked(rounds, at)
    for unit in np.flatnonzero(rounds.rows[at] < 0).tolist() if unmarked else ():
        found[unit] = (*found.get(unit, ()), Exclusion(members=unmarked, treatment="skip", **NOT_THERE))
    return found


def _carriers(rounds: Rounds, at: int, state: int) -> Iterator[tuple[int, Carrier, Mask]]:
    """The round of decisions, how they are said by the rubric, and (units,) on whom they hold."""
    served = rounds.held(state)
    for of in BOTH if rounds.alike else (at,):
        yield of, at_home(rounds, of), served == of
    if not rounds.alike:
        yield 1 - at, across(rounds, 1 - at), served != at
        yield at, beside(rounds, at), (served != at) & (rounds.rows[at] >= 0)


def _decided(marks: MarkSheet) -> dict[int, list[Exclusion]]:
    """The decisions on each unit, of the round and on it alone, by its row."""
    of_round = [(each.units, attrs.evolve(each, units=None)) for each in marks.exclusions]
    named = [(unit, bare) for units, bare in of_round for unit in (marks.units if units is None else units)]
    named += [(unit, decision) for unit, own in marks.unit_exclusions.items() for decision in own]
    return grouped((marks.row(unit), decision) for unit, decision in named)


def _unmarked(rounds: Rounds, at: int) -> list[str]:
    """The scored leaves of one round alone."""
    tree = rounds.rubrics[at].tree
    return [leaf for leaf in rounds.only(at) if tree.role[leaf] == "scored" and tree.maximum[leaf]]
