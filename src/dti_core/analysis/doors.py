"""How values enter the analysis: exactly, in their places, or not at all."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from dti_core.answer import Floats, Ints, kept
from dti_core.columns import codes
from dti_core.columns.cells import plain
from dti_core.columns.frozen import Frozen
from dti_core.columns.numbers import as_doubles, exactly, held_array
from dti_core.errors import InvalidArgument, Said, shorten
from dti_core.exact import MAX_TICKS, decimal_of
from dti_core.terms import Label, Test, label_of, nfc, whole_number, wrong_code, wrong_label, wrong_text
from dti_core.terms.lookups import among
from dti_core.words import ANSWERS

MANY = 10**9


def require(place: str, message: str | Said | None) -> None:
    """Refuse what a test found unfit."""
    if message:
        raise InvalidArgument(ANSWERS("at", place=place, message=message))


def whole(name: str, value: Any, low: int, high: int = MANY) -> int:
    """A whole number within bounds."""
    count = int(value) if isinstance(value, np.integer) else value
    require(name, whole_number(low, high)(count))
    return int(count)


def share(name: str, value: Any) -> Fraction:
    """A number from 0 to 1, exactly."""
    number = exact_number(value)
    if number is None or not 0 <= number <= 1:
        raise InvalidArgument(ANSWERS("share", name=name, value=shorten(value)))
    return number


def exact_number(value: Any) -> Fraction | None:
    """The very number given; None for what is none."""
    number = decimal_of(value)
    return value if isinstance(value, Fraction) else None if number is None else Fraction(number)


def place(kind: str, code: Any, known: Sequence[str]) -> int:
    """Where a code stands among those known."""
    return known.index(among(kind, code, known))


def column(name: str, values: Any, test: Test = wrong_code, convert: Callable[[Any], Any] = nfc) -> list[Any]:
    """What is listed, by default NFC codes, each held to a test."""
    cells = [convert(cell) for cell in plain(values, name)]
    for at, cell in enumerate(cells):
        require(f"{name}[{at}]", test(cell))
    return cells


def given_by_name(name: str, values: Any, test: Test = wrong_code) -> dict[str, Any]:
    """What is given by name, by default a code; nothing for None."""
    by_name = codes.mapping(name, values)
    return dict(zip(column(name, [*by_name], test), by_name.values(), strict=True))


def titles_of(titles: Mapping[str, Label | str]) -> Frozen[str, Label]:
    """What blocks are called, in the order given."""
    called = given_by_name("titles", titles, wrong_text)
    return Frozen(zip(called, column("titles", [*called.values()], wrong_label, label_of), strict=True))


def wrong_block(value: object) -> Said | None:
    """What keeps a value from naming a block, or None; "" is the block of everyone together."""
    return None if isinstance(value, str) and not value else wrong_text(value)


def numbers(name: str, values: Any) -> Floats:
    """The doubles that stand for the very numbers given, NaN where one is missing."""
    held = held_array(values)
    if held is not None and held.ndim == 1 and not (np.abs(held) > MAX_TICKS).any():
        return kept(np.array(as_doubles(held, 1)))
    doubles = []
    for at, cell in enumerate(plain(values, name)):
        number = np.nan if cell is None else exactly(cell)
        if not isinstance(number, float) or abs(number) == np.inf:
            raise InvalidArgument(ANSWERS("double", place=f"{name}[{at}]", value=shorten(cell)))
        doubles.append(number)
    return kept(np.array(doubles, dtype=np.float64))


def ranks_of(ranks: ArrayLike | Iterable[Any]) -> Ints:
    """Printed ranks, 0 where a unit has none; half a rank is none."""
    doubles = np.nan_to_num(numbers("ranks", ranks))
    unfit = (doubles < 0) | (doubles > MAX_TICKS) | (doubles != np.rint(doubles))
    if unfit.any():
        raise InvalidArgument(ANSWERS("rank", value=f"{doubles[unfit][0]:.15g}"))
    return kept(doubles.astype(np.int64))


def table_of(name: str, values: Any) -> Floats:
    """Rows of numbers, all of one length."""
    if type(values) is np.ndarray and values.dtype == np.float64:
        return values
    rows = [*values] if isinstance(values, np.ndarray) and values.ndim else plain(values, name)
    doubles = [numbers(f"{name}[{at}]", row) for at, row in enumerate(rows)]
    if len({*map(len, doubles)}) > 1:
        raise InvalidArgument(ANSWERS("table", name=name, value=shorten(values)))
    return np.array(doubles, dtype=np.float64)
