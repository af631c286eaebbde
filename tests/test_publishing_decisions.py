"""Scores printed on a scale of their own, and parts printed otherwise than the total."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
import reference
import reference_ranks
from hypothesis import given
from hypothesis import strategies as st

import dti_core as dti
from dti_core import AttributeOrder, Publish, PublishParts, analysis

OF_FIVE = Publish("scale", 2, of=5)
PERCENT = PublishParts("percent", 1)


def result_of(marks: dict[str, tuple[float, float]], **policy: Any) -> dti.Result:
    """Two indices worth 30 and 20 points."""
    indices = [dti.Index("1", "Nhận thức số", 30), dti.Index("2", "Dịch vụ công", 20)]
    rubric = dti.Rubric("r", "Ví dụ", indices, policy=dti.Policy(**policy))
    return dti.evaluate(rubric, dti.MarkSheet.from_array([*marks.values()], rubric, units=[*marks]))


MARKS = {"a": (15.5, 6.3), "b": (30.0, 18.0)}


def test_a_score_is_printed_on_its_scale() -> None:
    """21.8 / 50 × 5 = 2.18 and 48 / 50 × 5 = 4.80, of 5; at index 1 15.5 / 30 × 5 = 2.58."""
    result = result_of(MARKS, publish=OF_FIVE)

    assert result.total.published.tolist() == [2.18, 4.8]
    assert result["1"].published.tolist() == [2.58, 5]
    assert result.total.exact("published") == [Fraction("2.18"), Fraction("4.8")]


def test_another_scale_is_taken_from_the_exact_score() -> None:
    """21.8 / 50 × 10 = 4.36 → 4.4, not 2 × 2.2; and only a scale has an end."""
    total = result_of(MARKS).total

    assert total.published_as("scale", 1, of=10).tolist() == [4.4, 9.6]
    for form, of in (("scale", None), ("percent", 5), ("scale", 0), ("scale", -5), ("scale", "5")):
        with pytest.raises(dti.InvalidArgument, match="of"):
            total.published_as(form, of=of)  # type: ignore[arg-type]


def test_parts_are_printed_otherwise() -> None:
    """The total 21.80 points, its parts 15.5 / 30 = 51.7 % and 6.3 / 20 = 31.5 %."""
    result = result_of(MARKS, publish_parts=PERCENT)

    assert [result[node].published[0] for node in ("total", "1", "2")] == [21.8, 51.7, 31.5]
    assert result.columns()["1"].tolist() == [51.7, 100]


@pytest.mark.parametrize(
    ("parts", "form"),
    [
        (None, OF_FIVE),
        (PublishParts(decimals=3), Publish("scale", 3, of=5)),
        (PublishParts(of=10), Publish("scale", 2, of=10)),
        (PublishParts("ratio"), Publish("ratio", 2)),
        (PublishParts("points", rounding="down"), Publish("points", 2, "down")),
    ],
)
def test_what_parts_leave_out_is_as_of_the_total(parts: PublishParts | None, form: Publish) -> None:
    """What is not said of parts is as in ``publish``; ``of`` only where they are on a scale."""
    policy = dti.Policy(publish=OF_FIVE, publish_parts=parts)

    assert policy.publish_of("total") == OF_FIVE
    assert policy.publish_of("1") == form


@pytest.mark.parametrize(
    ("publish", "place", "vi"),
    [
        ({"publish": {"as": "scale"}}, "$.policy.publish.of", "thang"),
        ({"publish": {"as": "points", "of": 5}}, "$.policy.publish.of", "scale"),
        ({"publish": {"as": "scale", "of": 0}}, "$.policy.publish.of", "0"),
        ({"publish": {"as": "scale", "of": 1e-10}}, "$.policy.publish.of", "9"),
        ({"publish_parts": {"as": "scale"}}, "$.policy.publish_parts.of", "thang"),
        ({"publish_parts": {"of": 5}}, "$.policy.publish_parts.of", "scale"),
        ({"publish_parts": {"decimals": 10}}, "$.policy.publish_parts.decimals", "9"),
        ({"publish_parts": None}, "$.policy.publish_parts", "object"),
    ],
)
def test_what_does_not_go_together_is_refused(publish: Any, place: str, vi: str) -> None:
    """A scale needs its end, and nothing else has one; the place is named, in Vietnamese too."""
    index = {"code": "1", "title": "Một", "max_points": 10}
    document = {
        "schema": "dti-core/rubric/1", "code": "r", "title": "R", "indices": [index], "policy": publish,
    }  # fmt: skip
    with pytest.raises(dti.InvalidDocument) as caught:
        dti.load_rubric(document)

    assert [problem.where for problem in caught.value.problems] == [place]
    assert vi in caught.value.text("vi") or place.endswith("parts")


def test_ranks_and_bands_look_at_what_is_printed_on_the_scale() -> None:
    """Of 4.5 without decimals 44 and 43.2 of 50 are both 4, tied, 88.9 %; exactly they are 88 and 86.4 %."""
    bands = [dti.Band("high", "Cao", 88.5), dti.Band("middle", "Vừa", 87), dti.Band("low", "Thấp", 0)]
    indices = [dti.Index("1", "Một", 50)]

    def graded(**policy: Any) -> tuple[list[int], list[str]]:
        used = dti.Policy(publish=Publish("scale", 0, of=4.5), **policy)
        rubric = dti.Rubric("r", "R", indices, bands=bands, policy=used)
        sheet = dti.MarkSheet.from_array([[44.0], [43.2], [20.0]], rubric, units=["a", "b", "c"])
        total = dti.evaluate(rubric, sheet).total
        return total.ranks().tolist(), total.grades().tolist()

    assert graded() == ([1, 1, 3], ["high", "high", "low"])
    assert graded(decide_on="exact") == ([1, 2, 3], ["middle", "low", "low"])


def test_an_explanation_says_the_scale() -> None:
    """The last step is 21.8 / 50 × 5 = 2.18, "2,18 trên 5"; gaps are on the scale; a part is told as printed."""
    result = result_of(MARKS, publish=OF_FIVE, publish_parts=PERCENT)
    vi, en = (str(result.explain("a", language=language)) for language in ("vi", "en"))

    assert vi.startswith("a – Tổng điểm: 2,18 trên 5, xếp hạng 2/2")
    assert "Công bố theo thang 5: 21,8 / 50 × 5 = 2,18, công bố 2,18" in vi
    assert "Kém đơn vị liền trên 2,62 trên thang 5: b, hạng 1, 4,80 trên 5" in vi
    assert en.startswith("a – Total: 2.18 of 5, rank 2 of 2")
    assert "On the scale of 5: 21.8 / 50 × 5 = 2.18, published 2.18" in en
    assert "Behind the unit above by 2.62 on the scale of 5: b, rank 1, 4.80 of 5" in en
    assert str(result.explain("a", "1", "en")).startswith("a – 1 Nhận thức số: 51.7%, rank 2 of 2")


def test_a_result_document_keeps_and_checks_both_forms() -> None:
    """What is printed of total and parts comes back as it was written, and is checked by the form of each."""
    result = result_of(MARKS, publish=OF_FIVE, publish_parts=PERCENT)
    document = json.loads(json.dumps(dti.to_document(result)))

    assert document["policy"]["publish"] == {"as": "scale", "decimals": 2, "rounding": "half_up", "of": 5}
    assert document["policy"]["publish_parts"] == {"as": "percent", "decimals": 1}
    assert [document["scores"][node]["published"][0] for node in ("total", "1")] == ["2.18", "51.7"]
    assert dti.to_document(dti.load_result(document)) == document
    for change in (
        {"publish": document["policy"]["publish"] | {"of": 6}},
        {"publish_parts": {"decimals": 2}},
    ):
        with pytest.raises(dti.InvalidDocument, match="published"):
            dti.load_result({**document, "policy": document["policy"] | change})


def test_without_a_say_nothing_is_written() -> None:
    """A policy that says nothing of scale or parts is written as before."""
    document = dti.to_document(result_of(MARKS))

    assert "publish_parts" not in document["policy"]
    assert document["policy"]["publish"] == {"as": "points", "decimals": 2, "rounding": "half_up"}


def test_questions_are_answered_in_the_form_that_is_printed() -> None:
    """Gaps, standings and merged units are on the scale: (2.18 + 4.80) / 2 = 3.49 of 5; parts in percent."""
    result = result_of(MARKS | {"c": (25.0, 15.0)}, publish=OF_FIVE, publish_parts=PERCENT)

    assert analysis.to_reach(result).gap.tolist()[::2] == [1.82, 0.8]
    assert analysis.to_reach(result, node="1").gap.tolist()[::2] == [31.6, 16.7]
    assert analysis.standing_of(result).scale == 5
    assert analysis.standing_of(result, node="1").scale == 100
    merged = analysis.standing_of(analysis.merge_units(result, {"ab": ["a", "b"]}))
    assert dict(zip(merged.units, merged.values.tolist(), strict=True)) == {"ab": 3.49, "c": 4}


def test_a_scale_is_tallied_under_none() -> None:
    """On a scale of 5 units with other maxima compare: a tally takes them where it refuses points."""
    result = result_of(MARKS, renormalise="none", publish=OF_FIVE)

    assert dti.Tally.of(result.total).ranks(result.total).tolist() == [2, 1]
    with pytest.raises(dti.InvalidArgument, match="scales of their own"):
        dti.Tally.of(result_of(MARKS, renormalise="none").total)


def test_a_notebook_names_the_scale() -> None:
    """The heading says of how much, and the policy is told for total and parts."""
    page = result_of(MARKS, publish=OF_FIVE, publish_parts=PERCENT)._repr_html_().replace("\xa0", " ")

    assert "Công bố (trên 5)" in page
    assert "công bố trên thang 5, 2 chữ số thập phân" in page
    assert "các phần công bố phần trăm, 1 chữ số thập phân" in page


def test_a_comparison_names_what_is_printed_otherwise() -> None:
    """From points to a scale of 5, parts in percent; ties by population: each is told in Vietnamese."""
    old = result_of(MARKS).rubric
    attributes = {"population": {"type": "integer"}}
    policy = dti.Policy(
        publish=OF_FIVE, publish_parts=PERCENT, tie_break=[AttributeOrder("population", "descending")]
    )
    new = dti.Rubric("r", "Ví dụ", old.indices, attributes=attributes, policy=policy)
    lines = dti.compare_rubrics(old, new).text().splitlines()

    assert "cách tính: dạng công bố points → scale" in lines
    assert "cách tính: thang công bố — → 5" in lines
    assert "cách tính: dạng công bố của các phần — → percent" in lines
    assert "cách tính: phân định đồng điểm — → population (giảm dần)" in lines
    assert "policy: tie_break — → population (descending)" in dti.compare_rubrics(old, new).text("en")


forms: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries({"as": st.just("scale"), "of": st.sampled_from([1, 4.5, 5, 10, 0.3, 1000])}),
    st.fixed_dictionaries({"as": st.sampled_from(["points", "ratio", "percent"])}),
)
details = st.fixed_dictionaries(
    {},
    optional={
        "decimals": st.integers(0, 9),
        "rounding": st.sampled_from(["half_up", "half_even", "down"]),
    },
)


@given(
    st.builds(dict.__or__, forms, details),
    st.one_of(st.just({}), details, st.builds(dict.__or__, forms, details)),
    st.sampled_from(["overall", "by_level", "none"]),
    st.sampled_from(["published", "exact"]),
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 200), st.booleans()), min_size=1, max_size=6),
)
def test_every_form_against_the_reference(
    publish: Any, parts: Any, renormalise: Any, decide_on: Any, units: Any
) -> None:
    """Published values and ranks of total and parts are those of the slow reference, whatever the form."""
    rubric = {
        "schema": "dti-core/rubric/1", "code": "r", "title": "R",
        "indices": [{"code": "1", "title": "1", "max_points": 30}, {"code": "2", "title": "2", "max_points": 20}],
        "exclusions": [{"code": "x", "members": ["2"], "treatment": "skip", "when": {"skips": {"const": True}},
                        "reason": "x", "basis": "x"}],
        "attributes": {"skips": {"type": "boolean"}},
        "policy": {"publish": publish, "publish_parts": parts, "renormalise": renormalise, "decide_on": decide_on,
                   "tie_break": ["2", "1"]},
    }  # fmt: skip
    marks = {
        "schema": "dti-core/marks/1", "rubric": "r",
        "units": [{"code": f"u{at}", "attributes": {"skips": skips}, "marks": {"1": one / 10, "2": two / 10}}
                  for at, (one, two, skips) in enumerate(units)],
    }  # fmt: skip
    expected = reference.evaluate(rubric, marks)
    read = dti.load_rubric(rubric)
    result = dti.evaluate(read, dti.load_marks(marks, read))

    for node in ("total", "1", "2"):
        records = [expected["units"][unit][node] for unit in result.units]
        assert result[node].exact("published") == [record.published for record in records]
        assert result[node].ranks().tolist() == [*reference_ranks.ranks(expected, node).values()]
    document = dti.to_document(result)
    assert dti.to_document(dti.load_result(document)) == document
