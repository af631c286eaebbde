"""A line of history: the move, who made it, when and why, what stood there before and what it left."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

import attrs

from dti_core.assessment.entry import EMPTY, Entry, over
from dti_core.assessment.fields import by_code, made, text, wrong_mapping
from dti_core.assessment.moves import MOVES, Move, MoveRole
from dti_core.assessment.rounds import Extension
from dti_core.assessment.times import wrong_time
from dti_core.columns.frozen import Frozen
from dti_core.errors import shorten
from dti_core.rubric import Decision
from dti_core.rubric.exclusions import Exclusion, Unranked
from dti_core.rubric.grades import GradeLimit
from dti_core.terms import checking, instance_of, optional, text_of, whole_number
from dti_core.terms.fields import checked, whole_of, word
from dti_core.words import ROUNDS, Sentence
from dti_core.words.rounds import no_move

DECISION_KINDS: Mapping[str, type] = {
    "exclusions": Exclusion,
    "unranked": Unranked,
    "grade_limits": GradeLimit,
    "extensions": Extension,
}
"""What is decided, by the part it stands in."""
PARTS = ("entries", *DECISION_KINDS)
MOST_LINES = 1_000_000


def _part(kind: type) -> Any:
    def wrong(values: object) -> Sentence | None:
        if isinstance(values, Frozen) and not all(type(value) is kind for value in values.values()):
            return ROUNDS("type.values", kind=kind.__name__, value=shorten(values))
        return wrong_mapping(values)

    return attrs.field(factory=Frozen, converter=by_code, validator=checking(wrong), hash=False)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Written:
    """What stands of a unit or of a round, or what a line of history concerns of it.

    >>> Written(entries={"1": Entry(points=20)}).entries["1"].points
    Decimal('20')
    """

    #: by the codes of leaves; leaves of which nothing is said are absent
    entries: Mapping[str, Entry] = _part(Entry)
    #: decisions in force, each by a code of its own
    exclusions: Mapping[str, Exclusion] = _part(Exclusion)
    #: why units are set aside from ranking, each by a code of its own
    unranked: Mapping[str, Unranked] = _part(Unranked)
    #: decisions on grades in force, each by a code of its own
    grade_limits: Mapping[str, GradeLimit] = _part(GradeLimit)
    #: rounds that are open longer for some units; of a round only
    extensions: Mapping[str, Extension] = _part(Extension)

    def after(self, line: "Step") -> "Written":
        """What stands after a line."""
        parts = {part: _after(getattr(self, part), line, part) for part in line.parts}
        return attrs.evolve(self, **parts) if parts else self

    def image(self, move: Move, touched: Mapping[str, Any]) -> "Written":
        """Of what a move touches, what stands: the fields it changes of leaves, and decisions."""
        return Written(**{part: self._standing(part, codes, move) for part, codes in touched.items()})

    def _standing(self, part: str, codes: Iterable[str], move: Move) -> Any:
        values: Mapping[str, Any] = getattr(self, part)
        stands = {code: values[code] for code in codes if code in values}
        if part != "entries":
            return stands
        entries = {leaf: entry.only(move.changes) for leaf, entry in stands.items()}
        return {leaf: entry for leaf, entry in entries.items() if entry.said}


def _after(values: Mapping[str, Any], line: "Step", part: str) -> Mapping[str, Any]:
    before, after = getattr(line.before, part), getattr(line.after, part)
    left = {code: value for code, value in values.items() if code in after or code not in before}
    for code, value in after.items():
        is_entry = part == "entries" and line.move in MOVES
        left[code] = over(values.get(code, EMPTY), value, MOVES[line.move].changes) if is_entry else value
        if is_entry and not left[code].said:
            del left[code]
    return Frozen(left)


def _decision_of(value: Decision | str | Mapping[str, Any] | None) -> Decision | None:
    if isinstance(value, str):
        return Decision(value)
    return made(Decision, value) if isinstance(value, Mapping) else value


def _wrong_name(value: object) -> Sentence | None:
    names = (*MOVES, "extend")
    return None if isinstance(value, str) and value in names else no_move(value, names)


@attrs.frozen(field_transformer=checked)
class Step:
    """A line of the history: the move, who made it, when and why, what stood there before and what it left.

    >>> made = Step("mark", "Xã A", "2024-01-10", after=Written(entries={"1": Entry(points=20)}))
    >>> made.parts
    ('entries',)
    """

    #: its name
    move: str = attrs.field(validator=checking(_wrong_name))
    #: who made it
    by: str = attrs.field(converter=text_of)
    #: when, as ISO 8601 with its zone
    at: str = attrs.field(validator=checking(wrong_time))
    #: the reason that was given
    why: str | None = text()
    #: the decision, or the minutes, that it rests on
    decision: Decision | None = attrs.field(
        default=None, converter=_decision_of, validator=checking(optional(instance_of(Decision)))
    )
    #: in which role it was made, where that was said
    role: MoveRole | None = word(*get_args(MoveRole), default=None)
    #: how many lines the round's history had then
    seen: int = attrs.field(default=0, converter=whole_of, validator=checking(whole_number(0, MOST_LINES)))
    #: of what it concerns, what stood there before
    before: Written = attrs.field(factory=Written, validator=checking(instance_of(Written)))
    #: and what it left there
    after: Written = attrs.field(factory=Written, validator=checking(instance_of(Written)))

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that it concerns."""
        return tuple(part for part in PARTS if getattr(self.before, part) or getattr(self.after, part))

    def concerns(self, unit: str) -> bool:
        """Whether a line of a round is about a unit."""
        return any(value.units is None or unit in value.units for value in self.decisions())

    def decisions(self) -> Iterator[Any]:
        """The decisions that a line of a round makes, replaces or withdraws."""
        for written in (self.before, self.after):
            for part in DECISION_KINDS:
                yield from getattr(written, part).values()
