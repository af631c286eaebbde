"""No sequence of moves, of units or of the round, loses or rewrites anything; what was published can be replayed."""

import copy
import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

import dti_core as dti
from dti_core.assessment import Assessment, Assessments, Cycle, Entry, Evidence, Round, to_marks
from dti_core.assessment.moves import MoveName

FIRST = date(2024, 1, 1)
LEAVES = {"1": 10, "2": 20, "3": 5}
RUBRIC = dti.Rubric(
    "made-up",
    "Giả định",
    [dti.Index(leaf, leaf, points) for leaf, points in LEAVES.items()],
    bands=[dti.Band("good", "Tốt", 50), dti.Band("weak", "Yếu", 0)],
)
ROUNDS: dict[MoveName, tuple[int, int]] = {"unlock": (5, 20), "mark": (0, 25)}
CYCLE = Cycle(
    RUBRIC,
    [
        Round(move, str(FIRST + timedelta(opens)), str(FIRST + timedelta(closes)), [move])
        for move, (opens, closes) in ROUNDS.items()
    ],
)
BEFORE = [
    "open",
    "submitted",
    "asked",
    "explained",
    "reopened",
    "locked",
    "appraised",
    "questioned",
    "answered",
]
AFTER = ["published", "amended"]
# What the page on the round says, written down once more: move → state → the state it leads to.
LEADS: dict[str, dict[str, str]] = {
    "mark": {"open": "open", "reopened": "reopened"},
    "claim": {"open": "open", "reopened": "reopened"},
    "submit": {"open": "submitted", "reopened": "submitted"},
    "ask": {"submitted": "asked", "explained": "asked", "appraised": "questioned", "answered": "questioned"},
    "explain": {"asked": "explained", "questioned": "answered"},
    "reopen": dict.fromkeys(("submitted", "asked", "explained"), "reopened"),
    "lock": dict.fromkeys(("open", "submitted", "asked", "explained", "reopened"), "locked"),
    "unlock": {"locked": "reopened"},
    "refuse": {state: state for state in BEFORE},
    "decide": {state: state for state in BEFORE},
    "appraise": dict.fromkeys(("locked", "appraised", "questioned", "answered"), "appraised"),
    "publish": {"appraised": "published"},
    "appeal": {state: state for state in AFTER},
    "dismiss": {state: state for state in AFTER},
    "amend": dict.fromkeys(AFTER, "amended"),
}
NEED_WHY = ("ask", "reopen", "unlock", "appeal", "dismiss", "amend")
NEED_LEAVES = ("mark", "claim", "ask", "explain", "refuse", "appraise")
TEXT = st.sampled_from(["Theo sổ theo dõi", "Chưa có văn bản"])
EVIDENCE = st.builds(
    Evidence,
    st.just("Báo cáo"),
    st.integers(1, 99).map("{}/BC".format),
    st.just("2023-12-01"),
    st.none() | st.just("https://example.org"),
)
LEAF = st.sampled_from(sorted(LEAVES))
WHY = {"reason": "Lý do", "basis": "Căn cứ"}
EXCLUSIONS = st.dictionaries(
    st.sampled_from(["x", "y"]),
    st.none()
    | st.builds(
        lambda leaf, treatment: WHY | {"members": [leaf], "treatment": treatment},
        LEAF,
        st.sampled_from(["skip", "full_marks"]),
    ),
    max_size=2,
)
UNRANKED = st.dictionaries(st.just("k"), st.none() | st.just(WHY), max_size=1)
LIMITS = st.dictionaries(st.just("k"), st.none() | st.just(WHY | {"at_most": "weak"}), max_size=1)
OWN = {"exclusions": EXCLUSIONS, "unranked": UNRANKED, "grade_limits": LIMITS}
UNITS = ("a", "b")
NEVER = -9


@st.composite
def written(draw: st.DrawFn, move: str) -> dict[str, dict[str, Any]]:
    """What a move writes of leaves: on some, and mostly something that may be written."""
    proof = {"evidence": st.tuples(EVIDENCE) | st.just(()), "covers": st.booleans(), "explanation": TEXT}
    appraisal = {"appraised": st.integers(0, 1020).map(lambda ticks: ticks / 100), "reason": TEXT}
    fields: dict[str, dict[str, Any]] = {
        "mark": {"points": st.none() | st.integers(0, 1020).map(lambda ticks: ticks / 100), **proof},
        "claim": {"claim": st.none() | TEXT, "evidence": proof["evidence"]},
        "refuse": {"refusal": TEXT},
        "explain": proof,
        "appraise": appraisal,
        "amend": appraisal,
    }
    if move not in fields and move not in ("ask", "appeal", "dismiss"):
        return {}
    made = {}
    for leaf in draw(st.lists(LEAF, unique=True, max_size=3)):
        made[leaf] = draw(st.fixed_dictionaries({}, optional=fields.get(move, {})))
        for name, renewed in (("appraised", "reason"), ("claim", "refusal")):
            if name in made[leaf] and name == "appraised":
                made[leaf].setdefault(renewed, None)
    return made


def plain(value: Any) -> Any:
    """Points as the notes have them."""
    return float(value) if isinstance(value, Decimal) else value


class Notes:
    """Everything that was said of one unit, in plain dicts."""

    def __init__(self) -> None:
        self.state, self.day, self.asked = "open", NEVER, set[str]()
        self.entries: dict[str, dict[str, Any]] = {leaf: {} for leaf in LEAVES}
        self.decided: dict[str, dict[str, Any]] = {part: {} for part in OWN}
        self.lines: list[tuple[str, str, str | None]] = []
        self.published: list[tuple[Any, ...]] = []
        self.said: list[tuple[str, str, Any]] = []

    def treatments(self, of_round: dict[str, Any]) -> set[tuple[str, str]]:
        """The leaves that are excluded, and how."""
        every = [*self.decided["exclusions"].values(), *of_round.values()]
        return {(each["members"][0], each["treatment"]) for each in every}

    def contradicts(self, of_round: dict[str, Any]) -> bool:
        """Whether two decisions treat a leaf otherwise."""
        treated = self.treatments(of_round)
        return len({leaf for leaf, _ in treated}) < len(treated)

    def open_claims(self, of_round: dict[str, Any]) -> set[str]:
        """Claims that have no answer."""
        answered = {leaf for leaf, _ in self.treatments(of_round)}
        claims = {
            leaf for leaf, each in self.entries.items() if each.get("claim") and not each.get("refusal")
        }
        return claims - answered

    def total(self, of_round: dict[str, Any]) -> tuple[Any, ...]:
        """What the appraised marks and the decisions come to: points of the scale, whether ranked, grade."""
        treated = dict(self.treatments(of_round))
        counted = [leaf for leaf in LEAVES if treated.get(leaf) != "skip"]
        full = sum(LEAVES[leaf] for leaf in counted)
        earned = sum(
            LEAVES[leaf] if treated.get(leaf) == "full_marks" else self.entries[leaf].get("appraised") or 0
            for leaf in counted
        )
        if not full:
            return None, False, None
        grade = "good" if earned / full >= 0.5 and not self.decided["grade_limits"] else "weak"
        return round(earned / full * sum(LEAVES.values()), 6), not self.decided["unranked"], grade

    def note(self, change: dict[str, Any], day: int) -> None:
        """Write down a move that was made."""
        move = change["move"]
        self.state, self.day = LEADS[move][self.state], day
        self.asked = set(change["entries"]) if move == "ask" else self.asked
        for leaf, new in change["entries"].items():
            renewed = {"refusal": None} if "claim" in new else {}
            self.entries[leaf] |= renewed | new
            self.said += [(leaf, name, value) for name, value in new.items()]
        for part in OWN:
            decide(self.decided[part], change.get(part, {}))


def decide(decided: dict[str, Any], changes: dict[str, Any]) -> None:
    """Write down decisions, None for one that is withdrawn."""
    decided |= changes
    for code in [code for code, value in decided.items() if value is None]:
        del decided[code]


class Lifecycle(RuleBasedStateMachine):
    """The assessments of two units beside plain notes of everything that was ever said of them."""

    def __init__(self) -> None:
        super().__init__()
        self.now = {unit: Assessment(CYCLE, unit) for unit in UNITS}
        self.notes = {unit: Notes() for unit in UNITS}
        self.of_round: dict[str, Any] = {}
        self.round_day = NEVER
        self.past: dict[str, list[Assessment]] = {unit: [self.now[unit]] for unit in UNITS}

    def cohort(self) -> Assessments:
        """Both together."""
        return Assessments(self.now["a"].cycle, self.now.values())

    def withdraws(self, change: dict[str, Any], decided: dict[str, dict[str, Any]]) -> tuple[bool, bool]:
        """Whether anything is withdrawn, and whether it is not there."""
        gone = [(part, code) for part in OWN for code, value in change.get(part, {}).items() if value is None]
        return bool(gone), any(code not in decided[part] for part, code in gone)

    def refused(self, unit: str, change: dict[str, Any], day: int) -> bool:
        """Whether the rules, as the notes have them, forbid a move of a unit."""
        notes, move, fields = self.notes[unit], change["move"], change["entries"]
        opens, closes = ROUNDS.get(move, (-99, 999))
        withdrawn, absent = self.withdraws(change, notes.decided)
        changes = any(change.get(part) for part in OWN)
        after = copy.deepcopy(notes)
        if (
            notes.state not in LEADS[move]
            or day < notes.day
            or not opens <= day <= closes
            or (move in NEED_WHY and change["why"] is None)
            or (move in NEED_LEAVES and not fields)
            or (move in ("decide", "amend") and not changes and not fields)
            or absent
            or (withdrawn and (change["why"] is None or change["decision"] is None))
            or (move == "amend" and change["decision"] is None)
            or (move == "explain" and not notes.asked <= fields.keys())
            or (move == "explain" and notes.state == "questioned" and not fields.keys() <= notes.asked)
            or (move == "refuse" and any(not notes.entries[leaf].get("claim") for leaf in fields))
            or (move == "publish" and notes.open_claims(self.of_round))
        ):
            return True
        after.note(change, day)
        return after.contradicts(self.of_round) or any(
            self.unfit(leaf, after.entries[leaf]) for leaf in fields
        )

    @staticmethod
    def unfit(leaf: str, entry: dict[str, Any]) -> bool:
        """Whether points are above the maximum, or an appraised mark differs without a reason."""
        marks = [entry.get(name) for name in ("points", "appraised")]
        differs = marks[1] is not None and marks[0] != marks[1] and entry.get("reason") is None
        return differs or any(mark is not None and mark > LEAVES[leaf] for mark in marks)

    @rule(
        data=st.data(),
        unit=st.sampled_from("aaab"),
        days=st.sampled_from([0, 0, 1, 1, 2, 5, -1]),
        said=st.integers(0, 9),
    )
    def attempt(self, data: st.DataObject, unit: str, days: int, said: int) -> None:
        """Any move of a unit, more often one that is allowed; it is made or refused as the notes say."""
        notes = self.notes[unit]
        allowed = [move for move, leads in LEADS.items() if notes.state in leads]
        move = data.draw(st.sampled_from(allowed * 4 + [*LEADS]))
        decisions = OWN if move in ("decide", "amend") else {}
        day = max(0, notes.day) + days
        change: dict[str, Any] = {
            "move": move,
            "by": "Ai đó",
            "at": str(FIRST + timedelta(day)),
            "why": "Lý do" if said else None,
            "decision": None if said == 1 else "01/QĐ",
            "entries": data.draw(written(move)),
            **{part: data.draw(drawn) for part, drawn in decisions.items()},
        }
        self.make(unit, change, day)

    @rule(unit=st.sampled_from(UNITS), points=st.integers(0, 5))
    def hurry(self, unit: str, points: int) -> None:
        """The next move on the shortest way to publication, and to an amendment after it."""
        notes = self.notes[unit]
        ways = {
            "locked": "appraise",
            "questioned": "appraise",
            "answered": "appraise",
            "appraised": "publish",
        }
        move = "amend" if notes.state in AFTER else ways.get(notes.state, "lock")
        marks = {leaf: {"appraised": points, "reason": "Lý do"} for leaf in LEAVES}
        change: dict[str, Any] = {"move": move, "by": "Ai đó"}
        change |= {"at": str(FIRST + timedelta(max(0, notes.day)))}
        change |= {"why": "Lý do", "decision": "02/QĐ"}
        entries = marks if move in ("appraise", "amend") else {}
        self.make(unit, change | {"entries": entries}, max(0, notes.day))

    def make(self, unit: str, change: dict[str, Any], day: int) -> None:
        """Make a move of a unit, or see that it is refused as the notes say."""
        given = {key: value for key, value in change.items() if value != {} or key == "entries"}
        if self.refused(unit, change, day):
            with pytest.raises(dti.InvalidDocument):
                self.now[unit].step(given)
            return
        self.now[unit] = self.now[unit].step(given)
        self.notes[unit].note(change, day)
        self.remember(unit, change)

    @rule(
        move=st.sampled_from(["decide", "amend"]),
        exclusions=EXCLUSIONS,
        units=st.none() | st.just(("a",)),
        days=st.sampled_from([0, 0, 1, 3, -1]),
    )
    def attempt_of_round(self, move: str, exclusions: Any, units: Any, days: int) -> None:
        """A decision of the round; it is a line of all units it concerns, or refused as the notes say."""
        named = {} if units is None else {"units": units}
        decided = {code: value and value | named for code, value in exclusions.items()}
        touched = [*decided.values(), *(self.of_round.get(code) for code in decided)]
        concerned = [
            unit
            for unit in UNITS
            if any(each and (each.get("units") is None or unit in each["units"]) for each in touched)
        ]
        day = max([0, self.round_day, *(self.notes[unit].day for unit in UNITS)]) + days
        change: dict[str, Any] = {"move": move, "by": "UBND", "why": "Lý do"}
        change |= {"at": str(FIRST + timedelta(day))}
        change |= {"decision": "09/QĐ", "exclusions": decided}
        after = {code: value for code, value in (self.of_round | decided).items() if value is not None}
        too_late = move == "decide" and any(self.notes[unit].state in AFTER for unit in concerned)
        absent = any(value is None and code not in self.of_round for code, value in decided.items())
        early = any(
            day < earlier for earlier in [self.round_day, *(self.notes[unit].day for unit in concerned)]
        )
        clash = any(self.notes[unit].contradicts(self.on(after, unit)) for unit in UNITS)
        if not decided or too_late or absent or early or clash:
            with pytest.raises(dti.InvalidDocument):
                self.cohort().step(change)
            return
        self.now, self.of_round, self.round_day = dict(self.cohort().step(change)), after, day
        for unit in concerned:
            notes = self.notes[unit]
            notes.day = day
            amended = move == "amend" and notes.state in AFTER
            notes.state = "amended" if amended else notes.state
            self.remember(unit, change)

    @staticmethod
    def on(of_round: dict[str, Any], unit: str) -> dict[str, Any]:
        """The decisions of the round that concern a unit."""
        return {
            code: each
            for code, each in of_round.items()
            if each.get("units") is None or unit in each["units"]
        }

    def remember(self, unit: str, change: dict[str, Any]) -> None:
        """Keep what a move led to."""
        notes, of_round = self.notes[unit], self.on(self.of_round, unit)
        notes.lines.append((change["move"], change["at"], change["why"]))
        if notes.state in AFTER and change["move"] in ("publish", "amend"):
            notes.published.append((change["at"], *notes.total(of_round)))
        self.past[unit].append(self.now[unit])

    @invariant()
    def stands_as_noted(self) -> None:
        """The state, the history, the decisions and what stands in every entry are what was done."""
        for unit, notes in self.notes.items():
            now = self.now[unit]
            assert now.state == notes.state
            assert [(line.move, line.at, line.why) for line in now.history] == notes.lines
            for leaf, noted in notes.entries.items():
                entry = now.entries.get(leaf, Entry())
                assert {name: plain(getattr(entry, name)) for name in noted} == noted
            for part, decided in notes.decided.items():
                assert getattr(now.written, part).keys() == decided.keys()

    @invariant()
    def no_way_past_a_lock(self) -> None:
        """What the unit wrote stays, from the lock on, as it was then, what it is asked to explain aside."""
        for unit, notes in self.notes.items():
            if notes.state not in ("open", "submitted", "asked", "explained", "reopened"):
                at = max(at for at, line in enumerate(notes.lines, 1) if line[0] == "lock")
                locked, now = self.past[unit][at], self.now[unit]
                for leaf in LEAVES:
                    then, entry = (each.entries.get(leaf, Entry()) for each in (locked, now))
                    assert (then.points, then.claim) == (entry.points, entry.claim)

    def teardown(self) -> None:
        """Whatever was ever written, and whatever was ever published, is within reach."""
        for unit, notes in self.notes.items():
            now = self.now[unit]
            kept = [(leaf, entry) for line in now.history for leaf, entry in line.after.entries.items()]
            kept += [(leaf, Entry()) for leaf in LEAVES]
            for leaf, name, value in notes.said:
                assert value in [plain(getattr(entry, name)) for at, entry in kept if at == leaf]
            for lines, then in enumerate(self.past[unit]):
                replayed = now.as_of(lines)
                assert (replayed.state, replayed.written, replayed.history) == (
                    then.state,
                    then.written,
                    then.history,
                )
            assert len(now.versions) == len(notes.published)
            for version, (at, *total) in zip(now.versions, notes.published, strict=True):
                assert version.history[-1].at == at
                assert published(version) == tuple(total)

    @precondition(lambda self: any(notes.lines for notes in self.notes.values()))
    @rule()
    def round_trip(self) -> None:
        """The document, through text, gives equal assessments."""
        document = json.loads(json.dumps(dti.to_document(self.cohort())))

        assert dti.load_assessments(document, RUBRIC) == self.cohort()


def published(version: Assessment) -> tuple[Any, ...]:
    """The score of the total, whether it is ranked, and its grade."""
    total = dti.evaluate(RUBRIC, to_marks([version], "appraised")).total
    if total.score[0] != total.score[0]:
        return None, False, None
    return round(float(total.score[0]), 6), bool(total.ranks()[0]), total.grades()[0]


TestLifecycle = Lifecycle.TestCase
TestLifecycle.settings = settings(stateful_step_count=20, max_examples=settings().max_examples // 3)
