"""What documents are read from: paths, bytes, text, open files, parsed values, and what comes with the library."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from full_documents import FULL, FULL_MARKS, Document

import dti_core as dti
from dti_core.documents import check
from dti_core.documents.schema import schema

RUBRIC: Document = schema("rubric")["examples"][0]
MARKS: Document = schema("marks")["examples"][0]


class Drip(io.RawIOBase):
    """An open file that hands out a few bytes at a time, as sockets do."""

    def __init__(self, data: bytes) -> None:
        self.data = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        """The next few bytes."""
        return self.data.read(min(size, 7))


SOURCES: dict[str, Callable[[bytes, Path], Any]] = {
    "path": lambda _, path: path,
    "path as text": lambda _, path: str(path),
    "bytes": lambda data, _: data,
    "bytearray": lambda data, _: bytearray(data),
    "memoryview": lambda data, _: memoryview(b"x" + data)[1:],
    "text": lambda data, _: data.decode("utf-8", "surrogatepass"),
    "binary file": lambda _, path: path.open("rb"),
    "text file": lambda _, path: path.open(encoding="utf-8"),
    "bytes in memory": lambda data, _: io.BytesIO(data),
    "text in memory": lambda data, _: io.StringIO(data.decode("utf-8", "surrogatepass")),
    "a few bytes at a time": lambda data, _: Drip(data),
}
"""The same document, handed over in every way there is."""


@contextmanager
def handed_over(how: str, data: bytes, path: Path) -> Iterator[Any]:
    """What holds a document, closed afterwards; skips the test where text cannot hold these bytes."""
    path.write_bytes(data)
    try:
        source = SOURCES[how](data, path)
    except UnicodeDecodeError:
        pytest.skip("no text holds these bytes")
    with closing(source) if hasattr(source, "close") else nullcontext():
        yield source


@pytest.mark.parametrize("how", SOURCES)
def test_sources_read_alike(how: str, tmp_path: Path) -> None:
    """A path, bytes, text or an open file gives the rubric that the parsed document gives, marked as UTF-8 or not."""
    text = "\ufeff \n" + json.dumps(FULL, ensure_ascii=False)
    with handed_over(how, text.encode(), tmp_path / "rubric.json") as source:
        assert dti.load_rubric(source) == dti.load_rubric(FULL)


def test_mappings_are_parsed_documents() -> None:
    """Any mapping is read as a dict is."""
    assert dti.load_rubric(MappingProxyType(RUBRIC)) == dti.load_rubric(RUBRIC)


def test_schema_key_for_editors() -> None:
    """A document may say where its schema is: editors ask for it, nobody reads it, and it is not written."""
    document = {"$schema": "../schemas/rubric.schema.json", **FULL}

    assert dti.to_document(dti.load_rubric(document)) == FULL
    marks = {"$schema": "urn:dti-core:schema:marks:1", **FULL_MARKS}
    assert check(marks, dti.load_rubric(FULL)) == ()
    assert [problem.where for problem in check({**marks, "$schema": 3}, dti.load_rubric(FULL))] == [
        "$['$schema']"
    ]


# Numbers that are no JSON values, but stand for one

EXACT: list[tuple[Any, object]] = [
    (np.float64(1.25), 1.25),
    (np.float32(0.1), 0.1),
    (np.float16(2.5), 2.5),
    (np.longdouble("0.1"), 0.1),
    (np.int8(3), 3),
    (np.uint64(2**63), 2**63),
    (np.bool_(True), True),  # noqa: FBT003 - what a cell of an array is
    (np.str_("Huế"), "Huế"),
    (Decimal("15.50"), 15.5),
    (Decimal("1E+3"), 1000),
    (Decimal("-0.000001"), -0.000001),
]


@pytest.mark.parametrize(("value", "meant"), EXACT, ids=lambda value: f"{type(value).__name__} {value}")
def test_decimals_and_numpy_scalars(value: object, meant: object) -> None:
    """A parsed document may hold decimals and numpy scalars: each is the JSON value that is exactly the same."""
    rubric = dti.load_rubric({**FULL, "custom": {"list": [value, {"deep": value}]}})
    kept = dti.to_document(rubric)["custom"]

    assert kept == {"list": [meant, {"deep": meant}]}
    assert [type(kept["list"][0]), type(kept["list"][1]["deep"])] == [type(meant)] * 2


def test_cells_of_arrays_are_marks() -> None:
    """Rows of an array with codes from another make a marks document like any other."""
    codes, marks = np.array(["1.1", "p"]), np.array([[3.0, 2.0], [10.0, 0.0]])
    units = [{**unit, "marks": dict(zip(codes, row, strict=True))}
             for unit, row in zip(FULL_MARKS["units"], marks, strict=True)]  # fmt: skip
    sheet = dti.load_marks({**FULL_MARKS, "units": units}, FULL)

    assert sheet.of("a") == {"1.1": 10, "1.2": None, "1.10": None, "b1": None, "b2": None, "p": 0}
    assert {type(key) for key in dti.to_document(sheet)["units"][0]["marks"]} == {str}


def test_decimal_marks_are_exact() -> None:
    """A decimal mark is refused for a decimal too many, however far behind the point, never rounded first."""
    rubric = dti.Rubric("r", "R", [dti.Index("1", "x", 30)])

    def loaded(mark: Decimal) -> dti.MarkSheet:
        units = [{"code": "a", "marks": {"1": mark}}]
        return dti.load_marks({"schema": "dti-core/marks/1", "rubric": "r", "units": units}, rubric)

    assert loaded(Decimal("29.99")).of("a") == {"1": 29.99}
    with pytest.raises(dti.InvalidDocument, match=r"\.marks\['1'\].*digits"):
        loaded(Decimal("29.9900000000000000000001"))


# By which rubric


def test_rubric_by_its_code_or_document() -> None:
    """Marks, measures and assessments are read by a rubric, by the code of a bundled one, or by a document."""
    rubric = dti.load_rubric(RUBRIC)
    measured = {"schema": "dti-core/measures/1", "rubric": "vn-922-province", "units": []}

    assert dti.load_marks("vn-922-province-2022", "vn-922-province").rubric == dti.load_rubric(
        "vn-922-province"
    )
    assert (
        dti.load_marks(MARKS, RUBRIC)
        == dti.load_marks(MARKS, json.dumps(RUBRIC))
        == dti.load_marks(MARKS, rubric)
    )
    assert dti.load_measures(measured, "vn-922-province").rubric.code == "vn-922-province"
    assert check(MARKS, RUBRIC) == ()


@pytest.mark.parametrize(
    "rubric", [None, 3, [], MARKS, dti.Label("x")], ids=["none", "number", "list", "marks", "label"]
)
def test_what_is_no_rubric(rubric: Any) -> None:
    """Something else in the place of a rubric is refused as a rubric."""
    with pytest.raises(dti.InvalidDocument, match=r"^rubric: "):
        dti.load_marks(MARKS, rubric)


def test_rubric_by_code() -> None:
    """Text without a suffix is a bundled rubric; one that is not there is told apart by the nearest that is."""
    assert dti.load_rubric("vn-922-province").code == "vn-922-province"
    with pytest.raises(dti.UnknownCode, match=r"vn-1726-province.*did you mean 'vn-922-province'"):
        dti.load_rubric("vn-922-provinces")


@pytest.mark.parametrize("code", ["../rubrics/vn-922-province", "", "a\0b", "C:", "*"])
def test_codes_are_not_paths(code: str) -> None:
    """A bundled code cannot lead out of the library."""
    with pytest.raises(dti.UnknownCode):
        dti.load_rubric(code)


def test_missing_file(tmp_path: Path) -> None:
    """A path that leads nowhere is Python's own FileNotFoundError."""
    with pytest.raises(FileNotFoundError):
        dti.load_rubric(tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError):
        dti.load_marks("nowhere.json", dti.load_rubric(RUBRIC))


@pytest.mark.parametrize("path", ["a\0b.json", "\ud83d.json"])
def test_no_path_at_all(path: str) -> None:
    """Text that no file system takes is refused as a path, in words that can be printed."""
    with pytest.raises(dti.InvalidArgument, match="is no path") as caught:
        dti.load_marks(path, FULL)

    assert str(caught.value).encode()


def test_marks_by_code() -> None:
    """Text without a suffix is bundled marks; what is not there is told apart by the nearest that is."""
    assert len(dti.load_marks("vn-922-province-2022", "vn-922-province").units) == 5
    with pytest.raises(dti.UnknownCode, match="did you mean 'vn-922-province-2022'"):
        dti.load_marks("vn-922-province-2023", "vn-922-province")
