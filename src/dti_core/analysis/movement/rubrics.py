"""Whether two rounds were scored by the same rubrics."""

from dti_core.analysis.compared import Scored
from dti_core.analysis.sources import Ranked
from dti_core.analysis.together import results_of
from dti_core.published import ScoredBy
from dti_core.rubric import Rubric
from dti_core.terms.lookups import grouped

Rubrics = dict[str, list[Rubric | ScoredBy]]


def changed_rubrics(previous: Ranked, current: Ranked) -> tuple[str, ...]:
    """The codes under which both rounds have a rubric, but not the same: its hash is another."""
    before, now = _rubrics(previous), _rubrics(current)
    return tuple(
        code
        for code, rubrics in now.items()
        if code in before
        and before[code] != rubrics
        and {*map(_hash, before[code])} != {*map(_hash, rubrics)}
    )


def _rubrics(source: Ranked) -> Rubrics:
    """The rubrics of a round by their codes; none are known of what was printed."""
    scored = (result for result in results_of(source) if isinstance(result, Scored))
    return grouped((result.rubric.code, result.rubric) for result in scored)


def _hash(rubric: Rubric | ScoredBy) -> str:
    from dti_core.documents import sha256  # importing it takes long, and few rounds need it

    return sha256(rubric) if isinstance(rubric, Rubric) else rubric.sha256
