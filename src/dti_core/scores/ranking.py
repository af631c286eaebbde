"""The table to publish: units in the order of their ranks, with what is printed of each."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import attrs
import numpy as np

from dti_core.answer import UNRANKED, Answer, Columns, Floats, Ints, in_language, kept, texts
from dti_core.columns.factor import ABSENT
from dti_core.columns.frozen import Frozen
from dti_core.errors import LANGUAGES, Language
from dti_core.rubric.grades import Band
from dti_core.scores import Scores
from dti_core.scores.asked import with_columns
from dti_core.scores.setting import BLOCK, By, Setting
from dti_core.terms import Label, Scalar
from dti_core.words import HEADINGS, Phrase
from dti_core.words.numbers import fixed
from dti_core.words.results import attribute_text
from dti_core.words.tables import NONE, Table

JOINED = " / "


@attrs.frozen(eq=False)
class RankedNode:
    """What is printed of one node: values with their decimals, and ranks, in the order of the ranking."""

    #: its code
    node: str
    #: what it is called
    title: Label
    #: (units,) the printed values; NaN where null
    published: Floats
    #: (units,) 0 where there is none
    ranks: Ints
    #: in units of the last decimal; None is null
    units: tuple[int | None, ...]
    #: with how many values are printed
    decimals: int

    @classmethod
    def of(cls, scores: Scores, by: By, rows: Ints) -> "RankedNode":
        """What is printed of a node for some rows."""
        units, has_score = scores.published_units[rows].tolist(), scores.has_score[rows].tolist()
        return cls(
            scores.node,
            scores.setting.rubric.title_of(scores.node),
            kept(scores.published[rows]),
            kept(scores.ranks(by)[rows]),
            tuple(unit if scored else None for unit, scored in zip(units, has_score, strict=True)),
            scores.publish.decimals,
        )

    def printed(self, language: Language) -> list[str | None]:
        """The published values as text, with all their decimals."""
        of = {
            unit: fixed(Fraction(unit, 10**self.decimals), self.decimals, language)
            for unit in {*self.units}
            if unit is not None
        }
        return [None if unit is None else of[unit] for unit in self.units]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Ranking(Answer):
    """The table to publish: block by block in the declared order, best first; units without a rank come last.

    Units of one rank stand in the order of the mark sheet.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> sheet = MarkSheet.from_array([[15.5, 20], [30, 18]], rubric, units=["a", "b"])
    >>> print(evaluate(rubric, sheet).ranking().text("en"))
    Rank  Unit  Total
    ────  ────  ─────
       1  b     48.00
       2  a     35.50
    """

    #: codes, in the order of publication
    units: tuple[str, ...]
    #: what they are called
    names: tuple[Label | None, ...]
    #: with what each unit is ranked: the code of its block, or the values of the attributes asked for
    blocks: tuple[str | None, ...]
    #: what blocks are called, in the declared order
    block_titles: Frozen[str, Label]
    #: codes of bands, None where there is none
    grades: tuple[str | None, ...]
    #: grades, highest first
    bands: tuple[Band, ...]
    #: why units have no rank, None where they have one
    unranked: tuple[Label | None, ...]
    #: what is printed of the total, or of the node asked for
    total: RankedNode
    #: nodes that are printed beside the total
    parts: tuple[RankedNode, ...] = ()
    language: Language = "vi"

    def __repr__(self) -> str:
        return f"<Ranking of {len(self.units)} units>"

    def columns(self, language: Language | None = None) -> Columns:
        """A dict of arrays, a row per unit in the order of publication.

        ``block``, ``block_title``, ``rank`` (0 where there is none), ``unit``, ``name``, ``published``, ``printed``
        (the same as text, with its decimals), ``grade``, ``grade_title``, ``unranked`` (why there is no rank); then
        for each node beside the total CODE (as published), CODE.printed and CODE.rank.
        """
        language = self._speaking(language)
        title_of = {band.code: band.title for band in self.bands}
        table: Columns = {
            "block": texts(self.blocks),
            "block_title": in_language(
                (self.block_titles.get(block or "") for block in self.blocks), language
            ),
            "rank": self.total.ranks,
            "unit": texts(self.units),
            "name": in_language(self.names, language),
            "published": self.total.published,
            "printed": texts(self.total.printed(language)),
            "grade": texts(self.grades),
            "grade_title": in_language((title_of.get(grade or "") for grade in self.grades), language),
            "unranked": in_language(self.unranked, language),
        }
        for part in self.parts:
            columns: Columns = {
                part.node: part.published,
                f"{part.node}.printed": texts(part.printed(language)),
                f"{part.node}.rank": part.ranks,
            }
            table = with_columns(table, columns)
        return table

    def _tables(self, language: Language) -> Iterator[Table]:
        """One table of the columns that say something, ranks of parts in brackets.

        >>> from dti_core import Index, MarkSheet, Rubric, evaluate
        >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
        >>> marks = MarkSheet.from_array([[15.5, 20], [30, 18]], rubric, units=["a", "b"])
        >>> print(evaluate(rubric, marks).ranking(nodes=["2"]).text("en"))
        Rank  Unit  Total  Dịch vụ công
        ────  ────  ─────  ────────────
           1  b     48.00     18.00 (2)
           2  a     35.50     20.00 (1)
        """
        columns = {name: column.tolist() for name, column in self.columns(language).items()}
        called = zip(columns["name"], columns["unit"], strict=True)
        cells: list[tuple[Phrase, list[Any]]] = [
            (HEADINGS["block"], columns["block_title"]),
            (HEADINGS["rank"], [rank or NONE for rank in columns["rank"]]),
            (HEADINGS["unit"], [name or unit for name, unit in called]),
            (self.total.title, columns["printed"]),
        ]
        for part in self.parts:
            pairs = zip(columns[f"{part.node}.printed"], columns[f"{part.node}.rank"], strict=True)
            cells.append((part.title, [value and f"{value} ({rank or NONE})" for value, rank in pairs]))
        cells += [(HEADINGS["grade"], columns["grade_title"]), (HEADINGS["unranked"], columns["unranked"])]
        shown = [(head.text(language), column) for head, column in cells if any(column)]
        rows = zip(*([str(cell or "") for cell in column] for _, column in shown), strict=True)
        yield Table([head for head, _ in shown], [*rows])


def ranking_of(total: Scores, parts: Sequence[Scores], by: By, language: Language) -> Ranking:
    """The ranking of a total within blocks, or ``by`` attributes, with parts beside it."""
    setting, ranks = total.setting, total.ranks(by)
    blocks, titles = _blocks(setting, by)
    is_ranked = ranks > UNRANKED
    rows = np.lexsort((ranks, np.where(is_ranked, setting.groups(by), 0), ~is_ranked))
    marks, grades, at = setting.marks, total.grades(), rows.tolist()
    reasons = {row: total.why_unranked(marks.units[row], by) for row in at if not ranks[row]}
    labels = {row: Label(why.text("vi"), why.text("en")) for row, why in reasons.items() if why}
    return Ranking(
        units=tuple(marks.units[row] for row in at),
        names=tuple(marks.names[row] for row in at) if marks.names else (None,) * len(at),
        blocks=tuple(blocks[row] for row in at),
        block_titles=Frozen(titles),
        grades=tuple(grades[rows].tolist()),
        bands=setting.rubric.bands,
        unranked=tuple(map(labels.get, at)),
        total=RankedNode.of(total, by, rows),
        parts=tuple(RankedNode.of(part, by, rows) for part in parts),
        language=language,
    )


def _blocks(setting: Setting, by: By) -> tuple[list[str | None], dict[str, Label]]:
    """With what each unit is ranked, None where it lacks an attribute; and the titles, in their order."""
    names, factors = setting.ranked_by(by), setting.factors(by)
    if not names:
        return [None] * len(setting.marks.units), {}
    keys = [*zip(*(factor.codes.tolist() for factor in factors), strict=True)]
    known = [key for key in sorted({*keys}) if ABSENT not in key]
    values = {key: [factor.values[code] for factor, code in zip(factors, key, strict=True)] for key in known}
    block_of = {key: JOINED.join(map(str, values[key])) for key in known}
    titles = {
        block_of[key]: Label(*(JOINED.join(_told(setting, names, values[key], word)) for word in LANGUAGES))
        for key in known
    }
    return [block_of.get(key) for key in keys], titles


def _told(setting: Setting, names: Sequence[str], values: Sequence[Scalar], language: Language) -> list[str]:
    title_of = {block.code: block.title for block in setting.rubric.blocks}
    return [
        title_of[str(value)].text(language) if name == BLOCK and title_of else attribute_text(value, language)
        for name, value in zip(names, values, strict=True)
    ]
