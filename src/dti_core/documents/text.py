"""Hostile JSON text → a plain value that every JSON reader would read alike; parsed documents get the same checks."""

import json
import math
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from types import NoneType
from typing import Any

import attrs

from dti_core.errors import InvalidArgument, InvalidDocument, Path, Problem, shorten

Source = str | os.PathLike[str] | Mapping[str, Any]

MAX_DEPTH = 64
SHOWN_DEPTH = 8
MAX_PROBLEMS = 1000

NUMBERS = {int, float, bool, NoneType}
SCALARS = NUMBERS | {str}
MARKS_OF_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@attrs.frozen
class Limits:
    """How much of a document is read before it is refused."""

    size: int = 256 * 2**20
    values: int = 30_000_000


MARKS = Limits()
RUBRIC = Limits(size=16 * 2**20, values=60_000)


class Doubled(dict[str, Any]):
    """An object in whose text a key stood more than once."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.twice = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]


def read(source: Any, what: str, limits: Limits = MARKS) -> tuple[dict[str, Any], str]:
    """The document at a path, or the parsed one given, and what to call it in errors."""
    if isinstance(source, str) and source.lstrip().startswith(("{", "[")):
        raise InvalidArgument("this is JSON itself; pass json.loads(text), or the path of a file")
    if isinstance(source, str | os.PathLike):
        what = f"{what} {os.fspath(source)}"
        with open(source, "rb") as file:  # noqa: PTH123 - os.PathLike is more than Path
            value = parse(file.read(limits.size + 1), what, limits)
    else:
        value = dict(source) if isinstance(source, Mapping) else source
    return sound(value, what, limits), what


def sound(value: Any, what: str, limits: Limits = MARKS) -> dict[str, Any]:
    """The value, where it is an object made of plain JSON values only."""
    problems = [*islice(flaws(value, limits), MAX_PROBLEMS)]
    if not problems and not isinstance(value, dict):
        problems = [Problem((), f"a document is an object, not {shorten(value)}", "type")]
    if problems:
        raise InvalidDocument(what, problems)
    return value  # type: ignore[no-any-return]


def parse(data: bytes, what: str, limits: Limits = MARKS) -> Any:
    """The value that UTF-8 JSON text stands for; objects with a key given twice come as ``Doubled``."""
    try:
        return _DECODER.decode(_text(data, limits))
    except json.JSONDecodeError as error:
        message = f"line {error.lineno}, column {error.colno}: {error.msg[0].lower()}{error.msg[1:]}"
        problem = Problem((), message if data.strip() else "is empty", "json")
    except RecursionError:
        problem = Problem((), f"is nested more than {MAX_DEPTH} levels deep", "depth")
    except UnicodeDecodeError as error:
        problem = Problem((), f"byte {error.start} is not UTF-8; save the file as UTF-8", "encoding")
    except ValueError as error:
        problem = Problem((), f"holds a number no reader takes: {error}".partition(";")[0], "number")
    except _Refused as refused:
        problem = refused.args[0]
    raise InvalidDocument(what, [problem])


class _Refused(Exception):
    """Carries the one problem of text that cannot be read at all."""


def _text(data: bytes, limits: Limits) -> str:
    if len(data) > limits.size:
        raise _Refused(Problem((), f"has more than {limits.size:,} bytes", "size"))
    if data.startswith(MARKS_OF_UTF16) or b"\0" in data[:4]:
        raise _Refused(Problem((), "is UTF-16 or UTF-32; save the file as UTF-8", "encoding"))
    return data.decode("utf-8-sig")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    return made if len(made) == len(pairs) else Doubled(pairs)


_DECODER = json.JSONDecoder(object_pairs_hook=_object)


def flaws(root: Any, limits: Limits) -> Iterator[Problem]:
    """What keeps a value from being JSON that every reader reads alike, found without recursion."""
    keys: set[str] = set()
    waiting: list[tuple[Path, Any]] = [((), root)]
    values = 0
    while waiting:
        path, value = waiting.pop()
        if not isinstance(value, dict | list):
            yield from _scalar_flaws(path, value)
            continue
        values += len(value) + 1
        if values > limits.values:
            yield Problem((), f"holds more than {limits.values:,} values", "size")
            return
        if len(path) >= MAX_DEPTH:
            yield Problem(path[:SHOWN_DEPTH], f"is nested more than {MAX_DEPTH} levels deep", "depth")
            return
        if isinstance(value, dict) and (type(value) is Doubled or not keys.issuperset(value)):
            yield from _key_flaws(path, value, keys)
        inner = value.values() if isinstance(value, dict) else value
        if not _only_finite(inner):
            steps = value.items() if isinstance(value, dict) else enumerate(value)
            waiting += [((*path, _step(step)), each) for step, each in steps][::-1]


def _only_finite(values: Iterable[Any]) -> bool:
    if not NUMBERS.issuperset(map(type, values)):
        return False
    try:
        return all(map(math.isfinite, filter(None, values)))
    except OverflowError:
        return False


def _step(step: object) -> str | int:
    return step if isinstance(step, str | int) else shorten(step)


def _key_flaws(path: Path, value: dict[Any, Any], keys: set[str]) -> Iterator[Problem]:
    for key in value.keys() - keys:
        if type(key) is not str:
            yield Problem(path, f"has the key {shorten(key)}; keys are text", "json")
        elif _is_broken(key):
            yield Problem(
                path, f"has the key {shorten(key)}, which holds half of a surrogate pair", "surrogate"
            )
        else:
            keys.add(key)
    if isinstance(value, Doubled):
        for key in value.twice:
            yield Problem((*path, key), f"the key {shorten(key)} is given twice; keep one", "duplicate")


def _scalar_flaws(path: Path, value: Any) -> Iterator[Problem]:
    if type(value) not in SCALARS:
        message = f"{shorten(value)} is no JSON value (text, number, true, false, null, list or object)"
        yield Problem(path, message, "json")
    elif isinstance(value, str):
        if _is_broken(value):
            yield Problem(path, "holds half of a surrogate pair, which no file can store", "surrogate")
    elif not _only_finite((value,)):
        yield Problem(path, f"{shorten(value)} is not a number that JSON and a double can hold", "number")


def _is_broken(text: str) -> bool:
    if text.isascii():
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
