"""The programs of examples/ do what their pages say; all they work on is made up."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import made_up
import pytest

import dti_core as dti

HOSTILE = '=HYPERLINK("http://x")'


@pytest.fixture(scope="module")
def batched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the batch job ran; one of the units has a formula for a name."""
    pytest.importorskip("openpyxl")
    pytest.importorskip("pyarrow")
    import batch

    folder = tmp_path_factory.mktemp("batch")
    documents = made_up.documents(dti.load_rubric(made_up.RUBRIC))
    documents[15]["units"][0]["name"] = HOSTILE
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "documents", lambda _: documents)
        batch.main(folder)
    return folder


def marks_of(folder: Path, unit: str) -> dict[str, Decimal]:
    """The marks in a unit's file, exactly as they are written there."""
    document = json.loads(
        (folder / f"{unit}.json").read_text("utf-8"), parse_float=Decimal, parse_int=Decimal
    )
    marks: dict[str, Decimal] = document["units"][0]["marks"]
    return marks


def test_parquet_is_exact(batched: Path) -> None:
    """In the Parquet file a sum of decimals is that decimal, and whoever has no rank has null."""
    import pyarrow.parquet as pq

    rows = {row["unit"]: row for row in pq.read_table(batched / "results.parquet").to_pylist()}
    marks, remote = marks_of(batched, "u01"), marks_of(batched, "u20")
    converted = Fraction(sum(remote.values()) - remote["2.2"]) / 90 * 100  # 2.2, of 10, does not apply to it

    assert len(rows) == 63
    assert rows["u01"]["total"] == sum(marks.values())
    assert rows["u01"]["1.points"] == marks["1.1"] + marks["1.2"]
    assert rows["u20"]["total"] == Decimal(int(converted * 100 + Fraction(1, 2))) / 100
    assert [unit for unit, row in rows.items() if row["total.rank"] is None] == ["u63"]


def sheet(folder: Path) -> Any:
    """The worksheet as a reader finds it."""
    import openpyxl

    return openpyxl.load_workbook(folder / "ranking.xlsx").active


def test_workbook_is_in_the_order_of_publication(batched: Path) -> None:
    """Wards, then communes, best first under a line that names them; last who has no rank, with the reason."""
    page = sheet(batched)
    rows = list(page.iter_rows(min_row=7, values_only=True))
    lines = [row[0] for row in rows if isinstance(row[0], str)]
    wards = rows[1 : 1 + made_up.WARDS]

    assert lines == ["Khối phường", "Khối xã", "Đơn vị không xếp hạng"]
    assert [row[0] for row in wards] == sorted(row[0] for row in wards)
    assert [row[2] for row in wards] == sorted((row[2] for row in wards), reverse=True)
    assert rows[-1][:2] == (None, "Xã Ví Dụ 63")
    assert rows[-1][-1] == "Sáp nhập trong năm (02/QĐ-VD)"


def test_workbook_is_laid_out(batched: Path) -> None:
    """Numbers are numbers with two decimals; headings span their columns and come again on every page of A4."""
    page = sheet(batched)
    merged = {str(place) for place in page.merged_cells.ranges}

    assert [page.cell(5, column).value for column in (1, 4, 6)] == ["Hạng", "Nhận thức số", "Hạ tầng số"]
    assert {"A1:K1", "A5:A6", "D5:E5", "F5:G5", "A7:K7"} <= merged
    assert (type(page["C8"].value), page["C8"].number_format) == (float, "0.00")
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert page.print_title_rows == "$5:$6"
    assert page.sheet_properties.pageSetUpPr.fitToPage


def test_workbook_runs_no_label(batched: Path) -> None:
    """A unit that calls itself a formula is printed so, and stays text even where its cell is edited."""
    (cell,) = [row[1] for row in sheet(batched).iter_rows() if row[1].value == HOSTILE]

    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_batch_tells_what_is_wrong_in_any_file(tmp_path: Path) -> None:
    """Of 63 files the problems of all are told at once, in Vietnamese, each under the name of its file."""
    pytest.importorskip("openpyxl")
    pytest.importorskip("pyarrow")
    import batch

    rubric = dti.load_rubric(made_up.RUBRIC)
    for document in made_up.documents(rubric)[:3]:
        unit = document["units"][0]
        unit["marks"]["3"] += 50 * (unit["code"] != "u02")
        (tmp_path / f"{unit['code']}.json").write_text(json.dumps(document), "utf-8")

    with pytest.raises(SystemExit) as refused:
        batch.read(sorted(tmp_path.iterdir()), rubric)

    told = str(refused.value)
    assert [name in told for name in ("u01.json", "u02.json", "u03.json")] == [True, False, True]
    assert told.count("tối đa 50 điểm") == 2


def in_javascript(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """What a program did in a folder."""
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, encoding="utf-8")


def test_another_language_reads_a_result(tmp_path: Path) -> None:
    """JavaScript finds the hashes of rubric, marks and result that the library gives, and prints the ranking."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not there")
    rubric = dti.load_rubric(made_up.RUBRIC)
    marks = dti.MarkSheet.concat([dti.load_marks(each, rubric) for each in made_up.documents(rubric)[10:30]])
    result = dti.evaluate(rubric, marks)
    things: dict[str, Any] = {"result.json": result, "rubric.json": rubric, "marks.json": marks}
    for name, thing in things.items():
        (tmp_path / name).write_text(json.dumps(dti.to_document(thing)), "utf-8")
    command = [node, str(made_up.RUBRIC.with_name("check_result.mjs")), *things]

    printed = in_javascript(command, tmp_path).stdout.splitlines()
    edited = (tmp_path / "marks.json").read_text("utf-8").replace('"3": ', '"3": 1', 1)
    (tmp_path / "marks.json").write_text(edited, "utf-8")
    refused = in_javascript(command, tmp_path)

    rows = result.ranking(language="en").rows
    assert printed[0] == dti.sha256(result)
    assert [line for line in printed[1:] if line[0].isdigit()] == [
        f"{row['rank']} {row['name']} {row['printed']}" for row in rows
    ]
    assert (refused.returncode, refused.stderr[:6]) == (1, "marks:")


@pytest.fixture
def session() -> Iterator[Any]:
    """An empty database, with the marks of six made-up units in its rows."""
    pytest.importorskip("sqlalchemy")
    import store
    from sqlalchemy import create_engine
    from sqlalchemy.orm import Session

    engine = create_engine("sqlite://")
    store.Base.metadata.create_all(engine)
    with Session(engine) as opened:
        for document in made_up.documents(dti.load_rubric(made_up.RUBRIC))[14:20]:
            (unit,) = document["units"]
            marks = [store.Mark(leaf=leaf, mark=Decimal(str(mark))) for leaf, mark in unit["marks"].items()]
            opened.add(
                store.Unit(code=unit["code"], name=unit["name"], attributes=unit["attributes"], marks=marks)
            )
        opened.flush()
        yield opened
    engine.dispose()


def test_database_keeps_marks_exact(session: Any) -> None:
    """Decimals go into rows and come out as the same decimals; a decision in a row counts; no mark is no zero."""
    import store

    rubric = dti.load_rubric(made_up.RUBRIC)
    session.get_one(store.Mark, ("u15", "3")).mark = Decimal("33.33")
    session.get_one(store.Mark, ("u16", "3")).mark = None
    skip = {
        "members": ["2.1"],
        "units": ["u17"],
        "treatment": "skip",
        "reason": "Giả định",
        "basis": "03/QĐ-VD",
    }
    session.add(store.Decided(exclusion=skip))
    session.flush()

    marks = store.sheet(session, rubric)

    assert marks.of("u15")["3"] == 33.33
    assert marks.of("u16")["3"] is None
    assert dti.evaluate(rubric, marks).total.applicable.tolist() == [100, 100, 80, 100, 100, 90]


def published_twice(session: Any) -> tuple[str, str]:
    """What was published, and what is published after one mark was amended in its row; the hashes."""
    import store

    rubric = dti.load_rubric(made_up.RUBRIC)
    first = store.publish(session, dti.evaluate(rubric, store.sheet(session, rubric)), "15/QĐ-VD")
    session.get_one(store.Mark, ("u20", "1.1")).mark = Decimal(0)
    session.flush()
    second = store.publish(session, dti.evaluate(rubric, store.sheet(session, rubric)), "16/QĐ-VD")
    session.commit()
    return first.result, second.result


def test_database_compares_what_was_published(session: Any) -> None:
    """An amendment leaves what was published before as it was, and the movement says who moved."""
    import store

    (unit,) = made_up.documents(dti.load_rubric(made_up.RUBRIC))[19]["units"]

    old, new = (store.read(session, sha256) for sha256 in published_twice(session))

    assert {unit for unit in old.units if old.marks.of(unit) != new.marks.of(unit)} == {"u20"}
    assert (old.marks.of("u20")["1.1"], new.marks.of("u20")["1.1"]) == (unit["marks"]["1.1"], 0)
    assert "Xã Ví Dụ 20" in dti.analysis.movement(old, new).text("vi")


def test_database_finds_a_result_in_the_place_of_another(session: Any) -> None:
    """A sound result under the hash of another, its rubric and marks beside it, is not taken for that other."""
    import store

    first, second = published_twice(session)
    session.get_one(store.Document, first).text = session.get_one(store.Document, second).text

    with pytest.raises(store.Tampered):
        store.read(session, first)


@pytest.mark.parametrize("kind", ["result", "rubric", "marks"])
def test_database_shows_nothing_that_was_changed(session: Any, kind: str) -> None:
    """Whoever writes another number or title into a stored document is found out when it is read."""
    import store

    rubric = dti.load_rubric(made_up.RUBRIC)
    result = dti.evaluate(rubric, store.sheet(session, rubric))
    published = store.publish(session, result, "15/QĐ-VD")
    session.flush()
    hashes = {"result": published.result, "rubric": dti.sha256(rubric), "marks": dti.sha256(result.marks)}
    stored = session.get_one(store.Document, hashes[kind])
    assert store.read(session, published.result).units == result.units

    stored.text = stored.text.replace("Xuất sắc" if kind == "rubric" else "Ví Dụ 15", "Khác")

    with pytest.raises(store.Tampered):
        store.read(session, published.result)
