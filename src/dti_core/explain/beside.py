"""What an explanation tells of a unit beside others: rank, gaps, ties and band."""

from collections.abc import Iterator
from fractions import Fraction

import attrs

from dti_core.explain import steps
from dti_core.explain.wording import Line, Wording, clean


@attrs.frozen
class Beside:
    """A unit that has a published value, among others, in one language."""

    words: Wording
    publication: steps.Publication

    def value(self, value: Fraction) -> str:
        """A published value with its unit."""
        return self.words.say(self.publication.form, self.words.fixed(value, self.publication))

    def standing(self, standing: steps.Standing) -> Iterator[Line]:
        """The units above, level and below."""
        if standing.above:
            yield Line(self._apart(standing, standing.above, "above"))
        if standing.tied_count:
            names = ", ".join(self._name(rival.name, 1) for rival in standing.tied)
            unnamed = standing.tied_count - len(standing.tied)
            names = self.words.say("and others", name=names, count=unnamed) if unnamed else names
            after = self.words.say("tied after", nodes=", ".join(map(clean, standing.tie_break)))
            yield Line(self.words.say("tied", names=names) + (after if standing.tie_break else ""))
        if standing.below:
            yield Line(self._apart(standing, standing.below, "below"))

    def _name(self, name: str, count: int) -> str:
        return clean(name) if count == 1 else self.words.say("and others", name=clean(name), count=count - 1)

    def _apart(self, own: steps.Standing, rival: steps.Rival, side: str) -> str:
        say = self.words.say
        told = say(
            "rival",
            name=self._name(rival.name, rival.count),
            rank=rival.rank,
            value=self.value(rival.published),
        )
        if rival.applicable != rival.scale or rival.scale != own.scale:
            told += say("made of", *map(self.words.number, (rival.points, rival.applicable)))
        if rival.tie_break:
            values = (rival.tie_break.own, rival.tie_break.other)
            mine, theirs = (say("no value") if each is None else self.words.percent(each) for each in values)
            node = self.words.node(rival.tie_break.node, rival.tie_break.title)
            return say(f"tie {side}", rival=told, node=node, own=mine, other=theirs)
        return say(side, gap=self._gap(own, rival), rival=told)

    def _gap(self, own: steps.Standing, rival: steps.Rival) -> str:
        say, words, form = self.words.say, self.words, self.publication.form
        points = form == "points"
        if points and rival.scale != own.scale:
            gap = say("percent points", words.number(100 * abs(rival.decisive - own.decisive)))
            shares = [words.percent(each) for each in (own.decisive, rival.decisive)]
            return gap + say("relative", own=shares[0], other=shares[1])
        gap_of = say if form != "percent" else lambda _, value: say("percent points", value)
        apart = abs(rival.published - own.published)
        if apart:
            return gap_of(form, words.fixed(apart, self.publication))
        full = {"points": own.scale, "ratio": Fraction(1), "percent": Fraction(100)}[form]
        return gap_of(form, words.number(full * abs(rival.decisive - own.decisive))) + say("unrounded")

    def grade(self, grade: steps.Grade) -> Iterator[Line]:
        """The band, and what is short of the next."""
        say, number = self.words.say, self.words.number
        yield Line(
            say(
                "graded",
                band=clean(grade.band),
                percent=number(grade.percent),
                at_least=number(grade.at_least),
            ),
            0,
        )
        if grade.next_band is not None and grade.next_at_least is not None:
            short = grade.next_at_least - grade.percent
            points = number(short / 100 * grade.scale)
            band, least = clean(grade.next_band), number(grade.next_at_least)
            yield Line(say("to next", band=band, percent=number(short), points=points, at_least=least))
