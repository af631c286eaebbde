"""From a move as it is given, in plain data or in classes, to the line of history that it makes."""

from collections.abc import Iterator, Mapping
from typing import Any, TypedDict

import attrs

from dti_core.assessment.entry import EMPTY, Entry
from dti_core.assessment.fields import by_code, field_problems, made, name_of
from dti_core.assessment.lines import DECISION_KINDS, Step, Written
from dti_core.assessment.moves import RENEWS, Move, MoveRole
from dti_core.assessment.needs import leaf_problems
from dti_core.columns.frozen import Frozen
from dti_core.errors import InvalidDocument, Problem, few_suggestions, shorten
from dti_core.rubric import Decision, Rubric
from dti_core.terms import codes_of, tuple_of_codes, wrong_code
from dti_core.words import ROUNDS, near
from dti_core.words.documents import flaw
from dti_core.words.rounds import fault, no_move

HEAD = ("move", "by", "at", "why", "decision", "role")
OF_LINE = {field.name: field for field in attrs.fields(Step)}
OF_ENTRY = {field.name: field for field in attrs.fields(Entry)}


class MoveDetails(TypedDict, total=False):
    """What stands beside the name of a move and the leaves it concerns."""

    #: who makes it, and when (ISO 8601)
    by: str
    at: str
    why: str | None
    #: the decision or minutes it rests on, or the number of these
    decision: Decision | Mapping[str, Any] | str | None
    #: whose move the caller holds it to be
    role: MoveRole | None
    #: decisions by their codes, None for one that is withdrawn
    exclusions: Mapping[str, Any]
    unranked: Mapping[str, Any]
    grade_limits: Mapping[str, Any]
    extensions: Mapping[str, Any]


def given(move: Any, entries: Any, beside: MoveDetails) -> Mapping[str, Any]:
    """A move as it is given: as one object of plain data, or by its name with everything else beside it."""
    whole = move if isinstance(move, Mapping) else {"move": move}
    return {**whole, **beside, **({} if isinstance(entries, tuple) and not entries else {"entries": entries})}


def name_problem(name: object, moves: Mapping[str, Move]) -> Problem | None:
    """What keeps a name from being that of a move."""
    if isinstance(name, str) and name in moves:
        return None
    return Problem(("move",), no_move(name, moves), "move")


def line_of(change: Mapping[str, Any], move: Move, now: Written, rubric: Rubric, seen: int = 0) -> Step:
    """The line that a move makes of what stands now; every problem with what is written is told.

    Raises :class:`~dti_core.InvalidDocument`; paths are those of the move.
    """
    with few_suggestions():
        problems = [*_head_problems(change, move)]
        after: dict[str, Mapping[str, Any]] = {"entries": _entries(change, move, now, problems)}
        for part in move.decides:
            after[part] = _decisions(change, part, now, problems)
        if problems:
            problems += (problem.under("entries") for problem in leaf_problems(rubric, after["entries"]))
            raise InvalidDocument("move", problems)
    head = {name: change[name] for name in HEAD if name in change}
    left: dict[str, Any] = {
        part: {code: value for code, value in values.items() if value is not None}
        for part, values in after.items()
    }
    return Step(**head, seen=seen, before=now.image(move, after), after=Written(**left))


def _head_problems(change: Mapping[str, Any], move: Move) -> Iterator[Problem]:
    known = (*HEAD, "entries", *DECISION_KINDS)
    for key in change:
        if key not in known:
            yield flaw("additionalProperties", (name_of(key),), key=shorten(key), near=near(key, known))
        elif key in DECISION_KINDS and key not in move.decides:
            yield fault("stray.part", (key,), move=repr(change["move"]))
    for name in HEAD:
        if name in change:
            yield from field_problems(OF_LINE[name], change[name])
        elif OF_LINE[name].default is attrs.NOTHING:
            yield flaw("required", (name,))


def _entries(
    change: Mapping[str, Any], move: Move, now: Written, problems: list[Problem]
) -> Mapping[str, Entry]:
    """What a move leaves of each leaf, of the fields that it may change."""
    leaves = _leaves(change.get("entries", ()), problems)
    if leaves and not move.leaves:
        problems.append(fault("stray.entries", ("entries",), "before", move=repr(change["move"])))
    left = {}
    for leaf, written in leaves.items():
        left[leaf] = _image(now.entries.get(leaf, EMPTY), written, move) or EMPTY
        if left[leaf] is EMPTY:
            wrong = _written_problems(written, move, change["move"])
            problems += (problem.under("entries", leaf) for problem in wrong)
    return left


def _leaves(entries: Any, problems: list[Problem]) -> Mapping[str, Any]:
    """What is written of each leaf; nothing of leaves that are only listed."""
    leaves = by_code(entries) if isinstance(entries, Mapping) else codes_of(entries)
    if not isinstance(leaves, Frozen | tuple):
        problems.append(fault("type.leaves", ("entries",), "type", value=shorten(entries)))
        return {}
    message = tuple_of_codes(tuple(leaves))
    if message:
        problems.append(Problem(("entries",), message, "type"))
        return {}
    return leaves if isinstance(leaves, Frozen) else dict.fromkeys(leaves, Frozen())


def _written_problems(written: Any, move: Move, name: str) -> Iterator[Problem]:
    if not isinstance(written, Mapping):
        yield fault("type.fields", (), "type", value=shorten(written))
        return
    for field, value in written.items():
        if field in move.writes:
            yield from field_problems(OF_ENTRY[field], value)
        else:
            fields = ", ".join(move.writes) or ROUNDS["nothing"]
            yield fault("field", (name_of(field),), move=repr(name), fields=fields)


def _image(old: Entry, written: Any, move: Move) -> Entry | None:
    """What is left of the fields a move may change, None where that is not to be written.

    What is written anew takes back what was said of the old.
    """
    if not isinstance(written, Mapping) or not set(written) <= set(move.writes):
        return None
    kept = old.only(move.changes)
    fields = {other: None for name, other in RENEWS.items() if name in written} | dict(written)
    try:
        return Entry(**fields) if kept is EMPTY else attrs.evolve(kept, **fields)
    except InvalidDocument:
        return None


def _decisions(
    change: Mapping[str, Any], part: str, now: Written, problems: list[Problem]
) -> Mapping[str, Any]:
    """Decisions by their codes, None for one that is withdrawn."""
    values = by_code(change.get(part, Frozen()))
    if not isinstance(values, Frozen):
        problems.append(fault("type.decisions", (part,), "type", value=shorten(values)))
        return {}
    decided = {}
    for code, value in values.items():
        message = wrong_code(code)
        if message:
            problems.append(Problem((part, name_of(code)), message, "key"))
        elif value is not None:
            decided[code] = _made(DECISION_KINDS[part], value, (part, code), problems)
        elif code in getattr(now, part):
            decided[code] = None
        else:
            problems.append(fault("unknown.withdrawn", (part, code), value=repr(code)))
    return decided


def _made(kind: type, value: Any, path: tuple[str, str], problems: list[Problem]) -> Any:
    try:
        return made(kind, value)
    except InvalidDocument as error:
        problems += (problem.under(*path) for problem in error.problems)
        return None
