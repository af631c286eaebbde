"""What is told of one unit beside the units that it is ranked with."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

import attrs

from dti_core.answer import UNRANKED, Answer, Columns, doubles, in_language, texts, wholes
from dti_core.errors import Language
from dti_core.terms import Label
from dti_core.words import PROFILES as WORDS
from dti_core.words.tables import Table, unsigned

Verdict = Literal["strength", "weakness", "neither", "not_applicable", "not_ranked", "few", "tied"]
DROPPED = ("not_applicable", "not_ranked", "few", "tied")
OWN = ("published", "share", "percentile", "peers.median", "peers.best", "peers.worst", "weight")
NUMBERS = (*OWN, "gap.median", "gap.best")
SHOWN = ("node", "published", "rank", "share", "peers.median", "gap.best")
SHARE_DECIMALS, GAP_DECIMALS = 1, 2


@attrs.frozen(kw_only=True)
class NodeProfile:
    """What one node says of a unit: its share of a full score beside those of the units ranked with it there."""

    #: its code
    node: str
    #: what it is called
    title: Label
    #: strength, weakness or neither; or why it is left out
    verdict: Verdict
    #: the score as it was printed; None where there is none
    published: Fraction | None
    #: with how many it was printed
    decimals: int
    #: the score relative to its scale; None where nothing applies
    share: Fraction | None
    #: 0 where there is none
    rank: int
    #: how many units are ranked at the node, itself included
    peers: int
    #: the part of the others that are not ahead
    percentile: Fraction | None
    #: the share in the middle of those ranked
    median: Fraction | None
    #: the highest share of those ranked
    best: Fraction | None
    #: the lowest share of those ranked
    worst: Fraction | None
    #: what a full score of the node adds to the total's score
    weight: Fraction

    def gap(self, other: Fraction | None) -> Fraction | None:
        """What is lacking to another share, in points of the total; below 0 where the unit is ahead."""
        return None if other is None or self.share is None else (other - self.share) * self.weight

    @property
    def numbers(self) -> dict[str, Fraction | None]:
        """What is measured of the node, by the name of its column."""
        own = {name: getattr(self, name.removeprefix("peers.")) for name in OWN}
        return own | {"gap.median": self.gap(self.median), "gap.best": self.gap(self.best)}


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Profile(Answer):
    """One unit, node by node, beside the units that it is ranked with.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> from dti_core.analysis.profile import profile
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> marks = [[30, 5], [20, 20], [15, 18], [12, 12], [6, 16]]
    >>> result = evaluate(rubric, MarkSheet.from_array(marks, rubric, units=list("abcde")))
    >>> told = profile(result, "a")
    >>> told.total.rank, [part.node for part in told.strengths], [part.node for part in told.weaknesses]
    (2, ['1'], ['2'])
    """

    #: whose it is
    unit: str
    #: what it is called
    name: Label | None
    #: with whom it is ranked
    block: Label | None
    #: the total as one more node
    total: NodeProfile
    #: in the order asked for
    parts: tuple[NodeProfile, ...]
    #: so many strengths, and as many weaknesses, are told
    top: int

    def __repr__(self) -> str:
        return f"<Profile of {self.unit!r}: {len(self.parts)} nodes>"

    @property
    def strengths(self) -> tuple[NodeProfile, ...]:
        """The nodes that put the unit furthest ahead of the median, in points of the total."""
        return self._first("strength", -1)

    @property
    def weaknesses(self) -> tuple[NodeProfile, ...]:
        """The nodes that put the unit furthest behind the median, in points of the total."""
        return self._first("weakness", 1)

    def _first(self, verdict: Verdict, sign: int) -> tuple[NodeProfile, ...]:
        parts = [part for part in self.parts if part.verdict == verdict]
        return tuple(sorted(parts, key=lambda part: -sign * (part.gap(part.median) or 0))[: self.top])

    def columns(self, language: Language | None = None) -> Columns:
        """A dict of arrays, a row per node, those that are left out too.

        ``node``, ``title``; ``verdict`` (strength, weakness, neither, or why the node is left out: not_applicable,
        not_ranked, few or tied) and ``verdict_title``; ``rank``, ``of``, ``published``, ``share``, ``percentile``;
        ``peers.median``, ``peers.best``, ``peers.worst``, the shares of the units ranked there; ``weight`` and, in
        points of the total, ``gap.median`` and ``gap.best``, what is lacking to them.
        """
        language, parts = self._speaking(language), self.parts
        numbers = [part.numbers for part in parts]
        return {
            "node": texts(part.node for part in parts),
            "title": in_language((part.title for part in parts), language),
            "verdict": texts(part.verdict for part in parts),
            "verdict_title": in_language((WORDS[part.verdict] for part in parts), language),
            "rank": wholes(part.rank for part in parts),
            "of": wholes(part.peers if part.rank else UNRANKED for part in parts),
            **{name: doubles(own[name] for own in numbers) for name in NUMBERS},
        }

    def _remarks(self, language: Language) -> Iterator[str]:
        """Where the unit stands, and what is left out for which reason."""
        values = {
            "unit": self.name or self.unit,
            "published": unsigned(self.total.published, self.total.decimals, language),
            "rank": self.total.rank,
            "of": self.total.peers,
            "block": f" ({self.block.text(language)})" if self.block else "",
        }
        yield WORDS("ranked" if self.total.rank else "unranked", **values).text(language)
        if not self.strengths and not self.weaknesses:
            yield WORDS["nothing"].text(language)
        for why in DROPPED:
            nodes = ", ".join(part.node for part in self.parts if part.verdict == why)
            if nodes:
                yield WORDS("dropped", why=WORDS[why], nodes=nodes).text(language)

    def _tables(self, language: Language) -> Iterator[Table]:
        """Strengths and weaknesses, those that matter most to the total first."""
        *first, last = self._heads(language, *SHOWN)
        told = (("strengths", self.strengths, "ahead"), ("weaknesses", self.weaknesses, "behind"))
        for kind, parts, gap in told:
            if parts:
                heads = [*first, WORDS[gap].text(language), last]
                yield Table(heads, [_line(part, language) for part in parts], WORDS[kind].text(language))


def _line(part: NodeProfile, language: Language) -> list[str]:
    gap = part.gap(part.median)
    return [
        f"{part.node} {part.title.text(language)}",
        unsigned(part.published, part.decimals, language),
        f"{part.rank}/{part.peers}",
        _percent(part.share, language),
        _percent(part.median, language),
        unsigned(gap and abs(gap), GAP_DECIMALS, language),
        unsigned(part.gap(part.best), GAP_DECIMALS, language),
    ]


def _percent(number: Fraction | None, language: Language) -> str:
    return unsigned(number and 100 * number, SHARE_DECIMALS, language)
