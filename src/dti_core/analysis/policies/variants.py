"""Every unit under every policy that was tried, and what there is to say of it."""

from collections.abc import Iterator
from functools import cached_property

import attrs
import numpy as np

from dti_core.analysis.policies.grid import PolicyField, PolicyValue, Variant
from dti_core.analysis.policies.shares import variance_shares
from dti_core.analysis.reranked import Reranked
from dti_core.analysis.shifts import best_of
from dti_core.answer import Columns, Floats, doubles, in_language, kept, texts, wholes
from dti_core.columns.frozen import Frozen
from dti_core.errors import Language
from dti_core.exact.rationals import Mask, Rows
from dti_core.words import POLICIES as WORDS
from dti_core.words.tables import Table


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class PolicyVariants(Reranked):
    """Every unit under every policy that was tried: ``ranks`` and ``published`` are units × variants.

    ``columns`` tells what each variant changes, :meth:`spans` how far each unit moves, :meth:`shares` which choice
    decides.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> from dti_core.analysis import policy_variants
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30)])
    >>> result = evaluate(rubric, MarkSheet.from_array([[15.2], [15.4], [9]], rubric, units=["a", "b", "c"]))
    >>> spans = policy_variants(result, decimals=[0]).spans()
    >>> [spans[name].tolist() for name in ("unit", "rank", "best", "worst")]
    [['a', 'b', 'c'], [2, 1, 3], [1, 1, 3], [2, 1, 3]]
    """

    #: those that were tried, the cases of ``ranks``
    variants: tuple[Variant, ...]
    #: (units, variants) as each variant prints them, NaN where null
    published: Floats
    #: the values that each choice takes in the grid, that in force first
    levels: Frozen[PolicyField, tuple[PolicyValue, ...]]
    _decimals = Frozen({"mean": 2, "first_order": 2, "total_order": 2})

    def __repr__(self) -> str:
        return f"<PolicyVariants: {len(self.standing.units)} units × {len(self.variants)} policies>"

    def columns(self, language: Language | None = None) -> Columns:
        """A dict of arrays, a row per variant, those that change fewest choices first.

        ``variant``, ``variant_title``; ``changed``, how many units have another rank; ``mean``, how many places those
        ranked shift in the mean; ``unit``, ``name`` and ``places`` of the unit that shifts most, positive is up; and
        ``reason``, why a variant is refused, which then has nothing else.
        """
        language = self._speaking(language)
        return {
            "variant": texts(variant.name for variant in self.variants),
            "variant_title": in_language((variant.title for variant in self.variants), language),
            **self._shifted(language),
            "reason": in_language(self.reasons, language),
        }

    def spans(self, language: Language | None = None) -> Columns:
        """How far each unit moves: a dict of arrays, a row per unit.

        ``unit``, ``name``, ``block``, ``block_title``, ``rank`` (in force); ``best`` and ``worst`` rank under any
        variant and in force, 0 where it never has one; ``fields``, how many choices it takes at least to change the
        rank, 0 where none do; ``moved_by`` and ``moved_by_title``, the first variant of so many that does.
        """
        language = self._speaking(language)
        ranks = np.column_stack([self.standing.ranks, self.ranks])
        moved_by = [None if at < 0 else self.variants[at] for at in self._first_move.tolist()]
        return {
            **self._stand(language, ("unit", "name", "block", "block_title", "rank")),
            "best": best_of(ranks),
            "worst": kept(ranks.max(axis=1)),
            "fields": wholes(len(each.changes) if each else 0 for each in moved_by),
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
        shares = variance_shares(self.levels, means)
        return {
            "field": texts(shares),
            "field_title": in_language((WORDS[field] for field in shares), language),
            "values": wholes(len(self.levels[field]) for field in shares),
            "first_order": doubles(first for first, _ in shares.values()),
            "total_order": doubles(total for _, total in shares.values()),
        }

    @cached_property
    def _first_move(self) -> Rows:
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
        yield WORDS("headline", moving=moving, ranked=ranked, variants=tried).text(language)
        several = [
            (shift.changed, variant)
            for shift, variant in zip(self.shifts, self.variants, strict=True)
            if shift and len(variant.changes) > 1 and not variant.is_named
        ]
        if several:
            changed, variant = max(several, key=lambda pair: pair[0])
            most = WORDS("together", variants=len(several), changed=changed, variant=variant.title)
            yield most.text(language)

    def _tables(self, language: Language) -> Iterator[Table]:
        """One choice at a time, which choice decides, the units that move, and what is refused."""
        variants, spans = self.columns(language), self.spans(language)
        is_had = np.array([reason is None for reason in self.reasons], dtype=bool)
        simple = (len(variant.changes) == 1 or variant.is_named for variant in self.variants)
        is_simple = np.fromiter(simple, dtype=bool)
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


def _taken(columns: Columns, rows: Mask) -> Columns:
    """Some rows of columns."""
    return {name: column[rows] for name, column in columns.items()}
