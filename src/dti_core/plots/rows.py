"""Which units a picture shows, in which order, and what they are called."""

import numpy as np

from dti_core.answer import Columns, Texts
from dti_core.errors import InvalidArgument
from dti_core.exact.rationals import Rows
from dti_core.plots.canvas import cut
from dti_core.terms.lookups import among
from dti_core.words import PICTURES
from dti_core.words.tables import NONE


def of_block(blocks: Texts, block: str | None) -> Rows:
    """The rows of a block; of several blocks one has to be named."""
    known = [*dict.fromkeys(code for code in blocks.tolist() if code is not None)]
    if block is None and len(known) > 1:
        raise InvalidArgument(PICTURES("one_block", blocks=", ".join(map(repr, known))))
    named = among("block", block, known) if block is not None else known[0] if known else None
    return np.flatnonzero(blocks == named)


def unit_names(columns: Columns, rows: Rows) -> list[str]:
    """What the units of some rows are called, cut."""
    called = zip(columns["name"][rows], columns["unit"][rows], strict=True)
    return [cut(name or unit, 40) for name, unit in called]


def ranked_names(columns: Columns, rows: Rows) -> list[str]:
    """The same with their ranks."""
    ranks = columns["rank"][rows].tolist()
    return [f"{name}  {rank or NONE}" for name, rank in zip(unit_names(columns, rows), ranks, strict=True)]
