"""Which unit of a round is which one of all rounds before, however it was called."""

from collections.abc import Sequence

import numpy as np

from dti_core.analysis.matching import Matching
from dti_core.answer import kept
from dti_core.exact.rationals import Rows


def lines_of(first: Sequence[str], matchings: Sequence[Matching]) -> tuple[tuple[str, ...], Rows]:
    """The latest code of each unit, and (units, rounds) the rows of its line, −1 where it is not there.

    Those of the last round come first, in its order; then those that are gone, the last to go first.
    """
    count = len(matchings) + 1
    lines: list[list[int]] = [[row, *[-1] * (count - 1)] for row in range(len(first))]
    codes, line_of = [*first], {unit: row for row, unit in enumerate(first)}
    previous: Sequence[str] = first
    for at, matching in enumerate(matchings, 1):
        current = matching.units[: int((matching.now >= 0).sum())]
        continued = dict(line_of)
        for row, unit in enumerate(current):
            was = _was(matching, previous, unit, row)
            line = None if was is None else line_of.get(was)
            if line is None:
                line = len(lines)
                lines.append([-1] * count)
                codes.append(unit)
            lines[line][at], codes[line], continued[unit] = row, unit, line
        # a code that a unit gave up is nobody's until another takes it
        line_of = {code: line for code, line in continued.items() if codes[line] == code}
        previous = current
    table = np.array(lines, dtype=np.intp).reshape(len(lines), count)
    last = count - 1 - (table[:, ::-1] >= 0).argmax(axis=1)
    order = np.lexsort((table[np.arange(len(table)), last], -last))
    return tuple(codes[line] for line in order.tolist()), kept(table[order])


def _was(matching: Matching, previous: Sequence[str], unit: str, row: int) -> str | None:
    """The code under which a unit's line goes on; None where it starts a new one."""
    before = int(matching.before[row])
    if before >= 0:
        return previous[before]
    if unit in matching.parts:
        return unit if unit in matching.parts[unit] else None
    return unit  # new, or back after a round without it
