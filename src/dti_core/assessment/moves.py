"""The moves of an assessment, as a table; the rounds they may be made in; and a line of its history."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, get_args

import attrs

from dti_core.assessment.entry import Entry
from dti_core.assessment.fields import by_code, text, wrong_mapping
from dti_core.assessment.times import is_before, wrong_time
from dti_core.columns.frozen import Frozen
from dti_core.errors import InvalidArgument, InvalidDocument, Problem, shorten, suggest
from dti_core.rubric import Decision
from dti_core.terms import Label, check, codes_of, instance_of, label_of, optional, text_of
from dti_core.terms.fields import checked
from dti_core.words import ROUNDS

# in the order in which they are come to
State = Literal[
    "open", "submitted", "asked", "explained", "reopened", "locked", "appraised", "published", "amended"
]
MoveName = Literal[
    "mark", "submit", "ask", "explain", "reopen", "lock", "unlock", "appraise", "publish", "amend"
]
Need = Literal["leaves", "why", "decision", "round"]
STATES: tuple[State, ...] = get_args(State)
PROOF = ("evidence", "covers", "explanation")
SELF = ("points", "measures", *PROOF)
APPRAISAL = ("appraised", "reason")


@attrs.frozen(field_transformer=checked)
class Move:
    """What may be done in which states, what state it leads to (None: the same), what it writes and what it needs."""

    title: Label = attrs.field(converter=label_of)
    states: tuple[State, ...]
    to: State | None
    writes: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()


MOVES: Mapping[str, Move] = MappingProxyType({
    "mark": Move(ROUNDS["move.mark"], ("open", "reopened"), None, SELF, ("leaves",)),
    "submit": Move(ROUNDS["move.submit"], ("open", "reopened"), "submitted"),
    "ask": Move(ROUNDS["move.ask"], ("submitted", "explained"), "asked", (), ("leaves", "why")),
    "explain": Move(ROUNDS["move.explain"], ("asked",), "explained", PROOF, ("leaves",)),
    "reopen": Move(ROUNDS["move.reopen"], ("submitted", "asked", "explained"), "reopened", (), ("why",)),
    "lock": Move(ROUNDS["move.lock"], ("open", "submitted", "asked", "explained", "reopened"), "locked"),
    "unlock": Move(ROUNDS["move.unlock"], ("locked",), "reopened", (), ("why", "round")),
    "appraise": Move(ROUNDS["move.appraise"], ("locked", "appraised"), "appraised", APPRAISAL, ("leaves",)),
    "publish": Move(ROUNDS["move.publish"], ("appraised",), "published"),
    "amend": Move(
        ROUNDS["move.amend"], ("published", "amended"), "amended", APPRAISAL, ("leaves", "why", "decision")),
})  # fmt: skip


def wrong_move(value: object) -> str | None:
    """What keeps a value from being a move, or None."""
    if isinstance(value, str) and value in MOVES:
        return None
    return f"{shorten(value)} is no move{suggest(value, [*MOVES])}; moves are {', '.join(MOVES)}"


def not_allowed(name: str, state: State) -> str | None:
    """What keeps a move from being made in a state, or None."""
    allowed = [other for other, move in MOVES.items() if state in move.states]
    if name in allowed:
        return None
    return f"{name!r} is not allowed in the state {state!r}; allowed there: {', '.join(map(repr, allowed))}"


def _wrong_moves(values: object) -> str | None:
    if not isinstance(values, tuple) or not values:
        return f"a list of moves is needed, not {shorten(values)}"
    return next(filter(None, map(wrong_move, values)), None)


@attrs.frozen(field_transformer=checked)
class Round:
    """A time in which some moves may be made; ``closes`` given as a day includes that day.

    >>> last = Round("Lần 3", "2024-01-22", "2024-02-01", moves=["mark", "submit"])
    >>> last.covers("2024-02-01T17:00+07:00"), last.covers("2024-02-02")
    (True, False)
    """

    name: Label = attrs.field(converter=label_of)
    opens: str = attrs.field(validator=check(wrong_time))
    closes: str = attrs.field(validator=check(wrong_time))
    moves: tuple[MoveName, ...] = attrs.field(converter=codes_of, validator=check(_wrong_moves))

    def __attrs_post_init__(self) -> None:
        if is_before(self.closes, self.opens):
            message = f"is {self.closes}, before it opens at {self.opens}; swap the two"
            raise InvalidDocument("Round", [Problem(("closes",), message, "order")])

    def covers(self, at: str) -> bool:
        """Whether a time lies in the round; raises :class:`~dti_core.InvalidArgument` where it is none."""
        message = wrong_time(at)
        if message:
            raise InvalidArgument(message)
        return not is_before(at, self.opens) and not is_before(self.closes, at)

    def __str__(self) -> str:
        return f"{self.name} ({self.opens} to {self.closes})"


def _decision_of(value: Any) -> Any:
    return Decision(value) if isinstance(value, str) else value


def _wrong_before(values: object) -> str | None:
    if isinstance(values, Frozen) and not all(type(entry) is Entry for entry in values.values()):
        return f"an Entry for each leaf is needed, not {shorten(values)}"
    return wrong_mapping(values)


@attrs.frozen(field_transformer=checked)
class Step:
    """A line of the history: the move, who made it, when and why, and what it changed."""

    move: MoveName = attrs.field(validator=check(wrong_move))
    by: str = attrs.field(converter=text_of)
    at: str = attrs.field(validator=check(wrong_time))
    why: str | None = text()
    #: the decision that published or amended
    decision: Decision | None = attrs.field(
        default=None, converter=_decision_of, validator=check(optional(instance_of(Decision)))
    )
    #: the leaves it concerns → what stood in the fields it writes
    before: Mapping[str, Entry] = attrs.field(
        factory=Frozen, converter=by_code, validator=check(_wrong_before), hash=False
    )
