"""Which criteria decide nothing, and which weigh more than they say: how the parts of a node go together."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, overload

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.analysis.by_result import ByResult, by_result
from dti_core.analysis.coherence.agreement import Agreement
from dti_core.analysis.coherence.contributions import contributions
from dti_core.analysis.compared import Scored, only_scored
from dti_core.analysis.correlation import FEWEST
from dti_core.analysis.sources import names_of, standing_of
from dti_core.analysis.standing import Standing
from dti_core.analysis.together import Edition
from dti_core.answer import Answer, Columns, all_kept, doubles, in_language, texts
from dti_core.columns.frozen import Frozen
from dti_core.errors import Language
from dti_core.rubric.tree import TOTAL
from dti_core.scores.setting import By
from dti_core.terms import Label
from dti_core.terms.lookups import among
from dti_core.words import COHERENCE as WORDS
from dti_core.words.numbers import fixed
from dti_core.words.tables import Table

FIGURES = ("n", "full", "zero", "sd", "distinct", "nominal", "effective")
AGREEMENTS = ("pearson", "spearman", "rest", "rest_spearman")
WHOLE = ("n", "distinct")
PERCENT = 100


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class Coherence(Answer):
    """How the parts of a node go together, over the units of each block that are ranked.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> marks = [[3 * unit, 2 * unit] for unit in range(10)]
    >>> result = evaluate(rubric, MarkSheet.from_array(marks, rubric, units=map(str, range(10))))
    >>> repeated = coherence(result).pairs()
    >>> [repeated[name].tolist() for name in ("node", "other", "r")]
    [['1'], ['2'], [1.0]]
    """

    #: what it is about
    node: str
    #: the scored nodes directly in it
    nodes: tuple[str, ...]
    #: what these are called
    titles: tuple[Label, ...]
    #: by block
    blocks: Frozen[str, Agreement]
    #: what blocks are called comes from it
    standing: Standing
    _decimals = Frozen(dict.fromkeys((*FIGURES, *AGREEMENTS, "r"), 2))

    def __repr__(self) -> str:
        return f"<Coherence of {self.node!r}: {len(self.nodes)} parts in {len(self.blocks)} blocks>"

    def __getitem__(self, block: str) -> Agreement:
        """The parts over the units of one block; ``""`` is everyone together."""
        return self.blocks[among("block", block, self.blocks)]

    def columns(self, language: Language | None = None) -> Columns:
        """A dict of arrays, a row per block and part, last what comes from none of them.

        ``block``, ``block_title``, ``node`` (None for what comes from none), ``title``; ``n`` (units with a rate),
        ``full`` and ``zero`` (shares of these), ``sd`` (of the rates), ``distinct`` (rates); ``nominal`` and
        ``effective``, what it says that it weighs and what it does, which both add up to 1; ``pearson`` and
        ``spearman`` with the whole, ``rest`` and ``rest_spearman`` with the whole less the part. NaN of fewer than 10
        units, and where nothing varies. ``flags``, by commas: constant, light (in effect a tenth of what it says, or
        less), heavy (1.5 times or more), weak (rest between −0.1 and 0.1), negative (rest of −0.1 or less), redundant
        (with another part r is 0.9 or more, either way).
        """
        language = self._speaking(language)
        rows = [
            {"block": block, "block_title": self.standing.title(block, language)} | row
            for block, agreement in self.blocks.items()
            for row in self._rows(agreement, language)
        ]
        names = ("block", "block_title", "node", "title", *FIGURES, *AGREEMENTS, "flags")
        return all_kept({name: _column(name, [row[name] for row in rows]) for name in names})

    def _rows(self, agreement: Agreement, language: Language) -> Iterator[dict[str, Any]]:
        named = {name: getattr(agreement, name).tolist() for name in (*FIGURES, *AGREEMENTS)}
        for at, (node, label) in enumerate(zip(self.nodes, self.titles, strict=True)):
            row = {name: values[at] for name, values in named.items()}
            flags = ", ".join(agreement.flags[at]) or None
            yield row | {"node": node, "title": label.text(language), "flags": flags}
        if not np.isnan(agreement.remainder):
            unknown: dict[str, Any] = dict.fromkeys((*FIGURES, *AGREEMENTS), np.nan)
            known = {"n": 0, "distinct": 0, "nominal": 0.0, "effective": agreement.remainder}
            title = WORDS["remainder"].text(language)
            yield unknown | known | {"node": None, "title": title, "flags": None}

    def pairs(self, language: Language | None = None) -> Columns:
        """The parts that repeat each other, r at least 0.9 either way: a dict of arrays, a row per block and pair.

        ``block``, ``block_title``, ``node``, ``title``, ``other``, ``other_title``, ``r``.
        """
        language = self._speaking(language)
        told = [
            (block, one, other, agreement.correlations[one, other])
            for block, agreement in self.blocks.items()
            for one, other in agreement.pairs
        ]
        return {
            "block": texts(block for block, *_ in told),
            "block_title": texts(self.standing.title(block, language) for block, *_ in told),
            "node": texts(self.nodes[one] for _, one, _, _ in told),
            "title": in_language((self.titles[one] for _, one, _, _ in told), language),
            "other": texts(self.nodes[other] for _, _, other, _ in told),
            "other_title": in_language((self.titles[other] for _, _, other, _ in told), language),
            "r": doubles(r for *_, r in told),
        }

    def _remarks(self, language: Language) -> Iterator[str]:
        """Block by block what decides nothing, what weighs more than it says, and how far all go together."""
        for block, agreement in self.blocks.items():
            title = self.standing.title(block, language)
            for sentence in self._sentences(agreement, language):
                yield f"{title}: {sentence}" if title else sentence

    def _sentences(self, agreement: Agreement, language: Language) -> Iterator[str]:
        flags = agreement.flags
        idle = [at for at, own in enumerate(flags) if {"constant", "light"} & {*own}]
        heavy = [self._weighed(agreement, at, language) for at, own in enumerate(flags) if "heavy" in own]
        if agreement.units < FEWEST:
            yield WORDS("few", units=agreement.units).text(language)
        if idle:
            nodes = ", ".join(f"{self.nodes[at]} {self.titles[at].text(language)}" for at in idle)
            yield WORDS("idle.sentence", nodes=nodes).text(language)
        if heavy:
            yield WORDS("heavy.sentence", nodes="; ".join(heavy)).text(language)
        if agreement.alpha == agreement.alpha:
            alpha = fixed(Fraction(agreement.alpha), 2, language)
            yield WORDS("alpha", alpha=alpha, units=agreement.units).text(language)

    def _weighed(self, agreement: Agreement, at: int, language: Language) -> str:
        """A part that weighs more than it says, with both in percent."""
        nominal, effective = (
            fixed(Fraction(float(share[at])) * PERCENT, 0, language)
            for share in (agreement.nominal, agreement.effective)
        )
        node = f"{self.nodes[at]} {self.titles[at].text(language)}"
        return WORDS("heavy.node", node=node, nominal=nominal, effective=effective).text(language)

    def _written(self, name: str, column: NDArray[Any], language: Language) -> list[str]:
        """Flags in words."""
        if name != "flags":
            return super()._written(name, column, language)
        listed = [flags.split(", ") if flags else [] for flags in column.tolist()]
        return [", ".join(WORDS[flag].text(language) for flag in flags) for flags in listed]

    def _tables(self, language: Language) -> Iterator[Table]:
        """A table per block, and the pairs that repeat each other."""
        columns, pairs = self.columns(language), self.pairs(language)
        for block in self.blocks:
            rows = np.array([own == block for own in columns["block"].tolist()])
            own = {name: column[rows] for name, column in columns.items() if not name.startswith("block")}
            yield self._table(own, language, self.standing.title(block, language))
        if len(pairs["r"]):
            yield self._table(pairs, language, WORDS["pairs"].text(language))


def _column(name: str, values: list[Any]) -> NDArray[Any]:
    """Numbers as numbers, texts as texts."""
    if name in WHOLE:
        return np.array(values, dtype=np.int64)
    return np.array(values, dtype=np.float64) if name in (*FIGURES, *AGREEMENTS) else texts(values)


@overload
def coherence(source: Edition, *, node: str = TOTAL, by: By = None) -> ByResult[Coherence]: ...


@overload
def coherence(source: Scored, *, node: str = TOTAL, by: By = None) -> Coherence: ...


def coherence(
    source: Scored | Edition, *, node: str = TOTAL, by: By = None
) -> Coherence | ByResult[Coherence]:
    """Which of the nodes directly in a node decide nothing, repeat each other, or weigh more than they say.

    Over the units that are ranked, block by block, or within whatever ``by`` names; ``()`` is everyone together. What a
    part contributes to a score is M × its P / A of the node (under ``by_level`` its own score by its weight), so that
    effective weights, Cov(part, whole) / Var(whole), add up to 1 whatever is excluded; what caps, gates, bonus, penalty
    and stand-by leaves change is a row of its own. Of a published result the parts must be in its document. An edition
    answers result by result.

    Statistics are doubles, of doubles nearest to exact numbers. W. Becker et al., "Weights and importance in composite
    indicators" (2017); OECD and JRC, "Handbook on constructing composite indicators" (2008).

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> marks = [[30, 2 * unit] for unit in range(10)]
    >>> result = evaluate(rubric, MarkSheet.from_array(marks, rubric, units=map(str, range(10))))
    >>> table = coherence(result).columns()
    >>> [table[name].tolist() for name in ("node", "nominal", "effective", "flags")]
    [['1', '2'], [0.6, 0.4], [0.0, 1.0], ['constant', 'heavy']]
    """
    names = names_of(by)
    return by_result(source, lambda result: _answer(only_scored(result), node, names))


def _answer(source: Scored, node: str, by: tuple[str, ...] | None) -> Coherence:
    standing, held = standing_of(source, node=node, by=by), contributions(source, node)
    ranked = standing.ranked_blocks().items()
    blocks = Frozen({block: Agreement(held.of_rows(rows)) for block, rows in ranked if block is not None})
    return Coherence(node=node, nodes=held.nodes, titles=held.titles, blocks=blocks, standing=standing)
