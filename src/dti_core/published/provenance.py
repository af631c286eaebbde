"""What a published result was made of: its rubric and its marks by their hashes, and what worked it out."""

import re
from typing import get_args

import attrs

from dti_core import terms
from dti_core.errors import shorten
from dti_core.marks import Stage
from dti_core.terms import Label, checking
from dti_core.terms.fields import checked, code_of, word
from dti_core.words import DOCUMENTS, Sentence

SHA256 = re.compile("[0-9a-f]{64}")


def _wrong_hash(value: object) -> Sentence | None:
    sound = isinstance(value, str) and SHA256.fullmatch(value)
    return None if sound else DOCUMENTS("pattern.Sha256", value=shorten(value))


@attrs.frozen(kw_only=True, field_transformer=checked)
class ScoredBy:
    """The rubric of a result, by its code and the hash of its document."""

    #: the code of the rubric
    code: str = attrs.field(converter=code_of)
    #: what the rubric is called
    title: Label = attrs.field(converter=terms.label_of)
    #: what rubrics of one decision share; None where the rubric states none
    edition: str | None = attrs.field(default=None, converter=terms.text_or_none)
    #: the year or half-year that the rubric states; None: it is for any
    period: str | None = attrs.field(default=None, converter=terms.text_or_none)
    #: of the canonical form of the rubric's document, in hexadecimal
    sha256: str = attrs.field(validator=checking(_wrong_hash))


@attrs.frozen(kw_only=True, field_transformer=checked)
class Marked:
    """The marks of a result, by their period, their stage and the hash of their document."""

    #: the year or half-year of the marks, by default the rubric's; None where neither states one
    period: str | None = attrs.field(default=None, converter=terms.text_or_none)
    #: self or appraised; None where the marks do not say
    stage: Stage | None = word(*get_args(Stage), default=None)
    #: of the canonical form of the marks' document, in hexadecimal
    sha256: str = attrs.field(validator=checking(_wrong_hash))


@attrs.frozen(kw_only=True, field_transformer=checked)
class Software:
    """What worked a result out."""

    #: of the software, dti-core
    name: str = attrs.field(converter=terms.text_of)
    #: of that software, by number
    version: str = attrs.field(converter=terms.text_of)
