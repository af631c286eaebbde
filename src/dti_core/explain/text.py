"""An explanation as headed lines: the result and its reasons first, the details after."""

from collections.abc import Iterator
from fractions import Fraction

import attrs

from dti_core.evaluation import rules
from dti_core.explain import steps
from dti_core.explain.detail import AnyStep, Detail, Line, capital, clean, named
from dti_core.words import numbers

MOST_LOST = 3
MOST_NAMED = 5
GAPS = {"points": "points", "ratio": "ratio", "percent": "percent points"}
"""What a gap between two published values is told in, by their form."""
Block = tuple[str, list[Line]]


@attrs.frozen(slots=False, eq=False)
class Text(Detail):
    """The explanation of one node, told in one language."""

    node: str

    def own(self, kind: type[AnyStep]) -> AnyStep | None:
        """The step of a kind about the node explained."""
        return self.find(kind, self.node)

    @property
    def publication(self) -> steps.Publication:
        """The last step of the calculation, of a node that has a score."""
        step: steps.Publication = self._by_node[steps.Publication, self.node]
        return step

    def headline(self) -> str:
        """Node, published value, rank and band."""
        publication, standing = self.own(steps.Publication), self.own(steps.Standing)
        grade, name = self.own(steps.Grade), self.name(self.node)
        if publication is None:
            return f"{name}: {self._no_score()}"
        form = publication.publish.as_
        phrase = "of scale" if form == "points" else form
        value = self.say(phrase, value=self._fixed(publication.published), scale=publication.scale)
        parts = [value, self._rank(standing) if standing else self.say("no rank")]
        parts += [self.say("grade", band=grade.band.title)] if grade else []
        return f"{name}: {', '.join(parts)}"

    def _no_score(self) -> str:
        leaf, sum_ = self.own(steps.Leaf), self.own(steps.Sum)
        if sum_:
            return self.say("null" if sum_.maximum else "unscored")
        is_extra = leaf is None or leaf.role in ("bonus", "penalty")
        return self.gives(self.node) + (f"; {self.say('total only')}" if is_extra else "")

    def _rank(self, standing: steps.Standing) -> str:
        return self.say("rank", standing) + (self.say("in block", standing) if standing.block else "")

    def _fixed(self, value: Fraction) -> str:
        """With all the decimals that are published."""
        return numbers.fixed(value, self.publication.publish.decimals, self.language)

    def blocks(self) -> Iterator[Block]:
        """Headed blocks of lines."""
        if self.own(steps.Publication):
            yield self.say("how"), [*map(Line, self._calculation())]
            yield from self._place()
        otherwise = [*self.otherwise()]
        if otherwise:
            yield self.say("otherwise"), otherwise
        if not self.own(steps.Leaf):
            yield self.say("detail"), [*self.below(self.node)]

    def _calculation(self) -> Iterator[str]:
        step, conversion = self.own(steps.Sum) or self.own(steps.Leaf), self.own(steps.Conversion)
        if step and conversion:
            yield from (*self._obtained(step), *self._lost(), *self._unmarked())
            *lines, last = (*self._converted(conversion), *self._adjusted(), *self._formed())
            yield from (*lines, last + self._published())

    def _obtained(self, step: steps.Sum | steps.Leaf) -> Iterator[str]:
        """How the applicable maximum comes about, and what was obtained of it."""
        taken = []
        if isinstance(step, steps.Sum):
            parts = (("excluded", step.excluded), ("left out", step.left_out))
            taken = [self.say(phrase, points=points) for phrase, points in parts if points]
        chain = " − ".join([self.number(step.maximum), *taken])
        yield self.say("applicable", chain=self.chain(chain, step.applicable) if taken else chain)
        rate = numbers.about(100 * step.points / step.applicable, self.language)
        yield self.say("obtained", step, rate=f"{self._of(step)} {rate}")
        if isinstance(step, steps.Leaf) and step.calculation and not step.treatment:
            yield self.say("measured", step)

    def _lost(self) -> Iterator[str]:
        """The leaves that cost most."""
        lost = [(leaf.applicable - leaf.points, leaf) for leaf in self.leaves if leaf.applicable]
        most = sorted((loss for loss in lost if loss[0] > 0), key=lambda loss: -loss[0])[:MOST_LOST]
        if most and len(lost) > MOST_LOST:
            leaves = [self.say("lost at", leaf=self.name(leaf.node), points=points) for points, leaf in most]
            yield self.say("lost", leaves="; ".join(leaves))

    def _unmarked(self) -> Iterator[str]:
        """The missing marks, and what they cost."""
        missing = [leaf for leaf in self.leaves if leaf.missing]
        if missing:
            names = "; ".join(self.name(leaf.node) for leaf in missing[:MOST_NAMED])
            if len(missing) > MOST_NAMED:
                names = self.say("and leaves", leaves=names, count=len(missing) - MOST_NAMED)
            maximum = sum((leaf.maximum for leaf in missing), Fraction(0))
            policy = self.say(str(missing[0].missing))
            yield self.say("unmarked", leaves=names, maximum=maximum, policy=policy)

    def _converted(self, conversion: steps.Conversion) -> Iterator[str]:
        mean, scale = self.own(steps.Mean), self.number(conversion.scale)
        if mean:
            yield self.say("levels", chain=self.mean(mean))
        if conversion.renormalise == "none":
            yield self.say("on own scale", conversion)
        elif not mean and conversion.applicable == conversion.scale:
            yield self.say("as it is", conversion)
        else:
            share = self.number(conversion.share) if mean else self._of(conversion)
            yield self.say("converted", chain=self.chain(f"{share} × {scale}", conversion.score))

    def _adjusted(self) -> Iterator[str]:
        adjustment = self.own(steps.Adjustment)
        if adjustment:
            signed = (("+", adjustment.bonus), ("−", adjustment.penalty))
            formula = [f"{sign} {self.number(points)}" for sign, points in signed if points]
            added = adjustment.before + adjustment.bonus - adjustment.penalty
            chain = self.chain(" ".join([self.number(adjustment.before), *formula]), added)
            if added > adjustment.score:
                chain += self.say("ceiling", score=adjustment.score)
            elif added < adjustment.score:
                chain += self.say("floor")
            yield self.say("adjusted", chain=chain)

    def _formed(self) -> Iterator[str]:
        step, form = self.publication, self.publication.publish.as_
        if form != "points":
            formula = f"{self.number(step.score)} / {self.number(step.scale)}"
            formula += " × 100" if form == "percent" else ""
            yield self.say(f"as {form}", chain=self.chain(formula, step.exact))

    def _published(self) -> str:
        step, publish = self.publication, self.publication.publish
        value = self.say("published", value=self._fixed(step.published))
        if step.exact == step.published:
            return value
        is_halfway = 2 * step.exact * 10**publish.decimals % 2 == 1
        is_named = is_halfway or publish.rounding == "down"
        return value + self.say(publish.rounding if is_named else "rounded", publish)

    def _place(self) -> Iterator[Block]:
        """The rank or why there is none, and the band."""
        standing, unranked = self.own(steps.Standing), self.own(steps.Unranked)
        if standing:
            yield capital(self._rank(standing)), [*map(Line, self._beside(standing))]
        if unranked:
            yield self.say("unranked", why=self._why(unranked)), []
        grade = self.own(steps.Grade)
        if grade:
            band = self.say("graded", grade.band, band=grade.band.title, percent=grade.percent)
            yield band, [*map(Line, self._next(grade))]

    def _why(self, unranked: steps.Unranked) -> str:
        marked, least = unranked.coverage, unranked.least
        if unranked.cause == "coverage" and marked is not None and least is not None:
            return self.say("coverage", marked=100 * marked, least=100 * least)
        return self.say("decided", unranked) if unranked.basis else unranked.reason

    def _next(self, grade: steps.Grade) -> Iterator[str]:
        """What is short of the band above."""
        band = grade.above
        if band:
            percent = Fraction(band.at_least) - grade.percent
            points = percent / 100 * self.publication.scale
            yield self.say("to next", band, band=band.title, percent=percent, points=points)

    def _beside(self, standing: steps.Standing) -> Iterator[str]:
        """The units above, level and below."""
        if standing.above:
            yield self._apart(standing.above, "above")
        if standing.tied_count:
            names = ", ".join(clean(rival.name) for rival in standing.tied)
            names = self._and_others(names, standing.tied_count - len(standing.tied))
            nodes = ", ".join(map(clean, standing.tie_break))
            yield self.say("tied", names=names) + (self.say("tied after", nodes=nodes) if nodes else "")
        if standing.below:
            yield self._apart(standing.below, "below")

    def _and_others(self, name: str, count: int) -> str:
        return self.say("and others", name=name, count=count) if count else name

    def _apart(self, rival: steps.Rival, side: str) -> str:
        conversion, tie = rival.conversion, rival.tie_break
        name = self._and_others(rival.name, rival.count - 1)
        value = self.say(self.publication.publish.as_, value=self._fixed(rival.publication.published))
        there = self.say("rival", name=name, rank=rival.rank, value=value)
        if conversion.applicable != conversion.scale or conversion.scale != self.publication.scale:
            there += self.say("made of", conversion)
        if not tie:
            return self.say(side, gap=self._gap(rival.publication), rival=there)
        mine, theirs = map(self._percent, (tie.own, tie.other))
        return self.say(f"tie {side}", rival=there, node=named(tie.node, tie.title), own=mine, other=theirs)

    def _percent(self, share: Fraction | None) -> str:
        return self.say("no value") if share is None else self.say("percent", value=100 * share)

    def _gap(self, other: steps.Publication) -> str:
        own = self.publication
        form, decisive = own.publish.as_, abs(own.decisive - other.decisive)
        if form == "points" and own.scale != other.scale:
            shares = self.say("relative", own=100 * own.decisive, other=100 * other.decisive)
            return self.say("percent points", value=100 * decisive) + shares
        apart = abs(own.published - other.published)
        if apart:
            return self.say(GAPS[form], value=self._fixed(apart))
        return self.say(GAPS[form], value=rules.full(form, own.scale) * decisive) + self.say("unrounded")
