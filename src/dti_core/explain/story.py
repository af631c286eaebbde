"""What an explanation tells of the calculation: the formulas, what did not count, and every node."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import attrs

from dti_core.explain import steps
from dti_core.explain.wording import Line, Wording, capital, clean
from dti_core.words import numbers

MOST_LOST = 3
MOST_NAMED = 5


@attrs.frozen
class Story:
    """The sums of one explanation, in one language."""

    words: Wording
    leaves: Mapping[str, steps.Leaf]
    sums: Mapping[str, steps.Sum]
    means: Mapping[str, steps.Mean]
    extras: Mapping[str, steps.Extra]

    @classmethod
    def of(cls, told: Sequence[steps.Step], words: Wording) -> "Story":
        """Sort out the steps."""
        return cls(
            words,
            {step.node: step for step in told if isinstance(step, steps.Leaf)},
            {step.node: step for step in told if isinstance(step, steps.Sum)},
            {step.node: step for step in told if isinstance(step, steps.Mean)},
            {step.node: step for step in told if isinstance(step, steps.Extra)},
        )

    def name(self, node: str) -> str:
        """A node by code and title; by code alone where it lies outside the node explained."""
        step = self.leaves.get(node) or self.sums.get(node) or self.extras.get(node)
        return node if step is None else self.words.node(node, step.title)

    def obtained(self, node: str) -> Iterator[Line]:
        """How the applicable maximum comes about, what was obtained of it, and what was not."""
        say, number = self.words.say, self.words.number
        step, taken = self.sums.get(node) or self.leaves[node], []
        if isinstance(step, steps.Sum):
            left_out = step.missing if step.is_missing_left_out else Fraction(0)
            for phrase, part in (("excluded", step.excluded), ("left out", left_out)):
                taken += [say(phrase, number(part))] if part else []
        chain = " − ".join([number(step.maximum), *taken])
        yield Line(say("applicable", self.words.chain(chain, step.applicable) if taken else chain))
        points = number(step.points)
        rate = numbers.about(100 * step.points / step.applicable, self.words.language)
        yield Line(say("obtained", points) + say("rate", f"{points} / {number(step.applicable)} {rate}"))
        if isinstance(step, steps.Leaf) and step.calculation and not step.treatment:
            yield Line(say("measured", clean(step.calculation)))
        yield from self._lost()
        yield from self._unmarked()

    def _lost(self) -> Iterator[Line]:
        """The leaves that cost most."""
        lost = [(leaf.applicable - leaf.points, leaf) for leaf in self.leaves.values() if leaf.applicable]
        worst = sorted((each for each in lost if each[0] > 0), key=lambda each: -each[0])[:MOST_LOST]
        if worst and len(lost) > MOST_LOST:
            say, number = self.words.say, self.words.number
            named = [
                say("lost at", leaf=self.name(leaf.node), points=number(points)) for points, leaf in worst
            ]
            yield Line(say("lost", "; ".join(named)))

    def _unmarked(self) -> Iterator[Line]:
        """The missing marks, and what they cost."""
        say = self.words.say
        lacking = [leaf for leaf in self.leaves.values() if leaf.missing]
        if lacking:
            maximum = self.words.number(sum((leaf.maximum for leaf in lacking), Fraction(0)))
            names = "; ".join(self.name(leaf.node) for leaf in lacking[:MOST_NAMED])
            if len(lacking) > MOST_NAMED:
                names = say("and leaves", leaves=names, count=len(lacking) - MOST_NAMED)
            policy = say(str(lacking[0].missing))
            yield Line(say("unmarked", leaves=names, maximum=maximum, policy=policy))

    def mean(self, node: str) -> str:
        """The weighted mean of a node, worked out."""
        mean, number = self.means[node], self.words.number
        terms = [f"{number(term.weight)} × {number(term.share)}" for term in mean.terms]
        weights = sum((term.weight for term in mean.terms), Fraction(0))
        return self.words.chain(f"({' + '.join(terms)}) / {number(weights)}", mean.share)

    def otherwise(self) -> Iterator[Line]:
        """What did not count in the ordinary way, by whom and why, leaves of one reason together."""
        say, number = self.words.say, self.words.number
        together: dict[tuple[object, ...], list[steps.Leaf]] = {}
        for leaf in self.leaves.values():
            if leaf.treatment or (leaf.authorities and len(self.leaves) == 1):
                together.setdefault((leaf.treatment, leaf.by, leaf.authorities), []).append(leaf)
        for group in together.values():
            first = group[0]
            how = first.treatment or "stands for"
            yield Line(
                capital(say(how, by=self.name(first.by or ""), node=self.name(first.stands_for or "")))
            )
            for leaf in group:
                worth = say("worth", number(leaf.maximum)) + self._ignored(leaf)
                yield Line(f"{self.name(leaf.node)}: {worth}", 2)
            for authority in first.authorities:
                yield Line(self._because(authority), 2)

    def _because(self, authority: steps.Authority) -> str:
        say = self.words.say
        who = {"round": "of the round", "unit": "of the unit"}.get(authority.origin, "rule")
        return say(
            "because",
            who=say(who, rule=authority.rule),
            reason=clean(authority.reason),
            basis=clean(authority.basis),
        )

    def _ignored(self, leaf: steps.Leaf) -> str:
        return "" if leaf.ignored is None else self.words.say("ignored", mark=self.words.number(leaf.ignored))

    def detail(self, node: str, depth: int) -> Iterator[Line]:
        """Every child of a node, set in below it."""
        parent = self.sums.get(node) or self.extras[node]
        for child in parent.children:
            if child in self.leaves:
                yield Line(f"{self.name(child)}: {self.leaf(self.leaves[child])}", depth)
            else:
                yield Line(f"{self.name(child)}: {self._inner(child)}", depth)
                yield from self.detail(child, depth + 1)

    def _inner(self, node: str) -> str:
        sum_ = self.sums.get(node)
        if sum_ is None:
            return self.extra(node)
        if not sum_.applicable:
            return self.words.say("not applicable" if sum_.maximum else "unscored")
        told = self._of(sum_.points, sum_.applicable)
        return (
            f"{told}; {self.words.say('share', self._share(self.means[node]))}"
            if node in self.means
            else told
        )

    def _share(self, mean: steps.Mean) -> str:
        """Worked out where it is not just points / applicable maximum."""
        is_flat = all(term.node not in self.means for term in mean.terms)
        return self.words.number(mean.share) if is_flat else self.mean(mean.node)

    def _of(self, points: Fraction, maximum: Fraction) -> str:
        return f"{self.words.number(points)} / {self.words.number(maximum)}"

    def leaf(self, leaf: steps.Leaf) -> str:
        """What a leaf gives, and why where it is not just its mark."""
        say = self.words.say
        if leaf.role in ("bonus", "penalty"):
            return say(leaf.role, self.words.number(leaf.points))
        if leaf.treatment == "skip":
            return say("not assessed")
        if leaf.treatment == "substitute":
            return say("replaced", by=leaf.by)
        if leaf.role == "standby" and leaf.stands_for is None:
            return say("idle") + self._ignored(leaf)
        if not leaf.maximum:
            return say("unscored")
        parts = [self._of(leaf.points, leaf.applicable)] if leaf.applicable else []
        parts += [clean(leaf.calculation)] if leaf.calculation and not leaf.treatment else []
        if leaf.stands_for:
            parts.append(say("stands for", node=leaf.stands_for))
        if leaf.missing:
            parts += [say("not marked"), say(leaf.missing)]
        parts += {"full_marks": [say("full")], "count": [say("counted")]}.get(leaf.treatment or "", [])
        return ", ".join(parts)

    def extra(self, node: str) -> str:
        """Bonus and penalty points of a node."""
        say, number, extra = self.words.say, self.words.number, self.extras[node]
        told = []
        for role, points in (("bonus", extra.bonus), ("penalty", extra.penalty)):
            if points or extra.role == role:
                told.append(say(role, number(points)) + self._cap(extra, role, points))
        return ", ".join(told) or say("bonus", number(Fraction(0)))

    def _cap(self, extra: steps.Extra, role: str, points: Fraction) -> str:
        below = [self._extra_points(child, role) for child in extra.children]
        added = sum(below, Fraction(0))
        if added == points:
            return ""
        return self.words.say("cap", added=self.words.number(added), cap=self.words.number(points))

    def _extra_points(self, node: str, role: str) -> Fraction:
        if node in self.leaves:
            leaf = self.leaves[node]
            return leaf.points if leaf.role == role else Fraction(0)
        extra = self.extras.get(node)
        return Fraction(0) if extra is None else extra.bonus if role == "bonus" else extra.penalty
