"""What an assessment says of one leaf: the self mark, what proves it, and the appraised mark."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any, cast
from weakref import WeakValueDictionary

import attrs

from dti_core.assessment.fields import all_made, by_code, text, wrong_mapping
from dti_core.assessment.times import wrong_day
from dti_core.errors import InvalidDocument, Said, shorten
from dti_core.terms import (
    checking,
    many,
    optional,
    points_or_none,
    scalar_of,
    text_of,
    true_or_false,
    wrong_code,
    wrong_scalar,
)
from dti_core.terms.fields import CHECKS, checked
from dti_core.words import DOCUMENTS, ROUNDS, Sentence
from dti_core.words.rounds import fault

Measure = str | bool | Decimal | Mapping[str, Any]
"""One value, or values by name; those of parts by the names of the parts."""
LINK = re.compile(r"https?://[^\s\x00-\x20\x7f\"<>]+")
SHA256 = re.compile(r"[0-9a-f]{64}")
LINK_LENGTH = 2000
DEEPEST = 64
"""So deep are measures of parts of parts read."""


def _wrong_link(value: object) -> Sentence | None:
    fits = isinstance(value, str) and LINK.fullmatch(value) and len(value) <= LINK_LENGTH
    return None if fits else DOCUMENTS("pattern.Link", value=shorten(value))


def _wrong_sha256(value: object) -> Sentence | None:
    fits = isinstance(value, str) and SHA256.fullmatch(value)
    return None if fits else DOCUMENTS("pattern.Sha256", value=shorten(value))


@attrs.frozen(field_transformer=checked)
class Evidence:
    """A document that proves a mark: by its number and date, or by a link, which is kept and never fetched.

    >>> Evidence("Kế hoạch chuyển đổi số", "01/KH-UBND", "2023-01-02").number
    '01/KH-UBND'
    """

    #: what it is
    title: str = attrs.field(converter=text_of)
    #: the number of a document
    number: str | None = text()
    #: its date, 2024-01-02
    date: str | None = text(wrong_day)
    #: where it can be seen
    link: str | None = text(_wrong_link)
    #: of the file, where there is one
    sha256: str | None = text(_wrong_sha256)

    def __attrs_post_init__(self) -> None:
        absent = [name for name in ("number", "date") if getattr(self, name) is None]
        if self.link is None and absent:
            raise InvalidDocument("Evidence", [fault("required.proof", (name,)) for name in absent])


def _measure_of(value: Any, depth: int = 0) -> Any:
    if isinstance(value, Mapping) and depth < DEEPEST:
        return by_code(value, lambda inner: _measure_of(inner, depth + 1))
    return None if value is None else scalar_of(value)


def _wrong_measure(value: object) -> str | Said | None:
    if not isinstance(value, Mapping):
        return wrong_scalar(value)
    inner: Iterator[Any] = (wrong_code(name) or _wrong_measure(measure) for name, measure in value.items())
    empty = None if value else ROUNDS("empty")
    return wrong_mapping(value) or next(filter(None, inner), empty)


def _evidence_of(values: Iterable[Evidence | Mapping[str, Any]]) -> tuple[Evidence, ...]:
    return cast("tuple[Evidence, ...]", all_made(Evidence, values))


CHECKS[_evidence_of] = many(Evidence)


@attrs.frozen(kw_only=True, cache_hash=True, field_transformer=checked)
class Entry:
    """What is said of one leaf; what nobody has said yet is None, which is not 0.

    >>> Entry(points=8.5, explanation="Chưa có văn bản; tính theo báo cáo").lacks is None
    True
    """

    #: the self mark
    points: Decimal | None = attrs.field(default=None, converter=points_or_none)
    #: the measured values that the self mark is worked out from, instead
    measures: Measure | None = attrs.field(
        default=None, converter=_measure_of, validator=checking(optional(_wrong_measure)), hash=False
    )
    #: what it is proven by
    evidence: tuple[Evidence, ...] = attrs.field(default=(), converter=_evidence_of)
    #: whether the evidence covers all that was marked
    covers: bool = attrs.field(default=True, validator=checking(true_or_false))
    #: what the unit says of it
    explanation: str | None = text()
    #: why the unit holds that the leaf does not apply to it
    claim: str | None = text()
    #: why the council does not hold so
    refusal: str | None = text()
    #: the council's mark
    appraised: Decimal | None = attrs.field(default=None, converter=points_or_none)
    #: the appraisers' reason
    reason: str | None = text()

    @cached_property
    def said(self) -> frozenset[str]:
        """The fields in which something is said."""
        return frozenset(name for name, default in DEFAULTS if getattr(self, name) != default)

    def only(self, fields: frozenset[str]) -> "Entry":
        """With these fields alone."""
        kept = self.said & fields
        if len(kept) == len(self.said):
            return self
        return Entry(**{name: getattr(self, name) for name in kept}) if kept else EMPTY

    @property
    def lacks(self) -> Sentence | None:
        """What a self mark that must be proved lacks, or None."""
        is_marked = self.points is not None or self.measures is not None
        if not is_marked or self.explanation is not None or (self.evidence and self.covers):
            return None
        return ROUNDS("evidence.part" if self.evidence else "evidence.none")


DEFAULTS = tuple((field.name, field.default) for field in attrs.fields(Entry))
EMPTY = Entry()
_LEFT: WeakValueDictionary[tuple[Entry, Entry, frozenset[str]], Entry] = WeakValueDictionary()


def over(old: Entry, image: Entry, fields: frozenset[str]) -> Entry:
    """An entry of which some fields are as in another; one and the same wherever the same is left of the same."""
    if old.said <= fields:
        return image
    if not old.said & fields and not image.said:
        return old
    left = _LEFT.get((old, image, fields))
    if left is None:
        changed = {name: getattr(image, name) for name in fields}
        left = _LEFT[old, image, fields] = attrs.evolve(old, **changed)
    return left
