"""Random histories: the moves of a round are allowed, replayed and scored as the README of the suite has it."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs
import pytest
import reference
from hypothesis import given, settings
from hypothesis import strategies as st
from test_conformance_rounds import TABLE

import dti_core as dti
from dti_core.assessment import Assessment, Assessments, Cycle, to_marks

if TYPE_CHECKING:
    from reference_rules import Document

MAXIMA = {"1": 10, "2": 20, "3": 10}
WHY = {"reason": "Chưa hướng dẫn", "basis": "Điều 5"}
RUBRIC: Document = {
    "schema": "dti-core/rubric/1",
    "code": "r",
    "title": "R",
    "indices": [{"code": leaf, "title": leaf, "max_points": most} for leaf, most in MAXIMA.items()],
}
CYCLE = Cycle(dti.load_rubric(RUBRIC))
NAMES = [name for name in TABLE if name != "unlock"]  # which needs a round that names it


@attrs.define
class Unit:
    """What stands of a unit after the moves that were allowed, each field as it was written last."""

    state: str = "open"
    entries: dict[str, Document] = attrs.field(factory=lambda: {leaf: {} for leaf in MAXIMA})
    decisions: dict[str, Document] = attrs.field(factory=dict)
    asked: frozenset[str] = frozenset()

    def marks(self, field: str) -> dict[str, Any]:
        """The marks of a stage."""
        return {leaf: entry.get(field) for leaf, entry in self.entries.items()}

    def claimed(self) -> set[str]:
        """The leaves that are claimed not to apply."""
        return {leaf for leaf, entry in self.entries.items() if entry.get("claim")}

    def open_claims(self) -> bool:
        """Whether a claim has neither a refusal nor a decision that reaches its leaf."""
        reached = {leaf for decision in self.decisions.values() for leaf in decision["members"]}
        return any(not self.entries[leaf].get("refusal") for leaf in self.claimed() - reached)

    def contradicts_itself(self) -> bool:
        """Whether decisions in force disagree on a leaf."""
        said = [
            (leaf, decision["treatment"])
            for decision in self.decisions.values()
            for leaf in decision["members"]
        ]
        return len(dict(said)) < len({*said})

    def after(self, move: Document) -> Unit | None:
        """What stands after a move; None where it is refused."""
        row, entries, decided = TABLE[move["move"]], move.get("entries", {}), move.get("exclusions", {})
        if self.state not in row["leads"] or self.lacks(move):
            return None
        made = deepcopy(self)
        made.state = row["leads"][self.state]
        for leaf, written in entries.items():
            if "claim" in written:
                made.entries[leaf].pop("refusal", None)
            if "appraised" in written:
                made.entries[leaf].pop("reason", None)
            made.entries[leaf] |= written
        if move["move"] == "ask":
            made.asked = frozenset(entries)
        for code, decision in decided.items():
            if decision is None:
                del made.decisions[code]
            else:
                made.decisions[code] = decision
        return None if made.contradicts_itself() else made

    def lacks(self, move: Document) -> bool:
        """Whether a move is without what it needs: what was asked about, claimed, decided or has to be answered."""
        entries, decided = move.get("entries", {}), move.get("exclusions", {})
        unheld = {code for code, decision in decided.items() if decision is None} - self.decisions.keys()
        return bool(
            unheld
            or (move["move"] == "explain" and not self.asked <= entries.keys())
            or (move["move"] == "explain" and self.state == "questioned" and entries.keys() - self.asked)
            or (move["move"] == "refuse" and any(not self.entries[leaf].get("claim") for leaf in entries))
            or (move["move"] == "publish" and self.open_claims())
            or (move["move"] == "amend" and not entries and not decided)
            or any(
                "appraised" in written
                and written["appraised"] != self.entries[leaf].get("points")
                and "reason" not in written
                for leaf, written in entries.items()
            )
        )


@st.composite
def moves(draw: st.DrawFn, unit: Unit) -> Document:
    """A move with all that its form asks for: mostly one of those that may be made, most of these lead on."""
    here = [name for name in NAMES if unit.state in TABLE[name]["leads"]]
    onward = [name for name in here if TABLE[name]["leads"][unit.state] not in (unit.state, "reopened")]
    if unit.open_claims() and "refuse" in here:
        onward = ["refuse", *onward]
    name = draw(st.sampled_from(draw(st.sampled_from([here, onward or here, onward or here, NAMES]))))
    move: Document = {"move": name, "by": "Ai đó", "why": "Lý do", "decision": "01/QĐ"}
    writes: dict[str, Document] = {
        "mark": {"points": True},
        "claim": {"claim": "Không phát sinh"},
        "ask": {},
        "explain": {"explanation": "Giải trình"},
        "refuse": {"refusal": "Có phát sinh"},
        "appraise": {"appraised": True, "reason": "Minh chứng"},
        "amend": {"appraised": True, "reason": "Khiếu nại"},
    }
    if name in writes:
        least = 0 if name == "amend" else 1
        leaves = draw(st.sets(st.sampled_from([*MAXIMA]), min_size=least))
        if name == "explain" and draw(st.integers(0, 9)):
            leaves = {*unit.asked}
        if name == "refuse" and unit.claimed() and draw(st.integers(0, 9)):
            leaves = unit.claimed()
        move["entries"] = {}
        for leaf in sorted(leaves):
            written = dict(writes[name])
            for field in {"points", "appraised"} & written.keys():
                written[field] = draw(st.integers(0, 4)) * MAXIMA[leaf] / 4
            if "reason" in written and draw(st.integers(0, 9)) == 0:
                del written["reason"]
            move["entries"][leaf] = written
    if name in ("decide", "amend"):
        treatment = st.sampled_from(["skip", "full_marks", "zero", "count"])
        members = st.sets(st.sampled_from([*MAXIMA]), min_size=1, max_size=2).map(sorted)
        decision = st.fixed_dictionaries({"members": members, "treatment": treatment}).map(
            lambda one: one | WHY
        )
        least = 1 if name == "decide" else 0
        move["exclusions"] = draw(
            st.dictionaries(st.sampled_from(["k", "l"]), st.none() | decision, min_size=least, max_size=2)
        )
    return {key: value for key, value in move.items() if value != {}}


def check(made: Assessment, expected: Unit) -> None:
    """State, marks of both stages and the score by them are those that follow from what was written."""
    assert made.state == expected.state
    for stage, field in (("self", "points"), ("appraised", "appraised")):
        marks = to_marks([made], stage)  # type: ignore[arg-type]
        assert marks.of("a") == expected.marks(field), stage
    unit = {
        "code": "a",
        "marks": expected.marks("appraised"),
        "exclusions": [*expected.decisions.values()],
    }
    document = {"schema": "dti-core/marks/1", "rubric": "r", "units": [unit]}
    found = reference.evaluate(RUBRIC, document)["units"]["a"]["total"]
    total = dti.evaluate(CYCLE.rubric, to_marks([made], "appraised")).total
    assert [total.exact(field)[0] for field in ("points", "applicable", "score")] == [
        found.points,
        found.applicable,
        found.score,
    ]


@settings(max_examples=max(10, settings().max_examples // 4))
@given(st.lists(st.integers(1, 3), min_size=8, max_size=30), st.data())
def test_a_history_is_what_its_moves_make_of_it(waits: list[int], data: st.DataObject) -> None:
    """Moves are refused by the table alone; any line and any day is replayed, and documents keep the whole history."""
    made, stood = Assessment(CYCLE, "a"), [Unit()]
    days, day = list[str](), date(2024, 1, 1)
    published = list[int]()
    for wait in waits:
        move = data.draw(moves(stood[-1]))
        day += timedelta(days=wait)
        dated = move | {"at": day.isoformat()}
        expected = stood[-1].after(move)
        if expected is None:
            with pytest.raises(dti.InvalidDocument):
                made.step(dated)
            continue
        made = made.step(dated)
        stood.append(expected)
        days.append(dated["at"])
        if move["move"] in ("publish", "amend"):
            published.append(len(days))
        assert made.state == expected.state

    check(made, stood[-1])
    assert len(made.history) == len(days)
    for lines in data.draw(st.sets(st.sampled_from(range(len(stood))), max_size=4)):
        check(made.as_of(lines), stood[lines])
        assert lines == 0 or made.as_of(days[lines - 1]) == made.as_of(lines)
    for version, lines in zip(made.versions, published, strict=True):
        check(version, stood[lines])
    alone = Assessments(CYCLE, [made])
    document = json.loads(json.dumps(dti.to_document(alone)))
    assert dti.load_assessments(document, CYCLE.rubric).units == (made,)


def test_the_drawn_moves_lead_to_the_end() -> None:
    """The mirror of the table comes through a whole round, an appeal and an amendment."""
    unit = Unit()
    entries: Document = {leaf: {"points": 5} for leaf in MAXIMA}
    council: Document = {leaf: {"appraised": 5} for leaf in MAXIMA}
    for move in (
        {"move": "mark", "entries": entries},
        {"move": "submit"},
        {"move": "lock"},
        {"move": "appraise", "entries": council},
        {"move": "publish"},
        {"move": "appeal"},
        {"move": "amend", "entries": {"1": {"appraised": 7, "reason": "x"}}},
    ):
        after = unit.after(move)
        assert after is not None, move
        unit = after

    assert (unit.state, unit.marks("appraised")) == ("amended", {"1": 7, "2": 5, "3": 5})
    assert sum(Fraction(mark) for mark in unit.marks("appraised").values()) == 17
