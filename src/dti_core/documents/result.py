"""Result documents ⇄ :class:`~dti_core.PublishedResult`."""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from typing import Any

from dti_core.documents import rubric as rubrics
from dti_core.documents.canonical import content_hash
from dti_core.documents.convert import Form, Shape
from dti_core.documents.problems import all_at_once, refuse
from dti_core.documents.text import MAX_PROBLEMS
from dti_core.documents.values import scalar, text
from dti_core.errors import InvalidArgument
from dti_core.exact import decimal_of, plain
from dti_core.published import Exact, Printed, PublishedResult
from dti_core.published.check import contradictions
from dti_core.published.publication import publication
from dti_core.result import Result
from dti_core.rubric.policy import Policy, Publish

LONGEST = 4000
"""More digits Python itself does not turn into a number."""
MAX_BITS = 3 * LONGEST // 2
"""Numerator and denominator each have at most half of the digits."""
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+|/[1-9][0-9]*)?")


def read(document: Mapping[str, Any], what: str) -> PublishedResult:
    """The result that a sound JSON object describes; refused where its numbers contradict one another."""
    result, problems = FORM.read(document, what)
    with all_at_once(what, problems):
        problems += islice(contradictions(result), MAX_PROBLEMS)
        return result


def write(result: Result | PublishedResult) -> dict[str, Any]:
    """The document of a result; its numbers are text, its policy is written in full."""
    if isinstance(result, Result):
        result = publication(result, content_hash(rubrics.write(result.rubric)))
    return FORM.write(result)


def exact_text(value: Fraction) -> str:
    """A decimal where the number has an end, else a fraction in lowest terms.

    >>> exact_text(Fraction("44.40625")), exact_text(Fraction(625, 18))
    ('44.40625', '625/18')
    """
    if max(value.numerator.bit_length(), value.denominator.bit_length()) <= MAX_BITS:
        ending = decimal_of(value)
        written = str(value) if ending is None else plain(ending)
        if len(written) <= LONGEST:
            return written
    raise InvalidArgument(f"an exact score has more than {LONGEST} digits, which no document holds")


def exact(value: Any, _: Any) -> Fraction:
    """An exact number of its text."""
    if not NUMBER.fullmatch(text(value)) or len(value) > LONGEST:
        raise refuse("type.unread")
    return _fraction(value)


@lru_cache(1 << 16)
def _fraction(written: str) -> Fraction:
    """Few numbers of a document are distinct."""
    return Fraction(written)


def _printed(value: Any, _: Any) -> Decimal:
    exact(value, None)
    if "/" in value:
        raise refuse("type.unread")
    return Decimal(value)


def _teach(shape: Shape) -> None:
    shape.teach(Exact, exact, exact_text)
    shape.teach(Fraction, scalar, rubrics.exact_out)
    shape.teach(Printed, _printed, "{:f}".format)
    for within_before_whole in (Publish, Policy):
        shape.teach_in_full(within_before_whole)


FORM = Form("result", PublishedResult, _teach)
WRITTEN = (Result, PublishedResult)
