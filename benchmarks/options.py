"""What options, odd sheets and many nodes cost, each from a sheet that nothing was asked of: the first call counts."""

import copy
import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import attrs
import numpy as np
import setups
from comparisons import BASE, Comparison, Job, flat, peak
from numpy.typing import NDArray

import dti_core as dti
from dti_core.columns import chunks

POLICIES: Mapping[str, dict[str, Any]] = {
    "`by_level`": {"renormalise": "by_level"},
    "`decide_on: exact`": {"decide_on": "exact"},
    "both": {"renormalise": "by_level", "decide_on": "exact"},
    "a tie-break of three nodes": {"tie_break": ("0", "1", "2")},
    "the three together": {
        "renormalise": "by_level",
        "decide_on": "exact",
        "tie_break": ("0", "1", "2"),
    },
}
LACKING: Mapping[str, tuple[float, dict[str, Any]]] = {
    "10 % of the marks missing": (1.5, {}),
    "the same, `missing: exclude`": (3, {"missing": "exclude"}),
    "the same, `missing: exclude` and `by_level`": (3, {"missing": "exclude", "renormalise": "by_level"}),
}


def fresh(sheet: dti.MarkSheet) -> dti.MarkSheet:
    """The same sheet, nothing worked out of it yet but what was found when it was made."""
    made = copy.copy(sheet)
    vars(made).pop("counted", None)
    vars(made)["applicability"] = attrs.evolve(sheet.applicability)
    return made


def total(sheet: dti.MarkSheet, policy: dti.Policy | None = None) -> Job:
    """The ranks of the total, all from the beginning."""

    def rank() -> NDArray[np.int64]:
        return dti.evaluate(sheet.rubric, fresh(sheet), policy).total.ranks()

    return rank


def option(units: int, given: dict[str, Any], missing: float = 0) -> tuple[Job, Job]:
    """A weighted sum with ranks; ranks under a policy, with a part of the marks missing."""
    marks = setups.points(units)
    base = flat(marks)
    if missing:
        marks = np.where(np.random.default_rng(7).random(marks.shape) < missing, np.nan, marks)
    scoring = setups.rubric()
    return base, total(setups.sheet(scoring, marks), attrs.evolve(scoring.policy, **given))


def alone(units: int) -> tuple[Job, Job]:
    """The same on one thread."""
    base, ours = option(units, {})

    def rank() -> None:
        threads, chunks.THREADS = chunks.THREADS, 1
        try:
            ours()
        finally:
            chunks.THREADS = threads

    return base, rank


def as_text(units: int) -> tuple[Job, Job]:
    """Copying the marks; a sheet of a table in which kind and block are text."""
    marks, scoring = setups.points(units), setups.rubric_of_text()
    table = setups.table(marks, scoring)
    for name in ("kind", "block"):
        table[name] = [f"{name} {value}" for value in table[name].tolist()]
    return marks.copy, lambda: dti.MarkSheet.from_table(table, scoring)


def many_nodes(units: int) -> tuple[Job, Job]:
    """A weighted sum with ranks; ranks of all 111 nodes."""
    marks, scoring = setups.points(units), setups.rubric()
    sheet = setups.sheet(scoring, marks)

    def rank() -> None:
        result = dti.evaluate(scoring, fresh(sheet))
        for node in result:
            result[node].ranks()

    return flat(marks), rank


def deep(units: int) -> tuple[Job, Job]:
    """The ranks of 1,000 leaves on 4 levels, overall and by level."""
    scoring = setups.bushy_rubric()
    kept = {"kind": setups.attributes(units)["kind"]}
    marks = setups.points(units, len(scoring.tree.leaves))
    sheet = dti.MarkSheet.from_array(marks, scoring, units=setups.codes(units), attributes=kept)
    return total(sheet), total(sheet, dti.Policy(renormalise="by_level"))


def decided(units: int) -> tuple[Job, Job]:
    """The ranks without decisions; with a decision of its own on each unit, no two alike."""
    scoring, rng = setups.rubric(), np.random.default_rng(5)
    plain = setups.sheet(scoring, setups.points(units))
    leaves = scoring.tree.leaves
    own = {
        unit: [
            dti.Exclusion(
                members=[leaves[at] for at in sorted(rng.choice(len(leaves), 3, replace=False))],
                treatment="skip",
                **setups.WHY,
            )
        ]
        for unit in plain.units
    }
    return total(plain), total(plain.with_exclusions(own))


def patterns(units: int) -> tuple[Job, Job]:
    """Sheet and ranks with 100 exclusion patterns; with 1,000."""
    marks = setups.points(units)

    def made(count: int) -> Job:
        scoring = setups.rubric(patterns=count)

        def rank() -> NDArray[np.int64]:
            return dti.evaluate(scoring, setups.sheet(scoring, marks, count)).total.ranks()

        return rank

    return made(100), made(1_000)


def short_floats(units: int) -> tuple[Job, Job]:
    """A sheet of float64; of float32."""
    marks, scoring, kept = setups.points(units), setups.rubric(), setups.attributes(units)

    def made(given: Any) -> Job:
        codes = setups.codes(units)
        return lambda: dti.MarkSheet.from_array(given, scoring, units=codes, attributes=kept)

    return made(marks), made(marks.astype(np.float32))


def long_table(units: int, kind: str) -> tuple[Job, Job]:
    """A pivot of pandas and the wide table; the long one."""
    import pandas as pd

    scoring = setups.rubric()
    about = ["unit", "kind", "block"]
    wide = pd.DataFrame(setups.table(setups.points(units), scoring))
    long = wide.melt(about, var_name="leaf", value_name="mark").astype({"unit": kind, "leaf": kind})

    def pivot() -> dti.MarkSheet:
        turned = long.pivot(index="unit", columns="leaf", values="mark").reset_index()
        turned.columns = [str(name) for name in turned.columns]
        return dti.MarkSheet.from_table(turned.merge(long[about].drop_duplicates("unit"), on="unit"), scoring)

    return pivot, lambda: dti.MarkSheet.from_table(long, scoring, leaf="leaf")


def bundle_written(units: int) -> tuple[Job, Job]:
    """Writing JSON of a bundle of assessments; making the bundle."""
    scoring, written = setups.assessments(units)
    read = dti.load_assessments(json.dumps(written).encode(), scoring)
    return lambda: json.dumps(written), lambda: dti.to_document(read)


def options(largest: int) -> Iterator[Comparison]:
    """All of them, the sizes that depend on it at so many units."""
    size = f"{largest:,} units"
    yield Comparison(f"{size}: sheet to ranks on one thread", 0.6, BASE, partial(alone, largest))
    for name, given in POLICIES.items():
        yield Comparison(f"{size}: {name}", 3, BASE, partial(option, largest, given))
    for name, (most, given) in LACKING.items():
        yield Comparison(f"{size}: {name}", most, BASE, partial(option, largest, given, 0.1))
    what = f"{size}: sheet from a table, attributes as text"
    yield Comparison(what, 8, "`X.copy()`", partial(as_text, largest))
    yield Comparison(f"{size}: ranks of all 111 nodes", 25, BASE, partial(many_nodes, largest))
    what = "3,321 units × 1,000 leaves on 4 levels: `by_level`"
    yield Comparison(what, 4, "`overall`", partial(deep, 3_321))
    yield Comparison("3,321 units: a decision of its own on each", 3, "without", partial(decided, 3_321))
    yield Comparison("20,000 units: 1,000 patterns, with the sheet", 10, "100", partial(patterns, 20_000))
    yield Comparison("100,000 units: sheet of float32", 2, "of float64", partial(short_floats, 100_000))
    for kind in ("str", "category"):
        what = f"10,000 units: a long table, codes as `{kind}`"
        yield Comparison(what, 1.2, "pivot, wide table", partial(long_table, 10_000, kind))
    what = "3,321 units: assessments with evidence written"
    yield Comparison(what, 6, "`json.dumps`", partial(bundle_written, 3_321))


def columns_memory(units: int) -> tuple[float, float]:
    """The most memory that columns of all 111 nodes take beyond the table, and what stays, as shares of the input."""
    marks, scoring = setups.points(units), setups.rubric()
    result = dti.evaluate(scoring, setups.sheet(scoring, marks))
    sizes: list[int] = []

    def ask() -> None:
        table = result.columns([*result])
        sizes.append(sum(column.nbytes for column in table.values()))

    most, stays = peak(ask)
    return (most - sizes[0]) / marks.nbytes, stays / marks.nbytes
