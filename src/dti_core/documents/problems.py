"""Problems from wherever they are found, gathered into one list with paths from the root of the document."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

import attrs
from cattrs import BaseValidationError, ClassValidationError, ForbiddenExtraKeysError

from dti_core.documents.text import MOST_FOUND
from dti_core.errors import InvalidDocument, Path, Problem, raise_all, shorten
from dti_core.rubric.conditions import FIELD_NAMES
from dti_core.words import near
from dti_core.words.documents import flaw

REFUSALS = (BaseValidationError, InvalidDocument)
"""How the converter refuses a value."""
KEYS = {field: key for key, field in FIELD_NAMES.items()} | {"as_": "as", "in_": "in", "_custom": "custom"}
"""Fields whose key in a document is spelt otherwise."""
UNKNOWN_KEY = "additionalProperties"
LISTED = 20
"""So many unknown keys of one object are named; the rest are counted."""


def refuse(name: str, path: Path = (), **values: Any) -> InvalidDocument:
    """One thing wrong with the value at hand, or in it; the converter adds where."""
    return InvalidDocument("value", [flaw(name, path, **values)])


@contextmanager
def all_at_once(what: str, problems: list[Problem]) -> Iterator[None]:
    """What is refused within is told together with the problems gathered by its end."""
    try:
        yield
    except InvalidDocument as error:
        problems += error.problems
    raise_all(what, problems)


def unknown_keys(path: Path, unknown: Iterable[str], known: Iterable[str] = ()) -> Iterator[Problem]:
    """Keys that an object does not have, of very many the first."""
    keys = [*unknown]
    for key in keys[:LISTED]:
        yield flaw(UNKNOWN_KEY, (*path, key), key=shorten(key), near=near(key, known))
    if len(keys) > LISTED:
        yield flaw(f"{UNKNOWN_KEY}.more", path, count=len(keys) - LISTED)


def problems_in(error: BaseException, path: Path = ()) -> Iterator[Problem]:
    """The leaves of cattrs' tree of errors, in the validators' own words."""
    if isinstance(error, ClassValidationError):
        noted, bare = error.group_exceptions()
        for inner, note in noted:
            yield from problems_in(inner, (*path, KEYS.get(note.name, note.name)))
        for inner in bare:
            for problem in problems_in(inner):
                key = [KEYS.get(str(step), step) for step in problem.path[:1]]
                yield attrs.evolve(problem, path=(*path, *key, *problem.path[1:]))
    elif isinstance(error, InvalidDocument):
        yield from (problem.under(*path) for problem in error.problems)
    elif isinstance(error, ForbiddenExtraKeysError):
        yield from unknown_keys(path, sorted(error.extra_fields))
    elif isinstance(error, KeyError):
        yield flaw("required", path)
    else:
        yield flaw("type.unread", path)


def merged(problems: Iterable[Problem], others: Iterable[Problem]) -> list[Problem]:
    """The problems, and the others at places that the problems do not speak of."""
    gathered = [*dict.fromkeys(islice(problems, MOST_FOUND))]
    ends = {problem.path for problem in gathered}
    places = {path[:length] for path in ends for length in range(len(path) + 1)}
    for other in others:
        inside = any(other.path[:length] in ends for length in range(len(other.path) + 1))
        if other.path not in places and not inside:
            gathered.append(other)
    return gathered
