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

PAGE = Path(__file__).parents[1] / "docs" / "embedding" / "service.md"
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


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Any]:
    """The service over a database of its own, with a round of three wards."""
    for library in ("fastapi", "httpx2", "sqlalchemy"):
        pytest.importorskip(library)
    import service
    from fastapi.testclient import TestClient

    app = service.made_up_service(f"sqlite:///{tmp_path / 'round.db'}", units=3)
    with TestClient(app, headers={"X-User": "council"}) as client:
        yield client
    app.state.engine.dispose()


def made(client: Any, unit: str, move: dict[str, Any], user: str = "council") -> Any:
    """The answer to a move of a unit."""
    return client.post(f"/units/{unit}/moves", json=move, headers={"X-User": user})


EVIDENCE = {"title": "Kế hoạch năm", "number": "01/KH-VD", "date": "2024-02-01"}
SELF: dict[str, dict[str, Any]] = {
    "1.1": {"points": 12.5, "evidence": [EVIDENCE]},
    "1.2": {"points": 5},
    "2.1": {"points": 20},
    "2.2": {"points": 10},
    "3": {"points": 40, "explanation": "Theo sổ theo dõi"},
}
APPRAISED = {"u01": 38.25, "u02": 27.5, "u03": 40}


def publish(client: Any) -> Any:
    """The round of the three wards from self-score to publication; of each the council appraises leaf 3 by itself."""
    for unit, points in APPRAISED.items():
        marks = {leaf: {"appraised": entry["points"]} for leaf, entry in SELF.items()}
        marks["3"] = {"appraised": points, "reason": "Theo số liệu của cổng dịch vụ công"}
        assert made(client, unit, {"move": "mark", "entries": SELF}, unit).json()["state"] == "open"
        assert made(client, unit, {"move": "submit"}, unit).json()["state"] == "submitted"
        assert made(client, unit, {"move": "lock"}).json()["state"] == "locked"
        assert made(client, unit, {"move": "appraise", "entries": marks}).json()["state"] == "appraised"
    return client.post("/publications", json={"number": "15/QĐ-VD"})


def test_service_says_what_is_wrong_in_vietnamese(served: Any) -> None:
    """A move that is wrong changes nothing: 422 with every place, its rule, and a sentence, as the page shows it."""
    sent = {"move": "mark", "entries": {"1.1": {"points": 99}, "3": {"points": 51}}}

    marked, submitted = made(served, "u01", sent, "u01"), made(served, "u01", {"move": "submit"}, "u01")
    problems = marked.json()["problems"]

    assert (marked.status_code, submitted.status_code) == (422, 200)
    assert [problem["path"] for problem in problems] == ["$.entries['1.1'].points", "$.entries['3'].points"]
    assert json.dumps(problems[0]["message"], ensure_ascii=False) in PAGE.read_text("utf-8")


def test_service_knows_who_asks(served: Any) -> None:
    """A unit moves itself alone, and makes no move of the council, whatever it says of itself."""
    lock = {"move": "lock", "by": "council", "role": "council"}

    assert made(served, "u02", {"move": "submit"}, "u01").status_code == 403
    assert made(served, "u01", lock, "u01").json()["problems"][0]["path"] == "$.role"
    assert made(served, "u99", lock).status_code == 404
    assert served.post("/publications", json={}, headers={"X-User": "u01"}).status_code == 403


def test_service_takes_no_broken_body(served: Any) -> None:
    """What is no JSON object, gives a key twice or is too long is refused before anything looks at it."""
    bodies = {
        "key twice": b'{"move": "submit", "move": "lock"}',
        "too deep": b"[" * 100_000,
        "no object": b"[]",
        "no text": b"\xff",
        "too long": b'{"move": "' + b"x" * 200_000 + b'"}',
    }

    refusals = {
        name: served.post("/units/u01/moves", content=body).status_code for name, body in bodies.items()
    }

    assert refusals == {**dict.fromkeys(bodies, 400), "too long": 413}


def test_service_publishes(served: Any) -> None:
    """Three wards from self-score to publication: the table, and an explanation, of the marks that were appraised."""
    published = publish(served).json()
    rows = served.get(f"/publications/{published['number']}/ranking").json()
    explained = served.get(f"/publications/{published['number']}/units/u02").json()

    # 12.5 + 5 + 20 + 10 = 47.5 of leaf 1 and 2, and what was appraised of leaf 3
    assert [(row["rank"], row["unit"], row["printed"]) for row in rows] == [
        (1, "u03", "87,50"),
        (2, "u01", "85,75"),
        (3, "u02", "75,00"),
    ]
    assert explained["schema"] == "dti-core/explanation/1"
    assert served.get("/publications/2/ranking").status_code == 404


def test_service_keeps_what_was_published(served: Any) -> None:
    """An amendment is published beside the first table, which stays as it was."""
    publish(served)
    lifted = {"3": {"appraised": 37.75, "reason": "Đơn vị kiến nghị đúng"}}
    amend = {"move": "amend", "entries": lifted, "why": "Kiến nghị", "decision": "16/QĐ-VD"}

    assert made(served, "u02", amend).json()["state"] == "amended"
    assert served.post("/publications", json={"number": "16/QĐ-VD"}).json()["number"] == 2

    tables = [served.get(f"/publications/{number}/ranking").json() for number in (1, 2)]
    assert [[row["printed"] for row in rows] for rows in tables] == [
        ["87,50", "85,75", "75,00"],
        ["87,50", "85,75", "85,25"],
    ]


def test_service_shows_nothing_that_was_changed(served: Any) -> None:
    """Whoever changes a number in the database is found out by the next request."""
    import rounds
    import store
    from sqlalchemy import func, update

    publish(served)
    engine = served.app.state.engine
    for column, old, new in [
        (store.Document.text, "87.50", "87.60"),
        (rounds.Round.assessments, '"state": "published"', '"state": "locked"'),
    ]:
        with engine.begin() as connection:
            connection.execute(update(column.class_).values({column: func.replace(column, old, new)}))

    assert served.get("/publications/1/ranking").status_code == 500
    assert made(served, "u01", {"move": "appeal", "why": "…"}, "u01").status_code == 500


def test_service_loses_no_move(served: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two moves that are made at once the second is refused and can be sent again; both are kept then."""
    import service

    now, first = service.now, {"move": "mark", "entries": {"2.1": {"points": 1}}}

    def meanwhile() -> str:
        monkeypatch.setattr(service, "now", now)
        assert made(served, "u01", first, "u01").status_code == 200
        return now()

    monkeypatch.setattr(service, "now", meanwhile)
    second = {"move": "mark", "entries": {"2.2": {"points": 2}}}

    assert [made(served, "u01", second, "u01").status_code for _ in range(2)] == [409, 200]
