"""What must hold within an explanation: each step is what the law makes of those before it."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import attrs

from dti_core.documents.columns import exact_text
from dti_core.errors import Problem
from dti_core.evaluation import grade_rules, rules
from dti_core.evaluation.rules import NOTHING, Sums
from dti_core.explain import Explanation, steps
from dti_core.explain.parts import Barrier, Requirement
from dti_core.rubric.tree import TOTAL, Kind
from dti_core.words import EXPLANATIONS

Expected = Iterator[tuple[tuple[str | int, ...], Any]]
"""Where a value stands in a step or in what it holds, and what it must be."""
LONGEST = 60
UNCOUNTED = ("skip", "substitute", "standby")
DECIDING = ("published", "exact")
OF_THE_NODE = (
    steps.Conversion, steps.Adjustment, steps.Publication, steps.Standing, steps.Unranked, steps.Grade,
)  # fmt: skip
"""Steps that are about the node explained alone."""
Extras = Mapping[str, Fraction]
NO_EXTRAS: Extras = {"bonus": NOTHING, "penalty": NOTHING}


def contradictions(explanation: Explanation) -> Iterator[Problem]:
    """Steps that say something else than follows; what only the rubric or other units tell is believed."""
    replay, said = Replay(), set()
    for at, step in enumerate(explanation.steps):
        if (type(step), step.node) in said:
            yield _problem(("steps", at), "twice", kind=step.kind, node=step.node)
        said.add((type(step), step.node))
        for path, value in getattr(replay, step.kind)(step):
            written: Any = step
            for name in path:
                written = written[name] if isinstance(name, int) else getattr(written, name)
            if written != value:
                place = ("steps", at, *path)
                yield _problem(place, "contradiction", value=_shown(written), other=_shown(value))
    yield from _node_problems(explanation)


def _node_problems(explanation: Explanation) -> Iterator[Problem]:
    """Scores, ranks and grades of another node than the one explained, or no step about that at all."""
    node = explanation.node
    if node not in {step.node for step in explanation.steps}:
        yield _problem(("node",), "no step", node=node)
        return
    for at, step in enumerate(explanation.steps):
        if isinstance(step, OF_THE_NODE) and step.node != node:
            yield _problem(("steps", at, "node"), "contradiction", value=step.node, other=node)


def _problem(path: tuple[str | int, ...], phrase: str, **values: Any) -> Problem:
    return Problem(path, EXPLANATIONS(phrase, **values), "contradiction")


def _shown(value: object) -> str:
    text = exact_text(value) if isinstance(value, Fraction) else "null" if value is None else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


@attrs.define(eq=False)
class Replay:
    """What the steps so far come to; each kind of step has a method that tells what its fields must be."""

    sums: dict[str, Sums] = attrs.field(factory=dict)
    maximum: dict[str, Fraction] = attrs.field(factory=dict)
    extras: dict[str, Extras] = attrs.field(factory=dict)
    reaching: dict[str, Extras] = attrs.field(factory=dict)
    kinds: dict[str, Kind] = attrs.field(factory=dict)
    means: dict[str, Fraction | None] = attrs.field(factory=dict)
    shut: set[str] = attrs.field(factory=set)
    score: Fraction | None = None
    scale: Fraction | None = None
    printed: steps.Publication | None = None

    def leaf(self, step: steps.Leaf) -> Expected:
        """What its mark earns, unless something treats it otherwise."""
        highest = step.maximum if step.mark_max is None else step.mark_max
        mark = step.mark if step.mark is None or step.to is None else min(step.mark, step.to)
        earned = None if mark is None else rules.earned(mark, step.maximum, highest)
        worth = step.maximum if step.to is None else rules.earned(step.to, step.maximum, highest)
        is_extra = step.role in NO_EXTRAS
        if is_extra or step.treatment in UNCOUNTED:
            worth = NOTHING
        elif step.treatment in ("full_marks", "zero"):
            earned = step.maximum if step.treatment == "full_marks" else NOTHING
        sums = rules.leaf_sums(earned, worth, step.missing or "zero")
        self.sums[step.node], self.maximum[step.node] = sums, step.maximum
        self.kinds[step.node] = step.role
        points = sums.points
        if is_extra:
            points = earned or NOTHING
            self.extras[step.node] = {**NO_EXTRAS, step.role: points}
            self.reaching[step.node] = NO_EXTRAS if step.adjusts else self.extras[step.node]
        is_above = step.to is not None and step.mark is not None and step.mark > step.to
        ignores = is_above or step.treatment not in (None, "count", "reduce")
        ignored, missing = step.mark if ignores else None, (step.missing or "zero") if sums.missing else None
        yield from _fields(points=points, applicable=sums.applicable, ignored=ignored, missing=missing)

    def sum(self, step: steps.Sum) -> Expected:
        """A node is the sum of its children."""
        sums = rules.added(self.sums.get(child, Sums()) for child in step.children)
        self.sums[step.node], self.maximum[step.node] = sums, step.maximum
        self.kinds[step.node] = "scored"
        yield from _fields(points=sums.points, applicable=sums.applicable, missing=sums.missing)

    def _becomes(self, step: Any, sums: Sums) -> Expected:
        self.sums[step.node] = sums
        return _fields(points=sums.points, applicable=sums.applicable)

    def cap(self, step: steps.Cap) -> Expected:
        """A node counts no more than its cap."""
        added = self.sums.get(step.node, Sums())
        yield from _fields(added_points=added.points, added_applicable=added.applicable)
        self.maximum[step.node] = step.cap
        yield from self._becomes(step, rules.within_cap(added, step.cap))

    def own(self, step: steps.Own) -> Expected:
        """Bonus and penalty of its own."""
        before = self.sums.get(step.node, Sums())
        extras, exceed = _added(self.extras, step.children), step.ceiling is None
        yield from _fields(before=before.points, **extras, ceiling=None if exceed else before.applicable)
        extra = extras["bonus"] - extras["penalty"]
        yield from self._becomes(step, rules.with_own(before, extra, exceed=exceed))

    def gate(self, step: steps.Gate) -> Expected:
        """Points are lost where a condition that is asked does not hold."""
        before, is_open = self.sums.get(step.node, Sums()), True
        yield ("before",), before.points
        for at, asked in enumerate(step.conditions):
            value = self._asked(asked)
            is_met = rules.is_met(asked.condition, value)
            is_open = is_open and is_met
            is_percent = self.kinds.get(asked.node) == "scored" and asked.condition.in_ == "percent"
            yield from _under(("conditions", at), _fields(value=value, is_met=is_met, is_percent=is_percent))
        self.shut |= set() if is_open else {step.node}
        yield from self._becomes(step, rules.gated(before, is_open=is_open))

    def _asked(self, asked: Requirement) -> Fraction | None:
        """What a condition compares."""
        kind, extras = self.kinds.get(asked.node, "scored"), self.extras.get(asked.node, NO_EXTRAS)
        if kind == "scored":
            sums = self.sums.get(asked.node, Sums())
            share = rules.ratio(sums.points, sums.applicable)
            return rules.asked(asked.condition, kind, sums.points, share)
        points = extras["penalty"] if kind == "penalty" else extras["bonus"] - extras["penalty"]
        return rules.asked(asked.condition, kind, points, None)

    def share(self, node: str) -> Fraction | None:
        """What part of its maximum a node earns."""
        sums = self.sums.get(node, Sums())
        share = rules.ratio(sums.points, sums.applicable)
        return None if share is None else self.means.get(node, share)

    def mean(self, step: steps.Mean) -> Expected:
        """Children weighted by their maxima."""
        for at, term in enumerate(step.terms):
            yield ("terms", at, "share"), self.share(term.node)
        mean = rules.mean((term.weight, term.share) for term in step.terms)
        self.means[step.node] = mean and NOTHING if step.node in self.shut else mean
        yield from _fields(is_open=step.node not in self.shut, share=self.means[step.node])

    def extra(self, step: steps.Extra) -> Expected:
        """Bonus and penalty of the children, held to the cap of their kind; to the total without those of nodes."""
        reaching, added = (_added(parts, step.children) for parts in (self.reaching, self.extras))
        added = reaching if step.node == TOTAL else added
        extras = {role: rules.capped(points, step.cap) for role, points in added.items()}
        is_one_kind = step.role in NO_EXTRAS
        self.kinds.setdefault(step.node, step.role)
        self.extras[step.node] = extras
        self.reaching[step.node] = NO_EXTRAS if step.adjusts else extras if is_one_kind else reaching
        taken = added[step.role] - extras[step.role] if is_one_kind else NOTHING
        yield from _fields(**extras, taken=taken)

    def conversion(self, step: steps.Conversion) -> Expected:
        """Share × scale."""
        sums, maximum = self.sums.get(step.node, Sums()), self.maximum.get(step.node, NOTHING)
        self.score, self.scale = step.share * step.scale, step.scale
        yield from _fields(points=sums.points, applicable=sums.applicable, share=self.share(step.node))
        scale = rules.scale(step.renormalise, maximum, sums.applicable)
        yield from _fields(scale=scale, score=self.score)

    def adjustment(self, step: steps.Adjustment) -> Expected:
        """Bonus less penalty on the total."""
        extras, ceiling = self.extras.get(step.node, NO_EXTRAS), step.ceiling
        yield from _fields(before=self.score, **extras, ceiling=None if ceiling is None else self.scale)
        extra = extras["bonus"] - extras["penalty"]
        self.score = rules.net(step.before, extra, ceiling or NOTHING, exceed=ceiling is None)
        yield ("score",), self.score

    def publication(self, step: steps.Publication) -> Expected:
        """In the form that is published, rounded once."""
        self.printed = step
        yield ("score",), self.score
        yield from _published(step)

    def standing(self, step: steps.Standing) -> Expected:
        """A place among those that are ranked; those beside it have the scores that their ranks say."""
        own = self.printed
        tied_count = max(step.tied_count, len(step.tied))
        yield from _fields(of=max(step.of, step.rank, 1), rank=max(step.rank, 1), tied_count=tied_count)
        if step.above:
            yield from _under(("above",), _rival(step.above, min(step.above.rank, step.rank - 1)))
        if step.below:
            yield from _under(("below",), _rival(step.below, max(step.below.rank, step.rank + 1)))
        for at, rival in enumerate(step.tied):
            yield from _under(("tied", at), _rival(rival, step.rank))
        if own is not None and own.scale:
            decisive = rules.decisive(own.score, own.scale, own.publish, step.decide_on)
            if own.decisive != decisive:
                yield ("decide_on",), next(word for word in DECIDING if word != step.decide_on)

    def unranked(self, _: steps.Unranked) -> Expected:
        """Only the rubric and the marks tell why."""
        yield from ()

    def grade(self, step: steps.Grade) -> Expected:
        """Which thresholds are reached, by how much the others are missed, and what conditions do not hold."""
        decisive = NOTHING if self.printed is None else self.printed.decisive
        is_reached = grade_rules.reaches(step.percent, step.by_thresholds)
        yield from _fields(percent=100 * decisive, by_thresholds=step.by_thresholds if is_reached else None)
        for at, barrier in enumerate(step.obstacles):
            yield from _under(("obstacles", at), _barrier(barrier, step.percent))


def _fields(**expected: Any) -> Expected:
    return (((name,), value) for name, value in expected.items())


def _under(path: tuple[str | int, ...], expected: Expected) -> Expected:
    return (((*path, *inner), value) for inner, value in expected)


def _added(parts: Mapping[str, Extras], children: tuple[str, ...]) -> dict[str, Fraction]:
    below = [parts[child] for child in children if child in parts]
    return {role: sum((part[role] for part in below), NOTHING) for role in NO_EXTRAS}


def _published(step: steps.Publication) -> Expected:
    if not step.scale:
        yield ("scale",), None
        return
    score, scale, publish = step.score, step.scale, step.publish
    deciding = {rules.decisive(score, scale, publish, word) for word in ("published", "exact")}
    decisive = step.decisive if step.decisive in deciding else min(deciding)
    exact, published = rules.formed(score, scale, publish), rules.printed(score, scale, publish)
    yield from _fields(exact=exact, published=published, decisive=decisive)


def _rival(rival: steps.Rival, rank: int) -> Expected:
    conversion, publication = rival.conversion, rival.publication
    yield ("count",), max(rival.count, 1)
    if conversion.renormalise != "by_level":
        yield ("conversion", "share"), rules.ratio(conversion.points, conversion.applicable)
    yield ("conversion", "score"), conversion.share * conversion.scale
    yield ("publication", "scale"), conversion.scale
    yield from _under(("publication",), _published(publication))
    yield ("rank",), rank


def _barrier(barrier: Barrier, percent: Fraction) -> Expected:
    short = max(barrier.band.threshold - percent, NOTHING)
    yield from _fields(reached=grade_rules.reaches(percent, barrier.band), short=short)
    for at, unmet in enumerate(barrier.unmet):
        yield ("unmet", at, "is_met"), rules.is_met(unmet.condition, unmet.value)
        yield ("unmet", at, "is_met"), False
