"""What changed from one rubric to another, and whether their scores can still be compared."""

from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import assume, given, reject, settings
from reference_rules import Document
from strategies import documents, rubrics

import dti_core as dti
from dti_core import analysis
from dti_core.words import DIFFERENCES as WORDS

COMMON: dict[str, Any] = {"treatment": "skip", "reason": "Không có thủ tục", "basis": "Điều 5"}


few = settings(max_examples=30)


def read(document: Document) -> dti.Rubric:
    """The rubric of a drawn document, if it is sound."""
    try:
        return dti.load_rubric(document)
    except dti.InvalidDocument:
        return reject()


def index_1(*components: dti.Component, title: str = "Nhận thức số") -> dti.Index:
    """An index of the components given."""
    return dti.Index("1", title, components=components)


MEETING, PAGE = dti.Component("1.1", "Họp", 20), dti.Component("1.2", "Chuyên mục", 10)


def rubric(*indices: dti.Index, **others: Any) -> dti.Rubric:
    """Two indices unless others are given; made up."""
    return dti.Rubric(
        "demo",
        others.pop("title", "Ví dụ"),
        indices or [index_1(MEETING, PAGE), dti.Index("2", "Dịch vụ công", 1000)],
        attributes={"level": {"enum": ["sở", "xã"]}},
        **others,
    )


def told(old: dti.Rubric, new: dti.Rubric) -> list[str]:
    """The changes in English, a line each, without the last."""
    *lines, _ = dti.compare_rubrics(old, new).text("en").splitlines()
    return lines


def test_leaves_that_come_go_move_and_change() -> None:
    """Leaves added, removed, moved, re-weighted and renamed are told by code, and what holds them with them."""
    old = rubric()
    new = rubric(
        index_1(dti.Component("1.1", "Họp giao ban", 15), dti.Component("1.3", "Truyền thông", 5)),
        dti.Index("2", "Dịch vụ công", components=[PAGE, dti.Component("2.1", "Hồ sơ", 990)]),
    )

    difference = dti.compare_rubrics(old, new)

    assert difference.leaves("added") == ("1.3", "2.1")
    assert difference.leaves("removed") == ()
    assert difference.leaves("moved") == ("1.2",)
    assert difference.leaves("reweighted") == ("1.1",)
    assert difference.leaves("renamed") == ("1.1",)
    assert dti.compare_rubrics(new, old).leaves("removed") == ("1.3", "2.1")
    assert not difference.comparable
    assert str(difference) == (
        "chỉ số chính 1 Nhận thức số: điểm tối đa 30 → 20\n"
        "chỉ số được chấm 1.1: đổi tên Họp → Họp giao ban\n"
        "chỉ số được chấm 1.1 Họp giao ban: điểm tối đa 20 → 15\n"
        "chỉ số được chấm 1.2 Chuyên mục: chuyển từ 1 → 2\n"
        "chỉ số chính 2 Dịch vụ công: được chấm trực tiếp có → không\n"
        "tổng điểm: điểm tối đa 1.030 → 1.020\n"
        "thêm chỉ số được chấm 1.3 Truyền thông: 5\n"
        "thêm chỉ số được chấm 2.1 Hồ sơ: 990\n"
        "Điểm không so sánh được với nhau."
    )
    assert "total: maximum 1,030 → 1,020" in difference.text("en")


def test_changes_are_columns_and_rows() -> None:
    """Programs read the changes as texts in columns and as plain rows; HTML has a line for each."""
    new = rubric(index_1(attrs.evolve(MEETING, title=dti.Label("Họp", "Meeting")), PAGE), title="Ví dụ")
    difference = analysis.compare_rubrics(rubric(index_1(attrs.evolve(MEETING, max_points=15), PAGE)), new)
    columns = difference.columns("en")

    assert [*columns] == ["kind", "what", "code", "title", "field", "before", "after", "affects"]
    assert columns["kind"].tolist() == ["reweighted", "renamed", "reweighted", "reweighted"]
    assert columns["after"].tolist() == ["30", "Meeting", "20", "30"]
    assert difference.rows[3] == {
        "kind": "reweighted",
        "what": "total",
        "code": "total",
        "title": None,
        "field": "maximum",
        "before": "25",
        "after": "30",
        "affects": "scores",
    }
    assert difference.to_html("en").count("<p") == 5
    assert difference == dti.compare_rubrics(rubric(index_1(attrs.evolve(MEETING, max_points=15), PAGE)), new)
    assert repr(difference) == "<RubricDifference: 4 changes>"


RULE = dti.ExclusionRule(code="no-procedures", members=["2"], when={"level": "sở"}, **COMMON)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, {"exclusions": [RULE]}, "added exclusion rule no-procedures"),
        ({"exclusions": [RULE]}, {}, "removed exclusion rule no-procedures"),
        (
            {"exclusions": [RULE]},
            {"exclusions": [attrs.evolve(RULE, members=["1.2", "2"])]},
            "exclusion rule no-procedures: members 2 → 1.2, 2",
        ),
        (
            {"exclusions": [RULE]},
            {"exclusions": [attrs.evolve(RULE, when={"level": "xã"})]},
            "exclusion rule no-procedures: when level: const sở → level: const xã",
        ),
        (
            {"exclusions": [RULE]},
            {"exclusions": [attrs.evolve(RULE, treatment="full_marks")]},
            "exclusion rule no-procedures: treatment skip → full_marks",
        ),
        ({}, {"policy": dti.Policy(renormalise="by_level")}, "policy: renormalise overall → by_level"),
        ({}, {"policy": dti.Policy(missing="exclude")}, "policy: missing zero → exclude"),
        ({}, {"policy": dti.Policy(exceed_maximum=True)}, "policy: exceed_maximum no → yes"),
        (
            {},
            {"policy": dti.Policy(publish=dti.Publish("percent"))},
            "policy: publish.as points → percent",
        ),
        (
            {},
            {"policy": dti.Policy(publish=dti.Publish(decimals=1))},
            "policy: publish.decimals 2 → 1",
        ),
        (
            {"groups": [dti.Group("g", "Nhóm", ["1"])]},
            {"groups": [dti.Group("g", "Nhóm", ["1.1", "2"])]},
            "group g Nhóm: members 1 → 1.1, 2",
        ),
    ],
)
def test_what_changes_scores(old: dict[str, Any], new: dict[str, Any], expected: str) -> None:
    """Rules, sets and the policy of scoring are told, and scores cannot be compared after them."""
    assert told(rubric(**old), rubric(**new)) == [expected]
    assert not dti.compare_rubrics(rubric(**old), rubric(**new)).comparable


LOW, HIGH = dti.Band("low", "Yếu", 0), dti.Band("high", "Tốt", 80)
HAMLETS = dti.Block("xa", "Xã", {"level": "xã"})


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, {"title": "Ví dụ mới"}, ["rubric: renamed Ví dụ → Ví dụ mới"]),
        ({"bands": [LOW]}, {"bands": [HIGH, LOW]}, ["added band high Tốt"]),
        (
            {"bands": [HIGH, LOW]},
            {"bands": [attrs.evolve(HIGH, at_least=87.5), LOW]},
            ["band high Tốt: at least (%) 80 → 87.5"],
        ),
        ({}, {"pillars": [dti.Pillar("p", "Chính quyền số", ["1", "2"])]}, ["added pillar p Chính quyền số"]),
        ({"blocks": [HAMLETS]}, {}, ["removed block xa Xã"]),
        (
            {"blocks": [HAMLETS]},
            {"blocks": [attrs.evolve(HAMLETS, ranked=False)]},
            ["block xa Xã: ranked yes → no"],
        ),
        ({}, {"policy": dti.Policy(ties="dense")}, ["policy: ties competition → dense"]),
        ({}, {"policy": dti.Policy(tie_break=["1", "2"])}, ["policy: tie_break — → 1, 2"]),
        (
            {"period": "2023"},
            {"period": "2024", "decision": dti.Decision("1/QĐ", "2024-01-02")},
            [
                "rubric Ví dụ: period 2023 → 2024",
                "rubric Ví dụ: decision — → number 1/QĐ, issued 2024-01-02",
            ],
        ),
        (
            {"exclusions": [RULE]},
            {"exclusions": [attrs.evolve(RULE, basis="Điều 6")]},
            ["exclusion rule no-procedures: basis Điều 5 → Điều 6"],
        ),
    ],
)
def test_what_leaves_scores_alone(old: dict[str, Any], new: dict[str, Any], expected: list[str]) -> None:
    """Names, bands, blocks, new pillars and how ties are ranked are told, and scores stay comparable."""
    assert told(rubric(**old), rubric(**new)) == expected
    assert dti.compare_rubrics(rubric(**old), rubric(**new)).comparable


@pytest.mark.parametrize(
    ("old", "new", "affects"),
    [
        ({"blocks": [HAMLETS]}, {"blocks": [attrs.evolve(HAMLETS, ranked=False)]}, "ranks"),
        ({"blocks": [HAMLETS]}, {"blocks": [attrs.evolve(HAMLETS, when={"level": "sở"})]}, "ranks"),
        ({}, {"policy": dti.Policy(min_coverage=0.5)}, "ranks"),
        ({"bands": [HIGH, LOW]}, {"bands": [attrs.evolve(HIGH, at_least=87.5), LOW]}, "grades"),
        ({}, {"title": "Ví dụ mới"}, None),
    ],
)
def test_what_else_may_come_out_otherwise(old: dict[str, Any], new: dict[str, Any], affects: str) -> None:
    """A change that leaves scores alone says whether ranks or grades may differ."""
    changes = dti.compare_rubrics(rubric(**old), rubric(**new)).changes

    assert [change.affects for change in changes] == [affects]


def test_another_stand_by_leaf_changes_scores() -> None:
    """A rule that puts another leaf in the place of the same node makes other scores."""
    spares = [dti.Component(code, "Dự phòng", 10, role="standby") for code in ("1.8", "1.9")]
    index = index_1(MEETING, PAGE, *spares)
    rule = dti.ExclusionRule(
        code="swap", members=["1.2"], treatment="substitute", by="1.8", reason="Lý do", basis="Điều 5"
    )
    old, new = (rubric(index, exclusions=[attrs.evolve(rule, by=by)]) for by in ("1.8", "1.9"))

    assert told(old, new) == ["exclusion rule swap: replaced by 1.8 → 1.9"]
    assert not dti.compare_rubrics(old, new).comparable


def test_what_decisions_say_of_a_node_is_told() -> None:
    """Scales of marks, caps, gates and reductions are told in words, and change scores; the lowest mark does not."""
    gate = [
        dti.NodeCondition("1.1", above=Fraction(0), at_most=Fraction(200, 3)),
        dti.NodeCondition("1.2", below=Fraction(5), in_="points"),
    ]
    old = rubric(index_1(MEETING, attrs.evolve(PAGE, mark_max=5)))
    new = rubric(
        attrs.evolve(
            index_1(MEETING, attrs.evolve(PAGE, mark_max=4)), max_points=25, cap=True, zero_unless=gate
        )
    )

    assert told(old, new) == [
        "index 1 Nhận thức số: maximum 30 → 25",
        "index 1 Nhận thức số: is a cap no → yes",
        "index 1 Nhận thức số: zero unless — → 1.1 > 0 ≤ 200/3, 1.2 < 5 points",
        "leaf 1.2 Chuyên mục: highest mark 5 → 4",
        "total: maximum 30 → 25",
    ]
    assert not dti.compare_rubrics(old, new).comparable
    lowest = rubric(index_1(MEETING, attrs.evolve(PAGE, mark_max=5, mark_min=1)))
    assert dti.compare_rubrics(old, lowest).comparable
    reduced, further = (
        rubric(
            exclusions=[
                dti.ExclusionRule(**COMMON | {"treatment": "reduce"}, code="r", members=["1.1"], to=to)
            ]
        )
        for to in (10, 5)
    )
    assert told(reduced, further) == ["exclusion rule r: marked up to 10 → 5"]
    assert not dti.compare_rubrics(reduced, further).comparable


def test_attributes_are_told() -> None:
    """A declaration that changes is told with both its forms."""
    new = attrs.evolve(
        rubric(), attributes={"level": {"enum": ["sở", "xã", "phường"]}, "poor": {"type": "boolean"}}
    )

    assert told(rubric(), new) == [
        "attribute level: declaration enum sở, xã → enum sở, xã, phường",
        "added attribute poor",
    ]


def test_every_field_has_a_word() -> None:
    """Whatever may differ is called something in Vietnamese too."""
    kinds = (
        dti.Rubric,
        dti.Index,
        dti.Component,
        dti.Group,
        dti.Pillar,
        dti.ExclusionRule,
        dti.Block,
        dti.Band,
        dti.Quota,
        dti.GradeLimitRule,
    )
    names = {field.alias for kind in (*kinds, dti.Decision, dti.Policy) for field in attrs.fields(kind)}
    names |= {
        f"{key}.{field.name.rstrip('_')}"
        for key in ("publish", "publish_parts")
        for field in attrs.fields(dti.Publish)
    }
    parts = {"title", "indices", "components", "max_points", "groups", "pillars", "attributes", "exclusions"}
    parts |= {"blocks", "bands", "grade_limits", "policy", "publish", "publish_parts", "tree"}

    assert sorted(names - parts - set(WORDS)) == []
    assert all(label.en for label in WORDS.values())


def test_a_decision_is_told_in_either_language() -> None:
    """The number and the date of another decision are named in the language asked for."""
    difference = dti.compare_rubrics(rubric(), rubric(decision=dti.Decision("1/QĐ", "2024-01-02")))

    assert difference.text("vi").startswith("bộ chỉ số Ví dụ: quyết định — → số 1/QĐ, ban hành 2024-01-02\n")


def test_kinds_of_change_are_named() -> None:
    """A kind of change that there is not is refused with those that there are."""
    with pytest.raises(dti.InvalidArgument, match="added, removed, moved"):
        dti.compare_rubrics(rubric(), rubric()).leaves("aded")  # type: ignore[arg-type]


def test_a_long_label_stays_on_its_line() -> None:
    """A label of many lines and thousands of characters is one short line of a difference."""
    title = "<script>\n" + "dài " * 2400

    lines = told(rubric(), rubric(index_1(MEETING, PAGE, title=title), dti.Index("2", "Dịch vụ công", 1000)))

    assert len(lines) == 1
    assert len(lines[0]) < 150


def test_only_rubrics_are_compared() -> None:
    """A code instead of a rubric is refused in words."""
    with pytest.raises(dti.InvalidArgument, match="two rubrics are compared"):
        dti.compare_rubrics(rubric(), "vn-922-province")  # type: ignore[arg-type]


@few
@given(rubrics())
def test_a_rubric_does_not_differ_from_itself(some: Document) -> None:
    """Nothing has changed between a rubric and itself."""
    difference = dti.compare_rubrics(read(some), read(some))

    assert difference.changes == ()
    assert difference.text() == "Không có thay đổi.\nĐiểm so sánh được với nhau."


@few
@given(rubrics(), rubrics())
def test_every_difference_is_told_both_ways(one: Document, other: Document) -> None:
    """Rubrics that differ in anything but order have changes, as many one way as the other, in either language."""
    old, new = read(one), read(other)
    there, back = dti.compare_rubrics(old, new), dti.compare_rubrics(new, old)

    assert len(there.changes) == len(back.changes)
    assert there.comparable == back.comparable
    assert len(there.text("vi").splitlines()) == max(len(there.changes), 1) + 1
    assert len(there.text("en").splitlines()) == max(len(there.changes), 1) + 1


@few
@given(documents())
def test_comparable_rubrics_score_alike(case: tuple[Document, Document]) -> None:
    """With other names, bands, blocks and ties, the same marks give the same scores, as the difference says."""
    old = read(case[0])
    assume(old.policy.missing != "refuse")
    policy = attrs.evolve(old.policy, ties="dense", decide_on="exact", tie_break=())
    new = attrs.evolve(old, title="Khác", policy=policy, bands=[LOW], blocks=())
    try:
        results = [dti.evaluate(each, dti.load_marks(case[1], each)) for each in (old, new)]
    except dti.InvalidDocument:
        reject()

    assert dti.compare_rubrics(old, new).comparable
    for node in old.tree.under:
        before, after = (result[node] for result in results)
        assert np.array_equal(before.score, after.score, equal_nan=True)
        assert np.array_equal(before.published, after.published, equal_nan=True)
