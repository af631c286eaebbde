"""What a caller asks of a result, checked before anything is worked out."""

from typing import Any

import numpy as np

from dti_core.answer import Columns
from dti_core.errors import shorten
from dti_core.rubric.policy import MAX_DECIMALS
from dti_core.terms import codes_of, many
from dti_core.words.results import refusal, refused


def wanted_decimals(value: Any) -> int:
    """A number of decimals to print with; numpy's whole numbers will do."""
    if isinstance(value, int | np.integer) and not isinstance(value, bool) and 0 <= value <= MAX_DECIMALS:
        return int(value)
    raise refusal("decimals", value, most=MAX_DECIMALS)


def with_columns(table: Columns, columns: Columns) -> Columns:
    """A table with more columns; a node whose code is the name of one that is there is refused."""
    taken = table.keys() & columns.keys()
    if taken:
        raise refused("two_things", column=shorten(min(taken)))
    return table | columns


def asked_codes(name: str, values: Any) -> tuple[str, ...]:
    """The codes that are listed, in normal form C; one text is no list."""
    codes = codes_of(values)
    if many(str)(codes):
        raise refusal("codes", values, name=name)
    return codes
