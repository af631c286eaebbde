"""Small random rounds and the same with every leaf of an index worth so many times as much."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import attrs
from hypothesis import strategies as st

import dti_core as dti

WHY: Any = {"reason": "giả định", "basis": "giả định"}
EIGHTHS = [1, 2, 3, 4, 6, 8]


@st.composite
def policies(draw: st.DrawFn) -> dti.Policy:
    """Any policy; parts are printed in percent, so that ties are broken alike whatever an index is worth."""
    form: Any = draw(st.sampled_from(["points", "ratio", "percent", "scale"]))
    rounding: Any = draw(st.sampled_from(["half_up", "half_even", "down"]))
    return dti.Policy(
        renormalise=draw(st.sampled_from(["overall", "by_level", "none"])),
        missing=draw(st.sampled_from(["zero", "exclude"])),
        decide_on=draw(st.sampled_from(["published", "exact"])),
        ties=draw(st.sampled_from(["competition", "dense"])),
        exceed_maximum=draw(st.booleans()),
        publish=dti.Publish(form, draw(st.integers(0, 2)), rounding, of=5 if form == "scale" else None),
        publish_parts=dti.PublishParts("percent", 2),
        tie_break=draw(st.sampled_from([[], ["2"], ["p", "1"]])),
    )


@st.composite
def rounds(draw: st.DrawFn, most: int = 3) -> dti.Result:
    """A few units by two to ``most`` indices of one to three leaves: exclusions, missing marks, bonus and penalty."""
    parts = draw(st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=3), min_size=2, max_size=most))
    indices = [
        dti.Index(
            f"{at}", "x", components=[dti.Component(f"{at}.{no}", "x", worth) for no, worth in enumerate(own)]
        )
        for at, own in enumerate(parts, start=1)
    ]
    indices += [dti.Index("b", "x", 3, role="bonus"), dti.Index("p", "x", 2, role="penalty")]
    rubric = dti.Rubric("draws", "Giả định", indices, policy=draw(policies()), attributes={"half": {}})
    leaves = rubric.tree.leaves
    mark = {leaf: st.none() | st.integers(0, rubric.tree.maximum[leaf] // 100) for leaf in leaves}
    row = st.tuples(*mark.values())
    if draw(st.booleans()):  # neither bonus nor penalty
        row = row.map(lambda marks: (*marks[:-2], None, None))
    rows = draw(st.lists(row, min_size=1, max_size=6))
    units = [f"u{at}" for at in range(len(rows))]
    skipped = draw(
        st.lists(st.tuples(st.sampled_from(units), st.sampled_from(leaves[:-2])), max_size=4, unique=True)
    )
    treatment: Any = st.sampled_from(["skip", "skip", "full_marks"])
    own: dict[str, list[dti.Exclusion]] = {}
    for unit, leaf in skipped:
        own.setdefault(unit, []).append(dti.Exclusion(members=[leaf], treatment=draw(treatment), **WHY))
    halves = [draw(st.sampled_from("xy")) for _ in units]
    sheet = dti.MarkSheet.from_array(
        rows, rubric, units=units, attributes={"half": halves}, unit_exclusions=own
    )
    return dti.evaluate(rubric, sheet)


@st.composite
def factors(draw: st.DrawFn, count: int) -> list[int]:
    """By how many eighths each index is multiplied, one of them by a whole: so they are taken exactly."""
    eighths = draw(st.lists(st.sampled_from(EIGHTHS), min_size=count, max_size=count))
    eighths[draw(st.integers(0, count - 1))] = 8
    return eighths


def indices_of(result: dti.Result) -> list[str]:
    """The indices that have a score."""
    tree = result.rubric.tree
    return [code for code in tree.children["total"] if tree.kind[code] == "scored"]


def weights(result: dti.Result, eighths: list[int]) -> list[int]:
    """What the indices weigh, multiplied so."""
    tree = result.rubric.tree
    return [eighth * tree.maximum[code] for eighth, code in zip(eighths, indices_of(result), strict=True)]


def multiplied(result: dti.Result, eighths: list[int]) -> dti.Result:
    """The round by a rubric of the same total in which each leaf of an index is worth so many times as much."""
    rubric, tree = result.rubric, result.rubric.tree
    own = dict(zip(indices_of(result), eighths, strict=True))
    whole = sum(eighth * tree.maximum[code] for code, eighth in own.items())

    def part(leaf: dti.Component, eighth: int) -> dti.Component:
        highest: Any = leaf.max_points
        worth = Fraction(highest) * eighth * tree.maximum["total"] / whole
        return attrs.evolve(leaf, max_points=worth, mark_max=highest)

    indices = [
        attrs.evolve(index, components=[part(leaf, own[index.code]) for leaf in index.components])
        if index.code in own
        else index
        for index in rubric.indices
    ]
    other = attrs.evolve(rubric, indices=indices)
    marks = result.marks
    attributes: dict[str, Any] = {**marks.attributes}
    listed: Any = [[*marks.of(unit).values()] for unit in marks.units]
    sheet = dti.MarkSheet.from_array(
        listed,
        other,
        units=marks.units,
        attributes=attributes,
        unit_exclusions=marks.unit_exclusions,
    )
    return dti.evaluate(other, sheet)
