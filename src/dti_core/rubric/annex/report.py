"""What the reader of an annex notes: how cells were read that mean more than they say, and what it refuses."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import attrs

from dti_core.errors import Language, Path, Problem, Said, SheetRow, shorten
from dti_core.words import ANNEXES, Sentence


@attrs.frozen
class Reading:
    """How one cell was read; ``row`` is counted from 0, and told as a spreadsheet counts it."""

    #: from 0, without the headings
    row: int
    #: its heading
    column: str
    #: the cell
    stood: Any
    #: what it was read as: a code, a number, a word; None where nothing of it went into the tree
    read: str | Decimal | None
    #: what was done with the cell, in words
    why: Sentence

    def text(self, language: Language = "vi") -> str:
        """Where, what stood there, what it was read as and why."""
        values = {
            "row": SheetRow(self.row).number,
            "column": self.column,
            "stood": shorten(self.stood),
            "why": self.why,
        }
        read = "–" if self.read is None else self.read
        return ANNEXES("reading", **values, read=read).text(language)


@attrs.frozen
class Report:
    """Every cell of an annex that was not read as it stood, row by row; ``str()`` tells it in Vietnamese."""

    #: cell by cell
    rows: tuple[Reading, ...]

    def text(self, language: Language = "vi") -> str:
        """A line for each reading."""
        return "\n".join(reading.text(language) for reading in self.rows)

    __str__ = text


@attrs.frozen
class Log:
    """What is noted while a table is read."""

    #: field of a component → header of its column
    columns: Mapping[str, str]
    readings: list[Reading] = attrs.field(factory=list)
    #: of each cell the first
    problems: dict[Path, Problem] = attrs.field(factory=dict)

    def read(
        self, at: int, field: str, stood: Any, read: str | Decimal | None, why: str, **values: Any
    ) -> None:
        """Note how a cell was read."""
        self.readings.append(Reading(at, self.columns[field], stood, read, ANNEXES(why, **values)))

    def refuse(self, at: int, field: str, phrase: str, **values: Any) -> None:
        """Note what is wrong with a cell; the rule is what the name of the phrase begins with."""
        self.problem(at, field, ANNEXES(phrase, **values), phrase.partition(".")[0])

    def problem(self, at: int, field: str, said: str | Said, rule: str = "cell") -> None:
        """Note what another part of the library says is wrong with a cell."""
        path = (SheetRow(at), self.columns[field])
        self.problems.setdefault(path, Problem(path, said, rule))

    def report(self) -> Report:
        """All readings in the order of the rows."""
        return Report(tuple(sorted(self.readings, key=lambda reading: reading.row)))
