"""What a line of history needs whatever came before it, and whether it says rightly what stood there."""

from collections.abc import Iterable, Iterator

from dti_core.assessment.lines import DECISION_KINDS, Step, Written
from dti_core.assessment.moves import OF_THE_ROUND, Move
from dti_core.assessment.times import is_before
from dti_core.errors import Problem, shorten
from dti_core.rubric import Rubric
from dti_core.rubric.checks import fit_problems
from dti_core.words import ROUNDS, near
from dti_core.words.rounds import fault


def order_problems(line: Step, last: str | None) -> Iterator[Problem]:
    """A line that comes before the last."""
    if last is not None and is_before(line.at, last):
        yield fault("order", ("at",), at=line.at, last=last)


def need_problems(line: Step, move: Move) -> Iterator[Problem]:
    """What a line lacks for its move, and what does not go with it."""
    name = repr(line.move)
    if line.role is not None and line.role != move.role:
        yield fault("role", ("role",), role=repr(line.role), move=name, owner=repr(move.role))
    for need, is_there in (("entries", line.after.entries), ("why", line.why), ("decision", line.decision)):
        if need in move.needs and not is_there:
            path = ("after", need) if need == "entries" else (need,)
            yield fault(f"needs.{need}", path, move=name)
    if "change" in move.needs and not line.parts:
        parts = (*(["entries"] if move.leaves else []), *move.decides)
        yield fault("needs.change", ("after",), move=name, parts=", ".join(parts))
    yield from _withdrawal_problems(line, move)
    yield from _stray_problems(line, move)


def _withdrawal_problems(line: Step, move: Move) -> Iterator[Problem]:
    parts = ((getattr(line.before, part), getattr(line.after, part)) for part in DECISION_KINDS)
    withdrawn = [code for before, after in parts for code in before if code not in after]
    for need in ("why", "decision"):
        if withdrawn and need not in move.needs and getattr(line, need) is None:
            yield fault("withdrawn", (need,), "needs", codes=", ".join(withdrawn))


def _stray_problems(line: Step, move: Move) -> Iterator[Problem]:
    for part in line.parts:
        if part not in move.decides and part != "entries":
            yield fault("stray.part", ("after", part), move=repr(line.move))
    if line.after.entries and not move.leaves:
        yield fault("stray.entries", ("after", "entries"), "before", move=repr(line.move))
    for leaf, entry in line.after.entries.items():
        for name in sorted(entry.said - move.changes):
            fields = ", ".join(move.writes) or ROUNDS["nothing"]
            yield fault("field", ("after", "entries", leaf, name), move=repr(line.move), fields=fields)


def before_problems(line: Step, now: Written, move: Move) -> Iterator[Problem]:
    """Where a line says that something else stood there than the lines before it left."""
    touched = {part: {**getattr(line.before, part), **getattr(line.after, part)} for part in line.parts}
    stood = now.image(move, touched)
    for part, codes in touched.items():
        was, said, after = (getattr(written, part) for written in (stood, line.before, line.after))
        for code in codes:
            is_left_out = (
                part == "entries" and code not in after
            )  # a leaf that is concerned stands there, empty or not
            if is_left_out or was.get(code) != said.get(code):
                yield fault("before", ("before", part, code))


def decision_problems(line: Step, rubric: Rubric, *, of_round: bool) -> Iterator[Problem]:
    """Decisions that do not fit the rubric, or name units where they may not, or none where they must."""
    for name in OF_THE_ROUND:
        for code, decision in getattr(line.after, name).items():
            yield from fit_problems(decision, rubric, ("after", name, code), of_round=of_round)


def leaf_problems(rubric: Rubric, codes: Iterable[str]) -> Iterator[Problem]:
    """Codes that name no leaf."""
    tree = rubric.tree
    for code in codes:
        if code not in tree.role:
            name = "unknown.parent" if code in tree.under else "unknown.leaf"
            yield fault(name, (code,), value=shorten(code), near=near(code, tree.leaves))
