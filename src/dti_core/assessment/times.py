"""Times as text, ISO 8601: a day, or a time of day with its offset. They are given, never taken from a clock."""

import datetime as dt
import re

from dti_core.errors import shorten
from dti_core.words import DOCUMENTS, ROUNDS, Sentence

DAY = 10
TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2}))?"
)


def wrong_time(value: object) -> Sentence | None:
    """What keeps a value from being a day or a time, or None."""
    if isinstance(value, str) and TIME.fullmatch(value):
        try:
            dt.datetime.fromisoformat(value)
        except ValueError:
            return ROUNDS("time", value=value)
        return None
    return DOCUMENTS("pattern.Time", value=shorten(value))


def wrong_day(value: object) -> Sentence | None:
    """What keeps a value from being a day, or None."""
    if isinstance(value, str) and len(value) == DAY and wrong_time(value) is None:
        return None
    return DOCUMENTS("pattern.Day", value=shorten(value))


def is_before(one: str, other: str) -> bool:
    """Whether a time lies before another; where one is a day, only days are compared, as they are written.

    >>> is_before("2024-02-01T17:00+07:00", "2024-02-01"), is_before("2024-01-31", "2024-02-01T08:00+07:00")
    (False, True)
    """
    if DAY in (len(one), len(other)):
        return one[:DAY] < other[:DAY]
    return dt.datetime.fromisoformat(one) < dt.datetime.fromisoformat(other)


def later(one: str | None, other: str) -> str:
    """The later of two times in order; of a time and its own day, the time."""
    return one if one is not None and len(other) == DAY and one[:DAY] == other else other
