"""Which leaves decide nothing: the ranks once each is left out of the rubric."""

from collections.abc import Iterator
from functools import cached_property
from typing import TypeAlias, overload

import attrs
import numpy as np

from dti_core.analysis.by_result import ByResult, by_result
from dti_core.analysis.compared import Scored, only_scored
from dti_core.analysis.leave_one_out.left_out import sheet_without, without_leaf
from dti_core.analysis.leave_one_out.published import leaves_of, ranks_without
from dti_core.analysis.reranked import RanksOrWhy, Reranked, of_cases, why_refused
from dti_core.analysis.sources import names_of, standing_of
from dti_core.analysis.together import Edition
from dti_core.answer import Columns, doubles, in_language, texts
from dti_core.columns.frozen import Frozen
from dti_core.errors import DTIError, InvalidArgument, Language
from dti_core.evaluation.renormalise import NodeScore, node_score
from dti_core.evaluation.sums import NodeSums
from dti_core.exact.rationals import Rationals
from dti_core.result import Result, evaluate
from dti_core.rubric.tree import TOTAL
from dti_core.scores import Scores
from dti_core.scores.setting import By
from dti_core.terms import Label, nfc
from dti_core.words import COHERENCE as WORDS
from dti_core.words.tables import Table

NAMED = 12
"""So many leaves are named in a sentence; all are in the table."""
Names: TypeAlias = tuple[str, ...] | None


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class LeftOut(Reranked):
    """The ranks of every unit once each leaf is left out: ``ranks`` are units × leaves.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> result = evaluate(rubric, MarkSheet.from_array([[30, 12], [21, 20]], rubric, units=["a", "b"]))
    >>> answer = leave_one_out(result)
    >>> answer.leaves, answer.ranks.tolist()
    (('1', '2'), [[2, 1], [1, 2]])
    """

    #: those that are left out, in document order
    leaves: tuple[str, ...]
    #: what these are called
    titles: tuple[Label, ...]
    _decimals = Frozen({"mean": 2, "tau": 4})

    def __repr__(self) -> str:
        return f"<LeftOut: {len(self.standing.units)} units × {len(self.leaves)} leaves>"

    def columns(self, language: Language | None = None) -> Columns:
        """A dict of arrays, a row per leaf, in document order.

        ``leaf``, ``title``; ``changed``, how many units have another rank without it; ``mean``, how many places those
        ranked shift in the mean; ``unit``, ``name`` and ``places`` of the unit that shifts most, positive is up;
        ``tau``, Kendall's τ-b of both orders; and ``reason``, why it cannot be left out, which then has nothing else.
        """
        language = self._speaking(language)
        return {
            "leaf": texts(self.leaves),
            "title": in_language(self.titles, language),
            **self._shifted(language),
            "tau": doubles(shift and shift.tau for shift in self.shifts),
            "reason": in_language(self.reasons, language),
        }

    def _remarks(self, language: Language) -> Iterator[str]:
        """Which leaves can be left out and no rank changes."""
        shifts = zip(self.leaves, self.titles, self.shifts, strict=True)
        idle = [(leaf, title) for leaf, title, shift in shifts if shift and not shift.changed]
        named = ", ".join(f"{leaf} {title.text(language)}" for leaf, title in idle[:NAMED])
        nodes = named + (", …" if len(idle) > NAMED else "")
        values = {"count": len(idle), "leaves": len(self.leaves), "nodes": nodes}
        yield WORDS("idle_leaves" if idle else "no_idle_leaves", **values).text(language)

    def _tables(self, language: Language) -> Iterator[Table]:
        """A line per leaf, those that decide most first."""
        columns = self.columns(language)
        order = np.argsort(-np.nan_to_num(columns["mean"], nan=-1), kind="stable")
        yield self._table({name: column[order] for name, column in columns.items()}, language)


@overload
def leave_one_out(source: Edition, *, node: str = TOTAL, by: By = None) -> ByResult[LeftOut]: ...


@overload
def leave_one_out(source: Scored, *, node: str = TOTAL, by: By = None) -> LeftOut: ...


def leave_one_out(
    source: Scored | Edition, *, node: str = TOTAL, by: By = None
) -> LeftOut | ByResult[LeftOut]:
    """Which leaves of a node decide nothing: its ranks once each leaf is left out of the rubric.

    What holds the leaf is worth less by it; rules, conditions and tie-breaks no longer name it. The ranks are those
    that ``evaluate`` gives by such a rubric. A leaf without which there is no rubric is listed with the reason. A
    published result answers where nothing but points and maxima goes with a leaf: not by level, without bonus, penalty,
    caps, gates, stand-by leaves and tie-breaks, and with all leaves in its document. An edition answers result by
    result.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> marks = MarkSheet.from_array([[30, 12], [21, 20], [9, 11]], rubric, units=["a", "b", "c"])
    >>> table = leave_one_out(evaluate(rubric, marks)).columns()
    >>> [table[name].tolist() for name in ("leaf", "changed", "unit", "places")]
    [['1', '2'], [2.0, 0.0], ['a', None], [-1.0, 0.0]]
    """
    names = names_of(by)
    return by_result(source, lambda result: _answer(only_scored(result), node, names))


def _answer(source: Scored, node: str, by: Names) -> LeftOut:
    standing = standing_of(source, node=node, by=by)
    if isinstance(source, Result):
        scores, tree = source[node], source.rubric.tree
        leaves = [leaf for leaf in tree.under[scores.node] if tree.role[leaf] != "standby"]
        if not scores.is_scored or scores.node not in tree.children:
            raise InvalidArgument(WORDS("no_leaves", node=node))
        titles = [tree.title[leaf] for leaf in leaves]
        outcomes = [_outcome(scores, leaf, by) for leaf in leaves]
    else:
        held = leaves_of(source, nfc(node))
        leaves, titles = [*held], [leaf.title for leaf in held.values()]
        outcomes = [ranks_without(source, nfc(node), leaf, standing) for leaf in leaves]
    return LeftOut(
        standing=standing,
        leaves=tuple(leaves),
        titles=tuple(titles),
        **of_cases(outcomes, len(standing.units)),
    )


def _outcome(scores: Scores, leaf: str, by: Names) -> RanksOrWhy:
    """The ranks without a leaf, or why there are none."""
    if _is_plain(scores, leaf):
        return _Without(scores.setting, scores.node, leaf).ranks(by)
    setting = scores.setting
    try:
        rubric = without_leaf(setting.rubric, leaf)
        policy = attrs.evolve(setting.policy, tie_break=rubric.policy.tie_break)
        return evaluate(rubric, sheet_without(setting.marks, rubric), policy)[scores.node].ranks(by)
    except DTIError as error:
        return why_refused(error, setting.marks, setting.policy)


def _is_plain(scores: Scores, leaf: str) -> bool:
    """Whether leaving a leaf out takes its points and its maximum off the node, and does nothing else."""
    setting, tree = scores.setting, scores.setting.rubric.tree
    holders = tree.holders(leaf)
    asked = {breaker for breaker in scores.tie_break if isinstance(breaker, str)}
    return (
        tree.role[leaf] == "scored"
        and setting.policy.renormalise != "by_level"
        and tree.maximum[scores.node] > tree.maximum[leaf]
        and tree.adjusted.keys().isdisjoint(holders)
        and asked.isdisjoint((leaf, *holders))
        and not any(form.replaced for form in setting.marks.applicability.forms)
    )


@attrs.frozen(slots=False, eq=False, repr=False)
class _Without(Scores):
    """The scores of a node without a leaf that :func:`_is_plain`."""

    leaf: str

    @cached_property
    def sums(self) -> NodeSums:
        rolled = self.setting.rolled
        return rolled.of(self.node).less(rolled.of(self.leaf))

    @cached_property
    def _score(self) -> NodeScore:
        maximum = self.setting.rubric.tree.maximum
        return node_score(self.setting.rolled, self.node, self.sums, maximum[self.node] - maximum[self.leaf])

    @cached_property
    def _coverage(self) -> Rationals:
        rolled, marked = self.setting.rolled, self.sums.marked
        full = np.broadcast_to(rolled.full(self.node) - rolled.full(self.leaf), marked.shape)
        return Rationals(marked * (full > 0), full)
