"""No sequence of moves loses a mark, a piece of evidence or a line of history, or gets past a lock."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

import dti_core as dti
from dti_core.assessment import Assessment, Assessments, Cycle, Entry, Evidence, Round

FIRST = date(2024, 1, 1)
LEAVES = {"1": 10, "2": 20, "3": 5}
RUBRIC = dti.Rubric("made-up", "Giả định", [dti.Index(leaf, leaf, points) for leaf, points in LEAVES.items()])
ROUNDS = {"unlock": (5, 20), "mark": (0, 25)}
CYCLE = Cycle(
    RUBRIC,
    [
        Round(move, str(FIRST + timedelta(opens)), str(FIRST + timedelta(closes)), [move])
        for move, (opens, closes) in ROUNDS.items()
    ],
)
# What the issue says, written down once more: state → move → the state it leads to.
LEADS = {
    "open": {"mark": "open", "submit": "submitted", "lock": "locked"},
    "submitted": {"ask": "asked", "reopen": "reopened", "lock": "locked"},
    "asked": {"explain": "explained", "reopen": "reopened", "lock": "locked"},
    "explained": {"ask": "asked", "reopen": "reopened", "lock": "locked"},
    "reopened": {"mark": "reopened", "submit": "submitted", "lock": "locked"},
    "locked": {"unlock": "reopened", "appraise": "appraised"},
    "appraised": {"appraise": "appraised", "publish": "published"},
    "published": {"amend": "amended"},
    "amended": {"amend": "amended"},
}
MOVES = sorted({move for moves in LEADS.values() for move in moves})
AFTER_LOCK = ("locked", "appraised", "published", "amended")
TEXT = st.sampled_from(["Theo sổ theo dõi", "Chưa có văn bản"])
EVIDENCE = st.builds(
    Evidence,
    st.just("Báo cáo"),
    st.integers(1, 99).map("{}/BC".format),
    st.just("2023-12-01"),
    st.none() | st.just("https://example.org"),
    st.none() | st.just("0" * 64),
)


@st.composite
def written(draw: st.DrawFn, move: str) -> dict[str, dict[str, Any]]:
    """What a move writes: on some leaves, and mostly something that may be written."""
    if move in ("submit", "reopen", "lock", "unlock", "publish"):
        return {}
    leaves = draw(st.lists(st.sampled_from(sorted(LEAVES)), unique=True, max_size=3))
    proof = {"evidence": st.tuples(EVIDENCE) | st.just(()), "covers": st.booleans(), "explanation": TEXT}
    made = {}
    for leaf in leaves:
        points = st.integers(0, LEAVES[leaf] * 100 + 20).map(lambda ticks: ticks / 100)
        fields: dict[str, dict[str, Any]] = {
            "mark": {"points": st.none() | points, **proof},
            "explain": proof,
            "appraise": {"appraised": points, "reason": TEXT},
            "amend": {"appraised": points, "reason": TEXT},
        }
        made[leaf] = draw(st.fixed_dictionaries({}, optional=fields.get(move, {})))
        if "appraised" in made[leaf]:
            made[leaf].setdefault("reason", None)
    return made


def plain(value: Any) -> Any:
    """Points as the notes have them."""
    return float(value) if isinstance(value, Decimal) else value


class Lifecycle(RuleBasedStateMachine):
    """A unit's assessment beside plain notes of everything that was ever said of it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = Assessment(CYCLE, "a", "Đơn vị A")
        self.state = "open"
        self.entries: dict[str, dict[str, Any]] = {leaf: {} for leaf in LEAVES}
        self.lines: list[tuple[str, str, str, str | None]] = []
        self.past = [(self.now, self.text(self.now))]
        self.asked: set[str] = set()
        self.day = 0
        self.said: list[tuple[str, str, Any]] = []

    @staticmethod
    def text(assessment: Assessment) -> str:
        """The document, as text."""
        return json.dumps(dti.to_document(Assessments(CYCLE, [assessment])))

    def refused(self, move: str, fields: dict[str, dict[str, Any]], day: int, why: str | None) -> bool:
        """Whether the rules, as the notes have them, forbid a move."""
        if move not in LEADS[self.state] or (self.lines and day < self.day):
            return True
        opens, closes = ROUNDS.get(move, (-99, 999))
        if not opens <= day <= closes:
            return True
        if move in ("ask", "reopen", "unlock", "amend") and why is None:
            return True
        if move in ("mark", "ask", "explain", "appraise", "amend") and not fields:
            return True
        if move == "explain" and not self.asked <= fields.keys():
            return True
        return any(self.unfit(leaf, self.entries[leaf] | new) for leaf, new in fields.items())

    @staticmethod
    def unfit(leaf: str, entry: dict[str, Any]) -> bool:
        """Whether points are above the maximum, or an appraised mark differs without a reason."""
        marks = [entry.get(name) for name in ("points", "appraised")]
        differs = marks[1] is not None and marks[0] != marks[1] and entry.get("reason") is None
        return differs or any(mark is not None and mark > LEAVES[leaf] for mark in marks)

    @rule(data=st.data(), days=st.sampled_from([0, 0, 1, 1, 2, 5, -1]), reasoned=st.integers(0, 9))
    def attempt(self, data: st.DataObject, days: int, reasoned: int) -> None:
        """Any move, more often one that is allowed; it is made or refused as the notes say."""
        move = data.draw(st.sampled_from([*LEADS[self.state]] * 4 + MOVES))
        fields = data.draw(written(move))
        why = "Lý do" if reasoned else None
        day, at = self.day + days, str(FIRST + timedelta(self.day + days))
        decision = "01/QĐ" if move == "amend" else None
        make = {"by": "Ai đó", "at": at, "why": why, "decision": decision}
        if self.refused(move, fields, day, why):
            with pytest.raises(dti.InvalidDocument):
                self.now.step(move, fields, **make)  # type: ignore[arg-type]
            return
        self.now = self.now.step(move, fields, **make)  # type: ignore[arg-type]
        self.state, self.day = LEADS[self.state][move], day
        self.asked = set(fields) if move == "ask" else self.asked
        self.lines.append((move, "Ai đó", at, why))
        for leaf, new in fields.items():
            self.entries[leaf] |= new
            self.said += [(leaf, name, value) for name, value in new.items()]
        self.past.append((self.now, self.text(self.now)))

    @invariant()
    def stands_as_noted(self) -> None:
        """The state, the history and what stands in every entry are what was done."""
        assert self.now.state == self.state
        assert [(line.move, line.by, line.at, line.why) for line in self.now.history] == self.lines
        for leaf, noted in self.entries.items():
            entry = self.now.entries.get(leaf, Entry())
            assert {name: plain(getattr(entry, name)) for name in noted} == noted

    @invariant()
    def nothing_is_lost(self) -> None:
        """Whatever was ever written stands in an entry or in the line of history that replaced it."""
        kept = [*self.now.entries.items(), *((leaf, Entry()) for leaf in LEAVES)]
        kept += [pair for line in self.now.history for pair in line.before.items()]

        for leaf, name, value in self.said:
            assert value in [plain(getattr(entry, name)) for at, entry in kept if at == leaf]

    @invariant()
    def the_past_is_within_reach(self) -> None:
        """Every assessment there was is still what it was, and follows from the one there is."""
        for lines, (then, _) in enumerate(self.past):
            assert self.now.as_of(lines) == then
        then, text = self.past[len(self.past) // 2]
        assert self.text(then) == text

    @invariant()
    def no_way_past_a_lock(self) -> None:
        """What the unit wrote is, from the lock on, what it was when it was locked."""
        if self.state in AFTER_LOCK:
            locked = self.past[max(at for at, line in enumerate(self.lines, 1) if line[0] == "lock")][0]
            for leaf in LEAVES:
                now = self.now.entries.get(leaf, Entry())
                assert attrs.evolve(now, appraised=None, reason=None) == locked.entries.get(leaf, Entry())
        assert len(self.now.versions) == sum(move in ("publish", "amend") for move, *_ in self.lines)

    @precondition(lambda self: self.lines)
    @rule()
    def round_trip(self) -> None:
        """The document, through text, gives an equal assessment."""
        document = json.loads(self.text(self.now))

        assert dti.load_assessments(document, RUBRIC).units == (self.now,)


TestLifecycle = Lifecycle.TestCase
TestLifecycle.settings = settings(stateful_step_count=25)
