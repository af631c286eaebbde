"""Explanations: replayed from the marks with fractions alone, and read as text."""

from __future__ import annotations

import cProfile
import gc
import subprocess
import sys
import tracemalloc
import weakref
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import pytest
import reference
import reference_ranks
from hypothesis import assume, event, given, reject, settings
from hypothesis import strategies as st
from reference_rules import Document, Refused
from strategies import documents
from strategies_decisions import decided_sums

import dti_core as dti

if TYPE_CHECKING:
    from collections.abc import Mapping

ZERO = Fraction(0)
ZEROES = {"bonus": ZERO, "penalty": ZERO}
some = settings(max_examples=max(10, settings().max_examples // 3))


class Replay:
    """Works an explanation out again from its steps: marks, treatments, weights and rules, nothing else."""

    def __init__(self, explanation: dti.Explanation, policy: dti.Policy) -> None:
        self.policy, self.node = policy, explanation.node
        self.sums: dict[str, tuple[Fraction, Fraction]] = {}
        self.means: dict[str, Fraction] = {}
        self.extras: dict[str, dict[str, Fraction]] = {}
        self.reaching: dict[str, dict[str, Fraction]] = {}
        self.roles: dict[str, str] = {}
        self.shut: set[str] = set()
        self.score: Fraction | None = None
        self.published: Fraction | None = None
        for step in explanation.steps:
            if hasattr(self, step.kind):
                getattr(self, step.kind)(step)

    def leaf(self, step: Any) -> None:
        """A leaf gives its mark of its maximum, unless something treats it otherwise."""
        self.roles[step.node] = step.role
        if step.role in ("bonus", "penalty"):
            self.extras[step.node] = {
                "bonus": ZERO,
                "penalty": ZERO,
                step.role: self.earned(step, step.mark or ZERO),
            }
            self.reaching[step.node] = dict(ZEROES) if step.adjusts else self.extras[step.node]
        idle = step.role == "standby" and step.stands_for is None
        if idle or step.role in ("bonus", "penalty") or step.treatment in ("skip", "substitute"):
            pair = ZERO, ZERO
        elif step.treatment in ("full_marks", "zero"):
            pair = step.maximum * (step.treatment == "full_marks"), step.maximum
        elif step.mark is not None:
            pair = self.earned(step, step.mark), self.worth(step)
        else:
            pair = ZERO, ZERO if self.policy.missing == "exclude" else self.worth(step)
        self.sums[step.node] = pair
        if step.role not in ("bonus", "penalty"):
            assert (step.points, step.applicable) == pair
        else:
            assert step.points == self.extras[step.node][step.role]

    def earned(self, step: Any, mark: Fraction) -> Fraction:
        """A mark earns its part of the highest, nothing where that is 0; what a reduction leaves is the most."""
        mark = mark if step.to is None else min(mark, step.to)
        if not step.maximum:
            return ZERO
        return mark if step.mark_max is None else mark / step.mark_max * step.maximum

    def worth(self, step: Any) -> Fraction:
        """The maximum, or what the highest mark that a reduction leaves would earn."""
        return step.maximum if step.to is None or not step.maximum else self.earned(step, step.to)

    def sum(self, step: Any) -> None:
        """A node is the sum of its children."""
        parts = [self.sums.get(child, (ZERO, ZERO)) for child in step.children]
        self.sums[step.node] = sum((p for p, _ in parts), ZERO), sum((a for _, a in parts), ZERO)
        assert (step.points, step.applicable) == self.sums[step.node]

    def cap(self, step: Any) -> None:
        """A node counts no more than its cap."""
        assert (step.added_points, step.added_applicable) == self.sums[step.node]
        self._becomes(step, *(min(each, step.cap) for each in self.sums[step.node]))

    def own(self, step: Any) -> None:
        """Bonus and penalty of its own, from 0 to the ceiling, where anything applies."""
        points, applicable = self.sums[step.node]
        extras = [self.extras[child] for child in step.children]
        bonus, penalty = (sum((each[role] for each in extras), ZERO) for role in ZEROES)
        assert (step.before, step.bonus, step.penalty) == (points, bonus, penalty)
        changed = max(points + bonus - penalty, ZERO)
        ceiling = changed if step.ceiling is None else step.ceiling
        self._becomes(step, min(changed, ceiling) if applicable else points, applicable)

    def gate(self, step: Any) -> None:
        """Points are lost where a condition that is asked does not hold."""
        points, applicable = self.sums[step.node]
        assert step.before == points
        for asked in step.conditions:
            assert (asked.value, asked.is_met) == self._asked(asked)
        self.shut |= {step.node} if not all(asked.is_met for asked in step.conditions) else set()
        self._becomes(step, ZERO if step.node in self.shut else points, applicable)

    def _asked(self, asked: Any) -> tuple[Fraction | None, bool]:
        """What a condition compares, and whether it holds."""
        points, applicable = self.sums.get(asked.node, (ZERO, ZERO))
        value = None if not applicable else 100 * points / applicable if asked.is_percent else points
        if self.roles.get(asked.node) in ("bonus", "penalty", "mixed"):
            extra = self.extras[asked.node]
            is_penalty = self.roles[asked.node] == "penalty"
            value = extra["penalty"] if is_penalty else extra["bonus"] - extra["penalty"]
        low, over, high, under = (
            getattr(asked.condition, word) for word in ("at_least", "above", "at_most", "below")
        )
        holds = value is None or (
            (low is None or value >= low)
            and (over is None or value > over)
            and (high is None or value <= high)
            and (under is None or value < under)
        )
        return value, holds

    def _becomes(self, step: Any, points: Fraction, applicable: Fraction) -> None:
        self.sums[step.node] = points, applicable
        assert (step.points, step.applicable) == (points, applicable)

    def share(self, node: str) -> Fraction:
        """What part of its maximum a node earns."""
        points, applicable = self.sums[node]
        return self.means.get(node, points / applicable if applicable else ZERO)

    def mean(self, step: Any) -> None:
        """Children weighted by their maxima."""
        weighted = sum((term.weight * self.share(term.node) for term in step.terms), ZERO)
        self.means[step.node] = weighted / sum(term.weight for term in step.terms) * step.is_open
        assert step.is_open == (step.node not in self.shut)
        assert step.share == self.means[step.node]
        assert [self.share(term.node) for term in step.terms] == [term.share for term in step.terms]

    def extra(self, step: Any) -> None:
        """Bonus and penalty of the children, held to the cap of their kind; to the total without those of nodes."""
        self.roles.setdefault(step.node, step.role)
        reaching = self._added(self.reaching, step)
        self.extras[step.node] = reaching if step.node == "total" else self._added(self.extras, step)
        self.reaching[step.node] = self.extras[step.node] if step.role in ZEROES else reaching
        if step.adjusts:
            self.reaching[step.node] = dict(ZEROES)
        assert {"bonus": step.bonus, "penalty": step.penalty} == self.extras[step.node]

    def _added(self, parts: Mapping[str, dict[str, Fraction]], step: Any) -> dict[str, Fraction]:
        below = [parts[child] for child in step.children if child in parts]
        added = {role: sum((part[role] for part in below), ZERO) for role in ZEROES}
        return {role: points if step.cap is None else min(points, step.cap) for role, points in added.items()}

    def conversion(self, step: Any) -> None:
        """Share × scale."""
        points, applicable = self.sums[step.node]
        if self.policy.renormalise == "none":
            assert step.scale == applicable
            self.score = points
        elif self.policy.renormalise == "overall":
            self.score = points / applicable * step.scale
        else:
            self.score = self.share(step.node) * step.scale
        assert step.score == self.score

    def adjustment(self, step: Any) -> None:
        """Bonus less penalty, from 0 to the ceiling."""
        assert self.score is not None
        extra = self.extras[step.node]
        self.score = max(self.score + extra["bonus"] - extra["penalty"], ZERO)
        if step.ceiling is not None:
            self.score = min(self.score, step.ceiling)
        assert step.score == self.score

    def publication(self, step: Any) -> None:
        """Rounded once."""
        publish = {
            field.name.rstrip("_"): getattr(step.publish, field.name) for field in attrs.fields(dti.Publish)
        }
        self.published = reference.shown(self.score, step.scale, publish)
        assert step.published == self.published


def expected_of(pair: tuple[Document, Document]) -> Document:
    """What the reference makes of the documents, where it does not refuse them."""
    try:
        return reference.evaluate(*pair)
    except Refused:
        reject()


def check_standing(found: Mapping[str, Any], expected: Document, unit: str, node: str) -> None:
    """The rank, who shares it, and who stands next in the same block."""
    ranks = reference_ranks.ranks(expected, node)
    records, rubric = expected["units"], expected["rubric"]
    given_units = {each["code"]: each for each in expected["marks"]["units"]}
    assert ("unranked" in found) == (ranks[unit] == 0)
    if ranks[unit] == 0:
        return
    standing = found["standing"]
    field = reference_ranks.rivals(rubric, given_units[unit], None)
    peers = {
        code: ranks[code]
        for code, each in given_units.items()
        if ranks[code] and reference_ranks.rivals(rubric, each, None) == field
    }
    above = [rank for rank in peers.values() if rank < ranks[unit]]
    below = [rank for rank in peers.values() if rank > ranks[unit]]
    assert (standing.rank, standing.of) == (ranks[unit], len(peers))
    assert {rival.unit for rival in standing.tied} == {
        code for code, rank in peers.items() if rank == ranks[unit] and code != unit
    }
    for rival, wanted in (
        (standing.above, max(above, default=None)),
        (standing.below, min(below, default=None)),
    ):
        assert (rival is None) == (wanted is None)
        if rival is not None:
            assert peers[rival.unit] == rival.rank == wanted
            assert rival.count == sum(rank == wanted for rank in peers.values())
            assert rival.publication.published == records[rival.unit][node].published
            assert rival.publication.decisive == records[rival.unit][node].decided
            level = rival.publication.decisive == records[unit][node].decided
            assert (rival.tie_break is not None) == level


def check_grade(found: Mapping[str, Any], record: reference.Record, bands: list[Document]) -> None:
    """The band, and how much of the scale is short of the one above."""
    if "grade" not in found:
        assert record.grade is None
        return
    grade, codes = found["grade"], [band["code"] for band in bands]
    assert grade.band.code == record.grade
    assert record.decided is not None
    assert grade.percent == 100 * record.decided
    at = codes.index(grade.band.code)
    assert (grade.above and grade.above.code) == (codes[at - 1] if at else None)
    assert grade.above is None or grade.above.at_least > grade.percent


@some
@given(st.one_of(documents(), decided_sums()), st.data())
def test_replaying_the_steps_gives_the_published_value(
    pair: tuple[Document, Document], data: st.DataObject
) -> None:
    """Whatever the rubric and policy, the steps lead from the marks to the published value, rank and band."""
    expected = expected_of(pair)
    assume(expected["units"])
    rubric = dti.load_rubric(pair[0])
    result = dti.evaluate(rubric, dti.load_marks(pair[1], rubric))
    unit = data.draw(st.sampled_from(result.units))
    event(result.policy.renormalise)
    for node in rubric.tree.under:
        explanation = result.explain(unit, node)
        replay = Replay(explanation, result.policy)
        record = expected["units"][unit][node]
        found = {step.kind: step for step in explanation.steps if step.node == node}
        assert replay.published == record.published, node
        if record.applicable is not None:
            assert replay.sums[node] == (record.points, record.applicable), node
            check_standing(found, expected, unit, node)
            check_grade(found, record, pair[0].get("bands", []))
        else:
            extra = replay.extras[node]
            kind = rubric.tree.kind[node]
            assert (
                extra["penalty"] if kind == "penalty" else extra["bonus"] - extra["penalty"]
            ) == record.points
            assert not {"standing", "publication", "grade"} & set(found)
        assert str(explanation)
    for language in ("vi", "en"):
        assert str(result.explain(unit, language=language))


def page() -> tuple[dti.Result, list[str]]:
    """The result that the guide works out, and the texts it shows."""
    text = (Path(__file__).parents[1] / "docs" / "explaining.md").read_text("utf-8")
    namespace: dict[str, Any] = {}
    exec(text.split("```python\n")[1].split("```")[0], namespace)  # noqa: S102
    return namespace["result"], [part.split("```")[0].rstrip("\n") for part in text.split("```text\n")[1:]]


def test_hue_in_both_languages() -> None:
    """The guide shows what the library says of Huế 2020, with the conversion that the decision prints."""
    result, texts = page()

    assert [str(result.explain("tp-hue", language=language)) for language in ("vi", "en")] == texts
    assert "42,63 / 48 × 50 = 44,40625, công bố 44,41" in texts[0]
    assert "42.63 / 48 × 50 = 44.40625, published 44.41" in texts[1]
    assert "lý do: Không áp dụng; căn cứ: 3402/QĐ-UBND" in texts[0]


def sheet(policy: Document | None = None, **units: Document) -> dti.Result:
    """Made-up units of a made-up rubric: two indices, bonus, penalty, bands, two blocks."""
    rubric = dti.load_rubric(
        {
            "schema": "dti-core/rubric/1",
            "code": "made-up",
            "title": "Bộ chỉ số",
            "indices": [
                {
                    "code": "1",
                    "title": "Nhận thức số",
                    "components": [
                        {"code": "1.1", "title": "Họp", "max_points": 20},
                        {"code": "1.2", "title": "Bản tin", "max_points": 10},
                        {"code": "1.3", "title": "Trang tin", "max_points": 10, "role": "standby"},
                    ],
                },
                {"code": "2", "title": "Dịch vụ công", "max_points": 1170},
                {"code": "3", "title": "Đô thị thông minh", "max_points": 0},
                {"code": "4", "title": "Sáng kiến", "max_points": 5, "role": "bonus"},
                {"code": "5", "title": "Báo cáo chậm", "max_points": 5, "role": "penalty"},
                {
                    "code": "6",
                    "title": "Điểm thưởng",
                    "max_points": 3,
                    "cap": True,
                    "components": [
                        {"code": "6.1", "title": "Giải thưởng", "max_points": 2, "role": "bonus"},
                        {"code": "6.2", "title": "Mô hình", "max_points": 2, "role": "bonus"},
                    ],
                },
            ],
            "attributes": {"level": {"enum": ["so", "huyen", "bo"]}},
            "blocks": [
                {"code": "so", "title": "Sở, ngành", "when": {"level": {"const": "so"}}},
                {"code": "huyen", "title": "Huyện", "when": {"level": {"const": "huyen"}}, "ranked": False},
            ],
            "bands": [
                {"code": "a", "title": "Tốt", "at_least": 80},
                {"code": "b", "title": "Khá", "at_least": 0},
            ],
            "policy": policy or {},
        }
    )
    given_units = [
        {"code": code, "attributes": {"level": "so"}, **unit, "marks": unit.get("marks", {})}
        for code, unit in units.items()
    ]
    document = {"schema": "dti-core/marks/1", "rubric": "made-up", "units": given_units}
    return dti.evaluate(rubric, dti.load_marks(document, rubric))


FULL = {"1.1": 20, "1.2": 10, "2": 1000}
SKIP: Document = {"members": ["1.2"], "treatment": "skip", "reason": "Chưa hướng dẫn", "basis": "Điều 7"}
FULL_MARKS: Document = {**SKIP, "treatment": "full_marks"}
SUBSTITUTE: Document = {**SKIP, "treatment": "substitute", "by": "1.3"}


@pytest.mark.parametrize(
    ("policy", "marks", "said"),
    [
        ({}, {**FULL, "2": 1000.25}, "Điểm quy đổi: bằng điểm đạt, 1.030,25, công bố 1.030,25"),
        (
            {"publish": {"decimals": 1}},
            {**FULL, "2": 1000.25},
            "công bố 1.030,3 (đúng giữa hai mức, làm tròn lên ở 1 chữ số thập phân)",
        ),
        (
            {"publish": {"decimals": 1, "rounding": "half_even"}},
            {**FULL, "2": 1000.25},
            "công bố 1.030,2 (đúng giữa hai mức, làm tròn về chữ số chẵn ở 1 chữ số thập phân)",
        ),
        (
            {"publish": {"decimals": 1, "rounding": "down"}},
            {**FULL, "2": 1000.29},
            "công bố 1.030,2 (lấy 1 chữ số thập phân, bỏ phần còn lại)",
        ),
        (
            {"publish": {"as": "percent"}},
            FULL,
            "1.030 / 1.200 × 100 = 515/6 ≈ 85,833333, công bố 85,83 (làm tròn đến 2 chữ số thập phân)",
        ),
        (
            {"publish": {"as": "ratio", "decimals": 4}},
            FULL,
            "1.030 / 1.200 = 103/120 ≈ 0,858333, công bố 0,8583",
        ),
        (
            {},
            {**FULL, "2": 1170, "4": 3, "5": 0.5},
            "1.200 + 3 − 0,5 = 1.202,5, giới hạn ở mức tối đa 1.200, công bố 1.200,00",
        ),
        (
            {"exceed_maximum": True},
            {**FULL, "2": 1170, "4": 3, "5": 0.5},
            "1.200 + 3 − 0,5 = 1.202,5, công bố 1.202,50",
        ),
        ({}, {**FULL, "6.1": 2, "6.2": 1.5}, "1.030 + 3 = 1.033, công bố 1.033,00"),
        ({}, {**FULL, "6.1": 2, "6.2": 1.5}, "6 Điểm thưởng: 3 điểm thưởng (tổng 3,5, giới hạn 3)"),
        ({}, {"2": 1, "5": 5}, "1 − 5 = −4, không thấp hơn 0, công bố 0,00"),
        ({}, {"1.1": 20, "2": 1000}, "Chưa chấm, tính 0 điểm: 1.2 Bản tin (tối đa 10 điểm)"),
        (
            {"missing": "exclude"},
            {"1.1": 20, "2": 1000},
            "Điểm tối đa áp dụng: 1.200 − 10 (chưa chấm) = 1.190",
        ),
        (
            {"renormalise": "by_level"},
            {"1.1": 20, "1.2": 5, "2": 936},
            "(30 × 0,8333… + 1.170 × 0,8) / 1.200 = 961/1200 ≈ 0,800833",
        ),
        (
            {"renormalise": "none"},
            FULL,
            "giữ nguyên điểm đạt 1.030 trên thang điểm 1.200, công bố 1.030,00",
        ),
        ({}, FULL, "Xếp loại Tốt: đạt 85,8333…% thang điểm, loại này từ 80%"),
        ({}, {**FULL, "2": 900}, "Còn thiếu 2,5% thang điểm (30 điểm) để đạt loại Tốt, từ 80%"),
    ],
)
def test_calculation_in_words(policy: Document, marks: Document, said: str) -> None:
    """Each rule of the calculation is told with its numbers, written the Vietnamese way."""
    assert said in str(sheet(policy, a={"marks": marks}).explain("a"))


@pytest.mark.parametrize(
    ("exclusion", "said"),
    [
        (SKIP, ["1.200 − 10 (không đánh giá) = 1.190", "Không đánh giá, trừ khỏi điểm tối đa"]),
        (FULL_MARKS, ["1.2 Bản tin: 10 / 10, tính đủ điểm"]),
        (SUBSTITUTE, ["Thay bằng 1.3 Trang tin", "1.3 Trang tin: 4 / 10, thay cho 1.2"]),
    ],
)
def test_exclusions_in_words(exclusion: Document, said: list[str]) -> None:
    """What did not count is told with its mark, who decided, why and on what basis."""
    unit = {"marks": {**FULL, "1.2": 7, "1.3": 4}, "exclusions": [exclusion]}
    text = str(sheet(a=unit).explain("a"))

    assert "1.2 Bản tin: tối đa 10 điểm, điểm chấm 7 không được tính" in text
    assert "Quyết định riêng cho đơn vị; lý do: Chưa hướng dẫn; căn cứ: Điều 7" in text
    assert all(each in text for each in said), text


WHY: Document = {"reason": "Minh chứng không đúng", "basis": "Điều 7"}
MADE: Document = {
    "1": {"title": "Nhận thức số", "zero_unless": [{"node": "1.1", "above": 0, "at_most": "200/3"}], "components": [
        {"code": "1.1", "title": "Họp", "max_points": 20},
        {"code": "1.2", "title": "Bản tin", "max_points": 10},
        {"code": "1.3", "title": "Nộp chậm", "max_points": 2, "role": "penalty", "adjusts": "1"}]},
    "2": {"title": "Sẵn sàng", "max_points": 10, "cap": True, "components": [
        {"code": "2.1", "title": "Hạ tầng", "max_points": "20/3", "mark_min": 1, "mark_max": 5},
        {"code": "2.2", "title": "Nhân lực", "max_points": "20/3", "mark_max": 5}]},
    "3": {"title": "Dịch vụ công", "zero_unless": [{"node": "3.1", "in": "points", "at_least": 5}], "components": [
        {"code": "3.1", "title": "Một cửa", "max_points": 10},
        {"code": "3.2", "title": "Trực tuyến", "max_points": 10}]},
    "4": {"title": "Điểm nghẽn", "max_points": 6, "role": "standby"},
}  # fmt: skip


def adjusted(*exclusions: Document, policy: Document | None = None, **marks: Any) -> dti.Result:
    """One unit, "a", of a rubric with a gate, a penalty of a node's own, a cap, marking scales and a stand-by leaf."""
    indices = [{"code": code, **node} for code, node in MADE.items()]
    head = {"schema": "dti-core/rubric/1", "code": "made", "title": "Bộ chỉ số"}
    rubric = dti.load_rubric({**head, "indices": indices, "policy": policy or {}})
    best = {"1.1": 10, "1.2": 7, "1.3": 2, "2.1": 3, "2.2": 4, "3.1": 6, "3.2": 5, "4": 3}
    given = best | {code.replace("_", ".").strip("."): mark for code, mark in marks.items()}
    unit = {"code": "a", "marks": given, "exclusions": [*exclusions]}
    document = {"schema": "dti-core/marks/1", "rubric": "made", "stage": "self", "units": [unit]}
    return dti.evaluate(rubric, dti.load_marks(document, rubric))


@pytest.mark.parametrize(
    ("node", "marks", "said"),
    [
        ("total", {"_1_1": 0}, "Tiêu chí 1 Nhận thức số bị 0 điểm vì 1.1 Họp có tỷ lệ 0%, phải trên 0% và không"),
        ("1", {"_1_1": 0}, "Điều kiện: 1.1 Họp có tỷ lệ 0%, phải trên 0% và không quá 66,6666…%: không đạt"),
        ("1", {}, "Điều kiện: 1.1 Họp có tỷ lệ 50%, phải trên 0% và không quá 66,6666…%: đạt"),
        ("3", {"_3_1": 4}, "Bị 0 điểm vì 3.1 Một cửa có 4 điểm, phải từ 5 điểm trở lên (mất 9 điểm)"),
        ("1", {}, "Điểm thưởng, điểm trừ tại đây: 17 − 2 = 15"),
        ("1", {}, "Điểm đạt: 15; tỷ lệ 15 / 30 = 50%"),
        ("total", {}, "1 Nhận thức số: điểm thưởng, điểm trừ tại đây: 17 − 2 = 15"),
        ("total", {}, "1.3 Nộp chậm: 2 điểm trừ, tính vào 1 Nhận thức số"),
        ("2", {"_2_1": 5}, "Trần 10 điểm: 12 tính 10; điểm tối đa 13,3333… tính 10"),
        ("total", {"_2_1": 5}, "2 Sẵn sàng: 10 / 10, đã điều chỉnh"),
        ("total", {}, "2.1 Hạ tầng: mức 3 trên thang 1–5, được 4 / 6,6666… điểm"),
        ("2.1", {}, "Mức 3 trên thang 1–5"),
    ],
)  # fmt: skip
def test_adjusted_nodes_in_words(node: str, marks: Document, said: str) -> None:
    """A gate, a cap, a penalty of a node's own and a scale of marks are told with their numbers."""
    result = adjusted(**marks)

    assert said in str(result.explain("a", node))
    assert str(result.explain("a", node, "en"))


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        (
            {"members": ["1.2"], "treatment": "reduce", "to": 5},
            [
                "Không đánh giá một phần, chỉ còn chấm đến 5",
                "1.2 Bản tin: tối đa 10 điểm, điểm chấm 7 tính là 5",
                "1.2 Bản tin: 5 / 5, chỉ còn chấm đến 5, vì Minh chứng không đúng",
            ],
        ),
        (
            {"members": ["1.2"], "treatment": "zero"},
            [
                "1.2 Bản tin: 0 / 10, tính vào điểm tối đa nhưng 0 điểm, vì Minh chứng không đúng",
                "1.2 Bản tin: tối đa 10 điểm, điểm chấm 7 không được tính",
            ],
        ),
        (
            {"members": ["1.1", "1.2"], "treatment": "skip"},
            ["1 Nhận thức số: điểm thưởng, điểm trừ tại đây không tính, vì không phần nào được áp dụng"],
        ),
        (
            {"members": ["1.2"], "treatment": "substitute", "by": "4"},
            [
                "4 Điểm nghẽn: 3 / 6, thay cho 1.2 (tối đa 10 điểm)",
                "60 − 4 (thay bằng chỉ số có điểm tối đa nhỏ hơn) = 56",
            ],
        ),
    ],
)
def test_parts_of_leaves_in_words(decision: Document, said: list[str]) -> None:
    """What a reduction leaves, what earns nothing, and a stand-by leaf of another size are told with the reason."""
    text = str(adjusted({**WHY, **decision}).explain("a"))

    assert all(each in text for each in said), text


def test_a_gate_on_what_does_not_apply() -> None:
    """A condition on a leaf that was skipped is told, and that it is not asked: nothing is lost."""
    text = str(adjusted({**WHY, "members": ["1.1"], "treatment": "skip"}).explain("a", "1"))

    assert "Điều kiện: 1.1 Họp phải trên 0% và không quá 66,6666…%: không xét, vì không áp dụng" in text
    assert "Điểm đạt: 5; tỷ lệ 5 / 10 = 50%" in text


def test_a_cap_on_points_alone() -> None:
    """6 and a bonus of 6, where bonus may exceed the maximum, count 10 under a cap of 10; the maximum of 6 stays."""
    parts = [
        {"code": "1.1", "title": "Hạ tầng", "components": [
            {"code": "1.1.1", "title": "Mạng", "max_points": 6},
            {"code": "1.1.2", "title": "Sáng kiến", "max_points": 6, "role": "bonus", "adjusts": "1.1"}]},
        {"code": "1.2", "title": "Nhân lực", "max_points": 6},
    ]  # fmt: skip
    index = {"code": "1", "title": "Sẵn sàng", "max_points": 10, "cap": True, "components": parts}
    head = {"schema": "dti-core/rubric/1", "code": "r", "title": "x", "policy": {"exceed_maximum": True}}
    unit = {
        "code": "a",
        "marks": {"1.1.1": 6, "1.1.2": 6},
        "exclusions": [{**WHY, "members": ["1.2"], "treatment": "skip"}],
    }
    rubric = dti.load_rubric(head | {"indices": [index]})
    marks = dti.load_marks({"schema": "dti-core/marks/1", "rubric": "r", "units": [unit]}, rubric)
    text = str(dti.evaluate(rubric, marks).explain("a", "1"))

    assert "Trần 10 điểm: 12 tính 10\n" in text
    assert "Điểm đạt: 10; tỷ lệ 10 / 6" in text


def test_a_shut_gate_level_by_level() -> None:
    """Level by level a node whose gate is shut counts 0, one with a cap by its points / applicable maximum."""
    result = adjusted(policy={"renormalise": "by_level"}, _3_1=4)
    means: Any = {step.node: step for step in result.explain("a").steps if step.kind == "mean"}

    assert (means["3"].is_open, means["3"].share) == (False, Fraction(0))
    assert set(means) == {"3", "total"}
    assert [term.share for term in means["total"].terms] == [Fraction(1, 2), Fraction(14, 15), 0]
    assert "nhưng bị 0 vì điều kiện không đạt" in str(result.explain("a", "3"))


def test_a_stand_by_leaf_takes_the_weight_of_what_it_replaces() -> None:
    """Level by level, a stand-by leaf counts once, with the weight of what it replaces: (20 × 1 + 10 × 0.4) / 30."""
    unit = {"marks": {**FULL, "1.3": 4, "2": 1170}, "exclusions": [SUBSTITUTE]}
    text = str(sheet({"renormalise": "by_level"}, a=unit).explain("a", "1"))

    assert "(20 × 1 + 10 × 0,4) / 30 = 0,8" in text
    assert "Điểm đạt: 24; tỷ lệ 24 / 30 = 80%" in text
    assert text.count("1.3 Trang tin: 4 / 10, thay cho 1.2") == 1
    assert "Điểm quy đổi: 0,8 × 30 = 24, công bố 24,00" in text


def test_gaps_to_the_units_above_and_below() -> None:
    """A unit reads how far the next are, and that others share a rank."""
    marks = [{"marks": {**FULL, "2": points}} for points in (1000, 999.65, 999.65, 900)]
    result = sheet(a=marks[0], b=marks[1], c=marks[2], d=marks[3])

    assert "Kém đơn vị liền trên 0,35 điểm: a, hạng 1, 1.030,00 điểm" in str(result.explain("b"))
    assert "Cùng hạng với c\n" in str(result.explain("b"))
    assert "Hơn đơn vị liền dưới 99,65 điểm: d, hạng 4" in str(result.explain("b"))
    assert "xếp hạng 2/4 trong khối Sở, ngành" in str(result.explain("b"))
    assert "Kém đơn vị liền trên 99,65 điểm: b và 1 đơn vị khác, hạng 2" in str(result.explain("d"))


def test_how_a_tie_was_broken() -> None:
    """Level totals that another node tells apart are told apart in words."""
    result = sheet({"tie_break": ["1"]}, a={"marks": FULL}, b={"marks": {**FULL, "1.1": 19, "2": 1001}})

    assert "xếp sau vì 1 Nhận thức số thấp hơn (96,6666…% so với 100%): a, hạng 1" in str(result.explain("b"))
    assert "xếp trước vì 1 Nhận thức số cao hơn" in str(result.explain("a"))


def test_a_tie_with_a_unit_that_has_no_score() -> None:
    """Of two full scores the one whose tie-break does not apply to it comes last, and reads why."""
    skip = {**SKIP, "members": ["2"]}
    result = sheet(
        {"tie_break": ["2"]},
        a={"marks": FULL, "exclusions": [skip]},
        b={"marks": {**FULL, "2": 1170}},
    )

    assert "xếp sau vì 2 Dịch vụ công thấp hơn (không có điểm so với 100%): b, hạng 1" in str(
        result.explain("a")
    )


def test_ranks_by_what_is_not_printed() -> None:
    """Units level in print, ranked by the exact score, read the gap before rounding."""
    policy = {"decide_on": "exact", "publish": {"decimals": 0}}
    result = sheet(policy, a={"marks": FULL}, b={"marks": {**FULL, "2": 999.75}})

    assert "Kém đơn vị liền trên 0,25 điểm khi chưa làm tròn (giá trị công bố bằng nhau): a" in str(
        result.explain("b")
    )


def test_points_on_scales_of_their_own_are_compared_in_percent() -> None:
    """Where points are not converted, the gap is in percent of each unit's scale."""
    high = {"marks": {**FULL, "1.1": 20, "2": 1170}, "exclusions": [SKIP]}
    result = sheet({"renormalise": "none"}, a=high, b={"marks": {**FULL, "2": 1164}})
    text = str(result.explain("b"))

    assert "Kém đơn vị liền trên 0,5 điểm phần trăm (99,5% so với 100% thang điểm)" in text
    assert "a, hạng 1, 1.190,00 điểm (điểm đạt 1.190 / 1.190)" in text


@pytest.mark.parametrize(
    ("policy", "unit", "said"),
    [
        (
            {},
            {"marks": FULL, "unranked": {"reason": "Mới lập", "basis": "Điều 9"}},
            "Mới lập; căn cứ: Điều 9",
        ),
        ({}, {"marks": FULL, "attributes": {"level": "bo"}}, "không thuộc khối nào"),
        ({}, {"marks": FULL, "attributes": {"level": "huyen"}}, "khối Huyện không xếp hạng"),
        (
            {"min_coverage": 0.5},
            {"marks": {"1.1": 20, "1.2": 10}},
            "mới chấm 2,5% điểm tối đa, cần ít nhất 50%",
        ),
    ],
)
def test_why_a_unit_is_not_ranked(policy: Document, unit: Document, said: str) -> None:
    """A unit without a rank reads why, beside its score."""
    text = str(sheet(policy, a=unit).explain("a"))

    assert f"Không xếp hạng: {said}" in text
    assert "trên 1.200 điểm, không xếp hạng" in text


@pytest.mark.parametrize(
    ("node", "said"),
    [
        ("1.1", "1.1 Họp: 19,50 trên 20 điểm, xếp hạng 1/1 trong khối Sở, ngành"),
        ("1.2", "1.2 Bản tin: không đánh giá"),
        ("1.3", "1.3 Trang tin: dự phòng, không dùng"),
        ("3", "3 Đô thị thông minh: thu thập, không tính điểm"),
        ("4", "4 Sáng kiến: 2,5 điểm thưởng; chỉ tính vào tổng điểm"),
        ("5", "5 Báo cáo chậm: 0 điểm trừ; chỉ tính vào tổng điểm"),
    ],
)
def test_nodes_of_every_kind(node: str, said: str) -> None:
    """Leaves, excluded, stand-by and unscored nodes, bonus and penalty all say what they are."""
    unit = {"marks": {"1.1": 19.5, "4": 2.5}, "exclusions": [SKIP]}

    assert str(sheet(a=unit).explain("a", node)).splitlines()[0].startswith(f"a – {said}")


def test_nothing_applies() -> None:
    """A node of which everything is excluded has no score, and says that it is for that."""
    exclusion = {**SKIP, "members": ["1"]}
    text = str(sheet(a={"marks": FULL, "exclusions": [exclusion]}).explain("a", "1", "en"))

    assert text.startswith("a – 1 Nhận thức số: no score, because nothing in it applies")
    assert "reason: Chưa hướng dẫn; basis: Điều 7" in text


def many(units: int) -> tuple[dti.Result, np.ndarray[Any, Any]]:
    """A round of so many units, and their totals."""
    rubric = dti.Rubric("demo", "Ví dụ", [dti.Index("1", "A", 30), dti.Index("2", "B", 20)])
    points = np.random.default_rng(1).integers(0, 21, (units, 2))
    codes = [f"u{row}" for row in range(units)]
    return dti.evaluate(rubric, dti.MarkSheet.from_array(points, rubric, units=codes)), points.sum(axis=1)


def test_one_unit_is_worked_out_alone() -> None:
    """Once the ranks are there, explaining a unit takes as many calls among 50,000 units as among 500, and no array."""
    calls, peaks = [], []
    for units in (500, 50_000):
        result, _ = many(units)
        result.explain("u7")
        profile = cProfile.Profile()
        profile.runcall(result.explain, "u7")
        calls.append(sum(entry.callcount for entry in profile.getstats()))
        tracemalloc.start()
        result.explain("u7")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert calls[1] < 1.5 * calls[0]
    assert peaks[1] < 50_000, "a byte for every unit"


def calls_at_depth(depth: int) -> int:
    """How many calls it takes to explain a total level by level, over 64 leaves that stand ever deeper."""
    inner: list[dti.Component] = []
    for level in range(depth):
        leaves = [dti.Component(f"{level}.{at}", "x", 10) for at in range(64 // depth)]
        inner = [dti.Component(f"level-{level}", "x", components=[*leaves, *inner])]
    rubric = dti.Rubric("deep", "x", [dti.Index("1", "x", components=inner)])
    sheet = dti.MarkSheet.from_array(np.full((1, 64), 5), rubric, units=["a"])
    result = dti.evaluate(rubric, sheet, dti.Policy(renormalise="by_level"))
    result.explain("a")
    profile = cProfile.Profile()
    profile.runcall(result.explain, "a")
    return sum(entry.callcount for entry in profile.getstats())


def test_every_node_is_worked_out_once() -> None:
    """However deep a tree is, a leaf is added up once for its parent, not again for all that stand above."""
    assert calls_at_depth(16) < 2 * calls_at_depth(2)


def test_ranks_among_many() -> None:
    """Rank and ties are those of all totals."""
    result, totals = many(5000)
    for unit in range(1, 5000, 250):
        standing: Any = next(step for step in result.explain(f"u{unit}").steps if step.kind == "standing")
        assert standing.rank == 1 + (totals > totals[unit]).sum()
        assert standing.tied_count == (totals == totals[unit]).sum() - 1


def test_explaining_keeps_no_result_alive() -> None:
    """What was worked out to explain goes when the result goes."""
    result, _ = many(500)
    result.explain("u7")
    gone = weakref.ref(result.total)
    del result
    gc.collect()

    assert gone() is None


@pytest.mark.parametrize("measured", [False, True])
def test_measures_are_imported_where_marks_were_measured(*, measured: bool) -> None:
    """A sheet of typed marks is explained without the machinery that turns measures into marks."""
    sheet = (
        "dti.score(dti.Measures.from_rows([{'1': 5}], rubric, units=['a']))"
        if measured
        else "dti.MarkSheet.from_array([[5]], rubric, units=['a'])"
    )
    script = f"""
import sys, dti_core as dti
rubric = dti.Rubric("demo", "Ví dụ", [dti.Index("1", "A", 30)])
str(dti.evaluate(rubric, {sheet}).explain("a"))
print("dti_core.measures" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, encoding="utf-8")

    assert done.stdout == f"{measured}\n"


def test_an_explanation_is_a_value() -> None:
    """An explanation is frozen, equal to another of the same, short in a console, and refuses what it does not know."""
    result = sheet(a={"marks": FULL})
    explanation = result.explain("a")

    assert explanation == result.explain("a", language="en") != result.explain("a", "1")
    assert explanation.text("en") == str(result.explain("a", language="en")) != str(explanation)
    assert repr(explanation) == f"<Explanation of 'total' for 'a': {len(explanation.steps)} steps>"
    with pytest.raises(AttributeError):
        explanation.unit = "b"  # type: ignore[misc]
    for wrong in ({"unit": "z"}, {"unit": "a", "node": "9"}, {"unit": "a", "language": "fr"}):
        with pytest.raises(dti.DTIError):
            result.explain(**wrong)  # type: ignore[arg-type]


def test_hostile_titles_stay_text() -> None:
    """Line breaks, turns of direction and markup in titles, names and reasons cannot pose as something else."""
    title = "A\n\nXếp hạng 1/1 \u202e<script>alert(1)</script>" + "x" * 9_900
    rubric = dti.Rubric("demo", title, [dti.Index("1", title, 30), dti.Index("2", "B", 20)])
    decision = dti.Exclusion(members=["2"], treatment="skip", reason=title, basis=title)
    marks = dti.MarkSheet.from_array(
        [[1, 2]], rubric, units=["a"], names=(dti.Label(title),), exclusions=(decision,)
    )
    explanation = dti.evaluate(rubric, marks).explain("a")
    lines = str(explanation).splitlines()

    assert [line for line in lines if line.startswith("Xếp hạng")] == ["Xếp hạng 1/1"]
    assert "\u202e" not in str(explanation)
    assert "<script" not in explanation._repr_html_()
    assert len(explanation._repr_html_()) < 20_000


def test_how_a_measure_became_points_in_words() -> None:
    """What was measured is shown with how it became the mark; of a mark that was given nothing is."""
    indices = [dti.Index("1", "Hồ sơ", 20, scoring=dti.methods.Ratio()), dti.Index("2", "Họp", 10)]
    rubric = dti.Rubric("demo", "Ví dụ", indices)
    measures = dti.Measures.from_rows([{"1": {"a": 31, "b": 40}, "2": 8}], rubric, units=["a"])
    result = dti.evaluate(rubric, dti.score(measures))

    assert "As measured: 31 / 40 × 20 = 15.5" in result.explain("a", "1").text("en")
    assert "31 / 40 × 20 = 15,5" in result.explain("a", "1").text("vi")
    assert "measured" not in result.explain("a", "2").text("en")
