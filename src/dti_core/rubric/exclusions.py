"""Who is not scored on what in the ordinary way: rules of a rubric, decisions of a round or on one unit."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import attrs

from dti_core.errors import SHOWN, Path, Problem, few_suggestions, suggest
from dti_core.rubric.conditions import Condition, When, when_of
from dti_core.rubric.tree import Tree
from dti_core.terms import Label, check, codes_of, codes_or_none, label_of, one_of, text_of
from dti_core.terms.fields import checked, code_of, code_or_none
from dti_core.words import RUBRIC, Sentence

RuleTreatment = Literal["skip", "full_marks", "substitute"]
Treatment = Literal["skip", "full_marks", "substitute", "count"]


@attrs.frozen(field_transformer=checked)
class Unranked:
    """Why a unit is scored but not ranked."""

    reason: Label = attrs.field(converter=label_of)
    basis: str = attrs.field(converter=text_of)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Treated:
    """What is not scored in the ordinary way, why, and on what basis."""

    members: tuple[str, ...] = attrs.field(converter=codes_of)
    reason: Label = attrs.field(converter=label_of)
    basis: str = attrs.field(converter=text_of)
    #: the stand-by leaf that counts in the place of the one member, for ``substitute``
    by: str | None = attrs.field(default=None, converter=code_or_none)


@attrs.frozen(kw_only=True, field_transformer=checked)
class ExclusionRule(Treated):
    """A rule of the rubric: units whose attributes meet ``when`` (without it, all) are treated so on ``members``.

    >>> rule = ExclusionRule(code="no-procedures", when={"has_procedures": False}, members=["2"],
    ...                      treatment="skip", reason="Không có thủ tục hành chính", basis="Điều 5, 01/QĐ-UBND")
    >>> rule.when[0][1].holds(False)
    True
    """

    code: str = attrs.field(converter=code_of)
    treatment: RuleTreatment = attrs.field(validator=check(one_of("skip", "full_marks", "substitute")))
    when: When = attrs.field(default=(), converter=when_of)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Exclusion(Treated):
    """A decision of the round on ``units`` (without them, all), or on the one unit that carries it.

    Decisions override rules; ``count`` assesses a leaf after all, against a rule.
    """

    treatment: Treatment = attrs.field(validator=check(one_of("skip", "full_marks", "substitute", "count")))
    units: tuple[str, ...] | None = attrs.field(default=None, converter=codes_or_none)


def affected(exclusion: Treated, tree: Tree) -> tuple[str, ...]:
    """The scored leaves an exclusion reaches."""
    return tuple(dict.fromkeys(leaf for member in exclusion.members for leaf in tree.scored_under(member)))


def exclusion_problems(exclusion: ExclusionRule | Exclusion, tree: Tree, path: Path) -> Iterator[Problem]:
    """Members that name nothing that could be excluded, and substitutions that do not fit."""
    with few_suggestions(SHOWN):
        problems = [*_member_problems(exclusion.members, tree)]
    yield from (problem.under(*path, "members") for problem in problems)
    if exclusion.treatment != "substitute":
        if exclusion.by is not None:
            yield Problem((*path, "by"), "goes with the treatment 'substitute' only; remove it", "by")
    elif exclusion.by is None:
        yield Problem((*path, "by"), "is missing; name the stand-by leaf that counts instead", "required")
    elif not problems:
        yield from _substitute_problems(exclusion.members, exclusion.by, tree, path)


def _member_problems(members: Sequence[str], tree: Tree) -> Iterator[Problem]:
    if not members:
        yield Problem((), "names nothing; list what is excluded", "members")
    for at, member in enumerate(members):
        if member not in tree.excludable:
            nearest = suggest(member, [*tree.excludable])
            yield Problem((at,), f"{member!r} names no leaf, component, index or group{nearest}", "unknown")
        elif not tree.has("scored", member):
            message = f"{member!r} holds no scored leaf; bonus, penalty and stand-by are never excluded"
            yield Problem((at,), message, "members")


def _substitute_problems(members: Sequence[str], by: str, tree: Tree, path: Path) -> Iterator[Problem]:
    if len(members) != 1 or members[0] not in tree.parent:
        message = "a substitution names exactly one leaf, component or index; make one exclusion for each"
        yield Problem((*path, "members"), message, "members")
        return
    replaced = members[0]
    values: dict[str, Any] = {"by": by, "node": replaced}
    if tree.role.get(by) != "standby" or tree.parent[by] != tree.parent[replaced]:
        yield Problem((*path, "by"), Sentence(RUBRIC["no_standby"], values), "by")
    elif tree.maximum[by] != tree.maximum[replaced]:
        values |= {
            "worth": tree.in_points(tree.maximum[by]),
            "wanted": tree.in_points(tree.maximum[replaced]),
        }
        yield Problem((*path, "by"), Sentence(RUBRIC["standby_worth"], values), "by")


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
                other_says = f"contradicts rule {other.code!r} ({other.treatment}); keep one of them"
                message = f"{rule.treatment} for leaf {leaf!r} {other_says}"
                yield Problem(("exclusions", at), message, "contradiction")
                break


def treatment_key(exclusion: ExclusionRule | Exclusion) -> tuple[str, ...]:
    """What two sources must share to agree."""
    if exclusion.treatment == "substitute":
        return (exclusion.treatment, *exclusion.members, exclusion.by or "")
    return (exclusion.treatment,)
