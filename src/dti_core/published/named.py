"""What a published result names that it does not have, and whom a rule in it reaches."""

from collections.abc import Collection, Iterator

from dti_core.errors import Path, Problem, shorten
from dti_core.published import Unit
from dti_core.rubric.conditions import UNIT, When
from dti_core.words import RESULTS, Sentence, near


def unknown(path: Path, code: object, known: Collection[str]) -> Iterator[Problem]:
    """A code that is not among those of the result."""
    if code not in known:
        values = {"code": shorten(code), "near": near(code, known)}
        yield Problem(path, Sentence(RESULTS["contradiction.unknown"], values), "unknown")


def meets(unit: Unit, when: When) -> bool:
    """Whether the attributes of a unit meet the conditions of a rule."""
    values = {**unit.attributes, UNIT: unit.code} if when else {}
    return all(name in values and condition.holds(values[name]) for name, condition in when)
