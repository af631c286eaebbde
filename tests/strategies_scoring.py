"""Random scoring methods as documents have them, each with a strategy of measures that it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from reference_scoring import Json, exactly

if TYPE_CHECKING:
    from collections.abc import Sequence

sizes = st.one_of(
    st.integers(0, 12), st.integers(0, 2000).map(lambda ticks: ticks / 100), st.integers(0, 10**13)
)
shares = st.sampled_from([0, 1, 0.5, 0.125, "1/3", "5/7"])
counts = st.integers(0, 9) | st.integers(0, 90).map(lambda ticks: ticks / 10)


@st.composite
def ratios(draw: st.DrawFn, *, whole: bool) -> Json:
    """Two numbers, a at most b where b is the whole."""
    a, b = draw(sizes), draw(sizes)
    a, b = sorted([a, b]) if whole else (a, b)
    return {name: value for name, value in (("a", a), ("b", b)) if draw(st.integers(0, 15))}


@st.composite
def quantities(draw: st.DrawFn, kind: str, kinds: Sequence[str]) -> tuple[Json, st.SearchStrategy[Json]]:
    """The keys that say what is measured, and such measures."""
    of = draw(st.sampled_from(kinds))
    rule: Json = {"kind": kind, "of": of}
    if of in ("ratio", "per") or kind == "relative":
        rule["when_zero"] = draw(st.sampled_from(["zero", "full_marks"]))
    if of in ("ratio", "percent"):
        rule["cap"] = draw(st.booleans())
    cells = {
        "value": sizes,
        "percent": st.integers(0, 120 if rule.get("cap") else 100),
        "ratio": ratios(whole=not rule.get("cap")),
        "per": ratios(whole=False),
    }
    return rule, cells[of]


@st.composite
def leaf_rules(draw: st.DrawFn, kind: str) -> tuple[Json, st.SearchStrategy[Json]]:
    """A method that looks at one value, and measures for it."""
    answers = draw(st.dictionaries(st.sampled_from("abcđ"), shares, min_size=1))
    per_item = {"kind": kind, "per_item": draw(st.sampled_from([1, 0.25, "1/3", 4]))}
    tenths = st.integers(-10, 25).map(lambda ticks: ticks / 10)
    simple: dict[str, tuple[Json, st.SearchStrategy[Json]]] = {
        "direct": ({"kind": kind}, st.integers(0, 20).map(lambda ticks: ticks / 100)),
        "yes_no": ({"kind": kind}, st.booleans()),
        "choice": ({"kind": kind, "answers": answers}, st.sampled_from([*answers])),
        "count": (per_item | ({"cap": 0.5} if draw(st.booleans()) else {}), counts),
        "deduct": (per_item, counts),
        "scale": ({"kind": kind, "low": -1, "high": 2.5}, tenths),
    }
    rule, cells = simple[kind]
    if kind == "scale":
        rule |= {"cap": draw(st.booleans()), "complement": draw(st.booleans())}
        cells = cells | st.integers(3, 99) if rule["cap"] else cells
    return rule, cells


@st.composite
def quantity_rules(draw: st.DrawFn, kind: str) -> tuple[Json, st.SearchStrategy[Json]]:
    """A method that looks at how large something is, and measures for it."""
    rule, cells = draw(quantities(kind, MEASURED_AS[kind]))
    if kind == "ratio":
        rule |= {"target": draw(st.sampled_from([0.8, "1/3"]))} if draw(st.booleans()) else {}
        rule |= {"complement": draw(st.booleans())}
        rule |= {"floor": draw(st.sampled_from([0.3, "2/7"]))} if draw(st.booleans()) else {}
    elif kind == "tiers":
        bounds = {0, *draw(st.sets(st.sampled_from([1, 0.8, 0.5, "1/3"])))}
        rising = sorted(bounds, key=exactly)
        tiers = [{"at_least": each, "share": draw(shares)} for each in rising[::-1]]
        if draw(st.booleans()):
            tiers = [{"at_most": each, "share": draw(shares)} for each in rising]
            tiers += [{"share": draw(shares)}]
        rule |= {"tiers": tiers, "between": draw(st.sampled_from(["steps", "linear"]))}
    elif kind == "target":
        rule |= {draw(st.sampled_from(["at_least", "at_most"])): 0.75}
    else:
        rule |= {"to": draw(st.sampled_from(["best", "min_max"]))}
        rule |= {"best": draw(st.sampled_from(["highest", "lowest"]))}
    return rule, cells


SIMPLE = ["direct", "yes_no", "choice", "count", "deduct", "scale"]
MEASURED_AS = {
    "ratio": ["ratio", "percent"],
    "tiers": ["value", "ratio", "percent", "per"],
    "target": ["value", "ratio", "percent", "per"],
    "relative": ["value", "ratio", "per"],
}


@st.composite
def rules(draw: st.DrawFn, depth: int = 2) -> tuple[Json, st.SearchStrategy[Json]]:
    """A scoring method for a leaf of 20 points, or for a part of some share of it, and measures for it."""
    composed = ["parts", "best_of", "worst_of"] if depth else []
    kind = draw(st.sampled_from([*SIMPLE, *MEASURED_AS, *composed]))
    if kind in SIMPLE:
        return draw(leaf_rules(kind))
    if kind in MEASURED_AS:
        return draw(quantity_rules(kind))
    inner = {code: draw(rules(depth - 1)) for code in "xy"}
    parts = [{"code": code, "share": "1/2", "scoring": rule} for code, (rule, _) in inner.items()]
    cells = st.fixed_dictionaries({code: st.none() | cells for code, (_, cells) in inner.items()})
    return {"kind": kind, "parts": parts}, cells
