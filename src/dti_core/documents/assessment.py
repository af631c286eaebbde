"""Assessment documents ⇄ :class:`~dti_core.assessment.Assessments`."""

from collections.abc import Iterator, Mapping
from typing import Any
from weakref import WeakValueDictionary

import attrs

from dti_core.assessment import Assessment, Assessments, Cycle, Entry, Evidence, Round, Step
from dti_core.assessment.entry import EMPTY, Measure
from dti_core.assessment.history import Record
from dti_core.assessment.moves import STATES, State
from dti_core.documents.convert import Form, Shape
from dti_core.documents.marks import Cohort, Member, check_attributes, picked, read_by
from dti_core.documents.problems import all_at_once, refuse
from dti_core.documents.text import MAX_PROBLEMS
from dti_core.documents.values import MAX_TEXT, mapping, named, scalar
from dti_core.errors import InvalidDocument, Problem
from dti_core.rubric import Rubric
from dti_core.terms import check, one_of
from dti_core.words.documents import flaw

MAX_INPUTS = 200
OF_RECORD = ("state", "entries", "history")
OF_CYCLE = ("period", "rounds", "exclusions", "custom")
OF_UNIT = ("name", "exclusions", "unranked", "custom")


@attrs.frozen(kw_only=True)
class Unit(Member):
    """A unit as a document of assessments lists it."""

    state: State = attrs.field(validator=check(one_of(*STATES)))
    entries: Mapping[str, Entry] = attrs.field(factory=dict)
    history: tuple[Step, ...] = ()


@attrs.frozen(kw_only=True)
class Bundle(Cohort):
    """A document of assessments as it is written."""

    units: tuple[Unit, ...]
    rounds: tuple[Round, ...] = ()


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
            record = Record(unit.entries, unit.history)
            facts = picked(unit, OF_UNIT) | {"attributes": unit.attributes}
            assessment = Assessment(cycle, unit.code, record=record, **facts)
        except InvalidDocument as error:
            problems += (problem.under("units", row) for problem in error.problems)
        else:
            if assessment.state != unit.state:
                states = {"value": repr(unit.state), "other": repr(assessment.state)}
                problems.append(flaw("state", ("units", row, "state"), **states))
            yield assessment
        if len(problems) > MAX_PROBLEMS:
            return


def write(assessments: Assessments) -> dict[str, Any]:
    """The document of assessments."""
    cycle = assessments.cycle
    units = tuple(
        Unit(code=each.unit, attributes=dict(each.attributes), **picked(each, (*OF_UNIT, *OF_RECORD)))
        for each in assessments.units
    )
    return FORM.write(Bundle(rubric=cycle.rubric.code, units=units, **picked(cycle, OF_CYCLE)))


def _teach(shape: Shape) -> None:
    shape.teach(Measure, _measure)
    read_slowly = shape.class_reader(Entry)
    shape.teach(Entry, lambda value, _: _quick(value) or read_slowly(value, Entry))


def _quick(written: Any) -> Entry | None:
    """The entry, without a path for its problems; None where there are any."""
    if written == {}:
        return EMPTY
    try:
        fields = _short(written)
        if "evidence" in fields:
            documents = fields["evidence"]
            fields["evidence"] = [*map(_evidence, documents)] if type(documents) is list else None
        if "measures" in fields:
            fields["measures"] = _measure(fields["measures"], None)
        return Entry(**fields)
    except (TypeError, InvalidDocument):
        return None


_SHARED: WeakValueDictionary[tuple[tuple[str, str], ...], Evidence] = WeakValueDictionary()


def _evidence(written: Any) -> Evidence:
    """The evidence, one for all that is written alike: the same document often proves many marks."""
    key = tuple(mapping(written).items())
    shared = _SHARED.get(key)
    if shared is None:
        shared = _SHARED[key] = Evidence(**_short(written))
    return shared


def _short(written: Any) -> dict[str, Any]:
    """A copy of an object that holds no null and no endless text."""
    if type(written) is not dict or any(
        value is None or (type(value) is str and len(value) > MAX_TEXT) for value in written.values()
    ):
        raise TypeError
    return dict(written)


def _measure(value: Any, _: Any = None) -> Any:
    """One value, or values by name to any depth."""
    if not isinstance(value, dict):
        return scalar(value)
    if not 0 < len(value) <= MAX_INPUTS:
        raise refuse("key.count", count=len(value), bound=MAX_INPUTS)
    return named(value, _measure)


FORM = Form("assessment", Bundle, _teach)
WRITTEN = (Assessments,)
