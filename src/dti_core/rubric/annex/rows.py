"""The rows of an annex, cell by cell: what each is numbered by, and the fields of the component it describes."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import attrs

from dti_core.columns.numbers import no_number
from dti_core.columns.table import SourceTable
from dti_core.errors import InvalidDocument, shorten
from dti_core.exact import decimal_of
from dti_core.methods import KINDS
from dti_core.rubric.annex.marks import Mark, mark_and_title, mark_in, whole_text
from dti_core.rubric.annex.points import is_total, points_in, title_and_points
from dti_core.rubric.annex.report import Log
from dti_core.rubric.criteria import Component
from dti_core.terms import Label, nfc
from dti_core.terms.amounts import FRACTION
from dti_core.words import ANNEXES, COLUMNS, DOCUMENTS, near

Cells = Mapping[str, Any]
"""Field of a component → cell of its column."""
MAIN = ("code", "title", "max_points")
NUMBERS = ("max_points", "mark_max")
COLUMN_NUMBERS = {f"({number})" for number in range(1, 30)}
WORDS = {"role": ("scored", "bonus", "penalty", "standby"), "evidence": ("required", "optional")}
LONGEST = 30
"""More zeros than this, after the number or before it, are written to do harm: counting them takes for ever."""
SAMPLE = Component("1", "1", 1)


@attrs.frozen
class Row:
    """A row with a place, ``at`` counted from 0."""

    at: int
    #: none where it is the total
    mark: Mark | None
    #: what numbers the row, as it stands, and the field in whose column it stands
    stood: Any
    field: str
    #: of the component that the row describes; nothing that is empty but title and points
    fields: Mapping[str, Any]

    @property
    def points(self) -> Any:
        """What the row states."""
        return self.fields["max_points"]


def rows_of(table: SourceTable, log: Log) -> Iterator[Row]:
    """The rows of a table that say something and have a number, in order."""
    columns = [table.values(header) for header in log.columns.values()]
    for at, values in enumerate(zip(*columns, strict=True)):
        cells = dict(zip(log.columns, map(one_line, values), strict=True))
        if any(cell is not None for cell in cells.values()) and not _is_passed_over(at, cells, log):
            yield from _row(at, _unmerged(at, cells, log), log)


def one_line(cell: Any) -> Any:
    """Text on one line, None where there is none; anything else untouched."""
    return " ".join(nfc(cell).split()) or None if isinstance(cell, str) else cell


def _is_passed_over(at: int, cells: Cells, log: Log) -> bool:
    """Whether a row repeats the heads of the table, or numbers its columns."""
    stated = [field for field in MAIN if cells[field] is not None]
    heads = {field: str(one_line(log.columns[field])).casefold() for field in stated}
    is_head = all(str(cells[field]).casefold() == head for field, head in heads.items())
    is_numbers = len(stated) > 1 and all(str(cells[field]) in COLUMN_NUMBERS for field in stated)
    if stated and (is_head or is_numbers):
        log.read(at, stated[0], cells[stated[0]], None, "head" if is_head else "column_numbers")
        return True
    return False


def _unmerged(at: int, cells: Cells, log: Log) -> Cells:
    """The cells with the text of a merged cell only in the first of those it covers."""
    texts = [cells[field] if isinstance(cells[field], str) else None for field in MAIN]
    same = [MAIN[place + 1] for place, (left, text) in enumerate(pairwise(texts)) if left == text is not None]
    for field in same:
        log.read(at, field, cells[field], None, "merged")
    return {**cells, **dict.fromkeys(same)}


def _row(at: int, cells: Cells, log: Log) -> Iterator[Row]:
    field = "title" if cells["code"] is None else "code"
    if is_total(cells[field]) and (field == "title" or cells["title"] is None):
        log.read(at, field, cells[field], None, "total")
        yield Row(at, None, cells[field], field, _fields(at, {**cells, "title": cells[field]}, log))
        return
    field, stood, title = _number_and_title(cells)
    mark = _mark(at, field, stood, log)
    fields = _fields(at, {**cells, "title": title}, log)
    if is_total(title):
        log.refuse(at, "title", "cell.numbered_total", title=shorten(title))
    if mark is not None:
        yield Row(at, mark, stood, field, fields)


def _number_and_title(cells: Cells) -> tuple[str, Any, Any]:
    """Where the number of a row stands, itself, and the title: both may stand in one cell."""
    code, title = cells["code"], cells["title"]
    field = "title" if code is None else "code"
    if (code is None or title is None) and isinstance(cells[field], str):
        number_and_title = mark_and_title(cells[field])
        if number_and_title:
            return field, *number_and_title
    return "code", code, title


def _mark(at: int, field: str, stood: Any, log: Log) -> Mark | None:
    number = decimal_of(stood)
    text = stood if number is None else whole_text(number)
    mark = mark_in(text) if isinstance(text, str) else None
    if mark is None:
        kinds = {"unnumbered": stood is None, "float": number is not None, "date": isinstance(stood, date)}
        phrase = next((kind for kind, holds in kinds.items() if holds), "no_mark")
        log.refuse(at, field, f"cell.{phrase}", value=shorten(stood) if number is None else str(number))
    return mark


def _fields(at: int, cells: Cells, log: Log) -> Mapping[str, Any]:
    """The cells as fields of a component, each as the component would take it."""
    fields = {field: cell for field, cell in cells.items() if field != "code"}
    fields |= {field: _number(at, field, cells[field], log) for field in NUMBERS if field in cells}
    fields |= {field: _word(at, field, cells[field], log) for field in WORDS if field in cells}
    fields["scoring"] = _scoring(at, cells.get("scoring"), log)
    points, title = cells["max_points"], cells["title"]
    in_title = title_and_points(title) if points is None and isinstance(title, str) else None
    if in_title:
        fields |= {"title": in_title[0], "max_points": _stated(at, "title", title, in_title[1], log)}
    points = fields["max_points"]
    if str(fields.get("role")) == "penalty" and isinstance(points, Decimal) and points < 0:
        log.read(at, "max_points", cells["max_points"], -points, "minus")
        fields["max_points"] = -points
    fields = {field: value for field, value in fields.items() if value is not None or field in MAIN}
    for field, value in fields.items():
        message = _wrong(field, value)
        if message is not None:
            log.problem(at, field, message)
    return fields


def _number(at: int, field: str, cell: Any, log: Log) -> Any:
    """A number, also one written as a fraction or in words."""
    number = decimal_of(cell)
    if number is not None and (number.adjusted() > 15 or abs(int(number.as_tuple().exponent)) > LONGEST):
        log.problem(at, field, COLUMNS("digits", value=shorten(cell)))
        return None
    if number is not None or cell is None:
        return number
    if not isinstance(cell, str):
        log.problem(at, field, no_number(cell))
        return None
    return Fraction(cell) if FRACTION.fullmatch(cell) else _stated(at, field, cell, points_in(cell), log)


def _stated(at: int, field: str, text: str, points: Decimal | str, log: Log) -> Decimal | None:
    """What a text states, noted; the phrase that says why it states nothing, told."""
    if isinstance(points, str):
        log.refuse(at, field, points, value=shorten(text))
        return None
    log.read(at, field, text, points, "points")
    return points


def _word(at: int, field: str, cell: Any, log: Log) -> Any:
    """A word of the library for itself or its name in Vietnamese; another is left for the component."""
    if not isinstance(cell, str):
        return cell
    words = {ANNEXES[f"{field}.{word}"].vi: word for word in WORDS[field]}
    word = words.get(cell.casefold(), cell.casefold() if cell.casefold() in WORDS[field] else cell)
    if word != cell:
        log.read(at, field, cell, word, "word")
    return word


def _scoring(at: int, cell: Any, log: Log) -> Any:
    """A scoring method, or the kind of one that needs to be told nothing more."""
    if not isinstance(cell, str):
        return cell
    kind = KINDS.get(cell)
    if kind is None:
        log.problem(at, "scoring", DOCUMENTS("kind", value=shorten(cell), near=near(cell, KINDS)))
    elif any(field.init and field.default is attrs.NOTHING for field in attrs.fields(kind)):
        log.refuse(at, "scoring", "cell.scoring", kind=cell)
    else:
        return kind()
    return None


def _wrong(field: str, value: Any) -> Any:
    """Why a component does not take the value of a field, or None."""
    try:
        Label(value) if field in ("title", "title_en") else attrs.evolve(SAMPLE, **{field: value})
    except InvalidDocument as error:
        return error.problems[0].said
    return None
