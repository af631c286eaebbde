"""Which unit of this round was which unit of the last one, where units came, went, merged, split or changed codes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from dti_core.analysis.doors import column, given_by_name, require
from dti_core.answer import Texts, kept, texts
from dti_core.columns.frozen import Frozen
from dti_core.errors import Path, Problem, raise_all
from dti_core.exact.rationals import Rows
from dti_core.words import MOVEMENTS, near

Several = Mapping[str, Sequence[str]]


def several_of(name: str, units: Any) -> dict[str, tuple[str, ...]]:
    """Units and the lists of units that each was made from or became."""
    lists = {
        unit: tuple(column(f"{name}[{unit!r}]", parts)) for unit, parts in given_by_name(name, units).items()
    }
    for unit, parts in lists.items():
        require(f"{name}[{unit!r}]", None if parts else MOVEMENTS("nobody"))
    return lists


@attrs.frozen(eq=False)
class Matching:
    """Every unit of this round, then those of the last one that are no longer there, with where each came from."""

    #: codes, in the order of the answer
    units: tuple[str, ...]
    #: the row of each unit in the previous round, −1 where it has none
    before: Rows
    #: the row of each unit in the current round, −1 where it has none
    now: Rows
    #: current unit → the previous units that it was made from, by a merger or a split, whole or in part
    parts: Frozen[str, tuple[str, ...]]
    #: codes of the units that several were merged into
    merged: frozenset[str]
    #: what a merged, split or renamed unit was, None of all others
    origins: Texts


def match(
    previous: Sequence[str],
    current: Sequence[str],
    merged: Several | None,
    split: Several | None = None,
    renamed: Mapping[str, str] | None = None,
) -> Matching:
    """Match by code, then by what the caller says of mergers, splits and new codes.

    A unit that was split may have gone to units that were there before, or were made from others too: these have
    several origins, and count as merged.

    Raises :class:`~dti_core.InvalidDocument` for a unit that is not there, or that is accounted for twice.
    """
    fused, divided = several_of("merged", merged), several_of("split", split)
    recoded = given_by_name("renamed", renamed)
    recoded = dict(zip(recoded, column("renamed", [*recoded.values()]), strict=True))
    raise_all("units", _problems(set(previous), set(current), fused, divided, recoded))
    parts = _parts({*previous}, fused, divided, recoded)
    row_of = {unit: row for row, unit in enumerate(previous)}
    before = [-1 if unit in parts else row_of.get(recoded.get(unit, unit), -1) for unit in current]
    used = {previous[row] for row in before if row >= 0}.union(*parts.values())
    gone = [unit for unit in previous if unit not in used]
    origins = parts | {new: (old,) for new, old in recoded.items() if new != old and new not in parts}
    return Matching(
        units=(*current, *gone),
        before=_rows([*before, *map(row_of.__getitem__, gone)]),
        now=_rows([*range(len(current)), *[-1] * len(gone)]),
        parts=Frozen(parts),
        merged=frozenset(fused).union(new for new, olds in parts.items() if len(olds) > 1),
        origins=texts(", ".join(origins[unit]) if unit in origins else None for unit in (*current, *gone)),
    )


def _rows(rows: list[int]) -> Rows:
    return kept(np.array(rows, dtype=np.intp))


def _parts(
    previous: set[str], merged: Several, split: Several, renamed: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """What each unit was made from; one that was there before and grew by a part of another, itself first."""
    parts = {new: [*olds] for new, olds in merged.items()}
    elsewhere = {*split}.union(*merged.values())
    for old, news in split.items():
        for new in news:
            if new not in parts:
                was = renamed.get(new, new)
                others = {one for other, one in renamed.items() if other != new}
                parts[new] = [was] if was in previous - elsewhere - others else []
            parts[new].append(old)
    return {new: tuple(dict.fromkeys(olds)) for new, olds in parts.items()}


def _problems(
    previous: set[str], current: set[str], merged: Several, split: Several, renamed: Mapping[str, str]
) -> Iterator[Problem]:
    whole: list[tuple[Path, str]] = [
        (("merged", new, at), old)
        for new, olds in merged.items()
        for at, old in enumerate(olds)
        if new not in split.get(old, ())
    ]
    origins = [*whole, *((("split", old), old) for old in split)]
    origins += [(("renamed", new), old) for new, old in renamed.items()]
    made: list[tuple[Path, str]] = [(("merged", new), new) for new in merged]
    made += [(("renamed", new), new) for new in renamed]
    grown: list[tuple[Path, str]] = [
        (("split", old, at), new) for old, news in split.items() for at, new in enumerate(news)
    ]
    yield from _unknown(origins, previous, "before")
    yield from _unknown(made, current, "now")
    for old, news in split.items():
        yield from _unknown([(("split", old, at), new) for at, new in enumerate(news)], current, "now")
    named, taken = {unit for _, unit in (*made, *grown)}, {old for _, old in origins}
    for path, new in grown:
        if new in merged and path[1] not in merged[new]:
            yield Problem(path, MOVEMENTS("both", new=repr(new), old=repr(path[1])), "twice")
    for path, new in made:
        if new in previous and new not in taken:
            yield Problem(path, MOVEMENTS("was_before", unit=new), "twice")
    for path, old in origins:
        if old in current and old not in named:
            yield Problem(path, MOVEMENTS("is_still", unit=old), "twice")


def _unknown(named: Sequence[tuple[Path, str]], units: set[str], when: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for path, unit in named:
        if unit not in units:
            sentence = MOVEMENTS(f"unknown.{when}", unit=unit, near=near(unit, sorted(units)))
            yield Problem(path, sentence, "unknown")
        elif unit in seen:
            yield Problem(path, MOVEMENTS("twice", unit=repr(unit)), "twice")
        seen.add(unit)
