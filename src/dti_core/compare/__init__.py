"""What changed from one rubric to another, and whether their scores can still be compared."""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal

import attrs

from dti_core.compare.wording import shown, word
from dti_core.errors import InvalidArgument, shorten
from dti_core.rubric import Rubric
from dti_core.rubric.criteria import Group, Pillar
from dti_core.rubric.tree import TOTAL, walk
from dti_core.terms import Label, Language

Kind = Literal["added", "removed", "moved", "reweighted", "renamed", "changed"]
Affects = Literal["scores", "ranks", "grades"]


@attrs.frozen
class RubricChange:
    """One thing in which two rubrics differ; ``str()`` tells it in Vietnamese, :meth:`text` in either language."""

    kind: Kind
    #: leaf, component, index, total, group, pillar, rule, block, band, attribute, policy or rubric
    what: str
    #: empty for the policy and the rubric itself
    code: str
    title: Label | None = None
    #: what is changed: members, when, renormalise …
    field: str | None = None
    before: Any = None
    after: Any = None
    #: what of a unit may come out otherwise under the same marks; None: nothing
    affects: Affects | None = None

    def text(self, language: Language = "vi") -> str:
        """The change in one line."""
        title = "" if self.title is None else shown(self.title, language)
        code = self.code if self.code != self.what else ""
        subject = " ".join(filter(None, (word(self.what, language), code, title)))
        said = [shown(value, language) for value in (self.before, self.after)]
        verb = word(self.kind, language) if self.kind != "changed" else word(self.field or "", language)
        if self.kind == "added":
            return f"{verb} {subject}" + f": {said[1]}" * (self.after is not None)
        if self.kind == "removed":
            return f"{verb} {subject}" + f": {said[0]}" * (self.before is not None)
        return f"{subject}: {verb} {said[0]} → {said[1]}"

    def __str__(self) -> str:
        return self.text()


@attrs.frozen
class RubricDifference:
    """All changes from one rubric to another; ``str()`` is a line for each in Vietnamese."""

    changes: tuple[RubricChange, ...]

    @property
    def comparable(self) -> bool:
        """Whether the same marks give the same scores: no change touches tree, maxima, rules or how scores are made.

        What both rubrics have is meant: a new pillar changes no other score. Ranks and grades may still differ.
        """
        return all(change.affects != "scores" for change in self.changes)

    def leaves(self, kind: Kind) -> tuple[str, ...]:
        """The codes of the leaves added, removed, moved, reweighted or renamed."""
        return tuple(change.code for change in self.changes if (change.kind, change.what) == (kind, "leaf"))

    def text(self, language: Language = "vi") -> str:
        """A line per change, and whether scores stay comparable."""
        verdict = "comparable" if self.comparable else "incomparable"
        lines = [change.text(language) for change in self.changes] or [word("same", language)]
        return "\n".join([*lines, word(verdict, language)])

    def __str__(self) -> str:
        return self.text()


def compare_rubrics(old: Rubric, new: Rubric) -> RubricDifference:
    """What changed from an old rubric to a new one; everything is matched by its code, never by its title.

    >>> from dti_core import Index, Rubric
    >>> old = Rubric("dti-2023", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> new = Rubric("dti-2023", "Ví dụ", [Index("1", "Nhận thức số", 25), Index("2", "Dịch vụ công", 20)])
    >>> difference = compare_rubrics(old, new)
    >>> print(difference.text("en"))
    leaf 1 Nhận thức số: maximum 30 → 25
    total: maximum 50 → 45
    Scores are not comparable.
    >>> difference.leaves("reweighted"), difference.comparable
    (('1',), False)
    """
    if not isinstance(old, Rubric) or not isinstance(new, Rubric):
        raise InvalidArgument(f"two rubrics are compared, not {shorten(old)} and {shorten(new)}")
    before, after = _parts(old), _parts(new)
    changes: list[RubricChange] = []
    for key in dict.fromkeys((*before, *after)):
        changes += _changes(key[1], before.get(key), after.get(key))
    return RubricDifference(tuple(changes))


@attrs.frozen
class _Part:
    """One part of a rubric, as what may change in it."""

    what: str
    title: Label | None
    fields: Mapping[str, Any]
    #: what its coming, its going and a change of its condition affect
    affects: Affects | None = None


def _parts(rubric: Rubric) -> dict[tuple[str, str], _Part]:
    parts = {("node", code): part for code, part in _nodes(rubric)}
    for group in rubric.groups:
        parts["group", group.code] = _Part("group", group.title, _set(group))
    for pillar in rubric.pillars:
        parts["pillar", pillar.code] = _Part("pillar", pillar.title, _set(pillar))
    for rule in rubric.exclusions:
        fields = {name: getattr(rule, name) for name in ("treatment", "by", "reason", "basis")}
        fields |= {"members": tuple(sorted(rule.members)), "when": dict(rule.when)}
        parts["rule", rule.code] = _Part("rule", None, fields, "scores")
    for block in rubric.blocks:
        fields = {"when": dict(block.when), "ranked": block.ranked}
        parts["block", block.code] = _Part("block", block.title, fields, "ranks")
    for band in rubric.bands:
        parts["band", band.code] = _Part("band", band.title, {"at_least": band.at_least}, "grades")
    for name, declared in rubric.attributes:
        parts["attribute", name] = _Part("attribute", None, {"declaration": declared})
    policy = attrs.asdict(rubric.policy, recurse=False)
    publish = attrs.asdict(policy.pop("publish"))
    policy |= {f"publish.{name.rstrip('_')}": value for name, value in publish.items()}
    parts["policy", ""] = _Part("policy", None, policy)
    parts["rubric", ""] = _Part("rubric", rubric.title, _others(rubric, COMPARED))
    return parts


def _others(thing: Any, compared: Collection[str]) -> dict[str, Any]:
    """The fields of which nothing more need be known than that they differ."""
    fields = attrs.fields_dict(type(thing))
    return {name: getattr(thing, name) for name in fields if name not in compared}


COMPARED = (
    *("title", "indices", "max_points", "groups", "pillars"),
    *("attributes", "exclusions", "blocks", "bands", "policy", "tree"),
)


def _nodes(rubric: Rubric) -> Iterator[tuple[str, _Part]]:
    tree = rubric.tree

    def maximum(code: str) -> Decimal:
        return Decimal(tree.maximum[code]).scaleb(-rubric.mark_decimals)

    for _, node, parent, _ in walk(rubric.indices):
        what = "component" if parent != TOTAL else "index"
        fields = {"parent": parent, "maximum": maximum(node.code), "marked": not node.components}
        fields |= _others(node, ("code", "title", "max_points", "components"))
        affects: Affects | None = "scores" if tree.maximum[node.code] else None
        yield node.code, _Part(what if node.components else "leaf", node.title, fields, affects)
    yield TOTAL, _Part("total", None, {"maximum": maximum(TOTAL)})


def _set(part: Group | Pillar) -> dict[str, Any]:
    return {"members": tuple(sorted(part.members)), "custom": part.custom}


def _changes(code: str, old: _Part | None, new: _Part | None) -> Iterator[RubricChange]:
    if old is None or new is None:
        part: Any = new or old
        kind: Kind = "added" if old is None else "removed"
        before, after = (each and each.fields.get("maximum") for each in (old, new))
        yield RubricChange(kind, part.what, code, part.title, None, before, after, part.affects)
        return
    if old.title != new.title:
        yield RubricChange("renamed", new.what, code, None, "title", old.title, new.title)
    for name, before in old.fields.items():
        after = new.fields[name]
        if before != after:
            affects = new.affects if name == "when" else AFFECTED.get(name)
            yield RubricChange(
                KINDS.get(name, "changed"), new.what, code, new.title, name, before, after, affects
            )


KINDS: dict[str, Kind] = {"parent": "moved", "maximum": "reweighted"}
AFFECTED: dict[str, Affects] = {
    **dict.fromkeys(
        ("parent", "maximum", "role", "marked", "members", "treatment", "by", "scoring"), "scores"
    ),
    **dict.fromkeys(("renormalise", "missing", "exceed_maximum"), "scores"),
    **dict.fromkeys(("publish.as", "publish.decimals", "publish.rounding"), "scores"),
    **dict.fromkeys(("ranked", "decide_on", "ties", "tie_break", "min_coverage"), "ranks"),
    "at_least": "grades",
}
