"""What scores rest on: a rubric, its marks and a policy; their sums, and who is ranked with whom."""

from collections.abc import Sequence
from functools import cached_property

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.applicability import NO_BLOCK
from dti_core.applicability.compiled import Compiled, compile_rubric
from dti_core.columns.factor import ABSENT, Factor, combine
from dti_core.errors import Language
from dti_core.evaluation import roll_up
from dti_core.evaluation.ranking import NO_GROUP
from dti_core.evaluation.sums import RollUp
from dti_core.marks import MarkSheet
from dti_core.rubric import Block, Rubric
from dti_core.rubric.policy import Policy
from dti_core.scores.asked import asked_codes
from dti_core.terms.lookups import among

By = str | Sequence[str] | None
BLOCK = "block"


@attrs.frozen(slots=False, eq=False)
class Setting:
    """What scores rest on: a rubric, its marks and a policy."""

    rubric: Rubric
    marks: MarkSheet
    policy: Policy

    @property
    def compiled(self) -> Compiled:
        """The rubric as arrays."""
        return compile_rubric(self.rubric)

    @property
    def scale(self) -> int:
        """Ticks in a point."""
        return self.compiled.scale

    @cached_property
    def rolled(self) -> RollUp:
        """The sums of every node, in ticks."""
        return roll_up(self.compiled, self.marks.counted, self.marks.applicability, self.policy)

    def name(self, row: int, language: Language) -> str:
        """A unit's name, its code where it has none."""
        name = self.marks.names and self.marks.names[row]
        return name.text(language) if name else self.marks.units[row]

    def block(self, row: int) -> Block | None:
        """The declared block of a unit; None where it is in none."""
        blocks = self.marks.applicability.block_of
        at = NO_BLOCK if blocks is None else int(blocks[row])
        return None if at == NO_BLOCK else self.rubric.blocks[at]

    def groups(self, by: By = None) -> NDArray[np.int32]:
        """A group number per unit, −1 where it is not ranked: by blocks (None), by attributes, or everyone together."""
        factors = self.factors(by)
        inside = self.marks.ranked
        if len(factors) == 1:
            return np.where(inside, factors[0].codes, NO_GROUP)
        for factor in factors:
            inside = inside & (factor.codes != ABSENT)
        keys = [(np.maximum(factor.codes, 0), max(len(factor.values), 1)) for factor in factors]
        return np.where(inside, combine(keys, len(inside))[0], NO_GROUP)

    def ranked_by(self, by: By) -> tuple[str, ...]:
        """The names of the attributes that a grouping names; of none, of the blocks where there are any."""
        if by is None:
            return (BLOCK,) if self.rubric.blocks else ()
        return asked_codes("by", (by,) if isinstance(by, str) else by)

    def factors(self, by: By) -> list[Factor]:
        """The attributes that a grouping names."""
        return [*map(self.factor, self.ranked_by(by))]

    def factor(self, name: str) -> Factor:
        """An attribute of all units; ``"block"`` is the declared blocks where there are any."""
        blocks = self.marks.applicability.block_of
        if name == BLOCK and blocks is not None:
            return Factor(blocks, tuple(block.code for block in self.rubric.blocks))
        return self.marks.attributes[among("attribute", name, self.marks.attributes)]
