"""The moves of an assessment and of its round, as tables."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, get_args

import attrs

from dti_core.columns.frozen import Frozen
from dti_core.terms import Label, label_of
from dti_core.terms.fields import checked
from dti_core.words import ROUNDS

# in the order in which they are come to
State = Literal[
    "open", "submitted", "asked", "explained", "reopened", "locked", "appraised", "questioned", "answered",
    "published", "amended",
]  # fmt: skip
MoveName = Literal[
    "mark", "claim", "submit", "ask", "explain", "reopen", "lock", "unlock", "refuse", "decide", "appraise",
    "publish", "appeal", "dismiss", "amend",
]  # fmt: skip
RoundMoveName = Literal["decide", "amend", "extend"]
MoveRole = Literal["unit", "council"]
Need = Literal["entries", "why", "decision", "round", "change"]
STATES: tuple[State, ...] = get_args(State)
PUBLISHED: tuple[State, ...] = ("published", "amended")
BEFORE: tuple[State, ...] = tuple(state for state in STATES if state not in PUBLISHED)
"""The states before publication."""
PROOF = ("evidence", "covers", "explanation")
SELF = ("points", "measures", *PROOF)
APPRAISAL = ("appraised", "reason")
DECIDED = ("exclusions", "unranked", "grade_limits")
RENEWS = {"appraised": "reason", "claim": "refusal"}
"""What is written anew takes back what was said of the old."""


@attrs.frozen(field_transformer=checked)
class Move:
    """Whose move it is, from which state it leads where, what it writes, and what it needs.

    >>> MOVES["submit"].role, MOVES["submit"].leads["open"]
    ('unit', 'submitted')
    """

    #: what it is called
    title: Label = attrs.field(converter=label_of)
    #: who makes it: unit or council
    role: MoveRole
    #: the states it may be made in → the state each leads to
    leads: Mapping[State, State] = attrs.field(hash=False)
    #: fields of the leaves it concerns
    writes: tuple[str, ...] = ()
    #: what has to be said with it
    needs: tuple[Need, ...] = ()
    #: kinds of decisions it makes or withdraws
    decides: tuple[str, ...] = ()
    #: whether it concerns leaves
    leaves: bool = attrs.Factory(lambda self: bool(self.writes) or "entries" in self.needs, takes_self=True)
    #: the fields that may differ after it: those it writes, and what these renew
    changes: frozenset[str] = attrs.Factory(lambda self: _changes(self.writes), takes_self=True)


def _changes(writes: tuple[str, ...]) -> frozenset[str]:
    return frozenset(writes).union(RENEWS[name] for name in writes if name in RENEWS)


def _to(state: State, *origins: State) -> Mapping[State, State]:
    return Frozen(dict.fromkeys(origins, state))


def _stays(*states: State) -> Mapping[State, State]:
    return Frozen({state: state for state in states})


def _move(name: str, role: MoveRole, leads: Mapping[State, State], **others: Any) -> Move:
    return Move(ROUNDS[f"move.{name}"], role, leads, **others)


_ASK: Mapping[State, State] = Frozen({
    "submitted": "asked", "explained": "asked", "appraised": "questioned", "answered": "questioned",
})  # fmt: skip
_EXPLAIN: Mapping[State, State] = Frozen({"asked": "explained", "questioned": "answered"})
_AMEND_ROUND: Mapping[State, State] = Frozen({**_stays(*BEFORE), **_to("amended", *PUBLISHED)})
_APPRAISED: Mapping[State, State] = _to("appraised", "locked", "appraised", "questioned", "answered")
MOVES: Mapping[str, Move] = MappingProxyType({
    "mark": _move("mark", "unit", _stays("open", "reopened"), writes=SELF, needs=("entries",)),
    "claim": _move(
        "claim", "unit", _stays("open", "reopened"), writes=("claim", "evidence"), needs=("entries",)),
    "submit": _move("submit", "unit", _to("submitted", "open", "reopened")),
    "ask": _move("ask", "council", _ASK, needs=("entries", "why")),
    "explain": _move("explain", "unit", _EXPLAIN, writes=PROOF, needs=("entries",)),
    "reopen": _move("reopen", "council", _to("reopened", "submitted", "asked", "explained"), needs=("why",)),
    "lock": _move(
        "lock", "council", _to("locked", "open", "submitted", "asked", "explained", "reopened")),
    "unlock": _move("unlock", "council", _to("reopened", "locked"), needs=("why", "round")),
    "refuse": _move("refuse", "council", _stays(*BEFORE), writes=("refusal",), needs=("entries",)),
    "decide": _move("decide", "council", _stays(*BEFORE), needs=("change",), decides=DECIDED),
    "appraise": _move("appraise", "council", _APPRAISED, writes=APPRAISAL, needs=("entries",)),
    "publish": _move("publish", "council", _to("published", "appraised")),
    "appeal": _move("appeal", "unit", _stays(*PUBLISHED), needs=("why",), leaves=True),
    "dismiss": _move("dismiss", "council", _stays(*PUBLISHED), needs=("why",), leaves=True),
    "amend": _move(
        "amend", "council", _to("amended", *PUBLISHED), writes=APPRAISAL, needs=("change", "why", "decision"),
        decides=DECIDED),
})  # fmt: skip
OF_THE_ROUND = ("exclusions", "grade_limits")
ROUND_MOVES: Mapping[str, Move] = MappingProxyType({
    "decide": _move("decide", "council", _stays(*BEFORE), needs=("change",), decides=OF_THE_ROUND),
    "amend": _move(
        "amend", "council", _AMEND_ROUND, needs=("change", "why", "decision"),
        decides=OF_THE_ROUND),
    "extend": _move("extend", "council", _stays(*STATES), needs=("change",), decides=("extensions",)),
})  # fmt: skip
