"""The table in the annex of a decision (number, index, maximum) as indices and groups."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import attrs

from dti_core.columns.numbers import no_number
from dti_core.columns.table import Table
from dti_core.errors import InvalidDocument, Problem, shorten
from dti_core.exact import decimal_of
from dti_core.rubric.criteria import Component, Group, Index
from dti_core.terms import nfc, wrong_code, wrong_text
from dti_core.words import RUBRIC, Sentence

ROMAN = re.compile(r"[IVXLCDM]+")
CODE = re.compile(r"([0-9]+|[IVXLCDM]+)(\.[0-9A-Za-zĐđ]+)*")
TOTALS = {"tổng", "tổng cộng", "tổng điểm", "tổng số", "tổng số điểm", "total"}
WHOLE = ""
"""In a row or an outline, the code of the whole table."""


@attrs.frozen
class Row:
    """One row of the table, ``at`` counted from 0."""

    at: int
    code: str
    title: str
    points: Decimal | None


@attrs.frozen(kw_only=True)
class Annex:
    """A table whose every row has a place: codes 1, 1.1, 1.1.2 in a tree, Roman numbers as groups over what follows."""

    rows: Mapping[str, Row]
    #: code → the codes directly under it; the whole table's under ``WHOLE``
    below: Mapping[str, tuple[str, ...]]
    groups: tuple[str, ...]

    def to_indices(self) -> tuple[Index, ...]:
        """The rows as indices with their components."""
        return tuple(self._node(Index, code) for code in self.below[WHOLE])

    def to_groups(self) -> tuple[Group, ...]:
        """The Roman-numbered rows as groups."""
        return tuple(Group(code, self.rows[code].title, self.below[code]) for code in self.groups)

    @property
    def max_points(self) -> Decimal | None:
        """What the row of the total states."""
        return self.rows[WHOLE].points if WHOLE in self.rows else None

    def _node(self, kind: type[Any], code: str) -> Any:
        row = self.rows[code]
        components = [self._node(Component, below) for below in self.below.get(code, ())]
        return kind(code, row.title, row.points, components=components)


def read_annex(source: Any, codes: str, titles: str, maxima: str) -> Annex:
    """The table by its columns of numbers, titles and maxima.

    Raises :class:`~dti_core.InvalidDocument` with every row that has no place, or else every maximum that is no sum.
    """
    table = Table(source, [codes, titles, maxima])
    problems: list[Problem] = []
    rows: dict[str, Row] = {}
    for at, cells in enumerate(zip(*map(table.values, (codes, titles, maxima)), strict=True)):
        code, title, points = (_text(cell) for cell in cells)
        if (code, title, points) == (None, None, None):
            continue
        code = code.removesuffix(".") or "." if isinstance(code, str) else code
        if _is_total(code, title):
            code, title = WHOLE, title or code
        row = Row(at, code, title, decimal_of(points))
        messages = {codes: _wrong_code(code, rows), titles: wrong_text(title), maxima: _wrong_points(points)}
        problems += (
            Problem((at, header), message, "cell") for header, message in messages.items() if message
        )
        if messages[codes] is None:
            rows[code] = row
    annex = _outline(rows)
    problems += (Problem((at, codes), message, "place") for at, message in _unplaced(annex))
    if not problems:
        problems += (Problem((at, maxima), sentence, "sum") for at, sentence in _wrong_sums(annex))
    if problems:
        raise InvalidDocument("table", sorted(problems, key=lambda problem: problem.path[0]))
    return annex


def _text(cell: Any) -> Any:
    """Text on one line, None where there is none; anything else untouched."""
    return " ".join(nfc(cell).split()) or None if isinstance(cell, str) else cell


def _is_total(code: Any, title: Any) -> bool:
    """Whether a row without a number is that of the total."""
    named = title if code is None else code
    return isinstance(named, str) and named.casefold().rstrip(" :") in TOTALS


def _wrong_code(code: Any, rows: Mapping[str, Row]) -> str | None:
    if decimal_of(code) is not None:
        return f"{code} came as a number, and as numbers 1.1 and 1.10 are one; read the column as text"
    if code is None:
        return "is empty; number the row, or take it out"
    if code != WHOLE and not (isinstance(code, str) and CODE.fullmatch(code)):
        return f"{shorten(code)} is no number such as 1, 1.1 or I; number the row so, or take it out"
    if code in rows:
        advice = "number every row once (1.1 under 1, II.1 under II)"
        return f"{shorten(code or 'the total')} stands in row {rows[code].at} already; {advice}"
    return None if code == WHOLE else wrong_code(code)


def _wrong_points(points: Any) -> str | None:
    number = decimal_of(points)
    if number is None:
        return None if points is None else str(no_number(points))
    return f"is {points}; it cannot be negative" if number < 0 else None


def _outline(rows: Mapping[str, Row]) -> Annex:
    """Who stands under whom: by code, and indices under the Roman number that comes before them."""
    below: dict[str, list[str]] = {code: [] for code in (*rows, WHOLE)}
    parents = {code.rpartition(".")[0] for code in rows}
    groups = dict.fromkeys(code for code in rows if ROMAN.fullmatch(code) and code not in parents)
    group = WHOLE
    for code in rows:
        parent = code.rpartition(".")[0]
        if code in groups:
            group = code
        elif code != WHOLE and parent in below:
            below[parent].append(code)
            if parent == WHOLE != group:
                below[group].append(code)
    placed = {code: tuple(codes) for code, codes in below.items()}
    return Annex(rows=rows, below=placed, groups=tuple(groups))


def _unplaced(annex: Annex) -> Iterator[tuple[int, str]]:
    for code, row in annex.rows.items():
        parent = code.rpartition(".")[0]
        if parent and parent not in annex.rows:
            message = f"{shorten(code)} belongs under {shorten(parent)}, which no row has; add that row"
            yield row.at, message
        if code in annex.groups and not annex.below[code]:
            yield row.at, f"{shorten(code)} names a group, but no index stands below it; take the row out"


def _wrong_sums(annex: Annex) -> Iterator[tuple[int, str | Sentence]]:
    for code, row in annex.rows.items():
        below = annex.below[code]
        added = sum((_worth(annex, child) for child in below), Decimal(0))
        if not below and row.points is None:
            yield row.at, f"is empty; {shorten(code)} has nothing below it, so it states what it is worth"
        elif below and row.points not in (None, added):
            values = {"stated": row.points, "added": added, "below": ", ".join(below)}
            yield row.at, Sentence(RUBRIC["sum"], values)


def _worth(annex: Annex, code: str) -> Decimal:
    stated = annex.rows[code].points
    below = annex.below[code] if stated is None else ()
    return sum((_worth(annex, child) for child in below), stated or Decimal(0))
