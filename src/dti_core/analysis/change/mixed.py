"""Rounds that never were: each cause in its state of before or after, scored by ``evaluate`` as any round is."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from itertools import count
from typing import Any, TypeVar

import attrs
import numpy as np

from dti_core.analysis.change.carried import at_home, decisions
from dti_core.analysis.change.described import Described
from dti_core.analysis.change.rounds import BOTH, Rounds
from dti_core.answer import Floats, Ints
from dti_core.applicability.compiled import compile_rubric
from dti_core.exact.rationals import Rows
from dti_core.marks import MarkSheet
from dti_core.result import Result, evaluate
from dti_core.rubric import Rubric
from dti_core.rubric.conditions import UNIT, Attribute
from dti_core.rubric.criteria import Component
from dti_core.rubric.exclusions import Exclusion

Node = TypeVar("Node", bound=Component)


@attrs.frozen(eq=False, slots=False)
class Mixture:
    """Scores any rows of marks by the rubric of one round, ``at``, with the exclusions of either."""

    rounds: Rounds
    at: int
    #: whether exclusions are told apart from the rubric, with which they go otherwise
    apart: bool

    def scored(self, units: Ints, marks: Floats, states: Ints) -> Result:
        """A row for each of ``units`` (places, which may come again): their shared marks, their exclusions' round.

        Rows are called by their numbers; no unit is in a block, and none is set aside.
        """
        column, scale = compile_rubric(self.rubric).column, 10.0**self.rounds.decimals
        shared, only = self.rounds.counterpart(self.at), self.rounds.only(self.at)
        ticks = np.empty((len(units), len(column)))
        ticks[:, [column[leaf] for leaf in shared]] = marks
        ticks[:, [column[leaf] for leaf in only]] = self.rounds.of_leaves(self.at, only, units)
        states = states if self.apart else np.full_like(states, self.at)
        columns: dict[str, Any] = {name: own.rows(states, units) for name, own in self._attributes.items()}
        sheet = MarkSheet.from_array(
            ticks / scale,
            self.rubric,
            units=[*map(str, range(len(units)))],
            attributes=columns,
            unit_exclusions=self._decided_on(units, states),
            stage="self",  # of a reduced leaf a higher mark counts as the highest possible, and is not refused
        )
        return evaluate(self.rubric, sheet)

    @cached_property
    def rubric(self) -> Rubric:
        """The rubric, leaves that both rounds have on the shared scale of marks, units known by an attribute.

        Blocks, bands and grade limits change no score: they are left out.
        """
        result = self.rounds.results[self.at]
        policy, declared = result.policy, result.rubric.attributes
        if policy.missing == "refuse":  # here a leaf may count for which no mark was asked
            policy = attrs.evolve(policy, missing="zero")
        if self._code is not None:
            declared = (*declared, (self._code, Attribute(type="string")))
        return attrs.evolve(
            result.rubric,
            indices=[self._rescaled(index) for index in result.rubric.indices],
            mark_decimals=self.rounds.decimals,
            attributes=declared,
            exclusions=[*self._rules()],
            blocks=(),
            bands=(),
            grade_limits=(),
            policy=policy,
        )

    @cached_property
    def placed(self) -> Rows:
        """The units that have what the rubric asks of every unit; others cannot be scored by it."""
        is_there, declared = self.rounds.rows[self.at] >= 0, dict(self.rubric.attributes)
        fits = np.ones(len(is_there), dtype=bool)
        for name, column in self._attributes.items():
            for unit in np.flatnonzero(~is_there).tolist():
                value = column.at(self.at, unit)
                fits[unit] &= value is not None and declared[name].holds(value)
        return np.flatnonzero(fits)

    def _rescaled(self, node: Node) -> Node:
        if node.components:
            return attrs.evolve(node, components=[self._rescaled(part) for part in node.components])
        ends = self._scales.get(node.code)
        if ends is None:
            return node
        lowest, highest = (Decimal(end).scaleb(-self.rounds.decimals) for end in ends)
        return attrs.evolve(node, mark_min=lowest, mark_max=highest, scoring=None)

    @cached_property
    def _scales(self) -> Mapping[str, tuple[int, int]]:
        """The ends of shared scales that are not the rubric's own, in ticks."""
        tree = self.rounds.rubrics[self.at].tree
        finer = 10 ** (self.rounds.decimals - tree.decimals)
        scales = {leaf.codes[self.at]: (leaf.lowest, leaf.highest) for leaf in self.rounds.leaves}
        own = {code: tuple(end * finer for end in tree.marked[code]) for code in scales}
        return {code: ends for code, ends in scales.items() if ends != own[code]}

    def _rules(self) -> Iterator[Any]:
        """Rules are called by numbers: a reduction becomes one for each leaf."""
        numbers, home = count(), at_home(self.rounds, self.at)
        for rule in self.rounds.rubrics[self.at].exclusions:
            when = tuple((self._code or name if name == UNIT else name, asked) for name, asked in rule.when)
            for part in home.carry(rule):
                yield attrs.evolve(part, code=f"{next(numbers)}", when=when)

    @cached_property
    def _code(self) -> str | None:
        """An attribute that no rubric declares, for the codes of units where rules ask for them.

        The rows that are scored have codes of their own.
        """
        rubrics = self.rounds.rubrics
        if all(name != UNIT for rule in rubrics[self.at].exclusions for name, _ in rule.when):
            return None
        declared = {name for rubric in rubrics for name, _ in rubric.attributes}
        return next(name for name in (f"{UNIT}{at}" for at in count()) if name not in declared)

    @cached_property
    def _attributes(self) -> Mapping[str, Described]:
        """What the rubric declares.

        What both rubrics declare alike goes with exclusions; any other attribute with its rubric.
        """
        own, other = (dict(self.rounds.rubrics[at].attributes) for at in (self.at, 1 - self.at))
        wanted = {name: BOTH if other.get(name) == own[name] else (self.at, self.at) for name in own}
        columns = {name: Described.of(self.rounds, name, rounds) for name, rounds in wanted.items()}
        units = {} if self._code is None else {self._code: Described.of(self.rounds, UNIT, BOTH)}
        return columns | units

    @cached_property
    def _decisions(self) -> tuple[Mapping[int, tuple[Exclusion, ...]], ...]:
        """What is decided on each unit, by the round that exclusions are of."""
        return tuple(decisions(self.rounds, self.at, state) for state in BOTH)

    def _decided_on(self, units: Ints, states: Ints) -> dict[str, tuple[Exclusion, ...]]:
        """The decisions on each row that has any."""
        if not any(self._decisions):
            return {}
        pairs = enumerate(zip(units.tolist(), states.tolist(), strict=True))
        by_row = {f"{row}": self._decisions[state].get(unit, ()) for row, (unit, state) in pairs}
        return {row: own for row, own in by_row.items() if own}
