"""Who stands under whom in an annex, by how its rows are numbered; codes that no two rows share."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import chain

import attrs

from dti_core.errors import SheetRow, shorten
from dti_core.rubric.annex.marks import FIRST, Level, Mark
from dti_core.rubric.annex.report import Log
from dti_core.rubric.annex.rows import Row
from dti_core.terms import wrong_code

WHOLE = ""
"""In an outline, the code of the whole table."""


@attrs.frozen(kw_only=True)
class RowTree:
    """Rows by code, in order, each below another or below the whole."""

    rows: Mapping[str, Row]
    #: code → the codes directly under it; the whole table's under ``WHOLE``, a group's are its members
    below: Mapping[str, Sequence[str]]
    groups: Collection[str]
    #: number of a row → the rows under it that are no components but say something of it
    notes: Mapping[int, Sequence[Row]]


@attrs.frozen
class Style:
    """How a table is numbered."""

    #: the level that the indices are numbered on; what is above it are groups
    indices: Level
    #: the levels whose numbers start again under each heading
    again: Collection[Level]


def style_of(rows: Sequence[Row]) -> Style:
    """The style that the headings of a table show: numbers that stand under two headings start again there.

    Indices are on the deepest level that does not start again. Where 1, 2 under I are followed by 3 under II, they are
    indices and I, II are groups; where II has its own 1, they are components of the indices I and II.
    """
    marks = [row.mark for row in rows if row.mark and row.mark.is_heading]
    levels = {mark.level for mark in marks}
    again = {level for level in levels if _starts_again(marks, level)}
    return Style(max(levels - again, default=Level.NUMBER), again)


def _starts_again(marks: Sequence[Mark], level: Level) -> bool:
    heading, under = -1, dict[str, int]()
    for at, mark in enumerate(marks):
        if mark.level < level:
            heading = at
        if mark.level == level and under.setdefault(mark.text, heading) != heading:
            return True
    return False


def outline_of(rows: Sequence[Row], log: Log) -> RowTree:
    """Every row at its place; what has none is refused, and how numbers were read is noted."""
    notes = notes_among(rows)
    noted = {note.at for below in notes.values() for note in below}
    placing = _Placing(style_of(rows), log)
    for row in rows:
        if row.at not in noted:
            placing.place(row)
    outline = placing.outline(notes)
    _check(outline, log)
    _tell(outline, log)
    return outline


def notes_among(rows: Sequence[Row]) -> dict[int, list[Row]]:
    """Items under a row of which none states points or has parts, with their own notes, by the number of the row."""
    below, notes = defaultdict[int, list[Row]](list), dict[int, list[Row]]()
    open_: list[tuple[Level, int]] = []
    for row in rows:
        mark = row.mark
        while open_ and (mark is None or open_[-1][0] >= mark.depth):
            open_.pop()
        if open_ and mark is not None and mark.is_item:
            below[open_[-1][1]].append(row)
        if mark is not None:
            open_.append((mark.depth, row.at))
    for row in reversed(rows):
        items = below[row.at]
        if items and not any(below[item.at] or item.points is not None for item in items):
            notes[row.at] = [note for item in items for note in (item, *notes.pop(item.at, ()))]
            below[row.at] = []
    return notes


@attrs.define
class _Placing:
    """Rows as they are placed one after the other."""

    style: Style
    log: Log
    rows: dict[str, Row] = attrs.field(factory=dict)
    #: code → the code of what holds it; none for groups and the total
    holder: dict[str, str] = attrs.field(factory=dict)
    groups: dict[str, list[str]] = attrs.field(factory=dict)
    #: the rows that what comes next may stand under, outermost first
    open: list[tuple[Level, str]] = attrs.field(factory=list)
    held: Counter[str] = attrs.field(factory=Counter)

    def place(self, row: Row) -> None:
        """Put a row where its number says, under what is open."""
        mark = row.mark
        if mark is None:
            self.open.clear()
            self._add(WHOLE, row)
            return
        while self.open and self.open[-1][0] >= mark.level:
            self.open.pop()
        heading = self.open[-1][1] if self.open else WHOLE
        code = self._code(row, mark, heading)
        message = wrong_code(code)
        if message is not None:
            self.log.problem(row.at, row.field, message)
        if self._add(code, row):
            self._hold(code, mark, heading)
        self.open.append((mark.depth, code))

    def _code(self, row: Row, mark: Mark, heading: str) -> str:
        """The code of a row under a heading; a heading that does not fit is refused."""
        starts_again = mark.level in self.style.again
        values = {"mark": shorten(row.stood), "heading": shorten(heading)}
        if not mark.is_item and not starts_again:
            return mark.text
        if heading == WHOLE:
            self.log.refuse(row.at, row.field, "place.item" if mark.is_item else "place.no_heading", **values)
            return mark.text or row.stood
        if mark.is_heading and not self.held[heading] and mark.text != FIRST[mark.level]:
            self.log.refuse(row.at, row.field, "place.run", first=FIRST[mark.level], **values)
        return f"{heading}.{mark.text or self.held[heading] + 1}"

    def _add(self, code: str, row: Row) -> bool:
        """Keep a row by its code; a second of the same code is refused."""
        first = self.rows.setdefault(code, row)
        if first is not row:
            phrase = "place.twice" if code else "place.total_twice"
            self.log.refuse(row.at, row.field, phrase, code=shorten(code), row=SheetRow(first.at).number)
        return first is row

    def _hold(self, code: str, mark: Mark, heading: str) -> None:
        """Note what a new code is held by: a group by nothing, an index by the whole and by the groups it is in."""
        self.held[heading] += 1
        if mark.is_heading and mark.level < self.style.indices:
            self.groups[code] = []
            return
        if mark.is_heading and mark.level == self.style.indices:
            heading = WHOLE
            for _, group in self.open:
                self.groups[group].append(code)
        self.holder[code] = code.rpartition(".")[0] if mark.is_path else heading

    def outline(self, notes: Mapping[int, Sequence[Row]]) -> RowTree:
        """The rows placed; those that stand under no row, or under a group, are refused."""
        below: dict[str, list[str]] = {code: [] for code in (WHOLE, *self.rows)} | self.groups
        for code, holder in self.holder.items():
            row = self.rows[code]
            values = {"code": shorten(code), "holder": shorten(holder)}
            if holder and holder not in self.rows:
                self.log.refuse(row.at, row.field, "place.orphan", **values)
            elif holder in self.groups:
                self.log.refuse(row.at, row.field, "place.in_group", **values)
            else:
                below[holder].append(code)
        for group in self.groups:
            if not below[group]:
                row = self.rows[group]
                self.log.refuse(row.at, row.field, "place.empty_group", code=shorten(group))
        return RowTree(rows=self.rows, below=below, groups=[*self.groups], notes=notes)


def _check(outline: RowTree, log: Log) -> None:
    """Refuse leaves that state no points, and fields where there is no component to have them."""
    for code, row in outline.rows.items():
        if row.mark is None or code in outline.groups:
            _refuse_fields(row, log)
            continue
        if not outline.below[code] and row.points is None:
            log.refuse(row.at, "max_points", "cell.no_points", code=shorten(code))
    for row in chain.from_iterable(outline.notes.values()):
        _refuse_fields(row, log)


def _refuse_fields(row: Row, log: Log) -> None:
    for field in row.fields.keys() - {"title", "title_en", "max_points"}:
        log.refuse(row.at, field, "cell.no_component", value=shorten(row.fields[field]))


def _tell(outline: RowTree, log: Log) -> None:
    """Note how the numbers of rows were read where they were not read as they stand."""
    for code, row in outline.rows.items():
        mark = row.mark
        if mark is None:
            continue
        if code in outline.groups:
            log.read(row.at, row.field, row.stood, code, "group", below=", ".join(outline.below[code]))
        elif mark.is_item:
            log.read(row.at, row.field, row.stood, code, "part", holder=code.rpartition(".")[0])
        elif code != mark.text:
            log.read(row.at, row.field, row.stood, code, "again", heading=code.removesuffix(f".{mark.text}"))
        elif mark.is_heading and mark.level < Level.NUMBER:
            log.read(row.at, row.field, row.stood, code, "index")
        elif code != row.stood:
            log.read(row.at, row.field, row.stood, code, "spelling")
        for note in outline.notes.get(row.at, ()):
            log.read(note.at, "title", note.fields["title"], None, "note", code=code)
