"""What did not count in the ordinary way: told once, for reports, documents, explanations and tables alike."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Literal

import attrs

from dti_core.applicability.sources import Finding, Source
from dti_core.rubric.tree import Tree

Outcome = Literal["skip", "full_marks", "reduce", "substitute", "count", "zero", "standby"]


@attrs.frozen(eq=False)
class Aside:
    """A leaf that did not count in the ordinary way for the units of one case, by whom, and against which rules."""

    #: its code
    leaf: str
    #: a treatment, or ``standby`` for a stand-by leaf that replaces nothing
    treatment: Outcome
    #: the stand-by leaf that counts instead
    by: str | None
    #: the highest mark still possible
    to: Decimal | None
    #: who says so
    sources: tuple[Source, ...]
    #: rules that the decisions override
    overruled: tuple[Source, ...]

    @property
    def ignores(self) -> bool:
        """Whether a mark on the leaf does not count."""
        return self.treatment not in ("count", "reduce")

    @property
    def is_idle(self) -> bool:
        """Whether this is worth telling only where the leaf has a mark."""
        return self.treatment == "standby"


def asides(tree: Tree, findings: Sequence[Finding], replaced: Mapping[str, str]) -> Iterator[Aside]:
    """What was found of each leaf, in document order; stand-by leaves in no use among them, for they may be marked."""
    by_leaf = {finding.leaf: finding for finding in findings}
    in_use = set(replaced.values())
    for leaf in tree.leaves:
        finding = by_leaf.get(leaf)
        if finding is not None:
            said = finding.sources[0].exclusion
            yield Aside(leaf, finding.treatment, said.by, said.to, finding.sources, finding.overruled)
        elif tree.role[leaf] == "standby" and leaf not in in_use:
            yield Aside(leaf, "standby", None, None, (), ())
