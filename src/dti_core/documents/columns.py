"""Columns of result documents: lists of exact numbers, printed decimals, ranks and codes ⇄ what holds them."""

import re
from array import array
from collections.abc import Callable, Iterator
from contextlib import suppress
from fractions import Fraction
from functools import lru_cache
from threading import Lock
from types import NoneType
from typing import Any, get_args

import attrs
import numpy as np
from numpy.typing import NDArray

from dti_core.documents import values
from dti_core.documents.problems import REFUSALS, refuse
from dti_core.errors import InvalidArgument
from dti_core.exact import INT64_MAX, Int, decimal_of, decimal_text, narrow, peak
from dti_core.exact.rationals import Rationals
from dti_core.published.scores import Exacts, Grades, NodeScores, Printeds, Ranks
from dti_core.terms import CODE_LENGTH, wrong_code
from dti_core.words import DOCUMENTS

LONGEST = 4000
"""More digits Python itself does not turn into a number."""
MAX_BITS = 3 * LONGEST // 2
"""Numerator and denominator each have at most half of the digits."""
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+|/[1-9][0-9]*)?")
MOST_RANKED = 10**6
MOST_KEPT = 2**17
MOST_DENOMINATORS = 4
"""Of a column whose numbers are gone through denominator by denominator; points and published values have one."""
Pair = tuple[int, int]
Texts = NDArray[np.object_]
NULL: Pair = (0, 0)
RANK, QUOTED, ESCAPED = 9, 8, 12
"""At most so many characters make up a rank, what is around the digits of a number, and an escaped character."""
UNITS = {10**decimals for decimals in range(19)}
"""The denominators of nearly all numbers."""


def exact_text(value: Fraction) -> str:
    """A decimal where the number has an end, else a fraction in lowest terms.

    >>> exact_text(Fraction("44.40625")), exact_text(Fraction(625, 18))
    ('44.40625', '625/18')
    """
    return _exact_text(value.numerator, value.denominator) or ""


def exact(value: Any, _: Any = None) -> Fraction:
    """An exact number of its text."""
    return Fraction(*_exact_pair(values.text(value)))


def _exact_pair(text: str) -> Pair:
    if not NUMBER.fullmatch(text) or len(text) > LONGEST:
        raise refuse("type.unread")
    above, slash, below = text.partition("/")
    if slash:
        return int(above), int(below)
    whole, _, decimals = text.partition(".")
    return int(whole + decimals), 10 ** len(decimals)


def _printed_pair(text: str) -> Pair:
    """Over the unit of its last decimal."""
    if "/" in text:
        raise refuse("type.unread")
    return _exact_pair(text)


class _Known(dict[str | None, int]):
    """The places of texts among numbers read before: few of a document are distinct, and looking one up is quick."""

    def __init__(self, pair_of: Callable[[str], Pair]) -> None:
        super().__init__({None: 0})
        self.pair_of, self.above, self.below = pair_of, array("q", [0]), array("q", [0])
        self.lock = Lock()

    def __missing__(self, text: str) -> int:
        above, below = self.pair_of(text)
        if max(abs(above), below) > INT64_MAX:
            raise OverflowError
        self.above.append(above)
        self.below.append(below)
        self[text] = place = len(self.above) - 1
        return place

    def numbers(self, column: list[str | None]) -> Rationals:
        """The numbers of a column of texts; raises OverflowError where one is too large."""
        with self.lock:
            if len(self) > MOST_KEPT:
                self.clear()
                self.__init__(self.pair_of)  # type: ignore[misc]
            places = np.fromiter(map(self.__getitem__, column), np.intp, len(column))
            above, below = (np.frombuffer(part, np.int64)[places] for part in (self.above, self.below))
        return Rationals(above, below)


EXACT, PRINTED = _Known(_exact_pair), _Known(_printed_pair)


def exacts(column: Any, _: Any = None) -> Rationals:
    """Exact numbers of their texts; null is none."""
    return _rationals(column, EXACT)


def printeds(column: Any, _: Any = None) -> Rationals:
    """Decimals of their texts, over the unit of their last decimal; null is none."""
    return _rationals(column, PRINTED)


def _rationals(column: Any, known: _Known) -> Rationals:
    if isinstance(column, list) and {*map(type, column)} <= {str, NoneType}:
        with suppress(OverflowError, *REFUSALS):
            return known.numbers(column)
    pairs = values.listed(column, lambda text: NULL if text is None else known.pair_of(values.text(text)))
    above, below = (narrow(np.array([pair[end] for pair in pairs], dtype=object)) for end in (0, 1))
    return Rationals(above, below)


def ranks(column: Any, _: Any = None) -> NDArray[np.int64]:
    """Ranks, 0 for null."""
    if isinstance(column, list) and {*map(type, column)} <= {int, type(None)}:
        distinct = {*column} - {None}
        if not distinct or 0 < min(distinct) <= max(distinct) <= MOST_RANKED:
            return np.array([rank or 0 for rank in column], dtype=np.int64)
    return np.array(values.listed(column, _rank), dtype=np.int64)


def _rank(value: Any) -> int:
    rank = 0 if value is None else values.json_integer(value, None)
    if value is not None and not 0 < rank <= MOST_RANKED:
        name, bound = ("minimum", 1) if rank < 1 else ("maximum", MOST_RANKED)
        raise refuse(name, value=rank, bound=bound)
    return rank


def grades(column: Any, _: Any = None) -> tuple[str | None, ...]:
    """Codes of bands; null is none."""
    if isinstance(column, list) and {*map(type, column)} <= {str, NoneType}:
        with suppress(*REFUSALS):
            codes = {text: _grade(text) for text in {*column}}
            return tuple(map(codes.__getitem__, column))
    return values.listed(column, _grade)


def _grade(value: Any) -> str | None:
    code = None if value is None else values.text(value)
    if code is not None and wrong_code(code):
        raise refuse("type.unread")
    return code


def exacts_out(column: Rationals) -> list[str | None]:
    """Texts of exact numbers."""
    return _texts(column, _exact_text)


def printeds_out(column: Rationals) -> list[str | None]:
    """Texts of decimals, with as many decimals as their denominators have noughts."""
    return _texts(column, _printed_text)


TextOf = Callable[[int, int], str | None]


class _Texts:
    """The texts of numbers over one denominator: few of a document are distinct, and looking one up is quick."""

    def __init__(self, text_of: TextOf, denominator: int) -> None:
        self.text_of, self.denominator = text_of, denominator
        self.texts: Texts = np.empty(MOST_KEPT, dtype=object)
        self.known = np.zeros(MOST_KEPT, dtype=bool)

    def of(self, numerators: Int) -> Texts:
        """The text of each number."""
        if numerators.dtype == object or not 0 <= numerators.min() <= numerators.max() < MOST_KEPT:
            distinct, place = np.unique(numerators, return_inverse=True)
            return np.array([self.text(number) for number in distinct.tolist()], dtype=object)[place]
        new = numerators[~self.known[numerators]]
        for number in {*new.tolist()}:
            self.texts[number] = self.text(number)
        self.known[new] = True
        return self.texts[numerators]

    def text(self, numerator: int) -> str | None:
        """The text of one number."""
        return self.text_of(numerator, self.denominator)


_texts_over = lru_cache(MOST_DENOMINATORS)(_Texts)


def _texts(column: Rationals, text_of: TextOf) -> list[str | None]:
    """The text of each number, told once for all that are the same where few denominators are not."""
    numerators, denominators = column.numerator, column.denominator
    if len(numerators) and (denominators == denominators[0]).all():
        return _texts_over(text_of, int(denominators[0])).of(numerators).tolist()  # type: ignore[no-any-return]
    units = {*denominators.tolist()}
    if len(units) > MOST_DENOMINATORS:
        return [*map(text_of, numerators.tolist(), denominators.tolist())]
    texts: Texts = np.empty(len(numerators), dtype=object)
    for unit in units:
        rows = denominators == unit
        texts[rows] = _texts_over(text_of, unit).of(numerators[rows])
    return texts.tolist()  # type: ignore[no-any-return]


@lru_cache(MOST_KEPT >> 5)
def _exact_text(numerator: int, denominator: int) -> str | None:
    if denominator not in UNITS or not 0 <= numerator <= INT64_MAX:
        return _longer_text(Fraction(numerator, denominator)) if denominator else None
    text = _printed_text(numerator, denominator) or ""
    return text.rstrip("0").rstrip(".") if "." in text else text


def _longer_text(value: Fraction) -> str:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) <= MAX_BITS:
        ending = decimal_of(value)
        written = str(value) if ending is None else decimal_text(ending)
        if len(written) <= LONGEST:
            return written
    raise InvalidArgument(DOCUMENTS("too_fine.score", most=LONGEST))


def _printed_text(numerator: int, denominator: int) -> str | None:
    if denominator <= 1:
        return str(numerator) if denominator else None
    whole, rest = divmod(numerator, denominator)
    return f"{whole}.{str(rest + denominator)[1:]}"


def ranks_out(column: NDArray[np.int64]) -> list[int | None]:
    """Ranks, null for 0."""
    return column.tolist() if column.all() else [rank or None for rank in column.tolist()]


KINDS: dict[Any, tuple[Callable[[Any, Any], Any], Callable[[Any], list[Any]]]] = {
    Exacts: (exacts, exacts_out),
    Printeds: (printeds, printeds_out),
    Ranks: (ranks, ranks_out),
    Grades: (grades, list),
}
"""How columns of a kind are read, and written."""
WRITERS: dict[str, Callable[[Any], list[Any]]] = {
    field.name: next(
        write for hint, (_, write) in KINDS.items() if hint in (field.type, *get_args(field.type))
    )
    for field in attrs.fields(NodeScores)
}


def scores_out(scores: NodeScores) -> dict[str, list[Any]]:
    """The columns of a node that say something."""
    columns = {field: getattr(scores, field) for field in WRITERS}
    return {field: WRITERS[field](column) for field, column in columns.items() if column is not None}


def lengths(scores: NodeScores) -> Iterator[tuple[int, int]]:
    """Of each column that is written, how many values it has and how many characters each takes at most."""
    for field in WRITERS:
        column = getattr(scores, field)
        if isinstance(column, Rationals):
            # a third of its bits are more than the digits of a number; one that ends has fewer decimals than bits below
            above, below = (peak(part).bit_length() for part in (column.numerator, column.denominator))
            yield len(column.numerator), above // 3 + below + QUOTED
        elif column is not None:
            yield len(column), RANK if field == "rank" else ESCAPED * CODE_LENGTH + QUOTED
