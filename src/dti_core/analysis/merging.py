"""Units that were merged after they were assessed: exact means of the former ones, ranked among the others."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, get_args

from dti_core.analysis.doors import given_by_name, require
from dti_core.analysis.matching import Several, match, several_of
from dti_core.analysis.together import Edition
from dti_core.columns.codes import option
from dti_core.errors import InvalidArgument, InvalidDocument, Problem, shorten
from dti_core.evaluation import rules
from dti_core.evaluation.rules import NOTHING
from dti_core.published import MeanOf, Node, PublishedResult, Unit
from dti_core.published.by_index import leaves_out_indices, view_codes
from dti_core.published.merging import merge
from dti_core.published.scores import NodeScores, filled
from dti_core.result import Result
from dti_core.rubric.policy import Policy
from dti_core.terms import Label, Scalar, label_or_none, optional, scalar_of, wrong_label, wrong_scalar
from dti_core.terms.lookups import among
from dti_core.words import ANSWERS, MERGERS, RESULTS

Mergers = Mapping[str, tuple[str, ...]]


def merge_units(
    source: Result | PublishedResult | Edition,
    merged: Several,
    *,
    mean_of: MeanOf = "scores",
    names: Mapping[str, Label | str] | None = None,
    blocks: Mapping[str, str] | None = None,
    attributes: Mapping[str, Mapping[str, Scalar]] | None = None,
) -> PublishedResult:
    """The result once units are merged: at every node a merged unit has the exact mean of its former ones.

    So the ministry ranked 34 provinces for 2024 out of 63. ``merged`` maps a new code to the units that it is merged
    of, and may keep the code of one of them. All are published, ranked and graded anew by the result's policy. What
    comes back is read, asked and written like any published result; its document holds the former units, so that
    readers check the means.

    ``mean_of="scores"``: at every node the mean of the exact scores relative to their scales, none where one of them is
    missing; at the total the mean of the totals, bonus and penalty included. ``"indices"``: of main indices, and all in
    them, the mean over those former units that have a score there; total, groups and pillars follow by the policy, as
    if every index were marked with its mean. The two differ only where something is excluded or a bonus is cut off.

    A merged unit is in the block of its former ones, or the one that ``blocks`` says; it has the name and the
    attributes given here and no others; it stands aside where one of them does, and their grade limits reach it. Of an
    edition, units are merged within the one result that holds all former units.

    Raises :class:`~dti_core.InvalidDocument` for units that are not there, are merged twice, or stand in different
    blocks, and :class:`~dti_core.InvalidArgument` for points on scales of their own, which have no mean.

    >>> from dti_core import Index, MarkSheet, Rubric, evaluate
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> marks = MarkSheet.from_array([[20, 15], [11, 18.25], [10, 10]], rubric, units=["a", "b", "c"])
    >>> result = merge_units(evaluate(rubric, marks), {"ac": ["a", "c"]})
    >>> [(unit, str(score.published), score.rank) for unit, score in result.total.items()]
    [('b', '29.25', 1), ('ac', '27.50', 2)]
    """
    option("mean_of", mean_of, *get_args(MeanOf))
    fused = several_of("merged", merged)
    result = _published(source, fused)
    if mean_of == "indices" and leaves_out_indices(result):
        raise InvalidArgument(RESULTS("contradiction.mean_of"))
    _refuse_unfit(result, fused)
    told = {"names": names, "blocks": blocks, "attributes": attributes}
    units = _units(result, fused, {name: _told(name, values, fused) for name, values in told.items()})
    merging = merge(result, [*units], mean_of)
    _refuse_scales_of_their_own(merging)
    return merging


def _published(source: object, merged: Mergers) -> PublishedResult:
    """What the result publishes that holds the former units."""
    if isinstance(source, Edition):
        source = _holding(source, {code for former in merged.values() for code in former})
    if isinstance(source, PublishedResult):
        return source
    if not isinstance(source, Result):
        raise InvalidArgument(ANSWERS("source.scored", value=shorten(source)))
    from dti_core.documents.result import published  # importing it takes long, and few rounds need it

    return published(source)


def _holding(edition: Edition, former: set[str]) -> Result:
    """The one result of an edition that former units are in; of nothing merged its only one."""
    holding = [name for name, result in edition.results.items() if former & {*result.units}]
    if not former and len(edition.results) == 1:
        holding = [*edition]
    if len(holding) != 1:
        raise InvalidArgument(MERGERS("edition", results=", ".join(map(repr, edition))))
    return edition[holding[0]]


def _refuse_unfit(result: PublishedResult, merged: Mergers) -> None:
    """Former units that are none or in two, and results whose units are merged already."""
    if merged and result.former is not None:
        raise InvalidArgument(MERGERS("again"))
    inside = {code for former in merged.values() for code in former}
    before = [unit.code for unit in result.units]
    match(before, [*(code for code in before if code not in inside), *merged], merged)


def _told(name: str, values: Any, merged: Mergers) -> Mapping[str, Any]:
    """What is said of merged units, by unit; of others nothing is."""
    told = given_by_name(name, values)
    for unit in told:
        among("merged unit", unit, merged)
    return told


def _units(result: PublishedResult, merged: Mergers, told: Mapping[str, Mapping[str, Any]]) -> Iterator[Unit]:
    """The merged units, with what is said of them."""
    for code, former in merged.items():
        name = label_or_none(told["names"].get(code))
        require(f"names[{code!r}]", optional(wrong_label)(name))
        yield Unit(
            code=code,
            name=name,
            attributes=_attributes(result, code, told["attributes"].get(code)),
            block=_block(result, code, former, told["blocks"]),
            merged=former,
        )


def _block(
    result: PublishedResult, code: str, former: Collection[str], said: Mapping[str, Any]
) -> str | None:
    """The block of a merged unit: the one that is said, else that of its former units."""
    if code in said:
        return among("block", said[code], [block.code for block in result.blocks])
    block, *others = {unit.block for unit in result.units if unit.code in former}
    if others:
        raise InvalidDocument("units", [Problem(("merged", code), MERGERS("blocks"), "blocks")])
    return block


def _attributes(result: PublishedResult, code: str, told: Any) -> dict[str, Scalar]:
    """The attributes of a merged unit, as they are declared where they break ties."""
    declared, attributes = dict(result.attributes), {}
    for name, value in given_by_name(f"attributes[{code!r}]", told).items():
        attributes[name] = scalar_of(value)
        where = f"attributes[{code!r}][{name!r}]"
        require(where, wrong_scalar(attributes[name]))
        if name in declared and not declared[name].holds(attributes[name]):
            require(where, RESULTS("contradiction.attribute", value=shorten(value)))
    return attributes


def _refuse_scales_of_their_own(merging: PublishedResult) -> None:
    """Under ``none``, points of 340 and points of 390 have no mean."""
    policy, former = merging.policy, merging.former
    if former is None:
        return
    averaged = {*merging} - (view_codes(merging) if former.mean_of == "indices" else set())
    for node in merging.nodes:
        if node.code in averaged and node.is_scored and rules.prints_own_scales(policy, node.code):
            scales = _scales(former.scores[node.code], node, policy)
            scale_of = dict(zip((unit.code for unit in former.units), scales, strict=True))
            for unit in merging.units:
                if len({scale_of[code] for code in unit.merged} - {None, NOTHING}) > 1:
                    raise InvalidArgument(MERGERS("scales", unit=repr(unit.code), node=repr(node.code)))


def _scales(scores: NodeScores, node: Node, policy: Policy) -> Iterable[Fraction | None]:
    """What the points of each former unit are of."""
    applicable = filled(scores, node.maximum, policy).applicable
    return () if applicable is None else applicable.fractions()
