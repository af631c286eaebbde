"""What enters the analysis by hand: exactly, in its place, or refused; and nothing handed out can be written to."""

import pickle
import unicodedata
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import attrs
import numpy as np
import pytest
from test_analysis import scored

import dti_core as dti
from dti_core import analysis
from dti_core.analysis import Edition, GradeCounts, Movement, Standing
from dti_core.words.tables import Table

HUE, HUE_APART = (unicodedata.normalize(form, "Huế") for form in ("NFC", "NFD"))
ONE = scored({"a": 80, "b": 60, "c": 30}, blocks={"x": ["a"], "y": ["b", "c"]})
EDITION = analysis.publish_together({"x": scored({"a": 90}), "y": scored({"c": 10})})


def numbered(*values: Any) -> Iterable[Any]:
    """Parameters that have no better name than their number."""
    return [pytest.param(value, id=str(at)) for at, value in enumerate(values)]


@pytest.mark.parametrize(
    ("ranks", "expected"),
    [
        ([1, None, 2], [1, 0, 2]),
        ([1, float("nan"), 2.0], [1, 0, 2]),
        ([Decimal(1), 0, np.int16(2)], [1, 0, 2]),
        (np.ma.array([1, 9, 2], mask=[False, True, False]), [1, 0, 2]),
        (np.array([1, 0, 2], dtype=np.uint8), [1, 0, 2]),
    ],
)
def test_missing_ranks_are_unranked(ranks: Any, expected: list[int]) -> None:
    """A blank, masked or zero rank is no rank, whatever the table calls nothing."""
    assert Standing(["a", "b", "c"], ranks).ranks.tolist() == expected


def test_last_years_table() -> None:
    """A table of last year with a blank rank is taken as it is, sorted or cut as well; other labels are refused."""
    pandas = pytest.importorskip("pandas")
    last = pandas.DataFrame({"unit": ["a", "b", "c"], "rank": [2.0, None, 1.0], "block": ["x", None, "x"]})
    last["whole"] = last["rank"].astype("Int64")
    first = last.sort_values("rank").head(2)

    assert Standing(last["unit"], last["rank"]).ranks.tolist() == [2, 0, 1]
    assert Standing(last["unit"].tolist(), last["whole"], blocks=last["block"]).blocks.tolist() == [
        "x",
        None,
        "x",
    ]
    assert Standing(first["unit"], first["rank"]).units == ("c", "a")
    with pytest.raises(dti.InvalidArgument, match="ranks has other row labels"):
        Standing(first["unit"], last["rank"].head(2))
    with pytest.raises(dti.InvalidArgument, match="ranks has other row labels"):
        Standing(["c", "a"], first["rank"])


@pytest.mark.parametrize(
    "columns",
    [
        {"ranks": [1, 2.5, 2.5]},
        {"ranks": ["1", "2", "3"]},
        {"ranks": [1, -1, 2]},
        {"ranks": [1, 10**30, 2]},
        {"ranks": [True, 2, 3]},
        {"ranks": [[1], [2], [3]]},
        {"ranks": 5},
        {"values": ["9", "10", "8"]},
        {"values": [1, float("inf"), 2]},
        {"values": [2**70 + 1, 1, 2]},
        {"values": [Decimal("0.12345678901234567890"), 1, 2]},
        {"values": [1, True, 2]},
        {"values": np.ones((3, 1))},
        {"values": {"a": 1, "b": 2, "c": 3}},
        {"values": [1, 2]},
        {"blocks": ["x", 3, "x"]},
        {"blocks": [["x"], ["x"], ["y"]]},
        {"blocks": "xyz"},
        {"grades": [1, 2, 3]},
        {"grades": ["good", "god", "good"], "bands": [dti.Band("good", "Tốt", 0)]},
        {"bands": ["good"]},
        {"names": [1, 2, 3]},
        {"titles": ["x"]},
        {"titles": {"x": 5}},
        {"scale": "100"},
        {"scale": -1},
        {"decimals": 2.5},
        {"decimals": 99},
    ],
    ids=repr,
)
def test_columns_that_cannot_be(columns: dict[str, Any]) -> None:
    """Text, truth values, half ranks, numbers that no double holds and lists of another shape are refused in words."""
    with pytest.raises(dti.DTIError):
        Standing(["a", "b", "c"], **columns)


@pytest.mark.parametrize(
    "units", ["abc", ["a", "a"], [HUE, HUE_APART], [1, 2], [None], [" a"], ["a\u200b"], 5, {"a"}]
)
def test_units_that_cannot_be(units: Any) -> None:
    """Units are listed once each, as codes; two forms of one code are one unit."""
    with pytest.raises(dti.DTIError):
        Standing(units)


def test_one_code_in_two_forms() -> None:
    """A unit, a group and a look-up are matched whatever the Unicode form that they are typed in."""
    before = Standing([HUE_APART, "b"], [1, 2], blocks=[HUE, HUE_APART])
    now = Standing(["hue", "b"], [2, 1], blocks=[HUE, HUE])
    moved = analysis.movement(before, now, renamed={"hue": HUE_APART})

    assert moved["hue"]["from"] == HUE
    assert moved.counts(HUE_APART)["down"] == 1
    assert HUE_APART in analysis.movement(before, before)
    assert GradeCounts.given({HUE: {"good": 1}})[HUE_APART] == {"good": 1}


@pytest.mark.parametrize(
    "ask",
    numbered(
        analysis.standing_of,
        analysis.leaders,
        analysis.bottom,
        analysis.grade_counts,
        analysis.coherence,
        analysis.leave_one_out,
        lambda source, node: analysis.history({"2024": source}, node=node),
        lambda source, node: analysis.movement(source, source, node=node),
    ),
)
@pytest.mark.parametrize("source", ["result", "published", "edition"])
def test_a_node_in_two_forms(ask: Callable[..., Any], source: str) -> None:
    """A question about a node finds it whatever the Unicode form that it is typed in."""
    parts = [dti.Component("1.1", "Một", 10), dti.Component("1.2", "Hai", 10)]
    rubric = dti.Rubric("r", "Ví dụ", [dti.Index(HUE, "Huế", components=parts)], edition="e")
    sheet = dti.MarkSheet.from_array([[1, 9], [5, 7], [4, 4]], rubric, units=["a", "b", "c"])
    result = dti.evaluate(rubric, sheet)
    sources = {
        "result": result,
        "published": dti.load_result(dti.to_document(result)),
        "edition": analysis.publish_together({"x": result}),
    }

    assert ask(sources[source], node=HUE_APART).text() == ask(sources[source], node=HUE).text()
    with pytest.raises(dti.UnknownCode):
        ask(sources[source], node="3")


def test_units_without_a_group() -> None:
    """NaN and None among groups are units without a group, in movement as everywhere."""
    before = Standing(["a", "b", "c"], [1, 1, 0], blocks=["x", float("nan"), None])
    moved = analysis.movement(before, before)

    assert moved.status.tolist() == ["same", "same", "unranked"]
    assert moved.text("en").splitlines()[-5].startswith("in no block")
    assert moved.summary()["block"].tolist() == ["x"]


@pytest.mark.parametrize(
    "thing",
    [
        analysis.standing_of(ONE),
        analysis.movement(ONE, ONE),
        analysis.movement(ONE, ONE).matching,
        analysis.grade_counts(ONE),
        analysis.rank_intervals(ONE, [[1]], keep=True),
        analysis.certain_ranks(ONE),
        analysis.history({"2023": ONE, "2024": ONE}),
        EDITION.standing(),
        EDITION,
        analysis.coherence(ONE),
        analysis.policy_variants(ONE),
        analysis.shortfalls(ONE),
    ],
    ids=[
        "result",
        "movement",
        "matching",
        "counts",
        "intervals",
        "certain",
        "history",
        "together",
        "edition",
        "coherence",
        "variants",
        "shortfalls",
    ],
)
def test_answers_cannot_be_written_to(thing: Any) -> None:
    """What an answer holds stays as it is, and a copy travels to another process."""
    held = {field.name: getattr(thing, field.name) for field in attrs.fields(type(thing))}
    for value in held.values():
        if isinstance(value, np.ndarray):
            assert not value.flags.writeable
        if isinstance(value, dict):
            with pytest.raises(TypeError):
                value["x"] = 1
    if hasattr(thing, "columns"):
        assert not any(column.flags.writeable for column in thing.columns().values())
    twin = pickle.loads(pickle.dumps(thing))  # noqa: S301 - our own bytes
    assert all(type(getattr(twin, name)) is type(value) for name, value in held.items())


def test_the_callers_array_stays_the_callers() -> None:
    """An array given to a standing can be changed afterwards, and changes nothing."""
    values = np.array([1.0, 2.0])
    standing = Standing(["a", "b"], values=values)
    values[0] = 9

    assert standing.values.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("thing", "codes"),
    [
        (analysis.movement(ONE, ONE), ["a", "b", "c"]),
        (EDITION, ["x", "y"]),
        (analysis.grade_counts(ONE), ["x", "y"]),
    ],
    ids=lambda thing: type(thing).__name__,
)
def test_answers_are_looked_up_by_code(thing: Movement | Edition | GradeCounts, codes: list[str]) -> None:
    """What is indexed by code is iterated by code and asked ``in``, and an unknown code is told the same way."""
    assert [*thing] == codes
    assert codes[0] in thing
    assert "zzz" not in thing
    assert 0 not in thing
    for unknown in ("zzz", 0, None, ["x"]):
        with pytest.raises(dti.UnknownCode):
            thing[unknown]  # type: ignore[index]


@pytest.mark.parametrize("source", [None, 5, "x", {}, ONE.total, ONE.rubric, ONE.marks], ids=repr)
@pytest.mark.parametrize(
    "ask",
    numbered(
        analysis.standing_of,
        analysis.leaders,
        analysis.bottom,
        analysis.grade_counts,
        analysis.to_reach,
        lambda source: analysis.to_reach(source, "a"),
        analysis.exclusion_effect,
        analysis.shortfalls,
        lambda source: analysis.movement(source, ONE),
        lambda source: analysis.movement(ONE, source),
        lambda source: analysis.merge_units(source, {}),
        lambda source: analysis.rank_intervals(source, [[1]]),
        analysis.certain_ranks,
        lambda source: analysis.publish_together({"x": source}),
        analysis.publish_together,
    ),
)
def test_questions_of_what_is_no_result(ask: Callable[[Any], Any], source: Any) -> None:
    """Whatever is asked of something that is no result says what is wanted instead."""
    with pytest.raises(dti.DTIError):
        ask(source)


PUBLISHED = dti.load_result(dti.to_document(ONE))


@pytest.mark.parametrize("source", [PUBLISHED, EDITION, analysis.standing_of(ONE)], ids=repr)
@pytest.mark.parametrize(
    "ask",
    numbered(
        lambda source: analysis.publish_together({"x": source}),
    ),
)
def test_questions_that_need_the_marks(ask: Callable[[Any], Any], source: Any) -> None:
    """What needs the marks says so of a result read back, an edition and a standing."""
    with pytest.raises(dti.InvalidArgument, match="a Result is needed"):
        ask(source)


@pytest.mark.parametrize("source", [PUBLISHED, analysis.standing_of(ONE)], ids=repr)
@pytest.mark.parametrize(
    "ask",
    numbered(
        analysis.shortfalls, analysis.exclusion_effect, lambda source: analysis.to_reach(source, ONE.units[0])
    ),
)
def test_questions_of_marks_that_an_edition_answers(ask: Callable[[Any], Any], source: Any) -> None:
    """An edition answers through the result that holds the marks; a result read back holds none, and says so."""
    ask(EDITION)
    with pytest.raises(dti.InvalidArgument, match="a Result is needed"):
        ask(source)


@pytest.mark.parametrize(
    "ask",
    numbered(
        lambda: analysis.weight_draws(ONE.marks, 1),  # type: ignore[arg-type]
        lambda: analysis.leaders(ONE, 0),
        lambda: analysis.leaders(ONE, 1.5),  # type: ignore[arg-type]
        lambda: analysis.bottom(ONE, True),  # noqa: FBT003
        lambda: analysis.to_reach(ONE, places="1"),  # type: ignore[call-overload]
        lambda: analysis.leaders(ONE, by=5),  # type: ignore[arg-type]
        lambda: analysis.leaders(PUBLISHED, by=5),  # type: ignore[arg-type]
        lambda: analysis.leaders(ONE, by="tierr"),
        lambda: analysis.leaders(PUBLISHED, by="tierr"),
        lambda: analysis.leaders(ONE, node="2"),
        lambda: analysis.leaders(PUBLISHED, node="2"),
        lambda: analysis.leaders(analysis.standing_of(ONE), by="tier"),
        lambda: analysis.standing_of(ONE).take([9]),
        lambda: analysis.standing_of(ONE).take(["a"]),  # type: ignore[list-item]
        lambda: analysis.standing_of(ONE).take(5),  # type: ignore[arg-type]
        lambda: analysis.shortfalls(ONE, "zzz"),
        lambda: analysis.shortfalls(ONE, low="a"),  # type: ignore[arg-type]
        lambda: analysis.shortfalls(ONE, unproven=[["x"]]),  # type: ignore[arg-type]
        lambda: analysis.movement(ONE, ONE, merged=["a"]),  # type: ignore[arg-type]
        lambda: analysis.movement(ONE, ONE, merged={"a": "bc"}),
        lambda: analysis.movement(ONE, ONE, split={"a": 5}),  # type: ignore[dict-item]
        lambda: analysis.movement(ONE, ONE, renamed={"a": 5}),  # type: ignore[dict-item]
        lambda: analysis.movement(ONE, ONE).counts("z"),
        lambda: analysis.merge_units(ONE, ["a"]),  # type: ignore[arg-type]
        lambda: analysis.merge_units(ONE, {"bc": "bc"}),
        lambda: analysis.merge_units(ONE, {"bc": ["b", "c"]}, mean_of="index"),  # type: ignore[arg-type]
        lambda: analysis.merge_units(ONE, {"bc": ["b", "c"]}, names={"b": "B"}),
        lambda: analysis.merge_units(ONE, {"bc": ["b", "c"]}, blocks={"bc": "z"}),
        lambda: analysis.merge_units(ONE, {"bc": ["b", "c"]}, attributes={"bc": {"tier": [1]}}),  # type: ignore[dict-item]
        lambda: analysis.merge_units(ONE, {"ab": ["a", "b"]}),
        lambda: analysis.merge_units(EDITION, {"ac": ["a", "c"]}),
        lambda: analysis.merge_units(analysis.merge_units(ONE, {"bc": ["b", "c"]}), {"ab": ["a", "bc"]}),
        lambda: analysis.movement(ONE, ONE, blocks={"z": "x"}),
        lambda: analysis.movement(ONE, ONE, blocks={"x": "z"}),
        lambda: analysis.movement(ONE, ONE, blocks={"x": "y"}),
        lambda: analysis.history({}),
        lambda: analysis.history({"2024": ONE, "2023": ONE}),
        lambda: analysis.history({"2023": ONE, "2024": ONE}, renamed={"2023": {}}),
        lambda: analysis.history({"2023": ONE, "2024": None}),  # type: ignore[dict-item]
        lambda: GradeCounts.given({"x": 5}),  # type: ignore[dict-item]
        lambda: GradeCounts.given({"x": {"good": 1.5}}),  # type: ignore[dict-item]
        lambda: analysis.grade_counts(ONE).since(5),  # type: ignore[arg-type]
        lambda: analysis.publish_together({}),
    ),
)
def test_questions_asked_wrongly(ask: Callable[[], Any]) -> None:
    """A number, node, attribute or unit that there is not is refused in words, never by an error of Python's own."""
    with pytest.raises(dti.DTIError):
        ask()


@pytest.mark.parametrize(
    "tell",
    numbered(
        analysis.standing_of(ONE).text,
        analysis.standing_of(ONE).columns,
        analysis.movement(ONE, ONE).text,
        analysis.movement(ONE, ONE).columns,
        analysis.grade_counts(ONE).text,
        EDITION.text,
        EDITION.columns,
        analysis.shortfalls(ONE).text,
        analysis.to_reach(ONE).text,
        dti.compare_rubrics(ONE.rubric, ONE.rubric).text,
        dti.compare_rubrics(ONE.rubric, EDITION["x"].rubric).changes[0].text,
    ),
)
@pytest.mark.parametrize("language", ["fr", ""])
def test_other_languages_are_refused(tell: Callable[[Any], Any], language: Any) -> None:
    """Whatever can be told is told in Vietnamese or English, and in no other language by mistake."""
    with pytest.raises(dti.InvalidArgument, match="language is 'vi' or 'en'"):
        tell(language)


def test_printed_values_keep_their_decimals() -> None:
    """958 published with two decimals is printed 958,00, alone or among others; by hand it is what was typed."""
    result = scored({"a": 958, "b": 932.5}, maximum=1000)

    assert [line.split()[-2] for line in str(analysis.leaders(result, 2)).splitlines()[2:]] == [
        "958,00",
        "932,50",
    ]
    assert "958.00" in analysis.leaders(dti.load_result(dti.to_document(result))).text("en")
    assert "958,00" in str(analysis.leaders(analysis.publish_together({"x": result})))
    assert str(Standing(["a"], values=[958])).split()[-1] == "958"
    assert str(Standing(["a"], values=[0.1234567891])).split()[-1] == "0,123456789"


def test_blocks_stand_in_the_declared_order() -> None:
    """Blocks are told as the rubric declares them, whichever unit comes first, within attributes too."""
    rubric = dti.Rubric(
        "r",
        "Ví dụ",
        [dti.Index("1", "Chỉ số", 100)],
        attributes={"tier": {"type": "string"}, "side": {"type": "string"}},
        blocks=[dti.Block(code, title, {"tier": code}) for code, title in (("p", "Phường"), ("x", "Xã"))],
        edition="e",
    )
    attributes = {"tier": ["x", "p", "x", "z"], "side": ["tây", "tây", "đông", "đông"]}
    marks = dti.MarkSheet.from_array([[9], [8], [7], [6]], rubric, units=list("abcd"), attributes=attributes)
    result = dti.evaluate(rubric, marks)
    for source in (result, dti.load_result(dti.to_document(result))):
        standing = analysis.standing_of(source)
        assert [*standing.in_blocks()] == ["p", "x", None]
        assert [line.split()[0] for line in str(standing.leaders()).splitlines()[2:]] == ["Phường", "Xã"]
        within = analysis.standing_of(source, by=["side", "block"])
        assert [*within.in_blocks()] == ["tây / p", "tây / x", "đông / x", None]
        assert within.title("tây / p") == "tây / Phường"
        assert within.ranks.tolist() == [1, 1, 1, 0]
    edition = analysis.publish_together({"n": result})
    assert [*edition.standing().in_blocks()] == ["n / p", "n / x", None]
    assert edition.standing().title("n / p", "en") == "n / Phường"
    assert analysis.movement(result, result).summary()["block"].tolist() == ["p", "x"]


def test_tables_of_text_line_up() -> None:
    """Words go to the left and numbers to the right, whatever marks and widths their letters have."""
    rows = [["Huế", "0.8638 (1)"], [HUE_APART, "−0.5 (12)"], ["中文", "–"]]

    assert Table(["Tỉnh", "Điểm"], rows).text().splitlines() == [
        "Tỉnh        Điểm",
        "────  ──────────",
        "Huế   0.8638 (1)",
        f"{HUE_APART}    −0.5 (12)",
        "中文           –",
    ]
    assert Table(["a"], []).text() == "a\n─"
