"""Whose rank hangs on which choice of the policy: the same marks ranked under many other policies."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, TypedDict, Unpack, overload

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.analysis.by_result import ByResult
from dti_core.analysis.compared import only_result
from dti_core.analysis.policy_grid import (
    Field,
    Value,
    Variant,
    beside,
    grid,
    levels_of,
    named,
    without_rules,
)
from dti_core.analysis.policy_ranks import Ranked, Ranker, scored_by, why_refused
from dti_core.analysis.policy_shares import shares_of
from dti_core.analysis.shifts import Shift
from dti_core.analysis.sources import names_of, standing_of
from dti_core.analysis.standing import Standing
from dti_core.analysis.together import Edition
from dti_core.answer import Answer, Columns, Floats, Ints, doubles, in_language, kept, texts
from dti_core.columns.codes import instance
from dti_core.columns.frozen import Frozen
from dti_core.errors import DTIError
from dti_core.result import Result
from dti_core.rubric import Rubric
from dti_core.rubric.policy import Policy
from dti_core.rubric.tree import TOTAL
from dti_core.scores.setting import By
from dti_core.terms import Label, Language
from dti_core.words import POLICIES as WORDS
from dti_core.words import Sentence
from dti_core.words.tables import Table, written


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class PolicyVariants(Answer):
    """Every unit under every policy that was tried: ``ranks`` and ``published`` are units × variants.

    ``columns`` tells what each variant changes, :meth:`spans` how far each unit moves, :meth:`shares` which choice
    decides.
    """

    #: under the policy in force
    standing: Standing
    groups: NDArray[np.int32]
    variants: tuple[Variant, ...]
    #: (units, variants) 0 where unranked, and all under a variant that is refused
    ranks: Ints
    #: (units, variants) as each variant prints them, NaN where null
    published: Floats
    #: why each variant is refused, None where it is not
    reasons: tuple[Label | None, ...]
    #: the values that each choice takes in the grid, that in force first
    levels: Frozen[Field, tuple[Value, ...]]

    def __repr__(self) -> str:
        return f"<PolicyVariants: {len(self.standing.units)} units × {len(self.variants)} policies>"

    @cached_property
    def shifts(self) -> tuple[Shift | None, ...]:
        """How the ranks under each variant differ from those in force; None where it is refused."""
        return tuple(
            None if reason else Shift(self.standing.ranks, ranks, self.groups)
            for reason, ranks in zip(self.reasons, self.ranks.T, strict=True)
        )

    def columns(self, language: Language | None = None) -> Columns:
        """A dict of arrays, a row per variant, those that change fewest choices first.

        ``variant``, ``variant_title``; ``changed``, how many units have another rank; ``mean``, how many places those
        ranked shift in the mean; ``unit``, ``name`` and ``places`` of the unit that shifts most, positive is up; and
        ``reason``, why a variant is refused, which then has nothing else.
        """
        language = self._speaking(language)
        rows = [None if shift is None else shift.farthest for shift in self.shifts]
        names = self.standing.names
        return {
            "variant": texts(variant.name for variant in self.variants),
            "variant_title": in_language((variant.title for variant in self.variants), language),
            "changed": doubles(shift and shift.changed for shift in self.shifts),
            "mean": doubles(shift and shift.mean for shift in self.shifts),
            "unit": texts(None if row is None else self.standing.units[row] for row in rows),
            "name": in_language((None if row is None else names[row] for row in rows), language),
            "places": doubles(shift and shift.most for shift in self.shifts),
            "reason": in_language(self.reasons, language),
        }

    def spans(self, language: Language | None = None) -> Columns:
        """How far each unit moves: a dict of arrays, a row per unit.

        ``unit``, ``name``, ``block``, ``block_title``, ``rank`` (in force); ``best`` and ``worst`` rank under any
        variant and in force, 0 where it never has one; ``fields``, how many choices it takes at least to change the
        rank, 0 where none do; ``moved_by`` and ``moved_by_title``, the first variant of so many that does.
        """
        language = self._speaking(language)
        standing, first = self.standing, self._first_move.tolist()
        ranks = np.column_stack([standing.ranks, self.ranks])
        best = np.where(ranks > 0, ranks, len(ranks) + 1).min(axis=1)
        moved_by = [None if at < 0 else self.variants[at] for at in first]
        blocks = standing.blocks.tolist()
        titles = {block: standing.title(block, language) for block in dict.fromkeys(blocks)}
        return {
            "unit": texts(standing.units),
            "name": in_language(standing.names, language),
            "block": standing.blocks,
            "block_title": texts(map(titles.get, blocks)),
            "rank": standing.ranks,
            "best": kept(np.where(best > len(ranks), 0, best)),
            "worst": kept(ranks.max(axis=1)),
            "fields": kept(np.array([len(each.changes) if each else 0 for each in moved_by], dtype=np.int64)),
            "moved_by": texts(each and each.name for each in moved_by),
            "moved_by_title": in_language((each and each.title for each in moved_by), language),
        }

    def shares(self, language: Language | None = None) -> Columns:
        """Which choice decides: a dict of arrays, a row per choice that takes more than one value in the grid.

        ``field``, ``field_title``, ``values`` (how many); ``first_order``, the part of the variance of the mean shift
        over the whole grid that it explains by itself, ``total_order``, the part that is left when all others are
        known. By enumeration, exactly; NaN where no policy of the grid shifts anyone. I. M. Sobol', "Sensitivity
        estimates for nonlinear mathematical models" (1993); T. Homma and A. Saltelli (1996).
        """
        language = self._speaking(language)
        means = {
            frozenset(variant.changes.items()): shift.mean
            for variant, shift in zip(self.variants, self.shifts, strict=True)
            if shift is not None and not variant.is_named
        }
        shares = shares_of(self.levels, means)
        return {
            "field": texts(shares),
            "field_title": in_language((WORDS[field] for field in shares), language),
            "values": np.array([len(self.levels[field]) for field in shares], dtype=np.int64),
            "first_order": doubles(first for first, _ in shares.values()),
            "total_order": doubles(total for _, total in shares.values()),
        }

    @cached_property
    def _first_move(self) -> NDArray[np.intp]:
        """(units,) the first variant of those that change fewest choices under which a rank is another; −1 for none."""
        by_size = np.argsort([len(variant.changes) for variant in self.variants], kind="stable")
        is_had = np.array([reason is None for reason in self.reasons], dtype=bool)
        moves = ((self.ranks != self.standing.ranks[:, None]) & is_had)[:, by_size]
        first = by_size[moves.argmax(axis=1)] if len(by_size) else np.zeros(len(moves), dtype=np.intp)
        return np.where(moves.any(axis=1), first, -1)

    def _remarks(self, language: Language) -> Iterator[str]:
        """How many units move at all, and the variant of several choices that changes most ranks."""
        moving = int(np.count_nonzero(self._first_move >= 0))
        ranked = int(np.count_nonzero(self.standing.ranks))
        tried = sum(shift is not None for shift in self.shifts)
        values = {"moving": moving, "ranked": ranked, "variants": tried}
        yield Sentence(WORDS["headline"], values).text(language)
        several = [
            (shift.changed, variant)
            for shift, variant in zip(self.shifts, self.variants, strict=True)
            if shift and len(variant.changes) > 1 and not variant.is_named
        ]
        if several:
            changed, variant = max(several, key=lambda pair: pair[0])
            most = {"variants": len(several), "changed": changed, "variant": variant.title}
            yield Sentence(WORDS["together"], most).text(language)

    def _written(self, name: str, column: NDArray[Any], language: Language) -> list[str]:
        """Means and shares with two decimals."""
        if name in ("mean", "first_order", "total_order"):
            return written(column.tolist(), language, 2)
        return super()._written(name, column, language)

    def _tables(self, language: Language) -> Iterator[Table]:
        """One choice at a time, which choice decides, the units that move, and what is refused."""
        variants, spans = self.columns(language), self.spans(language)
        is_had = np.array([reason is None for reason in self.reasons], dtype=bool)
        is_simple = [len(variant.changes) == 1 or variant.is_named for variant in self.variants]
        refused = {name: variants[name] for name in ("variant", "variant_title", "reason")}
        parts = {
            "alone": _taken(variants, is_had & is_simple),
            "fields": self.shares(language),
            "units": _taken(spans, self._first_move >= 0),
            "refused": _taken(refused, ~is_had & is_simple),
        }
        for name, columns in parts.items():
            if len(next(iter(columns.values()))):
                yield self._table(columns, language, WORDS[name].text(language))


def _taken(columns: Columns, rows: NDArray[np.bool_]) -> Columns:
    """Some rows of columns."""
    return {name: column[rows] for name, column in columns.items()}


class Choices(TypedDict, total=False):
    """What :func:`policy_variants` is told beside its source."""

    node: str
    by: By
    renormalise: Iterable[str] | None
    missing: Iterable[str] | None
    decide_on: Iterable[str] | None
    decimals: Iterable[int] | None
    rounding: Iterable[str] | None
    ties: Iterable[str] | None
    policies: Mapping[str, Policy] | None
    without: Iterable[str]
    rubric: Rubric | None


@overload
def policy_variants(source: Edition, **choices: Unpack[Choices]) -> ByResult[PolicyVariants]: ...


@overload
def policy_variants(source: Result, **choices: Unpack[Choices]) -> PolicyVariants: ...


def policy_variants(  # noqa: PLR0913 - each choice of a policy by its name
    source: Result | Edition,
    *,
    node: str = TOTAL,
    by: By = None,
    renormalise: Iterable[str] | None = None,
    missing: Iterable[str] | None = None,
    decide_on: Iterable[str] | None = None,
    decimals: Iterable[int] | None = None,
    rounding: Iterable[str] | None = None,
    ties: Iterable[str] | None = None,
    policies: Mapping[str, Policy] | None = None,
    without: Iterable[str] = (),
    rubric: Rubric | None = None,
) -> PolicyVariants | ByResult[PolicyVariants]:
    """Whose rank hangs on which choice of the policy: the marks ranked under many other policies.

    Each choice lists the values to try beside that in force; all combinations are tried, those of one choice first.
    Where nothing is named, every choice takes its other values (decimals 0 to 3, missing marks zero or left out).
    Decimals and rounding are those that the node is printed with. ``policies`` are whole policies, by name; ``without``
    are exclusion rules, each left out by itself; ``rubric`` is another one with the same leaves. What is refused, such
    as to refuse missing marks where some are, is listed with its reason. An edition answers result by result.

    Every column of ranks is what ``evaluate(rubric, marks, policy).ranks()`` gives. Raises
    :class:`~dti_core.InvalidArgument` for more than 10,000 combinations.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30)])
    >>> result = evaluate(rubric, MarkSheet.from_array([[15.2], [15.4], [9]], rubric, units=["a", "b", "c"]))
    >>> answer = policy_variants(result, decimals=[0], ties=["dense"])
    >>> [answer.columns()[name].tolist() for name in ("variant", "changed")]
    [['decimals=0', 'ties=dense', 'decimals=0, ties=dense'], [1.0, 0.0, 2.0]]
    """
    asked: dict[Field, Any] = {"renormalise": renormalise, "missing": missing, "decide_on": decide_on}
    asked |= {"decimals": decimals, "rounding": rounding, "ties": ties}
    beside_it: dict[str, Any] = {"policies": policies, "without": without, "rubric": rubric}

    def ask(result: Result) -> PolicyVariants:
        return _answer(result, node=node, by=names_of(by), asked=asked, **beside_it)

    return ByResult.of(source, ask) if isinstance(source, Edition) else ask(only_result(source))


def _answer(
    result: Result,
    *,
    node: str,
    by: tuple[str, ...] | None,
    asked: Mapping[Field, Any],
    policies: Any,
    without: Any,
    rubric: Any,
) -> PolicyVariants:
    standing, policy = standing_of(result, node=node, by=by), result.policy
    tried = [*named(policy, node, policies)]
    others = [*without_rules(result.rubric, policy, without)]
    if rubric is not None:
        instance("rubric", rubric, Rubric)
        others.append((beside("rubric", rubric.code, policy), rubric))
    is_asked = bool(tried or others) or any(values is not None for values in asked.values())
    levels = levels_of(policy, node, asked if is_asked else None)
    tried = [*grid(policy, node, levels), *tried]
    ranker = Ranker(result.rubric, result.marks, node, by)
    outcomes = [_outcome(ranker, variant.policy) for variant in tried]
    for variant, other in others:
        outcomes.append(_of_other_rubric(result, other, node, by, variant.policy))
    variants = (*tried, *(variant for variant, _ in others))
    nothing = (np.zeros(len(result.units), dtype=np.int64), np.full(len(result.units), np.nan))
    columns = [nothing if isinstance(outcome, Label) else outcome for outcome in outcomes]
    return PolicyVariants(
        standing=standing,
        groups=kept(result[node].labelled_groups(by)[0]),
        variants=variants,
        ranks=kept(_stacked([ranks for ranks, _ in columns], nothing[0])),
        published=kept(_stacked([values for _, values in columns], nothing[1])),
        reasons=tuple(outcome if isinstance(outcome, Label) else None for outcome in outcomes),
        levels=levels,
    )


def _outcome(ranker: Ranker, policy: Policy) -> Ranked | Label:
    """The ranks under a policy, or why there are none."""
    try:
        return ranker.ranked(policy)
    except DTIError as error:
        return why_refused(error, ranker.marks, policy)


def _of_other_rubric(
    result: Result, rubric: Rubric, node: str, by: tuple[str, ...] | None, policy: Policy
) -> Ranked | Label:
    """The ranks of the same marks by another rubric under the policy, or why there are none."""
    try:
        marks = scored_by(result.marks, rubric)
    except DTIError as error:
        return why_refused(error, result.marks, policy)
    return _outcome(Ranker(rubric, marks, node, by), policy)


def _stacked(columns: list[NDArray[Any]], like: NDArray[Any]) -> NDArray[Any]:
    """(units, columns), of no column too."""
    return np.column_stack(columns) if columns else like[:, None][:, :0]
