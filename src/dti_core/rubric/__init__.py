"""A rubric: one scoring table for one tier of units, with its rules, policy and legal basis."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

import attrs

from dti_core.errors import InvalidArgument, InvalidDocument, Path, Said, shorten
from dti_core.exact import decimal_text
from dti_core.methods.method import Method
from dti_core.rubric.checks import rubric_problems
from dti_core.rubric.conditions import Attributes, When, attributes_of, when_of
from dti_core.rubric.criteria import Group, Index, Named, Noted, Pillar, Points, worth_or_none
from dti_core.rubric.exclusions import ExclusionRule
from dti_core.rubric.grades import Band, GradeLimitRule
from dti_core.rubric.policy import MAX_DECIMALS, Policy
from dti_core.rubric.tree import TOTAL, Tree
from dti_core.terms import (
    Label,
    Listed,
    all_of,
    checking,
    codes_of,
    instance_of,
    optional,
    text_of,
    text_or_none,
    whole_number,
    wrong_text,
)
from dti_core.terms.fields import checked, truth_of, whole_of
from dti_core.terms.lookups import among
from dti_core.words import RUBRIC, near
from dti_core.words.display import Displayed

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def _wrong_date(value: object) -> Said | None:
    if value is None:
        return None
    try:
        if dt.date.fromisoformat(value if isinstance(value, str) else "").isoformat() == value:
            return None
    except ValueError:
        pass
    return RUBRIC("no_date", value=shorten(value))


@attrs.frozen(field_transformer=checked)
class Decision:
    """The decision that issued a rubric: its number, date (ISO 8601) and issuer.

    >>> Decision("922/QĐ-BTTTT", issued="2022-05-20", issuer="Bộ Thông tin và Truyền thông").number
    '922/QĐ-BTTTT'
    """

    #: as it is quoted, 922/QĐ-BTTTT
    number: str = attrs.field(converter=text_of)
    #: its date, 2022-05-20
    issued: str | None = attrs.field(default=None, converter=text_or_none, validator=checking(_wrong_date))
    #: who issued it
    issuer: str | None = attrs.field(default=None, converter=text_or_none)


@attrs.frozen(field_transformer=checked)
class Block(Named):
    """Units ranked against one another: those whose attributes meet ``when``.

    >>> Block("districts", "Huyện", {"level": "district"}).title.text("vi")
    'Huyện'
    """

    #: conditions by attribute, all of which must hold
    when: When = attrs.field(default=(), converter=when_of)
    #: False: scored, but neither ranked nor counted in the ranks of others
    ranked: bool = attrs.field(default=True, converter=truth_of, kw_only=True)


@attrs.frozen(slots=False, repr=False, getstate_setstate=True, field_transformer=checked)
class Rubric(Noted, Displayed):
    """A scoring table as data: frozen, comparable by value, checked whole when it is made.

    Raises :class:`~dti_core.InvalidDocument` with every contradiction found, each with its path.

    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> rubric.tree.leaves
    ('1', '2')
    """

    #: the main indices, in order; each counts once in the total
    indices: tuple[Index, ...] = attrs.field(converter=Listed[Index])
    #: what rubrics of one decision share
    edition: str | None = attrs.field(default=None, converter=text_or_none, kw_only=True)
    #: the year or half-year it is for; None: any
    period: str | None = attrs.field(default=None, converter=text_or_none, kw_only=True)
    #: the decision that issued it
    decision: Decision | None = attrs.field(
        default=None, validator=checking(optional(instance_of(Decision))), kw_only=True
    )
    #: legal texts, where there is no single decision
    basis: tuple[str, ...] = attrs.field(
        default=(), converter=codes_of, validator=checking(all_of(wrong_text, "texts")), kw_only=True
    )
    #: the sum of the indices, where it is stated
    max_points: Points | None = attrs.field(default=None, converter=worth_or_none, kw_only=True)
    #: decimals of marks and maxima
    mark_decimals: int = attrs.field(
        default=2, converter=whole_of, validator=checking(whole_number(0, MAX_DECIMALS)), kw_only=True
    )
    #: named sets of members that change no score
    groups: tuple[Group, ...] = attrs.field(default=(), converter=Listed[Group], kw_only=True)
    #: named sets that may overlap and name groups
    pillars: tuple[Pillar, ...] = attrs.field(default=(), converter=Listed[Pillar], kw_only=True)
    #: what every unit has to state, by name
    attributes: Attributes = attrs.field(default=(), converter=attributes_of, kw_only=True)
    #: rules by which leaves do not count for some units
    exclusions: tuple[ExclusionRule, ...] = attrs.field(
        default=(), converter=Listed[ExclusionRule], kw_only=True
    )
    #: within which units are ranked, in the order they are told; none: all together
    blocks: tuple[Block, ...] = attrs.field(default=(), converter=Listed[Block], kw_only=True)
    #: grades, highest first
    bands: tuple[Band, ...] = attrs.field(default=(), converter=Listed[Band], kw_only=True)
    #: rules that bar units from grades
    grade_limits: tuple[GradeLimitRule, ...] = attrs.field(
        default=(), converter=Listed[GradeLimitRule], kw_only=True
    )
    #: how scores are made, printed and ranked
    policy: Policy = attrs.field(factory=Policy, validator=checking(instance_of(Policy)), kw_only=True)

    def __attrs_post_init__(self) -> None:
        problems = rubric_problems(self)
        if problems:
            raise InvalidDocument(RUBRIC("called", code=shorten(self.code)), problems)

    @cached_property
    def tree(self) -> Tree:
        """The node graph."""
        return Tree(self.indices, self.groups, self.pillars, self.mark_decimals)

    @cached_property
    def methods(self) -> Mapping[str, Method]:
        """How each leaf is scored, in document order."""
        from dti_core.methods.simple import DIRECT

        leaves = (node for _, node, _, _ in self.tree.nodes if not node.components)
        return MappingProxyType({leaf.code: leaf.scoring or DIRECT for leaf in leaves})

    @classmethod
    def from_table(  # noqa: PLR0913 - the columns of a table, each by its name
        cls,
        table: Any,
        *,
        code: str = "rubric",
        title: Label | str = "Bộ chỉ số",
        codes: str = "STT",
        titles: str = "Chỉ số",
        maxima: str = "Điểm tối đa",
        title_en: str | None = None,
        role: str | None = None,
        scoring: str | None = None,
        evidence: str | None = None,
        mark_max: str | None = None,
        **others: Any,
    ) -> "Rubric":
        """The rubric that :func:`~dti_core.read_annex` reads from a table, under the same arguments.

        >>> table = {"STT": ["1", "1.1", "1.2", "2"], "Chỉ số": ["Nhận thức số", "Họp", "Chuyên mục", "Dịch vụ công"],
        ...          "Điểm tối đa": [30, 20, 10, 20]}
        >>> Rubric.from_table(table, code="demo", title="Ví dụ")
        <Rubric demo: 2 indices, 3 leaves, 50 points>
        """
        from dti_core.rubric.annex import read_annex

        columns: dict[str, Any] = {"codes": codes, "titles": titles, "maxima": maxima, "title_en": title_en}
        columns |= {"role": role, "scoring": scoring, "evidence": evidence, "mark_max": mark_max}
        return read_annex(table, code=code, title=title, **columns, **others).rubric

    def replace(self, node: str, **fields: Any) -> "Rubric":
        """Another rubric in which an index, component, group or pillar has other fields, checked whole.

        A node may have another ``code`` where nothing else names the old one; else the rubric is refused, with each
        place that does. Raises :class:`~dti_core.UnknownCode` for a node that is not there and
        :class:`~dti_core.InvalidArgument` for a field that it does not have.

        >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
        >>> rubric.replace("2", max_points=25)
        <Rubric demo: 2 indices, 2 leaves, 55 points>
        """
        paths = {part.code: path for path, part, _, _ in self.tree.nodes}
        paths |= {part.code: path for path, part in self.tree.sets}
        return cast("Rubric", _changed(self, paths[among("node", node, paths)], fields))

    def __repr__(self) -> str:
        points = self.tree.in_points(self.tree.maximum[TOTAL])
        total = decimal_text(points) if isinstance(points, Decimal) else points
        return f"<Rubric {self.code}: {len(self.indices)} indices, {len(self.tree.leaves)} leaves, {total} points>"

    def plot(self, ax: "Axes | None" = None, **options: Any) -> "Axes":
        """The tree with what its nodes are worth, with the options of :func:`dti_core.plots.tree`; needs matplotlib."""
        from dti_core.plots.shortcut import plot

        return plot(self, ax, options)

    def title_of(self, node: str) -> Label:
        """The title of a node, ``"total"`` included."""
        return self.tree.title[among("node", node, self.tree.title)]


def known_fields(kind: type, fields: Iterable[str]) -> None:
    """Refuse names that are no fields of a class, with the nearest that is."""
    known = [field.alias for field in attrs.fields(kind) if field.init]
    for name in fields:
        if name not in known:
            sentence = RUBRIC("no_field", name=shorten(name), kind=kind.__name__, near=near(name, known))
            raise InvalidArgument(sentence)


def _changed(part: Any, path: Path, fields: Mapping[str, Any]) -> Any:
    """What holds parts with other fields where a path leads."""
    if not path:
        known_fields(type(part), fields)
        return attrs.evolve(part, **fields)
    name, at = cast("tuple[str, int]", path[:2])
    parts = [*getattr(part, name)]
    parts[at] = _changed(parts[at], path[2:], fields)
    return attrs.evolve(part, **{name: parts})
