"""Which other policies are tried: every value of each choice, one at a time and all together, and those named."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import product
from typing import Any, Literal, TypeAlias, get_args

import attrs

from dti_core.analysis import doors
from dti_core.columns.cells import plain
from dti_core.columns.codes import instance, option
from dti_core.columns.frozen import Frozen
from dti_core.errors import LANGUAGES
from dti_core.exact import Rounding
from dti_core.rubric import Rubric
from dti_core.rubric.policy import MAX_DECIMALS, DecideOn, Missing, Policy, PublishParts, Renormalise, Ties
from dti_core.rubric.tree import TOTAL
from dti_core.terms import Label, wrong_text
from dti_core.terms.lookups import among
from dti_core.words import POLICIES as WORDS
from dti_core.words import Sentence

PolicyField: TypeAlias = Literal["renormalise", "missing", "decide_on", "decimals", "rounding", "ties"]
PolicyValue: TypeAlias = str | int
WORDS_OF: Mapping[PolicyField, tuple[str, ...]] = {
    "renormalise": get_args(Renormalise),
    "missing": get_args(Missing),
    "decide_on": get_args(DecideOn),
    "rounding": get_args(Rounding),
    "ties": get_args(Ties),
}
FIELDS: tuple[PolicyField, ...] = get_args(PolicyField)
USUAL: Mapping[PolicyField, tuple[PolicyValue, ...]] = {
    **WORDS_OF,
    "missing": ("zero", "exclude"),
    "decimals": (0, 1, 2, 3),
}
"""What is tried where nobody says: refusing missing marks gives no ranks of its own."""


@attrs.frozen(slots=False)
class Variant:
    """Another way to come to the ranks, and what it changes."""

    #: as programs name it: ``decimals=0, ties=dense``, or the name that it was given
    name: str
    #: the choices that it changes, with their values; beside those of the grid ``policy`` (whatever else a policy that
    #: was named changes), ``without`` (a rule, by its code) and ``rubric`` (another one, by its code)
    changes: Frozen[str, PolicyValue]
    #: the policy it comes to
    policy: Policy
    #: None is that of the result
    rubric: Rubric | None = None
    #: whether it is a policy that the caller named
    is_named: bool = False

    @cached_property
    def title(self) -> Label:
        """What it changes, in words; its name where someone named it."""
        if self.is_named:
            return Label(self.name)
        parts = [_phrase(field, value) for field, value in self.changes.items()]
        return Label(*("; ".join(part.text(language) for part in parts) for language in LANGUAGES))


def _phrase(field: str, value: PolicyValue) -> Sentence:
    """What a choice is, in words."""
    name = f"{field}.{value}"
    return WORDS(name if name in WORDS else f"{field}.value", value=value)


def levels_of(
    policy: Policy, node: str, asked: Mapping[PolicyField, Any] | None
) -> Frozen[PolicyField, tuple[PolicyValue, ...]]:
    """The values that each choice takes, that in force first; what is asked for, or the usual where nothing is."""
    tried = USUAL if asked is None else {field: _read(field, asked[field]) for field in FIELDS}
    return Frozen(
        {field: tuple(dict.fromkeys([value_of(policy, node, field), *tried[field]])) for field in FIELDS}
    )


def _read(field: PolicyField, asked: Any) -> tuple[PolicyValue, ...]:
    if asked is None:
        return ()
    values = [asked] if isinstance(asked, str | int) else plain(asked, field)
    if field == "decimals":
        return tuple(doors.whole(field, value, 0, MAX_DECIMALS) for value in values)
    for value in values:
        option(field, value, *WORDS_OF[field])
    return tuple(values)


def value_of(policy: Policy, node: str, field: PolicyField) -> PolicyValue:
    """What a policy chooses for a node."""
    owner: Any = policy.publish_of(node) if field in ("decimals", "rounding") else policy
    value: PolicyValue = getattr(owner, field)
    return value


def changed(policy: Policy, node: str, changes: Mapping[PolicyField, PolicyValue]) -> Policy:
    """The policy with other choices; decimals and rounding are those that the node is printed with."""
    printed: Any = {field: value for field, value in changes.items() if field in ("decimals", "rounding")}
    others: Any = {field: value for field, value in changes.items() if field not in printed}
    if printed and node == TOTAL:
        others["publish"] = attrs.evolve(policy.publish, **printed)
    elif printed:
        others["publish_parts"] = attrs.evolve(policy.publish_parts or PublishParts(), **printed)
    return attrs.evolve(policy, **others)


def grid(policy: Policy, node: str, levels: Mapping[PolicyField, tuple[PolicyValue, ...]]) -> list[Variant]:
    """Every combination of values but that in force, those that change fewest choices first."""
    variants = []
    for values in product(*levels.values()):
        chosen = zip(levels, values, strict=True)
        changes: dict[Any, PolicyValue] = {name: value for name, value in chosen if value != levels[name][0]}
        if changes:
            variants.append(Variant(name_of(changes), Frozen(changes), changed(policy, node, changes)))
    return sorted(variants, key=lambda variant: (len(variant.changes), *map(FIELDS.index, variant.changes)))


def name_of(changes: Mapping[Any, PolicyValue]) -> str:
    """What programs call changes."""
    return ", ".join(f"{field}={value}" for field, value in changes.items())


def named_policies(own: Policy, node: str, policies: Any) -> list[Variant]:
    """Whole policies, each under its name."""
    variants = []
    for name, policy in doors.given_by_name("policies", policies, wrong_text).items():
        instance(f"policies[{name!r}]", policy, Policy)
        values = {field: (value_of(policy, node, field), value_of(own, node, field)) for field in FIELDS}
        changes: dict[Any, PolicyValue] = {
            field: value for field, (value, was) in values.items() if value != was
        }
        others = {} if changed(own, node, changes) == policy else {"policy": name}
        variants.append(Variant(name, Frozen(changes | others), policy, is_named=True))
    return variants


def without_rules(rubric: Rubric, policy: Policy, without: Iterable[str]) -> list[Variant]:
    """For each exclusion rule named, the rubric without it."""
    variants = []
    for given in doors.column("without", without):
        code = among("exclusion rule", given, [rule.code for rule in rubric.exclusions])
        left = [rule for rule in rubric.exclusions if rule.code != code]
        variants.append(by_rubric("without", code, policy, attrs.evolve(rubric, exclusions=left)))
    return variants


def by_rubric(field: str, code: str, policy: Policy, rubric: Rubric) -> Variant:
    """A variant that changes the rubric, not the policy."""
    changes = {field: code}
    return Variant(name_of(changes), Frozen(changes), policy, rubric)
