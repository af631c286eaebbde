"""What parts and answers are worth: shares of a maximum, or points."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, cast

import attrs

from dti_core.errors import InvalidDocument, Problem, raise_all, shorten
from dti_core.terms import nfc, wrong_text
from dti_core.terms.amounts import (
    ExactLike,
    exact_of,
    exact_or_none,
    is_amount_or_none,
    is_share_or_none,
    wrong_share,
)
from dti_core.terms.fields import repeated
from dti_core.words import DOCUMENTS, MEASURES

Shares = tuple[tuple[str, Fraction], ...]


def shares_of(value: Mapping[str, ExactLike] | Shares) -> Shares:
    """Named shares from a mapping or from pairs, names in NFC; else left for the check to refuse."""
    pairs = [*value.items()] if isinstance(value, Mapping) else value
    if not _are_pairs(pairs):
        return cast("Shares", value)
    return tuple((nfc(name), exact_of(share)) for name, share in pairs)


def _are_pairs(value: Any) -> bool:
    is_list = isinstance(value, list | tuple)
    return is_list and all(isinstance(pair, tuple) and len(pair) == 2 for pair in value)


def wrong_shares(instance: object, _: object, value: object) -> None:
    """Refuse what is no named shares, an attrs validator; each problem with the name it is at."""
    if not isinstance(value, tuple) or not value or not _are_pairs(value):
        message = MEASURES("no_shares", value=shorten(value))
        raise InvalidDocument(type(instance).__name__, [Problem(("answers",), message)])
    messages = [(name, wrong_text(name) or wrong_share(share)) for name, share in value]
    names = [name for name, _ in value if isinstance(name, str)]
    messages += [(names[at], DOCUMENTS("duplicate")) for at, _ in repeated(names)]
    problems = [Problem(("answers", str(name)), message) for name, message in messages if message]
    raise_all(type(instance).__name__, problems)


def method_flaw(rule: str, *path: str | int, **values: Any) -> Problem:
    """What is wrong with how a leaf is scored: the sentence that the rule goes by, with its values."""
    return Problem(path, MEASURES(rule, **values), rule)


def above_maximum(points: Fraction | None, maximum: Fraction, *path: str | int) -> Iterator[Problem]:
    """Points that are more than the maximum."""
    if points is not None and points > maximum:
        yield method_flaw("above", *path, points=points, maximum=maximum)


def threshold_problems(bounds: Sequence[Fraction | Decimal]) -> Iterator[Problem]:
    """Thresholds that are not listed highest first, or leave a gap below the last."""
    for at, (above, bound) in enumerate(pairwise(bounds), 1):
        if bound >= above:
            yield Problem((at, "at_least"), MEASURES("not_falling", bound=bound, above=above), "order")
    if bounds and bounds[-1] != 0:
        yield Problem((len(bounds) - 1, "at_least"), MEASURES("tier_gap", bound=bounds[-1]), "gap")


def within(size: Any, at_least: Fraction | None, at_most: Fraction | None) -> Any:
    """Whether sizes, one or many, keep to the bound that is given; where none is, all do."""
    return size >= (at_least or 0) if at_most is None else size <= at_most


@attrs.frozen(kw_only=True)
class Worth:
    """What something is worth: a share of the maximum, or points."""

    #: from 0 to 1, of the maximum
    share: Fraction | None = attrs.field(default=None, converter=exact_or_none, validator=is_share_or_none)
    #: instead of a share
    points: Fraction | None = attrs.field(default=None, converter=exact_or_none, validator=is_amount_or_none)

    def __attrs_post_init__(self) -> None:
        if (self.share is None) == (self.points is None):
            raise InvalidDocument(type(self).__name__, [method_flaw("worth")])

    def of(self, maximum: Fraction) -> Fraction:
        """In points, where the maximum is so much."""
        return cast("Fraction", self.points) if self.share is None else self.share * maximum
