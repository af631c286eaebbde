"""Free data, which JSON holds and nothing reads."""

from collections.abc import Mapping
from typing import Any, cast

from dti_core.errors import shorten
from dti_core.exact import decimal_of
from dti_core.words import TERMS, Sentence


def custom_of(value: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A private copy of free data, as JSON holds it; what JSON cannot hold is left for the check to refuse."""
    if value is None or wrong_custom(value):
        return cast("None", value)
    return cast("dict[str, Any]", json_copy(value))


def wrong_custom(value: object) -> Sentence | None:
    """What keeps a value from being free data, or None."""
    if value is None:
        return None
    if not isinstance(value, Mapping):
        return TERMS("object", value=shorten(value))
    try:
        json_copy(value)
    except (TypeError, ValueError, RecursionError):
        return TERMS("json")
    return None


def json_copy(value: Mapping[str, Any]) -> Any:
    """Free data as it comes back from JSON, numbers of other kinds as JSON's.

    Raises TypeError, ValueError or RecursionError for what JSON or its files cannot hold.
    """
    import json  # few have any

    text = json.dumps(
        dict(value),
        ensure_ascii=False,
        allow_nan=False,
        default=lambda each: float(decimal_of(each)),  # type: ignore[arg-type]
    )
    return json.loads(text.encode(), parse_int=_finite_int)


def _finite_int(digits: str) -> int:
    """A whole number that a double can hold; no reader of documents takes a larger one."""
    if abs(float(digits)) == float("inf"):
        raise ValueError(digits)
    return int(digits)
