"""The table to publish: order, what is printed of each unit, and why some have no rank."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, reject, settings
from strategies import documents

import dti_core as dti
from dti_core.errors import LANGUAGES

WHY: Any = {"reason": "Mới thành lập", "basis": "05/QĐ-UBND"}
BLOCKS = [
    dti.Block("communes", {"vi": "Cấp xã", "en": "Communes"}, {"level": {"const": "commune"}}),
    dti.Block("wards", {"vi": "Phường", "en": "Wards"}, {"level": {"const": "ward"}}),
    dti.Block("guests", {"vi": "Khách mời", "en": "Guests"}, {"level": {"const": "guest"}}, ranked=False),
]
BANDS = [dti.Band("good", {"vi": "Tốt", "en": "Good"}, 80), dti.Band("weak", {"vi": "Yếu", "en": "Weak"}, 0)]
INDICES = [
    dti.Index("1", "Nhận thức số", 1000),
    dti.Index("2", "Dịch vụ công", 500),
]
TABLE = {
    "unit": ["w1", "c1", "g1", "c2", "w2", "c3"],
    "name": ["Phường Một", "Xã Một", "Khách", None, "Phường Hai", "Xã Ba"],
    "level": ["ward", "commune", "guest", "commune", "ward", "commune"],
    "seaside": [True, True, False, False, True, None],
    "1": [900, 500, 1000, 1000, 700, 0.5],
    "2": [400, 250, 500, 234.5, 500, 0],
}


def result(**others: Any) -> dti.Result:
    """Two communes, two wards, a guest that is not ranked, and a commune that a decision sets aside; made up."""
    rubric = dti.Rubric(
        "made-up", "Ví dụ", INDICES, blocks=BLOCKS, bands=BANDS, attributes={"level": {}}, **others
    )
    marks = dti.MarkSheet.from_table(
        TABLE, rubric, name="name", attributes=["level", "seaside"], unranked={"c3": dti.Unranked(**WHY)}
    )
    return dti.evaluate(rubric, marks)


def test_units_stand_in_the_order_of_publication() -> None:
    """Blocks in the declared order, best first in each, and at the end who has no rank, in the order of the sheet."""
    rows = result().ranking().rows

    assert [(row["block"], row["rank"], row["unit"]) for row in rows] == [
        ("communes", 1, "c2"),
        ("communes", 2, "c1"),
        ("wards", 1, "w1"),
        ("wards", 2, "w2"),
        ("guests", None, "g1"),
        ("communes", None, "c3"),
    ]


def test_rows_are_plain_and_say_what_is_printed() -> None:
    """A row has codes and titles, the number and its text with all decimals; json.dumps takes it."""
    first, *_, last = json.loads(json.dumps(result().ranking().rows))

    assert first == {
        "block": "communes",
        "block_title": "Cấp xã",
        "rank": 1,
        "unit": "c2",
        "name": None,
        "published": 1234.5,
        "printed": "1.234,50",
        "grade": "good",
        "grade_title": "Tốt",
        "unranked": None,
    }
    assert last["unranked"] == "Mới thành lập (05/QĐ-UBND)"


def test_a_ranking_speaks_either_language() -> None:
    """Titles, reasons and numbers follow the language asked for, by the ranking or by the text."""
    english = result().ranking(language="en")

    assert [row["printed"] for row in english.rows][:2] == ["1,234.50", "750.00"]
    assert english.rows[4]["unranked"] == "block Guests is not ranked"
    assert str(english) == english.text("en") == result().ranking().text("en")


def test_the_text_is_a_table_without_empty_columns() -> None:
    """What is the same nothing for everybody has no column; a unit without a name stands with its code."""
    assert str(result().ranking(by="seaside", nodes=["2"])).splitlines() == [
        "Khối   Hạng  Đơn vị      Tổng điểm  Dịch vụ công  Xếp loại  Lý do không xếp hạng",
        "─────  ────  ──────────  ─────────  ────────────  ────────  ─────────────────────────────",
        "có        1  Phường Một   1.300,00    400,00 (2)  Tốt",
        "có        2  Phường Hai   1.200,00    500,00 (1)  Tốt",
        "có        3  Xã Một         750,00    250,00 (3)  Yếu",
        "không     1  c2           1.234,50    234,50 (1)  Tốt",
        "không     –  Khách        1.500,00    500,00 (–)  Tốt       khối Khách mời không xếp hạng",
        "          –  Xã Ba            0,50      0,00 (–)  Yếu       Mới thành lập (05/QĐ-UBND)",
    ]


def test_ranked_together() -> None:
    """With an empty `by` everyone is ranked together and there is no block."""
    ranking = result().ranking(by=())

    assert [(row["rank"], row["unit"], row["block"]) for row in ranking.rows[:2]] == [
        (1, "w1", None),
        (2, "c2", None),
    ]
    assert "Khối" not in str(ranking)


def test_ties_share_a_rank_and_groups_of_several_attributes_are_named() -> None:
    """Units of one rank stand in the order of the sheet; several attributes make one heading."""
    rubric = dti.Rubric("made-up", "Ví dụ", [dti.Index("1", "Một", 10)])
    table = {"unit": ["b", "a", "c"], "1": [5, 5, 7], "x": ["m", "m", "n"], "y": [1, 1, 2]}
    ranking = dti.evaluate(rubric, dti.MarkSheet.from_table(table, rubric, attributes=["x", "y"])).ranking(
        ["x", "y"]
    )

    assert [(row["block_title"], row["rank"], row["unit"]) for row in ranking.rows] == [
        ("m / 1", 1, "b"),
        ("m / 1", 1, "a"),
        ("n / 2", 1, "c"),
    ]


def test_null_is_null_everywhere() -> None:
    """A part of which nothing applies is None in rows, NaN and rank 0 in columns, and null in Arrow."""
    pyarrow = pytest.importorskip("pyarrow")
    rubric = dti.Rubric("made-up", "Ví dụ", INDICES)
    excused = dti.Exclusion(members=["2"], treatment="skip", units=["a"], **WHY)
    marks = dti.MarkSheet.from_array([[900, 3], [500, 250]], rubric, units=["a", "b"], exclusions=[excused])
    ranking = dti.evaluate(rubric, marks).ranking(nodes=["2"])

    row = ranking.rows[0]
    assert (row["unit"], row["2"], row["2.printed"], row["2.rank"]) == ("a", None, None, None)
    columns = ranking.columns()
    assert np.isnan(columns["2"][0])
    assert columns["2.rank"].tolist() == [0, 1]
    assert pyarrow.table(ranking)["2.rank"].to_pylist() == [None, 1]


def test_a_node_called_like_a_rank_keeps_its_zero() -> None:
    """A score of 0 at a node with the code "x.rank" is 0 and not null, in rows and in Arrow."""
    pyarrow = pytest.importorskip("pyarrow")
    rubric = dti.Rubric("made-up", "Ví dụ", [dti.Index("x.rank", "Một", 10), dti.Index("y", "Hai", 10)])
    result = dti.evaluate(rubric, dti.MarkSheet.from_array([[0, 5]], rubric, units=["a"]))

    assert result.ranking(nodes=["x.rank"]).rows[0]["x.rank"] == 0
    assert pyarrow.table(result)["x.rank"].to_pylist() == [0]


def test_the_columns_of_a_result_name_the_block() -> None:
    """A ranking by block can be grouped by it, wide and long; without blocks there is no such column."""
    blocks = ["wards", "communes", "guests", "communes", "wards", "communes"]

    assert result().columns(["total"])["block"].tolist() == blocks
    assert result().columns(["total", "1"], shape="long")["block"].tolist()[::2] == blocks
    rubric = dti.Rubric("made-up", "Ví dụ", INDICES)
    sheet = dti.MarkSheet.from_array([[900, 3]], rubric, units=["a"])
    assert "block" not in dti.evaluate(rubric, sheet).columns()


def test_a_node_cannot_take_the_place_of_a_column() -> None:
    """An index whose code is the name of a column is refused beside the total rather than lost."""
    rubric = dti.Rubric("made-up", "Ví dụ", [dti.Index("rank", "Một", 10)])
    sheet = dti.MarkSheet.from_array([[9]], rubric, units=["a"])

    with pytest.raises(dti.InvalidArgument, match="rank"):
        dti.evaluate(rubric, sheet).ranking(nodes=["rank"]).columns()


def as_printed(ranking: Any) -> str:
    """All that a ranking holds, in both languages."""
    return str(
        [{name: column.tolist() for name, column in ranking.columns(word).items()} for word in LANGUAGES]
    )


def as_lists(columns: dict[str, Any]) -> dict[str, Any]:
    """Columns to compare, of which each null is equal to a null."""
    return {
        name: [None if cell != cell else cell for cell in column.tolist()] for name, column in columns.items()
    }


def test_a_published_result_has_the_ranking_that_was_published() -> None:
    """Read back from its document, a result gives the same table, reasons and all."""
    scored = result()
    published = dti.load_result(dti.to_document(scored))

    assert as_printed(published.ranking(nodes=["2", "1"])) == as_printed(scored.ranking(nodes=["2", "1"]))
    with pytest.raises(dti.UnknownCode):
        published.ranking(nodes=["3"])
    with pytest.raises(dti.InvalidArgument):
        published.ranking(language="fr")  # type: ignore[arg-type]


def test_a_published_result_has_the_columns_of_its_result() -> None:
    """Read back from its document, a result gives the same columns, to Arrow as well; a smaller one those it has."""
    scored = result()
    published = dti.load_result(dti.to_document(scored))
    smaller = dti.load_result(dti.to_document(scored, nodes=["2"]))

    assert as_lists(published.columns()) == as_lists(scored.columns())
    assert as_lists(published.columns(["2"], "en")) == as_lists(scored.columns(["2"], "en"))
    assert as_lists(smaller.columns()) == as_lists(scored.columns(["total", "2"]))
    assert np.isnan(published.columns()["total"]).tolist() == [False] * 6
    pyarrow = pytest.importorskip("pyarrow")
    assert pyarrow.table(published).equals(pyarrow.table(scored))
    for asked in ("2", ["3"], [2]):
        with pytest.raises(dti.DTIError):
            published.columns(asked)  # type: ignore[arg-type]
    with pytest.raises(dti.InvalidArgument):
        published.columns(language="fr")  # type: ignore[arg-type]


@settings(max_examples=25)
@given(documents())
def test_any_published_result_has_the_ranking_that_was_published(pair: Any) -> None:
    """Whatever the rubric and the marks, and the columns too."""
    try:
        rubric = dti.load_rubric(pair[0])
        scored = dti.evaluate(rubric, dti.load_marks(pair[1], rubric))
    except dti.InvalidDocument:
        reject()
    published = dti.load_result(dti.to_document(scored))
    nodes = [index.code for index in rubric.indices]

    assert as_printed(published.ranking(nodes=nodes)) == as_printed(scored.ranking(nodes=nodes))
    assert as_lists(published.columns()) == as_lists(scored.columns())
    assert as_lists(published.columns([*scored])) == as_lists(scored.columns([*scored]))
