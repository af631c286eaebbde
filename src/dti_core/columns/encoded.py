"""Columns by codes of their distinct values, as their table holds them or works them out itself."""

from typing import Any

import numpy as np

from dti_core.columns.factor import ABSENT, Factor, of_codes

TEXTS = ("string", "large_string", "string_view")


def encoded(column: Any) -> Factor | None:
    """A column of text as Arrow's dictionaries encode it, or None where it is no such column.

    The columns of pyarrow, polars and pandas are read without a look at each row, categories by their codes.
    """
    if not hasattr(column, "__arrow_c_stream__"):
        return None
    try:
        import pyarrow as pa
    except ImportError:
        return None
    try:
        chunks = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array(column)
    except (pa.ArrowException, UnicodeError):  # values of several kinds, or no text: told row by row
        return None
    is_encoded = pa.types.is_dictionary(chunks.type)
    if str(chunks.type.value_type if is_encoded else chunks.type) not in TEXTS:
        return None
    whole = pa.chunked_array(chunks if is_encoded else chunks.dictionary_encode()).unify_dictionaries()
    codes = [
        chunk.indices.cast("int64").fill_null(ABSENT).to_numpy(zero_copy_only=False) for chunk in whole.chunks
    ]
    return of_codes(np.concatenate(codes), whole.chunk(0).dictionary.to_pylist()) if codes else None
