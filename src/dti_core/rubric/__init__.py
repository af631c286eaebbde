"""A rubric: one scoring table for one tier of units, with its rules, policy and legal basis."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import attrs

from dti_core.errors import InvalidDocument, Path, Problem, UnknownCode, shorten, suggest
from dti_core.exact import plain, ticks_of
from dti_core.methods import needs_blocks
from dti_core.rubric.conditions import (
    Attributes,
    When,
    attributes_of,
    when_of,
    when_problems,
    wrong_attributes,
    wrong_when,
)
from dti_core.rubric.criteria import Group, Index, Pillar
from dti_core.rubric.exclusions import ExclusionRule, rule_problems
from dti_core.rubric.policy import MAX_DECIMALS, Policy
from dti_core.rubric.tree import TOTAL, Tree, grow, walk
from dti_core.terms import (
    Label,
    check,
    custom_of,
    instance_of,
    label_of,
    listed,
    many,
    optional,
    points_of,
    points_or_none,
    text_of,
    text_or_none,
    true_or_false,
    whole_number,
    wrong_code,
    wrong_custom,
    wrong_label,
    wrong_points,
    wrong_text,
)


def _wrong_date(value: object) -> str | None:
    if value is None:
        return None
    try:
        if dt.date.fromisoformat(value if isinstance(value, str) else "").isoformat() == value:
            return None
    except ValueError:
        pass
    return f"a date such as 2024-01-02 is needed, not {shorten(value)}"


@attrs.frozen
class Decision:
    """The decision that issued a rubric: its number, date (ISO 8601) and issuer."""

    number: str = attrs.field(converter=text_of, validator=check(wrong_text))
    issued: str | None = attrs.field(default=None, validator=check(_wrong_date))
    issuer: str | None = attrs.field(
        default=None, converter=text_or_none, validator=check(optional(wrong_text))
    )


@attrs.frozen
class Band:
    """A grade: units from ``at_least`` percent of the scale up to the band above."""

    code: str = attrs.field(converter=text_of, validator=check(wrong_code))
    title: Label = attrs.field(converter=label_of, validator=check(wrong_label))
    at_least: Decimal = attrs.field(converter=points_of, validator=check(wrong_points))


@attrs.frozen
class Block:
    """Units ranked against one another: those whose attributes meet ``when``."""

    code: str = attrs.field(converter=text_of, validator=check(wrong_code))
    title: Label = attrs.field(converter=label_of, validator=check(wrong_label))
    when: When = attrs.field(default=(), converter=when_of, validator=check(wrong_when))
    #: False: scored, but neither ranked nor counted in the ranks of others
    ranked: bool = attrs.field(default=True, validator=check(true_or_false), kw_only=True)


def _wrong_basis(values: object) -> str | None:
    if not isinstance(values, tuple):
        return f"a list of texts is needed, not {shorten(values)}"
    return next((message for message in map(wrong_text, values) if message), None)


@attrs.frozen(slots=False, repr=False)
class Rubric:
    """A scoring table as data: frozen, comparable by value, checked whole when it is made.

    Raises :class:`~dti_core.InvalidDocument` with every contradiction found, each with its path.

    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> rubric.tree.leaves
    ('1', '2')
    """

    code: str = attrs.field(converter=text_of, validator=check(wrong_code))
    title: Label = attrs.field(converter=label_of, validator=check(wrong_label))
    indices: tuple[Index, ...] = attrs.field(converter=listed, validator=check(many(Index)))
    #: what rubrics of one decision share
    edition: str | None = attrs.field(
        default=None, converter=text_or_none, validator=check(optional(wrong_text)), kw_only=True
    )
    period: str | None = attrs.field(
        default=None, converter=text_or_none, validator=check(optional(wrong_text)), kw_only=True
    )
    decision: Decision | None = attrs.field(
        default=None, validator=check(optional(instance_of(Decision))), kw_only=True
    )
    #: legal texts, where there is no single decision
    basis: tuple[str, ...] = attrs.field(
        default=(), converter=listed, validator=check(_wrong_basis), kw_only=True
    )
    max_points: Decimal | None = attrs.field(
        default=None, converter=points_or_none, validator=check(optional(wrong_points)), kw_only=True
    )
    #: decimals of marks and maxima
    mark_decimals: int = attrs.field(default=2, validator=check(whole_number(0, MAX_DECIMALS)), kw_only=True)
    groups: tuple[Group, ...] = attrs.field(
        default=(), converter=listed, validator=check(many(Group)), kw_only=True
    )
    pillars: tuple[Pillar, ...] = attrs.field(
        default=(), converter=listed, validator=check(many(Pillar)), kw_only=True
    )
    attributes: Attributes = attrs.field(
        default=(), converter=attributes_of, validator=check(wrong_attributes), kw_only=True
    )
    exclusions: tuple[ExclusionRule, ...] = attrs.field(
        default=(), converter=listed, validator=check(many(ExclusionRule)), kw_only=True
    )
    blocks: tuple[Block, ...] = attrs.field(
        default=(), converter=listed, validator=check(many(Block)), kw_only=True
    )
    bands: tuple[Band, ...] = attrs.field(
        default=(), converter=listed, validator=check(many(Band)), kw_only=True
    )
    policy: Policy = attrs.field(factory=Policy, validator=check(instance_of(Policy)), kw_only=True)
    custom: dict[str, Any] | None = attrs.field(
        default=None, converter=custom_of, validator=check(wrong_custom), hash=False, kw_only=True
    )
    #: the node graph, worked out once
    tree: Tree = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        tree, problems = grow(self.indices, self.groups, self.pillars, self.mark_decimals)
        problems += _own_problems(self)
        if tree is not None and not problems:
            problems += [*_total_problems(self, tree), *rule_problems(self.exclusions, tree)]
            problems += policy_problems(self.policy, tree)
        if problems or tree is None:
            raise InvalidDocument(f"rubric {shorten(self.code)}", problems)
        self.__dict__["tree"] = tree

    @classmethod
    def from_table(
        cls,
        table: Any,
        *,
        code: str = "rubric",
        title: Label | str = "Bộ chỉ số",
        codes: str = "STT",
        titles: str = "Chỉ số",
        maxima: str = "Điểm tối đa",
        **others: Any,
    ) -> "Rubric":
        """A rubric from the table in the annex of a decision: a dict of columns, pandas, polars or pyarrow.

        ``codes``, ``titles`` and ``maxima`` are its columns. The codes 1, 1.1, 1.1.2 make the tree; Roman-numbered rows
        are groups over the indices below them, or indices where codes such as I.1 stand under them. A row of the total
        (``Tổng cộng``) is checked, an empty row passed over. ``others`` are further fields of the rubric: ``period``,
        ``decision``, ``policy`` …

        Raises :class:`~dti_core.InvalidDocument` with row (from 0) and column of all that has no place or is no sum.

        >>> table = {"STT": ["1", "1.1", "1.2", "2"], "Chỉ số": ["Nhận thức số", "Họp", "Chuyên mục", "Dịch vụ công"],
        ...          "Điểm tối đa": [30, 20, 10, 20]}
        >>> Rubric.from_table(table, code="demo", title="Ví dụ")
        <Rubric demo: 2 indices, 3 leaves, 50 points>
        """
        from dti_core.rubric.annex import read_annex

        annex = read_annex(table, codes, titles, maxima)
        found = {"groups": annex.to_groups(), "max_points": annex.max_points}
        return cls(code, title, annex.to_indices(), **(found | others))

    def __repr__(self) -> str:
        total = plain(Decimal(self.tree.maximum[TOTAL]).scaleb(-self.mark_decimals))
        return f"<Rubric {self.code}: {len(self.indices)} indices, {len(self.tree.leaves)} leaves, {total} points>"

    def _repr_html_(self) -> str:
        from dti_core.notebook import of_rubric

        return of_rubric(self)

    def title_of(self, node: str) -> Label:
        """The title of a node, ``"total"`` included."""
        if node not in self.tree.title:
            raise UnknownCode("node", node, list(self.tree.title))
        return self.tree.title[node]


def _own_problems(rubric: Rubric) -> Iterator[Problem]:
    if not rubric.indices:
        yield Problem(("indices",), "is empty; a rubric has at least one index", "required")
    if rubric.decision is not None and rubric.basis:
        yield Problem(("basis",), "stands in for decision; give one of the two", "decision")
    for name in ("exclusions", "blocks", "bands"):
        yield from _repeated(name, [each.code for each in getattr(rubric, name)])
    declared = dict(rubric.attributes)
    if "unit" in declared:
        yield Problem(
            ("attributes", "unit"), "is reserved for the unit's own code; choose another name", "reserved"
        )
    whens = [("exclusions", at, rule.when) for at, rule in enumerate(rubric.exclusions)]
    whens += [("blocks", at, block.when) for at, block in enumerate(rubric.blocks)]
    for name, at, when in whens:
        for problem in when_problems(when, declared):
            yield problem.under(name, at)
    yield from _band_problems(rubric.bands)
    if not rubric.blocks:
        for path, node, _, _ in walk(rubric.indices):
            if node.scoring is not None and needs_blocks(node.scoring):
                message = (
                    "compares units within blocks, but the rubric declares none; declare them, or compare all"
                )
                yield Problem((*path, "scoring", "cohort"), message, "blocks")


def _repeated(name: str, codes: Sequence[str]) -> Iterator[Problem]:
    for at, code in enumerate(codes):
        if code in codes[:at]:
            path: Path = (name, at, "code")
            yield Problem(path, f"{code!r} is already the code of $.{name}[{codes.index(code)}]", "duplicate")


def _band_problems(bands: Sequence[Band]) -> Iterator[Problem]:
    for at, (band, above) in enumerate(zip(bands[1:], bands, strict=False), 1):
        if band.at_least >= above.at_least:
            message = (
                f"is {band.at_least}, not below {above.at_least} of the band above; list bands highest first"
            )
            yield Problem(("bands", at, "at_least"), message, "order")
    for at, band in enumerate(bands):
        if ticks_of(band.at_least, MAX_DECIMALS) is None:
            yield Problem(("bands", at, "at_least"), f"has more than {MAX_DECIMALS} decimals", "decimals")
    if bands and bands[-1].at_least != 0:
        message = f"is {bands[-1].at_least}; the last band starts at 0, or low scores have no grade"
        yield Problem(("bands", len(bands) - 1, "at_least"), message, "gap")


def _total_problems(rubric: Rubric, tree: Tree) -> Iterator[Problem]:
    if tree.kind[TOTAL] != "scored":
        yield Problem(("indices",), "hold no scored leaf; something must count towards the total", "required")
    stated = rubric.max_points
    if stated is not None and ticks_of(stated, rubric.mark_decimals) != tree.maximum[TOTAL]:
        added = plain(Decimal(tree.maximum[TOTAL]).scaleb(-rubric.mark_decimals))
        message = f"is {plain(stated)}, but the indices add up to {added}; make them agree, or leave it out"
        yield Problem(("max_points",), message, "sum")


def policy_problems(policy: Policy, tree: Tree) -> Iterator[Problem]:
    """Tie-break nodes that do not exist or cannot have a score."""
    if ticks_of(policy.min_coverage, MAX_DECIMALS) is None:
        yield Problem(("policy", "min_coverage"), f"has more than {MAX_DECIMALS} decimals", "decimals")
    for at, code in enumerate(policy.tie_break):
        path = ("policy", "tie_break", at)
        if code not in tree.kind:
            yield Problem(path, f"{code!r} names no node{suggest(code, list(tree.kind))}", "unknown")
        elif tree.kind[code] != "scored":
            yield Problem(path, f"{code!r} has points only, no score to compare", "tie_break")
