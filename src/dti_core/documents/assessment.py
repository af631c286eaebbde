"""Assessment documents ⇄ :class:`~dti_core.assessment.Assessments`."""

from collections.abc import Iterator, Mapping
from typing import Any
from weakref import WeakValueDictionary

import attrs

from dti_core.assessment import Assessment, Assessments, Cycle, Entry, Evidence, Round, Step
from dti_core.assessment.entry import EMPTY, Measure
from dti_core.assessment.history import Entries, Record
from dti_core.assessment.moves import STATES, State
from dti_core.documents.convert import DocumentForm, Shape
from dti_core.documents.marks import Cohort, Member, check_attributes, picked, read_by
from dti_core.documents.problems import all_at_once, refuse
from dti_core.documents.text import MOST_FOUND
from dti_core.documents.values import by_unique_name, json_object, scalar
from dti_core.errors import InvalidDocument, Problem
from dti_core.rubric import Rubric
from dti_core.terms import TEXT_LENGTH, checking, one_of
from dti_core.words.documents import flaw
from dti_core.words.rounds import fault

MAX_INPUTS = 200
OF_CYCLE = ("period", "rounds", "history", "custom")
OF_UNIT = ("name", "custom")


@attrs.frozen(kw_only=True)
class Unit(Member):
    """A unit as a document of assessments lists it."""

    state: State = attrs.field(validator=checking(one_of(*STATES)))
    entries: Mapping[str, Entry] = attrs.field(factory=dict)
    history: tuple[Step, ...] = ()


@attrs.frozen(kw_only=True)
class Bundle(Cohort):
    """A document of assessments as it is written."""

    units: tuple[Unit, ...]
    rounds: tuple[Round, ...] = ()
    history: tuple[Step, ...] = ()


def read(document: Mapping[str, Any], what: str, rubric: Rubric) -> Assessments:
    """The assessments that a sound JSON object describes, in the order of its units."""
    bundle, problems = read_by(FORM, document, rubric, what)
    with all_at_once(what, problems):
        check_attributes(bundle.units)
        cycle = Cycle(rubric, **picked(bundle, OF_CYCLE))
        units = [*_assessments(cycle, bundle.units, problems)]
        return Assessments(cycle, units if len(units) == len(bundle.units) else ())  # rows are as written


def _assessments(cycle: Cycle, units: tuple[Unit, ...], problems: list[Problem]) -> Iterator[Assessment]:
    for row, unit in enumerate(units):
        try:
            record = Record(unit.history)
            facts = picked(unit, OF_UNIT) | {"attributes": unit.attributes}
            assessment = Assessment(cycle, unit.code, record=record, **facts)
        except InvalidDocument as error:
            problems += (_placed(problem, row) for problem in error.problems)
        else:
            problems += (problem.under("units", row) for problem in _unlike(unit, assessment))
            yield assessment
        if len(problems) > MOST_FOUND:
            return


def _placed(problem: Problem, row: int) -> Problem:
    """A problem of a unit in the document; one with a line of the round stands beside the units."""
    of_round = problem.path[:1] == ("cycle",)
    return attrs.evolve(problem, path=problem.path[1:]) if of_round else problem.under("units", row)


def _unlike(unit: Unit, assessment: Assessment) -> Iterator[Problem]:
    """What a document says of a unit though its history leads to something else."""
    if assessment.state != unit.state:
        yield flaw("state", ("state",), value=unit.state, other=assessment.state)
    said, stands = unit.entries, assessment.entries
    for leaf in dict.fromkeys((*said, *stands)) if said != stands else ():
        if said.get(leaf, EMPTY) != stands.get(leaf, EMPTY):
            yield from _unlike_entry(leaf, said, stands)


def _unlike_entry(leaf: str, said: Entries, stands: Entries) -> Iterator[Problem]:
    if leaf not in said or leaf not in stands:
        yield fault("origin", ("entries", leaf))
        return
    for field in attrs.fields(Entry):
        if getattr(said[leaf], field.name) != getattr(stands[leaf], field.name):
            yield fault("origin", ("entries", leaf, field.name))


def write(assessments: Assessments) -> dict[str, Any]:
    """The document of assessments."""
    cycle = assessments.cycle
    units = tuple(
        Unit(
            code=each.unit,
            attributes=dict(each.attributes),
            history=each.record.lines,
            **picked(each, (*OF_UNIT, "state", "entries")),
        )
        for each in assessments.units
    )
    return FORM.write(Bundle(rubric=cycle.rubric.code, units=units, **picked(cycle, OF_CYCLE)))


def _teach(shape: Shape) -> None:
    shape.teach(Measure, _measure)
    read_slowly = shape.class_reader(Entry)
    shape.teach(Entry, lambda value, _: _quick(value) or read_slowly(value, Entry))


def _quick(written: Any) -> Entry | None:
    """The entry, one for all that is written alike, without a path for its problems; None where there are any."""
    try:
        key = _key(written)
        shared = None if key is None else _ENTRIES.get(key)
        if shared is None:
            shared = _entry(written)
            if key is not None:
                _ENTRIES[key] = shared
    except (TypeError, InvalidDocument):
        return None
    return shared


def _key(written: Any) -> tuple[Any, ...] | None:
    """What entries that are written alike share; None of one with measures."""
    if type(written) is not dict or "measures" in written:
        return None
    documents = written.get("evidence", ())
    proofs = tuple(tuple(document.items()) for document in documents if type(document) is dict)
    if len(proofs) < len(documents):
        return None
    others = tuple((name, type(value), value) for name, value in written.items() if name != "evidence")
    return (others, type(documents), proofs)


def _entry(written: Any) -> Entry:
    fields = _short(written)
    if "evidence" in fields:
        documents = fields["evidence"]
        fields["evidence"] = [*map(_evidence, documents)] if type(documents) is list else None
    if "measures" in fields:
        fields["measures"] = _measure(fields["measures"], None)
    return Entry(**fields)


_ENTRIES: WeakValueDictionary[tuple[Any, ...], Entry] = WeakValueDictionary()
_SHARED: WeakValueDictionary[tuple[tuple[str, str], ...], Evidence] = WeakValueDictionary()


def _evidence(written: Any) -> Evidence:
    """The evidence, one for all that is written alike: the same document often proves many marks."""
    key = tuple(json_object(written).items())
    shared = _SHARED.get(key)
    if shared is None:
        shared = _SHARED[key] = Evidence(**_short(written))
    return shared


def _short(written: Any) -> dict[str, Any]:
    """A copy of an object that holds no null and no endless text."""
    if type(written) is not dict or any(
        value is None or (type(value) is str and len(value) > TEXT_LENGTH) for value in written.values()
    ):
        raise TypeError
    return dict(written)


def _measure(value: Any, _: Any = None) -> Any:
    """One value, or values by name to any depth."""
    if not isinstance(value, dict):
        return scalar(value)
    if not 0 < len(value) <= MAX_INPUTS:
        raise refuse("key.count", count=len(value), bound=MAX_INPUTS)
    return by_unique_name(value, _measure)


FORM = DocumentForm("assessment", Bundle, _teach)
WRITTEN = (Assessments,)
