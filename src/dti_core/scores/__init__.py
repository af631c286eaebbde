"""One node's scores: points, rates, published values, ranks and grades, each worked out when it is asked for."""

from fractions import Fraction
from functools import cached_property
from typing import Literal, get_args

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.columns.codes import option
from dti_core.columns.factor import locked
from dti_core.evaluation import IntArray, NodeSums, rules
from dti_core.evaluation.ranking import UNRANKED, ranks_of
from dti_core.evaluation.renormalise import NodeScore, applicable_maximum, score
from dti_core.exact import Int, Rounding
from dti_core.exact.rationals import Rationals
from dti_core.exact.ratios import Ratios
from dti_core.rubric.policy import Form, Ties
from dti_core.rubric.tree import TOTAL
from dti_core.scores.asked import decimals_of
from dti_core.scores.order import Order
from dti_core.scores.setting import By, Setting
from dti_core.scores.unranked import WhyUnranked, why_unranked
from dti_core.terms import LANGUAGES, Language, Scalar

Floats = NDArray[np.float64]
Field = Literal["points", "applicable", "rate", "score", "published", "completeness", "coverage"]
FORMS: dict[Form, int] = {"points": 0, "ratio": 0, "percent": 2}
"""How a score is printed, and the power of ten that its part of the scale is multiplied by."""


@attrs.frozen(slots=False, repr=False, eq=False)
class Scores:
    """One node's scores, as arrays over ``result.units``: float64, NaN where null; compared by identity.

    ``setting``, ``decisive``, ``published_units``, ``tie_break``, ``labelled_groups`` and ``order`` are what the other
    rooms of the library build on.
    """

    setting: Setting
    node: str

    def __repr__(self) -> str:
        return f"<Scores of {self.node!r}: {len(self.setting.marks.units)} units>"

    @property
    def points(self) -> Floats:
        """Points: the sum of the marks that count; of a node of bonus or penalty, its capped points."""
        return self._ratios("points").floats()

    @property
    def applicable(self) -> Floats:
        """The applicable maximum: what is left after exclusions."""
        return self._ratios("applicable").floats()

    @property
    def rate(self) -> Floats:
        """Points / applicable maximum."""
        return self._ratios("rate").floats()

    @property
    def score(self) -> Floats:
        """Points converted to the scale (for the total, after bonus and penalty), unrounded."""
        return self._score.earned.floats(self._score.factor / self.setting.scale)

    @property
    def published(self) -> Floats:
        """The score as the policy prints it."""
        return self._ratios("published").floats()

    def published_as(self, form: Form, decimals: int = 2, rounding: Rounding | None = None) -> Floats:
        """The exact score rounded in another form: points, ratio or percent."""
        rounding = self.setting.policy.publish.rounding if rounding is None else rounding
        option("form", form, *FORMS)
        option("rounding", rounding, *get_args(Rounding))
        decimals = decimals_of(decimals)
        return self._printed(self._rounded(form, decimals, rounding), decimals).floats()

    @property
    def completeness(self) -> Floats:
        """Marked maximum / (marked + missing maximum)."""
        return self._ratios("completeness").floats()

    @property
    def coverage(self) -> Floats:
        """Marked maximum / the node's maximum."""
        return self._ratios("coverage").floats()

    def exact(self, field: Field = "score") -> list[Fraction | None]:
        """The values of a field as fractions over ``result.units``, None where null.

        >>> from dti_core import Index, MarkSheet, Rubric, evaluate
        >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
        >>> evaluate(rubric, MarkSheet.from_array([[15.5, 20]], rubric, units=["a"])).total.exact("rate")
        [Fraction(71, 100)]
        """
        option("field", field, *get_args(Field))
        if field != "score":
            return self._ratios(field).fractions()
        factor = self._score.factor / self.setting.scale
        return [value and value * factor for value in self._score.earned.fractions()]

    def ranks(self, by: By = None, ties: Ties | None = None) -> NDArray[np.int64]:
        """Ranks within the rubric's blocks (or all together where it declares none), 0 where unranked.

        ``by`` names attributes to rank within, ``()`` everyone together; ``ties`` stands in for the policy's.
        """
        ties = self.setting.policy.ties if ties is None else ties
        return ranks_of(self._keys, self._groups(by), ties)

    def ranked_with(self, by: By = None) -> NDArray[np.int64]:
        """How many units each is ranked among, itself included; 0 where unranked."""
        groups = self._groups(by)
        counts = np.bincount(groups[groups >= 0], minlength=1)
        return np.where(groups >= 0, counts[groups], 0)

    def grades(self) -> NDArray[np.object_]:
        """Band codes, None where there is no score."""
        bands = self.setting.rubric.bands
        codes = np.array([*(band.code for band in bands), None], dtype=object)
        below = np.zeros(len(self._has_score), dtype=np.int64)
        for band in bands:
            below += ~(self.decisive >= Fraction(band.at_least) / 100)
        return codes[below]

    def unranked(self, by: By = None, language: Language = "vi") -> dict[str, str]:
        """Why each unit without a rank has none."""
        option("language", language, *LANGUAGES)
        units = [self.setting.marks.units[row] for row in np.flatnonzero(self._groups(by) == UNRANKED)]
        reasons = {unit: self.why_unranked(unit, by) for unit in units}
        return {unit: why.text(language) for unit, why in reasons.items() if why}

    def why_unranked(self, unit: str, by: By = None) -> WhyUnranked | None:
        """Why a unit has no rank; None where it has one."""
        row = self.setting.marks.row(unit)
        marked, maximum = (int(part[row]) for part in (self._coverage.numerator, self._coverage.denominator))
        coverage = rules.ratio(Fraction(marked), Fraction(maximum))
        return why_unranked(self.setting, row, by, has_score=bool(self._has_score[row]), coverage=coverage)

    @cached_property
    def order(self) -> Order:
        """Everyone who is ranked, block by block and best first."""
        return Order.of(self._groups(None), self.ranks())

    @property
    def tie_break(self) -> tuple[str, ...]:
        """The nodes that break ties of this one."""
        return self.setting.policy.tie_break if self.node == TOTAL else ()

    @cached_property
    def published_units(self) -> Int:
        """Published values in units of their last decimal, 0 where null; read-only."""
        publish = self.setting.policy.publish
        return locked(self._rounded(publish.as_, publish.decimals, publish.rounding))

    @cached_property
    def decisive(self) -> Ratios:
        """What ranks, ties and bands compare: the published value or the exact score, relative to the scale."""
        publish = self.setting.policy.publish
        if self.setting.policy.decide_on == "exact":
            return self._score.relative
        printed = self._printed(self.published_units, publish.decimals + FORMS[publish.as_])
        if publish.as_ != "points":
            return printed
        scale = np.broadcast_to(self._score.scale, self._has_score.shape)
        return printed * Rationals(np.full_like(scale, self.setting.scale), scale)

    def labelled_groups(self, by: By) -> tuple[NDArray[np.int32], list[tuple[Scalar, ...]]]:
        """A group number per unit, −1 where unranked, and the attribute values that each group shares."""
        groups = self._groups(by)
        factors = self.setting.factors(by)
        present, first, dense = np.unique(groups, return_index=True, return_inverse=True)
        skipped = int(len(present) > 0 and present[0] == UNRANKED)
        labels = [tuple(factor.values[factor.codes[row]] for factor in factors) for row in first[skipped:]]
        return (dense - skipped).astype(np.int32), labels

    @property
    def _is_scored(self) -> bool:
        return self.setting.rubric.tree.kind[self.node] in ("scored", "standby")

    @cached_property
    def _sums(self) -> NodeSums:
        return self.setting.rolled.of(self.node)

    @cached_property
    def _score(self) -> NodeScore:
        if self._is_scored:
            return score(self.setting.rolled, self.setting.policy, self.node)
        null = _quotients(np.zeros(len(self.setting.marks.units), dtype=np.int64), 0)
        return NodeScore(null, 1, null, Fraction(1))

    @cached_property
    def _has_score(self) -> NDArray[np.bool_]:
        return ~self._score.relative.null

    @cached_property
    def _coverage(self) -> Rationals:
        return self._ratios("coverage")

    def _ratios(self, field: Field) -> Rationals:
        """A field other than the score, as ratios of whole numbers."""
        if field == "published":
            return self._printed(self.published_units, self.setting.policy.publish.decimals)
        if not self._is_scored:
            known = self.setting.scale if field == "points" else 0
            return _quotients(self.setting.rolled.bonus(self.node), known)
        sums, applicable = self._sums, applicable_maximum(self._sums, self.setting.policy)
        parts: dict[Field, tuple[IntArray, IntArray | int]] = {
            "points": (sums.points, self.setting.scale),
            "applicable": (applicable, self.setting.scale),
            "rate": (sums.points, applicable),
            "completeness": (sums.marked, sums.applicable),
            "coverage": (sums.marked, self.setting.rubric.tree.maximum[self.node]),
        }
        return _quotients(*parts[field])

    def _printed(self, units: Int, decimals: int) -> Rationals:
        return _quotients(units, np.where(self._has_score, 10**decimals, 0))

    def _rounded(self, form: Form, decimals: int, rounding: Rounding) -> Int:
        unit = Fraction(10 ** (decimals + FORMS[form]))
        if form == "points":
            return self._score.earned.rounded(self._score.factor * unit / self.setting.scale, rounding)
        return self._score.relative.rounded(unit, rounding)

    @cached_property
    def _keys(self) -> NDArray[np.int64]:
        """Whole numbers that order units, the tie-break chain of the total included."""
        is_printed = self.setting.policy.decide_on == "published" and isinstance(self._score.scale, int)
        keys = self.published_units if is_printed else None
        if keys is None or keys.dtype != np.int64:
            keys = self.decisive.ordinals()
        for node in self.tie_break:
            ratios = Scores(self.setting, node).decisive
            next_keys = np.where(ratios.null, 0, ratios.ordinals() + 1)
            keys = np.unique(keys, return_inverse=True)[1] * (int(next_keys.max(initial=0)) + 1) + next_keys
        return keys

    def _groups(self, by: By) -> NDArray[np.int32]:
        least, ranked = Fraction(self.setting.policy.min_coverage), self._has_score
        if least:
            ranked = ranked & (self._coverage >= least)
        return np.where(ranked, self.setting.groups(by), UNRANKED)


def _quotients(numerator: IntArray, denominator: IntArray | int) -> Rationals:
    whole = np.broadcast_to(denominator, numerator.shape)
    return Rationals(numerator * (whole > 0), whole)
