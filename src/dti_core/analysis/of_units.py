"""Answers that say something of every unit of a standing."""

from collections.abc import Sequence
from typing import Any

import attrs
from numpy.typing import NDArray

from dti_core.analysis.standing import Standing
from dti_core.answer import Answer, Columns
from dti_core.errors import Language

STANDS = ("block", "block_title", "unit", "name", "rank", "published")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class OfUnits(Answer):
    """Something of every unit, beside where it stands."""

    #: where the units stand by the policy in force
    standing: Standing

    @property
    def units(self) -> tuple[str, ...]:
        """Unit codes, in the order of every array."""
        return self.standing.units

    def _stand(self, language: Language | None, names: Sequence[str] = STANDS) -> Columns:
        """Columns of the standing."""
        columns = self.standing.columns(self._speaking(language))
        return {name: columns[name] for name in names}

    def _written(self, name: str, column: NDArray[Any], language: Language) -> list[str]:
        """Published values as they are published."""
        if name == "published":
            return self.standing._written(name, column, language)
        return super()._written(name, column, language)
