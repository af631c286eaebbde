"""From what is asked to a plan: the goals, the search, and the replay that proves what is reached."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

import attrs

from dti_core.analysis.reach.goals import Goal, Goals
from dti_core.analysis.reach.linear import Linear
from dti_core.analysis.reach.moves import Moves, NewMarks
from dti_core.analysis.reach.plan import MarkChange, Plan, Reached
from dti_core.analysis.reach.race import Race
from dti_core.analysis.reach.search import Found, Search
from dti_core.analysis.reach.supposed import supposed
from dti_core.evaluation import rules
from dti_core.evaluation.rules import NOTHING
from dti_core.explain.derive import Derivation
from dti_core.result import evaluate
from dti_core.words import REACH, Sentence


@attrs.frozen(eq=False, slots=False)
class Planning:
    """One unit of a race, what may get better of it, and what it is to reach."""

    race: Race
    unit: Derivation
    moves: Moves
    alternatives: Sequence[Goals]
    #: why there is nothing to be done whatever the marks
    barrier: Sentence | None

    def plan(self) -> Plan:
        """The cheapest marks that reach it, replayed."""
        found = Found({}, is_certain=True)
        if self.barrier is None:
            found = Search(self.unit, self.moves, self.alternatives).found()
        state, possible = found.state or {}, self.barrier is None and found.state is not None
        race, unit = self.race, self.unit
        why = self.barrier or (None if possible else self._why(found))
        return Plan(
            unit=unit.unit,
            name=unit.name if unit.setting.marks.names else None,
            node=race.node,
            node_title=race.result.rubric.title_of(race.node),
            decimals=race.scores.publish.decimals,
            changes=tuple(self._changes(state)),
            before=reached(race, unit.row),
            reached=reached(self._replayed(state), unit.row),
            possible=possible,
            optimal=found.is_certain,
            why=why,
            headroom=why.values.get("headroom") if why else None,
            needed=why.values.get("needed") if why else None,
        )

    def _replayed(self, state: NewMarks) -> Race:
        """The race with the marks of the state, evaluated anew."""
        if not state:
            return self.race
        result, leaves = self.race.result, self.unit.common.leaves
        marks = {self.unit.unit: {leaf: leaves.mark(mark) for leaf, mark in state.items()}}
        again = evaluate(result.rubric, result.marks.with_marks(marks), result.policy)
        return attrs.evolve(self.race, result=again)

    def _changes(self, state: NewMarks) -> Iterator[MarkChange]:
        common = self.unit.common
        so_far: dict[str, int] = {}
        value = self._formed(self.unit)
        for leaf in (leaf for leaf in self.moves.by_leaf if leaf in state):
            so_far = {**so_far, leaf: state[leaf]}
            move, before = self.moves.by_leaf[leaf], value
            value = self._formed(supposed(common, self.unit, so_far))
            points = Fraction(move.points(state[leaf]), self.moves.scale)
            yield MarkChange(
                leaf=leaf,
                title=self.race.result.rubric.title_of(leaf),
                before=common.leaves.mark(move.mark),
                after=Fraction(state[leaf], self.unit.setting.compiled.mark_scale),
                points=points,
                cost=points * move.price,
                gain=value - before,
            )

    def _formed(self, unit: Derivation) -> Fraction:
        """The score as it is printed, unrounded; 0 where there is none."""
        score, node = unit.score(self.race.node), self.race.node
        publish = unit.policy.publish_of(node)
        return NOTHING if score is None else rules.formed(score, unit.scale(node), publish)

    def _why(self, found: Found) -> Sentence:
        """What is short, of the goals that are nearest to be reached."""
        if not found.is_certain:
            return REACH("not_found")
        best = supposed(self.unit.common, self.unit, self.moves.best)
        shortages = [*filter(None, (self._shortage(goals, best) for goals in self.alternatives))]
        if not shortages:
            return REACH("together")
        node, headroom, needed = min(shortages, key=lambda shortage: shortage[2] - shortage[1])
        title = self.race.result.rubric.title_of(node)
        return REACH("short", node=title, headroom=headroom, needed=needed)

    def _shortage(self, goals: Sequence[Goal], best: Derivation) -> tuple[str, Fraction, Fraction] | None:
        """The first goal that the best marks miss: its node, the points that there are, and those needed."""
        for goal in goals:
            linear = Linear(goal, self.unit, {}, self.moves)
            needed, left = linear.short(self.unit), linear.short(best)
            most = max((gain.slope for gain in linear.gains.values()), default=NOTHING) * linear.whole
            if left > 0 and most:
                scale = most * self.moves.scale
                return goal.node, Fraction(needed - left) / scale, Fraction(needed) / scale
        return None


def reached(race: Race, row: int) -> Reached:
    """What a unit has in a race."""
    scores, rubric = race.scores, race.result.rubric
    grade = scores.grades()[row] if rubric.bands else None
    return Reached(
        rank=int(race.ranks[row]),
        of=int(scores.ranked_with(race.by)[row]),
        published=scores.exact("published")[row],
        grade=grade,
        grade_title=next((band.title for band in rubric.bands if band.code == grade), None),
    )
