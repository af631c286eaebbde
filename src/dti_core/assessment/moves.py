"""The moves of an assessment, as a table; the rounds they may be made in; and a line of its history."""

from collections.abc import Mapping
from typing import Any, Literal, get_args

import attrs

from dti_core.assessment.entry import Entry
from dti_core.assessment.times import is_before, wrong_time
from dti_core.errors import InvalidDocument, Problem, shorten, suggest
from dti_core.rubric import Decision
from dti_core.terms import (
    Label,
    check,
    codes_of,
    label_of,
    nfc,
    optional,
    text_of,
    text_or_none,
    wrong_label,
    wrong_text,
)

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


@attrs.frozen
class Move:
    """What may be done in which states, what state it leads to (None: the same), what it writes and what it needs."""

    title: Label = attrs.field(converter=label_of)
    states: tuple[State, ...]
    to: State | None
    writes: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()


MOVES: dict[str, Move] = {
    "mark": Move(Label("tự chấm", "self-score"), ("open", "reopened"), None, SELF, ("leaves",)),
    "submit": Move(Label("nộp", "submit"), ("open", "reopened"), "submitted"),
    "ask": Move(
        Label("yêu cầu giải trình", "ask for explanations"),
        ("submitted", "explained"), "asked", (), ("leaves", "why"),
    ),
    "explain": Move(Label("giải trình", "explain"), ("asked",), "explained", PROOF, ("leaves",)),
    "reopen": Move(
        Label("mở lại", "reopen"), ("submitted", "asked", "explained"), "reopened", (), ("why",)
    ),
    "lock": Move(
        Label("khóa", "lock"), ("open", "submitted", "asked", "explained", "reopened"), "locked"
    ),
    "unlock": Move(Label("mở khóa", "unlock"), ("locked",), "reopened", (), ("why", "round")),
    "appraise": Move(
        Label("thẩm định", "appraise"), ("locked", "appraised"), "appraised", APPRAISAL, ("leaves",)
    ),
    "publish": Move(Label("công bố", "publish"), ("appraised",), "published"),
    "amend": Move(
        Label("điều chỉnh", "amend"),
        ("published", "amended"), "amended", APPRAISAL, ("leaves", "why", "decision"),
    ),
}  # fmt: skip


def wrong_move(value: object) -> str | None:
    """What keeps a value from being a move, or None."""
    if isinstance(value, str) and value in MOVES:
        return None
    near = suggest(value, [*MOVES])
    return f"{shorten(value)} is no move{near}; moves are {', '.join(MOVES)}"


def not_allowed(move: str, state: State) -> str | None:
    """What keeps a move from being made in a state, or None."""
    if state in MOVES[move].states:
        return None
    allowed = [f"{name!r}" for name, each in MOVES.items() if state in each.states]
    return f"{move!r} is not allowed in the state {state!r}; allowed there: {', '.join(allowed)}"


def _wrong_moves(values: object) -> str | None:
    if not isinstance(values, tuple) or not values:
        return f"a list of moves is needed, not {shorten(values)}"
    return next(filter(None, map(wrong_move, values)), None)


@attrs.frozen
class Round:
    """A time in which some moves may be made; ``closes`` given as a day includes that day.

    >>> last = Round("Lần 3", "2024-01-22", "2024-02-01", moves=["mark", "submit"])
    >>> last.covers("2024-02-01T17:00+07:00"), last.covers("2024-02-02")
    (True, False)
    """

    name: Label = attrs.field(converter=label_of, validator=check(wrong_label))
    opens: str = attrs.field(validator=check(wrong_time))
    closes: str = attrs.field(validator=check(wrong_time))
    moves: tuple[MoveName, ...] = attrs.field(converter=codes_of, validator=check(_wrong_moves))

    def __attrs_post_init__(self) -> None:
        if is_before(self.closes, self.opens):
            message = f"is {self.closes}, before it opens at {self.opens}; swap the two"
            raise InvalidDocument("Round", [Problem(("closes",), message, "order")])

    def covers(self, at: str) -> bool:
        """Whether a time lies in the round."""
        return not is_before(at, self.opens) and not is_before(self.closes, at)

    def __str__(self) -> str:
        return f"{self.name} ({self.opens} to {self.closes})"


def _decision_of(value: Any) -> Any:
    return Decision(value) if isinstance(value, str) else value


def _wrong_decision(value: object) -> str | None:
    return (
        None if isinstance(value, Decision) else f"a Decision or its number is needed, not {shorten(value)}"
    )


def _before_of(values: Any) -> Any:
    return {nfc(leaf): entry for leaf, entry in values.items()} if isinstance(values, Mapping) else values


def _wrong_before(values: object) -> str | None:
    if isinstance(values, dict) and all(type(entry) is Entry for entry in values.values()):
        return None
    return f"an Entry for each leaf is needed, not {shorten(values)}"


@attrs.frozen
class Step:
    """A line of the history: the move, who made it, when and why, and what it changed."""

    move: MoveName = attrs.field(validator=check(wrong_move))
    by: str = attrs.field(converter=text_of, validator=check(wrong_text))
    at: str = attrs.field(validator=check(wrong_time))
    why: str | None = attrs.field(default=None, converter=text_or_none, validator=check(optional(wrong_text)))
    #: the decision that published or amended
    decision: Decision | None = attrs.field(
        default=None, converter=_decision_of, validator=check(optional(_wrong_decision))
    )
    #: the leaves it concerns → what stood in the fields it writes
    before: Mapping[str, Entry] = attrs.field(
        factory=dict, converter=_before_of, validator=check(_wrong_before), hash=False
    )
