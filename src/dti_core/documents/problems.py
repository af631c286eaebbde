"""Problems from wherever they are found, gathered into one list with paths from the root of the document."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

import attrs
from cattrs import ClassValidationError, ForbiddenExtraKeysError, IterableValidationError

from dti_core.documents.schema import LISTED
from dti_core.documents.text import MAX_PROBLEMS
from dti_core.errors import InvalidDocument, Path, Problem, shorten


def refuse(message: str) -> InvalidDocument:
    """One thing wrong with the value at hand; the converter adds where."""
    return InvalidDocument("value", [Problem((), message)])


def problems_in(error: BaseException, keys: Mapping[str, str], path: Path = ()) -> Iterator[Problem]:
    """The leaves of cattrs' tree of errors in the validators' own words; ``keys`` are fields spelt otherwise."""
    if isinstance(error, ClassValidationError | IterableValidationError):
        noted, bare = error.group_exceptions()
        for each, note in noted:
            step: str | int = note.name if hasattr(note, "name") else note.index
            yield from problems_in(each, keys, (*path, _key(step, keys)))
        for each in bare:
            for problem in problems_in(each, keys):
                renamed = [_key(step, keys) for step in problem.path[:1]]
                yield attrs.evolve(problem, path=(*path, *renamed, *problem.path[1:]))
    elif isinstance(error, InvalidDocument):
        yield from (problem.under(*path) for problem in error.problems)
    elif isinstance(error, ForbiddenExtraKeysError):
        for key in sorted(error.extra_fields)[:LISTED]:
            yield Problem((*path, key), f"unknown key {shorten(key)}", "additionalProperties")
    elif isinstance(error, KeyError):
        yield Problem(path, "is missing; add it", "required")
    else:
        yield Problem(path, "cannot be read", "type")


def merged(told: Iterable[Problem], others: Iterable[Problem]) -> list[Problem]:
    """The problems told, and of the others those at places of which nothing has been told."""
    problems = [*dict.fromkeys(islice(told, MAX_PROBLEMS))]
    places = {problem.path[:length] for problem in problems for length in range(len(problem.path) + 1)}
    ends = {problem.path for problem in problems}
    for other in others:
        inside = any(other.path[:length] in ends for length in range(len(other.path) + 1))
        if other.path not in places and not inside:
            problems.append(other)
    return problems


def _key(step: str | int, keys: Mapping[str, str]) -> str | int:
    return keys.get(step, step) if isinstance(step, str) else step
