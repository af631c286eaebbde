"""The table in the annex of a decision (number, index, maximum …) as a rubric, with a report of what was read how."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import attrs

from dti_core.columns.table import SourceTable
from dti_core.errors import InvalidDocument, Problem, Said, SheetRow
from dti_core.rubric import Rubric, known_fields
from dti_core.rubric.annex.outline import WHOLE, RowTree, outline_of
from dti_core.rubric.annex.report import Log, Report
from dti_core.rubric.annex.rows import Row, rows_of
from dti_core.rubric.criteria import Component, Group, Index
from dti_core.rubric.policy import MAX_DECIMALS
from dti_core.rubric.tree import TOTAL, Tree, walk
from dti_core.terms import Label
from dti_core.words import COLUMNS, RUBRIC

__all__ = ["Annex", "read_annex"]


@attrs.frozen
class Annex:
    """A rubric that was read from a table, and what was read how.

    >>> read = read_annex({"STT": ["1"], "Chỉ số": ["Nhận thức số"], "Điểm tối đa": ["30 điểm"]})
    >>> read.rubric, len(read.report.rows)
    (<Rubric rubric: 1 indices, 1 leaves, 30 points>, 1)
    """

    #: what the table says
    rubric: Rubric
    #: every cell that was not read as it stood, and why
    report: Report


def read_annex(  # noqa: PLR0913 - the columns of a table, each by its name
    table: Any,
    *,
    code: str = "rubric",
    title: Label | str = "Bộ chỉ số",
    codes: str = "STT",
    titles: str = "Chỉ số",
    maxima: str = "Điểm tối đa",
    title_en: str | None = None,
    role: str | None = None,
    scoring: str | None = None,
    evidence: str | None = None,
    mark_max: str | None = None,
    **others: Any,
) -> Annex:
    """The rubric that the annex of a decision describes, and a report of what was read how.

    ``table`` is a dict of columns, a list of rows, or a table of pandas, polars or pyarrow; ``codes``, ``titles`` and
    ``maxima`` are the headers of its numbers, names and maximal points. ``title_en``, ``role``, ``scoring`` (a method,
    or the kind of one that needs to be told nothing more), ``evidence`` and ``mark_max`` head further columns that are
    read only where they are named. ``others`` are further fields of the rubric: ``period``, ``decision``, ``policy`` …

    - Numbers are 1, 1.1, 1.1.2 or I, I.1 or A, A.1. Where numbers start again under each heading A or I, they are parts
      of it: 1 under II gets the code II.1. Where they run on, the heading is a group of the indices below it.
    - Items a), - and + are parts of the number before them (1.1.a, 1.1.2); those that state no points are kept as
      ``custom["notes"]`` of it.
    - Points are numbers, or "2,5", "10/3", "10 điểm", "10đ", "(10đ)", "Tối đa 5"; where the cell is empty, also at
      the end of a title: "Họp (10đ)".
    - A row "Tổng cộng", "Cộng" … without a number is checked against the sum. Empty rows, repeated heads and numbers of
      columns are passed over.

    Raises :class:`~dti_core.InvalidDocument` with row and column of all that cannot be read, has no place, or
    is not the sum of what stands below it.

    >>> table = {"STT": ["I", "1", "a)", "b)", "II", "1"], "Điểm tối đa": [None, "10 điểm", "7,5", 2.5, None, 20],
    ...          "Chỉ số": ["Nhận thức số", "Họp", "Chủ trì", "Kết luận", "Dịch vụ công", "Trực tuyến"]}
    >>> annex = read_annex(table)
    >>> annex.rubric.tree.leaves
    ('I.1.a', 'I.1.b', 'II.1')
    >>> print(annex.report.rows[2].text("en"))
    row 3, column STT: '1' → I.1 (numbers start again under I)
    """
    further = {"title_en": title_en, "role": role, "scoring": scoring}
    further |= {"evidence": evidence, "mark_max": mark_max}
    columns = {"code": codes, "title": titles, "max_points": maxima}
    columns |= {field: header for field, header in further.items() if header is not None}
    log = Log(columns)
    outline = outline_of([*rows_of(_opened(table, columns), log)], log)
    _refuse(log.problems.values(), log)
    return Annex(_rubric(outline, log, code, title, others), log.report())


def _rubric(outline: RowTree, log: Log, code: str, title: Label | str, others: Mapping[str, Any]) -> Rubric:
    """The rubric of an outline, refused at the rows of what is wrong with it."""
    indices = tuple(_node(outline, Index, index) for index in outline.below[WHOLE])
    groups = tuple(_group(outline, group) for group in outline.groups)
    problems = [*_wrong_sums(outline, indices, groups, log)]
    total = outline.rows[WHOLE].points if WHOLE in outline.rows and not problems else None
    known_fields(Rubric, others)
    fields: dict[str, Any] = {"groups": groups, "max_points": total, **others}
    try:
        rubric = Rubric(code, title, indices, **fields)
    except InvalidDocument as error:
        problems += _at_rows(error.problems, outline, indices, log)
        raise _refusal(problems, log, error.what) from None
    _refuse(problems, log)
    return rubric


def _opened(source: Any, columns: Mapping[str, str]) -> SourceTable:
    """The table, each of whose columns is read for one thing."""
    table = SourceTable(source, columns.values())
    twice = [header for header, count in Counter(columns.values()).items() if count > 1]
    if twice:
        message = COLUMNS("read_twice")
        raise InvalidDocument("table", [Problem((header,), message, "column") for header in twice])
    return table


def _node(outline: RowTree, kind: type[Any], code: str) -> Any:
    components = [_node(outline, Component, below) for below in outline.below[code]]
    return kind(**_fields(outline, code), components=components)


def _group(outline: RowTree, code: str) -> Group:
    fields = _fields(outline, code)
    return Group(code, fields["title"], outline.below[code], custom=fields["custom"])


def _fields(outline: RowTree, code: str) -> dict[str, Any]:
    """The fields of a row with its title in both languages, and its notes."""
    row = outline.rows[code]
    fields = {field: value for field, value in row.fields.items() if field not in ("title", "title_en")}
    notes = [_note(note) for note in outline.notes.get(row.at, ())]
    title = Label(row.fields["title"], row.fields.get("title_en"))
    return {**fields, "code": code, "title": title, "custom": {"notes": notes} if notes else None}


def _note(row: Row) -> str | dict[str, str]:
    text, title_en = f"{row.stood} {row.fields['title']}", row.fields.get("title_en")
    return text if title_en is None else {"vi": text, "en": title_en}


def _wrong_sums(
    outline: RowTree, indices: tuple[Index, ...], groups: tuple[Group, ...], log: Log
) -> Iterator[Problem]:
    """Groups and the total that state other points than what they hold has; of indices the rubric tells."""
    tree = Tree(indices, groups, (), MAX_DECIMALS)
    for code, node in [*((group, group) for group in outline.groups), (WHOLE, TOTAL)]:
        row = outline.rows.get(code)
        added = tree.in_points(tree.maximum[node])
        if row is not None and row.points not in (None, added):
            values = {
                "stated": row.points,
                "added": added,
                "below": ", ".join(outline.below[code]) or RUBRIC["indices"],
            }
            yield Problem((SheetRow(row.at), log.columns["max_points"]), RUBRIC("sum", **values), "sum")


def _at_rows(
    problems: Iterable[Problem], outline: RowTree, indices: tuple[Index, ...], log: Log
) -> Iterator[Problem]:
    """The problems of a rubric at the rows and columns that its parts come from; others as they are."""
    rows = {path: outline.rows[node.code].at for path, node, _, _ in walk(indices)}
    for problem in problems:
        holders = (problem.path[:end] for end in range(len(problem.path), 0, -1))
        path = next((holder for holder in holders if holder in rows), ())
        field = next(iter(problem.path[len(path) :]), "code")
        column = log.columns.get(str(field), log.columns["code"])
        yield attrs.evolve(problem, path=(SheetRow(rows[path]), column)) if path else problem


def _refuse(problems: Collection[Problem], log: Log) -> None:
    """Refuse the table for all that is wrong with it."""
    if problems:
        raise _refusal(problems, log, "table")


def _refusal(problems: Collection[Problem], log: Log, otherwise: str | Said) -> InvalidDocument:
    """What is wrong with a table, cell by cell; what lies in no cell comes last."""
    order: dict[Any, int] = {header: at for at, header in enumerate(log.columns.values())}
    in_table = [problem for problem in problems if isinstance(problem.path[0], int)]
    in_table.sort(key=lambda problem: (problem.path[0], order[problem.path[1]]))
    beside = [problem for problem in problems if not isinstance(problem.path[0], int)]
    return InvalidDocument("table" if in_table else otherwise, [*in_table, *beside])
