"""Which units meet which conditions on their attributes, told for distinct values, not for units."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from dti_core.columns.factor import Factor, combine
from dti_core.rubric.conditions import UNIT, Condition, When, typed
from dti_core.terms import Scalar

Places = tuple[int, ...]
T = TypeVar("T")


def met_by(
    whens: Sequence[When], units: Sequence[str], attributes: Mapping[str, Factor]
) -> tuple[NDArray[np.int32], list[Places]]:
    """A class for each unit, and for each class the places of the ``whens`` that all of its units meet."""
    asked: dict[str, dict[Condition, list[int]]] = {}
    for place, when in enumerate(whens):
        for name, condition in when:
            asked.setdefault(name, {}).setdefault(condition, []).append(place)
    columns = [_classes(asked[name], *_values(name, units, attributes)) for name in asked]
    class_of, first = combine([(codes, len(hits)) for codes, hits in columns], len(units))
    always = [place for place, when in enumerate(whens) if not when]
    met = []
    for row in first.tolist():
        counts = Counter(chain.from_iterable(hits[codes[row]] for codes, hits in columns))
        whole = (place for place, count in counts.items() if count == len(whens[place]))
        met.append(tuple(sorted(chain(always, whole))))
    return class_of, met


def numbered(
    count: int, by_row: Mapping[int, tuple[T, ...]]
) -> tuple[NDArray[np.int32], list[tuple[T, ...]]]:
    """A number for each of so many units, equal where what is decided on them is, and what it is for each number."""
    number_of: dict[tuple[T, ...], int] = {(): 0}
    numbers = np.zeros(count, dtype=np.int32)
    for row, decided in by_row.items():
        numbers[row] = number_of.setdefault(decided, len(number_of))
    return numbers, [*number_of]


def _values(
    name: str, units: Sequence[str], attributes: Mapping[str, Factor]
) -> tuple[NDArray[np.int32], Sequence[Scalar]]:
    if name == UNIT:
        return np.arange(len(units), dtype=np.int32), units
    return attributes[name].codes, attributes[name].values


def _classes(
    conditions: Mapping[Condition, Sequence[int]], codes: NDArray[np.int32], values: Sequence[Scalar]
) -> tuple[NDArray[np.int32], list[Places]]:
    """A class for each unit, equal where no condition tells their values apart, and what each class meets.

    Conditions that list their values are looked up by value, so that long lists and many rules cost their own length
    and not their product with the units. Code −1, a value that is absent, is the last class: it meets nothing.
    """
    listed: dict[object, list[int]] = {}
    others = [(condition, places) for condition, places in conditions.items() if condition.listed is None]
    for condition, places in conditions.items():
        for allowed in condition.listed or ():
            listed.setdefault(allowed, []).extend(places)
    number_of: dict[Places, int] = {}
    classes = []
    for value in values:
        holding = (places for condition, places in others if condition.holds(value))
        hits = tuple(chain(listed.get(typed(value), ()), *holding))
        classes.append(number_of.setdefault(hits, len(number_of)))
    classes.append(len(number_of))
    return np.array(classes, dtype=np.int32)[codes], [*number_of, ()]
