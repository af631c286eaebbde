"""What the steps of an explanation say of adjusted nodes: caps, bonus and penalty of their own, gates."""

from collections.abc import Iterator
from fractions import Fraction

import attrs

from dti_core.explain import steps
from dti_core.explain.detail import Detail, capital
from dti_core.explain.parts import Requirement

ADJUSTING = (steps.Cap, steps.Own, steps.Gate)


@attrs.frozen(slots=False, eq=False)
class AdjustedText(Detail):
    """The steps of an explanation in one language, and what they say of adjusted nodes."""

    def adjustments(self, node: str) -> Iterator[str]:
        """What adjusts a node, each step with its numbers, and each condition of its gate."""
        sum_, cap = self.find(steps.Sum, node), self.find(steps.Cap, node)
        own, gate = self.find(steps.Own, node), self.find(steps.Gate, node)
        if sum_ and (cap or own or gate):
            yield self.say("added", sum_)
        yield from (capital(self._capped(step)) for step in (cap,) if step and _caps(step))
        yield from (capital(self._own(step)) for step in (own,) if step and (step.bonus or step.penalty))
        for asked in gate.conditions if gate else ():
            outcome = "unasked" if asked.value is None else "met" if asked.is_met else "unmet"
            yield self.say("gate", condition=self._asked(asked), outcome=self.say(f"gate.{outcome}"))
        if gate and _is_shut(gate):
            yield self.say("shut", why=self._why_shut(gate)) + self._took(gate)

    def adjusted_nodes(self, without: str) -> Iterator[str]:
        """What was taken from or given to the other nodes, in the order of the calculation."""
        for step in self.derivation:
            if not isinstance(step, ADJUSTING) or step.node == without:
                continue
            if isinstance(step, steps.Cap) and _caps(step):
                yield f"{self.name(step.node)}: {self._capped(step)}"
            elif isinstance(step, steps.Own) and (step.bonus or step.penalty):
                yield f"{self.name(step.node)}: {self._own(step)}"
            elif isinstance(step, steps.Gate) and _is_shut(step):
                why = self._why_shut(step)
                yield self.say("criterion shut", node=self.name(step.node), why=why) + self._took(step)

    def _capped(self, cap: steps.Cap) -> str:
        changes = []
        if cap.added_points > cap.points:
            changes.append(self.say("capped points", added=cap.added_points, counted=cap.points))
        if cap.added_applicable > cap.applicable:
            changes.append(self.say("capped maximum", added=cap.added_applicable, counted=cap.applicable))
        return self.say("capped", cap=cap.cap, changes="; ".join(changes))

    def _own(self, own: steps.Own) -> str:
        if not own.applicable:
            return self.say("own of nothing")
        return self.say("own", chain=self.with_extra(own.before, own.bonus, own.penalty, own.points))

    def with_extra(self, before: Fraction, bonus: Fraction, penalty: Fraction, after: Fraction) -> str:
        """Bonus and penalty worked out, and which end they were held to."""
        signed = (("+", bonus), ("−", penalty))
        formula = [f"{sign} {self.number(points)}" for sign, points in signed if points]
        added = before + bonus - penalty
        chain = self.chain(" ".join([self.number(before), *formula]), added)
        if added > after:
            return chain + self.say("ceiling", score=after)
        return chain + (self.say("floor") if added < after else "")

    def _why_shut(self, gate: steps.Gate) -> str:
        return "; ".join(self._asked(asked) for asked in gate.conditions if not asked.is_met)

    def _took(self, gate: steps.Gate) -> str:
        return self.say("took", points=gate.before) if gate.before else ""

    def _asked(self, asked: Requirement) -> str:
        """What a node has, and what it has to have."""
        bounds, node = self.bounds(asked), self.name(asked.node)
        if asked.value is None:
            return self.say("asked", node=node, bounds=bounds)
        value = self.in_unit(asked, asked.value)
        value = self.say("rate of", value=value) if asked.is_percent else value
        return self.say("has", node=node, value=value, bounds=bounds)

    def bounds(self, asked: Requirement) -> str:
        """What a node has to have."""
        bounds = asked.condition.bounds.items()
        needs = (self.say(f"need {word}", bound=self.in_unit(asked, bound)) for word, bound in bounds)
        return self.say("and").join(needs)

    def in_unit(self, asked: Requirement, value: Fraction | None) -> str:
        """A value that a condition compares: percent, or points."""
        return self.say("percent" if asked.is_percent else "points", value=value)


def _caps(cap: steps.Cap) -> bool:
    return cap.added_points > cap.points or cap.added_applicable > cap.applicable


def _is_shut(gate: steps.Gate) -> bool:
    return not all(asked.is_met for asked in gate.conditions)
