"""Points of one unit on one leaf, worked out slowly from plain documents, each rule the way the guide says it.

Nothing here is shared with the library.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Json = Any
BY_ZERO = "b is 0"


def exactly(value: Json) -> Fraction:
    """The number that a JSON number or a text such as 1/3 stands for."""
    return Fraction(repr(value) if isinstance(value, float) else value)


def worth(part: Json, maximum: Fraction) -> Fraction:
    """A share of the maximum, or points."""
    return exactly(part["share"]) * maximum if "share" in part else exactly(part["points"])


def size(rule: Json, cell: Json) -> Fraction | str | None:
    """How large one unit's quantity is, None where missing."""
    of, cap = rule.get("of", "ratio" if rule["kind"] == "ratio" else "value"), rule.get("cap", False)
    if of in ("value", "percent"):
        if cell is None:
            return None
        number = exactly(cell) / (100 if of == "percent" else 1)
    else:
        a, b = ((cell or {}).get(name) for name in "ab")
        if b == 0:
            return BY_ZERO
        if a is None or b is None:
            return None
        number = exactly(a) / exactly(b)
    return min(number, Fraction(1)) if cap else number


def reference(rule: Json, maximum: Fraction, cell: Json, cohort: Sequence[Json]) -> Fraction | None:
    """One unit's points, rule by rule, beside the measures of its cohort."""
    kind = rule["kind"]
    if kind in ("parts", "best_of", "worst_of"):
        each = [
            reference(
                part["scoring"],
                worth(part, maximum),
                (cell or {}).get(part["code"]),
                [(other or {}).get(part["code"]) for other in cohort],
            )
            for part in rule["parts"]
        ]
        known = [points for points in each if points is not None]
        if kind == "best_of":
            return max(known, default=None)
        if len(known) < len(each):
            return None
        return min(known) if kind == "worst_of" else sum(known, Fraction(0))
    if kind in SIMPLE:
        return None if cell is None else SIMPLE[kind](rule, maximum, cell)
    found = size(rule, cell)
    if kind == "relative" and isinstance(found, Fraction):
        sizes = [each for each in (size(rule, other) for other in cohort) if isinstance(each, Fraction)]
        found = compared(rule, found, min(sizes), max(sizes))
    if found == BY_ZERO:
        return {"zero": Fraction(0), "full_marks": maximum}[rule["when_zero"]]
    return QUANTITIES[kind](rule, maximum, found) if isinstance(found, Fraction) else None


SIMPLE: dict[str, Callable[[Json, Fraction, Json], Fraction]] = {
    "direct": lambda *asked: exactly(asked[-1]),
    "yes_no": lambda _, maximum, cell: maximum if cell else Fraction(0),
    "choice": lambda rule, maximum, cell: exactly(rule["answers"][cell]) * maximum,
    "count": lambda rule, maximum, cell: min(
        exactly(cell) * exactly(rule["per_item"]), exactly(rule["cap"]) if "cap" in rule else maximum
    ),
    "deduct": lambda rule, maximum, cell: max(
        maximum - exactly(cell) * exactly(rule["per_item"]), Fraction(0)
    ),
    "scale": lambda rule, maximum, cell: scaled(rule, exactly(cell)) * maximum,
}


def scaled(rule: Json, value: Fraction) -> Fraction:
    """How far up the scale, or down from its upper end, a value is; above the end it is at the end."""
    low, high = exactly(rule.get("low", 0)), exactly(rule["high"])
    value = min(value, high) if rule.get("cap") else value
    return (high - value if rule.get("complement") else value - low) / (high - low)


def compared(rule: Json, own: Fraction, lowest: Fraction, highest: Fraction) -> Fraction | str:
    """A unit's share by the lowest and the highest of its cohort, one of which is the best."""
    falls = rule.get("best") == "lowest"
    if rule.get("to") == "min_max":
        if lowest == highest:
            return BY_ZERO
        return abs(own - (highest if falls else lowest)) / (highest - lowest)
    if (own if falls else highest) == 0:
        return BY_ZERO
    return lowest / own if falls else own / highest


def falling(rule: Json, maximum: Fraction, found: Fraction) -> Fraction:
    """The worth of the first tier that ends at the size or later, or what lies between it and the tier before."""
    *tiers, rest = rule["tiers"]
    known = [(exactly(each["at_most"]), worth(each, maximum)) for each in tiers]
    if found > known[-1][0]:
        return worth(rest, maximum)
    at = next(at for at, (bound, _) in enumerate(known) if found <= bound)
    (bound, points), (before, more) = known[at], known[max(at - 1, 0)]
    if rule.get("between") != "linear" or at == 0:
        return points
    return more - (found - before) / (bound - before) * (more - points)


def tiered(rule: Json, maximum: Fraction, found: Fraction) -> Fraction:
    """The worth of the first tier reached, or what lies on the line from it to the tier above."""
    if "at_most" in rule["tiers"][0]:
        return falling(rule, maximum, found)
    tiers = [(exactly(each["at_least"]), worth(each, maximum)) for each in rule["tiers"]]
    at = next(at for at, (bound, _) in enumerate(tiers) if found >= bound)
    (bound, points), (above, more) = tiers[at], tiers[max(at - 1, 0)]
    if rule.get("between") != "linear" or at == 0:
        return points
    return points + (found - bound) / (above - bound) * (more - points)


def proportional(rule: Json, maximum: Fraction, share: Fraction) -> Fraction:
    """a/b or its complement, full from the target on, nothing below the floor."""
    share = 1 - share if rule.get("complement") else share
    if share < exactly(rule.get("floor", 0)):
        return Fraction(0)
    return min(Fraction(1), share / exactly(rule.get("target", 1))) * maximum


def met(rule: Json, maximum: Fraction, found: Fraction) -> Fraction:
    """All or nothing."""
    low, high = (exactly(rule.get(name, default)) for name, default in (("at_least", 0), ("at_most", 10**30)))
    return maximum if low <= found <= high else Fraction(0)


QUANTITIES: dict[str, Callable[[Json, Fraction, Fraction], Fraction]] = {
    "ratio": proportional,
    "tiers": tiered,
    "target": met,
    "relative": lambda _, maximum, share: share * maximum,
}
ROUNDED: dict[str, Callable[[Fraction], int]] = {
    "half_up": lambda value: floor(value + Fraction(1, 2)),
    "half_even": round,
    "down": floor,
}


def mark(rule: Json, points: Fraction, decimals: int) -> Fraction:
    """Points as a mark: a multiple of the step, or of the last decimal."""
    step = exactly(rule["step"]) if "step" in rule else Fraction(1, 10**decimals)
    return ROUNDED[rule.get("rounding", "half_up")](points / step) * step
