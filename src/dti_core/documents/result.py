"""Result documents ⇄ :class:`~dti_core.PublishedResult`."""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from typing import Any

import attrs

from dti_core.documents.convert import KEYS, number_out, structure, teach, unstructure
from dti_core.documents.marks import unit_shape_problems
from dti_core.documents.problems import merged, refuse
from dti_core.documents.schema import NAMES
from dti_core.documents.text import MAX_PROBLEMS
from dti_core.documents.values import mapping, text
from dti_core.errors import InvalidArgument, InvalidDocument, Problem, shorten
from dti_core.published import Exact, Printed, PublishedResult, Score, Unit
from dti_core.published.consistency import contradictions
from dti_core.terms import nfc

LONGEST = 4000
"""More digits Python itself does not turn into a number."""
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+|/[1-9][0-9]*)?")
SCORE = tuple(field.name for field in attrs.fields(Score))


def read_result(document: Mapping[str, Any], what: str) -> PublishedResult:
    """The result that a sound JSON object describes; refused where its numbers contradict one another."""
    given = {key: value for key, value in document.items() if key != "schema"}
    result, problems = structure(given, PublishedResult)
    shape = [*islice(unit_shape_problems("result", document, problems), MAX_PROBLEMS)]
    if shape or result is None:
        raise InvalidDocument(what, merged(shape, problems))
    problems = [*islice(contradictions(result), MAX_PROBLEMS)]
    if problems:
        raise InvalidDocument(what, problems)
    return result


def write_result(result: PublishedResult) -> dict[str, Any]:
    """The document of a result; its numbers are text, its policy is written in full."""
    document = unstructure(attrs.evolve(result, units=()), "result")
    document |= {"policy": _in_full(result.policy), "units": [_unit_out(unit) for unit in result.units]}
    return {"schema": NAMES["result"], **document}


def exact_text(value: Fraction) -> str:
    """A decimal where the number has an end, else a fraction in lowest terms.

    >>> exact_text(Fraction("44.40625")), exact_text(Fraction(625, 18))
    ('44.40625', '625/18')
    """
    rest, places = value.denominator, 0
    for prime in (2, 5):
        times = 0
        while rest % prime == 0:
            rest, times = rest // prime, times + 1
        places = max(places, times)
    bits = max(value.numerator.bit_length(), value.denominator.bit_length(), 3 * places)
    if bits > 3 * LONGEST // 2:
        raise InvalidArgument(f"an exact score has more than {LONGEST} digits, which no document holds")
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    whole, below = divmod(abs(value.numerator) * 10**places // value.denominator, 10**places)
    return "-" * (value < 0) + str(whole) + (f".{below:0{places}d}" if places else "")


def _unit_out(unit: Unit) -> dict[str, Any]:
    document = unstructure(attrs.evolve(unit, scores={}), "result")
    return {
        key: {node: _score_out(score) for node, score in unit.scores.items()} if key == "scores" else value
        for key, value in document.items()
    }


def _score_out(score: Score) -> dict[str, Any]:
    values = ((name, getattr(score, name)) for name in SCORE)
    return {name: _number_out(value) for name, value in values if value is not None}


def _number_out(value: Any) -> Any:
    if isinstance(value, Fraction):
        return exact_text(value)
    return f"{value:f}" if isinstance(value, Decimal) else value


def _in_full(thing: Any) -> dict[str, Any]:
    values = (
        (KEYS.get(field.name, field.name), getattr(thing, field.name)) for field in attrs.fields(type(thing))
    )
    return {key: _plain(value) for key, value in values}


def _plain(value: Any) -> Any:
    if attrs.has(type(value)):
        return _in_full(value)
    if isinstance(value, Decimal):
        return number_out(value)
    return list(value) if isinstance(value, tuple) else value


def _exact(value: Any, _: Any) -> Fraction:
    if not NUMBER.fullmatch(text(value)) or len(value) > LONGEST:
        raise refuse(f'a number as text, such as "44.4" or "625/18", is needed, not {shorten(value)}')
    return _fraction(value)


@lru_cache(1 << 16)
def _fraction(written: str) -> Fraction:
    """Few numbers of a document are distinct."""
    return Fraction(written)


def _printed(value: Any, _: Any) -> Decimal:
    if "/" in text(value):
        raise refuse(f'a decimal as text, such as "44.40", is needed, not {shorten(value)}')
    _exact(value, None)
    return Decimal(value)


def _scores(value: Any, _: Any) -> dict[str, Score]:
    """The scores of a unit by node."""
    made: dict[str, Score] = {}
    problems: list[Problem] = []
    for node, written in mapping(value).items():
        score, found = structure(written, Score)
        problems += (problem.under(node) for problem in found)
        if nfc(node) in made:
            problems.append(Problem((node,), "has its scores twice; keep one", "duplicate"))
        if len(problems) > MAX_PROBLEMS:
            break
        if score is not None:
            made[nfc(node)] = score
    if problems:
        raise InvalidDocument("scores", problems)
    return made


teach(Exact, _exact, exact_text)
teach(Printed, _printed)
teach(Mapping[str, Score], _scores)
