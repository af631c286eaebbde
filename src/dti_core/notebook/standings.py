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
from dti_core.notebook import html, outline
from dti_core.notebook.html import Head, Html, Section
from dti_core.rubric.tree import TOTAL
from dti_core.scores import Scores
from dti_core.scores.setting import BLOCK, Setting
from dti_core.words.numbers import number

PARTS = 8
"""The most parts of the total that have a column."""

Rows = NDArray[np.intp]
Column = tuple[Head, Sequence[str]]
"""A column of the ranking: its head, and its cells for given rows."""


@attrs.frozen
class Stretch:
    """The units under one heading: how many there are, and the rows of the best of them."""

    title: Html | None
    count: int
    rows: Rows


def table(total: Scores, parts: Sequence[Scores]) -> Html:
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
        *html.rest(len(total.setting.rubric.blocks) - html.ROWS, "khối"),
        *html.rest(len(parts) - PARTS, "cột điểm thành phần"),
    ]
    return html.joined([html.table([head for head, _ in columns], body), html.numbered(notes.lines)])


def _lines(stretches: Sequence[Stretch], lines: Sequence[Sequence[str]]) -> Iterator[Sequence[str] | Section]:
    waiting = iter(lines)
    for stretch in stretches:
        if stretch.title is not None:
            count = html.small(f" · {html.number(stretch.count)} đơn vị")
            yield Section(html.joined([stretch.title, count]))
        yield from islice(waiting, len(stretch.rows))
        yield from html.rest(stretch.count - len(stretch.rows), "đơn vị")


def _stretches(setting: Setting, ranks: NDArray[np.int64]) -> list[Stretch]:
    """The blocks, then the units that are not ranked; each gets the same room, and what others leave of theirs."""
    blocks = setting.rubric.blocks
    titles = [html.named(block.title) for block in blocks[: html.ROWS]] if blocks else [None]
    block_of = np.where(ranks > 0, setting.factor(BLOCK).codes if blocks else 0, ABSENT)
    places = [np.flatnonzero(block_of == at) for at in range(len(titles))]
    places.append(np.flatnonzero(ranks == 0))
    room = _room([len(rows) for rows in places])
    return [
        Stretch(title, len(rows), _best(rows, ranks, room))
        for title, rows in zip([*titles, html.word("not ranked")], places, strict=True)
        if len(rows)
    ]


def _room(sizes: Sequence[int]) -> int:
    """How many rows each stretch may show, so that all together stay within the limit."""
    fitting = (
        each for each in range(html.ROWS, 1, -1) if sum(min(size, each) for size in sizes) <= html.ROWS
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
    return html.head("rank", "number"), [html.number(rank or None) for rank in ranks.tolist()]


def _units(total: Scores, rows: Rows, ranks: NDArray[np.int64]) -> Column:
    """The unit, and beneath it why it has no rank."""
    marks = total.setting.marks
    cells = []
    for row, rank in zip(rows.tolist(), ranks.tolist(), strict=True):
        why = None if rank else total.why_unranked(marks.units[row])
        reason = [html.small(html.told(why.text()))] if why else []
        cells.append(html.joined([outline.unit(marks, row), *reason], html.BREAK))
    return html.head("unit", "wide"), cells


def _scores(total: Scores, rows: Rows) -> Iterator[Column]:
    """The published total, drawn on its scale, what it was made from, and its band."""
    publish, bands = total.publish, total.setting.rubric.bands
    published = [html.number(value, publish.decimals) for value in total.published[rows].tolist()]
    head = html.head("published", "number")
    head = attrs.evolve(head, text=f"{head.text}{outline.form_sign(publish)}")
    yield head, [html.element("strong", each) for each in published]
    yield Head(""), [html.bar(share) for share in total.published_as("ratio", 4)[rows].tolist()]
    if bands:
        titles = {band.code: html.grade(band.title.vi) for band in bands} | {None: Html("")}
        grades, alone = (total.grades(by_thresholds=only)[rows].tolist() for only in (False, True))
        cells = [
            titles[grade] if grade == other else _held(titles[grade], titles[other])
            for grade, other in zip(grades, alone, strict=True)
        ]
        yield html.head("grade"), cells
    points, applicable = total.points[rows].tolist(), total.applicable[rows].tolist()
    places, whole = html.decimals_of(points), html.decimals_of(applicable)
    made = [
        html.joined([html.number(each, places), html.small(f" / {html.number(of, whole)}")])
        for each, of in zip(points, applicable, strict=True)
    ]
    yield html.head("applicable", "number"), made


def _held(grade: Html, by_thresholds: Html) -> Html:
    """A grade that conditions, limits or a quota keep from that by the thresholds alone."""
    return html.joined([grade, html.small("theo mức điểm: ", by_thresholds)], html.BREAK)


def _part(part: Scores, rows: Rows) -> Column:
    """A part of the total: as published, and its own rank."""
    title, publish = part.setting.rubric.title_of(part.node), part.publish
    sign = outline.form_sign(publish) if publish != part.setting.policy.publish else ""
    cells = [
        html.joined([html.number(value, publish.decimals), " ", html.rank(rank)])
        for value, rank in zip(part.published[rows].tolist(), part.ranks()[rows].tolist(), strict=True)
    ]
    return Head(html.joined([html.told(title.vi, html.HEADING), sign]), title.en, "number"), cells


def _asides(total: Scores, rows: Rows, notes: "Notes") -> Iterator[Column]:
    """What only some results have: bonus and penalty, missing marks, exclusions."""
    setting = total.setting
    if setting.compiled.has_bonus:
        extra = (setting.rolled.bonus(TOTAL)[rows] / setting.compiled.scale).tolist()
        places = html.decimals_of(extra)
        cells = [
            f"{'−' if each < 0 else '+'}{html.number(abs(each), places)}" if each else "" for each in extra
        ]
        yield html.head("bonus", "number"), cells
    complete = total.completeness[rows]
    if (complete < 1).any():
        cells = [_complete(each) for each in complete.tolist()]
        yield html.head("marked", "number"), cells
    adjusted = _adjusted(setting, rows)
    if any(adjusted):
        yield html.head("adjusted"), adjusted
    patterns = setting.marks.applicability.case_of[rows].tolist()
    texts = {pattern: _excluded(setting, pattern, notes) for pattern in dict.fromkeys(patterns)}
    if any(texts.values()):
        yield html.head("excluded"), [texts[pattern] for pattern in patterns]


def _adjusted(setting: Setting, rows: Rows) -> list[Html]:
    """The nodes that caps, gates, or bonus and penalty of their own changed, each with its points."""
    told: list[list[Html]] = [[] for _ in rows]
    for node, what, change in changes(setting.rolled):
        for at in np.flatnonzero(change[rows]).tolist():
            points = Fraction(int(change[rows[at]]), setting.scale)
            sign = "+" if points > 0 else ""
            told[at].append(
                html.joined(
                    [html.word(f"adjusting.{what}"), " ", html.told(node), f" {sign}{number(points, 'vi')}"]
                )
            )
    return [html.few(each, 4, "; ") for each in told]


def _complete(share: float) -> str:
    if share < 1:
        return html.gap(f"{html.number(min(100 * share, 99.9), 1)}%", "marks are missing")
    return "100%" if share == 1 else "–"


def _excluded(setting: Setting, pattern: int, notes: "Notes") -> Html:
    """The leaves that do not count in the ordinary way, each with the number of its note."""
    found: dict[tuple[str, tuple[int, ...]], list[str]] = {}
    for finding in setting.marks.applicability.cases[pattern]:
        numbers = tuple(dict.fromkeys(map(notes.number, finding.sources)))
        found.setdefault((finding.treatment, numbers), []).append(finding.leaf)
    told = [
        html.joined([outline.listed(leaves, 4), " ", html.element("sup", ", ".join(map(str, numbers)))])
        for (_, numbers), leaves in found.items()
    ]
    return html.few(told, 4, "; ")


class Notes:
    """What was decided, why and on what basis: each said once, numbered in the order of asking."""

    def __init__(self) -> None:
        self.lines: list[Html] = []
        self._numbers: dict[tuple[object, ...], int] = {}

    def number(self, source: Source) -> int:
        """The number of a rule's or decision's note."""
        decided = source.exclusion
        key = (decided.members, decided.treatment, decided.by, decided.to, decided.reason, decided.basis)
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers) + 1
            self.lines.append(html.joined([outline.excluded(decided), ": ", outline.because(decided)]))
        return self._numbers[key]
