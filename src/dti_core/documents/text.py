"""Hostile JSON text → a plain value that every JSON reader would read alike; parsed documents get the same checks."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import accumulate, chain, islice
from types import NoneType
from typing import Any

import attrs
import numpy as np

from dti_core.errors import InvalidDocument, Path, Problem, raise_all, shorten
from dti_core.exact import decimal_of, json_number
from dti_core.terms import SURROGATE
from dti_core.words import DOCUMENTS
from dti_core.words.documents import flaw

MAX_DEPTH = 64
SHOWN_DEPTH = 8
MAX_RECURSION = 4 * MAX_DEPTH
"""Deeper text is kept from json, which recurses: it ends the interpreter where a program raised Python's own limit."""
MOST_FOUND = 1000

NUMBERS = {int, float, bool, NoneType}
SCALARS = NUMBERS | {str}
TEXTS = {str, NoneType}
WHOLES = {dict, list}
PLAIN = SCALARS | WHOLES
LARGEST = 1024
"""Whole numbers of fewer bits are finite as doubles."""
MARKS_OF_UTF16 = (b"\xff\xfe", b"\xfe\xff")
MARK_OF_ZIP = b"PK\3\4"
"""What workbooks begin with."""
ONE_KIND = bytes.maketrans(b"{}", b"[]")
IDLE = bytes({*range(256)}.difference(b'"[]{}'))
STRING = re.compile(rb'"[^"]*"?')
EXPONENTS = 400
"""A decimal whose exponent is further from 0 is no double."""


@attrs.frozen
class Limits:
    """How much of a document is read before it is refused."""

    size: int = 256 * 2**20
    values: int = 30_000_000


LIMITS = Limits()
RUBRIC_LIMITS = Limits(size=16 * 2**20, values=60_000)


class Doubled(dict[str, Any]):
    """An object in whose text a key stood more than once."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.twice = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]


def parse(data: bytes, what: str, limits: Limits = LIMITS) -> Any:
    """The value that UTF-8 JSON text stands for; objects with a key given twice come as ``Doubled``."""
    refusal = _unreadable(data, limits)
    if refusal is None:
        try:
            return _DECODER.decode(data.decode("utf-8-sig", "surrogatepass"))
        except json.JSONDecodeError as error:
            refusal = _broken(error)
        except UnicodeDecodeError as error:
            refusal = flaw("encoding", at=error.start)
        except ValueError:
            refusal = flaw("number.long")
    raise InvalidDocument(what, [refusal])


def _broken(error: json.JSONDecodeError) -> Problem:
    """Where it stops being JSON, and why; of what never was any, what it may be instead."""
    if error.doc.lstrip()[:1] not in ("{", "["):
        return flaw("json.other")
    message = DOCUMENTS.get(f"json.{error.msg}") or DOCUMENTS["json.broken"]
    return flaw("json", line=error.lineno, column=error.colno, error=message)


def _unreadable(data: bytes, limits: Limits) -> Problem | None:
    if len(data) > limits.size:
        return flaw("size.bytes", most=Decimal(limits.size))
    if data.startswith(MARK_OF_ZIP):
        return flaw("json.other")
    if data.startswith(MARKS_OF_UTF16) or b"\0" in data[:4]:
        return flaw("encoding.wide")
    if not data.strip():
        return flaw("json.empty")
    return flaw("depth", most=MAX_DEPTH) if _recurses(data) else None


def _recurses(data: bytes) -> bool:
    """Whether brackets outside strings are nested too deep for json; counted in C, since long text has many."""
    unescaped = data.replace(rb"\\", b"").replace(rb"\"", b"")
    # Of the rest only quotes and brackets matter, and two quotes side by side leave inside and outside as they are.
    brackets = STRING.sub(b"", unescaped.translate(ONE_KIND, IDLE).replace(b'""', b""))
    steps = map((92).__sub__, brackets)  # "[" is 91, one level down; "]" is 93
    return any(map(MAX_RECURSION.__lt__, accumulate(steps)))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    distinct = dict(pairs)
    return distinct if len(distinct) == len(pairs) else Doubled(pairs)


_DECODER = json.JSONDecoder(object_pairs_hook=_object)


def sound(value: Any, what: str, limits: Limits = LIMITS) -> dict[str, Any]:
    """The value in plain JSON values, where it is an object that holds nothing else but decimals and numpy scalars."""
    if type(value) is dict and _is_sound(value, limits):
        return value
    kinds: set[type] = set()
    problems = [*islice(flaws(value, limits, kinds), MOST_FOUND)]
    if not problems and not isinstance(value, dict):
        problems = [flaw("type.document", value=shorten(value))]
    raise_all(what, problems)
    return value if kinds <= SCALARS else _plain(value)  # type: ignore[no-any-return]


def _is_sound(root: dict[str, Any], limits: Limits) -> bool:
    """Whether a value is plain JSON without a flaw; False too where that takes a closer look."""
    # Large documents are sound, as a rule: each question is asked of all values of a level at once, in C.
    level: list[Any] = [root]
    values = 0
    for _ in range(MAX_DEPTH):
        values += len(level) + sum(map(len, level))
        if values > limits.values:
            return False
        objects = [part for part in level if type(part) is dict]
        lists = [part for part in level if type(part) is list and not _is_sound_column(part)]
        within = [*chain.from_iterable(part.values() for part in objects), *chain.from_iterable(lists)]
        keys, types = {key for part in objects for key in part}, {*map(type, within)}
        if not types <= PLAIN or not {*map(type, keys)} <= {str}:
            return False
        if not (_are_held(keys) and _are_held(within)):
            return False
        level = [value for value in within if type(value) in WHOLES]
        if not level:
            return True
    return False


def _is_sound_column(values: list[Any]) -> bool:
    """Whether all are finite numbers or null, or all plain text or null."""
    types = {*map(type, values)}
    if types <= TEXTS:
        return "".join(filter(None, values)).isascii()
    return types <= NUMBERS and all(map(_is_finite, values))


def _are_held(values: Iterable[Any]) -> bool:
    """Whether numbers are finite, and no text has half of a surrogate pair."""
    texts = "".join([value for value in values if type(value) is str])
    floats = [value for value in values if type(value) is float]
    longest = max([value for value in values if type(value) is int], key=abs, default=0)
    are_finite = all(map(math.isfinite, floats)) and longest.bit_length() < LARGEST
    return are_finite and (texts.isascii() or not SURROGATE.search(texts))


def flaws(root: Any, limits: Limits, kinds: set[type]) -> Iterator[Problem]:
    """What keeps a value from being JSON that all read alike, found without recursion; ``kinds`` gains types."""
    keys: set[str] = set()
    waiting: list[tuple[Path, Any]] = [((), root)]
    values = 0
    while waiting:
        path, value = waiting.pop()
        if not isinstance(value, dict | list):
            kinds.add(type(value))
            yield from _scalar_flaws(path, value)
            continue
        values += len(value) + 1
        if values > limits.values:
            yield flaw("size.values", most=Decimal(limits.values))
            return
        if len(path) >= MAX_DEPTH:
            yield flaw("depth", path[:SHOWN_DEPTH], most=MAX_DEPTH)
            return
        if isinstance(value, dict):
            kinds.update(map(type, value))
            if type(value) is Doubled or not keys.issuperset(value):
                yield from _key_flaws(path, value, keys)
        steps = [*value.items()] if isinstance(value, dict) else [*enumerate(value)]
        waiting += [((*path, _step(step)), inner) for step, inner in reversed(steps)]


def _is_finite(number: Any) -> bool:
    try:
        return not number or math.isfinite(number)
    except OverflowError:
        return False


def _step(step: object) -> str | int:
    return step if isinstance(step, str | int) else shorten(step)


def _key_flaws(path: Path, value: dict[Any, Any], keys: set[str]) -> Iterator[Problem]:
    for key in value.keys() - keys:
        if type(key) is not str and type(key) is not np.str_:
            yield flaw("json.key", path, key=shorten(key))
        elif SURROGATE.search(key):
            yield flaw("surrogate.key", path, key=shorten(key))
        else:
            keys.add(key)
    if isinstance(value, Doubled):
        for key in value.twice:
            yield flaw("duplicate.key", (*path, key), key=shorten(key))


def _scalar_flaws(path: Path, value: Any) -> Iterator[Problem]:
    value = _plain_scalar(value)
    if type(value) in NUMBERS:
        if not _is_finite(value):
            yield flaw("number", path, value=shorten(value))
    elif isinstance(value, Decimal | np.floating):
        exact = decimal_of(value)
        held = exact is not None and abs(exact.adjusted()) <= EXPONENTS
        yield flaw("number.digits" if held else "number", path, value=shorten(value))
    elif type(value) is not str:
        yield flaw("json.value", path, value=shorten(value), kind=type(value).__name__)
    elif SURROGATE.search(value):
        yield flaw("surrogate", path)


def _plain(value: Any) -> Any:
    """A copy in plain JSON values; it is no deeper than json goes."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    return [*map(_plain, value)] if isinstance(value, list) else _plain_scalar(value)


def _plain_scalar(value: Any) -> Any:
    """The JSON value that is the same as a decimal or a numpy scalar; what has none is left as it is."""
    if type(value) in SCALARS:
        return value
    if isinstance(value, np.float64) or (isinstance(value, np.generic) and value.dtype.kind in "biuU"):
        return value.item()
    exact = decimal_of(value) if isinstance(value, Decimal | np.floating) else None
    if exact is None or abs(exact.adjusted()) > EXPONENTS:
        return value
    written = json_number(exact)
    return written if decimal_of(written) == exact else value
