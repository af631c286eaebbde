"""Fields that the classes of this room share: text, and mappings that cannot be written to."""

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from dti_core.columns.frozen import Frozen
from dti_core.errors import shorten
from dti_core.terms import check, nfc, optional, text_or_none, wrong_text


def text(test: Callable[[Any], str | None] = wrong_text, **options: Any) -> Any:
    """A field of text that may be left out."""
    return attrs.field(default=None, converter=text_or_none, validator=check(optional(test)), **options)


def by_code(values: Any, value_of: Callable[[Any], Any] = lambda value: value) -> Any:
    """The mapping, keys in normal form C; what is none, or names a thing twice, is left for the check to refuse."""
    if type(values) is Frozen or not isinstance(values, Mapping):
        return values
    made = {nfc(name): value_of(value) for name, value in values.items()}
    return Frozen(made) if len(made) == len(values) else values


def wrong_mapping(values: object) -> str | None:
    """What keeps a value from being such a mapping, or None."""
    if isinstance(values, Frozen):
        return None
    return f"a mapping is needed in which each name stands once, not {shorten(values)}"
