"""What is wrong with moves and histories of a round, and with the cycle they are made in."""

from typing import Any

from dti_core.errors import Path, Problem
from dti_core.words import ROUNDS, Sentence


def fault(name: str, path: Path, rule: str | None = None, **values: Any) -> Problem:
    """The problem that a phrase tells; its rule is what the phrase's name begins with, where no other is given.

    >>> fault("needs.why", ("why",), move="'ask'").text("vi")
    "$.why: chưa có; hãy nêu vì sao cùng với bước 'ask'"
    """
    return Problem(path, Sentence(ROUNDS[name], values), rule or name.partition(".")[0])
