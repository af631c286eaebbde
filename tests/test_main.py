"""What a person at a terminal gets from `python -m dti_core`."""

import contextlib
import io
import json
import os
import re
import runpy
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

import dti_core
from dti_core.__main__ import main
from dti_core.words.tables import Table

ROOT = Path(__file__).parents[1]
PROVINCES = ["TP. Đà Nẵng", "TP. Hồ Chí Minh", "Quảng Ninh", "Thừa Thiên - Huế", "TP. Cần Thơ"]
Lines = list[str]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """A fresh interpreter with the environment of a bare machine."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LC_", "LANG", "PYTHONUTF8"))
    }
    command = [sys.executable, "-m", "dti_core", *arguments]
    return subprocess.run(command, env=kept | environment, capture_output=True, check=False)


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, Lines]]:
    """The exit status and the lines printed, complaints among them, of a run in this process."""

    def call(*arguments: str | Path) -> tuple[int, Lines]:
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as ended:
            status = int(ended.code or 0)
        captured = capsys.readouterr()
        return status, (captured.out + captured.err).splitlines()

    return call


def cells(line: str) -> Lines:
    """The cells of a line of the table."""
    return re.split(r"\s{2,}", line.strip())


# The ranking


def test_ranking(printed: Callable[..., tuple[int, Lines]]) -> None:
    """Without arguments the five provinces are ranked: rank, name, total, and the pillars each with their own rank."""
    status, lines = printed()

    assert status == 0
    assert lines[0] == "Provincial Digital Transformation Index, 2022 (922/QĐ-BTTTT)"
    heading, rule, *rows = lines[2:9]
    assert cells(heading) == [
        "Rank",
        "Unit",
        "Total",
        "Digital government",
        "Digital economy",
        "Digital society",
    ]
    assert set(rule) == {"─", " "}
    assert [cells(row)[:2] for row in rows] == [[str(rank), name] for rank, name in enumerate(PROVINCES, 1)]
    assert cells(rows[0])[2:] == ["0.8002", "0.8638 (1)", "0.8473 (1)", "0.7864 (1)"]
    assert cells(rows[4])[2:] == ["0.6924", "0.7641 (5)", "0.7718 (2)", "0.6655 (4)"]


def test_ranking_tells_where_figures_come_from(printed: Callable[..., tuple[int, Lines]]) -> None:
    """The note says that ranks are among these five, whose figures they are, and that one is printed otherwise."""
    note = " ".join(printed()[1][10:])

    assert "among these five" in note
    assert "dti.gov.vn/xep-hang-2022" in note
    assert "0.7163" in note


def test_ranking_in_vietnamese(printed: Callable[..., tuple[int, Lines]]) -> None:
    """`--language vi` says the same in Vietnamese, with the same figures and decimal commas."""
    _, english = printed()
    status, lines = printed("--language", "vi")

    assert status == 0
    assert cells(lines[2]) == ["Hạng", "Đơn vị", "Tổng điểm", "Chính quyền số", "Kinh tế số", "Xã hội số"]
    assert list(map(cells, lines[4:9])) == [cells(line.replace("0.", "0,")) for line in english[4:9]]


@pytest.mark.parametrize("language", ["en", "vi"])
def test_ranking_is_aligned(language: str, printed: Callable[..., tuple[int, Lines]]) -> None:
    """Every line of the table is as wide as its rule, and fits a terminal with the note under it."""
    _, lines = printed("--language", language)

    assert {len(line) for line in lines[2:9]} == {len(lines[3])}
    assert max(map(len, lines)) <= 100


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """The program says which version it is."""
    with pytest.raises(SystemExit) as left:
        main(["--version"])
    assert (left.value.code, capsys.readouterr().out) == (0, f"dti_core {dti_core.__version__}\n")


def test_the_module_is_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`python -m dti_core` takes the arguments of the command line, and ends with the status of the run."""
    file = saved(tmp_path / "rubric.json", RUBRIC | {"indices": []})
    monkeypatch.setattr(sys, "argv", ["dti_core", "check", str(file)])
    with pytest.raises(SystemExit) as left:
        runpy.run_path(str(dti_core.__main__.__file__), run_name="__main__")

    assert left.value.code == 1
    assert "1 problem" in capsys.readouterr().out


def test_output_into_a_program_of_ones_own() -> None:
    """A program that takes what is printed in a stream of its own gets the same, letters and all."""
    own = io.StringIO()
    with contextlib.redirect_stdout(own):
        status = main([])

    assert status == 0
    assert all(name in own.getvalue() for name in PROVINCES)


def test_alignment_of_decomposed_and_wide_text() -> None:
    """Letters with combining marks take one column each, wide characters two: what follows stays aligned."""
    decomposed = unicodedata.normalize("NFD", "Đà Nẵng")
    assert len(decomposed) > len("Đà Nẵng")

    lines = Table(["1", decomposed, "9"], [["2", "岘港", "8"], ["10", "Hue", "10"]]).text().splitlines()

    assert lines == [
        f" 1  {decomposed}   9",
        "──  ───────  ──",
        " 2  岘港      8",
        "10  Hue      10",
    ]


@pytest.mark.parametrize(
    "locale", [{"LC_ALL": "C"}, {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}]
)
def test_output_is_utf_8_in_any_locale(locale: dict[str, str]) -> None:
    """Vietnamese names come out whole where the machine's locale knows only ASCII."""
    finished = run(PYTHONUTF8="0", **locale)

    assert (finished.returncode, finished.stderr) == (0, b"")
    assert all(name in finished.stdout.decode("utf-8") for name in PROVINCES)


def test_readme_shows_what_is_printed(printed: Callable[..., tuple[int, Lines]]) -> None:
    """The output that README.md shows is the output there is."""
    shown = (ROOT / "README.md").read_text("utf-8").partition("```text\n")[2].partition("```")[0]

    assert shown.splitlines() == printed()[1]


def test_help() -> None:
    """`--help` tells both uses and needs no documentation beside it."""
    finished = run("--help")

    assert finished.returncode == 0
    assert b"check" in finished.stdout
    assert b"--language" in finished.stdout


def test_help_in_vietnamese() -> None:
    """Whoever asks for Vietnamese is helped in it, and told so which file is not there."""
    helped = run("check", "--language", "vi", "--help")
    absent = run("check", "--language", "vi", "không-có.json")

    assert "Liệt kê mọi lỗi của tài liệu." in helped.stdout.decode()
    assert absent.stderr.decode().splitlines() == ["python -m dti_core: không có tệp không-có.json"]


def test_a_spreadsheet_is_no_document(tmp_path: Path, printed: Callable[..., tuple[int, Lines]]) -> None:
    """Who checks a spreadsheet is told what reads it, whether it is text or a workbook."""
    sheets = {"marks.csv": "Mã;1\na;27,5\n".encode(), "marks.xlsx": b"PK\3\4\xff\xfe"}
    for name, content in sheets.items():
        (tmp_path / name).write_bytes(content)
        status, lines = printed("check", str(tmp_path / name))

        assert status == 1
        assert "MarkSheet.from_table" in lines[1]


# Checking documents

RUBRIC: dict[str, Any] = {
    "schema": "dti-core/rubric/1",
    "code": "example",
    "title": "Ví dụ",
    "indices": [{"code": "1", "title": "Nhận thức số", "max_points": 30}],
}
MARKS: dict[str, Any] = {
    "schema": "dti-core/marks/1",
    "rubric": "example",
    "units": [{"code": "a", "marks": {"1": 15.5}}, {"code": "b", "marks": {"1": 20}}],
}


def saved(path: Path, document: Any) -> Path:
    """A document written to a file."""
    path.write_text(json.dumps(document), "utf-8")
    return path


@pytest.mark.parametrize(
    "path", ["rubrics/vn-922-province", "rubrics/vn-1726-province", "examples/vn-922-province-2022"]
)
def test_check_of_what_is_bundled(path: str, printed: Callable[..., tuple[int, Lines]]) -> None:
    """Bundled documents have no problems; marks find the bundled rubric they name."""
    file = str(files("dti_core") / f"{path}.json")

    assert printed("check", file) == (0, [f"{file}: no problems"])


def test_check_by_a_rubric_of_ones_own(tmp_path: Path, printed: Callable[..., tuple[int, Lines]]) -> None:
    """Marks are checked by the rubric document named after them."""
    rubric, marks = saved(tmp_path / "rubric.json", RUBRIC), saved(tmp_path / "marks.json", MARKS)

    assert printed("check", marks, "--rubric", rubric) == (0, [f"{marks}: no problems"])


def test_check_lists_every_problem(tmp_path: Path, printed: Callable[..., tuple[int, Lines]]) -> None:
    """All problems are listed, however many, each on a line that begins with its place; the exit status is 1."""
    rubric = saved(tmp_path / "rubric.json", RUBRIC)
    units = [{"code": f"u{at}", "marks": {"1": 31 + at}} for at in range(49)]
    marks = saved(tmp_path / "marks.json", MARKS | {"units": units})

    status, lines = printed("check", marks, "--rubric", rubric)

    assert status == 1
    assert lines[0] == f"{marks}: 49 problems"
    assert [line.split(": ")[0] for line in lines[1:]] == [
        f"  $.units[{at}].marks['1'] (unit 'u{at}')" for at in range(49)
    ]


def test_check_in_vietnamese(tmp_path: Path, printed: Callable[..., tuple[int, Lines]]) -> None:
    """`--language vi`, before or after the command, tells problems in Vietnamese, with decimal commas."""
    rubric = saved(tmp_path / "rubric.json", RUBRIC)
    marks = saved(tmp_path / "marks.json", MARKS | {"units": [{"code": "a", "marks": {"1": 30.5}}]})

    status, lines = printed("check", marks, "--rubric", rubric, "--language", "vi")

    assert status == 1
    assert lines == [
        f"{marks}: 1 lỗi",
        "  $.units[0].marks['1'] (đơn vị 'a'): là 30,5; chỉ số '1' tối đa 30 điểm",
    ]
    assert printed("--language", "vi", "check", marks, "--rubric", rubric) == (1, lines)
    assert printed("--language", "vi", "check", rubric) == (0, [f"{rubric}: không có lỗi"])


def test_check_of_several_files(tmp_path: Path, printed: Callable[..., tuple[int, Lines]]) -> None:
    """Several documents are checked in one run, each told by its name; one problem is enough for status 1."""
    good = saved(tmp_path / "good.json", RUBRIC)
    bad = saved(tmp_path / "bad.json", RUBRIC | {"indices": []})

    status, lines = printed("check", good, bad)

    assert status == 1
    assert lines[:2] == [f"{good}: no problems", f"{bad}: 1 problem"]
    assert printed("check", good, good) == (0, [f"{good}: no problems"])


def test_check_for_programs(tmp_path: Path, printed: Callable[..., tuple[int, Lines]]) -> None:
    """`--json` prints path, rule code, sentence and its values, the sentence in the language asked for."""
    rubric = saved(tmp_path / "rubric.json", RUBRIC)
    marks = saved(tmp_path / "marks.json", MARKS | {"units": [{"code": "a", "marks": {"1": 30.5}}]})

    status, lines = printed("check", rubric, marks, "--rubric", rubric, "--json", "--language", "vi")

    assert status == 1
    assert json.loads("".join(lines)) == [
        {"file": str(rubric), "problems": []},
        {
            "file": str(marks),
            "problems": [
                {
                    "path": ["units", 0, "marks", "1"],
                    "where": "$.units[0].marks['1']",
                    "rule": "mark",
                    "message": "là 30,5; chỉ số '1' tối đa 30 điểm",
                    "values": {"value": "30.5", "leaf": "1", "maximum": "30"},
                }
            ],
        },
    ]


def test_values_for_programs(tmp_path: Path, printed: Callable[..., tuple[int, Lines]]) -> None:
    """Of the values of a sentence numbers that count stay numbers, and reasons are told in the language asked for."""
    rubric = saved(tmp_path / "rubric.json", RUBRIC)
    reason = {"vi": "Chưa triển khai", "en": "Not started"}
    cut = {"members": ["1"], "treatment": "reduce", "to": 20, "reason": reason, "basis": "01"}
    units = [{"code": "a", "marks": {"1": 25}, "exclusions": [cut]}]
    marks = saved(tmp_path / "marks.json", MARKS | {"units": units})
    long = saved(tmp_path / "long.json", RUBRIC | {"title": "x" * 10_001})
    listed = json.loads("".join(printed("check", marks, long, "--rubric", rubric, "--json")[1]))
    [reduced], [too_long] = (each["problems"] for each in listed)

    assert reduced["values"] == {"value": "25", "to": "20", "unit": "a", "leaf": "1", "reason": "Not started"}
    assert too_long["values"] == too_long["values"] | {"count": 10_001, "bound": 10_000}


def test_check_of_measures(tmp_path: Path, printed: Callable[..., tuple[int, Lines]]) -> None:
    """Measures are checked as far as the marks they come to."""
    leaf = {"code": "1", "title": "Hồ sơ", "max_points": 30, "scoring": {"kind": "ratio"}}
    rubric = saved(tmp_path / "rubric.json", RUBRIC | {"indices": [leaf]})
    units = [{"code": "a", "measures": {"1": {"a": 41, "b": 40}}}]
    measures = {"schema": "dti-core/measures/1", "rubric": "example", "units": units}

    status, lines = printed("check", saved(tmp_path / "measures.json", measures), "--rubric", rubric)

    assert (status, len(lines)) == (1, 2)
    assert lines[1].startswith("  $.units[0].measures['1']: ")


def test_check_of_one_problem(tmp_path: Path, printed: Callable[..., tuple[int, Lines]]) -> None:
    """One problem is told as one, with what is wrong and where."""
    broken = json.loads(json.dumps(RUBRIC))
    broken["indices"][0]["code"] = 1.1

    status, lines = printed("check", saved(tmp_path / "rubric.json", broken))

    assert (status, len(lines)) == (1, 2)
    assert lines[0].endswith("rubric.json: 1 problem")
    assert lines[1].startswith("  $.indices[0].code: ")


def test_check_of_marks_by_a_broken_rubric(tmp_path: Path, printed: Callable[..., tuple[int, Lines]]) -> None:
    """Where the rubric is what is wrong, its problems are told under its own name."""
    rubric = saved(tmp_path / "rubric.json", RUBRIC | {"indices": []})

    status, lines = printed("check", saved(tmp_path / "marks.json", MARKS), "--rubric", rubric)

    assert status == 1
    assert "rubric.json" in lines[0]
    assert lines[1].startswith("  $.indices: ")


def test_check_of_marks_without_their_rubric(
    tmp_path: Path, printed: Callable[..., tuple[int, Lines]]
) -> None:
    """Marks whose rubric is not bundled ask for it."""
    status, lines = printed("check", saved(tmp_path / "marks.json", MARKS))

    assert status == 1
    assert lines[1].startswith("  $.rubric: ")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe{\x00}\x00",
        b"[" * 200_000,
        b'{"a": ' + b"9" * 5000 + b"}",
        b"{'a': 1}",
        b'{"schema": ["x"]}',
        b"[]",
    ],
    ids=["empty", "utf-16", "nested", "digits", "quotes", "schema", "list"],
)
def test_check_of_hostile_files(
    content: bytes, tmp_path: Path, printed: Callable[..., tuple[int, Lines]]
) -> None:
    """Files that are no documents are refused in words, without a traceback."""
    (tmp_path / "file.json").write_bytes(content)

    status, lines = printed("check", tmp_path / "file.json")

    assert status == 1
    assert lines[0].endswith("file.json: 1 problem")
    assert lines[1].startswith("  $")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check"], "FILE"),
        (["check", "nothing-here.json"], "nothing-here.json"),
        (["check", "."], "dti_core: .: "),
        (["check", "vn-922-province", "--rubric", "no-such-rubric"], "no-such-rubric"),
        (["check", '{"a": 1}', "--rubric", "vn-922-province"], "dti_core: "),
        (["rank"], "rank"),
        (["--language", "fr"], "fr"),
    ],
    ids=["no-file", "absent", "folder", "rubric", "json", "command", "language"],
)
def test_misuse(arguments: Lines, said: str, printed: Callable[..., tuple[int, Lines]]) -> None:
    """A wrong call, or a file that cannot be opened, ends with 2 and a sentence about it."""
    status, lines = printed(*arguments)

    assert status == 2
    assert said in lines[-1]


def test_check_ends_with_its_status(tmp_path: Path) -> None:
    """A shell sees the exit status, and an unprintable file name is no obstacle."""
    good = saved(tmp_path / "tốt.json", RUBRIC)
    bad = saved(tmp_path / "xấu.json", RUBRIC | {"code": ""})

    assert run("check", str(good), LC_ALL="C").returncode == 0
    assert run("check", str(bad), LC_ALL="C").returncode == 1
    assert run("check", str(tmp_path / "không.json"), LC_ALL="C").returncode == 2
