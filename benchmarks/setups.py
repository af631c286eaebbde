"""What is measured: the rubric, marks and sheets of the benchmarks. All marks are made up."""

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

import dti_core as dti

LEAVES, PATTERNS, BLOCKS = 98, 8, 30
PILLARS = {"p": ["0", "1", "2"], "q": ["0", "3", "4"], "r": ["5", "6", "7"]}
WHY: Any = {"reason": "made up", "basis": "made up"}


def rubric(leaves: int = LEAVES, patterns: int = PATTERNS) -> dti.Rubric:
    """8 indices, 3 overlapping pillars, a group and the total: 13 nodes; 30 blocks, a rule for each pattern but one."""
    sizes = [leaves // 8 + (at < leaves % 8) for at in range(8)]
    indices = [
        dti.Index(f"{at}", "x", components=[dti.Component(f"{at}.{leaf}", "x", 10) for leaf in range(size)])
        for at, size in enumerate(sizes)
    ]
    return dti.Rubric(
        "benchmark",
        "Bộ chỉ số giả định",
        indices,
        pillars=[dti.Pillar(code, "x", members) for code, members in PILLARS.items()],
        groups=[dti.Group("g", "x", ["0", "1"])],
        attributes={"kind": {"type": "integer"}, "block": {"type": "integer"}},
        exclusions=_rules(
            [f"{at}.{leaf}" for at, size in enumerate(sizes) for leaf in range(size)], patterns
        ),
        blocks=[dti.Block(f"b{at}", "x", {"block": at}) for at in range(BLOCKS)],
    )


def rubric_of_text() -> dti.Rubric:
    """The same, kind and block as text."""
    plain = rubric()
    return attrs.evolve(
        plain,
        attributes={"kind": {"type": "string"}, "block": {"type": "string"}},
        exclusions=[
            attrs.evolve(rule, when={"kind": f"kind {at}"}) for at, rule in enumerate(plain.exclusions, 1)
        ],
        blocks=[attrs.evolve(block, when={"block": f"block {at}"}) for at, block in enumerate(plain.blocks)],
    )


def adjusted_rubric() -> dti.Rubric:
    """The same with a cap on two indices, gates on three, a penalty of its own on one, and marks on scales of 10."""
    plain = rubric()
    return attrs.evolve(plain, indices=[_adjusted(at, index) for at, index in enumerate(plain.indices)])


def _adjusted(at: int, index: dti.Index) -> dti.Index:
    parts = [
        attrs.evolve(part, max_points="20/3", mark_max=10) if place in (1, 2) else part
        for place, part in enumerate(index.components)
    ]
    if at in (0, 1):
        return attrs.evolve(index, components=parts, max_points=70, cap=True)
    if at in (2, 3, 4):
        gate = [dti.NodeCondition(parts[0].code, above=0), dti.NodeCondition(parts[1].code, at_least=20)]
        return attrs.evolve(index, components=parts, zero_unless=gate)
    if at == 5:
        parts[-1] = attrs.evolve(parts[-1], role="penalty", adjusts=index.code)
    return attrs.evolve(index, components=parts)


def _rules(leaves: list[str], patterns: int) -> list[dti.ExclusionRule]:
    """Rule k skips two leaves for units of kind k, no two rules the same two."""
    return [
        dti.ExclusionRule(
            code=f"rule-{kind}",
            when={"kind": kind},
            members=[leaves[kind % len(leaves)], leaves[(kind + 1 + kind // len(leaves)) % len(leaves)]],
            treatment="skip",
            **WHY,
        )
        for kind in range(1, patterns)
    ]


def draws_rubric() -> dti.Rubric:
    """9 indices of two leaves, a rule for each pattern but one, a bonus; ties are broken by the first index."""
    indices = [
        dti.Index(f"{at}", "x", components=[dti.Component(f"{at}.{leaf}", "x", 10) for leaf in range(2)])
        for at in range(9)
    ]
    leaves = [leaf.code for index in indices for leaf in index.components]
    return dti.Rubric(
        "draws",
        "x",
        [*indices, dti.Index("bonus", "x", 10, role="bonus")],
        attributes={"kind": {"type": "integer"}, "block": {"type": "integer"}},
        exclusions=_rules(leaves, PATTERNS),
        policy=dti.Policy(tie_break=["0"]),
    )


def deep_rubric(depth: int) -> dti.Rubric:
    """64 leaves, spread over nodes that each stand in the one before, so many levels."""
    parts = [[f"{leaf}" for leaf in range(64)][level::depth] for level in range(depth)]
    inner: list[dti.Component] = []
    for level, leaves in reversed(list(enumerate(parts))):
        inner = [dti.Component(f"level-{level}", "x", components=[*_leaves(leaves), *inner])]
    return dti.Rubric("deep", "x", [dti.Index("1", "x", components=inner)])


def bushy_rubric() -> dti.Rubric:
    """1,000 leaves on 4 levels, ten under each node but the two in each index; a rule for each kind skips three."""

    def under(code: str, widths: tuple[int, ...]) -> list[dti.Component]:
        codes = [f"{code}.{at}" for at in range(widths[0])]
        if len(widths) == 1:
            return [dti.Component(each, "x", 10) for each in codes]
        return [dti.Component(each, "x", components=under(each, widths[1:])) for each in codes]

    skipped = [
        [f"{kind}.0.{kind}.1", f"{kind}.1.2.{kind % 5}", f"{kind + 1}.0.0.3"] for kind in range(1, PATTERNS)
    ]
    return dti.Rubric(
        "bushy",
        "x",
        [dti.Index(f"{at}", "x", components=under(f"{at}", (2, 10, 5))) for at in range(10)],
        attributes={"kind": {"type": "integer"}},
        exclusions=[
            dti.ExclusionRule(
                code=f"rule-{kind}", when={"kind": kind}, members=members, treatment="skip", **WHY
            )
            for kind, members in enumerate(skipped, 1)
        ],
    )


def _leaves(codes: list[str]) -> list[dti.Component]:
    return [dti.Component(f"leaf-{code}", "x", 10) for code in codes]


def points(units: int, leaves: int = LEAVES) -> NDArray[np.float64]:
    """Marks from 0 to 10 with two decimals, none missing."""
    return np.random.default_rng(units).integers(0, 1001, (units, leaves)) / 100


def codes(units: int) -> list[str]:
    """The codes of units."""
    return [f"u{row}" for row in range(units)]


def attributes(units: int, patterns: int = PATTERNS) -> Mapping[str, Any]:
    """The kind and the block of units, at random."""
    rng = np.random.default_rng(1)
    return {"kind": rng.integers(0, patterns, units), "block": rng.integers(0, BLOCKS, units)}


def sheet(scoring: dti.Rubric, marks: NDArray[np.float64], patterns: int = PATTERNS) -> dti.MarkSheet:
    """A sheet of these marks."""
    count = len(marks)
    kept = attributes(count, patterns) if scoring.attributes else {}
    return dti.MarkSheet.from_array(marks, scoring, units=codes(count), attributes=kept)


def assessments(units: int) -> tuple[dti.Rubric, dict[str, Any]]:
    """A rubric and the assessments of a round by it: every leaf self-marked with evidence, appraised; made up."""
    scoring = rubric(patterns=0)
    document = {"number": "12/BC-UBND", "date": "2023-12-20", "title": "Báo cáo kết quả thực hiện"}
    listed = []
    for code, row in zip(codes(units), points(units).tolist(), strict=True):
        marks = dict(zip(scoring.tree.leaves, row, strict=True))
        own = {leaf: {"points": mark, "evidence": [document]} for leaf, mark in marks.items()}
        appraised = {leaf: {"appraised": mark} for leaf, mark in marks.items()}
        history = [
            {"move": "mark", "by": "Đơn vị", "at": "2024-01-05", "after": {"entries": own}},
            {"move": "submit", "by": "Đơn vị", "at": "2024-01-06"},
            {"move": "lock", "by": "Cơ quan", "at": "2024-02-02"},
            {"move": "appraise", "by": "Hội đồng", "at": "2024-02-20", "after": {"entries": appraised}},
        ]
        about = {"code": code, "attributes": {"kind": 0, "block": 0}, "state": "appraised"}
        entries = {leaf: own[leaf] | appraised[leaf] for leaf in marks}
        listed.append(about | {"entries": entries, "history": history})
    return scoring, {"schema": "dti-core/assessments/1", "rubric": scoring.code, "units": listed}


def table(marks: NDArray[np.float64], scoring: dti.Rubric) -> dict[str, Any]:
    """A table of 98 columns of marks, each contiguous as data frames have them."""
    columns = np.asfortranarray(marks)
    named = {leaf: columns[:, at] for at, leaf in enumerate(scoring.tree.leaves)}
    return {"unit": codes(len(marks)), **attributes(len(marks)), **named}
