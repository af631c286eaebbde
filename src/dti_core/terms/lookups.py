"""Things by their codes: one of those that are known, or refused; what goes under the same code, together."""

from collections.abc import Collection, Iterable
from typing import Any, TypeVar

from dti_core.errors import Said, UnknownCode
from dti_core.terms import nfc

K = TypeVar("K")
V = TypeVar("V")


def is_among(code: object, known: Collection[str]) -> bool:
    """Whether a code is one of those known; what is no text is none."""
    return isinstance(code, str) and nfc(code) in known


def among(kind: str | Said, code: Any, known: Collection[str]) -> str:
    """The code in normal form C, where it is one of those known; another is refused.

    >>> among("leaf", "1.1", ["1.1", "1.2"])
    '1.1'
    """
    if not is_among(code, known):
        raise UnknownCode(kind, code, [*known])
    return str(nfc(code))


def grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    """What goes under each key, in the order in which it comes.

    >>> grouped([("a", 1), ("b", 2), ("a", 3)])
    {'a': [1, 3], 'b': [2]}
    """
    groups: dict[K, list[V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups
