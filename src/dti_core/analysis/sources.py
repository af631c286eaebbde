"""Whatever says where its units stand, as a :class:`Standing`."""

from decimal import Decimal
from typing import Protocol, TypeAlias, runtime_checkable

from dti_core.analysis.standing import Standing, Texts, texts
from dti_core.columns.factor import ABSENT
from dti_core.errors import InvalidArgument, UnknownCode, shorten
from dti_core.evaluation.ranking import rank
from dti_core.published import PublishedResult
from dti_core.result import Result
from dti_core.rubric.policy import Policy
from dti_core.rubric.tree import TOTAL
from dti_core.scores import Scores
from dti_core.scores.setting import BLOCK, By


@runtime_checkable
class Stands(Protocol):
    """Anything that can say where its units stand."""

    def standing(self, node: str = TOTAL, by: By = None) -> Standing:
        """The standing at a node, ranked ``by`` as :meth:`Scores.ranks` takes it."""


Ranked: TypeAlias = Result | PublishedResult | Standing | Stands


def standing_of(source: Ranked, node: str = TOTAL, by: By = None) -> Standing:
    """Where units stand at a node, ranked within blocks, or ``by`` attributes as :meth:`Scores.ranks` takes them.

    A published result keeps its ranks; ranked by other attributes, its published values are compared.
    """
    if isinstance(source, Result):
        return _of_result(source, node, by)
    if isinstance(source, PublishedResult):
        return _of_published(source, node, by)
    if isinstance(source, Standing):
        if node != TOTAL or by is not None:
            raise InvalidArgument("a Standing is of one node and grouping; make it by those asked for")
        return source
    if isinstance(source, Stands):
        return source.standing(node, by)
    raise InvalidArgument(f"a Result, an Edition or a Standing is needed, not {shorten(source)}")


def _of_result(result: Result, node: str, by: By) -> Standing:
    scores = result[node]
    return Standing(
        result.units,
        scores.ranks(by),
        values=scores.published,
        grades=scores.grades(),
        groups=_labels(result, by),
        names=result.marks.names,
        titles={block.code: block.title for block in result.rubric.blocks},
        bands=result.rubric.bands,
        scale=_scale(scores),
    )


def _of_published(result: PublishedResult, node: str, by: By) -> Standing:
    found = next((each for each in result.nodes if each.code == node), None)
    if found is None:
        raise UnknownCode("node", node, [each.code for each in result.nodes])
    scores = [unit.scores[node] for unit in result.units]
    values = [None if each.published is None else float(each.published) for each in scores]
    names = (by,) if isinstance(by, str) else by
    if names is None:
        groups: list[str | None] = [unit.block if result.blocks else "" for unit in result.units]
        ranks = [each.rank for each in scores]
    else:
        told = [
            [unit.block if name == BLOCK and result.blocks else unit.attributes.get(name) for name in names]
            for unit in result.units
        ]
        groups = [None if None in each else " / ".join(map(str, each)) for each in told]
        ranked = [value if score.rank else None for value, score in zip(values, scores, strict=True)]
        ranks = rank(ranked, by=groups, ties=result.policy.ties).tolist()
    return Standing(
        [unit.code for unit in result.units],
        ranks,
        values=values,
        grades=[each.grade for each in scores],
        groups=groups,
        names=[unit.name for unit in result.units],
        titles={block.code: block.title for block in result.blocks},
        bands=result.bands,
        scale=_full(
            result.policy,
            None if found.maximum is None else Decimal(found.maximum.numerator) / found.maximum.denominator,
        ),
    )


def leaders(source: Ranked, n: int = 1, by: By = None, node: str = TOTAL) -> Standing:
    """The units of the first ``n`` places, of every block or whatever ``by`` names; who ties shares a place.

    >>> print(leaders(Standing(["a", "b", "c"], [2, 1, 2]), 2))
    Đơn vị  Hạng
    b          1
    a          2
    c          2
    """
    return standing_of(source, node, by).leaders(n)


def bottom(source: Ranked, n: int = 1, by: By = None, node: str = TOTAL) -> Standing:
    """The units of the last ``n`` places, best first: those that fewer than ``n`` units stand below.

    >>> bottom(Standing(["a", "b", "c", "d"], [4, 1, 2, 2]), 2).units
    ('c', 'd', 'a')
    """
    return standing_of(source, node, by).bottom(n)


def _labels(result: Result, by: By) -> Texts:
    """What each unit is grouped by, as text; None where it lacks an attribute."""
    factors = result.setting.factors(by)
    if not factors:
        return texts([""] * len(result.units))
    rows = zip(*(each.codes.tolist() for each in factors), strict=True)
    return texts(
        None
        if ABSENT in codes
        else " / ".join(str(each.values[code]) for each, code in zip(factors, codes, strict=True))
        for codes in rows
    )


def _scale(scores: Scores) -> Decimal | None:
    rubric = scores.setting.rubric
    maximum = rubric.tree.maximum.get(scores.node)
    return _full(scores.setting.policy, Decimal(maximum or 0).scaleb(-rubric.mark_decimals))


def _full(policy: Policy, maximum: Decimal | None) -> Decimal | None:
    """What a full score is printed as; None where every unit has a scale of its own."""
    if policy.publish.as_ != "points":
        return Decimal(1 if policy.publish.as_ == "ratio" else 100)
    return None if policy.renormalise == "none" else maximum
