"""What must hold of what did not count: rulings say so of the leaf, reach the unit, and override rules alone."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import attrs

from dti_core.errors import Problem
from dti_core.published import Node, NotCounted, PublishedResult, Ruling
from dti_core.published.named import meets, unknown
from dti_core.words import RESULTS, Sentence


def aside_problems(result: PublishedResult, nodes: Mapping[str, Node]) -> Iterator[Problem]:
    """Places of no ruling, and rulings that say something else, or of others."""
    checking = _Asides(result, nodes)
    sound: set[tuple[Any, ...]] = set()
    for row, unit in enumerate(result.units):
        met = tuple(at for at, rule in checking.rules if unit.excluded and meets(unit, rule.when))
        for at, aside in enumerate(unit.excluded):
            if (met, aside.decided) not in sound:
                found = [*checking.code_problems(aside), *checking.ruling_problems(aside)]
                found = found or [*checking.reach_problems(met, aside)]
                yield from (problem.under("units", row, "excluded", at) for problem in found)
                if not found:
                    sound.add((met, aside.decided))


@attrs.frozen(eq=False, slots=False)
class _Asides:
    result: PublishedResult
    nodes: Mapping[str, Node]

    @cached_property
    def standby(self) -> list[str]:
        """The stand-by leaves."""
        return [code for code, node in self.nodes.items() if node.role == "standby" and not node.children]

    @cached_property
    def leaves(self) -> list[str]:
        """The leaves that can be scored."""
        return [code for code, node in self.nodes.items() if node.is_scored and not node.children]

    @cached_property
    def held_by(self) -> Mapping[str, Sequence[str]]:
        """Nodes → what they stand in directly."""
        held_by: dict[str, list[str]] = {}
        for code, node in self.nodes.items():
            for child in node.children:
                held_by.setdefault(child, []).append(code)
        return held_by

    def code_problems(self, aside: NotCounted) -> Iterator[Problem]:
        """Codes and places that name nothing."""
        yield from unknown(("leaf",), aside.leaf, self.leaves)
        if aside.by is not None:
            yield from unknown(("by",), aside.by, self.standby)
        for field in ("rulings", "overrules"):
            for place, ruling in enumerate(getattr(aside, field)):
                if not 0 <= ruling < len(self.result.rulings):
                    sentence = RESULTS("contradiction.no_place", list="rulings", place=ruling)
                    yield Problem((field, place), sentence, "unknown")

    def ruling_problems(self, aside: NotCounted) -> Iterator[Problem]:
        """Rulings that do not say what is said of the leaf, and overruled ones that are no rules."""
        if bool(aside.rulings) == (aside.treatment == "standby"):
            yield Problem(("rulings",), Sentence(RESULTS["contradiction.ruling"]), "ruling")
        for field in ("rulings", "overrules"):
            for place, at in enumerate(getattr(aside, field)):
                ruling = self._ruling(at)
                if ruling and not (self._speaks_of(ruling, aside) and self._agrees(ruling, aside, field)):
                    yield Problem((field, place), Sentence(RESULTS["contradiction.ruling"]), "ruling")

    def _ruling(self, place: int) -> Ruling | None:
        return self.result.rulings[place] if 0 <= place < len(self.result.rulings) else None

    def _speaks_of(self, ruling: Ruling, aside: NotCounted) -> bool:
        """Whether a leaf is among the members of a ruling, or in one; members left out of the document may hold it."""
        if not self.is_whole:
            return True
        members, seen, waiting = {*ruling.members}, set[str](), {aside.leaf}
        while waiting and members.isdisjoint(waiting):
            seen |= waiting
            waiting = {holder for code in waiting for holder in self.held_by.get(code, ())} - seen
        return bool(waiting)

    @cached_property
    def is_whole(self) -> bool:
        """Whether no node is left out of the document."""
        return not any(node.partial for node in self.nodes.values())

    @staticmethod
    def _agrees(ruling: Ruling, aside: NotCounted, field: str) -> bool:
        if field == "overrules":
            return ruling.source == "rule"
        return (ruling.treatment, ruling.by, ruling.to) == (aside.treatment, aside.by, aside.to)

    def reach_problems(self, met: Collection[int], aside: NotCounted) -> Iterator[Problem]:
        """All rules that reach a leaf say so, or are overruled by a decision; ``met`` are those that reach the unit."""
        if not self.is_whole or not aside.rulings:
            return
        is_decided = self.result.rulings[aside.rulings[0]].source != "rule"
        field = "overrules" if is_decided else "rulings"
        if {*getattr(aside, field)} != {at for at in met if self._speaks_of(self.result.rulings[at], aside)}:
            yield Problem((field,), Sentence(RESULTS["contradiction.rules"]), "ruling")

    @cached_property
    def rules(self) -> list[tuple[int, Ruling]]:
        """The rules of the rubric, each with its place."""
        return [(at, ruling) for at, ruling in enumerate(self.result.rulings) if ruling.source == "rule"]
