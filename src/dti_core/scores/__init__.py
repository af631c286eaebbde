"""One node's scores: points, rates, published values, ranks and grades, each worked out when it is asked for."""

from fractions import Fraction
from functools import cached_property
from typing import Literal, get_args

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.applicability import NO_BLOCK
from dti_core.errors import InvalidArgument, shorten
from dti_core.evaluation import IntArray, NodeSums
from dti_core.evaluation.ranking import UNRANKED, ranks_of
from dti_core.evaluation.renormalise import NodeScore, applicable_maximum, score
from dti_core.exact import Int, Rounding
from dti_core.exact.rationals import Rationals
from dti_core.exact.ratios import Ratios
from dti_core.rubric.policy import MAX_DECIMALS, Form, Ties
from dti_core.rubric.tree import TOTAL
from dti_core.scores.setting import By, Setting
from dti_core.terms import LANGUAGES, Label, Language, Scalar

Floats = NDArray[np.float64]
Field = Literal["points", "applicable", "rate", "score", "published", "completeness", "coverage"]
FORMS: dict[Form, int] = {"points": 0, "ratio": 0, "percent": 2}


@attrs.frozen(slots=False, repr=False, eq=False)
class Scores:
    """One node's scores, as arrays over ``result.units``: float64, NaN where null."""

    setting: Setting
    node: str

    def __repr__(self) -> str:
        return f"<Scores of {self.node!r}: {len(self.setting.marks.units)} units>"

    @property
    def points(self) -> Floats:
        """Points: the sum of the marks that count; of a node of bonus or penalty, its capped points."""
        ticks = self._sums.points if self._is_scored else self.setting.rolled.bonus(self.node)
        return ticks / self._scale

    @property
    def applicable(self) -> Floats:
        """The applicable maximum: what is left after exclusions."""
        return self._applicable / self._scale if self._is_scored else self._null

    @property
    def rate(self) -> Floats:
        """Points / applicable maximum."""
        if not self._is_scored:
            return self._null
        return _quotient(self._sums.points, self._applicable)

    @property
    def score(self) -> Floats:
        """Points converted to the scale (for the total, after bonus and penalty), unrounded."""
        if not self._is_scored:
            return self._null
        return self._score.earned.floats(self._score.factor / self._scale)

    @property
    def published(self) -> Floats:
        """The score as the policy prints it."""
        publish = self.setting.policy.publish
        return self.published_as(publish.as_, publish.decimals)

    def published_as(self, form: Form, decimals: int = 2, rounding: Rounding | None = None) -> Floats:
        """The exact score rounded in another form: points, ratio or percent."""
        if form not in FORMS or type(decimals) is not int or not 0 <= decimals <= MAX_DECIMALS:
            forms = ", ".join(FORMS)
            raise InvalidArgument(
                f"the form is one of {forms}, with 0 to {MAX_DECIMALS} decimals; not {form}, {decimals}"
            )
        if not self._is_scored:
            return self._null
        whole = self._rounded(form, decimals, rounding or self.setting.policy.publish.rounding)
        return Rationals(whole, np.where(self._score.relative.null, 0, 10**decimals)).floats()

    @property
    def completeness(self) -> Floats:
        """Marked maximum / (marked + missing maximum)."""
        return _quotient(self._sums.marked, self._sums.applicable) if self._is_scored else self._null

    @property
    def coverage(self) -> Floats:
        """Marked maximum / the node's maximum."""
        if not self._is_scored:
            return self._null
        return _quotient(self._sums.marked, np.full(len(self._sums.marked), self._maximum))

    def exact(self, field: Field = "score") -> list[Fraction | None]:
        """The values of a field as fractions over ``result.units``, None where null.

        >>> from dti_core import Index, MarkSheet, Rubric, evaluate
        >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
        >>> evaluate(rubric, MarkSheet.from_array([[15.5, 20]], rubric, units=["a"])).total.exact("rate")
        [Fraction(71, 100)]
        """
        if field not in get_args(Field):
            raise InvalidArgument(f"the field is one of {', '.join(get_args(Field))}; not {shorten(field)}")
        if not self._is_scored:
            whole = self.setting.rolled.bonus(self.node)
            return _fractions(whole, self._scale) if field == "points" else [None] * len(whole)
        if field == "score":
            factor = self._score.factor / self._scale
            return [value and value * factor for value in self._score.earned.fractions()]
        sums, unit = self._sums, 10**self.setting.policy.publish.decimals
        parts: dict[Field, tuple[Int, Int | int]] = {
            "points": (sums.points, self._scale),
            "applicable": (self._applicable, self._scale),
            "rate": (sums.points, self._applicable),
            "published": (self.published_units, np.where(self._score.relative.null, 0, unit)),
            "completeness": (sums.marked, sums.applicable),
            "coverage": (sums.marked, self._maximum),
        }
        return _fractions(*parts[field])

    def ranks(self, by: By = None, ties: Ties | None = None) -> NDArray[np.int64]:
        """Ranks within the rubric's blocks (or all together where it declares none), 0 where unranked.

        ``by`` names attributes to rank within, ``()`` everyone together; ``ties`` stands in for the policy's.
        """
        return ranks_of(self._keys, self._groups(by), ties or self.setting.policy.ties)

    def ranked_with(self, by: By = None) -> NDArray[np.int64]:
        """How many units each is ranked among, itself included; 0 where unranked."""
        groups = self._groups(by)
        counts = np.bincount(groups[groups >= 0], minlength=1)
        return np.where(groups >= 0, counts[groups], 0)

    def grades(self) -> NDArray[np.object_]:
        """Band codes, None where there is no score."""
        bands = self.setting.rubric.bands
        codes = np.array([*(band.code for band in bands), None], dtype=object)
        if not self._is_scored or not bands:
            return np.full(len(self.setting.marks.units), None, dtype=object)
        below = np.zeros(len(self.setting.marks.units), dtype=np.int64)
        for band in bands:
            below += ~(self.decisive >= Fraction(band.at_least) / 100)
        return codes[np.where(self._score.relative.null, len(bands), below)]

    def unranked(self, by: By = None, language: Language = "vi") -> dict[str, str]:
        """Why each unit without a rank has none."""
        rows = np.flatnonzero(self._groups(by) == UNRANKED).tolist()
        return {self.setting.marks.units[row]: self.why_unranked(row).text(language) for row in rows}

    def why_unranked(self, row: int) -> Label:
        """Why the unit in a row, one without a rank, has none."""
        marks, rubric = self.setting.marks, self.setting.rubric
        aside = marks.unranked.get(marks.units[row])
        if aside is not None:
            vi, en = (f"{aside.reason.text(language)} ({aside.basis})" for language in LANGUAGES)
            return Label(vi, en)
        if not self.setting.marks.ranked[row]:
            block = int(marks.applicability.block_of[row])  # type: ignore[index]
            if block == NO_BLOCK:
                return Label("không thuộc khối nào", "in none of the blocks")
            title = rubric.blocks[block].title
            return Label(f"khối {title.vi} không xếp hạng", f"block {title.text('en')} is not ranked")
        if not self._is_scored or bool(self._score.relative.null[row]):
            return Label("không có điểm", "has no score")
        if not self._is_covered[row]:
            return Label("chưa chấm đủ để xếp hạng", "too little of the maximum is marked")
        return Label("không có thuộc tính dùng để xếp hạng", "lacks the attribute to rank by")

    @property
    def _scale(self) -> int:
        return self.setting.compiled.scale

    @property
    def _null(self) -> Floats:
        return np.full(len(self.setting.marks.units), np.nan)

    @cached_property
    def _is_scored(self) -> bool:
        return self.setting.rubric.tree.kind[self.node] in ("scored", "standby")

    @property
    def _maximum(self) -> int:
        return self.setting.rubric.tree.maximum[self.node]

    @cached_property
    def _sums(self) -> NodeSums:
        return self.setting.rolled.of(self.node)

    @cached_property
    def _applicable(self) -> IntArray:
        return applicable_maximum(self._sums, self.setting.policy)

    @cached_property
    def _score(self) -> NodeScore:
        return score(self.setting.rolled, self.setting.policy, self.node)

    def _rounded(self, form: Form, decimals: int, rounding: Rounding) -> Int:
        unit = 10 ** (decimals + FORMS[form])
        if form == "points":
            return self._score.earned.rounded(self._score.factor * Fraction(unit, self._scale), rounding)
        return self._score.relative.rounded(Fraction(unit), rounding)

    @cached_property
    def decisive(self) -> Ratios:
        """What ranks, ties and bands compare: the published value or the exact score, relative to the scale."""
        policy = self.setting.policy
        if policy.decide_on == "exact":
            return self._score.relative
        publish = policy.publish
        full = np.where(self._score.relative.null, 0, 10 ** (publish.decimals + FORMS[publish.as_]))
        printed = Rationals(self.published_units, full)
        if publish.as_ != "points":
            return printed
        scale = np.broadcast_to(self._score.scale, full.shape)
        return printed * Rationals(np.full_like(scale, self._scale), scale)

    @cached_property
    def _keys(self) -> NDArray[np.int64]:
        """Whole numbers that order units, the tie-break chain of the total included."""
        policy = self.setting.policy
        if not self._is_scored:
            return np.zeros(len(self.setting.marks.units), dtype=np.int64)
        printed = policy.decide_on == "published" and isinstance(self._score.scale, int)
        published = self.published_units if printed else None
        keys = (
            published if published is not None and published.dtype == np.int64 else self.decisive.ordinals()
        )
        for node in self.tie_break:
            other = Scores(self.setting, node)
            next_keys = np.where(other.decisive.null, 0, other.decisive.ordinals() + 1)
            keys = np.unique(keys, return_inverse=True)[1] * (int(next_keys.max(initial=0)) + 1) + next_keys
        return keys

    @cached_property
    def _is_covered(self) -> NDArray[np.bool_]:
        """Where enough of the maximum is marked for a rank."""
        least = Fraction(self.setting.policy.min_coverage)
        if least == 0:
            return np.ones(len(self.setting.marks.units), dtype=bool)
        return Rationals(self._sums.marked, np.full(len(self._sums.marked), self._maximum)) >= least

    @property
    def tie_break(self) -> tuple[str, ...]:
        """The nodes that break ties of this one."""
        return self.setting.policy.tie_break if self.node == TOTAL else ()

    @cached_property
    def published_units(self) -> Int:
        """Published values in units of their last decimal, 0 where null."""
        publish = self.setting.policy.publish
        if not self._is_scored:
            return np.zeros(len(self.setting.marks.units), dtype=np.int64)
        return self._rounded(publish.as_, publish.decimals, publish.rounding)

    def labelled_groups(self, by: By) -> tuple[NDArray[np.int32], list[tuple[Scalar, ...]]]:
        """A group number per unit, −1 where unranked, and the attribute values that each group shares."""
        groups = self._groups(by)
        factors = self.setting.factors(by)
        present, first, dense = np.unique(groups, return_index=True, return_inverse=True)
        skipped = int(len(present) > 0 and present[0] == UNRANKED)
        labels = [tuple(each.values[each.codes[row]] for each in factors) for row in first[skipped:].tolist()]
        return (dense - skipped).astype(np.int32), labels

    def _groups(self, by: By) -> NDArray[np.int32]:
        groups = self.setting.groups(by)
        if not self._is_scored:
            return np.full_like(groups, UNRANKED)
        return np.where(self._score.relative.null | ~self._is_covered, UNRANKED, groups)


def _quotient(numerator: IntArray, denominator: IntArray) -> Floats:
    return Rationals(numerator, denominator).floats()


def _fractions(numerator: Int, denominator: Int | int) -> list[Fraction | None]:
    return Rationals(numerator, np.broadcast_to(denominator, numerator.shape)).fractions()
