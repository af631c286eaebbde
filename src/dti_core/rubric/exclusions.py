"""Who is not scored on what in the ordinary way: rules of a rubric, decisions of a round or on one unit."""

from collections.abc import Iterator
from typing import Any, Literal

import attrs

from dti_core.errors import Path, Problem, suggest
from dti_core.rubric.conditions import Condition, When, when_of, wrong_when
from dti_core.rubric.tree import TOTAL, Tree
from dti_core.terms import (
    Label,
    check,
    codes,
    codes_of,
    codes_or_none,
    label_of,
    one_of,
    optional,
    text_of,
    wrong_code,
    wrong_label,
    wrong_text,
)

RuleTreatment = Literal["skip", "full_marks", "substitute"]
Treatment = Literal["skip", "full_marks", "substitute", "count"]


def _by_field() -> Any:
    return attrs.field(default=None, validator=check(optional(wrong_code)))


@attrs.frozen(kw_only=True)
class ExclusionRule:
    """A rule of the rubric: units whose attributes meet ``when`` (without it, all) are treated so on ``members``.

    >>> rule = ExclusionRule(code="no-procedures", when={"has_procedures": False}, members=["2"],
    ...                      treatment="skip", reason="Không có thủ tục hành chính", basis="Điều 5, 01/QĐ-UBND")
    >>> rule.when[0][1].holds(False)
    True
    """

    code: str = attrs.field(converter=text_of, validator=check(wrong_code))
    members: tuple[str, ...] = attrs.field(converter=codes_of, validator=check(codes))
    treatment: RuleTreatment = attrs.field(validator=check(one_of("skip", "full_marks", "substitute")))
    reason: Label = attrs.field(converter=label_of, validator=check(wrong_label))
    basis: str = attrs.field(converter=text_of, validator=check(wrong_text))
    when: When = attrs.field(default=(), converter=when_of, validator=check(wrong_when))
    #: the stand-by leaf that counts in the place of the one member, for ``substitute``
    by: str | None = _by_field()


@attrs.frozen(kw_only=True)
class Exclusion:
    """A decision of the round on ``units`` (without them, all), or on the one unit that carries it.

    Decisions override rules; ``count`` assesses a leaf after all, against a rule.
    """

    members: tuple[str, ...] = attrs.field(converter=codes_of, validator=check(codes))
    treatment: Treatment = attrs.field(validator=check(one_of("skip", "full_marks", "substitute", "count")))
    reason: Label = attrs.field(converter=label_of, validator=check(wrong_label))
    basis: str = attrs.field(converter=text_of, validator=check(wrong_text))
    units: tuple[str, ...] | None = attrs.field(
        default=None, converter=codes_or_none, validator=check(optional(codes))
    )
    by: str | None = _by_field()


@attrs.frozen
class Unranked:
    """Why a unit is scored but not ranked."""

    reason: Label = attrs.field(converter=label_of, validator=check(wrong_label))
    basis: str = attrs.field(converter=text_of, validator=check(wrong_text))


def affected(exclusion: ExclusionRule | Exclusion, tree: Tree) -> tuple[str, ...]:
    """The scored leaves an exclusion reaches."""
    return tuple(dict.fromkeys(leaf for member in exclusion.members for leaf in tree.scored_under(member)))


def exclusion_problems(exclusion: ExclusionRule | Exclusion, tree: Tree, path: Path) -> Iterator[Problem]:
    """Members that name nothing that could be excluded, and substitutions that do not fit."""
    allowed = [code for code in tree.under if code != TOTAL and code not in tree.pillars]
    sound = True
    for at, member in enumerate(exclusion.members):
        place = (*path, "members", at)
        if member not in tree.under or member not in allowed:
            sound = False
            message = f"{member!r} names no leaf, component, index or group{suggest(member, allowed)}"
            yield Problem(place, message, "unknown")
        elif not tree.scored_under(member):
            sound = False
            message = (
                f"{member!r} holds no scored leaf; bonus, penalty and stand-by leaves are never excluded"
            )
            yield Problem(place, message, "members")
    if not exclusion.members:
        sound = False
        yield Problem((*path, "members"), "names nothing; list what is excluded", "members")
    if exclusion.treatment != "substitute":
        if exclusion.by is not None:
            yield Problem((*path, "by"), "goes with the treatment 'substitute' only; remove it", "by")
    elif exclusion.by is None:
        yield Problem((*path, "by"), "is missing; name the stand-by leaf that counts instead", "required")
    elif sound:
        yield from _substitute_problems(exclusion.members, exclusion.by, tree, path)


def _substitute_problems(members: tuple[str, ...], by: str, tree: Tree, path: Path) -> Iterator[Problem]:
    if len(members) != 1 or members[0] not in tree.parent:
        message = "a substitution names exactly one leaf, component or index; make one exclusion for each"
        yield Problem((*path, "members"), message, "members")
        return
    replaced = members[0]
    siblings = [leaf for leaf in tree.children[tree.parent[replaced]] if tree.role.get(leaf) == "standby"]
    if by not in siblings:
        message = f"{by!r} is no stand-by leaf beside {replaced!r}{suggest(by, siblings)}"
        yield Problem((*path, "by"), message, "by")
    elif tree.maximum[by] != tree.maximum[replaced]:
        message = f"{by!r} is worth {tree.maximum[by]} ticks, {replaced!r} {tree.maximum[replaced]}; make them equal"
        yield Problem((*path, "by"), message, "by")


def rule_problems(rules: tuple[ExclusionRule, ...], tree: Tree) -> Iterator[Problem]:
    """Rules that do not fit the rubric, and rules for the very same units that contradict one another."""
    first: dict[tuple[frozenset[tuple[str, Condition]], str], ExclusionRule] = {}
    for at, rule in enumerate(rules):
        problems = list(exclusion_problems(rule, tree, ("exclusions", at)))
        yield from problems
        for leaf in () if problems else affected(rule, tree):
            other = first.setdefault((frozenset(rule.when), leaf), rule)
            if treatment_key(other) != treatment_key(rule):
                message = (
                    f"{rule.treatment} for leaf {leaf!r} contradicts rule {other.code!r} ({other.treatment})"
                )
                yield Problem(("exclusions", at), f"{message}; keep one of them", "contradiction")
                break


def treatment_key(exclusion: ExclusionRule | Exclusion) -> tuple[str, ...]:
    """What two sources must share to agree."""
    if exclusion.treatment == "substitute":
        return (exclusion.treatment, *exclusion.members, exclusion.by or "")
    return (exclusion.treatment,)
