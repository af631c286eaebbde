"""What an assessment says of one leaf: the self mark, what proves it, and the appraised mark."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import attrs

from dti_core.assessment.times import wrong_day
from dti_core.errors import InvalidDocument, Problem, shorten
from dti_core.terms import (
    check,
    listed,
    many,
    nfc,
    optional,
    points_or_none,
    scalar_of,
    text_of,
    text_or_none,
    true_or_false,
    wrong_code,
    wrong_points,
    wrong_scalar,
    wrong_text,
)

Measure = str | bool | Decimal | Mapping[str, Any]
"""One value, or values by name; those of parts by the names of the parts."""
LINK = re.compile(r"https?://[^\s\x00-\x20\x7f\"<>]+")
SHA256 = re.compile(r"[0-9a-f]{64}")
LINK_LENGTH = 2000


def _wrong_link(value: object) -> str | None:
    if isinstance(value, str) and LINK.fullmatch(value) and len(value) <= LINK_LENGTH:
        return None
    return f"a link that starts with http:// or https:// is needed, not {shorten(value)}"


def _wrong_sha256(value: object) -> str | None:
    if isinstance(value, str) and SHA256.fullmatch(value):
        return None
    return f"64 digits of 0 to 9 and a to f are needed, not {shorten(value)}"


def _text(default: Any = None) -> Any:
    return attrs.field(default=default, converter=text_or_none, validator=check(optional(wrong_text)))


@attrs.frozen
class Evidence:
    """A document that proves a mark: by its number and date, or by a link, which is kept and never fetched.

    >>> Evidence("Kế hoạch chuyển đổi số", "01/KH-UBND", "2023-01-02").number
    '01/KH-UBND'
    """

    title: str = attrs.field(converter=text_of, validator=check(wrong_text))
    number: str | None = _text()
    date: str | None = attrs.field(default=None, validator=check(optional(wrong_day)))
    link: str | None = attrs.field(
        default=None, converter=text_or_none, validator=check(optional(_wrong_link))
    )
    #: of the file, where there is one
    sha256: str | None = attrs.field(default=None, validator=check(optional(_wrong_sha256)))

    def __attrs_post_init__(self) -> None:
        if self.link is None:
            message = "is missing; a document is known by its number and date, or by a link"
            absent = [name for name in ("number", "date") if getattr(self, name) is None]
            if absent:
                raise InvalidDocument("Evidence", [Problem((name,), message, "required") for name in absent])


def _measure_of(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {nfc(name): _measure_of(each) for name, each in value.items()}
    return scalar_of(value)


def _wrong_measure(value: object) -> str | None:
    if not isinstance(value, dict):
        return wrong_scalar(value)
    named = (wrong_code(name) or _wrong_measure(each) for name, each in value.items())
    return next(filter(None, named), None if value else "is empty; name what was measured")


@attrs.frozen(kw_only=True)
class Entry:
    """What is said of one leaf; what nobody has said yet is None, which is not 0.

    >>> Entry(points=8.5, explanation="Chưa có văn bản; tính theo báo cáo").lacks is None
    True
    """

    #: the self mark: points, or the measured values they are worked out from
    points: Decimal | None = attrs.field(
        default=None, converter=points_or_none, validator=check(optional(wrong_points))
    )
    measures: Measure | None = attrs.field(
        default=None, converter=_measure_of, validator=check(optional(_wrong_measure)), hash=False
    )
    evidence: tuple[Evidence, ...] = attrs.field(
        default=(), converter=listed, validator=check(many(Evidence))
    )
    #: whether the evidence covers all that was marked
    covers: bool = attrs.field(default=True, validator=check(true_or_false))
    explanation: str | None = _text()
    appraised: Decimal | None = attrs.field(
        default=None, converter=points_or_none, validator=check(optional(wrong_points))
    )
    #: the appraisers' reason
    reason: str | None = _text()

    @property
    def is_marked(self) -> bool:
        """Whether there is a self mark."""
        return self.points is not None or self.measures is not None

    @property
    def lacks(self) -> str | None:
        """What a self mark that must be proved lacks, or None."""
        if not self.is_marked or self.explanation is not None or (self.evidence and self.covers):
            return None
        what = "has evidence that does not cover all of it" if self.evidence else "has no evidence"
        return f"{what}; attach what is lacking, or explain in writing how it was marked"

    @property
    def filled(self) -> tuple[str, ...]:
        """The fields that say something."""
        return tuple(name for name, default in DEFAULTS if getattr(self, name) != default)


EMPTY = Entry()
DEFAULTS = tuple((field.name, getattr(EMPTY, field.name)) for field in attrs.fields(Entry))
