"""When moves may be made: the rounds of a cycle, and for whom one is open longer."""

from collections.abc import Iterable, Iterator
from typing import Any, cast, get_args

import attrs

from dti_core.assessment.moves import MOVES, MoveName
from dti_core.assessment.times import is_before, wrong_time
from dti_core.errors import InvalidArgument, InvalidDocument, Problem, shorten
from dti_core.terms import Label, checking, codes_of, label_of, text_of
from dti_core.terms.fields import checked
from dti_core.words import ROUNDS, Sentence, near
from dti_core.words.rounds import fault, no_move


def _moves_of(names: Iterable[MoveName]) -> tuple[MoveName, ...]:
    return cast("tuple[MoveName, ...]", codes_of(names))


def _wrong_moves(values: object) -> Sentence | None:
    if not isinstance(values, tuple) or not values:
        return ROUNDS("type.moves", value=shorten(values))
    stray = [value for value in values if value not in get_args(MoveName)]
    return no_move(stray[0], MOVES) if stray else None


@attrs.frozen(field_transformer=checked)
class Round:
    """A time in which some moves may be made; ``closes`` given as a day includes that day.

    >>> last = Round("Lần 3", "2024-01-22", "2024-02-01", moves=["mark", "submit"])
    >>> last.covers("2024-02-01T17:00+07:00"), last.covers("2024-02-02")
    (True, False)
    """

    #: what it is called; the Vietnamese name is its key
    name: Label = attrs.field(converter=label_of)
    #: the day, or the time with its zone, that it opens
    opens: str = attrs.field(validator=checking(wrong_time))
    #: the day that it closes, included, or the time
    closes: str = attrs.field(validator=checking(wrong_time))
    #: names of the moves that may be made in it
    moves: tuple[MoveName, ...] = attrs.field(converter=_moves_of, validator=checking(_wrong_moves))

    def __attrs_post_init__(self) -> None:
        if is_before(self.closes, self.opens):
            problem = fault("order.round", ("closes",), closes=self.closes, opens=self.opens)
            raise InvalidDocument("Round", [problem])

    def covers(self, at: str) -> bool:
        """Whether a time lies in the round; raises :class:`~dti_core.InvalidArgument` where it is none."""
        message = wrong_time(at)
        if message:
            raise InvalidArgument(message)
        return not is_before(at, self.opens) and not is_before(self.closes, at)

    @property
    def span(self) -> Sentence:
        """Its name, with when it opens and closes."""
        return ROUNDS("round.span", name=self.name, opens=self.opens, closes=self.closes)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Extension:
    """A round is open longer for some units: until when, why, on what basis.

    >>> Extension(round="Lần 3", units=["a"], closes="2024-02-05", reason="Bão lũ", basis="Công văn ví dụ").closes
    '2024-02-05'
    """

    #: the Vietnamese name of the round
    round: str = attrs.field(converter=text_of)
    #: codes of the units that have longer
    units: tuple[str, ...] = attrs.field(converter=codes_of)
    #: when it closes for them
    closes: str = attrs.field(validator=checking(wrong_time))
    #: why, as people are told
    reason: Label = attrs.field(converter=label_of)
    #: the legal text that it rests on
    basis: str = attrs.field(converter=text_of)

    def problems(self, rounds: Iterable[Round]) -> Iterator[Problem]:
        """What keeps it from extending one of the rounds."""
        by_name = {each.name.vi: each for each in rounds}
        extended = by_name.get(self.round)
        if not self.units:
            yield fault("required.units", ("units",))
        if extended is None:
            known = near(self.round, by_name)
            yield fault("unknown.round", ("round",), value=shorten(self.round), near=known)
        elif not is_before(extended.closes, self.closes):
            values: dict[str, Any] = {"closes": self.closes, "round": self.round, "until": extended.closes}
            yield fault("extension.shorter", ("closes",), **values)


def extended(rounds: Iterable[Round], extensions: Iterable[Extension], unit: str) -> Iterator[Round]:
    """The rounds as they are open for a unit."""
    own = [each for each in extensions if unit in each.units]
    for each in rounds:
        closes = each.closes
        for extension in own:
            if extension.round == each.name.vi and is_before(closes, extension.closes):
                closes = extension.closes
        yield each if closes == each.closes else attrs.evolve(each, closes=closes)


def any_round(rounds: Iterable[Round]) -> Sentence | None:
    """The rounds, in words."""
    told: Sentence | None = None
    for each in rounds:
        told = each.span if told is None else ROUNDS("round.or", one=told, other=each.span)
    return told
