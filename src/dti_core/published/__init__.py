"""A result as it was published: what a result document holds, exact, without the rubric and the marks behind it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args

import attrs
import numpy as np

from dti_core import terms
from dti_core.answer import Columns, arrow_stream
from dti_core.applicability import Origin as Origin
from dti_core.applicability import Outcome as Outcome
from dti_core.columns.frozen import frozen_copy
from dti_core.errors import Language, UnknownCode
from dti_core.exact import Exact
from dti_core.published.provenance import Marked as Marked
from dti_core.published.provenance import ScoredBy as ScoredBy
from dti_core.published.provenance import Software as Software
from dti_core.published.rulings import LimitRuling as LimitRuling
from dti_core.published.rulings import NotCounted as NotCounted
from dti_core.published.rulings import NotRanked as NotRanked
from dti_core.published.rulings import Ruling as Ruling
from dti_core.published.rulings import Why as Why
from dti_core.published.scores import Ints, NodeScores, Score, filled, views
from dti_core.rubric.conditions import Attributes, attributes_of
from dti_core.rubric.grades import Band
from dti_core.rubric.node_conditions import NodeCondition
from dti_core.rubric.policy import Policy
from dti_core.rubric.tree import TOTAL, Kind
from dti_core.terms import Label, Scalar, nfc
from dti_core.terms.custom import custom_of
from dti_core.terms.fields import checked, code_of, code_or_none, truth_of, word
from dti_core.words.display import Displayed

if TYPE_CHECKING:  # imported where it is used: few results are shown
    from dti_core.scores.ranking import Ranking

MeanOf = Literal["scores", "indices"]


def _told_apart(attributes: Mapping[str, Scalar]) -> dict[str, tuple[bool, Scalar]]:
    """True apart from 1."""
    return {name: (isinstance(value, bool), value) for name, value in attributes.items()}


@attrs.frozen(kw_only=True, field_transformer=checked)
class RankedBlock:
    """Units ranked against one another."""

    #: as the rubric has it
    code: str = attrs.field(converter=code_of)
    #: what the block is called
    title: Label = attrs.field(converter=terms.label_of)
    #: False: its units are scored, but not ranked
    ranked: bool = True


@attrs.frozen(kw_only=True, field_transformer=checked)
class Node:
    """What has a score, what it is worth and what it is made of; bonus, penalty and mixed nodes have points only."""

    #: as the rubric has it; ``total`` is the total
    code: str = attrs.field(converter=code_of)
    #: what it is called
    title: Label = attrs.field(converter=terms.label_of)
    #: scored, standby, bonus, penalty, or mixed of both
    role: Kind = word(*get_args(Kind), default="scored")
    #: what a full score of it is worth, or the most bonus or penalty; None where both mix
    maximum: Exact | None = None
    #: the nodes directly in it, or of a set its members; they stand after it
    children: tuple[str, ...] = attrs.field(default=(), converter=terms.codes_of)
    #: the lowest mark of a leaf with a scale of its own; None: it has none
    mark_min: Exact | None = None
    #: the highest mark of that scale, which earns ``maximum``; None: it has none
    mark_max: Exact | None = None
    #: it counts no more than its maximum
    cap: bool = attrs.field(default=False, converter=truth_of)
    #: the node that a node of bonus or penalty changes instead of the total
    adjusts: str | None = attrs.field(default=None, converter=code_or_none)
    #: conditions without which a scored node has no points
    zero_unless: tuple[NodeCondition, ...] = attrs.field(default=(), converter=terms.Listed[NodeCondition])
    #: what it is made of is left out of the document, so that its numbers do not follow from others
    partial: bool = attrs.field(default=False, converter=truth_of)

    @property
    def follows(self) -> bool:
        """Whether its numbers follow from those of the nodes in it."""
        return bool(self.children) and not self.partial

    @property
    def is_scored(self) -> bool:
        """Whether the node can have a score."""
        return self.role in ("scored", "standby")


@attrs.frozen(kw_only=True, field_transformer=checked)
class Adjusted:
    """By how many points a cap, a bonus and penalty of its own, and a gate changed a node, in this order."""

    #: by its cap, below 0; None: not at all
    cap: Exact | None = None
    #: by bonus and penalty of its own, above or below 0; None: not at all
    own: Exact | None = None
    #: by its gate, below 0: all points that there were; None: not at all
    gate: Exact | None = None


@attrs.frozen(kw_only=True, field_transformer=checked)
class Unit:
    """A unit, and what did not count for it."""

    #: as the marks have it
    code: str = attrs.field(converter=code_of)
    #: what it is called; None where the marks do not say
    name: Label | None = attrs.field(default=None, converter=terms.label_or_none)
    #: what the marks state of it, by name
    attributes: dict[str, Scalar] = attrs.field(factory=dict, converter=frozen_copy, eq=_told_apart)
    #: the code of its block; None: it is in none
    block: str | None = attrs.field(default=None, converter=code_or_none)
    #: why it is ranked nowhere; None: only its scores can keep it from a rank
    unranked: NotRanked | None = None
    #: the leaves that did not count for it in the ordinary way
    excluded: tuple[NotCounted, ...] = ()
    #: adjusted nodes of which something was taken, or which was given something
    adjusted: Mapping[str, Adjusted] = attrs.field(factory=dict, converter=frozen_copy)
    #: places in the grade limits of the result: of those that reach the unit
    grade_limits: tuple[int, ...] = ()
    #: the units that it was merged of after they were assessed; the result holds them as ``former``
    merged: tuple[str, ...] = attrs.field(default=(), converter=terms.codes_of)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Former:
    """Units that were merged after they were assessed, as they were: what merged ones are the means of."""

    #: a mean at every node by itself, or of the main indices, from which the rest follows by the policy
    mean_of: MeanOf = word(*get_args(MeanOf), default="scores")
    #: as they were assessed; each belongs to one merged unit
    units: tuple[Unit, ...]
    #: by node, columns over these units, without ranks and grades
    scores: Mapping[str, NodeScores] = attrs.field(converter=frozen_copy)


@attrs.frozen(kw_only=True, slots=False, repr=False, field_transformer=checked)
class PublishedResult(Displayed):
    """A result read back from its document: ``published.total``, ``published["1.2"]``, equal by value.

    ``published.of("a")`` is what one unit got; ``units`` hold what did not count for them, ``rulings`` say why. Numbers
    are fractions, published values the decimals that were printed.

    >>> from dti_core import evaluate, load_marks, load_result, load_rubric, to_document
    >>> rubric = load_rubric("vn-922-province")
    >>> result = evaluate(rubric, load_marks("vn-922-province-2022", rubric))
    >>> load_result(to_document(result)).of("da-nang")["total"].published
    Decimal('0.8002')
    """

    #: the rubric that it was scored by, by code and hash
    rubric: ScoredBy
    #: the sheet that was scored
    marks: Marked
    #: what it was scored with
    library: Software
    #: the policy that was in force
    policy: Policy
    #: those that units are ranked in
    blocks: tuple[RankedBlock, ...] = ()
    #: the grades, highest first
    bands: tuple[Band, ...] = ()
    #: what the attributes that break ties are declared as
    attributes: Attributes = attrs.field(default=(), converter=attributes_of)
    #: what has a score or points; what holds others stands before them
    nodes: tuple[Node, ...]
    #: the rules and decisions by which something did not count
    rulings: tuple[Ruling, ...] = ()
    #: what limits the grades of units
    grade_limits: tuple[LimitRuling, ...] = ()
    #: who was assessed, in the order of every column
    units: tuple[Unit, ...]
    #: by node, columns over the units
    scores: Mapping[str, NodeScores] = attrs.field(converter=frozen_copy)
    #: what units were merged of, where any were
    former: Former | None = None
    #: what the caller put into the document
    custom: dict[str, Any] | None = attrs.field(default=None, converter=custom_of)

    def __repr__(self) -> str:
        return f"<PublishedResult of {self.rubric.code}: {len(self.units)} units, {len(self.nodes)} nodes>"

    def ranking(self, *, language: Language = "vi", nodes: Sequence[str] = ()) -> "Ranking":
        """The table to publish: block by block, best first, the unranked last with the reason, as it was printed.

        ``nodes`` are printed beside the total, each with its own ranks.
        """
        from dti_core.published.ranking import ranking_of

        return ranking_of(self, nodes, language)

    def columns(self, nodes: Sequence[str] | None = None, language: Language = "vi") -> Columns:
        """The columns that :meth:`Result.columns` has, a row per unit, as they were published.

        ``nodes`` are by default the total, pillars, groups and indices.
        """
        from dti_core.published.table import wide

        return wide(self, nodes, language)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The columns as an Arrow stream, in which null is null, an absent rank too; needs pyarrow."""
        return arrow_stream(self.columns(), requested_schema)

    @property
    def total(self) -> dict[str, Score]:
        """The scores of the total, by unit."""
        return self[TOTAL]

    def __iter__(self) -> Iterator[str]:
        return iter([node.code for node in self.nodes])

    def __contains__(self, node: object) -> bool:
        return isinstance(node, str) and nfc(node) in [*self]

    def __getitem__(self, node: str) -> dict[str, Score]:
        """The scores of a node, by unit."""
        views = self._views(node, np.arange(len(self.units)))
        return dict(zip([unit.code for unit in self.units], views, strict=True))

    def of(self, unit: str) -> dict[str, Score]:
        """The scores of a unit, by node."""
        codes = [each.code for each in self.units]
        if not isinstance(unit, str) or nfc(unit) not in codes:
            raise UnknownCode("unit", unit, codes)
        rows = np.array([codes.index(nfc(unit))])
        return {node: score for node in self for score in self._views(node, rows)}

    def filled(self, node: str) -> NodeScores:
        """The scores of a node with every column."""
        return self._filled(node, np.arange(len(self.units)))

    def _filled(self, node: str, rows: Ints) -> NodeScores:
        if node not in self:
            raise UnknownCode("node", node, [*self])
        known = self.nodes[[*self].index(nfc(node))]
        maximum = known.maximum if known.is_scored else None
        return filled(self.scores[known.code].of_rows(rows), maximum, self.policy)

    def _views(self, node: str, rows: Ints) -> list[Score]:
        scores, ranked = self._filled(node, rows), self._ranked[nfc(node)]
        return views(scores, [ranked[self.units[row].block] for row in rows.tolist()])

    @cached_property
    def _ranked(self) -> Mapping[str, Counter[str | None]]:
        """By node, how many units of each block are ranked."""
        blocks = [unit.block for unit in self.units]
        ranks = {
            code: [] if scores.rank is None else scores.rank.tolist() for code, scores in self.scores.items()
        }
        return {
            code: Counter(block for block, rank in zip(blocks, column, strict=False) if rank)
            for code, column in ranks.items()
        }
