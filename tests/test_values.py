"""Rubrics and their parts made by hand: values that compare, hash and travel, and refuse what makes no sense."""

import copy
import difflib
import pickle
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

import dti_core as dti

WHY: Any = {"reason": "Không có thủ tục hành chính", "basis": "giả định"}
SKIP = dti.ExclusionRule(code="no", members=["2"], treatment="skip", when={"has": False}, **WHY)
DOCUMENT = {
    "schema": "dti-core/rubric/1",
    "code": "demo",
    "title": {"vi": "Ví dụ", "en": "Example"},
    "indices": [
        {
            "code": "1",
            "title": "Nhận thức số",
            "max_points": 30,
            "components": [
                {"code": "1.1", "title": "Họp", "max_points": 20},
                {"code": "1.2", "title": "Chuyên mục", "max_points": 10},
            ],
        },
        {"code": "2", "title": "Dịch vụ công", "max_points": 20.5},
    ],
    "groups": [{"code": "g", "title": "Nền tảng", "members": ["1"]}],
    "pillars": [{"code": "p", "title": "Chính quyền số", "members": ["g", "2"]}],
    "attributes": {"has": {"type": "boolean"}},
    "exclusions": [
        {"code": "no", "when": {"has": {"const": False}}, "members": ["2"], "treatment": "skip"}
        | {"reason": WHY["reason"], "basis": WHY["basis"]}
    ],
    "bands": [{"code": "a", "title": "Tốt", "at_least": 80}, {"code": "b", "title": "Khá", "at_least": 0}],
    "policy": {"publish": {"as": "percent", "decimals": 1}},
}


def by_hand(**changes: Any) -> dti.Rubric:
    """The rubric of ``DOCUMENT``, made of objects."""
    components = [dti.Component("1.1", "Họp", 20), dti.Component("1.2", "Chuyên mục", Decimal("10.00"))]
    parts: dict[str, Any] = {
        "groups": [dti.Group("g", "Nền tảng", ["1"])],
        "pillars": [dti.Pillar("p", "Chính quyền số", ["g", "2"])],
        "attributes": {"has": {"type": "boolean"}},
        "exclusions": [SKIP],
        "bands": [dti.Band("a", "Tốt", 80), dti.Band("b", "Khá", 0)],
        "policy": dti.Policy(publish=dti.Publish(as_="percent", decimals=1)),
    }
    indices = [
        dti.Index("1", "Nhận thức số", 30, components=components),
        dti.Index("2", "Dịch vụ công", 20.5),
    ]
    return dti.Rubric("demo", dti.Label("Ví dụ", "Example"), indices, **parts | changes)


def test_by_hand_is_as_from_a_document() -> None:
    """A rubric made of objects equals the one read from the document that says the same."""
    read = dti.load_rubric(DOCUMENT)

    assert by_hand() == read
    assert hash(by_hand()) == hash(read)


def test_values_are_told_apart() -> None:
    """Rubrics that differ anywhere are unequal; true is not 1, text is normalised."""
    assert by_hand() != by_hand(mark_decimals=3)
    assert dti.Condition(const=True) != dti.Condition(const=1)
    assert dti.Condition(const=1) == dti.Condition(const=1.0)
    assert dti.Label("Điểm tự chấm") == dti.Label("Điểm tự chấm")


def test_sheets_are_told_apart_by_any_mark() -> None:
    """Sheets are equal where the same marks are missing and the others are the same, and only there."""

    def sheet(*marks: float | None) -> dti.MarkSheet:
        rows: list[list[float | None]] = [[*marks]]
        return dti.MarkSheet.from_array(rows, by_hand(), units=["a"], attributes={"has": [True]})

    assert sheet(1, None, 3) == sheet(1, None, 3)
    assert sheet(1, 2, 3) != sheet(1, None, 3) != sheet(1, 2, 3)
    assert sheet(1, 2, 3) != sheet(1, 2, 4)


def test_sheets_are_told_apart_by_any_attribute() -> None:
    """Sheets of which one says true and the other 1 are two sheets, as their documents are; 1 and 1.0 are one."""

    def sheet(*, says: Any) -> dti.MarkSheet:
        attributes: dict[str, list[Any]] = {"has": [True], "free": [says]}
        return dti.MarkSheet.from_array([[1, 2, 3]], by_hand(), units=["a"], attributes=attributes)

    assert sheet(says=1) != sheet(says=True)
    assert sheet(says=1) == sheet(says=1.0)
    assert sheet(says="1") != sheet(says=1)


def test_a_sheet_has_room_for_two_hundred_attributes() -> None:
    """200 attributes are kept, and the 201st is refused by its name."""

    def sheet(count: int) -> dti.MarkSheet:
        attributes: dict[str, list[Any]] = {"has": [True]} | {f"a{at}": [at] for at in range(2, count + 1)}
        return dti.MarkSheet.from_array([[1, 2, 3]], by_hand(), units=["a"], attributes=attributes)

    assert len(sheet(200).attributes) == 200
    with pytest.raises(dti.InvalidDocument) as refused:
        sheet(201)
    assert [problem.path for problem in refused.value.problems] == [("attributes", "a201")]


def test_values_are_frozen() -> None:
    """Nothing of a rubric or a mark sheet can be set or overwritten."""
    rubric = by_hand()
    marks = dti.MarkSheet.from_array([[1, 2, 3]], rubric, units=["a"], attributes={"has": [True]})

    with pytest.raises(AttributeError):
        rubric.code = "other"  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        marks.ticks[0, 0] = 5


def test_nothing_handed_out_can_be_written_to() -> None:
    """What a rubric gives away is a copy or refuses to be written to: the rubric stays as it was made."""
    own = {"source": ["annex 1"]}
    leaf = dti.Index("1", "Nhận thức số", 30, custom=own)
    rubric = dti.Rubric("demo", "Ví dụ", [leaf], custom=own)
    own["source"].append("annex 2")
    free: Any = rubric.custom, leaf.custom
    for copied in free:
        copied["source"].append("annex 3")
        copied["more"] = 1
    given: list[Any] = [rubric.tree.maximum, rubric.tree.children, rubric.tree.title, rubric.methods]
    for mapping in (*given, dti.methods.KINDS):
        with pytest.raises(TypeError):
            mapping["1"] = 5

    assert rubric.custom == leaf.custom == {"source": ["annex 1"]}
    assert rubric.tree.maximum["1"] == 3000


def test_free_data_is_kept_alike_by_rubrics_and_sheets() -> None:
    """Decimals in free data are JSON's numbers, half of a character is refused: in a rubric and in a sheet of marks."""
    rubric = by_hand(custom={"weight": Decimal("1.5")})
    made: Any = {"units": ["a"], "attributes": {"has": [True]}}
    sheet = dti.MarkSheet.from_array([[1, 2, 3]], rubric, custom={"weight": Decimal("1.5")}, **made)
    assert rubric.custom == sheet.custom == {"weight": 1.5}

    with pytest.raises(dti.InvalidDocument, match="JSON"):
        dti.MarkSheet.from_array([[1, 2, 3]], rubric, custom={"a": "\ud800"}, **made)


def test_text_is_taken_up_to_the_length_that_can_be_read_back() -> None:
    """A title of 10,000 characters comes back from its document; a longer one is refused when it is made."""
    rubric = dti.Rubric("demo", "Ví dụ", [dti.Index("1", "x" * 10_000, 30)])
    assert dti.load_rubric(dti.to_document(rubric)) == rubric

    with pytest.raises(dti.InvalidDocument) as refusal:
        dti.Index("1", "x" * 10_001, 30)
    assert "có 10001 ký tự; một đoạn chữ có nhiều nhất 10000" in refusal.value.text("vi")
    assert "has 10001 characters; a text has at most 10000" in refusal.value.text("en")


def test_pickles_carry_no_caches() -> None:
    """A rubric that has been scored by is as long when pickled as one just made, and neither carries its node graph."""
    rubric = by_hand()
    before = len(pickle.dumps(rubric))
    marks = dti.MarkSheet.from_array([[1, 2, 3]], rubric, units=["a"], attributes={"has": [True]})
    dti.evaluate(rubric, marks).total.ranks()

    assert rubric.methods["1.1"] == dti.methods.Direct()
    assert len(pickle.dumps(rubric)) == before
    assert b"scored_under" not in pickle.dumps(rubric)
    assert b"Tree" not in pickle.dumps(rubric)


def test_equal_rubrics_hash_equally() -> None:
    """However its numbers and texts are given, the same rubric has the same hash; what is kept unread counts."""
    twin = by_hand(mark_decimals=np.int64(2), max_points=np.float32(50.5), period=np.str_("2024"))
    rubric = by_hand(max_points=Decimal("50.50"), period="2024")

    assert twin == rubric
    assert hash(twin) == hash(rubric)
    assert by_hand(custom={"a": 1}) != by_hand(custom={"a": 2})
    assert by_hand(custom={"a": 1}) == by_hand(custom={"a": Decimal(1)})


numpy: Any = np
NUMPY: dict[str, tuple[Callable[[], Any], Any]] = {
    "decimals": (lambda: dti.Publish("points", numpy.int64(2)).decimals, 2),
    "truth": (lambda: dti.Policy(exceed_maximum=numpy.True_).exceed_maximum, True),
    "word": (lambda: dti.Publish(numpy.str_("ratio")).as_, "ratio"),
    "code": (lambda: dti.Index(numpy.str_("1"), "x", 3).code, "1"),
    "members": (lambda: dti.Group("g", "x", numpy.array(["1", "2"])).members, ("1", "2")),
    "points": (lambda: dti.Index("1", "x", numpy.float32(2.1)).max_points, Decimal("2.1")),
    "attribute": (lambda: dti.Condition(const=numpy.True_).const, True),
}


@pytest.mark.parametrize("kind", NUMPY)
def test_numpy_scalars_are_what_they_are(kind: str) -> None:
    """A number, text or truth of numpy is taken as what it is and kept as Python has it."""
    make, expected = NUMPY[kind]

    assert make() == expected
    assert type(make()) is type(expected)


def travellers() -> list[Any]:
    """One of every kind of public value, and of every error."""
    rubric = by_hand(blocks=[dti.Block("all", "Tất cả")], decision=dti.Decision("01/QĐ-UBND", "2024-01-02"))
    marks = dti.MarkSheet.from_array([[1, 2, 3]], rubric, units=["a"], attributes={"has": [True]})
    problem = dti.Problem(("units", 0), "is wrong")
    return [
        rubric,
        rubric.indices[0],
        *rubric.blocks,
        rubric.bands[0],
        rubric.policy,
        rubric.decision,
        SKIP,
        dti.Exclusion(members=["1"], treatment="count", units=["a"], **WHY),
        dti.Unranked("Đơn vị mới", "giả định"),
        marks,
        problem,
        dti.InvalidDocument("marks", [problem]),
        dti.UnknownCode("node", "x", ["1"]),
        dti.InvalidArgument("no"),
    ]


@pytest.mark.parametrize("value", travellers(), ids=lambda value: type(value).__name__)
def test_values_travel(value: Any) -> None:
    """Values and errors survive pickling and copying, so that they cross processes."""
    for twin in (pickle.loads(pickle.dumps(value)), copy.deepcopy(value)):  # noqa: S301 - our own bytes
        assert str(twin) == str(value)
        assert isinstance(value, Exception) or twin == value


def test_results_travel() -> None:
    """A result that crossed a process boundary gives the same ranks."""
    rubric = by_hand()
    marks = dti.MarkSheet.from_array(
        [[1, 2, 3], [4, 5, 6]], rubric, units=["a", "b"], attributes={"has": [True, False]}
    )
    result = dti.evaluate(rubric, marks)
    twin = pickle.loads(pickle.dumps(result))  # noqa: S301 - our own bytes

    assert twin.total.ranks().tolist() == result.total.ranks().tolist() == [2, 1]


REFUSED: dict[str, tuple[Any, str, str]] = {
    "a code as a number": (lambda: dti.Index(1.1, "x", 3), "$.code", "in quotes"),  # type: ignore[arg-type]
    "no title": (lambda: dti.Index("1", " ", 3), "$.vi", "empty"),
    "a title in English only": (lambda: dti.Rubric("r", {"en": "X"}, []), "$.title", "give 'vi'"),
    "a title in another language": (lambda: dti.Index("1", {"vi": "x", "fr": "y"}, 3), "$.title", "'en'"),
    "a masked number": (lambda: dti.Publish("points", numpy.ma.masked), "$.decimals", "whole number"),
    "free data that JSON lacks": (lambda: dti.Group("g", "x", ["1"], custom={"a": {1}}), "$.custom", "JSON"),
    "free data with half of a character": (
        lambda: by_hand(custom={"a": "\ud800"}),
        "$.custom",
        "JSON",
    ),
    "free data that is NaN": (lambda: by_hand(custom={"a": [float("nan")]}), "$.custom", "JSON"),
    "no word of a condition": (lambda: rule(when={"a": {"min": 3}}), "$.when", "minimum"),
    "nothing to be one of": (lambda: dti.Condition(enum=[]), "$.enum", "empty"),
    "negative": (lambda: dti.Index("1", "x", -3), "$.max_points", "negative"),
    "not a number": (lambda: dti.Index("1", "x", float("nan")), "$.max_points", "number"),
    "true as a number": (lambda: dti.Band("a", "x", True), "$.at_least", "number"),  # noqa: FBT003
    "text for a list": (lambda: dti.Group("g", "x", "12"), "$.members", "list"),
    "an index inside": (
        lambda: dti.Index("1", "x", components=[dti.Index("2", "y", 1)]),
        "$.components",
        "Component",
    ),
    "no such policy": (lambda: dti.Policy(missing="ignore"), "$.missing", "not one of zero, exclude, refuse"),  # type: ignore[arg-type]
    "a wrong share": (lambda: dti.Policy(min_coverage=80), "$.min_coverage", "0 to 1"),
    "half a point": (
        lambda: by_hand(mark_decimals=0),
        "$.indices[1].max_points",
        "20.5 has more than 0 decimals; raise mark_decimals to 1",
    ),
    "too many points": (
        lambda: dti.Rubric("r", "R", [dti.Index("1", "x", 1e20)]),
        "$.indices[0].max_points",
        "more than can be held exactly",
    ),
    "a cap on a node that mixes": (
        lambda: of_leaves(bonus=2, penalty=2, max_points=3),
        "$.indices[1].max_points",
        "is 3, but below it are bonus 2 and penalty 2; a node that mixes both takes no cap",
    ),
    "a sum that does not agree": (
        lambda: of_leaves(scored=2.5, max_points=3),
        "$.indices[1].max_points",
        "is 3, but its components add up to 2.5; correct the misprint; leave it out only to take the sum",
    ),
    "a total that does not agree": (
        lambda: by_hand(max_points=50),
        "$.max_points",
        "is 50, but the indices add up to 50.5; correct the misprint; leave it out only to take the sum",
    ),
    "a stand-by leaf worth nothing": (
        lambda: replacing(standby=0),
        "$.exclusions[0].by",
        "'x.standby' is worth 0 points, so that there is nothing to stand in for",
    ),
    "no stand-by leaf there": (
        lambda: replacing(bonus=10),
        "$.exclusions[0].by",
        "'x.standby' is no stand-by leaf outside 'x.scored'; a leaf of role standby is needed",
    ),
    "a rule without members": (
        lambda: by_hand(exclusions=[rule(members=[])]),
        "$.exclusions[0].members",
        "nothing",
    ),
    "a rule on the total": (
        lambda: by_hand(exclusions=[rule(members=["total"])]),
        "$.exclusions[0].members[0]",
        "names no",
    ),
    "an undeclared attribute": (lambda: by_hand(attributes={}), "$.exclusions[0].when.has", "not declared"),
    "rules that contradict, in another order": (
        lambda: by_hand(
            attributes={"a": {}, "b": {}},
            exclusions=[
                rule(when={"a": 1, "b": 2}),
                rule(code="2nd", when={"b": 2, "a": 1}, treatment="full_marks"),
            ],
        ),
        "$.exclusions[1]",
        "contradicts rule 'no'",
    ),
}


def of_leaves(max_points: float | None = None, exclusions: Any = (), **worth: float) -> dti.Rubric:
    """A rubric whose second index, of so many points, has a leaf of each role named."""
    leaves = [dti.Component(f"x.{role}", "x", points, role=role) for role, points in worth.items()]  # type: ignore[arg-type]
    indices = [dti.Index("1", "x", 10), dti.Index("x", "x", max_points, components=leaves)]
    return dti.Rubric("r", "R", indices, exclusions=exclusions)


def replacing(**worth: float) -> dti.Rubric:
    """A rubric with a rule that replaces a leaf of 10 points."""
    substitute = dti.ExclusionRule(
        code="s", members=["x.scored"], treatment="substitute", by="x.standby", **WHY
    )
    return of_leaves(scored=10, exclusions=[substitute], **worth)


def rule(**changes: Any) -> dti.ExclusionRule:
    """A rule, with changes."""
    given: dict[str, Any] = {"code": "no", "members": ["2"], "treatment": "skip"}
    return dti.ExclusionRule(**given | WHY | changes)


@pytest.mark.parametrize("name", REFUSED)
def test_nonsense_is_refused(name: str) -> None:
    """What makes no sense is refused when it is made, naming the place."""
    make, place, words = REFUSED[name]

    with pytest.raises(dti.InvalidDocument) as caught:
        make()

    assert any(problem.where == place and words in problem.message for problem in caught.value.problems)


def test_problems_are_told_in_vietnamese() -> None:
    """A contradiction of a rubric is told in either language, in points as the language writes them."""
    with pytest.raises(dti.InvalidDocument) as caught:
        of_leaves(scored=2.5, max_points=3)

    (problem,) = caught.value.problems
    assert problem.text("vi").startswith(
        "$.indices[1].max_points: là 3, nhưng các thành phần cộng lại được 2,5;"
    )


def test_suggestions_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many codes of a rubric name nothing, near ones are looked for no more often than problems are shown."""
    looked: list[int] = []

    def look(_: str, known: list[str], **__: int) -> list[str]:
        looked.append(len(known))
        return []

    monkeypatch.setattr(difflib, "get_close_matches", look)
    for count in (10, 90, 900):
        looked.clear()
        leaves = [dti.Index(f"1.{at}", "x", 1) for at in range(count)]
        wrong = [f"2.{at}" for at in range(300)]
        pillars = [dti.Pillar(f"p{at}", "x", wrong) for at in range(3)]
        rules = [rule(code=f"r{at}", when={f"a{at}": 1}) for at in range(300)]
        with pytest.raises(dti.InvalidDocument):
            dti.Rubric("r", "R", leaves, pillars=pillars, exclusions=rules)
        with pytest.raises(dti.InvalidDocument):
            dti.Rubric("r", "R", leaves, exclusions=[rule(members=wrong)], policy=dti.Policy(tie_break=wrong))

        assert len(looked) <= 2 * 50
        assert sum(looked) <= 2 * 5_000


def test_unknown_names_suggest_the_near_ones() -> None:
    """Asking a result for what it does not have names the nearest code."""
    rubric = by_hand()
    marks = dti.MarkSheet.from_array([[1, 2, 3]], rubric, units=["an-giang"], attributes={"has": [True]})
    result = dti.evaluate(rubric, marks)

    with pytest.raises(dti.UnknownCode, match=r"did you mean '1\.1'"):
        result["1.11"]
    with pytest.raises(dti.UnknownCode, match="did you mean 'an-giang'"):
        result.explain("angiang")
    with pytest.raises(dti.UnknownCode, match="no attribute has the code 'district'"):
        result.total.ranks(by="district")


def wrong(value: str) -> Any:
    """A value that the type checker is not to see."""
    return value


WRONG_CALLS: list[Callable[[dti.Result], object]] = [
    lambda result: result.total.published_as(wrong("score")),
    lambda result: result.total.published_as("ratio", 40),
    lambda result: result.total.published_as("ratio", True),  # noqa: FBT003
    lambda result: result.total.ranks(ties=wrong("olympic")),
    lambda _: dti.rank([[1, 2]]),
    lambda _: dti.rank(["a"]),
    lambda _: dti.rank([1, 2], by=["x"]),
    lambda result: dti.evaluate(by_hand(mark_decimals=3), result.marks),
    lambda result: dti.MarkSheet.from_array([[1, 2]], result.rubric, units=["a"]),
]


@pytest.mark.parametrize("ask", WRONG_CALLS, ids=map(str, range(len(WRONG_CALLS))))
def test_wrong_calls_are_refused(ask: Callable[[dti.Result], object]) -> None:
    """A call that makes no sense raises InvalidArgument, a ValueError, and not something from below."""
    rubric = by_hand()
    marks = dti.MarkSheet.from_array([[1, 2, 3]], rubric, units=["a"], attributes={"has": [True]})

    with pytest.raises(dti.InvalidArgument):
        ask(dti.evaluate(rubric, marks))


def test_leaves_in_any_order() -> None:
    """An array's columns may be named; absent, doubled and unknown ones are refused together."""
    rubric = by_hand()
    given: Any = {"units": ["a"], "attributes": {"has": [True]}}
    sheet = dti.MarkSheet.from_array(np.array([[3, 1, 2]]), rubric, leaves=["2", "1.1", "1.2"], **given)

    assert sheet.of("a") == {"1.1": 1, "1.2": 2, "2": 3}
    with pytest.raises(dti.InvalidDocument) as caught:
        dti.MarkSheet.from_array(np.array([[3, 1, 2]]), rubric, leaves=["2", "1.3", "2"], **given)
    assert [problem.rule for problem in caught.value.problems] == ["unknown", "duplicate", "column", "column"]
