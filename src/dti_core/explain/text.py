"""An explanation as headed lines: the result and its reasons first, the details after."""

from collections.abc import Iterator
from fractions import Fraction
from heapq import nlargest
from math import lcm
from operator import itemgetter

import attrs

from dti_core.evaluation import rules
from dti_core.explain import steps
from dti_core.explain.detail import AnyStep, Line, capital, clean, node_name
from dti_core.explain.grade_text import GradeText
from dti_core.terms import Label, Scalar
from dti_core.words import numbers, results

MOST_LOST = 3
MOST_NAMED = 5
GAPS = {"points": "points", "ratio": "ratio", "percent": "percent points", "scale": "scale gap"}
"""What a gap between two published values is told in, by their form."""
Paragraph = tuple[str, list[Line]]


@attrs.frozen(slots=False, eq=False)
class Text(GradeText):
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
        is_points = publication.publish.as_ == "points"
        parts = [
            self._printed("of scale" if is_points else publication.publish.as_, publication.published),
            self._rank(standing) if standing else self.say("no rank"),
        ]
        parts += [self.say("grade", band=grade.band.title)] if grade and grade.band else []
        return f"{name}: {', '.join(parts)}"

    def _no_score(self) -> str:
        sum_, extra = self.own(steps.Sum), self.own(steps.Extra) or self.own(steps.Leaf)
        if sum_:
            return self.say("null" if sum_.maximum else "unscored")
        gives = self.gives(self.node)
        if not extra or extra.role in ("standby", "scored") or extra.adjusts:
            return gives
        return f"{gives}; {self.say('total only')}"

    def _rank(self, standing: steps.Standing) -> str:
        return self.say("rank", standing) + (self.say("in block", standing) if standing.block else "")

    def _printed(self, phrase: str, value: Fraction) -> str:
        """A published value, or the gap between two, as its form is told."""
        step = self.publication
        return self.say(phrase, value=self._fixed(value), scale=step.scale, of=step.publish.of)

    def _fixed(self, value: Fraction) -> str:
        """With all the decimals that are published."""
        return numbers.fixed(value, self.publication.publish.decimals, self.language)

    def blocks(self) -> Iterator[Paragraph]:
        """Headed blocks of lines."""
        if self.own(steps.Publication):
            yield self.say("how"), [*map(Line, self._calculation())]
            yield from self._place()
        adjusted = [*map(Line, self.adjusted_nodes(self.node))]
        if adjusted:
            yield self.say("adjustments"), adjusted
        otherwise = [*self.otherwise()]
        if otherwise:
            yield self.say("otherwise"), otherwise
        if not self.own(steps.Leaf):
            yield self.say("detail"), [*self.below(self.node)]

    def _calculation(self) -> Iterator[str]:
        yield self._applicable(self.own(steps.Sum) or self._by_node[steps.Leaf, self.node])
        yield from self.adjustments(self.node)
        yield from (*self._obtained(), *self._lost(), *self._unmarked())
        *lines, last = (*self._converted(), *self._adjusted(), *self._formed())
        yield from (*lines, last + self._published())

    def _applicable(self, step: steps.Sum | steps.Leaf) -> str:
        """How the applicable maximum comes about."""
        taken = [("excluded", step.maximum - step.applicable)]
        if isinstance(step, steps.Sum):
            replaced = "replaced by more" if step.substituted > 0 else "replaced by less"
            taken = [(replaced, -step.substituted), ("excluded", step.excluded), ("left out", step.left_out)]
        formula = self.number(step.maximum)
        for phrase, points in taken:
            if points:
                formula += f" {'−' if points > 0 else '+'} {self.say(phrase, points=abs(points))}"
        is_taken = any(points for _, points in taken)
        return self.say("applicable", chain=self.chain(formula, step.applicable) if is_taken else formula)

    def _obtained(self) -> Iterator[str]:
        """What was obtained of the applicable maximum."""
        outcome = self.outcome(self.node)
        assert outcome is not None  # noqa: S101 - what was published was obtained
        if isinstance(outcome, steps.Leaf) and outcome.mark_max and outcome.mark is not None:
            yield capital(self.mark(outcome))
        rate = numbers.about(100 * outcome.points / outcome.applicable, self.language)
        yield self.say("obtained", outcome, rate=f"{self._of(outcome)} {rate}")
        if isinstance(outcome, steps.Leaf) and outcome.calculation and not outcome.treatment:
            yield self.say("measured", outcome)

    def _lost(self) -> Iterator[str]:
        """The leaves that cost most."""
        counted = [leaf for leaf in self.leaves if leaf.applicable]
        # over one common denominator, for fractions are slow to subtract and compare
        pairs = [(leaf.applicable.as_integer_ratio(), leaf.points.as_integer_ratio()) for leaf in counted]
        whole = lcm(*{under for pair in pairs for _, under in pair})
        lost = [
            of * (whole // of_under) - points * (whole // under) for (of, of_under), (points, under) in pairs
        ]
        most = nlargest(MOST_LOST, zip(lost, counted, strict=True), key=itemgetter(0))
        leaves = [
            self.say("lost at", leaf=self.name(leaf.node), points=Fraction(points, whole))
            for points, leaf in most
            if points > 0
        ]
        if leaves and len(counted) > MOST_LOST:
            yield self.say("lost", leaves="; ".join(leaves))

    def _unmarked(self) -> Iterator[str]:
        """The missing marks, and what they cost."""
        missing = [leaf for leaf in self.leaves if leaf.missing]
        if missing:
            names = "; ".join(self.name(leaf.node) for leaf in missing[:MOST_NAMED])
            if len(missing) > MOST_NAMED:
                names = self.say("and leaves", leaves=names, count=len(missing) - MOST_NAMED)
            maximum = sum((leaf.maximum for leaf in missing), Fraction(0))
            policy = self.say(f"missing.{missing[0].missing}")
            yield self.say("unmarked", leaves=names, maximum=maximum, policy=policy)

    def _converted(self) -> Iterator[str]:
        conversion: steps.Conversion = self._by_node[steps.Conversion, self.node]
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
            extra = adjustment.bonus, adjustment.penalty
            yield self.say("adjusted", chain=self.with_extra(adjustment.before, *extra, adjustment.score))

    def _formed(self) -> Iterator[str]:
        step, publish = self.publication, self.publication.publish
        if publish.as_ != "points":
            formula = f"{self.number(step.score)} / {self.number(step.scale)}"
            whole = rules.full(publish, step.scale)
            formula += f" × {self.number(whole)}" if publish.as_ != "ratio" else ""
            yield self.say(f"as {publish.as_}", publish, chain=self.chain(formula, step.exact))

    def _published(self) -> str:
        step, publish = self.publication, self.publication.publish
        value = self.say("published", value=self._fixed(step.published))
        if step.exact == step.published:
            return value
        is_halfway = 2 * step.exact * 10**publish.decimals % 2 == 1
        is_named = is_halfway or publish.rounding == "down"
        return value + self.say(publish.rounding if is_named else "rounded", publish)

    def _place(self) -> Iterator[Paragraph]:
        """The rank or why there is none, and the band."""
        standing, unranked = self.own(steps.Standing), self.own(steps.Unranked)
        if standing:
            yield capital(self._rank(standing)), [*map(Line, self._beside(standing))]
        if unranked:
            yield self.say("unranked", why=self._why(unranked)), []
        grade = self.own(steps.Grade)
        if grade:
            yield self.graded(grade, self.publication.scale)

    def _why(self, unranked: steps.Unranked) -> str:
        marked, least = unranked.coverage, unranked.least
        if unranked.cause == "coverage" and marked is not None and least is not None:
            return self.say("coverage", marked=100 * marked, least=100 * least)
        return self.say("decided", unranked) if unranked.basis else unranked.reason.text(self.language)

    def _beside(self, standing: steps.Standing) -> Iterator[str]:
        """The units above, level and below."""
        if standing.above:
            yield self._apart(standing.above, "above")
        if standing.tied_count:
            names = ", ".join(map(self._shown, (rival.name for rival in standing.tied)))
            names = self._and_others(names, standing.tied_count - len(standing.tied))
            nodes = ", ".join(map(self._shown, standing.tie_break))
            yield self.say("tied", names=names) + (self.say("tied after", nodes=nodes) if nodes else "")
        if standing.below:
            yield self._apart(standing.below, "below")

    def _and_others(self, name: str | Label, count: int) -> str:
        return self.say("and others", name=name, count=count) if count else str(self._shown(name))

    def _apart(self, rival: steps.Rival, side: str) -> str:
        conversion, tie = rival.conversion, rival.tie_break
        name = self._and_others(rival.name, rival.count - 1)
        value = self._printed(self.publication.publish.as_, rival.publication.published)
        there = self.say("rival", name=name, rank=rival.rank, value=value)
        if conversion.applicable != conversion.scale or conversion.scale != self.publication.scale:
            there += self.say("made of", conversion)
        if not tie:
            return self.say(side, gap=self._gap(rival.publication), rival=there)
        own, other = (self._compared(tie.compares, value) for value in (tie.own, tie.other))
        title = tie.title.text(self.language)
        by = clean(title) if tie.node is None else node_name(tie.node, title)
        if tie.compares == "attribute" or tie.first == "fewer":
            by = f"{by}, {self.say(tie.first)}"
            return self.say(f"ordered {side}", rival=there, by=by, own=own, other=other)
        return self.say(f"tie {side}", rival=there, node=by, own=own, other=other)

    def _compared(self, compares: str, value: Fraction | Scalar | None) -> str:
        """A value that a tie was broken by."""
        if compares == "attribute":
            return (
                self.say("lacking") if value is None else clean(results.attribute_text(value, self.language))
            )
        if value is None:
            return self.say("no value")
        number = Fraction(value)
        return (
            self.say("points", value=number)
            if compares == "points"
            else self.say("percent", value=100 * number)
        )

    def _gap(self, other: steps.Publication) -> str:
        own = self.publication
        phrase, decisive = GAPS[own.publish.as_], abs(own.decisive - other.decisive)
        if own.publish.as_ == "points" and own.scale != other.scale:
            shares = self.say("relative", own=100 * own.decisive, other=100 * other.decisive)
            return self.say("percent points", value=100 * decisive) + shares
        apart = abs(own.published - other.published)
        if apart:
            return self._printed(phrase, apart)
        exact = rules.full(own.publish, own.scale) * decisive
        return self.say(phrase, value=exact, of=own.publish.of) + self.say("unrounded")
