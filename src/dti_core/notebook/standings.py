"""A result as a notebook shows it: the ranking block by block, what did not count, and who is not ranked."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.applicability import Source
from dti_core.columns.factor import ABSENT
from dti_core.evaluation.changes import changes
from dti_core.notebook import html, outline, tables
from dti_core.notebook.html import Content, ShownNumber
from dti_core.notebook.tables import Head, Section, TableRow
from dti_core.rubric.tree import TOTAL
from dti_core.scores import Scores
from dti_core.scores.setting import BLOCK, Setting
from dti_core.words import NOTEBOOKS

PARTS = 8
"""The most parts of the total that have a column."""

Rows = NDArray[np.intp]
Column = tuple[Head, Sequence[Content]]
"""A column of the ranking: its head, and its cells for given rows."""


@attrs.frozen
class Stretch:
    """The units under one heading: how many there are, and the rows of the best of them."""

    title: Content
    count: int
    rows: Rows


def table(total: Scores, parts: Sequence[Scores]) -> Content:
    """The ranking of the total, each part with its own ranks, and notes on what did not count."""
    ranks = total.ranks()
    stretches = _stretches(total.setting, ranks)
    rows = np.concatenate([each.rows for each in stretches] or [np.zeros(0, dtype=np.intp)])
    notes = Notes()
    columns = [
        _ranks(ranks[rows]),
        _units(total, rows, ranks[rows]),
        *_scores(total, rows),
        *(_part(each, rows) for each in parts[:PARTS]),
        *_asides(total, rows, notes),
    ]
    lines = list(zip(*(cells for _, cells in columns), strict=True))
    body = [
        *_lines(stretches, lines),
        *tables.rest(len(total.setting.rubric.blocks) - tables.ROWS, "blocks"),
        *tables.rest(len(parts) - PARTS, "parts"),
    ]
    return [tables.table([head for head, _ in columns], body), html.numbered(notes.lines)]


def _lines(stretches: Sequence[Stretch], lines: Sequence[Sequence[Content]]) -> Iterator[TableRow]:
    waiting = iter(lines)
    for stretch in stretches:
        if stretch.title is not None:
            count = NOTEBOOKS("units.count", count=Fraction(stretch.count))
            yield Section([stretch.title, html.small(" · ", count)])
        yield from islice(waiting, len(stretch.rows))
        yield from tables.rest(stretch.count - len(stretch.rows), "units")


def _stretches(setting: Setting, ranks: NDArray[np.int64]) -> list[Stretch]:
    """The blocks, then the units that are not ranked; each gets the same room, and what others leave of theirs."""
    blocks = setting.rubric.blocks
    titles: list[Content] = [html.told(block.title) for block in blocks[: tables.ROWS]] if blocks else [None]
    block_of = np.where(ranks > 0, setting.factor(BLOCK).codes if blocks else 0, ABSENT)
    places = [np.flatnonzero(block_of == at) for at in range(len(titles))]
    places.append(np.flatnonzero(ranks == 0))
    room = _room([len(rows) for rows in places])
    return [
        Stretch(title, len(rows), _best(rows, ranks, room))
        for title, rows in zip([*titles, NOTEBOOKS["not ranked"]], places, strict=True)
        if len(rows)
    ]


def _room(sizes: Sequence[int]) -> int:
    """How many rows each stretch may show, so that all together stay within the limit."""
    fitting = (
        each for each in range(tables.ROWS, 1, -1) if sum(min(size, each) for size in sizes) <= tables.ROWS
    )
    return next(fitting, 1)


def _best(rows: Rows, ranks: NDArray[np.int64], room: int) -> Rows:
    """The best-ranked of some rows, in the order of ranks, then of the sheet."""
    keys = ranks[rows] * len(ranks) + rows
    if len(rows) > room:
        nearest = np.argpartition(keys, room - 1)[:room]
        rows, keys = rows[nearest], keys[nearest]
    return rows[np.argsort(keys)]


def _ranks(ranks: NDArray[np.int64]) -> Column:
    return tables.head("rank", "number"), [ShownNumber(rank or None) for rank in ranks.tolist()]


def _units(total: Scores, rows: Rows, ranks: NDArray[np.int64]) -> Column:
    """The unit, and beneath it why it has no rank."""
    marks = total.setting.marks
    cells = []
    for row, rank in zip(rows.tolist(), ranks.tolist(), strict=True):
        why = None if rank else total.why_unranked(marks.units[row])
        reason = [html.small(html.told(why))] if why else []
        cells.append(html.joined([outline.unit(marks, row), *reason], html.BREAK))
    return tables.head("unit", "wide"), cells


def _scores(total: Scores, rows: Rows) -> Iterator[Column]:
    """The published total, drawn on its scale, what it was made from, and its band."""
    publish, bands = total.publish, total.setting.rubric.bands
    published = [ShownNumber(value, publish.decimals) for value in total.published[rows].tolist()]
    head = Head([tables.head("published").text, outline.form_sign(publish)], "number")
    yield head, [html.element("strong", each) for each in published]
    yield Head(""), [html.bar(share) for share in total.published_as("ratio", 4)[rows].tolist()]
    if bands:
        titles = {band.code: html.grade(band.title) for band in bands} | {None: None}
        grades, alone = (total.grades(by_thresholds=only)[rows].tolist() for only in (False, True))
        cells = [
            titles[grade] if grade == other else _held(titles[grade], titles[other])
            for grade, other in zip(grades, alone, strict=True)
        ]
        yield tables.head("grade"), cells
    points, applicable = (html.aligned(each[rows].tolist()) for each in (total.points, total.applicable))
    made = [(each, html.small(" / ", of)) for each, of in zip(points, applicable, strict=True)]
    yield tables.head("points_of", "number"), made


def _held(grade: Content, by_thresholds: Content) -> Content:
    """A grade that conditions, limits or a quota keep from that by the thresholds alone."""
    return html.joined([grade, html.small(NOTEBOOKS["by thresholds"], " ", by_thresholds)], html.BREAK)


def _part(part: Scores, rows: Rows) -> Column:
    """A part of the total: as published, and its own rank."""
    title, publish = part.setting.rubric.title_of(part.node), part.publish
    sign = outline.form_sign(publish) if publish != part.setting.policy.publish else None
    cells = [
        (ShownNumber(value, publish.decimals), " ", html.rank(rank))
        for value, rank in zip(part.published[rows].tolist(), part.ranks()[rows].tolist(), strict=True)
    ]
    return Head([html.told(title, html.HEADING), sign], "number"), cells


def _asides(total: Scores, rows: Rows, notes: "Notes") -> Iterator[Column]:
    """What only some results have: bonus and penalty, missing marks, exclusions."""
    setting = total.setting
    if setting.compiled.has_bonus:
        extra = (setting.rolled.bonus(TOTAL)[rows] / setting.compiled.scale).tolist()
        sizes = html.aligned(map(abs, extra))
        cells = [
            ["−" if each < 0 else "+", size] if each else None
            for each, size in zip(extra, sizes, strict=True)
        ]
        yield tables.head("bonus", "number"), cells
    complete = total.completeness[rows]
    if (complete < 1).any():
        yield tables.head("marked", "number"), [*map(_complete, complete.tolist())]
    adjusted = _adjusted(setting, rows)
    if any(adjusted):
        yield tables.head("adjusted"), adjusted
    patterns = setting.marks.applicability.case_of[rows].tolist()
    texts = {pattern: _excluded(setting, pattern, notes) for pattern in dict.fromkeys(patterns)}
    if any(texts.values()):
        yield tables.head("excluded"), [texts[pattern] for pattern in patterns]


def _adjusted(setting: Setting, rows: Rows) -> list[list[Content]]:
    """The nodes that caps, gates, or bonus and penalty of their own changed, each with its points."""
    told: list[list[Content]] = [[] for _ in rows]
    for node, what, change in changes(setting.rolled):
        for at in np.flatnonzero(change[rows]).tolist():
            points = Fraction(int(change[rows[at]]), setting.scale)
            sign = "+" if points > 0 else None
            told[at].append(
                [NOTEBOOKS[f"adjusting.{what}"], " ", html.told(node), " ", sign, html.exact(points)]
            )
    return [html.few(each, 4, "; ") for each in told]


def _complete(share: float) -> Content:
    if share < 1:
        return html.gap(ShownNumber(min(100 * share, 99.9), 1), "%")
    return "100%" if share == 1 else "–"


def _excluded(setting: Setting, pattern: int, notes: "Notes") -> list[Content]:
    """The leaves that do not count in the ordinary way, each with the number of its note."""
    found: dict[tuple[str, tuple[int, ...]], list[str]] = {}
    for finding in setting.marks.applicability.cases[pattern]:
        numbers = tuple(dict.fromkeys(map(notes.number, finding.sources)))
        found.setdefault((finding.treatment, numbers), []).append(finding.leaf)
    told = [
        (outline.listed(leaves, 4), " ", html.element("sup", ", ".join(map(str, numbers))))
        for (_, numbers), leaves in found.items()
    ]
    return html.few(told, 4, "; ")


class Notes:
    """What was decided, why and on what basis: each said once, numbered in the order of asking."""

    def __init__(self) -> None:
        self.lines: list[Content] = []
        self._numbers: dict[tuple[object, ...], int] = {}

    def number(self, source: Source) -> int:
        """The number of a rule's or decision's note."""
        decided = source.exclusion
        key = (decided.members, decided.treatment, decided.by, decided.to, decided.reason, decided.basis)
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers) + 1
            self.lines.append([outline.excluded(decided), ": ", outline.because(decided)])
        return self._numbers[key]
