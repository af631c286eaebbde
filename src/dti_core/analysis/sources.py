"""Whatever says where its units stand, as a :class:`Standing`."""

from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias, runtime_checkable

from dti_core.analysis.compared import Scored, compared, ranks_within, units_of
from dti_core.analysis.outline import Outline
from dti_core.analysis.standing import Standing
from dti_core.answer import Ints
from dti_core.errors import LANGUAGES, InvalidArgument, shorten
from dti_core.evaluation import rules
from dti_core.published import PublishedResult, RankedBlock
from dti_core.result import Result
from dti_core.rubric import Block
from dti_core.rubric.tree import TOTAL
from dti_core.scores.asked import asked_codes
from dti_core.scores.setting import BLOCK, By
from dti_core.terms import Label, Scalar
from dti_core.terms.lookups import among
from dti_core.words import ANSWERS


@runtime_checkable
class Stands(Protocol):
    """Anything that can say where its units stand."""

    def standing(self, *, node: str = TOTAL, by: By = None) -> Standing:
        """The standing at a node, ranked ``by`` as :meth:`Scores.ranks` takes it."""


Ranked: TypeAlias = Result | PublishedResult | Standing | Stands


def standing_of(source: Ranked, *, node: str = TOTAL, by: By = None) -> Standing:
    """Where units stand at a node, ranked within blocks, or ``by`` attributes as :meth:`Scores.ranks` takes them.

    A published result keeps its ranks; ranked by other attributes, its units are ranked anew by its policy.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30)])
    >>> standing = standing_of(evaluate(rubric, MarkSheet.from_array([[15], [27]], rubric, units=["a", "b"])))
    >>> standing.ranks.tolist(), standing.values.tolist(), standing.scale
    ([2, 1], [15.0, 27.0], Fraction(30, 1))
    """
    if isinstance(source, Standing):
        if node != TOTAL or by is not None:
            raise InvalidArgument(ANSWERS("one_standing"))
        return source
    names = names_of(by)
    if isinstance(source, Scored):
        return _of_scores(source, node, names)
    if isinstance(source, Stands):
        return source.standing(node=node, by=by)
    raise InvalidArgument(ANSWERS("source.standing", value=shorten(source)))


def names_of(by: By) -> tuple[str, ...] | None:
    """The attributes to rank within; None is the declared blocks."""
    return None if by is None else asked_codes("by", (by,) if isinstance(by, str) else by)


def leaders(source: Ranked, n: int = 1, *, node: str = TOTAL, by: By = None) -> Standing:
    """The units of the first ``n`` places, of every block or whatever ``by`` names; who ties shares a place.

    >>> print(leaders(Standing(["a", "b", "c"], [2, 1, 2]), 2))
    Đơn vị  Hạng
    ──────  ────
    b          1
    a          2
    c          2
    """
    return standing_of(source, node=node, by=by).leaders(n)


def bottom(source: Ranked, n: int = 1, *, node: str = TOTAL, by: By = None) -> Standing:
    """The units of the last ``n`` places, best first: those that fewer than ``n`` units stand below.

    >>> bottom(Standing(["a", "b", "c", "d"], [4, 1, 2, 2]), 2).units
    ('c', 'd', 'a')
    """
    return standing_of(source, node=node, by=by).bottom(n)


def _of_scores(source: Scored, node: str, by: tuple[str, ...] | None) -> Standing:
    """The standing at a node; there is no scale where every unit has one of its own."""
    node = among("node", node, [*source])
    declared, policy = (source.rubric if isinstance(source, Result) else source), source.policy
    publish = policy.publish_of(node)
    names = ((BLOCK,) if declared.blocks else ()) if by is None else by
    columns = _arrays(source, node) if isinstance(source, Result) else _lists(source, node)
    within = _within(names, [_column(source, name) for name in names], declared.blocks, len(source.units))
    own_scales = rules.prints_own_scales(policy, node)
    return Standing(
        bands=declared.bands,
        scale=None if own_scales else rules.full(publish, Outline.of(source).maximum(node)),
        decimals=publish.decimals,
        ranks=ranks_at(source, node, by, within["blocks"]),
        **columns,
        **within,
    )


def ranks_at(source: Scored, node: str, by: By, blocks: Any) -> Ints:
    """The ranks at a node within blocks, which are those that ``by`` names; 0 where a unit has none."""
    if isinstance(source, Result):
        return source[node].ranks(by)
    ranks = source.filled(node).rank
    assert ranks is not None  # noqa: S101 - every column is filled
    return ranks if by is None else ranks_within(blocks, compared(source, node), ranks, source.policy.ties)


def _arrays(result: Result, node: str) -> dict[str, Any]:
    scores = result[node]
    return {
        "units": result.units,
        "names": result.marks.names or [None] * len(result.units),
        "values": scores.published,
        "grades": scores.grades(),
    }


def _lists(result: PublishedResult, node: str) -> dict[str, Any]:
    scores = result[node].values()
    return {
        "units": units_of(result),
        "names": [unit.name for unit in result.units],
        "values": [score.published and float(score.published) for score in scores],
        "grades": [score.grade for score in scores],
    }


def _column(source: Scored, name: str) -> list[Scalar | None]:
    """An attribute of all units; ``"block"`` is the declared blocks where there are any."""
    if isinstance(source, Result):
        return source.setting.factor(name).listed()
    if name == BLOCK and source.blocks:
        return [unit.block for unit in source.units]
    known = {attribute for unit in source.units for attribute in unit.attributes}
    name = among("attribute", name, sorted(known))
    return [unit.attributes.get(name) for unit in source.units]


def _within(
    names: Sequence[str], columns: Sequence[Sequence[Any]], blocks: Sequence[Block | RankedBlock], count: int
) -> dict[str, Any]:
    """The block of each unit, None where it lacks an attribute; and what those are called that are declared."""
    shown = ([None if value is None else str(value) for value in column] for column in columns)
    rows = [*zip(*shown, strict=True)] if names else [()] * count
    block_of = {row: None if None in row else " / ".join(row) for row in rows}
    titles = {}
    if blocks and BLOCK in names:
        at, title_of = names.index(BLOCK), {block.code: block.title for block in blocks}
        known = [row for row, block in block_of.items() if block is not None]
        for row in sorted(known, key=lambda row: [*title_of].index(row[at])):
            titles[block_of[row]] = beside(row[:at], title_of[row[at]], row[at + 1 :])
    return {"blocks": [block_of[row] for row in rows], "titles": titles}


def beside(before: Sequence[str], title: Label, after: Sequence[str] = ()) -> Label:
    """A title with names at its side."""
    vi, en = (" / ".join([*before, title.text(language), *after]) for language in LANGUAGES)
    return Label(vi, en)
