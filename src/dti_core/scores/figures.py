"""What one node came to: points, rates, scores, published values, each worked out when it is asked for."""

from fractions import Fraction
from functools import cached_property
from typing import Literal, get_args

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.columns.codes import option
from dti_core.columns.factor import locked
from dti_core.errors import InvalidArgument, InvalidDocument
from dti_core.evaluation import rules
from dti_core.evaluation.renormalise import NodeScore, node_score
from dti_core.evaluation.sums import IntArray, NodeSums
from dti_core.exact import Int, Rounding
from dti_core.exact.rationals import Rationals
from dti_core.exact.ratios import Ratios
from dti_core.rubric.policy import Form, Publish
from dti_core.scores.asked import wanted_decimals
from dti_core.scores.setting import Setting
from dti_core.terms import Number

Floats = NDArray[np.float64]
Field = Literal["points", "applicable", "rate", "score", "published", "completeness", "coverage"]


@attrs.frozen(slots=False, repr=False, eq=False)
class Figures:
    """What one node came to for every unit of a result, without ranks and grades."""

    #: the rubric, marks and policy that all nodes share
    setting: Setting
    #: the code of the node
    node: str

    @property
    def points(self) -> Floats:
        """Points: the sum of the marks that count; of a node of bonus or penalty, its capped points."""
        return locked(self._ratios("points").floats())

    @property
    def applicable(self) -> Floats:
        """The applicable maximum: what is left after exclusions."""
        return locked(self._ratios("applicable").floats())

    @property
    def rate(self) -> Floats:
        """Points / applicable maximum."""
        return locked(self._ratios("rate").floats())

    @property
    def score(self) -> Floats:
        """Points converted to the scale (for the total, after bonus and penalty), unrounded."""
        return locked(self._score.earned.floats(Fraction(self._score.factor, self.setting.scale)))

    @property
    def published(self) -> Floats:
        """The score as the policy prints it."""
        return locked(self._ratios("published").floats())

    def published_as(
        self, form: Form, decimals: int = 2, rounding: Rounding | None = None, of: Number | None = None
    ) -> Floats:
        """The exact score rounded in another form: points, ratio, percent, or on a scale ``of`` so much."""
        rounding = self.publish.rounding if rounding is None else rounding
        option("form", form, *get_args(Form))
        option("rounding", rounding, *get_args(Rounding))
        try:
            publish = Publish(form, wanted_decimals(decimals), rounding, of=of)
        except InvalidDocument as error:
            raise InvalidArgument(error.problems[0]) from None
        return locked(self._printed(self._rounded(publish), publish).floats())

    @property
    def completeness(self) -> Floats:
        """Marked maximum / (marked + missing maximum)."""
        return locked(self._ratios("completeness").floats())

    @property
    def coverage(self) -> Floats:
        """Marked maximum / the maximum of all leaves, a stand-by leaf in the place of what it replaces."""
        return locked(self._ratios("coverage").floats())

    def exact(self, field: Field = "score") -> list[Fraction | None]:
        """The values of a field as fractions over ``result.units``, None where null.

        >>> from dti_core import Index, MarkSheet, Rubric, evaluate
        >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
        >>> evaluate(rubric, MarkSheet.from_array([[15.5, 20]], rubric, units=["a"])).total.exact("rate")
        [Fraction(71, 100)]
        """
        option("field", field, *get_args(Field))
        return (self.exact_score if field == "score" else self._ratios(field)).fractions()

    @property
    def publish(self) -> Publish:
        """How the scores of the node are printed."""
        return self.setting.policy.publish_of(self.node)

    @cached_property
    def published_units(self) -> Int:
        """Published values in units of their last decimal, 0 where null; read-only."""
        return locked(self._rounded(self.publish))

    @cached_property
    def decisive(self) -> Ratios:
        """What ranks, ties and bands compare: the published value or the exact score, relative to the scale."""
        if self.setting.policy.decide_on == "exact":
            return self._score.relative
        printed = self._ratios("published")
        if self.publish.as_ != "points":
            return printed / rules.full(self.publish, rules.ONE)
        scale = np.broadcast_to(self._score.scale, self.has_score.shape)
        return printed * Rationals(np.full_like(scale, self.setting.scale), scale)

    @property
    def exact_points(self) -> Rationals:
        """The points, exactly."""
        return self._ratios("points")

    @property
    def exact_published(self) -> Rationals:
        """The published values, exactly."""
        return self._ratios("published")

    @property
    def exact_score(self) -> Rationals:
        """The score, exactly."""
        earned = self._score.earned
        exact = earned if isinstance(earned, Rationals) else earned.exact()
        return exact * Fraction(self._score.factor, self.setting.scale)

    @property
    def exact_share(self) -> Rationals:
        """The score relative to its scale, exactly."""
        relative = self._score.relative
        return relative if isinstance(relative, Rationals) else relative.exact()

    @property
    def is_scored(self) -> bool:
        """Whether the node can have a score."""
        return self.setting.rubric.tree.kind[self.node] in ("scored", "standby")

    @cached_property
    def sums(self) -> NodeSums:
        """The sums of a scored node, in ticks."""
        return self.setting.rolled.of(self.node)

    @cached_property
    def _score(self) -> NodeScore:
        if self.is_scored:
            maximum = self.setting.rubric.tree.maximum[self.node]
            return node_score(self.setting.rolled, self.node, self.sums, maximum)
        null = _quotients(np.zeros(len(self.setting.marks.units), dtype=np.int64), 0)
        return NodeScore(null, 1, null, 1)

    @cached_property
    def has_score(self) -> NDArray[np.bool_]:
        """Which units have a score."""
        has_score = ~self._score.relative.null
        has_score.flags.writeable = False
        return has_score

    @cached_property
    def _coverage(self) -> Rationals:
        return self._ratios("coverage")

    def _ratios(self, field: Field) -> Rationals:
        """A field other than the score, as ratios of whole numbers."""
        if field == "published":
            return self._printed(self.published_units, self.publish)
        if not self.is_scored:
            known = self.setting.scale if field == "points" else 0
            return _quotients(self.setting.rolled.bonus(self.node), known)
        sums = self.sums
        if field == "coverage":
            return _quotients(sums.marked, self.setting.rolled.full(self.node))
        parts: dict[Field, tuple[IntArray, IntArray | int]] = {
            "points": (sums.points, self.setting.scale),
            "applicable": (sums.applicable, self.setting.scale),
            "rate": (sums.points, sums.applicable),
            "completeness": (sums.marked, sums.counted),
        }
        return _quotients(*parts[field])

    def _printed(self, units: Int, publish: Publish) -> Rationals:
        return _quotients(units, np.where(self.has_score, 10**publish.decimals, 0))

    def _rounded(self, publish: Publish) -> Int:
        """In units of the last decimal."""
        unit = 10**publish.decimals
        if publish.as_ == "points":
            factor = Fraction(self._score.factor * unit, self.setting.scale)
            return self._score.earned.rounded(factor, publish.rounding)
        return self._score.relative.rounded(rules.full(publish, rules.ONE) * unit, publish.rounding)

    @property
    def own_keys(self) -> IntArray:
        """Whole numbers that order units as what is decisive does."""
        has_one_scale = self.publish.as_ != "points" or isinstance(self._score.scale, int)
        if self.setting.policy.decide_on == "published" and has_one_scale:
            units = self.published_units
            return units if units.dtype == np.int64 else self.decisive.ordinals()
        return self.decisive.ordinals()


def _quotients(numerator: IntArray, denominator: IntArray | int) -> Rationals:
    whole = np.broadcast_to(denominator, numerator.shape)
    return Rationals(numerator * (whole > 0), whole)
