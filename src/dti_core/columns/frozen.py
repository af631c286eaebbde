"""Mappings that nobody can write to, and free JSON data made of them; a deep copy of them is an ordinary one."""

import copy
from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

from dti_core.terms.custom import json_copy

K = TypeVar("K")
V = TypeVar("V")


def _refuse(self: object, *_: object, **__: object) -> NoReturn:
    message = f"{type(self).__name__} data cannot be written to; change a deep copy of it"
    raise TypeError(message)


class Frozen(dict[K, V]):
    """A dict that refuses to change.

    >>> Frozen({"a": 1})["a"] = 2
    Traceback (most recent call last):
    TypeError: Frozen data cannot be written to; change a deep copy of it
    """

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self),)

    def __deepcopy__(self, memo: Any) -> dict[K, V]:
        return copy.deepcopy(dict(self), memo)


def frozen_copy(mapping: Mapping[str, Any]) -> Frozen[str, Any]:
    """A copy of a mapping, which nobody can write to."""
    return Frozen(mapping)


class FrozenList(list[V]):
    """A list that refuses to change."""

    __setitem__ = __delitem__ = __iadd__ = __imul__ = append = clear = extend = insert = _refuse
    pop = remove = reverse = sort = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), ([*self],)

    def __deepcopy__(self, memo: Any) -> list[V]:
        return copy.deepcopy([*self], memo)


def frozen(value: Mapping[str, Any]) -> Any:
    """A private copy of free data as JSON keeps it, which nobody can write to.

    Raises TypeError, ValueError or RecursionError for what JSON does not keep.
    """
    return _locked(json_copy(value))


def _locked(value: Any) -> Any:
    if isinstance(value, dict):
        return Frozen({key: _locked(inner) for key, inner in value.items()})
    return FrozenList(map(_locked, value)) if isinstance(value, list) else value
