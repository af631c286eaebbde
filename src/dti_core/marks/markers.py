"""Cells that say "not applicable" in the place of a mark, as decisions of the round."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from dti_core.columns.cells import one_line
from dti_core.columns.codes import mapping
from dti_core.errors import SHOWN, InvalidArgument, Problem, raise_all, shorten
from dti_core.marks.sheets import MarksTable
from dti_core.rubric import Rubric
from dti_core.rubric.exclusions import Exclusion
from dti_core.terms.lookups import grouped
from dti_core.words import COLUMNS


def markers_of(not_applicable: Any) -> dict[str, Exclusion]:
    """What each marker decides; members and units are those of the cells that say so, and are left empty."""
    meant = mapping("not_applicable", not_applicable)
    for marker, decision in meant.items():
        is_open = isinstance(decision, Exclusion) and not decision.members and decision.units is None
        if not (isinstance(marker, str) and marker.strip() and is_open):
            raise InvalidArgument(COLUMNS("not_applicable", marker=shorten(marker)))
    return {one_line(marker): decision for marker, decision in meant.items()}


def marker_decisions(
    sheet: MarksTable, rubric: Rubric, markers: Mapping[str, Exclusion]
) -> Iterator[Exclusion]:
    """One decision for each leaf and marker, on the units whose cells say so."""
    leaves = rubric.tree.leaves
    problems = [
        Problem(sheet.marks.place(row, at), COLUMNS("unscored", marker=shorten(marker)), "members")
        for (row, at), marker in sheet.marks.marked.items()
        if not rubric.tree.scored_under(leaves[at])
    ]
    raise_all("table", problems, SHOWN)
    cells = sorted(sheet.marks.marked.items())
    units = grouped(((at, marker), sheet.units[row]) for (row, at), marker in cells)
    for (at, marker), named in sorted(units.items()):
        yield attrs.evolve(markers[marker], members=[leaves[at]], units=named)
