"""One node's scores: what it came to, ranks and grades, each worked out when it is asked for."""

from fractions import Fraction
from functools import cached_property, reduce

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.columns.codes import instance, option
from dti_core.columns.factor import locked
from dti_core.errors import LANGUAGES, Language
from dti_core.evaluation import rules
from dti_core.evaluation.ranking import NO_GROUP, ranks_of
from dti_core.evaluation.sums import IntArray
from dti_core.rubric.policy import AttributeOrder, Breaker, Ties
from dti_core.rubric.tree import TOTAL
from dti_core.scores import keys
from dti_core.scores.figures import Field as Field
from dti_core.scores.figures import Figures
from dti_core.scores.grading import Grading
from dti_core.scores.order import Order
from dti_core.scores.setting import By
from dti_core.scores.unranked import WhyUnranked, why_unranked
from dti_core.terms import Scalar
from dti_core.words.display import Displayed


@attrs.frozen(slots=False, repr=False, eq=False)
class Scores(Figures, Displayed):
    """One node's scores, as read-only arrays over ``result.units``: float64, NaN where null; compared by identity.

    ``setting``, ``publish``, ``decisive``, ``published_units``, ``tie_break``, ``labelled_groups``, ``order``,
    ``grading`` and what else is not an array of doubles are what the other rooms of the library build on.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> sheet = MarkSheet.from_array([[15.5, 20], [30, 18]], rubric, units=["a", "b"])
    >>> scores = evaluate(rubric, sheet)["1"]
    >>> scores.points.tolist(), scores.published.tolist(), scores.ranks().tolist()
    ([15.5, 30.0], [15.5, 30.0], [2, 1])
    """

    def __repr__(self) -> str:
        return f"<Scores of {self.node!r}: {len(self.setting.marks.units)} units>"

    def ranks(self, by: By = None, ties: Ties | None = None) -> NDArray[np.int64]:
        """Ranks within the rubric's blocks (or all together where it declares none), 0 where unranked.

        ``by`` names attributes to rank within, ``()`` everyone together; ``ties`` stands in for the policy's.
        """
        ties = self.setting.policy.ties if ties is None else ties
        ranks = ranks_of(self._keys, self._groups(by), ties)
        ranks.flags.writeable = False
        return ranks

    def ranked_with(self, by: By = None) -> NDArray[np.int64]:
        """How many units each is ranked among, itself included; 0 where unranked."""
        groups = self._groups(by)
        counts = np.bincount(groups[groups >= 0], minlength=1)
        return locked(np.where(groups >= 0, counts[groups], 0))

    def grades(self, *, by_thresholds: bool = False) -> NDArray[np.object_]:
        """Band codes, None where there is no grade.

        The grade of the total rests on thresholds, conditions, limits and quotas, that of other nodes on thresholds
        alone; where two bands share one those have none. ``by_thresholds`` tells the total's by them alone as well.
        """
        instance("by_thresholds", by_thresholds, bool)
        places = self.grading.by_thresholds if by_thresholds and self.node == TOTAL else self.grading.places
        codes = [band.code for band in self.setting.rubric.bands]
        return locked(np.array([*codes, None], dtype=object)[places])

    def unranked(self, by: By = None, language: Language = "vi") -> dict[str, str]:
        """Why each unit without a rank has none."""
        option("language", language, *LANGUAGES)
        units = [self.setting.marks.units[row] for row in np.flatnonzero(self._groups(by) == NO_GROUP)]
        reasons = {unit: self.why_unranked(unit, by) for unit in units}
        return {unit: why.text(language) for unit, why in reasons.items() if why}

    def why_unranked(self, unit: str, by: By = None) -> WhyUnranked | None:
        """Why a unit has no rank; None where it has one."""
        row = self.setting.marks.row(unit)
        marked, maximum = (int(part[row]) for part in (self._coverage.numerator, self._coverage.denominator))
        coverage = rules.ratio(Fraction(marked), Fraction(maximum))
        return why_unranked(self.setting, row, by, has_score=bool(self.has_score[row]), coverage=coverage)

    @cached_property
    def order(self) -> Order:
        """Everyone who is ranked, block by block and best first."""
        return Order.of(self._groups(None), self.ranks())

    @cached_property
    def grading(self) -> Grading:
        """How the grades come about."""
        return Grading(self)

    @property
    def tie_break(self) -> tuple[Breaker, ...]:
        """The nodes and attributes that break ties of this one."""
        return self.setting.policy.tie_break if self.node == TOTAL else ()

    def labelled_groups(self, by: By) -> tuple[NDArray[np.int32], list[tuple[Scalar, ...]]]:
        """A group number per unit, −1 where unranked, and the attribute values that each group shares."""
        groups = self._groups(by)
        factors = self.setting.factors(by)
        present, first, dense = np.unique(groups, return_index=True, return_inverse=True)
        skipped = int(len(present) > 0 and present[0] == NO_GROUP)
        labels = [tuple(factor.values[factor.codes[row]] for factor in factors) for row in first[skipped:]]
        return locked((dense - skipped).astype(np.int32)), labels

    @property
    def ranked_groups(self) -> NDArray[np.int32]:
        """The number of each unit's block, −1 where it is not ranked."""
        return locked(self._groups(None))

    @cached_property
    def _keys(self) -> IntArray:
        """Whole numbers that order units, the tie-break chain of the total included."""
        return reduce(keys.refined, map(self._broken_by, self.tie_break), self.own_keys)

    def _broken_by(self, breaker: Breaker) -> IntArray:
        """Whole numbers that order units where they tie, 0 for those that have nothing to compare."""
        if isinstance(breaker, AttributeOrder):
            declared = dict(self.setting.rubric.attributes)[breaker.attribute]
            return keys.of_attribute(
                self.setting.marks.attributes[breaker.attribute], declared, breaker.order
            )
        figures = Figures(self.setting, breaker)
        if figures.is_scored:
            return np.where(figures.has_score, figures.own_keys + 1, 0)
        return keys.of_points(self.setting.rolled.bonus(breaker), self.setting.rubric.tree.kind[breaker])

    def _groups(self, by: By) -> NDArray[np.int32]:
        least, ranked = Fraction(self.setting.policy.min_coverage), self.has_score
        if least:
            ranked = ranked & (self._coverage >= least)
        return np.where(ranked, self.setting.groups(by), NO_GROUP)
