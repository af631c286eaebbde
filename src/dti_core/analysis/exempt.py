"""Whether units gain by what they are not assessed on: their scores as they are, and as if they were."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property

import attrs
import numpy as np

from dti_core.analysis.compared import only_result
from dti_core.analysis.correlation import pearson
from dti_core.analysis.outline import Outline
from dti_core.analysis.reach.race import Race
from dti_core.analysis.sources import standing_of
from dti_core.analysis.standing import Standing
from dti_core.analysis.together import Edition, block_name
from dti_core.answer import Answer, Columns, doubles, texts, wholes
from dti_core.applicability import Source
from dti_core.columns.frozen import Frozen
from dti_core.errors import Language
from dti_core.evaluation.rules import NOTHING, ONE, Sums, leaf_sums
from dti_core.explain.derive import Derivation
from dti_core.result import Result
from dti_core.rubric.tree import TOTAL
from dti_core.scores.setting import By
from dti_core.terms import Label
from dti_core.terms.lookups import grouped
from dti_core.words import EXEMPT
from dti_core.words.numbers import fixed

CASES = ("mean", "zero", "full")
"""As if a unit earned on the leaves what its peers do on average, nothing, or everything."""

FEWEST = 3
"""Of fewer units no correlation is told."""


@attrs.frozen(kw_only=True)
class Supposition:
    """One of the three cases: the exact score and the rank; None and 0 where there is none."""

    #: exact, in points; None where nothing applies
    score: Fraction | None
    #: 0 where it has none
    rank: int


@attrs.frozen(kw_only=True)
class Exempted:
    """A rule or decision that skips leaves of a unit, and what it changes; all else is as it is."""

    #: its code
    unit: str
    #: what it is called
    name: Label | None
    #: the code of the block it is ranked in
    block: str | None
    #: who skips the leaves, why and by which text
    source: Source
    #: the codes of the leaves skipped
    leaves: tuple[str, ...]
    #: of the leaves together, in points
    maximum: Fraction
    #: as it is; None where nothing applies
    score: Fraction | None
    #: as it is; 0 where it has none
    rank: int
    #: by case
    supposed: Frozen[str, Supposition]

    @property
    def credited(self) -> Fraction | None:
        """What skipping credits: the score less that with the mean rate of the peers."""
        mean = self.supposed["mean"].score
        return None if self.score is None or mean is None else self.score - mean


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ExclusionEffect(Answer):
    """What skipped leaves do to scores and ranks, a row per unit and rule or decision.

    >>> from dti_core import Exclusion, Index, MarkSheet, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> skip = Exclusion(members=["2"], units=["a"], treatment="skip", reason="Chưa triển khai", basis="ví dụ")
    >>> sheet = MarkSheet.from_array([[24, None], [27, 10]], rubric, units=["a", "b"], exclusions=[skip])
    >>> [(each.unit, each.leaves, str(each.credited)) for each in exclusion_effect(evaluate(rubric, sheet)).effects]
    [('a', ('2',), '6')]
    """

    #: what the scores and ranks are of
    node: str
    #: unit by unit, and of each rule by rule
    effects: tuple[Exempted, ...]
    #: by block, how the excluded share of the maximum correlates with the rate; NaN for less than three units, or where
    #: all have the same of one of both
    correlations: Frozen[str, float]
    #: what blocks are called
    titles: Frozen[str, Label]
    language: Language = "vi"
    _catalogues = Frozen({"source": EXEMPT})

    def __repr__(self) -> str:
        return f"<ExclusionEffect of {len(self.effects)} exclusions>"

    def columns(self, language: Language | None = None) -> Columns:
        """A dict of arrays, a row per unit and rule or decision that skips leaves of it.

        ``unit``, ``name``, ``block``, ``block_title``, ``source`` (rule, round or unit), ``rule`` (its code),
        ``reason``, ``leaves``, ``maximum`` (of these together); ``score`` and ``rank`` as they are; ``mean.score``,
        ``mean.rank``, ``zero.score``, ``zero.rank``, ``full.score`` and ``full.rank`` as if the leaves counted and the
        unit earned on them the mean rate of its peers, nothing or everything; ``credited``, the score less
        ``mean.score``.
        """
        language = self._speaking(language)
        effects, exclusions = self.effects, [effect.source.exclusion for effect in self.effects]
        table: Columns = {
            "unit": texts(effect.unit for effect in effects),
            "name": texts(effect.name and effect.name.text(language) for effect in effects),
            "block": texts(effect.block for effect in effects),
            "block_title": texts(self._called(effect.block, language) for effect in effects),
            "source": texts(effect.source.origin for effect in effects),
            "rule": texts(effect.source.rule for effect in effects),
            "reason": texts(exclusion.reason.text(language) for exclusion in exclusions),
            "leaves": texts(", ".join(effect.leaves) for effect in effects),
            "maximum": doubles(effect.maximum for effect in effects),
            "score": doubles(effect.score for effect in effects),
            "rank": wholes(effect.rank for effect in effects),
        }
        for case in CASES:
            table[f"{case}.score"] = doubles(effect.supposed[case].score for effect in effects)
            table[f"{case}.rank"] = wholes(effect.supposed[case].rank for effect in effects)
        return table | {"credited": doubles(effect.credited for effect in effects)}

    def _called(self, block: str | None, language: Language) -> str | None:
        """What a block is called; a code that has no title, by itself."""
        title = self.titles.get(block or "")
        return block if title is None else title.text(language)

    def _remarks(self, language: Language) -> Iterator[str]:
        """How what is excluded goes with the rate, block by block."""
        for block, correlation in self.correlations.items():
            if correlation == correlation:
                called = self._called(block, language) or EXEMPT["everyone"]
                told = fixed(Fraction(correlation), 2, language)
                yield EXEMPT("correlation", block=called, correlation=told).text(language)


def exclusion_effect(source: Result | Edition, *, node: str = TOTAL, by: By = None) -> ExclusionEffect:
    """What units would have if the leaves counted that a rule or decision skips for them, all others unchanged.

    Peers of a unit on a leaf are those that it is ranked with for whom the leaf counts by its mark; a mark that is
    missing is what the policy makes of it. Where a leaf has no such peer there is no mean. Leaves that a stand-by leaf
    replaces are no part of this.

    >>> from dti_core import Exclusion, Index, MarkSheet, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> skip = Exclusion(members=["2"], units=["a"], treatment="skip", reason="Chưa triển khai", basis="ví dụ")
    >>> sheet = MarkSheet.from_array([[24, None], [27, 10]], rubric, units=["a", "b"], exclusions=[skip])
    >>> table = exclusion_effect(evaluate(rubric, sheet)).columns()
    >>> [table[name].item() for name in ("score", "mean.score", "credited", "rank", "mean.rank", "full.rank")]
    [40.0, 34.0, 6.0, 1, 2, 1]
    """
    if isinstance(source, Edition):
        return _joined(source, node, by)
    result = only_result(source)
    standing = standing_of(result, node=node, by=by)
    effects = _Effects(Race(result, result[node].node, by), standing)
    return ExclusionEffect(
        node=node,
        effects=tuple(effects),
        correlations=Frozen(effects.correlations()),
        titles=standing.titles,
    )


def _joined(edition: Edition, node: str, by: By) -> ExclusionEffect:
    """The effects of all results, blocks under the names that they have in the edition."""
    standing = edition.standing(node=node, by=by)
    block_of = dict(zip(standing.units, standing.blocks.tolist(), strict=True))
    parts = {name: exclusion_effect(result, node=node, by=by) for name, result in edition.results.items()}
    correlations = {
        block_name(name, block): value
        for name, part in parts.items()
        for block, value in part.correlations.items()
    }
    effects = (effect for part in parts.values() for effect in part.effects)
    return ExclusionEffect(
        node=node,
        effects=tuple(attrs.evolve(effect, block=block_of[effect.unit]) for effect in effects),
        correlations=Frozen(correlations),
        titles=standing.titles,
    )


@attrs.frozen(eq=False, slots=False)
class _Effects:
    race: Race
    standing: Standing

    def __iter__(self) -> Iterator[Exempted]:
        applicability = self.race.result.marks.applicability
        for row, case in enumerate(applicability.case_of.tolist()):
            skipped = [aside for aside in applicability.asides[case] if aside.treatment == "skip"]
            told = (aside for aside in skipped if aside.leaf in self._leaves)
            by_source = grouped((source, aside.leaf) for aside in told for source in aside.sources)
            for source, leaves in by_source.items():
                yield self._effect(row, source, leaves)

    @cached_property
    def _leaves(self) -> frozenset[str]:
        """The leaves of the node that are worth something."""
        tree = self.race.result.rubric.tree
        return frozenset(leaf for leaf in tree.scored_under(self.race.node) if tree.maximum[leaf])

    def _effect(self, row: int, source: Source, leaves: Sequence[str]) -> Exempted:
        race, names = self.race, self.race.result.marks.names
        mean = {leaf: self._means[int(race.groups[row]), leaf] for leaf in leaves}
        rates: dict[str, Mapping[str, Fraction | None]] = {"mean": mean}
        rates |= {"zero": dict.fromkeys(leaves, NOTHING), "full": dict.fromkeys(leaves, ONE)}
        return Exempted(
            unit=race.result.units[row],
            name=names[row] if names else None,
            block=self.standing.blocks[row],
            source=source,
            leaves=tuple(leaves),
            maximum=sum((self._worth(leaf) for leaf in leaves), NOTHING),
            score=self._scores[row],
            rank=int(race.ranks[row]),
            supposed=Frozen({case: self._supposed(row, own) for case, own in rates.items()}),
        )

    @cached_property
    def _scores(self) -> list[Fraction | None]:
        return self.race.scores.exact()

    def _worth(self, leaf: str) -> Fraction:
        return Outline.of(self.race.result).maximum(leaf)

    def _supposed(self, row: int, rates: Mapping[str, Fraction | None]) -> Supposition:
        """The score and rank with leaves that count and earn a part of their maxima."""
        if None in rates.values():
            return Supposition(score=None, rank=0)
        sums = {leaf: self._counted(leaf, rate or NOTHING) for leaf, rate in rates.items()}
        unit = Derivation(self.race.common, row, sums)
        rank = self.race.rank_with(row, unit) if self.race.ranks[row] else 0
        return Supposition(score=unit.score(self.race.node), rank=rank)

    def _counted(self, leaf: str, rate: Fraction) -> Sums:
        worth = self._worth(leaf)
        return leaf_sums(rate * worth, worth, self.race.result.policy.missing)

    @cached_property
    def _means(self) -> dict[tuple[int, str], Fraction | None]:
        """The mean rate of those who are ranked together and assessed on a leaf, by group and leaf."""
        applicability, race = self.race.result.marks.applicability, self.race
        skipped = {aside.leaf for case in applicability.asides for aside in case if aside.treatment == "skip"}
        means = {}
        for leaf in skipped & self._leaves:
            column = applicability.compiled.column[leaf]
            assessed = applicability.needed[applicability.pattern_of, column] & (race.ranks > 0)
            rates = race.result[leaf].exact("rate")
            for group in {*race.groups.tolist()}:
                rows = np.flatnonzero(assessed & (race.groups == group)).tolist()
                known = [rate for rate in map(rates.__getitem__, rows) if rate is not None]
                means[group, leaf] = sum(known, NOTHING) / len(known) if known else None
        return means

    def correlations(self) -> dict[str, float]:
        """By block, Pearson's correlation of the excluded share of the maximum with the rate, of ranked units."""
        scores = self.race.scores
        whole = self.race.result.rubric.tree.maximum[self.race.node]
        applicability = self.race.result.marks.applicability
        columns = [applicability.compiled.column[leaf] for leaf in sorted(self._leaves)]
        skipped = (~applicability.counts[:, columns] * applicability.compiled.maxima[columns]).sum(axis=1)
        excluded = skipped[applicability.pattern_of] / whole if whole else np.zeros(len(scores.rate))
        rate, ranked = scores.rate, self.race.ranks > 0
        return {
            block: pearson(excluded[rows[ranked[rows]]], rate[rows[ranked[rows]]], FEWEST)
            for block, rows in self.standing.in_blocks().items()
            if block is not None
        }
