"""The canonical form of a document (RFC 8785), so that anyone can work out its hash."""

import json
from decimal import Decimal
from typing import Any

from dti_core.exact import EXACT, plain


def content_hash(document: dict[str, Any]) -> str:
    """The sha256 of a document's canonical form, in hexadecimal.

    >>> content_hash({"b": 1.0, "a": "đ"}) == content_hash({"a": "đ", "b": 1})
    True
    """
    from hashlib import sha256  # importing it takes long, and few ask

    return sha256(canonical(document).encode()).hexdigest()


def canonical(value: Any) -> str:
    """The value without idle space, keys in the order of their UTF-16 code units, numbers as doubles written shortest.

    >>> canonical({"b": [1.0, 0.00001, 1e21], "a": None})
    '{"a":null,"b":[1,0.00001,1e+21]}'
    """
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(key)}:{canonical(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(float(value))
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    """As ECMAScript writes a double."""
    exact = Decimal(repr(value or 0.0))  # zero has no sign
    exponent = exact.adjusted()
    if -7 < exponent < 21:
        return plain(exact)
    return f"{plain(EXACT.scaleb(exact, -exponent))}e{exponent:+d}"
