"""Documents made to hang a program, to fill its memory or to end it are refused, in proportion to their size."""

import json
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest
from broken import sound_rubric
from counting import steps
from full_documents import MEASURED
from test_broken_documents import TEXTS, problems_of

import dti_core as dti
from dti_core.errors import SHOWN, few_suggestions, nearest

# Time and memory in proportion


def counted(load: Callable[[], object]) -> int:
    """How many calls, of Python and of C, it takes to refuse a document."""
    problems: list[dti.Problem] = []
    calls = steps(lambda: problems.extend(problems_of(load)))

    assert 0 < len(problems) < 5000
    return calls


def marked(*units: Any, **fields: Any) -> Callable[[], object]:
    """Reads marks of these units."""
    document = {"schema": "dti-core/marks/1", "rubric": "example-district", "units": [*units], **fields}
    rubric = dti.load_rubric(sound_rubric())
    return lambda: dti.load_marks(document, rubric)


def declared(codes: int, **fields: Any) -> Callable[[], object]:
    """Reads a rubric of so many long codes that are hard to tell apart."""
    indices = [{"code": f"{'ab' * 28}{at}", "title": "x", "max_points": 1} for at in range(codes)]
    document = {"schema": "dti-core/rubric/1", "code": "r", "title": "x", "indices": indices, **fields}
    return lambda: dti.load_rubric(document)


FINE = {"attributes": {"level": "district", "has_procedures": True}, "marks": {"1.1": 1, "1.2": 1, "2": 1}}
HOSTILE: dict[str, Callable[[int], Callable[[], object]]] = {
    "empty units": lambda n: marked(*[{}] * n),
    "units that are null": lambda n: marked(*[None] * n),
    "marks as text": lambda n: marked(
        *({"code": f"u{at}", "marks": dict.fromkeys(("1.1", "1.2", "2"), "1")} for at in range(n))
    ),
    "unknown leaves": lambda n: marked(*({"code": f"u{at}", "marks": {"9.9": 1}} for at in range(n))),
    "an unknown key each": lambda n: marked(*({"code": f"u{at}", f"key{at}": at} for at in range(n))),
    "unknown keys of one unit": lambda n: marked({"code": "a", **{f"key{at}": at for at in range(n)}}),
    "marks of one unit": lambda n: marked({"code": "a", "marks": {f"{at}": at for at in range(n)}}),
    "attributes of one unit": lambda n: marked({"code": "a", "attributes": {f"{at}": at for at in range(n)}}),
    "own attributes of each": lambda n: marked(
        *({**FINE, "code": f"u{at}", "attributes": {f"a{at}_{own}": 1 for own in range(20)}} for at in range(n))
    ),
    "one unit many times": lambda n: marked(*[{**FINE, "code": "a"}] * n),
    "unknown members": lambda n: declared(
        n // 4, pillars=[{"code": "p", "title": "x", "members": [f"{'ab' * 28}{at}x" for at in range(n // 4)]}]
    ),
    "unknown members of many": lambda n: declared(
        n // 4, pillars=[{"code": f"p{at}", "title": "x", "members": [f"{'ab' * 28}{at}x"]} for at in range(n // 4)]
    ),
    "unknown keys of a rubric": lambda n: declared(1, **{f"codes{at}": 1 for at in range(n)}),
    "one wrong mark": lambda n: marked(
        *({**FINE, "code": f"u{at}", "marks": {"2": 1 if at else "1"}} for at in range(n))
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_work_is_in_proportion(kind: str) -> None:
    """A document twice as large takes at most three times the work to refuse, whatever is wrong all over it."""
    few, many = counted(HOSTILE[kind](1000)), counted(HOSTILE[kind](2000))

    assert many <= 3 * few


def test_suggestions_are_few() -> None:
    """Near codes are looked for so many times in a document, however many lists of unknown codes it has."""
    pillars = [{"code": f"p{at}", "title": "x", "members": [f"1.{at}"]} for at in range(150)]
    exclusions = [{"code": f"e{at}", "members": [f"1.{at}"], "treatment": "skip", "reason": "x", "basis": "x"}
                  for at in range(150)]  # fmt: skip
    problems = problems_of(
        lambda: dti.load_rubric(sound_rubric() | {"pillars": pillars, "exclusions": exclusions})
    )
    near = [problem for problem in problems if "did you mean" in problem.message]

    assert len(problems) > SHOWN
    assert 0 < len(near) <= SHOWN
    assert dti.load_rubric(sound_rubric()).code == "example-district"


def test_a_near_code_is_found_among_many() -> None:
    """Among a thousand codes the one with a letter wrong, left out or doubled is found, as often as is allowed."""
    codes = [f"1.{at}.{at % 7}" for at in range(999)]
    letters = islice(cycle("abc"), 3)

    assert nearest("1.500.34", [*codes, "x"]) == "1.500.3"
    assert nearest("government", ["goverment", *codes]) == "goverment"
    with few_suggestions(2):
        assert [nearest("polcy", ["policy"]) for _ in letters] == ["policy", "policy", None]
    assert nearest("polcy", ["policy"]) == "policy"


def test_parts_share_the_near_codes_of_the_whole() -> None:
    """A part that may look for many near codes takes them from those that the document has left."""
    with few_suggestions(3):
        for _ in range(2):
            with few_suggestions(2):
                assert nearest("polcy", ["policy"]) == "policy"
        assert [nearest("polcy", ["policy"]) for _ in range(2)] == ["policy", None]


def test_own_attributes_of_every_unit() -> None:
    """Attributes that no two units share are refused at the unit that has one too many, before they fill the memory."""
    units = [
        {**FINE, "code": f"u{at}", "attributes": {f"a{at}_{own}": 1 for own in range(20)}}
        for at in range(500)
    ]
    load = marked(*units)
    tracemalloc.start()
    try:
        problems = problems_of(load)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert [problem.where for problem in problems] == ["$.units[10].attributes"]
    assert peak < 40 * 2**20


@pytest.mark.parametrize("kind", ["measures", "assessments"])
def test_own_attributes_in_other_documents(kind: str) -> None:
    """The same bound holds for measures and assessments."""
    state = {"state": "open"} if kind == "assessments" else {}
    units = [
        {"code": f"u{at}", "attributes": {f"a{at}_{own}": 1 for own in range(20)}, **state}
        for at in range(20)
    ]
    document = {"schema": f"dti-core/{kind}/1", "rubric": "r", "units": units}
    load = dti.load_assessments if kind == "assessments" else dti.load_measures

    assert "$.units[10].attributes" in {
        problem.where for problem in problems_of(lambda: load(document, MEASURED))
    }


# What could hang or end the interpreter


def ran(code: str, *arguments: str) -> str:
    """What a fresh interpreter prints, which ends well within a minute."""
    command = [sys.executable, "-X", "utf8", "-c", code, *arguments]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8", timeout=60).stdout


REFUSED = (
    "import sys, dti_core as d\n"
    "{first}\n"
    "try: d.load_rubric(sys.argv[1])\n"
    "except d.DTIError as error: print(type(error).__name__, error)\n"
)


@pytest.mark.parametrize("text", ["[" * 300_000, '{"a":' * 300_000, '["\\\\","\\"[",' * 3 + "[" * 300_000])
def test_raised_recursion_limit(text: str, tmp_path: Path) -> None:
    """Deep text is refused where a program raised Python's recursion limit, too: it does not end the interpreter."""
    file = tmp_path / "deep.json"
    file.write_text(text, "utf-8")

    assert "64 levels" in ran(REFUSED.format(first="sys.setrecursionlimit(10**6)"), str(file))


@pytest.mark.parametrize(
    "title", ["[" * 500, '\\"[{' * 200, "{" * 500 + "\\", '""' * 3 + "[" * 300, '"', "\\"]
)
def test_brackets_in_text_are_text(title: str) -> None:
    """Brackets in strings are no levels, whatever quotes and backslashes stand around them."""
    document = sound_rubric() | {"title": title, "custom": {"[" * 500: "]{" * 500, title: "[" * 500}}
    rubric = dti.load_rubric(json.dumps(document))

    assert (rubric.title.vi, rubric.custom) == (title, document["custom"])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_pipes_are_not_waited_for(tmp_path: Path) -> None:
    """A named pipe is refused at once: reading it would last until somebody writes."""
    pipe = tmp_path / "pipe.json"
    os.mkfifo(pipe)

    assert "InvalidArgument" in ran(REFUSED.format(first=""), str(pipe))


@pytest.mark.parametrize("place", ["/dev/zero", "/dev/null", "."])
def test_devices_and_folders(place: str) -> None:
    """A device or a folder is refused as what it is."""
    if not os.path.exists(place):  # noqa: PTH110 - as the library asks
        pytest.skip("there is no such device here")
    with pytest.raises(dti.InvalidArgument, match="folder, a pipe or a device"):
        dti.load_rubric(Path(place))


def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    """A file whose name is not UTF-8 is named in an error that can be printed and logged."""
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.json")
    try:
        Path(path).write_text("{}", "utf-8")
    except (OSError, UnicodeError):
        pytest.skip("no file can have such a name here")
    with pytest.raises(dti.InvalidDocument) as caught:
        dti.load_rubric(path)

    assert "\ufffd\ufffd.json" in str(caught.value)
    assert str(caught.value).encode()


def test_the_byte_that_is_not_utf8(tmp_path: Path) -> None:
    """In bytes and in a file the first byte that is not UTF-8 is named."""
    data, place, _ = TEXTS["Windows encoding"]
    (tmp_path / "rubric.json").write_bytes(data)

    for source in (data, tmp_path / "rubric.json"):
        (problem,) = problems_of(lambda source=source: dti.load_rubric(source))  # type: ignore[misc]
        assert (problem.path, problem.message.split(";")[0]) == (place, "byte 11 is not UTF-8")


class Stream:
    """Something that can be read, of a sort."""

    def __init__(self, *answers: Any) -> None:
        self.answers = iter(answers)

    def read(self, _: int) -> Any:
        """The next answer; an exception is raised."""
        answer = next(self.answers, b"")
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.mark.parametrize(
    "stream",
    [
        Stream(None),
        Stream(3.5),
        Stream(object()),
        Stream(ValueError("I/O operation on closed file")),
        Stream(b"{", "x"),
    ],
    ids=["nothing", "a number", "an object", "closed", "bytes and text"],
)
def test_open_files_that_give_no_text(stream: Any) -> None:
    """An open file that is closed, or hands out what is no text, is refused."""
    with pytest.raises(dti.DTIError):
        dti.load_rubric(stream)


def test_open_text_in_another_encoding(tmp_path: Path) -> None:
    """A file opened as text whose bytes are no UTF-8 is refused as the same file is by its path."""
    path = tmp_path / "rubric.json"
    path.write_bytes('{"title": "Đà Nẵng"}'.encode("cp1258", "replace"))
    with path.open(encoding="utf-8") as file:
        (problem,) = problems_of(lambda: dti.load_rubric(file))

    assert problem.message == "is not UTF-8; save the file as UTF-8"
