"""What results and scores take and hand out: options, codes, reasons, doubles, and nothing that can be written to."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, get_args

import attrs
import numpy as np
import pytest
from counting import steps
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import crowded

import dti_core as dti
from dti_core.scores import Field

WHY: Any = {"reason": dti.Label("Lý do", "A reason"), "basis": "Điều 5"}
NFD = "e\u0302\u0301"
BLOCKS = [
    dti.Block("districts", dti.Label("Huyện", "Districts"), {"level": "huyện"}),
    dti.Block("departments", dti.Label("Sở", "Departments"), {"level": "sở"}, ranked=False),
]


def rubric(*, blocks: bool = True, **policy: Any) -> dti.Rubric:
    """Two indices and a bonus, and a rule that leaves the second out; made up."""
    rule = dti.ExclusionRule(
        code="no-2", members=["ế"], treatment="skip", when={"has": False, "staff": {"maximum": 9}}, **WHY
    )
    return dti.Rubric(
        "demo",
        "Ví dụ",
        [dti.Index("1", "Một", 30), dti.Index("ế", "Hai", 20), dti.Index("b", "Thưởng", 5, role="bonus")],
        attributes={"level": {"type": "string"}, "has": {"type": "boolean"}, "staff": {"type": "number"}},
        exclusions=[rule],
        blocks=BLOCKS if blocks else (),
        bands=[dti.Band("good", "Tốt", 80), dti.Band("weak", "Yếu", 0)],
        policy=dti.Policy(**policy),
    )


TABLE: dict[str, list[Any]] = {
    "unit": ["a", "b", "c", "d", "Huế"],
    "level": ["huyện", "huyện", "sở", "xã", "huyện"],
    "has": [True, False, False, True, True],
    "staff": [12, 4.5, 9, 3, 1],
    "place": ["x", None, "y", "y", "x"],
    "1": [15.5, 20, 30, 3, None],
    "ế": [20, 11, 5, 4, None],
    "b": [1, 2, 3, 0, None],
}


def scored(of: dti.Rubric | None = None, **options: Any) -> dti.Result:
    """The result of the table."""
    rules = rubric() if of is None else of
    sheet = dti.MarkSheet.from_table(TABLE, rules, attributes=["place"], **options)
    return dti.evaluate(rules, sheet)


def odd(value: object) -> Any:
    """A value that the type checker is not to see."""
    return value


NO_WORDS: list[Any] = ["", "floor", 5, True, [], {}, ["vi"], np.array(["vi", "en"]), b"vi"]
WORDS = [*NO_WORDS, None]
LISTS = [5, {"place": 1}, {}, [5], [["place"]], [None], b"place", np.array([1.5])]
DECIMALS = [True, 2.0, -1, 10, "2", None, np.bool_(1), np.float64(2), [2], 10**40]
DOORS: dict[str, tuple[Callable[[dti.Result, Any], object], list[Any]]] = {
    "form": (lambda result, value: result.total.published_as(value), WORDS),
    "rounding": (lambda result, value: result.total.published_as("ratio", 2, value), NO_WORDS),
    "decimals": (lambda result, value: result.total.published_as("ratio", value), DECIMALS),
    "field": (lambda result, value: result.total.exact(value), WORDS),
    "ties": (lambda result, value: result.total.ranks(ties=value), NO_WORDS),
    "shape": (lambda result, value: result.columns(shape=value), WORDS),
    "columns language": (lambda result, value: result.columns(language=value), WORDS),
    "exclusions language": (lambda result, value: result.exclusions(language=value), WORDS),
    "totals language": (lambda result, value: result.exclusion_totals(value), WORDS),
    "unranked language": (lambda result, value: result.total.unranked(language=value), WORDS),
    "nodes": (lambda result, value: result.columns(value), ["total", *LISTS]),
    "ranks by": (lambda result, value: result.total.ranks(by=value), LISTS),
    "ranked_with by": (lambda result, value: result.total.ranked_with(value), LISTS),
    "unranked by": (lambda result, value: result.total.unranked(value), LISTS),
    "why_unranked by": (lambda result, value: result.total.why_unranked(result.marks.units[0], value), LISTS),
    "rubric": (lambda result, value: dti.evaluate(value, result.marks), [None, 5, "demo", {}]),
    "marks": (lambda result, value: dti.evaluate(result.rubric, value), [None, 5, "demo", {}, [[1, 2]]]),
    "policy": (lambda result, value: dti.evaluate(result.rubric, result.marks, value), [5, "a", {}, {"ties": "dense"}]),
}  # fmt: skip
PAIRS = [(door, value) for door, (_, values) in DOORS.items() for value in values]


@pytest.mark.parametrize(
    ("door", "value"), PAIRS, ids=[f"{door}={type(value).__name__} {value!r}" for door, value in PAIRS]
)
def test_wrong_options_are_refused(door: str, value: Any) -> None:
    """An option that is none of its words, or a value of a wrong kind, is refused in words of both languages."""
    with pytest.raises(dti.InvalidArgument) as caught:
        DOORS[door][0](scored(), value)

    said = caught.value.args[0]
    assert str(caught.value) == said.text("en") != said.text("vi")


def test_refusals_name_the_words() -> None:
    """Where an option takes one of a few words, the refusal names the option and lists them."""
    total = scored().total

    with pytest.raises(
        dti.InvalidArgument, match="form is one of 'points', 'ratio', 'percent', 'scale'; not 'mark'"
    ):
        total.published_as(odd("mark"))
    with pytest.raises(dti.InvalidArgument, match="language is one of 'vi', 'en'; not 'fr'"):
        total.to_html(odd("fr"))


def test_nothing_comes_after_zero() -> None:
    """Both have 10 of 20 points; a has 0 on what breaks the tie, and b, to whom it does not apply, comes after."""
    rules = dti.Rubric("tie", "Ví dụ", [dti.Index("1", "Một", 10), dti.Index("2", "Hai", 10)])
    skip = {"b": [dti.Exclusion(members=["2"], treatment="skip", **WHY)]}
    rows: list[list[float]] = [[10, 0], [5, np.nan]]
    sheet = dti.MarkSheet.from_array(rows, rules, units=["a", "b"], unit_exclusions=skip)
    total = dti.evaluate(rules, sheet, dti.Policy(tie_break=["2"])).total

    assert total.published.tolist() == [10, 10]
    assert total.ranks().tolist() == [1, 2]


def test_what_a_reduction_takes() -> None:
    """Leaf 1 earns 2 points a mark: 4 marks of 5 leave 8 points of 10. Of leaf 2, 7.25 of 10 points are left."""
    leaves = [dti.Index("1", "Một", 10, mark_max=5), dti.Index("2", "Hai", 10)]
    reduced = [
        dti.Exclusion(members=[leaf], treatment="reduce", to=to, **WHY)
        for leaf, to in (("1", 4), ("2", 7.25))
    ]
    rules = dti.Rubric("reduced", "Ví dụ", leaves)
    sheet = dti.MarkSheet.from_array([[1, 1], [2, 2]], rules, units=["a", "b"], exclusions=reduced)

    assert dti.evaluate(rules, sheet).exclusion_totals()["points"].tolist() == [4, 5.5]


@pytest.mark.parametrize("node", ["x", 5, None, ["1"], {}, 0])
def test_unknown_nodes(node: Any) -> None:
    """What is no code of a node is unknown, whatever it is, and not among the nodes."""
    result = scored()

    assert node not in result
    with pytest.raises(dti.UnknownCode):
        result[node]


def test_options_of_numpy_and_pandas_kind() -> None:
    """Whole numbers, text and lists as numpy has them do as Python's do."""
    result = scored()

    expected = result.total.published_as("percent", 3, "down").tolist()
    got = result.total.published_as(odd(np.str_("percent")), odd(np.int64(3)), odd(np.str_("down")))
    np.testing.assert_array_equal(got, expected)
    ranks = result.total.ranks(by=["place", "level"])
    assert result.total.ranks(by=odd(np.array(["place", "level"]))).tolist() == ranks.tolist()
    assert "1.points" in result.columns(odd(np.array(["1"])))


def test_codes_in_separate_letters_and_accents() -> None:
    """Nodes and attributes are found however their accents were typed."""
    result = scored()

    assert NFD in result
    assert result[NFD] is result["ế"]
    assert "ế" in result.columns([NFD])
    table = {**TABLE, "quế": TABLE["place"]}
    sheet = dti.MarkSheet.from_table(table, rubric(), attributes=["quế"])
    by = dti.evaluate(rubric(), sheet).total.ranks(by=f"qu{NFD}")
    assert by.tolist() == scored().total.ranks(by="place").tolist()


def test_iterating_gives_the_nodes() -> None:
    """A result iterates over the codes of its nodes, in the order of its document, and each can be looked up."""
    result = scored()

    assert (
        [*result] == ["total", "1", "ế", "b"] == [node["code"] for node in dti.to_document(result)["nodes"]]
    )
    assert [result[node].node for node in result] == [*result]


def test_of_many_units_the_scores_asked_for_last_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all would take much room, two nodes are kept; another one asked for again comes to the same."""
    monkeypatch.setattr("dti_core.result.KEPT", 0)
    result = scored()
    first, *others = (result[node] for node in ("1", "ế", "total"))

    assert [result["ế"], result.total] == others
    assert result["1"] is not first
    assert result["1"].published.tolist() == first.published.tolist()


def test_results_compare_by_identity() -> None:
    """Two evaluations of equal marks are two results; their published forms are equal."""
    one, other = scored(), scored()

    assert one != other
    assert one.total != other.total
    assert one.total is one["total"]
    assert len({one, other, one.total, other.total}) == 4
    assert dti.load_result(dti.to_document(one)) == dti.load_result(dti.to_document(other))


def test_nothing_handed_out_can_be_written_to() -> None:
    """Arrays of a result, what is asked of it as a table and what is read back of it refuse to be written to."""
    result, total = scored(), scored().total
    order = total.order
    arrays = [total.published_units, order.rows, order.groups, order.ranks, order.place]
    arrays += [getattr(total, field) for field in get_args(Field)]
    arrays += [total.ranks(), total.grades(), total.ranked_with(), total.published_as("percent")]
    arrays += [total.has_score, total.ranked_groups, total.labelled_groups(None)[0], dti.rank([1, 2])]
    arrays += [dti.Tally.of(total).ranks(total), *result.columns().values()]
    arrays += [*result.columns(shape="long").values(), *result.exclusions().values()]
    arrays += [*result.exclusion_totals().values(), *result.grade_limits().values()]
    arrays += [*result.adjustments().values()]
    for array in arrays:
        assert not array.flags.writeable
    published = dti.load_result(dti.to_document(result))
    mappings: list[Any] = [published.scores, published.units[0].attributes, published.units[0].adjusted]
    for mapping in mappings:
        with pytest.raises(TypeError):
            mapping["x"] = 1


# Why a unit has no rank


def test_every_reason_to_be_unranked() -> None:
    """A decision, the unit's block, no score, too little marked, no attribute to rank by: the first that holds."""
    aside = {"a": dti.Unranked(dti.Label("Mới", "New"), "Điều 6")}
    result = scored(rubric(min_coverage=0.5), unranked=aside)
    total = result.total

    causes = [why and why.cause for why in map(total.why_unranked, result.units)]
    assert causes == ["unit", None, "block", "no_block", "coverage"]
    assert total.unranked(language="en") == {
        "a": "New (Điều 6)",
        "c": "block Departments is not ranked",
        "d": "in none of the blocks",
        "Huế": "too little of the maximum is marked",
    }
    assert total.unranked()["d"] == "không thuộc khối nào"
    assert total.unranked("place", "en")["b"] == "lacks the attribute to rank by"
    why = total.why_unranked("Huế")
    assert why is not None
    assert (why.coverage, why.least, why.block) == (
        Fraction(0),
        Fraction(1, 2),
        dti.Label("Huyện", "Districts"),
    )


def test_no_score_no_rank() -> None:
    """A unit of which nothing applies, and every unit at a node of points only, has no score to rank."""
    result = scored(rubric(blocks=False))

    assert [why and why.cause for why in map(result["ế"].why_unranked, result.units)] == [
        None,
        "null",
        "null",
        None,
        None,
    ]
    assert result["b"].unranked(language="en") == dict.fromkeys(result.units, "has no score")
    assert result["b"].unranked()["a"] == "không có điểm"


@settings(max_examples=max(10, settings().max_examples // 3))
@given(crowded(), st.sampled_from([None, (), "block"]))
def test_ranked_or_told_why(pair: Any, by: Any) -> None:
    """At every node a unit either has a rank, or there is a reason why it has none."""
    rules = dti.load_rubric(pair[0])
    try:
        result = dti.evaluate(rules, dti.load_marks(pair[1], rules))
        ranks = {node: result[node].ranks(by).tolist() for node in result}
    except dti.DTIError:
        return
    for node, ranked in ranks.items():
        told = [result[node].why_unranked(unit, by) for unit in result.units]
        assert [why is None for why in told] == [rank > 0 for rank in ranked]
        assert [*result[node].unranked(by)] == [
            unit for unit, rank in zip(result.units, ranked, strict=True) if not rank
        ]


@settings(max_examples=max(10, settings().max_examples // 3))
@given(crowded())
def test_order_is_that_of_the_ranks(pair: Any) -> None:
    """The order of a node holds every ranked unit once: by block, then rank, then the order of the sheet."""
    rules = dti.load_rubric(pair[0])
    try:
        result = dti.evaluate(rules, dti.load_marks(pair[1], rules))
    except dti.DTIError:
        return
    for node in result:
        scores = result[node]
        ranks, groups, order = scores.ranks().tolist(), scores.setting.groups().tolist(), scores.order
        expected = sorted((groups[row], rank, row) for row, rank in enumerate(ranks) if rank)
        assert (
            list(zip(order.groups.tolist(), order.ranks.tolist(), order.rows.tolist(), strict=True))
            == expected
        )
        place = {row: at for at, (_, _, row) in enumerate(expected)}
        assert order.place.tolist() == [place.get(row, -1) for row in range(len(ranks))]
        assert scores.order is order


def test_order_goes_block_by_block() -> None:
    """Of the districts a has 36.50, b 35.33 and Huế 0.00; c is alone among the departments, though it has most."""
    blocks = [attrs.evolve(block, ranked=True) for block in BLOCKS]
    order = scored(attrs.evolve(rubric(), blocks=blocks)).total.order

    assert order.rows.tolist() == [0, 1, 4, 2]
    assert order.ranks.tolist() == [1, 2, 3, 1]


def test_who_stands_next_to_a_unit() -> None:
    """An explanation names the rank of a unit, of how many in its block, and who is next above and below."""
    blocks = [attrs.evolve(block, ranked=True) for block in BLOCKS]
    order = scored(attrs.evolve(rubric(), blocks=blocks)).total.order
    told = {row: order.around(row) for row in (0, 1, 4, 2)}

    assert {row: (rank, of) for row, (rank, of, _) in told.items()} == {
        0: (1, 3),
        1: (2, 3),
        4: (3, 3),
        2: (1, 1),
    }
    assert {
        row: {rank: rows.tolist() for rank, rows in near.items()} for row, (_, _, near) in told.items()
    } == {0: {1: [0], 2: [1]}, 1: {1: [0], 2: [1], 3: [4]}, 4: {2: [1], 3: [4]}, 2: {1: [2]}}


# Doubles


def nearest(values: list[Fraction | None]) -> list[float]:
    """The doubles nearest to exact values."""
    return [float("nan") if value is None else value.numerator / value.denominator for value in values]


HUGE = st.integers(0, 10**15)


@given(
    st.lists(st.tuples(HUGE, HUGE), min_size=1, max_size=6),
    st.sampled_from(["overall", "none"]),
    st.sampled_from(["points", "percent", "ratio"]),
    st.integers(0, 6),
)
def test_doubles_are_the_nearest(rows: Any, renormalise: Any, form: Any, mark_decimals: int) -> None:
    """Whatever is handed out as a double is the one nearest to the exact value, also where 53 bits do not hold it."""
    unit = 10**mark_decimals
    most = max(1, *(max(row) for row in rows)) // 2 / unit
    rules = dti.Rubric(
        "huge",
        "Lớn",
        [dti.Index("1", "Một", most), dti.Index("2", "Hai", most)],
        mark_decimals=mark_decimals,
        policy=dti.Policy(renormalise=renormalise, publish=dti.Publish(form, decimals=9)),
    )
    marks = [[min(mark // 2 / unit, most) for mark in row] for row in rows]
    result = dti.evaluate(
        rules, dti.MarkSheet.from_array(marks, rules, units=[f"u{at}" for at in range(len(rows))])
    )

    for node in result:
        scores = result[node]
        for field in ("points", "applicable", "rate", "score", "published", "completeness", "coverage"):
            np.testing.assert_array_equal(getattr(scores, field), nearest(scores.exact(field)))
        np.testing.assert_array_equal(scores.published_as(form, 9), scores.published)


def test_a_published_double_above_53_bits() -> None:
    """1232914447.287 with 9 decimals is 1232914447287000000 units, above 2^53, and still the double of that number."""
    rules = dti.Rubric(
        "big",
        "Lớn",
        [dti.Index("1", "Một", 2e9)],
        mark_decimals=3,
        policy=dti.Policy(renormalise="none", publish=dti.Publish("points", decimals=9)),
    )
    total = dti.evaluate(rules, dti.MarkSheet.from_array([[1232914447.287]], rules, units=["a"])).total

    assert total.published.tolist() == [1232914447.287]
    assert total.published_as("points", 9).tolist() == [1232914447.287]


# What did not count


def test_what_made_a_rule_apply() -> None:
    """Beside a rule stand the values of the attributes that it asks about, as each language writes them."""
    own = {"a": (dti.Exclusion(members=["1"], treatment="full_marks", **WHY),)}
    result = scored(unit_exclusions=own)

    for language, expected in (
        ("vi", [None, "has = không, staff = 4,5", "has = không, staff = 9"]),
        ("en", [None, "has = false, staff = 4.5", "has = false, staff = 9"]),
    ):
        table = result.exclusions(language=odd(language))
        assert table["unit"].tolist() == ["a", "b", "c"]
        assert table["because"].tolist() == expected
    assert result.exclusions("c")["because"].tolist() == ["has = không, staff = 9"]


def test_because_of_the_unit_itself() -> None:
    """A rule that names units by their code says so; one for everyone has nothing to say."""
    rules = [
        dti.ExclusionRule(code="one", members=["1"], treatment="skip", when={"unit": "a"}, **WHY),
        dti.ExclusionRule(code="all", members=["2"], treatment="skip", **WHY),
    ]
    indices = [dti.Index(code, code, 10) for code in "123"]
    of = dti.Rubric("demo", "Ví dụ", indices, exclusions=rules)
    table = dti.evaluate(
        of, dti.MarkSheet.from_array([[1, 2, 3], [4, 5, 6]], of, units=["a", "b"])
    ).exclusions()

    assert list(zip(table["unit"], table["rule"], table["because"], strict=True)) == [
        ("a", "one", "unit = a"),
        ("a", "all", None),
        ("b", "all", None),
    ]


def contested(count: int) -> dti.Result:
    """Each unit has a decision of its own, and meets a rule of its own."""
    rules = [
        dti.ExclusionRule(code=f"r{at}", members=["2"], treatment="skip", when={"unit": f"u{at}"}, **WHY)
        for at in range(count)
    ]
    of = dti.Rubric("demo", "Ví dụ", [dti.Index(code, code, 10) for code in "123"], exclusions=rules)
    own = {
        f"u{at}": (dti.Exclusion(members=["1"], treatment="skip", reason=f"Lý do {at}", basis="b"),)
        for at in range(count)
    }
    units = [f"u{at}" for at in range(count)]
    return dti.evaluate(
        of, dti.MarkSheet.from_array(np.ones((count, 3)), of, units=units, unit_exclusions=own)
    )


def test_many_cases_cost_their_own_size() -> None:
    """With twice the units, each a case of its own, the tables of what did not count take twice the steps."""
    small, large = contested(150), contested(300)

    assert len(large.exclusions()["unit"]) == 600
    for job in (dti.Result.exclusions, dti.Result.exclusion_totals, dti.to_document):
        assert steps(lambda: job(large)) < 2.5 * steps(lambda: job(small))  # noqa: B023 - called at once
