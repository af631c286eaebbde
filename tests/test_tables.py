"""Tables in and out: dicts, pandas, polars, pyarrow and narwhals, wide and long, with Vietnamese text and nulls."""

import datetime as dt
import sys
import unicodedata
from collections.abc import Callable
from functools import partial
from typing import Any

import attrs
import numpy as np
import pytest
from counting import steps

import dti_core as dti

NAN = float("nan")
Make = Callable[[dict[str, Any]], Any]
HOSTILE = ["<script>alert(1)</script>", '=HYPERLINK("http://x")', "\u202egnol", "dài" * 3000]


def made_by(library: str) -> Make:
    """What makes a table of a library out of a dict of columns."""
    if library == "narwhals":
        from_dict = pytest.importorskip("narwhals").from_dict
        pytest.importorskip("polars")
        return lambda columns: from_dict(columns, backend="polars")
    module = pytest.importorskip(library)
    made: Make = module.table if library == "pyarrow" else module.DataFrame
    return made


LIBRARIES = ["pandas", "polars", "pyarrow", "narwhals"]


def column(table: Any, name: str) -> list[Any]:
    """A column of any table as plain values, every kind of nothing as None."""
    values = table[name]
    values = values.to_pylist() if hasattr(values, "to_pylist") else values.to_list()
    return [None if value is None or value != value else value for value in values]


@pytest.fixture(params=["dict", *LIBRARIES])
def make(request: pytest.FixtureRequest) -> Make:
    """A maker of tables."""
    return dict if request.param == "dict" else made_by(request.param)


def rubric(**others: Any) -> dti.Rubric:
    """Two indices, one of them with two components; made up."""
    services = [dti.Component("2.1", "Hồ sơ trực tuyến", 20), dti.Component("2.2", "Thanh toán", 10)]
    indices = [dti.Index("1", "Nhận thức số", 30), dti.Index("2", "Dịch vụ công", components=services)]
    bands = [dti.Band("tốt", "Tốt", 80), dti.Band("yếu", "Yếu", 0)]
    return dti.Rubric("demo", dti.Label("Ví dụ", "Example"), indices, bands=bands, **others)


WIDE: dict[str, Any] = {
    "unit": ["huế", "đà-lạt"],
    "name": ["Thành phố Huế", None],
    "1": [27.5, 30.0],
    "2.1": [18, 20],
    "2.2": [None, 8.25],
}
TICKS = np.array([[2750, 1800, NAN], [3000, 2000, 825]])
LONG: dict[str, Any] = {
    "unit": ["huế", "đà-lạt", "huế", "đà-lạt", "đà-lạt"],
    "leaf": ["1", "1", "2.1", "2.2", "2.1"],
    "mark": [27.5, 30.0, 18.0, 8.25, 20.0],
}


def problems(call: Callable[[], object]) -> list[str]:
    """What is refused, a line each."""
    with pytest.raises(dti.InvalidDocument) as caught:
        call()
    return [str(problem) for problem in caught.value.problems]


def test_wide_tables_in(make: Make) -> None:
    """Every library's frame of one row per unit gives the same sheet, nulls being missing marks."""
    sheet = dti.MarkSheet.from_table(make(WIDE), rubric(), name="name")

    assert sheet.units == ("huế", "đà-lạt")
    assert sheet.names == (dti.Label("Thành phố Huế"), None)
    assert np.array_equal(sheet.ticks, TICKS, equal_nan=True)


def test_long_tables_in(make: Make) -> None:
    """Every library's frame of one row per unit and leaf gives the sheet that the wide one gives."""
    sheet = dti.MarkSheet.from_table(make(LONG), rubric(), leaf="leaf")

    assert sheet == dti.MarkSheet.from_table(WIDE, rubric())


def test_names_of_units_in_a_long_table(make: Make) -> None:
    """A unit has the name that its rows have; rows that name it otherwise are refused."""
    names = ["Thành phố Huế" if unit == "huế" else None for unit in LONG["unit"]]
    read = dti.MarkSheet.from_table(make(LONG | {"name": names}), rubric(), leaf="leaf", name="name")
    other = [*names[:-1], "Đà Lạt"]
    told = problems(
        lambda: dti.MarkSheet.from_table(LONG | {"name": other}, rubric(), leaf="leaf", name="name")
    )

    assert read == dti.MarkSheet.from_table(WIDE, rubric(), name="name")
    assert "$[4].name (row 6): is not what row 3 has for unit 'đà-lạt'" in told[0]


def test_texts_of_a_long_table_without_pyarrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A frame that could give its texts in Arrow is read as it is where pyarrow is absent."""
    table = pytest.importorskip("pandas").DataFrame(LONG)
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    assert dti.MarkSheet.from_table(table, rubric(), leaf="leaf") == dti.MarkSheet.from_table(WIDE, rubric())


def test_attributes_of_a_long_table_that_are_no_text(make: Make) -> None:
    """Whole numbers beside a leaf are attributes of the unit from every library; lists are refused in words."""
    table = make(LONG | {"people": [3, 7, 3, 7, 7], "parts": [["x"]] * 5})
    sheet = dti.MarkSheet.from_table(table, rubric(), leaf="leaf", attributes=["people"])

    assert sheet.attributes["people"].listed() == [3, 7]
    with pytest.raises(dti.InvalidArgument, match="cannot be a label"):
        dti.MarkSheet.from_table(table, rubric(), leaf="leaf", attributes=["parts"])


def long_with(name: str, of_unit: dict[str, Any]) -> Any:
    """A long data frame with a column of any objects, one for each unit."""
    pandas = pytest.importorskip("pandas")
    column = pandas.Series([of_unit[unit] for unit in LONG["unit"]], dtype=object)
    return pandas.DataFrame(LONG).assign(**{name: column})


def test_attributes_of_several_kinds() -> None:
    """A column of a data frame that holds text and truth values keeps each as it is."""
    table = long_with("kind", {"huế": True, "đà-lạt": "x"})
    sheet = dti.MarkSheet.from_table(table, rubric(), leaf="leaf", attributes=["kind"])

    assert sheet.attributes["kind"].listed() == [True, "x"]


def test_text_that_is_none() -> None:
    """Half a letter in a column of a data frame is refused in words, not by the codec of another library."""
    table = long_with("kind", {"huế": "half \ud83d", "đà-lạt": "x"})
    told = problems(lambda: dti.MarkSheet.from_table(table, rubric(), leaf="leaf", attributes=["kind"]))

    assert "surrogate" in told[0]


def test_attributes_come_from_any_table(make: Make) -> None:
    """Text, truth values and nulls of an attribute mean the same from every library."""
    declared = rubric(attributes={"is_city": {"type": "boolean"}})
    table = make(WIDE | {"is_city": [True, False], "Vùng": ["Trung Bộ", None]})

    sheet = dti.MarkSheet.from_table(table, declared, attributes=["Vùng"])

    assert [sheet.attributes["is_city"].of(row) for row in (0, 1)] == [True, False]
    assert [sheet.attributes["Vùng"].of(row) for row in (0, 1)] == ["Trung Bộ", None]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_headers_match_in_either_normal_form(make: Make, form: Any) -> None:
    """A header typed on a Mac, or broken over two lines, is the header that the caller names."""
    called = {"Điểm 1": "1", "Điểm 2.1": "2.1", "Điểm 2.2": "2.2", "Vùng miền": "region"}
    headers = {
        "Mã đơn vị": WIDE["unit"],
        "Điểm\n1": WIDE["1"],
        "Điểm 2.1 ": WIDE["2.1"],
        "Điểm 2.2": WIDE["2.2"],
        "Vùng miền": ["Trung Bộ", "Tây Nguyên"],
    }
    table = make({unicodedata.normalize(form, header): values for header, values in headers.items()})

    sheet = dti.MarkSheet.from_table(table, rubric(), unit="Mã đơn vị", columns=called, attributes=["region"])

    assert np.array_equal(sheet.ticks, TICKS, equal_nan=True)
    assert sheet.attributes["region"].values == ("Trung Bộ", "Tây Nguyên")


def test_unit_codes_are_normalised() -> None:
    """A unit's code is the same code in either normal form, so decisions on it find it."""
    table = WIDE | {"unit": [unicodedata.normalize("NFD", unit) for unit in WIDE["unit"]]}

    assert dti.MarkSheet.from_table(table, rubric()).units == ("huế", "đà-lạt")


def test_names_in_the_leaf_column_of_a_long_table() -> None:
    """What a long table calls its leaves is told by the same mapping as the headers of a wide one."""
    table = LONG | {"leaf": ["Nhận thức", "Nhận thức", "2.1", "2.2", "2.1"]}

    sheet = dti.MarkSheet.from_table(table, rubric(), leaf="leaf", columns={"Nhận thức": "1"})

    assert sheet == dti.MarkSheet.from_table(WIDE, rubric())


def test_a_leaf_of_a_long_table_may_be_called_as_an_attribute_is() -> None:
    """What stands in the column of leaves is no heading: an attribute of the same name has its own column."""
    table = LONG | {
        "leaf": ["Vùng", "Vùng", "2.1", "2.2", "2.1"],
        "Vùng": ["Bắc", "Nam", "Bắc", "Nam", "Nam"],
    }

    sheet = dti.MarkSheet.from_table(table, rubric(), leaf="leaf", columns={"Vùng": "1"}, attributes=["Vùng"])

    assert np.array_equal(sheet.ticks, TICKS, equal_nan=True)
    assert sheet.attributes["Vùng"].listed() == ["Bắc", "Nam"]


def test_a_number_may_head_a_column_only_when_it_is_mapped() -> None:
    """A header that Excel made a number is refused with the reason, and taken where the caller says what it means."""
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame(WIDE).rename(columns={"2.1": 2.1})

    told = problems(lambda: dti.MarkSheet.from_table(table, rubric()))
    sheet = dti.MarkSheet.from_table(table, rubric(), columns={2.1: "2.1"})

    assert told == [
        "$['2.1']: heads a column as the number 2.1; make the header text (1.10 as a number is 1.1)"
    ]
    assert sheet == dti.MarkSheet.from_table(WIDE, rubric())


@pytest.mark.parametrize("text", ["1.000", "7,5", "12"])
def test_text_is_never_a_number(make: Make, text: str) -> None:
    """Text among marks is refused with its row, its column and what to do, and shown as it is."""
    table = make(WIDE | {"2.1": ["18", text]})

    told = problems(lambda: dti.MarkSheet.from_table(table, rubric()))

    assert told[1] == (
        f"$[1]['2.1'] (row 3, unit 'đà-lạt'): '{text}' is text, and nothing is guessed; "
        "read the column as numbers, naming its decimal mark"
    )


def test_wrong_marks_are_told_by_the_header_of_the_sheet() -> None:
    """A mark above its maximum is told by row and by the header that the person at the sheet sees."""
    table = WIDE | {"Điểm 1": [27.5, 31]}

    told = problems(lambda: dti.MarkSheet.from_table(table, rubric(), columns={"Điểm 1": "1"}))

    assert told == ["$[1]['Điểm 1'] (row 3, unit 'đà-lạt'): is 31; leaf '1' is worth at most 30"]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            WIDE | {"2.1": [True, 1]},
            "$[0]['2.1'] (row 2, unit 'huế'): True is no number; a missing mark is null",
        ),
        (WIDE | {"2.1": [1]}, "$['2.1']: has shape (1,), but there are 2 rows"),
        ({"unit": ["a"], "1": [1], "2.1": [1]}, "$['2.2']: is no column of the table"),
        ({"unit": ["a"], "1": [1], "2.l": [1], "2.2": [1]}, "$['2.1']: is no column of the table"),
        (WIDE | {"unit": ["huế", None]}, "$[1].unit (row 3): text is needed, not None"),
        (WIDE | {"unit": ["huế", 12]}, "$[1].unit (row 3): a code is text"),
        (WIDE | {"name": ["Huế", " "]}, "$[1].name (row 3): is empty"),
        (WIDE | {"name": ["Huế", 5]}, "$[1].name (row 3): text or a Label is needed, not 5"),
        (WIDE | {"1 ": [1, 2]}, "$['1']: heads more than one column"),
    ],
)
def test_wide_tables_are_refused_with_places(table: dict[str, Any], expected: str) -> None:
    """What a wide table gets wrong is told where it stands."""
    told = problems(
        lambda: dti.MarkSheet.from_table(table, rubric(), name="name" if "name" in table else None)
    )

    assert [line for line in told if line.startswith(expected)]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (
            {"leaf": ["1", "1", "2.1", "2.2", "2.3"]},
            "$[4].leaf (row 6): '2.3' is no leaf; did you mean '2.2'?",
        ),
        ({"leaf": ["1", "1", "2.1", "2.2", 2.1]}, "$[4].leaf (row 6): a code is text"),
        (
            {"unit": ["huế", "huế", "huế", "x", "x"]},
            "$[1].leaf (row 3): unit 'huế' has leaf '1' already in row 2",
        ),
        ({"unit": ["huế", None, "huế", "x", "x"]}, "$[1].unit (row 3): text is needed, not None"),
        ({"mark": [1, 2, 3, 4, "7,5"]}, "$[4].mark (row 6, unit 'đà-lạt'): '7,5' is text"),
        (
            {"mark": [1, 2, 3, 10.5, 5]},
            "$[3].mark (row 5, unit 'đà-lạt'): is 10.5; leaf '2.2' is worth at most 10",
        ),
        ({"leaf": ["1"]}, "$.leaf: has 1 rows, but the columns before it have 5"),
        ({"mark": [1, 2, 3]}, "$.mark: has shape (3,), but there are 5 rows"),
        (
            {"Vùng": ["Bắc", "Nam", "Bắc", "Nam", "Bắc"]},
            "$[4]['Vùng'] (row 6): is not what row 3 has for unit 'đà-lạt'",
        ),
    ],
)
def test_long_tables_are_refused_with_places(changed: dict[str, Any], expected: str) -> None:
    """What a long table gets wrong is told by its own row and column."""
    attributes = [name for name in changed if name == "Vùng"]
    told = problems(
        lambda: dti.MarkSheet.from_table(LONG | changed, rubric(), leaf="leaf", attributes=attributes)
    )

    assert any(line.startswith(expected.replace("['Vùng']", ".Vùng")) for line in told), told


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"Điểm": "2.4"}, "$['Điểm']: '2.4' is no leaf and no attribute; did you mean '2.2'?"),
        ({"Điểm": "2"}, "$['Điểm']: '2' is no leaf and no attribute"),
        ({"a": "1", "b": "1"}, "$.b: is a second name for '1'; keep one"),
        ({"Điểm": "1", " Điểm": "2.1"}, "$[' Điểm']: is there twice; a column is read once"),
        ({"Điểm 1": "1"}, "$['Điểm 1']: is no column of the table"),
    ],
)
def test_mappings_are_refused_with_places(columns: dict[str, str], expected: str) -> None:
    """A mapping to what the rubric or the table does not have is refused, and so are two names for one leaf."""
    told = problems(lambda: dti.MarkSheet.from_table(WIDE, rubric(), columns=columns))

    assert any(line.startswith(expected.replace("['Điểm']", ".Điểm")) for line in told), told


def test_a_column_of_texts_is_told_by_its_first_rows() -> None:
    """Of a column that holds no number at all the first fifty rows are told, in their order."""
    table = {"unit": [f"u{row}" for row in range(60)], "1": ["x"] * 60, "2.1": [1] * 60, "2.2": [1] * 60}
    told = problems(lambda: dti.MarkSheet.from_table(table, rubric()))

    assert [line.partition(" (")[0] for line in told] == [f"$[{row}]['1']" for row in range(50)]


def test_a_long_column_of_texts_is_not_read_to_its_end() -> None:
    """Whatever the length of a column that holds no number, refusing it takes the work of its first fifty rows."""

    def refused(rows: int) -> int:
        table = {"unit": [*map(str, range(rows))]} | {leaf: ["x"] * rows for leaf in ("1", "2.1", "2.2")}
        return steps(lambda: problems(lambda: dti.MarkSheet.from_table(table, rubric())))

    assert refused(5000) < 2 * refused(500)


def test_what_is_no_table_is_refused() -> None:
    """Values, rows that are no mappings, and a query not yet run are refused in words."""
    polars, pyarrow = pytest.importorskip("polars"), pytest.importorskip("pyarrow")
    for source in (5, None, "1,2", {1, 2}, polars.Series([1]), pyarrow.array([1]), dict, object()):
        with pytest.raises(dti.InvalidArgument, match="a table is a dict of columns"):
            dti.MarkSheet.from_table(source, rubric())
    with pytest.raises(dti.InvalidArgument, match="collect it first"):
        dti.MarkSheet.from_table(polars.DataFrame(WIDE, strict=False).lazy(), rubric())
    with pytest.raises(
        dti.InvalidArgument, match=r"table\[1\] is no mapping of headings to cells: \['a', 1\]"
    ):
        dti.MarkSheet.from_table([WIDE, ["a", 1]], rubric())
    with pytest.raises(dti.InvalidArgument, match="columns maps codes to values"):
        dti.MarkSheet.from_table(WIDE, rubric(), columns=["1"])  # type: ignore[arg-type]
    with pytest.raises(dti.InvalidArgument, match="the name of a column is text"):
        dti.MarkSheet.from_table(WIDE, rubric(), unit=["unit"])  # type: ignore[arg-type]


def rows_of(columns: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a table, without the cells that hold nothing."""
    rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    return [{name: cell for name, cell in row.items() if cell is not None} for row in rows]


def test_lists_of_rows_in() -> None:
    """A list of rows gives the sheet that its columns give; what a row does not say is missing."""
    assert dti.MarkSheet.from_table(rows_of(WIDE), rubric(), name="name") == dti.MarkSheet.from_table(
        WIDE, rubric(), name="name"
    )
    assert dti.MarkSheet.from_table(rows_of(LONG), rubric(), leaf="leaf") == dti.MarkSheet.from_table(
        WIDE, rubric()
    )
    assert problems(lambda: dti.MarkSheet.from_table([], rubric()))[0].startswith(
        "$.unit: is no column of the table; add it"
    )


class Streamed:
    """What has nothing but an Arrow stream, as the tables of many databases."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


def test_arrow_streams_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever has an Arrow stream is a table, through pyarrow, which is named where it is absent."""
    source = Streamed(pytest.importorskip("pyarrow").table(WIDE))

    assert dti.MarkSheet.from_table(source, rubric()) == dti.MarkSheet.from_table(WIDE, rubric())
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(dti.InvalidArgument, match="install pyarrow"):
        dti.MarkSheet.from_table(source, rubric())


@pytest.mark.parametrize("leaf", [None, "leaf"])
def test_a_roster_names_strangers_and_absentees(leaf: str | None) -> None:
    """With a roster, rows of totals and averages are refused, and units without a row named; order is the table's."""
    table = WIDE if leaf is None else LONG

    advice = "take the row out (a total, an average?), or add it to the roster"
    told = problems(lambda: dti.MarkSheet.from_table(table, rubric(), leaf=leaf, roster=["huế", "vinh"]))
    sheet = dti.MarkSheet.from_table(table, rubric(), leaf=leaf, roster=np.array(["đà-lạt", "huế"]))

    assert told == [
        f"$[1].unit (row 3): 'đà-lạt' is not on the roster; {advice}",
        "$: unit 'vinh' is on the roster and not in the table; add its row",
    ]
    assert sheet.units == ("huế", "đà-lạt")


NOT_ASKED = dti.Exclusion(members=[], treatment="skip", reason="Không đánh giá", basis="1/QĐ")
EXEMPTED = dti.Exclusion(members=[], treatment="full_marks", reason="Thí điểm", basis="2/QĐ")


@pytest.mark.parametrize("leaf", [None, "leaf"])
def test_cells_that_say_not_applicable_become_decisions(make: Make, leaf: str | None) -> None:
    """A cell with a marker is a decision on its leaf and unit; decisions are few, and unused markers harmless."""
    wide = {"unit": ["a", "b", "c"], "1": ["KĐG", "KĐG", "TĐ"], "2.1": [18, 20, 1], "2.2": [None, 8.25, 2]}
    long = {
        "unit": ["a", "b", "c", "a", "b", "c", "b", "c"],
        "leaf": ["1", "1", "1", "2.1", "2.1", "2.1", "2.2", "2.2"],
        "mark": [" KĐG", "KĐG", "TĐ", None, None, None, None, None],
    }
    markers = {"KĐG": NOT_ASKED, "TĐ": EXEMPTED, "không dùng": NOT_ASKED}

    table = make(long if leaf else wide)
    sheet = dti.MarkSheet.from_table(table, rubric(), leaf=leaf, not_applicable=markers)

    assert [(each.members, each.units, each.treatment, each.basis) for each in sheet.exclusions] == [
        (("1",), ("a", "b"), "skip", "1/QĐ"),
        (("1",), ("c",), "full_marks", "2/QĐ"),
    ]
    assert [sheet.of(unit)["1"] for unit in "abc"] == [None, None, None]
    total = dti.evaluate(rubric(), sheet).total.applicable
    assert total.tolist() == [30, 30, 60]


def test_markers_are_refused_where_they_make_no_sense() -> None:
    """Text that is no marker is refused as ever; so are markers in a column of bonus, and decisions with members."""
    indices = [
        dti.Index("1", "Một", 30),
        dti.Index("T", "Thưởng", components=[dti.Component("T.1", "t", 5, role="bonus")]),
    ]
    bonus = dti.Rubric("b", "Ví dụ", indices)
    table = {"unit": ["a", "b"], "1": ["KĐG", "EX"], "T.1": [1, "KĐG"]}

    assert problems(lambda: dti.MarkSheet.from_table(table, bonus, not_applicable={"KĐG": NOT_ASKED})) == [
        (
            "$[1]['1'] (row 3, unit 'b'): 'EX' is text, and nothing is guessed; "
            "read the column as numbers, naming its decimal mark"
        )
    ]
    both = {"KĐG": NOT_ASKED, "EX": NOT_ASKED}
    assert problems(lambda: dti.MarkSheet.from_table(table, bonus, not_applicable=both)) == [
        (
            "$[1]['T.1'] (row 3, unit 'b'): 'KĐG': bonus, penalty and stand-by leaves are never excluded; "
            "leave the cell empty"
        )
    ]
    wrong: list[Any] = [EXCUSED, attrs.evolve(NOT_ASKED, units=["a"]), "skip", None]
    for decision in wrong:
        with pytest.raises(
            dti.InvalidArgument, match="an Exclusion with empty members and no units is needed"
        ):
            dti.MarkSheet.from_table(WIDE, rubric(), not_applicable={"KĐG": decision})


def test_a_heading_serves_one_leaf() -> None:
    """Criteria renumbered since last year are read once each: a heading read as another code is not read as its own."""
    renumbered = dti.Rubric("r", "T", [dti.Index(code, "x", 30) for code in "123"])
    last_year = {"unit": ["a"], "1": [1], "2": [2], "3": [3]}

    told = problems(lambda: dti.MarkSheet.from_table(last_year, renumbered, columns={"1": "2", "2": "3"}))
    named = dti.MarkSheet.from_table(last_year, renumbered, columns={"1": "2", "2": "3", "3": "1"})
    long = {"unit": ["a"] * 2, "leaf": ["1", "2"], "mark": [1, 2]}
    again = dti.MarkSheet.from_table(long, renumbered, leaf="leaf", columns={"1": "2", "2": "3"})

    assert told == ["$['1']: has no column: the one of this name is read as '2'; name its column in columns"]
    assert named.of("a") == {"1": 3, "2": 1, "3": 2}
    assert again.of("a") == {"1": None, "2": 1, "3": 2}


def test_units_in_the_index_are_named() -> None:
    """A frame whose index has the units is refused with the way to make a column of it."""
    frame = pytest.importorskip("pandas").DataFrame(WIDE).set_index("unit")

    assert problems(lambda: dti.MarkSheet.from_table(frame, rubric())) == [
        "$.unit: is no column of the table, but the table has an index; reset_index() makes it a column"
    ]


def test_dates_among_marks_are_told_from_excel() -> None:
    """A date in a cell of marks is refused with what made it one."""
    pandas = pytest.importorskip("pandas")
    for day in (dt.date(2024, 5, 22), pandas.Timestamp("2024-05-22"), np.datetime64("2024-05-22")):
        table = WIDE | {"1": [1, day]}
        told = problems(partial(dti.MarkSheet.from_table, table, rubric()))
        assert "is a date; Excel turns 22.5 into one" in told[0]


def test_what_a_declaration_allows_is_named() -> None:
    """A value that an attribute may not have is refused with those that it may have."""
    attributes: Any = {
        "yes": {"type": "boolean"},
        "level": {"enum": ["sở", "xã"]},
        "people": {"type": "integer", "minimum": 1},
    }
    table = WIDE | {"yes": [1, True], "level": ["sở", "Xã"], "people": [0, 2.5]}

    refusal = "which the rubric's declaration does not allow; it allows"
    assert problems(lambda: dti.MarkSheet.from_table(table, rubric(attributes=attributes))) == [
        f"$.units[{row}].attributes.{name} (unit '{WIDE['unit'][row]}'): is {value}, {refusal} {allowed}"
        for row, name, value, allowed in (
            (0, "yes", "1", "true or false"),
            (1, "level", "'Xã'", "'sở', 'xã'"),
            (0, "people", "0", "values within its bounds"),
            (1, "people", "2.5", "a whole number"),
        )
    ]


def test_a_truth_where_words_are_allowed_is_told_as_one() -> None:
    """A truth value is named as documents write it."""
    table = WIDE | {"level": [True, "v"], "kind": ["w", False]}
    attributes: Any = {"level": {"enum": ["v"]}, "kind": {"enum": ["w"]}}

    told = problems(partial(dti.MarkSheet.from_table, table, rubric(attributes=attributes)))

    assert ["is true, " in told[0], "is false, " in told[1], len(told)] == [True, True, 2]


def test_ten_of_many_allowed_values_are_named() -> None:
    """Of a long list of values that an attribute may have, the refusal names ten; of a list of ten all."""
    for count, rest in ((10, ""), (11, ", …")):
        attributes: Any = {"level": {"enum": [f"v{at}" for at in range(count)]}}
        table = WIDE | {"level": ["v0", "w"]}

        (told,) = problems(partial(dti.MarkSheet.from_table, table, rubric(attributes=attributes)))

        assert told.endswith("it allows " + ", ".join(f"'v{at}'" for at in range(10)) + rest)


def test_what_is_wrong_with_a_mark_is_said() -> None:
    """On a scale of levels from 1 to 5 a mark of 0 is too low, −1 negative, 6 too high, and 2.5 no level."""
    rules = dti.Rubric("scale", "Ví dụ", [dti.Index("1", "Một", 10, mark_min=1, mark_max=5)], mark_decimals=0)
    table = {"unit": [*"abcdef"], "1": [0, -1, 6, 2.5, 1, 5]}

    told = problems(lambda: dti.MarkSheet.from_table(table, rules))

    assert [line.partition("is ")[2] for line in told] == [
        "0; leaf '1' is marked from 1 on",
        "−1; a mark is at least 0",
        "6; leaf '1' is marked up to 5",
        "2.5, more than 0 decimals; round it (a table takes rounding='half_up')",
    ]


@pytest.mark.parametrize(("wrong", "more"), [(49, []), (50, [1]), (75, [26])])
def test_of_many_wrong_marks_the_first_are_told(wrong: int, more: list[int]) -> None:
    """49 wrong marks are named, in the order of the table, and the others counted."""
    marks = {"1": [1] * (80 - wrong) + [-1] * wrong, "2.1": [0] * 80, "2.2": [0] * 80}
    table = {"unit": [f"u{row}" for row in range(80)]} | marks

    told = problems(lambda: dti.MarkSheet.from_table(table, rubric()))

    first = 80 - wrong
    assert [line.partition(" ")[0] for line in told[:49]] == [f"$[{first + at}]['1']" for at in range(49)]
    assert told[49:] == [f"$: {count} more marks are wrong" for count in more]


def test_rounding_and_short_floats_pass_through() -> None:
    """A column of 32-bit floats means the decimals it prints, and rounding takes what has too many."""
    short = WIDE | {"1": np.array([27.1, 29.3], dtype=np.float32)}
    fine = LONG | {"mark": [27.505, 30.0, 18.0, 8.25, 20.0]}

    assert dti.MarkSheet.from_table(short, rubric()).ticks[:, 0].tolist() == [2710, 2930]
    rounded = dti.MarkSheet.from_table(fine, rubric(), leaf="leaf", rounding="half_up")
    assert rounded.ticks[0, 0] == 2751


def test_marks_of_many_digits() -> None:
    """Columns of doubles are read as such, also beside one of short floats, where 1234567.89 has too many digits."""
    rules = dti.Rubric("large", "Ví dụ", [dti.Index("1", "Một", 10**7), dti.Index("2", "Hai", 10)])
    table = {"unit": ["a"], "1": np.array([1234567.89]), "2": np.array([2.5])}
    beside = table | {"2": np.array([2.5], dtype=np.float32)}

    for columns in (table, beside):
        assert dti.MarkSheet.from_table(columns, rules).ticks.tolist() == [[123456789, 250]]


def test_decimals_of_any_library() -> None:
    """Exact decimals of a database are marks as they are."""
    pyarrow = pytest.importorskip("pyarrow")
    table = pyarrow.table(WIDE)
    exact = table["1"].cast(pyarrow.decimal128(5, 2))

    sheet = dti.MarkSheet.from_table(table.set_column(2, "1", exact), rubric())

    assert sheet.ticks[:, 0].tolist() == [2750, 3000]


def scored(**others: Any) -> dti.Result:
    """The table above, evaluated."""
    return dti.evaluate(rubric(), dti.MarkSheet.from_table(WIDE, rubric(), name="name", **others))


EXCUSED = dti.Exclusion(members=["1"], units=["huế"], treatment="skip", reason="Không áp dụng", basis="1/QĐ")


@pytest.mark.parametrize("library", LIBRARIES)
def test_wide_tables_out(library: str) -> None:
    """Every library takes the columns as they are; 45.5 of 60 and 58.25 of 60 are 75.83 and 97.08 percent."""
    table = made_by(library)(scored().columns())

    assert column(table, "unit") == ["huế", "đà-lạt"]
    assert column(table, "name") == ["Thành phố Huế", "đà-lạt"]
    assert column(table, "total") == [45.5, 58.25]
    assert column(table, "total.rank") == [2, 1]
    assert column(table, "total.grade") == ["yếu", "tốt"]


@pytest.mark.parametrize("library", LIBRARIES)
def test_nulls_out(library: str) -> None:
    """A node without an applicable maximum is null in every library: NaN as a number, None as a grade, rank 0."""
    table = made_by(library)(scored(exclusions=[EXCUSED]).columns(["1"]))

    assert column(table, "1") == [None, 30]
    assert column(table, "1.grade") == [None, "tốt"]
    assert column(table, "1.rank") == [0, 1]


@pytest.mark.parametrize("library", LIBRARIES)
def test_long_tables_out(library: str) -> None:
    """The long form has a row for each unit and node, with everything that stands beside a score."""
    table = made_by(library)(scored(exclusions=[EXCUSED]).columns(["total", "1"], "en", "long"))

    assert column(table, "unit") == ["huế", "huế", "đà-lạt", "đà-lạt"]
    assert column(table, "node") == ["total", "1", "total", "1"]
    assert column(table, "title") == ["Total", "Nhận thức số", "Total", "Nhận thức số"]
    assert column(table, "published") == [36, None, 58.25, 30]
    assert column(table, "points") == [18, 0, 58.25, 30]
    assert column(table, "applicable") == [30, 0, 60, 30]
    assert column(table, "rate") == [0.6, None, pytest.approx(58.25 / 60), 1]
    assert column(table, "score") == [36, None, 58.25, 30]
    assert column(table, "rank") == [2, 0, 1, 1]
    assert column(table, "of") == [2, 0, 2, 1]
    assert column(table, "grade") == ["yếu", None, "tốt", "tốt"]
    assert column(table, "completeness") == [pytest.approx(20 / 30), None, 1, 1]
    assert column(table, "coverage") == [pytest.approx(20 / 60), 0, 1, 1]


def test_marks_go_out_long_and_come_back() -> None:
    """The points of all leaves, written long, read back as the same marks."""
    table = scored().columns(rubric().tree.leaves, shape="long")
    missing = (table["unit"] == "huế") & (table["node"] == "2.2")
    table["points"] = np.where(missing, NAN, table["points"])

    again = dti.MarkSheet.from_table(table, rubric(), leaf="node", mark="points")

    assert again == dti.MarkSheet.from_table(WIDE, rubric())


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow", "narwhals"])
def test_a_result_is_an_arrow_stream(library: str) -> None:
    """Arrow libraries take the result itself, its nulls being Arrow's own."""
    pyarrow = pytest.importorskip("pyarrow")
    module = pytest.importorskip(library)
    result = scored(exclusions=[EXCUSED])

    if library == "pandas":
        table = module.DataFrame.from_arrow(result)
    elif library == "narwhals":
        table = module.DataFrame.from_arrow(result, backend="polars")
    else:
        table = (module.table if library == "pyarrow" else module.DataFrame)(result)

    assert pyarrow.table(result)["1"].null_count == 1
    assert pyarrow.table(result)["1.rank"].to_pylist() == [None, 1]
    assert column(table, "1") == [None, 30]
    assert column(table, "name") == ["Thành phố Huế", "đà-lạt"]


def test_arrow_stream_without_pyarrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pyarrow the error says what to install and what to do instead."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(ModuleNotFoundError, match=r"needs pyarrow; install it, or pass on the columns"):
        scored().__arrow_c_stream__()


@pytest.mark.parametrize("library", LIBRARIES)
def test_hostile_labels_pass_unchanged(library: str) -> None:
    """A label that means harm to a browser or a spreadsheet is text here, neither run nor cut nor changed."""
    units = [f"u{at}" for at in range(len(HOSTILE))]
    table = {"unit": units, "name": HOSTILE} | {leaf: [1] * len(units) for leaf in rubric().tree.leaves}
    result = dti.evaluate(rubric(), dti.MarkSheet.from_table(table, rubric(), name="name"))

    assert column(made_by(library)(result.columns()), "name") == HOSTILE
    assert column(made_by(library)(result.columns(["total"], shape="long")), "name") == HOSTILE


def test_a_node_cannot_take_the_place_of_a_column() -> None:
    """A node whose code is a column's name is refused in the wide form, never silently put over it."""
    odd = dti.Rubric("demo", "Ví dụ", [dti.Index("unit", "Đơn vị", 10)])
    result = dti.evaluate(odd, dti.MarkSheet.from_array([[5]], odd, units=["a"]))

    with pytest.raises(dti.InvalidArgument, match="the column 'unit' would hold two things"):
        result.columns()
    assert result.columns(shape="long")["node"].tolist() == ["total", "unit"]


@pytest.mark.parametrize("wrong", [{"nodes": "total"}, {"shape": "tall"}])
def test_columns_refuses_what_it_does_not_take(wrong: dict[str, Any]) -> None:
    """One code where a list belongs, or a shape that is none, is refused in words."""
    with pytest.raises(dti.InvalidArgument, match=r"nodes is a list of codes|shape is one of 'wide', 'long'"):
        scored().columns(**wrong)


def test_an_empty_sheet_has_typed_columns() -> None:
    """A sheet without units gives tables with all their columns and no rows."""
    result = dti.evaluate(rubric(), dti.MarkSheet.from_array([], rubric(), units=[]))

    for table in (result.columns(), result.columns(shape="long"), result.exclusions()):
        assert {len(values) for values in table.values()} == {0}
    assert result.exclusions()["reason"].dtype.kind == "U"


def standby() -> dti.Rubric:
    """A rule of each treatment and a stand-by leaf; made up."""
    parts = [
        dti.Component("1.1", "Họp", 20),
        dti.Component("1.2", "Chuyên mục", 10),
        dti.Component("1.9", "Dự phòng", 10, role="standby"),
    ]
    indices = [dti.Index("1", "Nhận thức số", components=parts), dti.Index("2", "Dịch vụ công", 20)]
    common: dict[str, Any] = {"reason": dti.Label("Lý do", "A reason"), "basis": "Điều 5"}
    rules = [
        dti.ExclusionRule(code="no-2", members=["2"], treatment="skip", when={"level": "sở"}, **common),
        dti.ExclusionRule(
            code="swap", members=["1.2"], treatment="substitute", by="1.9", when={"level": "xã"}, **common
        ),
        dti.ExclusionRule(code="never", members=["1"], treatment="skip", when={"level": "bộ"}, **common),
    ]
    return dti.Rubric("demo", "Ví dụ", indices, exclusions=rules, attributes={"level": {"type": "string"}})


def decided() -> dti.Result:
    """Three units under those rules, with decisions for and against, and marks that do not count."""
    common: dict[str, Any] = {"reason": "Quyết định", "basis": "2/QĐ"}
    table = {
        "unit": ["a", "b", "c"],
        "level": ["sở", "xã", "sở"],
        "1.1": [20, 10, 4],
        "1.2": [5, 6, None],
        "1.9": [7, 8, None],
        "2": [15, 20, 11],
    }
    decisions = [
        dti.Exclusion(members=["1.1"], treatment="full_marks", **common),
        dti.Exclusion(members=["1.1"], units=["b"], treatment="full_marks", **common),
        dti.Exclusion(members=["2"], units=["c"], treatment="count", **common),
    ]
    own = {"c": (dti.Exclusion(members=["1.2"], treatment="skip", **common),)}
    sheet = dti.MarkSheet.from_table(table, standby(), exclusions=decisions, unit_exclusions=own)
    return dti.evaluate(standby(), sheet)


def lines(table: dict[str, Any], *names: str) -> list[tuple[Any, ...]]:
    """Rows of a table, NaN as None."""
    cells = [[None if value != value else value for value in table[name].tolist()] for name in names]
    return list(zip(*cells, strict=True))


def test_exclusions_say_what_did_not_count() -> None:
    """Each unit, leaf and source has its row, agreeing sources each their own, with the mark that was ignored.

    Unit a's mark of 7 on the stand-by leaf, which stands in for nothing there, is told as well.
    """
    table = decided().exclusions()

    assert lines(table, "unit", "leaf", "treatment", "by", "source", "rule", "ignored") == [
        ("a", "1.1", "full_marks", None, "round", None, 20),
        ("a", "1.9", "standby", None, "rubric", None, 7),
        ("a", "2", "skip", None, "rule", "no-2", 15),
        ("b", "1.1", "full_marks", None, "round", None, 10),
        ("b", "1.1", "full_marks", None, "round", None, 10),
        ("b", "1.2", "substitute", "1.9", "rule", "swap", 6),
        ("c", "1.1", "full_marks", None, "round", None, 4),
        ("c", "1.2", "skip", None, "unit", None, None),
        ("c", "2", "count", None, "round", None, None),
    ]


def test_exclusions_say_what_a_decision_overrides() -> None:
    """The decision that counts leaf 2 for unit c names the rule it overrides; nothing else overrides one."""
    table = decided().exclusions()

    assert [line for line in lines(table, "unit", "leaf", "overrules") if line[2]] == [("c", "2", "no-2")]


def test_exclusions_of_one_unit_are_those_of_all() -> None:
    """Asking for a unit gives its rows of the whole table, in the language asked for; an unknown unit is refused."""
    result = decided()
    table = result.exclusions("b", "en")

    assert lines(table, "unit", "leaf", "reason", "basis") == [
        ("b", "1.1", "Quyết định", "2/QĐ"),
        ("b", "1.1", "Quyết định", "2/QĐ"),
        ("b", "1.2", "A reason", "Điều 5"),
    ]
    with pytest.raises(dti.UnknownCode):
        result.exclusions("x")


@pytest.mark.parametrize("library", LIBRARIES)
def test_exclusions_out(library: str) -> None:
    """Every library takes the table of exclusions as it is."""
    table = made_by(library)(decided().exclusions())

    assert column(table, "rule") == [None, None, "no-2", None, None, "swap", None, None, None]
    assert column(table, "ignored") == [20, 7, 15, 10, 10, 6, 4, None, None]


def test_exclusion_totals() -> None:
    """Each rule and decision with the units and leaves it decided and what it took out of the maxima.

    The skip of leaf 2 (20 points) holds for unit a alone, as a decision counts it for c; the unit's own skip takes
    out the 10 points of 1.2; full marks and replacement take out nothing; the last rule met nobody.
    """
    assert lines(
        decided().exclusion_totals(), "source", "rule", "treatment", "units", "leaves", "points"
    ) == [
        ("rule", "no-2", "skip", 1, 1, 20),
        ("rule", "swap", "substitute", 1, 1, 0),
        ("rule", "never", "skip", 0, 0, 0),
        ("round", None, "full_marks", 3, 1, 0),
        ("round", None, "full_marks", 1, 1, 0),
        ("round", None, "count", 1, 1, 0),
        ("unit", None, "skip", 1, 1, 10),
    ]


def test_exclusions_of_many_units_take_no_step_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines of a pattern are written once, however many units share it."""
    told: list[dti.Label] = []
    text = dti.Label.text

    def counted(label: dti.Label, language: Any) -> str:
        told.append(label)
        return text(label, language)

    monkeypatch.setattr(dti.Label, "text", counted)
    count = 5000
    columns = {"unit": [f"u{at}" for at in range(count)], "level": ["sở"] * count}
    table = columns | {leaf: np.full(count, 5) for leaf in standby().tree.leaves}
    result = dti.evaluate(standby(), dti.MarkSheet.from_table(table, standby()))

    assert len(result.exclusions()["unit"]) == 2 * count
    assert lines(result.exclusion_totals(), "units", "points")[0] == (count, 20 * count)
    assert len(told) < 10


def test_names_in_two_languages() -> None:
    """A name is a text, a label, or an object of both languages; an empty one is refused at its unit."""
    one = dti.Rubric("demo", "Ví dụ", [dti.Index("1", "Một", 10)])

    def named(*names: Any) -> dti.MarkSheet:
        units = [f"u{at}" for at in range(len(names))]
        return dti.MarkSheet.from_array([[1]] * len(names), one, units=units, names=names)

    assert named({"vi": "Huế", "en": "Hue"}, "Huế").names == (dti.Label("Huế", "Hue"), dti.Label("Huế"))
    assert problems(lambda: named("Huế", {"vi": ""})) == ["$.units[1].name: is empty"]
