"""How the parts of a node go together over units that are ranked together: what they say, and what they do."""

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

import attrs
import numpy as np

from dti_core.analysis import correlation
from dti_core.analysis.coherence.contributions import Contributions
from dti_core.answer import Floats, Ints, kept, wholes
from dti_core.exact.rationals import Mask, Rationals

WEAK, REDUNDANT = 0.1, 0.9
"""Item-rest correlations below, and correlations from which on something is said."""
LIGHT, HEAVY = 0.1, 1.5
"""So many times what a part says that it weighs is next to nothing, and more than it says."""
Flags: TypeAlias = tuple[str, ...]
Measure: TypeAlias = Callable[[Floats, Floats], float]


@attrs.frozen(eq=False, slots=False)
class Agreement:
    """The parts of a node over the units that are ranked together: arrays over the parts."""

    #: what the parts contribute to the node, unit by unit
    held: Contributions

    @property
    def units(self) -> int:
        """How many units it is about."""
        return len(self.held.whole)

    @cached_property
    def n(self) -> Ints:
        """How many units have a rate."""
        return kept(np.asarray((~np.isnan(self.held.rates)).sum(axis=0), dtype=np.int64))

    @property
    def full(self) -> Floats:
        """The share of these with full points."""
        return self._share(self.held.rates >= 1)

    @property
    def zero(self) -> Floats:
        """The share of these with none."""
        return self._share(self.held.rates == 0)

    @property
    def sd(self) -> Floats:
        """The sample standard deviation of the rates."""
        return self._of_each(correlation.deviation)

    @cached_property
    def distinct(self) -> Ints:
        """How many different rates there are."""
        return wholes(len(np.unique(rates[~np.isnan(rates)])) for rates in self.held.rates.T)

    @cached_property
    def nominal(self) -> Floats:
        """What part of the applicable maximum each is, in the mean of the units."""
        return kept(np.array([_mean(weights) for weights in self.held.weights]))

    @cached_property
    def effective(self) -> Floats:
        """Cov(part, whole) / Var(whole): what part of the differences between scores comes from each."""
        return kept(np.array([correlation.slope(part, self.held.whole) for part in self.held.parts.T]))

    @property
    def remainder(self) -> float:
        """The same of what comes from none of them; NaN where nothing does."""
        rest = self.held.remainder
        return correlation.slope(rest, self.held.whole) if rest.any() else np.nan

    @property
    def pearson(self) -> Floats:
        """Pearson's r of the rates with the score of the whole."""
        return self._of_each(lambda rates: correlation.pearson(rates, self.held.whole))

    @property
    def spearman(self) -> Floats:
        """Spearman's ρ of the same."""
        return self._of_each(lambda rates: correlation.spearman(rates, self.held.whole))

    @cached_property
    def rest(self) -> Floats:
        """Pearson's r of the rates with the score of the whole less what the part contributes (item-rest)."""
        return self._with_rest(correlation.pearson)

    @property
    def rest_spearman(self) -> Floats:
        """Spearman's ρ of the same."""
        return self._with_rest(correlation.spearman)

    @cached_property
    def correlations(self) -> Floats:
        """(parts, parts) Pearson's r of the rates, each over the units that have both."""
        return kept(correlation.correlations(self.held.rates))

    @property
    def alpha(self) -> float:
        """Cronbach's α of the rates."""
        return correlation.cronbach(self.held.rates)

    @cached_property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """The parts whose rates go together with ``|r|`` of 0.9 and more."""
        near = np.argwhere(np.triu(np.abs(self.correlations) >= REDUNDANT, 1))
        return tuple((one, other) for one, other in near.tolist())

    @cached_property
    def flags(self) -> tuple[Flags, ...]:
        """What is to be said of each: constant, light, weak, negative, redundant, heavy."""
        tests = {
            "constant": self.distinct == 1,
            "light": (self.distinct > 1) & (np.abs(self.effective) <= LIGHT * self.nominal),
            "weak": np.abs(self.rest) < WEAK,
            "negative": self.rest <= -WEAK,
            "redundant": np.isin(np.arange(len(self.n)), self.pairs),
            "heavy": (self.nominal > 0) & (self.effective >= HEAVY * self.nominal),
        }
        return tuple(tuple(flag for flag, holds in tests.items() if holds[at]) for at in range(len(self.n)))

    def _share(self, these: Mask) -> Floats:
        return kept(np.where(self.n > 0, these.sum(axis=0) / np.maximum(self.n, 1), np.nan))

    def _of_each(self, measure: Callable[[Floats], float]) -> Floats:
        return kept(np.array([measure(rates) for rates in self.held.rates.T], dtype=np.float64))

    def _with_rest(self, measure: Measure) -> Floats:
        pairs = zip(self.held.rates.T, self.held.others.T, strict=True)
        return kept(np.array([measure(*pair) for pair in pairs], dtype=np.float64))


def _mean(numbers: Rationals) -> float:
    """The double nearest to the mean; units share few numbers, so each is counted."""
    pairs = zip(numbers.numerator.tolist(), numbers.denominator.tolist(), strict=True)
    counts = Counter(pairs)
    known = (Fraction(top * count, bottom) for (top, bottom), count in counts.items() if bottom)
    added = sum(known, Fraction(0))
    return float(added / max(counts.total(), 1))
