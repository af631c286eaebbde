"""Which unit of this round was which unit of the last one, where units came, went, merged, split or changed codes."""

from collections.abc import Iterator, Mapping, Sequence

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.errors import InvalidDocument, Path, Problem, suggest

Several = Mapping[str, Sequence[str]]


@attrs.frozen(eq=False)
class Matching:
    """For every unit of this round its row in the last one, and what became of those that are no longer there."""

    #: (current units,) the row in the previous round, −1 where there is none
    before: NDArray[np.intp]
    #: current unit → the previous units that it was made from, by a merger or a split
    parts: Mapping[str, tuple[str, ...]]
    merged: frozenset[str]
    #: previous units of which nothing is left
    gone: tuple[str, ...]


def match(
    previous: Sequence[str],
    current: Sequence[str],
    merged: Several,
    split: Several,
    renamed: Mapping[str, str],
) -> Matching:
    """Match by code, then by what the caller says of mergers, splits and new codes.

    Raises :class:`~dti_core.InvalidDocument` for a unit that is not there, or that is accounted for twice.
    """
    problems = [*_problems(set(previous), set(current), merged, split, renamed)]
    if problems:
        raise InvalidDocument("movement", problems)
    parts = {new: tuple(olds) for new, olds in merged.items()}
    parts |= {new: (old,) for old, news in split.items() for new in news}
    rows = {unit: row for row, unit in enumerate(previous)}
    before = [-1 if unit in parts else rows.get(renamed.get(unit, unit), -1) for unit in current]
    used = {previous[row] for row in before if row >= 0}.union(*parts.values())
    gone = tuple(unit for unit in previous if unit not in used)
    return Matching(np.array(before, dtype=np.intp), parts, frozenset(merged), gone)


def _problems(
    previous: set[str], current: set[str], merged: Several, split: Several, renamed: Mapping[str, str]
) -> Iterator[Problem]:
    origins: list[tuple[Path, str]] = [
        (("merged", new, at), old) for new, olds in merged.items() for at, old in enumerate(olds)
    ]
    origins += [(("split", old), old) for old in split]
    origins += [(("renamed", new), old) for new, old in renamed.items()]
    results: list[tuple[Path, str]] = [(("merged", new), new) for new in merged]
    results += [(("split", old, at), new) for old, news in split.items() for at, new in enumerate(news)]
    results += [(("renamed", new), new) for new in renamed]
    yield from _unknown(origins, previous, "previous")
    yield from _unknown(results, current, "current")
    named = {unit for _, unit in results}
    taken = {old for _, old in origins}
    for path, new in results:
        if new in previous and new not in taken:
            message = f"{new!r} was a unit of the previous round too; name it among those that it comes from"
            yield Problem(path, message, "twice")
    for path, old in origins:
        if old in current and old not in named:
            message = f"{old!r} is still a unit of the current round; say what it was made from as well"
            yield Problem(path, message, "twice")


def _unknown(named: Sequence[tuple[Path, str]], units: set[str], which: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for path, unit in named:
        if unit not in units:
            message = f"{unit!r} is no unit of the {which} round{suggest(unit, sorted(units))}"
            yield Problem(path, message, "unknown")
        elif unit in seen:
            yield Problem(path, f"{unit!r} is accounted for twice; name it once", "twice")
        seen.add(unit)
