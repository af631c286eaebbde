"""Assessment documents ⇄ :class:`~dti_core.assessment.Assessments`."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from dti_core.assessment.cohort import Assessments
from dti_core.assessment.cycle import Cycle
from dti_core.assessment.entry import EMPTY, Entry, Evidence, Measure
from dti_core.assessment.moves import STATES, Round, State, Step
from dti_core.assessment.unit import Assessment
from dti_core.documents.convert import structure, teach, unstructure
from dti_core.documents.marks import Member, check_rubric, unit_shape_problems
from dti_core.documents.problems import merged, refuse
from dti_core.documents.schema import NAMES
from dti_core.documents.text import MAX_PROBLEMS
from dti_core.documents.values import MAX_NAMES, MAX_TEXT, mapping, scalar
from dti_core.errors import InvalidDocument, Problem
from dti_core.rubric import Rubric
from dti_core.rubric.exclusions import Exclusion
from dti_core.terms import (
    CODE_LENGTH,
    check,
    nfc,
    one_of,
    optional,
    text_of,
    text_or_none,
    wrong_code,
    wrong_text,
)

MAX_ENTRIES = 20_000


@attrs.frozen(kw_only=True)
class AssessedUnit(Member):
    """A unit as a document of assessments lists it."""

    state: State = attrs.field(validator=check(one_of(*STATES)))
    entries: Mapping[str, Entry] = attrs.field(factory=dict)
    history: tuple[Step, ...] = ()


@attrs.frozen
class Bundle:
    """A document of assessments as it is written."""

    rubric: str = attrs.field(converter=text_of, validator=check(wrong_code))
    units: tuple[AssessedUnit, ...]
    period: str | None = attrs.field(
        default=None, converter=text_or_none, validator=check(optional(wrong_text))
    )
    rounds: tuple[Round, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    custom: dict[str, Any] | None = None


def read_assessments(document: Mapping[str, Any], rubric: Rubric, what: str) -> Assessments:
    """The assessments that a sound JSON object describes, in the order of its units."""
    bundle, problems = structure({key: value for key, value in document.items() if key != "schema"}, Bundle)
    if bundle is None:
        worth_asking = [problem for problem in problems if problem.rule != "size"]
        raise InvalidDocument(
            what, merged(unit_shape_problems("assessment", document, worth_asking), problems)
        )
    check_rubric(bundle.rubric, rubric, what)
    try:
        cycle = Cycle(
            rubric, bundle.rounds, exclusions=bundle.exclusions, period=bundle.period, custom=bundle.custom
        )
        units = [*_assessments(cycle, bundle.units, problems)]
        if not problems:
            return Assessments(cycle, units)
    except InvalidDocument as error:
        problems += error.problems
    raise InvalidDocument(what, problems)


def _assessments(
    cycle: Cycle, units: tuple[AssessedUnit, ...], problems: list[Problem]
) -> Iterator[Assessment]:
    for row, unit in enumerate(units):
        fields = {name: getattr(unit, name) for name in ("name", "attributes", *KEPT)}
        try:
            made = Assessment(cycle, unit.code, **fields)
        except InvalidDocument as error:
            problems += (problem.under("units", row) for problem in error.problems)
        else:
            if made.state != unit.state:
                message = f"is {unit.state!r}, but the history leads to {made.state!r}; correct one of them"
                problems.append(Problem(("units", row, "state"), message, "state"))
            yield made
        if len(problems) > MAX_PROBLEMS:
            return


def write_assessments(assessments: Assessments) -> dict[str, Any]:
    """The document of assessments."""
    cycle = assessments.cycle
    units = tuple(
        AssessedUnit(
            code=each.unit,
            name=each.name,
            attributes=dict(each.attributes),
            state=each.state,
            **{name: getattr(each, name) for name in KEPT},
        )
        for each in assessments
    )
    bundle = Bundle(cycle.rubric.code, units, cycle.period, cycle.rounds, cycle.exclusions, cycle.custom)
    written: dict[str, Any] = unstructure(bundle, "assessment")
    return {"schema": NAMES["assessment"]} | written


KEPT = ("entries", "history", "exclusions", "unranked", "custom")


def _entries(value: Any, _: Any) -> dict[str, Entry]:
    if len(mapping(value)) > MAX_ENTRIES:
        message = f"has {len(value)} entries; at most {MAX_ENTRIES} are allowed"
        raise InvalidDocument("entries", [Problem((), message, "size")])
    made: dict[str, Entry] = {}
    problems: list[Problem] = []
    for leaf, written in value.items():
        quick = _quick(written)
        entry, found = (quick, []) if quick is not None else structure(written, Entry)
        name = nfc(leaf)
        if name in made or not 0 < len(name) <= CODE_LENGTH:
            found = _wrong_name(name, made)
        problems += (problem.under(leaf) for problem in found)
        if len(problems) > MAX_PROBLEMS:
            break
        made[name] = entry or EMPTY
    if problems:
        raise InvalidDocument("entries", problems)
    return made


def _quick(written: Any) -> Entry | None:
    """The entry, without a path for its problems; None where there are any."""
    if written == {}:
        return EMPTY
    try:
        fields = _short(written)
        if "evidence" in fields:
            documents = fields["evidence"]
            fields["evidence"] = (
                [Evidence(**_short(each)) for each in documents] if type(documents) is list else None
            )
        if "measures" in fields:
            fields["measures"] = _measure(fields["measures"], None)
        return Entry(**fields)
    except (TypeError, InvalidDocument):
        return None


def _short(written: Any) -> dict[str, Any]:
    """A copy of an object that holds no null and no endless text."""
    if type(written) is not dict or any(
        each is None or (type(each) is str and len(each) > MAX_TEXT) for each in written.values()
    ):
        raise TypeError
    return dict(written)


def _measure(value: Any, _: Any) -> Any:
    """One value, or values by name to any depth."""
    if not isinstance(value, dict):
        return scalar(value)
    if not 0 < len(value) <= MAX_NAMES:
        raise refuse(f"has {len(value)} names; 1 to {MAX_NAMES} are needed")
    made: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, each in value.items():
        problems += [problem.under(name) for problem in _wrong_name(nfc(name), made)]
        try:
            made[nfc(name)] = _measure(each, None)
        except InvalidDocument as error:
            problems += (problem.under(name) for problem in error.problems)
    if problems:
        raise InvalidDocument("measures", problems)
    return made


def _wrong_name(name: str, known: Mapping[str, Any]) -> list[Problem]:
    if name in known:
        return [Problem((), "is there twice; keep one", "duplicate")]
    if not 0 < len(name) <= CODE_LENGTH:
        return [Problem((), f"the key has {len(name)} characters, not 1 to {CODE_LENGTH}", "key")]
    return []


teach(Mapping[str, Entry], _entries)
teach(Measure, _measure)
