"""Ranks under other policies: every cell is what `evaluate` gives, every summary is plain arithmetic on the cells."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies import crowded, documents

import dti_core as dti
from dti_core import analysis
from dti_core.analysis import PolicyVariants, policy_variants

if TYPE_CHECKING:
    from reference_rules import Document

CHOICES: dict[str, Any] = {
    "renormalise": ["overall", "by_level", "none"],
    "missing": ["exclude", "refuse"],
    "decide_on": ["published", "exact"],
    "decimals": [0],
    "rounding": ["down"],
    "ties": ["dense"],
}
few = settings(max_examples=max(10, settings().max_examples // 20))
WHY: Any = {"reason": "giả định", "basis": "giả định"}


def result(marks: Any, leaves: tuple[int, ...] = (30,), **policy: Any) -> dti.Result:
    """Units a, b, c … and indices 1, 2 … of so many points."""
    indices = [dti.Index(str(at), "Giả định", points) for at, points in enumerate(leaves, start=1)]
    rubric = dti.Rubric("made-up", "Giả định", indices, policy=dti.Policy(**policy))
    units = [chr(ord("a") + row) for row in range(len(marks))]
    return dti.evaluate(rubric, dti.MarkSheet.from_array(marks, rubric, units=units))


def loaded(pair: tuple[Document, Document]) -> dti.Result:
    """The result of random documents; those that are refused are passed over."""
    try:
        rubric = dti.load_rubric(pair[0])
        return dti.evaluate(rubric, dti.load_marks(pair[1], rubric))
    except dti.InvalidDocument:
        assume(False)  # noqa: FBT003 - hypothesis has it so
        raise


@few
@given(
    st.one_of(documents(), crowded()),
    st.integers(0, 20),
    st.sets(st.sampled_from([*CHOICES]), min_size=3, max_size=3),
)
def test_every_cell_is_what_evaluate_gives(
    pair: tuple[Document, Document], at: int, varied: set[str]
) -> None:
    """Ranks and published values of every variant are those of evaluating under its policy; refused is refused."""
    scored = loaded(pair)
    nodes = ["total", *scored.rubric.tree.children["total"]]
    node = nodes[at % len(nodes)]
    choices: Any = {name: values for name, values in CHOICES.items() if name in varied}
    answer = policy_variants(scored, node=node, **choices)

    for variant, ranks, values, reason in zip(
        answer.variants, answer.ranks.T, answer.published.T, answer.reasons, strict=True
    ):
        try:
            expected = dti.evaluate(scored.rubric, scored.marks, policy=variant.policy)[node]
        except dti.InvalidDocument:
            assert reason is not None
            continue
        assert reason is None
        np.testing.assert_array_equal(ranks, expected.ranks())
        np.testing.assert_array_equal(values, expected.published)
    assert len({variant.name for variant in answer.variants}) == len(answer.variants)


def test_usual_grid() -> None:
    """Asked nothing, every choice takes its other values: those of one choice first, then all together."""
    answer = policy_variants(result([[15.2], [15.4], [9]]))

    names = answer.columns()["variant"].tolist()
    assert len(names) == 3 * 2 * 2 * 4 * 3 * 2 - 1
    assert names[:10] == [
        "renormalise=by_level",
        "renormalise=none",
        "missing=exclude",
        "decide_on=exact",
        "decimals=0",
        "decimals=1",
        "decimals=3",
        "rounding=half_even",
        "rounding=down",
        "ties=dense",
    ]


def test_what_moves_whom() -> None:
    """15.2 and 15.4 tie without decimals; so c, third behind them, moves only where ties are dense as well."""
    answer = policy_variants(result([[15.2], [15.4], [9]]), decimals=[0], ties=["dense"])
    table, spans = answer.columns(), answer.spans()

    assert table["variant"].tolist() == ["decimals=0", "ties=dense", "decimals=0, ties=dense"]
    assert table["changed"].tolist() == [1, 0, 2]
    assert table["mean"].tolist() == [1 / 3, 0, 2 / 3]
    assert table["unit"].tolist() == ["a", None, "a"]
    np.testing.assert_array_equal(table["places"], [1, 0, 1])
    assert spans["rank"].tolist() == [2, 1, 3]
    assert spans["best"].tolist() == [1, 1, 2]
    assert spans["worst"].tolist() == [2, 1, 3]
    assert spans["fields"].tolist() == [1, 0, 2]
    assert spans["moved_by"].tolist() == ["decimals=0", None, "decimals=0, ties=dense"]


def test_text_tells_the_drafter() -> None:
    """The text says how many move, what each choice does by itself, which decides, and who moves."""
    answer = policy_variants(result([[15.2], [15.4], [9]]), decimals=[0], ties=["dense"])

    both = "decimals: 0; ties skip no rank (1 2 2 3)"
    assert answer.text("en") == "\n".join(
        [
            "2 of 3 units change their rank under at least one of 3 other policies; the others keep theirs under all.",
            "",
            f"Several choices at once (1 ways): most ranks change, 2 of them, with: {both}.",
            "",
            "One choice at a time",
            "Policy                       Ranks changed  Mean shift  Unit  Places",
            "───────────────────────────  ─────────────  ──────────  ────  ──────",
            "decimals: 0                              1        0.33  a          1",
            "ties skip no rank (1 2 2 3)              0        0.00             0",
            "",
            "Which choice decides",
            "Choice    Values  By itself  With others",
            "────────  ──────  ─────────  ───────────",
            "Decimals       2       0.82         0.91",
            "Ties           2       0.09         0.18",
            "",
            "Units whose rank changes",
            "Unit  Rank  Best rank  Worst rank  Choices  Moved by",
            "────  ────  ─────────  ──────────  ───────  ────────────────────────────────────────",
            "a        2          1           2        1  decimals: 0",
            "c        3          2           3        2  decimals: 0; ties skip no rank (1 2 2 3)",
        ]
    )
    assert "0 chữ số thập phân; đồng hạng không bỏ trống hạng (1 2 2 3)" in answer.text("vi")
    assert "Which choice decides" in answer.to_html("en")


def variance(values: list[Fraction]) -> Fraction:
    """Of all values, each as likely: half the mean square of all differences."""
    pairs = sum(((a - b) ** 2 for a, b in combinations(values, 2)), Fraction(0))
    return pairs / len(values) ** 2


@few
@given(st.lists(st.tuples(*[st.integers(0, 300)] * 2), min_size=3, max_size=6))
def test_shares_are_conditional_variances(marks: list[tuple[int, int]]) -> None:
    """A choice's shares are Var(E[Y|choice]) and E[Var(Y|the others)] over all combinations, by fractions."""
    sheet = [[first / 10, second / 10] for first, second in marks]
    answer = policy_variants(
        result(sheet, (30, 30)), decimals=[0, 1], ties=["dense"], rounding=["down", "half_even"]
    )
    shares = answer.shares()
    mean_of = {(2, "half_up", "competition"): Fraction(0)}
    for variant, shift in zip(answer.variants, answer.shifts, strict=True):
        changes = variant.changes
        cell = tuple(
            changes.get(field, own)
            for field, own in zip(("decimals", "rounding", "ties"), next(iter(mean_of)), strict=True)
        )
        assert shift is not None
        assert shift.mean is not None
        mean_of[cell] = shift.mean  # type: ignore[index]

    whole = variance([*mean_of.values()])
    assert shares["field"].tolist() == ["decimals", "rounding", "ties"]
    assert shares["values"].tolist() == [3, 3, 2]
    for axis in range(3):
        own, others = defaultdict[Any, list[Fraction]](list), defaultdict[Any, list[Fraction]](list)
        for cell, mean in mean_of.items():
            own[cell[axis]].append(mean)
            others[cell[:axis] + cell[axis + 1 :]].append(mean)
        first = variance([sum(part, Fraction(0)) / len(part) for part in own.values()])
        total = sum((variance(part) for part in others.values()), Fraction(0)) / len(others)
        expected = [float(part / whole) if whole else np.nan for part in (first, total)]
        np.testing.assert_array_equal([shares["first_order"][axis], shares["total_order"][axis]], expected)


def test_refused_is_listed() -> None:
    """Refusing missing marks where two are missing is listed with the reason, and takes no part in the shares."""
    answer = policy_variants(
        result([[15.2, None], [15.4, 3], [None, 2]], (30, 10)), missing=["refuse"], decimals=[0]
    )
    table = answer.columns("en")

    assert table["variant"].tolist() == ["missing=refuse", "decimals=0", "missing=refuse, decimals=0"]
    why = "missing marks are refused, and 2 are missing"
    assert table["reason"].tolist() == [why, None, why]
    assert np.isnan(table["changed"]).tolist() == [True, False, True]
    assert "còn thiếu 2 điểm" in answer.text("vi")
    assert answer.shares()["field"].tolist() == ["decimals"]


def without(rubric: dti.Rubric, rule: str) -> dti.Rubric:
    """The rubric without an exclusion rule."""
    return attrs.evolve(rubric, exclusions=[one for one in rubric.exclusions if one.code != rule])


def test_without_a_rule_and_by_another_rubric() -> None:
    """A rule left out, or a draft whose leaves stand in another order, ranks as evaluating by that rubric does."""
    rule = dti.ExclusionRule(code="no-2", members=["2"], treatment="skip", when={"kind": "x"}, **WHY)
    rubric = dti.Rubric(
        "made-up",
        "Giả định",
        [dti.Index("1", "Một", 30), dti.Index("2", "Hai", 20)],
        attributes={"kind": {}},
        exclusions=[rule],
    )
    marks: Any = [[15, 20], [20, 4.5], [11, 17]]
    sheet = dti.MarkSheet.from_array(
        marks, rubric, units=["a", "b", "c"], attributes={"kind": ["y", "x", "x"]}
    )
    draft = attrs.evolve(rubric, code="draft", indices=[dti.Index("2", "Hai", 40), dti.Index("1", "Một", 30)])
    turned = dti.MarkSheet.from_array(
        [row[::-1] for row in marks], draft, units=["a", "b", "c"], attributes={"kind": ["y", "x", "x"]}
    )
    answer = policy_variants(dti.evaluate(rubric, sheet), without=["no-2"], rubric=draft)

    plain = without(rubric, "no-2")
    assert [variant.name for variant in answer.variants] == ["without=no-2", "rubric=draft"]
    expected = dti.evaluate(plain, attrs.evolve(sheet, rubric=plain)).total
    np.testing.assert_array_equal(answer.ranks[:, 0], expected.ranks())
    np.testing.assert_array_equal(answer.published[:, 0], expected.published)
    np.testing.assert_array_equal(answer.published[:, 1], dti.evaluate(draft, turned).total.published)
    assert answer.spans()["moved_by"].tolist() == ["rubric=draft", "without=no-2", "without=no-2"]


def test_rubric_that_does_not_fit_is_listed() -> None:
    """A draft with a leaf that nobody marked is no grid to rank by: it is listed with what is wrong."""
    scored = result([[15], [16]])
    draft = dti.Rubric("draft", "Giả định", [dti.Index("1", "Một", 30), dti.Index("9", "Chín", 5)])
    small = dti.Rubric("small", "Giả định", [dti.Index("1", "Một", 15)])

    assert "'9'" in str(policy_variants(scored, rubric=draft).columns("en")["reason"][0])
    assert "16" in str(policy_variants(scored, rubric=small).columns("en")["reason"][0])


def test_a_node_that_a_draft_lacks_is_said_in_both_languages() -> None:
    """Asked for the ranks of a group that a draft does not have, the draft is listed with that reason."""
    index, group = dti.Index("1", "Một", 30), dti.Group("g", "Nhóm", ["1"])
    rubric = dti.Rubric("made-up", "Giả định", [index], groups=[group])
    scored = dti.evaluate(rubric, dti.MarkSheet.from_array([[15]], rubric, units=["a"]))
    answer = policy_variants(scored, node="g", rubric=dti.Rubric("draft", "Dự thảo", [index]))

    assert answer.columns("en")["reason"][0].startswith("no node has the code 'g'")
    assert answer.columns("vi")["reason"][0].startswith("không có nút nào mang mã 'g'")


def test_what_is_refused_for_another_reason_than_missing_marks_says_that() -> None:
    """A policy that refuses missing marks, of which there are none, and asks a node that is not there."""
    policy = dti.Policy(missing="refuse", tie_break=["x"])
    answer = policy_variants(result([[15]]), policies={"Dự thảo": policy})

    assert "'x'" in answer.columns("en")["reason"][0]


def test_named_policies() -> None:
    """Whole policies stand under the names they are given; what they change counts towards the fewest choices."""
    policy = dti.Policy(publish=dti.Publish("percent", 0), ties="dense")
    answer = policy_variants(result([[15.2], [15.3], [9]]), policies={"Dự thảo": policy})

    assert answer.columns("en")["variant_title"].tolist() == ["Dự thảo"]
    assert [*answer.variants[0].changes] == ["decimals", "ties", "policy"]
    assert answer.ranks[:, 0].tolist() == [1, 1, 2]


def test_roll_up_is_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """287 policies add the marks up twice: where missing marks count 0, and where they are left out."""
    from dti_core.scores import setting

    scored, calls = result([[15.2, None], [15.4, 3]], (30, 10)), list[str]()
    roll_up: Any = vars(setting)["roll_up"]

    def counted(*arguments: Any) -> Any:
        calls.append(arguments[3].missing)
        return roll_up(*arguments)

    assert scored.total.ranks().tolist() == [2, 1]
    monkeypatch.setattr(setting, "roll_up", counted)
    policy_variants(scored)

    assert sorted(calls) == ["exclude", "zero"]


def test_edition_answers_result_by_result() -> None:
    """Of an edition each result is asked by itself, and all stand in one table under their names."""
    parts = {
        name: dti.evaluate(rubric, dti.MarkSheet.from_array([[15.2], [15.4]], rubric, units=units))
        for name, units in (("sở", ["a", "b"]), ("huyện", ["c", "d"]))
        for rubric in [dti.Rubric(name, "Giả định", [dti.Index("1", "Một", 30)], edition="1")]
    }
    answer = policy_variants(analysis.publish_together(parts), decimals=[0])

    assert [*answer] == ["sở", "huyện"]
    assert isinstance(answer["sở"], PolicyVariants)
    assert answer.columns()["table"].tolist() == ["sở", "huyện"]
    assert answer.columns()["unit"].tolist() == ["a", "c"]
    assert "huyện – Đơn vị đổi hạng" in answer.text()


def test_nothing_else_to_try() -> None:
    """Asked only for what is in force, the answer is that nothing was tried, as text and for a page too."""
    answer = policy_variants(result([[15.2], [15.4]]), missing=["zero"])

    assert answer.rows == []
    assert "under at least one of 0 other policies" in answer.text("en")
    assert "0 other policies" in answer.to_html("en")


def test_what_cannot_be_asked() -> None:
    """A published result has no marks; a rule must be there, and values be those of a policy."""
    scored = result([[15.2], [15.4]])
    asked: Any = policy_variants

    with pytest.raises(dti.InvalidArgument, match="a Result is needed"):
        asked(dti.load_result(dti.to_document(scored)))
    with pytest.raises(dti.UnknownCode, match="no exclusion rule has the code 'x'"):
        asked(scored, without=["x"])
    with pytest.raises(dti.InvalidArgument, match="half_down"):
        asked(scored, rounding=["half_down"])
    with pytest.raises(dti.UnknownCode, match="node"):
        asked(scored, node="7")
