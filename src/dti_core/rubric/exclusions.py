"""Who is not scored on what in the ordinary way: rules of a rubric, decisions of a round or on one unit."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal, get_args

import attrs

from dti_core.errors import SHOWN, Path, Problem, few_suggestions
from dti_core.exact import decimal_text, ticks_of
from dti_core.rubric.conditions import Condition, When, when_of
from dti_core.rubric.tree import Tree
from dti_core.terms import Label, codes_of, codes_or_none, label_of, points_or_none, text_of
from dti_core.terms.fields import checked, code_of, code_or_none, word
from dti_core.words import RUBRIC, near

RuleTreatment = Literal["skip", "full_marks", "reduce", "substitute"]
Treatment = Literal["skip", "full_marks", "reduce", "substitute", "count", "zero"]


@attrs.frozen(field_transformer=checked)
class Unranked:
    """Why a unit is scored but not ranked.

    >>> Unranked(reason="Mới thành lập", basis="12/QĐ-UBND").reason.text("vi")
    'Mới thành lập'
    """

    #: why, as people are told
    reason: Label = attrs.field(converter=label_of)
    #: the legal text that it rests on
    basis: str = attrs.field(converter=text_of)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Treated:
    """What is not scored in the ordinary way, why, and on what basis."""

    #: codes of leaves, components, indices or groups; all scored leaves under them are meant
    members: tuple[str, ...] = attrs.field(converter=codes_of)
    #: why, as people are told
    reason: Label = attrs.field(converter=label_of)
    #: the legal text that it rests on
    basis: str = attrs.field(converter=text_of)
    #: the stand-by leaf that counts in the place of the one member, for ``substitute``
    by: str | None = attrs.field(default=None, converter=code_or_none)
    #: the highest mark still possible, for ``reduce``
    to: Decimal | None = attrs.field(default=None, converter=points_or_none)


@attrs.frozen(kw_only=True, field_transformer=checked)
class ExclusionRule(Treated):
    """A rule of the rubric: units whose attributes meet ``when`` (without it, all) are treated so on ``members``.

    >>> rule = ExclusionRule(code="no-procedures", when={"has_procedures": False}, members=["2"],
    ...                      treatment="skip", reason="Không có thủ tục hành chính", basis="Điều 5, 01/QĐ-UBND")
    >>> rule.when[0][1].holds(False)
    True
    """

    #: of its own among the rules
    code: str = attrs.field(converter=code_of)
    #: skip, full_marks, reduce or substitute
    treatment: RuleTreatment = word(*get_args(RuleTreatment))
    #: conditions by attribute, all of which must hold; none: every unit
    when: When = attrs.field(default=(), converter=when_of)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Exclusion(Treated):
    """A decision of the round on ``units`` (without them, all), or on the one unit that carries it.

    Decisions override rules; ``count`` assesses a leaf after all, against a rule; with ``zero`` it counts and earns
    nothing.

    >>> skip = Exclusion(members=["2.1"], units=["a"], treatment="skip", reason="Chưa có hướng dẫn", basis="12/QĐ-UBND")
    >>> skip.units
    ('a',)
    """

    #: skip, full_marks, reduce, substitute, count or zero
    treatment: Treatment = word(*get_args(Treatment))
    #: codes of units; None: all of the round, or the one that carries it
    units: tuple[str, ...] | None = attrs.field(default=None, converter=codes_or_none)


def affected(exclusion: Treated, tree: Tree) -> tuple[str, ...]:
    """The scored leaves an exclusion reaches."""
    return tuple(dict.fromkeys(leaf for member in exclusion.members for leaf in tree.scored_under(member)))


def exclusion_problems(exclusion: ExclusionRule | Exclusion, tree: Tree, path: Path) -> Iterator[Problem]:
    """Members that name nothing that could be excluded, and substitutions that do not fit."""
    with few_suggestions(SHOWN):
        problems = [*_member_problems(exclusion.members, tree)]
    yield from (problem.under(*path, "members") for problem in problems)
    if isinstance(exclusion, Exclusion) and exclusion.units == ():
        yield Problem((*path, "units"), RUBRIC("no_units"), "units")
    for field, treatment, needed in (("by", "substitute", "needs_by"), ("to", "reduce", "needs_to")):
        is_given = getattr(exclusion, field) is not None
        if exclusion.treatment != treatment and is_given:
            yield Problem((*path, field), RUBRIC("goes_with", treatment=treatment), field)
        elif exclusion.treatment == treatment and not is_given:
            yield Problem((*path, field), RUBRIC(needed), "required")
    if exclusion.treatment == "substitute" and exclusion.by is not None and not problems:
        yield from _substitute_problems(exclusion.members, exclusion.by, tree, path)
    if exclusion.treatment == "reduce" and exclusion.to is not None and not problems:
        yield from _reduce_problems(exclusion.members, exclusion.to, tree, path)


def _member_problems(members: Sequence[str], tree: Tree) -> Iterator[Problem]:
    if not members:
        yield Problem((), RUBRIC("excludes_nothing"), "members")
    for at, member in enumerate(members):
        if member not in tree.excludable:
            message = RUBRIC("not_excludable", member=member, near=near(member, tree.excludable))
            yield Problem((at,), message, "unknown")
        elif not tree.has("scored", member):
            yield Problem((at,), RUBRIC("never_excluded", member=member), "members")


def _substitute_problems(members: Sequence[str], by: str, tree: Tree, path: Path) -> Iterator[Problem]:
    if len(members) != 1 or members[0] not in tree.parent:
        yield Problem((*path, "members"), RUBRIC("substitute_one"), "members")
        return
    replaced = members[0]
    if tree.role.get(by) != "standby" or by in tree.under[replaced]:
        yield Problem((*path, "by"), RUBRIC("no_standby", by=by, node=replaced), "by")
    elif not tree.maximum[replaced] or not tree.maximum[by]:
        node = by if tree.maximum[replaced] else replaced
        yield Problem((*path, "by"), RUBRIC("standby_worth", node=node), "by")


def _reduce_problems(members: Sequence[str], to: Decimal, tree: Tree, path: Path) -> Iterator[Problem]:
    for at, member in enumerate(members):
        if member not in tree.role:
            sentence = RUBRIC("reduce_leaf", member=member)
            yield Problem((*path, "members", at), sentence, "members")
            continue
        ticks, (lowest, highest) = ticks_of(to, tree.decimals), tree.marked[member]
        if ticks is None:
            yield Problem((*path, "to"), RUBRIC("too_fine", points=to, decimals=tree.decimals), "decimals")
        elif not max(lowest, 1) <= ticks < highest:
            ends = (Fraction(end, 10**tree.decimals) for end in (lowest, highest))
            values = {"to": to, "leaf": member, **dict(zip(("lowest", "highest"), ends, strict=True))}
            yield Problem((*path, "to"), RUBRIC("reduce_to", **values), "to")


def rule_problems(rules: Sequence[ExclusionRule], tree: Tree) -> Iterator[Problem]:
    """Rules that do not fit the rubric, and rules for the very same units that contradict one another."""
    first: dict[tuple[frozenset[tuple[str, Condition]], str], ExclusionRule] = {}
    for at, rule in enumerate(rules):
        problems = [*exclusion_problems(rule, tree, ("exclusions", at))]
        yield from problems
        units = frozenset(rule.when)
        for leaf in () if problems else affected(rule, tree):
            other = first.setdefault((units, leaf), rule)
            if treatment_key(other) != treatment_key(rule):
                values = {
                    "treatment": rule.treatment,
                    "leaf": leaf,
                    "rule": other.code,
                    "other": other.treatment,
                }
                yield Problem(("exclusions", at), RUBRIC("contradiction", **values), "contradiction")
                break


def treatment_key(exclusion: ExclusionRule | Exclusion) -> tuple[str, ...]:
    """What two sources must share to agree."""
    if exclusion.treatment == "substitute":
        return (exclusion.treatment, *exclusion.members, exclusion.by or "")
    return (
        (exclusion.treatment,) if exclusion.to is None else (exclusion.treatment, decimal_text(exclusion.to))
    )
