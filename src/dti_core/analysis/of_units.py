"""Answers that say something of every unit of a standing."""

from typing import Any

import attrs
from numpy.typing import NDArray

from dti_core.analysis.standing import Standing
from dti_core.answer import Answer, Columns
from dti_core.errors import Language


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class OfUnits(Answer):
    """Something of every unit, beside where it stands."""

    #: where the units stand by the policy in force
    standing: Standing

    @property
    def units(self) -> tuple[str, ...]:
        """Unit codes, in the order of every array."""
        return self.standing.units

    def _stand(self, language: Language, *names: str) -> Columns:
        """Some columns of the standing."""
        columns = self.standing.columns(language)
        return {name: columns[name] for name in names}

    def _written(self, name: str, column: NDArray[Any], language: Language) -> list[str]:
        """Published values as they are published."""
        if name == "published":
            return self.standing._written(name, column, language)
        return super()._written(name, column, language)
