"""What changed from one rubric to another, and whether their scores can still be compared."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Literal, get_args

import attrs

from dti_core.answer import Answer, Columns, texts
from dti_core.compare.wording import called, shown
from dti_core.errors import InvalidArgument, Language, shorten
from dti_core.rubric import Rubric
from dti_core.rubric.criteria import Points
from dti_core.rubric.policy import PublishParts
from dti_core.rubric.tree import TOTAL, walk
from dti_core.terms import Label, one_of
from dti_core.words import DIFFERENCES as WORDS
from dti_core.words.tables import Table

Kind = Literal["added", "removed", "moved", "reweighted", "renamed", "changed"]
Affects = Literal["scores", "ranks", "grades"]


@attrs.frozen
class RubricChange:
    """One thing in which two rubrics differ; ``str()`` tells it in Vietnamese, :meth:`text` in either language.

    >>> from dti_core import Index, Rubric
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> for change in compare_rubrics(rubric, rubric.replace("2", max_points=25)).changes:
    ...     print(change.text("en"))
    leaf 2 Dịch vụ công: maximum 20 → 25
    total: maximum 50 → 55
    """

    #: added, removed, moved, reweighted, renamed or changed
    kind: Kind
    #: leaf, component, index, total, group, pillar, rule, block, band, grade limit, attribute, policy or rubric
    what: str
    #: empty for the policy and the rubric itself
    code: str
    #: what it is called now, or was where it is gone; None where it has no title
    title: Label | None = None
    #: what is changed: members, when, renormalise …
    field: str | None = None
    #: what it was; None where there was nothing
    before: Any = None
    #: what it is; None where there is nothing
    after: Any = None
    #: what of a unit may come out otherwise under the same marks; None: nothing
    affects: Affects | None = None

    def text(self, language: Language = "vi") -> str:
        """The change in one line."""
        title = "" if self.title is None else shown(self.title, language)
        code = self.code if self.code != self.what else ""
        subject = " ".join(filter(None, (called(self.what).text(language), code, title)))
        verb = called(self.field if self.field and self.kind == "changed" else self.kind).text(language)
        if self.kind in ("added", "removed"):
            worth = self.after if self.kind == "added" else self.before
            return f"{verb} {subject}" + ("" if worth is None else f": {shown(worth, language)}")
        return f"{subject}: {verb} {shown(self.before, language)} → {shown(self.after, language)}"

    __str__ = text


@attrs.frozen(repr=False)
class RubricDifference(Answer):
    """All changes from one rubric to another; ``str()`` is a line for each in Vietnamese.

    >>> from dti_core import Index, Rubric
    >>> rubric = Rubric("demo", "Ví dụ", [Index("1", "Nhận thức số", 30), Index("2", "Dịch vụ công", 20)])
    >>> compare_rubrics(rubric, rubric.replace("2", title="Dịch vụ công trực tuyến")).comparable
    True
    """

    #: in the order of the new rubric
    changes: tuple[RubricChange, ...]

    def __repr__(self) -> str:
        return f"<RubricDifference: {len(self.changes)} changes>"

    @property
    def comparable(self) -> bool:
        """Whether the same marks give the same scores: no change touches tree, maxima, rules or how scores are made.

        What both rubrics have is meant: a new pillar changes no other score. Ranks and grades may still differ.
        """
        return all(change.affects != "scores" for change in self.changes)

    def leaves(self, kind: Kind) -> tuple[str, ...]:
        """The codes of the leaves added, removed, moved, reweighted, renamed or changed."""
        message = one_of(*get_args(Kind))(kind)
        if message:
            raise InvalidArgument(message)
        return tuple(change.code for change in self.changes if (change.kind, change.what) == (kind, "leaf"))

    def columns(self, language: Language | None = None) -> Columns:
        """A dict of texts, a row per change.

        ``kind``, ``what``, ``code``, ``title``, ``field``, ``before``, ``after``, ``affects``, as :class:`RubricChange`
        says; values as they are told, None where there is none.
        """
        told = partial(_texts, language=self._speaking(language))
        rows = [*map(told, self.changes)]
        return {field.name: texts(row[field.name] for row in rows) for field in attrs.fields(RubricChange)}

    def _remarks(self, language: Language) -> Iterator[str]:
        """A line per change, and whether scores stay comparable."""
        verdict = "comparable" if self.comparable else "incomparable"
        lines = [change.text(language) for change in self.changes] or [WORDS["same"].text(language)]
        yield "\n".join([*lines, WORDS[verdict].text(language)])

    def _tables(self, language: Language) -> Iterable[Table]:  # noqa: ARG002 — the lines say it all
        return ()


def _texts(change: RubricChange, language: Language) -> dict[str, str | None]:
    """The fields of a change as they are told, None where there is nothing."""
    fields = attrs.asdict(change, recurse=False)
    return {name: None if value in (None, "") else shown(value, language) for name, value in fields.items()}


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
        raise InvalidArgument(WORDS("two_rubrics", old=shorten(old), new=shorten(new)))
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
    named: list[tuple[str, Sequence[Any], Affects | None]] = [
        ("group", rubric.groups, None),
        ("pillar", rubric.pillars, None),
        ("rule", rubric.exclusions, "scores"),
        ("block", rubric.blocks, "ranks"),
        ("band", rubric.bands, "grades"),
        ("grade limit", rubric.grade_limits, "grades"),
    ]
    for what, things, affects in named:
        for thing in things:
            fields = _fields(thing, ("code", "title"))
            parts[what, thing.code] = _Part(what, getattr(thing, "title", None), fields, affects)
    for name, declared in rubric.attributes:
        parts["attribute", name] = _Part("attribute", None, {"declaration": declared})
    policy = attrs.asdict(rubric.policy, recurse=False)
    policy["publish_parts"] = policy["publish_parts"] or PublishParts()
    for key in ("publish", "publish_parts"):
        said = attrs.asdict(policy.pop(key))
        policy |= {f"{key}.{name.rstrip('_')}": value for name, value in said.items()}
    parts["policy", ""] = _Part("policy", None, policy)
    parts["rubric", ""] = _Part("rubric", rubric.title, _fields(rubric, COMPARED))
    return parts


def _fields(thing: Any, compared: Collection[str]) -> dict[str, Any]:
    """What else there is to a thing; of sets and conditions the order does not matter."""
    names = (field.alias or field.name for field in attrs.fields(type(thing)))
    fields = {name: getattr(thing, name) for name in names if name not in compared}
    if "members" in fields:
        fields["members"] = tuple(sorted(fields["members"]))
    return fields | ({"when": dict(fields["when"])} if "when" in fields else {})


COMPARED = (
    *("title", "indices", "max_points", "groups", "pillars"),
    *("attributes", "exclusions", "blocks", "bands", "grade_limits", "policy"),
)


def _nodes(rubric: Rubric) -> Iterator[tuple[str, _Part]]:
    tree = rubric.tree

    def maximum(code: str) -> Points:
        return tree.in_points(tree.maximum[code])

    for _, node, parent, _ in walk(rubric.indices):
        what = "component" if parent != TOTAL else "index"
        fields = {"parent": parent, "maximum": maximum(node.code), "marked": not node.components}
        fields |= _fields(node, ("code", "title", "max_points", "components"))
        affects: Affects | None = "scores" if tree.maximum[node.code] else None
        yield node.code, _Part(what if node.components else "leaf", node.title, fields, affects)
    yield TOTAL, _Part("total", None, {"maximum": maximum(TOTAL)})


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
            kind = KINDS.get(name, "changed")
            yield RubricChange(kind, new.what, code, new.title, name, before, after, affects)


KINDS: dict[str, Kind] = {"parent": "moved", "maximum": "reweighted"}
PUBLISHED = ("as", "decimals", "rounding", "of")
AFFECTING: dict[Affects, tuple[str, ...]] = {
    "scores": (
        *("parent", "maximum", "role", "marked", "members", "treatment", "by", "to", "scoring"),
        *("mark_max", "cap", "adjusts", "zero_unless", "renormalise", "missing", "exceed_maximum"),
        *(f"{publish}.{name}" for publish in ("publish", "publish_parts") for name in PUBLISHED),
    ),
    "ranks": ("ranked", "decide_on", "ties", "tie_break", "min_coverage"),
    "grades": ("at_least", "above", "requires", "quota", "at_most", "lower_by"),
}
AFFECTED = {field: affected for affected, fields in AFFECTING.items() for field in fields}
