"""An explanation as headed lines: the result and its reasons first, the details after."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

import attrs

from dti_core.explain import steps
from dti_core.explain.beside import Beside
from dti_core.explain.story import Story
from dti_core.explain.wording import Line, Wording, capital, clean

AnyStep = TypeVar("AnyStep", bound=steps.Step)
Block = tuple[str, list[Line]]


@attrs.frozen
class Text:
    """The steps of the explanation of one node, told in one language."""

    node: str
    told: Sequence[steps.Step]
    words: Wording

    @property
    def story(self) -> Story:
        """The sums."""
        return Story.of(self.told, self.words)

    def one(self, kind: type[AnyStep]) -> AnyStep | None:
        """The step of a kind about the node explained."""
        return next((step for step in self.told if isinstance(step, kind) and step.node == self.node), None)

    def headline(self) -> str:
        """Node, published value, rank and band."""
        say, words = self.words.say, self.words
        publication, standing = self.one(steps.Publication), self.one(steps.Standing)
        name = self.story.name(self.node)
        if publication is None:
            return f"{name}: {self._no_score()}"
        value = Beside(words, publication).value(publication.published)
        if publication.form == "points":
            bare, scale = words.fixed(publication.published, publication), words.number(publication.scale)
            value = say("of scale", value=bare, scale=scale)
        parts = [value, self._rank(standing) if standing else say("no rank")]
        grade = self.one(steps.Grade)
        parts += [say("grade", band=clean(grade.band))] if grade else []
        return f"{name}: {', '.join(parts)}"

    def _no_score(self) -> str:
        story = self.story
        leaf, sum_ = story.leaves.get(self.node), story.sums.get(self.node)
        if leaf is not None and leaf.role not in ("bonus", "penalty"):
            return story.leaf(leaf)
        if sum_ is None:
            points = story.extra(self.node) if leaf is None else story.leaf(leaf)
            return f"{points}; {self.words.say('total only')}"
        return self.words.say("null" if sum_.maximum else "unscored")

    def _rank(self, standing: steps.Standing) -> str:
        say = self.words.say
        block = say("in block", block=clean(standing.block)) if standing.block else ""
        return say("rank", rank=standing.rank, of=standing.of) + block

    def blocks(self) -> Iterator[Block]:
        """Headed blocks of lines."""
        story, publication = self.story, self.one(steps.Publication)
        if publication:
            yield self.words.say("how"), [*self._calculation(publication)]
            standing, grade = self.one(steps.Standing), self.one(steps.Grade)
            beside = Beside(self.words, publication)
            if standing:
                yield capital(self._rank(standing)), [*beside.standing(standing)]
            yield from self._unranked()
            if grade:
                head, *lines = beside.grade(grade)
                yield head.text, lines
        otherwise = [*story.otherwise()]
        if otherwise:
            yield self.words.say("otherwise"), otherwise
        if self.node not in story.leaves:
            yield self.words.say("detail"), [*story.detail(self.node, 1)]

    def _unranked(self) -> Iterator[Block]:
        unranked, words = self.one(steps.Unranked), self.words
        if unranked:
            why = words.say(
                unranked.cause,
                reason=clean(unranked.reason or ""),
                basis=clean(unranked.basis or ""),
                block=clean(unranked.block or ""),
                coverage="" if unranked.coverage is None else words.percent(unranked.coverage),
                least="" if unranked.least is None else words.percent(unranked.least),
            )
            yield words.say("unranked", why), []

    def _calculation(self, publication: steps.Publication) -> Iterator[Line]:
        story, conversion = self.story, self.one(steps.Conversion)
        yield from story.obtained(self.node)
        if conversion:
            lines = [*self._converted(conversion), *self._adjusted(), *self._formed(publication)]
            yield from lines[:-1]
            yield Line(lines[-1].text + self._published(publication))

    def _converted(self, conversion: steps.Conversion) -> Iterator[Line]:
        say, words = self.words.say, self.words
        points, applicable, scale = map(
            words.number, (conversion.points, conversion.applicable, conversion.scale)
        )
        if conversion.renormalise == "none":
            yield Line(say("on own scale", points=points, scale=scale))
        elif conversion.renormalise == "by_level" and self.node in self.story.means:
            yield Line(say("levels", chain=self.story.mean(self.node)))
            share = words.number(conversion.share)
            yield Line(say("converted", chain=words.chain(f"{share} × {scale}", conversion.score)))
        elif applicable == scale:
            yield Line(say("as it is", points))
        else:
            chain = words.chain(f"{points} / {applicable} × {scale}", conversion.score)
            yield Line(say("converted", chain=chain))

    def _adjusted(self) -> Iterator[Line]:
        adjustment, words = self.one(steps.Adjustment), self.words
        if adjustment:
            parts = [words.number(adjustment.before)]
            parts += [f"+ {words.number(adjustment.bonus)}"] if adjustment.bonus else []
            parts += [f"− {words.number(adjustment.penalty)}"] if adjustment.penalty else []
            added = adjustment.before + adjustment.bonus - adjustment.penalty
            chain = words.chain(" ".join(parts), added)
            if added > adjustment.score:
                chain += words.say("ceiling", words.number(adjustment.score))
            elif added < adjustment.score:
                chain += words.say("floor")
            yield Line(words.say("adjusted", chain=chain))

    def _formed(self, publication: steps.Publication) -> Iterator[Line]:
        if publication.form != "points":
            score, scale = self.words.number(publication.score), self.words.number(publication.scale)
            hundred = " × 100" if publication.form == "percent" else ""
            chain = self.words.chain(f"{score} / {scale}{hundred}", publication.exact)
            yield Line(self.words.say(f"as {publication.form}", chain=chain))

    def _published(self, publication: steps.Publication) -> str:
        say = self.words.say
        told = say("published", self.words.fixed(publication.published, publication))
        if publication.exact == publication.published:
            return told
        halfway = 2 * publication.exact * 10**publication.decimals % 2 == 1
        named = publication.rounding == "down" or halfway
        return told + say(publication.rounding if named else "rounded", decimals=publication.decimals)
