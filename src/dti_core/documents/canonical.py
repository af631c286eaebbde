"""The canonical form of a document (RFC 8785), so that anyone can work out its hash."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dti_core.documents.schema import VERSIONS
from dti_core.exact import EXACT, decimal_text

PARTS = ("indices", "components", "groups", "pillars", "units")
"""Under these keys stand the lists of what may have ``custom``, as the document itself may."""
LARGEST = 2**53
"""Whole numbers below are doubles."""


def content_hash(document: dict[str, Any]) -> str:
    """The sha256, in hexadecimal, of the canonical form of a document as it is written, without what is not hashed.

    >>> content_hash({"b": 1.0, "a": "đ"}) == content_hash({"a": "đ", "b": 1, "custom": {"note": "x"}})
    True
    """
    from hashlib import sha256  # importing it takes long, and few ask

    return sha256(canonical(hashed(document)).encode()).hexdigest()


def hashed(document: dict[str, Any]) -> dict[str, Any]:
    """What of a document is hashed: of a result all but who worked it out, else all but free data."""
    if document.get("schema") == VERSIONS["result"]:
        return {key: value for key, value in document.items() if key != "library"}
    if document.keys().isdisjoint(("custom", *PARTS)):
        return document
    return {
        key: [*map(hashed, value)] if key in PARTS else value
        for key, value in document.items()
        if key != "custom"
    }


class Canonical(str):
    """Text in canonical form, which stands for its value in a document that is hashed."""

    __slots__ = ()


def objects(keys: Sequence[str], values: NDArray[np.object_]) -> list[Canonical]:
    """Objects under the same keys, of rows of values in canonical form."""
    places = sorted(range(len(keys)), key=lambda at: _utf16(keys[at]))
    parts = [""] * (2 * len(keys)) + ["}"]
    parts[:-1:2] = [f"{',' if nth else '{'}{quoted(keys[at])}:" for nth, at in enumerate(places)]
    written = []
    for row in values[:, places].tolist():
        parts[1::2] = row
        written.append(Canonical("".join(parts)))
    return written


def canonical(value: Any) -> str:
    """The value without idle space, keys in the order of their UTF-16 code units, numbers as doubles written shortest.

    >>> canonical({"b": [1.0, 0.00001, 1e21], "a": None})
    '{"a":null,"b":[1,0.00001,1e+21]}'
    """
    return _text(value, _Written({None: "null"}))


def _text(value: Any, numbers: "_Written") -> str:
    if isinstance(value, str):
        return value if type(value) is Canonical else quoted(value)
    if isinstance(value, dict):
        ordered, template = _template(*value)
        return template % (*[_text(each, numbers) for each in ordered(value)],)
    if isinstance(value, list):
        return f"[{','.join([_text(each, numbers) for each in value])}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return numbers[value]


@lru_cache(1 << 10)
def _template(*keys: str) -> tuple[Callable[[dict[str, Any]], tuple[Any, ...]], str]:
    """What is under keys, in their order, and the object around it; the keys of units are the same again and again."""
    ordered = sorted(keys, key=_utf16)
    template = "{" + ",".join(quoted(key).replace("%", "%%") + ":%s" for key in ordered) + "}"
    if len(keys) > 1:
        return itemgetter(*ordered), template
    return lambda value: (*value.values(),), template


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be")


class _Written(dict[float | None, str]):
    """Numbers as ECMAScript writes their doubles; few of a document are distinct."""

    def __missing__(self, value: float) -> str:
        written = self[value] = _number(value)
        return written


def _number(value: float) -> str:
    if abs(value) < LARGEST and value == int(value):
        return str(int(value))  # zero has no sign
    exact = Decimal(repr(float(value)))
    exponent = exact.adjusted()
    if -7 < exponent < 21:
        return decimal_text(exact)
    return f"{decimal_text(EXACT.scaleb(exact, -exponent))}e{exponent:+d}"
